/* A leader's figures, on a page and as a file for a spreadsheet. */
#include "desk_handlers.h"

#include "codec/csv.h"
#include "i18n/i18n.h"
#include "tpl_desk_numbers.h"

struct asking {
    int64_t unit_id;
    struct str service_key;
    struct casefile_figures figures;
};

static enum err ask(struct cx *cx, struct request *req, struct asking *ret)
{
    *ret = (struct asking){.unit_id = req_int(req, "unit"), .service_key = req_str(req, "service")};
    return casefile_figures(cx, ret->unit_id, ret->service_key, &ret->figures);
}

/* ---- words ---- */

static struct str text(struct cx *cx, enum text key)
{
    return i18n_text(cx->lang, key);
}

static struct str unit_name(struct cx *cx, const struct asking *a)
{
    for (size_t i = 0; i < a->figures.units.rows.n; i++)
        if (a->figures.units.rows.p[i].id == a->unit_id || a->figures.units.rows.n == 1)
            return a->figures.units.rows.p[i].name;
    return text(cx, T_desk_numbers_all_units);
}

static struct str service_name(struct cx *cx, const struct asking *a)
{
    for (size_t i = 0; i < a->figures.services.n; i++)
        if (str_eq(a->figures.services.p[i].key, a->service_key))
            return a->figures.services.p[i].title;
    return a->service_key.n ? a->service_key : text(cx, T_desk_numbers_all_services);
}

static struct str month_name(struct cx *cx, const struct casefile_month *m)
{
    return str_fmt(cx->arena, "%.*s %d", STR_ARG(i18n_month(cx, m->month)), m->year);
}

static struct str or_dash(struct cx *cx, struct opt_int v, bool percent)
{
    if (!v.set)
        return S("–");
    return percent ? i18n_fmt(cx, T_desk_numbers_percent, ARG("n", v.v)) : i18n_number(cx, v.v);
}

/* ---- the page ---- */

static void add_filters(struct cx *cx, const struct asking *a, struct desk_numbers *v)
{
    v->unit = (struct page_field){.kind = PAGE_FIELD_SELECT, .id = S("unit"), .label = text(cx, T_desk_numbers_unit)};
    vec_add(cx->arena, &v->unit.options, (struct page_option){.label = text(cx, T_desk_numbers_all_units)});
    for (size_t i = 0; i < a->figures.units.rows.n; i++)
        vec_add(cx->arena, &v->unit.options,
                (struct page_option){.value = str_fmt(cx->arena, "%lld", (long long)a->figures.units.rows.p[i].id),
                                     .label = a->figures.units.rows.p[i].name,
                                     .checked = a->figures.units.rows.p[i].id == a->unit_id});
    v->service =
        (struct page_field){.kind = PAGE_FIELD_SELECT, .id = S("service"), .label = text(cx, T_desk_numbers_service)};
    vec_add(cx->arena, &v->service.options, (struct page_option){.label = text(cx, T_desk_numbers_all_services)});
    for (size_t i = 0; i < a->figures.services.n; i++)
        vec_add(cx->arena, &v->service.options,
                (struct page_option){.value = a->figures.services.p[i].key,
                                     .label = a->figures.services.p[i].title,
                                     .checked = str_eq(a->figures.services.p[i].key, a->service_key)});
    v->csv = str_fmt(cx->arena, "/desk/numbers/export?unit=%.*s&service=%.*s",
                     STR_ARG(a->unit_id ? str_fmt(cx->arena, "%lld", (long long)a->unit_id) : S("")),
                     STR_ARG(a->service_key));
}

static void add_now(struct cx *cx, const struct casefile_figures *f, struct desk_numbers *v)
{
    const struct {
        enum text label, hint;
        int64_t n;
        bool warn;
    } rows[] = {
        {T_desk_numbers_waiting, T_desk_numbers_waiting_hint, f->all.waiting, false},
        {T_desk_numbers_overdue, T_desk_numbers_overdue_hint, f->overdue, true},
        {T_desk_numbers_unassigned, T_desk_numbers_unassigned_hint, f->unassigned, false},
        {T_desk_numbers_standing, T_desk_numbers_standing_hint, f->standing, false},
        {T_desk_numbers_appealed, T_desk_numbers_appealed_hint, f->appealed, false},
        {T_desk_numbers_unclosed, T_desk_numbers_unclosed_hint, f->unclosed, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        vec_add(cx->arena, &v->now,
                (struct desk_number){text(cx, rows[i].label), i18n_number(cx, rows[i].n), text(cx, rows[i].hint),
                                     rows[i].warn && rows[i].n});
}

static struct str age_name(struct cx *cx, int band)
{
    int64_t from = band ? casefile_age_days[band - 1] + 1 : 0;
    if (band == CASEFILE_AGES - 1)
        return i18n_fmt(cx, T_desk_numbers_age_over, ARG("from", from - 1));
    return i18n_fmt(cx, T_desk_numbers_age, ARG("from", from), ARG("to", (int64_t)casefile_age_days[band]));
}

static struct desk_number_row row_of(struct cx *cx, struct str label, const struct casefile_sum *s)
{
    return (struct desk_number_row){label,
                                    i18n_number(cx, s->received),
                                    i18n_number(cx, s->answered),
                                    i18n_number(cx, s->withdrawn),
                                    i18n_number(cx, s->waiting),
                                    or_dash(cx, s->median_days, false),
                                    or_dash(cx, s->p90_days, false),
                                    or_dash(cx, s->kept_percent, true)};
}

static void add_tables(struct cx *cx, const struct asking *a, struct desk_numbers *v)
{
    const struct casefile_figures *f = &a->figures;
    for (int i = 0; i < CASEFILE_AGES; i++)
        vec_add(cx->arena, &v->ages, (struct desk_number){age_name(cx, i), i18n_number(cx, f->age[i]), S(""), false});
    for (int i = 0; i < CASEFILE_MONTHS; i++)
        vec_add(cx->arena, &v->months, row_of(cx, month_name(cx, &f->month[i]), &f->month[i].sum));
    for (size_t i = 0; i < f->services.n; i++)
        if (!a->service_key.n || str_eq(f->services.p[i].key, a->service_key))
            vec_add(cx->arena, &v->services, row_of(cx, f->services.p[i].title, &f->services.p[i].sum));
    if (v->services.n > 1)
        vec_add(cx->arena, &v->services, row_of(cx, text(cx, T_desk_numbers_all_services), &f->all));
}

static void add_charts(struct cx *cx, const struct asking *a, struct desk_numbers *v)
{
    struct series {
        struct opt_int received[CASEFILE_MONTHS], answered[CASEFILE_MONTHS], waiting[CASEFILE_MONTHS],
            median[CASEFILE_MONTHS], p90[CASEFILE_MONTHS];
    } *s = arena_new_of(cx->arena, struct series);
    struct str *months = arena_array(cx->arena, struct str, CASEFILE_MONTHS);
    const struct casefile_month *m = a->figures.month;
    for (int i = 0; i < CASEFILE_MONTHS; i++) {
        months[i] = i18n_month_short(cx, m[i].month);
        s->received[i] = opt_int(m[i].sum.received);
        s->answered[i] = opt_int(m[i].sum.answered);
        s->waiting[i] = opt_int(m[i].sum.waiting);
        s->median[i] = m[i].sum.median_days;
        s->p90[i] = m[i].sum.p90_days;
        v->has_days |= m[i].sum.median_days.set;
    }
    const struct page_chart_series flow[] = {{text(cx, T_desk_numbers_received), s->received},
                                             {text(cx, T_desk_numbers_answered), s->answered}};
    const struct page_chart_series days[] = {{text(cx, T_desk_numbers_median), s->median}};
    const struct casefile_month *first = &m[0], *last = &m[CASEFILE_MONTHS - 1];
    struct page_chart_data data = {
        .id = S("flow"),
        .title = text(cx, T_desk_numbers_flow),
        .text = i18n_fmt(cx, T_desk_numbers_flow_text, ARG("first", month_name(cx, first)),
                         ARG("before", first->sum.waiting), ARG("last", month_name(cx, last)),
                         ARG("now", last->sum.waiting), ARG("received", a->figures.all.received),
                         ARG("answered", a->figures.all.answered)),
        .steps = months,
        .n = CASEFILE_MONTHS,
        .columns = flow,
        .n_columns = 2,
        .line = {text(cx, T_desk_numbers_waiting_end), s->waiting},
    };
    v->flow = page_chart_make(cx, &data);
    data.id = S("days");
    data.title = text(cx, T_desk_numbers_days);
    data.text = i18n_fmt(cx, T_desk_numbers_days_text, ARG("median", or_dash(cx, a->figures.all.median_days, false)),
                         ARG("p90", or_dash(cx, a->figures.all.p90_days, false)));
    data.columns = days;
    data.n_columns = 1;
    data.line = (struct page_chart_series){text(cx, T_desk_numbers_p90), s->p90};
    v->days = page_chart_make(cx, &data);
}

enum err desk_numbers_page(struct cx *cx, struct request *req, struct reply *rep)
{
    struct asking a;
    struct desk_numbers view = {0};
    enum err e = ask(cx, req, &a);
    if (e)
        return e;
    view.lead = i18n_fmt(cx, T_desk_numbers_lead, ARG("unit", unit_name(cx, &a)), ARG("service", service_name(cx, &a)));
    view.empty = !a.figures.services.n;
    add_filters(cx, &a, &view);
    add_now(cx, &a.figures, &view);
    add_tables(cx, &a, &view);
    add_charts(cx, &a, &view);
    struct page page = {.title = text(cx, T_desk_numbers_title), .face = PAGE_DESK, .wide = true};
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    struct tpl o = tpl_begin(cx);
    tpl_desk_numbers(&o, &view);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

/* ---- the file ---- */

struct sheet {
    struct csv csv;
    struct str unit;
};

static void opt_cell(struct csv *c, struct opt_int v)
{
    if (v.set)
        csv_i64(c, v.v);
    else
        csv_str(c, S(""));
}

/* The cells that every row has; the row is not ended. */
static void sum_cells(struct sheet *s, struct str period, struct str service, const struct casefile_sum *sum)
{
    struct csv *c = &s->csv;
    csv_str(c, period);
    csv_str(c, s->unit);
    csv_str(c, service);
    csv_i64(c, sum->received);
    csv_i64(c, sum->answered);
    csv_i64(c, sum->withdrawn);
    csv_i64(c, sum->waiting);
    opt_cell(c, sum->median_days);
    opt_cell(c, sum->p90_days);
    csv_i64(c, sum->kept);
    csv_i64(c, sum->late);
    opt_cell(c, sum->kept_percent);
}

static void heading(struct cx *cx, struct csv *c)
{
    const enum text labels[] = {T_desk_numbers_period,   T_desk_numbers_unit,       T_desk_numbers_service,
                                T_desk_numbers_received, T_desk_numbers_answered,   T_desk_numbers_withdrawn,
                                T_desk_numbers_waiting,  T_desk_numbers_median,     T_desk_numbers_p90,
                                T_desk_numbers_kept,     T_desk_numbers_late,       T_desk_numbers_kept_percent,
                                T_desk_numbers_overdue,  T_desk_numbers_unassigned, T_desk_numbers_standing,
                                T_desk_numbers_appealed, T_desk_numbers_unclosed};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        csv_str(c, text(cx, labels[i]));
    for (int i = 0; i < CASEFILE_AGES; i++)
        csv_str(c, i18n_fmt(cx, T_desk_numbers_age_column, ARG("age", age_name(cx, i))));
    csv_end_row(c);
}

/* The year, with what is now, then its services, then its months. */
static struct str csv_of(struct cx *cx, const struct asking *a)
{
    struct buf b = buf_make(cx->arena);
    struct sheet s = {.csv = csv_make(&b), .unit = unit_name(cx, a)};
    const struct casefile_figures *f = &a->figures;
    const struct casefile_month *first = &f->month[0], *last = &f->month[CASEFILE_MONTHS - 1];
    struct str year = str_fmt(cx->arena, "%04d-%02d – %04d-%02d", first->year, first->month, last->year, last->month);
    const int64_t now[] = {f->overdue, f->unassigned, f->standing, f->appealed, f->unclosed};
    heading(cx, &s.csv);
    sum_cells(&s, year, service_name(cx, a), &f->all);
    for (size_t i = 0; i < sizeof now / sizeof *now; i++)
        csv_i64(&s.csv, now[i]);
    for (int i = 0; i < CASEFILE_AGES; i++)
        csv_i64(&s.csv, f->age[i]);
    csv_end_row(&s.csv);
    for (size_t i = 0; i < f->services.n && !a->service_key.n; i++) {
        sum_cells(&s, year, f->services.p[i].title, &f->services.p[i].sum);
        csv_end_row(&s.csv);
    }
    for (int i = 0; i < CASEFILE_MONTHS; i++) {
        sum_cells(&s, str_fmt(cx->arena, "%04d-%02d", f->month[i].year, f->month[i].month), service_name(cx, a),
                  &f->month[i].sum);
        csv_end_row(&s.csv);
    }
    return buf_str(&b);
}

enum err desk_numbers_export(struct cx *cx, struct request *req, struct reply *rep)
{
    struct asking a;
    enum err e = ask(cx, req, &a);
    if (e)
        return e;
    struct str today = civil_iso_day(cx->arena, civil_day_of_us(cx->now_us));
    struct reply_file file = {.type = S("text/csv; charset=utf-8"),
                              .name = i18n_fmt(cx, T_desk_numbers_file, ARG("day", today)),
                              .bytes = csv_of(cx, &a),
                              .download = true};
    return reply_file(cx, rep, &file);
}
