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
#include "edits.h"
#include "fuzz.h"
#include "resume.h"

#include "alpscan/result.h"

#include "../store/test_file.h"
#include "store/hdf5_util.h"

#include <hdf5.h>
#include <sanitizer/lsan_interface.h>
#include <sys/stat.h>

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

/** One flag and one map in the plane of the first two axes. */
static alp_status read_plane(const char *path, alp_error *error)
{
    alp_result *result = NULL;
    alp_status status = alp_result_open(path, true, &result, error);
    if (status != ALP_OK || alp_result_axes(result) < 2) {
        alp_result_close(result);
        return status;
    }
    const alp_plane plane = {.first = 0, .second = 1};
    double *value =
        calloc(alp_result_axis(result, 0).n * alp_result_axis(result, 1).n + 1, sizeof *value);
    (void)alp_result_attribute(result, "configuration");
    if (value != NULL && alp_result_precision(result, "a_e") > 0.0)
        status = alp_result_read_map(result, "a_e", &plane, value, error);
    if (value != NULL && status == ALP_OK && alp_result_flags(result) > 0) {
        const alp_result_flag *flag = alp_result_flag_at(result, 0);
        status = alp_result_read_flag(result, flag->group, flag->bit, &plane, value, error);
    }
    free(value);
    alp_result_close(result);
    return status;
}

typedef alp_status reader(const char *path, alp_error *error);

static reader *const readers[] = {read_info,       read_configuration, read_all,
                                  read_slice,      read_difference,    read_difference_back,
                                  check_as_output, fuzz_resume,        read_plane};

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
    if (missing > 0)
        fuzz_finish_rows(&t);
    load(missing > 0 ? t.partial : t.path, which);
    test_teardown(&t);
}

/** HDF5 loses pieces of damaged metadata that it has refused. What we open we must close: that is
 *  counted below. */
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

/* ---- What must hold afterwards ---- */

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
    fuzz_edit edits[EDITS_MAX];
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
    fuzz_edit_structure(path, edits, n);
    fuzz_edit_bytes(path, edits, n);
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
