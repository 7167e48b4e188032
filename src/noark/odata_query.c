/* The query string: which options of OData it has, however it was quoted. */
#include "noark/noark_internal.h"

static bool hex_pair(struct str s, size_t i, char *ret)
{
    unsigned char c;
    if (i + 2 >= s.n || !str_unhex(str_slice(s, i + 1, i + 3), &c))
        return false;
    *ret = (char)c;
    return true;
}

struct str noark_unquote(struct cx *cx, struct str s)
{
    struct buf b = buf_make(cx->arena);
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '%' && hex_pair(s, i, &c))
            i += 2;
        else if (c == '+')
            c = ' ';
        buf_add_char(&b, c);
    }
    return buf_str(&b);
}

static enum err take_number(struct cx *cx, const char *name, struct str value, int64_t max, int64_t *ret)
{
    if (!str_to_i64(value, ret) || *ret < 0)
        return fail(cx, ERR_BAD_REQUEST, "%s is a whole number from 0", name);
    if (*ret > max)
        *ret = max;
    return ERR_OK;
}

static enum err take_option(struct cx *cx, struct str name, struct str value, struct odata *o)
{
    if (name.n && name.p[0] == '$')
        name = str_slice(name, 1, name.n);
    if (!text_clean(value))
        return fail(cx, ERR_BAD_REQUEST, "the query is not clean UTF-8");
    if (str_ieq(name, S("filter")))
        o->filter = value;
    else if (str_ieq(name, S("orderby")))
        o->orderby = value;
    else if (str_ieq(name, S("search")))
        o->search = value;
    else if (str_ieq(name, S("expand")))
        o->expand = value;
    else if (str_ieq(name, S("count")))
        o->count = str_ieq(value, S("true"));
    else if (str_ieq(name, S("top"))) {
        o->has_top = true;
        return take_number(cx, "$top", value, NOARK_PAGE_MAX, &o->top);
    } else if (str_ieq(name, S("skip")))
        return take_number(cx, "$skip", value, INT64_C(1) << 40, &o->skip);
    else if (name.n)
        return fail(cx, ERR_BAD_REQUEST,
                    "the query has an option that is not known: $filter, $orderby, $top, $skip, "
                    "$count, $expand and $search are");
    return ERR_OK;
}

/* Clients quote the whole query as one piece: then it has no sign of its own. A "&" belongs to the next option only
   when one begins there, so that it may also stand in a text. */
enum err odata_parse(struct cx *cx, struct str query, struct odata *ret)
{
    *ret = (struct odata){.top = NOARK_PAGE};
    bool whole = str_find_char(query, '=', 0) == query.n && str_find_char(query, '&', 0) == query.n;
    struct str s = whole ? noark_unquote(cx, query) : query;
    if (whole && str_starts(s, S("%24"))) /* twice */
        s = noark_unquote(cx, s);
    while (s.n) {
        size_t end = str_find_char(s, '&', 0);
        while (whole && end < s.n && !(end + 1 < s.n && s.p[end + 1] == '$'))
            end = str_find_char(s, '&', end + 1);
        struct str one = str_slice(s, 0, end);
        s = str_slice(s, end + 1, s.n);
        size_t eq = str_find_char(one, '=', 0);
        struct str name = str_slice(one, 0, eq), value = str_slice(one, eq + 1, one.n);
        enum err e = take_option(cx, whole ? name : noark_unquote(cx, name),
                                 str_trim(whole ? value : noark_unquote(cx, value)), ret);
        if (e)
            return e;
    }
    return ERR_OK;
}
