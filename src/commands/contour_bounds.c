/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The quantities and limits behind the flags of a result: the physics of its own configuration and
 * tables, which are in the file. Where they cannot be had the flags themselves are left.
 */
#include "contours.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TABLES_MAX = 16 };

/** Tables of keys among the texts: "section.key:NAME". keys: room for them. */
static size_t find_tables(const alp_result *result, alp_config_table_text *table,
                          char (*keys)[ALP_TEXT_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < alp_result_texts(result) && n < TABLES_MAX; i++) {
        const alp_result_text *text = alp_result_text_at(result, i);
        const char *colon = strchr(text->source, ':');
        const char *point = strchr(text->source, '.');
        if (colon == NULL || point == NULL || point > colon)
            continue;
        (void)snprintf(keys[n], sizeof keys[n], "%.*s", (int)(colon - text->source), text->source);
        table[n] = (alp_config_table_text){keys[n], text->text};
        n++;
    }
    return n;
}

static void restore(alp_contour_source *source)
{
    alp_config_table_text table[TABLES_MAX];
    char keys[TABLES_MAX][ALP_TEXT_MAX];
    alp_error error = {0};
    const char *path = alp_result_path(source->result);
    const char *version = alp_result_attribute(source->result, "physics_version");
    const char *effective = alp_result_attribute(source->result, "configuration");
    if (version == NULL || strcmp(version, ALP_PHYSICS_VERSION) != 0 || effective == NULL) {
        (void)snprintf(source->why, sizeof source->why,
                       "the file is of physics version %.32s, this program of %s",
                       version == NULL ? "unknown" : version, ALP_PHYSICS_VERSION);
        alp_make_printable(source->why);
        return;
    }
    const size_t n = find_tables(source->result, table, keys);
    if (alp_config_restore(path, effective, table, n, &source->config, &error) != ALP_OK ||
        alp_physics_create(source->config, &source->physics, &error) != ALP_OK)
        (void)snprintf(source->why, sizeof source->why, "%s", error.message);
}

/** Whether the differences of an axis are the same, to rounding: lin. */
static bool evenly_spaced(const alp_dimension *axis)
{
    const double step = (axis->value[axis->n - 1] - axis->value[0]) / (double)(axis->n - 1);
    for (size_t k = 1; k < axis->n; k++)
        if (fabs(axis->value[k] - axis->value[k - 1] - step) > 1e-6 * step)
            return false;
    return true;
}

/** Linear for `lin` and where a value is not positive, else logarithmic. */
static bool is_logarithmic(const alp_contour_source *source, size_t i)
{
    const alp_dimension *axis = &source->axis[i];
    if (axis->value[0] <= 0.0 || strcmp(axis->name, "phase") == 0)
        return false;
    if (source->config == NULL)
        return axis->n > 1 && !evenly_spaced(axis);
    const alp_axis *made = strcmp(axis->name, "m_a") == 0   ? &source->config->scan.m_a
                           : strcmp(axis->name, "y_V") == 0 ? &source->config->scan.y_v
                                                            : &source->config->scan.y_a;
    return made->text == NULL || strncmp(made->text, "lin ", 4) != 0;
}

size_t alp_contour_axis(const alp_contour_source *source, const char *name)
{
    size_t i = 0;
    while (i < source->n_axes && strcmp(source->axis[i].name, name) != 0)
        i++;
    return i;
}

alp_status alp_contour_source_open(const char *path, bool partial, alp_contour_source *source,
                                   alp_error *error)
{
    *source = (alp_contour_source){0};
    alp_status status = alp_result_open(path, partial, &source->result, error);
    if (status != ALP_OK)
        return status;
    restore(source);
    source->n_axes = alp_result_axes(source->result);
    for (size_t i = 0; i < source->n_axes; i++)
        source->axis[i] = alp_result_axis(source->result, i);
    for (size_t i = 0; i < source->n_axes; i++)
        source->logarithmic[i] = is_logarithmic(source, i);
    static const char *const needed[] = {"m_a", "y_V", "y_A"};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (alp_contour_axis(source, needed[i]) == source->n_axes)
            return alp_error_set(error, ALP_IO, "%s: has no axis %s", path, needed[i]);
    return ALP_OK;
}

void alp_contour_source_close(alp_contour_source *source)
{
    alp_physics_free(source->physics);
    alp_config_free(source->config);
    alp_result_close(source->result);
    *source = (alp_contour_source){0};
}

int alp_contour_known_flag(const alp_contour_source *source, const alp_result_flag *flag)
{
    for (size_t i = 0; source->physics != NULL && i < alp_flag_count(source->physics); i++) {
        const alp_flag_info *known = alp_flag_at(source->physics, i);
        if (strcmp(known->name, flag->name) == 0 &&
            strcmp(alp_flag_group_name(known->group), flag->group) == 0)
            return (int)i;
    }
    return -1;
}

static const char *quantity_name(const alp_flag_test *test)
{
    switch (test->quantity) {
    case ALP_FLAG_OBSERVABLE:
        return alp_observable_at(test->observable)->name;
    case ALP_FLAG_S:
        return "abs(y_V)^2 + abs(y_A)^2";
    case ALP_FLAG_LARGEST:
        break;
    }
    return "the larger of abs(y_V)^2 and abs(y_A)^2";
}

static bool same_test(const alp_flag_test *a, const alp_flag_test *b)
{
    return a->kind == b->kind && a->centre == b->centre && a->radius == b->radius;
}

static bool decides(const alp_flag_test *test)
{
    return test->kind == ALP_FLAG_INSIDE || test->kind == ALP_FLAG_OUTSIDE;
}

/** The first test that decides from point to point, over the masses of the file; false: none does.
 *  *varies: they are not all the same. */
static bool first_test(const alp_contour_source *source, size_t index, alp_flag_test *first,
                       bool *varies)
{
    const alp_dimension *m_a = &source->axis[alp_contour_axis(source, "m_a")];
    bool found = false;
    *varies = false;
    for (size_t i = 0; i < m_a->n; i++) {
        alp_flag_test test;
        alp_flag_test_at(source->physics, index, m_a->value[i], &test);
        if (!decides(&test))
            continue;
        *varies = *varies || (found && !same_test(first, &test));
        if (!found)
            *first = test;
        found = true;
    }
    return found;
}

static void describe_test(const alp_contour_source *source, const alp_flag_test *test, bool varies,
                          FILE *stream)
{
    char centre[32], radius[32];
    alp_format_shortest(test->centre, centre);
    alp_format_shortest(test->radius, radius);
    const char *name = quantity_name(test);
    (void)fprintf(stream, "set where %s is %s %s +- ", name,
                  test->kind == ALP_FLAG_INSIDE ? "within" : "outside of", centre);
    (void)fputs(varies ? "a limit that depends on m_a" : radius, stream);
    if (test->quantity == ALP_FLAG_OBSERVABLE && alp_result_precision(source->result, name) == 0.0)
        (void)fprintf(stream, "; %s is not in the file: boundary in the middle between points",
                      name);
    else
        (void)fputs("; boundary interpolated", stream);
}

void alp_contour_describe(const alp_contour_source *source, const alp_contour_region *region,
                          FILE *stream)
{
    alp_flag_test test;
    bool varies;
    if (region->flag == NULL) {
        (void)fputs("any of its flags; boundary that of the one that reaches farthest", stream);
        return;
    }
    const int index = alp_contour_known_flag(source, region->flag);
    if (index >= 0 && first_test(source, (size_t)index, &test, &varies))
        describe_test(source, &test, varies, stream);
    else if (source->physics == NULL)
        (void)fputs("boundary in the middle between points: its limit is not known", stream);
    else
        (void)fputs(
            "of a mass as a whole, or without a limit that the configuration gives; boundary "
            "in the middle between points",
            stream);
}

const char *alp_contour_long_name(const alp_contour_region *region)
{
    return region->flag == NULL ? "any flag of the group" : region->flag->long_name;
}

const char *alp_contour_references(const alp_contour_source *source,
                                   const alp_contour_region *region)
{
    if (region->flag == NULL)
        return "";
    const int index = alp_contour_known_flag(source, region->flag);
    return index < 0 ? region->flag->references
                     : alp_flag_at(source->physics, (size_t)index)->references;
}

const char *alp_contour_observable(const alp_contour_source *source,
                                   const alp_contour_region *region)
{
    alp_flag_test test;
    bool varies;
    const int index = region->flag == NULL ? -1 : alp_contour_known_flag(source, region->flag);
    if (index < 0 || !first_test(source, (size_t)index, &test, &varies) ||
        test.quantity != ALP_FLAG_OBSERVABLE)
        return NULL;
    return quantity_name(&test);
}
