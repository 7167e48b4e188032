/* Everything held about the citizen, to read and to print (GDPR article 15): one file without anything from outside. */
#include "mypage_handlers.h"

#include "access/access.h"
#include "codec/codec.h"
#include "i18n/i18n.h"
#include "tpl_mypage_held.h"

enum { PAGE = 200, LOOKS = 10000 };

static enum err add_mandates(struct cx *cx, struct mypage_held *v)
{
    struct party_mandates all;
    enum err e = party_mandates_mine(cx, &all);
    for (size_t i = 0; !e && i < all.rows.n; i++) {
        const struct party_mandate *m = &all.rows.p[i];
        bool given = m->giver_id == cx->who->party_id;
        vec_add(cx->arena, &v->mandates,
                (struct mypage_held_line){i18n_text(cx->lang, given ? T_mypage_held_given : T_mypage_held_got),
                                          given ? m->holder_name : m->giver_name, m->given_us});
    }
    return e;
}

static enum err add_letters(struct cx *cx, struct mypage_held *v)
{
    struct letter_row *rows;
    struct form_drafts drafts;
    size_t n;
    enum err e = letter_list_for_party(cx, cx->who->party_id, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &v->letters,
                (struct mypage_held_line){rows[i].casefile_no, rows[i].title, rows[i].arrived_us});
    if (!e)
        e = form_drafts_of_party(cx, cx->who->party_id, &drafts);
    for (size_t i = 0; !e && i < drafts.rows.n; i++)
        vec_add(cx->arena, &v->drafts,
                (struct mypage_held_line){drafts.rows.p[i].title, drafts.rows.p[i].step, drafts.rows.p[i].changed_us});
    return e;
}

static enum err add_entries(struct cx *cx, const struct casefile_view *all, struct mypage_held_case *c)
{
    struct casefile_questions questions;
    struct casefile_contacts contacts;
    struct casefile_notes notes;
    enum err e = casefile_questions(cx, all, &questions);
    for (size_t i = 0; !e && i < questions.rows.n; i++)
        vec_add(cx->arena, &c->entries,
                (struct mypage_held_entry){i18n_text(cx->lang, T_mypage_held_question), questions.rows.p[i].text,
                                           questions.rows.p[i].answer, questions.rows.p[i].asked_by,
                                           questions.rows.p[i].asked_us});
    if (!e)
        e = casefile_contacts(cx, all, &contacts);
    for (size_t i = 0; !e && i < contacts.rows.n; i++)
        vec_add(cx->arena, &c->entries,
                (struct mypage_held_entry){i18n_text(cx->lang, T_mypage_held_contact), contacts.rows.p[i].text,
                                           contacts.rows.p[i].answer, contacts.rows.p[i].by, contacts.rows.p[i].at_us});
    if (!e)
        e = casefile_notes(cx, all, &notes);
    for (size_t i = 0; !e && i < notes.rows.n; i++)
        vec_add(cx->arena, &c->entries,
                (struct mypage_held_entry){i18n_text(cx->lang, T_mypage_held_note), notes.rows.p[i].text, S(""),
                                           notes.rows.p[i].author, notes.rows.p[i].at_us});
    return e;
}

static enum err add_case(struct cx *cx, int64_t id, struct mypage_held *v)
{
    struct casefile_view open;
    struct casefile_events events;
    struct record_documents documents;
    struct mypage_held_case c = {0};
    enum err e = casefile_open_as_party(cx, id, &open);
    if (!e)
        e = casefile_answers(cx, &open, &c.answers);
    open.party_view = false; /* notes too, as in casefile_export: they are given out on a request for access */
    if (!e)
        e = add_entries(cx, &open, &c);
    if (!e)
        e = casefile_events(cx, &open, &events);
    if (!e)
        e = casefile_documents(cx, &open, &documents);
    if (e)
        return e;
    c.no = open.file.no;
    c.title = open.file.title;
    c.unit = open.file.unit_name;
    c.state = casefile_state_text(cx, open.file.state, true);
    c.received_us = open.file.received_us;
    for (size_t i = 0; i < events.rows.n; i++)
        vec_add(cx->arena, &c.events,
                (struct mypage_held_entry){events.rows.p[i].text, events.rows.p[i].detail, S(""),
                                           events.rows.p[i].actor, events.rows.p[i].at_us});
    for (size_t i = 0; i < documents.rows.n; i++)
        vec_add(cx->arena, &c.documents,
                (struct mypage_held_document){documents.rows.p[i].title, documents.rows.p[i].file_name,
                                              documents.rows.p[i].created_us, documents.rows.p[i].file.size});
    vec_add(cx->arena, &v->cases, c);
    return ERR_OK;
}

static enum err add_cases(struct cx *cx, struct mypage_held *v)
{
    struct str after = S("");
    enum err e = ERR_OK;
    do {
        struct casefile_rows rows = {0};
        e = casefile_mine(cx, after, PAGE, &rows);
        for (size_t i = 0; !e && i < rows.rows.n; i++)
            if (!rows.rows.p[i].for_other) /* another person's: theirs to download */
                e = add_case(cx, rows.rows.p[i].id, v);
        after = rows.next;
    } while (!e && !str_empty(after));
    return e;
}

static enum err gather(struct cx *cx, void *ctx)
{
    struct mypage_held *v = ctx;
    struct mypage_data data = {0};
    enum err e = mypage_facts(cx, &data, &v->name);
    if (!e)
        e = add_mandates(cx, v);
    if (!e)
        e = add_cases(cx, v);
    if (!e)
        e = add_letters(cx, v);
    if (!e)
        e = access_own(cx, LOOKS, &v->looks);
    for (size_t i = 0; !e && i < data.facts.n; i++)
        vec_add(cx->arena, &v->facts, data.facts.p[i]);
    return e;
}

enum err mypage_held(struct cx *cx, struct request *req, struct reply *rep)
{
    (void)req;
    struct mypage_held v = {.lang = str_of(i18n_code(cx->lang)),
                            .title = i18n_text(cx->lang, T_mypage_held_title),
                            .municipality = cx->muni->name,
                            .made_us = cx->now_us};
    enum err e = db_read(cx, gather, &v);
    if (e)
        return e;
    struct tpl o = tpl_begin(cx);
    tpl_mypage_held(&o, &v);
    struct str day = civil_iso_day(cx->arena, civil_day_of_us(cx->now_us));
    struct reply_file file = {.type = S("text/html; charset=utf-8"),
                              .name = str_fmt(cx->arena, "mine-data-%" PRI_STR ".html", STR_ARG(day)),
                              .bytes = tpl_end(&o).s,
                              .download = true};
    return reply_file(cx, rep, &file);
}
