/* The counter's face: an employee finds one citizen by the full identity number, and fills in with them. */
#pragma once
#include "http/http.h"

extern const struct http_module counter_module; /* /counter/… */
