/* The rules of a service folder: `rules` of service.yaml and its DMN models, compiled and checked when it is loaded. */
#include "decision_rules.h"

#include "decision_examples.h"

enum { ALL_LANGUAGES = (1 << LANG_COUNT) - 1 };
#define GAP_REMEDY "add a rule for it, or a default output"
#define OVERLAP_REMEDY "let the rules exclude each other, or choose another hit policy"

struct loading {
    struct cx *cx;
    struct arena *a;
    struct service_version *v;
    struct problems *ps;
    struct rules *rules;
    unsigned languages;
    VEC_OF(const struct yaml *) nodes; /* of the inputs */
};

const struct rules_set *rules_of_day(const struct rules *rules, day_t day)
{
    for (size_t i = rules->sets.n; i-- > 0;) {
        const struct rules_set *s = &rules->sets.p[i];
        if (day >= s->from && (!s->until || day <= s->until))
            return s;
    }
    return NULL;
}

const struct rules_set *rules_newest(const struct rules *rules)
{
    const struct rules_set *newest = &rules->sets.p[0];
    for (size_t i = 1; i < rules->sets.n; i++)
        if (rules->sets.p[i].from > newest->from)
            newest = &rules->sets.p[i];
    return newest;
}

struct str rules_word(struct cx *cx, const void *ctx, struct str word)
{
    const struct rules *rules = ctx;
    for (size_t i = 0; i < rules->words.n; i++)
        if (str_eq(rules->words.p[i].word, word))
            return words_in(&rules->words.p[i].text, cx->lang);
    return S("");
}

/* ---- inputs ---- */

static bool register_answer(struct str attr, enum form_answer *ret)
{
    static const struct {
        const char *attr;
        enum form_answer answer;
    } known[] = {{"income", FORM_ANSWER_MONEY},
                 {"children", FORM_ANSWER_NUMBER},
                 {"single", FORM_ANSWER_YESNO},
                 {"born", FORM_ANSWER_DATE}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq_z(attr, known[i].attr)) {
            *ret = known[i].answer;
            return true;
        }
    return false;
}

static void load_field(struct loading *l, const struct yaml *node, struct rules_input *in)
{
    const struct form *form = form_of(l->v);
    in->from = RULES_FIELD;
    in->key = yaml_str(l->ps, node, "field");
    if (!form || !in->key.n) { /* form.yaml has faults of its own: no more of this one */
        in->answer = FORM_ANSWER_OTHER;
        in->fixed = true;
        return;
    }
    if (!form_describe(l->cx, form, in->key, &in->field)) {
        yaml_problem(l->ps, yaml_get(node, "field"), "use the id of a field of form.yaml",
                     "the form asks no `%" PRI_STR "`", STR_ARG(in->key));
        return;
    }
    in->answer = in->field.answer;
    in->fixed = in->field.fixed;
    if (in->field.rows)
        yaml_problem(
            l->ps, yaml_get(node, "field"),
            "bind it to a computed field that says it of all rows: `value: { count: [<repeat>, <condition>] }`",
            "`%" PRI_STR "` is answered in rows, and an input has one value", STR_ARG(in->key));
    else if (in->answer == FORM_ANSWER_OTHER)
        yaml_problem(l->ps, yaml_get(node, "field"), "bind it to a number, money, a date, yes or no, or a choice",
                     "rules cannot use a field of this type (law 9)");
}

/* Law 9: what decides comes from login or register. What the citizen types counts only where a law lets their word be
   enough, and never for money, nor for what is computed from it. */
static void check_law_9(struct loading *l, const struct yaml *node, struct rules_input *in)
{
    struct str key = yaml_str(l->ps, node, "on_word");
    const struct service_law *law = key.n ? service_law(l->v, key) : NULL;
    bool typed = in->from == RULES_FIELD && !in->fixed;
    if (!typed && key.n)
        yaml_problem(l->ps, yaml_get(node, "on_word"), "take the line away", "this is not typed by the citizen");
    else if (key.n && !law)
        yaml_problem(l->ps, yaml_get(node, "on_word"), "name a key of the list `laws`",
                     "there is no law '%" PRI_STR "'", STR_ARG(key));
    else if (typed && (in->answer == FORM_ANSWER_MONEY || in->field.typed_money))
        yaml_problem(l->ps, node, "bind it to `register: income`, or to a field with `prefill: {…, edit: false}`",
                     "`%" PRI_STR "` is %s that the citizen types; it cannot decide (law 9)", STR_ARG(in->key),
                     in->field.typed_money ? "computed from money" : "money");
    else if (typed && !key.n)
        yaml_problem(l->ps, node,
                     "bind it to a register, or to a field with `prefill: {…, edit: false}`, or name the law that lets "
                     "the citizen's word be enough: `on_word: <key of laws>`",
                     "`%" PRI_STR "` is typed by the citizen; what decides comes from login or register (law 9)",
                     STR_ARG(in->key));
    if (law)
        in->law = law->ref;
}

static void load_input(struct loading *l, const struct yaml *node)
{
    struct rules_input in = {0};
    if (!yaml_keys(l->ps, node, "an input of the rules", "input! field register value day on_word"))
        return;
    in.name = yaml_str(l->ps, node, "input");
    int bound =
        !!yaml_get(node, "field") + !!yaml_get(node, "register") + !!yaml_get(node, "value") + !!yaml_get(node, "day");
    if (bound != 1)
        yaml_problem(l->ps, node, "write `field: …`, `register: income`, `value: …` or `day: true`",
                     "an input is bound to one thing, not to %d", bound);
    if (yaml_get(node, "field")) {
        load_field(l, node, &in);
    } else if (yaml_get(node, "register")) {
        in.from = RULES_REGISTER;
        in.fixed = true;
        in.key = yaml_str(l->ps, node, "register");
        if (in.key.n && !register_answer(in.key, &in.answer))
            yaml_problem(l->ps, yaml_get(node, "register"), "there are income, children, single and born",
                         "the registers have no '%" PRI_STR "'", STR_ARG(in.key));
        l->v->asks_household |= party_is_household(in.key);
    } else if (yaml_get(node, "value")) {
        in.from = RULES_VALUE;
        in.value = yaml_str(l->ps, node, "value");
        in.answer = FORM_ANSWER_OTHER; /* the model says of which type it is */
    } else if (yaml_get(node, "day")) {
        in.from = RULES_DAY;
        in.answer = FORM_ANSWER_DATE;
        yaml_bool(l->ps, node, "day", true);
    }
    check_law_9(l, node, &in);
    for (size_t i = 0; i < l->rules->inputs.n; i++)
        if (str_eq(l->rules->inputs.p[i].name, in.name))
            yaml_problem(l->ps, node, "bind each input once", "`%" PRI_STR "` is bound already", STR_ARG(in.name));
    vec_add(l->a, &l->rules->inputs, in);
    vec_add(l->a, &l->nodes, node);
}

static void load_words(struct loading *l)
{
    const struct yaml *list = yaml_list(l->ps, l->v->rules_yaml, "words");
    for (size_t i = 0; list && i < list->n; i++) {
        struct rules_word w = {0};
        if (!yaml_keys(l->ps, list->items[i], "words for the rules", "word! text!"))
            continue;
        w.word = yaml_str(l->ps, list->items[i], "word");
        w.text = yaml_words(l->ps, list->items[i], "text", l->languages);
        vec_add(l->a, &l->rules->words, w);
    }
}

static bool has_words(const struct rules *rules, struct str word)
{
    for (size_t i = 0; i < rules->words.n; i++)
        if (str_eq(rules->words.p[i].word, word))
            return true;
    return false;
}

/* ---- models ---- */

struct reading {
    struct loading *l;
    const struct service_file *file;
    struct str name;
    const struct dmn_model *model;
    struct dmn_warnings warnings;
    enum err err;
};

static void read_model(void *ctx)
{
    struct reading *r = ctx;
    struct loading *l = r->l;
    r->err = dmn_load(l->cx, l->a, r->name, r->file->text, NULL, &r->warnings, &r->model);
}

static const struct dmn_model *load_model(struct loading *l, const struct yaml *at, struct str file)
{
    struct reading r = {.l = l, .file = service_file(l->v, file), .warnings = dmn_warnings_make(l->a)};
    r.name = str_fmt(l->a, "%" PRI_STR "/%" PRI_STR, STR_ARG(l->v->folder), STR_ARG(file));
    if (!r.file) {
        yaml_problem(l->ps, at, "add the file, or name the one that is there", "there is no %" PRI_STR, STR_ARG(file));
        return NULL;
    }
    if (!arena_try(l->a, read_model, &r))
        problem_add(l->ps, r.name, 0, 0, "make it smaller", "the model needs more memory than a service may have");
    else if (r.err)
        problem_add(l->ps, r.name, 0, 0, "write DMN 1.1 to 1.5 as XML", "%" PRI_STR, STR_ARG(l->cx->fail.detail));
    for (size_t i = 0; i < r.warnings.list.n; i++) {
        const struct dmn_warning *w = &r.warnings.list.p[i];
        problem_add(l->ps, r.name, w->line, 1, "correct the model: rules that decide must be right throughout",
                    "%" PRI_STR ": %" PRI_STR, STR_ARG(w->element), STR_ARG(w->what));
    }
    return r.err ? NULL : r.model;
}

static void model_problem(struct loading *l, const struct rules_set *set, const struct dmn_item *it, const char *remedy,
                          struct str what)
{
    problem_add(l->ps, it ? it->file : set->file, it ? it->line : 0, 1, remedy, "%" PRI_STR, STR_ARG(what));
}

static bool fits(enum form_answer answer, enum feel_type_kind kind)
{
    switch (answer) {
    case FORM_ANSWER_TEXT:
    case FORM_ANSWER_CHOICE:
        return kind == FEEL_T_STRING;
    case FORM_ANSWER_NUMBER:
    case FORM_ANSWER_MONEY:
        return kind == FEEL_T_NUMBER;
    case FORM_ANSWER_DATE:
        return kind == FEEL_T_DATE;
    case FORM_ANSWER_YESNO:
        return kind == FEEL_T_BOOLEAN;
    case FORM_ANSWER_CHOICES:
        return kind == FEEL_T_LIST;
    case FORM_ANSWER_OTHER:
        break;
    }
    return true;
}

static void bind(struct loading *l, struct rules_set *set, const struct dmn_item *it)
{
    size_t i = 0;
    while (i < l->rules->inputs.n && dmn_find(set->model, DMN_INPUT, (struct str){0}, l->rules->inputs.p[i].name) != it)
        i++;
    if (i == l->rules->inputs.n) {
        model_problem(l, set, it, "bind it under `rules: inputs:` in service.yaml",
                      str_fmt(l->a, "the input \"%" PRI_STR "\" is bound to nothing", STR_ARG(it->name)));
        return;
    }
    const struct rules_input *in = &l->rules->inputs.p[i];
    set->items[i] = it;
    if (!it->type || it->type->kind == FEEL_T_ANY)
        model_problem(l, set, it, "give its variable a typeRef: number, string, boolean, date …",
                      str_fmt(l->a, "the input \"%" PRI_STR "\" has no type", STR_ARG(it->name)));
    else if (!fits(in->answer, it->type->kind))
        model_problem(
            l, set, it, "give the input the type of what it is bound to, or bind it to something else",
            str_fmt(l->a, "the input \"%" PRI_STR "\" is bound to something of another type", STR_ARG(it->name)));
    else if (in->from == RULES_VALUE && feel_is_null(rules_value(l->cx, set, i, in->value)))
        yaml_problem(l->ps, l->nodes.p[i], "write a value of the input's type", "`%" PRI_STR "` is no value for it",
                     STR_ARG(in->value));
    if (!has_words(l->rules, it->name))
        yaml_problem(l->ps, l->nodes.p[i], "add it under `rules: words:`",
                     "`%" PRI_STR "` has no words for those who read the receipt", STR_ARG(it->name));
}

/* ---- gaps and overlaps over what the inputs can be ---- */

static struct dmn_domain domain_of(struct loading *l, const struct rules_set *set, size_t i)
{
    const struct rules_input *in = &l->rules->inputs.p[i];
    struct dmn_domain d = {.item = set->items[i], .range = {.low_bound = FEEL_UNBOUNDED, .high_bound = FEEL_UNBOUNDED}};
    struct feel_value *values = arena_array(l->a, struct feel_value, in->field.options.n + 1);
    int8_t scale = in->answer == FORM_ANSWER_MONEY ? 2 : 4;
    d.whole = in->field.whole || str_eq_z(in->key, "children");
    if (in->field.has_min)
        d.range.low = rules_number(in->field.min, scale), d.range.low_bound = FEEL_CLOSED;
    if (in->field.has_max)
        d.range.high = rules_number(in->field.max, scale), d.range.high_bound = FEEL_CLOSED;
    if (in->from == RULES_REGISTER && in->answer != FORM_ANSWER_DATE && in->answer != FORM_ANSWER_YESNO)
        d.range.low = feel_int(0), d.range.low_bound = FEEL_CLOSED;
    for (size_t k = 0; in->answer == FORM_ANSWER_CHOICE && k < in->field.options.n; k++)
        values[d.n_values++] = feel_string(in->field.options.p[k]);
    if (in->from == RULES_VALUE)
        values[d.n_values++] = rules_value(l->cx, set, i, in->value);
    d.values = values;
    return d;
}

static void check_holes(struct loading *l, const struct rules_set *set)
{
    struct dmn_domain *domains = arena_array(l->a, struct dmn_domain, l->rules->inputs.n);
    struct dmn_hole *holes;
    size_t n = 0, n_holes;
    for (size_t i = 0; i < l->rules->inputs.n; i++)
        if (set->items[i])
            domains[n++] = domain_of(l, set, i);
    dmn_find_holes(l->cx, set->model, set->decision, domains, n, &holes, &n_holes);
    for (size_t i = 0; i < n_holes; i++) {
        const struct dmn_hole *h = &holes[i];
        if (h->kind == DMN_GAP)
            problem_add(l->ps, h->item->file, h->line, 1, GAP_REMEDY,
                        "\"%" PRI_STR "\" has a gap: no rule for %" PRI_STR, STR_ARG(h->item->name),
                        STR_ARG(h->example));
        else if (h->kind == DMN_OVERLAP)
            problem_add(l->ps, h->item->file, h->line, 1, OVERLAP_REMEDY,
                        "\"%" PRI_STR "\": rules %zu and %zu both hold for %" PRI_STR, STR_ARG(h->item->name),
                        h->rules[0], h->rules[1], STR_ARG(h->example));
    }
}

/* ---- sets ---- */

static bool can_be(struct arena *a, const struct feel_type *type, struct str text)
{
    const struct feel_value *values;
    size_t n = dmn_type_values(a, type, &values);
    bool found = !n;
    for (size_t i = 0; i < n && !found; i++)
        found = feel_equal(values[i], feel_string(text)) == 1;
    return found;
}

static void check_decision(struct loading *l, const struct yaml *at, struct rules_set *set)
{
    const struct dmn_item *d = dmn_find(set->model, DMN_DECISION, (struct str){0}, l->rules->decision);
    if (!d) {
        yaml_problem(l->ps, at, "name a decision of the model", "the model has no decision \"%" PRI_STR "\"",
                     STR_ARG(l->rules->decision));
        return;
    }
    set->decision = d;
    if (d->type && d->type->kind != FEEL_T_STRING)
        model_problem(l, set, d, "give it a type of texts; a full yes is the text under `grant` (\"grant\")",
                      str_fmt(l->a, "\"%" PRI_STR "\" does not give a text", STR_ARG(d->name)));
    else if (!can_be(l->a, d->type, l->rules->grant))
        model_problem(l, set, d, "let `grant` be one of the values the decision can have",
                      str_fmt(l->a, "\"%" PRI_STR "\" can never be \"%" PRI_STR "\"", STR_ARG(d->name),
                              STR_ARG(l->rules->grant)));
    for (size_t i = 0; i < d->n_requires; i++) {
        const struct dmn_item *it = d->requires[i];
        if (it->kind == DMN_INPUT)
            bind(l, set, it);
        else if (it->kind == DMN_DECISION && !has_words(l->rules, it->name))
            model_problem(
                l, set, it, "add it under `rules: words:` in service.yaml",
                str_fmt(l->a, "\"%" PRI_STR "\" has no words for those who read the receipt", STR_ARG(it->name)));
    }
    if (!has_words(l->rules, d->name) || !has_words(l->rules, l->rules->grant))
        yaml_problem(l->ps, at, "add them under `rules: words:`",
                     "the decision and its yes (`%" PRI_STR "`) have no words for those who read the receipt",
                     STR_ARG(l->rules->grant));
}

static void add_set(struct loading *l, const struct yaml *at, struct str file, day_t from, day_t until)
{
    size_t before = l->ps->list.n;
    struct rules_set set = {.file = file, .from = from, .until = until, .model = load_model(l, at, file)};
    set.items = arena_array(l->a, const struct dmn_item *, l->rules->inputs.n + 1);
    if (!set.model)
        return;
    check_decision(l, at, &set);
    if (l->ps->list.n == before)
        check_holes(l, &set);
    for (size_t i = 0; i < l->rules->sets.n; i++) {
        const struct rules_set *other = &l->rules->sets.p[i];
        if ((!other->until || other->until >= from) && (!until || until >= other->from))
            yaml_problem(l->ps, at, "let one end the day before the other begins",
                         "%" PRI_STR " and %" PRI_STR " are valid on the same days", STR_ARG(file),
                         STR_ARG(other->file));
    }
    vec_add(l->a, &l->rules->sets, set);
}

static void load_sets(struct loading *l)
{
    const struct yaml *top = l->v->rules_yaml, *list = yaml_get(top, "periods");
    if (!list) {
        add_set(l, top, S("rules.dmn"), 0, 0);
        return;
    }
    list = yaml_list(l->ps, top, "periods");
    for (size_t i = 0; list && i < list->n; i++) {
        const struct yaml *node = list->items[i];
        day_t from = 0, until = 0;
        if (!yaml_keys(l->ps, node, "a period of rules", "file! from until"))
            continue;
        yaml_day(l->ps, node, "from", &from);
        yaml_day(l->ps, node, "until", &until);
        if (until && until < from)
            yaml_problem(l->ps, yaml_get(node, "until"), "put the later date last", "the rules end before they begin");
        add_set(l, node, yaml_str(l->ps, node, "file"), from, until);
    }
}

/* An input that no model uses is a mistake in its name. */
static void check_unused(struct loading *l)
{
    bool some_fact = false;
    for (size_t i = 0; i < l->rules->inputs.n; i++) {
        bool used = !l->rules->sets.n;
        for (size_t k = 0; k < l->rules->sets.n; k++)
            used |= l->rules->sets.p[k].items[i] != NULL;
        some_fact |= l->rules->inputs.p[i].fixed;
        if (!used)
            yaml_problem(l->ps, l->nodes.p[i], "use the name of an input that the decision needs",
                         "the decision needs no \"%" PRI_STR "\"", STR_ARG(l->rules->inputs.p[i].name));
    }
    if (!some_fact && l->rules->inputs.n)
        yaml_problem(l->ps, l->v->rules_yaml, "bind an input to a register or to a field that comes from one",
                     "nothing here comes from login or register; rules cannot decide on that (law 9)");
}

/* Can they be asked? With faults they are never published. */
static bool usable(const struct rules *rules)
{
    for (size_t i = 0; i < rules->sets.n; i++)
        if (!rules->sets.p[i].decision)
            return false;
    return rules->sets.n > 0;
}

static bool is_rules_file(struct str path)
{
    return str_ends(path, S(".dmn"));
}

static enum err load(struct cx *cx, struct arena *a, struct service_version *v, struct problems *ps)
{
    struct loading l = {
        .cx = cx, .a = a, .v = v, .ps = ps, .languages = cx->muni ? cx->muni->languages : ALL_LANGUAGES};
    if (!v->rules_yaml) {
        for (size_t i = 0; i < v->files.n; i++)
            if (is_rules_file(v->files.p[i].path))
                problem_add(ps, str_fmt(a, "%" PRI_STR "/%" PRI_STR, STR_ARG(v->folder), STR_ARG(v->files.p[i].path)),
                            0, 0, "add `rules:` to service.yaml, or remove the file", "nobody would ask these rules");
        return ERR_OK;
    }
    if (!yaml_keys(ps, v->rules_yaml, "'rules'", "decision! grant inputs! words! periods"))
        return ERR_OK;
    l.rules = arena_new_of(a, struct rules);
    l.rules->decision = yaml_str(ps, v->rules_yaml, "decision");
    l.rules->grant = yaml_get(v->rules_yaml, "grant") ? yaml_str(ps, v->rules_yaml, "grant") : S("grant");
    if (v->apply != SERVICE_PERSON || !v->decides)
        yaml_problem(ps, v->rules_yaml, "write `apply: person` and `decision_law: …`",
                     "rules decide for one who has logged in, by a law");
    const struct yaml *list = yaml_list(ps, v->rules_yaml, "inputs");
    for (size_t i = 0; list && i < list->n; i++)
        load_input(&l, list->items[i]);
    load_words(&l);
    load_sets(&l);
    check_unused(&l);
    if (usable(l.rules)) /* a stored version stays so when the municipality has got one language more */
        v->rules = l.rules;
    return ERR_OK;
}

const struct service_part decision_part = {.name = "decision", .load = load, .try_example = rules_try_example};
