/* Asking again: what rules said is what they say, and what other rules would have said. */
#include "decision_rules.h"

#include "codec/codec.h"
#include "decision_store.h"

enum { REPLAY_BATCH = 200 };

struct replay {
    struct str no;
    const struct q_decision_ruling_get *stored;
    struct decision_differences *ret;
};

static void differ(struct cx *cx, const struct replay *r, const char *what, struct str then, struct str now)
{
    vec_add(cx->arena, &r->ret->rows,
            str_fmt(cx->arena, "%.*s: %s was %.*s and is now %.*s", STR_ARG(r->no), what, STR_ARG(then), STR_ARG(now)));
}

static struct str text_of(struct cx *cx, const struct json *v)
{
    struct buf b = buf_make(cx->arena);
    struct json_out o = json_out_make(&b);
    if (!v)
        return S("null");
    json_value(&o, v);
    return buf_str(&b);
}

/* What the two evaluations do not share, decision by decision. */
static void compare_evaluations(struct cx *cx, const struct replay *r, const struct json *then, const struct json *now)
{
    const struct json *a = json_get(then, "decisions"), *b = json_get(now, "decisions");
    if (str_eq(text_of(cx, then), text_of(cx, now)))
        return;
    size_t before = r->ret->rows.n, n = a && b ? a->n < b->n ? a->n : b->n : 0;
    for (size_t i = 0; i < n; i++) {
        struct str x = text_of(cx, a->items[i]), y = text_of(cx, b->items[i]);
        if (!str_eq(x, y))
            differ(cx, r, str_z(cx->arena, json_text(a->items[i], "name")), x, y);
    }
    if (r->ret->rows.n == before)
        differ(cx, r, "the evaluation", text_of(cx, then), text_of(cx, now));
}

static enum err compare(struct cx *cx, const struct replay *r, const struct rules_said *said)
{
    struct json *receipt, *now;
    enum err e = json_parse(cx, r->stored->receipt, &receipt);
    if (!e)
        e = json_parse(cx, said->evaluation_json, &now);
    if (e)
        return e;
    struct str then = text_of(cx, json_get(receipt, "result"));
    if (!str_eq(then, said->result))
        differ(cx, r, "the result", then, said->result);
    if ((r->stored->why == DECISION_WHY_GRANTED) != (said->why == DECISION_WHY_GRANTED))
        differ(cx, r, "the outcome", r->stored->why ? S("a person") : S("granted"),
               said->why ? S("a person") : S("granted"));
    compare_evaluations(cx, r, json_get(receipt, "evaluation"), now);
    return ERR_OK;
}

static enum err replay_one(struct cx *cx, int64_t casefile_id, struct str no, struct decision_differences *ret)
{
    struct q_decision_ruling_get stored;
    struct rules_facts facts;
    struct rules_said said;
    bool found;
    struct replay r = {.no = no, .stored = &stored, .ret = ret};
    enum err e = q_decision_ruling_get(cx, casefile_id, &stored, &found);
    if (!e && !found)
        e = fail(cx, ERR_NOT_FOUND, "no rules were asked in case file %.*s", STR_ARG(no));
    if (e || stored.why == DECISION_WHY_NO_RULES)
        return e;
    const struct service_version *v = service_version_by_id(cx, stored.service_version_id);
    const struct rules_set *set = rules_stored_set(v, stored.file);
    if (!set) {
        differ(cx, &r, "its rules", stored.file, S("not to be read"));
        return ERR_OK;
    }
    struct str model = hash_hex(cx->arena, dmn_model_hash(set->model));
    if (!str_eq(model, stored.model))
        differ(cx, &r, "the model", stored.model, model);
    e = rules_stored_facts(cx, casefile_id, v->rules, set, &facts);
    if (e)
        return e;
    rules_ask(cx, v->rules, set, &facts,
              &(struct rules_asked){.now_us = stored.at_us, .lang = cx->lang, .only_today = true}, &said);
    return compare(cx, &r, &said);
}

struct replaying {
    struct str no;
    size_t n;
    struct decision_differences *ret;
};

static enum err replay(struct cx *cx, void *ctx)
{
    struct replaying *k = ctx;
    struct q_decision_ruling_by_no row;
    bool found;
    enum err e = q_decision_ruling_by_no(cx, k->no, &row, &found);
    if (!e && !found)
        e = fail(cx, ERR_NOT_FOUND, "no case file %.*s in which rules were asked", STR_ARG(k->no));
    return e ? e : replay_one(cx, row.casefile_id, k->no, k->ret);
}

enum err decision_replay(struct cx *cx, struct str casefile_no, struct decision_differences *ret)
{
    *ret = (struct decision_differences){0};
    return db_read(cx, replay, &(struct replaying){.no = casefile_no, .ret = ret});
}

/* What is the same leaves nothing behind in the arena: there may be hundreds of thousands. */
static enum err replay_row(struct cx *cx, const struct q_decision_ruling_after *row, struct decision_differences *ret)
{
    struct arena_mark mark = arena_mark(cx->arena);
    size_t differences = ret->rows.n;
    enum err e = replay_one(cx, row->casefile_id, row->no, ret);
    if (!e && ret->rows.n == differences)
        arena_reset(cx->arena, mark);
    return e;
}

static enum err replay_all(struct cx *cx, void *ctx)
{
    struct replaying *k = ctx;
    struct q_decision_ruling_after *rows;
    int64_t after = INT64_MIN;
    size_t n;
    enum err e;
    do {
        struct arena_mark batch = arena_mark(cx->arena);
        size_t differences = k->ret->rows.n;
        e = q_decision_ruling_after(cx, after, REPLAY_BATCH, &rows, &n);
        for (size_t i = 0; !e && i < n; i++, k->n++)
            e = replay_row(cx, &rows[i], k->ret);
        after = n ? rows[n - 1].casefile_id : after;
        if (!e && k->ret->rows.n == differences)
            arena_reset(cx->arena, batch);
    } while (!e && n);
    return e;
}

enum err decision_replay_all(struct cx *cx, size_t *ret_n, struct decision_differences *ret)
{
    struct replaying k = {.ret = ret};
    *ret = (struct decision_differences){0};
    enum err e = db_read(cx, replay_all, &k);
    *ret_n = k.n;
    return e;
}

/* ---- other rules ---- */

struct comparing {
    const struct service_version *folder;
    const struct rules_set *set;
    int64_t since_us;
    struct decision_compared *ret;
};

/* What a register told then stands with the ruling of that time, or not at all. */
static enum err facts_then(struct cx *cx, int64_t casefile_id, struct party_facts *ret)
{
    struct q_decision_ruling_get stored;
    struct rules_facts facts;
    bool found;
    enum err e = q_decision_ruling_get(cx, casefile_id, &stored, &found);
    const struct service_version *v = !e && found ? service_version_by_id(cx, stored.service_version_id) : NULL;
    const struct rules_set *set = v ? rules_stored_set(v, stored.file) : NULL;
    *ret = (struct party_facts){0};
    if (e || !set)
        return e;
    e = rules_stored_facts(cx, casefile_id, v->rules, set, &facts);
    for (size_t i = 0; !e && i < facts.n; i++) {
        const struct rules_fact *f = &facts.rows[i];
        struct buf b = buf_make(cx->arena);
        feel_write_string(&b, f->value);
        if (f->input->from == RULES_REGISTER && !feel_is_null(f->value))
            vec_add(cx->arena, &ret->rows, (struct party_fact){f->input->key, buf_str(&b), f->source, f->at_us});
    }
    return e;
}

static const char *then_words(const struct q_decision_applications *row)
{
    static const char *const outcomes[] = {"not decided yet", "granted by a person", "partly granted by a person",
                                           "refused by a person"};
    if (row->why.set && row->why.v == DECISION_WHY_GRANTED)
        return "granted on the spot";
    return outcomes[row->outcome.set && row->outcome.v >= 0 && row->outcome.v <= 3 ? row->outcome.v : 0];
}

/* What these rules say of an application. */
static enum err ask_folder(struct cx *cx, const struct comparing *k, const struct q_decision_applications *row,
                           bool *ret_yes)
{
    struct casefile_view view;
    struct party_facts known;
    struct rules_facts facts;
    struct rules_said said;
    struct rules_case in = {.facts = &known, .day = civil_day_of_us(row->received_us)};
    enum err e = casefile_open_as_system(cx, row->casefile_id, &view);
    if (!e)
        e = casefile_answers_json(cx, &view, &in.answers_json);
    if (!e)
        e = facts_then(cx, row->casefile_id, &known);
    if (!e)
        e = rules_gather(cx, k->folder->rules, k->set, &in, &facts);
    if (e)
        return e;
    rules_ask(cx, k->folder->rules, k->set, &facts,
              &(struct rules_asked){.now_us = row->received_us, .lang = cx->lang, .only_today = true}, &said);
    *ret_yes = said.why == DECISION_WHY_GRANTED;
    return ERR_OK;
}

static enum err compare_one(struct cx *cx, const struct comparing *k, const struct q_decision_applications *row)
{
    struct arena_mark mark = arena_mark(cx->arena);
    bool then = row->why.set && row->why.v == DECISION_WHY_GRANTED, now;
    enum err e = ask_folder(cx, k, row, &now);
    if (e)
        return e;
    arena_reset(cx->arena, mark);
    struct decision_compared *r = k->ret;
    r->n++;
    r->then_yes += then;
    r->now_yes += now;
    r->more += now && !then;
    r->less += then && !now;
    if (then != now)
        vec_add(cx->arena, &r->rows,
                str_fmt(cx->arena, "%.*s: %s; by these rules: %s", STR_ARG(row->no), then_words(row),
                        now ? "granted on the spot" : "a person decides"));
    return ERR_OK;
}

static enum err compare_all(struct cx *cx, void *ctx)
{
    const struct comparing *k = ctx;
    struct q_decision_applications *rows;
    int64_t after = INT64_MIN;
    size_t n;
    enum err e;
    do {
        e = q_decision_applications(cx, k->folder->key, k->since_us, after, REPLAY_BATCH, &rows, &n);
        for (size_t i = 0; !e && i < n; i++)
            e = compare_one(cx, k, &rows[i]);
        after = n ? rows[n - 1].casefile_id : after;
    } while (!e && n);
    return e;
}

enum err decision_compare(struct cx *cx, const struct service_version *folder, int64_t since_us,
                          struct decision_compared *ret)
{
    *ret = (struct decision_compared){0};
    if (!folder->rules)
        return fail(cx, ERR_CONFIG, "%.*s has no rules", STR_ARG(folder->key));
    struct comparing k = {.folder = folder, .set = rules_newest(folder->rules), .since_us = since_us, .ret = ret};
    return db_read(cx, compare_all, &k);
}
