/* A service folder in one text: files parted by lines "=== path". Whatever stands in it, the loader and the parts of
   the rooms above come back with a version or with faults that have a remedy. */
#include <assert.h>

#include "decision/decision.h"
#include "form/form.h"
#include "letter/letter.h"
#include "service/service.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct input {
    struct cx cx;
    struct str text;
};

static size_t split(struct str text, struct service_file *files, size_t max)
{
    size_t n = 0;
    struct str line;
    const char *begin = NULL;
    while (str_cut(&text, '\n', &line)) {
        if (str_starts(line, S("=== ")) && n < max) {
            files[n++] = (struct service_file){.path = str_slice(line, 4, line.n)};
            begin = text.p;
        } else if (n && begin) {
            files[n - 1].text = str_make(begin, (size_t)(line.p + line.n - begin));
        }
    }
    return n;
}

static void run(void *p)
{
    struct input *in = p;
    struct service_file files[20];
    struct service_version *v = NULL;
    struct problems ps = problems_make(in->cx.arena);
    size_t n = split(in->text, files, 20);
    enum err e = service_load_files(&in->cx, in->cx.arena, S("services/x"), files, n, &ps, &v);
    assert((e == ERR_OK) == (v != NULL) && (e == ERR_OK) == (ps.list.n == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const struct service_part *const parts[] = {&form_part, &letter_part, &decision_part};
    struct input in = {.cx = {.arena = arena_new(256 << 20)}, .text = str_make((const char *)data, n)};
    service_parts_register(parts, 3);
    arena_try(in.cx.arena, run, &in);
    arena_free(in.cx.arena);
    return 0;
}
