/* What creating, changing and deleting share: what the state of an entity allows, its version, its numbers, the words
   that find it. */
#include <string.h>

#include "noark/noark_write.h"
#include "record/record.h"
#include "search/search.h"

enum { SERIES_NONE, SERIES_CASE, SERIES_JOURNAL };

/* ---- what the state allows ---- */

const struct noark_child *child_made(const struct noark_type *parent, const struct noark_type *t)
{
    for (int i = 0; i < parent->n_children; i++)
        if (parent->children[i].make && &noark_types[parent->children[i].type] == t)
            return &parent->children[i];
    return NULL;
}

/* To what is closed nothing is added but what is said about it. */
static bool is_about(const struct noark_type *t)
{
    static const char *const names[] = {"merknad",      "kryssreferanse", "konvertering",
                                        "endringslogg", "avskrivning",    "presedens"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (noark_is(t, names[i]))
            return true;
    return false;
}

bool may_create(const struct node *parent, const struct noark_type *t)
{
    return child_made(parent->t, t) && (!parent->r.finished_us.set || is_about(t));
}

bool write_closes(const struct noark_type *t, const struct json *body)
{
    for (int i = 0; i < t->n_closed; i++) {
        const struct json *v = j_get(body, t->closed[i].attr);
        if (!v)
            continue;
        if (!t->closed[i].codes[0])
            return true;
        char word[32];
        struct str code = json_text(v, "kode");
        int n = snprintf(word, sizeof word, " %.*s ", STR_ARG(code));
        if (n < (int)sizeof word && strstr(t->closed[i].codes, word))
            return true;
    }
    return false;
}

/* Law 8: a registration and a document that are finished stay. */
bool write_is_final(const struct noark_type *t)
{
    return noark_is(t, "registrering") || noark_is(t, "dokumentbeskrivelse");
}

enum err need_version(struct api *api, int64_t version)
{
    struct cx *cx = api->cx;
    struct str if_match = req_header(api->req, "If-Match"), etag = req_header(api->req, "ETag");
    struct str seen = if_match.n ? if_match : etag, now = etag_of(cx, version);
    if (!seen.n)
        return fail(cx, ERR_BAD_REQUEST, "send the ETag that you got with it, as If-Match or as ETag");
    if (str_starts(seen, S("W/")))
        seen = str_slice(seen, 2, seen.n);
    if (str_eq(seen, now) || str_eq(seen, str_slice(now, 1, now.n - 1)) || str_eq_z(if_match, "*"))
        return ERR_OK;
    return fail(cx, if_match.n ? ERR_STALE : ERR_CONFLICT,
                "LAW 2: it was changed since you fetched it: fetch it again");
}

/* Its correspondents are finished with a registration. They carry no mark of their own: their identity numbers must
   still be sealed anew when the key changes. */
static enum err check_registration(struct cx *cx, const struct node *node)
{
    struct q_noark_item_is_final row;
    bool found;
    if (!noark_is(node->t, "korrespondansepart") || !node->r.parent_id.set)
        return ERR_OK;
    enum err e = q_noark_item_is_final(cx, node->r.parent_id.v, &row, &found);
    return !e && found && row.final ? fail(cx, ERR_LAW, "LAW 8: its registration is finished and cannot be changed")
                                    : e;
}

enum err write_lock(struct cx *cx, struct api *api, const struct noark_type *t, int64_t id, struct node *ret)
{
    struct q_noark_item_lock lock;
    bool found;
    enum err e = q_noark_item_lock(cx, id, &lock, &found);
    if (!e && !found)
        e = fail(cx, ERR_NOT_FOUND, "it is gone");
    if (!e)
        e = node_get_id(cx, t, id, ret);
    if (!e)
        e = need_version(api, ret->r.version);
    if (!e && noark_is(t, "endringslogg"))
        e = fail(cx, ERR_LAW, "LAW 8: the log of changes stays");
    return e ? e : check_registration(cx, ret);
}

/* ---- what is sent ---- */

enum err write_read_body(struct api *api, struct json **ret)
{
    enum err e = json_parse(api->cx, req_body(api->req), ret);
    if (e == ERR_SYNTAX)
        return fail(api->cx, ERR_BAD_REQUEST, "the body is not JSON");
    if (!e && (*ret)->kind != JSON_MAP)
        e = fail(api->cx, ERR_BAD_REQUEST, "the body is not an object");
    return e;
}

/* A field of our own is named <namespace>-<version>:<field>. */
enum err write_check_own_name(struct cx *cx, const struct noark_type *t, const struct json *body)
{
    struct str s = json_text(body, "navn");
    if (!noark_is(t, "virksomhetsspesifikkeMetadata"))
        return ERR_OK;
    size_t colon = str_find_char(s, ':', 0), dash = str_find_char(str_slice(s, 0, colon), '-', 0);
    bool good = colon < s.n && dash < colon && colon + 1 < s.n && s.n <= 100;
    for (size_t i = 0; i < s.n; i++)
        good &= (s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '-' || i == colon;
    return good ? ERR_OK
                : fail_field(cx, ERR_INVALID, S("navn"),
                             "navn: is written <namespace>-<version>:<field>, in small letters");
}

/* ---- the words that find it ---- */

enum err write_index(struct cx *cx, const struct noark_type *t, int64_t id, const struct json *body)
{
    struct str texts[40];
    size_t n = 0;
    for (int i = 0; i < t->n_attrs && n < 40; i++) {
        const struct json *v = j_get(body, t->attrs[i].name);
        if (v && v->kind == JSON_TEXT && t->attrs[i].kind == NOARK_TEXT)
            texts[n++] = v->text;
    }
    return t->is_list ? ERR_OK : search_put(cx, S("noark"), id, cx->now_us, texts, n);
}

/* ---- numbers ---- */

enum err write_count_up(struct cx *cx, int64_t id, int64_t *ret)
{
    struct q_noark_item_count_up row;
    bool found;
    enum err e = q_noark_item_count_up(cx, id, &row, &found);
    if (!e && found)
        *ret = row.number;
    return e || found ? e : fail(cx, ERR_CONFLICT, "what it would lie in is gone");
}

enum err write_check_system(struct cx *cx, const struct noark_type *t, const struct node *parent)
{
    struct q_noark_has_system row = {0};
    bool below = noark_is(t, "mappe") || noark_is(t, "registrering");
    if (!below || !noark_is(parent->t, "arkivdel"))
        return ERR_OK;
    enum err e = q_noark_has_system(cx, parent->r.id, &row);
    if (!e && row.n)
        e = fail(cx, ERR_CONFLICT, "this arkivdel has a klassifikasjonssystem: it lies in a class of that");
    return e;
}

enum err write_number_within(struct cx *cx, const struct noark_type *t, const struct node *parent, struct json *body)
{
    int64_t n = 0;
    bool wanted = noark_is(t, "registrering") || noark_is(t, "dokumentbeskrivelse") || noark_is(t, "dokumentobjekt");
    if (parent->r.house || !wanted)
        return ERR_OK;
    enum err e = write_count_up(cx, parent->r.id, &n);
    if (e)
        return e;
    if (noark_is(t, "dokumentbeskrivelse"))
        j_set(cx, body, S("dokumentnummer"), j_int(cx, n));
    else if (noark_is(t, "dokumentobjekt"))
        j_set(cx, body, S("versjonsnummer"), j_int(cx, n - 1));
    else {
        struct str file = json_text(parent->body, "mappeID");
        j_set(cx, body, S("registreringsID"),
              j_text(cx, file.n ? str_fmt(cx->arena, "%.*s-%lld", STR_ARG(file), (long long)n)
                                : str_fmt(cx->arena, "R%lld", (long long)n)));
        if (noark_is(t, "journalpost"))
            j_set(cx, body, S("journalpostnummer"), j_int(cx, n));
    }
    return ERR_OK;
}

static int series_of(const struct noark_type *t)
{
    return noark_is(t, "mappe") ? SERIES_CASE : noark_is(t, "journalpost") ? SERIES_JOURNAL : SERIES_NONE;
}

/* The number in the series of the archive: the row all writers queue for, so it comes last. */
enum err write_number(struct cx *cx, const struct noark_type *t, int64_t id, int64_t fonds_id, struct json *body)
{
    int series = series_of(t);
    bool plain = series == SERIES_CASE && !noark_is(t, "saksmappe");
    int64_t year = civil_from_us(cx->now_us).year, seq = 0;
    if (!series)
        return ERR_OK;
    const char *name = series == SERIES_JOURNAL ? "noark-journal" : plain ? "noark-folder" : "noark-case";
    enum err e = record_counter_next(cx, str_fmt(cx->arena, "%s-%lld", name, (long long)fonds_id), year, &seq);
    if (e)
        return e;
    if (series == SERIES_JOURNAL) {
        j_set(cx, body, S("journalaar"), j_int(cx, year));
        j_set(cx, body, S("journalsekvensnummer"), j_int(cx, seq));
    } else {
        if (!j_get(body, "mappeID")) /* a folder that becomes a case file keeps its own (M003) */
            j_set(cx, body, S("mappeID"),
                  j_text(cx, str_fmt(cx->arena, plain ? "%lld/M%lld" : "%lld/%lld", (long long)year, (long long)seq)));
        if (!plain) {
            j_set(cx, body, S("saksaar"), j_int(cx, year));
            j_set(cx, body, S("sakssekvensnummer"), j_int(cx, seq));
        }
    }
    struct opt_int none = {0};
    return q_noark_item_number(cx, id, plain ? SERIES_NONE : series, plain ? none : opt_int(year),
                               plain ? none : opt_int(seq), j_write(cx, body));
}
