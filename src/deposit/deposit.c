/* Making a deposit: what is in it, and in which order it is written. */
#include "deposit_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "deposit_store.h"

enum { UNREADY_TOLD = 10 };

void deposit_progress(const struct deposit_making *m, const char *what, int64_t n)
{
    if (m->new->tell)
        m->new->tell(m->new->tell_ctx, what, n);
}

void deposit_root(struct xml_out *o, const char *name)
{
    bool structure = !strcmp(name, "arkiv");
    const char *schema = structure ? "arkivstruktur" : name;
    char ns[96], location[192];
    snprintf(ns, sizeof ns, DEPOSIT_NS "%s", schema);
    snprintf(location, sizeof location, "%s %s.xsd", ns, schema);
    xml_out_begin(o, name);
    xml_out_attr(o, "xmlns", str_of(ns));
    xml_out_attr(o, "xmlns:xsi", S("http://www.w3.org/2001/XMLSchema-instance"));
    xml_out_attr(o, "xsi:schemaLocation", str_of(location));
}

/* What the standard lets nobody deposit: the list names the first case files, so that somebody can finish them. */
static enum err refuse_unready(struct cx *cx, const struct deposit_making *m)
{
    struct q_deposit_unready *rows;
    struct buf b = buf_make(cx->arena);
    size_t n;
    enum err e = q_deposit_unready(cx, m->from_us, m->to_us, m->new->all, UNREADY_TOLD + 1, &rows, &n);
    if (e || !n)
        return e;
    for (size_t i = 0; i < n && i < UNREADY_TOLD; i++)
        buf_fmt(&b, "%s%lld-%06lld", i ? ", " : "", (long long)rows[i].year.v, (long long)rows[i].seq.v);
    return fail(cx, ERR_LAW,
                "closed case files with a registration that is not finished, not numbered or without a document: "
                "%.*s%s. Finish them, then make the deposit",
                STR_ARG(buf_str(&b)), n > UNREADY_TOLD ? " and more" : "");
}

static enum err look(struct cx *cx, struct deposit_making *m)
{
    struct q_deposit_flags flags;
    struct q_deposit_left_out left;
    struct q_deposit_fonds fonds;
    bool found;
    enum err e = q_deposit_fonds(cx, &fonds, &found);
    if (!e && !found)
        e = fail(cx, ERR_NOT_FOUND, "there is no archive yet");
    if (e || (e = refuse_unready(cx, m)) || (e = q_deposit_flags(cx, m->from_us, m->to_us, m->new->all, &flags)) ||
        (e = q_deposit_left_out(cx, m->from_us, m->to_us, m->new->all, &left)))
        return e;
    m->fonds_uuid = fonds.uuid;
    m->n.still_open = left.still_open;
    m->n.disposable = left.disposable;
    m->n.journal = flags.journal;
    m->first_us = flags.first_us.set ? flags.first_us.v : m->from_us;
    m->screened = flags.screened;
    m->disposable = flags.disposable;
    if (!flags.journal) /* the standard knows no empty journal */
        return fail(cx, ERR_NOT_FOUND,
                    "no case file with a journal entry was closed in that period and is kept for ever%s",
                    left.disposable ? "; --all takes those that are to be erased in time too" : "");
    return ERR_OK;
}

static enum err write_parts(struct cx *cx, void *ctx)
{
    struct deposit_making *m = ctx;
    enum err e = look(cx, m);
    int64_t journal = m->n.journal;
    if (!e)
        e = deposit_copy_schemas(cx, m);
    m->n.journal = 0;
    if (!e)
        e = deposit_write_structure(cx, m);
    if (!e && m->n.journal != journal)
        e = fail(cx, ERR_INTERNAL, "the structure has %lld journal entries, the journal %lld", (long long)m->n.journal,
                 (long long)journal);
    if (!e)
        e = deposit_write_journals(cx, m);
    return e ? e : deposit_write_description(cx, m);
}

/* All of it on the disk, then its name. */
static enum err settle(struct cx *cx, const struct deposit_making *m)
{
    int fd = open(m->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && !syncfs(fd) && !rename(m->dir, m->new->out) && !syncfs(fd);
    enum err e = good ? ERR_OK : fail(cx, ERR_IO, "%s: %s", m->new->out, strerror(errno));
    if (fd >= 0)
        close(fd);
    return e;
}

enum err deposit_make(struct cx *cx, const struct deposit_new *new, struct deposit_counts *ret)
{
    struct deposit_making m = {
        .new = new, .from_us = civil_day_start_us(new->from), .to_us = civil_day_start_us(new->to + 1)};
    m.dir = str_z(cx->arena, str_fmt(cx->arena, "%s.part", new->out));
    if (new->to < new->from)
        return fail(cx, ERR_CONFIG, "--to is before --from");
    if (access(new->out, F_OK) == 0)
        return fail(cx, ERR_CONFIG, "%s exists already: name a new folder", new->out);
    if (mkdir(m.dir, 0755))
        return fail(cx, ERR_IO, "%s: %s%s", m.dir, strerror(errno),
                    errno == EEXIST ? "; an earlier deposit did not end: remove it" : "");
    enum err e = db_read(cx, write_parts, &m);
    if (!e)
        e = settle(cx, &m);
    if (!e)
        *ret = m.n;
    else
        rmdir(m.dir); /* when nothing was written into it */
    return e;
}
