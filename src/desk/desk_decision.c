/* Deciding line by line. */
#include "desk_handlers.h"

#include "i18n/i18n.h"
#include "tpl_desk_decision.h"

struct deciding {
    struct str id;
    struct casefile_view open;
    struct decision decision;
    struct decision_missing missing;
    struct casefile_asks asks;
    struct letter *letters;
    size_t n_letters;
    struct desk_decision view;
};

static enum err load(struct cx *cx, void *ctx)
{
    struct deciding *d = ctx;
    enum err e = desk_open(cx, d->id, &d->open);
    if (!e)
        e = decision_of(cx, &d->open, &d->decision);
    if (!e && d->decision.state != DECISION_DRAFT)
        e = fail_say(cx, ERR_CONFLICT, text_keys[T_decision_why_changed],
                     "the decision of case file %" PRI_STR " is final", STR_ARG(d->open.file.no));
    if (!e)
        e = casefile_asks(cx, &d->open, &d->asks);
    if (!e && d->asks.rows.n)
        e = letter_list_for_casefile(cx, d->open.file.id, &d->letters, &d->n_letters);
    return e ? e : decision_missing(cx, &d->open, &d->decision, &d->missing);
}

/* What was asked and not answered. Its letter on paper is made with it, and is in the record once it waits for the
   printer: it cannot be taken back (law 8), so it is named. */
static void add_asks(struct cx *cx, struct deciding *d)
{
    for (size_t i = 0; i < d->asks.rows.n; i++) {
        const struct casefile_ask *a = &d->asks.rows.p[i];
        vec_add(cx->arena, &d->view.asks, *a);
        for (size_t k = 0; k < d->n_letters; k++) {
            const struct letter *l = &d->letters[k];
            if (l->state == LETTER_TO_PRINT && !l->decision_id && l->created_us == a->asked_us)
                vec_add(cx->arena, &d->view.paper, (struct desk_letter_row){.id = l->id, .title = l->title});
        }
    }
}

static struct str name_of(struct cx *cx, size_t n, const char *part)
{
    return str_fmt(cx->arena, "lines-%zu-%s", n, part);
}

static const struct {
    const char *value;
    enum decision_outcome outcome;
} outcomes[] = {{"granted", DECISION_GRANTED}, {"partly", DECISION_PARTLY}, {"refused", DECISION_REFUSED}};

static void add_line(struct cx *cx, struct deciding *d, size_t n, const struct decision_line *l)
{
    struct page_errors *errors = &d->view.errors;
    struct desk_decision_line *v = vec_push(cx->arena, &d->view.lines);
    v->n = (int64_t)n;
    v->label = l->label;
    v->outcome = (struct page_field){.kind = PAGE_FIELD_RADIO,
                                     .id = name_of(cx, n, "outcome"),
                                     .inline_options = true,
                                     .label = i18n_text(cx->lang, T_desk_outcome_label)};
    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++)
        vec_add(cx->arena, &v->outcome.options,
                (struct page_option){.value = str_of(outcomes[i].value),
                                     .label = decision_outcome_text(cx, outcomes[i].outcome),
                                     .checked = l->outcome == outcomes[i].outcome});
    v->granted = (struct page_field){.id = name_of(cx, n, "granted"),
                                     .label = i18n_text(cx->lang, T_desk_granted_label),
                                     .hint = i18n_text(cx->lang, T_desk_granted_hint),
                                     .optional = true,
                                     .value = l->granted};
    v->basis = (struct page_field){.id = name_of(cx, n, "basis"),
                                   .label = i18n_text(cx->lang, T_desk_basis_label),
                                   .hint = i18n_text(cx->lang, T_desk_basis_hint),
                                   .value = l->legal_basis};
    v->reason = (struct page_field){.kind = PAGE_FIELD_TEXTAREA,
                                    .id = name_of(cx, n, "reason"),
                                    .rows = 4,
                                    .label = i18n_text(cx->lang, T_desk_reason_label),
                                    .hint = i18n_text(cx->lang, T_desk_reason_hint),
                                    .optional = true,
                                    .value = l->reason};
    struct page_field *fields[] = {&v->outcome, &v->granted, &v->basis, &v->reason};
    for (size_t i = 0; i < 4; i++)
        fields[i]->error = page_errors_of(errors, fields[i]->id);
}

static enum err show(struct cx *cx, struct request *req, struct reply *rep, struct deciding *d,
                     const struct decision_line *lines)
{
    struct desk_decision *v = &d->view;
    v->id = d->decision.id;
    v->casefile_id = d->open.file.id;
    v->version = d->decision.version;
    v->casefile_version = d->open.file.version;
    v->no = d->open.file.no;
    v->title = d->open.file.title;
    v->reserved = d->open.party.reserved_digital;
    v->saved = d->decision.version > 1;
    for (size_t i = 0; i < d->decision.lines.n; i++) {
        add_line(cx, d, i, &lines[i]);
        const struct decision_line *theirs = &d->decision.lines.p[i];
        if (v->conflict)
            v->lines.p[i].theirs =
                str_fmt(cx->arena, "%" PRI_STR ". %" PRI_STR " %" PRI_STR " %" PRI_STR,
                        STR_ARG(decision_outcome_text(cx, theirs->outcome)), STR_ARG(theirs->granted),
                        STR_ARG(theirs->legal_basis), STR_ARG(theirs->reason));
    }
    for (size_t i = 0; i < d->missing.rows.n; i++)
        vec_add(cx->arena, &v->missing, d->missing.rows.p[i]);
    v->ready = v->missing.n == 0;
    add_asks(cx, d);
    struct page page = {.title = i18n_text(cx->lang, T_desk_decision_title),
                        .face = PAGE_DESK,
                        .has_errors = v->errors.n > 0,
                        .form_id = S("decision")};
    page.status = v->conflict ? 409 : 0;
    desk_crumbs(cx, &page, v->casefile_id, v->no);
    struct tpl o = tpl_begin(cx);
    tpl_desk_decision(&o, v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err desk_decision_page(struct cx *cx, struct request *req, struct reply *rep)
{
    struct deciding d = {.id = req_param(req, "id")};
    enum err e = db_read(cx, load, &d);
    if ((e == ERR_NOT_FOUND || e == ERR_CONFLICT) &&
        d.open.can[CASEFILE_DO_DECIDE]) { /* none yet, or the last is final: a new one */
        e = decision_begin(cx, d.open.file.id, &d.decision);
        if (!e)
            e = db_read(cx, load, &d);
    }
    return e ? e : show(cx, req, rep, &d, d.decision.lines.p);
}

static struct str field_value(const struct request *req, struct str name)
{
    size_t n;
    const struct req_field *fields = req_fields(req, &n);
    for (size_t i = 0; i < n; i++)
        if (str_eq(fields[i].name, name))
            return str_trim(fields[i].value);
    return S("");
}

static int64_t field_number(const struct request *req, struct str name)
{
    int64_t v;
    return str_to_i64(field_value(req, name), &v) ? v : 0;
}

static struct decision_line *read_lines(struct cx *cx, const struct request *req, const struct decision *decision)
{
    struct decision_line *lines = arena_array(cx->arena, struct decision_line, decision->lines.n + 1);
    for (size_t i = 0; i < decision->lines.n; i++) {
        struct str outcome = field_value(req, name_of(cx, i, "outcome"));
        lines[i] = decision->lines.p[i];
        lines[i].outcome = DECISION_OPEN;
        for (size_t k = 0; k < sizeof outcomes / sizeof *outcomes; k++)
            if (str_eq_z(outcome, outcomes[k].value))
                lines[i].outcome = outcomes[k].outcome;
        lines[i].granted = field_value(req, name_of(cx, i, "granted"));
        lines[i].legal_basis = field_value(req, name_of(cx, i, "basis"));
        lines[i].reason = field_value(req, name_of(cx, i, "reason"));
    }
    return lines;
}

/* What is not complete, in the words of the fields: needed to make it final. */
static void check_lines(struct cx *cx, struct deciding *d, const struct decision_line *lines)
{
    struct page_errors *errors = &d->view.errors;
    for (size_t i = 0; i < d->decision.lines.n; i++) {
        const struct decision_line *l = &lines[i];
        if (l->outcome == DECISION_OPEN)
            page_errors_add(cx, errors, name_of(cx, i, "outcome"),
                            i18n_fmt(cx, T_desk_outcome_missing, ARG("what", l->label)));
        if (l->outcome == DECISION_PARTLY && str_empty(l->granted))
            page_errors_add(cx, errors, name_of(cx, i, "granted"),
                            i18n_fmt(cx, T_desk_granted_missing, ARG("what", l->label)));
        if (str_empty(l->legal_basis))
            page_errors_add(cx, errors, name_of(cx, i, "basis"),
                            i18n_fmt(cx, T_desk_line_basis_missing, ARG("what", l->label)));
        if (l->outcome > DECISION_GRANTED && str_empty(l->reason))
            page_errors_add(cx, errors, name_of(cx, i, "reason"),
                            i18n_fmt(cx, T_desk_reason_missing, ARG("what", l->label)));
    }
}

static enum err show_conflict(struct cx *cx, struct request *req, struct reply *rep, const struct deciding *d,
                              const struct decision_line *mine)
{
    struct deciding again = {.id = d->id, .view.conflict = true};
    enum err e = db_read(cx, load, &again);
    return e ? e : show(cx, req, rep, &again, mine);
}

/* "call", "hear", "exempt": save, and go there. */
static bool goes_on(struct str go)
{
    return str_eq(go, S("call")) || str_eq(go, S("hear")) || str_eq(go, S("exempt"));
}

enum err desk_decision_save(struct cx *cx, struct request *req, struct reply *rep)
{
    struct deciding d = {.id = req_param(req, "id")};
    enum lang lang;
    enum err e = db_read(cx, load, &d);
    if (e)
        return e;
    struct decision_line *lines = read_lines(cx, req, &d.decision);
    int64_t version = field_number(req, S("version")), casefile_version = field_number(req, S("casefile_version"));
    bool switched = i18n_lang(field_value(req, S("language")), &lang);
    struct str go = field_value(req, S("do"));
    if (switched)
        page_switch_language(cx, rep, lang);
    if (switched || str_eq(go, S("edit"))) {
        d.decision.version = version; /* still the ones this window was opened with (law 2) */
        d.open.file.version = casefile_version;
        return show(cx, req, rep, &d, lines);
    }
    e = decision_save(cx, d.decision.id, version, lines, d.decision.lines.n);
    if (e == ERR_CONFLICT)
        return show_conflict(cx, req, rep, &d, lines);
    bool final = str_eq(go, S("final"));
    if (!e && final) {
        check_lines(cx, &d, lines);
        struct page_errors errors = d.view.errors;
        struct deciding saved = {.id = d.id};
        if ((e = db_read(cx, load, &saved)))
            return e;
        saved.view.errors = errors;
        saved.open.file.version = errors.n ? casefile_version : saved.open.file.version;
        if (errors.n)
            return show(cx, req, rep, &saved, lines);
        e = decision_finalise(cx, saved.decision.id, saved.decision.version, casefile_version);
        if (e == ERR_CONFLICT)
            return show_conflict(cx, req, rep, &d, lines);
        if (e == ERR_LAW) /* the page says what is missing */
            return reply_redirect(cx, rep, "/desk/casefile/%lld/decision#missing", (long long)d.open.file.id);
    }
    if (e)
        return e;
    page_done(cx, rep, final ? T_desk_decision_final_done : T_desk_decision_saved);
    if (goes_on(go))
        return reply_redirect(cx, rep, "/desk/casefile/%lld/do/%" PRI_STR, (long long)d.open.file.id, STR_ARG(go));
    return final ? reply_redirect(cx, rep, "/desk/casefile/%lld/letter", (long long)d.open.file.id)
                 : reply_redirect(cx, rep, "/desk/casefile/%lld/decision", (long long)d.open.file.id);
}

/* ---- thrown away: asked first ---- */

static enum err ask_discard(struct cx *cx, struct request *req, struct reply *rep, const struct deciding *d)
{
    size_t n;
    const struct req_field *fields = req_fields(req, &n);
    struct desk_confirm v = {
        .title = i18n_text(cx->lang, T_desk_discard),
        .what = str_fmt(cx->arena, "%" PRI_STR ", %" PRI_STR, STR_ARG(d->open.file.title), STR_ARG(d->open.file.no)),
        .text = i18n_text(cx->lang, T_desk_discard_lead),
        .yes = i18n_text(cx->lang, T_desk_discard_do),
        .back = str_fmt(cx->arena, "/desk/casefile/%lld/decision", (long long)d->open.file.id)};
    v.action = str_cat(cx->arena, v.back, S("/discard"));
    for (size_t i = 0; i < n; i++)
        if (!str_eq(fields[i].name, S("do")) && !str_eq(fields[i].name, S("language")))
            vec_add(cx->arena, &v.typed, (struct desk_hidden){fields[i].name, fields[i].value});
    return desk_confirm_page(cx, req, rep, &v, &d->open.file);
}

enum err desk_decision_discard(struct cx *cx, struct request *req, struct reply *rep)
{
    struct deciding d = {.id = req_param(req, "id")};
    enum lang lang;
    bool switched = i18n_lang(field_value(req, S("language")), &lang);
    if (switched)
        page_switch_language(cx, rep, lang);
    enum err e = db_read(cx, load, &d);
    if (!e && (switched || !str_eq(field_value(req, S("do")), S("sure"))))
        return ask_discard(cx, req, rep, &d);
    if (!e)
        e = decision_discard(cx, d.decision.id, field_number(req, S("version")));
    if (e == ERR_CONFLICT && d.decision.state == DECISION_DRAFT)
        return show_conflict(cx, req, rep, &d, read_lines(cx, req, &d.decision));
    if (e)
        return e;
    page_done(cx, rep, T_desk_decision_discarded);
    return reply_redirect(cx, rep, "/desk/casefile/%lld", (long long)d.open.file.id);
}
