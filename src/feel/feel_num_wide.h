/* Inside of feel_num: a number taken apart, and put together again in its one form. */
#pragma once
#include "feel/feel_num.h"

typedef unsigned __int128 u128;

enum {
    FEEL_WIDE_EXP_MIN = -6176, /* of a decimal128 whose coefficient is an integer */
    FEEL_WIDE_EXP_MAX = 6111,
    FEEL_WIDE_POW10_MAX = 38,
};

/* (-1)^negative × coefficient × 10^exp. */
struct feel_parts {
    u128 coefficient;
    int exp;
    bool negative;
};

/* 10^n, n 0 … 38. */
u128 feel_wide_pow10(int n);
struct feel_parts feel_wide_open(struct feel_num a);
/* The coefficient has at most 34 digits; any exponent: OVERFLOW when it is too great, rounded half to even towards zero
   digits when it is too small. */
enum feel_num_err feel_wide_close(struct feel_parts p, struct feel_num *ret_number);
/* coefficient ÷ 10^digits (digits > 0), rounded in that mode; `sticky`: more than nothing was cut off before. */
u128 feel_wide_cut(struct feel_parts p, int digits, bool sticky, enum feel_num_round mode);
