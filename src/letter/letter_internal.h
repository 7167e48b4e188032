/* Shared by the files of this room alone. */
#pragma once
#include "access/access.h"
#include "casefile/casefile.h"
#include "decision/decision.h"
#include "i18n/i18n.h"
#include "letter.h"
#include "letter_store.h"
#include "letter_view.h"

enum { TITLE_MAX = 200, TEXT_MAX = 40000, ATTACHMENTS_MAX = 20 };

/* The letter without asking who asks. ERR_NOT_FOUND. */
enum err letter_load(struct cx *cx, int64_t id, struct letter *ret);

/* The letter, and its case file opened for cx->who: an employee for writing letters, or the program itself. */
enum err letter_enter(struct cx *cx, int64_t id, struct letter *ret, struct casefile_view *ret_view);
enum err letter_enter_casefile(struct cx *cx, int64_t casefile_id, struct casefile_view *ret_view);

/* What fills the placeholders, in the letter's language. */
struct letter_facts {
    struct letter_value values[SLOT_COUNT];
    struct decision decision; /* id 0: none */
    struct str phone, email;  /* of the unit */
    struct str appeal_term;   /* "4 uger" */
    struct str appeal_body;   /* "Ankestyrelsen" */
};
enum err letter_facts(struct cx *cx, const struct letter *letter, const struct casefile_view *view,
                      struct letter_facts *ret);

/* Law 4: what a letter of an adverse decision must carry. True everywhere for other letters. */
struct letter_law {
    bool reasons, legal_basis, appeal, contact;
};
struct letter_law letter_law_check(struct cx *cx, const struct letter_facts *facts, enum lang lang,
                                   struct str sent_markdown);
static inline bool letter_law_met(struct letter_law l)
{
    return l.reasons && l.legal_basis && l.appeal && l.contact;
}

/* The case file of a letter for the person who reads it: as its party or by mandate, the party's letters; as somebody
   who was asked to sign it (*ret_other), the own letters, and then the view is for its number and unit alone.
   ERR_NOT_FOUND. */
enum err letter_casefile_of_reader(struct cx *cx, const struct letter *letter, struct casefile_view *ret,
                                   bool *ret_other);

/* The lines in the window of the envelope: the name, and the address when asked for. */
struct str letter_window(struct cx *cx, const struct party *party, bool address);

/* In the letter's language, then cx->lang as it was. */
struct str letter_text(struct cx *cx, enum lang lang, enum text key);

/* Adds the job that dispatches this version of the letter. Inside db_write. */
enum err letter_job_add(struct cx *cx, int64_t id, int64_t version, int64_t run_at_us);

/* The letter has arrived: the appeal runs, the case file is free to close. Inside db_write. */
enum err letter_arrived(struct cx *cx, const struct letter *letter, int64_t arrived_us, struct opt_int appeal_deadline);
struct opt_int letter_appeal_deadline(struct cx *cx, const struct letter *letter, const struct casefile *file,
                                      int64_t arrived_us);
