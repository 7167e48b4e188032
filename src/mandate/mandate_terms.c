/* Which matters, to read or to act, until when. */
#include "mandate_handlers.h"

#include "i18n/i18n.h"
#include "service/service.h"

void mandate_terms_begin(struct cx *cx, struct mandate_terms *t)
{
    int year, month, day;
    civil_from_day(civil_day_of_us(cx->now_us), &year, &month, &day);
    *t = (struct mandate_terms){.until = page_date_field(cx, "until", T_mandate_until_label)};
    page_date_put(cx, &t->until, civil_to_day(year + 1, month, month == 2 && day == 29 ? 28 : day));
}

/* Services one can apply for with a form: a mandate covers their cases. */
static bool can_be_chosen(const struct service_version *v)
{
    return v->apply != SERVICE_INFORMATION && v->form;
}

static void add_services(struct cx *cx, struct mandate_terms *t, const struct str *chosen, size_t n)
{
    struct service_list list = service_list(cx);
    for (size_t i = 0; i < list.rows.n; i++) {
        const struct service_version *v = list.rows.p[i];
        struct page_option o = {.value = v->key, .label = words_in(&v->name, cx->lang)};
        for (size_t k = 0; k < n; k++)
            o.checked |= str_eq(chosen[k], v->key);
        if (can_be_chosen(v))
            vec_add(cx->arena, &t->services.options, o);
    }
}

static struct str scope_of(struct cx *cx, const struct mandate_terms *t)
{
    struct buf b = buf_make(cx->arena);
    for (size_t i = 0; i < t->services.options.n; i++) {
        if (!t->services.options.p[i].checked)
            continue;
        if (b.n)
            buf_add_char(&b, ' ');
        buf_add(&b, t->services.options.p[i].value);
    }
    return buf_str(&b);
}

static void wrong(struct cx *cx, struct page_errors *errors, const char *field, enum text message)
{
    page_errors_add(cx, errors, str_of(field), i18n_text(cx->lang, message));
}

void mandate_terms_take(struct cx *cx, const struct request *req, struct mandate_terms *t, struct page_errors *errors,
                        struct mandate_chosen *ret)
{
    const struct str *chosen;
    size_t n = req_many(req, "services", &chosen);
    day_t until = 0;
    *t = (struct mandate_terms){.until = page_date_field(cx, "until", T_mandate_until_label)};
    page_date_fill(cx, req, &t->until);
    t->scope.value = req_str(req, "scope");
    t->act.value = req_str(req, "act");
    add_services(cx, t, chosen, n);
    bool some = str_eq_z(t->scope.value, "some");
    *ret = (struct mandate_chosen){.scope = some ? scope_of(cx, t) : S(""), .act = str_eq_z(t->act.value, "act")};
    if (!some && !str_eq_z(t->scope.value, "all"))
        wrong(cx, errors, "scope", T_mandate_scope_missing);
    if (some && !ret->scope.n)
        wrong(cx, errors, "services", T_mandate_services_missing);
    if (!ret->act && !str_eq_z(t->act.value, "read"))
        wrong(cx, errors, "act", T_mandate_act_missing);
    if (page_date_day(&t->until, &until))
        ret->until_us = civil_day_start_us(until + 1); /* that day too */
    else
        wrong(cx, errors, "until", T_mandate_until_invalid);
}

static void option(struct cx *cx, struct page_field *f, const char *value, enum text label, enum text hint)
{
    vec_add(cx->arena, &f->options,
            (struct page_option){.value = str_of(value),
                                 .label = i18n_text(cx->lang, label),
                                 .hint = i18n_text(cx->lang, hint),
                                 .checked = str_eq_z(f->value, value)});
}

void mandate_terms_show(struct cx *cx, struct mandate_terms *t, const struct page_errors *errors)
{
    t->scope.kind = t->act.kind = PAGE_FIELD_RADIO;
    t->scope.id = S("scope");
    t->scope.label = i18n_text(cx->lang, T_mandate_scope_label);
    t->scope.error = page_errors_of(errors, S("scope"));
    option(cx, &t->scope, "some", T_mandate_scope_some, T_mandate_scope_some_hint);
    option(cx, &t->scope, "all", T_mandate_what_all, T_mandate_scope_all_hint);
    if (!t->services.options.n)
        add_services(cx, t, NULL, 0);
    t->services.kind = PAGE_FIELD_CHECKBOX;
    t->services.id = S("services");
    t->services.label = i18n_text(cx->lang, T_mandate_services_label);
    t->services.hint = i18n_text(cx->lang, T_mandate_services_hint);
    t->services.optional = true;
    t->services.error = page_errors_of(errors, S("services"));
    t->act.id = S("act");
    t->act.label = i18n_text(cx->lang, T_mandate_act_label);
    t->act.error = page_errors_of(errors, S("act"));
    option(cx, &t->act, "read", T_mandate_act_read, T_mandate_how_read);
    option(cx, &t->act, "act", T_mandate_act_act, T_mandate_how_act);
    t->until.hint = i18n_text(cx->lang, T_mandate_until_hint);
    t->until.error = page_errors_of(errors, S("until"));
}
