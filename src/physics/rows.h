/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_PHYSICS_ROWS_H
#define ALP_PHYSICS_ROWS_H

/** The loops over a row of one instruction set. Every set gives the same bits. */

#include "alpscan/isa.h"

#include "context.h"

enum {
    /** Points evaluated in one go: couplings, an observable and the words of the flags stay in the
     *  first-level cache. */
    ALP_PHYSICS_BLOCK = 512,
    /** Of the cache, bytes. */
    ALP_PHYSICS_LINE = 64,
    /** Comparisons of one quantity made in one pass. */
    ALP_PHYSICS_CUTS_AT_ONCE = 3
};

/** Cuts of one quantity, centre and group, and the words that their bits are in. */
typedef struct alp_physics_cuts {
    const alp_physics_cut *cut;
    size_t n;
    bool first;     /**< the words hold nothing yet and begin as start */
    uint64_t start; /**< see alp_mass */
    uint64_t *word;
    uint64_t *beyond; /**< per cut: number of points with |quantity - centre| > radius */
} alp_physics_cuts;

/** The couplings of a block and what follows from them. */
typedef struct alp_physics_block {
    _Alignas(ALP_PHYSICS_LINE) double vv[ALP_PHYSICS_BLOCK]; /**< 2 |y_V|^2 = S + D */
    double aa[ALP_PHYSICS_BLOCK];                            /**< 2 |y_A|^2 = S - D */
    double largest[ALP_PHYSICS_BLOCK];                       /**< see ALP_PHYSICS_LARGEST */
    alp_couplings couplings;
} alp_physics_block;

typedef struct alp_physics_rows {
    /** out[j] for n points, compared with up to ALP_PHYSICS_CUTS_AT_ONCE cuts; true if all are
     *  finite. */
    bool (*evaluate[ALP_PHYSICS_N_OBSERVABLES])(const alp_physics_coefficients *k, size_t n,
                                                const alp_physics_block *block,
                                                const alp_value_row *out,
                                                const alp_physics_cuts *cuts);
    /** vv, aa and largest of n points from their couplings. */
    void (*derive)(size_t n, alp_physics_block *block);
    /** Compares what is there already, with as many cuts. */
    void (*compare)(const double *quantity, size_t n, const alp_physics_cuts *cuts);
    /** The low 8, 16 or 32 bits. */
    void (*to_8)(const uint64_t *word, size_t n, uint8_t *mask);
    void (*to_16)(const uint64_t *word, size_t n, uint16_t *mask);
    void (*to_32)(const uint64_t *word, size_t n, uint32_t *mask);
} alp_physics_rows;

/** Those of a supported instruction set. */
const alp_physics_rows *alp_physics_rows_of(alp_isa isa);

#endif
