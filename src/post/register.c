/* Post becomes a document of a case file: once, all of it, under law 7. */
#include "access/access.h"
#include "i18n/i18n.h"
#include "post_internal.h"

struct registering {
    int64_t id;
    const struct post_registration *r;
    struct casefile_post post;
    int64_t casefile_id; /* of an old case */
};

/* ---- what was typed ---- */

/* Does the text hold an identity number, with or without hyphen or blank? It is for the journal. */
static bool tells_idno(struct cx *cx, struct str s)
{
    struct str country = cx->muni ? str_of(cx->muni->rules->key) : S("dk"), plain;
    day_t born;
    for (size_t i = 0; i < s.n; i++) {
        size_t end = i, digits = 0;
        bool first = i == 0 || s.p[i - 1] < '0' || s.p[i - 1] > '9';
        for (; first && end < s.n && digits < 11; end++) {
            bool digit = s.p[end] >= '0' && s.p[end] <= '9';
            digits += digit;
            if (!digit && s.p[end] != '-' && s.p[end] != ' ')
                break;
            if (digit && digits >= 10 && party_idno_parse(cx, country, str_slice(s, i, end + 1), &plain, &born))
                return true;
        }
    }
    return false;
}

static enum err check_words(struct cx *cx, struct str title, struct str name)
{
    if (!title.n || text_length(title) > POST_TITLE_MAX || !text_clean(title) ||
        str_find_char(title, '\n', 0) < title.n)
        return fail_field(cx, ERR_INVALID, S("title"), "one line of at most %d characters", POST_TITLE_MAX);
    if (tells_idno(cx, title))
        return fail_field(cx, ERR_INVALID, S("title"), "an identity number does not stand in the journal");
    if (text_length(name) > POST_TITLE_MAX || !text_clean(name) || tells_idno(cx, name))
        return fail_field(cx, ERR_INVALID, S("name"), "a name of at most %d characters", POST_TITLE_MAX);
    return ERR_OK;
}

static enum err check_days(struct cx *cx, const struct post_registration *r)
{
    day_t today = civil_day_of_us(cx->now_us);
    if (r->arrived > today || r->arrived < today - POST_DAYS_MAX)
        return fail_field(cx, ERR_INVALID, S("arrived"), "not in the future, not more than %d days ago", POST_DAYS_MAX);
    if (r->written > r->arrived)
        return fail_field(cx, ERR_INVALID, S("written"), "written after it arrived");
    return ERR_OK;
}

/* ---- which case, from whom ---- */

/* The case file of that number, as far as this employee may see and work on it; the look is in the access log. */
static enum err find_case(struct cx *cx, struct registering *g, struct casefile_view *ret)
{
    const struct post_registration *r = g->r;
    enum err e = casefile_open_as_employee(cx, r->no, access_purpose(cx, T_post_purpose), ret);
    if (e)
        return fail_field(cx, e, S("no"), "no case file of that number that this employee may see");
    if (!ret->can[r->appeal ? CASEFILE_DO_RECEIVE_APPEAL : CASEFILE_DO_RECEIVE])
        return fail_field(cx, ERR_CONFLICT, S("no"), "the case file does not allow this now");
    g->casefile_id = ret->file.id;
    return ERR_OK;
}

enum err post_asks(struct cx *cx, const struct post_registration *registration, struct casefile_asks *ret)
{
    struct registering g = {.r = registration};
    struct casefile_view open;
    enum err e = find_case(cx, &g, &open);
    return e ? e : casefile_asks(cx, &open, ret);
}

/* The counter for every service; a caseworker or leader for a new case that their own unit gets. */
static enum err may_use_idno(struct cx *cx, const struct post_registration *r)
{
    struct auth_unit unit;
    const struct service_version *v = r->new_case ? service_current(cx, r->service_key) : NULL;
    if (auth_has(cx->who, ROLE_COUNTER))
        return ERR_OK;
    if (v && auth_has(cx->who, ROLE_CASEWORKER | ROLE_LEADER) && !auth_unit_by_key(cx, v->unit_key, &unit) &&
        auth_in_unit(cx->who, unit.id))
        return ERR_OK;
    return fail_field(cx, ERR_INVALID, S("from"),
                      "LAW 7: an identity number is for the counter, or for one's own unit");
}

static enum err find_by_idno(struct cx *cx, struct registering *g)
{
    enum err e = may_use_idno(cx, g->r);
    if (!e)
        e = party_by_idno(cx, g->r->idno, &g->post.party_id);
    if (e)
        return e == ERR_NOT_FOUND || e == ERR_INVALID
                   ? fail_field(cx, ERR_INVALID, cx->fail.field.n ? cx->fail.field : S("idno"),
                                "nobody has this number")
                   : e;
    bool own;
    if ((e = party_is_own(cx, g->post.party_id, &own)))
        return e;
    access_note(cx, &(struct access_entry){.subject_party_id = g->post.party_id,
                                           .kind = S("person"),
                                           .purpose = access_purpose(cx, T_post_purpose),
                                           .refused = own});
    return own ? fail_field(cx, ERR_FORBIDDEN, S("idno"),
                            "LAW 7: nobody registers their own post, or that of one they may act for")
               : ERR_OK;
}

static enum err find_sender(struct cx *cx, struct registering *g, const struct casefile_view *open)
{
    const struct post_registration *r = g->r;
    enum err e = ERR_OK;
    if (r->from == POST_FROM_IDNO)
        e = find_by_idno(cx, g);
    else if (r->from == POST_FROM_PARTY && !r->new_case && open->file.party_id)
        g->post.party_id = open->file.party_id;
    else if (r->from != POST_FROM_OTHER)
        e = fail_field(cx, ERR_INVALID, S("from"), "the case has no party to be the sender");
    if (!e && g->post.party_id)
        return party_name(cx, g->post.party_id, &g->post.sender);
    g->post.sender = str_trim(r->name);
    if (!e && !g->post.sender.n)
        e = fail_field(cx, ERR_INVALID, S("name"), "missing");
    return e;
}

/* ---- what it is made of ---- */

/* The e-mail in words: what a reader of the record sees first. */
static struct str mail_text(struct cx *cx, const struct post *p)
{
    enum lang before = cx->lang;
    if (cx->muni)
        cx->lang = cx->muni->first_lang;
    struct str head =
        i18n_fmt(cx, T_post_mail_head, ARG("name", p->sender), ARG("address", p->address), ARG("subject", p->subject),
                 ARG("sent", p->sent_us.set ? i18n_datetime(cx, p->sent_us.v) : S("–")));
    cx->lang = before;
    return str_fmt(cx->arena, "%" PRI_STR "\n\n%" PRI_STR "\n", STR_ARG(head), STR_ARG(p->words));
}

static enum err gather_files(struct cx *cx, struct registering *g, const struct post *p)
{
    struct casefile_upload *files = arena_array(cx->arena, struct casefile_upload, p->files.n + 1);
    size_t n = 0;
    enum err e = ERR_OK;
    if (p->channel == CHANNEL_EMAIL) {
        files[n] = (struct casefile_upload){.name = S("e-mail.txt"), .mime = S("text/plain; charset=utf-8")};
        e = files_put(cx, mail_text(cx, p), &files[n++].file);
    }
    for (size_t i = 0; i < p->files.n; i++) {
        const struct post_file *f = &p->files.p[i];
        files[n++] =
            (struct casefile_upload){.name = f->name, .mime = f->mime, .file = {.hash = f->hash, .size = f->size}};
    }
    g->post.files = files;
    g->post.n_files = n;
    return e;
}

static enum err gather(struct cx *cx, struct registering *g, const struct post *p)
{
    const struct post_registration *r = g->r;
    struct casefile_view open = {0};
    struct str title = str_trim(r->title);
    bool today = r->arrived == civil_day_of_us(cx->now_us);
    enum err e = check_words(cx, title, str_trim(r->name));
    if (!e)
        e = check_days(cx, r);
    if (!e && !r->new_case)
        e = find_case(cx, g, &open);
    if (!e && r->new_case && !service_current(cx, r->service_key))
        e = fail_field(cx, ERR_INVALID, S("service"), "no service that can be applied for today");
    if (!e)
        e = find_sender(cx, g, &open);
    if (e)
        return e;
    g->post.channel = p->channel;
    g->post.title = title;
    g->post.answers = r->new_case || r->appeal ? 0 : r->answers;
    g->post.written_us = civil_day_start_us(r->written) + DAY_US / 2; /* which hour, nobody knows */
    g->post.arrived_us = today ? cx->now_us : civil_day_start_us(r->arrived) + DAY_US / 2;
    return gather_files(cx, g, p);
}

/* ---- once ---- */

static enum err write_registration(struct cx *cx, void *ctx)
{
    const struct registering *g = ctx;
    struct q_post_lock lock;
    bool found;
    int64_t casefile_id = g->casefile_id;
    enum err e = q_post_lock(cx, g->id, &lock, &found);
    if (e || !found)
        return e ? e : fail(cx, ERR_NOT_FOUND, "no such post");
    e = post_may(cx, lock.unit_id);
    if (e || lock.state == POST_REGISTERED) /* law 1: pressed twice */
        return e ? e : db_settle(cx);
    if (lock.version != g->r->version)
        return fail_say(cx, ERR_CONFLICT, text_keys[T_post_why_changed], "LAW 2: this post was changed meanwhile");
    e = g->r->new_case ? casefile_open_by_post(cx, g->id, g->r->service_key, &g->post, &casefile_id)
                       : casefile_receive(cx, casefile_id, g->r->appeal, &g->post);
    if (!e)
        e = q_post_registered(cx, g->id, casefile_id, cx->now_us, cx->who->employee_id);
    if (!e)
        e = q_post_files_delete(cx, g->id);
    return e ? e : files_drop(cx, S("post"), g->id);
}

enum err post_register(struct cx *cx, int64_t id, const struct post_registration *registration)
{
    struct registering g = {.id = id, .r = registration};
    struct post p;
    enum err e = post_open(cx, id, &p);
    if (e || p.registered)
        return e;
    e = gather(cx, &g, &p);
    if (!e)
        e = db_write(cx, write_registration, &g);
    return e == ERR_UNSURE ? db_write(cx, write_registration, &g) : e; /* if it was saved, it is found registered */
}

/* ---- where it went ---- */

enum err post_receipt(struct cx *cx, int64_t id, struct post_receipt *ret)
{
    struct post p;
    struct casefile c;
    bool may;
    enum err e = post_open(cx, id, &p);
    if (!e && !p.registered)
        e = fail(cx, ERR_NOT_FOUND, "it has not been registered yet");
    if (!e)
        e = casefile_of_post(cx, p.casefile_id, &c, &may);
    if (!e)
        *ret = (struct post_receipt){.casefile_id = c.id,
                                     .no = c.no,
                                     .title = c.title,
                                     .unit_name = c.unit_name,
                                     .deadline_us = c.deadline_us,
                                     .may_see = may};
    return e;
}
