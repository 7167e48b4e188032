#include "support.h"

#include "db/db.h"
#include "search/search.h"

extern const struct db_migrations migrations_search;
static const struct db_migrations *const modules[] = {&migrations_search};

struct put {
    int64_t ref, sort;
    const char *text;
};

static enum err put(struct cx *cx, void *ctx)
{
    const struct put *p = ctx;
    struct str texts[] = {str_of(p->text), S("og")};
    return search_put(cx, S("test"), p->ref, p->sort, texts, 2);
}

static enum err erase(struct cx *cx, void *ctx)
{
    return search_erase(cx, S("test"), *(int64_t *)ctx);
}

/* The refs found, in order: "2 1". */
static struct str found(struct cx *cx, const char *typed)
{
    struct search_query q = search_parse(cx, str_of(typed));
    struct db_ints refs;
    struct buf b = buf_make(cx->arena);
    if (!q.n)
        return S("nothing to search for");
    assert_ok(cx, search_find(cx, S("test"), &q, 10, &refs));
    for (size_t i = 0; i < refs.n; i++)
        buf_fmt(&b, "%s%lld", i ? " " : "", (long long)refs.p[i]);
    return buf_str(&b);
}

static void finds_however_it_is_written(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    (void)state;
    assert_ok(cx, db_write(cx, put, &(struct put){1, 10, "Åse Ødegård-Nielsen 2026-004711"}));
    assert_ok(cx, db_write(cx, put, &(struct put){2, 20, "Asger Holm 2026-004712"}));
    assert_ok(cx, db_write(cx, put, &(struct put){3, 5, "Holmegård \"quoted\" \\ \xF0\x9F\x98\x80"}));
    assert_str(found(cx, "ase"), "1");
    assert_str(found(cx, "ÅSE"), "1");
    assert_str(found(cx, "odegard"), "1");
    assert_str(found(cx, "ødegård niel"), "1");
    assert_str(found(cx, "as"), "2 1"); /* by sort, not by term */
    assert_str(found(cx, "holm"), "2 3");
    assert_str(found(cx, "holm as"), "2");
    assert_str(found(cx, "2026-0047"), "2 1");
    assert_str(found(cx, "2026004712"), "2");
    assert_str(found(cx, "4711"), "");
    assert_str(found(cx, "004711"), "1");
    assert_str(found(cx, "quoted"), "3");
    assert_str(found(cx, "zzz"), "");
    assert_str(found(cx, " - "), "nothing to search for");
    assert_str(found(cx, "\xff"), "nothing to search for");
    test_cx_free(cx);
}

static void old_words_are_gone(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    int64_t ref = 1;
    (void)state;
    assert_ok(cx, db_write(cx, put, &(struct put){1, 10, "Anna Holm"}));
    assert_ok(cx, db_write(cx, put, &(struct put){1, 11, "Anna Sand"}));
    assert_str(found(cx, "holm"), "");
    assert_str(found(cx, "sand"), "1");
    assert_ok(cx, db_write(cx, erase, &ref));
    assert_str(found(cx, "sand"), "");
    assert_str(found(cx, "og"), "");
    test_cx_free(cx);
}

static bool has_all(struct cx *cx, const char *typed, const char *text)
{
    struct search_query q = search_parse(cx, str_of(typed));
    return search_has_all(cx, &q, str_of(text));
}

static void a_text_is_asked_without_the_table(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    assert_true(has_all(cx, "gorm", "Gorm Friis"));
    assert_true(has_all(cx, "f gorm", "Gorm Friis"));
    assert_true(has_all(cx, "ÅSE øde", "Åse Ødegård-Nielsen"));
    assert_true(has_all(cx, "niel", "Åse Ødegård-Nielsen"));
    assert_false(has_all(cx, "gorm f", "Gorm Lund"));
    assert_false(has_all(cx, "orm", "Gorm Lund"));
    assert_false(has_all(cx, "gorm", ""));
    test_cx_free(cx);
}

static bool told(struct cx *cx, const char *name, const char *typed)
{
    struct search_query q = search_parse(cx, str_of(typed));
    int64_t bit = search_initial(q.word[0]);
    assert_true(bit != 0);
    return (search_sort_by_initials(cx, rand_id(), str_of(name)) & bit) == bit;
}

static void the_sort_of_a_name_tells_which_words_it_lacks(void **state)
{
    struct cx *cx = test_cx();
    struct search_word none = {0};
    (void)state;
    assert_true(told(cx, "Gorm Friis", "f") && told(cx, "Gorm Friis", "gorm"));
    assert_false(told(cx, "Gorm Friis", "a") || told(cx, "Gorm Friis", "z"));
    assert_true(told(cx, "Åse Ødegård-Nielsen", "niel") && told(cx, "Åse Ødegård-Nielsen", "ø"));
    assert_true(told(cx, "7-Eleven Иванов", "7el") && told(cx, "7-Eleven Иванов", "иван"));
    assert_false(told(cx, "Gorm Friis", "7"));
    assert_int_equal(search_initial(none), 0);
    assert_true(search_sort_by_initials(cx, (int64_t)1 << 20, S("Åse")) <
                search_sort_by_initials(cx, (int64_t)1 << 40, S("Bo")));
    int64_t last = search_sort_by_initials(cx, ((int64_t)1 << 53) - 1, S("Zoe 7"));
    assert_true(last > search_sort_by_initials(cx, (int64_t)1 << 40, S("Bo")));
    test_cx_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_however_it_is_written),
        cmocka_unit_test(old_words_are_gone),
        cmocka_unit_test(a_text_is_asked_without_the_table),
        cmocka_unit_test(the_sort_of_a_name_tells_which_words_it_lacks),
    };
    return test_each_engine("search", tests);
}
