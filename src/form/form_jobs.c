/* What happens by itself: drafts are forgotten, and sealed anew when the key changes. */
#include "form.h"
#include "form_store.h"

enum err form_drafts_job(struct cx *cx, struct job *job)
{
    (void)job;
    int64_t n;
    enum err e = form_drafts_expire(cx, &n);
    if (!e && n)
        log_line(cx, LOG_INFO, "drafts_expired", "n=%lld", (long long)n);
    return e;
}

enum err form_erase_party(struct cx *cx, int64_t party_id)
{
    return q_form_erase_sent(cx, party_id);
}

enum err form_keys_reseal(struct cx *cx, struct keys_batch *batch)
{
    struct q_form_drafts_after *rows;
    size_t n;
    enum err e = q_form_drafts_after(cx, batch->after, batch->limit, &rows, &n);
    batch->last = batch->after;
    batch->more = !e && (int64_t)n == batch->limit;
    for (size_t i = 0; !e && i < n; i++) {
        struct str blob;
        bool changed;
        int64_t rows_changed;
        batch->last = rows[i].id;
        e = keys_reseal_text(cx, rows[i].answers, &blob, &changed);
        if (!e && changed) /* a draft saved this moment is under the new key already: then nothing is changed */
            e = q_form_draft_reseal(cx, rows[i].id, rows[i].version, blob, &rows_changed);
    }
    return e;
}
