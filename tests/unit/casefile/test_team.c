/* Somebody is away: the unit has the cases, colleagues take them, the leader hands them over in one step, another unit
   gets what was not for this one. Laws 2 and 7 at the domain functions. */
#include "house.h"

#include "access/access.h"
#include "team_attack_store.h"

static int64_t employee(struct cx *cx, const char *key)
{
    struct auth_employee e;
    assert_ok(cx, auth_employee_by_key(cx, str_of(key), &e));
    return e.id;
}

static int64_t unit(struct cx *cx, const char *key)
{
    struct auth_unit u;
    assert_ok(cx, auth_unit_by_key(cx, str_of(key), &u));
    return u.id;
}

/* From now on the asker leads the unit too. */
static void made_leader(struct cx *cx)
{
    struct who *w = arena_new_of(cx->arena, struct who);
    *w = *cx->who;
    w->roles |= ROLE_LEADER;
    cx->who = w;
}

static const struct casefile_member *find(const struct casefile_members *team, const char *name)
{
    for (size_t i = 0; i < team->rows.n; i++)
        if (str_eq_z(team->rows.p[i].name, name))
            return &team->rows.p[i];
    return NULL;
}

static struct casefile_moves plan(struct cx *cx, const char *from, const char *to1, const char *to2)
{
    struct casefile_moves moves;
    int64_t to[2] = {to1 ? employee(cx, to1) : 0, to2 ? employee(cx, to2) : 0};
    struct casefile_plan p = {.unit_id = unit(cx, "hjaelpemidler"),
                              .employee_id = from ? employee(cx, from) : 0,
                              .to = to,
                              .n_to = to2   ? 2
                                      : to1 ? 1
                                            : 0};
    assert_ok(cx, casefile_plan(cx, &p, &moves));
    return moves;
}

static size_t outcomes(const struct casefile_moves *moves, enum casefile_moved outcome)
{
    size_t n = 0;
    for (size_t i = 0; i < moves->rows.n; i++)
        n += moves->rows.p[i].outcome == outcome;
    return n;
}

static void whole(struct cx *cx)
{
    struct record_faults faults;
    house_system(cx);
    assert_ok(cx, casefile_verify(cx, &faults));
    for (size_t i = 0; i < faults.rows.n; i++)
        print_error("%.*s\n", STR_ARG(faults.rows.p[i]));
    assert_int_equal(faults.rows.n, 0);
}

static void colleagues_take_from_one_who_is_away(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct casefile_rows rows;
    struct auth_absence absence;
    bool found;
    int64_t id = house_taken(cx, "anna", "stok", NULL), bo = employee(cx, "bo");
    day_t today = civil_day_of_us(cx->now_us), tomorrow = today + 1, yesterday = today - 1;
    house_employee(cx, "jonas");
    assert_err(cx, casefile_take(cx, id, house_version(cx, id)), ERR_FORBIDDEN); /* Bo is here */
    assert_err(cx, auth_absence_set(cx, bo, today, NULL), ERR_FORBIDDEN);        /* no leader, not himself */
    assert_err(cx, auth_absence_of(cx, bo, &absence, &found), ERR_FORBIDDEN);
    house_employee(cx, "mette");
    made_leader(cx); /* of another unit */
    assert_err(cx, auth_absence_set(cx, bo, today, NULL), ERR_FORBIDDEN);
    house_party(cx, "bo"); /* as a citizen he is no employee */
    assert_err(cx, auth_absence_set(cx, bo, today, NULL), ERR_FORBIDDEN);
    house_employee(cx, "bo");
    assert_err(cx, auth_absence_set(cx, bo, today, &yesterday), ERR_INVALID);
    assert_ok(cx, auth_absence_set(cx, bo, tomorrow, NULL));
    house_employee(cx, "jonas");
    assert_false(house_view(cx, id).can[CASEFILE_DO_TAKE]); /* not yet */
    house_employee(cx, "inge");
    assert_ok(cx, auth_absence_set(cx, bo, today, &tomorrow));
    assert_ok(cx, auth_absence_of(cx, bo, &absence, &found));
    assert_true(found && !absence.open_ended);
    assert_int_equal(absence.until, tomorrow);
    assert_str(absence.set_by, "Inge Dahl");
    house_employee(cx, "jonas");
    assert_ok(cx, casefile_queue(cx, &(struct casefile_queue_query){.scope = CASEFILE_UNIT, .limit = 9}, &rows));
    assert_true(rows.rows.p[0].caseworker_away); /* the mark in the unit's queue */
    assert_true(house_view(cx, id).can[CASEFILE_DO_TAKE]);
    house_employee(cx, "mette"); /* law 7: not her unit */
    assert_err(cx, casefile_take(cx, id, 0), ERR_FORBIDDEN);
    house_employee(cx, "jonas");
    assert_ok(cx, casefile_take(cx, id, house_version(cx, id)));
    assert_int_equal(house_view(cx, id).file.caseworker_id, employee(cx, "jonas"));
    assert_int_equal(house_state(cx, id), CASEFILE_WORKING);
    house_employee(cx, "bo");
    assert_ok(cx, auth_absence_end(cx, bo));
    house_later(cx, 5 * DAY_US);
    assert_ok(cx, auth_absence_of(cx, bo, &absence, &found));
    assert_false(found);
    whole(cx);
    house_free(cx);
}

static void when_an_absence_is_over_nothing_is_kept(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct casefile_members team;
    int64_t id = house_taken(cx, "anna", "stok", NULL), bo = employee(cx, "bo");
    day_t today = civil_day_of_us(cx->now_us);
    assert_ok(cx, auth_absence_set(cx, bo, today, &today));
    house_employee(cx, "jonas");
    assert_true(house_view(cx, id).can[CASEFILE_DO_TAKE]);
    house_later(cx, DAY_US);
    assert_false(house_view(cx, id).can[CASEFILE_DO_TAKE]); /* Bo is back */
    assert_ok(cx, auth_sweep(cx));
    house_employee(cx, "inge");
    assert_ok(cx, casefile_team(cx, unit(cx, "hjaelpemidler"), &team));
    assert_false(find(&team, "Bo Kjær")->away_from_us.set);
    house_free(cx);
}

/* The story: Bo is ill, Inge hands his cases over in one step. */
static void the_leader_hands_over_in_one_step(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct casefile_members team;
    struct casefile_events events;
    int64_t ids[5], hjaelp = unit(cx, "hjaelpemidler"), jonas = employee(cx, "jonas"), inge = employee(cx, "inge");
    for (int i = 0; i < 4; i++)
        ids[i] = house_taken(cx, i % 2 ? "anna" : "erik", "stok", NULL);
    ids[4] = house_taken(cx, "jonas", "stok", NULL); /* a colleague's own */
    house_employee(cx, "bo");
    assert_ok(cx, casefile_ask(cx, ids[0], S("Hvor højt er badekarret?"), 5));
    assert_ok(cx, casefile_suspend(cx, ids[1], house_version(cx, ids[1]), S("Du er på hospitalet.")));
    house_later(cx, 20 * DAY_US); /* overdue, but for the one that stands still */
    house_employee(cx, "inge");
    assert_ok(cx, auth_absence_set(cx, employee(cx, "bo"), civil_day_of_us(cx->now_us), NULL));
    assert_ok(cx, casefile_team(cx, hjaelp, &team));
    assert_int_equal(team.rows.n, 4);
    assert_int_equal(find(&team, "Bo Kjær")->open, 5);
    assert_int_equal(find(&team, "Bo Kjær")->overdue, 4);
    assert_true(find(&team, "Bo Kjær")->away);
    assert_false(find(&team, "Bo Kjær")->takes);
    assert_true(find(&team, "Jonas Lykke")->takes);

    struct casefile_moves moves = plan(cx, "bo", "jonas", NULL);
    assert_true(access_waiting(cx)); /* names were shown */
    assert_int_equal(moves.rows.n, 5);
    assert_int_equal(outcomes(&moves, CASEFILE_MOVED_OWN), 1);
    assert_int_equal(house_view(cx, ids[0]).file.caseworker_id, employee(cx, "bo")); /* a plan changes nothing */
    moves = plan(cx, "bo", "jonas", "inge"); /* evenly; what is Jonas's own goes to Inge */
    assert_int_equal(outcomes(&moves, CASEFILE_MOVES), 5);
    size_t to_jonas = 0;
    for (size_t i = 0; i < moves.rows.n; i++) {
        to_jonas += moves.rows.p[i].to_employee_id == jonas;
        if (moves.rows.p[i].casefile_id == ids[4])
            assert_int_equal(moves.rows.p[i].to_employee_id, inge);
    }
    assert_in_range(to_jonas, 2, 3);

    /* law 2: one is changed between the plan and the hand-over; law 7: a plan is not believed */
    assert_ok(cx, casefile_extend(cx, ids[2], house_version(cx, ids[2]), civil_to_day(2026, 6, 1), S("Vi venter.")));
    for (size_t i = 0; i < moves.rows.n; i++)
        moves.rows.p[i].to_employee_id = jonas;
    struct casefile_moves again = moves;
    assert_ok(cx, casefile_hand_over_all(cx, hjaelp, &moves));
    assert_int_equal(outcomes(&moves, CASEFILE_MOVES), 3);
    assert_int_equal(outcomes(&moves, CASEFILE_MOVED_SEEN), 1);
    assert_int_equal(outcomes(&moves, CASEFILE_MOVED_OWN), 1);
    assert_int_equal(house_view(cx, ids[2]).file.caseworker_id, employee(cx, "bo"));
    assert_int_equal(house_view(cx, ids[4]).file.caseworker_id, employee(cx, "bo"));
    assert_int_equal(house_view(cx, ids[1]).file.caseworker_id, jonas);
    assert_int_equal(house_state(cx, ids[1]), CASEFILE_WAITING); /* its clock still stands */
    assert_ok(cx, casefile_hand_over_all(cx, hjaelp, &again));   /* pressed twice */
    assert_int_equal(outcomes(&again, CASEFILE_MOVED_DONE), 3);
    struct casefile_view v = house_view(cx, ids[0]);
    assert_ok(cx, casefile_events(cx, &v, &events));
    assert_str(events.rows.p[events.rows.n - 1].text, "Sagen blev givet videre til Jonas Lykke.");
    assert_str(events.rows.p[events.rows.n - 2].kind, "asked"); /* once */
    moves = plan(cx, "bo", NULL, NULL);                         /* the rest back to the queue */
    assert_int_equal(moves.rows.n, 2);
    assert_ok(cx, casefile_hand_over_all(cx, hjaelp, &moves));
    assert_int_equal(house_view(cx, ids[4]).file.caseworker_id, 0);
    moves = plan(cx, NULL, "inge", NULL); /* and from the queue to one who may */
    assert_int_equal(outcomes(&moves, CASEFILE_MOVES), 2);
    whole(cx);
    house_free(cx);
}

static void attacks_on_the_hand_over(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct casefile_members team;
    struct casefile_moves moves = {0};
    int64_t mandate, hjaelp = unit(cx, "hjaelpemidler"), id = house_taken(cx, "anna", "stok", NULL);
    int64_t inges = house_taken(cx, "inge", "stok", NULL), version = house_version(cx, id);
    const char *nobody[] = {"bo", "mette", "carl", "ulla"}; /* none of them leads this unit */
    vec_add(cx->arena, &moves.rows, (struct casefile_move){.casefile_id = id, .version = version});
    for (size_t i = 0; i < 4; i++) {
        house_employee(cx, nobody[i]);
        assert_err(cx, casefile_team(cx, hjaelp, &team), ERR_FORBIDDEN);
        assert_err(cx, casefile_hand_over_all(cx, hjaelp, &moves), ERR_FORBIDDEN);
        assert_err(cx, casefile_pile(cx, hjaelp, employee(cx, "bo"), &team, &(struct casefile_moves){0}),
                   ERR_FORBIDDEN);
    }
    house_employee(cx, "mette");
    made_leader(cx); /* leads her own unit: another's case is not hers to give */
    moves.rows.p[0].to_employee_id = employee(cx, "mette");
    assert_ok(cx, casefile_hand_over_all(cx, unit(cx, "dagtilbud"), &moves));
    assert_int_equal(moves.rows.p[0].outcome, CASEFILE_MOVED_NOT);
    assert_str(moves.rows.p[0].title, ""); /* and tells her nothing */

    house_employee(cx, "inge"); /* her own case is not in the pile, not counted, and she cannot give it */
    assert_err(cx, casefile_pile(cx, hjaelp, employee(cx, "mette"), &team, &(struct casefile_moves){0}), ERR_NOT_FOUND);
    assert_ok(cx, casefile_team(cx, hjaelp, &team));
    assert_int_equal(find(&team, "Bo Kjær")->open, 1);
    assert_int_equal(plan(cx, "bo", "jonas", NULL).rows.n, 1);
    moves.rows.p[0] = (struct casefile_move){.casefile_id = inges, .version = house_version(cx, inges)};
    assert_ok(cx, casefile_hand_over_all(cx, hjaelp, &moves));
    assert_int_equal(moves.rows.p[0].outcome, CASEFILE_MOVED_NOT);

    house_party(cx, "anna"); /* one who holds a mandate in it does not handle it either */
    int64_t jonas = house_party(cx, "jonas");
    house_party(cx, "anna");
    assert_ok(cx, party_mandate_give(cx, &(struct party_mandate_new){.holder_id = jonas, .scope = S("")}, &mandate));
    house_employee(cx, "bo");
    assert_err(cx, casefile_hand_over(cx, id, house_version(cx, id), employee(cx, "jonas")), ERR_INVALID);
    house_employee(cx, "inge");
    moves.rows.p[0] =
        (struct casefile_move){.casefile_id = id, .version = version, .to_employee_id = employee(cx, "jonas")};
    assert_ok(cx, casefile_hand_over_all(cx, hjaelp, &moves));
    assert_int_equal(moves.rows.p[0].outcome, CASEFILE_MOVED_OWN);
    moves.rows.p[0].to_employee_id = employee(cx, "carl"); /* of another unit */
    assert_ok(cx, casefile_hand_over_all(cx, hjaelp, &moves));
    assert_int_equal(moves.rows.p[0].outcome, CASEFILE_MOVED_NOT);
    assert_int_equal(house_version(cx, id), version); /* all of it left no trace */
    house_free(cx);
}

/* Below every page: the store itself refuses to give somebody their own case. */
static enum err by_hand(struct cx *cx, void *ctx)
{
    const int64_t *ids = ctx;
    return q_team_caseworker(cx, ids[0], ids[1]);
}
static enum err task_by_hand(struct cx *cx, void *ctx)
{
    const int64_t *ids = ctx;
    return q_team_task(cx, ids[0], ids[1]);
}

static enum err is_employee(struct cx *cx, void *ctx)
{
    const int64_t *ids = ctx;
    return q_team_person(cx, ids[0], ids[1]);
}

static void the_store_gives_nobody_their_own_case(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t ids[2] = {house_apply(cx, "inge", "stok", NULL), employee(cx, "inge")};
    house_system(cx);
    assert_err(cx, db_write(cx, by_hand, ids), ERR_LAW);
    assert_err(cx, db_write(cx, task_by_hand, ids), ERR_LAW);
    ids[1] = employee(cx, "jonas");
    assert_ok(cx, db_write(cx, by_hand, ids));
    assert_ok(cx, db_write(cx, task_by_hand, ids));
    house_free(cx);
}

/* Nor that of their child, whoever sent it and however long ago the register was asked. */
static void nor_that_of_their_child(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    house_custody(cx, "jonas", true);
    house_later(cx, 3 * DAY_US);
    int64_t ids[2] = {house_apply(cx, "alma", "stok", NULL), employee(cx, "jonas")};
    house_system(cx);
    assert_err(cx, db_write(cx, by_hand, ids), ERR_LAW);
    assert_err(cx, db_write(cx, task_by_hand, ids), ERR_LAW);
    house_custody(cx, "jonas", false);
    house_system(cx);
    assert_ok(cx, db_write(cx, by_hand, ids));
    assert_ok(cx, db_write(cx, task_by_hand, ids));
    house_free(cx);
}

/* Nor one they were asked to sign: Oskar works here too. */
static void nor_one_they_sign(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t ids[2] = {house_school(cx), employee(cx, "jonas")}, oskar = house_party(cx, "oskar");
    house_system(cx);
    assert_ok(cx, db_write(cx, is_employee, (int64_t[2]){ids[1], oskar}));
    assert_err(cx, db_write(cx, by_hand, ids), ERR_LAW);
    assert_err(cx, db_write(cx, task_by_hand, ids), ERR_LAW);
    house_free(cx);
}

/* To another unit: the deadline to the microsecond, the questions, the drafts; reach follows; Anna is told who has it.
 */
static void another_unit_takes_over(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct casefile_events events;
    struct casefile_questions questions;
    struct casefile_rows rows;
    struct decision d;
    struct job_row job;
    int64_t id = house_taken(cx, "anna", "stok", NULL), dagtilbud = unit(cx, "dagtilbud");
    assert_ok(cx, casefile_ask(cx, id, S("Hvor højt er badekarret?"), 5));
    assert_ok(cx, decision_begin(cx, id, &d));
    struct casefile_view v = house_view(cx, id);
    int64_t deadline = v.file.deadline_us.v;
    assert_err(cx, casefile_pass_on(cx, id, v.file.version, dagtilbud, S(" ")), ERR_INVALID);
    assert_err(cx, casefile_pass_on(cx, id, v.file.version, v.file.unit_id, S("hertil")), ERR_INVALID);
    assert_err(cx, casefile_pass_on(cx, id, v.file.version, 12345, S("ingen")), ERR_INVALID);
    assert_err(cx, casefile_pass_on(cx, id, v.file.version - 1, dagtilbud, S("gammel")), ERR_CONFLICT);
    house_employee(cx, "jonas"); /* not his */
    assert_err(cx, casefile_pass_on(cx, id, v.file.version, dagtilbud, S("min?")), ERR_FORBIDDEN);
    house_employee(cx, "mette"); /* not hers either, yet */
    assert_err(cx, casefile_pass_on(cx, id, v.file.version, dagtilbud, S("hid")), ERR_FORBIDDEN);
    house_employee(cx, "bo");
    assert_ok(cx, casefile_pass_on(cx, id, v.file.version, dagtilbud, S("Det gælder et barn.")));
    assert_err(cx, casefile_open_as_employee(cx, v.file.no, S("prøve"), &v), ERR_FORBIDDEN); /* law 7 */
    assert_ok(cx, casefile_search(cx, S("2026-"), &rows));
    assert_int_equal(rows.rows.n, 0);
    assert_err(cx, casefile_note(cx, id, S("lige en ting")), ERR_FORBIDDEN);

    house_party(cx, "anna");
    v = house_view(cx, id);
    assert_str(v.file.unit_name, "Center for Dagtilbud og Skole");
    assert_ok(cx, casefile_events(cx, &v, &events));
    assert_str(events.rows.p[events.rows.n - 1].text, "Center for Dagtilbud og Skole har nu din sag. Fristen er den "
                                                      "samme. Du kan ringe til dem på 70 00 03 00.");
    assert_str(events.rows.p[events.rows.n - 1].detail, "Det gælder et barn.");
    assert_ok(cx, job_find(cx, S("mail"), str_fmt(cx->arena, "casefile-%lld-%zu", (long long)id, events.rows.n), &job));
    cx->lang = LANG_EN;
    assert_ok(cx, casefile_events(cx, &v, &events));
    assert_str(events.rows.p[events.rows.n - 1].text, "Centre for Day Care and Schools now has your case. The deadline "
                                                      "is the same. You can call them on 70 00 03 00.");
    cx->lang = LANG_DA;
    assert_ok(cx, casefile_questions(cx, &v, &questions));
    struct casefile_message answer = {.text = S("58 cm.")};
    assert_ok(cx, casefile_answer(cx, id, questions.rows.p[0].id, &answer));

    house_employee(cx, "mette");
    assert_ok(cx, casefile_queue(cx, &(struct casefile_queue_query){.scope = CASEFILE_UNIT, .limit = 9}, &rows));
    assert_int_equal(rows.rows.n, 1);
    assert_true(rows.rows.p[0].unread); /* the answer is hers */
    v = house_view(cx, id);
    assert_true(v.file.deadline_us.v == deadline);
    assert_int_equal(v.file.caseworker_id, 0);
    assert_int_equal(v.file.state, CASEFILE_RECEIVED);
    assert_ok(cx, decision_of(cx, &v, &d)); /* the draft came along */
    assert_ok(cx, casefile_take(cx, id, v.file.version));
    assert_ok(cx, casefile_pass_on(cx, id, house_version(cx, id), unit(cx, "hjaelpemidler"), S("Nej, en voksen.")));
    house_employee(cx, "bo"); /* and back again */
    assert_true(house_view(cx, id).file.deadline_us.v == deadline);
    house_employee(cx, "mette");
    assert_err(cx, casefile_note(cx, id, S("x")), ERR_FORBIDDEN);
    whole(cx);
    house_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colleagues_take_from_one_who_is_away),
        cmocka_unit_test(when_an_absence_is_over_nothing_is_kept),
        cmocka_unit_test(the_leader_hands_over_in_one_step),
        cmocka_unit_test(attacks_on_the_hand_over),
        cmocka_unit_test(the_store_gives_nobody_their_own_case),
        cmocka_unit_test(nor_that_of_their_child),
        cmocka_unit_test(nor_one_they_sign),
        cmocka_unit_test(another_unit_takes_over),
    };
    return test_each_engine("team", tests);
}
