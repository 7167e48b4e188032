/* For the administrator: what the program does in the background, and what it could not do. */
#pragma once
#include "http/http.h"

extern const struct http_module admin_module; /* /admin */
