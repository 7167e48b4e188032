/* One request to an identity provider, with limits on time, size and where it may go. */
#include <curl/curl.h>
#include <stdlib.h>
#include <time.h>

#include "auth_internal.h"

static size_t take(char *p, size_t size, size_t n, void *ctx)
{
    struct buf *b = ctx;
    if (b->n + size * n > OIDC_ANSWER_MAX)
        return 0; /* curl ends the transfer */
    buf_add(b, str_make(p, size * n));
    return size * n;
}

static void clean_curl(void *p)
{
    curl_easy_cleanup(p);
}

static void clean_list(void *p)
{
    curl_slist_free_all(p);
}

/* The handle and the header list go with the arena, also when its limit is reached on the way. */
static CURL *prepare(struct cx *cx, const struct oidc_request *req, struct buf *answer)
{
    CURL *c = curl_easy_init();
    if (!c)
        return NULL;
    arena_defer(cx->arena, clean_curl, c);
    bool plain = str_starts(req->url, S("http://")); /* good_address let only our own machine through */
    curl_easy_setopt(c, CURLOPT_URL, str_z(cx->arena, req->url));
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, plain ? "http" : "https");
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)OIDC_TIMEOUT_S / 2);
    curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)OIDC_TIMEOUT_S);
    curl_easy_setopt(c, CURLOPT_MAXFILESIZE, (long)OIDC_ANSWER_MAX);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_NOPROGRESS, 1L);
    curl_easy_setopt(c, CURLOPT_USERAGENT, "indgang");
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, answer);
    if (plain)
        curl_easy_setopt(c, CURLOPT_NOPROXY, "*");
    if (req->user.n) {
        curl_easy_setopt(c, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
        curl_easy_setopt(c, CURLOPT_USERNAME, str_z(cx->arena, req->user));
        curl_easy_setopt(c, CURLOPT_PASSWORD, str_z(cx->arena, req->password));
    }
    if (req->body.p) {
        curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, (long)req->body.n);
        curl_easy_setopt(c, CURLOPT_COPYPOSTFIELDS, str_z(cx->arena, req->body));
    }
    return c;
}

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

static CURLcode perform(struct cx *cx, CURL *c, struct provider *p)
{
    cx_aside(cx);
    CURLcode code = curl_easy_perform(c);
    cx_back(cx);
    give_turn(p, code == CURLE_OPERATION_TIMEDOUT);
    return code;
}

enum err oidc_fetch(struct cx *cx, const struct oidc_request *req, int *ret_status, struct str *ret_body)
{
    struct buf answer = buf_make(cx->arena);
    CURL *c = prepare(cx, req, &answer);
    if (!c)
        return fail(cx, ERR_UPSTREAM, "no handle for a connection to the identity provider");
    struct curl_slist *headers = curl_slist_append(NULL, "Accept: application/json");
    if (req->bearer.n)
        headers = curl_slist_append(
            headers, str_z(cx->arena, str_fmt(cx->arena, "Authorization: Bearer %" PRI_STR, STR_ARG(req->bearer))));
    arena_defer(cx->arena, clean_list, headers);
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
    if (!take_turn(req->provider))
        return fail(cx, ERR_UPSTREAM, "the identity provider is slow, and others wait for it already");
    CURLcode code = perform(cx, c, req->provider);
    if (code != CURLE_OK)
        return fail(cx, ERR_UPSTREAM, "the identity provider did not answer: %s", curl_easy_strerror(code));
    long status = 0;
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    *ret_status = (int)status;
    *ret_body = buf_str(&answer);
    return ERR_OK;
}
