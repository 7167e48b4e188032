#include "codec/json.h"
#include "feel_room.h"

static enum feel_kind temporal_of(const struct feel_type *type)
{
    switch (type->kind) {
    case FEEL_T_DATE:
        return FEEL_DATE;
    case FEEL_T_TIME:
        return FEEL_TIME;
    case FEEL_T_DATE_TIME:
        return FEEL_DATE_TIME;
    case FEEL_T_MONTHS:
    case FEEL_T_DURATION:
        return FEEL_DURATION;
    default:
        return FEEL_STRING;
    }
}

static const struct feel_type *member_type(const struct feel_type *type, struct str name)
{
    for (size_t i = 0; type && type->kind == FEEL_T_CONTEXT && i < type->n_members; i++)
        if (str_eq(type->members[i].name, name))
            return type->members[i].type;
    return NULL;
}

struct feel_value feel_from_json(struct arena *a, struct feel_zones *zones, const struct json *v,
                                 const struct feel_type *type)
{
    const struct feel_type *one = type && type->kind == FEEL_T_LIST ? type->of : type;
    switch (v->kind) {
    case JSON_FLAG:
        return feel_bool(v->flag);
    case JSON_INT:
        return feel_int(v->i64);
    case JSON_DOUBLE: {
        struct feel_value exact = feel_parse(a, zones, FEEL_NUMBER, v->text);
        return exact.kind == FEEL_NULL ? feel_from_real(a, v->real) : exact;
    }
    case JSON_TEXT: {
        struct feel_value t = feel_parse(a, zones, one ? temporal_of(one) : FEEL_STRING, v->text);
        return t.kind == FEEL_NULL ? feel_string(v->text) : t;
    }
    case JSON_LIST: {
        struct feel_value *items = arena_array(a, struct feel_value, v->n);
        for (size_t i = 0; i < v->n; i++)
            items[i] = feel_from_json(a, zones, v->items[i], one);
        return feel_list(a, items, v->n);
    }
    case JSON_MAP: {
        struct feel_entry *entries = arena_array(a, struct feel_entry, v->n);
        for (size_t i = 0; i < v->n; i++)
            entries[i] = (struct feel_entry){v->items[i]->key,
                                             feel_from_json(a, zones, v->items[i], member_type(one, v->items[i]->key))};
        return feel_context(a, entries, v->n);
    }
    default:
        return feel_null();
    }
}

static void to_json(struct json_out *o, struct feel_value v, int depth)
{
    if (depth >= JSON_DEPTH || o->b->n > FEEL_WRITE_BYTES) {
        json_out_null(o);
        return;
    }
    switch ((enum feel_kind)v.kind) {
    case FEEL_NULL:
        json_out_null(o);
        break;
    case FEEL_BOOLEAN:
        json_bool(o, v.flag);
        break;
    case FEEL_NUMBER:
        json_out_raw(o, feel_num_text(feel_num_of_value(v), o->b->arena));
        break;
    case FEEL_LIST:
        json_begin_array(o);
        for (size_t i = 0; i < v.list->n; i++)
            to_json(o, v.list->items[i], depth + 1);
        json_end(o);
        break;
    case FEEL_CONTEXT:
        json_begin_object(o);
        for (size_t i = 0; i < v.context->n; i++) {
            json_key_str(o, v.context->entries[i].name);
            to_json(o, v.context->entries[i].value, depth + 1);
        }
        json_end(o);
        break;
    default: {
        struct buf text = buf_make(o->b->arena);
        feel_write_string(&text, v);
        json_str(o, buf_str(&text));
    }
    }
}

void feel_to_json(struct json_out *o, struct feel_value v)
{
    to_json(o, v, o->depth);
}
