#include "feel_room.h"

static void write_value(struct buf *b, struct feel_value v, int depth);

static void write_quoted(struct buf *b, struct str s)
{
    buf_add_char(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        const char *escape = s.p[i] == '"'    ? "\\\""
                             : s.p[i] == '\\' ? "\\\\"
                             : s.p[i] == '\n' ? "\\n"
                             : s.p[i] == '\r' ? "\\r"
                             : s.p[i] == '\t' ? "\\t"
                                              : NULL;
        if (escape)
            buf_add_z(b, escape);
        else
            buf_add_char(b, s.p[i]);
    }
    buf_add_char(b, '"');
}

static bool is_plain_name(struct str s)
{
    size_t i = 0;
    int part = feel_name_part(s, &i), previous = 0;
    if (part != 1 || (s.p[0] >= '0' && s.p[0] <= '9'))
        return false;
    while (part && i < s.n) {
        previous = part;
        if (s.p[i] == ' ' && previous == 1)
            i++;
        part = feel_name_part(s, &i);
    }
    return part && i == s.n;
}

static void write_list(struct buf *b, const struct feel_list *list, int depth)
{
    buf_add_char(b, '[');
    for (size_t i = 0; i < list->n && b->n <= FEEL_WRITE_BYTES; i++) {
        buf_add_z(b, i ? ", " : "");
        write_value(b, list->items[i], depth);
    }
    buf_add_char(b, ']');
}

static void write_context(struct buf *b, const struct feel_context *c, int depth)
{
    buf_add_char(b, '{');
    for (size_t i = 0; i < c->n && b->n <= FEEL_WRITE_BYTES; i++) {
        buf_add_z(b, i ? ", " : "");
        if (is_plain_name(c->entries[i].name))
            buf_add(b, c->entries[i].name);
        else
            write_quoted(b, c->entries[i].name);
        buf_add_z(b, ": ");
        write_value(b, c->entries[i].value, depth);
    }
    buf_add_char(b, '}');
}

static void write_range(struct buf *b, const struct feel_range *r, int depth)
{
    if (r->unequal || r->single) {
        buf_add_z(b, r->single ? "(=" : "(!=");
        write_value(b, r->low, depth);
        buf_add_char(b, ')');
        return;
    }
    if (r->low_bound == FEEL_UNBOUNDED || r->high_bound == FEEL_UNBOUNDED) {
        bool up = r->low_bound != FEEL_UNBOUNDED;
        enum feel_bound bound = up ? r->low_bound : r->high_bound;
        buf_add_z(b, up ? "(>" : "(<");
        buf_add_z(b, bound == FEEL_CLOSED ? "=" : "");
        write_value(b, up ? r->low : r->high, depth);
        buf_add_char(b, ')');
        return;
    }
    buf_add_char(b, r->low_bound == FEEL_CLOSED ? '[' : '(');
    write_value(b, r->low, depth);
    buf_add_z(b, "..");
    write_value(b, r->high, depth);
    buf_add_char(b, r->high_bound == FEEL_CLOSED ? ']' : ')');
}

static void write_function(struct buf *b, const struct feel_function *f)
{
    buf_add_z(b, "function(");
    for (size_t i = 0; i < f->n_params; i++) {
        buf_add_z(b, i ? ", " : "");
        buf_add(b, f->params[i].name);
    }
    buf_add_char(b, ')');
}

static void write_bare(struct buf *b, struct feel_value v)
{
    switch ((enum feel_kind)v.kind) {
    case FEEL_DATE:
        feel_day_write(v.i64, b);
        break;
    case FEEL_TIME:
        feel_time_write(*(const struct feel_time *)v.p, b);
        break;
    case FEEL_DATE_TIME:
        feel_moment_write(*(const struct feel_time *)v.p, b);
        break;
    case FEEL_MONTHS:
        feel_months_write(v.i64, b);
        break;
    case FEEL_DURATION:
        feel_duration_write(feel_duration_of(v), b);
        break;
    default:
        buf_add(b, feel_str(v));
        break;
    }
}

static void write_value(struct buf *b, struct feel_value v, int depth)
{
    if (depth > FEEL_VALUE_DEPTH || b->n > FEEL_WRITE_BYTES) {
        buf_add_z(b, "…");
        return;
    }
    switch ((enum feel_kind)v.kind) {
    case FEEL_NULL:
        buf_add_z(b, "null");
        break;
    case FEEL_BOOLEAN:
        buf_add_z(b, v.flag ? "true" : "false");
        break;
    case FEEL_NUMBER:
        feel_num_write(feel_num_of_value(v), b);
        break;
    case FEEL_STRING:
        write_quoted(b, feel_str(v));
        break;
    case FEEL_LIST:
        write_list(b, v.list, depth + 1);
        break;
    case FEEL_CONTEXT:
        write_context(b, v.context, depth + 1);
        break;
    case FEEL_RANGE:
        write_range(b, v.range, depth + 1);
        break;
    case FEEL_FUNCTION:
        write_function(b, v.function);
        break;
    default:
        buf_add_z(b, "@\"");
        write_bare(b, v);
        buf_add_char(b, '"');
    }
}

void feel_write(struct buf *b, struct feel_value v)
{
    write_value(b, v, 0);
}

void feel_write_string(struct buf *b, struct feel_value v)
{
    if (v.kind == FEEL_STRING || v.kind == FEEL_DATE || v.kind == FEEL_TIME || v.kind == FEEL_DATE_TIME ||
        v.kind == FEEL_MONTHS || v.kind == FEEL_DURATION)
        write_bare(b, v);
    else
        write_value(b, v, 0);
}
