/* XML as a stream: whatever comes, what begins ends, in its depth, until a fault of form, and then nothing. */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "codec/xml_stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct input {
    struct cx cx;
    int fd, depth, faults;
};

static void on_begin(void *ctx, const struct xml_at *at)
{
    struct input *in = ctx;
    if (in->faults || at->line < 0 || !at->name.n || at->depth != in->depth++)
        abort();
    xml_at_attr(at, "name");
}

static void on_end(void *ctx, const struct xml_at *at, bool leaf, struct str text)
{
    struct input *in = ctx;
    if (at->depth != --in->depth || (!leaf && text.n) || text.n > XML_STREAM_TEXT)
        abort();
}

static void on_fault(void *ctx, enum xml_stream_fault kind, int line, struct str detail)
{
    struct input *in = ctx;
    if (kind != XML_STREAM_FORM || line < 0 || in->faults++)
        abort();
    (void)detail;
}

static void run(void *p)
{
    struct input *in = p;
    struct xml_events events = {.ctx = in, .begin = on_begin, .end = on_end, .fault = on_fault};
    if (xml_stream(&in->cx, in->fd, NULL, &events) || (!in->faults && in->depth))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct input in = {.cx = {.arena = arena_new(64 << 20)}, .fd = memfd_create("xml", MFD_CLOEXEC)};
    if (in.fd >= 0 && write(in.fd, data, n) == (ssize_t)n && lseek(in.fd, 0, SEEK_SET) == 0)
        arena_try(in.cx.arena, run, &in);
    close(in.fd);
    arena_free(in.cx.arena);
    return 0;
}
