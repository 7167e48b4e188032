/* JSON Schema 2020-12 of what a submission holds, read from the form.yaml that was loaded without faults. */
#include "import.h"

struct schema {
    struct json_out *o;
    const struct service_version *version;
    enum lang lang;
    struct arena *a;
};

static void text(struct schema *s, const char *key, const char *value)
{
    json_key(s->o, key);
    json_str(s->o, str_of(value));
}

static struct str text_of(const struct yaml *map, const char *key)
{
    const struct yaml *y = yaml_get(map, key);
    return y && y->kind == YAML_SCALAR ? y->text : (struct str){0};
}

static bool is_type(const struct yaml *field, const char *types)
{
    struct str rest = str_of(types), one, type = text_of(field, "type");
    while (str_cut(&rest, ' ', &one))
        if (str_eq(one, type))
            return true;
    return false;
}

/* The text in that language, else in the first that has one. */
static void title(struct schema *s, const struct yaml *map, const char *key)
{
    const struct yaml *words = yaml_get(map, key);
    struct str t = text_of(words, lang_tag(s->lang));
    if (!t.n && words && words->kind == YAML_MAP && words->n)
        t = words->items[0]->text;
    if (t.n) {
        json_key(s->o, "title");
        json_str(s->o, t);
    }
}

static void whole(struct schema *s, const struct yaml *field, const char *ours, const char *theirs)
{
    int64_t n;
    if (!str_to_i64(text_of(field, ours), &n))
        return;
    json_key(s->o, theirs);
    json_i64(s->o, n);
}

static void strings(struct schema *s, const char *key, const struct yaml *options)
{
    json_key(s->o, key);
    json_begin_array(s->o);
    for (size_t i = 0; options && i < options->n; i++)
        json_str(s->o, text_of(options->items[i], "option"));
    json_end(s->o);
}

static void list_of_texts(struct schema *s, const char *key, const char *const *list, size_t n)
{
    json_key(s->o, key);
    json_begin_array(s->o);
    for (size_t i = 0; i < n; i++)
        json_str(s->o, str_of(list[i]));
    json_end(s->o);
}

/* An object of texts, all of which must be there. */
static void parts(struct schema *s, const char *const *names, size_t n)
{
    text(s, "type", "object");
    json_key(s->o, "properties");
    json_begin_object(s->o);
    for (size_t i = 0; i < n; i++) {
        json_key(s->o, names[i]);
        json_begin_object(s->o);
        text(s, "type", "string");
        json_end(s->o);
    }
    json_end(s->o);
    list_of_texts(s, "required", names, n);
}

static void files(struct schema *s, const struct yaml *field)
{
    static const char *const names[] = {"name", "mime", "sha256"};
    text(s, "type", "array");
    json_key(s->o, "minItems"), json_i64(s->o, 1);
    whole(s, field, "max_files", "maxItems");
    json_key(s->o, "items");
    json_begin_object(s->o);
    parts(s, names, 3);
    json_end(s->o);
}

static void number(struct schema *s, const struct yaml *field)
{
    int64_t decimals = 0;
    bool computed = yaml_get(field, "value");
    str_to_i64(text_of(field, "decimals"), &decimals);
    text(s, "type", "string");
    json_key(s->o, "pattern");
    json_str(s->o, decimals || computed
                       ? str_fmt(s->a, "^-?[0-9]+([.][0-9]{1,%lld})?$", (long long)(computed ? 4 : decimals))
                       : S("^-?[0-9]+$"));
}

static void options_of_ways(struct schema *s, const struct yaml *field)
{
    static const char *const usual[] = {"now", "later", "before"};
    const struct yaml *send = yaml_get(field, "send");
    text(s, "type", "string");
    if (!send) {
        list_of_texts(s, "enum", usual, 3);
        return;
    }
    json_key(s->o, "enum");
    json_begin_array(s->o);
    for (size_t i = 0; i < send->n; i++)
        json_str(s->o, send->items[i]->text);
    json_end(s->o);
}

static void object_of(struct schema *s, const struct yaml *fields, bool certain);

static void rows(struct schema *s, const struct yaml *field)
{
    text(s, "type", "array");
    whole(s, field, "min", "minItems");
    whole(s, field, "max", "maxItems");
    json_key(s->o, "items");
    json_begin_object(s->o);
    object_of(s, yaml_get(field, "fields"), true);
    json_end(s->o);
}

static void value(struct schema *s, const struct yaml *field)
{
    static const char *const address[] = {"street", "postcode", "city"};
    json_begin_object(s->o);
    title(s, field, is_type(field, "repeat") ? "title" : "label");
    if (is_type(field, "number")) {
        number(s, field);
    } else if (is_type(field, "money")) {
        text(s, "type", "integer");
        text(s, "description", "øre");
    } else if (is_type(field, "date")) {
        text(s, "type", "string");
        text(s, "format", "date");
    } else if (is_type(field, "month")) {
        text(s, "type", "string");
        text(s, "pattern", "^[0-9]{4}-(0[1-9]|1[0-2])$");
    } else if (is_type(field, "yesno checkbox declaration")) {
        text(s, "type", "boolean");
    } else if (is_type(field, "radio select")) {
        text(s, "type", "string");
        strings(s, "enum", yaml_get(field, "options"));
    } else if (is_type(field, "multiselect")) {
        text(s, "type", "array");
        json_key(s->o, "uniqueItems"), json_bool(s->o, true);
        json_key(s->o, "items");
        json_begin_object(s->o);
        strings(s, "enum", yaml_get(field, "options"));
        json_end(s->o);
    } else if (is_type(field, "address")) {
        parts(s, address, 3);
    } else if (is_type(field, "idno")) {
        text(s, "type", "object");
        text(s, "description", "a reference: the number itself stays with the party");
        list_of_texts(s, "required", (const char *const[]){"party"}, 1);
    } else if (is_type(field, "file")) {
        files(s, field);
    } else if (is_type(field, "attachment")) {
        options_of_ways(s, field);
    } else if (is_type(field, "repeat")) {
        rows(s, field);
    } else {
        text(s, "type", "string");
        whole(s, field, "min_length", "minLength");
        whole(s, field, "max_length", "maxLength");
        if (is_type(field, "country currency"))
            text(s, "pattern", is_type(field, "country") ? "^[A-Z]{2}$" : "^[A-Z]{3}$");
    }
    json_end(s->o);
}

static void properties(struct schema *s, const struct yaml *fields)
{
    for (size_t i = 0; fields && i < fields->n; i++) {
        const struct yaml *f = fields->items[i];
        struct str id = text_of(f, "id");
        if (is_type(f, "group"))
            properties(s, yaml_get(f, "fields"));
        if (is_type(f, "group info warning"))
            continue;
        json_key_str(s->o, id);
        value(s, f);
        if (!is_type(f, "attachment"))
            continue;
        json_key_str(s->o, str_cat(s->a, id, S("_file")));
        json_begin_object(s->o);
        files(s, f);
        json_end(s->o);
        if (yaml_get(f, "explain")) {
            json_key_str(s->o, str_cat(s->a, id, S("_note")));
            json_begin_object(s->o);
            text(s, "type", "string");
            json_end(s->o);
        }
    }
}

/* What is in every submission: asked without a condition, and must be answered. */
static void required(struct schema *s, const struct yaml *fields, bool certain)
{
    for (size_t i = 0; certain && fields && i < fields->n; i++) {
        const struct yaml *f = fields->items[i], *prefill = yaml_get(f, "prefill");
        bool always = !yaml_get(f, "when");
        if (is_type(f, "group"))
            required(s, yaml_get(f, "fields"), always);
        else if (always && !prefill && !yaml_get(f, "value") && str_eq_z(text_of(f, "required"), "true") &&
                 !is_type(f, "info warning repeat"))
            json_str(s->o, text_of(f, "id"));
    }
}

static void begin_answers(struct schema *s)
{
    text(s, "type", "object");
    json_key(s->o, "additionalProperties"), json_bool(s->o, false);
    json_key(s->o, "properties");
    json_begin_object(s->o);
}

static void object_of(struct schema *s, const struct yaml *fields, bool certain)
{
    begin_answers(s);
    properties(s, fields);
    json_end(s->o);
    json_key(s->o, "required");
    json_begin_array(s->o);
    required(s, fields, certain);
    json_end(s->o);
}

static void answers(struct schema *s)
{
    const struct yaml *pages = yaml_get(s->version->form_yaml, "pages");
    json_begin_object(s->o);
    begin_answers(s);
    for (size_t i = 0; pages && i < pages->n; i++)
        properties(s, yaml_get(pages->items[i], "fields"));
    json_end(s->o);
    json_key(s->o, "required");
    json_begin_array(s->o);
    for (size_t i = 0; pages && i < pages->n; i++)
        required(s, yaml_get(pages->items[i], "fields"), !yaml_get(pages->items[i], "when"));
    json_end(s->o);
    json_end(s->o);
}

static void sources(struct schema *s)
{
    static const char *const names[] = {"source", "attr", "at"};
    json_begin_object(s->o);
    text(s, "type", "object");
    text(s, "description", "where a fact that was not typed came from");
    json_key(s->o, "additionalProperties");
    json_begin_object(s->o);
    parts(s, names, 3);
    json_end(s->o);
    json_end(s->o);
}

static void one_of_texts(struct schema *s, const char *key, const char *const *list, size_t n)
{
    json_key(s->o, key);
    json_begin_object(s->o);
    text(s, "type", "string");
    if (n)
        list_of_texts(s, "enum", list, n);
    json_end(s->o);
}

enum err import_jsonschema(struct cx *cx, const struct service_version *version, struct str *ret_json)
{
    static const char *const langs[] = {"da", "nb", "nn", "en"}, *const channels[] = {"counter", "telephone", "letter"};
    if (!version->form_yaml)
        return fail(cx, ERR_NOT_FOUND, "%" PRI_STR " has no form", STR_ARG(version->key));
    struct buf b = buf_make(cx->arena);
    struct json_out o = json_out_make(&b);
    struct schema s = {.o = &o, .version = version, .lang = cx->muni ? cx->muni->first_lang : LANG_EN, .a = cx->arena};
    json_begin_object(&o);
    text(&s, "$schema", "https://json-schema.org/draft/2020-12/schema");
    json_key(&o, "title");
    json_str(&o, words_in(&version->name, s.lang));
    text(&s, "type", "object");
    json_key(&o, "properties");
    json_begin_object(&o);
    one_of_texts(&s, "lang", langs, 4);
    one_of_texts(&s, "channel", channels, 3);
    one_of_texts(&s, "helper", NULL, 0);
    json_key(&o, "answers");
    answers(&s);
    json_key(&o, "asked");
    json_begin_object(&o);
    text(&s, "type", "array");
    text(&s, "description", "questions that were shown and left open");
    json_end(&o);
    json_key(&o, "sources");
    sources(&s);
    json_key(&o, "changed");
    json_begin_object(&o);
    text(&s, "type", "array");
    text(&s, "description", "questions that were answered with something else than was filled in beforehand");
    json_end(&o);
    json_end(&o);
    list_of_texts(&s, "required", (const char *const[]){"lang", "answers"}, 2);
    json_end(&o);
    *ret_json = buf_str(&b);
    return ERR_OK;
}
