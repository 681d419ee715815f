/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a grid point costs: whole chunks with every observable and flag, on one core, for every
 * instruction set that this processor has and for the same source compiled without vectorisation;
 * against the rate at which the core can store bytes, in memory far larger than the caches, with
 * ordinary stores (the compiled loop of STREAM's fill) and as memset does it (past the caches), and
 * in a chunk's memory again and again. "A grid point must cost about what it costs to write it
 * down." The Monte Carlo's rows are made up: sigma_belle2 is as any other observable here.
 *
 * All that is compared takes turns in processor time, so that a disturbance of the machine meets
 * everything; medians of the turns, and half the spread between quartiles in percent. Nothing is
 * asserted.
 */
#include "physics/rows.h"
#include "scan/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Loops compiled with KERNEL_FLAGS_scalar of the Makefile. */
extern const alp_physics_rows alp_physics_rows_here_scalar;
extern const alp_scan_loops alp_scan_loops_here_scalar;

enum { TURNS = 15, VARIANTS_MAX = ALP_N_ISAS + 1, MASSES = 32, SETTINGS_MAX = 6, WORKS_MAX = 16 };
static const double stretch_seconds = 0.01;
/* Some times the last-level cache of a server. */
static const size_t stream_bytes = (size_t)256 << 20;

typedef struct scan {
    alp_config *config;
    alp_physics *physics;
    alp_plan *plan;
    alp_workspace *workspace;
    alp_mc_row rows[MASSES];
    alp_mass *mass;
    double bytes_per_point;
} scan;

/* One thing to be timed. */
typedef struct work {
    double (*run)(const struct work *work); /* how much it did */
    scan *scan;
    const alp_physics_rows *rows;
    const alp_scan_loops *loops;
    void *memory;
    size_t size;
    double rate[TURNS], median, spread; /* per second; relative */
} work;

/* Seconds of the processor: what others take of it on a shared machine does not count. */
static double now(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void fail(const char *message)
{
    (void)fprintf(stderr, "%s\n", message);
    exit(1);
}

/* ---- What is measured ----------------------------------------------------------------------- */

static double chunks(const work *w)
{
    alp_error error = {.message = ""};
    alp_chunk chunk;
    double points = 0.0;
    const alp_mc_rows rows = alp_mc_rows_of(w->scan->rows);
    w->scan->physics->rows = w->rows;
    w->scan->plan->loops = w->loops;
    for (uint64_t number = 0; number < alp_plan_chunks(w->scan->plan); number++) {
        alp_plan_chunk(w->scan->plan, number, &chunk);
        if (alp_chunk_evaluate(w->scan->plan, &chunk, &rows, w->scan->workspace, &error) != ALP_OK)
            fail(error.message);
        points += (double)chunk.points;
    }
    return points;
}

static double coefficients(const work *w)
{
    alp_error error = {.message = ""};
    for (size_t i = 0; i < MASSES; i++)
        if (alp_mass_prepare(w->scan->physics, w->scan->rows[i].m_a, &w->scan->rows[i],
                             w->scan->mass, &error) != ALP_OK)
            fail(error.message);
    return MASSES;
}

/* The value changes: no store can be left out. */
static double stored = 1.0;

static double fill_loop(const work *w)
{
    double *restrict out = w->memory;
    const double value = stored;
    for (size_t i = 0; i < w->size / sizeof *out; i++)
        out[i] = value;
    stored += out[w->size / sizeof *out / 2];
    return (double)w->size;
}

static double fill_memset(const work *w)
{
    (void)memset(w->memory, (int)stored & 0xff, w->size);
    stored += 1.0;
    return (double)w->size;
}

/* ---- Measuring ------------------------------------------------------------------------------ */

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure(work *works, size_t n)
{
    for (int turn = 0; turn < TURNS; turn++)
        for (size_t i = 0; i < n; i++) {
            double start = now(), done = 0.0, seconds = 0.0;
            while (seconds < stretch_seconds) {
                done += works[i].run(&works[i]);
                seconds = now() - start;
            }
            works[i].rate[turn] = done / seconds;
        }
    for (size_t i = 0; i < n; i++) {
        double *rate = works[i].rate;
        qsort(rate, TURNS, sizeof *rate, by_size);
        works[i].median = rate[TURNS / 2];
        works[i].spread = 0.5 * (rate[3 * TURNS / 4] - rate[TURNS / 4]) / works[i].median;
    }
}

/* ---- Preparing ------------------------------------------------------------------------------ */

static void prepare(scan *s, const char *precision)
{
    const char *const settings[SETTINGS_MAX] = {"scan.m_a=log 0.2 100 32", "scan.y_V=lin -1 1 64",
                                                "scan.y_A=log 1e-5 1 64",  "run.chunk=32 32 32",
                                                "scan.phase=0.3",          precision};
    alp_layer layers[SETTINGS_MAX];
    alp_messages mistakes = {0};
    alp_error error = {.message = ""};
    for (size_t i = 0; i < SETTINGS_MAX; i++)
        layers[i] = (alp_layer){ALP_LAYER_SET, settings[i]};
    if (alp_config_load(layers, SETTINGS_MAX, &s->config, &mistakes) != ALP_OK)
        fail(mistakes.n > 0 ? mistakes.text[0] : "no message");
    alp_messages_clear(&mistakes);
    if (alp_physics_create(s->config, &s->physics, &error) != ALP_OK ||
        alp_plan_create(s->config, s->physics, &s->plan, &error) != ALP_OK ||
        alp_workspace_create(s->plan, &s->workspace, &error) != ALP_OK ||
        alp_mass_create(s->physics, &s->mass, &error) != ALP_OK)
        fail(error.message);
    const alp_layout *layout = alp_plan_layout(s->plan);
    for (size_t i = 0; i < layout->n_maps; i++)
        s->bytes_per_point += (double)alp_element_size(layout->map[i].element);
    for (size_t i = 0; i < MASSES; i++)
        s->rows[i] = (alp_mc_row){.m_a = alp_plan_mass(s->plan, i),
                                  .sigma_s = {1e5, 1e5},
                                  .sigma_hat = 2e5,
                                  .error = 10.0,
                                  .state = ALP_MC_DONE};
}

static void release(scan *s)
{
    alp_mass_free(s->mass);
    alp_workspace_free(s->workspace);
    alp_plan_free(s->plan);
    alp_physics_free(s->physics);
    alp_config_free(s->config);
}

/* ---- Printing ------------------------------------------------------------------------------- */

static void print_load(void)
{
    char line[64] = "unknown";
    FILE *file = fopen("/proc/loadavg", "r");
    if (file != NULL) {
        if (fgets(line, sizeof line, file) == NULL)
            line[0] = '\0';
        (void)fclose(file);
        line[strcspn(line, "\n")] = '\0';
    }
    (void)printf("load of the machine: %s\n", line);
}

static void print_points(const char *what, const work *w, size_t n, const char *const *names)
{
    (void)printf("%s, %g bytes a point\n", what, w->scan->bytes_per_point);
    for (size_t v = 0; v < n; v++)
        (void)printf("  %-10s%6.2f ns a point +- %4.1f %%   %8.3g points/s   x %.2f\n", names[v],
                     1e9 / w[v].median, 100.0 * w[v].spread, w[v].median, w[v].median / w->median);
}

static void print_fill(const char *what, const work *w, const work *best, const work *single)
{
    (void)printf("%-38s%6.1f GB/s +- %4.1f %%   float64 %.2f, float32 %.2f of it\n", what,
                 1e-9 * w->median, 100.0 * w->spread,
                 best->median * best->scan->bytes_per_point / w->median,
                 single->median * single->scan->bytes_per_point / w->median);
}

int main(void)
{
    scan exact = {0}, single = {0};
    const char *names[VARIANTS_MAX] = {"scalar"};
    work works[WORKS_MAX] = {{0}};
    size_t n = 1;
    prepare(&exact, "output.precision=float64");
    prepare(&single, "output.precision=float32");
    works[0] = (work){.run = chunks,
                      .scan = &exact,
                      .rows = &alp_physics_rows_here_scalar,
                      .loops = &alp_scan_loops_here_scalar};
    for (int isa = 0; isa < ALP_N_ISAS; isa++)
        if (alp_isa_supported((alp_isa)isa)) {
            names[n] = alp_isa_name((alp_isa)isa);
            works[n++] = (work){.run = chunks,
                                .scan = &exact,
                                .rows = alp_physics_rows_of((alp_isa)isa),
                                .loops = alp_scan_loops_of((alp_isa)isa)};
        }
    for (size_t v = 0; v < n; v++) {
        works[n + v] = works[v];
        works[n + v].scan = &single;
    }
    work *fills = &works[2 * n];
    const size_t chunk_bytes = (size_t)(32.0 * 32.0 * 32.0 * exact.bytes_per_point);
    void *memory = aligned_alloc(64, stream_bytes);
    if (memory == NULL)
        fail("no memory for the fills");
    (void)memset(memory, 1, stream_bytes);
    fills[0] = (work){.run = fill_loop, .memory = memory, .size = stream_bytes};
    fills[1] = (work){.run = fill_memset, .memory = memory, .size = stream_bytes};
    fills[2] = (work){.run = fill_memset, .memory = memory, .size = chunk_bytes / 64 * 64};
    fills[3] = (work){.run = coefficients, .scan = &exact};
    measure(works, 2 * n + 4);
    print_load();
    print_points("tile evaluation, float64 (asked x 4 of scalar)", works, n, names);
    print_points("tile evaluation, float32", works + n, n, names);
    print_fill("streaming stores, loop of a fill", &fills[0], &works[n - 1], &works[2 * n - 1]);
    print_fill("streaming stores, memset", &fills[1], &works[n - 1], &works[2 * n - 1]);
    print_fill("memset of one chunk, in the caches", &fills[2], &works[n - 1], &works[2 * n - 1]);
    (void)printf("asked of float64: 0.5 of streaming stores\n");
    (void)printf("coefficients of a mass %.1f microseconds +- %.1f %%\n", 1e6 / fills[3].median,
                 100.0 * fills[3].spread);
    (void)printf("memory of a worker's chunk %.2f MiB\n",
                 (double)alp_workspace_bytes(exact.plan) / 1048576.0);
    free(memory);
    release(&exact);
    release(&single);
    return 0;
}
