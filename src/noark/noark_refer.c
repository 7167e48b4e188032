/* $ref: what refers to many (noark.tbl, link). */
#include "noark/noark_internal.h"

struct referring {
    const struct noark_link *link;
    int64_t mine, other;
    int end;
    enum method method;
};

static enum err set_reference(struct cx *cx, void *ctx)
{
    struct referring *r = ctx;
    int64_t a = r->end ? r->other : r->mine, b = r->end ? r->mine : r->other, n;
    if (r->method != DELETE)
        return q_noark_reference_add(cx, r->link->kind, a, b, &n);
    enum err e = q_noark_reference_remove(cx, r->link->kind, a, b, &n);
    return e || n ? e : fail(cx, ERR_NOT_FOUND, "there is no such reference");
}

/* Where "$id=" or the body leads: an entity of ours. */
static enum err target_of(struct api *api, const struct noark_type *t, struct node *ret)
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
    if (!str_starts(href, api->base))
        return fail(cx, ERR_BAD_REQUEST, "a reference is the href of an entity of this archive");
    struct str rest = str_slice(href, api->base.n, href.n), package, name, uuid;
    if (!str_cut(&rest, '/', &package) || !str_cut(&rest, '/', &name) || !str_cut(&rest, '/', &uuid))
        return fail(cx, ERR_BAD_REQUEST, "a reference is the href of an entity");
    return node_get(api, t, uuid, ret);
}

enum err write_reference(struct api *api, const struct node *node, const struct noark_link *link, int end)
{
    struct node other;
    enum method method = req_method(api->req);
    if (method == GET || method == PATCH)
        return fail(api->cx, ERR_METHOD, "a reference is added by POST or PUT and taken away by DELETE");
    if (node->r.final)
        return fail(api->cx, ERR_LAW, "LAW 8: it is finished and cannot be changed");
    enum err e = target_of(api, &noark_types[link->ends[!end]], &other);
    if (e)
        return e;
    struct referring r = {link, node->r.id, other.r.id, end, method};
    e = db_write(api->cx, set_reference, &r);
    return e ? e : reply_bytes(api->cx, api->rep, 204, S(""), S(""));
}
