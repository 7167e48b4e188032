/* service.yaml: every key into the version, every fault to the list. */
#include "load.h"

static const char always[] =
    "name! summary! keywords unit! situations! form! guidance! audience! offline! links valid ceiling closed duration ";
static const char with_form[] =
    "apply! assurance deadline_working_days! draft_days classification! case_title! retention! screening laws! "
    "purposes! access_purpose! decision_law appeal lines process! data_use! rules cosign";

struct str load_path(const struct load *l, struct str file)
{
    return str_fmt(l->cx->arena, "%" PRI_STR "/%" PRI_STR, STR_ARG(l->name), STR_ARG(file));
}

static void found_placeholder(void *ctx, struct str name, int line)
{
    (void)line;
    *(struct str *)ctx = name;
}

/* cmark shows raw HTML as nothing or as text; a designer should hear of it here. */
static bool has_html(struct str text)
{
    for (size_t i = 0; i + 1 < text.n; i++) {
        char c = text.p[i + 1];
        if (text.p[i] == '<' && (c == '/' || c == '!' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) &&
            !str_starts(str_slice(text, i, text.n), S("<http")) &&
            !str_starts(str_slice(text, i, text.n), S("<mailto:")))
            return true;
    }
    return false;
}

void load_check_markdown(const struct load *l, const struct yaml *at, struct str text)
{
    struct md *tree;
    struct str placeholder = {0};
    if (!text.n)
        return;
    if (has_html(text)) {
        yaml_problem(l->ps, at, "write Markdown: **bold**, - lists, [text](address)", "the text holds HTML");
        return;
    }
    if (markdown_parse(l->cx, text, &tree)) {
        yaml_problem(l->ps, at, "make it shorter and flatter", "the text cannot be read as Markdown: %" PRI_STR,
                     STR_ARG(l->cx->fail.detail));
        return;
    }
    markdown_placeholders(tree, found_placeholder, &placeholder);
    if (placeholder.p)
        yaml_problem(l->ps, at, "placeholders are filled in letters only; write the text out",
                     "{{%" PRI_STR "}} stands here", STR_ARG(placeholder));
    if (str_find(text, S("]("), 0) < text.n && str_find(text, S("](javascript:"), 0) < text.n)
        yaml_problem(l->ps, at, "link to https://, mailto:, tel: or a path of our own",
                     "a link to a script is not allowed");
}

static struct words text_words(const struct load *l, const struct yaml *top, const char *key)
{
    struct words w = yaml_words(l->ps, top, key, l->v->languages);
    const struct yaml *node = yaml_get(top, key);
    for (size_t i = 0; node && node->kind == YAML_MAP && i < node->n; i++)
        if (node->items[i]->kind == YAML_SCALAR)
            load_check_markdown(l, node->items[i], node->items[i]->text);
    return w;
}

/* Names and summaries stand in lists and titles: one line each. */
static struct words line_words(const struct load *l, const struct yaml *top, const char *key, size_t max)
{
    struct words w = yaml_words(l->ps, top, key, l->v->languages);
    for (int i = 0; i < LANG_COUNT; i++) {
        const struct yaml *at = yaml_get(yaml_get(top, key), lang_tag((enum lang)i));
        if (at && (str_find_char(w.in[i], '\n', 0) < w.in[i].n || text_length(w.in[i]) > max))
            yaml_problem(l->ps, at, "shorten it", "'%s' must be one line of at most %zu characters", key, max);
    }
    return w;
}

static void load_unit(const struct load *l, const struct yaml *top)
{
    const struct municipality *m = l->cx->muni;
    struct service_version *v = l->v;
    v->unit_key = yaml_name(l->ps, top, "unit");
    if (m && v->unit_key.n && !municipality_unit(m, v->unit_key))
        yaml_problem(l->ps, yaml_get(top, "unit"), "use the key of a unit in municipality.yaml",
                     "there is no unit '%" PRI_STR "'", STR_ARG(v->unit_key));
    const struct yaml *list = yaml_list(l->ps, top, "situations");
    for (size_t i = 0; list && i < list->n; i++) {
        struct str key = yaml_item(l->ps, list->items[i], "a situation");
        if (m && key.n && !municipality_situation(m, key))
            yaml_problem(l->ps, list->items[i], "use the key of a situation in municipality.yaml",
                         "there is no situation '%" PRI_STR "'", STR_ARG(key));
        vec_add(l->cx->arena, &v->situations, key);
    }
}

static bool is_address(struct str s)
{
    return str_starts(s, S("https://")) || (s.n > 1 && s.p[0] == '/' && s.p[1] != '/');
}

static void load_links(const struct load *l, const struct yaml *top)
{
    const struct yaml *list = yaml_list(l->ps, top, "links");
    for (size_t i = 0; list && i < list->n; i++) {
        struct service_link link = {0};
        if (!yaml_keys(l->ps, list->items[i], "a link", "name! url!"))
            continue;
        link.name = line_words(l, list->items[i], "name", 120);
        link.url = yaml_str(l->ps, list->items[i], "url");
        if (link.url.n && !is_address(link.url))
            yaml_problem(l->ps, yaml_get(list->items[i], "url"), "begin with https:// or with / for a page of our own",
                         "'%" PRI_STR "' is not an address", STR_ARG(link.url));
        vec_add(l->cx->arena, &l->v->links, link);
    }
}

static void load_valid(const struct load *l, const struct yaml *node)
{
    struct service_version *v = l->v;
    if (!node || !yaml_keys(l->ps, node, "'valid'", "from until"))
        return;
    bool from = yaml_day(l->ps, node, "from", &v->valid_from), until = yaml_day(l->ps, node, "until", &v->valid_until);
    if (from && until && v->valid_until < v->valid_from)
        yaml_problem(l->ps, yaml_get(node, "until"), "put the later date last", "the service ends before it begins");
}

static void load_laws(const struct load *l, const struct yaml *top)
{
    struct service_version *v = l->v;
    const struct yaml *list = yaml_list(l->ps, top, "laws");
    for (size_t i = 0; list && i < list->n; i++) {
        const struct yaml *node = list->items[i];
        struct service_law law = {0};
        if (!yaml_keys(l->ps, node, "a law", "key! ref! url example"))
            continue;
        law.key = yaml_name(l->ps, node, "key");
        law.ref = yaml_str(l->ps, node, "ref");
        law.url = yaml_str(l->ps, node, "url");
        law.example = yaml_bool(l->ps, node, "example", false);
        if (law.url.n && !str_starts(law.url, S("https://")))
            yaml_problem(l->ps, yaml_get(node, "url"), "begin with https://", "'%" PRI_STR "' is not an address",
                         STR_ARG(law.url));
        if (law.key.n && service_law(v, law.key))
            yaml_problem(l->ps, yaml_get(node, "key"), "choose another key", "two laws have the key '%" PRI_STR "'",
                         STR_ARG(law.key));
        vec_add(l->cx->arena, &v->laws, law);
    }
}

/* GDPR article 6(1)(a)–(f) or 9(2)(a)–(j). */
static bool is_gdpr(struct str s)
{
    if (s.n != 7 || s.p[3] != ')' || s.p[4] != '(' || s.p[6] != ')')
        return false;
    if (str_starts(s, S("6(1")))
        return s.p[5] >= 'a' && s.p[5] <= 'f';
    return str_starts(s, S("9(2")) && s.p[5] >= 'a' && s.p[5] <= 'j';
}

static struct str law_key(const struct load *l, const struct yaml *node, const char *key)
{
    struct str law = yaml_name(l->ps, node, key);
    if (law.n && !service_law(l->v, law))
        yaml_problem(l->ps, yaml_get(node, key), "name a key of the list `laws`", "there is no law '%" PRI_STR "'",
                     STR_ARG(law));
    return law;
}

/* `compatible`: purposes of other services, each with the law by which what was answered there is used again here. */
static void load_compatible(const struct load *l, const struct yaml *node, struct service_purpose *p)
{
    const struct yaml *list = yaml_list(l->ps, node, "compatible");
    for (size_t i = 0; list && i < list->n; i++) {
        const struct yaml *at = list->items[i];
        struct service_compatible c = {0};
        if (!yaml_keys(l->ps, at, "a compatible purpose", "purpose! law!"))
            continue;
        c.purpose = yaml_str(l->ps, at, "purpose");
        size_t slash = str_find_char(c.purpose, '/', 0);
        if (c.purpose.n && (slash == 0 || slash + 1 >= c.purpose.n))
            yaml_problem(l->ps, yaml_get(at, "purpose"), "write service/purpose",
                         "'%" PRI_STR "' does not name a purpose of a service", STR_ARG(c.purpose));
        c.law = law_key(l, at, "law");
        vec_add(l->cx->arena, &p->compatible, c);
    }
}

static void load_purpose(const struct load *l, const struct yaml *node)
{
    struct service_version *v = l->v;
    struct service_purpose p = {0};
    if (!yaml_keys(l->ps, node, "a purpose", "key! text! law! gdpr! compatible"))
        return;
    p.key = yaml_name(l->ps, node, "key");
    p.text = line_words(l, node, "text", 300);
    p.law = law_key(l, node, "law");
    p.gdpr = yaml_str(l->ps, node, "gdpr");
    if (p.gdpr.n && !is_gdpr(p.gdpr))
        yaml_problem(l->ps, yaml_get(node, "gdpr"), "write for example 6(1)(e) or 9(2)(h)",
                     "'%" PRI_STR "' is not a legal basis of the data protection regulation", STR_ARG(p.gdpr));
    if (p.key.n && service_purpose(v, p.key))
        yaml_problem(l->ps, yaml_get(node, "key"), "choose another key", "two purposes have the key '%" PRI_STR "'",
                     STR_ARG(p.key));
    load_compatible(l, node, &p);
    vec_add(l->cx->arena, &v->purposes, p);
}

enum { YEARS_MAX = 100 };

/* `endings`: years, or the word keep, for those that ended in one way. */
static void load_endings(const struct load *l, const struct yaml *node)
{
    static const char *const keys[] = {"granted", "partly", "refused", "withdrawn", "answered"};
    if (!node || !yaml_keys(l->ps, node, "'endings'", "granted partly refused withdrawn answered"))
        return;
    for (int i = 0; i < ENDING_COUNT; i++) {
        const struct yaml *at = yaml_get(node, keys[i]);
        if (!at)
            continue;
        int64_t years = -1;
        struct str value = yaml_str(l->ps, node, keys[i]);
        if (!str_eq(value, S("keep")) && (!str_to_i64(value, &years) || years < 1 || years > YEARS_MAX))
            yaml_problem(l->ps, at, "write a number of years, for example 5, or keep",
                         "'%" PRI_STR "' is not 1 to 100 years", STR_ARG(value));
        if (l->v->retention_keep)
            yaml_problem(l->ps, at, "take `keep: true` away, or the line",
                         "all cases of this service are kept already");
        l->v->retention_ending[i] = (int)years;
    }
}

/* The archive's own list says which classes are kept; a service cannot say less. */
static void check_kept_class(const struct load *l, const struct yaml *node)
{
    const struct municipality *m = l->cx->muni;
    bool erases = !l->v->retention_keep;
    for (size_t i = 0; m && erases && l->v->classification.n && i < m->archive_keep.n; i++)
        if (str_starts(l->v->classification, m->archive_keep.p[i]))
            yaml_problem(l->ps, node, "write `keep: true` instead of years, or take the class off the list `archive`",
                         "cases of class %" PRI_STR " are kept for ever: municipality.yaml says so",
                         STR_ARG(l->v->classification));
}

static void load_retention(const struct load *l, const struct yaml *node)
{
    struct service_version *v = l->v;
    if (!node || !yaml_keys(l->ps, node, "'retention'", "years keep basis! endings"))
        return;
    v->retention_years = (int)yaml_int(l->ps, node, "years", 0, 1, YEARS_MAX);
    v->retention_keep = yaml_bool(l->ps, node, "keep", false);
    v->retention_basis = yaml_str(l->ps, node, "basis");
    if (!yaml_get(node, "years") == !v->retention_keep)
        yaml_problem(l->ps, node, "write `years: 5` for erasure, or `keep: true` for the archive",
                     "'retention' must say either after how many years a case is erased, or that it is kept");
    load_endings(l, yaml_get(node, "endings"));
    check_kept_class(l, node);
}

/* Who writes to the municipality is nobody else's business, unless the service folder says that it is: a hearing, a
   permit for a building. */
static void load_screening(const struct load *l, const struct yaml *node)
{
    struct service_version *v = l->v;
    v->screened = true;
    if (!node || !yaml_keys(l->ps, node, "'screening'", "names basis"))
        return;
    v->screened = yaml_bool(l->ps, node, "names", true);
    v->access_basis = yaml_str(l->ps, node, "basis");
    if (!v->screened && v->access_basis.n)
        yaml_problem(l->ps, yaml_get(node, "basis"), "take the line away, or write `names: true`",
                     "nothing is screened, so there is no basis for it");
}

static void load_classification(const struct load *l, const struct yaml *node)
{
    struct service_version *v = l->v;
    if (!node || !yaml_keys(l->ps, node, "'classification'", "code! example"))
        return;
    v->classification = yaml_str(l->ps, node, "code");
    v->classification_example = yaml_bool(l->ps, node, "example", false);
    bool kle = !l->cx->muni || l->cx->muni->country == COUNTRY_DK, right = v->classification.n == 8;
    for (size_t i = 0; right && i < 8; i++)
        right =
            i % 3 == 2 ? v->classification.p[i] == '.' : v->classification.p[i] >= '0' && v->classification.p[i] <= '9';
    if (kle && v->classification.n && !right)
        yaml_problem(l->ps, yaml_get(node, "code"), "write six digits in quotes: \"27.60.10\"",
                     "'%" PRI_STR "' is not a number of the Danish class system (KLE)", STR_ARG(v->classification));
}

static void load_applying(const struct load *l, const struct yaml *top)
{
    struct service_version *v = l->v;
    v->apply = (enum service_apply)(1 + yaml_choice(l->ps, top, "apply", "person anonymous", 0));
    bool anonymous = v->apply == SERVICE_ANONYMOUS;
    v->assurance = (enum assurance)yaml_choice(l->ps, top, "assurance", "none low substantial high",
                                               anonymous ? ASSURANCE_NONE : ASSURANCE_SUBSTANTIAL);
    if (anonymous && v->assurance)
        yaml_problem(l->ps, yaml_get(top, "assurance"), "take the line away, or write `apply: person`",
                     "who may be anonymous cannot be asked to log in");
    if (!anonymous && !v->assurance)
        yaml_problem(l->ps, yaml_get(top, "assurance"), "write substantial, or `apply: anonymous`",
                     "a person must log in at some level");
    v->deadline_working_days = (int)yaml_int(l->ps, top, "deadline_working_days", 0, 0, 365);
    v->draft_days = (int)yaml_int(l->ps, top, "draft_days", 30, 1, 365);
    v->case_title = yaml_str(l->ps, top, "case_title");
    if (text_length(v->case_title) > 120 || str_find_char(v->case_title, '\n', 0) < v->case_title.n)
        yaml_problem(l->ps, yaml_get(top, "case_title"), "shorten it",
                     "'case_title' must be one line of at most 120 characters");
}

static void load_cosign(const struct load *l, const struct yaml *node)
{
    struct service_version *v = l->v;
    struct service_cosign *c = &v->cosign;
    if (!node || !yaml_keys(l->ps, node, "'cosign'", "by! field law! days! counts! otherwise!"))
        return;
    c->by = (enum service_cosigner)(1 + yaml_choice(l->ps, node, "by", "custody spouse person organisation", 0));
    c->field = yaml_name(l->ps, node, "field");
    c->law = law_key(l, node, "law");
    c->days = (int)yaml_int(l->ps, node, "days", 14, 1, 90);
    c->counts_when_all = yaml_choice(l->ps, node, "counts", "first all", 0) == 1;
    c->falls = yaml_choice(l->ps, node, "otherwise", "falls person", 1) == 0;
    if (v->apply == SERVICE_ANONYMOUS)
        yaml_problem(l->ps, node, "write `apply: person`, or take `cosign` away",
                     "who may be anonymous cannot have somebody else sign");
    if (c->by == COSIGN_SPOUSE && c->field.n)
        yaml_problem(l->ps, yaml_get(node, "field"), "take the line away",
                     "the register says who the spouse is; no field is asked");
    if (c->by != COSIGN_SPOUSE && !c->field.n)
        yaml_problem(l->ps, node, "add `field: …`, the id of a field of form.yaml",
                     "it is not said which field names the child, the person or the organisation");
}

static void load_appeal(const struct load *l, const struct yaml *node)
{
    struct service_version *v = l->v;
    if (!node || !yaml_keys(l->ps, node, "'appeal'", "body days"))
        return;
    v->appeal_body = line_words(l, node, "body", 80);
    v->appeal_days = (int)yaml_int(l->ps, node, "days", 0, 1, 365);
    if (!yaml_get(node, "body") && !yaml_get(node, "days"))
        yaml_problem(l->ps, node, "name a `body`, or the `days` one has; or take `appeal` away",
                     "'appeal' says nothing that the country's law does not");
    if (!v->decides)
        yaml_problem(l->ps, node, "add `decision_law: …`, or take `appeal` away",
                     "the service decides nothing that could be appealed");
}

static void load_form_service(const struct load *l, const struct yaml *top)
{
    struct service_version *v = l->v;
    load_applying(l, top);
    load_classification(l, yaml_get(top, "classification"));
    load_retention(l, yaml_get(top, "retention"));
    load_screening(l, yaml_get(top, "screening"));
    load_laws(l, top);
    const struct yaml *list = yaml_list(l->ps, top, "purposes");
    for (size_t i = 0; list && i < list->n; i++)
        load_purpose(l, list->items[i]);
    v->decision_law = law_key(l, top, "decision_law");
    v->decides = v->decision_law.n > 0;
    load_appeal(l, yaml_get(top, "appeal"));
    v->lines = yaml_name(l->ps, top, "lines");
    if (v->lines.n && !v->decides && !yaml_get(top, "decision_law"))
        yaml_problem(l->ps, yaml_get(top, "lines"), "add `decision_law: …`, or take `lines` away",
                     "lines are decided, but no law is named for the decision");
    v->access_purpose = yaml_name(l->ps, top, "access_purpose");
    if (v->access_purpose.n && !service_purpose(v, v->access_purpose))
        yaml_problem(l->ps, yaml_get(top, "access_purpose"), "name a key of the list `purposes`",
                     "there is no purpose '%" PRI_STR "'", STR_ARG(v->access_purpose));
    load_cosign(l, yaml_get(top, "cosign"));
    v->rules_yaml = yaml_get(top, "rules");
    v->process = text_words(l, top, "process");
    v->data_use = text_words(l, top, "data_use");
    if (yaml_get(top, "form") && !service_file(v, S("form.yaml")))
        yaml_problem(l->ps, yaml_get(top, "form"), "add the file form.yaml, or write `form: none`",
                     "there is no form.yaml");
}

void load_service(const struct load *l, const struct yaml *top)
{
    struct service_version *v = l->v;
    const struct yaml *form = yaml_get(top, "form");
    bool none = form && str_eq_z(form->text, "none");
    if (!yaml_keys(l->ps, top, "service.yaml",
                   none ? always : str_z(l->cx->arena, str_cat(l->cx->arena, str_of(always), str_of(with_form)))))
        return;
    yaml_choice(l->ps, top, "form", "form.yaml none", 0);
    v->name = line_words(l, top, "name", 80);
    v->summary = line_words(l, top, "summary", 250);
    v->keywords = yaml_words(l->ps, top, "keywords", l->v->languages);
    v->duration = yaml_words(l->ps, top, "duration", l->v->languages);
    load_unit(l, top);
    load_links(l, top);
    load_valid(l, yaml_get(top, "valid"));
    l->v->ceiling = (int)yaml_int(l->ps, top, "ceiling", 0, 1, 1000000);
    l->v->closed = text_words(l, top, "closed");
    v->guidance = text_words(l, top, "guidance");
    v->audience = text_words(l, top, "audience");
    v->offline = text_words(l, top, "offline");
    if (!none) {
        load_form_service(l, top);
        return;
    }
    v->apply = SERVICE_INFORMATION;
    if (service_file(v, S("form.yaml")))
        yaml_problem(l->ps, form, "write `form: form.yaml`, or remove the file",
                     "there is a form.yaml that nobody would see");
    if (!v->links.n)
        yaml_problem(l->ps, form, "add `links:` to where it is done",
                     "a service without a form must say where one goes");
}
