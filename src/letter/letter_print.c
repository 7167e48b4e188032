/* Paper: what waits for the printer, what was printed together, and the post, from which the clock runs (law 5). */
#include "letter_internal.h"

#include "access/access.h"

enum { BATCH_MAX = 100, BATCHES_SHOWN = 50 };

/* What the fragment may_see takes: an employee sees what a unit of theirs reaches. */
#define VIEWER(cx) 2, (struct db_ints){(cx)->who->unit_ids, (cx)->who->n_units}, (cx)->who->party_id, (cx)->now_us
/* The same with names. Who prints reads where the letter goes: a protected address only with the right (law 7). */
#define PRINTER(cx) \
    .viewer_kind = 2, .viewer_refs = {(cx)->who->unit_ids, (cx)->who->n_units}, .viewer_party = (cx)->who->party_id, \
    .viewer_now = (cx)->now_us, .protected_too = auth_has((cx)->who, ROLE_PROTECTED)

#define ROW_OF(r) \
    ((struct letter_print_row){.id = (r).id, \
                               .casefile_id = (r).casefile_id, \
                               .party_id = (r).party_id, \
                               .service_version_id = (r).service_version_id, \
                               .title = (r).title, \
                               .casefile_no = (r).no.p ? (r).no : S(""), \
                               .recipient = (r).recipient, \
                               .state = (enum letter_state)(r).state, \
                               .made_us = (r).dispatched_us, \
                               .decision = (r).decision, \
                               .closed = (r).closed, \
                               .posted_day = (day_t)(r).posted_day.v})

static enum err employee(struct cx *cx)
{
    return cx->who->kind == WHO_EMPLOYEE ? ERR_OK : fail(cx, ERR_FORBIDDEN, "only employees print letters");
}

static void note(struct cx *cx, const struct letter_print_rows *list, const char *kind)
{
    for (size_t i = 0; i < list->rows.n; i++)
        access_note(cx, &(struct access_entry){.subject_party_id = list->rows.p[i].party_id,
                                               .casefile_id = list->rows.p[i].casefile_id,
                                               .casefile_no = list->rows.p[i].casefile_no,
                                               .kind = str_of(kind),
                                               .purpose = access_purpose(cx, T_letter_purpose_print)});
}

/* ---- what waits ---- */

static enum err waiting(struct cx *cx, struct letter_print_rows *ret)
{
    struct q_letter_print_waiting *rows;
    size_t n;
    *ret = (struct letter_print_rows){0};
    enum err e = q_letter_print_waiting(cx, &(struct q_letter_print_waiting_in){.at_most = BATCH_MAX + 1, PRINTER(cx)},
                                        &rows, &n);
    ret->more = !e && n > BATCH_MAX;
    for (size_t i = 0; !e && i < n && i < BATCH_MAX; i++)
        vec_add(cx->arena, &ret->rows, ROW_OF(rows[i]));
    return e;
}

static enum err for_a_colleague(struct cx *cx, struct letter_print_rows *ret)
{
    struct q_letter_print_protected row;
    enum err e = q_letter_print_protected(cx, VIEWER(cx), ROLE_PROTECTED, &row);
    ret->n_protected = e ? 0 : row.n;
    ret->n_nobody = e ? 0 : row.nobody;
    return e;
}

enum err letter_print_waiting(struct cx *cx, struct letter_print_rows *ret)
{
    enum err e = employee(cx);
    if (!e)
        e = waiting(cx, ret);
    if (!e && !auth_has(cx->who, ROLE_PROTECTED))
        e = for_a_colleague(cx, ret);
    if (!e)
        note(cx, ret, "list");
    return e;
}

enum err letter_print_nobody(struct cx *cx, struct letter_print_units *ret)
{
    struct q_letter_print_nobody *rows;
    size_t n;
    *ret = (struct letter_print_units){0};
    enum err e = q_letter_print_nobody(cx, ROLE_PROTECTED, cx->now_us, &rows, &n);
    for (size_t i = 0; !e && i < n; i++) {
        struct str unit = municipality_unit_name(cx->muni, rows[i].unit_key, cx->lang, rows[i].unit_name);
        vec_add(cx->arena, &ret->rows, ((struct letter_print_unit){unit, rows[i].n}));
    }
    return e;
}

/* ---- a batch ---- */

static enum err make(struct cx *cx, void *ctx)
{
    int64_t *id = ctx;
    struct letter_print_rows list;
    enum err e = waiting(cx, &list);
    if (!e && !list.rows.n)
        e = fail(cx, ERR_CONFLICT, "no letter waits for printing");
    *id = rand_id();
    if (!e)
        e = q_letter_batch_add(cx, *id, cx->who->employee_id, cx->who->acting_unit_id, cx->now_us);
    for (size_t i = 0; !e && i < list.rows.n; i++)
        e = q_letter_batch_item_add(cx, *id, (int64_t)i + 1, list.rows.p[i].id);
    return e;
}

enum err letter_batch_make(struct cx *cx, int64_t *ret_id)
{
    enum err e = employee(cx);
    if (!e)
        e = db_write(cx, make, ret_id);
    /* a colleague pressed at the same moment: the letters are in that batch */
    return e == ERR_DUPLICATE ? fail(cx, ERR_CONFLICT, "a colleague has just made this batch") : e;
}

static enum err batch_rows(struct cx *cx, int64_t id, struct letter_batch *ret)
{
    struct q_letter_batch_rows *rows;
    size_t n;
    enum err e = q_letter_batch_rows(cx, &(struct q_letter_batch_rows_in){.id = id, PRINTER(cx)}, &rows, &n);
    for (size_t i = 0; !e && i < n; i++) {
        if (!rows[i].may) /* law 7: a batch is seen whole, or not at all */
            e = fail(cx, ERR_NOT_FOUND, "not all letters of this batch are the asker's to print");
        vec_add(cx->arena, &ret->list.rows, ROW_OF(rows[i]));
        ret->n_waiting += rows[i].state == LETTER_TO_PRINT;
    }
    return e;
}

enum err letter_batch_get(struct cx *cx, int64_t id, struct letter_batch *ret)
{
    struct q_letter_batch_get row;
    bool found = false;
    *ret = (struct letter_batch){.id = id};
    enum err e = employee(cx);
    if (!e)
        e = q_letter_batch_get(cx, id, &row, &found);
    if (!e && !found)
        e = fail(cx, ERR_NOT_FOUND, "no such batch");
    if (!e)
        e = batch_rows(cx, id, ret);
    if (e)
        return e;
    ret->made_us = row.made_us;
    ret->by = row.employee_name;
    note(cx, &ret->list, "list");
    return ERR_OK;
}

enum err letter_batches(struct cx *cx, struct letter_batches *ret)
{
    struct q_letter_batches_open *rows;
    size_t n;
    *ret = (struct letter_batches){0};
    enum err e = employee(cx);
    if (!e)
        e = q_letter_batches_open(cx, &(struct q_letter_batches_open_in){.at_most = BATCHES_SHOWN, PRINTER(cx)}, &rows,
                                  &n);
    for (size_t i = 0; !e && i < n; i++) {
        struct letter_batch b;
        e = letter_batch_get(cx, rows[i].id, &b);
        vec_add(cx->arena, &ret->rows, b);
    }
    return e;
}

/* ---- the post (law 5) ---- */

int64_t letter_arrival_us(const struct cx *cx, day_t posted)
{
    return civil_day_start_us(municipality_add_working_days(cx->muni, posted, cx->muni->postal_days));
}

struct posting {
    int64_t id, batch_id;
    day_t day;
    int64_t n;
};

static enum err post(struct cx *cx, const struct letter *l, day_t day)
{
    struct casefile file;
    int64_t n, arrived_us = letter_arrival_us(cx, day);
    enum err e = casefile_begin(cx, l->casefile_id, 0, CASEFILE_DO_NOTE, &file);
    if (e)
        return e;
    struct opt_int deadline = letter_appeal_deadline(cx, l, &file, arrived_us);
    e = q_letter_posted(cx,
                        &(struct q_letter_posted_in){.id = l->id,
                                                     .version = l->version,
                                                     .now_us = cx->now_us,
                                                     .posted_day = day,
                                                     .arrived_us = arrived_us,
                                                     .appeal_deadline = deadline},
                        &n);
    if (!e && !n)
        e = fail(cx, ERR_CONFLICT, "LAW 2: the letter does not wait for the post");
    if (!e)
        e = letter_arrived(cx, l, arrived_us, deadline);
    if (e || l->party_id != file.party_id) /* the timeline tells the party of its own letters */
        return e;
    struct str params = str_fmt(cx->arena, "{\"day\":%d}", (int)day);
    return casefile_event_add(cx, &(struct casefile_event_new){.casefile_id = l->casefile_id,
                                                               .kind = S("letter_posted"),
                                                               .params = params,
                                                               .registration_id = l->registration_id});
}

/* Between the day it was made and today. */
static enum err check_day(struct cx *cx, day_t day, int64_t made_us)
{
    if (day > civil_day_of_us(cx->now_us) || day < civil_day_of_us(made_us))
        return fail_field(cx, ERR_INVALID, S("day"), "it was posted between the day it was printed and today");
    return ERR_OK;
}

static enum err post_one(struct cx *cx, void *ctx)
{
    const struct posting *p = ctx;
    struct letter l;
    enum err e = letter_load(cx, p->id, &l);
    return e ? e : post(cx, &l, p->day);
}

enum err letter_mark_posted(struct cx *cx, int64_t id, int32_t day)
{
    struct letter l;
    struct casefile_view view;
    enum err e = letter_enter(cx, id, &l, &view);
    if (!e && l.state == LETTER_TO_PRINT)
        e = check_day(cx, day, l.dispatched_us);
    return e ? e : db_write(cx, post_one, &(struct posting){.id = id, .day = day});
}

static enum err post_batch(struct cx *cx, void *ctx)
{
    struct posting *p = ctx;
    struct letter_batch b = {.id = p->batch_id};
    struct letter l;
    enum err e = batch_rows(cx, p->batch_id, &b);
    p->n = 0;
    for (size_t i = 0; !e && i < b.list.rows.n; i++) {
        const struct letter_print_row *r = &b.list.rows.p[i];
        if (r->state != LETTER_TO_PRINT) /* posted by itself before */
            continue;
        e = check_day(cx, p->day, r->made_us);
        if (!e)
            e = letter_load(cx, r->id, &l);
        if (!e)
            e = post(cx, &l, p->day);
        p->n++;
    }
    return e || p->n ? e : fail(cx, ERR_CONFLICT, "no letter of this batch waits for the post");
}

enum err letter_batch_posted(struct cx *cx, int64_t id, int32_t day, int64_t *ret_n)
{
    struct posting p = {.batch_id = id, .day = day};
    struct letter_batch b;
    enum err e = letter_batch_get(cx, id, &b);
    if (!e)
        e = db_write(cx, post_batch, &p);
    if (!e)
        *ret_n = p.n;
    return e;
}
