/* Deleting. */
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
    if (!e)
        e = q_noark_item_children(cx, d->id, &children);
    if (!e && children.n)
        e = fail(cx, ERR_CONFLICT, "something lies in it: delete that first");
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
        e = files_drop(cx, S("noark_item"), d->id);
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
