#include "problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"

enum { PROBLEMS_MAX = 500 };

void problem_add(struct problems *ps, struct str file, int line, int col, const char *remedy, const char *fmt, ...)
{
    if (ps->list.n >= PROBLEMS_MAX)
        return;
    char text[1000];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    size_t len = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
    for (size_t i = 0; i < len; i++) /* one fault, one line */
        if ((unsigned char)text[i] < ' ')
            text[i] = ' ';
    vec_add(ps->arena, &ps->list,
            (struct problem){.file = str_dup(ps->arena, file),
                             .line = line,
                             .col = col,
                             .what = str_dup(ps->arena, str_make(text, len)),
                             .remedy = str_dup(ps->arena, str_of(remedy))});
}

static int by_place(const void *x, const void *y)
{
    const struct problem *a = x, *b = y;
    int c = str_cmp(a->file, b->file);
    if (!c)
        c = (a->line > b->line) - (a->line < b->line);
    if (!c)
        c = (a->col > b->col) - (a->col < b->col);
    return c ? c : str_cmp(a->what, b->what);
}

void problems_sort(struct problems *ps)
{
    size_t n = 0;
    if (ps->list.n)
        qsort(ps->list.p, ps->list.n, sizeof *ps->list.p, by_place);
    for (size_t i = 0; i < ps->list.n; i++)
        if (!n || by_place(&ps->list.p[n - 1], &ps->list.p[i]))
            ps->list.p[n++] = ps->list.p[i];
    ps->list.n = n;
}

void problems_text(const struct problems *ps, struct buf *ret_text)
{
    for (size_t i = 0; i < ps->list.n; i++) {
        const struct problem *p = &ps->list.p[i];
        buf_add(ret_text, p->file);
        if (p->line)
            buf_fmt(ret_text, ":%d:%d", p->line, p->col);
        buf_fmt(ret_text, ": %" PRI_STR, STR_ARG(p->what));
        if (p->remedy.n)
            buf_fmt(ret_text, "; %" PRI_STR, STR_ARG(p->remedy));
        buf_add_char(ret_text, '\n');
    }
}

enum { WORD_MAX = 40 };

/* Levenshtein, of short words. */
static size_t distance(struct str a, struct str b)
{
    size_t row[WORD_MAX + 1];
    for (size_t j = 0; j <= b.n; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            size_t best = diagonal + (a.p[i - 1] != b.p[j - 1]);
            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[b.n];
}

struct str problem_nearest(struct str wrong, const char *words)
{
    struct str rest = str_of(words), word, best = {0};
    size_t least = 3;
    if (wrong.n > WORD_MAX || wrong.n < 2)
        return best;
    while (str_cut(&rest, ' ', &word)) {
        if (word.n && word.p[word.n - 1] == '!')
            word.n--;
        if (word.n < 2 || word.n > WORD_MAX)
            continue;
        size_t d = distance(wrong, word);
        if (d < least && d < word.n)
            least = d, best = word;
    }
    return best;
}
