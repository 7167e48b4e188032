/* eInnsyn's documents say two things of the fields "…Sensitiv": its specification that they hold the text with names,
   its guide that they are the text shown for ever, without. We send what is public now in both, and mend it when a name
   goes after a year: right whichever holds. */
#include "journal_einnsyn.h"

#include "municipality/municipality.h"

static void external_id(struct cx *cx, struct json_out *o, struct str no)
{
    json_pair(o, "externalId", str_fmt(cx->arena, "%.*s:%.*s", STR_ARG(cx->muni->key), STR_ARG(no)));
}

static void system_id(struct json_out *o, struct str id)
{
    if (id.n)
        json_pair(o, "systemId", id);
}

/* "2026-000012" as two numbers. */
static void year_and_number(struct json_out *o, const char *year_key, const char *number_key, struct str no)
{
    struct str rest = no, year, number;
    int64_t y = 0, n = 0;
    str_cut(&rest, '-', &year);
    str_cut(&rest, '-', &number);
    str_to_i64(year, &y);
    str_to_i64(number, &n);
    json_key(o, year_key);
    json_i64(o, y);
    json_key(o, number_key);
    json_i64(o, n);
}

void einnsyn_casefile(struct cx *cx, struct json_out *o, const struct journal_entry *r, const struct einnsyn_ids *ids)
{
    system_id(o, ids->casefile);
    external_id(cx, o, r->casefile_no);
    json_pair(o, "offentligTittel", r->casefile_title);
    json_pair(o, "offentligTittelSensitiv", r->casefile_title);
    year_and_number(o, "saksaar", "sakssekvensnummer", r->casefile_no);
    json_pair(o, "administrativEnhet", r->unit_key);
}

void einnsyn_who(struct json_out *o, const struct journal_entry *r, const struct einnsyn_ids *ids)
{
    system_id(o, ids->who);
    json_pair(o, "korrespondanseparttype", r->kind == RECORD_INCOMING ? S("avsender") : S("mottaker"));
    json_pair(o, "korrespondansepartNavn", r->who);
    json_pair(o, "korrespondansepartNavnSensitiv", r->who);
}

static void hanging_on_it(struct json_out *o, const struct journal_entry *r, const struct einnsyn_ids *ids)
{
    if (r->access_code.n) {
        json_key(o, "skjerming");
        json_begin_object(o);
        json_pair(o, "tilgangsrestriksjon", r->access_code);
        json_pair(o, "skjermingshjemmel", r->access_basis);
        json_end(o);
    }
    json_key(o, "korrespondansepart");
    json_begin_array(o);
    if (r->who.n) {
        json_begin_object(o);
        einnsyn_who(o, r, ids);
        json_end(o);
    }
    json_end(o);
}

void einnsyn_entry(struct cx *cx, struct json_out *o, const struct journal_entry *r, const struct einnsyn_ids *ids,
                   bool whole)
{
    system_id(o, ids->entry);
    external_id(cx, o, r->no);
    json_pair(o, "offentligTittel", r->title);
    json_pair(o, "offentligTittelSensitiv", r->title);
    year_and_number(o, "journalaar", "journalsekvensnummer", r->no);
    json_key(o, "journalpostnummer");
    json_i64(o, r->number);
    json_pair(o, "journalposttype", r->kind == RECORD_INCOMING ? S("inngaaende_dokument") : S("utgaaende_dokument"));
    json_pair(o, "journaldato", civil_iso_day(cx->arena, r->day));
    json_pair(o, "dokumentetsDato", civil_iso_day(cx->arena, r->document_day));
    json_pair(o, "administrativEnhet", r->unit_key);
    if (whole)
        hanging_on_it(o, r, ids);
}

void einnsyn_file_and_entry(struct cx *cx, struct json_out *o, const struct journal_entry *r)
{
    struct einnsyn_ids none = {0};
    json_begin_object(o);
    einnsyn_casefile(cx, o, r, &none);
    json_key(o, "journalpost");
    json_begin_array(o);
    json_begin_object(o);
    einnsyn_entry(cx, o, r, &none, true);
    json_end(o);
    json_end(o);
    json_end(o);
}

static bool is_word(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z') || s.p[i] == '.' || s.p[i] == '_'))
            return false;
    return s.n > 0 && s.n <= 60;
}

struct str einnsyn_complaint(struct cx *cx, struct str answer)
{
    struct buf b = buf_make(cx->arena);
    struct json *doc;
    if (json_parse(cx, answer, &doc))
        return S("");
    const struct json *fields = json_get(doc, "fieldError");
    struct str type = json_text(doc, "type");
    if (is_word(type))
        buf_fmt(&b, " %" PRI_STR, STR_ARG(type));
    for (size_t i = 0; fields && fields->kind == JSON_LIST && i < fields->n && i < 5; i++)
        if (is_word(json_text(fields->items[i], "fieldName")))
            buf_fmt(&b, "%s%" PRI_STR, i ? ", " : ": ", STR_ARG(json_text(fields->items[i], "fieldName")));
    return buf_str(&b);
}
