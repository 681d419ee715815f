/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_COMMANDS_CONTOUR_PLANES_H
#define ALPSCAN_COMMANDS_CONTOUR_PLANES_H

/** Which planes of a grid and which regions a command line asks for. */

#include "contours.h"
#include "options.h"

/** Planes of the same two axes: one at each combination of points of the other axes. */
typedef struct alp_plane_family {
    size_t first, second;
    size_t n_fixed, fixed[ALP_MAX_DIMENSIONS]; /**< the other axes */
    size_t n[ALP_MAX_DIMENSIONS];              /**< and the points of each, by axis */
    size_t *point[ALP_MAX_DIMENSIONS];
} alp_plane_family;

enum { ALP_PLANE_FAMILIES_MAX = 3 };
typedef struct alp_plane_families {
    size_t n;
    alp_plane_family family[ALP_PLANE_FAMILIES_MAX];
} alp_plane_families;

/** Reads --m-a, --y-v, --y-a and --phase. To be freed in every case. */
alp_status alp_plane_families_choose(const alp_command_line *line, const alp_contour_source *source,
                                     alp_plane_families *families, alp_error *error);
void alp_plane_families_free(alp_plane_families *families);
size_t alp_plane_family_count(const alp_plane_family *family);
/** Plane number k of a family. */
alp_plane alp_plane_family_at(const alp_plane_family *family, size_t k);

/** Reads --flag: flags as "muonium" or "excluded.muonium", groups as "excluded", "sensitive" for
 *  "reach"; without it every flag. *region is the caller's to free. */
alp_status alp_contour_regions_choose(const alp_command_line *line,
                                      const alp_contour_source *source, alp_contour_region **region,
                                      size_t *n, alp_error *error);

#endif
