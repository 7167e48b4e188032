/* One request to an identity provider, in turn with others. */
#include <time.h>

#include "auth_internal.h"
#include "fetch/fetch.h"

/* ---- Turns ---- */

/* A turn to ask this provider; false when there is none to be had. */
static bool take_turn(struct provider *p)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += OIDC_QUEUE_S;
    pthread_mutex_lock(&p->lock);
    bool rests = p->silent_tick_us && time_tick_us() - p->silent_tick_us < OIDC_REST_S * SECOND_US;
    if (!rests && p->asking >= p->at_once && p->waiting < p->at_once / 2) {
        p->waiting++;
        while (p->asking >= p->at_once && !pthread_cond_timedwait(&p->turn, &p->lock, &until))
            ;
        p->waiting--;
    }
    bool mine = !rests && p->asking < p->at_once;
    if (mine)
        p->asking++;
    pthread_mutex_unlock(&p->lock);
    return mine;
}

static void give_turn(struct provider *p, bool silent)
{
    pthread_mutex_lock(&p->lock);
    p->asking--;
    p->silent_tick_us = silent ? time_tick_us() : 0;
    pthread_cond_signal(&p->turn);
    pthread_mutex_unlock(&p->lock);
}

enum err oidc_fetch(struct cx *cx, const struct oidc_request *req, int *ret_status, struct str *ret_body)
{
    struct fetched answer;
    struct fetch f = {.url = req->url,
                      .body = req->body,
                      .user = req->user,
                      .password = req->password,
                      .timeout_s = OIDC_TIMEOUT_S,
                      .answer_max = OIDC_ANSWER_MAX};
    if (req->bearer.n)
        f.header = str_fmt(cx->arena, "Authorization: Bearer %" PRI_STR, STR_ARG(req->bearer));
    if (!take_turn(req->provider))
        return fail(cx, ERR_UPSTREAM, "the identity provider is slow, and others wait for it already");
    enum err e = fetch(cx, &f, &answer);
    give_turn(req->provider, answer.silent);
    if (e == ERR_STOPPING)
        return e;
    if (e)
        return fail(cx, ERR_UPSTREAM, "the identity provider did not answer: %" PRI_STR, STR_ARG(cx->fail.detail));
    *ret_status = answer.status;
    *ret_body = answer.body;
    return ERR_OK;
}
