/* Register post: put in a scanned letter or an e-mail, say whose and where it belongs, pass it on, throw it away. The
   rules are in post/. */
#include "desk_handlers.h"
#include "desk_post_views.h"

#include "codec/filetype.h"
#include "files/files.h"
#include "i18n/i18n.h"
#include "tpl_desk_post.h"
#include "tpl_desk_post_discard.h"
#include "tpl_desk_post_new.h"
#include "tpl_desk_post_open.h"
#include "tpl_desk_post_receipt.h"
#include "tpl_page_field.h"

enum { ASK_HEAD = 200 };

static void post_crumbs(struct cx *cx, struct page *page)
{
    vec_add(cx->arena, &page->crumbs, (struct page_crumb){i18n_text(cx->lang, T_desk_post_title), S("/desk/post")});
    vec_add(cx->arena, &page->crumbs, (struct page_crumb){.label = page->title});
}

static struct str channel_text(struct cx *cx, enum channel channel)
{
    return i18n_text(cx->lang, channel == CHANNEL_EMAIL ? T_desk_post_email : T_desk_post_letter);
}

/* As the list calls it. */
static struct str what_of(const struct post *p)
{
    if (p->subject.n)
        return p->subject;
    return p->files.n ? p->files.p[0].name : S("–");
}

/* ---- what waits ---- */

enum err desk_post_page(struct cx *cx, struct request *req, struct reply *rep)
{
    struct desk_post_list view = {0};
    struct post_rows rows;
    enum err e = post_waiting(cx, &rows);
    if (e)
        return e;
    for (size_t i = 0; i < rows.rows.n; i++) {
        const struct post_row *r = &rows.rows.p[i];
        vec_add(cx->arena, &view.rows,
                (struct desk_post_row){.id = r->id,
                                       .put_us = r->put_us,
                                       .title = r->title,
                                       .sender = r->sender,
                                       .unit = r->unit_name,
                                       .by = r->put_by,
                                       .channel = channel_text(cx, r->channel)});
    }
    struct page page = {.title = i18n_text(cx->lang, T_desk_post_title), .face = PAGE_DESK, .wide = true};
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    struct tpl o = tpl_begin(cx);
    tpl_desk_post(&o, &view);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

/* ---- putting it in ---- */

static enum err show_new(struct cx *cx, struct request *req, struct reply *rep, struct desk_post_new *v)
{
    v->file = (struct page_field){.kind = PAGE_FIELD_FILE,
                                  .id = S("file"),
                                  .label = i18n_text(cx->lang, T_desk_post_file),
                                  .hint = i18n_text(cx->lang, T_desk_post_file_hint),
                                  .accept = S(".pdf,.jpg,.jpeg,.png,.eml"),
                                  .multiple = true,
                                  .error = page_errors_of(&v->errors, S("file"))};
    struct page page = {
        .title = i18n_text(cx->lang, T_desk_post_new), .face = PAGE_DESK, .has_errors = v->errors.n > 0};
    post_crumbs(cx, &page);
    struct tpl o = tpl_begin(cx);
    tpl_desk_post_new(&o, v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err desk_post_new_page(struct cx *cx, struct request *req, struct reply *rep)
{
    struct desk_post_new view = {.once = rand_id()};
    enum err e = post_may(cx, 0);
    return e ? e : show_new(cx, req, rep, &view);
}

enum err desk_post_put(struct cx *cx, struct request *req, struct reply *rep)
{
    struct desk_post_new view = {.once = req_int(req, "once")};
    size_t n, faults;
    int64_t id;
    const struct req_file *files = req_files(req, "file", &n);
    struct post_upload *uploads = arena_array(cx->arena, struct post_upload, n + 1);
    for (size_t i = 0; i < n; i++)
        uploads[i] = (struct post_upload){files[i].name, files[i].bytes};
    req_faults(req, &faults);
    if (!view.once)
        view.once = rand_id();
    enum err e = faults ? ERR_TOO_LARGE : post_put(cx, view.once, uploads, n, &id);
    if (!e)
        return reply_redirect(cx, rep, "/desk/post/%lld", (long long)id);
    if (e != ERR_INVALID && e != ERR_SYNTAX && e != ERR_TOO_LARGE)
        return e;
    enum text message = !n                 ? T_desk_post_file_missing
                        : e == ERR_SYNTAX  ? T_desk_post_file_no_mail
                        : e == ERR_INVALID ? T_desk_post_file_kind
                                           : T_desk_post_file_large;
    page_errors_add(cx, &view.errors, S("file"), i18n_text(cx->lang, message));
    return show_new(cx, req, rep, &view);
}

enum err desk_post_file(struct cx *cx, struct request *req, struct reply *rep)
{
    struct post p;
    enum err e = post_open(cx, req_param_id(req, "id"), &p);
    int64_t number = req_param_id(req, "number");
    if (e)
        return e;
    for (size_t i = 0; i < p.files.n; i++) {
        const struct post_file *f = &p.files.p[i];
        const struct filetype *type = filetype_find(f->mime);
        struct reply_file file = {.type = f->mime, .name = f->name, .download = !type || !type->inline_safe};
        if (f->number != number)
            continue;
        e = files_get_fd(cx, f->hash, &file.fd, &file.fd_bytes);
        return e ? e : reply_file(cx, rep, &file);
    }
    return fail(cx, ERR_NOT_FOUND, "no such file of this post");
}

/* ---- registering ---- */

struct registering {
    struct post post;
    struct post_registration r;
    struct desk_post_open view;
    struct str to, kind, from, answers; /* as sent */
    struct casefile_asks asks;          /* of the case that was named */
};

/* One line of a group of choices, with what is asked when it is chosen. */
static void choice(struct cx *cx, struct page_field *group, const char *value, enum text label, struct str chosen,
                   struct html more)
{
    vec_add(cx->arena, &group->options,
            (struct page_option){.value = str_of(value),
                                 .label = i18n_text(cx->lang, label),
                                 .checked = str_eq_z(chosen, value),
                                 .more = more});
}

static struct html field_html(struct cx *cx, const struct page_field *first, const struct page_field *second)
{
    struct tpl o = tpl_begin(cx);
    tpl_page_field(&o, first);
    if (second)
        tpl_page_field(&o, second);
    return tpl_end(&o);
}

static struct page_field field(struct cx *cx, const struct registering *g, enum page_field_kind kind, const char *id,
                               enum text label)
{
    return (struct page_field){.kind = kind,
                               .id = str_of(id),
                               .label = i18n_text(cx->lang, label),
                               .error = page_errors_of(&g->view.errors, str_of(id))};
}

static struct html old_case_fields(struct cx *cx, const struct registering *g)
{
    struct page_field no = field(cx, g, PAGE_FIELD_TEXT, "no", T_desk_post_no);
    struct page_field kind = field(cx, g, PAGE_FIELD_RADIO, "kind", T_desk_post_kind);
    no.value = g->r.no;
    no.hint = i18n_text(cx->lang, T_desk_post_no_hint);
    no.width = 12;
    choice(cx, &kind, "addition", T_desk_post_kind_addition, g->kind, (struct html){0});
    choice(cx, &kind, "appeal", T_desk_post_kind_appeal, g->kind, (struct html){0});
    return field_html(cx, &no, &kind);
}

static struct html new_case_fields(struct cx *cx, const struct registering *g)
{
    struct page_field service = field(cx, g, PAGE_FIELD_SELECT, "service", T_desk_post_service);
    struct service_list list = service_list(cx);
    service.hint = i18n_text(cx->lang, T_desk_post_service_hint);
    vec_add(cx->arena, &service.options,
            (struct page_option){.label = i18n_text(cx->lang, T_desk_post_service_choose)});
    for (size_t i = 0; i < list.rows.n; i++) {
        const struct service_version *v = list.rows.p[i];
        if (service_current(cx, v->key))
            vec_add(cx->arena, &service.options,
                    (struct page_option){.value = v->key,
                                         .label = words_in(&v->name, cx->lang),
                                         .checked = str_eq(v->key, g->r.service_key)});
    }
    return field_html(cx, &service, NULL);
}

static void add_groups(struct cx *cx, struct registering *g)
{
    struct desk_post_open *v = &g->view;
    struct page_field idno = field(cx, g, PAGE_FIELD_TEXT, "idno", T_desk_post_idno);
    struct page_field name = field(cx, g, PAGE_FIELD_TEXT, "name", T_desk_post_name);
    idno.hint = i18n_text(cx->lang, T_desk_post_idno_hint);
    idno.value = g->r.idno;
    idno.width = 12;
    name.value = g->r.name;
    v->to = field(cx, g, PAGE_FIELD_RADIO, "to", T_desk_post_to);
    choice(cx, &v->to, "old", T_desk_post_to_old, g->to, old_case_fields(cx, g));
    choice(cx, &v->to, "new", T_desk_post_to_new, g->to, new_case_fields(cx, g));
    v->from = field(cx, g, PAGE_FIELD_RADIO, "from", T_desk_post_from);
    choice(cx, &v->from, "party", T_desk_post_from_party, g->from, (struct html){0});
    choice(cx, &v->from, "idno", T_desk_post_from_idno, g->from, field_html(cx, &idno, NULL));
    choice(cx, &v->from, "other", T_desk_post_from_other, g->from, field_html(cx, &name, NULL));
}

/* Is it the answer to what the case waits for? Asked when the case has been named. */
static void add_answers(struct cx *cx, struct registering *g)
{
    struct desk_post_open *v = &g->view;
    v->asks = g->asks.rows.n > 0;
    v->answers = field(cx, g, PAGE_FIELD_RADIO, "answers", T_desk_post_answers);
    for (size_t i = 0; i < g->asks.rows.n; i++) {
        const struct casefile_ask *a = &g->asks.rows.p[i];
        struct str id = str_fmt(cx->arena, "%lld", (long long)a->id);
        vec_add(cx->arena, &v->answers.options,
                (struct page_option){
                    .value = id,
                    .label = i18n_fmt(cx, a->hearing ? T_desk_post_answers_hearing : T_desk_post_answers_question,
                                      ARG("day", i18n_date(cx, a->asked_us))),
                    .hint = text_head(a->text, ASK_HEAD),
                    .checked = str_eq(g->answers, id)});
    }
    choice(cx, &v->answers, "none", T_desk_post_answers_none, g->answers, (struct html){0});
}

static void add_passing(struct cx *cx, struct registering *g, const struct auth_unit *units, size_t n, int64_t chosen)
{
    struct desk_post_open *v = &g->view;
    v->unit_field = field(cx, g, PAGE_FIELD_SELECT, "unit", T_desk_unit_label);
    v->note_field.id = S("note");
    v->note_field.kind = PAGE_FIELD_TEXTAREA;
    v->note_field.label = i18n_text(cx->lang, T_desk_post_note);
    v->note_field.optional = true;
    v->note_field.error = page_errors_of(&v->errors, S("note"));
    v->note_field.rows = 3;
    vec_add(cx->arena, &v->unit_field.options,
            (struct page_option){.label = i18n_text(cx->lang, T_desk_post_service_choose)});
    for (size_t i = 0; i < n; i++)
        if (units[i].id != g->post.unit_id)
            vec_add(cx->arena, &v->unit_field.options,
                    (struct page_option){.value = str_fmt(cx->arena, "%lld", (long long)units[i].id),
                                         .label = units[i].name,
                                         .checked = units[i].id == chosen});
}

static void add_post(struct cx *cx, struct registering *g)
{
    const struct post *p = &g->post;
    struct desk_post_open *v = &g->view;
    v->id = p->id;
    v->version = p->version;
    v->put_us = p->put_us;
    v->email = p->channel == CHANNEL_EMAIL;
    v->sender = p->sender.n ? str_fmt(cx->arena, "%" PRI_STR " <%" PRI_STR ">", STR_ARG(p->sender), STR_ARG(p->address))
                            : p->address;
    v->subject = p->subject;
    v->words = p->words;
    v->note = p->note;
    v->by = p->put_by;
    v->unit = p->unit_name;
    v->has_sent = p->sent_us.set;
    v->sent_us = p->sent_us.v;
    for (size_t i = 0; i < p->files.n; i++)
        vec_add(cx->arena, &v->files,
                (struct desk_post_file){p->files.p[i].number, p->files.p[i].size, p->files.p[i].name});
}

static enum err show(struct cx *cx, struct request *req, struct reply *rep, struct registering *g, int64_t unit)
{
    struct desk_post_open *v = &g->view;
    struct auth_unit *units;
    size_t n;
    enum err e = auth_units_with(cx, POST_ROLES, &units, &n);
    if (e)
        return e;
    add_post(cx, g);
    v->title.id = S("title");
    v->title.label = i18n_text(cx->lang, T_desk_post_doc_title);
    v->title.hint = i18n_text(cx->lang, T_desk_post_doc_title_hint);
    v->title.error = page_errors_of(&v->errors, S("title"));
    v->written.error = page_errors_of(&v->errors, S("written"));
    v->arrived.error = page_errors_of(&v->errors, S("arrived"));
    v->arrived.hint = i18n_text(cx->lang, T_desk_post_arrived_hint);
    add_groups(cx, g);
    add_answers(cx, g);
    add_passing(cx, g, units, n, unit);
    struct page page = {.title = i18n_text(cx->lang, T_desk_post_register),
                        .face = PAGE_DESK,
                        .wide = true,
                        .status = v->conflict ? 409 : 0,
                        .has_errors = v->errors.n > 0};
    post_crumbs(cx, &page);
    struct tpl o = tpl_begin(cx);
    tpl_desk_post_open(&o, v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

static enum err show_receipt(struct cx *cx, struct request *req, struct reply *rep, int64_t id)
{
    struct post_receipt r;
    enum err e = post_receipt(cx, id, &r);
    if (e)
        return e;
    struct desk_post_receipt view = {.no = r.no,
                                     .title = r.title,
                                     .unit = r.unit_name,
                                     .casefile_id = r.casefile_id,
                                     .may_see = r.may_see,
                                     .has_deadline = r.deadline_us.set,
                                     .deadline = r.deadline_us.set ? civil_day_of_us(r.deadline_us.v - 1) : 0};
    struct page page = {.title = i18n_text(cx->lang, T_desk_post_done), .face = PAGE_DESK};
    post_crumbs(cx, &page);
    struct tpl o = tpl_begin(cx);
    tpl_desk_post_receipt(&o, &view);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

/* A page with proposals: what the e-mail says, today for what was put in today. */
static enum err begin(struct cx *cx, struct request *req, struct registering *g)
{
    *g = (struct registering){0};
    enum err e = post_open(cx, req_param_id(req, "id"), &g->post);
    day_t came = civil_day_of_us(g->post.put_us);
    g->view.written = page_date_field(cx, "written", T_desk_post_written);
    g->view.arrived = page_date_field(cx, "arrived", T_desk_post_arrived);
    day_t sent = g->post.sent_us.set ? civil_day_of_us(g->post.sent_us.v) : came;
    sent = sent > came ? came : sent;
    page_date_put(cx, &g->view.arrived, g->post.channel == CHANNEL_EMAIL ? sent : came);
    if (g->post.channel == CHANNEL_EMAIL)
        page_date_put(cx, &g->view.written, sent);
    g->view.title.value = text_head(g->post.subject, POST_TITLE_MAX);
    g->r.name = g->post.sender;
    g->kind = S("addition");
    return e;
}

enum err desk_post_open_page(struct cx *cx, struct request *req, struct reply *rep)
{
    struct registering g;
    enum err e = begin(cx, req, &g);
    if (!e && g.post.registered)
        return show_receipt(cx, req, rep, g.post.id);
    return e ? e : show(cx, req, rep, &g, 0);
}

static void wrong(struct cx *cx, struct registering *g, const char *id, enum text message)
{
    page_errors_add(cx, &g->view.errors, str_of(id), i18n_text(cx->lang, message));
}

static day_t read_date(struct cx *cx, struct request *req, struct registering *g, struct page_field *f,
                       enum text message)
{
    day_t day = 0;
    page_date_fill(cx, req, f);
    if (!page_date_day(f, &day))
        wrong(cx, g, str_z(cx->arena, f->id), message);
    return day;
}

static void read_fields(struct cx *cx, struct request *req, struct registering *g)
{
    g->to = req_str(req, "to");
    g->from = req_str(req, "from");
    g->kind = req_str(req, "kind");
    g->answers = req_str(req, "answers");
    g->view.title.value = req_str(req, "title");
    g->r = (struct post_registration){.version = req_int(req, "version"),
                                      .new_case = str_eq(g->to, S("new")),
                                      .no = req_str(req, "no"),
                                      .appeal = str_eq(g->kind, S("appeal")),
                                      .service_key = req_str(req, "service"),
                                      .from = str_eq(g->from, S("idno"))    ? POST_FROM_IDNO
                                              : str_eq(g->from, S("other")) ? POST_FROM_OTHER
                                                                            : POST_FROM_PARTY,
                                      .idno = req_str(req, "idno"),
                                      .name = req_str(req, "name"),
                                      .title = g->view.title.value};
    if (str_empty(g->view.title.value))
        wrong(cx, g, "title", T_desk_post_title_missing);
    g->r.written = read_date(cx, req, g, &g->view.written, T_desk_post_written_invalid);
    g->r.arrived = read_date(cx, req, g, &g->view.arrived, T_desk_post_arrived_invalid);
    if (str_empty(g->to))
        wrong(cx, g, "to", T_desk_post_to_missing);
    else if (!g->r.new_case && str_empty(g->r.no))
        wrong(cx, g, "no", T_desk_post_no_missing);
    else if (g->r.new_case && str_empty(g->r.service_key))
        wrong(cx, g, "service", T_desk_post_service_missing);
    if (str_empty(g->from))
        wrong(cx, g, "from", T_desk_post_from_missing);
    else if (g->r.from == POST_FROM_IDNO && str_empty(g->r.idno))
        wrong(cx, g, "idno", T_desk_post_idno_missing);
    else if (g->r.from == POST_FROM_OTHER && str_empty(g->r.name))
        wrong(cx, g, "name", T_desk_post_name_missing);
}

/* An addition to a case that waits for an answer: whether it is one is asked before it is registered. False: something
   is to be said first. */
static bool read_answers(struct cx *cx, struct registering *g)
{
    int64_t id = 0;
    if (g->r.new_case || g->r.appeal || post_asks(cx, &g->r, &g->asks) || !g->asks.rows.n)
        return true; /* what is wrong with the case, post_register says, with what else is wrong */
    for (size_t i = 0; i < g->asks.rows.n; i++)
        if (str_to_i64(g->answers, &id) && id == g->asks.rows.p[i].id)
            g->r.answers = id;
    if (g->r.answers || str_eq(g->answers, S("none")))
        return true;
    wrong(cx, g, "answers", T_desk_post_answers_missing);
    return false;
}

/* What the domain refused, in words beside its field. False: it is not about a field. */
static bool explain(struct cx *cx, struct registering *g, enum err e)
{
    static const struct {
        const char *field;
        enum text message;
    } why[] = {{"no", T_desk_post_no_unknown},           {"answers", T_desk_post_answers_early},
               {"service", T_desk_post_service_missing}, {"from", T_desk_post_from_refused},
               {"idno", T_desk_post_idno_unknown},       {"name", T_desk_post_name_missing},
               {"title", T_desk_post_title_idno},        {"written", T_desk_post_written_late},
               {"arrived", T_desk_post_arrived_late}};
    struct str at = cx->fail.field;
    for (size_t i = 0; i < sizeof why / sizeof *why; i++)
        if (str_eq_z(at, why[i].field)) {
            bool state = e == ERR_CONFLICT && i == 0;
            wrong(cx, g, why[i].field, state ? T_desk_post_no_state : why[i].message);
            return true;
        }
    return false;
}

enum err desk_post_register(struct cx *cx, struct request *req, struct reply *rep)
{
    struct registering g;
    enum err e = begin(cx, req, &g);
    if (e)
        return e;
    if (g.post.registered) /* pressed twice */
        return reply_redirect(cx, rep, "/desk/post/%lld", (long long)g.post.id);
    read_fields(cx, req, &g);
    if (g.view.errors.n)
        return show(cx, req, rep, &g, 0);
    if (!read_answers(cx, &g))
        return show(cx, req, rep, &g, 0);
    e = post_register(cx, g.post.id, &g.r);
    if (!e)
        return reply_redirect(cx, rep, "/desk/post/%lld", (long long)g.post.id);
    if (explain(cx, &g, e))
        return show(cx, req, rep, &g, 0);
    if (e != ERR_CONFLICT)
        return e;
    e = post_open(cx, g.post.id, &g.post); /* law 2: as it is now, with what was typed */
    g.view.conflict = true;
    return e ? e : show(cx, req, rep, &g, 0);
}

/* ---- elsewhere ---- */

/* The name of a unit that it may go to; empty: of none. */
static enum err unit_to(struct cx *cx, const struct post *p, int64_t id, struct str *ret)
{
    struct auth_unit *units;
    size_t n;
    enum err e = auth_units_with(cx, POST_ROLES, &units, &n);
    *ret = S("");
    for (size_t i = 0; !e && i < n; i++)
        if (units[i].id == id && id != p->unit_id)
            *ret = units[i].name;
    return e;
}

/* Another unit opens it from then on, and this one does not: asked before. */
static enum err ask_pass_on(struct cx *cx, struct request *req, struct reply *rep, const struct registering *g,
                            struct str unit)
{
    struct desk_confirm v = {.title = i18n_text(cx->lang, T_desk_post_pass_sure_title),
                             .what =
                                 i18n_fmt(cx, T_desk_post_pass_sure, ARG("what", what_of(&g->post)), ARG("unit", unit)),
                             .text = i18n_text(cx->lang, T_desk_post_pass_final),
                             .yes = i18n_fmt(cx, T_desk_post_pass_do, ARG("unit", unit)),
                             .label = i18n_text(cx->lang, T_desk_post_note),
                             .quote = g->view.note_field.value,
                             .action = str_fmt(cx->arena, "/desk/post/%lld/pass-on", (long long)g->post.id)};
    v.back = v.action;
    desk_confirm_typed(cx, &v, "version", str_fmt(cx->arena, "%lld", (long long)req_int(req, "version")));
    desk_confirm_typed(cx, &v, "unit", str_fmt(cx->arena, "%lld", (long long)req_int(req, "unit")));
    desk_confirm_typed(cx, &v, "note", g->view.note_field.value);
    struct page page = {.title = v.title};
    post_crumbs(cx, &page);
    return desk_confirm_in(cx, req, rep, &v, &page);
}

/* False: something is wrong, and said beside its field. */
static bool check_passing(struct cx *cx, struct request *req, struct registering *g, struct str unit)
{
    size_t n;
    const struct req_fault *faults = req_faults(req, &n);
    if (!unit.n)
        wrong(cx, g, "unit", T_desk_unit_missing);
    for (size_t i = 0; i < n; i++)
        if (str_eq_z(S("note"), faults[i].field))
            wrong(cx, g, "note", T_desk_post_note_long);
    return !g->view.errors.n;
}

enum err desk_post_pass_on(struct cx *cx, struct request *req, struct reply *rep)
{
    struct registering g;
    struct str to;
    enum lang lang;
    int64_t unit = req_int(req, "unit");
    enum err e = begin(cx, req, &g);
    if (!e)
        e = unit_to(cx, &g.post, unit, &to);
    if (e)
        return e;
    g.view.note_field.value = req_str(req, "note");
    bool again = i18n_lang(req_str(req, "language"), &lang);
    if (again)
        page_switch_language(cx, rep, lang);
    if (again || str_eq(req_str(req, "do"), S("edit")) || !check_passing(cx, req, &g, to))
        return show(cx, req, rep, &g, unit);
    if (!g.post.registered && !str_eq(req_str(req, "do"), S("sure")))
        return ask_pass_on(cx, req, rep, &g, to);
    e = post_pass_on(cx, g.post.id, req_int(req, "version"), unit, g.view.note_field.value);
    if (e)
        return e;
    page_done(cx, rep, T_desk_post_passed);
    return reply_redirect(cx, rep, "/desk/post");
}

enum err desk_post_discard_page(struct cx *cx, struct request *req, struct reply *rep)
{
    struct post p;
    enum err e = post_open(cx, req_param_id(req, "id"), &p);
    if (e)
        return e;
    struct desk_post_discard view = {.id = p.id, .version = p.version, .what = what_of(&p)};
    struct page page = {.title = i18n_text(cx->lang, T_desk_post_discard), .face = PAGE_DESK};
    post_crumbs(cx, &page);
    struct tpl o = tpl_begin(cx);
    tpl_desk_post_discard(&o, &view);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err desk_post_discard(struct cx *cx, struct request *req, struct reply *rep)
{
    enum err e = post_discard(cx, req_param_id(req, "id"), req_int(req, "version"));
    if (e)
        return e;
    page_done(cx, rep, T_desk_post_discarded);
    return reply_redirect(cx, rep, "/desk/post");
}
