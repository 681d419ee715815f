/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Boundaries as CSV: comments that say what they are, one line of names, a line per point. */
#include "contours.h"

#include "alpscan/version.h"

#include <string.h>

/** What stands in a file may hold anything: one line of printable characters. */
static void print_line(FILE *stream, const char *label, const char *text)
{
    (void)fprintf(stream, "# %s: ", label);
    alp_print_name(stream, text);
    (void)fputc('\n', stream);
}

static void print_attribute(FILE *stream, alp_result *result, const char *label, const char *name)
{
    const char *text = alp_result_attribute(result, name);
    print_line(stream, label, text == NULL || *text == '\0' ? "unknown" : text);
}

static void print_axes(FILE *stream, const alp_contour_source *source)
{
    for (size_t i = 0; i < source->n_axes; i++) {
        const alp_dimension *axis = &source->axis[i];
        (void)fprintf(stream, "# axis %s [%s]: %s; %zu points from %.17g to %.17g, %s\n",
                      axis->name, axis->unit, axis->long_name == NULL ? "" : axis->long_name,
                      axis->n, axis->value[0], axis->value[axis->n - 1],
                      source->logarithmic[i] ? "logarithmic" : "linear");
    }
}

static void print_columns(FILE *stream, const alp_contour_source *source)
{
    (void)fputs("# flag: set on the left of a polyline, seen from above with the first axis of its "
                "plane to the "
                "right and the second upwards\n"
                "# limit: of the quantity q that the flag compares, high: q = centre + radius, "
                "low: q = centre - "
                "radius, any: several, bit: the flag alone is known\n"
                "# polyline: number within the flag; closed 1: ends with its first point, 0: "
                "begins and ends at "
                "the edge of the grid\n"
                "# found: interpolated (log(q/limit) is zero, linear in the axis's spacing), or "
                "middle between two "
                "points of the grid\n"
                "# along, low, high: the axis and its two points between which the boundary lies: "
                "the grid's "
                "resolution, and the error\n",
                stream);
    (void)fputs("flag,limit,polyline,closed,point", stream);
    for (size_t i = 0; i < source->n_axes; i++)
        (void)fprintf(stream, ",%s", source->axis[i].name);
    (void)fputs(",found,along,low,high\n", stream);
}

void alp_contour_csv_head(FILE *stream, const alp_contour_source *source,
                          const alp_contour_region *region, size_t n, const char *command)
{
    alp_result *result = source->result;
    print_line(stream, "boundaries of regions of", alp_result_path(result));
    print_attribute(stream, result, "title", "title");
    (void)fprintf(stream, "# written by: alpscan %s (%s)\n", alp_version, alp_git_revision);
    print_line(stream, "command", command);
    print_attribute(stream, result, "file made by: alpscan", "version");
    print_attribute(stream, result, "physics version of the file", "physics_version");
    if (source->physics == NULL)
        print_line(stream, "limits are not known", source->why);
    print_axes(stream, source);
    for (size_t i = 0; i < n; i++) {
        (void)fprintf(stream, "# %s: %s; ", region[i].name, alp_contour_long_name(&region[i]));
        alp_contour_describe(source, &region[i], stream);
        const char *references = alp_contour_references(source, &region[i]);
        (void)fprintf(stream, "%s%s\n", *references == '\0' ? "" : "; ", references);
    }
    print_columns(stream, source);
}

void alp_contour_csv_row(FILE *stream, const alp_contour_source *source,
                         const alp_contour_region *region, const alp_contour_row *row)
{
    (void)fprintf(stream, "%s,%s,%zu,%d,%zu", region->name, alp_contour_limit_name(row->limit),
                  row->polyline, row->closed, row->point);
    for (size_t i = 0; i < source->n_axes; i++)
        (void)fprintf(stream, ",%.17g", row->coordinate[i]);
    (void)fprintf(stream, ",%s,%s,%.17g,%.17g\n", row->interpolated ? "interpolated" : "middle",
                  source->axis[row->along].name, row->low, row->high);
}
