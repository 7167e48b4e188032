/* What a mail server says to a recipient: RFC 5321 section 4.2, with an enhanced status (RFC 3463) where it gives one.
 */
#include "mail.h"

/* Digits up to a character that is no digit; -1: none, or too many. */
static int number(struct str s, size_t *at)
{
    size_t from = *at;
    int n = 0;
    for (; *at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9' && *at - from < 3; ++*at)
        n = n * 10 + (s.p[*at] - '0');
    return *at > from ? n : -1;
}

static bool dot(struct str s, size_t *at)
{
    return *at < s.n && s.p[(*at)++] == '.';
}

void mail_answer_add(struct mail_answer *answer, struct str line)
{
    size_t at = 0;
    int status = number(line, &at);
    if (at != 3)
        return;
    answer->status = status;
    at++; /* a blank, or a hyphen when more lines follow */
    int kind = number(line, &at), subject = dot(line, &at) ? number(line, &at) : -1,
        detail = subject >= 0 && dot(line, &at) ? number(line, &at) : -1;
    if (answer->enhanced || detail < 0 || kind != status / 100)
        return;
    answer->enhanced = true;
    answer->subject = subject;
    answer->detail = detail;
}

/* Only the enhanced status says what is unavailable, and why. A bare 550 is "mailbox unavailable (e.g., mailbox not
   found, no access, or command rejected for policy reasons)", 551 "user not local", 553 "mailbox name not allowed" (RFC
   5321 section 4.2.3; after RCPT TO all three may come, section 4.3.2): a relay that does not know us for an hour
   answers with the same three digits as one that has never heard of Anna (Exim: "550 relay not permitted", "550
   Unrouteable address"; qmail: 553), and the words behind them are for people. So without the status a mail is tried as
   after every other failure. */
bool mail_answer_final(const struct mail_answer *answer)
{
    enum { ADDRESS = 1, OTHER = 0, SENDER_SYNTAX = 7, SENDER_SYSTEM = 8 }; /* Postfix: 5.1.0 for the sender too */
    return answer->status / 100 == 5 && answer->enhanced && answer->subject == ADDRESS && answer->detail != OTHER &&
           answer->detail != SENDER_SYNTAX && answer->detail != SENDER_SYSTEM;
}
