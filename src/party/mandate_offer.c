/* How a person gives a mandate: an offer to whoever has that number and that name. It is looked up when one logs in,
   not when it is typed, so that nothing can be found out by typing. */
#include "access/access.h"
#include "i18n/i18n.h"
#include "jobs/jobs.h"
#include "keys/keys.h"
#include "party_internal.h"
#include "party_store.h"

bool party_name_fits(struct cx *cx, struct str typed, struct str name)
{
    struct str words = text_fold(cx->arena, typed), known = text_fold(cx->arena, name), word, w, last = {0};
    size_t n = 0;
    bool has_last = false;
    for (struct str rest = known; rest.n && str_cut(&rest, ' ', &w);)
        last = w;
    while (words.n && str_cut(&words, ' ', &word)) {
        bool there = false;
        for (struct str rest = known; rest.n && str_cut(&rest, ' ', &w);)
            there |= str_eq(w, word);
        if (!there)
            return false;
        has_last |= str_eq(word, last);
        n++;
    }
    return n >= 2 && has_last;
}

bool party_of_age(const struct cx *cx, int64_t born, int years)
{
    int year, month, day;
    civil_from_day(civil_day_of_us(cx->now_us), &year, &month, &day);
    if (month == 2 && day == 29) /* born on a leap day: of age on the first of March in other years */
        day = 28;
    return born <= civil_to_day(year - years, month, day);
}

static enum err row_of(struct cx *cx, int64_t party_id, struct q_party_row *ret)
{
    bool found;
    enum err e = q_party_row(cx, party_id, ret, &found);
    return e || found ? e : fail(cx, ERR_NOT_FOUND, "no such party");
}

/* ---- offering ---- */

enum err party_terms_ok(struct cx *cx, struct str name, int64_t until_us)
{
    struct str words = text_fold(cx->arena, name), word;
    size_t n = 0;
    while (words.n && str_cut(&words, ' ', &word))
        n++;
    if (n < 2)
        return fail_field(cx, ERR_INVALID, S("name"), "first and last name");
    int year, month, day;
    civil_from_day(civil_day_of_us(cx->now_us), &year, &month, &day);
    day_t last = civil_to_day(year + PARTY_MANDATE_YEARS, month, month == 2 && day == 29 ? 28 : day);
    if (until_us <= cx->now_us || until_us > civil_day_start_us(last + 1))
        return fail_field(cx, ERR_INVALID, S("until"), "from today, for at most %d years", PARTY_MANDATE_YEARS);
    return ERR_OK;
}

struct offering {
    const struct party_offer_new *new;
    struct hash holder;
    int64_t id;
};

static enum err store_offer(struct cx *cx, void *ctx)
{
    struct offering *o = ctx;
    struct q_party_offers_since made;
    struct q_party_lock lock;
    bool found;
    o->id = rand_id();
    enum err e = q_party_lock(cx, cx->who->party_id, &lock, &found);
    if (!e)
        e = q_party_offers_since(cx, cx->who->party_id, cx->now_us - DAY_US, &made);
    if (!e && made.n >= PARTY_OFFERS_A_DAY)
        e = fail(cx, ERR_CONFLICT, "%d offers a day", PARTY_OFFERS_A_DAY);
    if (!e)
        e = q_party_offer_insert(
            cx, &(struct q_party_offer_insert_in){.id = o->id,
                                                  .giver_id = cx->who->party_id,
                                                  .holder_hash = o->holder,
                                                  .holder_name = str_trim(o->new->name),
                                                  .scope = o->new->scope,
                                                  .act = o->new->act,
                                                  .until_us = o->new->until_us,
                                                  .now_us = cx->now_us,
                                                  .expires_us = cx->now_us + PARTY_OFFER_DAYS *DAY_US});
    /* always a job, also when nobody is there to be told: the time this takes says nothing either */
    return e ? e
             : job_add(cx, &(struct job_new){.kind = S(PARTY_JOB_OFFER),
                                             .key = str_fmt(cx->arena, "%lld", (long long)o->id)});
}

static enum err check(struct cx *cx, const struct party_offer_new *offer, struct hash *ret_holder)
{
    struct q_party_row me;
    struct q_party_idno_hash own;
    struct str plain;
    day_t born;
    bool found;
    if (cx->who->kind != WHO_PARTY || !cx->who->party_id)
        return fail(cx, ERR_FORBIDDEN, "a mandate is given by the person itself");
    enum err e = row_of(cx, cx->who->party_id, &me);
    if (!e && me.born.set && !party_of_age(cx, me.born.v, PARTY_GIVER_AGE))
        e = fail(cx, ERR_FORBIDDEN, "not old enough to give a mandate");
    if (!e && !party_idno_parse(cx, party_country(cx), offer->idno, &plain, &born))
        e = fail_field(cx, ERR_INVALID, S("idno"), "not an identity number");
    if (!e)
        e = party_terms_ok(cx, offer->name, offer->until_us);
    if (e)
        return e;
    *ret_holder = keys_lookup(cx, S("idno"), plain);
    e = q_party_idno_hash(cx, cx->who->party_id, &own, &found);
    if (!e && found && hash_eq(party_hash(own.idno_hash), *ret_holder))
        e = fail_field(cx, ERR_INVALID, S("idno"), "somebody else must hold the mandate");
    return e;
}

enum err party_offer_check(struct cx *cx, const struct party_offer_new *offer)
{
    struct hash holder;
    return check(cx, offer, &holder);
}

enum err party_offer(struct cx *cx, const struct party_offer_new *offer, int64_t *ret_id)
{
    struct offering o = {.new = offer};
    enum err e = check(cx, offer, &o.holder);
    if (!e)
        e = db_write(cx, store_offer, &o);
    if (!e)
        *ret_id = o.id;
    return e;
}

/* ---- seeing ---- */

#define OFFER_OF(r) \
    ((struct party_offer_row){.id = (r).id, \
                              .giver_id = (r).giver_id, \
                              .giver_name = (r).giver_name, \
                              .holder_name = (r).holder_name, \
                              .scope = (r).scope, \
                              .act = (r).act, \
                              .until_us = (r).until_us, \
                              .offered_us = (r).offered_us, \
                              .expires_us = (r).expires_us, \
                              .answer = (enum party_offer_answer)(r).answer, \
                              .answered_us = (r).answered_us})

static enum err made(struct cx *cx, bool over_too, struct party_offers *ret)
{
    struct q_party_offers_of_giver *rows;
    size_t n;
    *ret = (struct party_offers){0};
    enum err e = q_party_offers_of_giver(cx, party_self(cx), over_too, cx->now_us, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &ret->rows, OFFER_OF(rows[i]));
    return e;
}

/* One that she has answered was hers to see then, whatever she is called now. */
static enum err got(struct cx *cx, bool over_too, struct party_offers *ret)
{
    struct q_party_offers_to *rows;
    struct q_party_idno_hash own;
    struct q_party_row me;
    bool found;
    size_t n = 0;
    *ret = (struct party_offers){0};
    if (cx->who->kind != WHO_PARTY)
        return ERR_OK;
    enum err e = row_of(cx, cx->who->party_id, &me);
    ret->too_young = !e && me.born.set && !party_of_age(cx, me.born.v, PARTY_HOLDER_AGE);
    if (!e)
        e = q_party_idno_hash(cx, cx->who->party_id, &own, &found);
    if (!e && own.idno_hash.p)
        e = q_party_offers_to(cx, party_hash(own.idno_hash), over_too, cx->now_us, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        if (rows[i].answer != PARTY_OFFER_WAITS || party_name_fits(cx, rows[i].holder_name, me.name))
            vec_add(cx->arena, &ret->rows, OFFER_OF(rows[i]));
    return e;
}

enum err party_offers_made(struct cx *cx, struct party_offers *ret)
{
    return made(cx, false, ret);
}

enum err party_offers_got(struct cx *cx, struct party_offers *ret)
{
    return got(cx, false, ret);
}

enum err party_offers_held(struct cx *cx, struct party_offers *ret_made, struct party_offers *ret_got)
{
    enum err e = made(cx, true, ret_made);
    return e ? e : got(cx, true, ret_got);
}

/* ---- answering ---- */

struct answering {
    int64_t id;
    enum party_offer_answer answer;
};

static enum err answer_once(struct cx *cx, const struct answering *a)
{
    int64_t n;
    enum err e = q_party_offer_answer(cx, a->id, a->answer, cx->now_us, &n);
    return e || n ? e : fail(cx, ERR_NOT_FOUND, "the offer was answered or taken back");
}

static enum err write_answer(struct cx *cx, void *ctx)
{
    const struct answering *a = ctx;
    struct party_offers all;
    const struct party_offer_row *o = NULL;
    enum err e = party_offers_got(cx, &all);
    for (size_t i = 0; !e && i < all.rows.n; i++)
        if (all.rows.p[i].id == a->id && all.rows.p[i].until_us > cx->now_us)
            o = &all.rows.p[i];
    if (!e && !o)
        e = fail(cx, ERR_NOT_FOUND, "no such offer to this person");
    if (!e && a->answer == PARTY_OFFER_ACCEPTED && all.too_young)
        e = fail(cx, ERR_FORBIDDEN, "who acts for another must be of age");
    if (!e)
        e = answer_once(cx, a);
    if (!e && a->answer == PARTY_OFFER_ACCEPTED)
        e = party_mandate_store(cx,
                                &(struct party_mandate){.id = rand_id(),
                                                        .giver_id = o->giver_id,
                                                        .holder_id = cx->who->party_id,
                                                        .scope = o->scope,
                                                        .act = o->act,
                                                        .basis = PARTY_BASIS_SELF,
                                                        .from_us = cx->now_us,
                                                        .until_us = opt_int(o->until_us)},
                                0);
    if (e)
        return e;
    /* what the giver typed, not what the register says: a protected name is nobody's to learn by offering */
    struct party_message told = {.party_id = o->giver_id,
                                 .kind = a->answer == PARTY_OFFER_ACCEPTED ? PARTY_NEWS_ACCEPTED : PARTY_NEWS_DECLINED,
                                 .other = o->holder_name,
                                 .scope = o->scope,
                                 .act = o->act,
                                 .until_us = opt_int(o->until_us)};
    return party_tell(cx, &told);
}

enum err party_offer_answer(struct cx *cx, int64_t id, bool yes)
{
    return db_write(cx, write_answer, &(struct answering){id, yes ? PARTY_OFFER_ACCEPTED : PARTY_OFFER_DECLINED});
}

static enum err write_take_back(struct cx *cx, void *ctx)
{
    const struct answering *a = ctx;
    struct q_party_offer_get row;
    bool found;
    enum err e = q_party_offer_get(cx, a->id, &row, &found);
    if (!e && (!found || cx->who->kind != WHO_PARTY || row.giver_id != cx->who->party_id))
        e = fail(cx, ERR_NOT_FOUND, "no such offer of this person");
    return e ? e : answer_once(cx, a);
}

enum err party_offer_take_back(struct cx *cx, int64_t id)
{
    return db_write(cx, write_take_back, &(struct answering){id, PARTY_OFFER_TAKEN_BACK});
}

/* ---- telling the one it is offered to ---- */

struct telling {
    struct job *job;
    int64_t id;
};

static enum err tell(struct cx *cx, void *ctx)
{
    const struct telling *t = ctx;
    struct q_party_offer_get o;
    struct q_party_by_hash holder;
    bool found, known = false;
    enum err e = q_party_offer_get(cx, t->id, &o, &found);
    if (!e && found && o.answer == PARTY_OFFER_WAITS)
        e = q_party_by_hash(cx, party_hash(o.holder_hash), &holder, &known);
    if (!e && known && party_name_fits(cx, o.holder_name, holder.name))
        e = party_tell(cx, &(struct party_message){.party_id = holder.id,
                                                   .kind = PARTY_NEWS_OFFERED,
                                                   .other = o.giver_name,
                                                   .scope = o.scope,
                                                   .act = o.act,
                                                   .until_us = opt_int(o.until_us)});
    return e ? e : job_complete(cx, t->job);
}

enum err party_offer_job(struct cx *cx, struct job *job)
{
    struct telling t = {.job = job};
    return str_to_i64(job->key, &t.id) ? db_write(cx, tell, &t) : ERR_OK;
}
