/* The municipality as configuration: what municipality/municipality.yaml and people.yaml say, checked, and the
   working-day calendar of its country. Immutable once loaded; every request reads it through cx->muni. Layout:
   docs/service-folder.md. */
#pragma once
#include "base/base.h"
#include "codec/codec.h"

/* How sure a login is: eIDAS regulation 910/2014 article 8 and NSIS. NONE: not logged in. */
enum assurance { ASSURANCE_NONE, ASSURANCE_LOW, ASSURANCE_SUBSTANTIAL, ASSURANCE_HIGH };

enum country { COUNTRY_DK, COUNTRY_NO };

/* What follows from the country; one constant row each, municipality_country(). */
struct country_rules {
    enum country country;
    const char *code;         /* "DK", "NO": ISO 3166-1 */
    const char *key;          /* "dk", "no": as party_idno_parse takes it */
    const char *time_zone;    /* "Europe/Copenhagen" */
    const char *class_system; /* "KLE" or "K-koder": what `classification` of a service means */
    int appeal_days;          /* calendar days from arrival: DK 28 (4 weeks), NO 21 (forvaltningsloven § 29) */
    int review_days;          /* calendar days that the new look at an appealed decision may take, from receipt: DK 28
                                 (4 weeks, bekendtgørelse om retssikkerhed og administration på det sociale område § 10,
                                 to retssikkerhedslovens § 66); NO: forvaltningsloven § 11 a and § 33 name no number, only
                                 "uten ugrunnet opphold", and the same 28 are what one works towards */
    bool appeal_when_sent; /* an appeal is in time when it was sent in time (NO: forvaltningsloven § 30); else when it
                              has been received (DK: retssikkerhedslovens § 67) */
    int phone_country;     /* 45, 47 */
    int idno_shift_field;  /* demo identity numbers: DK day + 60 (0), NO month + 80 (1) */
    struct words appeal_term; /* "4 uger", "4 uker", "4 weeks", "4 veker" */
    struct words idno_name;   /* "cpr-nummer", "fødselsnummer", "civil registration number" */
    struct words appeal_body; /* "Ankestyrelsen", "Statsforvalteren" */
};
const struct country_rules *municipality_country(enum country country);

struct municipality_unit {
    struct str key;    /* "hjaelpemidler" */
    struct str parent; /* key of the unit above; empty at the top */
    struct words name;
    struct str phone, email, address; /* empty: the municipality's own */
    struct words hours;               /* empty: the municipality's own */
};

struct municipality_place {
    struct words name; /* of a counter or library where one gets help: "Borgerservice, Fjordby Rådhus" */
    struct str address, phone;
    struct words hours;
};

/* A life situation the catalogue is browsed by. */
struct municipality_situation {
    struct str key; /* "sygdom" */
    struct words name, text;
};

/* The colours of the face. At load: white on primary, and primary on white, at least 4.5:1 (WCAG 2.2, 1.4.3); the dark
   ones too. "#00543c", lower case. */
struct municipality_colours {
    struct str primary, primary_dark, primary_darker;
};

/* One OpenID Connect provider; ID-porten and a MitID broker differ only in these values. */
struct oidc_level {
    struct str acr; /* "idporten-loa-high", "https://data.gov.dk/concept/core/nsis/Substantial" */
    enum assurance level;
};
struct oidc_param {
    struct str name, value; /* sent as it is with the authorize request: idp_values=mitid */
};
struct oidc_issuer {
    bool set;
    struct words name; /* on the login button: "MitID" */
    struct str issuer; /* https://…; /.well-known/openid-configuration is fetched below it */
    struct str client_id;
    struct str client_secret_file; /* path of a file with the secret alone; relative to the data directory */
    struct str scope;              /* "openid profile" */
    struct str claim_idno;         /* "pid", "dk.cpr" */
    struct str claim_name;         /* "name"; empty: from the register */
    struct str claim_email;
    struct str claim_acr;             /* where the level stands in the answer: "acr", "loa" */
    struct str claim_roles;           /* employees: a list of role names; empty: roles come from people.yaml alone */
    struct str claim_units;           /* employees: a list of unit keys */
    struct str claim_employee;        /* employees: what identifies one, "sub" or "preferred_username" */
    VEC_OF(struct oidc_level) levels; /* acr asked for = the acr of the lowest row that reaches the level wanted */
    VEC_OF(struct oidc_param) params;
    bool send_ui_locales;
    bool logout; /* call end_session at logout */
};

struct smtp_settings {
    bool set;       /* else, in the demo, mail goes to a folder of .eml files */
    struct str url; /* "smtps://smtp.example.dk:465", "smtp://…:587" */
    struct str user, password_file;
    bool require_tls;
};

/* Demo people (people.yaml): citizens of the demo register, and employees who can be chosen at the demo login. */
struct municipality_person {
    struct str key; /* "anna" */
    struct str name, idno;
    struct str street, postcode, city, email, phone;
    day_t born;            /* from the identity number */
    bool reserved_digital; /* gets paper (law 6) */
    bool protected_address;
    struct str income;          /* of the household, kroner a year; empty: the register does not know it */
    struct str children;        /* under 18 at the address; empty: not known */
    struct str single;          /* "true": the only adult at the address, "false"; empty: not known */
    struct str spouse;          /* key of the person this one is married to; empty: nobody, or not known */
    VEC_OF(struct str) custody; /* keys of the children in this person's custody */
    bool no_login;              /* too young to log in: not among those one can be in the demo */
    bool employee;
    VEC_OF(struct str)
    roles; /* "caseworker", "leader", "admin", "counter", "protected", "dpo", "adviser", "archivist" */
    VEC_OF(struct str) units;
    struct words about; /* one line for the demo chooser */
};

/* An association or company of the demo's register. */
struct municipality_organisation {
    struct str number, name;
    VEC_OF(struct str) represented_by; /* keys of people */
};

struct municipality {
    struct str name;         /* "Fjordby Kommune" */
    struct str short_name;   /* "Fjordby" */
    struct str key;          /* "fjordby": in file names and the client ids of APIs */
    struct str authority_no; /* DK municipality code "999" (example), NO kommunenummer */
    enum country country;
    const struct country_rules *rules;
    unsigned languages;               /* bits 1 << LANG_x; every text must have these */
    enum lang first_lang;             /* what a visitor without a preference sees */
    enum lang lang_order[LANG_COUNT]; /* the same in the order the municipality wrote them */
    int n_languages;
    struct str phone, email, address, web;
    struct words hours; /* of the telephone and the counter */
    struct words help;  /* Markdown: how to get help without a computer */
    VEC_OF(struct municipality_place) places;
    struct municipality_colours colours;
    struct str
        logo_svg; /* the file's bytes: an SVG without script, style or outside references; empty: the name alone */
    VEC_OF(struct municipality_unit) units;
    VEC_OF(struct municipality_situation) situations;
    VEC_OF(struct municipality_person) people;              /* empty outside the demo */
    VEC_OF(struct municipality_organisation) organisations; /* empty outside the demo */
    VEC_OF(struct municipality_person)
    staff;        /* `staff`: employees listed by name; key, name, email, phone, roles, units */
    bool example; /* the texts are an example; pages may say so */

    int postal_days;          /* working days a paper letter is on its way (law 5) */
    int recall_seconds;       /* a letter can be recalled so long before it leaves */
    bool employee_name_shown; /* to the citizen in "who has seen my data" */
    int session_idle_minutes, session_hours, session_warn_minutes;
    bool journal_public;              /* the public journal is shown: a duty in Norway, a choice in Denmark */
    struct str journal_request;       /* key of the service that takes requests for access to documents; empty: none */
    VEC_OF(struct str) journal_never; /* classes, or beginnings of classes, that never stand in it */
    struct str einnsyn_url;           /* of the national journal service's interface, without a slash; empty: none */
    struct str einnsyn_key_file;      /* path of a file with its key alone; relative to the data directory */
    bool archive_two_people;          /* a list for destruction is made by one administrator and approved by another */
    VEC_OF(struct str) archive_keep;  /* classes, or beginnings of classes, whose cases the archive keeps for ever */
    struct str mail_from, mail_from_name;
    struct smtp_settings smtp;
    VEC_OF(struct str) digest_to; /* who gets the daily mail about operation; empty: nobody */
    int digest_hour;              /* local; not before it */
    struct oidc_issuer citizens, employees;
    struct str privacy_url, accessibility_url; /* for the footer; empty: own page */
    struct words data_officer;                 /* Markdown: who the data protection officer is */
    struct hash hash;                          /* of the files it was made from */
};

/* Load DIR/municipality.yaml, its logo, and DIR/people.yaml when `demo`. Everything in *ret comes from `a`. Faults are
   added to ps; *ret is written when there was none. ERR_CONFIG (the detail has the first fault), ERR_IO: no such
   folder. */
enum err municipality_load(struct cx *cx, struct arena *a, struct str dir, bool demo, struct problems *ps,
                           const struct municipality **ret);
/* The same of texts in memory (tests, fuzzing). people may be empty. */
enum err municipality_parse(struct cx *cx, struct arena *a, struct str yaml, struct str people, struct problems *ps,
                            const struct municipality **ret);

/* NULL when there is none of that key. */
const struct municipality_unit *municipality_unit(const struct municipality *m, struct str key);
/* The unit's name in that language; `otherwise` when there is none of that key, or no municipality (NULL). */
struct str municipality_unit_name(const struct municipality *m, struct str key, enum lang lang, struct str otherwise);
const struct municipality_situation *municipality_situation(const struct municipality *m, struct str key);
const struct municipality_person *municipality_person(const struct municipality *m, struct str key);

/* Contact of a unit: its own, else the one above, else the municipality's. */
struct str municipality_unit_phone(const struct municipality *m, const struct municipality_unit *unit);
struct str municipality_unit_email(const struct municipality *m, const struct municipality_unit *unit);

/* ---- calendar ---- */

/* A public holiday, or a day treated as one when a time limit ends: DK: new year, Maundy Thursday, Good Friday, Easter
   Sunday and Monday, ascension, Whit Sunday and Monday, Christmas Day and 26 December; great prayer day until 2023;
   also 24 and 31 December and 5 June, when public offices are closed (an example: the municipality decides). NO: 1
   January, Maundy Thursday … Whit Monday, 1 and 17 May, 25 and 26 December. Not Saturdays and ordinary Sundays. */
bool municipality_is_holiday(const struct municipality *m, day_t day);
/* Monday to Friday and no holiday. */
bool municipality_is_working_day(const struct municipality *m, day_t day);
/* The n-th working day after `day` (n = 0: `day` itself, moved on to a working day). n may be negative. */
day_t municipality_add_working_days(const struct municipality *m, day_t day, int n);
/* Working days in (from, to]; negative when to < from. */
int municipality_working_days_between(const struct municipality *m, day_t from, day_t to);
/* The last day of an appeal that arrived on `arrived`: appeal_days later, moved on to a working day (DK:
   forvaltningslovens practice and retsplejeloven's rule by analogy; NO: forvaltningsloven § 30 with domstolloven §
   149). */
day_t municipality_appeal_deadline(const struct municipality *m, day_t arrived);
/* The last day of the unit's new look at a decision whose appeal was received on `received`: review_days later, moved
   on to a working day. */
day_t municipality_review_deadline(const struct municipality *m, day_t received);

/* ---- colours ---- */

/* WCAG 2.2 contrast ratio of two colours "#rrggbb", times 100 (450 is 4.5:1). -1 when one is no colour. */
int municipality_contrast(struct str a, struct str b);
/* The three colours as a style sheet: ":root{--k-primary:…}". Served by app as /static/municipality.css. */
struct str municipality_css(struct cx *cx, const struct municipality *m);
