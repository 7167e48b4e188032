/* Every statement of the program compiles on both engines, and gives the columns it declares. */
#include "support.h"

#include "db/db.h"
#include "test_store.h"

static void every_statement_fits_the_tables(void **state)
{
    struct cx *cx = test_cx_db(NULL, 0);
    int faults = 0;
    (void)state;
    assert_true(db_all_stmts_n > 0);
    for (size_t i = 0; i < db_all_stmts_n; i++)
        if (db_check_stmt(cx, db_all_stmts[i])) {
            print_error("%.*s\n", STR_ARG(cx->fail.detail));
            faults++;
        }
    assert_int_equal(faults, 0);
    test_cx_free(cx);
}

extern const struct db_migrations migrations_test;

static void the_check_sees_what_does_not_fit(void **state)
{
    struct cx *cx = test_cx_db((const struct db_migrations *const[]){&migrations_test}, 1);
    (void)state;
    assert_ok(cx, db_check_stmt(cx, &db_stmt_test_list));
    struct db_stmt s = db_stmt_test_list;
    s.n_out = 1;
    assert_err(cx, db_check_stmt(cx, &s), ERR_CONFIG);
    struct db_stmt t = db_stmt_test_list;
    t.sql[0] = t.sql[1] = "SELECT nonsense FROM test_thing";
    assert_err(cx, db_check_stmt(cx, &t), ERR_CONFIG);
    struct db_stmt u = db_stmt_test_count;
    u.sql[0] = "UPDATE test_thing SET seen = 1 RETURNING seen, seen"; /* SQLite alone can tell */
    u.sql[1] = "SELECT count(*), sum(id) FROM test_thing";            /* numeric: PostgreSQL alone can tell */
    assert_err(cx, db_check_stmt(cx, &u), ERR_CONFIG);
    test_cx_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_statement_fits_the_tables),
        cmocka_unit_test(the_check_sees_what_does_not_fit),
    };
    return test_each_engine("statements", tests);
}
