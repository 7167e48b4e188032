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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(identity_numbers_of_both_countries),
        cmocka_unit_test(a_person_is_met_once),
        cmocka_unit_test(contact_is_the_party_s_own),
        cmocka_unit_test(protected_addresses_are_masked),
        cmocka_unit_test(mandates_have_an_end),
        cmocka_unit_test(organisations_have_numbers),
    };
    return test_each_engine("party", tests);
}
