/* loependeJournal.xml, offentligJournal.xml and endringslogg.xml. The two journals have the same entries in the same
   order; the public one leaves out what is screened and the names of protected persons (offentleglova § 10,
   offentlegforskrifta § 6). */
#include "codec/idno.h"
#include "deposit_internal.h"
#include "deposit_store.h"
#include "record/record.h"

enum { PAGE = 500 };
#define SHIELD "*****"

static const struct {
    enum deposit_file_kind kind;
    const char *file, *root;
} journals[2] = {{FILE_RUNNING, "loependeJournal.xml", "loependeJournal"},
                 {FILE_PUBLIC, "offentligJournal.xml", "offentligJournal"}};

struct entry {
    const struct q_deposit_journal *row;
    const struct q_deposit_correspondents_of *who;
    size_t n_who;
    struct str code, basis; /* of the registration, else of its case file */
};

static void head(struct cx *cx, struct deposit_making *m, struct deposit_file *f, const char *root)
{
    struct xml_out *o = &f->o;
    /* the case files' first entries may be older than the period: those of a soft boundary */
    day_t first = civil_day_of_us(m->first_us);
    deposit_root(o, root);
    xml_out_begin(o, "journalhode");
    xml_out_text(o, "journalStartDato", civil_iso_day(cx->arena, first < m->new->from ? first : m->new->from));
    xml_out_text(o, "journalSluttDato", civil_iso_day(cx->arena, m->new->to));
    xml_out_i64(o, "antallJournalposter", m->n.journal);
    xml_out_begin(o, "arkivskaper");
    xml_out_text(o, "arkivskaperID", m->new->owner_id);
    xml_out_text(o, "arkivskaperNavn", m->new->owner);
    xml_out_end(o);
    xml_out_end(o);
}

/* No identity number stands in the public journal, whoever wrote it into a title. */
static struct str shown(struct cx *cx, struct str text, bool open)
{
    return open ? idno_hide(cx->arena, text) : text;
}

static void class_and_casefile(struct cx *cx, struct xml_out *o, const struct q_deposit_journal *r, bool open)
{
    struct str no = str_fmt(cx->arena, "%lld-%06lld", (long long)r->year, (long long)r->seq);
    xml_out_begin(o, "klasse");
    xml_out_text(o, "klasseID", r->class_key);
    xml_out_text(o, "tittel", deposit_name(r->class_title, "Uten tittel"));
    xml_out_end(o);
    xml_out_begin(o, "saksmappe");
    xml_out_text(o, "mappeID", no);
    xml_out_i64(o, "saksaar", r->year);
    xml_out_i64(o, "sakssekvensnummer", r->seq);
    if (!open)
        xml_out_text(o, "tittel", deposit_name(r->casefile_title, "Uten tittel"));
    xml_out_text(o, "offentligTittel", shown(cx, r->casefile_public_title, open));
    xml_out_text(o, "administrativEnhet", r->casefile_unit);
    xml_out_text(o, "saksansvarlig", r->caseworker);
    if (open) {
        xml_out_text(o, "tilgangsrestriksjon", deposit_access(r->casefile_access_code));
        if (!str_empty(r->casefile_access_code))
            xml_out_text(o, "skjermingshjemmel", r->casefile_access_basis);
    }
    xml_out_end(o);
}

static void correspondents(struct cx *cx, struct xml_out *o, const struct entry *e, bool open)
{
    bool screened = !str_empty(e->code);
    for (size_t i = 0; i < e->n_who; i++) {
        const struct q_deposit_correspondents_of *w = &e->who[i];
        bool hide = open && !w->ours && (screened || w->protected);
        xml_out_begin(o, "korrespondansepart");
        xml_out_text(o, "korrespondanseparttype", deposit_correspondent(w->role, w->ours));
        xml_out_text(o, "korrespondansepartNavn", hide ? S(SHIELD) : shown(cx, deposit_name(w->name, "Ukjent"), open));
        xml_out_end(o);
    }
    if (e->n_who)
        return;
    xml_out_begin(o, "korrespondansepart");
    xml_out_text(o, "korrespondanseparttype", S("Intern avsender"));
    xml_out_text(o, "korrespondansepartNavn", deposit_name(e->row->unit, "Ukjent"));
    xml_out_end(o);
}

static void entry(struct cx *cx, struct deposit_making *m, struct xml_out *o, const struct entry *e, bool open)
{
    const struct q_deposit_journal *r = e->row;
    bool screened = !str_empty(e->code);
    xml_out_begin(o, "journalregistrering");
    class_and_casefile(cx, o, r, open);
    xml_out_begin(o, "journalpost");
    xml_out_text(o, "systemID", record_uuid(cx, m->fonds_uuid, RECORD_UUID_REGISTRATION, r->id));
    xml_out_text(o, "registreringsID",
                 str_fmt(cx->arena, "%lld/%lld", (long long)r->journal_year, (long long)r->journal_seq));
    xml_out_i64(o, "journalaar", r->journal_year);
    xml_out_i64(o, "journalsekvensnummer", r->journal_seq);
    xml_out_i64(o, "journalpostnummer", r->number);
    if (!open)
        xml_out_text(o, "tittel", deposit_name(r->title, "Uten tittel"));
    xml_out_text(o, "offentligTittel", shown(cx, deposit_name(r->public_title, "Uten tittel"), open));
    if (screened)
        xml_out_text(o, "skjermingMetadata",
                     r->kind == RECORD_OUTGOING ? S("Navn på mottaker") : S("Navn på avsender"));
    xml_out_text(o, "journaldato", deposit_day(cx, r->created_us));
    xml_out_text(o, "dokumentetsDato", deposit_day(cx, r->document_us));
    xml_out_text(o, "administrativEnhet", r->unit);
    xml_out_text(o, "saksbehandler", r->author);
    if (screened) {
        xml_out_text(o, "tilgangsrestriksjon", deposit_access(e->code));
        xml_out_text(o, "skjermingshjemmel", e->basis);
    }
    correspondents(cx, o, e, open);
    xml_out_end(o);
    xml_out_end(o);
}

static enum err page(struct cx *cx, struct deposit_making *m, struct deposit_file f[2], int64_t after[2], size_t *ret_n)
{
    struct q_deposit_journal *rows;
    enum err e = q_deposit_journal(cx,
                                   &(struct q_deposit_journal_in){.from_us = m->from_us,
                                                                  .to_us = m->to_us,
                                                                  .all = m->new->all,
                                                                  .after_year = after[0],
                                                                  .after_seq = after[1],
                                                                  .limit = PAGE},
                                   &rows, ret_n);
    for (size_t i = 0; !e && i < *ret_n; i++) {
        struct q_deposit_correspondents_of *who;
        bool own = !str_empty(rows[i].access_code);
        struct entry one = {.row = &rows[i],
                            .code = own ? rows[i].access_code : rows[i].casefile_access_code,
                            .basis = own ? rows[i].access_basis : rows[i].casefile_access_basis};
        if ((e = q_deposit_correspondents_of(cx, rows[i].id, &who, &one.n_who)))
            break;
        one.who = who;
        for (int k = 0; !e && k < 2; k++) {
            entry(cx, m, &f[k].o, &one, k == 1);
            e = deposit_file_flush(cx, &f[k]);
        }
        after[0] = rows[i].journal_year;
        after[1] = rows[i].journal_seq;
    }
    return e;
}

static enum err write_both(struct cx *cx, struct deposit_making *m, struct deposit_file f[2])
{
    int64_t after[2] = {0, 0}, done = 0;
    size_t n = PAGE;
    enum err e = ERR_OK;
    for (int k = 0; k < 2; k++)
        head(cx, m, &f[k], journals[k].root);
    while (!e && n == PAGE) {
        struct arena_mark mark = arena_mark(cx->arena);
        e = page(cx, m, f, after, &n);
        if (e)
            return e;
        arena_reset(cx->arena, mark);
        deposit_progress(m, "journal entries", done += (int64_t)n);
    }
    for (int k = 0; k < 2; k++)
        xml_out_end(&f[k].o);
    return e;
}

/* ---- the log of changes ---- */

static enum err change_pages(struct cx *cx, struct deposit_making *m, struct deposit_file *f)
{
    struct xml_out *o = &f->o;
    int64_t after[2] = {0, 0};
    for (size_t n = PAGE; n == PAGE;) {
        struct arena_mark mark = arena_mark(cx->arena);
        struct q_deposit_closings *rows;
        enum err e = q_deposit_closings(cx,
                                        &(struct q_deposit_closings_in){.from_us = m->from_us,
                                                                        .to_us = m->to_us,
                                                                        .all = m->new->all,
                                                                        .after_year = after[0],
                                                                        .after_seq = after[1],
                                                                        .limit = PAGE},
                                        &rows, &n);
        for (size_t i = 0; !e && i < n; i++) {
            xml_out_begin(o, "endring");
            xml_out_text(o, "referanseArkivenhet", record_uuid(cx, m->fonds_uuid, RECORD_UUID_CASEFILE, rows[i].id));
            xml_out_text(o, "referanseMetadata", S("saksstatus"));
            xml_out_text(o, "endretDato", civil_iso_us(cx->arena, rows[i].closed_us));
            xml_out_text(o, "endretAv", deposit_name(rows[i].closed_by, "Indgang"));
            xml_out_text(o, "tidligereVerdi", S("Under behandling"));
            xml_out_text(o, "nyVerdi", S("Avsluttet"));
            xml_out_end(o);
            m->n.changes++;
            after[0] = rows[i].year;
            after[1] = rows[i].seq;
            e = deposit_file_flush(cx, f);
        }
        if (e)
            return e;
        arena_reset(cx->arena, mark);
    }
    return ERR_OK;
}

static enum err write_changes(struct cx *cx, struct deposit_making *m)
{
    struct deposit_file f;
    enum err e = deposit_file_open(cx, m->dir, "endringslogg.xml", &f);
    if (!e) {
        deposit_root(&f.o, "endringslogg");
        e = change_pages(cx, m, &f);
    }
    if (!e)
        xml_out_end(&f.o);
    return deposit_file_close(cx, &f, e, &m->xml[FILE_CHANGES]);
}

enum err deposit_write_journals(struct cx *cx, struct deposit_making *m)
{
    struct deposit_file f[2] = {{.fd = -1}, {.fd = -1}};
    enum err e = ERR_OK;
    for (int k = 0; !e && k < 2; k++)
        e = deposit_file_open(cx, m->dir, journals[k].file, &f[k]);
    if (!e)
        e = write_both(cx, m, f);
    for (int k = 0; k < 2; k++)
        e = deposit_file_close(cx, &f[k], e, &m->xml[journals[k].kind]);
    return e ? e : write_changes(cx, m);
}
