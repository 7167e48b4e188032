/* For `indgang verify`: what must hold over all letters. */
#include "letter_internal.h"

static void count(struct cx *cx, struct record_faults *faults, int64_t n, const char *what)
{
    if (n)
        vec_add(cx->arena, &faults->rows, str_fmt(cx->arena, "%lld %s", (long long)n, what));
}

enum err letter_verify(struct cx *cx, struct record_faults *ret)
{
    struct q_letter_verify_counts c;
    enum err e = q_letter_verify_counts(cx, &c);
    if (e)
        return e;
    *ret = (struct record_faults){0};
    count(cx, ret, c.lost, "letters sent that no job will deliver");
    count(cx, ret, c.unrecorded, "letters that have left without standing finished in the record with their PDF");
    count(cx, ret, c.unheld, "letters on their way whose case file could close");
    count(cx, ret, c.unmade, "applications whose PDF no job will make");
    return ERR_OK;
}
