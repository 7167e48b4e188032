#include "feel/feel_regex_class.h"

#include <string.h>

#include "feel/feel_regex_blocks.h"

/* XML Schema Part 2, appendix F.1.1; NameStartChar and NameChar of XML 1.0, 5th edition, productions 4 and 4a. */
#define NAME_START \
    ":A-Z_a-z\\x{c0}-\\x{d6}\\x{d8}-\\x{f6}\\x{f8}-\\x{2ff}\\x{370}-\\x{37d}\\x{37f}-\\x{1fff}\\x{200c}-\\x{200d}" \
    "\\x{2070}-\\x{218f}\\x{2c00}-\\x{2fef}\\x{3001}-\\x{d7ff}\\x{f900}-\\x{fdcf}\\x{fdf0}-\\x{fffd}" \
    "\\x{10000}-\\x{effff}"
#define NAME NAME_START "\\-.0-9\\x{b7}\\x{300}-\\x{36f}\\x{203f}-\\x{2040}"
#define NOT_NAME_START \
    "\\x{0}-\\x{39}\\x{3b}-\\x{40}\\x{5b}-\\x{5e}\\x{60}\\x{7b}-\\x{bf}\\x{d7}\\x{f7}\\x{300}-\\x{36f}\\x{37e}" \
    "\\x{2000}-\\x{200b}\\x{200e}-\\x{206f}\\x{2190}-\\x{2bff}\\x{2ff0}-\\x{3000}\\x{e000}-\\x{f8ff}" \
    "\\x{fdd0}-\\x{fdef}\\x{fffe}-\\x{ffff}\\x{f0000}-\\x{10ffff}"
#define NOT_NAME \
    "\\x{0}-\\x{2c}\\x{2f}\\x{3b}-\\x{40}\\x{5b}-\\x{5e}\\x{60}\\x{7b}-\\x{b6}\\x{b8}-\\x{bf}\\x{d7}\\x{f7}\\x{37e}" \
    "\\x{2000}-\\x{200b}\\x{200e}-\\x{203e}\\x{2041}-\\x{206f}\\x{2190}-\\x{2bff}\\x{2ff0}-\\x{3000}" \
    "\\x{e000}-\\x{f8ff}\\x{fdd0}-\\x{fdef}\\x{fffe}-\\x{ffff}\\x{f0000}-\\x{10ffff}"

struct str feel_regex_class_of(char letter)
{
    switch (letter) {
    case 's':
        return S("\\x{20}\\t\\n\\r");
    case 'S':
        return S("\\x{0}-\\x{8}\\x{b}\\x{c}\\x{e}-\\x{1f}\\x{21}-\\x{10ffff}");
    case 'd':
        return S("\\p{Nd}");
    case 'D':
        return S("\\P{Nd}");
    case 'w': /* all but punctuation, separators and others */
        return S("\\p{L}\\p{M}\\p{N}\\p{S}");
    case 'W':
        return S("\\p{P}\\p{Z}\\p{C}");
    case 'i':
        return S(NAME_START);
    case 'I':
        return S(NOT_NAME_START);
    case 'c':
        return S(NAME);
    case 'C':
        return S(NOT_NAME);
    default:
        return S("");
    }
}

static bool is_category(struct str name)
{
    static const char *const seconds[][2] = {{"L", "ultmo"}, {"M", "nce"},  {"N", "dlo"}, {"P", "cdseifo"},
                                             {"Z", "slp"},   {"S", "mcko"}, {"C", "cfon"}};
    if (name.n < 1 || name.n > 2)
        return false;
    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++)
        if (name.p[0] == seconds[i][0][0])
            return name.n == 1 || (name.p[1] != '\0' && strchr(seconds[i][1], name.p[1]));
    return false;
}

static const struct feel_regex_block *find_block(struct str name)
{
    size_t low = 0, high = sizeof feel_regex_blocks / sizeof *feel_regex_blocks;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(name, str_of(feel_regex_blocks[middle].name));
        if (order == 0)
            return &feel_regex_blocks[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

bool feel_regex_class_add(struct buf *b, struct str name, bool outside)
{
    if (is_category(name)) {
        buf_fmt(b, "\\%c{%.*s}", outside ? 'P' : 'p', STR_ARG(name));
        return true;
    }
    const struct feel_regex_block *block = str_starts(name, S("Is")) ? find_block(str_slice(name, 2, name.n)) : NULL;
    if (!block)
        return false;
    if (!outside) {
        buf_fmt(b, "\\x{%x}-\\x{%x}", block->first, block->last);
        return true;
    }
    if (block->first > 0)
        buf_fmt(b, "\\x{0}-\\x{%x}", block->first == 0xe000 ? 0xd7ff : block->first - 1);
    if (block->last < 0x10ffff)
        buf_fmt(b, "\\x{%x}-\\x{10ffff}", block->last == 0xd7ff ? 0xe000 : block->last + 1);
    return true;
}

void feel_regex_class_literal(struct buf *b, uint32_t c)
{
    bool plain = (c | 0x20) - 'a' < 26 || c - '0' < 10;
    if (plain && c < 0x80)
        buf_add_char(b, (char)c);
    else
        buf_fmt(b, "\\x{%x}", c);
}
