/* What is wrong with an answer, said in the words of the field. */
#include "form_eval.h"
#include "i18n/i18n.h"
#include "mail/mail.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum { MATCH_LIMIT = 100000 }; /* steps of one pattern on one answer; a pattern that needs more does not match */

static void *match_alloc(size_t n, void *arena)
{
    return arena_alloc(arena, n);
}

static void match_free(void *p, void *arena)
{
    (void)p, (void)arena; /* dies with the request */
}

static bool matches(struct cx *cx, const void *pattern, struct str s)
{
    pcre2_general_context *g = pcre2_general_context_create(match_alloc, match_free, cx->arena);
    pcre2_match_context *c = pcre2_match_context_create(g);
    pcre2_set_match_limit(c, MATCH_LIMIT);
    pcre2_match_data *m = pcre2_match_data_create_from_pattern(pattern, g);
    return pcre2_match(pattern, (PCRE2_SPTR)(s.p ? s.p : ""), s.n, 0, 0, m, c) >= 0;
}

static struct str say(struct cx *cx, enum text key, const struct form_field *f, struct str limit)
{
    return i18n_fmt(cx, key, ARG("field", words_in(&f->label, cx->lang)), ARG("limit", limit));
}

static struct str missing(struct cx *cx, const struct form_field *f)
{
    enum text key = T_form_missing_text;
    if (f->kind == FORM_RADIO || f->kind == FORM_SELECT || f->kind == FORM_YESNO)
        key = T_form_missing_choice;
    else if (f->kind == FORM_MULTISELECT)
        key = T_form_missing_choices;
    else if (f->kind == FORM_CHECKBOX)
        key = T_form_missing_tick;
    else if (f->kind == FORM_FILE)
        key = T_form_missing_file;
    return say(cx, key, f, (struct str){0});
}

static struct str unreadable(struct cx *cx, const struct form_field *f, const struct form_given *given)
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
    case FORM_IDNO: {
        const struct form_raw *r = form_raw_of(&given->raws, f->id);
        struct str plain;
        day_t born;
        bool form_ok =
            r && r->values.n &&
            party_idno_parse(cx, str_of(cx->muni ? cx->muni->rules->key : "dk"), r->values.p[0], &plain, &born);
        return say(cx, form_ok ? T_form_unknown_idno : T_form_bad_idno, f, (struct str){0});
    }
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

/* Mod-11: CVR (8 digits, weights 2 7 6 5 4 3 2 1), organisasjonsnummer (9 digits, 3 2 7 6 5 4 3 2 1). */
static bool is_orgno(struct str s)
{
    static const int cvr[] = {2, 7, 6, 5, 4, 3, 2, 1}, orgnr[] = {3, 2, 7, 6, 5, 4, 3, 2, 1};
    int digit[9], n = 0, sum = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == ' ')
            continue;
        if (s.p[i] < '0' || s.p[i] > '9' || n == 9)
            return false;
        digit[n++] = s.p[i] - '0';
    }
    for (int i = 0; i < n && n >= 8; i++)
        sum += digit[i] * (n == 8 ? cvr[i] : orgnr[i]);
    return n >= 8 && sum % 11 == 0;
}

static struct str limit_text(struct cx *cx, const struct form_field *f, int64_t v)
{
    if (f->kind == FORM_MONEY)
        return i18n_money(cx, v);
    if (f->kind == FORM_DATE)
        return i18n_day(cx, (day_t)v);
    struct str s = f->kind == FORM_NUMBER ? form_write_number(cx->arena, v) : i18n_number(cx, v);
    struct str copy = str_dup(cx->arena, s);
    size_t dot = str_find_char(copy, '.', 0);
    if (f->kind == FORM_NUMBER && cx->lang != LANG_EN && dot < copy.n)
        *(char *)(copy.p + dot) = ','; /* cast: our own copy */
    return copy;
}

/* Within min and max, in the measure of the kind. */
static struct str out_of_limits(struct cx *cx, const struct form_eval *e, const struct form_field *f,
                                const struct form_value *v)
{
    static const struct {
        enum text less, more;
    } keys[FORM_KIND_COUNT] = {
        [FORM_TEXT] = {T_form_too_short, T_form_too_long},  [FORM_LONGTEXT] = {T_form_too_short, T_form_too_long},
        [FORM_NUMBER] = {T_form_too_small, T_form_too_big}, [FORM_MONEY] = {T_form_too_small, T_form_too_big},
        [FORM_DATE] = {T_form_too_early, T_form_too_late},  [FORM_MULTISELECT] = {T_form_too_few, T_form_too_many},
    };
    bool text = f->kind == FORM_TEXT || f->kind == FORM_LONGTEXT;
    int64_t measure = text                          ? (int64_t)text_length(v->text)
                      : f->kind == FORM_MULTISELECT ? (int64_t)v->chosen.n
                                                    : v->number;
    int64_t min = f->min, max = f->max;
    if (f->kind == FORM_DATE) {
        min = form_when_day(&f->min_date, e->given->today);
        max = form_when_day(&f->max_date, e->given->today);
    }
    if (f->has_min && measure < min)
        return say(cx, keys[f->kind].less, f, limit_text(cx, f, min));
    if (f->has_max && measure > max)
        return say(cx, keys[f->kind].more, f, limit_text(cx, f, max));
    return (struct str){0};
}

static struct str own_rules(struct cx *cx, const struct form_field *f, const struct form_value *v)
{
    if (f->kind == FORM_EMAIL && !mail_address_ok(v->text))
        return say(cx, T_form_bad_email, f, (struct str){0});
    if (f->kind == FORM_PHONE && !is_phone(v->text))
        return say(cx, T_form_bad_phone, f, (struct str){0});
    if (f->kind == FORM_ORGNO && !is_orgno(v->text))
        return say(cx, T_form_bad_orgno, f, (struct str){0});
    if (f->kind == FORM_ADDRESS && text_length(v->street) + text_length(v->postcode) + text_length(v->city) > 300)
        return say(cx, T_form_too_long, f, S("300"));
    if (f->kind == FORM_FILE && v->n_files > (size_t)f->max_files)
        return say(cx, T_form_too_many_files, f, i18n_number(cx, f->max_files));
    return (struct str){0};
}

struct str form_wrong_with(struct cx *cx, const struct form_eval *e, const struct form_field *f)
{
    const struct form_value *v = &e->values[f->order];
    if (form_is_fixed(f))
        return (struct str){0}; /* what the register says is as it is, also when it says nothing */
    if (v->empty && !v->bad) {
        bool needed = f->required && (!f->required_when || form_holds(e, f->required_when));
        return needed ? missing(cx, f) : (struct str){0};
    }
    if (v->bad)
        return unreadable(cx, f, e->given);
    struct str wrong = out_of_limits(cx, e, f, v);
    if (!wrong.n)
        wrong = own_rules(cx, f, v);
    for (size_t i = 0; !wrong.n && i < f->checks.n; i++) {
        const struct form_check *c = f->checks.p[i];
        if (c->pattern ? !matches(cx, c->pattern, v->text) : !form_holds(e, c->must))
            wrong = words_in(&c->message, cx->lang);
    }
    return wrong;
}
