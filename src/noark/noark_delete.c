/* Deleting. */
#include "fulltext/fulltext.h"
#include "noark/noark_write.h"
#include "search/search.h"

struct deleting {
    struct api *api;
    int64_t id;
    const struct noark_type *t;
};

static enum err log_deleted(struct cx *cx, struct api *api, const struct node *node)
{
    struct json *body = j_map(cx), *code = j_map(cx);
    j_set(cx, code, S("kode"), j_text(cx, S("D")));
    j_set(cx, code, S("kodenavn"), j_text(cx, S("Slettet")));
    j_set(cx, body, S("referanseArkivenhet"), j_text(cx, node_uuid(api, node)));
    j_set(cx, body, S("endretDato"), j_text(cx, noark_now(cx)));
    j_set(cx, body, S("endretAv"), j_text(cx, api->who.name));
    j_set(cx, body, S("hendelsetype"), code);
    j_set(cx, body, S("hendelseDato"), j_text(cx, noark_now(cx)));
    j_set(cx, body, S("beskrivelse"), j_text(cx, str_of(node->t->name)));
    return q_noark_item_insert(cx, &(struct q_noark_item_insert_in){.id = rand_id(),
                                                                    .type = noark_type_of("hendelseslogg")->number,
                                                                    .fonds_id = node->r.fonds_id,
                                                                    .unit_id = node->r.unit_id,
                                                                    .casefile_id = node->r.casefile_id,
                                                                    .body = j_write(cx, body),
                                                                    .now_us = cx->now_us});
}

/* Its entry waits again. */
static enum err forget_write_off(struct deleting *d, const struct node *node)
{
    struct str by = json_text(node->body, "referanseAvskrivesAvJournalpost");
    struct node entry;
    bool found;
    enum err e = write_off_open(d->api, node);
    if (!e && by.n)
        e = node_parent(d->api, node, &entry, &found);
    return e || !by.n || !found ? e : log_put(d->api, &entry, "referanseAvskrivesAvJournalpost", by, S(""));
}

/* 3.4.6, 3.4.7: who answers another entry, or for whom one was written off, is not taken away from it. */
static enum err check_answers(struct cx *cx, const struct deleting *d)
{
    struct q_noark_write_offs *rows;
    struct q_noark_writes_off_for one = {0};
    size_t n = 0;
    enum err e = noark_is(d->t, "registrering")         ? q_noark_write_offs(cx, d->id, &rows, &n)
                 : noark_is(d->t, "korrespondansepart") ? q_noark_writes_off_for(cx, d->id, &one)
                                                        : ERR_OK;
    return e || !(n || one.n) ? e : fail(cx, ERR_CONFLICT, "an avskrivning refers to it: take that away first");
}

static enum err delete_it(struct cx *cx, void *ctx)
{
    struct deleting *d = ctx;
    struct q_noark_item_children children;
    struct q_noark_item_lock row;
    struct node node;
    bool found;
    int64_t n;
    enum err e = write_lock(cx, d->api, d->t, d->id, &node);
    if (!e && node.r.finished_us.set)
        e = fail(cx, ERR_LAW, "LAW 8: what is closed or finished is not deleted");
    if (!e && noark_is(d->t, "avskrivning"))
        e = forget_write_off(d, &node);
    if (!e)
        e = q_noark_item_children(cx, d->id, &children);
    if (!e && children.n)
        e = fail(cx, ERR_CONFLICT, "something lies in it: delete that first");
    if (!e)
        e = check_answers(cx, d);
    if (!e)
        e = q_noark_item_lock(cx, d->id, &row, &found);
    if (!e)
        e = row.seq.set ? q_noark_item_empty(cx, d->id, node.r.version, cx->now_us, &n)
                        : q_noark_item_delete(cx, d->id, node.r.version, &n);
    if (!e && !n)
        e = fail(cx, ERR_CONFLICT, "LAW 2: it was changed meanwhile");
    if (!e)
        e = q_noark_reference_drop(cx, d->id);
    if (!e)
        e = search_erase(cx, S("noark"), d->id);
    if (!e && node.r.hash.p)
        e = fulltext_drop(cx, S("noark_item"), d->id);
    return e || !d->t->is_logged ? e : log_deleted(cx, d->api, &node);
}

enum err write_delete(struct api *api, const struct node *node)
{
    struct deleting d = {.api = api, .id = node->r.id, .t = node->t};
    if (node->r.house)
        return fail(api->cx, ERR_LAW, "LAW 8: what was registered is not taken away");
    enum err e = db_write(api->cx, delete_it, &d);
    return e ? e : reply_bytes(api->cx, api->rep, 204, S(""), S(""));
}
