#include "csv.h"

struct csv csv_make(struct buf *b)
{
    buf_add(b, S("\xef\xbb\xbf"));
    return (struct csv){.b = b};
}

static void next_cell(struct csv *c)
{
    if (c->in_row)
        buf_add_char(c->b, ';');
    c->in_row = true;
}

void csv_str(struct csv *c, struct str s)
{
    bool formula = s.n && memchr("=+-@\t\r", s.p[0], 6);
    bool quote = formula;
    for (size_t i = 0; i < s.n; i++)
        quote |= s.p[i] == '"' || s.p[i] == ';' || s.p[i] == ',' || s.p[i] == '\n' || s.p[i] == '\r';
    next_cell(c);
    if (!quote) {
        buf_add(c->b, s);
        return;
    }
    buf_add_char(c->b, '"');
    if (formula)
        buf_add_char(c->b, '\'');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            buf_add_char(c->b, '"');
        buf_add_char(c->b, s.p[i]);
    }
    buf_add_char(c->b, '"');
}

void csv_i64(struct csv *c, int64_t v)
{
    next_cell(c);
    buf_add_i64(c->b, v);
}

void csv_end_row(struct csv *c)
{
    buf_add(c->b, S("\r\n"));
    c->in_row = false;
}
