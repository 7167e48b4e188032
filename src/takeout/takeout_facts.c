/* What registers and the person herself have told, in words: with source and date. */
#include "takeout_internal.h"

#include "i18n/i18n.h"
#include "party/party.h"

/* Names of the facts, in the order they are shown. */
static const struct {
    const char *attr;
    enum text label;
} labels[] = {
    {"name", T_takeout_fact_name},         {"street", T_takeout_fact_street},   {"postcode", T_takeout_fact_postcode},
    {"city", T_takeout_fact_city},         {"country", T_takeout_fact_country}, {"born", T_takeout_fact_born},
    {"phone", T_takeout_fact_phone},       {"email", T_takeout_fact_email},     {"income", T_takeout_fact_income},
    {"children", T_takeout_fact_children}, {"single", T_takeout_fact_single},
};

static struct str source_text(struct cx *cx, struct str source)
{
    return i18n_text(cx->lang, str_eq_z(source, "self")     ? T_takeout_source_self
                               : str_eq_z(source, "income") ? T_takeout_source_income
                                                            : T_takeout_source_register);
}

static struct str value_text(struct cx *cx, const struct party_fact *f)
{
    day_t day;
    int64_t kroner;
    if (civil_parse_day(f->value, &day))
        return i18n_day(cx, day);
    if (str_eq_z(f->attr, "income") && str_to_i64(f->value, &kroner))
        return i18n_money(cx, kroner * 100);
    if (str_eq_z(f->attr, "single"))
        return i18n_text(cx->lang, str_eq_z(f->value, "true") ? T_takeout_fact_yes : T_takeout_fact_no);
    return f->value;
}

bool takeout_fact_hidden(const struct cx *cx, int64_t party_id, struct str attr)
{
    return cx->who->party_id != party_id && party_is_household(attr);
}

enum err takeout_facts(struct cx *cx, int64_t party_id, struct takeout_facts *ret)
{
    struct party party;
    struct party_facts facts;
    enum err e = party_get(cx, party_id, &party);
    if (!e)
        e = party_facts(cx, party_id, &facts);
    if (e)
        return e;
    *ret = (struct takeout_facts){.name = party.name};
    if (party.has_idno)
        vec_add(cx->arena, &ret->rows,
                (struct takeout_fact){.label = i18n_text(cx->lang, T_takeout_fact_idno),
                                      .value = party.idno_masked,
                                      .source = source_text(cx, party.source),
                                      .at_us = party.fetched_us});
    for (size_t k = 0; k < sizeof labels / sizeof *labels; k++)
        for (size_t i = 0; i < facts.rows.n; i++) {
            const struct party_fact *f = &facts.rows.p[i];
            if (str_eq_z(f->attr, labels[k].attr) && !str_empty(f->value) &&
                !takeout_fact_hidden(cx, party_id, f->attr))
                vec_add(cx->arena, &ret->rows,
                        (struct takeout_fact){.label = i18n_text(cx->lang, labels[k].label),
                                              .value = value_text(cx, f),
                                              .source = source_text(cx, f->source),
                                              .at_us = f->fetched_us});
        }
    return ERR_OK;
}
