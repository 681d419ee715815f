/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_PARALLEL_GUARD_H
#define ALPSCAN_PARALLEL_GUARD_H

/**
 * A limit on the time of steps in which a scan waits for a disk or for all other ranks, and does
 * not look around: a step that takes longer ends the process, and with it the job, with a line that
 * names the step. While work is handed out the watchdog does that, see watch.h. Time in which the
 * process itself was stopped does not count. No MPI.
 */

/** Until here all that follows does nothing. resume_command: what to say about going on, which is
 *  copied; "": nothing. */
void alp_guard_prepare(const char *resume_command);
/** Who this is, for the line. */
void alp_guard_ranks(int rank, int size);
/** s from here on, at first the default of run.watchdog; 0: none. A step that has begun begins
 * anew.
 */
void alp_guard_limit(double seconds);

/** A step begins, and with it ends the one before. So many seconds more than the limit are no hang.
 *  what: "opening the file", a text that stays. */
void alp_guard_begin(const char *what, double seconds);
void alp_guard_end(void);

#endif
