/* What the files of this room share. Nothing outside includes it. */
#pragma once
#include "feel/feel.h"
#include "feel/feel_num.h"
#include "feel/feel_time.h"

enum {
    FEEL_PARSE_DEPTH = 200,      /* of nested expressions in one text */
    FEEL_VALUE_DEPTH = 64,       /* of nested lists and contexts, where they are compared or written */
    FEEL_NAME_PARTS = 64,        /* words and symbols of a name */
    FEEL_TREE_HEIGHT = 1000,     /* of the nodes of one unit: evaluation recurs over them */
    FEEL_STACK_VALUES = 8192,    /* of all frames of a run */
    FEEL_TEXT_BYTES = 1 << 17,   /* of one expression */
    FEEL_WRITE_BYTES = 16 << 20, /* of a value's text or JSON: values that share their parts write long */
    FEEL_NO_SLOT = -1
};

/* ---- Values (feel_value.c) */
static inline struct feel_num feel_num_of_value(struct feel_value v)
{
    return v.tag ? *v.num : feel_num_scaled(v.i64, (unsigned)v.scale);
}
struct feel_value feel_number(struct arena *a, struct feel_num n);
static inline struct feel_value feel_date(int64_t day)
{
    return (struct feel_value){.kind = FEEL_DATE, .i64 = day};
}
struct feel_value feel_time_value(struct arena *a, enum feel_kind kind, struct feel_time t);
static inline struct feel_value feel_months(int64_t months)
{
    return (struct feel_value){.kind = FEEL_MONTHS, .i64 = months};
}
static inline struct feel_value feel_duration_value(struct feel_duration d)
{
    return (struct feel_value){.kind = FEEL_DURATION, .n = d.nanos, .i64 = d.seconds};
}
static inline struct feel_duration feel_duration_of(struct feel_value v)
{
    return (struct feel_duration){v.i64, v.n};
}
/* The value of an at-literal (rule 62): any temporal text; null when it is none. */
struct feel_value feel_temporal(struct arena *a, struct feel_zones *zones, struct str text);
/* Is x within r (10.3.2.7)? 1, 0, or -1 where the ends and x have no order. */
int feel_range_holds(const struct feel_range *r, struct feel_value x);
/* The property of a temporal value or a range (10.3.2.5, table 63 and 65); false when it has none of that name. */
bool feel_property(struct feel_value v, struct str name, struct feel_value *ret);
bool feel_is_property(struct str name);

/* ---- Functions as values */
struct feel_builtin;
struct feel_lambda;
enum feel_function_kind { FEEL_CLOSURE, FEEL_BUILTIN, FEEL_NATIVE };
struct feel_function {
    enum feel_function_kind kind;
    const struct feel_param *params; /* not of built-in functions */
    size_t n_params;
    const struct feel_type *result;
    const struct feel_lambda *lambda; /* closure */
    const struct feel_value *slots, *captured;
    const struct feel_builtin *builtin; /* the first row of its name */
    feel_function_fn *fn;               /* native */
    const void *data;
};

/* ---- Nodes */
typedef struct feel_value feel_eval_fn(struct feel_run *run, const struct feel_node *node);

enum feel_node_kind {
    NODE_OTHER,
    NODE_CONSTANT, /* these three: feel_node_is_still */
    NODE_LOCAL,
    NODE_SLOT,
    NODE_FOR,
    NODE_FILTER,
    NODE_SPAN, /* low..high of an iteration */
    NODE_TESTS,
    NODE_FUNCTION
};

struct feel_node {
    feel_eval_fn *eval;
    struct feel_node *a, *b, *c;
    uint32_t slot, slot2;
    uint32_t n;
    uint8_t kind, op;
    uint16_t height;
    bool input; /* a unary test that speaks of `?` */
    bool fault; /* from text that is not of the grammar */
    struct feel_node **list;
    const void *data;
    struct feel_value value;
    struct str name;
    const struct feel_type *type; /* never NULL */
    const struct feel_source *source;
    uint32_t offset, length;
};

/* A compiled function body. Its frame begins with the parameters; captured values follow where `captures` says. */
struct feel_lambda {
    const struct feel_node *body;
    const struct feel_param *params;
    size_t n_params;
    const struct feel_type *result;
    uint32_t n_locals;
    const struct feel_capture {
        uint32_t from, to; /* slots of the frame that makes the function, and of its own */
    } * captures;
    size_t n_captures;
    int64_t self; /* the slot that holds the function itself, or FEEL_NO_SLOT */
};

struct feel_code {
    const struct feel_node *node;
    uint32_t n_locals, input;
};

/* ---- Running (feel_run.c) */
struct feel_run {
    struct feel_value *frame; /* local slots of the function that runs */
    const struct feel_value *slots;
    struct arena *arena;
    struct feel_zones *zones;
    uint64_t steps_left;
    const char *stack_end; /* the stack grows down to here at most */
    struct feel_limits limits;
    int64_t now_us;
    struct str zone;
    void *user;
    VEC_OF(const struct feel_reason *) reasons;
    struct feel_value *stack, *top, *stack_top; /* frames: from where, next, and to where they may reach */
    uint64_t random;                            /* the state of random number() */
};

static inline struct feel_value feel_eval(struct feel_run *run, const struct feel_node *node)
{
    /* variables are the most frequent operands by far: not worth a call */
    if (node->kind == NODE_LOCAL)
        return run->frame[node->slot];
    if (node->kind == NODE_SLOT)
        return run->slots[node->slot];
    return node->eval(run, node);
}
/* Is there nothing to evaluate: a constant or a variable? */
static inline bool feel_node_is_still(const struct feel_node *node)
{
    return node->kind >= NODE_CONSTANT && node->kind <= NODE_SLOT;
}
/* Where the value of the node lies: in itself, in its variable, or in *room once evaluated. To be read before the next
   evaluation. */
static inline const struct feel_value *feel_peek(struct feel_run *run, const struct feel_node *node,
                                                 struct feel_value *room)
{
    if (node->kind == NODE_CONSTANT)
        return &node->value;
    if (node->kind == NODE_LOCAL)
        return &run->frame[node->slot];
    if (node->kind == NODE_SLOT)
        return &run->slots[node->slot];
    *room = node->eval(run, node);
    return room;
}
/* One iteration or call: false when the run may do no more. */
static inline bool feel_step(struct feel_run *run)
{
    return run->steps_left ? (run->steps_left--, true) : false;
}
bool feel_stack_left(const struct feel_run *run);
struct feel_value feel_null_why(struct feel_run *run, const struct feel_node *node, enum feel_why why, const char *fmt,
                                ...) __attribute__((format(printf, 4, 5)));
/* As above, but when one of the operands is a null with a reason, that null: the first fault is the one to tell. */
struct feel_value feel_null_of(struct feel_run *run, const struct feel_node *node, struct feel_value a,
                               struct feel_value b, const char *what);
struct feel_value feel_text(struct feel_run *run, const struct feel_node *node, struct str s); /* not copied */
/* Room for one list of the run; NULL, with no reason, when it would be too long. */
struct feel_value *feel_new_items(struct feel_run *run, size_t n);
struct feel_value feel_too_long(struct feel_run *run, const struct feel_node *node);
struct feel_value feel_call_closure(struct feel_run *run, const struct feel_node *node, const struct feel_function *f,
                                    struct feel_value *args);
struct feel_value feel_call_value(struct feel_run *run, const struct feel_node *node, struct feel_value f,
                                  const struct str *names, struct feel_value *args, size_t n);
bool feel_type_fits(struct feel_run *run, struct feel_value v,
                    const struct feel_type *t); /* as feel_instance_of; a null fits anywhere */
struct feel_value feel_coerce_at(struct feel_run *run, const struct feel_node *node, struct feel_value v,
                                 const struct feel_type *t, const char *what);

/* ---- Operators (feel_op.c) */
enum feel_op { OP_ADD, OP_SUB, OP_MUL, OP_DIV, OP_POW, OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE };
feel_eval_fn *feel_op_eval(enum feel_op op);
feel_eval_fn feel_eval_neg;
struct feel_value feel_op(struct feel_run *run, const struct feel_node *node, enum feel_op op, struct feel_value a,
                          struct feel_value b);
/* The operator `in` for one test value: equality, membership, ranges, lists. 1, 0, -1. */
int feel_in(struct feel_run *run, struct feel_value x, struct feel_value test);
/* feel_equal, at the cost of a step for each pair that is looked at. */
int feel_same(struct feel_run *run, struct feel_value a, struct feel_value b);

/* ---- Streams (feel_loop.c): loops, filters and lists item by item, without making the list. */
struct feel_sink {
    bool (*take)(struct feel_sink *sink, struct feel_run *run, struct feel_value v); /* false: no more */
};
/* Null when all items went into the sink or it wanted no more; else the null that the node itself is. *ret_ok tells. */
struct feel_value feel_stream(struct feel_run *run, const struct feel_node *node, struct feel_sink *sink, bool *ret_ok);

/* ---- Built-in functions (feel_builtin.c) */
struct feel_call {
    struct feel_run *run;
    const struct feel_node *node;
    struct feel_value *args; /* coerced to what the row says; left out: null */
    size_t n;
    const void *prepared; /* what feel_text_prepare made when the call was built; NULL: nothing */
};
typedef struct feel_value feel_builtin_fn(struct feel_call *call);
struct feel_builtin_param {
    const char *name;
    char type; /* a any, n number, s string, b boolean, l list, c context, f function, d date or date and time, … */
};
enum { BUILTIN_PARAMS = 4 };
enum feel_builtin_flag {
    BUILTIN_VARIADIC = 1, /* the last parameter takes all further arguments, as a list */
    BUILTIN_SPREAD = 2,   /* one list, or its items as arguments */
    BUILTIN_IMPURE = 4    /* of the clock */
};
struct feel_builtin {
    struct str name;
    feel_builtin_fn *fn;
    /* NULL, or the function of a stream of items in place of the list */
    struct feel_value (*stream)(struct feel_run *run, const struct feel_node *node, const struct feel_node *items);
    struct feel_builtin_param params[BUILTIN_PARAMS];
    uint8_t n, least; /* parameters, and how many of them must be given */
    uint8_t flags;
    uint8_t type; /* enum feel_type_kind of the result; Any when it depends */
};
/* A name in a table that is constant. */
#define FEEL_N(literal) \
    { \
        literal, sizeof(literal) - 1 \
    }
/* The rows of each family end with an empty name; those of one name stand together, and the first that takes the
   arguments counts. */
extern const struct feel_builtin feel_builtins_number[], feel_builtins_text[], feel_builtins_list[],
    feel_builtins_time[], feel_builtins_range[], feel_builtins_context[];
struct feel_value feel_bad_value(struct feel_call *call,
                                 const char *what);           /* a null: an argument's value is at fault */
const struct feel_builtin *feel_builtin_find(struct str key); /* by canonical name */
/* For a call of that row: the compiled regular expression, when pattern and flags are constants; NULL: nothing to
 * prepare. */
const void *feel_text_prepare(struct arena *a, const struct feel_builtin *row, struct feel_node *const *args);
struct feel_value feel_builtin_call(struct feel_run *run, const struct feel_node *node, const struct feel_builtin *row,
                                    const struct str *names, struct feel_value *args, size_t n);

/* Aggregates (feel_fn_sum.c): of a list, and of a stream. */
feel_builtin_fn feel_fn_count, feel_fn_sum, feel_fn_product, feel_fn_mean, feel_fn_min, feel_fn_max, feel_fn_all,
    feel_fn_any, feel_fn_median, feel_fn_stddev, feel_fn_mode;
typedef struct feel_value feel_stream_fn(struct feel_run *run, const struct feel_node *node,
                                         const struct feel_node *items);
feel_stream_fn feel_stream_count, feel_stream_sum, feel_stream_product, feel_stream_mean, feel_stream_min,
    feel_stream_max, feel_stream_all, feel_stream_any;

/* ---- Names (feel_env.c): how names are compared, the key, has no blanks around symbols. */
struct feel_var {
    struct str name, key;
    uint32_t slot;
    const struct feel_type *type;
    const struct feel_var *next;
};
struct feel_env {
    struct arena *arena;
    size_t max_parts; /* words and symbols of the longest name in it and its parents */
    const struct feel_env *parent;
    struct feel_zones *zones;
    struct feel_var *vars, *members;
    struct feel_type_name {
        struct str name, key;
        const struct feel_type *type;
        struct feel_type_name *next;
    } * types;
};
size_t feel_name_parts(struct str key);
struct str feel_name_key(struct arena *a, struct str name);
const struct feel_var *feel_env_find(const struct feel_env *env, struct str key);
const struct feel_var *feel_env_member(const struct feel_env *env, struct str key);
const struct feel_type *feel_env_type(const struct feel_env *env, struct str key);
/* The piece of a name that begins at text.p[*i]: a word (1), a symbol (2), or none (0); *i moves past it. */
int feel_name_part(struct str text, size_t *i);
void feel_skip_blanks(struct str text, size_t *i); /* and comments */

/* ---- Building (feel_build.c) */
struct feel_scope {
    struct feel_var *vars;
    int64_t members; /* slot of `item`, or FEEL_NO_SLOT */
    const struct feel_type *member_type;
    struct feel_scope *up;
};
struct feel_frame {
    struct feel_frame *up;
    struct feel_scope *scope;
    uint32_t n_locals;
    const struct feel_param *params;
    size_t n_params;
    VEC_OF(struct feel_capture) captures;
    VEC_OF(bool) used; /* by local slot: something reads it */
};
struct feel_build {
    struct arena *arena;
    const struct feel_env *env;
    struct feel_frame *frame;
    struct feel_problem *problems, *last;
    const struct feel_source *source;
    struct feel_run *folder; /* evaluates constants */
    uint32_t offset, length; /* the place of nodes made now */
    size_t max_parts;        /* of any name that may be in scope */
    size_t work;             /* values that may still be read of this text */
};
struct feel_node *feel_node_new(struct feel_build *b,
                                feel_eval_fn *eval); /* at the builder's place; height 1, type Any */
/* The node, or a fault in its stead when the tree has grown too high. */
struct feel_node *feel_node_checked(struct feel_build *b, struct feel_node *node);
struct feel_iterator {
    struct feel_node *in;
    uint32_t slot; /* of what it gives */
};
struct feel_node *feel_node_loops(struct feel_build *b, enum feel_loop loop, const struct feel_iterator *iterators,
                                  size_t n, uint32_t partial, struct feel_node *body);
/* The member of a context type, or of the items of a list of them; NULL when there is none. */
const struct feel_member_type *feel_type_member(const struct feel_type *t, struct arena *scratch, struct str key);
const struct feel_type *feel_type_list_of(struct arena *a, const struct feel_type *of);
/* Evaluate a node whose operands are constants now; nulls are left to the run, which keeps their reason. */
struct feel_node *feel_fold(struct feel_build *b, struct feel_node *node);
/* A call of a built-in function whose row is chosen now. */
struct feel_node *feel_node_builtin(struct feel_build *b, const struct feel_builtin *row, const struct str *names,
                                    struct feel_node *const *args, size_t n);
/* A run that only folds constants: no frames, small limits. */
struct feel_run *feel_run_folder(struct arena *a, struct feel_zones *zones);
/* The node is higher than its child. */
static inline void feel_node_above(struct feel_node *node, const struct feel_node *child)
{
    if (child && child->height >= node->height)
        node->height = (uint16_t)(child->height + 1);
}
struct feel_node *feel_node_op(struct feel_build *b, enum feel_op op, struct feel_node *x, struct feel_node *y);
/* The node for a name in scope, NULL when there is none. */
struct feel_node *feel_node_name(struct feel_build *b, struct str name, struct str key);
/* The name in scope with that key, as it was declared; false when there is none. */
bool feel_build_knows(const struct feel_build *b, struct str key, struct str *ret_name);
/* The built-in function of that name, whatever hides it. */
struct feel_node *feel_node_global_function(struct feel_build *b, struct str key);
struct feel_node *feel_node_path(struct feel_build *b, struct feel_node *of, struct str name);
void feel_build_problem(struct feel_build *b, enum feel_why why, uint32_t offset, struct str detail);
/* ---- Evaluation (feel_eval.c, feel_loop.c) */
extern feel_eval_fn feel_eval_constant, feel_eval_local, feel_eval_slot, feel_eval_fault, feel_eval_list,
    feel_eval_context, feel_eval_if, feel_eval_and, feel_eval_or, feel_eval_path, feel_eval_member, feel_eval_call,
    feel_eval_lambda, feel_eval_instance, feel_eval_between, feel_eval_in, feel_eval_range, feel_eval_native,
    feel_eval_coerce, feel_eval_tests, feel_eval_test, feel_eval_test_op;
feel_eval_fn feel_eval_for, feel_eval_filter, feel_eval_quantified;
