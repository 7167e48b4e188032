/* What example.html binds. */
#pragma once
#include "base/base.h"
#include "texts.h"

struct example_row {
    struct str name;
    int64_t no;
    bool open;
};
struct example {
    struct str title, link, part;
    struct html raw;
    const char *z;
    int64_t at_us, oere;
    enum text label;
    VEC_OF(struct example_row) rows;
};
