/* Law 10: the letters of a case file whose record has been disposed of. */
#include "letter.h"
#include "letter_store.h"

enum err letter_erase(struct cx *cx, int64_t casefile_id)
{
    struct q_letter_of_casefile *letters;
    struct q_letter_erase_attachment_ids *rows;
    size_t n, n_letters;
    enum err e = q_letter_erase_attachment_ids(cx, casefile_id, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        e = files_drop(cx, S("letter_attachment"), rows[i].id);
    if (!e)
        e = q_letter_of_casefile(cx, casefile_id, &letters, &n_letters);
    for (size_t i = 0; !e && i < n_letters; i++)
        e = job_forget(cx, S("letter"), str_fmt(cx->arena, "%lld-", (long long)letters[i].id));
    if (!e)
        e = q_letter_erase_attachments(cx, casefile_id);
    return e ? e : q_letter_erase_rows(cx, casefile_id);
}
