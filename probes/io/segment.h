/**
 * @file
 * The segment log: records appended to a folder of numbered files, read by position. The outbox of
 * the probe and the intake log of the collector are both one of these.
 *
 * One writer and any number of readers, which may be other threads or other processes: they share
 * the files and nothing else. It does not interpret records, has no index, and never rewrites.
 *
 * ## Format, version 2 (all integers little endian)
 *
 * A folder holds files `NNNNNNNNNNNN.seg`, the number in at least 12 decimal digits. A writer
 * begins a new file at every start and whenever one is full; numbers only rise and are never used
 * again, even if files were deleted. A file is a header and records:
 *
 *     0   4  magic "IOCS"
 *     4   2  version, 2
 *     6   2  size of this header, 36
 *     8  16  id of the store that the file belongs to
 *     24  8  number, as in the name
 *     32  4  CRC-32 (IEEE 802.3, as in gzip) of the 32 bytes before
 *
 *     0   4  length n of the record, 1 .. SEGMENT_RECORD_MAX
 *     4   4  CRC-32 of the store's id (16 bytes), the file's number (8), the offset of this head in
 *            the file (8), the 4 length bytes and the n bytes
 *     8   n  the record
 *
 * Id, number and offset are not in the file again: they make the bytes of a record a record at this
 * one place only, so that nothing a sender puts into one can pass for another. In version 1, which
 * is read too, the CRC is of length and bytes alone.
 *
 * A record is appended by one write. A record that ends past the end of the file, and zeros up to
 * the end, are a torn tail: not there yet while the file is the newest, lost in an older one (it
 * was never acknowledged). Anything else that does not check is damage, and so is what looks like a
 * torn tail while a record that checks stands behind it: the reader reports it, keeps the file
 * under the name `NNNNNNNNNNNN.bad` as well (a hard link, so that deleting the segment keeps the
 * evidence), and goes on with the next place of the file at which a record checks; if there is
 * none, the rest of the file is lost.
 */
#ifndef IO_SEGMENT_H
#define IO_SEGMENT_H

#include "base/attr.h"
#include "base/slice.h"
#include "io/file.h"

#include <stdbool.h>
#include <stdint.h>

/** Bytes of a store id. */
#define SEGMENT_ID_BYTES 16
/** Longest record. */
#define SEGMENT_RECORD_MAX (1024 * 1024)

/** A place between two records. Zeroed: before everything. Ordered by number, then offset. */
struct segment_pos {
    uint64_t number; /**< of the file */
    uint64_t offset; /**< bytes from its start; 0 = before the first record */
};

/** Less than, equal to, greater than 0 as @p a lies before, at, behind @p b. */
int segment_pos_compare(struct segment_pos a, struct segment_pos b);

/** What a writer is told. */
struct segment_options {
    const char *folder;                 /**< made if missing */
    unsigned char id[SEGMENT_ID_BYTES]; /**< of the store */
    uint64_t above;           /**< the new file's number is above this and above every file's */
    uint64_t file_bytes;      /**< a file that has reached this is followed by a new one */
    uint64_t total_bytes;     /**< all files together hold at most this; 0 = no bound */
    uint64_t low_water_bytes; /**< append nothing while the disk has less than this free; 0 = any */
    bool durable; /**< a full file is fsynced before the next begins, so that segment_sync() covers
                     all */
};

struct segment_writer;

/** Opens a writer with a new file: 0, ERR_NOMEM, ERR_DENIED, ERR_NO_SPACE, ERR_TOO_LONG or ERR_IO.
 * The caller holds the folder's lock (file_lock()): nothing here keeps a second writer away. */
int segment_writer_open(const struct segment_options *options,
                        struct segment_writer **ret_writer) MUST_USE;
/** Closes it; does not fsync. Accepts NULL. */
void segment_writer_close(struct segment_writer *writer);
/**
 * Appends one record made of @p n @p parts (at most 8; 1 .. SEGMENT_RECORD_MAX bytes together); @p
 * ret_end (may be NULL) is the position behind it. After 0 it survives kill -9 of this process;
 * after segment_sync() power loss too. On failure the log is as it was: ERR_FULL (total_bytes),
 * ERR_NO_SPACE (disk or low water), ERR_TOO_LONG, ERR_RANGE (empty), ERR_IO. Writer calls are one
 * thread's at a time.
 */
int segment_append(struct segment_writer *writer, const struct slice *parts, size_t n,
                   struct segment_pos *ret_end) MUST_USE;
/** Fsyncs what was appended to the newest file, and its name: 0, ERR_NO_SPACE or ERR_IO. After a
 * failure the pages may be lost: end the process. */
int segment_sync(struct segment_writer *writer) MUST_USE;
/** Begins a new file now: 0 or an error, the old one then goes on. */
int segment_roll(struct segment_writer *writer) MUST_USE;
/** Position behind the last record. */
struct segment_pos segment_end(const struct segment_writer *writer);
/** What the next append will meet: 0, ERR_FULL or ERR_NO_SPACE. Reads the folder and the disk. */
int segment_room(struct segment_writer *writer) MUST_USE;

/** Sum of the sizes of all segment files in @p folder: 0 or an error. */
int segment_total(const char *folder, uint64_t *ret_bytes) MUST_USE;
/** Removes the files with numbers below @p number, never the newest; any thread: 0 or an error. */
int segment_delete_below(const char *folder, uint64_t number) MUST_USE;

/** What a reader found damaged. */
struct segment_damage {
    char path[FILE_PATH_MAX]; /**< the file, under the name that stays */
    uint64_t offset;          /**< where the damage begins */
    uint64_t bytes;           /**< how many bytes are skipped */
    uint64_t records;         /**< they held, as far as their lengths tell; 0 = cannot be told */
    int err; /**< ERR_CORRUPT, or ERR_VERSION for a file of another version or store */
};

struct segment_reader;

/** A reader of the store @p id in @p folder from @p from on: 0, ERR_NOMEM or ERR_TOO_LONG. A folder
 * that is not there yet is empty. */
int segment_reader_open(const char *folder, const unsigned char id[SEGMENT_ID_BYTES],
                        struct segment_pos from, struct segment_reader **ret_reader) MUST_USE;
/** Closes it. Accepts NULL. */
void segment_reader_close(struct segment_reader *reader);
/**
 * The next record, valid until the next call. ERR_END: nothing yet, ask again later. ERR_CORRUPT,
 * ERR_VERSION: see segment_damaged(); go on calling, the damage is behind (unless it is in the rest
 * of the newest file, then ERR_CORRUPT stays until the writer rolls). ERR_NOMEM, ERR_IO,
 * ERR_DENIED.
 */
int segment_next(struct segment_reader *reader, struct slice *ret_record) MUST_USE;
/** Position behind the record last returned: what to store, and where a later reader goes on. */
struct segment_pos segment_at(const struct segment_reader *reader);
/** Bytes of torn tails that were passed over so far. */
uint64_t segment_torn(const struct segment_reader *reader);
/** Torn tails that were passed over so far, each the beginning of a record at least. */
uint64_t segment_tails(const struct segment_reader *reader);
/** The damage last reported. */
const struct segment_damage *segment_damaged(const struct segment_reader *reader);

#endif
