/* Values of Noark's code lists: in a deposit each code stands in words (Noark 5 version 5.5, annex 2). They are in
   Norwegian whatever the municipality speaks: the standard's own words. */
#include <string.h>

#include "codec/filetype.h"
#include "deposit_internal.h"

const char *const deposit_names[FILE_XML_COUNT] = {"arkivstruktur", "endringslogg", "loependeJournal",
                                                   "offentligJournal"};
const char *const deposit_schemas[DEPOSIT_SCHEMAS] = {"arkivstruktur.xsd",   "endringslogg.xsd",
                                                      "loependeJournal.xsd", "offentligJournal.xsd",
                                                      "metadatakatalog.xsd", "addml.xsd"};

struct word {
    const char *key, *value;
};

static struct str find(const struct word *words, size_t n, struct str key, struct str otherwise)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq_z(key, words[i].key))
            return str_of(words[i].value);
    return otherwise;
}
#define FIND(words, key, otherwise) find((words), sizeof(words) / sizeof *(words), (key), (otherwise))

struct str deposit_access(struct str code)
{
    static const struct word words[] = {
        {"", ""},           {"U", "Unntatt offentlighet"}, {"UO", "Unntatt offentlighet"}, {"B", "Begrenset"},
        {"F", "Fortrolig"}, {"P", "Personalsaker"},        {"KL", "Klientsaker"}};
    return FIND(words, code, code);
}

struct str deposit_correspondent(int64_t role, bool ours)
{
    static const char *const words[2][4] = {{"", "Avsender", "Mottaker", "Kopimottaker"},
                                            {"", "Intern avsender", "Intern mottaker", "Intern kopimottaker"}};
    return str_of(words[ours][role >= 1 && role <= 3 ? role : 1]);
}

struct str deposit_document_kind(struct str kind)
{
    static const struct word words[] = {{"application", "Søknad"}, {"attachment", "Vedlegg"}, {"letter", "Brev"},
                                        {"note", "Notat"},         {"appeal", "Klage"},       {"question", "Brev"},
                                        {"answer", "Svar"},        {"call", "Notat"}};
    return FIND(words, kind, str_empty(kind) ? S("Dokument") : kind);
}

struct str deposit_format(struct str pronom, struct str mime)
{
    static const struct word words[] = {
        {"application/pdf", "PDF"},
        {"application/json", "JSON"},
        {"text/markdown", "Markdown"},
        {"text/plain", "Ren tekst UTF-8"},
        {"text/csv", "CSV"},
        {"image/jpeg", "JPEG"},
        {"image/png", "PNG"},
        {"image/heic", "HEIC"},
        {"image/tiff", "TIFF"},
        {"message/rfc822", "E-post (RFC 5322)"},
        {"application/xml", "XML"},
        {"application/vnd.oasis.opendocument.text", "OpenDocument Text"},
        {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Office Open XML Word"},
    };
    if (pronom.n)
        return pronom;
    return FIND(words, mime, S("av/0")); /* the code list's word for a format that is not known */
}

struct str deposit_extension(struct cx *cx, struct str mime, struct str file_name)
{
    static const struct word words[] = {{"application/json", "json"},
                                        {"text/markdown", "md"},
                                        {"text/csv", "csv"},
                                        {"message/rfc822", "eml"},
                                        {"application/xml", "xml"}};
    const struct filetype *known = filetype_find(mime);
    struct str by_mime = known ? str_of(known->extension) : FIND(words, mime, S(""));
    if (by_mime.n)
        return by_mime;
    size_t dot = file_name.n;
    while (dot && file_name.p[dot - 1] != '.')
        dot--;
    struct str ext = dot ? str_lower_ascii(cx->arena, str_slice(file_name, dot, file_name.n)) : S("");
    for (size_t i = 0; i < ext.n; i++)
        if (!((ext.p[i] >= 'a' && ext.p[i] <= 'z') || (ext.p[i] >= '0' && ext.p[i] <= '9')))
            return S("bin");
    return ext.n && ext.n <= 8 ? ext : S("bin");
}

struct str deposit_name(struct str name, const char *otherwise)
{
    return str_empty(str_trim(name)) ? str_of(otherwise) : name;
}

struct str deposit_day(struct cx *cx, int64_t us)
{
    return civil_iso_day(cx->arena, civil_day_of_us(us));
}
