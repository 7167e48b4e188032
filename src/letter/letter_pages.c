/* A letter that has left, for its party and for the unit: as a page, as PDF, and its attachments. */
#include "letter_internal.h"
#include "letter_views.h"
#include "page/page.h"
#include "tpl_letter_page.h"

struct reading {
    struct letter letter;
    bool party;
};

/* The party's own (or by mandate), or opened by an employee whose unit has the case; a draft is nobody's to read here.
 */
static enum err open_letter(struct cx *cx, struct request *req, struct reading *r)
{
    int64_t id = req_param_id(req, "id");
    r->party = cx->who->kind == WHO_PARTY;
    enum err e = r->party ? letter_get_as_party(cx, id, &r->letter) : letter_get(cx, id, &r->letter);
    bool left = !e && r->letter.pdf_hash.n > 0;
    return e || left ? e : fail(cx, ERR_NOT_FOUND, "the letter has not left");
}

static void appeal(struct cx *cx, const struct reading *r, const struct casefile_view *file, struct letter_page *v)
{
    const struct letter *l = &r->letter;
    if (!l->appeal_deadline)
        return;
    bool over = civil_day_of_us(cx->now_us) > l->appeal_deadline;
    v->appeal = !over && (!r->party || file->can[CASEFILE_DO_APPEAL]); /* not twice */
    v->appeal_over = over;
    v->appeal_day = i18n_day(cx, l->appeal_deadline);
    v->appeal_href = str_fmt(cx->arena, "/mypage/casefile/%lld/appeal", (long long)l->casefile_id);
}

static enum err view_of(struct cx *cx, const struct reading *r, struct letter_page *v)
{
    const struct letter *l = &r->letter;
    struct casefile_view file;
    struct letter_attachment *attachments;
    size_t n;
    bool other = false;
    enum err e =
        r->party ? letter_casefile_of_reader(cx, l, &file, &other) : letter_enter_casefile(cx, l->casefile_id, &file);
    if (!e)
        e = letter_attachments(cx, l->id, &attachments, &n);
    if (!e)
        e = letter_html(cx, l, &v->html);
    if (e)
        return e;
    v->id = l->id;
    v->title = l->title;
    v->lang = l->lang == cx->lang ? S("") : str_of(i18n_code(l->lang));
    v->unit = file.file.unit_name;
    v->arrived = i18n_date(cx, l->arrived_us ? l->arrived_us : l->dispatched_us);
    v->casefile_no = file.file.no;
    v->casefile_href = str_fmt(cx->arena, "/%s/casefile/%lld", r->party ? "mypage" : "desk", (long long)l->casefile_id);
    if (other)
        v->casefile_href = S("/mypage/signatures");
    v->paper = l->channel == LETTER_PAPER;
    v->party = r->party;
    v->for_name = file.for_other ? file.party.name : S("");
    appeal(cx, r, &file, v);
    for (size_t i = 0; i < n; i++)
        vec_add(cx->arena, &v->attachments,
                (struct letter_page_attachment){(int64_t)i + 1, attachments[i].name, attachments[i].file.size});
    return ERR_OK;
}

static enum err letter_show(struct cx *cx, struct request *req, struct reply *rep)
{
    struct reading r;
    struct letter_page v = {0};
    enum err e = open_letter(cx, req, &r);
    if (!e)
        e = view_of(cx, &r, &v);
    if (e)
        return e;
    struct page page = {.title = v.title, .face = r.party ? PAGE_MYPAGE : PAGE_DESK, .acting_for = v.for_name};
    if (r.party)
        vec_add(cx->arena, &page.crumbs,
                (struct page_crumb){i18n_text(cx->lang, T_letter_page_letters), S("/mypage/letters")});
    else
        vec_add(cx->arena, &page.crumbs,
                (struct page_crumb){i18n_fmt(cx, T_letter_page_casefile, ARG("no", v.casefile_no)), v.casefile_href});
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){v.title, S("")});
    struct tpl o = tpl_begin(cx);
    tpl_letter_page(&o, &v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

static enum err letter_pdf(struct cx *cx, struct request *req, struct reply *rep)
{
    struct reading r;
    enum err e = open_letter(cx, req, &r);
    if (e)
        return e;
    struct reply_file file = {.type = S("application/pdf"), .download = true};
    file.name = str_fmt(cx->arena, "%.*s.pdf", STR_ARG(text_head(r.letter.title, 100)));
    e = letter_pdf_bytes(cx, &r.letter, &file.bytes);
    return e ? e : reply_file(cx, rep, &file);
}

static enum err letter_attachment_file(struct cx *cx, struct request *req, struct reply *rep)
{
    struct reading r;
    struct letter_attachment *rows;
    size_t n_rows;
    int64_t n = 0;
    enum err e = open_letter(cx, req, &r);
    if (!e)
        e = letter_attachments(cx, r.letter.id, &rows, &n_rows);
    if (e)
        return e;
    if (!str_to_i64(req_param(req, "n"), &n) || n < 1 || n > (int64_t)n_rows)
        return fail(cx, ERR_NOT_FOUND, "no such attachment");
    const struct letter_attachment *a = &rows[n - 1];
    struct reply_file file = {.type = a->mime, .name = a->name, .download = true};
    e = files_get_fd(cx, a->file.hash, &file.fd, &file.fd_bytes);
    return e ? e : reply_file(cx, rep, &file);
}

static const struct route routes[] = {
    ROUTE(GET, "/letter/{id}", letter_show, PERM_LOGIN, "a letter that has left, as a page"),
    ROUTE(GET, "/letter/{id}/pdf", letter_pdf, PERM_LOGIN, "the same as PDF"),
    ROUTE(GET, "/letter/{id}/attachment/{n}", letter_attachment_file, PERM_LOGIN, "what came with it"),
};
const struct http_module letter_http_module = HTTP_MODULE("letter", routes);
