/* DMN 1.1 to 1.5 (OMG formal/2024-01-01 and its forerunners): models in, decisions and their explanation out.
   A model is read and compiled once and is immutable then: any number of threads evaluate it, each with an arena of its
   own. Nothing reads a clock or the network, and only dmn_load_file and dmn_run_suite read files: bytes, values and the
   time are given. */
#pragma once
#include "base/base.h"
#include "feel/feel.h"

struct json;
struct json_out;

/* ---- Models ------------------------------------------------------------------------------------------------------ */

enum {
    DMN_MAX_FILES = 64,     /* of one model with all it imports */
    DMN_MAX_ITEMS = 20000,  /* inputs, decisions, business knowledge models and services of one model */
    DMN_MAX_TYPES = 4000,   /* item definitions of one file */
    DMN_MAX_RULES = 100000, /* of one table */
    DMN_MAX_DEPTH = 100,    /* of boxed expressions, types and requirements within each other */
};

/* What is not valid in a model, or not supported. The rest of the model works; what depends on it gives null. */
struct dmn_warning {
    struct str file;
    int line;           /* from 1; 0 when it is of the whole file */
    struct str element; /* `decision "Fee"`, `itemDefinition "tPerson"`; empty when there is none */
    struct str what;    /* English, one clause */
};
struct dmn_warnings {
    struct arena *arena;
    VEC_OF(struct dmn_warning) list; /* in the order they were found; at most 500 */
};
static inline struct dmn_warnings dmn_warnings_make(struct arena *a)
{
    return (struct dmn_warnings){.arena = a};
}
/* "file:line: element: what\n", one line each. */
void dmn_warnings_text(const struct dmn_warnings *ws, struct buf *ret_text);

/* Finds what a model imports: the bytes of the DMN file with that namespace. `location` is the import's locationURI,
   often empty, and nothing to be trusted. ERR_NOT_FOUND when there is none: the import is then a warning. The bytes
   must live in cx->arena. */
struct dmn_loader {
    enum err (*load)(struct cx *cx, void *ctx, struct str ns, struct str location, struct str *ret_file,
                     struct str *ret_bytes);
    void *ctx;
};

struct dmn_model;

/* Read and compile `xml`, with its imports and theirs. The model lives in `keep`, which must outlive it and may not be
   used by another thread meanwhile; cx->arena holds only what the reading needs. loader NULL: imports are warnings.
   ERR_SYNTAX: not well-formed, or no DMN of a known namespace; ERR_TOO_LARGE: over a limit. */
enum err dmn_load(struct cx *cx, struct arena *keep, struct str file, struct str xml, const struct dmn_loader *loader,
                  struct dmn_warnings *warnings, const struct dmn_model **ret_model);

/* As dmn_load of the file at `path`; what it imports is looked for among the .dmn files of its folder. ERR_IO too. */
enum err dmn_load_file(struct cx *cx, struct arena *keep, struct str path, struct dmn_warnings *warnings,
                       const struct dmn_model **ret_model);

struct str dmn_model_name(const struct dmn_model *m);
struct str dmn_model_namespace(const struct dmn_model *m);
/* The time zones that its values name; values given to it are best made with the same ones. They die with it. */
struct feel_zones *dmn_model_zones(const struct dmn_model *m);
/* The namespace of a DMN document as fast as it can be had; empty when it is none. For loaders that look in a folder.
 */
struct str dmn_namespace_of(struct cx *cx, struct str file, struct str xml);
/* SHA-256 of the file; with imports of the hashes of all files in the order they were read. */
struct hash dmn_model_hash(const struct dmn_model *m);

enum dmn_kind { DMN_INPUT, DMN_DECISION, DMN_KNOWLEDGE, DMN_SERVICE };

/* An element of the requirements graph, of the model itself or of one that it imports. */
struct dmn_item {
    enum dmn_kind kind;
    bool imported;
    uint32_t index; /* its place in dmn_items */
    struct str ns;  /* of the file it stands in */
    struct str id, name, label, description;
    struct str question, answers; /* of a decision */
    struct str type_name;         /* as the model spells it; empty when it has none */
    const struct feel_type *type; /* NULL: any */
    struct str file;
    int line;
    /* DMN_KNOWLEDGE, DMN_SERVICE: what it is called with, in order (of a service its input data first, 10.4). */
    const struct feel_param *params;
    size_t n_params;
    /* DMN_SERVICE: its output decisions. */
    const struct dmn_item *const *outputs;
    size_t n_outputs;
    /* Everything it needs, directly and indirectly, each after what it needs itself. */
    const struct dmn_item *const *requires;
    size_t n_requires;
};
/* All items, imported ones too. */
const struct dmn_item *const *dmn_items(const struct dmn_model *m, size_t *ret_n);
/* The item of that kind with that name (blanks are compared as FEEL compares names), first in the model itself, then
   in what it imports. ns empty: any namespace. NULL when there is none. */
const struct dmn_item *dmn_find(const struct dmn_model *m, enum dmn_kind kind, struct str ns, struct str name);

/* ---- Evaluation --------------------------------------------------------------------------------------------------
   struct dmn_eval *e = dmn_eval_new(model, scratch, &options);  once a thread
   struct dmn_given given[] = {{income, feel_int(200000), S("register")}};
   struct feel_value v = dmn_evaluate(e, decision, given, 1);    any number of times
   Each call forgets the one before: the scratch arena goes back to where it was after dmn_eval_new. Values given must
   stay until the result has been used, and may not lie in `scratch` after dmn_eval_new; the result lies there. */

struct dmn_options {
    int64_t now_us;                   /* UTC; what now() and today() tell */
    struct str zone;                  /* "Europe/Copenhagen"; empty: UTC */
    const struct feel_limits *limits; /* NULL: feel_limits_default */
    bool explain;                     /* keep what the receipt needs */
};

/* A value for an input; or for a decision, which is then not evaluated. */
struct dmn_given {
    const struct dmn_item *item;
    struct feel_value value;
    struct str source; /* where it comes from, for the receipt: "register of incomes"; may be empty */
};

struct dmn_eval;
/* The caller runs this and all evaluations within arena_try(scratch): its limit is the limit on memory. */
struct dmn_eval *dmn_eval_new(const struct dmn_model *m, struct arena *scratch, const struct dmn_options *options);

/* The value of a decision, or of a decision service with its inputs given (one output decision: its value, more: a
   context of them); a value given is coerced to the item's type. What is not given is null, with that as the reason
   where it matters. Of a business knowledge model with as many of its parameters as are given by dmn_call. */
struct feel_value dmn_evaluate(struct dmn_eval *e, const struct dmn_item *what, const struct dmn_given *given,
                               size_t n);

/* A business knowledge model or decision service called as a function with positional arguments. */
struct feel_value dmn_call(struct dmn_eval *e, const struct dmn_item *what, const struct feel_value *args, size_t n);

/* The reasons of nulls of the last evaluation, in the order they came up. */
const struct feel_reason *const *dmn_eval_reasons(const struct dmn_eval *e, size_t *ret_n);

/* ---- Receipts: why the last evaluation of an eval with `explain` came to its result -------------------------------
 */

/* One cell of a rule that was not satisfied. */
struct dmn_miss {
    size_t input; /* its column, from 0 */
    struct str label, cell;
    const struct feel_range
        *ranges; /* what it would take, where the cell only compares; one of them, or none (`not`) */
    size_t n_ranges;
    bool not ;
    struct feel_value value;
};
/* One annotation of a rule. A column named by a language ("da", "nb", "en" …) speaks to its readers. */
struct dmn_note {
    struct str name, text;
};
/* A rule that matched, or that one or two cells kept from matching. */
struct dmn_hit {
    size_t rule; /* from 1, as people count */
    bool matched;
    struct str id, annotation, description; /* annotation: all of them, joined */
    const struct dmn_note *notes;           /* the same, one a column */
    size_t n_notes;
    const struct dmn_miss *misses;
    size_t n_misses;
};
struct dmn_column {
    struct str label; /* of the clause; else its expression */
    struct feel_value value;
};
struct dmn_table_trace {
    struct str hit_policy; /* "UNIQUE", "COLLECT SUM" */
    const struct dmn_column *inputs;
    size_t n_inputs;
    const struct dmn_hit *hits; /* in the order of the rules */
    size_t n_hits;
    bool defaulted; /* no rule matched, and the default output was taken */
    struct feel_value result;
};
/* What was evaluated, in the order it was finished. */
struct dmn_step {
    const struct dmn_item *item;
    bool given;
    struct str source; /* of a value given */
    struct feel_value value;
    const struct dmn_table_trace *tables;
    size_t n_tables;
};
struct dmn_receipt {
    const struct dmn_model *model;
    const struct dmn_item *what;
    int64_t now_us;
    struct feel_value result;
    const struct dmn_step *steps;
    size_t n_steps;
    const struct feel_reason *const *reasons;
    size_t n_reasons;
};
/* Valid until the next evaluation. */
struct dmn_receipt dmn_receipt(const struct dmn_eval *e);
/* An object, for the record: model, its hash, time, inputs with values and sources, decisions, rules, reasons. */
void dmn_receipt_json(struct json_out *o, const struct dmn_receipt *r);
/* One sentence a line, in cx->lang, from the labels and annotations of the model: what was used, what was decided, by
   which rule, what kept the nearest ones from matching. Plain text. */
struct str dmn_receipt_text(struct cx *cx, const struct dmn_receipt *r);
/* The same in words that the caller has for the names of inputs and decisions and for texts as values, because a model
   speaks one language and its readers several. word NULL, or its result empty: as the model has it. */
struct dmn_saying {
    struct str (*word)(struct cx *cx, const void *ctx, struct str name);
    const void *ctx;
    bool without_inputs; /* they are shown elsewhere */
    bool without_near;   /* only the rules that matched */
};
struct str dmn_receipt_say(struct cx *cx, const struct dmn_receipt *r, const struct dmn_saying *how);
/* A value as the receipts write it, in cx->lang: "1.234,5", a date, yes or no. */
struct str dmn_value_text(struct cx *cx, struct feel_value v);

/* ---- Gaps and overlaps ---------------------------------------------------------------------------------------------
 */

/* What an input can be, for the search of gaps; inputs not named here can be what their type allows. */
struct dmn_domain {
    const struct dmn_item *item;
    bool whole;                      /* a number without decimals */
    const struct feel_value *values; /* only these; n_values 0: any in the range */
    size_t n_values;
    struct feel_range range; /* unbounded ends: none (a range of zeros is not meant: say FEEL_UNBOUNDED) */
};
enum dmn_hole_kind {
    DMN_GAP,     /* no rule says what comes of this */
    DMN_OVERLAP, /* two rules of a UNIQUE table, or two that differ of an ANY table, say it */
    DMN_UNPROVED /* the table is too large, or a cell is more than a comparison: `example` says which */
};
struct dmn_hole {
    enum dmn_hole_kind kind;
    const struct dmn_item *item; /* the decision or knowledge model with the table */
    int line;                    /* of the table */
    struct str example;          /* `Income = 215501, Children = 0` */
    size_t rules[2];             /* of an overlap, from 1 */
};
/* Look through the decision tables of `what` and of all it needs, over the declared domains: at most three gaps and
   three overlaps a table. Inputs are taken to be known (not null). Tables with a default output, and those that
   collect, have no gaps. Results in cx->arena. */
void dmn_find_holes(struct cx *cx, const struct dmn_model *m, const struct dmn_item *what,
                    const struct dmn_domain *domains, size_t n, struct dmn_hole **ret, size_t *ret_n);
/* The values that `allowedValues` of a type lists, in `a`; 0: it lists none, or more than values. */
size_t dmn_type_values(struct arena *a, const struct feel_type *type, const struct feel_value **ret);

/* ---- The public conformance suite (dmn-tck/tck) --------------------------------------------------------------------
 */

struct dmn_suite_case {
    struct str folder, file, id; /* "0004-lending", "0004-lending-test-01.xml", "001" */
    bool scored;                 /* not below a folder "non-compliant" */
    bool passed;
    struct str why;  /* of a failure: which result, what was wanted and what came */
    struct str gave; /* each result as FEEL writes it, one a line */
};
struct dmn_suite {
    const struct dmn_suite_case *cases; /* in the order of folders, files and cases */
    size_t n, models;
    size_t scored, passed, unscored_passed;
    int64_t load_us; /* reading and compiling all models, one after another */
};
/* Run the test cases below `dir`, spread over 1 to 64 threads, comparing values as the published runners do: numbers
   within 1e-8, times and durations by value; that an error was to be expected is not compared. All results of a case
   must be right. Models are looked for beside their test cases. ERR_IO when the folder cannot be read. Results in
   cx->arena. */
enum err dmn_run_suite(struct cx *cx, struct str dir, int threads, struct dmn_suite *ret);
