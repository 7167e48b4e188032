/* Inside the room: one loader, in two files. */
#pragma once
#include "municipality.h"

struct load {
    struct cx *cx; /* its arena is that of the municipality */
    struct problems *ps;
    struct municipality *m;
    struct str dir; /* empty: texts in memory */
};

void load_people(const struct load *l, const struct yaml *top);
void load_staff(const struct load *l, const struct yaml *list);
void load_logins(const struct load *l, const struct yaml *node);
