/* Post that comes in, until the record has it. */
#include "access/access.h"
#include "codec/eml.h"
#include "codec/filetype.h"
#include "i18n/i18n.h"
#include "post_internal.h"

/* ---- who ---- */

enum err post_may(struct cx *cx, int64_t unit_id)
{
    if (cx->who->kind != WHO_EMPLOYEE || !auth_has(cx->who, POST_ROLES))
        return fail(cx, ERR_FORBIDDEN, "post is for caseworkers, leaders and the counter");
    if (unit_id && !auth_in_unit(cx->who, unit_id))
        return fail(cx, ERR_FORBIDDEN, "LAW 7: this post is with another unit");
    return ERR_OK;
}

/* ---- coming in ---- */

struct put {
    int64_t id, once;
    enum channel channel;
    struct eml mail;
    struct post_upload *files; /* with clean names */
    const char **mimes;
    struct file_ref *refs;
    size_t n;
};

/* The last part of a name, clean, with the ending that belongs to the content. */
static struct str file_name(struct cx *cx, struct str name, const struct filetype *type)
{
    for (size_t i = name.n; i-- > 0;)
        if (name.p[i] == '/' || name.p[i] == '\\') {
            name = str_slice(name, i + 1, name.n);
            break;
        }
    size_t dot = name.n;
    for (size_t i = name.n; i-- > 1 && dot == name.n;)
        dot = name.p[i] == '.' ? i : dot;
    struct str ending = str_lower_ascii(cx->arena, str_slice(name, dot < name.n ? dot + 1 : dot, name.n));
    struct str stem = text_head(str_trim(str_slice(name, 0, dot)), NAME_MAX);
    if (!stem.n || !text_clean(stem) || str_find_char(stem, '\n', 0) < stem.n)
        stem = S("fil");
    if (filetype_find(ending) != type)
        ending = str_of(type->extension);
    return str_fmt(cx->arena, "%" PRI_STR ".%" PRI_STR, STR_ARG(stem), STR_ARG(ending));
}

static void add_file(struct cx *cx, struct put *p, struct str name, struct str bytes, const struct filetype *type)
{
    p->files[p->n] = (struct post_upload){file_name(cx, name, type), bytes};
    p->mimes[p->n++] = type->mime;
}

static bool is_scan(const struct filetype *type)
{
    return type && (str_eq_z(S("application/pdf"), type->mime) || str_eq_z(S("image/jpeg"), type->mime) ||
                    str_eq_z(S("image/png"), type->mime));
}

/* The message, what was attached of kinds we know, and last the message as it came: nothing of it is lost. */
static enum err take_mail(struct cx *cx, struct put *p, const struct post_upload *file)
{
    enum err e = eml_parse(cx, file->bytes, &p->mail);
    if (e)
        return fail_field(cx, e, S("file"), "not an e-mail that can be read");
    p->channel = CHANNEL_EMAIL;
    for (size_t i = 0; i < p->mail.attachments.n && p->n < POST_FILES_MAX; i++) {
        const struct eml_attachment *a = &p->mail.attachments.p[i];
        const struct filetype *type = filetype_of(a->bytes);
        if (type)
            add_file(cx, p, a->name, a->bytes, type);
    }
    p->files[p->n] = (struct post_upload){S("e-mail.eml"), file->bytes};
    p->mimes[p->n++] = POST_MAIL_MIME;
    return ERR_OK;
}

static bool named_eml(struct cx *cx, struct str name)
{
    return name.n > 4 && str_eq(str_lower_ascii(cx->arena, str_slice(name, name.n - 4, name.n)), S(".eml"));
}

static enum err take_files(struct cx *cx, struct put *p, const struct post_upload *files, size_t n)
{
    if (!n || n > POST_FILES_MAX)
        return fail_field(cx, ERR_INVALID, S("file"), "1 to %d files", POST_FILES_MAX);
    for (size_t i = 0; i < n; i++) {
        const struct filetype *type = filetype_of(files[i].bytes);
        if (!files[i].bytes.n)
            return fail_field(cx, ERR_INVALID, S("file"), "an empty file");
        if (files[i].bytes.n > POST_FILE_BYTES)
            return fail_field(cx, ERR_TOO_LARGE, S("file"), "over %d bytes", POST_FILE_BYTES);
        if (n == 1 && named_eml(cx, files[i].name))
            return take_mail(cx, p, &files[i]);
        if (!is_scan(type))
            return fail_field(cx, ERR_INVALID, S("file"), "neither PDF, JPG, PNG nor one e-mail alone");
        add_file(cx, p, files[i].name, files[i].bytes, type);
    }
    return ERR_OK;
}

static enum err write_put(struct cx *cx, void *ctx)
{
    struct put *p = ctx;
    const struct eml *m = &p->mail;
    struct q_post_by_once before;
    bool found;
    int64_t n;
    enum err e = q_post_insert(cx,
                               &(struct q_post_insert_in){.id = p->id,
                                                          .once = p->once,
                                                          .unit_id = cx->who->acting_unit_id,
                                                          .channel = p->channel,
                                                          .sender = m->from_name.p ? m->from_name : S(""),
                                                          .address = m->from_address.p ? m->from_address : S(""),
                                                          .subject = m->subject.p ? m->subject : S(""),
                                                          .words = m->text.p ? m->text : S(""),
                                                          .sent_us = {m->sent_us != 0, m->sent_us},
                                                          .now_us = cx->now_us,
                                                          .employee_id = cx->who->employee_id},
                               &n);
    if (!e && !n) { /* pressed twice */
        e = q_post_by_once(cx, p->once, &before, &found);
        p->id = !e && found ? before.id : p->id;
        return e;
    }
    for (size_t i = 0; !e && i < p->n; i++) {
        e = files_keep(cx, &p->refs[i], S("post"), p->id);
        if (!e)
            e = q_post_file_insert(cx, &(struct q_post_file_insert_in){.post_id = p->id,
                                                                       .number = (int64_t)i + 1,
                                                                       .name = p->files[i].name,
                                                                       .mime = str_of(p->mimes[i]),
                                                                       .hash = p->refs[i].hash,
                                                                       .size = p->refs[i].size});
    }
    return e;
}

enum err post_put(struct cx *cx, int64_t once, const struct post_upload *files, size_t n, int64_t *ret_id)
{
    struct put p = {.id = rand_id(), .once = once, .channel = CHANNEL_LETTER};
    p.files = arena_array(cx->arena, struct post_upload, POST_FILES_MAX + 1);
    p.mimes = arena_array(cx->arena, const char *, POST_FILES_MAX + 1);
    p.refs = arena_array(cx->arena, struct file_ref, POST_FILES_MAX + 1);
    enum err e = post_may(cx, 0);
    if (!e && !cx->who->acting_unit_id)
        e = fail(cx, ERR_FORBIDDEN, "of no unit");
    if (!e)
        e = take_files(cx, &p, files, n);
    for (size_t i = 0; !e && i < p.n; i++)
        e = files_put(cx, p.files[i].bytes, &p.refs[i]);
    if (!e)
        e = db_write(cx, write_put, &p);
    if (!e)
        *ret_id = p.id;
    return e;
}

/* ---- reading ---- */

/* Names and words of people, though not in whose matter. */
static void note(struct cx *cx, const char *kind, bool refused)
{
    access_note(cx, &(struct access_entry){
                        .kind = str_of(kind), .purpose = access_purpose(cx, T_post_purpose), .refused = refused});
}

static enum err load(struct cx *cx, int64_t id, struct post *ret)
{
    struct q_post_get r;
    struct q_post_files *files;
    size_t n;
    bool found;
    enum err e = q_post_get(cx, id, &r, &found);
    if (!e && !found)
        e = fail(cx, ERR_NOT_FOUND, "no such post");
    if (!e)
        e = post_may(cx, r.unit_id);
    if (!e)
        e = q_post_files(cx, id, &files, &n);
    if (e)
        return e;
    *ret = (struct post){.id = r.id,
                         .version = r.version,
                         .channel = (enum channel)r.channel,
                         .registered = r.state == POST_REGISTERED,
                         .casefile_id = r.casefile_id.v,
                         .unit_id = r.unit_id,
                         .unit_name = municipality_unit_name(cx->muni, r.unit_key, cx->lang, r.unit_name),
                         .sender = r.sender,
                         .address = r.address,
                         .subject = r.subject,
                         .words = r.words,
                         .note = r.note,
                         .sent_us = r.sent_us,
                         .put_us = r.put_us,
                         .put_by = r.put_by};
    for (size_t i = 0; i < n; i++)
        vec_add(cx->arena, &ret->files,
                (struct post_file){files[i].number, files[i].name, files[i].mime, files[i].hash, files[i].size});
    return ERR_OK;
}

struct opening {
    int64_t id;
    struct post *ret;
};

static enum err read_post(struct cx *cx, void *ctx)
{
    const struct opening *o = ctx;
    return load(cx, o->id, o->ret);
}

enum err post_open(struct cx *cx, int64_t id, struct post *ret)
{
    enum err e = db_read(cx, read_post, &(struct opening){id, ret});
    bool refused = e == ERR_FORBIDDEN && cx->who->kind == WHO_EMPLOYEE;
    if (refused || (!e && !ret->registered))
        note(cx, "post", refused);
    return e;
}

enum err post_waiting(struct cx *cx, struct post_rows *ret)
{
    struct q_post_waiting *rows;
    size_t n;
    *ret = (struct post_rows){0};
    enum err e = post_may(cx, 0);
    if (!e)
        e = q_post_waiting(cx, (struct db_ints){cx->who->unit_ids, cx->who->n_units}, POST_LIST_MAX, &rows, &n);
    for (size_t i = 0; !e && i < n; i++) {
        const struct q_post_waiting *r = &rows[i];
        struct str file = r->file.p ? r->file : S("");
        vec_add(cx->arena, &ret->rows,
                (struct post_row){.id = r->id,
                                  .channel = (enum channel)r->channel,
                                  .unit_name = municipality_unit_name(cx->muni, r->unit_key, cx->lang, r->unit_name),
                                  .title = r->subject.n ? r->subject : file,
                                  .sender = r->sender.n ? r->sender : r->address,
                                  .put_by = r->put_by,
                                  .put_us = r->put_us});
    }
    if (ret->rows.n)
        note(cx, "list", false);
    return e;
}

/* ---- elsewhere ---- */

struct change {
    int64_t id, version, unit_id;
    struct str note;
};

/* Lock, law 7, law 2; what has been registered is not changed any more. */
static enum err begin(struct cx *cx, const struct change *c, struct q_post_lock *ret)
{
    bool found;
    enum err e = q_post_lock(cx, c->id, ret, &found);
    if (!e && !found)
        e = fail(cx, ERR_NOT_FOUND, "no such post");
    if (!e)
        e = post_may(cx, ret->unit_id);
    if (!e && (ret->state == POST_REGISTERED || ret->version != c->version))
        e = fail_say(cx, ERR_CONFLICT, text_keys[T_post_why_changed],
                     "LAW 2: this post was changed or registered meanwhile");
    return e;
}

static enum err write_pass_on(struct cx *cx, void *ctx)
{
    const struct change *c = ctx;
    struct q_post_lock lock;
    bool has = false;
    enum err e = begin(cx, c, &lock);
    if (!e)
        e = auth_unit_has(cx, c->unit_id, POST_ROLES, &has);
    if (!e && (!has || c->unit_id == lock.unit_id))
        return fail_field(cx, ERR_INVALID, S("unit"), "no such unit, nobody there could open it, or it has it");
    return e ? e : q_post_pass_on(cx, c->id, c->unit_id, c->note);
}

enum err post_pass_on(struct cx *cx, int64_t id, int64_t version, int64_t unit_id, struct str note)
{
    note = str_trim(note);
    if (!text_clean(note) || text_length(note) > NOTE_MAX)
        return fail_field(cx, ERR_INVALID, S("note"), "at most %d characters", NOTE_MAX);
    return db_write(cx, write_pass_on,
                    &(struct change){.id = id, .version = version, .unit_id = unit_id, .note = note});
}

static enum err write_discard(struct cx *cx, void *ctx)
{
    const struct change *c = ctx;
    struct q_post_lock lock;
    enum err e = begin(cx, c, &lock);
    if (!e)
        e = q_post_files_delete(cx, c->id);
    if (!e)
        e = files_drop(cx, S("post"), c->id);
    return e ? e : q_post_delete(cx, c->id);
}

enum err post_discard(struct cx *cx, int64_t id, int64_t version)
{
    return db_write(cx, write_discard, &(struct change){.id = id, .version = version});
}
