/* Pages: from a request to one domain call to one reply. */
#include "form_pages.h"

#include "auth/auth.h"
#include "files/files.h"
#include "form_views.h"
#include "i18n/i18n.h"
#include "tpl_form_ask.h"
#include "tpl_form_closed.h"
#include "tpl_form_conflict.h"
#include "tpl_form_page.h"
#include "tpl_form_privacy.h"
#include "tpl_form_review.h"
#include "tpl_form_start.h"

/* ---- the start page ---- */

static void start_view(struct cx *cx, const struct service_version *v, struct form_start_view *ret)
{
    const struct form *form = form_of(v);
    const struct municipality_unit *unit = cx->muni ? municipality_unit(cx->muni, v->unit_key) : NULL;
    ret->title = words_in(&v->name, cx->lang);
    ret->summary = words_in(&v->summary, cx->lang);
    ret->unit = unit ? words_in(&unit->name, cx->lang) : v->unit_key;
    ret->href_service = str_fmt(cx->arena, "/service/%" PRI_STR, STR_ARG(v->key));
    ret->action = str_fmt(cx->arena, "/form/%" PRI_STR "/start", STR_ARG(v->key));
    ret->href_privacy = str_fmt(cx->arena, "/form/%" PRI_STR "/data", STR_ARG(v->key));
    ret->has_form = form;
    if (!words_empty(&v->closed))
        ret->closed = markdown_html(cx, words_in(&v->closed, cx->lang));
    ret->employee = cx->who->kind == WHO_EMPLOYEE && !cx->who->stay;
    ret->logged_in = cx->who->kind == WHO_PARTY || cx->who->stay;
    ret->party = cx->who->kind == WHO_PARTY;
    ret->may_anonymous = v->apply == SERVICE_ANONYMOUS;
    if (cx->who->kind == WHO_NOBODY)
        ret->href_login = auth_login_url(cx, ERR_LOGIN, str_fmt(cx->arena, "/form/%" PRI_STR, STR_ARG(v->key)));
    if (!form)
        return;
    ret->minutes = form->minutes;
    for (size_t i = 0; i < form->need.n; i++)
        vec_add(cx->arena, &ret->need, words_in(&form->need.p[i], cx->lang));
}

/* Those whom the reader may apply for here, each once. */
static enum err add_others(struct cx *cx, const struct service_version *v, struct form_start_view *view)
{
    struct party_mandates held;
    int64_t last = 0;
    enum err e = party_mandates_held(cx, v->key, &held);
    for (size_t i = 0; !e && i < held.rows.n; i++) {
        const struct party_mandate *m = &held.rows.p[i];
        if (m->giver_id == last || !form_mandate_fits(v, m))
            continue;
        vec_add(cx->arena, &view->others, (struct form_start_other){m->id, m->giver_name});
        last = m->giver_id;
    }
    return e;
}

enum err form_get_start(struct cx *cx, struct request *req, struct reply *rep)
{
    const struct service_version *v = service_latest(cx, req_param(req, "service"));
    if (!v)
        return fail(cx, ERR_NOT_FOUND, "no service is called so");
    struct form_start_view view = {0};
    start_view(cx, v, &view);
    enum err e = form_drafts_of_service(cx, v, &view.drafts);
    if (!e)
        e = add_others(cx, v, &view);
    if (!e)
        e = form_shut_words(cx, v, &view.shut);
    if (e)
        return e;
    struct tpl o = tpl_begin(cx);
    tpl_form_start(&o, &view);
    struct page page = {.title = view.title, .face = PAGE_PUBLIC};
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){view.title, view.href_service});
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){i18n_text(cx->lang, T_form_start_button), {0}});
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

/* ---- how we use your data ---- */

static struct form_privacy_row privacy_row(struct cx *cx, const struct service_version *v,
                                           const struct form_question *q)
{
    const struct service_law *law = service_law(v, q->why->law);
    return (struct form_privacy_row){.label = q->label,
                                     .why = words_in(&q->why->text, cx->lang),
                                     .law = law ? law->ref : S(""),
                                     .law_href = law ? law->url : S(""),
                                     .gdpr = q->why->gdpr,
                                     .from = q->from,
                                     .example = law && law->example};
}

static void privacy_view(struct cx *cx, const struct service_version *v, struct form_privacy_view *ret)
{
    const struct municipality_unit *unit = cx->muni ? municipality_unit(cx->muni, v->unit_key) : NULL;
    struct form_privacy p = form_privacy(cx, v);
    *ret = (struct form_privacy_view){.service = words_in(&v->name, cx->lang),
                                      .unit = unit ? words_in(&unit->name, cx->lang) : v->unit_key,
                                      .basis = p.basis,
                                      .href_service = str_fmt(cx->arena, "/service/%" PRI_STR, STR_ARG(v->key)),
                                      .href_start = str_fmt(cx->arena, "/form/%" PRI_STR, STR_ARG(v->key)),
                                      .data_use = markdown_html(cx, words_in(&v->data_use, cx->lang))};
    for (size_t i = 0; i < p.asked.rows.n; i++) {
        const struct form_question *q = &p.asked.rows.p[i];
        if (!i || !str_eq(q->page, p.asked.rows.p[i - 1].page))
            vec_add(cx->arena, &ret->parts, (struct form_privacy_part){.title = q->page});
        vec_add(cx->arena, &ret->parts.p[ret->parts.n - 1].rows, privacy_row(cx, v, q));
    }
    for (size_t i = 0; i < p.kept.n; i++)
        vec_add(cx->arena, &ret->kept, p.kept.p[i]);
}

enum err form_get_privacy(struct cx *cx, struct request *req, struct reply *rep)
{
    const struct service_version *v = service_latest(cx, req_param(req, "service"));
    if (!v || !form_of(v))
        return fail(cx, ERR_NOT_FOUND, "no service with a form is called so");
    struct form_privacy_view view;
    privacy_view(cx, v, &view);
    struct tpl o = tpl_begin(cx);
    tpl_form_privacy(&o, &view);
    struct page page = {.face = PAGE_PUBLIC};
    page.title = str_fmt(cx->arena, "%" PRI_STR " – %" PRI_STR, STR_ARG(i18n_text(cx->lang, T_form_privacy_title)),
                         STR_ARG(view.service));
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){view.service, view.href_service});
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){i18n_text(cx->lang, T_form_privacy_title), {0}});
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err form_post_start(struct cx *cx, struct request *req, struct reply *rep)
{
    int64_t id;
    struct str service = req_param(req, "service");
    enum err e = form_draft_start_for(cx, service, req_int(req, "mandate"), &id);
    if (e == ERR_GONE) /* the page says why, and what one can do */
        return reply_redirect(cx, rep, "/form/%" PRI_STR, STR_ARG(service));
    return e ? e : reply_redirect(cx, rep, "/form/draft/%lld", (long long)id);
}

/* ---- a page of a draft ---- */

static int page_of(const struct form *form, struct str id)
{
    for (size_t p = 0; p < form->pages.n; p++)
        if (str_eq(form->pages.p[p].id, id))
            return (int)p;
    return -1;
}

static enum err to_receipt(struct cx *cx, struct reply *rep, int64_t draft)
{
    return reply_redirect(cx, rep, "/casefile/receipt/%lld", (long long)draft);
}

static bool is_older(struct cx *cx, const struct form_draft *d)
{
    const struct service_version *v = service_current(cx, d->service->key);
    return v && form_of(v) && v->id != d->service->id;
}

/* The draft of the address. *ret_done: the reply is made already (it was sent: the receipt is shown; its version may no
   longer be applied for: the page that says so; the citizen is no longer open at the counter: where one finds people
   is).
 */
static enum err open_draft(struct cx *cx, struct request *req, struct reply *rep, struct form_draft *ret,
                           bool *ret_done)
{
    enum err e = form_draft_open(cx, req_param_id(req, "id"), ret);
    if (!e && cx->preview && !ret->sent && req_method(req) == GET &&
        is_older(cx, ret)) { /* the author reloads, and sees what was changed */
        e = form_draft_renew(cx, ret->id);
        e = e ? e : form_draft_open(cx, ret->id, ret);
    }
    *ret_done = !e && ret->sent;
    bool counter = e == ERR_NOT_FOUND && auth_has(cx->who, ROLE_COUNTER); /* most likely the stay is over */
    if (counter && (cx->who->stay || req_method(req) != GET)) /* what was typed stands on the page of the error */
        return fail_say(cx, ERR_NOT_FOUND, text_keys[T_form_counter_closed],
                        "no such draft of the citizen who is open");
    if (counter) {
        *ret_done = true;
        page_done(cx, rep, T_form_counter_closed);
        return reply_redirect(cx, rep, "/counter");
    }
    if (*ret_done)
        return to_receipt(cx, rep, ret->id);
    if (e || service_opening(cx, ret->service) != SERVICE_OVER)
        return e;
    *ret_done = true;
    return reply_redirect(cx, rep, "/form/draft/%lld/closed", (long long)ret->id);
}

static struct page draft_page(struct cx *cx, const struct form_draft *d, struct str title)
{
    struct page page = {.face = PAGE_PUBLIC};
    if (d->by_mandate)
        page.acting_for = d->party.name;
    struct str service = words_in(&d->service->name, cx->lang);
    page.title = str_fmt(cx->arena, "%" PRI_STR " – %" PRI_STR, STR_ARG(title), STR_ARG(service));
    struct str href = str_fmt(cx->arena, "/service/%" PRI_STR, STR_ARG(d->service->key));
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){service, href});
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){title, {0}});
    return page;
}

static enum err show_page(struct cx *cx, struct request *req, struct reply *rep, const struct form_view_in *in,
                          bool more)
{
    struct form_page_view view;
    form_view_page(cx, in, &view);
    view.new_questions = more && !view.errors.n;
    struct tpl o = tpl_begin(cx);
    tpl_form_page(&o, &view);
    struct str title = str_fmt(cx->arena, "%" PRI_STR " (%" PRI_STR ")", STR_ARG(view.title), STR_ARG(view.step));
    struct page page = draft_page(cx, in->draft, title);
    page.crumbs.p[1].label = view.title;
    page.has_errors = view.errors.n;
    page.status = in->uploads ? 0 : 200; /* what was saved, with its faults, is no failed request; a refused file is */
    page.form_id = S("form");
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err form_get_draft(struct cx *cx, struct request *req, struct reply *rep)
{
    struct form_draft d;
    bool done;
    enum err e = open_draft(cx, req, rep, &d, &done);
    if (e || done)
        return e;
    struct form_eval eval;
    form_evaluate(cx, d.form, &d.given, &eval);
    int p = page_of(d.form, d.page);
    if (str_eq_z(d.page, "review"))
        return reply_redirect(cx, rep, "/form/draft/%lld/review", (long long)d.id);
    if (p < 0 || !eval.pages[p])
        p = form_page_after(&eval, -1);
    if (p < 0)
        return fail(cx, ERR_INTERNAL, "a form without a page to show");
    return reply_redirect(cx, rep, "/form/draft/%lld/%" PRI_STR, (long long)d.id, STR_ARG(d.form->pages.p[p].id));
}

/* The page of the address, or the row of a repeat on it. *ret_here: it is asked now; else an answer took it away. A row
   that is not there yet is let into the draft in memory, so that it can be shown. */
static enum err open_spot(struct cx *cx, const struct request *req, struct form_draft *d, bool row,
                          struct form_spot *ret, struct form_eval *ret_eval)
{
    const struct form_field *repeat = row ? form_field_of(d->form, req_param(req, "repeat")) : NULL;
    *ret = (struct form_spot){page_of(d->form, req_param(req, "page")), repeat, row ? req_param(req, "row") : S("")};
    if (ret->page < 0)
        return fail(cx, ERR_NOT_FOUND, "the form has no such page");
    if (row && (!repeat || repeat->kind != FORM_REPEAT || repeat->page != ret->page))
        return fail(cx, ERR_NOT_FOUND, "the page has no such repeat");
    if (row && str_eq_z(ret->row, "new"))
        ret->row = form_row_new(cx);
    if (row && !form_is_row_id(ret->row))
        return fail(cx, ERR_NOT_FOUND, "that is no row");
    form_evaluate(cx, d->form, &d->given, ret_eval);
    return ERR_OK;
}

/* Is the page, or the repeat with the row, asked now? */
static bool is_here(const struct form_eval *e, struct form_spot at)
{
    return e->pages[at.page] && (!at.repeat || e->values[at.repeat->order].visible);
}

/* Look at the row, which comes to be in the draft in memory if it was not. */
static void look_at_row(struct cx *cx, struct form_draft *d, struct form_spot at, struct form_eval *eval)
{
    if (at.repeat && form_row_add(cx, d, at.repeat, at.row))
        form_evaluate(cx, d->form, &d->given, eval);
    if (at.repeat)
        *eval = form_in_row(eval, form_row_of(eval, at.repeat, at.row));
}

static enum err elsewhere(struct cx *cx, struct reply *rep, const struct form_draft *d)
{
    return reply_redirect(cx, rep, "/form/draft/%lld", (long long)d->id);
}

/* It has gone on in a newer form: there one goes on. */
static enum err to_newer(struct cx *cx, struct reply *rep, const struct form_draft *d)
{
    page_done(cx, rep, T_form_renewed);
    return elsewhere(cx, rep, d);
}

static enum err get_spot(struct cx *cx, struct request *req, struct reply *rep, bool row)
{
    struct form_draft d = {0};
    struct form_eval eval;
    struct form_spot at;
    bool done;
    enum err e = open_draft(cx, req, rep, &d, &done);
    if (!e && !done)
        e = open_spot(cx, req, &d, row, &at, &eval);
    if (e == ERR_NOT_FOUND && cx->preview && d.id) /* an edit took the page away */
        return elsewhere(cx, rep, &d);
    if (e || done)
        return e;
    if (!is_here(&eval, at)) /* an answer took the page away */
        return elsewhere(cx, rep, &d);
    if (row && str_eq_z(req_param(req, "row"), "new")) /* with an id, so that sending twice is one row */
        return reply_redirect(cx, rep, "%" PRI_STR, STR_ARG(form_spot_path(cx, &d, at)));
    look_at_row(cx, &d, at, &eval);
    if (row && !eval.row)
        return reply_redirect(cx, rep, "%" PRI_STR,
                              STR_ARG(form_spot_path(cx, &d, (struct form_spot){.page = at.page})));
    struct form_view_in in = {
        .draft = &d, .eval = &eval, .page = at.page, .repeat = at.repeat, .show_errors = req_bool(req, "check")};
    return show_page(cx, req, rep, &in, req_bool(req, "more"));
}

enum err form_get_page(struct cx *cx, struct request *req, struct reply *rep)
{
    return get_spot(cx, req, rep, false);
}

enum err form_get_row(struct cx *cx, struct request *req, struct reply *rep)
{
    return get_spot(cx, req, rep, true);
}

struct taken_files {
    struct page_errors errors; /* what is wrong with files that were not kept */
    bool any;                  /* some were kept: the draft has changed */
};

/* What was chosen in the file boxes of the page. What is wrong with a file is said on the page that follows. */
static enum err take_files(struct cx *cx, struct request *req, const struct form_draft *d, const struct form_eval *eval,
                           struct form_spot at, struct taken_files *ret)
{
    enum err e = ERR_OK;
    int first, last;
    *ret = (struct taken_files){0};
    form_spot_fields(d->form, at, &first, &last);
    for (int i = first; !e && i <= last; i++) {
        const struct form_field *f = d->form->fields.p[i];
        if (f->repeat != at.repeat || f->kind != FORM_FILE || !form_at(eval, f)->visible)
            continue;
        size_t n;
        const struct req_file *files = req_files(req, str_z(cx->arena, f->id), &n);
        for (size_t k = 0; !e && k < n; k++) {
            struct str wrong;
            e = form_upload_add(cx, d, &(struct form_upload_new){f, at.row, files[k].name, files[k].bytes}, &wrong);
            ret->any |= !e && !wrong.n;
            if (!e && wrong.n)
                page_errors_add(cx, &ret->errors, str_cat(cx->arena, S("f-"), f->id), wrong);
        }
    }
    return e;
}

/* "row-3k7f0a2c-children": a row of a repeat on this page. */
static bool read_row_go(const struct form *form, struct str go, int page, struct form_step *step)
{
    struct str word;
    if (!str_cut(&go, '-', &word))
        return false;
    bool remove = str_eq_z(word, "remove"), add = str_eq_z(word, "add");
    struct str row = S("new");
    if (!remove && !add && !str_eq_z(word, "row"))
        return false;
    if (!add)
        str_cut(&go, '-', &row);
    const struct form_field *f = form_field_of(form, go);
    if (!f || f->kind != FORM_REPEAT || f->page != page || (!add && !form_is_row_id(row)))
        return false;
    step->go = remove ? FORM_GO_REMOVE : FORM_GO_ROW;
    step->row = (struct form_spot){page, f, row};
    return true;
}

/* Which button was pressed: next (also Enter), another, back, stay, leave, to-<page>, add-<repeat>, or row- or
   remove-<row>-<repeat>. */
static void read_go(const struct request *req, const struct form *form, bool stay, struct form_step *step)
{
    struct str go = req_str(req, "go");
    step->go = FORM_GO_NEXT;
    if (stay || str_eq_z(go, "stay")) {
        step->go = FORM_GO_STAY;
    } else if (str_eq_z(go, "another") && step->at.repeat) {
        step->go = FORM_GO_ANOTHER;
    } else if (str_eq_z(go, "back")) {
        step->go = FORM_GO_BACK;
    } else if (str_eq_z(go, "leave")) {
        step->go = FORM_GO_LEAVE;
    } else if (str_starts(go, S("to-"))) {
        step->go = FORM_GO_TO;
        step->to = page_of(form, str_slice(go, 3, go.n)); /* -1: the review */
    } else {
        read_row_go(form, go, step->at.page, step);
    }
}

/* Where one's drafts are listed; at the counter those of the citizen who is open there. */
static const char *home(const struct cx *cx)
{
    return cx->who->kind == WHO_PARTY ? "/mypage" : cx->who->stay ? "/counter" : "/";
}

/* Where the browser goes after its answers were saved. */
static enum err go_on(struct cx *cx, struct reply *rep, const struct form_draft *d, const struct form_step *step,
                      const struct form_stepped *to)
{
    if (step->go == FORM_GO_LEAVE) {
        page_done(cx, rep, T_form_saved);
        if (d->anonymous)
            return reply_redirect(cx, rep, "/form/%" PRI_STR, STR_ARG(d->service->key));
        return reply_redirect(cx, rep, "%s", home(cx));
    }
    if (to->page < 0)
        return reply_redirect(cx, rep, "/form/draft/%lld/review", (long long)d->id);
    const char *query = to->wrong ? "?check=1#errors" : to->new_questions ? "?more=1#more" : "";
    struct form_spot at = {.page = to->page};
    if (step->go == FORM_GO_ROW || step->go == FORM_GO_REMOVE)
        at = step->row, query = step->go == FORM_GO_REMOVE ? "/remove" : "";
    else if (step->at.repeat && to->stay)
        at = step->at;
    else if (step->go == FORM_GO_ANOTHER)
        at = (struct form_spot){to->page, step->at.repeat, S("new")};
    return reply_redirect(cx, rep, "%" PRI_STR "%s", STR_ARG(form_spot_path(cx, d, at)), query);
}

static enum err show_conflict(struct cx *cx, struct request *req, struct reply *rep, const struct form_draft *now,
                              const struct form_step *step)
{
    struct form_conflict_view view;
    form_view_conflict(cx, now, step->at, &step->posted, &view);
    struct tpl o = tpl_begin(cx);
    tpl_form_conflict(&o, &view);
    struct page page = draft_page(cx, now, i18n_text(cx->lang, T_form_conflict));
    page.status = err_status(ERR_CONFLICT);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

/* The page again, with what was wrong with its files. */
static enum err show_file_errors(struct cx *cx, struct request *req, struct reply *rep, struct form_draft *d,
                                 struct form_spot at, const struct page_errors *files)
{
    struct form_eval eval;
    form_evaluate(cx, d->form, &d->given, &eval);
    look_at_row(cx, d, at, &eval);
    struct form_view_in in = {.draft = d, .eval = &eval, .page = at.page, .repeat = at.repeat, .uploads = files};
    return show_page(cx, req, rep, &in, false);
}

static enum err post_spot(struct cx *cx, struct request *req, struct reply *rep, bool row)
{
    struct form_draft d;
    struct form_eval eval;
    struct form_step step = {0};
    struct form_stepped stepped;
    struct taken_files files;
    enum lang to;
    bool done, switch_lang = i18n_lang(req_str(req, "language"), &to);
    enum err e = open_draft(cx, req, rep, &d, &done);
    if (!e && !done)
        e = open_spot(cx, req, &d, row, &step.at, &eval);
    if (e || done)
        return e;
    if (!is_here(&eval, step.at))
        return elsewhere(cx, rep, &d);
    look_at_row(cx, &d, step.at, &eval);
    str_to_i64(req_str(req, "seen"), &step.seen);
    step.posted = form_posted(cx, req, &eval, step.at);
    read_go(req, d.form, switch_lang, &step);
    e = take_files(cx, req, &d, &eval, step.at, &files);
    if (files.errors.n)
        step.go = FORM_GO_STAY;
    if (!e && (files.any || row)) /* with the files in it, and without a row that was only looked at */
        e = form_draft_again(cx, &d);
    if (!e)
        e = form_draft_step(cx, &d, &step, &stepped);
    if (e == ERR_STALE)
        return to_newer(cx, rep, &d);
    if (e == ERR_CONFLICT)
        return show_conflict(cx, req, rep, &d, &step);
    if (e == ERR_DUPLICATE)
        return to_receipt(cx, rep, d.id);
    if (e)
        return e;
    if (files.errors.n)
        return show_file_errors(cx, req, rep, &d, step.at, &files.errors);
    if (!switch_lang)
        return go_on(cx, rep, &d, &step, &stepped);
    return reply_redirect(cx, rep, "%" PRI_STR, STR_ARG(page_language_url(cx, to, form_spot_path(cx, &d, step.at))));
}

enum err form_post_page(struct cx *cx, struct request *req, struct reply *rep)
{
    return post_spot(cx, req, rep, false);
}

enum err form_post_row(struct cx *cx, struct request *req, struct reply *rep)
{
    return post_spot(cx, req, rep, true);
}

/* ---- review ---- */

enum err form_get_review(struct cx *cx, struct request *req, struct reply *rep)
{
    struct form_draft d;
    bool done;
    enum err e = open_draft(cx, req, rep, &d, &done);
    if (e || done)
        return e;
    struct form_eval eval;
    struct form_review_view view;
    form_evaluate(cx, d.form, &d.given, &eval);
    form_view_review(cx, &(struct form_view_in){.draft = &d, .eval = &eval, .page = -1}, &view);
    if ((e = form_shut_words(cx, d.service, &view.shut)))
        return e;
    view.may_send &= !view.shut.n;
    struct tpl o = tpl_begin(cx);
    tpl_form_review(&o, &view);
    struct page page = draft_page(cx, &d, i18n_text(cx->lang, T_form_review));
    page.has_errors = view.errors.n;
    page.status = 200; /* looking at what is missing is no fault */
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

/* ---- a draft of a version that is over ---- */

enum err form_get_closed(struct cx *cx, struct request *req, struct reply *rep)
{
    struct form_draft d;
    enum err e = form_draft_open(cx, req_param_id(req, "id"), &d);
    if (e)
        return e;
    if (d.sent)
        return to_receipt(cx, rep, d.id);
    if (service_opening(cx, d.service) != SERVICE_OVER)
        return elsewhere(cx, rep, &d);
    const struct service_version *v = service_current(cx, d.service->key);
    const struct municipality_unit *unit = cx->muni ? municipality_unit(cx->muni, d.service->unit_key) : NULL;
    struct form_closed_view view = {.title = words_in(&d.service->name, cx->lang),
                                    .shut = service_opening_words(cx, d.service),
                                    .unit = unit ? words_in(&unit->name, cx->lang) : d.service->unit_key,
                                    .href_service = str_fmt(cx->arena, "/service/%" PRI_STR, STR_ARG(d.service->key)),
                                    .href_delete = str_cat(cx->arena, form_draft_base(cx, d.id), S("/delete"))};
    if (v && v->id != d.service->id)
        view.renew = str_cat(cx->arena, form_draft_base(cx, d.id), S("/renew"));
    if (!words_empty(&d.service->closed))
        view.closed = markdown_html(cx, words_in(&d.service->closed, cx->lang));
    struct tpl o = tpl_begin(cx);
    tpl_form_closed(&o, &view);
    struct page page = draft_page(cx, &d, i18n_text(cx->lang, T_form_closed));
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err form_post_renew(struct cx *cx, struct request *req, struct reply *rep)
{
    int64_t id = req_param_id(req, "id");
    enum err e = form_draft_renew(cx, id);
    if (e == ERR_DUPLICATE)
        return to_receipt(cx, rep, id);
    if (e)
        return e;
    page_done(cx, rep, T_form_renewed);
    return reply_redirect(cx, rep, "/form/draft/%lld", (long long)id);
}

/* ---- files of a draft ---- */

static enum err open_upload(struct cx *cx, struct request *req, struct form_draft *d, const struct form_upload **ret)
{
    enum err e = form_draft_open(cx, req_param_id(req, "id"), d);
    *ret = e ? NULL : form_upload_of(d, req_param_id(req, "upload"));
    return e || *ret ? e : fail(cx, ERR_NOT_FOUND, "no such file in this draft");
}

enum err form_get_file(struct cx *cx, struct request *req, struct reply *rep)
{
    struct form_draft d;
    const struct form_upload *u;
    enum err e = open_upload(cx, req, &d, &u);
    if (e)
        return e;
    const struct filetype *type = filetype_find(u->mime);
    struct reply_file file = {.type = u->mime, .name = u->name, .download = !type || !type->inline_safe};
    e = files_get_fd(cx, u->file.hash, &file.fd, &file.fd_bytes);
    return e ? e : reply_file(cx, rep, &file);
}

static struct str upload_page(struct cx *cx, const struct form_draft *d, const struct form_upload *u)
{
    struct str row;
    const struct form_field *f = form_field_of_key(d->form, u->field, &row);
    if (!f)
        return form_draft_base(cx, d->id);
    return form_spot_path(cx, d, (struct form_spot){f->page, f->repeat, row});
}

static enum err ask(struct cx *cx, struct request *req, struct reply *rep, const struct form_draft *d,
                    const struct form_ask_view *view)
{
    struct tpl o = tpl_begin(cx);
    tpl_form_ask(&o, view);
    struct page page = draft_page(cx, d, i18n_text(cx->lang, view->title));
    page.status = view->changed ? err_status(ERR_CONFLICT) : 0;
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err form_get_file_delete(struct cx *cx, struct request *req, struct reply *rep)
{
    struct form_draft d;
    const struct form_upload *u;
    enum err e = open_upload(cx, req, &d, &u);
    if (e)
        return e;
    struct form_ask_view view = {
        .title = T_form_file_delete_title,
        .yes = T_form_file_delete_yes,
        .no = T_form_delete_no,
        .text = i18n_fmt(cx, T_form_file_delete_text, ARG("name", u->name)),
        .action = str_fmt(cx->arena, "/form/draft/%lld/file/%lld/delete", (long long)d.id, (long long)u->id),
        .href_no = upload_page(cx, &d, u)};
    return ask(cx, req, rep, &d, &view);
}

enum err form_post_file_delete(struct cx *cx, struct request *req, struct reply *rep)
{
    struct form_draft d;
    const struct form_upload *u;
    enum err e = open_upload(cx, req, &d, &u);
    if (!e)
        e = form_upload_remove(cx, &d, u->id);
    if (e)
        return e;
    page_done(cx, rep, T_form_file_deleted);
    return reply_redirect(cx, rep, "%" PRI_STR, STR_ARG(upload_page(cx, &d, u)));
}

/* ---- removing a row ---- */

/* The row of the address, with the draft it lies in. */
static enum err open_row(struct cx *cx, struct request *req, struct form_draft *d, struct form_spot *ret_at,
                         struct form_eval *ret_eval)
{
    enum err e = form_draft_open(cx, req_param_id(req, "id"), d);
    if (!e && d->sent)
        e = fail(cx, ERR_DUPLICATE, "draft %lld has been sent", (long long)d->id);
    if (!e)
        e = open_spot(cx, req, d, true, ret_at, ret_eval);
    if (!e)
        *ret_eval = form_in_row(ret_eval, form_row_of(ret_eval, ret_at->repeat, ret_at->row));
    return e || ret_eval->row ? e : fail(cx, ERR_NOT_FOUND, "no such row in this draft");
}

/* changed: it was saved in another window after it was seen. */
static enum err ask_row(struct cx *cx, struct request *req, struct reply *rep, bool changed)
{
    struct form_draft d;
    struct form_spot at;
    struct form_eval eval;
    enum err e = open_row(cx, req, &d, &at, &eval);
    if (e)
        return e;
    size_t number = (size_t)(eval.row - eval.values[at.repeat->order].rows.p) + 1;
    struct str title = form_row_words(cx, at.repeat, number), what = form_row_answers(cx, &eval, at.repeat, eval.row);
    if (what.n)
        title = str_fmt(cx->arena, "%" PRI_STR " (%" PRI_STR ")", STR_ARG(title), STR_ARG(what));
    struct form_ask_view view = {.title = T_form_row_remove_title,
                                 .yes = T_form_row_remove_yes,
                                 .no = T_form_delete_no,
                                 .text = i18n_fmt(cx, T_form_row_remove_text, ARG("row", title)),
                                 .seen = form_draft_saved(cx, &d, at),
                                 .changed = changed,
                                 .action = str_cat(cx->arena, form_spot_path(cx, &d, at), S("/remove")),
                                 .href_no = form_spot_path(cx, &d, (struct form_spot){.page = at.page})};
    return ask(cx, req, rep, &d, &view);
}

enum err form_get_row_remove(struct cx *cx, struct request *req, struct reply *rep)
{
    return ask_row(cx, req, rep, false);
}

enum err form_post_row_remove(struct cx *cx, struct request *req, struct reply *rep)
{
    struct form_draft d;
    struct form_spot at;
    struct form_eval eval;
    enum err e = open_row(cx, req, &d, &at, &eval);
    if (!e)
        e = form_row_remove(cx, &d, at, req_int(req, "seen"));
    if (e == ERR_CONFLICT)
        return ask_row(cx, req, rep, true);
    if (e == ERR_STALE)
        return to_newer(cx, rep, &d);
    if (e)
        return e;
    page_done(cx, rep, T_form_row_removed);
    return reply_redirect(cx, rep, "%" PRI_STR, STR_ARG(form_spot_path(cx, &d, (struct form_spot){.page = at.page})));
}

/* ---- deleting a draft ---- */

enum err form_get_delete(struct cx *cx, struct request *req, struct reply *rep)
{
    struct form_draft d;
    enum err e = form_draft_open(cx, req_param_id(req, "id"), &d);
    if (e)
        return e;
    if (d.sent)
        return to_receipt(cx, rep, d.id);
    struct form_ask_view view = {
        .title = T_form_delete_title,
        .yes = T_form_delete_yes,
        .no = T_form_delete_no,
        .text = i18n_fmt(cx, T_form_delete_text, ARG("title", words_in(&d.service->name, cx->lang))),
        .action = str_cat(cx->arena, form_draft_base(cx, d.id), S("/delete")),
        .href_no = d.anonymous ? form_draft_base(cx, d.id) : str_of(home(cx))};
    return ask(cx, req, rep, &d, &view);
}

enum err form_post_delete(struct cx *cx, struct request *req, struct reply *rep)
{
    enum err e = form_draft_delete(cx, req_param_id(req, "id"));
    if (e)
        return e;
    page_done(cx, rep, T_form_deleted);
    return reply_redirect(cx, rep, "%s", home(cx));
}
