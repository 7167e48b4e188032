/* What a client of the Noark API asks for: the query of a list, and its filter for types of all sorts, as SQL for both
   engines. No quote of the client's may stand in that SQL: values are bound. */
#include <stdint.h>
#include <stdlib.h>

#include "auth/auth.h"
#include "noark/noark_internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const char *const types[] = {"mappe",    "registrering", "dokumentobjekt",
                                    "arkivdel", "part",         "nasjonalidentifikator"};

/* Quotes come in pairs around names of the model, so whatever stands between them is of its letters. */
static void check_sql(struct str sql)
{
    bool inside = false;
    for (size_t i = 0; i < sql.n; i++) {
        char c = sql.p[i];
        inside ^= c == '\'';
        if (c == ';' || (inside && c == '\\') || (unsigned char)c < 0x20)
            abort();
    }
    if (inside)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (!n || n > 4096)
        return 0;
    struct cx cx = {.arena = arena_new(64 << 20), .who = auth_nobody()};
    struct str rest = str_make((const char *)data + 1, n - 1), sql;
    struct odata q;
    (void)noark_is_time(rest);
    if (odata_parse(&cx, rest, &q) == ERR_OK && q.top < 0)
        abort();
    if (text_clean(rest))
        for (int pg = 0; pg < 2; pg++)
            if (odata_check(&cx, noark_type_of(types[data[0] % 6]), rest, pg, &sql) == ERR_OK)
                check_sql(sql);
    arena_free(cx.arena);
    return 0;
}
