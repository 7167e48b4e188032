/* Letters from draft to arrival, in a whole house; and the laws that are theirs, attacked. */
#include "sending.h"

#include "letter_attack_store.h"

static struct str id_of(struct cx *cx, int64_t id)
{
    return str_fmt(cx->arena, "%lld", (long long)id);
}

/* ---- the story ---- */

static void a_decision_reaches_the_citizen(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct jobs *jobs = sending_jobs(cx);
    int64_t casefile;
    struct decision d = sending_decided(cx, "anna", DECISION_REFUSED, &casefile);
    struct letter l = sending_draft(cx, casefile, d.id, "partly");
    struct letter_preview p;
    assert_ok(cx, letter_preview(cx, l.id, &p));
    assert_int_equal(p.missing.n, 0);
    assert_true(sending_has(p.html.s, "Kære Anna Holm"));
    assert_true(sending_has(p.html.s, "Du kan klare det uden."));
    assert_true(sending_has(p.html.s, "4 uger"));
    assert_true(p.plain.message_first);
    struct str text = str_cat(cx->arena, l.markdown, S("\n\nKom *endelig* forbi."));
    assert_ok(cx, letter_draft_save(cx, l.id, l.version, l.title, text));
    assert_err(cx, letter_draft_save(cx, l.id, l.version, l.title, l.markdown), ERR_CONFLICT); /* law 2 */
    assert_err(cx, letter_send(cx, l.id, l.version), ERR_CONFLICT);
    l = sending_get(cx, l.id);
    assert_ok(cx, letter_send(cx, l.id, l.version));
    assert_err(cx, letter_send(cx, l.id, l.version), ERR_CONFLICT); /* once */
    sending_run(cx, jobs);
    l = sending_get(cx, l.id);
    assert_int_equal(l.state, LETTER_QUEUED); /* may be recalled still */
    struct letter_row *rows;
    size_t n;
    assert_ok(cx, letter_list_for_party(cx, l.party_id, 10, &rows, &n));
    assert_int_equal(n, 0);
    assert_err(cx, casefile_close(cx, casefile, house_version(cx, casefile)), ERR_LAW); /* law 5 */
    house_later(cx, cx->muni->recall_seconds * SECOND_US);
    sending_run(cx, jobs);
    l = sending_get(cx, l.id);
    assert_int_equal(l.state, LETTER_DELIVERED);
    assert_int_equal(l.channel, LETTER_DIGITAL);
    assert_int_equal(l.arrived_us, cx->now_us);
    assert_int_equal(l.appeal_deadline, municipality_appeal_deadline(cx->muni, civil_day_of_us(cx->now_us)));
    assert_int_equal(l.pdf_hash.n, 64);
    struct casefile_view v = house_view(cx, casefile);
    assert_true(v.file.arrived_us.set && v.file.appeal_until_us.v == civil_day_start_us(l.appeal_deadline + 1));
    /* in the record: the text, the PDF, finished and numbered */
    struct record_registration r;
    assert_ok(cx, record_registration_get(cx, l.registration_id, &r));
    assert_true(r.finished_us.set && r.journal_no.n > 0 && r.party_visible);
    assert_true(sending_has(str_cat(cx->arena, S(""), l.markdown), "Anna Holm"));
    /* Anna reads it; the case has one more thing she may do */
    house_party(cx, "anna");
    int64_t unread;
    assert_ok(cx, letter_unread_count(cx, cx->who->party_id, &unread));
    assert_int_equal(unread, 1);
    assert_ok(cx, letter_list_for_party(cx, cx->who->party_id, 10, &rows, &n));
    assert_int_equal(n, 1);
    assert_str(rows[0].title, "Du får noget af det, du har søgt om");
    assert_ok(cx, letter_get_as_party(cx, l.id, &l));
    assert_ok(cx, letter_unread_count(cx, cx->who->party_id, &unread));
    assert_int_equal(unread, 0);
    struct html html;
    assert_ok(cx, letter_html(cx, &l, &html));
    assert_true(sending_has(html.s, "Kom <em>endelig</em> forbi."));
    assert_true(house_view(cx, casefile).can[CASEFILE_DO_APPEAL]);
    house_party(cx, "dagny");
    assert_err(cx, letter_get_as_party(cx, l.id, &l), ERR_NOT_FOUND); /* law 7 */
    house_employee(cx, "mette");
    assert_err(cx, letter_get(cx, l.id, &l), ERR_FORBIDDEN);
    house_employee(cx, "bo");
    assert_ok(cx, casefile_close(cx, casefile, house_version(cx, casefile)));
    jobs_free(jobs);
    house_free(cx);
}

static void can_be_recalled_for_a_while(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct jobs *jobs = sending_jobs(cx);
    int64_t casefile;
    struct letter l = sending_sent(cx, "anna", &casefile);
    assert_ok(cx, letter_recall(cx, l.id));
    l = sending_get(cx, l.id);
    assert_int_equal(l.state, LETTER_RECALLED);
    assert_true(sending_has(l.markdown, "{{party_name}}")); /* as it was written */
    house_later(cx, HOUR_US);
    sending_run(cx, jobs);
    assert_int_equal(sending_get(cx, l.id).state, LETTER_RECALLED);
    assert_ok(cx, letter_send(cx, l.id, l.version));
    house_later(cx, cx->muni->recall_seconds * SECOND_US);
    assert_err(cx, letter_recall(cx, l.id), ERR_CONFLICT); /* too late, though the job has not run */
    sending_run(cx, jobs);
    assert_int_equal(sending_get(cx, l.id).state, LETTER_DELIVERED);
    assert_err(cx, letter_recall(cx, l.id), ERR_CONFLICT);
    jobs_free(jobs);
    house_free(cx);
}

/* The only thing applied for is granted in part: nothing was refused, and the letter is whole all the same. */
static void one_thing_granted_in_part_is_told_in_every_language(void **state)
{
    (void)state;
    static const char *const bra[][2] = {{"phone", "20 00 00 03"},
                                         {"home_municipality", "Fjordby"},
                                         {"reason", "incongruence"},
                                         {"what", "spesialbrystholder"},
                                         {"purchase", "before"},
                                         {"bra_first", "true"},
                                         {"more", "false"},
                                         {"doctor_bra_how", "later"},
                                         {"prescription_how", "later"},
                                         {"other_how", "no"},
                                         {"doctor_gender_how", "later"},
                                         {"truth", "true"}};
    for (int service = 0; service < 2; service++)
        for (int lang = 0; lang < LANG_COUNT; lang++) {
            struct cx *cx = house_new();
            struct casefile_receipt receipt;
            int64_t version, letter;
            house_party(cx, "anna");
            int64_t application = service ? house_fill(cx, "brystprotese", bra, sizeof bra / sizeof *bra, &version)
                                          : house_draft(cx, "stok", NULL, &version);
            assert_ok(cx, casefile_submit(cx, application, version, &receipt));
            int64_t id = receipt.casefile_id;
            house_employee(cx, "bo");
            assert_ok(cx, casefile_take(cx, id, house_version(cx, id)));
            assert_ok(cx, casefile_call(cx, id, S("Vi talte om det."), true));
            struct decision d = house_decide(cx, id, DECISION_PARTLY, DECISION_PARTLY);
            assert_int_equal(d.lines.n, 1);
            assert_ok(cx, decision_finalise(cx, d.id, d.version, house_version(cx, id)));
            struct letter_draft new = {id, d.id, S("partly"), (enum lang)lang};
            assert_ok(cx, letter_draft_new(cx, &new, &letter));
            assert_ok(cx, letter_send(cx, letter, sending_get(cx, letter).version));
            assert_true(sending_has(sending_get(cx, letter).markdown, "Lånt i et halvt år"));
            house_free(cx);
        }
}

/* Law 5: a letter that cannot be made keeps the case open, and no clock runs. */
static void a_letter_that_fails_stops_everything(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct jobs *jobs = sending_jobs(cx);
    int64_t casefile;
    struct letter l = sending_sent(cx, "anna", &casefile);
    const struct municipality *muni = cx->muni;
    struct municipality broken = *muni;
    jobs_free(jobs);
    broken.name = S("\xff"); /* a letterhead that cannot be set */
    cx->muni = &broken;
    jobs = sending_jobs(cx);
    house_later(cx, HOUR_US);
    sending_run(cx, jobs);
    cx->muni = muni;
    l = sending_get(cx, l.id);
    assert_int_equal(l.state, LETTER_FAILED);
    assert_true(sending_has(l.fail_detail, "UTF-8"));
    assert_int_equal(l.arrived_us + l.appeal_deadline + l.registration_id, 0);
    struct casefile_view v = house_view(cx, casefile);
    assert_false(v.file.appeal_until_us.set);
    assert_err(cx, casefile_close(cx, casefile, house_version(cx, casefile)), ERR_LAW);
    jobs_free(jobs);
    jobs = sending_jobs(cx);
    assert_ok(cx, letter_retry(cx, l.id));
    sending_run(cx, jobs);
    assert_int_equal(sending_get(cx, l.id).state, LETTER_DELIVERED);
    assert_err(cx, letter_retry(cx, l.id), ERR_CONFLICT);
    jobs_free(jobs);
    house_free(cx);
}

/* The administrator mends the cause and tries the job again: the letter leaves. */
static void the_administrator_may_try_again(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct jobs *jobs = sending_jobs(cx);
    int64_t casefile;
    struct letter l = sending_sent(cx, "anna", &casefile);
    const struct municipality *muni = cx->muni;
    struct municipality broken = *muni;
    struct job_row *dead;
    size_t n;
    jobs_free(jobs);
    broken.name = S("\xff");
    cx->muni = &broken;
    jobs = sending_jobs(cx);
    house_later(cx, HOUR_US);
    sending_run(cx, jobs);
    jobs_free(jobs);
    cx->muni = muni;
    jobs = sending_jobs(cx);
    assert_int_equal(sending_get(cx, l.id).state, LETTER_FAILED);
    assert_ok(cx, jobs_list_dead(cx, 10, &dead, &n));
    for (size_t i = 0; i < n; i++)
        assert_ok(cx, job_retry(cx, dead[i].id));
    sending_run(cx, jobs);
    assert_int_equal(sending_get(cx, l.id).state, LETTER_DELIVERED);
    jobs_free(jobs);
    house_free(cx);
}

static void attachments_go_with_it(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct jobs *jobs = sending_jobs(cx);
    int64_t casefile;
    struct decision d = sending_decided(cx, "anna", DECISION_REFUSED, &casefile);
    struct letter l = sending_draft(cx, casefile, d.id, "partly");
    struct letter_attachment a = {.name = S("Vejledning.txt"), .mime = S("text/plain")}, *rows;
    size_t n;
    assert_ok(cx, files_put(cx, S("Sådan bruger du stokken."), &a.file));
    assert_ok(cx, letter_attach(cx, l.id, l.version, &a));
    assert_err(cx, letter_attach(cx, l.id, l.version, &a), ERR_CONFLICT);
    assert_ok(cx, letter_attach(cx, l.id, l.version + 1, &a));
    assert_ok(cx, letter_attachments(cx, l.id, &rows, &n));
    assert_int_equal(n, 2);
    assert_ok(cx, letter_detach(cx, l.id, l.version + 2, rows[0].id));
    assert_ok(cx, letter_send(cx, l.id, l.version + 3));
    house_later(cx, HOUR_US);
    sending_run(cx, jobs);
    house_party(cx, "anna");
    struct casefile_view v = house_view(cx, casefile);
    struct record_documents docs;
    assert_ok(cx, casefile_documents(cx, &v, &docs));
    assert_true(docs.rows.n >= 2);
    const struct record_document *last = &docs.rows.p[docs.rows.n - 1];
    struct str bytes;
    assert_str(last->title, "Vejledning.txt");
    assert_ok(cx, files_get(cx, last->file.hash, &bytes));
    assert_str(bytes, "Sådan bruger du stokken.");
    jobs_free(jobs);
    house_free(cx);
}

/* ---- law 4 ---- */

static void try_without(struct cx *cx, int64_t casefile, int64_t decision, const char *placeholder, const char *lacks)
{
    struct letter l = sending_draft(cx, casefile, decision, "partly");
    size_t at = str_find(l.markdown, str_of(placeholder), 0);
    assert_true(at < l.markdown.n);
    struct str text =
        str_cat(cx->arena, str_slice(l.markdown, 0, at), str_slice(l.markdown, at + strlen(placeholder), l.markdown.n));
    assert_ok(cx, letter_draft_save(cx, l.id, l.version, l.title, text));
    l = sending_get(cx, l.id);
    struct letter_preview p;
    assert_ok(cx, letter_preview(cx, l.id, &p));
    assert_true(p.missing.n >= 1);
    assert_err(cx, letter_send(cx, l.id, l.version), ERR_LAW);
    assert_true(sending_has(cx->fail.detail, "LAW 4"));
    assert_true(sending_has(cx->fail.detail, lacks));
    assert_ok(cx, letter_draft_delete(cx, l.id, l.version));
}

static void law_4_an_adverse_letter_is_complete(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t casefile;
    struct decision d = sending_decided(cx, "anna", DECISION_REFUSED, &casefile);
    try_without(cx, casefile, d.id, "{{reasons}}", "reasons");
    try_without(cx, casefile, d.id, "{{legal_basis}}", "legal basis");
    try_without(cx, casefile, d.id, "{{appeal}}", "appeal guidance");
    /* words of one's own do as well: what counts is that it is said */
    struct letter l = sending_draft(cx, casefile, d.id, "");
    assert_err(cx, letter_send(cx, l.id, l.version), ERR_INVALID);
    assert_ok(cx,
              letter_draft_save(
                  cx, l.id, l.version, S("Dit afslag"),
                  S("Vi kan ikke give dig en badebænk. *Du kan klare det uden.* Vi har brugt serviceloven § 112.\n\n"
                    "Du kan klage inden 4 uger. {{contact}}")));
    l = sending_get(cx, l.id);
    assert_ok(cx, letter_send(cx, l.id, l.version));
    house_free(cx);
}

static void something_to_write_must_be_written(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t casefile = house_taken(cx, "anna", "stok", NULL);
    struct letter l = sending_draft(cx, casefile, 0, "hearing");
    struct letter_preview p;
    assert_true(sending_has(l.markdown, "[skriv her]")); /* no hearing, so no day */
    assert_err(cx, letter_send(cx, l.id, l.version), ERR_INVALID);
    assert_ok(cx, letter_preview(cx, l.id, &p));
    assert_int_equal(p.missing.n, 1);
    assert_err(cx, letter_draft_save(cx, l.id, l.version, l.title, S("{{ukendt}}")), ERR_INVALID);
    assert_ok(cx, letter_draft_save(cx, l.id, l.version, l.title, S("Vi ses {{deadline}}.")));
    assert_ok(cx, letter_preview(cx, l.id, &p));
    assert_true(sending_has(p.html.s, "Vi ses [skriv her]."));
    assert_err(cx, letter_send(cx, l.id, l.version + 1), ERR_INVALID);
    assert_ok(cx, letter_draft_save(cx, l.id, l.version + 1, l.title, S("Vi ses snart, {{party_name}}.")));
    assert_ok(cx, letter_send(cx, l.id, l.version + 2));
    house_free(cx);
}

/* ---- below the domain ---- */

struct blow {
    enum err (*fn)(struct cx *cx, const struct blow *b);
    int64_t id, n;
};

static enum err strike_in(struct cx *cx, void *ctx)
{
    const struct blow *b = ctx;
    return b->fn(cx, b);
}

static void strike(struct cx *cx, struct blow b, const char *law)
{
    assert_err(cx, db_write(cx, strike_in, &b), ERR_LAW);
    if (!str_starts(cx->fail.detail, str_of(law)) && str_find(cx->fail.detail, S("law_"), 0) == cx->fail.detail.n)
        fail_msg("%s: %.*s", law, STR_ARG(cx->fail.detail));
}

#define BLOW(name, ...) \
    static enum err blow_##name(struct cx *cx, const struct blow *b) \
    { \
        return q_letter_attack_##name(cx, __VA_ARGS__); \
    }
BLOW(state, b->id, b->n)
BLOW(mild, b->id)
BLOW(text, b->id)
BLOW(deadline, b->id)
BLOW(drop, b->id)
BLOW(attachment, rand_id(), b->id, hash_of(S("x")))

static void the_store_refuses(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct jobs *jobs = sending_jobs(cx);
    int64_t casefile, other;
    struct decision d = sending_decided(cx, "anna", DECISION_REFUSED, &casefile);
    struct letter l = sending_draft(cx, casefile, d.id, "partly");
    strike(cx, (struct blow){blow_state, l.id, 1}, "LAW 4"); /* nothing says that it is complete */
    strike(cx, (struct blow){blow_state, l.id, 2}, "LAW 4");
    strike(cx, (struct blow){blow_mild, l.id, 0}, "LAW 4");
    strike(cx, (struct blow){blow_deadline, l.id, 0}, "LAW 5");
    assert_ok(cx, letter_send(cx, l.id, l.version));
    strike(cx, (struct blow){blow_drop, l.id, 0}, "LAW 8");
    house_later(cx, HOUR_US);
    sending_run(cx, jobs);
    strike(cx, (struct blow){blow_text, l.id, 0}, "LAW 8");
    strike(cx, (struct blow){blow_state, l.id, 0}, "LAW 8");
    strike(cx, (struct blow){blow_drop, l.id, 0}, "LAW 8");
    strike(cx, (struct blow){blow_attachment, l.id, 0}, "LAW 8");
    l = sending_sent(cx, "dagny", &other);
    strike(cx, (struct blow){blow_state, l.id, 2}, "LAW 6");
    /* a decision that is not final has no letter */
    int64_t open = house_taken(cx, "erik", "stok", NULL);
    d = house_decide(cx, open, DECISION_GRANTED, DECISION_GRANTED);
    l = sending_draft(cx, open, d.id, "granted");
    assert_err(cx, letter_send(cx, l.id, l.version), ERR_LAW);
    strike(cx, (struct blow){blow_state, l.id, 1}, "LAW 3");
    jobs_free(jobs);
    house_free(cx);
}

static enum err lose_job(struct cx *cx, void *ctx)
{
    return q_letter_attack_job(cx, str_of(ctx));
}

static void verify_finds_a_lost_letter(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct jobs *jobs = sending_jobs(cx);
    int64_t casefile;
    struct record_faults faults;
    struct letter l = sending_sent(cx, "anna", &casefile);
    assert_ok(cx, letter_verify(cx, &faults));
    assert_int_equal(faults.rows.n, 0);
    char *like = str_z(cx->arena, str_fmt(cx->arena, "%lld-%%", (long long)l.id));
    assert_ok(cx, db_write(cx, lose_job, like));
    assert_ok(cx, letter_verify(cx, &faults));
    assert_int_equal(faults.rows.n, 1);
    assert_true(sending_has(faults.rows.p[0], "1 letters sent that no job will deliver"));
    l = sending_sent(cx, "dagny", &casefile);
    house_later(cx, HOUR_US);
    sending_run(cx, jobs);
    assert_ok(cx, letter_verify(cx, &faults));
    assert_int_equal(faults.rows.n, 1);
    jobs_free(jobs);
    house_free(cx);
}

/* The term and the body of appeal follow the country. */
static void norway_has_three_weeks(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct jobs *jobs = sending_jobs(cx);
    int64_t casefile;
    struct decision d = sending_decided(cx, "anna", DECISION_REFUSED, &casefile);
    struct municipality norwegian = *cx->muni;
    norwegian.country = COUNTRY_NO;
    norwegian.rules = municipality_country(COUNTRY_NO);
    jobs_free(jobs);
    cx->muni = &norwegian;
    jobs = sending_jobs(cx);
    struct letter_draft new = {casefile, d.id, S("partly"), LANG_NB};
    struct letter_preview p;
    int64_t id;
    assert_ok(cx, letter_draft_new(cx, &new, &id));
    assert_ok(cx, letter_preview(cx, id, &p));
    assert_true(sending_has(p.html.s, "3 uker"));
    assert_true(sending_has(p.html.s, "Statsforvalteren"));
    assert_ok(cx, letter_send(cx, id, sending_get(cx, id).version));
    house_later(cx, HOUR_US);
    sending_run(cx, jobs);
    day_t arrived = civil_day_of_us(cx->now_us), last = sending_get(cx, id).appeal_deadline;
    assert_true(last >= arrived + 21 && last <= arrived + 24); /* 21 days, moved on to a working day */
    jobs_free(jobs);
    house_free(cx);
}

/* An appeal is in time when it has come (Denmark), or when it was sent (Norway), whatever language the letter is in. */
static void the_rule_of_the_term_follows_the_country(void **state)
{
    static const struct {
        enum country country;
        enum lang lang;
        const char *says;
    } letters[] = {{COUNTRY_DK, LANG_DA, "Klagen skal være hos os"}, {COUNTRY_DK, LANG_NB, "Klagen må være hos oss"},
                   {COUNTRY_DK, LANG_NN, "Klaga må vere hos oss"},   {COUNTRY_DK, LANG_EN, "We must have your appeal"},
                   {COUNTRY_NO, LANG_DA, "Du skal sende klagen"},    {COUNTRY_NO, LANG_NB, "må være sendt til oss"},
                   {COUNTRY_NO, LANG_NN, "må vere send til oss"},    {COUNTRY_NO, LANG_EN, "You must send us"}};
    (void)state;
    struct cx *cx = house_new();
    int64_t casefile;
    struct decision d = sending_decided(cx, "anna", DECISION_REFUSED, &casefile);
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        struct municipality there = *cx->muni;
        const struct municipality *here = cx->muni;
        there.country = letters[i].country;
        there.rules = municipality_country(there.country);
        cx->muni = &there;
        struct letter_draft new = {casefile, d.id, S("partly"), letters[i].lang};
        struct letter_preview p;
        int64_t id;
        assert_ok(cx, letter_draft_new(cx, &new, &id));
        assert_ok(cx, letter_preview(cx, id, &p));
        assert_true(sending_has(p.html.s, letters[i].says));
        cx->muni = here;
    }
    house_free(cx);
}

/* A service whose decisions are appealed elsewhere says so: letter, last day, timeline. */
static void a_service_has_its_own_appeal(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct jobs *jobs = sending_jobs(cx);
    struct casefile_events events;
    int64_t casefile;
    struct decision d = sending_decided(cx, "anna", DECISION_REFUSED, &casefile);
    int64_t version = house_view(cx, casefile).file.service_version_id;
    struct service_version *service = (struct service_version *)service_version_by_id(cx, version);
    service->appeal_body = (struct words){.in = {[LANG_DA] = S("Nævnet for hjælpemidler")}};
    service->appeal_days = 14;
    struct letter l = sending_draft(cx, casefile, d.id, "partly");
    struct letter_preview p;
    assert_ok(cx, letter_preview(cx, l.id, &p));
    assert_true(sending_has(p.html.s, "senest 2 uger") && sending_has(p.html.s, "videre til Nævnet for hjælpemidler"));
    assert_int_equal(p.missing.n, 0); /* law 4 asks for this term */
    assert_ok(cx, letter_send(cx, l.id, l.version));
    house_later(cx, HOUR_US);
    sending_run(cx, jobs);
    day_t last = municipality_add_working_days(cx->muni, civil_day_of_us(cx->now_us) + 14, 0);
    assert_int_equal(sending_get(cx, l.id).appeal_deadline, last);
    house_party(cx, "anna");
    assert_ok(cx, casefile_appeal(cx, casefile, &(struct casefile_message){.text = S("Nej.")}));
    house_employee(cx, "bo");
    assert_ok(cx, casefile_uphold(cx, casefile, house_version(cx, casefile), S("Jo.")));
    struct casefile_view v = house_view(cx, casefile);
    assert_ok(cx, casefile_events(cx, &v, &events));
    assert_true(sending_has(events.rows.p[events.rows.n - 1].text, "til Nævnet for hjælpemidler den"));
    jobs_free(jobs);
    house_free(cx);
}

/* ---- who ---- */

static void others_may_not_write(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t casefile, id;
    struct decision d = sending_decided(cx, "anna", DECISION_REFUSED, &casefile);
    struct letter l = sending_draft(cx, casefile, d.id, "partly");
    struct letter_draft more = {casefile, d.id, S("partly"), LANG_DA};
    house_employee(cx, "mette");
    assert_err(cx, letter_draft_new(cx, &more, &id), ERR_FORBIDDEN);
    assert_err(cx, letter_draft_save(cx, l.id, l.version, S("x"), S("x")), ERR_FORBIDDEN);
    assert_err(cx, letter_send(cx, l.id, l.version), ERR_FORBIDDEN);
    assert_err(cx, letter_draft_delete(cx, l.id, l.version), ERR_FORBIDDEN);
    house_party(cx, "anna");
    assert_true(letter_send(cx, l.id, l.version) != ERR_OK);
    assert_err(cx, letter_get_as_party(cx, l.id, &l), ERR_NOT_FOUND); /* a draft is not hers yet */
    house_free(cx);
}

/* The application's own PDF: made of what was sent, then the registration is finished. */
static void an_application_gets_its_pdf(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct jobs *jobs = sending_jobs(cx);
    int64_t casefile = house_apply(cx, "anna", "stok", NULL);
    sending_run(cx, jobs);
    struct casefile_view v = house_view(cx, casefile);
    struct record_registration r;
    struct record_documents docs;
    struct str pdf;
    assert_ok(cx, record_registration_get(cx, v.file.application_id, &r));
    assert_true(r.finished_us.set);
    assert_ok(cx, casefile_documents(cx, &v, &docs));
    assert_true(docs.rows.n >= 1);
    assert_str(docs.rows.p[0].mime, "application/pdf");
    assert_ok(cx, files_get(cx, docs.rows.p[0].file.hash, &pdf));
    assert_true(str_starts(pdf, S("%PDF-1.7")));
    struct job_row row;
    assert_ok(cx, job_find(cx, S("casefile_pdf"), id_of(cx, v.file.application_id), &row));
    assert_int_equal(row.state, JOB_DONE);
    jobs_free(jobs);
    house_free(cx);
}

int main(void)
{
    log_set_level(LOG_ERROR + 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_decision_reaches_the_citizen),
        cmocka_unit_test(can_be_recalled_for_a_while),
        cmocka_unit_test(one_thing_granted_in_part_is_told_in_every_language),
        cmocka_unit_test(a_letter_that_fails_stops_everything),
        cmocka_unit_test(the_administrator_may_try_again),
        cmocka_unit_test(attachments_go_with_it),
        cmocka_unit_test(law_4_an_adverse_letter_is_complete),
        cmocka_unit_test(something_to_write_must_be_written),
        cmocka_unit_test(the_store_refuses),
        cmocka_unit_test(verify_finds_a_lost_letter),
        cmocka_unit_test(norway_has_three_weeks),
        cmocka_unit_test(the_rule_of_the_term_follows_the_country),
        cmocka_unit_test(a_service_has_its_own_appeal),
        cmocka_unit_test(others_may_not_write),
        cmocka_unit_test(an_application_gets_its_pdf),
    };
    return test_each_engine("letter", tests);
}
