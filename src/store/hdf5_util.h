/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_STORE_HDF5_UTIL_H
#define ALPSCAN_STORE_HDF5_UTIL_H

/** HDF5 in small checked pieces. Why a call failed is kept for alp_store_hdf5_failed(). */

#ifndef H5_USE_110_API
#define H5_USE_110_API 1
#endif
#include <hdf5.h>
#include <hdf5_hl.h>

#include "alpscan/dataset.h"
#include "alpscan/error.h"

#include <stdbool.h>
#include <stddef.h>

/** HDF5 keeps its errors to itself, forgets earlier ones. Every public function of the store begins
 *  with it. */
void alp_store_hdf5_quiet(void);

/** Sets "PATH: what: innermost text of HDF5's first error" with ALP_IO and returns it. */
alp_status alp_store_hdf5_failed(alp_error *error, const char *path, const char *format, ...)
    ALP_PRINTF(3, 4);

/** Types on disk (little-endian) and in memory (native); not to be closed. */
hid_t alp_store_disk_type(alp_element element);
hid_t alp_store_memory_type(alp_element element);
/** The element of a type on disk; false if it is none of ours. */
bool alp_store_element_of(hid_t type, alp_element *element);
/** "float64", "uint8", ... */
const char *alp_store_element_name(alp_element element);

/** Attributes; one that exists already is replaced. Texts are UTF-8 of variable length, so that
 *  neither the 64 KiB limit of attributes nor readers in Python get in the way. */
bool alp_store_set_text(hid_t object, const char *name, const char *text);
/** A text of fixed length: one no longer than it replaces it in place. */
bool alp_store_set_fixed_text(hid_t object, const char *name, const char *text);
/** Puts another value into an attribute made by set_fixed_text, set_number or set_integer, where it
 *  stands: the structure of the file stays as it is. */
bool alp_store_replace_text(hid_t object, const char *name, const char *text);
bool alp_store_replace_number(hid_t object, const char *name, double number);
bool alp_store_replace_integer(hid_t object, const char *name, int number);
bool alp_store_set_number(hid_t object, const char *name, double number);
bool alp_store_set_integer(hid_t object, const char *name, int number);
bool alp_store_set_array(hid_t object, const char *name, alp_element element, size_t n,
                         const void *values);

/** Text of an attribute of either kind of string, or NULL if there is none. The caller frees. */
char *alp_store_get_text(hid_t object, const char *name);
bool alp_store_get_integer(hid_t object, const char *name, int *number);
bool alp_store_get_number(hid_t object, const char *name, double *number);
/** Exactly n unsigned numbers. */
bool alp_store_get_array(hid_t object, const char *name, size_t n, uint64_t *values);

#endif
