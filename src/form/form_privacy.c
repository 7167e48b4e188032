/* What a service asks, why, by which law, from where, and for how long it is kept. The public page, what the data
   protection officer reads and `indgang check --privacy` are all made here, from the folder alone. */
#include "form_draft.h"
#include "i18n/i18n.h"

/* ---- what is asked ---- */

static struct str say(const struct cx *cx, enum text key)
{
    return i18n_text(cx->lang, key);
}

static struct str two(struct cx *cx, struct str first, struct str second)
{
    return str_fmt(cx->arena, "%" PRI_STR ". %" PRI_STR ".", STR_ARG(first), STR_ARG(second));
}

static struct str quoted(struct cx *cx, struct str key)
{
    const struct service_version *v = cx->services ? service_latest(cx, key) : NULL;
    return i18n_fmt(cx, T_form_quoted, ARG("text", v ? words_in(&v->name, cx->lang) : key));
}

/* “Lette hjælpemidler” og “Hjemmehjælp”, each once */
static struct str services_of(struct cx *cx, const struct form_field *f)
{
    VEC_OF(struct str) names = {0};
    for (size_t i = 0; i < f->earlier.n; i++) {
        bool again = false;
        for (size_t k = 0; k < i; k++)
            again |= str_eq(f->earlier.p[k].service, f->earlier.p[i].service);
        if (!again)
            vec_add(cx->arena, &names, quoted(cx, f->earlier.p[i].service));
    }
    return i18n_list(cx, names.p, names.n);
}

static struct str source_of(struct cx *cx, const struct form_field *f)
{
    if (f->source == FORM_EARLIER)
        return i18n_fmt(cx, T_form_privacy_earlier, ARG("services", services_of(cx, f)));
    if (f->source == FORM_LOGIN)
        return say(cx, T_form_privacy_login);
    if (f->attr == FORM_ATTR_EMAIL || f->attr == FORM_ATTR_PHONE)
        return say(cx, T_form_privacy_contact);
    return say(cx, f->attr == FORM_ATTR_INCOME ? T_form_privacy_income : T_form_privacy_register);
}

/* Where an answer comes from, and where it is put right. */
static struct str from_words(struct cx *cx, const struct form_field *f)
{
    if (f->value)
        return str_cat(cx->arena, say(cx, T_form_privacy_computed), S("."));
    if (f->source == FORM_TYPED)
        return f->required ? str_cat(cx->arena, say(cx, T_form_privacy_typed), S("."))
                           : two(cx, say(cx, T_form_privacy_typed), say(cx, T_form_privacy_voluntary));
    if (f->editable)
        return two(cx, source_of(cx, f), say(cx, T_form_privacy_editable));
    return str_fmt(cx->arena, "%" PRI_STR ". %" PRI_STR, STR_ARG(source_of(cx, f)),
                   STR_ARG(words_in(&f->correct, cx->lang)));
}

struct form_questions form_questions(struct cx *cx, const struct service_version *version, enum lang lang)
{
    struct form_questions all = {0};
    const struct form *form = form_of(version);
    enum lang before = cx->lang;
    cx->lang = lang;
    for (size_t i = 0; form && i < form->fields.n; i++) {
        const struct form_field *f = form->fields.p[i];
        if (!form_asks(f) || !f->why)
            continue;
        struct str label = form_full_label(cx, f, 0);
        if (f->part == FORM_PART_FILE)
            label = i18n_fmt(cx, T_form_privacy_file, ARG("label", label));
        vec_add(cx->arena, &all.rows,
                (struct form_question){.page = words_in(&form->pages.p[f->page].title, lang),
                                       .label = label,
                                       .from = from_words(cx, f),
                                       .why = f->why,
                                       .required = f->required,
                                       .from_register = f->source == FORM_REGISTER || f->source == FORM_LOGIN});
    }
    cx->lang = before;
    return all;
}

/* ---- with what rules fetch besides ---- */

static bool asks_attr(const struct service_version *v, enum form_attr attr)
{
    const struct form *form = form_of(v);
    for (size_t i = 0; form && i < form->fields.n; i++)
        if (form->fields.p[i]->source == FORM_REGISTER && form->fields.p[i]->attr == attr)
            return true;
    return false;
}

/* What rules take from a register and the form does not show: for the purpose that cases are handled for. */
static void add_rules(struct cx *cx, const struct service_version *v, struct form_privacy *ret)
{
    static const struct {
        const char *key;
        enum form_attr attr;
        enum text label;
    } facts[] = {{"income", FORM_ATTR_INCOME, T_form_privacy_attr_income},
                 {"children", FORM_ATTR_CHILDREN, T_form_privacy_attr_children},
                 {"single", FORM_ATTR_SINGLE, T_form_privacy_attr_single},
                 {"born", FORM_ATTR_BORN, T_form_privacy_attr_born}};
    const struct yaml *inputs = v->rules_yaml ? yaml_get(v->rules_yaml, "inputs") : NULL;
    const struct service_purpose *why = service_purpose(v, v->access_purpose);
    for (size_t i = 0; why && i < sizeof facts / sizeof *facts; i++)
        for (size_t k = 0; inputs && k < inputs->n; k++) {
            const struct yaml *bound = yaml_get(inputs->items[k], "register");
            if (!bound || !str_eq_z(bound->text, facts[i].key) || asks_attr(v, facts[i].attr))
                continue;
            struct str from = say(cx, i ? T_form_privacy_register : T_form_privacy_income);
            vec_add(cx->arena, &ret->asked.rows,
                    (struct form_question){.page = say(cx, T_form_privacy_rules),
                                           .label = say(cx, facts[i].label),
                                           .from = str_cat(cx->arena, from, S(".")),
                                           .why = why,
                                           .required = true,
                                           .from_register = true});
            break;
        }
}

/* ---- how long ---- */

static void keep(struct cx *cx, struct form_privacy *ret, enum text what, struct str how_long)
{
    vec_add(cx->arena, &ret->kept, (struct form_kept){say(cx, what), how_long});
}

static struct str years_words(struct cx *cx, int years)
{
    return years < 0 ? say(cx, T_form_privacy_keep) : i18n_fmt(cx, T_form_privacy_years, ARG("n", years));
}

/* What is sent is emptied; but what others must sign too can be taken back until they have. */
static struct str draft_words(struct cx *cx, const struct service_version *v)
{
    if (!v->cosign.by)
        return i18n_fmt(cx, T_form_privacy_draft_days, ARG("n", v->draft_days));
    return i18n_fmt(cx, T_form_privacy_draft_signed, ARG("n", v->draft_days), ARG("kept", form_kept_days(v)));
}

/* A service that decides may give some of what was applied for, with `lines` or without. It ends in an answer only for
   who applied without a name: there is nobody to send a decision to. */
static bool can_end(const struct service_version *v, int ending)
{
    if (ending == ENDING_ANSWERED)
        return !v->decides || v->apply == SERVICE_ANONYMOUS;
    return ending == ENDING_WITHDRAWN || v->decides;
}

/* Each way a case can end, with its own time or that of all. */
static void add_kept(struct cx *cx, const struct service_version *v, struct form_privacy *ret)
{
    static const enum text words[] = {T_form_privacy_granted, T_form_privacy_partly, T_form_privacy_refused,
                                      T_form_privacy_withdrawn, T_form_privacy_answered};
    bool erased = false;
    keep(cx, ret, T_form_privacy_draft, draft_words(cx, v));
    for (int i = 0; i < ENDING_COUNT; i++) {
        if (!can_end(v, i))
            continue;
        int own = v->retention_ending[i] ? v->retention_ending[i] : v->retention_keep ? -1 : v->retention_years;
        erased |= own > 0;
        bool falls = i == ENDING_WITHDRAWN && v->cosign.by && v->cosign.falls;
        keep(cx, ret, falls ? T_form_privacy_fallen : words[i], years_words(cx, own));
    }
    if (erased)
        keep(cx, ret, T_form_privacy_left, say(cx, T_form_privacy_left_text));
    const struct service_law *law = service_law(v, v->retention_basis);
    ret->basis = law ? law->ref : v->retention_basis;
}

struct form_privacy form_privacy(struct cx *cx, const struct service_version *v)
{
    struct form_privacy ret = {.asked = form_questions(cx, v, cx->lang)};
    add_rules(cx, v, &ret);
    if (form_of(v))
        add_kept(cx, v, &ret);
    return ret;
}

struct str form_basis_words(struct cx *cx, const struct service_version *v, const struct service_purpose *p)
{
    const struct service_law *law = service_law(v, p->law);
    struct str gdpr = i18n_fmt(cx, T_form_privacy_gdpr, ARG("article", p->gdpr));
    if (!law)
        return gdpr;
    struct str example = law->example ? i18n_text(cx->lang, T_form_example) : S("");
    return str_fmt(cx->arena, "%" PRI_STR "%s%" PRI_STR "; %" PRI_STR, STR_ARG(law->ref), example.n ? " " : "",
                   STR_ARG(example), STR_ARG(gdpr));
}

/* ---- as text, for the command line ---- */

static void put_question(struct cx *cx, const struct service_version *v, const struct form_question *q, struct buf *b)
{
    buf_fmt(b, "  %" PRI_STR "\n", STR_ARG(q->label));
    buf_fmt(b, "    %" PRI_STR ": %" PRI_STR "\n", STR_ARG(say(cx, T_form_privacy_why)),
            STR_ARG(words_in(&q->why->text, cx->lang)));
    buf_fmt(b, "    %" PRI_STR ": %" PRI_STR "\n", STR_ARG(say(cx, T_form_privacy_law)),
            STR_ARG(form_basis_words(cx, v, q->why)));
    buf_fmt(b, "    %" PRI_STR ": %" PRI_STR "\n", STR_ARG(say(cx, T_form_privacy_from)), STR_ARG(q->from));
}

struct str form_privacy_text(struct cx *cx, const struct service_version *v)
{
    struct form_privacy p = form_privacy(cx, v);
    struct buf b = buf_make(cx->arena);
    struct str page = {0};
    buf_fmt(&b, "%" PRI_STR " (%" PRI_STR ")\n", STR_ARG(words_in(&v->name, cx->lang)), STR_ARG(v->key));
    for (size_t i = 0; i < p.asked.rows.n; i++) {
        const struct form_question *q = &p.asked.rows.p[i];
        if (!str_eq(q->page, page))
            buf_fmt(&b, "\n%" PRI_STR "\n", STR_ARG(q->page));
        page = q->page;
        put_question(cx, v, q, &b);
    }
    buf_fmt(&b, "\n%" PRI_STR "\n", STR_ARG(say(cx, T_form_privacy_kept)));
    for (size_t i = 0; i < p.kept.n; i++)
        buf_fmt(&b, "  %" PRI_STR ": %" PRI_STR "\n", STR_ARG(p.kept.p[i].what), STR_ARG(p.kept.p[i].how_long));
    buf_fmt(&b, "  %" PRI_STR "\n", STR_ARG(i18n_fmt(cx, T_form_privacy_basis, ARG("basis", p.basis))));
    return buf_str(&b);
}
