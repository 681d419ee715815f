/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `alpscan matrix-element`: |M|^2 at given momenta, beside a reference column if there is one. */
#include "alpscan/csv.h"
#include "alpscan/matrix_element.h"
#include "commands.h"
#include "launch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const alp_option options[] = {
    {"--process", NULL, ALP_OPTION_ONE, "NAME", "the process (onshell)", NULL, NULL},
    {"--points", NULL, ALP_OPTION_ONE, "FILE.csv", "momenta and parameters, one point a line", NULL,
     NULL}};

static const alp_usage usage = {
    "alpscan matrix-element --process NAME --points FILE.csv",
    "Spin-summed and -averaged |M|^2 at given momenta, and its conjugate:\n"
    "  onshell  e- e+ -> mu+ e- a: final is mu+e-a or mu-e+a, X = em_in, ep_in, mu, e, a\n"
    "  full     e- e+ -> mu+ mu+ e- e-: final is mu+mu+e-e- or mu-mu-e+e+,\n"
    "           X = em_in, ep_in, mu1, mu2, e1, e2, and a column width; |M|^2 holds the factor\n"
    "           1/4 for two pairs of identical leptons\n"
    "  full-opposite, full-opposite-scalar\n"
    "           e- e+ -> mu+ mu- e+ e- by the ALP or the complex scalar: final is mu+mu-e+e-,\n"
    "           X = em_in, ep_in, mup, mum, ep, em, and a column width\n"
    "FILE has the columns final, m_a, y_V, y_A, m_e, m_mu, alpha and E_X, px_X, py_X, pz_X, in\n"
    "GeV. A column me2 is a reference, for the others also me2_pairs_excluded, which leaves ALP "
    "pairs\n"
    "out. CSV to standard output; the largest and the median deviation to standard error.",
    options,
    sizeof options / sizeof *options,
    0,
    0,
    "nothing"};

enum { MAX_PARAMETERS = 7, MAX_MOMENTA = 6, MAX_VALUES = 2, N_COMPONENTS = 4, NAME_SIZE = 16 };
enum { AT_M_A, AT_Y_V, AT_Y_A, AT_M_E, AT_M_MU, AT_ALPHA, AT_WIDTH };
static const char *const parameter_name[MAX_PARAMETERS] = {"m_a",  "y_V",   "y_A",  "m_e",
                                                           "m_mu", "alpha", "width"};
static const char *const component_name[N_COMPONENTS] = {"E", "px", "py", "pz"};

/* One line of the table. */
typedef struct point {
    alp_charge charge;
    double parameter[MAX_PARAMETERS], momentum[MAX_MOMENTA][N_COMPONENTS];
    double me2[MAX_VALUES];
} point;

typedef struct process {
    const char *name;
    size_t n_parameters, n_momenta;
    bool has_pairs; /* a second value without ALP pairs */
    const char *momentum_name[MAX_MOMENTA];
    const char *final_name[2]; /* by charge; the second is NULL where there is one alone */
    void (*evaluate)(const alp_me_parameters *parameters, point *at);
} process;

static size_t n_values(const process *of)
{
    return of->has_pairs ? MAX_VALUES : 1;
}

static const char *const value_name[MAX_VALUES] = {"me2", "me2_pairs_excluded"};
static const char *const deviation_name[MAX_VALUES] = {"deviation", "deviation_pairs_excluded"};
static const char *const deviation_label[MAX_VALUES] = {"", ", pairs excluded"};

static void evaluate_onshell(const alp_me_parameters *parameters, point *at)
{
    alp_me_momenta momenta;
    memcpy(momenta.electron_in, at->momentum[0], sizeof momenta.electron_in);
    memcpy(momenta.positron_in, at->momentum[1], sizeof momenta.positron_in);
    memcpy(momenta.muon, at->momentum[2], sizeof momenta.muon);
    memcpy(momenta.electron, at->momentum[3], sizeof momenta.electron);
    memcpy(momenta.alp, at->momentum[4], sizeof momenta.alp);
    at->me2[0] = alp_me2_onshell(at->charge, parameters, &momenta);
}

static void evaluate_full(const alp_me_parameters *parameters, point *at)
{
    alp_me_full_momenta momenta;
    memcpy(momenta.electron_in, at->momentum[0], sizeof momenta.electron_in);
    memcpy(momenta.positron_in, at->momentum[1], sizeof momenta.positron_in);
    memcpy(momenta.muon, at->momentum[2], sizeof momenta.muon);
    memcpy(momenta.electron, at->momentum[4], sizeof momenta.electron);
    alp_me_full_value value =
        alp_me2_full(at->charge, parameters, at->parameter[AT_WIDTH], &momenta);
    at->me2[0] = value.all;
    at->me2[1] = value.pairs_excluded;
}

static void evaluate_opposite(alp_field field, const alp_me_parameters *parameters, point *at)
{
    alp_me_opposite_momenta momenta;
    double *const momentum[] = {momenta.electron_in, momenta.positron_in, momenta.mu_plus,
                                momenta.mu_minus,    momenta.e_plus,      momenta.e_minus};
    for (size_t i = 0; i < sizeof momentum / sizeof *momentum; i++)
        memcpy(momentum[i], at->momentum[i], sizeof at->momentum[i]);
    alp_me_full_value value =
        alp_me2_opposite(field, parameters, at->parameter[AT_WIDTH], &momenta);
    at->me2[0] = value.all;
    at->me2[1] = value.pairs_excluded;
}

static void evaluate_opposite_alp(const alp_me_parameters *parameters, point *at)
{
    evaluate_opposite(ALP_REAL_FIELD, parameters, at);
}

static void evaluate_opposite_scalar(const alp_me_parameters *parameters, point *at)
{
    evaluate_opposite(ALP_COMPLEX_FIELD, parameters, at);
}

static const process processes[] = {
    {"onshell",
     6,
     5,
     false,
     {"em_in", "ep_in", "mu", "e", "a"},
     {"mu+e-a", "mu-e+a"},
     evaluate_onshell},
    {"full",
     7,
     6,
     true,
     {"em_in", "ep_in", "mu1", "mu2", "e1", "e2"},
     {"mu+mu+e-e-", "mu-mu-e+e+"},
     evaluate_full},
    {"full-opposite",
     7,
     6,
     true,
     {"em_in", "ep_in", "mup", "mum", "ep", "em"},
     {"mu+mu-e+e-", NULL},
     evaluate_opposite_alp},
    {"full-opposite-scalar",
     7,
     6,
     true,
     {"em_in", "ep_in", "mup", "mum", "ep", "em"},
     {"mu+mu-e+e-", NULL},
     evaluate_opposite_scalar},
};

/* Columns of a file; a reference of -1 is none. */
typedef struct columns {
    size_t final, parameter[MAX_PARAMETERS], momentum[MAX_MOMENTA][N_COMPONENTS];
    int reference[MAX_VALUES];
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

static alp_status find_columns(const process *of, const alp_csv *csv, columns *at, alp_error *error)
{
    alp_status status = find_column(csv, "final", &at->final, error);
    for (size_t i = 0; i < of->n_parameters && status == ALP_OK; i++)
        status = find_column(csv, parameter_name[i], &at->parameter[i], error);
    for (size_t i = 0; i < of->n_momenta; i++)
        for (size_t j = 0; j < N_COMPONENTS && status == ALP_OK; j++) {
            char name[NAME_SIZE];
            (void)snprintf(name, sizeof name, "%s_%s", component_name[j], of->momentum_name[i]);
            status = find_column(csv, name, &at->momentum[i][j], error);
        }
    for (size_t i = 0; i < n_values(of); i++)
        at->reference[i] = alp_csv_column(csv, value_name[i]);
    return status;
}

static alp_status charge_of(const process *of, const alp_csv *csv, size_t row, size_t column,
                            alp_charge *charge, alp_error *error)
{
    const char *cell = csv->cell[row * csv->n_columns + column];
    for (int i = 0; i < 2; i++)
        if (of->final_name[i] != NULL && strcmp(cell, of->final_name[i]) == 0) {
            *charge = (alp_charge)i;
            return ALP_OK;
        }
    const bool both = of->final_name[1] != NULL;
    return alp_error_set(error, ALP_USAGE, "%s:%zu: final is '%.32s'; allowed %s %s%s%s", csv->path,
                         csv->line[row], cell, both ? "are" : "is", of->final_name[0],
                         both ? ", " : "", both ? of->final_name[1] : "");
}

static alp_status evaluate(const process *of, const alp_csv *csv, const columns *column, size_t row,
                           point *at, alp_error *error)
{
    alp_status status = charge_of(of, csv, row, column->final, &at->charge, error);
    for (size_t i = 0; i < of->n_parameters && status == ALP_OK; i++)
        status = alp_csv_number(csv, row, column->parameter[i], &at->parameter[i], error);
    for (size_t i = 0; i < of->n_momenta; i++)
        for (size_t j = 0; j < N_COMPONENTS && status == ALP_OK; j++)
            status = alp_csv_number(csv, row, column->momentum[i][j], &at->momentum[i][j], error);
    if (status != ALP_OK)
        return status;
    const double *value = at->parameter;
    const alp_me_parameters parameters = {value[AT_M_E],        value[AT_M_MU],
                                          value[AT_M_A],        value[AT_ALPHA],
                                          {value[AT_Y_V], 0.0}, {value[AT_Y_A], 0.0}};
    of->evaluate(&parameters, at);
    for (size_t i = 0; i < n_values(of); i++)
        if (!isfinite(at->me2[i]))
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
static void print_deviations(const char *label, double *deviation, size_t n)
{
    if (n == 0)
        return;
    qsort(deviation, n, sizeof *deviation, increasing);
    double median = 0.5 * (deviation[(n - 1) / 2] + deviation[n / 2]);
    (void)fprintf(stderr, "alpscan: %zu points%s: largest deviation %.3g, median %.3g\n", n, label,
                  deviation[n - 1], median);
}

static void print_header(const process *of, const columns *column)
{
    (void)printf("final,m_a");
    for (size_t i = 0; i < n_values(of); i++) {
        (void)printf(",%s", value_name[i]);
        if (column->reference[i] >= 0)
            (void)printf(",%s", deviation_name[i]);
    }
    (void)putchar('\n');
}

/* One line of the output; deviations go to deviation[i][row]. */
static alp_status print_point(const process *of, const alp_csv *csv, const columns *column,
                              size_t row, double *const deviation[MAX_VALUES], alp_error *error)
{
    point at = {0};
    double reference[MAX_VALUES] = {0.0};
    alp_status status = evaluate(of, csv, column, row, &at, error);
    for (size_t i = 0; i < n_values(of) && status == ALP_OK; i++)
        if (column->reference[i] >= 0)
            status = alp_csv_number(csv, row, (size_t)column->reference[i], &reference[i], error);
    if (status != ALP_OK)
        return status;
    (void)printf("%s,%.17g", of->final_name[at.charge], at.parameter[AT_M_A]);
    for (size_t i = 0; i < n_values(of); i++) {
        (void)printf(",%.17g", at.me2[i]);
        if (column->reference[i] >= 0) {
            double scale = fabs(reference[i]) > 0.0 ? fabs(reference[i]) : 1.0;
            deviation[i][row] = fabs(at.me2[i] - reference[i]) / scale;
            (void)printf(",%.3g", deviation[i][row]);
        }
    }
    (void)putchar('\n');
    return ALP_OK;
}

static alp_status print_points(const process *of, const alp_csv *csv, alp_error *error)
{
    columns column = {0};
    alp_status status = find_columns(of, csv, &column, error);
    if (status != ALP_OK)
        return status;
    double *memory = malloc((csv->n_rows + 1) * MAX_VALUES * sizeof *memory);
    if (memory == NULL)
        return alp_error_memory(error);
    double *const deviation[MAX_VALUES] = {memory, memory + csv->n_rows};
    print_header(of, &column);
    for (size_t row = 0; row < csv->n_rows && status == ALP_OK; row++)
        status = print_point(of, csv, &column, row, deviation, error);
    if (status == ALP_OK && (fflush(stdout) != 0 || ferror(stdout) != 0))
        status = alp_error_set(error, ALP_IO, "standard output: cannot be written");
    for (size_t i = 0; i < n_values(of) && status == ALP_OK; i++)
        if (column.reference[i] >= 0)
            print_deviations(deviation_label[i], deviation[i], csv->n_rows);
    free(memory);
    return status;
}

static const process *find_process(const char *name)
{
    if (name == NULL)
        return &processes[0];
    for (size_t i = 0; i < sizeof processes / sizeof *processes; i++)
        if (strcmp(name, processes[i].name) == 0)
            return &processes[i];
    return NULL;
}

static alp_status run(const alp_command_line *line, alp_error *error)
{
    const char *name = alp_command_line_value(line, "--process");
    const char *points = alp_command_line_value(line, "--points");
    const process *of = find_process(name);
    if (of == NULL)
        return alp_error_set(error, ALP_USAGE,
                             "--process '%.64s'; allowed are onshell, full, full-opposite, "
                             "full-opposite-scalar",
                             name);
    if (points == NULL)
        return alp_error_set(error, ALP_USAGE, "--points is missing; usage: %s", usage.synopsis);
    alp_csv csv;
    alp_status status = alp_csv_read(points, &csv, error);
    if (status != ALP_OK)
        return status;
    status = print_points(of, &csv, error);
    alp_csv_free(&csv);
    return status;
}

alp_status alp_command_matrix_element(int argc, char **argv)
{
    return alp_command_alone(&usage, argc, argv, run);
}
