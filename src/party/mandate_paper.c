/* A mandate on paper, for those who are not online: registered at the counter with its document. */
#include "access/access.h"
#include "i18n/i18n.h"
#include "party_internal.h"
#include "party_store.h"

enum { PURPOSE_MIN = 10, PURPOSE_MAX = 200, TITLE_MAX = 200 };

struct registering {
    struct party_mandate mandate;
    struct str giver_name, holder_name;
    int64_t id;
};

static enum err tell_one(struct cx *cx, const struct party_mandate *m, int64_t to, struct str other)
{
    return party_tell(cx, &(struct party_message){.party_id = to,
                                                  .kind = PARTY_NEWS_PAPER,
                                                  .other = other,
                                                  .scope = m->scope,
                                                  .act = m->act,
                                                  .until_us = m->until_us});
}

static enum err store(struct cx *cx, void *ctx)
{
    struct registering *r = ctx;
    struct party_mandate *m = &r->mandate;
    m->id = rand_id();
    enum err e = files_keep(cx, &m->document, S(PARTY_MANDATE_FILE), m->id);
    if (!e)
        e = party_mandate_store(cx, m, cx->who->employee_id);
    if (!e)
        e = tell_one(cx, m, m->giver_id, r->holder_name);
    return e ? e : tell_one(cx, m, m->holder_id, r->giver_name);
}

static enum err check(struct cx *cx, const struct party_paper_new *p)
{
    size_t n = text_length(str_trim(p->purpose));
    if (cx->who->kind != WHO_EMPLOYEE || !cx->who->stay)
        return fail(cx, ERR_FORBIDDEN, "LAW 7: no citizen is open at the counter");
    if (n < PURPOSE_MIN || n > PURPOSE_MAX)
        return fail_field(cx, ERR_INVALID, S("purpose"), "say what it is for, in %d to %d characters", PURPOSE_MIN,
                          PURPOSE_MAX);
    if (!p->document.size || !p->mime.n)
        return fail_field(cx, ERR_INVALID, S("document"), "the paper itself is kept");
    return party_terms_ok(cx, p->office ? S("an organisation") : p->name, p->until_us);
}

/* Who is named on the paper: the number and the name must belong together. */
static enum err find_holder(struct cx *cx, const struct party_paper_new *p, int64_t *ret_id, struct str *ret_name)
{
    struct party holder;
    enum err e = party_by_idno(cx, p->idno, ret_id);
    if (e == ERR_NOT_FOUND)
        return fail_field(cx, ERR_NOT_FOUND, S("idno"), "the register does not know this person");
    if (!e)
        e = party_get(cx, *ret_id, &holder);
    if (e)
        return e;
    bool fits = party_name_fits(cx, p->name, holder.name);
    access_note(
        cx, &(struct access_entry){
                .subject_party_id = *ret_id, .kind = S("person"), .purpose = str_trim(p->purpose), .refused = !fits});
    if (!fits)
        return fail_field(cx, ERR_INVALID, S("name"), "the number belongs to somebody else");
    if (!holder.born_known || !party_of_age(cx, holder.born, PARTY_HOLDER_AGE))
        return fail_field(cx, ERR_INVALID, S("holder"), "who acts for another must be of age");
    *ret_name = holder.name;
    return ERR_OK;
}

static enum err sides_of_person(struct cx *cx, const struct party_paper_new *p, struct registering *r)
{
    struct party giver;
    enum err e = party_get(cx, cx->who->stay->party_id, &giver);
    if (!e && giver.born_known && !party_of_age(cx, giver.born, PARTY_GIVER_AGE))
        e = fail_field(cx, ERR_INVALID, S("giver"), "not old enough to give a mandate");
    r->mandate.basis = PARTY_BASIS_PAPER;
    r->mandate.giver_id = giver.id;
    r->giver_name = giver.name;
    if (!e)
        e = find_holder(cx, p, &r->mandate.holder_id, &r->holder_name);
    if (!e && r->mandate.holder_id == giver.id)
        e = fail_field(cx, ERR_INVALID, S("idno"), "somebody else must hold the mandate");
    return e;
}

static enum err sides_of_office(struct cx *cx, const struct party_paper_new *p, struct registering *r)
{
    struct str title = str_trim(p->title);
    if (!title.n || text_length(title) > TITLE_MAX)
        return fail_field(cx, ERR_INVALID, S("title"), "what the organisation is called");
    enum err e = party_organisation(cx, p->number, title, &r->mandate.giver_id);
    r->mandate.basis = PARTY_BASIS_OFFICE;
    r->mandate.holder_id = cx->who->stay->party_id;
    if (!e)
        e = party_name(cx, r->mandate.giver_id, &r->giver_name);
    return e ? e : party_name(cx, r->mandate.holder_id, &r->holder_name);
}

enum err party_mandate_on_paper(struct cx *cx, const struct party_paper_new *paper, int64_t *ret_id)
{
    struct registering r = {.mandate = {.scope = paper->scope,
                                        .act = paper->act,
                                        .from_us = cx->now_us,
                                        .until_us = opt_int(paper->until_us),
                                        .purpose = str_trim(paper->purpose),
                                        .has_document = true,
                                        .document = paper->document,
                                        .document_mime = paper->mime}};
    enum err e = check(cx, paper);
    if (!e)
        e = paper->office ? sides_of_office(cx, paper, &r) : sides_of_person(cx, paper, &r);
    if (!e && (r.mandate.giver_id == cx->who->party_id || r.mandate.holder_id == cx->who->party_id))
        e = fail(cx, ERR_FORBIDDEN, "LAW 7: nobody registers a mandate of their own");
    if (!e)
        e = db_write(cx, store, &r);
    if (!e)
        *ret_id = r.mandate.id;
    return e;
}
