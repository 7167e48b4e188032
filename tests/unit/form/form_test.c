#include "form_test.h"

struct service_version *form_test_version(struct cx *cx)
{
    struct service_version *v = arena_new_of(cx->arena, struct service_version);
    v->id = 1;
    v->languages = (1U << LANG_COUNT) - 1;
    v->key = S("test");
    v->name = (struct words){{S("Prøve"), S("Prøve"), S("Test")}};
    v->apply = SERVICE_PERSON;
    v->draft_days = 30;
    struct service_purpose p = {.key = S("know"),
                                .text = {{S("Vi skal vide det"), S("Vi må vite det"), S("We must know")}},
                                .law = S("law"),
                                .gdpr = S("6(1)(e)")};
    vec_add(cx->arena, &p.compatible, (struct service_compatible){S("friend/asked"), S("law")});
    vec_add(cx->arena, &v->purposes, p);
    struct service_law law = {.key = S("law"), .ref = S("serviceloven § 112"), .example = true};
    vec_add(cx->arena, &v->laws, law);
    return v;
}

const struct form *form_test_load(struct cx *cx, struct service_version *v, const char *yaml, struct problems *ps)
{
    const struct form *form = NULL;
    *ps = problems_make(cx->arena);
    struct yaml *tree = yaml_read(cx, ps, S("form.yaml"), str_of(yaml));
    if (!tree)
        return NULL;
    v->form_yaml = tree;
    if (form_load(cx, cx->arena, v, tree, ps, &form) != ERR_OK)
        return NULL;
    return form;
}

void form_test_print(const struct problems *ps)
{
    for (size_t i = 0; i < ps->list.n; i++) {
        const struct problem *p = &ps->list.p[i];
        print_error("%.*s:%d:%d: %.*s; %.*s\n", STR_ARG(p->file), p->line, p->col, STR_ARG(p->what),
                    STR_ARG(p->remedy));
    }
}

const struct form *form_test_form(struct cx *cx, const char *yaml)
{
    struct problems ps;
    const struct form *form = form_test_load(cx, form_test_version(cx), yaml, &ps);
    form_test_print(&ps);
    assert_non_null(form);
    return form;
}
