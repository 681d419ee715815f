/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_SAMPLER_H
#define ALP_SAMPLER_H

/**
 * Whoever makes the weighted events of sample.h: one row of functions per method. What
 * distributions and unweighted events are made of them knows no more than this.
 */

#include "alpscan/events.h"
#include "internal.h"
#include "sample.h"

typedef struct alp_sampler alp_sampler;

/** What a record says of an event besides momenta. Leptons by their numbers in a sample. */
typedef struct alp_history {
    int spin[ALP_EVENT_SPINS]; /**< p1, p2 and the leptons: helicities in the lab */
    int n_alps;                /**< pairs that are daughters of an ALP: 0 to 2 */
    int muon[2], electron[2];  /**< of these pairs */
    double mass[2];            /**< GeV */
} alp_history;

typedef struct alp_sampler_method {
    /** Prepares sampler->state for the sampler's setup, mass and couplings. */
    alp_status (*create)(alp_sampler *sampler, alp_error *error);
    void (*destroy)(void *state);
    /** Points first ... first + n - 1 of a stream: independent draws, n <= ALP_ME_BLOCK. */
    void (*fill)(const alp_sampler *sampler, const alp_stream *stream, uint64_t first, size_t n,
                 alp_sample *sample);
    /** Draws helicities and mothers of a point of a stream, number i of its sample, as a charge
     *  state, by their shares of |M|^2. u: two numbers in [0, 1). */
    void (*history)(const alp_sampler *sampler, const alp_stream *stream, uint64_t point,
                    const alp_sample *sample, size_t i, int charge, bool opposite, const double *u,
                    alp_history *history);
} alp_sampler_method;

struct alp_sampler {
    alp_mc_setup setup; /**< of its own; the efficiency table belongs to whoever gave it */
    const alp_sampler_method *method;
    double m_a;            /**< GeV */
    double y_v, y_a;       /**< moduli of the couplings, with signs */
    double c_r[2], c_l[2]; /**< y_V +- y_A, real and imaginary part, y_A real */
    double width;          /**< GeV, of the ALP */
    void *state;
};

/** c_R and c_L in the matrix element of a charge state: C exchanges c_R and c_L*. */
void alp_sampler_couplings(const alp_sampler *sampler, int charge, double c_r[2], double c_l[2]);

/** What a sampler is made for. */
typedef struct alp_sampler_point {
    double m_a;             /**< GeV */
    double y_v, y_a, phase; /**< phase: arg(y_V y_A*), rad */
    double width;           /**< GeV */
} alp_sampler_point;

/** Which part of phase space a sampler is prepared for: outside of it weights are right where there
 *  are any, but there may be none. */
typedef enum alp_sampler_region {
    ALP_REGION_CUTS,          /**< what the configuration accepts: all of it without cuts */
    ALP_REGION_ALL,           /**< everything */
    ALP_REGION_ELECTRON_ANGLE /**< the cuts on the angles of electrons alone */
} alp_sampler_region;

/** Some ms of work, with method = full some tenths of a second. Fails with ALP_USAGE, naming the
 *  mass, where nothing is open or nothing passes. */
alp_status alp_sampler_create(const alp_mc_setup *setup, alp_sampler_region region,
                              const alp_sampler_point *point, alp_sampler *sampler,
                              alp_error *error);
void alp_sampler_free(alp_sampler *sampler);

/** The integrator's task behind its warm-up: with the grids that it has come to. */
alp_status alp_sampler_train(const alp_sampler *sampler, alp_mc_task *task, alp_error *error);

/** What the detector makes of a sample: for either charge 1 where all four leptons pass the cuts
 *  (`pass`), and that times their efficiencies (`value`). */
typedef struct alp_verdict {
    _Alignas(64) double pass[ALP_N_CHARGES][ALP_ME_BLOCK];
    double value[ALP_N_CHARGES][ALP_ME_BLOCK];
} alp_verdict;
void alp_verdict_of(const alp_detector *detector, const alp_sample *sample, alp_verdict *verdict);

/** Weight of point i of a sample that the detector lets pass, both charges, fb. */
static inline double alp_sample_weight(const alp_sample *sample, const alp_verdict *verdict,
                                       size_t i)
{
    return sample->weight[0][i] * verdict->value[0][i] +
           sample->weight[1][i] * verdict->value[1][i];
}

/** Sets the probability of each of n maps, which the sampler's state holds, in proportion to the
 *  root of the mean square of its weights, those of points that the detector lets pass; none that
 *  is possible has less than `least`. */
void alp_sampler_share(const alp_sampler *sampler, int n, const bool *possible, double least,
                       double *probability);

/** The methods. */
extern const alp_sampler_method alp_sampler_onshell;
extern const alp_sampler_method alp_sampler_full;

/** What a stream of points is for, in place of the integrator's number of an iteration; the last
 *  begins a row of such numbers, one per sample. */
enum { ALP_STREAM_TRAINING = 1, ALP_STREAM_EVENTS = 2, ALP_STREAM_DISTRIBUTIONS = 3 };
alp_stream alp_sampler_stream(const alp_sampler *sampler, int use, uint64_t batch);

#endif
