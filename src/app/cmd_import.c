/* indgang import: forms of others become service folders; indgang export: what goes out of one. */
#include <string.h>

#include "app/app.h"
#include "import/import.h"

enum { IMPORT_BYTES = 8 << 20 };

static int wrong(const char *usage)
{
    fprintf(stderr, "indgang: expected: indgang %s\n", usage);
    return 2;
}

/* "services/x/" is the folder of the service x. */
static struct str last_part(struct str path)
{
    struct str rest = path, piece, last = {0};
    while (str_cut(&rest, '/', &piece))
        if (piece.n)
            last = piece;
    return last;
}

static enum err read_source(struct cx *cx, const struct app_options *o, struct import_source *s)
{
    s->name = str_of(o->args[2]);
    s->key = last_part(str_of(o->to));
    s->translations_name = str_of(o->translations);
    enum err e = file_read(cx, s->name, IMPORT_BYTES, &s->text);
    if (!e && o->translations)
        e = file_read(cx, s->translations_name, IMPORT_BYTES, &s->translations);
    return e;
}

static int tell(const struct app_options *o, const struct import_result *r)
{
    printf("%s: %zu questions; %zu of %zu conditions and %zu of %zu validations translated\n", o->to, r->questions,
           r->conditions_kept, r->conditions, r->validations_kept, r->validations);
    printf("%zu %s to decide, and what must be written: %s/import-report.md\n", r->decide,
           r->decide == 1 ? "thing" : "things", o->to);
    return 0;
}

static void take_municipality(struct cx *cx, const struct app_options *o)
{
    if (app_folder(cx, o, o->municipality, "municipality") && app_open_municipality(cx, o))
        cx->muni = NULL;
}

int cmd_import(struct cx *cx, const struct app_options *o)
{
    const char *kind = o->n_args > 1 ? o->args[1] : "";
    bool formio = !strcmp(kind, "formio");
    struct import_source source = {0};
    struct import_result result;
    if (o->n_args == 3 && (!strcmp(kind, "deposit") || !strcmp(kind, "kle")))
        return cmd_import_archive(cx, o);
    if (o->n_args != 3 || !o->to || (!formio && strcmp(kind, "webform")))
        return wrong("import formio|webform FILE --to services/NAME [--translations FILE] [--language nb]; or: import "
                     "deposit DIR --data DIR; or: import kle FILE --data DIR");
    take_municipality(cx, o);
    if (o->translations && !formio)
        return wrong("import webform FILE --to services/NAME; translations are read for formio only");
    source.written_in = formio ? LANG_NB : LANG_DA;
    if (o->language && !lang_from_tag(str_of(o->language), &source.written_in))
        return wrong("import … --language da, nb, nn or en");
    source.language_given = o->language;
    enum err e = read_source(cx, o, &source);
    if (!e)
        e = formio ? import_formio(cx, &source, &result) : import_webform(cx, &source, &result);
    if (!e)
        e = import_write(cx, str_of(o->to), &result);
    if (!e && o->map)
        e = import_write_map(cx, str_of(o->map), &result);
    return e ? app_end(cx, e) : tell(o, &result);
}

int cmd_export(struct cx *cx, const struct app_options *o)
{
    if (o->n_args != 3 || strcmp(o->args[1], "jsonschema"))
        return wrong("export jsonschema services/NAME");
    app_register();
    take_municipality(cx, o);
    struct problems ps = problems_make(cx->arena);
    struct service_version *version;
    struct str json;
    enum err e = service_load_folder(cx, cx->arena, str_of(o->args[2]), &ps, &version);
    if (!e)
        e = import_jsonschema(cx, version, &json);
    if (e)
        return app_end(cx, e);
    printf("%.*s\n", STR_ARG(json));
    return 0;
}
