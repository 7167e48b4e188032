/* The Noark API inside: what a list gives is what a get gives, and no more; law 8 in the store; times. */
#include "../casefile/house.h"

#include <stdlib.h>

#include "attack_store.h"
#include "auth/auth.h"
#include "noark/noark_internal.h"

enum { UNITS = 4, ITEMS = 240, CASES = 1500 /* more: INDGANG_CASES */ };

static uint64_t seed_state;
static uint64_t any(uint64_t below)
{
    seed_state = seed_state * 6364136223846793005u + 1442695040888963407u;
    return (seed_state >> 33) % below;
}

struct world {
    struct cx *cx;
    int64_t units[UNITS], items[ITEMS], item_unit[ITEMS], item_case[ITEMS];
    int item_type[ITEMS];
    int64_t casefiles[3];
};

static const char *const makes[] = {"mappe", "saksmappe", "registrering", "journalpost", "merknad", "partperson"};

static enum err fill_world(struct cx *cx, void *ctx)
{
    struct world *w = ctx;
    enum err e = ERR_OK;
    seed_state = 7;
    for (int i = 0; !e && i < ITEMS; i++) {
        const struct noark_type *t = noark_type_of(makes[any(6)]);
        bool in_case = any(4) == 0, below = i > 20 && any(2);
        int parent = below ? (int)any((uint64_t)i) : 0;
        w->items[i] = rand_id();
        w->item_type[i] = t->number;
        w->item_unit[i] = any(9) ? w->units[any(UNITS)] : 0;
        w->item_case[i] = in_case ? w->casefiles[any(3)] : 0;
        struct str title = str_fmt(cx->arena, "Tittel %d", (int)any(5));
        struct str body = str_fmt(cx->arena, "{\"tittel\":\"%.*s\",\"navn\":\"Navn %d\",\"beskrivelse\":\"b\"}",
                                  STR_ARG(title), (int)any(3));
        e = q_noark_item_insert(cx, &(struct q_noark_item_insert_in){
                                        .id = w->items[i],
                                        .type = t->number,
                                        .parent_id = below ? opt_int(w->items[parent]) : (struct opt_int){0},
                                        .parent_type = below ? opt_int(w->item_type[parent]) : (struct opt_int){0},
                                        .unit_id = w->item_unit[i],
                                        .casefile_id = in_case ? opt_int(w->item_case[i]) : (struct opt_int){0},
                                        .title = title,
                                        .body = body,
                                        .now_us = cx->now_us + i});
    }
    return e;
}

static void make_world(struct world *w)
{
    static const char *const keys[UNITS] = {"borgerservice", "sundhed", "hjaelpemidler", ""};
    struct auth_unit *units;
    size_t n;
    w->cx = house_new();
    w->casefiles[0] = house_apply(w->cx, "anna", "stok", NULL);
    w->casefiles[1] = house_apply(w->cx, "dagny", "stok", "badebaenk");
    w->casefiles[2] = house_apply(w->cx, "anna", "badebaenk", NULL);
    house_system(w->cx);
    assert_ok(w->cx, auth_units(w->cx, &units, &n));
    assert_true(n >= UNITS);
    for (int i = 0; i < UNITS; i++) {
        struct auth_unit u = units[i];
        if (keys[i][0])
            assert_ok(w->cx, auth_unit_by_key(w->cx, str_of(keys[i]), &u));
        w->units[i] = u.id;
    }
    assert_ok(w->cx, db_write(w->cx, fill_world, w));
}

/* Someone of some of the units. */
static const struct who *anyone(struct world *w)
{
    struct who *who = arena_new_of(w->cx->arena, struct who);
    int64_t *ids = arena_array(w->cx->arena, int64_t, UNITS);
    for (int i = 0; i < UNITS; i++)
        if (any(3) == 0)
            ids[who->n_units++] = w->units[i];
    who->kind = any(12) ? WHO_EMPLOYEE : WHO_NOBODY;
    who->unit_ids = ids;
    return who;
}

static bool in_units(const struct who *who, int64_t unit)
{
    for (size_t i = 0; i < who->n_units; i++)
        if (who->unit_ids[i] == unit)
            return true;
    return false;
}

/* Who may see an item, said once more in C: everybody's, of one's own unit, or of a case file that law 7 opens. */
static bool expected(struct world *w, int i)
{
    const struct who *who = w->cx->who;
    if (!w->item_case[i])
        return w->item_unit[i] == 0 || (who->kind == WHO_EMPLOYEE && in_units(who, w->item_unit[i]));
    return who->kind == WHO_EMPLOYEE && in_units(who, w->units[2]); /* the applications lie with the aids team */
}

static const char *const filters[] = {"",
                                      "tittel eq 'Tittel 1'",
                                      "tittel ne 'Tittel 2' or beskrivelse eq 'b'",
                                      "not (tittel eq 'Tittel 3')",
                                      "contains(tittel, '4') or tittel gt 'Tittel 1'",
                                      "part/navn eq 'Navn 1'",
                                      "registrering/tittel ne null",
                                      "not merknad/any()",
                                      "systemID ne 'x'",
                                      "undermappe/any(u: u/tittel eq 'Tittel 1' or not (u/tittel eq 'x'))"};

static struct odata any_query(void)
{
    static const char *const orders[] = {"", "tittel", "tittel desc, opprettetDato"};
    return (struct odata){.filter = str_of(filters[any(10)]),
                          .orderby = str_of(orders[any(3)]),
                          .search = any(6) ? S("") : S("proeve"),
                          .top = (int64_t)any(60),
                          .skip = (int64_t)any(8),
                          .count = any(2)};
}

static const char *const lists[] = {
    "mappe",  "saksmappe", "registrering",        "journalpost",    "merknad",  "part",
    "klasse", "arkiv",     "dokumentbeskrivelse", "dokumentobjekt", "arkivdel", "korrespondansepart"};

static bool fits(const struct noark_type *t, int number)
{
    return noark_is_a(noark_type_numbered(number), t);
}

/* Everything there is of the type that a get gives: of the items by the oracle, of the house by asking. */
static int64_t most(struct world *w, const struct noark_type *t)
{
    int64_t n = 0;
    for (int i = 0; i < ITEMS; i++)
        n += fits(t, w->item_type[i]) && expected(w, i);
    return n;
}

static void one_case(struct world *w)
{
    const struct noark_type *t = noark_type_of(lists[any(12)]);
    struct odata q = any_query();
    struct scope s = {.type = t};
    struct nodes nodes;
    w->cx->who = anyone(w);
    if (any(3) == 0)
        s.parent_id = w->items[any(ITEMS)]; /* what $expand and a relation ask */
    if (noark_attr_named(t, S("tittel")) == NULL)
        q.orderby = S("");
    enum err e = odata_list(w->cx, &s, &q, &nodes);
    if (e == ERR_BAD_REQUEST) /* the type has no such attribute */
        return;
    assert_ok(w->cx, e);
    int64_t of_house = 0;
    for (size_t i = 0; i < nodes.rows.n; i++) {
        const struct node *node = &nodes.rows.p[i];
        struct node got;
        assert_ok(w->cx, node_get_id(w->cx, node->t, node->r.id, &got));
        assert_int_equal(got.r.id, node->r.id);
        of_house += node->r.house;
        for (int k = 0; !node->r.house && k < ITEMS; k++)
            if (w->items[k] == node->r.id)
                assert_true(expected(w, k));
    }
    if (!of_house && q.top > 0 && w->cx->who->kind == WHO_NOBODY)
        assert_true(nodes.count <= most(w, t));
}

/* Without a filter the list is exactly what may be seen: nothing leaks, nothing is lost, and the count says so. */
static void whole_list(struct world *w)
{
    const struct noark_type *t = noark_type_of(makes[any(6)]);
    struct odata q = {.top = NOARK_PAGE_MAX, .count = true};
    struct nodes nodes;
    int64_t items = 0;
    w->cx->who = anyone(w);
    assert_ok(w->cx, odata_list(w->cx, &(struct scope){.type = t}, &q, &nodes));
    for (size_t i = 0; i < nodes.rows.n; i++)
        items += !nodes.rows.p[i].r.house;
    assert_int_equal(items, most(w, t));
    assert_int_equal(nodes.count, nodes.rows.n);
    for (int i = 0; i < ITEMS; i++) {
        struct node got;
        enum err e = node_get_id(w->cx, noark_type_numbered(w->item_type[i]), w->items[i], &got);
        assert_int_equal(e, expected(w, i) ? ERR_OK : ERR_NOT_FOUND);
        if (any(8))
            break;
    }
}

static void a_list_gives_no_more_than_a_get(void **state)
{
    (void)state;
    struct world w;
    make_world(&w);
    const char *wanted = getenv("INDGANG_CASES");
    long n = wanted ? atol(wanted) : CASES;
    struct arena_mark mark = arena_mark(w.cx->arena);
    for (long i = 0; i < n; i++) {
        if (i % 10)
            one_case(&w);
        else
            whole_list(&w);
        w.cx->who = auth_system();
        arena_reset(w.cx->arena, mark);
    }
    house_free(w.cx);
}

/* ---- law 8, below the API ---- */

static int64_t finished_id, numbered_id;

static enum err make_finished(struct cx *cx, void *ctx)
{
    (void)ctx;
    finished_id = rand_id();
    numbered_id = rand_id();
    struct q_noark_item_insert_in in = {.id = finished_id,
                                        .type = noark_type_of("journalpost")->number,
                                        .body = S("{\"tittel\":\"a\"}"),
                                        .title = S("a"),
                                        .finished_us = opt_int(cx->now_us),
                                        .final = true,
                                        .now_us = cx->now_us};
    enum err e = q_noark_item_insert(cx, &in);
    in.id = numbered_id;
    in.final = false;
    in.finished_us = (struct opt_int){0};
    if (!e)
        e = q_noark_item_insert(cx, &in);
    return e ? e : q_noark_item_number(cx, numbered_id, 2, opt_int(2026), opt_int(1), S("{}"));
}

static enum err change_it(struct cx *cx, void *ctx)
{
    int64_t n;
    (void)ctx;
    return q_noark_item_update(cx,
                               &(struct q_noark_item_update_in){.id = finished_id,
                                                                .version = 1,
                                                                .type = noark_type_of("journalpost")->number,
                                                                .title = S("b"),
                                                                .body = S("{\"tittel\":\"b\"}"),
                                                                .finished_us = opt_int(cx->now_us),
                                                                .final = true,
                                                                .now_us = cx->now_us},
                               &n);
}

static enum err empty_it(struct cx *cx, void *ctx)
{
    int64_t n;
    (void)ctx;
    return q_noark_item_empty(cx, finished_id, 1, cx->now_us, &n);
}

static enum err add_to_it(struct cx *cx, void *ctx)
{
    (void)ctx;
    return q_noark_item_insert(cx,
                               &(struct q_noark_item_insert_in){.id = rand_id(),
                                                                .type = noark_type_of("dokumentbeskrivelse")->number,
                                                                .parent_id = opt_int(finished_id),
                                                                .parent_type = opt_int(34),
                                                                .body = S("{}"),
                                                                .now_us = cx->now_us});
}

static enum err number_again(struct cx *cx, void *ctx)
{
    (void)ctx;
    return q_noark_item_number(cx, numbered_id, 2, opt_int(2026), opt_int(2), S("{}"));
}

/* A document out of a finished registration, and one into it: past every rule of the API. */
struct moved {
    int64_t from, to;
};

static enum err move_it(struct cx *cx, void *ctx)
{
    const struct moved *m = ctx;
    int64_t n, id = rand_id();
    enum err e = q_noark_item_insert(cx, &(struct q_noark_item_insert_in){.id = id,
                                                                          .type = 17, /* a remark may hang there */
                                                                          .parent_id = opt_int(m->from),
                                                                          .parent_type = opt_int(34),
                                                                          .body = S("{}"),
                                                                          .now_us = cx->now_us});
    return e ? e
             : q_noark_item_update(cx,
                                   &(struct q_noark_item_update_in){.id = id,
                                                                    .version = 1,
                                                                    .type = 17,
                                                                    .parent_id = opt_int(m->to),
                                                                    .parent_type = opt_int(34),
                                                                    .body = S("{}"),
                                                                    .now_us = cx->now_us},
                                   &n);
}

static enum err take_away(struct cx *cx, void *ctx)
{
    return q_attack_noark_delete(cx, *(const int64_t *)ctx);
}

static void the_store_keeps_what_is_finished(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    house_system(cx);
    assert_ok(cx, db_write(cx, make_finished, NULL));
    assert_err(cx, db_write(cx, change_it, NULL), ERR_LAW);
    assert_err(cx, db_write(cx, empty_it, NULL), ERR_LAW);
    assert_err(cx, db_write(cx, add_to_it, NULL), ERR_LAW);
    assert_err(cx, db_write(cx, number_again, NULL), ERR_LAW);
    assert_err(cx, db_write(cx, move_it, &(struct moved){finished_id, numbered_id}), ERR_LAW);
    assert_err(cx, db_write(cx, move_it, &(struct moved){numbered_id, finished_id}), ERR_LAW);
    assert_err(cx, db_write(cx, take_away, &finished_id), ERR_LAW);
    assert_err(cx, db_write(cx, take_away, &numbered_id), ERR_LAW);
    house_free(cx);
}

/* ---- times ---- */

static void times(void **state)
{
    (void)state;
    static const char *const good[] = {"2026-11-23T10:26:00Z", "1997-07-16T19:20+01:00", "1997-07-16T19:20:30.45+01:00",
                                       "1865-02-13T00:00:00+01:00", "2024-02-29T23:59:59.999999-14:00"};
    static const char *const bad[] = {"",
                                      "2026",
                                      "2026-11-23",
                                      "2026-11-23Z",
                                      "2026-11-23T10:26:00",
                                      "2026-02-29T00:00:00Z",
                                      "2026-13-01T00:00:00Z",
                                      "2026-11-23T24:00:00Z",
                                      "2026-11-23T10:60:00Z",
                                      "2026-11-23T10:26:00+15:00",
                                      "2026-11-23T10:26:00Zx",
                                      "2026-11-23 10:26:00Z",
                                      "0000-01-01T00:00:00Z"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(noark_is_time(str_of(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(noark_is_time(str_of(bad[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_gives_no_more_than_a_get),
        cmocka_unit_test(the_store_keeps_what_is_finished),
        cmocka_unit_test(times),
    };
    return test_each_engine("noark", tests);
}
