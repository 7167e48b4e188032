/* The information model as tables (made by tools/noarkgen from noark.tbl). Everything the API says of a type it finds
   here; there is no code for any one type but the few rules in noark_change.c and noark_create.c. */
#pragma once
#include "base/base.h"

enum noark_kind {
    NOARK_TEXT,
    NOARK_TIME, /* date and time with zone, as it was sent (W3C XML Schema dateTime) */
    NOARK_INT,
    NOARK_REAL,
    NOARK_BOOL,
    NOARK_ID,     /* systemID of something */
    NOARK_CODE,   /* {"kode", "kodenavn"} of a list */
    NOARK_GROUP,  /* an object of a data type */
    NOARK_OWN,    /* virksomhetsspesifikkeMetadata: an object whose keys are registered */
    NOARK_SECRET, /* an identity number: sealed where it lies, found by a keyed hash */
};

/* In the order in which noarkgen knows them. */
enum noark_flag {
    NOARK_REQUIRED = 1,
    NOARK_MANY = 2,
    NOARK_CORE = 4,
    NOARK_FIXED = 8,
    NOARK_NOW = 16,
    NOARK_USER = 32,
    NOARK_UNIT = 64,
    NOARK_USERREF = 128,
};

struct noark_attr {
    const char *name;
    struct str key; /* as JSON has it: "\"tittel\":" */
    enum noark_kind kind;
    int of; /* index of the list or group in noark_types; -1 */
    unsigned flags;
    const char *begins; /* the value of a new entity; "" none */
};
struct noark_child {
    int type;       /* index in noark_types */
    const char *as; /* the relation, when it is not the type's own: "underklasse" */
    bool make;      /* may be created there */
    bool only;      /* is listed with its supertype */
};
struct noark_closed {
    const char *attr, *codes; /* codes: " A U "; empty: any value closes */
};
struct noark_element {
    const char *attr, *rel; /* attr: "noekkelord" or "skjerming.skjermingMetadata" */
};
struct noark_code {
    const char *code, *name;
};

struct noark_type {
    int number; /* stored; 0: a group */
    const char *name, *package;
    int super; /* index; -1 */
    bool is_abstract, is_list, is_group, is_logged;
    const struct noark_attr *attrs;
    int n_attrs;
    const struct noark_child *children;
    int n_children;
    const struct noark_closed *closed;
    int n_closed;
    const struct noark_element *elements;
    int n_elements;
    const struct noark_code *codes;
    int n_codes;
};

enum {
    NOARK_LINK_DOCUMENT = 5,      /* noark.tbl: documents of several registrations */
    NOARK_LINK_WRITES_OFF = 7,    /* beside those of noark.tbl: an avskrivning, and the entry that writes off */
    NOARK_LINK_WRITES_OFF_FOR = 8 /* an avskrivning, and the recipient it is for */
};
/* Both ends refer to many of the other. */
struct noark_link {
    int kind;           /* stored */
    int ends[2];        /* types */
    const char *rel[2]; /* of ends[0] for its list of ends[1], and back; "": none */
    bool make;          /* created from either end */
};

extern const struct noark_type noark_types[];
extern const size_t noark_types_n;
extern const int noark_by_name[]; /* indices of those that are no group */
extern const size_t noark_by_name_n;
extern const short noark_by_number[]; /* and by their number; -1: of none */
extern const int noark_by_number_n;
extern const struct noark_link noark_links[];
extern const size_t noark_links_n;
extern const struct noark_attr noark_attrs[];
extern const struct noark_child noark_children[];
extern const struct noark_closed noark_closings[];
extern const struct noark_element noark_elements[];
extern const struct noark_code noark_codes[];

#define NOARK_REL "https://rel.arkivverket.no/noark5/v5/api/"

/* NULL when there is none. */
const struct noark_type *noark_type_named(struct str package, struct str name);
const struct noark_type *noark_type_numbered(int64_t number);
/* By a name that is known to be there. */
const struct noark_type *noark_type_of(const char *name);
int noark_type_index(const struct noark_type *t);
/* t is `super` or one of its subtypes. */
bool noark_is_a(const struct noark_type *t, const struct noark_type *super);
/* The same by the name of the super. */
bool noark_is(const struct noark_type *t, const char *super);
const struct noark_attr *noark_attr_named(const struct noark_type *t, struct str name);
/* The name of a code in its list as the specification has it; NULL. */
const char *noark_code_name(const struct noark_type *list, struct str code);
/* It is created at the top of its package, not in something else. */
bool noark_made_at_top(const struct noark_type *t);
