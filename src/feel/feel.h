/* FEEL, the expression language of DMN 1.5 (OMG formal/2023-08, clause 10.3): values, types, compilation, evaluation.
   Text is compiled once, against the names in scope, to immutable code that any number of threads may evaluate, each
   with a struct feel_run of its own. There are no exceptions: what goes wrong gives null, and the null knows why. */
#pragma once
#include "base/base.h"
#include "feel/feel_zone.h"

struct json;
struct json_out;

/* ---- Values -------------------------------------------------------------------------------------------------------
   Sixteen bytes, passed by value, immutable. What `p` points to lives in an arena: that of the run that made it, or
   that of the code that holds it as a constant. */

enum feel_kind {
    FEEL_NULL, /* n: enum feel_why, p: struct feel_reason or NULL; n 0 is the null that somebody meant */
    FEEL_BOOLEAN,
    FEEL_NUMBER, /* tag 0: i64 × 10^-scale, scale 0…18; tag 1: p is a struct feel_num */
    FEEL_STRING, /* n: bytes; tag 1: all are ASCII */
    FEEL_DATE,   /* i64: days since 1970-01-01 */
    FEEL_TIME,   /* p: struct feel_time, as of date and time */
    FEEL_DATE_TIME,
    FEEL_MONTHS,   /* years and months duration; i64: months */
    FEEL_DURATION, /* days and time duration; i64: seconds, n: nanoseconds */
    FEEL_LIST,
    FEEL_CONTEXT,
    FEEL_RANGE,
    FEEL_FUNCTION,
    FEEL_KINDS
};

/* Why a null came to be. FEEL_WHY_NONE: it was written or given as null. */
enum feel_why {
    FEEL_WHY_NONE,
    FEEL_WHY_SYNTAX,    /* the text is not of the grammar */
    FEEL_WHY_NAME,      /* no such variable or function in scope */
    FEEL_WHY_MEMBER,    /* no such entry of a context, or property of a value */
    FEEL_WHY_TYPE,      /* operands or arguments of types the operation does not know */
    FEEL_WHY_ARGUMENTS, /* wrong number or names of arguments */
    FEEL_WHY_VALUE,     /* an argument outside what the function takes */
    FEEL_WHY_RANGE,     /* a number or time too large; division by zero */
    FEEL_WHY_INDEX,     /* a list has no such item */
    FEEL_WHY_COERCION,  /* a value does not conform to the declared type or its allowed values */
    FEEL_WHY_LIMIT,     /* depth, steps or list length of the run */
    FEEL_WHY_MODEL      /* said by a native node: the model itself is at fault */
};

/* 10^0 … 10^18: what brings numbers of tag 0 to one scale. */
extern const int64_t feel_num_pow10[];

struct feel_num;
struct feel_time;
struct feel_list;
struct feel_context;
struct feel_range;
struct feel_function;
struct feel_reason;

struct feel_value {
    uint8_t kind; /* enum feel_kind */
    uint8_t tag;
    int8_t scale;
    uint8_t spare;
    uint32_t n;
    union {
        int64_t i64;
        bool flag;
        const void *p;
        const char *text;
        const struct feel_num *num;
        const struct feel_list *list;
        const struct feel_context *context;
        const struct feel_range *range;
        const struct feel_function *function;
        const struct feel_reason *reason;
    };
};

struct feel_list {
    size_t n;
    const struct feel_value *items;
};

struct feel_entry {
    struct str name;
    struct feel_value value;
};
struct feel_context {
    size_t n;
    const struct feel_entry *entries; /* in the order they were put in; names differ */
    const uint32_t *index;            /* of the room: finds a name in a large context; NULL in a small one */
};

enum feel_bound { FEEL_OPEN, FEEL_CLOSED, FEEL_UNBOUNDED }; /* unbounded: (<10) has no lower end, which is not null */
struct feel_range {
    struct feel_value low, high;
    enum feel_bound low_bound, high_bound;
    bool single;  /* of (=10): the one value, as both ends */
    bool unequal; /* of (!=10): any but that value */
};

/* A reason, with the place that gave it: source NULL when it has none. */
struct feel_source {
    struct str name; /* what the text belongs to, as the model says it: `decision "Fee"` */
    struct str text;
    uint32_t line; /* of the text in its file, from 1; 0 when it is not known */
};
struct feel_reason {
    enum feel_why why;
    struct str detail; /* English, one clause */
    const struct feel_source *source;
    uint32_t offset, length; /* bytes of source->text */
};

static inline struct feel_value feel_null(void)
{
    return (struct feel_value){.kind = FEEL_NULL};
}
static inline struct feel_value feel_bool(bool v)
{
    return (struct feel_value){.kind = FEEL_BOOLEAN, .flag = v};
}
static inline struct feel_value feel_int(int64_t v)
{
    return (struct feel_value){.kind = FEEL_NUMBER, .i64 = v};
}
static inline bool feel_is_null(struct feel_value v)
{
    return v.kind == FEEL_NULL;
}
static inline bool feel_is_true(struct feel_value v)
{
    return v.kind == FEEL_BOOLEAN && v.flag;
}

/* A string value on the caller's bytes (UTF-8, at most 4 GB; not copied). */
struct feel_value feel_string(struct str s);
/* The bytes of a string value; empty for other kinds. */
struct str feel_str(struct feel_value v);
/* A list on the caller's items, not copied. */
struct feel_value feel_list(struct arena *a, const struct feel_value *items, size_t n);
/* A context on the caller's entries, not copied; of entries with the same name the last one counts. */
struct feel_value feel_context(struct arena *a, const struct feel_entry *entries, size_t n);
struct feel_value feel_range(struct arena *a, struct feel_range r);
/* The entry of that name, NULL when v is no context or has none. */
const struct feel_value *feel_member(struct feel_value v, struct str name);
/* The items of a list; of anything but null and lists, itself as the only item (10.3.2.6). *v must outlive the result.
 */
const struct feel_value *feel_items(const struct feel_value *v, size_t *ret_n);

/* A literal as JSON, XML Schema or FEEL writes it: number, date, time, date and time, duration of either type; null
   with a reason when the text is none. kind FEEL_DURATION takes both durations, FEEL_STRING and FEEL_BOOLEAN work too.
 */
struct feel_value feel_parse(struct arena *a, struct feel_zones *zones, enum feel_kind kind, struct str text);
double feel_real(struct feel_value number);               /* nearest double; 0 for other kinds */
bool feel_to_i64(struct feel_value number, int64_t *ret); /* false when it is no whole number of that range */
struct feel_value feel_from_real(struct arena *a,
                                 double v); /* the shortest decimal that reads back as v; null if not finite */

/* The operator `=` (10.3.2.3): 1 true, 0 false, -1 null, when kinds differ and neither is null. */
int feel_equal(struct feel_value a, struct feel_value b);
/* The order of `<`: true and -1, 0, 1; false when the two have no order. */
bool feel_compare(struct feel_value a, struct feel_value b, int *ret_order);
/* Of a time, or date and time: has it neither offset nor zone? Only two of one sort can be compared. */
bool feel_is_local(struct feel_value v);
const char *feel_kind_name(enum feel_kind kind); /* as `instance of` spells it: "days and time duration" */
const char *feel_why_name(enum feel_why why);    /* "syntax", "name" … */
/* Why v is null; NULL when it is not null or was meant. */
const struct feel_reason *feel_reason_of(struct feel_value v);

/* Write a value as FEEL would read it again (strings in quotes, dates as @"…"), nested at most 64 deep and 16 MB long,
   then "…". */
void feel_write(struct buf *b, struct feel_value v);
/* The text of the function string(): a string without quotes. */
void feel_write_string(struct buf *b, struct feel_value v);

/* ---- Types ---------------------------------------------------------------------------------------------------------
 */

enum feel_type_kind {
    FEEL_T_ANY,
    FEEL_T_NULL,
    FEEL_T_BOOLEAN,
    FEEL_T_NUMBER,
    FEEL_T_STRING,
    FEEL_T_DATE,
    FEEL_T_TIME,
    FEEL_T_DATE_TIME,
    FEEL_T_MONTHS,
    FEEL_T_DURATION,
    FEEL_T_LIST,     /* of */
    FEEL_T_CONTEXT,  /* members; none: any context */
    FEEL_T_RANGE,    /* of */
    FEEL_T_FUNCTION, /* params, of: the result; params NULL: any function */
};

struct feel_node;
struct feel_code;
struct feel_type {
    enum feel_type_kind kind;
    struct str name;            /* of the item definition; empty for what is built in */
    const struct feel_type *of; /* NULL stands for Any */
    const struct feel_member_type {
        struct str name;
        const struct feel_type *type;
    } * members;
    const struct feel_type *const *params;
    size_t n_members, n_params;
    /* Unary tests that a value (of a list type: the list as a whole) must pass, compiled by feel_compile_tests against
       an environment without slots; NULL: none. Given as text for the explanation. */
    const struct feel_code *allowed;
    struct str allowed_text;
};
/* Types may point back at themselves: a tree node with a list of tree nodes. */

/* A built-in type by its name in FEEL ("days and time duration", "Any", "list"); NULL when it is none. Also what other
   dialects call them: "dateTime", "dayTimeDuration", "yearMonthDuration", "integer", "double", "long". */
const struct feel_type *feel_type_builtin(struct str name);
const struct feel_type *feel_type_of_kind(enum feel_type_kind kind);
/* `instance of` (10.3.2.9): null is an instance of Null only. */
bool feel_instance_of(struct feel_value v, const struct feel_type *t);

/* ---- Names in scope ------------------------------------------------------------------------------------------------
   FEEL names may hold blanks and + - * / . ' : only the scope tells what "a-b" is. The longest name that is in scope
   wins; runs of blanks count as one. */

struct feel_env;
/* An environment that also sees what `parent` sees; NULL: the built-in functions and types alone, which every one sees.
 */
struct feel_env *feel_env_new(struct arena *a, const struct feel_env *parent);
/* The time zones of literals (feel_zones_new, one table per process), for this environment and those made from it
   later. They must outlive all code made with it. Without: no zone has a name. */
void feel_env_set_zones(struct feel_env *env, struct feel_zones *zones);
/* The variable `name` is slots[slot] of the run; its type (NULL: unknown) helps to read the names of its members. A
   later variable of the same name hides the former. A member of an import may be added under its whole name: "lib.fee".
 */
void feel_env_add(struct feel_env *env, struct str name, uint32_t slot, const struct feel_type *type);
/* An item definition, for `instance of` and typed parameters. */
void feel_env_add_type(struct feel_env *env, struct str name, const struct feel_type *type);
/* A member name that is not in any type of the environment, yet may hold blanks. */
void feel_env_add_member(struct feel_env *env, struct str name);
/* Leading, trailing and repeated blanks away, as names are compared. */
struct str feel_name(struct arena *a, struct str s);

/* ---- Building code -------------------------------------------------------------------------------------------------
   One struct feel_build per unit (a decision's logic, a cell, a business knowledge model). Nodes come from text or from
   the constructors below, which serve the boxed expressions. A node may be used once. */

struct feel_build;
struct feel_problem {
    const struct feel_source *source;
    uint32_t offset;
    enum feel_why why;
    struct str detail;
    struct feel_problem *next;
};

struct feel_build *feel_build_new(struct arena *a, const struct feel_env *env);
/* The first of the faults found so far, in order. Faulty text compiles to a null with that reason. */
const struct feel_problem *feel_build_problems(const struct feel_build *b);

/* An expression (10.3.1.2, rule 1). `source` and its text must live as long as the code. Never NULL. */
struct feel_node *feel_build_expression(struct feel_build *b, const struct feel_source *source);
/* Unary tests (rule 14; also "-"): true, false or null for the value of the local slot `input`, which is `?` there. */
struct feel_node *feel_build_tests(struct feel_build *b, const struct feel_source *source, uint32_t input);

/* A scope of local variables, visible to what is built until it is closed. */
void feel_build_open(struct feel_build *b);
void feel_build_close(struct feel_build *b);
/* A local slot of the function being built; empty name: one that no text can name. type NULL: unknown. */
uint32_t feel_build_local(struct feel_build *b, struct str name, const struct feel_type *type);
/* In the open scope, the members of the local `slot` can be named without it, as in a filter (10.3.2.5). */
void feel_build_members(struct feel_build *b, uint32_t slot);

struct feel_node *feel_node_constant(struct feel_build *b, struct feel_value v);
struct feel_node *feel_node_fault(struct feel_build *b, enum feel_why why, struct str detail,
                                  const struct feel_source *source);
struct feel_node *feel_node_local(struct feel_build *b, uint32_t slot);
/* The value of a slot of the run's array, named or not. */
struct feel_node *feel_node_slot(struct feel_build *b, uint32_t slot, const struct feel_type *type);
struct feel_node *feel_node_list(struct feel_build *b, struct feel_node *const *items, size_t n);
/* Entries are evaluated in order, each into its local slot; then the value is `result`, or the context of all entries
   when result is NULL. The caller opens a scope, builds each entry and then adds its local, so that later ones see it.
   An entry that is a function may call itself by its name when its local was added before it was built. */
struct feel_node_entry {
    struct str name;
    uint32_t slot;
    struct feel_node *value;
};
struct feel_node *feel_node_context(struct feel_build *b, const struct feel_node_entry *entries, size_t n,
                                    struct feel_node *result);
struct feel_node *feel_node_if(struct feel_build *b, struct feel_node *test, struct feel_node *yes,
                               struct feel_node *no);
/* for/some/every … in `in`: `slot` (and for `for`, `partial`) are locals added in a scope opened after `in` was built.
 */
enum feel_loop { FEEL_FOR, FEEL_SOME, FEEL_EVERY };
struct feel_node *feel_node_loop(struct feel_build *b, enum feel_loop loop, uint32_t slot, uint32_t partial,
                                 struct feel_node *in, struct feel_node *body);
/* in[match]: `slot` is the local `item` of a scope opened after `in` was built, with feel_build_members. */
struct feel_node *feel_node_filter(struct feel_build *b, uint32_t slot, struct feel_node *in, struct feel_node *match);
/* A call with named (names[i] not NULL) or positional arguments. */
struct feel_node *feel_node_call(struct feel_build *b, struct feel_node *function, const struct str *names,
                                 struct feel_node *const *args, size_t n);
/* The value coerced to the type (see feel_coerce), with this reason's place when it does not conform. */
struct feel_node *feel_node_coerce(struct feel_build *b, struct feel_node *value, const struct feel_type *type,
                                   const struct feel_source *source);
/* A node of another room, such as a decision table. It may evaluate nodes of the same build with feel_run_node and set
   locals with feel_run_local. Must be pure and reentrant; `data` lives as long as the code. */
struct feel_run;
typedef struct feel_value feel_native_fn(struct feel_run *run, const void *data);
struct feel_node *feel_node_native(struct feel_build *b, feel_native_fn *fn, const void *data,
                                   const struct feel_type *type);

/* Between these two, what is built is the body of a function with these parameters; it may use what is around it.
   Arguments are coerced to the parameters' types and the result to `result` (NULL: as it is). */
struct feel_param {
    struct str name;
    const struct feel_type *type; /* NULL: Any */
};
void feel_build_function(struct feel_build *b, const struct feel_param *params, size_t n);
struct feel_node *feel_node_function(struct feel_build *b, struct feel_node *body, const struct feel_type *result);

/* The body of a function that the model says is external (10.3.2.13.3): `what` is the context with `class` and `method
   signature`, or with `java` that holds it. Only what the room has an equivalent for is called; no foreign code ever
   runs. */
struct feel_node *feel_node_external(struct feel_build *b, struct feel_node *what, size_t n_params);

/* What the compiler knows of a node: its type (kind Any when it knows nothing) and whether it is a constant. */
const struct feel_type *feel_node_type(const struct feel_node *node);
bool feel_node_is_constant(const struct feel_node *node, struct feel_value *ret);

/* Unary tests that only compare the input with constants, as a union of ranges, for whoever builds an index of cells:
   the tests are true for v exactly when one range holds it (or none, when *ret_not), and are never null for a v of the
   ranges' kind, save times, and dates and times, of which those with a zone and those without have no order between
   them. A single value is the range [v..v]; "-" is one range without ends. The ranges are in `a`. False when the tests
   are anything else. */
bool feel_tests_ranges(struct arena *a, const struct feel_node *tests, const struct feel_range **ret, size_t *ret_n,
                       bool *ret_not);

const struct feel_code *feel_build_end(struct feel_build *b, struct feel_node *node);

/* The common cases in one call: an expression, or unary tests whose input is given to feel_run_tests. Faults are added
 *to problems when it is not NULL. */
const struct feel_code *feel_compile(struct arena *a, const struct feel_env *env, const struct feel_source *source,
                                     const struct feel_problem **ret_problems);
const struct feel_code *feel_compile_tests(struct arena *a, const struct feel_env *env,
                                           const struct feel_source *source, const struct feel_type *input,
                                           const struct feel_problem **ret_problems);

/* ---- Running -------------------------------------------------------------------------------------------------------
 */

struct feel_limits {
    uint64_t steps;     /* iterations and calls of one run */
    size_t list_items;  /* of any one list */
    size_t text_bytes;  /* of any one string */
    size_t stack_bytes; /* of the thread's stack that evaluation may use */
    size_t reasons;     /* kept in the list of reasons; further nulls still know theirs */
};
extern const struct feel_limits feel_limits_default; /* 50 million steps, 1 million items, 16 MB, 512 KB, 100 */

/* An evaluation's state: of one thread at a time. All it makes comes from `scratch`, whose limit is the limit on
   memory: the caller runs inside arena_try. limits NULL: the default ones. now_us is UTC; zone the name of the local
   zone for now() and today(), empty: UTC. */
struct feel_run *feel_run_new(struct arena *scratch, const struct feel_limits *limits, struct feel_zones *zones,
                              int64_t now_us, struct str zone);
/* Begin anew with the same scratch arena after the caller has reset it to its mark after feel_run_new: steps and
   reasons are empty again. */
void feel_run_reset(struct feel_run *run);
struct arena *feel_run_arena(const struct feel_run *run);
/* A pointer of the caller's, for native nodes: the explanation being made, for one. */
void feel_run_set_user(struct feel_run *run, void *user);
void *feel_run_user(const struct feel_run *run);

/* The value of the code with these slots, which must stay as long as functions made by it are called. */
struct feel_value feel_run_code(struct feel_run *run, const struct feel_code *code, const struct feel_value *slots);
/* Code of feel_compile_tests, for one input. */
struct feel_value feel_run_tests(struct feel_run *run, const struct feel_code *code, const struct feel_value *slots,
                                 struct feel_value input);
/* Call a function value with positional arguments. */
struct feel_value feel_run_call(struct feel_run *run, struct feel_value function, const struct feel_value *args,
                                size_t n);
/* Inside a native node: evaluate a node of the same build; the local slots of the running function. */
struct feel_value feel_run_node(struct feel_run *run, const struct feel_node *node);
struct feel_value *feel_run_local(struct feel_run *run, uint32_t slot);
/* A function of another room: a business knowledge model that is not FEEL, a decision service. Named arguments are put
   in the order of `params` and coerced before fn is called with all n of them. */
typedef struct feel_value feel_function_fn(struct feel_run *run, const void *data, const struct feel_value *args);
struct feel_value feel_native_function(struct arena *a, feel_function_fn *fn, const void *data,
                                       const struct feel_param *params, size_t n);

/* Implicit conversion to a type (10.3.2.9.4): a singleton list to its item, a value to a list of it where the type is a
   list, a date to midnight UTC where the type is date and time; then the value if it is an instance of the type and
   allowed, else null with a reason. null stays as it is. t NULL or Any: v. */
struct feel_value feel_coerce(struct feel_run *run, struct feel_value v, const struct feel_type *t,
                              const struct feel_source *source);
/* A null with its reason, entered in the run's list. */
struct feel_value feel_fail(struct feel_run *run, enum feel_why why, const struct feel_source *source, const char *fmt,
                            ...) __attribute__((format(printf, 4, 5)));
/* The reasons of this run so far, first first. */
const struct feel_reason *const *feel_run_reasons(const struct feel_run *run, size_t *ret_n);

/* ---- JSON ----------------------------------------------------------------------------------------------------------
   null, booleans, numbers, strings, lists and contexts are themselves; dates, times and durations are their text,
   ranges and functions their FEEL text. */

/* A JSON value as FEEL; where the type says date, time or duration, text is read as such (text that is none stays a
   string: coercion then says what is wrong). type NULL: as it stands. Not coerced otherwise. */
struct feel_value feel_from_json(struct arena *a, struct feel_zones *zones, const struct json *v,
                                 const struct feel_type *type);
void feel_to_json(struct json_out *o, struct feel_value v);
