/* "Who has seen my data": the face of this room, which alone knows http and page (tools/layers.txt). */
#include "access_internal.h"
#include "access_views.h"
#include "auth/auth.h"
#include "codec/codec.h"
#include "http/http.h"
#include "i18n/i18n.h"
#include "page/page.h"
#include "tpl/tpl.h"
#include "tpl_access_seen.h"

enum { PAGE_ROWS = 100, FILE_ROWS = 1000 /* so many of the file are read at a time */ };

static enum text kind_text(struct str kind)
{
    static const struct {
        const char *kind;
        enum text text;
    } kinds[] = {
        {"casefile", T_access_kind_casefile}, {"document", T_access_kind_document},  {"letter", T_access_kind_letter},
        {"list", T_access_kind_list},         {"search", T_access_kind_search},      {"person", T_access_kind_person},
        {"draft", T_access_kind_draft},       {"export", T_access_kind_export},      {"journal", T_access_kind_journal},
        {"reuse", T_access_kind_reuse},       {"signature", T_access_kind_signature}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_eq_z(kind, kinds[i].kind))
            return kinds[i].text;
    return T_access_kind_other;
}

static struct str unit_name(struct cx *cx, const struct q_access_seen *r)
{
    struct str otherwise = r->unit_name.n ? r->unit_name : cx->muni ? cx->muni->name : S("");
    return municipality_unit_name(cx->muni, r->unit_key, cx->lang, otherwise);
}

static access_person_fn person_name; /* set once at start by app/ */

void access_person_hook(access_person_fn fn)
{
    person_name = fn;
}

/* The holder of a mandate by name: both know of it. An employee's only where the municipality says so. */
static struct str viewer_name(struct cx *cx, const struct q_access_seen *r)
{
    struct str name = {0};
    if (r->viewer_kind == WHO_EMPLOYEE)
        return cx->muni && cx->muni->employee_name_shown ? r->employee_name : name;
    if (!person_name || r->viewer_kind != WHO_PARTY || person_name(cx, r->viewer_id, &name)) {
        cx->fail = (struct fail){0}; /* one who has been forgotten */
        return (struct str){0};
    }
    return name;
}

static struct access_row row_of(struct cx *cx, const struct q_access_seen *r)
{
    bool employee = r->viewer_kind == WHO_EMPLOYEE, itself = r->viewer_kind == WHO_SYSTEM;
    enum text person = itself                           ? T_access_viewer_itself
                       : str_eq_z(r->kind, "signature") ? T_access_viewer_signer
                                                        : T_access_viewer_mandate;
    struct access_words why = r->refused ? (struct access_words){0} : access_purpose_words(cx, r->purpose);
    return (struct access_row){
        .at_us = r->at_us,
        .unit = employee || itself ? unit_name(cx, r) : i18n_text(cx->lang, T_access_viewer_person),
        .role = employee ? auth_role_name(cx, (unsigned)r->roles) : i18n_text(cx->lang, person),
        .name = viewer_name(cx, r),
        .kind = kind_text(r->kind),
        .casefile_no = r->casefile_no,
        .purpose = why.text,
        .purpose_lang = why.lang,
        .legal_basis = r->refused ? (struct str){0} : r->legal_basis,
        .refused = r->refused != 0,
        .own_case = str_eq_z(r->kind, "casefile"),
        .viewer_id = r->viewer_id,
        .times = 1,
    };
}

static bool same(const struct access_row *a, const struct access_row *b)
{
    return a->viewer_id == b->viewer_id && a->kind == b->kind && a->refused == b->refused && str_eq(a->unit, b->unit) &&
           str_eq(a->casefile_no, b->casefile_no) && str_eq(a->purpose, b->purpose);
}

/* Someone at work opens the same case again and again: for the reader that is one thing that happened. Each look is in
   the file to download. */
static void add_row(struct cx *cx, struct access_view *v, struct access_row row)
{
    for (size_t i = v->rows.n; i-- > 0 && v->rows.p[i].at_us - row.at_us < HOUR_US;)
        if (same(&v->rows.p[i], &row)) {
            v->rows.p[i].times++;
            return;
        }
    vec_add(cx->arena, &v->rows, row);
}

static struct access_query query_of(struct cx *cx, struct request *req, size_t max)
{
    return (struct access_query){.party_id = cx->who->party_id,
                                 .before_batch = req_int(req, "before"),
                                 .casefile_no = req_has(req, "case") ? req_str(req, "case") : S(""),
                                 .max = max};
}

static enum err add_cases(struct cx *cx, struct access_view *v)
{
    struct q_access_seen_cases *rows;
    size_t n;
    enum err e = access_seen_cases_of(cx, cx->who->party_id, &rows, &n);
    for (size_t i = 0; !e && n > 1 && i < n; i++)
        vec_add(cx->arena, &v->cases,
                (struct access_case){.no = rows[i].casefile_no, .chosen = str_eq(rows[i].casefile_no, v->chosen)});
    return e;
}

static enum err access_seen(struct cx *cx, struct request *req, struct reply *rep)
{
    struct access_view v = {
        .chosen = req_str(req, "case"), .paged = req_has(req, "before"), .phone = cx->muni ? cx->muni->phone : S("")};
    struct access_query q = query_of(cx, req, PAGE_ROWS);
    struct access_seen seen;
    enum err e = access_seen_of(cx, &q, &seen);
    if (!e)
        e = add_cases(cx, &v);
    if (e)
        return e;
    for (size_t i = 0; i < seen.rows.n; i++)
        add_row(cx, &v, row_of(cx, &seen.rows.p[i]));
    if (seen.older)
        v.older_href =
            str_fmt(cx->arena, "/access?case=%" PRI_STR "&before=%lld", STR_ARG(v.chosen), (long long)seen.older);
    v.download_href =
        v.chosen.n ? str_fmt(cx->arena, "/access/list.json?case=%" PRI_STR, STR_ARG(v.chosen)) : S("/access/list.json");
    struct tpl o = tpl_begin(cx);
    tpl_access_seen(&o, &v);
    struct page page = {.title = i18n_text(cx->lang, T_access_title), .face = PAGE_MYPAGE};
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

static void put(struct json_out *o, const char *key, struct str s)
{
    json_key(o, key);
    json_str(o, s.p ? s : S(""));
}

static void put_row(struct cx *cx, struct json_out *o, const struct q_access_seen *r)
{
    struct access_row row = row_of(cx, r);
    json_begin_object(o);
    put(o, "at", civil_iso_us(cx->arena, row.at_us));
    put(o, "unit", row.unit);
    put(o, "role", row.role);
    if (row.name.n)
        put(o, "name", row.name);
    put(o, "what", r->kind);
    put(o, "case", row.casefile_no);
    put(o, "purpose", row.purpose);
    put(o, "legalBasis", row.legal_basis);
    json_key(o, "refused");
    json_bool(o, row.refused);
    json_end(o);
}

/* Some of the rows of the file; *q moves on to the older ones, to 0 after the last. */
static enum err put_rows(struct cx *cx, struct json_out *o, struct access_query *q)
{
    struct access_seen seen;
    enum err e = access_seen_of(cx, q, &seen);
    if (e)
        return e;
    for (size_t i = 0; i < seen.rows.n; i++)
        put_row(cx, o, &seen.rows.p[i]);
    q->before_batch = seen.older;
    return ERR_OK;
}

static enum err access_list(struct cx *cx, struct request *req, struct reply *rep)
{
    struct access_query q = query_of(cx, req, FILE_ROWS);
    struct buf b = buf_make(cx->arena);
    struct json_out o = json_out_make(&b);
    enum err e;
    json_begin_array(&o);
    do
        e = put_rows(cx, &o, &q);
    while (!e && q.before_batch);
    if (e)
        return e;
    json_end(&o);
    struct reply_file file = {
        .type = S("application/json"), .name = S("access.json"), .bytes = buf_str(&b), .download = true};
    return reply_file(cx, rep, &file);
}

enum err access_own(struct cx *cx, int64_t before, size_t max, struct access_looks *ret)
{
    struct access_query q = {.party_id = cx->who->party_id, .before_batch = before, .casefile_no = S(""), .max = max};
    struct access_seen seen;
    *ret = (struct access_looks){0};
    if (cx->who->kind != WHO_PARTY)
        return fail(cx, ERR_FORBIDDEN, "not logged in as a person");
    enum err e = access_seen_of(cx, &q, &seen);
    if (!e)
        ret->older = seen.older;
    for (size_t i = 0; !e && i < seen.rows.n; i++) {
        struct access_row r = row_of(cx, &seen.rows.p[i]);
        vec_add(cx->arena, &ret->rows,
                (struct access_look){.at_us = r.at_us,
                                     .unit = r.unit,
                                     .role = r.role,
                                     .name = r.name.p ? r.name : S(""),
                                     .what = i18n_text(cx->lang, r.kind),
                                     .casefile_no = r.casefile_no,
                                     .purpose = r.purpose.p ? r.purpose : S(""),
                                     .legal_basis = r.legal_basis.p ? r.legal_basis : S(""),
                                     .refused = r.refused});
    }
    return e;
}

/* A case number is letters, digits and dashes: FIELD_CODE keeps it fit for an address. */
static const struct field fields[] = {{.name = "case", .kind = FIELD_CODE, .max = 40},
                                      {.name = "before", .kind = FIELD_INT, .min = 1, .max = INT64_MAX}};

static const struct route routes[] = {
    ROUTE(GET, "/access", access_seen, PERM_PARTY, "who has seen my data, when and why", .fields = FIELDS(fields)),
    ROUTE(GET, "/access/list.json", access_list, PERM_PARTY, "the same as a file", .fields = FIELDS(fields)),
};

const struct http_module access_module = HTTP_MODULE("access", routes);
