/* The expressions of templates: C in which names bound by {{view}} and {{each}} are pointers. Only tplgen.c includes
 * this. */
#pragma once
#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/vec.h"

/* The names that are bound where we stand. */
struct scope {
    struct arena *arena;
    VEC_OF(struct str) names;
};

static bool is_name(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static bool bound(const struct scope *g, struct str name)
{
    for (size_t i = 0; i < g->names.n; i++)
        if (str_eq(g->names.p[i], name))
            return true;
    return false;
}

/* "v.title" to "v->title": bound names are pointers; strings and characters are left alone. */
static struct str rewrite(const struct scope *g, struct str e)
{
    struct buf b = buf_make(g->arena);
    for (size_t i = 0; i < e.n;) {
        char c = e.p[i];
        if (c == '"' || c == '\'') {
            size_t from = i++;
            while (i < e.n && e.p[i] != c)
                i += e.p[i] == '\\' ? 2 : 1;
            i++;
            buf_add(&b, str_slice(e, from, i));
        } else if (is_name(c)) {
            size_t from = i;
            while (i < e.n && is_name(e.p[i]))
                i++;
            struct str word = str_slice(e, from, i);
            bool member =
                from > 0 && (e.p[from - 1] == '.' || (from > 1 && e.p[from - 1] == '>' && e.p[from - 2] == '-'));
            buf_add(&b, word);
            if (!member && i < e.n && e.p[i] == '.' && bound(g, word)) {
                buf_add_z(&b, "->");
                i++;
            }
        } else {
            buf_add_char(&b, c);
            i++;
        }
    }
    return buf_str(&b);
}

/* Index of `sign` outside brackets and quotes at or after `from`; e.n when there is none. */
static size_t find_outside(struct str e, struct str sign, size_t from)
{
    int depth = 0;
    for (size_t i = from; i < e.n; i++) {
        char c = e.p[i];
        if (c == '"' || c == '\'') {
            for (i++; i < e.n && e.p[i] != c; i++)
                if (e.p[i] == '\\')
                    i++;
        } else if (depth == 0 && str_starts(str_slice(e, i, e.n), sign)) {
            return i;
        } else if (c == '(' || c == '[') {
            depth++;
        } else if (c == ')' || c == ']') {
            depth--;
        }
    }
    return e.n;
}

/* A condition: each operand of && and || may be a text, number or pointer (TPL_TRUE). */
static struct str condition(const struct scope *g, struct str e)
{
    static const char *const signs[] = {"||", "&&"};
    e = str_trim(e);
    for (int s = 0; s < 2; s++) {
        size_t at = find_outside(e, str_of(signs[s]), 0);
        if (at >= e.n)
            continue;
        struct str left = condition(g, str_slice(e, 0, at)), right = condition(g, str_slice(e, at + 2, e.n));
        return str_fmt(g->arena, "(%" PRI_STR " %s %" PRI_STR ")", STR_ARG(left), signs[s], STR_ARG(right));
    }
    if (e.n && e.p[0] == '!' && !(e.n > 1 && e.p[1] == '=')) {
        struct str rest = condition(g, str_slice(e, 1, e.n));
        return str_fmt(g->arena, "!%" PRI_STR, STR_ARG(rest));
    }
    if (e.n && e.p[0] == '(' && find_outside(str_slice(e, 1, e.n), S(")"), 0) == e.n - 2)
        return condition(g, str_slice(e, 1, e.n - 1));
    struct str c = rewrite(g, e);
    return str_fmt(g->arena, "TPL_TRUE(%" PRI_STR ")", STR_ARG(c));
}

/* The C function of {{word E}}, or NULL. */
static const char *format_function(struct str word)
{
    static const char *const rows[][2] = {
        {"date", "i18n_date"},   {"datetime", "i18n_datetime"},  {"time", "i18n_time"},
        {"day", "i18n_day"},     {"dayshort", "i18n_day_short"}, {"weekday", "i18n_weekday"},
        {"money", "i18n_money"}, {"size", "i18n_size"},          {"number", "i18n_number"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_eq_z(word, rows[i][0]))
            return rows[i][1];
    return NULL;
}

/* Where the next " name=" begins after `from`; e.n when there is none. */
static size_t next_arg(struct str e, size_t from)
{
    for (size_t i = find_outside(e, S("="), from); i < e.n; i = find_outside(e, S("="), i + 1)) {
        if (i + 1 < e.n && e.p[i + 1] == '=') {
            i++;
            continue;
        }
        size_t k = i;
        while (k > 0 && is_name(e.p[k - 1]))
            k--;
        if (k < i && (k == 0 || isspace((unsigned char)e.p[k - 1])) && k >= from)
            return k;
    }
    return e.n;
}
