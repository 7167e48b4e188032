#include "text.h"

#include <string.h>

#include "arena.h"
#include "buf.h"

/* Bytes in the sequence that begins with `c`; 0 when none can begin so. */
static size_t sequence(unsigned char c)
{
    if (c < 0x80)
        return 1;
    if (c >= 0xc2 && c <= 0xdf)
        return 2;
    if (c >= 0xe0 && c <= 0xef)
        return 3;
    return c >= 0xf0 && c <= 0xf4 ? 4 : 0;
}

/* Decode at i; 0 length on a fault. */
static size_t decode(struct str s, size_t i, uint32_t *ret)
{
    const unsigned char *p = (const unsigned char *)s.p + i;
    size_t n = sequence(p[0]);
    if (n == 0 || n > s.n - i)
        return 0;
    static const unsigned char first[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t c = p[0] & first[n];
    for (size_t k = 1; k < n; k++) {
        if ((p[k] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (p[k] & 0x3f);
    }
    if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
        return 0;
    *ret = c;
    return n;
}

static bool valid(struct str s, bool controls)
{
    uint32_t c;
    for (size_t i = 0, n; i < s.n; i += n) {
        n = decode(s, i, &c);
        if (n == 0 || c == 0)
            return false;
        if (!controls && ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7f && c < 0xa0)))
            return false;
    }
    return true;
}

bool text_valid(struct str s)
{
    return valid(s, true);
}

bool text_clean(struct str s)
{
    return valid(s, false);
}

uint32_t text_next(struct str s, size_t *i)
{
    uint32_t c;
    size_t n = decode(s, *i, &c);
    if (n == 0) {
        (*i)++;
        return 0xfffd;
    }
    *i += n;
    return c;
}

size_t text_length(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; n++)
        text_next(s, &i);
    return n;
}

struct str text_head(struct str s, size_t n)
{
    size_t i = 0;
    while (n-- && i < s.n)
        text_next(s, &i);
    return str_slice(s, 0, i);
}

/* What the letters of Latin-1 and Latin Extended-A fold to, from U+00C0 on; "" drops, " " separates. */
static const char *const folded[] = {
    "a", "a", "a",  "a", "a", "a", "ae", "c",  "e", "e", "e",  "e",  "i", "i", "i",  "i",  "d", "n", "o",  "o",
    "o", "o", "o",  " ", "o", "u", "u",  "u",  "u", "y", "th", "ss", "a", "a", "a",  "a",  "a", "a", "ae", "c",
    "e", "e", "e",  "e", "i", "i", "i",  "i",  "d", "n", "o",  "o",  "o", "o", "o",  " ",  "o", "u", "u",  "u",
    "u", "y", "th", "y", "a", "a", "a",  "a",  "a", "a", "c",  "c",  "c", "c", "c",  "c",  "c", "c", "d",  "d",
    "d", "d", "e",  "e", "e", "e", "e",  "e",  "e", "e", "e",  "e",  "g", "g", "g",  "g",  "g", "g", "g",  "g",
    "h", "h", "h",  "h", "i", "i", "i",  "i",  "i", "i", "i",  "i",  "i", "i", "ij", "ij", "j", "j", "k",  "k",
    "k", "l", "l",  "l", "l", "l", "l",  "l",  "l", "l", "l",  "n",  "n", "n", "n",  "n",  "n", "n", "n",  "n",
    "o", "o", "o",  "o", "o", "o", "oe", "oe", "r", "r", "r",  "r",  "r", "r", "s",  "s",  "s", "s", "s",  "s",
    "s", "s", "t",  "t", "t", "t", "t",  "t",  "u", "u", "u",  "u",  "u", "u", "u",  "u",  "u", "u", "u",  "u",
    "w", "w", "y",  "y", "y", "z", "z",  "z",  "z", "z", "z",  "s"};

/* U+FB00 to U+FB06: PDF is full of them. */
static const char *const ligatures[] = {"ff", "fi", "fl", "ffi", "ffl", "st", "st"};

/* Quotation marks, dashes, bullets, arrows, signs and the like: General Punctuation to Miscellaneous Symbols and
 * Arrows. */
static bool is_sign(uint32_t c)
{
    return (c >= 0x2000 && c < 0x2070) || (c >= 0x20a0 && c < 0x20d0) || (c >= 0x2190 && c < 0x2c00) || c == 0xfffd;
}

static void fold_one(struct buf *b, uint32_t c)
{
    if (c >= 'A' && c <= 'Z')
        buf_add_char(b, (char)(c + 32));
    else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
        buf_add_char(b, (char)c);
    else if (c >= 0xc0 && c < 0xc0 + sizeof folded / sizeof *folded)
        buf_add_z(b, folded[c - 0xc0]);
    else if (c >= 0x300 && c < 0x370)
        return; /* a combining accent belongs to the letter before it */
    else if (c < 0xc0 || is_sign(c))
        buf_add_char(b, ' ');
    else if (c >= 0xfb00 && c <= 0xfb06)
        buf_add_z(b, ligatures[c - 0xfb00]);
    else { /* another script: kept as it is */
        char u[4] = {(char)(0xf0 | c >> 18), (char)(0x80 | (c >> 12 & 63)), (char)(0x80 | (c >> 6 & 63)),
                     (char)(0x80 | (c & 63))};
        if (c < 0x800)
            u[2] = (char)(0xc0 | c >> 6), buf_add(b, str_make(u + 2, 2));
        else if (c < 0x10000)
            u[1] = (char)(0xe0 | c >> 12), buf_add(b, str_make(u + 1, 3));
        else
            buf_add(b, str_make(u, 4));
    }
}

/* Runs of blanks become one, none at the ends. */
static struct str squeeze(struct buf *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->n; i++)
        if (b->p[i] != ' ' || (n && b->p[n - 1] != ' '))
            b->p[n++] = b->p[i];
    if (n && b->p[n - 1] == ' ')
        n--;
    b->n = n;
    return buf_str(b);
}

struct str text_fold(struct arena *a, struct str s)
{
    struct buf b = buf_make(a);
    for (size_t i = 0; i < s.n;)
        fold_one(&b, text_next(s, &i));
    return squeeze(&b);
}

struct str text_sort_key(struct arena *a, struct str s)
{
    struct buf b = buf_make(a);
    for (size_t i = 0; i < s.n;) {
        uint32_t c = text_next(s, &i);
        /* '{', '|' and '}' are the bytes right after 'z'; ä and ö sort as æ and ø */
        if (c == 0xe6 || c == 0xc6 || c == 0xe4 || c == 0xc4)
            buf_add_char(&b, '{');
        else if (c == 0xf8 || c == 0xd8 || c == 0xf6 || c == 0xd6)
            buf_add_char(&b, '|');
        else if (c == 0xe5 || c == 0xc5)
            buf_add_char(&b, '}');
        else
            fold_one(&b, c);
    }
    return squeeze(&b);
}
