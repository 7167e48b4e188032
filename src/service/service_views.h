/* What the templates of this room bind. */
#pragma once
#include "page/page.h"
#include "service.h"

struct service_card {
    struct str name, summary, href, unit;
    bool online; /* can be applied for here */
};
struct service_cards {
    VEC_OF(struct service_card) rows;
};

struct service_choice_link {
    struct str name, text, href;
};

struct service_front {
    struct service_cards online;
    VEC_OF(struct service_choice_link) situations, units;
    struct str phone, phone_href, hours;
    struct html help;
};

struct service_catalogue {
    struct page_field q, situation, unit;
    bool filtered; /* a word, a situation or a unit was asked for */
    struct service_cards found;
    struct str phone, phone_href;
};

struct service_view {
    struct str name, summary, start_href, privacy_href;
    bool online, anonymous;
    struct str shut;    /* why it cannot be applied for today; empty: it can */
    struct html closed; /* and what one can do */
    struct html guidance, audience, process, data_use, offline;
    struct str duration; /* own words; empty: from days */
    int64_t days;        /* 0: none promised */
    struct str unit, unit_href, unit_phone, unit_phone_href, unit_email, unit_hours;
    VEC_OF(struct service_choice_link) links;
    struct str laws; /* "serviceloven § 112": what the decision is made under */
    bool law_example;
    VEC_OF(struct municipality_place) places;
};
