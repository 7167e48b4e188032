/* Contrast after WCAG 2.2, "relative luminance" and "contrast ratio". */
#include <math.h>

#include "municipality.h"

static bool luminance(struct str colour, double *ret)
{
    static const double weight[] = {0.2126, 0.7152, 0.0722};
    unsigned char rgb[3];
    double sum = 0;
    if (colour.n != 7 || colour.p[0] != '#' || !str_unhex(str_slice(colour, 1, 7), rgb))
        return false;
    for (int i = 0; i < 3; i++) {
        double c = rgb[i] / 255.0;
        sum += weight[i] * (c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
    }
    *ret = sum;
    return true;
}

int municipality_contrast(struct str a, struct str b)
{
    double x, y;
    if (!luminance(a, &x) || !luminance(b, &y))
        return -1;
    return (int)(100 * (fmax(x, y) + 0.05) / (fmin(x, y) + 0.05));
}

struct str municipality_css(struct cx *cx, const struct municipality *m)
{
    return str_fmt(cx->arena,
                   ":root{--k-primary:%" PRI_STR ";--k-primary-dark:%" PRI_STR ";--k-primary-darker:%" PRI_STR "}\n",
                   STR_ARG(m->colours.primary), STR_ARG(m->colours.primary_dark), STR_ARG(m->colours.primary_darker));
}
