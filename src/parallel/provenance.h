/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_PARALLEL_PROVENANCE_H
#define ALPSCAN_PARALLEL_PROVENANCE_H

/** How a file was made: root attributes, and the texts kept under /run. */

#include "alpscan/config.h"
#include "alpscan/dataset.h"
#include "alpscan/error.h"

typedef struct alp_provenance {
    alp_attribute *attribute;
    size_t n_attributes;
    alp_text *text;
    size_t n_texts;
    char *owned[8];    /**< strings made for it */
    char (*names)[64]; /**< names of the texts */
} alp_provenance;

alp_status alp_provenance_create(const alp_config *config, const char *command,
                                 const char *resume_command, alp_provenance *provenance,
                                 alp_error *error);
void alp_provenance_free(alp_provenance *provenance);

/** The time now in UTC as ISO 8601; buffer of at least 32. */
void alp_provenance_date(char *text, size_t size);

#endif
