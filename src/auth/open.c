/* The process's part: settings and providers. */
#include <assert.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "auth_internal.h"
#include "codec/file.h"

static enum err read_secret(struct cx *cx, struct auth *auth, struct str name, struct str *ret)
{
    struct str secret;
    enum err e = file_secret(cx, auth->settings.data_dir, name, &secret);
    if (!e)
        *ret = str_dup(auth->arena, secret);
    return e;
}

static enum err add_provider(struct cx *cx, struct auth *auth, const struct oidc_issuer *conf, const char *key)
{
    if (!conf->set || (!auth->settings.base_url.n && auth->settings.demo))
        return ERR_OK;
    if (!auth->settings.base_url.n)
        return fail(cx, ERR_CONFIG,
                    "login by OpenID Connect needs --public-url: the provider is told where to send people back");
    struct provider *p = &auth->providers[auth->n_providers++];
    *p = (struct provider){.key = str_of(key), .employees = conf == &cx->muni->employees, .conf = conf};
    long cpus = sysconf(_SC_NPROCESSORS_ONLN); /* there are twice as many workers, and at least four */
    p->at_once = cpus > 2 ? (int)cpus : 2;
    pthread_mutex_init(&p->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&p->turn, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return conf->client_secret_file.n ? read_secret(cx, auth, conf->client_secret_file, &p->secret) : ERR_OK;
}

enum err auth_open(struct cx *cx, const struct auth_settings *settings, struct auth **ret_auth)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return fail(cx, ERR_INTERNAL, "libcurl does not start");
    struct arena *arena = arena_new(1 << 20);
    struct auth *auth = arena_new_of(arena, struct auth);
    *auth = (struct auth){.magic = AUTH_MAGIC, .arena = arena, .idle_us = 30 * MINUTE_US, .absolute_us = 8 * HOUR_US};
    auth->settings = *settings;
    auth->settings.base_url = str_dup(arena, settings->base_url);
    auth->settings.data_dir = str_dup(arena, settings->data_dir);
    enum err e = ERR_OK;
    if (cx->muni) {
        if (cx->muni->session_idle_minutes > 0)
            auth->idle_us = cx->muni->session_idle_minutes * MINUTE_US;
        if (cx->muni->session_hours > 0)
            auth->absolute_us = cx->muni->session_hours * HOUR_US;
        e = add_provider(cx, auth, &cx->muni->citizens, "citizens");
        if (!e)
            e = add_provider(cx, auth, &cx->muni->employees, "employees");
    }
    if (e)
        auth_close(auth);
    else
        *ret_auth = auth;
    return e;
}

void auth_close(struct auth *auth)
{
    if (!auth)
        return;
    assert(auth->magic == AUTH_MAGIC);
    for (size_t i = 0; i < auth->n_providers; i++) {
        free(auth->providers[i].discovery);
        free(auth->providers[i].jwks);
        pthread_cond_destroy(&auth->providers[i].turn);
        pthread_mutex_destroy(&auth->providers[i].lock);
    }
    auth->magic = 0;
    arena_free(auth->arena);
}
