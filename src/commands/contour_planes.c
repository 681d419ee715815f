/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "contour_planes.h"

#include <stdlib.h>
#include <string.h>

/** Axes that lie in planes, and the option that holds each of them fixed; phase always is. */
static const struct {
    const char *axis, *option;
} selectors[] = {{"m_a", "--m-a"}, {"y_V", "--y-v"}, {"y_A", "--y-a"}};
enum { SELECTORS = sizeof selectors / sizeof *selectors, VALUES_MAX = 1024 };

/** The points of an axis that an option names; *n = 0: none. */
static alp_status selected(const alp_command_line *line, const alp_contour_source *source,
                           const char *option, size_t axis, size_t **point, size_t *n,
                           alp_error *error)
{
    double value[VALUES_MAX];
    alp_status status = alp_command_line_numbers(line, option, value, VALUES_MAX, n, error);
    if (status != ALP_OK || *n == 0)
        return status;
    *point = calloc(*n, sizeof **point);
    if (*point == NULL)
        return alp_error_memory(error);
    for (size_t k = 0; status == ALP_OK && k < *n; k++)
        status = alp_result_nearest(source->result, axis, value[k], &(*point)[k], error);
    return status;
}

static alp_status all_points(const alp_contour_source *source, size_t axis, size_t **point,
                             size_t *n, alp_error *error)
{
    *n = source->axis[axis].n;
    *point = calloc(*n, sizeof **point);
    if (*point == NULL)
        return alp_error_memory(error);
    for (size_t k = 0; k < *n; k++)
        (*point)[k] = k;
    return ALP_OK;
}

/** The family in which axis `fixed` is at given points, and phase at those asked for, or all. */
static alp_status add_family(const alp_command_line *line, const alp_contour_source *source,
                             size_t fixed, alp_plane_families *families, alp_error *error)
{
    alp_plane_family *family = &families->family[families->n++];
    size_t in_plane[ALP_MAX_DIMENSIONS] = {0}, n = 0;
    const size_t phase = alp_contour_axis(source, "phase");
    *family = (alp_plane_family){0};
    alp_status status = ALP_OK;
    for (size_t i = 0; status == ALP_OK && i < source->n_axes; i++) {
        if (i != fixed && i != phase) {
            in_plane[n++] = i;
            continue;
        }
        const char *option = "--phase";
        for (size_t k = 0; k < SELECTORS; k++)
            if (strcmp(selectors[k].axis, source->axis[i].name) == 0)
                option = selectors[k].option;
        family->fixed[family->n_fixed++] = i;
        status = selected(line, source, option, i, &family->point[i], &family->n[i], error);
        if (status == ALP_OK && family->n[i] == 0)
            status = all_points(source, i, &family->point[i], &family->n[i], error);
    }
    family->first = in_plane[0];
    family->second = in_plane[1];
    return status;
}

/** Whether the plane that is left where an axis is fixed has an extent along both its axes. */
static bool is_plane(const alp_contour_source *source, size_t fixed)
{
    for (size_t k = 0; k < SELECTORS; k++) {
        const size_t i = alp_contour_axis(source, selectors[k].axis);
        if (i != fixed && source->axis[i].n < 2)
            return false;
    }
    return true;
}

static alp_status no_plane(const alp_contour_source *source, const char *option, alp_error *error)
{
    char text[256] = "";
    for (size_t k = 0; k < SELECTORS; k++) {
        const size_t i = alp_contour_axis(source, selectors[k].axis);
        const size_t length = strlen(text);
        (void)snprintf(text + length, sizeof text - length, "%s%s %zu", k == 0 ? "" : ", ",
                       source->axis[i].name, source->axis[i].n);
    }
    return alp_error_set(
        error, ALP_USAGE,
        "%s%s: no plane is left: a boundary needs two axes with more than one point, "
        "and the points are %s; `alpscan export` writes lines",
        option, option[0] == '\0' ? alp_result_path(source->result) : "", text);
}

alp_status alp_plane_families_choose(const alp_command_line *line, const alp_contour_source *source,
                                     alp_plane_families *families, alp_error *error)
{
    *families = (alp_plane_families){0};
    alp_status status = ALP_OK;
    if (alp_command_line_value(line, "--phase") != NULL &&
        alp_contour_axis(source, "phase") == source->n_axes)
        return alp_error_set(error, ALP_USAGE, "--phase: %s has no axis phase",
                             alp_result_path(source->result));
    bool any = false;
    for (size_t k = 0; status == ALP_OK && k < SELECTORS; k++) {
        const size_t axis = alp_contour_axis(source, selectors[k].axis);
        if (alp_command_line_value(line, selectors[k].option) == NULL)
            continue;
        any = true;
        status = is_plane(source, axis) ? add_family(line, source, axis, families, error)
                                        : no_plane(source, selectors[k].option, error);
    }
    for (size_t k = 0; status == ALP_OK && !any && k < SELECTORS; k++) {
        const size_t axis = alp_contour_axis(source, selectors[k].axis);
        if (is_plane(source, axis))
            status = add_family(line, source, axis, families, error);
    }
    if (status == ALP_OK && families->n == 0)
        return no_plane(source, "", error);
    return status;
}

void alp_plane_families_free(alp_plane_families *families)
{
    for (size_t k = 0; k < families->n; k++)
        for (size_t i = 0; i < ALP_MAX_DIMENSIONS; i++)
            free(families->family[k].point[i]);
    *families = (alp_plane_families){0};
}

size_t alp_plane_family_count(const alp_plane_family *family)
{
    size_t n = 1;
    for (size_t k = 0; k < family->n_fixed; k++)
        n *= family->n[family->fixed[k]];
    return n;
}

alp_plane alp_plane_family_at(const alp_plane_family *family, size_t k)
{
    alp_plane plane = {.first = family->first, .second = family->second};
    for (size_t f = family->n_fixed; f-- > 0;) {
        const size_t axis = family->fixed[f], n = family->n[axis];
        plane.index[axis] = family->point[axis][k % n];
        k /= n;
    }
    return plane;
}

/* ---- Regions ---- */

static alp_contour_region flag_region(const alp_result_flag *flag)
{
    alp_contour_region region = {flag->group, flag, flag->bit, ""};
    (void)snprintf(region.name, sizeof region.name, "%.63s.%.120s", flag->group, flag->name);
    return region;
}

/** The region of a name; false: there is none. */
static bool find_region(const alp_contour_source *source, const char *name,
                        alp_contour_region *region)
{
    const char *group = strcmp(name, "sensitive") == 0 ? "reach" : name;
    bool found = false;
    for (size_t i = 0; i < alp_result_flags(source->result); i++) {
        const alp_result_flag *flag = alp_result_flag_at(source->result, i);
        const alp_contour_region one = flag_region(flag);
        if (strcmp(name, flag->name) == 0 || strcmp(name, one.name) == 0) {
            *region = one;
            return true;
        }
        if (strcmp(group, flag->group) != 0)
            continue;
        if (!found) {
            *region = (alp_contour_region){.group = flag->group};
            (void)snprintf(region->name, sizeof region->name, "%.63s", flag->group);
        }
        region->bits |= flag->bit;
        found = true;
    }
    return found;
}

static alp_status unknown_flag(const alp_contour_source *source, const char *name, alp_error *error)
{
    char known[ALP_MESSAGE_SIZE / 2] = "";
    const char *group = "";
    for (size_t i = 0; i < alp_result_flags(source->result); i++) {
        const alp_result_flag *flag = alp_result_flag_at(source->result, i);
        size_t length = strlen(known);
        if (strcmp(group, flag->group) != 0)
            (void)snprintf(known + length, sizeof known - length,
                           "%s%s (any of:", i == 0 ? "" : "), ", flag->group);
        group = flag->group;
        length = strlen(known);
        (void)snprintf(known + length, sizeof known - length, " %s", flag->name);
    }
    return alp_error_set(error, ALP_USAGE,
                         "--flag %.100s: no such flag or group in the file; it has %s)", name,
                         known);
}

alp_status alp_contour_regions_choose(const alp_command_line *line,
                                      const alp_contour_source *source, alp_contour_region **region,
                                      size_t *n, alp_error *error)
{
    const size_t flags = alp_result_flags(source->result);
    *n = 0;
    *region = calloc(line->n_given + flags + 1, sizeof **region);
    if (*region == NULL)
        return alp_error_memory(error);
    for (size_t i = 0; i < line->n_given; i++) {
        if (strcmp(line->usage->option[line->given[i].option].name, "--flag") != 0)
            continue;
        if (!find_region(source, line->given[i].value, &(*region)[*n]))
            return unknown_flag(source, line->given[i].value, error);
        for (size_t k = 0; k < *n; k++)
            if (strcmp((*region)[k].name, (*region)[*n].name) == 0)
                return alp_error_set(error, ALP_USAGE, "--flag %.100s: given twice",
                                     line->given[i].value);
        ++*n;
    }
    for (size_t i = 0; *n == 0 && i < flags; i++)
        (*region)[i] = flag_region(alp_result_flag_at(source->result, i));
    *n = *n == 0 ? flags : *n;
    return flags > 0
               ? ALP_OK
               : alp_error_set(error, ALP_IO, "%s: has no flags", alp_result_path(source->result));
}
