/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A region in a plane as strips of quantities. Each limit of a flag has a boundary of its own: that
 * of |q - c| > r those of q > c + r and q < c - r, which do not meet; that of |q - c| <= r those of
 * q < c + r and q > c - r, so that a band narrower than the grid is still found. Where points lack
 * a value that would put boundaries of the one where the other does not hold: both are then one
 * strip.
 */
#include "contours.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/** How far from its limit, in roundings of either, a quantity may be on the other side of it than
 * the flag says. */
static const double roundings = 4.0;

typedef struct builder {
    const alp_contour_source *source;
    const alp_plane *plane;
    alp_contour_fields *fields;
    alp_error *error;
    size_t nx, ny, points;
    size_t n_terms;
    alp_contour_term *term;
    bool split;            /**< the last flag was |q - c| <= r, without gaps: two boundaries */
    bool two_fields;       /**< or |q - c| > r: likewise */
    const char *last_name; /**< the map read last, and its values */
    const double *last_value;
} builder;

/** Memory that lives as long as the fields; NULL sets the error. */
static void *own(builder *b, size_t n, size_t size)
{
    alp_contour_fields *fields = b->fields;
    void **grown = realloc(fields->owned, (fields->n_owned + 1) * sizeof *grown);
    if (grown == NULL) {
        (void)alp_error_memory(b->error);
        return NULL;
    }
    fields->owned = grown;
    grown[fields->n_owned] = calloc(n + 1, size);
    if (grown[fields->n_owned] == NULL) {
        (void)alp_error_memory(b->error);
        return NULL;
    }
    return grown[fields->n_owned++];
}

/** The value of an axis at a point (i, j) of the plane. */
static double axis_value(const builder *b, size_t axis, size_t i, size_t j)
{
    const size_t k = axis == b->plane->first    ? i
                     : axis == b->plane->second ? j
                                                : b->plane->index[axis];
    return b->source->axis[axis].value[k];
}

/** |y_V|^2 and |y_A|^2 added, or the larger. */
static const double *couplings(builder *b, alp_flag_quantity quantity)
{
    double *value = own(b, b->points, sizeof *value);
    const size_t v = alp_contour_axis(b->source, "y_V"), a = alp_contour_axis(b->source, "y_A");
    for (size_t k = 0; value != NULL && k < b->points; k++) {
        const double y_v = axis_value(b, v, k / b->ny, k % b->ny);
        const double y_a = axis_value(b, a, k / b->ny, k % b->ny);
        value[k] = quantity == ALP_FLAG_S ? y_v * y_v + y_a * y_a : fmax(y_v * y_v, y_a * y_a);
    }
    return value;
}

static const double *quantity(builder *b, const alp_flag_test *test)
{
    if (test->quantity != ALP_FLAG_OBSERVABLE)
        return couplings(b, test->quantity);
    const char *name = alp_observable_at(test->observable)->name;
    if (b->last_name != NULL && strcmp(b->last_name, name) == 0)
        return b->last_value;
    double *value = own(b, b->points, sizeof *value);
    if (value == NULL ||
        alp_result_read_map(b->source->result, name, b->plane, value, b->error) != ALP_OK)
        return NULL;
    b->last_name = name;
    return b->last_value = value;
}

static double mass_at(const builder *b, size_t i)
{
    return axis_value(b, alp_contour_axis(b->source, "m_a"), i, 0);
}

/** What the tests of a flag are along the first axis. */
typedef struct tests {
    alp_flag_test *at;   /**< nx */
    alp_flag_kind kind;  /**< INSIDE or OUTSIDE; NEVER: none decides, or they are of both kinds */
    bool gaps, always;   /**< some are of no kind; some of these hold everywhere */
    alp_flag_test first; /**< that decides */
} tests;

static bool find_tests(builder *b, const alp_result_flag *flag, tests *t)
{
    const int index = alp_contour_known_flag(b->source, flag);
    *t = (tests){.kind = ALP_FLAG_NEVER};
    if (index < 0)
        return true;
    t->at = own(b, b->nx, sizeof *t->at);
    if (t->at == NULL)
        return false;
    bool both = false;
    for (size_t i = 0; i < b->nx; i++) {
        alp_flag_test_at(b->source->physics, (size_t)index, mass_at(b, i), &t->at[i]);
        const alp_flag_kind kind = t->at[i].kind;
        if (kind != ALP_FLAG_INSIDE && kind != ALP_FLAG_OUTSIDE) {
            t->gaps = true;
            t->always = t->always || kind == ALP_FLAG_ALWAYS;
            continue;
        }
        both = both || (t->kind != ALP_FLAG_NEVER && t->kind != kind);
        if (t->kind == ALP_FLAG_NEVER)
            t->first = t->at[i];
        t->kind = kind;
    }
    if (both || (t->first.quantity == ALP_FLAG_OBSERVABLE && t->kind != ALP_FLAG_NEVER &&
                 alp_result_precision(b->source->result,
                                      alp_observable_at(t->first.observable)->name) == 0.0))
        t->kind = ALP_FLAG_NEVER;
    return true;
}

/** One more term, of the same values; -1 and +1 cut at centre -+ radius, 0: at both. */
static bool add_term(builder *b, const tests *t, const double *value, int side)
{
    double *low = own(b, b->nx, sizeof *low), *high = own(b, b->nx, sizeof *high);
    if (low == NULL || high == NULL)
        return false;
    for (size_t i = 0; i < b->nx; i++) {
        const alp_flag_test *test = &t->at[i];
        const double plus = test->centre + test->radius, minus = test->centre - test->radius;
        const bool inside = test->kind == ALP_FLAG_INSIDE;
        low[i] = -INFINITY;
        high[i] = INFINITY;
        if (test->kind == ALP_FLAG_NEVER)
            low[i] = high[i] = NAN;
        else if (test->kind == ALP_FLAG_OUTSIDE && side > 0)
            low[i] = plus;
        else if (test->kind == ALP_FLAG_OUTSIDE)
            high[i] = minus;
        else if (inside && side >= 0)
            high[i] = plus;
        if (inside && side <= 0)
            low[i] = minus;
    }
    b->term[b->n_terms++] = (alp_contour_term){value, low, high, false};
    return true;
}

static bool add_bit(builder *b, const double *bit)
{
    double *low = own(b, b->nx, sizeof *low), *high = own(b, b->nx, sizeof *high);
    if (low == NULL || high == NULL)
        return false;
    for (size_t i = 0; i < b->nx; i++) {
        low[i] = 0.5;
        high[i] = INFINITY;
    }
    b->term[b->n_terms++] = (alp_contour_term){bit, low, high, true};
    return true;
}

/** Whether a flag is what its quantity says, but for points at a limit. */
static bool agrees(const builder *b, const tests *t, const double *value, const double *bit)
{
    double precision = DBL_EPSILON;
    if (t->first.quantity == ALP_FLAG_OBSERVABLE)
        precision =
            alp_result_precision(b->source->result, alp_observable_at(t->first.observable)->name);
    for (size_t k = 0; k < b->points; k++) {
        const alp_flag_test *test = &t->at[k / b->ny];
        if (isnan(bit[k]))
            continue;
        const double off = fabs(value[k] - test->centre) - test->radius;
        const bool set = test->kind == ALP_FLAG_ALWAYS ||
                         (test->kind == ALP_FLAG_INSIDE && off <= 0.0) ||
                         (test->kind == ALP_FLAG_OUTSIDE && off > 0.0);
        const double slack =
            roundings * precision * (fabs(value[k]) + fabs(test->centre) + test->radius);
        const bool decided = test->kind == ALP_FLAG_INSIDE || test->kind == ALP_FLAG_OUTSIDE;
        if (set != (bit[k] > 0.0) && !(decided && fabs(off) <= slack))
            return false;
    }
    return true;
}

static bool has_gaps(const builder *b, const double *bit)
{
    for (size_t k = 0; k < b->points; k++)
        if (isnan(bit[k]))
            return true;
    return false;
}

/** The terms of one flag; bit: its points. */
static bool add_flag(builder *b, const alp_result_flag *flag, bool alone, const double *bit,
                     bool *contradicted)
{
    tests t;
    if (!find_tests(b, flag, &t))
        return false;
    if (t.kind == ALP_FLAG_NEVER)
        return add_bit(b, bit);
    const double *value = quantity(b, &t.first);
    if (value == NULL)
        return false;
    if (!agrees(b, &t, value, bit)) {
        *contradicted = true;
        return add_bit(b, bit);
    }
    if (t.kind == ALP_FLAG_INSIDE) {
        b->split = alone && !t.gaps && !has_gaps(b, bit);
        return b->split ? add_term(b, &t, value, 1) && add_term(b, &t, value, -1)
                        : add_term(b, &t, value, 0);
    }
    b->two_fields = alone && !t.always;
    return add_term(b, &t, value, 1) && add_term(b, &t, value, -1);
}

/** Couplings are known where nothing has been computed: that does not count. */
static void mark_missing(const builder *b, const double *bit)
{
    for (size_t k = 0; k < b->n_terms; k++) {
        double *value = (double *)b->term[k].value;
        for (size_t i = 0; i < b->points; i++)
            if (isnan(bit[i]))
                value[i] = NAN;
    }
}

static void make_fields(builder *b)
{
    alp_contour_fields *fields = b->fields;
    if (b->split || b->two_fields) {
        fields->n = 2;
        fields->field[0] = (alp_contour_field){b->nx, b->ny, 1, &b->term[0]};
        fields->field[1] = (alp_contour_field){b->nx, b->ny, 1, &b->term[1]};
        fields->limit[0] = ALP_CONTOUR_HIGH;
        fields->limit[1] = ALP_CONTOUR_LOW;
        return;
    }
    fields->n = 1;
    fields->field[0] = (alp_contour_field){b->nx, b->ny, b->n_terms, b->term};
    fields->limit[0] = b->n_terms == 1 && b->term[0].bit ? ALP_CONTOUR_BIT : ALP_CONTOUR_ANY;
}

static bool build(builder *b, const alp_contour_region *region, bool *contradicted)
{
    alp_result *result = b->source->result;
    double *any = own(b, b->points, sizeof *any);
    b->term = own(b, 2 * alp_result_flags(result), sizeof *b->term);
    if (any == NULL || b->term == NULL ||
        alp_result_read_flag(result, region->group, region->bits, b->plane, any, b->error) !=
            ALP_OK)
        return false;
    for (size_t k = 0; k < b->points; k++) {
        b->fields->set += any[k] > 0.0;
        b->fields->points += isnan(any[k]) ? 0 : 1;
    }
    const bool alone = region->flag != NULL;
    if (alone && !add_flag(b, region->flag, true, any, contradicted))
        return false;
    for (size_t f = 0; !alone && f < alp_result_flags(result); f++) {
        const alp_result_flag *flag = alp_result_flag_at(result, f);
        if (strcmp(flag->group, region->group) != 0)
            continue;
        double *bit = own(b, b->points, sizeof *bit);
        if (bit == NULL ||
            alp_result_read_flag(result, flag->group, flag->bit, b->plane, bit, b->error) !=
                ALP_OK ||
            !add_flag(b, flag, false, bit, contradicted))
            return false;
    }
    mark_missing(b, any);
    make_fields(b);
    return true;
}

alp_status alp_contour_fields_read(const alp_contour_source *source,
                                   const alp_contour_region *region, const alp_plane *plane,
                                   alp_contour_fields *fields, bool *contradicted, alp_error *error)
{
    builder b = {.source = source, .plane = plane, .fields = fields, .error = error};
    *fields = (alp_contour_fields){0};
    *contradicted = false;
    b.nx = source->axis[plane->first].n;
    b.ny = source->axis[plane->second].n;
    b.points = b.nx * b.ny;
    return build(&b, region, contradicted) ? ALP_OK : error->status;
}

void alp_contour_fields_free(alp_contour_fields *fields)
{
    for (size_t i = 0; i < fields->n_owned; i++)
        free(fields->owned[i]);
    free((void *)fields->owned);
    *fields = (alp_contour_fields){0};
}

const char *alp_contour_limit_name(alp_contour_limit limit)
{
    static const char *const names[] = {"high", "low", "any", "bit"};
    return names[limit];
}
