/* The service folder: form.yaml, service.yaml with honest placeholders, a letter for each language, the report. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "i18n/i18n.h"
#include "import_form.h"

/* ---- form.yaml ---- */

/* One line of at most so many characters. */
static struct words line(struct import *im, struct words w, size_t max)
{
    for (int i = 0; i < LANG_COUNT; i++) {
        size_t end = str_find_char(w.in[i], '\n', 0);
        struct str s = str_slice(w.in[i], 0, end);
        w.in[i] = text_length(s) > max ? str_cat(im->cx->arena, text_head(s, max - 1), S("…")) : s;
    }
    return w;
}

static void set_words(struct import *im, struct yaml *map, const char *key, const struct words *w)
{
    if (import_words_given(w))
        import_set(im->cx->arena, map, key, import_words_node(im, w));
}

/* Its own condition and those of what stands around it without being written. */
static const struct cond *whole_condition(struct import *im, const struct item *item)
{
    const struct cond *c = item->when ? item->when : cond_const(im, true);
    for (const struct item *p = item->parent;
         p && (p->role == ITEM_CONTAINER || p->role == ITEM_LAYOUT) && p != im->top; p = p->parent)
        if (p->when)
            c = cond_both(im, COND_ALL, p->when, c);
    return c;
}

static void set_condition(struct import *im, struct yaml *map, const struct item *item)
{
    const struct cond *c = whole_condition(im, item);
    if (c->kind != COND_TRUE)
        import_set(im->cx->arena, map, "when", cond_yaml(im, c));
}

static void set_options(struct import *im, struct yaml *map, const struct item *item)
{
    struct arena *a = im->cx->arena;
    if (!import_is_type(item, "radio select multiselect"))
        return;
    struct yaml *list = import_list(a);
    for (size_t i = 0; i < item->options.n; i++) {
        struct yaml *o = import_map(a);
        import_set_text(a, o, "option", item->options.p[i].key);
        set_words(im, o, "label", &item->options.p[i].label);
        set_words(im, o, "hint", &item->options.p[i].hint);
        import_push(a, list, o);
    }
    import_set(a, map, "options", list);
}

static void write_items(struct import *im, struct yaml *list, const struct item *of);

static void set_field(struct import *im, struct yaml *map, const struct item *item)
{
    struct arena *a = im->cx->arena;
    set_words(im, map, "label", &item->label);
    set_words(im, map, "hint", &item->hint);
    if (item->required && item->required_when)
        import_set(a, map, "required", cond_yaml(im, item->required_when));
    else if (item->required)
        import_set_text(a, map, "required", S("true"));
    set_condition(im, map, item);
    set_options(im, map, item);
    for (size_t i = 0; i < item->own.n; i++)
        import_push(a, map, item->own.p[i]);
    if (!item->checks.n)
        return;
    struct yaml *checks = import_list(a);
    for (size_t i = 0; i < item->checks.n; i++)
        import_push(a, checks, item->checks.p[i]);
    import_set(a, map, "check", checks);
}

static void set_group(struct import *im, struct yaml *map, const struct item *item)
{
    struct arena *a = im->cx->arena;
    set_words(im, map, "title", &item->label);
    set_words(im, map, "hint", &item->hint);
    set_condition(im, map, item);
    for (size_t i = 0; i < item->own.n; i++)
        import_push(a, map, item->own.p[i]);
    struct yaml *fields = import_list(a);
    write_items(im, fields, item);
    import_set(a, map, "fields", fields);
}

static bool asks_below(const struct item *item)
{
    for (size_t i = 0; i < item->items.n; i++) {
        const struct item *below = item->items.p[i];
        if (!below->left_out && (below->role == ITEM_FIELD || asks_below(below)))
            return true;
    }
    return false;
}

static bool shows_below(const struct item *item)
{
    for (size_t i = 0; i < item->items.n; i++) {
        const struct item *below = item->items.p[i];
        if (!below->left_out && (below->role == ITEM_FIELD || below->role == ITEM_TEXT || shows_below(below)))
            return true;
    }
    return false;
}

static void write_item(struct import *im, struct yaml *list, const struct item *item)
{
    struct arena *a = im->cx->arena;
    if (item->left_out || (item->role != ITEM_FIELD && item->role != ITEM_TEXT && !shows_below(item)))
        return;
    if (item->role == ITEM_CONTAINER || item->role == ITEM_LAYOUT) {
        write_items(im, list, item);
        return;
    }
    struct yaml *map = import_map(a);
    import_set_text(a, map, "id", item->id);
    import_set_text(a, map, "type",
                    item->role == ITEM_GROUP    ? S("group")
                    : item->role == ITEM_REPEAT ? S("repeat")
                                                : str_of(item->type));
    if (item->role == ITEM_FIELD) {
        set_field(im, map, item);
        im->result->questions++;
    } else if (item->role == ITEM_TEXT) {
        set_words(im, map, "text", &item->text);
        set_condition(im, map, item);
    } else {
        set_group(im, map, item);
    }
    import_push(a, list, map);
}

static void write_items(struct import *im, struct yaml *list, const struct item *of)
{
    for (size_t i = 0; i < of->items.n; i++)
        write_item(im, list, of->items.p[i]);
}

/* Groups over the depth that form.yaml allows lose their heading. */
static void flatten(struct import *im, struct item *of, int depth)
{
    for (size_t i = 0; i < of->items.n; i++) {
        struct item *item = of->items.p[i];
        bool counts = item->role == ITEM_GROUP || item->role == ITEM_REPEAT;
        if (item->role == ITEM_GROUP && depth >= 4) {
            item->role = ITEM_LAYOUT;
            counts = false;
            import_note(im, item, words_in(&item->label, im->source->written_in),
                        "nested over four deep: its heading was left out, its questions are kept");
        }
        flatten(im, item, depth + counts);
    }
}

static struct yaml *page_node(struct import *im, const struct item *page)
{
    struct arena *a = im->cx->arena;
    struct yaml *map = import_map(a), *fields = import_list(a);
    import_set_text(a, map, "id", page->id);
    set_words(im, map, "title", &page->label);
    set_words(im, map, "intro", &page->hint);
    set_condition(im, map, page);
    if (asks_below(page))
        import_set_text(a, map, "why", S("decide"));
    write_items(im, fields, page);
    import_set(a, map, "fields", fields);
    return map;
}

/* A form of which nothing is left still makes a folder that can be looked at. */
static struct yaml *empty_page(struct import *im)
{
    struct item *page = import_add(im, NULL, ITEM_PAGE, NULL, S("page"));
    struct item *text = import_add(im, page, ITEM_TEXT, "info", S("text"));
    page->label = line(im, im->name, 80);
    text->text = import_ours(T_import_nothing);
    return page_node(im, page);
}

static size_t count_nodes(const struct yaml *y)
{
    size_t n = 1;
    for (size_t i = 0; i < y->n; i++)
        n += count_nodes(y->items[i]);
    return n;
}

static enum err form_yaml(struct import *im, struct str *ret)
{
    struct arena *a = im->cx->arena;
    struct yaml *top = import_map(a), *pages = import_list(a);
    flatten(im, im->top, 0);
    for (size_t i = 0; i < im->top->items.n; i++) {
        const struct item *page = im->top->items.p[i];
        if (!page->left_out && shows_below(page))
            import_push(a, pages, page_node(im, page));
        else if (!page->left_out)
            import_note(im, page, words_in(&page->label, im->source->written_in), "an empty page: left out");
    }
    import_set(a, top, "pages", pages);
    if (!pages->n)
        import_push(a, pages, empty_page(im));
    if (!im->result->questions)
        import_decide(im, NULL, im->title, "nothing is asked: perhaps it is a page of information, not a form");
    size_t nodes = count_nodes(top);
    struct buf b = buf_make(a);
    yaml_write(top, &b);
    if (nodes > YAML_NODES || b.n > YAML_BYTES)
        return fail(im->cx, ERR_TOO_LARGE,
                    "%" PRI_STR ": %zu questions in %d languages make a form.yaml of %zu bytes and %zu values; at most "
                    "%d and %d. Split the form, or import it into a municipality with fewer languages",
                    STR_ARG(im->source->name), im->result->questions, __builtin_popcount(im->languages), b.n, nodes,
                    YAML_BYTES, YAML_NODES);
    *ret = buf_str(&b);
    return ERR_OK;
}

/* ---- limits that no answer could keep ---- */

/* A number, a day, or so many days or years from today, as a number to compare; false: none of them. */
static bool limit_of(struct import *im, const struct yaml *limit, int *ret_kind, double *ret)
{
    day_t day;
    if (limit->kind != YAML_SCALAR || !limit->text.n)
        return false;
    bool today = str_starts(limit->text, S("today"));
    if (civil_parse_day(limit->text, &day)) {
        *ret_kind = 1;
        *ret = (double)day;
    } else {
        char *z = str_z(im->cx->arena, str_slice(limit->text, today ? 5 : 0, limit->text.n)), *end;
        *ret_kind = today ? 2 : 0;
        *ret = strtod(z, &end) * (*end == 'y' ? 366 : *end == 'm' ? 31 : 1);
    }
    return true;
}

static void drop_own(struct item *item, const char *key)
{
    size_t n = 0;
    for (size_t i = 0; i < item->own.n; i++)
        if (!str_eq_z(item->own.p[i]->key, key))
            item->own.p[n++] = item->own.p[i];
    item->own.n = n;
}

static const struct yaml *own_of(const struct item *item, const char *key)
{
    for (size_t i = 0; i < item->own.n; i++)
        if (str_eq_z(item->own.p[i]->key, key))
            return item->own.p[i];
    return NULL;
}

static void check_limits(struct import *im, struct item *item)
{
    const struct yaml *min = own_of(item, "min"), *max = own_of(item, "max");
    int kind_min, kind_max;
    double least, most;
    if (!min || !max || !limit_of(im, min, &kind_min, &least) || !limit_of(im, max, &kind_max, &most) ||
        kind_min != kind_max || least <= most)
        return;
    import_decide(im, item,
                  str_fmt(im->cx->arena, "min %" PRI_STR ", max %" PRI_STR, STR_ARG(min->text), STR_ARG(max->text)),
                  "the least allowed is more than the most allowed: both limits were left out");
    drop_own(item, "min");
    drop_own(item, "max");
}

/* ---- names that are missing ---- */

/* In each language something to read. */
static void name_it(struct words *w, struct str otherwise)
{
    struct str some = {0};
    for (int i = 0; i < LANG_COUNT; i++)
        some = some.n ? some : w->in[i];
    for (int i = 0; i < LANG_COUNT; i++)
        if (!w->in[i].n)
            w->in[i] = some.n ? some : otherwise;
}

static void check_names(struct import *im, struct item *item)
{
    bool named = item->role != ITEM_TEXT && item->role != ITEM_CONTAINER && item->role != ITEM_LAYOUT;
    if (named && !import_words_given(&item->label))
        import_note(im, item, (struct str){0}, "it had no text: it is called by its id");
    if (named)
        name_it(&item->label, item->id);
    for (size_t i = 0; i < item->options.n; i++)
        name_it(&item->options.p[i].label, item->options.p[i].key);
}

/* ---- service.yaml ---- */

static void set_ours(struct import *im, struct yaml *map, const char *key, int text)
{
    struct words w = import_ours(text);
    set_words(im, map, key, &w);
}

static struct yaml *law_list(struct import *im)
{
    struct arena *a = im->cx->arena;
    struct yaml *law = import_map(a), *list = import_list(a);
    import_set_text(a, law, "key", S("law"));
    import_set(a, law, "ref", import_quoted(a, i18n_text(im->source->written_in, T_import_law)));
    import_set_text(a, law, "example", S("true"));
    import_push(a, list, law);
    return list;
}

static struct yaml *purpose_list(struct import *im)
{
    struct arena *a = im->cx->arena;
    struct yaml *purpose = import_map(a), *list = import_list(a);
    import_set_text(a, purpose, "key", S("decide"));
    set_ours(im, purpose, "text", T_import_purpose);
    import_set_text(a, purpose, "law", S("law"));
    import_set(a, purpose, "gdpr", import_quoted(a, S("6(1)(e)")));
    import_push(a, list, purpose);
    return list;
}

static void set_applying(struct import *im, struct yaml *map)
{
    struct arena *a = im->cx->arena;
    bool norway = im->cx->muni && im->cx->muni->country == COUNTRY_NO;
    struct yaml *class = import_map(a), *retention = import_map(a);
    import_set_text(a, map, "form", S("form.yaml"));
    import_set_text(a, map, "apply", S("person"));
    import_set_text(a, map, "deadline_working_days", S("0"));
    struct words title = line(im, im->name, 120);
    import_set(a, map, "case_title", import_quoted(a, words_in(&title, im->source->written_in)));
    import_set(a, class, "code", import_quoted(a, norway ? S("000") : S("00.00.00")));
    import_set_text(a, class, "example", S("true"));
    import_set(a, map, "classification", class);
    import_set_text(a, retention, "years", S("5"));
    import_set(a, retention, "basis", import_quoted(a, i18n_text(im->source->written_in, T_import_retention)));
    import_set(a, map, "retention", retention);
    import_set_text(a, map, "access_purpose", S("decide"));
    import_set(a, map, "laws", law_list(im));
    import_set(a, map, "purposes", purpose_list(im));
}

static struct str service_yaml(struct import *im)
{
    struct arena *a = im->cx->arena;
    const struct municipality *m = im->cx->muni;
    struct yaml *map = import_map(a), *situations = import_list(a);
    struct words name = line(im, im->name, 80);
    set_words(im, map, "name", &name);
    set_ours(im, map, "summary", T_import_summary);
    import_set_text(a, map, "unit", m && m->units.n ? m->units.p[0].key : S("unit"));
    import_push(a, situations, import_scalar(a, m && m->situations.n ? m->situations.p[0].key : S("situation")));
    import_set(a, map, "situations", situations);
    set_applying(im, map);
    struct words todo = import_ours(T_import_guidance);
    struct words guidance = import_words_given(&im->intro) ? im->intro : todo;
    set_words(im, map, "guidance", &guidance);
    set_ours(im, map, "audience", T_import_audience);
    set_ours(im, map, "offline", T_import_offline);
    set_ours(im, map, "process", T_import_process);
    set_ours(im, map, "data_use", T_import_data_use);
    struct buf b = buf_make(a);
    buf_fmt(&b,
            "# Imported from %" PRI_STR ". What stands in brackets must be written by a person: import-report.md says "
            "what.\n",
            STR_ARG(im->source->name));
    yaml_write(map, &b);
    return buf_str(&b);
}

/* ---- the folder ---- */

static void add_file(struct import *im, struct str path, struct str text)
{
    vec_add(im->cx->arena, &im->result->files, (struct import_file){path, text});
}

/* A placeholder of a letter is {{name}}; our own texts write it {name}. */
static struct str letter_text(struct import *im, enum lang lang)
{
    struct buf b = buf_make(im->cx->arena);
    struct str text = i18n_text(lang, T_import_letter);
    for (size_t i = 0; i < text.n; i++) {
        buf_add_char(&b, text.p[i]);
        if (text.p[i] == '{' || text.p[i] == '}')
            buf_add_char(&b, text.p[i]);
    }
    buf_add_char(&b, '\n');
    return buf_str(&b);
}

static void letters(struct import *im)
{
    for (int i = 0; i < LANG_COUNT; i++)
        if (im->languages & 1U << i)
            add_file(im, str_fmt(im->cx->arena, "letters/answer.%s.md", lang_tag((enum lang)i)),
                     letter_text(im, (enum lang)i));
}

enum err import_finish(struct import *im)
{
    struct str form;
    name_it(&im->name, im->source->key.n ? im->source->key : S("form"));
    for (size_t i = 0; i < im->all.n; i++) {
        check_limits(im, im->all.p[i]);
        check_names(im, im->all.p[i]);
    }
    enum err e = form_yaml(im, &form);
    if (e)
        return e;
    add_file(im, S("service.yaml"), service_yaml(im));
    add_file(im, S("form.yaml"), form);
    letters(im);
    add_file(im, S("import-report.md"), import_report_text(im));
    im->result->map = import_map_json(im);
    return ERR_OK;
}

static enum err write_file(struct cx *cx, struct str path, struct str text)
{
    FILE *out = fopen(str_z(cx->arena, path), "wx");
    if (!out && errno == EEXIST)
        return fail(cx, ERR_DUPLICATE, "%" PRI_STR ": it is there already", STR_ARG(path));
    bool ok = out && fwrite(text.p, 1, text.n, out) == text.n;
    if (out && fclose(out))
        ok = false;
    return ok ? ERR_OK : fail(cx, ERR_IO, "%" PRI_STR ": %s", STR_ARG(path), strerror(errno));
}

enum err import_write_map(struct cx *cx, struct str path, const struct import_result *result)
{
    return write_file(cx, path, result->map);
}

enum err import_write(struct cx *cx, struct str dir, const struct import_result *result)
{
    if (mkdir(str_z(cx->arena, dir), 0777))
        return fail(cx, errno == EEXIST ? ERR_DUPLICATE : ERR_IO, "%" PRI_STR ": %s", STR_ARG(dir),
                    errno == EEXIST ? "it is there already; name a new folder, or remove it first" : strerror(errno));
    struct str letters = str_cat(cx->arena, dir, S("/letters"));
    if (mkdir(str_z(cx->arena, letters), 0777))
        return fail(cx, ERR_IO, "%" PRI_STR ": %s", STR_ARG(letters), strerror(errno));
    enum err e = ERR_OK;
    for (size_t i = 0; !e && i < result->files.n; i++)
        e = write_file(cx, str_fmt(cx->arena, "%" PRI_STR "/%" PRI_STR, STR_ARG(dir), STR_ARG(result->files.p[i].path)),
                       result->files.p[i].text);
    return e;
}
