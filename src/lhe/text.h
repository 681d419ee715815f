/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_LHE_TEXT_H
#define ALP_LHE_TEXT_H

#include "alpscan/lhe.h"

/** Adds in printf form. */
void alp_lhe_add(alp_lhe_text *text, const char *format, ...) ALP_PRINTF(2, 3);
/** Adds a text as content of an XML element. */
void alp_lhe_add_escaped(alp_lhe_text *text, const char *content);
/** Room for more bytes at the end; false without memory. */
bool alp_lhe_reserve(alp_lhe_text *text, size_t more);

#endif
