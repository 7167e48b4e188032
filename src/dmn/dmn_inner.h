/* What the files of dmn/ share: the model inside, and the hands its making passes through. For dmn/ alone. */
#pragma once
#include "codec/codec.h"
#include "dmn.h"

struct dmn_file;
struct table;

struct item {
    struct dmn_item pub; /* first: a struct dmn_item of ours is a struct item */
    struct dmn_file *of;
    const struct xml *xml; /* only while the model is made */
    struct str variable;   /* its name where it is required */
    const struct feel_source *source;
    const struct feel_type *known;  /* of a decision: the type of its logic where it declares none; may be NULL */
    const struct feel_type *result; /* of a knowledge model or service: what the call gives; NULL: as it is */
    struct item **needs;            /* what it requires directly; of a service, its output decisions */
    size_t n_needs;
    struct item **inputs; /* of a service, in the order of its parameters */
    size_t n_inputs;
    const struct feel_code *code; /* of a decision, its value; of a knowledge model, the function */
    int depth;                    /* of the requirements below it */
    uint8_t state;                /* of the walk that orders the items: 0 not seen, 1 on the way, 2 done */
    bool circle;                  /* it requires itself, or too much: it is null and needs nothing */
};

struct item_list {
    struct item **p;
    size_t n, cap;
};

static inline const struct item *item_of(const struct dmn_item *i)
{
    return (const struct item *)(const void *)i;
}

/* A name in a file that stands for another file. */
struct dmn_import {
    struct str name, ns;
    struct dmn_file *file; /* NULL: not found */
};

struct dmn_file {
    struct str file, ns, name, id;
    const struct xml *root; /* only while the model is made */
    struct dmn_import *imports;
    size_t n_imports;
    struct feel_env *env; /* its item definitions and those it imports */
    VEC_OF(struct dmn_named_type {
        struct str name;
        struct dmn_file *of;
        struct feel_type *type;
        const struct xml *xml; /* only while the model is made */
        uint8_t state;         /* 0 not filled, 1 on the way, 2 done */
    })
    types;
    struct item_list items;
    struct item_list undeclared; /* inputs that only a table's column names (dmn_undeclared.c) */
};

struct dmn_model {
    VEC_OF(struct dmn_file *) files; /* the first is the model itself */
    VEC_OF(struct item *) items;
    const struct dmn_item *const *list; /* the same, as others see them */
    struct dmn_name {
        struct str name;
        const struct item *item;
    } * names; /* sorted, those of the model itself before those it imports */
    size_t n_names;
    VEC_OF(struct dmn_place {
        const struct table *table;
        const struct item *item; /* the decision or knowledge model it stands in */
        int line;
    })
    places; /* of all decision tables */
    struct hash hash;
    struct feel_zones *zones;
};

/* A model being made. */
struct making {
    struct cx *cx;
    struct arena *keep;
    struct dmn_model *model;
    const struct dmn_loader *loader;
    struct dmn_warnings *warnings;
    struct hash_state hash;
    size_t listed; /* entries of dmn_item.requires made so far */
    enum err err;
};

/* Add a warning; after 500 the rest is dropped. */
void dmn_warn(struct making *mk, const struct dmn_file *f, const struct xml *at, struct str element, const char *fmt,
              ...) __attribute__((format(printf, 5, 6)));
/* `decision "Fee"`: how warnings and reasons name an element. */
struct str dmn_element_name(struct arena *a, const struct xml *e);
/* A copy in the model's arena. */
struct str dmn_keep(struct making *mk, struct str s);
/* The trimmed text of the child, in cx->arena; empty when there is none. */
struct str dmn_child_text(const struct xml *e, const char *name);
/* A place for reasons: the <text> element of `e`, or `e` itself. Its text is never NULL. */
const struct feel_source *dmn_source(struct making *mk, struct str element, const struct xml *text);
/* Turn the faults of built FEEL text into warnings. */
void dmn_take_problems(struct making *mk, const struct dmn_file *f, struct str element, const struct feel_problem *p);

/* dmn_type.c: the item definitions of all files, then their environments. */
void dmn_make_types(struct making *mk);
/* An environment that sees nothing of the model but its time zones. */
struct feel_env *dmn_plain_env(struct making *mk);
/* The type a typeRef names at `at`; NULL for Any, for an empty name, and after a warning for an unknown one. */
const struct feel_type *dmn_resolve_type(struct making *mk, struct dmn_file *f, const struct xml *at, struct str name);

/* dmn_graph.c: the items of all files, what they require, and their order. */
void dmn_make_items(struct making *mk);
/* dmn_undeclared.c: the inputs that columns of tables name and nothing declares, as items; before dmn_index_names. */
void dmn_declare_inputs(struct making *mk, struct dmn_file *f);
/* Those among them that the table of this decision reads, each as often as it does. */
void dmn_need_undeclared(struct making *mk, const struct item *it, struct item_list *needs);
/* dmn_find.c: the names of all items, for dmn_find. */
void dmn_index_names(struct making *mk);
/* dmn_logic.c: compile what an item holds; all it needs has been compiled, but for circles. */
void dmn_compile_item(struct making *mk, struct item *it);

/* dmn_box.c: a boxed expression being built for one item. */
struct boxing {
    struct making *mk;
    struct dmn_file *file;
    const struct item *item;
    struct str element; /* for reasons and warnings */
    struct feel_build *build;
    int depth;
};
/* The first child that is an expression; NULL when there is none. */
const struct xml *dmn_find_expression(const struct xml *e);
/* Is an expression, or a cell of a table, FEEL? Another language is named at it, above it, or seen by its `${…}`. */
bool dmn_is_feel(const struct xml *e);
/* Any boxed expression, coerced to its typeRef. Never NULL; e NULL is a null that says so. */
struct feel_node *dmn_box(struct boxing *bx, const struct xml *e);
/* The function of a functionDefinition element (encapsulatedLogic is one), with its parameters. */
struct feel_node *dmn_box_function(struct boxing *bx, const struct xml *e, const struct feel_type *result);
/* Its formal parameters, in keep. */
const struct feel_param *dmn_read_params(struct making *mk, struct dmn_file *f, const struct xml *e, size_t *ret_n);
/* dmn_table.c */
struct feel_node *dmn_box_table(struct boxing *bx, const struct xml *e);

/* dmn_eval.c: the values of all items, as one decision service, or the model, sees them. */
struct frame {
    struct feel_value *slots; /* one an item */
    uint8_t *state;           /* enum slot_state */
};
enum slot_state { SLOT_EMPTY, SLOT_ON_THE_WAY, SLOT_DONE, SLOT_GIVEN };

/* What a native node finds as the user of its run. */
struct dmn_eval {
    const struct dmn_model *model;
    struct arena *scratch;
    struct dmn_options options;
    struct feel_run *run;
    struct arena_mark mark;
    struct frame *frame; /* of what is evaluated now */
    struct frame base;
    int depth; /* of services within each other */
    /* of the explanation */
    const struct dmn_item *what;
    const struct dmn_given *given;
    size_t n_given;
    struct feel_value result;
    VEC_OF(struct dmn_step) steps;
    VEC_OF(struct dmn_table_trace) tables; /* of the item that is evaluated now */
};
