/* Loading and looking up. */
#include "municipality.h"

#include "fetch/fetch.h"
#include "load.h"

static const char top_keys[] =
    "name! short_name! key! authority_no! country! languages! example contact! help! places look! "
    "units! situations! post! sessions! openness archive journal mail! operation login staff footer data_officer!";

static void add_language(struct municipality *m, enum lang lang)
{
    m->languages |= 1U << lang;
    m->lang_order[m->n_languages++] = lang;
}

static void load_languages(const struct load *l, const struct yaml *top)
{
    const struct yaml *list = yaml_list(l->ps, top, "languages");
    l->m->languages = 0;
    l->m->n_languages = 0;
    for (size_t i = 0; list && i < list->n; i++) {
        enum lang lang;
        struct str tag = yaml_item(l->ps, list->items[i], "a language");
        if (lang_from_tag(tag, &lang)) {
            if (!(l->m->languages & 1U << lang))
                add_language(l->m, lang);
        } else if (tag.n) {
            yaml_problem(l->ps, list->items[i], "use da, nb, nn or en", "'%" PRI_STR "' is not a language we know",
                         STR_ARG(tag));
        }
    }
    if (!l->m->languages)
        add_language(l->m, LANG_DA);
    l->m->first_lang = l->m->lang_order[0];
}

static void load_contact(const struct load *l, const struct yaml *node)
{
    struct municipality *m = l->m;
    if (!node || !yaml_keys(l->ps, node, "'contact'", "phone! email! address! web hours!"))
        return;
    m->phone = yaml_str(l->ps, node, "phone");
    m->email = yaml_str(l->ps, node, "email");
    m->address = yaml_str(l->ps, node, "address");
    m->web = yaml_str(l->ps, node, "web");
    m->hours = yaml_words(l->ps, node, "hours", m->languages);
}

static void load_places(const struct load *l, const struct yaml *list)
{
    for (size_t i = 0; list && i < list->n; i++) {
        const struct yaml *node = list->items[i];
        if (!yaml_keys(l->ps, node, "a place", "name! address! phone hours!"))
            continue;
        vec_add(l->cx->arena, &l->m->places,
                (struct municipality_place){.name = yaml_words(l->ps, node, "name", l->m->languages),
                                            .address = yaml_str(l->ps, node, "address"),
                                            .phone = yaml_str(l->ps, node, "phone"),
                                            .hours = yaml_words(l->ps, node, "hours", l->m->languages)});
    }
}

static enum err read_file(const struct load *l, struct str name, struct str *ret)
{
    return file_read(l->cx, str_fmt(l->cx->arena, "%" PRI_STR "/%" PRI_STR, STR_ARG(l->dir), STR_ARG(name)), 1 << 20,
                     ret);
}

/* An SVG is a program when one lets it be; ours is a picture. */
static bool svg_is_plain(struct str svg)
{
    static const char *const bad[] = {"<script", "<style", "<foreignobject", "<!entity", "<!doctype", "href",
                                      "url(",    " on",    "<?xml-"};
    struct arena *a = arena_new(svg.n * 2 + 4096);
    struct str low = str_lower_ascii(a, svg);
    bool plain = text_clean(svg) && str_find(low, S("<svg"), 0) < low.n;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        plain &= str_find(low, str_of(bad[i]), 0) >= low.n;
    arena_free(a);
    return plain;
}

static void load_colour(const struct load *l, const struct yaml *node, const char *key, struct str *ret)
{
    struct str c = str_lower_ascii(l->cx->arena, yaml_str(l->ps, node, key));
    *ret = c;
    if (!c.n)
        return;
    int ratio = municipality_contrast(c, S("#ffffff"));
    if (ratio < 0)
        yaml_problem(l->ps, yaml_get(node, key), "write # and six hexadecimal digits in quotes: \"#00543c\"",
                     "'%" PRI_STR "' is not a colour", STR_ARG(c));
    else if (ratio < 450)
        yaml_problem(l->ps, yaml_get(node, key), "choose a darker colour",
                     "white text on %" PRI_STR
                     " has a contrast of %d.%02d:1; at least 4.50:1 was expected (WCAG 1.4.3)",
                     STR_ARG(c), ratio / 100, ratio % 100);
}

static void load_look(const struct load *l, const struct yaml *node)
{
    if (!node || !yaml_keys(l->ps, node, "'look'", "primary! primary_dark! primary_darker! logo"))
        return;
    load_colour(l, node, "primary", &l->m->colours.primary);
    load_colour(l, node, "primary_dark", &l->m->colours.primary_dark);
    load_colour(l, node, "primary_darker", &l->m->colours.primary_darker);
    struct str logo = yaml_str(l->ps, node, "logo");
    if (!logo.n || !l->dir.n)
        return;
    const struct yaml *at = yaml_get(node, "logo");
    if (str_find_char(logo, '/', 0) < logo.n || read_file(l, logo, &l->m->logo_svg))
        yaml_problem(l->ps, at, "put the file beside municipality.yaml",
                     "there is no logo '%" PRI_STR "' (or it is over 1 MB)", STR_ARG(logo));
    else if (!svg_is_plain(l->m->logo_svg))
        yaml_problem(l->ps, at, "save it as plain SVG with paths and fills only",
                     "the logo holds a script, a style, a link or a handler, or is not SVG");
}

static void load_unit(const struct load *l, const struct yaml *node)
{
    struct municipality *m = l->m;
    if (!yaml_keys(l->ps, node, "a unit", "key! name! parent phone email address hours"))
        return;
    struct municipality_unit u = {.key = yaml_name(l->ps, node, "key"),
                                  .name = yaml_words(l->ps, node, "name", m->languages),
                                  .parent = yaml_name(l->ps, node, "parent"),
                                  .phone = yaml_str(l->ps, node, "phone"),
                                  .email = yaml_str(l->ps, node, "email"),
                                  .address = yaml_str(l->ps, node, "address"),
                                  .hours = yaml_words(l->ps, node, "hours", m->languages)};
    if (u.key.n && municipality_unit(m, u.key))
        yaml_problem(l->ps, yaml_get(node, "key"), "choose another key", "two units have the key '%" PRI_STR "'",
                     STR_ARG(u.key));
    if (u.parent.n && !municipality_unit(m, u.parent))
        yaml_problem(l->ps, yaml_get(node, "parent"), "name a unit that stands above this one in the file",
                     "there is no unit '%" PRI_STR "' above this one", STR_ARG(u.parent));
    vec_add(l->cx->arena, &m->units, u);
}

static void load_situation(const struct load *l, const struct yaml *node)
{
    if (!yaml_keys(l->ps, node, "a situation", "key! name! text!"))
        return;
    struct municipality_situation s = {.key = yaml_name(l->ps, node, "key"),
                                       .name = yaml_words(l->ps, node, "name", l->m->languages),
                                       .text = yaml_words(l->ps, node, "text", l->m->languages)};
    if (s.key.n && municipality_situation(l->m, s.key))
        yaml_problem(l->ps, yaml_get(node, "key"), "choose another key", "two situations have the key '%" PRI_STR "'",
                     STR_ARG(s.key));
    vec_add(l->cx->arena, &l->m->situations, s);
}

static void load_smtp(const struct load *l, const struct yaml *node)
{
    struct smtp_settings *s = &l->m->smtp;
    if (!node || !yaml_keys(l->ps, node, "'smtp'", "url! user password_file require_tls"))
        return;
    s->set = true;
    s->url = yaml_str(l->ps, node, "url");
    s->user = yaml_str(l->ps, node, "user");
    s->password_file = yaml_str(l->ps, node, "password_file");
    s->require_tls = yaml_bool(l->ps, node, "require_tls", true);
    if (s->url.n && !str_starts(s->url, S("smtp://")) && !str_starts(s->url, S("smtps://")))
        yaml_problem(l->ps, yaml_get(node, "url"), "write smtps://host:465 or smtp://host:587",
                     "'%" PRI_STR "' is not an address of a mail server", STR_ARG(s->url));
}

static void load_operation(const struct load *l, const struct yaml *node)
{
    l->m->digest_hour = 7;
    if (!node || !yaml_keys(l->ps, node, "'operation'", "digest_to! digest_hour"))
        return;
    l->m->digest_hour = (int)yaml_int(l->ps, node, "digest_hour", 7, 0, 23);
    const struct yaml *list = yaml_list(l->ps, node, "digest_to");
    for (size_t i = 0; list && i < list->n; i++) {
        struct str to = yaml_item(l->ps, list->items[i], "an e-mail address");
        size_t at = str_find_char(to, '@', 0);
        if (at == 0 || at + 1 >= to.n)
            yaml_problem(l->ps, list->items[i], "write name@example.dk", "'%" PRI_STR "' is not an e-mail address",
                         STR_ARG(to));
        else
            vec_add(l->cx->arena, &l->m->digest_to, to);
    }
}

static void load_rules(const struct load *l, const struct yaml *top)
{
    struct municipality *m = l->m;
    const struct yaml *post = yaml_get(top, "post"), *sessions = yaml_get(top, "sessions");
    const struct yaml *open = yaml_get(top, "openness"), *mail = yaml_get(top, "mail"),
                      *footer = yaml_get(top, "footer");
    yaml_keys(l->ps, post, "'post'", "postal_days! recall_seconds!");
    m->postal_days = (int)yaml_int(l->ps, post, "postal_days", 5, 1, 30);
    m->recall_seconds = (int)yaml_int(l->ps, post, "recall_seconds", 600, 0, 86400);
    yaml_keys(l->ps, sessions, "'sessions'", "idle_minutes! hours! warn_minutes!");
    m->session_idle_minutes = (int)yaml_int(l->ps, sessions, "idle_minutes", 30, 5, 480);
    m->session_hours = (int)yaml_int(l->ps, sessions, "hours", 8, 1, 24);
    m->session_warn_minutes = (int)yaml_int(l->ps, sessions, "warn_minutes", 5, 1, 60);
    if (m->session_warn_minutes >= m->session_idle_minutes)
        yaml_problem(l->ps, sessions, "warn fewer minutes before the end",
                     "the warning comes before the session begins");
    yaml_keys(l->ps, open, "'openness'", "employee_name_shown");
    m->employee_name_shown = yaml_bool(l->ps, open, "employee_name_shown", false);
    yaml_keys(l->ps, mail, "'mail'", "from! from_name! smtp");
    m->mail_from = yaml_str(l->ps, mail, "from");
    m->mail_from_name = yaml_str(l->ps, mail, "from_name");
    load_smtp(l, yaml_get(mail, "smtp"));
    load_operation(l, yaml_get(top, "operation"));
    yaml_keys(l->ps, footer, "'footer'", "privacy accessibility");
    m->privacy_url = yaml_str(l->ps, footer, "privacy");
    m->accessibility_url = yaml_str(l->ps, footer, "accessibility");
}

static void load_archive(const struct load *l, const struct yaml *node)
{
    if (!node || !yaml_keys(l->ps, node, "'archive'", "keep two_people"))
        return;
    l->m->archive_two_people = yaml_bool(l->ps, node, "two_people", false);
    const struct yaml *list = yaml_list(l->ps, node, "keep");
    for (size_t i = 0; list && i < list->n; i++)
        vec_add(l->cx->arena, &l->m->archive_keep, yaml_item(l->ps, list->items[i], "a class of the archive"));
}

static void load_einnsyn(const struct load *l, const struct yaml *node)
{
    struct municipality *m = l->m;
    if (!node || !yaml_keys(l->ps, node, "'einnsyn'", "url! key_file!"))
        return;
    m->einnsyn_url = yaml_str(l->ps, node, "url");
    m->einnsyn_key_file = yaml_str(l->ps, node, "key_file");
    if (str_ends(m->einnsyn_url, S("/")))
        m->einnsyn_url.n--;
    if (m->einnsyn_url.n && !fetch_good_address(m->einnsyn_url))
        yaml_problem(l->ps, yaml_get(node, "url"), "write https://api.einnsyn.no, or the test service's address",
                     "the address must be https (http only on this machine, for tests)");
    if (!m->journal_public)
        yaml_problem(l->ps, node, "set `public: true`, or take the block out",
                     "what is not public here is not sent to anybody");
}

/* offentleglova § 10 with arkivforskrifta: a Norwegian municipality keeps a journal on the net. Danish law knows no
   such duty. */
static void load_journal(const struct load *l, const struct yaml *node)
{
    struct municipality *m = l->m;
    m->journal_public = m->country == COUNTRY_NO;
    if (!node || !yaml_keys(l->ps, node, "'journal'", "public never request einnsyn"))
        return;
    m->journal_public = yaml_bool(l->ps, node, "public", m->journal_public);
    m->journal_request = yaml_str(l->ps, node, "request");
    const struct yaml *list = yaml_list(l->ps, node, "never");
    for (size_t i = 0; list && i < list->n; i++)
        vec_add(l->cx->arena, &m->journal_never, yaml_item(l->ps, list->items[i], "a class of the archive"));
    load_einnsyn(l, yaml_get(node, "einnsyn"));
}

static void load_top(const struct load *l, const struct yaml *top)
{
    struct municipality *m = l->m;
    if (!yaml_keys(l->ps, top, "municipality.yaml", top_keys))
        return;
    load_languages(l, top);
    m->name = yaml_str(l->ps, top, "name");
    m->short_name = yaml_str(l->ps, top, "short_name");
    m->key = yaml_name(l->ps, top, "key");
    m->authority_no = yaml_str(l->ps, top, "authority_no");
    m->country = (enum country)yaml_choice(l->ps, top, "country", "DK NO", COUNTRY_DK);
    m->rules = municipality_country(m->country);
    m->example = yaml_bool(l->ps, top, "example", false);
    m->help = yaml_words(l->ps, top, "help", m->languages);
    m->data_officer = yaml_words(l->ps, top, "data_officer", m->languages);
    load_contact(l, yaml_get(top, "contact"));
    load_places(l, yaml_list(l->ps, top, "places"));
    load_look(l, yaml_get(top, "look"));
    const struct yaml *list = yaml_list(l->ps, top, "units");
    for (size_t i = 0; list && i < list->n; i++)
        load_unit(l, list->items[i]);
    list = yaml_list(l->ps, top, "situations");
    for (size_t i = 0; list && i < list->n; i++)
        load_situation(l, list->items[i]);
    load_rules(l, top);
    load_archive(l, yaml_get(top, "archive"));
    load_journal(l, yaml_get(top, "journal"));
    load_logins(l, yaml_get(top, "login"));
    load_staff(l, yaml_list(l->ps, top, "staff"));
}

static enum err finish(struct cx *cx, const struct load *l, size_t problems_before, const struct municipality **ret)
{
    if (l->ps->list.n > problems_before) {
        const struct problem *p = &l->ps->list.p[problems_before];
        return fail(cx, ERR_CONFIG, "%" PRI_STR ":%d:%d: %" PRI_STR "; %" PRI_STR, STR_ARG(p->file), p->line, p->col,
                    STR_ARG(p->what), STR_ARG(p->remedy));
    }
    *ret = l->m;
    return ERR_OK;
}

static enum err load(struct cx *cx, struct arena *a, struct load *l, const struct str files[2],
                     const struct municipality **ret)
{
    struct cx inner = *cx; /* the same, but what it allocates lives as long as the municipality */
    inner.arena = a;
    l->cx = &inner;
    l->m = arena_new_of(a, struct municipality);
    size_t before = l->ps->list.n;
    struct hash_state h;
    hash_init(&h);
    struct str prefix = l->dir.n ? str_cat(a, l->dir, S("/")) : l->dir;
    struct yaml *top = yaml_read(&inner, l->ps, str_cat(a, prefix, S("municipality.yaml")), files[0]);
    if (top)
        load_top(l, top);
    if (top && files[1].n) {
        struct yaml *people = yaml_read(&inner, l->ps, str_cat(a, prefix, S("people.yaml")), files[1]);
        if (people)
            load_people(l, people);
    }
    for (int i = 0; i < 2; i++)
        hash_update(&h, files[i].p ? files[i].p : "", files[i].n);
    hash_update(&h, l->m->logo_svg.p ? l->m->logo_svg.p : "", l->m->logo_svg.n);
    l->m->hash = hash_final(&h);
    return finish(cx, l, before, ret);
}

enum err municipality_load(struct cx *cx, struct arena *a, struct str dir, bool demo, struct problems *ps,
                           const struct municipality **ret)
{
    struct cx inner = *cx;
    inner.arena = a;
    while (dir.n > 1 && dir.p[dir.n - 1] == '/')
        dir.n--;
    struct load l = {.cx = &inner, .ps = ps, .dir = str_dup(a, dir)};
    struct str files[2] = {{0}, {0}};
    enum err e = read_file(&l, S("municipality.yaml"), &files[0]);
    if (!e && demo)
        e = read_file(&l, S("people.yaml"), &files[1]);
    if (e)
        return fail(cx, e, "%" PRI_STR, STR_ARG(inner.fail.detail));
    return load(cx, a, &l, files, ret);
}

enum err municipality_parse(struct cx *cx, struct arena *a, struct str yaml, struct str people, struct problems *ps,
                            const struct municipality **ret)
{
    struct load l = {.ps = ps};
    return load(cx, a, &l, (const struct str[]){yaml, people}, ret);
}

const struct municipality_unit *municipality_unit(const struct municipality *m, struct str key)
{
    for (size_t i = 0; i < m->units.n; i++)
        if (str_eq(m->units.p[i].key, key))
            return &m->units.p[i];
    return NULL;
}

struct str municipality_unit_name(const struct municipality *m, struct str key, enum lang lang, struct str otherwise)
{
    const struct municipality_unit *u = m ? municipality_unit(m, key) : NULL;
    return u ? words_in(&u->name, lang) : otherwise;
}

const struct municipality_situation *municipality_situation(const struct municipality *m, struct str key)
{
    for (size_t i = 0; i < m->situations.n; i++)
        if (str_eq(m->situations.p[i].key, key))
            return &m->situations.p[i];
    return NULL;
}

const struct municipality_person *municipality_person(const struct municipality *m, struct str key)
{
    for (size_t i = 0; i < m->people.n; i++)
        if (str_eq(m->people.p[i].key, key))
            return &m->people.p[i];
    return NULL;
}

struct str municipality_unit_phone(const struct municipality *m, const struct municipality_unit *unit)
{
    for (; unit; unit = municipality_unit(m, unit->parent))
        if (unit->phone.n)
            return unit->phone;
    return m->phone;
}

struct str municipality_unit_email(const struct municipality *m, const struct municipality_unit *unit)
{
    for (; unit; unit = municipality_unit(m, unit->parent))
        if (unit->email.n)
            return unit->email;
    return m->email;
}
