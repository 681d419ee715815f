/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_SAMPLE_H
#define ALP_SAMPLE_H

/**
 * Weighted events with all four-momenta, a block at a time: what distributions and unweighted
 * events are made of. The integrator proper (batch.c) keeps energies and z components alone.
 * Frame: CM, the incoming electron along +z for mu+ mu+ e- e-, the incoming positron for the
 * conjugate; the azimuth of the whole event about the beams is free and is the caller's to draw.
 * Where the beams' energies vary each point has a collision, and a CM frame, of its own.
 */

#include "collision.h"
#include "detector.h"
#include "phase_space.h"

/** Order of the leptons. On shell the second muon and the second electron come from the ALP; in the
 *  full process equal leptons are interchangeable. */
enum {
    ALP_SAMPLE_MUON_1,
    ALP_SAMPLE_MUON_2,
    ALP_SAMPLE_ELECTRON_1,
    ALP_SAMPLE_ELECTRON_2,
    ALP_N_LEPTONS
};

typedef struct alp_sample {
    size_t n;  /**< events in the block, <= ALP_ME_BLOCK */
    bool vary; /**< the beams' energies do */
    /** fb: the mean over all points asked for is the cross section of that charge state before
     *  cuts, identical-particle factors included; 0 for a point outside phase space. */
    _Alignas(64) double weight[ALP_N_CHARGES][ALP_ME_BLOCK];
    double p[ALP_N_LEPTONS][4][ALP_ME_BLOCK]; /**< E, px, py, pz in GeV */
    alp_collision collision[ALP_ME_BLOCK];    /**< where the beams' energies vary */
} alp_sample;

/** gamma and gamma_beta of point i's CM frame in the lab, along the e- beam. */
static inline void alp_sample_boost(const alp_sample *sample, const alp_detector *detector,
                                    size_t i, double *gamma, double *gamma_beta)
{
    *gamma = sample->vary ? sample->collision[i].gamma : detector->gamma;
    *gamma_beta = sample->vary ? sample->collision[i].gamma_beta : detector->gamma_beta;
}

/** ALP_ELECTRON or ALP_MUON. */
int alp_sample_flavour(int lepton);

/** alp_detector_cut and alp_detector_weigh of a lepton of every point. */
void alp_sample_cut(const alp_detector *detector, const alp_sample *sample, int lepton, int charge,
                    double *pass);
void alp_sample_weigh(const alp_detector *detector, const alp_sample *sample, int lepton,
                      int charge, double *value);

#endif
