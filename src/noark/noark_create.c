/* Creating: in one transaction, its number last. */
#include <string.h>

#include "noark/noark_write.h"

struct making {
    struct api *api;
    const struct noark_type *t;
    const struct node *parent_seen;
    const struct noark_link *link;
    int link_end;
    const struct json *sent;
    int64_t id; /* out */
    /* while it is made */
    struct node parent;
    bool has_parent;
    struct json *body;
    bool sealed;
    int series;
    int64_t fonds_id, unit_id;
    struct write_off write_off; /* of an avskrivning */
};

static struct opt_int some(int64_t v)
{
    return v ? opt_int(v) : (struct opt_int){0};
}

static struct str key_of(const struct noark_type *t, const struct json *body)
{
    if (t->is_list)
        return json_text(body, "kode");
    return noark_is(t, "virksomhetsspesifikkeMetadata") ? json_text(body, "navn") : (struct str){0};
}

static void settle_place(struct making *m)
{
    struct api *api = m->api;
    bool shared = m->t->is_list || !strcmp(m->t->package, "admin") || !strcmp(m->t->package, "metadata");
    m->unit_id = shared ? 0 : m->has_parent && m->parent.r.unit_id ? m->parent.r.unit_id : api->cx->who->acting_unit_id;
    m->fonds_id = noark_is(m->t, "arkiv") ? m->id : m->has_parent ? m->parent.r.fonds_id : 0;
}

static enum err insert(struct cx *cx, const struct making *m)
{
    struct str title = json_text(m->body, "tittel"), key = key_of(m->t, m->body);
    bool closed = write_closes(m->t, m->body);
    return q_noark_item_insert(cx, &(struct q_noark_item_insert_in){
                                       .id = m->id,
                                       .type = m->t->number,
                                       .parent_id = some(m->has_parent ? m->parent.r.id : 0),
                                       .parent_type = some(m->has_parent ? m->parent.t->number : 0),
                                       .fonds_id = m->fonds_id,
                                       .unit_id = m->unit_id,
                                       .casefile_id = m->has_parent ? m->parent.r.casefile_id : (struct opt_int){0},
                                       .title = title.n ? title : (struct str){0},
                                       .key = key.n ? key : (struct str){0},
                                       .body = j_write(cx, m->body),
                                       .sealed = m->sealed,
                                       .finished_us = some(closed ? cx->now_us : 0),
                                       .final = closed && write_is_final(m->t),
                                       .now_us = cx->now_us});
}

static enum err refer(struct cx *cx, const struct noark_link *link, int end, int64_t mine, int64_t other)
{
    int64_t n;
    return q_noark_reference_add(cx, link->kind, end ? other : mine, end ? mine : other, &n);
}

/* The same code with the same name once more: there it is. */
static enum err known_code(struct cx *cx, struct making *m, bool *ret_known)
{
    struct q_noark_item_by_key row;
    struct json *known;
    struct str key = key_of(m->t, m->body);
    *ret_known = false;
    if (!key.n)
        return ERR_OK;
    enum err e = q_noark_item_by_key(cx, m->t->number, key, &row, ret_known);
    if (e || !*ret_known || (e = json_parse(cx, row.body, &known)))
        return e;
    m->id = row.id;
    const char *name = m->t->is_list ? "kodenavn" : "type";
    if (str_eq(json_text(known, name), json_text(m->body, name)))
        return ERR_OK;
    return fail(cx, ERR_CONFLICT, "there is one of that name already, with another meaning");
}

/* Closing the case file it lies in and this wait for each other. */
static enum err take_parent(struct cx *cx, struct making *m)
{
    struct q_noark_item_lock lock;
    bool found = true;
    m->has_parent = m->parent_seen != NULL;
    if (!m->has_parent)
        return ERR_OK;
    enum err e = m->parent_seen->r.house ? ERR_OK : q_noark_item_lock(cx, m->parent_seen->r.id, &lock, &found);
    if (!e && !found)
        e = fail(cx, ERR_NOT_FOUND, "what it would lie in is gone");
    if (!e)
        e = node_get_id(cx, m->parent_seen->t, m->parent_seen->r.id, &m->parent);
    if (!e && !(m->parent.r.house ? house_may_create(&m->parent, m->t) : may_create(&m->parent, m->t)))
        e = m->parent.r.finished_us.set ? fail(cx, ERR_LAW, "LAW 8: it is closed or finished, and takes nothing more")
                                        : fail(cx, ERR_FORBIDDEN, "a %s is not created here", m->t->name);
    return e;
}

static enum err begin_in_place(struct cx *cx, struct making *m)
{
    struct place place;
    enum err e = write_check_system(cx, m->t, &m->parent);
    if (!e)
        e = place_of(cx, m->parent.r.id, &place);
    if (!e)
        e = place_takes(cx, &place, m->t, false);
    return e ? e : place_begin(m->api, &place, m->t, m->sent, m->body);
}

/* The rules of types that look at what they lie in. */
static enum err check_special(struct making *m)
{
    struct cx *cx = m->api->cx;
    if (!m->has_parent)
        return ERR_OK;
    if (noark_is(m->t, "avskrivning"))
        return write_off_check(m->api, &m->parent, m->body, &m->write_off);
    if (!noark_is(m->t, "endringslogg"))
        return ERR_OK;
    struct str of = json_text(m->body, "referanseArkivenhet"), here = node_uuid(m->api, &m->parent);
    if (of.n && !str_eq(str_lower_ascii(cx->arena, of), here))
        return fail_field(cx, ERR_INVALID, S("referanseArkivenhet"),
                          "referanseArkivenhet: it is logged with the entity it is about");
    j_set(cx, m->body, S("referanseArkivenhet"), j_text(cx, here));
    return ERR_OK;
}

static enum err write_off_made(struct cx *cx, struct making *m)
{
    struct str by = json_text(m->body, "referanseAvskrivesAvJournalpost");
    enum err e = write_off_refer(cx, m->id, &m->write_off);
    return e || !by.n ? e : log_put(m->api, &m->parent, "referanseAvskrivesAvJournalpost", S(""), by);
}

static enum err make(struct cx *cx, void *ctx)
{
    struct making *m = ctx;
    struct intake in = {.t = m->t, .sent = m->sent};
    bool known;
    m->id = rand_id();
    enum err e = take_parent(cx, m);
    if (!e)
        e = body_take(m->api, &in);
    m->body = in.body;
    m->sealed = in.sealed;
    if (!e)
        e = write_check_own_name(cx, m->t, m->body);
    if (!e && m->has_parent && !m->parent.r.house)
        e = begin_in_place(cx, m);
    if (!e)
        e = known_code(cx, m, &known);
    if (e || known)
        return e;
    if ((e = check_special(m)))
        return e;
    settle_place(m);
    if (m->has_parent)
        e = write_number_within(cx, m->t, &m->parent, m->body);
    if (!e && !(e = insert(cx, m)))
        e = write_index(cx, m->t, m->id, m->body);
    if (!e && noark_is(m->t, "avskrivning"))
        e = write_off_made(cx, m);
    return e ? e : write_number(cx, m->t, m->id, m->fonds_id, m->body);
}

/* An archive that is made from its creator, and the other way round, refers to it; it does not lie in it. */
static enum err make_linked(struct cx *cx, void *ctx)
{
    struct making *m = ctx;
    const struct node *from = m->parent_seen;
    m->parent_seen = NULL;
    enum err e = make(cx, m);
    m->parent_seen = from;
    return e ? e : refer(cx, m->link, m->link_end, from->r.id, m->id);
}

static enum err reply_made(struct api *api, const struct noark_type *t, int64_t id)
{
    struct node node;
    enum err e = node_get_id(api->cx, t, id, &node);
    return e ? e : reply_node(api, &node, 201);
}

enum err write_create(struct api *api, const struct noark_type *t, const struct node *parent,
                      const struct noark_link *link, int link_end)
{
    struct json *sent;
    enum err e = write_read_body(api, &sent);
    if (e)
        return e;
    bool house = parent && parent->r.house && !link;
    if (house &&
        (noark_is(t, "registrering") || noark_is(t, "dokumentbeskrivelse") || noark_is(t, "korrespondansepart"))) {
        int64_t id;
        const struct noark_type *made;
        e = house_create(api, t, parent, sent, &id, &made);
        return e ? e : reply_made(api, made, id);
    }
    struct making m = {.api = api, .t = t, .parent_seen = parent, .link = link, .link_end = link_end, .sent = sent};
    e = db_write(api->cx, link ? make_linked : make, &m);
    return e ? e : reply_made(api, t, m.id);
}
