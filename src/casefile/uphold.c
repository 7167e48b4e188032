/* The unit has looked again at a decision that was appealed, keeps to it, and sends the appeal on to the body above it
   with its statement. Denmark: retssikkerhedslovens § 66. Norway: forvaltningsloven § 33, by which the party gets a
   copy of the statement; here everywhere. It is sent by hand: what the store keeps is that it was, what it said, and
   that the party was told. */
#include "casefile_internal.h"

enum { STATEMENT_MAX = 10000 };

struct upholding {
    int64_t id, version;
    struct str text;
    struct file_ref file;
};

struct words casefile_appeal_body(struct cx *cx, const struct casefile *c)
{
    return service_appeal_body(cx, service_version_by_id(cx, c->service_version_id));
}

/* The body's name in all languages: each reader has it in theirs, also when the table or the folder has changed since.
 */
static struct str params(struct cx *cx, const struct casefile *c)
{
    struct words body = casefile_appeal_body(cx, c);
    struct buf b = buf_make(cx->arena);
    struct json_out o = json_out_make(&b);
    json_begin_object(&o);
    json_key(&o, "day");
    json_i64(&o, civil_day_of_us(cx->now_us));
    json_key(&o, "body");
    json_begin_object(&o);
    for (int l = 0; l < LANG_COUNT; l++)
        json_pair(&o, i18n_code((enum lang)l), words_in(&body, (enum lang)l));
    json_end(&o);
    json_end(&o);
    return buf_str(&b);
}

/* By the party's channel, in the language of the case. One who gave no name reads it with the receipt's code. */
static enum err tell_party(struct cx *cx, const struct upholding *u, const struct casefile *c)
{
    enum lang before = cx->lang;
    if (!c->party_id)
        return ERR_OK;
    cx->lang = c->lang;
    struct words names = casefile_appeal_body(cx, c);
    struct str body = words_in(&names, cx->lang);
    struct str title = title_text(cx, c->lang, c->service_version_id, c->title);
    struct casefile_news news = {
        .casefile_id = c->id,
        .title = i18n_fmt(cx, T_casefile_upheld_title, ARG("body", body)),
        .text = i18n_fmt(cx, T_casefile_upheld_text, ARG("day", i18n_date(cx, c->decided_us.v)), ARG("service", title),
                         ARG("body", body)),
        .detail =
            str_fmt(cx->arena, "%.*s\n\n%.*s\n\n%.*s", STR_ARG(i18n_fmt(cx, T_casefile_upheld_then, ARG("body", body))),
                    STR_ARG(i18n_fmt(cx, T_casefile_upheld_statement, ARG("body", body))), STR_ARG(u->text))};
    enum err e = casefile_on_paper(cx, &news);
    cx->lang = before;
    return e;
}

static enum err uphold(struct cx *cx, void *ctx)
{
    const struct upholding *u = ctx;
    struct casefile c;
    int64_t reg = 0;
    enum err e = casefile_begin(cx, u->id, u->version, CASEFILE_DO_UPHOLD, &c);
    struct words body = {0};
    if (!e)
        body = casefile_appeal_body(cx, &c);
    if (!e)
        e = paper_put(cx, &c,
                      &(struct paper){.kind = RECORD_OUTGOING,
                                      .title = T_casefile_record_statement,
                                      .party_visible = true,
                                      .recipient = words_in(&body, cx->muni->first_lang),
                                      .document_kind = S("statement"),
                                      .text = u->file},
                      &reg);
    if (!e) /* nothing is promised any more, and nobody appeals to this unit what lies with the body */
        e = set_deadline(cx, c.id, (struct opt_int){0}, (struct opt_int){0}, (struct opt_int){0});
    if (!e)
        e = q_casefile_set_appeal_over(cx, c.id);
    if (!e)
        e = casefile_event_add(
            cx, &(struct casefile_event_new){
                    .casefile_id = c.id, .kind = S("upheld"), .params = params(cx, &c), .registration_id = reg});
    if (!e)
        e = tell_party(cx, u, &c);
    return e ? e : record_number(cx, reg);
}

enum err casefile_uphold(struct cx *cx, int64_t id, int64_t version, struct str statement)
{
    struct upholding u = {.id = id, .version = version, .text = statement};
    enum err e = need_text(cx, "text", &u.text, STATEMENT_MAX);
    if (!e)
        e = files_put(cx, u.text, &u.file);
    return e ? e : change_run(cx, id, uphold, &u);
}
