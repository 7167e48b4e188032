/* Ask once: what a person answered in another service fills in a field here, when the purposes and the law allow it. */
#include "access/access.h"
#include "form_draft.h"

static struct form_earlier_hooks hooks; /* set once in app/modules.c, before any thread */

void form_earlier_hook(const struct form_earlier_hooks *h)
{
    hooks = *h;
}

/* ---- permits ---- */

/* Where a field may be taken from, for one draft. */
struct finding {
    const struct form_field *field;
    struct form_earlier_source source;
    const struct form_field *there;
    const struct service_compatible *by;
};

/* Does the application answer this question, of the same kind, asked for a purpose that ours is compatible with? */
static bool may_use(struct cx *cx, const struct form_earlier_ref *ref, struct finding *f)
{
    const struct service_version *v = service_version_by_id(cx, f->source.version_id);
    const struct form *form = v ? form_of(v) : NULL;
    f->there = form ? form_field_of(form, ref->field) : NULL;
    if (!f->there || f->there->kind != f->field->kind || f->there->repeat || !f->there->why || !f->field->why)
        return false;
    f->by = service_compatible(f->field->why, ref->service, f->there->why->key);
    return f->by;
}

/* The newest of the applications that the field names. */
static enum err find(struct cx *cx, int64_t party_id, const struct form_field *field, struct finding *ret)
{
    enum err e = ERR_OK;
    *ret = (struct finding){0};
    for (size_t i = 0; !e && i < field->earlier.n; i++) {
        struct finding f = {.field = field};
        bool found = false;
        e = hooks.latest(cx, party_id, field->earlier.p[i].service, &f.source, &found);
        if (!e && found && (!ret->by || f.source.at_us > ret->source.at_us) && may_use(cx, &field->earlier.p[i], &f))
            *ret = f;
    }
    return e;
}

static enum err permit(struct cx *cx, int64_t draft_id, const struct service_version *v, const struct finding *f,
                       struct form_useds *ret)
{
    const struct service_law *law = service_law(v, f->by->law);
    struct form_used used = {f->source.casefile_id, f->source.no, f->field->why, law ? law->ref : S("")};
    vec_add(cx->arena, &ret->rows, used);
    return hooks.permit(cx, &(struct form_earlier_permit){.draft_id = draft_id,
                                                          .field = f->field->id,
                                                          .casefile_id = f->source.casefile_id,
                                                          .from_field = f->there->id,
                                                          .from_purpose = f->there->why->key,
                                                          .purpose = f->field->why->key,
                                                          .law = used.law});
}

enum err form_earlier_begin(struct cx *cx, int64_t draft_id, const struct service_version *v, struct form_useds *ret)
{
    const struct form *form = form_of(v);
    int64_t party_id = ret->party_id;
    *ret = (struct form_useds){.party_id = party_id};
    enum err e = form_earlier_forget(cx, draft_id);
    if (e || !hooks.latest || !form->uses_earlier || cx->who->kind != WHO_PARTY || !party_id)
        return e;
    for (size_t i = 0; !e && i < form->fields.n; i++) {
        struct finding f;
        if (form->fields.p[i]->source != FORM_EARLIER)
            continue;
        e = find(cx, party_id, form->fields.p[i], &f);
        if (!e && f.by)
            e = permit(cx, draft_id, v, &f, ret);
    }
    return e;
}

enum err form_earlier_forget(struct cx *cx, int64_t draft_id)
{
    return hooks.forget ? hooks.forget(cx, draft_id) : ERR_OK;
}

enum err form_earlier_note(struct cx *cx, const struct service_version *v, const struct form_useds *used)
{
    struct auth_unit unit;
    enum err e = used->rows.n ? auth_unit_by_key(cx, v->unit_key, &unit) : ERR_OK;
    for (size_t i = 0; !e && i < used->rows.n; i++) {
        const struct form_used *u = &used->rows.p[i];
        access_note(cx,
                    &(struct access_entry){.subject_party_id = used->party_id,
                                           .casefile_id = u->casefile_id,
                                           .casefile_no = u->no,
                                           .kind = S("reuse"),
                                           .purpose = str_fmt(cx->arena, "%" PRI_STR ". %" PRI_STR,
                                                              STR_ARG(words_in(&v->name, access_house_lang(cx))),
                                                              STR_ARG(words_in(&u->why->text, access_house_lang(cx)))),
                                           .legal_basis = u->law,
                                           .by_itself_for = unit.id});
    }
    return e;
}

/* ---- reading ---- */

/* As it stands in an input. */
static struct str typed(struct cx *cx, const struct form_value *v, bool money)
{
    if (money) {
        int64_t n = v->number < 0 ? -v->number : v->number;
        return str_fmt(cx->arena, "%s%lld%c%02d", v->number < 0 ? "-" : "", (long long)(n / 100),
                       cx->lang == LANG_EN ? '.' : ',', (int)(n % 100));
    }
    struct str s = form_write_number(cx->arena, v->number);
    struct buf b = buf_make(cx->arena);
    for (size_t i = 0; i < s.n; i++)
        buf_add_char(&b, s.p[i] == '.' && cx->lang != LANG_EN ? ',' : s.p[i]);
    return buf_str(&b);
}

static bool number_fits(const struct form_field *f, int64_t number)
{
    int64_t step = FORM_NUMBER_ONE;
    for (int i = 0; i < f->decimals; i++)
        step /= 10;
    return number % step == 0;
}

bool form_earlier_value(struct cx *cx, const struct form_field *f, const struct form_value *of, struct form_value *ret)
{
    if (!of->visible || of->empty || of->bad)
        return false;
    *ret = (struct form_value){.visible = true,
                               .number = of->number,
                               .text = of->text,
                               .street = of->street,
                               .postcode = of->postcode,
                               .city = of->city};
    if (f->kind == FORM_ADDRESS)
        ret->text = of->street;
    if (f->kind == FORM_NUMBER || f->kind == FORM_MONEY)
        ret->text = typed(cx, of, f->kind == FORM_MONEY);
    for (size_t i = 0; f->kind == FORM_MULTISELECT && i < f->options.n; i++) /* in the order of this form */
        for (size_t k = 0; k < of->chosen.n; k++)
            if (str_eq(f->options.p[i].key, of->chosen.p[k]))
                vec_add(cx->arena, &ret->chosen, of->chosen.p[k]);
    switch (f->kind) {
    case FORM_NUMBER:
        return number_fits(f, of->number);
    case FORM_RADIO:
    case FORM_SELECT:
        return form_option_of(f, of->text);
    case FORM_MULTISELECT:
        return ret->chosen.n == of->chosen.n; /* some of an answer would be another answer */
    case FORM_COUNTRY:
    case FORM_CURRENCY:
        return form_code_offered(f, of->text);
    default:
        return true;
    }
}

bool form_earlier_answer(const struct form_given *given, const struct form_field *f, struct form_value *ret)
{
    for (size_t i = 0; i < given->earlier.n; i++)
        if (given->earlier.p[i].order == f->order) {
            *ret = given->earlier.p[i].value;
            return true;
        }
    return false;
}

static enum err take(struct cx *cx, struct form_draft *d, const struct form_earlier_read *r,
                     const struct form_eval *there)
{
    const struct form_field *f = form_field_of(d->form, r->field), *of = form_field_of(there->form, r->from_field);
    struct form_earlier earlier;
    if (!f || !of || f->source != FORM_EARLIER || f->kind != of->kind || of->repeat ||
        !form_earlier_value(cx, f, form_at(there, of), &earlier.value))
        return ERR_OK;
    earlier.order = f->order;
    earlier.value.service = r->service_key;
    earlier.value.question = r->from_field;
    earlier.value.fetched_us = r->at_us;
    vec_add(cx->arena, &d->given.earlier, earlier);
    return ERR_OK;
}

enum err form_earlier_load(struct cx *cx, struct form_draft *d)
{
    struct form_earlier_reads reads = {0};
    struct form_eval there = {0};
    struct str json = {0};
    if (!hooks.read || !d->form->uses_earlier || cx->who->kind != WHO_PARTY || d->anonymous || d->sent)
        return ERR_OK;
    enum err e = hooks.read(cx, d->id, &reads);
    for (size_t i = 0; !e && i < reads.rows.n; i++) {
        const struct form_earlier_read *r = &reads.rows.p[i];
        const struct service_version *v = service_version_by_id(cx, r->version_id);
        if (!v || !form_of(v))
            continue;
        if (json.p != r->answers_json.p)
            e = form_answers_read(cx, form_of(v), r->answers_json, &there);
        json = r->answers_json;
        if (!e)
            e = take(cx, d, r, &there);
    }
    return e;
}
