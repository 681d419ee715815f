/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_FULL_HISTORY_H
#define ALP_FULL_HISTORY_H

/** Helicities and mothers of an event of the full process: alp_sampler_method of sampler.h. */

#include "sampler.h"

void alp_full_history(const alp_sampler *sampler, const alp_stream *stream, uint64_t point,
                      const alp_sample *sample, size_t i, int charge, bool opposite,
                      const double *u, alp_history *history);

#endif
