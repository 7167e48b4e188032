/* The log itself, for the data protection officer: who looked, when and why; never at whom. */
#include "access_internal.h"
#include "access_log_store.h"
#include "auth/auth.h"
#include "i18n/i18n.h"
#include "municipality/municipality.h"

enum { SCAN_PAGE = 1000, SCAN_MAX = 20000, ROWS_MAX = 500, LIST_MAX = 1000, WORK_FROM_H = 6, WORK_UNTIL_H = 20 };

static bool is_officer(const struct cx *cx)
{
    return cx->who->kind == WHO_EMPLOYEE && auth_has(cx->who, ROLE_DPO);
}

/* Who watches is written down too. */
static enum err begin(struct cx *cx, const char *kind)
{
    if (!is_officer(cx))
        return fail(cx, ERR_FORBIDDEN, "for the data protection officer");
    access_note(cx, &(struct access_entry){.kind = str_of(kind),
                                           .purpose = access_purpose(cx, T_access_purpose_oversight),
                                           .roles = ROLE_DPO});
    return ERR_OK;
}

static struct str unit_in(struct cx *cx, struct str key, struct str name)
{
    return municipality_unit_name(cx->muni, key, cx->lang, name.p ? name : S(""));
}

/* ---- patterns ---- */

static bool outside_work(const struct cx *cx, int64_t at_us)
{
    int hour = civil_from_us(at_us).hour;
    return hour < WORK_FROM_H || hour >= WORK_UNTIL_H ||
           (cx->muni && !municipality_is_working_day(cx->muni, civil_day_of_us(at_us)));
}

/* The last word of a name, folded: "Bo Kjær" and "Ida KJÆR" have the same. */
static struct str family_name(struct cx *cx, struct str name)
{
    struct str rest = text_fold(cx->arena, name), word, last = S("");
    while (str_cut(&rest, ' ', &word))
        if (word.n)
            last = word;
    return last;
}

static enum err is_own_name(struct cx *cx, const struct q_access_log *r, bool *ret)
{
    struct str rest = r->subjects, own = family_name(cx, r->employee_name.p ? r->employee_name : S(""));
    struct access_subject s;
    enum err e = ERR_OK;
    *ret = false;
    if (str_eq_z(r->kind, "list") || !own.n)
        return ERR_OK;
    while (!e && !*ret && access_subject_next(&rest, &s)) {
        struct q_access_name row;
        bool found = false;
        if (s.erased)
            continue;
        e = q_access_name(cx, s.party_id, &row, &found);
        *ret = (r->employee_party.set && r->employee_party.v == s.party_id) ||
               (found && str_eq(family_name(cx, row.name), own));
    }
    return e;
}

static int64_t persons_in(struct str subjects)
{
    struct access_subject s;
    int64_t n = 0;
    while (access_subject_next(&subjects, &s))
        n++;
    return n;
}

/* ---- a page of it ---- */

struct reading {
    const struct access_log_query *q;
    struct access_log *ret;
};

static enum err add_if(struct cx *cx, const struct reading *x, const struct q_access_log *r)
{
    bool own = false;
    if (x->q->pattern == ACCESS_OUTSIDE_WORK && !outside_work(cx, r->at_us))
        return ERR_OK;
    enum err e = is_own_name(cx, r, &own);
    if (e || (x->q->pattern == ACCESS_OWN_NAME && !own))
        return e;
    vec_add(cx->arena, &x->ret->rows,
            (struct access_log_row){.at_us = r->at_us,
                                    .employee = r->employee_name.p ? r->employee_name : S(""),
                                    .unit = unit_in(cx, r->unit_key, r->unit_name),
                                    .kind = r->kind,
                                    .purpose = access_purpose_words(cx, r->purpose).text,
                                    .legal_basis = r->legal_basis,
                                    .casefile_no = r->casefile_no,
                                    .roles = (unsigned)r->roles,
                                    .refused = r->refused,
                                    .own_name = own,
                                    .persons = persons_in(r->subjects)});
    return ERR_OK;
}

/* A pattern may be rare: after so many rows the page ends, and its link goes on. */
static enum err read_log(struct cx *cx, void *ctx)
{
    const struct reading *x = ctx;
    const struct access_log_query *q = x->q;
    size_t max = q->max && q->max < ROWS_MAX ? q->max : ROWS_MAX, n = SCAN_PAGE;
    int64_t before = q->before ? q->before : rand_id_from(q->until_us);
    enum err e = ERR_OK;
    *x->ret = (struct access_log){0};
    for (int scanned = 0; !e && n == SCAN_PAGE; scanned += SCAN_PAGE) {
        struct q_access_log *rows;
        if (scanned >= SCAN_MAX) {
            x->ret->next = before;
            return ERR_OK;
        }
        struct q_access_log_in in = {.from_id = rand_id_from(q->from_us),
                                     .before_id = before,
                                     .employee_id = q->employee_id,
                                     .unit_id = q->unit_id,
                                     .refused_only = q->pattern == ACCESS_REFUSED,
                                     .limit = SCAN_PAGE};
        e = q_access_log(cx, &in, &rows, &n);
        for (size_t i = 0; !e && i < n; i++) {
            if (x->ret->rows.n == max) {
                x->ret->next = before;
                return ERR_OK;
            }
            e = add_if(cx, x, &rows[i]);
            before = rows[i].id;
        }
    }
    return e;
}

enum err access_log(struct cx *cx, const struct access_log_query *q, struct access_log *ret)
{
    enum err e = begin(cx, "log");
    return e ? e : db_read(cx, read_log, &(struct reading){q, ret});
}

/* ---- withheld, erased, given out ---- */

enum err access_withheld(struct cx *cx, struct access_withheld *ret)
{
    struct q_access_withheld_list *rows;
    size_t n;
    bool all = is_officer(cx);
    *ret = (struct access_withheld){0};
    enum err e = cx->who->kind == WHO_EMPLOYEE ? ERR_OK : fail(cx, ERR_FORBIDDEN, "for employees");
    if (!e && all)
        e = begin(cx, "log");
    if (!e)
        e = q_access_withheld_list(cx, all ? 0 : cx->who->employee_id, cx->now_us - 365 * DAY_US, LIST_MAX, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &ret->rows,
                (struct access_withheld_row){.id = rows[i].id,
                                             .casefile_no = rows[i].casefile_no.p ? rows[i].casefile_no : S(""),
                                             .until_us = rows[i].until_us,
                                             .decided_us = rows[i].decided_us,
                                             .legal_basis = rows[i].legal_basis,
                                             .by = rows[i].employee_name.p ? rows[i].employee_name : S(""),
                                             .mine = rows[i].employee_id == cx->who->employee_id});
    return e;
}

enum err access_withhold_end(struct cx *cx, int64_t id)
{
    int64_t n;
    if (cx->who->kind != WHO_EMPLOYEE)
        return fail(cx, ERR_FORBIDDEN, "for employees");
    enum err e = q_access_withheld_end(cx, id, is_officer(cx) ? 0 : cx->who->employee_id, cx->now_us, &n);
    return e || n ? e : fail(cx, ERR_NOT_FOUND, "nothing of yours is withheld under this id");
}

enum err access_erasures(struct cx *cx, int64_t since_us, struct access_events *ret)
{
    struct q_access_erasures_since *rows;
    size_t n;
    *ret = (struct access_events){0};
    enum err e = begin(cx, "log");
    if (!e)
        e = q_access_erasures_since(cx, since_us, LIST_MAX, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &ret->rows,
                (struct access_event){.at_us = rows[i].at_us,
                                      .n = rows[i].bytes / (1 + HASH_BYTES),
                                      .legal_basis = rows[i].legal_basis,
                                      .by = rows[i].employee_name.p ? rows[i].employee_name : S("")});
    return e;
}

enum err access_exports(struct cx *cx, int64_t since_us, struct access_events *ret)
{
    struct q_access_exports_since *rows;
    size_t n;
    *ret = (struct access_events){0};
    enum err e = begin(cx, "log");
    if (!e)
        e = q_access_exports_since(cx, since_us, LIST_MAX, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &ret->rows,
                (struct access_event){.at_us = rows[i].at_us,
                                      .n = 1,
                                      .unit = unit_in(cx, rows[i].unit_key, rows[i].unit_name),
                                      .casefile_no = rows[i].casefile_no,
                                      .by = rows[i].employee_name.p ? rows[i].employee_name : S("")});
    return e;
}
