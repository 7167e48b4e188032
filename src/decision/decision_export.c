/* The decisions of a case file in the file that is given out on a request for access. */
#include "decision.h"

#include "codec/codec.h"
#include "decision_store.h"

enum err decision_list(struct cx *cx, const struct casefile_view *view, struct decisions *ret)
{
    struct q_decision_final_list *rows;
    size_t n;
    enum err e = q_decision_final_list(cx, view->file.id, &rows, &n);
    *ret = (struct decisions){0};
    for (size_t i = 0; !e && i < n; i++) {
        struct decision d;
        e = decision_get(cx, view, rows[i].id, &d);
        if (e == ERR_NOT_FOUND) /* its letter has not arrived */
            e = ERR_OK;
        else if (!e)
            vec_add(cx->arena, &ret->rows, d);
    }
    return e;
}

static const char *outcome_key(enum decision_outcome outcome)
{
    static const char *const keys[] = {"open", "granted", "partly", "refused"};
    return keys[outcome];
}

static void out_lines(struct json_out *o, const struct decision *d)
{
    json_key(o, "lines");
    json_begin_array(o);
    for (size_t i = 0; i < d->lines.n; i++) {
        const struct decision_line *l = &d->lines.p[i];
        json_begin_object(o);
        json_pair(o, "appliedFor", l->label);
        json_pair(o, "outcome", str_of(outcome_key(l->outcome)));
        json_pair(o, "granted", l->granted);
        json_pair(o, "legalBasis", l->legal_basis);
        json_pair(o, "reason", l->reason);
        json_end(o);
    }
    json_end(o);
}

/* `newest`: the appeal deadline of the case file is of this one. */
static void out_decision(struct cx *cx, struct json_out *o, const struct casefile_view *view, const struct decision *d,
                         bool newest)
{
    struct json *receipt;
    json_begin_object(o);
    json_pair_us(o, "decided", d->final_us.v);
    json_pair(o, "by", d->rule_version_id ? S("rules") : d->author_name);
    json_pair(o, "outcome", str_of(outcome_key(d->outcome)));
    out_lines(o, d);
    if (newest && view->file.appeal_until_us.set)
        json_pair(o, "appealUntil", civil_iso_day(cx->arena, civil_day_of_us(view->file.appeal_until_us.v - 1)));
    json_key(o, "receipt");
    if (json_parse(cx, d->receipt_json, &receipt))
        json_out_null(o);
    else
        json_value(o, receipt);
    json_end(o);
}

static void out_ruling(struct json_out *o, const struct decision_ruling *r)
{
    json_begin_object(o);
    json_pair_us(o, "asked", r->at_us);
    json_pair(o, "file", r->file);
    json_pair(o, "model", r->model);
    json_key(o, "granted");
    json_bool(o, r->why == DECISION_WHY_GRANTED);
    json_pair(o, "reason", r->reason);
    json_key(o, "facts");
    json_begin_array(o);
    for (size_t i = 0; i < r->facts.n; i++) {
        json_begin_object(o);
        json_pair(o, "fact", r->facts.p[i].label);
        json_pair(o, "value", r->facts.p[i].value);
        json_pair(o, "source", r->facts.p[i].source);
        json_end(o);
    }
    json_end(o);
    json_key(o, "explanation");
    json_begin_array(o);
    for (size_t i = 0; i < r->sentences.n; i++)
        json_str(o, r->sentences.p[i]);
    json_end(o);
    json_end(o);
}

enum err decision_export(struct cx *cx, const struct casefile_view *view, struct json_out *o)
{
    struct decisions all;
    struct decision_ruling ruling;
    bool asked;
    enum err e = decision_list(cx, view, &all);
    if (!e)
        e = decision_ruling_of(cx, view, &ruling, &asked);
    if (e)
        return e;
    json_key(o, "decisions");
    json_begin_array(o);
    for (size_t i = 0; i < all.rows.n; i++)
        out_decision(cx, o, view, &all.rows.p[i], i + 1 == all.rows.n);
    json_end(o);
    if (asked) {
        json_key(o, "rules");
        out_ruling(o, &ruling);
    }
    return ERR_OK;
}
