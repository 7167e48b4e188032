/* The Noark API inside: what a list gives is what a get gives, and no more; law 8 in the store; times. */
#include "../casefile/house.h"

#include <stdlib.h>

#include "access/access.h"
#include "attack_store.h"
#include "auth/auth.h"
#include "http/http_inner.h"
#include "noark/noark_internal.h"
#include "search/search.h"

enum {
    UNITS = 4,
    ITEMS = 260,
    HOUSE = 400,
    CASES = 1500 /* more: INDGANG_CASES */,
    CASES_OF_A_USER = 100,
};

static uint64_t seed_state;
static uint64_t any(uint64_t below)
{
    seed_state = seed_state * 6364136223846793005u + 1442695040888963407u;
    return (seed_state >> 33) % below;
}

/* Something there is, and whether a get of the user gives it. */
struct thing {
    int64_t id;
    const struct noark_type *t;
    int64_t unit;     /* of an item; 0: everybody's */
    int64_t casefile; /* 0: in none */
    bool house, got;
};

struct world {
    struct cx *cx;
    struct api api;
    int64_t units[UNITS], casefiles[3], owners[3], strangers[2];
    struct thing things[ITEMS + HOUSE];
    size_t n;
    long results, searches, expansions, counts, asked; /* of how many a case spoke */
};

static const char *const makes[] = {"mappe",      "saksmappe", "registrering",       "journalpost", "merknad",
                                    "partperson", "klasse",    "endringslogg",       "bruker",      "arkivstatus",
                                    "partenhet",  "saksmappe", "dokumentbeskrivelse"};

static enum err fill_item(struct world *w, int i)
{
    struct cx *cx = w->cx;
    struct thing *it = &w->things[i];
    bool below = i > 20 && any(2);
    const struct thing *parent = &w->things[below ? any((uint64_t)i) : 0];
    *it = (struct thing){.id = rand_id(),
                         .t = noark_type_of(makes[any(sizeof makes / sizeof *makes)]),
                         .unit = any(9) ? w->units[any(UNITS)] : 0,
                         .casefile = any(4) ? 0 : w->casefiles[any(3)]};
    struct str title = str_fmt(cx->arena, "Tittel %d", (int)any(5));
    struct str body = str_fmt(cx->arena, "{\"tittel\":\"%.*s\",\"navn\":\"Navn %d\",\"beskrivelse\":\"b\"}",
                              STR_ARG(title), (int)any(3));
    enum err e = q_noark_item_insert(
        cx, &(struct q_noark_item_insert_in){.id = it->id,
                                             .type = it->t->number,
                                             .parent_id = below ? opt_int(parent->id) : (struct opt_int){0},
                                             .parent_type = below ? opt_int(parent->t->number) : (struct opt_int){0},
                                             .unit_id = it->unit,
                                             .casefile_id = it->casefile ? opt_int(it->casefile) : (struct opt_int){0},
                                             .title = title,
                                             .body = body,
                                             .now_us = cx->now_us + i});
    return e ? e : search_put(cx, S("noark"), it->id, cx->now_us, &title, 1);
}

static enum err fill_world(struct cx *cx, void *ctx)
{
    struct world *w = ctx;
    enum err e = ERR_OK;
    int64_t added;
    seed_state = 7;
    for (int i = 0; !e && i < ITEMS; i++)
        e = fill_item(w, i);
    for (int i = 0; !e && i < ITEMS; i++) /* $ref of all kinds, between any two */
        for (size_t k = 0; !e && k < noark_links_n; k++)
            e = q_noark_reference_add(cx, noark_links[k].kind, w->things[i].id, w->things[any(ITEMS)].id, &added);
    return e;
}

static struct who *machine(struct world *w)
{
    struct who *who = arena_new_of(w->cx->arena, struct who);
    *who = (struct who){.kind = WHO_EMPLOYEE, .unit_ids = w->units, .n_units = UNITS};
    return who;
}

/* What the house has of its own, as a program of every unit sees it. */
static void find_house(struct world *w)
{
    static const char *const types[] = {"arkiv",
                                        "arkivdel",
                                        "klassifikasjonssystem",
                                        "klasse",
                                        "mappe",
                                        "registrering",
                                        "dokumentbeskrivelse",
                                        "dokumentobjekt",
                                        "korrespondansepart"};
    w->cx->who = machine(w);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct odata q = {.top = NOARK_PAGE_MAX};
        struct nodes nodes;
        assert_ok(w->cx, odata_list(w->cx, &(struct scope){.type = noark_type_of(types[i])}, &q, &nodes));
        assert_false(nodes.more);
        for (size_t k = 0; k < nodes.rows.n; k++) {
            const struct q_noark_from_item *r = &nodes.rows.p[k].r;
            if (!r->house)
                continue;
            assert_true(w->n < ITEMS + HOUSE);
            w->things[w->n++] =
                (struct thing){.id = r->id, .t = nodes.rows.p[k].t, .casefile = r->casefile_id.v, .house = true};
        }
    }
    assert_true(w->n > ITEMS + 15);
}

static int by_id(const void *a, const void *b)
{
    const struct thing *x = a, *y = b;
    return x->id != y->id ? (x->id < y->id ? -1 : 1) : x->t->number - y->t->number;
}

static void make_world(struct world *w)
{
    static const char *const keys[UNITS] = {"borgerservice", "sundhed", "hjaelpemidler", ""};
    static const char *const who[] = {"anna", "dagny", "anna"};
    struct auth_unit *units;
    size_t n;
    bool found;
    w->cx = house_new();
    for (int i = 0; i < 3; i++) {
        w->casefiles[i] = house_apply(w->cx, who[i], i ? "badebaenk" : "stok", NULL);
        w->owners[i] = house_party(w->cx, who[i]);
    }
    w->strangers[1] = house_party(w->cx, "oskar");
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
    w->n = ITEMS;
    find_house(w);
    qsort(w->things, w->n, sizeof *w->things, by_id);
    w->api = (struct api){.cx = w->cx, .base = S("http://x/noark5v5/")};
    assert_ok(w->cx, q_noark_fonds(w->cx, &w->api.fonds, &found));
    assert_true(found);
}

/* A program, an employee with any roles who may be a party, or nobody; of some of the units. */
static void anyone(struct world *w)
{
    struct who *who = arena_new_of(w->cx->arena, struct who);
    int64_t *ids = arena_array(w->cx->arena, int64_t, UNITS);
    for (int i = 0; i < UNITS; i++)
        if (any(2) == 0)
            ids[who->n_units++] = w->units[i];
    who->kind = any(12) ? WHO_EMPLOYEE : WHO_NOBODY;
    who->unit_ids = ids;
    if (who->kind == WHO_EMPLOYEE && any(3)) {
        who->employee_id = 5;
        who->roles = (unsigned)any(256);
        who->party_id = any(2) ? w->owners[any(3)] : w->strangers[any(2)];
    }
    w->cx->who = who;
}

static bool in_units(const struct who *who, int64_t unit)
{
    for (size_t i = 0; i < who->n_units; i++)
        if (who->unit_ids[i] == unit)
            return true;
    return false;
}

/* Whose roles open what, said once more. */
static bool opened(const struct who *who, const struct noark_type *t)
{
    unsigned work = ROLE_CASEWORKER | ROLE_LEADER | ROLE_ARCHIVIST;
    if (!who->employee_id || t->is_list)
        return true;
    if (!strcmp(t->name, "endringslogg"))
        return who->roles & (ROLE_LEADER | ROLE_ARCHIVIST | ROLE_DPO);
    if (!strcmp(t->name, "bruker"))
        return who->roles & (ROLE_ARCHIVIST | ROLE_ADMIN);
    return who->roles & work;
}

/* Who may see it, said once more in C: everybody's, of one's own unit, or of a case file that law 7 opens: the
   applications lie with the aids team, and nobody sees their own as an employee. */
static bool expected(const struct world *w, const struct thing *it)
{
    const struct who *who = w->cx->who;
    bool employee = who->kind == WHO_EMPLOYEE, own = false;
    if (!opened(who, it->t))
        return false;
    for (int i = 0; i < 3; i++)
        own |= w->casefiles[i] == it->casefile && who->party_id && w->owners[i] == who->party_id;
    if (it->casefile)
        return employee && in_units(who, w->units[2]) && !own;
    return it->house ? employee : it->unit == 0 || (employee && in_units(who, it->unit));
}

/* Everything there is, asked for one by one. */
static void ask_for_all(struct world *w)
{
    for (size_t i = 0; i < w->n; i++) {
        struct thing *it = &w->things[i];
        struct node got;
        struct arena_mark mark = arena_mark(w->cx->arena);
        enum err e = node_find(w->cx, it->t, it->id, it->house ? NODE_HOUSE : NODE_ITEM, &got);
        it->got = e == ERR_OK;
        if (e != (expected(w, it) ? ERR_OK : ERR_NOT_FOUND))
            fail_msg("get of a %s says %s, the model %s", it->t->name, err_name(e), it->got ? "no" : "yes");
        arena_reset(w->cx->arena, mark);
        w->asked++;
    }
}

static void assert_got(struct world *w, int64_t id, const struct noark_type *t)
{
    struct thing key = {.id = id, .t = t};
    const struct thing *it = bsearch(&key, w->things, w->n, sizeof key, by_id);
    if (!it || !it->got)
        fail_msg("a %s came that a get does not give", t->name);
    w->results++;
}

/* How many of the type a get gives. */
static int64_t most(const struct world *w, const struct noark_type *t)
{
    int64_t n = 0;
    for (size_t i = 0; i < w->n; i++)
        n += w->things[i].got && noark_is_a(w->things[i].t, t);
    return n;
}

static const char *const filters[] = {"",
                                      "",
                                      "tittel eq 'Tittel 1'",
                                      "tittel ne 'Tittel 2' or beskrivelse eq 'b'",
                                      "not (tittel eq 'Tittel 3')",
                                      "contains(tittel, '4') or tittel gt 'Tittel 1'",
                                      "part/navn eq 'Navn 1'",
                                      "registrering/tittel ne null",
                                      "not merknad/any()",
                                      "systemID ne 'x'",
                                      "undermappe/any(u: u/tittel eq 'Tittel 1' or not (u/tittel eq 'x'))"};

static const char *const lists[] = {
    "mappe",          "saksmappe", "registrering", "journalpost",        "merknad",
    "part",           "klasse",    "arkiv",        "endringslogg",       "dokumentbeskrivelse",
    "dokumentobjekt", "arkivdel",  "bruker",       "korrespondansepart", "klassifikasjonssystem",
    "arkivstatus"};

static struct odata any_query(const struct noark_type *t)
{
    static const char *const orders[] = {"", "tittel", "tittel desc, opprettetDato"};
    static const char *const words[] = {"tittel", "3", "Tit", "ansoegning", "ans", "a", "finnesikke"};
    bool titled = noark_attr_named(t, S("tittel")) != NULL;
    return (struct odata){.filter = str_of(filters[any(sizeof filters / sizeof *filters)]),
                          .orderby = str_of(orders[titled ? any(3) : 0]),
                          .search = any(4) ? S("") : str_of(words[any(sizeof words / sizeof *words)]),
                          .top = (int64_t)any(60),
                          .skip = (int64_t)any(8),
                          .count = any(2)};
}

/* A list of a type, of what lies in something, or of what something refers to. */
static struct scope any_scope(const struct world *w)
{
    struct scope s = {.type = noark_type_of(lists[any(sizeof lists / sizeof *lists)])};
    const struct noark_link *link = &noark_links[any(noark_links_n)];
    if (any(5) == 0) {
        s.link = link;
        s.link_end = (int)any(2);
        s.type = &noark_types[link->ends[!s.link_end]];
        s.link_id = w->things[any(w->n)].id;
        s.or_id = any(2) ? w->things[any(w->n)].id : 0;
    } else if (any(3) == 0) {
        s.parent_id = w->things[any(w->n)].id;
        s.also = any(3) ? NULL : link;
    }
    return s;
}

static void a_list(struct world *w)
{
    struct scope s = any_scope(w);
    struct odata q = any_query(s.type);
    struct nodes nodes;
    enum err e = odata_list(w->cx, &s, &q, &nodes);
    if (e == ERR_BAD_REQUEST) /* the type has no such attribute: without the filter then */
        q.filter = S(""), e = odata_list(w->cx, &s, &q, &nodes);
    assert_ok(w->cx, e);
    for (size_t i = 0; i < nodes.rows.n; i++)
        assert_got(w, nodes.rows.p[i].r.id, nodes.rows.p[i].t);
    int64_t may = most(w, s.type);
    int64_t look = q.skip + (q.top > NOARK_COUNT_MAX ? q.top : NOARK_COUNT_MAX);
    assert_true(nodes.count <= may);
    if (!s.parent_id && !s.link && !q.filter.n && !q.search.n &&
        nodes.count != (q.count || may <= look ? may : look + 1))
        fail_msg("%lld counted of %lld, %zu rows, $top %lld, $skip %lld, $count %d, by '%.*s'", (long long)nodes.count,
                 (long long)may, nodes.rows.n, (long long)q.top, (long long)q.skip, q.count, STR_ARG(q.orderby));
    assert_int_equal(nodes.more, nodes.count > q.skip + q.top);
    w->searches += q.search.n > 0;
    w->counts += nodes.count > 0;
}

/* Without a filter the list is exactly what may be seen: nothing leaks, nothing is lost, and the count says so. */
static void a_whole_list(struct world *w)
{
    const struct noark_type *t = noark_type_of(lists[any(sizeof lists / sizeof *lists)]);
    struct odata q = {.top = NOARK_PAGE_MAX, .count = true};
    struct nodes nodes;
    assert_ok(w->cx, odata_list(w->cx, &(struct scope){.type = t}, &q, &nodes));
    for (size_t i = 0; i < nodes.rows.n; i++)
        assert_got(w, nodes.rows.p[i].r.id, nodes.rows.p[i].t);
    assert_int_equal(nodes.count, most(w, t));
    assert_int_equal(nodes.rows.n, nodes.count);
}

static void assert_expanded(struct world *w, const struct json *list)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct json *one = list->items[i];
        const struct noark_type *house, *t = NULL;
        int64_t id;
        assert_true(node_of_uuid(w->cx, json_text(one, "systemID"), &id, &house));
        for (size_t k = 0; k < w->n && !t; k++)
            if (w->things[k].id == id && (!house || noark_is_a(w->things[k].t, house)) &&
                w->things[k].house == (house != NULL))
                t = w->things[k].t;
        assert_non_null(t);
        assert_got(w, id, t);
    }
}

/* $expand of something that the user sees, by each of its relations. */
static void an_expansion(struct world *w)
{
    const struct thing *it = &w->things[any(w->n)];
    const struct noark_type *t = it->t;
    struct buf b = buf_make(w->cx->arena);
    struct json_out o = json_out_make(&b);
    struct node node;
    struct json *doc;
    if (!it->got || !t->n_children)
        return a_list(w);
    const struct noark_child *c = &t->children[any((uint64_t)t->n_children)];
    const char *name = c->as[0] ? c->as : noark_types[c->type].name;
    struct odata q = {.expand = str_of(name)};
    assert_ok(w->cx, node_find(w->cx, t, it->id, it->house ? NODE_HOUSE : NODE_ITEM, &node));
    assert_ok(w->cx, render_node(&w->api, &node, &q, &o));
    assert_ok(w->cx, json_parse(w->cx, buf_str(&b), &doc));
    const struct json *list = json_get(doc, name);
    assert_non_null(list);
    assert_true((int64_t)list->n <= most(w, &noark_types[c->type]));
    if (!noark_types[c->type].is_list)
        assert_expanded(w, list);
    w->expansions++;
}

static void a_list_gives_no_more_than_a_get(void **state)
{
    (void)state;
    static struct world w;
    w = (struct world){0};
    make_world(&w);
    const char *wanted = getenv("INDGANG_CASES");
    long n = wanted ? atol(wanted) : CASES;
    struct arena_mark mark = arena_mark(w.cx->arena);
    for (long i = 0; i < n; i++) {
        if (i % CASES_OF_A_USER == 0) {
            arena_reset(w.cx->arena, mark);
            anyone(&w);
            ask_for_all(&w);
        }
        struct arena_mark one = arena_mark(w.cx->arena);
        uint64_t what = any(10);
        if (what == 0)
            a_whole_list(&w);
        else if (what < 4)
            an_expansion(&w);
        else
            a_list(&w);
        w.cx->access = NULL; /* the log of looks is another test's */
        arena_reset(w.cx->arena, one);
    }
    print_message("%ld cases: %ld results, %ld searches, %ld expansions, %ld counts, %ld gets\n", n, w.results,
                  w.searches, w.expansions, w.counts, w.asked);
    assert_true(w.results > n && w.searches > n / 20 && w.expansions > n / 50 && w.counts > n / 20);
    house_free(w.cx);
}

/* The value of an attribute as a filter writes it; empty when it is none that a filter compares. */
static struct str as_literal(struct arena *a, enum noark_kind kind, const struct json *v)
{
    struct buf b = buf_make(a);
    struct str text = v->kind == JSON_MAP ? json_text(v, "kode") : v->text;
    if (kind == NOARK_INT)
        return str_fmt(a, "%lld", (long long)v->i64);
    if (kind == NOARK_TIME)
        return text;
    if (kind != NOARK_TEXT && kind != NOARK_CODE)
        return S("");
    buf_add_char(&b, '\'');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\'')
            buf_add_char(&b, '\'');
        buf_add_char(&b, text.p[i]);
    }
    buf_add_char(&b, '\'');
    return buf_str(&b);
}

static bool listed(struct world *w, const struct noark_type *t, struct str filter, const struct node *node)
{
    struct odata q = {.top = NOARK_PAGE_MAX, .filter = filter};
    struct arena_mark mark = arena_mark(w->cx->arena); /* hundreds of full pages: each gives its memory back */
    struct nodes found;
    bool is = false;
    assert_ok(w->cx, odata_list(w->cx, &(struct scope){.type = t}, &q, &found));
    for (size_t i = 0; i < found.rows.n; i++)
        is |= found.rows.p[i].r.id == node->r.id && found.rows.p[i].r.house == node->r.house;
    w->cx->access = NULL; /* the log of looks is another test's */
    arena_reset(w->cx->arena, mark);
    return is;
}

/* Each attribute that an entity is shown with finds it, and "null" does not. Returns how many. */
static size_t found_by_all(struct world *w, const struct noark_type *t, const struct node *node)
{
    struct arena *a = w->cx->arena;
    size_t n = 0;
    for (int i = 0; i < node->t->n_attrs; i++) {
        const struct noark_attr *attr = &node->t->attrs[i];
        const struct json *v = j_get(node->body, attr->name);
        struct str literal = v && v->kind != JSON_LIST ? as_literal(a, attr->kind, v) : S("");
        const char *below = attr->kind == NOARK_CODE ? "/kode" : "";
        if (!literal.n)
            continue;
        struct str eq = str_fmt(a, "%s%s eq %.*s", attr->name, below, STR_ARG(literal));
        struct str null = str_fmt(a, "%s%s eq null", attr->name, below);
        if (!listed(w, t, eq, node) || listed(w, t, null, node))
            fail_msg("%s: not as it is shown: %.*s", t->name, STR_ARG(eq));
        n++;
    }
    return n;
}

/* The columns that a filter asks for and those that are shown are the same, in all tables and through relations. */
static void what_is_shown_is_found(void **state)
{
    (void)state;
    static struct world w;
    size_t house = 0, items = 0;
    w = (struct world){0};
    make_world(&w);
    w.cx->who = &(struct who){.kind = WHO_EMPLOYEE, .unit_ids = &w.units[2], .n_units = 1};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const struct noark_type *t = noark_type_of(lists[i]);
        struct odata q = {.top = NOARK_PAGE_MAX};
        struct nodes nodes;
        size_t seen[2] = {0};
        assert_ok(w.cx, odata_list(w.cx, &(struct scope){.type = t}, &q, &nodes));
        for (size_t k = 0; k < nodes.rows.n; k++) {
            const struct node *node = &nodes.rows.p[k];
            if (seen[node->r.house != 0]++ < 3)
                *(node->r.house ? &house : &items) += found_by_all(&w, t, node);
        }
    }
    assert_true(house > 50 && items > 10);
    struct odata q = {.top = NOARK_PAGE,
                      .filter = S("journalpost/journalpostnummer ge 1 and "
                                  "journalpost/journaldato gt 2000-01-01T00:00:00Z")};
    struct nodes below;
    assert_ok(w.cx, odata_list(w.cx, &(struct scope){.type = noark_type_of("dokumentbeskrivelse")}, &q, &below));
    assert_true(below.rows.n > 0 && below.rows.p[0].r.house);
    /* a step by $ref to what is also the house's: PostgreSQL took one name of a table for another */
    struct odata by_ref = {.top = NOARK_PAGE, .filter = S("arkiv/tittel ne 'x'")};
    assert_ok(w.cx, odata_list(w.cx, &(struct scope){.type = noark_type_of("arkivskaper")}, &by_ref, &below));
    house_free(w.cx);
}

/* The last attributes of a long filter have no column of the row left, and are read from its JSON. */
static void a_long_filter_finds_too(void **state)
{
    (void)state;
    static struct world w;
    w = (struct world){0};
    make_world(&w);
    w.cx->who = &(struct who){.kind = WHO_EMPLOYEE, .unit_ids = &w.units[2], .n_units = 1};
    const struct noark_type *t = noark_type_of("journalpost");
    struct buf b = buf_make(w.cx->arena);
    int named = 0;
    for (int i = 0; i < t->n_attrs && named < 14; i++)
        if (t->attrs[i].kind == NOARK_TIME && ++named)
            buf_fmt(&b, "(%s eq null or %s ne null) and ", t->attrs[i].name, t->attrs[i].name);
    for (int i = 0; i < t->n_attrs && named < 14; i++)
        if (t->attrs[i].kind == NOARK_TEXT && !(t->attrs[i].flags & NOARK_MANY) && strcmp(t->attrs[i].name, "tittel") &&
            ++named)
            buf_fmt(&b, "(%s eq null or %s ne null) and ", t->attrs[i].name, t->attrs[i].name);
    assert_int_equal(named, 14);
    buf_add_z(&b, "journalpostnummer ge 1");
    struct odata q = {.top = NOARK_PAGE, .filter = buf_str(&b)};
    struct nodes found;
    assert_ok(w.cx, odata_list(w.cx, &(struct scope){.type = t}, &q, &found));
    assert_true(found.rows.n > 0 && found.rows.p[0].r.house);
    house_free(w.cx);
}

/* ---- what is made once and kept ---- */

static struct str shown_as(struct world *w, const struct node *node, unsigned roles, const char *base)
{
    struct who *who = machine(w);
    who->employee_id = 1;
    who->roles = roles;
    w->cx->who = who;
    w->api.base = str_of(base);
    struct buf b = buf_make(w->cx->arena);
    struct json_out o = json_out_make(&b);
    assert_ok(w->cx, render_node(&w->api, node, NULL, &o));
    return buf_str(&b);
}

static bool says(struct str text, const char *word)
{
    return str_find(text, str_of(word), 0) < text.n;
}

static const struct thing *first_of(const struct world *w, const char *type, bool house)
{
    for (size_t i = 0; i < w->n; i++)
        if (w->things[i].t == noark_type_of(type) && w->things[i].house == house && (house || !w->things[i].casefile))
            return &w->things[i];
    fail_msg("no %s", type);
    return NULL;
}

/* The same entity, shown to one after the other: each is led to what their own roles open. */
static void links_are_of_who_asks(void **state)
{
    (void)state;
    static struct world w;
    w = (struct world){0};
    make_world(&w);
    struct node node;
    w.cx->who = machine(&w);
    assert_ok(w.cx, node_get_id(w.cx, noark_type_of("klasse"), first_of(&w, "klasse", false)->id, &node));
    for (int round = 0; round < 2; round++) {
        struct str archivist = shown_as(&w, &node, ROLE_ARCHIVIST, "http://x/noark5v5/"),
                   worker = shown_as(&w, &node, ROLE_CASEWORKER, "http://x/noark5v5/"),
                   leader = shown_as(&w, &node, ROLE_CASEWORKER | ROLE_LEADER, "http://x/noark5v5/"),
                   dpo = shown_as(&w, &node, ROLE_DPO, "http://x/noark5v5/");
        assert_true(says(archivist, "/ny-klasse/") && says(archivist, "/endringslogg/"));
        assert_true(says(worker, "/ny-saksmappe/") && !says(worker, "/ny-klasse/") && !says(worker, "/endringslogg/"));
        assert_true(says(leader, "/ny-saksmappe/") && !says(leader, "/ny-klasse/") && says(leader, "/endringslogg/"));
        assert_true(says(dpo, "/endringslogg/") && !says(dpo, "/ny-saksmappe/"));
    }
    house_free(w.cx);
}

/* Nor does a statement that was composed for one find for another. */
static void finding_is_of_who_asks(void **state)
{
    (void)state;
    static struct world w;
    w = (struct world){0};
    make_world(&w);
    const struct thing *item = first_of(&w, "saksmappe", false), *house = first_of(&w, "saksmappe", true);
    const struct noark_type *above = noark_type_of("mappe");
    struct who *who = machine(&w);
    struct node node;
    w.cx->who = who;
    who->employee_id = 1;
    for (int round = 0; round < 2; round++) {
        who->roles = ROLE_CASEWORKER;
        assert_ok(w.cx, node_get_id(w.cx, above, item->id, &node));
        assert_ok(w.cx, node_get_id(w.cx, above, house->id, &node));
        assert_err(w.cx, node_find(w.cx, above, house->id, NODE_ITEM, &node), ERR_NOT_FOUND);
        assert_err(w.cx, node_find(w.cx, above, item->id, NODE_HOUSE, &node), ERR_NOT_FOUND);
        assert_err(w.cx, node_get_id(w.cx, noark_type_of("klasse"), item->id, &node), ERR_NOT_FOUND);
        who->roles = ROLE_DPO;
        assert_err(w.cx, node_get_id(w.cx, above, item->id, &node), ERR_NOT_FOUND);
        assert_err(w.cx, node_get_id(w.cx, above, house->id, &node), ERR_NOT_FOUND);
    }
    house_free(w.cx);
}

static struct str with_other_address(struct arena *a, struct str text, struct str from, struct str to)
{
    struct buf b = buf_make(a);
    for (size_t at; text.n; text = str_slice(text, at + from.n, text.n)) {
        at = str_find(text, from, 0);
        buf_cat(&b, str_slice(text, 0, at), at < text.n ? to : S(""));
    }
    return buf_str(&b);
}

/* Who comes by another address is led to that, and so is who comes when nothing more is kept. */
static void links_are_of_the_address(void **state)
{
    (void)state;
    static struct world w;
    w = (struct world){0};
    make_world(&w);
    const char *const a = "http://x/noark5v5/", *const b = "https://arkiv.fjordby.example:8443/a&b/noark5v5/";
    struct str escaped = S("https://arkiv.fjordby.example:8443/a\\u0026b/noark5v5/");
    struct node nodes[2];
    w.cx->who = machine(&w);
    assert_ok(w.cx, node_get_id(w.cx, noark_type_of("saksmappe"), first_of(&w, "saksmappe", true)->id, &nodes[0]));
    assert_ok(w.cx, node_get_id(w.cx, noark_type_of("klasse"), first_of(&w, "klasse", false)->id, &nodes[1]));
    for (int i = 0; i < 2; i++) {
        struct str by_a = shown_as(&w, &nodes[i], ROLE_ARCHIVIST, a), by_b = shown_as(&w, &nodes[i], ROLE_ARCHIVIST, b);
        assert_true(says(by_a, a) && !says(by_b, a));
        assert_str(with_other_address(w.cx->arena, by_a, str_of(a), escaped), by_b.p ? str_z(w.cx->arena, by_b) : "");
        assert_str(shown_as(&w, &nodes[i], ROLE_ARCHIVIST, a), str_z(w.cx->arena, by_a));
    }
    struct str before = shown_as(&w, &nodes[0], ROLE_LEADER, a); /* of these roles for the first time */
    struct kept_key key = {.what = KEPT_LINKS, .type = -1};
    struct kept large = {.text = str_make(arena_alloc(w.cx->arena, 10000), 10000)};
    do { /* until no more is kept */
        key.flags++;
        kept_put(&key, &large);
    } while (key.flags < 1000 && kept_get(&key));
    assert_true(key.flags < 1000);
    key.flags = 1;
    assert_true(!kept_get(&key) || kept_get(&key)->text.n == large.text.n);
    assert_str(shown_as(&w, &nodes[0], ROLE_LEADER, a), str_z(w.cx->arena, before));
    assert_true(says(shown_as(&w, &nodes[1], ROLE_ADMIN | ROLE_LEADER | ROLE_DPO, b), "/a\\u0026b/noark5v5/"));
    house_free(w.cx);
}

/* The kind of the one view that stands in the log when these have been shown. */
static const char *kind_noted(struct world *w, const struct node *nodes, size_t n, bool searched)
{
    struct cx *cx = w->cx;
    const struct who *who = cx->who;
    struct access_log log;
    cx->access = NULL;
    cx->now_us += SECOND_US;
    for (int i = 0; i < 2; i++)
        nodes_note(&w->api, nodes, n, searched);
    assert_int_equal(access_waiting(cx), 1);
    assert_ok(cx, access_commit(cx));
    cx->who = &(struct who){.kind = WHO_EMPLOYEE, .roles = ROLE_DPO};
    assert_ok(cx, access_log(cx, &(struct access_log_query){.from_us = cx->now_us, .until_us = cx->now_us + SECOND_US},
                             &log));
    cx->access = NULL;
    cx->who = who;
    assert_int_equal(log.rows.n, 1);
    assert_true(log.rows.p[0].persons >= 1);
    return str_z(cx->arena, log.rows.p[0].kind);
}

/* What an employee of the aids team looks at is noted: one case file as itself, several as the one list they were in,
   or as a search for them. */
static void a_list_is_one_look(void **state)
{
    (void)state;
    static struct world w;
    w = (struct world){0};
    make_world(&w);
    w.cx->who = &(struct who){.kind = WHO_EMPLOYEE, .unit_ids = &w.units[2], .n_units = 1};
    struct nodes nodes;
    struct odata q = {.top = NOARK_PAGE};
    assert_ok(w.cx, odata_list(w.cx, &(struct scope){.type = noark_type_of("saksmappe")}, &q, &nodes));
    size_t of_house = 0, first = 0;
    for (size_t i = 0; i < nodes.rows.n; i++)
        if (nodes.rows.p[i].r.casefile_id.set && !of_house++)
            first = i;
    assert_true(of_house >= 3);
    assert_string_equal(kind_noted(&w, nodes.rows.p, nodes.rows.n, false), "list");
    assert_string_equal(kind_noted(&w, nodes.rows.p, nodes.rows.n, true), "search");
    assert_string_equal(kind_noted(&w, &nodes.rows.p[first], 1, true), "casefile");
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

/* ---- the brake ---- */

/* A wrong password for that name, after any wait. */
static void wrong(struct cx *cx, struct request *req, const char *name)
{
    struct brake b;
    for (;;) {
        enum err e = brake_try(cx, req, str_of(name), &b);
        if (e != ERR_TOO_MANY) {
            assert_ok(cx, e);
            break;
        }
        cx->now_us += b.wait_s * SECOND_US;
    }
    assert_ok(cx, brake_tell(cx, req, str_of(name), &b, false));
}

static void the_brake_stops_whom_it_should(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    static const struct http_config config;
    struct http_server *server = arena_new_of(cx->arena, struct http_server);
    server->config = &config;
    struct request req = {.server = server, .peer = S("192.0.2.1")},
                   elsewhere = {.server = server, .peer = S("192.0.2.2")};
    struct brake b;
    for (int i = 0; i < 60; i++)
        wrong(cx, &req, "old");
    assert_err(cx, brake_try(cx, &req, S("old"), &b), ERR_TOO_MANY);
    assert_true(b.wait_s > 0 && b.wait_s <= 15 * 60 + 1);
    assert_ok(cx, brake_try(cx, &elsewhere, S("old"), &b));
    assert_ok(cx, brake_try(cx, &req, S("honest"), &b)); /* on the same machine */
    /* but whoever tries one name after the other waits as well */
    int tried = 0;
    for (; tried < 100 && brake_try(cx, &req, str_fmt(cx->arena, "name%d", tried), &b) == ERR_OK; tried++)
        assert_ok(cx, brake_tell(cx, &req, str_fmt(cx->arena, "name%d", tried), &b, false));
    assert_true(tried > 20 && tried < 40);
    assert_err(cx, brake_try(cx, &req, S("honest"), &b), ERR_TOO_MANY);
    cx->now_us += b.wait_s * SECOND_US;
    assert_ok(cx, brake_try(cx, &req, S("honest"), &b));
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
        cmocka_unit_test(what_is_shown_is_found),
        cmocka_unit_test(a_long_filter_finds_too),
        cmocka_unit_test(links_are_of_who_asks),
        cmocka_unit_test(finding_is_of_who_asks),
        cmocka_unit_test(a_list_is_one_look),
        cmocka_unit_test(the_store_keeps_what_is_finished),
        cmocka_unit_test(the_brake_stops_whom_it_should),
        cmocka_unit_test(times),
        cmocka_unit_test(links_are_of_the_address), /* last: after it nothing more is kept */
    };
    return test_each_engine("noark", tests);
}
