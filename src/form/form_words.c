/* An answer in words. */
#include "form_eval.h"
#include "i18n/i18n.h"

static struct str option_words(struct cx *cx, const struct form_field *f, struct str key)
{
    const struct form_option *o = form_option_of(f, key);
    return o ? words_in(&o->label, cx->lang) : key;
}

static struct str number_words(struct cx *cx, const struct form_field *f, const struct form_value *v)
{
    struct str s = i18n_number(cx, v->number / FORM_NUMBER_ONE);
    struct str plain = form_write_number(cx->arena, v->number);
    size_t dot = str_find_char(plain, '.', 0);
    if (v->number < 0 && v->number > -FORM_NUMBER_ONE)
        s = S("-0");
    if (dot < plain.n)
        s = str_fmt(cx->arena, "%" PRI_STR "%c%" PRI_STR, STR_ARG(s), cx->lang == LANG_EN ? '.' : ',',
                    STR_ARG(str_slice(plain, dot + 1, plain.n)));
    struct str unit = words_in(&f->unit, cx->lang);
    return unit.n ? str_fmt(cx->arena, "%" PRI_STR " %" PRI_STR, STR_ARG(s), STR_ARG(unit)) : s;
}

static struct str chosen_words(struct cx *cx, const struct form_field *f, const struct form_value *v)
{
    struct buf b = buf_make(cx->arena);
    for (size_t i = 0; i < v->chosen.n; i++) {
        if (i)
            buf_add_char(&b, '\n');
        buf_add(&b, option_words(cx, f, v->chosen.p[i]));
    }
    return buf_str(&b);
}

struct str form_month_words(struct cx *cx, day_t first)
{
    int year, month, day;
    civil_from_day(first, &year, &month, &day);
    return str_fmt(cx->arena, "%" PRI_STR " %d", STR_ARG(i18n_month(cx, month)), year);
}

/* The name of a code, or the code itself where a later version of the table no longer has it. */
static struct str code_words(struct cx *cx, const struct form_field *f, struct str code)
{
    struct str name = f->kind == FORM_COUNTRY ? i18n_country(cx->lang, code) : i18n_currency(cx->lang, code);
    return name.n ? name : code;
}

struct str form_value_words(struct cx *cx, const struct form_field *f, const struct form_value *v)
{
    if (v->empty && !form_is_tick(f))
        return (struct str){0};
    if (v->bad)
        return v->text;
    switch (f->kind) {
    case FORM_NUMBER:
        return number_words(cx, f, v);
    case FORM_MONEY:
        return i18n_money(cx, v->number);
    case FORM_DATE:
        return i18n_day(cx, (day_t)v->number);
    case FORM_MONTH:
        return form_month_words(cx, (day_t)v->number);
    case FORM_COUNTRY:
    case FORM_CURRENCY:
        return code_words(cx, f, v->text);
    case FORM_ORGNO:
    case FORM_ACCOUNT:
    case FORM_IBAN:
        return form_number_words(cx->arena, f->kind, v->text);
    case FORM_YESNO:
    case FORM_CHECKBOX:
    case FORM_DECLARATION:
        return i18n_text(cx->lang, v->number ? T_form_yes : T_form_no);
    case FORM_RADIO:
    case FORM_SELECT:
        return option_words(cx, f, v->text);
    case FORM_MULTISELECT:
        return chosen_words(cx, f, v);
    case FORM_ADDRESS:
        return str_fmt(cx->arena, "%" PRI_STR "\n%" PRI_STR " %" PRI_STR, STR_ARG(v->street), STR_ARG(v->postcode),
                       STR_ARG(v->city));
    default:
        return v->text;
    }
}

/* The name of a service as it is now; its key when it is no longer known. */
static struct str service_name(struct cx *cx, struct str key)
{
    const struct service_version *v = cx->services ? service_latest(cx, key) : NULL;
    return v ? words_in(&v->name, cx->lang) : key;
}

struct str form_source_words(struct cx *cx, const struct form_value *v)
{
    if (!v->register_fact)
        return (struct str){0};
    if (str_eq_z(v->told_by, "earlier"))
        return i18n_fmt(cx, T_form_source_earlier, ARG("service", service_name(cx, v->service)),
                        ARG("date", i18n_date(cx, v->fetched_us)));
    if (str_eq_z(v->told_by, "login"))
        return i18n_text(cx->lang, T_form_source_login);
    enum text key = str_eq_z(v->told_by, "self")     ? T_form_source_self
                    : str_eq_z(v->told_by, "income") ? T_form_source_income
                                                     : T_form_source_register;
    return i18n_fmt(cx, key, ARG("date", i18n_date(cx, v->fetched_us)));
}

struct str form_row_words(struct cx *cx, const struct form_field *repeat, size_t number)
{
    return i18n_fmt(cx, T_form_row, ARG("row", words_in(&repeat->row, cx->lang)), ARG("no", number));
}

struct str form_row_answers(struct cx *cx, const struct form_eval *e, const struct form_field *repeat,
                            const struct form_row *row)
{
    struct form_eval in = form_in_row(e, row);
    struct buf b = buf_make(cx->arena);
    for (size_t i = 0; i < repeat->show.n; i++) {
        const struct form_value *v = form_at(&in, repeat->show.p[i]);
        struct str words = v->visible ? form_value_words(cx, repeat->show.p[i], v) : (struct str){0};
        if (words.n)
            buf_fmt(&b, "%s%" PRI_STR, b.n ? ", " : "", STR_ARG(words));
    }
    return buf_str(&b);
}
