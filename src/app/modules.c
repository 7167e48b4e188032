/* What the program is made of. A new module adds one line to each list that concerns it. */
#include "access/access.h"
#include "admin/admin.h"
#include "app/app.h"
#include "casefile/casefile.h"
#include "counter/counter.h"
#include "decision/decision.h"
#include "desk/desk.h"
#include "form/form.h"
#include "fulltext/fulltext.h"
#include "journal/journal.h"
#include "letter/letter.h"
#include "mail/mail.h"
#include "mandate/mandate.h"
#include "mypage/mypage.h"
#include "noark/noark.h"
#include "oversight/oversight.h"
#include "page/page.h"
#include "party/party.h"
#include "retention/retention.h"
#include "service/service.h"
#include "takeout/takeout.h"

const struct http_module *const app_modules[] = {
    &http_own_module, &page_module,        &auth_module,      &access_module,  &service_module, &form_module,
    &casefile_module, &letter_http_module, &takeout_module,   &mandate_module, &mypage_module,  &desk_module,
    &counter_module,  &admin_module,       &oversight_module, &journal_module, &noark_module,   &noark_allow_module,
};
const size_t app_modules_n = sizeof app_modules / sizeof *app_modules;

static enum err sweep_sessions(struct cx *cx, struct job *job)
{
    (void)job;
    enum err e = auth_sweep(cx);
    return e ? e : page_keep_sweep(cx);
}

static enum err seal_access(struct cx *cx, struct job *job)
{
    (void)job;
    return access_seal(cx);
}

static enum err sweep_files(struct cx *cx, struct job *job)
{
    (void)job;
    struct files_swept swept;
    return files_sweep(cx, FILES_GRACE_US, &swept);
}

static enum err fold_figures(struct cx *cx, struct job *job)
{
    (void)job;
    return casefile_figures_fold(cx);
}

const struct job_kind app_job_kinds[] = {
    {.name = "auth_sweep", .fn = sweep_sessions},
    {.name = "access_seal", .fn = seal_access},
    {.name = "files_sweep", .fn = sweep_files, .lease_s = 3600},
    {.name = "form_drafts_expire", .fn = form_drafts_job},
    {.name = "casefile_figures", .fn = fold_figures},
    {.name = CASEFILE_JOB_CLOSE, .fn = casefile_close_job},
    {.name = CASEFILE_JOB_SIGN, .fn = casefile_sign_job},
    {.name = CASEFILE_JOB_REPLY,
     .fn = casefile_reply_job,
     .max_attempts = 72,
     .lease_s = 180,
     .dead = casefile_reply_dead},
    MAIL_JOB_KIND,
    ADMIN_JOB_KINDS,
    LETTER_JOB_KINDS,
    RETENTION_JOB_KIND,
    TAKEOUT_JOB_KINDS,
    PARTY_JOB_KINDS,
    JOURNAL_JOB_KIND,
    JOURNAL_SEND_JOB_KIND,
    FULLTEXT_JOB_KIND,
};
const size_t app_job_kinds_n = sizeof app_job_kinds / sizeof *app_job_kinds;

const struct job_schedule app_job_schedules[] = {
    {"auth_sweep", 3600},         {"access_seal", 60}, {"files_sweep", 24 * 3600}, {"form_drafts_expire", 6 * 3600},
    {RETENTION_JOB, 24 * 3600},   ADMIN_JOB_SCHEDULES, {"casefile_figures", 60},   {TAKEOUT_JOB_EXPIRE, 3600},
    {PARTY_JOB_SWEEP, 24 * 3600}, {JOURNAL_JOB, 15},   {JOURNAL_SEND_JOB, 60},     {FULLTEXT_JOB, 15},
};
const size_t app_job_schedules_n = sizeof app_job_schedules / sizeof *app_job_schedules;

/* Who keeps sealed values, for `indgang keys rotate`. */
const struct keys_holder app_keys_holders[] = {
    {"form", form_keys_reseal},
    {"party", party_keys_reseal},
    {"noark", noark_keys_reseal},
    {0},
};

/* What the parts of a service folder mean to the rooms above service/. */
static const struct service_part *const service_parts[] = {
    &form_part,
    &letter_part,
    &decision_part,
};

/* What each room erases with a case file or a person (law 10); who refers to another comes before it. */
static const struct retention_part retention_parts[] = {
    {.name = "takeout", .erase_casefile = takeout_erase_casefile, .erase_party = takeout_erase_party},
    {.name = "noark", .erase_casefile = noark_erase},
    {.name = "letter", .erase_casefile = letter_erase},
    {.name = "decision", .erase_casefile = decision_erase},
    {.name = "journal", .erase_casefile = journal_erase},
    {.name = "casefile", .erase_casefile = casefile_erase},
    {.name = "form", .erase_party = form_erase_party},
    {.name = "page", .erase_party = page_erase_party},
};

/* What is kept for a mandate follows it: who may see the cases of its giver, and the copies that were made by it. */
static enum err follow_mandate(struct cx *cx, const struct party_mandate *m)
{
    enum err e = casefile_follow_mandate(cx, m);
    return e || !m->withdrawn_us.set ? e : takeout_drop_pair(cx, m->holder_id, m->giver_id);
}

/* May one who wrote this before the session ended still see it? A draft or a case of somebody else is theirs only while
   the mandate is in force. */
static enum err kept_may(struct cx *cx, struct str path)
{
    struct casefile_view view;
    int64_t id;
    struct str rest = path, piece;
    bool draft = str_starts(path, S("/form/draft/")), file = str_starts(path, S("/mypage/casefile/"));
    if (cx->who->kind != WHO_PARTY || (!draft && !file))
        return ERR_OK;
    rest = str_slice(path, draft ? strlen("/form/draft/") : strlen("/mypage/casefile/"), path.n);
    if (!str_cut(&rest, '/', &piece) || !str_to_i64(piece, &id))
        return ERR_OK;
    if (draft)
        return form_draft_check(cx, id);
    return casefile_open_as_party(cx, id, &view);
}

void app_register(void)
{
    service_parts_register(service_parts, sizeof service_parts / sizeof *service_parts);
    casefile_on_submission(
        &(struct casefile_submission_hooks){.decide = decision_at_submission, .tell = letter_at_submission});
    service_shut_hook(form_shut_words);
    form_earlier_hook(&casefile_reuse);
    casefile_underway_hook(letter_underway);
    casefile_addressed_hook(letter_addressed);
    casefile_export_hook(decision_export);
    casefile_paper_hook(letter_of_news);
    party_mandate_hook(follow_mandate);
    access_person_hook(party_name);
    access_words_hook(service_purpose_in);
    page_kept_hook(kept_may);
    record_register_guard(casefile_guard);
    record_register_guard(retention_guard);
    retention_register(retention_parts, sizeof retention_parts / sizeof *retention_parts);
}

auth_party_fn app_party_hook(void)
{
    return party_login_hook;
}

auth_hold_fn app_hold_hook(void)
{
    return party_hold;
}
