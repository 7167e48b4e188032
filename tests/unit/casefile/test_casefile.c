/* A case file from both sides: what each sees, what each can do, when. */
#include "house.h"

#include <pthread.h>

#include "access/access.h"
#include "files/files.h"
#include "search/search.h"

static struct casefile_message words(const char *text)
{
    return (struct casefile_message){.text = str_of(text)};
}

static bool has_event(const struct casefile_events *events, const char *kind)
{
    for (size_t i = 0; i < events->rows.n; i++)
        if (str_eq_z(events->rows.p[i].kind, kind))
            return true;
    return false;
}

static size_t queue_size(struct cx *cx, enum casefile_scope scope)
{
    struct casefile_rows rows;
    assert_ok(cx, casefile_queue(cx, &(struct casefile_queue_query){.scope = scope, .limit = 200}, &rows));
    return rows.rows.n;
}

/* The story of the issue, 2 to 4, at the domain functions. */
static void a_case_file_from_both_sides(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct casefile_events events;
    struct casefile_questions questions;
    struct casefile_notes notes;
    struct casefile_rows rows;
    struct record_documents docs;
    struct str json;
    int64_t id = house_apply(cx, "anna", "stok", "badebaenk");
    struct casefile_view v = house_view(cx, id);
    assert_true(v.can[CASEFILE_DO_WITHDRAW]);
    assert_false(v.can[CASEFILE_DO_TAKE]);
    assert_str(v.file.unit_name, "Hjælpemiddelteamet");
    assert_int_equal(civil_day_of_us(v.file.deadline_us.v - 1), civil_to_day(2026, 1, 29)); /* ten working days */

    house_employee(cx, "bo");
    assert_int_equal(queue_size(cx, CASEFILE_UNIT), 1);
    assert_int_equal(queue_size(cx, CASEFILE_ALL_UNITS), 1);
    assert_int_equal(queue_size(cx, CASEFILE_MINE), 0);
    assert_err(cx, casefile_ask(cx, id, S("Hvem er du?"), 5), ERR_CONFLICT); /* not taken yet */
    assert_ok(cx, casefile_take(cx, id, house_version(cx, id)));
    assert_int_equal(queue_size(cx, CASEFILE_MINE), 1);
    v = house_view(cx, id);
    assert_ok(cx, casefile_seen(cx, &v));
    assert_ok(cx, casefile_queue(cx, &(struct casefile_queue_query){.scope = CASEFILE_MINE, .limit = 9}, &rows));
    assert_false(rows.rows.p[0].unread);
    assert_ok(cx, casefile_ask(cx, id, S("Hvor højt er badekarret?"), 5));
    assert_ok(cx, casefile_note(cx, id, S("Måske en anden model.")));

    house_party(cx, "anna");
    assert_ok(cx, casefile_mine(cx, S(""), 10, &rows));
    assert_true(rows.rows.p[0].unread); /* a question waits */
    v = house_view(cx, id);
    assert_ok(cx, casefile_questions(cx, &v, &questions));
    assert_str(questions.rows.p[0].text, "Hvor højt er badekarret?");
    assert_ok(cx, casefile_notes(cx, &v, &notes));
    assert_int_equal(notes.rows.n, 0);
    struct casefile_upload picture = {.name = S("badekar.png"), .mime = S("image/png")};
    assert_ok(cx, files_put(cx, S("not really a picture"), &picture.file));
    struct casefile_message answer = {.text = S("58 cm."), .uploads = &picture, .n_uploads = 1};
    assert_ok(cx, casefile_answer(cx, id, questions.rows.p[0].id, &answer));
    assert_err(cx, casefile_answer(cx, id, questions.rows.p[0].id, &answer), ERR_CONFLICT);
    v = house_view(cx, id);
    assert_ok(cx, casefile_events(cx, &v, &events));
    assert_false(has_event(&events, "noted"));
    assert_true(has_event(&events, "asked"));
    assert_str(events.rows.p[0].text, "Du sendte sagen til os.");
    assert_str(events.rows.p[events.rows.n - 1].detail, "58 cm.");
    assert_ok(cx, casefile_documents(cx, &v, &docs));
    assert_int_equal(docs.rows.n, 4); /* application, question, answer, picture; not the note */
    struct record_document d;
    assert_ok(cx, casefile_document(cx, &v, docs.rows.p[3].id, &d));
    assert_str(d.file_name, "badekar.png");
    assert_ok(cx, casefile_export(cx, &v, &json)); /* the note is hers on request */
    assert_true(str_find(json, S("Måske en anden model."), 0) < json.n);

    house_employee(cx, "bo");
    assert_ok(cx, casefile_queue(cx, &(struct casefile_queue_query){.scope = CASEFILE_MINE, .limit = 9}, &rows));
    assert_true(rows.rows.p[0].unread);
    v = house_view(cx, id);
    assert_ok(cx, casefile_seen(cx, &v));
    assert_ok(cx, casefile_queue(cx, &(struct casefile_queue_query){.scope = CASEFILE_MINE, .limit = 9}, &rows));
    assert_false(rows.rows.p[0].unread);
    assert_ok(cx, casefile_events(cx, &v, &events));
    assert_true(has_event(&events, "noted"));
    assert_str(events.rows.p[0].text, "Anna Holm sendte ansøgningen.");
    assert_ok(cx, casefile_notes(cx, &v, &notes));
    assert_str(notes.rows.p[0].text, "Måske en anden model.");
    assert_str(notes.rows.p[0].author, "Bo Kjær");
    house_free(cx);
}

/* The deadline is moved, stands still and goes on in working days; the queue follows. */
static void the_deadline_moves_in_working_days(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t id = house_taken(cx, "anna", "stok", NULL);
    assert_err(cx, casefile_extend(cx, id, house_version(cx, id), civil_to_day(2026, 1, 20), S("for kort")),
               ERR_INVALID);
    assert_err(cx, casefile_extend(cx, id, house_version(cx, id), civil_to_day(2026, 2, 20), S(" ")), ERR_INVALID);
    assert_ok(cx, casefile_extend(cx, id, house_version(cx, id), civil_to_day(2026, 2, 20), S("Vi venter på svar.")));
    house_later(cx, 4 * DAY_US); /* Monday 19 January */
    assert_ok(cx, casefile_suspend(cx, id, house_version(cx, id), S("Du er på hospitalet.")));
    struct casefile_view v = house_view(cx, id);
    assert_false(v.file.deadline_us.set);
    assert_int_equal(v.file.suspended_left.v, 24);
    assert_true(v.can[CASEFILE_DO_RESUME]);
    assert_false(v.can[CASEFILE_DO_DECIDE]);
    house_later(cx, 14 * DAY_US); /* two weeks: ten working days */
    assert_ok(cx, casefile_resume(cx, id, house_version(cx, id)));
    v = house_view(cx, id);
    assert_int_equal(civil_day_of_us(v.file.deadline_us.v - 1), civil_to_day(2026, 3, 6));
    struct casefile_counts counts;
    house_later(cx, 60 * DAY_US);
    assert_ok(cx, casefile_counts(cx, &counts));
    assert_int_equal(counts.open, 1);
    assert_int_equal(counts.overdue, 1);
    assert_int_equal(counts.mine, 1);
    house_free(cx);
}

static void the_party_withdraws(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t id = house_taken(cx, "anna", "stok", NULL);
    house_party(cx, "anna");
    assert_ok(cx, casefile_withdraw(cx, id, S("")));
    assert_err(cx, casefile_withdraw(cx, id, S("")), ERR_CONFLICT);
    struct casefile_message more = words("mere");
    assert_err(cx, casefile_add(cx, id, &more), ERR_CONFLICT);
    house_employee(cx, "bo");
    struct decision d;
    assert_err(cx, decision_begin(cx, id, &d), ERR_CONFLICT);
    assert_ok(cx, casefile_close(cx, id, house_version(cx, id)));
    assert_err(cx, casefile_note(cx, id, S("x")), ERR_CONFLICT);
    assert_int_equal(queue_size(cx, CASEFILE_UNIT), 0);
    house_free(cx);
}

static void release_and_hand_over(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct casefile_colleagues team;
    int64_t id = house_taken(cx, "anna", "stok", NULL);
    struct casefile_view v = house_view(cx, id);
    assert_ok(cx, casefile_colleagues(cx, &v, &team));
    assert_int_equal(team.rows.n, 2);
    assert_str(team.rows.p[0].name, "Inge Dahl");
    assert_ok(cx, casefile_hand_over(cx, id, house_version(cx, id), team.rows.p[0].employee_id));
    assert_err(cx, casefile_suspend(cx, id, house_version(cx, id), S("nu er den Inges")), ERR_FORBIDDEN);
    assert_int_equal(queue_size(cx, CASEFILE_MINE), 0);
    house_employee(cx, "inge");
    assert_int_equal(queue_size(cx, CASEFILE_MINE), 1);
    assert_ok(cx, casefile_release(cx, id, house_version(cx, id)));
    assert_int_equal(house_state(cx, id), CASEFILE_RECEIVED);
    house_free(cx);
}

/* Nobody's name, but a code: shown to the browser that sent it, stored as a hash, good for the status. */
static void an_anonymous_case_has_a_code(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct casefile_receipt r, again;
    struct casefile_view v;
    struct casefile_events events;
    int64_t version, draft = house_praise(cx, &version);
    assert_ok(cx, casefile_submit(cx, draft, version, &r));
    assert_int_equal(r.code.n, 19);
    assert_ok(cx, casefile_submit(cx, draft, version, &again));
    assert_str(again.code, str_z(cx->arena, r.code));
    assert_ok(cx, casefile_open_by_code(cx, r.code, &v));
    assert_int_equal(v.file.id, r.casefile_id);
    assert_ok(cx, casefile_events(cx, &v, &events));
    assert_int_equal(events.rows.n, 1);
    struct str typed = str_fmt(cx->arena, " %.*s %.*s", 9, r.code.p, 9, r.code.p + 10);
    assert_ok(cx, casefile_open_by_code(cx, typed, &v)); /* blanks for hyphens */
    assert_err(cx, casefile_open_by_code(cx, S("7k2m-9xqc-4hnp-0dte"), &v), ERR_NOT_FOUND);
    cx->who = auth_nobody(); /* another browser */
    assert_err(cx, casefile_receipt_get(cx, draft, &again), ERR_NOT_FOUND);
    house_free(cx);
}

/* A mandate opens the cases it covers, old and new, and closes them again when it is withdrawn. */
static void a_mandate_opens_and_closes(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct casefile_view v;
    struct casefile_rows rows;
    struct party_mandates mandates;
    struct record_faults faults;
    int64_t mandate, old = house_apply(cx, "anna", "stok", NULL), holder = house_party(cx, "dagny");
    assert_err(cx, casefile_open_as_party(cx, old, &v), ERR_NOT_FOUND);
    house_party(cx, "anna");
    struct party_mandate_new new = {.holder_id = holder, .scope = S("lette-hjaelpemidler"), .from_us = cx->now_us};
    assert_ok(cx, party_mandate_give(cx, &new, &mandate));
    new.scope = S("");
    int64_t second;
    assert_ok(cx, party_mandate_give(cx, &new, &second)); /* both open the same cases */
    int64_t fresh = house_apply(cx, "anna", "rollator", NULL);
    house_party(cx, "dagny");
    assert_ok(cx, casefile_open_as_party(cx, old, &v));
    assert_true(v.for_other);
    assert_true(access_waiting(cx)); /* Anna sees that Dagny looked */
    assert_ok(cx, casefile_open_as_party(cx, fresh, &v));
    assert_ok(cx, casefile_mine(cx, S(""), 10, &rows));
    assert_int_equal(rows.rows.n, 2);
    assert_str(rows.rows.p[0].party_name, "Anna Holm");
    struct casefile_message more = words("Fra Dagny");
    assert_ok(cx, casefile_add(cx, old, &more));
    assert_ok(cx, party_mandates_mine(cx, &mandates));
    assert_int_equal(mandates.rows.n, 2);
    assert_ok(cx, party_mandate_withdraw(cx, mandate));
    assert_ok(cx, casefile_open_as_party(cx, old, &v)); /* the other still holds */
    house_party(cx, "anna");
    assert_ok(cx, party_mandate_withdraw(cx, second));
    house_party(cx, "dagny");
    assert_err(cx, casefile_open_as_party(cx, old, &v), ERR_NOT_FOUND);
    assert_err(cx, casefile_add(cx, fresh, &more), ERR_NOT_FOUND);
    assert_ok(cx, casefile_mine(cx, S(""), 10, &rows));
    assert_int_equal(rows.rows.n, 0);
    assert_ok(cx, casefile_verify(cx, &faults));
    assert_int_equal(faults.rows.n, 0);
    house_free(cx);
}

static size_t found(struct cx *cx, const char *q)
{
    struct casefile_rows rows;
    assert_ok(cx, casefile_search(cx, str_of(q), &rows));
    return rows.rows.n;
}

static void search_finds_by_number_name_idno_and_word(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    house_apply(cx, "anna", "stok", NULL);
    house_apply(cx, "anna", "rollator", NULL);
    house_apply(cx, "bo", "stok", NULL);
    house_employee(cx, "inge");
    assert_int_equal(found(cx, "2026-"), 3);
    assert_int_equal(found(cx, "2026-000002"), 1);
    assert_int_equal(found(cx, "ann"), 2);
    assert_int_equal(found(cx, "Holm Anna"), 2);
    assert_int_equal(found(cx, "kjær"), 1);
    assert_int_equal(found(cx, "kjaer"), 1);
    assert_int_equal(found(cx, "640357-4218"), 2);
    assert_int_equal(found(cx, "6403574218"), 2);
    assert_int_equal(found(cx, "rollator"), 1);
    assert_int_equal(found(cx, "anna rollat"), 1);
    assert_int_equal(found(cx, "bo rollator"), 0);
    assert_int_equal(found(cx, "hjælpemidler"), 3);
    assert_int_equal(found(cx, "findes ikke"), 0);
    assert_int_equal(found(cx, ""), 0);
    assert_int_equal(found(cx, "%"), 0);
    assert_true(access_waiting(cx)); /* names were shown */
    house_employee(cx, "mette");
    assert_int_equal(found(cx, "anna"), 0);
    assert_int_equal(found(cx, "640357-4218"), 0);
    house_party(cx, "anna");
    struct casefile_rows rows;
    assert_err(cx, casefile_search(cx, S("bo"), &rows), ERR_FORBIDDEN);
    house_free(cx);
}

/* As names were written before their sort said anything of their words. */
static enum err put_name_of_old(struct cx *cx, void *ctx)
{
    struct str name = S("Anna Holm");
    return search_put(cx, S("party"), *(int64_t *)ctx, 0, &name, 1);
}

static void a_name_is_found_by_several_words(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    house_apply(cx, "anna", "stok", NULL);
    house_apply(cx, "bo", "stok", NULL);
    house_party(cx, "anna");
    int64_t anna = cx->who->party_id;
    for (int old = 0; old < 2; old++) {
        if (old)
            assert_ok(cx, db_write(cx, put_name_of_old, &anna));
        house_employee(cx, "inge");
        assert_int_equal(found(cx, "ann h"), 1);
        assert_int_equal(found(cx, "holm anna"), 1);
        assert_int_equal(found(cx, "anna kj"), 0);
        assert_int_equal(found(cx, "a holm stok"), 1); /* one word in the case */
    }
    house_free(cx);
}

static void lists_come_in_pages(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct casefile_rows rows;
    int64_t seen[7], n = 0;
    for (int i = 0; i < 7; i++) {
        house_apply(cx, i % 2 ? "anna" : "dagny", "stok", NULL);
        house_later(cx, i % 3 ? DAY_US : 0); /* some deadlines are the same */
    }
    house_employee(cx, "bo");
    struct casefile_queue_query q = {.scope = CASEFILE_ALL_UNITS, .limit = 3};
    do {
        assert_ok(cx, casefile_queue(cx, &q, &rows));
        for (size_t i = 0; i < rows.rows.n; i++)
            seen[n++] = rows.rows.p[i].id;
        q.after = rows.next;
    } while (rows.next.n);
    assert_int_equal(n, 7);
    for (int i = 0; i < 7; i++)
        for (int k = 0; k < i; k++)
            assert_true(seen[i] != seen[k]);
    q.after = S("12; DROP");
    assert_err(cx, casefile_queue(cx, &q, &rows), ERR_INVALID);
    q.after = S("");
    q.scope = CASEFILE_UNIT;
    q.unit_id = 1;
    assert_err(cx, casefile_queue(cx, &q, &rows), ERR_FORBIDDEN);
    house_party(cx, "anna");
    assert_ok(cx, casefile_mine(cx, S(""), 2, &rows));
    assert_int_equal(rows.rows.n, 2);
    assert_true(rows.rows.p[0].received_us >= rows.rows.p[1].received_us);
    assert_ok(cx, casefile_mine(cx, rows.next, 2, &rows));
    assert_int_equal(rows.rows.n, 1);
    assert_int_equal(rows.next.n, 0);
    house_free(cx);
}

/* ---- law 7 as a property: what a list shows can be opened, and what cannot be opened no list shows ---- */

static void in_get(struct cx *cx, const struct casefile_rows *rows)
{
    struct casefile_view v;
    for (size_t i = 0; i < rows->rows.n; i++) {
        struct str id = str_fmt(cx->arena, "%lld", (long long)rows->rows.p[i].id);
        assert_ok(cx, cx->who->kind == WHO_PARTY ? casefile_open_as_party(cx, rows->rows.p[i].id, &v)
                                                 : casefile_open_as_employee(cx, id, S("prøve"), &v));
    }
}

static void every_list_is_within_get(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    const char *people[] = {"anna", "dagny", "erik", "bo", "inge", "carl", "mette", "ulla"};
    const char *employees[] = {"bo", "inge", "carl", "mette", "ulla"};
    const char *queries[] = {"2026-", "a", "bo", "holm", "hjælpemidler", "stok", "6403574218", "lund"};
    int64_t parties[8], ids[16], mandate;
    unsigned seed = 7;
    for (int i = 0; i < 8; i++)
        parties[i] = house_party(cx, people[i]);
    for (int i = 0; i < 16; i++) {
        seed = seed * 1103515245 + 12345;
        house_party(cx, people[seed / 65536 % 8]);
        if (seed / 1024 % 3 == 0) {
            int64_t holder = parties[seed / 4096 % 8];
            if (holder != cx->who->party_id)
                assert_ok(cx, party_mandate_give(cx, &(struct party_mandate_new){.holder_id = holder, .scope = S("")},
                                                 &mandate));
        }
        ids[i] = house_apply(cx, people[seed / 65536 % 8], "stok", NULL);
        house_later(cx, HOUR_US);
    }
    size_t listed = 0, opened = 0;
    for (int i = 0; i < 8; i++) {
        struct casefile_rows rows;
        house_party(cx, people[i]);
        assert_ok(cx, casefile_mine(cx, S(""), 200, &rows));
        in_get(cx, &rows);
        listed += rows.rows.n;
        for (int k = 0; k < 16; k++) {
            struct casefile_view v;
            opened += casefile_open_as_party(cx, ids[k], &v) == ERR_OK;
        }
    }
    assert_int_equal(listed, opened); /* for a person the two are the same */
    for (int i = 0; i < 5; i++) {
        struct casefile_rows rows;
        house_employee(cx, employees[i]);
        for (size_t q = 0; q < sizeof queries / sizeof *queries; q++) {
            assert_ok(cx, casefile_search(cx, str_of(queries[q]), &rows));
            in_get(cx, &rows);
        }
        assert_ok(cx,
                  casefile_queue(cx, &(struct casefile_queue_query){.scope = CASEFILE_ALL_UNITS, .limit = 200}, &rows));
        in_get(cx, &rows);
        assert_ok(cx, casefile_queue(cx, &(struct casefile_queue_query){.scope = CASEFILE_UNIT, .limit = 200}, &rows));
        in_get(cx, &rows);
        struct casefile_counts counts;
        assert_ok(cx, casefile_counts(cx, &counts));
        assert_int_equal(counts.open, rows.rows.n); /* a count tells no more than the list */
    }
    struct record_faults faults;
    assert_ok(cx, casefile_verify(cx, &faults));
    assert_int_equal(faults.rows.n, 0);
    assert_ok(cx, record_verify(cx, &faults));
    assert_int_equal(faults.rows.n, 0);
    house_free(cx);
}

/* Notices: to those who gave an address and are not reserved; the words say nothing of the case. */
static void a_notice_says_only_that_there_is_news(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct job_row job;
    int64_t anna = house_apply(cx, "anna", "stok", NULL), dagny = house_apply(cx, "dagny", "stok", NULL);
    assert_ok(cx, job_find(cx, S("mail"), str_fmt(cx->arena, "casefile-%lld-1", (long long)anna), &job));
    assert_err(cx, job_find(cx, S("mail"), str_fmt(cx->arena, "casefile-%lld-1", (long long)dagny), &job),
               ERR_NOT_FOUND);
    house_free(cx);
}

/* Mandates come and go while their giver submits: nobody may see too much or too little afterwards. */
struct giver {
    struct cx *cx;
    int64_t holder;
    enum err e;
};

static void *give_and_take(void *p)
{
    struct giver *g = p;
    for (int i = 0; i < 20 && !g->e; i++) {
        int64_t id;
        g->cx->now_us++;
        g->e = party_mandate_give(g->cx, &(struct party_mandate_new){.holder_id = g->holder, .scope = S("")}, &id);
        if (!g->e && i % 3)
            g->e = party_mandate_withdraw(g->cx, id);
    }
    return NULL;
}

static void mandates_and_submissions_meet(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct giver g = {.holder = house_party(cx, "dagny")};
    int64_t drafts[8], versions[8];
    struct casefile_receipt r;
    struct record_faults faults;
    pthread_t thread;
    house_party(cx, "anna");
    for (int i = 0; i < 8; i++)
        drafts[i] = house_draft(cx, "stok", NULL, &versions[i]);
    g.cx = test_cx_again(cx);
    assert_int_equal(pthread_create(&thread, NULL, give_and_take, &g), 0);
    for (int i = 0; i < 8; i++)
        assert_ok(cx, casefile_submit(cx, drafts[i], versions[i], &r));
    pthread_join(thread, NULL);
    assert_ok(g.cx, g.e);
    cx->now_us += HOUR_US;
    assert_ok(cx, casefile_verify(cx, &faults));
    assert_int_equal(faults.rows.n, 0);
    test_cx_free(g.cx);
    house_free(cx);
}

/* What `indgang demo` makes stands up to `indgang verify`, and the person with many has them. */
static void the_demo_is_whole(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct record_faults faults;
    struct casefile_rows rows;
    house_apply(cx, "anna", "stok", NULL); /* goes on from what there is */
    house_system(cx);
    assert_ok(cx, casefile_demo_fill(cx, 4000, 60));
    assert_ok(cx, record_verify(cx, &faults));
    assert_int_equal(faults.rows.n, 0);
    assert_ok(cx, casefile_verify(cx, &faults));
    assert_int_equal(faults.rows.n, 0);
    house_party(cx, "anna");
    assert_ok(cx, casefile_mine(cx, S(""), 200, &rows));
    assert_int_equal(rows.rows.n, 61);
    struct casefile_view v;
    struct casefile_events events;
    for (int i = 0; i < 5; i++) {
        assert_ok(cx, casefile_open_as_party(cx, rows.rows.p[i].id, &v));
        assert_ok(cx, casefile_events(cx, &v, &events));
        assert_true(events.rows.n >= 1);
    }
    house_employee(cx, "bo");
    assert_ok(cx, casefile_search(cx, S("2026-000700"), &rows));
    assert_false(rows.more);
    house_employee(cx, "carl"); /* whose unit has many services */
    assert_ok(cx, casefile_search(cx, S("2026-"), &rows));
    assert_int_equal(rows.rows.n, CASEFILE_SEARCH_MAX);
    assert_true(rows.more);
    house_employee(cx, "bo");
    assert_ok(cx, casefile_queue(cx, &(struct casefile_queue_query){.scope = CASEFILE_UNIT, .limit = 5}, &rows));
    assert_int_equal(rows.rows.n, 5);
    struct casefile_counts counts;
    assert_ok(cx, casefile_counts(cx, &counts));
    assert_int_equal(counts.open, CASEFILE_COUNT_MAX + 1); /* more than are counted */
    assert_in_range(counts.overdue, 1, CASEFILE_COUNT_MAX + 1);
    house_apply(cx, "dagny", "stok", NULL); /* and the next number is the next */
    assert_ok(cx, record_verify(cx, &faults));
    assert_int_equal(faults.rows.n, 0);
    house_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_case_file_from_both_sides),
        cmocka_unit_test(the_deadline_moves_in_working_days),
        cmocka_unit_test(the_party_withdraws),
        cmocka_unit_test(release_and_hand_over),
        cmocka_unit_test(an_anonymous_case_has_a_code),
        cmocka_unit_test(a_mandate_opens_and_closes),
        cmocka_unit_test(search_finds_by_number_name_idno_and_word),
        cmocka_unit_test(a_name_is_found_by_several_words),
        cmocka_unit_test(lists_come_in_pages),
        cmocka_unit_test(every_list_is_within_get),
        cmocka_unit_test(a_notice_says_only_that_there_is_news),
        cmocka_unit_test(mandates_and_submissions_meet),
        cmocka_unit_test(the_demo_is_whole),
    };
    return test_each_engine("casefile", tests);
}
