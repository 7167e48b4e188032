/* First that the shim forgets what it must and nothing else; then that we do not lose what we acknowledged. */
#include "support.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char *shim, *forgetful, *load;
static int cuts = 4;
enum { N = 20000, SEEDS = 25 };

/* A number as an environment variable. */
static void set_number(const char *name, long n)
{
    char text[24];
    snprintf(text, sizeof text, "%ld", n);
    setenv(name, text, 1);
}

/* In the child: run a program under the shim. */
static _Noreturn void exec_under(const char *dir, long seed, long at, char **args)
{
    setenv("LD_PRELOAD", shim, 1);
    setenv("POWERCUT_DIR", dir, 1);
    set_number("POWERCUT_SEED", seed);
    if (at)
        set_number("POWERCUT_AT", at);
    execv(args[0], args);
    _exit(98);
}

static int wait_for(pid_t pid)
{
    int status = -1;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static void remove_folder(const char *dir)
{
    char command[100];
    snprintf(command, sizeof command, "rm -rf %s %s.powercut", dir, dir);
    assert_int_equal(system(command), 0);
}

static void write_old(void)
{
    char bytes[N];
    FILE *f = fopen("old", "w");
    memset(bytes, 'o', sizeof bytes);
    fwrite(bytes, 1, sizeof bytes, f);
    fclose(f);
}

/* The file as "n" (all new), "o" (all old), "-" (not there), "short" (less than a whole one) or "mixed". */
static const char *content(const char *path)
{
    char bytes[N + 1];
    FILE *f = fopen(path, "r");
    if (!f)
        return "-";
    size_t n = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    if (n != N)
        return "short";
    for (size_t i = 1; i < n; i++)
        if (bytes[i] != bytes[0])
            return "mixed";
    return bytes[0] == 'n' ? "n" : bytes[0] == 'o' ? "o" : "zeros";
}

static const struct {
    const char *name, *path;
    const char *want; /* afterwards, always (safe), or at least once not (unsafe) */
    const char *never;
} cases[] = {
    {"safe-create", "new", "n", NULL},
    {"unsafe-create", "new", "n", NULL},
    {"unsafe-create-noname", "new", "n", "mixed"},
    {"safe-overwrite", "old", "n", NULL},
    {"unsafe-overwrite", "old", "n", "short"},
    {"safe-truncate", "old", "short", NULL},
    {"unsafe-truncate", "old", "short", "-"},
    {"safe-replace", "old", "n", NULL},
    {"unsafe-replace", "old", "n", "-"},
    {"unsafe-replace-nodata", "old", "n", "o"},
    {"safe-unlink", "old", "-", NULL},
    {"unsafe-unlink", "old", "-", "mixed"},
    {"safe-mkdir", "folder/new", "n", NULL},
    {"unsafe-mkdir", "folder/new", "n", "mixed"},
};

static void the_shim_forgets_what_was_not_synced(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int kept = 0;
        for (int seed = 1; seed <= SEEDS; seed++) {
            char dir[] = "/tmp/powercut-XXXXXX";
            assert_non_null(mkdtemp(dir));
            assert_int_equal(chdir(dir), 0);
            write_old();
            pid_t pid = fork();
            if (pid == 0)
                exec_under(dir, seed, 0, (char *[]){forgetful, (char *)(uintptr_t)cases[i].name, dir, NULL});
            assert_int_equal(wait_for(pid), 137);
            const char *got = content(cases[i].path);
            kept += strcmp(got, cases[i].want) == 0;
            if (cases[i].never && strcmp(got, cases[i].never) == 0) {
                print_error("%s, seed %d: %s\n", cases[i].name, seed, got);
                _fail(__FILE__, __LINE__);
            }
            assert_int_equal(chdir("/tmp"), 0);
            remove_folder(dir);
        }
        bool safe = strncmp(cases[i].name, "safe", 4) == 0;
        if (safe ? kept != SEEDS : kept == SEEDS) {
            print_error("%s: kept %d of %d\n", cases[i].name, kept, SEEDS);
            _fail(__FILE__, __LINE__);
        }
    }
}

static void the_shim_fills_the_disk(void **state)
{
    char dir[] = "/tmp/powercut-XXXXXX", flag[80];
    (void)state;
    assert_non_null(mkdtemp(dir));
    pid_t pid = fork();
    if (pid == 0) {
        setenv("POWERCUT_FULL_AT", "50000", 1);
        exec_under(dir, 1, 0, (char *[]){forgetful, "full", dir, NULL});
    }
    assert_int_equal(wait_for(pid), 0);
    snprintf(flag, sizeof flag, "%s.flag", dir);
    close(open(flag, O_CREAT | O_WRONLY, 0600));
    pid = fork();
    if (pid == 0) {
        setenv("POWERCUT_FULL", flag, 1);
        exec_under(dir, 1, 0, (char *[]){forgetful, "full", dir, flag, NULL});
    }
    assert_int_equal(wait_for(pid), 0);
    remove_folder(dir);
}

/* ---- the real thing ---- */

/* Write under the shim until the cut (or, at 0, until `stop` says enough); what was acknowledged is appended to `acks`.
 */
static int write_until_cut(const char *dir, const char *acks, long seed, long at)
{
    pid_t pid = fork();
    if (pid == 0) {
        dup2(open(acks, O_WRONLY | O_APPEND | O_CREAT, 0600), 1);
        exec_under(dir, seed, at, (char *[]){load, "write", (char *)(uintptr_t)dir, "8", NULL});
    }
    return wait_for(pid);
}

static int check(const char *dir, const char *acks, int64_t *ret_us)
{
    int64_t began = time_tick_us();
    pid_t pid = fork();
    if (pid == 0) {
        dup2(open(acks, O_RDONLY | O_CREAT, 0600), 0);
        execv(load, (char *[]){load, "check", (char *)(uintptr_t)dir, NULL});
        _exit(98);
    }
    int status = wait_for(pid);
    *ret_us = time_tick_us() - began;
    return status;
}

/* From an empty folder every time: the making of the database itself is cut. */
static void a_new_database_survives(void **state)
{
    (void)state;
    for (int i = 1; i <= cuts; i++) {
        char dir[] = "/tmp/powercut-XXXXXX", acks[80];
        int64_t us;
        assert_non_null(mkdtemp(dir));
        snprintf(acks, sizeof acks, "%s.acks", dir);
        assert_int_equal(write_until_cut(dir, acks, i, 2 + i * 11), 137);
        if (check(dir, acks, &us) != 0) {
            print_error("seed %d, cut at %d: see %s\n", i, 2 + i * 11, dir);
            _fail(__FILE__, __LINE__);
        }
        unlink(acks);
        remove_folder(dir);
    }
}

/* One database, cut again and again under load, checked after each restart. */
static void nothing_acknowledged_is_lost(void **state)
{
    char dir[] = "/tmp/powercut-XXXXXX", acks[80];
    int64_t us, slowest = 0;
    struct stat st;
    (void)state;
    assert_non_null(mkdtemp(dir));
    snprintf(acks, sizeof acks, "%s.acks", dir);
    for (int i = 1; i <= cuts; i++) {
        long at = 200 + (i * 7919L) % 2500;
        assert_int_equal(write_until_cut(dir, acks, 1000 + i, at), 137);
        if (check(dir, acks, &us) != 0) {
            print_error("cut %d, at %ld: see %s\n", i, at, dir);
            _fail(__FILE__, __LINE__);
        }
        slowest = us > slowest ? us : slowest;
    }
    assert_int_equal(stat(acks, &st), 0);
    print_message("%d cuts, %lld KiB of acknowledgements, slowest restart with check of everything %lld ms\n", cuts,
                  (long long)st.st_size / 1024, (long long)slowest / 1000);
    assert_true(st.st_size > cuts * 100); /* something was acknowledged */
    unlink(acks);
    remove_folder(dir);
}

/* Until the acknowledgements have grown by so many bytes (true), or ten seconds have gone. */
static bool grows(const char *acks, off_t by)
{
    struct stat st;
    off_t from = stat(acks, &st) ? 0 : st.st_size;
    for (int i = 0; i < 1000; i++) {
        usleep(10000);
        if (stat(acks, &st) == 0 && st.st_size >= from + by)
            return true;
    }
    return false;
}

/* A command beside the server: two processes write to one SQLite database, and both are killed. */
static void two_processes_share_a_database(void **state)
{
    char dir[] = "/tmp/powercut-XXXXXX", acks[80];
    int64_t us;
    pid_t pids[2];
    (void)state;
    assert_non_null(mkdtemp(dir));
    snprintf(acks, sizeof acks, "%s.acks", dir);
    for (int i = 0; i < 2; i++) {
        pids[i] = fork();
        if (pids[i] == 0) {
            dup2(open(acks, O_WRONLY | O_APPEND | O_CREAT, 0600), 1);
            execv(load, (char *[]){load, "write", dir, "4", NULL});
            _exit(98);
        }
    }
    assert_true(grows(acks, 20000));
    for (int i = 0; i < 2; i++) {
        kill(pids[i], SIGKILL);
        assert_int_equal(wait_for(pids[i]), 1000 + SIGKILL);
    }
    assert_int_equal(check(dir, acks, &us), 0);
    unlink(acks);
    remove_folder(dir);
}

/* The disk fills up under load, there is room again, and then the power goes. */
static void a_full_disk_loses_nothing(void **state)
{
    char dir[] = "/tmp/powercut-XXXXXX", acks[80], flag[80];
    int64_t us;
    (void)state;
    assert_non_null(mkdtemp(dir));
    snprintf(acks, sizeof acks, "%s.acks", dir);
    snprintf(flag, sizeof flag, "%s.full", dir);
    pid_t pid = fork();
    if (pid == 0) {
        setenv("POWERCUT_FULL", flag, 1);
        dup2(open(acks, O_WRONLY | O_APPEND | O_CREAT, 0600), 1);
        exec_under(dir, 7, 0, (char *[]){load, "write", dir, "8", NULL});
    }
    for (int i = 0; i < 3; i++) {
        assert_true(grows(acks, 3000));
        close(open(flag, O_CREAT | O_WRONLY, 0600));
        usleep(200000);
        unlink(flag);
    }
    assert_true(grows(acks, 3000));
    assert_int_equal(kill(pid, SIGUSR2), 0);
    assert_int_equal(wait_for(pid), 137);
    assert_int_equal(check(dir, acks, &us), 0);
    unlink(acks);
    remove_folder(dir);
}

/* powercut SHIM FORGETFUL LOAD; POWERCUT_CUTS in the environment: how many (./test: 50; else a quick look) */
int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shim_forgets_what_was_not_synced),
        cmocka_unit_test(the_shim_fills_the_disk),
        cmocka_unit_test(a_full_disk_loses_nothing),
        cmocka_unit_test(two_processes_share_a_database),
        cmocka_unit_test(a_new_database_survives),
        cmocka_unit_test(nothing_acknowledged_is_lost),
    };
    assert_int_equal(argc, 4);
    shim = realpath(argv[1], NULL);
    forgetful = realpath(argv[2], NULL);
    load = realpath(argv[3], NULL);
    if (getenv("POWERCUT_CUTS"))
        cuts = atoi(getenv("POWERCUT_CUTS"));
    return cmocka_run_group_tests_name("power cuts", tests, NULL, NULL);
}
