#include <assert.h>

#include "feel_room.h"

static const char *const kind_names[FEEL_KINDS] = {"Null",
                                                   "boolean",
                                                   "number",
                                                   "string",
                                                   "date",
                                                   "time",
                                                   "date and time",
                                                   "years and months duration",
                                                   "days and time duration",
                                                   "list",
                                                   "context",
                                                   "range",
                                                   "function"};
static const char *const why_names[] = {"none",  "syntax", "name",  "member",   "type",  "arguments",
                                        "value", "range",  "index", "coercion", "limit", "model"};

const char *feel_kind_name(enum feel_kind kind)
{
    return kind < FEEL_KINDS ? kind_names[kind] : "";
}

const char *feel_why_name(enum feel_why why)
{
    return why < sizeof why_names / sizeof *why_names ? why_names[why] : "";
}

const struct feel_reason *feel_reason_of(struct feel_value v)
{
    return v.kind == FEEL_NULL && v.n ? v.reason : NULL;
}

static bool all_ascii(struct str s)
{
    unsigned char any = 0;
    for (size_t i = 0; i < s.n; i++)
        any |= (unsigned char)s.p[i];
    return any < 0x80;
}

struct feel_value feel_string(struct str s)
{
    assert(s.n <= UINT32_MAX);
    return (struct feel_value){.kind = FEEL_STRING, .tag = all_ascii(s), .n = (uint32_t)s.n, .text = s.p};
}

struct str feel_str(struct feel_value v)
{
    return v.kind == FEEL_STRING ? str_make(v.text, v.n) : S("");
}

struct feel_value feel_list(struct arena *a, const struct feel_value *items, size_t n)
{
    struct feel_list *list = arena_new_of(a, struct feel_list);
    *list = (struct feel_list){n, items};
    return (struct feel_value){.kind = FEEL_LIST, .list = list};
}

struct feel_value feel_range(struct arena *a, struct feel_range r)
{
    struct feel_range *range = arena_new_of(a, struct feel_range);
    *range = r;
    return (struct feel_value){.kind = FEEL_RANGE, .range = range};
}

struct feel_value feel_number(struct arena *a, struct feel_num n)
{
    if (feel_num_is_fast(n))
        return (struct feel_value){.kind = FEEL_NUMBER, .scale = (int8_t)n.hi, .i64 = (int64_t)n.lo};
    struct feel_num *wide = arena_new_of(a, struct feel_num);
    *wide = n;
    return (struct feel_value){.kind = FEEL_NUMBER, .tag = 1, .num = wide};
}

struct feel_value feel_time_value(struct arena *a, enum feel_kind kind, struct feel_time t)
{
    struct feel_time *p = arena_new_of(a, struct feel_time);
    *p = t;
    return (struct feel_value){.kind = (uint8_t)kind, .p = p};
}

/* ---- Contexts. A large one has an open-addressed table of entry numbers + 1, twice as long as the next power of two.
 */

enum { INDEX_FROM = 12 };

static uint32_t hash_name(struct str s)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 16777619u;
    return h ^ h >> 15;
}

static uint32_t index_mask(size_t n)
{
    uint32_t size = 32;
    while (size < n * 2)
        size *= 2;
    return size - 1;
}

static size_t index_find(const struct feel_context *c, struct str name)
{
    uint32_t mask = index_mask(c->n);
    for (uint32_t at = hash_name(name) & mask; c->index[at]; at = (at + 1) & mask)
        if (str_eq(c->entries[c->index[at] - 1].name, name))
            return c->index[at] - 1;
    return c->n;
}

struct feel_value feel_context(struct arena *a, const struct feel_entry *entries, size_t n)
{
    struct feel_context *c = arena_new_of(a, struct feel_context);
    struct feel_value v = {.kind = FEEL_CONTEXT, .context = c};
    *c = (struct feel_context){n, entries, NULL};
    uint32_t mask = index_mask(n);
    uint32_t *index = n >= INDEX_FROM ? arena_array(a, uint32_t, (size_t)mask + 1) : NULL;
    struct feel_entry *kept = NULL; /* a copy, once a name came twice */
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
        size_t j = 0;
        const struct feel_entry *have = kept ? kept : entries;
        uint32_t at = 0;
        if (index)
            for (at = hash_name(entries[i].name) & mask;
                 index[at] && !str_eq(have[index[at] - 1].name, entries[i].name);)
                at = (at + 1) & mask;
        if (index)
            j = index[at] ? index[at] - 1 : m;
        else
            while (j < m && !str_eq(have[j].name, entries[i].name))
                j++;
        if (j < m && !kept) {
            kept = arena_array(a, struct feel_entry, n);
            memcpy(kept, entries, m * sizeof *kept);
        }
        if (j == m && index)
            index[at] = (uint32_t)m + 1;
        if (kept)
            kept[j] = entries[i];
        m += j == m;
    }
    if (kept)
        c->entries = kept;
    /* the mask follows from n: with entries gone the table would be of the wrong size */
    c->n = m;
    c->index = index && index_mask(m) == mask && m >= INDEX_FROM ? index : NULL;
    return v;
}

const struct feel_value *feel_member(struct feel_value v, struct str name)
{
    if (v.kind != FEEL_CONTEXT)
        return NULL;
    const struct feel_context *c = v.context;
    size_t i = 0;
    if (c->index)
        i = index_find(c, name);
    else
        while (i < c->n && !str_eq(c->entries[i].name, name))
            i++;
    return i < c->n ? &c->entries[i].value : NULL;
}

const struct feel_value *feel_items(const struct feel_value *v, size_t *ret_n)
{
    if (v->kind == FEEL_LIST) {
        *ret_n = v->list->n;
        return v->list->items;
    }
    *ret_n = v->kind != FEEL_NULL;
    return v;
}

/* ---- Literals */

double feel_real(struct feel_value number)
{
    return number.kind == FEEL_NUMBER ? feel_num_to_double(feel_num_of_value(number)) : 0;
}

bool feel_to_i64(struct feel_value number, int64_t *ret)
{
    return number.kind == FEEL_NUMBER && feel_num_to_i64(feel_num_of_value(number), ret);
}

static struct feel_value no_literal(struct arena *a, enum feel_kind kind, struct str text)
{
    struct feel_reason *r = arena_new_of(a, struct feel_reason);
    r->why = FEEL_WHY_VALUE;
    r->detail = str_fmt(a, "\"%" PRI_STR "\" is not a %s", STR_ARG(str_slice(text, 0, 200)), feel_kind_name(kind));
    return (struct feel_value){.kind = FEEL_NULL, .n = FEEL_WHY_VALUE, .reason = r};
}

struct feel_value feel_from_real(struct arena *a, double v)
{
    struct feel_num n;
    return feel_num_from_double(v, &n) ? no_literal(a, FEEL_NUMBER, S("NaN or infinity")) : feel_number(a, n);
}

struct feel_value feel_parse(struct arena *a, struct feel_zones *zones, enum feel_kind kind, struct str text)
{
    struct feel_num n;
    struct feel_time t;
    struct feel_duration d;
    int64_t i;
    switch (kind) {
    case FEEL_STRING:
        return feel_string(text);
    case FEEL_BOOLEAN:
        if (str_eq(text, S("true")) || str_eq(text, S("false")))
            return feel_bool(text.n == 4);
        break;
    case FEEL_NUMBER:
        if (!feel_num_parse(text, &n))
            return feel_number(a, n);
        break;
    case FEEL_DATE:
        if (feel_day_parse(text, &i))
            return feel_date(i);
        break;
    case FEEL_TIME:
        if (feel_time_parse(text, zones, &t))
            return feel_time_value(a, FEEL_TIME, t);
        break;
    case FEEL_DATE_TIME:
        if (feel_moment_parse(text, zones, &t))
            return feel_time_value(a, FEEL_DATE_TIME, t);
        break;
    case FEEL_DURATION:
    case FEEL_MONTHS:
        if (feel_months_parse(text, &i))
            return feel_months(i);
        if (feel_duration_parse(text, &d))
            return feel_duration_value(d);
        break;
    default:
        break;
    }
    return no_literal(a, kind, text);
}

struct feel_value feel_temporal(struct arena *a, struct feel_zones *zones, struct str text)
{
    static const enum feel_kind kinds[] = {FEEL_DATE, FEEL_DATE_TIME, FEEL_TIME, FEEL_DURATION};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct feel_value v = feel_parse(a, zones, kinds[i], text);
        if (v.kind != FEEL_NULL)
            return v;
    }
    return feel_null();
}
