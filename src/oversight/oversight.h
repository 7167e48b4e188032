/* Those who watch over the house, to read: the citizens' adviser in one case for a purpose, the data protection officer
   in the access log and what surrounds it; and the leader who withholds entries by law. */
#pragma once
#include "http/http.h"

extern const struct http_module oversight_module; /* /oversight */
