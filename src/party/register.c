/* The population register behind one function, so that CPR and Folkeregisteret become two more adapters. */
#include <assert.h>

#include "municipality/municipality.h"
#include "party_internal.h"

static const struct municipality_person *demo_person(struct cx *cx, struct str idno)
{
    for (size_t i = 0; i < cx->muni->people.n; i++) {
        struct str plain;
        day_t born;
        if (party_idno_parse(cx, party_country(cx), cx->muni->people.p[i].idno, &plain, &born) && str_eq(plain, idno))
            return &cx->muni->people.p[i];
    }
    return NULL;
}

static enum err demo_fetch(struct cx *cx, struct str idno, struct register_person *ret, bool *ret_found)
{
    const struct municipality_person *p = cx->muni ? demo_person(cx, idno) : NULL;
    *ret_found = p != NULL;
    if (p)
        *ret = (struct register_person){.name = p->name,
                                        .street = p->street,
                                        .postcode = p->postcode,
                                        .city = p->city,
                                        .email = p->email,
                                        .phone = p->phone,
                                        .protected_address = p->protected_address,
                                        .reserved_digital = p->reserved_digital,
                                        .income = p->income,
                                        .children = p->children,
                                        .single = p->single};
    return ERR_OK;
}

enum err register_fetch(struct cx *cx, struct str idno, struct register_person *ret, bool *ret_found)
{
    assert(!cx->conn);
    return demo_fetch(cx, idno, ret, ret_found);
}

/* ---- relations ---- */

static bool has_key(const struct str *keys, size_t n, struct str key)
{
    for (size_t i = 0; i < n; i++)
        if (key.n && str_eq(keys[i], key))
            return true;
    return false;
}

/* Does the register of people say so of a and b? */
static bool demo_is(enum party_relation relation, const struct municipality_person *a,
                    const struct municipality_person *of)
{
    if (relation == PARTY_CUSTODIANS)
        return has_key(a->custody.p, a->custody.n, of->key);
    return has_key(&of->spouse, 1, a->key) || has_key(&a->spouse, 1, of->key);
}

static void demo_people(struct cx *cx, enum party_relation relation, struct str idno, struct register_related *ret)
{
    const struct municipality_person *of = demo_person(cx, idno);
    for (size_t i = 0; of && i < cx->muni->people.n; i++)
        if (demo_is(relation, &cx->muni->people.p[i], of))
            vec_add(cx->arena, &ret->idnos, cx->muni->people.p[i].idno);
}

static void demo_organisation(struct cx *cx, struct str number, struct register_related *ret)
{
    for (size_t i = 0; i < cx->muni->organisations.n; i++) {
        const struct municipality_organisation *o = &cx->muni->organisations.p[i];
        if (!str_eq(o->number, number))
            continue;
        ret->name = o->name;
        for (size_t k = 0; k < cx->muni->people.n; k++)
            if (has_key(o->represented_by.p, o->represented_by.n, cx->muni->people.p[k].key))
                vec_add(cx->arena, &ret->idnos, cx->muni->people.p[k].idno);
    }
}

enum err register_related(struct cx *cx, enum party_relation relation, struct str number, struct register_related *ret)
{
    assert(!cx->conn);
    *ret = (struct register_related){0};
    if (cx->muni && relation == PARTY_SIGNATORIES)
        demo_organisation(cx, number, ret);
    else if (cx->muni)
        demo_people(cx, relation, number, ret);
    return ERR_OK;
}

static void demo_relations(struct cx *cx, const struct municipality_person *p, struct register_relations *ret)
{
    for (size_t i = 0; i < p->custody.n; i++) {
        const struct municipality_person *child = municipality_person(cx->muni, p->custody.p[i]);
        if (child)
            vec_add(cx->arena, &ret->children, child->idno);
    }
    for (size_t i = 0; i < cx->muni->organisations.n; i++) {
        const struct municipality_organisation *o = &cx->muni->organisations.p[i];
        for (size_t k = 0; k < o->represented_by.n; k++)
            if (str_eq(o->represented_by.p[k], p->key))
                vec_add(cx->arena, &ret->organisations, (struct register_organisation){o->number, o->name});
    }
}

enum err register_relations(struct cx *cx, struct str idno, struct register_relations *ret)
{
    assert(!cx->conn);
    *ret = (struct register_relations){0};
    const struct municipality_person *p = cx->muni ? demo_person(cx, idno) : NULL;
    if (p)
        demo_relations(cx, p, ret);
    return ERR_OK;
}

struct str party_country(const struct cx *cx)
{
    return cx->muni && cx->muni->rules ? str_of(cx->muni->rules->key) : S("dk");
}
