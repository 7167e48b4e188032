/* Inside of feel_num: the library of decimals (IEEE 754-2019, decimal128), and the way from a number to it and back. */
#pragma once

/* Before the library's header: operands and results by value, rounding and flags as arguments, no global state. */
#define DECIMAL_CALL_BY_REFERENCE 0
#define DECIMAL_GLOBAL_ROUNDING 0
#define DECIMAL_GLOBAL_EXCEPTION_FLAGS 0
#include <bid_conf.h>
#include <bid_functions.h>

#include "feel/feel_num_wide.h"

enum {
    FEEL_BID_EXP_SHIFT = 49, /* of the high word: below it the coefficient's upper bits */
    FEEL_BID_EXP_BIAS = 6176,
};

BID_UINT128 feel_bid_of(struct feel_num a);
/* A result of the library as a number. */
enum feel_num_err feel_bid_settle(BID_UINT128 b, _IDEC_flags flags, struct feel_num *ret);
/* The same without the zeros that a function leaves whose result has no exponent of its own. */
enum feel_num_err feel_bid_settle_plain(BID_UINT128 b, _IDEC_flags flags, struct feel_num *ret);
