/* What the program is made of. A new module adds one line to each list that concerns it. */
#include "app/app.h"

const struct http_module *const app_modules[] = {
    &http_own_module,
};
const size_t app_modules_n = sizeof app_modules / sizeof *app_modules;
