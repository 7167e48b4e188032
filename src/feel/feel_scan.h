/* Inside of the room: small steps through the text of dates, times and durations. */
#pragma once
#include "base/str.h"

struct feel_scan {
    struct str s;
    size_t i;
};

static inline bool feel_scan_end(const struct feel_scan *sc)
{
    return sc->i == sc->s.n;
}
static inline char feel_scan_peek(const struct feel_scan *sc)
{
    return sc->i < sc->s.n ? sc->s.p[sc->i] : '\0';
}
static inline bool feel_scan_char(struct feel_scan *sc, char c)
{
    if (sc->i >= sc->s.n || sc->s.p[sc->i] != c)
        return false;
    sc->i++;
    return true;
}
static inline bool feel_scan_is_digit(const struct feel_scan *sc)
{
    return feel_scan_peek(sc) >= '0' && feel_scan_peek(sc) <= '9';
}
/* A run of digits, at most `most` of them, `most` <= 18; the count of digits, 0 when there is none or there are more.
 */
static inline int feel_scan_digits(struct feel_scan *sc, int most, int64_t *ret_value)
{
    int64_t v = 0;
    int n = 0;
    for (; feel_scan_is_digit(sc); sc->i++) {
        if (++n > most)
            return 0;
        v = v * 10 + (sc->s.p[sc->i] - '0');
    }
    *ret_value = v;
    return n;
}
/* Exactly two digits. */
static inline bool feel_scan_two(struct feel_scan *sc, int64_t *ret_value)
{
    return feel_scan_digits(sc, 2, ret_value) == 2;
}
/* The digits after a point as nanoseconds; the first nine count. False when there is no digit. */
static inline bool feel_scan_nanos(struct feel_scan *sc, int64_t *ret_nanos)
{
    int64_t v = 0;
    int n = 0;
    for (; feel_scan_is_digit(sc); sc->i++)
        if (n++ < 9)
            v = v * 10 + (sc->s.p[sc->i] - '0');
    for (int k = n; k < 9; k++)
        v *= 10;
    *ret_nanos = v;
    return n > 0;
}
