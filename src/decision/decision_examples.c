/* `indgang try` for rules: applications with the outcome that is expected, and tables of inputs and outcomes. */
#include "decision_examples.h"

#include "codec/codec.h"
#include "decision_rules.h"

/* "grant" or "person": what came of it, and what the rules said. */
static void compare(struct cx *cx, const struct rules *rules, const struct rules_said *said, const struct yaml *want,
                    struct problems *ps)
{
    bool granted = said->why == DECISION_WHY_GRANTED;
    bool expected = str_eq(want->text, rules->grant);
    if (!expected && !str_eq_z(want->text, "person")) {
        yaml_problem(ps, want, "expect the answer that is a full yes, or `person`", "`%" PRI_STR "` is no outcome",
                     STR_ARG(want->text));
        return;
    }
    if (granted == expected)
        return;
    struct str why = said->about ? str_fmt(cx->arena, "%" PRI_STR " is not known", STR_ARG(said->about->name))
                                 : str_fmt(cx->arena, "the rules say %" PRI_STR, STR_ARG(said->result));
    yaml_problem(ps, want, "correct the rules or the example", "%s: %" PRI_STR,
                 granted ? "it is granted on the spot" : "a person decides", STR_ARG(why));
}

/* ---- an application ---- */

/* What the registers say of the example's person besides the household. */
static void add_born(struct cx *cx, const struct yaml *example, struct party_facts *facts)
{
    const struct yaml *key = yaml_get(example, "person");
    const struct municipality_person *p = cx->muni && key ? municipality_person(cx->muni, key->text) : NULL;
    if (p)
        vec_add(cx->arena, &facts->rows,
                (struct party_fact){S("born"), civil_iso_day(cx->arena, p->born), S("register"), cx->now_us});
}

static enum err try_application(struct cx *cx, const struct service_version *v, const struct yaml *example,
                                const struct yaml *want, struct problems *ps)
{
    struct party_facts known = {0};
    struct rules_case in = {.facts = &known, .day = civil_day_of_us(cx->now_us)};
    struct rules_facts facts;
    struct rules_said said;
    if (yaml_get(example, "today"))
        civil_parse_day(yaml_get(example, "today")->text, &in.day);
    if (form_example_answers(cx, v, example, &in.answers_json, &known)) {
        yaml_problem(ps, want, "correct the answers", "nothing is sent, because an answer is not accepted");
        return ERR_OK;
    }
    add_born(cx, example, &known);
    const struct rules_set *set = rules_of_day(v->rules, in.day);
    if (!set) {
        said = (struct rules_said){.why = DECISION_WHY_NO_RULES, .result = S("nothing: none are valid on that day")};
        compare(cx, v->rules, &said, want, ps);
        return ERR_OK;
    }
    enum err e = rules_gather(cx, v->rules, set, &in, &facts);
    if (e)
        return e;
    rules_ask(cx, v->rules, set, &facts, &(struct rules_asked){.now_us = cx->now_us, .lang = cx->lang}, &said);
    compare(cx, v->rules, &said, want, ps);
    return ERR_OK;
}

/* ---- a table ---- */

struct table {
    const struct service_version *v;
    const struct rules_set *set;
    struct str day;     /* 2026-01-31 */
    size_t columns[64]; /* input of each */
    size_t n;
};

static size_t input_named(const struct rules *rules, struct str name)
{
    size_t i = 0;
    while (i < rules->inputs.n && !str_eq(rules->inputs.p[i].name, name))
        i++;
    return i;
}

/* Inputs that the table does not name have the value of the folder, or are the day, or nothing. */
static void try_row(struct cx *cx, const struct table *t, const struct yaml *row, struct problems *ps)
{
    const struct rules *rules = t->v->rules;
    struct rules_facts facts = {.rows = arena_array(cx->arena, struct rules_fact, rules->inputs.n + 1),
                                .n = rules->inputs.n};
    struct rules_said said;
    if (row->kind != YAML_LIST || row->n != t->n + 1) {
        yaml_problem(ps, row, "write a value for each input, then the outcome", "a row of %zu values, not %zu", row->n,
                     t->n + 1);
        return;
    }
    for (size_t i = 0; i < facts.n; i++) {
        const struct rules_input *in = &rules->inputs.p[i];
        facts.rows[i] = (struct rules_fact){.input = in, .origin = DECISION_REGISTER, .source = S("register")};
        facts.rows[i].at_us = cx->now_us;
        if (in->from == RULES_VALUE)
            facts.rows[i].value = rules_value(cx, t->set, i, in->value);
        else if (in->from == RULES_DAY)
            facts.rows[i].value = rules_value(cx, t->set, i, t->day);
    }
    for (size_t i = 0; i < t->n; i++) {
        struct str text = row->items[i]->text;
        struct feel_value v = rules_value(cx, t->set, t->columns[i], text);
        if (feel_is_null(v) && !str_eq_z(text, "-"))
            yaml_problem(ps, row->items[i], "write a value of the input's type, or - for nothing",
                         "`%" PRI_STR "` is no value for it", STR_ARG(text));
        facts.rows[t->columns[i]].value = v;
    }
    rules_ask(cx, rules, t->set, &facts, &(struct rules_asked){.now_us = cx->now_us, .lang = cx->lang}, &said);
    compare(cx, rules, &said, row->items[t->n], ps);
}

static void try_table(struct cx *cx, const struct service_version *v, const struct yaml *example, struct problems *ps)
{
    const struct yaml *node = yaml_get(example, "table");
    struct table t = {.v = v};
    day_t day = civil_day_of_us(cx->now_us);
    if (!yaml_keys(ps, example, "an example with a table", "about today table!") ||
        !yaml_keys(ps, node, "a table of outcomes", "inputs! rows!"))
        return;
    if (yaml_get(example, "today"))
        yaml_day(ps, example, "today", &day);
    t.day = civil_iso_day(cx->arena, day);
    t.set = rules_of_day(v->rules, day);
    if (!t.set) {
        yaml_problem(ps, example, "add `today:` with a day on which they are valid", "no rules are valid on that day");
        return;
    }
    const struct yaml *inputs = yaml_list(ps, node, "inputs"), *rows = yaml_list(ps, node, "rows");
    for (size_t i = 0; inputs && i < inputs->n && t.n < sizeof t.columns / sizeof *t.columns; i++) {
        struct str name = yaml_item(ps, inputs->items[i], "an input");
        t.columns[t.n] = input_named(v->rules, name);
        if (t.columns[t.n] == v->rules->inputs.n || !t.set->items[t.columns[t.n]]) {
            yaml_problem(ps, inputs->items[i], "use an input of `rules:` in service.yaml",
                         "there is no input \"%" PRI_STR "\"", STR_ARG(name));
            return;
        }
        t.n++;
    }
    for (size_t i = 0; rows && i < rows->n; i++)
        try_row(cx, &t, rows->items[i], ps);
}

enum err rules_try_example(struct cx *cx, const struct service_version *version, const struct yaml *example,
                           struct problems *ps)
{
    const struct yaml *want = yaml_get(yaml_get(example, "expect"), "outcome"), *table = yaml_get(example, "table");
    if (!want && !table)
        return ERR_OK;
    if (!version->rules) {
        yaml_problem(ps, want ? want : table, "add `rules:` to service.yaml, or leave it out",
                     "this service has no rules that could answer");
        return ERR_OK;
    }
    if (table) {
        try_table(cx, version, example, ps);
        return ERR_OK;
    }
    return try_application(cx, version, example, want, ps);
}
