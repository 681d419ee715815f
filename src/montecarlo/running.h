/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_RUNNING_H
#define ALP_RUNNING_H

/**
 * The running electromagnetic coupling alpha(q^2) = alpha(0)/(1 - Delta(q^2)) at a photon's
 * virtuality: exact one-loop leptons and a published parametrisation of the hadrons, see
 * docs/systematics.md.
 */

#include "kernel_names.h"

#include <stdbool.h>
#include <stddef.h>

/** Points of the table: linear in log |q^2| to 2e-8 of alpha. */
enum { ALP_RUNNING_POINTS = 2048 };

typedef struct alp_running {
    bool on;
    double low_log;  /**< log of the lowest |q^2| / GeV^2; below it nothing runs */
    double inv_step; /**< of the table, 1/log */
    double space[ALP_RUNNING_POINTS], time[ALP_RUNNING_POINTS]; /**< Delta for q^2 < 0, > 0 */
} alp_running;

/** Fills the table for lepton masses in GeV. */
void alp_running_create(alp_running *running, double m_e, double m_mu);

/** Delta(q^2) without a table: real part, GeV^2. */
double alp_vacuum_polarisation(double q2, double m_e, double m_mu);

/** 1/(1 - Delta(s)), what multiplies alpha(0) of a photon with q^2 = s > 0; 1 if nothing runs. */
double alp_running_factor(const alp_running *running, double s);

/** t[i] *= 1 - Delta(t[i]): |t| / alpha is what the t-channel amplitude knows of both. n is rounded
 *  up to a full vector. */
void alp_running_apply(const alp_running *running, size_t n, double *t);

#endif
