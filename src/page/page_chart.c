/* A chart as SVG: columns, and perhaps a line, over months or other steps. Across, everything is in per cent of the
   width and upwards in pixels, so that the chart is as wide as there is room while its words keep the reader's size. */
#include "page.h"

#include <stdlib.h>

#include "i18n/i18n.h"

enum { TOP = 24, GROUND = 204, TICKS = 4, LEFT = 11 /* per cent: the numbers of the axis */ };

/* 1, 2 or 5 times a power of ten, so that TICKS steps hold `most`. */
static int64_t step_for(int64_t most)
{
    for (int64_t ten = 1;; ten *= 10)
        for (int64_t k = 1; k <= 5; k += k == 1 ? 1 : 3)
            if (k * ten * TICKS >= most)
                return k * ten;
}

static struct str percent(struct cx *cx, double x)
{
    int64_t thousandths = (int64_t)(x * 1000 + 0.5);
    return str_fmt(cx->arena, "%lld.%03d%%", (long long)(thousandths / 1000), (int)(thousandths % 1000));
}

static struct str pixels(struct cx *cx, int64_t y)
{
    return str_fmt(cx->arena, "%lld", (long long)y);
}

/* Pixels from the top for a value on a scale that ends at `full`. */
static int64_t height_of(int64_t v, int64_t full)
{
    return GROUND - (v < 0 ? 0 : v) * (GROUND - TOP) / full;
}

static void add_columns(struct cx *cx, struct page_chart *c, const struct page_chart_data *d, int64_t full)
{
    double slot = (100.0 - LEFT) / (double)d->n, gap = slot * 0.14, wide = (slot - gap) / (double)d->n_columns;
    for (size_t i = 0; i < d->n; i++)
        for (size_t k = 0; k < d->n_columns; k++) {
            struct opt_int v = d->columns[k].values[i];
            int64_t y = height_of(v.v, full);
            if (v.set && v.v > 0)
                vec_add(cx->arena, &c->bars,
                        (struct page_chart_bar){.x = percent(cx, LEFT + slot * (double)i + gap / 2 + wide * (double)k),
                                                .y = pixels(cx, y),
                                                .width = percent(cx, wide * 0.92),
                                                .height = pixels(cx, GROUND - y),
                                                .second = k == 1});
        }
}

/* Where a value is missing the line is broken. */
static void add_line(struct cx *cx, struct page_chart *c, const struct page_chart_data *d, int64_t full)
{
    double slot = (100.0 - LEFT) / (double)d->n;
    struct page_chart_point last = {0};
    for (size_t i = 0; i < d->n; i++) {
        struct opt_int v = d->line.values[i];
        struct page_chart_point p = {0};
        if (v.set) {
            p = (struct page_chart_point){percent(cx, LEFT + slot * ((double)i + 0.5)),
                                          pixels(cx, height_of(v.v, full))};
            vec_add(cx->arena, &c->points, p);
            if (last.x.n)
                vec_add(cx->arena, &c->segments, (struct page_chart_segment){last, p});
        }
        last = p;
    }
}

static void add_axes(struct cx *cx, struct page_chart *c, const struct page_chart_data *d, int64_t step)
{
    double slot = (100.0 - LEFT) / (double)d->n;
    c->left = percent(cx, LEFT);
    c->ground = pixels(cx, GROUND);
    c->under = pixels(cx, GROUND + 22);
    c->number_x = percent(cx, LEFT - 1);
    for (int64_t k = 0; k <= TICKS; k++) {
        int64_t y = height_of(k * step, TICKS * step);
        vec_add(cx->arena, &c->ticks,
                (struct page_chart_tick){
                    .y = pixels(cx, y), .text_y = pixels(cx, y + 4), .label = i18n_number(cx, k * step)});
    }
    for (size_t i = 0; i < d->n; i++)
        vec_add(cx->arena, &c->steps,
                (struct page_chart_step){.x = percent(cx, LEFT + slot * ((double)i + 0.5)),
                                         .label = d->steps[i],
                                         .spare = (d->n - 1 - i) % 2 == 1});
}

static void highest(const struct page_chart_series *s, size_t n, int64_t *most)
{
    for (size_t i = 0; s->values && i < n; i++)
        if (s->values[i].set && s->values[i].v > *most)
            *most = s->values[i].v;
}

struct page_chart page_chart_make(struct cx *cx, const struct page_chart_data *d)
{
    struct page_chart c = {.id = d->id, .title = d->title, .text = d->text};
    int64_t most = 1;
    for (size_t k = 0; k < d->n_columns; k++)
        highest(&d->columns[k], d->n, &most);
    highest(&d->line, d->n, &most);
    int64_t step = step_for(most);
    add_axes(cx, &c, d, step);
    add_columns(cx, &c, d, step * TICKS);
    if (d->line.values)
        add_line(cx, &c, d, step * TICKS);
    c.first = d->columns[0].label;
    if (d->n_columns > 1)
        c.second = d->columns[1].label;
    c.line = d->line.label;
    return c;
}
