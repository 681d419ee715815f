/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_PHYSICS_H
#define ALPSCAN_PHYSICS_H

/**
 * The facade of src/physics: every observable and flag at a mass and a row of couplings.
 *
 * At a fixed mass every observable is a polynomial, or a ratio of two, in
 *     S = |y_V|^2 + |y_A|^2,  D = |y_V|^2 - |y_A|^2,  R = 2 Re(y_V y_A*),  I = 2 Im(y_V y_A*).
 * alp_mass_prepare does what is expensive once per mass; alp_mass_evaluate is flops.
 * Loops run on the best instruction set of the processor (alpscan/isa.h); results do not depend on
 * it. Pure: no MPI, HDF5, I/O or globals.
 */

#include "alpscan/config.h"
#include "alpscan/error.h"
#include "alpscan/mc_row.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Recorded in the file and compared on resume; raise it when any number may change. */
#define ALP_PHYSICS_VERSION "4"

/** Rows of n values of the four combinations of couplings. */
typedef struct alp_couplings {
    const double *s, *d, *r, *i;
} alp_couplings;

/** One observable as the outside sees it. */
typedef struct alp_observable_info {
    const char *name; /**< "a_e": its name in the file, in `point` and in output.observables */
    const char *unit; /**< "1", "GeV", "e cm", "fb" */
    const char *long_name;
    const char *references;
} alp_observable_info;

typedef enum alp_flag_group {
    ALP_FAVOURED,
    ALP_EXCLUDED,
    ALP_REACH,
    ALP_VALIDITY,
    ALP_N_FLAG_GROUPS
} alp_flag_group;

/** "favoured", "excluded", "reach", "validity" and what each says. */
const char *alp_flag_group_name(alp_flag_group group);
const char *alp_flag_group_long_name(alp_flag_group group);

typedef struct alp_flag_info {
    alp_flag_group group;
    unsigned bit;  /**< position in the group's mask, from 0, below 32 */
    char name[64]; /**< "a_e_2sigma", "belle2_afb_1e-4", "belle2_pairs_0.427ab" */
    char long_name[256];
    const char *references;
} alp_flag_info;

/** Everything derived from the configuration (which must outlive it) once; immutable. Fails with
 *  ALP_USAGE, naming the key, where the formulas have no meaning, and for what alp_isa_choose
 * refuses. GSL's error handler must be off. */
typedef struct alp_physics alp_physics;
alp_status alp_physics_create(const alp_config *config, alp_physics **physics, alp_error *error);
void alp_physics_free(alp_physics *physics);

/** The table of observables, in file order; the same for every configuration. */
size_t alp_observable_count(void);
const alp_observable_info *alp_observable_at(size_t index);
/** Index of a name, or -1. */
int alp_observable_find(const char *name);
/** False where an observable has no meaning (P_mmbar of the complex scalar, sigma_belle2 without
 *  Monte Carlo): null in JSON, absent from the file, its flags never set. */
bool alp_observable_defined(const alp_physics *physics, size_t index);

/** The flags of this configuration, ordered by group and bit. */
size_t alp_flag_count(const alp_physics *physics);
const alp_flag_info *alp_flag_at(const alp_physics *physics, size_t index);

/** What a flag of a search that counts events compares at one mass: the flag is set where the
 *  observable is above needed_sigma. */
typedef struct alp_search {
    size_t observable;    /**< index of the cross section */
    bool decided;         /**< false: the background is not known here, the flag is never set, and
                               background and what is needed are 0 */
    double luminosity;    /**< 1/ab */
    double share;         /**< of the signal that falls into the window */
    double background;    /**< events expected in the window without signal */
    double observed;      /**< events seen; ALP_SEARCH_EXPECTED for what experiments would see */
    double needed_events; /**< signal events in the window */
    double needed_sigma;  /**< fb: needed_events/(share luminosity) */
} alp_search;
#define ALP_SEARCH_EXPECTED (-1.0)

/** Fills search for the flag of an index and m_a in GeV; false if it is none of a search that
 *  counts events. */
bool alp_flag_search(const alp_physics *physics, size_t index, double m_a, alp_search *search);
/** Signal events in the window for a cross section in fb. */
double alp_search_events(const alp_search *search, double sigma);

/** What a flag compares at one mass: a quantity, of which it is set inside of |quantity - centre|
 * <= radius, or outside of it. */
typedef enum alp_flag_quantity {
    ALP_FLAG_OBSERVABLE, /**< one of the table */
    ALP_FLAG_S,          /**< S */
    ALP_FLAG_LARGEST     /**< the larger of |y_V|^2 and |y_A|^2 */
} alp_flag_quantity;
typedef enum alp_flag_kind {
    ALP_FLAG_NEVER,  /**< set nowhere at this mass */
    ALP_FLAG_ALWAYS, /**< set everywhere */
    ALP_FLAG_INSIDE,
    ALP_FLAG_OUTSIDE
} alp_flag_kind;
typedef struct alp_flag_test {
    alp_flag_kind kind;
    alp_flag_quantity quantity;
    size_t observable; /**< index, of ALP_FLAG_OBSERVABLE */
    double centre, radius;
} alp_flag_test;

/** The test of the flag of an index at m_a in GeV, without what the Monte Carlo of that mass alone
 *  would tell. */
void alp_flag_test_at(const alp_physics *physics, size_t index, double m_a, alp_flag_test *test);

/** Coefficients of every observable and flag at one mass; reused from mass to mass. */
typedef struct alp_mass alp_mass;
alp_status alp_mass_create(const alp_physics *physics, alp_mass **mass, alp_error *error);
void alp_mass_free(alp_mass *mass);
/** Bytes of one. */
size_t alp_mass_bytes(const alp_physics *physics);

/** Fills mass for m_a in GeV, 1e-3 to 1e4. row: the finished Monte Carlo row of this very mass, or
 *  NULL where there is none (then sigma_belle2 evaluates to 0). */
alp_status alp_mass_prepare(const alp_physics *physics, double m_a, const alp_mc_row *row,
                            alp_mass *mass, alp_error *error);

/**
 * Evaluates a row of n points. values: alp_observable_count() pointers to n doubles each, filled
 * for every observable that is defined (others are not touched and may be NULL). masks:
 * ALP_N_FLAG_GROUPS pointers to n words. Results are finite for every finite coupling with
 * |y| <= 1e6. No allocation.
 */
void alp_mass_evaluate(const alp_physics *physics, const alp_mass *mass, size_t n,
                       const alp_couplings *couplings, double *const *values,
                       uint32_t *const *masks);

/** Where n values of an observable go: as they are, rounded, or both; NULL where they do not. */
typedef struct alp_value_row {
    double *value;
    float *rounded;
} alp_value_row;

/** Where the flags of a group go: n words of 1, 2 or 4 bytes, enough for its bits, or NULL. */
typedef struct alp_mask_row {
    void *data;
    size_t size; /**< bytes of a word */
} alp_mask_row;

/** The same into rows of any type, one for each observable and group; counts[i] (alp_flag_count()
 *  numbers, or NULL) grows by the number of points at which flag i is set. False if a value is
 *  infinite or NaN; the flags that test it mean nothing then. */
bool alp_mass_evaluate_row(const alp_physics *physics, const alp_mass *mass, size_t n,
                           const alp_couplings *couplings, const alp_value_row *values,
                           const alp_mask_row *masks, uint64_t *counts);

#endif
