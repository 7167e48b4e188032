/* The desk: the employee's face. Composes casefile, decision and letter into pages; holds no data and no rules. */
#pragma once
#include "http/http.h"

extern const struct http_module desk_module; /* /desk … */
