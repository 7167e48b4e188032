/* Drafts: begin, write, attach, preview; and reading letters. */
#include "letter_internal.h"

#include "access/access.h"

static int64_t or_0(struct opt_int v)
{
    return v.set ? v.v : 0;
}

enum err letter_load(struct cx *cx, int64_t id, struct letter *ret)
{
    struct q_letter_get q;
    enum err e = q_letter_get(cx, id, &q);
    if (e)
        return e == ERR_NOT_FOUND ? fail(cx, e, "no such letter") : e;
    bool draft = q.state == LETTER_DRAFT || q.state == LETTER_RECALLED;
    *ret = (struct letter){.id = q.id,
                           .casefile_id = q.casefile_id,
                           .party_id = q.party_id,
                           .decision_id = or_0(q.decision_id),
                           .registration_id = or_0(q.registration_id),
                           .version = q.version,
                           .state = (enum letter_state)q.state,
                           .channel = (enum letter_channel)q.channel,
                           .lang = (enum lang)q.lang,
                           .template_key = q.template_key,
                           .title = draft ? q.title : q.sent_title,
                           .markdown = draft ? q.markdown : q.sent_markdown,
                           .plain = {(int)q.score, q.grade.n ? q.grade.p[0] : 0},
                           .adverse = q.adverse != 0,
                           .created_us = q.created_us,
                           .queued_us = or_0(q.queued_us),
                           .send_after_us = or_0(q.send_after_us),
                           .dispatched_us = or_0(q.dispatched_us),
                           .arrived_us = or_0(q.arrived_us),
                           .read_us = or_0(q.read_us),
                           .posted_day = (int32_t)or_0(q.posted_day),
                           .pdf_address = q.pdf_address,
                           .appeal_deadline = (int32_t)or_0(q.appeal_deadline),
                           .pdf_hash = q.pdf_hash,
                           .fail_detail = q.fail_detail,
                           .author = q.author};
    return ERR_OK;
}

enum err letter_enter_casefile(struct cx *cx, int64_t casefile_id, struct casefile_view *ret_view)
{
    if (cx->who->kind == WHO_SYSTEM)
        return casefile_open_as_system(cx, casefile_id, ret_view);
    struct str purpose = access_purpose(cx, T_letter_purpose);
    return casefile_open_as_employee(cx, str_fmt(cx->arena, "%lld", (long long)casefile_id), purpose, ret_view);
}

enum err letter_enter(struct cx *cx, int64_t id, struct letter *ret, struct casefile_view *ret_view)
{
    enum err e = letter_load(cx, id, ret);
    return e ? e : letter_enter_casefile(cx, ret->casefile_id, ret_view);
}

/* Enter to change: who may note something on the case file may write its letters. */
static enum err enter_to_write(struct cx *cx, int64_t id, struct letter *ret, struct casefile_view *ret_view)
{
    enum err e = letter_enter(cx, id, ret, ret_view);
    if (!e && cx->who->kind == WHO_EMPLOYEE && !ret_view->can[CASEFILE_DO_NOTE])
        e = fail(cx, ERR_FORBIDDEN, "this employee may not write on the case file now");
    return e;
}

static enum err changed(struct cx *cx, int64_t n)
{
    return n ? ERR_OK : fail(cx, ERR_CONFLICT, "LAW 2: the letter was changed meanwhile, or is no draft");
}

/* ---- reading ---- */

enum err letter_get(struct cx *cx, int64_t id, struct letter *ret)
{
    struct casefile_view view;
    return letter_enter(cx, id, ret, &view);
}

static enum err load_all(struct cx *cx, const int64_t *ids, size_t n, struct letter **ret)
{
    enum err e = ERR_OK;
    *ret = arena_array(cx->arena, struct letter, n + 1);
    for (size_t i = 0; i < n && !e; i++)
        e = letter_load(cx, ids[i], &(*ret)[i]);
    return e;
}

enum err letter_list_for_casefile(struct cx *cx, int64_t casefile_id, struct letter **ret, size_t *ret_n)
{
    struct casefile_view view;
    struct q_letter_of_casefile *rows;
    enum err e = letter_enter_casefile(cx, casefile_id, &view);
    if (!e)
        e = q_letter_of_casefile(cx, casefile_id, &rows, ret_n);
    if (e)
        return e;
    int64_t *ids = arena_array(cx->arena, int64_t, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        ids[i] = rows[i].id;
    return load_all(cx, ids, *ret_n, ret);
}

enum err letter_templates(struct cx *cx, int64_t casefile_id, struct letter_choice **ret, size_t *ret_n)
{
    struct casefile_view view;
    VEC_OF(struct letter_choice) list = {0};
    enum err e = letter_enter_casefile(cx, casefile_id, &view);
    if (e)
        return e;
    const struct service_version *v = service_version_by_id(cx, view.file.service_version_id);
    for (int own = 1; own >= 0 && v; own--)
        for (size_t i = 0; i < v->letters.n; i++) {
            const struct service_letter *l = &v->letters.p[i];
            if ((l->lang == view.file.lang) == (own == 1))
                vec_add(cx->arena, &list, (struct letter_choice){l->key, l->title, l->lang});
        }
    *ret = list.p;
    *ret_n = list.n;
    return ERR_OK;
}

/* ---- drafts ---- */

struct new_draft {
    const struct letter_draft *draft;
    int64_t id, party_id;
    struct str title, markdown;
    bool adverse;
};

static enum err insert(struct cx *cx, void *ctx)
{
    const struct new_draft *n = ctx;
    bool decision = n->draft->decision_id != 0, employee = cx->who->employee_id != 0;
    return q_letter_insert(
        cx, &(struct q_letter_insert_in){.id = n->id,
                                         .casefile_id = n->draft->casefile_id,
                                         .party_id = n->party_id,
                                         .decision_id = decision ? opt_int(n->draft->decision_id) : (struct opt_int){0},
                                         .lang = n->draft->lang,
                                         .template_key = n->draft->template_key.p ? n->draft->template_key : S(""),
                                         .title = n->title,
                                         .markdown = n->markdown,
                                         .adverse = n->adverse,
                                         .employee_id = employee ? opt_int(cx->who->employee_id) : (struct opt_int){0},
                                         .author = cx->who->name.p ? cx->who->name : S(""),
                                         .created_us = cx->now_us});
}

/* The words of the template, with what has no value here left for a person to write. */
static enum err take_template(struct cx *cx, const struct casefile_view *view, struct new_draft *n)
{
    struct letter l = {.decision_id = n->draft->decision_id, .lang = n->draft->lang};
    struct letter_facts facts;
    enum err e = letter_facts(cx, &l, view, &facts);
    if (e)
        return e;
    if (facts.decision.id && facts.decision.casefile_id != view->file.id)
        return fail(cx, ERR_NOT_FOUND, "the decision is of another case file");
    n->adverse = facts.decision.adverse;
    n->title = n->markdown = S("");
    if (str_empty(n->draft->template_key))
        return ERR_OK;
    const struct service_version *v = service_version_by_id(cx, view->file.service_version_id);
    const struct service_letter *t = v ? service_letter(v, n->draft->template_key, n->draft->lang) : NULL;
    if (!t)
        return fail_field(cx, ERR_NOT_FOUND, S("template"), "the service has no such letter in that language");
    n->title = t->title;
    n->markdown = letter_template_without(cx, t->markdown, facts.values, i18n_text(l.lang, T_letter_write_here));
    return ERR_OK;
}

enum err letter_draft_new(struct cx *cx, const struct letter_draft *draft, int64_t *ret_id)
{
    struct casefile_view view;
    struct new_draft n = {.draft = draft, .id = rand_id()};
    enum err e = letter_enter_casefile(cx, draft->casefile_id, &view);
    if (!e && cx->who->kind == WHO_EMPLOYEE && !view.can[CASEFILE_DO_NOTE])
        e = fail(cx, ERR_FORBIDDEN, "this employee may not write on the case file now");
    if (!e && !view.file.party_id)
        e = fail(cx, ERR_CONFLICT, "an anonymous case has nobody to write to");
    if (!e)
        e = take_template(cx, &view, &n);
    if (e)
        return e;
    n.party_id = view.file.party_id;
    e = db_write(cx, insert, &n);
    if (!e)
        *ret_id = n.id;
    return e;
}

struct save {
    int64_t id, version, attachment_id;
    struct str title, markdown;
    const struct letter_attachment *attachment;
};

static enum err attach(struct cx *cx, void *ctx);

static enum err save(struct cx *cx, void *ctx)
{
    const struct save *s = ctx;
    struct save next = *s;
    int64_t n;
    enum err e = q_letter_save(cx, s->id, s->version, s->title, s->markdown, &n);
    if (!e)
        e = changed(cx, n);
    next.version++;
    return e || !s->attachment ? e : attach(cx, &next);
}

static enum err room_for_one(struct cx *cx, int64_t id)
{
    struct letter_attachment *rows;
    size_t n;
    enum err e = letter_attachments(cx, id, &rows, &n);
    return e || n < ATTACHMENTS_MAX
               ? e
               : fail_field(cx, ERR_INVALID, S("file"), "a letter has at most %d attachments", ATTACHMENTS_MAX);
}

enum err letter_draft_keep(struct cx *cx, int64_t id, int64_t *version, struct str title, struct str markdown,
                           const struct letter_attachment *attachment)
{
    struct letter l;
    struct casefile_view view;
    title = str_trim(title);
    enum err e = enter_to_write(cx, id, &l, &view);
    if (!e && (!text_clean(title) || text_length(title) > TITLE_MAX || str_find_char(title, '\n', 0) < title.n))
        e = fail_field(cx, ERR_INVALID, S("title"), "the title must be one line of at most %d characters", TITLE_MAX);
    if (!e && text_length(markdown) > TEXT_MAX)
        e = fail_field(cx, ERR_INVALID, S("markdown"), "the letter is longer than %d characters", TEXT_MAX);
    if (!e)
        e = letter_template_check(cx, markdown, NULL);
    if (!e && attachment)
        e = room_for_one(cx, id);
    struct save s = {.id = id,
                     .version = *version,
                     .title = title,
                     .markdown = markdown,
                     .attachment = attachment,
                     .attachment_id = rand_id()};
    if (!e)
        e = db_write(cx, save, &s);
    if (!e)
        *version += attachment ? 2 : 1;
    return e;
}

enum err letter_draft_save(struct cx *cx, int64_t id, int64_t version, struct str title, struct str markdown)
{
    return letter_draft_keep(cx, id, &version, title, markdown, NULL);
}

static enum err delete (struct cx *cx, void *ctx) {
    const struct save *s = ctx; struct q_letter_attachments * rows; size_t n_rows; int64_t n;
    enum err e = q_letter_attachments(cx, s->id, &rows, &n_rows);
    for (size_t i = 0; !e && i < n_rows; i++) if (!(e = q_letter_attachment_delete(cx, rows[i].id, s->id, &n)))
        e = files_drop(cx, S("letter_attachment"), rows[i].id);
    if (!e) e = q_letter_delete(cx, s->id, s->version, &n);
    return e ? e : changed(cx, n);
}

enum err letter_draft_delete(struct cx *cx, int64_t id, int64_t version)
{
    struct letter l;
    struct casefile_view view;
    enum err e = enter_to_write(cx, id, &l, &view);
    return e ? e : db_write(cx, delete, &(struct save){.id = id, .version = version});
}

/* ---- attachments ---- */

static enum err attach(struct cx *cx, void *ctx)
{
    const struct save *s = ctx;
    const struct letter_attachment *a = s->attachment;
    int64_t n;
    enum err e = q_letter_touch(cx, s->id, s->version, &n);
    if (!e)
        e = changed(cx, n);
    if (!e)
        e = files_keep(cx, &a->file, S("letter_attachment"), s->attachment_id);
    return e ? e
             : q_letter_attachment_insert(cx, &(struct q_letter_attachment_insert_in){.id = s->attachment_id,
                                                                                      .letter_id = s->id,
                                                                                      .name = a->name,
                                                                                      .mime = a->mime,
                                                                                      .file = a->file.hash,
                                                                                      .bytes = a->file.size});
}

enum err letter_attach(struct cx *cx, int64_t id, int64_t version, const struct letter_attachment *attachment)
{
    struct letter l;
    struct casefile_view view;
    enum err e = enter_to_write(cx, id, &l, &view);
    if (!e)
        e = room_for_one(cx, id);
    struct save s = {.id = id, .version = version, .attachment_id = rand_id(), .attachment = attachment};
    return e ? e : db_write(cx, attach, &s);
}

static enum err detach(struct cx *cx, void *ctx)
{
    const struct save *s = ctx;
    int64_t n;
    enum err e = q_letter_touch(cx, s->id, s->version, &n);
    if (!e)
        e = changed(cx, n);
    if (!e)
        e = q_letter_attachment_delete(cx, s->attachment_id, s->id, &n);
    if (!e && !n)
        e = fail(cx, ERR_NOT_FOUND, "no such attachment");
    return e ? e : files_drop(cx, S("letter_attachment"), s->attachment_id);
}

enum err letter_detach(struct cx *cx, int64_t id, int64_t version, int64_t attachment_id)
{
    struct letter l;
    struct casefile_view view;
    enum err e = enter_to_write(cx, id, &l, &view);
    return e ? e : db_write(cx, detach, &(struct save){.id = id, .version = version, .attachment_id = attachment_id});
}

enum err letter_attachments(struct cx *cx, int64_t id, struct letter_attachment **ret, size_t *ret_n)
{
    struct q_letter_attachments *rows;
    enum err e = q_letter_attachments(cx, id, &rows, ret_n);
    if (e)
        return e;
    *ret = arena_array(cx->arena, struct letter_attachment, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = (struct letter_attachment){.id = rows[i].id,
                                               .name = rows[i].name,
                                               .mime = rows[i].mime,
                                               .file = {.hash = rows[i].file, .size = rows[i].bytes}};
    return ERR_OK;
}

/* ---- preview ---- */

static void add_missing(struct cx *cx, struct letter_preview *p, bool there, enum text key)
{
    if (!there)
        vec_add(cx->arena, &p->missing, i18n_text(cx->lang, key));
}

/* A draft filled as far as it can be, so that it can be looked at while it is written. */
static enum err fill_for_preview(struct cx *cx, const struct letter *l, const struct letter_facts *facts,
                                 struct str *ret)
{
    struct str here = i18n_text(l->lang, T_letter_write_here);
    struct str source = letter_template_without(cx, l->markdown, facts->values, here);
    enum err e = letter_template_fill(cx, source, facts->values, ret);
    if (e == ERR_INVALID) { /* what was saved has been checked; still, show it as it is */
        *ret = l->markdown;
        e = ERR_OK;
    }
    return e;
}

static enum err views(struct cx *cx, struct str markdown, const struct letter *l, struct letter_preview *p)
{
    static const enum text names[PLAIN_KINDS] = {T_letter_mark_passive, T_letter_mark_long, T_letter_mark_cliche,
                                                 T_letter_mark_law};
    struct str labels[PLAIN_KINDS];
    for (int i = 0; i < PLAIN_KINDS; i++)
        labels[i] = i18n_text(cx->lang, names[i]);
    p->plain = letter_plain_check(cx, l->lang, markdown, l->decision_id != 0);
    enum err e = letter_view_html(cx, markdown, &p->html);
    return e ? e : letter_view_marked(cx, markdown, &p->plain, labels, &p->marked);
}

enum err letter_preview(struct cx *cx, int64_t id, struct letter_preview *ret)
{
    struct letter l;
    struct casefile_view view;
    struct letter_facts facts;
    enum err e = letter_enter(cx, id, &l, &view);
    if (e)
        return e;
    *ret = (struct letter_preview){0};
    struct str filled = l.markdown;
    bool draft = l.state == LETTER_DRAFT || l.state == LETTER_RECALLED;
    if (draft && !(e = letter_facts(cx, &l, &view, &facts)))
        e = fill_for_preview(cx, &l, &facts, &filled);
    if (!e)
        e = views(cx, filled, &l, ret);
    if (e || !draft)
        return e;
    struct letter_law law = letter_law_check(cx, &facts, l.lang, filled);
    struct str here = i18n_text(l.lang, T_letter_write_here);
    add_missing(cx, ret, !str_empty(l.title), T_letter_missing_title);
    add_missing(cx, ret, !str_empty(str_trim(l.markdown)), T_letter_missing_text);
    add_missing(cx, ret, str_find(filled, here, 0) == filled.n && str_find(l.markdown, here, 0) == l.markdown.n,
                T_letter_missing_written);
    add_missing(cx, ret, !facts.decision.id || facts.decision.state == DECISION_FINAL, T_letter_missing_decision);
    add_missing(cx, ret, law.reasons, T_letter_missing_reasons);
    add_missing(cx, ret, law.legal_basis, T_letter_missing_legal_basis);
    add_missing(cx, ret, law.appeal, T_letter_missing_appeal);
    add_missing(cx, ret, law.contact, T_letter_missing_contact);
    return ERR_OK;
}

/* ---- the citizen ---- */

enum err letter_list_for_party(struct cx *cx, int64_t party_id, int64_t at_most, struct letter_row **ret, size_t *ret_n)
{
    struct q_letter_for_party *rows;
    enum err e = q_letter_for_party(cx, party_id, cx->now_us, at_most, &rows, ret_n);
    if (e)
        return e;
    *ret = arena_array(cx->arena, struct letter_row, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++) {
        const struct municipality_unit *unit = cx->muni ? municipality_unit(cx->muni, rows[i].unit_key) : NULL;
        (*ret)[i] = (struct letter_row){.id = rows[i].id,
                                        .casefile_id = rows[i].casefile_id,
                                        .casefile_no = rows[i].no,
                                        .title = rows[i].title,
                                        .unit_name = unit ? words_in(&unit->name, cx->lang) : rows[i].unit_key,
                                        .lang = (enum lang)rows[i].lang,
                                        .arrived_us = rows[i].arrived_us,
                                        .read_us = or_0(rows[i].read_us),
                                        .appeal_deadline = (int32_t)or_0(rows[i].appeal_deadline),
                                        .n_attachments = (size_t)rows[i].attachments};
    }
    return ERR_OK;
}

enum err letter_unread_count(struct cx *cx, int64_t party_id, int64_t *ret)
{
    struct q_letter_unread q;
    enum err e = q_letter_unread(cx, party_id, cx->now_us, &q);
    if (!e)
        *ret = q.n;
    return e;
}

static enum err mark_read(struct cx *cx, void *ctx)
{
    int64_t n;
    return q_letter_mark_read(cx, *(const int64_t *)ctx, cx->now_us, &n);
}

enum err letter_casefile_of_reader(struct cx *cx, const struct letter *letter, struct casefile_view *ret,
                                   bool *ret_other)
{
    const struct who *before = cx->who;
    *ret_other = false;
    bool own = before->kind == WHO_PARTY && before->party_id == letter->party_id;
    enum err e = casefile_open_as_party(cx, letter->casefile_id, ret);
    if (!e && ret->file.party_id != letter->party_id) /* by mandate: the party's letters, and one's own */
        e = fail(cx, ERR_NOT_FOUND, "a letter to somebody else");
    if (e != ERR_NOT_FOUND || !own)
        return e;
    cx->who = auth_system(); /* one's own letter, in a case of somebody else that one was asked to sign */
    cx->fail = (struct fail){0};
    e = casefile_open_as_system(cx, letter->casefile_id, ret);
    cx->who = before;
    *ret_other = true;
    return e;
}

enum err letter_get_as_party(struct cx *cx, int64_t id, struct letter *ret)
{
    struct casefile_view view;
    bool other;
    enum err e = letter_load(cx, id, ret);
    if (!e)
        e = letter_casefile_of_reader(cx, ret, &view, &other);
    bool arrived =
        !e && (ret->state == LETTER_DELIVERED || ret->state == LETTER_POSTED) && ret->arrived_us <= cx->now_us;
    if (!e && !arrived)
        e = fail(cx, ERR_NOT_FOUND, "the letter has not arrived");
    bool own = !e && cx->who->party_id == ret->party_id; /* a mandate holder's look is no receipt */
    if (e || ret->read_us || cx->conn || !own)
        return e;
    ret->read_us = cx->now_us;
    return db_write(cx, mark_read, &id);
}

enum err letter_html(struct cx *cx, const struct letter *letter, struct html *ret)
{
    return letter_view_html(cx, letter->markdown, ret);
}

/* ---- the PDF, for those who may see the address it shows ---- */

enum err letter_addressed(struct cx *cx, int64_t casefile_id, int64_t **ret_registrations, size_t *ret_n)
{
    struct q_letter_addressed *rows;
    size_t n;
    enum err e = q_letter_addressed(cx, casefile_id, &rows, &n);
    if (e)
        return e;
    *ret_n = 0;
    *ret_registrations = arena_array(cx->arena, int64_t, n + 1);
    for (size_t i = 0; !e && i < n; i++) {
        struct party p;
        e = party_get(cx, rows[i].party_id, &p);
        if (!e && p.address_masked)
            (*ret_registrations)[(*ret_n)++] = rows[i].registration_id.v;
    }
    return e;
}

enum err letter_pdf_bytes(struct cx *cx, const struct letter *letter, struct str *ret_pdf)
{
    struct hash hash;
    struct party p;
    if (letter->pdf_hash.n != 2 * HASH_BYTES || !str_unhex(letter->pdf_hash, hash.b))
        return fail(cx, ERR_NOT_FOUND, "the letter has not been made yet");
    enum err e = party_get(cx, letter->party_id, &p);
    if (!e && letter->pdf_address && p.address_masked)
        e = fail(cx, ERR_PROTECTED, "LAW 7: the PDF shows a protected address");
    return e ? e : files_get(cx, hash, ret_pdf);
}
