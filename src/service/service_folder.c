/* A folder or a list of files becomes a version. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/folder.h"
#include "catalogue.h"
#include "load.h"

enum { FILES_MAX = 200, FILE_BYTES = 4 << 20, PARTS_MAX = 8 };

/* Set once in app/modules.c, before any thread. */
static const struct service_part *parts[PARTS_MAX];
static size_t n_parts;

void service_parts_register(const struct service_part *const *list, size_t n)
{
    n_parts = 0;
    for (size_t i = 0; i < n && i < PARTS_MAX; i++)
        parts[n_parts++] = list[i];
}

static bool is_key(struct str s)
{
    if (!s.n || s.n > 60 || s.p[0] < 'a' || s.p[0] > 'z')
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '-'))
            return false;
    return true;
}

static bool is_known_file(struct str path)
{
    static const char *const known[] = {"service.yaml", "form.yaml", "NOTICE",
                                        "LICENSE",      "README.md", "import-report.md"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq_z(path, known[i]))
            return true;
    bool rules = (str_eq_z(path, "rules.dmn") || str_starts(path, S("rules-"))) && str_ends(path, S(".dmn")) &&
                 str_find_char(path, '/', 0) == path.n;
    return rules || (str_starts(path, S("letters/")) && str_ends(path, S(".md"))) ||
           (str_starts(path, S("examples/")) && str_ends(path, S(".yaml")));
}

static int by_path(const void *a, const void *b)
{
    return str_cmp(((const struct service_file *)a)->path, ((const struct service_file *)b)->path);
}

/* Of the sorted files: each with the lengths of its name and content before them. */
static struct hash hash_files(const struct service_file *files, size_t n_files)
{
    struct hash_state h;
    hash_init(&h);
    for (size_t i = 0; i < n_files; i++) {
        uint64_t n[2] = {files[i].path.n, files[i].text.n};
        unsigned char be[16];
        for (int k = 0; k < 16; k++)
            be[k] = (unsigned char)(n[k / 8] >> (56 - 8 * (k % 8)));
        hash_update(&h, be, sizeof be);
        hash_update(&h, files[i].path.p, files[i].path.n);
        hash_update(&h, files[i].text.p, files[i].text.n);
    }
    return hash_final(&h);
}

static void take_files(const struct load *l, const struct service_file *files, size_t n)
{
    struct arena *a = l->cx->arena;
    for (size_t i = 0; i < n; i++) {
        struct service_file f = {.path = str_dup(a, files[i].path), .text = str_dup(a, files[i].text)};
        if (!is_known_file(f.path))
            problem_add(l->ps, load_path(l, f.path), 0, 0,
                        "remove it; a service has service.yaml, form.yaml, rules.dmn, rules-*.dmn, letters/*.md, "
                        "examples/*.yaml, "
                        "README.md, "
                        "NOTICE and LICENSE",
                        "this file has no place in a service folder");
        else if (!text_valid(f.text))
            problem_add(l->ps, load_path(l, f.path), 0, 0, "save the file as UTF-8", "not UTF-8");
        else
            vec_add(a, &l->v->files, f);
    }
    if (l->v->files.n)
        qsort(l->v->files.p, l->v->files.n, sizeof *l->v->files.p, by_path);
    l->v->hash = hash_files(l->v->files.p, l->v->files.n);
}

static enum err load_parts(const struct load *l)
{
    for (size_t i = 0; i < n_parts; i++) {
        size_t before = l->ps->list.n;
        enum err e = parts[i]->load(l->cx, l->cx->arena, l->v, l->ps);
        if (e && l->ps->list.n == before)
            problem_add(l->ps, l->name, 0, 0, "", "%s: %" PRI_STR, parts[i]->name, STR_ARG(l->cx->fail.detail));
    }
    return ERR_OK;
}

static void load_yaml_files(struct load *l)
{
    const struct service_file *f = service_file(l->v, S("service.yaml"));
    if (!f) {
        problem_add(l->ps, load_path(l, S("service.yaml")), 0, 0, "write it; docs/service-folder.md has an example",
                    "there is no service.yaml");
        return;
    }
    const struct yaml *top = yaml_read(l->cx, l->ps, load_path(l, f->path), f->text);
    if (top)
        load_service(l, top);
    f = service_file(l->v, S("form.yaml"));
    if (f)
        l->v->form_yaml = yaml_read(l->cx, l->ps, load_path(l, f->path), f->text);
    for (size_t i = 0; i < l->v->files.n; i++)
        if (str_starts(l->v->files.p[i].path, S("examples/")))
            yaml_read(l->cx, l->ps, load_path(l, l->v->files.p[i].path), l->v->files.p[i].text);
    if (top) {
        load_letters(l);
        load_parts(l);
    }
}

struct str service_folder_key(struct str path)
{
    struct str rest = path, piece, last = {0};
    while (str_cut(&rest, '/', &piece))
        if (piece.n)
            last = piece;
    return last;
}

/* `languages`: what every text must have. */
static struct service_version *load_files(struct cx *inner, struct str name, const struct service_file *files, size_t n,
                                          unsigned languages, struct problems *ps)
{
    struct arena *a = inner->arena;
    struct load l = {.cx = inner, .ps = ps, .name = str_dup(a, name), .v = arena_new_of(a, struct service_version)};
    l.v->languages = languages;
    l.v->folder = l.name;
    l.v->key = service_folder_key(l.name);
    if (!is_key(l.v->key))
        problem_add(ps, l.name, 0, 0, "use small letters a-z, digits and -, a letter first",
                    "the folder name '%" PRI_STR "' cannot be the key of a service", STR_ARG(l.v->key));
    take_files(&l, files, n);
    load_yaml_files(&l);
    return l.v;
}

enum err service_load_files(struct cx *cx, struct arena *a, struct str name, const struct service_file *files, size_t n,
                            struct problems *ps, struct service_version **ret)
{
    struct cx inner = *cx; /* the same, but what it allocates lives as long as the version */
    inner.arena = a;
    size_t before = ps->list.n;
    unsigned languages = cx->muni ? cx->muni->languages : (1U << LANG_COUNT) - 1;
    struct service_version *v = load_files(&inner, name, files, n, languages, ps);
    if (ps->list.n > before) {
        const struct problem *p = &ps->list.p[before];
        return fail(cx, ERR_CONFIG, "%" PRI_STR ":%d:%d: %" PRI_STR "; %" PRI_STR, STR_ARG(p->file), p->line, p->col,
                    STR_ARG(p->what), STR_ARG(p->remedy));
    }
    *ret = v;
    return ERR_OK;
}

/* It was right when it was published. If the program or the municipality has changed since, what can be read is read: a
   case must not be lost because its unit was renamed or the municipality speaks one language more. */
enum err service_load_stored(struct cx *cx, struct arena *a, struct str key, const struct service_file *files, size_t n,
                             struct service_version **ret)
{
    struct cx inner = *cx;
    struct problems ps = problems_make(a);
    inner.arena = a;
    struct service_version *v = load_files(&inner, key, files, n, 0, &ps);
    if (ps.list.n)
        log_line(cx, LOG_WARN, "service_version",
                 "key=%" PRI_STR " problems=%zu first=\"%" PRI_STR ":%d: %" PRI_STR "\"", STR_ARG(key), ps.list.n,
                 STR_ARG(ps.list.p[0].file), ps.list.p[0].line, STR_ARG(ps.list.p[0].what));
    *ret = v;
    return ERR_OK;
}

/* ---- from disk ---- */

typedef VEC_OF(struct service_file) file_vec;

static struct str join(struct arena *a, struct str dir, const char *name)
{
    return str_fmt(a, "%" PRI_STR "/%s", STR_ARG(dir), name);
}

/* All files of a folder and, one level down, of its folders. Names that begin with a point or end in ~ are passed over.
 */
static enum err read_folder(struct cx *cx, struct str dir, const char *below, struct problems *ps, file_vec *ret)
{
    struct str path = below ? join(cx->arena, dir, below) : dir;
    const char *path_z = str_z(cx->arena, path);
    DIR *d = opendir(path_z);
    if (!d)
        return fail(cx, ERR_IO, "%s: %s", path_z, strerror(errno));
    enum err e = ERR_OK;
    for (struct dirent *entry; !e && !(e = folder_next(cx, d, path_z, &entry)) && entry;) {
        struct stat st;
        struct str name = str_of(entry->d_name), full = join(cx->arena, path, entry->d_name);
        struct service_file f = {.path = below ? str_fmt(cx->arena, "%s/%s", below, entry->d_name)
                                               : str_dup(cx->arena, name)};
        if (name.p[0] == '.' || str_ends(name, S("~")))
            continue;
        if (lstat(str_z(cx->arena, full), &st) || (!S_ISREG(st.st_mode) && !(S_ISDIR(st.st_mode) && !below))) {
            problem_add(ps, full, 0, 0, "put the file itself here", "neither a file nor a folder of the service");
            continue;
        }
        if (S_ISDIR(st.st_mode)) {
            e = read_folder(cx, dir, str_z(cx->arena, name), ps, ret);
            continue;
        }
        enum err unread = file_read(cx, full, FILE_BYTES, &f.text);
        if (unread)
            problem_add(ps, full, 0, 0, unread == ERR_TOO_LARGE ? "split or shorten it" : "make it readable",
                        "%" PRI_STR, STR_ARG(cx->fail.detail));
        else if (ret->n >= FILES_MAX)
            e = fail(cx, ERR_CONFIG, "%" PRI_STR ": more than %d files", STR_ARG(dir), FILES_MAX);
        else
            vec_add(cx->arena, ret, f);
    }
    closedir(d);
    return e;
}

static struct str without_slash(struct str dir)
{
    while (dir.n > 1 && dir.p[dir.n - 1] == '/')
        dir.n--;
    return dir;
}

enum err service_load_folder(struct cx *cx, struct arena *a, struct str dir, struct problems *ps,
                             struct service_version **ret)
{
    file_vec files = {0};
    size_t before = ps->list.n;
    dir = without_slash(dir);
    enum err e = read_folder(cx, dir, NULL, ps, &files);
    if (e)
        return e;
    struct service_version *v;
    e = service_load_files(cx, a, dir, files.p, files.n, ps, &v);
    if (!e && ps->list.n > before)
        e = fail(cx, ERR_CONFIG, "%" PRI_STR ": %" PRI_STR, STR_ARG(ps->list.p[before].file),
                 STR_ARG(ps->list.p[before].what));
    if (!e)
        *ret = v;
    return e;
}

enum err service_folder_hash(struct cx *cx, struct str dir, struct hash *ret)
{
    file_vec files = {0};
    struct problems ps = problems_make(cx->arena);
    enum err e = read_folder(cx, without_slash(dir), NULL, &ps, &files);
    if (e)
        return e;
    if (files.n)
        qsort(files.p, files.n, sizeof *files.p, by_path);
    *ret = hash_files(files.p, files.n);
    return ERR_OK;
}

static bool has_file(struct cx *cx, struct str dir, const char *name)
{
    struct stat st;
    return !stat(str_z(cx->arena, join(cx->arena, dir, name)), &st) && S_ISREG(st.st_mode);
}

static int by_str(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

enum err service_folders(struct cx *cx, struct str dir, struct str **ret, size_t *ret_n)
{
    VEC_OF(struct str) list = {0};
    enum err e = ERR_OK;
    dir = without_slash(dir);
    if (has_file(cx, dir, "service.yaml") || has_file(cx, dir, "form.yaml")) {
        vec_add(cx->arena, &list, str_dup(cx->arena, dir));
    } else {
        const char *path = str_z(cx->arena, dir);
        DIR *d = opendir(path);
        if (!d)
            return fail(cx, ERR_IO, "%s: %s", path, strerror(errno));
        for (struct dirent *entry; !(e = folder_next(cx, d, path, &entry)) && entry;) {
            struct stat st;
            struct str full = join(cx->arena, dir, entry->d_name);
            if (entry->d_name[0] != '.' && !stat(str_z(cx->arena, full), &st) && S_ISDIR(st.st_mode))
                vec_add(cx->arena, &list, full);
        }
        closedir(d);
        if (list.n)
            qsort(list.p, list.n, sizeof *list.p, by_str);
    }
    *ret = list.p;
    *ret_n = list.n;
    return e;
}

/* The municipality's own folder, with its people when they are there. */
static enum err check_municipality(struct cx *cx, struct str dir, struct problems *ps)
{
    const struct municipality *m;
    struct arena *a = arena_new(64 << 20);
    enum err e = municipality_load(cx, a, dir, has_file(cx, dir, "people.yaml"), ps, &m);
    arena_free(a);
    problems_sort(ps);
    return e == ERR_CONFIG ? ERR_OK : e;
}

enum err service_check(struct cx *cx, struct str dir, struct problems *ps, size_t *ret_services)
{
    struct str *folders;
    size_t n;
    *ret_services = 0;
    if (has_file(cx, dir, "municipality.yaml"))
        return check_municipality(cx, dir, ps);
    enum err e = service_folders(cx, dir, &folders, &n);
    if (e)
        return e;
    for (size_t i = 0; i < n; i++) {
        struct service_version *v;
        struct arena *a = arena_new(64 << 20);
        size_t before = ps->list.n;
        e = service_load_folder(cx, a, folders[i], ps, &v);
        arena_free(a);
        if (e && e != ERR_CONFIG)
            return e;
        if (e && ps->list.n == before)
            problem_add(ps, folders[i], 0, 0, "", "%" PRI_STR, STR_ARG(cx->fail.detail));
    }
    if (!n)
        problem_add(ps, dir, 0, 0, "name the folder of a service, or a folder of services", "there is no service here");
    problems_sort(ps);
    *ret_services = n;
    return ERR_OK;
}

static enum err try_folder(struct cx *cx, struct arena *a, struct str dir, struct problems *ps, size_t *ret_n)
{
    struct service_version *v;
    enum err e = service_load_folder(cx, a, dir, ps, &v);
    if (e)
        return e;
    struct cx inner = *cx;
    inner.arena = a;
    for (size_t i = 0; i < v->files.n; i++) {
        const struct service_file *f = &v->files.p[i];
        if (!str_starts(f->path, S("examples/")))
            continue;
        const struct yaml *example =
            yaml_read(&inner, ps, str_fmt(a, "%" PRI_STR "/%" PRI_STR, STR_ARG(dir), STR_ARG(f->path)), f->text);
        for (size_t k = 0; example && k < n_parts; k++)
            if (parts[k]->try_example) {
                size_t before = ps->list.n;
                e = parts[k]->try_example(&inner, v, example, ps);
                if (e && ps->list.n == before)
                    yaml_problem(ps, example, "", "%s: %" PRI_STR, parts[k]->name, STR_ARG(inner.fail.detail));
            }
        ++*ret_n;
    }
    return ERR_OK;
}

enum err service_try(struct cx *cx, struct str dir, struct problems *ps, size_t *ret_examples)
{
    struct str *folders;
    size_t n;
    enum err e = service_folders(cx, dir, &folders, &n);
    *ret_examples = 0;
    for (size_t i = 0; !e && i < n; i++) {
        e = try_folder(cx, cx->arena, folders[i], ps, ret_examples);
        if (e == ERR_CONFIG)
            e = ERR_OK; /* told in ps */
    }
    return e;
}
