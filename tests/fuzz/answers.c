/* Short things that others say: the first byte chooses what the rest is taken for, a Content-Range, an answer of clamd,
   or one of eInnsyn. */
#include <assert.h>
#include <stdint.h>

#include "files/disk.h"
#include "journal/journal_einnsyn.h"
#include "noark/noark_internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* What passes stands within the whole, and is what was said: written anew it is read alike. */
static void range(struct cx *cx, struct str s)
{
    int64_t from, to, total, again[3];
    if (!noark_range(s, &from, &to, &total))
        return;
    assert(0 <= from && from <= to && to < total);
    struct str said = str_fmt(cx->arena, "bytes %lld-%lld/%lld", (long long)from, (long long)to, (long long)total);
    assert(noark_range(said, &again[0], &again[1], &again[2]));
    assert(again[0] == from && again[1] == to && again[2] == total);
}

/* Nothing but the one word lets a file in. */
static void verdict(struct str s)
{
    enum files_scanned v = files_scan_verdict(s);
    assert((v == FILES_CLEAN) == str_ends(s, S(": OK")));
    assert(v != FILES_VIRUS || str_ends(s, S("FOUND")));
}

/* What goes into the log and to the administrator: a few words of letters, no values. */
static void complaint(struct cx *cx, struct str s)
{
    struct str said = einnsyn_complaint(cx, s);
    assert(said.n <= 6 * 63);
    for (size_t i = 0; i < said.n; i++) {
        char c = said.p[i];
        assert((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == ' ' || c == ':' ||
               c == ',');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (!n)
        return 0;
    struct cx cx = {.arena = arena_new(16 << 20)};
    struct str rest = str_make((const char *)data + 1, n - 1);
    switch (data[0] % 3) {
    case 0:
        range(&cx, rest);
        break;
    case 1:
        verdict(rest);
        break;
    default:
        complaint(&cx, rest);
        break;
    }
    arena_free(cx.arena);
    return 0;
}
