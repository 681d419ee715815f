/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_PARALLEL_MASSES_ALONE_H
#define TESTS_PARALLEL_MASSES_ALONE_H

/* Masses of a grid done one after the other, batch after batch, without a queue. */

#include "../../src/parallel/job.h"

enum { ALONE_MAX = 64 };

typedef struct alone {
    alp_config *config;
    alp_mc_setup *setup;
    double m_a[ALONE_MAX]; /* GeV */
    size_t n;
    bool adaptive;
    alp_mc_row row[ALONE_MAX];
} alone;

/* method, precision: settings; m_a: n masses, GeV; adaptive: in the rounds that montecarlo.h
 * describes. */
void alone_make(alone *masses, const char *method, const char *precision, const double *m_a,
                size_t n, bool adaptive);
void alone_free(alone *masses);

/* That a batch of a unit tries; of a slice, a batch of its first iteration. */
double alone_points(const alone *masses, const alp_unit *unit);

#endif
