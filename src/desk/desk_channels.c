/* How applications come, per service and year: the share that is made without a computer. */
#include "desk_handlers.h"

#include "codec/codec.h"
#include "i18n/i18n.h"
#include "tpl_desk_channels.h"

enum { YEARS_SHOWN = 5 };

static int this_year(const struct cx *cx)
{
    return civil_from_us(cx->now_us).year;
}

static enum err load(struct cx *cx, struct request *req, int *ret_year, struct casefile_channel_rows *ret)
{
    int64_t year = req_int(req, "year");
    *ret_year = year ? (int)year : this_year(cx);
    return casefile_channels(cx, civil_to_day(*ret_year, 1, 1), civil_to_day(*ret_year + 1, 1, 1), ret);
}

static struct str share_text(struct cx *cx, const struct casefile_channel_row *row)
{
    int64_t share = casefile_channel_share(row);
    return i18n_fmt(cx, T_desk_share, ARG("whole", share / 10), ARG("tenth", share % 10));
}

static struct desk_channel row_of(struct cx *cx, const struct casefile_channel_row *row)
{
    return (struct desk_channel){.title = row->title,
                                 .all = row->n[0],
                                 .self = row->n[CHANNEL_SELF],
                                 .counter = row->n[CHANNEL_COUNTER],
                                 .telephone = row->n[CHANNEL_TELEPHONE],
                                 .letter = row->n[CHANNEL_LETTER],
                                 .email = row->n[CHANNEL_EMAIL],
                                 .share = share_text(cx, row)};
}

enum err desk_channels_page(struct cx *cx, struct request *req, struct reply *rep)
{
    struct casefile_channel_rows rows;
    int year;
    enum err e = load(cx, req, &year, &rows);
    if (e)
        return e;
    struct desk_channels v = {.year = str_fmt(cx->arena, "%d", year)};
    for (int y = this_year(cx); y > this_year(cx) - YEARS_SHOWN; y--)
        vec_add(cx->arena, &v.years, (struct desk_year){str_fmt(cx->arena, "%d", y), y == year});
    for (size_t i = 0; i < rows.rows.n; i++)
        vec_add(cx->arena, &v.rows, row_of(cx, &rows.rows.p[i]));
    v.all = row_of(cx, &rows.all);
    struct page page = {.title = i18n_text(cx->lang, T_desk_channels_title), .face = PAGE_DESK, .wide = true};
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    struct tpl o = tpl_begin(cx);
    tpl_desk_channels(&o, &v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

static void put_row(struct csv *c, const struct desk_channel *r, struct str title)
{
    csv_str(c, title);
    csv_i64(c, r->all);
    csv_i64(c, r->self);
    csv_i64(c, r->counter);
    csv_i64(c, r->telephone);
    csv_i64(c, r->letter);
    csv_i64(c, r->email);
    csv_str(c, r->share);
    csv_end_row(c);
}

enum err desk_channels_csv(struct cx *cx, struct request *req, struct reply *rep)
{
    static const enum text heads[] = {T_desk_channels_service, T_desk_channels_all,       T_desk_channels_self,
                                      T_desk_channels_counter, T_desk_channels_telephone, T_desk_channels_letter,
                                      T_desk_channels_email,   T_desk_channels_share};
    struct casefile_channel_rows rows;
    int year;
    enum err e = load(cx, req, &year, &rows);
    if (e)
        return e;
    struct buf b = buf_make(cx->arena);
    struct csv c = csv_make(&b);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        csv_str(&c, i18n_text(cx->lang, heads[i]));
    csv_end_row(&c);
    for (size_t i = 0; i < rows.rows.n; i++) {
        struct desk_channel row = row_of(cx, &rows.rows.p[i]);
        put_row(&c, &row, row.title);
    }
    struct desk_channel all = row_of(cx, &rows.all);
    put_row(&c, &all, i18n_text(cx->lang, T_desk_channels_total));
    struct reply_file file = {.type = S("text/csv; charset=utf-8"),
                              .name = str_fmt(cx->arena, "channels-%d.csv", year),
                              .bytes = buf_str(&b),
                              .download = true};
    return reply_file(cx, rep, &file);
}
