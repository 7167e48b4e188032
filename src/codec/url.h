/* Parts of addresses that C writes; templates escape theirs by context. */
#pragma once
#include "base/base.h"

/* Percent-encoded (RFC 3986 §2.1): everything but letters, digits and "-._~". For a value of a query or a form. */
struct str url_encode(struct arena *a, struct str s);
