/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_TESTS_STORE_TEST_FILE_H
#define ALPSCAN_TESTS_STORE_TEST_FILE_H

/** An artificial layout whose every value is a known function of its indices, and what makes and
 *  fills a file from it. Chunks do not divide the axes: edges are cut. */

#include "alpscan/store.h"

#include <math.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEST_N_MAPS = 3, TEST_N_TABLES = 3, TEST_MAX_AXIS = 64, TEST_PATH = 512 };

typedef struct test_file {
    alp_layout layout;
    double axis[ALP_MAX_DIMENSIONS][TEST_MAX_AXIS];
    char folder[TEST_PATH], path[TEST_PATH], partial[TEST_PATH];
} test_file;

static const char *const test_flags[] = {"unitarity", "muonium", "edm"};
static const char *const test_flag_names[] = {"beyond unitarity", "muonium", "electric dipole"};

static const alp_dataset test_maps[TEST_N_MAPS] = {
    {"a_e", ALP_ELEMENT_F64, "1", "shift of the electron g-2", "arXiv:2002.05948, (3.1)", 0, NULL,
     NULL, NULL},
    {"width", ALP_ELEMENT_F32, "GeV", "total width", "arXiv:2002.05948, (2.8)", 0, NULL, NULL,
     NULL},
    {"excluded", ALP_ELEMENT_U16, "1", "excluded by", "arXiv:2002.05948", 3, test_flags,
     test_flag_names, NULL},
};

static const alp_dataset test_tables[TEST_N_TABLES] = {
    {"montecarlo/sigma_hat", ALP_ELEMENT_F64, "fb", "cross section", "arXiv:2002.05948", 0, NULL,
     NULL, NULL},
    {"montecarlo/events", ALP_ELEMENT_U64, "1", "events", "arXiv:2002.05948", 0, NULL, NULL, NULL},
    {"montecarlo/state", ALP_ELEMENT_U32, "1", "state", "arXiv:2002.05948", 0, NULL, NULL, NULL},
};

static const alp_attribute test_attributes[] = {
    {"title", "a test", 0}, {"configuration", "[scan]\ntitle = a test\n", 0}, {"seed", NULL, 42}};
static const alp_text test_texts[] = {{"configs/test.ini", "[scan]\n; \xc3\xa9t\xc3\xa9\n"},
                                      {"configs/test.ini", ""}};
static const alp_attribute test_closing[] = {{"wall_time", NULL, 0.0}, {"date", "2000-01-01", 0}};
static const alp_record test_records[] = {{"mass_seconds", "s", "time per mass", 3, NULL, NULL},
                                          {"total_seconds", "s", "time", 1, NULL, NULL}};
enum { TEST_N_ROWS = 9, TEST_ROW_SIZE = 40 };
static const alp_contents test_contents = {.attribute = test_attributes,
                                           .n_attributes = 3,
                                           .closing = test_closing,
                                           .n_closing = 2,
                                           .text = test_texts,
                                           .n_texts = 2,
                                           .record = test_records,
                                           .n_records = 2,
                                           .n_rows = TEST_N_ROWS,
                                           .row_size = TEST_ROW_SIZE,
                                           .checkpoint = 0.0};
enum { TEST_N_TEXTS = 2, TEST_N_RECORDS = 2 };

static inline double test_value(size_t point)
{
    return sin((double)point) * 1e-12;
}

static inline uint16_t test_mask(size_t point)
{
    return (uint16_t)(point * 5 % 8);
}

/** A layout of 3 or 4 dimensions in a fresh folder. */
static inline void test_setup(test_file *t, size_t n_dimensions)
{
    static const char *const name3[] = {"m_a", "y_V", "y_A"};
    static const char *const name4[] = {"m_a", "phase", "y_V", "y_A"};
    static const size_t n3[] = {7, 1, 10}, chunk3[] = {3, 1, 4};
    static const size_t n4[] = {5, 3, 4, 6}, chunk4[] = {2, 2, 3, 6};
    memset(t, 0, sizeof *t);
    const size_t *n = n_dimensions == 3 ? n3 : n4;
    const size_t *chunk = n_dimensions == 3 ? chunk3 : chunk4;
    t->layout.n_dimensions = n_dimensions;
    for (size_t i = 0; i < n_dimensions; i++) {
        for (size_t k = 0; k < n[i]; k++) {
            t->axis[i][k] = 0.1 * (double)(i + 1) + (double)k;
        }
        t->layout.dimension[i] = (alp_dimension){n_dimensions == 3 ? name3[i] : name4[i],
                                                 i == 0 ? "GeV" : "1", "an axis", n[i], t->axis[i]};
        t->layout.chunk[i] = chunk[i];
        t->layout.n_chunks[i] = (n[i] + chunk[i] - 1) / chunk[i];
    }
    t->layout.n_maps = TEST_N_MAPS;
    t->layout.map = test_maps;
    t->layout.n_tables = TEST_N_TABLES;
    t->layout.table = test_tables;

    int rank;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    if (rank == 0) {
        const char *folder = getenv("TMPDIR");
        snprintf(t->folder, sizeof t->folder - 32, "%s/alpscan-store-XXXXXX",
                 folder != NULL ? folder : "/tmp");
        if (mkdtemp(t->folder) == NULL) {
            perror(t->folder);
            abort();
        }
    }
    MPI_Bcast(t->folder, sizeof t->folder, MPI_CHAR, 0, MPI_COMM_WORLD);
    snprintf(t->path, sizeof t->path, "%.400s/test.h5", t->folder);
    snprintf(t->partial, sizeof t->partial, "%.400s/test.h5.partial", t->folder);
}

/** Makes the layout a cube of some MB: 64 points a side in chunks of 32. */
static inline void test_make_cube(test_file *t)
{
    enum { CHUNK = 32 };
    for (size_t i = 0; i < t->layout.n_dimensions; i++) {
        for (size_t k = 0; k < TEST_MAX_AXIS; k++) {
            t->axis[i][k] = (double)k;
        }
        t->layout.dimension[i].n = TEST_MAX_AXIS;
        t->layout.chunk[i] = CHUNK;
        t->layout.n_chunks[i] = TEST_MAX_AXIS / CHUNK;
    }
}

static inline void test_teardown(test_file *t)
{
    MPI_Barrier(MPI_COMM_WORLD);
    unlink(t->path);
    unlink(t->partial);
    rmdir(t->folder);
}

static inline alp_status test_create(test_file *t, alp_store **store, alp_error *error)
{
    return alp_store_create(MPI_COMM_WORLD, t->path, &t->layout, &test_contents, false, store,
                            error);
}

static inline size_t test_chunks(const test_file *t)
{
    size_t n = 1;
    for (size_t i = 0; i < t->layout.n_dimensions; i++) {
        n *= t->layout.n_chunks[i];
    }
    return n;
}

/** Writes one chunk, its points numbered row-major over the grid. */
static inline alp_status test_write(const test_file *t, alp_store *store, size_t number,
                                    alp_error *error)
{
    enum { MAX_POINTS = 32 * 32 * 32 };
    static double a_e[MAX_POINTS];
    static float width[MAX_POINTS];
    static uint16_t excluded[MAX_POINTS];
    const alp_layout *l = &t->layout;
    size_t chunk[ALP_MAX_DIMENSIONS] = {0};
    size_t first[ALP_MAX_DIMENSIONS] = {0};
    size_t n[ALP_MAX_DIMENSIONS] = {0};
    size_t points = 1;
    for (size_t i = l->n_dimensions; i-- > 0;) {
        chunk[i] = number % l->n_chunks[i];
        number /= l->n_chunks[i];
        first[i] = chunk[i] * l->chunk[i];
        n[i] =
            l->dimension[i].n - first[i] < l->chunk[i] ? l->dimension[i].n - first[i] : l->chunk[i];
        points *= n[i];
    }
    for (size_t p = 0; p < points; p++) {
        size_t rest = p, stride = 1, point = 0;
        for (size_t i = l->n_dimensions; i-- > 0;) {
            point += stride * (first[i] + rest % n[i]);
            rest /= n[i];
            stride *= l->dimension[i].n;
        }
        a_e[p] = test_value(point);
        width[p] = (float)point;
        excluded[p] = test_mask(point);
    }
    const void *data[] = {a_e, width, excluded};
    return alp_store_write_chunk(store, chunk, data, error);
}

static inline alp_status test_write_tables(const test_file *t, alp_store *store, alp_error *error)
{
    double sigma[TEST_MAX_AXIS];
    uint64_t events[TEST_MAX_AXIS];
    uint32_t state[TEST_MAX_AXIS];
    size_t n = t->layout.dimension[0].n;
    for (size_t i = 0; i < n; i++) {
        sigma[i] = 1.0 / (double)(i + 1);
        events[i] = UINT64_C(1000000000000) * (i + 1);
        state[i] = (uint32_t)i % 5;
    }
    alp_status status = alp_store_write_table(store, 0, 0, n, sigma, error);
    if (status == ALP_OK) {
        status = alp_store_write_table(store, 1, 0, 2, events, error);
    }
    if (status == ALP_OK) {
        status = alp_store_write_table(store, 1, 2, n - 2, events + 2, error);
    }
    return status == ALP_OK ? alp_store_write_table(store, 2, 0, n, state, error) : status;
}

/** A whole run: every rank writes its share of the chunks, in an order that is not the file's. */
static inline alp_status test_run(test_file *t, size_t n_written, alp_error *error)
{
    enum { STEP = 7 }; /* prime to the numbers of chunks in use: an order, shuffled */
    int rank, size;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    alp_store *store;
    alp_status status = test_create(t, &store, error);
    if (status != ALP_OK) {
        return status;
    }
    for (size_t i = (size_t)rank; status == ALP_OK && i < n_written; i += (size_t)size) {
        status = test_write(t, store, i * STEP % test_chunks(t), error);
    }
    if (rank == 0 && status == ALP_OK) {
        status = test_write_tables(t, store, error);
    }
    const double seconds[] = {0.5, 0.25, 0.125};
    if (rank == 0 && status == ALP_OK) {
        status = alp_store_write_record(store, 0, 0, 3, seconds, error);
    }
    const alp_attribute closing[] = {{"wall_time", NULL, 1.5}, {"date", "2020-02-13", 0}};
    alp_status closed = alp_store_close(store, n_written == test_chunks(t), closing, error);
    return status == ALP_OK ? closed : status;
}

#endif
