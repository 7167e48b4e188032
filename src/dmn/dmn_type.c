/* Item definitions (DMN 1.5, 7.3.2) as types of FEEL. Each named one is a struct of its own from the beginning, so that
   types may point back at themselves; then each is filled. */
#include <stdlib.h>

#include "dmn_inner.h"

/* What other makers call FEEL's types, where feel_type_builtin does not know it. */
static const struct dialect {
    const char *name;
    enum feel_type_kind kind;
} dialects[] = {
    {"any", FEEL_T_ANY},
    {"object", FEEL_T_ANY},
    {"<undefined>", FEEL_T_ANY},
    {"undefined", FEEL_T_ANY},
    {"int", FEEL_T_NUMBER},
    {"short", FEEL_T_NUMBER},
    {"byte", FEEL_T_NUMBER},
    {"float", FEEL_T_NUMBER},
    {"decimal", FEEL_T_NUMBER},
    {"bigdecimal", FEEL_T_NUMBER},
    {"integer", FEEL_T_NUMBER},
    {"long", FEEL_T_NUMBER},
    {"double", FEEL_T_NUMBER},
    {"number", FEEL_T_NUMBER},
    {"string", FEEL_T_STRING},
    {"text", FEEL_T_STRING},
    {"boolean", FEEL_T_BOOLEAN},
    {"bool", FEEL_T_BOOLEAN},
    {"date", FEEL_T_DATE},
    {"time", FEEL_T_TIME},
    {"datetime", FEEL_T_DATE_TIME},
    {"date time", FEEL_T_DATE_TIME},
    {"duration", FEEL_T_ANY},
    {"daytimeduration", FEEL_T_DURATION},
    {"yearmonthduration", FEEL_T_MONTHS},
    {"context", FEEL_T_CONTEXT},
    {"list", FEEL_T_LIST},
};

static int compare_types(const void *a, const void *b)
{
    const struct dmn_named_type *x = a, *y = b;
    return str_cmp(x->name, y->name);
}

/* Once they are declared the types of a file are sorted. */
static struct dmn_named_type *find_named(struct dmn_file *f, struct str name)
{
    struct dmn_named_type key = {.name = name};
    return f && f->types.n ? bsearch(&key, f->types.p, f->types.n, sizeof key, compare_types) : NULL;
}

static const struct feel_type *find_builtin(struct str name)
{
    const struct feel_type *t = feel_type_builtin(name);
    for (size_t i = 0; !t && i < sizeof dialects / sizeof *dialects; i++)
        if (str_ieq(name, str_of(dialects[i].name)))
            t = feel_type_of_kind(dialects[i].kind);
    return t;
}

/* prefix:name, as DMN 1.1 and some of its heirs write it: the prefix is declared in the XML. */
static bool find_prefixed(struct dmn_file *f, const struct xml *at, struct str name, struct dmn_named_type **ret_named,
                          const struct feel_type **ret_builtin)
{
    size_t colon = str_find_char(name, ':', 0);
    if (colon == name.n)
        return false;
    struct str prefix = str_slice(name, 0, colon), local = str_slice(name, colon + 1, name.n);
    struct str ns = xml_namespace(at, prefix);
    if (str_eq_z(prefix, "feel") || str_find(ns, S("/FEEL/"), 0) < ns.n || str_ends(ns, S("/XMLSchema"))) {
        *ret_builtin = find_builtin(local);
        return *ret_builtin != NULL;
    }
    if (str_eq(ns, f->ns))
        *ret_named = find_named(f, local);
    for (size_t i = 0; !*ret_named && i < f->n_imports; i++)
        if (str_eq(f->imports[i].ns, ns))
            *ret_named = find_named(f->imports[i].file, local);
    return *ret_named != NULL;
}

static struct dmn_named_type *find_imported(struct dmn_file *f, struct str name)
{
    struct dmn_named_type *found = NULL;
    for (size_t i = 0; !found && i < f->n_imports; i++) {
        struct str prefix = f->imports[i].name;
        if (!prefix.n)
            found = find_named(f->imports[i].file, name);
        else if (name.n > prefix.n && str_starts(name, prefix) && name.p[prefix.n] == '.')
            found = find_named(f->imports[i].file, str_slice(name, prefix.n + 1, name.n));
    }
    return found;
}

/* One of *ret_named and *ret_builtin; neither, with a warning, when the name is unknown; neither for Any. */
static void look_up(struct making *mk, struct dmn_file *f, const struct xml *at, struct str name,
                    struct dmn_named_type **ret_named, const struct feel_type **ret_builtin)
{
    *ret_named = NULL;
    *ret_builtin = NULL;
    name = feel_name(mk->cx->arena, name);
    if (!name.n)
        return;
    if ((*ret_named = find_named(f, name)) || (*ret_builtin = find_builtin(name)) ||
        (*ret_named = find_imported(f, name)) || find_prefixed(f, at, name, ret_named, ret_builtin)) {
        if (*ret_builtin && (*ret_builtin)->kind == FEEL_T_ANY)
            *ret_builtin = NULL;
        return;
    }
    dmn_warn(mk, f, at, (struct str){0}, "the type \"%.*s\" is unknown; any value is taken", STR_ARG(name));
}

const struct feel_type *dmn_resolve_type(struct making *mk, struct dmn_file *f, const struct xml *at, struct str name)
{
    struct dmn_named_type *named;
    const struct feel_type *builtin;
    look_up(mk, f, at, name, &named, &builtin);
    return named ? named->type : builtin;
}

static void fill(struct making *mk, struct dmn_named_type *named, int depth);

/* "? in (a)", or the text itself when it speaks of ? already. */
static void add_part(struct buf *b, struct str tests)
{
    bool asks = str_find_char(tests, '?', 0) < tests.n;
    buf_fmt(b, asks ? "(%.*s)" : "? in (%.*s)", STR_ARG(tests));
}

/* Let t take only what passes the tests in the child `name`, and what it took before. */
static void constrain(struct making *mk, struct dmn_file *f, struct feel_type *t, const struct xml *e, const char *name)
{
    const struct xml *c = xml_child(e, name), *text = xml_child(c, "text");
    struct str tests = text ? str_trim(text->text) : (struct str){0};
    if (!tests.n || str_eq_z(tests, "-"))
        return;
    struct str element = dmn_element_name(mk->keep, e);
    struct feel_source *source = arena_new_of(mk->keep, struct feel_source);
    *source = *dmn_source(mk, element, text);
    if (t->allowed) {
        struct buf both = buf_make(mk->keep);
        add_part(&both, t->allowed_text);
        buf_add_z(&both, " and ");
        add_part(&both, tests);
        source->text = buf_str(&both);
    }
    const struct feel_problem *problems = NULL;
    const struct feel_type *plain = feel_type_of_kind(t->kind);
    t->allowed = feel_compile_tests(mk->keep, dmn_plain_env(mk), source, plain, &problems);
    t->allowed_text = source->text;
    if (problems) {
        dmn_take_problems(mk, f, element, problems);
        t->allowed = NULL;
    }
}

static const struct feel_type *type_of(struct making *mk, struct dmn_file *f, const struct xml *e, int depth);

static void fill_members(struct making *mk, struct dmn_file *f, struct feel_type *t, const struct xml *e, int depth)
{
    VEC_OF(struct feel_member_type) members = {0};
    for (size_t i = 0; i < e->n; i++) {
        const struct xml *c = e->items[i];
        if (!str_eq_z(c->name, "itemComponent") || !str_eq(c->ns, e->ns))
            continue;
        struct feel_member_type *m = vec_push(mk->keep, &members);
        m->name = feel_name(mk->keep, xml_attr(c, "name"));
        m->type = type_of(mk, f, c, depth + 1);
    }
    t->kind = FEEL_T_CONTEXT;
    t->members = members.p;
    t->n_members = members.n;
}

static void fill_function(struct making *mk, struct dmn_file *f, struct feel_type *t, const struct xml *e)
{
    VEC_OF(const struct feel_type *) params = {0};
    for (size_t i = 0; i < e->n; i++)
        if (str_eq_z(e->items[i]->name, "parameters")) {
            const struct feel_type *p = dmn_resolve_type(mk, f, e->items[i], xml_attr(e->items[i], "typeRef"));
            vec_add(mk->keep, &params, p ? p : feel_type_of_kind(FEEL_T_ANY));
        }
    t->kind = FEEL_T_FUNCTION;
    t->of = dmn_resolve_type(mk, f, e, xml_attr(e, "outputTypeRef"));
    t->n_params = params.n;
    t->params = params.n ? params.p : arena_array(mk->keep, const struct feel_type *, 1);
}

/* The content of an itemDefinition or itemComponent, but for isCollection. False: it is just the type *ret_alias. */
static bool fill_content(struct making *mk, struct dmn_file *f, struct feel_type *t, const struct xml *e, int depth,
                         const struct feel_type **ret_alias)
{
    const struct xml *function = xml_child(e, "functionItem");
    if (xml_child(e, "itemComponent")) {
        fill_members(mk, f, t, e, depth);
    } else if (function) {
        fill_function(mk, f, t, function);
    } else {
        struct dmn_named_type *named;
        const struct feel_type *builtin;
        const struct xml *ref = xml_child(e, "typeRef");
        struct str name = ref ? str_trim(ref->text) : xml_attr(e, "typeRef");
        look_up(mk, f, ref ? ref : e, name, &named, &builtin);
        *ret_alias = named ? named->type : builtin ? builtin : feel_type_of_kind(FEEL_T_ANY);
        if (!xml_child(e, "allowedValues") && !xml_child(e, "typeConstraint"))
            return false;
        if (named)
            fill(mk, named, depth + 1);
        *t = **ret_alias;
    }
    constrain(mk, f, t, e, "allowedValues");
    if (!str_eq_z(xml_attr(e, "isCollection"), "true"))
        constrain(mk, f, t, e, "typeConstraint");
    return true;
}

/* The type of an itemComponent: a new one, or that which it names. */
static const struct feel_type *type_of(struct making *mk, struct dmn_file *f, const struct xml *e, int depth)
{
    const struct feel_type *alias = NULL;
    struct feel_type *t = arena_new_of(mk->keep, struct feel_type);
    if (depth > DMN_MAX_DEPTH) {
        dmn_warn(mk, f, e, (struct str){0}, "types are nested too deep");
        return feel_type_of_kind(FEEL_T_ANY);
    }
    const struct feel_type *one = fill_content(mk, f, t, e, depth, &alias) ? t : alias;
    if (!str_eq_z(xml_attr(e, "isCollection"), "true"))
        return one;
    struct feel_type *list = arena_new_of(mk->keep, struct feel_type);
    list->kind = FEEL_T_LIST;
    list->of = one;
    constrain(mk, f, list, e, "typeConstraint");
    return list;
}

/* The named type that this struct is; NULL when it is of no name. */
static struct dmn_named_type *named_of(struct making *mk, const struct feel_type *t)
{
    for (size_t i = 0; i < mk->model->files.n; i++)
        for (size_t k = 0; k < mk->model->files.p[i]->types.n; k++)
            if (mk->model->files.p[i]->types.p[k].type == t)
                return &mk->model->files.p[i]->types.p[k];
    return NULL;
}

static void fill(struct making *mk, struct dmn_named_type *named, int depth)
{
    if (named->state == 2)
        return;
    if (named->state == 1 || depth > DMN_MAX_DEPTH) {
        dmn_warn(mk, named->of, named->xml, (struct str){0}, "the type is defined by itself; any value is taken");
        *named->type = (struct feel_type){.kind = FEEL_T_ANY, .name = named->name};
        return;
    }
    named->state = 1;
    const struct feel_type *t = type_of(mk, named->of, named->xml, depth);
    struct dmn_named_type *alias = named_of(mk, t);
    if (alias)
        fill(mk, alias, depth + 1);
    *named->type = *t;
    named->type->name = named->name;
    named->state = 2;
}

static void declare(struct making *mk, struct dmn_file *f)
{
    for (size_t i = 0; i < f->root->n; i++) {
        const struct xml *e = f->root->items[i];
        if (!str_eq_z(e->name, "itemDefinition") || !str_eq(e->ns, f->root->ns))
            continue;
        struct str name = feel_name(mk->keep, xml_attr(e, "name"));
        if (!name.n) {
            dmn_warn(mk, f, e, (struct str){0}, "a type needs a name");
            continue;
        }
        if (f->types.n >= DMN_MAX_TYPES) {
            dmn_warn(mk, f, e, (struct str){0}, "more than %d types", DMN_MAX_TYPES);
            return;
        }
        struct dmn_named_type *n = vec_push(mk->keep, &f->types);
        *n = (struct dmn_named_type){.name = name, .of = f, .xml = e, .type = arena_new_of(mk->keep, struct feel_type)};
    }
    if (f->types.n)
        qsort(f->types.p, f->types.n, sizeof *f->types.p, compare_types);
    for (size_t i = 1; i < f->types.n; i++)
        if (!compare_types(&f->types.p[i - 1], &f->types.p[i]))
            dmn_warn(mk, f, f->types.p[i].xml, (struct str){0}, "there are two types of this name");
}

struct feel_env *dmn_plain_env(struct making *mk)
{
    struct feel_env *env = feel_env_new(mk->keep, NULL);
    feel_env_set_zones(env, mk->model->zones);
    return env;
}

static void make_env(struct making *mk, struct dmn_file *f)
{
    f->env = dmn_plain_env(mk);
    for (size_t i = 0; i < f->types.n; i++)
        feel_env_add_type(f->env, f->types.p[i].name, f->types.p[i].type);
    for (size_t i = 0; i < f->n_imports; i++) {
        const struct dmn_file *from = f->imports[i].file;
        struct str prefix = f->imports[i].name;
        for (size_t k = 0; from && k < from->types.n; k++) {
            struct str name = from->types.p[k].name;
            if (prefix.n)
                name = str_fmt(mk->keep, "%.*s.%.*s", STR_ARG(prefix), STR_ARG(name));
            feel_env_add_type(f->env, name, from->types.p[k].type);
        }
    }
}

void dmn_make_types(struct making *mk)
{
    for (size_t i = 0; i < mk->model->files.n; i++)
        declare(mk, mk->model->files.p[i]);
    for (size_t i = 0; i < mk->model->files.n; i++) {
        struct dmn_file *f = mk->model->files.p[i];
        for (size_t k = 0; k < f->types.n; k++)
            fill(mk, &f->types.p[k], 0);
    }
    for (size_t i = 0; i < mk->model->files.n; i++)
        make_env(mk, mk->model->files.p[i]);
}
