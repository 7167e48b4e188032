/* What follows from the country. */
#include "municipality.h"

/* S() cannot stand in a constant. */
#define WORD(literal) \
    { \
        "" literal, sizeof(literal) - 1 \
    }

static const struct country_rules rules[] = {
    {
        .country = COUNTRY_DK,
        .code = "DK",
        .key = "dk",
        .time_zone = "Europe/Copenhagen",
        .class_system = "KLE",
        .appeal_days = 28,
        .review_days = 28,
        .phone_country = 45,
        .idno_shift_field = 0,
        .appeal_term = {{WORD("4 uger"), WORD("4 uker"), WORD("4 weeks"), WORD("4 veker")}},
        .idno_name = {{WORD("cpr-nummer"), WORD("cpr-nummer"), WORD("civil registration number (CPR)"),
                       WORD("cpr-nummer")}},
        .appeal_body = {{WORD("Ankestyrelsen"), WORD("Ankestyrelsen"),
                         WORD("the National Board of Appeal (Ankestyrelsen)"), WORD("Ankestyrelsen")}},
    },
    {
        .country = COUNTRY_NO,
        .code = "NO",
        .key = "no",
        .time_zone = "Europe/Oslo",
        .class_system = "K-koder",
        .appeal_days = 21,
        .review_days = 28,
        .appeal_when_sent = true,
        .phone_country = 47,
        .idno_shift_field = 1,
        .appeal_term = {{WORD("3 uger"), WORD("3 uker"), WORD("3 weeks"), WORD("3 veker")}},
        .idno_name = {{WORD("fødselsnummer"), WORD("fødselsnummer"), WORD("national identity number"),
                       WORD("fødselsnummer")}},
        .appeal_body = {{WORD("Statsforvalteren"), WORD("Statsforvalteren"),
                         WORD("the County Governor (Statsforvalteren)"), WORD("Statsforvaltaren")}},
    },
};

const struct country_rules *municipality_country(enum country country)
{
    return &rules[country];
}
