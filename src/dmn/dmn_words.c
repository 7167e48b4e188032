/* The receipt as sentences, from the labels and annotations of the model. */
#include "dmn_inner.h"
#include "i18n/i18n.h"

enum { MAX_ALTERNATIVES = 20 };

/* To whom, and with which words. */
struct speech {
    struct cx *cx;
    const struct dmn_saying *how; /* NULL: as the model has it */
};

/* A name or value of the model in the words the caller has for it; empty: none. */
static struct str own_word(const struct speech *sp, struct str name)
{
    return sp->how && sp->how->word ? sp->how->word(sp->cx, sp->how->ctx, name) : S("");
}

static struct str word_or(const struct speech *sp, struct str name)
{
    struct str word = own_word(sp, name);
    return word.n ? word : name;
}

static struct str name_of(const struct speech *sp, const struct dmn_item *it)
{
    struct str word = own_word(sp, it->name);
    return word.n ? word : it->label.n ? it->label : it->name;
}

/* 1234.5 as the language groups it. */
static struct str number_words(const struct speech *sp, struct feel_value v)
{
    struct buf b = buf_make(sp->cx->arena), out = buf_make(sp->cx->arena);
    int64_t whole;
    if (feel_to_i64(v, &whole))
        return i18n_number(sp->cx, whole);
    feel_write(&b, v);
    struct str text = buf_str(&b), digits = text;
    size_t dot = str_find_char(text, '.', 0);
    if (dot == text.n || !str_to_i64(str_slice(text, 0, dot), &whole))
        return digits;
    if (whole == 0 && text.p[0] == '-')
        buf_add_char(&out, '-');
    buf_add(&out, i18n_number(sp->cx, whole));
    buf_add_char(&out, sp->cx->lang == LANG_EN ? '.' : ',');
    buf_add(&out, str_slice(text, dot + 1, text.n));
    return buf_str(&out);
}

static struct str value_words(const struct speech *sp, struct feel_value v)
{
    struct buf b = buf_make(sp->cx->arena);
    switch (v.kind) {
    case FEEL_NULL:
        return i18n_text(sp->cx->lang, T_dmn_unknown);
    case FEEL_BOOLEAN:
        return i18n_text(sp->cx->lang, v.flag ? T_dmn_true : T_dmn_false);
    case FEEL_NUMBER:
        return number_words(sp, v);
    case FEEL_DATE:
        if (v.i64 > -700000 && v.i64 < 2900000) /* the years that i18n knows: 53 to 9909 */
            return i18n_day(sp->cx, (day_t)v.i64);
        break;
    default:
        break;
    }
    feel_write_string(&b, v);
    return v.kind == FEEL_STRING ? word_or(sp, buf_str(&b)) : buf_str(&b);
}

static struct str bound_words(const struct speech *sp, struct feel_value v, enum feel_bound bound, bool low)
{
    struct str value = value_words(sp, v);
    bool closed = bound == FEEL_CLOSED, day = v.kind == FEEL_DATE || v.kind == FEEL_TIME || v.kind == FEEL_DATE_TIME;
    if (low && day)
        return closed ? i18n_fmt(sp->cx, T_dmn_day_from, ARG("value", value))
                      : i18n_fmt(sp->cx, T_dmn_day_after, ARG("value", value));
    if (low)
        return closed ? i18n_fmt(sp->cx, T_dmn_at_least, ARG("value", value))
                      : i18n_fmt(sp->cx, T_dmn_more_than, ARG("value", value));
    if (day)
        return closed ? i18n_fmt(sp->cx, T_dmn_day_until, ARG("value", value))
                      : i18n_fmt(sp->cx, T_dmn_day_before, ARG("value", value));
    return closed ? i18n_fmt(sp->cx, T_dmn_at_most, ARG("value", value))
                  : i18n_fmt(sp->cx, T_dmn_less_than, ARG("value", value));
}

static struct str range_words(const struct speech *sp, const struct feel_range *r)
{
    bool low = r->low_bound != FEEL_UNBOUNDED, high = r->high_bound != FEEL_UNBOUNDED;
    if (r->unequal)
        return i18n_fmt(sp->cx, T_dmn_not, ARG("value", value_words(sp, r->low)));
    if (low && high && feel_equal(r->low, r->high) == 1)
        return value_words(sp, r->low);
    if (low && high)
        return i18n_fmt(sp->cx, T_dmn_both, ARG("low", bound_words(sp, r->low, r->low_bound, true)),
                        ARG("high", bound_words(sp, r->high, r->high_bound, false)));
    return low ? bound_words(sp, r->low, r->low_bound, true) : bound_words(sp, r->high, r->high_bound, false);
}

static struct str wanted_words(const struct speech *sp, const struct dmn_miss *m)
{
    struct str words = range_words(sp, &m->ranges[0]);
    for (size_t i = 1; i + 1 < m->n_ranges; i++)
        words = str_fmt(sp->cx->arena, "%.*s, %.*s", STR_ARG(words), STR_ARG(range_words(sp, &m->ranges[i])));
    if (m->n_ranges > 1)
        words = i18n_fmt(sp->cx, T_dmn_either, ARG("first", words),
                         ARG("second", range_words(sp, &m->ranges[m->n_ranges - 1])));
    return m->not ? i18n_fmt(sp->cx, T_dmn_not, ARG("value", words)) : words;
}

static struct str miss_words(const struct speech *sp, const struct dmn_miss *m)
{
    struct str value = value_words(sp, m->value);
    if (m->n_ranges && m->n_ranges <= MAX_ALTERNATIVES)
        return i18n_fmt(sp->cx, T_dmn_miss, ARG("what", word_or(sp, m->label)), ARG("wanted", wanted_words(sp, m)),
                        ARG("value", value));
    return i18n_fmt(sp->cx, T_dmn_miss_test, ARG("what", word_or(sp, m->label)), ARG("wanted", m->cell),
                    ARG("value", value));
}

static struct str why_words(const struct speech *sp, enum feel_why why)
{
    static const enum text keys[] = {T_dmn_why_none,  T_dmn_why_syntax,    T_dmn_why_name,  T_dmn_why_member,
                                     T_dmn_why_type,  T_dmn_why_arguments, T_dmn_why_value, T_dmn_why_range,
                                     T_dmn_why_index, T_dmn_why_coercion,  T_dmn_why_limit, T_dmn_why_model};
    return i18n_text(sp->cx->lang, (size_t)why < sizeof keys / sizeof *keys ? keys[why] : T_dmn_why_none);
}

static void say(struct buf *b, struct str sentence)
{
    buf_add(b, sentence);
    buf_add_char(b, '\n');
}

static void say_input(const struct speech *sp, struct buf *b, const struct dmn_step *s)
{
    struct str what = name_of(sp, s->item), value = value_words(sp, s->value);
    if (s->item->kind == DMN_DECISION)
        say(b, i18n_fmt(sp->cx, T_dmn_given_decision, ARG("what", what), ARG("value", value)));
    else if (feel_is_null(s->value))
        say(b, i18n_fmt(sp->cx, T_dmn_not_given, ARG("what", what)));
    else if (s->source.n)
        say(b, i18n_fmt(sp->cx, T_dmn_given_from, ARG("what", what), ARG("value", value), ARG("source", s->source)));
    else
        say(b, i18n_fmt(sp->cx, T_dmn_given, ARG("what", what), ARG("value", value)));
}

static void say_near(const struct speech *sp, struct buf *b, const struct dmn_hit *h)
{
    struct str *misses = arena_array(sp->cx->arena, struct str, h->n_misses);
    for (size_t i = 0; i < h->n_misses; i++)
        misses[i] = miss_words(sp, &h->misses[i]);
    say(b, i18n_fmt(sp->cx, T_dmn_near, ARG("rule", (int64_t)h->rule),
                    ARG("misses", i18n_list(sp->cx, misses, h->n_misses))));
}

/* Annotation columns that are named by a language ("da", "nb" …) are for the readers of that language; the others for
   all. */
static struct str annotation_of(const struct speech *sp, const struct dmn_hit *h)
{
    struct buf b = buf_make(sp->cx->arena);
    bool for_all = true;
    for (size_t i = 0; i < h->n_notes; i++) {
        enum lang lang;
        if (!h->notes[i].text.n || !i18n_lang(h->notes[i].name, &lang))
            continue;
        for_all = false;
        if (lang == sp->cx->lang)
            buf_add(&b, h->notes[i].text);
    }
    if (!for_all)
        return buf_str(&b);
    return h->annotation.n ? h->annotation : h->description;
}

static void say_annotation(const struct speech *sp, struct buf *b, const struct dmn_hit *h)
{
    struct str text = annotation_of(sp, h);
    if (text.n)
        say(b, i18n_fmt(sp->cx, T_dmn_annotation, ARG("rule", (int64_t)h->rule), ARG("text", text)));
}

static void say_table(const struct speech *sp, struct buf *b, const struct dmn_step *s, const struct dmn_table_trace *t)
{
    struct str what = name_of(sp, s->item), value = value_words(sp, t->result);
    struct str *rules = arena_array(sp->cx->arena, struct str, t->n_hits);
    size_t n = 0;
    for (size_t i = 0; i < t->n_hits; i++)
        if (t->hits[i].matched)
            rules[n++] = str_fmt(sp->cx->arena, "%zu", t->hits[i].rule);
    if (n == 1)
        say(b, i18n_fmt(sp->cx, T_dmn_by_rule, ARG("what", what), ARG("value", value), ARG("rule", rules[0])));
    else if (n)
        say(b, i18n_fmt(sp->cx, T_dmn_by_rules, ARG("what", what), ARG("value", value),
                        ARG("rules", i18n_list(sp->cx, rules, n))));
    else if (t->defaulted)
        say(b, i18n_fmt(sp->cx, T_dmn_by_default, ARG("what", what), ARG("value", value)));
    else
        say(b, i18n_fmt(sp->cx, T_dmn_no_rule, ARG("what", what)));
    for (size_t i = 0; i < t->n_hits; i++)
        if (t->hits[i].matched)
            say_annotation(sp, b, &t->hits[i]);
    for (size_t i = 0; i < t->n_hits && !(sp->how && sp->how->without_near); i++)
        if (!t->hits[i].matched)
            say_near(sp, b, &t->hits[i]);
}

static void say_decision(const struct speech *sp, struct buf *b, const struct dmn_step *s)
{
    const struct feel_reason *why = feel_reason_of(s->value);
    for (size_t i = 0; i < s->n_tables; i++)
        say_table(sp, b, s, &s->tables[i]);
    if (feel_is_null(s->value))
        say(b, i18n_fmt(sp->cx, T_dmn_null, ARG("what", name_of(sp, s->item)),
                        ARG("why", why_words(sp, why ? why->why : FEEL_WHY_NONE))));
    else if (!s->n_tables)
        say(b,
            i18n_fmt(sp->cx, T_dmn_became, ARG("what", name_of(sp, s->item)), ARG("value", value_words(sp, s->value))));
}

struct str dmn_receipt_say(struct cx *cx, const struct dmn_receipt *r, const struct dmn_saying *how)
{
    const struct speech speech = {cx, how}, *sp = &speech;
    struct buf b = buf_make(cx->arena);
    say(&b, i18n_fmt(cx, T_dmn_result, ARG("what", name_of(sp, r->what)), ARG("value", value_words(sp, r->result))));
    for (size_t i = 0; i < r->n_steps && !(how && how->without_inputs); i++)
        if (r->steps[i].given || r->steps[i].item->kind == DMN_INPUT)
            say_input(sp, &b, &r->steps[i]);
    for (size_t i = 0; i < r->n_steps; i++)
        if (!r->steps[i].given && r->steps[i].item->kind == DMN_DECISION)
            say_decision(sp, &b, &r->steps[i]);
    return buf_str(&b);
}

struct str dmn_receipt_text(struct cx *cx, const struct dmn_receipt *r)
{
    return dmn_receipt_say(cx, r, NULL);
}

struct str dmn_value_text(struct cx *cx, struct feel_value v)
{
    return value_words(&(struct speech){cx, NULL}, v);
}
