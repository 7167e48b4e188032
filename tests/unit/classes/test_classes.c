/* KLE from its publisher's file: classes and titles, all or nothing. */
#include "../casefile/house.h"

#include <stdio.h>
#include <unistd.h>

#include "classes/classes.h"
#include "record/record.h"

static enum err import(struct cx *cx, const char *xml, struct classes_counts *ret)
{
    FILE *f = tmpfile();
    assert_non_null(f);
    fputs(xml, f);
    fflush(f);
    lseek(fileno(f), 0, SEEK_SET);
    enum err e = classes_import_kle(cx, fileno(f), ret);
    fclose(f);
    return e;
}

#define SUBJECT(no, title, more) "<Emne><EmneNr>" no "</EmneNr><EmneTitel>" title "</EmneTitel>" more "</Emne>"
#define EXPIRED \
    "<EmneAdministrativInfo><Historisk><UdgaaetDato>2020-01-01</UdgaaetDato></Historisk></EmneAdministrativInfo>"
#define PLAN(subjects) \
    "<?xml " \
    "version=\"1.0\"?><KLE-Emneplan><Hovedgruppe><HovedgruppeNr>27</HovedgruppeNr><HovedgruppeTitel>Social</" \
    "HovedgruppeTitel>" \
    "<Gruppe><GruppeNr>27.60</GruppeNr><GruppeTitel>Hjælp</GruppeTitel>" subjects \
    "</Gruppe></Hovedgruppe></KLE-Emneplan>"

static void titles_come_and_nothing_goes(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct classes_counts n;
    const char *plan = PLAN(SUBJECT("27.60.10", "Hjælpemidler &amp; andet", "") SUBJECT("27.60.99", "Ny", "")
                                SUBJECT("27.60.98", "Gammel", EXPIRED));
    house_system(cx);
    assert_ok(cx, import(cx, plan, &n)); /* 27.60.10 is there already: a service names it */
    assert_int_equal(n.added, 1);
    assert_int_equal(n.renamed, 1);
    assert_int_equal(n.expired, 1);
    assert_ok(cx, import(cx, plan, &n));
    assert_int_equal(n.unchanged, 2);
    assert_int_equal(n.added + n.renamed, 0);
    assert_ok(cx, import(cx, PLAN(SUBJECT("27.60.99", "Ny", EXPIRED)), &n)); /* it has expired, and stays */
    assert_int_equal(n.unchanged, 1);
    house_free(cx);
}

static void a_faulty_file_changes_nothing(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    struct classes_counts n;
    house_system(cx);
    static const char *const bad[] = {"",
                                      "<a/>",
                                      PLAN(""),
                                      PLAN(SUBJECT("27.60.97", "Ny", "") SUBJECT("27.60", "Kort", "")),
                                      PLAN(SUBJECT("27.60.97", "Ny", "") SUBJECT("27.60.96", " ", "")),
                                      PLAN(SUBJECT("27.60.97", "Ny", "")) "<",
                                      "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_err(cx, import(cx, bad[i], &n), ERR_SYNTAX);
        assert_true(str_starts(cx->fail.detail, S("line ")));
    }
    assert_ok(cx, import(cx, PLAN(SUBJECT("27.60.97", "Ny", "")), &n));
    assert_int_equal(n.added, 1);
    house_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(titles_come_and_nothing_goes),
                                       cmocka_unit_test(a_faulty_file_changes_nothing)};
    return test_each_engine("classes", tests);
}
