/* At start, and what other rooms ask of this one. */
#include "fulltext/fulltext.h"
#include "noark/noark_internal.h"

static enum err seed(struct cx *cx, void *ctx)
{
    enum err e = ERR_OK;
    (void)ctx;
    for (size_t i = 0; !e && i < noark_types_n; i++) {
        const struct noark_type *t = &noark_types[i];
        for (int k = 0; !e && t->is_list && k < t->n_codes; k++) {
            struct json *body = j_map(cx);
            struct str code = str_of(t->codes[k].code);
            j_set(cx, body, S("kode"), j_text(cx, code));
            j_set(cx, body, S("kodenavn"), j_text(cx, str_of(t->codes[k].name)));
            e = q_noark_item_seed(cx, rand_id(), t->number, code, j_write(cx, body), cx->now_us);
        }
    }
    return e;
}

/* Once: codes that were taken away stay so. */
enum err noark_prepare(struct cx *cx)
{
    struct q_noark_item_seeded row;
    enum err e = q_noark_item_seeded(cx, &row);
    return e || row.n ? e : db_write(cx, seed, NULL);
}

enum err noark_erase(struct cx *cx, int64_t casefile_id)
{
    struct q_noark_items_of_casefile *rows;
    size_t n;
    enum err e = q_noark_items_of_casefile(cx, casefile_id, &rows, &n);
    for (size_t i = 0; !e && i < n; i++) {
        e = fulltext_drop(cx, S("noark_item"), rows[i].id);
        if (!e)
            e = q_noark_reference_drop(cx, rows[i].id);
        if (!e)
            e = q_noark_search_drop(cx, rows[i].id);
    }
    return e ? e : q_noark_erase_items(cx, casefile_id);
}

/* Every sealed value of a body anew; there may be some inside each other's lists. */
static enum err reseal(struct cx *cx, struct json *v, bool *ret_changed)
{
    struct json *sealed = v->kind == JSON_MAP ? j_get(v, "~") : NULL;
    if (sealed) {
        struct str blob;
        bool changed;
        unsigned char *old = arena_alloc(cx->arena, sealed->text.n / 2 + 1);
        if (!str_unhex(sealed->text, old))
            return fail(cx, ERR_INTERNAL, "a sealed value is damaged");
        enum err e = keys_reseal_text(cx, str_make((const char *)old, sealed->text.n / 2), &blob, &changed);
        if (!e && changed) {
            j_set(cx, v, S("~"), j_text(cx, str_hex(cx->arena, blob.p, blob.n)));
            *ret_changed = true;
        }
        return e;
    }
    enum err e = ERR_OK;
    for (size_t i = 0; !e && (v->kind == JSON_MAP || v->kind == JSON_LIST) && i < v->n; i++)
        e = reseal(cx, v->items[i], ret_changed);
    return e;
}

enum err noark_keys_reseal(struct cx *cx, struct keys_batch *batch)
{
    struct q_noark_item_reseal_after *rows;
    size_t n;
    enum err e = q_noark_item_reseal_after(cx, batch->after, batch->limit, &rows, &n);
    batch->last = batch->after;
    batch->more = !e && (int64_t)n == batch->limit;
    for (size_t i = 0; !e && i < n; i++) {
        struct json *body;
        bool changed = false;
        batch->last = rows[i].id;
        e = json_parse(cx, rows[i].body, &body);
        if (!e)
            e = reseal(cx, body, &changed);
        if (!e && changed)
            e = q_noark_item_reseal(cx, rows[i].id, j_write(cx, body));
    }
    return e;
}
