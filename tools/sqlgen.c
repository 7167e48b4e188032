/* sqlgen: .sql files to C.

     sqlgen OUT.c OUT.h MAIN.sql [ALL.sql …]            queries of MAIN; fragments from all
     sqlgen --migrations ROOM OUT.c NNNN_x.sql …        const struct db_migrations migrations_ROOM
     sqlgen --registry OUT.c ROOM … -- ALL.sql …        db_all_stmts, db_all_migrations

   A query file:

     -- name: casefile_get :one             one, opt, many, exec or count
     -- One case file by its id.            what it is for: becomes the comment of the C function
     -- in: id int, unit_ids ints           int bool real text blob hash ints; ? = may be null
     -- out: id int, note text?             in the order of the columns
     SELECT id, note FROM casefile WHERE id = :id AND unit_id IN :unit_ids
     -- sqlite:                             what follows is for SQLite alone
     -- postgres:                           … for PostgreSQL alone
     -- both:                               … for both again

   A fragment, used as @may_see(c.id)@ in any room; its arguments stand as @casefile_id@ in its body:

     -- fragment: may_see(casefile_id)
     EXISTS (SELECT 1 FROM casefile_access a WHERE a.casefile_id = @casefile_id@ AND a.party_id = :viewer_party)

   A migration is SQL with the column types int, text, blob, real; a comment before each table, and before or
   behind each column. */
#include "sqlgen.h"

int main(int argc, char **argv)
{
    if (argc > 3 && strcmp(argv[1], "--migrations") == 0)
        migrations_main(argv + 2);
    else if (argc > 2 && strcmp(argv[1], "--registry") == 0)
        registry_main(argv + 2);
    else if (argc > 3)
        queries_main(argv + 1);
    else
        die("sqlgen", 0,
            "usage: sqlgen OUT.c OUT.h MAIN.sql [ALL.sql …] | --migrations ROOM OUT.c FILE … | "
            "--registry OUT.c ROOM … -- FILE …");
    return 0;
}
