/* Form.io JSON: components become items, their conditions and validations are translated in a second round, when all
   questions are known. */
#include <string.h>

#include "i18n/i18n.h"
#include "import_form.h"

/* What a component is. */
enum formio_role {
    FIO_FIELD,
    FIO_CHOICE,  /* values or data.values */
    FIO_TEXT,    /* shows only */
    FIO_HEADING, /* a group with a legend */
    FIO_LAYOUT,
    FIO_CONTAINER,
    FIO_ROWS,
    FIO_PARTS, /* several questions of ours: import_formio_parts.c */
    FIO_NOTHING
};
static const struct formio_type {
    const char *name;
    enum formio_role role;
    const char *type; /* ours */
} types[] = {
    {"textfield", FIO_FIELD, "text"},
    {"textarea", FIO_FIELD, "longtext"},
    {"email", FIO_FIELD, "email"},
    {"phoneNumber", FIO_FIELD, "phone"},
    {"url", FIO_FIELD, "text"},
    {"tags", FIO_FIELD, "text"},
    {"time", FIO_FIELD, "text"},
    {"number", FIO_FIELD, "number"},
    {"year", FIO_FIELD, "number"},
    {"currency", FIO_FIELD, "money"},
    {"navDatepicker", FIO_FIELD, "date"},
    {"datetime", FIO_FIELD, "date"},
    {"date", FIO_FIELD, "date"},
    {"day", FIO_FIELD, "date"},
    {"monthPicker", FIO_FIELD, "month"},
    {"checkbox", FIO_FIELD, "checkbox"},
    {"navCheckbox", FIO_FIELD, "checkbox"},
    {"radio", FIO_CHOICE, "radio"},
    {"radiopanel", FIO_CHOICE, "radio"},
    {"select", FIO_CHOICE, "select"},
    {"navSelect", FIO_CHOICE, "select"},
    {"selectboxes", FIO_CHOICE, "multiselect"},
    {"fnrfield", FIO_FIELD, "idno"},
    {"bsn", FIO_FIELD, "text"},
    {"orgNr", FIO_FIELD, "orgno"},
    {"bankAccount", FIO_FIELD, "account"},
    {"iban", FIO_FIELD, "iban"},
    {"landvelger", FIO_FIELD, "country"},
    {"valutavelger", FIO_FIELD, "currency"},
    {"file", FIO_FIELD, "file"},
    {"attachment", FIO_FIELD, "attachment"},
    {"address", FIO_FIELD, "address"},
    {"firstName", FIO_FIELD, "text"},
    {"surname", FIO_FIELD, "text"},
    {"password", FIO_NOTHING, NULL},
    {"alertstripe", FIO_TEXT, "info"},
    {"htmlelement", FIO_TEXT, "info"},
    {"content", FIO_TEXT, "info"},
    {"accordion", FIO_TEXT, "info"},
    {"panel", FIO_HEADING, NULL},
    {"navSkjemagruppe", FIO_HEADING, NULL},
    {"fieldset", FIO_HEADING, NULL},
    {"well", FIO_LAYOUT, NULL},
    {"columns", FIO_LAYOUT, NULL},
    {"table", FIO_LAYOUT, NULL},
    {"tabs", FIO_LAYOUT, NULL},
    {"row", FIO_LAYOUT, NULL},
    {"container", FIO_CONTAINER, NULL},
    {"datagrid", FIO_ROWS, NULL},
    {"editgrid", FIO_ROWS, NULL},
    {"dynamicWizard", FIO_ROWS, NULL},
    {"identity", FIO_PARTS, NULL},
    {"navAddress", FIO_PARTS, NULL},
    {"addressValidity", FIO_PARTS, NULL},
    {"sender", FIO_PARTS, NULL},
    {"button", FIO_NOTHING, NULL},
};

static const struct formio_type *type_of(struct str name)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_eq_z(name, types[i].name))
            return &types[i];
    return NULL;
}

static enum err read_list(struct import *im, struct item *parent, const struct json *list);

bool import_json_true(const struct json *c, const char *key)
{
    const struct json *j = json_get(c, key);
    return j && ((j->kind == JSON_FLAG && j->flag) || (j->kind == JSON_TEXT && str_eq_z(j->text, "true")) ||
                 (j->kind == JSON_INT && j->i64));
}

/* Text, or a number as it was written. */
struct str import_json_scalar(struct arena *a, const struct json *j)
{
    if (!j)
        return (struct str){0};
    if (j->kind == JSON_TEXT || j->kind == JSON_DOUBLE)
        return str_trim(j->text);
    if (j->kind == JSON_INT)
        return str_fmt(a, "%lld", (long long)j->i64);
    return j->kind == JSON_FLAG ? (j->flag ? S("true") : S("false")) : (struct str){0};
}

struct str import_json_scalar_of(struct arena *a, const struct json *c, const char *key)
{
    return import_json_scalar(a, json_get(c, key));
}

bool import_json_whole(struct arena *a, const struct json *c, const char *key, int64_t *ret)
{
    return str_to_i64(import_json_scalar_of(a, c, key), ret);
}

/* ---- words ---- */

static bool has_link(struct str s)
{
    return str_find(s, S("href="), 0) < s.n;
}

/* Too much for a hint: it is long, or has a link. */
static bool is_long(const struct json *c)
{
    struct str s = json_text(c, "additionalDescriptionText");
    return s.n > 250 || has_link(s);
}

/* Then it is a text of its own before the question. NULL: it is not. */
static struct item *text_before(struct import *im, struct item *parent, const struct json *c, struct str key)
{
    struct str hint = json_text(c, "description");
    if ((!is_long(c) && !has_link(hint)) || im->all.n >= IMPORT_ITEMS)
        return NULL;
    struct item *item = import_add(im, parent, ITEM_TEXT, "info", str_cat(im->cx->arena, key, S("_info")));
    struct str label = json_text(c, "additionalDescriptionLabel"), text = json_text(c, "additionalDescriptionText");
    item->from_type = json_text(c, "type");
    struct words first = has_link(hint) ? import_markdown(im, item, hint) : (struct words){0};
    if (!is_long(c))
        label = text = (struct str){0};
    struct words head = import_markdown(im, item, label);
    for (int i = 0; i < LANG_COUNT; i++)
        if (head.in[i].n)
            head.in[i] = str_fmt(im->cx->arena, "**%" PRI_STR "**", STR_ARG(head.in[i]));
    struct words body = import_markdown(im, item, text);
    body = import_words_join(im, &head, "\n\n", &body);
    item->text = import_words_join(im, &first, "\n\n", &body);
    return item;
}

/* After all conditions are in place: such a text is shown when its question is. */
static void show_with_questions(struct import *im)
{
    for (size_t i = 0; i < im->all.n; i++) {
        struct item *text = im->all.p[i];
        if (!text->with)
            continue;
        const struct item *latest = text->with->when ? cond_latest(im, text->with->when) : NULL;
        text->left_out = text->with->left_out || !import_words_given(&text->text);
        if (!latest || latest->order < text->order)
            text->when = text->with->when;
    }
}

/* description, additional description and tooltip, as the hint. */
static struct words hint_of(struct import *im, const struct json *c)
{
    struct str description = json_text(c, "description");
    struct words hint = import_plain(im, has_link(description) ? (struct str){0} : description);
    struct words tip = import_plain(im, json_text(c, "tooltip"));
    struct str further = is_long(c) ? (struct str){0} : json_text(c, "additionalDescriptionText");
    struct words label = import_plain(im, further.n ? json_text(c, "additionalDescriptionLabel") : further);
    struct words more = import_plain(im, further);
    if (import_words_given(&more))
        more = import_words_join(im, &label, ": ", &more);
    hint = import_words_join(im, &hint, " ", &tip);
    return import_words_join(im, &hint, " ", &more);
}

static struct words label_of(struct import *im, const struct json *c, struct str key)
{
    struct words label = import_plain(im, json_text(c, "label"));
    return import_words_given(&label) ? label : import_plain(im, key);
}

/* ---- options ---- */

static void add_option(struct import *im, struct item *item, const struct json *o)
{
    struct arena *a = im->cx->arena;
    struct str value = o->kind == JSON_MAP ? import_json_scalar_of(a, o, "value") : import_json_scalar(a, o);
    struct str label = o->kind == JSON_MAP ? import_json_scalar_of(a, o, "label") : value;
    if ((!value.n && !label.n) || import_option_of(item, value))
        return;
    struct import_option *option = import_option(im, item, value.n ? value : label);
    option->label = import_plain(im, label.n ? label : value);
    option->hint = import_plain(im, json_text(o, "description"));
}

static void read_options(struct import *im, struct item *item)
{
    const struct json *c = item->from, *data = json_get(c, "data");
    const struct json *list = json_get(c, "values");
    struct str source = json_text(c, "dataSrc");
    if (!list || !list->n)
        list = str_eq_z(source, "json") ? json_get(data, "json") : json_get(data, "values");
    for (size_t i = 0; list && list->kind == JSON_LIST && i < list->n; i++)
        add_option(im, item, list->items[i]);
    if (import_is_type(item, "select") && import_json_true(c, "multiple"))
        item->type = "multiselect";
    if (item->options.n)
        return;
    import_decide(im, item, json_text(data, source.n ? str_z(im->cx->arena, source) : "values"),
                  "the options are not in the file (%" PRI_STR "): it became a text question; write the options, or "
                  "keep it as text",
                  STR_ARG(source.n ? source : S("none")));
    item->type = "text";
}

/* The ways a document may come; whose names NAV's forms use. */
static void read_attachment(struct import *im, struct item *item)
{
    static const struct {
        const char *value, *way;
    } ways[] = {{"leggerVedNaa", "now"}, {"ettersender", "later"}, {"levertTidligere", "before"},
                {"andre", "other"},      {"harIkke", "none"},      {"nei", "none"},
                {"nav", "other"}};
    struct arena *a = im->cx->arena;
    const struct json *values = json_get(item->from, "attachmentValues");
    struct yaml *send = import_list(a), *explain = import_map(a);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        const struct json *v = json_get(values, ways[i].value);
        bool any = false;
        for (size_t k = 0; k < item->options.n; k++)
            any |= str_eq_z(item->options.p[k].key, ways[i].way);
        if (!import_json_true(v, "enabled"))
            continue;
        if (any) {
            import_decide(im, item, str_of(ways[i].value), "two ways to send it became one; which are offered?");
            continue;
        }
        struct import_option *o = vec_push(a, &item->options);
        *o = (struct import_option){.key = str_of(ways[i].way), .value = str_of(ways[i].value)};
        import_push(a, send, import_scalar(a, o->key));
        const struct json *more = json_get(v, "additionalDocumentation");
        struct words question =
            import_json_true(more, "enabled") ? import_plain(im, json_text(more, "label")) : (struct words){0};
        if (import_words_given(&question))
            import_set(a, explain, ways[i].way, import_words_node(im, &question));
    }
    static const struct import_option usual[] = {{.key = {"now", 3}, .value = {"leggerVedNaa", 12}},
                                                 {.key = {"later", 5}, .value = {"ettersender", 11}},
                                                 {.key = {"before", 6}, .value = {"levertTidligere", 15}}};
    for (size_t i = 0; !send->n && i < 3; i++)
        vec_add(a, &item->options, usual[i]);
    if (send->n)
        import_own(im, item, "send", send);
    if (explain->n)
        import_own(im, item, "explain", explain);
}

/* ---- fields ---- */

static void own_type(struct import *im, struct item *item)
{
    struct str kind = item->from_type, currency = json_text(item->from, "currency");
    bool krone = !currency.n || str_ieq(currency, S("nok")) || str_ieq(currency, S("dkk"));
    if (str_eq_z(kind, "currency") && !krone) {
        item->type = "number";
        import_note(im, item, currency, "money in another currency became a number");
    }
    if (str_eq_z(kind, "time")) {
        struct words m = import_ours(T_import_time_message);
        import_formio_pattern(im, item, S("([01][0-9]|2[0-3])[:.][0-5][0-9]"), m);
    }
    if (str_eq_z(kind, "firstName"))
        import_own_text(im, item, "autocomplete", S("given-name"));
    if (str_eq_z(kind, "surname"))
        import_own_text(im, item, "autocomplete", S("family-name"));
    if (str_eq_z(kind, "day") && import_json_true(json_get(json_get(item->from, "fields"), "day"), "hide"))
        item->type = "month";
    if (str_eq_z(kind, "checkbox") && str_eq_z(json_text(item->from, "inputType"), "radio"))
        import_decide(im, item, json_text(item->from, "name"),
                      "one of several ticks that exclude each other; make it one question with options");
}

/* What the municipality may know already; the form asks it still. */
static void tell_prefill(struct import *im, const struct item *item)
{
    const struct json *key = json_get(item->from, "prefillKey");
    struct str s =
        key && key->kind == JSON_LIST && key->n ? key->items[0]->text : import_json_scalar(im->cx->arena, key);
    if (s.n)
        import_note(im, item, s,
                    "the original fills it in from a register; if it is about the one who applies, write `prefill:` "
                    "(name, address, idno …) and it need not be asked");
}

/* "Fra dato (dd.mm.åååå)": day, month and year are asked one by one here. */
static void without_format(struct import *im, struct words *label)
{
    static const char *const begins[] = {"(dd.mm", "(dd/mm", "(DD.MM", "(mm.", "(MM."};
    for (int l = 0; l < LANG_COUNT; l++)
        for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
            struct str s = label->in[l];
            size_t from = str_find(s, str_of(begins[i]), 0), end = str_find_char(s, ')', from);
            struct str before = str_trim(str_slice(s, 0, from));
            if (end < s.n && before.n)
                label->in[l] = str_cat(im->cx->arena, before, str_slice(s, end + 1, s.n));
        }
}

static void field(struct import *im, struct item *item)
{
    const struct json *c = item->from, *validate = json_get(c, "validate");
    item->label = label_of(im, c, item->key);
    if (import_is_type(item, "date month"))
        without_format(im, &item->label);
    item->hint = hint_of(im, c);
    item->required = import_json_true(validate, "required");
    if (import_is_type(item, "attachment"))
        read_attachment(im, item);
    own_type(im, item);
    tell_prefill(im, item);
    if (import_json_true(c, "multiple") && !import_is_type(item, "select file"))
        import_decide(im, item, S("multiple: true"), "several answers could be given; one is asked now");
    if (import_json_true(c, "disabled") || import_json_true(c, "readOnly"))
        import_note(im, item, S("disabled: true"), "it could only be read in the original; here it can be filled in");
    struct str mask = import_json_scalar_of(im->cx->arena, c, "inputMask");
    if (mask.n)
        import_decide(im, item, mask, "the original guides the typing by a mask; write a check with a pattern");
}

/* ---- texts and groups ---- */

static void show_text(struct import *im, struct item *item)
{
    const struct json *c = item->from;
    struct str kind = json_text(c, "alerttype"), where = json_text(c, "textDisplay");
    struct str content = json_text(c, "content").n ? json_text(c, "content") : json_text(c, "html");
    if (str_eq_z(kind, "warning") || str_eq_z(kind, "advarsel") || str_eq_z(kind, "error") || str_eq_z(kind, "feil"))
        item->type = "warning";
    const struct json *values = json_get(c, "accordionValues");
    item->text = import_markdown(im, item, content);
    for (size_t i = 0; values && values->kind == JSON_LIST && i < values->n; i++) {
        struct words title = import_plain(im, json_text(values->items[i], "title"));
        struct words text = import_markdown(im, item, json_text(values->items[i], "content"));
        for (int l = 0; l < LANG_COUNT; l++)
            if (title.in[l].n)
                title.in[l] = str_fmt(im->cx->arena, "### %" PRI_STR, STR_ARG(title.in[l]));
        text = import_words_join(im, &title, "\n\n", &text);
        item->text = import_words_join(im, &item->text, "\n\n", &text);
    }
    if (str_eq_z(where, "pdf")) {
        item->left_out = true;
        import_note(im, item, content, "stands only in the printed copy of the original: left out");
    } else if (!import_words_given(&item->text)) {
        item->left_out = true;
        import_note(im, item, content, "a text that is empty: left out");
    }
    if (json_text(c, "contentForPdf").n)
        import_note(im, item, json_text(c, "contentForPdf"), "has another text in print: the one of the page is kept");
}

static void heading(struct import *im, struct item *item)
{
    const struct json *c = item->from;
    struct str legend = json_text(c, "legend"), title = json_text(c, "title");
    struct str text = legend.n ? legend : title.n ? title : json_text(c, "label");
    bool hidden = import_json_true(c, "hideLabel") && !legend.n;
    item->label = import_plain(im, text);
    item->hint = hint_of(im, c);
    if (item->role == ITEM_GROUP && (hidden || !import_words_given(&item->label)))
        item->role = ITEM_LAYOUT;
    else if (!import_words_given(&item->label))
        item->label = import_plain(im, item->key);
}

static void rows(struct import *im, struct item *item)
{
    struct arena *a = im->cx->arena;
    const struct json *c = item->from, *validate = json_get(c, "validate");
    item->label = label_of(im, c, item->key);
    item->hint = hint_of(im, c);
    struct words row = import_plain(im, json_text(c, "rowTitle")), add = import_plain(im, json_text(c, "addAnother"));
    import_own(im, item, "row", import_words_node(im, import_words_given(&row) ? &row : &item->label));
    if (import_words_given(&add))
        import_own(im, item, "add", import_words_node(im, &add));
    int64_t min = import_json_true(c, "initEmpty") ? 0 : 1, max = 0, n;
    if (import_json_whole(a, validate, "minLength", &n) && n > min && n <= 500)
        min = n;
    if (import_json_whole(a, validate, "maxLength", &n) && n >= min && n <= 500)
        max = n;
    if (min)
        import_own_text(im, item, "min", str_fmt(a, "%lld", (long long)min));
    if (max)
        import_own_text(im, item, "max", str_fmt(a, "%lld", (long long)max));
    if (import_json_true(c, "disableAddingRemovingRows"))
        import_decide(im, item, S("disableAddingRemovingRows"), "rows could not be added; set min and max");
}

/* ---- the tree ---- */

static enum item_role role_of(enum formio_role role)
{
    return role == FIO_HEADING     ? ITEM_GROUP
           : role == FIO_LAYOUT    ? ITEM_LAYOUT
           : role == FIO_CONTAINER ? ITEM_CONTAINER
           : role == FIO_PARTS     ? ITEM_CONTAINER
           : role == FIO_ROWS      ? ITEM_REPEAT
           : role == FIO_TEXT      ? ITEM_TEXT
                                   : ITEM_FIELD;
}

/* Columns, cells of a table and tabs hold components of their own. */
static enum err read_below(struct import *im, struct item *item, const struct json *c)
{
    static const char *const lists[] = {"components", "columns", "rows"};
    enum err e = ERR_OK;
    for (size_t k = 0; !e && k < 3; k++) {
        const struct json *list = json_get(c, lists[k]);
        if (list && list->kind == JSON_LIST)
            e = read_list(im, item, list);
    }
    return e;
}

static void read_kind(struct import *im, struct item *item, const struct formio_type *type)
{
    if (type->role == FIO_FIELD || type->role == FIO_CHOICE)
        field(im, item);
    if (type->role == FIO_CHOICE)
        read_options(im, item);
    if (type->role == FIO_TEXT)
        show_text(im, item);
    if (type->role == FIO_HEADING)
        heading(im, item);
    if (type->role == FIO_ROWS)
        rows(im, item);
    if (type->role == FIO_PARTS)
        import_formio_parts(im, item);
}

/* A kind that is not known is asked as text, when it asks. */
static const struct formio_type *unknown_type(struct import *im, struct item *parent, const struct json *c,
                                              struct str kind)
{
    static const struct formio_type as_text = {"", FIO_FIELD, "text"}, as_layout = {"", FIO_LAYOUT, NULL};
    struct item at = {.from_type = kind};
    at.path = str_fmt(im->cx->arena, "%" PRI_STR "%s%" PRI_STR, STR_ARG(parent->path), parent->path.n ? "." : "",
                      STR_ARG(json_text(c, "key")));
    if (json_get(c, "components") || json_get(c, "columns")) {
        import_decide(im, &at, json_text(c, "label"), "this kind of group is not known: what is in it was taken");
        return &as_layout;
    }
    if (import_json_true(c, "input") && json_text(c, "label").n && !import_json_true(c, "hidden") &&
        !str_eq_z(kind, "hidden")) {
        import_decide(im, &at, json_text(c, "label"),
                      "this kind of question is not known: it became a text question; choose a type, or remove it");
        return &as_text;
    }
    import_decide(im, &at, json_text(c, "label"), "this kind of component is not known: left out");
    return NULL;
}

static const struct formio_type *placed_type(struct import *im, struct item *parent, const struct json *c,
                                             struct str kind)
{
    static const struct formio_type as_longtext = {"", FIO_FIELD, "longtext"};
    const struct formio_type *type = type_of(kind);
    if (!type)
        type = unknown_type(im, parent, c, kind);
    bool inside = false;
    for (struct item *p = parent; p; p = p->parent)
        inside |= p->role == ITEM_REPEAT;
    if (type && type->role == FIO_ROWS && inside) {
        struct item at = {.from_type = kind, .path = parent->path};
        import_decide(im, &at, json_text(c, "label"),
                      "rows inside rows: became one long text; ask it in another way if the parts are needed");
        return &as_longtext;
    }
    return type;
}

static enum err read_component(struct import *im, struct item *parent, const struct json *c)
{
    struct str kind = json_text(c, "type"), key = json_text(c, "key");
    if (c->kind == JSON_LIST) /* a row of a table */
        return read_list(im, parent, c);
    if (c->kind != JSON_MAP || im->all.n >= IMPORT_ITEMS)
        return c->kind != JSON_MAP ? ERR_OK
                                   : fail(im->cx, ERR_TOO_LARGE, "%" PRI_STR ": more than %d components",
                                          STR_ARG(im->source->name), IMPORT_ITEMS);
    if (!kind.n) /* a column, a cell, a tab */
        return read_below(im, parent, c);
    const struct formio_type *type = placed_type(im, parent, c, kind);
    if (!type || type->role == FIO_NOTHING) {
        if (type && !str_eq_z(kind, "button"))
            import_decide(im, parent, json_text(c, "label"), "`%" PRI_STR "` is never asked here", STR_ARG(kind));
        return ERR_OK;
    }
    bool page = parent == im->top;
    struct item *text = page ? NULL : text_before(im, parent, c, key.n ? key : kind);
    struct item *item = import_add(im, parent, page ? ITEM_PAGE : role_of(type->role), type->type, key.n ? key : kind);
    item->from = c;
    item->from_type = kind;
    if (page)
        text = text_before(im, item, c, item->key);
    if (text)
        text->with = item;
    read_kind(im, item, type);
    return type->role == FIO_FIELD || type->role == FIO_CHOICE || type->role == FIO_TEXT || type->role == FIO_PARTS
               ? ERR_OK
               : read_below(im, item, c);
}

static enum err read_list(struct import *im, struct item *parent, const struct json *list)
{
    enum err e = ERR_OK;
    for (size_t i = 0; !e && i < list->n; i++)
        e = read_component(im, parent, list->items[i]);
    return e;
}

/* Panels at the top are pages; what stands between them is gathered on pages of its own. */
static enum err read_pages(struct import *im, const struct json *list)
{
    struct item *loose = NULL;
    enum err e = ERR_OK;
    for (size_t i = 0; !e && i < list->n; i++) {
        const struct json *c = list->items[i];
        if (str_eq_z(json_text(c, "type"), "panel")) {
            loose = NULL;
            e = read_component(im, im->top, c);
        } else {
            if (!loose) {
                loose = import_add(im, NULL, ITEM_PAGE, NULL, S("page"));
                loose->label = import_plain(im, im->title);
            }
            e = read_component(im, loose, c);
        }
    }
    return e;
}

/* What one reads before the first question. */
static void intro(struct import *im, const struct json *top)
{
    struct str text = json_text(json_get(top, "properties"), "description");
    const struct json *page = json_get(top, "introPage");
    im->intro = import_markdown(im, NULL, text);
    if (import_json_true(page, "enabled")) {
        struct words w = import_markdown(im, NULL, json_text(page, "introduction"));
        im->intro = import_words_join(im, &im->intro, "\n\n", &w);
        const struct json *sections = json_get(page, "sections");
        for (size_t i = 0; sections && i < sections->n; i++) {
            struct words d = import_markdown(im, NULL, json_text(sections->items[i], "description"));
            im->intro = import_words_join(im, &im->intro, "\n\n", &d);
        }
    }
}

static enum err read_json(struct cx *cx, struct str name, struct str text, const struct json **ret)
{
    struct json *top;
    enum err e = json_parse(cx, text, &top);
    if (e)
        return fail(cx, e, "%" PRI_STR ": %" PRI_STR, STR_ARG(name), STR_ARG(cx->fail.detail));
    *ret = top;
    return ERR_OK;
}

enum err import_formio(struct cx *cx, const struct import_source *source, struct import_result *ret)
{
    struct import_result result = {0};
    struct import im = import_make(cx, source, &result);
    const struct json *top = NULL;
    enum err e = read_json(cx, source->name, source->text, &top);
    if (!e && source->translations.n)
        e = read_json(cx, source->translations_name, source->translations, &im.translations);
    if (e)
        return e;
    const struct json *list = json_get(top, "components");
    if (!list) /* an export wraps the form */
        list = json_get(json_get(top, "form"), "components");
    if (!list || list->kind != JSON_LIST)
        return fail(cx, ERR_SYNTAX, "%" PRI_STR ": not a form of Form.io: it has no list `components`",
                    STR_ARG(source->name));
    im.title = json_text(top, "title").n ? json_text(top, "title") : json_text(top, "name");
    im.name = import_plain(&im, im.title.n ? im.title : source->key);
    intro(&im, top);
    if ((e = read_pages(&im, list)))
        return e;
    import_formio_conditions(&im);
    import_order(&im);
    show_with_questions(&im);
    e = import_finish(&im);
    if (!e)
        *ret = result;
    return e;
}
