/* Inside the room: what the loaders share. */
#pragma once
#include "service.h"

struct load {
    struct cx *cx; /* its arena is that of the version */
    struct problems *ps;
    struct service_version *v;
    struct str name; /* before file names in problems: "services/x" */
};

/* "services/x/letters/a.md". */
struct str load_path(const struct load *l, struct str file);
/* service.yaml, parsed. */
void load_service(const struct load *l, const struct yaml *top);
/* letters/ *.md */
void load_letters(const struct load *l);
/* A text that is shown as Markdown: no raw HTML, no link that would be dropped, no placeholder. */
void load_check_markdown(const struct load *l, const struct yaml *at, struct str text);
