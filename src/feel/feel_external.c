#include <math.h>

#include "feel_room.h"

/* External functions (10.3.2.13.3): `function(x) external {java: {class: …, method signature: …}}`. No foreign code
   runs. The functions of Java's standard library that models call, all pure, have equivalents here under their Java
   names; any other is null when it is called, with a reason. */

enum kind { BYTE, SHORT, INT, LONG, FLOAT, DOUBLE, CHAR, TEXT, OBJECTS, NONE };

static const char *const kind_names[] = {
    "byte", "short", "int", "long", "float", "double", "char", "java.lang.String", "[Ljava.lang.Object;"};

typedef double real_fn(double x);

struct method {
    const char *class, *name;
    real_fn *real; /* of one double */
    struct feel_value (*fn)(struct feel_run *run, const struct feel_node *node, const struct feel_value *args);
    uint32_t first; /* kinds that the first parameter may have, as bits */
    int n;          /* parameters; the others are of the kind of the first, but after a format */
};

struct external {
    const struct method *method;
    enum kind kinds[2];
};

static struct feel_value java_max(struct feel_run *run, const struct feel_node *node, const struct feel_value *args)
{
    int order = 0;
    (void)run;
    (void)node;
    return feel_compare(args[0], args[1], &order) && order < 0 ? args[1] : args[0];
}

static struct feel_value java_min(struct feel_run *run, const struct feel_node *node, const struct feel_value *args)
{
    int order = 0;
    (void)run;
    (void)node;
    return feel_compare(args[0], args[1], &order) && order > 0 ? args[1] : args[0];
}

static struct feel_value java_abs(struct feel_run *run, const struct feel_node *node, const struct feel_value *args)
{
    (void)node;
    return feel_number(run->arena, feel_num_abs(feel_num_of_value(args[0])));
}

static struct feel_value java_pow(struct feel_run *run, const struct feel_node *node, const struct feel_value *args)
{
    (void)node;
    return feel_from_real(run->arena, pow(feel_real(args[0]), feel_real(args[1])));
}

static struct feel_value java_same(struct feel_run *run, const struct feel_node *node, const struct feel_value *args)
{
    (void)run;
    (void)node;
    return args[0];
}

static struct feel_value java_text(struct feel_run *run, const struct feel_node *node, const struct feel_value *args)
{
    struct buf b = buf_make(run->arena);
    feel_write_string(&b, args[0]);
    return feel_text(run, node, buf_str(&b));
}

/* %s and %d with the second argument, which may be a list of them; %% */
static struct feel_value java_format(struct feel_run *run, const struct feel_node *node, const struct feel_value *args)
{
    struct str format = feel_str(args[0]);
    struct buf b = buf_make(run->arena);
    size_t n, used = 0;
    const struct feel_value *items = feel_items(&args[1], &n);
    for (size_t i = 0; i < format.n; i++) {
        char next = i + 1 < format.n ? format.p[i + 1] : 0;
        if (format.p[i] != '%') {
            buf_add_char(&b, format.p[i]);
            continue;
        }
        i++;
        if (next == '%') {
            buf_add_char(&b, '%');
        } else if (next == 's' && used < n) {
            feel_write_string(&b, items[used++]);
        } else if (next == 'd' && used < n && items[used].kind == FEEL_NUMBER) {
            feel_write_string(&b, items[used++]);
        } else {
            return feel_null_why(run, node, FEEL_WHY_VALUE, "a format that is not understood");
        }
    }
    return feel_text(run, node, buf_str(&b));
}

enum {
    NUMBERS = 1 << INT | 1 << LONG | 1 << FLOAT | 1 << DOUBLE,
    REAL = 1 << DOUBLE,
    STRING = 1 << TEXT,
};
#define MATH "java.lang.Math"
#define REAL_OF(name, fn) \
    { \
        MATH, name, fn, NULL, REAL, 1 \
    }
static const struct method methods[] = {
    {MATH, "max", NULL, java_max, NUMBERS, 2},
    {MATH, "min", NULL, java_min, NUMBERS, 2},
    {MATH, "abs", NULL, java_abs, NUMBERS, 1},
    {MATH, "pow", NULL, java_pow, REAL, 2},
    REAL_OF("sqrt", sqrt),
    REAL_OF("cbrt", cbrt),
    REAL_OF("exp", exp),
    REAL_OF("log", log),
    REAL_OF("log10", log10),
    REAL_OF("ceil", ceil),
    REAL_OF("floor", floor),
    REAL_OF("rint", rint),
    REAL_OF("sin", sin),
    REAL_OF("cos", cos),
    REAL_OF("tan", tan),
    REAL_OF("asin", asin),
    REAL_OF("acos", acos),
    REAL_OF("atan", atan),
    {"java.lang.Byte", "valueOf", NULL, java_same, 1 << BYTE | STRING, 1},
    {"java.lang.Short", "valueOf", NULL, java_same, 1 << SHORT | STRING, 1},
    {"java.lang.Integer", "valueOf", NULL, java_same, 1 << INT | STRING, 1},
    {"java.lang.Long", "valueOf", NULL, java_same, 1 << LONG | STRING, 1},
    {"java.lang.Float", "valueOf", NULL, java_same, 1 << FLOAT | STRING, 1},
    {"java.lang.Double", "valueOf", NULL, java_same, 1 << DOUBLE | STRING, 1},
    {"java.lang.String", "valueOf", NULL, java_text, NUMBERS | 1 << CHAR, 1},
    {"java.lang.String", "format", NULL, java_format, STRING, 2},
};

/* ---- Arguments as Java would have them */

static bool whole_within(struct feel_value v, int64_t limit)
{
    int64_t i;
    return feel_to_i64(v, &i) && i >= -limit - 1 && i <= limit;
}

static bool fits(struct feel_value v, enum kind kind)
{
    switch (kind) {
    case BYTE:
        return whole_within(v, INT8_MAX);
    case SHORT:
        return whole_within(v, INT16_MAX);
    case INT:
        return whole_within(v, INT32_MAX);
    case LONG:
        return whole_within(v, INT64_MAX);
    case FLOAT:
    case DOUBLE:
        return v.kind == FEEL_NUMBER;
    case CHAR:
        return v.kind == FEEL_STRING && text_length(feel_str(v)) == 1;
    case TEXT:
        return v.kind == FEEL_STRING;
    default:
        return v.kind != FEEL_NULL;
    }
}

static struct feel_value eval_external(struct feel_run *run, const struct feel_node *node)
{
    const struct external *e = node->data;
    const struct method *m = e->method;
    struct feel_value args[2] = {{0}};
    for (int i = 0; i < m->n; i++) {
        args[i] = run->frame[i];
        if (!fits(args[i], e->kinds[i]))
            return feel_null_of(run, node, args[i], args[i], "an external function");
    }
    /* what is read from text is a number of the class */
    if (m->fn == java_same && e->kinds[0] == TEXT) {
        args[0] = feel_parse(run->arena, run->zones, FEEL_NUMBER, str_trim(feel_str(args[0])));
        enum kind kind = m->class[10] == 'B'   ? BYTE
                         : m->class[10] == 'S' ? SHORT
                         : m->class[10] == 'I' ? INT
                         : m->class[10] == 'L' ? LONG
                                               : DOUBLE;
        if (!fits(args[0], kind))
            return feel_null_why(run, node, FEEL_WHY_VALUE, "not a number of %s", m->class);
    }
    return m->real ? feel_from_real(run->arena, m->real(feel_real(args[0]))) : m->fn(run, node, args);
}

/* ---- Finding the method */

static enum kind kind_of(struct str name)
{
    int k = 0;
    while (k < NONE && !str_eq_z(name, kind_names[k]))
        k++;
    return k == NONE ? NONE : (enum kind)k;
}

/* "max(double, double)" of that class; false when there is no equivalent. */
static bool find(struct str class, struct str signature, size_t n_params, struct external *ret)
{
    size_t open = str_find_char(signature, '(', 0);
    struct str name = str_trim(str_slice(signature, 0, open)), rest = str_slice(signature, open + 1, signature.n),
               piece;
    if (open == signature.n || !str_ends(rest, S(")")) || n_params > 2)
        return false;
    rest.n--;
    ret->kinds[0] = ret->kinds[1] = NONE;
    for (size_t i = 0; i < n_params; i++)
        if (!str_cut(&rest, ',', &piece) || (ret->kinds[i] = kind_of(str_trim(piece))) == NONE)
            return false;
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        const struct method *m = &methods[i];
        bool second = m->n == 1 || ret->kinds[1] == (m->fn == java_format ? OBJECTS : ret->kinds[0]);
        if (!str_eq_z(class, m->class) || !str_eq_z(name, m->name) || (size_t)m->n != n_params || !second ||
            !(m->first >> ret->kinds[0] & 1))
            continue;
        ret->method = m;
        return true;
    }
    return false;
}

static const struct feel_node *entry(const struct feel_node *context, const char *name)
{
    const struct feel_node_entry *entries = context ? context->data : NULL;
    if (!context || context->eval != feel_eval_context)
        return NULL;
    for (size_t i = 0; i < context->n; i++)
        if (str_eq_z(entries[i].name, name))
            return entries[i].value;
    return NULL;
}

struct feel_node *feel_node_external(struct feel_build *b, struct feel_node *what, size_t n_params)
{
    const struct feel_node *java = entry(what, "java");
    const struct feel_node *class = entry(java ? java : what, "class");
    const struct feel_node *signature = entry(java ? java : what, "method signature");
    struct external *e = arena_new_of(b->arena, struct external);
    if (!class || !signature || class->kind != NODE_CONSTANT || signature->kind != NODE_CONSTANT ||
        !find(feel_str(class->value), feel_str(signature->value), n_params, e)) {
        feel_build_problem(b, FEEL_WHY_NAME, what->offset, S("an external function that is not known here"));
        return feel_node_fault(b, FEEL_WHY_NAME, S("an external function that is not known here"), what->source);
    }
    struct feel_node *node = feel_node_new(b, eval_external);
    node->data = e;
    return node;
}
