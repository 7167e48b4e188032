/* The journal as data: a feed, open data, and the form of the national journal service. */
#include "codec/csv.h"
#include "codec/json.h"
#include "codec/xml_out.h"
#include "i18n/i18n.h"
#include "journal_einnsyn.h"
#include "journal_handlers.h"
#include "municipality/municipality.h"

enum { DATA_ROWS = 1000 };

static struct str day_text(struct cx *cx, day_t day)
{
    return civil_iso_day(cx->arena, day);
}

/* ---- Atom (RFC 4287) ---- */

static void feed_entry(struct cx *cx, struct xml_out *o, struct str origin, const struct journal_entry *e)
{
    struct str href = str_fmt(cx->arena, "%.*s/journal/entry/%.*s", STR_ARG(origin), STR_ARG(e->no));
    struct str direction = journal_direction(cx, e->kind);
    xml_out_begin(o, "entry");
    xml_out_text(o, "title", str_fmt(cx->arena, "%.*s: %.*s", STR_ARG(e->no), STR_ARG(e->title)));
    xml_out_begin(o, "link");
    xml_out_attr(o, "href", href);
    xml_out_end(o);
    xml_out_text(o, "id", href);
    xml_out_text(o, "updated", civil_iso_us(cx->arena, e->published_us));
    xml_out_text(o, "summary",
                 str_fmt(cx->arena, "%.*s%s%.*s %.*s", STR_ARG(e->casefile_title), e->who.n ? ". " : "",
                         STR_ARG(e->who.n ? direction : S("")), STR_ARG(e->who)));
    xml_out_end(o);
}

enum err journal_get_feed(struct cx *cx, struct request *req, struct reply *rep)
{
    struct journal_entries list;
    struct buf b = buf_make(cx->arena);
    struct str origin = req_origin(req);
    enum err e = journal_newest(cx, &list);
    if (e)
        return e;
    struct xml_out o = xml_out_make(&b);
    xml_out_begin(&o, "feed");
    xml_out_attr(&o, "xmlns", S("http://www.w3.org/2005/Atom"));
    xml_out_text(
        &o, "title",
        str_fmt(cx->arena, "%.*s – %.*s", STR_ARG(i18n_text(cx->lang, T_journal_title)), STR_ARG(cx->muni->name)));
    struct str self = str_fmt(cx->arena, "%.*s/journal/feed", STR_ARG(origin));
    xml_out_begin(&o, "link");
    xml_out_attr(&o, "rel", S("self"));
    xml_out_attr(&o, "href", self);
    xml_out_end(&o);
    xml_out_text(&o, "id", self);
    xml_out_text(&o, "updated", civil_iso_us(cx->arena, list.rows.n ? list.rows.p[0].published_us : 0));
    xml_out_begin(&o, "author");
    xml_out_text(&o, "name", cx->muni->name);
    xml_out_end(&o);
    for (size_t i = 0; i < list.rows.n; i++)
        feed_entry(cx, &o, origin, &list.rows.p[i]);
    xml_out_end(&o);
    journal_no_robots(cx, rep);
    return reply_file(
        cx, rep,
        &(struct reply_file){.type = S("application/atom+xml"), .name = S("journal.atom"), .bytes = buf_str(&b)});
}

/* ---- open data ---- */

static enum err read_data(struct cx *cx, struct request *req, struct journal_query *q, struct journal_entries *ret)
{
    if (!journal_read_query(req, q)) {
        enum err e = fail(cx, ERR_INVALID, "day is a date such as 2026-01-31");
        cx->fail.field = S("day");
        return e;
    }
    q->limit = DATA_ROWS;
    return journal_list(cx, q, ret);
}

static struct str kind_name(enum record_kind kind)
{
    return kind == RECORD_INCOMING ? S("incoming") : S("outgoing");
}

enum err journal_get_csv(struct cx *cx, struct request *req, struct reply *rep)
{
    struct journal_query q;
    struct journal_entries list;
    struct buf b = buf_make(cx->arena);
    enum err e = read_data(cx, req, &q, &list);
    if (e)
        return e;
    static const char *const head[] = {
        "number", "day",           "document_day", "kind",        "casefile",    "casefile_title", "number_in_casefile",
        "title",  "correspondent", "unit",         "access_code", "access_basis"};
    struct csv csv = csv_make(&b);
    for (size_t i = 0; i < sizeof head / sizeof *head; i++)
        csv_str(&csv, str_of(head[i]));
    csv_end_row(&csv);
    for (size_t i = 0; i < list.rows.n; i++) {
        const struct journal_entry *r = &list.rows.p[i];
        struct str fields[] = {r->no,
                               day_text(cx, r->day),
                               day_text(cx, r->document_day),
                               kind_name(r->kind),
                               r->casefile_no,
                               r->casefile_title,
                               str_fmt(cx->arena, "%lld", (long long)r->number),
                               r->title,
                               r->who,
                               r->unit,
                               r->access_code,
                               r->access_basis};
        for (size_t k = 0; k < sizeof fields / sizeof *fields; k++)
            csv_str(&csv, fields[k]);
        csv_end_row(&csv);
    }
    journal_no_robots(cx, rep);
    return reply_file(
        cx, rep,
        &(struct reply_file){
            .type = S("text/csv; charset=utf-8"), .name = S("journal.csv"), .bytes = buf_str(&b), .download = true});
}

enum err journal_get_json(struct cx *cx, struct request *req, struct reply *rep)
{
    struct journal_query q;
    struct journal_entries list;
    struct buf b = buf_make(cx->arena);
    enum err e = read_data(cx, req, &q, &list);
    if (e)
        return e;
    struct json_out o = json_out_make(&b);
    json_begin_object(&o);
    json_pair(&o, "municipality", cx->muni->name);
    json_key(&o, "entries");
    json_begin_array(&o);
    for (size_t i = 0; i < list.rows.n; i++) {
        const struct journal_entry *r = &list.rows.p[i];
        json_begin_object(&o);
        json_pair(&o, "number", r->no);
        json_pair(&o, "day", day_text(cx, r->day));
        json_pair(&o, "document_day", day_text(cx, r->document_day));
        json_pair(&o, "kind", kind_name(r->kind));
        json_pair(&o, "casefile", r->casefile_no);
        json_pair(&o, "casefile_title", r->casefile_title);
        json_key(&o, "number_in_casefile");
        json_i64(&o, r->number);
        json_pair(&o, "title", r->title);
        json_pair(&o, "correspondent", r->who);
        json_pair(&o, "unit", r->unit);
        json_pair(&o, "access_code", r->access_code);
        json_pair(&o, "access_basis", r->access_basis);
        json_pair(&o, "published", civil_iso_us(cx->arena, r->published_us));
        json_end(&o);
    }
    json_end(&o);
    if (list.next) {
        json_key(&o, "next_before");
        json_i64(&o, list.next);
    }
    json_end(&o);
    journal_no_robots(cx, rep);
    return reply_json(cx, rep, 200, buf_str(&b));
}

/* ---- eInnsyn ---- */

enum err journal_get_einnsyn(struct cx *cx, struct request *req, struct reply *rep)
{
    struct journal_query q;
    struct journal_entries list;
    struct buf b = buf_make(cx->arena);
    enum err e = read_data(cx, req, &q, &list);
    if (e)
        return e;
    struct json_out o = json_out_make(&b);
    json_begin_object(&o);
    json_key(&o, "items");
    json_begin_array(&o);
    for (size_t i = 0; i < list.rows.n; i++)
        einnsyn_file_and_entry(cx, &o, &list.rows.p[i]);
    json_end(&o);
    if (list.next)
        json_pair(&o, "next",
                  str_fmt(cx->arena, "%.*s%.*s", STR_ARG(req_origin(req)),
                          STR_ARG(journal_next(cx, "/journal/einnsyn.json", &q, list.next))));
    json_end(&o);
    journal_no_robots(cx, rep);
    return reply_json(cx, rep, 200, buf_str(&b));
}
