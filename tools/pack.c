/* pack OUT.c OUT.h NAME=FILE...       packs files into the program: bytes, gzip-ed bytes, a name with a hash of the
   content pack --sprite OUT.svg ICON=FILE...  makes one SVG of many, a <symbol> each

   OUT.h has the address of each asset ("/static/indgang.1f2e3d4c5b6a.css" as ASSET_indgang_css) and the icons of
   icons.svg (ICON_search); so a template that names one that does not exist does not compile. In a style sheet
   "/static/NAME" is replaced by the address; a NAME that is not packed is an error. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/vec.h"
#include "tool.h"

struct asset {
    struct str name, bytes, gzip, hash, url;
    const char *type;
};

struct pack {
    struct arena *arena;
    struct buf errors;
    VEC_OF(struct asset) assets;
};

static const char *type_of(struct str name)
{
    static const char *const rows[][2] = {
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".woff2", "font/woff2"},
        {".png", "image/png"},
        {".ico", "image/x-icon"},
        {".txt", "text/plain; charset=utf-8"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_ends(name, str_of(rows[i][0])))
            return rows[i][1];
    return NULL;
}

/* FNV-1a, 48 bits of it: only to tell one content from the next. */
static struct str content_hash(struct arena *a, struct str s)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * UINT64_C(1099511628211);
    return str_fmt(a, "%012llx", (unsigned long long)(h >> 16));
}

/* gzip-ed, or empty when that is not smaller by a tenth. */
static struct str gzip_of(struct arena *a, struct str s)
{
    z_stream z = {0};
    if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        abort();
    size_t cap = deflateBound(&z, s.n);
    char *p = arena_alloc(a, cap);
    z.next_in = (const Bytef *)s.p;
    z.avail_in = (uInt)s.n;
    z.next_out = (Bytef *)p;
    z.avail_out = (uInt)cap;
    if (deflate(&z, Z_FINISH) != Z_STREAM_END)
        abort();
    size_t n = z.total_out;
    deflateEnd(&z);
    return n < s.n - s.n / 10 ? str_make(p, n) : S("");
}

static bool is_name(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '.';
}

static const struct asset *find(const struct pack *k, struct str name)
{
    for (size_t i = 0; i < k->assets.n; i++)
        if (str_eq(k->assets.p[i].name, name))
            return &k->assets.p[i];
    return NULL;
}

/* "/static/x.svg" in a style sheet to its address. */
static struct str with_addresses(struct pack *k, const struct asset *css)
{
    struct buf b = buf_make(k->arena);
    struct str in = css->bytes, prefix = S("/static/");
    for (size_t at = 0;;) {
        size_t hit = str_find(in, prefix, at);
        buf_add(&b, str_slice(in, at, hit));
        if (hit >= in.n)
            return buf_str(&b);
        size_t end = hit + prefix.n;
        while (end < in.n && is_name(in.p[end]))
            end++;
        struct str name = str_slice(in, hit + prefix.n, end);
        const struct asset *a = find(k, name);
        if (!a || !a->url.n)
            buf_fmt(&k->errors,
                    "%" PRI_STR ": names /static/%" PRI_STR ", which is not packed; add it to web/meson.build\n",
                    STR_ARG(css->name), STR_ARG(name));
        else
            buf_add(&b, a->url);
        at = end;
    }
}

static void add(struct pack *k, struct str name, struct str bytes)
{
    struct asset a = {.name = name, .bytes = bytes, .type = type_of(name)};
    if (!a.type)
        buf_fmt(&k->errors, "%" PRI_STR ": no type is known for this ending; add it to type_of in tools/pack.c\n",
                STR_ARG(name));
    if (find(k, name))
        buf_fmt(&k->errors, "%" PRI_STR ": packed twice\n", STR_ARG(name));
    vec_add(k->arena, &k->assets, a);
}

static void address(struct pack *k, struct asset *a)
{
    a->hash = content_hash(k->arena, a->bytes);
    size_t dot = a->name.n;
    while (dot > 0 && a->name.p[dot - 1] != '.')
        dot--;
    struct str stem = str_slice(a->name, 0, dot ? dot - 1 : 0), end = str_slice(a->name, dot, a->name.n);
    a->url =
        str_fmt(k->arena, "/static/%" PRI_STR ".%" PRI_STR ".%" PRI_STR, STR_ARG(stem), STR_ARG(a->hash), STR_ARG(end));
}

static void add_bytes(struct buf *b, struct str s)
{
    buf_add_z(b, "{\"");
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (i % 120 == 119)
            buf_add_z(b, "\"\n\"");
        if (c >= ' ' && c < 0x7f && c != '"' && c != '\\' && c != '?')
            buf_add_char(b, (char)c);
        else
            buf_fmt(b, "\\%03o", c);
    }
    buf_fmt(b, "\", %zu}", s.n);
}

static void add_macro_name(struct buf *b, struct str name)
{
    for (size_t i = 0; i < name.n; i++)
        buf_add_char(b, isalnum((unsigned char)name.p[i]) ? name.p[i] : '_');
}

static void add_icons(struct buf *h, struct str sprite)
{
    struct str mark = S("<symbol id=\"");
    for (size_t at = str_find(sprite, mark, 0); at < sprite.n; at = str_find(sprite, mark, at + 1)) {
        struct str name = str_slice(sprite, at + mark.n, str_find_char(sprite, '"', at + mark.n));
        buf_add_z(h, "#define ICON_");
        add_macro_name(h, name);
        buf_fmt(h, " \"%" PRI_STR "\"\n", STR_ARG(name));
    }
}

/* The texts of the .c and the .h. False: k->errors says why not. */
static bool pack(struct pack *k, struct str *ret_c, struct str *ret_h)
{
    for (int css = 0; css < 2; css++) /* style sheets last: they hold the addresses of the others */
        for (size_t i = 0; i < k->assets.n; i++) {
            struct asset *a = &k->assets.p[i];
            if (str_ends(a->name, S(".css")) != (bool)css)
                continue;
            if (css)
                a->bytes = with_addresses(k, a);
            address(k, a);
        }
    if (k->errors.n)
        return false;
    struct buf c = buf_make(k->arena), h = buf_make(k->arena);
    buf_add_z(&h, "/* made by pack */\n#pragma once\n#include <stddef.h>\n\nstruct http_asset;\n"
                  "extern const struct http_asset *const packed_assets;\nextern const size_t packed_assets_n;\n\n");
    buf_add_z(&c, "/* made by pack */\n#include \"assets.h\"\n#include \"http/http.h\"\n\n"
                  "static const struct http_asset assets[] = {\n");
    for (size_t i = 0; i < k->assets.n; i++) {
        const struct asset *a = &k->assets.p[i];
        buf_add_z(&h, "#define ASSET_");
        add_macro_name(&h, a->name);
        buf_fmt(&h, " \"%" PRI_STR "\"\n", STR_ARG(a->url));
        if (str_eq_z(a->name, "icons.svg"))
            add_icons(&h, a->bytes);
        buf_fmt(&c, "    {.path = \"%" PRI_STR "\", .type = \"%s\", .hash = \"%" PRI_STR "\",\n    .bytes = ",
                STR_ARG(a->name), a->type, STR_ARG(a->hash));
        add_bytes(&c, a->bytes);
        buf_add_z(&c, ",\n    .gzip = ");
        add_bytes(&c, gzip_of(k->arena, a->bytes));
        buf_add_z(&c, "},\n");
    }
    buf_fmt(&c, "};\nconst struct http_asset *const packed_assets = assets;\nconst size_t packed_assets_n = %zu;\n",
            k->assets.n);
    *ret_c = buf_str(&c);
    *ret_h = buf_str(&h);
    return true;
}

/* What stands between <svg …> and </svg> as a symbol with its viewBox. */
static bool add_symbol(struct pack *k, struct buf *b, struct str name, struct str svg)
{
    size_t open = str_find(svg, S("<svg"), 0), end = str_find_char(svg, '>', open),
           close = str_find(svg, S("</svg>"), end);
    size_t box = str_find(svg, S("viewBox=\""), open);
    if (close >= svg.n || box > end) {
        buf_fmt(&k->errors, "%" PRI_STR ": not an SVG with a viewBox\n", STR_ARG(name));
        return false;
    }
    struct str view = str_slice(svg, box, str_find_char(svg, '"', box + 9) + 1), body = str_slice(svg, end + 1, close);
    buf_fmt(b, "<symbol id=\"%" PRI_STR "\" %" PRI_STR ">%" PRI_STR "</symbol>\n", STR_ARG(name), STR_ARG(view),
            STR_ARG(body));
    return true;
}

int main(int argc, char **argv)
{
    bool sprite = argc > 1 && strcmp(argv[1], "--sprite") == 0;
    if (argc < 4) {
        fprintf(stderr, "usage: pack OUT.c OUT.h NAME=FILE...\n       pack --sprite OUT.svg ICON=FILE...\n");
        return 2;
    }
    struct arena *arena = arena_new((size_t)256 << 20);
    struct pack k = {.arena = arena, .errors = buf_make(arena)};
    struct buf svg = buf_make(arena);
    buf_add_z(&svg, "<svg xmlns=\"http://www.w3.org/2000/svg\">\n");
    for (int i = 3; i < argc; i++) {
        struct str file = str_of(argv[i]), name;
        if (!strchr(argv[i], '=') || !str_cut(&file, '=', &name)) {
            fprintf(stderr, "%s: expected NAME=FILE\n", argv[i]);
            return 2;
        }
        struct str bytes = tool_read(arena, str_z(arena, file));
        if (sprite)
            add_symbol(&k, &svg, name, bytes);
        else
            add(&k, name, bytes);
    }
    buf_add_z(&svg, "</svg>\n");
    struct str c = buf_str(&svg), h;
    bool ok = sprite ? k.errors.n == 0 : pack(&k, &c, &h);
    if (ok)
        tool_write(argv[sprite ? 2 : 1], c);
    if (ok && !sprite)
        tool_write(argv[2], h);
    fprintf(stderr, "%" PRI_STR, STR_ARG(buf_str(&k.errors)));
    arena_free(arena);
    return ok ? 0 : 1;
}
