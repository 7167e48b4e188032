/* What the generators share: whole files, and the hash by which tplgen and pogen agree on the placeholders of a text.
 */
#pragma once
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

/* All of a file; ends the program with a message when it cannot be read. */
static inline struct str tool_read(struct arena *a, const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        perror(path);
        exit(1);
    }
    struct buf b = buf_make(a);
    size_t n;
    while ((n = fread(buf_reserve(&b, 65536), 1, 65536, f)) > 0)
        b.n += n;
    fclose(f);
    return buf_str(&b);
}

static inline void tool_write(const char *path, struct str s)
{
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(s.p, 1, s.n, f) != s.n || fclose(f) != 0) {
        perror(path);
        exit(1);
    }
}

/* FNV-1a over names that are in order. */
static inline unsigned tool_names_hash(const struct str *names, size_t n)
{
    unsigned h = 2166136261u;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < names[i].n; k++)
            h = (h ^ (unsigned char)names[i].p[k]) * 16777619u;
        h = (h ^ ',') * 16777619u;
    }
    return h & 0x7fffffff;
}
