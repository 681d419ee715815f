/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_SAMPLER_H
#define ALP_SAMPLER_H

/**
 * Whoever makes the weighted events of sample.h: one row of functions per method. What
 * distributions and unweighted events are made of them knows no more than this.
 */

#include "internal.h"
#include "sample.h"

typedef struct alp_sampler alp_sampler;

typedef struct alp_sampler_method {
    /** The second muon and electron of a sample are the daughters of an ALP on its mass shell. */
    bool resonant;
    /** Prepares sampler->state for the sampler's setup, mass and couplings. */
    alp_status (*create)(alp_sampler *sampler, alp_error *error);
    void (*destroy)(void *state);
    /** Points first ... first + n - 1 of a stream: independent draws, n <= ALP_ME_BLOCK. */
    void (*fill)(const alp_sampler *sampler, const alp_stream *stream, uint64_t first, size_t n,
                 alp_sample *sample);
    /** Draws helicities in the lab for point i of a sample, as a charge state, by their shares of
     *  |M|^2: those of p1, p2 and the leptons of the sample. u: two numbers in [0, 1). NULL: they
     *  are not known. */
    void (*helicities)(const alp_sampler *sampler, const alp_sample *sample, size_t i, int charge,
                       bool opposite, const double *u, int *spin);
} alp_sampler_method;

struct alp_sampler {
    alp_mc_setup setup; /**< of its own; the efficiency table belongs to whoever gave it */
    const alp_sampler_method *method;
    double m_a;      /**< GeV */
    double y_v, y_a; /**< couplings */
    double width;    /**< GeV, of the ALP */
    void *state;
};

/** Which part of phase space a sampler is prepared for: outside of it weights are right where there
 *  are any, but there may be none. */
typedef enum alp_sampler_region {
    ALP_REGION_CUTS,          /**< what the configuration accepts: all of it without cuts */
    ALP_REGION_ALL,           /**< everything */
    ALP_REGION_ELECTRON_ANGLE /**< the cuts on the angles of electrons alone */
} alp_sampler_region;

/** Some ms of work. Fails with ALP_USAGE, naming the mass, where nothing is open or nothing passes.
 */
alp_status alp_sampler_create(const alp_mc_setup *setup, alp_sampler_region region, double m_a,
                              double y_v, double y_a, double width, alp_sampler *sampler,
                              alp_error *error);
void alp_sampler_free(alp_sampler *sampler);

/** What the detector makes of a sample: for either charge 1 where all four leptons pass the cuts
 *  (`pass`), and that times their efficiencies (`value`). */
typedef struct alp_verdict {
    _Alignas(64) double pass[ALP_N_CHARGES][ALP_ME_BLOCK];
    double value[ALP_N_CHARGES][ALP_ME_BLOCK];
} alp_verdict;
void alp_verdict_of(const alp_detector *detector, const alp_sample *sample, alp_verdict *verdict);

/** The methods. */
extern const alp_sampler_method alp_sampler_onshell;

/** What a stream of points is for, in place of the integrator's number of an iteration; the last
 *  begins a row of such numbers, one per sample. */
enum { ALP_STREAM_TRAINING = 1, ALP_STREAM_EVENTS = 2, ALP_STREAM_DISTRIBUTIONS = 3 };
alp_stream alp_sampler_stream(const alp_sampler *sampler, int use, uint64_t batch);

#endif
