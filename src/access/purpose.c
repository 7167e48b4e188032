/* Why somebody looked, in words. The log keeps the house's own language, so that one purpose is one purpose whoever
   worked in whatever language; the reader is told in hers. */
#include "access_internal.h"
#include "i18n/i18n.h"
#include "municipality/municipality.h"

/* The purposes that are texts of the program. */
static const enum text purposes[] = {
    T_access_purpose_oversight,
    T_casefile_purpose_queue,
    T_casefile_purpose_search,
    T_casefile_purpose_mandate,
    T_casefile_purpose_export,
    T_casefile_purpose_team,
    T_casefile_purpose_sign,
    T_counter_purpose_apply_stored,
    T_counter_purpose_continue_stored,
    T_counter_purpose_status_stored,
    T_desk_purpose,
    T_form_purpose_mandate,
    T_journal_purpose,
    T_letter_purpose,
    T_letter_purpose_print,
    T_noark_purpose,
    T_noark_purpose_employee,
    T_oversight_withhold_purpose,
    T_party_purpose_post,
    T_post_purpose,
    T_takeout_purpose,
};
enum { PURPOSES = sizeof purposes / sizeof *purposes };

static access_words_fn service_words;

void access_words_hook(access_words_fn fn)
{
    service_words = fn;
}

enum lang access_house_lang(const struct cx *cx)
{
    return cx->muni ? cx->muni->first_lang : LANG_DA;
}

struct str access_purpose(const struct cx *cx, enum text key)
{
    return i18n_text(access_house_lang(cx), key);
}

static bool is_text(struct str s, enum text key)
{
    for (int lang = 0; lang < LANG_COUNT; lang++)
        if (str_eq(s, i18n_text((enum lang)lang, key)))
            return true;
    return false;
}

struct access_words access_purpose_words(struct cx *cx, struct str kept)
{
    struct str words = {0};
    for (size_t i = 0; kept.n && i < PURPOSES; i++)
        if (is_text(kept, purposes[i]))
            return (struct access_words){.text = i18n_text(cx->lang, purposes[i])};
    if (kept.n && service_words)
        words = service_words(cx, kept);
    if (words.n)
        return (struct access_words){.text = words};
    enum lang house = access_house_lang(cx);
    return (struct access_words){.text = kept, .lang = house == cx->lang ? S("") : str_of(i18n_code(house))};
}
