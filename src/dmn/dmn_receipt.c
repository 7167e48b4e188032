/* The receipt as JSON, for the record: what is evaluated again later with the same inputs and the model of this hash
   gives the same. */
#include "dmn_inner.h"

static void put_text(struct json_out *o, const char *key, struct str s)
{
    if (!s.n)
        return;
    json_key(o, key);
    json_str(o, s);
}

static void put_value(struct json_out *o, const char *key, struct feel_value v)
{
    json_key(o, key);
    feel_to_json(o, v);
}

static void put_reason(struct json_out *o, const struct feel_reason *r)
{
    json_begin_object(o);
    put_text(o, "why", str_of(feel_why_name(r->why)));
    put_text(o, "detail", r->detail);
    if (r->source) {
        put_text(o, "element", r->source->name);
        put_text(o, "expression", str_trim(r->source->text));
        if (r->source->line) {
            json_key(o, "line");
            json_i64(o, r->source->line);
        }
    }
    json_end(o);
}

static void put_hit(struct json_out *o, const struct dmn_hit *h)
{
    json_begin_object(o);
    json_key(o, "rule");
    json_i64(o, (int64_t)h->rule);
    put_text(o, "id", h->id);
    put_text(o, "annotation", h->annotation);
    put_text(o, "description", h->description);
    if (h->n_misses) {
        json_key(o, "failed");
        json_begin_array(o);
        for (size_t i = 0; i < h->n_misses; i++) {
            json_begin_object(o);
            put_text(o, "input", h->misses[i].label);
            put_text(o, "wanted", h->misses[i].cell);
            put_value(o, "value", h->misses[i].value);
            json_end(o);
        }
        json_end(o);
    }
    json_end(o);
}

static void put_hits(struct json_out *o, const struct dmn_table_trace *t, const char *key, bool matched)
{
    json_key(o, key);
    json_begin_array(o);
    for (size_t i = 0; i < t->n_hits; i++)
        if (t->hits[i].matched == matched)
            put_hit(o, &t->hits[i]);
    json_end(o);
}

static void put_table(struct json_out *o, const struct dmn_table_trace *t)
{
    json_begin_object(o);
    put_text(o, "hitPolicy", t->hit_policy);
    json_key(o, "inputs");
    json_begin_array(o);
    for (size_t i = 0; i < t->n_inputs; i++) {
        json_begin_object(o);
        put_text(o, "label", t->inputs[i].label);
        put_value(o, "value", t->inputs[i].value);
        json_end(o);
    }
    json_end(o);
    put_hits(o, t, "matched", true);
    put_hits(o, t, "near", false);
    if (t->defaulted) {
        json_key(o, "default");
        json_bool(o, true);
    }
    put_value(o, "result", t->result);
    json_end(o);
}

static void put_step(struct json_out *o, const struct dmn_step *s)
{
    const struct feel_reason *why = feel_reason_of(s->value);
    json_begin_object(o);
    put_text(o, "name", s->item->name);
    put_text(o, "label", s->item->label);
    put_text(o, "id", s->item->id);
    if (s->item->imported)
        put_text(o, "namespace", s->item->ns);
    put_text(o, "type", s->item->type_name);
    json_key(o, "given");
    json_bool(o, s->given);
    put_text(o, "source", s->source);
    put_value(o, "value", s->value);
    if (why) {
        json_key(o, "reason");
        put_reason(o, why);
    }
    if (s->n_tables) {
        json_key(o, "tables");
        json_begin_array(o);
        for (size_t i = 0; i < s->n_tables; i++)
            put_table(o, &s->tables[i]);
        json_end(o);
    }
    json_end(o);
}

static void put_steps(struct json_out *o, const struct dmn_receipt *r, const char *key, enum dmn_kind kind)
{
    json_key(o, key);
    json_begin_array(o);
    for (size_t i = 0; i < r->n_steps; i++)
        if (r->steps[i].item->kind == kind)
            put_step(o, &r->steps[i]);
    json_end(o);
}

void dmn_receipt_json(struct json_out *o, const struct dmn_receipt *r)
{
    struct arena *a = o->b->arena;
    json_begin_object(o);
    json_key(o, "model");
    json_begin_object(o);
    put_text(o, "name", dmn_model_name(r->model));
    put_text(o, "namespace", dmn_model_namespace(r->model));
    put_text(o, "sha256", hash_hex(a, dmn_model_hash(r->model)));
    json_end(o);
    put_text(o, "time", civil_iso_us(a, r->now_us));
    put_text(o, "evaluated", r->what->name);
    put_value(o, "result", r->result);
    put_steps(o, r, "inputs", DMN_INPUT);
    put_steps(o, r, "decisions", DMN_DECISION);
    json_key(o, "reasons");
    json_begin_array(o);
    for (size_t i = 0; i < r->n_reasons; i++)
        put_reason(o, r->reasons[i]);
    json_end(o);
    json_end(o);
}
