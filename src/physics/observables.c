/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table of observables, in the order of the file. A new one is a file, a row here, and an index
 * in context.h. */
#include "observables.h"

static bool always(const alp_config *config)
{
    (void)config;
    return true;
}

const alp_physics_observable alp_physics_observables[ALP_PHYSICS_N_OBSERVABLES] = {
    [ALP_PHYSICS_A_E] = {{"a_e", "1", "ALP contribution to the electron's (g-2)/2",
                          "exact: Leveille, Nucl. Phys. B137 (1978) 63; paper: (3.1) of "
                          "arXiv:2002.05948"},
                         always,
                         alp_physics_a_e_prepare,
                         alp_physics_bilinear_evaluate},
    [ALP_PHYSICS_A_MU] = {{"a_mu", "1", "ALP contribution to the muon's (g-2)/2",
                           "exact: Leveille, Nucl. Phys. B137 (1978) 63; paper: (3.2), (3.3) of "
                           "arXiv:2002.05948"},
                          always,
                          alp_physics_a_mu_prepare,
                          alp_physics_bilinear_evaluate},
    [ALP_PHYSICS_D_E] = {{"d_e", "e cm", "modulus of the electron's electric dipole moment",
                          "Sec. 3 of arXiv:2002.05948"},
                         always,
                         alp_physics_d_e_prepare,
                         alp_physics_d_e_evaluate},
    [ALP_PHYSICS_P_MMBAR] = {{"P_mmbar", "1", "muonium-antimuonium transition probability",
                              "(4.1) of arXiv:2002.05948; exact: a quarter of it, with the "
                              "propagators of exchange and annihilation"},
                             alp_physics_p_mmbar_defined,
                             alp_physics_p_mmbar_prepare,
                             alp_physics_p_mmbar_evaluate},
    [ALP_PHYSICS_A_FB_BELLE2] = {{"A_fb_belle2", "1",
                                  "ALP shift of the muon forward-backward asymmetry at Belle II",
                                  "(5.5)-(5.7), (B.8) of arXiv:2002.05948"},
                                 always,
                                 alp_physics_a_fb_belle2_prepare,
                                 alp_physics_asymmetry_evaluate},
    [ALP_PHYSICS_A_FB_LEP] = {{"A_fb_lep", "1",
                               "ALP shift of the muon forward-backward asymmetry at LEP-2",
                               "(B.3), (B.8) of arXiv:2002.05948 with photon and Z"},
                              always,
                              alp_physics_a_fb_lep_prepare,
                              alp_physics_asymmetry_evaluate},
    [ALP_PHYSICS_WIDTH] = {{"width", "GeV", "total decay width of the ALP",
                            "two-body decay by (2.5) of arXiv:2002.05948"},
                           always,
                           alp_physics_width_prepare,
                           alp_physics_bilinear_evaluate},
    [ALP_PHYSICS_BR_MU_TO_E_A] = {{"br_mu_to_e_a", "1", "branching ratio of mu -> e a",
                                   "two-body decay by (2.5) of arXiv:2002.05948"},
                                  always,
                                  alp_physics_br_mu_to_e_a_prepare,
                                  alp_physics_br_mu_to_e_a_evaluate},
    [ALP_PHYSICS_SIGMA_BELLE2] = {{"sigma_belle2", "fb",
                                   "fiducial cross section of the e mu pairs from an on-shell ALP "
                                   "at Belle II, both charges",
                                   "(5.1)-(5.3) of arXiv:2002.05948"},
                                  alp_physics_sigma_belle2_defined,
                                  alp_physics_sigma_belle2_prepare,
                                  alp_physics_bilinear_evaluate},
};

size_t alp_observable_count(void)
{
    return ALP_PHYSICS_N_OBSERVABLES;
}

const alp_observable_info *alp_observable_at(size_t index)
{
    return index < ALP_PHYSICS_N_OBSERVABLES ? &alp_physics_observables[index].info : NULL;
}

bool alp_observable_defined(const alp_physics *physics, size_t index)
{
    return index < ALP_PHYSICS_N_OBSERVABLES && physics->defined[index];
}
