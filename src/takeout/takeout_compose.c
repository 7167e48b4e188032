/* Everything held about a person, case by case: the page to read, the same as JSON, and the documents. */
#include "takeout_compose.h"

#include <unistd.h>

#include "casefile/casefile.h"
#include "codec/filetype.h"
#include "i18n/i18n.h"
#include "letter/letter.h"
#include "party/party.h"
#include "takeout_store.h"
#include "tpl_takeout_held_case.h"
#include "tpl_takeout_held_head.h"
#include "tpl_takeout_held_more.h"
#include "tpl_takeout_held_tail.h"

enum { PAGE = 200, FOLDER_CHARS = 70, NAME_CHARS = 90 };

enum err takeout_put(struct cx *cx, FILE *f, struct str s)
{
    return fwrite(s.p, 1, s.n, f) == s.n ? ERR_OK : fail(cx, ERR_NO_SPACE, "a file on its way cannot be written");
}

enum err takeout_put_part(struct cx *cx, struct composing *c, const struct buf *json, struct html page)
{
    enum err e = takeout_put(cx, c->made.json, buf_str(json));
    return e ? e : takeout_put(cx, c->made.page, page.s);
}

/* ---- what is held outside the cases ---- */

static enum err add_cases(struct cx *cx, struct composing *c)
{
    struct str after = S("");
    enum err e = ERR_OK;
    do {
        struct casefile_rows rows = {0};
        e = casefile_mine(cx, after, PAGE, &rows);
        for (size_t i = 0; !e && i < rows.rows.n; i++) {
            const struct casefile_row *r = &rows.rows.p[i];
            /* what somebody else let her see is theirs to have a copy of, unless it is theirs she asks for */
            if (c->held.own ? r->for_other : !r->for_other || r->party_id != c->order->party_id)
                continue;
            vec_add(cx->arena, &c->ids, r->id);
            vec_add(cx->arena, &c->held.cases, (struct takeout_held_line){r->no, r->title, r->received_us});
        }
        after = rows.next;
    } while (!e && !str_empty(after));
    return e;
}

static enum err add_letters(struct cx *cx, struct takeout_held *v)
{
    struct letter_row *rows;
    size_t n;
    enum err e = letter_list_for_party(cx, cx->who->party_id, INT64_MAX, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        vec_add(cx->arena, &v->letters,
                (struct takeout_held_letter){rows[i].casefile_no, rows[i].title, rows[i].arrived_us, rows[i].read_us});
    return e;
}

/* What registers have told; of a protected address, only what the asker may see, and of the household only its own. */
static enum err write_facts(struct cx *cx, struct json_out *out, int64_t party_id)
{
    struct party_facts facts;
    enum err e = party_facts(cx, party_id, &facts);
    if (e)
        return e;
    json_key(out, "facts");
    json_begin_array(out);
    for (size_t i = 0; i < facts.rows.n; i++) {
        if (takeout_fact_hidden(cx, party_id, facts.rows.p[i].attr))
            continue;
        json_begin_object(out);
        json_pair(out, "attribute", facts.rows.p[i].attr);
        json_pair(out, "value", facts.rows.p[i].value);
        json_pair(out, "source", facts.rows.p[i].source);
        json_pair_us(out, "fetched", facts.rows.p[i].fetched_us);
        json_end(out);
    }
    json_end(out);
    return ERR_OK;
}

static enum err write_person(struct cx *cx, struct json_out *out)
{
    struct party p;
    enum err e = party_get(cx, cx->who->party_id, &p);
    if (e)
        return e;
    json_key(out, "person");
    json_begin_object(out);
    json_pair(out, "name", p.name);
    json_pair(out, "identityNumber", p.idno_masked);
    json_pair(out, "language", str_of(i18n_code(p.lang)));
    json_pair(out, "email", p.email);
    json_pair(out, "phone", p.phone);
    json_key(out, "paperOnly");
    json_bool(out, p.reserved_digital);
    json_key(out, "protectedAddress");
    json_bool(out, p.protected_address);
    json_end(out);
    return write_facts(cx, out, cx->who->party_id);
}

/* Does the asker have it by custody? */
static enum err by_custody(struct cx *cx, int64_t party_id, bool *ret)
{
    struct party_mandates held;
    enum err e = party_mandates_held(cx, S(""), &held);
    *ret = false;
    for (size_t i = 0; !e && i < held.rows.n; i++)
        *ret |= held.rows.p[i].giver_id == party_id && held.rows.p[i].basis == PARTY_BASIS_CUSTODY;
    return e;
}

static enum err write_signatures(struct cx *cx, struct json_out *out, struct takeout_held *v)
{
    struct casefile_to_signs all;
    enum err e = casefile_to_sign_all(cx, &all);
    json_key(out, "askedToSign");
    json_begin_array(out);
    for (size_t i = 0; !e && i < all.rows.n; i++) {
        const struct casefile_to_sign *s = &all.rows.p[i];
        vec_add(cx->arena, &v->to_sign,
                (struct takeout_held_line){
                    s->no, str_fmt(cx->arena, "%" PRI_STR ", %" PRI_STR, STR_ARG(s->title), STR_ARG(s->from)),
                    s->answered_us.set ? s->answered_us.v : s->asked_us});
        json_begin_object(out);
        json_pair(out, "case", s->no);
        json_pair(out, "title", s->title);
        json_pair(out, "from", s->from);
        json_pair_us(out, "asked", s->asked_us);
        json_key(out, "signed");
        json_bool(out, s->mine && s->state == CASEFILE_SIGNED);
        if (s->mine)
            json_pair_us(out, "answered", s->answered_us.v);
        json_end(out);
    }
    json_end(out);
    return e;
}

static void write_letters(struct json_out *out, const struct takeout_held *v)
{
    json_key(out, "letters");
    json_begin_array(out);
    for (size_t i = 0; i < v->letters.n; i++) {
        json_begin_object(out);
        json_pair(out, "case", v->letters.p[i].no);
        json_pair(out, "title", v->letters.p[i].title);
        json_pair_us(out, "arrived", v->letters.p[i].at_us);
        if (v->letters.p[i].read_us)
            json_pair_us(out, "opened", v->letters.p[i].read_us);
        json_end(out);
    }
    json_end(out);
}

/* The copies that are kept: of her data, and those she has asked for of others'. */
static enum err write_copies(struct cx *cx, struct json_out *out, struct takeout_held *v)
{
    struct q_takeout_held *rows;
    size_t n;
    enum err e = q_takeout_held(cx, cx->who->party_id, &rows, &n);
    json_key(out, "copies");
    json_begin_array(out);
    for (size_t i = 0; !e && i < n; i++) {
        vec_add(cx->arena, &v->copies,
                (struct takeout_held_line){.text = i18n_fmt(cx, T_takeout_held_copy, ARG("name", rows[i].party),
                                                            ARG("asker", rows[i].asker), ARG("n", rows[i].fetched_n)),
                                           .at_us = rows[i].asked_us});
        json_begin_object(out);
        json_pair(out, "of", rows[i].party);
        json_pair(out, "askedBy", rows[i].asker);
        json_pair_us(out, "asked", rows[i].asked_us);
        json_pair_us(out, "until", rows[i].until_us);
        json_key(out, "fetched");
        json_i64(out, rows[i].fetched_n);
        json_end(out);
    }
    json_end(out);
    return e;
}

/* What the copy leaves out, in the words of the page too. */
static void write_without(struct cx *cx, struct json_out *out, struct takeout_held *v)
{
    static const enum text reasons[] = {
        T_takeout_without_idno,   T_takeout_without_withheld, T_takeout_without_underway, T_takeout_without_others,
        T_takeout_without_public, T_takeout_without_passing,  T_takeout_without_work};
    json_key(out, "notIncluded");
    json_begin_array(out);
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        vec_add(cx->arena, &v->without, i18n_text(cx->lang, reasons[i]));
        json_str(out, v->without.p[i]);
    }
    json_end(out);
}

/* In one snapshot: all but the cases, and which they are. */
static enum err gather(struct cx *cx, void *ctx)
{
    struct composing *c = ctx;
    enum err e = add_cases(cx, c);
    if (!e)
        e = takeout_drafts_list(cx, c);
    json_begin_object(&c->json);
    json_pair(&c->json, "municipality", cx->muni->name);
    json_pair_us(&c->json, "made", cx->now_us);
    if (!c->held.own) {
        if (!e)
            e = party_name(cx, c->order->party_id, &c->held.name);
        if (!e)
            e = party_name(cx, cx->who->party_id, &c->held.asker);
        json_key(&c->json, "person");
        json_begin_object(&c->json);
        json_pair(&c->json, "name", c->held.name);
        json_end(&c->json);
        json_pair(&c->json, "madeFor", c->held.asker);
        if (!e)
            e = by_custody(cx, c->order->party_id, &c->held.child);
        if (!e && c->held.child)
            e = takeout_facts(cx, c->order->party_id, &c->held.facts);
        if (!e && c->held.child)
            e = write_facts(cx, &c->json, c->order->party_id);
        return e;
    }
    if (!e)
        e = takeout_facts(cx, cx->who->party_id, &c->held.facts);
    if (!e)
        e = add_letters(cx, &c->held);
    if (!e)
        e = write_person(cx, &c->json);
    if (!e)
        e = takeout_mandates_write(cx, c);
    if (!e)
        e = write_signatures(cx, &c->json, &c->held);
    if (!e)
        e = write_copies(cx, &c->json, &c->held);
    c->held.name = c->held.facts.name;
    return e;
}

/* ---- a case ---- */

static void add_entry(struct cx *cx, struct takeout_held_case *c, enum text heading, struct takeout_held_entry entry)
{
    entry.heading = i18n_text(cx->lang, heading);
    vec_add(cx->arena, &c->entries, entry);
}

/* Why it is not erased in its time. */
static enum err add_holds(struct cx *cx, const struct casefile_view *all, struct takeout_held_case *c)
{
    struct record_helds held;
    enum err e = record_helds(cx, all->file.record_id, &held);
    for (size_t i = 0; !e && i < held.rows.n; i++)
        add_entry(cx, c, held.rows.p[i].released_us.set ? T_takeout_held_let_go : T_takeout_held_back,
                  (struct takeout_held_entry){
                      .text = held.rows.p[i].reason, .by = cx->muni->name, .at_us = held.rows.p[i].put_us});
    return e;
}

static enum err add_entries(struct cx *cx, const struct casefile_view *all, struct takeout_held_case *c)
{
    struct casefile_questions questions = {0};
    struct casefile_contacts contacts = {0};
    struct casefile_notes notes = {0};
    enum err e = casefile_questions(cx, all, &questions);
    if (!e)
        e = casefile_contacts(cx, all, &contacts);
    if (!e)
        e = casefile_notes(cx, all, &notes);
    for (size_t i = 0; !e && i < questions.rows.n; i++) {
        const struct casefile_question *q = &questions.rows.p[i];
        add_entry(
            cx, c, T_takeout_held_question,
            (struct takeout_held_entry){.text = q->text, .answer = q->answer, .by = q->asked_by, .at_us = q->asked_us});
    }
    for (size_t i = 0; !e && i < contacts.rows.n; i++) {
        const struct casefile_contact *k = &contacts.rows.p[i];
        add_entry(cx, c, T_takeout_held_contact,
                  (struct takeout_held_entry){.text = k->text, .answer = k->answer, .by = k->by, .at_us = k->at_us});
    }
    for (size_t i = 0; !e && i < notes.rows.n; i++)
        add_entry(cx, c, T_takeout_held_note,
                  (struct takeout_held_entry){
                      .text = notes.rows.p[i].text, .by = notes.rows.p[i].author, .at_us = notes.rows.p[i].at_us});
    return e || all->party_view ? e : add_holds(cx, all, c);
}

static enum err add_decisions(struct cx *cx, const struct casefile_view *view, struct takeout_held_case *c)
{
    struct decisions all;
    enum err e = decision_list(cx, view, &all);
    for (size_t i = 0; !e && i < all.rows.n; i++) {
        const struct decision *d = &all.rows.p[i];
        struct takeout_held_decision *to = vec_push(cx->arena, &c->decisions);
        *to = (struct takeout_held_decision){.outcome = decision_outcome_text(cx, d->outcome),
                                             .by = d->rule_version_id ? i18n_text(cx->lang, T_takeout_held_rules)
                                                                      : d->author_name,
                                             .at_us = d->final_us.v};
        for (size_t k = 0; k < d->lines.n; k++) {
            const struct decision_line *l = &d->lines.p[k];
            vec_add(cx->arena, &to->lines,
                    (struct takeout_held_ruling){l->label, decision_outcome_text(cx, l->outcome), l->granted, l->reason,
                                                 l->legal_basis});
        }
    }
    return e ? e : decision_ruling_of(cx, view, &c->ruling, &c->has_ruling);
}

static struct takeout_stored stored_of(const struct record_document *d)
{
    return (struct takeout_stored){d->title, d->file_name, d->mime, d->file, d->created_us};
}

static struct str extension(struct cx *cx, const struct takeout_stored *d)
{
    size_t dot = d->file_name.n;
    while (dot > 0 && d->file_name.n - dot < 5 && d->file_name.p[dot - 1] != '.')
        dot--;
    if (dot > 0 && dot < d->file_name.n && d->file_name.p[dot - 1] == '.')
        return takeout_name(cx, str_slice(d->file_name, dot, d->file_name.n), 5);
    const struct filetype *type = filetype_find(d->mime);
    return type ? str_of(type->extension) : S("bin");
}

struct str takeout_stored_name(struct cx *cx, const struct takeout_stored *d, size_t number)
{
    struct str ext = extension(cx, d);
    struct str tail = str_fmt(cx->arena, ".%.*s", STR_ARG(ext));
    struct str title = takeout_name(cx, d->title, NAME_CHARS);
    if (str_ends(title, tail))
        title.n -= tail.n;
    return str_fmt(cx->arena, "%02zu %.*s %.*s%.*s", number,
                   STR_ARG(civil_iso_day(cx->arena, civil_day_of_us(d->at_us))), STR_ARG(title), STR_ARG(tail));
}

static void add_documents(struct cx *cx, struct composing *c)
{
    for (size_t i = 0; i < c->documents.rows.n; i++) {
        const struct record_document *d = &c->documents.rows.p[i];
        struct takeout_held_document row = {
            .title = d->title, .name = d->file_name, .at_us = d->created_us, .size = d->file.size};
        if (c->held.files) {
            row.folder = c->page.folder;
            struct takeout_stored stored = stored_of(d);
            row.file = takeout_stored_name(cx, &stored, i + 1);
        }
        vec_add(cx->arena, &c->page.documents, row);
    }
}

/* What shows an address this asker may not see: the page says so of the application, and the file leaves it out. */
static enum err leave_out_masked(struct cx *cx, const struct casefile_view *view, struct record_documents *documents)
{
    size_t n = 0;
    enum err e = ERR_OK;
    for (size_t i = 0; !e && i < documents->rows.n; i++) {
        bool masked;
        e = casefile_document_masked(cx, view, &documents->rows.p[i], &masked);
        if (!e && !masked)
            documents->rows.p[n++] = documents->rows.p[i];
    }
    documents->rows.n = n;
    return e;
}

/* One snapshot of one case. Notes are given out on a request for access (casefile_export); what has not arrived is not.
 */
static enum err gather_case(struct cx *cx, void *ctx)
{
    struct composing *c = ctx;
    struct casefile_view view, all;
    struct casefile_events events = {0};
    enum err e = casefile_open_as_party(cx, c->id, &view);
    if (e)
        return e;
    c->page = (struct takeout_held_case){
        .no = view.file.no,
        .title = view.file.title,
        .unit = view.file.unit_name,
        .state = casefile_state_text(cx, view.file.state, view.file.fell, view.file.sent_on, true),
        .received_us = view.file.received_us};
    c->page.folder = takeout_name(cx, str_fmt(cx->arena, "%.*s %.*s", STR_ARG(view.file.no), STR_ARG(view.file.title)),
                                  FOLDER_CHARS);
    all = view;
    all.party_view = all.custody; /* of a child the notes are left out: they may be about the other parent */
    if ((e = casefile_answers(cx, &view, &c->page.answers)) || (e = add_entries(cx, &all, &c->page)) ||
        (e = add_decisions(cx, &view, &c->page)) || (e = casefile_events(cx, &all, &events)) ||
        (e = casefile_documents(cx, &view, &c->documents)) || (e = casefile_export(cx, &view, &c->exported)))
        return e;
    for (size_t i = 0; i < events.rows.n; i++)
        vec_add(cx->arena, &c->page.events,
                (struct takeout_held_entry){.heading = events.rows.p[i].text,
                                            .text = events.rows.p[i].detail,
                                            .by = events.rows.p[i].actor,
                                            .at_us = events.rows.p[i].at_us});
    e = leave_out_masked(cx, &view, &c->documents);
    if (!e)
        add_documents(cx, c);
    return e;
}

enum err takeout_put_stored(struct cx *cx, struct composing *c, const struct takeout_stored *d, struct str path)
{
    const struct filetype *type = filetype_find(d->mime);
    struct takeout_entry entry = {.path = path, .at_us = d->at_us, .packed = type && !str_starts(d->mime, S("text/"))};
    struct hash hash;
    enum err e = files_get_fd(cx, d->file.hash, &entry.fd, &entry.size);
    if (e)
        return e;
    e = takeout_zip_add(c->order->zip, &entry, &hash);
    close(entry.fd);
    if (!e && !hash_eq(hash, d->file.hash))
        e = fail(cx, ERR_IO, "%.*s is damaged: restore it from the backup", STR_ARG(hash_hex(cx->arena, d->file.hash)));
    c->made.n_documents++;
    return e ? e
             : takeout_put(cx, c->made.sums,
                           str_fmt(cx->arena, "%.*s  %.*s\n", STR_ARG(hash_hex(cx->arena, hash)), STR_ARG(path)));
}

static enum err put_document(struct cx *cx, struct composing *c, size_t i)
{
    const struct takeout_held_document *row = &c->page.documents.p[i];
    struct takeout_stored stored = stored_of(&c->documents.rows.p[i]);
    return takeout_put_stored(cx, c, &stored,
                              str_fmt(cx->arena, "%.*s/%.*s", STR_ARG(row->folder), STR_ARG(row->file)));
}

static enum err write_case(struct cx *cx, struct composing *c)
{
    struct json *exported;
    struct buf b = buf_make(cx->arena);
    struct tpl o = tpl_begin(cx);
    enum err e = db_read(cx, gather_case, c);
    if (e == ERR_NOT_FOUND) { /* erased, or the mandate was withdrawn, since the list was made */
        cx->fail = (struct fail){0};
        return ERR_OK;
    }
    if (!e)
        e = json_parse(cx, c->exported, &exported);
    if (e)
        return e;
    c->json.b = &b;
    json_value(&c->json, exported);
    tpl_takeout_held_case(&o, &c->page);
    e = takeout_put_part(cx, c, &b, tpl_end(&o));
    for (size_t i = 0; !e && c->order->zip && i < c->documents.rows.n; i++)
        e = put_document(cx, c, i);
    return e ? e : access_commit(cx);
}

/* ---- all of it ---- */

static enum err write_head(struct cx *cx, struct composing *c)
{
    struct buf b = buf_make(cx->arena);
    struct tpl o = tpl_begin(cx);
    c->json.b = &b;
    enum err e = db_read(cx, gather, c);
    if (e)
        return e;
    json_key(&c->json, "casefiles");
    json_begin_array(&c->json);
    tpl_takeout_held_head(&o, &c->held);
    e = takeout_put_part(cx, c, &b, tpl_end(&o));
    if (!e)
        e = takeout_mandates_papers(cx, c);
    return e ? e : access_commit(cx);
}

/* Ends the cases. */
static enum err write_more(struct cx *cx, struct composing *c)
{
    struct buf b = buf_make(cx->arena);
    struct tpl o = tpl_begin(cx);
    c->json.b = &b;
    json_end(&c->json);
    if (c->held.own)
        write_letters(&c->json, &c->held);
    tpl_takeout_held_more(&o, &c->held);
    enum err e = takeout_put_part(cx, c, &b, tpl_end(&o));
    return e ? e : takeout_drafts_write(cx, c);
}

static enum err write_tail(struct cx *cx, struct composing *c)
{
    struct buf b = buf_make(cx->arena);
    struct tpl o = tpl_begin(cx);
    c->json.b = &b;
    if (c->held.own)
        write_without(cx, &c->json, &c->held);
    json_end(&c->json);
    tpl_takeout_held_tail(&o, &c->held);
    return takeout_put_part(cx, c, &b, tpl_end(&o));
}

enum err takeout_compose(struct cx *cx, const struct takeout_order *order, struct takeout_made *ret)
{
    bool own = order->party_id == cx->who->party_id;
    struct composing c = {.order = order,
                          .held = {.lang = str_of(i18n_code(cx->lang)),
                                   .municipality = cx->muni->name,
                                   .phone = cx->muni->phone,
                                   .made_us = cx->now_us,
                                   .own = own,
                                   .files = order->zip != NULL}};
    enum err e;
    if ((e = takeout_temp(cx, &c.made.page)) || (e = takeout_temp(cx, &c.made.json)) ||
        (e = takeout_temp(cx, &c.made.sums)) || (e = write_head(cx, &c)))
        return e;
    for (size_t i = 0; !e && i < c.ids.n; i++) {
        struct arena_mark mark = arena_mark(cx->arena);
        c.id = c.ids.p[i];
        e = write_case(cx, &c);
        if (!e) /* the detail of a failure lies above the mark */
            arena_reset(cx->arena, mark);
        if (!e && order->progress)
            e = order->progress(cx, order->ctx, (int64_t)i + 1, (int64_t)c.ids.n);
    }
    if (!e)
        e = write_more(cx, &c);
    if (!e && own)
        e = takeout_looks_write(cx, &c);
    if (!e)
        e = write_tail(cx, &c);
    if (!e)
        *ret = c.made;
    return e;
}
