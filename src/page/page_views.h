/* What the templates of this room bind; page.h holds what others bind. */
#pragma once
#include "municipality/municipality.h"
#include "page.h"

struct page_nav_item {
    enum text label;
    const char *href;
    bool current;
};

struct page_lang_item {
    const char *code, *name; /* the language's own name for itself */
    bool current;
};

/* The time a login ends; `shown` is false without a login. */
struct page_session {
    bool shown;
    int64_t ends_us;
    int64_t ends_s, warn_s, idle_s; /* for the script: seconds from now */
    bool absolute;                  /* it ends whatever one does: no link to stay */
};

struct page_shell {
    const struct page *page;
    const struct municipality *muni;
    struct html body;
    const char *lang;
    struct str look; /* hash of what municipality.css and the logo are made from: in their addresses */
    struct str phone, phone_href;
    struct str here; /* path and query, to come back to */
    struct str login_href, home_href;
    struct str name, unit;
    struct str unit_href;        /* where to choose another; empty: one has only this */
    struct page_preview preview; /* folder empty: none */
    bool demo, logged_in, has_done, employee;
    enum text done;
    struct page_session session;
    bool has_stay; /* an employee has a citizen open at the counter */
    struct str stay_name;
    enum text stay_how; /* at the counter, on the telephone, from a letter */
    struct str hours;
    VEC_OF(struct page_nav_item) nav;
    VEC_OF(struct page_lang_item) langs;
};

struct page_link {
    struct str href, label;
};
struct page_texts {
    struct str *p;
    size_t n, cap;
};

struct page_error_view {
    struct str heading, text;  /* what is wrong and what to do */
    struct page_link back;     /* where to go on; href empty: nowhere but the front page */
    struct page_texts written; /* what the refused form brought, to be copied */
    struct str request_id, phone, phone_href;
    struct str login_href; /* a stronger or other login would help */
    struct str again_href; /* of a page that may come a moment later */
};

/* page_busy */
struct page_busy_text {
    const char *lang;
    struct str label;
};
struct page_busy_view {
    const struct municipality *muni;
    const char *lang;
    struct str phone, phone_href;
    VEC_OF(struct page_busy_text) texts;
};

/* /page/accessibility, /page/privacy, /page/help */
struct page_about {
    const struct municipality *muni;
    struct str phone, phone_href, hours;
    struct html help, officer; /* the municipality's own words */
    struct str help_lang, officer_lang;
    bool own_privacy, own_accessibility;
};

/* /page/styleguide */
struct page_guide {
    struct page_errors errors;
    VEC_OF(struct page_alert) alerts;
    VEC_OF(struct page_field) fields;
    struct page_steps steps;
    struct page_summary summary;
    struct page_timeline timeline;
    VEC_OF(struct page_summary_row) cards;
    struct page_field query;
    struct page_pagination pages;
};

/* What was written when the session ended. */
struct page_kept_field {
    struct str name, value;
};
struct page_kept_view {
    int64_t id;
    struct str path, lang;
    bool again; /* the form is shown again with it; else it is sent */
    bool files; /* some were chosen, and are not kept */
    int64_t minutes;
    VEC_OF(struct page_kept_field) fields;
    VEC_OF(struct str) texts; /* to be read here */
};

/* What somebody wrote in the form that failed with e, unless the form is not from our own page. */
void page_written(struct cx *cx, struct request *req, const struct http_error *e, struct page_texts *ret);
/* Of the current step, counted from 1. */
int64_t page_steps_at(const struct page_steps *steps);
/* cx->muni, or one without a name before it is loaded (error pages). */
const struct municipality *page_municipality(const struct cx *cx);
