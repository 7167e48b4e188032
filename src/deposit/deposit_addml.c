/* arkivuttrekk.xml: what the package is, in ADDML 8.3, arranged as the National Archives' profile for Noark 5 asks. */
#include "deposit_internal.h"

static void property(struct xml_out *o, const char *name, struct str value)
{
    xml_out_begin(o, "property");
    xml_out_attr(o, "name", str_of(name));
    xml_out_text(o, "value", value);
    xml_out_end(o);
}

static void typed(struct xml_out *o, const char *name, const char *type, struct str value)
{
    xml_out_begin(o, "property");
    xml_out_attr(o, "name", str_of(name));
    xml_out_attr(o, "dataType", str_of(type));
    xml_out_text(o, "value", value);
    xml_out_end(o);
}

/* Opens a property with a value and a list of properties inside; ends with close_group. */
static void group(struct xml_out *o, const char *name, struct str value)
{
    xml_out_begin(o, "property");
    xml_out_attr(o, "name", str_of(name));
    xml_out_text(o, "value", value);
    xml_out_begin(o, "properties");
}

static void close_group(struct xml_out *o)
{
    xml_out_end(o);
    xml_out_end(o);
}

static void element(struct xml_out *o, const char *name, struct str value)
{
    xml_out_begin(o, "additionalElement");
    xml_out_attr(o, "name", str_of(name));
    xml_out_text(o, "value", value);
    xml_out_end(o);
}

static void file(struct cx *cx, struct xml_out *o, struct str name, struct hash hash)
{
    group(o, "file", S(""));
    property(o, "name", name);
    group(o, "format", S("XML"));
    property(o, "version", S("1.0"));
    close_group(o);
    group(o, "checksum", S(""));
    property(o, "algorithm", S("SHA-256"));
    property(o, "value", hash_hex(cx->arena, hash));
    close_group(o);
    close_group(o);
}

static void schema(struct cx *cx, struct xml_out *o, const struct deposit_making *m, int which, bool main)
{
    group(o, "schema", main ? S("main") : S(""));
    file(cx, o, str_of(deposit_schemas[which]), m->xsd[which]);
    group(o, "type", S("XML Schema"));
    property(o, "version", S("1.0"));
    close_group(o);
    close_group(o);
}

static void occurrences(struct cx *cx, struct xml_out *o, const char *name, int64_t n)
{
    group(o, "numberOfOccurrences", str_of(name));
    property(o, "elementPath", str_fmt(cx->arena, "//%s", name));
    typed(o, "value", "integer", str_fmt(cx->arena, "%lld", (long long)n));
    close_group(o);
}

static void data_object(struct cx *cx, struct xml_out *o, const struct deposit_making *m, enum deposit_file_kind kind)
{
    enum { METADATA = 4 };
    xml_out_begin(o, "dataObject");
    xml_out_attr(o, "name", str_of(deposit_names[kind]));
    xml_out_begin(o, "properties");
    file(cx, o, str_fmt(cx->arena, "%s.xml", deposit_names[kind]), m->xml[kind]);
    schema(cx, o, m, (int)kind, true);
    schema(cx, o, m, METADATA, false);
    group(o, "info", S(""));
    switch (kind) {
    case FILE_STRUCTURE:
        occurrences(cx, o, "mappe", m->n.casefiles);
        occurrences(cx, o, "registrering", m->n.registrations);
        break;
    case FILE_CHANGES:
        occurrences(cx, o, "endring", m->n.changes);
        break;
    case FILE_RUNNING:
    case FILE_PUBLIC:
    case FILE_XML_COUNT:
        occurrences(cx, o, "journalregistrering", m->n.journal);
        break;
    }
    close_group(o);
    xml_out_end(o);
    xml_out_end(o);
}

static void context(struct cx *cx, struct xml_out *o, const struct deposit_making *m)
{
    xml_out_begin(o, "reference");
    xml_out_begin(o, "context");
    xml_out_begin(o, "additionalElements");
    xml_out_begin(o, "additionalElement");
    xml_out_attr(o, "name", S("recordCreators"));
    xml_out_begin(o, "additionalElements");
    element(o, "recordCreator", m->new->owner);
    xml_out_end(o);
    xml_out_end(o);
    element(o, "systemType", S("Sakarkiv (Noark 5)"));
    element(o, "systemName", S("Indgang"));
    element(o, "archive", m->new->owner);
    xml_out_end(o);
    xml_out_end(o);
    xml_out_begin(o, "content");
    xml_out_begin(o, "additionalElements");
    xml_out_begin(o, "additionalElement");
    xml_out_attr(o, "name", S("archivalPeriod"));
    xml_out_begin(o, "properties");
    property(o, "startDate", civil_iso_day(cx->arena, m->new->from));
    property(o, "endDate", civil_iso_day(cx->arena, m->new->to));
    for (int i = 0; i < 5; i++)
        xml_out_end(o); /* properties, additionalElement(s), content, reference */
}

static struct str boolean(bool v)
{
    return v ? S("true") : S("false");
}

static void info(struct cx *cx, struct xml_out *o, const struct deposit_making *m)
{
    xml_out_begin(o, "properties");
    group(o, "info", S(""));
    group(o, "type", S("Noark 5"));
    property(o, "version", S("5.5"));
    close_group(o);
    group(o, "additionalInfo", S(""));
    group(o, "periode", S(""));
    /* a case file goes with the period in which it closed: it may have begun in the one before */
    property(o, "inngaaendeSkille", S("mykt"));
    property(o, "utgaaendeSkille", S("mykt"));
    close_group(o);
    typed(o, "inneholderSkjermetInformasjon", "boolean", boolean(m->screened));
    typed(o, "omfatterDokumenterSomErKassert", "boolean", boolean(false) /* what was erased is not in the structure */);
    typed(o, "inneholderDokumenterSomSkalKasseres", "boolean", boolean(m->disposable));
    typed(o, "inneholderVirksomhetsspesifikkeMetadata", "boolean", boolean(false));
    typed(o, "antallDokumentfiler", "integer", str_fmt(cx->arena, "%lld", (long long)m->n.objects));
    close_group(o);
    close_group(o);
    xml_out_end(o);
}

enum err deposit_write_description(struct cx *cx, struct deposit_making *m)
{
    struct deposit_file f;
    struct hash hash;
    enum err e = deposit_file_open(cx, m->dir, "arkivuttrekk.xml", &f);
    if (e)
        return e;
    struct xml_out *o = &f.o;
    xml_out_begin(o, "addml");
    xml_out_attr(o, "xmlns", S("http://www.arkivverket.no/standarder/addml"));
    xml_out_attr(o, "xmlns:xsi", S("http://www.w3.org/2001/XMLSchema-instance"));
    xml_out_attr(o, "xsi:schemaLocation", S("http://www.arkivverket.no/standarder/addml addml.xsd"));
    xml_out_attr(o, "name", S("Noark 5-arkivuttrekk"));
    xml_out_begin(o, "dataset");
    xml_out_text(o, "description", S("Noark 5-arkivuttrekk"));
    context(cx, o, m);
    xml_out_begin(o, "dataObjects");
    xml_out_begin(o, "dataObject");
    xml_out_attr(o, "name", S("Noark 5-arkivuttrekk"));
    info(cx, o, m);
    xml_out_begin(o, "dataObjects");
    for (int k = 0; k < FILE_XML_COUNT; k++)
        data_object(cx, o, m, (enum deposit_file_kind)k);
    while (o->depth)
        xml_out_end(o);
    return deposit_file_close(cx, &f, ERR_OK, &hash);
}
