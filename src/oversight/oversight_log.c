/* The access log and what surrounds it, for the data protection officer; and the leader who withholds entries by law.
 */
#include "access/access.h"
#include "auth/auth.h"
#include "i18n/i18n.h"
#include "oversight_handlers.h"
#include "retention/retention.h"
#include "tpl_oversight_erasures.h"
#include "tpl_oversight_exports.h"
#include "tpl_oversight_log.h"
#include "tpl_oversight_withheld.h"

enum { ROWS = 100, DAYS = 30, YEAR_DAYS = 365, HISTORY = 200 };

/* ---- the log ---- */

static const struct {
    const char *name;
    enum access_pattern pattern;
    enum text label;
} patterns[] = {
    {"all", ACCESS_ALL, T_oversight_pattern_all},
    {"refused", ACCESS_REFUSED, T_oversight_pattern_refused},
    {"outside", ACCESS_OUTSIDE_WORK, T_oversight_pattern_outside},
    {"name", ACCESS_OWN_NAME, T_oversight_pattern_name},
};

struct log_request {
    struct access_log_query q;
    struct str employee, unit, pattern;
    day_t from, until;
};

static struct str kind_text(struct cx *cx, struct str kind)
{
    static const struct {
        const char *kind;
        enum text text;
    } kinds[] = {{"casefile", T_oversight_kind_casefile}, {"document", T_oversight_kind_document},
                 {"letter", T_oversight_kind_letter},     {"list", T_oversight_kind_list},
                 {"search", T_oversight_kind_search},     {"person", T_oversight_kind_person},
                 {"export", T_oversight_kind_export},     {"log", T_oversight_kind_log},
                 {"post", T_oversight_kind_post},         {"journal", T_oversight_kind_journal}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_eq_z(kind, kinds[i].kind))
            return i18n_text(cx->lang, kinds[i].text);
    return kind;
}

/* A day of the form, left as it is by an empty field. */
static void read_day(struct cx *cx, struct request *req, struct oversight_log *v, struct page_field *f, day_t *day)
{
    page_date_fill(cx, req, f);
    if (page_date_empty(f))
        page_date_put(cx, f, *day);
    else if (!page_date_day(f, day))
        page_errors_add(cx, &v->errors, f->id, i18n_text(cx->lang, T_oversight_day_invalid));
}

/* The last thirty days, unless other days are given. */
static void read_request(struct cx *cx, struct request *req, struct oversight_log *v, struct log_request *r)
{
    r->until = civil_day_of_us(cx->now_us);
    r->from = r->until - DAYS + 1;
    r->employee = req_str(req, "employee");
    r->unit = req_str(req, "unit");
    r->pattern = req_str(req, "pattern");
    v->from = page_date_field(cx, "from", T_oversight_from);
    v->until = page_date_field(cx, "until", T_oversight_until);
    read_day(cx, req, v, &v->from, &r->from);
    read_day(cx, req, v, &v->until, &r->until);
    if (!v->errors.n && r->until < r->from)
        page_errors_add(cx, &v->errors, S("until"), i18n_text(cx->lang, T_oversight_day_order));
    v->from.error = page_errors_of(&v->errors, S("from"));
    v->until.error = page_errors_of(&v->errors, S("until"));
    r->q = (struct access_log_query){.from_us = civil_day_start_us(r->from),
                                     .until_us = civil_day_start_us(r->until + 1),
                                     .employee_id = req_int(req, "employee"),
                                     .unit_id = req_int(req, "unit"),
                                     .before = req_int(req, "before"),
                                     .max = ROWS};
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        if (str_eq_z(r->pattern, patterns[i].name))
            r->q.pattern = patterns[i].pattern;
}

static void add_option(struct cx *cx, struct page_field *f, struct str value, struct str label, bool chosen)
{
    vec_add(cx->arena, &f->options, (struct page_option){.value = value, .label = label, .checked = chosen});
}

static struct str id_text(struct cx *cx, int64_t id)
{
    return str_fmt(cx->arena, "%lld", (long long)id);
}

static struct page_field select_field(struct cx *cx, const char *id, enum text label)
{
    return (struct page_field){
        .kind = PAGE_FIELD_SELECT, .id = str_of(id), .label = i18n_text(cx->lang, label), .optional = true};
}

static enum err add_units(struct cx *cx, const struct log_request *r, struct oversight_log *v)
{
    struct auth_unit *units;
    size_t n;
    enum err e = auth_units(cx, &units, &n);
    v->unit = select_field(cx, "unit", T_oversight_unit);
    v->employee = select_field(cx, "employee", T_oversight_employee);
    add_option(cx, &v->unit, S(""), i18n_text(cx->lang, T_oversight_any), !r->q.unit_id);
    add_option(cx, &v->employee, S(""), i18n_text(cx->lang, T_oversight_any), !r->q.employee_id);
    for (size_t i = 0; !e && i < n; i++) {
        struct auth_employee *people;
        size_t n_people;
        add_option(cx, &v->unit, id_text(cx, units[i].id), units[i].name, units[i].id == r->q.unit_id);
        e = auth_employees_of_unit(cx, units[i].id, &people, &n_people);
        for (size_t k = 0; !e && k < n_people; k++) {
            struct str id = id_text(cx, people[k].id);
            bool there = false;
            for (size_t o = 0; o < v->employee.options.n; o++)
                there |= str_eq(v->employee.options.p[o].value, id);
            if (!there)
                add_option(cx, &v->employee, id, people[k].name, people[k].id == r->q.employee_id);
        }
    }
    return e;
}

static void add_fields(struct cx *cx, const struct log_request *r, struct oversight_log *v)
{
    v->pattern = select_field(cx, "pattern", T_oversight_pattern);
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        add_option(cx, &v->pattern, str_of(patterns[i].name), i18n_text(cx->lang, patterns[i].label),
                   patterns[i].pattern == r->q.pattern);
}

static struct str next_href(struct cx *cx, const struct log_request *r, const struct oversight_log *v, int64_t before)
{
    const struct page_field *from = &v->from, *until = &v->until;
    return str_fmt(cx->arena,
                   "/oversight/log?employee=%" PRI_STR "&unit=%" PRI_STR "&pattern=%" PRI_STR "&from_day=%" PRI_STR
                   "&from_month=%" PRI_STR "&from_year=%" PRI_STR "&until_day=%" PRI_STR "&until_month=%" PRI_STR
                   "&until_year=%" PRI_STR "&before=%lld",
                   STR_ARG(r->employee), STR_ARG(r->unit), STR_ARG(r->pattern), STR_ARG(from->day),
                   STR_ARG(from->month), STR_ARG(from->year), STR_ARG(until->day), STR_ARG(until->month),
                   STR_ARG(until->year), (long long)before);
}

static void add_rows(struct cx *cx, const struct log_request *r, const struct access_log *log, struct oversight_log *v)
{
    for (size_t i = 0; i < log->rows.n; i++) {
        const struct access_log_row *l = &log->rows.p[i];
        vec_add(cx->arena, &v->rows,
                (struct oversight_log_row){.at_us = l->at_us,
                                           .persons = l->persons,
                                           .employee = l->employee,
                                           .unit = l->unit,
                                           .role = auth_role_name(cx, l->roles),
                                           .what = kind_text(cx, l->kind),
                                           .purpose = l->purpose,
                                           .casefile_no = l->casefile_no,
                                           .refused = l->refused,
                                           .own_name = l->own_name});
    }
    if (log->next)
        v->next = next_href(cx, r, v, log->next);
}

enum err oversight_log(struct cx *cx, struct request *req, struct reply *rep)
{
    struct oversight_log v = {0};
    struct log_request r = {0};
    struct access_log log = {0};
    read_request(cx, req, &v, &r);
    enum err e = v.errors.n ? ERR_OK : access_log(cx, &r.q, &log);
    if (!e)
        e = add_units(cx, &r, &v);
    if (e)
        return e;
    add_fields(cx, &r, &v);
    add_rows(cx, &r, &log, &v);
    struct page page = oversight_page(cx, T_oversight_log);
    page.has_errors = v.errors.n > 0;
    page.wide = true;
    struct tpl o = tpl_begin(cx);
    tpl_oversight_log(&o, &v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

/* ---- withheld entries ---- */

static enum err show_withheld(struct cx *cx, struct request *req, struct reply *rep, struct oversight_withheld *v)
{
    struct access_withheld all;
    enum err e = access_withheld(cx, &all);
    if (e)
        return e;
    bool officer = oversight_is(cx, ROLE_DPO);
    v->leader = oversight_is(cx, ROLE_LEADER);
    for (size_t i = 0; i < all.rows.n; i++) {
        const struct access_withheld_row *w = &all.rows.p[i];
        bool over = w->until_us <= cx->now_us;
        vec_add(cx->arena, &v->rows,
                (struct oversight_withheld_row){.id = w->id,
                                                .decided_us = w->decided_us,
                                                .until = civil_day_of_us(w->until_us - 1),
                                                .casefile_no = w->casefile_no,
                                                .legal_basis = w->legal_basis,
                                                .by = w->by,
                                                .over = over,
                                                .may_end = !over && (officer || w->mine)});
    }
    v->no = (struct page_field){.id = S("no"),
                                .label = i18n_text(cx->lang, T_oversight_no),
                                .hint = i18n_text(cx->lang, T_oversight_no_hint),
                                .width = 12,
                                .value = v->no.value,
                                .error = page_errors_of(&v->errors, S("no"))};
    v->legal_basis = (struct page_field){.id = S("legal_basis"),
                                         .label = i18n_text(cx->lang, T_oversight_basis),
                                         .hint = i18n_text(cx->lang, T_oversight_basis_hint),
                                         .value = v->legal_basis.value,
                                         .error = page_errors_of(&v->errors, S("legal_basis"))};
    v->until.kind = PAGE_FIELD_DATE;
    v->until.id = S("until");
    v->until.label = i18n_text(cx->lang, T_oversight_withheld_until);
    v->until.hint = i18n_text(cx->lang, T_oversight_withheld_until_hint);
    v->until.error = page_errors_of(&v->errors, S("until"));
    struct page page = oversight_page(cx, T_oversight_withheld);
    page.has_errors = v->errors.n > 0;
    page.form_id = v->leader ? S("withhold") : S("");
    struct tpl o = tpl_begin(cx);
    tpl_oversight_withheld(&o, v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err oversight_withheld(struct cx *cx, struct request *req, struct reply *rep)
{
    struct oversight_withheld v = {0};
    if (!oversight_is(cx, ROLE_DPO | ROLE_LEADER))
        return fail(cx, ERR_FORBIDDEN, "for leaders and the data protection officer");
    return show_withheld(cx, req, rep, &v);
}

static enum err withhold(struct cx *cx, void *ctx)
{
    int64_t id;
    return access_withhold(cx, ctx, &id);
}

static void wrong(struct cx *cx, struct oversight_withheld *v, const char *field, enum text message)
{
    page_errors_add(cx, &v->errors, str_of(field), i18n_text(cx->lang, message));
}

/* End of the day; 0 with a fault on the page when it is none, or not within a year. */
static int64_t read_until(struct cx *cx, struct oversight_withheld *v)
{
    day_t day, today = civil_day_of_us(cx->now_us);
    if (page_date_day(&v->until, &day) && day >= today && day <= today + YEAR_DAYS)
        return civil_day_start_us(day + 1);
    wrong(cx, v, "until", T_oversight_until_invalid);
    return 0;
}

/* The leader of a unit that handles the case; opening it is noted like every other look. */
static enum err carry_out(struct cx *cx, struct oversight_withheld *v, int64_t until_us)
{
    struct casefile_view open;
    enum err e = casefile_open_as_employee(cx, v->no.value, access_purpose(cx, T_oversight_withhold_purpose), &open);
    if (!e && !open.file.party_id)
        e = fail(cx, ERR_NOT_FOUND, "an anonymous case has nobody to withhold from");
    if (e)
        return e;
    struct access_withholding w = {.subject_party_id = open.file.party_id,
                                   .casefile_id = open.file.id,
                                   .legal_basis = v->legal_basis.value,
                                   .until_us = until_us};
    return db_write_log(cx, withhold, &w);
}

enum err oversight_withhold(struct cx *cx, struct request *req, struct reply *rep)
{
    struct oversight_withheld v = {.no.value = req_str(req, "no"),
                                   .legal_basis.value = req_str(req, "legal_basis"),
                                   .until.day = req_str(req, "until_day"),
                                   .until.month = req_str(req, "until_month"),
                                   .until.year = req_str(req, "until_year")};
    enum lang lang;
    if (!oversight_is(cx, ROLE_LEADER))
        return fail(cx, ERR_FORBIDDEN, "for leaders");
    if (i18n_lang(req_str(req, "language"), &lang)) {
        page_switch_language(cx, rep, lang);
        return show_withheld(cx, req, rep, &v);
    }
    if (!v.no.value.n)
        wrong(cx, &v, "no", T_oversight_no_invalid);
    if (!v.legal_basis.value.n)
        wrong(cx, &v, "legal_basis", T_oversight_basis_invalid);
    int64_t until_us = read_until(cx, &v);
    enum err e = v.errors.n ? ERR_OK : carry_out(cx, &v, until_us);
    if (e == ERR_NOT_FOUND) {
        wrong(cx, &v, "no", T_oversight_no_invalid);
        e = ERR_OK;
    }
    if (v.errors.n)
        return show_withheld(cx, req, rep, &v);
    if (e)
        return e;
    page_done(cx, rep, T_oversight_withheld_done);
    return reply_redirect(cx, rep, "/oversight/withheld");
}

static enum err end_it(struct cx *cx, void *ctx)
{
    return access_withhold_end(cx, *(const int64_t *)ctx);
}

enum err oversight_withheld_end(struct cx *cx, struct request *req, struct reply *rep)
{
    int64_t id = req_param_id(req, "id");
    enum err e = db_write_log(cx, end_it, &id);
    if (e)
        return e;
    page_done(cx, rep, T_oversight_withheld_ended);
    return reply_redirect(cx, rep, "/oversight/withheld");
}

/* ---- erased, given out ---- */

enum err oversight_erasures(struct cx *cx, struct request *req, struct reply *rep)
{
    struct oversight_erasures v = {0};
    struct access_events entries;
    struct record_disposals done;
    enum err e = access_erasures(cx, cx->now_us - YEAR_DAYS * DAY_US, &entries); /* asks who asks, and notes it */
    if (!e)
        e = record_disposals(cx, HISTORY, &done);
    if (e)
        return e;
    for (size_t i = 0; i < done.rows.n; i++) {
        const struct record_disposal *d = &done.rows.p[i];
        vec_add(
            cx->arena, &v.disposals,
            (struct oversight_erasure){d->at_us, d->casefiles, d->documents, d->parties, d->title, d->basis, d->by});
    }
    for (size_t i = 0; i < entries.rows.n; i++)
        vec_add(cx->arena, &v.entries,
                (struct oversight_erasure){.at_us = entries.rows.p[i].at_us,
                                           .n = entries.rows.p[i].n,
                                           .basis = entries.rows.p[i].legal_basis,
                                           .by = entries.rows.p[i].by});
    struct page page = oversight_page(cx, T_oversight_erasures);
    struct tpl o = tpl_begin(cx);
    tpl_oversight_erasures(&o, &v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

/* One more; a case that a unit gives out once more is counted once among its cases. */
static void count_unit(struct cx *cx, struct oversight_exports *v, const struct access_event *r)
{
    struct oversight_count *unit = NULL;
    bool before = false;
    for (size_t i = 0; i < v->units.n; i++)
        if (str_eq(v->units.p[i].what, r->unit))
            unit = &v->units.p[i];
    for (size_t i = 0; i < v->rows.n; i++)
        before |= str_eq(v->rows.p[i].unit, r->unit) && str_eq(v->rows.p[i].casefile_no, r->casefile_no);
    if (!unit) {
        vec_add(cx->arena, &v->units, (struct oversight_count){.what = r->unit});
        unit = &v->units.p[v->units.n - 1];
    }
    unit->n++;
    unit->casefiles += !before;
}

enum err oversight_exports(struct cx *cx, struct request *req, struct reply *rep)
{
    struct oversight_exports v = {0};
    struct access_events rows;
    enum err e = access_exports(cx, cx->now_us - YEAR_DAYS * DAY_US, &rows);
    if (e)
        return e;
    for (size_t i = 0; i < rows.rows.n; i++) {
        const struct access_event *r = &rows.rows.p[i];
        count_unit(cx, &v, r);
        vec_add(cx->arena, &v.rows, (struct oversight_export){r->at_us, r->by, r->unit, r->casefile_no});
    }
    struct page page = oversight_page(cx, T_oversight_exports);
    struct tpl o = tpl_begin(cx);
    tpl_oversight_exports(&o, &v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}
