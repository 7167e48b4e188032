/* form.yaml to struct form. Three passes: the fields in order, the named conditions, then what uses both. */
#include "form_eval.h"
#include "form_load.h"
#include "i18n/i18n.h"

static const char form_kind_words[] =
    "text longtext number money date month yesno radio select multiselect checkbox declaration country currency "
    "email phone address idno orgno account iban file attachment info warning group repeat";

#define ASKS "id! type! label! hint why required when check "
#define FILES "accept max_mb max_files kind "
static const char *const keys_of[FORM_KIND_COUNT] = {
    [FORM_TEXT] = ASKS "prefill default value min_length max_length autocomplete",
    [FORM_LONGTEXT] = ASKS "prefill default min_length max_length",
    [FORM_NUMBER] = ASKS "prefill default value min max decimals unit",
    [FORM_MONEY] = ASKS "prefill default value min max",
    [FORM_DATE] = ASKS "prefill default value min max",
    [FORM_MONTH] = ASKS "prefill default value min max",
    [FORM_YESNO] = ASKS "prefill default",
    [FORM_RADIO] = ASKS "prefill default options!",
    [FORM_SELECT] = ASKS "prefill default options!",
    [FORM_MULTISELECT] = ASKS "prefill default options! min max",
    [FORM_CHECKBOX] = ASKS "default",
    [FORM_DECLARATION] = ASKS "text!",
    [FORM_COUNTRY] = ASKS "prefill default only except",
    [FORM_CURRENCY] = ASKS "prefill default only except",
    [FORM_EMAIL] = ASKS "prefill default",
    [FORM_PHONE] = ASKS "prefill default",
    [FORM_ADDRESS] = ASKS "prefill",
    [FORM_IDNO] = ASKS "prefill",
    [FORM_ORGNO] = ASKS "prefill",
    [FORM_ACCOUNT] = ASKS "prefill country",
    [FORM_IBAN] = ASKS "prefill",
    [FORM_FILE] = ASKS FILES,
    [FORM_ATTACHMENT] = ASKS FILES "send explain deadline_days",
    [FORM_INFO] = "id! type! text! when",
    [FORM_WARNING] = "id! type! text! when",
    [FORM_GROUP] = "id! type! title! hint when why fields!",
    [FORM_REPEAT] = "id! type! title! hint when why check row! add show min max fields!",
};

struct words form_load_words(struct form_loader *l, const struct yaml *map, const char *key)
{
    return yaml_words(l->problems, map, key, l->version->languages);
}

const char *const form_taken_ids[] = {"go", "seen", "language", "csrf", "action", "method", "submit", NULL};
const char *const form_taken_pages[] = {"review", "delete", "file", "conflict", "sent", "closed", "renew", NULL};

/* The parts of a date or an address are posted as <id>_day and so on. */
static void check_names(struct form_loader *l)
{
    static const char *const parts[] = {"_day", "_month", "_year", "_street", "_postcode", "_city"};
    for (size_t i = 0; i < l->nodes.n; i++) {
        const struct form_field *f = l->form->fields.p[i];
        bool bad = false;
        for (size_t k = 0; form_taken_ids[k]; k++)
            bad |= str_eq_z(f->id, form_taken_ids[k]);
        for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
            struct str part = str_of(parts[k]);
            const struct form_field *of =
                str_ends(f->id, part) ? form_field_of(l->form, str_slice(f->id, 0, f->id.n - part.n)) : NULL;
            bad |= of && (k < 3 ? of->kind == FORM_DATE || of->kind == FORM_MONTH : of->kind == FORM_ADDRESS);
        }
        if (bad)
            yaml_problem(l->problems, yaml_get(l->nodes.p[i], "id"), "give it another id",
                         "`%" PRI_STR "` is a name the page itself uses", STR_ARG(f->id));
    }
}

static bool new_id(struct form_loader *l, const struct yaml *node, struct str id)
{
    const struct yaml *at = yaml_get(node, "id");
    int there = form_index_get(&l->form->by_id, id);
    if (there >= 0) /* `at` is NULL for a part of what has no id */
        yaml_problem(l->problems, at ? at : node, "give it an id of its own: ids are unique in the whole form",
                     "the id `%" PRI_STR "` is used already on line %d", STR_ARG(id), l->nodes.p[there]->line);
    return there < 0;
}

/* The purpose that `why` names, or the one of the page or group around. */
static const struct service_purpose *purpose(struct form_loader *l, const struct yaml *node,
                                             const struct service_purpose *inherited)
{
    const struct yaml *why = yaml_get(node, "why");
    if (!why)
        return inherited;
    struct str key = yaml_str(l->problems, node, "why");
    const struct service_purpose *p = key.n ? service_purpose(l->version, key) : NULL;
    if (key.n && !p)
        yaml_problem(l->problems, why, "add it under `purposes:` in service.yaml, with its text and legal basis",
                     "service.yaml has no purpose `%" PRI_STR "`", STR_ARG(key));
    return p;
}

static void load_options(struct form_loader *l, const struct yaml *node, struct form_field *f)
{
    const struct yaml *list = yaml_list(l->problems, node, "options");
    for (size_t i = 0; list && i < list->n; i++) {
        const struct yaml *o = list->items[i];
        if (i >= FORM_OPTIONS) {
            yaml_problem(l->problems, o, "ask in another way", "more than %d options", FORM_OPTIONS);
            return;
        }
        if (!yaml_keys(l->problems, o, "an option", "option! label! hint when"))
            continue;
        struct form_option option = {.key = yaml_name(l->problems, o, "option"),
                                     .label = form_load_words(l, o, "label"),
                                     .hint = form_load_words(l, o, "hint")};
        for (size_t k = 0; k < f->options.n; k++)
            if (option.key.n && str_eq(f->options.p[k].key, option.key))
                yaml_problem(l->problems, yaml_get(o, "option"), "give each option a key of its own",
                             "the option `%" PRI_STR "` is there already", STR_ARG(option.key));
        vec_add(l->arena, &f->options, option);
    }
}

/* A purpose of the field says that what was asked in that service may be used for it. */
static bool is_compatible(const struct form_field *f, struct str service)
{
    for (size_t i = 0; f->why && i < f->why->compatible.n; i++) {
        struct str rest = f->why->compatible.p[i].purpose, of;
        if (str_cut(&rest, '/', &of) && str_eq(of, service))
            return true;
    }
    return false;
}

/* `from`: one question of another service, or several. Which purpose it was asked for there is known when somebody's
   answer is looked for; here the purpose must at least name one of that service. */
static void load_earlier(struct form_loader *l, const struct yaml *p, struct form_field *f)
{
    static const unsigned kinds = 1 << FORM_TEXT | 1 << FORM_LONGTEXT | 1 << FORM_NUMBER | 1 << FORM_MONEY |
                                  1 << FORM_DATE | 1 << FORM_MONTH | 1 << FORM_YESNO | 1 << FORM_RADIO |
                                  1 << FORM_SELECT | 1 << FORM_MULTISELECT | 1 << FORM_COUNTRY | 1 << FORM_CURRENCY |
                                  1 << FORM_EMAIL | 1 << FORM_PHONE | 1 << FORM_ADDRESS | 1 << FORM_ORGNO |
                                  1 << FORM_ACCOUNT | 1 << FORM_IBAN;
    const struct yaml *from = yaml_get(p, "from");
    size_t n = from && from->kind == YAML_LIST ? from->n : from ? 1 : 0;
    f->source = FORM_EARLIER;
    l->form->uses_earlier = true;
    if (!(kinds >> f->kind & 1))
        yaml_problem(l->problems, p, "leave `prefill` out: consent, files and identity numbers are given each time",
                     "a field of this type cannot be filled in with an earlier answer");
    for (size_t i = 0; i < n; i++) {
        const struct yaml *at = from->kind == YAML_LIST ? from->items[i] : from;
        struct str rest = yaml_item(l->problems, at, "a question of another service"), all = rest;
        struct form_earlier_ref ref = {0};
        if (!rest.n)
            continue;
        if (!str_cut(&rest, '/', &ref.service) || !ref.service.n || !rest.n || str_find_char(rest, '/', 0) < rest.n) {
            yaml_problem(l->problems, at, "write the key of the service, a slash and the id of its field",
                         "`%" PRI_STR "` is no service/field", STR_ARG(all));
            continue;
        }
        ref.field = rest;
        if (str_eq(ref.service, l->version->key))
            yaml_problem(l->problems, at, "name another service: who applies again begins anew",
                         "`%" PRI_STR "` is this service itself", STR_ARG(ref.service));
        else if (!is_compatible(f, ref.service))
            yaml_problem(l->problems, at,
                         "add `compatible: [{purpose: service/purpose, law: …}]` to the purpose in service.yaml, or do "
                         "not use the answer",
                         "the purpose of `%" PRI_STR "` names no purpose of the service `%" PRI_STR
                         "` that it is compatible with",
                         STR_ARG(f->id), STR_ARG(ref.service));
        vec_add(l->arena, &f->earlier, ref);
    }
}

static void load_prefill(struct form_loader *l, const struct yaml *node, struct form_field *f)
{
    static const struct {
        enum form_source source;
        unsigned kinds;
    } fits[] = {
        [FORM_ATTR_NAME] = {FORM_REGISTER, 1 << FORM_TEXT | 1 << FORM_LONGTEXT},
        [FORM_ATTR_ADDRESS] = {FORM_REGISTER, 1 << FORM_ADDRESS},
        [FORM_ATTR_EMAIL] = {FORM_REGISTER, 1 << FORM_EMAIL},
        [FORM_ATTR_PHONE] = {FORM_REGISTER, 1 << FORM_PHONE},
        [FORM_ATTR_BORN] = {FORM_REGISTER, 1 << FORM_DATE},
        [FORM_ATTR_IDNO] = {FORM_LOGIN, 1 << FORM_IDNO},
        [FORM_ATTR_INCOME] = {FORM_REGISTER, 1 << FORM_MONEY},
        [FORM_ATTR_CHILDREN] = {FORM_REGISTER, 1 << FORM_NUMBER},
        [FORM_ATTR_SINGLE] = {FORM_REGISTER, 1 << FORM_YESNO},
    };
    const struct yaml *p = yaml_get(node, "prefill");
    const struct yaml *name = p ? yaml_get(p, "source") : NULL;
    bool earlier = name && str_eq_z(name->text, "earlier");
    if (!p ||
        !yaml_keys(l->problems, p, "prefill", earlier ? "source! from! edit correct" : "source! attr! edit correct"))
        return;
    int source = yaml_choice(l->problems, p, "source", "register login earlier", -1);
    int attr = yaml_choice(l->problems, p, "attr", "name address email phone born idno income children single", -1);
    f->editable = yaml_bool(l->problems, p, "edit", true);
    f->correct = form_load_words(l, p, "correct");
    if (!f->editable && words_empty(&f->correct))
        yaml_problem(l->problems, p, "add `correct:` saying where one gets it put right",
                     "what cannot be edited here must say where it is corrected");
    if (earlier) {
        load_earlier(l, p, f);
        return;
    }
    if (source < 0 || attr < 0)
        return;
    f->source = source ? FORM_LOGIN : FORM_REGISTER;
    f->attr = (enum form_attr)attr;
    l->form->prefills_contact |= attr == FORM_ATTR_EMAIL || attr == FORM_ATTR_PHONE;
    if (attr >= FORM_ATTR_INCOME && f->editable)
        yaml_problem(l->problems, p, "write `edit: false`",
                     "what the register says of the household can not be edited (law 9)");
    if (f->source != fits[attr].source && !(f->source == FORM_LOGIN && attr == FORM_ATTR_NAME))
        yaml_problem(l->problems, yaml_get(p, "attr"),
                     "register gives name, address, email, phone, born, income, children and single; login gives "
                     "name and idno",
                     "this source does not have that");
    else if (!(fits[attr].kinds >> f->kind & 1))
        yaml_problem(l->problems, yaml_get(p, "attr"),
                     "name and text, born and date, income and money, children and number, single and yesno … belong "
                     "together",
                     "this cannot fill a field of this type");
    if (!f->editable && l->version->apply == SERVICE_ANONYMOUS)
        yaml_problem(l->problems, p, "let it be edited, or ask for a login (`apply: person` in service.yaml)",
                     "nobody can fill this in for one who applies without a name");
    if (f->kind == FORM_IDNO && f->editable)
        yaml_problem(l->problems, p, "write `edit: false`",
                     "an identity number from the login can not be edited (law 9)");
}

/* How long or how many: what is always a plain number. The other limits may be expressions (form_rules.c). */
static void load_sizes(struct form_loader *l, const struct yaml *node, struct form_field *f)
{
    struct problems *ps = l->problems;
    if (f->kind == FORM_TEXT || f->kind == FORM_LONGTEXT) {
        f->has_max = true;
        f->min = yaml_int(ps, node, "min_length", 0, 0, 20000);
        f->has_min = f->min > 0;
        f->max = yaml_int(ps, node, "max_length", f->kind == FORM_TEXT ? 200 : 4000, 1, 20000);
    } else if (f->kind == FORM_MULTISELECT) {
        f->min = yaml_int(ps, node, "min", 0, 0, FORM_OPTIONS);
        f->max = yaml_int(ps, node, "max", FORM_OPTIONS, 1, FORM_OPTIONS);
        f->has_min = f->min > 0, f->has_max = f->max < FORM_OPTIONS;
    }
}

static void load_file(struct form_loader *l, const struct yaml *node, struct form_field *f)
{
    struct problems *ps = l->problems;
    const struct yaml *accept = yaml_get(node, "accept") ? yaml_list(ps, node, "accept") : NULL;
    static const char *const usual[] = {"pdf", "jpg", "png"};
    for (size_t i = 0; !yaml_get(node, "accept") && i < 3; i++)
        vec_add(l->arena, &f->accept, filetype_find(str_of(usual[i])));
    for (size_t i = 0; accept && i < accept->n; i++) {
        struct str s = yaml_item(ps, accept->items[i], "a type of file");
        const struct filetype *t = filetype_find(s);
        if (t)
            vec_add(l->arena, &f->accept, t);
        else if (s.n)
            yaml_problem(ps, accept->items[i], "write for example `accept: [pdf, jpg, png]`",
                         "`%" PRI_STR "` cannot be received; pdf, jpg, png … was expected", STR_ARG(s));
    }
    f->max_bytes = yaml_int(ps, node, "max_mb", 10, 1, 50) * 1000000;
    f->max_files = (int)yaml_int(ps, node, "max_files", 5, 1, 50);
    f->doc_kind = yaml_get(node, "kind") ? yaml_name(ps, node, "kind") : S("attachment");
}

static void load_autocomplete(struct form_loader *l, const struct yaml *node, struct form_field *f)
{
    static const char *const tokens[] = {"off",          "name",          "given-name",  "family-name",
                                         "organization", "address-line1", "postal-code", "address-level2",
                                         "country-name", "bday",          "tel",         "email",
                                         "url"};
    const struct yaml *v = yaml_get(node, "autocomplete");
    if (!v)
        return;
    f->autocomplete = yaml_str(l->problems, node, "autocomplete");
    if (str_eq_z(f->autocomplete, "street-address") && !l->version->languages)
        f->autocomplete = S("address-line1"); /* published when it was still taken */
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++)
        if (str_eq_z(f->autocomplete, tokens[i]))
            return;
    yaml_problem(l->problems, v, "use off, name, given-name, family-name, address-line1, postal-code, tel, email …",
                 "`%" PRI_STR "` is no autocomplete word of HTML that we know", STR_ARG(f->autocomplete));
}

static void load_codes(struct form_loader *l, const struct yaml *node, const char *key, const struct form_field *f,
                       struct form_codes *ret)
{
    const struct yaml *list = yaml_get(node, key) ? yaml_list(l->problems, node, key) : NULL;
    for (size_t i = 0; list && i < list->n; i++) {
        struct str code = yaml_item(l->problems, list->items[i], "a code");
        bool known = (f->kind == FORM_COUNTRY ? i18n_country(LANG_EN, code) : i18n_currency(LANG_EN, code)).n;
        if (known)
            vec_add(l->arena, ret, code);
        else if (code.n)
            yaml_problem(l->problems, list->items[i],
                         f->kind == FORM_COUNTRY ? "write two capital letters of ISO 3166, for example NO"
                                                 : "write three capital letters of ISO 4217, for example NOK",
                         "there is no code `%" PRI_STR "`", STR_ARG(code));
    }
}

/* A repeat: what its rows are called. The fields that are shown in the list are looked up when all are known. */
static void load_repeat(struct form_loader *l, const struct yaml *node, struct form_field *f)
{
    f->row = form_load_words(l, node, "row");
    f->add = form_load_words(l, node, "add");
}

/* What belongs to one type alone. */
static void load_own(struct form_loader *l, const struct yaml *node, struct form_field *f)
{
    static const char *const countries[] = {"no", "dk"};
    if (f->kind == FORM_RADIO || f->kind == FORM_SELECT || f->kind == FORM_MULTISELECT)
        load_options(l, node, f);
    if (f->kind == FORM_NUMBER) {
        f->decimals = (int)yaml_int(l->problems, node, "decimals", 0, 0, 4);
        f->unit = form_load_words(l, node, "unit");
    }
    if (f->kind == FORM_FILE)
        load_file(l, node, f);
    if (f->kind == FORM_TEXT)
        load_autocomplete(l, node, f);
    if (f->kind == FORM_DECLARATION)
        f->text = form_load_words(l, node, "text");
    if (f->kind == FORM_REPEAT)
        load_repeat(l, node, f);
    if (f->kind == FORM_COUNTRY || f->kind == FORM_CURRENCY) {
        load_codes(l, node, "only", f, &f->only);
        load_codes(l, node, "except", f, &f->except);
    }
    int country = f->kind == FORM_ACCOUNT ? yaml_choice(l->problems, node, "country", "NO DK", -1) : -1;
    if (country >= 0)
        f->country = str_of(countries[country]);
}

static void load_item(struct form_loader *l, const struct yaml *node, struct form_place at);

static bool holds_fields(const struct form_field *f)
{
    return f->kind == FORM_GROUP || f->kind == FORM_REPEAT;
}

/* What a field has besides what all have. */
static void load_details(struct form_loader *l, const struct yaml *node, struct form_field *f, struct form_place at)
{
    bool text = f->kind == FORM_INFO || f->kind == FORM_WARNING;
    f->label = form_load_words(l, node, text ? "text" : holds_fields(f) ? "title" : "label");
    f->hint = form_load_words(l, node, "hint");
    f->why_own = yaml_get(node, "why");
    f->why = purpose(l, node, at.why);
    if (!text && !holds_fields(f) && !f->why && !f->why_own)
        yaml_problem(l->problems, node,
                     "add `why:` with a purpose of service.yaml, to the field, its group or its page; or do not ask",
                     "the field `%" PRI_STR "` does not say why it is asked", STR_ARG(f->id));
    load_sizes(l, node, f);
    load_own(l, node, f);
    load_prefill(l, node, f);
    if (f->source != FORM_TYPED && at.repeat)
        yaml_problem(l->problems, yaml_get(node, "prefill"), "ask it outside the repeat",
                     "what the register knows of the applicant cannot fill the rows of a repeat");
}

static void load_group(struct form_loader *l, const struct yaml *node, struct form_field *f, struct form_place at)
{
    if (at.depth >= FORM_DEPTH) {
        yaml_problem(l->problems, node, "put the fields on a page of their own", "groups nested over %d deep",
                     FORM_DEPTH);
        return;
    }
    const struct yaml *fields = yaml_list(l->problems, node, "fields");
    for (size_t i = 0; fields && i < fields->n; i++)
        load_item(l, fields->items[i],
                  (struct form_place){at.page, f, f->kind == FORM_REPEAT ? f : at.repeat, f->why, at.depth + 1});
    f->last = (int)l->form->fields.n - 1;
}

static void add_field(struct form_loader *l, const struct yaml *node, struct form_field *f, struct form_place at)
{
    f->page = (int)l->form->pages.n - 1;
    f->group = at.group;
    f->repeat = at.repeat;
    f->order = f->last = (int)l->nodes.n;
    vec_add(l->arena, &l->form->fields, f);
    vec_add(l->arena, &l->nodes, node);
    form_index_put(l->arena, &l->form->by_id, f->id, f->order);
    if (at.group)
        vec_add(l->arena, &at.group->fields, f);
    else
        vec_add(l->arena, &at.page->fields, f);
}

/* ---- attachments: one entry of form.yaml, three fields ---- */

static const char send_words[] = "now later before other none";
static const enum text send_texts[] = {T_form_send_now, T_form_send_later, T_form_send_before, T_form_send_other,
                                       T_form_send_none};

static struct words text_words(const struct form_loader *l, enum text key)
{
    struct words w = {0};
    for (int lang = 0; lang < LANG_COUNT; lang++)
        if (l->version->languages >> lang & 1 || !l->version->languages)
            w.in[lang] = i18n_text((enum lang)lang, key);
    return w;
}

/* A way to send that form.yaml names; -1: none of them, and the problem is added. */
static int send_way(struct form_loader *l, const struct yaml *at, struct str word)
{
    struct str rest = str_of(send_words), one;
    for (int i = 0; str_cut(&rest, ' ', &one); i++)
        if (str_eq(one, word))
            return i;
    yaml_problem(l->problems, at, "use now, later, before, other or none",
                 "`%" PRI_STR "` is no way to send a document", STR_ARG(word));
    return -1;
}

static void load_send(struct form_loader *l, const struct yaml *node, struct form_field *f)
{
    static const int usual[] = {0, 1, 2};
    const struct yaml *list = yaml_get(node, "send") ? yaml_list(l->problems, node, "send") : NULL;
    int64_t days = yaml_int(l->problems, node, "deadline_days", 0, 1, 3650);
    for (size_t i = 0; i < (list ? list->n : 3); i++) {
        int way = list ? send_way(l, list->items[i], yaml_item(l->problems, list->items[i], "a way")) : usual[i];
        if (way < 0)
            continue;
        struct str rest = str_of(send_words), key = {0};
        for (int k = 0; k <= way; k++)
            str_cut(&rest, ' ', &key);
        struct form_option option = {.key = key, .label = text_words(l, send_texts[way])};
        for (int lang = 0; days && way == 1 && lang < LANG_COUNT; lang++) {
            struct cx in = *l->cx;
            in.lang = (enum lang)lang;
            in.arena = l->arena;
            if (option.label.in[lang].n)
                option.hint.in[lang] = i18n_fmt(&in, T_form_send_deadline, ARG("n", days));
        }
        vec_add(l->arena, &f->options, option);
    }
}

static struct form_field *part_of(struct form_loader *l, const struct yaml *node, const struct form_field *whole,
                                  enum form_part_of part, struct form_place at)
{
    struct form_field *f = arena_new_of(l->arena, struct form_field);
    f->kind = part == FORM_PART_FILE ? FORM_FILE : FORM_TEXT;
    f->id = str_cat(l->arena, whole->id, part == FORM_PART_FILE ? S("_file") : S("_note"));
    f->why = whole->why;
    f->part = part;
    f->attachment = whole;
    f->label = whole->label;
    if (new_id(l, node, f->id))
        add_field(l, node, f, at);
    return f;
}

/* The note asks what the first way that needs one asks; the others ask the same way. */
static void load_note(struct form_loader *l, const struct yaml *node, const struct form_field *whole,
                      struct form_place at)
{
    const struct yaml *explain = yaml_get(node, "explain");
    if (!explain)
        return;
    if (explain->kind != YAML_MAP || !explain->n) {
        yaml_problem(l->problems, explain, "write for example `explain: { other: {da: …} }`",
                     "`explain` is a map of ways and their questions");
        return;
    }
    for (size_t i = 0; i < explain->n; i++) {
        const struct yaml *way = explain->items[i];
        if (send_way(l, way, way->key) >= 0 && !form_option_of(whole, way->key))
            yaml_problem(l->problems, way, "add it to `send:`", "the way `%" PRI_STR "` is not offered",
                         STR_ARG(way->key));
    }
    struct form_field *f = part_of(l, node, whole, FORM_PART_NOTE, at);
    f->has_max = true, f->max = 500;
    f->label = yaml_words_of(l->problems, explain->items[0], l->version->languages);
}

static void load_attachment(struct form_loader *l, const struct yaml *node, struct form_field *f, struct form_place at)
{
    f->kind = FORM_RADIO;
    load_send(l, node, f);
    struct form_field *file = part_of(l, node, f, FORM_PART_FILE, at);
    load_file(l, node, file);
    load_note(l, node, f, at);
}

/* One form has an end; it is said once. */
static bool has_place(struct form_loader *l, const struct yaml *node)
{
    if (l->nodes.n < FORM_FIELDS)
        return true;
    if (!l->full)
        yaml_problem(l->problems, node, "split it into several services", "more than %d fields in one form",
                     FORM_FIELDS);
    l->full = true;
    return false;
}

static void load_item(struct form_loader *l, const struct yaml *node, struct form_place at)
{
    const struct yaml *type = yaml_get(node, "type");
    if (node->kind != YAML_MAP) {
        yaml_keys(l->problems, node, "a field", "id! type!");
        return;
    }
    if (!type) {
        yaml_problem(l->problems, node, "add a line `type: text` (or another type)", "a field lacks the key 'type'");
        return;
    }
    int kind = yaml_choice(l->problems, node, "type", form_kind_words, -1);
    if (kind < 0 || !has_place(l, node))
        return;
    yaml_keys(l->problems, node, "a field of this type", keys_of[kind]);
    struct form_field *f = arena_new_of(l->arena, struct form_field);
    f->id = yaml_name(l->problems, node, "id");
    f->kind = (enum form_kind)kind;
    if (f->id.n && !new_id(l, node, f->id))
        return;
    if (f->kind == FORM_REPEAT && at.repeat) {
        yaml_problem(l->problems, node, "put it beside the other, or ask with a longtext",
                     "a repeat cannot lie in a repeat");
        return;
    }
    add_field(l, node, f, at);
    load_details(l, node, f, at);
    if (holds_fields(f))
        load_group(l, node, f, at);
    if (kind == FORM_ATTACHMENT)
        load_attachment(l, node, f, at);
}

static void load_page(struct form_loader *l, const struct yaml *node)
{
    if (!yaml_keys(l->problems, node, "a page", "id! title! intro when why fields!"))
        return;
    struct str id = yaml_name(l->problems, node, "id");
    for (size_t i = 0; i < l->form->pages.n; i++)
        if (id.n && str_eq(l->form->pages.p[i].id, id))
            yaml_problem(l->problems, yaml_get(node, "id"), "give each page an id of its own",
                         "there is a page `%" PRI_STR "` already", STR_ARG(id));
    for (size_t i = 0; form_taken_pages[i]; i++)
        if (str_eq_z(id, form_taken_pages[i]))
            yaml_problem(l->problems, yaml_get(node, "id"), "choose another id",
                         "`%s` is an address of the form itself and cannot name a page", form_taken_pages[i]);
    struct form_page *page = vec_push(l->arena, &l->form->pages);
    vec_add(l->arena, &l->page_nodes, node);
    page->id = id;
    page->title = form_load_words(l, node, "title");
    page->intro = form_load_words(l, node, "intro");
    page->why = purpose(l, node, NULL);
    page->first = (int)l->nodes.n;
    const struct yaml *fields = yaml_list(l->problems, node, "fields");
    for (size_t i = 0; fields && i < fields->n; i++)
        load_item(l, fields->items[i], (struct form_place){page, NULL, NULL, page->why, 0});
}

/* How many fields a browser sends for it at most. */
static size_t boxes(const struct form_field *f)
{
    if (!form_asks(f))
        return 0;
    bool parts = f->kind == FORM_DATE || f->kind == FORM_MONTH || f->kind == FORM_ADDRESS;
    return parts ? 3 : f->kind == FORM_MULTISELECT ? f->options.n : 1;
}

/* No page, and no row, has more than can be sent at once. */
static void check_boxes(struct form_loader *l)
{
    for (size_t i = 0; i < l->form->pages.n; i++) {
        size_t first = (size_t)l->form->pages.p[i].first, n = 0, in_row = 0;
        for (size_t k = first; k < l->nodes.n && l->form->fields.p[k]->page == (int)i; k++) {
            const struct form_field *f = l->form->fields.p[k];
            in_row = f->kind == FORM_REPEAT ? 0 : in_row + (f->repeat ? boxes(f) : 0);
            n += f->repeat ? 0 : boxes(f);
            if (n <= FORM_BOXES && in_row <= FORM_BOXES)
                continue;
            yaml_problem(l->problems, l->nodes.p[k], "make a new page begin here",
                         "more than %d boxes to fill in on one page", FORM_BOXES);
            break;
        }
    }
}

static void load_pages(struct form_loader *l, const struct yaml *top)
{
    const struct yaml *pages = yaml_list(l->problems, top, "pages");
    for (size_t i = 0; pages && i < pages->n; i++) {
        if (i >= FORM_PAGES) {
            yaml_problem(l->problems, pages->items[i], "split it into several services", "more than %d pages",
                         FORM_PAGES);
            return;
        }
        load_page(l, pages->items[i]);
    }
}

static void load_lines(struct form_loader *l)
{
    struct str id = l->version->lines;
    if (!id.n)
        return;
    const struct form_field *f = form_field_of(l->form, id);
    if (f && !f->repeat && (f->kind == FORM_MULTISELECT || f->kind == FORM_RADIO || f->kind == FORM_SELECT))
        l->form->lines = f;
    else
        problem_add(l->problems, l->file, 0, 0, "name a field of type multiselect, radio or select in service.yaml",
                    "service.yaml says `lines: %" PRI_STR "`, but that %s", STR_ARG(id),
                    !f          ? "field is not in the form"
                    : f->repeat ? "field lies in a repeat"
                                : "field has no options");
}

/* service.yaml's `cosign` names the field that says who. */
static void load_cosign(struct form_loader *l)
{
    const struct service_cosign *c = &l->version->cosign;
    if (!c->field.n)
        return;
    const struct form_field *f = form_field_of(l->form, c->field);
    enum form_kind want = c->by == COSIGN_ORGANISATION ? FORM_ORGNO : FORM_IDNO;
    if (!f || f->repeat || f->kind != want)
        problem_add(l->problems, l->file, 0, 0,
                    want == FORM_ORGNO ? "name a field of type orgno in service.yaml"
                                       : "name a field of type idno in service.yaml",
                    "service.yaml says `cosign: {field: %" PRI_STR "}`, but that %s", STR_ARG(c->field),
                    !f          ? "field is not in the form"
                    : f->repeat ? "field lies in a repeat"
                                : "field is of another type");
    l->form->cosign = f;
}

enum err form_load(struct cx *cx, struct arena *a, const struct service_version *version, const struct yaml *yaml,
                   struct problems *problems, const struct form **ret)
{
    struct form_loader l = {.cx = cx, .arena = a, .problems = problems, .version = version, .file = yaml->file};
    size_t before = problems->list.n;
    l.form = arena_new_of(a, struct form);
    if (yaml_keys(problems, yaml, "form.yaml", "minutes need conditions checks pages!")) {
        l.form->minutes = (int)yaml_int(problems, yaml, "minutes", 0, 1, 600);
        const struct yaml *need = yaml_get(yaml, "need") ? yaml_list(problems, yaml, "need") : NULL;
        for (size_t i = 0; need && i < need->n; i++)
            vec_add(a, &l.form->need, yaml_words_of(problems, need->items[i], version->languages));
        load_pages(&l, yaml);
        form_load_conditions(&l, yaml);
        form_load_uses(&l);
        load_lines(&l);
        load_cosign(&l);
        check_names(&l);
        check_boxes(&l);
    }
    if (problems->list.n != before)
        return fail(cx, ERR_SYNTAX, "%zu faults in %" PRI_STR, problems->list.n - before, STR_ARG(yaml->file));
    *ret = l.form;
    return ERR_OK;
}
