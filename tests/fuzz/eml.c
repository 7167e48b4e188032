/* An e-mail: whatever comes, it is clean text within the limits, or no message. */
#include <stdlib.h>

#include "codec/eml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct input {
    struct cx cx;
    struct str bytes;
};

static void must(struct str s, size_t max, bool lines)
{
    if (s.n > max || !text_clean(s))
        abort();
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '\r' || (!lines && s.p[i] == '\n'))
            abort();
}

static void run(void *p)
{
    struct input *in = p;
    struct eml m;
    enum err e = eml_parse(&in->cx, in->bytes, &m);
    if (e) {
        if (e != ERR_SYNTAX && e != ERR_TOO_LARGE)
            abort();
        return;
    }
    size_t bytes = 0;
    must(m.from_name, 400, false);
    must(m.from_address, 400, false);
    must(m.subject, 800, false);
    must(m.text, EML_MAX_TEXT_BYTES, true);
    if (!m.from_address.n || m.attachments.n > EML_MAX_ATTACHMENTS)
        abort();
    for (size_t i = 0; i < m.attachments.n; i++) {
        must(m.attachments.p[i].name, 400, false);
        bytes += m.attachments.p[i].bytes.n;
    }
    if (bytes > EML_MAX_BYTES)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct input in = {.cx = {.arena = arena_new(256 << 20)}, .bytes = str_make((const char *)data, n)};
    eml_init(); /* counts; the first one does it */
    arena_try(in.cx.arena, run, &in);
    arena_free(in.cx.arena);
    return 0;
}
