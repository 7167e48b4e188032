/* PostgreSQL by libpq. */
#include "engine.h"

static enum err pg_connect(struct cx *cx, struct db *db, bool writer, struct db_conn **ret)
{
    (void)db, (void)writer, (void)ret;
    return fail(cx, ERR_CONFIG, "PostgreSQL is not yet built in");
}

const struct engine engine_postgres = {.connect = pg_connect};
