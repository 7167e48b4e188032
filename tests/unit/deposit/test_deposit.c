/* Deposits of what the archive can hold: every kind of registration, screening, corrections, large documents; what is
   left out, what is refused; and the same back again. The schemas come from ../shared/data/noark (CONTRIBUTING.md);
   without them these tests say so and pass. */
#include "../casefile/house.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "deposit/deposit.h"
#include "files/files.h"

static const char *schemas(struct cx *cx)
{
    const char *dir = str_z(cx->arena, test_path(cx, "../shared/data/noark"));
    if (access(dir, F_OK) == 0)
        return dir;
    print_message("skipped: ../shared/data/noark is not there\n");
    return NULL;
}

struct filing {
    const char *retention;
    bool unfinished, screened, empty_names;
    int64_t party_id;
    struct file_ref small, large;
    int64_t casefile_id, first_id;
};

static enum err add(struct cx *cx, const struct filing *f, enum record_kind kind, int64_t *ret_id)
{
    struct auth_unit unit;
    int64_t doc;
    struct record_party who = {.role = kind == RECORD_OUTGOING ? RECORD_RECIPIENT : RECORD_SENDER,
                               .party_id = f->party_id,
                               .name = f->empty_names ? S(" ") : S("Åse <Ødegård> & Co \x01")};
    struct record_registration_new r = {.casefile_id = f->casefile_id,
                                        .kind = kind,
                                        .title = S("Brev om \"sag\" & mere"),
                                        .public_title = S("Brev om 610190-1234"),
                                        .access_code = f->screened ? S("U") : S(""),
                                        .access_basis = f->screened ? S("offentleglova § 13") : S(""),
                                        .parties = &who,
                                        .n_parties = kind == RECORD_NOTE || kind == RECORD_INTERNAL ? 0 : 1};
    enum err e = auth_unit_by_key(cx, S("hjaelpemidler"), &unit);
    r.unit_id = unit.id;
    if (!e)
        e = record_register(cx, &r, ret_id);
    struct record_document_new d = {.title = S("Dokument"),
                                    .kind = S("letter"),
                                    .file_name = S("brev.PDF"),
                                    .mime = S("application/pdf"),
                                    .variant = RECORD_PRODUCTION,
                                    .file = f->small};
    if (!e)
        e = record_add_document(cx, *ret_id, &d, &doc);
    d.variant = RECORD_ARCHIVE;
    d.format = S("fmt/477");
    d.file = f->large;
    if (!e)
        e = record_add_object(cx, doc, &d);
    d.format = S("");
    d.title = S("Vedlegg");
    d.mime = S("application/x-unknown");
    d.file_name = S("æ.weird name");
    if (!e)
        e = record_add_document(cx, *ret_id, &d, &doc);
    return e;
}

static enum err finish(struct cx *cx, int64_t id)
{
    enum err e = record_finish(cx, id);
    return e;
}

/* One of each kind, and a correction of the first. */
static enum err file_one(struct cx *cx, void *ctx)
{
    struct filing *f = ctx;
    struct auth_unit unit;
    int64_t id[5] = {0}, doc;
    enum err e = auth_unit_by_key(cx, S("hjaelpemidler"), &unit);
    if (!e)
        e = record_open_casefile(cx,
                                 &(struct record_casefile_new){.title = S("Sag"),
                                                               .public_title = S("Sag"),
                                                               .class_key = S("00.01.00"),
                                                               .class_title = S("Klasse"),
                                                               .unit_id = unit.id,
                                                               .retention = str_of(f->retention),
                                                               .access_code = S(""),
                                                               .access_basis = S("")},
                                 &f->casefile_id);
    for (int k = 1; !e && k <= 4; k++)
        if (!(e = add(cx, f, (enum record_kind)k, &id[k - 1])) && !(f->unfinished && k == 2))
            e = finish(cx, id[k - 1]);
    if (!e)
        e = record_correct(cx, id[0], S("Tallet var forkert"), &id[4]);
    if (!e)
        e = record_add_document(cx, id[4],
                                &(struct record_document_new){.title = S("Dokument"),
                                                              .kind = S("letter"),
                                                              .file_name = S("a.txt"),
                                                              .mime = S("text/plain"),
                                                              .variant = RECORD_PRODUCTION,
                                                              .file = f->small},
                                &doc);
    if (!e)
        e = finish(cx, id[4]);
    if (!e)
        e = record_close_casefile(cx, f->casefile_id);
    if (!e)
        e = record_number_casefile(cx, f->casefile_id);
    for (int k = 0; !e && k < 5; k++)
        e = record_number(cx, id[k]);
    f->first_id = id[0];
    return e;
}

static void file(struct cx *cx, struct filing *f)
{
    enum { LARGE = 200000 };
    char *large = arena_alloc(cx->arena, LARGE);
    memset(large, 'x', LARGE);
    const struct who *before = cx->who;
    house_employee(cx, "bo");
    assert_ok(cx, files_put(cx, S("%PDF-1.7 lille"), &f->small));
    assert_ok(cx, files_put(cx, str_make(large, LARGE), &f->large));
    assert_ok(cx, db_write(cx, file_one, f));
    cx->who = before;
}

static struct deposit_new period(struct cx *cx, const char *dir, const char *name)
{
    return (struct deposit_new){.from = civil_to_day(2026, 1, 1),
                                .to = civil_to_day(2026, 12, 31),
                                .schemas = dir,
                                .out = str_z(cx->arena, str_fmt(cx->arena, "%s/%s", test_folder(cx), name)),
                                .owner = S("Fjordby Kommune"),
                                .owner_id = S("999")};
}

static void print_fault(void *ctx, enum deposit_rule rule, struct str detail)
{
    (void)ctx;
    print_error("%s %.*s\n", deposit_rule_name(rule), STR_ARG(detail));
}

static void every_kind_goes_out_and_comes_back(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    const char *dir = schemas(cx);
    if (!dir)
        return house_free(cx);
    struct filing a = {.retention = "keep", .screened = true}, b = {.retention = "keep", .empty_names = true},
                  c = {.retention = "years:5"};
    struct deposit_counts n;
    struct deposit_imported in, again;
    struct deposit_packages list;
    struct deposit_report r = {.schemas = dir, .fault = print_fault};
    struct deposit_new new = period(cx, dir, "out");
    int64_t files;
    file(cx, &a);
    file(cx, &b);
    file(cx, &c);
    house_apply(cx, "anna", "badebaenk", NULL); /* open */
    house_system(cx);
    assert_ok(cx, deposit_make(cx, &new, &n));
    assert_int_equal(n.casefiles, 2);
    assert_int_equal(n.registrations, 10);
    assert_int_equal(n.journal, 8); /* the note is none */
    assert_int_equal(n.documents, 18);
    assert_int_equal(n.objects, 26);
    assert_int_equal(n.still_open, 1);
    assert_int_equal(n.disposable, 1);
    assert_ok(cx, deposit_verify(cx, new.out, &r));
    assert_int_equal(r.total, 0);
    assert_int_equal(r.casefiles, 2);
    assert_int_equal(r.objects, 26);
    struct str open = test_read_file(cx, str_z(cx->arena, str_fmt(cx->arena, "%s/offentligJournal.xml", new.out)));
    assert_true(str_find(open, S("*****"), 0) < open.n);
    assert_true(str_find(open, S("610190"), 0) == open.n);
    struct str all = test_read_file(cx, str_z(cx->arena, str_fmt(cx->arena, "%s/arkivstruktur.xml", new.out)));
    assert_true(str_find(all, S("Åse &lt;Ødegård&gt; &amp; Co \xEF\xBF\xBD<"), 0) < all.n);
    assert_true(str_find(all, S("Tallet var forkert"), 0) < all.n);
    assert_true(str_find(all, S("<format>fmt/477</format>"), 0) < all.n); /* PDF/A-2b, told by the content */
    assert_true(str_find(all, S("<format>PDF</format>"), 0) < all.n);     /* nobody looked into that one */

    new = period(cx, dir, "all");
    new.all = true;
    assert_ok(cx, deposit_make(cx, &new, &n));
    assert_int_equal(n.casefiles, 3);
    assert_ok(cx, deposit_import(cx, new.out, &r, &in));
    assert_int_equal(in.casefiles, 3);
    assert_int_equal(in.registrations, 15);
    assert_int_equal(in.documents, n.documents);
    assert_int_equal(in.objects, n.objects);
    assert_int_equal(in.files, n.objects + 11);
    assert_ok(cx, deposit_import(cx, new.out, &r, &again));
    assert_true(again.again);
    assert_ok(cx, deposit_packages(cx, &list));
    assert_int_equal(list.rows.n, 1);
    assert_str(list.rows.p[0].owner, "Fjordby Kommune");
    const char *back = str_z(cx->arena, str_fmt(cx->arena, "%s/back", test_folder(cx)));
    assert_ok(cx, deposit_restore(cx, in.package_id, back, &files));
    assert_int_equal(files, in.files);
    assert_ok(cx, deposit_verify(cx, back, &r)); /* the checksums are in the package */
    assert_int_equal(r.total, 0);
    house_free(cx);
}

/* Nothing screens the paper, and her name is protected all the same. */
static void a_protected_name_is_not_in_the_public_journal(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    const char *dir = schemas(cx);
    if (!dir)
        return house_free(cx);
    struct filing f = {.retention = "keep", .party_id = house_party(cx, "erik")};
    struct deposit_counts n;
    struct deposit_new new = period(cx, dir, "out");
    file(cx, &f);
    house_system(cx);
    assert_ok(cx, deposit_make(cx, &new, &n));
    struct str name = S("Erik Sand");
    struct str open = test_read_file(cx, str_z(cx->arena, str_fmt(cx->arena, "%s/offentligJournal.xml", new.out)));
    struct str running = test_read_file(cx, str_z(cx->arena, str_fmt(cx->arena, "%s/loependeJournal.xml", new.out)));
    assert_true(str_find(running, name, 0) < running.n);
    assert_true(str_find(open, name, 0) == open.n);
    house_free(cx);
}

static void what_is_not_ready_is_refused(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    const char *dir = schemas(cx);
    if (!dir)
        return house_free(cx);
    struct deposit_counts n;
    struct deposit_new new = period(cx, dir, "out");
    struct filing f = {.retention = "keep", .unfinished = true};
    house_system(cx);
    assert_err(cx, deposit_make(cx, &new, &n), ERR_NOT_FOUND); /* no valid journal is empty */
    file(cx, &f);
    assert_err(cx, deposit_make(cx, &new, &n), ERR_LAW);
    assert_true(str_find(cx->fail.detail, S("2026-000001"), 0) < cx->fail.detail.n);
    new.to = civil_to_day(2025, 1, 1);
    assert_err(cx, deposit_make(cx, &new, &n), ERR_CONFIG);
    new = period(cx, test_folder(cx), "out");
    new.schemas = test_folder(cx);
    struct filing g = {.retention = "keep"};
    new.from = new.to = civil_to_day(2026, 1, 20);
    house_later(cx, 5 * DAY_US);
    file(cx, &g);
    assert_err(cx, deposit_make(cx, &new, &n), ERR_CONFIG); /* no schemas there */
    assert_true(access(str_z(cx->arena, str_fmt(cx->arena, "%s/out", test_folder(cx))), F_OK) != 0);
    house_free(cx);
}

/* A damaged document is not handed over as if it were whole. */
static void a_damaged_document_stops_it(void **state)
{
    (void)state;
    struct cx *cx = house_new();
    const char *dir = schemas(cx);
    if (!dir)
        return house_free(cx);
    struct filing f = {.retention = "keep"};
    struct deposit_counts n;
    struct deposit_new new = period(cx, dir, "out");
    file(cx, &f);
    struct str hex = hash_hex(cx->arena, f.large.hash);
    const char *path =
        str_z(cx->arena, str_fmt(cx->arena, "%s/files/%.2s/%s", test_folder(cx), hex.p, str_z(cx->arena, hex) + 2));
    FILE *out = fopen(path, "r+");
    assert_non_null(out);
    fputc('y', out);
    fclose(out);
    house_system(cx);
    assert_err(cx, deposit_make(cx, &new, &n), ERR_IO);
    assert_true(access(new.out, F_OK) != 0);
    house_free(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_goes_out_and_comes_back),
        cmocka_unit_test(a_protected_name_is_not_in_the_public_journal),
        cmocka_unit_test(what_is_not_ready_is_refused),
        cmocka_unit_test(a_damaged_document_stops_it),
    };
    return test_each_engine("deposit", tests);
}
