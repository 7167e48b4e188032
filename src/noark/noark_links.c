/* What an entity leads to: "_links", an object by relation, in the order of the relations (chapter 6 of the
   specification). Which links an entity has depends on little of it, and they are most of what is sent: for all that
   are alike they are made once and kept, without the archive's address and with places for the systemIDs. A request
   puts its address in, once for all that are alike; each entity then gets a copy, with its own systemIDs put over. */
#include <stdlib.h>
#include <string.h>

#include "auth/auth.h"
#include "noark/noark_internal.h"

/* ---- links ---- */

static void put(struct api *api, struct links *l, struct link link)
{
    for (size_t i = 0; i < l->rows.n; i++)
        if (str_eq(l->rows.p[i].rel, link.rel))
            return;
    vec_add(api->cx->arena, &l->rows, link);
}

void links_add(struct api *api, struct links *l, struct str rel, struct str href, bool templated)
{
    put(api, l, (struct link){.rel = rel, .href = href, .templated = templated});
}

struct str links_rel(struct api *api, const char *package, const char *prefix, const char *name)
{
    return str_cat(api->cx->arena, S(NOARK_REL), str_of(package), S("/"), str_of(prefix), str_of(name), S("/"));
}

static int by_rel(const void *a, const void *b)
{
    return str_cmp(((const struct link *)a)->rel, ((const struct link *)b)->rel);
}

enum { UUID_BYTES = 36 };

/* While links of an entity are written: where it and what it lies in are, in addresses that end in a systemID and "/".
 */
struct places {
    struct str own, above;
    VEC_OF(struct link_place) rows;
};

/* What the address of a link begins with. */
static struct str before(const struct link *link, const struct places *places)
{
    return link->from == LINK_FROM_SELF ? places->own : link->from == LINK_FROM_PARENT ? places->above : S("");
}

static void write_href(const struct link *link, struct json_out *o, struct places *places)
{
    struct str from = before(link, places);
    struct link_place place = {.at = o->b->n + strlen("\""), .from = link->from};
    if (from.n)
        place.id_at = place.at + from.n - strlen("/") - UUID_BYTES;
    json_str(o, str_cat(o->b->arena, from, link->href));
    vec_add(o->b->arena, &places->rows, place);
}

/* places NULL: all addresses are whole. */
static void write_links(struct links *l, struct json_out *o, struct places *places)
{
    if (l->rows.n)
        qsort(l->rows.p, l->rows.n, sizeof *l->rows.p, by_rel);
    json_begin_object(o);
    for (size_t i = 0; i < l->rows.n; i++) {
        const struct link *link = &l->rows.p[i];
        json_key_str(o, link->rel);
        json_begin_object(o);
        json_key(o, "href");
        if (places)
            write_href(link, o, places);
        else
            json_str(o, link->href);
        if (link->templated) {
            json_key(o, "templated");
            json_bool(o, true);
        }
        json_end(o);
    }
    json_end(o);
}

void links_write(struct links *l, struct json_out *o)
{
    json_key(o, "_links");
    write_links(l, o, NULL);
}

/* ---- of an entity ---- */

void links_codes(struct api *api, const struct noark_type *t, struct links *l)
{
    for (int i = 0; i < t->n_attrs; i++) {
        const struct noark_attr *a = &t->attrs[i];
        const char *name = a->kind == NOARK_CODE  ? noark_types[a->of].name
                           : a->kind == NOARK_OWN ? "virksomhetsspesifikkeMetadata"
                                                  : NULL;
        if (a->kind == NOARK_GROUP)
            links_codes(api, &noark_types[a->of], l);
        else if (name)
            links_add(api, l, links_rel(api, "metadata", "", name),
                      str_cat(api->cx->arena, api->base, S("metadata/"), str_of(name), S("/")), false);
    }
}

/* Below its own address: <prefix><name>/. */
static void add_below(struct api *api, struct links *l, const char *package, const char *prefix, const char *name)
{
    put(api, l,
        (struct link){.rel = links_rel(api, package, prefix, name),
                      .from = LINK_FROM_SELF,
                      .href = str_cat(api->cx->arena, str_of(prefix), str_of(name), S("/"))});
}

static void child_links(struct api *api, const struct node *node, struct links *l)
{
    for (int i = 0; i < node->t->n_children; i++) {
        const struct noark_child *c = &node->t->children[i];
        const struct noark_type *t = &noark_types[c->type];
        if (!noark_reads(api->cx->who, t))
            continue;
        if (!c->only)
            add_below(api, l, t->package, "", c->as[0] ? c->as : t->name);
        if (c->make && noark_writes(api->cx->who, t) &&
            (node->r.house ? house_may_create(node, t) : may_create(node, t)))
            add_below(api, l, t->package, "ny-", t->name);
    }
    for (size_t i = 0; i < noark_links_n; i++)
        for (int end = 0; end < 2; end++) {
            const struct noark_link *k = &noark_links[i];
            const struct noark_type *other = &noark_types[k->ends[!end]];
            if (!noark_is_a(node->t, &noark_types[k->ends[end]]) || !k->rel[end][0])
                continue;
            add_below(api, l, k->kind == 3 ? "sakarkiv" : other->package, "", k->rel[end]);
            if (k->make && !node->r.house && !node->r.finished_us.set && noark_writes(api->cx->who, other))
                add_below(api, l, other->package, "ny-", k->kind == 2 ? k->rel[end] : other->name);
        }
}

static const char *extended_to(const struct noark_type *t)
{
    return !strcmp(t->name, "mappe") ? "saksmappe" : !strcmp(t->name, "registrering") ? "journalpost" : NULL;
}

static void other_links(struct api *api, const struct node *node, struct links *l)
{
    const char *to = extended_to(node->t);
    bool open = !node->r.house && !node->r.finished_us.set && noark_writes(api->cx->who, node->t);
    if (to && open)
        add_below(api, l, "sakarkiv", "utvid-til-", to);
    if (!strcmp(node->t->name, "dokumentobjekt") || !strcmp(node->t->name, "dokumentbeskrivelse"))
        add_below(api, l, "arkivstruktur", "", "fil");
    for (int i = 0; open && i < node->t->n_elements; i++) {
        const struct noark_element *e = &node->t->elements[i];
        const char *dot = strrchr(e->attr, '.');
        if (!dot || j_get(node->body, "skjerming"))
            put(api, l,
                (struct link){.rel = str_of(e->rel),
                              .from = LINK_FROM_SELF,
                              .href = str_cat(api->cx->arena, S("ny-"), str_of(dot ? dot + 1 : e->attr), S("/"))});
    }
}

/* What it lies in, if it may be seen: of that only what its address is made of. */
static enum err find_parent(struct api *api, const struct node *node, struct node *ret, bool *ret_found)
{
    *ret = (struct node){.t = node->r.parent_type.set ? noark_type_numbered(node->r.parent_type.v) : NULL};
    ret->r.id = node->r.parent_id.v;
    ret->r.house = node->r.house;
    *ret_found = ret->t && node->r.parent_id.set && !node->t->is_list;
    /* the log of what was deleted stays, and a remark may lie in what is the house's: then one has to look */
    bool sure = node->r.house || (!node->r.casefile_id.set && !noark_is(node->t, "endringslogg"));
    return *ret_found && !sure ? node_parent(api, node, ret, ret_found) : ERR_OK;
}

static void parent_link(struct api *api, const struct noark_type *mine, const struct noark_type *its, struct links *l)
{
    static const char *const recursive[] = {"arkiv", "klasse", "mappe"};
    const char *name = its->name, *package = its->package, *prefix = "";
    for (size_t i = 0; i < sizeof recursive / sizeof *recursive; i++)
        if (noark_is(mine, recursive[i]) && noark_is(its, recursive[i])) {
            package = "arkivstruktur";
            prefix = "over";
            name = recursive[i];
        }
    put(api, l, (struct link){.rel = links_rel(api, package, prefix, name), .from = LINK_FROM_PARENT, .href = S("")});
}

/* ---- those that are alike ---- */

/* All that the links of an entity depend on, but for who asks. */
struct likeness {
    const struct noark_type *t, *parent;
    bool house, finished, of_casefile, screened;
};

/* Of a request, with the address of the archive: where a systemID stands that is not the same for all. */
struct gap {
    size_t at;
    enum link_from from;
};
struct link_texts {
    struct link_texts *next;
    struct likeness of;
    struct str text;
    VEC_OF(struct gap) gaps;
};

static bool alike(const struct likeness *a, const struct likeness *b)
{
    return a->t == b->t && a->parent == b->parent && a->house == b->house && a->finished == b->finished &&
           a->of_casefile == b->of_casefile && a->screened == b->screened;
}

static struct kept_key key_of(const struct api *api, const struct likeness *of)
{
    return (struct kept_key){.what = KEPT_LINKS,
                             .type = (int)(of->t - noark_types),
                             .parent = of->parent ? (int)(of->parent - noark_types) + 1 : 0,
                             .flags = of->house | of->finished << 1 | of->of_casefile << 2 | of->screened << 3,
                             .rights = noark_rights(api->cx->who)};
}

/* The links of an entity, all addresses from the archive's on. */
static struct kept make_links(const struct api *asked, const struct node *node, const struct node *parent)
{
    struct api api = *asked;
    api.base = S("");
    struct links l = {0};
    struct buf b = buf_make(api.cx->arena);
    struct json_out o = json_out_make(&b);
    struct places places = {.own = node_href(&api, node), .above = parent ? node_href(&api, parent) : S("")};
    put(&api, &l, (struct link){.rel = S("self"), .from = LINK_FROM_SELF, .href = S("")});
    put(&api, &l,
        (struct link){
            .rel = links_rel(&api, node->t->package, "", node->t->name), .from = LINK_FROM_SELF, .href = S("")});
    child_links(&api, node, &l);
    other_links(&api, node, &l);
    links_codes(&api, node->t, &l);
    if (parent)
        parent_link(&api, node->t, parent->t, &l);
    write_links(&l, &o, &places);
    return (struct kept){.text = buf_str(&b), .places = places.rows.p, .n_places = places.rows.n};
}

/* A text as it stands between quotes in JSON. */
static struct str escaped(struct arena *a, struct str s)
{
    struct buf b = buf_make(a);
    struct json_out o = json_out_make(&b);
    json_str(&o, s);
    return str_slice(buf_str(&b), strlen("\""), b.n - strlen("\""));
}

static struct link_texts *with_address(struct api *api, const struct kept *kept, const struct likeness *of)
{
    struct arena *a = api->cx->arena;
    struct link_texts *ret = arena_new_of(a, struct link_texts);
    struct str base = escaped(a, api->base);
    struct buf b = buf_make(a);
    size_t done = 0;
    buf_reserve(&b, kept->text.n + kept->n_places * base.n);
    ret->of = *of;
    for (size_t i = 0; i < kept->n_places; i++) {
        const struct link_place *place = &kept->places[i];
        buf_cat(&b, str_slice(kept->text, done, place->at), base);
        done = place->at;
        if (place->from != LINK_FROM_NOTHING)
            vec_add(a, &ret->gaps, ((struct gap){place->id_at + (i + 1) * base.n, place->from}));
    }
    buf_add(&b, str_slice(kept->text, done, kept->text.n));
    ret->text = buf_str(&b);
    return ret;
}

static struct link_texts *make_text(struct api *api, const struct node *node, const struct node *parent,
                                    const struct likeness *of)
{
    struct kept_key key = key_of(api, of);
    const struct kept *kept = kept_get(&key);
    if (kept)
        return with_address(api, kept, of);
    struct kept made = make_links(api, node, parent);
    kept_put(&key, &made);
    return with_address(api, &made, of);
}

/* A copy of the text with other systemIDs. */
static void write_alike(const struct link_texts *like, struct str own, struct str above, struct buf *b)
{
    char *to = buf_reserve(b, like->text.n);
    memcpy(to, like->text.p, like->text.n);
    b->n += like->text.n;
    for (size_t i = 0; i < like->gaps.n; i++) {
        const struct gap *gap = &like->gaps.p[i];
        memcpy(to + gap->at, gap->from == LINK_FROM_SELF ? own.p : above.p, UUID_BYTES);
    }
}

enum err links_of(struct api *api, const struct node *node, struct str uuid, struct made *made, struct json_out *o)
{
    struct node parent;
    bool found;
    enum err e = find_parent(api, node, &parent, &found);
    if (e)
        return e;
    struct likeness of = {.t = node->t,
                          .parent = found ? parent.t : NULL,
                          .house = node->r.house,
                          .finished = node->r.finished_us.set,
                          .of_casefile = node->r.casefile_id.set,
                          .screened = !node->r.house && j_get(node->body, "skjerming")};
    struct str above = found ? node_uuid(api, &parent) : S("");
    if (uuid.n != UUID_BYTES || (found && above.n != UUID_BYTES))
        return fail(api->cx, ERR_INTERNAL, "a systemID is not one: %.*s %.*s", STR_ARG(uuid), STR_ARG(above));
    struct link_texts *like = made->links;
    while (like && !alike(&like->of, &of))
        like = like->next;
    if (!like) {
        like = make_text(api, node, found ? &parent : NULL, &of);
        like->next = made->links;
        made->links = like;
    }
    json_key(o, "_links");
    json_out_raw(o, S(""));
    write_alike(like, uuid, above, o->b);
    return ERR_OK;
}
