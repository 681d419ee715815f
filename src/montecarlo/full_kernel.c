/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The full process: M = Sum over ends A and muons i of +- (ALP made of A, i) x (the rest), squared
 * and summed over the 64 helicities. docs/montecarlo.md, "The full process".
 */
#include "full_kernel.h"

#include "full_stages.h"

/* M for helicities h = (p1, k_0, k_1) and (l_0, l_1, p2), of single ALPs and of pairs: the sign of
 * (A, i) is that of the permutation (p1, k_i, k_j) -> (E, A, B), even for i = 0. Term by term, so
 * that the factors that both orders share need not wait in registers, of which there are few. */
ALP_KERNEL void both_orders(const alp_full_sources *sources, const alp_full_rest *photon,
                            const alp_full_rest *pairs, size_t p1, size_t k0, size_t k1,
                            const size_t end[3], size_t e, alp_full_z *single, alp_full_z *pair)
{
    *single = *pair = alp_z(0.0, 0.0);
    for (size_t a = 0; a < ALP_FULL_ENDS; a++) {
        const size_t ha = end[a], hb = end[(a + 1) % 3], ho = end[(a + 2) % 3];
        const alp_full_z even = alp_z_load(&sources->alp[a][0][ha][k0], e);
        const alp_full_z odd = alp_z_load(&sources->alp[a][1][ha][k1], e);
        *single = alp_z_add(
            *single, alp_z_sub(alp_z_mul(even, alp_z_load(&photon->a[a][0][p1][hb][ho][k1], e)),
                               alp_z_mul(odd, alp_z_load(&photon->a[a][1][p1][hb][ho][k0], e))));
        *pair = alp_z_add(
            *pair, alp_z_sub(alp_z_mul(even, alp_z_load(&pairs->a[a][0][p1][hb][ho][k1], e)),
                             alp_z_mul(odd, alp_z_load(&pairs->a[a][1][p1][hb][ho][k0], e))));
    }
}

/* Adds the eight helicities of the ends to the squares. */
static void add_squares(const alp_full_sources *restrict sources,
                        const alp_full_rest *restrict photon, const alp_full_rest *restrict pairs,
                        size_t p1, size_t k0, size_t k1, alp_full_values *restrict sum)
{
    for (size_t n = 0; n < 8; n++) {
        const size_t end[3] = {n >> 2, (n >> 1) & 1, n & 1};
        for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
            alp_full_z one, two;
            both_orders(sources, photon, pairs, p1, k0, k1, end, e, &one, &two);
            const alp_full_z all = alp_z_add(one, two);
            sum->pairs_excluded[e] += one.re * one.re + one.im * one.im;
            sum->all[e] += all.re * all.re + all.im * all.im;
        }
    }
}

/* Everything that the amplitude is a sum of products of. */
typedef struct factors {
    alp_full_legs legs;
    alp_full_sources sources;
    alp_full_rest photon, pairs;
} factors;

static void make_factors(const alp_full_constants *constants, const alp_full_events *events,
                         factors *out)
{
    const alp_full_constants c = *constants;
    alp_full_lines lines;
    alp_full_make_legs(&c, events, &out->legs);
    alp_full_make_sources(&c, events, &out->legs, &out->sources);
    alp_full_make_lines(&c, events, &out->legs, &out->sources, &lines);
    alp_full_make_photon_rest(&c, events, &out->legs, &lines, &out->photon);
    alp_full_make_pair_rest(&c, events, &out->legs, &out->sources, &out->pairs);
}

void alp_full_kernel(const alp_full_constants *constants, const alp_full_events *events,
                     alp_full_values *values)
{
    factors f;
    make_factors(constants, events, &f);
    alp_full_values sum = {{0.0}, {0.0}};
    for (size_t n = 0; n < 8; n++)
        add_squares(&f.sources, &f.photon, &f.pairs, n >> 2, (n >> 1) & 1, n & 1, &sum);
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
        values->all[e] = f.legs.normalisation[e] * sum.all[e];
        values->pairs_excluded[e] = f.legs.normalisation[e] * sum.pairs_excluded[e];
    }
}

/* Adds the squares of the eight helicities of the ends, and their interference, to their classes.
 */
static void add_forms(const alp_full_sources *restrict sources,
                      const alp_full_rest *restrict photon, const alp_full_rest *restrict pairs,
                      size_t p1, size_t k0, size_t k1, alp_full_forms *restrict sum)
{
    for (size_t n = 0; n < 8; n++) {
        const size_t end[3] = {n >> 2, (n >> 1) & 1, n & 1};
        /* The positron's spinor is that of an electron of momentum -p2: + is left-handed. */
        const size_t same = (size_t)(end[0] == p1) + (size_t)(end[1] == p1) +
                            (size_t)(end[ALP_FULL_POSITRON] != p1);
        for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
            alp_full_z one, two;
            both_orders(sources, photon, pairs, p1, k0, k1, end, e, &one, &two);
            sum->photon[same][e] += one.re * one.re + one.im * one.im;
            sum->cross[same][e] += 2.0 * (one.re * two.re + one.im * two.im);
            sum->pairs[same][e] += two.re * two.re + two.im * two.im;
        }
    }
}

void alp_full_forms_kernel(const alp_full_constants *constants, const alp_full_events *events,
                           alp_full_forms *forms)
{
    factors f;
    make_factors(constants, events, &f);
    alp_full_forms sum = {{{0.0}}, {{0.0}}, {{0.0}}};
    for (size_t n = 0; n < 8; n++)
        add_forms(&f.sources, &f.photon, &f.pairs, n >> 2, (n >> 1) & 1, n & 1, &sum);
    for (size_t k = 0; k < ALP_FULL_CLASSES; k++)
        for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
            forms->photon[k][e] = f.legs.normalisation[e] * sum.photon[k][e];
            forms->cross[k][e] = f.legs.normalisation[e] * sum.cross[k][e];
            forms->pairs[k][e] = f.legs.normalisation[e] * sum.pairs[k][e];
        }
}

/* |z|^2 */
ALP_KERNEL double square(alp_full_z z)
{
    return z.re * z.re + z.im * z.im;
}

/* The ALP (a, i) times what goes with it, sign included. */
ALP_KERNEL alp_full_z product(const alp_full_sources *sources, const alp_full_rest *rest, size_t a,
                              size_t i, size_t p1, const size_t k[2], const size_t end[3], size_t e)
{
    const alp_full_lanes *from = &rest->a[a][i][p1][end[(a + 1) % 3]][end[(a + 2) % 3]][k[1 - i]];
    const alp_full_z z =
        alp_z_mul(alp_z_load(&sources->alp[a][i][end[a]][k[i]], e), alp_z_load(from, e));
    return i == 0 ? z : alp_z_scale(-1.0, z);
}

void alp_full_helicities(const alp_full_constants *constants, const alp_full_events *events,
                         size_t event, alp_full_amplitudes *amplitudes)
{
    factors f;
    make_factors(constants, events, &f);
    alp_full_amplitudes out = {.single = {{0.0}}};
    for (size_t h = 0; h < ALP_FULL_HELICITIES; h++) {
        const size_t p1 = h >> 5, k[2] = {(h >> 3) & 1, (h >> 2) & 1};
        const size_t end[3] = {(h >> 1) & 1, h & 1, (h >> 4) & 1};
        alp_full_z one, two;
        both_orders(&f.sources, &f.photon, &f.pairs, p1, k[0], k[1], end, event, &one, &two);
        const alp_full_z m = alp_z_add(one, two);
        out.re[h] = m.re;
        out.im[h] = m.im;
        for (size_t i = 0; i < 2; i++) {
            for (size_t a = 0; a < 2; a++)
                out.single[a][i] += square(product(&f.sources, &f.photon, a, i, p1, k, end, event));
            out.both[i] +=
                square(alp_z_add(product(&f.sources, &f.pairs, 0, i, p1, k, end, event),
                                 product(&f.sources, &f.pairs, 1, 1 - i, p1, k, end, event)));
        }
    }
    *amplitudes = out;
}
