/* $ref: what refers to many (noark.tbl, link). */
#include "noark/noark_write.h"

struct referring {
    const struct noark_link *link;
    const struct node *mine, *other;
    int end;
    enum method method;
};

/* Finishing it and this wait for each other. */
static enum err still_open(struct cx *cx, const struct node *seen)
{
    struct q_noark_item_lock lock;
    struct node now;
    bool found = true;
    enum err e = seen->r.house ? ERR_OK : q_noark_item_lock(cx, seen->r.id, &lock, &found);
    if (!e && !found)
        e = fail(cx, ERR_NOT_FOUND, "it is gone");
    if (!e)
        e = node_find(cx, seen->t, seen->r.id, seen->r.house ? NODE_HOUSE : NODE_ITEM, &now);
    return !e && now.r.final ? fail(cx, ERR_LAW, "LAW 8: it is finished and cannot be changed") : e;
}

static enum err set_reference(struct cx *cx, void *ctx)
{
    struct referring *r = ctx;
    const struct node *first = r->end ? r->other : r->mine, *second = r->end ? r->mine : r->other;
    int64_t a = first->r.id, b = second->r.id, n;
    enum err e = still_open(cx, first);
    if (!e)
        e = still_open(cx, second);
    if (e)
        return e;
    if (r->method != DELETE)
        return q_noark_reference_add(cx, r->link->kind, a, b, &n);
    e = q_noark_reference_remove(cx, r->link->kind, a, b, &n);
    return e || n ? e : fail(cx, ERR_NOT_FOUND, "there is no such reference");
}

/* Where "$id=" or the body leads: an entity of ours. */
static enum err target_of(struct api *api, const struct noark_type **ret_type, struct str *ret_uuid)
{
    struct cx *cx = api->cx;
    struct str query = noark_unquote(cx, api->query), href = S("");
    size_t at = str_find(query, S("$id="), 0);
    if (at < query.n)
        href = str_slice(query, at + 4, query.n);
    else if (req_method(api->req) != DELETE) {
        struct json *body;
        enum err e = json_parse(cx, req_body(api->req), &body);
        if (e)
            return fail(cx, ERR_BAD_REQUEST, "say with $id= or in the body what is referred to");
        href = body->kind == JSON_TEXT ? body->text : json_text(body, "href");
    }
    return node_address(api, href, ret_type, ret_uuid)
               ? ERR_OK
               : fail(cx, ERR_BAD_REQUEST, "a reference is the href of an entity of this archive");
}

enum err write_place(struct api *api, const struct node *node, struct str relation)
{
    const struct noark_type *t;
    struct str uuid;
    struct node to;
    if (req_method(api->req) != PUT)
        return fail(api->cx, ERR_BAD_REQUEST,
                    "this relation is not by reference: it lies in one place, and is moved by PUT");
    enum err e = target_of(api, &t, &uuid);
    if (!e && !move_is_upward(relation, t))
        e = fail(api->cx, ERR_BAD_REQUEST, "this relation is not by reference: it lies in one place");
    if (!e)
        e = node_get(api, t, uuid, &to);
    return e ? e : write_move(api, node, &to);
}

enum err write_reference(struct api *api, const struct node *node, const struct noark_link *link, int end)
{
    struct node other;
    const struct noark_type *t;
    struct str uuid;
    enum method method = req_method(api->req);
    if (method == GET || method == PATCH)
        return fail(api->cx, ERR_METHOD, "a reference is added by POST or PUT and taken away by DELETE");
    enum err e = target_of(api, &t, &uuid);
    if (!e)
        e = node_get(api, &noark_types[link->ends[!end]], uuid, &other);
    if (e)
        return e;
    struct referring r = {link, node, &other, end, method};
    e = db_write(api->cx, set_reference, &r);
    return e ? e : reply_bytes(api->cx, api->rep, 204, S(""), S(""));
}
