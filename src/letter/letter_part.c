/* What a service folder's letters must be, said by `indgang check`: known placeholders, and the parts law 4 asks of a
   letter that refuses something. */
#include "letter.h"

static const struct slot {
    const char *name;
    bool block; /* becomes a list, so it stands alone in its paragraph */
} slots[SLOT_COUNT] = {
#define X(NAME, name, block) [SLOT_##NAME] = {name, block},
#include "letter_slots.tbl"
#undef X
};

static const char *const slot_names =
#define X(NAME, name, block) name " "
#include "letter_slots.tbl"
#undef X
    ;

struct place {
    struct problems *ps;
    struct str file;
    int line, col;
};

static int slot_of(struct str name)
{
    for (int i = 0; i < SLOT_COUNT; i++)
        if (str_eq_z(name, slots[i].name))
            return i;
    return -1;
}

/* One placeholder, `whole` with its braces, in `line`. */
static void check_placeholder(struct cx *cx, const struct place *at, struct str line, struct str whole,
                              bool used[SLOT_COUNT])
{
    struct str name = str_trim(str_slice(whole, 2, whole.n - 2));
    int slot = slot_of(name);
    if (slot < 0) {
        struct str near = problem_nearest(name, slot_names);
        struct str remedy = near.n ? str_fmt(cx->arena, "did you mean {{%" PRI_STR "}}?", STR_ARG(near))
                                   : str_fmt(cx->arena, "there are: %s", slot_names);
        problem_add(at->ps, at->file, at->line, at->col, str_z(cx->arena, remedy),
                    "there is no placeholder {{%" PRI_STR "}}", STR_ARG(text_head(name, 60)));
        return;
    }
    used[slot] = true;
    if (slots[slot].block && str_trim(line).n != whole.n)
        problem_add(at->ps, at->file, at->line, at->col, "put it on a line of its own, with empty lines around it",
                    "{{%s}} becomes a list and cannot stand in a sentence", slots[slot].name);
}

static void check_line(struct cx *cx, struct place *at, struct str line, bool used[SLOT_COUNT])
{
    size_t begin = str_find(line, S("{{"), 0);
    for (; begin < line.n; begin = str_find(line, S("{{"), begin)) {
        size_t end = str_find(line, S("}}"), begin);
        at->col = (int)text_length(str_slice(line, 0, begin)) + 1;
        if (end >= line.n) {
            problem_add(at->ps, at->file, at->line, at->col, "close it with }} on the same line", "{{ is not closed");
            return;
        }
        check_placeholder(cx, at, line, str_slice(line, begin, end + 2), used);
        begin = end + 2;
    }
    for (size_t i = 0; i + 1 < line.n; i++) {
        char c = (char)(line.p[i + 1] | 0x20);
        if (line.p[i] != '<' || (line.p[i + 1] != '/' && line.p[i + 1] != '!' && (c < 'a' || c > 'z')))
            continue;
        problem_add(at->ps, at->file, at->line, (int)text_length(str_slice(line, 0, i)) + 1,
                    "write Markdown: **bold**, - lists, ## headings", "the letter holds HTML");
        return;
    }
}

static void need(const struct place *at, bool has, const char *what, const char *remedy)
{
    if (!has)
        problem_add(at->ps, at->file, 1, 1, remedy, "a letter that refuses something must carry %s (law 4)", what);
}

static void check_letter(struct cx *cx, const struct service_version *v, const struct service_letter *letter,
                         struct problems *ps)
{
    bool used[SLOT_COUNT] = {0};
    const struct service_file *f = service_file(v, letter->file);
    struct place at = {.ps = ps,
                       .file = str_fmt(cx->arena, "%" PRI_STR "/%" PRI_STR, STR_ARG(v->folder), STR_ARG(letter->file))};
    struct str rest = f->text, line;
    while (str_cut(&rest, '\n', &line)) {
        at.line++;
        check_line(cx, &at, line, used);
    }
    static const int later[] = {SLOT_DEADLINE, SLOT_LINES_REFUSED, SLOT_LINE_NAMES_REFUSED};
    for (size_t i = 0; i < sizeof later / sizeof *later; i++)
        if (v->rules_yaml && letter->outcome == OUTCOME_GRANTED && used[later[i]])
            problem_add(ps, at.file, 1, 1, "take it away: rules send this letter before anyone has looked",
                        "{{%s}} has no value in a letter that rules send", slots[later[i]].name);
    static const int refused[] = {SLOT_LINES_REFUSED, SLOT_LINE_NAMES_REFUSED};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (letter->outcome == OUTCOME_PARTLY && used[refused[i]])
            problem_add(ps, at.file, 1, 1, "use {{lines}}, which tells what was decided of each",
                        "{{%s}} has no value when nothing was refused, only granted in part", slots[refused[i]].name);
    if (letter->outcome != OUTCOME_PARTLY && letter->outcome != OUTCOME_REFUSED)
        return;
    need(&at, used[SLOT_REASONS], "reasons", "add a line {{reasons}}");
    need(&at, used[SLOT_LEGAL_BASIS], "its legal basis", "add a line {{legal_basis}}");
    need(&at, used[SLOT_APPEAL], "how to appeal", "add a line {{appeal}}");
    need(&at, used[SLOT_CONTACT], "whom to contact", "add {{contact}}");
    need(&at, used[SLOT_LINES] || used[SLOT_LINES_REFUSED] || used[SLOT_LINE_NAMES_REFUSED], "what is refused",
         "add a line {{lines_refused}}");
}

static enum err load(struct cx *cx, struct arena *a, struct service_version *version, struct problems *ps)
{
    (void)a;
    for (size_t i = 0; i < version->letters.n; i++)
        check_letter(cx, version, &version->letters.p[i], ps);
    return ERR_OK;
}

const struct service_part letter_part = {.name = "letter", .load = load};
