/* The drafts: what was answered and sent up, and not sent yet. One at a time, as the cases. */
#include "takeout_compose.h"

#include "i18n/i18n.h"
#include "tpl_takeout_held_draft.h"

enum { FOLDER_CHARS = 70 };

/* Of another she has what she typed herself, by a mandate in force: the rest is theirs. */
enum err takeout_drafts_list(struct cx *cx, struct composing *c)
{
    struct form_drafts all;
    int64_t giver_id = c->held.own ? 0 : c->order->party_id;
    enum err e = form_drafts_all(cx, giver_id, &all);
    for (size_t i = 0; !e && i < all.rows.n; i++) {
        const struct form_draft_row *r = &all.rows.p[i];
        int64_t until_us = civil_day_start_us(r->delete_day);
        if (until_us <= cx->now_us) /* its time is out: it goes today */
            continue;
        vec_add(cx->arena, &c->drafts.rows, *r);
        if (!c->made.until_us.set || until_us < c->made.until_us.v)
            c->made.until_us = opt_int(until_us);
    }
    c->held.drafts = c->drafts.rows.n > 0;
    return e;
}

struct drafting {
    const struct form_draft_row *row;
    struct form_draft_held held;
    bool there;
    struct takeout_held_draft page;
};

/* A login that is too weak to go on with it has no more of it here. */
static enum err open_draft(struct cx *cx, struct drafting *d)
{
    const struct form_draft_row *r = d->row;
    d->page = (struct takeout_held_draft){.title = r->title,
                                          .step = r->step,
                                          .holder = r->holder,
                                          .giver = r->giver,
                                          .changed_us = r->changed_us,
                                          .helped = r->helped,
                                          .weak = cx->who->assurance < r->assurance};
    enum err e = d->page.weak ? form_draft_check(cx, r->id) : form_draft_held(cx, r->id, &d->held);
    d->there = e != ERR_NOT_FOUND; /* sent or deleted since the list was made */
    if (!d->there)
        cx->fail = (struct fail){0};
    return d->there ? e : ERR_OK;
}

static struct takeout_stored stored_of(const struct drafting *d, size_t i)
{
    const struct form_document *f = &d->held.files.p[i];
    return (struct takeout_stored){f->name, f->name, f->mime, f->file, d->row->changed_us};
}

static void show(struct cx *cx, const struct composing *c, struct drafting *d, size_t number)
{
    struct str folder = takeout_name(
        cx, i18n_fmt(cx, T_takeout_held_draft_folder, ARG("n", (int64_t)number), ARG("title", d->row->title)),
        FOLDER_CHARS);
    d->page.answers = d->held.answers;
    for (size_t i = 0; i < d->held.dropped.n; i++)
        vec_add(cx->arena, &d->page.dropped, d->held.dropped.p[i]);
    for (size_t i = 0; i < d->held.files.n; i++) {
        struct takeout_stored stored = stored_of(d, i);
        struct takeout_held_document row = {.title = stored.title, .size = stored.file.size};
        if (c->held.files) {
            row.folder = folder;
            row.file = takeout_stored_name(cx, &stored, i + 1);
        }
        vec_add(cx->arena, &d->page.documents, row);
    }
}

static void write_dropped(struct json_out *out, const struct drafting *d)
{
    json_key(out, "notAsked");
    json_begin_array(out);
    for (size_t i = 0; i < d->held.dropped.n; i++) {
        json_begin_object(out);
        json_pair(out, "question", d->held.dropped.p[i].label);
        json_pair(out, "answer", d->held.dropped.p[i].value);
        json_end(out);
    }
    json_end(out);
}

static void write_files(struct cx *cx, struct json_out *out, const struct drafting *d)
{
    json_key(out, "files");
    json_begin_array(out);
    for (size_t i = 0; i < d->held.files.n; i++) {
        const struct form_document *f = &d->held.files.p[i];
        json_begin_object(out);
        json_pair(out, "name", f->name);
        json_pair(out, "type", f->mime);
        json_key(out, "size");
        json_i64(out, f->file.size);
        json_pair(out, "sha256", hash_hex(cx->arena, f->file.hash));
        json_end(out);
    }
    json_end(out);
}

static enum err write_json(struct cx *cx, struct json_out *out, const struct drafting *d)
{
    struct json *answers = NULL;
    enum err e = d->page.weak ? ERR_OK : json_parse(cx, d->held.answers_json, &answers);
    if (e)
        return e;
    json_begin_object(out);
    json_pair(out, "service", d->page.title);
    json_pair(out, "leftAt", d->page.step);
    json_pair_us(out, "changed", d->page.changed_us);
    if (d->page.holder.n)
        json_pair(out, "begunBy", d->page.holder);
    json_key(out, "needsStrongerLogin");
    json_bool(out, d->page.weak);
    if (!d->page.weak) {
        json_key(out, "application");
        json_value(out, answers);
        write_dropped(out, d);
        write_files(cx, out, d);
    }
    json_end(out);
    return ERR_OK;
}

static enum err put_files(struct cx *cx, struct composing *c, const struct drafting *d)
{
    enum err e = ERR_OK;
    for (size_t i = 0; !e && c->order->zip && i < d->held.files.n; i++) {
        const struct takeout_held_document *row = &d->page.documents.p[i];
        struct takeout_stored stored = stored_of(d, i);
        e = takeout_put_stored(cx, c, &stored,
                               str_fmt(cx->arena, "%.*s/%.*s", STR_ARG(row->folder), STR_ARG(row->file)));
    }
    return e;
}

static enum err write_draft(struct cx *cx, struct composing *c, size_t i)
{
    struct drafting d = {.row = &c->drafts.rows.p[i]};
    struct buf b = buf_make(cx->arena);
    struct tpl o = tpl_begin(cx);
    enum err e = open_draft(cx, &d);
    if (e || !d.there)
        return e;
    c->json.b = &b;
    show(cx, c, &d, i + 1);
    e = write_json(cx, &c->json, &d);
    if (e)
        return e;
    tpl_takeout_held_draft(&o, &d.page);
    e = takeout_put_part(cx, c, &b, tpl_end(&o));
    if (!e)
        e = put_files(cx, c, &d);
    return e ? e : access_commit(cx);
}

/* `begin` or end the list. */
static enum err write_bracket(struct cx *cx, struct composing *c, bool begin)
{
    struct buf b = buf_make(cx->arena);
    c->json.b = &b;
    if (begin) {
        json_key(&c->json, "drafts");
        json_begin_array(&c->json);
    } else {
        json_end(&c->json);
    }
    return takeout_put(cx, c->made.json, buf_str(&b));
}

enum err takeout_drafts_write(struct cx *cx, struct composing *c)
{
    enum err e = write_bracket(cx, c, true);
    for (size_t i = 0; !e && i < c->drafts.rows.n; i++) {
        struct arena_mark mark = arena_mark(cx->arena);
        e = write_draft(cx, c, i);
        if (!e)
            arena_reset(cx->arena, mark);
    }
    return e ? e : write_bracket(cx, c, false);
}
