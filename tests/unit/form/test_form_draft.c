/* Drafts: nothing is lost, nothing is overwritten silently, nothing that decides is typed. On both engines. */
#include "form_test.h"

#include "auth/auth.h"
#include "form/form_views.h"
#include "form_store.h"
#include "form_tamper_store.h"
#include "municipality/municipality.h"

static const char form_yaml[] = "conditions:\n  walks: { in: [things, [rollator]] }\n" TOP F(
    "name", "text", ", required: true, prefill: {source: register, attr: name, edit: false, correct: " W("x") "}")
    F("phone", "phone", ", prefill: {source: register, attr: phone}") F("child", "idno", "") P2 F(
        "things", "multiselect",
        ", required: true, options: [{option: rollator, label: " W("Rollator") "}, {option: seat, label: " W(
            "Bænk") "}]") F("steps", "number", ", when: walks, required: true, min: 1")
        F("photo", "file", ", max_files: 2, max_mb: 1, accept: [png, pdf], kind: photo") "  - id: three\n    title: " W(
            "Three") "\n    why: know\n    fields:\n" F("story", "longtext", ", required: true");

enum { ANNA, DAGNY, PEOPLE };

struct house {
    struct cx *cx;
    struct service_version *version;
    struct who who[PEOPLE], employee;
};

static struct service_version *version(struct cx *cx, int64_t id, const char *yaml)
{
    struct service_version *v = form_test_version(cx);
    struct problems ps;
    v->id = id;
    v->lines = S("things");
    v->assurance = ASSURANCE_SUBSTANTIAL;
    v->form = form_test_load(cx, v, yaml, &ps);
    form_test_print(&ps);
    assert_non_null(v->form);
    return v;
}

static struct house *house(void)
{
    struct cx *cx = test_cx_db(NULL, 0);
    struct house *h = arena_new_of(cx->arena, struct house);
    struct keys *keys;
    struct files *files;
    struct problems ps = problems_make(cx->arena);
    static const char *const idnos[PEOPLE] = {"6403574218", "7211412346"};
    h->cx = cx;
    assert_ok(cx, keys_open(cx, str_fmt(cx->arena, "%s/keys", test_folder(cx)), true, &keys));
    assert_ok(cx, files_open(cx, str_of(test_folder(cx)), &files));
    assert_ok(cx, municipality_load(cx, cx->arena, test_path(cx, "municipality"), true, &ps, &cx->muni));
    cx->services = service_catalogue_test();
    h->version = version(cx, 11, form_yaml);
    service_catalogue_test_add(cx->services, h->version);
    for (int i = 0; i < PEOPLE; i++) {
        h->who[i] = (struct who){.kind = WHO_PARTY, .assurance = ASSURANCE_SUBSTANTIAL};
        cx->who = auth_system();
        assert_ok(cx, party_by_idno(cx, str_of(idnos[i]), &h->who[i].party_id));
    }
    h->employee = (struct who){.kind = WHO_EMPLOYEE, .party_id = h->who[ANNA].party_id, .assurance = ASSURANCE_HIGH};
    cx->who = &h->who[ANNA];
    return h;
}

static void leave(struct house *h)
{
    struct cx *cx = h->cx;
    struct catalogue *c = cx->services;
    files_close(cx->files);
    keys_close(cx->keys);
    test_cx_free(cx);
    service_catalogue_close(c);
}

static int64_t begin(struct house *h)
{
    int64_t id = 0;
    assert_ok(h->cx, form_draft_start(h->cx, S("test"), &id));
    return id;
}

static struct form_draft *open(struct house *h, int64_t id)
{
    struct form_draft *d = arena_new_of(h->cx->arena, struct form_draft);
    assert_ok(h->cx, form_draft_open(h->cx, id, d));
    return d;
}

static void say(struct house *h, struct form_step *s, const char *name, const char *value)
{
    struct str v = str_of(value);
    form_raw_set(h->cx->arena, &s->posted, str_of(name), &v, 1);
}

/* Save one answer on a page, as one who saw the page as it is now. */
static struct form_stepped step(struct house *h, int64_t id, int page, const char *name, const char *value)
{
    struct form_draft *d = open(h, id);
    struct form_stepped to;
    struct form_step s = {
        .at.page = page, .seen = form_draft_saved(h->cx, d, (struct form_spot){.page = page}), .go = FORM_GO_NEXT};
    say(h, &s, name, value);
    assert_ok(h->cx, form_draft_step(h->cx, d, &s, &to));
    return to;
}

/* A draft with all that is required. */
static int64_t complete(struct house *h)
{
    int64_t id = begin(h);
    step(h, id, 0, "phone", "12345678");
    step(h, id, 1, "things", "seat");
    assert_int_equal(step(h, id, 2, "story", "Jeg falder på trappen").page, -1);
    return id;
}

struct take {
    int64_t id, version;
    struct form_submission got;
};

static enum err take_fn(struct cx *cx, void *ctx)
{
    struct take *t = ctx;
    return form_submission_take(cx, t->id, t->version, &t->got);
}

static void an_answer_is_kept_also_when_it_is_wrong(void **state)
{
    (void)state;
    struct house *h = house();
    int64_t id = begin(h);
    struct form_stepped to = step(h, id, 0, "phone", "12");
    assert_true(to.wrong);
    assert_int_equal(to.page, 0);
    assert_str(form_raw_of(&open(h, id)->given.raws, S("phone"))->values.p[0], "12");
    to = step(h, id, 0, "phone", "12345678");
    assert_false(to.wrong);
    assert_int_equal(to.page, 1);
    assert_str(open(h, id)->page, "two");
    leave(h);
}

static void new_questions_keep_one_on_the_page(void **state)
{
    (void)state;
    struct house *h = house();
    int64_t id = begin(h);
    struct form_stepped to = step(h, id, 1, "things", "rollator");
    assert_true(to.new_questions);
    assert_false(to.wrong); /* nobody has seen the question yet */
    assert_int_equal(to.page, 1);
    to = step(h, id, 1, "things", "rollator"); /* now it was seen, and is not answered */
    assert_true(to.wrong);
    leave(h);
}

static void a_draft_is_its_owners(void **state)
{
    (void)state;
    struct house *h = house();
    int64_t id = begin(h);
    struct form_draft d;
    h->cx->who = &h->who[DAGNY];
    assert_err(h->cx, form_draft_open(h->cx, id, &d), ERR_NOT_FOUND);
    assert_err(h->cx, form_draft_delete(h->cx, id), ERR_NOT_FOUND);
    h->cx->who = &h->employee; /* even an employee who is the same person */
    assert_err(h->cx, form_draft_open(h->cx, id, &d), ERR_NOT_FOUND);
    assert_err(h->cx, form_draft_start(h->cx, S("test"), &id), ERR_FORBIDDEN);
    h->cx->who = auth_nobody();
    assert_err(h->cx, form_draft_open(h->cx, id, &d), ERR_LOGIN);
    assert_err(h->cx, form_draft_start(h->cx, S("test"), &id), ERR_LOGIN);
    struct who weak = h->who[ANNA];
    weak.assurance = ASSURANCE_LOW;
    h->cx->who = &weak;
    assert_err(h->cx, form_draft_open(h->cx, id, &d), ERR_ASSURANCE);
    assert_err(h->cx, form_draft_start(h->cx, S("test"), &id), ERR_ASSURANCE);
    h->cx->who = &h->who[ANNA];
    assert_err(h->cx, form_draft_start(h->cx, S("nosuch"), &id), ERR_NOT_FOUND);
    leave(h);
}

static enum err overwrite(struct cx *cx, void *ctx)
{
    return q_form_tamper_version(cx, *(int64_t *)ctx, S("x"));
}

/* Law 2. */
static void two_windows_never_overwrite_silently(void **state)
{
    (void)state;
    struct house *h = house();
    int64_t id = begin(h);
    struct form_draft *one = open(h, id), *two = open(h, id);
    struct form_stepped to;
    struct form_step a = {.at.page = 0, .go = FORM_GO_NEXT}, b = {.at.page = 0, .go = FORM_GO_NEXT},
                     c = {.at.page = 2, .go = FORM_GO_STAY};
    say(h, &a, "phone", "11111111");
    say(h, &b, "phone", "22222222");
    say(h, &c, "story", "En anden side");
    assert_ok(h->cx, form_draft_step(h->cx, one, &a, &to));
    assert_err(h->cx, form_draft_step(h->cx, two, &b, &to), ERR_CONFLICT);
    assert_str(form_raw_of(&open(h, id)->given.raws, S("phone"))->values.p[0], "11111111");
    /* the page that shows both, and the choice for one's own */
    struct form_conflict_view view;
    struct form_draft *now = open(h, id);
    form_view_conflict(h->cx, now, (struct form_spot){.page = 0}, &b.posted, &view);
    assert_str(view.rows.p[0].saved, "11111111");
    assert_str(view.rows.p[0].yours, "22222222");
    b.seen = view.seen;
    assert_ok(h->cx, form_draft_step(h->cx, now, &b, &to));
    assert_str(form_raw_of(&open(h, id)->given.raws, S("phone"))->values.p[0], "22222222");
    /* another page of the same draft, and the same answer twice, are no conflict */
    assert_ok(h->cx, form_draft_step(h->cx, open(h, id), &c, &to));
    b.seen = 0;
    assert_ok(h->cx, form_draft_step(h->cx, open(h, id), &b, &to));
    assert_err(h->cx, db_write(h->cx, overwrite, &id), ERR_LAW);
    leave(h);
}

static void an_old_window_sees_the_pages_saved_meanwhile(void **state)
{
    (void)state;
    struct house *h = house();
    int64_t id = begin(h);
    struct form_draft *old = open(h, id);
    struct form_stepped to;
    step(h, id, 0, "phone", "12345678");
    struct form_step s = {.at.page = 2, .go = FORM_GO_STAY};
    say(h, &s, "story", "Skrevet i det gamle vindue");
    assert_ok(h->cx, form_draft_step(h->cx, old, &s, &to));
    struct form_draft *d = open(h, id);
    assert_str(form_raw_of(&d->given.raws, S("phone"))->values.p[0], "12345678");
    assert_str(form_raw_of(&d->given.raws, S("story"))->values.p[0], "Skrevet i det gamle vindue");
    leave(h);
}

static enum err unsend(struct cx *cx, void *ctx)
{
    return q_form_tamper_unsend(cx, *(int64_t *)ctx);
}

/* Law 1, as far as this room: taken once, as it was reviewed. */
static void a_submission_is_taken_once(void **state)
{
    (void)state;
    struct house *h = house();
    int64_t id = complete(h);
    struct take t = {.id = id, .version = open(h, id)->version - 1};
    assert_err(h->cx, db_write(h->cx, take_fn, &t), ERR_CONFLICT);
    t.version++;
    assert_ok(h->cx, db_write(h->cx, take_fn, &t));
    assert_int_equal(t.got.party_id, h->who[ANNA].party_id);
    assert_int_equal(t.got.version_id, 11);
    assert_str(t.got.title, "Prøve");
    assert_int_equal(t.got.lines.n, 1);
    assert_str(t.got.lines.p[0].key, "seat");
    assert_str(t.got.lines.p[0].label, "Bænk");
    assert_true(str_find(t.got.answers_json, S("\"name\":\"Anna Holm\""), 0) < t.got.answers_json.n);
    assert_true(str_find(t.got.answers_json, S("\"source\":\"register\""), 0) < t.got.answers_json.n);
    assert_err(h->cx, db_write(h->cx, take_fn, &t), ERR_DUPLICATE);
    struct form_stepped to;
    struct form_step s = {.at.page = 0, .go = FORM_GO_NEXT};
    say(h, &s, "phone", "22222222");
    assert_err(h->cx, form_draft_step(h->cx, open(h, id), &s, &to), ERR_DUPLICATE);
    assert_err(h->cx, form_draft_delete(h->cx, id), ERR_DUPLICATE);
    assert_err(h->cx, db_write(h->cx, unsend, &id), ERR_LAW);
    struct form_shown shown;
    assert_ok(h->cx, form_show(h->cx, h->version, t.got.answers_json, LANG_EN, &shown));
    assert_int_equal(shown.pages.n, 3);
    assert_str(shown.pages.p[0].rows.p[0].value, "Anna Holm");
    leave(h);
}

/* service.yaml: valid, ceiling. The store keeps them, whoever asks, and however. */
static void no_more_are_taken_than_there_is_room_for(void **state)
{
    (void)state;
    struct house *h = house();
    int64_t first = complete(h), second = complete(h), third = complete(h);
    struct take t[3] = {{.id = first, .version = open(h, first)->version},
                        {.id = second, .version = open(h, second)->version},
                        {.id = third, .version = open(h, third)->version}};
    struct str shut;
    h->version->ceiling = 1;
    assert_ok(h->cx, form_shut_words(h->cx, h->version, &shut));
    assert_str(shut, "");
    assert_ok(h->cx, db_write(h->cx, take_fn, &t[0]));
    assert_err(h->cx, db_write(h->cx, take_fn, &t[1]), ERR_GONE);
    assert_false(open(h, second)->sent);
    assert_ok(h->cx, form_shut_words(h->cx, h->version, &shut));
    assert_str(shut, "Der er ikke flere pladser: 1 har søgt, og så mange kan vi tage imod.");
    assert_err(h->cx, form_draft_start(h->cx, S("test"), &(int64_t){0}), ERR_GONE);
    h->version->ceiling = 2; /* a new version of the folder has one place more */
    assert_ok(h->cx, db_write(h->cx, take_fn, &t[1]));
    assert_err(h->cx, db_write(h->cx, take_fn, &t[2]), ERR_GONE);
    h->version->ceiling = 0;
    h->version->valid_until = civil_day_of_us(h->cx->now_us) - 1;
    assert_err(h->cx, db_write(h->cx, take_fn, &t[2]), ERR_GONE);
    h->version->valid_until++; /* the last day is a day */
    assert_ok(h->cx, db_write(h->cx, take_fn, &t[2]));
    leave(h);
}

struct again {
    int64_t sent, draft;
};

static enum err reopen_fn(struct cx *cx, void *ctx)
{
    struct again *a = ctx;
    return form_submission_reopen(cx, a->sent, &a->draft);
}

/* What is kept until somebody else has signed is no draft; taken back it is one again, and takes no second place. */
static void taken_back_and_sent_anew_is_one_application(void **state)
{
    (void)state;
    struct house *h = house();
    int64_t n = -1, id = complete(h);
    struct form_drafts drafts;
    struct again again = {.sent = id};
    h->version->cosign = (struct service_cosign){.by = COSIGN_SPOUSE, .days = 14};
    h->version->ceiling = 1;
    struct take first = {.id = id, .version = open(h, id)->version};
    assert_ok(h->cx, form_drafts_underway(h->cx, h->version->id, &n));
    assert_int_equal(n, 1);
    assert_ok(h->cx, db_write(h->cx, take_fn, &first));
    assert_ok(h->cx, form_drafts_underway(h->cx, h->version->id, &n));
    assert_int_equal(n, 0);
    assert_ok(h->cx, form_drafts_of_party(h->cx, h->who[ANNA].party_id, &drafts));
    assert_int_equal(drafts.rows.n, 0);
    assert_err(h->cx, form_draft_start(h->cx, S("test"), &n), ERR_GONE);
    h->cx->who = &h->who[DAGNY];
    assert_err(h->cx, db_write(h->cx, reopen_fn, &again), ERR_NOT_FOUND);
    h->cx->who = &h->who[ANNA];
    bool kept = false;
    assert_ok(h->cx, form_submission_kept(h->cx, id, &kept));
    assert_true(kept);
    h->version->valid_until = civil_day_of_us(h->cx->now_us) - 1; /* she could not send it again: it stays as it is */
    assert_ok(h->cx, form_submission_kept(h->cx, id, &kept));
    assert_false(kept);
    assert_err(h->cx, db_write(h->cx, reopen_fn, &again), ERR_NOT_FOUND);
    h->version->valid_until = 0;
    assert_ok(h->cx, db_write(h->cx, reopen_fn, &again));
    assert_ok(h->cx, form_drafts_underway(h->cx, h->version->id, &n));
    assert_int_equal(n, 1);
    struct take second = {.id = again.draft, .version = open(h, again.draft)->version};
    assert_ok(h->cx, db_write(h->cx, take_fn, &second));
    assert_err(h->cx, form_draft_start(h->cx, S("test"), &n), ERR_GONE);
    leave(h);
}

static const char newer_yaml[] = TOP F("phone", "phone", "") F("child", "text", "")
    P2 F("things", "multiselect", ", required: true, options: [{option: seat, label: " W("Bænk") "}]")
        F("steps", "number", "") F("photo", "file", "");

static void a_draft_goes_on_under_a_newer_version(void **state)
{
    (void)state;
    struct house *h = house();
    int64_t id = complete(h);
    assert_err(h->cx, form_draft_renew(h->cx, id), ERR_NOT_FOUND); /* there is none */
    struct service_version *newer = version(h->cx, 12, newer_yaml);
    service_catalogue_test_add(h->cx->services, newer);
    assert_ok(h->cx, form_draft_renew(h->cx, id));
    struct form_draft *d = open(h, id);
    assert_int_equal(d->service->id, 12);
    assert_str(form_raw_of(&d->given.raws, S("phone"))->values.p[0], "12345678");
    assert_null(form_raw_of(&d->given.raws, S("story")));
    assert_int_equal(d->saved.n, 0); /* each page is looked at again */
    assert_err(h->cx, form_draft_renew(h->cx, id), ERR_NOT_FOUND);
    h->cx->who = &h->who[DAGNY];
    assert_err(h->cx, form_draft_renew(h->cx, id), ERR_NOT_FOUND);
    leave(h);
}

/* A window of the old form that writes after the draft went on under the new one: its pages are no pages there. */
static void an_old_window_writes_nothing_into_a_newer_form(void **state)
{
    (void)state;
    struct house *h = house();
    int64_t id = complete(h);
    struct form_draft *old = open(h, id);
    struct form_stepped to;
    struct form_step s = {
        .at.page = 2, .seen = form_draft_saved(h->cx, old, (struct form_spot){.page = 2}), .go = FORM_GO_NEXT};
    service_catalogue_test_add(h->cx->services, version(h->cx, 12, newer_yaml)); /* which has two pages */
    assert_ok(h->cx, form_draft_renew(h->cx, id));
    int64_t now = open(h, id)->version;
    say(h, &s, "story", "Skrevet i den gamle formular");
    assert_err(h->cx, form_draft_step(h->cx, old, &s, &to), ERR_STALE);
    assert_int_equal(old->service->id, 12);
    assert_int_equal(open(h, id)->version, now);
    leave(h);
}

static const char rows_yaml[] = TOP "      - id: kids\n        type: repeat\n        title: " W(
    "Kids") "\n        row: " W("Kid") "\n        fields:\n          - {id: kid, type: text, label: " W("Kid") "}\n" P2
    F("things", "multiselect", ", options: [{option: seat, label: " W("Bænk") "}]");

/* Law 2, also for what is taken away: only what was seen. */
static void a_row_is_removed_as_it_was_seen(void **state)
{
    (void)state;
    struct house *h = house();
    service_catalogue_test_add(h->cx->services, version(h->cx, 12, rows_yaml));
    int64_t id = begin(h);
    struct form_draft *d = open(h, id), *other = open(h, id);
    struct form_stepped to;
    struct form_spot at = {0, form_field_of(d->form, S("kids")), S("aaaaaaaa")};
    struct form_step s = {.at = at, .go = FORM_GO_NEXT};
    say(h, &s, "aaaaaaaa:kid", "Ida");
    assert_ok(h->cx, form_draft_step(h->cx, d, &s, &to));
    int64_t seen = form_draft_saved(h->cx, d, at);
    *other = *open(h, id);
    s = (struct form_step){.at = at, .seen = seen, .go = FORM_GO_NEXT};
    say(h, &s, "aaaaaaaa:kid", "Ida Marie");
    assert_ok(h->cx, form_draft_step(h->cx, d, &s, &to));
    assert_err(h->cx, form_row_remove(h->cx, other, at, seen), ERR_CONFLICT);
    d = open(h, id);
    assert_err(h->cx, form_row_remove(h->cx, d, at, seen), ERR_CONFLICT);
    assert_true(form_row_there(open(h, id), at.repeat, at.row));
    assert_ok(h->cx, form_row_remove(h->cx, d, at, form_draft_saved(h->cx, d, at)));
    d = open(h, id);
    assert_false(form_row_there(d, at.repeat, at.row));
    assert_null(form_raw_of(&d->given.raws, S("aaaaaaaa:kid")));
    assert_err(h->cx, form_row_remove(h->cx, d, at, 0), ERR_NOT_FOUND);
    leave(h);
}

static void an_incomplete_draft_is_not_taken(void **state)
{
    (void)state;
    struct house *h = house();
    int64_t id = begin(h);
    step(h, id, 1, "things", "rollator");
    struct take t = {.id = id, .version = open(h, id)->version};
    assert_err(h->cx, db_write(h->cx, take_fn, &t), ERR_INVALID);
    assert_str(h->cx->fail.field, "two/steps");
    h->cx->who = &h->who[DAGNY];
    assert_err(h->cx, db_write(h->cx, take_fn, &t), ERR_NOT_FOUND);
    leave(h);
}

static void hidden_answers_are_not_sent(void **state)
{
    (void)state;
    struct house *h = house();
    int64_t id = complete(h);
    step(h, id, 1, "things", "rollator");
    step(h, id, 1, "steps", "14");
    step(h, id, 1, "things", "seat");
    struct form_draft *d = open(h, id);
    struct form_eval e;
    struct form_review_view review;
    form_evaluate(h->cx, d->form, &d->given, &e);
    form_view_review(h->cx, &(struct form_view_in){.draft = d, .eval = &e, .page = -1}, &review);
    assert_int_equal(review.dropped.n, 1); /* and she is told */
    assert_str(review.dropped.p[0].value, "14");
    struct take t = {.id = id, .version = d->version};
    assert_ok(h->cx, db_write(h->cx, take_fn, &t));
    assert_true(str_find(t.got.answers_json, S("steps"), 0) == t.got.answers_json.n);
    leave(h);
}

/* Law 9. */
static void what_decides_comes_from_the_register(void **state)
{
    (void)state;
    struct house *h = house();
    int64_t id = complete(h);
    step(h, id, 0, "name", "Somebody Else"); /* as if it had been posted */
    struct take t = {.id = id, .version = open(h, id)->version};
    assert_ok(h->cx, db_write(h->cx, take_fn, &t));
    assert_true(str_find(t.got.answers_json, S("Somebody"), 0) == t.got.answers_json.n);
    assert_true(str_find(t.got.answers_json, S("\"name\":\"Anna Holm\""), 0) < t.got.answers_json.n);
    leave(h);
}

/* What Anna told on my page is not what the register says, and is not called so. */
static void a_fact_says_who_told_it(void **state)
{
    (void)state;
    struct house *h = house();
    struct party anna;
    assert_ok(h->cx, party_get(h->cx, h->who[ANNA].party_id, &anna));
    struct party_contact contact = {.version = anna.version, .email = anna.email, .phone = S("99999999")};
    assert_ok(h->cx, party_set_contact(h->cx, anna.id, &contact));
    struct form_draft *d = open(h, begin(h));
    struct form_eval e;
    form_evaluate(h->cx, d->form, &d->given, &e);
    assert_str(e.values[1].text, "99999999");
    assert_true(str_starts(form_source_words(h->cx, &e.values[1]), S("Oplyst på Min side")));
    assert_true(str_starts(form_source_words(h->cx, &e.values[0]), S("Hentet fra folkeregistret")));
    leave(h);
}

static void an_identity_number_stays_with_the_party(void **state)
{
    (void)state;
    struct house *h = house();
    int64_t id = complete(h);
    assert_true(step(h, id, 0, "child", "1234567890").wrong);
    step(h, id, 0, "child", "721141-2346");
    struct form_draft *d = open(h, id);
    const struct form_raw *r = form_raw_of(&d->given.raws, S("child"));
    assert_int_equal(r->values.n, 2);
    assert_str(r->values.p[0], str_z(h->cx->arena, str_fmt(h->cx->arena, "#%lld", (long long)h->who[DAGNY].party_id)));
    step(h, id, 0, "child", str_z(h->cx->arena, r->values.p[1])); /* posted as it was shown */
    struct take t = {.id = id, .version = open(h, id)->version};
    assert_ok(h->cx, db_write(h->cx, take_fn, &t));
    assert_true(str_find(t.got.answers_json, S("-2346"), 0) == t.got.answers_json.n);
    assert_true(str_find(t.got.answers_json, S("7211412346"), 0) == t.got.answers_json.n);
    step(h, complete(h), 0, "child", "#1"); /* a reference cannot be forged: it is no number */
    leave(h);
}

static void answers_lie_sealed(void **state)
{
    (void)state;
    struct house *h = house();
    int64_t id = complete(h);
    struct q_form_draft_get row;
    bool found;
    assert_ok(h->cx, q_form_draft_get(h->cx, id, &row, &found));
    assert_true(str_find(row.answers, S("trappen"), 0) == row.answers.n);
    const struct keys_holder holders[] = {{"form", form_keys_reseal}};
    assert_ok(h->cx, keys_rotate(h->cx, holders, 1));
    assert_str(form_raw_of(&open(h, id)->given.raws, S("story"))->values.p[0], "Jeg falder på trappen");
    leave(h);
}

static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9c"
                          "c\xf8\xcf\xc0\0\0\3\1\1\0\xc9\xfe\x92\xef\0\0\0\0IEND\xae"
                          "B`\x82";

static struct str upload(struct house *h, int64_t id, const char *name, struct str bytes)
{
    struct form_draft *d = open(h, id);
    struct str wrong;
    assert_ok(h->cx,
              form_upload_add(h->cx, d,
                              &(struct form_upload_new){
                                  .field = form_field_of(d->form, S("photo")), .name = str_of(name), .bytes = bytes},
                              &wrong));
    return wrong;
}

static void files_are_judged_by_their_content(void **state)
{
    (void)state;
    struct house *h = house();
    int64_t id = complete(h);
    struct str good = str_make(png, sizeof png - 1);
    char *large = arena_alloc(h->cx->arena, 2 << 20);
    memcpy(large, png, sizeof png - 1);
    assert_str(upload(h, id, "trappe.png", S("MZ\x90 this is a program")),
               "“trappe.png” er ikke en fil, vi kan modtage. Vedhæft PNG eller PDF");
    assert_str(upload(h, id, "trappe.txt", S("en tekst, men ikke den slags, der bedes om")),
               "“trappe.txt” er ikke en fil, vi kan modtage. Vedhæft PNG eller PDF");
    assert_str(upload(h, id, "tom.png", S("")), "“tom.png” er tom. Vælg filen igen");
    assert_true(str_starts(upload(h, id, "stor.png", str_make(large, 2 << 20)), S("“stor.png” fylder for meget")));
    assert_str(upload(h, id, "..\\..\\evil.exe", good), "");
    assert_str(upload(h, id, "trappe.PNG", good), "");
    assert_true(str_starts(upload(h, id, "c.png", good), S("Der må højst være 2 filer her")));
    struct form_draft *d = open(h, id);
    assert_int_equal(d->given.uploads.n, 2);
    assert_str(d->given.uploads.p[0].name, "evil.png");
    assert_str(d->given.uploads.p[1].name, "trappe.PNG");
    assert_str(d->given.uploads.p[0].mime, "image/png");
    assert_ok(h->cx, form_upload_remove(h->cx, d, d->given.uploads.p[0].id));
    assert_err(h->cx, form_upload_remove(h->cx, d, d->given.uploads.p[0].id), ERR_NOT_FOUND);
    struct take t = {.id = id, .version = open(h, id)->version};
    assert_ok(h->cx, db_write(h->cx, take_fn, &t));
    assert_int_equal(t.got.documents.n, 1);
    assert_str(t.got.documents.p[0].kind, "photo");
    struct str bytes;
    assert_ok(h->cx, files_get(h->cx, t.got.documents.p[0].file.hash, &bytes));
    assert_true(str_eq(bytes, good));
    struct str wrong;
    assert_err(h->cx,
               form_upload_add(h->cx, d,
                               &(struct form_upload_new){
                                   .field = form_field_of(d->form, S("photo")), .name = S("d.png"), .bytes = good},
                               &wrong),
               ERR_DUPLICATE);
    leave(h);
}

/* The copy of everything: as the review has it, whatever is missing or wrong, with every file; for its owner alone. */
static void what_a_draft_holds(void **state)
{
    (void)state;
    struct house *h = house();
    struct form_draft_held held;
    int64_t id = begin(h), dagny = h->who[DAGNY].party_id;
    step(h, id, 0, "child", "721141-2346");
    step(h, id, 1, "things", "rollator");
    step(h, id, 1, "steps", "mange");
    assert_int_equal(upload(h, id, "trappen.png", (struct str){png, sizeof png - 1}).n, 0);
    assert_ok(h->cx, form_draft_held(h->cx, id, &held));
    struct str reference = str_fmt(h->cx->arena, "\"child\":{\"party\":%lld,", (long long)dagny);
    assert_true(str_find(held.answers_json, reference, 0) < held.answers_json.n);
    assert_true(str_find(held.answers_json, S("2346"), 0) == held.answers_json.n); /* no number of another */
    assert_true(str_find(held.answers_json, S("\"steps\":\"mange\""), 0) < held.answers_json.n);
    assert_int_equal(held.answers.pages.n, 3);
    assert_str(held.answers.pages.p[1].rows.p[1].value, "mange");
    assert_int_equal(held.files.n, 1);
    assert_str(held.files.p[0].name, "trappen.png");
    assert_int_equal(held.files.p[0].file.size, sizeof png - 1);
    assert_int_equal(held.dropped.n, 0);
    step(h, id, 1, "things", "seat"); /* the stairs are not asked any more */
    assert_ok(h->cx, form_draft_held(h->cx, id, &held));
    assert_int_equal(held.dropped.n, 1);
    assert_str(held.dropped.p[0].value, "mange");
    h->who[ANNA].assurance = ASSURANCE_LOW;
    assert_err(h->cx, form_draft_held(h->cx, id, &held), ERR_ASSURANCE);
    h->cx->who = &h->who[DAGNY];
    assert_err(h->cx, form_draft_held(h->cx, id, &held), ERR_NOT_FOUND);
    leave(h);
}

static void a_draft_stays_on_its_version(void **state)
{
    (void)state;
    struct house *h = house();
    int64_t id = complete(h);
    service_catalogue_test_add(
        h->cx->services, version(h->cx, 12, TOP F("things", "radio", ", options: [{option: x, label: " W("X") "}]")));
    assert_int_equal(open(h, id)->service->id, 11);
    assert_int_equal(open(h, begin(h))->service->id, 12);
    struct take t = {.id = id, .version = open(h, id)->version};
    assert_ok(h->cx, db_write(h->cx, take_fn, &t));
    assert_int_equal(t.got.version_id, 11);
    leave(h);
}

static void forgotten_drafts_are_deleted(void **state)
{
    (void)state;
    struct house *h = house();
    int64_t old = begin(h), n;
    upload(h, old, "a.png", str_make(png, sizeof png - 1));
    h->cx->now_us += 20 * DAY_US;
    int64_t young = begin(h);
    h->cx->now_us += 10 * DAY_US; /* the last day of the old one */
    assert_ok(h->cx, form_drafts_expire(h->cx, &n));
    assert_int_equal(n, 0);
    h->cx->now_us += DAY_US;
    assert_ok(h->cx, form_drafts_expire(h->cx, &n));
    assert_int_equal(n, 1);
    struct q_form_tamper_counts c;
    assert_ok(h->cx, q_form_tamper_counts(h->cx, &c));
    assert_int_equal(c.drafts, 1);
    assert_int_equal(c.uploads, 0);
    struct form_drafts list;
    assert_ok(h->cx, form_drafts_of_party(h->cx, h->who[ANNA].party_id, &list));
    assert_int_equal(list.rows.n, 1);
    assert_int_equal(list.rows.p[0].id, young);
    assert_ok(h->cx, form_draft_delete(h->cx, young));
    assert_ok(h->cx, q_form_tamper_counts(h->cx, &c));
    assert_int_equal(c.drafts, 0);
    leave(h);
}

static void an_anonymous_draft_belongs_to_its_browser(void **state)
{
    (void)state;
    struct house *h = house();
    h->version->apply = SERVICE_ANONYMOUS;
    h->version->assurance = ASSURANCE_NONE;
    assert_ok(h->cx, auth_begin(h->cx, S("")));
    assert_true(auth_csrf_token(h->cx).n > 0); /* as the start page does: a browser without a cookie gets one */
    int64_t id = begin(h);
    struct form_draft d;
    assert_ok(h->cx, form_draft_open(h->cx, id, &d));
    assert_true(d.anonymous);
    struct form_drafts list;
    assert_ok(h->cx, form_drafts_of_service(h->cx, h->version, &list));
    assert_int_equal(list.rows.n, 1);
    assert_ok(h->cx, auth_begin(h->cx, S(""))); /* another browser */
    assert_err(h->cx, form_draft_open(h->cx, id, &d), ERR_NOT_FOUND);
    assert_ok(h->cx, form_drafts_of_service(h->cx, h->version, &list));
    assert_int_equal(list.rows.n, 0);
    h->cx->who = &h->who[ANNA];
    assert_err(h->cx, form_draft_open(h->cx, id, &d), ERR_NOT_FOUND);
    leave(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_kept_also_when_it_is_wrong),
        cmocka_unit_test(new_questions_keep_one_on_the_page),
        cmocka_unit_test(a_draft_is_its_owners),
        cmocka_unit_test(two_windows_never_overwrite_silently),
        cmocka_unit_test(an_old_window_sees_the_pages_saved_meanwhile),
        cmocka_unit_test(a_submission_is_taken_once),
        cmocka_unit_test(no_more_are_taken_than_there_is_room_for),
        cmocka_unit_test(taken_back_and_sent_anew_is_one_application),
        cmocka_unit_test(a_draft_goes_on_under_a_newer_version),
        cmocka_unit_test(an_old_window_writes_nothing_into_a_newer_form),
        cmocka_unit_test(a_row_is_removed_as_it_was_seen),
        cmocka_unit_test(an_incomplete_draft_is_not_taken),
        cmocka_unit_test(hidden_answers_are_not_sent),
        cmocka_unit_test(what_decides_comes_from_the_register),
        cmocka_unit_test(a_fact_says_who_told_it),
        cmocka_unit_test(an_identity_number_stays_with_the_party),
        cmocka_unit_test(answers_lie_sealed),
        cmocka_unit_test(files_are_judged_by_their_content),
        cmocka_unit_test(what_a_draft_holds),
        cmocka_unit_test(a_draft_stays_on_its_version),
        cmocka_unit_test(forgotten_drafts_are_deleted),
        cmocka_unit_test(an_anonymous_draft_belongs_to_its_browser),
    };
    return test_each_engine("form_draft", tests);
}
