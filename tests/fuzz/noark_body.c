/* What a client of the Noark API sends as JSON: a new entity of any type, and a change of it, against the model and the
   codes in a real database. What is taken has only attributes of its type, can be written and read again, and is the
   same after a PATCH that changes nothing. */
#include <ftw.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "noark/noark_internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct cx base;
static char folder[] = "/tmp/indgang-fuzz-XXXXXX";

static int take_away(const char *path, const struct stat *s, int kind, struct FTW *at)
{
    (void)s, (void)kind, (void)at;
    return remove(path);
}

static struct keys *keys;

static void clean(void)
{
    db_close(base.db);
    keys_close(keys);
    nftw(folder, take_away, 8, FTW_DEPTH | FTW_PHYS);
}

static void must(enum err e)
{
    if (e) {
        fprintf(stderr, "%s: %.*s\n", err_name(e), STR_ARG(base.fail.detail));
        abort();
    }
}

/* The codes of the specification, and a field of our own. */
static enum err seed_own(struct cx *cx, void *ctx)
{
    (void)ctx;
    return q_noark_item_seed(cx, rand_id(), noark_type_of("virksomhetsspesifikkeMetadata")->number, S("x-v1:a"),
                             S("{\"navn\":\"x-v1:a\",\"type\":\"string\"}"), cx->now_us);
}

static void begin(void)
{
    struct db *db;
    static char url[100];
    base = (struct cx){.arena = arena_new(64 << 20), .now_us = INT64_C(1800000000000000), .who = auth_system()};
    if (!mkdtemp(folder))
        abort();
    snprintf(url, sizeof url, "sqlite:%s/x.db", folder);
    must(db_open(&base, &(struct db_config){.url = url, .readers = 1, .test_flags = DB_TEST_NO_SYNC}, &db));
    must(db_migrate(&base, db_all_migrations, db_all_migrations_n));
    must(keys_open(&base, str_fmt(base.arena, "%s/keys", folder), true, &keys));
    must(noark_prepare(&base));
    must(db_write(&base, seed_own, NULL));
    atexit(clean);
}

static const struct noark_type *type_of(uint8_t b)
{
    for (size_t i = b % noark_types_n;; i = (i + 1) % noark_types_n)
        if (!noark_types[i].is_group && !noark_types[i].is_abstract)
            return &noark_types[i];
}

static void check(struct api *api, const struct noark_type *t, struct json *body)
{
    struct cx *cx = api->cx;
    struct json *again, *nothing = j_map(cx);
    struct str text = j_write(cx, body);
    for (size_t i = 0; i < body->n; i++)
        if (!noark_attr_named(t, body->items[i]->key))
            abort();
    if (json_parse(cx, text, &again) || !str_eq(j_write(cx, again), text))
        abort();
    struct intake in = {.t = t, .sent = nothing, .old = again, .patch = true};
    enum err e = body_take(api, &in);
    if (!e && !str_eq(j_write(cx, in.body), text))
        abort();
    if (e && e != ERR_INVALID)
        must(e);
}

struct run {
    struct api api;
    const struct noark_type *t;
    struct str create, change;
    bool patch;
};

static void one(void *ctx)
{
    struct run *r = ctx;
    struct intake in = {.t = r->t}, next = {.t = r->t, .patch = r->patch};
    struct json *sent;
    if (json_parse(r->api.cx, r->create, &sent))
        return;
    in.sent = sent;
    if (body_take(&r->api, &in))
        return;
    check(&r->api, r->t, in.body);
    if (json_parse(r->api.cx, r->change, &sent))
        return;
    next.sent = sent;
    next.old = in.body;
    if (!body_take(&r->api, &next))
        check(&r->api, r->t, next.body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (!base.db)
        begin();
    if (n < 2 || n > 20000)
        return 0;
    struct cx cx = base;
    struct who who = {.kind = WHO_EMPLOYEE, .acting_unit_id = 1, .acting_unit_name = S("Enheten")};
    struct str rest = str_make((const char *)data + 2, n - 2);
    size_t cut = str_find_char(rest, '\x1e', 0);
    cx.arena = arena_new(64 << 20);
    cx.who = &who;
    struct run r = {.api = {.cx = &cx,
                            .base = S("http://x/noark5v5/"),
                            .who = {.client_id = 1, .name = S("klient")},
                            .fonds = {.id = 1, .uuid = S("00000000-0000-4000-8000-000000000001")}},
                    .t = type_of(data[0]),
                    .create = str_slice(rest, 0, cut),
                    .change = str_slice(rest, cut + 1, rest.n),
                    .patch = data[1] & 1};
    arena_try(cx.arena, one, &r);
    arena_free(cx.arena);
    return 0;
}
