/* Reading a package back. Its files first (each put into files/ and named in one short transaction of many), then what
   its structure says, in steps that end with a case file; last the mark that it is whole. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/folder.h"
#include "deposit_check.h"
#include "deposit_store.h"
#include "files/files.h"

enum { STEP = 500, PATH_BYTES = 4096, DEEP = 32 };

struct one_file {
    struct file_ref ref;
    struct str path;
};

struct importing {
    struct cx *cx;
    int dirfd;
    int64_t package_id;
    struct hash description;
    struct addml addml;
    deposit_tell tell;
    void *tell_ctx;
    struct arena *step; /* holds what waits to be written */
    VEC_OF(struct one_file) files;
    VEC_OF(struct q_deposit_casefile_insert_in) casefiles;
    VEC_OF(struct q_deposit_registration_insert_in) registrations;
    VEC_OF(struct q_deposit_object_insert_in) objects;
    struct deposit_imported n;
    enum err err; /* of a step inside the reader's callbacks */
    char path[PATH_BYTES];
    int depth;
};

/* ---- a step ---- */

static void begin_step(struct importing *m)
{
    arena_free(m->step);
    m->step = arena_new((size_t)1 << 32);
    memset(&m->files, 0, sizeof m->files);
    memset(&m->casefiles, 0, sizeof m->casefiles);
    memset(&m->registrations, 0, sizeof m->registrations);
    memset(&m->objects, 0, sizeof m->objects);
}

static enum err write_step(struct cx *cx, void *ctx)
{
    struct importing *m = ctx;
    enum err e = ERR_OK;
    for (size_t i = 0; !e && i < m->files.n; i++) {
        const struct one_file *f = &m->files.p[i];
        int64_t id = rand_id();
        e = q_deposit_file_insert(cx, id, m->package_id, f->path, f->ref.hash, f->ref.size);
        if (!e)
            e = files_keep(cx, &f->ref, S("deposit_file"), id);
    }
    for (size_t i = 0; !e && i < m->casefiles.n; i++)
        e = q_deposit_casefile_insert(cx, &m->casefiles.p[i]);
    for (size_t i = 0; !e && i < m->registrations.n; i++)
        e = q_deposit_registration_insert(cx, &m->registrations.p[i]);
    for (size_t i = 0; !e && i < m->objects.n; i++)
        e = q_deposit_object_insert(cx, &m->objects.p[i]);
    return e;
}

static enum err end_step(struct importing *m)
{
    struct arena_mark mark = arena_mark(m->cx->arena);
    enum err e = db_write(m->cx, write_step, m);
    if (e)
        return e;
    arena_reset(m->cx->arena, mark);
    begin_step(m);
    return ERR_OK;
}

/* ---- the files ---- */

static enum err take_file(struct importing *m, int fd)
{
    struct cx *cx = m->cx;
    struct arena_mark mark = arena_mark(cx->arena);
    struct one_file f = {.path = str_dup(m->step, str_of(m->path))};
    enum err e = files_put_fd(cx, fd, &f.ref);
    if (e)
        return e;
    if (f.ref.bytes.p)
        f.ref.bytes = str_dup(m->step, f.ref.bytes);
    arena_reset(cx->arena, mark);
    vec_add(m->step, &m->files, f);
    m->n.files++;
    m->n.bytes += f.ref.size;
    if (m->tell)
        m->tell(m->tell_ctx, "files", m->n.files);
    return m->files.n < STEP ? ERR_OK : end_step(m);
}

static enum err take_folder(struct importing *m, int fd);

static enum err take_name(struct importing *m, int dirfd, const char *name)
{
    size_t before = strlen(m->path), n = strlen(name);
    struct stat st;
    if (before + n + 2 > sizeof m->path)
        return fail(m->cx, ERR_IO, "%s/%s: a name too long", m->path, name);
    if (before)
        m->path[before++] = '/';
    memcpy(m->path + before, name, n + 1);
    int fd = openat(dirfd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    enum err e;
    if (fd < 0 || fstat(fd, &st))
        e = fail(m->cx, ERR_IO, "%s: %s", m->path, strerror(errno));
    else if (S_ISDIR(st.st_mode))
        return take_folder(m, fd);
    else
        e = S_ISREG(st.st_mode) ? take_file(m, fd) : fail(m->cx, ERR_IO, "%s: not a file", m->path);
    if (fd >= 0)
        close(fd);
    return e;
}

static enum err take_folder(struct importing *m, int fd)
{
    enum err e = ERR_OK;
    DIR *d = fdopendir(fd);
    size_t n = strlen(m->path);
    if (!d || ++m->depth > DEEP)
        e = fail(m->cx, ERR_IO, "%s: folders too deep", m->path);
    for (struct dirent *entry;
         !e && !(e = folder_next(m->cx, d, n ? m->path : "the folder of the deposit", &entry)) && entry;) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
            continue;
        e = take_name(m, dirfd(d), entry->d_name);
        m->path[n] = 0;
    }
    if (d)
        closedir(d);
    m->depth--;
    return e;
}

/* ---- the structure ---- */

static struct str field(const struct importing *m, const struct deposit_unit *u, enum deposit_field f)
{
    return str_dup(m->step, u->field[f].p ? u->field[f] : S(""));
}

static const struct deposit_unit *around(const struct deposit_unit *u, enum unit_kind kind)
{
    for (u = u->parent; u && u->kind != kind;)
        u = u->parent;
    return u;
}

static void add_casefile(struct importing *m, struct deposit_unit *u)
{
    const struct deposit_unit *class = around(u, UNIT_CLASS);
    m->n.casefiles++;
    vec_add(m->step, &m->casefiles,
            ((struct q_deposit_casefile_insert_in){.id = u->id,
                                                   .package_id = m->package_id,
                                                   .system_id = field(m, u, FIELD_SYSTEM_ID),
                                                   .class_key = class ? field(m, class, FIELD_CLASS_ID) : S(""),
                                                   .no = field(m, u, FIELD_CASEFILE_ID),
                                                   .title = field(m, u, FIELD_TITLE),
                                                   .public_title = field(m, u, FIELD_PUBLIC_TITLE),
                                                   .unit = field(m, u, FIELD_UNIT),
                                                   .created = field(m, u, FIELD_CREATED),
                                                   .closed = field(m, u, FIELD_CLOSED),
                                                   .screened = u->screened}));
}

static void add_registration(struct importing *m, struct deposit_unit *u)
{
    const struct deposit_unit *in = around(u, UNIT_CASEFILE);
    struct str no = u->journal ? str_fmt(m->step, "%.*s/%.*s", STR_ARG(u->field[FIELD_JOURNAL_YEAR]),
                                         STR_ARG(u->field[FIELD_JOURNAL_SEQ]))
                               : field(m, u, FIELD_REGISTRATION_ID);
    m->n.registrations++;
    vec_add(
        m->step, &m->registrations,
        ((struct q_deposit_registration_insert_in){.id = u->id,
                                                   .package_id = m->package_id,
                                                   .casefile_id = {in != NULL, in ? in->id : 0},
                                                   .system_id = field(m, u, FIELD_SYSTEM_ID),
                                                   .no = no,
                                                   .kind = u->journal ? field(m, u, FIELD_JOURNAL_TYPE) : S(""),
                                                   .title = field(m, u, FIELD_TITLE),
                                                   .public_title = field(m, u, FIELD_PUBLIC_TITLE),
                                                   .who = str_dup(m->step, u->who.p ? u->who : S("")),
                                                   .day = field(m, u, u->journal ? FIELD_JOURNAL_DAY : FIELD_CREATED),
                                                   .screened = u->screened}));
}

static void add_object(struct importing *m, struct deposit_unit *u)
{
    const struct deposit_unit *document = around(u, UNIT_DOCUMENT), *reg = around(u, UNIT_REGISTRATION);
    char path[PATH_BYTES];
    int fd = deposit_open_named(m->dirfd, u->field[FIELD_OBJECT_FILE], path, sizeof path);
    if (fd >= 0)
        close(fd);
    if (!document || !reg)
        return;
    m->n.objects++;
    vec_add(m->step, &m->objects,
            ((struct q_deposit_object_insert_in){.id = rand_id(),
                                                 .package_id = m->package_id,
                                                 .registration_id = reg->id,
                                                 .system_id = field(m, u, FIELD_SYSTEM_ID),
                                                 .document_number = field(m, document, FIELD_DOCUMENT_NUMBER),
                                                 .title = field(m, document, FIELD_TITLE),
                                                 .variant = field(m, u, FIELD_OBJECT_VARIANT),
                                                 .format = field(m, u, FIELD_OBJECT_FORMAT),
                                                 .path = str_dup(m->step, str_of(path))}));
}

static void on_begin(void *ctx, struct deposit_unit *u)
{
    (void)ctx;
    u->id = rand_id();
}

/* Rows refer to those around them, so that a step ends where nothing is open but classes. */
static void on_end(void *ctx, struct deposit_unit *u)
{
    struct importing *m = ctx;
    if (m->err)
        return;
    if (u->kind == UNIT_CASEFILE)
        add_casefile(m, u);
    else if (u->kind == UNIT_REGISTRATION)
        add_registration(m, u);
    else if (u->kind == UNIT_DOCUMENT)
        m->n.documents++;
    else if (u->kind == UNIT_OBJECT)
        add_object(m, u);
    bool outermost = (u->kind == UNIT_CASEFILE || u->kind == UNIT_REGISTRATION) && !around(u, UNIT_CASEFILE);
    if (outermost && m->casefiles.n + m->registrations.n + m->objects.n >= STEP)
        m->err = end_step(m);
    if (u->kind == UNIT_CASEFILE && m->tell)
        m->tell(m->tell_ctx, "case files", m->n.casefiles);
}

static enum err take_structure(struct importing *m)
{
    struct deposit_reading r = {.cx = m->cx, .ctx = m, .begin = on_begin, .end = on_end};
    int fd = openat(m->dirfd, "arkivstruktur.xml", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return fail(m->cx, ERR_IO, "arkivstruktur.xml: %s", strerror(errno));
    enum err e = deposit_read_structure(&r, fd, NULL);
    close(fd);
    if (!e)
        e = m->err;
    return e ? e : end_step(m);
}

/* ---- what was cut off ---- */

static enum err remove_some(struct cx *cx, void *ctx)
{
    int64_t *id = ctx, n = 0;
    struct q_deposit_file_page *rows;
    size_t files;
    enum err e = q_deposit_remove_objects(cx, *id, STEP, &n);
    if (!e && !n)
        e = q_deposit_remove_registrations(cx, *id, STEP, &n);
    if (!e && !n)
        e = q_deposit_remove_casefiles(cx, *id, STEP, &n);
    if (e || n)
        return e;
    e = q_deposit_file_page(cx, *id, S(""), STEP, &rows, &files);
    for (size_t i = 0; !e && i < files; i++)
        if (!(e = files_drop(cx, S("deposit_file"), rows[i].id)))
            e = q_deposit_remove_file(cx, rows[i].id);
    return e || files ? e : q_deposit_remove_package(cx, *id);
}

static enum err remove_cut_off(struct importing *m, int64_t id)
{
    struct cx *cx = m->cx;
    struct q_deposit_package_by_hash row;
    bool found = true;
    enum err e = ERR_OK;
    while (!e && found) {
        e = db_write(cx, remove_some, &id);
        if (!e)
            e = q_deposit_package_by_hash(cx, m->description, &row, &found);
    }
    return e;
}

/* ---- the package ---- */

static enum err write_package(struct cx *cx, void *ctx)
{
    struct importing *m = ctx;
    const struct addml *a = &m->addml;
    day_t from = 0, to = 0;
    civil_parse_day(str_of(a->from), &from);
    civil_parse_day(str_of(a->to), &to);
    return q_deposit_package_insert(cx, &(struct q_deposit_package_insert_in){.id = m->package_id,
                                                                              .description_hash = m->description,
                                                                              .title = str_of(a->archive),
                                                                              .owner = str_of(a->owner),
                                                                              .system = str_of(a->system),
                                                                              .from_day = from,
                                                                              .to_day = to,
                                                                              .now_us = cx->now_us});
}

/* What is in the tables is what was in the package, or it does not count. */
static enum err complete(struct cx *cx, void *ctx)
{
    struct importing *m = ctx;
    struct q_deposit_package_counted c;
    int64_t n;
    enum err e = q_deposit_package_counted(cx, m->package_id, &c);
    if (!e && (c.casefiles != m->n.casefiles || c.registrations != m->n.registrations || c.objects != m->n.objects ||
               c.files != m->n.files || c.bytes != m->n.bytes || c.dangling))
        return fail(cx, ERR_INTERNAL, "what was stored is not what was read");
    if (!e)
        e = q_deposit_package_complete(cx,
                                       &(struct q_deposit_package_complete_in){.id = m->package_id,
                                                                               .now_us = cx->now_us,
                                                                               .casefiles = m->n.casefiles,
                                                                               .registrations = m->n.registrations,
                                                                               .documents = m->n.documents,
                                                                               .objects = m->n.objects,
                                                                               .files = m->n.files,
                                                                               .bytes = m->n.bytes},
                                       &n);
    return e;
}

static enum err open_package(struct importing *m, const char *dir)
{
    struct addml_reading r = {.addml = &m->addml};
    struct file_ref ref;
    struct arena_mark mark = arena_mark(m->cx->arena);
    if ((m->dirfd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
        return fail(m->cx, ERR_IO, "%s: %s", dir, strerror(errno));
    int fd = openat(m->dirfd, "arkivuttrekk.xml", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return fail(m->cx, ERR_IO, "arkivuttrekk.xml: %s", strerror(errno));
    enum err e = deposit_read_addml(m->cx, &r, fd, NULL);
    if (!e && lseek(fd, 0, SEEK_SET) == 0 && !(e = files_put_fd(m->cx, fd, &ref)))
        m->description = ref.hash;
    close(fd);
    if (!e)
        arena_reset(m->cx->arena, mark);
    return e;
}

static enum err take_all(struct importing *m)
{
    struct q_deposit_package_by_hash before;
    bool found;
    enum err e = q_deposit_package_by_hash(m->cx, m->description, &before, &found);
    if (!e && found && before.complete_us.set) {
        m->n.again = true;
        m->n.package_id = before.id;
        return ERR_OK;
    }
    if (!e && found)
        e = remove_cut_off(m, before.id);
    m->n.package_id = m->package_id = rand_id();
    if (!e)
        e = db_write(m->cx, write_package, m);
    if (!e)
        e = take_folder(m, dup(m->dirfd));
    if (!e)
        e = end_step(m);
    if (!e)
        e = take_structure(m);
    return e ? e : db_write(m->cx, complete, m);
}

enum err deposit_import(struct cx *cx, const char *dir, struct deposit_report *report, struct deposit_imported *ret)
{
    enum err e = deposit_verify(cx, dir, report);
    if (!e && report->total)
        e = fail(cx, ERR_LAW, "%s has %lld faults: nothing was taken", dir, (long long)report->total);
    if (e)
        return e;
    struct importing *m = calloc(1, sizeof *m);
    if (!m)
        return fail(cx, ERR_INTERNAL, "no memory");
    *m = (struct importing){.cx = cx, .dirfd = -1, .tell = report->tell, .tell_ctx = report->ctx};
    begin_step(m);
    e = open_package(m, dir);
    if (!e)
        e = take_all(m);
    if (!e)
        *ret = m->n;
    if (m->dirfd >= 0)
        close(m->dirfd);
    arena_free(m->step);
    free(m);
    return e;
}

enum err deposit_packages(struct cx *cx, struct deposit_packages *ret)
{
    struct q_deposit_package_list *rows;
    size_t n;
    *ret = (struct deposit_packages){0};
    enum err e = q_deposit_package_list(cx, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &ret->rows,
                ((struct deposit_package){.id = rows[i].id,
                                          .imported_us = rows[i].imported_us,
                                          .title = rows[i].title,
                                          .owner = rows[i].owner,
                                          .system = rows[i].system,
                                          .from = (day_t)rows[i].from_day,
                                          .to = (day_t)rows[i].to_day,
                                          .casefiles = rows[i].casefiles,
                                          .registrations = rows[i].registrations,
                                          .documents = rows[i].documents,
                                          .objects = rows[i].objects,
                                          .files = rows[i].files,
                                          .bytes = rows[i].bytes}));
    return e;
}

/* ---- and out again ---- */

struct restoring {
    struct deposit_making making;
    int64_t package_id, files;
};

static enum err write_out(struct cx *cx, void *ctx)
{
    struct restoring *r = ctx;
    struct str after = S("");
    char room[PATH_BYTES];
    for (size_t n = STEP; n == STEP;) {
        struct arena_mark mark = arena_mark(cx->arena);
        struct q_deposit_file_page *rows;
        enum err e = q_deposit_file_page(cx, r->package_id, after, STEP, &rows, &n);
        for (size_t i = 0; !e && i < n; i++)
            e = deposit_copy_document(cx, &r->making, rows[i].path, rows[i].hash, rows[i].bytes);
        if (e)
            return e;
        r->files += (int64_t)n;
        if (n) {
            struct str last = rows[n - 1].path;
            after = str_make(room, last.n < sizeof room ? last.n : sizeof room);
            if (after.n)
                memcpy(room, last.p, after.n);
        }
        arena_reset(cx->arena, mark);
    }
    return r->files ? ERR_OK : fail(cx, ERR_NOT_FOUND, "no such package");
}

enum err deposit_restore(struct cx *cx, int64_t package_id, const char *out, int64_t *ret_files)
{
    struct deposit_new none = {0};
    struct restoring r = {.making = {.new = &none, .dir = out}, .package_id = package_id};
    if (mkdir(out, 0755))
        return fail(cx, errno == EEXIST ? ERR_CONFIG : ERR_IO, "%s: %s", out, strerror(errno));
    enum err e = db_read(cx, write_out, &r);
    if (e)
        rmdir(out);
    else
        *ret_files = r.files;
    return e;
}
