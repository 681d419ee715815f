/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_EVENTS_H
#define ALPSCAN_EVENTS_H

/**
 * Unweighted events of e+e- -> mu mu e e. Pure: no MPI, no I/O, no globals.
 *
 * Events are made in numbered batches of a fixed number of points, which may be done anywhere and
 * in any order: batch b depends on the configuration, the mass, the couplings and b alone. A point
 * of weight w becomes an event with the probability w / maximum, all with weight one; the maximum
 * is the largest weight of all points that were looked at, so that none is cut off:
 *
 *     alp_events_create(...)
 *     maximum = the largest weight of the first ALP_EVENTS_SCAN_BATCHES batches
 *     repeat: survey batches 0, 1, ... with it until enough events are accepted;
 *             if a weight was larger, it is the maximum, and once more
 *     alp_events_make: the same batches, now with all momenta
 */

#include "alpscan/config.h"
#include "alpscan/error.h"
#include "alpscan/montecarlo.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Which decays of the ALP: the prompt muon's charge again, the opposite one, or both. The complex
 *  scalar has the opposite one alone. */
typedef enum alp_final_state { ALP_SAME_SIGN, ALP_OPPOSITE_SIGN, ALP_ALL_SIGNS } alp_final_state;

/** Points of a batch; batches whose largest weight is the first maximum. */
enum { ALP_EVENTS_BATCH = 16384, ALP_EVENTS_SCAN_BATCHES = 16 };

typedef struct alp_events_request {
    double m_a;      /**< GeV */
    double y_v, y_a; /**< not both 0 */
    double phase;    /**< rad, arg(y_V y_A*) */
    double width;    /**< GeV, total width of the ALP */
    alp_final_state final_state;
} alp_events_request;

/** Order of the outgoing leptons. The second muon and the second electron come from the first ALP
 * of the event, if it has one; the first ones from the second ALP, if it has two. */
enum { ALP_EVENT_MUON_1, ALP_EVENT_MUON_2, ALP_EVENT_ELECTRON_1, ALP_EVENT_ELECTRON_2 };
enum { ALP_EVENT_LEPTONS = 4, ALP_EVENT_ALPS = 2 };

/** Spins: e- and e+ of the beams, then the outgoing leptons in their order. */
enum { ALP_EVENT_SPINS = 2 + ALP_EVENT_LEPTONS };

typedef struct alp_event {
    double p[ALP_EVENT_LEPTONS][4]; /**< E, px, py, pz in the lab, GeV; the e- beam along +z */
    int n_alps;                     /**< ALPs in the event: one on shell, else 0 to 2 */
    double mass[ALP_EVENT_ALPS];    /**< GeV, of each */
    double c_tau[ALP_EVENT_ALPS];   /**< mm, proper lengths of flight */
    int spin[ALP_EVENT_SPINS];      /**< helicity in the lab, +1 or -1 */
    int charge;                     /**< 0: the first muon is a mu+; 1: a mu- */
    bool opposite;                  /**< the second muon has the other charge than the first */
    double beam[2];   /**< GeV, energies of e- and e+ before they radiate, spread included */
    double photon[2]; /**< GeV, of all that either radiates, along its beam; 0: nothing */
    double alpha;     /**< of a photon with the q^2 of what is left after radiation */
} alp_event;

typedef struct alp_events alp_events;

/** Some ms of work. setup must outlive it. ALP_USAGE, naming the mass, where nothing is open or no
 *  event passes. */
alp_status alp_events_create(const alp_mc_setup *setup, const alp_events_request *request,
                             alp_events **events, alp_error *error);
void alp_events_free(alp_events *events);

/** What a batch comes to; plain data, may be sent as bytes. */
typedef struct alp_events_tally {
    uint64_t accepted; /**< events */
    double largest;    /**< weight, fb; both charges */
    double sum;        /**< of weights, fb */
    double square;     /**< of their squares */
} alp_events_tally;
void alp_events_survey(const alp_events *events, double maximum, uint64_t batch,
                       alp_events_tally *tally);

/** The batch's events in order, at most ALP_EVENTS_BATCH; returns how many. */
size_t alp_events_make(const alp_events *events, double maximum, uint64_t batch, alp_event *list);

#endif
