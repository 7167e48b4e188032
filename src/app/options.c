/* Flags and environment. There is no configuration file: what a process was told can be seen in its command line. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"

enum option_kind { OPTION_TEXT, OPTION_INT, OPTION_FLAG };

static const struct option {
    const char *name;
    enum option_kind kind;
    size_t offset;
    const char *value, *doc;
} options[] = {
    {"data", OPTION_TEXT, offsetof(struct app_options, data), "DIR",
     "folder of documents, keys, mail and (SQLite) database"},
    {"db", OPTION_TEXT, offsetof(struct app_options, db), "URL",
     "sqlite:FILE or postgresql://…; default sqlite:DIR/indgang.db"},
    {"listen", OPTION_TEXT, offsetof(struct app_options, listen), "ADDR:PORT", "or unix:PATH; default 127.0.0.1:8080"},
    {"demo", OPTION_FLAG, offsetof(struct app_options, demo), "",
     "fictional people who can be chosen at login; loopback only"},
    {"public-url", OPTION_TEXT, offsetof(struct app_options, public_url), "URL", "the address citizens use"},
    {"trust-proxy", OPTION_FLAG, offsetof(struct app_options, trust_proxy), "",
     "believe X-Forwarded-Proto of a local proxy"},
    {"municipality", OPTION_TEXT, offsetof(struct app_options, municipality), "DIR", "folder with municipality.yaml"},
    {"services", OPTION_TEXT, offsetof(struct app_options, services), "DIR", "folder of service folders"},
    {"clamd", OPTION_TEXT, offsetof(struct app_options, clamd), "SOCKET",
     "show every file that a citizen attaches to the virus scanner that listens here"},
    {"workers", OPTION_INT, offsetof(struct app_options, workers), "N",
     "threads that answer; default four a processor, at least 16"},
    {"places", OPTION_INT, offsetof(struct app_options, places), "N",
     "how many of them work at once; default as many as the database's machine can use"},
    {"gzip", OPTION_FLAG, offsetof(struct app_options, gzip), "", "compress pages here instead of in the proxy"},
    {"dev", OPTION_TEXT, offsetof(struct app_options, dev), "DIR",
     "read style sheets and scripts from here at each request"},
    {"log", OPTION_TEXT, offsetof(struct app_options, log), "LEVEL", "debug, info, warn or error; default info"},
    {"to", OPTION_TEXT, offsetof(struct app_options, to), "DIR",
     "backup, import: the folder to make; deposit: the last day, as 2026-12-31"},
    {"from", OPTION_TEXT, offsetof(struct app_options, from), "DIR", "restore: the backup; deposit: the first day"},
    {"out", OPTION_TEXT, offsetof(struct app_options, out), "DIR", "deposit: the folder to make"},
    {"schemas", OPTION_TEXT, offsetof(struct app_options, schemas), "DIR",
     "deposit: the folder with the official XML schemas"},
    {"verify", OPTION_TEXT, offsetof(struct app_options, verify), "DIR", "deposit: check this package instead"},
    {"package", OPTION_TEXT, offsetof(struct app_options, package), "N",
     "deposit: give back this imported package instead"},
    {"all", OPTION_FLAG, offsetof(struct app_options, all), "",
     "deposit: also case files that are to be erased in time"},
    {"translations", OPTION_TEXT, offsetof(struct app_options, translations), "FILE",
     "import formio: texts in other languages"},
    {"map", OPTION_TEXT, offsetof(struct app_options, map), "FILE",
     "import: write here which component became which question (JSON)"},
    {"language", OPTION_TEXT, offsetof(struct app_options, language), "TAG",
     "import: the language the form is written in; check --privacy, diff: the language to answer in"},
    {"to-db", OPTION_TEXT, offsetof(struct app_options, to_db), "URL", "move: the address of the new, empty database"},
    {"casefiles", OPTION_INT, offsetof(struct app_options, casefiles), "N", "demo: how many case files to make"},
    {"seed", OPTION_INT, offsetof(struct app_options, seed), "N", "demo: the same number makes the same data"},
    {"decision", OPTION_TEXT, offsetof(struct app_options, decision), "NAME",
     "dmn: the decision or decision service to evaluate"},
    {"input", OPTION_TEXT, offsetof(struct app_options, input), "JSON",
     "dmn eval: an object of input names and values"},
    {"inputs", OPTION_TEXT, offsetof(struct app_options, inputs), "FILE", "dmn bench, try: one object a line"},
    {"explain", OPTION_FLAG, offsetof(struct app_options, explain), "",
     "dmn eval: the receipt instead of the result alone"},
    {"csv", OPTION_TEXT, offsetof(struct app_options, csv), "FILE", "dmn tck: one line a test case"},
    {"threads", OPTION_INT, offsetof(struct app_options, threads), "N",
     "dmn tck: how many evaluate at once; default 1"},
    {"privacy", OPTION_FLAG, offsetof(struct app_options, privacy), "",
     "check: what is asked, why, by which law, from where, how long it is kept"},
    {"quiet", OPTION_FLAG, offsetof(struct app_options, quiet), "", "say nothing but what failed"},
    {"help", OPTION_FLAG, offsetof(struct app_options, help), "", "this"},
};
enum { N_OPTIONS = sizeof options / sizeof *options };

static const struct option *find(const char *name, size_t n)
{
    for (size_t i = 0; i < N_OPTIONS; i++)
        if (strlen(options[i].name) == n && !strncmp(options[i].name, name, n))
            return &options[i];
    return NULL;
}

static bool set(struct app_options *o, const struct option *opt, const char *value)
{
    char *at = (char *)o + opt->offset;
    int64_t n;
    switch (opt->kind) {
    case OPTION_TEXT:
        memcpy(at, &value, sizeof value);
        return true;
    case OPTION_INT:
        if (!str_to_i64(str_of(value), &n) || n < 0) {
            fprintf(stderr, "indgang: --%s: \"%s\" is not a number\n", opt->name, value);
            return false;
        }
        memcpy(at, &n, sizeof n);
        return true;
    case OPTION_FLAG:
        *(bool *)(void *)at = strcmp(value, "0") != 0;
        return true;
    }
    return false;
}

static bool from_environment(struct app_options *o)
{
    for (size_t i = 0; i < N_OPTIONS; i++) {
        char name[64];
        snprintf(name, sizeof name, "INDGANG_%s", options[i].name);
        for (char *p = name; *p; p++)
            *p = *p == '-' ? '_' : (char)toupper((unsigned char)*p);
        const char *value = getenv(name);
        if (value && *value && strcmp(options[i].name, "help") && !set(o, &options[i], value))
            return false;
    }
    return true;
}

/* One flag with its value; false after a line on stderr. */
static bool take_flag(struct app_options *o, int argc, char **argv, int *i)
{
    const char *name = argv[*i] + 2, *eq = strchr(name, '=');
    const struct option *opt = find(name, eq ? (size_t)(eq - name) : strlen(name));
    if (!opt) {
        fprintf(stderr, "indgang: unknown flag %s; see indgang --help\n", argv[*i]);
        return false;
    }
    if (eq)
        return set(o, opt, eq + 1);
    if (opt->kind == OPTION_FLAG)
        return set(o, opt, "1");
    if (*i + 1 == argc) {
        fprintf(stderr, "indgang: --%s needs %s\n", opt->name, opt->value);
        return false;
    }
    return set(o, opt, argv[++*i]);
}

bool app_parse_options(int argc, char **argv, struct app_options *ret)
{
    struct app_options o = {.listen = APP_LISTEN, .log = "info"};
    if (!from_environment(&o))
        return false;
    for (int i = 1; i < argc; i++) {
        if (!strncmp(argv[i], "--", 2)) {
            if (!take_flag(&o, argc, argv, &i))
                return false;
        } else if (o.n_args < sizeof o.args / sizeof *o.args) {
            o.args[o.n_args++] = argv[i];
        } else {
            fprintf(stderr, "indgang: too many arguments\n");
            return false;
        }
    }
    *ret = o;
    return true;
}

void app_print_flags(FILE *out)
{
    for (size_t i = 0; i < N_OPTIONS; i++)
        fprintf(out, "  --%-14s %-10s %s\n", options[i].name, options[i].value, options[i].doc);
}
