/* Foreign files that are read in our own process; PDF is another's (its first bytes would start a child each time). */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "codec/eml.h"
#include "fulltext/fulltext.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct input {
    struct cx cx;
    int fd;
};

static void run(void *p)
{
    struct input *in = p;
    struct str text = {0};
    enum err e = fulltext_text(&in->cx, in->fd, &text);
    if (!e && (text.n > FULLTEXT_TEXT_MAX || !text_valid(text)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct input in = {.cx = {.arena = arena_new(160 << 20)}, .fd = memfd_create("fuzz", MFD_CLOEXEC)};
    eml_init(); /* counts; the first one does it */
    if (in.fd >= 0 && write(in.fd, data, n) == (ssize_t)n && (n < 5 || memcmp(data, "%PDF-", 5)))
        arena_try(in.cx.arena, run, &in);
    if (in.fd >= 0)
        close(in.fd);
    arena_free(in.cx.arena);
    return 0;
}
