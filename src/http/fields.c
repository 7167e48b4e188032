/* Declared fields: what came is held against what the route declares; the rest does not exist. */
#include <assert.h>
#include <string.h>

#include "http/http_inner.h"

static enum err check_length(const struct field *f, size_t n, int64_t default_max)
{
    int64_t max = f->max ? f->max : default_max;
    return (int64_t)n > max ? ERR_TOO_LARGE : (int64_t)n < f->min ? ERR_RANGE : ERR_OK;
}

/* One line: no line breaks or tabs inside. */
static bool one_line(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '\n' || s.p[i] == '\r' || s.p[i] == '\t')
            return false;
    return true;
}

static struct str lf_lines(struct arena *a, struct str s)
{
    if (str_find_char(s, '\r', 0) == s.n)
        return s;
    char *p = arena_alloc(a, s.n);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        bool pair = s.p[i] == '\r' && i + 1 < s.n && s.p[i + 1] == '\n';
        if (!pair)
            p[n++] = s.p[i] == '\r' ? '\n' : s.p[i];
    }
    return str_make(p, n);
}

static bool is_code(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("-_.~", c))))
            return false;
    }
    return true;
}

static enum err check_number(const struct field *f, struct str s, int64_t *ret)
{
    int64_t v, min = f->min, max = f->max;
    if (f->kind == FIELD_ID) {
        min = 1;
        max = (INT64_C(1) << 53) - 1;
    }
    if (!str_to_i64(s, &v))
        return ERR_INVALID;
    if ((min || max) && (v < min || v > max))
        return ERR_RANGE;
    *ret = v;
    return ERR_OK;
}

static enum err check_bool(struct str s, int64_t *ret)
{
    *ret = str_eq_z(s, "1") || str_eq_z(s, "true") || str_eq_z(s, "on");
    return *ret || str_eq_z(s, "0") || str_eq_z(s, "false") ? ERR_OK : ERR_INVALID;
}

static enum err check_day(struct str s, int64_t *ret)
{
    day_t day;
    if (!civil_parse_day(s, &day))
        return ERR_INVALID;
    *ret = day;
    return ERR_OK;
}

/* Clean one value in place and say whether it is what the field may hold. */
static enum err check_value(struct cx *cx, const struct field *f, struct str *s, int64_t *ret_number)
{
    if (f->kind == FIELD_ANY)
        return check_length(f, s->n, 100000);
    if (f->kind == FIELD_LONG)
        *s = lf_lines(cx->arena, *s);
    *s = str_trim(*s);
    if (!s->n)
        return ERR_OK;
    switch (f->kind) {
    case FIELD_TEXT:
        return one_line(*s) ? check_length(f, text_length(*s), 200) : ERR_INVALID;
    case FIELD_LONG:
        return check_length(f, text_length(*s), 10000);
    case FIELD_CODE:
        return is_code(*s) ? check_length(f, s->n, 200) : ERR_INVALID;
    case FIELD_INT:
    case FIELD_ID:
        return check_number(f, *s, ret_number);
    case FIELD_BOOL:
        return check_bool(*s, ret_number);
    case FIELD_DAY:
        return check_day(*s, ret_number);
    case FIELD_FILE:
    case FIELD_ANY:
        break;
    }
    return ERR_INVALID;
}

static void note_fault(struct request *req, const struct field *f, struct got *g, enum err e)
{
    if (g->fault)
        return;
    g->fault = e;
    g->number = 0;
    req->faults[req->n_faults++] = (struct req_fault){f->name, e};
}

static size_t count_items(const struct request *req, const struct field *f)
{
    size_t n = 0;
    for (size_t i = 0; i < req->items.n; i++)
        n += str_eq_z(req->items.p[i].name, f->name);
    return n;
}

static void read_files(struct cx *cx, struct request *req, const struct field *f, struct got *g)
{
    struct req_file *files = arena_array(cx->arena, struct req_file, count_items(req, f));
    for (size_t i = 0; i < req->items.n; i++) {
        const struct form_item *item = &req->items.p[i];
        if (!str_eq_z(item->name, f->name))
            continue;
        if (!item->is_file)
            note_fault(req, f, g, ERR_INVALID);
        else if (item->value.n || item->file_name.n) /* an empty file input sends neither */
            files[g->n_files++] =
                (struct req_file){item->file_name.n ? item->file_name : S("file"), item->type, item->value};
    }
    g->files = files;
    for (size_t i = 0; i < g->n_files; i++) {
        enum err e = check_length(f, files[i].bytes.n, INT64_MAX);
        if (e)
            note_fault(req, f, g, e);
    }
}

static void read_values(struct cx *cx, struct request *req, const struct field *f, struct got *g)
{
    size_t came = count_items(req, f);
    struct str *values = came ? arena_array(cx->arena, struct str, came) : NULL;
    for (size_t i = 0; i < req->items.n; i++) {
        const struct form_item *item = &req->items.p[i];
        if (!str_eq_z(item->name, f->name))
            continue;
        if (item->is_file) {
            note_fault(req, f, g, ERR_INVALID);
            continue;
        }
        struct str value = item->value;
        int64_t number = 0;
        enum err e = check_value(cx, f, &value, &number);
        if (!value.n)
            continue;
        if (g->n == 0)
            g->number = number;
        values[g->n++] = value;
        if (e)
            note_fault(req, f, g, e);
    }
    g->values = values;
}

static enum err check_fields(struct cx *cx, struct request *req)
{
    const struct route *t = req->route;
    req->got = arena_array(cx->arena, struct got, t->n_fields + 1);
    req->faults = arena_array(cx->arena, struct req_fault, t->n_fields + 1);
    for (size_t i = 0; i < t->n_fields; i++) {
        const struct field *f = &t->fields[i];
        struct got *g = &req->got[i];
        if (!f->many && f->kind != FIELD_FILE && count_items(req, f) > 1)
            return fail(cx, ERR_BAD_REQUEST, "field %s came more than once", f->name);
        if (f->kind == FIELD_FILE)
            read_files(cx, req, f, g);
        else
            read_values(cx, req, f, g);
        if (!f->many && g->n_files > 1)
            return fail(cx, ERR_BAD_REQUEST, "field %s came more than once", f->name);
        if (f->required && !g->n && !g->n_files)
            note_fault(req, f, g, ERR_INVALID);
    }
    return ERR_OK;
}

static enum err parse_body(struct cx *cx, struct request *req)
{
    struct str type = req_header(req, "Content-Type");
    struct str kind = str_trim(str_slice(type, 0, str_find_char(type, ';', 0)));
    if (!req->body.n && !type.n)
        return ERR_OK;
    if (str_ieq(kind, S("application/x-www-form-urlencoded")))
        return http_parse_urlencoded(cx, req->body, &req->items);
    if (str_ieq(kind, S("multipart/form-data")))
        return http_parse_multipart(cx, type, req->body, &req->items);
    return fail(cx, ERR_MEDIA_TYPE, "a form is expected");
}

enum err http_read_fields(struct cx *cx, struct request *req)
{
    bool in_query = req->method == GET || req->method == DELETE || (req->route->flags & ROUTE_RAW);
    enum err e = in_query ? http_parse_urlencoded(cx, req->query, &req->items) : parse_body(cx, req);
    return e ? e : check_fields(cx, req);
}

static const char *csrf_field(const struct request *req)
{
    const char *name = req->server->config->hooks.csrf_field;
    return name ? name : "_csrf";
}

bool http_is_form(const struct request *req)
{
    return req->route && req->method == POST && !(req->route->flags & (ROUTE_RAW | ROUTE_MACHINE));
}

bool http_csrf_ok(struct cx *cx, struct request *req)
{
    const struct http_hooks *hooks = &req->server->config->hooks;
    if (!hooks->csrf_ok)
        return true;
    struct str token = http_field_raw(req, csrf_field(req));
    return hooks->csrf_ok(cx, req, token.n ? token : req_header(req, "X-CSRF-Token"));
}

enum err req_sent(struct cx *cx, struct request *req, const struct req_field **ret, size_t *ret_n)
{
    enum err e = req->items.n ? ERR_OK : http_read_fields(cx, req);
    if (!e && !http_csrf_ok(cx, req))
        e = fail(cx, ERR_CSRF, "the form's token is not of this browser's session");
    if (e)
        return e;
    struct req_field *fields = arena_array(cx->arena, struct req_field, req->items.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < req->items.n; i++) {
        const struct form_item *item = &req->items.p[i];
        if (!str_eq_z(item->name, csrf_field(req)))
            fields[n++] = (struct req_field){item->name, item->value, item->is_file};
    }
    *ret = fields;
    *ret_n = n;
    return ERR_OK;
}

struct str http_field_raw(const struct request *req, const char *name)
{
    for (size_t i = 0; i < req->items.n; i++)
        if (str_eq_z(req->items.p[i].name, name) && !req->items.p[i].is_file)
            return req->items.p[i].value;
    return S("");
}

/* ---- what handlers ask */

static const struct got *declared(const struct request *req, const char *name)
{
    for (size_t i = 0; i < req->route->n_fields; i++)
        if (!strcmp(req->route->fields[i].name, name))
            return &req->got[i];
    return NULL;
}

/* Of a route whose fields are not known at compile time: gathered when asked for. */
static struct got undeclared(const struct request *req, const char *name)
{
    assert(req->route->flags & ROUTE_ANY_FIELDS);
    struct field f = {.name = name, .kind = FIELD_ANY};
    size_t came = count_items(req, &f);
    struct str *values = arena_array(req->cx->arena, struct str, came + 1);
    struct req_file *files = arena_array(req->cx->arena, struct req_file, came + 1);
    struct got g = {.values = values, .files = files};
    for (size_t i = 0; i < req->items.n; i++) {
        const struct form_item *item = &req->items.p[i];
        if (!str_eq_z(item->name, name))
            continue;
        if (item->is_file && (item->value.n || item->file_name.n))
            files[g.n_files++] =
                (struct req_file){item->file_name.n ? item->file_name : S("file"), item->type, item->value};
        else if (!item->is_file && item->value.n)
            values[g.n++] = item->value;
    }
    return g;
}

static struct got got(const struct request *req, const char *name)
{
    const struct got *g = declared(req, name);
    return g ? *g : undeclared(req, name);
}

bool req_has(const struct request *req, const char *name)
{
    struct got g = got(req, name);
    return g.n || g.n_files;
}

struct str req_str(const struct request *req, const char *name)
{
    struct got g = got(req, name);
    return g.n ? g.values[0] : S("");
}

int64_t req_int(const struct request *req, const char *name)
{
    const struct got *g = declared(req, name);
    assert(g);
    return g->number;
}

bool req_bool(const struct request *req, const char *name)
{
    return req_int(req, name) != 0;
}

bool req_day(const struct request *req, const char *name, day_t *ret_day)
{
    const struct got *g = declared(req, name);
    assert(g);
    if (!g->n || g->fault)
        return false;
    *ret_day = (day_t)g->number;
    return true;
}

size_t req_many(const struct request *req, const char *name, const struct str **ret_values)
{
    struct got g = got(req, name);
    *ret_values = g.values;
    return g.n;
}

const struct req_file *req_files(const struct request *req, const char *name, size_t *ret_n)
{
    struct got g = got(req, name);
    *ret_n = g.n_files;
    return g.files;
}

const struct req_field *req_fields(const struct request *req, size_t *ret_n)
{
    assert(req->route->flags & ROUTE_ANY_FIELDS);
    const char *csrf = req->server->config->hooks.csrf_field;
    struct req_field *fields = arena_array(req->cx->arena, struct req_field, req->items.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < req->items.n; i++) {
        const struct form_item *item = &req->items.p[i];
        if (!str_eq_z(item->name, csrf ? csrf : "_csrf"))
            fields[n++] = (struct req_field){item->name, item->is_file ? S("") : item->value, item->is_file};
    }
    *ret_n = n;
    return fields;
}

const struct req_fault *req_faults(const struct request *req, size_t *ret_n)
{
    *ret_n = req->n_faults;
    return req->faults;
}
