/* How everything is: a list of checks, each with what to do. What can be seen at once is looked at now; what must be
   asked over a network was looked at by a job (admin_probe.c). */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "access/access.h"
#include "admin.h"
#include "admin_store.h"
#include "admin_views.h"
#include "casefile/casefile.h"
#include "db/db.h"
#include "files/files.h"
#include "fulltext/fulltext.h"
#include "i18n/i18n.h"
#include "journal/journal.h"
#include "letter/letter.h"
#include "municipality/municipality.h"

enum {
    DEAD_MAX = 200,
    DISK_WARN_PERCENT = 20,
    DISK_BAD_PERCENT = 5,
    SEAL_LATE_US = 10 * MINUTE_US,
    WORK_LATE_US = 10 * MINUTE_US,
    MAIL_LATE_US = 30 * MINUTE_US,
};
#define BACKUP_OLD_US (2 * DAY_US)

/* What one read of the database gives. */
struct facts {
    struct q_admin_probe_list *probes;
    size_t n_probes;
    struct q_admin_incidents *incidents;
    size_t n_incidents;
    struct q_admin_outages *outages;
    int64_t *waited; /* for each outage: what waited meanwhile and is done */
    size_t n_outages;
    struct jobs_numbers numbers;
    struct jobs_kind_numbers *kinds;
    size_t n_kinds;
    struct job_row *dead;
    size_t n_dead;
    struct access_window window;
    struct letter_print_units unprinted;
    struct casefile_unpeopled_units unpeopled;
    int64_t mails, letters, took_us, journal_waits, journal_failed, unread;
};

/* What was looked at in vain, and works again. */
static enum err read_outages(struct cx *cx, struct facts *f, int64_t since_us)
{
    enum err e = q_admin_outages(cx, since_us, &f->outages, &f->n_outages);
    if (e)
        return e;
    f->waited = arena_array(cx->arena, int64_t, f->n_outages);
    for (size_t i = 0; !e && i < f->n_outages; i++) {
        const struct q_admin_outages *o = &f->outages[i];
        f->waited[i] = 0;
        if (str_eq_z(o->name, "mail"))
            e = jobs_waited(cx, S("mail"), o->since_us, o->until_us, &f->waited[i]);
    }
    return e;
}

static enum err read_facts(struct cx *cx, void *ctx)
{
    struct facts *f = ctx;
    int64_t day_ago_us = cx->now_us - DAY_US, began_us = time_tick_us();
    enum err e = q_admin_probe_list(cx, &f->probes, &f->n_probes);
    f->took_us = time_tick_us() - began_us;
    if (e || (e = q_admin_incidents(cx, day_ago_us, &f->incidents, &f->n_incidents)) ||
        (e = read_outages(cx, f, day_ago_us)) || (e = jobs_numbers(cx, &f->numbers)) ||
        (e = jobs_numbers_by_kind(cx, &f->kinds, &f->n_kinds)) ||
        (e = jobs_list_dead(cx, DEAD_MAX, &f->dead, &f->n_dead)) || (e = access_window(cx, &f->window)) ||
        (cx->muni->einnsyn_url.n && (e = journal_out_waiting(cx, &f->journal_waits, &f->journal_failed))) ||
        (e = letter_print_nobody(cx, &f->unprinted)) || (e = casefile_unpeopled(cx, &f->unpeopled)) ||
        (e = fulltext_waiting(cx, &f->unread)) || (e = jobs_done_since(cx, S("mail"), day_ago_us, &f->mails)))
        return e;
    return jobs_done_since(cx, S("letter"), day_ago_us, &f->letters);
}

static const struct q_admin_probe_list *probe_of(const struct facts *f, const char *name)
{
    for (size_t i = 0; i < f->n_probes; i++)
        if (str_eq_z(f->probes[i].name, name))
            return &f->probes[i];
    return NULL;
}

static void add(struct cx *cx, struct admin_health *h, struct admin_check c)
{
    static const enum text words[] = {[ADMIN_OK] = T_admin_state_ok,
                                      [ADMIN_UNKNOWN] = T_admin_state_unknown,
                                      [ADMIN_WARN] = T_admin_state_warn,
                                      [ADMIN_BAD] = T_admin_state_bad};
    c.ok = c.state == ADMIN_OK;
    c.bad = c.state == ADMIN_BAD;
    c.unknown = c.state == ADMIN_UNKNOWN;
    c.state_text = words[c.state];
    if (!c.text.p)
        c.text = S("");
    if (!c.detail.p)
        c.detail = S("");
    if (c.at_us)
        c.at = i18n_datetime(cx, c.at_us);
    if (c.since_us)
        c.since = i18n_datetime(cx, c.since_us);
    h->need += c.state >= ADMIN_WARN;
    vec_add(cx->arena, &h->checks, c);
}

static void check_database(struct cx *cx, struct admin_health *h, const struct facts *f)
{
    const char *engine = db_is_postgres(cx) ? "PostgreSQL" : "SQLite";
    add(cx, h,
        (struct admin_check){
            .name = T_admin_db,
            .text = i18n_fmt(cx, T_admin_db_ok, ARG("engine", engine), ARG("ms", (f->took_us + 999) / 1000))});
}

static void check_disk(struct cx *cx, struct admin_health *h)
{
    struct statvfs v;
    if (!cx->data_dir || statvfs(cx->data_dir, &v) || !v.f_blocks)
        return;
    int64_t percent = (int64_t)(v.f_bavail * 100 / v.f_blocks), free_bytes = (int64_t)(v.f_bavail * v.f_frsize);
    enum admin_state state = percent < DISK_BAD_PERCENT    ? ADMIN_BAD
                             : percent < DISK_WARN_PERCENT ? ADMIN_WARN
                                                           : ADMIN_OK;
    add(cx, h,
        (struct admin_check){.name = T_admin_disk,
                             .state = state,
                             .text = i18n_fmt(cx, state ? T_admin_disk_low : T_admin_disk_ok,
                                              ARG("free", i18n_size(cx, free_bytes)), ARG("percent", percent))});
}

/* Really written, because a disk that became read-only says nothing before one tries. */
static void check_data_folder(struct cx *cx, struct admin_health *h)
{
    if (!cx->data_dir)
        return;
    struct str name = rand_code(cx->arena, 12);
    const char *path = str_z(cx->arena, str_fmt(cx->arena, "%s/tmp/probe-%.*s", cx->data_dir, STR_ARG(name)));
    static const char bytes[4096];
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool good = fd >= 0 && write(fd, bytes, sizeof bytes) == (ssize_t)sizeof bytes && fsync(fd) == 0;
    int reason = errno;
    if (fd >= 0) {
        close(fd);
        unlink(path);
    }
    add(cx, h,
        (struct admin_check){.name = T_admin_data,
                             .state = good ? ADMIN_OK : ADMIN_BAD,
                             .text = i18n_text(cx->lang, good ? T_admin_data_ok : T_admin_data_bad),
                             .detail = good ? S("") : str_dup(cx->arena, str_of(strerror(reason)))});
}

/* From what the job found. */
static struct admin_check from_probe(struct cx *cx, const struct q_admin_probe_list *p, enum text name, enum text ok,
                                     enum text bad)
{
    struct admin_check c = {.name = name, .state = ADMIN_UNKNOWN};
    if (!p)
        return c;
    c.state = p->ok ? ADMIN_OK : ADMIN_BAD;
    c.text = i18n_text(cx->lang, p->ok ? ok : bad);
    c.detail = p->detail;
    c.at_us = p->at_us;
    c.since_us = p->ok ? 0 : p->since_us;
    return c;
}

static void check_mail(struct cx *cx, struct admin_health *h, const struct facts *f)
{
    struct admin_check c = from_probe(cx, probe_of(f, "mail"), T_admin_mail, T_admin_mail_ok,
                                      cx->muni->smtp.set || cx->mail ? T_admin_mail_bad : T_admin_mail_none);
    for (size_t i = 0; i < f->n_kinds; i++) {
        const struct jobs_kind_numbers *k = &f->kinds[i];
        if (!str_eq_z(k->kind, "mail") || !k->waiting)
            continue;
        bool late = cx->now_us - k->oldest_waiting_us > MAIL_LATE_US;
        if (c.state < ADMIN_WARN && late)
            c.state = ADMIN_WARN;
        if (c.state >= ADMIN_WARN)
            c.text = str_fmt(cx->arena, "%.*s %.*s", STR_ARG(c.text),
                             STR_ARG(i18n_fmt(cx, T_admin_mail_waiting, ARG("n", k->waiting),
                                              ARG("when", i18n_datetime(cx, k->oldest_waiting_us)))));
    }
    add(cx, h, c);
}

static void check_logins(struct cx *cx, struct admin_health *h, const struct facts *f)
{
    if (cx->muni->citizens.set)
        add(cx, h,
            from_probe(cx, probe_of(f, "citizens"), T_admin_login_citizens, T_admin_login_ok, T_admin_login_bad));
    if (cx->muni->employees.set)
        add(cx, h,
            from_probe(cx, probe_of(f, "employees"), T_admin_login_employees, T_admin_login_ok, T_admin_login_bad));
}

static void check_journal(struct cx *cx, struct admin_health *h, const struct facts *f)
{
    if (!cx->muni->journal_public || !cx->muni->einnsyn_url.n)
        return;
    struct admin_check c =
        from_probe(cx, probe_of(f, "einnsyn"), T_admin_einnsyn, T_admin_einnsyn_ok, T_admin_einnsyn_bad);
    if (f->journal_failed && c.state < ADMIN_WARN) {
        c.state = ADMIN_WARN;
        c.text = i18n_fmt(cx, T_admin_einnsyn_failed, ARG("n", f->journal_failed));
    } else if (f->journal_waits) {
        c.text = str_fmt(cx->arena, "%.*s %.*s", STR_ARG(c.text),
                         STR_ARG(i18n_fmt(cx, T_admin_journal_waits, ARG("n", f->journal_waits))));
    }
    add(cx, h, c);
}

static void check_scanner(struct cx *cx, struct admin_health *h, const struct facts *f)
{
    if (files_scanner(cx))
        add(cx, h, from_probe(cx, probe_of(f, "scanner"), T_admin_scanner, T_admin_scanner_ok, T_admin_scanner_bad));
}

/* Of this machine, as the disk is. */
static void check_documents(struct cx *cx, struct admin_health *h, const struct facts *f)
{
    bool none = fulltext_probe(cx) != ERR_OK;
    struct admin_check c = {.name = T_admin_documents, .state = none ? ADMIN_WARN : ADMIN_OK};
    cx->fail = (struct fail){0};
    c.text = i18n_text(cx->lang, none ? T_admin_documents_none : T_admin_documents_ok);
    if (f->unread)
        c.text = str_fmt(cx->arena, "%.*s %.*s", STR_ARG(c.text),
                         STR_ARG(i18n_fmt(cx, T_admin_documents_wait, ARG("n", f->unread))));
    add(cx, h, c);
}

/* Nothing to look at when there are none. */
static void check_unprinted(struct cx *cx, struct admin_health *h, const struct facts *f)
{
    for (size_t i = 0; i < f->unprinted.rows.n; i++) {
        const struct letter_print_unit *u = &f->unprinted.rows.p[i];
        add(cx, h,
            (struct admin_check){.name = T_admin_unprinted,
                                 .state = ADMIN_BAD,
                                 .text = i18n_fmt(cx, T_admin_unprinted_wait, ARG("n", u->n), ARG("unit", u->unit))});
    }
}

static void check_seal(struct cx *cx, struct admin_health *h, const struct facts *f)
{
    const struct access_window *w = &f->window;
    bool late = w->oldest_us && cx->now_us - w->oldest_us > SEAL_LATE_US;
    struct str text =
        late ? i18n_fmt(cx, T_admin_seal_bad, ARG("n", w->unsealed), ARG("when", i18n_datetime(cx, w->oldest_us)))
        : w->unsealed ? i18n_fmt(cx, T_admin_seal_ok, ARG("n", w->unsealed))
                      : i18n_text(cx->lang, T_admin_seal_all);
    add(cx, h, (struct admin_check){.name = T_admin_seal, .state = late ? ADMIN_BAD : ADMIN_OK, .text = text});
}

static void check_work(struct cx *cx, struct admin_health *h, const struct facts *f)
{
    const struct jobs_numbers *n = &f->numbers;
    bool late = n->oldest_due_us && cx->now_us - n->oldest_due_us > WORK_LATE_US;
    struct admin_check c = {.name = T_admin_work, .state = late ? ADMIN_BAD : n->dead ? ADMIN_WARN : ADMIN_OK};
    c.text = late         ? i18n_fmt(cx, T_admin_work_late, ARG("when", i18n_datetime(cx, n->oldest_due_us)))
             : n->dead    ? i18n_fmt(cx, T_admin_work_dead, ARG("n", n->dead))
             : n->waiting ? i18n_fmt(cx, T_admin_work_ok, ARG("waiting", n->waiting))
                          : i18n_text(cx->lang, T_admin_work_none);
    add(cx, h, c);
}

static void check_backup(struct cx *cx, struct admin_health *h, const struct facts *f)
{
    const struct q_admin_probe_list *p = probe_of(f, "backup");
    bool old = !p || cx->now_us - p->at_us > BACKUP_OLD_US;
    add(cx, h,
        (struct admin_check){.name = T_admin_backup,
                             .state = old ? ADMIN_WARN : ADMIN_OK,
                             .text = !p ? i18n_text(cx->lang, T_admin_backup_none)
                                        : i18n_fmt(cx, old ? T_admin_backup_old : T_admin_backup_ok,
                                                   ARG("when", i18n_datetime(cx, p->at_us)))});
}

/* Cases that nobody can open. */
static void check_units(struct cx *cx, struct admin_health *h, const struct facts *f)
{
    VEC_OF(struct str) units = {0};
    for (size_t i = 0; i < f->unpeopled.rows.n; i++) {
        const struct casefile_unpeopled *u = &f->unpeopled.rows.p[i];
        bool more = u->open > CASEFILE_COUNT_MAX;
        vec_add(cx->arena, &units,
                i18n_fmt(cx, more ? T_admin_units_more : T_admin_units_one, ARG("unit", u->unit),
                         ARG("n", more ? CASEFILE_COUNT_MAX : u->open)));
    }
    struct str names = i18n_list(cx, units.p, units.n);
    add(cx, h,
        (struct admin_check){.name = T_admin_units,
                             .state = units.n ? ADMIN_WARN : ADMIN_OK,
                             .text = units.n ? i18n_fmt(cx, T_admin_units_bad, ARG("units", names))
                                             : i18n_text(cx->lang, T_admin_units_ok)});
}

static int worse_first(const void *a, const void *b)
{
    const struct admin_check *x = a, *y = b;
    if (x->state != y->state)
        return (int)y->state - (int)x->state;
    return (x->name > y->name) - (x->name < y->name);
}

static enum text incident_text(int64_t e)
{
    switch ((enum err)e) {
    case ERR_BUSY:
        return T_admin_incident_busy;
    case ERR_DB:
    case ERR_AWAY:
        return T_admin_incident_db;
    case ERR_UNSURE:
        return T_admin_incident_unsure;
    case ERR_IO:
        return T_admin_incident_io;
    case ERR_NO_SPACE:
        return T_admin_incident_no_space;
    case ERR_UPSTREAM:
        return T_admin_incident_upstream;
    default:
        return T_admin_incident_other;
    }
}

/* The connections that are looked at over a network, the key file, and the database (admin_note_outage). */
static struct str probe_name(struct cx *cx, struct str probe)
{
    static const struct {
        const char *probe;
        enum text name;
    } names[] = {
        {"mail", T_admin_mail},       {"citizens", T_admin_login_citizens}, {"employees", T_admin_login_employees},
        {"einnsyn", T_admin_einnsyn}, {"scanner", T_admin_scanner},         {"keys", T_admin_keys},
        {"database", T_admin_db},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq_z(probe, names[i].probe))
            return i18n_text(cx->lang, names[i].name);
    return probe;
}

static void add_outages(struct cx *cx, struct admin_health *h, const struct facts *f)
{
    for (size_t i = 0; i < f->n_outages; i++) {
        const struct q_admin_outages *o = &f->outages[i];
        struct str text =
            i18n_fmt(cx, T_admin_outage, ARG("what", probe_name(cx, o->name)),
                     ARG("since", i18n_datetime(cx, o->since_us)), ARG("until", i18n_datetime(cx, o->until_us)));
        if (f->waited[i])
            text = str_fmt(cx->arena, "%.*s %.*s", STR_ARG(text),
                           STR_ARG(i18n_fmt(cx, T_admin_outage_mails, ARG("n", f->waited[i]))));
        vec_add(cx->arena, &h->failures, (struct admin_failure){.text = text, .when = S("")});
    }
}

/* The time that a failure is told for: the last, and the first when that was in another minute. */
static struct str incident_time(struct cx *cx, const struct q_admin_incidents *i)
{
    struct str first = i18n_datetime(cx, i->first_us), last = i18n_datetime(cx, i->last_us);
    return str_eq(first, last) ? i18n_fmt(cx, T_admin_failed_last, ARG("when", last))
                               : i18n_fmt(cx, T_admin_failed_between, ARG("first", first), ARG("last", last));
}

static void add_lists(struct cx *cx, struct admin_health *h, const struct facts *f)
{
    add_outages(cx, h, f);
    for (size_t i = 0; i < f->n_incidents; i++)
        vec_add(cx->arena, &h->failures,
                (struct admin_failure){
                    .text = i18n_fmt(cx, incident_text(f->incidents[i].err), ARG("n", f->incidents[i].n)),
                    .when = incident_time(cx, &f->incidents[i])});
    for (size_t i = 0; i < f->n_kinds; i++)
        vec_add(cx->arena, &h->queue,
                (struct admin_queue_row){admin_job_words(cx, f->kinds[i].kind), f->kinds[i].waiting,
                                         f->kinds[i].running, f->kinds[i].dead});
    for (size_t i = 0; i < f->n_dead; i++)
        vec_add(cx->arena, &h->dead,
                (struct admin_job){.id = f->dead[i].id,
                                   .what = admin_job_words(cx, f->dead[i].kind),
                                   .kind = f->dead[i].kind,
                                   .key = f->dead[i].key,
                                   .error = f->dead[i].error.p ? f->dead[i].error : S(""),
                                   .attempts = f->dead[i].attempts,
                                   .ended_us = f->dead[i].ended_us});
}

enum err admin_health_now(struct cx *cx, struct admin_health *ret)
{
    struct facts f = {0};
    admin_note_outage(cx);
    enum err e = db_read(cx, read_facts, &f);
    if (e)
        return e;
    *ret = (struct admin_health){.mails_sent = f.mails, .letters_sent = f.letters};
    check_database(cx, ret, &f);
    check_disk(cx, ret);
    check_data_folder(cx, ret);
    check_mail(cx, ret, &f);
    check_logins(cx, ret, &f);
    check_journal(cx, ret, &f);
    check_scanner(cx, ret, &f);
    check_documents(cx, ret, &f);
    check_unprinted(cx, ret, &f);
    ret->journal = cx->muni->journal_public;
    add(cx, ret, from_probe(cx, probe_of(&f, "keys"), T_admin_keys, T_admin_keys_ok, T_admin_keys_bad));
    check_seal(cx, ret, &f);
    check_work(cx, ret, &f);
    check_units(cx, ret, &f);
    check_backup(cx, ret, &f);
    qsort(ret->checks.p, ret->checks.n, sizeof *ret->checks.p, worse_first);
    add_lists(cx, ret, &f);
    const struct municipality *m = cx->muni;
    ret->digest_to = i18n_list(cx, m->digest_to.p, m->digest_to.n);
    ret->digest_hour = m->digest_hour;
    return ERR_OK;
}
