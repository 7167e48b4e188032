/* Ask once: only what the store permits is used again, and it permits only what the law does. On both engines. */
#include "house.h"

#include "access/access.h"
#include "form/form_draft.h"
#include "reuse_attack_store.h"

/* A house where Anna has applied for an aid, and how she likes to be contacted may be used for a parking permit. */
static struct cx *reuse_house(int64_t *ret_aids)
{
    struct cx *cx = house_new();
    form_earlier_hook(&casefile_reuse);
    *ret_aids = house_apply(cx, "anna", "stok", NULL);
    house_later(cx, DAY_US);
    return cx;
}

static int64_t begin(struct cx *cx)
{
    int64_t id;
    assert_ok(cx, form_draft_start(cx, S("parkering-handicap"), &id));
    return id;
}

/* What the draft has of how one likes to be contacted; empty: nothing. */
static struct str contact_of(struct cx *cx, int64_t draft)
{
    struct form_draft *d = arena_new_of(cx->arena, struct form_draft);
    struct form_eval eval;
    assert_ok(cx, form_draft_open(cx, draft, d));
    form_evaluate(cx, d->form, &d->given, &eval);
    const struct form_value *v = form_at(&eval, form_field_of(d->form, S("contact_by")));
    if (!v->empty) {
        assert_true(v->register_fact);
        assert_str(v->told_by, "earlier");
        assert_str(v->service, "lette-hjaelpemidler");
        assert_int_equal(civil_day_of_us(v->fetched_us), civil_day_of_us(cx->now_us) - 1);
    }
    return v->text;
}

static void an_answer_is_used_again_and_the_person_sees_it(void **state)
{
    (void)state;
    int64_t aids;
    struct cx *cx = reuse_house(&aids);
    struct access_looks looks;
    struct q_reuse_count count;
    int64_t id = begin(cx);
    assert_str(contact_of(cx, id), "page");
    assert_ok(cx, access_commit(cx));
    assert_ok(cx, access_own(cx, 0, 10, &looks));
    assert_int_equal(looks.rows.n, 1);
    assert_str(looks.rows.p[0].what, "Brugte igen det, du svarede");
    assert_str(looks.rows.p[0].unit, "Borgerservice");
    assert_str(looks.rows.p[0].legal_basis, "forvaltningsloven § 7");
    assert_true(looks.rows.p[0].casefile_no.n > 0);
    assert_ok(cx, form_draft_delete(cx, id));
    assert_ok(cx, q_reuse_count(cx, &count));
    assert_int_equal(count.n, 0);
    house_party(cx, "erik");
    assert_str(contact_of(cx, begin(cx)), "");
    assert_int_equal(access_waiting(cx), 0);
    house_free(cx);
}

struct attack {
    int64_t draft, aids;
    const char *purpose, *law;
};

static enum err permit_fn(struct cx *cx, void *ctx)
{
    const struct attack *a = ctx;
    return q_reuse_permit(cx, a->draft, a->aids, str_of(a->purpose), str_of(a->law), cx->now_us);
}

static enum err move_fn(struct cx *cx, void *ctx)
{
    const struct attack *a = ctx;
    return q_reuse_move(cx, a->draft, a->aids);
}

static enum err forget_fn(struct cx *cx, void *ctx)
{
    const int64_t *draft = ctx;
    return casefile_reuse.forget(cx, *draft);
}

static void the_store_refuses_what_is_not_allowed(void **state)
{
    (void)state;
    int64_t aids;
    struct cx *cx = reuse_house(&aids);
    house_party(cx, "erik");
    int64_t eriks = begin(cx);
    assert_err(cx, db_write(cx, permit_fn, &(struct attack){eriks, aids, "contact", "fvl"}), ERR_LAW);
    assert_str(contact_of(cx, eriks), "");
    int64_t other = house_apply(cx, "erik", "stok", NULL);
    house_party(cx, "anna");
    int64_t annas = begin(cx);
    assert_err(cx, db_write(cx, move_fn, &(struct attack){.draft = annas, .aids = other}), ERR_LAW);
    /* without a permit nothing is read, and there is none without a purpose and a law */
    assert_ok(cx, db_write(cx, forget_fn, &annas));
    assert_str(contact_of(cx, annas), "");
    assert_int_not_equal(db_write(cx, permit_fn, &(struct attack){annas, aids, "", "fvl"}), ERR_OK);
    assert_int_not_equal(db_write(cx, permit_fn, &(struct attack){annas, aids, "contact", ""}), ERR_OK);
    assert_str(contact_of(cx, annas), "");
    assert_ok(cx, db_write(cx, permit_fn, &(struct attack){annas, aids, "contact", "fvl"}));
    assert_str(contact_of(cx, annas), "page");
    house_free(cx);
}

static void what_is_withdrawn_or_due_to_be_erased_is_not_used(void **state)
{
    (void)state;
    int64_t aids;
    struct cx *cx = reuse_house(&aids);
    int64_t id = begin(cx);
    assert_str(contact_of(cx, id), "page");
    assert_ok(cx, casefile_withdraw(cx, aids, S("Ikke mere")));
    assert_str(contact_of(cx, id), "");
    assert_str(contact_of(cx, begin(cx)), "");
    assert_err(cx, db_write(cx, permit_fn, &(struct attack){begin(cx), aids, "contact", "fvl"}), ERR_LAW);
    house_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_used_again_and_the_person_sees_it),
        cmocka_unit_test(the_store_refuses_what_is_not_allowed),
        cmocka_unit_test(what_is_withdrawn_or_due_to_be_erased_is_not_used),
    };
    return test_each_engine("reuse", tests);
}
