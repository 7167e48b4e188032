#include "codec/eml.h"

#include <gmime/gmime.h>

#include "codec/plain.h"

struct reading {
    struct cx *cx;
    struct eml eml;
    struct str html; /* words in HTML, used when there are no others */
    size_t parts, decoded;
};

void eml_init(void)
{
    g_mime_init();
}

/* What GLib gave goes with the arena, also when the arena's limit ends the request in the middle. */
static void unref(void *p)
{
    g_object_unref(p);
}
static void unref_bytes(void *p)
{
    g_byte_array_unref(p);
}

/* ---- parts ---- */

/* The decoded bytes of a part, or its own text when it is a message; in the arena. */
static bool take_bytes(struct reading *r, GMimeObject *part, struct str *ret)
{
    GByteArray *bytes = g_byte_array_new();
    arena_defer(r->cx->arena, unref_bytes, bytes);
    GMimeStream *mem = g_mime_stream_mem_new_with_byte_array(bytes);
    g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(mem), FALSE);
    if (GMIME_IS_PART(part)) {
        GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(part));
        if (content)
            g_mime_data_wrapper_write_to_stream(content, mem);
    } else if (GMIME_IS_MESSAGE_PART(part) && g_mime_message_part_get_message(GMIME_MESSAGE_PART(part))) {
        GMimeMessage *message = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
        g_mime_object_write_to_stream(GMIME_OBJECT(message), NULL, mem);
    }
    g_object_unref(mem);
    bool fits = r->decoded + bytes->len <= EML_MAX_BYTES;
    r->decoded += fits ? bytes->len : 0;
    *ret = fits ? str_dup(r->cx->arena, str_make((const char *)bytes->data, bytes->len)) : S("");
    return fits;
}

static void attach(struct reading *r, GMimeObject *part)
{
    struct str bytes;
    if (r->eml.attachments.n == EML_MAX_ATTACHMENTS || !take_bytes(r, part, &bytes)) {
        r->eml.left_out = true;
        return;
    }
    const char *name = GMIME_IS_PART(part) ? g_mime_part_get_filename(GMIME_PART(part)) : "message.eml";
    if (bytes.n)
        vec_add(r->cx->arena, &r->eml.attachments,
                (struct eml_attachment){plain_clean(r->cx, name, 400, false), bytes});
}

static void take_part(struct reading *r, GMimeObject *part)
{
    const char *disposition = g_mime_object_get_disposition(part);
    GMimeContentType *type = g_mime_object_get_content_type(part);
    bool attached = disposition && g_ascii_strcasecmp(disposition, "attachment") == 0;
    bool plain = g_mime_content_type_is_type(type, "text", "plain");
    bool html = g_mime_content_type_is_type(type, "text", "html");
    bool words = !attached && GMIME_IS_TEXT_PART(part) && ((plain && !r->eml.text.n) || (html && !r->html.n));
    if (!words) {
        attach(r, part);
        return;
    }
    char *text = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
    size_t n = text ? strlen(text) : 0;
    r->decoded += n;
    if (r->decoded > EML_MAX_BYTES || n > EML_MAX_TEXT_BYTES)
        r->eml.left_out = true;
    if (r->decoded <= EML_MAX_BYTES && plain)
        r->eml.text = plain_clean(r->cx, text, EML_MAX_TEXT_BYTES, true);
    else if (r->decoded <= EML_MAX_BYTES)
        r->html = plain_of_html(r->cx, str_make(text ? text : "", n), EML_MAX_TEXT_BYTES);
    g_free(text);
}

static void walk(struct reading *r, GMimeObject *part, int depth)
{
    if (!part)
        return;
    if (r->parts++ >= EML_MAX_PARTS || depth > EML_MAX_DEPTH) {
        r->eml.left_out = true;
        return;
    }
    if (!GMIME_IS_MULTIPART(part)) {
        take_part(r, part);
        return;
    }
    for (int i = 0, n = g_mime_multipart_get_count(GMIME_MULTIPART(part)); i < n; i++)
        walk(r, g_mime_multipart_get_part(GMIME_MULTIPART(part), i), depth + 1);
}

static void take_head(struct reading *r, GMimeMessage *message)
{
    InternetAddressList *from = g_mime_message_get_from(message);
    InternetAddress *first =
        from && internet_address_list_length(from) > 0 ? internet_address_list_get_address(from, 0) : NULL;
    GDateTime *date = g_mime_message_get_date(message);
    if (first) {
        r->eml.from_name = plain_clean(r->cx, internet_address_get_name(first), 400, false);
        if (INTERNET_ADDRESS_IS_MAILBOX(first))
            r->eml.from_address =
                plain_clean(r->cx, internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(first)), 400, false);
    }
    r->eml.subject = plain_clean(r->cx, g_mime_message_get_subject(message), 800, false);
    int64_t seconds = date ? g_date_time_to_unix(date) : 0;
    if (seconds > 0 && seconds < INT64_C(32503680000)) /* the year 3000 */
        r->eml.sent_us = seconds * 1000000;
}

enum err eml_parse(struct cx *cx, struct str bytes, struct eml *ret)
{
    struct reading r = {.cx = cx};
    if (bytes.n > EML_MAX_BYTES)
        return fail(cx, ERR_TOO_LARGE, "an e-mail of more than %d bytes", EML_MAX_BYTES);
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes.p ? bytes.p : "", bytes.n);
    arena_defer(cx->arena, unref, stream);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    arena_defer(cx->arena, unref, parser);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    if (message) {
        arena_defer(cx->arena, unref, message);
        take_head(&r, message);
        walk(&r, g_mime_message_get_mime_part(message), 0);
    }
    if (!r.eml.from_address.n)
        return fail(cx, ERR_SYNTAX, "not an e-mail: it has no sender");
    if (!r.eml.text.n)
        r.eml.text = r.html.n ? r.html : S("");
    *ret = r.eml;
    return ERR_OK;
}
