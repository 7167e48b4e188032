/* Law 11, the asking: who else must sign what was sent, by the registers; and how they are told. */
#include "casefile_internal.h"
#include "mail/mail.h"

/* ---- who ---- */

/* Whose application it is, and the person who sends it, who may be a holder of a mandate: neither is the other. */
static bool is_first(const struct cx *cx, const struct form_cosign *who, int64_t party_id)
{
    return party_id == who->party_id || (cx->who->kind == WHO_PARTY && party_id == cx->who->party_id);
}

static struct db_ints others_of(struct cx *cx, const struct form_cosign *who, struct db_ints people)
{
    int64_t *ids = arena_array(cx->arena, int64_t, people.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < people.n; i++)
        if (!is_first(cx, who, people.p[i]))
            ids[n++] = people.p[i];
    return (struct db_ints){ids, n};
}

static struct db_ints one(struct cx *cx, int64_t party_id)
{
    int64_t *id = arena_array(cx->arena, int64_t, 1);
    *id = party_id;
    return (struct db_ints){id, 1};
}

static void add_place(struct cx *cx, struct sign_places *to, struct str name, struct db_ints people)
{
    vec_add(cx->arena, &to->rows, (struct sign_place){name, people});
}

/* The child sends it, or somebody who has custody of the child. */
static bool is_of_the_family(const struct cx *cx, const struct form_cosign *who, struct db_ints custodians)
{
    bool is = is_first(cx, who, who->person_id);
    for (size_t i = 0; i < custodians.n; i++)
        is |= is_first(cx, who, custodians.p[i]);
    return is;
}

/* Each of the others who have custody. The number of the child was typed: it tells a stranger nothing and has nobody
   written to (law 9); then, and when the register knows of no custody, an employee looks. */
static enum err from_custody(struct cx *cx, const struct form_cosign *who, struct sign_places *ret)
{
    struct db_ints people;
    struct str name;
    enum err e = party_related(cx, PARTY_CUSTODIANS, who->person_id, S(""), &people, &name);
    if (e)
        return e;
    if (!is_of_the_family(cx, who, people)) {
        add_place(cx, ret, S(""), (struct db_ints){0});
        return ERR_OK;
    }
    struct db_ints others = others_of(cx, who, people);
    if (!people.n)
        add_place(cx, ret, S(""), (struct db_ints){0});
    for (size_t i = 0; i < others.n; i++)
        add_place(cx, ret, S(""), one(cx, others.p[i]));
    return ERR_OK;
}

/* A spouse signs for himself, also when he sends by a mandate. */
static enum err from_marriage(struct cx *cx, const struct form_cosign *who, struct sign_places *ret)
{
    struct db_ints people;
    struct str name;
    enum err e = party_related(cx, PARTY_SPOUSE, who->party_id, S(""), &people, &name);
    for (size_t i = 0; !e && i < people.n; i++)
        add_place(cx, ret, S(""), one(cx, people.p[i]));
    return e;
}

/* One of the others who may sign for it. Who alone may needs nobody else. */
static enum err from_organisation(struct cx *cx, const struct form_cosign *who, struct sign_places *ret)
{
    struct db_ints people;
    struct str name;
    enum err e = party_related(cx, PARTY_SIGNATORIES, 0, who->orgno, &people, &name);
    if (e)
        return e;
    struct db_ints others = others_of(cx, who, people);
    if (others.n || !people.n)
        add_place(cx, ret, name.n ? name : who->orgno, others);
    return ERR_OK;
}

enum err sign_places(struct cx *cx, const struct form_cosign *who, struct sign_places *ret)
{
    *ret = (struct sign_places){.service = who->service};
    if (!who->service || !who->named)
        return ERR_OK;
    switch (who->service->cosign.by) {
    case COSIGN_CUSTODY:
        return from_custody(cx, who, ret);
    case COSIGN_SPOUSE:
        return from_marriage(cx, who, ret);
    case COSIGN_PERSON: /* one is not the other who signs, whatever number one types: an employee looks */
        add_place(cx, ret, S(""), is_first(cx, who, who->person_id) ? (struct db_ints){0} : one(cx, who->person_id));
        return ERR_OK;
    case COSIGN_ORGANISATION:
        return from_organisation(cx, who, ret);
    case COSIGN_NONE:
    case COSIGNER_COUNT:
        break;
    }
    return ERR_OK;
}

void sign_places_by_post(struct cx *cx, const struct service_version *service, struct sign_places *ret)
{
    *ret = (struct sign_places){.service = service};
    if (service->cosign.by)
        add_place(cx, ret, S(""), (struct db_ints){0});
}

/* ---- asking ---- */

/* "Oskar Bech", or the organisation they sign for. Whose number was typed is not named by the register. */
static enum err place_name(struct cx *cx, enum service_cosigner by, const struct sign_place *p, struct str *ret)
{
    *ret = by == COSIGN_PERSON ? record_language_text(cx, T_casefile_sign_whose_number) : p->name;
    return ret->n || !p->people.n ? ERR_OK : party_name(cx, p->people.p[0], ret);
}

static enum err ask_one(struct cx *cx, const struct q_casefile_signature_insert_in *row, const struct sign_place *place,
                        int64_t received_us)
{
    struct str name;
    enum err e = q_casefile_signature_insert(cx, row);
    for (size_t i = 0; !e && i < place->people.n; i++) {
        e = q_casefile_signer_insert(cx, row->id, place->people.p[i], row->casefile_id);
        if (!e) /* whoever signs it does not handle it (law 7) */
            e = q_casefile_reach_put(cx, &(struct q_casefile_reach_put_in){.casefile_id = row->casefile_id,
                                                                           .kind = 4,
                                                                           .ref = place->people.p[i],
                                                                           .via = row->id,
                                                                           .from_us = 0,
                                                                           .until_us = INT64_MAX,
                                                                           .sort_us = received_us});
    }
    if (!e)
        e = place_name(cx, (enum service_cosigner)row->kind, place, &name);
    if (e)
        return e;
    struct buf b = buf_make(cx->arena);
    struct json_out o = json_out_make(&b);
    json_begin_object(&o);
    json_key(&o, "signer");
    json_str(&o, name);
    json_key(&o, "day");
    json_i64(&o, civil_day_of_us(row->until_us - 1));
    json_end(&o);
    return casefile_event_add(cx,
                              &(struct casefile_event_new){.casefile_id = row->casefile_id,
                                                           .kind = place->people.n ? S("sign_asked") : S("sign_nobody"),
                                                           .params = buf_str(&b)});
}

enum err sign_ask(struct cx *cx, int64_t casefile_id, const struct sign_places *places, const struct hash *hash,
                  int64_t received_us)
{
    bool asked = false;
    enum err e = ERR_OK;
    if (!places->rows.n)
        return ERR_OK;
    int64_t until_us = civil_day_start_us(civil_day_of_us(cx->now_us) + places->service->cosign.days + 1);
    for (size_t i = 0; !e && i < places->rows.n; i++) {
        const struct sign_place *p = &places->rows.p[i];
        struct q_casefile_signature_insert_in row = {.id = rand_id(),
                                                     .casefile_id = casefile_id,
                                                     .number = (int64_t)i + 1,
                                                     .kind = places->service->cosign.by,
                                                     .name = p->name,
                                                     .hash = hash ? str_make((const char *)hash->b, HASH_BYTES)
                                                                  : (struct str){0},
                                                     .asked_us = cx->now_us,
                                                     .until_us = until_us,
                                                     .state = p->people.n ? CASEFILE_SIGN_WAITS : CASEFILE_SIGN_NOBODY};
        asked |= p->people.n > 0;
        e = ask_one(cx, &row, p, received_us);
    }
    if (e || !asked)
        return e;
    struct str key = str_fmt(cx->arena, "%lld", (long long)casefile_id);
    return job_add(cx, &(struct job_new){.kind = S(CASEFILE_JOB_SIGN),
                                         .key = key,
                                         .payload = str_fmt(cx->arena, "{\"casefile\":%.*s}", STR_ARG(key)),
                                         .run_at_us = until_us});
}

/* ---- telling ---- */

static const struct {
    enum text subject, mail, letter;
} news_words[] = {
    [SIGN_NEWS_ASKED] = {T_casefile_sign_mail_subject, T_casefile_sign_mail_text, T_casefile_sign_letter_asked},
    [SIGN_NEWS_REMINDED] = {T_casefile_sign_mail_subject, T_casefile_sign_mail_text, T_casefile_sign_letter_reminded},
    [SIGN_NEWS_OVER] = {T_casefile_sign_over_subject, T_casefile_sign_over_text, T_casefile_sign_letter_over},
};

static enum err mail_one(struct cx *cx, const struct casefile *c, enum sign_news news, struct str email, struct str key,
                         enum lang lang)
{
    struct str name = cx->muni ? cx->muni->name : S("");
    return mail_queue(
        cx, &(struct mail_new){.to = email,
                               .subject = i18n_fmt(cx, news_words[news].subject, ARG("municipality", name)),
                               .text = i18n_fmt(cx, news_words[news].mail, ARG("municipality", name),
                                                ARG("web", cx->muni ? cx->muni->web : S(""))),
                               .key = str_fmt(cx->arena, "casefile-%lld-sign-%.*s", (long long)c->id, STR_ARG(key)),
                               .lang = lang});
}

/* A letter is closed: it says what an e-mail must not. */
static enum err letter_one(struct cx *cx, const struct casefile *c, enum sign_news news, int64_t party_id,
                           int64_t until_us)
{
    struct str from;
    enum err e = party_name(cx, c->party_id, &from);
    struct str text =
        i18n_fmt(cx, news_words[news].letter, ARG("name", from),
                 ARG("service", title_text(cx, cx->lang, c->service_version_id, c->title)),
                 ARG("day", i18n_day(cx, civil_day_of_us(until_us - 1))), ARG("web", cx->muni ? cx->muni->web : S("")));
    return e ? e
             : casefile_on_paper(cx, &(struct casefile_news){.casefile_id = c->id, .party_id = party_id, .text = text});
}

static enum err tell_one(struct cx *cx, const struct casefile *c, enum sign_news news, int64_t party_id,
                         int64_t until_us, struct str once)
{
    struct str email;
    enum lang lang, before = cx->lang;
    enum err e = party_notice(cx, party_id, &email, &lang);
    if (e)
        return e;
    cx->lang = lang;
    e = mail_address_ok(email)
            ? mail_one(cx, c, news, email, str_fmt(cx->arena, "%lld-%.*s", (long long)party_id, STR_ARG(once)), lang)
            : letter_one(cx, c, news, party_id, until_us);
    cx->lang = before;
    return e;
}

enum err sign_tell(struct cx *cx, const struct casefile *c, enum sign_news news, struct str once)
{
    struct q_casefile_signature_list *rows;
    struct q_casefile_signer_list *people;
    size_t n, n_people;
    enum err e = q_casefile_signature_list(cx, c->id, &rows, &n);
    for (size_t i = 0; !e && i < n; i++) {
        if (rows[i].state != CASEFILE_SIGN_WAITS)
            continue;
        e = q_casefile_signer_list(cx, rows[i].id, &people, &n_people);
        for (size_t k = 0; !e && k < n_people; k++)
            e = tell_one(cx, c, news, people[k].party_id, rows[i].until_us, once);
    }
    return e;
}

enum err sign_over(struct cx *cx, const struct casefile *c, bool keep)
{
    int64_t n;
    enum err e = sign_tell(cx, c, SIGN_NEWS_OVER, S("over"));
    if (!e)
        e = q_casefile_signature_lapse(cx, c->id, cx->now_us, &n);
    return e || keep ? e : form_submission_forget(cx, c->draft_id);
}
