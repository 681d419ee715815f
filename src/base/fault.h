/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_BASE_FAULT_H
#define ALPSCAN_BASE_FAULT_H

#include <stdbool.h>

/**
 * A place where a test may let something go wrong. The environment variable
 *     ALPSCAN_FAULT = ACTION@PLACE[:N][%RANK]
 * or up to four of them with commas, does ACTION when PLACE is passed for the Nth time (1) by the
 * process of that rank (any): `kill` and `stop` send the process SIGKILL or SIGSTOP; `fail` makes
 * this return true, for the caller to fail; `sleep=MS` waits that long, from the Nth time on at
 * every pass, `jitter=MS` a random time up to that. The places are listed in docs/durability.md.
 * Without the variable it costs a comparison or two.
 */
bool alp_fault(const char *place);

#endif
