/* Law 10: a case file whose record has been disposed of goes whole. */
#include "casefile_internal.h"
#include "search/search.h"

enum err casefile_erase(struct cx *cx, int64_t id)
{
    static enum err (*const parts[])(struct cx * cx, int64_t casefile_id) = {
        q_casefile_erase_events,    q_casefile_erase_lines,      q_casefile_erase_tasks, q_casefile_erase_reach,
        q_casefile_erase_questions, q_casefile_erase_contacts,   q_casefile_erase_holds, q_casefile_erase_looks,
        q_casefile_erase_signers,   q_casefile_erase_signatures, q_casefile_erase_reuse, q_casefile_erase_replies,
    };
    enum err e = search_erase(cx, S("casefile"), id);
    if (!e) /* notices to the party hold her address */
        e = job_forget(cx, S("mail"), str_fmt(cx->arena, "casefile-%lld-", (long long)id));
    if (!e)
        e = job_forget(cx, S(CASEFILE_JOB_REPLY), str_fmt(cx->arena, "casefile-%lld-", (long long)id));
    for (size_t i = 0; !e && i < sizeof parts / sizeof *parts; i++)
        e = parts[i](cx, id);
    return e ? e : q_casefile_erase_row(cx, id);
}
