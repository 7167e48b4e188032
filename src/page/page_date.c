/* A day in three boxes: into them, out of a request, and back to a day. */
#include "page.h"

#include "i18n/i18n.h"

struct page_field page_date_field(struct cx *cx, const char *id, enum text label)
{
    return (struct page_field){.kind = PAGE_FIELD_DATE, .id = str_of(id), .label = i18n_text(cx->lang, label)};
}

void page_date_put(struct cx *cx, struct page_field *f, day_t day)
{
    int y, m, d;
    civil_from_day(day, &y, &m, &d);
    f->day = str_fmt(cx->arena, "%d", d);
    f->month = str_fmt(cx->arena, "%d", m);
    f->year = str_fmt(cx->arena, "%d", y);
}

static struct str box(struct cx *cx, const struct request *req, const struct page_field *f, const char *part)
{
    return req_str(req, str_fmt(cx->arena, "%" PRI_STR "_%s", STR_ARG(f->id), part).p);
}

void page_date_fill(struct cx *cx, const struct request *req, struct page_field *f)
{
    f->day = box(cx, req, f, "day");
    f->month = box(cx, req, f, "month");
    f->year = box(cx, req, f, "year");
}

bool page_date_day(const struct page_field *f, day_t *ret)
{
    int64_t y, m, d;
    if (!str_to_i64(f->day, &d) || !str_to_i64(f->month, &m) || !str_to_i64(f->year, &y) || y < 1900 || y > 9999 ||
        !civil_valid((int)y, (int)m, (int)d))
        return false;
    *ret = civil_to_day((int)y, (int)m, (int)d);
    return true;
}

bool page_date_empty(const struct page_field *f)
{
    return str_empty(f->day) && str_empty(f->month) && str_empty(f->year);
}
