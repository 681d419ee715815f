/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hdf5_util.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REASON_SIZE = 512 };

/** Why the first call failed since the store was entered. Every call into HDF5 clears its error
 *  stack, cleaning up after a failure too, so the reason is taken down when it arises. */
static _Thread_local char first_reason[REASON_SIZE];

static herr_t take_innermost(unsigned n, const H5E_error2_t *entry, void *data)
{
    if (n == 0 && entry->desc != NULL) {
        char *reason = data;
        snprintf(reason, REASON_SIZE, "%s", entry->desc);
        for (char *c = strchr(reason, '\n'); c != NULL; c = strchr(c, '\n')) {
            *c = ' ';
        }
    }
    return 0;
}

static herr_t take_down(hid_t stack, void *unused)
{
    (void)unused;
    if (first_reason[0] == '\0') {
        H5Ewalk2(stack, H5E_WALK_UPWARD, take_innermost, first_reason);
    }
    return 0;
}

void alp_store_hdf5_quiet(void)
{
    H5Eset_auto2(H5E_DEFAULT, take_down, NULL);
    first_reason[0] = '\0';
}

alp_status alp_store_hdf5_failed(alp_error *error, const char *path, const char *format, ...)
{
    char what[REASON_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    alp_error_set(error, ALP_IO, "%s: %s%s%s", path, what, first_reason[0] != '\0' ? ": " : "",
                  first_reason);
    first_reason[0] = '\0';
    return ALP_IO;
}

hid_t alp_store_disk_type(alp_element element)
{
    switch (element) {
    case ALP_ELEMENT_F64:
        return H5T_IEEE_F64LE;
    case ALP_ELEMENT_F32:
        return H5T_IEEE_F32LE;
    case ALP_ELEMENT_U16:
        return H5T_STD_U16LE;
    case ALP_ELEMENT_U32:
        return H5T_STD_U32LE;
    case ALP_ELEMENT_U64:
        return H5T_STD_U64LE;
    case ALP_ELEMENT_U8:
        break;
    }
    return H5T_STD_U8LE;
}

hid_t alp_store_memory_type(alp_element element)
{
    switch (element) {
    case ALP_ELEMENT_F64:
        return H5T_NATIVE_DOUBLE;
    case ALP_ELEMENT_F32:
        return H5T_NATIVE_FLOAT;
    case ALP_ELEMENT_U16:
        return H5T_NATIVE_UINT16;
    case ALP_ELEMENT_U32:
        return H5T_NATIVE_UINT32;
    case ALP_ELEMENT_U64:
        return H5T_NATIVE_UINT64;
    case ALP_ELEMENT_U8:
        break;
    }
    return H5T_NATIVE_UINT8;
}

static const alp_element all_elements[] = {ALP_ELEMENT_F64, ALP_ELEMENT_F32, ALP_ELEMENT_U8,
                                           ALP_ELEMENT_U16, ALP_ELEMENT_U32, ALP_ELEMENT_U64};

bool alp_store_element_of(hid_t type, alp_element *element)
{
    for (size_t i = 0; i < sizeof all_elements / sizeof all_elements[0]; i++) {
        if (H5Tequal(type, alp_store_disk_type(all_elements[i])) > 0) {
            *element = all_elements[i];
            return true;
        }
    }
    return false;
}

const char *alp_store_element_name(alp_element element)
{
    switch (element) {
    case ALP_ELEMENT_F64:
        return "float64";
    case ALP_ELEMENT_F32:
        return "float32";
    case ALP_ELEMENT_U16:
        return "uint16";
    case ALP_ELEMENT_U32:
        return "uint32";
    case ALP_ELEMENT_U64:
        return "uint64";
    case ALP_ELEMENT_U8:
        break;
    }
    return "uint8";
}

/** Replaces an attribute by one of the given type and space, and writes it. */
static bool set_attribute(hid_t object, const char *name, hid_t disk_type, hid_t memory_type,
                          hid_t space, const void *values)
{
    if (H5Aexists(object, name) > 0 && H5Adelete(object, name) < 0) {
        return false;
    }
    hid_t attribute = H5Acreate2(object, name, disk_type, space, H5P_DEFAULT, H5P_DEFAULT);
    if (attribute < 0) {
        return false;
    }
    bool ok = H5Awrite(attribute, memory_type, values) >= 0;
    return (H5Aclose(attribute) >= 0) && ok;
}

static bool set_scalar(hid_t object, const char *name, hid_t disk_type, hid_t memory_type,
                       const void *value)
{
    hid_t space = H5Screate(H5S_SCALAR);
    bool ok = space >= 0 && set_attribute(object, name, disk_type, memory_type, space, value);
    H5Sclose(space);
    return ok;
}

static hid_t text_type(void)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
}

bool alp_store_set_text(hid_t object, const char *name, const char *text)
{
    hid_t type = text_type();
    bool ok = set_scalar(object, name, type, type, &text);
    H5Tclose(type);
    return ok;
}

bool alp_store_set_fixed_text(hid_t object, const char *name, const char *text)
{
    size_t size = strlen(text);
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, size > 0 ? size : 1);
    H5Tset_cset(type, H5T_CSET_UTF8);
    H5Tset_strpad(type, H5T_STR_NULLPAD);
    bool ok = set_scalar(object, name, type, type, text);
    H5Tclose(type);
    return ok;
}

static bool replace(hid_t object, const char *name, hid_t memory_type, const void *value)
{
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    if (attribute < 0) {
        return false;
    }
    bool ok = H5Awrite(attribute, memory_type, value) >= 0;
    return (H5Aclose(attribute) >= 0) && ok;
}

bool alp_store_replace_text(hid_t object, const char *name, const char *text)
{
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    if (attribute < 0) {
        return false;
    }
    hid_t type = H5Aget_type(attribute);
    size_t size = H5Tget_size(type);
    char *padded = calloc(size + 1, 1);
    bool ok = padded != NULL && strlen(text) <= size && H5Tis_variable_str(type) == 0;
    if (ok) {
        memcpy(padded, text, strlen(text));
        ok = H5Awrite(attribute, type, padded) >= 0;
    }
    free(padded);
    H5Tclose(type);
    return (H5Aclose(attribute) >= 0) && ok;
}

bool alp_store_replace_number(hid_t object, const char *name, double number)
{
    return replace(object, name, H5T_NATIVE_DOUBLE, &number);
}

bool alp_store_replace_integer(hid_t object, const char *name, int number)
{
    return replace(object, name, H5T_NATIVE_INT, &number);
}

bool alp_store_set_number(hid_t object, const char *name, double number)
{
    return set_scalar(object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &number);
}

bool alp_store_set_integer(hid_t object, const char *name, int number)
{
    return set_scalar(object, name, H5T_STD_I32LE, H5T_NATIVE_INT, &number);
}

bool alp_store_set_array(hid_t object, const char *name, alp_element element, size_t n,
                         const void *values)
{
    hsize_t size = n;
    hid_t space = H5Screate_simple(1, &size, NULL);
    bool ok = space >= 0 && set_attribute(object, name, alp_store_disk_type(element),
                                          alp_store_memory_type(element), space, values);
    H5Sclose(space);
    return ok;
}

static char *read_variable_text(hid_t attribute)
{
    hid_t type = text_type();
    char *held = NULL;
    char *copy = NULL;
    if (H5Aread(attribute, type, &held) >= 0 && held != NULL) {
        size_t size = strlen(held) + 1;
        copy = malloc(size);
        if (copy != NULL) {
            memcpy(copy, held, size);
        }
        H5free_memory(held);
    }
    H5Tclose(type);
    return copy;
}

static char *read_fixed_text(hid_t attribute, hid_t type)
{
    size_t size = H5Tget_size(type);
    char *copy = calloc(size + 1, 1);
    if (copy != NULL && H5Aread(attribute, type, copy) < 0) {
        free(copy);
        copy = NULL;
    }
    return copy;
}

/** Opens an attribute that holds exactly n elements (n = 1: a scalar too), or -1. */
static hid_t open_attribute(hid_t object, const char *name, size_t n)
{
    if (H5Aexists(object, name) <= 0) {
        return -1;
    }
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    hid_t space = H5Aget_space(attribute);
    bool fits = space >= 0 && H5Sget_simple_extent_npoints(space) == (hssize_t)n;
    H5Sclose(space);
    if (!fits) {
        H5Aclose(attribute);
        return -1;
    }
    return attribute;
}

char *alp_store_get_text(hid_t object, const char *name)
{
    hid_t attribute = open_attribute(object, name, 1);
    if (attribute < 0) {
        return NULL;
    }
    char *text = NULL;
    hid_t type = H5Aget_type(attribute);
    if (H5Tget_class(type) == H5T_STRING) {
        text = H5Tis_variable_str(type) > 0 ? read_variable_text(attribute)
                                            : read_fixed_text(attribute, type);
    }
    H5Tclose(type);
    H5Aclose(attribute);
    return text;
}

/** Reads n numbers (class H5T_INTEGER, or H5T_FLOAT as well where memory_type is a float). */
static bool get_numbers(hid_t object, const char *name, size_t n, hid_t memory_type, void *values)
{
    hid_t attribute = open_attribute(object, name, n);
    if (attribute < 0) {
        return false;
    }
    hid_t type = H5Aget_type(attribute);
    H5T_class_t class = H5Tget_class(type);
    bool fits = class == H5T_INTEGER || (class == H5T_FLOAT && class == H5Tget_class(memory_type));
    bool ok = fits && H5Aread(attribute, memory_type, values) >= 0;
    H5Tclose(type);
    H5Aclose(attribute);
    return ok;
}

bool alp_store_get_integer(hid_t object, const char *name, int *number)
{
    return get_numbers(object, name, 1, H5T_NATIVE_INT, number);
}

bool alp_store_get_number(hid_t object, const char *name, double *number)
{
    return get_numbers(object, name, 1, H5T_NATIVE_DOUBLE, number);
}

bool alp_store_get_array(hid_t object, const char *name, size_t n, uint64_t *values)
{
    return get_numbers(object, name, n, H5T_NATIVE_UINT64, values);
}
