/* Looking at what must be asked over a network, in the background: a page must not wait for somebody else's server. */
#include "admin.h"
#include "admin_store.h"
#include "auth/auth.h"
#include "db/db.h"
#include "files/files.h"
#include "journal/journal.h"
#include "keys/keys.h"
#include "mail/mail.h"
#include "municipality/municipality.h"

struct finding {
    const char *name;
    bool ok;
    struct str detail;
};

static enum err set_finding(struct cx *cx, void *ctx)
{
    const struct finding *f = ctx;
    struct str name = str_of(f->name);
    enum err e = q_admin_probe_set(cx, name, f->ok, f->detail, cx->now_us);
    if (e)
        return e;
    return f->ok ? q_admin_outage_end(cx, name, cx->now_us) : q_admin_outage_begin(cx, name);
}

static enum err probe_citizens(struct cx *cx)
{
    return auth_probe(cx, S("citizens"));
}

static enum err probe_employees(struct cx *cx)
{
    return auth_probe(cx, S("employees"));
}

enum err admin_probe_job(struct cx *cx, struct job *job)
{
    const struct {
        const char *name;
        enum err (*look)(struct cx *cx);
        bool wanted;
    } probes[] = {
        {"mail", mail_probe, true},
        {"citizens", probe_citizens, cx->muni->citizens.set},
        {"employees", probe_employees, cx->muni->employees.set},
        {"einnsyn", journal_probe, cx->muni->journal_public && cx->muni->einnsyn_url.n},
        {"scanner", files_scan_probe, files_scanner(cx)},
        {"keys", keys_probe, cx->keys != NULL},
    };
    enum err e = ERR_OK;
    (void)job;
    admin_note_outage(cx);
    for (size_t i = 0; !e && i < sizeof probes / sizeof *probes; i++) {
        if (!probes[i].wanted)
            continue;
        struct finding f = {.name = probes[i].name, .detail = S("")};
        enum err found = (e = cx_go_on(cx)) ? e : probes[i].look(cx);
        if (found == ERR_STOPPING)
            return found;
        f.ok = !found;
        if (found)
            f.detail = cx->fail.err == found ? str_dup(cx->arena, cx->fail.detail) : str_of(err_name(found));
        cx->fail = (struct fail){0};
        e = db_write(cx, set_finding, &f);
    }
    return e;
}

enum err admin_note_backup(struct cx *cx)
{
    return q_admin_probe_set(cx, S("backup"), true, S(""), cx->now_us);
}

enum err admin_incident_add(struct cx *cx, enum err e, const struct admin_incident *i)
{
    return q_admin_incident_add(cx, e, i->last_us - i->last_us % HOUR_US, i->n, i->first_us, i->last_us);
}

/* Within a minute of one that is known it is the same, or at least of the same cause. The first statement holds a row,
   so that of two processes the second sees what the first has written. */
static enum err add_outage(struct cx *cx, void *ctx)
{
    const struct db_outage *o = ctx;
    int64_t known = 0;
    enum err e = q_admin_probe_set(cx, S("database"), true, S(""), cx->now_us);
    if (!e)
        e = q_admin_outage_widen(cx, S("database"), o->since_us, o->until_us, MINUTE_US, &known);
    return e || known ? e : q_admin_outage_add(cx, S("database"), o->since_us, o->until_us);
}

void admin_note_outage(struct cx *cx)
{
    struct db_outage outage;
    if (!db_take_outage(cx, &outage) || !db_write(cx, add_outage, &outage))
        return;
    cx->fail = (struct fail){0};
    db_give_outage(cx, &outage);
}
