/* Who has seen her data: every look that is hers to read, however many there are. A page at a time, which goes to the
   file before the next is read. */
#include "takeout_compose.h"

#include "tpl_takeout_held_looks.h"

enum { PAGE = 500 };

static void write_look(struct json_out *out, const struct access_look *l)
{
    json_begin_object(out);
    json_pair_us(out, "at", l->at_us);
    json_pair(out, "unit", l->unit);
    json_pair(out, "role", l->role);
    if (l->name.n)
        json_pair(out, "name", l->name);
    json_pair(out, "what", l->what);
    json_pair(out, "case", l->casefile_no);
    json_pair(out, "purpose", l->purpose);
    json_pair(out, "legalBasis", l->legal_basis);
    json_key(out, "refused");
    json_bool(out, l->refused);
    json_end(out);
}

/* *before: 0, the first; moves on, to 0 after the last. */
static enum err write_page(struct cx *cx, struct composing *c, int64_t *before)
{
    struct takeout_held_looks v = {.first = !*before};
    struct buf b = buf_make(cx->arena);
    struct tpl o = tpl_begin(cx);
    enum err e = access_own(cx, *before, PAGE, &v.looks);
    if (e)
        return e;
    v.last = !v.looks.older;
    v.some = v.looks.rows.n || !v.first; /* a page that follows may be empty: erased or withheld meanwhile */
    c->json.b = &b;
    if (v.first) {
        json_key(&c->json, "seenBy");
        json_begin_array(&c->json);
    }
    for (size_t i = 0; i < v.looks.rows.n; i++)
        write_look(&c->json, &v.looks.rows.p[i]);
    if (v.last)
        json_end(&c->json);
    tpl_takeout_held_looks(&o, &v);
    *before = v.looks.older;
    return takeout_put_part(cx, c, &b, tpl_end(&o));
}

enum err takeout_looks_write(struct cx *cx, struct composing *c)
{
    int64_t before = 0;
    enum err e;
    do {
        struct arena_mark mark = arena_mark(cx->arena);
        e = write_page(cx, c, &before);
        if (!e)
            arena_reset(cx->arena, mark);
    } while (!e && before);
    return e;
}
