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

static struct str text(struct cx *cx, enum text key)
{
    return i18n_text(cx->lang, key);
}

static struct desk_channel row_of(struct cx *cx, const struct casefile_channel_row *row, struct str title)
{
    int64_t share = casefile_channel_share(row);
    struct desk_channel r = {.title = title};
    r.share = i18n_fmt(cx, T_desk_share, ARG("whole", share / 10), ARG("tenth", share % 10));
    for (int c = 0; c < CHANNEL_COUNT; c++)
        vec_add(cx->arena, &r.n, row->n[c]);
    return r;
}

/* The table, for the page and for the file alike: what is a column here is one in both. */
static enum err load(struct cx *cx, struct request *req, struct desk_channels *ret)
{
    static const enum text columns[CHANNEL_COUNT] = {[0] = T_desk_channels_all,
                                                     [CHANNEL_SELF] = T_desk_channels_self,
                                                     [CHANNEL_COUNTER] = T_desk_channels_counter,
                                                     [CHANNEL_TELEPHONE] = T_desk_channels_telephone,
                                                     [CHANNEL_LETTER] = T_desk_channels_letter,
                                                     [CHANNEL_EMAIL] = T_desk_channels_email};
    _Static_assert(CHANNEL_COUNT == 6, "a new channel needs its column");
    struct casefile_channel_rows rows;
    int year = (int)req_int(req, "year");
    if (!year)
        year = this_year(cx);
    enum err e = casefile_channels(cx, year, &rows);
    if (e)
        return e;
    *ret = (struct desk_channels){.year = str_fmt(cx->arena, "%d", year)};
    vec_add(cx->arena, &ret->columns, text(cx, T_desk_channels_service));
    for (int c = 0; c < CHANNEL_COUNT; c++)
        vec_add(cx->arena, &ret->columns, text(cx, columns[c]));
    vec_add(cx->arena, &ret->columns, text(cx, T_desk_channels_share));
    for (size_t i = 0; i < rows.rows.n; i++)
        vec_add(cx->arena, &ret->rows, row_of(cx, &rows.rows.p[i], rows.rows.p[i].title));
    ret->all = row_of(cx, &rows.all, text(cx, T_desk_channels_total));
    return ERR_OK;
}

enum err desk_channels_page(struct cx *cx, struct request *req, struct reply *rep)
{
    struct desk_channels v;
    enum err e = load(cx, req, &v);
    if (e)
        return e;
    for (int y = this_year(cx); y > this_year(cx) - YEARS_SHOWN; y--) {
        struct str name = str_fmt(cx->arena, "%d", y);
        vec_add(cx->arena, &v.years, (struct desk_year){name, str_eq(name, v.year)});
    }
    struct page page = {.title = text(cx, T_desk_channels_title), .face = PAGE_DESK, .wide = true};
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    struct tpl o = tpl_begin(cx);
    tpl_desk_channels(&o, &v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

static void put_row(struct csv *c, const struct desk_channel *r)
{
    csv_str(c, r->title);
    for (size_t i = 0; i < r->n.n; i++)
        csv_i64(c, r->n.p[i]);
    csv_str(c, r->share);
    csv_end_row(c);
}

enum err desk_channels_csv(struct cx *cx, struct request *req, struct reply *rep)
{
    struct desk_channels v;
    enum err e = load(cx, req, &v);
    if (e)
        return e;
    struct buf b = buf_make(cx->arena);
    struct csv c = csv_make(&b);
    for (size_t i = 0; i < v.columns.n; i++)
        csv_str(&c, v.columns.p[i]);
    csv_end_row(&c);
    for (size_t i = 0; i < v.rows.n; i++)
        put_row(&c, &v.rows.p[i]);
    put_row(&c, &v.all);
    struct reply_file file = {.type = S("text/csv; charset=utf-8"),
                              .name = str_fmt(cx->arena, "channels-%" PRI_STR ".csv", STR_ARG(v.year)),
                              .bytes = buf_str(&b),
                              .download = true};
    return reply_file(cx, rep, &file);
}
