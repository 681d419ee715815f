/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cuts and efficiencies on all four leptons of events of two muons and two electrons. */
#include "full_space.h"

#include <string.h>

void alp_full_select(const alp_detector *detector, const alp_full_block *block, size_t n,
                     double cut[ALP_N_CHARGES][ALP_ME_BLOCK],
                     double open[ALP_N_CHARGES][ALP_ME_BLOCK])
{
    const alp_full_lepton *lepton[4] = {&block->muon[1], &block->electron[1], &block->muon[0],
                                        &block->electron[0]};
    double energy[ALP_ME_BLOCK], z[ALP_ME_BLOCK];
    for (int charge = 0; charge < ALP_N_CHARGES; charge++) {
        memcpy(cut[charge], block->inside, sizeof block->inside);
        memcpy(open[charge], block->inside, sizeof block->inside);
    }
    if (detector == NULL)
        return;
    for (int l = 0; l < 4; l++) {
        const int flavour = l % 2 == 0 ? ALP_MUON : ALP_ELECTRON;
        for (size_t i = 0; i < ALP_ME_BLOCK; i++) {
            energy[i] = 0.5 * (lepton[l]->plus[i] + lepton[l]->minus[i]);
            z[i] = 0.5 * (lepton[l]->plus[i] - lepton[l]->minus[i]);
        }
        for (int charge = 0; charge < ALP_N_CHARGES; charge++) {
            if (detector->cuts)
                alp_detector_cut(detector, flavour, charge, n, energy, z, cut[charge]);
            alp_detector_weigh(detector, flavour, charge, n, energy, z, open[charge]);
        }
    }
    for (int charge = 0; charge < ALP_N_CHARGES; charge++)
        for (size_t i = 0; i < ALP_ME_BLOCK; i++)
            open[charge][i] *= cut[charge][i];
}
