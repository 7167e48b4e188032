/* My page: the citizen's face. Composes party, form, casefile, decision and letter into pages; holds no data and no
 * rules. */
#pragma once
#include "http/http.h"

extern const struct http_module mypage_module; /* /mypage … */
