/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table of flags, ordered by group and bit. A new one is a test or a search in the file of its
 * observable and a row here. */
#include "observables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const alp_list *afb_resolutions(const alp_config *config)
{
    return &config->belle2.afb_resolution;
}

static const alp_list *luminosities(const alp_config *config)
{
    return &config->belle2.luminosity;
}

/** Without a background nothing can be said of opposite-sign pairs: no flags. */
static const alp_list *os_luminosities(const alp_config *config)
{
    static const alp_list none = {0};
    return config->belle2.os_background.csv.path == NULL ? &none : &config->belle2.luminosity;
}

/** One flag where that search exists. */
static const alp_list *os_search(const alp_config *config)
{
    static const alp_list none = {0}, one = {.n = 1};
    return config->belle2.os_background.csv.path == NULL ? &none : &one;
}

static const alp_list *observed_luminosities(const alp_config *config)
{
    static const alp_list none = {0};
    return config->belle2.observed.n == 0 ? &none : &config->belle2.luminosity;
}

/* The last members of a row: how its flag is decided. */
#define TEST(name) alp_physics_test_##name, NULL
#define SEARCH(name) NULL, alp_physics_search_##name

static const alp_physics_flag_row table[] = {
    {ALP_FAVOURED, "a_e_1sigma", NULL, "a_e within 1 sigma of experiment minus Standard Model",
     NULL, "inputs.a_e; (1.2) of arXiv:2002.05948", NULL, ALP_PHYSICS_INDEX_a_e,
     ALP_PHYSICS_INDEX_a_e, TEST(a_e_1sigma)},
    {ALP_FAVOURED, "a_e_2sigma", NULL, "a_e within 2 sigma of experiment minus Standard Model",
     NULL, "inputs.a_e; (1.2) of arXiv:2002.05948", NULL, ALP_PHYSICS_INDEX_a_e,
     ALP_PHYSICS_INDEX_a_e, TEST(a_e_2sigma)},
    {ALP_FAVOURED, "a_mu_1sigma", NULL, "a_mu within 1 sigma of experiment minus Standard Model",
     NULL, "inputs.a_mu; (1.1) of arXiv:2002.05948", NULL, ALP_PHYSICS_INDEX_a_mu,
     ALP_PHYSICS_INDEX_a_mu, TEST(a_mu_1sigma)},
    {ALP_FAVOURED, "a_mu_2sigma", NULL, "a_mu within 2 sigma of experiment minus Standard Model",
     NULL, "inputs.a_mu; (1.1) of arXiv:2002.05948", NULL, ALP_PHYSICS_INDEX_a_mu,
     ALP_PHYSICS_INDEX_a_mu, TEST(a_mu_2sigma)},

    {ALP_EXCLUDED, "unitarity", NULL, "abs(y_V) or abs(y_A) above 2 sqrt(2 pi/3)", NULL,
     "(2.7) of arXiv:2002.05948", NULL, ALP_PHYSICS_INDEX_width, ALP_PHYSICS_LARGEST,
     TEST(unitarity)},
    {ALP_EXCLUDED, "mu_to_e_a", NULL, "branching ratio of mu -> e a above its limit", NULL,
     "inputs.mu_to_e_a; arXiv:1409.0638; lifetime: arXiv:2102.02825", NULL,
     ALP_PHYSICS_INDEX_br_mu_to_e_a, ALP_PHYSICS_INDEX_br_mu_to_e_a, TEST(mu_to_e_a)},
    {ALP_EXCLUDED, "muonium", NULL, "muonium-antimuonium transitions above their limit", NULL,
     "inputs.muonium; (4.2) of arXiv:2002.05948", NULL, ALP_PHYSICS_INDEX_p_mmbar,
     ALP_PHYSICS_INDEX_p_mmbar, TEST(muonium)},
    {ALP_EXCLUDED, "lep_afb", NULL, "muon asymmetry at LEP-2 off by more than 2 sigma", NULL,
     "inputs.lep_afb; (5.10) of arXiv:2002.05948", NULL, ALP_PHYSICS_INDEX_a_fb_lep,
     ALP_PHYSICS_INDEX_a_fb_lep, TEST(lep_afb)},
    {ALP_EXCLUDED, "lep_contact", NULL, "above the LEP limit on contact interactions", NULL,
     "(5.11) of arXiv:2002.05948", NULL, ALP_PHYSICS_INDEX_width, ALP_PHYSICS_S, TEST(lep_contact)},
    {ALP_EXCLUDED, "edm", NULL, "electric dipole moment of the electron above its limit", NULL,
     "inputs.d_e; Sec. 3 of arXiv:2002.05948", NULL, ALP_PHYSICS_INDEX_d_e, ALP_PHYSICS_INDEX_d_e,
     TEST(edm)},
    {ALP_EXCLUDED, "belle2_pairs_observed_", "ab",
     "e mu pairs at Belle II above the limit from the events observed with a luminosity of",
     " 1/ab", "belle2.observed; (5.1)-(5.3) of arXiv:2002.05948", observed_luminosities,
     ALP_PHYSICS_INDEX_sigma_belle2, ALP_PHYSICS_INDEX_sigma_belle2, SEARCH(belle2_pairs_observed)},

    {ALP_REACH, "belle2_afb_", "", "shift of the muon asymmetry at Belle II above", "",
     "(5.7) of arXiv:2002.05948", afb_resolutions, ALP_PHYSICS_INDEX_a_fb_belle2,
     ALP_PHYSICS_INDEX_a_fb_belle2, TEST(belle2_afb)},
    {ALP_REACH, "belle2_pairs_", "ab",
     "e mu pairs at Belle II above the median limit expected with a luminosity of", " 1/ab",
     "(5.1)-(5.3) of arXiv:2002.05948", luminosities, ALP_PHYSICS_INDEX_sigma_belle2,
     ALP_PHYSICS_INDEX_sigma_belle2, SEARCH(belle2_pairs)},
    {ALP_REACH, "belle2_pairs_discovery_", "ab",
     "e mu pairs at Belle II that half of the experiments discover with a luminosity of", " 1/ab",
     "belle2.discovery; (5.1)-(5.3) of arXiv:2002.05948", luminosities,
     ALP_PHYSICS_INDEX_sigma_belle2, ALP_PHYSICS_INDEX_sigma_belle2,
     SEARCH(belle2_pairs_discovery)},
    {ALP_REACH, "belle2_os_pairs_", "ab",
     "peak of opposite-sign e mu pairs above the median limit expected with", " 1/ab",
     "belle2.os_background; Sec. 6 of arXiv:2002.05948", os_luminosities,
     ALP_PHYSICS_INDEX_sigma_os_belle2, ALP_PHYSICS_INDEX_sigma_os_belle2, SEARCH(belle2_os_pairs)},
    {ALP_REACH, "belle2_os_discovery_", "ab",
     "peak of opposite-sign e mu pairs that half of the experiments discover with", " 1/ab",
     "belle2.os_background, belle2.discovery; Sec. 6 of arXiv:2002.05948", os_luminosities,
     ALP_PHYSICS_INDEX_sigma_os_belle2, ALP_PHYSICS_INDEX_sigma_os_belle2,
     SEARCH(belle2_os_discovery)},

    {ALP_VALIDITY, "muonium_invalid", NULL,
     "m_a below 1.01 m_mu: P_mmbar means nothing and excludes nothing", NULL,
     "Sec. 4 of arXiv:2002.05948", NULL, ALP_PHYSICS_INDEX_p_mmbar, ALP_PHYSICS_INDEX_p_mmbar,
     TEST(muonium_invalid)},
    {ALP_VALIDITY, "a_mu_principal_value", NULL,
     "the loop's cut is open: a_mu is the principal part of its integral", NULL,
     "Leveille, Nucl. Phys. B137 (1978) 63", NULL, ALP_PHYSICS_INDEX_a_mu, ALP_PHYSICS_INDEX_a_mu,
     TEST(a_mu_principal_value)},
    {ALP_VALIDITY, "mu_to_e_a_extrapolated", NULL,
     "mu -> e a is open where no search reached: bounded by the muon's lifetime", NULL,
     "arXiv:2102.02825", NULL, ALP_PHYSICS_INDEX_br_mu_to_e_a, ALP_PHYSICS_INDEX_br_mu_to_e_a,
     TEST(mu_to_e_a_extrapolated)},
    {ALP_VALIDITY, "pairs_closed", NULL, "no on-shell pair at this mass: sigma_belle2 is zero",
     NULL, "Sec. 5.1 of arXiv:2002.05948", NULL, ALP_PHYSICS_INDEX_sigma_belle2,
     ALP_PHYSICS_INDEX_sigma_belle2, TEST(pairs_closed)},
    {ALP_VALIDITY, "pairs_no_event_passes", NULL,
     "no event of the Monte Carlo passed the cuts: sigma_belle2 is zero with an upper error", NULL,
     "(5.2), (5.3) of arXiv:2002.05948", NULL, ALP_PHYSICS_INDEX_sigma_belle2,
     ALP_PHYSICS_INDEX_sigma_belle2, TEST(pairs_no_event_passes)},
    {ALP_VALIDITY, "pairs_width_not_narrow", NULL,
     "the width is above 1 % of the distance to the nearest threshold", NULL,
     "Sec. 5.1 of arXiv:2002.05948", NULL, ALP_PHYSICS_INDEX_sigma_belle2, ALP_PHYSICS_INDEX_width,
     TEST(pairs_width_not_narrow)},
    {ALP_VALIDITY, "pairs_displaced", NULL,
     "the fastest ALPs fly more than 1 mm before they decay: not prompt", NULL,
     "Sec. 5.1 of arXiv:2002.05948", NULL, ALP_PHYSICS_INDEX_sigma_belle2, ALP_PHYSICS_INDEX_width,
     TEST(pairs_displaced)},
    {ALP_VALIDITY, "pairs_of_alps", NULL,
     "e+e- -> a a, which the on-shell Monte Carlo leaves out, may add more than 1 %", NULL,
     "docs/full-process.md", NULL, ALP_PHYSICS_INDEX_sigma_belle2, ALP_PHYSICS_S,
     TEST(pairs_of_alps)},
    {ALP_VALIDITY, "os_window_outside", NULL,
     "the window leaves the table of the background: no flag belle2_os is decided", NULL,
     "belle2.os_background; Sec. 6 of arXiv:2002.05948", os_search,
     ALP_PHYSICS_INDEX_sigma_os_belle2, ALP_PHYSICS_INDEX_sigma_os_belle2, TEST(os_window_outside)},
};

enum {
    N_ROWS = sizeof table / sizeof table[0],
    MASK_BITS = 32 /* of a mask */
};

static void fill_info(alp_physics_flag *flag, unsigned bit, const alp_config *config)
{
    const alp_physics_flag_row *row = flag->row;
    alp_flag_info *info = &flag->info;
    info->group = row->group;
    info->bit = bit;
    info->references = row->references;
    if (row->suffix == NULL) {
        (void)snprintf(info->name, sizeof info->name, "%s", row->name);
        (void)snprintf(info->long_name, sizeof info->long_name, "%s", row->long_name);
        return;
    }
    char number[32];
    alp_format_shortest(row->list(config)->value[flag->index], number);
    (void)snprintf(info->name, sizeof info->name, "%s%s%s", row->name, number, row->suffix);
    (void)snprintf(info->long_name, sizeof info->long_name, "%s %s%s", row->long_name, number,
                   row->unit);
}

static bool name_taken(const alp_physics *physics, const char *name)
{
    for (size_t i = 0; i < physics->n_flags; i++)
        if (strcmp(physics->flags[i].info.name, name) == 0)
            return true;
    return false;
}

alp_status alp_physics_flags_create(alp_physics *physics, alp_error *error)
{
    size_t n = 0;
    for (size_t i = 0; i < N_ROWS; i++)
        n += table[i].list == NULL ? 1 : table[i].list(physics->config)->n;
    physics->flags = calloc(n, sizeof *physics->flags);
    if (physics->flags == NULL)
        return alp_error_memory(error);

    unsigned bits[ALP_N_FLAG_GROUPS] = {0};
    for (size_t i = 0; i < N_ROWS; i++) {
        const size_t count = table[i].list == NULL ? 1 : table[i].list(physics->config)->n;
        for (size_t index = 0; index < count; index++) {
            alp_physics_flag *flag = &physics->flags[physics->n_flags];
            flag->row = &table[i];
            flag->index = index;
            fill_info(flag, bits[table[i].group]++, physics->config);
            if (name_taken(physics, flag->info.name))
                return alp_error_set(error, ALP_USAGE,
                                     "%s stands twice: the numbers of belle2.afb_resolution and "
                                     "belle2.luminosity must differ",
                                     flag->info.name);
            physics->n_flags++;
        }
        if (bits[table[i].group] > MASK_BITS)
            return alp_error_set(error, ALP_USAGE,
                                 "more than %d flags of reach: belle2.afb_resolution and "
                                 "belle2.luminosity hold too many numbers",
                                 MASK_BITS);
    }
    return ALP_OK;
}

alp_physics_test alp_physics_flag_test(const alp_physics *physics, const alp_physics_flag *flag,
                                       double m_a, const alp_mc_row *row)
{
    return flag->row->search != NULL ? alp_physics_search_test(physics, flag, m_a)
                                     : flag->row->test(physics, m_a, row, flag->index);
}

size_t alp_flag_count(const alp_physics *physics)
{
    return physics->n_flags;
}

const alp_flag_info *alp_flag_at(const alp_physics *physics, size_t index)
{
    return index < physics->n_flags ? &physics->flags[index].info : NULL;
}

const char *alp_flag_group_name(alp_flag_group group)
{
    static const char *const names[ALP_N_FLAG_GROUPS] = {"favoured", "excluded", "reach",
                                                         "validity"};
    return group < ALP_N_FLAG_GROUPS ? names[group] : NULL;
}

const char *alp_flag_group_long_name(alp_flag_group group)
{
    static const char *const names[ALP_N_FLAG_GROUPS] = {
        "measurements that the ALP explains", "bounds that the ALP violates",
        "searches at Belle II that would see the ALP", "what does not hold at this point"};
    return group < ALP_N_FLAG_GROUPS ? names[group] : NULL;
}
