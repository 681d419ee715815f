/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of keys: one row declares a key, and everything else (reading, defaults, checks of
 * single values, the effective configuration, suggestions, `alpscan config`, docs/configuration.md)
 * follows from it. A new key is one row here and one member in alp_config.
 *
 * The defaults are the exact modes with the experimental inputs of arXiv:2002.05948; derived
 * constants (Bohr radius, muon width, X) are precise.
 */
#include "internal.h"

#include <string.h>

/** Number of rows of an array. */
#define ALP_CONFIG_ROWS(array) (sizeof(array) / sizeof((array)[0]))

#define MEMBER(member) .offset = offsetof(alp_config, member)
#define RANGE(low, high) .min = (low), .max = (high)
#define ABOVE(low, high) .min = (low), .max = (high), .above = true
#define BETWEEN(low, high) .min = (low), .max = (high), .above = true, .below = true

/* Enums are stored through unsigned int. */
_Static_assert(sizeof(alp_model) == sizeof(unsigned), "enum size");
_Static_assert(sizeof(alp_formula) == sizeof(unsigned), "enum size");
_Static_assert(sizeof(alp_afb_mode) == sizeof(unsigned), "enum size");
_Static_assert(sizeof(alp_mc_method) == sizeof(unsigned), "enum size");
_Static_assert(sizeof(alp_mc_mass_choice) == sizeof(unsigned), "enum size");
_Static_assert(sizeof(alp_isr) == sizeof(unsigned), "enum size");
_Static_assert(sizeof(alp_output_precision) == sizeof(unsigned), "enum size");

/* Largest |y| accepted: far above unitarity, (2.7) of arXiv:2002.05948, which is only a flag. */
#define COUPLING_MAX 100.0
#define TWO_PI 6.283185307179586
/* Counts stay exact in every 64-bit type. */
#define COUNT_MAX 1e18
/* Events that a Poisson limit is computed for without an expansion. */
#define OBSERVED_MAX 1e5
/* An array of jobs has fewer tasks on any cluster. */
#define PARTS_MAX 1e6
/* Adaptation and the smallest number of batches take some 7e5 points. */
#define EVENTS_MIN 1e6

static const alp_config_key keys[] = {
    /* ---- scan ---- */
    {"scan", "title", ALP_CONFIG_TEXT, MEMBER(scan.title), .fallback = "",
     .meaning = "title of the result file"},
    {"scan", "m_a", ALP_CONFIG_AXIS, MEMBER(scan.m_a), .unit = "GeV", RANGE(1e-3, 1e4),
     .fallback = "list 0.11 1.5 10", .meaning = "mass of the ALP"},
    {"scan", "y_V", ALP_CONFIG_AXIS, MEMBER(scan.y_v), RANGE(-COUPLING_MAX, COUPLING_MAX),
     .fallback = "0", .meaning = "scalar coupling, (2.5) of arXiv:2002.05948"},
    {"scan", "y_A", ALP_CONFIG_AXIS, MEMBER(scan.y_a), RANGE(-COUPLING_MAX, COUPLING_MAX),
     .fallback = "log 1e-5 0.1 81", .meaning = "pseudo-scalar coupling, (2.5)"},
    {"scan", "phase", ALP_CONFIG_AXIS, MEMBER(scan.phase), .unit = "rad", RANGE(-TWO_PI, TWO_PI),
     .fallback = "0", .meaning = "relative phase arg(y_V y_A*); CP is conserved at 0"},
    {"scan", "part", ALP_CONFIG_PART, MEMBER(scan.part), RANGE(1, PARTS_MAX), .fallback = "1/1",
     .meaning = "slab K of the N that the grid is cut into along the first of m_a, phase, y_V, y_A "
                "that has N points; `alpscan merge` joins their files"},
    /* ---- model ---- */
    {"model", "type", ALP_CONFIG_CHOICE, MEMBER(model.type), .choices = "alp complex_scalar",
     .fallback = "alp",
     .meaning = "the real ALP, or the complex scalar with lepton flavour of Section 6"},
    {"model", "loop", ALP_CONFIG_CHOICE, MEMBER(model.loop), .choices = "exact paper",
     .fallback = "exact",
     .meaning = "a_e and a_mu with both lepton masses, or (3.1) to (3.3) as printed"},
    {"model", "muonium", ALP_CONFIG_CHOICE, MEMBER(model.muonium), .choices = "exact paper",
     .fallback = "exact",
     .meaning = "muonium conversion with the propagator and the factor 1/4, or (4.1) as printed"},
    /* ---- inputs ---- */
    {"inputs", "electron_mass", ALP_CONFIG_NUMBER, MEMBER(inputs.electron_mass), .unit = "GeV",
     RANGE(1e-6, 1), .fallback = "0.51099895e-3", .meaning = "mass of the electron"},
    {"inputs", "muon_mass", ALP_CONFIG_NUMBER, MEMBER(inputs.muon_mass), .unit = "GeV",
     RANGE(1e-6, 10), .fallback = "0.1056583745", .meaning = "mass of the muon"},
    {"inputs", "a_e", ALP_CONFIG_MEASUREMENT, MEMBER(inputs.a_e), RANGE(-1, 1),
     .fallback = "-0.88e-12 0.36e-12",
     .meaning = "electron g-2, experiment minus Standard Model; (1.2)"},
    {"inputs", "a_mu", ALP_CONFIG_MEASUREMENT, MEMBER(inputs.a_mu), RANGE(-1, 1),
     .fallback = "27.8e-10 7.4e-10",
     .meaning = "muon g-2, experiment minus Standard Model; (1.1), arXiv:1911.00367"},
    {"inputs", "d_e", ALP_CONFIG_LIMIT, MEMBER(inputs.d_e), .unit = "e cm", ABOVE(0, 1),
     .fallback = "1.1e-29 0.9", .meaning = "upper limit on the electron EDM; ACME 2018"},
    {"inputs", "muonium", ALP_CONFIG_LIMIT, MEMBER(inputs.muonium), ABOVE(0, 1),
     .fallback = "8.3e-11 0.9",
     .meaning = "upper limit on the muonium conversion probability; MACS, hep-ex/9807011"},
    {"inputs", "muonium_field", ALP_CONFIG_NUMBER, MEMBER(inputs.muonium_field), .unit = "T",
     RANGE(0, 1000), .fallback = "0.1",
     .meaning = "magnetic field of that experiment; 0, or 1e-5 and above, where the m_F = +-1 "
                "states are quenched; at 0 muonium_c00 and muonium_c10 should be 1/4 each"},
    {"inputs", "muonium_x_per_tesla", ALP_CONFIG_NUMBER, MEMBER(inputs.muonium_x_per_tesla),
     .unit = "1/T", ABOVE(0, 1e6), .fallback = "6.3093", .meaning = "X/B of (A.7)"},
    {"inputs", "muonium_c00", ALP_CONFIG_NUMBER, MEMBER(inputs.muonium_c00), RANGE(0, 1),
     .fallback = "0.32", .meaning = "population |c_00|^2 of the state (F, m_F) = (0, 0)"},
    {"inputs", "muonium_c10", ALP_CONFIG_NUMBER, MEMBER(inputs.muonium_c10), RANGE(0, 1),
     .fallback = "0.18", .meaning = "population |c_10|^2 of the state (1, 0)"},
    {"inputs", "muonium_bohr_radius", ALP_CONFIG_NUMBER, MEMBER(inputs.muonium_bohr_radius),
     .unit = "1/GeV", RANGE(1, 1e9), .fallback = "269469.73286586672",
     .meaning = "Bohr radius of muonium, 1/(alpha(0) m_r)"},
    {"inputs", "muon_width", ALP_CONFIG_NUMBER, MEMBER(inputs.muon_width), .unit = "GeV",
     RANGE(1e-25, 1e-10), .fallback = "2.99598e-19", .meaning = "total width of the muon"},
    {"inputs", "mu_to_e_a", ALP_CONFIG_TABLE, MEMBER(inputs.mu_to_e_a), .choices = "m_a br_limit",
     .above = true, .fallback = "tables/mu_to_e_a.csv",
     .meaning = "upper limits on BR(mu -> e a) against the mass in GeV"},
    {"inputs", "lep_afb", ALP_CONFIG_MEASUREMENT, MEMBER(inputs.lep_afb), RANGE(-1, 1),
     .fallback = "0.535 0.028",
     .meaning = "A_FB of muon pairs at LEP and its statistical uncertainty; (5.10)"},
    {"inputs", "lep_afb_systematic", ALP_CONFIG_NUMBER, MEMBER(inputs.lep_afb_systematic),
     RANGE(0, 1), .fallback = "0.004", .meaning = "systematic uncertainty of lep_afb; (5.10)"},
    {"inputs", "lep_afb_sm", ALP_CONFIG_NUMBER, MEMBER(inputs.lep_afb_sm), RANGE(-1, 1),
     .fallback = "0.552", .meaning = "lep_afb in the Standard Model; arXiv:1302.3415"},
    {"inputs", "lep_contact", ALP_CONFIG_NUMBER, MEMBER(inputs.lep_contact), .unit = "1/TeV",
     ABOVE(0, 1000), .fallback = "0.41",
     .meaning = "contact-interaction limit on sqrt(|y_V|^2+|y_A|^2)/m_a; (5.11)"},
    {"inputs", "lep_contact_m_a_min", ALP_CONFIG_NUMBER, MEMBER(inputs.lep_contact_m_a_min),
     .unit = "GeV", RANGE(0, 1e6), .fallback = "500",
     .meaning = "the ALP is decoupled, and the contact limit holds, from this mass up"},
    {"inputs", "z_mass", ALP_CONFIG_NUMBER, MEMBER(inputs.z_mass), .unit = "GeV", RANGE(1, 1e4),
     .fallback = "91.1876", .meaning = "mass of the Z"},
    {"inputs", "z_width", ALP_CONFIG_NUMBER, MEMBER(inputs.z_width), .unit = "GeV",
     RANGE(1e-6, 1e3), .fallback = "2.4952", .meaning = "width of the Z"},
    /* ---- belle2 ---- */
    {"belle2", "e_electron", ALP_CONFIG_NUMBER, MEMBER(belle2.e_electron), .unit = "GeV",
     RANGE(0.2, 1e4), .fallback = "7", .meaning = "energy of the electron beam"},
    {"belle2", "e_positron", ALP_CONFIG_NUMBER, MEMBER(belle2.e_positron), .unit = "GeV",
     RANGE(0.2, 1e4), .fallback = "4", .meaning = "energy of the positron beam, head-on"},
    {"belle2", "energy_spread", ALP_CONFIG_NUMBER, MEMBER(belle2.energy_spread), RANGE(0, 0.1),
     .fallback = "0",
     .meaning = "relative rms of the energy of each beam in the production of pairs, Gaussian; "
                "SuperKEKB: about 7e-4"},
    {"belle2", "alpha", ALP_CONFIG_NUMBER, MEMBER(belle2.alpha), RANGE(1e-4, 1),
     .fallback = "1/132", .meaning = "electromagnetic coupling of A_FB at sqrt_s"},
    {"belle2", "sqrt_s", ALP_CONFIG_NUMBER, MEMBER(belle2.sqrt_s), .unit = "GeV", RANGE(0.2, 1e4),
     .fallback = "10.58", .meaning = "centre-of-mass energy of A_FB alone; (5.6)"},
    {"belle2", "afb", ALP_CONFIG_CHOICE, MEMBER(belle2.afb), .choices = "full interference",
     .fallback = "full", .meaning = "shift of A_FB with the square of (B.8), or (5.7) as printed"},
    {"belle2", "afb_resolution", ALP_CONFIG_LIST, MEMBER(belle2.afb_resolution), ABOVE(0, 1),
     .fallback = "1e-4 1e-5", .meaning = "shifts of A_FB that could be seen, one flag each"},
    {"belle2", "luminosity", ALP_CONFIG_LIST, MEMBER(belle2.luminosity), .unit = "1/ab",
     ABOVE(0, 1e9), .fallback = "1 5 50",
     .meaning = "integrated luminosities of the search for pairs, one flag each"},
    {"belle2", "background", ALP_CONFIG_NUMBER, MEMBER(belle2.background), .unit = "events ab",
     RANGE(0, 1e12), .fallback = "0",
     .meaning = "expected background events per 1/ab; the median limit is a sawtooth in their "
                "number (at 95 %: 2.996 at 0, 2.306 at 0.69, 4.044 at 0.70), as counts are whole"},
    {"belle2", "observed", ALP_CONFIG_LIST, MEMBER(belle2.observed), RANGE(0, OBSERVED_MAX),
     .counts = true, .special = "none", .fallback = "none",
     .meaning = "events seen with each of the luminosities, for the limit that they set on pairs "
                "(belle2_pairs_observed) beside the expected one; none: no such flag"},
    {"belle2", "confidence", ALP_CONFIG_NUMBER, MEMBER(belle2.confidence), BETWEEN(0, 1),
     .fallback = "0.95", .meaning = "confidence level of the limits on pairs"},
    {"belle2", "discovery", ALP_CONFIG_NUMBER, MEMBER(belle2.discovery), .unit = "sigma",
     ABOVE(0, 10), .fallback = "5",
     .meaning =
         "one-sided significance of a discovery of pairs, reached by half of the experiments "
         "(events needed at 5 sigma: 0.693 over no background, one being enough then)"},
    {"belle2", "cuts", ALP_CONFIG_SWITCH, MEMBER(belle2.cuts), .fallback = "yes",
     .meaning = "the eight cuts below; no: the whole phase space"},
    {"belle2", "electron_theta_min", ALP_CONFIG_NUMBER, MEMBER(belle2.electron_theta_min),
     .unit = "deg", RANGE(0, 180), .fallback = "12",
     .meaning = "electrons: smallest angle to the e- beam in the laboratory; (5.2)"},
    {"belle2", "electron_theta_max", ALP_CONFIG_NUMBER, MEMBER(belle2.electron_theta_max),
     .unit = "deg", RANGE(0, 180), .fallback = "155", .meaning = "electrons: largest angle; (5.2)"},
    {"belle2", "muon_theta_min", ALP_CONFIG_NUMBER, MEMBER(belle2.muon_theta_min), .unit = "deg",
     RANGE(0, 180), .fallback = "25", .meaning = "muons: smallest angle; (5.3)"},
    {"belle2", "muon_theta_max", ALP_CONFIG_NUMBER, MEMBER(belle2.muon_theta_max), .unit = "deg",
     RANGE(0, 180), .fallback = "145", .meaning = "muons: largest angle; (5.3)"},
    {"belle2", "electron_p_min", ALP_CONFIG_NUMBER, MEMBER(belle2.electron_p_min), .unit = "GeV",
     RANGE(0, 1e4), .fallback = "0.02",
     .meaning = "electrons: smallest momentum in the laboratory; (5.2)"},
    {"belle2", "muon_p_min", ALP_CONFIG_NUMBER, MEMBER(belle2.muon_p_min), .unit = "GeV",
     RANGE(0, 1e4), .fallback = "0.6", .meaning = "muons: smallest momentum; (5.3)"},
    {"belle2", "efficiency", ALP_CONFIG_TABLE, MEMBER(belle2.efficiency),
     .choices = "p eff_e eff_mu", .special = "none", .fallback = "none",
     .meaning = "identification efficiencies against momentum in GeV; none: 1"},
    {"belle2", "os_background", ALP_CONFIG_TABLE, MEMBER(belle2.os_background), RANGE(0, 1e15),
     .choices = "m events", .special = "none", .fallback = "none",
     .meaning =
         "background of the opposite-sign search, events per GeV of m(e mu) and 1/ab against "
         "m in GeV; none: no search (docs/physics.md)"},
    {"belle2", "mass_resolution", ALP_CONFIG_NUMBER, MEMBER(belle2.mass_resolution),
     BETWEEN(0, 0.5), .fallback = "0.003",
     .meaning =
         "relative rms of a measured m(e mu): that of a momentum is 0.1 % p/GeV and 0.3 % in "
         "quadrature (arXiv:1808.10567), of the mass 1/sqrt(2) of it at equal momenta"},
    {"belle2", "os_window", ALP_CONFIG_NUMBER, MEMBER(belle2.os_window), ABOVE(0, 10),
     .fallback = "1.4",
     .meaning =
         "half-width of the window about m_a in units of that resolution; 1.4 is best over a "
         "large background"},
    /* ---- lep ---- */
    {"lep", "alpha", ALP_CONFIG_NUMBER, MEMBER(lep.alpha), RANGE(1e-4, 1), .fallback = "1/128",
     .meaning = "electromagnetic coupling of A_FB at LEP"},
    {"lep", "sin2_theta_w", ALP_CONFIG_NUMBER, MEMBER(lep.sin2_theta_w), RANGE(1e-3, 0.999),
     .fallback = "0.2312", .meaning = "sine squared of the weak mixing angle"},
    {"lep", "afb", ALP_CONFIG_CHOICE, MEMBER(lep.afb), .choices = "full interference",
     .fallback = "full", .meaning = "with the square of the ALP amplitude, or without"},
    {"lep", "sqrt_s", ALP_CONFIG_NUMBER, MEMBER(lep.sqrt_s), .unit = "GeV", RANGE(1, 1e5),
     .fallback = "207", .meaning = "centre-of-mass energy of lep_afb"},
    /* ---- montecarlo ---- */
    {"montecarlo", "method", ALP_CONFIG_CHOICE, MEMBER(montecarlo.method),
     .choices = "onshell full none", .fallback = "onshell",
     .meaning = "pairs by on-shell ALP production, by the full 2 -> 4 process, or no pairs"},
    {"montecarlo", "alpha", ALP_CONFIG_NUMBER, MEMBER(montecarlo.alpha), RANGE(1e-4, 1),
     .special = "running", .fallback = "1/137.035999",
     .meaning = "electromagnetic coupling of the pair production; running: at the virtuality of "
                "each photon (docs/systematics.md)"},
    {"montecarlo", "isr", ALP_CONFIG_CHOICE, MEMBER(montecarlo.isr), .choices = "none ll",
     .fallback = "none",
     .meaning = "initial-state radiation in the pair production: none, or electron structure "
                "functions in leading logarithms (docs/systematics.md)"},
    {"montecarlo", "masses", ALP_CONFIG_CHOICE, MEMBER(montecarlo.masses),
     .choices = "adaptive grid", .fallback = "adaptive",
     .meaning = "run as many masses as the precision asks for and interpolate between them, or run "
                "every mass of the grid"},
    {"montecarlo", "precision", ALP_CONFIG_NUMBER, MEMBER(montecarlo.precision), RANGE(1e-6, 0.5),
     .fallback = "1e-3",
     .meaning = "relative standard error asked for at every mass; the smallest number of batches "
                "reaches some 1e-3 or better, so that a larger one saves nothing"},
    {"montecarlo", "max_events", ALP_CONFIG_COUNT, MEMBER(montecarlo.max_events),
     RANGE(EVENTS_MIN, COUNT_MAX), .fallback = "100000000",
     .meaning = "phase-space points per mass after which it is given up; adaptation and the "
                "smallest number of batches take some 7e5 at every open mass, so that less would "
                "save nothing"},
    {"montecarlo", "seed", ALP_CONFIG_COUNT, MEMBER(montecarlo.seed), RANGE(0, COUNT_MAX),
     .fallback = "1", .meaning = "key of the random numbers"},
    /* ---- output ---- */
    {"output", "file", ALP_CONFIG_TEXT, MEMBER(output.file), .fallback = "",
     .meaning = "result file; empty: the last configuration's name with .h5"},
    {"output", "precision", ALP_CONFIG_CHOICE, MEMBER(output.precision),
     .choices = "float64 float32", .fallback = "float64",
     .meaning = "type of the observables; flags always come from float64"},
    {"output", "observables", ALP_CONFIG_NAMES, MEMBER(output.observables), .choices = "all none",
     .fallback = "all",
     .meaning = "observables to be stored; flags are always stored, none keeps them alone"},
    /* ---- run ---- */
    {"run", "chunk", ALP_CONFIG_CHUNK, MEMBER(run.chunk), RANGE(1, 1e8), .special = "auto",
     .fallback = "auto",
     .meaning = "points per chunk along m_a, y_V, y_A, at most 8388608 in all; an "
                "edge ends with its axis, and is 4096 at most along m_a"},
    {"run", "checkpoint", ALP_CONFIG_NUMBER, MEMBER(run.checkpoint), .unit = "s", RANGE(0, 1e5),
     .fallback = "5",
     .meaning =
         "time between two checkpoints, which is what a crash can cost; 0: after every chunk"},
    {"run", "time_limit", ALP_CONFIG_DURATION, MEMBER(run.time_limit), .unit = "s", RANGE(1, 1e9),
     .fallback = "auto",
     .meaning = "stop before so much time has passed, with everything saved and status 75; auto: "
                "the end of the SLURM job, where there is one"},
    {"run", "watchdog", ALP_CONFIG_NUMBER, MEMBER(run.watchdog), .unit = "s", RANGE(1, 1e9),
     .fallback = "600",
     .meaning = "end a run in which a rank has been silent for so long, a stuck disk included"},
    {"run", "alignment", ALP_CONFIG_COUNT, MEMBER(run.alignment), .unit = "bytes",
     RANGE(1, 1073741824), .fallback = "4096",
     .meaning = "maps begin at multiples of it in the file: the stripe of a parallel file system"},
    {"run", "hints", ALP_CONFIG_TEXT, MEMBER(run.hints), .fallback = "",
     .meaning = "NAME=VALUE ... for MPI when it creates the file, as striping_factor=16 "
                "striping_unit=4194304"},
};

size_t alp_config_key_count(void)
{
    return ALP_CONFIG_ROWS(keys);
}

const alp_config_key *alp_config_key_at(size_t index)
{
    return &keys[index];
}

int alp_config_key_find(const char *section, const char *name)
{
    for (size_t i = 0; i < ALP_CONFIG_ROWS(keys); i++)
        if (strcmp(keys[i].section, section) == 0 && strcmp(keys[i].name, name) == 0)
            return (int)i;
    return -1;
}

bool alp_config_section_known(const char *section)
{
    for (size_t i = 0; i < ALP_CONFIG_ROWS(keys); i++)
        if (strcmp(keys[i].section, section) == 0)
            return true;
    return false;
}
