/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Speed of the Monte Carlo on one core for every instruction set that this processor has, and as a
 * ratio to the same source compiled without vectorisation: |M|^2 of 2 -> 3 and 2 -> 4 alone, the
 * larger of the two maps alone, phase-space points with everything that a batch does, and masses to
 * 0.1 %, on shell and by the full process. The variants take turns, so that a disturbance of the
 * machine meets all of them; medians of the turns, and half the spread between quartiles in
 * percent. Nothing is asserted.
 */
#include "alpscan/config.h"
#include "montecarlo/kernels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Kernels compiled with KERNEL_FLAGS_scalar of the Makefile. */
extern const alp_mc_kernels alp_mc_kernels_here_scalar;

enum { TURNS = 11, LONG_TURNS = 3, VARIANTS_MAX = ALP_N_ISAS + 1, MASSES = 4, BLOCKS = 64 };

static const double masses[MASSES] = {0.15, 0.5, 3.0, 9.0}; /* GeV */
static const double reference_mass = 0.5, full_bench_mass = 3.0;
/* Off shell and with pairs as many as single ALPs: what takes longest. y_V = 0, y_A = 1. */
static const double hard_mass = 11.0, hard_coupling = 1.0, usual_coupling = 1e-6;
static const double stretch_seconds = 0.02;

typedef struct variant {
    const char *name;
    const alp_mc_kernels *kernels;
} variant;

typedef struct bench {
    alp_full_values full_values;
    alp_full_forms full_forms;
    alp_full_events full_events;
    alp_me_values values;
    alp_mc_setup *setup;
    alp_mc_setup *full_setup; /* the same with method = full, at y_V = 0 */
    alp_mc_task *task;        /* a counted batch at the reference mass */
    alp_mc_sums *sums;
    alp_block *block; /* BLOCKS of events that the maps made */
    double m_a;
    alp_full_constants full;
    alp_phase_space space;
    double x[ALP_N_DIMENSIONS][ALP_ME_BLOCK];
} bench;

/* Seconds of the processor: what others take of it on a shared machine does not count. */
static double now(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* ---- What is measured: each returns how much it did ----------------------------------------- */

static double matrix_elements(bench *b)
{
    for (int i = 0; i < BLOCKS; i++)
        b->setup->kernels->matrix_element(&b->space.me, ALP_ME_BLOCK, &b->block[i].events,
                                          &b->values);
    return (double)BLOCKS * ALP_ME_BLOCK;
}

/* Any numbers serve: nothing in the kernel depends on them. */
static double full_matrix_elements(bench *b)
{
    for (int i = 0; i < BLOCKS; i++)
        b->setup->kernels->full(&b->full, &b->full_events, &b->full_values);
    return (double)BLOCKS * ALP_FULL_BLOCK;
}

static double full_forms(bench *b)
{
    for (int i = 0; i < BLOCKS; i++)
        b->setup->kernels->full_forms(&b->full, &b->full_events, &b->full_forms);
    return (double)BLOCKS * ALP_FULL_BLOCK;
}

static double maps(bench *b)
{
    for (int i = 0; i < BLOCKS; i++)
        b->setup->kernels->phase_space(&b->space, ALP_CHANNEL_T, ALP_ME_BLOCK,
                                       (const double(*)[ALP_ME_BLOCK])b->x, &b->block[0]);
    return (double)BLOCKS * ALP_ME_BLOCK;
}

static double points(bench *b)
{
    b->setup->kernels->batch(b->setup, b->task, b->sums);
    return (double)b->sums->events;
}

static double mass(bench *b)
{
    alp_mc_row row;
    alp_error error;
    if (alp_mc_integrate(b->setup, b->m_a, &row, &error) != ALP_OK) {
        (void)fprintf(stderr, "%s\n", error.message);
        exit(1);
    }
    return 1.0;
}

static double full_mass(bench *b)
{
    alp_mc_row row;
    alp_error error;
    b->full_setup->kernels = b->setup->kernels;
    if (alp_mc_integrate(b->full_setup, b->m_a, &row, &error) != ALP_OK) {
        (void)fprintf(stderr, "%s\n", error.message);
        exit(1);
    }
    return 1.0;
}

/* ---- Measuring ------------------------------------------------------------------------------ */

typedef struct result {
    double median, spread; /* per second; relative */
} result;

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static result summarise(double *rate, int turns)
{
    qsort(rate, (size_t)turns, sizeof *rate, by_size);
    result r = {rate[turns / 2], 0.0};
    r.spread = 0.5 * (rate[3 * turns / 4] - rate[turns / 4]) / r.median;
    return r;
}

static void measure_turns(bench *b, double (*work)(bench *), const variant *variants, int n,
                          int turns, result *results)
{
    double rate[VARIANTS_MAX][TURNS];
    for (int turn = 0; turn < turns; turn++)
        for (int v = 0; v < n; v++) {
            b->setup->kernels = variants[v].kernels;
            double start = now(), done = 0.0, seconds = 0.0;
            while (seconds < stretch_seconds) {
                done += work(b);
                seconds = now() - start;
            }
            rate[v][turn] = done / seconds;
        }
    for (int v = 0; v < n; v++)
        results[v] = summarise(rate[v], turns);
}

static void measure(bench *b, double (*work)(bench *), const variant *variants, int n,
                    result *results)
{
    measure_turns(b, work, variants, n, TURNS, results);
}

static void print_row(const char *what, bool as_seconds, const variant *variants, int n,
                      const result *results)
{
    (void)printf("%s\n", what);
    for (int v = 0; v < n; v++)
        (void)printf("  %-10s%9.3g  +- %4.1f %%   x %.2f\n", variants[v].name,
                     as_seconds ? 1.0 / results[v].median : results[v].median,
                     100.0 * results[v].spread, results[v].median / results[0].median);
}

/* ---- Preparing ------------------------------------------------------------------------------ */

static alp_status load(alp_config **config, alp_error *error)
{
    const alp_layer layer = {ALP_LAYER_SET, "montecarlo.precision=1e-3"};
    alp_messages mistakes = {0};
    alp_status status = alp_config_load(&layer, 1, config, &mistakes);
    if (status != ALP_OK)
        (void)alp_error_set(error, status, "%s", mistakes.n > 0 ? mistakes.text[0] : "no message");
    alp_messages_clear(&mistakes);
    return status;
}

/* Takes the reference mass through its warm-up and keeps a batch of what follows. */
static alp_status keep_task(bench *b, alp_error *error)
{
    alp_mc_run *run = NULL;
    alp_status status = alp_mc_run_create(b->setup, reference_mass, &run, error);
    bool adapting = true;
    while (status == ALP_OK && adapting && !alp_mc_run_done(run)) {
        const size_t n = alp_mc_run_batches(run);
        alp_mc_sums *sums = calloc(n, sizeof *sums);
        if (sums == NULL)
            status = alp_error_memory(error);
        for (size_t i = 0; i < n && status == ALP_OK; i++) {
            alp_mc_run_task(run, i, b->task);
            alp_mc_batch(b->setup, b->task, &sums[i]);
        }
        adapting = b->task->adapt;
        if (status == ALP_OK)
            status = alp_mc_run_advance(run, sums, error);
        free(sums);
    }
    alp_mc_run_free(run);
    return status;
}

static void fill_blocks(bench *b)
{
    const alp_mc_setup *s = b->setup;
    b->space = alp_phase_space_make(s->sqrt_s, s->m_e, s->m_mu, reference_mass, s->alpha);
    alp_phase_space_restrict(&b->space, s->delta_min, s->muon_energy_min);
    const double shift[ALP_N_DIMENSIONS] = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6};
    const size_t n = (size_t)BLOCKS * ALP_ME_BLOCK;
    for (int i = 0; i < BLOCKS; i++) {
        alp_lattice_points(n, shift, (size_t)i * ALP_ME_BLOCK, ALP_ME_BLOCK, b->x);
        alp_phase_space_map(&b->space, ALP_CHANNEL_T, ALP_ME_BLOCK,
                            (const double(*)[ALP_ME_BLOCK])b->x, &b->block[i]);
    }
}

static void fill_full(bench *b)
{
    enum { NUMBERS = sizeof b->full_events / sizeof(double) };
    static const double c_r[2] = {1e-3, 0.0}, c_l[2] = {-1e-3, 0.0};
    const alp_mc_setup *s = b->setup;
    double number[NUMBERS];
    b->full = alp_full_constants_make(s->sqrt_s, s->m_e, s->m_mu, s->alpha, reference_mass,
                                      1e-3 * reference_mass, c_r, c_l);
    for (int i = 0; i < NUMBERS; i++)
        number[i] = 0.5 + 1e-3 * i;
    memcpy(&b->full_events, number, sizeof b->full_events);
}

static alp_status prepare(bench *b, const alp_config *config, alp_error *error)
{
    alp_config full = *config;
    full.montecarlo.method = ALP_MC_METHOD_FULL;
    alp_status status = alp_mc_setup_create(config, &b->setup, error);
    if (status == ALP_OK)
        status = alp_mc_setup_create(&full, &b->full_setup, error);
    if (status != ALP_OK)
        return status;
    b->task = calloc(1, sizeof *b->task);
    b->sums = calloc(1, sizeof *b->sums);
    b->block = aligned_alloc(_Alignof(alp_block), BLOCKS * sizeof *b->block);
    if (b->task == NULL || b->sums == NULL || b->block == NULL)
        return alp_error_memory(error);
    fill_blocks(b);
    fill_full(b);
    return keep_task(b, error);
}

static void run_all(bench *b)
{
    variant variants[VARIANTS_MAX] = {{"scalar", &alp_mc_kernels_here_scalar}};
    result results[VARIANTS_MAX];
    int n = 1;
    for (int isa = 0; isa < ALP_N_ISAS; isa++)
        if (alp_isa_supported((alp_isa)isa))
            variants[n++] = (variant){alp_isa_name((alp_isa)isa), alp_mc_kernels_of((alp_isa)isa)};
    measure(b, matrix_elements, variants, n, results);
    print_row("2 -> 3 |M|^2, evaluations/s (asked 1e7)", false, variants, n, results);
    measure(b, full_matrix_elements, variants, n, results);
    print_row("2 -> 4 |M|^2, 36 diagrams, evaluations/s (asked 1e6)", false, variants, n, results);
    measure(b, full_forms, variants, n, results);
    print_row("2 -> 4 |M|^2 by orders, evaluations/s", false, variants, n, results);
    measure(b, maps, variants, n, results);
    print_row("t-channel phase space alone, points/s", false, variants, n, results);
    measure(b, points, variants, n, results);
    print_row("phase-space points/s, everything included (0.5 GeV)", false, variants, n, results);
    for (int i = 0; i < MASSES; i++) {
        char what[64];
        b->m_a = masses[i];
        measure(b, mass, variants, n, results);
        (void)snprintf(what, sizeof what, "seconds to 0.1 %% at %g GeV (asked 0.1)", masses[i]);
        print_row(what, true, variants, n, results);
        if (b->m_a != full_bench_mass) /* the others take as long */
            continue;
        alp_mc_setup_coupling(b->full_setup, usual_coupling, -usual_coupling);
        measure(b, full_mass, variants, n, results);
        print_row("the same, full, y_A = 1e-3 (asked 2)", true, variants, n, results);
    }
    b->m_a = hard_mass;
    alp_mc_setup_coupling(b->full_setup, hard_coupling, -hard_coupling);
    measure_turns(b, full_mass, variants, n, LONG_TURNS, results);
    print_row("full to 0.1 % at 11 GeV, y_A = 1 (asked 2)", true, variants, n, results);
}

int main(void)
{
    bench b = {0};
    alp_error error = {0};
    alp_config *config = NULL;
    alp_status status = load(&config, &error);
    if (status == ALP_OK)
        status = prepare(&b, config, &error);
    if (status == ALP_OK)
        run_all(&b);
    else
        (void)fprintf(stderr, "%s\n", error.message);
    free(b.block);
    free(b.sums);
    free(b.task);
    alp_mc_setup_free(b.setup);
    alp_mc_setup_free(b.full_setup);
    alp_config_free(config);
    return (int)status;
}
