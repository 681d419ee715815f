/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_DETECTOR_H
#define ALP_DETECTOR_H

/**
 * Cuts and efficiencies in the lab. Everything is a function of a lepton's energy and pz in the CM
 * frame of me_kernel.h. For mu- mu- e+ e+ that frame has the positron beam along +z, so the lab
 * moves the other way and angles from the electron beam are measured from -z.
 */

#include "alpscan/config.h"

#include "kernel_names.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Final states by index: 0 is mu+ mu+ e- e-, 1 is mu- mu- e+ e+. */
enum { ALP_N_CHARGES = 2 };

enum { ALP_ELECTRON = 0, ALP_MUON = 1, ALP_N_FLAVOURS = 2 };

/** One lepton flavour's acceptance. */
typedef struct alp_lepton_cuts {
    double m2;                /**< GeV^2 */
    double p_min2;            /**< GeV^2 */
    double cos_low, cos_high; /**< of the angle from the e- beam, lab */
} alp_lepton_cuts;

/** Identification efficiency against momentum, linear between rows and constant beyond them; n = 0:
 *  one everywhere. */
typedef struct alp_efficiency {
    size_t n;
    uint32_t first_step; /**< of the binary search: the largest power of two below n, or 0 */
    double *p;           /**< GeV, increasing; 2 first_step rows, those beyond n out of reach */
    double *value[ALP_N_FLAVOURS];
    double *slope[ALP_N_FLAVOURS]; /**< 1/GeV, to the next row; 0 in the last */
} alp_efficiency;

typedef struct alp_detector {
    bool cuts;
    double gamma, gamma_beta; /**< of the CM frame in the lab, along the e- beam */
    alp_lepton_cuts lepton[ALP_N_FLAVOURS];
    alp_efficiency efficiency;
} alp_detector;

/** Reads cuts, beams and the efficiency table from a configuration; sqrt_s comes back. */
alp_status alp_detector_create(const alp_config *config, alp_detector *detector, double *sqrt_s,
                               alp_error *error);
void alp_detector_free(alp_detector *detector);

/** Sets the boost to that of beams of energies e1 (electron) and e2, above the mass me; GeV.
 * Returns sqrt(s). */
double alp_detector_boost(alp_detector *detector, double e1, double e2, double me);

/** Lowest 1 - cos of the angle, in the CM frame of me_kernel.h, of a prompt electron (or positron)
 *  that can pass the cuts for either charge; 0 if there is no bound. */
double alp_detector_delta_min(const alp_detector *detector);

/** Lowest energy in the CM frame, GeV, of a lepton of this flavour that can pass the cuts. */
double alp_detector_energy_min(const alp_detector *detector, int flavour);

/** pass[i] = 0 where the lepton fails the cuts of a charge; else stays. n is rounded up to a full
 *  vector. */
void alp_detector_cut(const alp_detector *detector, int flavour, int charge, size_t n,
                      const double *energy, const double *pz, double *pass);

/** value[i] *= efficiency of the lepton. n <= ALP_ME_BLOCK is rounded up to a full vector. */
void alp_detector_weigh(const alp_detector *detector, int flavour, int charge, size_t n,
                        const double *energy, const double *pz, double *value);

#endif
