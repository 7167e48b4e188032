/* people.yaml: the people of the demo; and the login providers. */
#include "fetch/fetch.h"
#include "load.h"

/* Century of a Danish civil registration number, from its seventh digit and the year. */
static int dk_year(int yy, int seventh)
{
    if (seventh <= 3)
        return 1900 + yy;
    if (seventh == 4 || seventh == 9)
        return yy <= 36 ? 2000 + yy : 1900 + yy;
    return yy <= 57 ? 2000 + yy : 1800 + yy;
}

/* Century of a Norwegian one, from its individual number. */
static int no_year(int yy, int individual)
{
    if (individual < 500)
        return 1900 + yy;
    if (individual >= 900 && yy >= 40)
        return 1900 + yy;
    return yy < 40 ? 2000 + yy : 1800 + yy;
}

static int digits(struct str s, size_t from, size_t n)
{
    int v = 0;
    for (size_t i = from; i < from + n; i++)
        v = v * 10 + (s.p[i] - '0');
    return v;
}

/* A number that can belong to nobody, and whose birth date it says: Danish day + 60, Norwegian month + 80. */
static bool demo_idno(const struct municipality *m, struct str idno, day_t *ret_born)
{
    size_t n = m->country == COUNTRY_DK ? 10 : 11;
    if (idno.n != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (idno.p[i] < '0' || idno.p[i] > '9')
            return false;
    int day = digits(idno, 0, 2), month = digits(idno, 2, 2), yy = digits(idno, 4, 2), year;
    if (m->country == COUNTRY_DK) {
        day -= 60;
        year = dk_year(yy, digits(idno, 6, 1));
    } else {
        month -= 80;
        year = no_year(yy, digits(idno, 6, 3));
    }
    if (!civil_valid(year, month, day))
        return false;
    *ret_born = civil_to_day(year, month, day);
    return true;
}

static void load_roles(const struct load *l, const struct yaml *node, struct municipality_person *p)
{
    static const char roles[] = "caseworker leader admin counter protected dpo adviser archivist";
    const struct yaml *list = yaml_list(l->ps, node, "roles");
    for (size_t i = 0; list && i < list->n; i++) {
        struct str role = yaml_item(l->ps, list->items[i], "a role");
        struct str rest = str_of(roles), w;
        bool known = false;
        while (str_cut(&rest, ' ', &w))
            known |= str_eq(w, role);
        if (role.n && !known)
            yaml_problem(l->ps, list->items[i],
                         "use caseworker, leader, admin, counter, protected, dpo, adviser or archivist",
                         "there is no role '%" PRI_STR "'", STR_ARG(role));
        vec_add(l->cx->arena, &p->roles, role);
    }
    list = yaml_list(l->ps, node, "units");
    for (size_t i = 0; list && i < list->n; i++) {
        struct str unit = yaml_item(l->ps, list->items[i], "a unit");
        if (unit.n && !municipality_unit(l->m, unit))
            yaml_problem(l->ps, list->items[i], "use the key of a unit in municipality.yaml",
                         "there is no unit '%" PRI_STR "'", STR_ARG(unit));
        vec_add(l->cx->arena, &p->units, unit);
    }
    p->employee = p->roles.n > 0;
    if (p->employee && !p->units.n)
        yaml_problem(l->ps, node, "add `units: [ … ]`", "an employee needs a unit");
}

/* What the registers of income and of people say of the household. */
static void load_household(const struct load *l, const struct yaml *node, struct municipality_person *p)
{
    if (yaml_get(node, "income"))
        p->income = str_fmt(l->cx->arena, "%lld", (long long)yaml_int(l->ps, node, "income", 0, 0, 100000000));
    if (yaml_get(node, "children"))
        p->children = str_fmt(l->cx->arena, "%lld", (long long)yaml_int(l->ps, node, "children", 0, 0, 30));
    if (yaml_get(node, "single"))
        p->single = yaml_bool(l->ps, node, "single", false) ? S("true") : S("false");
}

/* A list of keys of people; whether there are such people is asked when all are known. */
static void load_keys(const struct load *l, const struct yaml *node, const char *key, struct str **ret, size_t *ret_n)
{
    VEC_OF(struct str) keys = {0};
    const struct yaml *list = yaml_list(l->ps, node, key);
    for (size_t i = 0; list && i < list->n; i++)
        vec_add(l->cx->arena, &keys, yaml_item(l->ps, list->items[i], "the key of a person"));
    *ret = keys.p;
    *ret_n = keys.n;
}

static void known(const struct load *l, const struct yaml *node, const struct str *keys, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (keys[i].n && !municipality_person(l->m, keys[i]))
            yaml_problem(l->ps, node, "use the key of a person in this file", "there is no person '%" PRI_STR "'",
                         STR_ARG(keys[i]));
}

static void load_organisation(const struct load *l, const struct yaml *node)
{
    struct municipality_organisation o = {0};
    int64_t value;
    if (!yaml_keys(l->ps, node, "an organisation", "number! name! represented_by"))
        return;
    o.number = yaml_str(l->ps, node, "number");
    o.name = yaml_str(l->ps, node, "name");
    if (o.number.n != (l->m->country == COUNTRY_DK ? 8 : 9) || !str_to_i64(o.number, &value) || value < 0)
        yaml_problem(l->ps, yaml_get(node, "number"), "Denmark: 8 digits in quotes; Norway: 9 digits in quotes",
                     "'%" PRI_STR "' is no number of an organisation", STR_ARG(o.number));
    load_keys(l, node, "represented_by", &o.represented_by.p, &o.represented_by.n);
    known(l, node, o.represented_by.p, o.represented_by.n);
    vec_add(l->cx->arena, &l->m->organisations, o);
}

static void load_person(const struct load *l, const struct yaml *node)
{
    struct municipality_person p = {0};
    if (!yaml_keys(l->ps, node, "a person",
                   "key! name! idno! street postcode city email phone reserved protected income children single "
                   "spouse custody login roles units about!"))
        return;
    p.key = yaml_name(l->ps, node, "key");
    p.name = yaml_str(l->ps, node, "name");
    p.street = yaml_str(l->ps, node, "street");
    p.postcode = yaml_str(l->ps, node, "postcode");
    p.city = yaml_str(l->ps, node, "city");
    p.email = yaml_str(l->ps, node, "email");
    p.phone = yaml_str(l->ps, node, "phone");
    p.reserved_digital = yaml_bool(l->ps, node, "reserved", false);
    p.protected_address = yaml_bool(l->ps, node, "protected", false);
    load_household(l, node, &p);
    p.spouse = yaml_str(l->ps, node, "spouse");
    load_keys(l, node, "custody", &p.custody.p, &p.custody.n);
    p.no_login = !yaml_bool(l->ps, node, "login", true);
    p.about = yaml_words(l->ps, node, "about", l->m->languages);
    p.idno = yaml_str(l->ps, node, "idno");
    if (p.idno.n && !demo_idno(l->m, p.idno, &p.born))
        yaml_problem(l->ps, yaml_get(node, "idno"),
                     "Denmark: 10 digits in quotes, day + 60; Norway: 11 digits in quotes, month + 80",
                     "'%" PRI_STR "' is not a number that can belong to nobody", STR_ARG(p.idno));
    if (p.key.n && municipality_person(l->m, p.key))
        yaml_problem(l->ps, yaml_get(node, "key"), "choose another key", "two people have the key '%" PRI_STR "'",
                     STR_ARG(p.key));
    for (size_t i = 0; i < l->m->people.n; i++)
        if (p.idno.n && str_eq(l->m->people.p[i].idno, p.idno))
            yaml_problem(l->ps, yaml_get(node, "idno"), "choose another number",
                         "two people have the number '%" PRI_STR "'", STR_ARG(p.idno));
    load_roles(l, node, &p);
    vec_add(l->cx->arena, &l->m->people, p);
}

void load_people(const struct load *l, const struct yaml *top)
{
    if (!yaml_keys(l->ps, top, "people.yaml", "people! organisations"))
        return;
    const struct yaml *list = yaml_list(l->ps, top, "people");
    const struct yaml **rows = arena_array(l->cx->arena, const struct yaml *, list ? list->n : 0);
    for (size_t i = 0; list && i < list->n; i++) {
        size_t before = l->m->people.n;
        load_person(l, list->items[i]);
        if (l->m->people.n > before)
            rows[before] = list->items[i];
    }
    for (size_t i = 0; i < l->m->people.n; i++) {
        const struct municipality_person *p = &l->m->people.p[i];
        known(l, rows[i], p->custody.p, p->custody.n);
        known(l, rows[i], &p->spouse, 1);
    }
    list = yaml_list(l->ps, top, "organisations");
    for (size_t i = 0; list && i < list->n; i++)
        load_organisation(l, list->items[i]);
}

/* ---- employees by name: for a login whose claims say who one is, and not what one may do ---- */

static void load_one_of_staff(const struct load *l, const struct yaml *node)
{
    struct municipality_person p = {0};
    if (!yaml_keys(l->ps, node, "an employee", "key! name! email! phone roles! units!"))
        return;
    p.key = yaml_name(l->ps, node, "key");
    p.name = yaml_str(l->ps, node, "name");
    p.email = yaml_str(l->ps, node, "email");
    p.phone = yaml_str(l->ps, node, "phone");
    for (size_t i = 0; i < l->m->staff.n; i++)
        if (str_eq(l->m->staff.p[i].key, p.key) || str_ieq(l->m->staff.p[i].email, p.email))
            yaml_problem(l->ps, node, "give each a key and an e-mail of their own",
                         "two employees have the key '%" PRI_STR "' or the same e-mail", STR_ARG(p.key));
    load_roles(l, node, &p);
    vec_add(l->cx->arena, &l->m->staff, p);
}

void load_staff(const struct load *l, const struct yaml *list)
{
    for (size_t i = 0; list && i < list->n; i++)
        load_one_of_staff(l, list->items[i]);
}

/* ---- login providers ---- */

static void load_levels(const struct load *l, const struct yaml *node, struct oidc_issuer *o)
{
    static const char names[] = "none low substantial high";
    if (!node)
        return;
    if (node->kind != YAML_MAP || !node->n) {
        yaml_problem(l->ps, node, "write for example `substantial: idporten-loa-substantial`",
                     "'levels' must name the acr of each level");
        return;
    }
    for (size_t i = 0; i < node->n; i++) {
        struct str rest = str_of(names), w;
        int level = 0, found = 0;
        for (; str_cut(&rest, ' ', &w); level++)
            if (str_eq(w, node->items[i]->key))
                found = level;
        if (!found) {
            yaml_problem(l->ps, node->items[i], "use low, substantial or high", "there is no level '%" PRI_STR "'",
                         STR_ARG(node->items[i]->key));
            continue;
        }
        vec_add(l->cx->arena, &o->levels,
                (struct oidc_level){.acr = yaml_str(l->ps, node, str_z(l->cx->arena, node->items[i]->key)),
                                    .level = (enum assurance)found});
    }
}

static void load_params(const struct load *l, const struct yaml *node, struct oidc_issuer *o)
{
    if (!node)
        return;
    if (node->kind != YAML_MAP) {
        yaml_problem(l->ps, node, "write for example `idp_values: mitid`", "'params' must be a map");
        return;
    }
    for (size_t i = 0; i < node->n; i++)
        vec_add(l->cx->arena, &o->params,
                (struct oidc_param){.name = node->items[i]->key,
                                    .value = yaml_str(l->ps, node, str_z(l->cx->arena, node->items[i]->key))});
}

static void load_claims(const struct load *l, const struct yaml *node, struct oidc_issuer *o)
{
    if (node && !yaml_keys(l->ps, node, "'claims'", "idno name email acr roles units employee"))
        return;
    o->claim_idno = yaml_str(l->ps, node, "idno");
    o->claim_name = yaml_str(l->ps, node, "name");
    o->claim_email = yaml_str(l->ps, node, "email");
    o->claim_acr = yaml_str(l->ps, node, "acr");
    o->claim_roles = yaml_str(l->ps, node, "roles");
    o->claim_units = yaml_str(l->ps, node, "units");
    o->claim_employee = yaml_str(l->ps, node, "employee");
    if (!o->claim_acr.p)
        o->claim_acr = S("acr");
}

static void load_issuer(const struct load *l, const struct yaml *node, bool citizens, struct oidc_issuer *o)
{
    if (!node || !yaml_keys(l->ps, node, "a login",
                            "name! issuer! client_id! client_secret_file scope! claims! levels params "
                            "ui_locales logout"))
        return;
    o->set = true;
    o->name = yaml_words(l->ps, node, "name", l->m->languages);
    o->issuer = yaml_str(l->ps, node, "issuer");
    o->client_id = yaml_str(l->ps, node, "client_id");
    o->client_secret_file = yaml_str(l->ps, node, "client_secret_file");
    o->scope = yaml_str(l->ps, node, "scope");
    o->send_ui_locales = yaml_bool(l->ps, node, "ui_locales", true);
    o->logout = yaml_bool(l->ps, node, "logout", true);
    load_claims(l, yaml_get(node, "claims"), o);
    load_levels(l, yaml_get(node, "levels"), o);
    load_params(l, yaml_get(node, "params"), o);
    if (o->issuer.n && !fetch_good_address(o->issuer))
        yaml_problem(l->ps, yaml_get(node, "issuer"), "write the https address the provider gave",
                     "the issuer must be https (http only on this machine, for tests)");
    if (citizens && !o->claim_idno.n)
        yaml_problem(l->ps, node, "add `claims: {idno: pid}` or the name the provider uses",
                     "the login of citizens must say which claim holds the identity number");
    if (!citizens && !o->claim_employee.n)
        yaml_problem(l->ps, node, "add `claims: {employee: sub}` or the name the provider uses",
                     "the login of employees must say which claim names the employee");
    if (citizens && !o->levels.n)
        yaml_problem(l->ps, node, "add `levels:` with the acr of substantial and high",
                     "without levels no service that needs a login can be applied for");
}

void load_logins(const struct load *l, const struct yaml *node)
{
    if (!node || !yaml_keys(l->ps, node, "'login'", "citizens employees"))
        return;
    load_issuer(l, yaml_get(node, "citizens"), true, &l->m->citizens);
    load_issuer(l, yaml_get(node, "employees"), false, &l->m->employees);
}
