#include "feel_room.h"

/* ---- The pieces of a name (10.3.1.2, rules 27 to 35) */

static bool is_name_start(uint32_t c)
{
    static const uint32_t ranges[][2] = {{'?', '?'},       {'A', 'Z'},       {'_', '_'},       {'a', 'z'},
                                         {0xc0, 0xd6},     {0xd8, 0xf6},     {0xf8, 0x2ff},    {0x370, 0x37d},
                                         {0x37f, 0x1fff},  {0x200c, 0x200d}, {0x2070, 0x218f}, {0x2c00, 0x2fef},
                                         {0x3001, 0xd7ff}, {0xf900, 0xfdcf}, {0xfdf0, 0xfffc}, {0x10000, 0xeffff}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (c >= ranges[i][0] && c <= ranges[i][1])
            return c != 0x1680 && c != 0x180e; /* blanks among them */
    return false;
}

static bool is_name_part(uint32_t c)
{
    return is_name_start(c) || (c >= '0' && c <= '9') || c == 0xb7 || (c >= 0x300 && c <= 0x36f) ||
           (c >= 0x203f && c <= 0x2040);
}

static bool is_name_symbol(uint32_t c)
{
    return c == '.' || c == '/' || c == '-' || c == 0x2019 || c == '\'' || c == '+' || c == '*';
}

static bool is_blank(uint32_t c)
{
    return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0xa0 || c == 0x1680 || c == 0x180e ||
           (c >= 0x2000 && c <= 0x200b) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000 ||
           c == 0xfeff;
}

int feel_name_part(struct str text, size_t *i)
{
    size_t at = *i, before = at;
    if (at >= text.n)
        return 0;
    uint32_t c = text_next(text, &at);
    if (is_name_symbol(c)) {
        *i = at;
        return 2;
    }
    while (is_name_part(c)) {
        before = at;
        if (at >= text.n)
            break;
        c = text_next(text, &at);
    }
    if (before == *i)
        return 0;
    *i = before;
    return 1;
}

void feel_skip_blanks(struct str text, size_t *i)
{
    while (*i < text.n) {
        size_t at = *i;
        if (text.p[at] == '/' && at + 1 < text.n && text.p[at + 1] == '/') {
            *i = str_find_char(text, '\n', at);
        } else if (text.p[at] == '/' && at + 1 < text.n && text.p[at + 1] == '*') {
            *i = str_find(text, S("*/"), at + 2);
            *i += *i < text.n ? 2 : 0;
        } else if (is_blank(text_next(text, &at))) {
            *i = at;
        } else {
            return;
        }
    }
}

/* ASCII without needless blanks, as nearly all names are. */
static bool is_plain_name(struct str s)
{
    char before = ' ';
    for (size_t i = 0; i < s.n; before = s.p[i++])
        if (s.p[i] < ' ' || s.p[i] > '~' || (s.p[i] == ' ' && before == ' '))
            return false;
    return s.n && before != ' ';
}

struct str feel_name(struct arena *a, struct str s)
{
    if (is_plain_name(s))
        return str_dup(a, s);
    struct buf b = {.arena = a, .p = arena_alloc(a, s.n + 1), .cap = s.n + 1}; /* it does not become longer */
    for (size_t i = 0; i < s.n;) {
        size_t from = i;
        if (!is_blank(text_next(s, &i))) {
            buf_add(&b, str_slice(s, from, i));
            continue;
        }
        while (i < s.n) {
            size_t next = i;
            if (!is_blank(text_next(s, &next)))
                break;
            i = next;
        }
        if (b.n && i < s.n)
            buf_add_char(&b, ' ');
    }
    return buf_str(&b);
}

struct str feel_name_key(struct arena *a, struct str name)
{
    struct str s = feel_name(a, name);
    struct buf b = {.arena = a, .p = arena_alloc(a, s.n + 1), .cap = s.n + 1};
    bool symbol = false, blank = false;
    for (size_t i = 0; i < s.n;) {
        size_t from = i;
        uint32_t c = text_next(s, &i);
        if (c == ' ') {
            blank = true;
            continue;
        }
        bool is_symbol = is_name_symbol(c);
        if (blank && !symbol && !is_symbol)
            buf_add_char(&b, ' ');
        buf_add(&b, str_slice(s, from, i));
        symbol = is_symbol;
        blank = false;
    }
    return buf_str(&b);
}

size_t feel_name_parts(struct str key)
{
    size_t i = 0, n = 0;
    while (i < key.n) {
        if (key.p[i] == ' ')
            i++;
        if (!feel_name_part(key, &i))
            return FEEL_NAME_PARTS; /* a name that is no name: of a context, in quotes */
        n++;
    }
    return n;
}

/* ---- The environment */

struct feel_env *feel_env_new(struct arena *a, const struct feel_env *parent)
{
    struct feel_env *env = arena_new_of(a, struct feel_env);
    env->arena = a;
    env->parent = parent;
    env->max_parts = parent ? parent->max_parts : 0;
    env->zones = parent ? parent->zones : NULL;
    return env;
}

void feel_env_set_zones(struct feel_env *env, struct feel_zones *zones)
{
    env->zones = zones;
}

static struct feel_var *new_var(struct feel_env *env, struct feel_var **chain, struct str name)
{
    struct feel_var *v = arena_new_of(env->arena, struct feel_var);
    *v = (struct feel_var){.name = feel_name(env->arena, name), .key = feel_name_key(env->arena, name), .next = *chain};
    *chain = v;
    size_t parts = feel_name_parts(v->key);
    env->max_parts = parts > env->max_parts ? parts : env->max_parts;
    return v;
}

/* The names of members at any depth, so that a path through a value of unknown type can still be read. */
static void add_members(struct feel_env *env, const struct feel_type *t, int depth)
{
    for (; t && (t->kind == FEEL_T_LIST || t->kind == FEEL_T_RANGE); t = t->of)
        if (depth++ > 8)
            return;
    if (!t || t->kind != FEEL_T_CONTEXT || depth > 8)
        return;
    for (size_t i = 0; i < t->n_members; i++) {
        if (feel_env_member(env, feel_name_key(env->arena, t->members[i].name)))
            continue;
        feel_env_add_member(env, t->members[i].name);
        add_members(env, t->members[i].type, depth + 1);
    }
}

void feel_env_add(struct feel_env *env, struct str name, uint32_t slot, const struct feel_type *type)
{
    struct feel_var *v = new_var(env, &env->vars, name);
    v->slot = slot;
    v->type = type ? type : feel_type_of_kind(FEEL_T_ANY);
    add_members(env, type, 0);
}

void feel_env_add_type(struct feel_env *env, struct str name, const struct feel_type *type)
{
    struct feel_type_name *t = arena_new_of(env->arena, struct feel_type_name);
    *t = (struct feel_type_name){feel_name(env->arena, name), feel_name_key(env->arena, name), type, env->types};
    env->types = t;
    size_t parts = feel_name_parts(t->key);
    env->max_parts = parts > env->max_parts ? parts : env->max_parts;
    add_members(env, type, 0);
}

void feel_env_add_member(struct feel_env *env, struct str name)
{
    new_var(env, &env->members, name);
}

const struct feel_var *feel_env_find(const struct feel_env *env, struct str key)
{
    for (; env; env = env->parent)
        for (const struct feel_var *v = env->vars; v; v = v->next)
            if (str_eq(v->key, key))
                return v;
    return NULL;
}

const struct feel_var *feel_env_member(const struct feel_env *env, struct str key)
{
    for (; env; env = env->parent)
        for (const struct feel_var *v = env->members; v; v = v->next)
            if (str_eq(v->key, key))
                return v;
    return NULL;
}

const struct feel_type *feel_env_type(const struct feel_env *env, struct str key)
{
    for (; env; env = env->parent)
        for (const struct feel_type_name *t = env->types; t; t = t->next)
            if (str_eq(t->key, key))
                return t->type;
    return feel_type_builtin(key);
}
