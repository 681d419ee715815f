/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alpscan contours: boundaries of regions of a result, as CSV and as a submission to HEPData. */
#include "contours.h"

#include "commands.h"
#include "contour_planes.h"
#include "options.h"
#include "text_output.h"
#include "words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const alp_option options[] = {
    {"--flag", NULL, ALP_OPTION_MANY, "NAME",
     "flags (muonium), or groups of them, any of which counts (excluded); default: every flag",
     NULL, NULL},
    {"--m-a", NULL, ALP_OPTION_MANY, "GEV", "planes of y_V and y_A at these masses", NULL, NULL},
    {"--y-v", NULL, ALP_OPTION_MANY, "Y", "planes of m_a and y_A at these y_V", NULL, NULL},
    {"--y-a", NULL, ALP_OPTION_MANY, "Y", "planes of m_a and y_V at these y_A", NULL, NULL},
    {"--phase", NULL, ALP_OPTION_MANY, "RAD", "at these phases alone, where phase is an axis", NULL,
     NULL},
    {"--output", "-o", ALP_OPTION_ONE, "FILE.csv", "write there; default: the standard output",
     NULL, NULL},
    {"--hepdata", NULL, ALP_OPTION_ONE, "FOLDER",
     "write a submission to HEPData there; CSV then only with --output", NULL, NULL},
    {"--partial", NULL, ALP_OPTION_FLAG, NULL,
     "take an incomplete file; what it lacks is in no region", NULL, NULL},
};

static const alp_usage usage = {
    .synopsis =
        "alpscan contours FILE.h5 [--flag NAME ...] [--m-a GEV ...] [--y-v Y ...] [--y-a Y ...]\n"
        "       [-o FILE.csv] [--hepdata FOLDER]",
    .purpose =
        "Writes the boundaries of the regions where flags are set, as polylines in every plane of\n"
        "two of the axes m_a, y_V, y_A, or in those at the given points of the third (the nearest\n"
        "ones of the grid). A boundary is where the logarithm of observable over limit is zero,\n"
        "interpolated between points of the grid, or, where the file does not tell, in the middle\n"
        "between them; each point says which, and between which points of the grid it lies.",
    .option = options,
    .n_options = sizeof options / sizeof *options,
    .positional_min = 1,
    .positional_max = 1,
    .positional = "FILE.h5",
};

typedef struct writer {
    const alp_contour_source *source;
    alp_plane_families families;
    alp_contour_region *region;
    size_t n_regions;
    FILE *csv;            /**< or NULL */
    alp_hepdata *hepdata; /**< or NULL */
    alp_error *error;
    size_t polylines;   /**< of the region at hand */
    bool contradicted;  /**< the region at hand, somewhere */
    size_t set, points; /**< of the region at hand */
    FILE *remark;       /**< regions without a boundary */
} writer;

/** Between two points of an axis, in its own spacing; part from 0 to 1. */
static double between(const alp_contour_source *source, size_t axis, size_t k, double part)
{
    const double low = source->axis[axis].value[k], high = source->axis[axis].value[k + 1];
    const double at =
        source->logarithmic[axis] ? low * exp(part * log(high / low)) : low + part * (high - low);
    return fmin(fmax(at, low), high);
}

static void place(const alp_contour_source *source, const alp_plane *plane,
                  const alp_contour_point *point, alp_contour_row *row)
{
    for (size_t i = 0; i < source->n_axes; i++)
        row->coordinate[i] = source->axis[i].value[plane->index[i]];
    row->coordinate[plane->first] = source->axis[plane->first].value[point->i];
    row->coordinate[plane->second] = source->axis[plane->second].value[point->j];
    row->along = point->axis == 0 ? plane->first : plane->second;
    const size_t k = point->axis == 0 ? point->i : point->j;
    row->low = source->axis[row->along].value[k];
    row->high = source->axis[row->along].value[k + 1];
    row->coordinate[row->along] = between(source, row->along, k, point->part);
    row->interpolated = point->interpolated;
}

static alp_status write_line(writer *w, const alp_contour_region *region, const alp_plane *plane,
                             const alp_contours *contours, const alp_contour_line *line,
                             alp_contour_limit limit)
{
    alp_contour_row row = {.polyline = ++w->polylines, .closed = line->closed, .limit = limit};
    alp_status status = ALP_OK;
    for (size_t k = 0; status == ALP_OK && k < line->n; k++) {
        place(w->source, plane, &contours->point[line->first + k], &row);
        row.point = k + 1;
        if (w->csv != NULL)
            alp_contour_csv_row(w->csv, w->source, region, &row);
        if (w->hepdata != NULL)
            status = alp_hepdata_add(w->hepdata, &row, w->error);
    }
    return status;
}

static alp_status write_plane(writer *w, const alp_contour_region *region, const alp_plane *plane)
{
    alp_contour_fields fields;
    bool contradicted;
    alp_status status =
        alp_contour_fields_read(w->source, region, plane, &fields, &contradicted, w->error);
    w->set += fields.set;
    w->points += fields.points;
    w->contradicted = w->contradicted || contradicted;
    for (size_t f = 0; status == ALP_OK && f < fields.n; f++) {
        alp_contours contours;
        status = alp_contours_trace(&fields.field[f], &contours, w->error);
        for (size_t k = 0; status == ALP_OK && k < contours.n_lines; k++)
            status = write_line(w, region, plane, &contours, &contours.line[k], fields.limit[f]);
        alp_contours_free(&contours);
    }
    alp_contour_fields_free(&fields);
    return status;
}

/** A region that has no boundary, and one whose limit is not what its flag says. */
static void remark_on(writer *w, const alp_contour_region *region)
{
    if (w->polylines == 0)
        (void)fprintf(w->remark, "%s%s is set %s", ftell(w->remark) > 0 ? ", " : "", region->name,
                      w->set == 0           ? "nowhere"
                      : w->set == w->points ? "everywhere"
                                            : "in whole planes");
    if (w->contradicted)
        (void)fprintf(
            stderr,
            "alpscan: %s: is not what its limit in the configuration says: boundary in the "
            "middle between points\n",
            region->name);
}

static alp_status write_region(writer *w, const alp_contour_region *region)
{
    alp_status status = ALP_OK;
    w->polylines = w->set = w->points = 0;
    w->contradicted = false;
    for (size_t f = 0; status == ALP_OK && f < w->families.n; f++) {
        const alp_plane_family *family = &w->families.family[f];
        const size_t planes = alp_plane_family_count(family);
        alp_plane plane = {0};
        for (size_t k = 0; status == ALP_OK && k < planes; k++) {
            plane = alp_plane_family_at(family, k);
            status = write_plane(w, region, &plane);
        }
        if (status == ALP_OK && w->hepdata != NULL)
            status = alp_hepdata_end_table(w->hepdata, region, &plane, planes, w->families.n > 1,
                                           w->error);
    }
    if (status == ALP_OK)
        remark_on(w, region);
    if (status == ALP_OK && w->csv != NULL && ferror(w->csv) != 0)
        status = alp_error_set(w->error, ALP_IO, "cannot write the table; is the disk full?");
    return status;
}

static alp_status write_regions(writer *w, const char *command)
{
    alp_status status = ALP_OK;
    if (w->csv != NULL)
        alp_contour_csv_head(w->csv, w->source, w->region, w->n_regions, command);
    for (size_t i = 0; status == ALP_OK && i < w->n_regions; i++)
        status = write_region(w, &w->region[i]);
    if (status == ALP_OK && w->csv != NULL && fflush(w->csv) != 0)
        status = alp_error_set(w->error, ALP_IO, "cannot write the table; is the disk full?");
    return status;
}

/** Everything but the CSV's file, which is open already. */
static alp_status write_all(writer *w, const char *folder, const char *command)
{
    char *remark = NULL;
    size_t size = 0;
    w->remark = open_memstream(&remark, &size);
    if (w->remark == NULL)
        return alp_error_memory(w->error);
    alp_status status = ALP_OK;
    if (folder != NULL)
        status = alp_hepdata_open(folder, w->source, &w->hepdata, w->error);
    if (status == ALP_OK)
        status = write_regions(w, command);
    (void)fclose(w->remark);
    alp_error later;
    const alp_status closed = alp_hepdata_close(w->hepdata, command, remark, status == ALP_OK,
                                                status == ALP_OK ? w->error : &later);
    if (status == ALP_OK)
        status = closed;
    if (status == ALP_OK && size > 0)
        (void)fprintf(stderr, "alpscan: no boundary: %s\n", remark);
    free(remark);
    return status;
}

static alp_status write_to(writer *w, const alp_command_line *line, const char *command)
{
    const char *path = alp_command_line_value(line, "--output");
    const char *folder = alp_command_line_value(line, "--hepdata");
    if (path == NULL) {
        w->csv = folder == NULL ? stdout : NULL;
        return write_all(w, folder, command);
    }
    alp_text_output output;
    alp_status status = alp_text_output_check("", path, line->positional, 1, w->error);
    if (status == ALP_OK)
        status = alp_text_output_open(path, &output, w->error);
    if (status != ALP_OK)
        return status;
    w->csv = output.stream;
    return alp_text_output_close(&output, write_all(w, folder, command), w->error);
}

static alp_status run(const alp_command_line *line, const char *command, alp_error *error)
{
    alp_contour_source source;
    writer w = {.source = &source, .error = error};
    alp_status status = alp_contour_source_open(
        line->positional[0], alp_command_line_value(line, "--partial") != NULL, &source, error);
    if (status == ALP_OK)
        status = alp_plane_families_choose(line, &source, &w.families, error);
    if (status == ALP_OK)
        status = alp_contour_regions_choose(line, &source, &w.region, &w.n_regions, error);
    if (status == ALP_OK && source.physics == NULL)
        (void)fprintf(stderr,
                      "alpscan: limits are not known, boundaries lie in the middle between "
                      "points: %s\n",
                      source.why);
    if (status == ALP_OK)
        status = write_to(&w, line, command);
    free(w.region);
    alp_plane_families_free(&w.families);
    alp_contour_source_close(&source);
    return status;
}

alp_status alp_command_contours(int argc, char **argv)
{
    alp_error error = {0};
    alp_command_line line;
    char *command = alp_command_words(argc, argv);
    alp_status status = command == NULL ? alp_error_memory(&error) : ALP_OK;
    if (status == ALP_OK)
        status = alp_command_line_parse(&usage, argc, argv, &line, &error);
    else
        line = (alp_command_line){0};
    if (status == ALP_OK && line.help) {
        alp_usage_print(&usage, stdout);
    } else if (status == ALP_OK) {
        status = run(&line, command, &error);
    }
    alp_command_line_free(&line);
    free(command);
    return status == ALP_OK ? ALP_OK : alp_command_fail(&error);
}
