/* A search for nearly everything costs no more than a search for something.

   Origin: uncontrolled resource consumption by query (CWE-400): one letter in the search field, or a common word, reads
   the whole register, for a user who may see none of it too; a lunch break of such searches stops everybody else.

   No clock is asked: what the engine read is counted (steps of the statement in SQLite, rows and entries of indexes in
   PostgreSQL), in a house with 2 200 case files and in one with 6 600, where every case file and every person has the
   same word. */
#include "casefile/house.h"

#include <sqlite3.h>
#include <stdlib.h>

#include "access/access.h"
#include "casefile/casefile_internal.h"
#include "db/engine.h"
#include "known_faults_store.h"

enum { FEW = 2200, MANY = 6600 };

struct looking {
    struct str q;
    struct casefile_rows rows;
    int64_t cost;
};

/* Steps of all statements that this connection has prepared, since they were last asked. */
static int64_t steps(struct cx *cx)
{
    int64_t n = 0;
    for (sqlite3_stmt *s = NULL; (s = sqlite3_next_stmt(cx->conn->handle, s));)
        n += sqlite3_stmt_status(s, SQLITE_STMTSTATUS_VM_STEP, 1);
    return n;
}

static enum err look(struct cx *cx, void *ctx)
{
    struct looking *l = ctx;
    struct q_fault_rows_read before, after;
    bool postgres = db_is_postgres(cx);
    enum err e = postgres ? q_fault_rows_read(cx, &before) : ERR_OK;
    if (!postgres)
        steps(cx);
    if (!e)
        e = casefile_search(cx, l->q, &l->rows);
    if (!e && postgres)
        e = q_fault_rows_read(cx, &after);
    if (!e)
        l->cost = postgres ? after.n - before.n : steps(cx);
    return e;
}

static const char *const broad[] = {"overalt", "overal", "o", "overalt overal", "overalt o", "2026-", "2026-0"};
enum { BROAD = sizeof broad / sizeof *broad };

enum { MUCH, NOTHING, WHO };

/* Carl, whose unit has much of it; and an employee of a unit that has nothing. */
static void become(struct cx *cx, int who)
{
    struct auth_unit unit;
    int64_t *id = arena_new_of(cx->arena, int64_t);
    house_employee(cx, "carl");
    if (who == MUCH)
        return;
    assert_ok(cx, auth_unit_by_key(cx, S("databeskyttelse"), &unit));
    struct who *w = arena_new_of(cx->arena, struct who);
    *id = unit.id;
    *w = *cx->who;
    w->unit_ids = id;
    w->n_units = 1;
    w->acting_unit_id = unit.id;
    cx->who = w;
}

static void measure(struct cx *cx, int64_t cost[WHO][BROAD], size_t found[WHO][BROAD])
{
    for (int p = 0; p < WHO; p++) {
        become(cx, p);
        for (size_t i = 0; i < BROAD; i++) {
            struct looking l = {.q = str_of(broad[i])};
            assert_ok(cx, db_read(cx, look, &l)); /* prepares, plans */
            assert_ok(cx, db_read(cx, look, &l));
            assert_true(l.cost > 0);
            cost[p][i] = l.cost;
            found[p][i] = l.rows.rows.n;
            assert_true(l.rows.rows.n <= CASEFILE_SEARCH_MAX);
        }
    }
    assert_ok(cx, access_commit(cx));
    house_system(cx);
}

static enum err add_words(struct cx *cx, void *ctx)
{
    (void)ctx;
    enum err e = q_fault_word_of_all(cx, S("overalt"));
    return e ? e : q_fault_word_of_all(cx, S("overalts"));
}

static void fill(struct cx *cx, int64_t n)
{
    test_cx_once(cx);
    assert_ok(cx, casefile_demo_fill(cx, n, 0));
    assert_ok(cx, db_write(cx, add_words, NULL));
    assert_ok(cx, q_fault_vacuum(cx)); /* or its daemon may come to one house and not to the other */
}

static void very_broad_searches_stay_cheap(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t few[WHO][BROAD], many[WHO][BROAD];
    size_t found[WHO][BROAD];
    bool dear = false;
    fill(cx, FEW);
    measure(cx, few, found);
    house_free(cx);
    cx = house_new();
    fill(cx, MANY);
    measure(cx, many, found);
    /* Whether a little fills the page is luck; the stranger goes the whole way, in the small house too. */
    for (int p = 0; p < WHO; p++)
        for (size_t i = 0; i < BROAD; i++) {
            int64_t bound = few[MUCH][i] > few[NOTHING][i] ? few[MUCH][i] : few[NOTHING][i];
            if (many[p][i] > bound + bound / 4 + 2000) {
                print_error("%s searches \"%s\" and finds %zu: at most %lld with %d case files, %lld with %d\n",
                            p == MUCH ? "Carl" : "a stranger", broad[i], found[p][i], (long long)bound, FEW,
                            (long long)many[p][i], MANY);
                dear = true;
            }
        }
    assert_false(dear);
    assert_true(found[MUCH][0] > 10 && found[NOTHING][0] == 0);
    house_free(cx);
}

static enum err name_one(struct cx *cx, void *ctx)
{
    return q_fault_word_of_one(cx, *(const int64_t *)ctx, S("unik"));
}

static enum err name_cases(struct cx *cx, void *ctx)
{
    (void)ctx;
    return q_fault_word_of_cases(cx, S("sagsord"));
}

/* Of what has a word, the newest are shown: some of those that others handle are newer, not many. */
static void a_full_page_begins_with_the_newest(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct casefile_rows rows;
    struct q_fault_newer newer;
    fill(cx, FEW);
    assert_ok(cx, db_write(cx, name_cases, NULL));
    become(cx, MUCH);
    assert_ok(cx, casefile_search(cx, S("sagsord"), &rows));
    assert_true(rows.more && rows.rows.n == CASEFILE_SEARCH_MAX);
    for (size_t i = 1; i < rows.rows.n; i++)
        assert_true(rows.rows.p[i].received_us <= rows.rows.p[i - 1].received_us);
    assert_ok(cx, q_fault_newer(cx, rows.rows.p[0].received_us, &newer));
    assert_true(newer.n < 10);
    house_free(cx);
}

/* What was not looked at is said; and the rarest word leads, so that a common one beside it hides nothing. */
static void what_is_left_out_is_said(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct casefile_rows rows;
    fill(cx, FEW);
    become(cx, NOTHING);
    assert_ok(cx, casefile_search(cx, S("overalt"), &rows));
    assert_true(rows.cut && !rows.more && rows.rows.n == 0);
    assert_ok(cx, casefile_search(cx, S("2026-"), &rows));
    assert_true(rows.cut && rows.rows.n == 0);
    assert_ok(cx, casefile_search(cx, S("findesikke"), &rows));
    assert_false(rows.cut);
    house_employee(cx, "bo");
    assert_ok(cx, casefile_queue(cx, &(struct casefile_queue_query){.scope = CASEFILE_UNIT, .limit = 100}, &rows));
    int64_t one = rows.rows.p[99].id;
    assert_ok(cx, db_write(cx, name_one, &one));
    assert_ok(cx, casefile_search(cx, S("overalt unik"), &rows));
    assert_int_equal(rows.rows.n, 1);
    assert_int_equal(rows.rows.p[0].id, one);
    assert_false(rows.cut);
    house_free(cx);
}

enum { HERS = 2100, MARKED = 40 };

struct marking {
    int64_t party_id;
    const struct q_fault_cases_of *cases;
    size_t n;
};
static enum err mark(struct cx *cx, void *ctx)
{
    const struct marking *m = ctx;
    enum err e = q_fault_word_of_party(cx, m->party_id, S("alene"));
    for (size_t i = 0; !e && i < MARKED; i++) /* from the oldest to the newest */
        e = q_fault_word_of_one(cx, m->cases[i * (m->n - 1) / (MARKED - 1)].id, S("tilfaelde"));
    return e;
}

/* The word in the fewest places is not always the one that finds the least: one person may have very many case files.
 */
static void one_person_with_many_hides_nothing(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct casefile_rows rows;
    struct auth_unit unit;
    struct q_fault_cases_of *cases;
    struct marking m = {0};
    test_cx_once(cx);
    assert_ok(cx, casefile_demo_fill(cx, HERS + 200, HERS));
    assert_ok(cx, party_by_idno(cx, cx->muni->people.p[0].idno, &m.party_id));
    assert_ok(cx, auth_unit_by_key(cx, S("hjaelpemidler"), &unit));
    assert_ok(cx, q_fault_cases_of(cx, m.party_id, unit.id, &cases, &m.n));
    assert_true(m.n > 2 * MARKED);
    m.cases = cases;
    assert_ok(cx, db_write(cx, mark, &m));
    house_employee(cx, "bo");
    assert_ok(cx, casefile_search(cx, S("alene tilfaelde"), &rows));
    assert_int_equal(rows.rows.n, MARKED);
    assert_false(rows.cut);
    assert_ok(cx, casefile_search(cx, S("alene findesikke"), &rows));
    assert_true(rows.rows.n == 0 && !rows.cut);
    house_free(cx);
}

enum { NAMED = 60, ASKED = 100 };

/* Whether one of the first n case files is of this person. */
static bool is_among(const struct casefile_rows *r, size_t n, int64_t party_id)
{
    for (size_t i = 0; i < n; i++)
        if (r->rows.p[i].party_id == party_id)
            return true;
    return false;
}

static enum err name_people(struct cx *cx, void *ctx)
{
    const struct casefile_rows *r = ctx;
    enum err e = ERR_OK;
    for (size_t i = 0; !e && i < r->rows.n; i++)
        if (i >= NAMED)
            e = q_fault_word_of_one(cx, r->rows.p[i].id, S("hedder"));
        else if (!is_among(r, i, r->rows.p[i].party_id))
            e = q_fault_word_of_party(cx, r->rows.p[i].party_id, S("hedder"));
    return e;
}

/* A small house, with Bo at its desk; *asked: what waits there. */
static struct cx *house_of_bo(struct casefile_rows *asked)
{
    struct cx *cx = house_new();
    fill(cx, FEW);
    house_employee(cx, "bo");
    assert_ok(cx, casefile_queue(cx, &(struct casefile_queue_query){.scope = CASEFILE_UNIT, .limit = ASKED}, asked));
    assert_int_equal(asked->rows.n, ASKED);
    return cx;
}

/* Two words that are the names of enough people find those people, not the cases in whose text one of them stands. */
static void people_of_that_name_come_first(void **state)
{
    (void)state;
    struct casefile_rows asked, rows;
    struct cx *cx = house_of_bo(&asked);
    assert_ok(cx, db_write(cx, name_people, &asked));
    assert_ok(cx, casefile_search(cx, S("overalt hedder"), &rows));
    assert_true(rows.more && rows.rows.n == CASEFILE_SEARCH_MAX);
    for (size_t i = 0; i < rows.rows.n; i++)
        assert_true(is_among(&asked, NAMED, rows.rows.p[i].party_id));
    house_free(cx);
}

enum { SPOKEN_OF = 10 };

/* The oldest, and case files of others in which that person's name stands. */
static enum err speak_of(struct cx *cx, void *ctx)
{
    const struct casefile_row *rows = ctx;
    struct str words = text_fold(cx->arena, rows[0].party_name), word;
    enum err e = ERR_OK;
    while (!e && str_cut(&words, ' ', &word))
        for (size_t i = 1, n = 0; !e && i < ASKED && n < SPOKEN_OF; i++)
            if (!str_eq(rows[i].party_name, rows[0].party_name) && ++n)
                e = q_fault_word_of_one(cx, rows[i].id, word);
    return e;
}

static int oldest_first(const void *a, const void *b)
{
    const struct casefile_row *x = a, *y = b;
    return x->received_us < y->received_us ? -1 : x->received_us > y->received_us;
}

/* Who types a name sees the case files of whoever is called so, then newer ones that only speak of somebody. */
static void whose_name_it_is_stands_first(void **state)
{
    (void)state;
    struct casefile_rows asked, rows;
    struct cx *cx = house_of_bo(&asked);
    qsort(asked.rows.p, ASKED, sizeof *asked.rows.p, oldest_first);
    struct str name = asked.rows.p[0].party_name;
    assert_ok(cx, db_write(cx, speak_of, asked.rows.p));
    assert_ok(cx, casefile_search(cx, name, &rows));
    size_t n_named = 0, n_newer = 0;
    while (n_named < rows.rows.n && str_eq(rows.rows.p[n_named].party_name, name))
        n_named++;
    for (size_t i = n_named; i < rows.rows.n; i++) {
        assert_false(str_eq(rows.rows.p[i].party_name, name));
        n_newer += rows.rows.p[i].received_us > rows.rows.p[n_named - 1].received_us;
    }
    assert_true(n_named && n_newer);
    assert_true(rows.rows.n >= n_named + SPOKEN_OF);
    house_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(very_broad_searches_stay_cheap), cmocka_unit_test(a_full_page_begins_with_the_newest),
        cmocka_unit_test(what_is_left_out_is_said),       cmocka_unit_test(one_person_with_many_hides_nothing),
        cmocka_unit_test(people_of_that_name_come_first), cmocka_unit_test(whose_name_it_is_stands_first)};
    return test_each_engine("known-faults", tests);
}
