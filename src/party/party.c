#include "party_internal.h"

#include "access/access.h"
#include "i18n/i18n.h"
#include "keys/keys.h"
#include "mail/mail.h"
#include "party_store.h"
#include "search/search.h"

static struct str or_empty(struct str s)
{
    return s.p ? s : S("");
}

static struct str or_null(struct str s)
{
    return s.n ? s : (struct str){0};
}

/* ---- finding ---- */

enum err party_known_by_idno(struct cx *cx, struct str idno, int64_t *ret_id, bool *ret_found)
{
    struct str plain;
    day_t born;
    struct q_party_by_hash row;
    *ret_found = false;
    if (!party_idno_parse(cx, party_country(cx), idno, &plain, &born))
        return fail_field(cx, ERR_INVALID, S("idno"), "not an identity number");
    enum err e = q_party_by_hash(cx, keys_lookup(cx, S("idno"), plain), &row, ret_found);
    if (!e && *ret_found)
        *ret_id = row.id;
    return e;
}

struct meeting {
    struct str plain;
    day_t born;
    struct register_person person;
    const char *source;
    int64_t id;
};

static enum err put_fact(struct cx *cx, int64_t id, const char *attr, struct str value, const char *source)
{
    if (!value.n)
        return q_party_fact_drop(cx, id, str_of(attr));
    return q_party_fact_put(cx, id, str_of(attr), value, str_of(source), cx->now_us);
}

/* Reserved from digital post; and nobody has a digital mailbox before PARTY_CHILD_AGE: a letter that only a child can
   open has not arrived (law 5). */
static bool on_paper(const struct cx *cx, day_t born, const struct register_person *p)
{
    return p->reserved_digital || !party_of_age(cx, born, PARTY_CHILD_AGE);
}

static enum err put_facts(struct cx *cx, int64_t id, day_t born, const struct register_person *p, const char *source)
{
    const struct {
        const char *attr;
        struct str value;
    } facts[] = {
        {"name", p->name},
        {"street", p->street},
        {"postcode", p->postcode},
        {"city", p->city},
        {"born", civil_iso_day(cx->arena, born)},
        {"protected", p->protected_address ? S("true") : S("false")},
        {"reserved", on_paper(cx, born, p) ? S("true") : S("false")},
    };
    enum err e = ERR_OK;
    for (size_t i = 0; !e && i < sizeof facts / sizeof *facts; i++)
        e = put_fact(cx, id, facts[i].attr, facts[i].value, source);
    return e ? e : search_put(cx, S("party"), id, search_sort_by_initials(cx, id, p->name), &p->name, 1);
}

/* The row alone. *ret_made is false when somebody else was quicker; m->id is right either way. */
static enum err put_row(struct cx *cx, struct meeting *m, bool *ret_made)
{
    struct str blob;
    struct hash lookup = keys_lookup(cx, S("idno"), m->plain);
    int64_t made, id = rand_id();
    enum err e = keys_seal_text(cx, m->plain, &blob);
    if (e)
        return e;
    e = q_party_insert(cx,
                       &(struct q_party_insert_in){.id = id,
                                                   .kind = PARTY_PERSON,
                                                   .name = m->person.name,
                                                   .sort_name = text_sort_key(cx->arena, m->person.name),
                                                   .idno = blob,
                                                   .idno_hash = str_make((const char *)lookup.b, HASH_BYTES),
                                                   .idno_key = 1,
                                                   .born = opt_int(m->born),
                                                   .reserved = on_paper(cx, m->born, &m->person),
                                                   .protected = m->person.protected_address,
                                                   .email = or_null(m->person.email),
                                                   .phone = or_null(m->person.phone),
                                                   .lang = cx->lang,
                                                   .fetched_us = opt_int(cx->now_us),
                                                   .now_us = cx->now_us},
                       &made);
    *ret_made = !e && made;
    m->id = id;
    if (e || made)
        return e;
    struct q_party_by_hash row;
    bool found;
    e = q_party_by_hash(cx, lookup, &row, &found);
    if (!e && found)
        m->id = row.id;
    return e || found ? e : fail(cx, ERR_CONFLICT, "party vanished while it was made");
}

static enum err meet(struct cx *cx, void *ctx)
{
    struct meeting *m = ctx;
    bool made;
    enum err e = put_row(cx, m, &made);
    if (e || !made)
        return e;
    e = put_facts(cx, m->id, m->born, &m->person, m->source);
    if (!e)
        e = put_fact(cx, m->id, "email", m->person.email, m->source);
    return e ? e : put_fact(cx, m->id, "phone", m->person.phone, m->source);
}

enum err party_demo(struct cx *cx, struct str idno, struct str name, int64_t *ret_id)
{
    struct meeting m = {.person.name = name};
    bool made;
    if (!party_idno_parse(cx, party_country(cx), idno, &m.plain, &m.born))
        return fail(cx, ERR_INVALID, "not an identity number");
    enum err e = put_row(cx, &m, &made);
    if (!e && !made)
        e = fail(cx, ERR_DUPLICATE, "the fictional people are here already");
    if (!e)
        *ret_id = m.id;
    return e;
}

/* `name`: what to call a person the register does not know; empty: then there is no such person. */
static enum err find_or_meet(struct cx *cx, struct str idno, struct str name, int64_t *ret_id)
{
    struct meeting m = {.source = "register"};
    struct q_party_by_hash row;
    bool found;
    if (!party_idno_parse(cx, party_country(cx), idno, &m.plain, &m.born))
        return fail_field(cx, ERR_INVALID, S("idno"), "not an identity number");
    enum err e = q_party_by_hash(cx, keys_lookup(cx, S("idno"), m.plain), &row, &found);
    if (e)
        return e;
    if (found) {
        *ret_id = row.id;
        return ERR_OK;
    }
    e = register_fetch(cx, m.plain, &m.person, &found);
    if (e)
        return e;
    if (!found && !name.n)
        return fail(cx, ERR_NOT_FOUND, "the register does not know this person");
    if (!found) {
        m.person = (struct register_person){.name = name};
        m.source = "login";
    }
    e = db_write(cx, meet, &m);
    if (!e)
        *ret_id = m.id;
    return e;
}

enum err party_by_idno(struct cx *cx, struct str idno, int64_t *ret_id)
{
    return find_or_meet(cx, idno, S(""), ret_id);
}

/* One who was met as a child has paper (on_paper): now that they are old enough, the register says what they have. */
static enum err grown_up(struct cx *cx, int64_t id)
{
    struct q_party_row r;
    bool found;
    enum err e = q_party_row(cx, id, &r, &found);
    if (e || !found || !r.reserved || !r.born.set || !r.fetched_us.set)
        return e;
    int64_t child_until_us = party_child_until((day_t)r.born.v);
    return r.fetched_us.v < child_until_us && child_until_us <= cx->now_us ? party_refresh(cx, id) : ERR_OK;
}

enum err party_login_hook(struct cx *cx, struct str idno, struct str name, int64_t *ret_id, struct str *ret_name)
{
    enum err e = find_or_meet(cx, idno, name, ret_id);
    if (!e && (grown_up(cx, *ret_id) ||
               party_relations_again(cx, *ret_id))) { /* a register that does not answer keeps nobody out */
        log_line(cx, LOG_WARN, "relations", "error=\"%" PRI_STR "\"", STR_ARG(cx->fail.detail));
        cx->fail = (struct fail){0};
    }
    return e ? e : party_name(cx, *ret_id, ret_name);
}

/* ---- showing ---- */

bool party_address_open(const struct cx *cx, int64_t id)
{
    const struct who *w = cx->who;
    return w->kind == WHO_SYSTEM || (w->kind == WHO_PARTY && w->party_id == id) ||
           (w->kind == WHO_EMPLOYEE && auth_has(w, ROLE_PROTECTED));
}

static struct str fact_value(const struct party_facts *facts, const char *attr)
{
    for (size_t i = 0; i < facts->rows.n; i++)
        if (str_eq_z(facts->rows.p[i].attr, attr))
            return facts->rows.p[i].value;
    return S("");
}

static void put_address(struct cx *cx, const struct party_facts *facts, struct party *p)
{
    p->street = fact_value(facts, "street");
    p->postcode = fact_value(facts, "postcode");
    p->city = fact_value(facts, "city");
    if (p->street.n)
        p->address[p->n_address++] = p->street;
    if (p->city.n || p->postcode.n)
        p->address[p->n_address++] = str_trim(str_fmt(cx->arena, "%.*s %.*s", STR_ARG(p->postcode), STR_ARG(p->city)));
    struct str country = fact_value(facts, "country");
    if (country.n)
        p->address[p->n_address++] = country;
}

/* Day, month and year are no secret; the rest of the number is. */
static struct str masked(struct cx *cx, struct str idno)
{
    return str_fmt(cx->arena, "%.*s-%s", STR_ARG(str_slice(idno, 0, 6)), idno.n == 11 ? "•••••" : "••••");
}

static enum err get_row(struct cx *cx, int64_t id, struct q_party_row *ret)
{
    bool found;
    enum err e = q_party_row(cx, id, ret, &found);
    return e || found ? e : fail(cx, ERR_NOT_FOUND, "no such party");
}

static enum err facts_of(struct cx *cx, int64_t id, bool open, struct party_facts *ret)
{
    static const char *const hidden[] = {"street", "postcode", "city", "country", "phone"};
    struct q_party_fact_list *rows;
    size_t n;
    enum err e = q_party_fact_list(cx, id, &rows, &n);
    *ret = (struct party_facts){0};
    for (size_t i = 0; !e && i < n; i++) {
        bool hide = false;
        for (size_t k = 0; !open && k < sizeof hidden / sizeof *hidden; k++)
            hide |= str_eq_z(rows[i].attr, hidden[k]);
        if (!hide)
            vec_add(cx->arena, &ret->rows,
                    (struct party_fact){rows[i].attr, rows[i].value, rows[i].source, rows[i].fetched_us});
    }
    return e;
}

static enum err get_in_snapshot(struct cx *cx, void *ctx)
{
    struct party *p = ctx;
    struct q_party_row r;
    struct party_facts facts;
    enum err e = get_row(cx, p->id, &r);
    if (e)
        return e;
    bool open = !r.protected || party_address_open(cx, r.id);
    e = facts_of(cx, r.id, open, &facts);
    if (e)
        return e;
    *p = (struct party){.id = r.id,
                        .version = r.version,
                        .kind = (enum party_kind)r.kind,
                        .name = r.name,
                        .address_masked = !open,
                        .source = S("register"),
                        .fetched_us = r.fetched_us.v,
                        .email = or_empty(r.email),
                        .phone = open ? or_empty(r.phone) : S(""),
                        .reserved_digital = r.reserved,
                        .protected_address = r.protected,
                        .born_known = r.born.set,
                        .born = (day_t)r.born.v,
                        .has_idno = r.idno.p != NULL,
                        .lang = (enum lang)r.lang};
    for (size_t i = 0; i < facts.rows.n; i++)
        if (str_eq_z(facts.rows.p[i].attr, "name"))
            p->source = facts.rows.p[i].source;
    put_address(cx, &facts, p);
    if (p->has_idno) {
        struct str idno;
        e = keys_open_text(cx, r.idno, &idno);
        p->idno_masked = e ? S("") : masked(cx, idno);
    }
    return e;
}

enum err party_get(struct cx *cx, int64_t id, struct party *ret)
{
    struct party p = {.id = id};
    enum err e = db_read(cx, get_in_snapshot, &p);
    if (!e)
        *ret = p;
    return e;
}

enum err party_name(struct cx *cx, int64_t id, struct str *ret)
{
    struct q_party_row r;
    if (!id) {
        *ret = S("");
        return ERR_OK;
    }
    enum err e = get_row(cx, id, &r);
    if (!e)
        *ret = r.name;
    return e;
}

enum err party_notice(struct cx *cx, int64_t id, struct str *ret_email, enum lang *ret_lang)
{
    struct q_party_row r;
    enum err e = get_row(cx, id, &r);
    if (e)
        return e;
    *ret_email = r.reserved ? S("") : or_empty(r.email);
    *ret_lang = (enum lang)r.lang;
    return ERR_OK;
}

enum err party_idno_open(struct cx *cx, int64_t id, struct str *ret)
{
    struct q_party_row r;
    enum err e = get_row(cx, id, &r);
    if (e)
        return e;
    return r.idno.p ? keys_open_text(cx, r.idno, ret) : fail(cx, ERR_NOT_FOUND, "the party has no identity number");
}

enum err party_idno(struct cx *cx, int64_t id, struct str *ret)
{
    if (cx->who->kind != WHO_SYSTEM)
        return fail(cx, ERR_FORBIDDEN, "only the program itself uses identity numbers in clear");
    return party_idno_open(cx, id, ret);
}

enum err party_idno_masked(struct cx *cx, int64_t id, struct str *ret)
{
    struct str idno;
    enum err e = party_idno_open(cx, id, &idno);
    if (!e)
        *ret = masked(cx, idno);
    return e;
}

struct facts_ask {
    int64_t id;
    struct party_facts *ret;
};

static enum err facts_in_snapshot(struct cx *cx, void *ctx)
{
    struct facts_ask *ask = ctx;
    struct q_party_row r;
    enum err e = get_row(cx, ask->id, &r);
    return e ? e : facts_of(cx, ask->id, !r.protected || party_address_open(cx, ask->id), ask->ret);
}

enum err party_facts(struct cx *cx, int64_t id, struct party_facts *ret)
{
    return db_read(cx, facts_in_snapshot, &(struct facts_ask){id, ret});
}

/* ---- changing ---- */

static enum err store_refresh(struct cx *cx, void *ctx)
{
    struct meeting *m = ctx;
    int64_t n;
    enum err e = q_party_update_register(
        cx,
        &(struct q_party_update_register_in){.id = m->id,
                                             .name = m->person.name,
                                             .sort_name = text_sort_key(cx->arena, m->person.name),
                                             .born = opt_int(m->born),
                                             .reserved = on_paper(cx, m->born, &m->person),
                                             .protected = m->person.protected_address,
                                             .fetched_us = cx->now_us},
        &n);
    if (e)
        return e;
    return n ? put_facts(cx, m->id, m->born, &m->person, m->source) : fail(cx, ERR_NOT_FOUND, "no such party");
}

/* What the register says now of a party with a number. Outside transactions. */
static enum err ask_again(struct cx *cx, int64_t id, struct meeting *ret)
{
    struct str idno;
    bool found;
    *ret = (struct meeting){.id = id, .source = "register"};
    enum err e = party_idno_open(cx, id, &idno);
    if (e)
        return e;
    if (!party_idno_parse(cx, party_country(cx), idno, &ret->plain, &ret->born))
        return fail(cx, ERR_INTERNAL, "a stored identity number is none");
    e = register_fetch(cx, ret->plain, &ret->person, &found);
    return e || found ? e : fail(cx, ERR_NOT_FOUND, "the register does not know this person");
}

enum err party_refresh(struct cx *cx, int64_t id)
{
    struct meeting m;
    enum err e = ask_again(cx, id, &m);
    return e ? e : db_write(cx, store_refresh, &m);
}

bool party_is_household(struct str attr)
{
    return str_eq_z(attr, "income") || str_eq_z(attr, "children") || str_eq_z(attr, "single");
}

static enum err store_household(struct cx *cx, void *ctx)
{
    const struct meeting *m = ctx;
    enum err e = put_fact(cx, m->id, "income", m->person.income, "income");
    if (!e)
        e = put_fact(cx, m->id, "children", m->person.children, "register");
    return e ? e : put_fact(cx, m->id, "single", m->person.single, "register");
}

enum err party_fetch_household(struct cx *cx, int64_t id)
{
    struct meeting m;
    enum err e = ask_again(cx, id, &m);
    return e ? e : db_write(cx, store_household, &m);
}

struct contact_change {
    int64_t id;
    const struct party_contact *contact;
};

static enum err store_contact(struct cx *cx, void *ctx)
{
    const struct contact_change *c = ctx;
    int64_t n;
    enum err e = q_party_update_contact(cx, c->id, c->contact->version, or_null(c->contact->email),
                                        or_null(c->contact->phone), &n);
    if (e)
        return e;
    if (!n)
        return fail(cx, ERR_CONFLICT, "the party was changed meanwhile");
    e = put_fact(cx, c->id, "email", c->contact->email, "self");
    return e ? e : put_fact(cx, c->id, "phone", c->contact->phone, "self");
}

/* E.164 in the widest sense: a plus, digits, blanks; 6 to 15 digits. */
static bool phone_ok(struct str phone)
{
    size_t digits = 0;
    for (size_t i = 0; i < phone.n; i++) {
        if (phone.p[i] >= '0' && phone.p[i] <= '9')
            digits++;
        else if (phone.p[i] != ' ' && !(phone.p[i] == '+' && i == 0))
            return false;
    }
    return digits >= 6 && digits <= 15;
}

enum err party_set_contact(struct cx *cx, int64_t id, const struct party_contact *contact)
{
    if (cx->who->kind != WHO_PARTY || cx->who->party_id != id)
        return fail(cx, ERR_FORBIDDEN, "only the party itself");
    if (contact->email.n && !mail_address_ok(contact->email))
        return fail_field(cx, ERR_INVALID, S("email"), "not an e-mail address");
    if (contact->phone.n && !phone_ok(contact->phone))
        return fail_field(cx, ERR_INVALID, S("phone"), "not a telephone number");
    return db_write(cx, store_contact, &(struct contact_change){id, contact});
}

struct lang_change {
    int64_t id;
    enum lang lang;
};

static enum err store_lang(struct cx *cx, void *ctx)
{
    const struct lang_change *c = ctx;
    return q_party_update_lang(cx, c->id, c->lang);
}

enum err party_set_lang(struct cx *cx, int64_t id, enum lang lang)
{
    return db_write(cx, store_lang, &(struct lang_change){id, lang});
}

struct organisation {
    struct str number, name;
    int64_t id;
};

static enum err store_organisation(struct cx *cx, void *ctx)
{
    struct organisation *o = ctx;
    struct q_party_by_orgno row;
    bool found;
    int64_t made, id = rand_id();
    enum err e = q_party_insert(cx,
                                &(struct q_party_insert_in){.id = id,
                                                            .kind = PARTY_ORGANISATION,
                                                            .name = o->name,
                                                            .sort_name = text_sort_key(cx->arena, o->name),
                                                            .orgno = o->number,
                                                            .lang = cx->lang,
                                                            .now_us = cx->now_us},
                                &made);
    if (!e && made)
        e = search_put(cx, S("party"), id, search_sort_by_initials(cx, id, o->name), &o->name, 1);
    if (!e)
        e = q_party_by_orgno(cx, o->number, &row, &found);
    if (!e)
        o->id = row.id;
    return e;
}

enum err party_organisation(struct cx *cx, struct str number, struct str name, int64_t *ret_id)
{
    int64_t value;
    size_t want = str_eq_z(party_country(cx), "dk") ? 8 : 9;
    if (number.n != want || !str_to_i64(number, &value) || value < 0)
        return fail_field(cx, ERR_INVALID, S("number"), "not the number of an organisation");
    struct organisation o = {number, name, 0};
    enum err e = db_write(cx, store_organisation, &o);
    if (!e)
        *ret_id = o.id;
    return e;
}

/* ---- keys ---- */

enum err party_keys_reseal(struct cx *cx, struct keys_batch *batch)
{
    struct q_party_idno_after *rows;
    size_t n;
    enum err e = q_party_idno_after(cx, batch->after, batch->limit, &rows, &n);
    batch->last = batch->after;
    batch->more = !e && (int64_t)n == batch->limit;
    for (size_t i = 0; !e && i < n; i++) {
        struct str blob;
        bool changed;
        batch->last = rows[i].id;
        e = keys_reseal_text(cx, rows[i].idno, &blob, &changed);
        if (!e && changed)
            e = q_party_idno_reseal(cx, rows[i].id, blob);
    }
    return e;
}
