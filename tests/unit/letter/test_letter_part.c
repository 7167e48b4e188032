#include "support.h"

#include "letter/letter.h"

static const char good[] =
    "# Afslag\n\nKære {{party_name}}\n\n{{lines_refused}}\n\n{{reasons}}\n\n{{legal_basis}}\n\n{{appeal}}\n\n"
    "Ring: {{contact}}\n";

static struct str checked_as(struct cx *cx, enum service_outcome outcome, const char *from, const char *to)
{
    struct str text = str_of(good);
    size_t at = str_find(text, str_of(from), 0);
    assert_true(at < text.n);
    text = str_fmt(cx->arena, "%.*s%s%s", (int)at, good, to, good + at + strlen(from));
    struct service_version v = {.folder = S("services/x")};
    vec_add(cx->arena, &v.files, (struct service_file){S("letters/refused.da.md"), text});
    vec_add(cx->arena, &v.letters,
            (struct service_letter){.key = S("refused"), .outcome = outcome, .file = S("letters/refused.da.md")});
    struct problems ps = problems_make(cx->arena);
    struct buf b = buf_make(cx->arena);
    assert_ok(cx, letter_part.load(cx, cx->arena, &v, &ps));
    problems_text(&ps, &b);
    return buf_str(&b);
}

static struct str checked(struct cx *cx, const char *from, const char *to)
{
    return checked_as(cx, OUTCOME_REFUSED, from, to);
}

static const struct fault {
    const char *from, *to, *place, *says;
} faults[] = {
    {"{{party_name}}", "{{party_nam}}", "services/x/letters/refused.da.md:3:6:", "did you mean {{party_name}}"},
    {"{{party_name}}", "{{hello_there}}", "services/x/letters/refused.da.md:3:6:", "there are: "},
    {"{{party_name}}", "{{party_name", "services/x/letters/refused.da.md:3:6:", "{{ is not closed"},
    {"Kære {{party_name}}", "Kære {{reasons}}", "services/x/letters/refused.da.md:3:6:", "cannot stand in a sentence"},
    {"Kære", "Kære <b>", "services/x/letters/refused.da.md:3:6:", "the letter holds HTML"},
    {"{{reasons}}", "x", "services/x/letters/refused.da.md:1:1:", "must carry reasons (law 4)"},
    {"{{legal_basis}}", "x", "services/x/letters/refused.da.md:1:1:", "must carry its legal basis (law 4)"},
    {"{{appeal}}", "x", "services/x/letters/refused.da.md:1:1:", "must carry how to appeal (law 4)"},
    {"{{contact}}", "x", "services/x/letters/refused.da.md:1:1:", "must carry whom to contact (law 4)"},
    {"{{lines_refused}}", "x", "services/x/letters/refused.da.md:1:1:", "must carry what is refused (law 4)"},
};

static void names_each_fault_of_a_letter(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct cx *cx = test_cx();
        struct str text = checked(cx, faults[i].from, faults[i].to);
        if (!str_starts(text, str_of(faults[i].place)) || str_find(text, str_of(faults[i].says), 0) >= text.n)
            fail_msg("fault %zu: wanted \"%s … %s\", got: %.*s", i, faults[i].place, faults[i].says, STR_ARG(text));
        test_cx_free(cx);
    }
}

static void a_right_letter_has_no_fault(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    assert_str(checked(cx, "Afslag", "Afslag"), "");
    assert_str(checked(cx, "Kære", "1 < 2 og <3"), "");
    test_cx_free(cx);
}

/* When all was granted in part, nothing was refused, and what lists it has nothing to list. */
static void what_is_granted_in_part_is_told_with_lines(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    assert_true(str_find(checked_as(cx, OUTCOME_PARTLY, "Afslag", "Afslag"), S("{{lines_refused}} has no value"), 0) <
                checked_as(cx, OUTCOME_PARTLY, "Afslag", "Afslag").n);
    assert_str(checked_as(cx, OUTCOME_PARTLY, "{{lines_refused}}", "{{lines}}"), "");
    test_cx_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_each_fault_of_a_letter),
        cmocka_unit_test(a_right_letter_has_no_fault),
        cmocka_unit_test(what_is_granted_in_part_is_told_with_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
