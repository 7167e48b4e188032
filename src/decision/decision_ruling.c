/* Rules at a submission: their answer, its receipt, and the decision that a full yes makes; all in the submission's own
   transaction. */
#include "decision_rules.h"

#include "codec/codec.h"
#include "decision_store.h"
#include "i18n/i18n.h"

/* ---- storing ---- */

static struct str as_json(struct cx *cx, struct feel_value v)
{
    struct buf b = buf_make(cx->arena);
    struct json_out o = json_out_make(&b);
    feel_to_json(&o, v);
    return buf_str(&b);
}

static void put_raw(struct json_out *o, const char *key, struct cx *cx, struct str json)
{
    struct json *v;
    json_key(o, key);
    if (json_parse(cx, json, &v))
        json_out_null(o);
    else
        json_value(o, v);
}

static struct str receipt_json(struct cx *cx, const struct rules *rules, const struct rules_set *set,
                               const struct rules_said *said)
{
    struct buf b = buf_make(cx->arena);
    struct json_out o = json_out_make(&b);
    json_begin_object(&o);
    json_key(&o, "file");
    json_str(&o, set ? set->file : S(""));
    json_key(&o, "grant");
    json_str(&o, rules->grant);
    json_key(&o, "reason");
    json_str(&o, said->reason.p ? said->reason : S(""));
    put_raw(&o, "result", cx, said->result);
    put_raw(&o, "evaluation", cx, said->evaluation_json);
    json_key(&o, "sentences");
    json_begin_object(&o);
    for (int l = 0; l < LANG_COUNT; l++) {
        json_key(&o, i18n_code((enum lang)l));
        json_str(&o, said->sentences[l].p ? said->sentences[l] : S(""));
    }
    json_end(&o);
    json_end(&o);
    return buf_str(&b);
}

struct submitted {
    int64_t casefile_id;
    const struct form_submission *sub;
    const struct service_version *service;
    const struct rules_set *set;
    struct rules_facts facts;
    struct rules_said said;
};

static enum err store(struct cx *cx, const struct submitted *s)
{
    struct str model = s->set ? hash_hex(cx->arena, dmn_model_hash(s->set->model)) : S("");
    enum err e = q_decision_ruling_insert(
        cx, &(struct q_decision_ruling_insert_in){.casefile_id = s->casefile_id,
                                                  .service_version_id = s->service->id,
                                                  .file = s->set ? s->set->file : S(""),
                                                  .model = model,
                                                  .at_us = cx->now_us,
                                                  .why = s->said.why,
                                                  .about = s->said.about ? s->said.about->name : S(""),
                                                  .receipt = receipt_json(cx, s->service->rules, s->set, &s->said)});
    int64_t number = 0;
    for (size_t i = 0; !e && i < s->facts.n; i++) {
        const struct rules_fact *f = &s->facts.rows[i];
        if (s->set->items[i])
            e = q_decision_fact_insert(
                cx, &(struct q_decision_fact_insert_in){.casefile_id = s->casefile_id,
                                                        .number = ++number,
                                                        .input = f->input->name,
                                                        .value = as_json(cx, f->value),
                                                        .origin = f->origin,
                                                        .source = f->source,
                                                        .at_us = f->at_us,
                                                        .law = f->input->law.p ? f->input->law : S("")});
    }
    return e;
}

/* ---- a full yes ---- */

static enum err grant(struct cx *cx, const struct submitted *s)
{
    const struct service_law *law = service_law(s->service, s->service->decision_law);
    struct decision_grant g = {.casefile_id = s->casefile_id,
                               .rule_version_id = s->service->id,
                               .legal_basis = law ? law->ref : S(""),
                               .reason = s->said.reason};
    if (!g.reason.n)
        g.reason = i18n_text(s->sub->lang, T_decision_reason_rules);
    return decision_by_rules(cx, &g);
}

/* ---- asking ---- */

static enum err weigh(struct cx *cx, struct submitted *s)
{
    const struct rules *rules = s->service->rules;
    struct party_facts known = {0};
    day_t day = civil_day_of_us(cx->now_us);
    s->set = rules_of_day(rules, day);
    if (!s->set) {
        s->said = (struct rules_said){.why = DECISION_WHY_NO_RULES, .result = S("null"), .evaluation_json = S("null")};
        return ERR_OK;
    }
    enum err e = party_facts(cx, s->sub->party_id, &known);
    if (!e)
        e = rules_gather(cx, rules, s->set,
                         &(struct rules_case){.answers_json = s->sub->answers_json, .facts = &known, .day = day},
                         &s->facts);
    if (!e)
        rules_ask(cx, rules, s->set, &s->facts,
                  &(struct rules_asked){.now_us = cx->now_us, .lang = s->sub->lang, .only_today = true}, &s->said);
    return e;
}

enum err decision_at_submission(struct cx *cx, int64_t casefile_id, const struct form_submission *submission,
                                bool *ret_granted)
{
    struct submitted s = {.casefile_id = casefile_id, .sub = submission};
    s.service = service_version_by_id(cx, submission->version_id);
    if (!s.service || !s.service->rules || !submission->party_id)
        return ERR_OK;
    const struct who *before = cx->who;
    cx->who = auth_system(); /* the house decides, whoever pressed the button */
    enum err e = weigh(cx, &s);
    if (!e)
        e = store(cx, &s);
    bool granted = !e && s.said.why == DECISION_WHY_GRANTED;
    if (!e)
        e = granted ? grant(cx, &s) : casefile_call_first(cx, casefile_id);
    cx->who = before;
    if (!e)
        *ret_granted = granted;
    return e;
}

/* ---- showing ---- */

static const enum text reasons[] = {
    [DECISION_WHY_OTHER] = T_decision_why_other, [DECISION_WHY_MISSING] = T_decision_why_missing,
    [DECISION_WHY_OLD] = T_decision_why_old,     [DECISION_WHY_NO_RULES] = T_decision_why_no_rules,
    [DECISION_WHY_FAULT] = T_decision_why_fault,
};

static const struct rules_input *input_of(const struct rules *rules, struct str name)
{
    for (size_t i = 0; i < rules->inputs.n; i++)
        if (str_eq(rules->inputs.p[i].name, name))
            return &rules->inputs.p[i];
    return NULL;
}

/* The stored value again; its type is that of the model it was stored for. */
static struct feel_value stored_value(struct cx *cx, const struct dmn_model *model, struct str name, struct str json)
{
    struct json *v;
    const struct dmn_item *it = dmn_find(model, DMN_INPUT, (struct str){0}, name);
    if (json_parse(cx, json, &v))
        return feel_null();
    return feel_from_json(cx->arena, dmn_model_zones(model), v, it ? it->type : NULL);
}

const struct rules_set *rules_stored_set(const struct service_version *v, struct str file)
{
    for (size_t i = 0; v && v->rules && i < v->rules->sets.n; i++)
        if (str_eq(v->rules->sets.p[i].file, file))
            return &v->rules->sets.p[i];
    return NULL;
}

enum err rules_stored_facts(struct cx *cx, int64_t casefile_id, const struct rules *rules, const struct rules_set *set,
                            struct rules_facts *ret)
{
    struct q_decision_fact_list *rows;
    size_t n;
    enum err e = q_decision_fact_list(cx, casefile_id, &rows, &n);
    *ret = (struct rules_facts){0};
    if (e)
        return e;
    ret->rows = arena_array(cx->arena, struct rules_fact, rules->inputs.n + 1);
    ret->n = rules->inputs.n;
    for (size_t i = 0; i < rules->inputs.n; i++)
        ret->rows[i] = (struct rules_fact){.input = &rules->inputs.p[i], .value = feel_null(), .source = S("")};
    for (size_t i = 0; i < n; i++) {
        const struct rules_input *in = input_of(rules, rows[i].input);
        if (in)
            ret->rows[in - rules->inputs.p] =
                (struct rules_fact){.input = in,
                                    .value = stored_value(cx, set->model, rows[i].input, rows[i].value),
                                    .origin = (enum decision_origin)rows[i].origin,
                                    .source = rows[i].source,
                                    .at_us = rows[i].at_us};
    }
    return ERR_OK;
}

static void add_sentences(struct cx *cx, const struct json *receipt, struct decision_ruling *ret)
{
    struct str text = json_text(json_get(receipt, "sentences"), i18n_code(cx->lang)), line;
    while (str_cut(&text, '\n', &line))
        if (str_trim(line).n)
            vec_add(cx->arena, &ret->sentences, line);
}

/* Not what the municipality set itself, and no question that this citizen was not asked. */
static bool worth_showing(const struct rules_fact *f)
{
    return f->origin && f->origin != DECISION_SET && !(f->origin == DECISION_TYPED && feel_is_null(f->value));
}

static enum err add_facts(struct cx *cx, int64_t casefile_id, const struct service_version *v,
                          const struct rules_set *set, struct decision_ruling *ret)
{
    struct rules_facts facts;
    enum err e = rules_stored_facts(cx, casefile_id, v->rules, set, &facts);
    for (size_t i = 0; !e && i < facts.n; i++)
        if (worth_showing(&facts.rows[i]))
            vec_add(cx->arena, &ret->facts, rules_fact_words(cx, v->rules, &facts.rows[i]));
    return e;
}

enum err decision_ruling_of(struct cx *cx, const struct casefile_view *view, struct decision_ruling *ret,
                            bool *ret_found)
{
    struct q_decision_ruling_get r;
    struct json *receipt = NULL;
    enum err e = q_decision_ruling_get(cx, view->file.id, &r, ret_found);
    if (e || !*ret_found)
        return e;
    *ret = (struct decision_ruling){.why = (enum decision_why)r.why,
                                    .reason = S(""),
                                    .file = r.file,
                                    .model = str_slice(r.model, 0, r.model.n < 12 ? r.model.n : 12),
                                    .at_us = r.at_us};
    const struct service_version *v = service_version_by_id(cx, r.service_version_id);
    const struct rules_set *set = rules_stored_set(v, r.file);
    struct str about = set ? rules_word(cx, v->rules, r.about) : S("");
    if (ret->why != DECISION_WHY_GRANTED)
        ret->reason = i18n_fmt(cx, reasons[ret->why], ARG("what", about.n ? about : r.about));
    if (json_parse(cx, r.receipt, &receipt))
        receipt = NULL;
    add_sentences(cx, receipt, ret);
    return set ? add_facts(cx, view->file.id, v, set, ret) : ERR_OK;
}
