/* Limits, default and pattern of a question from Form.io. They may look at other questions, so they come in the second
 * round. */
#include <string.h>

#include "i18n/i18n.h"
#include "import_form.h"

static void text_limits(struct import *im, struct item *item, const struct json *validate)
{
    struct arena *a = im->cx->arena;
    int64_t min = 0, max = 0;
    import_json_whole(a, validate, "minLength", &min);
    if (!import_json_whole(a, validate, "maxLength", &max) || max <= 0)
        import_json_whole(a, item->from, "maxLength", &max);
    import_lengths(im, item, min, max);
    static const char *const tokens = " off name given-name family-name organization postal-code "
                                      "address-level2 country-name bday tel email url ";
    struct str token = json_text(item->from, "autocomplete");
    struct str padded = str_fmt(a, " %" PRI_STR " ", STR_ARG(token));
    if (token.n && import_is_type(item, "text") && str_find(str_of(tokens), padded, 0) < strlen(tokens))
        import_own_text(im, item, "autocomplete", token);
}

static void number_limits(struct import *im, struct item *item, const struct json *validate)
{
    struct arena *a = im->cx->arena;
    static const char *const keys[] = {"min", "max"};
    for (int k = 0; k < 2; k++) {
        struct str s = import_json_scalar_of(a, validate, keys[k]);
        if (s.n && import_is_number(s))
            import_own_text(im, item, keys[k], s);
        else if (s.n)
            import_decide(im, item, s, "`%s` is no plain number; write the limit", keys[k]);
    }
    if (!import_is_type(item, "number"))
        return;
    int64_t decimals = 2;
    struct str kind = item->from_type;
    if (import_json_whole(a, item->from, "decimalLimit", &decimals))
        decimals = decimals < 0 ? 0 : decimals > 4 ? 4 : decimals;
    if (import_json_true(validate, "integer") || str_eq_z(kind, "year"))
        decimals = 0;
    if (decimals)
        import_own_text(im, item, "decimals", str_fmt(a, "%lld", (long long)decimals));
    struct words unit = import_plain(im, json_text(item->from, "suffix"));
    if (!import_words_given(&unit))
        unit = import_plain(im, json_text(item->from, "prefix"));
    if (import_words_given(&unit))
        import_own(im, item, "unit", import_words_node(im, &unit));
}

static void year_limits(struct import *im, struct item *item, const struct json *validate)
{
    static const char *const keys[] = {"minYear", "maxYear"};
    static const char *const ours[] = {"min", "max"};
    static const char *const usual[] = {"1000", "9999"};
    for (int k = 0; k < 2; k++) {
        struct str s = import_json_scalar_of(im->cx->arena, validate, keys[k]);
        import_own_text(im, item, ours[k], s.n && import_is_number(s) ? s : str_of(usual[k]));
    }
}

/* Days from today; or a day. */
static struct yaml *date_limit(struct import *im, const struct json *c, const char *days, const char *day)
{
    struct arena *a = im->cx->arena;
    int64_t n;
    day_t parsed;
    if (import_json_whole(a, c, days, &n) && n > -80000 && n < 80000)
        return import_scalar(a, n ? str_fmt(a, "today%+lldd", (long long)n) : S("today"));
    struct str s = str_slice(import_json_scalar_of(a, c, day), 0, 10);
    return civil_parse_day(s, &parsed) ? import_scalar(a, s) : NULL;
}

/* Not before the other date, or the day after it. */
static struct yaml *after_other(struct import *im, struct item *item)
{
    struct arena *a = im->cx->arena;
    struct str key = json_text(item->from, "beforeDateInputKey"), option;
    if (!key.n)
        return NULL;
    struct item *other = import_when(im, item, key, &option);
    if (!other || !import_is_type(other, "date") || other->order >= item->order || other->left_out) {
        import_decide(im, item, key, "it must be after the date `%" PRI_STR "`, which is not asked before it",
                      STR_ARG(key));
        return NULL;
    }
    struct yaml *id = import_scalar(a, other->id);
    return import_json_true(item->from, "mayBeEqual")
               ? id
               : import_one(a, "shift", import_pair(a, id, import_quoted(a, S("+1d"))));
}

static void date_limits(struct import *im, struct item *item)
{
    struct arena *a = im->cx->arena;
    const struct json *c = item->from, *picker = json_get(c, "datePicker");
    struct yaml *min = date_limit(im, c, "earliestAllowedDate", "specificEarliestAllowedDate");
    struct yaml *max = date_limit(im, c, "latestAllowedDate", "specificLatestAllowedDate");
    struct yaml *other = after_other(im, item);
    min = min ? min : date_limit(im, picker, "none", "minDate");
    max = max ? max : date_limit(im, picker, "none", "maxDate");
    if (min && other)
        min = import_one(a, "greatest", import_pair(a, other, min));
    if (min || other)
        import_own(im, item, "min", min ? min : other);
    if (max)
        import_own(im, item, "max", max);
    if (str_eq_z(item->from_type, "datetime") && json_get(c, "enableTime") && import_json_true(c, "enableTime"))
        import_decide(im, item, json_text(c, "format"), "the time of day is not asked; add a text question for it");
}

/* Years from this one. */
static void month_limits(struct import *im, struct item *item)
{
    struct arena *a = im->cx->arena;
    static const char *const keys[] = {"earliestAllowedDate", "latestAllowedDate"};
    int64_t n;
    for (int k = 0; k < 2; k++)
        if (import_json_whole(a, item->from, keys[k], &n) && n > -200 && n < 200)
            import_own_text(im, item, k ? "max" : "min", n ? str_fmt(a, "today%+lldy", (long long)n) : S("today"));
}

static void choice_limits(struct import *im, struct item *item, const struct json *validate)
{
    int64_t n;
    if (import_json_whole(im->cx->arena, validate, "minSelectedCount", &n) && n > 0 && n <= (int64_t)item->options.n)
        import_own_text(im, item, "min", str_fmt(im->cx->arena, "%lld", (long long)n));
    if (import_json_whole(im->cx->arena, validate, "maxSelectedCount", &n) && n > 0 && n <= (int64_t)item->options.n)
        import_own_text(im, item, "max", str_fmt(im->cx->arena, "%lld", (long long)n));
}

static void file_limits(struct import *im, struct item *item)
{
    struct arena *a = im->cx->arena;
    struct str size = json_text(item->from, "fileMaxSize");
    int64_t mb;
    if (size.n > 2 && str_to_i64(str_slice(size, 0, size.n - 2), &mb) && str_ends(size, S("MB")) && mb > 0)
        import_own_text(im, item, "max_mb", str_fmt(a, "%lld", (long long)(mb > 50 ? 50 : mb)));
    if (!import_json_true(item->from, "multiple"))
        import_own_text(im, item, "max_files", S("1"));
    struct str pattern = json_text(item->from, "filePattern");
    if (pattern.n && !str_eq_z(pattern, "*"))
        import_decide(im, item, pattern,
                      "which kinds of file are taken: write `accept: [pdf, jpg, png]` as you want it");
}

void import_formio_pattern(struct import *im, struct item *item, struct str pattern, struct words message)
{
    struct arena *a = im->cx->arena;
    bool text = import_is_type(item, "text longtext");
    if (!text) {
        import_decide(im, item, pattern, "the answer must match a pattern; the type checks it by its own rules");
        return;
    }
    struct yaml *check = import_map(a);
    if (pattern.n && pattern.p[0] == '^')
        pattern = str_slice(pattern, 1, pattern.n);
    if (pattern.n > 1 && pattern.p[pattern.n - 1] == '$' && pattern.p[pattern.n - 2] != '\\')
        pattern = str_slice(pattern, 0, pattern.n - 1);
    import_set(a, check, "pattern", import_quoted(a, pattern));
    import_set(a, check, "message", import_words_node(im, &message));
    import_check(im, item, check);
}

static void own_default(struct import *im, struct item *item)
{
    struct arena *a = im->cx->arena;
    const struct json *d = json_get(item->from, "defaultValue");
    struct str s = import_json_scalar(a, d);
    if (!d || !s.n || str_eq_z(s, "false") || import_json_true(item->from, "prefill"))
        return;
    const struct import_option *o = import_option_of(item, s);
    bool text = import_is_type(item, "text longtext");
    bool number = import_is_type(item, "number money");
    if (o && !import_is_type(item, "attachment"))
        import_own_text(im, item, "default", o->key);
    else if (text)
        import_own(im, item, "default", import_quoted(a, s));
    else if (number && import_is_number(s))
        import_own_text(im, item, "default", s);
    else if (import_is_type(item, "checkbox") && str_eq_z(s, "true"))
        import_decide(im, item, s, "it was ticked beforehand; consent must be given by the one who ticks");
    else
        import_decide(im, item, s, "what stands there beforehand was left out");
}

/* Limits that may look at other questions come in the second round. */
void import_formio_limits(struct import *im, struct item *item)
{
    const struct json *validate = json_get(item->from, "validate");
    struct str type = str_of(item->type);
    if (str_eq_z(type, "text") || str_eq_z(type, "longtext"))
        text_limits(im, item, validate);
    else if (str_eq_z(item->from_type, "year"))
        year_limits(im, item, validate);
    else if (str_eq_z(type, "number") || str_eq_z(type, "money"))
        number_limits(im, item, validate);
    else if (str_eq_z(type, "date"))
        date_limits(im, item);
    else if (str_eq_z(type, "month"))
        month_limits(im, item);
    else if (str_eq_z(type, "multiselect"))
        choice_limits(im, item, validate);
    else if (str_eq_z(type, "file"))
        file_limits(im, item);
    own_default(im, item);
    struct str pattern = json_text(validate, "pattern"), message = json_text(validate, "customMessage");
    if (pattern.n) {
        struct words m = message.n ? import_plain(im, message) : import_ours(T_import_pattern_message);
        import_formio_pattern(im, item, pattern, m);
    }
}
