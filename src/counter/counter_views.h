/* What the templates of the counter bind. */
#pragma once
#include "base/base.h"
#include "form/form.h"
#include "page/page.h"

struct counter_find {
    struct page_errors errors;
    struct page_field idno, channel, purpose, other;
    bool refused; /* law 7 said no: what to do instead */
};

struct counter_fact {
    struct str label, value;
};
struct counter_case {
    struct str no, title, unit, state;
    bool has_deadline, overdue;
    day_t deadline;
};
struct counter_service {
    struct str name, summary, href;
};
struct counter_person {
    struct str name, purpose;
    bool reserved, masked;
    VEC_OF(struct counter_fact) facts;
    struct form_drafts drafts;
    VEC_OF(struct counter_case) cases;
    VEC_OF(struct counter_service) services;
};
