#include "letter_plain.h"

#include "letter_tree.h"
#include "letter_words.h"

struct word {
    size_t from, to;    /* bytes of the block */
    struct str low;     /* in lower case */
    bool ends_sentence; /* a stop that ends it stands behind */
};
typedef VEC_OF(struct word) words_t;

struct check {
    struct cx *cx;
    enum lang lang;
    const struct letter_words *lists;
    struct letter_plain r;
    size_t block;
    struct str text; /* of that block */
    words_t w;
    bool paragraph; /* not a heading */
};

static bool in_list(const char *const *list, struct str word)
{
    for (; *list; list++)
        if (str_eq_z(word, *list))
            return true;
    return false;
}

static bool in_pairs(const struct letter_pair *list, struct str word)
{
    for (; list->a; list++)
        if (str_eq_z(word, list->a))
            return true;
    return false;
}

static void find(struct check *c, enum letter_find_kind kind, size_t from, size_t to, const char *hint)
{
    vec_add(c->cx->arena, &c->r.finds, (struct letter_find){kind, c->block, from, to, str_of(hint)});
    c->r.count[kind]++;
}

/* ---- words ---- */

/* Lower case of A–Z and the Latin letters of our languages; the bytes stay in their places. */
static struct str lower(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, s.n + 1);
    for (size_t i = 0; i < s.n; i++) {
        unsigned char ch = (unsigned char)s.p[i];
        bool after_c3 = i > 0 && (unsigned char)s.p[i - 1] == 0xc3;
        if ((ch >= 'A' && ch <= 'Z') || (after_c3 && ch >= 0x80 && ch <= 0x9e && ch != 0x97))
            ch = (unsigned char)(ch + 0x20);
        p[i] = (char)ch;
    }
    return str_make(p, s.n);
}

static bool word_byte(unsigned char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch >= 0xc3;
}

static size_t word_end(struct str low, size_t i)
{
    while (i < low.n) {
        unsigned char ch = (unsigned char)low.p[i];
        bool joined = (ch == '-' || ch == '\'') && i + 1 < low.n && word_byte((unsigned char)low.p[i + 1]);
        if (!word_byte(ch) && !joined && !(ch >= 0x80 && ch < 0xc0))
            break;
        i++;
    }
    return i;
}

/* What stands between two words decides whether a sentence ends. After a number or a short form a full stop does so
   only before a capital letter, and after a short form not even then. */
static bool sentence_ends(const struct check *c, struct str word, size_t end, size_t next)
{
    struct str between = str_slice(c->text, end, next);
    if (next >= c->text.n)
        return true;
    if (between.n < 2)
        return false;
    char stop = between.p[0] == ')' ? between.p[1] : between.p[0];
    if (stop == '?' || stop == '!')
        return true;
    if (stop != '.')
        return false;
    unsigned char first = (unsigned char)c->text.p[next];
    bool capital = (first >= 'A' && first <= 'Z') || first == 0xc3;
    return capital && !in_list(c->lists->abbreviations, word);
}

static void split_words(struct check *c)
{
    struct str low = lower(c->cx->arena, c->text);
    c->w.n = 0;
    for (size_t i = 0; i < low.n;) {
        if (!word_byte((unsigned char)low.p[i])) {
            i++;
            continue;
        }
        size_t end = word_end(low, i), next = end;
        while (next < low.n && !word_byte((unsigned char)low.p[next]))
            next++;
        struct str word = str_slice(low, i, end);
        vec_add(c->cx->arena, &c->w, (struct word){i, end, word, sentence_ends(c, word, end, next)});
        i = next;
    }
}

/* ---- passives ---- */

/* Nynorsk: -ast for the -e of a verb of the list: sendast, behandlast. */
static bool nynorsk_s_passive(const struct check *c, struct str word)
{
    if (word.n < 6 || !str_ends(word, S("ast")) || in_pairs(c->lists->not_passive, word))
        return false;
    if (str_ends(word, S("erast")) && word.n > 7)
        return true;
    struct str stem = str_slice(word, 0, word.n - 3);
    for (const struct letter_pair *v = c->lists->verbs; v->a; v++) {
        struct str inf = str_of(v->a);
        if (str_eq(stem, str_ends(inf, S("e")) ? str_slice(inf, 0, inf.n - 1) : inf))
            return true;
    }
    return false;
}

/* Danish and bokmål: a verb of the list + s, and its past forms */
static bool nordic_s_passive(const struct check *c, struct str word)
{
    if (word.n < 4 || word.p[word.n - 1] != 's' || in_pairs(c->lists->not_passive, word))
        return false;
    if (str_ends(word, S("eres")) && word.n > 6)
        return true;
    struct str stem = str_slice(word, 0, word.n - 1); /* gives → give */
    for (const struct letter_pair *v = c->lists->verbs; v->a; v++) {
        struct str inf = str_of(v->a);
        if (str_eq(stem, inf))
            return true;
        /* behandledes, sendtes */
        if (str_starts(word, inf) && str_eq_z(str_slice(word, inf.n, word.n), "des"))
            return true;
        struct str short_stem = str_slice(inf, 0, inf.n - 1);
        if (c->lang == LANG_DA && str_starts(word, short_stem) &&
            str_eq_z(str_slice(word, short_stem.n, word.n), "tes"))
            return true;
    }
    return false;
}

static bool participle(const struct check *c, struct str word)
{
    if (in_pairs(c->lists->not_passive, word))
        return false;
    for (const struct letter_pair *v = c->lists->verbs; v->a; v++)
        if (str_eq_z(word, v->b))
            return true;
    if (c->lang == LANG_EN)
        return word.n > 4 && str_ends(word, S("ed")) && !str_ends(word, S("eed"));
    return word.n > 6 && str_ends(word, c->lang == LANG_DA ? S("eret") : S("ert"));
}

static bool s_passive(const struct check *c, struct str word)
{
    if (c->lang == LANG_NN)
        return nynorsk_s_passive(c, word);
    return c->lang != LANG_EN && nordic_s_passive(c, word);
}

/* English: only words that may stand between "is" and its participle; else the pair is not one. */
static bool may_stand_between(const struct check *c, struct str word)
{
    static const char *const small[] = {"not",   "also",   "then", "now",   "often", "usually",
                                        "never", "always", "soon", "being", "been",  NULL};
    return c->lang != LANG_EN || in_list(small, word) || str_ends(word, S("ly"));
}

static void passives(struct check *c)
{
    size_t from = 0; /* do not mark "been sent" again within "has been being sent" */
    for (size_t i = 0; i < c->w.n; i++) {
        const struct word *w = &c->w.p[i];
        if (i < from)
            continue;
        if (s_passive(c, w->low)) {
            find(c, PLAIN_PASSIVE, w->from, w->to, NULL);
            continue;
        }
        if (!in_list(c->lists->auxiliaries, w->low))
            continue;
        for (size_t k = i + 1; k < c->w.n && k <= i + 4 && !c->w.p[k - 1].ends_sentence; k++) {
            if (participle(c, c->w.p[k].low)) {
                find(c, PLAIN_PASSIVE, w->from, c->w.p[k].to, NULL);
                from = k + 1;
                break;
            }
            if (!may_stand_between(c, c->w.p[k].low))
                break;
        }
    }
}

/* ---- the other checks of a block ---- */

/* The words of `phrase` (lower case, one blank between) begin at word i. Gives the index behind the last, 0: no. */
static size_t phrase_at(const struct check *c, struct str phrase, size_t i)
{
    struct str piece;
    while (str_cut(&phrase, ' ', &piece)) {
        if (i >= c->w.n)
            return 0;
        bool open = str_ends(piece, S("*"));
        struct str word = c->w.p[i].low;
        if (open ? !str_starts(word, str_slice(piece, 0, piece.n - 1)) : !str_eq(word, piece))
            return 0;
        i++;
    }
    return i;
}

static void cliches(struct check *c)
{
    for (size_t i = 0; i < c->w.n; i++)
        for (const struct letter_pair *p = c->lists->cliches; p->a; p++) {
            size_t end = phrase_at(c, str_of(p->a), i);
            if (end) {
                find(c, PLAIN_CLICHE, c->w.p[i].from, c->w.p[end - 1].to, p->b);
                i = end - 1;
                break;
            }
        }
}

/* "§ 112" and in English "section 112": the sign and the number behind it. */
static void paragraph_signs(struct check *c)
{
    for (size_t at = 0; (at = str_find(c->text, S("§"), at)) < c->text.n;) {
        size_t end = at + 2;
        for (size_t i = 0; i < c->w.n; i++)
            if (c->w.p[i].from >= at + 2 && c->w.p[i].from <= at + 4)
                end = c->w.p[i].to;
        find(c, PLAIN_LAW, at, end, NULL);
        at += 2;
    }
    for (size_t i = 0; c->lang == LANG_EN && i + 1 < c->w.n; i++)
        if (str_eq_z(c->w.p[i].low, "section") && c->w.p[i + 1].low.p[0] >= '0' && c->w.p[i + 1].low.p[0] <= '9')
            find(c, PLAIN_LAW, c->w.p[i].from, c->w.p[i + 1].to, NULL);
}

static void sentences(struct check *c)
{
    size_t first = 0;
    for (size_t i = 0; i < c->w.n; i++) {
        if (!c->w.p[i].ends_sentence && i + 1 < c->w.n)
            continue;
        c->r.sentences++;
        if (i + 1 - first > PLAIN_LONG_WORDS)
            find(c, PLAIN_LONG, c->w.p[first].from, c->w.p[i].to, NULL);
        first = i + 1;
    }
}

static bool tells_outcome(const struct check *c)
{
    for (size_t i = 0; i < c->w.n; i++)
        for (const struct letter_pair *p = c->lists->outcomes; p->a; p++)
            if (phrase_at(c, str_of(p->a), i))
                return true;
    return false;
}

static bool is_salutation(const struct check *c)
{
    return c->w.n > 0 && c->w.n < 8 && in_list(c->lists->salutations, c->w.p[0].low);
}

/* In order of the place; the long sentences first, so that marks nest. */
static void sort_finds(struct letter_plain *r)
{
    for (size_t i = 1; i < r->finds.n; i++) {
        struct letter_find f = r->finds.p[i];
        size_t k = i;
        for (; k > 0; k--) {
            const struct letter_find *before = &r->finds.p[k - 1];
            bool later =
                before->block > f.block ||
                (before->block == f.block && (before->from > f.from || (before->from == f.from && before->to < f.to)));
            if (!later)
                break;
            r->finds.p[k] = *before;
        }
        r->finds.p[k] = f;
    }
}

static int part(size_t found, size_t of, size_t factor, int most)
{
    size_t minus = of ? found * factor * (size_t)most / of : 0;
    return minus > (size_t)most ? most : (int)minus;
}

/* What each fault costs: docs/why/plain-language.md. */
static void grade(struct letter_plain *r)
{
    size_t signs = r->count[PLAIN_LAW] > 2 ? r->count[PLAIN_LAW] - 2 : 0;
    int score = 100;
    score -= r->message_first ? 0 : 25;
    score -= part(r->count[PLAIN_PASSIVE], r->sentences, 2, 25);
    score -= part(r->count[PLAIN_LONG], r->sentences, 3, 20);
    score -= part(r->count[PLAIN_CLICHE], 5, 1, 15);
    score -= part(signs, 5, 1, 15);
    score -= r->you ? 0 : 10;
    score -= r->we ? 0 : 10;
    r->score = score > 0 ? score : 0;
    r->grade = score >= 85 ? 'A' : score >= 70 ? 'B' : score >= 50 ? 'C' : 'D';
}

static void check_block(struct check *c)
{
    split_words(c);
    c->r.words += c->w.n;
    for (size_t i = 0; i < c->w.n; i++) {
        c->r.you += in_list(c->lists->you, c->w.p[i].low);
        c->r.we += in_list(c->lists->we, c->w.p[i].low);
    }
    passives(c);
    cliches(c);
    paragraph_signs(c);
    if (c->paragraph)
        sentences(c);
}

struct letter_plain letter_plain_check(struct cx *cx, enum lang lang, struct str markdown, bool decision)
{
    struct check c = {.cx = cx, .lang = lang, .lists = letter_words(lang)};
    c.r.message_first = !decision;
    cmark_node *root;
    if (letter_tree_parse(cx, markdown, &root))
        return c.r;
    bool seen_first = !decision;
    struct letter_leaf leaf = {0};
    while (letter_tree_next_leaf(cx, root, &leaf)) {
        c.text = leaf.text;
        c.paragraph = cmark_node_get_type(leaf.node) == CMARK_NODE_PARAGRAPH;
        check_block(&c);
        if (!seen_first && c.paragraph && c.w.n && !is_salutation(&c)) {
            seen_first = true;
            c.r.message_first = tells_outcome(&c);
        }
        vec_add(cx->arena, &c.r.text, c.text);
        c.block++;
    }
    sort_finds(&c.r);
    grade(&c.r);
    return c.r;
}
