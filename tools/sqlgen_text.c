/* sqlgen: text, files, and the smallest pieces of SQL. */
#define _GNU_SOURCE /* the project arguments are not for native programs */
#include "sqlgen.h"

#include <stdarg.h>

void *xalloc(void *p, size_t n)
{
    p = realloc(p, n);
    if (!p)
        abort();
    return p;
}

void put_n(struct out *o, const char *s, size_t n)
{
    if (o->n + n + 1 > o->cap) {
        o->cap = (o->n + n + 1) * 2;
        o->p = xalloc(o->p, o->cap);
    }
    memcpy(o->p + o->n, s, n);
    o->n += n;
    o->p[o->n] = 0;
}

void put(struct out *o, const char *s)
{
    put_n(o, s, strlen(s));
}

void putf(struct out *o, const char *fmt, ...)
{
    char *s;
    va_list ap;
    va_start(ap, fmt);
    if (vasprintf(&s, fmt, ap) < 0)
        abort();
    va_end(ap);
    put(o, s);
    free(s);
}

const char *text_of(const struct out *o)
{
    return o->p ? o->p : "";
}

char *dup_n(const char *s, size_t n)
{
    char *p = xalloc(NULL, n + 1);
    memcpy(p, s, n);
    p[n] = 0;
    return p;
}

char *trimmed(const char *s, size_t n)
{
    while (n && isspace((unsigned char)*s))
        s++, n--;
    while (n && isspace((unsigned char)s[n - 1]))
        n--;
    return dup_n(s, n);
}

void die(const char *path, int line, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fprintf(stderr, "%s:%d: ", path, line);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    exit(1);
}

struct out slurp(const char *path)
{
    struct out o = {0};
    char block[65536];
    FILE *f = fopen(path, "rb");
    if (!f)
        die(path, 0, "cannot be read: see that the path in meson.build is right");
    for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;)
        put_n(&o, block, n);
    fclose(f);
    put(&o, "");
    return o;
}

/* Written only when changed, so that what depends on it is not built again. */
void spill(const char *path, const struct out *o)
{
    FILE *f = fopen(path, "rb");
    if (f) {
        fclose(f);
        struct out old = slurp(path);
        if (old.n == o->n && memcmp(old.p, o->p, o->n) == 0)
            return;
    }
    f = fopen(path, "wb");
    if (!f || fwrite(o->p, 1, o->n, f) != o->n || fclose(f))
        die(path, 0, "cannot be written: is the disk full?");
}

/* A C string literal. */
void put_literal(struct out *o, const char *s)
{
    put(o, "\"");
    for (; *s; s++) {
        if (*s == '\n')
            put(o, s[1] ? "\\n\"\n        \"" : "\\n");
        else if (*s == '"' || *s == '\\')
            putf(o, "\\%c", *s);
        else
            put_n(o, s, 1);
    }
    put(o, "\"");
}

bool ident_char(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

size_t ident_length(const char *s)
{
    size_t n = 0;
    if (isdigit((unsigned char)*s))
        return 0;
    while (ident_char(s[n]))
        n++;
    return n;
}

bool word_is(const char *s, size_t n, const char *word)
{
    return strlen(word) == n && strncasecmp(s, word, n) == 0;
}

/* The length of the string, quoted name or comment that begins at s; 0 when none does. */
size_t opaque_length(const char *s)
{
    if (*s == '\'' || *s == '"') {
        const char *e = strchr(s + 1, *s);
        return e ? (size_t)(e - s) + 1 : strlen(s);
    }
    if (strncmp(s, "--", 2) == 0)
        return strcspn(s, "\n");
    if (strncmp(s, "/*", 2) == 0) {
        const char *e = strstr(s, "*/");
        return e ? (size_t)(e - s) + 2 : strlen(s);
    }
    return 0;
}
const char *base_name(const char *path)
{
    const char *s = strrchr(path, '/');
    return s ? s + 1 : path;
}

/* The directive `word` ("name:") in a comment line; its value, or NULL. */
char *directive(const char *s, size_t n, const char *word)
{
    size_t w = strlen(word);
    if (n < 3 + w || strncmp(s, "-- ", 3) != 0 || strncmp(s + 3, word, w) != 0)
        return NULL;
    return trimmed(s + 3 + w, n - 3 - w);
}
