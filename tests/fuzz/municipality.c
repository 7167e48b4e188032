/* The municipality's two files in one text, parted by a line "=== people". Either a municipality or faults, never both.
 */
#include <assert.h>

#include "municipality/municipality.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct input {
    struct cx cx;
    struct str text;
};

static void run(void *p)
{
    struct input *in = p;
    const struct municipality *m = NULL;
    struct problems ps = problems_make(in->cx.arena);
    size_t at = str_find(in->text, S("\n=== people\n"), 0);
    struct str people = str_slice(in->text, at + 12, in->text.n);
    enum err e = municipality_parse(&in->cx, in->cx.arena, str_slice(in->text, 0, at), people, &ps, &m);
    assert((e == ERR_OK) == (m != NULL) && (e == ERR_OK) == (ps.list.n == 0));
    if (!m)
        return;
    for (size_t i = 0; i < m->units.n; i++)
        assert(municipality_unit_phone(m, &m->units.p[i]).n > 0);
    assert(municipality_contrast(m->colours.primary, S("#ffffff")) >= 450);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct input in = {.cx = {.arena = arena_new(64 << 20)}, .text = str_make((const char *)data, n)};
    arena_try(in.cx.arena, run, &in);
    arena_free(in.cx.arena);
    return 0;
}
