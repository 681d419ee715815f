/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_COMMANDS_SHIFTS_H
#define ALPSCAN_COMMANDS_SHIFTS_H

/** The part of `alpscan cross-section --systematics` beyond the cross section. */

#include "alpscan/systematics.h"
#include "json.h"

/** Computes and prints the shifts at a mass: as an array "systematics" of the object at hand, or as
 *  lines of text where json is NULL. */
alp_status alp_shifts_print(const alp_config *config, double m_a, alp_json *json, alp_error *error);

#endif
