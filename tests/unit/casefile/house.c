#include "house.h"

#include "access/access.h"
#include "files/files.h"
#include "form/form_draft.h"
#include "keys/keys.h"
#include "letter/letter.h"

static struct {
    struct keys *keys;
    struct files *files;
    struct auth *auth;
    struct catalogue *services;
    struct casefile_tallies *tallies;
} open; /* one house at a time */

static const struct service_part *const parts[] = {&form_part, &decision_part};

struct cx *house_new(void)
{
    struct cx *cx = test_cx_db(NULL, 0);
    struct problems ps = problems_make(cx->arena);
    size_t published;
    cx->who = auth_system();
    assert_ok(cx, keys_open(cx, str_fmt(cx->arena, "%s/keys", test_folder(cx)), true, &open.keys));
    assert_ok(cx, files_open(cx, str_of(test_folder(cx)), &open.files));
    assert_ok(cx, municipality_load(cx, cx->arena, test_path(cx, "municipality"), true, &ps, &cx->muni));
    struct auth_settings settings = {
        .demo = true, .party = party_login_hook, .hold = party_hold, .data_dir = str_of(test_folder(cx))};
    assert_ok(cx, auth_open(cx, &settings, &open.auth));
    cx->auth = open.auth;
    assert_ok(cx, auth_sync(cx));
    service_parts_register(parts, 2);
    assert_ok(cx, service_publish(cx, test_path(cx, "services"), &published));
    assert_ok(cx, service_catalogue_open(cx, &open.services));
    casefile_on_submission(&(struct casefile_submission_hooks){.decide = decision_at_submission});
    casefile_underway_hook(letter_underway);
    casefile_export_hook(decision_export);
    party_mandate_hook(casefile_follow_mandate);
    assert_ok(cx, casefile_prepare(cx));
    cx->tallies = open.tallies = casefile_tallies_new();
    return cx;
}

void house_free(struct cx *cx)
{
    casefile_tallies_free(open.tallies);
    service_catalogue_close(open.services);
    auth_close(open.auth);
    files_close(open.files);
    keys_close(open.keys);
    test_cx_free(cx);
}

int64_t house_party(struct cx *cx, const char *key)
{
    const struct municipality_person *p = municipality_person(cx->muni, str_of(key));
    struct who *w = arena_new_of(cx->arena, struct who);
    assert_non_null(p);
    *w = (struct who){.kind = WHO_PARTY, .name = p->name, .assurance = ASSURANCE_HIGH};
    cx->who = auth_system();
    assert_ok(cx, party_by_idno(cx, p->idno, &w->party_id));
    cx->who = w;
    return w->party_id;
}

int64_t house_employee(struct cx *cx, const char *key)
{
    struct auth_employee e;
    assert_ok(cx, auth_employee_by_key(cx, str_of(key), &e));
    assert_ok(cx, auth_employee_who(cx, e.id, S(""), &cx->who));
    return cx->who->party_id;
}

void house_system(struct cx *cx)
{
    cx->who = auth_system();
}

void house_later(struct cx *cx, int64_t us)
{
    cx->now_us += us;
}

static void say(struct cx *cx, struct form_raws *raws, const char *name, const char *value, const char *second)
{
    struct str values[2] = {str_of(value), str_of(second)};
    form_raw_set(cx->arena, raws, str_of(name), values, second ? 2 : 1);
}

static int64_t fill(struct cx *cx, const char *service, const struct form_raws *raws, int64_t *ret_version)
{
    struct form_draft d;
    struct form_stepped to = {0};
    int64_t id;
    assert_ok(cx, form_draft_start(cx, str_of(service), &id));
    assert_ok(cx, form_draft_open(cx, id, &d));
    for (int i = 0; i < 40 && to.page >= 0; i++) {
        struct form_step step = {.at.page = to.page, .posted = *raws, .go = FORM_GO_NEXT};
        step.seen = form_draft_saved(cx, &d, (struct form_spot){.page = to.page});
        assert_ok(cx, form_draft_step(cx, &d, &step, &to));
    }
    assert_int_equal(to.page, -1);
    *ret_version = d.version;
    return id;
}

int64_t house_fill(struct cx *cx, const char *service, const char *const (*answers)[2], size_t n, int64_t *ret_version)
{
    struct form_raws raws = {0};
    for (size_t i = 0; i < n; i++)
        say(cx, &raws, answers[i][0], answers[i][1], NULL);
    return fill(cx, service, &raws, ret_version);
}

int64_t house_draft(struct cx *cx, const char *aid1, const char *aid2, int64_t *ret_version)
{
    struct form_raws raws = {0};
    const char *const answers[][2] = {
        {"phone", "20 00 00 01"}, {"used_before", "false"}, {"difficulty", "Jeg har svært ved at stå længe."},
        {"lasts", "true"},        {"fallen", "false"},      {"stairs", "false"},
        {"bathroom", "shower"},   {"contact_by", "page"},   {"helper", "false"},
        {"truth", "true"}};
    say(cx, &raws, "aids", aid1, aid2);
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        say(cx, &raws, answers[i][0], answers[i][1], NULL);
    return fill(cx, "lette-hjaelpemidler", &raws, ret_version);
}

struct anonymous {
    int64_t session_id;
};

static enum err keep_session(struct cx *cx, void *ctx)
{
    struct anonymous *a = ctx;
    return auth_session_keep(cx, &a->session_id);
}

/* A browser that was shown a form, and nobody logged in. */
static void as_nobody(struct cx *cx)
{
    struct anonymous a = {0};
    struct who *w = arena_new_of(cx->arena, struct who);
    assert_ok(cx, auth_begin(cx, S("")));
    assert_true(auth_csrf_token(cx).n > 0); /* a form was shown: the browser has a cookie */
    assert_ok(cx, db_write(cx, keep_session, &a));
    *w = *cx->who;
    w->session_id = a.session_id;
    cx->who = w;
}

int64_t house_praise(struct cx *cx, int64_t *ret_version)
{
    struct form_raws raws = {0};
    say(cx, &raws, "kind", "praise", NULL);
    say(cx, &raws, "place", "borgerservice", NULL);
    say(cx, &raws, "happened", "Carl hjalp mig med mit pas på ti minutter.", NULL);
    say(cx, &raws, "answer", "false", NULL);
    as_nobody(cx);
    return fill(cx, "ris-og-ros", &raws, ret_version);
}

struct casefile_receipt house_request(struct cx *cx, const char *email)
{
    struct form_raws raws = {0};
    struct casefile_receipt receipt;
    int64_t version;
    say(cx, &raws, "documents", "Alt om den nye cykelsti", NULL);
    say(cx, &raws, "answer_by", email ? "email" : "page", NULL);
    if (email)
        say(cx, &raws, "email", email, NULL);
    as_nobody(cx);
    int64_t draft = fill(cx, "aktindsigt", &raws, &version);
    assert_ok(cx, casefile_submit(cx, draft, version, &receipt));
    return receipt;
}

int64_t house_apply(struct cx *cx, const char *person, const char *aid1, const char *aid2)
{
    struct casefile_receipt receipt;
    int64_t version;
    house_party(cx, person);
    int64_t draft = house_draft(cx, aid1, aid2, &version);
    assert_ok(cx, casefile_submit(cx, draft, version, &receipt));
    return receipt.casefile_id;
}

int64_t house_version(struct cx *cx, int64_t id)
{
    const struct who *before = cx->who;
    struct casefile_view v;
    cx->who = auth_system();
    assert_ok(cx, casefile_open_as_system(cx, id, &v));
    cx->who = before;
    return v.file.version;
}

enum casefile_state house_state(struct cx *cx, int64_t id)
{
    const struct who *before = cx->who;
    struct casefile_view v;
    cx->who = auth_system();
    assert_ok(cx, casefile_open_as_system(cx, id, &v));
    cx->who = before;
    return v.file.state;
}

struct casefile_view house_view(struct cx *cx, int64_t id)
{
    struct casefile_view v;
    if (cx->who->kind == WHO_PARTY)
        assert_ok(cx, casefile_open_as_party(cx, id, &v));
    else
        assert_ok(cx, casefile_open_as_employee(cx, str_fmt(cx->arena, "%lld", (long long)id), S("test"), &v));
    return v;
}

int64_t house_taken(struct cx *cx, const char *person, const char *aid1, const char *aid2)
{
    int64_t id = house_apply(cx, person, aid1, aid2);
    house_employee(cx, "bo");
    assert_ok(cx, casefile_take(cx, id, house_version(cx, id)));
    return id;
}

struct decision house_decide(struct cx *cx, int64_t id, enum decision_outcome first, enum decision_outcome second)
{
    struct decision d;
    house_employee(cx, "bo");
    assert_ok(cx, decision_begin(cx, id, &d));
    for (size_t i = 0; i < d.lines.n; i++) {
        d.lines.p[i].outcome = i ? second : first;
        d.lines.p[i].legal_basis = S("serviceloven § 112");
        d.lines.p[i].granted = d.lines.p[i].outcome == DECISION_PARTLY ? S("Lånt i et halvt år") : S("");
        d.lines.p[i].reason = S("Du kan klare det uden.");
    }
    assert_ok(cx, decision_save(cx, d.id, d.version, d.lines.p, d.lines.n));
    assert_ok(cx, decision_by_id(cx, d.id, &d));
    return d;
}

int64_t house_school(struct cx *cx)
{
    static const char *const answers[][2] = {
        {"child", "740519-4826"}, {"from", "Skolen på Engvej"}, {"to", "fjordby"}, {"reason", "Vi er flyttet."}};
    struct casefile_receipt receipt;
    const char *all[8][2];
    int64_t version;
    int year, month, day;
    house_party(cx, "maja");
    memcpy(all, answers, sizeof answers);
    civil_from_day(civil_day_of_us(cx->now_us) + 30, &year, &month, &day);
    const char *const date[][2] = {{"start.year", str_fmt(cx->arena, "%d", year).p},
                                   {"start.month", str_fmt(cx->arena, "%d", month).p},
                                   {"start.day", str_fmt(cx->arena, "%d", day).p}};
    memcpy(all + 4, date, sizeof date);
    int64_t draft = house_fill(cx, "skoleskift", (const char *const(*)[2])all, 7, &version);
    assert_ok(cx, casefile_submit(cx, draft, version, &receipt));
    assert_true(receipt.signs);
    return receipt.casefile_id;
}

void house_custody(struct cx *cx, const char *key, bool has)
{
    static struct str alma = {"alma", 4};
    struct municipality *muni = arena_new_of(cx->arena, struct municipality);
    *muni = *cx->muni;
    muni->people.p = arena_array(cx->arena, struct municipality_person, muni->people.n);
    memcpy(muni->people.p, cx->muni->people.p, muni->people.n * sizeof *muni->people.p);
    for (size_t i = 0; i < muni->people.n; i++)
        if (str_eq_z(muni->people.p[i].key, key)) {
            muni->people.p[i].custody.p = &alma;
            muni->people.p[i].custody.n = has;
        }
    cx->muni = muni;
    house_party(cx, key);
    assert_ok(cx, party_relations_ask(cx));
}
