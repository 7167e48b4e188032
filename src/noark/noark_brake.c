/* The brake on guessing passwords of programs: some wrong ones are free, then each makes the wait longer. It goes by
   where they come from, with the user name (so that nobody locks a program out from elsewhere) and without (so that one
   place does not try all names). A name that is waited for already counts no more for its place: a program that goes on
   with an old password does not lock out the others of its machine. Passwords are made by machines and long: this keeps
   the log and the processor free. */
#include "keys/keys.h"
#include "noark/noark_internal.h"

enum { NAMED_FREE = 5, PLACE_FREE = 30, STEP_S = 5, MOST_S = 15 * 60, FORGET_HOURS = 1 };

struct guess {
    struct hash named, place;
};

static struct str bytes_of(const struct hash *h)
{
    return str_make((const char *)h->b, HASH_BYTES);
}

static struct guess guess_of(struct cx *cx, struct request *req, struct str name)
{
    struct str from = req_peer(req);
    return (struct guess){
        keys_lookup(cx, S("noark-guess"), str_fmt(cx->arena, "%zu:%.*s%.*s", from.n, STR_ARG(from), STR_ARG(name))),
        keys_lookup(cx, S("noark-guess-place"), from)};
}

static enum err write_wrong(struct cx *cx, void *ctx)
{
    const struct guess *g = ctx;
    struct q_noark_guess_add_in in = {.key = bytes_of(&g->named),
                                      .free = NAMED_FREE,
                                      .now_us = cx->now_us,
                                      .forget_us = cx->now_us - FORGET_HOURS * HOUR_US,
                                      .step_us = STEP_S * SECOND_US,
                                      .most_us = MOST_S * SECOND_US};
    struct q_noark_guess_add row;
    enum err e = q_noark_guess_sweep(cx, cx->now_us - DAY_US);
    if (!e)
        e = q_noark_guess_add(cx, &in, &row);
    if (e || row.tries > NAMED_FREE)
        return e;
    in.key = bytes_of(&g->place);
    in.free = PLACE_FREE;
    return q_noark_guess_add(cx, &in, &row);
}

static enum err write_right(struct cx *cx, void *ctx)
{
    const struct guess *g = ctx;
    return q_noark_guess_clear(cx, bytes_of(&g->named));
}

enum err brake_try(struct cx *cx, struct request *req, struct str name, struct brake *ret)
{
    struct guess g = guess_of(cx, req, name);
    struct q_noark_guess_get row;
    *ret = (struct brake){0};
    enum err e = q_noark_guess_get(cx, bytes_of(&g.named), bytes_of(&g.place), &row);
    if (e)
        return e;
    ret->before = row.n > 0;
    if (row.until_us <= cx->now_us)
        return ERR_OK;
    ret->wait_s = (row.until_us - cx->now_us) / SECOND_US + 1;
    return fail(cx, ERR_TOO_MANY, "too many wrong passwords: wait %lld seconds", (long long)ret->wait_s);
}

enum err brake_tell(struct cx *cx, struct request *req, struct str name, const struct brake *b, bool right)
{
    struct guess g = guess_of(cx, req, name);
    if (right)
        return b->before ? db_write(cx, write_right, &g) : ERR_OK;
    enum err e = db_write(cx, write_wrong, &g);
    log_line(cx, LOG_WARN, "noark_login", "reason=\"wrong user name or password\"");
    return e;
}
