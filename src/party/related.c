/* Whom the registers name beside a person: the spouse, those who have custody of a child, those who sign for an
   organisation. */
#include "party_internal.h"

enum err party_related(struct cx *cx, enum party_relation relation, int64_t id, struct str number, struct db_ints *ret,
                       struct str *ret_name)
{
    struct register_related told;
    enum err e = relation == PARTY_SIGNATORIES ? ERR_OK : party_idno_open(cx, id, &number);
    *ret = (struct db_ints){0};
    *ret_name = S("");
    if (e == ERR_NOT_FOUND) { /* a person without a number is in no register */
        cx->fail = (struct fail){0};
        return ERR_OK;
    }
    if (!e)
        e = register_related(cx, relation, number, &told);
    if (e)
        return e;
    int64_t *ids = arena_array(cx->arena, int64_t, told.idnos.n + 1);
    size_t n = 0;
    for (size_t i = 0; !e && i < told.idnos.n; i++) {
        e = party_by_idno(cx, told.idnos.p[i], &ids[n]);
        n += e == ERR_OK;
        if (e == ERR_NOT_FOUND) /* named there and unknown here: nobody we could ask */
            e = ERR_OK;
    }
    *ret = (struct db_ints){ids, n};
    *ret_name = told.name.n ? told.name : S("");
    return e;
}
