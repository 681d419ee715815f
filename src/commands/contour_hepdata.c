/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A submission in HEPData's format (hepdata-submission.readthedocs.io; schemas 1.1.1 of
 * hepdata-validator): submission.yaml, whose first document is about the whole and whose others are
 * about a table each, and one file per table. A curve in a plane has errors along both axes, which
 * independent variables cannot have: its coordinates are dependent variables, and the numbers of
 * polyline and point independent ones, as the format's documentation advises.
 */
#define _XOPEN_SOURCE 700 /* mkdir, rmdir */

#include "contours.h"
#include "text_output.h"

#include "alpscan/version.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    NAME_MAX_LENGTH = 64,         /* of a table, in the format */
    FILE_LIMIT = 10 * 1024 * 1024 /* bytes of a table that HEPData takes */
};

struct alp_hepdata {
    const char *folder;
    const alp_contour_source *source;
    size_t n_rows, capacity, n_tables;
    alp_contour_row *row;
    char *index; /**< the documents of the tables */
    size_t index_size;
    FILE *index_stream;
};

/** Made where it is not there; what is in it must have been there for nothing. */
static alp_status make_folder(const char *folder, alp_error *error)
{
    if (mkdir(folder, 0777) == 0)
        return ALP_OK;
    DIR *stream = errno == EEXIST ? opendir(folder) : NULL;
    if (stream == NULL)
        return alp_error_set(error, ALP_IO, "--hepdata: %.500s: cannot be made a folder: %s",
                             folder, strerror(errno));
    size_t entries = 0;
    while (readdir(stream) != NULL) /* NOLINT(concurrency-mt-unsafe): one thread */
        entries++;
    (void)closedir(stream);
    return entries <= 2 /* . and .. */
               ? ALP_OK
               : alp_error_set(
                     error, ALP_IO,
                     "--hepdata: %.500s: is not empty, and a submission holds nothing but "
                     "its own files; choose another name, or remove it",
                     folder);
}

alp_status alp_hepdata_open(const char *folder, const alp_contour_source *source,
                            alp_hepdata **submission, alp_error *error)
{
    *submission = NULL;
    alp_status status = make_folder(folder, error);
    if (status != ALP_OK)
        return status;
    alp_hepdata *made = calloc(1, sizeof *made);
    if (made == NULL)
        return alp_error_memory(error);
    made->folder = folder;
    made->source = source;
    made->index_stream = open_memstream(&made->index, &made->index_size);
    if (made->index_stream == NULL) {
        free(made);
        return alp_error_memory(error);
    }
    *submission = made;
    return ALP_OK;
}

alp_status alp_hepdata_add(alp_hepdata *submission, const alp_contour_row *row, alp_error *error)
{
    if (submission->n_rows == submission->capacity) {
        const size_t capacity = 2 * submission->capacity + 1024;
        alp_contour_row *grown = realloc(submission->row, capacity * sizeof *grown);
        if (grown == NULL)
            return alp_error_memory(error);
        submission->row = grown;
        submission->capacity = capacity;
    }
    submission->row[submission->n_rows++] = *row;
    return ALP_OK;
}

/* ---- YAML ---- */

/** A text between double quotes; what would end a line becomes a '?'. */
static void print_text(FILE *stream, const char *text)
{
    (void)fputc('"', stream);
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\')
            (void)fputc('\\', stream);
        (void)fputc((unsigned char)*c < ' ' || *c == '\x7f' ? '?' : *c, stream);
    }
    (void)fputc('"', stream);
}

/** Nine digits: far below the step of any grid. YAML 1.1 takes 1e-05 for a text, 1.0e-05 is a
 *  number. */
static void print_number(FILE *stream, double value)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%.9g", value);
    const char *exponent = strchr(text, 'e');
    if (exponent != NULL && strchr(text, '.') == NULL)
        (void)fprintf(stream, "%.*s.0%s", (int)(exponent - text), text, exponent);
    else
        (void)fputs(text, stream);
}

static void print_header(FILE *stream, const char *name, const char *unit)
{
    (void)fputs("- header: {name: ", stream);
    print_text(stream, name);
    if (unit != NULL && *unit != '\0' && strcmp(unit, "1") != 0) {
        (void)fputs(", units: ", stream);
        print_text(stream, unit);
    }
    (void)fputs("}\n", stream);
}

static void print_counts(const alp_hepdata *s, bool points, FILE *stream)
{
    print_header(stream, points ? "Point" : "Polyline", NULL);
    (void)fputs("  values:\n", stream);
    for (size_t k = 0; k < s->n_rows; k++)
        (void)fprintf(stream, "  - {value: %zu}\n", points ? s->row[k].point : s->row[k].polyline);
}

/** An axis that is the same in a plane and not in all planes. */
static void print_fixed(const alp_hepdata *s, size_t axis, FILE *stream)
{
    print_header(stream, s->source->axis[axis].name, s->source->axis[axis].unit);
    (void)fputs("  values:\n", stream);
    for (size_t k = 0; k < s->n_rows; k++) {
        (void)fputs("  - {value: ", stream);
        print_number(stream, s->row[k].coordinate[axis]);
        (void)fputs("}\n", stream);
    }
}

/** Whether an axis has one value in all of the table. */
static bool is_constant(const alp_hepdata *s, size_t axis)
{
    for (size_t k = 1; k < s->n_rows; k++)
        if (s->row[k].coordinate[axis] != s->row[0].coordinate[axis])
            return false;
    return true;
}

static void print_qualifiers(const alp_hepdata *s, const alp_contour_region *region,
                             const alp_plane *plane, FILE *stream)
{
    (void)fputs("  qualifiers:\n  - {name: \"Region\", value: ", stream);
    print_text(stream, region->name);
    (void)fputs("}\n  - {name: \"Meaning\", value: ", stream);
    print_text(stream, alp_contour_long_name(region));
    (void)fputs("}\n", stream);
    for (size_t i = 0; i < s->source->n_axes; i++) {
        const alp_dimension *axis = &s->source->axis[i];
        if (i == plane->first || i == plane->second || !is_constant(s, i))
            continue;
        (void)fputs("  - {name: ", stream);
        print_text(stream, axis->name);
        (void)fputs(", value: ", stream);
        print_number(stream, s->row[0].coordinate[i]);
        if (strcmp(axis->unit, "1") != 0) {
            (void)fputs(", units: ", stream);
            print_text(stream, axis->unit);
        }
        (void)fputs("}\n", stream);
    }
}

/** A coordinate with its distances to the points of the grid between which it lies; none along the
 *  other axis, for errors that are all zero are not allowed. */
static void print_coordinate(const alp_hepdata *s, const alp_contour_region *region,
                             const alp_plane *plane, size_t axis, FILE *stream)
{
    print_header(stream, s->source->axis[axis].name, s->source->axis[axis].unit);
    print_qualifiers(s, region, plane, stream);
    (void)fputs("  values:\n", stream);
    for (size_t k = 0; k < s->n_rows; k++) {
        const alp_contour_row *row = &s->row[k];
        (void)fputs("  - {value: ", stream);
        print_number(stream, row->coordinate[axis]);
        if (row->along == axis) {
            (void)fputs(", errors: [{label: \"grid step\", asymerror: {minus: ", stream);
            print_number(stream, row->low - row->coordinate[axis]);
            (void)fputs(", plus: ", stream);
            print_number(stream, row->high - row->coordinate[axis]);
            (void)fputs("}}]", stream);
        }
        (void)fputs("}\n", stream);
    }
}

static void print_kinds(const alp_hepdata *s, FILE *stream)
{
    print_header(stream, "Boundary", NULL);
    (void)fputs("  values:\n", stream);
    for (size_t k = 0; k < s->n_rows; k++) {
        const alp_contour_row *row = &s->row[k];
        (void)fprintf(stream, "  - {value: \"%s limit, %s, %s\"}\n",
                      alp_contour_limit_name(row->limit), row->closed ? "closed" : "open",
                      row->interpolated ? "interpolated" : "middle");
    }
}

static void print_table(const alp_hepdata *s, const alp_contour_region *region,
                        const alp_plane *plane, FILE *stream)
{
    (void)fputs("independent_variables:\n", stream);
    print_counts(s, false, stream);
    print_counts(s, true, stream);
    for (size_t i = 0; i < s->source->n_axes; i++)
        if (i != plane->first && i != plane->second && !is_constant(s, i))
            print_fixed(s, i, stream);
    (void)fputs("dependent_variables:\n", stream);
    print_coordinate(s, region, plane, plane->first, stream);
    print_coordinate(s, region, plane, plane->second, stream);
    print_kinds(s, stream);
}

/** What submission.yaml says about a table. */
static void print_entry(alp_hepdata *s, const alp_contour_region *region, const char *name,
                        const char *file, const char *planes)
{
    FILE *stream = s->index_stream;
    const char *references = alp_contour_references(s->source, region);
    const char *observable = alp_contour_observable(s->source, region);
    char *text = NULL;
    size_t size = 0;
    FILE *description = open_memstream(&text, &size);
    if (description != NULL) {
        (void)fprintf(description, "Boundary of the region %s (%s) in %s: ", region->name,
                      alp_contour_long_name(region), planes);
        alp_contour_describe(s->source, region, description);
        (void)fprintf(
            description,
            ". The region is on the left of each polyline, the first axis to the right and "
            "the second upwards; a closed polyline ends with its first point, an open one at "
            "the edges of the grid. Errors reach to the next points of the grid.%s%s",
            *references == '\0' ? "" : " References: ", references);
        (void)fclose(description);
    }
    (void)fputs("---\nname: ", stream);
    print_text(stream, name);
    (void)fputs("\ndescription: ", stream);
    print_text(stream, text == NULL ? region->name : text);
    (void)fputs("\nkeywords:\n", stream);
    if (observable != NULL) {
        (void)fputs("- {name: observables, values: [", stream);
        print_text(stream, observable);
        (void)fputs("]}\n", stream);
    }
    (void)fprintf(
        stream,
        "- {name: phrases, values: [\"Axion-like particle\", \"Lepton flavour violation\", "
        "\"Contour\", \"%s\"]}\ndata_file: ",
        region->group);
    print_text(stream, file);
    (void)fputc('\n', stream);
    free(text);
}

static alp_status write_file(const alp_hepdata *s, const char *file, alp_text_output *output,
                             char **path, alp_error *error)
{
    const size_t size = strlen(s->folder) + strlen(file) + 2;
    *path = malloc(size);
    if (*path == NULL)
        return alp_error_memory(error);
    (void)snprintf(*path, size, "%s/%s", s->folder, file);
    return alp_text_output_open(*path, output, error);
}

static alp_status close_file(alp_text_output *output, alp_error *error)
{
    alp_status status = ALP_OK;
    if (fflush(output->stream) != 0 || ferror(output->stream) != 0)
        status =
            alp_error_set(error, ALP_IO, "%.500s: cannot write; is the disk full?", output->path);
    return alp_text_output_close(output, status, error);
}

static void check_size(FILE *stream, const char *path)
{
    const long size = ftell(stream);
    if (size > FILE_LIMIT)
        (void)fprintf(
            stderr,
            "alpscan: %s: has %ld bytes, HEPData takes tables of at most %d; choose fewer "
            "planes\n",
            path, size, (int)FILE_LIMIT);
}

alp_status alp_hepdata_end_table(alp_hepdata *s, const alp_contour_region *region,
                                 const alp_plane *plane, size_t planes, bool suffix,
                                 alp_error *error)
{
    if (s->n_rows == 0)
        return ALP_OK;
    const char *x = s->source->axis[plane->first].name, *y = s->source->axis[plane->second].name;
    char name[320], file[320], where[128];
    (void)snprintf(name, sizeof name, suffix ? "%s (%s, %s)" : "%s", region->name, x, y);
    s->n_tables++;
    if (strlen(name) > NAME_MAX_LENGTH)
        (void)snprintf(name, sizeof name, "Table %zu", s->n_tables);
    (void)snprintf(file, sizeof file, suffix ? "%s_%s_%s.yaml" : "%s.yaml", region->name, x, y);
    if (planes == 1)
        (void)snprintf(where, sizeof where, "the plane of %s and %s", x, y);
    else
        (void)snprintf(where, sizeof where, "%zu planes of %s and %s", planes, x, y);
    for (char *c = file; *c != '\0'; c++)
        if (*c == '/')
            *c = '_';
    alp_text_output output = {0};
    char *path = NULL;
    alp_status status = write_file(s, file, &output, &path, error);
    if (status == ALP_OK) {
        print_table(s, region, plane, output.stream);
        check_size(output.stream, path);
        status = close_file(&output, error);
        print_entry(s, region, name, file, where);
    }
    free(path);
    s->n_rows = 0;
    return status;
}

static void print_comment(const alp_hepdata *s, const char *command, const char *remark,
                          FILE *stream)
{
    alp_result *result = s->source->result;
    const char *title = alp_result_attribute(result, "title");
    const char *version = alp_result_attribute(result, "version");
    const char *physics = alp_result_attribute(result, "physics_version");
    char *text = NULL;
    size_t size = 0;
    FILE *comment = open_memstream(&text, &size);
    if (comment == NULL)
        return;
    (void)fprintf(comment,
                  "%s. Boundaries of regions of the scan %s of alpscan %s, physics version %s, "
                  "arXiv:2002.05948; written by alpscan %s (%s): %s. %s",
                  title == NULL ? "" : title, alp_result_path(result),
                  version == NULL ? "unknown" : version, physics == NULL ? "unknown" : physics,
                  alp_version, alp_git_revision, command, remark);
    (void)fclose(comment);
    alp_make_printable(text);
    (void)fputs("---\ncomment: ", stream);
    print_text(stream, text);
    (void)fputc('\n', stream);
    free(text);
}

alp_status alp_hepdata_close(alp_hepdata *s, const char *command, const char *remark, bool good,
                             alp_error *error)
{
    alp_status status = ALP_OK;
    if (s == NULL)
        return ALP_OK;
    if (fclose(s->index_stream) != 0)
        status = alp_error_memory(error);
    alp_text_output output = {0};
    char *path = NULL;
    if (good && status == ALP_OK)
        status = write_file(s, "submission.yaml", &output, &path, error);
    if (good && status == ALP_OK) {
        print_comment(s, command, remark, output.stream);
        (void)fputs(s->index, output.stream);
        status = close_file(&output, error);
    }
    free(path);
    free(s->index);
    free(s->row);
    free(s);
    return status;
}
