/**
 * @file
 * Batch files: the lines of one change set, compressed once, on disk until the database has them.
 *
 * The compressed part is the body of the HTTP request as it stands. Every call here blocks or costs
 * CPU: call them on a worker, at start excepted. What a batch's fate is decides core/sending.h;
 * what it was is the store's (DESIGN 4.2).
 *
 * ## Format, version 1 (all integers little endian)
 *
 * A folder holds files `NNNNNNNNNNNN.batch`, the number in at least 12 decimal digits:
 *
 *     0   4  magic "IOCB"
 *     4   2  version, 1
 *     6   2  size of this header, 64
 *     8  16  id of the store that the batch belongs to
 *     24  8  number, as in the name
 *     32  4  lines
 *     36  4  readings (fields in all lines)
 *     40  8  bytes of the lines, uncompressed
 *     48  8  bytes behind this header
 *     56  4  CRC-32 (as in gzip) of the bytes behind this header
 *     60  4  CRC-32 of the 60 bytes before
 *     64     one gzip member (RFC 1952): the lines, each with its newline
 *
 * A file that does not check is renamed to `NNNNNNNNNNNN.bad` and never deleted by this program.
 */
#ifndef SHELL_BATCH_H
#define SHELL_BATCH_H

#include "base/attr.h"
#include "base/slice.h"
#include "core/sending_job.h"
#include "io/file.h"

/** Bytes of a store id. */
#define BATCH_ID_BYTES 16
/** Most bytes of lines in one batch. */
#define BATCH_PLAIN_MAX (64 * 1024 * 1024)

/** What stands in a header. */
struct batch_facts {
    uint64_t number;      /**< rising, never reused within a store */
    uint32_t lines;       /**< lines */
    uint32_t readings;    /**< fields in all lines */
    uint64_t plain_bytes; /**< of the lines */
    uint64_t body_bytes;  /**< compressed */
};

/** A folder of batches of one store. */
struct batch_folder {
    const char *path;                 /**< exists */
    unsigned char id[BATCH_ID_BYTES]; /**< of the store */
};

/** Compresses @p plain (whole lines; facts say how many) and writes it; number, lines and readings
 * of @p facts are the caller's, the sizes are filled in. After 0 it survives power loss. ERR_FULL
 * (larger than BATCH_PLAIN_MAX), ERR_NOMEM or as file_replace(). */
int batch_write(const struct batch_folder *folder, struct slice plain,
                struct batch_facts *facts) MUST_USE;

/** A batch that was read; free with batch_done(). */
struct batch {
    struct batch_facts facts; /**< of its header */
    struct slice body;        /**< compressed: a request's body */
    char *bytes;              /**< what body points into; owned */
};

/** Reads and checks a batch. ERR_NOT_FOUND, ERR_CORRUPT (header, CRC, number or store id),
 * ERR_VERSION, ERR_NOMEM, ERR_IO, ERR_DENIED. */
int batch_read(const struct batch_folder *folder, uint64_t number,
               struct batch *ret_batch) MUST_USE;
/** Frees it. Accepts a zeroed batch. */
void batch_done(struct batch *batch);
/** The lines themselves, malloc'd: 0, ERR_CORRUPT or ERR_NOMEM. */
int batch_plain(const struct batch *batch, char **ret_plain) MUST_USE;

/** Compresses a request body from @p plain: malloc'd gzip. 0 or ERR_NOMEM. */
int batch_compress(struct slice plain, char **ret_body, size_t *ret_len) MUST_USE;
/** The lines of [first, end) with fate SENDING_TODO of a batch's @p plain text: malloc'd, not
 * compressed. 0 or ERR_NOMEM. O(plain). */
int batch_pick(struct slice plain, const struct sending_line *lines, uint32_t first, uint32_t end,
               char **ret_text, size_t *ret_len) MUST_USE;
/** What core/sending.h wants to know of each line, malloc'd. A line that cannot be looked into
 * counts as one reading, the newest: the database will judge it. 0, ERR_CORRUPT (not @p n_lines
 * lines) or ERR_NOMEM. */
int batch_index(struct slice plain, uint32_t n_lines, struct sending_line **ret_lines) MUST_USE;
/** Line @p n of @p plain without its newline; empty if there is none. O(plain). */
struct slice batch_line(struct slice plain, uint32_t n);

/** Takes @p file, the bytes of batch @p number of any store, into the folder as one of its own: 0,
 * ERR_CORRUPT, ERR_VERSION, ERR_NOMEM or as file_replace(). */
int batch_adopt(const struct batch_folder *folder, uint64_t number, struct slice file) MUST_USE;
/** Deletes a batch's file; one that is not there is fine. */
int batch_remove(const struct batch_folder *folder, uint64_t number) MUST_USE;
/** Renames a damaged batch's file to `.bad`; its new path for people in @p ret_path. */
int batch_quarantine(const struct batch_folder *folder, uint64_t number,
                     char ret_path[FILE_PATH_MAX]) MUST_USE;

/** What batch_recover() did with a file. */
enum batch_found {
    BATCH_FOUND_PENDING, /**< kept: it waits to be sent */
    BATCH_FOUND_DONE,    /**< deleted: the store knows it as written, or never committed it */
    BATCH_FOUND_FOREIGN, /**< of another store: renamed to `.other` */
    BATCH_FOUND_DAMAGED, /**< its header does not check: renamed to `.bad` */
    BATCH_FOUND_MISSING, /**< the store has it as pending and there is no file */
};

/** What the store knows when it starts. */
struct batch_known {
    uint64_t last;           /**< highest number ever committed */
    const uint64_t *pending; /**< numbers not written yet, rising */
    size_t n_pending;        /**< how many */
};

/** Told of every file; facts are NULL but for pending ones, path is "" for missing ones. */
typedef void batch_report(void *context, enum batch_found found, uint64_t number,
                          const struct batch_facts *facts, const char *path);

/** Puts the folder in order at start (DESIGN 4.2): 0, ERR_NOMEM, ERR_IO or ERR_DENIED. Checks
 * headers only. */
int batch_recover(const struct batch_folder *folder, const struct batch_known *known,
                  batch_report *report, void *context) MUST_USE;

#endif
