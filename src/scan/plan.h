/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_SCAN_PLAN_H
#define ALPSCAN_SCAN_PLAN_H

/** Inside of src/scan: what a plan consists of. */

#include "alpscan/scan.h"
#include "loops.h"

/** Where a map of the layout comes from. */
typedef struct alp_scan_map {
    int observable; /**< index of an observable, or -1 */
    int group;      /**< flag group where observable is -1 */
} alp_scan_map;

struct alp_plan {
    const alp_config *config;
    const alp_physics *physics;
    const alp_scan_loops *loops; /**< of the instruction set */
    alp_layout layout;
    size_t phase_dimension; /**< 0: the phase is not scanned */
    size_t y_v_dimension, y_a_dimension;
    double phase; /**< rad, where it is not scanned */
    uint64_t points, chunks;
    size_t n_flags;
    alp_dataset *map;        /**< layout.map */
    alp_scan_map *source;    /**< one per map */
    const char **flag_names; /**< n_flags, ordered by group and bit */
    const char **flag_long_names;
};

/** Cuts a layout, chunks chosen, down to a slab of it: whole chunks where there is one for every
 *  part, else points. */
alp_status alp_scan_take_part(const alp_part *part, alp_layout *layout, alp_error *error);

/** Tables of the layout: columns of alp_mc_row. */
size_t alp_scan_table_count(void);
const alp_dataset *alp_scan_tables(void);

#endif
