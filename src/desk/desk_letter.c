/* Writing a letter, seeing it as the citizen will, sending and recalling it. */
#include "desk_handlers.h"

#include "i18n/i18n.h"
#include "tpl_desk_letter.h"
#include "tpl_desk_letter_new.h"

/* ---- a new letter ---- */

struct choosing {
    struct str id;
    struct casefile_view open;
    struct letter_choice *choices;
    size_t n;
    struct decision decision;
    int64_t decision_id;
};

static enum err choose(struct cx *cx, void *ctx)
{
    struct choosing *c = ctx;
    enum err e;
    if ((e = desk_open(cx, c->id, &c->open)) || (e = letter_templates(cx, c->open.file.id, &c->choices, &c->n)))
        return e;
    e = decision_of(cx, &c->open, &c->decision);
    c->decision_id = !e && c->decision.state == DECISION_FINAL ? c->decision.id : 0;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* "granted", "partly" or "refused": the template that fits the decision is chosen beforehand. */
static struct str fitting(const struct choosing *c)
{
    if (!c->decision_id)
        return S("");
    return c->decision.outcome == DECISION_GRANTED   ? S("granted")
           : c->decision.outcome == DECISION_REFUSED ? S("refused")
                                                     : S("partly");
}

static struct str choice_value(struct cx *cx, const struct letter_choice *choice)
{
    return str_fmt(cx->arena, "%s:%" PRI_STR, i18n_code(choice->lang), STR_ARG(choice->key));
}

/* `chosen`: the template that was chosen already; empty: the one that fits is offered. */
static enum err show_choices(struct cx *cx, struct request *req, struct reply *rep, struct choosing *c,
                             struct str chosen)
{
    static const enum text names[LANG_COUNT] = {
        [LANG_DA] = T_desk_lang_da, [LANG_NB] = T_desk_lang_nb, [LANG_EN] = T_desk_lang_en, [LANG_NN] = T_desk_lang_nn};
    struct desk_letter_new view = {
        .casefile_id = c->open.file.id, .no = c->open.file.no, .reserved = c->open.party.reserved_digital};
    bool found = false;
    for (size_t i = 0; i < c->n; i++) {
        const struct letter_choice *choice = &c->choices[i];
        struct str value = choice_value(cx, choice);
        bool fits = str_empty(chosen) ? choice->lang == c->open.file.lang && str_eq(choice->key, fitting(c))
                                      : str_eq(chosen, value);
        fits = fits && !found;
        vec_add(cx->arena, &view.templates,
                (struct desk_template){.key = value,
                                       .title = choice->title,
                                       .lang = str_of(i18n_code(choice->lang)),
                                       .lang_name = i18n_text(cx->lang, names[choice->lang]),
                                       .checked = fits});
        found |= fits;
    }
    if (!found && view.templates.n)
        view.templates.p[0].checked = true;
    struct page page = {.title = i18n_text(cx->lang, T_desk_letter_new), .face = PAGE_DESK, .form_id = S("template")};
    desk_crumbs(cx, &page, view.casefile_id, view.no);
    struct tpl o = tpl_begin(cx);
    tpl_desk_letter_new(&o, &view);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err desk_letter_new_page(struct cx *cx, struct request *req, struct reply *rep)
{
    struct choosing c = {.id = req_param(req, "id")};
    enum err e = db_read(cx, choose, &c);
    return e ? e : show_choices(cx, req, rep, &c, S(""));
}

enum err desk_letter_new_make(struct cx *cx, struct request *req, struct reply *rep)
{
    struct choosing c = {.id = req_param(req, "id")};
    struct str key = req_str(req, "template"), code;
    int64_t id;
    enum lang lang;
    enum err e = db_read(cx, choose, &c);
    if (e)
        return e;
    if (i18n_lang(req_str(req, "language"), &lang)) {
        page_switch_language(cx, rep, lang);
        return show_choices(cx, req, rep, &c, key);
    }
    struct letter_draft draft = {.casefile_id = c.open.file.id, .decision_id = c.decision_id};
    if (!str_cut(&key, ':', &code) || !i18n_lang(code, &draft.lang))
        return fail_field(cx, ERR_INVALID, S("template"), "no such template");
    draft.template_key = key.p ? key : S("");
    if ((e = letter_draft_new(cx, &draft, &id)))
        return e;
    return reply_redirect(cx, rep, "/desk/letter/%lld", (long long)id);
}

/* ---- one letter ---- */

struct writing {
    int64_t id;
    struct letter letter;
    struct casefile_view open;
    struct letter_preview preview;
    struct letter_attachment *attachments;
    size_t n_attachments;
    struct desk_letter view;
};

static enum err load(struct cx *cx, void *ctx)
{
    struct writing *w = ctx;
    enum err e;
    if ((e = letter_get(cx, w->id, &w->letter)) ||
        (e = desk_open(cx, str_fmt(cx->arena, "%lld", (long long)w->letter.casefile_id), &w->open)) ||
        (e = letter_preview(cx, w->id, &w->preview)))
        return e;
    return letter_attachments(cx, w->id, &w->attachments, &w->n_attachments);
}

static void add_check(struct cx *cx, struct desk_letter *v, enum text name, bool good, struct str text)
{
    vec_add(cx->arena, &v->checks, (struct desk_check){i18n_text(cx->lang, name), text, good});
}

/* The four checks of good letters: main message first, few paragraphs, plain sentences, "you" and "we". */
static void add_checks(struct cx *cx, struct writing *w)
{
    const struct letter_plain *p = &w->preview.plain;
    struct desk_letter *v = &w->view;
    add_check(cx, v, T_desk_check_message, p->message_first,
              i18n_text(cx->lang, p->message_first ? T_desk_check_message_good : T_desk_check_message_bad));
    add_check(cx, v, T_desk_check_law, p->count[PLAIN_LAW] <= 3,
              i18n_fmt(cx, T_desk_check_law_text, ARG("n", p->count[PLAIN_LAW])));
    add_check(cx, v, T_desk_check_language,
              p->count[PLAIN_PASSIVE] + p->count[PLAIN_LONG] + p->count[PLAIN_CLICHE] <= 2,
              i18n_fmt(cx, T_desk_check_language_text, ARG("passives", p->count[PLAIN_PASSIVE]),
                       ARG("long", p->count[PLAIN_LONG]), ARG("cliches", p->count[PLAIN_CLICHE])));
    add_check(cx, v, T_desk_check_you, p->you > 0 && p->we > 0,
              i18n_fmt(cx, T_desk_check_you_text, ARG("you", p->you), ARG("we", p->we)));
    char *grade = arena_alloc(cx->arena, 2);
    grade[0] = p->grade;
    v->grade = str_make(grade, 1);
    v->score = p->score;
}

static void fill(struct cx *cx, struct writing *w)
{
    static const enum text states[] = {
        [LETTER_DRAFT] = T_desk_letter_draft,         [LETTER_QUEUED] = T_desk_letter_queued,
        [LETTER_DELIVERED] = T_desk_letter_delivered, [LETTER_TO_PRINT] = T_desk_letter_to_print,
        [LETTER_POSTED] = T_desk_letter_posted,       [LETTER_FAILED] = T_desk_letter_failed,
        [LETTER_RECALLED] = T_desk_letter_recalled};
    const struct letter *l = &w->letter;
    struct desk_letter *v = &w->view;
    v->id = l->id;
    v->casefile_id = l->casefile_id;
    v->version = l->version;
    v->no = w->open.file.no;
    v->state = i18n_text(cx->lang, states[l->state]);
    v->lang = str_of(i18n_code(l->lang));
    v->recipient = w->open.party.name;
    v->draft = l->state == LETTER_DRAFT || l->state == LETTER_RECALLED;
    v->queued = l->state == LETTER_QUEUED && cx->now_us < l->send_after_us;
    v->failed = l->state == LETTER_FAILED;
    v->to_print = l->state == LETTER_TO_PRINT;
    v->paper = w->open.party.reserved_digital;
    if (l->posted_day) {
        v->posted = i18n_day(cx, l->posted_day);
        v->arrival = i18n_date(cx, l->arrived_us);
        v->appeal = l->appeal_deadline ? i18n_day(cx, l->appeal_deadline) : S("");
    }
    v->send_after_us = l->send_after_us;
    v->fail_detail = l->fail_detail;
    v->heading = str_empty(l->title) ? i18n_text(cx->lang, T_desk_letter_untitled) : l->title;
    v->preview = w->preview.html;
    v->marked = w->preview.marked;
    for (size_t i = 0; i < w->preview.missing.n; i++)
        vec_add(cx->arena, &v->missing, w->preview.missing.p[i]);
    for (size_t i = 0; i < w->n_attachments; i++)
        vec_add(cx->arena, &v->attachments,
                (struct desk_attachment){w->attachments[i].id, w->attachments[i].name, w->attachments[i].file.size});
    add_checks(cx, w);
}

static enum err show(struct cx *cx, struct request *req, struct reply *rep, struct writing *w, struct str title,
                     struct str text)
{
    struct desk_letter *v = &w->view;
    fill(cx, w);
    v->title = (struct page_field){.id = S("title"),
                                   .label = i18n_text(cx->lang, T_desk_letter_title_label),
                                   .value = title,
                                   .lang = v->lang,
                                   .error = page_errors_of(&v->errors, S("title"))};
    v->text = (struct page_field){.kind = PAGE_FIELD_TEXTAREA,
                                  .id = S("text"),
                                  .rows = 24,
                                  .value = text,
                                  .label = i18n_text(cx->lang, T_desk_letter_text_label),
                                  .hint = i18n_text(cx->lang, T_desk_letter_text_hint),
                                  .error = page_errors_of(&v->errors, S("text"))};
    v->file = (struct page_field){.kind = PAGE_FIELD_FILE,
                                  .id = S("file"),
                                  .label = i18n_text(cx->lang, T_desk_attach_label),
                                  .hint = i18n_text(cx->lang, T_desk_attach_hint),
                                  .accept = S(".pdf,.jpg,.jpeg,.png"),
                                  .error = page_errors_of(&v->errors, S("file"))};
    struct page page = {.title = v->heading, .face = PAGE_DESK, .wide = true, .has_errors = v->errors.n > 0};
    if (v->draft)
        page.form_id = S("letter");
    page.status = v->conflict ? 409 : 0;
    desk_crumbs(cx, &page, v->casefile_id, v->no);
    struct tpl o = tpl_begin(cx);
    tpl_desk_letter(&o, v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err desk_letter_page(struct cx *cx, struct request *req, struct reply *rep)
{
    struct writing w = {.id = req_param_id(req, "id")};
    enum err e = db_read(cx, load, &w);
    return e ? e : show(cx, req, rep, &w, w.letter.title, w.letter.markdown);
}

static bool is_draft(const struct letter *l)
{
    return l->state == LETTER_DRAFT || l->state == LETTER_RECALLED;
}

/* A file cannot be kept on a page that comes again: one has to choose it once more, and is told. */
static void choose_again(struct cx *cx, const struct request *req, struct desk_letter *v)
{
    size_t n;
    req_files(req, "file", &n);
    if (n && !page_errors_of(&v->errors, S("file")).n)
        page_errors_add(cx, &v->errors, S("file"), i18n_text(cx->lang, T_desk_file_again));
}

/* Law 2: somebody else saved, sent or deleted this letter meanwhile. Both texts are on the page; saving or sending
   again takes mine. */
static enum err show_conflict(struct cx *cx, struct request *req, struct reply *rep, int64_t id)
{
    struct writing w = {.id = id};
    enum err e = db_read(cx, load, &w);
    if (e)
        return e;
    w.view.conflict = true;
    w.view.theirs = w.letter.markdown;
    if (is_draft(&w.letter))
        choose_again(cx, req, &w.view);
    else
        w.view.mine = str_trim(req_str(req, "text"));
    return show(cx, req, rep, &w, req_str(req, "title"), req_str(req, "text"));
}

/* The page as it was, with what was typed in it. */
static enum err show_again(struct cx *cx, struct request *req, struct reply *rep, int64_t id, struct page_errors errors)
{
    struct writing w = {.id = id};
    enum err e = db_read(cx, load, &w);
    if (!e && !is_draft(&w.letter))
        return show_conflict(cx, req, rep, id);
    w.view.errors = errors;
    w.letter.version = req_int(req, "version"); /* still the one this window was opened with (law 2) */
    if (!e)
        choose_again(cx, req, &w.view);
    return e ? e : show(cx, req, rep, &w, req_str(req, "title"), req_str(req, "text"));
}

/* ---- what the one form of the page brings: every button of it keeps title, text and a file that was chosen ---- */

struct keeping {
    int64_t id, version; /* version: of the letter, after it was kept */
    bool needs_file;
    bool kept; /* else the page with what is wrong, or with both texts, is the answer already */
};

static void check_typed(struct cx *cx, struct request *req, struct page_errors *errors)
{
    size_t n;
    const struct req_fault *faults = req_faults(req, &n);
    for (size_t i = 0; i < n; i++) {
        bool empty = faults[i].err == ERR_INVALID;
        if (str_eq_z(S("file"), faults[i].field))
            page_errors_add(cx, errors, S("file"), i18n_text(cx->lang, T_desk_file_unknown));
        else if (!str_eq_z(S("version"), faults[i].field)) /* without one it is a conflict */
            page_errors_add(cx, errors, str_of(faults[i].field),
                            i18n_text(cx->lang, empty ? T_desk_text_missing : T_desk_text_long));
    }
}

static enum err take_file(struct cx *cx, struct request *req, bool needed, struct page_errors *errors,
                          struct letter_attachment *ret)
{
    size_t n;
    const struct req_file *files = req_files(req, "file", &n);
    const struct filetype *type = n ? filetype_of(files[0].bytes) : NULL;
    bool said = page_errors_of(errors, S("file")).n > 0;
    if (!said && n && !type)
        page_errors_add(cx, errors, S("file"), i18n_text(cx->lang, T_desk_file_unknown));
    if (!said && !n && needed)
        page_errors_add(cx, errors, S("file"), i18n_text(cx->lang, T_desk_file_missing));
    if (!n || errors->n)
        return ERR_OK;
    *ret = (struct letter_attachment){.name = files[0].name, .mime = str_of(type->mime)};
    return files_put(cx, files[0].bytes, &ret->file);
}

/* What the letter says of a field, where it is mended. */
static enum err refused(struct cx *cx, struct request *req, struct reply *rep, const struct keeping *k)
{
    struct page_errors errors = {0};
    if (str_eq_z(cx->fail.field, "file"))
        page_errors_add(cx, &errors, S("file"), i18n_text(cx->lang, T_desk_attach_full));
    else
        page_errors_add(cx, &errors, str_eq_z(cx->fail.field, "title") ? S("title") : S("text"),
                        i18n_fmt(cx, T_desk_letter_invalid, ARG("detail", cx->fail.detail)));
    return show_again(cx, req, rep, k->id, errors);
}

static enum err keep(struct cx *cx, struct request *req, struct reply *rep, struct keeping *k)
{
    struct page_errors errors = {0};
    struct letter_attachment file = {0};
    k->id = req_param_id(req, "id");
    k->version = req_int(req, "version");
    check_typed(cx, req, &errors);
    enum err e = take_file(cx, req, k->needs_file, &errors, &file);
    if (e)
        return e;
    if (errors.n)
        return show_again(cx, req, rep, k->id, errors);
    const struct letter_attachment *attach = file.name.n ? &file : NULL;
    e = letter_draft_keep(cx, k->id, &k->version, req_str(req, "title"), req_str(req, "text"), attach);
    if (e == ERR_CONFLICT)
        return show_conflict(cx, req, rep, k->id);
    if (e == ERR_INVALID)
        return refused(cx, req, rep, k);
    k->kept = !e;
    return e;
}

/* Typed, and not saved: the page that asked "are you sure?" gives it back. */
static enum err show_typed(struct cx *cx, struct request *req, struct reply *rep)
{
    return show_again(cx, req, rep, req_param_id(req, "id"), (struct page_errors){0});
}

enum err desk_letter_save(struct cx *cx, struct request *req, struct reply *rep)
{
    struct keeping k = {0};
    enum lang lang;
    bool switched = i18n_lang(req_str(req, "language"), &lang);
    if (str_eq(req_str(req, "do"), S("edit")))
        return show_typed(cx, req, rep);
    if (switched)
        page_switch_language(cx, rep, lang);
    enum err e = keep(cx, req, rep, &k);
    if (e || !k.kept)
        return e;
    if (switched)
        return reply_redirect(cx, rep, "/desk/letter/%lld", (long long)k.id);
    page_done(cx, rep, T_desk_letter_saved);
    return reply_redirect(cx, rep, "/desk/letter/%lld#preview", (long long)k.id);
}

/* Change something about a letter by a button, and come back to it. */
static enum err back(struct cx *cx, struct reply *rep, int64_t id, enum err e, enum text done)
{
    if (e)
        return e;
    page_done(cx, rep, done);
    return reply_redirect(cx, rep, "/desk/letter/%lld", (long long)id);
}

enum err desk_letter_attach(struct cx *cx, struct request *req, struct reply *rep)
{
    struct keeping k = {.needs_file = true};
    enum err e = keep(cx, req, rep, &k);
    return e || !k.kept ? e : back(cx, rep, k.id, ERR_OK, T_desk_attached);
}

enum err desk_letter_detach(struct cx *cx, struct request *req, struct reply *rep)
{
    struct keeping k = {0};
    enum err e = keep(cx, req, rep, &k);
    if (e || !k.kept)
        return e;
    return back(cx, rep, k.id, letter_detach(cx, k.id, k.version, req_int(req, "attachment")), T_desk_detached);
}

enum err desk_letter_send(struct cx *cx, struct request *req, struct reply *rep)
{
    struct keeping k = {0};
    enum err e = keep(cx, req, rep, &k);
    if (e || !k.kept)
        return e;
    e = letter_send(cx, k.id, k.version);
    if (e == ERR_LAW || e == ERR_INVALID) /* the page says what is missing */
        return reply_redirect(cx, rep, "/desk/letter/%lld#missing", (long long)k.id);
    return e == ERR_CONFLICT ? show_conflict(cx, req, rep, k.id) : back(cx, rep, k.id, e, T_desk_letter_sent);
}

enum err desk_letter_recall(struct cx *cx, struct request *req, struct reply *rep)
{
    int64_t id = req_param_id(req, "id");
    return back(cx, rep, id, letter_recall(cx, id), T_desk_letter_was_recalled);
}

enum err desk_letter_retry(struct cx *cx, struct request *req, struct reply *rep)
{
    int64_t id = req_param_id(req, "id");
    return back(cx, rep, id, letter_retry(cx, id), T_desk_letter_retried);
}

static enum err ask_delete(struct cx *cx, struct request *req, struct reply *rep, struct writing *w)
{
    struct desk_confirm v = {.title = i18n_text(cx->lang, T_desk_letter_delete),
                             .text = i18n_text(cx->lang, T_desk_letter_delete_lead),
                             .yes = i18n_text(cx->lang, T_desk_letter_delete_do),
                             .back = str_fmt(cx->arena, "/desk/letter/%lld", (long long)w->id)};
    v.action = str_cat(cx->arena, v.back, S("/delete"));
    fill(cx, w);
    v.what = w->view.heading;
    desk_confirm_typed(cx, &v, "version", str_fmt(cx->arena, "%lld", (long long)req_int(req, "version")));
    desk_confirm_typed(cx, &v, "title", req_str(req, "title"));
    desk_confirm_typed(cx, &v, "text", req_str(req, "text"));
    return desk_confirm_page(cx, req, rep, &v, &w->open.file);
}

enum err desk_letter_delete(struct cx *cx, struct request *req, struct reply *rep)
{
    struct writing w = {.id = req_param_id(req, "id")};
    enum lang lang;
    bool switched = i18n_lang(req_str(req, "language"), &lang);
    if (switched)
        page_switch_language(cx, rep, lang);
    enum err e = db_read(cx, load, &w);
    if (e)
        return e;
    if (!is_draft(&w.letter) || w.letter.version != req_int(req, "version"))
        return show_conflict(cx, req, rep, w.id);
    if (switched || !str_eq(req_str(req, "do"), S("sure")))
        return ask_delete(cx, req, rep, &w);
    e = letter_draft_delete(cx, w.id, w.letter.version);
    if (e == ERR_CONFLICT)
        return show_conflict(cx, req, rep, w.id);
    if (e)
        return e;
    page_done(cx, rep, T_desk_letter_deleted);
    return reply_redirect(cx, rep, "/desk/casefile/%lld", (long long)w.letter.casefile_id);
}

enum err desk_letter_pdf(struct cx *cx, struct request *req, struct reply *rep)
{
    struct writing w = {.id = req_param_id(req, "id")};
    struct reply_file file = {.type = S("application/pdf"), .name = S("brev.pdf")};
    enum err e = db_read(cx, load, &w);
    if (!e)
        e = letter_pdf_bytes(cx, &w.letter, &file.bytes);
    return e ? e : reply_file(cx, rep, &file);
}
