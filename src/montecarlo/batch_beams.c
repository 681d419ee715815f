/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Batches with beams of varying energy: radiation and spread. */
#include "batch_worker.h"

#include "vector_math.h"

/* All that the energies of the beams decide; beam_weight = 0 if nothing is open there. */
static void set_beams(alp_batch_worker *w, const double *energy, double weight)
{
    const alp_mc_setup *s = w->setup;
    const double threshold = (w->task->m_a + s->m_mu + s->m_e) * (1.0 + 1e-9);
    w->beam_weight = 0.0;
    if (!(energy[0] > s->m_e && energy[1] > s->m_e) ||
        4.0 * energy[0] * energy[1] <= threshold * threshold)
        return;
    const double sqrt_s = alp_detector_boost(&w->detector, energy[0], energy[1], s->m_e);
    if (sqrt_s <= threshold)
        return;
    w->beam_weight = weight;
    w->space = alp_phase_space_make(sqrt_s, s->m_e, s->m_mu, w->task->m_a, s->alpha);
    w->space.me.s_photon = alp_running_factor(&s->running, sqrt_s * sqrt_s);
    if (w->cuts)
        alp_phase_space_restrict(&w->space, alp_detector_delta_min(&w->detector),
                                 alp_detector_energy_min(&w->detector, ALP_MUON));
}

size_t alp_batch_varying(alp_batch_worker *w, const alp_stream *stream, size_t n,
                         const double *shift)
{
    static const double vector[ALP_BEAM_DIMENSIONS] = {1.0, 37.0, 41.0, 45.0}; /* 8 to 64 points */
    const size_t blocks = n / ALP_ME_BLOCK;
    double beam_shift[ALP_N_DIMENSIONS], first[ALP_N_DIMENSIONS][ALP_ME_BLOCK];
    size_t open = 0;
    alp_lattice_shift(stream, ALP_STREAM_BEAMS + (uint64_t)w->channel, beam_shift);
    for (size_t b = 0; b < blocks; b++) {
        double u[ALP_BEAM_DIMENSIONS], energy[2], start[ALP_N_DIMENSIONS];
        for (int d = 0; d < ALP_BEAM_DIMENSIONS; d++) {
            const double at = (double)b * vector[d] / (double)blocks + beam_shift[d];
            u[d] = at - (double)(size_t)at;
        }
        const double weight = alp_beams_draw(&w->setup->beams, u, energy);
        set_beams(w, energy, weight);
        if (w->beam_weight == 0.0)
            continue;
        alp_lattice_points(n, shift, b, 1, first);
        for (int d = 0; d < ALP_N_DIMENSIONS; d++)
            start[d] = first[d][0];
        alp_lattice_points(ALP_ME_BLOCK, start, 0, ALP_ME_BLOCK, w->u);
        alp_batch_block(w, ALP_ME_BLOCK);
        alp_batch_flush(w);
        open = ALP_ME_BLOCK;
    }
    return open;
}
