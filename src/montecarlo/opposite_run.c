/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The opposite-sign process at one mass from iteration to iteration, as in full_run.c: each stage
 * (fiducial, total) adapts its channels and grids in iterations that do not count, then freezes
 * them; the spread of the counted batches is the error.
 */
#include "opposite_run.h"

#include "alpscan/mc_narrow.h"
#include "alpscan/width.h"
#include "full_run.h"
#include "kernels.h"
#include "opposite_tally.h"
#include "vector_math.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* As in full_run.c. */
enum {
    WARM_UP_BATCHES = 16,
    WARM_UP_LOG2_N = 10,
    WARM_UP_ITERATIONS = 5,
    WARM_UP_ITERATIONS_MAX = 24,
    WARM_UP_PASSED = 2000,
    COUNTED_LOG2_N = 12,
    TOTAL_LOG2_N = 11,
    LOG2_BELOW = 5 /* the least channel has this many powers of two less than the largest */
};
static const double total_precision = 2.0, poisson_68 = 1.1394342831883648, margin = 1.5;

typedef enum phase { WARMING, COUNTING, DONE } phase;

struct alp_opposite_run {
    const alp_mc_setup *setup;
    alp_opposite_task task;
    phase phase;
    uint32_t warm_ups;
    alp_opposite_tally stage[ALP_N_STAGES];
    uint64_t events, tried, passed; /* the last two of the fiducial stage */
    double largest;
    alp_opposite_result result;
};

/* ---- Creation ------------------------------------------------------------------------------- */

static void begin_stage(alp_opposite_run *run, uint32_t stage)
{
    run->task.stage = stage;
    run->task.adapt = 1;
    run->phase = WARMING;
    run->warm_ups = 0;
    for (int c = 0; c < ALP_OS_CHANNELS; c++) {
        run->task.log2_n[c] = WARM_UP_LOG2_N;
        for (int d = 0; d < ALP_FULL_DIMENSIONS; d++)
            alp_grid_reset(&run->task.grid[c][d]);
    }
}

/*
 * |M|^2 depends on |c_R|^2 - |c_L|^2 = 2 R and on c_R c_L* = D - i I; P takes (R, I) to (-R, -I),
 * C to (-R, I). The maps integrate over half of space, so that each beam's event counts with the
 * mean of both reflections: those of c and of P c for p1 the electron, of C c and CP c for the
 * positron.
 */
static void set_couplings(alp_opposite_task *task, const alp_opposite_point *point)
{
    static const double sign[4][2] = {{1.0, 1.0}, {-1.0, -1.0}, {-1.0, 1.0}, {1.0, -1.0}};
    const double r[2] = {point->y_v[0] + point->y_a[0], point->y_v[1] + point->y_a[1]};
    const double l[2] = {point->y_v[0] - point->y_a[0], point->y_v[1] - point->y_a[1]};
    const double parity = 0.5 * ((r[0] * r[0] + r[1] * r[1]) - (l[0] * l[0] + l[1] * l[1]));
    const double odd = r[1] * l[0] - r[0] * l[1];
    double known[ALP_OS_COUPLINGS_MAX][2] = {{0.0}};
    for (int n = 0; n < ALP_OS_COUPLINGS_MAX; n++) {
        const double own[2] = {sign[n][0] * parity, sign[n][1] * odd};
        size_t k = 0;
        while (k < task->n_couplings && (known[k][0] != own[0] || known[k][1] != own[1]))
            k++;
        if (k == task->n_couplings) {
            const bool swapped = n == 1 || n == 2;
            const double conjugate = n >= 2 ? -1.0 : 1.0;
            memcpy(known[k], own, sizeof own);
            task->c_r[k][0] = swapped ? l[0] : r[0];
            task->c_l[k][0] = swapped ? r[0] : l[0];
            task->c_r[k][1] = conjugate * (swapped ? l[1] : r[1]);
            task->c_l[k][1] = conjugate * (swapped ? r[1] : l[1]);
            task->n_couplings++;
        }
        task->part[n / 2][k] += 0.5;
    }
}

static alp_status check(const alp_opposite_run *run, alp_error *error)
{
    const double m_a = run->task.m_a, width = run->task.width, s = run->task.coupling;
    const bool narrow = width > 0.0 && !(width > ALP_MC_NARROWEST * m_a);
    if (!narrow && s > ALP_MC_LEAST_COUPLING)
        return ALP_OK;
    return alp_error_set(error, ALP_USAGE,
                         "m_a = %.17g GeV, |y_V|^2 + |y_A|^2 = %.3g: couplings too small for the "
                         "full process with opposite signs; allowed are Gamma/m_a above %g and "
                         "|y_V|^2 + |y_A|^2 above %g",
                         m_a, s, ALP_MC_NARROWEST, ALP_MC_LEAST_COUPLING);
}

alp_status alp_opposite_create(const alp_mc_setup *setup, const alp_opposite_point *point,
                               alp_opposite_run **run, alp_error *error)
{
    alp_opposite_run *made = calloc(1, sizeof *made);
    *run = made;
    if (made == NULL)
        return alp_error_memory(error);
    const double v2 = point->y_v[0] * point->y_v[0] + point->y_v[1] * point->y_v[1];
    const double a2 = point->y_a[0] * point->y_a[0] + point->y_a[1] * point->y_a[1];
    const double charges = point->field == ALP_REAL_FIELD ? 2.0 : 1.0; /* a -> mu+ e-, mu- e+ */
    double v, a;
    alp_partial_width(setup->m_e, setup->m_mu, point->m_a, &v, &a);
    made->setup = setup;
    made->task.m_a = point->m_a;
    made->task.width = charges * (v * v2 + a * a2);
    made->task.coupling = v2 + a2;
    made->task.real_field = point->field == ALP_REAL_FIELD ? 1.0 : 0.0;
    made->result.width = made->task.width;
    for (int c = 0; c < ALP_OS_CHANNELS; c++)
        made->task.emphasis[c] = 1.0;
    set_couplings(&made->task, point);
    if (!alp_full_exists(setup)) {
        made->result.state = ALP_MC_CLOSED;
        made->phase = DONE;
        return ALP_OK;
    }
    made->result.state = ALP_MC_DONE;
    begin_stage(made, ALP_STAGE_FIDUCIAL);
    return check(made, error);
}

void alp_opposite_free(alp_opposite_run *run)
{
    free(run);
}

void alp_opposite_emphasize(alp_opposite_run *run, const double *factor)
{
    memcpy(run->task.emphasis, factor, sizeof run->task.emphasis);
}

size_t alp_opposite_channels(void)
{
    return ALP_OS_CHANNELS;
}

size_t alp_opposite_batches(const alp_opposite_run *run)
{
    return run->phase == WARMING    ? WARM_UP_BATCHES
           : run->phase == COUNTING ? ALP_MC_COUNTED_BATCHES
                                    : 0;
}

size_t alp_opposite_length(const alp_opposite_run *run)
{
    return (run->phase == WARMING ? sizeof(alp_opposite_sums)
                                  : offsetof(alp_opposite_sums, square)) /
           sizeof(double);
}

size_t alp_opposite_batches_max(void)
{
    return ALP_MC_COUNTED_BATCHES;
}

size_t alp_opposite_length_max(void)
{
    return sizeof(alp_opposite_sums) / sizeof(double);
}

void alp_opposite_batch(const alp_opposite_run *run, size_t batch, double *estimate)
{
    alp_opposite_sums sums;
    run->setup->kernels->opposite_batch(run->setup, &run->task, batch, &sums);
    memcpy(estimate, &sums, alp_opposite_length(run) * sizeof *estimate);
}

/* ---- Iterations ----------------------------------------------------------------------------- */

static const alp_opposite_sums *sums_of(const alp_opposite_run *run, const double *estimates,
                                        size_t batch, alp_opposite_sums *room)
{
    const size_t length = alp_opposite_length(run);
    memcpy(room, estimates + batch * length, length * sizeof *estimates);
    return room;
}

/* Points in proportion to the deviation that one of a channel's points has, to powers of two. */
static void share(alp_opposite_run *run, const double *estimates, uint32_t most)
{
    alp_opposite_sums s = {0};
    double deviation[ALP_OS_CHANNELS], largest = 0.0;
    for (int c = 0; c < ALP_OS_CHANNELS; c++) {
        double sum = 0.0, square = 0.0;
        for (size_t b = 0; b < WARM_UP_BATCHES; b++) {
            const double x = sums_of(run, estimates, b, &s)->channel[c];
            sum += x;
            square += x * x;
        }
        const double variance = square - sum * sum / WARM_UP_BATCHES;
        deviation[c] =
            sqrt(alp_at_least(variance, 0.0) * (double)((size_t)1 << run->task.log2_n[c]));
        largest = deviation[c] > largest ? deviation[c] : largest;
    }
    for (int c = 0; c < ALP_OS_CHANNELS; c++) {
        uint32_t less = 0;
        double d = margin * deviation[c];
        while (less < LOG2_BELOW && d < largest) {
            d *= 2.0;
            less++;
        }
        run->task.log2_n[c] = most - (largest > 0.0 ? less : 0);
    }
}

static void adapt(alp_opposite_run *run, const double *estimates)
{
    const size_t length = alp_opposite_length(run),
                 first = offsetof(alp_opposite_sums, square) / sizeof(double);
    double square[ALP_GRID_BINS];
    for (size_t c = 0; c < ALP_OS_CHANNELS; c++)
        for (size_t d = 0; d < ALP_FULL_DIMENSIONS; d++) {
            const double *from = estimates + first + (c * ALP_FULL_DIMENSIONS + d) * ALP_GRID_BINS;
            memset(square, 0, sizeof square);
            for (size_t b = 0; b < WARM_UP_BATCHES; b++)
                for (size_t i = 0; i < ALP_GRID_BINS; i++)
                    square[i] += from[b * length + i];
            alp_grid_adapt(&run->task.grid[c][d], square);
        }
}

static void warm_up(alp_opposite_run *run, const double *estimates, uint64_t passed)
{
    adapt(run, estimates);
    run->warm_ups++;
    const bool enough = run->warm_ups >= WARM_UP_ITERATIONS && passed >= WARM_UP_PASSED;
    const bool counting = enough || run->warm_ups >= WARM_UP_ITERATIONS_MAX;
    const uint32_t most = run->task.stage == ALP_STAGE_TOTAL ? TOTAL_LOG2_N : COUNTED_LOG2_N;
    share(run, estimates, counting ? most : WARM_UP_LOG2_N);
    if (counting) {
        run->phase = COUNTING;
        run->task.adapt = 0;
    }
}

static bool reached(const alp_opposite_run *run)
{
    const bool fiducial = run->task.stage == ALP_STAGE_FIDUCIAL;
    const alp_opposite_tally *t = &run->stage[run->task.stage];
    const double goal = run->setup->precision * (fiducial ? 1.0 : total_precision);
    if (t->n < ALP_MC_COUNTED_ITERATIONS_MIN * ALP_MC_COUNTED_BATCHES)
        return false;
    /* Order e^2 y^2 alone may be a small part of the sum: it is to be as exact as that. */
    const double sum = alp_opposite_tally_mean(t, ALP_OS_Q_SUM);
    const double cut = alp_opposite_tally_mean(t, ALP_OS_Q_CUT);
    return alp_opposite_tally_error(t, ALP_OS_Q_SUM) <= goal * sum &&
           alp_opposite_tally_error(t, ALP_OS_Q_CUT) <= goal * cut &&
           alp_opposite_tally_error(t, ALP_OS_Q_WITHOUT_PAIRS) <= goal * sum;
}

static void finish(alp_opposite_run *run)
{
    alp_opposite_result *out = &run->result;
    const bool cuts = run->setup->detector.cuts;
    const alp_opposite_tally *f = &run->stage[ALP_STAGE_FIDUCIAL];
    const alp_opposite_tally *t = cuts ? &run->stage[ALP_STAGE_TOTAL] : f;
    const double cut = alp_opposite_tally_mean(f, ALP_OS_Q_CUT);
    out->sigma = alp_opposite_tally_mean(f, ALP_OS_Q_SUM);
    out->error = run->passed > 0 ? alp_opposite_tally_error(f, ALP_OS_Q_SUM)
                                 : poisson_68 * run->largest / (double)run->tried;
    out->without_pairs = alp_opposite_tally_mean(f, ALP_OS_Q_WITHOUT_PAIRS);
    out->without_pairs_error = alp_opposite_tally_error(f, ALP_OS_Q_WITHOUT_PAIRS);
    out->total = alp_opposite_tally_mean(t, ALP_OS_Q_CUT);
    out->total_error = alp_opposite_tally_error(t, ALP_OS_Q_CUT);
    out->acceptance = !cuts ? 1.0 : out->total > 0.0 ? cut / out->total : 0.0;
    out->efficiency = cut > 0.0 ? out->sigma / cut : 0.0;
    out->chi2_per_dof = alp_opposite_tally_chi2(f);
    out->events = run->events;
    run->phase = DONE;
}

static void end_of_iteration(alp_opposite_run *run, uint64_t events)
{
    const bool fiducial = run->task.stage == ALP_STAGE_FIDUCIAL;
    const bool met = reached(run), spent = run->events + events > run->setup->max_events;
    const bool none = fiducial && run->passed == 0;
    if (!met && !spent && !none)
        return;
    if (none)
        run->result.state = ALP_MC_NO_EVENT;
    else if (fiducial && !met)
        run->result.state = ALP_MC_MAX_EVENTS;
    if (fiducial && run->setup->detector.cuts)
        begin_stage(run, ALP_STAGE_TOTAL);
    else
        finish(run);
}

alp_status alp_opposite_advance(alp_opposite_run *run, const double *estimates, alp_error *error)
{
    const size_t n = alp_opposite_batches(run);
    alp_opposite_sums s = {0};
    uint64_t events = 0, passed = 0;
    for (size_t b = 0; b < n; b++) {
        (void)sums_of(run, estimates, b, &s);
        if (!isfinite(s.sum + s.without_pairs + s.cut + s.largest))
            return alp_error_set(error, ALP_FAULT,
                                 "opposite signs at m_a = %.17g GeV: batch %zu of iteration %llu "
                                 "is not finite",
                                 run->task.m_a, b, (unsigned long long)run->task.iteration);
        events += (uint64_t)s.events;
        passed += (uint64_t)s.passed;
        run->largest = s.largest > run->largest ? s.largest : run->largest;
        if (run->phase == COUNTING)
            alp_opposite_tally_add(&run->stage[run->task.stage], &s);
    }
    run->events += events;
    if (run->task.stage == ALP_STAGE_FIDUCIAL) {
        run->tried += events;
        run->passed += passed;
    }
    run->task.iteration++;
    if (run->phase == WARMING)
        warm_up(run, estimates, passed);
    else
        end_of_iteration(run, events);
    return ALP_OK;
}

alp_opposite_result alp_opposite_get(const alp_opposite_run *run)
{
    return run->result;
}

alp_status alp_opposite_integrate(const alp_mc_setup *setup, const alp_opposite_point *point,
                                  alp_opposite_result *result, alp_error *error)
{
    alp_opposite_run *run = NULL;
    const size_t most = alp_opposite_length_max() * alp_opposite_batches_max();
    alp_status status = alp_opposite_create(setup, point, &run, error);
    double *estimates = calloc(most, sizeof *estimates);
    if (status == ALP_OK && estimates == NULL)
        status = alp_error_memory(error);
    const bool room = run != NULL && estimates != NULL;
    while (status == ALP_OK && room && alp_opposite_batches(run) > 0) {
        for (size_t b = 0; b < alp_opposite_batches(run); b++)
            alp_opposite_batch(run, b, estimates + b * alp_opposite_length(run));
        status = alp_opposite_advance(run, estimates, error);
    }
    if (status == ALP_OK && room)
        *result = alp_opposite_get(run);
    alp_opposite_free(run);
    free(estimates);
    return status;
}
