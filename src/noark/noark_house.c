/* The house's own case files through the API: what is written goes the way of every other writer, past the guards and
   laws of record/ and casefile/. What those tables do not keep is refused, not lost. */
#include <string.h>

#include "casefile/casefile.h"
#include "noark/noark_internal.h"
#include "record/record.h"

bool house_may_create(const struct node *parent, const struct noark_type *t)
{
    static const char *const beside[] = {"merknad",   "kryssreferanse", "part",         "nasjonalidentifikator",
                                         "presedens", "avskrivning",    "dokumentflyt", "konvertering"};
    if (!parent->r.casefile_id.set || !child_made(parent->t, t))
        return false;
    bool closed = parent->r.finished_us.set;
    if (noark_is(t, "journalpost") || noark_is(t, "arkivnotat"))
        return !closed && noark_is(parent->t, "saksmappe");
    if (!strcmp(t->name, "dokumentbeskrivelse") || noark_is(t, "korrespondansepart"))
        return !closed && noark_is(parent->t, "registrering");
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++)
        if (noark_is(t, beside[i]))
            return !closed || noark_is(t, "merknad") || noark_is(t, "kryssreferanse") || noark_is(t, "avskrivning");
    return false;
}

/* ---- times ---- */

static struct opt_int time_of(const struct json *body, const char *name)
{
    struct str s = json_text(body, name);
    return s.n ? opt_int(noark_time_us(s)) : (struct opt_int){0};
}

/* ---- creating ---- */

static bool listed(const char *const *names, struct str name)
{
    for (; *names; names++)
        if (str_eq_z(name, *names))
            return true;
    return false;
}

/* Everything that was sent has a place, or is what it would be anyway. */
static enum err nothing_lost(struct cx *cx, const struct noark_type *t, const struct json *sent,
                             const char *const *kept)
{
    for (size_t i = 0; i < sent->n; i++) {
        const struct json *v = sent->items[i];
        const struct noark_attr *a = noark_attr_named(t, v->key);
        bool begins = a && a->begins[0] && str_eq_z(json_text(v, "kode"), a->begins);
        bool core = a && (a->flags & NOARK_CORE);
        if (!begins && !core && !str_eq_z(v->key, "_links") && v->kind != JSON_NOTHING && !listed(kept, v->key))
            return fail_field(cx, ERR_INVALID, v->key, "%.*s: the case files of the house do not keep this",
                              STR_ARG(v->key));
    }
    return ERR_OK;
}

struct house_making {
    struct api *api;
    const struct noark_type *t;
    const struct node *parent;
    const struct json *sent;
    int64_t id;
};

static enum err register_it(struct cx *cx, struct house_making *m, const struct json *body)
{
    static const char *const kept[] = {
        "tittel", "offentligTittel", "journalposttype", "dokumentetsDato", "mottattDato", "sendtDato", NULL};
    bool note = !strcmp(m->t->name, "arkivnotat");
    struct str kind = json_text(j_get(body, "journalposttype"), "kode");
    enum err e = nothing_lost(cx, m->t, m->sent, kept);
    if (!e && !note && !listed((const char *const[]){"I", "U", "N", NULL}, kind))
        e = fail_field(cx, ERR_INVALID, S("journalposttype"), "journalposttype: I, U or N is expected here");
    if (e)
        return e;
    const struct json *sent = m->sent;
    struct opt_int document = time_of(sent, "dokumentetsDato");
    struct record_registration_new new = {.casefile_id = m->parent->r.id,
                                          .kind = note                  ? RECORD_NOTE
                                                  : str_eq_z(kind, "I") ? RECORD_INCOMING
                                                  : str_eq_z(kind, "U") ? RECORD_OUTGOING
                                                                        : RECORD_INTERNAL,
                                          .title = json_text(body, "tittel"),
                                          .public_title = json_text(body, "offentligTittel"),
                                          .document_us = document.v,
                                          .received_us = note || str_eq_z(kind, "I") ? time_of(body, "mottattDato")
                                                                                     : (struct opt_int){0},
                                          .sent_us = time_of(sent, "sendtDato"),
                                          .unit_id = cx->who->acting_unit_id,
                                          .access_code = S(""),
                                          .access_basis = S("")};
    return record_register(cx, &new, &m->id);
}

static enum err add_document(struct cx *cx, struct house_making *m, const struct json *body)
{
    static const char *const kept[] = {"tittel", NULL};
    enum err e = nothing_lost(cx, m->t, m->sent, kept);
    return e ? e : record_begin_document(cx, m->parent->r.id, json_text(body, "tittel"), S("attachment"), &m->id);
}

static enum err add_correspondent(struct cx *cx, struct house_making *m, const struct json *body)
{
    static const char *const kept[] = {"navn", "korrespondanseparttype", NULL};
    struct str code = json_text(j_get(body, "korrespondanseparttype"), "kode");
    bool copy = str_eq_z(code, "EK") || str_eq_z(code, "IK"), sender = str_eq_z(code, "EA") || str_eq_z(code, "IA");
    int64_t number = 0;
    enum err e = nothing_lost(cx, m->t, m->sent, kept);
    if (!e && !json_text(body, "navn").n)
        e = fail_field(cx, ERR_INVALID, S("navn"), "navn: this is required");
    if (!e)
        e = record_add_party(cx, m->parent->r.id,
                             &(struct record_party){.role = copy     ? RECORD_COPY
                                                            : sender ? RECORD_SENDER
                                                                     : RECORD_RECIPIENT,
                                                    .name = json_text(body, "navn")},
                             &number);
    if (!e)
        m->id = m->parent->r.id + (number << 53);
    return e;
}

static enum err make(struct cx *cx, void *ctx)
{
    struct house_making *m = ctx;
    struct intake in = {.t = m->t, .sent = m->sent};
    struct node parent;
    enum err e = node_get_id(cx, m->parent->t, m->parent->r.id, &parent);
    if (!e && !house_may_create(&parent, m->t))
        e = parent.r.finished_us.set ? fail(cx, ERR_LAW, "LAW 8: it is closed or finished, and takes nothing more")
                                     : fail(cx, ERR_FORBIDDEN, "a %s is not created here", m->t->name);
    if (!e)
        e = body_take(m->api, &in);
    if (e)
        return e;
    if (noark_is(m->t, "korrespondansepart"))
        return add_correspondent(cx, m, in.body);
    if (!strcmp(m->t->name, "dokumentbeskrivelse"))
        return add_document(cx, m, in.body);
    e = register_it(cx, m, in.body);
    return e ? e : record_number(cx, m->id);
}

enum err house_create(struct api *api, const struct noark_type *t, const struct node *parent, const struct json *sent,
                      int64_t *ret_id, const struct noark_type **ret_type)
{
    struct house_making m = {.api = api, .t = t, .parent = parent, .sent = sent};
    enum err e = db_write(api->cx, make, &m);
    *ret_id = m.id;
    *ret_type = noark_is(t, "korrespondansepart") ? noark_type_of("korrespondansepart") : t;
    return e;
}

/* ---- changing: the state alone ---- */

static enum err shown(struct api *api, const struct node *node, struct json **ret)
{
    struct buf b = buf_make(api->cx->arena);
    struct json_out o = json_out_make(&b);
    enum err e = render_node(api, node, NULL, &o);
    return e ? e : json_parse(api->cx, buf_str(&b), ret);
}

struct finishing {
    int64_t id;
};

static enum err finish(struct cx *cx, void *ctx)
{
    const struct finishing *f = ctx;
    return record_finish(cx, f->id);
}

enum err house_change(struct api *api, const struct node *node, const struct json *sent)
{
    struct cx *cx = api->cx;
    struct json *now;
    const char *state = noark_is(node->t, "saksmappe")     ? "saksstatus"
                        : noark_is(node->t, "journalpost") ? "journalstatus"
                                                           : "";
    bool arkivnotat = noark_is(node->t, "arkivnotat"), close = false;
    enum err e = shown(api, node, &now);
    for (size_t i = 0; !e && i < sent->n; i++) {
        const struct json *v = sent->items[i], *old = json_get_str(now, v->key);
        if (str_eq_z(v->key, "_links") || (old && str_eq(j_write(cx, v), j_write(cx, old))) ||
            (!old && v->kind == JSON_NOTHING))
            continue;
        bool is_state = str_eq_z(v->key, state) || (arkivnotat && str_eq_z(v->key, "arkivertDato"));
        struct str code = json_text(v, "kode");
        if (!is_state && node->r.final)
            return fail(cx, ERR_LAW, "LAW 8: it is finished and cannot be changed");
        if (!is_state ||
            (!arkivnotat && !str_eq_z(code, "A") && !str_eq_z(code, "E") && !str_eq(code, json_text(old, "kode"))))
            return fail_field(cx, ERR_CONFLICT, v->key,
                              "%.*s: of a case file of the house only its state is changed here", STR_ARG(v->key));
        close |= arkivnotat || !str_eq(code, json_text(old, "kode"));
    }
    if (e || !close)
        return e;
    if (noark_is(node->t, "saksmappe"))
        return casefile_close(cx, node->r.casefile_id.v, 0);
    struct finishing f = {node->r.id};
    return db_write(cx, finish, &f);
}
