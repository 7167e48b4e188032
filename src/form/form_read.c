/* One field from what was typed, or from what the register knows. */
#include "form_eval.h"

static struct str first(const struct form_given *given, struct str name)
{
    const struct form_raw *r = form_raw_of(&given->raws, name);
    return r && r->values.n ? str_trim(r->values.p[0]) : (struct str){0};
}

static struct str part(struct cx *cx, const struct form_field *f, const struct form_given *given, const char *suffix)
{
    return first(given, str_fmt(cx->arena, "%" PRI_STR ".%s", STR_ARG(f->id), suffix));
}

/* Was the page of this field ever saved with the field on it? */
static bool was_given(struct cx *cx, const struct form_field *f, const struct form_given *given)
{
    if (f->kind == FORM_DATE || f->kind == FORM_ADDRESS) {
        const char *suffix = f->kind == FORM_DATE ? "year" : "street";
        return form_raw_of(&given->raws, str_fmt(cx->arena, "%" PRI_STR ".%s", STR_ARG(f->id), suffix));
    }
    return form_raw_of(&given->raws, f->id);
}

static const char *const attrs[] = {"name", "street", "email", "phone", "born", "", "income", "children", "single"};

static const struct party_fact *fact_of(const struct form_field *f, const struct form_given *given)
{
    for (size_t i = 0; i < given->facts.rows.n; i++)
        if (str_eq_z(given->facts.rows.p[i].attr, attrs[f->attr]))
            return &given->facts.rows.p[i];
    return NULL;
}

/* Income, children, single: as the register told them; nobody types them. */
static bool from_household(const struct form_field *f, const struct form_given *given, struct form_value *v)
{
    const struct party_fact *fact = fact_of(f, given);
    if (!fact)
        return false;
    bool known = f->attr == FORM_ATTR_INCOME     ? form_read_money(fact->value, &v->number)
                 : f->attr == FORM_ATTR_CHILDREN ? form_read_number(fact->value, 0, &v->number)
                                                 : true;
    if (f->attr == FORM_ATTR_SINGLE)
        v->number = str_eq_z(fact->value, "true");
    v->text = fact->value;
    v->empty = !known;
    return known;
}

static bool from_register(const struct form_field *f, const struct form_given *given, struct form_value *v)
{
    const struct party *p = given->party;
    switch (f->attr) {
    case FORM_ATTR_INCOME:
    case FORM_ATTR_CHILDREN:
    case FORM_ATTR_SINGLE:
        return from_household(f, given, v);
    case FORM_ATTR_NAME:
        v->text = p->name;
        break;
    case FORM_ATTR_EMAIL:
        v->text = p->email;
        break;
    case FORM_ATTR_PHONE:
        v->text = p->phone;
        break;
    case FORM_ATTR_ADDRESS:
        v->street = p->street, v->postcode = p->postcode, v->city = p->city;
        v->text = p->street;
        break;
    case FORM_ATTR_BORN:
        v->number = p->born;
        v->empty = !p->born_known;
        return p->born_known;
    case FORM_ATTR_IDNO:
        v->number = p->id;
        v->text = p->idno_masked;
        break;
    }
    v->empty = !v->text.n;
    return !v->empty;
}

static void read_date(struct cx *cx, const struct form_field *f, const struct form_given *given, struct form_value *v)
{
    struct str s[3] = {part(cx, f, given, "day"), part(cx, f, given, "month"), part(cx, f, given, "year")};
    v->empty = !s[0].n && !s[1].n && !s[2].n;
    if (v->empty)
        return;
    int64_t n[3];
    for (int i = 0; i < 3; i++)
        if (s[i].n > 4 || !str_to_i64(s[i], &n[i]) || n[i] < 1)
            v->bad = true;
    v->bad = v->bad || !civil_valid((int)n[2], (int)n[1], (int)n[0]);
    if (!v->bad)
        v->number = civil_to_day((int)n[2], (int)n[1], (int)n[0]);
    else
        v->text =
            str_fmt(cx->arena, "%" PRI_STR ".%" PRI_STR ".%" PRI_STR, STR_ARG(s[0]), STR_ARG(s[1]), STR_ARG(s[2]));
}

static void read_address(struct cx *cx, const struct form_field *f, const struct form_given *given,
                         struct form_value *v)
{
    v->street = part(cx, f, given, "street");
    v->postcode = part(cx, f, given, "postcode");
    v->city = part(cx, f, given, "city");
    v->empty = !v->street.n && !v->postcode.n && !v->city.n;
    v->text = v->street;
    v->bad = !v->empty && (!v->street.n || !v->postcode.n || !v->city.n);
}

static void read_multiselect(struct cx *cx, const struct form_field *f, const struct form_given *given,
                             struct form_value *v)
{
    const struct form_raw *r = form_raw_of(&given->raws, f->id);
    for (size_t i = 0; r && i < f->options.n; i++)
        for (size_t k = 0; k < r->values.n; k++)
            if (str_eq(f->options.p[i].key, r->values.p[k])) {
                vec_add(cx->arena, &v->chosen, r->values.p[k]);
                break;
            }
    v->empty = !v->chosen.n;
}

/* A known person stands as two values, "#<party id>" and the masked number (form_store.c); anything else is as typed.
 */
static void read_idno(const struct form_field *f, const struct form_given *given, struct form_value *v)
{
    const struct form_raw *r = form_raw_of(&given->raws, f->id);
    if (r && r->values.n == 2) {
        v->text = r->values.p[1];
        v->bad = !str_to_i64(str_slice(r->values.p[0], 1, r->values.p[0].n), &v->number);
        return;
    }
    v->bad = v->text.n > 0;
}

static size_t count_files(const struct form_field *f, const struct form_given *given)
{
    size_t n = 0;
    for (size_t i = 0; i < given->uploads.n; i++)
        n += str_eq(given->uploads.p[i].field, f->id);
    return n;
}

static void read_typed(struct cx *cx, const struct form_field *f, const struct form_given *given, struct form_value *v)
{
    v->text = first(given, f->id);
    v->empty = !v->text.n;
    switch (f->kind) {
    case FORM_NUMBER:
        v->bad = !v->empty && !form_read_number(v->text, f->decimals, &v->number);
        break;
    case FORM_MONEY:
        v->bad = !v->empty && !form_read_money(v->text, &v->number);
        break;
    case FORM_YESNO:
        v->number = str_eq_z(v->text, "true");
        v->bad = !v->empty && !v->number && !str_eq_z(v->text, "false");
        break;
    case FORM_CHECKBOX:
        v->number = str_eq_z(v->text, "true");
        v->empty = !v->number;
        break;
    case FORM_RADIO:
    case FORM_SELECT:
        v->bad = !v->empty && !form_option_of(f, v->text);
        break;
    case FORM_MULTISELECT:
        read_multiselect(cx, f, given, v);
        break;
    case FORM_DATE:
        read_date(cx, f, given, v);
        break;
    case FORM_ADDRESS:
        read_address(cx, f, given, v);
        break;
    case FORM_IDNO:
        read_idno(f, given, v);
        break;
    case FORM_FILE:
        v->n_files = count_files(f, given);
        v->empty = !v->n_files;
        break;
    default:
        break;
    }
}

/* The same answer as the register has? */
static bool same(const struct form_field *f, const struct form_value *a, const struct form_value *b)
{
    if (f->kind == FORM_DATE)
        return !a->bad && a->number == b->number;
    if (f->kind == FORM_ADDRESS)
        return str_eq(a->street, b->street) && str_eq(a->postcode, b->postcode) && str_eq(a->city, b->city);
    return str_eq(a->text, b->text);
}

/* Who told it, and when. */
static void told(const struct form_field *f, const struct form_given *given, struct form_value *v)
{
    const struct party_fact *fact = f->source == FORM_REGISTER ? fact_of(f, given) : NULL;
    v->told_by = f->source == FORM_LOGIN ? S("login") : S("register");
    v->fetched_us = given->party->fetched_us;
    if (fact) {
        v->told_by = fact->source;
        v->fetched_us = fact->fetched_us;
    }
}

void form_read_value(struct cx *cx, const struct form_field *f, const struct form_given *given, struct form_value *v)
{
    struct form_value fact = {.visible = true, .empty = true};
    bool known = f->source != FORM_TYPED && given->party && from_register(f, given, &fact);
    if (form_is_fixed(f) || (known && !was_given(cx, f, given))) {
        *v = fact;
        v->register_fact = known;
    } else {
        read_typed(cx, f, given, v);
        v->register_fact = known && !v->empty && same(f, v, &fact);
    }
    if (v->register_fact)
        told(f, given, v);
}
