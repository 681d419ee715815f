/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_ONSHELL_HELICITY_H
#define ALP_ONSHELL_HELICITY_H

/** Helicities and the mother of an on-shell event: alp_sampler_method of sampler.h. */

#include "sampler.h"

void alp_onshell_history(const alp_sampler *sampler, const alp_stream *stream, uint64_t point,
                         const alp_sample *sample, size_t i, int charge, bool opposite,
                         const double *u, alp_history *history);

#endif
