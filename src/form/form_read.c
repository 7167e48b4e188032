/* One field from what was typed, or from what the register knows. */
#include "form_eval.h"

/* One field that is being read. */
struct reading {
    struct cx *cx;
    const struct form_eval *e;
    const struct form_field *f;
    const struct form_given *given;
    struct str key; /* its name among the raws */
};

static struct str part_name(struct cx *cx, struct str key, const char *part)
{
    return part ? str_fmt(cx->arena, "%" PRI_STR ".%s", STR_ARG(key), part) : key;
}

/* The default of a date, in the three boxes. */
static struct str default_part(struct cx *cx, const struct form_given *given, const struct form_field *f,
                               const char *part)
{
    int year, month, day;
    if (!f->has_default_date || !part)
        return (struct str){0};
    civil_from_day(form_when_day(&f->default_date, given->today), &year, &month, &day);
    return str_fmt(cx->arena, "%d", *part == 'd' ? day : *part == 'm' ? month : year);
}

struct str form_typed(struct cx *cx, const struct form_given *given, struct str row, const struct form_field *f,
                      const char *part)
{
    struct str key = form_key(cx->arena, row, f);
    const struct form_raw *r = form_raw_of(&given->raws, part_name(cx, key, part));
    if (r)
        return r->values.n ? r->values.p[r->values.n - 1] : (struct str){0};
    return part ? default_part(cx, given, f, part) : f->initial.n ? f->initial.p[0] : (struct str){0};
}

static struct str first(const struct reading *r)
{
    const struct form_raw *raw = form_raw_of(&r->given->raws, r->key);
    if (!raw)
        return r->f->initial.n ? r->f->initial.p[0] : (struct str){0};
    return raw->values.n ? str_trim(raw->values.p[0]) : (struct str){0};
}

static struct str part(const struct reading *r, const char *suffix)
{
    const struct form_raw *raw = form_raw_of(&r->given->raws, part_name(r->cx, r->key, suffix));
    if (!raw)
        return default_part(r->cx, r->given, r->f, suffix);
    return raw->values.n ? str_trim(raw->values.p[0]) : (struct str){0};
}

/* Was the page of this field ever saved with the field on it? */
static bool was_given(const struct reading *r)
{
    const char *suffix = r->f->kind == FORM_DATE || r->f->kind == FORM_MONTH ? "year"
                         : r->f->kind == FORM_ADDRESS                        ? "street"
                                                                             : NULL;
    return form_raw_of(&r->given->raws, part_name(r->cx, r->key, suffix));
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

/* A date, or a month: the first day of it. */
static void read_date(const struct reading *r, struct form_value *v)
{
    bool month = r->f->kind == FORM_MONTH;
    struct str s[3] = {month ? S("1") : part(r, "day"), part(r, "month"), part(r, "year")};
    v->empty = (month || !s[0].n) && !s[1].n && !s[2].n;
    if (v->empty)
        return;
    int64_t n[3];
    for (int i = 0; i < 3; i++)
        if (s[i].n > 4 || !str_to_i64(s[i], &n[i]) || n[i] < 1)
            v->bad = true;
    v->bad = v->bad || !civil_valid((int)n[2], (int)n[1], (int)n[0]);
    if (!v->bad)
        v->number = civil_to_day((int)n[2], (int)n[1], (int)n[0]);
    else if (month)
        v->text = str_fmt(r->cx->arena, "%" PRI_STR ".%" PRI_STR, STR_ARG(s[1]), STR_ARG(s[2]));
    else
        v->text =
            str_fmt(r->cx->arena, "%" PRI_STR ".%" PRI_STR ".%" PRI_STR, STR_ARG(s[0]), STR_ARG(s[1]), STR_ARG(s[2]));
}

static void read_address(const struct reading *r, struct form_value *v)
{
    v->street = part(r, "street");
    v->postcode = part(r, "postcode");
    v->city = part(r, "city");
    v->empty = !v->street.n && !v->postcode.n && !v->city.n;
    v->text = v->street;
    v->bad = !v->empty && (!v->street.n || !v->postcode.n || !v->city.n);
}

static void read_multiselect(const struct reading *r, struct form_value *v)
{
    const struct form_raw *raw = form_raw_of(&r->given->raws, r->key);
    const struct str *given = raw ? raw->values.p : r->f->initial.p;
    size_t n = raw ? raw->values.n : r->f->initial.n;
    for (size_t i = 0; i < r->f->options.n; i++)
        for (size_t k = 0; k < n; k++)
            if (str_eq(r->f->options.p[i].key, given[k])) {
                vec_add(r->cx->arena, &v->chosen, given[k]);
                break;
            }
    v->empty = !v->chosen.n;
}

/* A known person stands as two values, "#<party id>" and the masked number (form_draft.c); anything else is as typed.
 */
static void read_idno(const struct reading *r, struct form_value *v)
{
    const struct form_raw *raw = form_raw_of(&r->given->raws, r->key);
    if (raw && raw->values.n == 2) {
        v->text = raw->values.p[1];
        v->bad = !str_to_i64(str_slice(raw->values.p[0], 1, raw->values.p[0].n), &v->number);
        return;
    }
    v->bad = v->text.n > 0;
}

static size_t count_files(const struct reading *r)
{
    size_t n = 0;
    for (size_t i = 0; i < r->given->uploads.n; i++)
        n += str_eq(r->given->uploads.p[i].field, r->key);
    return n;
}

/* A number with check digits: as it is when right, as typed when not. */
static void read_number(const struct reading *r, struct form_value *v)
{
    struct arena *a = r->cx->arena;
    struct str country = r->f->country.n ? r->f->country : str_of(r->cx->muni ? r->cx->muni->rules->key : "dk");
    if (v->empty)
        return;
    v->bad = !(r->f->kind == FORM_ORGNO     ? form_orgno_read(a, v->text, &v->text)
               : r->f->kind == FORM_ACCOUNT ? form_account_read(a, country, v->text, &v->text)
                                            : form_iban_read(a, v->text, &v->text));
}

static void read_typed(const struct reading *r, struct form_value *v)
{
    const struct form_field *f = r->f;
    v->text = first(r);
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
    case FORM_DECLARATION:
        v->number = str_eq_z(v->text, "true");
        v->empty = !v->number;
        break;
    case FORM_RADIO:
    case FORM_SELECT:
        v->bad = !v->empty && !form_option_of(f, v->text);
        break;
    case FORM_COUNTRY:
    case FORM_CURRENCY:
        v->bad = !v->empty && !form_code_offered(f, v->text);
        break;
    case FORM_ORGNO:
    case FORM_ACCOUNT:
    case FORM_IBAN:
        read_number(r, v);
        break;
    case FORM_MULTISELECT:
        read_multiselect(r, v);
        break;
    case FORM_DATE:
    case FORM_MONTH:
        read_date(r, v);
        break;
    case FORM_ADDRESS:
        read_address(r, v);
        break;
    case FORM_IDNO:
        read_idno(r, v);
        break;
    case FORM_FILE:
        v->n_files = count_files(r);
        v->empty = !v->n_files;
        break;
    default:
        break;
    }
}

/* What nobody types: worked out from the answers before. */
static void compute(const struct form_eval *e, const struct form_field *f, struct form_value *v)
{
    static const int64_t step[] = {10000, 1000, 100, 10, 1};
    struct form_datum d = form_reckon(e, f->value);
    v->empty = !d.known;
    v->number = d.number;
    v->text = d.text;
    int64_t unit = f->kind == FORM_MONEY ? 100 : f->kind == FORM_NUMBER ? step[f->decimals] : 1;
    int64_t half = d.number < 0 ? -unit / 2 : unit / 2;
    if (unit > 1)
        v->number = (d.number + half) / unit * (f->kind == FORM_MONEY ? 1 : unit);
    if (f->kind == FORM_MONTH && d.known)
        v->number = form_month_day((day_t)d.number);
    if (f->kind == FORM_TEXT)
        v->empty = !d.known || !d.text.n;
}

/* The same answer as the register has, or as was given earlier? */
static bool same(const struct form_field *f, const struct form_value *a, const struct form_value *b)
{
    if (f->kind == FORM_DATE || f->kind == FORM_MONTH || f->kind == FORM_NUMBER || f->kind == FORM_MONEY ||
        f->kind == FORM_YESNO)
        return !a->bad && a->number == b->number;
    if (f->kind == FORM_MULTISELECT) {
        bool all = a->chosen.n == b->chosen.n;
        for (size_t i = 0; all && i < a->chosen.n; i++)
            all = str_eq(a->chosen.p[i], b->chosen.p[i]);
        return all;
    }
    if (f->kind == FORM_ADDRESS)
        return str_eq(a->street, b->street) && str_eq(a->postcode, b->postcode) && str_eq(a->city, b->city);
    return str_eq(a->text, b->text);
}

/* Who told it, and when. */
static void told(const struct form_field *f, const struct form_given *given, const struct form_value *known,
                 struct form_value *v)
{
    if (f->source == FORM_EARLIER) {
        v->told_by = S("earlier");
        v->service = known->service;
        v->question = known->question;
        v->fetched_us = known->fetched_us;
        return;
    }
    const struct party_fact *fact = f->source == FORM_REGISTER ? fact_of(f, given) : NULL;
    v->told_by = f->source == FORM_LOGIN ? S("login") : S("register");
    v->fetched_us = given->party->fetched_us;
    if (fact) {
        v->told_by = fact->source;
        v->fetched_us = fact->fetched_us;
    }
}

/* An earlier answer that cannot be changed here counts only when it can stand here too. *v is lent for the question. */
static bool stands(struct cx *cx, const struct form_eval *e, const struct form_field *f, const struct form_value *fact,
                   struct form_value *v)
{
    struct form_value before = *v;
    *v = *fact;
    bool ok = true;
    for (size_t i = 0; ok && i < f->options.n; i++)
        if (!form_option_shown(e, &f->options.p[i])) {
            ok = !str_eq(v->text, f->options.p[i].key);
            for (size_t k = 0; ok && k < v->chosen.n; k++)
                ok = !str_eq(v->chosen.p[k], f->options.p[i].key);
        }
    ok = ok && !form_wrong_with(cx, e, f).n;
    *v = before;
    return ok;
}

void form_read_value(struct cx *cx, const struct form_eval *e, const struct form_field *f, struct form_value *v)
{
    const struct form_given *given = e->given;
    struct reading r = {cx, e, f, given, form_key(cx->arena, e->row ? e->row->id : (struct str){0}, f)};
    struct form_value fact = {.visible = true, .empty = true};
    if (f->value) {
        compute(e, f, v);
        return;
    }
    bool known = f->source == FORM_EARLIER ? form_earlier_answer(given, f, &fact)
                                           : f->source != FORM_TYPED && given->party && from_register(f, given, &fact);
    bool settled = known && f->source == FORM_EARLIER && !f->editable;
    if (settled && !stands(cx, e, f, &fact, v))
        known = settled = false;
    if (form_is_fixed(f) || settled || (known && !was_given(&r))) {
        *v = fact;
        v->register_fact = known;
    } else {
        read_typed(&r, v);
        v->register_fact = known && !v->empty && same(f, v, &fact);
        v->changed = known && !v->register_fact;
    }
    if (v->register_fact)
        told(f, given, &fact, v);
}
