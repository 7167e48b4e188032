/* The reply to one who gave no name: written, looked at as it will be read, and then given; and printed. */
#include "desk_handlers.h"

#include "i18n/i18n.h"
#include "tpl_desk_reply.h"
#include "tpl_desk_reply_print.h"

static const char *const ways[] = {
    [CASEFILE_REPLY_PAGE] = "page", [CASEFILE_REPLY_EMAIL] = "email", [CASEFILE_REPLY_LETTER] = "letter"};
enum { WAYS = sizeof ways / sizeof *ways, FILES_MAX = 20 };

struct replying {
    struct str id;
    int64_t version; /* of the case as the page that was sent showed it; 0: nothing was sent */
    struct casefile_view open;
    struct casefile_reply_to to;
    struct casefile_reply_new reply;
    struct str newest;
    struct desk_reply view;
};

static enum err open_case(struct cx *cx, void *ctx)
{
    struct replying *r = ctx;
    enum err e = desk_open(cx, r->id, &r->open);
    if (!e && !r->open.can[CASEFILE_DO_REPLY])
        e = fail_say(cx, ERR_CONFLICT, text_keys[T_casefile_why_state],
                     "case file %" PRI_STR " does not allow a reply now", STR_ARG(r->open.file.no));
    if (!e)
        e = casefile_reply_to(cx, &r->open, &r->to);
    if (!e)
        e = casefile_answers(cx, &r->open, &r->view.asked);
    return e ? e : desk_newest_event(cx, &r->open, &r->newest);
}

static struct str text_of(struct cx *cx, enum text key)
{
    return i18n_text(cx->lang, key);
}

/* ---- the page ---- */

static void add_way(struct cx *cx, struct replying *r, enum casefile_reply_way way, enum text label, enum text hint)
{
    vec_add(cx->arena, &r->view.way.options,
            (struct page_option){.value = str_of(ways[way]),
                                 .label = text_of(cx, label),
                                 .hint = text_of(cx, hint),
                                 .checked = r->reply.way == way});
}

static struct page_field field(struct cx *cx, const struct replying *r, const char *id, enum text label,
                               struct str value)
{
    return (struct page_field){.id = str_of(id),
                               .label = text_of(cx, label),
                               .value = value,
                               .error = page_errors_of(&r->view.errors, str_of(id))};
}

static void add_fields(struct cx *cx, struct replying *r)
{
    static const enum text names[LANG_COUNT] = {
        [LANG_DA] = T_desk_lang_da, [LANG_NB] = T_desk_lang_nb, [LANG_NN] = T_desk_lang_nn, [LANG_EN] = T_desk_lang_en};
    struct desk_reply *v = &r->view;
    v->text = field(cx, r, "text", T_desk_reply_text, r->reply.text);
    v->text.kind = PAGE_FIELD_TEXTAREA;
    v->text.max = 10000;
    v->text.rows = 12;
    v->text.lang = str_of(i18n_code(r->open.file.lang));
    v->text.hint = i18n_fmt(cx, T_desk_reply_text_hint, ARG("language", text_of(cx, names[r->open.file.lang])));
    v->basis = field(cx, r, "basis", T_desk_basis_label, r->reply.legal_basis);
    v->basis.hint = text_of(cx, T_desk_reply_basis_hint);
    v->way = field(cx, r, "way", T_desk_reply_way, S(""));
    v->way.kind = PAGE_FIELD_RADIO;
    if (r->to.code)
        add_way(cx, r, CASEFILE_REPLY_PAGE, T_desk_reply_way_page, T_desk_reply_way_page_hint);
    if (r->to.email)
        add_way(cx, r, CASEFILE_REPLY_EMAIL, T_desk_reply_way_email,
                r->to.email_whole ? T_desk_reply_way_email_whole : T_desk_reply_way_email_news);
    add_way(cx, r, CASEFILE_REPLY_LETTER, T_desk_reply_way_letter, T_desk_reply_way_letter_hint);
    v->has_email = r->to.email;
    v->email = field(cx, r, "email", T_desk_post_email, r->reply.email);
    v->email.hint = text_of(cx, T_desk_reply_email_hint);
    v->email.inputmode = S("email");
    v->email.autocomplete = S("off");
    v->has_files = r->to.code || r->reply.way == CASEFILE_REPLY_LETTER;
    v->files = field(cx, r, "files", T_desk_reply_files, S(""));
    v->files.kind = PAGE_FIELD_FILE;
    v->files.hint = text_of(cx, T_desk_reply_files_hint);
    v->files.accept = S(".pdf,.jpg,.jpeg,.png");
    v->files.optional = v->files.multiple = true;
}

static struct str what_happens(struct cx *cx, const struct replying *r)
{
    switch (r->reply.way) {
    case CASEFILE_REPLY_EMAIL:
        return i18n_fmt(cx, T_desk_reply_by_email, ARG("email", r->reply.email));
    case CASEFILE_REPLY_LETTER:
        return text_of(cx, T_desk_reply_by_letter);
    case CASEFILE_REPLY_PAGE:
        break;
    }
    return text_of(cx, T_desk_reply_by_page);
}

static enum err show(struct cx *cx, struct request *req, struct reply *rep, struct replying *r)
{
    struct desk_reply *v = &r->view;
    v->action = str_fmt(cx->arena, "/desk/casefile/%lld/reply", (long long)r->open.file.id);
    v->back = str_fmt(cx->arena, "/desk/casefile/%lld", (long long)r->open.file.id);
    v->version = v->conflict || !r->version ? r->open.file.version : r->version; /* law 2 */
    v->happened = r->newest;
    v->failed = r->open.file.reply_failed;
    v->guidance = r->to.guidance;
    v->lang = str_of(i18n_code(r->open.file.lang));
    v->sent_way = r->reply.way ? str_of(ways[r->reply.way]) : S("");
    v->happens = what_happens(cx, r);
    add_fields(cx, r);
    struct page page = {.title = text_of(cx, v->review ? T_desk_reply_sure_title : T_desk_reply),
                        .face = PAGE_DESK,
                        .has_errors = v->errors.n > 0,
                        .form_id = S("reply")};
    page.status = v->conflict ? 409 : 0;
    desk_crumbs(cx, &page, r->open.file.id, r->open.file.no);
    struct tpl o = tpl_begin(cx);
    tpl_desk_reply(&o, v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err desk_reply_page(struct cx *cx, struct request *req, struct reply *rep)
{
    struct replying r = {.id = req_param(req, "id")};
    enum err e = db_read(cx, open_case, &r);
    if (e)
        return e;
    r.reply.email = r.to.address;
    if (r.to.email && r.to.address.n) /* they named one; else the employee reads how they want it, and says it */
        r.reply.way = CASEFILE_REPLY_EMAIL;
    return show(cx, req, rep, &r);
}

/* ---- what came in ---- */

static void wrong(struct cx *cx, struct replying *r, const char *id, enum text message)
{
    page_errors_add(cx, &r->view.errors, str_of(id), text_of(cx, message));
}

static void read_fields(const struct request *req, struct replying *r)
{
    struct str way = req_str(req, "way");
    r->version = req_int(req, "version");
    r->reply.text = req_str(req, "text");
    r->reply.legal_basis = req_str(req, "basis");
    r->reply.email = req_str(req, "email");
    for (int i = CASEFILE_REPLY_PAGE; i < WAYS; i++)
        if (str_eq_z(way, ways[i]))
            r->reply.way = (enum casefile_reply_way)i;
}

static void check_fields(struct cx *cx, struct replying *r)
{
    if (str_empty(str_trim(r->reply.text)))
        wrong(cx, r, "text", T_desk_reply_text_missing);
    if (str_empty(str_trim(r->reply.legal_basis)))
        wrong(cx, r, "basis", T_desk_basis_missing);
    if (!r->reply.way)
        wrong(cx, r, "way", T_desk_reply_way_missing);
}

/* What the domain says of a field, where the person can mend it. */
static void refused(struct cx *cx, struct replying *r)
{
    static const struct {
        const char *domain, *page;
        enum text message;
    } faults[] = {
        {"text", "text", T_desk_reply_text_wrong},      {"legal_basis", "basis", T_desk_reply_basis_wrong},
        {"way", "way", T_desk_reply_way_wrong},         {"email", "email", T_desk_reply_email_wrong},
        {"files", "files", T_desk_reply_files_nowhere},
    };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (str_eq_z(cx->fail.field, faults[i].domain))
            wrong(cx, r, faults[i].page, faults[i].message);
}

static enum err take_files(struct cx *cx, struct request *req, struct replying *r)
{
    size_t n, n_faults;
    const struct req_file *files = req_files(req, "files", &n);
    const struct req_fault *faults = req_faults(req, &n_faults);
    struct casefile_upload *uploads = arena_array(cx->arena, struct casefile_upload, n + 1);
    bool bad = n > FILES_MAX;
    for (size_t i = 0; i < n_faults; i++)
        bad = bad || str_eq_z(S("files"), faults[i].field);
    for (size_t i = 0; i < n && !bad; i++) {
        const struct filetype *type = filetype_of(files[i].bytes);
        bad = !type || !type->inline_safe;
        if (bad)
            break;
        uploads[i] = (struct casefile_upload){.name = files[i].name, .mime = str_of(type->mime)};
        enum err e = files_put(cx, files[i].bytes, &uploads[i].file);
        if (e)
            return e;
    }
    if (bad)
        wrong(cx, r, "files", T_desk_reply_files_wrong);
    r->reply.uploads = uploads;
    r->reply.n_uploads = bad ? 0 : n;
    return ERR_OK;
}

/* The errors of what was written stand where it can be changed; those of the files where they are chosen. */
static enum err look(struct cx *cx, struct request *req, struct reply *rep, struct replying *r)
{
    size_t of_files = r->view.errors.n;
    check_fields(cx, r);
    enum err e = r->view.errors.n > of_files ? ERR_OK : casefile_reply_text(cx, &r->open, &r->reply, &r->view.whole);
    if (e == ERR_INVALID && cx->fail.field.n)
        refused(cx, r);
    else if (e)
        return e;
    r->view.review = !str_empty(r->view.whole);
    return show(cx, req, rep, r);
}

static enum err conflict(struct cx *cx, struct request *req, struct reply *rep, const struct replying *r)
{
    struct replying again = {.id = r->id, .version = r->version, .reply = r->reply};
    again.view.conflict = true;
    enum err e = db_read(cx, open_case, &again);
    return e ? e : show(cx, req, rep, &again);
}

static enum err send(struct cx *cx, struct request *req, struct reply *rep, struct replying *r)
{
    enum err e = take_files(cx, req, r);
    if (!e && r->view.errors.n)
        return look(cx, req, rep, r);
    if (!e)
        e = casefile_reply(cx, &r->open, r->version, &r->reply);
    if (e == ERR_CONFLICT)
        return conflict(cx, req, rep, r);
    if (e == ERR_INVALID && cx->fail.field.n) {
        bool files = str_eq_z(cx->fail.field, "files");
        refused(cx, r);
        r->reply.n_uploads = 0;
        return files ? look(cx, req, rep, r) : show(cx, req, rep, r);
    }
    if (e)
        return e;
    page_done(cx, rep, T_desk_reply_done);
    if (r->reply.way == CASEFILE_REPLY_LETTER)
        return reply_redirect(cx, rep, "/desk/casefile/%lld/reply/last", (long long)r->open.file.id);
    return reply_redirect(cx, rep, "/desk/casefile/%lld", (long long)r->open.file.id);
}

enum err desk_reply_send(struct cx *cx, struct request *req, struct reply *rep)
{
    struct replying r = {.id = req_param(req, "id")};
    struct str step = req_str(req, "step");
    enum lang lang;
    enum err e = db_read(cx, open_case, &r);
    if (e)
        return e;
    read_fields(req, &r);
    if (i18n_lang(req_str(req, "language"), &lang)) {
        page_switch_language(cx, rep, lang);
        e = casefile_answers(cx, &r.open, &r.view.asked); /* in the language that was chosen */
        return e ? e : show(cx, req, rep, &r);
    }
    if (str_eq(step, S("edit")))
        return show(cx, req, rep, &r);
    return str_eq(step, S("send")) ? send(cx, req, rep, &r) : look(cx, req, rep, &r);
}

/* ---- on paper ---- */

struct printing {
    struct str id;
    struct casefile_view open;
    struct casefile_replies replies;
};

static enum err open_replies(struct cx *cx, void *ctx)
{
    struct printing *p = ctx;
    enum err e = desk_open(cx, p->id, &p->open);
    return e ? e : casefile_replies(cx, &p->open, &p->replies);
}

static bool waits_for_post(const struct casefile_reply_given *g)
{
    return g->way == CASEFILE_REPLY_LETTER && !g->arrived_us.set && !g->replaced;
}

enum err desk_reply_print(struct cx *cx, struct request *req, struct reply *rep)
{
    struct printing p = {.id = req_param(req, "id")};
    struct str which = req_param(req, "n");
    int64_t n = 0;
    enum err e = db_read(cx, open_replies, &p);
    bool last = str_eq(which, S("last"));
    if (!e && !last && !str_to_i64(which, &n))
        e = fail(cx, ERR_NOT_FOUND, "no such reply");
    const struct casefile_reply_given *found = NULL;
    for (size_t i = 0; !e && i < p.replies.rows.n; i++)
        if (p.replies.rows.p[i].n == n || (last && !found))
            found = &p.replies.rows.p[i];
    if (e || !found)
        return e ? e : fail(cx, ERR_NOT_FOUND, "no such reply");
    struct desk_reply_print v = {.id = p.open.file.id,
                                 .no = p.open.file.no,
                                 .title = p.open.file.title,
                                 .text = found->text,
                                 .lang = str_of(i18n_code(p.open.file.lang)),
                                 .at_us = found->at_us,
                                 .letter = found->way == CASEFILE_REPLY_LETTER,
                                 .to_post = waits_for_post(found)};
    if (v.to_post)
        v.posted = str_fmt(cx->arena, "/desk/casefile/%lld/reply/%lld/posted", (long long)v.id, (long long)found->n);
    for (size_t i = 0; i < found->documents.n; i++)
        vec_add(cx->arena, &v.documents,
                (struct desk_document){.id = found->documents.p[i].id, .title = found->documents.p[i].title});
    struct page page = {.title = text_of(cx, T_desk_reply_print), .face = PAGE_DESK, .print = true};
    desk_crumbs(cx, &page, v.id, v.no);
    struct tpl o = tpl_begin(cx);
    tpl_desk_reply_print(&o, &v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err desk_reply_posted(struct cx *cx, struct request *req, struct reply *rep)
{
    int64_t id = req_param_id(req, "id");
    enum err e = casefile_reply_posted(cx, id, req_param_id(req, "n"));
    if (e)
        return e;
    page_done(cx, rep, T_desk_reply_posted_done);
    return reply_redirect(cx, rep, "/desk/casefile/%lld", (long long)id);
}

/* ---- on the case's own page ---- */

static struct str where(struct cx *cx, const struct casefile_reply_given *g)
{
    if (g->way == CASEFILE_REPLY_PAGE)
        return text_of(cx, T_desk_reply_is_page);
    if (g->replaced)
        return text_of(cx, T_desk_reply_is_replaced);
    if (waits_for_post(g))
        return text_of(cx, T_desk_reply_is_to_post);
    if (g->way == CASEFILE_REPLY_LETTER)
        return i18n_fmt(cx, T_desk_reply_is_letter, ARG("day", i18n_day(cx, civil_day_of_us(g->arrived_us.v))));
    return i18n_fmt(cx,
                    g->failed           ? T_desk_reply_is_failed
                    : g->arrived_us.set ? T_desk_reply_is_mailed
                                        : T_desk_reply_is_leaving,
                    ARG("email", g->email));
}

void desk_reply_rows(struct cx *cx, const struct casefile_replies *replies, struct desk_casefile *v)
{
    for (size_t i = 0; i < replies->rows.n; i++) {
        const struct casefile_reply_given *g = &replies->rows.p[i];
        vec_add(cx->arena, &v->replies,
                (struct desk_reply_row){g->n, g->at_us, g->by, g->text, where(cx, g), g->failed, waits_for_post(g)});
    }
}
