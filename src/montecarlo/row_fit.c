/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "row_fit.h"

#include "vector_math.h"

#include <math.h>
#include <string.h>

/* Quantities that are not negative, with their errors. */
typedef struct column {
    size_t value, error; /* offsets in a row; SIZE_MAX for one without an error of its own */
    alp_row_part part;
} column;

#define AT(member) offsetof(alp_mc_row, member)

static const size_t no_error = (size_t)-1;
static const column positive[] = {
    [ALP_ROW_FIDUCIAL] = {AT(sigma_hat), AT(error), ALP_ROW_FIDUCIAL},
    [ALP_ROW_CHARGE_0] = {AT(sigma_s[0]), AT(error_s[0]), ALP_ROW_CHARGE_0},
    [ALP_ROW_CHARGE_1] = {AT(sigma_s[1]), AT(error_s[1]), ALP_ROW_CHARGE_1},
    [ALP_ROW_TOTAL] = {AT(sigma_total), AT(error_total), ALP_ROW_TOTAL},
    {AT(acceptance), (size_t)-1, ALP_ROW_FIDUCIAL},
    {AT(efficiency), (size_t)-1, ALP_ROW_FIDUCIAL}};
static const column *const total = &positive[ALP_ROW_TOTAL];
static const column of_either_sign[] = {{AT(sigma_d[0]), AT(error_d[0]), ALP_ROW_FIDUCIAL},
                                        {AT(sigma_d[1]), AT(error_d[1]), ALP_ROW_FIDUCIAL}};
/* Interferences and what is odd in D. */
static const bool may_be_negative[ALP_MC_N_FORMS] = {
    [ALP_MC_CROSS_SAME] = true,   [ALP_MC_CROSS_MIXED] = true,  [ALP_MC_PHOTON_VECTOR] = true,
    [ALP_MC_CROSS_VECTOR] = true, [ALP_MC_PAIRS_VECTOR] = true, [ALP_MC_PHOTON_AXIAL] = true,
    [ALP_MC_CROSS_AXIAL] = true,  [ALP_MC_PAIRS_AXIAL] = true};
enum {
    N_POSITIVE = sizeof positive / sizeof *positive,
    N_SIGNED = sizeof of_either_sign / sizeof *of_either_sign
};

static double get(const alp_mc_row *row, size_t offset)
{
    double value;
    memcpy(&value, (const char *)row + offset, sizeof value);
    return value;
}

static double square(double x)
{
    return x * x;
}

static void set(alp_mc_row *row, size_t offset, double value)
{
    memcpy((char *)row + offset, &value, sizeof value);
}

alp_row_kind alp_row_kind_of(const alp_mc_row *row)
{
    if (row->state == ALP_MC_NO_EVENT && row->n_widths == 0)
        return row->sigma_total > 0.0 ? ALP_ROW_NONE_PASSES : ALP_ROW_UNFIT;
    for (size_t i = 0; i < row->n_widths; i++)
        if (!(row->at[i].sigma > 0.0 && row->at[i].sigma_photon > 0.0))
            return ALP_ROW_UNFIT;
    const bool all = row->sigma_hat > 0.0 && row->sigma_total > 0.0 && row->acceptance > 0.0 &&
                     row->efficiency > 0.0 && row->sigma_s[0] >= 0.0 && row->sigma_s[1] >= 0.0;
    return all ? ALP_ROW_PASSES : ALP_ROW_UNFIT;
}

bool alp_row_alike(const alp_mc_row *a, const alp_mc_row *b)
{
    const alp_row_kind kind = alp_row_kind_of(a);
    if (kind == ALP_ROW_UNFIT || kind != alp_row_kind_of(b) || a->n_widths != b->n_widths)
        return false;
    for (size_t i = 0; i < a->n_widths; i++)
        if (a->at[i].coupling != b->at[i].coupling ||
            (a->at[i].width > 0.0) != (b->at[i].width > 0.0))
            return false;
    return true;
}

static void lagrange(size_t n, const double *at, double x, double *weight)
{
    for (size_t k = 0; k < n; k++) {
        weight[k] = 1.0;
        for (size_t l = 0; l < n; l++)
            if (l != k)
                weight[k] *= (x - at[l]) / (at[k] - at[l]);
    }
}

/* A sum of either sign; its error is relative to the largest node. */
static void fit_signed(size_t n, const double *weight, const alp_mc_row *const *rows,
                       const column *c, double error, alp_mc_row *row)
{
    double sum = 0.0, variance = 0.0, largest = 0.0;
    for (size_t k = 0; k < n; k++) {
        const double value = get(rows[k], c->value), own = weight[k] * get(rows[k], c->error);
        sum += weight[k] * value;
        variance += own * own;
        largest = fmax(largest, fabs(value));
    }
    set(row, c->value, sum);
    set(row, c->error, sqrt(variance + error * error * largest * largest));
}

/* Through logarithms, unless a node has none: a charge of which nothing passed. */
static void fit_positive(size_t n, const double *weight, const alp_mc_row *const *rows,
                         const column *c, double error, alp_mc_row *row)
{
    double sum = 0.0, variance = error * error;
    for (size_t k = 0; k < n; k++) {
        const double node = get(rows[k], c->value);
        if (!(node > 0.0)) {
            fit_signed(n, weight, rows, c, error, row);
            set(row, c->value, fmax(get(row, c->value), 0.0));
            return;
        }
        sum += weight[k] * alp_log(node);
        if (c->error != no_error)
            variance += square(weight[k] * get(rows[k], c->error) / node);
    }
    const double value = alp_exp(sum);
    set(row, c->value, value);
    if (c->error != no_error)
        set(row, c->error, value * sqrt(variance));
}

/* A form in proportion to sigma: some of its coefficients may have either sign. */
static void fit_forms(size_t n, const double *weight, const alp_mc_row *const *rows, size_t i,
                      alp_mc_width *at)
{
    for (size_t charge = 0; charge < 2; charge++)
        for (size_t k = 0; k < ALP_MC_N_FORMS; k++) {
            double ratio = 0.0;
            for (size_t l = 0; l < n; l++)
                ratio += weight[l] * rows[l]->at[i].form[charge][k] / rows[l]->at[i].sigma;
            at->form[charge][k] = at->sigma * (may_be_negative[k] ? ratio : fmax(ratio, 0.0));
        }
}

/* method = full: the width follows from the mass as sigma does, through its logarithm. */
static void fit_widths(size_t n, const double *weight, const alp_mc_row *const *rows, double error,
                       alp_mc_row *row)
{
    row->n_widths = rows[0]->n_widths;
    for (size_t i = 0; i < row->n_widths; i++) {
        double sigma = 0.0, photon = 0.0, width = 0.0, variance = error * error;
        double relative = error * error;
        for (size_t l = 0; l < n; l++) {
            const alp_mc_width *at = &rows[l]->at[i];
            sigma += weight[l] * alp_log(at->sigma);
            photon += weight[l] * alp_log(at->sigma_photon);
            width += at->width > 0.0 ? weight[l] * alp_log(at->width) : 0.0;
            variance += square(weight[l] * at->error / at->sigma);
            relative += square(weight[l] * at->relative_error);
        }
        alp_mc_width *at = &row->at[i];
        at->coupling = rows[0]->at[i].coupling;
        at->width = rows[0]->at[i].width > 0.0 ? alp_exp(width) : 0.0;
        at->sigma = alp_exp(sigma);
        at->sigma_photon = alp_exp(photon);
        at->error = at->sigma * sqrt(variance);
        at->relative_error = sqrt(relative);
        fit_forms(n, weight, rows, i, at);
    }
}

/* The upper limit falls towards the end of the masses as the cross section does. */
static void fit_none(size_t n, const double *weight, const alp_mc_row *const *rows,
                     const alp_row_errors *errors, alp_mc_row *row)
{
    const double error = errors->part[ALP_ROW_TOTAL];
    *row = (alp_mc_row){.state = ALP_MC_NO_EVENT, .mass_interpolation = error};
    fit_positive(n, weight, rows, total, error, row);
    for (size_t k = 0; k < n; k++)
        row->error = fmax(row->error, rows[k]->error);
}

static void fit_all(size_t n, const double *weight, const alp_mc_row *const *rows,
                    const alp_row_errors *errors, alp_mc_row *row)
{
    const double error = errors->part[ALP_ROW_FIDUCIAL];
    *row = (alp_mc_row){.state = ALP_MC_INTERPOLATED, .mass_interpolation = error};
    for (size_t i = 0; i < N_POSITIVE; i++)
        fit_positive(n, weight, rows, &positive[i], errors->part[positive[i].part], row);
    for (size_t i = 0; i < N_SIGNED; i++)
        fit_signed(n, weight, rows, &of_either_sign[i], error, row);
    fit_widths(n, weight, rows, error, row);
    row->sigma_hat = row->sigma_s[0] + row->sigma_s[1];
    row->acceptance = fmin(row->acceptance, 1.0);
    row->efficiency = fmin(row->efficiency, 1.0);
    for (size_t k = 0; k < n; k++) {
        row->tilt += weight[k] * rows[k]->tilt;
        row->interpolation = fmax(row->interpolation, rows[k]->interpolation);
        row->chi2_per_dof = fmax(row->chi2_per_dof, rows[k]->chi2_per_dof);
        if (rows[k]->state == ALP_MC_MAX_EVENTS)
            row->state = ALP_MC_MAX_EVENTS;
    }
}

void alp_row_interpolate(size_t n, const double *at, const alp_mc_row *const *rows, double x,
                         const alp_row_errors *errors, alp_mc_row *row)
{
    double weight[ALP_ROW_FIT_NODES];
    lagrange(n, at, x, weight);
    if (alp_row_kind_of(rows[0]) == ALP_ROW_NONE_PASSES)
        fit_none(n, weight, rows, errors, row);
    else
        fit_all(n, weight, rows, errors, row);
}

bool alp_row_settled(size_t n, const double *at, const alp_mc_row *const *rows, size_t first,
                     size_t n_inner, double x, const alp_row_errors *errors, double pull)
{
    static const alp_row_part parts[] = {ALP_ROW_TOTAL, ALP_ROW_FIDUCIAL};
    const size_t n_parts = alp_row_kind_of(rows[0]) == ALP_ROW_NONE_PASSES ? 1 : 2;
    double change[ALP_ROW_FIT_MORE], inner[ALP_ROW_FIT_NODES];
    lagrange(n, at, x, change);
    lagrange(n_inner, at + first, x, inner);
    for (size_t k = 0; k < n_inner; k++)
        change[first + k] -= inner[k];
    for (size_t i = 0; i < n_parts; i++) {
        const column *c = &positive[parts[i]];
        double sum = 0.0, variance = 0.0;
        for (size_t k = 0; k < n; k++) {
            const double value = get(rows[k], c->value);
            sum += change[k] * alp_log(value);
            variance += square(change[k] * get(rows[k], c->error) / value);
        }
        if (fabs(sum) > errors->part[parts[i]] + pull * sqrt(variance))
            return false;
    }
    return true;
}

/* Takes a pair of values with their errors into a comparison of rows; both may be 0. */
static bool compare(double value, double error, double other, double other_error, double pull,
                    double least, double *missed)
{
    const double scale = fmax(value, other), deviation = fabs(value - other);
    const double noise = sqrt(square(error) + square(other_error));
    if (scale > 0.0)
        *missed = fmax(*missed, (deviation + noise) / scale);
    return deviation <= fmax(pull * noise, least);
}

static bool compare_column(const column *c, const alp_mc_row *row, const alp_mc_row *foreseen,
                           double pull, double least, alp_row_errors *missed)
{
    return compare(get(row, c->value), get(row, c->error), get(foreseen, c->value),
                   get(foreseen, c->error), pull, least, &missed->part[c->part]);
}

bool alp_row_agree(const alp_mc_row *row, const alp_mc_row *foreseen, double pull, double least,
                   alp_row_errors *missed)
{
    *missed = (alp_row_errors){{0.0}};
    if (alp_row_kind_of(row) == ALP_ROW_NONE_PASSES)
        return compare_column(total, row, foreseen, pull, 0.0, missed);
    bool all = true;
    for (size_t i = 0; i < N_POSITIVE; i++) {
        const column *c = &positive[i];
        const bool charge = c->part == ALP_ROW_CHARGE_0 || c->part == ALP_ROW_CHARGE_1;
        if (c->error != no_error)
            all = compare_column(c, row, foreseen, pull, charge ? least * row->sigma_hat : 0.0,
                                 missed) &&
                  all;
    }
    for (size_t i = 0; i < row->n_widths; i++) {
        const alp_mc_width *a = &row->at[i], *b = &foreseen->at[i];
        all = compare(a->sigma, a->error, b->sigma, b->error, pull, 0.0,
                      &missed->part[ALP_ROW_FIDUCIAL]) &&
              all;
    }
    return all;
}
