/* import-report.md: what was not translated, what was changed, what has no translation, what must be written. */
#include "import_form.h"

/* In a code span or block: no fence of its own ends it. */
static void original(struct buf *b, struct str s)
{
    s = str_trim(s);
    if (!s.n)
        return;
    bool cut = s.n > 2000;
    s = text_head(s, 2000);
    buf_add(b, S("\n  ```````\n"));
    struct str rest = s, line;
    while (str_cut(&rest, '\n', &line))
        buf_fmt(b, "  %" PRI_STR "\n", STR_ARG(line));
    buf_fmt(b, "%s  ```````\n", cut ? "  …\n" : "");
}

static void notes(struct import *im, struct buf *b, bool decide)
{
    size_t n = 0;
    for (size_t i = 0; i < im->notes.n; i++) {
        const struct note *note = &im->notes.p[i];
        if (note->decide != decide)
            continue;
        n++;
        buf_fmt(b, "- `%" PRI_STR "` %" PRI_STR ": %" PRI_STR "\n", STR_ARG(note->path.n ? note->path : S("form")),
                STR_ARG(note->type), STR_ARG(note->what));
        original(b, note->original);
    }
    if (!n)
        buf_add(b, S("Nothing.\n"));
}

static void missing(struct import *im, struct buf *b)
{
    size_t n = 0;
    for (int l = 0; l < LANG_COUNT; l++) {
        size_t of = 0;
        for (size_t i = 0; i < im->missing.n; i++)
            of += im->missing.p[i].lang == (enum lang)l;
        if (!of)
            continue;
        n += of;
        buf_fmt(b, "\n### %s: %zu\n\n", lang_tag((enum lang)l), of);
        for (size_t i = 0; i < im->missing.n; i++)
            if (im->missing.p[i].lang == (enum lang)l) {
                struct str s = text_head(import_html_plain(im->cx, im->missing.p[i].text), 120);
                buf_fmt(b, "- `` %" PRI_STR " ``\n", STR_ARG(s));
            }
    }
    if (!n)
        buf_add(b, S("None.\n"));
}

struct str import_report_text(struct import *im)
{
    struct buf b = buf_make(im->cx->arena);
    const struct import_result *r = im->result;
    buf_fmt(&b, "# Import of %" PRI_STR "\n\n", STR_ARG(im->source->name));
    buf_fmt(&b,
            "| | |\n|---|---|\n| questions | %zu |\n| conditions translated | %zu of %zu |\n| validations translated | "
            "%zu of %zu |\n| to decide | %zu |\n| texts without a translation | %zu |\n\n",
            r->questions, r->conditions_kept, r->conditions, r->validations_kept, r->validations, r->decide,
            im->missing.n);
    buf_add(&b, S("## To write before it is published\n\n"
                  "In service.yaml: `unit`, `situations`, `summary`, `guidance`, `audience`, `offline`, `process`, "
                  "`data_use`, `deadline_working_days`, `classification`, `retention`, `laws` and `purposes`. The form "
                  "asks everything for the one purpose `decide`: give each page or question its own `why`, with its "
                  "legal basis, and remove what has none. In letters/: the answers.\n\n"));
    buf_add(&b, S("## To decide\n\nNot translated, or left out. Original text below each.\n\n"));
    notes(im, &b, true);
    buf_add(&b, S("\n## Changed on the way\n\nTranslated, with a difference to look at.\n\n"));
    notes(im, &b, false);
    buf_fmt(&b, "\n## Texts without a translation\n\nThey stand in the language of the original (%s).\n",
            lang_tag(im->source->written_in));
    missing(im, &b);
    return buf_str(&b);
}

static void map_item(struct json_out *o, const struct item *item)
{
    bool ours = item->role != ITEM_CONTAINER && item->role != ITEM_LAYOUT;
    json_begin_object(o);
    json_key(o, "path"), json_str(o, item->path);
    json_key(o, "from"), json_str(o, item->from_type);
    if (ours)
        json_key(o, "id"), json_str(o, item->id);
    if (item->type)
        json_key(o, "type"), json_str(o, str_of(item->type));
    if (item->repeat)
        json_key(o, "in"), json_str(o, item->repeat->id);
    if (item->left_out)
        json_key(o, "out"), json_bool(o, true);
    for (size_t i = 0; i < item->own.n; i++)
        if (str_eq_z(item->own.p[i]->key, "value"))
            json_key(o, "computed"), json_bool(o, true);
    if (item->options.n) {
        json_key(o, "options");
        json_begin_object(o);
        for (size_t i = 0; i < item->options.n; i++)
            json_key_str(o, item->options.p[i].value), json_str(o, item->options.p[i].key);
        json_end(o);
    }
    json_end(o);
}

struct str import_map_json(struct import *im)
{
    struct buf b = buf_make(im->cx->arena);
    struct json_out o = json_out_make(&b);
    json_begin_array(&o);
    for (size_t i = 0; i < im->made.n; i++)
        map_item(&o, im->made.p[i]);
    json_end(&o);
    buf_add_char(&b, '\n');
    return buf_str(&b);
}
