#include "idno.h"

static bool digit(struct str s, size_t i)
{
    return i < s.n && s.p[i] >= '0' && s.p[i] <= '9';
}

static int pair(struct str s, size_t i)
{
    return (s.p[i] - '0') * 10 + (s.p[i + 1] - '0');
}

static bool is_day(int n)
{
    return (n >= 1 && n <= 31) || (n >= 41 && n <= 71) || (n >= 61 && n <= 91);
}

static bool is_month(int n)
{
    return (n >= 1 && n <= 12) || (n >= 41 && n <= 52) || (n >= 66 && n <= 77) || (n >= 81 && n <= 92);
}

static size_t digits_from(struct str s, size_t i)
{
    size_t n = 0;
    while (digit(s, i + n))
        n++;
    return n;
}

/* How long the number at `i` is, with what stands between; 0 when there is none. */
static size_t length_at(struct str s, size_t i)
{
    size_t n = digits_from(s, i);
    if (n < 6 || !is_day(pair(s, i)) || !is_month(pair(s, i + 2)))
        return 0;
    if (n == 10 || n == 11)
        return n;
    if (n != 6 || i + 7 >= s.n || (s.p[i + 6] != ' ' && s.p[i + 6] != '-' && s.p[i + 6] != '.'))
        return 0;
    size_t rest = digits_from(s, i + 7);
    return rest == 4 || rest == 5 ? 7 + rest : 0;
}

bool idno_find(struct str s, size_t from, size_t *ret_begin, size_t *ret_end)
{
    for (size_t i = from; i < s.n; i++) {
        if (!digit(s, i) || (i && digit(s, i - 1)))
            continue;
        size_t n = length_at(s, i);
        if (n) {
            *ret_begin = i;
            *ret_end = i + n;
            return true;
        }
    }
    return false;
}

struct str idno_hide(struct arena *a, struct str s)
{
    size_t begin, end, from = 0;
    if (!idno_find(s, 0, &begin, &end))
        return s;
    struct buf b = buf_make(a);
    do {
        buf_add(&b, str_slice(s, from, begin));
        buf_add_z(&b, "*****");
        from = end;
    } while (idno_find(s, from, &begin, &end));
    buf_add(&b, str_slice(s, from, s.n));
    return buf_str(&b);
}
