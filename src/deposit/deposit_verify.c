/* Is this a deposit as the standard wants it? The rules are in deposit_rules.tbl. Reads every file once. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codec/idno.h"
#include "deposit_check.h"

static const struct {
    const char *name, *text;
} rules[DEPOSIT_RULE_COUNT] = {
#define ROW(upper, text) {#upper, text},
#include "deposit_rules.tbl"
#undef ROW
};

const char *deposit_rule_name(enum deposit_rule rule)
{
    return rules[rule].name;
}

const char *deposit_rule_text(enum deposit_rule rule)
{
    return rules[rule].text;
}

void deposit_fault(struct checking *c, enum deposit_rule rule, int line, const char *fmt, ...)
{
    struct deposit_report *r = c->report;
    struct arena_mark mark = arena_mark(c->cx->arena);
    char text[512];
    va_list ap;
    if (rule == DEPOSIT_NOTICE)
        r->warnings++;
    else
        r->total++;
    if (r->faults[rule]++ >= DEPOSIT_TOLD || !r->fault)
        return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    for (char *p = text; *p; p++) /* what a foreigner wrote goes to a terminal */
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            *p = ' ';
    struct str detail = line ? str_fmt(c->cx->arena, "%s:%d: %s", c->name, line, text)
                             : str_fmt(c->cx->arena, "%s%s%s", c->name, *c->name ? ": " : "", text);
    r->fault(r->ctx, rule, detail);
    arena_reset(c->cx->arena, mark);
}

void deposit_check_progress(struct checking *c, const char *what, int64_t n)
{
    if (c->report->tell)
        c->report->tell(c->report->ctx, what, n);
}

/* ---- what every XML file is asked ---- */

static void on_xml_fault(void *ctx, enum xml_stream_fault kind, int line, struct str detail)
{
    deposit_fault(ctx, kind == XML_STREAM_FORM ? DEPOSIT_FORM : DEPOSIT_SCHEMA, line, "%.*s", STR_ARG(detail));
}

static void on_element(void *ctx, const struct xml_at *at)
{
    struct checking *c = ctx;
    for (size_t i = 0; i < c->addml.n_counts; i++)
        if (str_eq_z(at->name, c->addml.count[i].element) && !strcmp(c->addml.count[i].file, c->name))
            c->addml.count[i].found++;
    c->vsm |= str_eq(at->name, S("virksomhetsspesifikkeMetadata"));
}

static void refer(struct checking *c, int line, struct str id)
{
    bool new;
    struct deposit_entry *e = deposit_set_put(&c->refs, deposit_key_of(str_trim(id)), c->file + 1, &new);
    if (new)
        e->line = (uint32_t)line;
}

/* References that must lie in the package; those to another period's series and to meetings need not. */
static bool is_reference(struct str name)
{
    static const char *const names[] = {"referanseTilKlasse",
                                        "referanseTilMappe",
                                        "referanseTilRegistrering",
                                        "referanseArkivdel",
                                        "referanseSekundaerKlassifikasjon",
                                        "referanseAvskrivesAvJournalpost",
                                        "referanseArkivenhet"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq_z(name, names[i]))
            return true;
    return false;
}

static void on_leaf(void *ctx, const struct xml_at *at, struct str text)
{
    struct checking *c = ctx;
    if (str_empty(str_trim(text)) && !str_eq(at->name, S("virksomhetsspesifikkeMetadata")))
        deposit_fault(c, DEPOSIT_EMPTY, at->line, "<%.*s> is empty", STR_ARG(at->name));
    else if (is_reference(at->name))
        refer(c, at->line, text);
}

/* ---- the structure ---- */

static bool one_of(struct str value, const char *const *words)
{
    for (; *words; words++)
        if (str_ieq(value, str_of(*words)))
            return true;
    return false;
}

static void check_identity(struct checking *c, const struct deposit_unit *u)
{
    struct str id = u->field[FIELD_SYSTEM_ID];
    bool new;
    if (!id.n) /* the schema tells that it is missing */
        return;
    struct deposit_entry *e = deposit_set_put(&c->ids, deposit_key_of(id), (uint32_t)u->kind + 1, &new);
    if (!new)
        deposit_fault(c, DEPOSIT_UNIQUE, u->line, "systemID %.*s is also in line %u", STR_ARG(id), e->line);
    e->line = new ? (uint32_t)u->line : e->line;
    if (u->journal)
        e->note |= NOTE_JOURNAL;
}

static void check_period(struct checking *c, const struct deposit_unit *u)
{
    struct str day = str_slice(u->field[FIELD_CREATED], 0, 10);
    if (day.n < 10)
        return;
    if (!strcmp(c->addml.in, "skarpt") && c->addml.from[0] && str_cmp(day, str_of(c->addml.from)) < 0)
        deposit_fault(c, DEPOSIT_PERIOD, u->line, "registered on %.*s, before the period, whose beginning is sharp",
                      STR_ARG(day));
    if (!strcmp(c->addml.out, "skarpt") && c->addml.to[0] && str_cmp(day, str_of(c->addml.to)) > 0)
        deposit_fault(c, DEPOSIT_PERIOD, u->line, "registered on %.*s, after the period, whose end is sharp",
                      STR_ARG(day));
}

struct hash deposit_entry_hash(struct str id, struct str year, struct str seq, struct str number)
{
    struct hash_state st;
    struct deposit_key key = deposit_key_of(str_trim(id));
    struct str parts[] = {year, seq, number};
    hash_init(&st);
    hash_update(&st, key.b, sizeof key.b);
    for (int i = 0; i < 3; i++) {
        int64_t v = -1;
        str_to_i64(str_trim(parts[i]), &v);
        hash_update(&st, &v, sizeof v);
    }
    return hash_final(&st);
}

static void check_registration(struct checking *c, struct deposit_unit *u)
{
    static const char *const done[] = {"Arkivert", "A", "Utgår", "U", NULL};
    const struct deposit_unit *in = u->parent;
    c->report->registrations++;
    check_period(c, u);
    if (!u->n_units)
        deposit_fault(c, DEPOSIT_NOTICE, u->line, "a registration without a document");
    if (!u->journal)
        return;
    c->report->journal++;
    sum_add(&c->sum[SUM_STRUCTURE], deposit_entry_hash(u->field[FIELD_SYSTEM_ID], u->field[FIELD_JOURNAL_YEAR],
                                                       u->field[FIELD_JOURNAL_SEQ], u->field[FIELD_JOURNAL_NUMBER]));
    if (!u->n_correspondents)
        deposit_fault(c, DEPOSIT_HOLLOW, u->line, "journal entry %.*s/%.*s has no correspondent",
                      STR_ARG(u->field[FIELD_JOURNAL_YEAR]), STR_ARG(u->field[FIELD_JOURNAL_SEQ]));
    if (in && in->kind == UNIT_CASEFILE && in->field[FIELD_CLOSED].n && !one_of(u->field[FIELD_JOURNAL_STATUS], done))
        deposit_fault(c, DEPOSIT_CLOSED, u->line, "the case file is closed, this entry is \"%.*s\"",
                      STR_ARG(u->field[FIELD_JOURNAL_STATUS]));
}

static void check_casefile(struct checking *c, const struct deposit_unit *u)
{
    static const char *const done[] = {"Avsluttet", "A", "Utgår", "U", NULL};
    c->report->casefiles++;
    if (u->field[FIELD_CLOSED].n && u->field[FIELD_CASEFILE_STATUS].n && !one_of(u->field[FIELD_CASEFILE_STATUS], done))
        deposit_fault(c, DEPOSIT_CLOSED, u->line, "closed on %.*s, and its status is \"%.*s\"",
                      STR_ARG(u->field[FIELD_CLOSED]), STR_ARG(u->field[FIELD_CASEFILE_STATUS]));
    if (!u->n_units)
        deposit_fault(c, DEPOSIT_NOTICE, u->line, "a case file without a registration");
}

static void check_document(struct checking *c, const struct deposit_unit *u)
{
    static const char *const done[] = {"Dokumentet er ferdigstilt", "F", NULL};
    c->report->documents++;
    if (u->field[FIELD_DOCUMENT_STATUS].n && !one_of(u->field[FIELD_DOCUMENT_STATUS], done))
        deposit_fault(c, DEPOSIT_CLOSED, u->line, "the document is \"%.*s\"", STR_ARG(u->field[FIELD_DOCUMENT_STATUS]));
    if (!u->n_units)
        deposit_fault(c, DEPOSIT_NOTICE, u->line, "a document without a file");
}

static void on_unit(void *ctx, struct deposit_unit *u)
{
    struct checking *c = ctx;
    check_identity(c, u);
    c->screened |= u->screened;
    c->disposed |= u->disposed;
    c->to_dispose |= u->to_dispose;
    if (u->kind == UNIT_CASEFILE)
        check_casefile(c, u);
    else if (u->kind == UNIT_REGISTRATION)
        check_registration(c, u);
    else if (u->kind == UNIT_DOCUMENT)
        check_document(c, u);
    else if (u->kind == UNIT_OBJECT)
        deposit_check_file(c, u);
    else if (u->kind == UNIT_CLASS && !u->n_units)
        deposit_fault(c, DEPOSIT_NOTICE, u->line, "a class with nothing in it");
    if (u->kind == UNIT_CASEFILE)
        deposit_check_progress(c, "case files", c->report->casefiles);
}

static enum err check_structure(struct checking *c, int fd, struct xml_schema *schema)
{
    struct deposit_reading r = {
        .cx = c->cx, .ctx = c, .end = on_unit, .element = on_element, .leaf = on_leaf, .fault = on_xml_fault};
    return deposit_read_structure(&r, fd, schema);
}

/* ---- the journals and the log of changes ---- */

struct journal {
    struct checking *c;
    enum sum which;
    bool open;                                /* the public one */
    struct str id, year, seq, number, inside; /* of the entry that is being read */
    char room[4][64];
    int64_t n, said, last_year, last_seq;
    int line, correspondents;
};

static struct str keep(char room[64], struct str text)
{
    struct str t = str_trim(text);
    size_t n = t.n < 64 ? t.n : 64;
    if (n) /* an empty text has no address */
        memcpy(room, t.p, n);
    return str_make(room, n);
}

static void journal_begin(void *ctx, const struct xml_at *at)
{
    struct journal *j = ctx;
    on_element(j->c, at);
    if (str_eq(at->name, S("journalpost"))) {
        j->id = j->year = j->seq = j->number = S("");
        j->line = at->line;
        j->correspondents = 0;
        j->inside = S("journalpost");
    } else if (str_eq(at->name, S("saksmappe")) || str_eq(at->name, S("klasse"))) {
        j->inside = S("");
    }
    j->correspondents += str_eq(at->name, S("korrespondansepart"));
}

static void journal_entry(struct journal *j)
{
    struct checking *c = j->c;
    struct deposit_entry *e = deposit_set_get(&c->ids, deposit_key_of(j->id));
    int64_t year = 0, seq = 0;
    j->n++;
    sum_add(&c->sum[j->which], deposit_entry_hash(j->id, j->year, j->seq, j->number));
    if (!e || !(e->note & NOTE_JOURNAL))
        deposit_fault(c, DEPOSIT_JOURNAL, j->line, "entry %.*s is not a journal entry of the structure",
                      STR_ARG(j->id));
    str_to_i64(j->year, &year);
    str_to_i64(j->seq, &seq);
    if (year < j->last_year || (year == j->last_year && seq <= j->last_seq))
        deposit_fault(c, DEPOSIT_JOURNAL, j->line, "entry %lld/%lld stands after %lld/%lld", (long long)year,
                      (long long)seq, (long long)j->last_year, (long long)j->last_seq);
    j->last_year = year;
    j->last_seq = seq;
    j->inside = S("");
}

static void journal_end(void *ctx, const struct xml_at *at, bool leaf, struct str text)
{
    struct journal *j = ctx;
    size_t begin, end;
    if (leaf)
        on_leaf(j->c, at, text);
    if (str_eq(at->name, S("journalpost")))
        journal_entry(j);
    else if (str_eq(at->name, S("antallJournalposter")))
        str_to_i64(str_trim(text), &j->said);
    if (leaf && j->open && idno_find(text, 0, &begin, &end) &&
        (str_eq(at->name, S("offentligTittel")) || str_eq(at->name, S("tittel")) ||
         str_eq(at->name, S("korrespondansepartNavn"))))
        deposit_fault(j->c, DEPOSIT_IDENTITY, at->line, "what looks like an identity number in <%.*s>",
                      STR_ARG(at->name));
    if (!leaf || str_empty(j->inside))
        return;
    if (str_eq(at->name, S("systemID")))
        j->id = keep(j->room[0], text);
    else if (str_eq(at->name, S("journalaar")))
        j->year = keep(j->room[1], text);
    else if (str_eq(at->name, S("journalsekvensnummer")))
        j->seq = keep(j->room[2], text);
    else if (str_eq(at->name, S("journalpostnummer")))
        j->number = keep(j->room[3], text);
}

static void journal_fault(void *ctx, enum xml_stream_fault kind, int line, struct str detail)
{
    struct journal *j = ctx;
    on_xml_fault(j->c, kind, line, detail);
}

static enum err check_journal(struct checking *c, int fd, struct xml_schema *schema, bool open)
{
    struct journal j = {.c = c, .which = open ? SUM_PUBLIC : SUM_RUNNING, .open = open, .said = -1};
    struct xml_events events = {.ctx = &j, .begin = journal_begin, .end = journal_end, .fault = journal_fault};
    enum err e = xml_stream(c->cx, fd, schema, &events);
    if (j.said != j.n)
        deposit_fault(c, DEPOSIT_COUNT, 0, "antallJournalposter says %lld, there are %lld", (long long)j.said,
                      (long long)j.n);
    if (j.n != c->report->journal)
        deposit_fault(c, DEPOSIT_JOURNAL, 0, "%lld entries, the structure has %lld", (long long)j.n,
                      (long long)c->report->journal);
    else if (!hash_eq(c->sum[j.which], c->sum[SUM_STRUCTURE]))
        deposit_fault(c, DEPOSIT_JOURNAL, 0, "the numbers of its entries are not those of the structure");
    return e;
}

static void change_begin(void *ctx, const struct xml_at *at)
{
    struct checking *c = ctx;
    on_element(c, at);
    c->report->changes += str_eq(at->name, S("endring"));
}

static void change_end(void *ctx, const struct xml_at *at, bool leaf, struct str text)
{
    if (leaf)
        on_leaf(ctx, at, text);
}

static enum err check_changes(struct checking *c, int fd, struct xml_schema *schema)
{
    struct xml_events events = {.ctx = c, .begin = change_begin, .end = change_end, .fault = on_xml_fault};
    return xml_stream(c->cx, fd, schema, &events);
}

/* ---- the description ---- */

static void addml_leaf(void *ctx, const struct xml_at *at, struct str text)
{
    on_leaf(ctx, at, text);
}

static enum err check_description(struct checking *c, int fd, struct xml_schema *schema)
{
    struct addml_reading r = {.addml = &c->addml, .ctx = c, .leaf = addml_leaf, .fault = on_xml_fault};
    return deposit_read_addml(c->cx, &r, fd, schema);
}

static void check_said(struct checking *c, const char *name, const char *said, bool so)
{
    if (said[0] && strcmp(said, so ? "true" : "false"))
        deposit_fault(c, DEPOSIT_FLAG, 0, "%s says %s, and it is not so", name, said);
}

static void check_addml_sums(struct checking *c)
{
    for (size_t i = 0; i < c->addml.n_files; i++) {
        const struct addml_file *f = &c->addml.file[i];
        if (!f->sum[0]) /* named again, without its checksum */
            continue;
        deposit_check_named(c, f);
    }
    for (int i = 0; i < FILE_XML_COUNT + DEPOSIT_SCHEMAS - 1; i++) {
        char xml[64];
        snprintf(xml, sizeof xml, "%s.xml", i < FILE_XML_COUNT ? deposit_names[i] : "");
        const char *name = i < FILE_XML_COUNT ? xml : deposit_schemas[i - FILE_XML_COUNT];
        bool named = false;
        for (size_t k = 0; k < c->addml.n_files; k++)
            named |= c->addml.file[k].sum[0] && !strcmp(c->addml.file[k].name, name);
        if (!named)
            deposit_fault(c, DEPOSIT_CHECKSUM, 0, "%s is not named with a checksum", name);
    }
}

static void check_description_again(struct checking *c)
{
    struct addml *a = &c->addml;
    c->name = "arkivuttrekk.xml";
    check_addml_sums(c);
    for (size_t i = 0; i < a->n_counts; i++)
        if (a->count[i].n != a->count[i].found)
            deposit_fault(c, DEPOSIT_COUNT, a->count[i].line, "says %lld of %s in %s, there are %lld",
                          (long long)a->count[i].n, a->count[i].element, a->count[i].file,
                          (long long)a->count[i].found);
    if (!a->n_counts)
        deposit_fault(c, DEPOSIT_COUNT, 0, "says no counts");
    if (a->documents != c->report->objects)
        deposit_fault(c, DEPOSIT_COUNT, 0, "antallDokumentfiler says %lld, there are %lld", (long long)a->documents,
                      (long long)c->report->objects);
    check_said(c, "inneholderSkjermetInformasjon", a->screened, c->screened);
    check_said(c, "omfatterDokumenterSomErKassert", a->disposed, c->disposed);
    check_said(c, "inneholderDokumenterSomSkalKasseres", a->to_dispose, c->to_dispose);
    check_said(c, "inneholderVirksomhetsspesifikkeMetadata", a->vsm, c->vsm);
    day_t from, to;
    if (!civil_parse_day(str_of(a->from), &from) || !civil_parse_day(str_of(a->to), &to) || to < from)
        deposit_fault(c, DEPOSIT_PERIOD, 0, "startDate \"%s\" and endDate \"%s\" are no period", a->from, a->to);
}

/* ---- all of it ---- */

static const struct {
    const char *xml, *xsd;
} parts[] = {{"arkivuttrekk.xml", "addml.xsd"},
             {"arkivstruktur.xml", "arkivstruktur.xsd"},
             {"loependeJournal.xml", "loependeJournal.xsd"},
             {"offentligJournal.xml", "offentligJournal.xsd"},
             {"endringslogg.xml", "endringslogg.xsd"}};
enum { PARTS = sizeof parts / sizeof *parts };

static enum err check_part(struct checking *c, int i)
{
    struct xml_schema *schema = NULL;
    enum err e = ERR_OK;
    c->name = parts[i].xml;
    c->file = (uint32_t)i;
    int fd = deposit_open_inside(c, parts[i].xml);
    if (fd < 0) {
        deposit_fault(c, DEPOSIT_FILES, 0, "missing: %s", strerror(errno));
        return ERR_OK;
    }
    if (xml_schema_load(c->cx, c->report->schemas ? c->report->schemas : c->dir, parts[i].xsd, &schema))
        deposit_fault(c, DEPOSIT_SCHEMA, 0, "cannot be checked by %s: %.*s", parts[i].xsd, STR_ARG(c->cx->fail.detail));
    switch (i) {
    case 0:
        e = check_description(c, fd, schema);
        break;
    case 1:
        e = check_structure(c, fd, schema);
        break;
    case 4:
        e = check_changes(c, fd, schema);
        break;
    default:
        e = check_journal(c, fd, schema, i == 3);
        break;
    }
    xml_schema_free(schema);
    close(fd);
    return e;
}

static void check_references(struct checking *c)
{
    for (size_t i = 0; i < c->refs.cap; i++) {
        const struct deposit_entry *e = &c->refs.at[i];
        if (!e->note || deposit_set_get(&c->ids, e->key))
            continue;
        c->name = parts[(e->note - 1) % PARTS].xml;
        deposit_fault(c, DEPOSIT_REFERENCE, (int)e->line, "refers to what is not in the structure");
    }
}

static enum err check_all(struct checking *c)
{
    enum err e = ERR_OK;
    deposit_check_schemas(c);
    for (int i = 0; !e && i < PARTS; i++)
        e = check_part(c, i);
    if (e)
        return e;
    check_references(c);
    check_description_again(c);
    c->name = "";
    return deposit_check_orphans(c);
}

enum err deposit_verify(struct cx *cx, const char *dir, struct deposit_report *report)
{
    struct checking *c = calloc(1, sizeof *c);
    if (!c)
        return fail(cx, ERR_INTERNAL, "no memory");
    *c = (struct checking){.cx = cx, .dir = dir, .report = report, .name = ""};
    report->total = report->warnings = 0;
    memset(report->faults, 0, sizeof report->faults);
    report->casefiles = report->registrations = report->journal = report->documents = report->objects = report->bytes =
        report->changes = 0;
    enum err e = ERR_OK;
    if ((c->dirfd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
        e = fail(cx, ERR_IO, "%s: %s", dir, strerror(errno));
    else
        e = check_all(c);
    if (c->dirfd >= 0)
        close(c->dirfd);
    deposit_set_done(&c->ids);
    deposit_set_done(&c->refs);
    deposit_set_done(&c->paths);
    free(c);
    return e;
}
