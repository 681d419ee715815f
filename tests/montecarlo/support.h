/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_MONTECARLO_SUPPORT_H
#define TESTS_MONTECARLO_SUPPORT_H

/** What the Monte Carlo's tests share: masses, a configuration, tables, plain random numbers. */

#include "alpscan/config.h"
#include "alpscan/csv.h"
#include "alpscan/montecarlo.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double m_e = 0.51099895e-3, m_mu = 0.1056583745, alpha_0 = 1.0 / 137.035999;
/** Under the address sanitizer event loops run ten times slower, and what they touch is the same
 * for a few events as for many: tests that only need more of the same take less of it. */
#ifdef __SANITIZE_ADDRESS__
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

static const double pi = 3.14159265358979323846;

/** Beams and cuts of Belle II as in (5.1)-(5.3) of arXiv:2002.05948. */
static inline void fill_config(alp_config *config, double precision, uint64_t seed)
{
    memset(config, 0, sizeof *config);
    config->inputs.electron_mass = m_e;
    config->inputs.muon_mass = m_mu;
    config->belle2.e_electron = 7.0;
    config->belle2.e_positron = 4.0;
    config->belle2.electron_theta_min = 12.0;
    config->belle2.electron_theta_max = 155.0;
    config->belle2.electron_p_min = 0.02;
    config->belle2.muon_theta_min = 25.0;
    config->belle2.muon_theta_max = 145.0;
    config->belle2.muon_p_min = 0.6;
    config->belle2.cuts = true;
    config->montecarlo.method = ALP_MC_METHOD_ONSHELL;
    config->montecarlo.alpha = alpha_0;
    config->montecarlo.precision = precision;
    config->montecarlo.max_events = 100000000;
    config->montecarlo.seed = seed;
}

/** Reads tests/reference/NAME; ends the program if it cannot. */
static inline alp_csv read_table(const char *name)
{
    const char *folder = getenv("ALPSCAN_TESTS");
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/reference/%s", folder != NULL ? folder : "tests", name);
    alp_csv csv;
    alp_error error;
    if (alp_csv_read(path, &csv, &error) != ALP_OK) {
        (void)fprintf(stderr, "%s\n", error.message);
        exit(1);
    }
    return csv;
}

static inline const char *text_at(const alp_csv *csv, size_t row, const char *column)
{
    int at = alp_csv_column(csv, column);
    if (at < 0) {
        (void)fprintf(stderr, "%s: no column %s\n", csv->path, column);
        exit(1);
    }
    return csv->cell[row * csv->n_columns + (size_t)at];
}

static inline double number_at(const alp_csv *csv, size_t row, const char *column)
{
    return strtod(text_at(csv, row, column), NULL);
}

/** Four columns E_PARTICLE, px_PARTICLE, ... of a row. */
static inline void read_momentum(const alp_csv *csv, size_t row, const char *particle, double *p)
{
    static const char *const component[] = {"E", "px", "py", "pz"};
    for (size_t i = 0; i < 4; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "%s_%s", component[i], particle);
        p[i] = number_at(csv, row, name);
    }
}

/** A setup that the caller frees; ends the program if there is none. */
static inline alp_mc_setup *setup_of(const alp_config *config)
{
    alp_mc_setup *setup = NULL;
    alp_error error;
    if (alp_mc_setup_create(config, &setup, &error) != ALP_OK) {
        (void)fprintf(stderr, "%s\n", error.message);
        exit(1);
    }
    return setup;
}

/** SplitMix64: plain, and nothing that the library uses. */
static inline double random_unit(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

#endif
