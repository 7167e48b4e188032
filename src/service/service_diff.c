/* What a new version of a service changes, for a person: service.yaml, the form, rules, letters, other files. */
#include "diff.h"

/* ---- the form ---- */

/* A field and where it stands. */
struct asked {
    struct str id, page; /* page: its id */
    struct str title;    /* of the page */
    struct str group;    /* id of the group or repeat around it */
    struct str around;   /* title of that, or of the page */
    const struct yaml *node;
};
struct askeds {
    VEC_OF(struct asked) rows;
};

static struct str question(struct diff *d, const struct asked *a)
{
    static const char *const names[] = {"label", "title", "text"};
    struct str label = S("");
    for (size_t i = 0; !label.n && i < 3; i++)
        label = diff_label(d->cx, yaml_get(a->node, names[i]));
    return label.n ? label : a->id;
}

static struct str text_in(const struct yaml *map, const char *key)
{
    const struct yaml *of = yaml_get(map, key);
    return of ? of->text : S("");
}

/* The fields of a page or group, which `in` stands for. */
static void add_fields(struct diff *d, const struct asked *in, struct askeds *ret)
{
    const struct yaml *list = yaml_get(in->node, "fields");
    for (size_t i = 0; list && list->kind == YAML_LIST && i < list->n; i++) {
        const struct yaml *f = list->items[i];
        if (!yaml_get(f, "id"))
            continue;
        struct asked field = {text_in(f, "id"), in->page, in->title, in->id, in->around, f}, inside = field;
        vec_add(d->cx->arena, &ret->rows, field);
        inside.around = question(d, &field);
        add_fields(d, &inside, ret);
    }
}

static struct askeds asked_of(struct diff *d, const struct yaml *pages)
{
    struct askeds all = {0};
    for (size_t i = 0; pages && pages->kind == YAML_LIST && i < pages->n; i++) {
        struct str title = diff_label(d->cx, yaml_get(pages->items[i], "title"));
        add_fields(d, &(struct asked){S(""), text_in(pages->items[i], "id"), title, S(""), title, pages->items[i]},
                   &all);
    }
    return all;
}

static const struct asked *asked_find(const struct askeds *all, struct str id)
{
    for (size_t i = 0; i < all->rows.n; i++)
        if (str_eq(all->rows.p[i].id, id))
            return &all->rows.p[i];
    return NULL;
}

static bool same_place(const struct asked *was, const struct asked *is)
{
    return str_eq(was->page, is->page) && str_eq(was->group, is->group);
}

static void diff_field(struct diff *d, const struct asked *was, const struct asked *is)
{
    struct str label = question(d, is);
    bool page = !str_eq(was->page, is->page);
    if (!same_place(was, is))
        diff_say(d,
                 i18n_fmt(d->cx, T_service_diff_field_moved, ARG("label", label),
                          ARG("before", page ? was->title : was->around), ARG("after", page ? is->title : is->around)));
    diff_map(d, i18n_fmt(d->cx, T_service_diff_quoted, ARG("text", label)), was->node, is->node, "id fields");
}

static void say_order(struct diff *d, struct str title)
{
    diff_say(d, i18n_fmt(d->cx, T_service_diff_order,
                         ARG("what", i18n_fmt(d->cx, T_service_diff_quoted, ARG("text", title)))));
}

/* The pages on which questions that stayed there come in another order. */
static void diff_order(struct diff *d, const struct askeds *before, const struct askeds *after)
{
    const struct asked *last = NULL;
    bool told = false;
    for (size_t i = 0; i < after->rows.n; i++) {
        const struct asked *is = &after->rows.p[i], *was = asked_find(before, is->id);
        if (i && !str_eq(is->page, after->rows.p[i - 1].page))
            last = NULL, told = false;
        if (!was || !same_place(was, is))
            continue;
        if (last && was < last && !told)
            told = true, say_order(d, is->title);
        last = was;
    }
}

static void diff_fields(struct diff *d)
{
    struct askeds before = asked_of(d, d->fields[0]), after = asked_of(d, d->fields[1]);
    for (size_t i = 0; i < after.rows.n; i++) {
        const struct asked *is = &after.rows.p[i], *was = asked_find(&before, is->id);
        if (was)
            diff_field(d, was, is);
        else
            diff_say(d,
                     i18n_fmt(d->cx, T_service_diff_field_new, ARG("page", is->title), ARG("label", question(d, is))));
    }
    for (size_t i = 0; i < before.rows.n; i++)
        if (!asked_find(&after, before.rows.p[i].id))
            diff_say(d, i18n_fmt(d->cx, T_service_diff_field_gone, ARG("page", before.rows.p[i].title),
                                 ARG("label", question(d, &before.rows.p[i]))));
    diff_order(d, &before, &after);
}

static const struct yaml *page_of(const struct yaml *pages, const struct yaml *like)
{
    const struct yaml *id = yaml_get(like, "id");
    for (size_t i = 0; id && pages && pages->kind == YAML_LIST && i < pages->n; i++) {
        const struct yaml *own = yaml_get(pages->items[i], "id");
        if (own && str_eq(own->text, id->text))
            return pages->items[i];
    }
    return NULL;
}

static size_t place_of(const struct yaml *list, const struct yaml *item)
{
    size_t i = 0;
    while (i < list->n && list->items[i] != item)
        i++;
    return i;
}

static void diff_pages(struct diff *d)
{
    const struct yaml *before = d->fields[0], *after = d->fields[1];
    size_t last = 0;
    bool moved = false;
    for (size_t i = 0; after && i < after->n; i++) {
        const struct yaml *is = after->items[i], *was = page_of(before, is);
        struct str title = diff_label(d->cx, yaml_get(is, "title"));
        if (was)
            diff_map(d, i18n_fmt(d->cx, T_service_diff_quoted, ARG("text", title)), was, is, "id fields");
        else
            diff_say(d, i18n_fmt(d->cx, T_service_diff_page_new, ARG("page", title)));
        size_t place = was ? place_of(before, was) : last;
        moved |= place < last;
        last = place;
    }
    if (moved)
        diff_say(d, i18n_fmt(d->cx, T_service_diff_order, ARG("what", diff_key(d->cx, S("pages")))));
    for (size_t i = 0; before && i < before->n; i++)
        if (!page_of(after, before->items[i]))
            diff_say(d, i18n_fmt(d->cx, T_service_diff_page_gone,
                                 ARG("page", diff_label(d->cx, yaml_get(before->items[i], "title")))));
}

/* Conditions or checks, by name. */
static void diff_named(struct diff *d, const struct yaml *before, const struct yaml *after, enum text words)
{
    for (size_t i = 0; before && i < before->n; i++)
        diff_value(d, i18n_fmt(d->cx, words, ARG("name", before->items[i]->key)), before->items[i],
                   diff_item(after, before->items[i]->key));
    for (size_t i = 0; after && i < after->n; i++)
        if (!diff_item(before, after->items[i]->key))
            diff_value(d, i18n_fmt(d->cx, words, ARG("name", after->items[i]->key)), NULL, after->items[i]);
}

static void diff_form(struct diff *d, const struct yaml *before, const struct yaml *after)
{
    d->part = i18n_text(d->cx->lang, T_service_diff_part_form);
    diff_map(d, S(""), before, after, "pages conditions checks");
    diff_pages(d);
    diff_fields(d);
    diff_named(d, yaml_get(before, "conditions"), yaml_get(after, "conditions"), T_service_diff_condition);
    diff_named(d, yaml_get(before, "checks"), yaml_get(after, "checks"), T_service_diff_check);
}

/* ---- letters and other files ---- */

static struct str letter_words(struct diff *d, const struct service_letter *l)
{
    return i18n_fmt(d->cx, T_service_diff_letter, ARG("name", l->key), ARG("language", diff_language(d->cx, l->lang)));
}

static struct str whole_letter(struct diff *d, const struct service_letter *l)
{
    return l ? str_fmt(d->cx->arena, "%" PRI_STR " %" PRI_STR, STR_ARG(l->title), STR_ARG(l->markdown)) : S("");
}

static void diff_letters(struct diff *d, const struct service_version *before, const struct service_version *after)
{
    d->part = i18n_text(d->cx->lang, T_service_diff_part_letters);
    for (size_t i = 0; i < before->letters.n; i++) {
        const struct service_letter *l = &before->letters.p[i];
        diff_text(d, letter_words(d, l), whole_letter(d, l), whole_letter(d, service_letter(after, l->key, l->lang)));
    }
    for (size_t i = 0; i < after->letters.n; i++) {
        const struct service_letter *l = &after->letters.p[i];
        if (!service_letter(before, l->key, l->lang))
            diff_text(d, letter_words(d, l), S(""), whole_letter(d, l));
    }
}

static bool is_dmn(struct str path)
{
    return str_ends(path, S(".dmn"));
}

static enum err diff_dmn(struct diff *d, const struct service_version *before, const struct service_version *after)
{
    enum err e = ERR_OK;
    d->part = i18n_text(d->cx->lang, T_service_diff_part_rules);
    for (int side = 0; side < 2; side++) {
        const struct service_version *one = side ? after : before, *other = side ? before : after;
        for (size_t i = 0; !e && i < one->files.n; i++) {
            const struct service_file *f = &one->files.p[i], *there = service_file(other, f->path);
            if (!is_dmn(f->path) || (side && there))
                continue;
            e = diff_rules(d, f->path, side ? S("") : f->text, side ? f->text : there ? there->text : S(""));
        }
    }
    return e;
}

/* What no citizen meets: examples, README. That they changed is enough. */
static void diff_files(struct diff *d, const struct service_version *before, const struct service_version *after)
{
    d->part = i18n_text(d->cx->lang, T_service_diff_part_files);
    for (int side = 0; side < 2; side++) {
        const struct service_version *one = side ? after : before, *other = side ? before : after;
        for (size_t i = 0; i < one->files.n; i++) {
            const struct service_file *f = &one->files.p[i], *there = service_file(other, f->path);
            bool told = str_ends(f->path, S(".yaml")) && str_find_char(f->path, '/', 0) == f->path.n;
            if (told || is_dmn(f->path) || str_starts(f->path, S("letters/")) ||
                (there && str_eq(there->text, f->text)))
                continue;
            if (!there)
                diff_say(d, i18n_fmt(d->cx, side ? T_service_diff_file_new : T_service_diff_file_gone,
                                     ARG("file", f->path)));
            else if (side)
                diff_say(d, i18n_fmt(d->cx, T_service_diff_file_changed, ARG("file", f->path)));
        }
    }
}

/* ---- all of it ---- */

static enum err parse(struct cx *cx, const struct service_version *v, const char *file, struct yaml **ret)
{
    const struct service_file *f = service_file(v, str_of(file));
    *ret = NULL;
    return f ? yaml_parse(cx, f->path, f->text, ret) : ERR_OK;
}

enum err service_diff(struct cx *cx, const struct service_version *before, const struct service_version *after,
                      struct service_changes *ret)
{
    struct yaml *service[2], *form[2];
    *ret = (struct service_changes){0};
    struct diff d = {.cx = cx, .ret = ret};
    for (int side = 0; side < 2; side++) {
        enum err e = parse(cx, side ? after : before, "service.yaml", &service[side]);
        if (!e)
            e = parse(cx, side ? after : before, "form.yaml", &form[side]);
        if (e)
            return e;
        d.fields[side] = yaml_get(form[side], "pages");
    }
    d.part = i18n_text(cx->lang, T_service_diff_part_service);
    diff_map(&d, S(""), service[0], service[1], "rules");
    diff_form(&d, form[0], form[1]);
    d.part = i18n_text(cx->lang, T_service_diff_part_rules);
    diff_value(&d, diff_key(cx, S("rules")), yaml_get(service[0], "rules"), yaml_get(service[1], "rules"));
    enum err e = diff_dmn(&d, before, after);
    diff_letters(&d, before, after);
    diff_files(&d, before, after);
    return e;
}
