/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provenance.h"

#include "alpscan/isa.h"
#include "alpscan/physics.h"
#include "alpscan/version.h"

#include <gsl/gsl_version.h>
#include <inttypes.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ATTRIBUTES_MAX = 24, TABLES = 3 };

void alp_provenance_date(char *text, size_t size)
{
    time_t now = time(NULL);
    struct tm utc;
    if (gmtime_r(&now, &utc) == NULL || strftime(text, size, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
        (void)snprintf(text, size, "unknown");
}

static char *libraries(void)
{
    char mpi[MPI_MAX_LIBRARY_VERSION_STRING], *text = malloc(sizeof mpi + 64);
    int length = 0;
    MPI_Get_library_version(mpi, &length);
    mpi[strcspn(mpi, ",\n")] = '\0';
    if (text != NULL)
        (void)snprintf(text, sizeof mpi + 64, "%s; GSL %s", mpi, GSL_VERSION);
    return text;
}

static char *seed_text(const alp_config *config)
{
    char *text = malloc(24);
    if (text != NULL)
        (void)snprintf(text, 24, "%" PRIu64, config->montecarlo.seed);
    return text;
}

static char *date_text(void)
{
    char *text = malloc(32);
    if (text != NULL)
        alp_provenance_date(text, 32);
    return text;
}

static void add(alp_provenance *provenance, const char *name, const char *text, double number)
{
    provenance->attribute[provenance->n_attributes++] = (alp_attribute){name, text, number};
}

/* A name that may stand in a path of the file: the last part of a path, numbered. */
static void add_text(alp_provenance *provenance, const char *name, const char *text)
{
    const char *last = strrchr(name, '/');
    char *own = provenance->names[provenance->n_texts];
    (void)snprintf(own, sizeof provenance->names[0], "%zu_%.56s", provenance->n_texts + 1,
                   last == NULL ? name : last + 1);
    provenance->text[provenance->n_texts++] = (alp_text){own, text};
}

/* The name of a table begins with its key: by it a run that continues the file knows the table. */
static void add_table(alp_provenance *provenance, const char *key, const alp_table *table)
{
    const char *last = strrchr(table->name, '/');
    char *own = provenance->names[provenance->n_texts];
    if (table->csv.text == NULL)
        return;
    (void)snprintf(own, sizeof provenance->names[0], "%s:%.36s", key,
                   last == NULL ? table->name : last + 1);
    provenance->text[provenance->n_texts++] = (alp_text){own, table->csv.text};
}

static void add_texts(const alp_config *config, alp_provenance *provenance)
{
    for (size_t i = 0; i < config->n_layers; i++)
        add_text(provenance, config->layers[i].name, config->layers[i].text);
    add_table(provenance, "inputs.mu_to_e_a", &config->inputs.mu_to_e_a);
    add_table(provenance, "belle2.efficiency", &config->belle2.efficiency);
    add_table(provenance, "belle2.os_background", &config->belle2.os_background);
}

alp_status alp_provenance_create(const alp_config *config, const char *command,
                                 const char *resume_command, alp_provenance *provenance,
                                 alp_error *error)
{
    *provenance = (alp_provenance){0};
    alp_isa isa;
    alp_status status = alp_isa_choose(&isa, error);
    if (status != ALP_OK)
        return status;
    provenance->attribute = calloc(ATTRIBUTES_MAX, sizeof *provenance->attribute);
    provenance->text = calloc(config->n_layers + TABLES, sizeof *provenance->text);
    provenance->names = calloc(config->n_layers + TABLES, sizeof *provenance->names);
    char *effective = provenance->owned[0] = alp_config_effective(config);
    char *library = provenance->owned[1] = libraries();
    char *seed = provenance->owned[2] = seed_text(config);
    char *date = provenance->owned[3] = date_text();
    if (provenance->attribute == NULL || provenance->text == NULL || provenance->names == NULL ||
        effective == NULL || library == NULL || seed == NULL || date == NULL) {
        alp_provenance_free(provenance);
        return alp_error_memory(error);
    }
    add(provenance, "title", config->scan.title, 0.0);
    add(provenance, "Conventions", "CF-1.8", 0.0);
    add(provenance, "version", alp_version, 0.0);
    add(provenance, "physics_version", ALP_PHYSICS_VERSION, 0.0);
    add(provenance, "git_revision", alp_git_revision, 0.0);
    add(provenance, "compiler", alp_compiler, 0.0);
    add(provenance, "compile_flags", alp_compile_flags, 0.0);
    add(provenance, "instruction_set", alp_isa_name(isa), 0.0);
    add(provenance, "libraries", library, 0.0);
    add(provenance, "configuration", effective, 0.0);
    add(provenance, "command", command, 0.0);
    if (resume_command != NULL)
        add(provenance, "resume_command", resume_command, 0.0);
    add(provenance, "seed", seed, 0.0);
    add(provenance, "date_started", date, 0.0);
    add(provenance, "references",
        "M. Endo, S. Iguro, T. Kitahara, JHEP 06 (2020) 040, arXiv:2002.05948; formulas and "
        "departures: docs/physics.md, docs/montecarlo.md of alpscan",
        0.0);
    add_texts(config, provenance);
    return ALP_OK;
}

void alp_provenance_free(alp_provenance *provenance)
{
    free(provenance->attribute);
    free(provenance->text);
    free(provenance->names);
    for (size_t i = 0; i < sizeof provenance->owned / sizeof *provenance->owned; i++)
        free(provenance->owned[i]);
    *provenance = (alp_provenance){0};
}
