/* Numbers: what is written is read again as the same, and arithmetic keeps its laws whatever the operands.
   max_len 256 */
#include <assert.h>

#include "base/base.h"
#include "feel/feel_num.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct input {
    struct arena *arena;
    struct str text;
};

static void check_text(struct feel_num v, struct arena *a)
{
    struct feel_num again;
    assert(feel_num_parse(feel_num_text(v, a), &again) == FEEL_NUM_OK);
    assert(feel_num_eq(v, again) && feel_num_hash(v) == feel_num_hash(again));
    assert(feel_num_is_fast(v) == feel_num_is_fast(again));
}

static void check_pair(struct feel_num x, struct feel_num y, struct arena *a)
{
    struct feel_num sum, other, r;
    int order = feel_num_cmp(x, y);
    assert(order == -feel_num_cmp(y, x));
    enum feel_num_err e = feel_num_add(x, y, &sum);
    assert(e == feel_num_add(y, x, &other) && (e || feel_num_eq(sum, other)));
    if (!feel_num_sub(x, y, &r)) {
        assert(feel_num_sign(r) == order);
        check_text(r, a);
    }
    e = feel_num_mul(x, y, &r);
    assert(e == feel_num_mul(y, x, &other) && (e || feel_num_eq(r, other)));
    if (!feel_num_div(x, y, &r))
        check_text(r, a);
    if (!feel_num_mod(x, y, &r)) {
        assert(feel_num_sign(r) == 0 || feel_num_sign(r) == feel_num_sign(y));
        assert(feel_num_cmp(feel_num_abs(r), feel_num_abs(y)) <= 0);
        check_text(r, a);
    }
    if (!feel_num_pow(x, y, &r))
        check_text(r, a);
    if (!feel_num_exp(y, &r))
        check_text(r, a);
    for (int mode = FEEL_NUM_HALF_EVEN; mode <= FEEL_NUM_CEILING; mode++) {
        int64_t scale;
        if (!feel_num_trunc_i64(y, &scale) || feel_num_round(x, scale, (enum feel_num_round)mode, &r))
            continue;
        check_text(r, a);
        assert(!feel_num_round(r, scale, (enum feel_num_round)mode, &other) && feel_num_eq(r, other));
    }
}

static void run(void *p)
{
    struct input *in = p;
    struct str rest = in->text, first = S(""), second = S("");
    struct feel_num x, y;
    size_t scanned = feel_num_scan(rest);
    assert(scanned <= rest.n && (scanned == 0 || feel_num_parse(str_slice(rest, 0, scanned), &x) != FEEL_NUM_INVALID));
    str_cut(&rest, ' ', &first);
    str_cut(&rest, ' ', &second);
    if (feel_num_parse(first, &x))
        return;
    check_text(x, in->arena);
    check_text(feel_num_neg(x), in->arena);
    if (feel_num_parse(second, &y) == FEEL_NUM_OK)
        check_pair(x, y, in->arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct input in = {.arena = arena_new(8 << 20), .text = str_make((const char *)data, n)};
    arena_try(in.arena, run, &in);
    arena_free(in.arena);
    return 0;
}
