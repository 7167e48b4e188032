/* Moving a folder, a registration or a document: by the relation to its new place in _links of PATCH and PUT, or by PUT
   of <relation>/$ref (chapter 6 of the specification; Noark 5 3.2.35-3.2.40, 6.2.9, 6.2.11). What is finished stays
   where it is (law 8), and so does everything in its archive, whose numbers it has. */
#include <string.h>

#include "noark/noark_write.h"

/* ---- where to ---- */

/* "arkivstruktur/klasse/" of a relation's address. */
static bool rel_names(struct str rel, struct str *ret_name)
{
    struct str rest = rel, package;
    if (!str_starts(rel, S(NOARK_REL)))
        return false;
    rest = str_slice(rel, sizeof NOARK_REL - 1, rel.n);
    return str_cut(&rest, '/', &package) && str_cut(&rest, '/', ret_name);
}

bool move_is_upward(struct str name, const struct noark_type *t)
{
    const struct noark_type *named = noark_type_named(str_of(t->package), name);
    if (!named)
        named = noark_type_named(S("arkivstruktur"), name);
    if (named)
        return noark_is_a(t, named);
    return str_starts(name, S("over")) && noark_type_named(S("arkivstruktur"), str_slice(name, 4, name.n)) &&
           noark_is_a(t, noark_type_named(S("arkivstruktur"), str_slice(name, 4, name.n)));
}

static enum err take_link(struct api *api, const struct node *node, const struct json *link, struct node *ret,
                          bool *ret_found)
{
    struct cx *cx = api->cx;
    struct str name, uuid, href = json_text(link, "href");
    const struct noark_type *t;
    struct node to;
    if (!rel_names(link->key, &name) || !node_address(api, href, &t, &uuid) || !move_is_upward(name, t))
        return ERR_OK; /* it leads elsewhere: down, to a list of codes, to itself */
    enum err e = node_get(api, t, uuid, &to);
    if (e == ERR_NOT_FOUND)
        return fail_field(cx, ERR_INVALID, S("_links"), "_links: %.*s leads to nothing here", STR_ARG(name));
    if (e || to.r.id == node->r.id || (node->r.parent_id.set && to.r.id == node->r.parent_id.v))
        return e;
    if (*ret_found && ret->r.id != to.r.id)
        return fail_field(cx, ERR_INVALID, S("_links"), "_links: it cannot be moved to two places");
    *ret = to;
    *ret_found = true;
    return ERR_OK;
}

enum err move_target(struct api *api, const struct node *node, const struct json *sent, struct node *ret,
                     bool *ret_found)
{
    const struct json *links = j_get(sent, "_links");
    enum err e = ERR_OK;
    *ret_found = false;
    for (size_t i = 0; !e && links && links->kind == JSON_MAP && i < links->n; i++)
        e = take_link(api, node, links->items[i], ret, ret_found);
    return e;
}

/* ---- whether ---- */

enum err place_takes(struct cx *cx, const struct place *p, const struct noark_type *t, bool closed)
{
    const struct above *s = p->series;
    bool folder = noark_is(t, "mappe"), loose = noark_is(t, "registrering") && !noark_is(p->rows.p[0].t, "mappe");
    if (!s || !(folder || loose))
        return ERR_OK;
    if (s->closed && !(folder && closed))
        return fail(cx, ERR_LAW, "5.11.6: the period of this arkivdel has ended: it takes nothing more");
    if (folder && str_eq_z(json_text(j_get(s->body, "arkivdelstatus"), "kode"), "O"))
        return fail(cx, ERR_LAW, "5.11.4: this arkivdel is in its period of overlap: new folders lie in its successor");
    return ERR_OK;
}

/* Noark 5 3.2.39: whoever writes off another stays beside it. */
static enum err check_write_offs(struct cx *cx, const struct node *node)
{
    struct q_noark_write_offs *rows;
    struct buf b = buf_make(cx->arena);
    size_t n = 0;
    enum err e = q_noark_write_offs(cx, node->r.id, &rows, &n);
    for (size_t i = 0; !e && i < n && i < 5; i++) {
        struct node other;
        if (!node_find(cx, noark_type_of("registrering"), rows[i].id, NODE_ITEM, &other))
            buf_fmt(&b, "%s%.*s", b.n ? ", " : "", STR_ARG(json_text(other.body, "registreringsID")));
    }
    return e || !n
               ? e
               : fail(cx, ERR_LAW, "3.2.39: it writes off or is written off by %.*s: take away that avskrivning first",
                      (int)b.n, b.p);
}

static enum err check_state(struct cx *cx, const struct node *node, const struct node *to, const struct place *there)
{
    bool closed = node->r.finished_us.set;
    if (node->r.final)
        return fail(cx, ERR_LAW, "LAW 8: it is finished and stays where it is");
    if (closed && !(there->series && there->series->closed))
        return fail(cx, ERR_LAW,
                    "LAW 8: it is closed: it is moved only to an arkivdel whose period has ended (6.2.11)");
    if (to->r.finished_us.set && !closed)
        return fail(cx, ERR_LAW, "LAW 8: where it would go is closed or finished, and takes nothing more");
    return place_takes(cx, there, node->t, closed);
}

enum err move_check(struct cx *cx, const struct node *node, const struct node *to, const struct place *there)
{
    bool movable =
        noark_is(node->t, "mappe") || noark_is(node->t, "registrering") || noark_is(node->t, "dokumentbeskrivelse");
    if (node->r.house || to->r.house)
        return fail(cx, ERR_CONFLICT, "what lies in the archive of the house is not moved by other programs");
    if (!movable)
        return fail(cx, ERR_CONFLICT, "a %s is not moved", node->t->name);
    if (!child_made(to->t, node->t))
        return fail(cx, ERR_CONFLICT, "a %s does not lie in a %s", node->t->name, to->t->name);
    if (node->r.fonds_id != to->r.fonds_id)
        return fail(cx, ERR_LAW, "LAW 8: its numbers are of this arkiv: it is not moved to another");
    if (to->r.unit_id && node->r.unit_id != to->r.unit_id)
        return fail(cx, ERR_CONFLICT, "it belongs to another unit than where it would go");
    if (place_has(there, node->r.id))
        return fail(cx, ERR_CONFLICT, "it cannot lie in itself");
    enum err e = check_state(cx, node, to, there);
    if (!e)
        e = write_check_system(cx, node->t, to);
    return e || !noark_is(node->t, "registrering") ? e : check_write_offs(cx, node);
}

/* ---- and what it changes ---- */

enum err move_into(struct api *api, const struct node *node, const struct node *to, const struct place *from,
                   const struct place *there, struct json *body)
{
    struct cx *cx = api->cx;
    int64_t n;
    struct str old = place_series(api, from), new = place_series(api, there), was = S("");
    struct node left;
    bool found;
    enum err e = node_parent(api, node, &left, &found);
    if (!e && found)
        was = node_uuid(api, &left);
    if (!e)
        e = log_put(api, node, "referanseForelder", was, node_uuid(api, to));
    if (!e && noark_is(node->t, "mappe") && !str_eq(old, new))
        e = log_put(api, node, "referanseArkivdel", old, new);
    if (!e && noark_is(node->t, "dokumentbeskrivelse")) /* it was there by reference */
        e = q_noark_reference_remove(cx, NOARK_LINK_DOCUMENT, to->r.id, node->r.id, &n);
    return e ? e : write_number_within(cx, node->t, to, body);
}
