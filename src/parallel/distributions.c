/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Distributions: all ranks do batches side by side, rank 0 adds their estimates in the order of
 * their numbers.
 */
#include "alpscan/distributions.h"

#include "job.h"

#include <math.h>
#include <mpi.h>
#include <stdlib.h>

/* Sums over batches of estimates, of their squares and of their products with the total. */
typedef struct sums {
    double *first, *square, *product;
} sums;

static alp_status allocate(size_t length, sums *s, double **mine, double **all, alp_error *error)
{
    s->first = calloc(3 * length, sizeof *s->first);
    *mine = calloc(length, sizeof **mine);
    *all = calloc(length * (size_t)alp_parallel_size(), sizeof **all);
    if (s->first == NULL || *mine == NULL || *all == NULL)
        return alp_error_memory(error);
    s->square = s->first + length;
    s->product = s->square + length;
    return ALP_OK;
}

static void add(sums *s, size_t length, size_t total, const double *estimate)
{
    for (size_t k = 0; k < length; k++) {
        s->first[k] += estimate[k];
        s->square[k] += estimate[k] * estimate[k];
        s->product[k] += estimate[k] * estimate[total];
    }
}

/* Mean and its error from the spread of the batches. */
static double covariance(double product, double sum_a, double sum_b)
{
    const double n = ALP_DISTRIBUTIONS_BATCHES;
    return (product - sum_a * sum_b / n) / (n - 1.0) / n;
}

static void finish(const sums *s, size_t length, size_t flow, size_t m, alp_estimates *out)
{
    const double n = ALP_DISTRIBUTIONS_BATCHES, total = s->first[flow] / n;
    const double vt = covariance(s->square[flow], s->first[flow], s->first[flow]);
    for (size_t k = 0; k < length; k++) {
        const double v = covariance(s->square[k], s->first[k], s->first[k]);
        out->value[m * length + k] = s->first[k] / n;
        out->error[m * length + k] = sqrt(fmax(v, 0.0));
    }
    for (size_t k = 0; k < ALP_N_FLOW && total > 0.0; k++) {
        const size_t at = flow + k;
        const double a = s->first[at] / n / total;
        const double v = covariance(s->square[at], s->first[at], s->first[at]);
        const double c = covariance(s->product[at], s->first[at], s->first[flow]);
        out->acceptance[m * ALP_N_FLOW + k] = a;
        out->acceptance_error[m * ALP_N_FLOW + k] =
            sqrt(fmax(v + a * a * vt - 2.0 * a * c, 0.0)) / total;
    }
}

/* Collective: one mass. */
static void do_mass(const alp_distributions *d, size_t length, size_t flow, sums *s, double *mine,
                    double *all)
{
    const uint64_t ranks = (uint64_t)alp_parallel_size(), rank = (uint64_t)alp_parallel_rank();
    for (size_t k = 0; k < 3 * length; k++)
        s->first[k] = 0.0;
    for (uint64_t first = 0; first < ALP_DISTRIBUTIONS_BATCHES; first += ranks) {
        if (first + rank < ALP_DISTRIBUTIONS_BATCHES)
            alp_distributions_batch(d, first + rank, mine);
        MPI_Gather(mine, (int)length, MPI_DOUBLE, all, (int)length, MPI_DOUBLE, 0, MPI_COMM_WORLD);
        for (uint64_t r = 0; r < ranks && first + r < ALP_DISTRIBUTIONS_BATCHES && rank == 0; r++)
            add(s, length, flow, all + r * length);
    }
}

static alp_status make_room(size_t n_masses, size_t length, alp_estimates *out, alp_error *error)
{
    *out = (alp_estimates){.n_masses = n_masses, .length = length};
    out->value = calloc(n_masses * length, sizeof *out->value);
    out->error = calloc(n_masses * length, sizeof *out->error);
    out->acceptance = calloc(n_masses * ALP_N_FLOW, sizeof *out->acceptance);
    out->acceptance_error = calloc(n_masses * ALP_N_FLOW, sizeof *out->acceptance_error);
    return out->value == NULL || out->error == NULL || out->acceptance == NULL ||
                   out->acceptance_error == NULL
               ? alp_error_memory(error)
               : ALP_OK;
}

void alp_estimates_free(alp_estimates *estimates)
{
    free(estimates->value);
    free(estimates->error);
    free(estimates->acceptance);
    free(estimates->acceptance_error);
    *estimates = (alp_estimates){0};
}

alp_status alp_parallel_distributions(const alp_mc_setup *setup,
                                      const alp_distributions_request *request, size_t n_masses,
                                      alp_estimates *estimates, alp_error *error)
{
    const size_t length = alp_distributions_length(setup), flow = alp_distributions_flow(setup);
    sums s = {0};
    double *mine = NULL, *all = NULL;
    alp_status status = make_room(n_masses, length, estimates, error);
    if (status == ALP_OK)
        status = allocate(length, &s, &mine, &all, error);
    status = alp_job_agree(status, error);
    for (size_t m = 0; m < n_masses && status == ALP_OK; m++) {
        alp_distributions *d = NULL;
        status = alp_distributions_create(setup, &request[m], &d, error);
        status = alp_job_agree(status, error);
        if (status != ALP_OK)
            break;
        do_mass(d, length, flow, &s, mine, all);
        alp_distributions_free(d);
        if (alp_parallel_rank() == 0)
            finish(&s, length, flow, m, estimates);
    }
    free(s.first);
    free(mine);
    free(all);
    return status;
}
