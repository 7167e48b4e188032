/* Entities: their names outside, and what they lie in. */
#include <sodium.h>
#include <string.h>

#include "access/access.h"
#include "i18n/i18n.h"
#include "noark/noark_internal.h"
#include "record/record.h"

struct kind {
    const char *type;
    enum record_uuid_kind kind;
};
static const struct kind kinds[] = {
    {"arkivdel", RECORD_UUID_SERIES},
    {"klasse", RECORD_UUID_CLASS},
    {"mappe", RECORD_UUID_CASEFILE},
    {"registrering", RECORD_UUID_REGISTRATION},
    {"dokumentbeskrivelse", RECORD_UUID_DOCUMENT},
    {"dokumentobjekt", RECORD_UUID_OBJECT},
    {"klassifikasjonssystem", RECORD_UUID_SYSTEM},
    {"korrespondansepart", RECORD_UUID_PARTY},
    {"arkiv", RECORD_UUID_OTHER_FONDS},
};

static enum record_uuid_kind kind_of(const struct node *node)
{
    for (size_t i = 0; node->r.house && i < sizeof kinds / sizeof *kinds; i++)
        if (noark_is(node->t, kinds[i].type))
            return kinds[i].kind;
    return RECORD_UUID_ITEM;
}

struct str node_uuid(struct api *api, const struct node *node)
{
    enum record_uuid_kind kind = kind_of(node);
    if (kind == RECORD_UUID_OTHER_FONDS && node->r.id == api->fonds.id)
        return api->fonds.uuid;
    struct str s = record_uuid(api->cx, api->fonds.uuid, kind, node->r.id);
    if (kind != RECORD_UUID_PARTY)
        return s;
    /* its number stands above the seven bytes of the id */
    char *p = str_z(api->cx->arena, s);
    unsigned char high = (unsigned char)((uint64_t)node->r.id >> 56);
    memcpy(p + 16, str_hex(api->cx->arena, &high, 1).p, 2);
    return str_make(p, s.n);
}

bool node_of_uuid(struct cx *cx, struct str uuid, int64_t *ret_id, const struct noark_type **ret_house_type)
{
    char hex[32];
    unsigned char b[16];
    size_t n = 0;
    *ret_house_type = NULL;
    for (size_t i = 0; i < uuid.n && n < 32; i++)
        if (uuid.p[i] != '-')
            hex[n++] = uuid.p[i];
    if (uuid.n != 36 || n != 32 || !str_unhex(str_make(hex, 32), b))
        return false;
    if (b[6] >> 4 != 8) {
        struct q_noark_fonds_of fonds;
        bool found = false;
        *ret_house_type = noark_type_of("arkiv");
        if (q_noark_fonds_of(cx, uuid, &fonds, &found) || !found)
            return false;
        *ret_id = fonds.id;
        return true;
    }
    uint64_t id = (b[6] & 15) == RECORD_UUID_PARTY ? b[7] : 0;
    for (int i = 9; i < 16; i++)
        id = id << 8 | b[i];
    *ret_id = (int64_t)(id & INT64_MAX);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if ((b[6] & 15) == (int)kinds[i].kind)
            *ret_house_type = noark_type_of(kinds[i].type);
    return *ret_house_type || (b[6] & 15) == RECORD_UUID_ITEM;
}

enum err node_get(struct api *api, const struct noark_type *t, struct str uuid, struct node *ret)
{
    int64_t id;
    const struct noark_type *house;
    struct str lower = str_lower_ascii(api->cx->arena, uuid);
    if (!node_of_uuid(api->cx, lower, &id, &house))
        return fail(api->cx, ERR_NOT_FOUND, "no such entity");
    enum err e = node_find(api->cx, t, id, house ? NODE_HOUSE : NODE_ITEM, ret);
    if (!e && !str_eq(node_uuid(api, ret), lower))
        e = fail(api->cx, ERR_NOT_FOUND, "no such entity");
    return e;
}

enum err node_parent(struct api *api, const struct node *node, struct node *ret, bool *ret_found)
{
    const struct noark_type *t = node->r.parent_type.set ? noark_type_numbered(node->r.parent_type.v) : NULL;
    *ret_found = false;
    if (!t || !node->r.parent_id.set)
        return ERR_OK;
    enum node_where where = node->r.house ? NODE_HOUSE : !node->r.casefile_id.set ? NODE_ITEM : NODE_ANYWHERE;
    enum err e = node_find(api->cx, t, node->r.parent_id.v, where, ret);
    *ret_found = !e;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

struct str node_href(struct api *api, const struct node *node)
{
    struct buf b = buf_make(api->cx->arena);
    buf_add(&b, api->base);
    buf_add_z(&b, node->t->package);
    buf_add_char(&b, '/');
    buf_add_z(&b, node->t->name);
    buf_add_char(&b, '/');
    buf_add(&b, node_uuid(api, node));
    buf_add_char(&b, '/');
    return buf_str(&b);
}

bool node_address(struct api *api, struct str href, const struct noark_type **ret_type, struct str *ret_uuid)
{
    struct str rest, package, name;
    if (!str_starts(href, api->base))
        return false;
    rest = str_slice(href, api->base.n, href.n);
    if (!str_cut(&rest, '/', &package) || !str_cut(&rest, '/', &name) || !str_cut(&rest, '/', ret_uuid) || !ret_uuid->n)
        return false;
    *ret_type = noark_type_named(package, name);
    return *ret_type != NULL;
}

void nodes_note(struct api *api, const struct node *nodes, size_t n, bool searched)
{
    struct cx *cx = api->cx;
    const struct node *first = NULL;
    bool several = false; /* one view of all whom they are about, as at the desk */
    for (size_t i = 0; i < n; i++) {
        if (!nodes[i].r.casefile_id.set)
            continue;
        if (!first)
            first = &nodes[i];
        several |= nodes[i].r.casefile_id.v != first->r.casefile_id.v;
    }
    if (!first)
        return;
    struct access_entry seen = {.casefile_no = S(""), .kind = searched ? S("search") : S("list"), .legal_basis = S("")};
    if (!several) {
        seen.kind = S("casefile");
        seen.casefile_id = first->r.casefile_id.v;
        seen.casefile_no = first->r.casefile_no.p ? first->r.casefile_no : S("");
    }
    seen.purpose = access_purpose(cx, cx->who->employee_id ? T_noark_purpose_employee : T_noark_purpose);
    for (size_t i = 0; i < n; i++) {
        seen.subject_party_id = nodes[i].r.about.v; /* 0: nobody's */
        if (nodes[i].r.casefile_id.set)
            access_note(cx, &seen);
    }
}
