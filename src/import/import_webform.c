/* Drupal webform configuration (webform.webform.NAME.yml), as OS2forms writes it: the elements are YAML inside the
   YAML.
   `#states` become conditions. */
#include <string.h>

#include "i18n/i18n.h"
#include "import_form.h"

enum web_role { WEB_FIELD, WEB_CHOICE, WEB_TEXT, WEB_GROUP, WEB_LAYOUT, WEB_PAGE, WEB_ROWS, WEB_FACT, WEB_NOTHING };
static const struct web_type {
    const char *name;
    enum web_role role;
    const char *type; /* ours */
    const char *fact; /* FACT: "register name" */
} types[] = {
    {"textfield", WEB_FIELD, "text", NULL},
    {"textarea", WEB_FIELD, "longtext", NULL},
    {"text_format", WEB_FIELD, "longtext", NULL},
    {"webform_codemirror", WEB_FIELD, "longtext", NULL},
    {"webform_autocomplete", WEB_FIELD, "text", NULL},
    {"webform_name", WEB_FIELD, "text", NULL},
    {"url", WEB_FIELD, "text", NULL},
    {"webform_time", WEB_FIELD, "text", NULL},
    {"email", WEB_FIELD, "email", NULL},
    {"webform_email_confirm", WEB_FIELD, "email", NULL},
    {"tel", WEB_FIELD, "phone", NULL},
    {"webform_telephone", WEB_FIELD, "phone", NULL},
    {"number", WEB_FIELD, "number", NULL},
    {"range", WEB_FIELD, "number", NULL},
    {"webform_scale", WEB_FIELD, "number", NULL},
    {"date", WEB_FIELD, "date", NULL},
    {"datetime", WEB_FIELD, "date", NULL},
    {"datelist", WEB_FIELD, "date", NULL},
    {"checkbox", WEB_FIELD, "checkbox", NULL},
    {"webform_terms_of_service", WEB_FIELD, "checkbox", NULL},
    {"managed_file", WEB_FIELD, "file", NULL},
    {"webform_document_file", WEB_FIELD, "file", NULL},
    {"webform_image_file", WEB_FIELD, "file", NULL},
    {"webform_address", WEB_FIELD, "address", NULL},
    {"os2forms_dawa_address", WEB_FIELD, "address", NULL},
    {"os2forms_dawa_address_matrikula", WEB_FIELD, "address", NULL},
    {"cpr_element", WEB_FIELD, "idno", NULL},
    {"cpr_value_element", WEB_FIELD, "idno", NULL},
    {"cvr_element", WEB_FIELD, "orgno", NULL},
    {"radios", WEB_CHOICE, "radio", NULL},
    {"webform_buttons", WEB_CHOICE, "radio", NULL},
    {"webform_radios_other", WEB_CHOICE, "radio", NULL},
    {"select", WEB_CHOICE, "select", NULL},
    {"webform_select_other", WEB_CHOICE, "select", NULL},
    {"webform_term_select", WEB_CHOICE, "select", NULL},
    {"webform_entity_select", WEB_CHOICE, "select", NULL},
    {"webform_entity_radios", WEB_CHOICE, "radio", NULL},
    {"checkboxes", WEB_CHOICE, "multiselect", NULL},
    {"tableselect", WEB_CHOICE, "multiselect", NULL},
    {"webform_checkboxes_other", WEB_CHOICE, "multiselect", NULL},
    {"webform_markup", WEB_TEXT, "info", NULL},
    {"processed_text", WEB_TEXT, "info", NULL},
    {"webform_message", WEB_TEXT, "info", NULL},
    {"item", WEB_TEXT, "info", NULL},
    {"label", WEB_TEXT, "info", NULL},
    {"webform_more", WEB_TEXT, "info", NULL},
    {"fieldset", WEB_GROUP, NULL, NULL},
    {"details", WEB_GROUP, NULL, NULL},
    {"webform_section", WEB_GROUP, NULL, NULL},
    {"container", WEB_LAYOUT, NULL, NULL},
    {"webform_flexbox", WEB_LAYOUT, NULL, NULL},
    {"webform_wizard_page", WEB_PAGE, NULL, NULL},
    {"webform_card", WEB_PAGE, NULL, NULL},
    {"webform_custom_composite", WEB_ROWS, NULL, NULL},
    {"webform_actions", WEB_NOTHING, NULL, NULL},
    {"captcha", WEB_NOTHING, NULL, NULL},
    {"webform_horizontal_rule", WEB_NOTHING, NULL, NULL},
    {"webform_wizard_page_preview", WEB_NOTHING, NULL, NULL},
    {"os2forms_nemid_nemlogin_link", WEB_NOTHING, NULL, NULL},
    {"os2forms_nemid_name", WEB_FACT, "text", "register name"},
    {"os2forms_nemid_cpr", WEB_FACT, "idno", "login idno"},
    {"os2forms_nemid_address", WEB_FACT, "address", "register address"},
    {"os2forms_nemid_street", WEB_FACT, "address", "register address"},
    {"os2forms_nemid_house_nr", WEB_FACT, "address", "register address"},
    {"os2forms_nemid_floor", WEB_FACT, "address", "register address"},
    {"os2forms_nemid_apartment_nr", WEB_FACT, "address", "register address"},
    {"os2forms_nemid_postal_code", WEB_FACT, "address", "register address"},
    {"os2forms_nemid_zipcode", WEB_FACT, "address", "register address"},
    {"os2forms_nemid_city", WEB_FACT, "address", "register address"},
    {"os2forms_nemid_coaddress", WEB_FACT, "address", "register address"},
    {"os2forms_nemid_kommunekode", WEB_FACT, "address", "register address"},
    {"os2forms_nemid_company_cvr", WEB_FIELD, "orgno", NULL},
    {"os2forms_nemid_company_p_number", WEB_FIELD, "text", NULL},
    {"os2forms_nemid_company_name", WEB_FIELD, "text", NULL},
    {"os2forms_nemid_company_address", WEB_FIELD, "address", NULL},
};

static const struct web_type *type_of(struct str name)
{
    if (str_starts(name, S("os2forms_mitid_")))
        name = str_slice(name, 15, name.n);
    else if (str_starts(name, S("os2forms_nemid_")))
        name = str_slice(name, 15, name.n);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct str t = str_of(types[i].name);
        if (str_eq(name, str_starts(t, S("os2forms_nemid_")) ? str_slice(t, 15, t.n) : t))
            return &types[i];
    }
    return NULL;
}

static struct str text_of(const struct yaml *map, const char *key)
{
    const struct yaml *y = yaml_get(map, key);
    return y && y->kind == YAML_SCALAR && !(y->plain && str_eq_z(y->text, "null")) ? str_trim(y->text)
                                                                                   : (struct str){0};
}

static bool truthy(const struct yaml *map, const char *key)
{
    struct str s = text_of(map, key);
    return s.n && !str_eq_z(s, "false") && !str_eq_z(s, "0");
}

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
    if (import_is_type(item, "select") && truthy(e, "#multiple"))
        item->type = "multiselect";
    struct str name = text_of(e, "#options");
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
    struct str label = text_of(e, "#other__option_label");
    add_option(im, item, S("_other_"), label.n ? label : S("Other…"));
    struct item *text =
        import_add(im, item->parent, ITEM_FIELD, "text", str_cat(im->cx->arena, item->key, S("_other")));
    struct str question = text_of(e, "#other__title");
    text->from_type = item->from_type;
    text->label = question.n ? import_plain(im, question) : item->options.p[item->options.n - 1].label;
    text->required = true;
    text->when = cond_is(im, item, S("_other_"));
}

static void number_limits(struct import *im, struct item *item, const struct yaml *e)
{
    struct str min = text_of(e, "#min"), max = text_of(e, "#max"), step = text_of(e, "#step");
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
    struct words unit = import_plain(im, text_of(e, "#field_suffix"));
    if (import_words_given(&unit))
        import_own(im, item, "unit", import_words_node(im, &unit));
}

static void date_limit(struct import *im, struct item *item, const char *ours, struct str s)
{
    struct arena *a = im->cx->arena;
    day_t day;
    int64_t n;
    size_t blank = str_find_char(s, ' ', 0);
    struct str unit = str_trim(str_slice(s, blank, s.n));
    struct str digits = str_slice(s, s.n && s.p[0] == '+', blank);
    char letter = str_starts(unit, S("day"))     ? 'd'
                  : str_starts(unit, S("month")) ? 'm'
                  : str_starts(unit, S("year"))  ? 'y'
                                                 : 0;
    if (civil_parse_day(s, &day) || str_eq_z(s, "today"))
        import_own_text(im, item, ours, s);
    else if (letter && str_to_i64(digits, &n) && n > -1000 && n < 1000)
        import_own_text(im, item, ours, str_fmt(a, "today%+lld%c", (long long)n, letter));
    else if (s.n)
        import_decide(im, item, s, "a limit of the date that was not understood");
}

/* Kinds of file that can be received here. */
static void file_limits(struct import *im, struct item *item, const struct yaml *e)
{
    struct arena *a = im->cx->arena;
    struct str rest = text_of(e, "#file_extensions"), word, mb = text_of(e, "#max_filesize");
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
    struct str multiple = text_of(e, "#multiple");
    if (!truthy(e, "#multiple"))
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
    struct arena *a = im->cx->arena;
    int64_t n, min = 0;
    if (str_to_i64(text_of(e, "#minlength"), &min) && min > 0 && min <= 20000)
        import_own_text(im, item, "min_length", str_fmt(a, "%lld", (long long)min));
    if (str_to_i64(text_of(e, "#maxlength"), &n) && n > 0 && n >= min && n <= 20000)
        import_own_text(im, item, "max_length", str_fmt(a, "%lld", (long long)n));
    struct str pattern = text_of(e, "#pattern"), message = text_of(e, "#pattern_error");
    if (pattern.n)
        add_pattern(im, item, pattern, message.n ? import_plain(im, message) : import_ours(T_import_pattern_message));
    if (str_eq_z(item->from_type, "webform_time"))
        add_pattern(im, item, S("([01][0-9]|2[0-3])[:.][0-5][0-9]"), import_ours(T_import_time_message));
    if (truthy(e, "#input_mask"))
        import_decide(im, item, text_of(e, "#input_mask"),
                      "the typing was guided by a mask; write a check with a pattern");
}

static void limits(struct import *im, struct item *item, const struct yaml *e)
{
    struct str type = str_of(item->type), given = text_of(e, "#default_value");
    if (str_eq_z(type, "text") || str_eq_z(type, "longtext"))
        text_limits(im, item, e);
    if (str_eq_z(type, "number"))
        number_limits(im, item, e);
    if (str_eq_z(type, "file"))
        file_limits(im, item, e);
    if (str_eq_z(type, "date")) {
        struct str min = text_of(e, "#date_date_min"), max = text_of(e, "#date_date_max");
        date_limit(im, item, "min", min.n ? min : text_of(e, "#date_min"));
        date_limit(im, item, "max", max.n ? max : text_of(e, "#date_max"));
    }
    const struct import_option *o = import_option_of(item, given);
    if (given.n && o && !str_eq_z(type, "multiselect"))
        import_own_text(im, item, "default", o->key);
    else if (given.n && str_find_char(given, '[', 0) < given.n)
        import_decide(im, item, given, "it was filled in by a token: write `prefill:` if a register knows it");
    else if (given.n)
        import_decide(im, item, given, "what stands there beforehand was left out");
    bool one = !str_eq_z(type, "multiselect") && !str_eq_z(type, "file");
    if (one && truthy(e, "#multiple"))
        import_decide(im, item, text_of(e, "#multiple"), "several answers could be given; one is asked now");
    if (truthy(e, "#unique"))
        import_decide(im, item, S("#unique"), "the same answer could be given once only: not checked here");
}

/* ---- what the register knows ---- */

static bool has_fact(const struct import *im, const char *fact)
{
    for (size_t i = 0; i < im->all.n; i++)
        for (size_t k = 0; k < im->all.p[i]->own.n; k++)
            if (str_eq_z(im->all.p[i]->own.p[k]->key, "prefill") &&
                str_eq_z(text_of(im->all.p[i]->own.p[k], "attr"), strchr(fact, ' ') + 1))
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
    struct str title = text_of(e, "#title");
    item->label = import_plain(im, title.n ? title : item->key);
    struct words help = import_plain(im, text_of(e, "#help")), more = import_plain(im, text_of(e, "#more"));
    item->hint = import_plain(im, text_of(e, "#description"));
    item->hint = import_words_join(im, &item->hint, " ", &help);
    item->hint = import_words_join(im, &item->hint, " ", &more);
    item->required = truthy(e, "#required");
}

static void show_text(struct import *im, struct item *item, const struct yaml *e)
{
    static const char *const keys[] = {"#title", "#markup", "#text", "#message_message", "#more", "#description"};
    struct str kind = text_of(e, "#message_type");
    if (str_eq_z(kind, "warning") || str_eq_z(kind, "error"))
        item->type = "warning";
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct str s = text_of(e, keys[i]);
        bool name = !i && !str_eq_z(item->from_type, "label"); /* the title of markup is for the designer alone */
        struct words w = name ? (struct words){0} : import_markdown(im, item, s);
        item->text = import_words_join(im, &item->text, "\n\n", &w);
    }
    if (!import_words_given(&item->text)) {
        item->left_out = true;
        import_note(im, item, text_of(e, "#title"), "a text that is empty: left out");
    }
}

static void rows(struct import *im, struct item *item, const struct yaml *e)
{
    struct arena *a = im->cx->arena;
    int64_t n;
    field(im, item, e);
    import_own(im, item, "row", import_words_node(im, &item->label));
    if (item->required)
        import_own_text(im, item, "min", S("1"));
    item->required = false;
    if (str_to_i64(text_of(e, "#multiple"), &n) && n > 1 && n <= 500)
        import_own_text(im, item, "max", str_fmt(a, "%lld", (long long)n));
    else if (!truthy(e, "#multiple"))
        import_own_text(im, item, "max", S("1"));
    const struct yaml *sub = yaml_get(e, "#element");
    if (sub && sub->kind == YAML_MAP)
        read_children(im, item, sub);
}

static const struct web_type *known_type(struct import *im, struct item *parent, const struct yaml *e, struct str kind)
{
    static const struct web_type as_text = {"", WEB_FIELD, "text", NULL}, as_layout = {"", WEB_LAYOUT, NULL, NULL};
    const struct web_type *type = type_of(kind);
    if (type)
        return type;
    struct item at = {.from_type = kind,
                      .path = str_fmt(im->cx->arena, "%" PRI_STR "%s%" PRI_STR, STR_ARG(parent->path),
                                      parent->path.n ? "." : "", STR_ARG(e->key))};
    bool children = false;
    for (size_t i = 0; i < e->n; i++)
        children |= e->items[i]->kind == YAML_MAP && e->items[i]->key.n && e->items[i]->key.p[0] != '#';
    bool asks = text_of(e, "#title").n && !str_eq_z(kind, "hidden") && !str_eq_z(kind, "value") &&
                !str_starts(kind, S("webform_computed"));
    import_decide(im, &at, text_of(e, "#title"),
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
        if (item->role == ITEM_GROUP && !text_of(e, "#title").n)
            item->role = ITEM_LAYOUT;
        read_children(im, item, e);
    }
}

static void read_element(struct import *im, struct item *parent, const struct yaml *e)
{
    struct str kind = text_of(e, "#type");
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
    bool told = type->role == WEB_FACT && has_fact(im, type->fact);
    if (told || (inside && type->role == WEB_ROWS)) {
        import_decide(im, parent, text_of(e, "#title"),
                      told ? "`%" PRI_STR "` is part of a fact that is shown already: left out"
                           : "`%" PRI_STR "`: rows inside rows were left out; ask it in another way",
                      STR_ARG(e->key));
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
    struct str where = text_of(e, "#display_on");
    if (str_eq_z(text_of(e, "#access"), "false") || str_eq_z(where, "view") || str_eq_z(where, "none")) {
        item->left_out = true;
        import_decide(im, item, text_of(e, "#title"), "it is not asked in the original: left out");
    }
}

/* ---- #states ---- */

/* ":input[name=\"a[b]\"]" → a and b. */
static struct item *selected(const struct import *im, const struct item *at, struct str selector,
                             struct str *ret_option)
{
    size_t from = str_find(selector, S("name=\""), 0), quote = str_find_char(selector, '"', from + 6);
    *ret_option = (struct str){0};
    if (from == selector.n || quote == selector.n)
        return NULL;
    struct str name = str_slice(selector, from + 6, quote), key = name, option = {0};
    size_t open = str_find_char(name, '[', 0);
    if (open < name.n) {
        key = str_slice(name, 0, open);
        option = str_slice(name, open + 1, str_find_char(name, ']', open));
    }
    struct item *found = at->data ? import_find(im, at->data, key) : NULL;
    found = found ? found : import_find(im, NULL, key);
    if (found && found->role == ITEM_REPEAT) /* a composite: "a[items][0][b]" is not followed */
        return NULL;
    *ret_option = option;
    return found && found->role == ITEM_FIELD ? found : NULL;
}

/* One trigger: {value: x}, {checked: true}, {filled: true}, {value: {greater: 5}} … NULL: not known. */
static const struct cond *trigger(struct import *im, const struct item *found, struct str option, const struct yaml *t)
{
    struct arena *a = im->cx->arena;
    bool multi = import_is_type(found, "multiselect"), set = !str_eq_z(t->text, "false");
    const struct cond *c = NULL;
    if (str_eq_z(t->key, "checked") || str_eq_z(t->key, "unchecked")) {
        c = cond_is(im, found, multi || option.n ? option : import_is_type(found, "checkbox") ? S("true") : option);
        return set == str_eq_z(t->key, "checked") ? c : cond_not(im, c);
    }
    if (str_eq_z(t->key, "empty") || str_eq_z(t->key, "filled")) {
        c = cond_empty(im, found);
        return set == str_eq_z(t->key, "empty") ? c : cond_not(im, c);
    }
    bool is_not = str_eq_z(t->key, "!value");
    if (!is_not && !str_eq_z(t->key, "value"))
        return NULL;
    if (t->kind == YAML_SCALAR) {
        c = t->text.n ? cond_is(im, found, t->text) : cond_empty(im, found);
        return is_not ? cond_not(im, c) : c;
    }
    const struct yaml *one = t->kind == YAML_MAP && t->n == 1 ? t->items[0] : NULL;
    bool number = one && import_is_type(found, "number") && import_is_number(one->text);
    bool text = one && import_is_type(found, "text longtext");
    if (number && (str_starts(one->key, S("greater")) || str_starts(one->key, S("less"))))
        c = cond_compare(im,
                         one->key.p[0] == 'g' ? (str_ends(one->key, S("equal")) ? "ge" : "gt")
                                              : (str_ends(one->key, S("equal")) ? "le" : "lt"),
                         found, import_scalar(a, one->text));
    else if (text && str_eq_z(one->key, "pattern"))
        c = cond_compare(im, "matches", found,
                         import_quoted(a, str_fmt(a, "(?s:.*)(?:%" PRI_STR ")(?s:.*)", STR_ARG(one->text))));
    return c && is_not ? cond_not(im, c) : c;
}

static const struct cond *of_selector(struct import *im, const struct item *at, const struct yaml *y,
                                      struct str *ret_why)
{
    struct str option;
    struct item *found = selected(im, at, y->key, &option);
    if (!found) {
        *ret_why = str_fmt(im->cx->arena, "it looks at %" PRI_STR, STR_ARG(y->key));
        return NULL;
    }
    const struct cond *all = cond_const(im, true);
    for (size_t i = 0; y->kind == YAML_MAP && i < y->n; i++) {
        const struct cond *c = trigger(im, found, option, y->items[i]);
        if (!c) {
            *ret_why = str_fmt(im->cx->arena, "the comparison `%" PRI_STR "`", STR_ARG(y->items[i]->key));
            return NULL;
        }
        all = cond_both(im, COND_ALL, all, c);
    }
    return all;
}

/* A map: all of them. A list: joined by the words between, `or` when there is none. */
static const struct cond *states(struct import *im, const struct item *at, const struct yaml *y, int depth,
                                 struct str *ret_why)
{
    const struct cond *sum = NULL;
    enum cond_kind kind = y->kind == YAML_MAP ? COND_ALL : COND_ANY;
    for (size_t i = 0; y->kind == YAML_LIST && i < y->n; i++) {
        if (str_eq_z(y->items[i]->text, "and"))
            kind = COND_ALL;
        if (str_eq_z(y->items[i]->text, "xor")) {
            *ret_why = S("`xor`");
            return NULL;
        }
    }
    for (size_t i = 0; depth < 10 && i < y->n; i++) {
        const struct yaml *one = y->items[i];
        if (one->kind == YAML_SCALAR) /* and, or */
            continue;
        const struct cond *c = y->kind == YAML_MAP && one->key.n && str_find(one->key, S("name="), 0) < one->key.n
                                   ? of_selector(im, at, one, ret_why)
                                   : states(im, at, one, depth + 1, ret_why);
        if (!c)
            return NULL;
        sum = sum ? cond_both(im, kind, sum, c) : c;
    }
    if (!sum && !ret_why->n)
        *ret_why = S("nothing in it that is understood");
    return sum;
}

static struct str as_text(struct import *im, const struct yaml *y)
{
    struct buf b = buf_make(im->cx->arena);
    yaml_write(y, &b);
    return buf_str(&b);
}

static void read_state(struct import *im, struct item *item, const struct yaml *state)
{
    struct str why = S("there is no such state here"), text = as_text(im, state);
    bool show = str_starts(state->key, S("visible")), hide = str_starts(state->key, S("invisible"));
    bool need = str_eq_z(state->key, "required"), free = str_eq_z(state->key, "optional");
    im->result->conditions++;
    const struct cond *c = NULL;
    if (show || hide || need || free) {
        why = (struct str){0};
        c = states(im, item, state, 0, &why);
    }
    if (!c) {
        import_decide(im, item, text, "the state `%" PRI_STR "` was not translated; %" PRI_STR, STR_ARG(state->key),
                      STR_ARG(why));
        return;
    }
    c = hide || free ? cond_not(im, c) : c;
    im->result->conditions_kept++;
    if (need || free) {
        item->required = c->kind != COND_FALSE;
        item->required_when = c->kind == COND_TRUE || c->kind == COND_FALSE ? NULL : c;
    } else if (c->kind == COND_FALSE) {
        item->left_out = true;
        import_decide(im, item, text, "by its condition it is never shown: left out");
    } else if (c->kind != COND_TRUE) {
        item->when = item->when ? cond_both(im, COND_ALL, item->when, c) : c;
        item->when_text = text;
    }
}

static void second_round(struct import *im)
{
    for (size_t i = 0; i < im->all.n; i++) {
        struct item *item = im->all.p[i];
        const struct yaml *all = yaml_get(item->from_yaml, "#states");
        item->left_out |= item->parent->left_out;
        for (size_t k = 0; all && all->kind == YAML_MAP && k < all->n; k++)
            read_state(im, item, all->items[k]);
    }
}

static void read_pages(struct import *im, const struct yaml *elements)
{
    struct item *loose = NULL;
    for (size_t i = 0; i < elements->n; i++) {
        const struct yaml *e = elements->items[i];
        struct str kind = text_of(e, "#type");
        if (e->kind != YAML_MAP)
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

enum err import_webform(struct cx *cx, const struct import_source *source, struct import_result *ret)
{
    struct import_result result = {0};
    struct import_source s = *source;
    struct yaml *top, *elements;
    enum err e = yaml_parse(cx, s.name, s.text, &top);
    if (e)
        return e;
    struct str inner = text_of(top, "elements"), code = text_of(top, "langcode");
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
    im.title = text_of(top, "title").n ? text_of(top, "title") : s.key;
    im.name = import_plain(&im, im.title);
    im.intro = import_markdown(&im, NULL, text_of(top, "description"));
    read_pages(&im, elements);
    if (im.all.n >= IMPORT_ITEMS)
        return fail(cx, ERR_TOO_LARGE, "%" PRI_STR ": more than %d elements", STR_ARG(s.name), IMPORT_ITEMS);
    second_round(&im);
    import_order(&im);
    e = import_finish(&im);
    if (!e)
        *ret = result;
    return e;
}
