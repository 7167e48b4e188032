/* Avskrivning (Noark 5 3.4): an entry that came in, or a note to be followed up, waits until it is written off:
   answered by an entry that goes out or by a note, or taken note of. */
#include <string.h>

#include "noark/noark_write.h"

static bool is_one_of(struct str code, const char *codes)
{
    char word[16];
    int n = snprintf(word, sizeof word, " %.*s ", STR_ARG(code));
    return n < (int)sizeof word && strstr(codes, word);
}

/* A code of the house's own entities is the code alone. */
static struct str code_of(const struct node *node, const char *name)
{
    const struct json *v = j_get(node->body, name);
    return v && v->kind == JSON_TEXT ? v->text : json_text(v, "kode");
}

static enum err refuse(struct api *api, const char *attr, const char *why)
{
    return fail_field(api->cx, ERR_INVALID, str_of(attr), "%s: %s", attr, why);
}

/* 3.4.7, 3.4.8: what answers is referred to, and is of the kind that answers so. */
static enum err check_answer(struct api *api, const struct node *entry, const struct json *body, int64_t *ret_by)
{
    static const char attr[] = "referanseAvskrivesAvJournalpost";
    struct str uuid = json_text(body, attr), way = json_text(j_get(body, "avskrivningsmaate"), "kode");
    bool letter = is_one_of(way, " BU BE "), note = is_one_of(way, " BN ");
    struct node by;
    *ret_by = 0;
    if (!uuid.n)
        return letter || note ? refuse(api, attr, "3.4.7: say which entry it was answered by") : ERR_OK;
    enum err e = node_get(api, noark_type_of("registrering"), uuid, &by);
    if (e == ERR_NOT_FOUND || (!e && by.r.id == entry->r.id))
        return refuse(api, attr, "the systemID of another entry is expected");
    if (e)
        return e;
    if (letter && !is_one_of(code_of(&by, "journalposttype"), " U "))
        return refuse(api, attr, "3.4.7: a letter that goes out (journalposttype U) answers by letter or e-mail");
    if (note && !noark_is(by.t, "arkivnotat") && !is_one_of(code_of(&by, "journalposttype"), " N X "))
        return refuse(api, attr, "3.4.8: a note (journalposttype N or X) answers by note");
    *ret_by = by.r.id;
    return ERR_OK;
}

/* 3.4.6, 3.4.9: each recipient for himself, never one who got a copy. */
static enum err check_recipient(struct api *api, const struct node *entry, const struct json *body, int64_t *ret_for)
{
    static const char attr[] = "referanseAvskrivesAvKorrespondansepart";
    struct str uuid = json_text(body, attr);
    struct node part;
    *ret_for = 0;
    if (!uuid.n)
        return ERR_OK;
    enum err e = node_get(api, noark_type_of("korrespondansepart"), uuid, &part);
    if (e == ERR_NOT_FOUND || (!e && part.r.parent_id.v != entry->r.id))
        return refuse(api, attr, "the systemID of a correspondent of this entry is expected");
    if (!e && is_one_of(code_of(&part, "korrespondanseparttype"), " EK IK "))
        return refuse(api, attr, "3.4.9: who got a copy has nothing to answer");
    *ret_for = part.r.id;
    return e;
}

enum err write_off_check(struct api *api, const struct node *entry, const struct json *body, struct write_off *ret)
{
    if (!is_one_of(code_of(entry, "journalposttype"), " I N "))
        return fail(api->cx, ERR_CONFLICT,
                    "only an entry that came in (I) or a note to be followed up (N) waits for being written off");
    enum err e = check_answer(api, entry, body, &ret->by_id);
    return e ? e : check_recipient(api, entry, body, &ret->for_id);
}

/* What is looked up by them: who writes off whom (a move), and which recipients wait (closing). */
enum err write_off_refer(struct cx *cx, int64_t id, const struct write_off *w)
{
    int64_t n;
    enum err e = q_noark_reference_drop(cx, id);
    if (!e && w->by_id)
        e = q_noark_reference_add(cx, NOARK_LINK_WRITES_OFF, id, w->by_id, &n);
    if (!e && w->for_id)
        e = q_noark_reference_add(cx, NOARK_LINK_WRITES_OFF_FOR, id, w->for_id, &n);
    return e;
}

/* Closing it and this wait for each other. */
enum err write_off_open(struct api *api, const struct node *node)
{
    struct cx *cx = api->cx;
    struct q_noark_item_lock row;
    struct node entry, file;
    bool found;
    enum err e = node_parent(api, node, &entry, &found);
    if (!e && found)
        e = node_parent(api, &entry, &file, &found);
    if (e || !found)
        return e;
    if (!file.r.house && !(e = q_noark_item_lock(cx, file.r.id, &row, &found)))
        e = node_get_id(cx, file.t, file.r.id, &file);
    return !e && file.r.finished_us.set
               ? fail(cx, ERR_LAW, "6.1.12: the case file is closed: what was written off stays so")
               : e;
}
