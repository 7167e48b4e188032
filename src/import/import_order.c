/* Conditions look back only; forms of others sometimes look ahead. */
#include "import_form.h"

enum { ORDER_MOVES = 300 };

static void number(struct import *im, struct item *of)
{
    for (size_t i = 0; i < of->items.n; i++) {
        struct item *item = of->items.p[i];
        item->order = (int)im->all.n;
        im->all.p[im->all.n++] = item;
        number(im, item);
    }
}

static void renumber(struct import *im)
{
    im->all.n = 0; /* the same items again: there is room */
    number(im, im->top);
}

/* The part of the way from the top to `item` that lies directly below `above`; NULL: not below it. */
static struct item *below(struct item *item, const struct item *above)
{
    while (item && item->parent != above)
        item = item->parent;
    return item;
}

static bool lies_in(const struct item *item, const struct item *whole)
{
    while (item && item != whole)
        item = item->parent;
    return item;
}

/* An expression of form.yaml names no question from `order` on but those of `whole`. */
static bool names_before(const struct import *im, const struct yaml *of, const struct item *whole, int order)
{
    for (size_t i = (size_t)order; of->kind == YAML_SCALAR && i < im->all.n; i++)
        if (str_eq(im->all.p[i]->id, of->text) && !lies_in(im->all.p[i], whole))
            return false;
    for (size_t i = 0; i < of->n; i++)
        if (!names_before(im, of->items[i], whole, order))
            return false;
    return true;
}

/* Its limits, its computed value and its checks. */
static bool own_before(const struct import *im, const struct item *item, const struct item *whole, int order)
{
    for (size_t i = 0; i < item->own.n; i++) {
        struct str key = item->own.p[i]->key;
        if ((str_eq_z(key, "min") || str_eq_z(key, "max") || str_eq_z(key, "value")) &&
            !names_before(im, item->own.p[i], whole, order))
            return false;
    }
    for (size_t i = 0; i < item->checks.n; i++) {
        const struct yaml *must = yaml_get(item->checks.p[i], "must");
        if (must && !names_before(im, must, whole, order))
            return false;
    }
    return true;
}

/* Everything below and in `item` looks at nothing from `order` on, but itself. */
static bool looks_before(const struct import *im, const struct item *item, const struct item *whole, int order)
{
    const struct item *latest = item->when ? cond_latest(im, item->when) : NULL;
    if ((latest && latest->order >= order && !lies_in(latest, whole)) || !own_before(im, item, whole, order))
        return false;
    for (size_t i = 0; i < item->items.n; i++)
        if (!looks_before(im, item->items.p[i], whole, order))
            return false;
    return true;
}

/* Put the question that decides (`latest`) before the one it decides about, where both lie in the same group. */
static bool move_up(struct import *im, struct item *item, const struct item *latest)
{
    struct item *above = item->parent;
    struct item *what = NULL, *before = item;
    for (; above; before = above, above = above->parent)
        if ((what = below((struct item *)latest, above)))
            break;
    if (!what || what == before || what->role == ITEM_PAGE || what->role == ITEM_REPEAT ||
        (what->items.n && what->role != ITEM_CONTAINER && what->role != ITEM_LAYOUT) || what->items.n > 6 ||
        !looks_before(im, what, what, before->order))
        return false;
    size_t from = 0, to = 0;
    for (size_t i = 0; i < above->items.n; i++) {
        from = above->items.p[i] == what ? i : from;
        to = above->items.p[i] == before ? i : to;
    }
    for (size_t i = from; i > to; i--)
        above->items.p[i] = above->items.p[i - 1];
    above->items.p[to] = what;
    import_note(im, what, (struct str){0}, "moved up before `%" PRI_STR "`, which it decides about",
                STR_ARG(before->path));
    renumber(im);
    return true;
}

static void drop(struct import *im, struct item *item, const char *why)
{
    import_decide(im, item, item->when_text, "%s", why);
    item->when = NULL;
    im->result->conditions_kept--;
}

/* Whether it must be answered may look back only, too. */
static void check_required(struct import *im, struct item *item)
{
    const struct item *latest = item->required_when ? cond_latest(im, item->required_when) : NULL;
    if (!item->required_when || (!cond_is_dead(item->required_when) && (!latest || latest->order < item->order)))
        return;
    import_decide(im, item, (struct str){0},
                  "whether it must be answered depends on something that comes later or was left out: it may be left "
                  "open now");
    item->required = false;
    item->required_when = NULL;
    im->result->conditions_kept--;
}

void import_order(struct import *im)
{
    int moves = 0;
    for (size_t i = 0; i < im->all.n; i++) {
        struct item *item = im->all.p[i];
        const struct item *latest = item->when ? cond_latest(im, item->when) : NULL;
        if (!item->when || item->left_out)
            continue;
        if (cond_is_dead(item->when)) {
            drop(im, item, "the condition looks at something that was left out, it is always shown now");
        } else if (latest && latest->order >= item->order) {
            if (moves++ < ORDER_MOVES && move_up(im, item, latest)) {
                i = (size_t)-1; /* from the beginning: places have changed */
                continue;
            }
            drop(im, item,
                 "the condition looks at a question that comes later, it is always shown now: move the question that "
                 "decides before this one");
        }
    }
    for (size_t i = 0; i < im->all.n; i++)
        check_required(im, im->all.p[i]);
}
