/* Trying rules out on a page: no application, no person, nothing stored. */
#include "decision_rules.h"

#include "codec/codec.h"
#include "i18n/i18n.h"

static struct str word_or(struct cx *cx, const struct rules *rules, struct str word)
{
    struct str own = rules_word(cx, rules, word);
    return own.n ? own : word;
}

/* The values that the type of an input lists: "municipal", "private". */
static void add_options(struct cx *cx, const struct rules *rules, const struct dmn_item *it,
                        struct decision_trial_input *in)
{
    const struct feel_value *values;
    size_t n = dmn_type_values(cx->arena, it->type, &values);
    for (size_t i = 0; i < n; i++)
        if (values[i].kind == FEEL_STRING)
            vec_add(cx->arena, &in->options,
                    (struct decision_trial_option){feel_str(values[i]), word_or(cx, rules, feel_str(values[i]))});
}

static enum decision_trial_kind kind_of(const struct dmn_item *it)
{
    if (!it->type)
        return DECISION_TRIAL_TEXT;
    switch (it->type->kind) {
    case FEEL_T_BOOLEAN:
        return DECISION_TRIAL_YESNO;
    case FEEL_T_NUMBER:
        return DECISION_TRIAL_NUMBER;
    case FEEL_T_DATE:
        return DECISION_TRIAL_DATE;
    default:
        return DECISION_TRIAL_TEXT;
    }
}

static const struct rules_set *set_now(struct cx *cx, const struct service_version *v)
{
    const struct rules_set *set = rules_of_day(v->rules, civil_day_of_us(cx->now_us));
    return set ? set : rules_newest(v->rules);
}

void decision_trial_begin(struct cx *cx, const struct service_version *v, struct decision_trial *ret)
{
    *ret = (struct decision_trial){0};
    if (!v->rules)
        return;
    const struct rules_set *set = set_now(cx, v);
    ret->file = set->file;
    for (size_t i = 0; i < v->rules->inputs.n; i++) {
        const struct rules_input *in = &v->rules->inputs.p[i];
        const struct dmn_item *it = set->items[i];
        if (!it)
            continue;
        struct decision_trial_input *row = vec_push(cx->arena, &ret->inputs);
        *row = (struct decision_trial_input){
            .index = i, .label = word_or(cx, v->rules, in->name), .kind = kind_of(it), .value = S("")};
        if (in->from == RULES_VALUE)
            row->value = in->value;
        if (in->from == RULES_DAY)
            row->value = civil_iso_day(cx->arena, civil_day_of_us(cx->now_us));
        if (row->kind == DECISION_TRIAL_TEXT)
            add_options(cx, v->rules, it, row);
    }
}

/* Numbers as people write them in forms too: 215.500 kroner are no 215½. */
static struct feel_value typed(struct cx *cx, const struct rules *rules, const struct rules_set *set,
                               const struct decision_trial_input *in)
{
    struct feel_value v = rules_value(cx, set, in->index, in->value);
    int64_t n;
    if (in->kind != DECISION_TRIAL_NUMBER)
        return v;
    if (rules->inputs.p[in->index].answer == FORM_ANSWER_MONEY)
        return form_read_money(in->value, &n) ? rules_number(n, 2) : feel_null();
    return feel_is_null(v) && form_read_number(in->value, 4, &n) ? rules_number(n, 4) : v;
}

void decision_trial_ask(struct cx *cx, const struct service_version *v, const struct decision_trial *trial,
                        struct decision_tried *ret)
{
    const struct rules *rules = v->rules;
    const struct rules_set *set = set_now(cx, v);
    struct rules_facts facts = {.rows = arena_array(cx->arena, struct rules_fact, rules->inputs.n + 1),
                                .n = rules->inputs.n};
    struct rules_said said;
    struct json *result;
    *ret = (struct decision_tried){0};
    for (size_t i = 0; i < facts.n; i++)
        facts.rows[i] = (struct rules_fact){
            .input = &rules->inputs.p[i], .value = feel_null(), .origin = DECISION_REGISTER, .source = S("")};
    for (size_t i = 0; i < trial->inputs.n; i++) {
        const struct decision_trial_input *in = &trial->inputs.p[i];
        facts.rows[in->index].value = str_empty(in->value) ? feel_null() : typed(cx, rules, set, in);
        if (!str_empty(in->value) && feel_is_null(facts.rows[in->index].value))
            vec_add(cx->arena, &ret->wrong, i);
    }
    rules_ask(cx, rules, set, &facts, &(struct rules_asked){.now_us = cx->now_us, .lang = cx->lang}, &said);
    ret->why = said.why;
    if (said.why == DECISION_WHY_MISSING)
        ret->answer = i18n_fmt(cx, T_decision_why_missing, ARG("what", word_or(cx, rules, said.about->name)));
    else if (said.why == DECISION_WHY_FAULT || json_parse(cx, said.result, &result))
        ret->answer = i18n_text(cx->lang, T_decision_why_fault);
    else
        ret->answer = result->kind == JSON_TEXT ? word_or(cx, rules, result->text) : said.result;
    struct str rest = said.sentences[cx->lang], line;
    while (str_cut(&rest, '\n', &line))
        if (str_trim(line).n)
            vec_add(cx->arena, &ret->sentences, line);
}
