/* From method and path to a route: a tree of segments, made once at start. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "http/http_inner.h"

struct node {
    struct str segment;                   /* without braces */
    struct node *next, *literals, *param; /* sibling; children */
    const struct route *routes[METHOD_COUNT];
    bool is_tree; /* ROUTE_TREE */
};

struct router {
    struct arena *arena;
    struct node root;
};

static const char *const method_names[METHOD_COUNT] = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
static const char *const perm_names[PERM_COUNT] = {"public", "login", "party",    "employee",
                                                   "leader", "admin", "oversight"};

static struct node *child(struct router *r, struct node *n, struct str segment)
{
    if (segment.n > 2 && segment.p[0] == '{' && segment.p[segment.n - 1] == '}') {
        if (!n->param)
            n->param = arena_new_of(r->arena, struct node);
        return n->param;
    }
    for (struct node *c = n->literals; c; c = c->next)
        if (str_eq(c->segment, segment))
            return c;
    struct node *c = arena_new_of(r->arena, struct node);
    c->segment = segment;
    c->next = n->literals;
    n->literals = c;
    return c;
}

/* A table that cannot be: told at start, with the row. */
static const char *fault_of(const struct route *t)
{
    if (!t->path || t->path[0] != '/' || !t->fn || !t->doc || !t->doc[0])
        return "a path from '/', a handler and a line of documentation are needed";
    if (t->method >= METHOD_COUNT || t->perm >= PERM_COUNT)
        return "unknown method or permission";
    if ((t->flags & ROUTE_MACHINE) && t->perm != PERM_PUBLIC)
        return "ROUTE_MACHINE goes with PERM_PUBLIC only";
    if ((t->method == GET || t->method == DELETE || t->method == OPTIONS) && t->body_max)
        return "GET, DELETE and OPTIONS take no body";
    for (size_t i = 0; i < t->n_fields; i++) {
        if (t->fields[i].kind == FIELD_FILE && t->method == GET)
            return "GET takes no file";
        for (size_t j = 0; j < i; j++)
            if (!strcmp(t->fields[i].name, t->fields[j].name))
                return "a field is declared twice";
    }
    return NULL;
}

static enum err add_route(struct cx *cx, struct router *r, const struct route *t)
{
    const char *fault = fault_of(t);
    if (fault)
        return fail(cx, ERR_CONFIG, "route %s: %s", t->path ? t->path : "(no path)", fault);
    struct node *n = &r->root;
    struct str rest = str_of(t->path + 1), segment;
    size_t depth = 0, params = 0;
    while (rest.n && str_cut(&rest, '/', &segment)) {
        n = child(r, n, segment);
        params += segment.n && segment.p[0] == '{';
        if (++depth > HTTP_DEPTH_MAX || params > HTTP_PARAMS_MAX || !segment.n)
            return fail(cx, ERR_CONFIG, "route %s: too deep, too many parameters or an empty segment", t->path);
    }
    if (n->routes[t->method])
        return fail(cx, ERR_CONFIG, "two routes for %s %s: %s and %s", method_names[t->method], t->path, t->fn_name,
                    n->routes[t->method]->fn_name);
    n->routes[t->method] = t;
    n->is_tree |= (t->flags & ROUTE_TREE) != 0;
    return ERR_OK;
}

enum err http_router_new(struct cx *cx, const struct http_module *const *modules, size_t n, struct router **ret_router)
{
    struct arena *a = arena_new(4 << 20);
    struct router *r = arena_new_of(a, struct router);
    r->arena = a;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < modules[i]->n; j++) {
            enum err e = add_route(cx, r, &modules[i]->routes[j]);
            if (e) {
                arena_free(a);
                return e;
            }
        }
    *ret_router = r;
    return ERR_OK;
}

void http_router_free(struct router *router)
{
    if (router)
        arena_free(router->arena);
}

/* Literal segments go before parameters; when they lead nowhere, the parameter is tried. */
static const struct node *find(const struct node *n, struct str rest, struct request *req, size_t depth)
{
    struct str segment;
    if (!rest.n || n->is_tree)
        return n;
    if (depth == HTTP_DEPTH_MAX || !str_cut(&rest, '/', &segment) || !segment.n)
        return NULL;
    for (const struct node *c = n->literals; c; c = c->next)
        if (c->is_tree && str_eq(c->segment, segment))
            return c;
    if (rest.p && !rest.n)
        return NULL;
    for (const struct node *c = n->literals; c; c = c->next)
        if (str_eq(c->segment, segment)) {
            const struct node *hit = find(c, rest, req, depth + 1);
            if (hit)
                return hit;
        }
    if (!n->param || req->n_params == HTTP_PARAMS_MAX)
        return NULL;
    req->raw_params[req->n_params++] = segment;
    const struct node *hit = find(n->param, rest, req, depth + 1);
    req->n_params -= hit == NULL;
    return hit;
}

/* Names come from the route: the same place may be called {id} for GET and {no} for POST. */
static void name_params(struct request *req)
{
    size_t n = 0;
    for (const char *p = req->route->path; (p = strchr(p, '{')); p++)
        req->param_names[n++] = p + 1;
    assert(n == req->n_params);
}

void http_router_find(const struct router *router, struct request *req)
{
    req->n_params = 0;
    req->route = NULL;
    req->allowed = 0;
    const struct node *n = find(&router->root, str_slice(req->path, 1, req->path.n), req, 0);
    if (!n)
        return;
    for (unsigned i = 0; i < METHOD_COUNT; i++)
        req->allowed |= n->routes[i] ? 1u << i : 0;
    if (req->method < METHOD_COUNT)
        req->route = n->routes[req->method];
    if (req->route)
        name_params(req);
}

struct str req_param(const struct request *req, const char *name)
{
    size_t n = strlen(name);
    for (size_t i = 0; i < req->n_params; i++)
        if (!strncmp(req->param_names[i], name, n) && req->param_names[i][n] == '}')
            return req->params[i];
    assert(0 && "the path of the route has this parameter");
    return S("");
}

int64_t req_param_id(const struct request *req, const char *name)
{
    int64_t id;
    return str_to_i64(req_param(req, name), &id) && id > 0 && id < INT64_C(1) << 53 ? id : 0;
}

/* "../src/desk/desk_routes.c" → "src/desk/desk_routes.c" */
static const char *short_file(const char *file)
{
    const char *src = file ? strstr(file, "src/") : NULL;
    return src ? src : file ? file : "";
}

void http_print_routes(FILE *out, const struct http_module *const *modules, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < modules[i]->n; j++) {
            const struct route *t = &modules[i]->routes[j];
            fprintf(out, "%-6s %-44s %-9s %-28s %-32s %s\n", method_names[t->method], t->path, perm_names[t->perm],
                    t->fn_name, short_file(t->file), t->doc);
        }
}
