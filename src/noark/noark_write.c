/* Creating, changing, deleting: in one transaction each, with the rules that the model and the law set. */
#include <string.h>

#include "noark/noark_internal.h"
#include "record/record.h"
#include "search/search.h"

enum { SERIES_NONE, SERIES_CASE, SERIES_JOURNAL };

static bool is(const struct noark_type *t, const char *name)
{
    return noark_is_a(t, noark_type_of(name));
}

/* ---- what the state allows ---- */

const struct noark_child *child_made(const struct noark_type *parent, const struct noark_type *t)
{
    for (int i = 0; i < parent->n_children; i++)
        if (parent->children[i].make && &noark_types[parent->children[i].type] == t)
            return &parent->children[i];
    return NULL;
}

/* To what is closed nothing is added but what is said about it. */
static bool is_about(const struct noark_type *t)
{
    static const char *const names[] = {"merknad",      "kryssreferanse", "konvertering",
                                        "endringslogg", "avskrivning",    "presedens"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (is(t, names[i]))
            return true;
    return false;
}

bool may_create(const struct node *parent, const struct noark_type *t)
{
    return child_made(parent->t, t) && (!parent->r.finished_us.set || is_about(t));
}

static bool is_closed(const struct noark_type *t, const struct json *body)
{
    for (int i = 0; i < t->n_closed; i++) {
        const struct json *v = j_get(body, t->closed[i].attr);
        if (!v)
            continue;
        if (!t->closed[i].codes[0])
            return true;
        char word[32];
        struct str code = json_text(v, "kode");
        int n = snprintf(word, sizeof word, " %.*s ", STR_ARG(code));
        if (n < (int)sizeof word && strstr(t->closed[i].codes, word))
            return true;
    }
    return false;
}

/* Law 8: a registration and a document that are finished stay. */
static bool is_final_type(const struct noark_type *t)
{
    return is(t, "registrering") || is(t, "dokumentbeskrivelse");
}

enum err need_version(struct api *api, int64_t version)
{
    struct cx *cx = api->cx;
    struct str if_match = req_header(api->req, "If-Match"), etag = req_header(api->req, "ETag");
    struct str seen = if_match.n ? if_match : etag, now = etag_of(cx, version);
    if (!seen.n)
        return fail(cx, ERR_BAD_REQUEST, "send the ETag that you got with it, as If-Match or as ETag");
    if (str_starts(seen, S("W/")))
        seen = str_slice(seen, 2, seen.n);
    if (str_eq(seen, now) || str_eq(seen, str_slice(now, 1, now.n - 1)) || str_eq_z(if_match, "*"))
        return ERR_OK;
    return fail(cx, if_match.n ? ERR_STALE : ERR_CONFLICT,
                "LAW 2: it was changed since you fetched it: fetch it again");
}

/* ---- the words that find it ---- */

static enum err index_words(struct cx *cx, const struct noark_type *t, int64_t id, const struct json *body)
{
    struct str texts[40];
    size_t n = 0;
    for (int i = 0; i < t->n_attrs && n < 40; i++) {
        const struct json *v = j_get(body, t->attrs[i].name);
        if (v && v->kind == JSON_TEXT && t->attrs[i].kind == NOARK_TEXT)
            texts[n++] = v->text;
    }
    return t->is_list ? ERR_OK : search_put(cx, S("noark"), id, cx->now_us, texts, n);
}

/* ---- creating ---- */

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
};

static struct opt_int some(int64_t v)
{
    return v ? opt_int(v) : (struct opt_int){0};
}

static struct str key_of(const struct noark_type *t, const struct json *body)
{
    if (t->is_list)
        return json_text(body, "kode");
    return is(t, "virksomhetsspesifikkeMetadata") ? json_text(body, "navn") : (struct str){0};
}

/* A field of our own is named <namespace>-<version>:<field>. */
static enum err check_own_name(struct cx *cx, const struct noark_type *t, const struct json *body)
{
    struct str s = json_text(body, "navn");
    if (!is(t, "virksomhetsspesifikkeMetadata"))
        return ERR_OK;
    size_t colon = str_find_char(s, ':', 0), dash = str_find_char(str_slice(s, 0, colon), '-', 0);
    bool good = colon < s.n && dash < colon && colon + 1 < s.n && s.n <= 100;
    for (size_t i = 0; i < s.n; i++)
        good &= (s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '-' || i == colon;
    return good ? ERR_OK
                : fail_field(cx, ERR_INVALID, S("navn"),
                             "navn: is written <namespace>-<version>:<field>, in small letters");
}

/* A series with a classification system takes case files in its classes alone. */
static enum err check_place(struct cx *cx, const struct making *m)
{
    struct q_noark_has_system row = {0};
    bool below = is(m->t, "mappe") || is(m->t, "registrering");
    if (!m->has_parent || !below || !is(m->parent.t, "arkivdel"))
        return ERR_OK;
    enum err e = q_noark_has_system(cx, m->parent.r.id, &row);
    if (!e && row.n)
        e = fail(cx, ERR_CONFLICT, "this arkivdel has a klassifikasjonssystem: create it in a class");
    return e;
}

static enum err count_up(struct cx *cx, int64_t id, int64_t *ret)
{
    struct q_noark_item_count_up row;
    bool found;
    enum err e = q_noark_item_count_up(cx, id, &row, &found);
    if (!e && found)
        *ret = row.number;
    return e || found ? e : fail(cx, ERR_CONFLICT, "what it would lie in is gone");
}

/* Numbers within what it lies in; locks that row. */
static enum err number_within(struct cx *cx, struct making *m)
{
    int64_t n = 0;
    bool wanted = is(m->t, "registrering") || is(m->t, "dokumentbeskrivelse") || is(m->t, "dokumentobjekt");
    if (!m->has_parent || m->parent.r.house || !wanted)
        return ERR_OK;
    enum err e = count_up(cx, m->parent.r.id, &n);
    if (e)
        return e;
    if (is(m->t, "dokumentbeskrivelse"))
        j_set(cx, m->body, S("dokumentnummer"), j_int(cx, n));
    else if (is(m->t, "dokumentobjekt"))
        j_set(cx, m->body, S("versjonsnummer"), j_int(cx, n - 1));
    else {
        struct str file = json_text(m->parent.body, "mappeID");
        j_set(cx, m->body, S("registreringsID"),
              j_text(cx, file.n ? str_fmt(cx->arena, "%.*s-%lld", STR_ARG(file), (long long)n)
                                : str_fmt(cx->arena, "R%lld", (long long)n)));
        if (is(m->t, "journalpost"))
            j_set(cx, m->body, S("journalpostnummer"), j_int(cx, n));
    }
    return ERR_OK;
}

static int series_of(const struct noark_type *t)
{
    return is(t, "mappe") ? SERIES_CASE : is(t, "journalpost") ? SERIES_JOURNAL : SERIES_NONE;
}

/* The number in the series of the archive: the row all writers queue for, so it comes last. */
static enum err number_last(struct cx *cx, const struct noark_type *t, int64_t id, int64_t fonds_id, struct json *body)
{
    int series = series_of(t);
    bool plain = series == SERIES_CASE && !is(t, "saksmappe");
    int64_t year = civil_from_us(cx->now_us).year, seq = 0;
    if (!series)
        return ERR_OK;
    const char *name = series == SERIES_JOURNAL ? "noark-journal" : plain ? "noark-folder" : "noark-case";
    enum err e = record_counter_next(cx, str_fmt(cx->arena, "%s-%lld", name, (long long)fonds_id), year, &seq);
    if (e)
        return e;
    if (series == SERIES_JOURNAL) {
        j_set(cx, body, S("journalaar"), j_int(cx, year));
        j_set(cx, body, S("journalsekvensnummer"), j_int(cx, seq));
    } else {
        if (!j_get(body, "mappeID")) /* a folder that becomes a case file keeps its own (M003) */
            j_set(cx, body, S("mappeID"),
                  j_text(cx, str_fmt(cx->arena, plain ? "%lld/M%lld" : "%lld/%lld", (long long)year, (long long)seq)));
        if (!plain) {
            j_set(cx, body, S("saksaar"), j_int(cx, year));
            j_set(cx, body, S("sakssekvensnummer"), j_int(cx, seq));
        }
    }
    struct opt_int none = {0};
    return q_noark_item_number(cx, id, plain ? SERIES_NONE : series, plain ? none : opt_int(year),
                               plain ? none : opt_int(seq), j_write(cx, body));
}

static void settle_place(struct making *m)
{
    struct api *api = m->api;
    bool shared = m->t->is_list || !strcmp(m->t->package, "admin") || !strcmp(m->t->package, "metadata");
    m->unit_id = shared ? 0 : m->has_parent && m->parent.r.unit_id ? m->parent.r.unit_id : api->cx->who->acting_unit_id;
    m->fonds_id = is(m->t, "arkiv") ? m->id : m->has_parent ? m->parent.r.fonds_id : 0;
}

static enum err insert(struct cx *cx, const struct making *m)
{
    struct str title = json_text(m->body, "tittel"), key = key_of(m->t, m->body);
    bool closed = is_closed(m->t, m->body);
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
                                       .final = closed && is_final_type(m->t),
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

static enum err make(struct cx *cx, void *ctx)
{
    struct making *m = ctx;
    struct intake in = {.t = m->t, .sent = m->sent};
    bool known;
    m->id = rand_id();
    enum err e = take_parent(cx, m);
    if (!e)
        e = check_place(cx, m);
    if (!e)
        e = body_take(m->api, &in);
    m->body = in.body;
    m->sealed = in.sealed;
    if (!e)
        e = check_own_name(cx, m->t, m->body);
    if (!e)
        e = known_code(cx, m, &known);
    if (e || known)
        return e;
    settle_place(m);
    if (!(e = number_within(cx, m)) && !(e = insert(cx, m)))
        e = index_words(cx, m->t, m->id, m->body);
    return e ? e : number_last(cx, m->t, m->id, m->fonds_id, m->body);
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

static enum err read_body(struct api *api, struct json **ret)
{
    enum err e = json_parse(api->cx, req_body(api->req), ret);
    if (e == ERR_SYNTAX)
        return fail(api->cx, ERR_BAD_REQUEST, "the body is not JSON");
    if (!e && (*ret)->kind != JSON_MAP)
        e = fail(api->cx, ERR_BAD_REQUEST, "the body is not an object");
    return e;
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
    enum err e = read_body(api, &sent);
    if (e)
        return e;
    bool house = parent && parent->r.house && !link;
    if (house && (is(t, "registrering") || is(t, "dokumentbeskrivelse") || is(t, "korrespondansepart"))) {
        int64_t id;
        const struct noark_type *made;
        e = house_create(api, t, parent, sent, &id, &made);
        return e ? e : reply_made(api, made, id);
    }
    struct making m = {.api = api, .t = t, .parent_seen = parent, .link = link, .link_end = link_end, .sent = sent};
    e = db_write(api->cx, link ? make_linked : make, &m);
    return e ? e : reply_made(api, t, m.id);
}

/* ---- changing ---- */

struct changing {
    struct api *api;
    int64_t id;
    const struct noark_type *t, *to; /* to: another type from now on (utvid-til) */
    const struct json *sent;
    bool patch;
    const struct noark_element *element; /* or one value of a list */
    int64_t index;                       /* -1: a new one; *ret: where */
    bool take_away;
    /* while it is done */
    struct node node;
    struct json *body;
    bool sealed;
};

static bool attr_same(struct cx *cx, const struct json *a, const struct json *b)
{
    return (!a && !b) || (a && b && str_eq(j_write(cx, a), j_write(cx, b)));
}

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
        if (!state && !attr_same(cx, j_get(c->node.body, name), j_get(c->body, name)))
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
    if (!c->node.r.parent_type.set || c->node.r.parent_type.v != noark_type_of("klasse")->number)
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
        if (!k->codes[0] || attr_same(c->api->cx, j_get(c->node.body, k->attr), j_get(c->body, k->attr)))
            continue;
        struct json *only = j_map(c->api->cx);
        j_set(c->api->cx, only, str_of(k->attr), j_get(c->body, k->attr));
        if (is_closed(c->t, only))
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
    *ret_closed = is_closed(c->to, c->body);
    enum err e = check_closed(cx, c);
    if (e || was || !*ret_closed)
        return e;
    if (is(c->t, "saksmappe") && (e = check_case(cx, c)))
        return e;
    if (is_final_type(c->to) && (e = check_files(cx, c)))
        return e;
    if (is(c->to, "registrering"))
        stamp(c, "arkivertDato", "arkivertAv");
    else
        stamp(c, "avsluttetDato", "avsluttetAv");
    return ERR_OK;
}

/* One line of endringslogg for each attribute; an identity number is not repeated there. */
static enum err log_change(struct cx *cx, const struct changing *c, const struct noark_attr *a)
{
    const struct json *old = j_get(c->node.body, a->name), *new = j_get(c->body, a->name);
    struct json *body = j_map(cx);
    const struct noark_type *t = noark_type_of("endringslogg");
    j_set(cx, body, S("referanseArkivenhet"), j_text(cx, node_uuid(c->api, &c->node)));
    j_set(cx, body, S("referanseMetadata"), j_text(cx, str_of(a->name)));
    j_set(cx, body, S("endretDato"), j_text(cx, noark_now(cx)));
    j_set(cx, body, S("endretAv"), j_text(cx, c->api->who.name));
    bool secret = a->kind == NOARK_SECRET || a->kind == NOARK_GROUP;
    if (old && !secret)
        j_set(cx, body, S("tidligereVerdi"), j_text(cx, old->kind == JSON_TEXT ? old->text : j_write(cx, old)));
    if (new && !secret)
        j_set(cx, body, S("nyVerdi"), j_text(cx, new->kind == JSON_TEXT ? new->text : j_write(cx, new)));
    return q_noark_item_insert(cx, &(struct q_noark_item_insert_in){.id = rand_id(),
                                                                    .type = t->number,
                                                                    .parent_id = opt_int(c->id),
                                                                    .parent_type = opt_int(c->to->number),
                                                                    .fonds_id = c->node.r.fonds_id,
                                                                    .unit_id = c->node.r.unit_id,
                                                                    .casefile_id = c->node.r.casefile_id,
                                                                    .body = j_write(cx, body),
                                                                    .now_us = cx->now_us});
}

static enum err log_changes(struct cx *cx, struct changing *c, bool *ret_any)
{
    enum err e = ERR_OK;
    *ret_any = c->to != c->t;
    for (int i = 0; !e && i < c->to->n_attrs; i++) {
        const struct noark_attr *a = &c->to->attrs[i];
        if (attr_same(cx, j_get(c->node.body, a->name), j_get(c->body, a->name)))
            continue;
        *ret_any = true;
        if (c->to->is_logged)
            e = log_change(cx, c, a);
    }
    return e;
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

static enum err change_locked(struct cx *cx, struct changing *c)
{
    bool closed, any;
    int64_t n;
    enum err e = c->element ? take_element(c) : take_change(c);
    if (!e)
        e = check_own_name(cx, c->t, c->body);
    if (!e)
        e = settle_state(cx, c, &closed);
    if (!e)
        e = log_changes(cx, c, &any);
    if (e || !any)
        return e;
    if (noark_attr_named(c->to, S("endretAv"))) {
        j_set(cx, c->body, S("endretDato"), j_text(cx, noark_now(cx)));
        j_set(cx, c->body, S("endretAv"), j_text(cx, c->api->who.name));
    }
    struct str title = json_text(c->body, "tittel");
    struct opt_int finished =
        closed ? (c->node.r.finished_us.set ? c->node.r.finished_us : opt_int(cx->now_us)) : (struct opt_int){0};
    bool final = closed && is_final_type(c->to);
    e = q_noark_item_update(cx,
                            &(struct q_noark_item_update_in){.id = c->id,
                                                             .version = c->node.r.version,
                                                             .type = c->to->number,
                                                             .parent_id = c->node.r.parent_id,
                                                             .parent_type = c->node.r.parent_type,
                                                             .title = title.n ? title : (struct str){0},
                                                             .body = j_write(cx, c->body),
                                                             .sealed = c->sealed,
                                                             .finished_us = finished,
                                                             .final = final,
                                                             .now_us = cx->now_us},
                            &n);
    if (!e && !n)
        e = fail(cx, ERR_CONFLICT, "LAW 2: it was changed meanwhile");
    if (!e && final)
        e = q_noark_documents_final(cx, c->id, cx->now_us);
    if (!e)
        e = index_words(cx, c->to, c->id, c->body);
    return e;
}

static enum err lock_node(struct cx *cx, struct api *api, const struct noark_type *t, int64_t id, struct node *ret)
{
    struct q_noark_item_lock lock;
    bool found;
    enum err e = q_noark_item_lock(cx, id, &lock, &found);
    if (!e && !found)
        e = fail(cx, ERR_NOT_FOUND, "it is gone");
    if (!e)
        e = node_get_id(cx, t, id, ret);
    return e ? e : need_version(api, ret->r.version);
}

/* A record that was no case file or journal entry gets the number of one. */
static enum err number_extended(struct cx *cx, struct changing *c)
{
    struct node parent;
    bool found;
    int64_t n;
    if (is(c->to, "journalpost")) {
        enum err e = node_parent(c->api, &c->node, &parent, &found);
        if (!e && found && !parent.r.house && !(e = count_up(cx, parent.r.id, &n)))
            j_set(cx, c->body, S("journalpostnummer"), j_int(cx, n));
        if (e)
            return e;
    }
    enum err e = q_noark_item_retype(cx, c->id, c->to->number);
    return e ? e : number_last(cx, c->to, c->id, c->node.r.fonds_id, c->body);
}

static enum err change(struct cx *cx, void *ctx)
{
    struct changing *c = ctx, again = *c;
    enum err e = lock_node(cx, c->api, c->t, c->id, &again.node);
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
    enum err e = read_body(api, &sent);
    if (e)
        return e;
    c.sent = sent;
    if (node->r.house) {
        e = need_version(api, node->r.version);
        if (!e)
            e = house_change(api, node, sent);
    } else
        e = db_write(api->cx, change, &c);
    if (!e)
        e = node_get_id(api->cx, node->t, node->r.id, &now);
    return e ? e : reply_node(api, &now, 200);
}

enum err write_extend(struct api *api, const struct node *node, const struct noark_type *to)
{
    struct changing c = {.api = api, .id = node->r.id, .t = node->t, .to = to, .patch = true, .index = -1};
    struct json *sent;
    struct node now;
    enum err e = read_body(api, &sent);
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

/* A new value is added to what is there: it needs no ETag. */
static enum err add_element(struct cx *cx, void *ctx)
{
    struct changing *c = ctx, again = *c;
    struct q_noark_item_lock lock;
    bool found;
    enum err e = q_noark_item_lock(cx, c->id, &lock, &found);
    if (!e && !found)
        e = fail(cx, ERR_NOT_FOUND, "it is gone");
    if (!e)
        e = node_get_id(cx, c->t, c->id, &again.node);
    if (!e)
        e = change_locked(cx, &again);
    if (!e)
        c->index = again.index;
    return e;
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
                         .take_away = method == DELETE};
    struct json *sent = j_map(api->cx);
    struct node now;
    if (method == GET)
        return index < 0 ? reply_doc(api, 200, S("{\"_links\":{}}")) : show_element(api, node, element, index, 200);
    if (node->r.house || (index < 0) != (method == POST) || method == PATCH)
        return fail(api->cx, ERR_METHOD, "not a method of this address");
    enum err e = method == DELETE ? ERR_OK : read_body(api, &sent);
    if (e)
        return e;
    j_set(api->cx, sent, S("_links"), NULL);
    c.sent = sent;
    if ((e = db_write(api->cx, method == POST ? add_element : change, &c)))
        return e;
    if (method == DELETE)
        return reply_bytes(api->cx, api->rep, 204, S(""), S(""));
    if ((e = node_get_id(api->cx, node->t, node->r.id, &now)))
        return e;
    return show_element(api, &now, element, c.index, method == POST ? 201 : 200);
}

/* ---- deleting ---- */

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
    enum err e = lock_node(cx, d->api, d->t, d->id, &node);
    if (!e && is(d->t, "endringslogg"))
        e = fail(cx, ERR_LAW, "LAW 8: the log of changes stays");
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
