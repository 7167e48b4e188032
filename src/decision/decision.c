#include "decision_rules.h"

#include "codec/codec.h"
#include "decision_store.h"
#include "i18n/i18n.h"

enum { REASON_MAX = 5000, BASIS_MAX = 300, GRANTED_MAX = 1000 };

struct str decision_outcome_text(struct cx *cx, enum decision_outcome outcome)
{
    static const enum text words[] = {T_decision_outcome_open, T_decision_outcome_granted, T_decision_outcome_partly,
                                      T_decision_outcome_refused};
    return i18n_text(cx->lang, words[outcome]);
}

/* ---- reading ---- */

static enum decision_outcome outcome_of(const struct decision *d)
{
    bool all_granted = true, all_refused = true;
    for (size_t i = 0; i < d->lines.n; i++) {
        if (d->lines.p[i].outcome == DECISION_OPEN)
            return DECISION_OPEN;
        all_granted &= d->lines.p[i].outcome == DECISION_GRANTED;
        all_refused &= d->lines.p[i].outcome == DECISION_REFUSED;
    }
    if (!d->lines.n)
        return DECISION_OPEN;
    return all_granted ? DECISION_GRANTED : all_refused ? DECISION_REFUSED : DECISION_PARTLY;
}

/* Anything that is decided and is less than what was applied for. */
static bool adverse_of(const struct decision *d)
{
    for (size_t i = 0; i < d->lines.n; i++)
        if (d->lines.p[i].outcome == DECISION_PARTLY || d->lines.p[i].outcome == DECISION_REFUSED)
            return true;
    return false;
}

static enum err load(struct cx *cx, int64_t id, struct decision *ret)
{
    struct q_decision_row r;
    struct q_decision_line_list *lines;
    size_t n;
    bool found;
    enum err e = q_decision_row(cx, id, &r, &found);
    if (!e && !found)
        e = fail(cx, ERR_NOT_FOUND, "no such decision");
    if (!e)
        e = q_decision_line_list(cx, id, &lines, &n);
    if (e)
        return e;
    struct decision d = {.id = r.id,
                         .casefile_id = r.casefile_id,
                         .version = r.version,
                         .state = (enum decision_state)r.state,
                         .author_employee_id = r.employee_id.v,
                         .author_name = r.employee_name.p ? r.employee_name : S(""),
                         .rule_version_id = r.rule_version_id.v,
                         .final_us = r.final_us,
                         .receipt_json = r.receipt};
    for (size_t i = 0; i < n; i++)
        vec_add(cx->arena, &d.lines,
                (struct decision_line){lines[i].key, lines[i].label, (enum decision_outcome)lines[i].outcome,
                                       lines[i].granted, lines[i].legal_basis, lines[i].reason});
    d.outcome = outcome_of(&d);
    d.adverse = adverse_of(&d);
    *ret = d;
    return ERR_OK;
}

enum err decision_by_id(struct cx *cx, int64_t id, struct decision *ret)
{
    return load(cx, id, ret);
}

enum err decision_get(struct cx *cx, const struct casefile_view *view, int64_t id, struct decision *ret)
{
    struct decision d;
    enum err e = load(cx, id, &d);
    if (e)
        return e;
    /* the party reads a decision when its letter has arrived; a yes by rules, which can only please, at once */
    bool arrived = view->file.arrived_us.set && view->file.arrived_us.v <= cx->now_us; /* paper: days after the post */
    bool shown = !view->party_view || (d.state == DECISION_FINAL && (arrived || d.rule_version_id != 0));
    if (d.casefile_id != view->file.id || !shown)
        return fail(cx, ERR_NOT_FOUND, "no such decision of this case file");
    *ret = d;
    return ERR_OK;
}

enum err decision_of(struct cx *cx, const struct casefile_view *view, struct decision *ret)
{
    struct q_decision_draft_of draft;
    struct q_decision_final_of final;
    bool found = false;
    enum err e = view->party_view ? ERR_OK : q_decision_draft_of(cx, view->file.id, &draft, &found);
    if (!e && found)
        return decision_get(cx, view, draft.id, ret);
    if (!e)
        e = q_decision_final_of(cx, view->file.id, &final, &found);
    if (!e && !found)
        e = fail(cx, ERR_NOT_FOUND, "no decision yet");
    return e ? e : decision_get(cx, view, final.id, ret);
}

/* ---- drafting ---- */

/* Who may decide works on the case file; drafting itself changes nothing of it. */
static enum err may_decide(struct cx *cx, int64_t casefile_id)
{
    struct casefile_view view;
    enum err e = casefile_open_as_employee(cx, str_fmt(cx->arena, "%lld", (long long)casefile_id), S(""), &view);
    if (e)
        return e;
    return view.can[CASEFILE_DO_DECIDE] ? ERR_OK
                                        : fail_say(cx, ERR_CONFLICT, text_keys[T_decision_why_not_now],
                                                   "only its caseworker or a leader decides, and not in every state");
}

struct beginning {
    int64_t casefile_id, id, rule_version_id;
    struct casefile_view view;
};

/* After an appeal the lines begin as the decision that was appealed has them. */
static enum err begin_as_before(struct cx *cx, const struct beginning *b)
{
    struct q_decision_final_of final;
    struct decision before = {0};
    bool found;
    int64_t n;
    enum err e = q_decision_final_of(cx, b->casefile_id, &final, &found);
    if (!e && found)
        e = load(cx, final.id, &before);
    for (size_t i = 0; !e && i < before.lines.n; i++) {
        const struct decision_line *l = &before.lines.p[i];
        e = q_decision_line_update(cx,
                                   &(struct q_decision_line_update_in){.decision_id = b->id,
                                                                       .number = (int64_t)i + 1,
                                                                       .key = l->key,
                                                                       .outcome = l->outcome,
                                                                       .granted = l->granted,
                                                                       .legal_basis = l->legal_basis,
                                                                       .reason = l->reason},
                                   &n);
    }
    return e;
}

static enum err begin(struct cx *cx, void *ctx)
{
    struct beginning *b = ctx;
    struct q_decision_draft_of draft;
    struct casefile_lines lines;
    bool found, by_rule = b->rule_version_id != 0;
    enum err e = q_decision_draft_of(cx, b->casefile_id, &draft, &found);
    if (e || found) {
        b->id = draft.id;
        return e;
    }
    b->id = rand_id();
    e = casefile_lines(cx, &b->view, &lines);
    if (!e)
        e = q_decision_insert(cx, b->id, b->casefile_id, (struct opt_int){!by_rule, cx->who->employee_id},
                              (struct opt_int){by_rule, b->rule_version_id}, cx->now_us);
    for (size_t i = 0; !e && i < lines.rows.n; i++)
        e = q_decision_line_insert(cx, b->id, (int64_t)i + 1, lines.rows.p[i].key, lines.rows.p[i].label);
    return e || !b->view.file.decided_us.set ? e : begin_as_before(cx, b);
}

enum err decision_begin(struct cx *cx, int64_t casefile_id, struct decision *ret)
{
    struct beginning b = {.casefile_id = casefile_id};
    struct str id = str_fmt(cx->arena, "%lld", (long long)casefile_id);
    enum err e = casefile_open_as_employee(cx, id, S(""), &b.view);
    if (!e && !b.view.can[CASEFILE_DO_DECIDE])
        e = fail_say(cx, ERR_CONFLICT, text_keys[T_decision_why_not_now],
                     "only its caseworker or a leader decides, and not in every state");
    if (!e)
        e = db_write(cx, begin, &b);
    if (e == ERR_DUPLICATE) /* begun twice at the same moment */
        e = db_write(cx, begin, &b);
    return e ? e : load(cx, b.id, ret);
}

struct saving {
    int64_t id, version;
    const struct decision_line *lines;
    size_t n;
};

static enum err changed(struct cx *cx)
{
    return fail_say(cx, ERR_CONFLICT, text_keys[T_decision_why_changed],
                    "LAW 2: the decision was changed meanwhile, or is no draft any more");
}

static enum err save(struct cx *cx, void *ctx)
{
    const struct saving *s = ctx;
    struct opt_int author = {cx->who->kind == WHO_EMPLOYEE, cx->who->employee_id};
    int64_t n;
    enum err e = q_decision_change(cx, s->id, s->version, author, &n);
    if (!e && !n)
        e = changed(cx);
    for (size_t i = 0; !e && i < s->n; i++) {
        const struct decision_line *l = &s->lines[i];
        e = q_decision_line_update(
            cx,
            &(struct q_decision_line_update_in){.decision_id = s->id,
                                                .number = (int64_t)i + 1,
                                                .key = l->key,
                                                .outcome = l->outcome,
                                                .granted = l->granted.p ? l->granted : S(""),
                                                .legal_basis = l->legal_basis.p ? l->legal_basis : S(""),
                                                .reason = l->reason.p ? l->reason : S("")},
            &n);
        if (!e && !n)
            e = fail(cx, ERR_INVALID, "line %zu is not what was applied for", i + 1);
    }
    return e;
}

static enum err line_fits(struct cx *cx, size_t i, const struct decision_line *l)
{
    const struct {
        const char *name;
        struct str value;
        size_t max;
    } parts[] = {{"granted", l->granted, GRANTED_MAX},
                 {"legal_basis", l->legal_basis, BASIS_MAX},
                 {"reason", l->reason, REASON_MAX}};
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++)
        if (text_length(parts[k].value) > parts[k].max)
            return fail_field(cx, ERR_INVALID, str_fmt(cx->arena, "lines-%zu-%s", i + 1, parts[k].name),
                              "longer than %zu characters", parts[k].max);
    if (l->outcome > DECISION_REFUSED)
        return fail_field(cx, ERR_INVALID, str_fmt(cx->arena, "lines-%zu-outcome", i + 1), "no such outcome");
    return ERR_OK;
}

enum err decision_save(struct cx *cx, int64_t id, int64_t version, const struct decision_line *lines, size_t n)
{
    struct decision d;
    enum err e = load(cx, id, &d);
    if (!e)
        e = may_decide(cx, d.casefile_id);
    if (!e && n != d.lines.n)
        e = fail(cx, ERR_INVALID, "%zu lines instead of %zu", n, d.lines.n);
    for (size_t i = 0; !e && i < n; i++)
        e = line_fits(cx, i, &lines[i]);
    return e ? e : db_write(cx, save, &(struct saving){id, version, lines, n});
}

static enum err discard(struct cx *cx, void *ctx)
{
    const struct saving *s = ctx;
    int64_t n;
    enum err e = q_decision_discard(cx, s->id, s->version, &n);
    return e || n ? e : changed(cx);
}

enum err decision_discard(struct cx *cx, int64_t id, int64_t version)
{
    struct decision d;
    enum err e = load(cx, id, &d);
    if (!e)
        e = may_decide(cx, d.casefile_id);
    return e ? e : db_write(cx, discard, &(struct saving){.id = id, .version = version});
}

/* ---- what is missing ---- */

struct lack {
    enum text key;
    struct str field;
};

/* The first thing a line lacks; false when nothing. */
static bool line_lacks(struct cx *cx, size_t i, const struct decision_line *l, struct lack *ret)
{
    const char *part = NULL;
    if (l->outcome == DECISION_OPEN) {
        part = "outcome";
        ret->key = T_decision_missing_outcome;
    } else if (l->outcome == DECISION_PARTLY && !str_trim(l->granted).n) {
        part = "granted";
        ret->key = T_decision_missing_granted;
    } else if (!str_trim(l->legal_basis).n) {
        part = "legal_basis";
        ret->key = T_decision_missing_basis;
    } else if (l->outcome != DECISION_GRANTED && !str_trim(l->reason).n) {
        part = "reason";
        ret->key = T_decision_missing_reason;
    }
    if (part)
        ret->field = str_fmt(cx->arena, "lines-%zu-%s", i + 1, part);
    return part != NULL;
}

static bool same_line(const struct decision_line *a, const struct decision_line *b)
{
    return a->outcome == b->outcome && str_eq(str_trim(a->granted), str_trim(b->granted)) &&
           str_eq(str_trim(a->legal_basis), str_trim(b->legal_basis)) &&
           str_eq(str_trim(a->reason), str_trim(b->reason));
}

/* Word for word the decision that was appealed: that is upheld and sent on (casefile_uphold), not told once more. */
static enum err told_before(struct cx *cx, const struct decision *d, bool *ret)
{
    struct q_decision_final_of final;
    struct decision before;
    bool found, same = false;
    enum err e = q_decision_final_of(cx, d->casefile_id, &final, &found);
    if (!e && found) {
        e = load(cx, final.id, &before);
        same = !e && before.lines.n == d->lines.n;
    }
    for (size_t i = 0; same && i < d->lines.n; i++)
        same = same_line(&d->lines.p[i], &before.lines.p[i]);
    if (!e)
        *ret = same;
    return e;
}

enum err decision_missing(struct cx *cx, const struct casefile_view *view, const struct decision *decision,
                          struct decision_missing *ret)
{
    bool heard, same = false;
    struct lack lack;
    *ret = (struct decision_missing){0};
    for (size_t i = 0; i < decision->lines.n; i++)
        if (line_lacks(cx, i, &decision->lines.p[i], &lack))
            vec_add(cx->arena, &ret->rows, i18n_fmt(cx, lack.key, ARG("line", decision->lines.p[i].label)));
    enum err e = casefile_heard(cx, view->file.id, &heard);
    if (!e && decision->adverse && !heard)
        vec_add(cx->arena, &ret->rows, i18n_text(cx->lang, T_decision_missing_hearing));
    if (!e && view->file.state == CASEFILE_APPEALED && !view->file.sent_on)
        e = told_before(cx, decision, &same);
    if (!e && same)
        vec_add(cx->arena, &ret->rows, i18n_text(cx->lang, T_decision_missing_change));
    return e;
}

/* ---- the receipt: what the decision rests on ---- */

/* What registers say of the party, as we had it at this moment; never a protected address: the receipt goes into
 * letters. */
static enum err receipt_facts(struct cx *cx, const struct casefile *c, struct json_out *o)
{
    struct party_facts facts = {0};
    struct party p = {0};
    const struct service_version *v = service_version_by_id(cx, c->service_version_id);
    enum err e = c->party_id ? party_get(cx, c->party_id, &p) : ERR_OK;
    if (!e && c->party_id)
        e = party_facts(cx, c->party_id, &facts);
    json_key(o, "facts");
    json_begin_array(o);
    for (size_t i = 0; !e && i < facts.rows.n; i++) {
        const struct party_fact *f = &facts.rows.p[i];
        if (p.protected_address &&
            (str_eq_z(f->attr, "street") || str_eq_z(f->attr, "postcode") || str_eq_z(f->attr, "city")))
            continue;
        if (party_is_household(f->attr) && !(v && v->asks_household)) /* fetched for another purpose */
            continue;
        json_begin_object(o);
        json_pair(o, "fact", f->attr);
        json_pair(o, "value", f->value);
        json_pair(o, "source", f->source);
        json_pair_us(o, "at", f->fetched_us);
        json_end(o);
    }
    json_end(o);
    return e;
}

static enum err receipt_contacts(struct cx *cx, const struct casefile *c, struct json_out *o)
{
    static const char *const kinds[] = {"", "call", "hearing", "exemption"};
    struct casefile_view view = {.file = *c};
    struct casefile_contacts contacts;
    enum err e = casefile_contacts(cx, &view, &contacts);
    json_key(o, "heard");
    json_begin_array(o);
    for (size_t i = 0; !e && i < contacts.rows.n; i++) {
        const struct casefile_contact *h = &contacts.rows.p[i];
        json_begin_object(o);
        json_pair(o, "kind", str_of(kinds[h->kind]));
        json_pair_us(o, "at", h->at_us);
        json_pair(o, "by", h->by);
        json_key(o, "counts");
        json_bool(o, h->fulfils);
        if (h->legal_basis.n)
            json_pair(o, "legal_basis", h->legal_basis);
        json_end(o);
    }
    json_end(o);
    return e;
}

static enum err receipt(struct cx *cx, const struct casefile *c, const struct decision *d, struct str *ret)
{
    static const char *const outcomes[] = {"open", "granted", "partly", "refused"};
    struct buf b = buf_make(cx->arena);
    struct json_out o = json_out_make(&b);
    json_begin_object(&o);
    if (c->no.n) /* rules decide before it has a number */
        json_pair(&o, "casefile", c->no);
    json_key(&o, "service_version");
    json_i64(&o, c->service_version_id);
    json_pair_us(&o, "decided", cx->now_us);
    if (d->rule_version_id) {
        json_key(&o, "rule_version");
        json_i64(&o, d->rule_version_id);
    } else {
        json_pair(&o, "decided_by", cx->who->name);
        json_pair(&o, "unit", c->unit_name);
    }
    json_key(&o, "lines");
    json_begin_array(&o);
    for (size_t i = 0; i < d->lines.n; i++) {
        const struct decision_line *l = &d->lines.p[i];
        json_begin_object(&o);
        json_pair(&o, "asked", l->label);
        json_pair(&o, "outcome", str_of(outcomes[l->outcome]));
        json_pair(&o, "granted", l->granted);
        json_pair(&o, "legal_basis", l->legal_basis);
        json_pair(&o, "reason", l->reason);
        json_end(&o);
    }
    json_end(&o);
    enum err e = receipt_contacts(cx, c, &o);
    if (!e)
        e = receipt_facts(cx, c, &o);
    json_end(&o);
    *ret = buf_str(&b);
    return e;
}

/* ---- final ---- */

struct finalising {
    int64_t id, version, casefile_version;
};

static enum err check_final(struct cx *cx, const struct decision *d, bool appealed)
{
    struct lack lack;
    bool heard, same = false;
    if (d->state != DECISION_DRAFT)
        return changed(cx);
    for (size_t i = 0; i < d->lines.n; i++)
        if (line_lacks(cx, i, &d->lines.p[i], &lack))
            return fail_field(cx, ERR_INVALID, lack.field, "the line is not complete");
    enum err e = appealed ? told_before(cx, d, &same) : ERR_OK;
    if (!e && same)
        e = fail(cx, ERR_LAW, "the decision that was appealed is upheld and sent on, not made once more");
    if (e || !d->adverse)
        return e;
    e = casefile_heard(cx, d->casefile_id, &heard);
    return e || heard ? e : fail(cx, ERR_LAW, "LAW 3: no call, hearing or exemption is recorded");
}

static enum err finalise(struct cx *cx, void *ctx)
{
    const struct finalising *f = ctx;
    struct decision d;
    struct casefile c;
    struct str json;
    int64_t n;
    enum err e = load(cx, f->id, &d);
    if (!e && d.rule_version_id && d.adverse)
        e = fail(cx, ERR_LAW, "LAW 3: rules may grant, never refuse");
    if (!e)
        e = casefile_begin(cx, d.casefile_id, f->casefile_version,
                           d.rule_version_id ? CASEFILE_DO_GRANT : CASEFILE_DO_DECIDE, &c);
    if (!e) /* again: what was read before the lock may be old */
        e = load(cx, f->id, &d);
    if (!e && d.version != f->version)
        e = changed(cx);
    if (!e)
        e = check_final(cx, &d, c.decided_us.set && !c.sent_on);
    if (!e)
        e = receipt(cx, &c, &d, &json);
    if (!e)
        e = q_decision_finalise(cx,
                                &(struct q_decision_finalise_in){.id = d.id,
                                                                 .version = d.version,
                                                                 .outcome = d.outcome,
                                                                 .adverse = d.adverse,
                                                                 .now_us = cx->now_us,
                                                                 .receipt = json},
                                &n);
    if (!e && !n)
        e = changed(cx);
    return e ? e : casefile_decided(cx, d.casefile_id, d.id);
}

enum err decision_finalise(struct cx *cx, int64_t id, int64_t version, int64_t casefile_version)
{
    struct decision d;
    struct casefile_view view;
    enum err e = load(cx, id, &d);
    if (!e && cx->who->kind == WHO_EMPLOYEE) /* notes who asked, also when it is refused */
        e = casefile_open_as_employee(cx, str_fmt(cx->arena, "%lld", (long long)d.casefile_id), S(""), &view);
    return e ? e : db_write(cx, finalise, &(struct finalising){id, version, casefile_version});
}

/* ---- by rules ---- */

enum err decision_by_rules(struct cx *cx, const struct decision_grant *grant)
{
    struct beginning b = {.casefile_id = grant->casefile_id, .rule_version_id = grant->rule_version_id};
    struct decision d;
    int64_t n;
    enum err e = casefile_open_as_system(cx, grant->casefile_id, &b.view);
    if (!e)
        e = begin(cx, &b);
    if (!e)
        e = load(cx, b.id, &d);
    for (size_t i = 0; !e && i < d.lines.n; i++)
        e = q_decision_line_update(cx,
                                   &(struct q_decision_line_update_in){.decision_id = d.id,
                                                                       .number = (int64_t)i + 1,
                                                                       .key = d.lines.p[i].key,
                                                                       .outcome = DECISION_GRANTED,
                                                                       .granted = S(""),
                                                                       .legal_basis = grant->legal_basis,
                                                                       .reason = grant->reason},
                                   &n);
    return e ? e : finalise(cx, &(struct finalising){.id = d.id, .version = d.version});
}
