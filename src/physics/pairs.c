/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Fiducial cross section of e+ e- -> mu+- mu+- e-+ e-+ by on-shell ALPs, from the Monte Carlo's
 * row: sigma = sum over both charges of sigma_s S + sigma_d D. With the full process it is the form
 * of mc_row.h at the width of each point (pairs_curve.c). A complex scalar gives no same-sign
 * pairs; its signature mu+- e-+ mu-+ e+- (opposite sign) has twice the ALP's same-sign rate, since
 * S decays to one charge state and the ALP to it in half of the cases. Reach: sigma L above the
 * median upper limit expected without signal.
 */
#include "observables.h"

#include "constants.h"
#include "pairs_curve.h"

#include <math.h>

/**
 * Widest ALP for which the on-shell cross section is taken at its word: corrections to the narrow
 * width are of order Gamma over the distance to the nearest scale on which the matrix element
 * changes, which is m_a or a threshold. 1 % is about the accuracy of the identification
 * efficiencies, and reached at couplings near 0.35.
 */
#define NARROW 0.01

/** Longest flight in the lab that still looks prompt, mm. */
#define PROMPT_MM 1.0

typedef struct beams {
    double sqrt_s;     /**< GeV */
    double gamma;      /**< of the centre of mass in the lab */
    double gamma_beta; /**< modulus */
    double pair;       /**< m_mu + m_e */
} beams;

static beams beams_of(const alp_config *config)
{
    const double m_e = config->inputs.electron_mass;
    const double e1 = config->belle2.e_electron;
    const double e2 = config->belle2.e_positron;
    const double p1 = sqrt((e1 - m_e) * (e1 + m_e));
    const double p2 = sqrt((e2 - m_e) * (e2 + m_e));
    const double sqrt_s = sqrt(2.0 * (m_e * m_e + e1 * e2 + p1 * p2));
    return (beams){sqrt_s, (e1 + e2) / sqrt_s, fabs(p1 - p2) / sqrt_s,
                   config->inputs.muon_mass + m_e};
}

/** On-shell production of mu e a and decay of a to mu e. */
static bool closed(const beams *at, double m_a)
{
    return m_a <= at->pair || m_a >= at->sqrt_s - at->pair;
}

bool alp_physics_sigma_belle2_defined(const alp_config *config)
{
    return config->montecarlo.method != ALP_MC_METHOD_NONE;
}

void alp_physics_sigma_belle2_prepare(const alp_physics *physics, double m_a, const alp_mc_row *row,
                                      alp_physics_coefficients *k)
{
    if (k->curve != NULL)
        alp_physics_curve_prepare(physics, m_a, row, k->curve);
    const double rate = physics->config->model.type == ALP_MODEL_ALP ? 1.0 : 2.0;
    double s = 0.0;
    double d = 0.0;
    if (row != NULL) {
        s = rate * (row->sigma_s[0] + row->sigma_s[1]);
        d = rate * (row->sigma_d[0] + row->sigma_d[1]);
    }
    /* s S + d D = (s + d) V2 + (s - d) A2 */
    k->c[ALP_PHYSICS_V2] = s + d;
    k->c[ALP_PHYSICS_A2] = s - d;
}

/** What all searches for these pairs have in common: the whole signal over one background. False
 *  if nothing can be claimed. */
static bool describe(const alp_physics *physics, size_t index, alp_search *search)
{
    const alp_config *config = physics->config;
    search->luminosity = config->belle2.luminosity.value[index];
    search->share = 1.0;
    search->observed = ALP_SEARCH_EXPECTED;
    search->background = config->belle2.background * search->luminosity;
    /* Opposite-sign pairs have a background: without a number for it nothing is claimed. */
    return config->model.type == ALP_MODEL_ALP || config->belle2.background != 0.0;
}

ALP_PHYSICS_SEARCH(belle2_pairs)
{
    (void)m_a;
    if (describe(physics, index, search))
        alp_physics_search_decide(search, physics->pairs_events[index]);
}

ALP_PHYSICS_SEARCH(belle2_pairs_discovery)
{
    (void)m_a;
    if (describe(physics, index, search))
        alp_physics_search_decide(search, physics->pairs_discovery[index]);
}

ALP_PHYSICS_SEARCH(belle2_pairs_observed)
{
    (void)m_a;
    const bool decided = describe(physics, index, search);
    search->observed = physics->config->belle2.observed.value[index];
    if (decided)
        alp_physics_search_decide(search, physics->pairs_observed[index]);
}

static alp_physics_test constant(bool set)
{
    return (alp_physics_test){set ? ALP_PHYSICS_ALWAYS : ALP_PHYSICS_NEVER, 0.0, 0.0};
}

alp_physics_test alp_physics_test_pairs_closed(const alp_physics *physics, double m_a,
                                               const alp_mc_row *row, size_t index)
{
    (void)index;
    const beams at = beams_of(physics->config);
    const bool full = physics->config->montecarlo.method == ALP_MC_METHOD_FULL;
    return constant((!full && closed(&at, m_a)) || (row != NULL && row->state == ALP_MC_CLOSED));
}

alp_physics_test alp_physics_test_pairs_no_event_passes(const alp_physics *physics, double m_a,
                                                        const alp_mc_row *row, size_t index)
{
    (void)physics, (void)m_a, (void)index;
    return constant(row != NULL && row->state == ALP_MC_NO_EVENT);
}

alp_physics_test alp_physics_test_pairs_width_not_narrow(const alp_physics *physics, double m_a,
                                                         const alp_mc_row *row, size_t index)
{
    (void)row, (void)index;
    const beams at = beams_of(physics->config);
    /* The full process has the width in it. */
    if (closed(&at, m_a) || physics->config->montecarlo.method == ALP_MC_METHOD_FULL)
        return constant(false);
    const double nearest = fmin(m_a - at.pair, at.sqrt_s - at.pair - m_a);
    return (alp_physics_test){ALP_PHYSICS_OUTSIDE, 0.0, NARROW * nearest};
}

/**
 * beta gamma c tau above PROMPT_MM with the largest momentum that an ALP can have in the lab: it
 * recoils against mu and e at rest to each other and flies along the boost. That overstates the
 * typical flight by a factor of two or so; the flag warns early.
 */
alp_physics_test alp_physics_test_pairs_displaced(const alp_physics *physics, double m_a,
                                                  const alp_mc_row *row, size_t index)
{
    (void)row, (void)index;
    const beams at = beams_of(physics->config);
    if (closed(&at, m_a))
        return constant(false);
    const double energy =
        (at.sqrt_s * at.sqrt_s + (m_a - at.pair) * (m_a + at.pair)) / (2.0 * at.sqrt_s);
    const double momentum = sqrt(fmax((energy - m_a) * (energy + m_a), 0.0));
    const double lab = at.gamma * momentum + at.gamma_beta * energy;
    return (alp_physics_test){ALP_PHYSICS_INSIDE, 0.0,
                              lab / m_a * ALP_PHYSICS_HBARC_MM / PROMPT_MM};
}
