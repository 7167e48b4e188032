/* From bytes to a model: files and their imports, then types, items, code. */
#include <stdarg.h>
#include <stdio.h>

#include "dmn_inner.h"

enum { MAX_WARNINGS = 500 };

static const char *const namespaces[] = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",   /* 1.1 */
    "http://www.omg.org/spec/DMN/20151101/dmn11.xsd", /* 1.1, as some of its tools wrote it */
    "http://www.omg.org/spec/DMN/20151130",           /* so too */
    "http://www.omg.org/spec/DMN/20180521/MODEL/",    /* 1.2 */
    "https://www.omg.org/spec/DMN/20191111/MODEL/",   /* 1.3 */
    "https://www.omg.org/spec/DMN/20211108/MODEL/",   /* 1.4 */
    "https://www.omg.org/spec/DMN/20230324/MODEL/",   /* 1.5 */
};

static bool is_dmn(struct str ns)
{
    for (size_t i = 0; i < sizeof namespaces / sizeof *namespaces; i++)
        if (str_eq_z(ns, namespaces[i]))
            return true;
    return false;
}

void dmn_warn(struct making *mk, const struct dmn_file *f, const struct xml *at, struct str element, const char *fmt,
              ...)
{
    struct dmn_warnings *ws = mk->warnings;
    if (ws->list.n >= MAX_WARNINGS)
        return;
    char text[600];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    struct dmn_warning *w = vec_push(ws->arena, &ws->list);
    w->file = str_dup(ws->arena, f->file);
    w->line = at ? at->line : 0;
    w->element = str_dup(ws->arena, element.n || !at ? element : dmn_element_name(ws->arena, at));
    w->what = str_dup(ws->arena, str_make(text, n < 0 ? 0 : strnlen(text, sizeof text)));
}

struct str dmn_element_name(struct arena *a, const struct xml *e)
{
    const struct xml *named = e;
    while (named && !xml_has_attr(named, "name"))
        named = named->parent;
    if (!named)
        return str_dup(a, e->name);
    return str_fmt(a, "%.*s \"%.*s\"", STR_ARG(named->name), STR_ARG(xml_attr(named, "name")));
}

struct str dmn_keep(struct making *mk, struct str s)
{
    return s.n ? str_dup(mk->keep, s) : (struct str){"", 0};
}

struct str dmn_child_text(const struct xml *e, const char *name)
{
    const struct xml *c = xml_child(e, name);
    return c ? str_trim(c->text) : (struct str){0};
}

/* The lines that the text fills: libxml2 tells where the start tag ends, which is where its text begins. */
const struct feel_source *dmn_source(struct making *mk, struct str element, const struct xml *text)
{
    struct feel_source *s = arena_new_of(mk->keep, struct feel_source);
    s->name = element;
    s->text = text && str_eq_z(text->name, "text") ? dmn_keep(mk, text->text) : S("");
    s->line = text ? (uint32_t)text->line : 0;
    return s;
}

void dmn_take_problems(struct making *mk, const struct dmn_file *f, struct str element, const struct feel_problem *p)
{
    for (; p; p = p->next) {
        struct xml at = {0};
        if (p->source && p->source->line) {
            at.line = (int)p->source->line;
            for (size_t i = 0; i < p->offset && i < p->source->text.n; i++)
                at.line += p->source->text.p[i] == '\n';
        }
        dmn_warn(mk, f, &at, element, "%s: %.*s", feel_why_name(p->why), STR_ARG(p->detail));
    }
}

void dmn_warnings_text(const struct dmn_warnings *ws, struct buf *ret_text)
{
    for (size_t i = 0; i < ws->list.n; i++) {
        const struct dmn_warning *w = &ws->list.p[i];
        buf_fmt(ret_text, "%.*s:%d: ", STR_ARG(w->file), w->line);
        if (w->element.n)
            buf_fmt(ret_text, "%.*s: ", STR_ARG(w->element));
        buf_fmt(ret_text, "%.*s\n", STR_ARG(w->what));
    }
}

static struct dmn_file *find_file(const struct making *mk, struct str ns)
{
    for (size_t i = 0; i < mk->model->files.n; i++)
        if (str_eq(mk->model->files.p[i]->ns, ns))
            return mk->model->files.p[i];
    return NULL;
}

static void add_hash(struct making *mk, struct str bytes)
{
    struct hash h = hash_of(bytes);
    hash_update(&mk->hash, h.b, sizeof h.b);
    mk->model->hash = h; /* stays when there is only one file */
}

static enum err read_file(struct making *mk, struct str file, struct str bytes, struct dmn_file **ret)
{
    const struct xml *root;
    enum err e = xml_parse(mk->cx, file, bytes, &root);
    if (e)
        return e;
    if (!str_eq_z(root->name, "definitions") ||
        (!is_dmn(root->ns) && str_find(root->ns, S("omg.org/spec/DMN/"), 0) == root->ns.n))
        return fail(mk->cx, ERR_SYNTAX, "%.*s:%d: not a DMN model: the document begins with %.*s of \"%.*s\"",
                    STR_ARG(file), root->line, STR_ARG(root->name), STR_ARG(root->ns));
    struct dmn_file *f = arena_new_of(mk->keep, struct dmn_file);
    f->file = dmn_keep(mk, file);
    f->ns = dmn_keep(mk, str_trim(xml_attr(root, "namespace")));
    f->name = dmn_keep(mk, xml_attr(root, "name"));
    f->id = dmn_keep(mk, xml_attr(root, "id"));
    f->root = root;
    if (!is_dmn(root->ns))
        dmn_warn(mk, f, root, (struct str){0}, "unknown version of DMN (%.*s), read as 1.5", STR_ARG(root->ns));
    vec_add(mk->keep, &mk->model->files, f);
    add_hash(mk, bytes);
    *ret = f;
    return ERR_OK;
}

/* Find or load what an import names. NULL after a warning. */
static struct dmn_file *load_import(struct making *mk, struct dmn_file *f, const struct xml *e)
{
    struct str ns = str_trim(xml_attr(e, "namespace")), file = {0}, bytes;
    struct dmn_file *found = find_file(mk, ns), *added;
    if (found)
        return found;
    if (mk->model->files.n >= DMN_MAX_FILES) {
        dmn_warn(mk, f, e, (struct str){0}, "more than %d files are imported", DMN_MAX_FILES);
        return NULL;
    }
    if (!mk->loader || mk->loader->load(mk->cx, mk->loader->ctx, ns, xml_attr(e, "locationURI"), &file, &bytes)) {
        dmn_warn(mk, f, e, (struct str){0}, "the model with the namespace \"%.*s\" was not found", STR_ARG(ns));
        return NULL;
    }
    if (read_file(mk, file, bytes, &added)) {
        dmn_warn(mk, f, e, (struct str){0}, "the imported model cannot be read: %.*s", STR_ARG(mk->cx->fail.detail));
        return NULL;
    }
    if (!str_eq(added->ns, ns)) {
        dmn_warn(mk, f, e, (struct str){0}, "the imported model has the namespace \"%.*s\"", STR_ARG(added->ns));
        added->ns = dmn_keep(mk, ns);
    }
    return added;
}

static void load_imports(struct making *mk, struct dmn_file *f)
{
    VEC_OF(struct dmn_import) imports = {0};
    for (size_t i = 0; i < f->root->n; i++) {
        const struct xml *e = f->root->items[i];
        if (!str_eq_z(e->name, "import") || !str_eq(e->ns, f->root->ns))
            continue;
        struct str type = xml_attr(e, "importType");
        if (type.n && str_find(type, S("/DMN/"), 0) == type.n) {
            dmn_warn(mk, f, e, (struct str){0}, "an import of \"%.*s\" is not supported", STR_ARG(type));
            continue;
        }
        struct dmn_import *im = vec_push(mk->keep, &imports);
        im->name = feel_name(mk->keep, xml_attr(e, "name"));
        im->ns = dmn_keep(mk, str_trim(xml_attr(e, "namespace")));
        im->file = load_import(mk, f, e);
        if (im->file == f) {
            dmn_warn(mk, f, e, (struct str){0}, "a model cannot import itself");
            im->file = NULL;
        }
    }
    f->imports = imports.p;
    f->n_imports = imports.n;
}

/* The order of what a definitions element may hold is free; what it may not hold is a warning. */
static void warn_unknown(struct making *mk, struct dmn_file *f)
{
    static const char known[] = " description extensionElements import itemDefinition inputData decision "
                                "businessKnowledgeModel decisionService knowledgeSource elementCollection group "
                                "textAnnotation association performanceIndicator organizationUnit artifact drgElement "
                                "businessContextElement DMNDI ";
    for (size_t i = 0; i < f->root->n; i++) {
        const struct xml *e = f->root->items[i];
        struct str word = str_fmt(mk->cx->arena, " %.*s ", STR_ARG(e->name));
        if (str_eq(e->ns, f->root->ns) && str_find(str_of(known), word, 0) == sizeof known - 1)
            dmn_warn(mk, f, e, (struct str){0}, "DMN knows no element %.*s here", STR_ARG(e->name));
    }
}

static void free_zones(void *zones)
{
    feel_zones_free(zones);
}

enum err dmn_load(struct cx *cx, struct arena *keep, struct str file, struct str xml, const struct dmn_loader *loader,
                  struct dmn_warnings *warnings, const struct dmn_model **ret_model)
{
    struct making mk = {.cx = cx, .keep = keep, .loader = loader, .warnings = warnings};
    struct dmn_file *root;
    mk.model = arena_new_of(keep, struct dmn_model);
    mk.model->zones = feel_zones_new(NULL);
    arena_defer(keep, free_zones, mk.model->zones);
    hash_init(&mk.hash);
    enum err e = read_file(&mk, file, xml, &root);
    if (e)
        return e;
    for (size_t i = 0; i < mk.model->files.n; i++) /* grows while imports are found */
        load_imports(&mk, mk.model->files.p[i]);
    if (mk.model->files.n > 1)
        mk.model->hash = hash_final(&mk.hash);
    for (size_t i = 0; i < mk.model->files.n; i++)
        warn_unknown(&mk, mk.model->files.p[i]);
    dmn_make_types(&mk);
    dmn_make_items(&mk);
    if (mk.err)
        return mk.err;
    *ret_model = mk.model;
    return ERR_OK;
}

struct str dmn_namespace_of(struct cx *cx, struct str file, struct str xml)
{
    const struct xml *root;
    if (xml_parse(cx, file, xml, &root) || !str_eq_z(root->name, "definitions"))
        return (struct str){0};
    return str_trim(xml_attr(root, "namespace"));
}

struct str dmn_model_name(const struct dmn_model *m)
{
    return m->files.p[0]->name;
}

struct str dmn_model_namespace(const struct dmn_model *m)
{
    return m->files.p[0]->ns;
}

struct feel_zones *dmn_model_zones(const struct dmn_model *m)
{
    return m->zones;
}

struct hash dmn_model_hash(const struct dmn_model *m)
{
    return m->hash;
}

const struct dmn_item *const *dmn_items(const struct dmn_model *m, size_t *ret_n)
{
    *ret_n = m->items.n;
    return m->list;
}
