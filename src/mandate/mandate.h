/* Acting for a child, a relative, an association: the pages where mandates are given, seen by both, and withdrawn. The
   rules are party/'s. */
#pragma once
#include "http/http.h"

extern const struct http_module mandate_module; /* /mandate … */
