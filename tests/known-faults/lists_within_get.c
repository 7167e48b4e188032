/* Lists, searches, counts, piles, letters to print, documents and exports never show what a get would refuse.

   Origin: incorrect authorisation by list (CWE-863; OWASP API1:2023): a system checks each page, but its lists, search
   hits, counters, expanded references or exports ask another question than the page does. Seen in case systems whose
   permissions grew view by view.

   A model made from parties, mandates and tasks alone says who may see what. 100 000 random pairs of a user and a case
   are asked for one by one, and everything a random user can list is held against the same model. */
#include "casefile/house.h"

#include <stdlib.h>

#include "access/access.h"
#include "casefile/casefile_internal.h"
#include "known_faults_store.h"
#include "letter/letter.h"

enum { CASES = 3000, USERS = 1000, PAIRS = 100, MANDATES = 300, OPENED = 3, FIRST_YEAR = 2020, LAST_YEAR = 2027 };

struct world {
    struct q_fault_cases *cases;
    size_t n_cases;
    struct q_fault_tasks *tasks;
    size_t n_tasks;
    struct q_fault_mandates *mandates;
    size_t n_mandates;
    struct q_fault_people *people;
    size_t n_people;
    struct q_fault_letters *letters; /* that wait for the printer */
    size_t n_letters;
    struct auth_unit *units;
    size_t n_units;
    int64_t employee_id;
};

static uint64_t seed = 20261126;
static size_t dice(size_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (size_t)(seed % n);
}

/* ---- the model ---- */

static bool as_person(const struct cx *cx, const struct world *w, const struct q_fault_cases *c, int64_t person)
{
    if (!c->party_id.set || !person)
        return false;
    bool may = c->party_id.v == person;
    for (size_t i = 0; i < w->n_mandates && !may; i++) {
        const struct q_fault_mandates *m = &w->mandates[i];
        may = m->giver_id == c->party_id.v && m->holder_id == person && !m->withdrawn_us.set &&
              m->from_us <= cx->now_us && (!m->until_us.set || m->until_us.v > cx->now_us) &&
              (!m->scope.n || str_eq(m->scope, c->service_key));
    }
    return may;
}

static int by_casefile(const void *a, const void *b)
{
    const struct q_fault_tasks *x = a, *y = b;
    return x->casefile_id < y->casefile_id ? -1 : x->casefile_id > y->casefile_id;
}

static bool in_units(const struct cx *cx, const struct world *w, const struct q_fault_cases *c, bool open_only)
{
    struct q_fault_tasks key = {.casefile_id = c->id}, *t, *end = w->tasks + w->n_tasks;
    t = bsearch(&key, w->tasks, w->n_tasks, sizeof key, by_casefile);
    while (t && t > w->tasks && t[-1].casefile_id == c->id)
        t--;
    for (; t && t < end && t->casefile_id == c->id; t++)
        if (auth_in_unit(cx->who, t->unit_id) && (t->open || !open_only))
            return true;
    return false;
}

static bool may_see(const struct cx *cx, const struct world *w, const struct q_fault_cases *c)
{
    if (cx->who->kind == WHO_PARTY)
        return as_person(cx, w, c, cx->who->party_id);
    return in_units(cx, w, c, false) && !as_person(cx, w, c, cx->who->party_id);
}

static int by_id(const void *a, const void *b)
{
    const struct q_fault_cases *x = a, *y = b;
    return x->id < y->id ? -1 : x->id > y->id;
}

static const struct q_fault_cases *case_of(const struct world *w, int64_t id)
{
    struct q_fault_cases key = {.id = id};
    const struct q_fault_cases *c = bsearch(&key, w->cases, w->n_cases, sizeof key, by_id);
    assert_non_null(c);
    return c;
}

static void assert_within(const struct cx *cx, const struct world *w, const struct casefile_rows *rows)
{
    for (size_t i = 0; i < rows->rows.n; i++)
        assert_true(may_see(cx, w, case_of(w, rows->rows.p[i].id)));
}

/* ---- random users ---- */

static void give_mandates(struct cx *cx, struct world *w)
{
    for (int i = 0; i < MANDATES; i++) {
        struct who giver = {.kind = WHO_PARTY, .party_id = w->people[dice(w->n_people)].id};
        struct party_mandate_new m = {.holder_id = w->people[dice(w->n_people)].id,
                                      .scope = dice(3) ? S("") : w->cases[dice(w->n_cases)].service_key,
                                      .from_us = dice(4) ? 0 : cx->now_us + (int64_t)(dice(3)) * DAY_US - DAY_US};
        int64_t id;
        if (dice(3) == 0)
            m.until_us = opt_int((m.from_us ? m.from_us : cx->now_us) + (int64_t)dice(5) * HOUR_US + HOUR_US);
        cx->who = &giver;
        if (m.holder_id == giver.party_id)
            continue;
        assert_ok(cx, party_mandate_give(cx, &m, &id));
        if (dice(4) == 0)
            assert_ok(cx, party_mandate_withdraw(cx, id));
    }
    house_later(cx, 2 * HOUR_US); /* some of them are over */
}

static enum err write_letters(struct cx *cx, void *ctx)
{
    enum err e = q_fault_protect(cx);
    if (!e)
        e = q_fault_letters_begin(cx, *(int64_t *)ctx, cx->now_us);
    return e ? e : q_fault_letters_to_print(cx, cx->now_us);
}

static void become(struct cx *cx, const struct world *w)
{
    struct who *who = arena_new_of(cx->arena, struct who);
    int64_t *units = arena_array(cx->arena, int64_t, 3);
    size_t n = 1 + dice(3);
    int64_t person = w->people[dice(w->n_people)].id;
    for (size_t i = 0; i < n; i++)
        units[i] = w->units[dice(w->n_units)].id;
    if (dice(2))
        *who = (struct who){.kind = WHO_PARTY, .party_id = person, .assurance = ASSURANCE_HIGH};
    else
        *who = (struct who){.kind = WHO_EMPLOYEE,
                            .employee_id = w->employee_id,
                            .party_id = dice(5) ? person : 0,
                            .roles = (unsigned)(1 + dice(127)),
                            .unit_ids = units,
                            .n_units = n,
                            .acting_unit_id = units[0]};
    cx->who = who;
}

/* ---- what a user does ---- */

static void ask_for_cases(struct cx *cx, const struct world *w)
{
    for (int i = 0; i < PAIRS; i++) {
        const struct q_fault_cases *c = &w->cases[dice(w->n_cases)];
        bool may;
        assert_ok(cx, viewer_sees(cx, c->id, &may));
        if (may != may_see(cx, w, c))
            fail_msg("get says %d, the model %d, of %.*s", may, !may, STR_ARG(c->no));
    }
}

static enum err open_case(struct cx *cx, int64_t id, struct casefile_view *v)
{
    if (cx->who->kind == WHO_PARTY)
        return casefile_open_as_party(cx, id, v);
    return casefile_open_as_employee(cx, str_fmt(cx->arena, "%lld", (long long)id), S("prøve"), v);
}

/* What is listed can be got, but for what the list itself shows as withheld: an application with a protected address.
 */
static void get_document(struct cx *cx, const struct q_fault_cases *c, const struct casefile_view *v,
                         const struct record_document *listed)
{
    struct record_document d;
    bool masked;
    assert_ok(cx, casefile_document_masked(cx, v, listed, &masked));
    if (!masked) {
        assert_ok(cx, casefile_document(cx, v, listed->id, &d));
        return;
    }
    assert_true(c->protected && !auth_has(cx->who, ROLE_PROTECTED) && cx->who->party_id != c->party_id.v);
    assert_err(cx, casefile_document(cx, v, listed->id, &d), ERR_PROTECTED);
}

/* The whole get, its documents and its export: nothing of another case comes through the door of this one. */
static void open_cases(struct cx *cx, const struct world *w)
{
    for (int i = 0; i < OPENED; i++) {
        const struct q_fault_cases *c = &w->cases[dice(w->n_cases)], *other = &w->cases[dice(w->n_cases)];
        struct casefile_view v;
        struct record_documents own;
        struct record_document d;
        struct str json;
        enum err e = open_case(cx, c->id, &v);
        assert_true((e == ERR_OK) == may_see(cx, w, c));
        if (e || c == other)
            continue;
        assert_ok(cx, casefile_documents(cx, &v, &own));
        for (size_t k = 0; k < own.rows.n; k++)
            get_document(cx, c, &v, &own.rows.p[k]);
        assert_err(cx, casefile_document(cx, &v, other->id, &d), ERR_NOT_FOUND); /* the demo's documents have the
                                                                                     numbers of their cases */
        assert_ok(cx, casefile_export(cx, &v, &json));
        assert_true(str_find(json, c->no, 0) < json.n);
        assert_false(str_find(json, other->no, 0) < json.n);
    }
}

static void list_as_person(struct cx *cx, const struct world *w)
{
    struct casefile_rows rows;
    size_t may = 0;
    assert_ok(cx, casefile_mine(cx, S(""), 200, &rows));
    assert_within(cx, w, &rows);
    for (size_t i = 0; i < w->n_cases; i++)
        may += may_see(cx, w, &w->cases[i]);
    if (!rows.next.n)
        assert_int_equal(rows.rows.n, may); /* and it shows all of it */
}

static struct str something_to_search(struct cx *cx, const struct world *w)
{
    struct str name = w->people[dice(w->n_people)].name, no = w->cases[dice(w->n_cases)].no;
    switch (dice(5)) {
    case 0:
        return str_slice(no, 0, 5 + dice(no.n - 4));
    case 1:
        return str_slice(name, 0, 1);
    case 2:
        return name;
    case 3:
        return S("an");
    default:
        return str_cat(cx->arena, S("ansøgning "), str_slice(name, 0, 2));
    }
}

static void list_as_employee(struct cx *cx, const struct world *w)
{
    struct casefile_rows rows;
    struct casefile_counts counts;
    struct casefile_queue_query q = {.scope = dice(2) ? CASEFILE_ALL_UNITS : CASEFILE_UNIT, .limit = 100};
    int64_t open = 0;
    do { /* two pages of it */
        assert_ok(cx, casefile_queue(cx, &q, &rows));
        assert_within(cx, w, &rows);
        q.after = q.after.n ? S("") : rows.next;
    } while (q.after.n);
    q = (struct casefile_queue_query){.scope = CASEFILE_MINE, .limit = 100};
    assert_ok(cx, casefile_queue(cx, &q, &rows));
    assert_within(cx, w, &rows);
    for (int i = 0; i < 2; i++) {
        assert_ok(cx, casefile_search(cx, something_to_search(cx, w), &rows));
        assert_within(cx, w, &rows);
    }
    struct who one_unit = *cx->who;
    const struct who *all = cx->who;
    one_unit.unit_ids = &one_unit.acting_unit_id;
    one_unit.n_units = 1;
    assert_ok(cx, casefile_counts(cx, &counts));
    cx->who = &one_unit;
    for (size_t i = 0; i < w->n_cases; i++)
        open += may_see(cx, w, &w->cases[i]) && in_units(cx, w, &w->cases[i], true);
    cx->who = all;
    if (counts.open <= CASEFILE_COUNT_MAX)
        assert_int_equal(counts.open, open);
    else
        assert_true(open > CASEFILE_COUNT_MAX - 10);
}

/* Letters for the printer: all of those cases, but the protected ones only with the right to see their address. */
static void list_for_the_printer(struct cx *cx, const struct world *w)
{
    struct letter_print_rows rows;
    size_t may = 0, hidden = 0;
    assert_ok(cx, letter_print_waiting(cx, &rows));
    for (size_t i = 0; i < rows.rows.n; i++)
        assert_true(may_see(cx, w, case_of(w, rows.rows.p[i].casefile_id)));
    for (size_t i = 0; i < w->n_letters; i++) {
        bool seen = may_see(cx, w, case_of(w, w->letters[i].casefile_id));
        bool open = !w->letters[i].protected || auth_has(cx->who, ROLE_PROTECTED);
        may += seen && open;
        hidden += seen && !open;
    }
    assert_int_equal(rows.n_protected, hidden);
    if (!rows.more)
        assert_int_equal(rows.rows.n, may);
}

static size_t pile_of(const struct cx *cx, const struct world *w, int64_t unit_id, int64_t employee_id)
{
    size_t n = 0;
    for (size_t i = 0; i < w->n_tasks; i++)
        n += w->tasks[i].open && w->tasks[i].unit_id == unit_id && w->tasks[i].employee_id == employee_id &&
             may_see(cx, w, case_of(w, w->tasks[i].casefile_id));
    return n;
}

/* What a leader may hand over, and how many each colleague has. */
static void list_as_leader(struct cx *cx, const struct world *w)
{
    struct casefile_members team, again;
    struct casefile_moves pile;
    int64_t unit = cx->who->acting_unit_id;
    if (!auth_has(cx->who, ROLE_LEADER)) {
        assert_err(cx, casefile_team(cx, unit, &team), ERR_FORBIDDEN);
        assert_err(cx, casefile_pile(cx, unit, 0, &again, &pile), ERR_FORBIDDEN);
        return;
    }
    assert_ok(cx, casefile_team(cx, unit, &team));
    for (size_t i = 0; i < team.rows.n; i++) {
        const struct casefile_member *m = &team.rows.p[i];
        size_t has = pile_of(cx, w, unit, m->employee_id);
        assert_ok(cx, casefile_pile(cx, unit, m->employee_id, &again, &pile));
        for (size_t k = 0; k < pile.rows.n; k++)
            assert_true(may_see(cx, w, case_of(w, pile.rows.p[k].casefile_id)));
        if (!pile.more)
            assert_int_equal(pile.rows.n, has);
        if (m->open <= CASEFILE_COUNT_MAX)
            assert_int_equal(m->open, has);
    }
}

/* How the applications of her units came: her own are in no number. */
static void count_channels(struct cx *cx, const struct world *w)
{
    struct casefile_units units = {0};
    struct casefile_channel_rows rows;
    int64_t counted = 0, may = 0;
    if (!auth_has(cx->who, ROLE_LEADER | ROLE_ADMIN)) {
        assert_err(cx, casefile_channels(cx, 2026, &rows), ERR_FORBIDDEN);
        return;
    }
    if (auth_has(cx->who, ROLE_ADMIN))
        assert_ok(cx, auth_units(cx, &units.rows.p, &units.rows.n));
    else
        assert_ok(cx, casefile_leader_units(cx, &units));
    for (int year = FIRST_YEAR; year <= LAST_YEAR; year++) {
        assert_ok(cx, casefile_channels(cx, year, &rows));
        counted += rows.all.n[0];
    }
    for (size_t i = 0; i < w->n_cases; i++)
        for (size_t k = 0; k < units.rows.n; k++)
            may += units.rows.p[k].id == w->cases[i].unit_id && !as_person(cx, w, &w->cases[i], cx->who->party_id);
    assert_int_equal(counted, may);
}

static void lists_show_only_what_get_shows(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct world w;
    struct auth_employee bo;
    size_t sees = 0;
    test_cx_once(cx);
    assert_ok(cx, casefile_demo_fill(cx, CASES, 0));
    assert_ok(cx, auth_employee_by_key(cx, S("bo"), &bo));
    assert_ok(cx, db_write(cx, write_letters, &bo.id));
    assert_ok(cx, q_fault_cases(cx, &w.cases, &w.n_cases));
    assert_ok(cx, q_fault_people(cx, &w.people, &w.n_people));
    give_mandates(cx, &w);
    house_system(cx);
    assert_ok(cx, q_fault_mandates(cx, &w.mandates, &w.n_mandates));
    assert_ok(cx, q_fault_tasks(cx, &w.tasks, &w.n_tasks));
    assert_ok(cx, auth_units(cx, &w.units, &w.n_units));
    w.employee_id = bo.id;
    assert_ok(cx, q_fault_letters(cx, &w.letters, &w.n_letters));
    assert_true(w.n_cases >= CASES && w.n_people > 500 && w.n_mandates > 250 && w.n_tasks >= w.n_cases &&
                w.n_letters > 50);
    for (int i = 0; i < USERS; i++) {
        struct arena_mark mark = arena_mark(cx->arena);
        house_later(cx, 1000);
        become(cx, &w);
        ask_for_cases(cx, &w);
        open_cases(cx, &w);
        if (cx->who->kind == WHO_PARTY)
            list_as_person(cx, &w);
        else {
            list_as_employee(cx, &w);
            list_for_the_printer(cx, &w);
            list_as_leader(cx, &w);
            count_channels(cx, &w);
        }
        sees += may_see(cx, &w, &w.cases[dice(w.n_cases)]);
        assert_ok(cx, access_commit(cx));
        house_system(cx);
        arena_reset(cx->arena, mark);
    }
    assert_true(sees > USERS / 50); /* the users were not all blind */
    house_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lists_show_only_what_get_shows)};
    return test_each_engine("known-faults", tests);
}
