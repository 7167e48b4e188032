/* For `indgang verify`: what must hold over all case files. */
#include "casefile_internal.h"

static void count(struct cx *cx, struct record_faults *faults, int64_t n, const char *what)
{
    if (n)
        vec_add(cx->arena, &faults->rows, str_fmt(cx->arena, "%lld %s", (long long)n, what));
}

static enum err verify_figures(struct cx *cx, struct record_faults *faults)
{
    struct q_casefile_verify_figures *rows;
    size_t n;
    enum err e = q_casefile_verify_figures(cx, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        count(cx, faults, rows[i].n,
              str_fmt(cx->arena, "figures \"%.*s\" that differ from a recount", STR_ARG(rows[i].name)).p);
    return e;
}

static enum err verify(struct cx *cx, void *ctx)
{
    struct record_faults *faults = ctx;
    struct q_casefile_verify_counts c;
    struct q_casefile_verify_reach r;
    enum err e = q_casefile_verify_counts(cx, &c);
    if (!e)
        e = q_casefile_verify_reach(cx, cx->now_us, &r);
    if (e)
        return e;
    count(cx, faults, c.unnumbered, "case files without a number");
    count(cx, faults, c.misnumbered, "case files with another number than their record");
    count(cx, faults, c.open, "case files whose record is open when they are closed, or the reverse");
    count(cx, faults, c.eventless, "case files without a first event");
    count(cx, faults, c.gaps, "case files with gaps in their timeline");
    count(cx, faults, r.party, "case files that their own party cannot reach");
    count(cx, faults, r.unit, "tasks whose unit cannot reach the case file");
    count(cx, faults, r.mandate, "case files that the holder of a mandate cannot reach");
    count(cx, faults, r.stray, "rows of reach that nothing explains");
    count(cx, faults, c.unanswered, "closed case files with neither an answer nor a withdrawal");
    count(cx, faults, c.misdated, "case files whose answer or withdrawal is of another time than their timeline says");
    count(cx, faults, c.lacking, "case files that were decided without a signature they need");
    return verify_figures(cx, faults);
}

enum err casefile_verify(struct cx *cx, struct record_faults *ret)
{
    *ret = (struct record_faults){0};
    return db_read(cx, verify, ret);
}
