/* Law 10: what the rule says is erased is erased, what it keeps stays. The triggers of migrations/0002 hold it; this is
   the way through their gate. */
#include "auth/auth.h"
#include "fulltext/fulltext.h"
#include "record_disposal_store.h"
#include "record_internal.h"

int record_retention_years(struct str retention)
{
    int64_t years = 0;
    if (str_starts(retention, S("years:")))
        str_to_i64(str_slice(retention, 6, retention.n), &years);
    return (int)years;
}

int64_t record_dispose_after(int64_t closed_us, int years)
{
    int year, month, day;
    civil_from_day(civil_day_of_us(closed_us), &year, &month, &day);
    bool leap = !civil_valid(year + years, month, day); /* 29 February */
    return civil_day_start_us(civil_to_day(year + years, month, leap ? day - 1 : day) + 1);
}

enum err record_set_retention(struct cx *cx, int64_t casefile_id, struct str retention)
{
    struct q_record_retention row;
    bool found;
    enum err e = q_record_retention(cx, casefile_id, &row, &found);
    if (e || !found)
        return e ? e : fail(cx, ERR_NOT_FOUND, "no such case file record");
    if (!str_eq(retention, S("keep")) && record_retention_years(retention) < 1)
        return fail(cx, ERR_LAW, "LAW 10: no such rule");
    return str_eq(row.retention, S("keep")) ? ERR_OK : q_record_retention_set(cx, casefile_id, retention);
}

/* ---- erasing ---- */

static enum err drop_files(struct cx *cx, int64_t casefile_id)
{
    struct q_record_disposed_objects *rows;
    size_t n;
    enum err e = q_record_disposed_objects(cx, casefile_id, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        e = fulltext_drop(cx, S("record_object"), rows[i].id);
    return e;
}

enum err record_dispose(struct cx *cx, int64_t casefile_id, int64_t disposal_id, const struct record_disposal_new *new)
{
    int64_t marked = 0, documents = 0;
    enum err e = q_record_disposal_add(
        cx, &(struct q_record_disposal_add_in){.id = disposal_id,
                                               .at_us = cx->now_us,
                                               .employee_id = {new->employee_id != 0, new->employee_id},
                                               .service_key = new->service_key,
                                               .title = new->title,
                                               .retention = new->retention,
                                               .basis = new->basis});
    if (!e)
        e = q_record_mark_disposed(cx, casefile_id, disposal_id, &marked);
    if (!e && !marked)
        e = fail(cx, ERR_CONFLICT, "no such case file record, or it was erased before");
    if (!e)
        e = drop_files(cx, casefile_id);
    if (!e)
        e = q_record_erase_objects(cx, casefile_id);
    if (!e)
        e = q_record_erase_documents(cx, casefile_id, &documents);
    if (!e)
        e = q_record_erase_parties(cx, casefile_id);
    if (!e)
        e = q_record_erase_words(cx, casefile_id);
    if (!e)
        e = q_record_erase_holds(cx, casefile_id);
    return e ? e : q_record_disposal_count(cx, disposal_id, 1, documents, 0);
}

enum err record_disposal_forgot(struct cx *cx, int64_t disposal_id, int64_t parties)
{
    return q_record_disposal_count(cx, disposal_id, 0, 0, parties);
}

enum err record_correspondents(struct cx *cx, int64_t casefile_id, struct db_ints *ret)
{
    struct q_record_correspondents *rows;
    size_t n;
    enum err e = q_record_correspondents(cx, casefile_id, &rows, &n);
    if (e)
        return e;
    int64_t *ids = arena_array(cx->arena, int64_t, n + 1);
    for (size_t i = 0; i < n; i++)
        ids[i] = rows[i].party_id;
    *ret = (struct db_ints){ids, n};
    return ERR_OK;
}

enum err record_disposals(struct cx *cx, int64_t limit, struct record_disposals *ret)
{
    struct q_record_disposal_list *rows;
    size_t n;
    *ret = (struct record_disposals){0};
    enum err e = q_record_disposal_list(cx, limit, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &ret->rows,
                (struct record_disposal){.id = rows[i].id,
                                         .at_us = rows[i].at_us,
                                         .by = rows[i].employee_name.p ? rows[i].employee_name : S(""),
                                         .service_key = rows[i].service_key,
                                         .title = rows[i].title,
                                         .retention = rows[i].retention,
                                         .basis = rows[i].basis,
                                         .casefiles = rows[i].casefiles,
                                         .documents = rows[i].documents,
                                         .parties = rows[i].parties});
    return e;
}

/* ---- holding back ---- */

enum err record_hold(struct cx *cx, int64_t casefile_id, struct str reason, int64_t *ret_id)
{
    int64_t id = rand_id();
    enum err e = q_record_hold_add(cx, id, casefile_id, reason, cx->who->employee_id, cx->now_us);
    if (!e)
        *ret_id = id;
    return e;
}

enum err record_release(struct cx *cx, int64_t hold_id)
{
    int64_t n;
    enum err e = q_record_hold_release(cx, hold_id, cx->who->employee_id, cx->now_us, &n);
    return e || n ? e : fail(cx, ERR_NOT_FOUND, "no such hold, or it was let go before");
}

/* ---- verify ---- */

enum err disposal_verify(struct cx *cx, struct record_faults *faults)
{
    struct q_record_disposal_faults f;
    enum err e = q_record_disposal_faults(cx, &f);
    if (e)
        return e;
    const struct {
        int64_t n;
        const char *what;
    } counts[] = {{f.unset, "closed records without a day of erasure"},
                  {f.kept, "records with a day of erasure that are kept or open"},
                  {f.left_over, "erased records of which something is left"},
                  {f.uncounted, "disposals that count other than what they erased"}};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (counts[i].n)
            vec_add(cx->arena, &faults->rows, str_fmt(cx->arena, "%lld %s", (long long)counts[i].n, counts[i].what));
    return ERR_OK;
}

enum err record_helds(struct cx *cx, int64_t casefile_id, struct record_helds *ret)
{
    struct q_record_hold_list *rows;
    size_t n;
    *ret = (struct record_helds){0};
    enum err e = q_record_hold_list(cx, casefile_id, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &ret->rows, (struct record_held){rows[i].reason, rows[i].put_us, rows[i].released_us});
    return e;
}
