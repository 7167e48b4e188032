#include "support.h"

#include <archive.h>
#include <archive_entry.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codec/eml.h"
#include "codec/plain.h"
#include "db/db.h"
#include "fulltext/fulltext_internal.h"
#include "fulltext_store.h"

extern const struct db_migrations migrations_files, migrations_search, migrations_fulltext;
static const struct db_migrations *const modules[] = {&migrations_files, &migrations_search, &migrations_fulltext};

/* ---- what is in a file ---- */

static int fd_of(struct str bytes)
{
    int fd = memfd_create("test", MFD_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes.p, bytes.n), bytes.n);
    return fd;
}

static enum err try_text(struct cx *cx, struct str bytes, struct str *ret)
{
    int fd = fd_of(bytes);
    enum err e = fulltext_text(cx, fd, ret);
    close(fd);
    return e;
}

static struct str text_in(struct cx *cx, struct str bytes)
{
    struct str text;
    assert_ok(cx, try_text(cx, bytes, &text));
    return text;
}

static bool has(struct str s, const char *z)
{
    return str_find(s, str_of(z), 0) < s.n;
}

static void plain_text_is_its_words(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    assert_str(text_in(cx, S("\xef\xbb\xbfVedtak om  kommu-\nnens\tåpne\r\nplasser")),
               "\xef\xbb\xbfVedtak om kommunens åpne plasser");
    assert_str(text_in(cx, S("")), "");
    assert_str(text_in(cx, S("\x00\x01\xff\xfe binary \x80\x81")), "");
    assert_str(text_in(cx, S("{\"answers\": {\"name\": \"Anna\"}}")), "");
    assert_str(text_in(cx, S("[Utkast] Referat")), "[Utkast] Referat");
    assert_str(text_in(cx, S("\x89PNG\r\n\x1a\nwords of a picture")), "");
    test_cx_free(cx);
}

static void identity_numbers_are_not_in_it(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct str text = text_in(cx, S("Anna 010281-1234, Kari 01828112345, Per 018281\n  12345, Ole 018281-\n12345, sak "
                                    "2026-004711, sak 2025-\n000012, tlf 22334455"));
    assert_false(has(text, "1234,"));
    assert_false(has(text, "010281"));
    assert_false(has(text, "018281"));
    assert_false(has(text, "12345"));
    assert_true(has(text, "Kari"));
    assert_true(has(text, "2026-004711"));
    assert_true(has(text, "2025-000012"));
    assert_true(has(text, "22334455"));
    test_cx_free(cx);
}

static void a_long_text_is_cut(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct str line = S("ååååååååååååååååååååååååååååååå "), text; /* 63 bytes: no limit falls between letters */
    int fd = fd_of(line);
    for (int64_t n = 0; n < FULLTEXT_SOURCE_MAX + 1000; n += (int64_t)line.n)
        assert_int_equal(write(fd, line.p, line.n), line.n);
    assert_ok(cx, fulltext_text(cx, fd, &text));
    close(fd);
    assert_true(text.n > FULLTEXT_TEXT_MAX - 4 && text.n <= FULLTEXT_TEXT_MAX);
    assert_true(str_starts(text, line));
    test_cx_free(cx);
}

static void markup_is_left_out(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct str html = text_in(cx, S("<!DOCTYPE html><html><head><title>t</title><style>p{}</style></head>"
                                    "<body><p>Nabo<b>varsel</b></p><p>om bod</p><script>alert()</script>"));
    assert_str(html, "Nabovarsel om bod");
    struct str xml = text_in(cx, S("<?xml version='1.0'?><melding lang='nb'><tittel>Bru</tittel><tekst><![CDATA[over "
                                   "<elva>]]></tekst></melding>"));
    assert_str(str_trim(xml), "Bru over <elva>");
    struct str xhtml = text_in(cx, S("<?xml version='1.0'?><!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN' "
                                     "'http://127.0.0.1:1/x.dtd'><html xmlns='http://www.w3.org/1999/xhtml'><body>"
                                     "<p>mild br&oslash;d</p></body></html>"));
    assert_true(has(xhtml, "mild"));
    struct str none;
    assert_err(cx, try_text(cx, S("<?xml version='1.0'?><a><b></a>"), &none), ERR_SYNTAX);
    test_cx_free(cx);
}

/* What entities of its own would be is not looked at, however much that is. */
static void entities_do_not_explode(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct buf b = buf_make(cx->arena);
    struct str text = S("");
    buf_add_z(&b, "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY e0 'laugh'><!ENTITY f SYSTEM 'file:///etc/passwd'>");
    for (int i = 1; i < 30; i++)
        buf_fmt(&b, "<!ENTITY e%d '&e%d;&e%d;&e%d;'>", i, i - 1, i - 1, i - 1);
    buf_add_z(&b, "]><a>before &e29; &f; after</a>");
    enum err e = try_text(cx, buf_str(&b), &text);
    assert_true(e == ERR_OK || e == ERR_SYNTAX);
    assert_false(has(text, "laugh"));
    assert_false(has(text, "root:"));
    test_cx_free(cx);
}

static void mail_is_its_subject_and_words(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    eml_init();
    struct str path = S("tests/fuzz/eml/plain");
    struct str text = text_in(cx, test_read_file(cx, str_z(cx->arena, test_path(cx, str_z(cx->arena, path)))));
    assert_true(has(text, "Kvittering på stok"));
    assert_true(has(text, "Anna Holm"));
    assert_true(has(text, "Her er min kvittering."));
    assert_false(has(text, "MIME"));
    assert_str(text_in(cx, S("From: where I stand one sees the sea")), "From: where I stand one sees the sea");
    test_cx_free(cx);
}

/* ---- containers ---- */

static struct str container(struct cx *cx, const char *first, const char *first_text, const char *part, struct str xml)
{
    size_t room = xml.n + 65536, used = 0;
    char *p = arena_alloc(cx->arena, room);
    struct archive *a = archive_write_new();
    const char *names[] = {first, part};
    struct str texts[] = {str_of(first_text), xml};
    archive_write_set_format_zip(a);
    archive_write_open_memory(a, p, room, &used);
    for (int i = 0; i < 2; i++) {
        struct archive_entry *entry = archive_entry_new();
        archive_entry_set_pathname(entry, names[i]);
        archive_entry_set_size(entry, (la_int64_t)texts[i].n);
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        i ? archive_write_zip_set_compression_deflate(a) : archive_write_zip_set_compression_store(a);
        if (archive_write_header(a, entry) != ARCHIVE_OK)
            fail_msg("%s", archive_error_string(a));
        archive_write_data(a, texts[i].p, texts[i].n);
        archive_entry_free(entry);
    }
    archive_write_close(a);
    archive_write_free(a);
    return str_make(p, used);
}

static struct str docx(struct cx *cx, struct str xml)
{
    return container(cx, "[Content_Types].xml", "<Types/>", "word/document.xml", xml);
}

static void office_documents_are_read(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct str word = docx(
        cx, S("<?xml version='1.0'?><w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'>"
              "<w:body><w:p><w:r><w:t>Hoved</w:t></w:r><w:r><w:t>plan</w:t></w:r></w:p><w:p><w:r><w:t>for</w:t><w:tab/>"
              "<w:t>vann</w:t></w:r></w:p></w:body></w:document>"));
    assert_str(str_trim(text_in(cx, word)), "Hovedplan for vann");
    assert_true(word.n > 60);
    struct str cut;
    assert_err(cx, try_text(cx, str_slice(word, 0, word.n * 2 / 3), &cut), ERR_SYNTAX);
    test_cx_free(cx);
}

static void what_unpacks_to_much_is_not_read(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct str none;
    char *p = arena_alloc(cx->arena, PLAIN_XML_MAX + 100);
    memset(p, ' ', PLAIN_XML_MAX + 100);
    struct str bomb = docx(cx, str_make(p, PLAIN_XML_MAX + 100));
    assert_true(bomb.n < 100000);
    assert_err(cx, try_text(cx, bomb, &none), ERR_TOO_LARGE);
    test_cx_free(cx);
}

/* ---- PDF ---- */

static struct str pdf(struct cx *cx, struct str content, const char *more)
{
    return str_fmt(cx->arena,
                   "%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count "
                   "1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources 6 0 "
                   "R>>endobj\n4 0 obj<</Length %zu>>stream\n%.*s\nendstream endobj\n5 0 "
                   "obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>endobj\n6 0 "
                   "obj<</Font<</F 5 0 R>>/XObject<</X 10 0 R>>>>endobj\n%strailer<</Root 1 0 R>>\n%%%%EOF\n",
                   content.n, STR_ARG(content), more);
}

static bool have_tool(struct cx *cx)
{
    if (!fulltext_probe(cx))
        return true;
    print_message("SKIPPED: pdftotext (Debian: poppler-utils) is not installed\n");
    return false;
}

static void pdf_is_read_by_its_tool(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    if (!have_tool(cx))
        return test_cx_free(cx);
    struct str whole = pdf(cx,
                           S("BT /F 12 Tf 20 700 Td (Reguleringsplan for \xd8"
                             "degaard) Tj ET"),
                           ""),
               none;
    assert_str(str_trim(text_in(cx, whole)), "Reguleringsplan for Ødegaard");
    assert_err(cx, try_text(cx, str_slice(whole, 0, 60), &none), ERR_SYNTAX);
    assert_err(cx, try_text(cx, S("%PDF-1.4"), &none), ERR_SYNTAX);
    test_cx_free(cx);
}

/* Forms that show forms, ten times each, ten deep: ten milliards of words if one let it. */
static void a_pdf_that_takes_long_is_left(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct buf more = buf_make(cx->arena);
    struct str none;
    if (!have_tool(cx))
        return test_cx_free(cx);
    for (int i = 10; i < 19; i++) {
        const char *all = "/X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do";
        buf_fmt(&more,
                "%d 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>/Length "
                "%zu>>stream\n%s\nendstream endobj\n",
                i, i + 1, strlen(all), all);
    }
    buf_add_z(&more, "19 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 5>>stream\nq Q q\nendstream endobj\n");
    int fd = fd_of(pdf(cx, S("/X Do"), str_z(cx->arena, buf_str(&more))));
    int64_t begun_us = time_tick_us();
    assert_err(cx, fulltext_pdf(cx, fd, 1, &none), ERR_TOO_LARGE);
    assert_true(time_tick_us() - begun_us < 10 * SECOND_US);
    close(fd);
    test_cx_free(cx);
}

/* Another pdftotext, first in PATH, for this one test. */
static char *path_with(struct cx *cx, const char *script, char *ret_dir)
{
    const char *path = getenv("PATH");
    char *before = str_z(cx->arena, str_of(path ? path : "/usr/bin:/bin"));
    strcpy(ret_dir, "/tmp/indgang-tool-XXXXXX");
    assert_non_null(mkdtemp(ret_dir));
    if (script) {
        char *file = str_z(cx->arena, str_fmt(cx->arena, "%s/pdftotext", ret_dir));
        FILE *f = fopen(file, "w");
        assert_non_null(f);
        fprintf(f, "#!/bin/sh\n%s\n", script);
        fclose(f);
        chmod(file, 0755);
    }
    setenv("PATH", ret_dir, 1);
    return before;
}

static void path_back(struct cx *cx, const char *before, const char *dir)
{
    unlink(str_z(cx->arena, str_fmt(cx->arena, "%s/pdftotext", dir)));
    rmdir(dir);
    setenv("PATH", before, 1);
}

static enum err with_tool(struct cx *cx, const char *script, int seconds, struct str *ret)
{
    char dir[40];
    char *before = path_with(cx, script, dir);
    int fd = fd_of(S("%PDF-1.4 whatever"));
    enum err e = fulltext_pdf(cx, fd, seconds, ret);
    close(fd);
    path_back(cx, before, dir);
    return e;
}

static void the_child_has_its_limits(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct str text;
    assert_err(cx, with_tool(cx, NULL, 9, &text), ERR_CONFIG);
    assert_err(cx, with_tool(cx, "exec sleep 60", 1, &text), ERR_TOO_LARGE);
    assert_err(cx, with_tool(cx, "while :; do :; done", 1, &text), ERR_TOO_LARGE);
    assert_err(cx, with_tool(cx, "exit 1", 60, &text), ERR_SYNTAX);
    assert_ok(cx, with_tool(cx, "while :; do echo word word word; done", 60, &text));
    assert_true(text.n > FULLTEXT_TEXT_MAX - 4 && text.n <= FULLTEXT_TEXT_MAX);
    assert_ok(cx, with_tool(cx, "ulimit -v; ulimit -t; ulimit -f; ulimit -n; ulimit -c; pwd; env", 60, &text));
    assert_true(str_starts(text, S("524288\n60\n0\n32\n0\n/\n")));
    assert_false(has(text, "INDGANG"));
    assert_false(has(text, "HOME"));
    assert_ok(cx, with_tool(cx, "ulimit -St; ulimit -Ht", 60, &text));
    assert_str(text, "60\n61");
    assert_ok(cx, with_tool(cx, "head -c 8", 60, &text));
    assert_str(text, "%PDF-1.4");
    test_cx_free(cx);
}

/* One that says no more and stays is not waited for; one that was ended from outside says nothing of the file. */
static void the_child_ends_or_is_made_to(void **state)
{
    (void)state;
    struct cx *cx = test_cx();
    struct str text;
    int64_t begun_us = time_tick_us();
    assert_err(cx, with_tool(cx, "exec sleep 60 >&-", 1, &text), ERR_TOO_LARGE);
    assert_true(time_tick_us() - begun_us < 30 * SECOND_US);
    assert_ok(cx, with_tool(cx, "echo word; exec 1>&-; sleep 0.1", 60, &text));
    assert_str(text, "word");
    assert_err(cx, with_tool(cx, "kill -TERM $$", 60, &text), ERR_IO);
    assert_err(cx, with_tool(cx, "kill -KILL $$", 60, &text), ERR_IO);
    assert_err(cx, with_tool(cx, "kill -XCPU $$", 60, &text), ERR_TOO_LARGE);
    assert_err(cx, with_tool(cx, "kill -SEGV $$", 60, &text), ERR_SYNTAX);
    test_cx_free(cx);
}

/* ---- in the background ---- */

struct use {
    struct file_ref ref;
    int64_t id;
    bool drop;
};

static enum err use(struct cx *cx, void *ctx)
{
    const struct use *u = ctx;
    return u->drop ? fulltext_drop(cx, S("noark_item"), u->id) : fulltext_keep(cx, &u->ref, S("noark_item"), u->id);
}

static void store(struct cx *cx, int64_t id, struct str bytes)
{
    struct use u = {.id = id};
    assert_ok(cx, files_put(cx, bytes, &u.ref));
    assert_ok(cx, db_write(cx, use, &u));
}

static struct cx *cx_with_files(struct files **ret)
{
    struct cx *cx = test_cx_db(modules, 3);
    assert_ok(cx, files_open(cx, str_of(test_folder(cx)), ret));
    return cx;
}

static void done(struct cx *cx, struct files *f)
{
    files_close(f);
    test_cx_free(cx);
}

static void run(struct cx *cx)
{
    struct job job = {0};
    assert_ok(cx, fulltext_job(cx, &job));
}

static int64_t waiting(struct cx *cx)
{
    int64_t n;
    assert_ok(cx, fulltext_waiting(cx, &n));
    return n;
}

static int64_t finds(struct cx *cx, const char *word)
{
    struct search_query q = search_parse(cx, str_of(word));
    struct db_ints refs;
    assert_ok(cx, search_find(cx, S(FULLTEXT), &q, 10, &refs));
    return refs.n == 1 ? refs.p[0] : refs.n ? -1 : 0;
}

static void a_document_is_found_until_it_is_gone(void **state)
{
    struct files *f;
    struct cx *cx = cx_with_files(&f);
    (void)state;
    store(cx, 7, S("Søknad om «skjenkebevilling» på torget"));
    store(cx, 8, S("Et annet dokument"));
    assert_int_equal(waiting(cx), 2);
    assert_int_equal(finds(cx, "skjenkebevilling"), 0);
    run(cx);
    assert_int_equal(waiting(cx), 0);
    assert_int_equal(finds(cx, "skjenke"), 7);
    assert_int_equal(finds(cx, "annet"), 8);
    assert_ok(cx, db_write(cx, use, &(struct use){.id = 7, .drop = true}));
    assert_int_equal(finds(cx, "skjenke"), 0);
    assert_int_equal(finds(cx, "annet"), 8);
    store(cx, 9, S("Forsvinner ulest"));
    assert_ok(cx, db_write(cx, use, &(struct use){.id = 9, .drop = true}));
    assert_int_equal(waiting(cx), 0);
    run(cx);
    assert_int_equal(finds(cx, "forsvinner"), 0);
    done(cx, f);
}

/* Somebody takes the file away between the reading and the writing: here, before it is even read. */
static enum err lose(struct cx *cx, void *ctx)
{
    (void)ctx;
    return files_drop(cx, S("noark_item"), 7);
}

static void words_do_not_outlive_their_file(void **state)
{
    struct files *f;
    struct cx *cx = cx_with_files(&f);
    (void)state;
    store(cx, 7, S("Gjenferd"));
    assert_ok(cx, db_write(cx, lose, NULL));
    run(cx);
    assert_int_equal(finds(cx, "gjenferd"), 0);
    assert_int_equal(waiting(cx), 0);
    done(cx, f);
}

/* A reader holds the file's row while it writes the words; who takes the file away at that moment waits, and takes the
   words too. */
struct race {
    struct cx *eraser;
    pthread_t thread;
    bool begun;
};

static void *erase_meanwhile(void *p)
{
    struct race *r = p;
    assert_ok(r->eraser, db_write(r->eraser, use, &(struct use){.id = 7, .drop = true}));
    return NULL;
}

static enum err write_words_slowly(struct cx *cx, void *ctx)
{
    struct race *r = ctx;
    struct q_fulltext_used used;
    struct file_ref ref = {.hash = hash_of(S("Kappløp"))};
    struct search_terms terms = search_terms(cx, S("Kappløp"), 10);
    bool found;
    enum err e = q_fulltext_used(cx, S("noark_item"), 7, ref.hash, &used, &found);
    if (e)
        return e;
    assert_true(found);
    assert_int_equal(pthread_create(&r->thread, NULL, erase_meanwhile, r), 0);
    usleep(200000);
    return search_put_terms(cx, S(FULLTEXT), 7, cx->now_us, &terms);
}

static void erasing_waits_for_a_reader(void **state)
{
    struct files *f;
    struct cx *cx = cx_with_files(&f);
    (void)state;
    store(cx, 7, S("Kappløp"));
    test_cx_once(cx);
    struct race r = {.eraser = test_cx_again(cx)};
    assert_ok(cx, db_write(cx, write_words_slowly, &r));
    pthread_join(r.thread, NULL);
    test_cx_free(r.eraser);
    assert_int_equal(finds(cx, "kappløp"), 0);
    done(cx, f);
}

/* A database from before there was this room: documents are read, files of others are not. */
static enum err use_as_before(struct cx *cx, void *ctx)
{
    struct use *u = ctx;
    enum err e = files_keep(cx, &u->ref, u->id == 1 ? S("noark_item") : S("record_object"), u->id);
    return e ? e : files_keep(cx, &u->ref, S("form_upload"), 99);
}

static void documents_from_before_get_their_words(void **state)
{
    (void)state;
    struct cx *cx = test_cx_db(modules, 2);
    struct files *f;
    assert_ok(cx, files_open(cx, str_of(test_folder(cx)), &f));
    for (int64_t i = 1; i <= 2; i++) {
        struct use u = {.id = i};
        assert_ok(cx, files_put(cx, i == 1 ? S("gammeltestamentlig") : S("middelaldersk"), &u.ref));
        assert_ok(cx, db_write(cx, use_as_before, &u));
    }
    assert_ok(cx, db_migrate(cx, modules, 3));
    assert_int_equal(waiting(cx), 2);
    run(cx);
    assert_int_equal(waiting(cx), 0);
    assert_int_equal(finds(cx, "gammel"), 1);
    assert_int_equal(finds(cx, "middelalder"), 2);
    done(cx, f);
}

static void what_cannot_be_read_is_left_alone(void **state)
{
    struct files *f;
    struct cx *cx = cx_with_files(&f);
    (void)state;
    store(cx, 1, S("%PDF-1.4"));
    store(cx, 2, S("<?xml version='1.0'?><a>"));
    store(cx, 3, S("PK\x03\x04 word/document.xml"));
    store(cx, 4, S("\x00\xff"));
    store(cx, 5, S("levende"));
    run(cx);
    assert_int_equal(waiting(cx), fulltext_probe(cx) ? 1 : 0);
    assert_int_equal(finds(cx, "levende"), 5);
    done(cx, f);
}

static void without_the_tool_a_pdf_waits(void **state)
{
    struct files *f;
    struct cx *cx = cx_with_files(&f);
    char dir[40];
    (void)state;
    if (!have_tool(cx))
        return done(cx, f);
    store(cx, 1, pdf(cx, S("BT /F 12 Tf 20 700 Td (kloakk) Tj ET"), ""));
    store(cx, 2, S("vannverk"));
    char *before = path_with(cx, NULL, dir);
    run(cx);
    assert_err(cx, fulltext_probe(cx), ERR_CONFIG);
    path_back(cx, before, dir);
    assert_int_equal(finds(cx, "vannverk"), 2);
    assert_int_equal(waiting(cx), 1);
    run(cx); /* not at once again */
    assert_int_equal(finds(cx, "kloakk"), 0);
    cx->now_us += 61 * MINUTE_US;
    run(cx);
    assert_int_equal(finds(cx, "kloakk"), 1);
    assert_int_equal(waiting(cx), 0);
    done(cx, f);
}

/* What is not the file's fault is tried again, later, and not for ever. */
static void what_was_ended_from_outside_is_tried_again(void **state)
{
    struct files *f;
    struct cx *cx = cx_with_files(&f);
    char dir[40];
    (void)state;
    store(cx, 1, S("%PDF-1.4 whatever"));
    char *before = path_with(cx, "kill -TERM $$", dir);
    for (int i = 1; i < FULLTEXT_TRIES; i++) {
        run(cx);
        assert_int_equal(waiting(cx), 1);
        cx->now_us += 11 * MINUTE_US;
    }
    path_back(cx, before, dir);
    before = path_with(cx, "echo kloakk", dir);
    run(cx);
    path_back(cx, before, dir);
    assert_int_equal(waiting(cx), 0);
    assert_int_equal(finds(cx, "kloakk"), 1);
    store(cx, 2, S("%PDF-1.4 again"));
    before = path_with(cx, "kill -TERM $$", dir);
    for (int i = 0; i < FULLTEXT_TRIES; i++, cx->now_us += 11 * MINUTE_US)
        run(cx);
    path_back(cx, before, dir);
    assert_int_equal(waiting(cx), 0);
    done(cx, f);
}

static void terms_have_a_limit(void **state)
{
    struct files *f;
    struct cx *cx = cx_with_files(&f);
    struct buf b = buf_make(cx->arena);
    (void)state;
    for (int i = 0; i < 2 * FULLTEXT_TERMS_MAX; i++)
        buf_fmt(&b, "ord%06d ord%06d ", i, i);
    store(cx, 1, buf_str(&b));
    run(cx);
    assert_int_equal(finds(cx, "ord000000"), 1);
    assert_int_equal(finds(cx, "ord001999"), 1);
    assert_int_equal(finds(cx, "ord002000"), 0);
    done(cx, f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_text_is_its_words),
        cmocka_unit_test(identity_numbers_are_not_in_it),
        cmocka_unit_test(a_long_text_is_cut),
        cmocka_unit_test(markup_is_left_out),
        cmocka_unit_test(entities_do_not_explode),
        cmocka_unit_test(mail_is_its_subject_and_words),
        cmocka_unit_test(office_documents_are_read),
        cmocka_unit_test(what_unpacks_to_much_is_not_read),
        cmocka_unit_test(pdf_is_read_by_its_tool),
        cmocka_unit_test(a_pdf_that_takes_long_is_left),
        cmocka_unit_test(the_child_has_its_limits),
        cmocka_unit_test(the_child_ends_or_is_made_to),
        cmocka_unit_test(a_document_is_found_until_it_is_gone),
        cmocka_unit_test(words_do_not_outlive_their_file),
        cmocka_unit_test(erasing_waits_for_a_reader),
        cmocka_unit_test(documents_from_before_get_their_words),
        cmocka_unit_test(what_cannot_be_read_is_left_alone),
        cmocka_unit_test(without_the_tool_a_pdf_waits),
        cmocka_unit_test(what_was_ended_from_outside_is_tried_again),
        cmocka_unit_test(terms_have_a_limit),
    };
    return test_each_engine("fulltext", tests);
}
