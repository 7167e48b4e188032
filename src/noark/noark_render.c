/* Showing: entities, lists, templates and the way to them (hypermedia, chapter 6 of the specification). */
#include <stdlib.h>
#include <string.h>

#include "auth/auth.h"
#include "keys/keys.h"
#include "noark/noark_internal.h"
#include "record/record.h"

enum err reply_doc(struct api *api, int status, struct str json)
{
    return reply_bytes(api->cx, api->rep, status, S(NOARK_JSON), json);
}

/* ---- values ---- */

struct str noark_code_title(struct cx *cx, const struct noark_type *list, struct str code)
{
    struct q_noark_item_by_key row;
    struct json *known;
    bool found;
    const char *name = noark_code_name(list, code);
    if (name)
        return str_of(name);
    if (!q_noark_item_by_key(cx, list->number, code, &row, &found) && found && !json_parse(cx, row.body, &known))
        return json_text(known, "kodenavn");
    return code;
}

/* A code of a list with its name, as JSON. */
struct code_text {
    struct code_text *next;
    const struct noark_type *list;
    struct str code, text;
};

static void add_code(struct buf *b, struct str code, struct str name)
{
    struct json_out o = json_out_make(b);
    json_begin_object(&o);
    json_pair(&o, "kode", code);
    json_pair(&o, "kodenavn", name);
    json_end(&o);
}

/* A code without a name, as the house's own entities have it, written with the name of its list: once for all that have
   it. */
static struct str named_code(struct api *api, struct made *made, const struct noark_type *list, struct str code)
{
    struct code_text *known = made->codes;
    while (known && !(known->list == list && str_eq(known->code, code)))
        known = known->next;
    if (!known) {
        struct buf b = buf_make(api->cx->arena);
        add_code(&b, code, noark_code_title(api->cx, list, code));
        known = arena_new_of(api->cx->arena, struct code_text);
        *known = (struct code_text){made->codes, list, code, buf_str(&b)};
        made->codes = known;
    }
    return known->text;
}

static void write_code(struct api *api, struct made *made, const struct noark_attr *a, const struct json *v,
                       struct json_out *o)
{
    struct str code = v->kind == JSON_TEXT ? v->text : json_text(v, "kode"), name = json_text(v, "kodenavn");
    if (!name.n) {
        json_out_raw(o, named_code(api, made, &noark_types[a->of], code));
        return;
    }
    json_out_raw(o, S(""));
    add_code(o->b, code, name);
}

static enum err write_secret(struct api *api, const struct json *v, struct json_out *o)
{
    struct str hex = json_text(v, "~"), plain = S("");
    unsigned char *blob = arena_alloc(api->cx->arena, hex.n / 2 + 1);
    if (!str_unhex(hex, blob))
        return fail(api->cx, ERR_INTERNAL, "a sealed value is damaged");
    enum err e = keys_open_text(api->cx, str_make((const char *)blob, hex.n / 2), &plain);
    if (!e)
        json_str(o, plain);
    return e;
}

/* The values of the attributes of a type, in its order; NULL: it has none. */
static enum err write_attrs(struct api *api, struct made *made, const struct noark_type *t,
                            const struct json *const *values, struct json_out *o);

/* They mostly come in the order of the model, so each is looked for behind the one before. */
static const struct json **in_order(struct api *api, const struct noark_type *t, const struct json *body)
{
    const struct json **ret = arena_array(api->cx->arena, const struct json *, (size_t)t->n_attrs);
    for (size_t i = 0, at = 0; body->kind == JSON_MAP && i < body->n; i++)
        for (int tried = 0; tried < t->n_attrs; tried++) {
            size_t here = at;
            at = at + 1 < (size_t)t->n_attrs ? at + 1 : 0;
            const char *name = t->attrs[here].name;
            struct str key = body->items[i]->key;
            if (key.n && key.p[0] == name[0] && str_eq_z(key, name)) {
                ret[here] = body->items[i];
                break;
            }
        }
    return ret;
}

static enum err write_value(struct api *api, struct made *made, const struct noark_attr *a, const struct json *v,
                            struct json_out *o)
{
    enum err e = ERR_OK;
    if (a->kind == NOARK_CODE)
        write_code(api, made, a, v, o);
    else if (a->kind == NOARK_SECRET)
        return write_secret(api, v, o);
    else if (a->kind == NOARK_GROUP) {
        json_begin_object(o);
        e = write_attrs(api, made, &noark_types[a->of], in_order(api, &noark_types[a->of], v), o);
        json_end(o);
    } else if (v->kind == JSON_DOUBLE && v->text.n)
        json_out_raw(o, v->text);
    else
        json_value(o, v);
    return e;
}

static enum err write_attrs(struct api *api, struct made *made, const struct noark_type *t,
                            const struct json *const *values, struct json_out *o)
{
    enum err e = ERR_OK;
    for (int i = 0; !e && i < t->n_attrs; i++) {
        const struct noark_attr *a = &t->attrs[i];
        const struct json *v = values[i];
        if (!v || v->kind == JSON_NOTHING)
            continue;
        json_key_raw(o, a->key);
        if (!(a->flags & NOARK_MANY)) {
            e = write_value(api, made, a, v, o);
            continue;
        }
        json_begin_array(o);
        for (size_t k = 0; !e && k < v->n; k++)
            e = write_value(api, made, a, v->items[k], o);
        json_end(o);
    }
    return e;
}

static void set_value(const struct noark_type *t, const struct json **values, const char *name, const struct json *v)
{
    const struct noark_attr *a = noark_attr_named(t, str_of(name));
    if (a)
        values[a - t->attrs] = v;
}

/* What the house's own has by other names: the series of a registration, the code and legal basis of a screening. */
static void house_words(struct api *api, const struct node *node, const struct json **values)
{
    int64_t series = json_int(node->body, "serie", 0);
    if (series)
        set_value(node->t, values, "referanseArkivdel",
                  j_text(api->cx, record_uuid(api->cx, api->fonds.uuid, RECORD_UUID_SERIES, series)));
    struct str code = json_text(node->body, "skjermingKode"), basis = json_text(node->body, "skjermingHjemmel");
    if (!code.n)
        return;
    struct json *group = j_map(api->cx);
    j_set(api->cx, group, S("tilgangsrestriksjon"), j_text(api->cx, code));
    j_set(api->cx, group, S("skjermingshjemmel"), j_text(api->cx, basis.n ? basis : code));
    set_value(node->t, values, "skjerming", group);
}

/* ---- an entity ---- */

static enum err write_expanded(struct api *api, const struct node *node, struct str names, struct made *made,
                               struct json_out *o);

static enum err write_node(struct api *api, const struct node *node, const struct odata *q, struct made *made,
                           struct json_out *o)
{
    const struct json **values = node->values ? node->values : in_order(api, node->t, node->body);
    if (node->r.house)
        house_words(api, node, values);
    struct str uuid = node_uuid(api, node);
    json_begin_object(o);
    if (!node->t->is_list) {
        json_key(o, "systemID");
        json_str(o, uuid);
    }
    enum err e = write_attrs(api, made, node->t, values, o);
    if (!e && q && q->expand.n)
        e = write_expanded(api, node, q->expand, made, o);
    if (!e)
        e = links_of(api, node, uuid, made, o);
    json_end(o);
    return e;
}

enum err render_node(struct api *api, const struct node *node, const struct odata *q, struct json_out *o)
{
    return write_node(api, node, q, &(struct made){0}, o);
}

static enum err write_nodes(struct api *api, const struct nodes *nodes, const struct odata *q, struct made *made,
                            struct json_out *o)
{
    enum err e = ERR_OK;
    json_begin_array(o);
    for (size_t i = 0; !e && i < nodes->rows.n; i++)
        e = write_node(api, &nodes->rows.p[i], q, made, o);
    json_end(o);
    nodes_note(api, nodes->rows.p, nodes->rows.n, q && (q->filter.n || q->search.n));
    return e;
}

/* $expand=dokumentbeskrivelse,part: what lies in it, the first page of it, through the same filter as a list. */
static enum err write_expanded(struct api *api, const struct node *node, struct str names, struct made *made,
                               struct json_out *o)
{
    struct str one;
    while (str_cut(&names, ',', &one)) {
        const struct noark_child *child = NULL;
        one = str_trim(one);
        for (int i = 0; i < node->t->n_children && !child; i++) {
            const struct noark_child *c = &node->t->children[i];
            if (str_eq_z(one, c->as[0] ? c->as : noark_types[c->type].name))
                child = c;
        }
        if (!child)
            return fail(api->cx, ERR_BAD_REQUEST, "$expand: a %s has no such relation", node->t->name);
        struct scope s = {.type = &noark_types[child->type], .parent_id = node->r.id};
        struct odata q = {.top = NOARK_PAGE};
        struct nodes nodes;
        enum err e = odata_list(api->cx, &s, &q, &nodes);
        if (e)
            return e;
        json_key_str(o, one);
        if ((e = write_nodes(api, &nodes, NULL, made, o)))
            return e;
    }
    return ERR_OK;
}

struct str etag_of(struct cx *cx, int64_t version)
{
    return str_fmt(cx->arena, "\"%lld\"", (long long)version);
}

enum err reply_node(struct api *api, const struct node *node, int status)
{
    struct buf b = buf_make(api->cx->arena);
    struct json_out o = json_out_make(&b);
    struct odata q;
    enum err e = odata_parse(api->cx, api->query, &q);
    if (!e)
        e = render_node(api, node, status == 200 ? &q : NULL, &o);
    if (e)
        return e;
    nodes_note(api, node, 1, false);
    reply_header(api->cx, api->rep, "ETag", etag_of(api->cx, node->r.version));
    if (status == 201)
        reply_header(api->cx, api->rep, "Location", node_href(api, node));
    return reply_doc(api, status, buf_str(&b));
}

/* ---- a list ---- */

void noark_percent(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("-._~", c)))
            buf_add_char(b, (char)c);
        else
            buf_fmt(b, "%%%02X", c);
    }
}

static struct str next_href(struct api *api, struct str self, const struct odata *q)
{
    struct buf b = buf_make(api->cx->arena);
    const struct {
        const char *name;
        struct str value;
    } options[] = {{"filter", q->filter}, {"orderby", q->orderby}, {"search", q->search}, {"expand", q->expand}};
    buf_fmt(&b, "%.*s?", STR_ARG(self));
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (options[i].value.n) {
            buf_fmt(&b, "$%s=", options[i].name);
            noark_percent(&b, options[i].value);
            buf_add_char(&b, '&');
        }
    buf_fmt(&b, "$top=%lld&$skip=%lld%s", (long long)q->top, (long long)(q->skip + q->top),
            q->count ? "&$count=true" : "");
    return buf_str(&b);
}

/* About what one entity takes with its links: the text of a list then grows where it is. */
enum { ENTITY_BYTES = 9 << 10 };

enum err reply_list(struct api *api, const struct scope *scope, struct str self)
{
    struct buf b = buf_make(api->cx->arena);
    struct json_out o = json_out_make(&b);
    struct links l = {0};
    struct odata q;
    struct nodes nodes;
    enum err e = odata_parse(api->cx, api->query, &q);
    if (!e)
        e = odata_list(api->cx, scope, &q, &nodes);
    if (e)
        return e;
    buf_reserve(&b, nodes.rows.n * ENTITY_BYTES);
    json_begin_object(&o);
    json_key(&o, "count");
    json_i64(&o, nodes.count);
    if (nodes.rows.n) {
        json_key(&o, "results");
        if ((e = write_nodes(api, &nodes, &q, &(struct made){0}, &o)))
            return e;
    }
    links_add(api, &l, S("self"), self, false);
    if (nodes.more && q.top > 0)
        links_add(api, &l, S("next"), next_href(api, self, &q), false);
    links_write(&l, &o);
    json_end(&o);
    return reply_doc(api, 200, buf_str(&b));
}

/* ---- the way in ---- */

static enum err reply_links(struct api *api, struct links *l)
{
    struct buf b = buf_make(api->cx->arena);
    struct json_out o = json_out_make(&b);
    json_begin_object(&o);
    links_write(l, &o);
    json_end(&o);
    return reply_doc(api, 200, buf_str(&b));
}

/* admin/system/ is for everybody. */
static bool package_opens(const struct who *w, const char *package)
{
    for (size_t i = 0; i < noark_types_n; i++)
        if (!strcmp(noark_types[i].package, package) && noark_reads(w, &noark_types[i]))
            return true;
    return !strcmp(package, "admin");
}

/* Before the login the ways to log in alone. */
enum err reply_root(struct api *api, bool known)
{
    static const char *const packages[] = {"admin", "arkivstruktur", "loggingogsporing", "metadata", "sakarkiv"};
    struct links l = {0};
    struct arena *a = api->cx->arena;
    links_add(api, &l, S("self"), api->base, false);
    links_add(api, &l, S(NOARK_REL "login/oidc/"),
              str_fmt(a, "%.*s.well-known/openid-configuration", STR_ARG(api->base)), false);
    links_add(api, &l, S(NOARK_REL "login/rfc6749/"), str_fmt(a, "%.*soauth/token", STR_ARG(api->base)), false);
    links_add(api, &l, S(NOARK_REL "login/rfc7617/"), api->base, false);
    for (size_t i = 0; known && i < sizeof packages / sizeof *packages; i++)
        if (package_opens(api->cx->who, packages[i]))
            links_add(api, &l, str_fmt(a, NOARK_REL "%s/", packages[i]),
                      str_fmt(a, "%.*s%s/", STR_ARG(api->base), packages[i]), false);
    return reply_links(api, &l);
}

static bool listed_at_top(const struct noark_type *t)
{
    static const char *const not [] = {"arkivenhet", "personidentifikator", "kode"};
    for (size_t i = 0; i < sizeof not / sizeof *not ; i++)
        if (!strcmp(t->name, not [i]))
            return false;
    return !t->is_group;
}

enum err reply_package(struct api *api)
{
    struct links l = {0};
    struct arena *a = api->cx->arena;
    struct str package = api->path[0];
    bool any = false;
    for (size_t i = 0; i < noark_types_n; i++) {
        const struct noark_type *t = &noark_types[i];
        any |= str_eq_z(package, t->package);
        if (!str_eq_z(package, t->package) || !listed_at_top(t) || !noark_reads(api->cx->who, t))
            continue;
        bool templated = strcmp(t->name, "virksomhetsspesifikkeMetadata") != 0;
        links_add(api, &l, links_rel(api, t->package, "", t->name),
                  str_fmt(a, "%.*s%s/%s/%s", STR_ARG(api->base), t->package, t->name,
                          templated ? "{?$filter,$orderby,$top,$skip,$count,$expand,$search}" : ""),
                  templated);
        if (noark_made_at_top(t) && noark_writes(api->cx->who, t))
            links_add(api, &l, links_rel(api, t->package, "ny-", t->name),
                      str_fmt(a, "%.*s%s/ny-%s/", STR_ARG(api->base), t->package, t->name), false);
    }
    if (!any)
        return fail(api->cx, ERR_NOT_FOUND, "no such package");
    if (str_eq_z(package, "admin"))
        links_add(api, &l, S(NOARK_REL "admin/system/"), str_fmt(a, "%.*sadmin/system/", STR_ARG(api->base)), false);
    links_add(api, &l, S("self"), str_fmt(a, "%.*s%.*s/", STR_ARG(api->base), STR_ARG(package)), false);
    return reply_links(api, &l);
}

/* What a new entity begins with, and where its codes are. No self, no ETag. */
enum err reply_template(struct api *api, const struct noark_type *t)
{
    struct buf b = buf_make(api->cx->arena);
    struct json_out o = json_out_make(&b);
    struct links l = {0};
    struct made made = {0};
    json_begin_object(&o);
    for (int i = 0; i < t->n_attrs; i++) {
        const struct noark_attr *a = &t->attrs[i];
        if (!a->begins[0])
            continue;
        json_key_raw(&o, a->key);
        write_code(api, &made, a, j_text(api->cx, str_of(a->begins)), &o);
    }
    links_codes(api, t, &l);
    links_write(&l, &o);
    json_end(&o);
    return reply_doc(api, 200, buf_str(&b));
}
