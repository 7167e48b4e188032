/* People: their numbers, what may be shown of them, contact, mandates. */
#include "../casefile/house.h"

static void identity_numbers_of_both_countries(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct str plain;
    day_t born;
    assert_true(party_idno_parse(cx, S("dk"), S("640357-4218"), &plain, &born));
    assert_str(plain, "6403574218");
    assert_int_equal(born, civil_to_day(1957, 3, 4)); /* day + 60: nobody's */
    assert_true(party_idno_parse(cx, S("dk"), S("010100 4000"), &plain, &born));
    assert_int_equal(born, civil_to_day(2000, 1, 1)); /* the seventh digit tells the century */
    assert_false(party_idno_parse(cx, S("dk"), S("3002574218"), &plain, &born)); /* 30 February */
    assert_false(party_idno_parse(cx, S("dk"), S("640357421"), &plain, &born));
    assert_false(party_idno_parse(cx, S("dk"), S("64035742188"), &plain, &born));
    assert_false(party_idno_parse(cx, S("dk"), S("64O357-4218"), &plain, &born));
    assert_false(party_idno_parse(cx, S("dk"), S(""), &plain, &born));
    assert_true(party_idno_parse(cx, S("no"), S("01879012387"), &plain, &born) ||
                !party_idno_parse(cx, S("no"), S("01879012386"), &plain, &born));
    /* a number is right for one pair of check digits alone */
    int right = 0;
    for (int i = 0; i < 100; i++) {
        struct str no = str_fmt(cx->arena, "018790123%02d", i);
        if (!party_idno_parse(cx, S("no"), no, &plain, &born))
            continue;
        right++;
        assert_int_equal(born, civil_to_day(1990, 7, 1)); /* month + 80 */
    }
    assert_true(right <= 1);
    test_cx_free(cx);
}

static void a_person_is_met_once(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct party p;
    struct party_facts facts;
    int64_t a, b;
    bool known;
    house_system(cx);
    assert_err(cx, party_by_idno(cx, S("6101701234"), &a), ERR_NOT_FOUND);
    assert_err(cx, party_by_idno(cx, S("anna"), &a), ERR_INVALID);
    assert_ok(cx, party_known_by_idno(cx, S("7211412346"), &a, &known));
    assert_false(known); /* Dagny has not been here */
    assert_ok(cx, party_by_idno(cx, S("721141-2346"), &a));
    assert_ok(cx, party_by_idno(cx, S("7211412346"), &b));
    assert_int_equal(a, b);
    assert_ok(cx, party_get(cx, a, &p));
    assert_str(p.name, "Dagny Lund");
    assert_str(p.address[1], "9998 Strandhuse");
    assert_str(p.idno_masked, "721141-••••");
    assert_true(p.reserved_digital);
    assert_int_equal(p.born, civil_to_day(1941, 11, 12));
    assert_ok(cx, party_facts(cx, a, &facts));
    for (size_t i = 0; i < facts.rows.n; i++) {
        assert_str(facts.rows.p[i].source, "register");
        assert_int_equal(facts.rows.p[i].fetched_us, cx->now_us);
    }
    assert_true(facts.rows.n >= 7);
    /* a login that the register does not know brings its own name */
    struct str name;
    assert_ok(cx, party_login_hook(cx, S("6101701234"), S("Ny Borger"), &b, &name));
    assert_str(name, "Ny Borger");
    house_free(cx);
}

static void contact_is_the_party_s_own(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct party p;
    int64_t anna = house_party(cx, "anna");
    assert_ok(cx, party_get(cx, anna, &p));
    struct party_contact c = {.version = p.version, .email = S("ny@post.example"), .phone = S("+45 20 00 00 09")};
    assert_ok(cx, party_set_contact(cx, anna, &c));
    assert_err(cx, party_set_contact(cx, anna, &c), ERR_CONFLICT); /* law 2 */
    assert_ok(cx, party_get(cx, anna, &p));
    assert_str(p.email, "ny@post.example");
    c.version = p.version;
    c.email = S("a@b\nBcc: x@y.z");
    assert_err(cx, party_set_contact(cx, anna, &c), ERR_INVALID);
    c.email = S("");
    c.phone = S("ring bare");
    assert_err(cx, party_set_contact(cx, anna, &c), ERR_INVALID);
    house_party(cx, "dagny");
    c.phone = S("");
    assert_err(cx, party_set_contact(cx, anna, &c), ERR_FORBIDDEN);
    house_system(cx); /* what the register says again leaves the party's own contact alone */
    assert_ok(cx, party_refresh(cx, anna));
    assert_ok(cx, party_get(cx, anna, &p));
    assert_str(p.email, "ny@post.example");
    house_free(cx);
}

static void protected_addresses_are_masked(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct party p;
    struct party_facts facts;
    int64_t erik = house_party(cx, "erik");
    assert_ok(cx, party_get(cx, erik, &p));
    assert_int_equal(p.n_address, 2);
    const char *others[] = {"anna", "dagny"};
    for (int i = 0; i < 2; i++) {
        house_party(cx, others[i]);
        assert_ok(cx, party_get(cx, erik, &p));
        assert_true(p.address_masked && !p.n_address && !p.phone.n && !p.street.n && !p.city.n);
        assert_ok(cx, party_facts(cx, erik, &facts));
        for (size_t k = 0; k < facts.rows.n; k++)
            assert_false(str_eq_z(facts.rows.p[k].attr, "street") || str_eq_z(facts.rows.p[k].attr, "phone"));
    }
    house_free(cx);
}

static void mandates_have_an_end(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    bool may;
    int64_t id, holder = house_party(cx, "dagny"), giver = house_party(cx, "anna");
    struct party_mandate_new m = {.holder_id = holder,
                                  .scope = S("pas"),
                                  .from_us = cx->now_us + DAY_US,
                                  .until_us = opt_int(cx->now_us + 3 * DAY_US)};
    assert_ok(cx, party_mandate_give(cx, &m, &id));
    assert_ok(cx, party_may_act(cx, holder, giver, S("pas"), &may));
    assert_false(may); /* not yet */
    house_later(cx, 2 * DAY_US);
    assert_ok(cx, party_may_act(cx, holder, giver, S("pas"), &may));
    assert_true(may);
    assert_ok(cx, party_may_act(cx, holder, giver, S("affald"), &may));
    assert_false(may);
    assert_ok(cx, party_may_act(cx, giver, holder, S("pas"), &may));
    assert_false(may); /* not the other way */
    house_later(cx, DAY_US);
    assert_ok(cx, party_may_act(cx, holder, giver, S("pas"), &may));
    assert_false(may); /* over */
    m.holder_id = giver;
    assert_err(cx, party_mandate_give(cx, &m, &id), ERR_INVALID);
    house_party(cx, "erik");
    assert_err(cx, party_mandate_withdraw(cx, id), ERR_NOT_FOUND);
    house_employee(cx, "bo");
    assert_err(cx, party_mandate_give(cx, &m, &id), ERR_FORBIDDEN);
    house_free(cx);
}

static void organisations_have_numbers(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    int64_t a, b;
    assert_ok(cx, party_organisation(cx, S("12345678"), S("Fjordby Boldklub"), &a));
    assert_ok(cx, party_organisation(cx, S("12345678"), S("FB"), &b));
    assert_int_equal(a, b);
    assert_err(cx, party_organisation(cx, S("1234567"), S("x"), &a), ERR_INVALID);
    assert_err(cx, party_organisation(cx, S("-1234567"), S("x"), &a), ERR_INVALID);
    house_free(cx);
}

static size_t offers_to(struct cx *cx, const char *key)
{
    struct party_offers got;
    house_party(cx, key);
    assert_ok(cx, party_offers_got(cx, &got));
    return got.rows.n;
}

/* Whoever has the number and the name sees it; nobody else, and the giver learns nothing. */
static void an_offer_is_for_one(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct party_offers offers;
    struct party_mandates mine;
    struct party_messages news;
    int64_t id, anna = house_party(cx, "anna");
    struct party_offer_new o = {S("890288-3117"), S("Sand"), S("pas"), true,
                                civil_day_start_us(civil_day_of_us(cx->now_us) + 30)};
    assert_err(cx, party_offer(cx, &o, &id), ERR_INVALID); /* one word is no name */
    static const char *const wrong[] = {"Erik Holm", "Anna Sand", "Sand Eriks", "Erik Erik"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        o.name = str_of(wrong[i]);
        house_party(cx, "anna");
        assert_ok(cx, party_offer(cx, &o, &id)); /* accepted like any other, and seen by nobody */
        assert_int_equal(offers_to(cx, "erik"), 0);
    }
    house_party(cx, "anna");
    o.name = S(" ERIK  sand ");
    assert_ok(cx, party_offer(cx, &o, &id));
    assert_int_equal(offers_to(cx, "dagny"), 0);
    assert_int_equal(offers_to(cx, "erik"), 1);
    house_party(cx, "dagny");
    assert_err(cx, party_offer_answer(cx, id, true), ERR_NOT_FOUND);
    assert_err(cx, party_offer_take_back(cx, id), ERR_NOT_FOUND);
    int64_t erik = house_party(cx, "erik");
    assert_ok(cx, party_offer_answer(cx, id, true));
    assert_err(cx, party_offer_answer(cx, id, true), ERR_NOT_FOUND);
    assert_ok(cx, party_mandates_held(cx, S("pas"), &mine));
    assert_int_equal(mine.rows.n, 1);
    assert_true(mine.rows.p[0].giver_id == anna && mine.rows.p[0].holder_id == erik && mine.rows.p[0].act);
    house_party(cx, "anna");
    assert_ok(cx, party_messages_unseen(cx, &news));
    assert_int_equal(news.rows.n, 1);
    assert_str(news.rows.p[0].other, "ERIK  sand"); /* as she typed it */
    assert_ok(cx, party_offers_made(cx, &offers));
    assert_int_equal(offers.rows.n, 4);
    assert_ok(cx, party_offer_take_back(cx, offers.rows.p[0].id));
    house_later(cx, (PARTY_OFFER_DAYS + 1) * DAY_US);
    assert_ok(cx, party_offers_made(cx, &offers));
    assert_int_equal(offers.rows.n, 0); /* over */
    house_free(cx);
}

static void a_scope_is_words_and_not_pieces_of_them(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    bool may;
    int64_t id, holder = house_party(cx, "dagny"), giver = house_party(cx, "anna");
    struct party_mandate_new m = {.holder_id = holder, .scope = S("pas parkering-handicap"), .from_us = cx->now_us};
    assert_ok(cx, party_mandate_give(cx, &m, &id));
    static const struct {
        const char *key;
        bool may;
    } asked[] = {{"pas", true}, {"parkering-handicap", true}, {"parkering", false}, {"handicap", false}, {"p%", false}};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        assert_ok(cx, party_may_act(cx, holder, giver, str_of(asked[i].key), &may));
        assert_true(may == asked[i].may);
        assert_true(party_scope_covers(m.scope, str_of(asked[i].key)) == asked[i].may);
    }
    assert_true(party_scope_covers(S(""), S("pas")));
    m.scope = S("affald");
    m.read_only = true;
    assert_ok(cx, party_mandate_give(cx, &m, &id));
    assert_ok(cx, party_may_act(cx, holder, giver, S("affald"), &may));
    assert_false(may); /* to read is not to act */
    house_free(cx);
}

/* Law 9: custody and organisations come from registers, and end when those say so or the child is old enough. */
static void registers_tell_of_children(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct party_mandates held;
    int64_t maja = house_party(cx, "maja");
    assert_ok(cx, party_relations_ask(cx));
    assert_ok(cx, party_relations_ask(cx)); /* twice is once */
    assert_ok(cx, party_mandates_held(cx, S("pas"), &held));
    assert_int_equal(held.rows.n, 1); /* Alma; Emil is 16 */
    assert_str(held.rows.p[0].giver_name, "Alma Riis");
    assert_int_equal(held.rows.p[0].basis, PARTY_BASIS_CUSTODY);
    assert_err(cx, party_mandate_withdraw(cx, held.rows.p[0].id), ERR_CONFLICT);
    house_later(cx, (PARTY_RELATION_HOURS + 1) * HOUR_US);
    assert_ok(cx, party_mandates_held(cx, S("pas"), &held));
    assert_int_equal(held.rows.n, 0); /* nobody has asked for a day */
    assert_ok(cx, party_relations_ask(cx));
    assert_ok(cx, party_mandates_held(cx, S("pas"), &held));
    assert_int_equal(held.rows.n, 1);
    struct municipality other = *cx->muni;
    struct municipality_person *people = arena_array(cx->arena, struct municipality_person, other.people.n);
    memcpy(people, other.people.p, other.people.n * sizeof *people);
    for (size_t i = 0; i < other.people.n; i++)
        people[i].custody.n = 0;
    other.people.p = people;
    const struct municipality *before = cx->muni;
    cx->muni = &other;
    assert_ok(cx, party_relations_ask(cx)); /* a judgment gave custody to the other one */
    assert_ok(cx, party_mandates_held(cx, S("pas"), &held));
    assert_int_equal(held.rows.n, 0);
    cx->muni = before;
    /* … and so also when nobody had asked for days before it */
    bool speaks;
    assert_ok(cx, party_relations_ask(cx));
    assert_ok(cx, party_mandates_held(cx, S("pas"), &held));
    int64_t alma = held.rows.p[0].giver_id;
    house_later(cx, 3 * DAY_US);
    assert_ok(cx, party_speaks_for(cx, maja, alma, S("pas"), &speaks));
    assert_true(speaks);
    cx->muni = &other;
    assert_ok(cx, party_relations_ask(cx));
    assert_ok(cx, party_speaks_for(cx, maja, alma, S("pas"), &speaks));
    assert_false(speaks);
    cx->muni = before;
    assert_ok(cx, party_relations_ask(cx));
    house_later(cx, 9 * 366 * DAY_US); /* she is 15 */
    assert_ok(cx, party_relations_ask(cx));
    assert_ok(cx, party_mandates_held(cx, S("pas"), &held));
    assert_int_equal(held.rows.n, 0);
    struct party_mandates mine;
    assert_ok(cx, party_mandates_mine(cx, &mine));
    assert_false(mine.rows.p[0].withdrawn_us.set); /* its time is over; the register has not taken it back */
    assert_ok(cx, party_speaks_for(cx, maja, alma, S("pas"), &speaks));
    assert_false(speaks);
    house_free(cx);
}

/* Laws 5 and 6: a child's letters go by post; when it is 15 and logs in, it has what the register says. */
static void one_who_was_a_child_gets_digital_post(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct party p;
    struct str name;
    int64_t again, alma = house_party(cx, "alma");
    assert_ok(cx, party_get(cx, alma, &p));
    assert_true(p.reserved_digital);
    house_later(cx, 7 * 365 * DAY_US); /* she is 14 */
    assert_ok(cx, party_login_hook(cx, S("7405194826"), S(""), &again, &name));
    assert_ok(cx, party_get(cx, alma, &p));
    assert_true(p.reserved_digital);
    house_later(cx, 2 * 366 * DAY_US);
    assert_ok(cx, party_login_hook(cx, S("7405194826"), S(""), &again, &name));
    assert_int_equal(again, alma);
    assert_ok(cx, party_get(cx, alma, &p));
    assert_false(p.reserved_digital);
    house_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(identity_numbers_of_both_countries),
        cmocka_unit_test(a_person_is_met_once),
        cmocka_unit_test(contact_is_the_party_s_own),
        cmocka_unit_test(protected_addresses_are_masked),
        cmocka_unit_test(mandates_have_an_end),
        cmocka_unit_test(organisations_have_numbers),
        cmocka_unit_test(an_offer_is_for_one),
        cmocka_unit_test(a_scope_is_words_and_not_pieces_of_them),
        cmocka_unit_test(registers_tell_of_children),
        cmocka_unit_test(one_who_was_a_child_gets_digital_post),
    };
    return test_each_engine("party", tests);
}
