#include "codec/codec.h"
#include "casefile_internal.h"
#include "casefile_pages.h"

static const struct field submit_fields[] = {{.name = "version", .kind = FIELD_INT, .required = true}};
static const struct field receipt_fields[] = {{.name = "again", .kind = FIELD_BOOL}};

enum err document_reply(struct cx *cx, struct reply *rep, const struct record_document *d)
{
    const struct filetype *type = filetype_find(d->mime);
    struct reply_file file = {.type = d->mime, .name = d->file_name, .download = !type || !type->inline_safe};
    enum err e = files_get(cx, d->file.hash, &file.bytes);
    return e ? e : reply_file(cx, rep, &file);
}

enum err casefile_document_reply(struct cx *cx, struct reply *rep, const struct casefile_view *view,
                                 int64_t document_id)
{
    struct record_document d;
    enum err e = casefile_document(cx, view, document_id, &d);
    return e ? e : document_reply(cx, rep, &d);
}

static const struct field status_fields[] = {{.name = "code", .kind = FIELD_TEXT, .max = 60}};

static const struct field document_fields[] = {{.name = "code", .kind = FIELD_TEXT, .max = 60},
                                               {.name = "document", .kind = FIELD_ID, .required = true}};

/* Public, because some services take submissions without a name: who owns the draft is asked by the domain. */
static const struct route routes[] = {
    ROUTE(POST, "/casefile/submit/{draft}", casefile_post_submit, PERM_PUBLIC, "send a draft, once",
          .fields = FIELDS(submit_fields)),
    ROUTE(GET, "/casefile/receipt/{draft}", casefile_get_receipt, PERM_PUBLIC, "the receipt of a draft that was sent",
          .fields = FIELDS(receipt_fields)),
    ROUTE(GET, "/casefile/status", casefile_get_status, PERM_PUBLIC, "ask for the receipt code of an anonymous case"),
    ROUTE(POST, "/casefile/status", casefile_post_status, PERM_PUBLIC, "the status of an anonymous case",
          .fields = FIELDS(status_fields)),
    ROUTE(POST, "/casefile/status/document", casefile_post_status_document, PERM_PUBLIC,
          "a document that went with the reply", .fields = FIELDS(document_fields)),
};

const struct http_module casefile_module = HTTP_MODULE("casefile", routes);
