/* Units and employees: looking up, and keeping them in line with municipality.yaml and people.yaml. */
#include "auth_internal.h"
#include "auth_store.h"
#include "db/db.h"
#include "i18n/i18n.h"

/* The generated rows have the same members but are different types. */
#define UNIT_OF(cx, r) \
    ((struct auth_unit){.id = (r).id, \
                        .key = (r).key, \
                        .name = municipality_unit_name((cx)->muni, (r).key, (cx)->lang, (r).name), \
                        .active = (r).active != 0})
#define EMPLOYEE_OF(r) \
    ((struct auth_employee){.id = (r).id, \
                            .party_id = (r).party_id.v, \
                            .key = (r).key, \
                            .name = (r).name, \
                            .email = (r).email, \
                            .phone = (r).phone, \
                            .title = (r).title, \
                            .roles = (unsigned)(r).roles, \
                            .active = (r).active != 0})

struct str auth_role_name(struct cx *cx, unsigned roles)
{
    static const struct {
        unsigned role;
        enum text text;
    } order[] = {{ROLE_DPO, T_auth_role_dpo},         {ROLE_ADVISER, T_auth_role_adviser},
                 {ROLE_LEADER, T_auth_role_leader},   {ROLE_CASEWORKER, T_auth_role_caseworker},
                 {ROLE_COUNTER, T_auth_role_counter}, {ROLE_ARCHIVIST, T_auth_role_archivist},
                 {ROLE_ADMIN, T_auth_role_admin}};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (roles & order[i].role)
            return i18n_text(cx->lang, order[i].text);
    return i18n_text(cx->lang, T_auth_role_employee);
}

enum err auth_unit_by_key(struct cx *cx, struct str key, struct auth_unit *ret)
{
    struct q_auth_unit_key row;
    enum err e = q_auth_unit_key(cx, key, &row);
    if (!e)
        *ret = UNIT_OF(cx, row);
    return e;
}

enum err auth_unit_by_id(struct cx *cx, int64_t id, struct auth_unit *ret)
{
    struct q_auth_unit_get row;
    enum err e = q_auth_unit_get(cx, id, &row);
    if (!e)
        *ret = UNIT_OF(cx, row);
    return e;
}

enum err auth_units(struct cx *cx, struct auth_unit **ret_units, size_t *ret_n)
{
    struct q_auth_unit_all *rows;
    size_t n, used = 0;
    enum err e = q_auth_unit_all(cx, &rows, &n);
    if (e)
        return e;
    *ret_units = arena_array(cx->arena, struct auth_unit, n + 1);
    for (size_t i = 0; i < n; i++)
        if (rows[i].active)
            (*ret_units)[used++] = UNIT_OF(cx, rows[i]);
    *ret_n = used;
    return ERR_OK;
}

enum err auth_units_with(struct cx *cx, unsigned roles, struct auth_unit **ret_units, size_t *ret_n)
{
    struct q_auth_units_with *rows;
    size_t n;
    enum err e = q_auth_units_with(cx, roles, &rows, &n);
    if (e)
        return e;
    *ret_units = arena_array(cx->arena, struct auth_unit, n + 1);
    for (size_t i = 0; i < n; i++)
        (*ret_units)[i] = UNIT_OF(cx, rows[i]);
    *ret_n = n;
    return ERR_OK;
}

enum err auth_unit_has(struct cx *cx, int64_t unit_id, unsigned roles, bool *ret_has)
{
    struct q_auth_unit_has row;
    enum err e = q_auth_unit_has(cx, unit_id, roles, &row);
    if (!e)
        *ret_has = row.has;
    return e;
}

enum err auth_employee_by_id(struct cx *cx, int64_t id, struct auth_employee *ret)
{
    struct q_auth_employee_get row;
    enum err e = q_auth_employee_get(cx, id, &row);
    if (!e)
        *ret = EMPLOYEE_OF(row);
    return e;
}

enum err auth_employee_by_key(struct cx *cx, struct str key, struct auth_employee *ret)
{
    struct q_auth_employee_key row;
    enum err e = q_auth_employee_key(cx, key, &row);
    if (!e)
        *ret = EMPLOYEE_OF(row);
    return e;
}

enum err auth_employees_of_unit(struct cx *cx, int64_t unit_id, struct auth_employee **ret, size_t *ret_n)
{
    struct q_auth_employees_of *rows;
    size_t n;
    enum err e = q_auth_employees_of(cx, unit_id, &rows, &n);
    if (e)
        return e;
    *ret = arena_array(cx->arena, struct auth_employee, n + 1);
    for (size_t i = 0; i < n; i++)
        (*ret)[i] = EMPLOYEE_OF(rows[i]);
    *ret_n = n;
    return ERR_OK;
}

enum err auth_employee_who(struct cx *cx, int64_t employee_id, struct str unit_key, const struct who **ret_who)
{
    struct auth_employee person;
    struct q_auth_units_of *units;
    size_t n;
    enum err e = auth_employee_by_id(cx, employee_id, &person);
    if (!e && !person.active)
        e = fail(cx, ERR_NOT_FOUND, "the employee has left");
    if (!e)
        e = q_auth_units_of(cx, employee_id, &units, &n);
    if (e)
        return e;
    struct who *w = arena_new_of(cx->arena, struct who);
    int64_t *ids = arena_array(cx->arena, int64_t, n + 1);
    *w = (struct who){.kind = WHO_EMPLOYEE,
                      .party_id = person.party_id,
                      .employee_id = employee_id,
                      .name = person.name,
                      .roles = person.roles,
                      .unit_ids = ids,
                      .n_units = n,
                      .assurance = ASSURANCE_HIGH};
    for (size_t i = 0; i < n; i++) {
        ids[i] = units[i].id;
        if (str_eq(units[i].key, unit_key) || (i == 0 && !unit_key.n)) {
            w->acting_unit_id = units[i].id;
            w->acting_unit_key = units[i].key;
            w->acting_unit_name = municipality_unit_name(cx->muni, units[i].key, cx->lang, units[i].name);
        }
    }
    if (unit_key.n && !w->acting_unit_id)
        return fail(cx, ERR_NOT_FOUND, "the employee does not work for that unit");
    *ret_who = w;
    return ERR_OK;
}

/* ---- In line with the files ---- */

static enum err sync_units(struct cx *cx)
{
    const struct municipality *m = cx->muni;
    enum err e = ERR_OK;
    for (size_t i = 0; !e && i < m->units.n; i++)
        e = q_auth_unit_put(cx, rand_id(), m->units.p[i].key, words_in(&m->units.p[i].name, m->first_lang));
    struct q_auth_unit_all *rows;
    size_t n = 0;
    if (!e)
        e = q_auth_unit_all(cx, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        if (rows[i].active && !municipality_unit(m, rows[i].key))
            e = q_auth_unit_gone(cx, rows[i].id);
    return e;
}

unsigned auth_role_of(struct str name)
{
    static const struct {
        const char *name;
        unsigned role;
    } roles[] = {{"caseworker", ROLE_CASEWORKER},
                 {"leader", ROLE_LEADER},
                 {"admin", ROLE_ADMIN},
                 {"counter", ROLE_COUNTER},
                 {"protected", ROLE_PROTECTED},
                 {"adviser", ROLE_ADVISER},
                 {"dpo", ROLE_DPO},
                 {"archivist", ROLE_ARCHIVIST}};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (str_eq_z(name, roles[i].name))
            return roles[i].role;
    return 0;
}

enum err auth_set_units(struct cx *cx, int64_t employee_id, const struct str *keys, size_t n_keys)
{
    struct q_auth_units_of *have;
    size_t n;
    enum err e = q_auth_units_of(cx, employee_id, &have, &n);
    for (size_t i = 0; !e && i < n; i++) {
        bool keep = false;
        for (size_t k = 0; k < n_keys; k++)
            keep = keep || str_eq(keys[k], have[i].key);
        if (!keep)
            e = q_auth_employee_unit_remove(cx, employee_id, have[i].id);
    }
    for (size_t k = 0; !e && k < n_keys; k++) {
        struct q_auth_unit_key unit;
        e = q_auth_unit_key(cx, keys[k], &unit);
        if (e == ERR_NOT_FOUND)
            e = ERR_OK; /* a claim may name what is no unit of ours */
        else if (!e)
            e = q_auth_employee_unit_add(cx, employee_id, unit.id);
    }
    return e;
}

static unsigned roles_of(const struct municipality_person *p)
{
    unsigned roles = 0;
    for (size_t i = 0; i < p->roles.n; i++)
        roles |= auth_role_of(p->roles.p[i]);
    return roles;
}

/* The employees of people.yaml, with their parties already found. */
struct sync {
    int64_t *party_ids; /* by index in muni->people */
};

static enum err sync_employee(struct cx *cx, const struct municipality_person *p, int64_t party_id)
{
    struct q_auth_employee_put_in in = {.id = rand_id(),
                                        .key = p->key,
                                        .name = p->name,
                                        .email = p->email.n ? p->email : (struct str){0},
                                        .phone = p->phone.n ? p->phone : (struct str){0},
                                        .party_id = {.set = party_id != 0, .v = party_id},
                                        .roles = roles_of(p)};
    struct q_auth_employee_put row;
    enum err e = q_auth_employee_put(cx, &in, &row);
    return e ? e : auth_set_units(cx, row.id, p->units.p, p->units.n);
}

/* The employee of that key in people.yaml (the demo) or in the list `staff` of municipality.yaml. */
static const struct municipality_person *listed(const struct municipality *m, struct str key)
{
    for (size_t i = 0; i < m->staff.n; i++)
        if (str_eq(m->staff.p[i].key, key))
            return &m->staff.p[i];
    return municipality_person(m, key);
}

static enum err sync_gone(struct cx *cx)
{
    struct q_auth_employee_all *rows;
    size_t n;
    enum err e = q_auth_employee_all(cx, &rows, &n);
    for (size_t i = 0; !e && i < n; i++) {
        const struct municipality_person *p = listed(cx->muni, rows[i].key);
        /* those who came by a provider ("issuer subject") are not in the file */
        if (str_find_char(rows[i].key, ' ', 0) < rows[i].key.n || (p && p->employee))
            continue;
        e = q_auth_employee_gone(cx, rows[i].id);
        if (!e)
            e = q_auth_session_end_of(cx, rows[i].id, 0);
    }
    return e;
}

static enum err write_sync(struct cx *cx, void *ctx)
{
    const struct sync *sync = ctx;
    enum err e = sync_units(cx);
    for (size_t i = 0; !e && i < cx->muni->people.n; i++)
        if (cx->muni->people.p[i].employee)
            e = sync_employee(cx, &cx->muni->people.p[i], sync->party_ids[i]);
    for (size_t i = 0; !e && i < cx->muni->staff.n; i++)
        e = sync_employee(cx, &cx->muni->staff.p[i], 0);
    return e ? e : sync_gone(cx);
}

enum err auth_sync(struct cx *cx)
{
    if (!cx->muni)
        return ERR_OK;
    const struct municipality *m = cx->muni;
    struct sync sync = {.party_ids = arena_array(cx->arena, int64_t, m->people.n + 1)};
    for (size_t i = 0; i < m->people.n; i++) {
        const struct municipality_person *p = &m->people.p[i];
        struct str name;
        if (!p->employee || !p->idno.n || !cx->auth || !cx->auth->settings.party)
            continue;
        enum err e = cx->auth->settings.party(cx, p->idno, p->name, &sync.party_ids[i], &name);
        if (e)
            return e;
    }
    return db_write(cx, write_sync, &sync);
}
