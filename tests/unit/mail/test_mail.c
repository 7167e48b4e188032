#include "support.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "codec/codec.h"
#include "db/db.h"
#include "mail/mail.h"

extern const struct db_migrations migrations_jobs;
static const struct db_migrations *const modules[] = {&migrations_jobs};

static const struct mail_config config = {.from = {"ingen-svar@fjordby.example", 26},
                                          .from_name = {"Fjordby Kommune", 15}};

static struct str message(struct cx *cx, const char *subject, const char *text)
{
    struct mail_new mail = {S("anna@holm.example"), str_of(subject), str_of(text), S("k1"), LANG_DA};
    return mail_message(cx, &config, &mail, cx->now_us);
}

static struct str header(struct cx *cx, struct str m, const char *name)
{
    size_t at = str_find(m, str_fmt(cx->arena, "\r\n%s: ", name), 0), from = at + strlen(name) + 4, end = from;
    do
        end = str_find(m, S("\r\n"), end + 1);
    while (end + 2 < m.n && m.p[end + 2] == ' ');
    return str_slice(m, from, end);
}

static void addresses(void **state)
{
    (void)state;
    assert_true(mail_address_ok(S("anna@holm.example")));
    assert_true(mail_address_ok(S("a.b+sag@post.fjordby-kommune.dk")));
    assert_true(mail_address_ok(S("o'hara_x@x.no")));
    const char *bad[] = {"",         "anna",          "@x.dk",      "anna@",    "a b@x.dk", "a@x.dk\r\nBcc: b@x.dk",
                         "<a@x.dk>", "a@x..dk",       ".a@x.dk",    "a.@x.dk",  "a@-x.dk",  "a@x-.dk",
                         "a@b@x.dk", "a@x.dk,b@x.dk", "\"a\"@x.dk", "a@x.dk\n", "å@x.dk",   "a@x.dk."};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (mail_address_ok(str_of(bad[i])))
            fail_msg("taken for an address: %s", bad[i]);
}

static void writes_mime(void **state)
{
    struct cx *cx = test_cx();
    (void)state;
    struct str m = message(cx, "Der er nyt i din sag", "Kære Anna\n\nDer er nyt på min side. \n=\n");
    assert_str(header(cx, m, "Subject"), "Der er nyt i din sag");
    assert_str(header(cx, m, "Date"), "Thu, 15 Jan 2026 12:00:00 +0000");
    assert_str(header(cx, m, "To"), "<anna@holm.example>");
    assert_str(header(cx, m, "Content-Language"), "da");
    assert_true(str_ends(header(cx, m, "Message-ID"), S("@fjordby.example>")));
    assert_true(str_ends(m, S("\r\n\r\nK=C3=A6re Anna\r\n\r\nDer er nyt p=C3=A5 min side.=20\r\n=3D\r\n")));
    m = message(cx, "Nyt om lette hjælpemidler til hjemmet på Strandvejen i Fjordby, og om en rollator", "x");
    assert_str(header(cx, m, "Subject"), "=?UTF-8?Q?Nyt_om_lette_hj=C3=A6lpemidler_til_hjemmet_p=C3=A5_Strandv?=\r\n "
                                         "=?UTF-8?Q?ejen_i_Fjordby=2C_og_om_en_rollator?=");
    m = message(cx, "x\r\nBcc: evil@x.dk", "x");
    assert_int_equal(str_find(m, S("\nBcc"), 0), m.n);
    test_cx_free(cx);
}

static enum err queue(struct cx *cx, void *ctx)
{
    struct mail_new mail = {str_of(ctx), S("Der er nyt"), S("Log på min side.\n"), S("k1"), LANG_DA};
    return mail_queue(cx, &mail);
}

static const struct job_kind mail_kind = MAIL_JOB_KIND;

static struct jobs *jobs_with(struct cx *cx, const char *url)
{
    struct jobs *jobs;
    struct mail_config c = config;
    c.url = str_of(url);
    c.timeout_s = 5;
    assert_ok(cx, mail_open(cx, &c, &cx->mail));
    assert_ok(cx, jobs_new(cx, &(struct jobs_config){.kinds = &mail_kind, .n_kinds = 1}, &jobs));
    return jobs;
}

static void the_demo_keeps_files(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    const char *folder = str_z(cx->arena, str_fmt(cx->arena, "%s/mail", test_folder(cx)));
    struct jobs *jobs = jobs_with(cx, str_z(cx->arena, str_fmt(cx->arena, "dir:%s", folder)));
    int64_t runs;
    (void)state;
    assert_ok(cx, db_write(cx, queue, "anna@holm.example"));
    assert_ok(cx, db_write(cx, queue, "anna@holm.example"));
    assert_err(cx, db_write(cx, queue, "anna@holm.example\nBcc: x@y.dk"), ERR_INVALID);
    assert_ok(cx, jobs_run_due(jobs, cx->now_us, &runs));
    struct str name = {0};
    int files = 0;
    DIR *d = opendir(folder);
    for (struct dirent *e; (e = readdir(d));)
        if (e->d_name[0] != '.') {
            files++;
            name = str_dup(cx->arena, str_of(e->d_name));
        }
    closedir(d);
    assert_int_equal(files, 1);
    assert_true(str_starts(name, S("20260115-130000-")) && str_ends(name, S(".eml")));
    struct str m = test_read_file(cx, str_z(cx->arena, str_fmt(cx->arena, "%s/%.*s", folder, STR_ARG(name))));
    assert_true(str_find(m, S("Subject: Der er nyt\r\n"), 0) < m.n);
    jobs_free(jobs);
    test_cx_free(cx);
}

/* tests/scenario/lib/smtp.mjs, the first `busy` messages put off, on a port (0: any). first: "{command: answer}", what
   the first such command gets. */
static FILE *start_server_that(struct cx *cx, int busy, int at, const char *first, pid_t *ret_pid, int *ret_port)
{
    int pipes[2];
    char arg[16], port[16];
    const char *script = str_z(cx->arena, test_path(cx, "tests/scenario/lib/smtp.mjs"));
    snprintf(arg, sizeof arg, "%d", busy);
    snprintf(port, sizeof port, "%d", at);
    assert_int_equal(pipe(pipes), 0);
    *ret_pid = fork();
    if (*ret_pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM); /* also when the test fails */
        dup2(pipes[1], 1);
        close(pipes[0]);
        execlp("node", "node", script, arg, port, first, (char *)NULL);
        _exit(127);
    }
    close(pipes[1]);
    FILE *out = fdopen(pipes[0], "r");
    assert_int_equal(fscanf(out, "port %d", ret_port), 1);
    return out;
}

static FILE *start_server_at(struct cx *cx, int busy, int at, pid_t *ret_pid, int *ret_port)
{
    return start_server_that(cx, busy, at, "", ret_pid, ret_port);
}

static FILE *start_server(struct cx *cx, int busy, pid_t *ret_pid, int *ret_port)
{
    return start_server_at(cx, busy, 0, ret_pid, ret_port);
}

static void stop_server(FILE *out, pid_t pid)
{
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
    fclose(out);
}

/* The server is away for an hour, by the clock that the jobs read: tried again and again, never given up, sent once. */
static void an_hour_without_a_server(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    pid_t pid;
    int port;
    int64_t runs, tries = 0;
    struct job_row row;
    static char line[10000];
    (void)state;
    FILE *out = start_server(cx, 0, &pid, &port);
    stop_server(out, pid);
    struct jobs *jobs = jobs_with(cx, str_z(cx->arena, str_fmt(cx->arena, "smtp://127.0.0.1:%d", port)));
    assert_ok(cx, db_write(cx, queue, "anna@holm.example"));
    for (int minute = 0; minute <= 60; minute++) {
        assert_ok(cx, jobs_run_due(jobs, cx->now_us + minute * MINUTE_US, &runs));
        tries += runs;
        assert_ok(cx, job_find(cx, S("mail"), S("k1"), &row));
        assert_int_equal(row.state, JOB_WAITING);
    }
    assert_in_range(tries, 5, 15); /* neither forgotten nor a hammering */
    assert_in_range(row.due_us, cx->now_us, cx->now_us + 3 * HOUR_US);
    out = start_server_at(cx, 0, port, &pid, &port);
    assert_ok(cx, jobs_run_due(jobs, row.due_us, &runs));
    assert_ok(cx, job_find(cx, S("mail"), S("k1"), &row));
    assert_int_equal(row.state, JOB_DONE);
    assert_ok(cx, jobs_run_due(jobs, row.due_us + DAY_US, &runs));
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
    assert_non_null(fgets(line, sizeof line, out)); /* the rest of the first line */
    assert_non_null(fgets(line, sizeof line, out)); /* the mail */
    assert_null(fgets(line, sizeof line, out));     /* once */
    fclose(out);
    jobs_free(jobs);
    test_cx_free(cx);
}

static void sends_by_smtp(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    pid_t pid;
    int port;
    int64_t runs;
    static char line[10000];
    (void)state;
    FILE *out = start_server(cx, 1, &pid, &port);
    struct jobs *jobs = jobs_with(cx, str_z(cx->arena, str_fmt(cx->arena, "smtp://127.0.0.1:%d", port)));
    assert_ok(cx, db_write(cx, queue, "anna@holm.example"));
    assert_ok(cx, jobs_run_due(jobs, cx->now_us, &runs));
    struct job_row row;
    assert_ok(cx, job_find(cx, S("mail"), S("k1"), &row)); /* the server was busy */
    assert_int_equal(row.state, JOB_WAITING);
    assert_int_equal(str_find(row.error, S("anna"), 0), row.error.n);
    assert_ok(cx, jobs_run_due(jobs, row.due_us, &runs));
    assert_ok(cx, job_find(cx, S("mail"), S("k1"), &row));
    assert_int_equal(row.state, JOB_DONE);
    assert_non_null(fgets(line, sizeof line, out)); /* the rest of the first line */
    assert_non_null(fgets(line, sizeof line, out));
    struct json *m;
    assert_ok(cx, json_parse(cx, str_of(line), &m));
    assert_str(json_text(m, "from"), "ingen-svar@fjordby.example");
    assert_str(json_get(m, "to")->items[0]->text, "anna@holm.example");
    assert_true(str_find(json_text(m, "data"), S("\r\n\r\nLog p=C3=A5 min side."), 0) < json_text(m, "data").n);
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
    fclose(out);
    jobs_free(jobs);
    test_cx_free(cx);
}

static void an_unknown_mailbox_is_final(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    pid_t pid;
    int port;
    int64_t runs;
    (void)state;
    FILE *out = start_server(cx, 0, &pid, &port);
    struct jobs *jobs = jobs_with(cx, str_z(cx->arena, str_fmt(cx->arena, "smtp://127.0.0.1:%d", port)));
    assert_ok(cx, db_write(cx, queue, "nobody@holm.example"));
    assert_ok(cx, jobs_run_due(jobs, cx->now_us, &runs));
    struct job_row row;
    assert_ok(cx, job_find(cx, S("mail"), S("k1"), &row));
    assert_int_equal(row.state, JOB_DEAD);
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
    fclose(out);
    /* and a server that is not there is not */
    jobs_free(jobs);
    test_cx_free(cx);
    cx = test_cx_db(modules, 1);
    jobs = jobs_with(cx, str_z(cx->arena, str_fmt(cx->arena, "smtp://127.0.0.1:%d", port)));
    assert_ok(cx, db_write(cx, queue, "anna@holm.example"));
    assert_ok(cx, jobs_run_due(jobs, cx->now_us, &runs));
    assert_ok(cx, job_find(cx, S("mail"), S("k1"), &row));
    assert_int_equal(row.state, JOB_WAITING);
    jobs_free(jobs);
    test_cx_free(cx);
}

/* One answer to the first try: what becomes of the job, and whether a second try finds the mail sent. */
static void refused_once(const char *first, enum job_state want)
{
    struct cx *cx = test_cx_db(modules, 1);
    struct job_row row;
    pid_t pid;
    int port;
    int64_t runs;
    FILE *out = start_server_that(cx, 0, 0, first, &pid, &port);
    struct jobs *jobs = jobs_with(cx, str_z(cx->arena, str_fmt(cx->arena, "smtp://127.0.0.1:%d", port)));
    assert_ok(cx, db_write(cx, queue, "anna@holm.example"));
    assert_ok(cx, jobs_run_due(jobs, cx->now_us, &runs));
    assert_ok(cx, job_find(cx, S("mail"), S("k1"), &row));
    if (row.state != want)
        fail_msg("%s: %.*s", first, STR_ARG(row.error));
    if (want == JOB_WAITING) {
        assert_ok(cx, jobs_run_due(jobs, row.due_us, &runs));
        assert_ok(cx, job_find(cx, S("mail"), S("k1"), &row));
        assert_int_equal(row.state, JOB_DONE);
    }
    stop_server(out, pid);
    jobs_free(jobs);
    test_cx_free(cx);
}

static void only_an_unknown_address_is_final(void **state)
{
    (void)state;
    refused_once("{\"MAIL FROM\": \"550 5.1.1 sender unknown\"}", JOB_WAITING);
    refused_once("{\"RCPT TO\": \"554 5.7.1 Relay access denied\"}", JOB_WAITING);
    refused_once("{\"DATA\": \"550 5.1.1 not this\"}", JOB_WAITING);
    refused_once("{\"MAIL FROM\": \"550 not you\"}", JOB_WAITING);
    refused_once("{\"RCPT TO\": \"550 relay not permitted\"}", JOB_WAITING);
    refused_once("{\"RCPT TO\": \"553 that domain is not of mine\"}", JOB_WAITING);
    refused_once("{\"RCPT TO\": \"550-5.1.1 no such\\r\\n550 5.1.1 mailbox\"}", JOB_DEAD);
}

/* The program is to end while a mail server is silent: nothing has been given to it, and no try is lost. */
static void a_silent_server_holds_no_end_up(void **state)
{
    struct cx *cx = test_cx_db(modules, 1);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    struct job_row row = {0};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)state;
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(fd, 5), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
    struct jobs *jobs = jobs_with(cx, str_z(cx->arena, str_fmt(cx->arena, "smtp://127.0.0.1:%d", ntohs(at.sin_port))));
    assert_ok(cx, db_write(cx, queue, "anna@holm.example"));
    assert_ok(cx, jobs_start(jobs));
    while (row.state != JOB_RUNNING)
        assert_ok(cx, job_find(cx, S("mail"), S("k1"), &row));
    jobs_stop(jobs);
    assert_ok(cx, job_find(cx, S("mail"), S("k1"), &row));
    assert_int_equal(row.state, JOB_WAITING);
    assert_int_equal(row.attempts, 0);
    assert_int_equal(mail_numbers(cx->mail).failed, 0);
    close(fd);
    jobs_free(jobs);
    test_cx_free(cx);
}

static void answers(void **state)
{
    static const struct {
        const char *first, *second;
        bool final;
    } cases[] = {
        {"550 5.1.1 unknown\r\n", NULL, true},
        {"550 no such mailbox\r\n", NULL, false}, /* nor does "550 relay not permitted" say more in its digits */
        {"551 not local\r\n", NULL, false},
        {"553 not here\r\n", NULL, false},
        {"550-Sorry.\r\n", "550 5.1.1 unknown\r\n", true},
        {"556 5.1.10 takes no mail\r\n", NULL, true},
        {"550-Sorry.\r\n", "550 5.7.1 not from there\r\n", false},
        {"550 5.7.1 Relay access denied\r\n", NULL, false},
        {"554 Relay access denied\r\n", NULL, false},
        {"550 5.1.0 Sender address rejected\r\n", NULL, false},
        {"550 5.1.8 Sender's domain not found\r\n", NULL, false},
        {"550 5.2.2 full\r\n", NULL, false},
        {"450 4.1.1 perhaps\r\n", NULL, false},
        {"250 2.1.5 ok\r\n", NULL, false},
        {"", NULL, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct mail_answer answer = {0};
        mail_answer_add(&answer, str_of(cases[i].first));
        if (cases[i].second)
            mail_answer_add(&answer, str_of(cases[i].second));
        if (mail_answer_final(&answer) != cases[i].final)
            fail_msg("taken the wrong way: %s", cases[i].first);
    }
}

static void refuses_bad_settings(void **state)
{
    struct cx *cx = test_cx();
    struct mail_config c = config;
    struct mail *m;
    (void)state;
    c.url = S("http://mail.example");
    assert_err(cx, mail_open(cx, &c, &m), ERR_CONFIG);
    c.url = S("smtp://mail.example");
    c.from = S("Fjordby Kommune");
    assert_err(cx, mail_open(cx, &c, &m), ERR_CONFIG);
    test_cx_free(cx);
}

int main(void)
{
    log_set_level(LOG_ERROR + 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses),
        cmocka_unit_test(writes_mime),
        cmocka_unit_test(the_demo_keeps_files),
        cmocka_unit_test(sends_by_smtp),
        cmocka_unit_test(an_hour_without_a_server),
        cmocka_unit_test(an_unknown_mailbox_is_final),
        cmocka_unit_test(only_an_unknown_address_is_final),
        cmocka_unit_test(a_silent_server_holds_no_end_up),
        cmocka_unit_test(answers),
        cmocka_unit_test(refuses_bad_settings),
    };
    return test_each_engine("mail", tests);
}
