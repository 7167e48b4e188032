/* A foreign package: whatever stands in its files and whatever these name, the check ends with counted faults and opens
   nothing outside. The input is a folder as text: a line "==name" begins a file. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "deposit/deposit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const char *const names[] = {"arkivuttrekk.xml",    "arkivstruktur.xml",    "endringslogg.xml",
                                    "loependeJournal.xml", "offentligJournal.xml", "arkivstruktur.xsd",
                                    "addml.xsd",           "dokumenter/1.pdf",     "dokumenter/2.pdf"};
enum { NAMES = sizeof names / sizeof *names };

struct input {
    struct cx cx;
    const char *dir;
    struct deposit_report report;
    int64_t told;
};

static void put(const char *dir, struct str name, struct str text)
{
    char path[128];
    for (int i = 0; i < NAMES; i++) {
        if (!str_eq_z(name, names[i]))
            continue;
        snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        FILE *f = fopen(path, "w");
        if (f) {
            fwrite(text.p, 1, text.n, f);
            fclose(f);
        }
    }
}

static void unpack(const char *dir, struct str all)
{
    for (size_t at = 0; at < all.n;) {
        size_t line = str_find_char(all, '\n', at), next = str_find(all, S("\n=="), at);
        if (str_starts(str_slice(all, at, all.n), S("==")))
            put(dir, str_trim(str_slice(all, at + 2, line)), str_slice(all, line + 1, next));
        at = next + 1;
    }
}

static void on_fault(void *ctx, enum deposit_rule rule, struct str detail)
{
    struct input *in = ctx;
    in->told++;
    if (rule >= DEPOSIT_RULE_COUNT || !detail.n)
        abort();
    for (size_t i = 0; i < detail.n; i++)
        if ((unsigned char)detail.p[i] < 0x20)
            abort(); /* a terminal would obey */
}

static void run(void *p)
{
    struct input *in = p;
    int64_t total = 0;
    if (deposit_verify(&in->cx, in->dir, &in->report))
        return;
    for (int i = 0; i < DEPOSIT_RULE_COUNT; i++)
        total += in->report.faults[i];
    if (total != in->report.total + in->report.warnings || in->told > total)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    char dir[] = "/tmp/indgang-fuzz-XXXXXX", path[128];
    if (!mkdtemp(dir))
        return 0;
    snprintf(path, sizeof path, "%s/dokumenter", dir);
    mkdir(path, 0700);
    unpack(dir, str_make((const char *)data, n));
    struct input in = {.cx = {.arena = arena_new(64 << 20)}, .dir = dir, .report = {.fault = on_fault}};
    in.report.ctx = &in;
    arena_try(in.cx.arena, run, &in);
    arena_free(in.cx.arena);
    for (int i = 0; i < NAMES; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/dokumenter", dir);
    rmdir(path);
    rmdir(dir);
    return 0;
}
