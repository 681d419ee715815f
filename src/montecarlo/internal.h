/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_MONTECARLO_INTERNAL_H
#define ALP_MONTECARLO_INTERNAL_H

/** What the files of the Monte Carlo share: setup, tasks, sums. */

#include "alpscan/montecarlo.h"

#include "beams.h"
#include "detector.h"
#include "full_space.h"
#include "grid.h"
#include "kernel_names.h"
#include "lattice.h"
#include "running.h"

/** Two integrals per mass: after cuts and efficiencies, then everything. */
enum { ALP_STAGE_FIDUCIAL = 0, ALP_STAGE_TOTAL = 1, ALP_N_STAGES = 2 };

/** Coefficients of the full process's form in the couplings, see alp_mc_row.h. */
typedef struct alp_full_sums {
    double form[ALP_N_CHARGES][ALP_MC_N_FORMS]; /**< fb */
    double sum;                                 /**< at the task's coupling, both charges, fb */
    double cut;                                 /**< the same without efficiencies */
    double sampled;                             /**< at the coupling of the sampling */
    double largest; /**< if no event passed: the largest weight that one could have had, fb */
    double channel[ALP_FULL_CHANNELS]; /**< parts of sampled */
    double square[ALP_FULL_CHANNELS][ALP_FULL_DIMENSIONS][ALP_GRID_BINS];
} alp_full_sums;

/** What a batch of the full process needs besides the common words of a task. */
typedef struct alp_full_task {
    double width;    /**< GeV */
    double coupling; /**< S that goes with the width */
    double sampling; /**< S for whose sum the sampling adapts */
    double tilt;     /**< of the form, see alpscan/mc_row.h */
    uint32_t odd;    /**< compute the forms of D too */
    uint32_t log2_n[ALP_FULL_CHANNELS];
    alp_grid grid[ALP_FULL_CHANNELS][ALP_FULL_DIMENSIONS];
} alp_full_task;

/** Couplings that a configuration or a point asks for, as far as the full process's widths depend
 *  on them: the ranges of S = |y_V|^2 + |y_A|^2 and of D/S. */
typedef struct alp_full_couplings {
    double s_low, s_high; /**< smallest above 0 and largest */
    double d_low, d_high; /**< of D/S */
} alp_full_couplings;

struct alp_mc_setup {
    const struct alp_mc_kernels *kernels;
    double m_e, m_mu, alpha, sqrt_s;
    double delta_min, muon_energy_min; /**< bounds of the fiducial stage, see detector.h */
    double precision;
    uint64_t max_events, seed;
    bool enabled;                 /**< method = onshell or full */
    bool full;                    /**< method = full */
    alp_full_couplings couplings; /**< of the full process */
    alp_detector detector;
    alp_beams beams;
    alp_running running;
};

struct alp_mc_task {
    double m_a;
    uint64_t iteration, batch;
    uint64_t first, n_batches; /**< the iteration at hand, and its batches */
    uint32_t stage;
    uint32_t adapt;                  /**< fill the bins of the sums */
    uint32_t log2_n[ALP_N_CHANNELS]; /**< lattice points in each channel */
    alp_grid grid[ALP_N_CHANNELS][ALP_N_DIMENSIONS];
    alp_full_task full;
};

struct alp_mc_sums {
    uint64_t events;
    uint64_t passed;                /**< of them, inside all cuts for either charge */
    double s[ALP_N_CHARGES];        /**< estimates of sigma_s, fb */
    double d[ALP_N_CHARGES];        /**< of sigma_d, fb */
    double cut;                     /**< of sigma_s without efficiencies, both charges */
    double channel[ALP_N_CHANNELS]; /**< parts of s[0] + s[1] */
    double largest; /**< if no event passed: the largest weight that one could have had, fb */
    double square[ALP_N_CHANNELS][ALP_N_DIMENSIONS][ALP_GRID_BINS];
    alp_full_sums full;
};

/** alp_mc_batch of one instruction set. */
void alp_mc_batch_kernel(const alp_mc_setup *setup, const alp_mc_task *task, alp_mc_sums *sums);
/** The same of the full process. */
void alp_full_batch_kernel(const alp_mc_setup *setup, const alp_mc_task *task, alp_mc_sums *sums);

enum {
    ALP_MC_COUNTED_BATCHES = 32,       /**< of an iteration that counts */
    ALP_MC_COUNTED_ITERATIONS_MIN = 2, /**< the error of the error: 9 % from 64 batches */
};

/** Iterations of counted batches that n of them still need, at least 1, where the error is excess
 *  times what it may be: it falls with the root of n. */
size_t alp_mc_iterations_left(uint64_t n, double excess);

/** The relative error that a run is expected to reach: the precision, or better where the fewest
 *  batches give that. */
double alp_mc_expected_error(const alp_mc_setup *setup, double m_a);

/** True where e+e- -> mu e a -> mu mu e e is open on shell. */
bool alp_mc_open(const alp_mc_setup *setup, double m_a);

#endif
