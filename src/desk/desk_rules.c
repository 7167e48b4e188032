/* Trying rules out: change an input, see what changes and why. Nobody's data: nothing to note in the access log. */
#include "desk_handlers.h"

#include "i18n/i18n.h"
#include "tpl_desk_rules.h"
#include "tpl_desk_rules_try.h"

enum { RULES_INPUTS_MAX = 20 }; /* as many as desk_routes.c declares */

enum err desk_rules_page(struct cx *cx, struct request *req, struct reply *rep)
{
    struct desk_rules v = {0};
    struct service_list list = service_list(cx);
    for (size_t i = 0; i < list.rows.n; i++) {
        const struct service_version *s = list.rows.p[i];
        const struct municipality_unit *unit = municipality_unit(cx->muni, s->unit_key);
        if (s->rules)
            vec_add(cx->arena, &v.rows,
                    (struct desk_rules_row){s->key, words_in(&s->name, cx->lang),
                                            unit ? words_in(&unit->name, cx->lang) : s->unit_key});
    }
    struct page page = {.title = i18n_text(cx->lang, T_desk_rules_title), .face = PAGE_DESK};
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    struct tpl o = tpl_begin(cx);
    tpl_desk_rules(&o, &v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

/* ---- one service ---- */

static struct str name_of(struct cx *cx, char letter, size_t i)
{
    return str_fmt(cx->arena, "%c%zu", letter, i);
}

/* The values of this asking ('i') or of the one before ('p'); false when there are none. */
static bool read_values(struct cx *cx, const struct request *req, char letter, struct decision_trial *trial)
{
    bool some = false;
    for (size_t i = 0; i < trial->inputs.n && i < RULES_INPUTS_MAX; i++) {
        struct str value = str_trim(req_str(req, str_z(cx->arena, name_of(cx, letter, i))));
        some |= value.n > 0;
        trial->inputs.p[i].value = value;
    }
    return some;
}

static struct decision_trial copy_of(struct cx *cx, const struct decision_trial *t)
{
    struct decision_trial copy = {.file = t->file};
    for (size_t i = 0; i < t->inputs.n; i++)
        vec_add(cx->arena, &copy.inputs, t->inputs.p[i]);
    return copy;
}

static void add_option(struct cx *cx, struct page_field *f, struct str value, struct str label)
{
    vec_add(cx->arena, &f->options,
            (struct page_option){.value = value, .label = label, .checked = str_eq(value, f->value)});
}

static void add_field(struct cx *cx, const struct decision_trial_input *in, size_t i, struct desk_rules_try *v)
{
    struct page_field f = {.id = name_of(cx, 'i', i), .label = in->label, .value = in->value, .optional = true};
    f.error = page_errors_of(&v->errors, f.id);
    if (in->kind == DECISION_TRIAL_YESNO || in->options.n) {
        f.kind = PAGE_FIELD_RADIO;
        f.inline_options = true;
        for (size_t k = 0; k < in->options.n; k++)
            add_option(cx, &f, in->options.p[k].value, in->options.p[k].label);
        if (in->kind == DECISION_TRIAL_YESNO) {
            add_option(cx, &f, S("true"), i18n_text(cx->lang, T_desk_rules_yes));
            add_option(cx, &f, S("false"), i18n_text(cx->lang, T_desk_rules_no));
        }
        add_option(cx, &f, S(""), i18n_text(cx->lang, T_desk_rules_unknown));
    } else if (in->kind == DECISION_TRIAL_NUMBER) {
        f.hint = i18n_text(cx->lang, T_desk_rules_number_hint);
        f.inputmode = S("decimal");
        f.width = 12;
    } else if (in->kind == DECISION_TRIAL_DATE) {
        f.hint = i18n_text(cx->lang, T_desk_rules_date_hint);
        f.width = 12;
    }
    vec_add(cx->arena, &v->fields, f);
    vec_add(cx->arena, &v->before, (struct desk_hidden){name_of(cx, 'p', i), in->value});
}

static bool has(const struct decision_tried *t, struct str sentence)
{
    for (size_t i = 0; i < t->sentences.n; i++)
        if (str_eq(t->sentences.p[i], sentence))
            return true;
    return false;
}

static struct str value_words(struct cx *cx, const struct decision_trial_input *in)
{
    for (size_t i = 0; i < in->options.n; i++)
        if (str_eq(in->options.p[i].value, in->value))
            return in->options.p[i].label;
    if (in->kind == DECISION_TRIAL_YESNO && in->value.n)
        return i18n_text(cx->lang, str_eq_z(in->value, "true") ? T_desk_rules_yes : T_desk_rules_no);
    return in->value.n ? in->value : i18n_text(cx->lang, T_desk_rules_empty);
}

static void compare(struct cx *cx, const struct decision_trial *before, const struct decision_trial *now,
                    const struct decision_tried *then, const struct decision_tried *said, struct desk_rules_try *v)
{
    for (size_t i = 0; i < now->inputs.n; i++) {
        const struct decision_trial_input *a = &before->inputs.p[i], *b = &now->inputs.p[i];
        if (!str_eq(a->value, b->value))
            vec_add(cx->arena, &v->changes,
                    i18n_fmt(cx, T_desk_rules_change, ARG("what", b->label), ARG("before", value_words(cx, a)),
                             ARG("now", value_words(cx, b))));
    }
    v->compared = v->changes.n > 0;
    v->answer_before = then->answer;
    v->differs = !str_eq(then->answer, said->answer);
    for (size_t i = 0; i < then->sentences.n; i++)
        if (!has(said, then->sentences.p[i]))
            vec_add(cx->arena, &v->gone, then->sentences.p[i]);
    for (size_t i = 0; i < said->sentences.n; i++)
        if (!has(then, said->sentences.p[i]))
            vec_add(cx->arena, &v->came, said->sentences.p[i]);
}

static void ask(struct cx *cx, const struct request *req, const struct service_version *s, struct decision_trial *now,
                struct desk_rules_try *v)
{
    struct decision_tried said, then;
    struct decision_trial before = copy_of(cx, now);
    read_values(cx, req, 'i', now);
    decision_trial_ask(cx, s, now, &said);
    for (size_t i = 0; i < said.wrong.n; i++) {
        const struct decision_trial_input *in = &now->inputs.p[said.wrong.p[i]];
        bool date = in->kind == DECISION_TRIAL_DATE;
        page_errors_add(
            cx, &v->errors, name_of(cx, 'i', said.wrong.p[i]),
            i18n_fmt(cx, date ? T_desk_rules_wrong_date : T_desk_rules_wrong_number, ARG("what", in->label)));
    }
    if (v->errors.n)
        return;
    v->asked = true;
    v->yes = said.why == DECISION_WHY_GRANTED;
    v->answer = said.answer;
    for (size_t i = 0; i < said.sentences.n; i++)
        vec_add(cx->arena, &v->sentences, said.sentences.p[i]);
    if (!read_values(cx, req, 'p', &before))
        return;
    decision_trial_ask(cx, s, &before, &then);
    compare(cx, &before, now, &then, &said, v);
}

enum err desk_rules_try(struct cx *cx, struct request *req, struct reply *rep)
{
    const struct service_version *s = service_current(cx, req_param(req, "service"));
    struct decision_trial trial;
    if (!s || !s->rules)
        return fail(cx, ERR_NOT_FOUND, "no service with rules is called so");
    decision_trial_begin(cx, s, &trial);
    struct desk_rules_try v = {.key = s->key, .name = words_in(&s->name, cx->lang), .file = trial.file};
    if (str_eq(req_str(req, "ask"), S("yes")))
        ask(cx, req, s, &trial, &v);
    for (size_t i = 0; i < trial.inputs.n && i < RULES_INPUTS_MAX; i++)
        add_field(cx, &trial.inputs.p[i], i, &v);
    if (!v.asked) /* nothing to compare with yet */
        v.before.n = 0;
    struct page page = {.title = str_fmt(cx->arena, "%" PRI_STR ": %" PRI_STR,
                                         STR_ARG(i18n_text(cx->lang, T_desk_rules_title)), STR_ARG(v.name)),
                        .face = PAGE_DESK,
                        .has_errors = v.errors.n > 0};
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){i18n_text(cx->lang, T_desk_rules_title), S("/desk/rules")});
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = v.name});
    struct tpl o = tpl_begin(cx);
    tpl_desk_rules_try(&o, &v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}
