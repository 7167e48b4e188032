/* Searching the catalogue: over memory, some hundred services. */
#include <stdlib.h>

#include "catalogue.h"

/* How well a folded word fits a folded text: 3 a word, 2 the beginning of one, 1 inside one (a part of a compound). */
static int fit(struct str text, struct str word)
{
    int best = 0;
    for (size_t at = str_find(text, word, 0); at < text.n && best < 3; at = str_find(text, word, at + 1)) {
        bool begins = at == 0 || text.p[at - 1] == ' ';
        bool ends = at + word.n == text.n || text.p[at + word.n] == ' ';
        int now = begins && ends ? 3 : begins ? 2 : word.n >= 4 ? 1 : 0;
        if (now > best)
            best = now;
    }
    return best;
}

/* Of one word; the name counts most, then the keywords, in the asker's language and, less, in the others. */
static int score(const struct searchable *s, enum lang lang, struct str word)
{
    int best = fit(s->name[lang], word) * 20;
    int keyword = fit(s->words[lang], word) * 10, rest = fit(s->rest[lang], word) * 2;
    best = keyword > best ? keyword : best;
    best = rest > best ? rest : best;
    for (int i = 0; i < LANG_COUNT; i++) {
        int other = fit(s->name[i], word) * 5 + fit(s->words[i], word) * 3;
        best = other > best ? other : best;
    }
    return best;
}

struct hit {
    int score;
    size_t order;
    const struct service_version *v;
};

static int by_score(const void *a, const void *b)
{
    const struct hit *x = a, *y = b;
    return x->score != y->score ? y->score - x->score : (x->order > y->order) - (x->order < y->order);
}

struct service_list service_search(struct cx *cx, struct str query, size_t max)
{
    const struct snapshot *s = atomic_load(&cx->services->now);
    struct service_list list = {0};
    struct str folded = text_fold(cx->arena, text_head(query, 100));
    struct hit *hits = arena_array(cx->arena, struct hit, s->n);
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        const struct searchable *one = &s->by_name[cx->lang][i];
        struct str rest = folded, word;
        int sum = 0, all = 1;
        while (all && str_cut(&rest, ' ', &word))
            if (word.n)
                sum += (all = score(one, cx->lang, word));
        if (sum && all && service_is_offered(cx, one->v))
            hits[n++] = (struct hit){sum, i, one->v};
    }
    if (n)
        qsort(hits, n, sizeof *hits, by_score);
    for (size_t i = 0; i < n && i < max; i++)
        vec_add(cx->arena, &list.rows, hits[i].v);
    return list;
}
