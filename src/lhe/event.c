/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One event: its head and a line per particle. */
#include "text.h"

#include <math.h>
#include <string.h>

enum { INCOMING = -1, OUTGOING = 1, INTERMEDIATE = 2 };

/* SPINUP: a helicity. A scalar has none; 9 is the accord's "unknown". */
static const double spin_none = 0.0, spin_unknown = 9.0;

/* A line of the record; mothers by line, from 1. */
typedef struct line {
    int id, status, mother[2];
    double p[4], mass, c_tau, spin;
} line;

static void add_line(alp_lhe_text *text, const line *l)
{
    alp_lhe_add(text, "%9d %2d %2d %2d 0 0 %+.16e %+.16e %+.16e %.16e %.16e %.6e %.1f\n", l->id,
                l->status, l->mother[0], l->mother[1], l->p[1], l->p[2], l->p[3], l->p[0], l->mass,
                l->c_tau, l->spin);
}

static line beam(const alp_config *config, const alp_event *event, bool electron)
{
    const double m = config->inputs.electron_mass;
    const double e = event->beam[electron ? 0 : 1];
    const double p = sqrt((e - m) * (e + m));
    return (line){.id = electron ? ALP_PDG_ELECTRON : -ALP_PDG_ELECTRON,
                  .status = INCOMING,
                  .p = {e, 0.0, 0.0, electron ? p : -p},
                  .mass = m,
                  .spin = event->spin[electron ? 0 : 1]};
}

/* All that a beam, line 1 or 2, has radiated. */
static line photon(const alp_event *event, bool electron)
{
    const double e = event->photon[electron ? 0 : 1];
    const int mother = electron ? 1 : 2;
    return (line){.id = ALP_PDG_PHOTON,
                  .status = OUTGOING,
                  .mother = {mother, mother},
                  .p = {e, 0.0, 0.0, electron ? e : -e},
                  .spin = spin_unknown};
}

/* charge 0: mu+ and e-, so that particles and antiparticles are told from each other. */
static line lepton(const alp_config *config, const alp_event *event, int which, int charge)
{
    const bool muon = which == ALP_EVENT_MUON_1 || which == ALP_EVENT_MUON_2;
    const int id = muon ? -ALP_PDG_MUON : ALP_PDG_ELECTRON;
    line l = {.id = charge == 0 ? id : -id,
              .status = OUTGOING,
              .mother = {1, 2},
              .mass = muon ? config->inputs.muon_mass : config->inputs.electron_mass,
              .spin = event->spin[2 + which]};
    memcpy(l.p, event->p[which], sizeof l.p);
    return l;
}

/* The ALP is its own antiparticle; S goes with mu- e+, its antiparticle with mu+ e-. Its daughters
 * are the second pair of leptons, those of a second ALP the first. */
static line alp(const alp_lhe_run *run, const alp_event *event, int which)
{
    const bool anti = run->config->model.type == ALP_MODEL_COMPLEX_SCALAR && event->charge == 0;
    const int muon = which == 0 ? ALP_EVENT_MUON_2 : ALP_EVENT_MUON_1;
    const int electron = which == 0 ? ALP_EVENT_ELECTRON_2 : ALP_EVENT_ELECTRON_1;
    line l = {.id = anti ? -ALP_PDG_ALP : ALP_PDG_ALP,
              .status = INTERMEDIATE,
              .mother = {1, 2},
              .mass = event->mass[which],
              .c_tau = event->c_tau[which],
              .spin = spin_none};
    for (int k = 0; k < 4; k++)
        l.p[k] = event->p[muon][k] + event->p[electron][k];
    return l;
}

int alp_lhe_process_number(int charge, bool opposite)
{
    return 1 + charge + (opposite ? 2 : 0);
}

enum { LINES_MAX = 10 };

/* A muon and an electron with, in front of them, the ALP that they come from, if it is there. */
static int add_pair(const alp_lhe_run *run, const alp_event *event, int which, line *record, int n)
{
    const bool from_alp = which < event->n_alps;
    const int charge = which == 0 && event->opposite ? 1 - event->charge : event->charge;
    if (from_alp)
        record[n++] = alp(run, event, which);
    const int mother = n;
    record[n++] =
        lepton(run->config, event, which == 0 ? ALP_EVENT_MUON_2 : ALP_EVENT_MUON_1, charge);
    record[n++] = lepton(run->config, event,
                         which == 0 ? ALP_EVENT_ELECTRON_2 : ALP_EVENT_ELECTRON_1, charge);
    for (int i = mother; i < n && from_alp; i++)
        record[i].mother[0] = record[i].mother[1] = mother;
    return n;
}

void alp_lhe_event(const alp_lhe_run *run, const alp_event *event, alp_lhe_text *text)
{
    const alp_config *config = run->config;
    line record[LINES_MAX];
    int n = 0;
    record[n++] = beam(config, event, true);
    record[n++] = beam(config, event, false);
    n = add_pair(run, event, 1, record, n);
    n = add_pair(run, event, 0, record, n);
    for (int beams = 0; beams < 2; beams++)
        if (event->photon[beams] > 0.0)
            record[n++] = photon(event, beams == 0);

    const double e = record[0].p[0] + record[1].p[0] - event->photon[0] - event->photon[1];
    const double z = record[0].p[3] + record[1].p[3] - event->photon[0] + event->photon[1];
    alp_lhe_add(text, "<event>\n%d %d %+.7e %.16e %.16e %.7e\n", n,
                alp_lhe_process_number(event->charge, event->opposite), 1.0,
                sqrt((e - z) * (e + z)), event->alpha, 0.0);
    for (int i = 0; i < n; i++)
        add_line(text, &record[i]);
    alp_lhe_add(text, "</event>\n");
}
