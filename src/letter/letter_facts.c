/* What the placeholders of a letter stand for, and law 4. */
#include "letter_internal.h"

#include "letter_tree.h"

struct str letter_text(struct cx *cx, enum lang lang, enum text key)
{
    (void)cx;
    return i18n_text(lang, key);
}

static void set(struct cx *cx, struct letter_facts *f, enum letter_slot slot, struct str value)
{
    if (str_empty(value))
        return;
    struct str *item = arena_new_of(cx->arena, struct str);
    *item = value;
    f->values[slot] = (struct letter_value){item, 1};
}

typedef VEC_OF(struct str) items_t;

static void set_items(struct letter_facts *f, enum letter_slot slot, const items_t *items)
{
    f->values[slot] = (struct letter_value){items->p, items->n};
}

static void add_once(struct cx *cx, items_t *items, struct str s)
{
    s = str_trim(s);
    for (size_t i = 0; i < items->n; i++)
        if (str_eq(items->p[i], s))
            return;
    if (!str_empty(s))
        vec_add(cx->arena, items, s);
}

/* "Badekar: et bruttobad" when less was given than asked for. */
static struct str granted_text(struct cx *cx, const struct decision_line *l)
{
    return str_empty(l->granted) ? l->label : str_fmt(cx->arena, "%.*s: %.*s", STR_ARG(l->label), STR_ARG(l->granted));
}

static struct str reason_text(struct cx *cx, const struct decision_line *l, size_t n_lines)
{
    if (n_lines < 2 || str_empty(l->reason))
        return l->reason;
    return str_fmt(cx->arena, "%.*s: %.*s", STR_ARG(l->label), STR_ARG(l->reason));
}

static void decision_facts(struct cx *cx, struct letter_facts *f)
{
    const struct decision *d = &f->decision;
    items_t all = {0}, granted = {0}, refused = {0}, reasons = {0}, laws = {0}, names_granted = {0},
            names_refused = {0};
    for (size_t i = 0; i < d->lines.n; i++) {
        const struct decision_line *l = &d->lines.p[i];
        bool some = l->outcome == DECISION_GRANTED || l->outcome == DECISION_PARTLY;
        vec_add(cx->arena, &all,
                str_fmt(cx->arena, "%.*s: %.*s", STR_ARG(l->label), STR_ARG(decision_outcome_text(cx, l->outcome))));
        if (some) {
            vec_add(cx->arena, &granted, granted_text(cx, l));
            vec_add(cx->arena, &names_granted, l->label);
        } else {
            vec_add(cx->arena, &refused, l->label);
            vec_add(cx->arena, &names_refused, l->label);
        }
        add_once(cx, &reasons, reason_text(cx, l, d->lines.n));
        add_once(cx, &laws, l->legal_basis);
    }
    if (!reasons.n)
        vec_add(cx->arena, &reasons, i18n_text(cx->lang, T_letter_reason_granted));
    set_items(f, SLOT_LINES, &all);
    set_items(f, SLOT_LINES_GRANTED, &granted);
    set_items(f, SLOT_LINES_REFUSED, &refused);
    set_items(f, SLOT_REASONS, &reasons);
    set_items(f, SLOT_LEGAL_BASIS, &laws);
    set(cx, f, SLOT_LINE_NAMES_GRANTED, i18n_list(cx, names_granted.p, names_granted.n));
    set(cx, f, SLOT_LINE_NAMES_REFUSED, i18n_list(cx, names_refused.p, names_refused.n));
    items_t appeal = {0};
    enum text in_time = cx->muni->rules->appeal_when_sent ? T_letter_appeal_sent : T_letter_appeal_received;
    vec_add(cx->arena, &appeal, i18n_fmt(cx, in_time, ARG("term", f->appeal_term)));
    vec_add(cx->arena, &appeal, i18n_fmt(cx, T_letter_appeal_how, ARG("phone", f->phone), ARG("email", f->email)));
    vec_add(cx->arena, &appeal, i18n_fmt(cx, T_letter_appeal_then, ARG("body", f->appeal_body)));
    set_items(f, SLOT_APPEAL, &appeal);
}

/* The end of the hearing that still runs: what {{deadline}} means in its letter. */
static enum err hearing_facts(struct cx *cx, const struct casefile_view *view, struct letter_facts *f)
{
    struct casefile_contacts contacts;
    enum err e = casefile_contacts(cx, view, &contacts);
    if (e)
        return e;
    for (size_t i = 0; i < contacts.rows.n; i++) {
        const struct casefile_contact *c = &contacts.rows.p[i];
        if (c->kind == CASEFILE_HEARING && c->due_us.set && c->due_us.v > cx->now_us && !c->answered_us.set)
            set(cx, f, SLOT_DEADLINE, i18n_date(cx, c->due_us.v - 1));
    }
    return ERR_OK;
}

static void unit_facts(struct cx *cx, const struct casefile_view *view, struct str unit_key, struct letter_facts *f)
{
    const struct municipality *m = cx->muni;
    const struct municipality_unit *unit = municipality_unit(m, unit_key);
    f->phone = unit ? municipality_unit_phone(m, unit) : m->phone;
    f->email = unit ? municipality_unit_email(m, unit) : m->email;
    set(cx, f, SLOT_UNIT_NAME, unit ? words_in(&unit->name, cx->lang) : view->file.unit_name);
    set(cx, f, SLOT_CONTACT, i18n_fmt(cx, T_letter_contact, ARG("phone", f->phone), ARG("email", f->email)));
}

static enum err fill_facts(struct cx *cx, const struct letter *letter, const struct casefile_view *view,
                           struct letter_facts *f)
{
    const struct service_version *v = service_version_by_id(cx, view->file.service_version_id);
    struct auth_unit unit;
    enum err e = auth_unit_by_id(cx, view->file.unit_id, &unit);
    if (e)
        return e;
    unit_facts(cx, view, unit.key, f);
    struct words body = service_appeal_body(cx, v);
    f->appeal_term = service_appeal_term(cx, v);
    f->appeal_body = words_in(&body, cx->lang);
    bool employee = cx->who->kind == WHO_EMPLOYEE;
    set(cx, f, SLOT_PARTY_NAME, view->party.name);
    set(cx, f, SLOT_CASEFILE_NO, view->file.no);
    set(cx, f, SLOT_CASEFILE_TITLE, v ? words_in(&v->name, cx->lang) : view->file.title);
    set(cx, f, SLOT_SERVICE_NAME, v ? words_in(&v->name, cx->lang) : view->file.title);
    set(cx, f, SLOT_APPLIED_DATE, i18n_date(cx, view->file.received_us));
    set(cx, f, SLOT_TODAY, i18n_date(cx, cx->now_us));
    set(cx, f, SLOT_MUNICIPALITY, cx->muni->name);
    set(cx, f, SLOT_APPEAL_DAYS, f->appeal_term);
    e = hearing_facts(cx, view, f);
    if (!e && letter->decision_id)
        e = decision_by_id(cx, letter->decision_id, &f->decision);
    struct str caseworker = employee                      ? cx->who->name
                            : f->decision.rule_version_id ? i18n_text(cx->lang, T_letter_by_rules)
                                                          : view->file.caseworker_name;
    set(cx, f, SLOT_CASEWORKER, caseworker);
    if (!e && letter->decision_id)
        decision_facts(cx, f);
    return e;
}

enum err letter_facts(struct cx *cx, const struct letter *letter, const struct casefile_view *view,
                      struct letter_facts *ret)
{
    enum lang before = cx->lang;
    *ret = (struct letter_facts){0};
    cx->lang = letter->lang;
    enum err e = fill_facts(cx, letter, view, ret);
    cx->lang = before;
    return e;
}

/* ---- law 4 ---- */

static bool says(struct cx *cx, struct str folded_letter, struct str what)
{
    what = text_fold(cx->arena, what);
    return str_empty(what) || str_find(folded_letter, what, 0) < folded_letter.n;
}

static struct str digits(struct cx *cx, struct str s)
{
    struct buf b = buf_make(cx->arena);
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= '0' && s.p[i] <= '9')
            buf_add_char(&b, s.p[i]);
    return buf_str(&b);
}

/* All words of the letter, folded, as one line: what it says, however it is set. */
static struct str folded(struct cx *cx, struct str markdown)
{
    cmark_node *root;
    struct letter_leaf leaf = {0};
    struct buf b = buf_make(cx->arena);
    if (letter_tree_parse(cx, markdown, &root))
        return (struct str){"", 0};
    while (letter_tree_next_leaf(cx, root, &leaf)) {
        buf_add(&b, leaf.text);
        buf_add_char(&b, ' ');
    }
    return text_fold(cx->arena, buf_str(&b));
}

struct letter_law letter_law_check(struct cx *cx, const struct letter_facts *facts, enum lang lang,
                                   struct str sent_markdown)
{
    const struct decision *d = &facts->decision;
    struct letter_law r = {true, true, true, true};
    if (!d->id || !d->adverse)
        return r;
    struct str letter = folded(cx, sent_markdown);
    bool some_basis = false;
    for (size_t i = 0; i < d->lines.n; i++) {
        const struct decision_line *l = &d->lines.p[i];
        if (l->outcome == DECISION_GRANTED)
            continue;
        r.reasons = r.reasons && !str_empty(str_trim(l->reason)) && says(cx, letter, l->reason);
        r.legal_basis = r.legal_basis && says(cx, letter, l->legal_basis);
        some_basis = some_basis || !str_empty(str_trim(l->legal_basis));
    }
    r.legal_basis = r.legal_basis && some_basis;
    r.appeal = says(cx, letter, facts->appeal_term) && says(cx, letter, i18n_text(lang, T_letter_appeal_word));
    struct str phone = digits(cx, facts->phone);
    bool phoned = phone.n >= 5 && str_find(digits(cx, letter), phone, 0) < digits(cx, letter).n;
    r.contact = phoned || (!str_empty(facts->email) && says(cx, letter, facts->email));
    return r;
}
