/* What the rules look at, and what they say. */
#include "decision_rules.h"

#include "codec/codec.h"
#include "i18n/i18n.h"

#define SCRATCH_BYTES ((size_t)64 << 20)
#define FRESH_US DAY_US /* what a register told longer ago decides nothing */

/* Much below what FEEL may do by itself: a submission waits for this. */
static const struct feel_limits limits = {
    .steps = 200000, .list_items = 10000, .text_bytes = 1 << 16, .stack_bytes = 256 << 10, .reasons = 50};

/* ---- values ---- */

struct feel_value rules_number(int64_t v, int8_t scale)
{
    while (scale > 0 && v % 10 == 0)
        v /= 10, scale--;
    struct feel_value n = feel_int(v);
    n.scale = scale;
    return n;
}

static struct feel_value text_list(struct cx *cx, const struct json *list)
{
    struct feel_value *items = arena_array(cx->arena, struct feel_value, list->n);
    for (size_t i = 0; i < list->n; i++)
        items[i] = feel_string(list->items[i]->text);
    return feel_list(cx->arena, items, list->n);
}

/* An answer as form_submission.answers_json has it. */
static struct feel_value answer_value(struct cx *cx, const struct rules_set *set, const struct rules_input *in,
                                      const struct json *v)
{
    struct feel_zones *zones = dmn_model_zones(set->model);
    if (!v)
        return feel_null();
    switch (in->answer) {
    case FORM_ANSWER_TEXT:
    case FORM_ANSWER_CHOICE:
        return v->kind == JSON_TEXT ? feel_string(v->text) : feel_null();
    case FORM_ANSWER_NUMBER:
        return v->kind == JSON_TEXT ? feel_parse(cx->arena, zones, FEEL_NUMBER, v->text) : feel_null();
    case FORM_ANSWER_DATE:
        return v->kind == JSON_TEXT ? feel_parse(cx->arena, zones, FEEL_DATE, v->text) : feel_null();
    case FORM_ANSWER_MONEY:
        return v->kind == JSON_INT ? rules_number(v->i64, 2) : feel_null();
    case FORM_ANSWER_YESNO:
        return v->kind == JSON_FLAG ? feel_bool(v->flag) : feel_null();
    case FORM_ANSWER_CHOICES:
        return v->kind == JSON_LIST ? text_list(cx, v) : feel_null();
    case FORM_ANSWER_OTHER:
        break;
    }
    return feel_null();
}

static struct feel_value list_value(struct cx *cx, struct str text)
{
    VEC_OF(struct feel_value) items = {0};
    struct str piece;
    while (str_cut(&text, ',', &piece))
        if (str_trim(piece).n)
            vec_add(cx->arena, &items, feel_string(str_trim(piece)));
    return feel_list(cx->arena, items.p, items.n);
}

struct feel_value rules_value(struct cx *cx, const struct rules_set *set, size_t input, struct str text)
{
    const struct dmn_item *it = set->items[input];
    text = str_trim(text);
    if (!it || !it->type)
        return feel_null();
    switch (it->type->kind) {
    case FEEL_T_STRING:
        return feel_string(text);
    case FEEL_T_NUMBER:
        return feel_parse(cx->arena, dmn_model_zones(set->model), FEEL_NUMBER, text);
    case FEEL_T_DATE:
        return feel_parse(cx->arena, dmn_model_zones(set->model), FEEL_DATE, text);
    case FEEL_T_BOOLEAN:
        return str_eq_z(text, "true") || str_eq_z(text, "false") ? feel_bool(str_eq_z(text, "true")) : feel_null();
    case FEEL_T_LIST:
        return list_value(cx, text);
    default:
        return feel_null();
    }
}

/* ---- gathering ---- */

/* "2026-11-23T10:26:00Z", as the record of answers has it; 0: none. */
static int64_t moment(struct str s)
{
    day_t day;
    int64_t h, m, sec;
    if (s.n < 19 || !civil_parse_day(str_slice(s, 0, 10), &day) || !str_to_i64(str_slice(s, 11, 13), &h) ||
        !str_to_i64(str_slice(s, 14, 16), &m) || !str_to_i64(str_slice(s, 17, 19), &sec))
        return 0;
    return day * DAY_US + ((h * 60 + m) * 60 + sec) * SECOND_US;
}

static void from_field(struct cx *cx, const struct rules_set *set, const struct json *top, struct rules_fact *f)
{
    const struct rules_input *in = f->input;
    const struct json *source = json_get_str(json_get(top, "sources"), in->key);
    f->value = answer_value(cx, set, in, json_get_str(json_get(top, "answers"), in->key));
    f->origin = DECISION_TYPED;
    f->source = in->key;
    if (!in->fixed)
        return;
    if (!source) { /* a register that told nothing */
        f->origin = DECISION_REGISTER;
        f->value = feel_null();
        return;
    }
    f->source = json_text(source, "source");
    f->origin = str_eq_z(f->source, "login") ? DECISION_LOGIN : DECISION_REGISTER;
    f->at_us = moment(json_text(source, "at"));
    if (str_eq_z(f->source, "self")) /* told by the party itself on my page: no register (law 9) */
        f->origin = DECISION_TYPED;
}

static void from_register(struct cx *cx, const struct rules_set *set, const struct party_facts *facts,
                          struct rules_fact *f)
{
    struct feel_zones *zones = dmn_model_zones(set->model);
    f->origin = DECISION_REGISTER;
    for (size_t i = 0; facts && i < facts->rows.n; i++) {
        const struct party_fact *row = &facts->rows.p[i];
        if (!str_eq(row->attr, f->input->key) || str_eq_z(row->source, "self"))
            continue;
        f->source = row->source;
        f->at_us = row->fetched_us;
        if (f->input->answer == FORM_ANSWER_YESNO)
            f->value = feel_bool(str_eq_z(row->value, "true"));
        else
            f->value = feel_parse(cx->arena, zones, f->input->answer == FORM_ANSWER_DATE ? FEEL_DATE : FEEL_NUMBER,
                                  row->value);
    }
}

enum err rules_gather(struct cx *cx, const struct rules *rules, const struct rules_set *set,
                      const struct rules_case *in, struct rules_facts *ret)
{
    struct json *top;
    enum err e = json_parse(cx, in->answers_json, &top);
    if (e)
        return e;
    *ret = (struct rules_facts){.rows = arena_array(cx->arena, struct rules_fact, rules->inputs.n + 1),
                                .n = rules->inputs.n};
    for (size_t i = 0; i < rules->inputs.n; i++) {
        struct rules_fact *f = &ret->rows[i];
        *f = (struct rules_fact){.input = &rules->inputs.p[i], .value = feel_null(), .source = S("")};
        if (f->input->from == RULES_FIELD) {
            from_field(cx, set, top, f);
        } else if (f->input->from == RULES_REGISTER) {
            from_register(cx, set, in->facts, f);
        } else if (f->input->from == RULES_VALUE) {
            f->origin = DECISION_SET;
            f->value = rules_value(cx, set, i, f->input->value);
        } else {
            f->origin = DECISION_DAY;
            f->value = feel_parse(cx->arena, dmn_model_zones(set->model), FEEL_DATE, civil_iso_day(cx->arena, in->day));
        }
    }
    return ERR_OK;
}

/* ---- asking ---- */

struct asking {
    struct cx *cx;
    const struct rules *rules;
    const struct rules_set *set;
    const struct rules_facts *facts;
    const struct rules_asked *asked;
    struct rules_said *said;
    struct arena *scratch;
};

/* The facts without which rules decide nothing: those of registers, known and fresh. */
static bool facts_stand(const struct asking *k)
{
    for (size_t i = 0; i < k->facts->n; i++) {
        const struct rules_fact *f = &k->facts->rows[i];
        if (!k->set->items[i] || !f->input->fixed)
            continue;
        k->said->about = f->input;
        if (feel_is_null(f->value) || f->origin == DECISION_TYPED) {
            k->said->why = DECISION_WHY_MISSING;
            return false;
        }
        if (k->asked->only_today && f->origin == DECISION_REGISTER && f->at_us < k->asked->now_us - FRESH_US) {
            k->said->why = DECISION_WHY_OLD;
            return false;
        }
    }
    k->said->about = NULL;
    return true;
}

static struct str source_word(struct cx *cx, const struct rules_fact *f)
{
    switch (f->origin) {
    case DECISION_REGISTER:
        return i18n_text(cx->lang,
                         str_eq_z(f->source, "income") ? T_decision_source_income : T_decision_source_register);
    case DECISION_LOGIN:
        return i18n_text(cx->lang, T_decision_source_login);
    case DECISION_TYPED:
        return i18n_text(cx->lang, T_decision_source_typed);
    case DECISION_SET:
        return i18n_text(cx->lang, T_decision_source_set);
    case DECISION_DAY:
        return i18n_text(cx->lang, T_decision_source_day);
    }
    return S("");
}

/* The annotation of the rule that decided, in cx->lang. */
static struct str reason_of(struct cx *cx, const struct dmn_receipt *r)
{
    struct str code = str_of(i18n_code(cx->lang)), any = S("");
    for (size_t i = 0; i < r->n_steps; i++) {
        const struct dmn_step *s = &r->steps[i];
        for (size_t t = 0; s->item == r->what && t < s->n_tables; t++)
            for (size_t h = 0; h < s->tables[t].n_hits; h++) {
                const struct dmn_hit *hit = &s->tables[t].hits[h];
                if (hit->matched && !any.n)
                    any = hit->annotation;
                for (size_t n = 0; hit->matched && n < hit->n_notes; n++)
                    if (str_eq(hit->notes[n].name, code) && hit->notes[n].text.n)
                        return hit->notes[n].text;
            }
    }
    return any;
}

static void answer(struct asking *k, struct dmn_eval *e, const struct dmn_given *given, size_t n)
{
    struct arena *a = k->cx->arena;
    struct feel_value v = dmn_evaluate(e, k->set->decision, given, n);
    struct dmn_receipt r = dmn_receipt(e);
    struct buf b = buf_make(a), result = buf_make(a);
    struct json_out o = json_out_make(&b), ro = json_out_make(&result);
    dmn_receipt_json(&o, &r);
    feel_to_json(&ro, v);
    k->said->evaluation_json = buf_str(&b);
    k->said->result = buf_str(&result);
    k->said->reason = str_dup(a, reason_of(k->cx, &r));
    bool yes = v.kind == FEEL_STRING && str_eq(feel_str(v), k->rules->grant);
    k->said->why = yes ? DECISION_WHY_GRANTED : feel_is_null(v) ? DECISION_WHY_FAULT : DECISION_WHY_OTHER;
}

/* The rules speak each language of the house: the receipt is read by people who do not share one. */
static void speak(struct asking *k, struct dmn_eval *e)
{
    struct dmn_receipt r = dmn_receipt(e);
    struct dmn_saying how = {.word = rules_word, .ctx = k->rules, .without_inputs = true};
    how.without_near = k->said->why == DECISION_WHY_GRANTED; /* what would have been no yes need not be told */
    enum lang before = k->cx->lang;
    for (int l = 0; l < LANG_COUNT; l++) {
        k->cx->lang = (enum lang)l;
        k->said->sentences[l] = dmn_receipt_say(k->cx, &r, &how);
    }
    k->cx->lang = before;
}

static void ask(void *ctx)
{
    struct asking *k = ctx;
    struct dmn_given *given = arena_array(k->cx->arena, struct dmn_given, k->facts->n + 1);
    size_t n = 0;
    for (size_t i = 0; i < k->facts->n; i++)
        if (k->set->items[i])
            given[n++] = (struct dmn_given){k->set->items[i], k->facts->rows[i].value, k->facts->rows[i].source};
    struct dmn_options options = {
        .now_us = k->asked->now_us, .zone = S("Europe/Copenhagen"), .limits = &limits, .explain = true};
    struct dmn_eval *e = dmn_eval_new(k->set->model, k->scratch, &options);
    answer(k, e, given, n);
    speak(k, e);
}

static void free_scratch(void *scratch)
{
    arena_free(scratch);
}

void rules_ask(struct cx *cx, const struct rules *rules, const struct rules_set *set, const struct rules_facts *facts,
               const struct rules_asked *asked, struct rules_said *ret)
{
    struct asking k = {
        .cx = cx, .rules = rules, .set = set, .facts = facts, .asked = asked, .said = ret, .scratch = NULL};
    enum lang before = cx->lang;
    *ret = (struct rules_said){.why = DECISION_WHY_FAULT, .result = S("null"), .evaluation_json = S("null")};
    for (int l = 0; l < LANG_COUNT; l++)
        ret->sentences[l] = S("");
    cx->lang = asked->lang;
    k.scratch = arena_new(SCRATCH_BYTES);
    arena_defer(cx->arena, free_scratch, k.scratch);
    bool within = arena_try(k.scratch, ask, &k);
    cx->lang = before;
    if (!within)
        ret->why = DECISION_WHY_FAULT;
    enum decision_why said = ret->why;
    if (facts_stand(&k))
        ret->why = said;
}

/* ---- in words ---- */

static struct str value_words(struct cx *cx, const struct rules_fact *f)
{
    int64_t n = f->value.i64;
    if (feel_is_null(f->value))
        return i18n_text(cx->lang, T_decision_unknown);
    if (f->input->answer != FORM_ANSWER_MONEY || f->value.kind != FEEL_NUMBER || f->value.tag || f->value.scale > 2)
        return dmn_value_text(cx, f->value);
    for (int i = f->value.scale; i < 2; i++)
        if (__builtin_mul_overflow(n, 10, &n))
            return dmn_value_text(cx, f->value);
    return i18n_money(cx, n);
}

struct decision_fact rules_fact_words(struct cx *cx, const struct rules *rules, const struct rules_fact *f)
{
    struct str label = rules_word(cx, rules, f->input->name), value = value_words(cx, f);
    struct str word = f->value.kind == FEEL_STRING ? rules_word(cx, rules, feel_str(f->value)) : S("");
    struct str source = source_word(cx, f);
    if (f->at_us)
        source = i18n_fmt(cx, T_decision_source_at, ARG("source", source), ARG("date", i18n_date(cx, f->at_us)));
    return (struct decision_fact){label.n ? label : f->input->name, word.n ? word : value, source};
}
