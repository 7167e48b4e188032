/* What a client sends, checked against the model, and what the core adds. */
#include <sodium.h>
#include <string.h>

#include "auth/auth.h"
#include "keys/keys.h"
#include "noark/noark_internal.h"
#include "record/record.h"

/* ---- trees ---- */

static struct json *j_new(struct cx *cx, enum json_kind kind)
{
    struct json *j = arena_new_of(cx->arena, struct json);
    j->kind = kind;
    return j;
}

struct json *j_map(struct cx *cx)
{
    return j_new(cx, JSON_MAP);
}

struct json *j_list(struct cx *cx)
{
    return j_new(cx, JSON_LIST);
}

struct json *j_text(struct cx *cx, struct str s)
{
    struct json *j = j_new(cx, JSON_TEXT);
    j->text = s;
    return j;
}

struct json *j_int(struct cx *cx, int64_t v)
{
    struct json *j = j_new(cx, JSON_INT);
    j->i64 = v;
    return j;
}

void j_add(struct cx *cx, struct json *list, struct json *v)
{
    struct json **items = arena_alloc_array(cx->arena, sizeof *items, list->n + 1);
    if (list->n)
        memcpy(items, list->items, list->n * sizeof *items);
    items[list->n++] = v;
    list->items = items;
}

void j_set(struct cx *cx, struct json *map, struct str key, struct json *v)
{
    for (size_t i = 0; i < map->n; i++)
        if (str_eq(map->items[i]->key, key)) {
            if (v) {
                struct json *copy = arena_new_of(cx->arena, struct json);
                *copy = *v;
                copy->key = key;
                map->items[i] = copy;
            } else {
                memmove(map->items + i, map->items + i + 1, (map->n - i - 1) * sizeof *map->items);
                map->n--;
            }
            return;
        }
    if (!v)
        return;
    struct json *copy = arena_new_of(cx->arena, struct json);
    *copy = *v;
    copy->key = key;
    j_add(cx, map, copy);
}

struct json *j_get(const struct json *map, const char *key)
{
    if (!map || map->kind != JSON_MAP)
        return NULL;
    struct str k = str_of(key);
    for (size_t i = 0; i < map->n; i++)
        if (map->items[i]->key.n == k.n && !memcmp(map->items[i]->key.p, k.p, k.n))
            return map->items[i];
    return NULL;
}

struct str j_write(struct cx *cx, const struct json *v)
{
    struct buf b = buf_make(cx->arena);
    struct json_out o = json_out_make(&b);
    json_value(&o, v);
    return buf_str(&b);
}

bool j_same(struct cx *cx, const struct json *a, const struct json *b)
{
    return (!a && !b) || (a && b && str_eq(j_write(cx, a), j_write(cx, b)));
}

/* ---- values ---- */

struct str noark_now(struct cx *cx)
{
    return civil_iso_us(cx->arena, cx->now_us);
}

static bool digits(struct str s, size_t at, size_t n)
{
    for (size_t i = at; i < at + n; i++)
        if (i >= s.n || s.p[i] < '0' || s.p[i] > '9')
            return false;
    return true;
}

static int number_at(struct str s, size_t at, int n)
{
    int v = 0;
    for (int i = 0; i < n; i++)
        v = v * 10 + s.p[at + (size_t)i] - '0';
    return v;
}

static bool is_zone(struct str s)
{
    if (str_eq_z(s, "Z"))
        return true;
    return s.n == 6 && (s.p[0] == '+' || s.p[0] == '-') && digits(s, 1, 2) && s.p[3] == ':' && digits(s, 4, 2) &&
           number_at(s, 1, 2) <= 14 && number_at(s, 4, 2) < 60;
}

bool noark_is_time(struct str s)
{
    if (s.n < 17 || s.n > 40 || !digits(s, 0, 4) || s.p[4] != '-' || !digits(s, 5, 2) || s.p[7] != '-' ||
        !digits(s, 8, 2) || s.p[10] != 'T' || !digits(s, 11, 2) || s.p[13] != ':' || !digits(s, 14, 2))
        return false;
    int year = number_at(s, 0, 4), month = number_at(s, 5, 2), day = number_at(s, 8, 2);
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100) || year % 400 == 0;
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > days[month - 1] || (month == 2 && day == 29 && !leap) ||
        number_at(s, 11, 2) > 23 || number_at(s, 14, 2) > 59)
        return false;
    size_t at = 16;
    if (at < s.n && s.p[at] == ':') {
        if (!digits(s, at + 1, 2) || number_at(s, at + 1, 2) > 59)
            return false;
        at += 3;
        if (at < s.n && s.p[at] == '.')
            for (at++; at < s.n && s.p[at] >= '0' && s.p[at] <= '9' && at < 29;)
                at++;
    }
    return is_zone(str_slice(s, at, s.n));
}

int64_t noark_time_us(struct str s)
{
    int64_t day = civil_to_day(number_at(s, 0, 4), number_at(s, 5, 2), number_at(s, 8, 2));
    int64_t us = day * DAY_US + (number_at(s, 11, 2) * 60 + number_at(s, 14, 2)) * 60 * SECOND_US;
    if (s.n > 18 && s.p[16] == ':')
        us += number_at(s, 17, 2) * SECOND_US;
    char sign = s.p[s.n - 1] == 'Z' ? 0 : s.p[s.n - 6];
    int64_t zone = sign ? (number_at(s, s.n - 5, 2) * 60 + number_at(s, s.n - 2, 2)) * 60 * SECOND_US : 0;
    return sign == '-' ? us + zone : us - zone;
}

static bool is_uuid(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        char c = s.p[i];
        bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (dash ? c != '-' : !hex)
            return false;
    }
    return s.n == 36;
}

static enum err bad(struct cx *cx, const struct noark_attr *a, const char *what)
{
    return fail_field(cx, ERR_INVALID, str_of(a->name), "%s: %s", a->name, what);
}

bool noark_is_missing(const struct json *v)
{
    if (!v || v->kind == JSON_NOTHING)
        return true;
    if (v->kind == JSON_TEXT)
        return str_trim(v->text).n == 0;
    return (v->kind == JSON_LIST || v->kind == JSON_MAP) && v->n == 0;
}

static enum err take_code(struct api *api, const struct noark_attr *a, const struct json *v, const struct json *old,
                          struct json **ret)
{
    struct cx *cx = api->cx;
    const struct noark_type *list = &noark_types[a->of];
    struct str code = json_text(v, "kode"), name = json_text(v, "kodenavn");
    struct q_noark_item_by_key row;
    bool found;
    if (v->kind != JSON_MAP || !code.n)
        return bad(cx, a, "an object with \"kode\" is expected");
    enum err e = q_noark_item_by_key(cx, list->number, code, &row, &found);
    if (e)
        return e;
    struct json *known = NULL;
    if (found && (e = json_parse(cx, row.body, &known)))
        return e;
    bool kept = old && str_eq(json_text(old, "kode"), code);
    if (!kept && (!found || json_flag(known, "inaktiv")))
        return bad(cx, a, "this code is not in its list, or is not used any more");
    *ret = j_map(cx);
    j_set(cx, *ret, S("kode"), j_text(cx, code));
    struct str title = name.n ? name : known ? json_text(known, "kodenavn") : json_text(old, "kodenavn");
    if (title.n)
        j_set(cx, *ret, S("kodenavn"), j_text(cx, title));
    return ERR_OK;
}

static enum err own_value(struct cx *cx, const struct noark_attr *a, struct str type, const struct json *v)
{
    bool fits = str_eq_z(type, "string")     ? v->kind == JSON_TEXT
                : str_eq_z(type, "integer")  ? v->kind == JSON_INT
                : str_eq_z(type, "decimal")  ? v->kind == JSON_INT || v->kind == JSON_DOUBLE
                : str_eq_z(type, "boolean")  ? v->kind == JSON_FLAG
                : str_eq_z(type, "datetime") ? v->kind == JSON_TEXT && noark_is_time(v->text)
                                             : v->kind == JSON_TEXT;
    return fits ? ERR_OK : bad(cx, a, "a field has a value that is not of its registered type");
}

/* virksomhetsspesifikkeMetadata: every key is registered, with its type. */
static enum err take_own(struct api *api, const struct noark_attr *a, const struct json *v, struct json **ret)
{
    struct cx *cx = api->cx;
    int64_t number = noark_type_of("virksomhetsspesifikkeMetadata")->number;
    if (v->kind != JSON_MAP)
        return bad(cx, a, "an object is expected");
    *ret = j_map(cx);
    for (size_t i = 0; i < v->n; i++) {
        struct q_noark_item_by_key row;
        struct json *known;
        bool found;
        if (noark_is_missing(v->items[i]))
            continue;
        enum err e = q_noark_item_by_key(cx, number, v->items[i]->key, &row, &found);
        if (!e && !found)
            e = bad(cx, a, "a field is not registered: create it at metadata/ny-virksomhetsspesifikkeMetadata/ first");
        if (!e)
            e = json_parse(cx, row.body, &known);
        if (!e)
            e = own_value(cx, a, json_text(known, "type"), v->items[i]);
        if (e)
            return e;
        j_set(cx, *ret, v->items[i]->key, v->items[i]);
    }
    return ERR_OK;
}

/* An identity number lies sealed in the body, with the keyed hash by which it is found. */
static enum err take_secret(struct api *api, const struct json *v, struct json **ret)
{
    struct cx *cx = api->cx;
    struct str blob;
    enum err e = keys_seal_text(cx, v->text, &blob);
    if (e)
        return e;
    *ret = j_map(cx);
    j_set(cx, *ret, S("~"), j_text(cx, str_hex(cx->arena, blob.p, blob.n)));
    j_set(cx, *ret, S("#"), j_text(cx, hash_hex(cx->arena, keys_lookup(cx, S("noark-idno"), v->text))));
    return ERR_OK;
}

static enum err take_attrs(struct api *api, const struct noark_type *t, const struct json *sent, const struct json *old,
                           struct intake *in, struct json *out);

static enum err take_value(struct api *api, const struct noark_attr *a, const struct json *v, const struct json *old,
                           struct intake *in, struct json **ret)
{
    struct cx *cx = api->cx;
    struct json *copy = arena_new_of(cx->arena, struct json);
    *copy = *v;
    *ret = copy;
    switch (a->kind) {
    case NOARK_TEXT:
        return v->kind == JSON_TEXT && text_clean(v->text) ? ERR_OK : bad(cx, a, "a text is expected");
    case NOARK_TIME:
        return v->kind == JSON_TEXT && noark_is_time(v->text)
                   ? ERR_OK
                   : bad(cx, a, "a date and time with zone is expected, as 2026-11-23T10:26:00Z");
    case NOARK_INT:
        return v->kind == JSON_INT ? ERR_OK : bad(cx, a, "a whole number is expected");
    case NOARK_REAL:
        return v->kind == JSON_INT || v->kind == JSON_DOUBLE ? ERR_OK : bad(cx, a, "a number is expected");
    case NOARK_BOOL:
        return v->kind == JSON_FLAG ? ERR_OK : bad(cx, a, "true or false is expected");
    case NOARK_ID:
        return v->kind == JSON_TEXT && is_uuid(v->text) ? ERR_OK : bad(cx, a, "a systemID (UUID) is expected");
    case NOARK_CODE:
        return take_code(api, a, v, old, ret);
    case NOARK_OWN:
        return take_own(api, a, v, ret);
    case NOARK_SECRET:
        return v->kind == JSON_TEXT && text_clean(v->text) ? take_secret(api, v, ret)
                                                           : bad(cx, a, "a text is expected");
    case NOARK_GROUP:
        if (v->kind != JSON_MAP)
            return bad(cx, a, "an object is expected");
        *ret = j_map(cx);
        return take_attrs(api, &noark_types[a->of], v, old, in, *ret);
    }
    return ERR_OK;
}

static enum err take_many(struct api *api, const struct noark_attr *a, const struct json *v, struct intake *in,
                          struct json **ret)
{
    if (v->kind != JSON_LIST)
        return bad(api->cx, a, "a list is expected");
    *ret = j_list(api->cx);
    for (size_t i = 0; i < v->n; i++) {
        struct json *one;
        if (noark_is_missing(v->items[i]))
            continue;
        enum err e = take_value(api, a, v->items[i], NULL, in, &one);
        if (e)
            return e;
        j_add(api->cx, *ret, one);
    }
    return ERR_OK;
}

static struct json *begin_code(struct api *api, const struct noark_attr *a)
{
    struct json *v = j_map(api->cx);
    struct str code = str_of(a->begins);
    const char *name = noark_code_name(&noark_types[a->of], code);
    j_set(api->cx, v, S("kode"), j_text(api->cx, code));
    if (name)
        j_set(api->cx, v, S("kodenavn"), j_text(api->cx, str_of(name)));
    return v;
}

struct str noark_user_ref(struct api *api)
{
    return record_uuid(api->cx, api->fonds.uuid, RECORD_UUID_CLIENT, api->who.client_id);
}

/* What an attribute has when nobody says: as begun, or set by the core. NULL: nothing. */
static struct json *by_core(struct api *api, const struct noark_attr *a)
{
    struct cx *cx = api->cx;
    if (a->begins[0])
        return begin_code(api, a);
    if (a->flags & NOARK_NOW)
        return j_text(cx, noark_now(cx));
    if (a->flags & NOARK_USER)
        return j_text(cx, api->who.name);
    if ((a->flags & NOARK_UNIT) && cx->who->acting_unit_name.n)
        return j_text(cx, cx->who->acting_unit_name);
    if (a->flags & NOARK_USERREF)
        return j_text(cx, noark_user_ref(api));
    return NULL;
}

static bool same(struct cx *cx, const struct json *a, const struct json *b)
{
    return a && b && str_eq(j_write(cx, a), j_write(cx, b));
}

static enum err take_attr(struct api *api, const struct noark_attr *a, const struct json *v, struct json *had,
                          struct intake *in, struct json *out)
{
    struct cx *cx = api->cx;
    struct json *value = NULL;
    bool core = a->flags & NOARK_CORE, missing = noark_is_missing(v);
    bool keeps = core || (missing && ((in->patch && !v) || (in->old && (a->flags & NOARK_MANY) && !v)));
    enum err e = ERR_OK;
    if (keeps)
        value = had;
    else if (!missing)
        e = (a->flags & NOARK_MANY) ? take_many(api, a, v, in, &value) : take_value(api, a, v, had, in, &value);
    if (e)
        return e;
    if ((a->flags & NOARK_FIXED) && had && !same(cx, value, had)) {
        if (value && a->kind != NOARK_SECRET)
            return bad(cx, a, "this cannot be changed");
        value = had;
    }
    if (!value && !(in->old && (a->flags & NOARK_CORE)))
        value = by_core(api, a);
    if (!value && (a->flags & NOARK_REQUIRED))
        return bad(cx, a, "this is required");
    if (value)
        j_set(cx, out, str_of(a->name), value);
    return ERR_OK;
}

static enum err take_attrs(struct api *api, const struct noark_type *t, const struct json *sent, const struct json *old,
                           struct intake *in, struct json *out)
{
    for (size_t i = 0; i < sent->n; i++)
        if (!str_eq_z(sent->items[i]->key, "_links") && !noark_attr_named(t, sent->items[i]->key))
            return fail_field(api->cx, ERR_INVALID, sent->items[i]->key, "%.*s: a %s has no such attribute",
                              STR_ARG(sent->items[i]->key), t->name);
    enum err e = ERR_OK;
    for (int i = 0; !e && i < t->n_attrs; i++)
        if (!str_eq_z(S("systemID"), t->attrs[i].name))
            e = take_attr(api, &t->attrs[i], j_get(sent, t->attrs[i].name), j_get(old, t->attrs[i].name), in, out);
    return e;
}

enum err body_take(struct api *api, struct intake *in)
{
    if (in->sent->kind != JSON_MAP)
        return fail(api->cx, ERR_BAD_REQUEST, "the body is not an object");
    in->body = j_map(api->cx);
    enum err e = take_attrs(api, in->t, in->sent, in->old, in, in->body);
    struct str text = j_write(api->cx, in->body), mark = S("\"~\":");
    in->sealed = str_find(text, mark, 0) < text.n; /* no text of a client has that: its quotes are escaped */
    return e;
}
