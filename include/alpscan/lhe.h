/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_LHE_H
#define ALPSCAN_LHE_H

/**
 * Les Houches Event Files, version 3 (arXiv:hep-ph/0609017, arXiv:1405.1067; the numbers are those
 * of the accord, arXiv:hep-ph/0109068): the text, its compression, the file's place. No MPI, and no
 * physics but names and numbers of particles. docs/events.md describes the file.
 */

#include "alpscan/config.h"
#include "alpscan/error.h"
#include "alpscan/events.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Numbers of particles; the ALP's is beyond the Particle Data Group's, as models have it. For the
 *  complex scalar it is S, which decays to mu+ e-. */
enum { ALP_PDG_ELECTRON = 11, ALP_PDG_MUON = 13, ALP_PDG_PHOTON = 22, ALP_PDG_ALP = 9000005 };

/** A growing text. After a failed allocation `failed` is set and nothing more is added. */
typedef struct alp_lhe_text {
    char *bytes;
    size_t size, capacity;
    bool failed;
} alp_lhe_text;
void alp_lhe_text_free(alp_lhe_text *text);

enum { ALP_LHE_PROCESSES = 4 };

/** A process of the file. */
typedef struct alp_lhe_process {
    int number;          /**< LPRUP: alp_lhe_process_number */
    double sigma, error; /**< pb */
} alp_lhe_process;

/** LPRUP of an event: 1 and 2 for same-sign pairs, 3 and 4 for opposite-sign ones. */
int alp_lhe_process_number(int charge, bool opposite);

/** What the head of a file says. Events need config alone. */
typedef struct alp_lhe_run {
    const alp_config *config;
    double m_a, width; /**< GeV */
    double y_v, y_a, phase;
    double alpha; /**< of the production */
    uint64_t n_events;
    size_t n_processes;
    alp_lhe_process process[ALP_LHE_PROCESSES];
    double sigma, error;                 /**< pb, of all processes together */
    uint64_t n_points;                   /**< phase-space points that were tried */
    double efficiency;                   /**< events accepted over points tried */
    double maximum;                      /**< pb, the weight that is accepted with certainty */
    double sampled_sigma, sampled_error; /**< pb, from the weights of these points */
} alp_lhe_run;

/** Everything up to the first event, one event, and what follows the last. */
void alp_lhe_begin(const alp_lhe_run *run, alp_lhe_text *text);
void alp_lhe_event(const alp_lhe_run *run, const alp_event *event, alp_lhe_text *text);
void alp_lhe_end(alp_lhe_text *text);

/** Replaces a text by its gzip form (one member; members one after the other are one file). */
alp_status alp_lhe_compress(alp_lhe_text *text, alp_error *error);

/** True if the name ends in .gz. */
bool alp_lhe_is_compressed(const char *path);

/** A file being written: PATH.partial until it is complete. */
typedef struct alp_lhe_file alp_lhe_file;

/** Checks PATH and PATH.partial and changes nothing: they must not exist; with overwrite they may
 *  if they are event files. Links are not followed. ALP_IO. */
alp_status alp_lhe_check(const char *path, bool overwrite, alp_error *error);
/** Checks, and creates PATH.partial. */
alp_status alp_lhe_create(const char *path, bool overwrite, alp_lhe_file **file, alp_error *error);
alp_status alp_lhe_write(alp_lhe_file *file, const char *bytes, size_t size, alp_error *error);
/** Brings the file to the disk and gives it its name if complete, else removes it. Frees. */
alp_status alp_lhe_close(alp_lhe_file *file, bool complete, alp_error *error);

#endif
