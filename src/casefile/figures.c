/* A leader's figures, read from the table the triggers of migrations/0002 keep. Nothing here counts case files. */
#include <stdlib.h>

#include "tally.h"

enum figure_kind { /* casefile_figure_kind */
                   FIGURE_RECEIVED = 1,
                   FIGURE_ANSWERED,
                   FIGURE_KEPT,
                   FIGURE_LATE,
                   FIGURE_WITHDRAWN,
                   FIGURE_WAITING,
                   FIGURE_UNASSIGNED,
                   FIGURE_STANDING,
                   FIGURE_DUE,
                   FIGURE_APPEALED,
                   FIGURE_UNCLOSED
};

/* How many were answered within so many days. */
struct histogram {
    int64_t n[TALLY_BUCKETS];
};

/* Within how many days so many in 100 of them were answered (nearest rank). */
static struct opt_int within(const struct histogram *h, int64_t total, int percent)
{
    int64_t so_far = 0;
    if (total < CASEFILE_FIGURES_MIN)
        return (struct opt_int){0};
    for (int i = 0; i < TALLY_BUCKETS; i++) {
        so_far += h->n[i];
        if (so_far * 100 >= total * percent)
            return opt_int(tally_bucket_days(i));
    }
    return (struct opt_int){0};
}

static void finish(struct casefile_sum *s, const struct histogram *h)
{
    int64_t promised = s->kept + s->late;
    s->median_days = within(h, s->answered, 50);
    s->p90_days = within(h, s->answered, 90);
    if (promised >= CASEFILE_FIGURES_MIN)
        s->kept_percent = opt_int((s->kept * 100 + promised / 2) / promised);
}

/* ---- which units ---- */

/* Is the unit one of the leader's own, or below one? The tree is the municipality's; the ids are the store's. */
static bool led(struct cx *cx, const struct auth_unit *units, size_t n, struct str key)
{
    for (int depth = 0; key.n && depth < 20; depth++) {
        for (size_t i = 0; i < n; i++)
            if (str_eq(units[i].key, key) && auth_in_unit(cx->who, units[i].id))
                return true;
        const struct municipality_unit *u = cx->muni ? municipality_unit(cx->muni, key) : NULL;
        key = u ? u->parent : S("");
    }
    return false;
}

enum err casefile_leader_units(struct cx *cx, struct casefile_units *ret)
{
    struct auth_unit *units;
    size_t n;
    if (cx->who->kind != WHO_EMPLOYEE || !auth_has(cx->who, ROLE_LEADER))
        return fail(cx, ERR_FORBIDDEN, "not a leader");
    *ret = (struct casefile_units){0};
    enum err e = auth_units(cx, &units, &n);
    for (size_t i = 0; !e && i < n; i++)
        if (led(cx, units, n, units[i].key))
            vec_add(cx->arena, &ret->rows, units[i]);
    return e;
}

/* ---- adding up ---- */

struct service_rows {
    struct casefile_service_sum sum;
    struct histogram days;
};

struct adding {
    int64_t unit_id;
    struct str service_key;
    int64_t first_month;
    day_t today;
    struct casefile_figures *out;
    struct histogram all, month[CASEFILE_MONTHS];
    VEC_OF(struct service_rows *) services;
};

static void add_flow(struct casefile_sum *s, struct histogram *h, const struct tally_row *r)
{
    switch ((enum figure_kind)r->kind) {
    case FIGURE_RECEIVED:
        s->received += r->n;
        break;
    case FIGURE_ANSWERED:
        s->answered += r->n;
        h->n[r->bucket] += r->n;
        break;
    case FIGURE_KEPT:
        s->kept += r->n;
        break;
    case FIGURE_LATE:
        s->late += r->n;
        break;
    case FIGURE_WITHDRAWN:
        s->withdrawn += r->n;
        break;
    case FIGURE_WAITING:
        s->waiting += r->n;
        break;
    case FIGURE_UNASSIGNED:
    case FIGURE_STANDING:
    case FIGURE_DUE:
    case FIGURE_APPEALED:
    case FIGURE_UNCLOSED:
        break;
    }
}

static void add_now(struct adding *a, const struct tally_row *r)
{
    struct casefile_figures *out = a->out;
    int band = 0;
    switch ((enum figure_kind)r->kind) {
    case FIGURE_WAITING:
        while (band < CASEFILE_AGES - 1 && a->today - r->slot > casefile_age_days[band])
            band++;
        out->age[band] += r->n;
        break;
    case FIGURE_UNASSIGNED:
        out->unassigned += r->n;
        break;
    case FIGURE_STANDING:
        out->standing += r->n;
        break;
    case FIGURE_DUE:
        out->overdue += r->slot < a->today ? r->n : 0;
        break;
    case FIGURE_APPEALED:
        out->appealed += r->n;
        break;
    case FIGURE_UNCLOSED:
        out->unclosed += r->n;
        break;
    case FIGURE_RECEIVED:
    case FIGURE_ANSWERED:
    case FIGURE_KEPT:
    case FIGURE_LATE:
    case FIGURE_WITHDRAWN:
        break;
    }
}

static size_t service_of(struct cx *cx, struct adding *a, struct str key)
{
    for (size_t i = 0; i < a->services.n; i++)
        if (str_eq(a->services.p[i]->sum.key, key))
            return i;
    const struct service_version *v = cx->services ? service_current(cx, key) : NULL;
    struct service_rows *s = arena_new_of(cx->arena, struct service_rows);
    s->sum.key = key;
    s->sum.title = v ? words_in(&v->name, cx->lang) : key;
    vec_add(cx->arena, &a->services, s);
    return a->services.n - 1;
}

static bool is_old(const struct adding *a, const struct tally_row *r)
{
    return r->kind <= FIGURE_WITHDRAWN && r->slot < a->first_month;
}

static void add_services(struct cx *cx, struct adding *a, const struct tally *t)
{
    const struct tally_rows *rows = t->of_services.n ? &t->of_services : &t->rows;
    size_t *place = arena_array(cx->arena, size_t, t->services.n); /* of each service in a->services, plus 1 */
    for (size_t i = 0; i < rows->n; i++) {
        const struct tally_row *r = &rows->p[i];
        if (is_old(a, r))
            continue;
        if (!place[r->service])
            place[r->service] = service_of(cx, a, t->services.p[r->service]) + 1;
        struct service_rows *service = a->services.p[place[r->service] - 1];
        add_flow(&service->sum.sum, &service->days, r);
    }
}

/* Of the service that is asked for, or of all. */
static void add_slots(struct adding *a, const struct tally *t)
{
    bool one = a->service_key.n > 0;
    const struct tally_rows *rows = t->of_slots.n && !one ? &t->of_slots : &t->rows;
    size_t which = 0;
    while (one && which < t->services.n && !str_eq(t->services.p[which], a->service_key))
        which++;
    for (size_t i = 0; i < rows->n; i++) {
        const struct tally_row *r = &rows->p[i];
        int64_t m = r->slot - a->first_month;
        if ((one && r->service != which) || is_old(a, r))
            continue;
        add_flow(&a->out->all, &a->all, r);
        add_now(a, r);
        if (r->kind <= FIGURE_WITHDRAWN && m < CASEFILE_MONTHS)
            add_flow(&a->out->month[m].sum, &a->month[m], r);
    }
}

static void add_tally(struct cx *cx, struct adding *a, const struct tally *t)
{
    add_services(cx, a, t);
    add_slots(a, t);
}

/* What is folded in and what is not are of one snapshot, the caller's. */
static enum err add_units(struct cx *cx, struct adding *a, struct db_ints unit_ids)
{
    struct q_casefile_tally_stamps *units;
    struct tally fresh;
    size_t n;
    enum err e = q_casefile_tally_stamps(cx, unit_ids, &units, &n);
    for (size_t i = 0; !e && i < n; i++) {
        const struct tally *folded;
        e = tally_folded(cx, units[i].unit_id, units[i].stamp, a->first_month, &folded);
        if (!e)
            add_tally(cx, a, folded);
    }
    if (!e)
        e = tally_new(cx, unit_ids, &fresh);
    if (!e)
        add_tally(cx, a, &fresh);
    return e;
}

static int by_title(const void *a, const void *b)
{
    const struct casefile_service_sum *x = a, *y = b;
    return str_cmp(x->title, y->title);
}

/* What waited at the end of a month is what waits now, less what came after it, and what left after it added. */
static void finish_all(struct cx *cx, struct adding *a)
{
    struct casefile_figures *out = a->out;
    int64_t waiting = out->all.waiting;
    finish(&out->all, &a->all);
    for (int m = CASEFILE_MONTHS - 1; m >= 0; m--) {
        struct casefile_sum *s = &out->month[m].sum;
        s->waiting = waiting;
        waiting += s->answered + s->withdrawn - s->received;
        finish(s, &a->month[m]);
        out->month[m].year = (int)((a->first_month + m) / 12);
        out->month[m].month = (int)((a->first_month + m) % 12) + 1;
    }
    for (size_t i = 0; i < a->services.n; i++) {
        finish(&a->services.p[i]->sum.sum, &a->services.p[i]->days);
        vec_add(cx->arena, &out->services, a->services.p[i]->sum);
    }
    if (out->services.n)
        qsort(out->services.p, out->services.n, sizeof *out->services.p, by_title);
}

static enum err run(struct cx *cx, void *ctx)
{
    struct adding *a = ctx;
    struct casefile_units *units = &a->out->units;
    enum err e = casefile_leader_units(cx, units);
    if (e)
        return e;
    int64_t *ids = arena_array(cx->arena, int64_t, units->rows.n);
    size_t n = 0;
    for (size_t i = 0; i < units->rows.n; i++)
        if (!a->unit_id || units->rows.p[i].id == a->unit_id)
            ids[n++] = units->rows.p[i].id;
    if (!n && a->unit_id)
        return fail(cx, ERR_FORBIDDEN, "not a unit of this leader, or below one");
    return add_units(cx, a, (struct db_ints){ids, n});
}

enum err casefile_figures(struct cx *cx, int64_t unit_id, struct str service_key, struct casefile_figures *ret)
{
    struct adding *a = arena_new_of(cx->arena, struct adding);
    struct civil now = civil_from_us(cx->now_us);
    *ret = (struct casefile_figures){0};
    *a = (struct adding){.unit_id = unit_id,
                         .service_key = service_key,
                         .first_month = now.year * 12 + now.month - CASEFILE_MONTHS,
                         .today = civil_day_of_us(cx->now_us),
                         .out = ret};
    enum err e = db_read(cx, run, a);
    if (!e)
        finish_all(cx, a);
    return e;
}

/* ---- maintenance ---- */

static enum err fold(struct cx *cx, void *ctx)
{
    (void)ctx;
    enum err e = q_casefile_tally_fold(cx);
    if (!e)
        e = q_casefile_tally_folded_away(cx);
    return e ? e : q_casefile_tally_tidy(cx);
}

enum err casefile_figures_fold(struct cx *cx)
{
    return db_write(cx, fold, NULL);
}
