/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_STORE_INTERNAL_H
#define ALPSCAN_STORE_INTERNAL_H

/** What the writing half of the store shares: names in the file, the open store, its pieces. */

#include "hdf5_util.h"

#include "alpscan/store.h"

/** Root attributes of a slab of a larger grid (alp_slab): "K/N", the axis that is cut, the index of
 *  the slab's first point, points and points per chunk of the whole along that axis. */
#define ALP_STORE_PART "part"
#define ALP_STORE_PART_AXIS "part_axis"
#define ALP_STORE_PART_FIRST "part_first"
#define ALP_STORE_PART_WHOLE "part_whole"
#define ALP_STORE_PART_CHUNK "part_chunk"
/** Root attribute by which a reader knows a file of ours, and the layout's version. What is outside
 *  /run is the same in both: results of the older one are read, but not continued, for its rows
 * have no checksums. */
#define ALP_STORE_FORMAT_NAME "file_format"
#define ALP_STORE_FORMAT_FAMILY "alpscan "
#define ALP_STORE_FORMAT ALP_STORE_FORMAT_FAMILY "2"
#define ALP_STORE_FORMAT_OLD ALP_STORE_FORMAT_FAMILY "1"
#define ALP_STORE_FORMAT_ARRAYS ALP_STORE_FORMAT_FAMILY "arrays 1"
#define ALP_STORE_COMPLETE "complete"
#define ALP_STORE_CONVENTIONS "CF-1.10"
/** References of what the store itself adds. */
#define ALP_STORE_REFERENCES "alpscan, docs/file.md"
#define ALP_STORE_RUN "run"
#define ALP_STORE_STATE "run/tile_state"
#define ALP_STORE_CHUNK_SCALE "run/chunk"
#define ALP_STORE_TEXTS "run/texts"
#define ALP_STORE_ROWS "run/montecarlo_rows"
#define ALP_STORE_ROW_STATE "run/montecarlo_state"
#define ALP_STORE_ROW_SCALE "run/mass"
#define ALP_STORE_BYTE_SCALE "run/row_byte"
/** Attributes of run/tile_state: points per chunk and chunks along each dimension. */
#define ALP_STORE_CHUNK_SHAPE "chunk_shape"
#define ALP_STORE_CHUNK_COUNTS "chunk_counts"

enum { ALP_STORE_STATE_TODO = 0, ALP_STORE_STATE_DONE = 1 };

/** Where the raw data stands in the file, in bytes. Nothing moves once the structure is made, so
 *  that chunks are written with pwrite(2): HDF5 has no part in it, and no file open. */
typedef struct alp_places {
    uint64_t *map;    /**< first chunk of each map; the others follow in row-major order */
    uint64_t *table;  /**< each table */
    uint64_t *record; /**< each record */
    uint64_t state, row, row_state;
} alp_places;

struct alp_store {
    MPI_Comm comm; /**< a duplicate: the store's collectives meet nobody else's messages */
    int rank;
    char *path, *partial;
    const alp_layout *layout;
    const alp_contents *contents;
    alp_places places;
    int descriptor;
    char *padded;      /**< a chunk of full size, for those that the axes cut */
    char *line;        /**< a row with its checksum */
    uint64_t *pending; /**< chunks written since the last checkpoint */
    size_t n_pending, capacity;
    uint64_t *pending_row;
    size_t n_pending_rows, row_capacity;
    uint64_t pending_bytes;
    double last; /**< s, time of the last checkpoint */
    bool named;  /**< rank 0: it has taken its name */
};

/** A path with a suffix; the caller frees. */
char *alp_store_append(const char *path, const char *suffix);
/** PATH.partial; the caller frees. */
char *alp_store_partial_path(const char *path);

/** The folder of a path; the caller frees. */
char *alp_store_folder_of(const char *path);

/** FILE.partial.new, the name of a file until its structure stands; the caller frees. */
char *alp_store_new_path(const char *partial);

/** Access through MPI-IO on this rank alone, with the bounds of the format, the alignment and the
 *  hints of the contents; the caller closes. */
hid_t alp_store_access(const alp_contents *contents);

/** H5Fclose; where that fails the program is not sound any more, see alp_store_sound(). */
bool alp_store_close_file(hid_t file);

/** fsync of a file, or of a folder with O_DIRECTORY in flags. */
alp_status alp_store_sync_path(const char *path, int flags, alp_error *error);
/** fsync of the folder of a path: its entries are on the disk. */
alp_status alp_store_sync_folder(const char *path, alp_error *error);

/** Whole pwrite and pread; false leaves errno. */
bool alp_store_put_bytes(int descriptor, const void *data, uint64_t size, uint64_t offset);
/** Where the system can: these bytes are to be on their way to the disk while the next ones are
 *  computed. Promises nothing; what fails, the next fdatasync reports. */
void alp_store_hasten(int descriptor, uint64_t offset, uint64_t size);
bool alp_store_get_bytes(int descriptor, void *data, uint64_t size, uint64_t offset);

/** Number of chunks of a layout, saturating. */
uint64_t alp_store_chunks(const alp_layout *layout);

/** Creates all that a file holds in a fresh one. */
alp_status alp_store_make_structure(hid_t file, const char *path, const alp_layout *layout,
                                    const alp_contents *contents, alp_error *error);

/** ALP_IO if the format is one whose files cannot be continued. */
alp_status alp_store_check_continued(hid_t file, const char *path, alp_error *error);

/** Room for the addresses of a layout and contents; freed with alp_store_free_places(). */
bool alp_store_new_places(const alp_layout *layout, const alp_contents *contents,
                          alp_places *places);
void alp_store_free_places(alp_places *places);

/** Finds where everything stands, in an open file; ALP_IO if something is not as the layout and the
 *  contents say, or reaches beyond the file's end. */
alp_status alp_store_locate(hid_t file, const char *path, const alp_layout *layout,
                            const alp_contents *contents, alp_places *places, alp_error *error);

/** Root attributes from the outside. */
alp_status alp_store_put_attributes(hid_t file, const char *path, const alp_attribute *attributes,
                                    size_t n_attributes, alp_error *error);

/** /run/tile_state with its scale. */
bool alp_store_make_state(hid_t file, const alp_layout *layout);

/** A text under /run/texts: its name with '/' made ':', numbered where it is taken. */
bool alp_store_make_text(hid_t file, const alp_text *text);

/** /run/montecarlo_rows and their states, with scales. */
bool alp_store_make_rows(hid_t file, const alp_contents *contents);

/** CRC-64/XZ of data behind that of what went before (0: nothing). */
uint64_t alp_store_checksum(uint64_t sum, const void *data, size_t size);

/** Bytes of a line of /run/montecarlo_rows: a row, and behind it the checksum of its number and its
 *  bytes. seal_row puts it there. */
size_t alp_store_row_width(const alp_contents *contents);
void alp_store_seal_row(void *line, size_t width, uint64_t index);

/** The rows that are done, without checksums, zeros for the others; ALP_IO, naming the mass, if one
 *  is not what was written. */
alp_status alp_store_get_rows(const alp_store *store, const uint8_t *done, void *rows,
                              alp_error *error);
/** The same check of a file that is open for reading; one without rows passes. */
alp_status alp_store_check_rows(hid_t file, const char *path, alp_error *error);

/** The name of a text's dataset: '/' made ':'; the caller frees. */
char *alp_store_text_name(const char *name);

/** /run/NAME with its index scale (none for a single entry). */
alp_status alp_store_put_record(hid_t file, const char *path, const alp_record *record,
                                alp_error *error);
alp_status alp_store_put_text_record(hid_t file, const char *path, const alp_text_record *record,
                                     alp_error *error);

/** The groups on the way to a dataset, where they are not there yet. */
bool alp_store_make_groups(hid_t file, const char *name);
/** A dataset with its groups: contiguous, or in chunks; allocated early, never filled. -1: failed.
 */
hid_t alp_store_make_dataset(hid_t file, const char *name, hid_t disk_type, int rank,
                             const hsize_t *dims, const hsize_t *chunk);
/** units, long_name and references. */
bool alp_store_describe(hid_t dataset, const char *unit, const char *long_name,
                        const char *references);
/** One map or table with its scales, one for each dimension. */
bool alp_store_make_result(hid_t file, const alp_dataset *about, int rank, const hsize_t *dims,
                           const hsize_t *chunk, const hid_t *scale);
/** A scale 0, 1, ..., n - 1; returns the open dataset or -1. */
hid_t alp_store_make_index(hid_t file, const char *name, uint64_t n, const char *long_name);

/** A number of bytes for people: "19.2 KiB". */
typedef struct alp_store_size_text {
    char text[32];
} alp_store_size_text;
alp_store_size_text alp_store_size(uint64_t bytes);

/** ALP_USAGE if a map's chunk is larger than HDF5 can hold. */
alp_status alp_store_check_chunk(const char *path, const alp_layout *layout, alp_error *error);

/** Whether files can be made, renamed and removed in a folder for good. */
alp_status alp_store_check_folder(const char *folder, alp_error *error);

/** Whether the file at path can be replaced, renamed or removed: in a folder like /tmp only its
 * owner may, or the folder's. */
alp_status alp_store_check_owner(const char *path, alp_error *error);

/** What stands at PATH or at PATH.partial: ALP_OK if nothing does, or, with overwrite, if it is
 * empty or of our making; bytes: what removing it sets free. */
alp_status alp_store_check_obstacle(const char *path, bool partial, bool overwrite, uint64_t *bytes,
                                    alp_error *error);

/** Bytes on the disk that removing a file sets free; 0 if there is none or it has other names. */
uint64_t alp_store_blocks_of(const char *path);

/** Opens a file for reading with HDF5's default driver, without locks; -1: it cannot. */
hid_t alp_store_open_serial(const char *path);

/** What a user may still write to the disk of a path; 0 where it cannot be told. */
uint64_t alp_store_free_bytes(const char *path);

/**
 * Room on the disk, ALP_IO where there is none. HDF5 does not survive a disk (or a quota) that is
 * full while it writes structure, so room is made sure of before it does:
 * try_room creates the file, which must not exist unless it has just been created with hints, with
 * so many bytes (old: the complete file that it is to replace, for the message); reserve backs
 * every byte of the file with a block.
 */
alp_status alp_store_try_room(const char *path, bool exists, const char *old, uint64_t bytes,
                              alp_error *error);
alp_status alp_store_reserve(const char *path, alp_error *error);

/** Hints as MPI wants them, MPI_INFO_NULL for none; false: MPI or memory fails. */
bool alp_store_make_info(const char *hints, MPI_Info *info);
void alp_store_free_info(MPI_Info *info);
/** Before MPI opens its first file, and best before any other. Open MPI's ompio opens a shared file
 *  pointer, which nobody here uses, with every file: its component lockedfile overflows a buffer of
 *  256 bytes where the path is long, sm cannot open a file whose name is long, and individual has
 * two more files beside the file while it is open, which a kill would leave. It looks at its
 * environment when the first file is opened; what the user sets himself stands. */
void alp_store_prepare_open(const char *path);
/** One rank. An empty file whose stripes are as the hints want them; there must be none. */
alp_status alp_store_create_with_hints(const char *path, const char *hints, alp_error *error);

/** Collective. The lowest failing rank's status and message on every rank. */
alp_status alp_store_agree(MPI_Comm comm, alp_status status, alp_error *error);

/** Collective. Opens PATH.partial, which is there and as the layout and contents say. */
alp_status alp_store_open(MPI_Comm comm, const char *path, const alp_layout *layout,
                          const alp_contents *contents, alp_store **store, alp_error *error);

#endif
