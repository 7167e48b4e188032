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

static void out_str(struct json_out *o, const char *key, struct str value)
{
    json_key(o, key);
    json_str(o, value.p ? value : S(""));
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
        out_str(o, "appliedFor", l->label);
        out_str(o, "outcome", str_of(outcome_key(l->outcome)));
        out_str(o, "granted", l->granted);
        out_str(o, "legalBasis", l->legal_basis);
        out_str(o, "reason", l->reason);
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
    out_str(o, "decided", civil_iso_us(cx->arena, d->final_us.v));
    out_str(o, "by", d->rule_version_id ? S("rules") : d->author_name);
    out_str(o, "outcome", str_of(outcome_key(d->outcome)));
    out_lines(o, d);
    if (newest && view->file.appeal_until_us.set)
        out_str(o, "appealUntil", civil_iso_day(cx->arena, civil_day_of_us(view->file.appeal_until_us.v - 1)));
    json_key(o, "receipt");
    if (json_parse(cx, d->receipt_json, &receipt))
        json_out_null(o);
    else
        json_value(o, receipt);
    json_end(o);
}

static void out_ruling(struct cx *cx, struct json_out *o, const struct decision_ruling *r)
{
    json_begin_object(o);
    out_str(o, "asked", civil_iso_us(cx->arena, r->at_us));
    out_str(o, "file", r->file);
    out_str(o, "model", r->model);
    json_key(o, "granted");
    json_bool(o, r->why == DECISION_WHY_GRANTED);
    out_str(o, "reason", r->reason);
    json_key(o, "facts");
    json_begin_array(o);
    for (size_t i = 0; i < r->facts.n; i++) {
        json_begin_object(o);
        out_str(o, "fact", r->facts.p[i].label);
        out_str(o, "value", r->facts.p[i].value);
        out_str(o, "source", r->facts.p[i].source);
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
        out_ruling(cx, o, &ruling);
    }
    return ERR_OK;
}
