/* A copy of everything held about a person: who gets it, what is in it, and that it ends. */
#include "../casefile/house.h"

#include <unistd.h>

#include "access/access.h"
#include "form/form_draft.h"
#include "takeout/takeout.h"
#include "takeout/takeout_internal.h"

static struct jobs *jobs_of(struct cx *cx)
{
    static const struct job_kind kinds[] = {TAKEOUT_JOB_KINDS};
    struct jobs *jobs;
    const struct who *who = cx->who;
    cx->who = auth_system();
    assert_ok(cx, jobs_new(cx, &(struct jobs_config){.kinds = kinds, .n_kinds = 2}, &jobs));
    cx->who = who;
    return jobs;
}

static void run_jobs(struct cx *cx)
{
    struct jobs *jobs = jobs_of(cx);
    int64_t runs;
    assert_ok(cx, jobs_run_due(jobs, cx->now_us, &runs));
    jobs_free(jobs);
    cx->jobs = NULL;
}

static struct takeout only(struct cx *cx)
{
    struct takeouts mine;
    assert_ok(cx, takeout_mine(cx, &mine));
    assert_int_equal(mine.rows.n, 1);
    return mine.rows.p[0];
}

/* The bytes of the archive: is this name in its table of contents? (Contents are looked at by the scenario, unpacked.)
 */
static bool holds(struct cx *cx, const struct takeout *t, const char *name)
{
    struct str bytes;
    assert_ok(cx, files_get(cx, t->file.hash, &bytes));
    return str_find(bytes, str_of(name), 0) < bytes.n;
}

static void she_gets_it_and_nobody_else(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct takeout t;
    int64_t id, again, dagny = house_party(cx, "dagny");
    house_apply(cx, "anna", "stok", NULL);
    int64_t anna = house_party(cx, "anna");
    assert_err(cx, takeout_start(cx, dagny, &id), ERR_FORBIDDEN);
    assert_ok(cx, takeout_start(cx, anna, &id));
    assert_ok(cx, takeout_start(cx, anna, &again)); /* pressed twice */
    assert_int_equal(id, again);
    assert_err(cx, takeout_get(cx, id, &t), ERR_NOT_FOUND); /* not ready */
    run_jobs(cx);
    t = only(cx);
    assert_int_equal(t.state, TAKEOUT_READY);
    assert_true(holds(cx, &t, "Start her.html"));
    assert_true(holds(cx, &t, "2026-000001 Lette hjælpemidler/01 2026-01-15 "));
    assert_ok(cx, takeout_get(cx, id, &t));
    house_party(cx, "dagny");
    assert_err(cx, takeout_get(cx, id, &t), ERR_NOT_FOUND);
    assert_err(cx, takeout_delete(cx, id), ERR_NOT_FOUND);
    house_employee(cx, "bo");
    assert_err(cx, takeout_get(cx, id, &t), ERR_NOT_FOUND);
    house_party(cx, "anna"); /* a new one takes the place of the old */
    assert_ok(cx, takeout_start(cx, anna, &again));
    assert_int_not_equal(id, again);
    assert_err(cx, takeout_get(cx, id, &t), ERR_NOT_FOUND);
    run_jobs(cx);
    id = only(cx).id;
    assert_ok(cx, takeout_get(cx, id, &t));
    house_later(cx, TAKEOUT_DAYS * DAY_US);
    assert_err(cx, takeout_get(cx, id, &t), ERR_NOT_FOUND); /* over, also before it is swept */
    assert_ok(cx, takeout_expire_job(cx, NULL));
    struct files_swept swept;
    struct str bytes;
    assert_ok(cx, files_sweep(cx, 0, &swept));
    assert_err(cx, files_get(cx, t.file.hash, &bytes), ERR_NOT_FOUND);
    house_free(cx);
}

static void by_mandate_what_it_covers(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct takeout t;
    struct access_looks looks;
    int64_t id, mandate;
    int64_t dagny = house_party(cx, "dagny");
    house_apply(cx, "dagny", "stok", NULL); /* her case: 2026-000001 */
    house_apply(cx, "anna", "stok", NULL);  /* the holder's own: 2026-000002 */
    int64_t anna = house_party(cx, "anna");
    assert_err(cx, takeout_start(cx, dagny, &id), ERR_FORBIDDEN);
    house_party(cx, "dagny");
    struct party_mandate_new new = {.holder_id = anna, .scope = S("lette-hjaelpemidler"), .from_us = cx->now_us};
    assert_ok(cx, party_mandate_give(cx, &new, &mandate));
    house_party(cx, "anna");
    assert_ok(cx, takeout_start(cx, dagny, &id));
    run_jobs(cx);
    t = only(cx);
    assert_int_equal(t.state, TAKEOUT_READY);
    assert_true(holds(cx, &t, "2026-000001 "));
    assert_false(holds(cx, &t, "2026-000002 "));
    assert_ok(cx, takeout_get(cx, id, &t));
    assert_ok(cx, access_commit(cx));
    house_party(cx, "dagny"); /* she sees that it was fetched */
    assert_ok(cx, access_own(cx, 0, 100, &looks));
    bool told = false;
    for (size_t i = 0; i < looks.rows.n; i++)
        told |= str_eq_z(looks.rows.p[i].purpose, "At give en kopi af sagerne til den, der har fuldmagt");
    assert_true(told);
    assert_ok(cx, takeout_start(cx, dagny, &id)); /* her own is another one */
    run_jobs(cx);
    t = only(cx);
    assert_int_equal(t.state, TAKEOUT_READY);
    assert_true(holds(cx, &t, "2026-000001 "));
    house_party(cx, "anna");
    id = only(cx).id;
    house_party(cx, "dagny");
    assert_ok(cx, party_mandate_withdraw(cx, mandate));
    house_party(cx, "anna"); /* what she had is not hers any more */
    assert_err(cx, takeout_get(cx, id, &t), ERR_NOT_FOUND);
    struct takeouts mine;
    assert_ok(cx, takeout_mine(cx, &mine));
    assert_int_equal(mine.rows.n, 0);
    house_free(cx);
}

/* One of two mandates ends: what it covered may be in the file, so that is gone; a new one has what the other covers.
 */
static void one_of_two_mandates_ends(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct takeouts mine;
    struct takeout t;
    int64_t id, again, mandates[2], anna = house_party(cx, "anna");
    house_apply(cx, "dagny", "stok", NULL);
    int64_t dagny = house_party(cx, "dagny");
    const char *const scopes[] = {"lette-hjaelpemidler", "hjemmehjaelp"};
    for (size_t i = 0; i < 2; i++)
        assert_ok(cx, party_mandate_give(cx,
                                         &(struct party_mandate_new){
                                             .holder_id = anna, .scope = str_of(scopes[i]), .from_us = cx->now_us},
                                         &mandates[i]));
    house_party(cx, "anna");
    assert_ok(cx, takeout_start(cx, dagny, &id));
    run_jobs(cx);
    t = only(cx);
    assert_true(holds(cx, &t, "2026-000001 "));
    house_later(cx, DAY_US);
    assert_ok(cx, takeout_get(cx, id, &t));
    house_party(cx, "dagny");
    assert_ok(cx, party_mandate_withdraw(cx, mandates[0]));
    house_party(cx, "anna");
    assert_err(cx, takeout_get(cx, id, &t), ERR_NOT_FOUND);
    assert_ok(cx, takeout_mine(cx, &mine));
    assert_int_equal(mine.rows.n, 0);
    house_later(cx, DAY_US);
    assert_ok(cx, takeout_start(cx, dagny, &again));
    assert_int_not_equal(id, again);
    run_jobs(cx);
    t = only(cx);
    assert_int_equal(t.state, TAKEOUT_READY);
    assert_false(holds(cx, &t, "2026-000001 "));
    house_free(cx);
}

static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9c"
                          "c\xf8\xcf\xc0\0\0\3\1\1\0\xc9\xfe\x92\xef\0\0\0\0IEND\xae"
                          "B`\x82";

static void attach(struct cx *cx, int64_t draft_id, const char *name)
{
    struct form_draft d;
    struct str wrong;
    assert_ok(cx, form_draft_open(cx, draft_id, &d));
    struct form_upload_new new = {
        .field = form_field_of(d.form, S("picture")), .name = str_of(name), .bytes = {png, sizeof png - 1}};
    assert_ok(cx, form_upload_add(cx, &d, &new, &wrong));
    assert_int_equal(wrong.n, 0);
}

/* cx->who's copy of that person, for machines. */
static struct str data_of(struct cx *cx, int64_t party_id)
{
    struct takeout_made made;
    int64_t size;
    assert_ok(cx, takeout_compose(cx, &(struct takeout_order){.party_id = party_id}, &made));
    assert_ok(cx, takeout_temp_end(cx, made.json, &size));
    char *bytes = arena_array(cx->arena, char, (size_t)size);
    assert_int_equal(pread(fileno(made.json), bytes, (size_t)size, 0), size);
    return (struct str){bytes, (size_t)size};
}

static bool has(struct str text, const char *words)
{
    return str_find(text, str_of(words), 0) < text.n;
}

/* Her drafts with answers and files, for a login as strong as the service asks, and no longer than the drafts last. */
static void her_drafts_are_in_it(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct takeout t;
    int64_t id, version, anna = house_party(cx, "anna");
    struct who weak = *cx->who;
    weak.assurance = ASSURANCE_LOW;
    attach(cx, house_draft(cx, "stok", NULL, &version), "trappen.png");
    struct form_drafts drafts;
    assert_ok(cx, form_drafts_of_party(cx, anna, &drafts));
    int64_t end_us = civil_day_start_us(drafts.rows.p[0].delete_day);
    assert_true(has(data_of(cx, anna), "\"difficulty\":\"Jeg har svært ved at stå længe.\""));
    assert_ok(cx, takeout_start(cx, anna, &id));
    run_jobs(cx);
    t = only(cx);
    assert_true(holds(cx, &t, "Kladde 1 Lette hjælpemidler/01 2026-01-15 trappen.png"));
    assert_true(holds(cx, &t, "sha256sums.txt"));
    assert_int_equal(t.until_us, cx->now_us + TAKEOUT_DAYS * DAY_US);
    const struct who *strong = cx->who;
    cx->who = &weak;
    assert_err(cx, takeout_get(cx, id, &t), ERR_ASSURANCE);
    struct str data = data_of(cx, anna);
    assert_true(has(data, "\"needsStrongerLogin\":true"));
    assert_false(has(data, "Jeg har svært") || has(data, "trappen.png"));
    assert_ok(cx, takeout_start(cx, anna, &id));
    run_jobs(cx);
    t = only(cx);
    assert_false(holds(cx, &t, "trappen.png"));
    assert_ok(cx, takeout_get(cx, id, &t));
    cx->who = strong;
    cx->now_us = end_us - DAY_US; /* the draft's last day */
    assert_ok(cx, takeout_start(cx, anna, &id));
    run_jobs(cx);
    t = only(cx);
    assert_true(holds(cx, &t, "trappen.png"));
    assert_int_equal(t.until_us, end_us);
    house_party(cx, "dagny");
    assert_false(has(data_of(cx, cx->who->party_id), "trappen.png"));
    house_free(cx);
}

/* Of another's drafts those that the holder began; the other has both, and reads who began hers. */
static void drafts_by_mandate(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t id, version, mandate, anna = house_party(cx, "anna"), dagny = house_party(cx, "dagny");
    attach(cx, house_draft(cx, "stok", NULL, &version), "min-egen.png");
    struct party_mandate_new new = {.holder_id = anna, .scope = S(""), .from_us = cx->now_us};
    assert_ok(cx, party_mandate_give(cx, &new, &mandate));
    house_party(cx, "anna");
    assert_ok(cx, form_draft_start_for(cx, S("lette-hjaelpemidler"), mandate, &id));
    attach(cx, id, "for-dagny.png");
    struct str data = data_of(cx, dagny);
    assert_true(has(data, "for-dagny.png"));
    assert_false(has(data, "min-egen.png"));
    data = data_of(cx, anna); /* it is not hers */
    assert_false(has(data, "for-dagny.png"));
    house_party(cx, "dagny");
    data = data_of(cx, dagny);
    assert_true(has(data, "for-dagny.png") && has(data, "min-egen.png") && has(data, "\"begunBy\":\"Anna Holm\""));
    assert_ok(cx, party_mandate_withdraw(cx, mandate));
    house_party(cx, "anna");
    assert_false(has(data_of(cx, dagny), "for-dagny.png"));
    house_free(cx);
}

static size_t times(struct str text, const char *words)
{
    size_t n = 0;
    for (size_t at = 0; (at = str_find(text, str_of(words), at)) < text.n; at++)
        n++;
    return n;
}

/* However many there are: of drafts a page of my page shows a hundred. */
static void all_of_her_drafts(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t id, mandate, anna = house_party(cx, "anna"), dagny = house_party(cx, "dagny");
    struct party_mandate_new new = {.holder_id = anna, .scope = S(""), .from_us = cx->now_us};
    assert_ok(cx, party_mandate_give(cx, &new, &mandate));
    house_party(cx, "anna");
    for (int i = 0; i < 101; i++)
        assert_ok(cx, form_draft_start(cx, S("lette-hjaelpemidler"), &id));
    for (int i = 0; i < 102; i++)
        assert_ok(cx, form_draft_start_for(cx, S("lette-hjaelpemidler"), mandate, &id));
    assert_int_equal(times(data_of(cx, anna), "\"leftAt\":"), 101);
    assert_int_equal(times(data_of(cx, dagny), "\"leftAt\":"), 102);
    house_free(cx);
}

enum { LOOKS = 1300, A_BATCH = 260 };

/* Bo looks at Anna's data, each time in another case, and the log is sealed in between: some have no seal yet. */
static void look_often(struct cx *cx, int64_t party_id)
{
    house_employee(cx, "bo");
    for (int64_t i = 0; i < LOOKS; i++) {
        if (i && i % A_BATCH == 0) {
            assert_ok(cx, access_commit(cx));
            assert_ok(cx, access_seal(cx));
        }
        access_note(cx, &(struct access_entry){.subject_party_id = party_id,
                                               .casefile_id = 1 + i,
                                               .casefile_no = str_fmt(cx->arena, "look-%lld.", (long long)i),
                                               .kind = S("casefile"),
                                               .purpose = S("Behandle sagen")});
    }
    assert_ok(cx, access_commit(cx));
}

static void each_once(struct str text)
{
    bool seen[LOOKS] = {false};
    size_t n = 0;
    for (size_t at = 0; (at = str_find(text, S("look-"), at)) < text.n; n++) {
        int64_t i;
        at += 5;
        assert_true(str_to_i64(str_slice(text, at, str_find_char(text, '.', at)), &i) && i < LOOKS && !seen[i]);
        seen[i] = true;
    }
    assert_int_equal(n, LOOKS);
}

/* Every look is in both files, once, and what they take does not grow with them. */
static void the_log_is_whole(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t size, anna = house_party(cx, "anna");
    struct takeout_made made;
    look_often(cx, anna);
    house_party(cx, "anna");
    size_t used = arena_used(cx->arena);
    assert_ok(cx, takeout_compose(cx, &(struct takeout_order){.party_id = anna}, &made));
    assert_true(arena_used(cx->arena) - used < 100 * LOOKS);
    FILE *files[] = {made.json, made.page};
    for (size_t f = 0; f < 2; f++) {
        assert_ok(cx, takeout_temp_end(cx, files[f], &size));
        char *bytes = arena_array(cx->arena, char, (size_t)size);
        assert_int_equal(pread(fileno(files[f]), bytes, (size_t)size, 0), size);
        each_once((struct str){bytes, (size_t)size});
    }
    house_free(cx);
}

static enum err hold_back(struct cx *cx, void *ctx)
{
    int64_t id;
    return record_hold(cx, *(const int64_t *)ctx, S("Sagen er for retten."), &id);
}

/* Why her case is not erased in its time is about her too. */
static void why_it_is_held_back(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t casefile = house_taken(cx, "anna", "stok", NULL), record = house_view(cx, casefile).file.record_id;
    house_employee(cx, "bo");
    assert_ok(cx, db_write(cx, hold_back, &record));
    int64_t anna = house_party(cx, "anna");
    assert_true(has(data_of(cx, anna), "\"heldBack\":[{\"reason\":\"Sagen er for retten.\""));
    house_free(cx);
}

static int64_t offer(struct cx *cx, const char *idno, const char *name)
{
    int64_t id;
    struct party_offer_new new = {str_of(idno), str_of(name), S("pas"), true,
                                  civil_day_start_us(civil_day_of_us(cx->now_us) + 30)};
    assert_ok(cx, party_offer(cx, &new, &id));
    return id;
}

/* What was offered and what became of it, and what was told: to both sides, and to nobody whose number was typed by
   mistake, or from whom it was taken back. */
static void offers_and_what_was_told(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t anna = house_party(cx, "anna"), erik = house_party(cx, "erik"), dagny = house_party(cx, "dagny");
    house_party(cx, "anna");
    int64_t yes = offer(cx, "721141-2346", "Dagny Lund"), back = offer(cx, "890288-3117", "Erik Sand");
    offer(cx, "890288-3117", "Erik Holm");
    assert_ok(cx, party_offer_take_back(cx, back));
    house_party(cx, "dagny");
    assert_ok(cx, party_offer_answer(cx, yes, true));
    struct str data = data_of(cx, dagny);
    assert_true(has(data, "\"mandateOffers\":[{\"from\":\"Anna Holm\",\"service\":\"pas\",\"mayAct\":true"));
    assert_true(has(data, "\"answer\":\"yes\""));
    house_party(cx, "anna");
    data = data_of(cx, anna);
    assert_true(has(data, "{\"to\":\"Dagny Lund\"") && has(data, "{\"to\":\"Erik Sand\"") &&
                has(data, "{\"to\":\"Erik Holm\""));
    assert_true(has(data, "\"answer\":\"takenBack\"") && has(data, "\"answer\":\"none\""));
    assert_true(has(data, "\"mandateMessages\":[{") && has(data, "\"what\":\"accepted\",\"other\":\"Dagny Lund\""));
    assert_ok(cx, party_messages_seen(cx));
    assert_true(has(data_of(cx, anna), "\"what\":\"accepted\""));
    house_later(cx, (PARTY_OFFER_DAYS + 1) * DAY_US); /* over, and not swept yet */
    assert_true(has(data_of(cx, anna), "{\"to\":\"Erik Holm\""));
    house_party(cx, "erik");
    assert_true(has(data_of(cx, erik), "\"mandateOffers\":[],\"mandateMessages\":[]"));
    house_free(cx);
}

static const char paper[] = "%PDF-1.4\n%fuldmagt af 2026\n%%EOF\n";

/* Carl of the counter registers it for Dagny, who is open there. */
static void on_paper(struct cx *cx)
{
    struct auth_employee carl;
    struct party_paper_new new = {.idno = S("640357-4218"),
                                  .name = S("Anna Holm"),
                                  .scope = S(""),
                                  .act = true,
                                  .until_us = civil_day_start_us(civil_day_of_us(cx->now_us) + 30),
                                  .purpose = S("Dagny kom forbi med sin datter"),
                                  .mime = S("application/pdf")};
    int64_t id;
    assert_ok(cx, auth_employee_by_key(cx, S("carl"), &carl));
    assert_ok(cx, auth_login_employee(cx, carl.id, ASSURANCE_HIGH));
    assert_ok(cx, party_stay_begin(cx, S("7211412346"), S("Hjalp dig med en fuldmagt"), CHANNEL_COUNTER));
    assert_ok(cx, files_put(cx, str_of(paper), &new.document));
    assert_ok(cx, party_mandate_on_paper(cx, &new, &id));
    assert_ok(cx, access_commit(cx));
}

/* The paper lies in the file of both sides, and in no holder's copy of the giver's data. */
static void the_paper_of_a_mandate(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t id, dagny = house_party(cx, "dagny");
    on_paper(cx);
    struct takeout t;
    static const char *const names[][2] = {{"dagny", "Anna Holm"}, {"anna", "Dagny Lund"}};
    for (size_t i = 0; i < 2; i++) {
        int64_t me = house_party(cx, names[i][0]);
        struct str data = data_of(cx, me);
        struct hash hash = hash_of(str_of(paper));
        assert_true(has(data, "\"basis\":\"paper\"") && has(data, "\"purpose\":\"Dagny kom forbi med sin datter\""));
        assert_true(str_find(data, hash_hex(cx->arena, hash), 0) < data.n);
        assert_ok(cx, takeout_start(cx, me, &id));
        run_jobs(cx);
        t = only(cx);
        assert_true(holds(
            cx, &t, str_z(cx->arena, str_fmt(cx->arena, "Fuldmagter/01 2026-01-15 Fuldmagt, %s.pdf", names[i][1]))));
        assert_ok(cx, takeout_delete(cx, t.id));
    }
    house_party(cx, "anna");
    assert_false(has(data_of(cx, dagny), "\"basis\":"));
    assert_ok(cx, takeout_start(cx, dagny, &id));
    run_jobs(cx);
    t = only(cx);
    assert_false(holds(cx, &t, "Fuldmagter/"));
    house_free(cx);
}

/* Of custody that is over, my page names nobody, and the copy neither. */
static void custody_that_is_over_names_nobody(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t maja = house_party(cx, "maja");
    assert_ok(cx, party_relations_ask(cx));
    assert_true(has(data_of(cx, maja), "Alma Riis"));
    house_later(cx, (PARTY_RELATION_HOURS + 1) * HOUR_US);
    struct str data = data_of(cx, maja);
    assert_true(has(data, "\"basis\":\"custody\""));
    assert_false(has(data, "Alma"));
    house_free(cx);
}

/* The mandate ends while the job waits: nothing is made. */
static void withdrawn_before_it_was_made(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t id, mandate, anna = house_party(cx, "anna");
    int64_t dagny = house_party(cx, "dagny");
    house_apply(cx, "dagny", "stok", NULL);
    house_party(cx, "dagny");
    struct party_mandate_new new = {.holder_id = anna, .scope = S(""), .from_us = cx->now_us};
    assert_ok(cx, party_mandate_give(cx, &new, &mandate));
    house_party(cx, "anna");
    assert_ok(cx, takeout_start(cx, dagny, &id));
    house_party(cx, "dagny");
    assert_ok(cx, party_mandate_withdraw(cx, mandate));
    run_jobs(cx);
    assert_ok(cx, party_mandate_give(cx, &new, &mandate));
    house_party(cx, "anna");
    assert_int_equal(only(cx).state, TAKEOUT_FAILED);
    house_free(cx);
}

/* One who may not see the address gets no application with it in. */
static void a_protected_address_is_left_out(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct takeout t;
    int64_t id, mandate, anna = house_party(cx, "anna");
    int64_t erik = house_party(cx, "erik");
    house_apply(cx, "erik", "stok", NULL);
    house_party(cx, "erik");
    struct party_mandate_new new = {.holder_id = anna, .scope = S(""), .from_us = cx->now_us};
    assert_ok(cx, party_mandate_give(cx, &new, &mandate));
    assert_ok(cx, takeout_start(cx, erik, &id));
    run_jobs(cx);
    t = only(cx);
    assert_true(holds(cx, &t, "/01 2026-01-15 "));
    house_party(cx, "anna");
    assert_ok(cx, takeout_start(cx, erik, &id));
    run_jobs(cx);
    t = only(cx);
    assert_int_equal(t.state, TAKEOUT_READY);
    assert_false(holds(cx, &t, "/01 2026-01-15 "));
    house_free(cx);
}

/* What was fetched of the household for one parent's application is not the other parent's to have by custody. */
static void the_household_is_left_out_for_another(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct municipality muni = *cx->muni;
    const struct municipality *before = cx->muni;
    struct municipality_person *people = arena_array(cx->arena, struct municipality_person, muni.people.n);
    struct takeout_facts own, others;
    memcpy(people, muni.people.p, muni.people.n * sizeof *people);
    for (size_t i = 0; i < muni.people.n; i++)
        if (str_eq_z(people[i].key, "alma"))
            people[i].income = S("912345");
    muni.people.p = people;
    cx->muni = &muni;
    int64_t alma = house_party(cx, "alma");
    assert_ok(cx, party_fetch_household(cx, alma));
    assert_ok(cx, takeout_facts(cx, alma, &own));
    house_party(cx, "oskar");
    assert_ok(cx, party_relations_ask(cx));
    assert_ok(cx, takeout_facts(cx, alma, &others));
    assert_int_equal(others.rows.n, own.rows.n - 1);
    cx->muni = before;
    house_free(cx);
}

static enum err erase(struct cx *cx, void *ctx)
{
    return takeout_erase_casefile(cx, *(const int64_t *)ctx);
}

/* Law 10: a case that is erased is not left in a file that was made of it, nor does one that is just being made keep
 * it. */
static void erased_with_its_case(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct takeouts mine;
    struct takeout t;
    int64_t id, casefile = house_apply(cx, "anna", "stok", NULL);
    int64_t other = house_apply(cx, "dagny", "stok", NULL);
    int64_t anna = house_party(cx, "anna");
    assert_ok(cx, takeout_start(cx, anna, &id));
    run_jobs(cx);
    assert_ok(cx, db_write(cx, erase, &other));
    assert_ok(cx, takeout_get(cx, id, &t));
    assert_ok(cx, db_write(cx, erase, &casefile));
    assert_ok(cx, takeout_mine(cx, &mine));
    assert_int_equal(mine.rows.n, 0);
    assert_err(cx, takeout_get(cx, id, &t), ERR_NOT_FOUND);
    house_free(cx);
}

static void names_that_every_system_can_unpack(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    assert_str(takeout_name(cx, S("../../etc/passwd"), 80), "-..-etc-passwd");
    assert_str(takeout_name(cx, S("Afslag: hvad nu?"), 80), "Afslag- hvad nu-");
    assert_str(takeout_name(cx, S("C:\\Æbler\n<x>|\"*. ."), 80), "C--Æbler--x----");
    assert_str(takeout_name(cx, S("Ærøskøbing"), 4), "Ærøs");
    assert_str(takeout_name(cx, S(" ... "), 80), "-");
    test_cx_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(she_gets_it_and_nobody_else),
        cmocka_unit_test(by_mandate_what_it_covers),
        cmocka_unit_test(one_of_two_mandates_ends),
        cmocka_unit_test(her_drafts_are_in_it),
        cmocka_unit_test(drafts_by_mandate),
        cmocka_unit_test(all_of_her_drafts),
        cmocka_unit_test(the_log_is_whole),
        cmocka_unit_test(why_it_is_held_back),
        cmocka_unit_test(offers_and_what_was_told),
        cmocka_unit_test(the_paper_of_a_mandate),
        cmocka_unit_test(custody_that_is_over_names_nobody),
        cmocka_unit_test(withdrawn_before_it_was_made),
        cmocka_unit_test(a_protected_address_is_left_out),
        cmocka_unit_test(the_household_is_left_out_for_another),
        cmocka_unit_test(erased_with_its_case),
        cmocka_unit_test(names_that_every_system_can_unpack),
    };
    return test_each_engine("takeout", tests);
}
