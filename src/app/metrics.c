/* /metrics: what lies outside http. Names follow Prometheus' own where it has some (process_…). */
#include <dirent.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "access/access.h"
#include "app/app.h"
#include "mail/mail.h"

static void one(struct buf *b, const char *name, const char *kind, const char *help, int64_t value)
{
    buf_fmt(b, "# HELP %s %s\n# TYPE %s %s\n%s %lld\n", name, help, name, kind, name, (long long)value);
}

static void of_database(struct cx *cx, struct buf *b)
{
    struct db_stats s = db_stats(cx->db);
    one(b, "indgang_db_reads_total", "counter", "Reading transactions.", s.reads);
    one(b, "indgang_db_writes_total", "counter", "Writing transactions.", s.writes);
    one(b, "indgang_db_commits_total", "counter", "Commits; with SQLite several writers share one.", s.commits);
    one(b, "indgang_db_reruns_total", "counter", "Writes that had to run again.", s.reruns);
    one(b, "indgang_db_failed_commits_total", "counter", "Commits that failed.", s.failed_commits);
    one(b, "indgang_db_waiting_writers", "gauge", "Writers waiting now.", s.waiting_writers);
}

static int64_t late_s(const struct cx *cx, int64_t since_us)
{
    return since_us ? (cx->now_us - since_us) / SECOND_US : 0;
}

static void of_jobs(struct cx *cx, struct buf *b, const struct jobs_numbers *j, const struct jobs_kind_numbers *kinds,
                    size_t n)
{
    buf_fmt(b,
            "# HELP indgang_jobs Jobs by state; dead ones were given up.\n# TYPE indgang_jobs gauge\n"
            "indgang_jobs{state=\"waiting\"} %lld\nindgang_jobs{state=\"running\"} %lld\n"
            "indgang_jobs{state=\"dead\"} %lld\n",
            (long long)j->waiting, (long long)j->running, (long long)j->dead);
    one(b, "indgang_jobs_late_seconds", "gauge", "How long the oldest job is overdue.", late_s(cx, j->oldest_due_us));
    int64_t mail_waiting = 0, mail_dead = 0, mail_since_us = 0;
    for (size_t i = 0; i < n; i++)
        if (str_eq_z(kinds[i].kind, "mail")) {
            mail_waiting = kinds[i].waiting;
            mail_dead = kinds[i].dead;
            mail_since_us = kinds[i].oldest_waiting_us;
        }
    one(b, "indgang_mail_waiting", "gauge", "E-mails in the outbox.", mail_waiting);
    one(b, "indgang_mail_waiting_seconds", "gauge", "Age of the oldest of them.", late_s(cx, mail_since_us));
    one(b, "indgang_mail_dead", "gauge", "E-mails that were given up.", mail_dead);
}

static void of_mail(struct cx *cx, struct buf *b)
{
    struct mail_numbers m = mail_numbers(cx->mail);
    one(b, "indgang_mail_sent_total", "counter", "E-mails this process has sent.", m.sent);
    one(b, "indgang_mail_failed_total", "counter", "Tries to send one that failed.", m.failed);
}

static void of_disk(struct cx *cx, struct buf *b)
{
    struct statvfs v;
    if (statvfs(cx->data_dir, &v))
        return;
    one(b, "indgang_disk_free_bytes", "gauge", "Free where the data folder lies.",
        (int64_t)v.f_bavail * (int64_t)v.f_frsize);
    one(b, "indgang_disk_bytes", "gauge", "Size of that disk.", (int64_t)v.f_blocks * (int64_t)v.f_frsize);
}

static int64_t count_descriptors(void)
{
    DIR *d = opendir("/proc/self/fd");
    int64_t n = -3; /* ".", ".." and the folder itself */
    while (d && readdir(d))
        n++;
    if (d)
        closedir(d);
    return n > 0 ? n : 0;
}

static int64_t resident_bytes(void)
{
    long long pages = 0;
    FILE *f = fopen("/proc/self/statm", "re");
    if (f && fscanf(f, "%*d %lld", &pages) != 1)
        pages = 0;
    if (f)
        fclose(f);
    return pages * sysconf(_SC_PAGESIZE);
}

static void of_process(struct buf *b)
{
    struct rusage u;
    struct rlimit r;
    one(b, "process_open_fds", "gauge", "Open descriptors.", count_descriptors());
    if (!getrlimit(RLIMIT_NOFILE, &r))
        one(b, "process_max_fds", "gauge", "So many may be open.", (int64_t)r.rlim_cur);
    one(b, "process_resident_memory_bytes", "gauge", "Memory in use.", resident_bytes());
    if (!getrusage(RUSAGE_SELF, &u))
        buf_fmt(b,
                "# HELP process_cpu_seconds_total Processor time used.\n# TYPE process_cpu_seconds_total counter\n"
                "process_cpu_seconds_total %.2f\n",
                (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
                    (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6);
}

struct from_db {
    struct jobs_numbers jobs;
    struct jobs_kind_numbers *kinds;
    size_t n;
    struct access_window window;
};

static enum err ask_db(struct cx *cx, void *ctx)
{
    struct from_db *d = ctx;
    enum err e = jobs_numbers(cx, &d->jobs);
    if (!e)
        e = jobs_numbers_by_kind(cx, &d->kinds, &d->n);
    return e ? e : access_window(cx, &d->window);
}

void app_metrics(struct cx *cx, struct buf *b)
{
    of_process(b);
    of_disk(cx, b);
    of_mail(cx, b);
    of_database(cx, b);
    struct from_db d = {0};
    enum err e = db_read(cx, ask_db, &d);
    one(b, "indgang_db_up", "gauge", "1: the database answers.", !e);
    if (e)
        return;
    of_jobs(cx, b, &d.jobs, d.kinds, d.n);
    one(b, "indgang_access_unsealed", "gauge", "Rows of the access log without a seal.", d.window.unsealed);
    one(b, "indgang_access_unsealed_seconds", "gauge", "Age of the oldest of them.", late_s(cx, d.window.oldest_us));
}
