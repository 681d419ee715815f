/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "edits.h"

#include "alpscan/dataset.h"
#include "fuzz.h"
#include "store/hdf5_util.h"

#include <fcntl.h>
#include <hdf5.h>
#include <hdf5_hl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const objects[] = {"/",
                                      "m_a",
                                      "y_V",
                                      "y_A",
                                      "a_e",
                                      "width",
                                      "excluded",
                                      "montecarlo",
                                      "montecarlo/sigma_hat",
                                      "montecarlo/events",
                                      "montecarlo/state",
                                      "run",
                                      "run/tile_state",
                                      "run/chunk",
                                      "run/texts",
                                      "run/mass_seconds",
                                      "run/montecarlo_rows",
                                      "run/montecarlo_state"};
static const char *const attributes[] = {
    "file_format",   "complete", "chunk_shape",    "chunk_counts",   "flag_masks",
    "flag_meanings", "units",    "long_name",      "configuration",  "title",
    "CLASS",         "NAME",     "DIMENSION_LIST", "REFERENCE_LIST", "seed"};
static const char *const words[] = {"",          "alpscan 1",           "alpscan 2",
                                    "alpscan 3", "a b c d e f g h i j", "m_a",
                                    "y_A",       "\x1b[2J\x80\xff",     "a\nb"};

#define PICK(table, index) ((table)[(index) % (sizeof(table) / sizeof *(table))])

/** Numbers that code tends not to expect. */
static uint64_t number_of(const fuzz_edit *e)
{
    static const uint64_t odd[] = {0,       1,          2,         UINT64_MAX, UINT64_C(1) << 63,
                                   1 << 16, UINT32_MAX, INT64_MAX, 3,          4};
    return e->small < 128 ? PICK(odd, e->small) : e->value;
}

static hid_t open_object(hid_t file, const fuzz_edit *e)
{
    return H5Oopen(file, PICK(objects, e->where), H5P_DEFAULT);
}

static void put_text(hid_t object, const fuzz_edit *e)
{
    (void)alp_store_set_text(object, PICK(attributes, e->which), PICK(words, e->small));
}

static void put_number(hid_t object, const fuzz_edit *e)
{
    (void)alp_store_set_integer(object, PICK(attributes, e->which), (int)number_of(e));
}

static void put_array(hid_t object, const fuzz_edit *e)
{
    enum { MANY = 64 };
    uint64_t value[MANY];
    for (size_t i = 0; i < MANY; i++)
        value[i] = i == e->small % 4U ? number_of(e) : 1 + (e->value >> 4 & 7);
    (void)alp_store_set_array(object, PICK(attributes, e->which), ALP_ELEMENT_U64, e->value % MANY,
                              value);
}

static void edit_attribute(hid_t file, const fuzz_edit *e)
{
    hid_t object = open_object(file, e);
    if (object < 0)
        return;
    switch (e->what >> 3 & 3) {
    case 0:
        put_text(object, e);
        break;
    case 1:
        put_number(object, e);
        break;
    case 2:
        put_array(object, e);
        break;
    default:
        (void)H5Adelete(object, PICK(attributes, e->which));
    }
    H5Oclose(object);
}

static void edit_link(hid_t file, const fuzz_edit *e)
{
    const char *from = PICK(objects, e->where);
    const char *to = PICK(objects, e->which);
    switch ((e->what >> 3) % 5) {
    case 0:
        (void)H5Ldelete(file, from, H5P_DEFAULT);
        break;
    case 1:
        (void)H5Lmove(file, from, file, to, H5P_DEFAULT, H5P_DEFAULT);
        break;
    case 2:
        (void)H5Lcreate_hard(file, from, file, e->small % 2 ? to : "montecarlo/loop", H5P_DEFAULT,
                             H5P_DEFAULT);
        break;
    case 3:
        (void)H5Lcreate_soft(from, file, to, H5P_DEFAULT, H5P_DEFAULT);
        break;
    default:
        (void)H5Lcreate_external("/nowhere.h5", from, file, to, H5P_DEFAULT, H5P_DEFAULT);
    }
}

/** Another dataset in the place of one: of any rank, small, huge or empty; chunked or not. */
static void edit_dataset(hid_t file, const fuzz_edit *e)
{
    const char *name = PICK(objects, e->where);
    const hid_t types[] = {H5T_IEEE_F64LE, H5T_IEEE_F32LE, H5T_STD_U8LE,  H5T_STD_U16LE,
                           H5T_STD_U32LE,  H5T_STD_U64LE,  H5T_STD_I32BE, H5T_C_S1};
    enum { RANKS = 6 };
    hsize_t n[RANKS] = {7, 1, 10, 2, 1, 1};
    hsize_t chunk[RANKS] = {3, 1, 4, 1, 1, 1};
    int rank = (int)(e->value % RANKS);
    n[e->small % 3] = e->small % 5 == 0 ? number_of(e) >> 1 : e->value >> 8 & 31;
    (void)H5Ldelete(file, name, H5P_DEFAULT);
    hid_t space = rank == 0 ? H5Screate(e->value & 64 ? H5S_NULL : H5S_SCALAR)
                            : H5Screate_simple(rank, n, NULL);
    hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    if (rank > 0 && (e->value & 128) != 0)
        (void)H5Pset_chunk(creation, rank, chunk);
    hid_t dataset = space < 0 ? -1
                              : H5Dcreate2(file, name, PICK(types, e->which), space, H5P_DEFAULT,
                                           creation, H5P_DEFAULT);
    if (dataset >= 0) {
        if ((e->value & 256) != 0)
            (void)H5DSset_scale(dataset, name);
        H5Dclose(dataset);
    }
    H5Pclose(creation);
    if (space >= 0)
        H5Sclose(space);
}

/** One value of a dataset. */
static void edit_value(hid_t file, const fuzz_edit *e)
{
    hid_t dataset = H5Dopen2(file, PICK(objects, e->where), H5P_DEFAULT);
    if (dataset < 0)
        return;
    hid_t space = H5Dget_space(dataset);
    int rank = H5Sget_simple_extent_ndims(space);
    hsize_t n[ALP_MAX_DIMENSIONS] = {0};
    hsize_t at[ALP_MAX_DIMENSIONS] = {0};
    double odd[] = {NAN, INFINITY, -INFINITY, 0, -1, 255, 1e308, 2};
    double value = PICK(odd, e->small);
    if (rank > 0 && rank <= ALP_MAX_DIMENSIONS && H5Sget_simple_extent_dims(space, n, NULL) > 0) {
        for (int i = 0; i < rank; i++)
            at[i] = n[i] > 0 ? e->value % n[i] : 0;
        hid_t memory = H5Screate(H5S_SCALAR);
        if (H5Sselect_elements(space, H5S_SELECT_SET, 1, at) >= 0)
            (void)H5Dwrite(dataset, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, &value);
        H5Sclose(memory);
    }
    H5Sclose(space);
    H5Dclose(dataset);
}

void fuzz_edit_structure(const char *path, const fuzz_edit *edits, size_t n)
{
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_libver_bounds(access, H5F_LIBVER_V110, H5F_LIBVER_V110);
    H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, access);
    H5Pclose(access);
    FUZZ_REQUIRE(file >= 0);
    for (size_t i = 0; i < n; i++) {
        const fuzz_edit *e = &edits[i];
        switch (e->what & 7) {
        case 0:
        case 1:
            edit_attribute(file, e);
            break;
        case 2:
            edit_link(file, e);
            break;
        case 3:
            edit_dataset(file, e);
            break;
        case 4:
            edit_value(file, e);
            break;
        default:
            break;
        }
    }
    H5Fclose(file);
}

/** The 16 bytes before and the 4 KiB behind the signature of a global heap. */
static bool in_heap(int descriptor, off_t at)
{
    enum { BEHIND = 4096 + 16, SIGNATURE = 4 };
    char window[BEHIND];
    off_t first = at > BEHIND ? at - BEHIND : 0;
    ssize_t n = pread(descriptor, window, sizeof window, first);
    for (ssize_t i = 0; i + SIGNATURE <= n; i++)
        if (memcmp(window + i, "GCOL", SIGNATURE) == 0)
            return true;
    return false;
}

void fuzz_edit_bytes(const char *path, const fuzz_edit *edits, size_t n)
{
    int descriptor = open(path, O_RDWR | O_CLOEXEC);
    struct stat about;
    FUZZ_REQUIRE(descriptor >= 0 && fstat(descriptor, &about) == 0);
    for (size_t i = 0; i < n; i++) {
        const fuzz_edit *e = &edits[i];
        off_t at = (off_t)(e->value % (uint64_t)(about.st_size + 1));
        if ((e->what & 7) == 6 && !in_heap(descriptor, at))
            FUZZ_REQUIRE(pwrite(descriptor, &e->small, 1, at) == 1);
        else if ((e->what & 7) == 7)
            FUZZ_REQUIRE(ftruncate(descriptor, at) == 0);
    }
    close(descriptor);
}
