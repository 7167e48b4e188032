/* pogen OUT.c OUT.h FILE.po...: every UI text in every language becomes enum text and a table (run time: src/i18n).

   src/<room>/text/<lang>.po, lang is da, nb, nn or en. msgid is the key ("desk_queue_title", begins with the room's
   name; only i18n's own are free); a plural text has msgid_plural with the same key and msgstr[0] (one), msgstr[1]
   (many). Placeholders are {name}. Read strictly: a text that a language lacks, a key given twice, placeholders that
   differ between languages, a fuzzy or empty text stop the build. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/vec.h"
#include "tool.h"

enum { LANGS = 4 };
static const char *const lang_codes[LANGS] = {"da", "nb", "en", "nn"}; /* in the order of enum lang */

struct entry {
    struct str key, s[2];
    bool plural, fuzzy;
    int line;
    const char *file;
};

struct text {
    struct str key;
    struct entry in[LANGS];
    bool has[LANGS];
};

struct gen {
    struct arena *arena;
    struct buf errors;
    int n_bad;
    const char *file;
    int line, lang;
    struct str room;
    VEC_OF(struct text) texts;
};

#define bad_at(g, f, l, ...) \
    (buf_fmt(&(g)->errors, "%s:%d: ", (f), (l)), buf_fmt(&(g)->errors, __VA_ARGS__), buf_add_char(&(g)->errors, '\n'), \
     (g)->n_bad++)
#define bad(g, ...) bad_at(g, (g)->file, (g)->line, __VA_ARGS__)

/* ---- placeholders ---- */

struct names {
    VEC_OF(struct str) v;
};

static void add_name(struct gen *g, struct names *names, struct str name)
{
    size_t i = 0;
    for (; i < names->v.n; i++) {
        int order = str_cmp(names->v.p[i], name);
        if (order == 0)
            return;
        if (order > 0)
            break;
    }
    vec_add(g->arena, &names->v, name);
    for (size_t k = names->v.n - 1; k > i; k--) {
        names->v.p[k] = names->v.p[k - 1];
        names->v.p[k - 1] = name;
    }
}

static void find_names(struct gen *g, const struct entry *e, struct str s, struct names *names)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '}') {
            bad_at(g, e->file, e->line, "text %" PRI_STR " has a } without {", STR_ARG(e->key));
            return;
        }
        if (s.p[i] != '{')
            continue;
        size_t end = i + 1;
        while (end < s.n && (isalnum((unsigned char)s.p[end]) || s.p[end] == '_'))
            end++;
        if (end >= s.n || s.p[end] != '}' || end == i + 1) {
            bad_at(g, e->file, e->line, "text %" PRI_STR ": a placeholder is written {name}", STR_ARG(e->key));
            return;
        }
        add_name(g, names, str_slice(s, i + 1, end));
        i = end;
    }
}

static struct names names_of(struct gen *g, const struct entry *e)
{
    struct names names = {0};
    find_names(g, e, e->s[0], &names);
    if (e->plural) {
        find_names(g, e, e->s[1], &names);
        add_name(g, &names, S("n")); /* the count is always given, also when no form writes it */
    }
    return names;
}

static unsigned names_hash(const struct names *names)
{
    return tool_names_hash(names->v.p, names->v.n);
}

static struct str names_list(struct gen *g, const struct names *names)
{
    struct buf b = buf_make(g->arena);
    for (size_t i = 0; i < names->v.n; i++)
        buf_fmt(&b, "%s{%" PRI_STR "}", i ? " " : "", STR_ARG(names->v.p[i]));
    return names->v.n ? buf_str(&b) : S("none");
}

/* ---- reading a .po file ---- */

/* "…" with the escapes of C, appended to `b`. False when it is not one. */
static bool read_quoted(struct buf *b, struct str s)
{
    s = str_trim(s);
    if (s.n < 2 || s.p[0] != '"' || s.p[s.n - 1] != '"')
        return false;
    for (size_t i = 1; i + 1 < s.n; i++) {
        char c = s.p[i];
        if (c == '"')
            return false;
        if (c == '\\') {
            static const char from[] = "n\"\\t", to[] = "\n\"\\\t";
            const char *at = i + 2 < s.n ? strchr(from, s.p[++i]) : NULL;
            if (!at || !*at)
                return false;
            c = to[at - from];
        }
        buf_add_char(b, c);
    }
    return true;
}

static struct text *find_text(struct gen *g, struct str key)
{
    for (size_t i = 0; i < g->texts.n; i++)
        if (str_eq(g->texts.p[i].key, key))
            return &g->texts.p[i];
    return NULL;
}

static bool good_key(struct str key)
{
    for (size_t i = 0; i < key.n; i++)
        if (!islower((unsigned char)key.p[i]) && !isdigit((unsigned char)key.p[i]) && key.p[i] != '_')
            return false;
    return key.n > 0 && key.n < 100 && islower((unsigned char)key.p[0]);
}

static void check_header(struct gen *g, const struct entry *e)
{
    struct str language = str_fmt(g->arena, "Language: %s\n", lang_codes[g->lang]);
    if (str_find(e->s[0], language, 0) >= e->s[0].n)
        bad_at(g, e->file, e->line, "the header must say \"Language: %s\\n\"", lang_codes[g->lang]);
    if (str_find(e->s[0], S("charset=UTF-8\n"), 0) >= e->s[0].n)
        bad_at(g, e->file, e->line, "the header must say \"Content-Type: text/plain; charset=UTF-8\\n\"");
    if (str_find(e->s[0], S("nplurals=2; plural=(n != 1);\n"), 0) >= e->s[0].n)
        bad_at(g, e->file, e->line, "the header must say \"Plural-Forms: nplurals=2; plural=(n != 1);\\n\"");
}

static void keep(struct gen *g, const struct entry *e, bool first)
{
    if (first) {
        if (e->key.n)
            bad_at(g, e->file, e->line, "the file must begin with the header entry (msgid \"\")");
        else
            check_header(g, e);
        return;
    }
    struct str prefix = str_fmt(g->arena, "%" PRI_STR "_", STR_ARG(g->room));
    if (!good_key(e->key)) {
        bad_at(g, e->file, e->line, "key \"%" PRI_STR "\" may have only a-z, 0-9 and _", STR_ARG(e->key));
    } else if (g->room.n && !str_eq_z(g->room, "i18n") && !str_starts(e->key, prefix)) {
        bad_at(g, e->file, e->line, "key %" PRI_STR " must begin with its room: %" PRI_STR "…", STR_ARG(e->key),
               STR_ARG(prefix));
    } else if (e->fuzzy) {
        bad_at(g, e->file, e->line, "text %" PRI_STR " is marked fuzzy; correct it and take the mark away",
               STR_ARG(e->key));
    } else if (!e->s[0].n || !e->s[1].n) {
        bad_at(g, e->file, e->line, "text %" PRI_STR " is empty%s", STR_ARG(e->key),
               e->plural ? " in one of its plural forms" : "");
    } else {
        struct text *t = find_text(g, e->key);
        if (!t) {
            t = vec_push(g->arena, &g->texts);
            t->key = e->key;
        }
        if (t->has[g->lang])
            bad_at(g, e->file, e->line, "text %" PRI_STR " is given twice, first in %s:%d", STR_ARG(e->key),
                   t->in[g->lang].file, t->in[g->lang].line);
        t->in[g->lang] = *e;
        t->has[g->lang] = true;
    }
}

enum part { PART_NONE, PART_ID, PART_PLURAL, PART_STR, PART_STR0, PART_STR1 };

/* The keyword that begins the line, and what follows it. */
static enum part keyword(struct str line, struct str *ret_rest)
{
    static const char *const words[] = {"", "msgid ", "msgid_plural ", "msgstr ", "msgstr[0] ", "msgstr[1] "};
    for (int p = PART_ID; p <= PART_STR1; p++)
        if (str_starts(line, str_of(words[p]))) {
            *ret_rest = str_slice(line, strlen(words[p]), line.n);
            return (enum part)p;
        }
    return PART_NONE;
}

struct reader {
    enum part part;
    struct buf id, plural_id, str0, str1;
    bool fuzzy, any, first;
    int line;
};

/* An entry is complete: a new one begins or the file ends. */
static void finish(struct gen *g, struct reader *r)
{
    if (r->any) {
        struct entry e = {.key = str_dup(g->arena, buf_str(&r->id)),
                          .plural = r->plural_id.n > 0,
                          .fuzzy = r->fuzzy,
                          .line = r->line,
                          .file = g->file};
        e.s[0] = str_dup(g->arena, buf_str(&r->str0));
        e.s[1] = e.plural ? str_dup(g->arena, buf_str(&r->str1)) : e.s[0];
        if (e.plural && !str_eq(buf_str(&r->plural_id), e.key))
            bad_at(g, e.file, e.line, "msgid_plural must be the same key as msgid, %" PRI_STR, STR_ARG(e.key));
        keep(g, &e, r->first);
        r->first = false;
    }
    *r = (struct reader){.first = r->first,
                         .id = buf_make(g->arena),
                         .plural_id = buf_make(g->arena),
                         .str0 = buf_make(g->arena),
                         .str1 = buf_make(g->arena)};
}

static void read_line(struct gen *g, struct reader *r, struct str line)
{
    struct str rest = line;
    if (str_starts(line, S("#"))) {
        if (r->part >= PART_STR)
            finish(g, r);
        r->fuzzy |= str_starts(line, S("#,")) && str_find(line, S("fuzzy"), 0) < line.n;
        return;
    }
    if (line.n == 0)
        return;
    enum part p = keyword(line, &rest);
    if (p == PART_NONE && line.p[0] != '"') {
        bad(g, "expected msgid, msgid_plural, msgstr, msgstr[0], msgstr[1], a quoted line or a comment");
        return;
    }
    if (p == PART_ID) {
        bool fuzzy = r->part == PART_NONE && r->fuzzy;
        if (r->part != PART_NONE)
            finish(g, r);
        r->any = true;
        r->fuzzy = fuzzy;
        r->line = g->line;
    }
    bool follows = p == PART_ID || p == PART_NONE || (p == PART_PLURAL && r->part == PART_ID) ||
                   (p == PART_STR && r->part == PART_ID) || (p == PART_STR0 && r->part == PART_PLURAL) ||
                   (p == PART_STR1 && r->part == PART_STR0);
    if (!follows || (p == PART_NONE && r->part == PART_NONE)) {
        bad(g, "this line does not follow here; an entry is msgid, (msgid_plural,) msgstr or msgstr[0] and msgstr[1]");
        return;
    }
    if (p != PART_NONE)
        r->part = p;
    struct buf *to = r->part == PART_ID       ? &r->id
                     : r->part == PART_PLURAL ? &r->plural_id
                     : r->part == PART_STR1   ? &r->str1
                                              : &r->str0;
    if (!read_quoted(to, rest))
        bad(g, "the text must be \"quoted\", with only \\n \\t \\\" \\\\ as escapes");
}

/* Language from the file's name, room from src/<room>/text/. */
static bool place(struct gen *g, const char *file)
{
    struct str path = str_of(file), piece, last = S(""), room = S("");
    g->file = file;
    g->line = 1;
    VEC_OF(struct str) parts = {0};
    while (str_cut(&path, '/', &piece))
        vec_add(g->arena, &parts, piece);
    last = parts.p[parts.n - 1];
    if (parts.n >= 3 && str_eq_z(parts.p[parts.n - 2], "text"))
        room = parts.p[parts.n - 3];
    g->room = room;
    for (g->lang = 0; g->lang < LANGS; g->lang++)
        if (str_eq(last, str_fmt(g->arena, "%s.po", lang_codes[g->lang])))
            return true;
    bad(g, "the file's name must be da.po, nb.po, nn.po or en.po");
    return false;
}

static void read_po(struct gen *g, const char *file, struct str in)
{
    if (!place(g, file))
        return;
    struct reader r = {0};
    finish(g, &r);
    r.first = true;
    struct str line;
    for (; str_cut(&in, '\n', &line); g->line++)
        read_line(g, &r, str_trim(line));
    finish(g, &r);
}

/* ---- the whole ---- */

static void check_text(struct gen *g, const struct text *t)
{
    int first = 0;
    while (!t->has[first])
        first++;
    const struct entry *a = &t->in[first];
    for (int l = 0; l < LANGS; l++) {
        const struct entry *e = &t->in[l];
        if (!t->has[l]) {
            bad_at(g, a->file, a->line, "text %" PRI_STR " is missing in %s; add it to %s.po of the same folder",
                   STR_ARG(t->key), lang_codes[l], lang_codes[l]);
            continue;
        }
        if (e->plural != a->plural)
            bad_at(g, e->file, e->line, "text %" PRI_STR " has plural forms in one language only (%s:%d)",
                   STR_ARG(t->key), a->file, a->line);
        struct names x = names_of(g, a), y = names_of(g, e);
        if (names_hash(&x) != names_hash(&y)) {
            struct str xs = names_list(g, &x), ys = names_list(g, &y);
            bad_at(g, e->file, e->line,
                   "text %" PRI_STR " has the placeholders %" PRI_STR ", but %" PRI_STR " in %s:%d", STR_ARG(t->key),
                   STR_ARG(ys), STR_ARG(xs), a->file, a->line);
        }
    }
}

static int by_key(const void *a, const void *b)
{
    return str_cmp(((const struct text *)a)->key, ((const struct text *)b)->key);
}

static void add_literal(struct buf *b, struct str s)
{
    buf_add_z(b, "{\"");
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '\n')
            buf_add_z(b, "\\n");
        else if (c == '\t')
            buf_add_z(b, "\\t");
        else if (c == '"' || c == '\\' || c == '?')
            buf_fmt(b, "\\%c", c);
        else
            buf_add_char(b, c);
    }
    buf_fmt(b, "\", %zu}", s.n);
}

static struct str make_h(struct gen *g)
{
    struct buf b = buf_make(g->arena);
    buf_add_z(&b, "/* made by pogen from the .po files */\n#pragma once\n#include \"base/base.h\"\n\nenum text {\n");
    for (size_t i = 0; i < g->texts.n; i++)
        buf_fmt(&b, "    T_%" PRI_STR ",\n", STR_ARG(g->texts.p[i].key));
    buf_add_z(&b, "    T_COUNT\n};\n/* what placeholders each has: a hash that tplgen makes too */\nenum {\n");
    for (size_t i = 0; i < g->texts.n; i++) {
        struct names names = names_of(g, &g->texts.p[i].in[0]);
        buf_fmt(&b, "    T_ARGS_%" PRI_STR " = %u,\n", STR_ARG(g->texts.p[i].key), names_hash(&names));
    }
    buf_add_z(
        &b,
        "};\nextern const struct str texts[LANG_COUNT][T_COUNT][2]; /* for one, for many; equal when not plural */\n"
        "extern const char *const text_keys[T_COUNT];\n");
    return buf_str(&b);
}

static struct str make_c(struct gen *g)
{
    struct buf b = buf_make(g->arena);
    buf_add_z(&b, "/* made by pogen from the .po files */\n#include \"texts.h\"\n\n"
                  "const struct str texts[LANG_COUNT][T_COUNT][2] = {\n");
    for (int l = 0; l < LANGS; l++) {
        buf_add_z(&b, "    {\n");
        for (size_t i = 0; i < g->texts.n; i++) {
            buf_add_z(&b, "        {");
            add_literal(&b, g->texts.p[i].in[l].s[0]);
            buf_add_z(&b, ", ");
            add_literal(&b, g->texts.p[i].in[l].s[1]);
            buf_add_z(&b, "},\n");
        }
        buf_add_z(&b, "    },\n");
    }
    buf_add_z(&b, "};\n\nconst char *const text_keys[T_COUNT] = {\n");
    for (size_t i = 0; i < g->texts.n; i++)
        buf_fmt(&b, "    \"%" PRI_STR "\",\n", STR_ARG(g->texts.p[i].key));
    buf_add_z(&b, "};\n");
    return buf_str(&b);
}

/* After all read_po. True and the two files' texts, or false: g->errors says why. */
static bool pogen(struct gen *g, struct str *ret_c, struct str *ret_h)
{
    if (g->texts.n)
        qsort(g->texts.p, g->texts.n, sizeof *g->texts.p, by_key);
    for (size_t i = 0; i < g->texts.n; i++)
        check_text(g, &g->texts.p[i]);
    if (!g->n_bad && g->texts.n) {
        *ret_h = make_h(g);
        *ret_c = make_c(g);
    }
    return !g->n_bad && g->texts.n;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: pogen OUT.c OUT.h FILE.po...\n");
        return 2;
    }
    struct arena *arena = arena_new((size_t)256 << 20);
    struct gen g = {.arena = arena, .errors = buf_make(arena)};
    for (int i = 3; i < argc; i++)
        read_po(&g, argv[i], tool_read(arena, argv[i]));
    struct str c, h;
    bool ok = pogen(&g, &c, &h);
    if (ok) {
        tool_write(argv[1], c);
        tool_write(argv[2], h);
    } else {
        fprintf(stderr, "%" PRI_STR, STR_ARG(buf_str(&g.errors)));
    }
    arena_free(arena);
    return ok ? 0 : 1;
}
