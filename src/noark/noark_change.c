/* Changing, extending, and one value of a list: in one transaction each, with the rules that the model and the law set.
 */
#include <string.h>

#include "noark/noark_write.h"

struct changing {
    struct api *api;
    int64_t id;
    const struct noark_type *t, *to; /* to: another type from now on (utvid-til) */
    const struct json *sent;
    bool patch;
    const struct noark_element *element; /* or one value of a list */
    int64_t index;                       /* -1: a new one; *ret: where */
    bool take_away;
    bool moves, unseen; /* to another place; without a version, as by $ref */
    struct node there;
    /* while it is done */
    struct node node;
    struct json *body;
    bool sealed;
    struct place from, into; /* where it lies, and will */
};

/* Only its state may change while it is closed. */
static enum err check_closed(struct cx *cx, const struct changing *c)
{
    const struct noark_type *t = c->t;
    if (!c->node.r.finished_us.set)
        return ERR_OK;
    if (c->node.r.final)
        return fail(cx, ERR_LAW, "LAW 8: it is finished and cannot be changed");
    for (int i = 0; i < t->n_attrs; i++) {
        const char *name = t->attrs[i].name;
        bool state = !strcmp(name, "avsluttetAv") || !strcmp(name, "endretDato") || !strcmp(name, "endretAv");
        for (int k = 0; k < t->n_closed; k++)
            state |= !strcmp(name, t->closed[k].attr);
        if (!state && !j_same(cx, j_get(c->node.body, name), j_get(c->body, name)))
            return fail_field(cx, ERR_LAW, str_of(name), "LAW 8: it is closed: %s cannot be changed", name);
    }
    return ERR_OK;
}

/* 6.1.7, 6.1.8, 6.1.11, 6.1.12 */
static enum err check_case(struct cx *cx, const struct changing *c)
{
    struct q_noark_open_within open;
    enum err e = q_noark_open_within(cx, c->id, &open);
    if (e)
        return e;
    int64_t lies_in = c->moves ? c->there.t->number : c->node.r.parent_type.set ? c->node.r.parent_type.v : 0;
    if (lies_in != noark_type_of("klasse")->number)
        return fail(cx, ERR_LAW, "6.1.7: a case file without a class cannot be closed");
    if (open.unfinished)
        return fail(cx, ERR_LAW, "6.1.8: it has %lld registrations that are not finished", (long long)open.unfinished);
    if (open.formless)
        return fail(cx, ERR_LAW, "6.1.11: %lld documents are not stored in a format of the archive",
                    (long long)open.formless);
    if (open.unanswered)
        return fail(cx, ERR_LAW, "6.1.12: %lld letters that came in are not signed off", (long long)open.unanswered);
    return ERR_OK;
}

static enum err check_files(struct cx *cx, const struct changing *c)
{
    struct q_noark_documents_without row;
    enum err e = q_noark_documents_without(cx, c->id, &row);
    if (!e && row.n)
        e = fail(cx, ERR_LAW, "LAW 8: it is finished with its documents, and a file is missing");
    return e;
}

static void stamp(struct changing *c, const char *date, const char *by)
{
    struct cx *cx = c->api->cx;
    const struct noark_type *t = c->to;
    if (noark_attr_named(t, str_of(date)) && !j_get(c->body, date))
        j_set(cx, c->body, str_of(date), j_text(cx, noark_now(cx)));
    if (noark_attr_named(t, str_of(by)) && !j_get(c->body, by))
        j_set(cx, c->body, str_of(by), j_text(cx, c->api->who.name));
}

/* The state says that it is open again: then it has no end. */
static void reopen(struct changing *c)
{
    for (int i = 0; i < c->t->n_closed; i++) {
        const struct noark_closed *k = &c->t->closed[i];
        if (!k->codes[0] || j_same(c->api->cx, j_get(c->node.body, k->attr), j_get(c->body, k->attr)))
            continue;
        struct json *only = j_map(c->api->cx);
        j_set(c->api->cx, only, str_of(k->attr), j_get(c->body, k->attr));
        if (write_closes(c->t, only))
            continue;
        j_set(c->api->cx, c->body, S("avsluttetDato"), NULL);
        j_set(c->api->cx, c->body, S("avsluttetAv"), NULL);
    }
}

static enum err settle_state(struct cx *cx, struct changing *c, bool *ret_closed)
{
    bool was = c->node.r.finished_us.set;
    if (was)
        reopen(c);
    *ret_closed = write_closes(c->to, c->body);
    enum err e = check_closed(cx, c);
    if (e || was || !*ret_closed)
        return e;
    if (noark_is(c->t, "saksmappe") && (e = check_case(cx, c)))
        return e;
    if (write_is_final(c->to) && (e = check_files(cx, c)))
        return e;
    if (noark_is(c->to, "registrering"))
        stamp(c, "arkivertDato", "arkivertAv");
    else
        stamp(c, "avsluttetDato", "avsluttetAv");
    return ERR_OK;
}

static enum err take_change(struct changing *c)
{
    struct intake in = {.t = c->to, .sent = c->sent, .old = c->node.body, .patch = c->patch};
    enum err e = body_take(c->api, &in);
    c->body = in.body;
    c->sealed = in.sealed;
    return e;
}

/* One value of a list: the whole list is taken anew, so that it is checked as ever. */
static enum err take_element(struct changing *c)
{
    struct cx *cx = c->api->cx;
    const char *dot = strchr(c->element->attr, '.');
    struct str group = dot ? str_make(c->element->attr, (size_t)(dot - c->element->attr)) : S("");
    struct str name = str_of(dot ? dot + 1 : c->element->attr);
    const struct json *holder = dot ? json_get_str(c->node.body, group) : c->node.body;
    const struct json *list = holder ? json_get_str(holder, name) : NULL;
    struct json *sent = j_map(cx), *new_list = j_list(cx);
    const struct json *value = j_get(c->sent, str_z(cx->arena, name));
    int64_t n = list ? (int64_t)list->n : 0;
    if (!holder || c->index >= n || (c->index < 0 && c->take_away))
        return fail(cx, ERR_NOT_FOUND, "no such value");
    if (!c->take_away && dot) /* a code is the object itself */
        value = c->sent;
    if (!c->take_away && !value)
        return fail_field(cx, ERR_INVALID, name, "%.*s: this is required", STR_ARG(name));
    for (int64_t i = 0; i < n; i++)
        if (i != c->index)
            j_add(cx, new_list, list->items[i]);
        else if (!c->take_away)
            j_add(cx, new_list, (struct json *)(uintptr_t)value);
    if (c->index < 0) {
        c->index = n;
        j_add(cx, new_list, (struct json *)(uintptr_t)value);
    }
    if (dot) {
        struct json *copy = j_map(cx);
        for (size_t i = 0; i < holder->n; i++)
            j_set(cx, copy, holder->items[i]->key, holder->items[i]);
        j_set(cx, copy, name, new_list->n ? new_list : NULL);
        j_set(cx, sent, group, copy);
    } else
        j_set(cx, sent, name, new_list->n ? new_list : j_text(cx, S("")));
    c->sent = sent;
    c->patch = true;
    return take_change(c);
}

/* Closing the new place and this wait for each other. */
static enum err take_place(struct cx *cx, struct changing *c)
{
    struct q_noark_item_lock lock;
    bool found = true;
    enum err e = c->there.r.house ? ERR_OK : q_noark_item_lock(cx, c->there.r.id, &lock, &found);
    if (!e && !found)
        e = fail(cx, ERR_NOT_FOUND, "where it would go is gone");
    if (!e)
        e = node_get_id(cx, c->there.t, c->there.r.id, &c->there);
    if (!e)
        e = place_of(cx, c->there.r.id, &c->into);
    if (!e)
        e = move_check(cx, &c->node, &c->there, &c->into);
    return e ? e : move_into(c->api, &c->node, &c->there, &c->from, &c->into, c->body);
}

/* What it takes from where it lies, or from the arkivdel it refers to, when that is another now. */
static enum err settle_place(struct cx *cx, struct changing *c)
{
    bool refers = noark_is(c->to, "registrering") &&
                  !j_same(cx, j_get(c->node.body, "referanseArkivdel"), j_get(c->body, "referanseArkivdel"));
    if (!c->moves && !refers)
        return ERR_OK;
    enum err e = place_of(cx, c->node.r.parent_id.v, &c->from);
    if (!e && c->moves)
        e = take_place(cx, c);
    const struct place *into = c->moves ? &c->into : &c->from;
    return e ? e
             : place_follow(c->api, &c->from, into, c->to, c->node.r.finished_us.set ? c->node.body : c->sent,
                            c->node.body, c->body);
}

/* An avskrivning is of the entry it lies in. */
static enum err settle_write_off(struct cx *cx, struct changing *c)
{
    struct write_off w;
    struct node entry;
    bool found;
    enum err e = write_off_open(c->api, &c->node);
    if (!e)
        e = node_parent(c->api, &c->node, &entry, &found);
    if (!e && !found)
        e = fail(cx, ERR_NOT_FOUND, "what it writes off is gone");
    if (!e)
        e = write_off_check(c->api, &entry, c->body, &w);
    return e ? e : write_off_refer(cx, c->id, &w);
}

static enum err settle(struct cx *cx, struct changing *c, bool *ret_closed, bool *ret_any)
{
    enum err e = c->element ? take_element(c) : take_change(c);
    if (!e)
        e = write_check_own_name(cx, c->t, c->body);
    if (!e)
        e = settle_state(cx, c, ret_closed);
    if (!e)
        e = settle_place(cx, c);
    if (!e && noark_is(c->to, "avskrivning"))
        e = settle_write_off(cx, c);
    if (e)
        return e;
    place_screen_until(cx, c->to, c->body);
    bool was = c->node.r.finished_us.set, folder = noark_is(c->to, "mappe");
    if (folder && *ret_closed && !was)
        place_dispose_after(cx, c->body);
    if (folder && was && !*ret_closed)
        place_dispose_not(cx, c->node.body, c->body);
    return log_changes(c->api, &c->node, c->to, c->body, ret_any);
}

static enum err change_locked(struct cx *cx, struct changing *c)
{
    bool closed, any;
    int64_t n;
    enum err e = settle(cx, c, &closed, &any);
    if (e || !(any || c->moves || c->to != c->t))
        return e;
    if (noark_attr_named(c->to, S("endretAv"))) {
        j_set(cx, c->body, S("endretDato"), j_text(cx, noark_now(cx)));
        j_set(cx, c->body, S("endretAv"), j_text(cx, c->api->who.name));
    }
    struct str title = json_text(c->body, "tittel");
    struct opt_int finished =
        closed ? (c->node.r.finished_us.set ? c->node.r.finished_us : opt_int(cx->now_us)) : (struct opt_int){0};
    bool final = closed && write_is_final(c->to);
    e = q_noark_item_update(
        cx,
        &(struct q_noark_item_update_in){.id = c->id,
                                         .version = c->node.r.version,
                                         .type = c->to->number,
                                         .parent_id = c->moves ? opt_int(c->there.r.id) : c->node.r.parent_id,
                                         .parent_type = c->moves ? opt_int(c->there.t->number) : c->node.r.parent_type,
                                         .title = title.n ? title : (struct str){0},
                                         .body = j_write(cx, c->body),
                                         .sealed = c->sealed,
                                         .finished_us = finished,
                                         .final = final,
                                         .now_us = cx->now_us},
        &n);
    if (!e && !n)
        e = fail(cx, ERR_CONFLICT, "LAW 2: it was changed meanwhile");
    if (!e && (noark_is(c->to, "mappe") || noark_is(c->to, "registrering")))
        e = place_spread(c->api, c->id, c->moves ? &c->from : NULL, c->moves ? &c->into : NULL, c->node.body, c->body);
    if (!e && final) /* after that: what is finished takes nothing from it any more */
        e = q_noark_documents_final(cx, c->id, cx->now_us);
    if (!e)
        e = write_index(cx, c->to, c->id, c->body);
    return e;
}
/* A record that was no case file or journal entry gets the number of one. */
static enum err number_extended(struct cx *cx, struct changing *c)
{
    struct node parent;
    bool found;
    int64_t n;
    if (noark_is(c->to, "journalpost")) {
        enum err e = node_parent(c->api, &c->node, &parent, &found);
        if (!e && found && !parent.r.house && !(e = write_count_up(cx, parent.r.id, &n)))
            j_set(cx, c->body, S("journalpostnummer"), j_int(cx, n));
        if (e)
            return e;
    }
    enum err e = q_noark_item_retype(cx, c->id, c->to->number);
    return e ? e : write_number(cx, c->to, c->id, c->node.r.fonds_id, c->body);
}

static enum err lock(struct cx *cx, struct changing *c)
{
    struct q_noark_item_lock row;
    bool found;
    if (!c->unseen)
        return write_lock(cx, c->api, c->t, c->id, &c->node);
    enum err e = q_noark_item_lock(cx, c->id, &row, &found);
    if (!e && !found)
        e = fail(cx, ERR_NOT_FOUND, "it is gone");
    return e ? e : node_get_id(cx, c->t, c->id, &c->node);
}

static enum err change(struct cx *cx, void *ctx)
{
    struct changing *c = ctx, again = *c;
    enum err e = lock(cx, &again);
    if (!e)
        e = change_locked(cx, &again);
    if (!e && again.to != again.t)
        e = number_extended(cx, &again);
    if (!e)
        c->index = again.element ? again.index : c->index;
    return e;
}

enum err write_change(struct api *api, const struct node *node, bool patch)
{
    struct changing c = {.api = api, .id = node->r.id, .t = node->t, .to = node->t, .patch = patch, .index = -1};
    struct json *sent;
    struct node now;
    enum err e = write_read_body(api, &sent);
    if (e)
        return e;
    c.sent = sent;
    if ((e = move_target(api, node, sent, &c.there, &c.moves)))
        return e;
    if (node->r.house) {
        e = c.moves ? move_check(api->cx, node, &c.there, &c.into) : need_version(api, node->r.version);
        if (!e)
            e = house_change(api, node, sent);
    } else
        e = db_write(api->cx, change, &c);
    if (!e)
        e = node_get_id(api->cx, node->t, node->r.id, &now);
    return e ? e : reply_node(api, &now, 200);
}

enum err write_move(struct api *api, const struct node *node, const struct node *to)
{
    struct changing c = {.api = api,
                         .id = node->r.id,
                         .t = node->t,
                         .to = node->t,
                         .sent = j_map(api->cx),
                         .patch = true,
                         .index = -1,
                         .unseen = true,
                         .moves = !node->r.parent_id.set || node->r.parent_id.v != to->r.id,
                         .there = *to};
    enum err e = node->r.house ? move_check(api->cx, node, to, &c.into) : db_write(api->cx, change, &c);
    return e ? e : reply_bytes(api->cx, api->rep, 204, S(""), S(""));
}

enum err write_extend(struct api *api, const struct node *node, const struct noark_type *to)
{
    struct changing c = {.api = api, .id = node->r.id, .t = node->t, .to = to, .patch = true, .index = -1};
    struct json *sent;
    struct node now;
    enum err e = write_read_body(api, &sent);
    if (e)
        return e;
    if (node->r.house || noark_is_a(node->t, to))
        return fail(api->cx, ERR_CONFLICT, "it is one already");
    c.sent = sent;
    if (!(e = db_write(api->cx, change, &c)))
        e = node_get_id(api->cx, to, node->r.id, &now);
    return e ? e : reply_node(api, &now, 200);
}

/* ---- one value of a list ---- */

static enum err show_element(struct api *api, const struct node *node, const struct noark_element *e, int64_t index,
                             int status)
{
    struct cx *cx = api->cx;
    const char *dot = strchr(e->attr, '.'), *name = dot ? dot + 1 : e->attr;
    const struct json *holder = dot ? json_get_str(node->body, str_make(e->attr, (size_t)(dot - e->attr))) : node->body;
    const struct json *list = holder ? j_get(holder, name) : NULL;
    if (!list || index < 0 || index >= (int64_t)list->n)
        return fail(cx, ERR_NOT_FOUND, "no such value");
    struct json *body = j_map(cx), *links = j_map(cx), *self = j_map(cx);
    struct str href = str_fmt(cx->arena, "%.*s%s/%lld/", STR_ARG(node_href(api, node)), name, (long long)index);
    if (dot)
        *body = *list->items[index];
    else
        j_set(cx, body, str_of(name), list->items[index]);
    j_set(cx, self, S("href"), j_text(cx, href));
    j_set(cx, links, S("self"), self);
    struct json *whole = j_map(cx);
    for (size_t i = 0; i < body->n; i++)
        j_set(cx, whole, body->items[i]->key, body->items[i]);
    j_set(cx, whole, S("_links"), links);
    reply_header(cx, api->rep, "ETag", etag_of(cx, node->r.version));
    if (status == 201)
        reply_header(cx, api->rep, "Location", href);
    return reply_doc(api, status, j_write(cx, whole));
}

enum err write_element(struct api *api, const struct node *node, const struct noark_element *element, int64_t index)
{
    enum method method = req_method(api->req);
    struct changing c = {.api = api,
                         .id = node->r.id,
                         .t = node->t,
                         .to = node->t,
                         .element = element,
                         .index = index,
                         .take_away = method == DELETE,
                         .unseen = method == POST}; /* a new value is added to what is there */
    struct json *sent = j_map(api->cx);
    struct node now;
    if (method == GET)
        return index < 0 ? reply_doc(api, 200, S("{\"_links\":{}}")) : show_element(api, node, element, index, 200);
    if (node->r.house || (index < 0) != (method == POST) || method == PATCH)
        return fail(api->cx, ERR_METHOD, "not a method of this address");
    enum err e = method == DELETE ? ERR_OK : write_read_body(api, &sent);
    if (e)
        return e;
    j_set(api->cx, sent, S("_links"), NULL);
    c.sent = sent;
    if ((e = db_write(api->cx, change, &c)))
        return e;
    if (method == DELETE)
        return reply_bytes(api->cx, api->rep, 204, S(""), S(""));
    if ((e = node_get_id(api->cx, node->t, node->r.id, &now)))
        return e;
    return show_element(api, &now, element, c.index, method == POST ? 201 : 200);
}
