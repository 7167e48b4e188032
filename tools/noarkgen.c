/* noarkgen: the information model of the record (src/noark/noark.tbl, whose head explains its lines) to C tables.

     noarkgen OUT.c NOARK.tbl

   What a type inherits is written out with it, so that nobody walks up a chain at run time. */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TYPES_MAX = 200, NUMBERS_MAX = 1000, ROWS_MAX = 60, WORDS_MAX = 12, LINE_MAX_BYTES = 400 };

struct row { /* one line below a type, as its words */
    int line, n;
    char *word[WORDS_MAX];
};
struct type {
    int number, super, line;
    bool is_list, is_group, is_abstract, is_logged;
    char *name, *package, *super_name;
    struct row rows[ROWS_MAX];
    int n_rows;
};

static struct type types[TYPES_MAX];
static int n_types;
static struct row links[ROWS_MAX];
static int n_links;
static const char *in_name;

static void die(int line, const char *what, const char *word)
{
    fprintf(stderr, "%s:%d: %s: %s\n", in_name, line, what, word);
    exit(1);
}

static int find(const char *name, bool lists, int line)
{
    for (int i = 0; i < n_types; i++)
        if (!strcmp(types[i].name, name) && types[i].is_list == lists)
            return i;
    die(line, lists ? "no such list" : "no such type", name);
    return -1;
}

static int find_group(const char *name, int line)
{
    for (int i = 0; i < n_types; i++)
        if (!strcmp(types[i].name, name) && types[i].is_group)
            return i;
    die(line, "no such group", name);
    return -1;
}

static int find_entity(const char *name, int line)
{
    for (int i = 0; i < n_types; i++)
        if (!strcmp(types[i].name, name) && !types[i].is_group && !types[i].is_list)
            return i;
    die(line, "no such type", name);
    return -1;
}

/* ---- reading ---- */

static struct row split(char *line, int no, int at_most)
{
    struct row r = {.line = no};
    while (*line) {
        while (*line == ' ')
            line++;
        if (!*line)
            break;
        if (r.n == WORDS_MAX)
            die(no, "too many words", line);
        r.word[r.n++] = strdup(line);
        char *w = r.word[r.n - 1];
        if (r.n == at_most)
            break;
        char *end = strchr(w, ' ');
        line += end ? (size_t)(end - w) : strlen(w);
        if (end)
            *end = 0;
    }
    return r;
}

static void begin_type(const struct row *r)
{
    struct type *t = &types[n_types++];
    bool group = !strcmp(r->word[0], "group"), list = !strcmp(r->word[0], "list");
    if (n_types == TYPES_MAX || r->n < (group ? 2 : list ? 3 : 5))
        die(r->line, "too many types, or too few words", r->word[0]);
    *t = (struct type){.line = r->line, .is_group = group, .is_list = list, .super = -1};
    t->number = group ? 0 : atoi(r->word[1]);
    t->name = r->word[group ? 1 : 2];
    t->package = list ? "metadata" : group ? "" : r->word[3];
    t->super_name = list ? "kode" : group || !strcmp(r->word[4], "-") ? NULL : r->word[4];
    t->is_abstract = r->n > 5 && !strcmp(r->word[5], "abstract");
}

static void take(char *text, int no)
{
    if (!text[0] || text[0] == '#')
        return;
    struct row r = split(text, no, strncmp(text, "code ", 5) ? 0 : 3);
    if (!strcmp(r.word[0], "list") || !strcmp(r.word[0], "group") || !strcmp(r.word[0], "type"))
        begin_type(&r);
    else if (!strcmp(r.word[0], "link"))
        links[n_links++] = r;
    else if (!n_types || types[n_types - 1].n_rows == ROWS_MAX)
        die(no, "a line before any type, or too many", r.word[0]);
    else if (!strcmp(r.word[0], "log"))
        types[n_types - 1].is_logged = true;
    else
        types[n_types - 1].rows[types[n_types - 1].n_rows++] = r;
}

/* ---- writing ---- */

static void put_text(FILE *o, const char *s)
{
    putc('"', o);
    for (; *s; s++)
        fprintf(o, *s == '"' || *s == '\\' ? "\\%c" : "%c", *s);
    putc('"', o);
}

static const char *kind_of(const struct row *r)
{
    static const char *const kinds[] = {"text", "time", "int", "real", "bool", "id", "code", "group", "own", "secret"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (r->n > 2 && !strcmp(r->word[2], kinds[i]))
            return kinds[i];
    die(r->line, "no such kind of attribute", r->n > 2 ? r->word[2] : "");
    return "";
}

static void put_attr(FILE *o, const struct row *r)
{
    static const char *const flags[] = {"required", "many", "core", "fixed", "now", "user", "unit", "userref"};
    const char *kind = kind_of(r);
    bool of = !strcmp(kind, "code") || !strcmp(kind, "group");
    int target = !of ? -1 : kind[0] == 'c' ? find(r->word[3], true, r->line) : find_group(r->word[3], r->line);
    fprintf(o, "    {\"%s\", {\"\\\"%s\\\":\", %zu}, NOARK_", r->word[1], r->word[1],
            strlen(r->word[1]) + strlen("\"\":"));
    for (const char *k = kind; *k; k++)
        putc(toupper((unsigned char)*k), o);
    fprintf(o, ", %d, 0", target);
    const char *begins = "";
    for (int i = of ? 4 : 3; i < r->n; i++) {
        bool known = r->word[i][0] == '=';
        if (known)
            begins = r->word[i] + 1;
        for (size_t f = 0; f < sizeof flags / sizeof *flags; f++)
            if (!strcmp(r->word[i], flags[f])) {
                fprintf(o, " | 1 << %zu", f);
                known = true;
            }
        if (!known)
            die(r->line, "no such flag", r->word[i]);
    }
    fputs(", ", o);
    put_text(o, begins);
    fputs("},\n", o);
}

static void put_child(FILE *o, const struct row *r)
{
    bool make = false, only = false;
    const char *as = "";
    for (int i = 2; i < r->n; i++) {
        make |= !strcmp(r->word[i], "ny") || !strcmp(r->word[i], "only");
        only |= !strcmp(r->word[i], "only");
        if (!strcmp(r->word[i], "as") && i + 1 < r->n)
            as = r->word[i + 1];
    }
    fprintf(o, "    {%d, \"%s\", %s, %s},\n", find_entity(r->word[1], r->line), as, make ? "true" : "false",
            only ? "true" : "false");
}

static void put_closed(FILE *o, const struct row *r)
{
    char codes[LINE_MAX_BYTES] = " ";
    for (int i = 2; i < r->n; i++)
        snprintf(codes + strlen(codes), sizeof codes - strlen(codes), "%s ", r->word[i]);
    fprintf(o, "    {\"%s\", \"%s\"},\n", r->word[1], r->n > 2 ? codes : "");
}

/* All lines of a kind, of the supertypes first; returns how many. */
static int put_rows(FILE *o, int t, const char *kind, void (*put)(FILE *, const struct row *))
{
    int n = types[t].super >= 0 ? put_rows(o, types[t].super, kind, put) : 0;
    for (int i = 0; i < types[t].n_rows; i++)
        if (!strcmp(types[t].rows[i].word[0], kind)) {
            put(o, &types[t].rows[i]);
            n++;
        }
    return n;
}

static void put_element(FILE *o, const struct row *r)
{
    fprintf(o, "    {\"%s\", \"%s\"},\n", r->word[1], r->word[2]);
}

static void put_code(FILE *o, const struct row *r)
{
    fputs("    {", o);
    put_text(o, r->word[1]);
    fputs(", ", o);
    put_text(o, r->word[2]);
    fputs("},\n", o);
}

struct part {
    const char *kind, *type, *name;
    void (*put)(FILE *, const struct row *);
    int at[TYPES_MAX], n[TYPES_MAX];
};

static void put_part(FILE *o, struct part *p)
{
    int at = 0;
    fprintf(o, "const struct %s %s[] = {\n", p->type, p->name);
    for (int t = 0; t < n_types; t++) {
        p->at[t] = at;
        p->n[t] = put_rows(o, t, p->kind, p->put);
        at += p->n[t];
    }
    fputs("    {0}};\n\n", o);
}

static bool logged(int t)
{
    return types[t].is_logged || (types[t].super >= 0 && logged(types[t].super));
}

static void put_types(FILE *o, const struct part *p, size_t n)
{
    fputs("const struct noark_type noark_types[] = {\n", o);
    for (int t = 0; t < n_types; t++) {
        fprintf(o, "    {%d, \"%s\", \"%s\", %d, %s, %s, %s, %s", types[t].number, types[t].name, types[t].package,
                types[t].super, types[t].is_abstract ? "true" : "false", types[t].is_list ? "true" : "false",
                types[t].is_group ? "true" : "false", logged(t) ? "true" : "false");
        for (size_t i = 0; i < n; i++)
            fprintf(o, ", %s + %d, %d", p[i].name, p[i].at[t], p[i].n[t]);
        fputs("},\n", o);
    }
    fprintf(o, "};\nconst size_t noark_types_n = %d;\n\n", n_types);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(types[*(const int *)a].name, types[*(const int *)b].name);
}

/* The types with a number, by name. */
static void put_names(FILE *o)
{
    int named[TYPES_MAX], n = 0;
    for (int t = 0; t < n_types; t++)
        if (!types[t].is_group)
            named[n++] = t;
    qsort(named, (size_t)n, sizeof *named, by_name);
    fputs("const int noark_by_name[] = {", o);
    for (int i = 0; i < n; i++) {
        if (i && !by_name(&named[i - 1], &named[i]))
            die(types[named[i]].line, "two types of one name", types[named[i]].name);
        fprintf(o, "%s%d", i ? ", " : "", named[i]);
    }
    fprintf(o, "};\nconst size_t noark_by_name_n = %d;\n\n", n);
}

static void put_numbers(FILE *o)
{
    int by_number[NUMBERS_MAX], n = 0;
    for (int i = 0; i < NUMBERS_MAX; i++)
        by_number[i] = -1;
    for (int t = 0; t < n_types; t++) {
        int number = types[t].number;
        if (types[t].is_group)
            continue;
        if (number < 1 || number >= NUMBERS_MAX || by_number[number] >= 0)
            die(types[t].line, "no number, one that is too large, or that of another type", types[t].name);
        by_number[number] = t;
        n = number >= n ? number + 1 : n;
    }
    fputs("const short noark_by_number[] = {", o);
    for (int i = 0; i < n; i++)
        fprintf(o, "%s%d", i ? ", " : "", by_number[i]);
    fprintf(o, "};\nconst int noark_by_number_n = %d;\n\n", n);
}

static void put_links(FILE *o)
{
    fputs("const struct noark_link noark_links[] = {\n", o);
    for (int i = 0; i < n_links; i++) {
        const struct row *r = &links[i];
        bool make = r->n > 6 && !strcmp(r->word[6], "ny");
        fprintf(o, "    {%s, {%d, %d}, {\"%s\", \"%s\"}, %s},\n", r->word[1], find_entity(r->word[2], r->line),
                find_entity(r->word[4], r->line), strcmp(r->word[3], "-") ? r->word[3] : "",
                strcmp(r->word[5], "-") ? r->word[5] : "", make ? "true" : "false");
    }
    fprintf(o, "};\nconst size_t noark_links_n = %d;\n", n_links);
}

int main(int argc, char **argv)
{
    struct part parts[] = {{.kind = "attr", .type = "noark_attr", .name = "noark_attrs", .put = put_attr},
                           {.kind = "child", .type = "noark_child", .name = "noark_children", .put = put_child},
                           {.kind = "closed", .type = "noark_closed", .name = "noark_closings", .put = put_closed},
                           {.kind = "element", .type = "noark_element", .name = "noark_elements", .put = put_element},
                           {.kind = "code", .type = "noark_code", .name = "noark_codes", .put = put_code}};
    char line[LINE_MAX_BYTES];
    if (argc != 3)
        return fprintf(stderr, "usage: noarkgen OUT.c NOARK.tbl\n"), 1;
    in_name = argv[2];
    FILE *in = fopen(argv[2], "r"), *o = fopen(argv[1], "w");
    if (!in || !o)
        return perror(in ? argv[1] : argv[2]), 1;
    for (int no = 1; fgets(line, sizeof line, in); no++) {
        line[strcspn(line, "\r\n")] = 0;
        take(line, no);
    }
    for (int t = 0; t < n_types; t++)
        if (types[t].super_name)
            types[t].super = find_entity(types[t].super_name, types[t].line);
    fputs("/* Made by noarkgen from noark.tbl. */\n#include \"noark/noark_model.h\"\n\n", o);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        put_part(o, &parts[i]);
    put_types(o, parts, sizeof parts / sizeof *parts);
    put_names(o);
    put_numbers(o);
    put_links(o);
    return ferror(o) || fclose(o) || fclose(in);
}
