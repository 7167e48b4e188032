/* The state machine: what can be done when, and by whom. One row for each way from one state to another. */
#include "casefile_internal.h"

static const struct {
    enum casefile_state from;
    enum casefile_action action;
    enum casefile_state to;
} ways[] = {
    {CASEFILE_RECEIVED, CASEFILE_DO_TAKE, CASEFILE_WORKING},
    {CASEFILE_RECEIVED, CASEFILE_DO_HAND_OVER, CASEFILE_WORKING},
    {CASEFILE_RECEIVED, CASEFILE_DO_GRANT, CASEFILE_DECIDED},
    {CASEFILE_RECEIVED, CASEFILE_DO_PASS_ON, CASEFILE_RECEIVED},
    {CASEFILE_RECEIVED, CASEFILE_DO_RECEIVE, CASEFILE_RECEIVED},
    {CASEFILE_RECEIVED, CASEFILE_DO_NOTE, CASEFILE_RECEIVED},
    {CASEFILE_RECEIVED, CASEFILE_DO_CALL, CASEFILE_RECEIVED},
    {CASEFILE_RECEIVED, CASEFILE_DO_ADD, CASEFILE_RECEIVED},
    {CASEFILE_RECEIVED, CASEFILE_DO_ANSWER, CASEFILE_RECEIVED},
    {CASEFILE_RECEIVED, CASEFILE_DO_WITHDRAW, CASEFILE_WITHDRAWN},
    {CASEFILE_RECEIVED, CASEFILE_DO_SIGN, CASEFILE_RECEIVED},
    {CASEFILE_RECEIVED, CASEFILE_DO_FALL, CASEFILE_WITHDRAWN},

    {CASEFILE_WORKING, CASEFILE_DO_TAKE, CASEFILE_WORKING}, /* from one who is away */
    {CASEFILE_WORKING, CASEFILE_DO_RELEASE, CASEFILE_RECEIVED},
    {CASEFILE_WORKING, CASEFILE_DO_HAND_OVER, CASEFILE_WORKING},
    {CASEFILE_WORKING, CASEFILE_DO_ASK, CASEFILE_WORKING},
    {CASEFILE_WORKING, CASEFILE_DO_PASS_ON, CASEFILE_RECEIVED},
    {CASEFILE_WORKING, CASEFILE_DO_RECEIVE, CASEFILE_WORKING},
    {CASEFILE_WORKING, CASEFILE_DO_NOTE, CASEFILE_WORKING},
    {CASEFILE_WORKING, CASEFILE_DO_CALL, CASEFILE_WORKING},
    {CASEFILE_WORKING, CASEFILE_DO_HEAR, CASEFILE_WORKING},
    {CASEFILE_WORKING, CASEFILE_DO_EXEMPT, CASEFILE_WORKING},
    {CASEFILE_WORKING, CASEFILE_DO_EXTEND, CASEFILE_WORKING},
    {CASEFILE_WORKING, CASEFILE_DO_SUSPEND, CASEFILE_WAITING},
    {CASEFILE_WORKING, CASEFILE_DO_DECIDE, CASEFILE_DECIDED},
    {CASEFILE_WORKING, CASEFILE_DO_REPLY, CASEFILE_DECIDED}, /* to one who gave no name, instead of a decision */
    {CASEFILE_WORKING, CASEFILE_DO_CLOSE, CASEFILE_CLOSED},  /* services that decide nothing: casefile_close asks */
    {CASEFILE_WORKING, CASEFILE_DO_ADD, CASEFILE_WORKING},
    {CASEFILE_WORKING, CASEFILE_DO_ANSWER, CASEFILE_WORKING},
    {CASEFILE_WORKING, CASEFILE_DO_WITHDRAW, CASEFILE_WITHDRAWN},
    {CASEFILE_WORKING, CASEFILE_DO_SIGN, CASEFILE_WORKING},
    {CASEFILE_WORKING, CASEFILE_DO_FALL, CASEFILE_WITHDRAWN},
    {CASEFILE_WORKING, CASEFILE_DO_SETTLE_SIGNING, CASEFILE_WORKING},

    {CASEFILE_WAITING, CASEFILE_DO_RESUME, CASEFILE_WORKING},
    {CASEFILE_WAITING, CASEFILE_DO_TAKE, CASEFILE_WAITING},
    {CASEFILE_WAITING, CASEFILE_DO_RELEASE, CASEFILE_WAITING},
    {CASEFILE_WAITING, CASEFILE_DO_HAND_OVER, CASEFILE_WAITING},
    {CASEFILE_WAITING, CASEFILE_DO_ASK, CASEFILE_WAITING},
    {CASEFILE_WAITING, CASEFILE_DO_PASS_ON, CASEFILE_WAITING},
    {CASEFILE_WAITING, CASEFILE_DO_RECEIVE, CASEFILE_WAITING},
    {CASEFILE_WAITING, CASEFILE_DO_NOTE, CASEFILE_WAITING},
    {CASEFILE_WAITING, CASEFILE_DO_CALL, CASEFILE_WAITING},
    {CASEFILE_WAITING, CASEFILE_DO_HEAR, CASEFILE_WAITING},
    {CASEFILE_WAITING, CASEFILE_DO_ADD, CASEFILE_WAITING},
    {CASEFILE_WAITING, CASEFILE_DO_ANSWER, CASEFILE_WAITING},
    {CASEFILE_WAITING, CASEFILE_DO_WITHDRAW, CASEFILE_WITHDRAWN},
    {CASEFILE_WAITING, CASEFILE_DO_SIGN, CASEFILE_WAITING},
    {CASEFILE_WAITING, CASEFILE_DO_FALL, CASEFILE_WITHDRAWN},
    {CASEFILE_WAITING, CASEFILE_DO_SETTLE_SIGNING, CASEFILE_WAITING},

    {CASEFILE_DECIDED, CASEFILE_DO_TAKE, CASEFILE_DECIDED},
    {CASEFILE_DECIDED, CASEFILE_DO_RELEASE, CASEFILE_DECIDED},
    {CASEFILE_DECIDED, CASEFILE_DO_HAND_OVER, CASEFILE_DECIDED},
    {CASEFILE_DECIDED, CASEFILE_DO_RECEIVE, CASEFILE_DECIDED},
    {CASEFILE_DECIDED, CASEFILE_DO_NOTE, CASEFILE_DECIDED},
    {CASEFILE_DECIDED, CASEFILE_DO_CALL, CASEFILE_DECIDED},
    {CASEFILE_DECIDED, CASEFILE_DO_ADD, CASEFILE_DECIDED},
    {CASEFILE_DECIDED, CASEFILE_DO_APPEAL, CASEFILE_APPEALED},
    {CASEFILE_DECIDED, CASEFILE_DO_RECEIVE_APPEAL, CASEFILE_APPEALED},
    {CASEFILE_DECIDED, CASEFILE_DO_CLOSE, CASEFILE_CLOSED},
    {CASEFILE_DECIDED, CASEFILE_DO_REPLY, CASEFILE_DECIDED}, /* once more, when it could not be sent */

    {CASEFILE_APPEALED, CASEFILE_DO_TAKE, CASEFILE_APPEALED},
    {CASEFILE_APPEALED, CASEFILE_DO_RELEASE, CASEFILE_APPEALED},
    {CASEFILE_APPEALED, CASEFILE_DO_HAND_OVER, CASEFILE_APPEALED},
    {CASEFILE_APPEALED, CASEFILE_DO_ASK, CASEFILE_APPEALED},
    {CASEFILE_APPEALED, CASEFILE_DO_PASS_ON, CASEFILE_APPEALED},
    {CASEFILE_APPEALED, CASEFILE_DO_RECEIVE, CASEFILE_APPEALED},
    {CASEFILE_APPEALED, CASEFILE_DO_NOTE, CASEFILE_APPEALED},
    {CASEFILE_APPEALED, CASEFILE_DO_CALL, CASEFILE_APPEALED},
    {CASEFILE_APPEALED, CASEFILE_DO_HEAR, CASEFILE_APPEALED},
    {CASEFILE_APPEALED, CASEFILE_DO_EXEMPT, CASEFILE_APPEALED},
    {CASEFILE_APPEALED, CASEFILE_DO_EXTEND, CASEFILE_APPEALED},
    {CASEFILE_APPEALED, CASEFILE_DO_DECIDE, CASEFILE_DECIDED},
    {CASEFILE_APPEALED, CASEFILE_DO_UPHOLD, CASEFILE_APPEALED},
    {CASEFILE_APPEALED, CASEFILE_DO_CLOSE, CASEFILE_CLOSED}, /* after it was sent on: appeal_allows asks */
    {CASEFILE_APPEALED, CASEFILE_DO_REPLY, CASEFILE_DECIDED},
    {CASEFILE_APPEALED, CASEFILE_DO_SETTLE_SIGNING, CASEFILE_APPEALED},
    {CASEFILE_APPEALED, CASEFILE_DO_ADD, CASEFILE_APPEALED},
    {CASEFILE_APPEALED, CASEFILE_DO_ANSWER, CASEFILE_APPEALED},

    {CASEFILE_WITHDRAWN, CASEFILE_DO_TAKE, CASEFILE_WITHDRAWN},
    {CASEFILE_WITHDRAWN, CASEFILE_DO_RELEASE, CASEFILE_WITHDRAWN},
    {CASEFILE_WITHDRAWN, CASEFILE_DO_HAND_OVER, CASEFILE_WITHDRAWN},
    {CASEFILE_WITHDRAWN, CASEFILE_DO_RECEIVE, CASEFILE_WITHDRAWN},
    {CASEFILE_WITHDRAWN, CASEFILE_DO_NOTE, CASEFILE_WITHDRAWN},
    {CASEFILE_WITHDRAWN, CASEFILE_DO_CLOSE, CASEFILE_CLOSED},

    {CASEFILE_CLOSED, CASEFILE_DO_APPEAL, CASEFILE_APPEALED},
    {CASEFILE_CLOSED, CASEFILE_DO_RECEIVE_APPEAL, CASEFILE_APPEALED},
};

bool state_after(enum casefile_state state, enum casefile_action action, enum casefile_state *ret)
{
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (ways[i].from == state && ways[i].action == action) {
            *ret = ways[i].to;
            return true;
        }
    return false;
}

enum casefile_by action_by(enum casefile_action action)
{
    switch (action) {
    case CASEFILE_DO_ANSWER:
    case CASEFILE_DO_ADD:
    case CASEFILE_DO_WITHDRAW:
    case CASEFILE_DO_APPEAL:
        return BY_PARTY;
    case CASEFILE_DO_TAKE:
    case CASEFILE_DO_NOTE:
    case CASEFILE_DO_CALL:
    case CASEFILE_DO_RECEIVE:
    case CASEFILE_DO_RECEIVE_APPEAL:
        return BY_UNIT;
    case CASEFILE_DO_PASS_ON:
    case CASEFILE_DO_RELEASE:
    case CASEFILE_DO_HAND_OVER:
    case CASEFILE_DO_ASK:
    case CASEFILE_DO_HEAR:
    case CASEFILE_DO_EXEMPT:
    case CASEFILE_DO_EXTEND:
    case CASEFILE_DO_SUSPEND:
    case CASEFILE_DO_RESUME:
    case CASEFILE_DO_DECIDE:
    case CASEFILE_DO_REPLY:
    case CASEFILE_DO_CLOSE:
    case CASEFILE_DO_SETTLE_SIGNING:
    case CASEFILE_DO_SIGN:
    case CASEFILE_DO_FALL:
    case CASEFILE_DO_UPHOLD:
    case CASEFILE_DO_GRANT:
    case CASEFILE_ACTION_COUNT:
        break;
    }
    return BY_CASEWORKER;
}

bool waits_for_signatures(const struct casefile *c, enum casefile_action action)
{
    return c->unsigned_n &&
           (action == CASEFILE_DO_DECIDE || action == CASEFILE_DO_REPLY || action == CASEFILE_DO_GRANT ||
            (action == CASEFILE_DO_CLOSE && c->state == CASEFILE_WORKING));
}

bool appeal_sent_on(enum casefile_state state, struct opt_int deadline_us)
{
    return state == CASEFILE_APPEALED && !deadline_us.set;
}

bool appeal_allows(const struct casefile *c, enum casefile_action action)
{
    if (c->state != CASEFILE_APPEALED)
        return true;
    if (action == CASEFILE_DO_CLOSE)
        return c->sent_on;
    return !c->sent_on || (action != CASEFILE_DO_UPHOLD && action != CASEFILE_DO_EXTEND);
}

/* How this case may end: what a service does not decide (praise and complaints) is answered and closed, there is
   nothing to refuse; a party gets a decision; one who gave no name a reply, because a decision could be sent to nobody.
 */
static bool ends_so(struct cx *cx, const struct casefile *c, enum casefile_action action)
{
    bool closes = action == CASEFILE_DO_CLOSE && c->state == CASEFILE_WORKING;
    bool decides = action == CASEFILE_DO_DECIDE || action == CASEFILE_DO_HEAR || action == CASEFILE_DO_EXEMPT;
    bool replies = action == CASEFILE_DO_REPLY;
    if (!closes && !decides && !replies)
        return true;
    if (replies && c->state == CASEFILE_DECIDED && !c->reply_failed)
        return false;
    const struct service_version *v = service_version_by_id(cx, c->service_version_id);
    return closes ? !v || !v->decides : (!v || v->decides) && decides == (c->party_id != 0);
}

bool action_allowed(struct cx *cx, const struct casefile *c, enum casefile_action action, bool as_party)
{
    enum casefile_state to;
    if (!state_after(c->state, action, &to))
        return false;
    if (action_by(action) == BY_PARTY) {
        bool in_time = !c->appeal_until_us.set || cx->now_us < c->appeal_until_us.v;
        return as_party && (action != CASEFILE_DO_APPEAL || (c->appeal_until_us.set && in_time));
    }
    bool nobodys_button = action == CASEFILE_DO_GRANT || action == CASEFILE_DO_SIGN || action == CASEFILE_DO_FALL;
    if (nobodys_button || as_party || cx->who->kind != WHO_EMPLOYEE ||
        !auth_has(cx->who, ROLE_CASEWORKER | ROLE_LEADER))
        return false;
    /* what nobody has taken, anyone of the unit may send to the right one */
    bool nobodys = !c->caseworker_id && action == CASEFILE_DO_PASS_ON;
    if (action_by(action) == BY_CASEWORKER && c->caseworker_id != cx->who->employee_id && !nobodys &&
        !auth_has(cx->who, ROLE_LEADER))
        return false;
    if (action == CASEFILE_DO_TAKE) /* a colleague's only while the colleague is away */
        return !c->caseworker_id || (c->caseworker_away && c->caseworker_id != cx->who->employee_id);
    if (action == CASEFILE_DO_RELEASE)
        return c->caseworker_id != 0;
    if (action == CASEFILE_DO_RECEIVE_APPEAL)
        return c->decided_us.set;
    if (action == CASEFILE_DO_SETTLE_SIGNING)
        return c->unsigned_n > 0;
    if (waits_for_signatures(c, action) || !appeal_allows(c, action))
        return false;
    return ends_so(cx, c, action);
}

struct str casefile_state_text(struct cx *cx, enum casefile_state state, bool fell, bool sent_on, bool party_view)
{
    static const enum text unit[] = {
#define X(upper, lower) T_casefile_state_##lower,
        CASEFILE_STATES(X)
#undef X
    };
    static const enum text party[] = {
#define X(upper, lower) T_casefile_state_##lower##_party,
        CASEFILE_STATES(X)
#undef X
    };
    if (fell && state == CASEFILE_WITHDRAWN)
        return i18n_text(cx->lang, T_casefile_state_fell);
    if (sent_on && state == CASEFILE_APPEALED)
        return i18n_text(cx->lang, party_view ? T_casefile_state_sent_on_party : T_casefile_state_sent_on);
    return i18n_text(cx->lang, party_view ? party[state] : unit[state]);
}
