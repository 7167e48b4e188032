/* Mandates in words. */
#include "mandate_handlers.h"

#include "i18n/i18n.h"
#include "service/service.h"

struct str mandate_what(struct cx *cx, struct str scope)
{
    struct buf b = buf_make(cx->arena);
    struct str key;
    if (!scope.n)
        return i18n_text(cx->lang, T_mandate_what_all);
    while (scope.n && str_cut(&scope, ' ', &key)) {
        const struct service_version *v = service_latest(cx, key);
        if (b.n)
            buf_add_z(&b, ", ");
        buf_add(&b, v ? words_in(&v->name, cx->lang) : key);
    }
    return buf_str(&b);
}

struct str mandate_how(struct cx *cx, bool act)
{
    return i18n_text(cx->lang, act ? T_mandate_how_act : T_mandate_how_read);
}

struct str mandate_until(struct cx *cx, struct opt_int until_us)
{
    if (!until_us.set)
        return i18n_text(cx->lang, T_mandate_until_withdrawn);
    return i18n_fmt(cx, T_mandate_until_day, ARG("day", i18n_day(cx, civil_day_of_us(until_us.v - 1))));
}

static struct str basis(struct cx *cx, const struct party_mandate *m)
{
    switch (m->basis) {
    case PARTY_BASIS_SELF:
        return i18n_fmt(cx, T_mandate_basis_self, ARG("day", i18n_date(cx, m->given_us)));
    case PARTY_BASIS_PAPER:
        return i18n_fmt(cx, T_mandate_basis_paper, ARG("day", i18n_date(cx, m->given_us)),
                        ARG("name", m->registered_by), ARG("purpose", m->purpose));
    case PARTY_BASIS_OFFICE:
        return i18n_fmt(cx, T_mandate_basis_office, ARG("day", i18n_date(cx, m->given_us)),
                        ARG("name", m->registered_by), ARG("purpose", m->purpose));
    case PARTY_BASIS_CUSTODY:
        return i18n_text(cx->lang, T_mandate_basis_custody);
    case PARTY_BASIS_BUSINESS:
        return i18n_text(cx->lang, T_mandate_basis_business);
    }
    return S("");
}

static struct str over(struct cx *cx, const struct party_mandate *m)
{
    if (m->withdrawn_us.set) {
        struct str day = i18n_date(cx, m->withdrawn_us.v);
        if (!m->withdrawn_by)
            return i18n_fmt(cx, T_mandate_over_register, ARG("day", day));
        bool giver = m->withdrawn_by == m->giver_id;
        return i18n_fmt(cx, giver ? T_mandate_over_withdrawn : T_mandate_over_put_down, ARG("day", day),
                        ARG("name", giver ? m->giver_name : m->holder_name));
    }
    if (m->until_us.set && m->until_us.v <= cx->now_us)
        return i18n_fmt(cx, T_mandate_over_time, ARG("day", i18n_day(cx, civil_day_of_us(m->until_us.v - 1))));
    return S("");
}

struct mandate_row mandate_row_of(struct cx *cx, const struct party_mandate *m, bool given)
{
    bool registered = m->basis == PARTY_BASIS_CUSTODY || m->basis == PARTY_BASIS_BUSINESS;
    struct mandate_row row = {.id = m->id,
                              .who = given ? m->holder_name : m->giver_name,
                              .what = mandate_what(cx, m->scope),
                              .how = mandate_how(cx, m->act),
                              .until = registered ? S("") : mandate_until(cx, m->until_us),
                              .basis = basis(cx, m),
                              .over = over(cx, m),
                              .document = m->has_document};
    row.can_end = !row.over.n && !registered;
    return row;
}

bool mandate_names_other(const struct cx *cx, const struct party_mandate *m)
{
    bool over = m->withdrawn_us.set || (m->until_us.set && m->until_us.v <= cx->now_us);
    return !over || m->basis != PARTY_BASIS_CUSTODY;
}

struct str mandate_news_text(struct cx *cx, const struct party_message *message)
{
    static const enum text words[] = {
        [PARTY_NEWS_OFFERED] = T_mandate_news_offered,   [PARTY_NEWS_ACCEPTED] = T_mandate_news_accepted,
        [PARTY_NEWS_DECLINED] = T_mandate_news_declined, [PARTY_NEWS_WITHDRAWN] = T_mandate_news_withdrawn,
        [PARTY_NEWS_PUT_DOWN] = T_mandate_news_put_down, [PARTY_NEWS_PAPER] = T_mandate_news_paper,
    };
    return i18n_fmt(cx, words[message->kind], ARG("name", message->other),
                    ARG("what", mandate_what(cx, message->scope)), ARG("how", mandate_how(cx, message->act)),
                    ARG("until", mandate_until(cx, message->until_us)));
}
