/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Readers of result files. The input is a list of edits, 8 bytes each, of a small file of ours:
 * links and attributes removed, replaced or renamed, datasets of another shape or type, values
 * changed, the file cut short, single bytes overwritten. Whatever comes out is read by everything
 * that reads: a new reader is one line in the table below.
 *
 * Bytes are overwritten where checksums protect them (metadata of the format's newer version) and
 * in raw data; the global heap, where texts of variable length stand, has none and belongs to HDF5.
 */
#include "fuzz.h"

#include "../store/test_file.h"
#include "store/hdf5_util.h"

#include <fcntl.h>
#include <hdf5.h>
#include <hdf5_hl.h>
#include <sanitizer/lsan_interface.h>
#include <sys/stat.h>

typedef struct edit {
    uint8_t what, where, which, small;
    uint32_t value;
} edit;

static unsigned char *original[2]; /**< a complete file and a partial one */
static size_t original_size[2];
static char intact[TEST_PATH]; /**< the complete one, on disk, to be compared with */

/* ---- What reads ---- */

static FILE *sink;

static alp_status read_info(const char *path, alp_error *error)
{
    return alp_store_print_info(path, sink, error);
}

static alp_status read_configuration(const char *path, alp_error *error)
{
    return alp_store_print_attribute(path, "configuration", sink, error);
}

static alp_status read_all(const char *path, alp_error *error)
{
    return alp_store_export(path, NULL, 0, true, sink, error);
}

static alp_status read_slice(const char *path, alp_error *error)
{
    static const alp_slice slice = {"m_a", 0.1};
    return alp_store_export(path, &slice, 1, false, sink, error);
}

static alp_status read_difference(const char *path, alp_error *error)
{
    bool same;
    return alp_store_diff(path, intact, true, sink, &same, error);
}

static alp_status read_difference_back(const char *path, alp_error *error)
{
    bool same;
    return alp_store_diff(intact, path, false, sink, &same, error);
}

/** As the target of a new run. */
static alp_status check_as_output(const char *path, alp_error *error)
{
    static test_file t;
    if (t.layout.n_dimensions == 0) {
        test_setup(&t, 3);
        FUZZ_REQUIRE(rmdir(t.folder) == 0);
    }
    return alp_store_check(path, &t.layout, true, error);
}

typedef alp_status reader(const char *path, alp_error *error);

static reader *const readers[] = {read_info,       read_configuration,   read_all,       read_slice,
                                  read_difference, read_difference_back, check_as_output};

/* ---- The file ---- */

static void load(const char *path, int which)
{
    FILE *stream = fopen(path, "rb");
    struct stat about;
    FUZZ_REQUIRE(stream != NULL && stat(path, &about) == 0);
    original_size[which] = (size_t)about.st_size;
    original[which] = malloc(original_size[which]);
    FUZZ_REQUIRE(original[which] != NULL);
    FUZZ_REQUIRE(fread(original[which], 1, original_size[which], stream) == original_size[which]);
    (void)fclose(stream);
}

static void make_original(int which, size_t missing)
{
    test_file t;
    alp_error error = {0};
    test_setup(&t, 3);
    FUZZ_REQUIRE(test_run(&t, test_chunks(&t) - missing, &error) == ALP_OK);
    load(missing > 0 ? t.partial : t.path, which);
    test_teardown(&t);
}

/** HDF5 loses pieces of damaged metadata that it has refused. What we open we must close: that is
 *  counted below. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libhdf5\n";
}

static void finish(void)
{
    free(original[0]);
    free(original[1]);
    (void)fclose(sink);
}

/* MPI serves to write the files alone. It is not finalised, or its plug-ins would be gone when
 * their memory is looked at; what it keeps is no leak of ours. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    /* Crashes are libFuzzer's to report. */
    FUZZ_REQUIRE(setenv("OMPI_MCA_opal_signal", "", 1) == 0);
    __lsan_disable();
    MPI_Init(argc, argv);
    make_original(0, 0);
    make_original(1, 4);
    __lsan_enable();
    sink = fopen("/dev/null", "w");
    FUZZ_REQUIRE(sink != NULL && freopen("/dev/null", "w", stdout) != NULL);
    (void)snprintf(intact, sizeof intact, "%s",
                   fuzz_write("intact.h5", original[0], original_size[0]));
    return atexit(finish);
}

/* ---- Edits ---- */

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
                                      "run/mass_seconds"};
static const char *const attributes[] = {
    "file_format",   "complete", "chunk_shape",    "chunk_counts",   "flag_masks",
    "flag_meanings", "units",    "long_name",      "configuration",  "title",
    "CLASS",         "NAME",     "DIMENSION_LIST", "REFERENCE_LIST", "seed"};
static const char *const words[] = {"",    "alpscan 1", "alpscan 2",       "a b c d e f g h i j",
                                    "m_a", "y_A",       "\x1b[2J\x80\xff", "a\nb"};

#define PICK(table, index) ((table)[(index) % (sizeof(table) / sizeof *(table))])

/** Numbers that code tends not to expect. */
static uint64_t number_of(const edit *e)
{
    static const uint64_t odd[] = {0,       1,          2,         UINT64_MAX, UINT64_C(1) << 63,
                                   1 << 16, UINT32_MAX, INT64_MAX, 3,          4};
    return e->small < 128 ? PICK(odd, e->small) : e->value;
}

static hid_t open_object(hid_t file, const edit *e)
{
    return H5Oopen(file, PICK(objects, e->where), H5P_DEFAULT);
}

static void put_text(hid_t object, const edit *e)
{
    (void)alp_store_set_text(object, PICK(attributes, e->which), PICK(words, e->small));
}

static void put_number(hid_t object, const edit *e)
{
    (void)alp_store_set_integer(object, PICK(attributes, e->which), (int)number_of(e));
}

static void put_array(hid_t object, const edit *e)
{
    enum { MANY = 64 };
    uint64_t value[MANY];
    for (size_t i = 0; i < MANY; i++)
        value[i] = i == e->small % 4U ? number_of(e) : 1 + (e->value >> 4 & 7);
    (void)alp_store_set_array(object, PICK(attributes, e->which), ALP_ELEMENT_U64, e->value % MANY,
                              value);
}

static void edit_attribute(hid_t file, const edit *e)
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

static void edit_link(hid_t file, const edit *e)
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
static void edit_dataset(hid_t file, const edit *e)
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
static void edit_value(hid_t file, const edit *e)
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

/** Through HDF5, so that the file stays well formed. */
static void edit_structure(const char *path, const edit *edits, size_t n)
{
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_libver_bounds(access, H5F_LIBVER_V110, H5F_LIBVER_V110);
    H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, access);
    H5Pclose(access);
    FUZZ_REQUIRE(file >= 0);
    for (size_t i = 0; i < n; i++) {
        const edit *e = &edits[i];
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

static void edit_bytes(const char *path, const edit *edits, size_t n)
{
    int descriptor = open(path, O_RDWR | O_CLOEXEC);
    struct stat about;
    FUZZ_REQUIRE(descriptor >= 0 && fstat(descriptor, &about) == 0);
    for (size_t i = 0; i < n; i++) {
        const edit *e = &edits[i];
        off_t at = (off_t)(e->value % (uint64_t)(about.st_size + 1));
        if ((e->what & 7) == 6 && !in_heap(descriptor, at))
            FUZZ_REQUIRE(pwrite(descriptor, &e->small, 1, at) == 1);
        else if ((e->what & 7) == 7)
            FUZZ_REQUIRE(ftruncate(descriptor, at) == 0);
    }
    close(descriptor);
}

enum { MARKS = 3 };

/** Identifiers of a kind are numbered one after the other: a fresh one of each says how far. */
static void mark(hid_t *fresh)
{
    fresh[0] = H5Screate(H5S_SCALAR);
    fresh[1] = H5Tcopy(H5T_C_S1);
    fresh[2] = H5Pcreate(H5P_FILE_ACCESS);
    H5Sclose(fresh[0]);
    H5Tclose(fresh[1]);
    H5Pclose(fresh[2]);
}

static void check_closed(const hid_t *before)
{
    hid_t after[MARKS];
    mark(after);
    FUZZ_REQUIRE(H5Fget_obj_count((hid_t)H5F_OBJ_ALL, H5F_OBJ_ALL) == 0);
    for (int i = 0; i < MARKS; i++)
        for (hid_t id = before[i] + 1; id < after[i]; id++)
            FUZZ_REQUIRE(H5Iis_valid(id) <= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { EDITS_MAX = 32, PATH_MAX_HERE = 512 };
    edit edits[EDITS_MAX];
    char path[PATH_MAX_HERE];
    if (size == 0)
        return 0;
    const int which = data[0] & 1;
    size_t n = (size - 1) / sizeof *edits;
    n = n < EDITS_MAX ? n : EDITS_MAX;
    memcpy(edits, data + 1, n * sizeof *edits);
    (void)snprintf(path, sizeof path, "%s",
                   fuzz_write("x.h5", original[which], original_size[which]));
    alp_store_hdf5_quiet();
    edit_structure(path, edits, n);
    edit_bytes(path, edits, n);
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        alp_error error = {0};
        hid_t before[MARKS];
        mark(before);
        alp_status status = readers[i](path, &error);
        FUZZ_REQUIRE(status == ALP_OK || status == ALP_IO || status == ALP_USAGE ||
                     status == ALP_FAULT);
        if (status != ALP_OK)
            fuzz_check_message(error.message);
        check_closed(before);
    }
    return 0;
}
