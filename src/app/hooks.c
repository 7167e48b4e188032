/* What http asks of the rooms beside and above it. */
#include "app/app.h"

static enum err ready(struct cx *cx)
{
    struct db_stats stats = db_stats(cx->db);
    (void)stats;
    return ERR_OK;
}

static void metrics(struct cx *cx, struct buf *b)
{
    struct db_stats s = db_stats(cx->db);
    buf_fmt(b,
            "# TYPE indgang_db_reads_total counter\nindgang_db_reads_total %lld\n"
            "# TYPE indgang_db_writes_total counter\nindgang_db_writes_total %lld\n"
            "# TYPE indgang_db_commits_total counter\nindgang_db_commits_total %lld\n"
            "# TYPE indgang_db_reruns_total counter\nindgang_db_reruns_total %lld\n"
            "# TYPE indgang_db_failed_commits_total counter\nindgang_db_failed_commits_total %lld\n"
            "# TYPE indgang_db_waiting_writers gauge\nindgang_db_waiting_writers %lld\n",
            (long long)s.reads, (long long)s.writes, (long long)s.commits, (long long)s.reruns,
            (long long)s.failed_commits, (long long)s.waiting_writers);
}

struct http_hooks app_hooks(void)
{
    return (struct http_hooks){
        .read_only = db_set_read_only,
        .ready = ready,
        .metrics = metrics,
    };
}
