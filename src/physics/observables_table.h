/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_PHYSICS_OBSERVABLES_TABLE_H
#define ALP_PHYSICS_OBSERVABLES_TABLE_H

/*
 * The table of observables, in the order of the file: one row each. Columns: the name in C (index,
 * prepare), the evaluation, where it has a meaning, then what the outside sees: name, unit, long
 * name, references.
 */
/* clang-format off */
#define ALP_PHYSICS_OBSERVABLES(ROW)                                                               \
    ROW(a_e, bilinear, always, "a_e", "1",                                                         \
        "ALP contribution to the electron's (g-2)/2",                                              \
        "exact: Leveille, Nucl. Phys. B137 (1978) 63; paper: (3.1) of arXiv:2002.05948")           \
    ROW(a_mu, bilinear, always, "a_mu", "1",                                                       \
        "ALP contribution to the muon's (g-2)/2",                                                  \
        "exact: Leveille, Nucl. Phys. B137 (1978) 63; paper: (3.2), (3.3) of arXiv:2002.05948")    \
    ROW(d_e, d_e, always, "d_e", "e cm",                                                           \
        "modulus of the electron's electric dipole moment",                                        \
        "Sec. 3 of arXiv:2002.05948")                                                              \
    ROW(p_mmbar, p_mmbar, p_mmbar_defined, "P_mmbar", "1",                                         \
        "muonium-antimuonium transition probability",                                              \
        "(4.1) of arXiv:2002.05948; exact: a quarter of it, with the propagators of exchange and " \
        "annihilation")                                                                            \
    ROW(a_fb_belle2, asymmetry, always, "A_fb_belle2", "1",                                        \
        "ALP shift of the muon forward-backward asymmetry at Belle II",                            \
        "(5.5)-(5.7), (B.8) of arXiv:2002.05948")                                                  \
    ROW(a_fb_lep, asymmetry, always, "A_fb_lep", "1",                                              \
        "ALP shift of the muon forward-backward asymmetry at LEP-2",                               \
        "(B.3), (B.8) of arXiv:2002.05948 with photon and Z")                                      \
    ROW(width, bilinear, always, "width", "GeV",                                                   \
        "total decay width of the ALP",                                                            \
        "two-body decay by (2.5) of arXiv:2002.05948")                                             \
    ROW(br_mu_to_e_a, br_mu_to_e_a, always, "br_mu_to_e_a", "1",                                   \
        "branching ratio of mu -> e a",                                                            \
        "two-body decay by (2.5) of arXiv:2002.05948")                                             \
    ROW(sigma_belle2, sigma_belle2, sigma_belle2_defined, "sigma_belle2", "fb",                    \
        "fiducial cross section of the e mu pairs from ALPs at Belle II, both charges",            \
        "(5.1)-(5.3) of arXiv:2002.05948")
/* clang-format on */

#endif
