/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Parts of one grid into one file. Every rank opens all parts and finds the same mistakes in them.
 */
#include "alpscan/parallel.h"
#include "alpscan/store.h"

#include "provenance.h"

#include "../base/clock.h"

#include <mpi.h>
#include <stdlib.h>
#include <string.h>

static void compare_attribute(alp_parts *parts, size_t i, const char *name, alp_messages *mistakes)
{
    const char *a = alp_parts_attribute(parts, 0, name);
    const char *b = alp_parts_attribute(parts, i, name);
    if (a == NULL || b == NULL || strcmp(a, b) != 0)
        alp_messages_add(mistakes, "%s: its %s is %s, that of %s is %s", alp_parts_path(parts, i),
                         name, b == NULL ? "unknown" : b, alp_parts_path(parts, 0),
                         a == NULL ? "unknown" : a);
}

/* The effective configuration of the whole grid that a part is of; NULL if it has none. */
static const char *whole_configuration(alp_parts *parts, size_t i)
{
    const char *own = alp_parts_attribute(parts, i, "configuration");
    char *whole = own == NULL ? NULL : alp_config_replace(own, "scan", "part", "1/1");
    return whole == NULL ? own : alp_parts_keep(parts, whole);
}

static void compare_configurations(alp_parts *parts, size_t n, alp_messages *mistakes)
{
    const char *first = whole_configuration(parts, 0);
    for (size_t i = 1; i < n; i++) {
        const char *other = whole_configuration(parts, i);
        compare_attribute(parts, i, "physics_version", mistakes);
        if (first == NULL || other == NULL)
            alp_messages_add(mistakes, "%s: it does not hold its configuration",
                             alp_parts_path(parts, first == NULL ? 0 : i));
        else
            alp_config_compare(first, alp_parts_path(parts, 0), other, alp_parts_path(parts, i),
                               mistakes);
    }
}

static alp_status check_parts(const alp_merge_options *options, alp_parts **parts,
                              alp_messages *mistakes)
{
    alp_status status = alp_parts_open(options->part, options->n_parts, parts, mistakes);
    if (status == ALP_OK)
        compare_configurations(*parts, options->n_parts, mistakes);
    if (status == ALP_OK && mistakes->n > 0)
        status = ALP_IO;
    if (status == ALP_OK)
        status = alp_parts_check(*parts, mistakes);
    return alp_parallel_agree(status);
}

static alp_status write_whole(const alp_merge_options *options, alp_parts *parts, double start,
                              alp_error *error)
{
    char date[32];
    alp_provenance_date(date, sizeof date);
    const alp_attribute own[] = {
        {"configuration", whole_configuration(parts, 0), 0.0},
        {"command", options->command, 0.0},
        {"date_started", date, 0.0},
        {"date", date, 0.0},
        {"ranks", NULL, (double)alp_parallel_size()},
        {"runs", NULL, 1.0},
    };
    return alp_parts_merge(MPI_COMM_WORLD, parts, options->output, options->overwrite, own,
                           sizeof own / sizeof *own, start, error);
}

alp_status alp_parallel_merge(const alp_merge_options *options, alp_messages *mistakes,
                              alp_error *error)
{
    const double start = alp_clock();
    alp_parts *parts = NULL;
    alp_status status = check_parts(options, &parts, mistakes);
    if (status == ALP_OK)
        status = write_whole(options, parts, start, error);
    alp_parts_close(parts);
    return status;
}
