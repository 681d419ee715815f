/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_PHYSICS_ROWS_H
#define ALP_PHYSICS_ROWS_H

/** The loops over a row of one instruction set. Every set gives the same bits. */

#include "alpscan/isa.h"

#include "context.h"

enum {
    /** Points evaluated in one go: couplings, an observable and the words of the flags stay in the
     *  first-level cache. */
    ALP_PHYSICS_BLOCK = ALP_ROW_BLOCK,
    /** Comparisons of one quantity made in one pass. */
    ALP_PHYSICS_CUTS_AT_ONCE = 4
};

typedef struct alp_physics_rows {
    /** out[j] for n points; true if all are finite. */
    bool (*evaluate[ALP_PHYSICS_N_OBSERVABLES])(const alp_physics_coefficients *k, size_t n,
                                                const alp_couplings *couplings, double *out);
    /** The larger of |y_V|^2 and |y_A|^2. */
    void (*largest)(const alp_couplings *couplings, size_t n, double *out);
    /** word = before ^ the bits of up to ALP_PHYSICS_CUTS_AT_ONCE cuts, where before is start, or
     *  the word itself if start is NULL; beyond[c]: points with |quantity - centre| > radius. */
    void (*compare)(const double *quantity, size_t n, const alp_physics_cut *cut, size_t n_cuts,
                    const uint64_t *start, uint64_t *word, uint64_t *beyond);
    /** The low halves. */
    void (*shorten)(const uint64_t *word, size_t n, uint32_t *mask);
    /** mask = start everywhere. */
    void (*fill)(uint32_t start, size_t n, uint32_t *mask);
} alp_physics_rows;

/** Those of a supported instruction set. */
const alp_physics_rows *alp_physics_rows_of(alp_isa isa);

#endif
