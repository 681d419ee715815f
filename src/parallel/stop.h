/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_PARALLEL_STOP_H
#define ALPSCAN_PARALLEL_STOP_H

/** Why a run is to stop in order: a signal, or the time that it has. No MPI. */

#include "alpscan/config.h"

/** From here on SIGUSR1, SIGTERM, SIGINT and, unless it is ignored already, SIGHUP ask for an
 * orderly stop; a second SIGINT ends the process at once. A write beyond a limit on file sizes is
 * an error, no signal, and one to a pipe that nobody reads. It stays so to the end of the process:
 * a signal that comes when all is saved must not turn success into failure. */
void alp_stop_listen(void);

/** The first of these signals that has come, or 0. */
int alp_stop_signal(void);
/** Its name: "SIGTERM". */
const char *alp_stop_signal_name(int signal);

/** When an orderly stop must begin, on alp_clock(): run.time_limit after start, or before the end
 *  of the SLURM job, with a margin for the stop itself; infinite where there is no limit. */
double alp_stop_deadline(const alp_config *config, double start);

#endif
