/* The population register behind one function, so that CPR and Folkeregisteret become two more adapters. */
#include <assert.h>

#include "municipality/municipality.h"
#include "party_internal.h"

static enum err demo_fetch(struct cx *cx, struct str idno, struct register_person *ret, bool *ret_found)
{
    *ret_found = false;
    if (!cx->muni)
        return ERR_OK;
    for (size_t i = 0; i < cx->muni->people.n; i++) {
        const struct municipality_person *p = &cx->muni->people.p[i];
        struct str plain;
        day_t born;
        if (!party_idno_parse(cx, party_country(cx), p->idno, &plain, &born) || !str_eq(plain, idno))
            continue;
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
        *ret_found = true;
        return ERR_OK;
    }
    return ERR_OK;
}

enum err register_fetch(struct cx *cx, struct str idno, struct register_person *ret, bool *ret_found)
{
    assert(!cx->conn);
    return demo_fetch(cx, idno, ret, ret_found);
}

static struct str plain_of(struct cx *cx, struct str idno)
{
    struct str plain = S("");
    day_t born;
    party_idno_parse(cx, party_country(cx), idno, &plain, &born);
    return plain;
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
    for (size_t i = 0; cx->muni && i < cx->muni->people.n; i++)
        if (str_eq(plain_of(cx, cx->muni->people.p[i].idno), idno))
            demo_relations(cx, &cx->muni->people.p[i], ret);
    return ERR_OK;
}

struct str party_country(const struct cx *cx)
{
    return cx->muni && cx->muni->rules ? str_of(cx->muni->rules->key) : S("dk");
}
