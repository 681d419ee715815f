/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands before the events: how they were made, the model, cross sections. */
#include "alpscan/version.h"
#include "text.h"

#include <stdlib.h>

/* IDWTUP of the accord: unweighted, every event with weight +1. */
enum { UNWEIGHTED = 3 };

static bool is_complex(const alp_lhe_run *run)
{
    return run->config->model.type == ALP_MODEL_COMPLEX_SCALAR;
}

static bool is_full(const alp_lhe_run *run)
{
    return run->config->montecarlo.method == ALP_MC_METHOD_FULL;
}

static const char *process_name(const alp_lhe_run *run, int number)
{
    static const char *const full[] = {"e- e+ to mu+ mu+ e- e-", "e- e+ to mu- mu- e+ e+"};
    static const char *const name[ALP_LHE_PROCESSES] = {
        "e- e+ to mu+ e- a, a to mu+ e-", "e- e+ to mu- e+ a, a to mu- e+",
        "e- e+ to mu+ e- a, a to mu- e+", "e- e+ to mu- e+ a, a to mu+ e-"};
    return is_full(run) ? full[number - 1] : name[number - 1];
}

static void add_comment(const alp_lhe_run *run, alp_lhe_text *text)
{
    const bool radiates = run->config->montecarlo.isr == ALP_ISR_LL;
    alp_lhe_add(text,
                "<!--\n"
                "Events of e+e- to mu mu e e by %s with e-mu couplings, arXiv:2002.05948.\n"
                "Lab frame, the electron beam along +z; all events have weight 1.\n"
                "Particle %d is the %s. Momenta in GeV, lengths in mm, cross sections in pb.\n"
                "%s-->\n",
                is_complex(run) ? "a complex scalar" : "an ALP", ALP_PDG_ALP,
                is_complex(run) ? "complex scalar S, S to mu+ e-" : "ALP",
                radiates ? "Photons are all that a beam has radiated, along it.\n" : "");
}

/* What beams and couplings are if not the default: their keys' names and values. */
static void add_choices(const alp_config *config, alp_lhe_text *text)
{
    if (config->montecarlo.isr == ALP_ISR_LL)
        alp_lhe_add(text, "isr ll\n");
    if (config->belle2.energy_spread > 0.0)
        alp_lhe_add(text, "energy_spread %.17g\n", config->belle2.energy_spread);
    if (config->montecarlo.alpha == ALP_ALPHA_RUNNING)
        alp_lhe_add(text, "alpha running\n");
}

static void add_numbers(const alp_lhe_run *run, alp_lhe_text *text)
{
    const alp_config *config = run->config;
    alp_lhe_add(text, "<alpscan>\nversion %s (%s)\n", alp_version, alp_git_revision);
    alp_lhe_add(
        text, "method %s\nm_a %.17g GeV\ny_V %.17g\ny_A %.17g\nphase %.17g rad\nwidth %.17g GeV\n",
        is_full(run) ? "full" : "onshell", run->m_a, run->y_v, run->y_a, run->phase, run->width);
    alp_lhe_add(text, "model %s\nseed %llu\ncuts %s\n", is_complex(run) ? "complex_scalar" : "alp",
                (unsigned long long)config->montecarlo.seed, config->belle2.cuts ? "yes" : "no");
    add_choices(config, text);
    alp_lhe_add(text, "efficiencies ");
    alp_lhe_add_escaped(
        text, config->belle2.efficiency.csv.path == NULL ? "none" : config->belle2.efficiency.name);
    alp_lhe_add(text,
                "\nevents %llu\npoints_tried %llu\nunweighting_efficiency %.6g\n"
                "maximum_weight %.10e pb\nevents_above_maximum 0\n"
                "cross_section %.10e +- %.3e pb\ncross_section_of_these_points %.10e +- %.3e pb\n"
                "</alpscan>\n",
                (unsigned long long)run->n_events, (unsigned long long)run->n_points,
                run->efficiency, run->maximum, run->sigma, run->error, run->sampled_sigma,
                run->sampled_error);
}

/* arXiv:hep-ph/0311123, and arXiv:0712.3311 for QNUMBERS. */
static void add_slha(const alp_lhe_run *run, alp_lhe_text *text)
{
    const bool complex = is_complex(run);
    const alp_config *config = run->config;
    alp_lhe_add(text,
                "<slha>\n"
                "BLOCK QNUMBERS %d # %s\n"
                "    1  0  # 3 times electric charge\n"
                "    2  1  # number of spin states\n"
                "    3  1  # colour: singlet\n"
                "    4  %d  # 1: has an antiparticle\n",
                ALP_PDG_ALP, complex ? "S" : "a", complex ? 1 : 0);
    alp_lhe_add(text,
                "BLOCK MASS\n    %d %.17g # electron\n    %d %.17g # muon\n    %d %.17g # %s\n",
                ALP_PDG_ELECTRON, config->inputs.electron_mass, ALP_PDG_MUON,
                config->inputs.muon_mass, ALP_PDG_ALP, run->m_a, complex ? "S" : "ALP");
    alp_lhe_add(text,
                "BLOCK ALPCOUPLINGS # (2.5) of arXiv:2002.05948\n    1 %.17g # y_V\n"
                "    2 %.17g # y_A\n    3 %.17g # alpha of the production\n"
                "    4 %.17g # phase of y_V y_A*\n",
                run->y_v, run->y_a, run->alpha, run->phase);
    alp_lhe_add(text, "DECAY %d %.17g # GeV\n", ALP_PDG_ALP, run->width);
    alp_lhe_add(text, "    %.1f 2 %d %d\n", complex ? 1.0 : 0.5, -ALP_PDG_MUON, ALP_PDG_ELECTRON);
    if (!complex)
        alp_lhe_add(text, "    0.5 2 %d %d\n", ALP_PDG_MUON, -ALP_PDG_ELECTRON);
    alp_lhe_add(text, "</slha>\n");
}

static void add_cut(alp_lhe_text *text, int id, const char *type, double low, double high)
{
    for (int sign = 1; sign >= -1; sign -= 2)
        alp_lhe_add(text, "<cut p1=\"%d\" type=\"%s\">%.17g %.17g</cut>\n", sign * id, type, low,
                    high);
}

static void add_p_cut(const alp_config *config, alp_lhe_text *text, int id, double low)
{
    if (config->belle2.energy_spread > 0.0) /* of which there is no end: the lower bound alone */
        for (int sign = 1; sign >= -1; sign -= 2)
            alp_lhe_add(text, "<cut p1=\"%d\" type=\"p\">%.17g</cut>\n", sign * id, low);
    else
        add_cut(text, id, "p", low, config->belle2.e_electron + config->belle2.e_positron);
}

/* theta: the angle to the e- beam in degrees, p: the momentum, both in the lab. */
static void add_cuts(const alp_config *config, alp_lhe_text *text)
{
    if (!config->belle2.cuts)
        return;
    alp_lhe_add(text, "<cutsinfo>\n");
    add_cut(text, ALP_PDG_ELECTRON, "theta", config->belle2.electron_theta_min,
            config->belle2.electron_theta_max);
    add_p_cut(config, text, ALP_PDG_ELECTRON, config->belle2.electron_p_min);
    add_cut(text, ALP_PDG_MUON, "theta", config->belle2.muon_theta_min,
            config->belle2.muon_theta_max);
    add_p_cut(config, text, ALP_PDG_MUON, config->belle2.muon_p_min);
    alp_lhe_add(text, "</cutsinfo>\n");
}

static void add_init(const alp_lhe_run *run, alp_lhe_text *text)
{
    const alp_config *config = run->config;
    alp_lhe_add(text, "<init>\n%d %d %.16e %.16e 0 0 0 0 %d %zu\n", ALP_PDG_ELECTRON,
                -ALP_PDG_ELECTRON, config->belle2.e_electron, config->belle2.e_positron, UNWEIGHTED,
                run->n_processes);
    for (size_t i = 0; i < run->n_processes; i++)
        alp_lhe_add(text, "%.10e %.10e %.10e %d\n", run->process[i].sigma, run->process[i].error,
                    1.0, run->process[i].number);
    alp_lhe_add(text, "<generator name=\"alpscan\" version=\"%s\">arXiv:2002.05948</generator>\n",
                alp_version);
    alp_lhe_add(text,
                "<xsecinfo neve=\"%llu\" totxsec=\"%.10e\" maxweight=\"1\" meanweight=\"1\" "
                "negweights=\"no\" varweights=\"no\"/>\n",
                (unsigned long long)run->n_events, run->sigma);
    add_cuts(config, text);
    for (size_t i = 0; i < run->n_processes; i++)
        alp_lhe_add(text, "<procinfo iproc=\"%d\" loops=\"0\" qcdorder=\"0\">%s</procinfo>\n",
                    run->process[i].number, process_name(run, run->process[i].number));
    alp_lhe_add(text, "</init>\n");
}

void alp_lhe_begin(const alp_lhe_run *run, alp_lhe_text *text)
{
    char *configuration = alp_config_effective(run->config);
    if (configuration == NULL) {
        text->failed = true;
        return;
    }
    alp_lhe_add(text, "<LesHouchesEvents version=\"3.0\">\n");
    add_comment(run, text);
    alp_lhe_add(text, "<header>\n");
    add_numbers(run, text);
    alp_lhe_add(text, "<configuration>\n");
    alp_lhe_add_escaped(text, configuration);
    alp_lhe_add(text, "</configuration>\n");
    add_slha(run, text);
    alp_lhe_add(text, "</header>\n");
    add_init(run, text);
    free(configuration);
}

void alp_lhe_end(alp_lhe_text *text)
{
    alp_lhe_add(text, "</LesHouchesEvents>\n");
}
