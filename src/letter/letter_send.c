/* Sending: what must hold, the time for second thoughts, and arrival. */
#include "letter_internal.h"

#include "codec/codec.h"
#include "letter_tree.h"

enum err letter_job_add(struct cx *cx, int64_t id, int64_t version, int64_t run_at_us)
{
    struct str key = str_fmt(cx->arena, "%lld-%lld", (long long)id, (long long)version);
    struct str payload = str_fmt(cx->arena, "{\"letter\":%lld,\"version\":%lld}", (long long)id, (long long)version);
    return job_add(cx, &(struct job_new){.kind = S("letter"), .key = key, .payload = payload, .run_at_us = run_at_us});
}

static enum err event(struct cx *cx, const struct letter *l, const char *kind)
{
    return casefile_event_add(cx, &(struct casefile_event_new){.casefile_id = l->casefile_id,
                                                               .kind = str_of(kind),
                                                               .registration_id = l->registration_id});
}

static enum err changed(struct cx *cx, int64_t n, const char *what)
{
    return n ? ERR_OK : fail(cx, ERR_CONFLICT, "LAW 2: %s", what);
}

/* ---- send ---- */

struct sending {
    struct letter letter;
    int64_t version;
    struct str title, markdown;
    struct letter_law law;
    struct letter_plain plain;
    bool adverse;
};

static enum err queue(struct cx *cx, void *ctx)
{
    const struct sending *s = ctx;
    const struct letter *l = &s->letter;
    struct casefile c;
    bool by_rules = cx->who->kind == WHO_SYSTEM; /* has no second thoughts */
    int64_t n, leaves_us = cx->now_us + (by_rules ? 0 : cx->muni->recall_seconds * SECOND_US);
    bool employee = cx->who->employee_id != 0;
    enum err e = casefile_begin(cx, l->casefile_id, 0, CASEFILE_DO_NOTE, &c);
    if (!e)
        e = q_letter_queue(
            cx,
            &(struct q_letter_queue_in){.id = l->id,
                                        .version = s->version,
                                        .sent_title = s->title,
                                        .sent_markdown = s->markdown,
                                        .score = s->plain.score,
                                        .grade = str_make(&s->plain.grade, 1),
                                        .adverse = s->adverse,
                                        .has_reasons = s->law.reasons,
                                        .has_legal_basis = s->law.legal_basis,
                                        .has_appeal = s->law.appeal,
                                        .has_contact = s->law.contact,
                                        .employee_id = employee ? opt_int(cx->who->employee_id) : (struct opt_int){0},
                                        .author = cx->who->name.p ? cx->who->name : S(""),
                                        .now_us = cx->now_us,
                                        .send_after_us = leaves_us},
            &n);
    if (!e)
        e = changed(cx, n, "the letter was changed meanwhile, or is no draft");
    if (!e)
        e = casefile_hold(cx, l->casefile_id, S("letter"), l->id);
    if (!e)
        e = event(cx, l, "letter_sent");
    return e ? e : letter_job_add(cx, l->id, s->version + 1, leaves_us);
}

static enum err law_4(struct cx *cx, struct letter_law law)
{
    return letter_law_met(law) ? ERR_OK
                               : fail(cx, ERR_LAW, "LAW 4: the letter of an adverse decision lacks%s%s%s%s",
                                      law.reasons ? "" : " reasons", law.legal_basis ? "" : " legal basis",
                                      law.appeal ? "" : " appeal guidance", law.contact ? "" : " contact");
}

/* Everything that is no change, before the transaction. */
static enum err prepare(struct cx *cx, const struct casefile_view *view, struct sending *s)
{
    struct letter *l = &s->letter;
    struct letter_facts facts;
    struct str here = i18n_text(l->lang, T_letter_write_here);
    if (l->version != s->version || (l->state != LETTER_DRAFT && l->state != LETTER_RECALLED))
        return fail(cx, ERR_CONFLICT, "LAW 2: the letter was changed meanwhile, or is no draft");
    if (str_empty(l->title))
        return fail_field(cx, ERR_INVALID, S("title"), "the letter has no title");
    if (str_empty(str_trim(l->markdown)) || str_find(l->markdown, here, 0) < l->markdown.n)
        return fail_field(cx, ERR_INVALID, S("markdown"), "something is still to be written");
    enum err e = letter_facts(cx, l, view, &facts);
    if (!e && facts.decision.id && facts.decision.state != DECISION_FINAL)
        e = fail(cx, ERR_LAW, "LAW 3: the decision is not final");
    if (!e)
        e = letter_template_fill_line(cx, l->title, facts.values, &s->title);
    if (!e)
        e = letter_template_fill(cx, l->markdown, facts.values, &s->markdown);
    if (e)
        return e;
    s->adverse = facts.decision.id && facts.decision.adverse;
    s->plain = letter_plain_check(cx, l->lang, s->markdown, l->decision_id != 0);
    s->law = letter_law_check(cx, &facts, l->lang, s->markdown);
    return law_4(cx, s->law);
}

enum err letter_send(struct cx *cx, int64_t id, int64_t version)
{
    struct sending s = {.version = version};
    struct casefile_view view;
    enum err e = letter_enter(cx, id, &s.letter, &view);
    if (!e)
        e = prepare(cx, &view, &s);
    return e ? e : db_write(cx, queue, &s);
}

enum err letter_underway(struct cx *cx, int64_t casefile_id, int64_t **ret_registrations, size_t *ret_n)
{
    struct q_letter_underway *rows;
    enum err e = q_letter_underway(cx, casefile_id, cx->now_us, &rows, ret_n);
    if (e)
        return e;
    *ret_registrations = arena_array(cx->arena, int64_t, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret_registrations)[i] = rows[i].registration_id.v;
    return ERR_OK;
}

/* ---- a full yes by rules ---- */

struct of_rules {
    int64_t casefile_id, decision_id;
    enum lang lang;
};

static enum err write_and_queue(struct cx *cx, void *ctx)
{
    const struct of_rules *r = ctx;
    int64_t id;
    struct letter l;
    struct letter_draft draft = {
        .casefile_id = r->casefile_id, .decision_id = r->decision_id, .template_key = S("granted"), .lang = r->lang};
    enum err e = letter_draft_new(cx, &draft, &id);
    if (!e)
        e = letter_load(cx, id, &l);
    return e ? e : letter_send(cx, id, l.version);
}

static enum err send_of_rules(struct cx *cx, int64_t casefile_id)
{
    struct casefile_view view;
    struct decision d;
    enum err e = casefile_open_as_system(cx, casefile_id, &view);
    if (!e)
        e = decision_of(cx, &view, &d);
    if (e || !d.rule_version_id)
        return e == ERR_NOT_FOUND ? ERR_OK : e;
    e = db_write(cx, write_and_queue,
                 &(struct of_rules){.casefile_id = casefile_id, .decision_id = d.id, .lang = view.file.lang});
    if (e != ERR_INVALID && e != ERR_LAW && e != ERR_NOT_FOUND && e != ERR_CONFLICT)
        return e;
    /* the yes stands; its letter waits for the unit, and the case file stays open for it */
    log_line(cx, LOG_WARN, "letter", "a letter of rules cannot be written: \"%.*s\"", STR_ARG(cx->fail.detail));
    cx->fail = (struct fail){0};
    return ERR_OK;
}

enum err letter_at_submission(struct cx *cx, int64_t casefile_id)
{
    const struct who *before = cx->who;
    cx->who = auth_system();
    enum err e = send_of_rules(cx, casefile_id);
    cx->who = before;
    return e;
}

/* ---- news on paper ---- */

/* Empty lines divide what somebody wrote into paragraphs. */
static void add_paragraphs(struct cx *cx, cmark_node *root, struct str text)
{
    size_t from = 0;
    for (size_t i = 0; i <= text.n; i++) {
        bool divides = i == text.n || (text.p[i] == '\n' && str_starts(str_slice(text, i + 1, text.n), S("\n")));
        if (divides && !str_empty(str_trim(str_slice(text, from, i))))
            letter_tree_add_paragraph(cx, root, str_slice(text, from, i));
        if (divides)
            from = i;
    }
}

static struct str news_markdown(struct cx *cx, const struct casefile_news *news, const struct casefile_view *view,
                                struct str phone)
{
    cmark_node *root = letter_tree_new(cx);
    letter_tree_add_paragraph(cx, root, i18n_fmt(cx, T_letter_news_hello, ARG("name", view->party.name)));
    letter_tree_add_paragraph(cx, root, news->text);
    add_paragraphs(cx, root, news->detail);
    if (news->answer)
        letter_tree_add_paragraph(cx, root,
                                  i18n_fmt(cx, T_letter_news_answer, ARG("municipality", cx->muni->name),
                                           ARG("address", cx->muni->address), ARG("no", view->file.no)));
    letter_tree_add_paragraph(cx, root,
                              i18n_fmt(cx, T_letter_news_call, ARG("phone", phone), ARG("no", view->file.no)));
    letter_tree_add_paragraph(cx, root, i18n_fmt(cx, T_letter_news_regards, ARG("unit", view->file.unit_name)));
    return letter_tree_markdown(cx, root);
}

static enum err news_letter(struct cx *cx, const struct casefile_news *news)
{
    struct casefile_view view;
    struct letter_facts facts;
    struct sending s = {.version = 1, .law = {true, true, true, true}};
    enum err e = casefile_open_as_system(cx, news->casefile_id, &view);
    if (!e && news->party_id) /* to somebody else, who must sign */
        e = party_get(cx, news->party_id, &view.party);
    s.letter = (struct letter){
        .id = rand_id(), .casefile_id = news->casefile_id, .party_id = view.party.id, .version = 1, .lang = cx->lang};
    if (!e)
        e = letter_facts(cx, &s.letter, &view, &facts);
    if (e)
        return e;
    s.title = news->title.n ? news->title : i18n_fmt(cx, T_letter_news_title, ARG("service", view.file.title));
    s.markdown = news_markdown(cx, news, &view, facts.phone);
    s.plain = letter_plain_check(cx, cx->lang, s.markdown, false);
    e = q_letter_insert(cx, &(struct q_letter_insert_in){.id = s.letter.id,
                                                         .casefile_id = news->casefile_id,
                                                         .party_id = view.party.id,
                                                         .lang = cx->lang,
                                                         .template_key = S(""),
                                                         .title = s.title,
                                                         .markdown = s.markdown,
                                                         .author = S(""),
                                                         .created_us = cx->now_us});
    return e ? e : queue(cx, &s);
}

enum err letter_of_news(struct cx *cx, const struct casefile_news *news)
{
    const struct who *before = cx->who;
    cx->who = auth_system(); /* the house tells it: whoever passed the case on may not open it any more */
    enum err e = news_letter(cx, news);
    cx->who = before;
    return e;
}

/* ---- recall, retry ---- */

struct change {
    int64_t id;
};

static enum err recall(struct cx *cx, void *ctx)
{
    const struct change *c = ctx;
    struct letter l;
    struct casefile file;
    int64_t n;
    enum err e = letter_load(cx, c->id, &l);
    if (!e)
        e = casefile_begin(cx, l.casefile_id, 0, CASEFILE_DO_NOTE, &file);
    if (!e)
        e = q_letter_recall(cx, l.id, l.version, cx->now_us, &n);
    if (!e)
        e = changed(cx, n, "the letter has left and cannot be recalled");
    if (!e)
        e = job_cancel(cx, S("letter"), str_fmt(cx->arena, "%lld-%lld", (long long)l.id, (long long)l.version));
    if (!e)
        e = casefile_unhold(cx, l.casefile_id, S("letter"), l.id);
    return e ? e : event(cx, &l, "letter_recalled");
}

enum err letter_recall(struct cx *cx, int64_t id)
{
    struct letter l;
    struct casefile_view view;
    enum err e = letter_enter(cx, id, &l, &view);
    return e ? e : db_write(cx, recall, &(struct change){.id = id});
}

static enum err retry(struct cx *cx, void *ctx)
{
    const struct change *c = ctx;
    struct letter l;
    struct casefile file;
    int64_t n;
    enum err e = letter_load(cx, c->id, &l);
    if (!e)
        e = casefile_begin(cx, l.casefile_id, 0, CASEFILE_DO_NOTE, &file);
    if (!e)
        e = q_letter_requeue(cx, l.id, l.version, cx->now_us, &n);
    if (!e)
        e = changed(cx, n, "only a letter that failed can be tried again");
    return e ? e : letter_job_add(cx, l.id, l.version + 1, cx->now_us);
}

enum err letter_retry(struct cx *cx, int64_t id)
{
    struct letter l;
    struct casefile_view view;
    enum err e = letter_enter(cx, id, &l, &view);
    return e ? e : db_write(cx, retry, &(struct change){.id = id});
}

/* ---- arrival (law 5) ---- */

struct opt_int letter_appeal_deadline(struct cx *cx, const struct letter *letter, const struct casefile *file,
                                      int64_t arrived_us)
{
    if (!letter->decision_id)
        return (struct opt_int){0};
    const struct service_version *v = service_version_by_id(cx, file->service_version_id);
    return opt_int(service_appeal_deadline(cx, v, civil_day_of_us(arrived_us)));
}

enum err letter_arrived(struct cx *cx, const struct letter *letter, int64_t arrived_us, struct opt_int appeal_deadline)
{
    enum err e = casefile_unhold(cx, letter->casefile_id, S("letter"), letter->id);
    if (e || !letter->decision_id)
        return e;
    e = casefile_unhold(cx, letter->casefile_id, S("decision"), letter->decision_id);
    int64_t until_us = civil_day_start_us((day_t)appeal_deadline.v + 1);
    struct decision d;
    if (!e)
        e = casefile_arrived(cx, letter->casefile_id, arrived_us, until_us);
    if (!e)
        e = decision_by_id(cx, letter->decision_id, &d);
    if (e || !d.rule_version_id)
        return e;
    struct str key = str_fmt(cx->arena, "%lld", (long long)letter->casefile_id);
    return job_add(cx, &(struct job_new){.kind = S(CASEFILE_JOB_CLOSE),
                                         .key = key,
                                         .payload = str_fmt(cx->arena, "{\"casefile\":%.*s}", STR_ARG(key))});
}
