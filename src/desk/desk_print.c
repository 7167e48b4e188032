/* The paper queue: what waits for the printer, what was printed together, and the post. A letter that is posted starts
   the appeal clock and cannot be called back (laws 5 and 8): therefore one is asked first, and told what will follow.
 */
#include "desk_handlers.h"

#include "i18n/i18n.h"
#include "tpl_desk_posting.h"
#include "tpl_desk_print.h"

/* ---- the queue ---- */

static struct desk_print_row row_of(struct cx *cx, const struct letter_print_row *r)
{
    struct desk_print_row row = {.id = r->id,
                                 .casefile_id = r->casefile_id,
                                 .service_version_id = r->service_version_id,
                                 .title = r->title,
                                 .no = r->casefile_no,
                                 .recipient = r->recipient,
                                 .waits = r->state == LETTER_TO_PRINT,
                                 .decision = r->decision,
                                 .closed = r->closed};
    row.made = i18n_date(cx, r->made_us);
    if (!row.waits)
        row.posted = r->posted_day;
    return row;
}

struct gathering {
    struct letter_print_rows waiting;
    struct letter_batches batches;
};

static enum err gather(struct cx *cx, void *ctx)
{
    struct gathering *g = ctx;
    enum err e = letter_print_waiting(cx, &g->waiting);
    return e ? e : letter_batches(cx, &g->batches);
}

enum err desk_print_page(struct cx *cx, struct request *req, struct reply *rep)
{
    struct gathering g = {0};
    struct desk_print v = {0};
    enum err e = db_read(cx, gather, &g);
    if (e)
        return e;
    v.more = g.waiting.more;
    v.n_protected = g.waiting.n_protected - g.waiting.n_nobody;
    v.n_nobody = g.waiting.n_nobody;
    for (size_t i = 0; i < g.waiting.rows.n; i++)
        vec_add(cx->arena, &v.rows, row_of(cx, &g.waiting.rows.p[i]));
    for (size_t i = 0; i < g.batches.rows.n; i++) {
        const struct letter_batch *b = &g.batches.rows.p[i];
        struct desk_print_batch *batch = vec_push(cx->arena, &v.batches);
        *batch =
            (struct desk_print_batch){.id = b->id, .made_us = b->made_us, .by = b->by, .waits = (int64_t)b->n_waiting};
        for (size_t k = 0; k < b->list.rows.n; k++)
            vec_add(cx->arena, &batch->rows, row_of(cx, &b->list.rows.p[k]));
    }
    struct page page = {.title = i18n_text(cx->lang, T_desk_print_title), .face = PAGE_DESK, .wide = true};
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    struct tpl o = tpl_begin(cx);
    tpl_desk_print(&o, &v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err desk_print_make(struct cx *cx, struct request *req, struct reply *rep)
{
    (void)req;
    int64_t id;
    enum err e = letter_batch_make(cx, &id);
    if (e == ERR_CONFLICT) { /* pressed twice, or a colleague was quicker: the letters are in a batch already */
        page_done(cx, rep, T_desk_print_made_before);
        return reply_redirect(cx, rep, "/desk/print");
    }
    if (e)
        return e;
    page_done(cx, rep, T_desk_print_made);
    return reply_redirect(cx, rep, "/desk/print#batch-%lld", (long long)id);
}

enum err desk_print_pdf(struct cx *cx, struct request *req, struct reply *rep)
{
    int64_t id = req_param_id(req, "id");
    struct reply_file file = {.type = S("application/pdf"), .name = S("breve.pdf")};
    enum err e = letter_batch_pdf(cx, id, &file.bytes);
    return e ? e : reply_file(cx, rep, &file);
}

/* ---- posted: asked first ---- */

struct posting {
    int64_t id;
    bool batch;
    day_t day, first; /* first: the last of the days they were made on, before which not all can have been posted */
    struct letter_batch of;
    struct letter letter;
    struct casefile_view open;
    struct desk_posting view;
};

static void add_row(struct cx *cx, struct posting *p, struct desk_print_row row, int64_t made_us)
{
    day_t made = civil_day_of_us(made_us);
    p->first = made > p->first ? made : p->first;
    p->view.decision |= row.decision;
    vec_add(cx->arena, &p->view.rows, row);
}

static enum err load(struct cx *cx, void *ctx)
{
    struct posting *p = ctx;
    enum err e;
    if (p->batch) {
        if ((e = letter_batch_get(cx, p->id, &p->of)))
            return e;
        for (size_t i = 0; i < p->of.list.rows.n; i++)
            if (p->of.list.rows.p[i].state == LETTER_TO_PRINT)
                add_row(cx, p, row_of(cx, &p->of.list.rows.p[i]), p->of.list.rows.p[i].made_us);
        return ERR_OK;
    }
    if ((e = letter_get(cx, p->id, &p->letter)) ||
        (e = desk_open(cx, str_fmt(cx->arena, "%lld", (long long)p->letter.casefile_id), &p->open)))
        return e;
    if (p->letter.state == LETTER_TO_PRINT)
        add_row(cx, p,
                (struct desk_print_row){.id = p->id,
                                        .casefile_id = p->letter.casefile_id,
                                        .service_version_id = p->open.file.service_version_id,
                                        .title = p->letter.title,
                                        .no = p->open.file.no,
                                        .recipient = p->open.party.name,
                                        .made = i18n_date(cx, p->letter.dispatched_us),
                                        .waits = true,
                                        .decision = p->letter.decision_id != 0},
                p->letter.dispatched_us);
    return ERR_OK;
}

static enum err open_posting(struct cx *cx, struct request *req, struct posting *p, bool batch)
{
    p->id = req_param_id(req, "id");
    p->batch = batch;
    p->day = civil_day_of_us(cx->now_us);
    enum err e = db_read(cx, load, p);
    p->view.n = (int64_t)p->view.rows.n;
    p->view.day = page_date_field(cx, "day", T_desk_posting_day);
    p->view.day.label = i18n_fmt(cx, T_desk_posting_day, ARG("n", p->view.n));
    if (!e && !p->view.rows.n)
        e = fail_say(cx, ERR_CONFLICT, text_keys[T_desk_print_why_posted], "it has been marked as posted already");
    return e;
}

/* Each by its own service. */
static void tell_appeals(struct cx *cx, struct desk_posting *v, day_t arrival)
{
    for (size_t i = 0; i < v->rows.n; i++) {
        struct desk_print_row *r = &v->rows.p[i];
        const struct service_version *service = service_version_by_id(cx, r->service_version_id);
        if (r->decision)
            r->appeal = i18n_day(cx, service_appeal_deadline(cx, service, arrival));
    }
}

static enum err show(struct cx *cx, struct request *req, struct reply *rep, struct posting *p)
{
    struct desk_posting *v = &p->view;
    day_t arrival = civil_day_of_us(letter_arrival_us(cx, p->day));
    tell_appeals(cx, v, arrival);
    v->action = str_fmt(cx->arena, "/desk/print/%s/%lld/posted", p->batch ? "batch" : "letter", (long long)p->id);
    v->shown = civil_iso_day(cx->arena, p->day);
    v->posted = i18n_day(cx, p->day);
    v->arrival = i18n_day(cx, arrival);
    v->day.hint = i18n_fmt(cx, T_desk_posting_day_hint, ARG("n", v->n));
    v->day.error = page_errors_of(&v->errors, v->day.id);
    struct page page = {
        .title = i18n_fmt(cx, T_desk_posting_title, ARG("n", v->n)), .face = PAGE_DESK, .has_errors = v->errors.n > 0};
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){i18n_text(cx->lang, T_desk_print_title), S("/desk/print")});
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    struct tpl o = tpl_begin(cx);
    tpl_desk_posting(&o, v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

static enum err ask(struct cx *cx, struct request *req, struct reply *rep, bool batch)
{
    struct posting p = {0};
    enum err e = open_posting(cx, req, &p, batch);
    page_date_put(cx, &p.view.day, p.day);
    return e ? e : show(cx, req, rep, &p);
}

enum err desk_posting_batch(struct cx *cx, struct request *req, struct reply *rep)
{
    return ask(cx, req, rep, true);
}
enum err desk_posting_letter(struct cx *cx, struct request *req, struct reply *rep)
{
    return ask(cx, req, rep, false);
}

static enum err answer(struct cx *cx, struct request *req, struct reply *rep, bool batch)
{
    struct posting p = {0};
    day_t shown;
    int64_t n;
    enum err e = open_posting(cx, req, &p, batch);
    if (e)
        return e;
    page_date_fill(cx, req, &p.view.day);
    day_t today = civil_day_of_us(cx->now_us);
    bool valid = page_date_day(&p.view.day, &p.day) && p.day >= p.first && p.day <= today;
    if (valid && (!req_day(req, "shown", &shown) || shown != p.day)) {
        p.view.changed = true; /* what follows from another day is shown before it happens */
        return show(cx, req, rep, &p);
    }
    if (valid)
        e = batch ? letter_batch_posted(cx, p.id, p.day, &n) : letter_mark_posted(cx, p.id, p.day);
    if (!valid || (e == ERR_INVALID && str_eq_z(cx->fail.field, "day"))) {
        page_errors_add(cx, &p.view.errors, S("day"),
                        i18n_fmt(cx, T_desk_posting_day_wrong, ARG("first", i18n_day(cx, p.first))));
        p.day = today;
        return show(cx, req, rep, &p);
    }
    if (e)
        return e;
    page_done(cx, rep, p.view.n == 1 ? T_desk_posted_one : T_desk_posted_done);
    return reply_redirect(cx, rep, "/desk/print");
}

enum err desk_posted_batch(struct cx *cx, struct request *req, struct reply *rep)
{
    return answer(cx, req, rep, true);
}
enum err desk_posted_letter(struct cx *cx, struct request *req, struct reply *rep)
{
    return answer(cx, req, rep, false);
}
