/* Law 10: the decisions of a case file whose record has been disposed of, and what rules said of it. */
#include "decision.h"
#include "decision_store.h"

enum err decision_erase(struct cx *cx, int64_t casefile_id)
{
    enum err e = q_decision_erase_lines(cx, casefile_id);
    if (!e)
        e = q_decision_erase_rows(cx, casefile_id);
    if (!e)
        e = q_decision_erase_facts(cx, casefile_id);
    return e ? e : q_decision_erase_ruling(cx, casefile_id);
}
