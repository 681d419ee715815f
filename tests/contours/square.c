/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "square.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

double square_at(const square *s, size_t i)
{
    return -1.0 + 2.0 * (double)i / (double)(s->n - 1);
}

void square_fill(square *s, size_t n, double (*f)(double x, double y), double low, double high)
{
    s->n = n;
    s->value = calloc(n * n, sizeof *s->value);
    s->low = calloc(n, sizeof *s->low);
    s->high = calloc(n, sizeof *s->high);
    assert_true(s->value != NULL && s->low != NULL && s->high != NULL);
    for (size_t i = 0; i < n; i++) {
        s->low[i] = low;
        s->high[i] = high;
        for (size_t j = 0; j < n; j++)
            s->value[i * n + j] = f(square_at(s, i), square_at(s, j));
    }
    s->term = (alp_contour_term){s->value, s->low, s->high, false};
    s->field = (alp_contour_field){n, n, 1, &s->term};
}

void square_empty(square *s)
{
    free(s->value);
    free(s->low);
    free(s->high);
}

alp_contours square_trace(const alp_contour_field *field)
{
    alp_contours contours;
    alp_error error;
    assert_int_equal(alp_contours_trace(field, &contours, &error), ALP_OK);
    return contours;
}

position square_place(const square *s, const alp_contour_point *p)
{
    const double step = 2.0 / (double)(s->n - 1);
    return (position){square_at(s, p->i) + (p->axis == 0 ? p->part * step : 0.0),
                      square_at(s, p->j) + (p->axis == 1 ? p->part * step : 0.0)};
}

double square_length(const square *s, const alp_contours *c, const alp_contour_line *line)
{
    double sum = 0.0;
    for (size_t k = line->first; k + 1 < line->first + line->n; k++) {
        const position a = square_place(s, &c->point[k]), b = square_place(s, &c->point[k + 1]);
        sum += hypot(b.x - a.x, b.y - a.y);
    }
    return sum;
}

double square_area(const square *s, const alp_contours *c, const alp_contour_line *line)
{
    double sum = 0.0;
    for (size_t k = line->first; k + 1 < line->first + line->n; k++) {
        const position a = square_place(s, &c->point[k]), b = square_place(s, &c->point[k + 1]);
        sum += 0.5 * (a.x * b.y - b.x * a.y);
    }
    return sum;
}

void square_check(const square *s, const alp_contours *c)
{
    const size_t n = s->n;
    size_t crossings = 0, points = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            const bool in = alp_contour_inside(&s->field, i, j);
            crossings += i + 1 < n && in != alp_contour_inside(&s->field, i + 1, j);
            crossings += j + 1 < n && in != alp_contour_inside(&s->field, i, j + 1);
        }
    const double step = 2.0 / (double)(n - 1);
    for (size_t l = 0; l < c->n_lines; l++) {
        const alp_contour_line *line = &c->line[l];
        points += line->n - line->closed;
        const alp_contour_point *first = &c->point[line->first], *last = first + line->n - 1;
        const position a = square_place(s, first), b = square_place(s, last);
        if (line->closed) {
            assert_memory_equal(&a, &b, sizeof a);
        } else {
            assert_true(fmax(fabs(a.x), fabs(a.y)) == 1.0);
            assert_true(fmax(fabs(b.x), fabs(b.y)) == 1.0);
        }
        for (size_t k = line->first; k + 1 < line->first + line->n; k++) {
            const position p = square_place(s, &c->point[k]), q = square_place(s, &c->point[k + 1]);
            assert_true(fabs(p.x - q.x) <= step * (1 + 1e-12));
            assert_true(fabs(p.y - q.y) <= step * (1 + 1e-12));
            /* of the two ends of the crossed line the one inside is on the left */
            const alp_contour_point *g = &c->point[k];
            const bool here = alp_contour_inside(&s->field, g->i, g->j);
            const double x = here ? square_at(s, g->i) : square_at(s, g->i + (g->axis == 0));
            const double y = here ? square_at(s, g->j) : square_at(s, g->j + (g->axis == 1));
            assert_true((q.x - p.x) * (y - p.y) - (q.y - p.y) * (x - p.x) >= -1e-12);
        }
    }
    assert_int_equal(points, crossings);
}
