/* The public journal: what rules doubt waits, what is screened is shielded, names go after a year; and personal data
   that was planted in every field of the record is nowhere in what the public can read. */
#include "../casefile/house.h"

#include "access/access.h"
#include "codec/idno.h"
#include "files/files.h"
#include "journal/journal.h"

struct filing {
    const char *class_key, *title, *public_title, *casefile_title, *code, *name;
    enum record_kind kind;
    int64_t party_id;
    bool unfinished;
    int64_t replaces;
    int64_t id;
};

static enum err file_one(struct cx *cx, void *ctx)
{
    struct filing *f = ctx;
    struct auth_unit unit;
    int64_t doc, casefile_id = 0;
    struct file_ref text = {.hash = hash_of(S("hej")), .size = 3, .bytes = S("hej"), .fresh = true};
    struct record_party who = {.role = f->kind == RECORD_OUTGOING ? RECORD_RECIPIENT : RECORD_SENDER,
                               .party_id = f->party_id,
                               .name = str_of(f->name)};
    enum err e = auth_unit_by_key(cx, S("borgerservice"), &unit);
    struct str casefile_title = f->casefile_title ? str_of(f->casefile_title) : S("Cykelsti");
    if (!e && !f->replaces) {
        e = record_open_casefile(
            cx,
            &(struct record_casefile_new){.title = casefile_title,
                                          .public_title = casefile_title,
                                          .class_key = str_of(f->class_key ? f->class_key : "05.01.00"),
                                          .class_title = S("Veje"),
                                          .unit_id = unit.id,
                                          .retention = S("keep"),
                                          .access_code = S(""),
                                          .access_basis = S("")},
            &casefile_id);
        if (!e)
            e = record_number_casefile(cx, casefile_id);
    }
    struct record_registration_new new = {.casefile_id = casefile_id,
                                          .kind = f->kind ? f->kind : RECORD_INCOMING,
                                          .title = str_of(f->title ? f->title : "Brev"),
                                          .public_title = str_of(f->public_title ? f->public_title : ""),
                                          .unit_id = unit.id,
                                          .access_code = str_of(f->code),
                                          .access_basis = f->code && f->code[0] ? S("§ 13") : S(""),
                                          .parties = &who,
                                          .n_parties = f->name || f->party_id ? 1 : 0};
    if (!e)
        e = f->replaces ? record_correct(cx, f->replaces, S("Navnet var forkert"), &f->id)
                        : record_register(cx, &new, &f->id);
    if (!e)
        e = record_add_document(cx, f->id,
                                &(struct record_document_new){.title = S("Dokument"),
                                                              .kind = S("letter"),
                                                              .file_name = S("a.txt"),
                                                              .mime = S("text/plain"),
                                                              .variant = RECORD_PRODUCTION,
                                                              .file = text},
                                &doc);
    if (!e && !f->unfinished)
        e = record_finish(cx, f->id);
    return e ? e : record_number(cx, f->id);
}

static int64_t file(struct cx *cx, struct filing f)
{
    const struct who *before = cx->who;
    house_employee(cx, "bo");
    assert_ok(cx, db_write(cx, file_one, &f));
    cx->who = before;
    return f.id;
}

static void run(struct cx *cx)
{
    const struct who *before = cx->who;
    bool more = true;
    house_system(cx);
    while (more)
        assert_ok(cx, journal_step(cx, &more));
    cx->who = before;
}

static struct journal_entries list(struct cx *cx, const char *q)
{
    struct journal_entries found;
    assert_ok(cx, journal_list(cx, &(struct journal_query){.q = str_of(q)}, &found));
    return found;
}

static struct journal_case open_case(struct cx *cx, int64_t id)
{
    struct journal_case c;
    house_employee(cx, "carl");
    assert_ok(cx, journal_open(cx, id, &c));
    return c;
}

/* Everything the public can get of the journal, as one text. */
static struct str all_public(struct cx *cx)
{
    struct buf b = buf_make(cx->arena);
    struct journal_entries found = list(cx, "");
    for (size_t i = 0; i < found.rows.n; i++) {
        const struct journal_entry *e = &found.rows.p[i];
        struct str fields[] = {e->no,    e->casefile_no, e->unit,        e->casefile_title,
                               e->title, e->who,         e->access_code, e->access_basis};
        for (size_t k = 0; k < sizeof fields / sizeof *fields; k++)
            buf_fmt(&b, "%.*s\n", STR_ARG(fields[k]));
    }
    return buf_str(&b);
}

static bool leaks(struct cx *cx, const char *what)
{
    struct str all = text_fold(cx->arena, all_public(cx)), needle = text_fold(cx->arena, str_of(what));
    return str_find(all, needle, 0) < all.n || list(cx, what).rows.n > 0;
}

static void what_is_certain_is_public_at_once(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    cx->who = auth_system();
    int64_t anna = house_party(cx, "anna");
    house_system(cx);
    file(cx, (struct filing){.public_title = "Afgørelse", .kind = RECORD_OUTGOING, .party_id = anna, .code = "U"});
    file(cx, (struct filing){.public_title = "Notat", .kind = RECORD_NOTE});
    file(cx, (struct filing){.public_title = "Afgørelse", .kind = RECORD_OUTGOING, .unfinished = true});
    assert_int_equal(list(cx, "").rows.n, 0);
    run(cx);
    struct journal_entries found = list(cx, "");
    assert_int_equal(found.rows.n, 1); /* neither the note nor what is not finished */
    assert_str(found.rows.p[0].who, "*****");
    assert_str(found.rows.p[0].no, "2026-1");
    assert_str(found.rows.p[0].access_basis, "§ 13");
    assert_int_equal(list(cx, "cykelsti").rows.n, 1);
    assert_int_equal(list(cx, "2026-1").rows.n, 1);
    assert_int_equal(list(cx, str_z(cx->arena, found.rows.p[0].casefile_no)).rows.n, 1);
    assert_int_equal(list(cx, "anna").rows.n, 0);
    struct journal_entry one;
    assert_ok(cx, journal_get(cx, S("2026-1"), &one));
    assert_err(cx, journal_get(cx, S("2026-2"), &one), ERR_NOT_FOUND);
    assert_err(cx, journal_get(cx, S("2026-1-1"), &one), ERR_NOT_FOUND);
    struct record_faults faults = {0};
    assert_ok(cx, journal_verify(cx, &faults));
    assert_int_equal(faults.rows.n, 0);
    house_free(cx);
}

/* A word that hundreds of entries have answers as one that few have. */
static void broad_words_find_the_newest(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    enum { MANY = 550 };
    house_system(cx);
    for (int i = 0; i < MANY / 50; i++) {
        struct arena_mark mark = arena_mark(cx->arena);
        for (int k = 0; k < 50; k++)
            file(cx,
                 (struct filing){.public_title = "Afgørelse", .kind = RECORD_OUTGOING, .code = "U", .name = "Vej A/S"});
        arena_reset(cx->arena, mark);
    }
    run(cx);
    struct journal_entries found = list(cx, "afgørelse");
    assert_int_equal(found.rows.n, JOURNAL_PAGE);
    assert_str(found.rows.p[0].no, "2026-550");
    assert_int_equal(found.next, found.rows.p[JOURNAL_PAGE - 1].sort);
    assert_int_equal(list(cx, "afg cyk 2026-5").rows.n > 0, 1);
    assert_int_equal(list(cx, "afgørelse elefant").rows.n, 0);
    house_free(cx);
}

static const char *const secrets[] = {"610190-1234", "6101901234",        "61019012345", "610190 12345",
                                      "20 00 00 01", "anna@post.example", "Holm"};

/* Anna Holm is in the case; the same and numbers stand in every text that an employee can write. */
static void planted_data_leaks_nowhere(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t anna = house_party(cx, "anna"), id[3];
    house_system(cx);
    struct buf b = buf_make(cx->arena);
    buf_add_z(&b, "Om Anna Holms sag ");
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        buf_fmt(&b, "%s, ", secrets[i]);
    const char *planted = str_z(cx->arena, buf_str(&b));
    id[0] = file(
        cx, (struct filing){
                .title = planted, .public_title = planted, .casefile_title = planted, .party_id = anna, .code = "U"});
    id[1] = file(cx, (struct filing){.public_title = planted, .casefile_title = planted, .party_id = anna, .code = ""});
    id[2] = file(
        cx,
        (struct filing){
            .title = planted, .casefile_title = planted, .name = "Anna Holm", .code = "U", .kind = RECORD_OUTGOING});
    run(cx);
    assert_int_equal(list(cx, "").rows.n, 0); /* all of it waits */
    for (int i = 0; i < 3; i++) {
        struct journal_case c = open_case(cx, id[i]);
        assert_int_equal(c.state, JOURNAL_WAITING);
        assert_true(c.doubts & JOURNAL_DOUBT_NAME);
        assert_true(c.doubts & JOURNAL_DOUBT_NUMBER);
        assert_true(c.doubts & JOURNAL_DOUBT_WORDS);
        assert_int_equal((c.doubts & JOURNAL_DOUBT_PERSON) != 0, i == 1);
        /* the proposal as it stands is safe, but for the name that nothing screens */
        struct journal_decision d = {.id = id[i],
                                     .from = c.state,
                                     .publish = true,
                                     .title = c.shown.title,
                                     .casefile_title = c.shown.casefile_title,
                                     .who = i == 1 ? S("*****") : c.shown.who};
        assert_ok(cx, journal_decide(cx, &d));
        assert_err(cx, journal_decide(cx, &d), ERR_CONFLICT);
    }
    assert_true(access_waiting(cx) > 0); /* the archivist's look is told to Anna */
    house_system(cx);
    assert_int_equal(list(cx, "").rows.n, 3);
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        if (leaks(cx, secrets[i]))
            fail_msg("\"%s\" is public", secrets[i]);
    assert_false(leaks(cx, "anna"));
    house_free(cx);
}

/* Even an archivist does not get an identity number into it. */
static void nobody_publishes_an_identity_number(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    house_system(cx);
    int64_t id = file(cx, (struct filing){.public_title = "Skrevet i hånden", .name = "Vej A/S", .code = "U"});
    run(cx);
    struct journal_case c = open_case(cx, id);
    struct journal_decision d = {.id = id,
                                 .from = c.state,
                                 .publish = true,
                                 .title = S("Om 610190-1234"),
                                 .casefile_title = S("6101901234"),
                                 .who = S("61019012345")};
    house_employee(cx, "bo");
    assert_err(cx, journal_decide(cx, &d), ERR_FORBIDDEN);
    house_employee(cx, "carl");
    d.title = S(" ");
    assert_err(cx, journal_decide(cx, &d), ERR_INVALID);
    d.title = S("Om 610190-1234");
    assert_ok(cx, journal_decide(cx, &d));
    struct journal_entries found = list(cx, "");
    assert_int_equal(found.rows.n, 1);
    assert_str(found.rows.p[0].title, "Om *****");
    assert_false(leaks(cx, "610190"));
    house_free(cx);
}

static void names_go_after_a_year(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    house_system(cx);
    int64_t id = file(cx, (struct filing){.public_title = "Gave fra Gerda Quist", .name = "Gerda Quist", .code = ""});
    run(cx);
    struct journal_case c = open_case(cx, id);
    assert_str(c.shown.title, "Gave fra ***** *****");
    struct journal_decision d = {.id = id,
                                 .from = c.state,
                                 .publish = true,
                                 .title = S("Gave fra Gerda Quist"),
                                 .casefile_title = c.shown.casefile_title,
                                 .who = S("Gerda Quist")};
    assert_ok(cx, journal_decide(cx, &d));
    assert_int_equal(list(cx, "quist").rows.n, 1);
    house_later(cx, 364 * DAY_US);
    run(cx);
    assert_int_equal(list(cx, "quist").rows.n, 1);
    house_later(cx, 2 * DAY_US);
    run(cx);
    assert_int_equal(list(cx, "quist").rows.n, 0);
    assert_false(leaks(cx, "gerda"));
    struct journal_entries found = list(cx, "gave");
    assert_int_equal(found.rows.n, 1);
    assert_str(found.rows.p[0].title, "Gave fra ***** *****");
    assert_str(found.rows.p[0].who, "");
    house_free(cx);
}

static void sensitive_kinds_say_nothing(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    house_apply(cx, "anna", "badebaenk", NULL); /* about health: GDPR article 9 */
    house_system(cx);
    int64_t never = file(cx, (struct filing){.class_key = "29.18.04", .public_title = "Afgørelse", .code = "U"});
    run(cx);
    struct journal_entries found = list(cx, "");
    for (size_t i = 0; i < found.rows.n; i++) {
        assert_true(found.rows.p[i].id != never);
        assert_str(found.rows.p[i].title, "*****");
        assert_str(found.rows.p[i].casefile_title, "*****");
        assert_str(found.rows.p[i].who, "*****");
    }
    assert_false(leaks(cx, "hjælpemidler"));
    for (size_t i = 0; i < found.rows.n; i++) { /* nor when one was held back, and is looked at again */
        struct journal_case c = open_case(cx, found.rows.p[i].id);
        struct journal_decision d = {.id = found.rows.p[i].id, .from = c.state, .reason = S("offentleglova § 13")};
        assert_ok(cx, journal_decide(cx, &d));
        c = open_case(cx, d.id);
        assert_str(c.shown.title, "*****");
        assert_str(c.shown.casefile_title, "*****");
    }
    house_free(cx);
}

static void held_back_and_replaced(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    house_system(cx);
    struct filing f = {.public_title = "Afgørelse", .name = "Gerda Quist", .code = "U", .kind = RECORD_OUTGOING};
    int64_t id = file(cx, f), other = file(cx, f), again;
    run(cx);
    assert_int_equal(list(cx, "").rows.n, 2);
    struct journal_case c = open_case(cx, id);
    struct journal_decision d = {.id = id, .from = c.state};
    assert_err(cx, journal_decide(cx, &d), ERR_INVALID); /* why? */
    d.reason = S("offentleglova § 23");
    assert_ok(cx, journal_decide(cx, &d));
    assert_int_equal(list(cx, "").rows.n, 1);
    struct journal_waitings held;
    assert_ok(cx, journal_waiting(cx, true, &held));
    assert_int_equal(held.rows.n, 1);
    c = open_case(cx, id);
    assert_str(c.shown.title, "Afgørelse"); /* the rules' proposal again */
    struct filing fix = f;
    fix.replaces = other;
    struct journal_case old = open_case(cx, other);
    (void)old;
    house_system(cx);
    file(cx, fix);
    run(cx);
    struct journal_entries found = list(cx, "");
    assert_int_equal(found.rows.n, 1); /* the correction in the place of what it corrects */
    assert_true(found.rows.p[0].id != other);
    fix.replaces = id; /* one that is held back does not come out by being corrected, nor corrected twice */
    again = file(cx, fix);
    run(cx);
    fix.replaces = again;
    again = file(cx, fix);
    run(cx);
    assert_int_equal(list(cx, "").rows.n, 1);
    c = open_case(cx, again);
    assert_int_equal(c.state, JOURNAL_WAITING);
    assert_int_equal(c.doubts, JOURNAL_DOUBT_HELD);
    house_system(cx);
    struct record_faults faults = {0};
    assert_ok(cx, journal_verify(cx, &faults));
    assert_int_equal(faults.rows.n, 0);
    house_free(cx);
}

/* Law 7: an archivist does not decide what the public reads of her own matter, nor sees it in the list. */
static void not_ones_own(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t carl = house_party(cx, "carl");
    house_system(cx);
    int64_t id = file(cx, (struct filing){.public_title = "Skrevet i hånden", .party_id = carl, .code = "U"});
    file(cx, (struct filing){.public_title = "Skrevet i hånden", .name = "Vej A/S", .code = "U"});
    run(cx);
    struct journal_case c;
    struct journal_waitings waiting;
    struct who *own = arena_new_of(cx->arena, struct who);
    house_employee(cx, "carl");
    *own = *cx->who;
    own->party_id = carl;
    cx->who = own;
    assert_err(cx, journal_open(cx, id, &c), ERR_FORBIDDEN);
    struct journal_decision d = {
        .id = id, .from = JOURNAL_WAITING, .publish = true, .title = S("x"), .casefile_title = S("x"), .who = S("")};
    assert_err(cx, journal_decide(cx, &d), ERR_FORBIDDEN);
    assert_ok(cx, journal_waiting(cx, false, &waiting));
    assert_int_equal(waiting.rows.n, 1);
    assert_int_equal(waiting.n, 1);
    own->party_id = 0;
    assert_ok(cx, journal_waiting(cx, false, &waiting));
    assert_int_equal(waiting.rows.n, 2);
    assert_ok(cx, journal_open(cx, id, &c));
    house_free(cx);
}

/* A company's name is no person's: it stays where an archivist let it stand. */
static void names_of_companies_stay(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    house_system(cx);
    int64_t inn;
    assert_ok(cx, party_organisation(cx, S("10150817"), S("Møllekroen ApS"), &inn));
    int64_t id = file(cx, (struct filing){.public_title = "Bevilling til Møllekroen", .party_id = inn, .code = ""});
    run(cx);
    struct journal_case c = open_case(cx, id);
    assert_int_equal(c.doubts, JOURNAL_DOUBT_WORDS);
    struct journal_decision d = {.id = id,
                                 .from = c.state,
                                 .publish = true,
                                 .title = c.shown.title,
                                 .casefile_title = c.shown.casefile_title,
                                 .who = c.shown.who};
    assert_ok(cx, journal_decide(cx, &d));
    house_later(cx, 400 * DAY_US);
    run(cx);
    struct journal_entries found = list(cx, "møllekroen");
    assert_int_equal(found.rows.n, 1);
    assert_str(found.rows.p[0].title, "Bevilling til Møllekroen");
    assert_str(found.rows.p[0].who, "Møllekroen ApS");
    house_free(cx);
}

static void no_duty_in_denmark(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct municipality off = *cx->muni;
    struct journal_entries found;
    off.journal_public = false;
    cx->muni = &off;
    assert_err(cx, journal_list(cx, &(struct journal_query){0}, &found), ERR_NOT_FOUND);
    assert_err(cx, journal_newest(cx, &found), ERR_NOT_FOUND);
    struct journal_waitings waiting;
    house_employee(cx, "carl");
    assert_err(cx, journal_waiting(cx, false, &waiting), ERR_NOT_FOUND);
    house_free(cx);
}

static void identity_numbers_are_found(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    static const char *const yes[] = {"010190-1234",   "0101901234",  "61019012345", "nr. 010190 12345.",
                                      "x010190.1234x", "41019012345", "01819012345"};
    static const char *const no[] = {"2026-000004",   "20 00 00 01",   "12345",
                                     "990190-1234",   "012090-1234",   "010190-123",
                                     "010190-123456", "0101901234567", ""};
    size_t begin, end;
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        if (!idno_find(str_of(yes[i]), 0, &begin, &end))
            fail_msg("%s is not found", yes[i]);
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        if (idno_find(str_of(no[i]), 0, &begin, &end))
            fail_msg("%s is taken for one", no[i]);
    assert_str(idno_hide(cx->arena, S("a 010190-1234, b 0101901234")), "a *****, b *****");
    test_cx_free(cx);
}

/* ---- the national journal service ---- */

static enum err add_run(struct cx *cx, void *ctx)
{
    return job_add(cx, &(struct job_new){.kind = S(JOURNAL_SEND_JOB), .key = str_of(ctx)});
}

static struct jobs *other_process;

/* While this run goes on, another process begins one. */
static enum err meanwhile(struct cx *cx, struct job *job)
{
    (void)job;
    int64_t runs;
    enum err e = jobs_run_due(other_process, cx->now_us, &runs);
    assert_int_equal(runs, e ? 0 : 2);
    return e;
}

static void one_run_at_a_time_tells(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct municipality told = *cx->muni;
    struct job_kind send = JOURNAL_SEND_JOB_KIND, other = send;
    struct jobs *jobs;
    struct journal_out out;
    int64_t runs;
    told.einnsyn_url = S("http://127.0.0.1:1"); /* nobody is there */
    told.einnsyn_key_file = str_fmt(cx->arena, "%s/key", test_folder(cx));
    FILE *f = fopen(str_z(cx->arena, told.einnsyn_key_file), "we");
    assert_non_null(f);
    fputs("key\n", f);
    fclose(f);
    cx->muni = &told;
    file(cx, (struct filing){.public_title = "Brev", .title = "Brev", .kind = RECORD_OUTGOING, .name = "Kroen ApS"});
    run(cx);
    house_employee(cx, "carl");
    struct journal_waitings waiting;
    assert_ok(cx, journal_waiting(cx, false, &waiting));
    for (size_t i = 0; i < waiting.rows.n; i++)
        assert_ok(cx, journal_decide(cx, &(struct journal_decision){.id = waiting.rows.p[i].id,
                                                                    .from = JOURNAL_WAITING,
                                                                    .publish = true,
                                                                    .title = S("Brev"),
                                                                    .casefile_title = S("Cykelsti")}));
    house_system(cx);
    other.fn = meanwhile;
    assert_ok(cx, jobs_new(cx, &(struct jobs_config){.kinds = &other, .n_kinds = 1}, &jobs));
    assert_ok(cx, jobs_new(cx, &(struct jobs_config){.kinds = &send, .n_kinds = 1}, &other_process));
    assert_ok(cx, db_write(cx, add_run, "a"));
    assert_ok(cx, db_write(cx, add_run, "b"));
    assert_ok(cx, db_write(cx, add_run, "c"));
    assert_ok(cx, jobs_run_due(jobs, cx->now_us, &runs));
    assert_int_equal(runs, 1);
    assert_ok(cx, journal_out_now(cx, &out));
    assert_int_equal(out.waits, 1);
    assert_int_equal(out.failures.n, 0); /* it was not tried */
    assert_ok(cx, jobs_run_due(other_process, cx->now_us + MINUTE_US, &runs));
    assert_int_equal(runs, 1); /* the two that stepped back come again, as one */
    assert_ok(cx, journal_out_now(cx, &out));
    assert_int_equal(out.failures.n, 1);
    jobs_free(other_process);
    jobs_free(jobs);
    house_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_certain_is_public_at_once),
        cmocka_unit_test(planted_data_leaks_nowhere),
        cmocka_unit_test(broad_words_find_the_newest),
        cmocka_unit_test(nobody_publishes_an_identity_number),
        cmocka_unit_test(names_go_after_a_year),
        cmocka_unit_test(sensitive_kinds_say_nothing),
        cmocka_unit_test(held_back_and_replaced),
        cmocka_unit_test(not_ones_own),
        cmocka_unit_test(names_of_companies_stay),
        cmocka_unit_test(no_duty_in_denmark),
        cmocka_unit_test(one_run_at_a_time_tells),
        cmocka_unit_test(identity_numbers_are_found),
    };
    return test_each_engine("journal", tests);
}
