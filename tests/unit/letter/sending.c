#include "sending.h"

#include "mail/mail.h"

static const struct job_kind kinds[] = {MAIL_JOB_KIND, LETTER_JOB_KINDS};

struct jobs *sending_jobs(struct cx *cx)
{
    struct jobs *jobs;
    struct mail_config config = {.from = S("ingen-svar@fjordby.example"),
                                 .url = str_fmt(cx->arena, "dir:%s/mail", test_folder(cx))};
    const struct who *before = cx->who;
    cx->who = auth_system();
    assert_ok(cx, mail_open(cx, &config, &cx->mail));
    assert_ok(cx, jobs_new(cx, &(struct jobs_config){.kinds = kinds, .n_kinds = sizeof kinds / sizeof *kinds}, &jobs));
    cx->who = before;
    return jobs;
}

void sending_run(struct cx *cx, struct jobs *jobs)
{
    int64_t runs;
    assert_ok(cx, jobs_run_due(jobs, cx->now_us, &runs));
}

struct decision sending_decided(struct cx *cx, const char *person, enum decision_outcome second, int64_t *ret_casefile)
{
    int64_t id = house_taken(cx, person, "stok", "badebaenk");
    assert_ok(cx, casefile_call(cx, id, S("Vi talte om det."), true));
    struct decision d = house_decide(cx, id, DECISION_GRANTED, second);
    assert_ok(cx, decision_finalise(cx, d.id, d.version, house_version(cx, id)));
    assert_ok(cx, decision_by_id(cx, d.id, &d));
    *ret_casefile = id;
    return d;
}

struct letter sending_get(struct cx *cx, int64_t id)
{
    struct letter l = {0};
    assert_ok(cx, letter_get(cx, id, &l));
    return l;
}

struct letter sending_draft(struct cx *cx, int64_t casefile, int64_t decision, const char *template)
{
    int64_t id = 0;
    struct letter_draft d = {casefile, decision, str_of(template), LANG_DA};
    assert_ok(cx, letter_draft_new(cx, &d, &id));
    return sending_get(cx, id);
}

struct letter sending_sent(struct cx *cx, const char *person, int64_t *ret_casefile)
{
    struct decision d = sending_decided(cx, person, DECISION_REFUSED, ret_casefile);
    struct letter l = sending_draft(cx, *ret_casefile, d.id, "partly");
    assert_ok(cx, letter_send(cx, l.id, l.version));
    return sending_get(cx, l.id);
}

bool sending_has(struct str s, const char *what)
{
    bool found = str_find(s, str_of(what), 0) < s.n;
    if (!found)
        print_error("not there: %s\nin: %.*s\n", what, STR_ARG(s));
    return found;
}
