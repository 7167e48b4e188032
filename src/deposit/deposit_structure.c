/* arkivstruktur.xml: the archive with its classes, case files, registrations and documents, each document file copied
   when its element is written, so that there is no file without an element and no element without a file. */
#include "deposit_internal.h"
#include "deposit_store.h"
#include "record/record.h"

#define SYSTEM "Indgang" /* opprettetAv, where it was the program and no person */

struct structure {
    struct deposit_making *m;
    struct deposit_file f;
    const struct q_deposit_casefile *casefile;
    int64_t casefile_id;
    const struct q_deposit_correspondents *who;
    size_t n_who;
    const struct q_deposit_objects *objects;
    size_t n_objects;
};

static void system_id(struct cx *cx, struct structure *s, enum record_uuid_kind kind, int64_t id)
{
    xml_out_text(&s->f.o, "systemID", record_uuid(cx, s->m->fonds_uuid, kind, id));
}

static void made(struct cx *cx, struct structure *s, int64_t us, struct str by)
{
    xml_out_text(&s->f.o, "opprettetDato", civil_iso_us(cx->arena, us));
    xml_out_text(&s->f.o, "opprettetAv", deposit_name(by, SYSTEM));
}

static void closed(struct cx *cx, struct structure *s, int64_t us, struct str by)
{
    xml_out_text(&s->f.o, "avsluttetDato", civil_iso_us(cx->arena, us));
    xml_out_text(&s->f.o, "avsluttetAv", deposit_name(by, SYSTEM));
}

static void disposal(struct cx *cx, struct structure *s, const struct q_deposit_casefile *c)
{
    int years = record_retention_years(c->retention);
    if (years < 1 || !c->dispose_us.set)
        return;
    xml_out_begin(&s->f.o, "kassasjon");
    xml_out_text(&s->f.o, "kassasjonsvedtak", S("Kasseres"));
    xml_out_i64(&s->f.o, "bevaringstid", years);
    xml_out_text(&s->f.o, "kassasjonsdato", deposit_day(cx, c->dispose_us.v));
    xml_out_end(&s->f.o);
}

static void screening(struct structure *s, struct str code, struct str basis, const char *what)
{
    if (str_empty(code))
        return;
    xml_out_begin(&s->f.o, "skjerming");
    xml_out_text(&s->f.o, "tilgangsrestriksjon", deposit_access(code));
    xml_out_text(&s->f.o, "skjermingshjemmel", deposit_name(basis, "Ikke oppgitt"));
    xml_out_text(&s->f.o, "skjermingMetadata", str_of(what));
    xml_out_end(&s->f.o);
}

/* ---- documents ---- */

static enum err object(struct cx *cx, struct structure *s, const struct q_deposit_registrations *r,
                       const struct q_deposit_objects *d)
{
    struct xml_out *o = &s->f.o;
    struct str path =
        str_fmt(cx->arena, DEPOSIT_DOCUMENTS "/%lld/%03lld/%06lld-%lld-%lld-%lld.%.*s", (long long)s->casefile->year,
                (long long)(s->casefile->seq / 1000), (long long)s->casefile->seq, (long long)r->number,
                (long long)d->number, (long long)d->version, STR_ARG(deposit_extension(cx, d->mime, d->file_name)));
    xml_out_begin(o, "dokumentobjekt");
    system_id(cx, s, RECORD_UUID_OBJECT, d->id);
    xml_out_i64(o, "versjonsnummer", d->version);
    xml_out_text(o, "variantformat", d->variant == RECORD_ARCHIVE ? S("Arkivformat") : S("Produksjonsformat"));
    xml_out_text(o, "format", deposit_format(d->format, d->mime));
    xml_out_text(o, "formatDetaljer", d->mime);
    made(cx, s, d->object_created_us, S(""));
    xml_out_text(o, "referanseDokumentfil", path);
    xml_out_text(o, "sjekksum", hash_hex(cx->arena, d->hash));
    xml_out_text(o, "sjekksumAlgoritme", S("SHA-256"));
    xml_out_i64(o, "filstoerrelse", d->bytes);
    xml_out_end(o);
    s->m->n.objects++;
    return deposit_copy_document(cx, s->m, path, d->hash, d->bytes);
}

static void document_head(struct cx *cx, struct structure *s, const struct q_deposit_registrations *r,
                          const struct q_deposit_objects *d)
{
    struct xml_out *o = &s->f.o;
    xml_out_begin(o, "dokumentbeskrivelse");
    system_id(cx, s, RECORD_UUID_DOCUMENT, d->document_id);
    xml_out_text(o, "dokumenttype", deposit_document_kind(d->kind));
    xml_out_text(o, "dokumentstatus", S("Dokumentet er ferdigstilt"));
    xml_out_text(o, "tittel", deposit_name(d->title, "Uten tittel"));
    made(cx, s, d->created_us, r->author);
    xml_out_text(o, "dokumentmedium", S("Elektronisk arkiv"));
    xml_out_text(o, "tilknyttetRegistreringSom", d->number == 1 ? S("Hoveddokument") : S("Vedlegg"));
    xml_out_i64(o, "dokumentnummer", d->number);
    xml_out_text(o, "tilknyttetDato", civil_iso_us(cx->arena, d->created_us));
    xml_out_text(o, "tilknyttetAv", deposit_name(r->employee, SYSTEM));
    s->m->n.documents++;
}

static enum err documents(struct cx *cx, struct structure *s, const struct q_deposit_registrations *r)
{
    enum err e = ERR_OK;
    int64_t open = 0;
    for (size_t i = 0; !e && i < s->n_objects; i++) {
        const struct q_deposit_objects *d = &s->objects[i];
        if (d->registration_id != r->id)
            continue;
        if (d->document_id != open) {
            if (open)
                xml_out_end(&s->f.o);
            document_head(cx, s, r, d);
            open = d->document_id;
        }
        e = object(cx, s, r, d);
    }
    if (open)
        xml_out_end(&s->f.o);
    return e;
}

/* ---- registrations ---- */

static void remark(struct cx *cx, struct structure *s, const struct q_deposit_registrations *r)
{
    if (!r->replaces_id.set)
        return;
    struct xml_out *o = &s->f.o;
    if (r->reason.p && !str_empty(str_trim(r->reason))) {
        xml_out_begin(o, "merknad");
        xml_out_text(o, "merknadstekst", r->reason);
        xml_out_text(o, "merknadstype", S("Retting"));
        xml_out_text(o, "merknadsdato", civil_iso_us(cx->arena, r->created_us));
        xml_out_text(o, "merknadRegistrertAv", deposit_name(r->author, SYSTEM));
        xml_out_end(o);
    }
    xml_out_begin(o, "kryssreferanse");
    xml_out_text(o, "referanseTilRegistrering",
                 record_uuid(cx, s->m->fonds_uuid, RECORD_UUID_REGISTRATION, r->replaces_id.v));
    xml_out_end(o);
}

static void correspondents(struct structure *s, const struct q_deposit_registrations *r)
{
    struct xml_out *o = &s->f.o;
    bool some = false;
    for (size_t i = 0; i < s->n_who; i++) {
        if (s->who[i].registration_id != r->id)
            continue;
        some = true;
        xml_out_begin(o, "korrespondansepart");
        xml_out_text(o, "korrespondanseparttype", deposit_correspondent(s->who[i].role, s->who[i].ours));
        xml_out_text(o, "korrespondansepartNavn", deposit_name(s->who[i].name, "Ukjent"));
        xml_out_end(o);
    }
    if (some || r->kind == RECORD_NOTE)
        return;
    /* the journals ask for one: an internal paper has its own unit */
    xml_out_begin(o, "korrespondansepart");
    xml_out_text(o, "korrespondanseparttype", S("Intern avsender"));
    xml_out_text(o, "korrespondansepartNavn", deposit_name(r->unit, "Ukjent"));
    xml_out_end(o);
}

static struct str posttype(int64_t kind)
{
    return kind == RECORD_INCOMING   ? S("Inngående dokument")
           : kind == RECORD_OUTGOING ? S("Utgående dokument")
                                     : S("Organinternt dokument for oppfølging");
}

static void day_of(struct cx *cx, struct xml_out *o, const char *name, struct opt_int us)
{
    if (us.set)
        xml_out_text(o, name, civil_iso_us(cx->arena, us.v));
}

static void specialisation(struct cx *cx, struct structure *s, const struct q_deposit_registrations *r)
{
    struct xml_out *o = &s->f.o;
    bool journal = r->kind != RECORD_NOTE;
    if (journal) {
        xml_out_i64(o, "journalaar", r->journal_year);
        xml_out_i64(o, "journalsekvensnummer", r->journal_seq);
        xml_out_i64(o, "journalpostnummer", r->number);
        xml_out_text(o, "journalposttype", posttype(r->kind));
        xml_out_text(o, "journalstatus", S("Arkivert"));
        xml_out_text(o, "journaldato", deposit_day(cx, r->created_us));
        s->m->n.journal++;
    }
    xml_out_text(o, "dokumentetsDato", deposit_day(cx, r->document_us));
    day_of(cx, o, "mottattDato", r->received_us);
    day_of(cx, o, "sendtDato", r->sent_us);
    if (r->documents > 1)
        xml_out_i64(o, "antallVedlegg", r->documents - 1);
    if (journal)
        xml_out_text(o, "journalenhet", r->unit);
}

static enum err registration(struct cx *cx, struct structure *s, const struct q_deposit_registrations *r)
{
    struct xml_out *o = &s->f.o;
    bool own = !str_empty(r->access_code);
    xml_out_begin(o, "registrering");
    xml_out_attr(o, "xsi:type", r->kind == RECORD_NOTE ? S("arkivnotat") : S("journalpost"));
    system_id(cx, s, RECORD_UUID_REGISTRATION, r->id);
    made(cx, s, r->created_us, r->author);
    xml_out_text(o, "arkivertDato", civil_iso_us(cx->arena, r->finished_us));
    xml_out_text(o, "arkivertAv", deposit_name(r->employee, SYSTEM));
    screening(s, own ? r->access_code : s->casefile->access_code, own ? r->access_basis : s->casefile->access_basis,
              r->kind == RECORD_OUTGOING ? "Navn på mottaker" : "Navn på avsender");
    enum err e = documents(cx, s, r);
    if (e)
        return e;
    xml_out_text(o, "registreringsID",
                 str_fmt(cx->arena, "%lld/%lld", (long long)r->journal_year, (long long)r->journal_seq));
    xml_out_text(o, "tittel", deposit_name(r->title, "Uten tittel"));
    xml_out_text(o, "offentligTittel", r->public_title);
    xml_out_text(o, "dokumentmedium", S("Elektronisk arkiv"));
    remark(cx, s, r);
    correspondents(s, r);
    specialisation(cx, s, r);
    xml_out_end(o);
    s->m->n.registrations++;
    return deposit_file_flush(cx, &s->f);
}

/* ---- case files ---- */

static void casefile_head(struct cx *cx, struct structure *s, const struct q_deposit_casefile *c)
{
    struct xml_out *o = &s->f.o;
    xml_out_begin(o, "mappe");
    xml_out_attr(o, "xsi:type", S("saksmappe"));
    system_id(cx, s, RECORD_UUID_CASEFILE, s->casefile_id);
    xml_out_text(o, "mappeID", str_fmt(cx->arena, "%lld-%06lld", (long long)c->year, (long long)c->seq));
    xml_out_text(o, "tittel", deposit_name(c->title, "Uten tittel"));
    xml_out_text(o, "offentligTittel", c->public_title);
    xml_out_text(o, "dokumentmedium", S("Elektronisk arkiv"));
    made(cx, s, c->created_us, S(""));
    closed(cx, s, c->closed_us, deposit_name(c->closed_by, str_z(cx->arena, c->unit)));
    if (c->party_id.set) {
        xml_out_begin(o, "part");
        xml_out_text(o, "partID", record_uuid(cx, s->m->fonds_uuid, 0, c->party_id.v));
        xml_out_text(o, "partNavn", deposit_name(c->party, "Ukjent"));
        xml_out_text(o, "partRolle", S("Søker"));
        xml_out_end(o);
    }
    disposal(cx, s, c);
    screening(s, c->access_code, c->access_basis, "Navn på part i sak");
}

static void casefile_tail(struct cx *cx, struct structure *s, const struct q_deposit_casefile *c)
{
    struct xml_out *o = &s->f.o;
    xml_out_i64(o, "saksaar", c->year);
    xml_out_i64(o, "sakssekvensnummer", c->seq);
    xml_out_text(o, "saksdato", deposit_day(cx, c->created_us));
    xml_out_text(o, "administrativEnhet", deposit_name(c->unit, "Ukjent"));
    xml_out_text(o, "saksansvarlig", deposit_name(c->caseworker, str_z(cx->arena, deposit_name(c->unit, "Ukjent"))));
    xml_out_text(o, "saksstatus", S("Avsluttet"));
    xml_out_end(o);
}

static enum err casefile(struct cx *cx, struct structure *s, int64_t id)
{
    struct q_deposit_casefile c;
    struct q_deposit_registrations *rows;
    struct q_deposit_correspondents *who;
    struct q_deposit_objects *objects;
    size_t n;
    enum err e = q_deposit_casefile(cx, id, &c);
    if (e || (e = q_deposit_registrations(cx, id, &rows, &n)) ||
        (e = q_deposit_correspondents(cx, id, &who, &s->n_who)) ||
        (e = q_deposit_objects(cx, id, &objects, &s->n_objects)))
        return e;
    s->casefile = &c;
    s->casefile_id = id;
    s->who = who;
    s->objects = objects;
    casefile_head(cx, s, &c);
    for (size_t i = 0; !e && i < n; i++)
        e = registration(cx, s, &rows[i]);
    if (!e)
        casefile_tail(cx, s, &c);
    s->m->n.casefiles++;
    return e;
}

static enum err class_head(struct cx *cx, struct structure *s, int64_t id)
{
    struct q_deposit_class k;
    enum err e = q_deposit_class(cx, id, &k);
    if (e)
        return e;
    xml_out_begin(&s->f.o, "klasse");
    system_id(cx, s, RECORD_UUID_CLASS, id);
    xml_out_text(&s->f.o, "klasseID", k.key);
    xml_out_text(&s->f.o, "tittel", deposit_name(k.title, "Uten tittel"));
    made(cx, s, k.created_us, S(""));
    s->m->n.classes++;
    return ERR_OK;
}

static enum err classes(struct cx *cx, struct structure *s, const struct q_deposit_casefiles *rows, size_t n)
{
    enum err e = ERR_OK;
    for (size_t i = 0; !e && i < n; i++) {
        struct arena_mark mark = arena_mark(cx->arena);
        bool first = !i || rows[i].class_id != rows[i - 1].class_id;
        if (first && i)
            xml_out_end(&s->f.o);
        if (first)
            e = class_head(cx, s, rows[i].class_id);
        if (!e)
            e = casefile(cx, s, rows[i].id);
        if (e)
            break;
        arena_reset(cx->arena, mark);
        deposit_progress(s->m, "case files", s->m->n.casefiles);
    }
    if (!e)
        xml_out_end(&s->f.o);
    return e;
}

static enum err series(struct cx *cx, struct structure *s, const struct q_deposit_series *row)
{
    const struct deposit_making *m = s->m;
    struct xml_out *o = &s->f.o;
    struct q_deposit_casefiles *rows;
    size_t n;
    enum err e = q_deposit_casefiles(cx, row->id, m->from_us, m->to_us, m->new->all, &rows, &n);
    if (e)
        return e;
    xml_out_begin(o, "arkivdel");
    system_id(cx, s, RECORD_UUID_SERIES, row->id);
    xml_out_text(o, "tittel", row->title);
    xml_out_text(o, "arkivdelstatus", S("Avsluttet periode"));
    xml_out_text(o, "dokumentmedium", S("Elektronisk arkiv"));
    made(cx, s, row->created_us, m->new->owner);
    closed(cx, s, m->to_us - SECOND_US, m->new->owner);
    xml_out_text(o, "arkivperiodeStartDato", civil_iso_day(cx->arena, m->new->from));
    xml_out_text(o, "arkivperiodeSluttDato", civil_iso_day(cx->arena, m->new->to));
    xml_out_begin(o, "klassifikasjonssystem");
    system_id(cx, s, RECORD_UUID_CLASS, row->id); /* the system of a series: no class has the id of one */
    xml_out_text(o, "klassifikasjonstype", S("Funksjonsbasert, hierarkisk"));
    xml_out_text(o, "tittel", S("Emne"));
    made(cx, s, row->created_us, m->new->owner);
    e = classes(cx, s, rows, n);
    if (!e) {
        xml_out_end(o);
        xml_out_end(o);
    }
    return e;
}

static enum err archive(struct cx *cx, struct structure *s)
{
    const struct deposit_making *m = s->m;
    struct xml_out *o = &s->f.o;
    struct q_deposit_fonds fonds;
    struct q_deposit_series *rows;
    size_t n;
    bool found;
    enum err e = q_deposit_fonds(cx, &fonds, &found);
    if (!e && !found)
        e = fail(cx, ERR_NOT_FOUND, "there is no archive");
    if (!e)
        e = q_deposit_series(cx, fonds.id, m->from_us, m->to_us, m->new->all, &rows, &n);
    if (e)
        return e;
    deposit_root(o, "arkiv");
    xml_out_text(o, "systemID", fonds.uuid);
    xml_out_text(o, "tittel", fonds.title);
    xml_out_text(o, "arkivstatus", S("Avsluttet"));
    xml_out_text(o, "dokumentmedium", S("Elektronisk arkiv"));
    made(cx, s, fonds.created_us, m->new->owner);
    closed(cx, s, m->to_us - SECOND_US, m->new->owner);
    xml_out_begin(o, "arkivskaper");
    xml_out_text(o, "arkivskaperID", m->new->owner_id);
    xml_out_text(o, "arkivskaperNavn", m->new->owner);
    xml_out_end(o);
    for (size_t i = 0; !e && i < n; i++)
        e = series(cx, s, &rows[i]);
    if (!e)
        xml_out_end(o);
    return e;
}

enum err deposit_write_structure(struct cx *cx, struct deposit_making *m)
{
    struct structure s = {.m = m};
    enum err e = deposit_file_open(cx, m->dir, "arkivstruktur.xml", &s.f);
    if (!e)
        e = archive(cx, &s);
    return deposit_file_close(cx, &s.f, e, &m->xml[FILE_STRUCTURE]);
}
