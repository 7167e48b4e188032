/* The structure, the case file record, numbers and guards. */
#include <assert.h>
#include <string.h>

#include "record_disposal_store.h"
#include "record_internal.h"

/* ---- guards ---- */

enum { GUARDS_MAX = 16 };
static record_guard guards[GUARDS_MAX]; /* set once at start by app/ */
static size_t n_guards;

void record_register_guard(record_guard guard)
{
    for (size_t i = 0; i < n_guards; i++)
        if (guards[i] == guard)
            return;
    assert(n_guards < GUARDS_MAX);
    guards[n_guards++] = guard;
}

enum err guards_ask(struct cx *cx, enum record_op op, int64_t id)
{
    enum err e = ERR_OK;
    for (size_t i = 0; !e && i < n_guards; i++)
        e = guards[i](cx, op, id);
    return e;
}

/* ---- the structure ---- */

enum { UUID_BYTES = 16, UUID_CHARS = 36 };

static struct str uuid_text(struct cx *cx, const unsigned char *b)
{
    static const char digits[] = "0123456789abcdef";
    char *text = arena_alloc_raw(cx->arena, UUID_CHARS + 1), *p = text;
    for (int i = 0; i < UUID_BYTES; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *p++ = '-';
        *p++ = digits[b[i] >> 4];
        *p++ = digits[b[i] & 15];
    }
    *p = 0;
    return str_make(text, UUID_CHARS);
}

static struct str uuid_random(struct cx *cx)
{
    unsigned char b[UUID_BYTES];
    rand_bytes(b, sizeof b);
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    return uuid_text(cx, b);
}

struct structure {
    struct str owner;
    const struct record_class_new *classes;
    size_t n;
};

static enum err prepare(struct cx *cx, void *ctx)
{
    const struct structure *s = ctx;
    struct q_record_fonds_get fonds;
    bool found;
    enum err e = q_record_fonds_get(cx, &fonds, &found);
    if (!e && !found) {
        fonds.id = rand_id();
        fonds.series_id = rand_id();
        e = q_record_fonds_insert(cx, fonds.id, uuid_random(cx), s->owner, cx->now_us);
        if (!e)
            e = q_record_series_insert(cx, fonds.series_id, fonds.id, S("Sager"), cx->now_us);
    }
    for (size_t i = 0; !e && i < s->n; i++)
        e = q_record_class_put(cx, rand_id(), fonds.series_id, s->classes[i].key, s->classes[i].title, cx->now_us);
    return e;
}

enum err record_prepare(struct cx *cx, struct str owner, const struct record_class_new *classes, size_t n)
{
    struct structure s = {owner, classes, n};
    enum err e = db_write(cx, prepare, &s);
    return e == ERR_DUPLICATE ? db_write(cx, prepare, &s) : e; /* two processes started at once: the other made it */
}

/* RFC 9562 version 8: 48 bits of the archive's own systemID, a tag for the kind of thing, and the id. */
struct str record_uuid(struct cx *cx, struct str fonds_uuid, enum record_uuid_kind kind, int64_t id)
{
    static const struct {
        int first, n, at; /* bytes, and where their digits stand */
    } parts[] = {{0, 4, 0}, {4, 2, 9}, {6, 2, 14}, {8, 1, 19}};
    unsigned char b[UUID_BYTES] = {0};
    for (size_t i = 0; fonds_uuid.n == UUID_CHARS && i < sizeof parts / sizeof *parts; i++) {
        size_t at = (size_t)parts[i].at;
        str_unhex(str_slice(fonds_uuid, at, at + 2 * (size_t)parts[i].n), b + parts[i].first);
    }
    b[6] = (unsigned char)(0x80 | (unsigned)kind);
    b[8] = (unsigned char)(0x80 | (b[8] & 0x3f));
    for (int i = 0; i < 7; i++)
        b[9 + i] = (unsigned char)((uint64_t)id >> (8 * (6 - i)));
    return uuid_text(cx, b);
}

/* ---- numbers ---- */

static int64_t local_year(const struct cx *cx)
{
    return civil_from_us(cx->now_us).year;
}

enum err record_counter_next(struct cx *cx, struct str series, int64_t year, int64_t *ret)
{
    struct q_record_counter_next row;
    enum err e = q_record_counter_next(cx, series, year, &row);
    db_let_go_early(cx);
    if (!e)
        *ret = row.value;
    return e;
}

/* ---- the case file record ---- */

/* The class of a service published after the start is made when its first case comes. */
static enum err class_of(struct cx *cx, const struct record_casefile_new *new, struct q_record_class_get *ret)
{
    struct q_record_fonds_get fonds;
    bool found;
    enum err e = q_record_class_get(cx, new->class_key, ret, &found);
    if (e || found)
        return e;
    e = q_record_fonds_get(cx, &fonds, &found);
    if (!e && !found)
        e = fail(cx, ERR_CONFIG, "the archive has not been prepared (casefile_prepare)");
    if (!e)
        e = q_record_class_put(cx, rand_id(), fonds.series_id, new->class_key, new->class_title, cx->now_us);
    if (!e)
        e = q_record_class_get(cx, new->class_key, ret, &found);
    return e || found ? e : fail(cx, ERR_INTERNAL, "a class vanished");
}

enum err record_open_casefile(struct cx *cx, const struct record_casefile_new *new, int64_t *ret_id)
{
    struct q_record_class_get class;
    enum err e = class_of(cx, new, &class);
    if (e)
        return e;
    int64_t id = rand_id();
    e = q_record_casefile_insert(
        cx, &(struct q_record_casefile_insert_in){.id = id,
                                                  .series_id = class.series_id,
                                                  .class_id = class.id,
                                                  .title = new->title,
                                                  .public_title = new->public_title.n ? new->public_title : new->title,
                                                  .unit_id = new->unit_id,
                                                  .retention = new->retention,
                                                  .access_code = new->access_code,
                                                  .access_basis = new->access_basis,
                                                  .now_us = cx->now_us});
    if (!e)
        *ret_id = id;
    return e;
}

enum err record_number_casefile(struct cx *cx, int64_t id)
{
    enum err e = q_record_casefile_take(cx, id, local_year(cx));
    db_let_go_early(cx);
    return e ? e : q_record_casefile_number(cx, id, local_year(cx));
}

enum err record_close_casefile(struct cx *cx, int64_t id)
{
    struct q_record_retention rule;
    bool found;
    int64_t n = 0;
    enum err e = guards_ask(cx, RECORD_CLOSE, id);
    if (!e)
        e = q_record_retention(cx, id, &rule, &found);
    if (!e && found) {
        int years = record_retention_years(rule.retention);
        struct opt_int dispose_us = {years > 0, years > 0 ? record_dispose_after(cx->now_us, years) : 0};
        e = q_record_casefile_close(cx, id, cx->now_us, dispose_us, &n);
    }
    return e || n ? e : fail(cx, ERR_CONFLICT, "the record is closed already");
}

enum err record_reopen_casefile(struct cx *cx, int64_t id)
{
    int64_t n;
    enum err e = q_record_casefile_reopen(cx, id, &n);
    return e || n ? e : fail(cx, ERR_CONFLICT, "the record is open");
}

enum err record_set_unit(struct cx *cx, int64_t id, int64_t unit_id)
{
    int64_t n;
    enum err e = q_record_casefile_unit(cx, id, unit_id, &n);
    return e || n ? e : fail(cx, ERR_NOT_FOUND, "no such case file record");
}

/* ---- verify ---- */

static enum err verify_numbers(struct cx *cx, struct record_faults *faults)
{
    struct q_record_gap_casefile *gaps;
    struct q_record_gap_journal *journal;
    struct q_record_unnumbered un;
    size_t n;
    enum err e = q_record_gap_casefile(cx, &gaps, &n);
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &faults->rows,
                str_fmt(cx->arena, "case numbers of %lld: %lld numbers, highest %lld, counter %lld",
                        (long long)gaps[i].year, (long long)gaps[i].numbers, (long long)gaps[i].highest,
                        (long long)gaps[i].counter.v));
    if (!e)
        e = q_record_gap_journal(cx, &journal, &n);
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &faults->rows,
                str_fmt(cx->arena, "journal numbers of %lld: %lld numbers, highest %lld, counter %lld",
                        (long long)journal[i].year, (long long)journal[i].numbers, (long long)journal[i].highest,
                        (long long)journal[i].counter.v));
    if (!e)
        e = q_record_unnumbered(cx, &un);
    if (!e && un.casefiles)
        vec_add(cx->arena, &faults->rows,
                str_fmt(cx->arena, "%lld case file records without a number", (long long)un.casefiles));
    if (!e && un.registrations)
        vec_add(cx->arena, &faults->rows,
                str_fmt(cx->arena, "%lld registrations without a journal number", (long long)un.registrations));
    if (!e && un.hollow)
        vec_add(cx->arena, &faults->rows,
                str_fmt(cx->arena, "%lld finished registrations without a document", (long long)un.hollow));
    return e;
}

enum { VERIFY_PAGE = 500 };

static enum err verify_files(struct cx *cx, struct record_faults *faults)
{
    struct hash after = {0};
    for (;;) {
        struct q_record_object_page *rows;
        size_t n;
        enum err e = q_record_object_page(cx, after, VERIFY_PAGE, &rows, &n);
        if (e || !n)
            return e;
        for (size_t i = 0; i < n; i++) {
            struct arena_mark mark = arena_mark(cx->arena);
            struct str bytes;
            bool good = !files_get(cx, rows[i].hash, &bytes) && (int64_t)bytes.n == rows[i].bytes;
            arena_reset(cx->arena, mark);
            if (!good)
                vec_add(cx->arena, &faults->rows,
                        str_fmt(cx->arena, "document %.*s is missing or was changed",
                                STR_ARG(hash_hex(cx->arena, rows[i].hash))));
        }
        after = rows[n - 1].hash;
    }
}

enum err record_verify(struct cx *cx, struct record_faults *ret)
{
    *ret = (struct record_faults){0};
    enum err e = verify_numbers(cx, ret);
    if (!e)
        e = disposal_verify(cx, ret);
    return e ? e : verify_files(cx, ret);
}
