/* The strict tree, from libyaml's events. */
#include "yaml.h"

#include <yaml.h>

/* Where a parse stands. libyaml's own memory is freed by the arena, so that running out of it leaks nothing. */
struct parse {
    struct cx *cx;
    struct problems *ps;
    struct str file;
    yaml_parser_t parser;
    yaml_event_t event;
    bool open, has_event, failed;
    int depth;
    size_t nodes;
};

/* At the end of the document; with the arena, when that ran full on the way. */
static void parse_done(void *p)
{
    struct parse *s = p;
    if (!s->open)
        return;
    s->open = false;
    if (s->has_event)
        yaml_event_delete(&s->event);
    yaml_parser_delete(&s->parser);
}

#define refuse(s, mark, remedy, ...) \
    ((s)->failed = true, \
     problem_add((s)->ps, (s)->file, (int)(mark).line + 1, (int)(mark).column + 1, remedy, __VA_ARGS__))

static bool next(struct parse *s)
{
    if (s->has_event)
        yaml_event_delete(&s->event);
    s->has_event = false;
    if (!yaml_parser_parse(&s->parser, &s->event)) {
        const char *why = s->parser.problem ? s->parser.problem : "not readable";
        yaml_mark_t mark = s->parser.problem_mark;
        if (s->parser.error == YAML_READER_ERROR)
            mark = s->parser.mark;
        refuse(s, mark, "mend the indentation, quotes or brackets on this line or the one above", "not YAML: %s", why);
        return false;
    }
    s->has_event = true;
    return true;
}

static struct yaml *node_new(struct parse *s, enum yaml_kind kind)
{
    struct yaml *node = arena_new_of(s->cx->arena, struct yaml);
    node->kind = kind;
    node->file = s->file;
    node->line = node->key_line = (int)s->event.start_mark.line + 1;
    node->col = node->key_col = (int)s->event.start_mark.column + 1;
    return node;
}

static struct yaml *value(struct parse *s);

/* An anchor or a tag on the current event. */
static bool decorated(struct parse *s)
{
    const yaml_char_t *anchor = NULL, *tag = NULL;
    switch (s->event.type) {
    case YAML_SCALAR_EVENT:
        anchor = s->event.data.scalar.anchor, tag = s->event.data.scalar.tag;
        break;
    case YAML_SEQUENCE_START_EVENT:
        anchor = s->event.data.sequence_start.anchor, tag = s->event.data.sequence_start.tag;
        break;
    case YAML_MAPPING_START_EVENT:
        anchor = s->event.data.mapping_start.anchor, tag = s->event.data.mapping_start.tag;
        break;
    default:
        break;
    }
    if (anchor)
        refuse(s, s->event.start_mark, "write the text out where it is needed", "the anchor &%s is not allowed here",
               anchor);
    else if (tag)
        refuse(s, s->event.start_mark, "take the tag away; every value is text", "the tag %s is not allowed here", tag);
    return anchor || tag;
}

static struct yaml *scalar(struct parse *s)
{
    struct yaml *node = node_new(s, YAML_SCALAR);
    node->plain = s->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    node->text = str_dup(s->cx->arena, str_make((const char *)s->event.data.scalar.value, s->event.data.scalar.length));
    if (!text_clean(node->text))
        refuse(s, s->event.start_mark, "write the letter itself instead of an escape",
               "the text holds a control character");
    return s->failed ? NULL : node;
}

static bool key(struct parse *s, struct yaml *map, struct yaml *ret_key)
{
    if (s->event.type != YAML_SCALAR_EVENT) {
        refuse(s, s->event.start_mark, "write `name: value`", "a key must be a word, not a list or a map");
        return false;
    }
    struct yaml *node = decorated(s) ? NULL : scalar(s);
    if (!node)
        return false;
    if (!node->text.n || str_eq_z(node->text, "<<") || str_find_char(node->text, '\n', 0) < node->text.n) {
        refuse(s, s->event.start_mark, "write `name: value`", "the key '%" PRI_STR "' is not a word",
               STR_ARG(node->text));
        return false;
    }
    for (size_t i = 0; i < map->n; i++)
        if (str_eq(map->items[i]->key, node->text)) {
            refuse(s, s->event.start_mark, "take one of the two away",
                   "the key '%" PRI_STR "' stands here twice (first on line %d)", STR_ARG(node->text),
                   map->items[i]->key_line);
            return false;
        }
    *ret_key = *node;
    return true;
}

static struct yaml *collection(struct parse *s, enum yaml_kind kind)
{
    struct yaml *node = node_new(s, kind);
    yaml_event_type_t end = kind == YAML_LIST ? YAML_SEQUENCE_END_EVENT : YAML_MAPPING_END_EVENT;
    VEC_OF(struct yaml *) items = {0};
    if (++s->depth > YAML_DEPTH) {
        refuse(s, s->event.start_mark, "flatten it", "nested deeper than %d levels", YAML_DEPTH);
        return NULL;
    }
    while (next(s) && s->event.type != end) {
        struct yaml k = {0};
        if (kind == YAML_MAP && (!key(s, node, &k) || !next(s)))
            return NULL;
        struct yaml *item = value(s);
        if (!item)
            return NULL;
        if (kind == YAML_MAP)
            item->key = k.text, item->key_line = k.line, item->key_col = k.col;
        vec_add(s->cx->arena, &items, item);
        node->items = items.p, node->n = items.n;
        if (kind == YAML_MAP && node->n > YAML_KEYS) {
            refuse(s, s->event.start_mark, "split it", "a map has more than %d keys", YAML_KEYS);
            return NULL;
        }
    }
    s->depth--;
    return s->failed ? NULL : node;
}

static struct yaml *value(struct parse *s)
{
    if (++s->nodes > YAML_NODES) {
        refuse(s, s->event.start_mark, "split the file", "more than %d values", YAML_NODES);
        return NULL;
    }
    if (s->event.type == YAML_ALIAS_EVENT) {
        refuse(s, s->event.start_mark, "write the text out where it is needed (quote it if it should begin with *)",
               "the alias *%s is not allowed here", s->event.data.alias.anchor);
        return NULL;
    }
    if (decorated(s))
        return NULL;
    if (s->event.type == YAML_SCALAR_EVENT)
        return scalar(s);
    return collection(s, s->event.type == YAML_SEQUENCE_START_EVENT ? YAML_LIST : YAML_MAP);
}

/* What can be seen without parsing; the place is counted in characters. */
static bool bytes_fit(struct parse *s, struct str text)
{
    yaml_mark_t mark = {0};
    if (text.n > YAML_BYTES) {
        refuse(s, mark, "split it", "the file is larger than %d bytes", YAML_BYTES);
        return false;
    }
    if (str_starts(text, S("\xef\xbb\xbf"))) {
        refuse(s, mark, "save it as UTF-8 without byte order mark", "the file begins with a byte order mark");
        return false;
    }
    for (size_t i = 0; i < text.n;) {
        size_t at = i;
        uint32_t c = text_next(text, &i);
        if (c == 0xFFFD && !str_eq(str_slice(text, at, i), S("\xef\xbf\xbd"))) {
            refuse(s, mark, "save the file as UTF-8", "not UTF-8");
            return false;
        }
        if (c == '\t') {
            refuse(s, mark, "indent with blanks", "a tab is not allowed");
            return false;
        }
        if ((c < ' ' && c != '\n' && c != '\r') || c == 0x7F) {
            refuse(s, mark, "take it away", "the file holds a control character");
            return false;
        }
        mark.column++;
        if (c == '\n')
            mark.line++, mark.column = 0;
    }
    return true;
}

static struct yaml *document(struct parse *s)
{
    if (!next(s) || !next(s)) /* the stream begins; then a document */
        return NULL;
    if (s->event.type == YAML_STREAM_END_EVENT) {
        refuse(s, s->event.start_mark, "write its content or remove the file", "the file is empty");
        return NULL;
    }
    if (s->event.data.document_start.version_directive ||
        s->event.data.document_start.tag_directives.start != s->event.data.document_start.tag_directives.end) {
        refuse(s, s->event.start_mark, "take the line with % away", "directives are not allowed");
        return NULL;
    }
    struct yaml *top = next(s) ? value(s) : NULL;
    if (!top || !next(s) || !next(s)) /* the document ends; then the stream */
        return NULL;
    if (s->event.type != YAML_STREAM_END_EVENT) {
        refuse(s, s->event.start_mark, "put it into a file of its own", "a second document begins here");
        return NULL;
    }
    return top;
}

struct yaml *yaml_read(struct cx *cx, struct problems *ps, struct str file, struct str text)
{
    struct parse *s = arena_new_of(cx->arena, struct parse);
    s->cx = cx, s->ps = ps, s->file = str_dup(cx->arena, file);
    if (!bytes_fit(s, text))
        return NULL;
    if (!yaml_parser_initialize(&s->parser)) {
        problem_add(ps, file, 0, 0, "free some memory", "out of memory");
        return NULL;
    }
    s->open = true;
    arena_defer(cx->arena, parse_done, s);
    yaml_parser_set_encoding(&s->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&s->parser, (const unsigned char *)text.p, text.n);
    struct yaml *ret = document(s);
    parse_done(s); /* a service's files are kept as long as the program runs, and a parser holds 70 kB */
    return ret;
}

enum err yaml_parse(struct cx *cx, struct str file, struct str text, struct yaml **ret)
{
    struct problems ps = problems_make(cx->arena);
    struct yaml *top = yaml_read(cx, &ps, file, text);
    if (!top) {
        struct buf b = buf_make(cx->arena);
        problems_text(&ps, &b);
        return fail(cx, ERR_SYNTAX, "%" PRI_STR, STR_ARG(str_trim(buf_str(&b))));
    }
    *ret = top;
    return ERR_OK;
}

const struct yaml *yaml_get(const struct yaml *node, const char *key_name)
{
    if (!node || node->kind != YAML_MAP)
        return NULL;
    for (size_t i = 0; i < node->n; i++)
        if (str_eq_z(node->items[i]->key, key_name))
            return node->items[i];
    return NULL;
}
