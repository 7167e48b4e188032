/* Files attached to a draft. */
#include "files/files.h"
#include "form_draft.h"
#include "form_store.h"
#include "i18n/i18n.h"

enum { NAME_MAX_POINTS = 120 };

struct str form_upload_types(struct cx *cx, const struct form_field *f)
{
    struct buf b = buf_make(cx->arena);
    for (size_t i = 0; i < f->accept.n; i++) {
        if (i && i + 1 == f->accept.n)
            buf_fmt(&b, " %" PRI_STR " ", STR_ARG(i18n_text(cx->lang, T_form_or)));
        else if (i)
            buf_add_z(&b, ", ");
        for (const char *c = f->accept.p[i]->extension; *c; c++)
            buf_add_char(&b, *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c);
    }
    return buf_str(&b);
}

/* The last part of the name, without what could be taken for a path or a control character, and with the ending that
   belongs to the content: "../a.exe" that is a PNG is called "a.png". */
static struct str clean_name(struct cx *cx, struct str name, const struct filetype *type)
{
    for (size_t i = name.n; i-- > 0;)
        if (name.p[i] == '/' || name.p[i] == '\\') {
            name = str_slice(name, i + 1, name.n);
            break;
        }
    size_t dot = name.n;
    for (size_t i = name.n; i-- > 1;)
        if (name.p[i] == '.') {
            dot = i;
            break;
        }
    const struct filetype *said = filetype_find(str_lower_ascii(cx->arena, str_slice(name, dot + 1, name.n)));
    struct str stem = str_trim(str_slice(name, 0, dot));
    struct buf b = buf_make(cx->arena);
    for (size_t i = 0; i < stem.n; i++)
        buf_add_char(&b, (unsigned char)stem.p[i] < ' ' || stem.p[i] == '"' || stem.p[i] == '<' ? '_' : stem.p[i]);
    stem = text_head(buf_str(&b), NAME_MAX_POINTS);
    while (stem.n && stem.p[0] == '.')
        stem = str_slice(stem, 1, stem.n);
    if (!stem.n || !text_clean(stem))
        stem = S("fil");
    struct str ending = said == type ? str_slice(name, dot + 1, name.n) : str_of(type->extension);
    return str_fmt(cx->arena, "%" PRI_STR ".%" PRI_STR, STR_ARG(stem), STR_ARG(ending));
}

/* What a message calls it. */
static struct str shown_name(const struct form_upload_new *u)
{
    return text_clean(u->name) ? text_head(u->name, NAME_MAX_POINTS) : S("?");
}

static struct str wrong_file(struct cx *cx, const struct form_upload_new *u, const struct filetype *type)
{
    const struct form_field *f = u->field;
    struct str name = shown_name(u);
    bool accepted = false;
    for (size_t i = 0; i < f->accept.n; i++)
        accepted |= f->accept.p[i] == type;
    if (!u->bytes.n)
        return i18n_fmt(cx, T_form_file_empty, ARG("name", name));
    if ((int64_t)u->bytes.n > f->max_bytes)
        return i18n_fmt(cx, T_form_file_size, ARG("name", name), ARG("limit", i18n_size(cx, f->max_bytes)));
    if (!type || !accepted)
        return i18n_fmt(cx, T_form_file_type, ARG("name", name), ARG("types", form_upload_types(cx, f)));
    if (!filetype_whole(type, u->bytes))
        return i18n_fmt(cx, T_form_file_broken, ARG("name", name));
    return (struct str){0};
}

struct upload_ctx {
    const struct form_draft *d;
    const struct form_upload_new *upload;
    struct file_ref ref;
    struct str name, key;
    const char *mime;
    int64_t remove; /* remove this one instead */
    bool full;
};

static enum err touch(struct cx *cx, const struct form_draft *d)
{
    int64_t n;
    struct form_typist typist = form_typist(cx, d->by_mandate);
    enum err e = q_form_draft_touch(cx,
                                    &(struct q_form_draft_touch_in){.id = d->id,
                                                                    .now_us = cx->now_us,
                                                                    .expires_us = form_draft_expiry(cx, d->service),
                                                                    .typed_by = typist.employee_id,
                                                                    .typed_unit_id = typist.unit_id,
                                                                    .channel = typist.channel,
                                                                    .mandate_id = typist.mandate_id},
                                    &n);
    return e ? e : n == 1 ? ERR_OK : fail(cx, ERR_DUPLICATE, "draft %lld has been sent", (long long)d->id);
}

static enum err add_fn(struct cx *cx, void *ctx)
{
    struct upload_ctx *u = ctx;
    struct q_form_upload_count count;
    int64_t id = rand_id();
    enum err e = touch(cx, u->d); /* locks the draft: two windows cannot both be the last that has room */
    if (!e)
        e = q_form_upload_count(cx, u->d->id, u->key, &count);
    if (e)
        return e;
    u->full = count.n >= u->upload->field->max_files;
    if (u->full)
        return fail(cx, ERR_INVALID, "no room for more files");
    e = files_keep(cx, &u->ref, S(FORM_UPLOAD_USER), id);
    if (e)
        return e;
    struct q_form_upload_add_in in = {.id = id,
                                      .draft_id = u->d->id,
                                      .number = count.last + 1,
                                      .field = u->key,
                                      .name = u->name,
                                      .mime = str_of(u->mime),
                                      .hash = u->ref.hash,
                                      .size = u->ref.size,
                                      .now_us = cx->now_us};
    return q_form_upload_add(cx, &in);
}

/* A file with a virus in it is not kept; nor is one that nobody could look at. Empty: it is clean. */
static struct str unclean(struct cx *cx, const struct form_upload_new *upload)
{
    enum files_scanned scanned = files_scan(cx, upload->bytes);
    struct str name = shown_name(upload);
    return scanned == FILES_VIRUS       ? i18n_fmt(cx, T_form_file_virus, ARG("name", name))
           : scanned == FILES_UNSCANNED ? i18n_fmt(cx, T_form_file_unscanned, ARG("name", name))
                                        : (struct str){0};
}

enum err form_upload_add(struct cx *cx, const struct form_draft *d, const struct form_upload_new *upload,
                         struct str *ret_wrong)
{
    const struct filetype *type = filetype_of(upload->bytes);
    *ret_wrong = wrong_file(cx, upload, type);
    if (!ret_wrong->n)
        *ret_wrong = unclean(cx, upload);
    if (ret_wrong->n)
        return ERR_OK;
    struct upload_ctx u = {.d = d, .upload = upload, .name = clean_name(cx, upload->name, type), .mime = type->mime};
    u.key = form_key(cx->arena, upload->row, upload->field);
    enum err e = files_put(cx, upload->bytes, &u.ref);
    if (!e)
        e = db_write(cx, add_fn, &u);
    if (e == ERR_INVALID && u.full) {
        *ret_wrong = i18n_fmt(cx, T_form_file_count, ARG("name", u.name), ARG("limit", upload->field->max_files));
        return ERR_OK;
    }
    return e;
}

static enum err remove_fn(struct cx *cx, void *ctx)
{
    const struct upload_ctx *u = ctx;
    int64_t n = 0;
    enum err e = touch(cx, u->d);
    if (!e)
        e = q_form_upload_delete(cx, u->remove, u->d->id, &n);
    if (!e && !n)
        e = fail(cx, ERR_NOT_FOUND, "no such file in this draft");
    return e ? e : files_drop(cx, S(FORM_UPLOAD_USER), u->remove);
}

enum err form_upload_remove(struct cx *cx, const struct form_draft *d, int64_t upload_id)
{
    return db_write(cx, remove_fn, &(struct upload_ctx){.d = d, .remove = upload_id});
}

const struct form_upload *form_upload_of(const struct form_draft *d, int64_t id)
{
    for (size_t i = 0; i < d->given.uploads.n; i++)
        if (d->given.uploads.p[i].id == id)
            return &d->given.uploads.p[i];
    return NULL;
}

enum err form_uploads_forget(struct cx *cx, int64_t draft_id)
{
    struct q_form_uploads *rows;
    size_t n;
    enum err e = q_form_uploads(cx, draft_id, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        e = files_drop(cx, S(FORM_UPLOAD_USER), rows[i].id);
    return e || !n ? e : q_form_uploads_delete(cx, draft_id);
}
