#include "mail.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codec/codec.h"

struct mail {
    struct mail_config config;
    struct str folder; /* instead of a server */
    atomic_llong sent, failed;
};

/* One label or local part after another: no dot first, last or twice; in the domain no hyphen at either end of a label.
 */
static bool dotted(struct str s, const char *also, bool hyphen_inside)
{
    struct str rest = s, piece;
    while (str_cut(&rest, '.', &piece)) {
        if (str_empty(piece) || (hyphen_inside && (piece.p[0] == '-' || piece.p[piece.n - 1] == '-')))
            return false;
        for (size_t i = 0; i < piece.n; i++) {
            char ch = piece.p[i];
            bool plain = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9');
            if (!plain && (ch == 0 || !strchr(also, ch)))
                return false;
        }
    }
    return !str_empty(s);
}

bool mail_address_ok(struct str address)
{
    size_t at = str_find_char(address, '@', 0);
    return address.n <= 254 && at <= 64 && at < address.n &&
           dotted(str_slice(address, 0, at), "!#$%&'*+-/=?^_`{|}~", false) &&
           dotted(str_slice(address, at + 1, address.n), "-", true);
}

static bool one_line(struct str s)
{
    return text_clean(s) && str_find_char(s, '\n', 0) == s.n && str_find_char(s, '\r', 0) == s.n;
}

enum err mail_open(struct cx *cx, const struct mail_config *config, struct mail **ret)
{
    struct mail *m = arena_new_of(cx->arena, struct mail);
    struct arena *a = cx->arena;
    if (!mail_address_ok(config->from))
        return fail(cx, ERR_CONFIG, "the sender \"%.*s\" is no e-mail address", STR_ARG(config->from));
    if (!one_line(config->from_name))
        return fail(cx, ERR_CONFIG, "the sender's name must be one line");
    m->config = *config;
    m->config.url = str_dup(a, config->url);
    m->config.from = str_dup(a, config->from);
    m->config.from_name = str_dup(a, config->from_name);
    m->config.user = str_dup(a, config->user);
    m->config.password = str_dup(a, config->password);
    m->config.ca_file = str_dup(a, config->ca_file);
    m->config.timeout_s = config->timeout_s ? config->timeout_s : 30;
    if (str_starts(config->url, S("dir:"))) {
        m->folder = str_slice(m->config.url, 4, m->config.url.n);
        if (mkdir(str_z(a, m->folder), 0700) != 0 && errno != EEXIST)
            return fail(cx, ERR_IO, "mail folder %.*s: %s", STR_ARG(m->folder), strerror(errno));
    } else if (!str_starts(config->url, S("smtp://")) && !str_starts(config->url, S("smtps://"))) {
        return fail(cx, ERR_CONFIG, "mail goes to smtp://host:25, smtps://host:465 or dir:/path, not to \"%.*s\"",
                    STR_ARG(config->url));
    }
    *ret = m;
    return ERR_OK;
}

/* ---- the outbox ---- */

enum err mail_queue(struct cx *cx, const struct mail_new *mail)
{
    if (!mail_address_ok(mail->to))
        return fail_field(cx, ERR_INVALID, S("to"), "not an e-mail address");
    if (!one_line(mail->subject) || !text_clean(mail->text))
        return fail(cx, ERR_INVALID, "the subject must be one line and the text clean UTF-8");
    struct buf b = buf_make(cx->arena);
    struct json_out o = json_out_make(&b);
    json_begin_object(&o);
    json_key(&o, "to");
    json_str(&o, mail->to);
    json_key(&o, "subject");
    json_str(&o, mail->subject);
    json_key(&o, "text");
    json_str(&o, mail->text);
    json_key(&o, "lang");
    json_i64(&o, mail->lang);
    json_key(&o, "at");
    json_i64(&o, cx->now_us);
    json_end(&o);
    return job_add(cx, &(struct job_new){.kind = S("mail"), .key = mail->key, .payload = buf_str(&b)});
}

/* ---- folder ---- */

static enum err write_all(int fd, struct str s)
{
    while (s.n > 0) {
        ssize_t n = write(fd, s.p, s.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return ERR_IO;
        s = str_slice(s, (size_t)n, s.n);
    }
    return ERR_OK;
}

/* The name is made of time and key: the same mail twice is the same file. */
static enum err put_file(struct cx *cx, const struct mail *m, const struct mail_new *mail, int64_t at_us,
                         struct str text)
{
    struct str id = str_slice(hash_hex(cx->arena, hash_of(mail->key)), 0, 12);
    struct civil c = civil_from_us(at_us);
    const char *path =
        str_z(cx->arena, str_fmt(cx->arena, "%.*s/%04d%02d%02d-%02d%02d%02d-%.*s.eml", STR_ARG(m->folder), c.year,
                                 c.month, c.day, c.hour, c.minute, c.second, STR_ARG(id)));
    const char *part = str_z(cx->arena, str_fmt(cx->arena, "%s.%.*s", path, STR_ARG(rand_code(cx->arena, 8))));
    int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(cx, ERR_IO, "mail folder: %s", strerror(errno));
    enum err e = write_all(fd, text);
    int reason = errno;
    close(fd);
    if (!e && rename(part, path) != 0) {
        reason = errno;
        e = ERR_IO;
    }
    if (e)
        unlink(part);
    return e ? fail(cx, reason == ENOSPC ? ERR_NO_SPACE : e, "mail folder: %s", strerror(reason)) : ERR_OK;
}

/* ---- SMTP ---- */

static size_t give(char *to, size_t size, size_t n, void *ctx)
{
    struct str *rest = ctx;
    size_t take = size * n < rest->n ? size * n : rest->n;
    memcpy(to, rest->p, take);
    *rest = str_slice(*rest, take, rest->n);
    return take;
}

static void free_curl(void *c)
{
    curl_easy_cleanup(c);
}

static void free_list(void *l)
{
    curl_slist_free_all(l);
}

static void set_up(struct cx *cx, CURL *c, const struct mail *m, struct str *rest)
{
    const struct mail_config *f = &m->config;
    struct arena *a = cx->arena;
    curl_easy_setopt(c, CURLOPT_URL, str_z(a, f->url));
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)f->timeout_s);
    curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)f->timeout_s);
    curl_easy_setopt(c, CURLOPT_MAIL_FROM, str_z(a, str_fmt(a, "<%.*s>", STR_ARG(f->from))));
    curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(c, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(c, CURLOPT_READDATA, rest);
    curl_easy_setopt(c, CURLOPT_USE_SSL, (long)(f->require_tls ? CURLUSESSL_ALL : CURLUSESSL_TRY));
    if (!str_empty(f->ca_file))
        curl_easy_setopt(c, CURLOPT_CAINFO, str_z(a, f->ca_file));
    if (!str_empty(f->user)) {
        curl_easy_setopt(c, CURLOPT_USERNAME, str_z(a, f->user));
        curl_easy_setopt(c, CURLOPT_PASSWORD, str_z(a, f->password));
    }
}

/* Of a conversation: what was answered when the recipient was named. */
struct asked {
    bool now; /* the last command named the recipient */
    struct mail_answer answer;
};

static int listen_in(CURL *c, curl_infotype kind, char *p, size_t n, void *ctx)
{
    struct asked *asked = ctx;
    (void)c;
    if (kind == CURLINFO_HEADER_OUT)
        asked->now = str_starts(str_make(p, n), S("RCPT TO:"));
    else if (kind == CURLINFO_HEADER_IN && asked->now)
        mail_answer_add(&asked->answer, str_make(p, n));
    return 0;
}

struct sending {
    struct cx *cx;
    struct str rest;
    size_t n; /* of all */
};

/* Asked about once a second while nothing comes. Once the server has something of the message it may have all of it:
   its answer is waited for, else the mail would come twice. */
static int go_on(void *ctx, curl_off_t down_all, curl_off_t down, curl_off_t up_all, curl_off_t up)
{
    const struct sending *s = ctx;
    (void)down_all, (void)down, (void)up_all, (void)up;
    return s->rest.n == s->n && cx_go_on(s->cx) != ERR_OK;
}

static enum err smtp(struct cx *cx, const struct mail *m, struct str to, struct str text)
{
    CURL *c = curl_easy_init();
    if (!c)
        return fail(cx, ERR_INTERNAL, "curl cannot be started");
    arena_defer(cx->arena, free_curl, c);
    struct sending sending = {cx, text, text.n};
    struct asked asked = {0};
    set_up(cx, c, m, &sending.rest);
    curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L); /* no meter: our own function */
    curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, go_on);
    curl_easy_setopt(c, CURLOPT_XFERINFODATA, &sending);
    curl_easy_setopt(c, CURLOPT_VERBOSE, 1L); /* only so are the commands shown to listen_in */
    curl_easy_setopt(c, CURLOPT_DEBUGFUNCTION, listen_in);
    curl_easy_setopt(c, CURLOPT_DEBUGDATA, &asked);
    struct curl_slist *rcpt = curl_slist_append(NULL, str_z(cx->arena, str_fmt(cx->arena, "<%.*s>", STR_ARG(to))));
    arena_defer(cx->arena, free_list, rcpt);
    curl_easy_setopt(c, CURLOPT_MAIL_RCPT, rcpt);
    CURLcode code = curl_easy_perform(c);
    curl_easy_setopt(c, CURLOPT_VERBOSE, 0L); /* `asked` ends before the arena does */
    if (code == CURLE_OK)
        return ERR_OK;
    if (code == CURLE_ABORTED_BY_CALLBACK)
        return cx_go_on(cx);
    long status = 0;
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    if (mail_answer_final(&asked.answer))
        return fail(cx, ERR_INVALID, "the mail server does not know the recipient: %d", asked.answer.status);
    return fail(cx, ERR_UPSTREAM, "mail server: %s, last answer %ld", curl_easy_strerror(code), status);
}

enum err mail_send(struct cx *cx, const struct mail_new *mail, int64_t at_us)
{
    struct mail *m = cx->mail;
    if (!m)
        return fail(cx, ERR_CONFIG, "this process has no way to send mail");
    struct str text = mail_message(cx, &m->config, mail, at_us);
    enum err e = str_empty(m->folder) ? smtp(cx, m, mail->to, text) : put_file(cx, m, mail, at_us, text);
    if (e != ERR_STOPPING)
        atomic_fetch_add(e ? &m->failed : &m->sent, 1);
    return e;
}

enum err mail_job(struct cx *cx, struct job *job)
{
    struct json *root;
    enum err e = json_parse(cx, job->payload, &root);
    if (e)
        return e;
    int64_t lang = json_int(root, "lang", LANG_DA), at_us = json_int(root, "at", cx->now_us);
    struct mail_new mail = {.to = json_text(root, "to"),
                            .subject = json_text(root, "subject"),
                            .text = json_text(root, "text"),
                            .key = job->key,
                            .lang = lang >= 0 && lang < LANG_COUNT ? (enum lang)lang : LANG_DA};
    return mail_send(cx, &mail, at_us);
}

/* ---- the administrator ---- */

struct mail_numbers mail_numbers(const struct mail *mail)
{
    return mail ? (struct mail_numbers){mail->sent, mail->failed} : (struct mail_numbers){0};
}

enum { PROBE_S = 10 };

/* As far as the server lets us in; no mail. */
static enum err smtp_probe(struct cx *cx, const struct mail *m)
{
    CURL *c = curl_easy_init();
    if (!c)
        return fail(cx, ERR_INTERNAL, "curl cannot be started");
    arena_defer(cx->arena, free_curl, c);
    struct str nothing = S("");
    set_up(cx, c, m, &nothing);
    curl_easy_setopt(c, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)PROBE_S);
    curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)PROBE_S);
    CURLcode code = curl_easy_perform(c);
    return code == CURLE_OK ? ERR_OK : fail(cx, ERR_UPSTREAM, "mail server: %s", curl_easy_strerror(code));
}

enum err mail_probe(struct cx *cx)
{
    const struct mail *m = cx->mail;
    if (!m)
        return fail(cx, ERR_CONFIG, "no mail server is named");
    if (str_empty(m->folder))
        return smtp_probe(cx, m);
    if (access(str_z(cx->arena, m->folder), W_OK))
        return fail(cx, ERR_IO, "mail folder: %s", strerror(errno));
    return ERR_OK;
}
