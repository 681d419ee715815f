/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "level.h"

#include <math.h>

/** Where nothing tells where between two points a boundary lies. */
static const double middle = 0.5;

static double value_at(const alp_contour_field *field, const alp_contour_term *term, size_t i,
                       size_t j)
{
    return term->value[i * field->ny + j];
}

static bool holds(const alp_contour_field *field, const alp_contour_term *term, size_t i, size_t j)
{
    const double value = value_at(field, term, i, j);
    return value > term->low[i] && value < term->high[i];
}

bool alp_contour_inside(const alp_contour_field *field, size_t i, size_t j)
{
    for (size_t k = 0; k < field->n_terms; k++)
        if (holds(field, &field->term[k], i, j))
            return true;
    return false;
}

/** A quantity and its limit at one point. */
typedef struct pair {
    double value, limit;
} pair;

/** The part of the way from a to b at which log(value/limit), or value - limit, is zero. NAN: it
 *  cannot be told. */
static double zero_between(pair a, pair b)
{
    if (!isfinite(a.value) || !isfinite(b.value) || !isfinite(a.limit) || !isfinite(b.limit))
        return NAN;
    double at_a = a.value - a.limit, at_b = b.value - b.limit;
    if (a.value / a.limit > 0.0 && b.value / b.limit > 0.0) {
        at_a = log(a.value / a.limit);
        at_b = log(b.value / b.limit);
    }
    const double part = at_a / (at_a - at_b);
    return part >= 0.0 && part <= 1.0 ? part : NAN;
}

/** Of one term that holds at the first point and not at the second. */
static double leaves(const alp_contour_field *field, const alp_contour_term *term, size_t i_in,
                     size_t j_in, size_t i_out, size_t j_out)
{
    const double in = value_at(field, term, i_in, j_in), out = value_at(field, term, i_out, j_out);
    if (out <= term->low[i_out])
        return zero_between((pair){in, term->low[i_in]}, (pair){out, term->low[i_out]});
    return zero_between((pair){in, term->high[i_in]}, (pair){out, term->high[i_out]});
}

double alp_contour_crossing(const alp_contour_field *field, size_t i_in, size_t j_in, size_t i_out,
                            size_t j_out, bool *interpolated)
{
    double farthest = -1.0;
    *interpolated = false;
    for (size_t k = 0; k < field->n_terms; k++) {
        const alp_contour_term *term = &field->term[k];
        if (!holds(field, term, i_in, j_in))
            continue;
        double part = leaves(field, term, i_in, j_in, i_out, j_out);
        const bool told = isfinite(part) && !term->bit;
        if (!told)
            part = middle;
        if (part > farthest) {
            farthest = part;
            *interpolated = told;
        }
    }
    return farthest;
}

/** log(value/limit), or, where a sign forbids it, the difference on the scale of the limit. */
static double above(double value, double limit)
{
    if (value / limit > 0.0)
        return limit > 0.0 ? log(value / limit) : -log(value / limit);
    return limit != 0.0 ? (value - limit) / fabs(limit) : value;
}

double alp_contour_level(const alp_contour_field *field, size_t i, size_t j)
{
    double level = -INFINITY;
    for (size_t k = 0; k < field->n_terms; k++) {
        const alp_contour_term *term = &field->term[k];
        const double value = value_at(field, term, i, j);
        const double low = term->low[i], high = term->high[i];
        if (!isfinite(value) || isnan(low) || isnan(high))
            continue;
        const double over = isfinite(low) ? above(value, low) : INFINITY;
        const double under = isfinite(high) ? -above(value, high) : INFINITY;
        level = fmax(level, fmin(over, under));
    }
    return level;
}
