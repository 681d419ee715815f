/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_PHYSICS_OBSERVABLES_H
#define ALP_PHYSICS_OBSERVABLES_H

/** What each observable's file gives to the tables of observables and flags. */

#include "context.h"
#include "forms.h"

#define ALP_PHYSICS_PREPARE(name)                                                                  \
    void alp_physics_##name##_prepare(const alp_physics *physics, double m_a,                      \
                                      const alp_mc_row *row, alp_physics_coefficients *k)
#define ALP_PHYSICS_TEST(name)                                                                     \
    alp_physics_test alp_physics_test_##name(const alp_physics *physics, double m_a,               \
                                             const alp_mc_row *row, size_t index)

/* A search that counts events, see alp_physics_flag_row. */
#define ALP_PHYSICS_SEARCH(name)                                                                   \
    void alp_physics_search_##name(const alp_physics *physics, double m_a, size_t index,           \
                                   alp_search *search)

/* What each row of the table names. */
#define ALP_PHYSICS_DECLARE(name, form, meaning, ...)                                              \
    ALP_PHYSICS_PREPARE(name);                                                                     \
    bool alp_physics_##meaning(const alp_config *config);
ALP_PHYSICS_OBSERVABLES(ALP_PHYSICS_DECLARE)

/* g2.c */
ALP_PHYSICS_TEST(a_e_1sigma);
ALP_PHYSICS_TEST(a_e_2sigma);
ALP_PHYSICS_TEST(a_mu_1sigma);
ALP_PHYSICS_TEST(a_mu_2sigma);
ALP_PHYSICS_TEST(a_mu_principal_value);

/* edm.c */
ALP_PHYSICS_TEST(edm);

/* muonium.c */
ALP_PHYSICS_TEST(muonium);
ALP_PHYSICS_TEST(muonium_invalid);

/* afb_belle2.c */
ALP_PHYSICS_TEST(belle2_afb);

/* afb_lep.c */
ALP_PHYSICS_TEST(lep_afb);

/* mu_to_e_a.c */
/** Limits on the branching ratio, linear between rows; as alp_physics_mass_table_create. */
alp_status alp_physics_limits_create(const alp_csv *csv, alp_physics_mass_table *limits,
                                     alp_error *error);
ALP_PHYSICS_TEST(mu_to_e_a);
ALP_PHYSICS_TEST(mu_to_e_a_extrapolated);

/* pairs.c */
ALP_PHYSICS_SEARCH(belle2_pairs);
ALP_PHYSICS_SEARCH(belle2_pairs_discovery);
ALP_PHYSICS_SEARCH(belle2_pairs_observed);
ALP_PHYSICS_TEST(pairs_closed);
ALP_PHYSICS_TEST(pairs_no_event_passes);
ALP_PHYSICS_TEST(pairs_width_not_narrow);
ALP_PHYSICS_TEST(pairs_displaced);

/* alp_pairs.c */
ALP_PHYSICS_TEST(pairs_of_alps);

/* os_pairs.c */
/** A density, linear between rows; as alp_physics_mass_table_create. */
alp_status alp_physics_background_create(const alp_csv *csv, alp_physics_mass_table *background,
                                         alp_error *error);
/** Integral of the density between two masses, over the part that the table covers. */
double alp_physics_background_between(const alp_physics_mass_table *background, double from,
                                      double to);
ALP_PHYSICS_TEST(os_window_outside);
ALP_PHYSICS_SEARCH(belle2_os_pairs);
ALP_PHYSICS_SEARCH(belle2_os_discovery);

/* searches.c */
/** Makes a search, whose luminosity and share are set, one that is decided: by so many signal
 *  events in its window. */
void alp_physics_search_decide(alp_search *search, double needed_events);
/** The test of a flag whose row names a search: set above needed_sigma, never where nothing is
 *  decided. */
alp_physics_test alp_physics_search_test(const alp_physics *physics, const alp_physics_flag *flag,
                                         double m_a);

/* contact.c: conditions on the couplings alone. */
ALP_PHYSICS_TEST(unitarity);
ALP_PHYSICS_TEST(lep_contact);

#endif
