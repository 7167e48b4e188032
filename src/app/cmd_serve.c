/* indgang serve: open the house, serve, close it. */
#include <signal.h>
#include <string.h>

#include "app/app.h"
#include "assets.h"
#include "page/page.h"

/* "https://login.example" of "https://login.example/realm". */
static struct str origin_of(struct str url)
{
    size_t at = str_find(url, S("://"), 0);
    return at < url.n ? str_slice(url, 0, str_find_char(url, '/', at + 3)) : S("");
}

/* A form that ends in a redirect to the login provider must be allowed to lead there. */
static const char *login_origins(struct cx *cx)
{
    struct str a = origin_of(cx->muni->citizens.issuer), b = origin_of(cx->muni->employees.issuer);
    struct str both = str_fmt(cx->arena, "%" PRI_STR "%s%" PRI_STR, STR_ARG(a), a.n && b.n ? " " : "", STR_ARG(b));
    return both.n ? str_z(cx->arena, both) : NULL;
}

static struct http_config config_of(struct cx *cx, const struct app_options *o, struct http_hooks hooks)
{
    return (struct http_config){
        .listen = o->listen,
        .public_url = o->public_url,
        .spool_dir = str_z(cx->arena, str_fmt(cx->arena, "%s/tmp", o->data)),
        .dev_assets = o->dev,
        .form_action = login_origins(cx),
        .trust_proxy = o->trust_proxy,
        .gzip = o->gzip,
        .default_lang = cx->muni->first_lang,
        .busy_page = page_busy(cx).s,
        .workers = (unsigned)app_workers(o),
        .places = (unsigned)app_places(cx, o),
        .modules = app_modules,
        .n_modules = app_modules_n,
        .assets = packed_assets,
        .n_assets = packed_assets_n,
        .hooks = hooks,
    };
}

/* Threads inherit the mask: the signals come to sigwait alone. SIGHUP: the terminal was closed; nohup says that this is
   nothing to end for, and sigwait would not ask. */
static sigset_t end_signals(void)
{
    struct sigaction hangup;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    if (!sigaction(SIGHUP, NULL, &hangup) && hangup.sa_handler != SIG_IGN)
        sigaddset(&set, SIGHUP);
    return set;
}

void app_hold_signals(void)
{
    sigset_t set = end_signals();
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

enum err app_serve(struct cx *cx, const struct app_options *o, struct house *house, const struct app_serving *serving)
{
    sigset_t ends = end_signals();
    int64_t from_us = time_tick_us();
    struct http_config config = config_of(cx, o, serving->hooks);
    struct http_server *server;
    enum err e = db_limit_time(cx);
    if (e || (e = app_start_jobs(cx, house)) || (e = http_start(cx, &config, &server)))
        return e;
    log_line(NULL, LOG_INFO, "start", "listen=%s port=%d demo=%d ms=%lld", o->listen, http_port(server), o->demo,
             (long long)(time_tick_us() - from_us) / 1000);
    if (serving->ready)
        serving->ready(http_port(server));
    int signal_no;
    sigwait(&ends, &signal_no);
    log_line(NULL, LOG_INFO, "stop", "signal=%d", signal_no);
    jobs_stop_soon(house->jobs); /* they stop while the last requests end */
    http_stop(server);
    return ERR_OK;
}

int cmd_serve(struct cx *cx, const struct app_options *o)
{
    struct house house;
    app_hold_signals();
    enum err e = app_open(cx, o, &house);
    if (e)
        return app_end(cx, e);
    e = app_serve(cx, o, &house, &(struct app_serving){.hooks = app_hooks()});
    app_close(cx, &house);
    return app_end(cx, e);
}
