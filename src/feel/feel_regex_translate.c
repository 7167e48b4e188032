#include "feel/feel_regex_translate.h"

#include <string.h>

#include "base/text.h"

enum { DEPTH = 100, GROUPS = 1000 };

struct translation {
    struct str s;
    size_t i;
    struct buf *out;
    struct feel_regex_flags flags;
    int depth, groups;
    bool closed[GROUPS]; /* by number: the group has ended, so it may be referred to */
};

/* Blocks of Unicode (version 3.1, which XML Schema names) without the blanks of their names. */
static const struct {
    const char *name;
    uint32_t from, to;
} blocks[] = {{"BasicLatin", 0x0, 0x7f},
              {"Latin-1Supplement", 0x80, 0xff},
              {"LatinExtended-A", 0x100, 0x17f},
              {"LatinExtended-B", 0x180, 0x24f},
              {"IPAExtensions", 0x250, 0x2af},
              {"SpacingModifierLetters", 0x2b0, 0x2ff},
              {"CombiningDiacriticalMarks", 0x300, 0x36f},
              {"Greek", 0x370, 0x3ff},
              {"GreekandCoptic", 0x370, 0x3ff},
              {"Cyrillic", 0x400, 0x4ff},
              {"Armenian", 0x530, 0x58f},
              {"Hebrew", 0x590, 0x5ff},
              {"Arabic", 0x600, 0x6ff},
              {"Syriac", 0x700, 0x74f},
              {"Thaana", 0x780, 0x7bf},
              {"Devanagari", 0x900, 0x97f},
              {"Bengali", 0x980, 0x9ff},
              {"Gurmukhi", 0xa00, 0xa7f},
              {"Gujarati", 0xa80, 0xaff},
              {"Oriya", 0xb00, 0xb7f},
              {"Tamil", 0xb80, 0xbff},
              {"Telugu", 0xc00, 0xc7f},
              {"Kannada", 0xc80, 0xcff},
              {"Malayalam", 0xd00, 0xd7f},
              {"Sinhala", 0xd80, 0xdff},
              {"Thai", 0xe00, 0xe7f},
              {"Lao", 0xe80, 0xeff},
              {"Tibetan", 0xf00, 0xfff},
              {"Myanmar", 0x1000, 0x109f},
              {"Georgian", 0x10a0, 0x10ff},
              {"HangulJamo", 0x1100, 0x11ff},
              {"Ethiopic", 0x1200, 0x137f},
              {"Cherokee", 0x13a0, 0x13ff},
              {"UnifiedCanadianAboriginalSyllabics", 0x1400, 0x167f},
              {"Ogham", 0x1680, 0x169f},
              {"Runic", 0x16a0, 0x16ff},
              {"Khmer", 0x1780, 0x17ff},
              {"Mongolian", 0x1800, 0x18af},
              {"LatinExtendedAdditional", 0x1e00, 0x1eff},
              {"GreekExtended", 0x1f00, 0x1fff},
              {"GeneralPunctuation", 0x2000, 0x206f},
              {"SuperscriptsandSubscripts", 0x2070, 0x209f},
              {"CurrencySymbols", 0x20a0, 0x20cf},
              {"CombiningMarksforSymbols", 0x20d0, 0x20ff},
              {"CombiningDiacriticalMarksforSymbols", 0x20d0, 0x20ff},
              {"LetterlikeSymbols", 0x2100, 0x214f},
              {"NumberForms", 0x2150, 0x218f},
              {"Arrows", 0x2190, 0x21ff},
              {"MathematicalOperators", 0x2200, 0x22ff},
              {"MiscellaneousTechnical", 0x2300, 0x23ff},
              {"ControlPictures", 0x2400, 0x243f},
              {"OpticalCharacterRecognition", 0x2440, 0x245f},
              {"EnclosedAlphanumerics", 0x2460, 0x24ff},
              {"BoxDrawing", 0x2500, 0x257f},
              {"BlockElements", 0x2580, 0x259f},
              {"GeometricShapes", 0x25a0, 0x25ff},
              {"MiscellaneousSymbols", 0x2600, 0x26ff},
              {"Dingbats", 0x2700, 0x27bf},
              {"BraillePatterns", 0x2800, 0x28ff},
              {"CJKRadicalsSupplement", 0x2e80, 0x2eff},
              {"KangxiRadicals", 0x2f00, 0x2fdf},
              {"IdeographicDescriptionCharacters", 0x2ff0, 0x2fff},
              {"CJKSymbolsandPunctuation", 0x3000, 0x303f},
              {"Hiragana", 0x3040, 0x309f},
              {"Katakana", 0x30a0, 0x30ff},
              {"Bopomofo", 0x3100, 0x312f},
              {"HangulCompatibilityJamo", 0x3130, 0x318f},
              {"Kanbun", 0x3190, 0x319f},
              {"BopomofoExtended", 0x31a0, 0x31bf},
              {"EnclosedCJKLettersandMonths", 0x3200, 0x32ff},
              {"CJKCompatibility", 0x3300, 0x33ff},
              {"CJKUnifiedIdeographsExtensionA", 0x3400, 0x4db5},
              {"CJKUnifiedIdeographs", 0x4e00, 0x9fff},
              {"YiSyllables", 0xa000, 0xa48f},
              {"YiRadicals", 0xa490, 0xa4cf},
              {"HangulSyllables", 0xac00, 0xd7a3},
              {"PrivateUse", 0xe000, 0xf8ff},
              {"CJKCompatibilityIdeographs", 0xf900, 0xfaff},
              {"AlphabeticPresentationForms", 0xfb00, 0xfb4f},
              {"ArabicPresentationForms-A", 0xfb50, 0xfdff},
              {"CombiningHalfMarks", 0xfe20, 0xfe2f},
              {"CJKCompatibilityForms", 0xfe30, 0xfe4f},
              {"SmallFormVariants", 0xfe50, 0xfe6f},
              {"ArabicPresentationForms-B", 0xfe70, 0xfefe},
              {"HalfwidthandFullwidthForms", 0xff00, 0xffef},
              {"OldItalic", 0x10300, 0x1032f},
              {"Gothic", 0x10330, 0x1034f},
              {"Deseret", 0x10400, 0x1044f},
              {"ByzantineMusicalSymbols", 0x1d000, 0x1d0ff},
              {"MusicalSymbols", 0x1d100, 0x1d1ff},
              {"MathematicalAlphanumericSymbols", 0x1d400, 0x1d7ff},
              {"CJKUnifiedIdeographsExtensionB", 0x20000, 0x2a6d6},
              {"CJKCompatibilityIdeographsSupplement", 0x2f800, 0x2fa1f},
              {"Tags", 0xe0000, 0xe007f}};

#define NAME_START \
    ":A-Z_a-z\\x{c0}-\\x{d6}\\x{d8}-\\x{f6}\\x{f8}-\\x{2ff}\\x{370}-\\x{37d}\\x{37f}-\\x{1fff}\\x{200c}\\x{200d}" \
    "\\x{2070}-\\x{218f}\\x{2c00}-\\x{2fef}\\x{3001}-\\x{d7ff}\\x{f900}-\\x{fdcf}\\x{fdf0}-\\x{fffd}\\x{10000}-\\x{" \
    "effff}"
#define NAME_MORE "\\-.0-9\\x{b7}\\x{300}-\\x{36f}\\x{203f}\\x{2040}"

static char peek(const struct translation *t)
{
    return t->i < t->s.n ? t->s.p[t->i] : 0;
}

static bool accept(struct translation *t, char c)
{
    if (t->i >= t->s.n || t->s.p[t->i] != c)
        return false;
    t->i++;
    return true;
}

/* ---- Escapes. `what` gets members of a PCRE2 class; *ret_not: all but those. *ret_single: one character, which may
   begin a range. */

static bool property(struct translation *t, struct buf *what)
{
    static const char *const categories[] = {"L",  "Lu", "Ll", "Lt", "Lm", "Lo", "M",  "Mn", "Mc", "Me", "N",  "Nd",
                                             "Nl", "No", "P",  "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Z",  "Zs",
                                             "Zl", "Zp", "S",  "Sm", "Sc", "Sk", "So", "C",  "Cc", "Cf", "Co", "Cn"};
    if (!accept(t, '{'))
        return false;
    size_t end = str_find_char(t->s, '}', t->i);
    struct str name = str_slice(t->s, t->i, end);
    if (end == t->s.n)
        return false;
    t->i = end + 1;
    for (size_t k = 0; k < sizeof categories / sizeof *categories; k++)
        if (str_eq_z(name, categories[k])) {
            buf_fmt(what, "\\p{%s}", categories[k]);
            return true;
        }
    for (size_t k = 0; str_starts(name, S("Is")) && k < sizeof blocks / sizeof *blocks; k++)
        if (str_eq_z(str_slice(name, 2, name.n), blocks[k].name)) {
            buf_fmt(what, "\\x{%x}-\\x{%x}", blocks[k].from, blocks[k].to);
            return true;
        }
    return false;
}

static bool escape(struct translation *t, struct buf *what, bool *ret_not, bool *ret_single)
{
    char c = peek(t), lower = (char)(c | 0x20);
    *ret_not = *ret_single = false;
    if (t->i++ >= t->s.n)
        return false;
    if (lower == 'p') {
        *ret_not = c == 'P';
        return property(t, what);
    }
    if (c && strchr("sSdDwWiIcC", c)) {
        *ret_not = c < 'a';
        buf_add_z(what, lower == 's'   ? " \\t\\n\\r"
                        : lower == 'd' ? "\\p{Nd}"
                        : lower == 'w' ? "\\p{L}\\p{M}\\p{N}\\p{S}"
                        : lower == 'i' ? NAME_START
                                       : NAME_START NAME_MORE);
        return true;
    }
    *ret_single = true;
    if (c == 'n' || c == 'r' || c == 't') {
        buf_fmt(what, "\\%c", c);
        return true;
    }
    if (c && strchr("\\|.?*+(){}$-[]^", c)) {
        buf_fmt(what, "\\%c", c);
        return true;
    }
    return false;
}

/* ---- Character classes. A class becomes (?:…): a choice of members, behind a look ahead for what is taken away. */

static void add_char(struct buf *b, uint32_t c)
{
    buf_fmt(b, "\\x{%x}", c);
}

static bool class(struct translation *t, struct buf *out);

/* One member: a character, a range of two, or an escape for many. Those that are "all but" stand in a class of their
 * own. */
static bool member(struct translation *t, struct buf *plain, struct buf *others)
{
    bool negated = false, single = true;
    struct buf one = buf_make(plain->arena), high = buf_make(plain->arena);
    if (accept(t, '\\')) {
        if (!escape(t, &one, &negated, &single))
            return false;
    } else {
        if (peek(t) == '[')
            return false;
        add_char(&one, text_next(t->s, &t->i));
    }
    if (!single) {
        if (negated) {
            buf_add_z(others, "|[^");
            buf_add(others, buf_str(&one));
            buf_add_z(others, "]");
        } else {
            buf_add(plain, buf_str(&one));
        }
        return true;
    }
    buf_add(plain, buf_str(&one));
    char after = t->i + 1 < t->s.n ? t->s.p[t->i + 1] : 0;
    if (peek(t) != '-' || after == '[' || after == ']' || !after)
        return true;
    t->i++;
    if (accept(t, '\\')) {
        if (!escape(t, &high, &negated, &single) || !single)
            return false;
    } else {
        add_char(&high, text_next(t->s, &t->i));
    }
    buf_add_char(plain, '-');
    buf_add(plain, buf_str(&high));
    return true;
}

static bool class(struct translation *t, struct buf *out)
{
    struct buf plain = buf_make(out->arena), others = buf_make(out->arena), without = buf_make(out->arena);
    bool negated = accept(t, '^'), some = false;
    if (++t->depth > DEPTH)
        return false;
    while (!(some && peek(t) == ']')) {
        if (t->i >= t->s.n)
            return false;
        if (some && peek(t) == '-' && t->i + 1 < t->s.n && t->s.p[t->i + 1] == '[') {
            t->i += 2;
            if (!class(t, &without))
                return false;
            break;
        }
        if (!member(t, &plain, &others))
            return false;
        some = true;
    }
    if (!accept(t, ']'))
        return false;
    t->depth--;
    buf_add_z(out, "(?:");
    if (without.n) {
        buf_add_z(out, "(?!");
        buf_add(out, buf_str(&without));
        buf_add_char(out, ')');
    }
    struct buf choice = buf_make(out->arena);
    if (plain.n) {
        buf_add_char(&choice, '[');
        buf_add(&choice, buf_str(&plain));
        buf_add_char(&choice, ']');
    }
    buf_add(&choice, str_slice(buf_str(&others), plain.n ? 0 : 1, others.n));
    if (negated) {
        buf_add_z(out, "(?!");
        buf_add(out, buf_str(&choice));
        buf_add_z(out, ")(?s:.)");
    } else {
        buf_add_z(out, "(?:");
        buf_add(out, buf_str(&choice));
        buf_add_char(out, ')');
    }
    buf_add_char(out, ')');
    return true;
}

/* ---- The rest */

static bool reference(struct translation *t)
{
    int n = 0;
    while (peek(t) >= '0' && peek(t) <= '9' && (n == 0 || n * 10 + (peek(t) - '0') <= t->groups)) {
        n = n * 10 + (peek(t) - '0');
        t->i++;
    }
    if (n < 1 || n > t->groups || n >= GROUPS || !t->closed[n])
        return false;
    buf_fmt(t->out, "\\g{%d}", n);
    return true;
}

static bool outside_escape(struct translation *t)
{
    bool negated, single;
    struct buf what = buf_make(t->out->arena);
    if (peek(t) >= '0' && peek(t) <= '9')
        return reference(t);
    if (!escape(t, &what, &negated, &single))
        return false;
    buf_add_z(t->out, single ? "" : negated ? "[^" : "[");
    buf_add(t->out, buf_str(&what));
    buf_add_z(t->out, single ? "" : "]");
    return true;
}

/* ?, *, +, {n}, {n,}, {n,m}, each with a ? after it or not. False for anything else that PCRE2 might take for one. */
static bool quantifier(struct translation *t)
{
    char c = peek(t);
    if (c == '?' || c == '*' || c == '+') {
        buf_add_char(t->out, c);
        t->i++;
    } else if (c == '{') {
        size_t from = t->i, end = str_find_char(t->s, '}', t->i), digits = 0, commas = 0;
        for (size_t k = from + 1; k < end; k++) {
            digits += t->s.p[k] >= '0' && t->s.p[k] <= '9';
            commas += t->s.p[k] == ',';
        }
        if (end == t->s.n || digits == 0 || commas > 1 || digits + commas != end - from - 1 || t->s.p[from + 1] == ',')
            return false;
        buf_add(t->out, str_slice(t->s, from, end + 1));
        t->i = end + 1;
    } else {
        return true;
    }
    if (accept(t, '?'))
        buf_add_char(t->out, '?');
    return !peek(t) || !strchr("?*+{", peek(t));
}

static bool sequence(struct translation *t);

static bool group(struct translation *t)
{
    int number = 0;
    if (++t->depth > DEPTH)
        return false;
    if (accept(t, '?')) {
        if (!accept(t, ':'))
            return false;
        buf_add_z(t->out, "(?:");
    } else {
        number = ++t->groups;
        if (number >= GROUPS)
            return false;
        buf_add_char(t->out, '(');
    }
    if (!sequence(t) || !accept(t, ')'))
        return false;
    t->closed[number] = number > 0;
    t->depth--;
    buf_add_char(t->out, ')');
    return true;
}

static bool atom(struct translation *t, bool *ret_anchor)
{
    char c = peek(t);
    *ret_anchor = c == '^' || c == '$';
    switch (c) {
    case '(':
        t->i++;
        return group(t);
    case '[':
        t->i++;
        return class(t, t->out);
    case '\\':
        t->i++;
        return outside_escape(t);
    case '.':
        t->i++;
        buf_add_z(t->out, t->flags.dot_all ? "(?s:.)" : "[^\\n\\r]");
        return true;
    case '^':
        t->i++;
        buf_add_z(t->out, t->flags.multi_line ? "(?m:^)" : "\\A");
        return true;
    case '$':
        t->i++;
        buf_add_z(t->out, t->flags.multi_line ? "(?m:$)" : "\\z");
        return true;
    case '?':
    case '*':
    case '+':
    case '{':
    case '}':
    case ']':
        return false;
    default:
        add_char(t->out, text_next(t->s, &t->i));
        return true;
    }
}

static bool sequence(struct translation *t)
{
    bool anchor;
    while (t->i < t->s.n && peek(t) != ')') {
        if (accept(t, '|')) {
            buf_add_char(t->out, '|');
            continue;
        }
        if (!atom(t, &anchor) || !quantifier(t))
            return false;
    }
    return true;
}

/* Flag x: blanks outside classes do not count, wherever they stand. */
static struct str without_blanks(struct arena *a, struct str s)
{
    struct buf b = buf_make(a);
    int classes = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (classes == 0 && (c == ' ' || c == '\t' || c == '\n' || c == '\r'))
            continue;
        classes += c == '[' ? 1 : c == ']' && classes ? -1 : 0;
        buf_add_char(&b, c);
        if (c == '\\' && i + 1 < s.n && (classes || !strchr(" \t\n\r", s.p[i + 1])))
            buf_add_char(&b, s.p[++i]);
    }
    return buf_str(&b);
}

bool feel_regex_translate(struct arena *a, struct str pattern, struct feel_regex_flags flags, struct str *ret_pattern,
                          int *ret_groups)
{
    struct buf out = buf_make(a);
    struct translation *t = arena_new_of(a, struct translation);
    *t = (struct translation){.s = flags.extended ? without_blanks(a, pattern) : pattern, .out = &out, .flags = flags};
    if (!text_valid(pattern) || !sequence(t) || t->i != t->s.n)
        return false;
    *ret_pattern = buf_str(&out);
    *ret_groups = t->groups;
    return true;
}
