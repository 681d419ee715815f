/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_PARALLEL_MC_INSIDE_H
#define ALPSCAN_PARALLEL_MC_INSIDE_H

/** Inside of the queue of masses: mc_queue.c takes what comes back, mc_units.c hands out. */

#include "mc_open.h"
#include "mc_queue.h"
#include "mc_rounds.h"

struct alp_mc_queue {
    const alp_mc_setup *setup;
    const double *m_a;
    size_t n;
    alp_pace *pace;
    alp_mc_rows rows;
    double *seconds;
    alp_mc_rounds rounds;
    size_t *news; /* masses that have their row since alp_mc_queue_news was asked */
    size_t n_news;
    bool *done;
    size_t n_done;
    double done_cost;
    double spent, done_spent; /* seconds on all masses, on those that are done */
    alp_outlook outlook;
    alp_open_mass **open; /* by mass */
    alp_mass_list waiting, sharing;
    uint64_t n_units; /* sized by the clock, handed out */
    size_t n_warming; /* masses that share out batches while their sampling adapts */
    alp_parcel sums;  /* of the batches of an iteration, unpacked */
    alp_parcel task;  /* for looking at */
};

#endif
