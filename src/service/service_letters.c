/* letters/<key>.<language>.md. What the placeholders mean is known to letter/, which checks them (service_part). */
#include "load.h"

static const char *const outcomes[OUTCOME_COUNT] = {"granted", "partly", "refused", NULL};

static bool letter_name(struct str path, struct str *ret_key, enum lang *ret_lang)
{
    struct str rest = str_slice(path, strlen("letters/"), path.n), key, lang;
    if (!str_cut(&rest, '.', &key) || !str_cut(&rest, '.', &lang) || !str_eq_z(rest, "md") || !key.n)
        return false;
    for (size_t i = 0; i < key.n; i++)
        if (!((key.p[i] >= 'a' && key.p[i] <= 'z') || key.p[i] == '-' || key.p[i] == '_'))
            return false;
    *ret_key = key;
    return lang_from_tag(lang, ret_lang);
}

static void load_letter(const struct load *l, const struct service_file *f)
{
    struct service_letter letter = {.file = f->path, .outcome = OUTCOME_OTHER};
    struct md *tree;
    struct str rest = f->text, first;
    if (!letter_name(f->path, &letter.key, &letter.lang)) {
        problem_add(l->ps, load_path(l, f->path), 0, 0, "rename it, for example refused.da.md",
                    "a letter must be called <name>.<da, nb, nn or en>.md, the name of small letters");
        return;
    }
    for (int i = 0; i < OUTCOME_OTHER; i++)
        if (str_eq_z(letter.key, outcomes[i]))
            letter.outcome = (enum service_outcome)i;
    if (markdown_parse(l->cx, f->text, &tree)) {
        problem_add(l->ps, load_path(l, f->path), 1, 1, "save it as UTF-8 text", "not readable: %" PRI_STR,
                    STR_ARG(l->cx->fail.detail));
        return;
    }
    if (!tree->n || tree->items[0]->kind != MD_HEADING || tree->items[0]->level != 1 || !str_starts(f->text, S("# "))) {
        problem_add(l->ps, load_path(l, f->path), 1, 1, "begin with a line `# Title of the letter`",
                    "the letter does not begin with its title");
        return;
    }
    str_cut(&rest, '\n', &first);
    letter.title = str_trim(str_slice(first, 2, first.n));
    letter.markdown = rest.p ? str_trim(rest) : S("");
    if (!letter.title.n || text_length(letter.title) > 120)
        problem_add(l->ps, load_path(l, f->path), 1, 1, "write a short title",
                    "the title is empty or over 120 characters");
    if (!letter.markdown.n)
        problem_add(l->ps, load_path(l, f->path), 1, 1, "write the letter below its title", "the letter is empty");
    vec_add(l->cx->arena, &l->v->letters, letter);
}

static void need_letter(const struct load *l, const char *key)
{
    for (size_t i = 0; i < l->v->letters.n; i++)
        if (str_eq_z(l->v->letters.p[i].key, key))
            return;
    problem_add(l->ps, load_path(l, S("letters")), 0, 0,
                str_z(l->cx->arena, str_fmt(l->cx->arena, "add letters/%s.da.md …", key)),
                "a service that decides needs a letter '%s'", key);
}

/* Each letter in each language. */
static void check_languages(const struct load *l)
{
    for (size_t i = 0; i < l->v->letters.n; i++) {
        const struct service_letter *letter = &l->v->letters.p[i];
        bool first = true;
        for (size_t k = 0; k < i; k++)
            first &= !str_eq(l->v->letters.p[k].key, letter->key);
        for (int lang = 0; first && lang < LANG_COUNT; lang++)
            if (l->v->languages & 1U << lang && !service_letter(l->v, letter->key, (enum lang)lang))
                problem_add(l->ps, load_path(l, letter->file), 0, 0,
                            str_z(l->cx->arena, str_fmt(l->cx->arena, "add letters/%" PRI_STR ".%s.md",
                                                        STR_ARG(letter->key), lang_tag((enum lang)lang))),
                            "the letter '%" PRI_STR "' is missing in the language %s", STR_ARG(letter->key),
                            lang_tag((enum lang)lang));
    }
}

void load_letters(const struct load *l)
{
    for (size_t i = 0; i < l->v->files.n; i++)
        if (str_starts(l->v->files.p[i].path, S("letters/")))
            load_letter(l, &l->v->files.p[i]);
    check_languages(l);
    if (l->v->apply == SERVICE_INFORMATION && l->v->letters.n)
        problem_add(l->ps, load_path(l, S("letters")), 0, 0, "remove the folder letters",
                    "a service without a form sends no letters");
    if (!l->v->decides)
        return;
    need_letter(l, "granted");
    need_letter(l, "refused");
    if (l->v->lines.n)
        need_letter(l, "partly");
}
