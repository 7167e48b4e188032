/* What the templates of this room bind. */
#pragma once
#include "auth/auth.h"

/* A way to log in. */
struct auth_way {
    struct str href, name;
    bool employees;
};

struct auth_login_view {
    VEC_OF(struct auth_way) ways;
    struct str demo_href; /* empty: no demo */
    struct str phone;
    bool stronger; /* the page explains that a stronger login is needed */
};

struct auth_demo_person {
    struct str key, name, about, about_lang;
    struct str roles, units;
    struct str next;
};

struct auth_demo_view {
    VEC_OF(struct auth_demo_person) citizens, employees;
};

struct auth_ended_view {
    struct str heading, text, again_href, phone;
};

struct auth_leave_view {
    struct str name, href;
};

struct auth_unit_choice {
    int64_t id;
    struct str name, next;
    bool current;
};

struct auth_units_view {
    VEC_OF(struct auth_unit_choice) units;
};
