/* What is wrong with an answer, said in the words of the field. */
#include "form_eval.h"
#include "i18n/i18n.h"
#include "mail/mail.h"

static struct str say(struct cx *cx, enum text key, const struct form_field *f, struct str limit)
{
    return i18n_fmt(cx, key, ARG("field", words_in(&f->label, cx->lang)), ARG("limit", limit));
}

static struct str missing(struct cx *cx, const struct form_field *f)
{
    enum text key = T_form_missing_text;
    if (form_is_choice(f) || f->kind == FORM_YESNO)
        key = T_form_missing_choice;
    else if (f->kind == FORM_MULTISELECT)
        key = T_form_missing_choices;
    else if (form_is_tick(f))
        key = T_form_missing_tick;
    else if (f->kind == FORM_FILE)
        key = T_form_missing_file;
    else if (f->kind == FORM_MONTH)
        key = T_form_missing_month;
    return say(cx, key, f, (struct str){0});
}

static struct str unreadable_idno(struct cx *cx, const struct form_eval *e, const struct form_field *f)
{
    struct str typed = form_typed(cx, e->given, e->row ? e->row->id : (struct str){0}, f, NULL), plain;
    day_t born;
    struct str country = str_of(cx->muni ? cx->muni->rules->key : "dk");
    bool form_ok = party_idno_parse(cx, country, typed, &plain, &born);
    return say(cx, form_ok ? T_form_unknown_idno : T_form_bad_idno, f, (struct str){0});
}

static struct str unreadable_account(struct cx *cx, const struct form_field *f)
{
    struct str country = f->country.n ? f->country : str_of(cx->muni ? cx->muni->rules->key : "dk");
    return say(cx, str_eq_z(country, "no") ? T_form_bad_account_no : T_form_bad_account_dk, f, (struct str){0});
}

static struct str unreadable(struct cx *cx, const struct form_eval *e, const struct form_field *f)
{
    switch (f->kind) {
    case FORM_NUMBER:
        return say(cx, f->decimals ? T_form_bad_decimal : T_form_bad_number, f, (struct str){0});
    case FORM_MONEY:
        return say(cx, T_form_bad_money, f, (struct str){0});
    case FORM_DATE:
        return say(cx, T_form_bad_date, f, (struct str){0});
    case FORM_ADDRESS:
        return say(cx, T_form_bad_address, f, (struct str){0});
    case FORM_MONTH:
        return say(cx, T_form_bad_month, f, (struct str){0});
    case FORM_IDNO:
        return unreadable_idno(cx, e, f);
    case FORM_ORGNO:
        return say(cx, T_form_bad_orgno, f, (struct str){0});
    case FORM_ACCOUNT:
        return unreadable_account(cx, f);
    case FORM_IBAN:
        return say(cx, T_form_bad_iban, f, (struct str){0});
    default:
        return say(cx, T_form_missing_choice, f, (struct str){0});
    }
}

/* 8 digits, or + and 6 to 15 (ITU-T E.164); blanks and hyphens between. */
static bool is_phone(struct str s)
{
    size_t digits = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] >= '0' && s.p[i] <= '9')
            digits++;
        else if (s.p[i] != ' ' && s.p[i] != '-' && !(s.p[i] == '+' && i == 0))
            return false;
    }
    return s.n && s.p[0] == '+' ? digits >= 6 && digits <= 15 : digits == 8;
}

static struct str limit_text(struct cx *cx, const struct form_field *f, int64_t v)
{
    if (f->kind == FORM_MONEY)
        return i18n_money(cx, v);
    if (f->kind == FORM_DATE)
        return i18n_day(cx, (day_t)v);
    if (f->kind == FORM_MONTH)
        return form_month_words(cx, (day_t)v);
    struct str s = f->kind == FORM_NUMBER ? form_write_number(cx->arena, v) : i18n_number(cx, v);
    struct str copy = str_dup(cx->arena, s);
    size_t dot = str_find_char(copy, '.', 0);
    if (f->kind == FORM_NUMBER && cx->lang != LANG_EN && dot < copy.n)
        *(char *)(copy.p + dot) = ','; /* cast: our own copy */
    return copy;
}

/* What is held against the limits. */
static int64_t measure(const struct form_field *f, const struct form_value *v)
{
    if (f->kind == FORM_TEXT || f->kind == FORM_LONGTEXT)
        return (int64_t)text_length(v->text);
    return f->kind == FORM_MULTISELECT ? (int64_t)v->chosen.n : f->kind == FORM_REPEAT ? (int64_t)v->rows.n : v->number;
}

/* Within min and max, in the measure of the kind. */
static struct str out_of_limits(struct cx *cx, const struct form_eval *e, const struct form_field *f,
                                const struct form_value *v)
{
    static const struct {
        enum text less, more;
    } keys[FORM_KIND_COUNT] = {
        [FORM_TEXT] = {T_form_too_short, T_form_too_long},
        [FORM_LONGTEXT] = {T_form_too_short, T_form_too_long},
        [FORM_NUMBER] = {T_form_too_small, T_form_too_big},
        [FORM_MONEY] = {T_form_too_small, T_form_too_big},
        [FORM_DATE] = {T_form_too_early, T_form_too_late},
        [FORM_MULTISELECT] = {T_form_too_few, T_form_too_many},
        [FORM_MONTH] = {T_form_too_early_month, T_form_too_late_month},
        [FORM_REPEAT] = {T_form_too_few_rows, T_form_too_many_rows},
    };
    int64_t limit, n = measure(f, v);
    if (form_limit(e, f, false, &limit) && n < limit)
        return say(cx, keys[f->kind].less, f, limit_text(cx, f, limit));
    if (form_limit(e, f, true, &limit) && n > limit)
        return say(cx, keys[f->kind].more, f, limit_text(cx, f, limit));
    return (struct str){0};
}

static struct str own_rules(struct cx *cx, const struct form_field *f, const struct form_value *v)
{
    if (f->kind == FORM_EMAIL && !mail_address_ok(v->text))
        return say(cx, T_form_bad_email, f, (struct str){0});
    if (f->kind == FORM_PHONE && !is_phone(v->text))
        return say(cx, T_form_bad_phone, f, (struct str){0});
    if (f->kind == FORM_ADDRESS && text_length(v->street) + text_length(v->postcode) + text_length(v->city) > 300)
        return say(cx, T_form_too_long, f, S("300"));
    if (f->kind == FORM_FILE && v->n_files > (size_t)f->max_files)
        return say(cx, T_form_too_many_files, f, i18n_number(cx, f->max_files));
    return (struct str){0};
}

static struct str own_checks(struct cx *cx, const struct form_eval *e, const struct form_field *f,
                             const struct form_value *v)
{
    for (size_t i = 0; i < f->checks.n; i++) {
        const struct form_check *c = f->checks.p[i];
        if (c->pattern ? !form_matches(cx->arena, c->pattern, v->text) : !form_holds(e, c->must))
            return words_in(&c->message, cx->lang);
    }
    return (struct str){0};
}

struct str form_wrong_with(struct cx *cx, const struct form_eval *e, const struct form_field *f)
{
    const struct form_value *v = form_at(e, f);
    if (form_is_fixed(f))
        return (struct str){0}; /* what the register says is as it is, also when it says nothing */
    if (v->empty && !v->bad && f->kind != FORM_REPEAT) {
        bool needed = f->required && (!f->required_when || form_holds(e, f->required_when));
        return needed ? missing(cx, f) : (struct str){0};
    }
    if (v->bad)
        return unreadable(cx, e, f);
    struct str wrong = out_of_limits(cx, e, f, v);
    if (!wrong.n)
        wrong = own_rules(cx, f, v);
    return wrong.n ? wrong : own_checks(cx, e, f, v);
}
