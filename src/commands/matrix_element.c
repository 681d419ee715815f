/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `alpscan matrix-element`: |M|^2 at given momenta, beside a reference column if there is one. */
#include "alpscan/csv.h"
#include "alpscan/matrix_element.h"
#include "commands.h"
#include "options.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const alp_option options[] = {
    {"--process", NULL, ALP_OPTION_ONE, "onshell|full", "the process (onshell)", NULL, NULL},
    {"--points", NULL, ALP_OPTION_ONE, "FILE.csv", "momenta and parameters, one point a line", NULL,
     NULL}};

static const alp_usage usage = {
    "alpscan matrix-element --process onshell --points FILE.csv",
    "Spin-summed and -averaged |M|^2 of e- e+ -> mu+ e- a and mu- e+ a at given momenta.\n"
    "FILE has the columns final (mu+e-a or mu-e+a), m_a, y_V, y_A, m_e, m_mu, alpha and\n"
    "E_X, px_X, py_X, pz_X for X = em_in, ep_in, mu, e, a, in GeV; a column me2 is a reference.\n"
    "CSV to standard output; the largest and the median deviation to standard error.",
    options,
    sizeof options / sizeof *options,
    0,
    0,
    "nothing"};

enum { N_PARAMETERS = 6, N_MOMENTA = 5, N_COMPONENTS = 4, NAME_SIZE = 16 };
enum { AT_M_A, AT_Y_V, AT_Y_A, AT_M_E, AT_M_MU, AT_ALPHA };
static const char *const parameter_name[N_PARAMETERS] = {"m_a", "y_V",  "y_A",
                                                         "m_e", "m_mu", "alpha"};
static const char *const momentum_name[N_MOMENTA] = {"em_in", "ep_in", "mu", "e", "a"};
static const char *const component_name[N_COMPONENTS] = {"E", "px", "py", "pz"};
static const char *const final_name[2] = {"mu+e-a", "mu-e+a"};

typedef struct columns {
    size_t final, parameter[N_PARAMETERS], momentum[N_MOMENTA][N_COMPONENTS];
    bool has_reference;
    size_t reference;
} columns;

static alp_status find_column(const alp_csv *csv, const char *name, size_t *column,
                              alp_error *error)
{
    int found = alp_csv_column(csv, name);
    if (found < 0)
        return alp_error_set(error, ALP_USAGE,
                             "%s: no column '%s'; `alpscan matrix-element --help`"
                             " lists what is needed",
                             csv->path, name);
    *column = (size_t)found;
    return ALP_OK;
}

static alp_status find_columns(const alp_csv *csv, columns *at, alp_error *error)
{
    alp_status status = find_column(csv, "final", &at->final, error);
    for (size_t i = 0; i < N_PARAMETERS && status == ALP_OK; i++)
        status = find_column(csv, parameter_name[i], &at->parameter[i], error);
    for (size_t i = 0; i < N_MOMENTA; i++)
        for (size_t j = 0; j < N_COMPONENTS && status == ALP_OK; j++) {
            char name[NAME_SIZE];
            (void)snprintf(name, sizeof name, "%s_%s", component_name[j], momentum_name[i]);
            status = find_column(csv, name, &at->momentum[i][j], error);
        }
    at->has_reference = alp_csv_column(csv, "me2") >= 0;
    if (status == ALP_OK && at->has_reference)
        status = find_column(csv, "me2", &at->reference, error);
    return status;
}

static alp_status charge_of(const alp_csv *csv, size_t row, size_t column, alp_charge *charge,
                            alp_error *error)
{
    const char *cell = csv->cell[row * csv->n_columns + column];
    for (int i = 0; i < 2; i++)
        if (strcmp(cell, final_name[i]) == 0) {
            *charge = (alp_charge)i;
            return ALP_OK;
        }
    return alp_error_set(error, ALP_USAGE, "%s:%zu: final is '%.32s'; allowed are mu+e-a, mu-e+a",
                         csv->path, csv->line[row], cell);
}

static alp_status evaluate(const alp_csv *csv, const columns *at, size_t row, alp_charge *charge,
                           double *m_a, double *me2, alp_error *error)
{
    double value[N_PARAMETERS] = {0.0}, momentum[N_MOMENTA][N_COMPONENTS] = {{0.0}};
    alp_status status = charge_of(csv, row, at->final, charge, error);
    for (size_t i = 0; i < N_PARAMETERS && status == ALP_OK; i++)
        status = alp_csv_number(csv, row, at->parameter[i], &value[i], error);
    for (size_t i = 0; i < N_MOMENTA; i++)
        for (size_t j = 0; j < N_COMPONENTS && status == ALP_OK; j++)
            status = alp_csv_number(csv, row, at->momentum[i][j], &momentum[i][j], error);
    if (status != ALP_OK)
        return status;
    alp_me_parameters parameters = {value[AT_M_E],   value[AT_M_MU],       value[AT_M_A],
                                    value[AT_ALPHA], {value[AT_Y_V], 0.0}, {value[AT_Y_A], 0.0}};
    alp_me_momenta momenta;
    memcpy(momenta.electron_in, momentum[0], sizeof momenta.electron_in);
    memcpy(momenta.positron_in, momentum[1], sizeof momenta.positron_in);
    memcpy(momenta.muon, momentum[2], sizeof momenta.muon);
    memcpy(momenta.electron, momentum[3], sizeof momenta.electron);
    memcpy(momenta.alp, momentum[4], sizeof momenta.alp);
    *m_a = value[AT_M_A];
    *me2 = alp_me2_onshell(*charge, &parameters, &momenta);
    if (!isfinite(*me2))
        return alp_error_set(error, ALP_USAGE,
                             "%s:%zu: |M|^2 is not finite: the momenta are not those of this "
                             "process",
                             csv->path, csv->line[row]);
    return ALP_OK;
}

static int increasing(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* With an even number of points the mean of the middle two. */
static void print_deviations(double *deviation, size_t n)
{
    if (n == 0)
        return;
    qsort(deviation, n, sizeof *deviation, increasing);
    double median = 0.5 * (deviation[(n - 1) / 2] + deviation[n / 2]);
    (void)fprintf(stderr, "alpscan: %zu points: largest deviation %.3g, median %.3g\n", n,
                  deviation[n - 1], median);
}

static alp_status print_points(const alp_csv *csv, alp_error *error)
{
    columns at = {0};
    alp_status status = find_columns(csv, &at, error);
    if (status != ALP_OK)
        return status;
    double *deviation = malloc((csv->n_rows + 1) * sizeof *deviation);
    if (deviation == NULL)
        return alp_error_memory(error);
    (void)printf(at.has_reference ? "final,m_a,me2,deviation\n" : "final,m_a,me2\n");
    for (size_t row = 0; row < csv->n_rows && status == ALP_OK; row++) {
        alp_charge charge = ALP_MU_PLUS_E_MINUS;
        double m_a = 0.0, me2 = 0.0, reference = 0.0;
        status = evaluate(csv, &at, row, &charge, &m_a, &me2, error);
        if (status == ALP_OK && at.has_reference)
            status = alp_csv_number(csv, row, at.reference, &reference, error);
        if (status != ALP_OK)
            break;
        (void)printf("%s,%.17g,%.17g", final_name[charge], m_a, me2);
        if (at.has_reference) {
            double scale = fabs(reference) > 0.0 ? fabs(reference) : 1.0;
            deviation[row] = fabs(me2 - reference) / scale;
            (void)printf(",%.3g", deviation[row]);
        }
        (void)putchar('\n');
    }
    if (status == ALP_OK && (fflush(stdout) != 0 || ferror(stdout) != 0))
        status = alp_error_set(error, ALP_IO, "standard output: cannot be written");
    if (status == ALP_OK && at.has_reference)
        print_deviations(deviation, csv->n_rows);
    free(deviation);
    return status;
}

static alp_status run(const alp_command_line *line, alp_error *error)
{
    const char *process = alp_command_line_value(line, "--process");
    const char *points = alp_command_line_value(line, "--points");
    if (process != NULL && strcmp(process, "full") == 0)
        return alp_error_set(error, ALP_USAGE,
                             "--process full is announced but not built yet; allowed is onshell");
    if (process != NULL && strcmp(process, "onshell") != 0)
        return alp_error_set(error, ALP_USAGE, "--process '%.64s'; allowed are onshell, full",
                             process);
    if (points == NULL)
        return alp_error_set(error, ALP_USAGE, "--points is missing; usage: %s", usage.synopsis);
    alp_csv csv;
    alp_status status = alp_csv_read(points, &csv, error);
    if (status != ALP_OK)
        return status;
    status = print_points(&csv, error);
    alp_csv_free(&csv);
    return status;
}

alp_status alp_command_matrix_element(int argc, char **argv)
{
    alp_error error = {ALP_OK, ""};
    alp_command_line line;
    alp_status status = alp_command_line_parse(&usage, argc, argv, &line, &error);
    if (status == ALP_OK && line.help)
        alp_usage_print(&usage, stdout);
    else if (status == ALP_OK)
        status = run(&line, &error);
    alp_command_line_free(&line);
    return status == ALP_OK ? ALP_OK : alp_command_fail(&error);
}
