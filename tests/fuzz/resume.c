/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "resume.h"

#include "fuzz.h"

enum { N_FINISHED = 4, MAX_CHUNKS = 64, MAX_FILE = 1 << 20 };

static void make_row(size_t i, unsigned char *row)
{
    for (size_t k = 0; k < TEST_ROW_SIZE; k++)
        row[k] = (unsigned char)(31 * i + 7 * k + 1);
}

/* The disk is asked at the end alone. */
static alp_contents contents(void)
{
    alp_contents c = test_contents;
    c.checkpoint = 1e9;
    return c;
}

typedef struct kept {
    uint8_t chunk[MAX_CHUNKS], row[TEST_N_ROWS];
    unsigned char rows[TEST_N_ROWS][TEST_ROW_SIZE];
    double seconds[3];
    double *record[TEST_N_RECORDS];
} kept;

static alp_status resume(const test_file *t, const alp_contents *c, kept *k, alp_store **store,
                         alp_error *error)
{
    *k = (kept){.chunk = {0}};
    k->record[0] = k->seconds;
    alp_kept all = {k->chunk, k->row, k->rows, k->record};
    return alp_store_resume(MPI_COMM_SELF, t->path, &t->layout, c, &all, store, error);
}

void fuzz_finish_rows(const test_file *t)
{
    const alp_contents c = contents();
    kept k;
    alp_store *store;
    alp_error error;
    unsigned char row[TEST_ROW_SIZE];
    FUZZ_REQUIRE(resume(t, &c, &k, &store, &error) == ALP_OK);
    for (size_t i = 0; i < N_FINISHED; i++) {
        make_row(i, row);
        FUZZ_REQUIRE(alp_store_write_row(store, i, row, &error) == ALP_OK);
    }
    FUZZ_REQUIRE(alp_store_close(store, false, NULL, &error) == ALP_OK);
}

/* The bytes of a file; what is longer than MAX_FILE is not looked at. */
static size_t load(const char *path, unsigned char *bytes)
{
    FILE *stream = fopen(path, "rb");
    FUZZ_REQUIRE(stream != NULL);
    size_t n = fread(bytes, 1, MAX_FILE, stream);
    FUZZ_REQUIRE(fclose(stream) == 0);
    return n;
}

static void check_kept(const test_file *t, const kept *k)
{
    unsigned char row[TEST_ROW_SIZE];
    for (size_t i = 0; i < test_chunks(t); i++)
        FUZZ_REQUIRE(k->chunk[i] <= 1);
    for (size_t i = 0; i < TEST_N_ROWS; i++) {
        FUZZ_REQUIRE(k->row[i] <= 1 && (k->row[i] == 0 || i < N_FINISHED));
        make_row(i, row);
        memset(row, 0, k->row[i] == 0 ? sizeof row : 0);
        FUZZ_REQUIRE(memcmp(k->rows[i], row, sizeof row) == 0);
    }
}

/* All that is missing. What is damaged may still refuse to be completed. */
static void go_on(const test_file *t, alp_store *store, const kept *k)
{
    alp_error error = {.status = ALP_OK};
    unsigned char row[TEST_ROW_SIZE];
    for (size_t i = 0; i < test_chunks(t); i++)
        FUZZ_REQUIRE(k->chunk[i] != 0 || test_write(t, store, i, &error) == ALP_OK);
    for (size_t i = 0; i < TEST_N_ROWS; i++) {
        make_row(i, row);
        FUZZ_REQUIRE(k->row[i] != 0 || alp_store_write_row(store, i, row, &error) == ALP_OK);
    }
    FUZZ_REQUIRE(test_write_tables(t, store, &error) == ALP_OK);
    FUZZ_REQUIRE(alp_store_close(store, false, NULL, &error) == ALP_OK);
}

/* Whether it was continued, and then written to. */
static alp_status try_to_continue(const test_file *t, bool *written, alp_error *error)
{
    const alp_contents c = contents();
    alp_found found;
    alp_messages differences = {0};
    alp_store *store;
    kept k;
    char *name = NULL;
    *written = false;
    alp_status status = alp_store_find_result(t->path, &found, &name, error);
    FUZZ_REQUIRE(status != ALP_OK || found == ALP_FOUND_PARTIAL);
    if (status == ALP_OK)
        status = alp_store_compare(name, &t->layout, &c, &differences, error);
    if (status == ALP_OK && differences.n > 0) {
        (void)alp_error_set(error, ALP_IO, "%s", differences.text[0]);
        fuzz_check_mistakes(&differences);
        status = ALP_IO;
    }
    alp_messages_clear(&differences);
    if (status == ALP_OK)
        status = resume(t, &c, &k, &store, error);
    if (status == ALP_OK) {
        check_kept(t, &k);
        *written = true;
        go_on(t, store, &k);
    }
    free(name);
    return status;
}

alp_status fuzz_resume(const char *path, alp_error *error)
{
    static test_file t;
    static unsigned char before[MAX_FILE], after[MAX_FILE];
    bool written;
    if (t.layout.n_dimensions == 0) {
        test_setup(&t, 3);
        FUZZ_REQUIRE(rmdir(t.folder) == 0);
        FUZZ_REQUIRE(snprintf(t.path, sizeof t.path, "%s/resumed.h5", fuzz_folder()) > 0);
        FUZZ_REQUIRE(snprintf(t.partial, sizeof t.partial, "%s/resumed.h5.partial", fuzz_folder()) >
                     0);
    }
    FUZZ_REQUIRE(rename(path, t.partial) == 0);
    const size_t n = load(t.partial, before);
    alp_status status = try_to_continue(&t, &written, error);
    FUZZ_REQUIRE(written || (load(t.partial, after) == n && memcmp(before, after, n) == 0));
    FUZZ_REQUIRE(rename(t.partial, path) == 0);
    return status;
}
