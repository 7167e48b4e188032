/* Whatever address, subject and text are given: the message has our headers and no others, in short lines. Input:
   address, NUL, subject, NUL, text. */
#include <stdlib.h>

#include "mail/mail.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check(bool ok)
{
    if (!ok)
        abort();
}

static void check_message(struct str m)
{
    static const char *const names[] = {"From: ",
                                        "To: ",
                                        "Subject: ",
                                        "Date: ",
                                        "Message-ID: ",
                                        "MIME-Version: ",
                                        "Content-Type: ",
                                        "Content-Transfer-Encoding: ",
                                        "Content-Language: ",
                                        "Auto-Submitted: "};
    size_t head = str_find(m, S("\r\n\r\n"), 0), next = 0;
    check(head < m.n);
    for (size_t i = 0; i < head;) {
        size_t end = str_find(m, S("\r\n"), i);
        struct str line = str_slice(m, i, end);
        check(str_find_char(line, '\n', 0) == line.n && str_find_char(line, '\r', 0) == line.n);
        if (line.n && line.p[0] != ' ')
            check(next < 10 && str_starts(line, str_of(names[next++])));
        i = end + 2;
    }
    check(next == 10);
    for (size_t i = head + 4; i < m.n;) {
        size_t end = str_find(m, S("\r\n"), i);
        check(end < m.n && end - i <= 76);
        for (; i < end; i++)
            check(m.p[i] >= ' ' && m.p[i] <= '~');
        i = end + 2;
    }
}

/* The same bytes as a server's answer: what is final has a status that may be. */
static void check_answer(struct str s)
{
    struct mail_answer answer = {0};
    struct str line;
    while (str_cut(&s, '\n', &line))
        mail_answer_add(&answer, line);
    check(answer.status >= 0 && answer.status <= 999 && answer.subject >= 0 && answer.detail >= 0);
    check(!mail_answer_final(&answer) || answer.status / 100 == 5);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct cx cx = {.arena = arena_new(16 << 20)};
    struct str rest = {(const char *)data, n}, to = {0}, subject = {0};
    str_cut(&rest, 0, &to);
    str_cut(&rest, 0, &subject);
    if (!mail_address_ok(to))
        to = S("a@b.dk");
    check(str_find_char(to, '\n', 0) == to.n && str_find_char(to, '>', 0) == to.n && str_find_char(to, ' ', 0) == to.n);
    struct mail_config config = {.from = S("fra@kommune.example"), .from_name = S("Fjordby Kommune")};
    struct mail_new mail = {to, subject, rest.p ? rest : S(""), S("key"), LANG_DA};
    check_message(mail_message(&cx, &config, &mail, 0));
    check_answer(str_make((const char *)data, n));
    arena_free(cx.arena);
    return 0;
}
