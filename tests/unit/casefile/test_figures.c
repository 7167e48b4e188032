/* A leader's figures: the table that triggers keep is what a recount gives, after any life of a case file; and what the
   page is told of it. */
#include "house.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "casefile/casefile_internal.h"
#include "figures_store.h"
#include "letter/letter.h"

/* ---- the table against a recount of our own ---- */

struct life { /* a case file as this test keeps it, beside the store */
    int64_t id, version, state, unit_id, caseworker_id, channel;
    struct str service;
    int64_t received_us, now_us, closed_us;
    struct opt_int deadline_us, suspended_us, answered_us, withdrawn_us, promised_us;
};
struct figure {
    int64_t unit_id, kind, slot, days, n;
    struct str service;
};
struct figures {
    VEC_OF(struct figure) rows;
};

static int64_t month_of(int64_t us)
{
    struct civil c = civil_from_us(us);
    return c.year * 12 + c.month - 1;
}

static void add(struct cx *cx, struct figures *to, const struct life *l, int64_t kind, int64_t slot, int64_t days)
{
    vec_add(cx->arena, &to->rows,
            (struct figure){
                .unit_id = l->unit_id, .kind = kind, .slot = slot, .days = days, .n = 1, .service = l->service});
}

/* What this life counts as: the definitions of docs/why/figures.md, in other words than those of the migration. */
static void count_life(struct cx *cx, struct figures *to, const struct life *l)
{
    bool closed = l->state == CASEFILE_CLOSED, appealed = l->state == CASEFILE_APPEALED;
    bool waits = !l->answered_us.set && !l->withdrawn_us.set && !closed;
    day_t received = civil_day_of_us(l->received_us);
    add(cx, to, l, 1, month_of(l->received_us), l->channel);
    if (l->answered_us.set) {
        int64_t days = civil_day_of_us(l->answered_us.v) - received, month = month_of(l->answered_us.v);
        while (days > 90 && (days - 90) % 7)
            days++;
        add(cx, to, l, 2, month, days > 734 ? 734 : days);
        if (l->promised_us.set)
            add(cx, to, l, l->answered_us.v < l->promised_us.v ? 3 : 4, month, 0);
    }
    if (l->withdrawn_us.set)
        add(cx, to, l, 5, month_of(l->withdrawn_us.v), 0);
    if (waits)
        add(cx, to, l, 6, received, 0);
    if (waits && !l->caseworker_id)
        add(cx, to, l, 7, 0, 0);
    if (waits && l->suspended_us.set)
        add(cx, to, l, 8, 0, 0);
    if ((waits || appealed) && l->deadline_us.set)
        add(cx, to, l, 9, civil_day_of_us(l->deadline_us.v - 1), 0);
    if (appealed)
        add(cx, to, l, 10, 0, 0);
    if (!waits && !appealed && !closed)
        add(cx, to, l, 11, 0, 0);
}

static int by_key(const void *a, const void *b)
{
    const struct figure *x = a, *y = b;
    const int64_t p[] = {x->unit_id, x->kind, x->slot}, q[] = {y->unit_id, y->kind, y->slot};
    for (int i = 0; i < 3; i++)
        if (p[i] != q[i])
            return p[i] < q[i] ? -1 : 1;
    int c = str_cmp(x->service, y->service);
    return c ? c : x->days < y->days ? -1 : x->days > y->days;
}

/* Sorts them. */
static void assert_table(struct cx *cx, struct figures *f)
{
    struct q_figures_tally *got;
    size_t n_got, at = 0;
    qsort(f->rows.p, f->rows.n, sizeof *f->rows.p, by_key);
    assert_ok(cx, q_figures_tally(cx, &got, &n_got));
    for (size_t i = 0; i < f->rows.n; at++) {
        const struct figure *w = &f->rows.p[i];
        int64_t wanted = 0;
        for (; i < f->rows.n && by_key(w, &f->rows.p[i]) == 0; i++)
            wanted++;
        assert_true(at < n_got);
        const struct q_figures_tally *g = &got[at];
        if (g->unit_id != w->unit_id || g->kind != w->kind || g->slot != w->slot || g->days != w->days ||
            g->n != wanted || !str_eq(g->service_key, w->service))
            fail_msg("wanted kind %d slot %d days %d of %.*s: %d; the table has kind %d slot %d days %d: %d",
                     (int)w->kind, (int)w->slot, (int)w->days, STR_ARG(w->service), (int)wanted, (int)g->kind,
                     (int)g->slot, (int)g->days, (int)g->n);
    }
    assert_int_equal(at, n_got);
}

static void assert_counted(struct cx *cx, const struct life *lives, size_t n)
{
    struct figures f = {0};
    for (size_t i = 0; i < n; i++)
        count_life(cx, &f, &lives[i]);
    assert_table(cx, &f);
}

static void assert_verified(struct cx *cx, size_t faults)
{
    struct q_casefile_verify_figures *rows;
    size_t n;
    assert_ok(cx, q_casefile_verify_figures(cx, &rows, &n));
    if (n != faults)
        fail_msg("%zu kinds differ, the first is %.*s", n, STR_ARG(rows[0].name));
}

/* ---- what is kept in memory against what is read, and against the count of this test ---- */

/* From now on cx->who leads every unit. */
static void lead_all(struct cx *cx)
{
    struct auth_unit *units;
    struct who *w = arena_new_of(cx->arena, struct who);
    size_t n;
    assert_ok(cx, auth_units(cx, &units, &n));
    int64_t *ids = arena_array(cx->arena, int64_t, n);
    for (size_t i = 0; i < n; i++)
        ids[i] = units[i].id;
    *w = (struct who){.kind = WHO_EMPLOYEE, .roles = ROLE_LEADER, .unit_ids = ids, .n_units = n};
    cx->who = w;
}

struct both {
    struct str service_key; /* empty: all */
    struct casefile_figures kept, read;
};
/* Both of one snapshot. */
static enum err figures_twice(struct cx *cx, void *ctx)
{
    struct both *b = ctx;
    struct casefile_tallies *tallies = cx->tallies;
    enum err e = casefile_figures(cx, 0, b->service_key, &b->kept);
    cx->tallies = NULL;
    if (!e)
        e = casefile_figures(cx, 0, b->service_key, &b->read);
    cx->tallies = tallies;
    return e;
}

static bool same_sum(const struct casefile_sum *a, const struct casefile_sum *b)
{
    return a->received == b->received && a->answered == b->answered && a->withdrawn == b->withdrawn &&
           a->kept == b->kept && a->late == b->late && a->waiting == b->waiting &&
           a->median_days.v == b->median_days.v && a->p90_days.v == b->p90_days.v &&
           a->kept_percent.v == b->kept_percent.v;
}

static bool same_figures(const struct casefile_figures *a, const struct casefile_figures *b)
{
    bool same = same_sum(&a->all, &b->all) && memcmp(a->age, b->age, sizeof a->age) == 0 && a->overdue == b->overdue &&
                a->unassigned == b->unassigned && a->standing == b->standing && a->appealed == b->appealed &&
                a->unclosed == b->unclosed;
    for (int m = 0; m < CASEFILE_MONTHS; m++)
        same &= same_sum(&a->month[m].sum, &b->month[m].sum);
    /* in which order services of the same title stand is nobody's business: each is looked up */
    for (size_t i = 0; i < a->services.n; i++) {
        size_t k = 0;
        while (k < b->services.n && !str_eq(a->services.p[i].key, b->services.p[k].key))
            k++;
        same &= k < b->services.n && same_sum(&a->services.p[i].sum, &b->services.p[k].sum);
    }
    return same && a->services.n == b->services.n;
}

/* The figures of all units, as the lives have them at cx->now_us. */
static void assert_told(struct cx *cx, const struct casefile_figures *told, const struct figures *f)
{
    struct civil now = civil_from_us(cx->now_us);
    int64_t from = now.year * 12 + now.month - CASEFILE_MONTHS, today = civil_day_of_us(cx->now_us);
    int64_t n[12] = {0}, due = 0;
    for (size_t i = 0; i < f->rows.n; i++) {
        const struct figure *r = &f->rows.p[i];
        n[r->kind] += r->kind > 5 || r->slot >= from ? r->n : 0;
        due += r->kind == 9 && r->slot < today;
    }
    const int64_t got[] = {told->all.received,  told->all.answered, told->all.kept,   told->all.late,
                           told->all.withdrawn, told->all.waiting,  told->unassigned, told->standing,
                           told->overdue,       told->appealed,     told->unclosed};
    const int64_t wanted[] = {n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], due, n[10], n[11]};
    for (size_t i = 0; i < sizeof got / sizeof *got; i++)
        if (got[i] != wanted[i])
            fail_msg("figure %zu is told as %d, it is %d", i + 1, (int)got[i], (int)wanted[i]);
}

/* The table is what the lives are, and the leader is told so, from memory and without. */
static void assert_counted_and_told(struct cx *cx, const struct life *lives, size_t n)
{
    struct arena_mark mark = arena_mark(cx->arena);
    struct both *b = arena_new_of(cx->arena, struct both);
    struct figures f = {0};
    const struct who *who = cx->who;
    for (size_t i = 0; i < n; i++)
        count_life(cx, &f, &lives[i]);
    assert_table(cx, &f);
    lead_all(cx);
    assert_ok(cx, db_read(cx, figures_twice, b));
    assert_true(same_figures(&b->kept, &b->read));
    assert_told(cx, &b->kept, &f);
    if (b->kept.services.n) { /* and of one service */
        struct both *one = arena_new_of(cx->arena, struct both);
        one->service_key = b->kept.services.p[b->kept.services.n - 1].key;
        assert_ok(cx, db_read(cx, figures_twice, one));
        assert_true(same_figures(&one->kept, &one->read));
    }
    cx->who = who;
    arena_reset(cx->arena, mark);
}

/* ---- ten thousand random lives ---- */

enum { LIVES = 10000, STEPS = 6, AT_ONCE = 500 };

static uint64_t dice(uint64_t *seed)
{
    uint64_t z = *seed += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static int64_t end_of_day(int64_t us)
{
    return civil_day_start_us(civil_day_of_us(us) + 1);
}

static enum err put_deadline(struct cx *cx, struct life *l, struct opt_int deadline, struct opt_int suspended)
{
    l->deadline_us = deadline;
    l->suspended_us = suspended;
    l->version++;
    return q_casefile_set_deadline(cx, l->id, deadline, suspended, (struct opt_int){0});
}

static enum err put_closed(struct cx *cx, struct life *l, struct opt_int closed)
{
    if (closed.set && !l->answered_us.set && !l->withdrawn_us.set) {
        l->answered_us = closed;
        l->promised_us = l->deadline_us;
    }
    l->closed_us = closed.v;
    l->version++;
    return q_casefile_set_closed(cx, l->id, closed);
}

static enum err put_decided(struct cx *cx, struct life *l)
{
    if (!l->answered_us.set) {
        l->answered_us = opt_int(l->now_us);
        l->promised_us = l->deadline_us;
    }
    l->version++;
    enum err e = q_casefile_set_decided(cx, l->id, l->now_us);
    return e ? e : put_deadline(cx, l, (struct opt_int){0}, (struct opt_int){0});
}

static enum err put_caseworker(struct cx *cx, struct life *l, int64_t employee_id)
{
    l->caseworker_id = employee_id;
    l->version++;
    return q_casefile_set_caseworker(cx, l->id, (struct opt_int){employee_id != 0, employee_id});
}

/* Notes, calls and questions are nothing the figures know. */
static bool tells(enum casefile_action action)
{
    return action != CASEFILE_DO_NOTE && action != CASEFILE_DO_CALL && action != CASEFILE_DO_ASK &&
           action != CASEFILE_DO_ANSWER && action != CASEFILE_DO_HEAR && action != CASEFILE_DO_EXEMPT &&
           action != CASEFILE_DO_ADD;
}

/* The statements the domain makes of this action, in its order. */
static enum err act(struct cx *cx, struct life *l, enum casefile_action action, int64_t employee_id, uint64_t luck)
{
    const struct opt_int none = {0};
    struct opt_int soon = opt_int(end_of_day(l->now_us + (int64_t)(luck % 20) * DAY_US));
    switch ((int)action) {
    case CASEFILE_DO_TAKE:
    case CASEFILE_DO_HAND_OVER:
        return put_caseworker(cx, l, employee_id);
    case CASEFILE_DO_RELEASE:
        return put_caseworker(cx, l, 0);
    case CASEFILE_DO_UPHOLD:
        return put_deadline(cx, l, none, none);
    case CASEFILE_DO_EXTEND:
    case CASEFILE_DO_RESUME:
        return put_deadline(cx, l, luck % 7 ? soon : none, none);
    case CASEFILE_DO_SUSPEND:
        return put_deadline(cx, l, none, opt_int(l->now_us));
    case CASEFILE_DO_DECIDE:
        return put_decided(cx, l);
    case CASEFILE_DO_CLOSE:
        return put_closed(cx, l, opt_int(l->now_us));
    case CASEFILE_DO_WITHDRAW: {
        enum err e = put_deadline(cx, l, none, none);
        l->withdrawn_us = opt_int(l->now_us);
        l->version++;
        return e ? e : q_casefile_set_withdrawn(cx, l->id, l->now_us, false);
    }
    case CASEFILE_DO_APPEAL:
    case CASEFILE_DO_RECEIVE_APPEAL: {
        enum err e = l->closed_us ? put_closed(cx, l, none) : ERR_OK;
        return e ? e : put_deadline(cx, l, soon, none);
    }
    default:
        return ERR_OK;
    }
}

struct lives {
    struct life *all, next[AT_ONCE];
    size_t from, n;
    const struct auth_unit *units;
    size_t n_units;
    int64_t employee_id;
};

static enum err live(struct cx *cx, void *ctx)
{
    struct lives *s = ctx;
    enum err e = ERR_OK;
    for (size_t i = 0; !e && i < s->n; i++) {
        struct life *l = &s->next[i];
        *l = s->all[s->from + i];
        uint64_t seed = (uint64_t)(s->from + i) * 77 + 5;
        for (int step = 0; !e && step < STEPS; step++) {
            enum casefile_action action = (enum casefile_action)(dice(&seed) % CASEFILE_ACTION_COUNT);
            enum casefile_state to;
            int64_t n;
            l->now_us += (int64_t)(dice(&seed) % (uint64_t)(dice(&seed) % 5 ? 12 * DAY_US : 150 * DAY_US));
            if (dice(&seed) % 9 == 0) {
                l->unit_id = s->units[dice(&seed) % s->n_units].id;
                l->version++;
                e = q_figures_move(cx, l->id, l->unit_id);
            }
            if (e || !tells(action) || !state_after((enum casefile_state)l->state, action, &to))
                continue;
            e = q_casefile_change(cx, l->id, l->version, to, &n);
            if (!e && n != 1)
                e = fail(cx, ERR_INTERNAL, "the test lost count of the versions");
            l->version++;
            l->state = to;
            if (!e)
                e = act(cx, l, action, s->employee_id, dice(&seed));
        }
    }
    return e;
}

static struct life *load_lives(struct cx *cx, size_t *ret_n)
{
    struct q_figures_cases *rows;
    assert_ok(cx, q_figures_cases(cx, &rows, ret_n));
    struct life *lives = arena_array(cx->arena, struct life, *ret_n);
    for (size_t i = 0; i < *ret_n; i++)
        lives[i] = (struct life){.id = rows[i].id,
                                 .version = rows[i].version,
                                 .state = rows[i].state,
                                 .unit_id = rows[i].unit_id,
                                 .caseworker_id = rows[i].caseworker_id.v,
                                 .channel = rows[i].channel,
                                 .service = rows[i].service_key,
                                 .received_us = rows[i].received_us,
                                 .now_us = rows[i].closed_us.set ? rows[i].closed_us.v : rows[i].received_us,
                                 .closed_us = rows[i].closed_us.v,
                                 .deadline_us = rows[i].deadline_us,
                                 .suspended_us = rows[i].suspended_us,
                                 .answered_us = rows[i].answered_us,
                                 .withdrawn_us = rows[i].withdrawn_us,
                                 .promised_us = rows[i].promised_us};
    return lives;
}

static void ten_thousand_lives(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct lives *s = arena_new_of(cx->arena, struct lives);
    struct auth_unit *units;
    struct auth_employee bo;
    struct q_figures_parts parts;
    size_t n;
    test_cx_once(cx);
    assert_ok(cx, casefile_demo_fill(cx, LIVES, 0));
    assert_ok(cx, auth_units(cx, &units, &s->n_units));
    assert_ok(cx, auth_employee_by_key(cx, S("bo"), &bo));
    s->all = load_lives(cx, &n);
    s->units = units;
    s->employee_id = bo.id;
    assert_int_equal(n, LIVES);
    assert_counted_and_told(cx, s->all, n);
    for (s->from = 0; s->from < n; s->from += AT_ONCE) {
        s->n = n - s->from < AT_ONCE ? n - s->from : AT_ONCE;
        assert_ok(cx, db_write(cx, live, s));
        memcpy(s->all + s->from, s->next, s->n * sizeof *s->next);
        if (s->from / AT_ONCE % 4 == 3)
            assert_ok(cx, casefile_figures_fold(cx));
        assert_counted_and_told(cx, s->all, n);
    }
    assert_verified(cx, 0);
    assert_ok(cx, casefile_figures_fold(cx));
    assert_counted_and_told(cx, s->all, n);
    assert_verified(cx, 0);
    assert_ok(cx, q_figures_parts(cx, &parts));
    assert_int_equal(parts.n, 0);
    /* the store's own columns say what this test says */
    struct life *again = load_lives(cx, &n);
    assert_counted(cx, again, n);
    for (size_t i = 0; i < n; i++)
        assert_true(again[i].version == s->all[i].version && again[i].answered_us.v == s->all[i].answered_us.v);
    house_free(cx);
}

/* ---- a case file comes and goes; verify sees what is bent; an old database is counted ---- */

struct step {
    enum err (*fn)(struct cx *cx);
    int64_t id, record_id, like_id, kind;
};
static enum err bend(struct cx *cx, void *ctx)
{
    return q_figures_bend(cx, *(const int64_t *)ctx);
}
static enum err insert(struct cx *cx, void *ctx)
{
    struct step *s = ctx;
    enum err e = record_open_casefile(cx,
                                      &(struct record_casefile_new){.title = S("x"),
                                                                    .public_title = S("x"),
                                                                    .class_key = S("27.60.10"),
                                                                    .class_title = S("x"),
                                                                    .unit_id = s->kind,
                                                                    .retention = S("years:1"),
                                                                    .access_code = S(""),
                                                                    .access_basis = S("")},
                                      &s->record_id);
    return e ? e : q_figures_insert(cx, s->id, s->record_id, s->like_id);
}
/* A case file goes by its retention rule alone (law 10): a year and a day after it closed. */
static enum err erase(struct cx *cx, void *ctx)
{
    const struct step *s = ctx;
    struct record_disposal_new rule = {
        .service_key = S("x"), .title = S("x"), .retention = S("years:1"), .basis = S("x")};
    int64_t now_us = cx->now_us;
    enum err e = record_close_casefile(cx, s->record_id);
    cx->now_us += 367 * DAY_US;
    if (!e)
        e = record_dispose(cx, s->record_id, rand_id(), &rule);
    cx->now_us = now_us;
    return e ? e : q_figures_erase(cx, s->id);
}
static enum err undo(struct cx *cx, void *ctx)
{
    enum err (*const all[])(struct cx *) = {
        q_figures_undo_1,  q_figures_undo_2,  q_figures_undo_3,  q_figures_undo_4,  q_figures_undo_5,
        q_figures_undo_6,  q_figures_undo_7,  q_figures_undo_8,  q_figures_undo_9,  q_figures_undo_reuse,
        q_figures_undo_10, q_figures_undo_11, q_figures_undo_12, q_figures_undo_13, q_figures_undo_14};
    enum err e = ERR_OK;
    (void)ctx;
    for (size_t i = 0; !e && i < sizeof all / sizeof *all; i++)
        e = all[i](cx);
    return e;
}

static void counted_again_and_found_out(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct auth_unit unit;
    struct q_figures_cases *cases;
    size_t n;
    int64_t id = house_taken(cx, "anna", "stok", NULL);
    house_apply(cx, "dagny", "stok", NULL);
    house_system(cx);
    assert_ok(cx, casefile_demo_fill(cx, 700, 0));
    house_later(cx, 3 * DAY_US);
    house_party(cx, "anna");
    assert_ok(cx, casefile_withdraw(cx, id, S("")));
    house_system(cx);
    assert_ok(cx, auth_unit_by_key(cx, S("hjaelpemidler"), &unit));
    struct life *before = load_lives(cx, &n);
    assert_counted(cx, before, n);

    struct step s = {.id = rand_id(), .like_id = id, .kind = unit.id};
    assert_ok(cx, db_write(cx, insert, &s));
    assert_verified(cx, 0);
    struct life *more = load_lives(cx, &n);
    assert_int_equal(n, 703);
    assert_counted(cx, more, n);
    assert_ok(cx, db_write(cx, erase, &s));
    assert_counted(cx, before, 702);

    for (int64_t kind = 1; kind <= 6; kind += 5) {
        struct record_faults faults;
        assert_ok(cx, db_write(cx, bend, &kind));
        assert_verified(cx, kind == 1 ? 1 : 2);
        assert_ok(cx, casefile_verify(cx, &faults));
        assert_true(faults.rows.n >= 1);
    }
    /* an old database: the migration finds out what it can, and counts */
    assert_ok(cx, db_write(cx, undo, NULL));
    assert_ok(cx, db_migrate(cx, db_all_migrations, db_all_migrations_n));
    assert_verified(cx, 0);
    assert_ok(cx, q_figures_cases(cx, &cases, &n));
    assert_int_equal(n, 702);
    for (size_t i = 0; i < n; i++) {
        assert_true(cases[i].answered_us.set == before[i].answered_us.set);
        assert_true(cases[i].answered_us.v == before[i].answered_us.v);
        assert_true(cases[i].withdrawn_us.v == before[i].withdrawn_us.v);
        assert_true(cases[i].promised_us.v == before[i].promised_us.v);
    }
    assert_counted(cx, before, n);
    house_free(cx);
}

/* ---- while others change them ---- */

enum { WRITERS = 3, CHANGES = 60, LOOKS = 60 };

struct crowd {
    const struct cx *cx;
    const int64_t *cases, *units;
    size_t n_cases, n_units;
    uint64_t seed;
    atomic_bool *over;
    bool failed;
};

static enum err move_one(struct cx *cx, void *ctx)
{
    struct crowd *w = ctx;
    return q_figures_move(cx, w->cases[dice(&w->seed) % w->n_cases], w->units[dice(&w->seed) % w->n_units]);
}
static void *write_on(void *p)
{
    struct crowd *w = p;
    struct cx *cx = test_cx_again(w->cx);
    for (int i = 0; !w->failed && i < CHANGES; i++)
        w->failed = db_write(cx, move_one, w) != ERR_OK;
    test_cx_free(cx);
    return NULL;
}
static void *fold_on(void *p)
{
    struct crowd *w = p;
    struct cx *cx = test_cx_again(w->cx);
    while (!w->failed && !atomic_load(w->over)) {
        w->failed = casefile_figures_fold(cx) != ERR_OK;
        usleep(3000);
    }
    test_cx_free(cx);
    return NULL;
}

struct look {
    struct both both;
    size_t faults;
};
/* In one snapshot: kept, read, and the store's own recount. */
static enum err look_once(struct cx *cx, void *ctx)
{
    struct look *l = ctx;
    struct q_casefile_verify_figures *rows;
    enum err e = figures_twice(cx, &l->both);
    return e ? e : q_casefile_verify_figures(cx, &rows, &l->faults);
}

/* Transactions end in any order while the job folds and leaders look: what a leader is told is, in each snapshot, what
   a count of it gives. */
static void kept_while_others_change(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct auth_unit *units;
    struct q_figures_cases *cases;
    size_t n_units, n;
    atomic_bool over = false;
    assert_ok(cx, casefile_demo_fill(cx, 600, 0));
    assert_ok(cx, auth_units(cx, &units, &n_units));
    assert_ok(cx, q_figures_cases(cx, &cases, &n));
    int64_t *ids = arena_array(cx->arena, int64_t, n), *unit_ids = arena_array(cx->arena, int64_t, n_units);
    for (size_t i = 0; i < n; i++)
        ids[i] = cases[i].id;
    for (size_t i = 0; i < n_units; i++)
        unit_ids[i] = units[i].id;
    struct crowd crowd[WRITERS + 1];
    pthread_t threads[WRITERS + 1];
    for (size_t i = 0; i <= WRITERS; i++) {
        /* each has case files of its own */
        crowd[i] = (struct crowd){.cx = cx,
                                  .cases = ids + i * (n / (WRITERS + 1)),
                                  .n_cases = n / (WRITERS + 1),
                                  .units = unit_ids,
                                  .n_units = n_units,
                                  .seed = i,
                                  .over = &over};
        assert_int_equal(pthread_create(&threads[i], NULL, i < WRITERS ? write_on : fold_on, &crowd[i]), 0);
    }
    lead_all(cx);
    int64_t looks = 0, unlike = 0;
    for (; looks < LOOKS; looks++) {
        struct arena_mark mark = arena_mark(cx->arena);
        struct look *l = arena_new_of(cx->arena, struct look);
        assert_ok(cx, db_read(cx, look_once, l));
        unlike += l->faults || !same_figures(&l->both.kept, &l->both.read);
        arena_reset(cx->arena, mark);
    }
    atomic_store(&over, true);
    for (size_t i = 0; i <= WRITERS; i++) {
        pthread_join(threads[i], NULL);
        assert_false(crowd[i].failed);
    }
    assert_int_equal(unlike, 0);
    house_free(cx);
}

struct bent {
    int64_t unit_id, stamp;
};
/* A case more than there is, and as if nothing had been changed. */
static enum err bend_unseen(struct cx *cx, void *ctx)
{
    const struct bent *b = ctx;
    enum err e = q_figures_bend(cx, 6);
    return e ? e : q_figures_stamp(cx, b->unit_id, b->stamp);
}
static enum err stamp_anew(struct cx *cx, void *ctx)
{
    const struct bent *b = ctx;
    return q_figures_stamp(cx, b->unit_id, b->stamp + 1);
}

/* A look reads what is kept, and only while its stamp stands; whatever changes a folded row changes the stamp. */
static void kept_while_the_stamp_stands(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct casefile_figures before, f;
    struct auth_unit unit;
    struct q_figures_stamp_of s, t;
    int64_t kind = 6;
    house_apply(cx, "anna", "stok", NULL);
    house_system(cx);
    assert_ok(cx, casefile_figures_fold(cx));
    assert_ok(cx, auth_unit_by_key(cx, S("hjaelpemidler"), &unit));
    assert_ok(cx, q_figures_stamp_of(cx, unit.id, &s));
    house_employee(cx, "inge");
    assert_ok(cx, casefile_figures(cx, 0, S(""), &before));
    assert_int_equal(before.all.waiting, 1);
    assert_ok(cx, db_write(cx, bend_unseen, &(struct bent){unit.id, s.stamp}));
    assert_ok(cx, casefile_figures(cx, 0, S(""), &f));
    assert_int_equal(f.all.waiting, 1); /* not read again */
    assert_ok(cx, db_write(cx, stamp_anew, &(struct bent){unit.id, s.stamp}));
    assert_ok(cx, casefile_figures(cx, 0, S(""), &f));
    assert_int_equal(f.all.waiting, 2);
    assert_ok(cx, db_write(cx, bend, &kind));
    assert_ok(cx, q_figures_stamp_of(cx, unit.id, &t));
    assert_true(t.stamp != s.stamp && t.stamp != s.stamp + 1);
    assert_ok(cx, casefile_figures(cx, 0, S(""), &f));
    assert_int_equal(f.all.waiting, 3);
    /* the months that are asked for move on: what was kept is not of these */
    house_later(cx, 400 * DAY_US);
    assert_ok(cx, casefile_figures(cx, 0, S(""), &f));
    assert_int_equal(f.all.received, 0);
    house_later(cx, -400 * DAY_US);
    assert_ok(cx, casefile_figures(cx, 0, S(""), &f));
    assert_int_equal(f.all.received, 1);
    house_free(cx);
}

/* ---- what a leader is told ---- */

static const struct casefile_sum *now_sum(struct cx *cx, struct casefile_figures *f)
{
    house_employee(cx, "inge");
    assert_ok(cx, casefile_figures(cx, 0, S(""), f));
    assert_verified(cx, 0);
    return &f->all;
}

static void a_leader_follows_a_case(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct casefile_figures f;
    int64_t id = house_apply(cx, "anna", "stok", "badebaenk");
    assert_int_equal(now_sum(cx, &f)->waiting, 1);
    assert_int_equal(f.unassigned, 1);
    assert_int_equal(f.age[0], 1);
    assert_int_equal(f.all.received, 1);
    assert_false(f.all.median_days.set); /* one case is no statistics */
    house_later(cx, 10 * DAY_US);
    house_employee(cx, "bo");
    assert_ok(cx, casefile_take(cx, id, house_version(cx, id)));
    now_sum(cx, &f);
    assert_int_equal(f.unassigned, 0);
    assert_int_equal(f.age[1], 1); /* eight to fourteen days */
    assert_int_equal(f.overdue, 0);
    house_employee(cx, "bo");
    assert_ok(cx, casefile_suspend(cx, id, house_version(cx, id), S("Vi venter på lægen.")));
    house_later(cx, 20 * DAY_US);
    now_sum(cx, &f);
    assert_int_equal(f.standing, 1);
    assert_int_equal(f.overdue, 0);
    house_employee(cx, "bo");
    assert_ok(cx, casefile_resume(cx, id, house_version(cx, id)));
    house_later(cx, 30 * DAY_US);
    now_sum(cx, &f);
    assert_int_equal(f.standing, 0);
    assert_int_equal(f.overdue, 1);
    struct decision d = house_decide(cx, id, DECISION_GRANTED, DECISION_GRANTED);
    assert_ok(cx, decision_finalise(cx, d.id, d.version, house_version(cx, id)));
    now_sum(cx, &f);
    assert_int_equal(f.all.waiting, 0);
    assert_int_equal(f.all.answered, 1);
    assert_int_equal(f.all.late, 1);
    assert_int_equal(f.unclosed, 1);
    assert_int_equal(f.overdue, 0);
    const struct casefile_month *last = &f.month[CASEFILE_MONTHS - 1];
    assert_int_equal(last->year, 2026);
    assert_int_equal(last->month, 3);
    assert_int_equal(last->sum.answered, 1);
    assert_int_equal(f.month[CASEFILE_MONTHS - 3].sum.received, 1); /* in January */
    assert_int_equal(f.month[CASEFILE_MONTHS - 3].sum.waiting, 1);
    assert_int_equal(f.month[CASEFILE_MONTHS - 2].sum.waiting, 1);
    assert_int_equal(f.month[CASEFILE_MONTHS - 4].sum.waiting, 0);
    house_employee(cx, "inge"); /* an appeal opens it again, and the first answer stays the answer */
    assert_ok(cx, casefile_receive_appeal(cx, id, S("Hun klager over badebænken.")));
    now_sum(cx, &f);
    assert_int_equal(f.appealed, 1);
    assert_int_equal(f.unclosed, 0);
    assert_int_equal(f.all.answered, 1);
    house_free(cx);
}

static void who_sees_figures_and_of_what(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct casefile_figures f, one;
    struct casefile_units units;
    struct auth_unit dagtilbud, sundhed, aids;
    house_apply(cx, "anna", "stok", NULL);
    house_system(cx);
    test_cx_once(cx);
    assert_ok(cx, casefile_demo_fill(cx, 3000, 0));
    assert_ok(cx, auth_unit_by_key(cx, S("dagtilbud"), &dagtilbud));
    assert_ok(cx, auth_unit_by_key(cx, S("sundhed"), &sundhed));
    assert_ok(cx, auth_unit_by_key(cx, S("hjaelpemidler"), &aids));
    assert_err(cx, casefile_figures(cx, 0, S(""), &f), ERR_FORBIDDEN); /* the program has no unit */
    house_party(cx, "anna");
    assert_err(cx, casefile_figures(cx, 0, S(""), &f), ERR_FORBIDDEN);
    house_employee(cx, "bo"); /* of the unit, but not its leader */
    assert_err(cx, casefile_figures(cx, 0, S(""), &f), ERR_FORBIDDEN);
    assert_err(cx, casefile_leader_units(cx, &units), ERR_FORBIDDEN);
    house_employee(cx, "inge");
    assert_err(cx, casefile_figures(cx, dagtilbud.id, S(""), &f), ERR_FORBIDDEN);
    assert_err(cx, casefile_figures(cx, sundhed.id, S(""), &f), ERR_FORBIDDEN); /* above hers */
    assert_ok(cx, casefile_leader_units(cx, &units));
    assert_int_equal(units.rows.n, 1);
    assert_ok(cx, casefile_figures(cx, 0, S(""), &f));
    assert_true(f.all.answered > 100 && f.all.median_days.set && f.all.kept_percent.set);
    assert_in_range(f.all.kept_percent.v, 60, 100);
    assert_in_range(f.all.median_days.v, 2, 20);
    assert_true(f.all.p90_days.v >= f.all.median_days.v);

    /* a leader of the centre above sees the team's figures too, and the same */
    struct who *above = arena_new_of(cx->arena, struct who);
    *above = *cx->who;
    above->unit_ids = &sundhed.id;
    above->n_units = 1;
    above->acting_unit_id = sundhed.id;
    cx->who = above;
    assert_ok(cx, casefile_leader_units(cx, &units));
    assert_int_equal(units.rows.n, 2);
    assert_ok(cx, casefile_figures(cx, aids.id, S(""), &one));
    assert_int_equal(one.all.received, f.all.received);
    assert_int_equal(one.all.waiting, f.all.waiting);

    /* the parts are the whole */
    int64_t received = 0, answered = 0, months = 0, ages = 0;
    for (size_t i = 0; i < f.services.n; i++) {
        received += f.services.p[i].sum.received;
        answered += f.services.p[i].sum.answered;
        assert_ok(cx, casefile_figures(cx, aids.id, f.services.p[i].key, &one));
        assert_int_equal(one.all.answered, f.services.p[i].sum.answered);
        assert_int_equal(one.all.waiting, f.services.p[i].sum.waiting);
        assert_int_equal(one.all.median_days.v, f.services.p[i].sum.median_days.v);
        assert_int_equal(one.services.n, f.services.n);
    }
    assert_int_equal(received, f.all.received);
    assert_int_equal(answered, f.all.answered);
    for (int m = 0; m < CASEFILE_MONTHS; m++)
        months += f.month[m].sum.answered;
    for (int a = 0; a < CASEFILE_AGES; a++)
        ages += f.age[a];
    assert_int_equal(months, f.all.answered);
    assert_int_equal(ages, f.all.waiting);
    house_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_thousand_lives),       cmocka_unit_test(counted_again_and_found_out),
        cmocka_unit_test(kept_while_others_change), cmocka_unit_test(kept_while_the_stamp_stands),
        cmocka_unit_test(a_leader_follows_a_case),  cmocka_unit_test(who_sees_figures_and_of_what),
    };
    return test_each_engine("figures", tests);
}
