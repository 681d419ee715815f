/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_STORE_PARTS_H
#define ALPSCAN_STORE_PARTS_H

/** What joining the parts of a grid shares. Serial but for alp_parts_merge(). */

#include "internal.h"
#include "reader.h"

/** Root attribute of a merged file as of any other, s. */
#define ALP_STORE_WALL_TIME "wall_time"

/** A text under /run/texts. */
typedef struct alp_store_part_text {
    char *source, *text;
    bool table; /**< of a key of the configuration, which is the source up to the ':' */
} alp_store_part_text;

/** One open result and where it lies in the whole grid. */
typedef struct alp_store_part {
    alp_store_reader reader;
    alp_slab slab;   /**< a file that is no part is a slab of itself, 1 of 1 */
    char *slab_name; /**< "2/7" */
    size_t end;      /**< slab.first + points along the axis that is cut */
    size_t n_texts;
    alp_store_part_text *text;
} alp_store_part;

struct alp_parts {
    size_t n;
    alp_store_part *part;
    size_t n_owned, owned_capacity;
    void **owned; /**< memory handed out, or used by the layout of the whole */
};

/** The axis that is cut. */
const alp_store_axis *alp_parts_axis(const alp_store_part *part);

/** Whether other has the same datasets as first, and the same axes but for the one that is cut;
 *  else a message for each difference. */
void alp_parts_compare_form(const alp_store_part *first, const alp_store_part *other,
                            alp_messages *mistakes);

/** Tables that do not run along the axis that is cut must have the same values in both. */
alp_status alp_parts_compare_tables(const alp_store_part *first, const alp_store_part *other,
                                    alp_messages *mistakes);

/** Texts of tables on which results depend. */
void alp_parts_compare_texts(const alp_store_part *first, const alp_store_part *other,
                             alp_messages *mistakes);

/** The layout of the whole grid; its arrays are freed by alp_parts_layout_free(), its strings live
 *  with the parts. */
alp_status alp_parts_layout(alp_parts *parts, alp_layout *layout, alp_error *error);
void alp_parts_layout_free(alp_layout *layout);

/** What the merged file says about the runs that made its parts. */
typedef struct alp_parts_record {
    alp_attribute *attribute; /**< of the root: what all parts have alike */
    size_t n_attributes;
    alp_record *record; /**< /run/parts/..., /run/seconds_... */
    size_t n_records;
    alp_text_record *text_record;
    size_t n_text_records;
    alp_text *text; /**< each once */
    size_t n_texts;
} alp_parts_record;

/** own: attributes that the merged file has of its own. */
alp_status alp_parts_record_create(alp_parts *parts, const alp_attribute *own, size_t n_own,
                                   alp_parts_record *record, alp_error *error);
void alp_parts_record_free(alp_parts_record *record);

#endif
