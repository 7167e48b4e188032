/* Forms as browsers send them, read strictly: application/x-www-form-urlencoded (WHATWG URL 5.1) and
   multipart/form-data (RFC 7578, as WHATWG HTML 4.10.21.8 writes it). What a browser does not send is refused, not
   guessed at. */
#include <string.h>

#include "http/http_inner.h"

enum { BOUNDARY_MAX = 70, PART_HEAD_MAX = 4096, FILE_NAME_MAX = 200 };

static enum err add_item(struct cx *cx, struct form_items *items, struct form_item item)
{
    if (items->n == HTTP_FIELDS_MAX)
        return fail(cx, ERR_TOO_LARGE, "more than %d fields", HTTP_FIELDS_MAX);
    if (item.name.n == 0 || item.name.n > HTTP_NAME_MAX || !text_clean(item.name))
        return fail(cx, ERR_BAD_REQUEST, "the name of a field is empty, too long or not clean text");
    if (!item.is_file && !text_clean(item.value))
        return fail(cx, ERR_BAD_REQUEST, "a field is not clean UTF-8 text");
    vec_add(cx->arena, items, item);
    return ERR_OK;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Decode into `to`, which has room for s.n bytes; false on a bad escape. */
static bool decode_form(struct str s, char *to, struct str *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '%') {
            if (s.n - i < 3 || hex_digit(s.p[i + 1]) < 0 || hex_digit(s.p[i + 2]) < 0)
                return false;
            c = (char)(hex_digit(s.p[i + 1]) * 16 + hex_digit(s.p[i + 2]));
            i += 2;
        } else if (c == '+') {
            c = ' ';
        }
        to[n++] = c;
    }
    *ret = str_make(to, n);
    return true;
}

enum err http_parse_urlencoded(struct cx *cx, struct str s, struct form_items *ret)
{
    struct form_items items = {0};
    char *room = arena_alloc(cx->arena, s.n + 1);
    struct str pair;
    while (str_cut(&s, '&', &pair)) {
        if (!pair.n)
            continue;
        size_t eq = str_find_char(pair, '=', 0);
        struct form_item item = {0};
        if (!decode_form(str_slice(pair, 0, eq), room, &item.name))
            return fail(cx, ERR_BAD_REQUEST, "bad escape in a form");
        room += item.name.n;
        if (!decode_form(str_slice(pair, eq + (eq < pair.n), pair.n), room, &item.value))
            return fail(cx, ERR_BAD_REQUEST, "bad escape in a form");
        room += item.value.n;
        enum err e = add_item(cx, &items, item);
        if (e)
            return e;
    }
    *ret = items;
    return ERR_OK;
}

/* ---- multipart */

/* Take a token or a quoted string (as WHATWG writes them: %22 %0D %0A instead of backslashes) off the front. */
static bool take_value(struct str *rest, struct str *ret)
{
    if (rest->n && rest->p[0] == '"') {
        size_t end = str_find_char(*rest, '"', 1);
        if (end == rest->n)
            return false;
        *ret = str_slice(*rest, 1, end);
        *rest = str_slice(*rest, end + 1, rest->n);
        return true;
    }
    size_t end = 0;
    while (end < rest->n && !strchr("; \t\"", rest->p[end]))
        end++;
    *ret = str_slice(*rest, 0, end);
    *rest = str_slice(*rest, end, rest->n);
    return end > 0;
}

/* Take "; name=value" off the front. False at the end; *ret_bad when it is not of that form. */
static bool take_parameter(struct str *rest, struct str *ret_name, struct str *ret_value, bool *ret_bad)
{
    *rest = str_trim(*rest);
    if (!rest->n)
        return false;
    *ret_bad = true;
    if (rest->p[0] != ';')
        return false;
    *rest = str_trim(str_slice(*rest, 1, rest->n));
    size_t eq = str_find_char(*rest, '=', 0);
    if (eq == 0 || eq == rest->n)
        return false;
    *ret_name = str_slice(*rest, 0, eq);
    *rest = str_slice(*rest, eq + 1, rest->n);
    if (!take_value(rest, ret_value))
        return false;
    *ret_bad = false;
    return true;
}

static bool is_boundary(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              (c && strchr("'()+_,-./:=?", c))))
            return false;
    }
    return s.n >= 1 && s.n <= BOUNDARY_MAX;
}

static enum err find_boundary(struct cx *cx, struct str content_type, struct str *ret)
{
    size_t semi = str_find_char(content_type, ';', 0);
    struct str rest = str_slice(content_type, semi, content_type.n), name, value, boundary = S("");
    bool bad = false;
    while (take_parameter(&rest, &name, &value, &bad))
        if (str_ieq(name, S("boundary"))) {
            if (boundary.n)
                return fail(cx, ERR_BAD_REQUEST, "two boundaries");
            boundary = value;
        }
    if (bad || !is_boundary(boundary))
        return fail(cx, ERR_BAD_REQUEST, "multipart without a proper boundary");
    *ret = boundary;
    return ERR_OK;
}

/* Undo %22, %0D and %0A of a quoted name, and nothing else. */
static struct str unquote(struct arena *a, struct str s)
{
    if (str_find_char(s, '%', 0) == s.n)
        return s;
    struct buf b = buf_make(a);
    for (size_t i = 0; i < s.n; i++) {
        struct str three = str_slice(s, i, i + 3);
        bool quote = str_eq_z(three, "%22"), line = str_ieq(three, S("%0D")) || str_ieq(three, S("%0A"));
        buf_add_char(&b, quote ? '"' : line ? ' ' : s.p[i]);
        i += quote || line ? 2 : 0;
    }
    return buf_str(&b);
}

/* The last part of what the browser called the file; "file" when nothing is left. Old browsers sent a whole path. */
static struct str clean_file_name(struct arena *a, struct str s)
{
    s = unquote(a, s);
    for (size_t i = s.n; i > 0; i--)
        if (s.p[i - 1] == '/' || s.p[i - 1] == '\\') {
            s = str_slice(s, i, s.n);
            break;
        }
    s = str_trim(s);
    if (!text_clean(s) || str_find_char(s, '\n', 0) < s.n || str_find_char(s, '\t', 0) < s.n)
        return S("file");
    s = text_head(s, FILE_NAME_MAX);
    bool only_dots = true;
    for (size_t i = 0; i < s.n; i++)
        only_dots &= s.p[i] == '.';
    return only_dots ? S("file") : s;
}

static enum err read_disposition(struct cx *cx, struct str value, struct form_item *item)
{
    size_t semi = str_find_char(value, ';', 0);
    if (!str_ieq(str_trim(str_slice(value, 0, semi)), S("form-data")))
        return fail(cx, ERR_BAD_REQUEST, "a part that is no form data");
    struct str rest = str_slice(value, semi, value.n), name, v;
    bool bad = false, named = false;
    while (take_parameter(&rest, &name, &v, &bad)) {
        if (str_ieq(name, S("name")) && !named) {
            item->name = unquote(cx->arena, v);
            named = true;
        } else if (str_ieq(name, S("filename")) && !item->is_file) {
            item->file_name = v.n ? clean_file_name(cx->arena, v) : S("");
            item->is_file = true;
        } else {
            return fail(cx, ERR_BAD_REQUEST, "an unknown or repeated parameter of a part");
        }
    }
    return bad || !named ? fail(cx, ERR_BAD_REQUEST, "a part without a proper name") : ERR_OK;
}

/* The lines between the boundary and the blank line. */
static enum err read_part_head(struct cx *cx, struct str head, struct form_item *item)
{
    bool disposition = false, type = false;
    while (head.n) {
        size_t end = str_find(head, S("\r\n"), 0), colon = str_find_char(head, ':', 0);
        if (end == head.n || colon > end)
            return fail(cx, ERR_BAD_REQUEST, "a line of a part is not a header");
        struct str name = str_slice(head, 0, colon), value = str_trim(str_slice(head, colon + 1, end));
        head = str_slice(head, end + 2, head.n);
        if (!text_clean(value))
            return fail(cx, ERR_BAD_REQUEST, "a header of a part is not clean text");
        if (str_ieq(name, S("Content-Disposition")) && !disposition) {
            enum err e = read_disposition(cx, value, item);
            if (e)
                return e;
            disposition = true;
        } else if (str_ieq(name, S("Content-Type")) && !type) {
            item->type = value;
            type = true;
        } else {
            return fail(cx, ERR_BAD_REQUEST, "an unknown or repeated header of a part");
        }
    }
    if (!disposition)
        return fail(cx, ERR_BAD_REQUEST, "a part without Content-Disposition");
    if (str_starts(str_lower_ascii(cx->arena, item->type), S("multipart/")))
        return fail(cx, ERR_BAD_REQUEST, "multipart inside multipart");
    return ERR_OK;
}

enum err http_parse_multipart(struct cx *cx, struct str content_type, struct str body, struct form_items *ret)
{
    struct str boundary = S("");
    enum err e = find_boundary(cx, content_type, &boundary);
    if (e)
        return e;
    struct form_items items = {0};
    struct str first = str_fmt(cx->arena, "--%" PRI_STR, STR_ARG(boundary));
    struct str next = str_cat(cx->arena, S("\r\n"), first);
    if (!str_starts(body, first))
        return fail(cx, ERR_BAD_REQUEST, "multipart does not begin with its boundary");
    struct str rest = str_slice(body, first.n, body.n);
    while (!str_starts(rest, S("--"))) {
        if (!str_starts(rest, S("\r\n")))
            return fail(cx, ERR_BAD_REQUEST, "no line end after a boundary");
        rest = str_slice(rest, 2, rest.n);
        size_t head = str_find(str_slice(rest, 0, PART_HEAD_MAX), S("\r\n\r\n"), 0);
        if (head + 4 > rest.n || head >= PART_HEAD_MAX)
            return fail(cx, ERR_BAD_REQUEST, "a part without an end of its headers");
        struct form_item item = {0};
        if ((e = read_part_head(cx, str_slice(rest, 0, head + 2), &item)))
            return e;
        rest = str_slice(rest, head + 4, rest.n);
        size_t end = str_find(rest, next, 0);
        if (end == rest.n)
            return fail(cx, ERR_BAD_REQUEST, "multipart without its end");
        item.value = str_slice(rest, 0, end);
        if ((e = add_item(cx, &items, item)))
            return e;
        rest = str_slice(rest, end + next.n, rest.n);
    }
    if (rest.n != 2 && !str_eq_z(rest, "--\r\n"))
        return fail(cx, ERR_BAD_REQUEST, "something follows the end of multipart");
    *ret = items;
    return ERR_OK;
}
