/* What the service room asks of this one: compile form.yaml, and run the examples of a service folder. */
#include "form_eval.h"
#include "municipality/municipality.h"

const struct form *form_of(const struct service_version *version)
{
    return version->form;
}

static enum err load(struct cx *cx, struct arena *a, struct service_version *version, struct problems *ps)
{
    if (!version->form_yaml)
        return ERR_OK;
    enum err e = form_load(cx, a, version, version->form_yaml, ps, &version->form);
    for (size_t i = 0; !e && i < version->form->fields.n; i++)
        version->asks_household |= form_is_household(version->form->fields.p[i]);
    return e == ERR_SYNTAX ? ERR_OK : e; /* the faults are in ps */
}

/* ---- examples/x.yaml (README.md) ---- */

static void give(struct cx *cx, struct form_given *g, struct str name, struct str value)
{
    form_raw_set(cx->arena, &g->raws, name, &value, 1);
}

static void give_part(struct cx *cx, struct form_given *g, struct str key, const char *part, struct str value)
{
    give(cx, g, str_fmt(cx->arena, "%" PRI_STR ".%s", STR_ARG(key), part), value);
}

static void give_list(struct cx *cx, struct form_given *g, const struct form_field *f, struct str key,
                      const struct yaml *list)
{
    VEC_OF(struct str) values = {0};
    for (size_t i = 0; i < list->n; i++) {
        if (f->kind != FORM_FILE)
            vec_add(cx->arena, &values, list->items[i]->text);
        else
            vec_add(cx->arena, &g->uploads,
                    (struct form_upload){.id = (int64_t)g->uploads.n + 1,
                                         .field = key,
                                         .name = list->items[i]->text,
                                         .mime = S("application/pdf"),
                                         .file = {.size = 1}});
    }
    if (f->kind != FORM_FILE)
        form_raw_set(cx->arena, &g->raws, key, values.p, values.n);
}

static void give_day(struct cx *cx, struct form_given *g, const struct form_field *f, struct str key, struct str text)
{
    struct form_when when;
    int year, month, dom;
    if (!form_read_when(text, &when) || when.today) {
        give_part(cx, g, key, "year", text);
        return;
    }
    civil_from_day(when.day, &year, &month, &dom);
    give_part(cx, g, key, "year", str_fmt(cx->arena, "%d", year));
    give_part(cx, g, key, "month", str_fmt(cx->arena, "%d", month));
    if (f->kind == FORM_DATE)
        give_part(cx, g, key, "day", str_fmt(cx->arena, "%d", dom));
}

/* The people of people.yaml are all that the register of an example knows; without them it knows every number. */
static void give_idno(struct cx *cx, struct form_given *g, struct str key, struct str typed)
{
    struct str plain;
    day_t born;
    const struct municipality *m = cx->muni;
    bool valid = party_idno_parse(cx, str_of(m ? m->rules->key : "dk"), typed, &plain, &born);
    bool known = valid && (!m || !m->people.n);
    for (size_t i = 0; valid && m && i < m->people.n; i++)
        known |= str_eq(m->people.p[i].idno, plain);
    struct str person[2] = {S("#2"), S("••••")};
    if (known)
        form_raw_set(cx->arena, &g->raws, key, person, 2);
    else
        give(cx, g, key, typed);
}

/* key: the name of the field among the raws. */
static void give_answer(struct cx *cx, const struct form_field *f, struct str key, const struct yaml *v,
                        struct form_given *g, struct problems *ps)
{
    if (v->kind == YAML_LIST) {
        give_list(cx, g, f, key, v);
    } else if (f->kind == FORM_IDNO) {
        give_idno(cx, g, key, v->text);
    } else if (f->kind == FORM_DATE || f->kind == FORM_MONTH) {
        give_day(cx, g, f, key, v->text);
    } else if (f->kind == FORM_ADDRESS) {
        give_part(cx, g, key, "street", yaml_str(ps, v, "street"));
        give_part(cx, g, key, "postcode", yaml_str(ps, v, "postcode"));
        give_part(cx, g, key, "city", yaml_str(ps, v, "city"));
    } else {
        give(cx, g, key, v->text);
    }
}

static void read_answers(struct cx *cx, const struct form *form, const struct yaml *answers,
                         const struct form_field *repeat, struct str row, struct form_given *g, struct problems *ps);

/* children: [ {child_name: Ida, …}, … ] */
static void give_rows(struct cx *cx, const struct form *form, const struct form_field *f, const struct yaml *list,
                      struct form_given *g, struct problems *ps)
{
    VEC_OF(struct str) ids = {0};
    if (list->kind != YAML_LIST) {
        yaml_problem(ps, list, "write for example `[{name: Ida}, {name: Bo}]`", "the rows of a repeat are a list");
        return;
    }
    for (size_t i = 0; i < list->n && i < FORM_ROWS; i++) {
        struct str id = str_fmt(cx->arena, "row%05zu", i);
        vec_add(cx->arena, &ids, id);
        read_answers(cx, form, list->items[i], f, id, g, ps);
    }
    form_raw_set(cx->arena, &g->raws, f->id, ids.p, ids.n);
}

/* A map of answers: of the form, or of one row of a repeat. */
static void read_answers(struct cx *cx, const struct form *form, const struct yaml *answers,
                         const struct form_field *repeat, struct str row, struct form_given *g, struct problems *ps)
{
    for (size_t i = 0; answers && answers->kind == YAML_MAP && i < answers->n; i++) {
        const struct yaml *v = answers->items[i];
        const struct form_field *f = form_field_of(form, v->key);
        if (f && f->kind == FORM_REPEAT && !repeat)
            give_rows(cx, form, f, v, g, ps);
        else if (!f || !form_asks(f) || f->repeat != repeat)
            yaml_problem(ps, v, "use the id of a field of form.yaml", "the form asks no `%" PRI_STR "` here",
                         STR_ARG(v->key));
        else if (!form_is_typed(NULL, f))
            yaml_problem(ps, v, "leave it out: it comes from the register, or is computed",
                         "`%" PRI_STR "` cannot be typed (law 9)", STR_ARG(v->key));
        else
            give_answer(cx, f, form_key(cx->arena, row, f), v, g, ps);
    }
}

static bool read_person(struct cx *cx, const struct yaml *example, struct party *ret, struct problems *ps)
{
    struct str key = yaml_str(ps, example, "person");
    if (!key.n)
        return false;
    const struct municipality_person *p = cx->muni ? municipality_person(cx->muni, key) : NULL;
    if (cx->muni && cx->muni->people.n && !p)
        yaml_problem(ps, yaml_get(example, "person"), "use a key of people.yaml", "nobody is called `%" PRI_STR "`",
                     STR_ARG(key));
    *ret = (struct party){.id = 1,
                          .name = key,
                          .street = S("Strandvejen 1"),
                          .postcode = S("4000"),
                          .city = S("Byen"),
                          .email = S("a@example.org"),
                          .phone = S("12345678"),
                          .born_known = true,
                          .idno_masked = S("010100-••••"),
                          .has_idno = true,
                          .fetched_us = cx->now_us};
    if (p) {
        ret->name = p->name, ret->street = p->street, ret->postcode = p->postcode, ret->city = p->city;
        ret->email = p->email, ret->phone = p->phone, ret->born = p->born;
    }
    return true;
}

/* What the registers know of the household: as people.yaml says, or as the example says itself. */
static void read_household(struct cx *cx, const struct yaml *example, struct form_given *g, struct problems *ps)
{
    static const char *const attrs[] = {"income", "children", "single"};
    const struct yaml *own = yaml_get(example, "facts");
    const struct municipality_person *p =
        cx->muni ? municipality_person(cx->muni, yaml_str(ps, example, "person")) : NULL;
    struct str values[3] = {p ? p->income : S(""), p ? p->children : S(""), p ? p->single : S("")};
    if (own && !yaml_keys(ps, own, "the facts of an example", "income children single"))
        return;
    for (size_t i = 0; i < 3; i++) {
        struct str value = own ? yaml_get(own, attrs[i]) ? yaml_str(ps, own, attrs[i]) : S("") : values[i];
        if (value.n)
            vec_add(cx->arena, &g->facts.rows,
                    (struct party_fact){str_of(attrs[i]), value, i ? S("register") : S("income"), cx->now_us});
    }
}

static bool listed(const struct yaml *list, struct str word)
{
    for (size_t i = 0; list && i < list->n; i++)
        if (str_eq(list->items[i]->text, word))
            return true;
    return false;
}

/* Every fault that is expected is there, and no other. */
static void compare_faults(const struct form_eval *e, const struct yaml *example, const struct yaml *want,
                           struct problems *ps)
{
    for (size_t i = 0; i < e->wrong.n; i++)
        if (!listed(want, e->wrong.p[i].field->id))
            yaml_problem(ps, example, "correct the answers, or expect it under `faults:`",
                         "`%" PRI_STR "` is not accepted: %" PRI_STR, STR_ARG(e->wrong.p[i].field->id),
                         STR_ARG(e->wrong.p[i].message));
    for (size_t i = 0; want && i < want->n; i++) {
        bool found = false;
        for (size_t k = 0; k < e->wrong.n; k++)
            found |= str_eq(e->wrong.p[k].field->id, want->items[i]->text);
        if (!found)
            yaml_problem(ps, want->items[i], "correct the form or the example",
                         "a fault at `%" PRI_STR "` was expected, but it is accepted", STR_ARG(want->items[i]->text));
    }
}

/* Is it asked; of a field in a repeat: in some row? */
static bool is_asked(const struct form_eval *e, const struct form_field *f)
{
    const struct form_value *rows = f->repeat ? &e->values[f->repeat->order] : NULL;
    bool asked = form_at(e, f)->visible;
    for (size_t i = 0; rows && i < rows->rows.n; i++) {
        struct form_eval in = form_in_row(e, &rows->rows.p[i]);
        asked |= form_at(&in, f)->visible;
    }
    return asked;
}

static void compare_asked(const struct form_eval *e, const struct yaml *list, bool asked, struct problems *ps)
{
    for (size_t i = 0; list && i < list->n; i++) {
        const struct form_field *f = form_field_of(e->form, list->items[i]->text);
        if (!f || is_asked(e, f) != asked)
            yaml_problem(ps, list->items[i], "correct the form or the example", "`%" PRI_STR "` is %s",
                         STR_ARG(list->items[i]->text),
                         !f      ? "no field"
                         : asked ? "not asked"
                                 : "asked");
    }
}

/* Amounts are shown with no-break spaces, which look like any other in the file of an example. */
static struct str with_plain_spaces(struct cx *cx, struct str s)
{
    const struct str no_break = S("\u00a0");
    struct buf b = buf_make(cx->arena);
    for (size_t at; (at = str_find(s, no_break, 0)) < s.n; s = str_slice(s, at + no_break.n, s.n)) {
        buf_add(&b, str_slice(s, 0, at));
        buf_add_z(&b, " ");
    }
    buf_add(&b, s);
    return buf_str(&b);
}

/* values: {total: "300 kr."}: the answers in words, as they are shown. */
static void compare_values(struct cx *cx, const struct form_eval *e, const struct yaml *want, struct problems *ps)
{
    for (size_t i = 0; want && want->kind == YAML_MAP && i < want->n; i++) {
        const struct yaml *w = want->items[i];
        const struct form_field *f = form_field_of(e->form, w->key);
        struct str is = f && form_asks(f) && !f->repeat ? form_value_words(cx, f, &e->values[f->order]) : S("");
        if (!f || !str_eq(with_plain_spaces(cx, is), with_plain_spaces(cx, w->text)))
            yaml_problem(ps, w, "correct the form or the example", "`%" PRI_STR "` is “%" PRI_STR "”", STR_ARG(w->key),
                         STR_ARG(is));
    }
}

static void compare_lines(struct cx *cx, const struct form_eval *e, const struct yaml *want, struct problems *ps)
{
    struct form_submission got = {0};
    form_lines_of(cx, e, cx->lang, &got);
    bool same = want->kind == YAML_LIST && want->n == got.lines.n;
    for (size_t i = 0; same && i < want->n; i++)
        same = str_eq(want->items[i]->text, got.lines.p[i].key);
    if (!same)
        yaml_problem(ps, want, "correct the form or the example", "the lines applied for are others (%zu of them)",
                     got.lines.n);
}

struct example {
    struct form_given given;
    struct party person;
    struct form_eval eval;
};

static void fill_in(struct cx *cx, const struct form *form, const struct yaml *example, struct problems *ps,
                    struct example *ret)
{
    *ret = (struct example){.given.today = civil_day_of_us(cx->now_us)};
    if (yaml_get(example, "today"))
        yaml_day(ps, example, "today", &ret->given.today);
    if (read_person(cx, example, &ret->person, ps)) {
        ret->given.party = &ret->person;
        read_household(cx, example, &ret->given, ps);
    }
    read_answers(cx, form, yaml_get(example, "answers"), NULL, (struct str){0}, &ret->given, ps);
    form_evaluate(cx, form, &ret->given, &ret->eval);
}

static enum err try_example(struct cx *cx, const struct service_version *version, const struct yaml *example,
                            struct problems *ps)
{
    const struct form *form = form_of(version);
    struct example x;
    if (yaml_get(example, "table")) /* of rules: the decision room reads it */
        return ERR_OK;
    if (!form || !yaml_keys(ps, example, "an example", "about person today facts answers expect"))
        return ERR_OK;
    fill_in(cx, form, example, ps, &x);
    const struct yaml *expect = yaml_get(example, "expect");
    if (expect && !yaml_keys(ps, expect, "what is expected", "faults asked hidden values lines outcome"))
        return ERR_OK;
    compare_faults(&x.eval, example, yaml_get(expect, "faults"), ps);
    compare_asked(&x.eval, yaml_get(expect, "asked"), true, ps);
    compare_asked(&x.eval, yaml_get(expect, "hidden"), false, ps);
    compare_values(cx, &x.eval, yaml_get(expect, "values"), ps);
    if (yaml_get(expect, "lines"))
        compare_lines(cx, &x.eval, yaml_get(expect, "lines"), ps);
    struct form_eval back; /* what the record would hold must be readable as the same */
    return form_answers_read(cx, form, form_answers_json(cx, &x.eval, &(struct form_json_head){.lang = cx->lang}),
                             &back);
}

/* ---- for rooms above ---- */

enum err form_example_answers(struct cx *cx, const struct service_version *version, const struct yaml *example,
                              struct str *ret_json, struct party_facts *ret_facts)
{
    struct problems ps = problems_make(cx->arena); /* told by try_example */
    struct example x;
    if (!form_of(version))
        return fail(cx, ERR_NOT_FOUND, "the service has no form");
    fill_in(cx, form_of(version), example, &ps, &x);
    if (x.eval.wrong.n)
        return fail(cx, ERR_INVALID, "an answer is not accepted, so nothing is sent");
    *ret_json = form_answers_json(cx, &x.eval, &(struct form_json_head){.lang = cx->lang});
    *ret_facts = x.given.facts;
    return ERR_OK;
}

static struct str place_of(struct cx *cx, const struct form_field *f, size_t row)
{
    return f->repeat ? str_fmt(cx->arena, "%" PRI_STR "[%zu].%" PRI_STR, STR_ARG(f->repeat->id), row, STR_ARG(f->id))
                     : f->id;
}

static void judge_shown(struct cx *cx, struct json_out *o, const struct form_eval *e)
{
    for (size_t p = 0; p < e->form->pages.n; p++)
        if (e->pages[p])
            json_str(o, e->form->pages.p[p].id);
    for (size_t i = 0; i < e->form->fields.n; i++) {
        const struct form_field *f = e->form->fields.p[i];
        const struct form_value *rows = f->repeat ? &e->values[f->repeat->order] : NULL;
        if (!rows && e->values[i].visible)
            json_str(o, f->id);
        for (size_t r = 0; rows && rows->visible && r < rows->rows.n; r++) {
            struct form_eval in = form_in_row(e, &rows->rows.p[r]);
            if (form_at(&in, f)->visible)
                json_str(o, place_of(cx, f, r));
        }
    }
}

enum err form_example_judge(struct cx *cx, const struct service_version *version, const struct yaml *example,
                            struct str *ret_json)
{
    struct problems ps = problems_make(cx->arena);
    struct example x;
    struct json *record;
    if (!form_of(version))
        return fail(cx, ERR_NOT_FOUND, "the service has no form");
    fill_in(cx, form_of(version), example, &ps, &x);
    if (ps.list.n)
        return fail(cx, ERR_INVALID, "line %d: %" PRI_STR, ps.list.p[0].line, STR_ARG(ps.list.p[0].what));
    enum err e = json_parse(cx, form_answers_json(cx, &x.eval, &(struct form_json_head){.lang = cx->lang}), &record);
    if (e)
        return e;
    struct buf b = buf_make(cx->arena);
    struct json_out o = json_out_make(&b);
    json_begin_object(&o);
    json_key(&o, "shown"), json_begin_array(&o);
    judge_shown(cx, &o, &x.eval);
    json_end(&o);
    json_key(&o, "faults"), json_begin_object(&o);
    for (size_t i = 0; i < x.eval.wrong.n; i++) {
        const struct form_wrong *w = &x.eval.wrong.p[i];
        json_key_str(&o, place_of(cx, w->field, w->row_no ? (size_t)w->row_no - 1 : 0));
        json_str(&o, w->message);
    }
    json_end(&o);
    json_key(&o, "record"), json_value(&o, record);
    json_end(&o);
    *ret_json = buf_str(&b);
    return ERR_OK;
}

static enum form_answer answer_of(enum form_kind kind)
{
    switch (kind) {
    case FORM_TEXT:
        return FORM_ANSWER_TEXT;
    case FORM_NUMBER:
        return FORM_ANSWER_NUMBER;
    case FORM_MONEY:
        return FORM_ANSWER_MONEY;
    case FORM_DATE:
        return FORM_ANSWER_DATE;
    case FORM_YESNO:
    case FORM_CHECKBOX:
    case FORM_DECLARATION:
        return FORM_ANSWER_YESNO;
    case FORM_RADIO:
    case FORM_SELECT:
        return FORM_ANSWER_CHOICE;
    case FORM_MULTISELECT:
        return FORM_ANSWER_CHOICES;
    default:
        return FORM_ANSWER_OTHER;
    }
}

bool form_describe(struct cx *cx, const struct form *form, struct str id, struct form_described *ret)
{
    const struct form_field *f = form_field_of(form, id);
    bool rows = f && (f->kind == FORM_REPEAT || f->repeat);
    if (!f || (!form_asks(f) && !rows))
        return false;
    *ret = (struct form_described){
        .answer = rows ? FORM_ANSWER_OTHER : answer_of(f->kind),
        .fixed = form_is_fixed(f),
        .typed_money = f->value && form_rests_on_typed_money(cx->arena, form, f),
        .rows = rows,
        .whole = f->kind == FORM_NUMBER && !f->decimals,
        .has_min = f->has_min && !f->min_calc && (f->kind == FORM_NUMBER || f->kind == FORM_MONEY),
        .has_max = f->has_max && !f->max_calc && (f->kind == FORM_NUMBER || f->kind == FORM_MONEY),
        .min = f->min,
        .max = f->max};
    for (size_t i = 0; i < f->options.n; i++)
        vec_add(cx->arena, &ret->options, f->options.p[i].key);
    return true;
}

const struct service_part form_part = {.name = "form", .load = load, .try_example = try_example};
