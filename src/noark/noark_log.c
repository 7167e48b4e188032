/* The log of changes (endringslogg): one line for each metadata element that got another value, with both values. Noark
   5 6.4.28 and its annex 3 say which at least; here all of a type that is logged (noark.tbl), so that nothing depends
   on who remembers the list. */
#include <string.h>

#include "noark/noark_write.h"

static struct str value_of(struct cx *cx, const struct json *v)
{
    if (!v)
        return S("");
    struct str code = v->kind == JSON_MAP ? json_text(v, "kode") : S(""), words = json_text(v, "kodenavn");
    return v->kind == JSON_TEXT ? v->text : words.n ? words : code.n ? code : j_write(cx, v);
}

enum err log_put(struct api *api, const struct node *of, const char *name, struct str old, struct str new)
{
    struct cx *cx = api->cx;
    struct json *body = j_map(cx);
    j_set(cx, body, S("referanseArkivenhet"), j_text(cx, node_uuid(api, of)));
    j_set(cx, body, S("referanseMetadata"), j_text(cx, str_of(name)));
    j_set(cx, body, S("endretDato"), j_text(cx, noark_now(cx)));
    j_set(cx, body, S("endretAv"), j_text(cx, api->who.name));
    j_set(cx, body, S("referanseEndretAv"), j_text(cx, noark_user_ref(api)));
    if (old.n)
        j_set(cx, body, S("tidligereVerdi"), j_text(cx, old));
    if (new.n)
        j_set(cx, body, S("nyVerdi"), j_text(cx, new));
    return q_noark_item_insert(cx, &(struct q_noark_item_insert_in){.id = rand_id(),
                                                                    .type = noark_type_of("endringslogg")->number,
                                                                    .parent_id = opt_int(of->r.id),
                                                                    .parent_type = opt_int(of->t->number),
                                                                    .fonds_id = of->r.fonds_id,
                                                                    .unit_id = of->r.unit_id,
                                                                    .casefile_id = of->r.casefile_id,
                                                                    .body = j_write(cx, body),
                                                                    .now_us = cx->now_us});
}

/* The metadata catalogue has names of its own for these. */
static const char *metadata_name(const struct noark_type *t, const char *name)
{
    bool is_name = !strcmp(name, "navn");
    if (is_name && noark_is(t, "part"))
        return "partNavn";
    if (is_name && noark_is(t, "korrespondansepart"))
        return "korrespondansepartNavn";
    return name;
}

/* A group is logged by its members. An identity number is not repeated in the log. */
static enum err log_attr(struct api *api, const struct node *of, const struct noark_type *t, const struct noark_attr *a,
                         const struct json *old, const struct json *new)
{
    enum err e = ERR_OK;
    if (j_same(api->cx, old, new) || a->kind == NOARK_SECRET)
        return ERR_OK;
    if (a->kind != NOARK_GROUP)
        return log_put(api, of, metadata_name(t, a->name), value_of(api->cx, old), value_of(api->cx, new));
    const struct noark_type *group = &noark_types[a->of];
    for (int i = 0; !e && !(a->flags & NOARK_MANY) && i < group->n_attrs; i++)
        e = log_attr(api, of, group, &group->attrs[i], j_get(old, group->attrs[i].name),
                     j_get(new, group->attrs[i].name));
    return e;
}

/* What is no archive unit itself has its log with what it belongs to. */
static enum err holder_of(struct api *api, const struct node *node, struct node *ret, bool *ret_found)
{
    *ret = *node;
    *ret_found = true;
    return noark_is(node->t, "arkivenhet") ? ERR_OK : node_parent(api, node, ret, ret_found);
}

enum err log_changes(struct api *api, const struct node *node, const struct noark_type *t, const struct json *new,
                     bool *ret_any)
{
    struct node of;
    bool held = false;
    enum err e = t->is_logged ? holder_of(api, node, &of, &held) : ERR_OK;
    *ret_any = false;
    for (int i = 0; !e && i < t->n_attrs; i++) {
        const struct noark_attr *a = &t->attrs[i];
        const struct json *was = j_get(node->body, a->name), *is = j_get(new, a->name);
        *ret_any |= !j_same(api->cx, was, is);
        if (held)
            e = log_attr(api, &of, t, a, was, is);
    }
    return e;
}
