/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "detector.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

/* cos of an angle in degrees: long double, so that its rounding is the same with every libm. */
static double cos_degrees(double angle)
{
    if (angle == 0.0)
        return 1.0;
    if (angle == 180.0)
        return -1.0;
    const long double pi = 3.14159265358979323846264338327950288L;
    return (double)cosl(pi * (long double)angle / 180.0L);
}

static const char *const efficiency_columns[] = {"p", "eff_e", "eff_mu"};

/* Rows to a whole power of two, so that the search takes the same steps for every momentum. */
static alp_status efficiency_allocate(alp_efficiency *efficiency, size_t n, alp_error *error)
{
    if (n > (size_t)1 << 24)
        return alp_error_set(error, ALP_USAGE, "an efficiency table of more than 2^24 rows");
    uint32_t step = 0;
    for (uint32_t next = 1; next < n; next *= 2)
        step = next;
    const size_t rows = step > 0 ? 2 * (size_t)step : 1;
    double *memory = calloc((1 + 2 * ALP_N_FLAVOURS) * rows, sizeof *memory);
    if (memory == NULL)
        return alp_error_memory(error);
    efficiency->n = n;
    efficiency->first_step = step;
    efficiency->p = memory;
    for (int flavour = 0; flavour < ALP_N_FLAVOURS; flavour++) {
        efficiency->value[flavour] = memory + (size_t)(1 + flavour) * rows;
        efficiency->slope[flavour] = memory + (size_t)(1 + ALP_N_FLAVOURS + flavour) * rows;
    }
    for (size_t row = n; row < rows; row++)
        efficiency->p[row] = DBL_MAX;
    return ALP_OK;
}

static alp_status efficiency_row(const alp_csv *csv, size_t row, const int *column,
                                 alp_efficiency *efficiency, alp_error *error)
{
    double *cell[] = {efficiency->p + row, efficiency->value[ALP_ELECTRON] + row,
                      efficiency->value[ALP_MUON] + row};
    for (size_t i = 0; i < sizeof cell / sizeof *cell; i++) {
        alp_status status = alp_csv_number(csv, row, (size_t)column[i], cell[i], error);
        if (status != ALP_OK)
            return status;
        if (i == 0 && row > 0 && !(*cell[0] > efficiency->p[row - 1]))
            return alp_error_set(error, ALP_USAGE, "%s:%zu: p must increase from row to row",
                                 csv->path, csv->line[row]);
        if (i > 0 && !(*cell[i] >= 0.0 && *cell[i] <= 1.0))
            return alp_error_set(error, ALP_USAGE, "%s:%zu: %s is %g; allowed is 0 to 1", csv->path,
                                 csv->line[row], efficiency_columns[i], *cell[i]);
    }
    return ALP_OK;
}

static void efficiency_slopes(alp_efficiency *efficiency)
{
    const double *p = efficiency->p;
    for (int flavour = 0; flavour < ALP_N_FLAVOURS; flavour++)
        for (size_t row = 0; row + 1 < efficiency->n; row++)
            efficiency->slope[flavour][row] =
                (efficiency->value[flavour][row + 1] - efficiency->value[flavour][row]) /
                (p[row + 1] - p[row]);
}

static alp_status efficiency_create(const alp_config *config, alp_efficiency *efficiency,
                                    alp_error *error)
{
    const alp_csv *csv = &config->belle2.efficiency.csv;
    if (csv->path == NULL)
        return ALP_OK;
    int column[3];
    for (int i = 0; i < 3; i++) {
        column[i] = alp_csv_column(csv, efficiency_columns[i]);
        if (column[i] < 0)
            return alp_error_set(error, ALP_USAGE,
                                 "%s: no column '%s'; needed are p, eff_e, eff_mu", csv->path,
                                 efficiency_columns[i]);
    }
    if (csv->n_rows == 0)
        return alp_error_set(error, ALP_USAGE, "%s: the table has no rows", csv->path);
    alp_status status = efficiency_allocate(efficiency, csv->n_rows, error);
    for (size_t row = 0; row < csv->n_rows && status == ALP_OK; row++)
        status = efficiency_row(csv, row, column, efficiency, error);
    if (status == ALP_OK)
        efficiency_slopes(efficiency);
    return status;
}

double alp_detector_boost(alp_detector *detector, double e1, double e2, double me)
{
    double momentum = sqrt((e1 - me) * (e1 + me)) - sqrt((e2 - me) * (e2 + me));
    double sqrt_s = sqrt((e1 + e2 - momentum) * (e1 + e2 + momentum));
    detector->gamma = (e1 + e2) / sqrt_s;
    detector->gamma_beta = momentum / sqrt_s;
    return sqrt_s;
}

alp_status alp_detector_create(const alp_config *config, alp_detector *detector, double *sqrt_s,
                               alp_error *error)
{
    const double me = config->inputs.electron_mass, mm = config->inputs.muon_mass;
    const double e1 = config->belle2.e_electron, e2 = config->belle2.e_positron;
    *detector = (alp_detector){0};
    detector->cuts = config->belle2.cuts;
    *sqrt_s = alp_detector_boost(detector, e1, e2, me);
    detector->lepton[ALP_ELECTRON] =
        (alp_lepton_cuts){me * me, config->belle2.electron_p_min * config->belle2.electron_p_min,
                          cos_degrees(config->belle2.electron_theta_max),
                          cos_degrees(config->belle2.electron_theta_min)};
    detector->lepton[ALP_MUON] = (alp_lepton_cuts){
        mm * mm, config->belle2.muon_p_min * config->belle2.muon_p_min,
        cos_degrees(config->belle2.muon_theta_max), cos_degrees(config->belle2.muon_theta_min)};
    return efficiency_create(config, &detector->efficiency, error);
}

void alp_detector_free(alp_detector *detector)
{
    free(detector->efficiency.p);
    *detector = (alp_detector){0};
}

/*
 * 1 - cos in the CM of a particle at lab angle theta from +z with velocity v, the CM moving with
 * gamma, gamma_beta along +z: cos' = (gamma v cos - gamma_beta) / sqrt((gamma - gamma_beta v cos)^2
 * - 1 + v^2).
 */
static double cm_delta(double gamma, double gamma_beta, double v, double cosine)
{
    double energy = gamma - gamma_beta * v * cosine;
    double z = gamma * v * cosine - gamma_beta;
    double p2 = energy * energy - (1.0 - v * v);
    double t2 = v * v * (1.0 - cosine * cosine);
    if (!(p2 > 0.0) || z <= 0.0)
        return 1.0; /* at right angles or backwards: no tighter bound is needed */
    double p = sqrt(p2);
    return t2 / (p * (p + z));
}

double alp_detector_delta_min(const alp_detector *detector)
{
    if (!detector->cuts)
        return 0.0;
    const alp_lepton_cuts *cuts = &detector->lepton[ALP_ELECTRON];
    if (!(cuts->p_min2 > 0.0))
        return 0.0;
    /* The angle is monotonic in the velocity, so its ends bound it. */
    const double slowest = sqrt(cuts->p_min2 / (cuts->p_min2 + cuts->m2));
    double lowest = 2.0;
    for (int charge = 0; charge < ALP_N_CHARGES; charge++) {
        double edge = charge == 0 ? cuts->cos_high : -cuts->cos_low;
        double gamma_beta = charge == 0 ? detector->gamma_beta : -detector->gamma_beta;
        for (int i = 0; i < 2; i++) {
            double delta = cm_delta(detector->gamma, gamma_beta, i == 0 ? 1.0 : slowest, edge);
            if (delta < lowest)
                lowest = delta;
        }
    }
    const double rounding = 1e-9;
    return lowest * (1.0 - rounding);
}

double alp_detector_energy_min(const alp_detector *detector, int flavour)
{
    const alp_lepton_cuts *cuts = &detector->lepton[flavour];
    const double mass = sqrt(cuts->m2), p = sqrt(cuts->p_min2), e = sqrt(cuts->p_min2 + cuts->m2);
    const double forward = detector->gamma_beta * cuts->cos_high;
    const double backward = detector->gamma_beta * cuts->cos_low;
    const double most = forward > backward ? forward : backward;
    if (!detector->cuts || p * detector->gamma <= e * most)
        return mass; /* slower than the frame: a faster one may have less energy */
    const double rounding = 1e-9;
    return (detector->gamma * e - most * p) * (1.0 - rounding);
}
