/* Files: sent whole or in pieces, given back as they came. What a file is, its content tells; what a client said of it
   beforehand must agree. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codec/filetype.h"
#include "fulltext/fulltext.h"
#include "noark/noark_internal.h"
#include "record/record.h"

struct form {
    const char *code, *mime; /* of metadata/format */
};

/* One that archives take: what is kept for ever is not a PDF whose fonts lie elsewhere. */
static bool for_keeping(const struct form *f)
{
    return strcmp(f->code, "av/0") != 0 && (strcmp(f->mime, "application/pdf") != 0 || filetype_is_pdf_a(f->code));
}

static struct form form_of(struct str b)
{
    const struct filetype *t = filetype_of(b);
    struct str head = str_trim(str_slice(b, 0, 200));
    const char *pdf = t && !strcmp(t->mime, "application/pdf") ? filetype_pdf_format(b) : NULL;
    if (pdf)
        return (struct form){pdf, t->mime};
    if (str_starts(head, S("<?xml")) || str_starts(head, S("\xef\xbb\xbf<?xml")))
        return (struct form){"fmt/101", "application/xml"};
    if (!t)
        return (struct form){"av/0", "application/octet-stream"};
    static const struct form known[] = {
        {"fmt/42", "image/jpeg"}, {"fmt/11", "image/png"}, {"fmt/353", "image/tiff"}, {"x-fmt/111", "text/plain"}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(known[i].mime, t->mime))
            return known[i];
    return (struct form){"av/0", t->mime};
}

/* ---- taking ---- */

struct taking {
    struct api *api;
    const struct node *node;
    struct file_ref file;
    struct form form;
    struct str mime, name; /* as the client says */
    struct json *preset;   /* out: what the new object says of itself */
    int64_t id;            /* out: the dokumentobjekt */
    int64_t upload_id;
};

static enum err differs(struct cx *cx, const char *what)
{
    return fail_field(cx, ERR_INVALID, str_of(what), "%s: the file is not as was said before", what);
}

static enum err agree(struct cx *cx, const struct json *body, const struct taking *t)
{
    struct str sum = json_text(body, "sjekksum"), hex = hash_hex(cx->arena, t->file.hash);
    struct str format = json_text(j_get(body, "format"), "kode"), kind = json_text(body, "sjekksumAlgoritme");
    int64_t bytes = json_int(body, "filstoerrelse", t->file.size);
    if (kind.n && !str_eq_z(kind, "SHA-256"))
        return fail_field(cx, ERR_INVALID, S("sjekksumAlgoritme"), "sjekksumAlgoritme: only SHA-256 is known here");
    if (sum.n && !str_eq(str_lower_ascii(cx->arena, sum), hex))
        return differs(cx, "sjekksum");
    if (bytes != t->file.size)
        return differs(cx, "filstoerrelse");
    if (format.n && strcmp(t->form.code, "av/0") && !str_eq_z(format, "av/0") && !str_eq_z(format, t->form.code))
        return differs(cx, "format");
    return ERR_OK;
}

static void set_code(struct cx *cx, struct json *body, const char *attr, const char *list, const char *code)
{
    struct json *v = j_map(cx);
    j_set(cx, v, S("kode"), j_text(cx, str_of(code)));
    j_set(cx, v, S("kodenavn"), j_text(cx, noark_code_title(cx, noark_type_of(list), str_of(code))));
    j_set(cx, body, str_of(attr), v);
}

static void describe(struct cx *cx, struct json *body, const struct taking *t)
{
    struct str mime = t->mime.n && text_clean(t->mime) && t->mime.n < 200 ? t->mime : str_of(t->form.mime);
    if (!j_get(body, "format"))
        set_code(cx, body, "format", "format", t->form.code);
    if (!j_get(body, "mimeType"))
        j_set(cx, body, S("mimeType"), j_text(cx, mime));
    if (!j_get(body, "filnavn") && t->name.n)
        j_set(cx, body, S("filnavn"), j_text(cx, t->name));
    j_set(cx, body, S("sjekksum"), j_text(cx, hash_hex(cx->arena, t->file.hash)));
    j_set(cx, body, S("sjekksumAlgoritme"), j_text(cx, S("SHA-256")));
    j_set(cx, body, S("filstoerrelse"), j_int(cx, t->file.size));
}

static enum err into_object(struct cx *cx, struct taking *t, int64_t id)
{
    struct q_noark_item_lock lock;
    struct json *body;
    bool found;
    int64_t n = 0;
    enum err e = q_noark_item_lock(cx, id, &lock, &found);
    if (!e && !found)
        e = fail(cx, ERR_NOT_FOUND, "it is gone");
    if (!e && lock.bytes.set)
        e = fail(cx, ERR_CONFLICT, "it has a file already: another version is another dokumentobjekt");
    if (!e)
        e = json_parse(cx, lock.body, &body);
    if (!e)
        e = agree(cx, body, t);
    if (e)
        return e;
    describe(cx, body, t);
    struct str hash = str_make((const char *)t->file.hash.b, HASH_BYTES);
    e = q_noark_item_file(cx,
                          &(struct q_noark_item_file_in){.id = id,
                                                         .hash = hash,
                                                         .bytes = t->file.size,
                                                         .mime = str_of(t->form.mime),
                                                         .body = j_write(cx, body),
                                                         .now_us = cx->now_us},
                          &n);
    if (!e && !n)
        e = fail(cx, ERR_CONFLICT, "somebody else sent its file meanwhile");
    return e ? e : fulltext_keep(cx, &t->file, S("noark_item"), id);
}

/* A dokumentobjekt of its own for the file: archive format when it is one, production format otherwise. */
static enum err into_document(struct cx *cx, struct taking *t)
{
    struct q_noark_item_count_up count;
    struct json *body = j_map(cx);
    struct node node;
    bool found;
    int64_t id = rand_id();
    enum err e = q_noark_item_count_up(cx, t->node->r.id, &count, &found);
    if (!e && !found)
        e = fail(cx, ERR_NOT_FOUND, "it is gone");
    if (!e)
        e = node_get_id(cx, t->node->t, t->node->r.id, &node);
    if (!e && node.r.finished_us.set)
        e = fail(cx, ERR_LAW, "LAW 8: it is finished, and takes no more files");
    if (e)
        return e;
    j_set(cx, body, S("opprettetDato"), j_text(cx, noark_now(cx)));
    j_set(cx, body, S("opprettetAv"), j_text(cx, t->api->who.name));
    j_set(cx, body, S("versjonsnummer"), j_int(cx, count.number - 1));
    set_code(cx, body, "variantformat", "variantformat", for_keeping(&t->form) ? "A" : "P");
    const struct noark_type *object = noark_type_of("dokumentobjekt");
    e = q_noark_item_insert(cx, &(struct q_noark_item_insert_in){.id = id,
                                                                 .type = object->number,
                                                                 .parent_id = opt_int(node.r.id),
                                                                 .parent_type = opt_int(node.t->number),
                                                                 .fonds_id = node.r.fonds_id,
                                                                 .unit_id = node.r.unit_id,
                                                                 .casefile_id = node.r.casefile_id,
                                                                 .body = j_write(cx, body),
                                                                 .now_us = cx->now_us});
    t->id = id;
    return e ? e : into_object(cx, t, id);
}

struct house_object {
    int64_t id;
};

static enum err into_house(struct cx *cx, struct taking *t)
{
    struct q_noark_newest_object newest;
    enum err e = record_add_object(
        cx, t->node->r.id,
        &(struct record_document_new){.file_name = t->name.n ? t->name : S("fil"),
                                      .mime = str_of(t->form.mime),
                                      .format = strcmp(t->form.code, "av/0") ? str_of(t->form.code) : S(""),
                                      .variant = for_keeping(&t->form) ? RECORD_ARCHIVE : RECORD_PRODUCTION,
                                      .file = t->file});
    if (!e)
        e = q_noark_newest_object(cx, t->node->r.id, &newest);
    if (!e)
        t->id = newest.id;
    return e;
}

static enum err take(struct cx *cx, void *ctx)
{
    struct taking *t = ctx;
    bool object = !strcmp(t->node->t->name, "dokumentobjekt");
    enum err e = object && t->node->r.house
                     ? fail(cx, ERR_CONFLICT, "it has a file already: another version is another dokumentobjekt")
                 : object           ? into_object(cx, t, t->id = t->node->r.id)
                 : t->node->r.house ? into_house(cx, t)
                                    : into_document(cx, t);
    return e || !t->upload_id ? e : q_noark_upload_end(cx, t->upload_id);
}

static enum err taken(struct taking *t)
{
    struct node node;
    enum err e = t->node->r.final ? fail(t->api->cx, ERR_LAW, "LAW 8: it is finished, and takes no more files")
                                  : db_write(t->api->cx, take, t);
    if (!e)
        e = node_get_id(t->api->cx, noark_type_of("dokumentobjekt"), t->id, &node);
    return e ? e : reply_node(t->api, &node, 201);
}

static enum err take_whole(struct api *api, const struct node *node)
{
    struct taking t = {.api = api, .node = node, .mime = req_header(api->req, "Content-Type")};
    struct str bytes = req_body(api->req);
    if (!bytes.n)
        return fail(api->cx, ERR_BAD_REQUEST, "an empty file is not stored");
    t.form = form_of(bytes);
    enum err e = files_put(api->cx, bytes, &t.file);
    return e ? e : taken(&t);
}

/* ---- in pieces ---- */

static const char *piece_path(struct cx *cx, int64_t id)
{
    return str_z(cx->arena, str_fmt(cx->arena, "%s/tmp/noark-%lld", cx->data_dir, (long long)id));
}

struct beginning {
    struct q_noark_upload_add_in row;
};

static enum err begin(struct cx *cx, void *ctx)
{
    struct beginning *b = ctx;
    struct q_noark_upload_old *old;
    size_t n;
    enum err e = q_noark_upload_old(cx, cx->now_us - DAY_US, &old, &n);
    for (size_t i = 0; !e && i < n; i++)
        e = q_noark_upload_end(cx, old[i].id);
    return e ? e : q_noark_upload_add(cx, &b->row);
}

static void sweep(struct cx *cx)
{
    struct q_noark_upload_old *old;
    size_t n = 0;
    if (!q_noark_upload_old(cx, cx->now_us - DAY_US, &old, &n))
        for (size_t i = 0; i < n; i++)
            (void)unlink(piece_path(cx, old[i].id));
}

static enum err begin_pieces(struct api *api, const struct node *node, struct str length)
{
    struct cx *cx = api->cx;
    struct beginning b = {.row = {.id = rand_id(),
                                  .client_id = api->who.client_id,
                                  .item_type = node->t->number,
                                  .item_id = node->r.id,
                                  .mime = req_header(api->req, "X-Upload-Content-Type"),
                                  .now_us = cx->now_us}};
    if (!str_to_i64(length, &b.row.bytes) || b.row.bytes < 1 || b.row.bytes > INT64_C(1) << 32)
        return fail(cx, ERR_BAD_REQUEST, "X-Upload-Content-Length: from 1 byte to 4 GiB");
    if (node->r.final)
        return fail(cx, ERR_LAW, "LAW 8: it is finished, and takes no more files");
    sweep(cx);
    int fd = open(piece_path(cx, b.row.id), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(cx, ERR_IO, "no file for the pieces: %s", strerror(errno));
    close(fd);
    enum err e = db_write(cx, begin, &b);
    if (e)
        return e;
    reply_header(cx, api->rep, "Location",
                 str_fmt(cx->arena, "%.*sfil/%lld/", STR_ARG(node_href(api, node)), (long long)b.row.id));
    return reply_bytes(cx, api->rep, 200, S(NOARK_JSON), S("{}"));
}

struct piece {
    int64_t id, from, n;
    bool taken;
};

static enum err count_piece(struct cx *cx, void *ctx)
{
    struct piece *p = ctx;
    int64_t n;
    enum err e = q_noark_upload_more(cx, p->id, p->from, p->n, &n);
    p->taken = n == 1;
    return e;
}

bool noark_range(struct str s, int64_t *from, int64_t *to, int64_t *total)
{
    if (str_starts(s, S("bytes ")))
        s = str_slice(s, 6, s.n);
    size_t dash = str_find_char(s, '-', 0), slash = str_find_char(s, '/', 0);
    return str_to_i64(str_slice(s, 0, dash), from) && str_to_i64(str_slice(s, dash + 1, slash), to) &&
           str_to_i64(str_slice(s, slash + 1, s.n), total) && *from >= 0 && *to >= *from && *to < *total;
}

static enum err write_piece(struct cx *cx, int fd, struct str bytes, int64_t from)
{
    for (size_t done = 0; done < bytes.n;) {
        ssize_t n = pwrite(fd, bytes.p + done, bytes.n - done, from + (int64_t)done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return fail(cx, n < 0 && errno == ENOSPC ? ERR_NO_SPACE : ERR_IO, "a piece was not written");
        done += (size_t)n;
    }
    return ERR_OK;
}

static enum err complete(struct api *api, const struct node *node, int64_t id, int fd, struct str mime)
{
    struct cx *cx = api->cx;
    struct taking t = {.api = api, .node = node, .mime = mime, .upload_id = id};
    struct stat st;
    if (fstat(fd, &st) || st.st_size < 1 || lseek(fd, 0, SEEK_SET) < 0)
        return fail(cx, ERR_IO, "the pieces cannot be read");
    void *whole = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0); /* what a PDF is stands at its end */
    if (whole == MAP_FAILED)
        return fail(cx, ERR_IO, "the pieces cannot be read");
    t.form = form_of(str_make(whole, (size_t)st.st_size));
    (void)munmap(whole, (size_t)st.st_size);
    enum err e = files_put_fd(cx, fd, &t.file);
    if (!e)
        e = taken(&t);
    if (!e)
        (void)unlink(piece_path(cx, id));
    return e;
}

static enum err take_piece(struct api *api, const struct node *node, int64_t id)
{
    struct cx *cx = api->cx;
    struct q_noark_upload_get up;
    struct str bytes = req_body(api->req);
    int64_t from, to, total;
    bool found;
    enum err e = q_noark_upload_get(cx, id, api->who.client_id, &up, &found);
    if (!e && (!found || up.item_id != node->r.id))
        e = fail(cx, ERR_NOT_FOUND, "no such upload");
    if (!e && (!noark_range(req_header(api->req, "Content-Range"), &from, &to, &total) || total != up.bytes ||
               to - from + 1 != (int64_t)bytes.n))
        e = fail(cx, ERR_BAD_REQUEST, "Content-Range: from-to/total of this piece is expected");
    if (!e && from != up.received)
        e = fail(cx, ERR_CONFLICT, "the next piece begins at byte %lld", (long long)up.received);
    if (e)
        return e;
    int fd = open(piece_path(cx, id), O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return fail(cx, ERR_NOT_FOUND, "no such upload");
    struct piece p = {.id = id, .from = from, .n = (int64_t)bytes.n};
    e = write_piece(cx, fd, bytes, from);
    if (!e)
        e = db_write(cx, count_piece, &p);
    if (!e && !p.taken)
        e = fail(cx, ERR_CONFLICT, "this piece has come already");
    if (!e && to + 1 == total)
        e = complete(api, node, id, fd, up.mime);
    else if (!e) {
        reply_header(cx, api->rep, "Range", str_fmt(cx->arena, "bytes=0-%lld", (long long)to));
        reply_header(cx, api->rep, "Location",
                     str_fmt(cx->arena, "%.*sfil/%lld/", STR_ARG(node_href(api, node)), (long long)id));
        e = reply_bytes(cx, api->rep, 200, S(NOARK_JSON), S("{}"));
    }
    close(fd);
    return e;
}

/* ---- giving ---- */

static enum err give(struct api *api, const struct node *node)
{
    struct cx *cx = api->cx;
    struct hash hash;
    struct reply_file file = {.name = json_text(node->body, "filnavn")};
    if (node->r.hash.n != HASH_BYTES)
        return fail(cx, ERR_NOT_FOUND, "it has no file yet");
    memcpy(hash.b, node->r.hash.p, HASH_BYTES);
    file.type = node->r.mime.p ? node->r.mime : S("application/octet-stream");
    if (!file.name.n)
        file.name = S("fil");
    file.download = true;
    nodes_note(api, node, 1, false);
    enum err e = ERR_OK;
    if (node->r.bytes.v <= FILES_SMALL_BYTES)
        e = files_get(cx, hash, &file.bytes);
    else
        e = files_get_fd(cx, hash, &file.fd, &file.fd_bytes);
    return e ? e : reply_file(cx, api->rep, &file);
}

/* The newest form of a document. */
static enum err give_newest(struct api *api, const struct node *node)
{
    struct scope s = {.type = noark_type_of("dokumentobjekt"), .parent_id = node->r.id};
    struct odata q = {.top = 1, .orderby = S("versjonsnummer desc")};
    struct nodes nodes;
    enum err e = odata_list(api->cx, &s, &q, &nodes);
    if (!e && !nodes.rows.n)
        e = fail(api->cx, ERR_NOT_FOUND, "it has no file yet");
    return e ? e : give(api, &nodes.rows.p[0]);
}

enum err file_request(struct api *api, const struct node *node)
{
    enum method method = req_method(api->req);
    bool object = !strcmp(node->t->name, "dokumentobjekt");
    int64_t id = 0;
    if (!object && strcmp(node->t->name, "dokumentbeskrivelse"))
        return fail(api->cx, ERR_NOT_FOUND, "only documents have files");
    if (api->n_path == 5 && (!str_to_i64(api->path[4], &id) || method != PUT))
        return fail(api->cx, ERR_NOT_FOUND, "no such upload");
    if (id)
        return take_piece(api, node, id);
    if (method == GET)
        return object ? give(api, node) : give_newest(api, node);
    if (method != POST)
        return fail(api->cx, ERR_METHOD, "a file is sent by POST; another version is another dokumentobjekt");
    struct str length = req_header(api->req, "X-Upload-Content-Length");
    if (length.n && !req_body(api->req).n)
        return begin_pieces(api, node, length);
    return take_whole(api, node);
}
