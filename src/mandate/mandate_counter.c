/* At the counter: mandates on paper, for those who are not online, and the letters that tell of mandates. */
#include "mandate_handlers.h"

#include "auth/auth.h"
#include "codec/filetype.h"
#include "files/files.h"
#include "i18n/i18n.h"
#include "municipality/municipality.h"
#include "tpl_mandate_letter.h"
#include "tpl_mandate_letters.h"
#include "tpl_mandate_paper.h"

static enum err add_lists(struct cx *cx, struct mandate_paper *v)
{
    struct party_mandates mine;
    enum err e = party_mandates_mine(cx, &mine);
    for (size_t i = 0; !e && i < mine.rows.n; i++) {
        bool given = mine.rows.p[i].giver_id == cx->who->stay->party_id;
        struct mandate_row row = mandate_row_of(cx, &mine.rows.p[i], given);
        if (row.over.n)
            continue;
        if (given)
            vec_add(cx->arena, &v->given, row);
        else
            vec_add(cx->arena, &v->held, row);
    }
    party_stay_note(cx, "person");
    return e;
}

static void field(struct cx *cx, struct mandate_paper *v, struct page_field *f, const char *id, enum text label,
                  enum text hint)
{
    f->id = str_of(id);
    f->label = i18n_text(cx->lang, label);
    f->hint = i18n_text(cx->lang, hint);
    f->autocomplete = S("off");
    f->error = page_errors_of(&v->errors, f->id);
}

static void add_fields(struct cx *cx, struct mandate_paper *v)
{
    bool norway = cx->muni->rules->country == COUNTRY_NO;
    static const struct {
        const char *value;
        enum text label;
    } kinds[] = {{"person", T_mandate_paper_person}, {"office", T_mandate_paper_office}};
    v->kind.kind = PAGE_FIELD_RADIO;
    field(cx, v, &v->kind, "kind", T_mandate_paper_kind, T_mandate_paper_kind_hint);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        vec_add(cx->arena, &v->kind.options,
                (struct page_option){.value = str_of(kinds[i].value),
                                     .label = i18n_fmt(cx, kinds[i].label, ARG("name", v->name)),
                                     .checked = str_eq_z(v->kind.value, kinds[i].value)});
    field(cx, v, &v->idno, "idno", T_mandate_idno, norway ? T_mandate_idno_hint_no : T_mandate_idno_hint_dk);
    field(cx, v, &v->holder, "name", T_mandate_name, T_mandate_paper_name_hint);
    field(cx, v, &v->number, "number", T_mandate_paper_number, T_mandate_paper_number_hint);
    field(cx, v, &v->title, "title", T_mandate_paper_title, T_mandate_paper_title_hint);
    field(cx, v, &v->purpose, "purpose", T_mandate_paper_purpose, T_mandate_paper_purpose_hint);
    field(cx, v, &v->document, "document", T_mandate_paper_document, T_mandate_paper_document_hint);
    v->idno.optional = v->holder.optional = v->number.optional = v->title.optional = true;
    v->idno.width = v->number.width = 12;
    v->idno.inputmode = v->number.inputmode = S("numeric");
    v->document.kind = PAGE_FIELD_FILE;
    v->document.autocomplete = S("");
    v->document.accept = S(".pdf,.jpg,.jpeg,.png");
    mandate_terms_show(cx, &v->terms, &v->errors);
}

static enum err show(struct cx *cx, struct request *req, struct reply *rep, struct mandate_paper *v)
{
    if (!cx->who->stay)
        return reply_redirect(cx, rep, "/counter");
    v->name = cx->who->stay->name;
    enum err e = add_lists(cx, v);
    if (e)
        return e;
    add_fields(cx, v);
    struct page page = {
        .title = i18n_text(cx->lang, T_mandate_paper), .face = PAGE_DESK, .has_errors = v->errors.n > 0};
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){v->name, S("/counter")});
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    struct tpl o = tpl_begin(cx);
    tpl_mandate_paper(&o, v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err mandate_paper(struct cx *cx, struct request *req, struct reply *rep)
{
    struct mandate_paper v = {0};
    mandate_terms_begin(cx, &v.terms);
    return show(cx, req, rep, &v);
}

static void wrong(struct cx *cx, struct mandate_paper *v, const char *f, enum text message)
{
    page_errors_add(cx, &v->errors, str_of(f), i18n_text(cx->lang, message));
}

static bool explain(struct cx *cx, struct mandate_paper *v, enum err e)
{
    static const struct {
        const char *field, *at; /* where the page says it */
        enum text text;
    } faults[] = {{"idno", "idno", T_mandate_idno_invalid},
                  {"holder", "idno", T_mandate_holder_young},
                  {"giver", "", T_mandate_paper_giver_young},
                  {"name", "name", T_mandate_paper_name_other},
                  {"until", "until", T_mandate_until_range},
                  {"purpose", "purpose", T_mandate_paper_purpose_short},
                  {"number", "number", T_mandate_paper_number_invalid},
                  {"title", "title", T_mandate_paper_title_missing},
                  {"document", "document", T_mandate_paper_document_missing}};
    if (e == ERR_FORBIDDEN) {
        wrong(cx, v, "", T_mandate_paper_own);
        return true;
    }
    for (size_t i = 0; (e == ERR_INVALID || e == ERR_NOT_FOUND) && i < sizeof faults / sizeof *faults; i++)
        if (str_eq_z(cx->fail.field, faults[i].field)) {
            wrong(cx, v, faults[i].at, e == ERR_NOT_FOUND ? T_mandate_paper_idno_unknown : faults[i].text);
            return true;
        }
    return false;
}

/* The paper: told by its content, whole, clean, and put before the transaction that refers to it. */
static enum err take_document(struct cx *cx, struct request *req, struct mandate_paper *v, struct party_paper_new *p)
{
    size_t n;
    const struct req_file *files = req_files(req, "document", &n);
    const struct filetype *type = n ? filetype_of(files[0].bytes) : NULL;
    bool right =
        type && (str_eq_z(str_of(type->mime), "application/pdf") || str_starts(str_of(type->mime), S("image/")));
    if (!right || !filetype_whole(type, files[0].bytes)) {
        wrong(cx, v, "document", T_mandate_paper_document_missing);
        return ERR_OK;
    }
    if (files_scan(cx, files[0].bytes) != FILES_CLEAN) {
        wrong(cx, v, "document", T_mandate_paper_document_unclean);
        return ERR_OK;
    }
    p->mime = str_of(type->mime);
    return files_put(cx, files[0].bytes, &p->document);
}

enum err mandate_paper_send(struct cx *cx, struct request *req, struct reply *rep)
{
    struct mandate_paper v = {.kind.value = req_str(req, "kind"),
                              .idno.value = req_str(req, "idno"),
                              .holder.value = req_str(req, "name"),
                              .number.value = req_str(req, "number"),
                              .title.value = req_str(req, "title"),
                              .purpose.value = req_str(req, "purpose")};
    struct mandate_chosen chosen;
    int64_t id;
    mandate_terms_take(cx, req, &v.terms, &v.errors, &chosen);
    bool office = str_eq_z(v.kind.value, "office");
    if (!office && !str_eq_z(v.kind.value, "person"))
        wrong(cx, &v, "kind", T_mandate_paper_kind_missing);
    struct party_paper_new p = {.office = office,
                                .idno = v.idno.value,
                                .name = v.holder.value,
                                .number = v.number.value,
                                .title = v.title.value,
                                .scope = chosen.scope,
                                .act = chosen.act,
                                .until_us = chosen.until_us,
                                .purpose = v.purpose.value};
    enum err e = cx->who->stay ? take_document(cx, req, &v, &p) : ERR_OK;
    if (e || v.errors.n)
        return e ? e : show(cx, req, rep, &v);
    e = party_mandate_on_paper(cx, &p, &id);
    if (e && explain(cx, &v, e))
        return show(cx, req, rep, &v);
    if (e)
        return e;
    page_done(cx, rep, T_mandate_done_paper);
    return reply_redirect(cx, rep, "/mandate/paper");
}

/* ---- letters ---- */

static struct mandate_letter letter_of(struct cx *cx, const struct party_message *m)
{
    return (struct mandate_letter){.id = m->id,
                                   .at_us = m->at_us,
                                   .name = m->name,
                                   .heading = i18n_text(cx->lang, T_mandate_letter_heading),
                                   .text = mandate_news_text(cx, m),
                                   .help = i18n_fmt(cx, T_mandate_letter_help, ARG("phone", cx->muni->phone)),
                                   .municipality = cx->muni->name,
                                   .lang = str_of(i18n_code(cx->lang))};
}

enum err mandate_letters(struct cx *cx, struct request *req, struct reply *rep)
{
    struct party_messages waiting;
    struct mandate_letters v = {0};
    enum err e = party_messages_paper(cx, &waiting);
    if (e)
        return e;
    for (size_t i = 0; i < waiting.rows.n; i++)
        vec_add(cx->arena, &v.rows, letter_of(cx, &waiting.rows.p[i]));
    struct page page = {.title = i18n_text(cx->lang, T_mandate_letters), .face = PAGE_DESK};
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    struct tpl o = tpl_begin(cx);
    tpl_mandate_letters(&o, &v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

/* In the language of the one who gets it. */
static enum err write_letter(struct cx *cx, const struct party_message *m, struct mandate_letter *ret)
{
    struct party to;
    enum lang before = cx->lang;
    enum err e = party_get(cx, m->party_id, &to);
    if (e)
        return e;
    cx->lang = to.lang;
    *ret = letter_of(cx, m);
    cx->lang = before;
    ret->masked = to.address_masked;
    for (size_t i = 0; i < to.n_address; i++)
        vec_add(cx->arena, &ret->address, to.address[i]);
    return ERR_OK;
}

enum err mandate_letter(struct cx *cx, struct request *req, struct reply *rep)
{
    struct party_message message;
    struct mandate_letter v = {0};
    enum err e = party_message_paper(cx, req_param_id(req, "id"), &message);
    if (!e)
        e = write_letter(cx, &message, &v);
    if (e)
        return e;
    struct page page = {.title = v.heading, .face = PAGE_DESK, .print = true};
    vec_add(cx->arena, &page.crumbs,
            (struct page_crumb){i18n_text(cx->lang, T_mandate_letters), S("/mandate/letters")});
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = v.name});
    struct tpl o = tpl_begin(cx);
    tpl_mandate_letter(&o, &v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err mandate_letter_posted(struct cx *cx, struct request *req, struct reply *rep)
{
    enum err e = party_message_posted(cx, req_param_id(req, "id"));
    if (e)
        return e;
    page_done(cx, rep, T_mandate_done_posted);
    return reply_redirect(cx, rep, "/mandate/letters");
}
