/* Where an entity lies, and what it takes from there (arv). A folder, registration or document begins with the
   kassasjon, skjerming and gradering of what it is put into, and anything with the dokumentmedium, unless the client
   says otherwise (M300, M450-M452, M500-M506; Noark 5 2.8.1, 6.1.1-6.1.3, 6.1.11). The values are copied, so that they
   are found by $filter and stay with what is finished (law 8); as long as they are the same, they follow what they were
   taken from. */
#include <string.h>

#include "noark/noark_write.h"
#include "record/record.h"

static const char *const heirs[] = {"kassasjon", "skjerming", "gradering", "dokumentmedium"};
enum { HEIRS = sizeof heirs / sizeof *heirs };

static bool takes_rules(const struct noark_type *t)
{
    return noark_is(t, "mappe") || noark_is(t, "registrering") || noark_is(t, "dokumentbeskrivelse");
}

static bool takes(const struct noark_type *t, const char *name)
{
    return noark_attr_named(t, str_of(name)) && (takes_rules(t) || !strcmp(name, "dokumentmedium"));
}

enum err place_of(struct cx *cx, int64_t id, struct place *ret)
{
    struct q_noark_above *rows;
    size_t n;
    *ret = (struct place){0};
    enum err e = q_noark_above(cx, id, &rows, &n);
    for (size_t i = 0; !e && i < n; i++) {
        struct above a = {.id = rows[i].id, .t = noark_type_numbered(rows[i].type), .closed = rows[i].finished_us.set};
        e = json_parse(cx, rows[i].body, &a.body);
        vec_add(cx->arena, &ret->rows, a);
    }
    for (size_t i = 0; !e && i < ret->rows.n && !ret->series; i++)
        if (noark_is(ret->rows.p[i].t, "arkivdel"))
            ret->series = &ret->rows.p[i];
    return e;
}

bool place_has(const struct place *p, int64_t id)
{
    for (size_t i = 0; i < p->rows.n; i++)
        if (p->rows.p[i].id == id)
            return true;
    return false;
}

static struct str item_uuid(struct api *api, int64_t id)
{
    return record_uuid(api->cx, api->fonds.uuid, RECORD_UUID_ITEM, id);
}

struct str place_series(struct api *api, const struct place *p)
{
    return p->series ? item_uuid(api, p->series->id) : S("");
}

/* The arkivdel that a registration refers to, when it is another than the one it lies in: one that says what is special
   about it (M208). *ret NULL: none. */
static enum err special_series(struct api *api, const struct place *p, const struct json *body, const struct json **ret)
{
    struct str uuid = json_text(body, "referanseArkivdel");
    struct node series;
    *ret = NULL;
    if (!uuid.n || str_eq(str_lower_ascii(api->cx->arena, uuid), place_series(api, p)))
        return ERR_OK;
    enum err e = node_get(api, noark_type_of("arkivdel"), uuid, &series);
    if (e == ERR_NOT_FOUND)
        return fail_field(api->cx, ERR_INVALID, S("referanseArkivdel"),
                          "referanseArkivdel: the systemID of an arkivdel is expected");
    if (!e)
        *ret = series.body;
    return e;
}

/* What there is to take of `name` for what lies in p. A kassasjon of the arkivdel goes before those of the classes
   (5.10.10); a folder and a registration have settled it for what lies in them. */
static const struct json *gives(const struct place *p, const struct json *special, const char *name)
{
    const struct json *v = special ? j_get(special, name) : NULL;
    if (v || !p->rows.n)
        return v;
    if (takes_rules(p->rows.p[0].t))
        return j_get(p->rows.p[0].body, name);
    if (!strcmp(name, "kassasjon") && p->series)
        v = j_get(p->series->body, name);
    for (size_t i = 0; !v && i < p->rows.n; i++)
        v = j_get(p->rows.p[i].body, name);
    return v;
}

static struct json *kept(const struct json *v)
{
    return (struct json *)(uintptr_t)v; /* j_set copies it */
}

/* ---- dates that follow from years ---- */

static void date_after(struct cx *cx, struct json *body, const char *group, const char *years, const char *date,
                       int64_t from_us)
{
    const struct json *g = j_get(body, group);
    int64_t n = g ? json_int(g, years, 0) : 0;
    if (n <= 0 || n > 1000 || j_get(g, date))
        return;
    struct json *copy = j_map(cx);
    for (size_t i = 0; i < g->n; i++)
        j_set(cx, copy, g->items[i]->key, g->items[i]);
    j_set(cx, copy, str_of(date), j_text(cx, civil_iso_us(cx->arena, record_dispose_after(from_us, (int)n))));
    j_set(cx, body, str_of(group), copy);
}

void place_screen_until(struct cx *cx, const struct noark_type *t, struct json *body)
{
    struct str since = json_text(body, "opprettetDato");
    if (takes_rules(t))
        date_after(cx, body, "skjerming", "skjermingsvarighet", "skjermingOpphoererDato",
                   noark_is_time(since) ? noark_time_us(since) : cx->now_us);
}

/* When it was closed: what it says itself, or now. */
static int64_t closed_us(struct cx *cx, const struct json *body)
{
    struct str s = json_text(body, "avsluttetDato");
    return noark_is_time(s) ? noark_time_us(s) : cx->now_us;
}

void place_dispose_after(struct cx *cx, struct json *body)
{
    struct str decision = json_text(j_get(j_get(body, "kassasjon"), "kassasjonsvedtak"), "kode");
    if (!str_eq_z(decision, "B"))
        date_after(cx, body, "kassasjon", "bevaringstid", "kassasjonsdato", closed_us(cx, body));
}

void place_dispose_not(struct cx *cx, const struct json *old, struct json *body)
{
    const struct json *group = j_get(body, "kassasjon");
    struct str date = json_text(group, "kassasjonsdato");
    if (!date.n)
        return;
    struct json *without = j_map(cx), *again = j_map(cx);
    for (size_t i = 0; i < group->n; i++)
        if (!str_eq_z(group->items[i]->key, "kassasjonsdato"))
            j_set(cx, without, group->items[i]->key, group->items[i]);
    j_set(cx, again, S("kassasjon"), without);
    j_set(cx, again, S("avsluttetDato"), j_get(old, "avsluttetDato"));
    place_dispose_after(cx, again);
    if (str_eq(json_text(j_get(again, "kassasjon"), "kassasjonsdato"), date)) /* it was counted, not said */
        j_set(cx, body, S("kassasjon"), without);
}

/* ---- a new entity ---- */

static void set_places(struct api *api, const struct place *p, const struct noark_type *t, struct json *body)
{
    struct cx *cx = api->cx;
    if (noark_is(t, "registrering") && p->series && !json_text(body, "referanseArkivdel").n)
        j_set(cx, body, S("referanseArkivdel"), j_text(cx, place_series(api, p)));
    if (noark_is(t, "mappe"))
        j_set(cx, body, S("referanseForelderMappe"),
              p->rows.n && noark_is(p->rows.p[0].t, "mappe") ? j_text(cx, item_uuid(api, p->rows.p[0].id)) : NULL);
}

enum err place_begin(struct api *api, const struct place *p, const struct noark_type *t, const struct json *sent,
                     struct json *body)
{
    const struct json *special = NULL;
    enum err e = noark_is(t, "registrering") ? special_series(api, p, body, &special) : ERR_OK;
    for (int i = 0; !e && i < HEIRS; i++) {
        const struct json *v = takes(t, heirs[i]) ? gives(p, special, heirs[i]) : NULL;
        if (v && noark_is_missing(j_get(sent, heirs[i])))
            j_set(api->cx, body, str_of(heirs[i]), kept(v));
    }
    if (e)
        return e;
    set_places(api, p, t, body);
    place_screen_until(api->cx, t, body);
    return ERR_OK;
}

/* ---- the same after a change of where it lies, or of the arkivdel it refers to ---- */

enum err place_follow(struct api *api, const struct place *from, const struct place *to, const struct noark_type *t,
                      const struct json *sent, const struct json *old, struct json *body)
{
    struct cx *cx = api->cx;
    const struct json *before = NULL, *after = NULL;
    bool registration = noark_is(t, "registrering");
    struct str was = place_series(api, from);
    if (registration && str_eq(json_text(body, "referanseArkivdel"), was))
        j_set(cx, body, S("referanseArkivdel"), NULL);
    enum err e = registration ? special_series(api, to, body, &after) : ERR_OK;
    if (!e && registration && special_series(api, from, old, &before) == ERR_INVALID)
        before = NULL; /* what it referred to is gone */
    for (int i = 0; !e && i < HEIRS; i++) {
        if (!takes(t, heirs[i]) || (sent && j_get(sent, heirs[i])) ||
            !j_same(cx, j_get(old, heirs[i]), gives(from, before, heirs[i])))
            continue;
        j_set(cx, body, str_of(heirs[i]), kept(gives(to, after, heirs[i])));
    }
    if (!e)
        set_places(api, to, t, body);
    return e;
}

/* ---- what lies in it follows ---- */

struct pair {
    int64_t id;
    const struct json *old, *new;
};
struct pairs {
    VEC_OF(struct pair) rows;
};

static const struct pair *pair_of(const struct pairs *all, int64_t id)
{
    for (size_t i = all->rows.n; i-- > 0;)
        if (all->rows.p[i].id == id)
            return &all->rows.p[i];
    return NULL;
}

static enum err follow_one(struct api *api, const struct q_noark_below *row, const struct pair *above,
                           const struct str series[2], struct pairs *all)
{
    struct cx *cx = api->cx;
    struct json *old, *new;
    struct node node = {.t = noark_type_numbered(row->type)};
    bool any;
    int64_t n;
    enum err e = json_parse(cx, row->body, &old);
    if (!e)
        e = json_parse(cx, row->body, &new);
    if (e)
        return e;
    for (int i = 0; i < HEIRS; i++)
        if (takes(node.t, heirs[i]) && j_same(cx, j_get(old, heirs[i]), j_get(above->old, heirs[i])))
            j_set(cx, new, str_of(heirs[i]), kept(j_get(above->new, heirs[i])));
    if (series[1].n && str_eq(json_text(old, "referanseArkivdel"), series[0]))
        j_set(cx, new, S("referanseArkivdel"), j_text(cx, series[1]));
    vec_add(cx->arena, &all->rows, ((struct pair){row->id, old, new}));
    node.body = old;
    node.r = (struct q_noark_from_item){.id = row->id, .fonds_id = row->fonds_id, .unit_id = row->unit_id};
    if ((e = log_changes(api, &node, node.t, new, &any)) || !any)
        return e;
    e = q_noark_item_body(cx, row->id, row->version, j_write(cx, new), cx->now_us, &n);
    return e || n ? e : fail(cx, ERR_CONFLICT, "LAW 2: something in it was changed meanwhile");
}

enum err place_spread(struct api *api, int64_t id, const struct place *from, const struct place *to,
                      const struct json *old, const struct json *new)
{
    struct q_noark_below *rows;
    struct pairs all = {0};
    size_t n;
    const struct str series[2] = {from ? place_series(api, from) : S(""), to ? place_series(api, to) : S("")};
    bool any = series[1].n && !str_eq(series[0], series[1]);
    for (int i = 0; i < HEIRS; i++)
        any |= !j_same(api->cx, j_get(old, heirs[i]), j_get(new, heirs[i]));
    if (!any)
        return ERR_OK;
    vec_add(api->cx->arena, &all.rows, ((struct pair){id, old, new}));
    enum err e = q_noark_below(api->cx, id, &rows, &n);
    for (size_t i = 0; !e && i < n; i++) {
        const struct pair *above = pair_of(&all, rows[i].parent_id);
        if (above) /* what is closed or finished stays, and keeps what lies in it */
            e = follow_one(api, &rows[i], above, series, &all);
    }
    return e;
}
