/* Inside decision/: the rules of a service, compiled, and what they say of one application. */
#pragma once
#include "decision.h"
#include "dmn/dmn.h"

enum rules_from { RULES_FIELD, RULES_REGISTER, RULES_VALUE, RULES_DAY };

/* What one input of the model is bound to. */
struct rules_input {
    struct str name; /* as the model has it */
    enum rules_from from;
    struct str key;          /* the field, or the fact of the register */
    enum form_answer answer; /* what kind of value it is */
    bool fixed;              /* login or register tells it (law 9) */
    struct str law;          /* of a typed one: the words of the law by which the citizen's word is enough */
    struct str value;        /* RULES_VALUE: as it is written in service.yaml */
    struct form_described field;
};

/* One model and the days it is valid. */
struct rules_set {
    struct str file;   /* "rules.dmn" */
    day_t from, until; /* until 0: no end. First and last day */
    const struct dmn_model *model;
    const struct dmn_item *decision;
    const struct dmn_item **items; /* of the inputs, in their order; NULL: this model does not use it */
};

/* A name or value of the model in every language. */
struct rules_word {
    struct str word;
    struct words text;
};

struct rules {
    struct str decision; /* its name in the models */
    struct str grant;    /* the answer that is a full yes; anything else goes to a person */
    VEC_OF(struct rules_input) inputs;
    VEC_OF(struct rules_set) sets; /* as service.yaml lists them; no day has two */
    VEC_OF(struct rules_word) words;
};

/* The set of that day; NULL: none is valid. */
const struct rules_set *rules_of_day(const struct rules *rules, day_t day);
/* The set whose first day is the last. */
const struct rules_set *rules_newest(const struct rules *rules);
/* The word in cx->lang; empty when there is none. `ctx` is a struct rules: for struct dmn_saying. */
struct str rules_word(struct cx *cx, const void *ctx, struct str word);

/* ---- what they look at ---- */

struct rules_fact {
    const struct rules_input *input;
    struct feel_value value; /* null: not told */
    enum decision_origin origin;
    struct str source; /* key of the register, or the field */
    int64_t at_us;     /* when the register told it; 0: typed, set, or the login */
};
/* As a row of a page, in cx->lang. */
struct decision_fact rules_fact_words(struct cx *cx, const struct rules *rules, const struct rules_fact *f);
struct rules_facts {
    struct rules_fact *rows; /* one an input */
    size_t n;
};

/* An application as the rules see it. */
struct rules_case {
    struct str answers_json;         /* form_submission.answers_json */
    const struct party_facts *facts; /* what registers say of the party */
    day_t day;                       /* on which it was sent */
};
/* The values for the inputs of this set. */
enum err rules_gather(struct cx *cx, const struct rules *rules, const struct rules_set *set,
                      const struct rules_case *in, struct rules_facts *ret);
/* v × 10^-scale. */
struct feel_value rules_number(int64_t v, int8_t scale);
/* A value from its text in a table of examples, on a page or in service.yaml: number, true/false, 2026-01-31, a word;
   several words parted by commas. Null when it is none of its kind. */
struct feel_value rules_value(struct cx *cx, const struct rules_set *set, size_t input, struct str text);

/* ---- what they say ---- */

struct rules_said {
    enum decision_why why; /* DECISION_WHY_GRANTED: a full yes */
    const struct rules_input *about;
    struct str result;          /* JSON */
    struct str reason;          /* the annotation of the rule that decided, in the language asked for; may be empty */
    struct str evaluation_json; /* what dmn_receipt_json gives */
    struct str sentences[LANG_COUNT];
};
struct rules_asked {
    int64_t now_us;
    enum lang lang;  /* of `reason` */
    bool only_today; /* facts of a register older than a day decide nothing */
};
/* Let the rules answer. Never fails: what goes wrong is a reason for a person to decide. */
void rules_ask(struct cx *cx, const struct rules *rules, const struct rules_set *set, const struct rules_facts *facts,
               const struct rules_asked *asked, struct rules_said *ret);

/* ---- what is stored ---- */

/* The set with that file in the version that it was stored for; NULL: none, or its rules cannot be read any more. */
const struct rules_set *rules_stored_set(const struct service_version *v, struct str file);
/* The facts of a ruling as they were. */
enum err rules_stored_facts(struct cx *cx, int64_t casefile_id, const struct rules *rules, const struct rules_set *set,
                            struct rules_facts *ret);

/* ---- decision.c: a full yes by rules ---- */

struct decision_grant {
    int64_t casefile_id, rule_version_id;
    struct str legal_basis, reason;
};
/* A final decision that grants every line, in the same transaction: cx->who is the system. */
enum err decision_by_rules(struct cx *cx, const struct decision_grant *grant);
