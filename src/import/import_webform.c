/* Drupal webform configuration (webform.webform.NAME.yml), as OS2forms writes it: the elements are YAML inside the
   YAML. What an element becomes: import_webform_types.c; conditions: import_webform_states.c. */
#include <string.h>

#include "i18n/i18n.h"
#include "import_webform.h"

/* ---- questions ---- */

static void add_option(struct import *im, struct item *item, struct str value, struct str label)
{
    size_t dash = str_find(label, S(" -- "), 0); /* "label -- description" */
    struct import_option *o = import_option(im, item, value);
    o->label = import_plain(im, str_slice(label, 0, dash).n ? str_slice(label, 0, dash) : value);
    if (dash < label.n)
        o->hint = import_plain(im, str_slice(label, dash + 4, label.n));
}

static void yes_no_options(struct import *im, struct item *item)
{
    import_option(im, item, S("Yes"))->label = import_ours(T_import_yes);
    import_option(im, item, S("No"))->label = import_ours(T_import_no);
}

/* A map of value and label, groups of such maps, or the name of a list that the site keeps. */
static void read_options(struct import *im, struct item *item, const struct yaml *e)
{
    const struct yaml *options = yaml_get(e, "#options");
    for (size_t i = 0; options && options->kind == YAML_MAP && i < options->n; i++) {
        const struct yaml *o = options->items[i];
        if (o->kind == YAML_SCALAR)
            add_option(im, item, o->key, o->text);
        for (size_t k = 0; o->kind == YAML_MAP && k < o->n; k++)
            if (o->items[k]->kind == YAML_SCALAR)
                add_option(im, item, o->items[k]->key, o->items[k]->text);
    }
    for (size_t i = 0; options && options->kind == YAML_LIST && i < options->n; i++)
        if (options->items[i]->kind == YAML_SCALAR)
            add_option(im, item, str_fmt(im->cx->arena, "%zu", i), options->items[i]->text);
    if (import_is_type(item, "select") && web_truthy(e, "#multiple"))
        item->type = "multiselect";
    struct str name = web_text(e, "#options");
    if (str_eq_z(name, "yes_no"))
        yes_no_options(im, item);
    if (item->options.n)
        return;
    if (str_starts(name, S("country"))) {
        item->type = "country";
        return;
    }
    import_decide(im, item, name,
                  "the options are kept by the site and not in the file: it became a text question; write the options");
    item->type = "text";
}

/* "Other": an option, and a text beside it. */
static void add_other(struct import *im, struct item *item, const struct yaml *e)
{
    if (!str_ends(item->from_type, S("_other")) || !item->options.n)
        return;
    struct str label = web_text(e, "#other__option_label");
    add_option(im, item, S("_other_"), label.n ? label : S("_other_"));
    if (!label.n)
        item->options.p[item->options.n - 1].label = import_ours(T_import_other);
    struct item *text =
        import_add(im, item->parent, ITEM_FIELD, "text", str_cat(im->cx->arena, item->key, S("_other")));
    struct str question = web_text(e, "#other__title");
    text->from_type = item->from_type;
    text->label = question.n ? import_plain(im, question) : item->options.p[item->options.n - 1].label;
    text->required = true;
    text->when = cond_is(im, item, S("_other_"));
}

static void number_limits(struct import *im, struct item *item, const struct yaml *e)
{
    struct str min = web_text(e, "#min"), max = web_text(e, "#max"), step = web_text(e, "#step");
    bool scale = str_eq_z(item->from_type, "webform_scale") || str_eq_z(item->from_type, "webform_rating");
    min = scale && !min.n ? S("1") : min;
    max = scale && !max.n ? S("5") : max;
    static const char *const keys[] = {"min", "max"};
    const struct str limits[] = {min, max};
    for (int k = 0; k < 2; k++)
        if (import_is_number(limits[k]))
            import_own_text(im, item, keys[k], limits[k]);
        else if (limits[k].n)
            import_decide(im, item, limits[k], "`%s` is no plain number; write the limit", keys[k]);
    size_t point = str_find_char(step, '.', 0);
    size_t decimals = str_eq_z(step, "any") ? 2 : point < step.n ? step.n - point - 1 : 0;
    if (decimals)
        import_own_text(im, item, "decimals", str_fmt(im->cx->arena, "%zu", decimals > 4 ? 4 : decimals));
    struct words unit = import_plain(im, web_text(e, "#field_suffix"));
    if (import_words_given(&unit))
        import_own(im, item, "unit", import_words_node(im, &unit));
}

static void date_limit(struct import *im, struct item *item, const char *ours, struct str s)
{
    struct arena *a = im->cx->arena;
    day_t day;
    int64_t n;
    s = str_eq_z(s, "now")         ? S("today")
        : str_eq_z(s, "tomorrow")  ? S("+1 day")
        : str_eq_z(s, "yesterday") ? S("-1 day")
                                   : s;
    size_t blank = str_find_char(s, ' ', 0);
    struct str unit = str_trim(str_slice(s, blank, s.n));
    struct str digits = str_slice(s, s.n && s.p[0] == '+', blank);
    bool weeks = str_starts(unit, S("week"));
    char letter = weeks                          ? 'd'
                  : str_starts(unit, S("day"))   ? 'd'
                  : str_starts(unit, S("month")) ? 'm'
                  : str_starts(unit, S("year"))  ? 'y'
                                                 : 0;
    if (civil_parse_day(s, &day) || str_eq_z(s, "today"))
        import_own_text(im, item, ours, s);
    else if (letter && str_to_i64(digits, &n) && n > -1000 && n < 1000)
        import_own_text(im, item, ours, str_fmt(a, "today%+lld%c", (long long)(weeks ? n * 7 : n), letter));
    else if (s.n)
        import_decide(im, item, s, "a limit of the date that was not understood");
}

/* Kinds of file that can be received here. */
static void file_limits(struct import *im, struct item *item, const struct yaml *e)
{
    struct arena *a = im->cx->arena;
    struct str rest = web_text(e, "#file_extensions"), word, mb = web_text(e, "#max_filesize");
    struct yaml *accept = import_list(a);
    int64_t n;
    while (str_cut(&rest, ' ', &word))
        if (word.n && filetype_find(str_eq_z(word, "jpeg") ? S("jpg") : word) && !str_eq_z(word, "jpeg"))
            import_push(a, accept, import_scalar(a, word));
        else if (word.n && !str_eq_z(word, "jpeg"))
            import_note(im, item, word, "files of the kind %" PRI_STR " cannot be received", STR_ARG(word));
    if (accept->n)
        import_own(im, item, "accept", accept);
    if (str_to_i64(mb, &n) && n > 0)
        import_own_text(im, item, "max_mb", str_fmt(a, "%lld", (long long)(n > 50 ? 50 : n)));
    struct str multiple = web_text(e, "#multiple");
    if (!web_truthy(e, "#multiple"))
        import_own_text(im, item, "max_files", S("1"));
    else if (str_to_i64(multiple, &n) && n > 1)
        import_own_text(im, item, "max_files", str_fmt(a, "%lld", (long long)(n > 50 ? 50 : n)));
}

static void add_pattern(struct import *im, struct item *item, struct str pattern, struct words message)
{
    struct arena *a = im->cx->arena;
    struct yaml *check = import_map(a);
    im->result->validations++;
    im->result->validations_kept++;
    import_set(a, check, "pattern", import_quoted(a, pattern));
    import_set(a, check, "message", import_words_node(im, &message));
    import_check(im, item, check);
}

static void text_limits(struct import *im, struct item *item, const struct yaml *e)
{
    int64_t min = 0, max = 0;
    str_to_i64(web_text(e, "#minlength"), &min);
    str_to_i64(web_text(e, "#maxlength"), &max);
    import_lengths(im, item, min, max);
    struct str pattern = web_text(e, "#pattern"), message = web_text(e, "#pattern_error");
    if (pattern.n)
        add_pattern(im, item, pattern, message.n ? import_plain(im, message) : import_ours(T_import_pattern_message));
    if (str_eq_z(item->from_type, "webform_time"))
        add_pattern(im, item, S("([01][0-9]|2[0-3])[:.][0-5][0-9]"), import_ours(T_import_time_message));
    if (web_truthy(e, "#input_mask"))
        import_decide(im, item, web_text(e, "#input_mask"),
                      "the typing was guided by a mask; write a check with a pattern");
}

static void limits(struct import *im, struct item *item, const struct yaml *e)
{
    struct str type = str_of(item->type), given = web_text(e, "#default_value");
    if (str_eq_z(type, "text") || str_eq_z(type, "longtext"))
        text_limits(im, item, e);
    if (str_eq_z(type, "number"))
        number_limits(im, item, e);
    if (str_eq_z(type, "file"))
        file_limits(im, item, e);
    if (str_eq_z(type, "date")) {
        struct str min = web_text(e, "#date_date_min"), max = web_text(e, "#date_date_max");
        date_limit(im, item, "min", min.n ? min : web_text(e, "#date_min"));
        date_limit(im, item, "max", max.n ? max : web_text(e, "#date_max"));
        if (str_eq_z(item->from_type, "datetime"))
            import_decide(im, item, item->key, "the time of day was asked too; only the day is asked now");
        if (yaml_get(e, "#date_days"))
            import_decide(im, item, S("#date_days"), "only some days of the week were taken: not checked here");
    }
    const struct import_option *o = import_option_of(item, given);
    if (given.n && o && !str_eq_z(type, "multiselect"))
        import_own_text(im, item, "default", o->key);
    else if (given.n && str_find_char(given, '[', 0) < given.n)
        import_decide(im, item, given, "it was filled in by a token: write `prefill:` if a register knows it");
    else if (given.n)
        import_decide(im, item, given, "what stands there beforehand was left out");
    bool one = !str_eq_z(type, "multiselect") && !str_eq_z(type, "file");
    if (one && web_truthy(e, "#multiple"))
        import_decide(im, item, web_text(e, "#multiple"), "several answers could be given; one is asked now");
    if (web_truthy(e, "#unique"))
        import_decide(im, item, S("#unique"), "the same answer could be given once only: not checked here");
}

/* ---- what the register knows ---- */

static bool has_fact(const struct import *im, const char *fact)
{
    for (size_t i = 0; i < im->all.n; i++)
        for (size_t k = 0; k < im->all.p[i]->own.n; k++)
            if (str_eq_z(im->all.p[i]->own.p[k]->key, "prefill") &&
                str_eq_z(web_text(im->all.p[i]->own.p[k], "attr"), strchr(fact, ' ') + 1))
                return true;
    return false;
}

static void fact(struct import *im, struct item *item, const struct web_type *type)
{
    struct arena *a = im->cx->arena;
    struct yaml *prefill = import_map(a);
    struct str attr = str_of(strchr(type->fact, ' ') + 1),
               source = str_slice(str_of(type->fact), 0, strlen(type->fact) - attr.n - 1);
    struct words correct = import_ours(T_import_correct);
    import_set_text(a, prefill, "source", source);
    import_set_text(a, prefill, "attr", attr);
    import_set_text(a, prefill, "edit", S("false"));
    import_set(a, prefill, "correct", import_words_node(im, &correct));
    import_own(im, item, "prefill", prefill);
}

/* ---- the tree ---- */

static void read_element(struct import *im, struct item *parent, const struct yaml *e);

static void read_children(struct import *im, struct item *item, const struct yaml *e)
{
    for (size_t i = 0; i < e->n; i++)
        if (e->items[i]->kind == YAML_MAP && (!e->items[i]->key.n || e->items[i]->key.p[0] != '#'))
            read_element(im, item, e->items[i]);
}

static void field(struct import *im, struct item *item, const struct yaml *e)
{
    struct str title = web_text(e, "#title");
    if (title.n || item->role == ITEM_FIELD || item->role == ITEM_REPEAT)
        item->label = import_plain(im, title.n ? title : item->key);
    struct words help = import_plain(im, web_text(e, "#help")), more = import_plain(im, web_text(e, "#more"));
    item->hint = import_plain(im, web_text(e, "#description"));
    item->hint = import_words_join(im, &item->hint, " ", &help);
    item->hint = import_words_join(im, &item->hint, " ", &more);
    item->required = web_truthy(e, "#required");
}

static void show_text(struct import *im, struct item *item, const struct yaml *e)
{
    static const char *const keys[] = {"#title", "#markup", "#text", "#message_message", "#more", "#description"};
    struct str kind = web_text(e, "#message_type");
    if (str_eq_z(kind, "warning") || str_eq_z(kind, "error"))
        item->type = "warning";
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct str s = web_text(e, keys[i]);
        bool name = !i && !str_eq_z(item->from_type, "label"); /* the title of markup is for the designer alone */
        struct words w = name ? (struct words){0} : import_markdown(im, item, s);
        item->text = import_words_join(im, &item->text, "\n\n", &w);
    }
    struct str shown = words_in(&item->text, im->source->written_in);
    if (str_find(shown, S("\\[webform"), 0) < shown.n || str_find(shown, S("\\[current-"), 0) < shown.n)
        import_decide(im, item, shown, "the text has a token in it that nothing fills in here: write it anew");
    if (!import_words_given(&item->text)) {
        item->left_out = true;
        import_note(im, item, web_text(e, "#title"), "a text that is empty: left out");
    }
}

static void rows(struct import *im, struct item *item, const struct yaml *e)
{
    struct arena *a = im->cx->arena;
    int64_t n;
    field(im, item, e);
    struct str one = web_text(e, "#multiple__item_label"), another = web_text(e, "#multiple__add_more_button_label"),
               least = web_text(e, "#multiple__min_items");
    struct words row = one.n ? import_plain(im, one) : item->label, add = import_plain(im, another);
    import_own(im, item, "row", import_words_node(im, &row));
    if (import_words_given(&add))
        import_own(im, item, "add", import_words_node(im, &add));
    if (str_to_i64(least, &n) && n > 0 && n <= 500 && web_truthy(e, "#multiple"))
        import_own_text(im, item, "min", least);
    else if (item->required)
        import_own_text(im, item, "min", S("1"));
    item->required = false;
    if (str_to_i64(web_text(e, "#multiple"), &n) && n > 1 && n <= 500)
        import_own_text(im, item, "max", str_fmt(a, "%lld", (long long)n));
    else if (!web_truthy(e, "#multiple"))
        import_own_text(im, item, "max", S("1"));
    const struct yaml *sub = yaml_get(e, "#element");
    if (sub && sub->kind == YAML_MAP)
        read_children(im, item, sub);
}

static const struct web_type *known_type(struct import *im, struct item *parent, const struct yaml *e, struct str kind)
{
    static const struct web_type as_text = {"", WEB_FIELD, "text", NULL}, as_layout = {"", WEB_LAYOUT, NULL, NULL};
    const struct web_type *type = web_type_of(kind);
    if (type)
        return type;
    struct item at = {.from_type = kind,
                      .path = str_fmt(im->cx->arena, "%" PRI_STR "%s%" PRI_STR, STR_ARG(parent->path),
                                      parent->path.n ? "." : "", STR_ARG(e->key))};
    bool children = false;
    for (size_t i = 0; i < e->n; i++)
        children |= e->items[i]->kind == YAML_MAP && e->items[i]->key.n && e->items[i]->key.p[0] != '#';
    bool asks = web_text(e, "#title").n && !str_eq_z(kind, "hidden") && !str_eq_z(kind, "value") &&
                !str_starts(kind, S("webform_computed"));
    import_decide(im, &at, web_text(e, "#title"),
                  children ? "this kind of group is not known: what is in it was taken"
                  : asks ? "this kind of question is not known: it became a text question; choose a type, or remove it"
                         : "this kind of element is never asked here: left out");
    return children ? &as_layout : asks ? &as_text : NULL;
}

static enum item_role role_of(enum web_role role, bool top)
{
    return top                  ? ITEM_PAGE
           : role == WEB_PAGE   ? ITEM_GROUP
           : role == WEB_GROUP  ? ITEM_GROUP
           : role == WEB_LAYOUT ? ITEM_LAYOUT
           : role == WEB_ROWS   ? ITEM_REPEAT
           : role == WEB_TEXT   ? ITEM_TEXT
                                : ITEM_FIELD;
}

static void likert(struct import *im, struct item *parent, const struct yaml *e)
{
    const struct yaml *questions = yaml_get(e, "#questions"), *answers = yaml_get(e, "#answers");
    struct item *group = import_add(im, parent, ITEM_GROUP, NULL, e->key);
    group->from_yaml = e;
    group->from_type = S("webform_likert");
    field(im, group, e);
    for (size_t i = 0; questions && questions->kind == YAML_MAP && i < questions->n; i++) {
        struct item *q = import_add(im, group, ITEM_FIELD, "radio", questions->items[i]->key);
        q->from_type = group->from_type;
        q->label = import_plain(im, questions->items[i]->text);
        q->required = group->required;
        for (size_t k = 0; answers && answers->kind == YAML_MAP && k < answers->n; k++)
            add_option(im, q, answers->items[k]->key, answers->items[k]->text);
        if (!q->options.n) {
            q->type = "text";
            import_decide(im, q, S("#answers"), "there were no answers to choose among: it became a text question");
        }
    }
}

/* "contact" asks for a name, an e-mail …: questions under one heading, each with the title its maker gave it. */
static void parts(struct import *im, struct item *parent, const struct yaml *e, struct str kind)
{
    static const struct {
        const char *of, *key, *type;
        int label; /* enum text */
    } all[] = {{"webform_contact", "name", "text", T_import_name},
               {"webform_contact", "company", "text", T_import_org_name},
               {"webform_contact", "email", "email", T_import_email},
               {"webform_contact", "phone", "phone", T_import_phone},
               {"webform_contact", "address", "address", T_import_address},
               {"os2forms_person_lookup", "cpr_number", "idno", T_import_idno},
               {"os2forms_person_lookup", "name", "text", T_import_name}};
    struct arena *a = im->cx->arena;
    struct item *group = import_add(im, parent, ITEM_GROUP, NULL, e->key);
    group->from_yaml = e;
    group->from_type = kind;
    field(im, group, e);
    bool required = group->required || str_eq_z(kind, "os2forms_person_lookup");
    group->required = false;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const char *access = str_z(a, str_fmt(a, "#%s__access", all[i].key));
        if (!str_eq_z(kind, all[i].of) || (yaml_get(e, access) && !web_truthy(e, access)))
            continue;
        struct str title = web_text(e, str_z(a, str_fmt(a, "#%s__title", all[i].key)));
        struct item *q =
            import_add(im, group, ITEM_FIELD, all[i].type, str_fmt(a, "%" PRI_STR "_%s", STR_ARG(e->key), all[i].key));
        q->from_type = kind;
        q->label = title.n ? import_plain(im, title) : import_ours(all[i].label);
        q->required = required || web_truthy(e, str_z(a, str_fmt(a, "#%s__required", all[i].key)));
    }
}

static void read_kind(struct import *im, struct item *item, const struct web_type *type, const struct yaml *e)
{
    if (type->role == WEB_ROWS) {
        rows(im, item, e);
        return;
    }
    if (type->role == WEB_TEXT) {
        show_text(im, item, e);
        return;
    }
    field(im, item, e);
    if (type->role == WEB_CHOICE) {
        read_options(im, item, e);
        add_other(im, item, e);
    }
    if (type->role == WEB_FACT)
        fact(im, item, type);
    else if (item->role == ITEM_FIELD)
        limits(im, item, e);
    if (item->role != ITEM_FIELD) {
        item->required = false;
        if (item->role == ITEM_GROUP && !web_text(e, "#title").n)
            item->role = ITEM_LAYOUT;
        read_children(im, item, e);
    }
}

/* Is the address of that company or child asked already? Its parts are one question here. */
static bool has_address(const struct import *im, const struct item *parent, const char *whose)
{
    for (size_t i = 0; i < im->all.n; i++)
        if (import_is_type(im->all.p[i], "address") && im->all.p[i]->data == import_data_of((struct item *)parent) &&
            str_starts(web_bare(im->all.p[i]->from_type), str_of(whose)))
            return true;
    return false;
}

/* What is no question of its own here; the report is told. */
static bool is_left_out(struct import *im, const struct item *parent, const struct yaml *e, const struct web_type *type)
{
    bool inside = parent->role == ITEM_REPEAT || parent->repeat;
    bool known = (type->role == WEB_FACT && has_fact(im, type->fact)) ||
                 (type->role == WEB_BIT && has_address(im, parent, type->fact));
    const char *why = known                              ? "it is part of a fact that is shown already"
                      : type->role == WEB_TOLD           ? type->fact
                      : inside && type->role == WEB_ROWS ? "rows inside rows; ask it in another way"
                                                         : NULL;
    if (why)
        import_decide(im, parent, web_text(e, "#title"), "`%" PRI_STR "` (%" PRI_STR ") was left out: %s",
                      STR_ARG(e->key), STR_ARG(web_text(e, "#type")), why);
    return why;
}

static void read_element(struct import *im, struct item *parent, const struct yaml *e)
{
    struct str kind = web_text(e, "#type");
    if (im->all.n >= IMPORT_ITEMS || !kind.n)
        return;
    if (str_eq_z(kind, "webform_likert")) {
        likert(im, parent, e);
        return;
    }
    const struct web_type *type = known_type(im, parent, e, kind);
    if (!type || type->role == WEB_NOTHING)
        return;
    bool inside = parent->role == ITEM_REPEAT || parent->repeat;
    if (is_left_out(im, parent, e, type))
        return;
    if (type->role == WEB_PARTS) {
        parts(im, parent, e, kind);
        return;
    }
    static const struct web_type plain = {"", WEB_FIELD, "text", NULL};
    struct web_type typed = {"", WEB_FIELD, type->type, NULL};
    if (type->role == WEB_FACT && inside) /* the fact of somebody else */
        type = type->type ? &typed : &plain;
    struct item *item = import_add(im, parent, role_of(type->role, parent == im->top), type->type, e->key);
    item->from_yaml = e;
    item->from_type = kind;
    read_kind(im, item, type, e);
    struct str where = web_text(e, "#display_on");
    if (web_truthy(e, "#private") || str_eq_z(web_text(e, "#access"), "false") || str_eq_z(where, "view") ||
        str_eq_z(where, "none")) {
        item->left_out = true;
        import_decide(im, item, web_text(e, "#title"), "it is not asked in the original: left out");
    }
}

static void read_pages(struct import *im, const struct yaml *elements)
{
    struct item *loose = NULL;
    for (size_t i = 0; i < elements->n; i++) {
        const struct yaml *e = elements->items[i];
        struct str kind = web_text(e, "#type");
        const struct web_type *type = web_type_of(kind);
        if (e->kind != YAML_MAP || (type && type->role == WEB_NOTHING))
            continue;
        if (str_eq_z(kind, "webform_wizard_page") || str_eq_z(kind, "webform_card")) {
            loose = NULL;
            read_element(im, im->top, e);
            continue;
        }
        if (!loose) {
            loose = import_add(im, NULL, ITEM_PAGE, NULL, S("page"));
            loose->label = import_plain(im, im->title);
        }
        read_element(im, loose, e);
    }
}

/* What the site did besides asking: when it was open, how many could apply, what happened after sending. */
static void besides(struct import *im, const struct yaml *top)
{
    static const char *const keys[] = {"open", "close"};
    const struct yaml *handlers = yaml_get(top, "handlers"), *settings = yaml_get(top, "settings");
    for (size_t i = 0; i < 2; i++)
        if (web_text(top, keys[i]).n)
            import_decide(im, NULL, web_text(top, keys[i]), "the form had a day to %s: write `valid:` in service.yaml",
                          keys[i]);
    if (web_truthy(settings, "limit_total"))
        import_decide(im, NULL, web_text(settings, "limit_total"),
                      "so many could apply: write `ceiling:` in service.yaml");
    if (web_text(settings, "confirmation_message").n)
        import_decide(im, NULL, web_text(settings, "confirmation_message"),
                      "this was said after sending: put what one must know in `process:` of service.yaml");
    for (size_t i = 0; handlers && handlers->kind == YAML_MAP && i < handlers->n; i++) {
        const struct yaml *h = handlers->items[i];
        if (!str_eq_z(web_text(h, "status"), "false"))
            import_decide(im, NULL, web_text(h, "label").n ? web_text(h, "label") : h->key,
                          "the site did this after sending (`%" PRI_STR
                          "`): unit, letters and deadline of service.yaml "
                          "take its place",
                          STR_ARG(web_text(h, "id")));
    }
}

enum err import_webform(struct cx *cx, const struct import_source *source, struct import_result *ret)
{
    struct import_result result = {0};
    struct import_source s = *source;
    struct yaml *top, *elements;
    enum err e = yaml_parse(cx, s.name, s.text, &top);
    if (e)
        return e;
    struct str inner = web_text(top, "elements"), code = web_text(top, "langcode");
    if (!inner.n)
        return fail(cx, ERR_SYNTAX, "%" PRI_STR ": not a webform: it has no text `elements`", STR_ARG(s.name));
    if (!s.language_given)
        lang_from_tag(str_eq_z(code, "no") ? S("nb") : code, &s.written_in);
    e = yaml_parse(cx, str_cat(cx->arena, s.name, S(" (elements)")), inner, &elements);
    if (!e && elements->kind != YAML_MAP)
        e = fail(cx, ERR_SYNTAX, "%" PRI_STR ": `elements` is no map of elements", STR_ARG(s.name));
    if (e)
        return e;
    struct import im = import_make(cx, &s, &result);
    im.title = web_text(top, "title").n ? web_text(top, "title") : s.key;
    im.name = import_plain(&im, im.title);
    im.intro = import_markdown(&im, NULL, web_text(top, "description"));
    read_pages(&im, elements);
    if (im.all.n >= IMPORT_ITEMS)
        return fail(cx, ERR_TOO_LARGE, "%" PRI_STR ": more than %d elements", STR_ARG(s.name), IMPORT_ITEMS);
    besides(&im, top);
    import_webform_states(&im);
    import_order(&im);
    e = import_finish(&im);
    if (!e)
        *ret = result;
    return e;
}
