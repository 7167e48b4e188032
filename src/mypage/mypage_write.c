/* All that a citizen writes in a case: one page, five uses. */
#include "mypage_handlers.h"

#include "i18n/i18n.h"
#include "tpl_mypage_write.h"

enum use { ANSWER, HEARING, ADD, WITHDRAW, APPEAL };

/* What differs between the uses. */
static const struct {
    const char *path; /* after /mypage/casefile/{id}/ */
    enum casefile_action action;
    enum text heading, intro, label, button, done, missing;
    bool upload, optional, danger;
} uses[] = {
    [ANSWER] = {"question", CASEFILE_DO_ANSWER, T_mypage_answer_heading, T_mypage_answer_intro, T_mypage_answer_label,
                T_mypage_answer_button, T_mypage_answer_done, T_mypage_answer_missing, .upload = true},
    [HEARING] = {"hearing", CASEFILE_DO_ANSWER, T_mypage_hearing_heading, T_mypage_hearing_intro,
                 T_mypage_hearing_label, T_mypage_hearing_button, T_mypage_hearing_done, T_mypage_hearing_missing,
                 .upload = true},
    [ADD] = {"add", CASEFILE_DO_ADD, T_mypage_add_heading, T_mypage_add_intro, T_mypage_add_label, T_mypage_add_button,
             T_mypage_add_done, T_mypage_add_missing, .upload = true},
    [WITHDRAW] = {"withdraw", CASEFILE_DO_WITHDRAW, T_mypage_withdraw_heading, T_mypage_withdraw_intro,
                  T_mypage_withdraw_label, T_mypage_withdraw_button, T_mypage_withdraw_done, T_mypage_add_missing,
                  .optional = true, .danger = true},
    [APPEAL] = {"appeal", CASEFILE_DO_APPEAL, T_mypage_appeal_heading, T_mypage_appeal_intro, T_mypage_appeal_label,
                T_mypage_appeal_button, T_mypage_appeal_done, T_mypage_appeal_missing, .upload = true},
};

struct writing {
    enum use use;
    int64_t id, ref;
    struct casefile_view open;
    struct str quote; /* the question or hearing that is answered */
};

static enum err find_quote(struct cx *cx, struct writing *w)
{
    struct casefile_questions questions = {0};
    struct casefile_contacts contacts = {0};
    enum err e =
        w->use == ANSWER ? casefile_questions(cx, &w->open, &questions) : casefile_contacts(cx, &w->open, &contacts);
    if (e)
        return e;
    for (size_t i = 0; i < questions.rows.n; i++)
        if (questions.rows.p[i].id == w->ref)
            return w->quote = questions.rows.p[i].text, ERR_OK;
    for (size_t i = 0; i < contacts.rows.n; i++)
        if (contacts.rows.p[i].id == w->ref && contacts.rows.p[i].kind == CASEFILE_HEARING)
            return w->quote = contacts.rows.p[i].text, ERR_OK;
    return fail(cx, ERR_NOT_FOUND, "no such question in this case file");
}

static enum err open_for_writing(struct cx *cx, void *ctx)
{
    struct writing *w = ctx;
    enum err e = casefile_open_as_party(cx, w->id, &w->open);
    if (!e && (w->use == ANSWER || w->use == HEARING))
        e = find_quote(cx, w);
    return e;
}

static struct str page_href(struct cx *cx, const struct writing *w)
{
    if (w->ref)
        return str_fmt(cx->arena, "/mypage/casefile/%lld/%s/%lld", (long long)w->id, uses[w->use].path,
                       (long long)w->ref);
    return str_fmt(cx->arena, "/mypage/casefile/%lld/%s", (long long)w->id, uses[w->use].path);
}

static enum err show(struct cx *cx, struct request *req, struct reply *rep, const struct writing *w,
                     struct mypage_write *view)
{
    struct str no = w->open.file.no;
    view->action = page_href(cx, w);
    view->back = str_fmt(cx->arena, "/mypage/casefile/%lld", (long long)w->id);
    view->heading = i18n_text(cx->lang, uses[w->use].heading);
    view->intro = i18n_text(cx->lang, uses[w->use].intro);
    view->button = i18n_text(cx->lang, uses[w->use].button);
    view->quote = w->quote;
    view->upload = uses[w->use].upload;
    view->danger = uses[w->use].danger;
    view->text.id = S("text");
    view->text.kind = PAGE_FIELD_TEXTAREA;
    view->text.label = i18n_text(cx->lang, uses[w->use].label);
    view->text.optional = uses[w->use].optional;
    view->text.max = 10000;
    view->text.error = page_errors_of(&view->errors, S("text"));
    view->files.id = S("files");
    view->files.kind = PAGE_FIELD_FILE;
    view->files.label = i18n_text(cx->lang, T_mypage_files_label);
    view->files.hint = i18n_text(cx->lang, T_mypage_files_hint);
    view->files.accept = S(".pdf,.jpg,.jpeg,.png,.heic,.txt,.docx,.odt");
    view->files.optional = view->files.multiple = true;
    view->files.error = page_errors_of(&view->errors, S("files"));
    struct page page = {
        .title = view->heading, .face = PAGE_MYPAGE, .has_errors = view->errors.n > 0, .form_id = S("write")};
    if (w->open.for_other)
        page.acting_for = w->open.party.name;
    vec_add(cx->arena, &page.crumbs,
            (struct page_crumb){i18n_text(cx->lang, T_mypage_cases_title), S("/mypage/casefiles")});
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){no, view->back});
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = view->heading});
    struct tpl o = tpl_begin(cx);
    tpl_mypage_write(&o, view);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

static enum err begin(struct cx *cx, struct request *req, enum use use, struct writing *ret)
{
    struct writing w = {.use = use, .id = req_param_id(req, "id")};
    if (use == ANSWER || use == HEARING)
        w.ref = req_param_id(req, "ref");
    enum err e = db_read(cx, open_for_writing, &w);
    if (e)
        return e;
    bool can = (use == HEARING && !w.open.read_only) || w.open.can[uses[use].action];
    if (!can)
        return fail_say(cx, ERR_CONFLICT, text_keys[T_casefile_why_state],
                        "case file %" PRI_STR " does not allow this now", STR_ARG(w.open.file.no));
    *ret = w;
    return ERR_OK;
}

/* Take the uploads in: each told by its content, shown to the virus scanner when there is one, and stored before the
 * transaction that refers to it. */
static enum err take_uploads(struct cx *cx, struct request *req, struct page_errors *errors,
                             struct casefile_upload **ret, size_t *ret_n)
{
    size_t n;
    const struct req_file *files = req_files(req, "files", &n);
    struct casefile_upload *uploads = arena_array(cx->arena, struct casefile_upload, n ? n : 1);
    for (size_t i = 0; i < n; i++) {
        const struct filetype *type = filetype_of(files[i].bytes);
        if (!type) {
            page_errors_add(cx, errors, S("files"),
                            i18n_fmt(cx, files[i].bytes.n ? T_mypage_file_unknown : T_mypage_file_empty,
                                     ARG("name", files[i].name)));
            continue;
        }
        uploads[i].name = files[i].name;
        uploads[i].mime = str_of(type->mime);
    }
    if (n > 4)
        page_errors_add(cx, errors, S("files"), i18n_text(cx->lang, T_mypage_files_many));
    for (size_t i = 0; i < n && errors->n == 0; i++) {
        enum files_scanned scanned = files_scan(cx, files[i].bytes);
        if (scanned) {
            page_errors_add(cx, errors, S("files"),
                            i18n_fmt(cx, scanned == FILES_VIRUS ? T_mypage_file_virus : T_mypage_file_unscanned,
                                     ARG("name", files[i].name)));
            break;
        }
        enum err e = files_put(cx, files[i].bytes, &uploads[i].file);
        if (e)
            return e;
    }
    *ret = uploads;
    *ret_n = n;
    return ERR_OK;
}

static enum err carry_out(struct cx *cx, const struct writing *w, const struct casefile_message *message)
{
    switch (w->use) {
    case ANSWER:
        return casefile_answer(cx, w->id, w->ref, message);
    case HEARING:
        return casefile_hearing_answer(cx, w->id, w->ref, message);
    case ADD:
        return casefile_add(cx, w->id, message);
    case WITHDRAW:
        return casefile_withdraw(cx, w->id, message->text);
    case APPEAL:
        return casefile_appeal(cx, w->id, message);
    }
    return ERR_INTERNAL;
}

static enum err get_page(struct cx *cx, struct request *req, struct reply *rep, enum use use)
{
    struct writing w;
    struct mypage_write view = {0};
    enum err e = begin(cx, req, use, &w);
    return e ? e : show(cx, req, rep, &w, &view);
}

static enum err send(struct cx *cx, struct request *req, struct reply *rep, enum use use)
{
    struct writing w;
    struct mypage_write view = {0};
    struct casefile_upload *uploads;
    struct casefile_message message = {.text = req_str(req, "text")};
    enum err e = begin(cx, req, use, &w);
    if (e)
        return e;
    view.text.value = message.text;
    size_t n_faults;
    const struct req_fault *faults = req_faults(req, &n_faults);
    for (size_t i = 0; i < n_faults; i++)
        page_errors_add(
            cx, &view.errors, str_of(faults[i].field),
            i18n_text(cx->lang, str_eq_z(S("files"), faults[i].field) ? T_mypage_files_large : T_mypage_text_long));
    if (req_has(req, "language")) {
        /* The language switch comes with what was written so far: show it again, in the other language. */
        enum lang lang;
        if (i18n_lang(req_str(req, "language"), &lang))
            page_switch_language(cx, rep, lang);
        return show(cx, req, rep, &w, &view);
    }
    if ((e = take_uploads(cx, req, &view.errors, &uploads, &message.n_uploads)))
        return e;
    message.uploads = uploads;
    if (str_empty(message.text) && !uses[use].optional && !(use == ADD && message.n_uploads))
        page_errors_add(cx, &view.errors, S("text"), i18n_text(cx->lang, uses[use].missing));
    if (view.errors.n)
        return show(cx, req, rep, &w, &view);
    if ((e = carry_out(cx, &w, &message)))
        return e;
    page_done(cx, rep, uses[use].done);
    return reply_redirect(cx, rep, "/mypage/casefile/%lld", (long long)w.id);
}

#define PAGE(name, use) \
    enum err mypage_##name(struct cx *cx, struct request *req, struct reply *rep) \
    { \
        return get_page(cx, req, rep, use); \
    } \
    enum err mypage_##name##_send(struct cx *cx, struct request *req, struct reply *rep) \
    { \
        return send(cx, req, rep, use); \
    }
PAGE(question, ANSWER)
PAGE(hearing, HEARING)
PAGE(add, ADD)
PAGE(withdraw, WITHDRAW)
PAGE(appeal, APPEAL)
