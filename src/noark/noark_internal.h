/* Shared by the files of this room alone. */
#pragma once
#include "auth/auth.h"
#include "codec/codec.h"
#include "codec/json.h"
#include "db/db.h"
#include "files/files.h"
#include "http/http.h"
#include "noark/noark.h"
#include "noark/noark_model.h"
#include "noark_store.h"

#define NOARK_ROOT "/noark5v5/"
#define NOARK_JSON "application/vnd.noark5+json"

enum {
    NOARK_PAGE = 50,           /* entities of a list when nothing is said */
    NOARK_PAGE_MAX = 500,      /* and at most (bulkgrense) */
    NOARK_COUNT_MAX = 50,      /* behind $skip, counted no further than this or $top unless $count=true */
    NOARK_PATH_MAX = 8,        /* segments of an address */
    NOARK_FILTER_DEPTH = 40,   /* parentheses and navigations inside each other */
    NOARK_BODY_MAX = 1 << 20,  /* bytes of a JSON body */
    NOARK_FILE_MAX = 60 << 20, /* bytes of a file in one piece; larger ones come in pieces */
    NOARK_UPLOAD_GIB = 4,      /* and are at most so large */
    NOARK_FEW_FILES = 500,     /* a word that fewer terms of files begin with is looked up at once */
};

/* ---- who asks (noark_auth.c) ---- */

struct noark_who {
    int64_t client_id; /* of the program; of the employee when one asks in their own name */
    struct str name;
    struct who who; /* an employee; of a program one of its unit, without a person: what may_see asks for */
    int64_t wait_s; /* with ERR_TOO_MANY: how long to wait */
};
/* From the header Authorization: Bearer of our own, or Basic. Sets cx->who. ERR_LOGIN; ERR_TOO_MANY. */
enum err noark_authenticate(struct cx *cx, struct request *req, struct noark_who *ret);
/* By a password: that writes, so it is done before anything is read. */
bool noark_tries_password(const struct request *req);
/* OAuth 2.0 (RFC 6749): grants authorization_code, password and refresh_token. Fills rep. */
enum err noark_token(struct cx *cx, struct request *req, struct reply *rep);
/* RFC 7009: the grant behind a token ends. Fills rep. */
enum err noark_revoke(struct cx *cx, struct request *req, struct reply *rep);
/* "https://indgang.example.dk/noark5v5" */
struct str noark_issuer(struct cx *cx, struct request *req);

/* ---- the brake on guessing passwords (noark_brake.c) ---- */

struct brake {
    bool before;    /* there were wrong ones before */
    int64_t wait_s; /* with ERR_TOO_MANY */
};
/* May a password for this name be tried from where the request comes? ERR_TOO_MANY. */
enum err brake_try(struct cx *cx, struct request *req, struct str name, struct brake *ret);
/* What came of it. */
enum err brake_tell(struct cx *cx, struct request *req, struct str name, const struct brake *b, bool right);

/* ---- employees in their own name (noark_grant.c, noark_allow.c) ---- */

struct app {
    int64_t id;
    struct str name;
};
/* The program of that client_id, if the address is one of its own. ERR_NOT_FOUND. */
enum err app_find(struct cx *cx, struct str client, struct str redirect, struct app *ret);

struct grant_new {
    int64_t app_id;
    struct str challenge, redirect, nonce; /* PKCE by S256; nonce may be empty */
    bool openid;
};
/* cx->who, an employee with a session, allows the program. The code is good once, for a minute. ERR_FORBIDDEN: of no
   unit. */
enum err grant_give(struct cx *cx, const struct grant_new *g, struct str *ret_code);

struct grant_code {
    struct str code, verifier, client, redirect;
};
/* ERR_LOGIN: not this code, or not for this program. */
enum err grant_exchange(struct cx *cx, const struct grant_code *with, int64_t *ret_id);

/* A token as it came: kind, id and end, and their mac. Kinds: a access and r refresh of a program, e and f of an
   employee. */
struct api_token {
    char kind;
    int64_t id, ends_s;
    struct str payload, mac;
};
struct str grant_mac(struct cx *cx, struct str payload, const struct q_noark_grant_get *g, int64_t turn);
/* The grant of a token of kind e or f. ERR_LOGIN. */
enum err grant_check(struct cx *cx, const struct api_token *t, struct q_noark_grant_get *ret);
/* The refresh token of that turn is used up. ERR_LOGIN: by somebody else. */
enum err grant_turn(struct cx *cx, int64_t id, int64_t turn);
enum err grant_end(struct cx *cx, int64_t id);
enum err grant_id_token(struct cx *cx, struct str issuer, const struct q_noark_grant_get *g, const struct who *who,
                        struct str *ret);

/* ---- what roles open (noark_right.c) ---- */

/* Of the asker, all that the next two depend on: two of the same rights may see and write the same types. */
unsigned noark_rights(const struct who *w);
/* May this asker see entities of the type at all; may they create, change and delete them. */
bool noark_reads(const struct who *w, const struct noark_type *t);
bool noark_writes(const struct who *w, const struct noark_type *t);

/* ---- one request ---- */

struct api {
    struct cx *cx;
    struct request *req;
    struct reply *rep;
    struct str base; /* "http://127.0.0.1:8080/noark5v5/" */
    struct str path[NOARK_PATH_MAX];
    size_t n_path;
    struct str query; /* percent-decoded where it came as one piece */
    struct noark_who who;
    struct q_noark_fonds fonds; /* the archive of the house: all systemIDs are made from its own */
};

/* noark_writes, or ERR_FORBIDDEN. */
enum err need_write(struct api *api, const struct noark_type *t);
/* The bytes for a query, %XX where needed. */
void noark_percent(struct buf *b, struct str s);
/* Bytes behind %XX and '+'. */
/* Content-Range: "bytes 0-99/200" (RFC 9110 section 14.4), with or without its unit; true: 0 <= from <= to < total. */
bool noark_range(struct str s, int64_t *from, int64_t *to, int64_t *total);
struct str noark_unquote(struct cx *cx, struct str s);

/* ---- entities ---- */

struct node {
    struct q_noark_from_item r;
    const struct noark_type *t;
    struct json *body; /* the attributes as stored */
    /* Of a row of the house: the same, for each attribute of t (NULL: it has none). Of others NULL. */
    const struct json **values;
};

/* systemID and back. False: not of this archive. */
struct str node_uuid(struct api *api, const struct node *node);
bool node_of_uuid(struct cx *cx, struct str uuid, int64_t *ret_id, const struct noark_type **ret_house_type);
/* By its type (or a supertype) and systemID, if the asker may see it. ERR_NOT_FOUND. */
enum err node_get(struct api *api, const struct noark_type *t, struct str uuid, struct node *ret);
enum node_where { NODE_ANYWHERE, NODE_ITEM, NODE_HOUSE };
enum err node_find(struct cx *cx, const struct noark_type *t, int64_t id, enum node_where where, struct node *ret);
enum err node_get_id(struct cx *cx, const struct noark_type *t, int64_t id, struct node *ret);
/* What it lies in; *ret_found false: nothing, or nothing that the asker may see. */
enum err node_parent(struct api *api, const struct node *node, struct node *ret, bool *ret_found);
struct str node_href(struct api *api, const struct node *node);
/* What an address of this archive names, in itself or with a relation after it: its type and systemID. */
bool node_address(struct api *api, struct str href, const struct noark_type **ret_type, struct str *ret_uuid);
/* Notes in the access log that these were shown: of one case file a look at that; of several a list, or a search when
   they were asked for by what they say. */
void nodes_note(struct api *api, const struct node *nodes, size_t n, bool searched);

/* ---- OData (odata.c) ---- */

struct odata {
    struct str filter, orderby, search, expand;
    int64_t top, skip;
    bool count, has_top;
};
/* The query of a list. Names with or without '$'. ERR_BAD_REQUEST with what is not understood. */
enum err odata_parse(struct cx *cx, struct str query, struct odata *ret);

/* Where a list begins. */
struct scope {
    const struct noark_type *type;
    int64_t parent_id;             /* 0: all of the type */
    const struct noark_link *link; /* or those that this link of link_id refers to */
    int link_end;                  /* the end that link_id is */
    int64_t link_id;
    int64_t or_id;                 /* and this one */
    const struct noark_link *also; /* beside the children of parent_id */
};
struct nodes {
    VEC_OF(struct node) rows;
    int64_t count; /* that match; unless $count=true it may be no more than $skip, NOARK_COUNT_MAX or $top, and 1 */
    bool more;
};
enum err odata_list(struct cx *cx, const struct scope *scope, const struct odata *q, struct nodes *ret);
/* Compiles a filter without running it: for tests and the fuzzer. */
enum err odata_check(struct cx *cx, const struct noark_type *t, struct str filter, bool postgres, struct str *ret_sql);

/* ---- what is made once for the process (noark_kept.c) ---- */

enum link_from { LINK_FROM_NOTHING, LINK_FROM_SELF, LINK_FROM_PARENT };
/* A link in a text of links: where its address begins, and where in that a systemID stands, if one does. */
struct link_place {
    size_t at, id_at;
    enum link_from from;
};
enum kept_what { KEPT_LINKS, KEPT_FINDING };
/* All that it depends on; what does not matter is 0. */
struct kept_key {
    enum kept_what what;
    int type, parent; /* index in noark_types; a parent one more, for 0 is none */
    int flags;
    unsigned rights; /* noark_rights */
};
struct kept {
    struct str text;
    struct link_place *places; /* KEPT_LINKS: of a text without the archive's address, which is the request's */
    size_t n_places;
    size_t ints, texts; /* KEPT_FINDING: attributes a row has */
};
/* NULL: there is none (yet). What it gives stays as long as the process. */
const struct kept *kept_get(const struct kept_key *k);
/* A copy is kept, unless there is one, or as much is kept as may be: who makes things may find them never kept. */
void kept_put(const struct kept_key *k, const struct kept *made);

/* ---- links (noark_links.c) ---- */

struct json_out;
struct link {
    struct str rel, href;
    enum link_from from; /* the address of what stands before href; LINK_FROM_NOTHING: it is whole */
    bool templated;
};
struct links {
    VEC_OF(struct link) rows;
};
/* The first of a relation counts. */
void links_add(struct api *api, struct links *l, struct str rel, struct str href, bool templated);
/* "https://rel.arkivverket.no/noark5/v5/api/<package>/<prefix><name>/" */
struct str links_rel(struct api *api, const char *package, const char *prefix, const char *name);
/* The code lists that its attributes have values of. */
void links_codes(struct api *api, const struct noark_type *t, struct links *l);
/* The member "_links", of links from nothing. */
void links_write(struct links *l, struct json_out *o);
/* Texts of entities shown before, in the same arena, that others take over: the links of those that are alike, and
   codes with their names. Begins {0}. */
struct made {
    struct link_texts *links;
    struct code_text *codes;
};
/* The member "_links" of an entity with that systemID. */
enum err links_of(struct api *api, const struct node *node, struct str uuid, struct made *made, struct json_out *o);

/* ---- showing (noark_render.c) ---- */

struct str noark_code_title(struct cx *cx, const struct noark_type *list, struct str code);
enum err render_node(struct api *api, const struct node *node, const struct odata *q, struct json_out *o);
enum err reply_node(struct api *api, const struct node *node, int status);
enum err reply_list(struct api *api, const struct scope *scope, struct str self);
enum err reply_root(struct api *api, bool known);
enum err reply_package(struct api *api);
enum err reply_template(struct api *api, const struct noark_type *t);
enum err reply_doc(struct api *api, int status, struct str json);

/* ---- bodies (noark_body.c) ---- */

struct json *j_map(struct cx *cx);
struct json *j_list(struct cx *cx);
struct json *j_text(struct cx *cx, struct str s);
struct json *j_int(struct cx *cx, int64_t v);
void j_add(struct cx *cx, struct json *list, struct json *v);
/* Replaces; v NULL takes it away. */
void j_set(struct cx *cx, struct json *map, struct str key, struct json *v);
struct json *j_get(const struct json *map, const char *key);
struct str j_write(struct cx *cx, const struct json *v);
/* The same value, or neither is there (NULL). */
bool j_same(struct cx *cx, const struct json *a, const struct json *b);
/* What of a whole entity a client may leave out or set, and what the core sets. */
struct intake {
    const struct noark_type *t;
    const struct json *sent; /* from the client */
    const struct json *old;  /* as stored; NULL: new */
    bool patch;              /* what is not sent stays; null takes away */
    struct json *body;       /* out */
    bool sealed;             /* out: has an identity number */
};
/* Checks and fills: types, required, codes, fields of our own, what is fixed, what begins with a value. Inside db_write
   or db_read. ERR_INVALID names the attribute. */
enum err body_take(struct api *api, struct intake *in);
/* A value that counts as none: null, a blank text, an empty list or object (annex 5). */
bool noark_is_missing(const struct json *v);
/* A date and time with zone (XML Schema 1.1 dateTime). */
bool noark_is_time(struct str s);
/* The moment of a text that noark_is_time accepts, to the second. */
int64_t noark_time_us(struct str s);
struct str noark_now(struct cx *cx);
/* The systemID of who asks, for referanseOpprettetAv and its like. */
struct str noark_user_ref(struct api *api);

/* ---- writing (noark_create.c, noark_change.c, noark_delete.c, noark_refer.c; what they share: noark_write.h) ---- */

enum err write_create(struct api *api, const struct noark_type *t, const struct node *parent,
                      const struct noark_link *link, int link_end);
enum err write_change(struct api *api, const struct node *node, bool patch);
enum err write_delete(struct api *api, const struct node *node);
enum err write_extend(struct api *api, const struct node *node, const struct noark_type *to);
enum err write_element(struct api *api, const struct node *node, const struct noark_element *e, int64_t index);
/* It lies in `to` from now on: 204. */
enum err write_move(struct api *api, const struct node *node, const struct node *to);
/* PUT of <relation>/$ref of a relation that says where it lies. */
enum err write_place(struct api *api, const struct node *node, struct str relation);
enum err write_reference(struct api *api, const struct node *node, const struct noark_link *link, int end);
/* The version that the client has seen, of If-Match or ETag: ERR_CONFLICT when it is another. */
enum err need_version(struct api *api, int64_t version);
struct str etag_of(struct cx *cx, int64_t version);
/* Does the law of its state allow more in it? */
bool may_create(const struct node *parent, const struct noark_type *t);
const struct noark_child *child_made(const struct noark_type *parent, const struct noark_type *t);

/* ---- the house's own case files (noark_house.c) ---- */

bool house_may_create(const struct node *parent, const struct noark_type *t);
enum err house_create(struct api *api, const struct noark_type *t, const struct node *parent, const struct json *sent,
                      int64_t *ret_id, const struct noark_type **ret_type);
enum err house_change(struct api *api, const struct node *node, const struct json *sent);

/* ---- files (noark_file.c) ---- */

enum err file_request(struct api *api, const struct node *node);
