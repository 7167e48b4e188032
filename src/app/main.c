/* indgang COMMAND …: from a name to a command. */
#include <malloc.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "codec/eml.h"
#include "app/app.h"

static const struct app_command commands[] = {
    {"serve", cmd_serve, "--data DIR [--listen ADDR:PORT] [--db URL] [--demo]", "serve the municipality until SIGTERM"},
    {"check", cmd_check, "DIR [--privacy]",
     "say what is wrong with service folders: file, line, column, remedy; or what they ask, why and for how long"},
    {"try", cmd_try, "DIR | services/NAME --inputs FILE",
     "run the examples of service folders; or judge the answers of a file, for programs"},
    {"diff", cmd_diff, "services/NAME --data DIR [--db URL] | services/NAME --from OTHER",
     "what changes against the published version (or another folder), in words, and what it means for drafts under "
     "way"},
    {"preview", cmd_preview, "services/NAME [--listen 127.0.0.1:PORT]",
     "open the form with made-up people: nothing is sent, edits are seen by reloading"},
    {"import", cmd_import,
     "formio|webform FILE --to services/NAME [--translations FILE] | deposit DIR | kle FILE --data DIR [--db URL] "
     "[--schemas DIR]",
     "a form of others as a service folder, with a report of what a person must decide; a deposit of any system, kept "
     "as "
     "it came; the classes of KLE"},
    {"export", cmd_export, "jsonschema services/NAME", "the data contract of the answers, JSON Schema 2020-12"},
    {"dmn", cmd_dmn, "check|eval|bench FILE … | tck DIR",
     "a DMN model: its faults, a decision, its speed; the public suite"},
    {"decision", cmd_decision, "replay [CASEFILE] | compare DIR --data DIR [--db URL]",
     "do rules say again what they said; what would other rules have said"},
    {"routes", cmd_routes, "", "every address: method, path, permission, handler, file"},
    {"verify", cmd_verify, "--data DIR [--db URL]", "access seals, document checksums, record and case invariants"},
    {"backup", cmd_backup, "--data DIR [--db URL] --to DIR2",
     "a consistent copy while the house is open; without the key file"},
    {"restore", cmd_restore, "--from BACKUP --data DIR [--db URL]", "a house out of a backup, into an empty folder"},
    {"move", cmd_move, "--data DIR [--db URL] --to-db URL",
     "the house into another database, SQLite to PostgreSQL or back; stop the server first"},
    {"deposit", cmd_deposit,
     "--from DAY --to DAY --schemas DIR --out DIR --data DIR [--db URL] [--all] | --verify DIR [--schemas DIR] | "
     "--package N --out DIR --data DIR",
     "a Noark 5 deposit of the case files closed in a period; check anyone's; give back an imported one"},
    {"demo", cmd_demo, "--data DIR [--db URL] [--casefiles N]",
     "fill a demo database with case files of fictional people"},
    {"migrate", cmd_migrate, "--data DIR [--db URL]",
     "bring the database to what this program needs (serve does it too)"},
    {"noark-app", cmd_noark_app, "CLIENT [NAME ADDRESS…] --data DIR [--db URL]",
     "a program that employees use the Noark API with, in their own name; without an address: no longer"},
    {"noark-client", cmd_noark_client, "NAME CLIENT UNIT --data DIR [--db URL]",
     "let a program use the Noark API for a unit; its password comes on standard input"},
    {"keys", cmd_keys, "rotate --data DIR [--db URL]", "make a new key and seal everything anew under it"},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

static int usage(FILE *out, int status)
{
    fprintf(out, "indgang: a municipality's digital front door\n\n");
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  indgang %-8s %-54s %s\n", commands[i].name, commands[i].usage, commands[i].doc);
    fprintf(out, "\nEvery flag may also be given as INDGANG_<FLAG> in the environment.\n");
    app_print_flags(out);
    return status;
}

static bool set_log(const char *level)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    for (int i = 0; i < 4; i++)
        if (!strcmp(level, names[i])) {
            log_set_level((enum log_level)i);
            return true;
        }
    fprintf(stderr, "indgang: --log %s: expected debug, info, warn or error\n", level);
    return false;
}

static int run(const struct app_command *c, const struct app_options *o)
{
    struct cx cx = {.arena = arena_new((size_t)1 << 32), .now_us = time_now_us(), .who = auth_system()};
    int status = c->fn(&cx, o);
    arena_free(cx.arena);
    return status;
}

int main(int argc, char **argv)
{
    struct app_options o;
    signal(SIGPIPE, SIG_IGN);
    /* glibc gives nearly every thread a heap of its own, and each keeps what it once needed: 80 MB more after a
       minute of load, and no page faster. */
    mallopt(M_ARENA_MAX, 2);
    /* And a request's memory goes back to the kernel when it ends, only to be asked for again, page by page, by the
       next: a fifth of a list of the Noark API. So much each heap keeps; a block of an arena is smaller. */
    mallopt(M_TRIM_THRESHOLD, 4 << 20);
    mallopt(M_MMAP_THRESHOLD, 2 << 20);
    if (sodium_init() < 0) {
        fprintf(stderr, "indgang: libsodium cannot start\n");
        return 1;
    }
    eml_init();
    if (!app_parse_options(argc, argv, &o) || !set_log(o.log))
        return 2;
    if (o.help)
        return usage(stdout, 0);
    if (!o.n_args)
        return usage(stderr, 2);
    for (size_t i = 0; i < COMMANDS; i++)
        if (!strcmp(o.args[0], commands[i].name))
            return run(&commands[i], &o);
    fprintf(stderr, "indgang: there is no command \"%s\"; see indgang --help\n", o.args[0]);
    return 2;
}
