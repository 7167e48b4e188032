/* The words of $filter and $orderby. */
#include "noark/odata_filter.h"

static bool name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '/' || c == '$';
}

bool lex_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void quoted(struct cx *cx, struct lexer *l)
{
    char quote = l->s.p[l->at++];
    struct buf b = buf_make(cx->arena);
    for (; l->at < l->s.n; l->at++) {
        char c = l->s.p[l->at];
        if (c != quote) {
            buf_add_char(&b, c);
        } else if (l->at + 1 < l->s.n && l->s.p[l->at + 1] == quote) {
            buf_add_char(&b, c);
            l->at++;
        } else {
            l->at++;
            l->kind = T_TEXT;
            l->text = buf_str(&b);
            return;
        }
    }
    l->kind = T_FAULT;
}

static bool value_char(char c)
{
    return lex_digit(c) || c == '.' || c == '-' || c == '+' || c == ':' || c == 'T' || c == 'Z' || c == 'e' || c == 'E';
}

static void number_or_time(struct lexer *l)
{
    size_t from = l->at++;
    while (l->at < l->s.n && value_char(l->s.p[l->at]))
        l->at++;
    l->text = str_slice(l->s, from, l->at);
    bool day = l->text.n >= 10 && l->text.p[4] == '-' && l->text.p[7] == '-';
    l->kind = day ? T_TIME : T_NUMBER;
}

/* ppt-v1:skoleaar is one name; the variable of a lambda ends at its colon. */
static void name(struct lexer *l)
{
    size_t from = l->at;
    while (l->at < l->s.n && name_char(l->s.p[l->at]))
        l->at++;
    struct str so_far = str_slice(l->s, from, l->at);
    bool own = l->at + 1 < l->s.n && l->s.p[l->at] == ':' && name_char(l->s.p[l->at + 1]) &&
               str_find_char(so_far, '-', 0) < so_far.n;
    if (own)
        for (l->at++; l->at < l->s.n && name_char(l->s.p[l->at]);)
            l->at++;
    l->kind = T_NAME;
    l->text = str_slice(l->s, from, l->at);
}

void lex_next(struct cx *cx, struct lexer *l)
{
    while (l->at < l->s.n && (l->s.p[l->at] == ' ' || l->s.p[l->at] == '\t' || l->s.p[l->at] == '\n'))
        l->at++;
    l->text = S("");
    if (l->at >= l->s.n) {
        l->kind = T_END;
        return;
    }
    char c = l->s.p[l->at];
    if (c == '\'' || c == '"')
        quoted(cx, l);
    else if (lex_digit(c) || ((c == '-' || c == '+') && l->at + 1 < l->s.n && lex_digit(l->s.p[l->at + 1])))
        number_or_time(l);
    else if (name_char(c))
        name(l);
    else {
        l->kind = c == '(' ? T_OPEN : c == ')' ? T_SHUT : c == ',' ? T_COMMA : c == ':' ? T_COLON : T_FAULT;
        l->at++;
    }
}

bool lex_is(const struct lexer *l, const char *w)
{
    return l->kind == T_NAME && str_ieq(l->text, str_of(w));
}
