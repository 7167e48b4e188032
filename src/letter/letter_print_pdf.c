/* One PDF of a batch: a cover list, then each letter with its attachments, each on a sheet of its own when both sides
   are printed. Made anew from what is stored whenever it is asked for: the same batch gives the same pages. */
#include "letter_internal.h"

#include <qpdf/qpdf-c.h>
#include <stdlib.h>

#include "letter_tree.h"

enum { MERGED_BYTES_MAX = 20 << 20 }; /* of all attachments: what is beyond is printed by itself, as the cover says */

struct part { /* a letter, or an attachment of it */
    qpdf_data q;
    int pages;
};
struct bundle {
    const struct letter_print_row *row;
    VEC_OF(struct part) parts;
    VEC_OF(struct str) apart; /* attachments that are no PDF we can read: to be printed by themselves */
    int pages;
};
struct merge {
    const struct letter_batch *batch;
    VEC_OF(struct bundle) bundles;
    size_t bytes;
    qpdf_data out;
};

static void clean_up(void *p)
{
    qpdf_data q = p;
    qpdf_cleanup(&q);
}

static qpdf_data new_pdf(struct cx *cx)
{
    qpdf_data q = qpdf_init();
    arena_defer(cx->arena, clean_up, q);
    qpdf_silence_errors(q);
    qpdf_set_suppress_warnings(q, QPDF_TRUE);
    return q;
}

/* False when it is no PDF that can be read (or one behind a password). `bytes` must live until the end. */
static bool open_part(struct cx *cx, struct str bytes, struct part *ret)
{
    ret->q = new_pdf(cx);
    if (qpdf_read_memory(ret->q, "part", bytes.p, bytes.n, NULL) & QPDF_ERRORS)
        return false;
    ret->pages = qpdf_get_num_pages(ret->q);
    return ret->pages > 0;
}

static enum err add_attachments(struct cx *cx, struct merge *m, struct bundle *b)
{
    struct letter_attachment *rows;
    size_t n;
    enum err e = letter_attachments(cx, b->row->id, &rows, &n);
    for (size_t i = 0; !e && i < n; i++) {
        struct part part;
        struct str bytes;
        bool pdf = str_eq_z(rows[i].mime, "application/pdf") && rows[i].file.size <= MERGED_BYTES_MAX &&
                   m->bytes + (size_t)rows[i].file.size <= MERGED_BYTES_MAX;
        if (pdf)
            e = files_get(cx, rows[i].file.hash, &bytes);
        if (e)
            return e;
        if (pdf && open_part(cx, bytes, &part)) {
            m->bytes += bytes.n;
            b->pages += part.pages;
            vec_add(cx->arena, &b->parts, part);
        } else {
            vec_add(cx->arena, &b->apart, rows[i].name);
        }
    }
    return e;
}

/* ---- a protected address, which the stored PDF does not show ---- */

/* A page with nothing on it but the window. */
static enum err window_page(struct cx *cx, const struct letter *l, struct part *ret)
{
    struct letter_document doc = {.lang = l->lang, .made_us = l->dispatched_us};
    struct party p;
    struct str pdf;
    enum err e = party_get(cx, l->party_id, &p);
    if (!e && p.address_masked)
        e = fail(cx, ERR_PROTECTED, "LAW 7: the letter goes to a protected address");
    if (e)
        return e;
    doc.address = letter_window(cx, &p, true);
    doc.address_from = p.name.n; /* which the letter shows */
    e = letter_pdf_render(cx, &doc, &pdf);
    return e || open_part(cx, pdf, ret) ? e : fail(cx, ERR_INTERNAL, "the address cannot be read back");
}

static struct str content_of(struct cx *cx, qpdf_data q, qpdf_oh page)
{
    unsigned char *bytes = NULL;
    size_t n = 0;
    if (qpdf_oh_get_page_content_data(q, page, &bytes, &n) & QPDF_ERRORS)
        return (struct str){0};
    struct str content = str_dup(cx->arena, str_make((const char *)bytes, n));
    free(bytes);
    return content;
}

static qpdf_oh stream_of(qpdf_data q, struct str content)
{
    qpdf_oh stream = qpdf_oh_new_stream(q), null = qpdf_oh_new_null(q);
    qpdf_oh_replace_stream_data(q, stream, (const unsigned char *)content.p, content.n, null, null);
    return stream;
}

/* The window page becomes a form (ISO 32000-1, 8.10) that is drawn over the first page of the letter: the address
   comes below the name. */
static enum err put_window(struct cx *cx, const struct letter *l, struct part *letter)
{
    struct part window;
    qpdf_data q = letter->q;
    enum err e = window_page(cx, l, &window);
    if (e)
        return e;
    qpdf_oh from = qpdf_get_page_n(window.q, 0), page = qpdf_get_page_n(q, 0);
    struct str drawn = content_of(cx, window.q, from), below = content_of(cx, q, page);
    if (!drawn.p || !below.p)
        return fail(cx, ERR_INTERNAL, "a page of letter %lld cannot be read back", (long long)l->id);
    qpdf_oh fonts = qpdf_make_indirect_object(window.q, qpdf_oh_get_key(window.q, from, "/Resources"));
    qpdf_oh form = stream_of(q, drawn), dict = qpdf_oh_get_dict(q, form);
    qpdf_oh_replace_key(q, dict, "/Type", qpdf_oh_new_name(q, "/XObject"));
    qpdf_oh_replace_key(q, dict, "/Subtype", qpdf_oh_new_name(q, "/Form"));
    qpdf_oh_replace_key(q, dict, "/BBox", qpdf_oh_parse(q, "[0 0 595.276 841.89]"));
    qpdf_oh_replace_key(q, dict, "/Resources", qpdf_oh_copy_foreign_object(q, window.q, fonts));
    qpdf_oh forms = qpdf_oh_new_dictionary(q); /* a letter has no pictures, and so no other forms */
    qpdf_oh_replace_key(q, forms, "/Window", form);
    qpdf_oh_replace_key(q, qpdf_oh_get_key(q, page, "/Resources"), "/XObject", forms);
    struct str both = str_fmt(cx->arena, "q\n%" PRI_STR "\nQ\nq /Window Do Q\n", STR_ARG(below));
    qpdf_oh_replace_key(q, page, "/Contents", stream_of(q, both));
    return ERR_OK;
}

/* ---- the letters ---- */

static enum err add_letter(struct cx *cx, struct merge *m, const struct letter_print_row *row)
{
    struct letter l;
    struct hash hash;
    struct str bytes;
    struct part part;
    struct bundle *b = vec_push(cx->arena, &m->bundles);
    *b = (struct bundle){.row = row};
    enum err e = letter_load(cx, row->id, &l);
    if (!e && (l.pdf_hash.n != 2 * HASH_BYTES || !str_unhex(l.pdf_hash, hash.b)))
        e = fail(cx, ERR_INTERNAL, "letter %lld waits for printing and has no PDF", (long long)l.id);
    if (!e)
        e = files_get(cx, hash, &bytes);
    if (!e && !open_part(cx, bytes, &part))
        e = fail(cx, ERR_INTERNAL, "the PDF of letter %lld cannot be read", (long long)l.id);
    if (!e && !l.pdf_address)
        e = put_window(cx, &l, &part);
    if (e)
        return e;
    b->pages = part.pages;
    vec_add(cx->arena, &b->parts, part);
    return add_attachments(cx, m, b);
}

/* ---- the cover ---- */

static struct str cover_markdown(struct cx *cx, const struct merge *m)
{
    cmark_node *root = letter_tree_new(cx);
    letter_tree_add_paragraph(cx, root,
                              i18n_fmt(cx, T_letter_batch_lead, ARG("n", m->bundles.n), ARG("name", m->batch->by),
                                       ARG("time", i18n_datetime(cx, m->batch->made_us))));
    for (size_t i = 0; i < m->bundles.n; i++) {
        const struct bundle *b = &m->bundles.p[i];
        struct buf more = buf_make(cx->arena);
        buf_add(&more, i18n_fmt(cx, T_letter_batch_row, ARG("no", b->row->casefile_no), ARG("title", b->row->title),
                                ARG("n", b->pages)));
        if (b->apart.n)
            buf_fmt(&more, "\n%" PRI_STR,
                    STR_ARG(i18n_fmt(cx, T_letter_batch_apart, ARG("names", i18n_list(cx, b->apart.p, b->apart.n)))));
        letter_tree_add_answer(cx, root, str_fmt(cx->arena, "%zu. %" PRI_STR, i + 1, STR_ARG(b->row->recipient)),
                               buf_str(&more));
    }
    return letter_tree_markdown(cx, root);
}

static enum err cover(struct cx *cx, const struct merge *m, struct part *ret)
{
    struct letter_document doc = {.lang = cx->lang,
                                  .title = i18n_text(cx->lang, T_letter_batch_title),
                                  .sender = cx->muni->name,
                                  .unit = cx->who->acting_unit_name,
                                  .contact = S(""),
                                  .address = S(""),
                                  .date = i18n_date(cx, m->batch->made_us),
                                  .casefile_no = S(""),
                                  .casefile_label = S(""),
                                  .page_label = i18n_text(cx->lang, T_letter_head_page),
                                  .markdown = cover_markdown(cx, m),
                                  .made_us = m->batch->made_us};
    struct str pdf;
    enum err e = letter_pdf_render(cx, &doc, &pdf);
    if (!e && !open_part(cx, pdf, ret))
        e = fail(cx, ERR_INTERNAL, "the cover list cannot be read back");
    return e;
}

/* ---- merging ---- */

static bool add_pages(struct merge *m, const struct part *part)
{
    for (int i = 0; i < part->pages; i++)
        if (qpdf_add_page(m->out, part->q, qpdf_get_page_n(part->q, (size_t)i), QPDF_FALSE) & QPDF_ERRORS)
            return false;
    if (part->pages % 2 == 0)
        return true;
    /* A4, as the letters: the next begins on the front of a sheet */
    qpdf_oh blank = qpdf_oh_parse(m->out, "<< /Type /Page /MediaBox [0 0 595.276 841.89] /Resources << >> >>");
    return !(qpdf_add_page(m->out, m->out, qpdf_make_indirect_object(m->out, blank), QPDF_FALSE) & QPDF_ERRORS);
}

static enum err write_out(struct cx *cx, struct merge *m, struct str *ret_pdf)
{
    if (qpdf_init_write_memory(m->out) & QPDF_ERRORS)
        return fail(cx, ERR_INTERNAL, "qpdf cannot write");
    qpdf_set_deterministic_ID(m->out, QPDF_TRUE);
    if (qpdf_write(m->out) & QPDF_ERRORS)
        return fail(cx, ERR_INTERNAL, "qpdf: %s", qpdf_get_error_full_text(m->out, qpdf_get_error(m->out)));
    *ret_pdf = str_dup(cx->arena, str_make((const char *)qpdf_get_buffer(m->out), qpdf_get_buffer_length(m->out)));
    return ERR_OK;
}

enum err letter_batch_pdf(struct cx *cx, int64_t id, struct str *ret_pdf)
{
    struct letter_batch batch;
    struct merge m = {.batch = &batch};
    struct part first;
    enum err e = letter_batch_get(cx, id, &batch);
    for (size_t i = 0; !e && i < batch.list.rows.n; i++)
        e = add_letter(cx, &m, &batch.list.rows.p[i]);
    if (!e)
        e = cover(cx, &m, &first);
    if (e)
        return e;
    m.out = new_pdf(cx);
    bool ok = !(qpdf_empty_pdf(m.out) & QPDF_ERRORS) && add_pages(&m, &first);
    for (size_t i = 0; ok && i < m.bundles.n; i++)
        for (size_t k = 0; ok && k < m.bundles.p[i].parts.n; k++)
            ok = add_pages(&m, &m.bundles.p[i].parts.p[k]);
    return ok ? write_out(cx, &m, ret_pdf) : fail(cx, ERR_INTERNAL, "the letters cannot be put together");
}
