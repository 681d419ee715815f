/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_ONSHELL_HELICITY_H
#define ALP_ONSHELL_HELICITY_H

/** Helicities of an on-shell event: alp_sampler_method of sampler.h. */

#include "sampler.h"

void alp_onshell_helicities(const alp_sampler *sampler, const alp_sample *sample, size_t i,
                            int charge, bool opposite, const double *u, int *spin);

#endif
