/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_PHYSICS_CONTEXT_H
#define ALP_PHYSICS_CONTEXT_H

/**
 * What the files of this module share: the context derived from a configuration, and the form of
 * an observable and of a flag.
 *
 * An observable is prepare(context, mass, row), expensive, once per mass, which leaves a handful of
 * coefficients, and an evaluation of a row of couplings, a short loop (row.h). It is one file and
 * one row of observables_table.h. A flag compares a quantity with a number that is prepared once
 * per mass; it is one row of the table in flags.c.
 *
 * The couplings enter through
 *     V2 = |y_V|^2 = (S + D)/2,   A2 = |y_A|^2 = (S - D)/2,   R = 2 Re(y_V y_A*),
 *     I = 2 Im(y_V y_A*),   with S^2 = D^2 + R^2 + I^2.
 */

#include "alpscan/physics.h"
#include "gauss.h"
#include "mass_table.h"
#include "observables_table.h"

/** Observables in the order of the file: ALP_PHYSICS_INDEX_a_e, ... */
#define ALP_PHYSICS_INDEX(name, ...) ALP_PHYSICS_INDEX_##name,
typedef enum alp_physics_index {
    ALP_PHYSICS_OBSERVABLES(ALP_PHYSICS_INDEX) ALP_PHYSICS_N_OBSERVABLES,
    /* Quantities that flags test besides the observables. */
    ALP_PHYSICS_S = ALP_PHYSICS_N_OBSERVABLES, /**< S */
    ALP_PHYSICS_LARGEST                        /**< the larger of |y_V|^2 and |y_A|^2 */
} alp_physics_index;

enum { ALP_PHYSICS_N_COEFFICIENTS = 8 };
/** Coefficients of one observable at one mass; each file names its own. */
typedef struct alp_physics_coefficients {
    double c[ALP_PHYSICS_N_COEFFICIENTS];
    struct alp_physics_curve *curve; /**< pairs.c: the mass's own, or NULL */
} alp_physics_coefficients;

/** One row of the table of observables. */
typedef struct alp_physics_observable {
    alp_observable_info info;
    bool (*defined)(const alp_config *config);
    void (*prepare)(const alp_physics *physics, double m_a, const alp_mc_row *row,
                    alp_physics_coefficients *k);
} alp_physics_observable;

extern const alp_physics_observable alp_physics_observables[ALP_PHYSICS_N_OBSERVABLES];

/** When a flag is set. */
typedef enum alp_physics_test_kind {
    ALP_PHYSICS_NEVER,
    ALP_PHYSICS_ALWAYS,
    ALP_PHYSICS_INSIDE, /**< |quantity - centre| <= radius */
    ALP_PHYSICS_OUTSIDE /**< |quantity - centre| >  radius */
} alp_physics_test_kind;

typedef struct alp_physics_test {
    alp_physics_test_kind kind;
    double centre, radius;
} alp_physics_test;

/** A test that decides from point to point: its bit changes where |quantity - centre| > radius. */
typedef struct alp_physics_cut {
    double centre, radius;
    uint64_t bit;
    size_t flag; /**< index in the context */
    alp_physics_index quantity;
    alp_flag_group group;
    bool inside; /**< set where the bit has not changed */
} alp_physics_cut;

/** One row of the table of flags: a flag, or a family of them that runs over a list of numbers. */
typedef struct alp_physics_flag_row {
    alp_flag_group group;
    const char *name;      /**< of a family: what stands before the number */
    const char *suffix;    /**< of a family: what stands after it; else NULL */
    const char *long_name; /**< of a family: continued by " NUMBER UNIT" */
    const char *unit;      /**< of a family */
    const char *references;
    /** Of a family its numbers; else NULL for a flag that is always there, and a list of one number
     * or none for one that is not. */
    const alp_list *(*list)(const alp_config *config);
    alp_physics_index requires; /**< observable without which the flag is never set */
    alp_physics_index quantity; /**< what is tested */
    /** How it is decided, one of the two; index counts within the family. Either its test at a
     * mass (row as in alp_mass_prepare), */
    alp_physics_test (*test)(const alp_physics *physics, double m_a, const alp_mc_row *row,
                             size_t index);
    /** or the search that it stands for, from which its test and alp_flag_search() follow: fills
     * search, in which all but the observable is 0, for m_a in GeV. */
    void (*search)(const alp_physics *physics, double m_a, size_t index, alp_search *search);
} alp_physics_flag_row;

typedef struct alp_physics_flag {
    alp_flag_info info;
    const alp_physics_flag_row *row;
    size_t index;
} alp_physics_flag;

struct alp_physics {
    const alp_config *config;
    const struct alp_physics_rows *rows; /**< the loops of the instruction set, see rows.h */
    alp_physics_gauss gauss;
    alp_physics_mass_table mu_to_e_a; /**< limits on BR(mu -> e a) */
    /** Background of the opposite-sign search: events per GeV of m(e mu) and 1/ab. */
    alp_physics_mass_table os_background;
    /** Median expected upper limit on signal events for each luminosity of the configuration. */
    double pairs_events[ALP_LIST_MAX];
    /** Signal events with which half of the experiments make a discovery, likewise. */
    double pairs_discovery[ALP_LIST_MAX];
    /** Upper limit on signal events from those observed, likewise; 0 without belle2.observed. */
    double pairs_observed[ALP_LIST_MAX];
    bool defined[ALP_PHYSICS_N_OBSERVABLES];
    size_t n_flags;
    alp_physics_flag *flags;
};

struct alp_mass {
    double m_a; /**< GeV */
    alp_physics_coefficients coefficients[ALP_PHYSICS_N_OBSERVABLES];
    struct alp_physics_curve *curve;    /**< with montecarlo.method = full, else NULL */
    uint64_t always[ALP_N_FLAG_GROUPS]; /**< bits that are set at every point */
    uint64_t start[ALP_N_FLAG_GROUPS];  /**< and those of tests that are inside */
    size_t n_cuts;
    alp_physics_cut cut[]; /**< by quantity, then as the flags; room for all of the context */
};

/** Expands the table of flags for a configuration into physics->flags. */
alp_status alp_physics_flags_create(alp_physics *physics, alp_error *error);

/** The test of a flag at a mass, its own or that of its search; row may be NULL. */
alp_physics_test alp_physics_flag_test(const alp_physics *physics, const alp_physics_flag *flag,
                                       double m_a, const alp_mc_row *row);

#endif
