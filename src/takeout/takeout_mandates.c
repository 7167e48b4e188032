/* Mandates: those given and held with the papers they rest on, those offered, and what was told of them. In the words
   of the page of mandates, and naming no more of the other side than that page does. */
#include "takeout_compose.h"

#include "i18n/i18n.h"
#include "mandate/mandate.h"

enum { NAME_CHARS = 70 };

static bool is_given(const struct cx *cx, const struct party_mandate *m)
{
    return m->giver_id == cx->who->party_id;
}

/* The name of the other side; empty: my page does not say it. */
static struct str other_name(const struct cx *cx, const struct party_mandate *m)
{
    return !mandate_names_other(cx, m) ? S("") : is_given(cx, m) ? m->holder_name : m->giver_name;
}

static struct str shown_name(struct cx *cx, struct str name)
{
    return name.n ? name : i18n_text(cx->lang, T_takeout_held_unnamed);
}

/* ---- given and held ---- */

static struct takeout_stored paper_of(struct cx *cx, const struct party_mandate *m)
{
    return (struct takeout_stored){.title =
                                       i18n_fmt(cx, T_takeout_held_paper_name,
                                                ARG("name", text_head(shown_name(cx, other_name(cx, m)), NAME_CHARS))),
                                   .mime = m->document_mime,
                                   .file = m->document,
                                   .at_us = m->given_us};
}

static void add_mandate(struct cx *cx, struct composing *c, const struct party_mandate *m)
{
    bool given = is_given(cx, m);
    struct mandate_row row = mandate_row_of(cx, m, given);
    struct takeout_held_mandate to = {.label = i18n_text(cx->lang, given ? T_takeout_held_given : T_takeout_held_got),
                                      .who = shown_name(cx, other_name(cx, m)),
                                      .what = row.what,
                                      .how = row.how,
                                      .until = row.until,
                                      .basis = row.basis,
                                      .over = row.over,
                                      .at_us = m->given_us,
                                      .has_paper = m->has_document};
    if (m->has_document) {
        struct takeout_stored stored = paper_of(cx, m);
        to.paper = (struct takeout_held_document){.title = stored.title, .size = m->document.size};
        if (c->held.files) {
            to.paper.folder = takeout_name(cx, i18n_text(cx->lang, T_takeout_held_mandates), NAME_CHARS);
            to.paper.file = takeout_stored_name(cx, &stored, ++c->n_papers);
        }
    }
    vec_add(cx->arena, &c->held.mandates, to);
}

static void write_paper(struct cx *cx, struct json_out *out, const struct party_mandate *m)
{
    json_key(out, "paper");
    json_begin_object(out);
    json_pair(out, "type", m->document_mime);
    json_key(out, "bytes");
    json_i64(out, m->document.size);
    json_pair(out, "sha256", hash_hex(cx->arena, m->document.hash));
    json_end(out);
}

static void write_end(struct json_out *out, const struct party_mandate *m)
{
    if (!m->withdrawn_us.set)
        return;
    json_pair_us(out, "withdrawn", m->withdrawn_us.v);
    json_pair(out, "withdrawnBy",
              !m->withdrawn_by                 ? S("register")
              : m->withdrawn_by == m->giver_id ? S("giver")
                                               : S("holder"));
}

static void write_mandate(struct cx *cx, struct json_out *out, const struct party_mandate *m)
{
    static const char *const basis[] = {[PARTY_BASIS_SELF] = "self",
                                        [PARTY_BASIS_PAPER] = "paper",
                                        [PARTY_BASIS_OFFICE] = "office",
                                        [PARTY_BASIS_CUSTODY] = "custody",
                                        [PARTY_BASIS_BUSINESS] = "business"};
    bool given = is_given(cx, m);
    json_begin_object(out);
    json_pair(out, "giver", given ? m->giver_name : other_name(cx, m));
    json_pair(out, "holder", given ? other_name(cx, m) : m->holder_name);
    json_pair(out, "service", m->scope);
    json_key(out, "mayAct");
    json_bool(out, m->act);
    json_pair(out, "basis", str_of(basis[m->basis]));
    json_pair_us(out, "given", m->given_us);
    json_pair_us(out, "from", m->from_us);
    if (m->until_us.set)
        json_pair_us(out, "until", m->until_us.v);
    write_end(out, m);
    if (m->registered_by.n) {
        json_pair(out, "registeredBy", m->registered_by);
        json_pair(out, "purpose", m->purpose);
    }
    if (m->has_document)
        write_paper(cx, out, m);
    json_end(out);
}

/* ---- offered ---- */

static struct str answer_text(struct cx *cx, const struct party_offer_row *o)
{
    static const enum text words[] = {[PARTY_OFFER_WAITS] = T_takeout_held_offer_waits,
                                      [PARTY_OFFER_ACCEPTED] = T_takeout_held_offer_yes,
                                      [PARTY_OFFER_DECLINED] = T_takeout_held_offer_no,
                                      [PARTY_OFFER_TAKEN_BACK] = T_takeout_held_offer_back};
    bool late = o->answer == PARTY_OFFER_WAITS && o->expires_us <= cx->now_us;
    return i18n_fmt(cx, late ? T_takeout_held_offer_late : words[o->answer],
                    ARG("day", i18n_date(cx, o->answered_us.set ? o->answered_us.v : o->expires_us)));
}

/* With what the giver typed of the holder, and the holder with the giver's name: as the page of mandates has it. */
static void add_offers(struct cx *cx, struct composing *c, const struct party_offers *offers, bool made)
{
    static const char *const answers[] = {[PARTY_OFFER_WAITS] = "none",
                                          [PARTY_OFFER_ACCEPTED] = "yes",
                                          [PARTY_OFFER_DECLINED] = "no",
                                          [PARTY_OFFER_TAKEN_BACK] = "takenBack"};
    for (size_t i = 0; i < offers->rows.n; i++) {
        const struct party_offer_row *o = &offers->rows.p[i];
        struct str name = made ? o->holder_name : o->giver_name;
        vec_add(cx->arena, &c->held.offers,
                (struct takeout_held_mandate){
                    .label = i18n_text(cx->lang, made ? T_takeout_held_offer_made : T_takeout_held_offer_got),
                    .who = name,
                    .what = mandate_what(cx, o->scope),
                    .how = mandate_how(cx, o->act),
                    .until = mandate_until(cx, opt_int(o->until_us)),
                    .over = answer_text(cx, o),
                    .at_us = o->offered_us});
        json_begin_object(&c->json);
        json_pair(&c->json, made ? "to" : "from", name);
        json_pair(&c->json, "service", o->scope);
        json_key(&c->json, "mayAct");
        json_bool(&c->json, o->act);
        json_pair_us(&c->json, "until", o->until_us);
        json_pair_us(&c->json, "offered", o->offered_us);
        json_pair_us(&c->json, "expires", o->expires_us);
        json_pair(&c->json, "answer", str_of(answers[o->answer]));
        if (o->answered_us.set)
            json_pair_us(&c->json, "answered", o->answered_us.v);
        json_end(&c->json);
    }
}

static enum err write_offers(struct cx *cx, struct composing *c)
{
    struct party_offers made, got;
    enum err e = party_offers_held(cx, &made, &got);
    if (e)
        return e;
    json_key(&c->json, "mandateOffers");
    json_begin_array(&c->json);
    add_offers(cx, c, &made, true);
    add_offers(cx, c, &got, false);
    json_end(&c->json);
    return ERR_OK;
}

/* ---- told ---- */

static struct str sent_text(struct cx *cx, const struct party_message *m)
{
    if (m->seen_us.set)
        return i18n_fmt(cx, T_takeout_held_told_seen, ARG("day", i18n_date(cx, m->seen_us.v)));
    if (m->posted_us.set)
        return i18n_fmt(cx, T_takeout_held_told_posted, ARG("day", i18n_date(cx, m->posted_us.v)));
    return i18n_text(cx->lang, m->paper ? T_takeout_held_told_paper : T_takeout_held_told_unseen);
}

static void write_message(struct json_out *out, const struct party_message *m)
{
    static const char *const kinds[] = {
        [PARTY_NEWS_OFFERED] = "offered",     [PARTY_NEWS_ACCEPTED] = "accepted", [PARTY_NEWS_DECLINED] = "declined",
        [PARTY_NEWS_WITHDRAWN] = "withdrawn", [PARTY_NEWS_PUT_DOWN] = "putDown",  [PARTY_NEWS_PAPER] = "paper"};
    json_begin_object(out);
    json_pair_us(out, "at", m->at_us);
    json_pair(out, "what", str_of(kinds[m->kind]));
    json_pair(out, "other", m->other);
    json_pair(out, "service", m->scope);
    json_key(out, "mayAct");
    json_bool(out, m->act);
    if (m->until_us.set)
        json_pair_us(out, "until", m->until_us.v);
    if (m->seen_us.set)
        json_pair_us(out, "seen", m->seen_us.v);
    json_key(out, "byPost");
    json_bool(out, m->paper);
    if (m->posted_us.set)
        json_pair_us(out, "posted", m->posted_us.v);
    json_end(out);
}

static enum err write_messages(struct cx *cx, struct composing *c)
{
    struct party_messages all;
    enum err e = party_messages_held(cx, &all);
    json_key(&c->json, "mandateMessages");
    json_begin_array(&c->json);
    for (size_t i = 0; !e && i < all.rows.n; i++) {
        const struct party_message *m = &all.rows.p[i];
        vec_add(cx->arena, &c->held.told,
                (struct takeout_held_line){sent_text(cx, m), mandate_news_text(cx, m), m->at_us});
        write_message(&c->json, m);
    }
    json_end(&c->json);
    return e;
}

/* ---- all of it ---- */

enum err takeout_mandates_write(struct cx *cx, struct composing *c)
{
    enum err e = party_mandates_mine(cx, &c->mandates);
    json_key(&c->json, "mandates");
    json_begin_array(&c->json);
    for (size_t i = 0; !e && i < c->mandates.rows.n; i++) {
        add_mandate(cx, c, &c->mandates.rows.p[i]);
        write_mandate(cx, &c->json, &c->mandates.rows.p[i]);
    }
    json_end(&c->json);
    if (!e)
        e = write_offers(cx, c);
    return e ? e : write_messages(cx, c);
}

enum err takeout_mandates_papers(struct cx *cx, struct composing *c)
{
    enum err e = ERR_OK;
    for (size_t i = 0; !e && c->order->zip && i < c->mandates.rows.n; i++) {
        const struct takeout_held_document *row = &c->held.mandates.p[i].paper;
        if (!c->mandates.rows.p[i].has_document)
            continue;
        struct takeout_stored stored = paper_of(cx, &c->mandates.rows.p[i]);
        e = takeout_put_stored(cx, c, &stored,
                               str_fmt(cx->arena, "%.*s/%.*s", STR_ARG(row->folder), STR_ARG(row->file)));
    }
    return e;
}
