/* The look that all pages share: the shell around a body, the partials a body is built of, error pages, and the pages
   about the site itself (/page/…). Class names are those of dkfds (web/sass); ours begin with k-.

   A body has exactly one <h1>; the shell renders none. Every view struct below is bound by the template of the same
   name:
   {{include page_error_summary v.errors}} in a template, or tpl_page_error_summary(&o, &errors) in C. A form field is

     struct page_field name = {.id = S("name"), .label = i18n_text(cx->lang, T_…), .value = …};
     {{include page_field_text v.name}} */
#pragma once
#include "base/base.h"
#include "db/db.h"
#include "http/http.h"
#include "texts.h"

/* ---- the shell ---- */

enum page_face { PAGE_PUBLIC, PAGE_MYPAGE, PAGE_DESK, PAGE_ADMIN };

/* A service folder that is looked at before it is published (indgang preview): every page says so. */
struct page_preview {
    struct str folder;
    struct str faults; /* what is wrong with it now, a line each; empty: nothing, and the pages show it */
};

struct page_crumb {
    struct str label, href; /* the last one, this page, without href */
};

struct page {
    struct str title; /* as the h1; " – Fjordby Kommune" is added */
    enum page_face face;
    VEC_OF(struct page_crumb) crumbs; /* empty: no breadcrumbs. The front page of the face is added before them */
    bool has_errors;                  /* the form on it came back with errors: "Fejl:" before the title, status 422 */
    bool wide;                        /* desk tables: the whole width */
    bool print; /* a page meant to be printed: no menus on paper (they never are), no links written out */
    struct str
        acting_for; /* who reads it acts for this person or organisation, by a mandate: said on top; empty: nobody */
    int status;     /* 0: 200, or 422 with has_errors */
    struct str current; /* href of the menu item this page lies under; empty: found by the path */
    /* The id of the <form> that holds what the person is writing. When set, the language switch is a submit button of
       that form: field "language" (da, nb, nn, en) comes with the rest; save, then redirect to page_language_url, or
       page_switch_language and show the form again as it came. */
    struct str form_id;
};

/* Fills rep with the whole page (status, cookie of the session when one began, no-store). Shows and forgets the message
   of page_done. Fails only as rendering does. */
enum err page_reply(struct cx *cx, struct request *req, struct reply *rep, const struct page *page, struct html body);

/* After a POST that went well, before reply_redirect: the next page begins with this text in a green box (role=status).
 */
void page_done(struct cx *cx, struct reply *rep, enum text key);

/* "/page/language?to=nb&next=…": changes the language and goes on to `next`, a path on this site. */
struct str page_language_url(struct cx *cx, enum lang to, struct str next);
/* The language of a form's switch, when the answer is the same form again with what was written: from here on `to`, in
   this page and in those that follow. */
void page_switch_language(struct cx *cx, struct reply *rep, enum lang to);
/* The language of this request: from the cookie, else from Accept-Language, else the municipality's first. app/ calls
   it when a request begins. */
enum lang page_request_language(struct cx *cx, struct request *req);

/* The hook of struct http_hooks: an error in the municipality's look, with what to do, what was written in the form
   that was refused, a way back, and the request id. Nothing of the error's detail. */
enum err page_error_page(struct cx *cx, struct request *req, struct reply *rep, const struct http_error *e);

/* ---- what was written when the session ended ----

   A form that comes after the session has ended is kept, sealed, for PAGE_KEEP_MINUTES, for the one whose session it
   was: after logging in again she reads it and goes on with it (/page/kept/{id}); nobody else does. Files are not kept.
   Hooks of struct http_hooks: */
enum { PAGE_KEEP_MINUTES = 60 };
struct str page_keep(struct cx *cx, struct request *req);
bool page_keeps(struct cx *cx);
/* Asked before what was kept is shown again: may cx->who still see what lies at that path? A draft filled in for
   another is theirs only while the mandate is in force. Registered once at start, in app/modules.c. ERR_NOT_FOUND: no.
 */
typedef enum err (*page_kept_fn)(struct cx *cx, struct str path);
void page_kept_hook(page_kept_fn fn);
/* Erase what was not fetched; hourly. */
enum err page_keep_sweep(struct cx *cx);
/* Law 10: what is kept for one who is forgotten. In the caller's transaction. */
enum err page_erase_party(struct cx *cx, int64_t party_id);

/* The page of http_config.busy_page: in every language of the municipality, without style sheet or session. */
struct html page_busy(struct cx *cx);

extern const struct http_module page_module; /* /page/… */

/* A telephone number as shown (no line break inside it) and as a link: "tel:+4570000000". */
struct str page_phone(struct cx *cx, struct str phone);
struct str page_phone_href(struct cx *cx, struct str phone);

/* ---- errors of a form ---- */

struct page_error {
    struct str
        field_id; /* of the input it leads to; for radio, checkbox and date: the field's own id; empty: no link */
    struct str message;
};
/* page_error_summary: nothing when empty. Put it first in the body. It has the id "errors", and focus when the page
 * comes. */
struct page_errors {
    struct page_error *p;
    size_t n, cap;
};
void page_errors_add(struct cx *cx, struct page_errors *errors, struct str field_id, struct str message);
/* The message about a field, empty when there is none: for page_field.error. */
struct str page_errors_of(const struct page_errors *errors, struct str field_id);

/* ---- fields ---- */

struct page_option {
    struct str value, label, hint;
    bool checked;
    struct html more; /* radio, checkbox: shown under the option when it is chosen */
};

/* Bound by page_field_text, _textarea, _radio, _checkbox, _select, _date, _file; and by page_field, which goes by
   `kind`. All but id and label may be left out. */
enum page_field_kind {
    PAGE_FIELD_TEXT,
    PAGE_FIELD_TEXTAREA,
    PAGE_FIELD_RADIO,    /* one of `options` */
    PAGE_FIELD_CHECKBOX, /* any of `options`, all with the field's name */
    PAGE_FIELD_SELECT,
    PAGE_FIELD_DATE, /* three inputs: <name>_day, <name>_month, <name>_year; ids likewise */
    PAGE_FIELD_FILE
};
struct page_field {
    enum page_field_kind kind;
    struct str id;    /* of the input; for groups of the fieldset */
    struct str name;  /* empty: as id */
    struct str label; /* or the legend of a group */
    struct str hint, error;
    struct str why;    /* "why we ask": shown behind a disclosure */
    struct str source; /* where the value came from: "Hentet fra folkeregistret 23. november 2026" */
    struct str value;
    struct str day, month, year; /* PAGE_FIELD_DATE */
    bool month_only;             /* PAGE_FIELD_DATE: no box for the day; the month has the field's own id */
    struct str type;             /* text (default), email, tel, search, password, url */
    struct str inputmode;        /* numeric, decimal */
    struct str autocomplete;     /* a token of WCAG 1.3.5: "email", "bday" (date: bday-day and so on are made) */
    struct str suffix;           /* a unit behind the input: "kr." */
    struct str lang;             /* of label and hint when other than the page's */
    bool optional;               /* "(valgfrit)" after the label; everything else must be filled in */
    bool readonly;
    bool heading;        /* the label is the page's only question: it is the <h1> */
    bool multiple;       /* file: several */
    bool inline_options; /* radio: beside each other */
    int64_t max;         /* code points; shown as a limit under a textarea; 0: none */
    int width;           /* characters the input is wide: 2, 4, 5, 8, 12, 20; 0: full */
    int rows;            /* textarea; 0: 5 */
    struct str accept;   /* file: ".pdf,.jpg,.png" */
    VEC_OF(struct page_option) options;
    VEC_OF(struct str) files; /* file: names of those already there */
};

/* The three boxes of a PAGE_FIELD_DATE. An empty one with that id and label; with this day in it; as the request filled
   it (the route declares <id>_day, <id>_month, <id>_year). */
struct page_field page_date_field(struct cx *cx, const char *id, enum text label);
void page_date_put(struct cx *cx, struct page_field *f, day_t day);
void page_date_fill(struct cx *cx, const struct request *req, struct page_field *f);
/* The day they make, 1900 … 9999. False: none. */
bool page_date_day(const struct page_field *f, day_t *ret);
bool page_date_empty(const struct page_field *f);

/* ---- showing ---- */

/* page_summary_list: what was answered, or facts: label and value in rows. */
struct page_summary_row {
    struct str label, value;
    struct html html; /* instead of value, when not empty */
    struct str lang;
    struct str href;   /* a link to change it */
    struct str action; /* its text; empty: "Ret". The label is added for those who cannot see the row */
};
struct page_summary {
    struct str heading; /* h2; may be empty */
    struct str href;    /* one link to change the whole group, beside the heading */
    VEC_OF(struct page_summary_row) rows;
};

/* page_timeline: what happened and what comes, in an ordered list. */
enum page_event_state { PAGE_EVENT_DONE, PAGE_EVENT_CURRENT, PAGE_EVENT_COMING };
struct page_event {
    enum page_event_state state;
    int64_t at_us;   /* 0: no time */
    struct str when; /* instead of at_us: "senest 14. december 2026" */
    struct str title, text, who;
    struct html more; /* links, a form; inside a block */
};
struct page_timeline {
    struct str label; /* of the list, for those who cannot see it */
    VEC_OF(struct page_event) events;
};

/* page_pagination: nothing when there is only one page. */
struct page_pagination {
    struct str previous, next; /* addresses; empty: there is none */
    int64_t from, to;          /* "Viser 51–100", counted from 1 */
    int64_t total;             /* " af 1.234"; below 0: not counted */
};

/* page_steps: where one is in a form of several pages. */
enum page_step_state { PAGE_STEP_COMING, PAGE_STEP_DONE, PAGE_STEP_CURRENT, PAGE_STEP_ERROR };
struct page_step {
    struct str label, href; /* href empty: cannot be gone to yet */
    struct str go; /* with form_id: a button name="go" with this value instead of a link, so that nothing is lost */
    enum page_step_state state;
};
struct page_steps {
    VEC_OF(struct page_step) steps;
    struct str form_id; /* of the <form> that the buttons send; empty: links */
};

/* page_alert: a box with a heading. The kinds are told by icon and words too, not by colour alone. */
enum page_alert_kind { PAGE_ALERT_INFO, PAGE_ALERT_SUCCESS, PAGE_ALERT_WARNING, PAGE_ALERT_ERROR };
struct page_alert {
    enum page_alert_kind kind;
    struct str heading; /* empty: none */
    struct str text;
    struct html html; /* after text */
};

/* ---- charts ---- */

/* page_chart: a picture of figures that also stand in a table beside it, which is for those who cannot see it, want the
   numbers, or copy them. Series are told apart by shape (filled, hollow, line with dots), not by colour alone. */
struct page_chart_series {
    struct str label;
    const struct opt_int *values; /* n of them; not set: nothing known there. NULL: no such series */
};
struct page_chart_data {
    struct str id;           /* unique on the page: of its title and description */
    struct str title;        /* what it shows; its name for those who hear the page */
    struct str text;         /* the gist in a sentence or two, and where the numbers are */
    const struct str *steps; /* short: "nov" */
    size_t n;                /* of them: 1 … 24 */
    const struct page_chart_series *columns;
    size_t n_columns; /* 1 or 2 */
    struct page_chart_series line;
};
struct page_chart_tick {
    struct str y, text_y, label;
};
struct page_chart_step {
    struct str x, label;
    bool spare; /* left out where there is no room */
};
struct page_chart_bar {
    struct str x, y, width, height;
    bool second;
};
struct page_chart_point {
    struct str x, y;
};
struct page_chart_segment {
    struct page_chart_point from, to;
};
struct page_chart {
    struct str id, title, text;
    struct str left, number_x, ground, under; /* places of the axes */
    struct str first, second, line;           /* the legend; empty: not there */
    VEC_OF(struct page_chart_tick) ticks;
    VEC_OF(struct page_chart_step) steps;
    VEC_OF(struct page_chart_bar) bars;
    VEC_OF(struct page_chart_point) points;
    VEC_OF(struct page_chart_segment) segments;
};
/* Works out where everything is drawn. Values below 0 are drawn as 0. */
struct page_chart page_chart_make(struct cx *cx, const struct page_chart_data *data);
