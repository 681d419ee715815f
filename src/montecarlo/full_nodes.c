/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Widths at which the full process is integrated. docs/full-process.md, "Widths". */
#include "full_run.h"

#include "alpscan/mc_narrow.h"
#include "alpscan/width.h"
#include "vector_math.h"

#include <math.h>

/* Below this part of the distance to the nearest threshold, Gamma sigma is linear in Gamma to its
 * square. */
static const double narrow = 2e-3;

/* Mean step of log(width) between two widths that are not narrow, and by how much of itself the
 * steps are longer at the lower end, where sigma is closest to a power, and shorter at the upper.
 */
static const double step = 0.6, stretch = 0.35;

/* S where the configuration has no coupling other than 0: any will do. */
static const double some_coupling = 1e-6;

static double largest(const alp_axis *axis)
{
    double most = 0.0;
    for (size_t i = 0; i < axis->n; i++)
        most = fmax(most, fabs(axis->value[i]));
    return most;
}

/* Smallest modulus, and smallest that is not zero (0 if there is none). */
static void smallest(const alp_axis *axis, double *any, double *positive)
{
    *any = *positive = 0.0;
    for (size_t i = 0; i < axis->n; i++) {
        const double y = fabs(axis->value[i]);
        *any = i == 0 ? y : fmin(*any, y);
        if (y > 0.0)
            *positive = *positive > 0.0 ? fmin(*positive, y) : y;
    }
}

alp_status alp_full_couplings_read(const alp_config *config, alp_full_couplings *couplings,
                                   alp_error *error)
{
    if (config->model.type != ALP_MODEL_ALP)
        return alp_error_set(error, ALP_USAGE,
                             "montecarlo.method: full has the same-sign pairs of an ALP alone, but "
                             "in cross-section; with model.type = complex_scalar onshell and none "
                             "are allowed");
    const double v_high = largest(&config->scan.y_v), a_high = largest(&config->scan.y_a);
    double v_low, a_low, v_positive, a_positive;
    smallest(&config->scan.y_v, &v_low, &v_positive);
    smallest(&config->scan.y_a, &a_low, &a_positive);
    double low = v_low * v_low + a_low * a_low;
    if (low == 0.0) {
        const double y = v_positive == 0.0   ? a_positive
                         : a_positive == 0.0 ? v_positive
                                             : fmin(v_positive, a_positive);
        low = y * y;
    }
    const double high = v_high * v_high + a_high * a_high;
    *couplings = (alp_full_couplings){.s_low = low, .s_high = high, .d_low = -1.0, .d_high = 1.0};
    if (a_high == 0.0)
        couplings->d_low = 1.0;
    if (v_high == 0.0)
        couplings->d_high = -1.0;
    if (!(high > 0.0))
        *couplings = (alp_full_couplings){some_coupling, some_coupling, 0.0, 0.0};
    return ALP_OK;
}

void alp_mc_setup_coupling(alp_mc_setup *setup, double s, double d)
{
    const double used = s > 0.0 ? s : some_coupling, ratio = s > 0.0 ? d / s : 0.0;
    setup->couplings = (alp_full_couplings){used, used, ratio, ratio};
}

/* Distance, GeV, of m_a to the nearest mass at which the cross section is not smooth. */
static double distance(const alp_mc_setup *setup, double m_a)
{
    const double pair = setup->m_mu + setup->m_e, top = setup->sqrt_s - pair;
    double nearest = fmin(m_a, fmin(fabs(m_a - pair), fabs(top - m_a)));
    if (setup->detector.cuts) {
        const double s = setup->sqrt_s * setup->sqrt_s, mm2 = setup->m_mu * setup->m_mu;
        const double rest2 = s + mm2 - 2.0 * setup->sqrt_s * setup->muon_energy_min;
        if (rest2 > 0.0)
            nearest = fmin(nearest, fabs(sqrt(rest2) - setup->m_e - m_a));
    }
    return nearest;
}

size_t alp_full_nodes(const alp_mc_setup *setup, double m_a, alp_full_node *nodes)
{
    const alp_full_couplings *y = &setup->couplings;
    double v, a;
    alp_partial_width(setup->m_e, setup->m_mu, m_a, &v, &a);
    /* Both charges: Gamma = S (v (1 + D/S) + a (1 - D/S)). */
    const double mean = v + a, tilt = v - a;
    if (!(mean > 0.0)) { /* the form does not depend on the coupling */
        const double low = fmax(y->s_low, ALP_MC_LEAST_COUPLING);
        size_t n = 0;
        nodes[n++] = (alp_full_node){0.0, low};
        if (y->s_high > low)
            nodes[n++] = (alp_full_node){0.0, y->s_high};
        return n;
    }
    const double at_low = mean + tilt * y->d_low, at_high = mean + tilt * y->d_high;
    const double least = ALP_MC_NARROWEST * m_a;
    const double asked = y->s_low * fmin(at_low, at_high), low = fmax(asked, least);
    const double high = fmax(y->s_high * fmax(at_low, at_high), least);
    const double floor_width = narrow * distance(setup, m_a);
    const bool one = y->s_low == y->s_high && at_low == at_high;
    const bool reached = asked > least * ALP_MC_NARROWEST_SLACK; /* alpscan/mc_narrow.h */
    size_t n = 0;
    nodes[n++] = (alp_full_node){low, one && reached ? y->s_low : low / mean};
    if (one || !(high > low))
        return n;
    const double first = fmin(fmax(low, floor_width), high);
    const double range = alp_log(high / first);
    const double fewest = 4.0; /* four widths make a cubic, a fifth tells its error */
    double steps = range > 0.0 ? fmax(ceil(range / step), fewest) : 0.0;
    steps = fmin(steps, ALP_MC_WIDTHS_MAX - 2);
    if (first > low * (1.0 + 1e-9))
        nodes[n++] = (alp_full_node){first, first / mean};
    for (int i = 1; i <= (int)steps; i++) {
        const double u = (double)i / steps, part = u * (1.0 + stretch * (1.0 - u));
        const double width = i == (int)steps ? high : first * alp_exp(range * part);
        nodes[n++] = (alp_full_node){width, width / mean};
    }
    return n;
}
