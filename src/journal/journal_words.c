/* What may not stand in a public text, and how it is taken out. */
#include "codec/idno.h"
#include "journal_internal.h"
#include "search/search.h"

enum { NAME_LEAST = 3, PHONE_DIGITS = 8 };

static void add_name(struct cx *cx, struct buf *b, struct str name)
{
    struct str rest = text_fold(cx->arena, name), word;
    while (str_cut(&rest, ' ', &word))
        if (text_length(word) >= NAME_LEAST &&
            str_find(buf_str(b), str_fmt(cx->arena, " %.*s ", STR_ARG(word)), 0) >= b->n)
            buf_fmt(b, "%s%.*s ", b->n ? "" : " ", STR_ARG(word));
}

struct str journal_name_words(struct cx *cx, struct str party, bool person, const struct q_journal_correspondents *who,
                              size_t n)
{
    struct buf b = buf_make(cx->arena);
    if (person)
        add_name(cx, &b, party);
    for (size_t i = 0; i < n; i++)
        if (who[i].person)
            add_name(cx, &b, who[i].name);
    return buf_str(&b);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* A piece between blanks may be several words: "Anna-Marie's". It goes when one of them is a name. */
static bool has_name(struct cx *cx, struct str piece, struct str words)
{
    struct str rest = text_fold(cx->arena, piece), word;
    while (str_cut(&rest, ' ', &word)) {
        if (!word.n)
            continue;
        if (str_find(words, str_fmt(cx->arena, " %.*s ", STR_ARG(word)), 0) < words.n)
            return true;
        /* the genitive: Holms */
        if (word.n > NAME_LEAST && word.p[word.n - 1] == 's' &&
            str_find(words, str_fmt(cx->arena, " %.*s ", (int)word.n - 1, word.p), 0) < words.n)
            return true;
    }
    return false;
}

struct str journal_without(struct cx *cx, struct str text, struct str words)
{
    struct buf b = buf_make(cx->arena);
    bool some = false;
    for (size_t i = 0; i < text.n;) {
        size_t end = i;
        while (end < text.n && is_blank(text.p[end]) == is_blank(text.p[i]))
            end++;
        struct str piece = str_slice(text, i, end);
        if (!is_blank(text.p[i]) && has_name(cx, piece, words)) {
            buf_add_z(&b, JOURNAL_SHIELD);
            some = true;
        } else {
            buf_add(&b, piece);
        }
        i = end;
    }
    return some ? buf_str(&b) : text;
}

/* A run of digits and single blanks that begins and ends with a digit; how many digits. No hyphens: case numbers have
   them. */
static size_t phone_at(struct str s, size_t i, size_t *ret_end)
{
    size_t digits = 0, end = i;
    for (size_t k = i; k < s.n; k++) {
        if (s.p[k] >= '0' && s.p[k] <= '9') {
            digits++;
            end = k + 1;
        } else if (!(s.p[k] == ' ' && k + 1 < s.n && s.p[k + 1] >= '0' && s.p[k + 1] <= '9')) {
            break;
        }
    }
    *ret_end = end;
    return digits;
}

static struct str without_phones(struct cx *cx, struct str s)
{
    struct buf b = buf_make(cx->arena);
    bool some = false;
    for (size_t i = 0; i < s.n;) {
        size_t end = i + 1;
        bool digit = s.p[i] >= '0' && s.p[i] <= '9';
        if (digit && phone_at(s, i, &end) >= PHONE_DIGITS) {
            buf_add_z(&b, JOURNAL_SHIELD);
            some = true;
        } else {
            buf_add(&b, str_slice(s, i, end));
        }
        i = end;
    }
    return some ? buf_str(&b) : s;
}

static struct str without_mail(struct cx *cx, struct str s)
{
    struct buf b = buf_make(cx->arena);
    bool some = false;
    for (size_t i = 0; i < s.n;) {
        size_t end = i;
        while (end < s.n && is_blank(s.p[end]) == is_blank(s.p[i]))
            end++;
        struct str piece = str_slice(s, i, end);
        bool mail = str_find_char(piece, '@', 0) < piece.n;
        some |= mail;
        if (mail)
            buf_add_z(&b, JOURNAL_SHIELD);
        else
            buf_add(&b, piece);
        i = end;
    }
    return some ? buf_str(&b) : s;
}

struct str journal_plain(struct cx *cx, struct str text)
{
    return without_mail(cx, without_phones(cx, idno_hide(cx->arena, text)));
}

struct str journal_no(struct cx *cx, int64_t sort)
{
    return str_fmt(cx->arena, "%lld-%lld", (long long)(sort / JOURNAL_SORT), (long long)(sort % JOURNAL_SORT));
}

enum err journal_index(struct cx *cx, int64_t id)
{
    struct q_journal_get r;
    bool found;
    enum err e = q_journal_get(cx, id, &r, &found);
    if (e)
        return e;
    if (!found || r.state != JOURNAL_PUBLISHED) {
        if (!(e = q_journal_out_untold(cx, id)))
            e = q_journal_out_mark_gone(cx, id);
        return e ? e : search_erase(cx, S("journal"), id);
    }
    if ((e = q_journal_out_mark(cx, id)))
        return e;
    /* the number of the case in one piece: its halves alone would be found by any number that begins with noughts */
    struct str casefile_no = str_fmt(cx->arena, "%lld%06lld", (long long)r.casefile_year, (long long)r.casefile_seq);
    struct str texts[] = {r.title, r.casefile_title, r.who, journal_no(cx, r.sort), casefile_no};
    return search_put(cx, S("journal"), id, r.sort, texts, sizeof texts / sizeof *texts);
}
