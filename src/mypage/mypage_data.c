/* The data held about the citizen: with source and date; where notices go; everything as JSON (GDPR articles 15 and
 * 20). */
#include "mypage_handlers.h"

#include "access/access.h"
#include "codec/codec.h"
#include "i18n/i18n.h"
#include "tpl_mypage_data.h"

/* Names of the facts, in the order they are shown. Others are shown under their own name's text. */
static const struct {
    const char *attr;
    enum text label;
} labels[] = {
    {"name", T_mypage_fact_name},         {"street", T_mypage_fact_street},   {"postcode", T_mypage_fact_postcode},
    {"city", T_mypage_fact_city},         {"country", T_mypage_fact_country}, {"born", T_mypage_fact_born},
    {"phone", T_mypage_fact_phone},       {"email", T_mypage_fact_email},     {"income", T_mypage_fact_income},
    {"children", T_mypage_fact_children}, {"single", T_mypage_fact_single},
};

struct gathering {
    struct party party;
    struct party_facts facts;
};

static enum err gather(struct cx *cx, void *ctx)
{
    struct gathering *g = ctx;
    enum err e = party_get(cx, cx->who->party_id, &g->party);
    return e ? e : party_facts(cx, cx->who->party_id, &g->facts);
}

static struct str source_text(struct cx *cx, struct str source)
{
    return i18n_text(cx->lang, str_eq_z(source, "self")     ? T_mypage_source_self
                               : str_eq_z(source, "income") ? T_mypage_source_income
                                                            : T_mypage_source_register);
}

static struct str value_text(struct cx *cx, const struct party_fact *f)
{
    day_t day;
    int64_t kroner;
    if (civil_parse_day(f->value, &day))
        return i18n_day(cx, day);
    if (str_eq_z(f->attr, "income") && str_to_i64(f->value, &kroner))
        return i18n_money(cx, kroner * 100);
    if (str_eq_z(f->attr, "single"))
        return i18n_text(cx->lang, str_eq_z(f->value, "true") ? T_mypage_fact_yes : T_mypage_fact_no);
    return f->value;
}

static void add_facts(struct cx *cx, const struct gathering *g, struct mypage_data *view)
{
    if (g->party.has_idno)
        vec_add(cx->arena, &view->facts,
                (struct mypage_fact_row){.label = i18n_text(cx->lang, T_mypage_fact_idno),
                                         .value = g->party.idno_masked,
                                         .source = source_text(cx, g->party.source),
                                         .at_us = g->party.fetched_us});
    for (size_t k = 0; k < sizeof labels / sizeof *labels; k++)
        for (size_t i = 0; i < g->facts.rows.n; i++) {
            const struct party_fact *f = &g->facts.rows.p[i];
            if (!str_eq_z(f->attr, labels[k].attr) || str_empty(f->value))
                continue;
            vec_add(cx->arena, &view->facts,
                    (struct mypage_fact_row){
                        .label = i18n_text(cx->lang, labels[k].label),
                        .value = value_text(cx, f),
                        .source = source_text(cx, f->source),
                        .at_us = f->fetched_us,
                    });
        }
}

enum err mypage_facts(struct cx *cx, struct mypage_data *view, struct str *ret_name)
{
    struct gathering g = {0};
    enum err e = gather(cx, &g);
    if (e)
        return e;
    add_facts(cx, &g, view);
    *ret_name = g.party.name;
    return ERR_OK;
}

static enum err show(struct cx *cx, struct request *req, struct reply *rep, struct mypage_data *view)
{
    struct gathering g = {0};
    enum err e = db_read(cx, gather, &g);
    if (e)
        return e;
    add_facts(cx, &g, view);
    view->reserved = g.party.reserved_digital;
    view->is_protected = g.party.protected_address;
    if (!view->version) {
        view->version = g.party.version;
        view->email.value = g.party.email;
        view->phone.value = g.party.phone;
    }
    view->email = (struct page_field){.id = S("email"),
                                      .label = i18n_text(cx->lang, T_mypage_email_label),
                                      .hint = i18n_text(cx->lang, T_mypage_email_hint),
                                      .type = S("email"),
                                      .autocomplete = S("email"),
                                      .optional = true,
                                      .value = view->email.value,
                                      .error = page_errors_of(&view->errors, S("email"))};
    view->phone = (struct page_field){.id = S("phone"),
                                      .label = i18n_text(cx->lang, T_mypage_phone_label),
                                      .type = S("tel"),
                                      .autocomplete = S("tel"),
                                      .optional = true,
                                      .width = 12,
                                      .value = view->phone.value,
                                      .error = page_errors_of(&view->errors, S("phone"))};
    struct page page = {.title = i18n_text(cx->lang, T_mypage_data_title),
                        .face = PAGE_MYPAGE,
                        .has_errors = view->errors.n > 0,
                        .form_id = S("contact")};
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    struct tpl o = tpl_begin(cx);
    tpl_mypage_data(&o, view);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err mypage_data(struct cx *cx, struct request *req, struct reply *rep)
{
    struct mypage_data view = {0};
    return show(cx, req, rep, &view);
}

enum err mypage_data_save(struct cx *cx, struct request *req, struct reply *rep)
{
    struct mypage_data view = {
        .version = req_int(req, "version"), .email.value = req_str(req, "email"), .phone.value = req_str(req, "phone")};
    enum lang lang;
    if (i18n_lang(req_str(req, "language"), &lang)) {
        page_switch_language(cx, rep, lang);
        return show(cx, req, rep, &view);
    }
    enum err e = party_set_contact(cx, cx->who->party_id,
                                   &(struct party_contact){view.version, view.email.value, view.phone.value});
    if (e == ERR_INVALID) {
        bool email = str_eq(cx->fail.field, S("email"));
        page_errors_add(cx, &view.errors, cx->fail.field,
                        i18n_text(cx->lang, email ? T_mypage_email_invalid : T_mypage_phone_invalid));
        return show(cx, req, rep, &view);
    }
    if (e)
        return e;
    page_done(cx, rep, T_mypage_data_done);
    return reply_redirect(cx, rep, "/mypage/data");
}

static void write_facts(struct json_out *out, const struct gathering *g)
{
    json_key(out, "facts");
    json_begin_array(out);
    for (size_t i = 0; i < g->facts.rows.n; i++) {
        const struct party_fact *f = &g->facts.rows.p[i];
        json_begin_object(out);
        json_key(out, "attribute");
        json_str(out, f->attr);
        json_key(out, "value");
        json_str(out, f->value);
        json_key(out, "source");
        json_str(out, f->source);
        json_key(out, "fetched");
        json_str(out, civil_iso_us(out->b->arena, f->fetched_us));
        json_end(out);
    }
    json_end(out);
}

/* Every case the party may see as its own, each as its export. */
static enum err write_casefiles(struct cx *cx, struct json_out *out)
{
    struct str after = S("");
    json_key(out, "casefiles");
    json_begin_array(out);
    do {
        struct casefile_rows rows = {0};
        enum err e = casefile_mine(cx, after, 200, &rows);
        for (size_t i = 0; !e && i < rows.rows.n; i++) {
            struct casefile_view open;
            struct str text;
            struct json *json;
            if (rows.rows.p[i].for_other)
                continue; /* another person's: theirs to download */
            if (!(e = casefile_open_as_party(cx, rows.rows.p[i].id, &open)) &&
                !(e = casefile_export(cx, &open, &text)) && !(e = json_parse(cx, text, &json)))
                json_value(out, json);
        }
        if (e)
            return e;
        after = rows.next;
    } while (!str_empty(after));
    json_end(out);
    return ERR_OK;
}

static void pair(struct json_out *out, const char *key, struct str value)
{
    json_key(out, key);
    json_str(out, value.p ? value : S(""));
}

static void pair_us(struct json_out *out, const char *key, int64_t us)
{
    pair(out, key, civil_iso_us(out->b->arena, us));
}

static enum err write_mandates(struct cx *cx, struct json_out *out)
{
    struct party_mandates all;
    enum err e = party_mandates_mine(cx, &all);
    json_key(out, "mandates");
    json_begin_array(out);
    for (size_t i = 0; !e && i < all.rows.n; i++) {
        const struct party_mandate *m = &all.rows.p[i];
        json_begin_object(out);
        pair(out, "giver", m->giver_name);
        pair(out, "holder", m->holder_name);
        pair(out, "service", m->scope);
        pair_us(out, "given", m->given_us);
        if (m->withdrawn_us.set)
            pair_us(out, "withdrawn", m->withdrawn_us.v);
        json_end(out);
    }
    json_end(out);
    return e;
}

static enum err write_letters_and_drafts(struct cx *cx, struct json_out *out)
{
    struct letter_row *rows;
    struct form_drafts drafts = {0};
    size_t n = 0;
    enum err e = letter_list_for_party(cx, cx->who->party_id, &rows, &n);
    json_key(out, "letters");
    json_begin_array(out);
    for (size_t i = 0; !e && i < n; i++) {
        json_begin_object(out);
        pair(out, "case", rows[i].casefile_no);
        pair(out, "title", rows[i].title);
        pair_us(out, "arrived", rows[i].arrived_us);
        json_end(out);
    }
    json_end(out);
    if (!e)
        e = form_drafts_of_party(cx, cx->who->party_id, &drafts);
    json_key(out, "drafts");
    json_begin_array(out);
    for (size_t i = 0; !e && i < drafts.rows.n; i++) {
        json_begin_object(out);
        pair(out, "service", drafts.rows.p[i].title);
        pair(out, "leftAt", drafts.rows.p[i].step);
        pair_us(out, "changed", drafts.rows.p[i].changed_us);
        json_end(out);
    }
    json_end(out);
    return e;
}

enum { LOOKS = 10000 };

static enum err write_looks(struct cx *cx, struct json_out *out)
{
    struct access_looks looks;
    enum err e = access_own(cx, LOOKS, &looks);
    json_key(out, "seenBy");
    json_begin_array(out);
    for (size_t i = 0; !e && i < looks.rows.n; i++) {
        const struct access_look *l = &looks.rows.p[i];
        json_begin_object(out);
        pair_us(out, "at", l->at_us);
        pair(out, "unit", l->unit);
        pair(out, "role", l->role);
        if (l->name.n)
            pair(out, "name", l->name);
        pair(out, "what", l->what);
        pair(out, "case", l->casefile_no);
        pair(out, "purpose", l->purpose);
        pair(out, "legalBasis", l->legal_basis);
        json_key(out, "refused");
        json_bool(out, l->refused);
        json_end(out);
    }
    json_end(out);
    return e;
}

static void write_person(struct json_out *out, const struct party *p)
{
    json_key(out, "person");
    json_begin_object(out);
    pair(out, "name", p->name);
    pair(out, "identityNumber", p->idno_masked);
    pair(out, "email", p->email);
    pair(out, "phone", p->phone);
    json_key(out, "paperOnly");
    json_bool(out, p->reserved_digital);
    json_key(out, "protectedAddress");
    json_bool(out, p->protected_address);
    json_end(out);
}

static enum err write_all(struct cx *cx, void *ctx)
{
    struct json_out *out = ctx;
    struct gathering g = {0};
    enum err e = gather(cx, &g);
    if (e)
        return e;
    json_begin_object(out);
    json_key(out, "municipality");
    json_str(out, cx->muni->name);
    json_key(out, "made");
    json_str(out, civil_iso_us(cx->arena, cx->now_us));
    write_person(out, &g.party);
    write_facts(out, &g);
    e = write_mandates(cx, out);
    if (!e)
        e = write_casefiles(cx, out);
    if (!e)
        e = write_letters_and_drafts(cx, out);
    if (!e)
        e = write_looks(cx, out);
    json_end(out);
    return e;
}

enum err mypage_data_download(struct cx *cx, struct request *req, struct reply *rep)
{
    (void)req;
    struct buf b = buf_make(cx->arena);
    struct json_out out = json_out_make(&b);
    enum err e = db_read(cx, write_all, &out);
    if (e)
        return e;
    struct reply_file file = {.type = S("application/json"),
                              .name = str_fmt(cx->arena, "mine-data-%" PRI_STR ".json",
                                              STR_ARG(civil_iso_day(cx->arena, civil_day_of_us(cx->now_us)))),
                              .bytes = buf_str(&b),
                              .download = true};
    return reply_file(cx, rep, &file);
}
