/**
 * @file
 * The bytes of a segment file as io/segment.h documents them, and the numbers in the names of a
 * folder. Internal to the segment log.
 */
#ifndef IO_SEGMENT_FORMAT_H
#define IO_SEGMENT_FORMAT_H

#include "base/attr.h"
#include "io/segment.h"

/** Bytes of the two heads. */
enum { SEGMENT_FILE_HEAD = 36, SEGMENT_RECORD_HEAD = 8 };

/** What a writer writes. */
enum { SEGMENT_VERSION = 2 };

/** Writes the file header. */
void segment_put_file_head(unsigned char head[SEGMENT_FILE_HEAD],
                           const unsigned char id[SEGMENT_ID_BYTES], uint64_t number);
/** Checks a file header and says which version the file has: 0, ERR_CORRUPT, or ERR_VERSION if it
 * belongs to a newer version, another store or number. */
int segment_check_file_head(const unsigned char head[SEGMENT_FILE_HEAD],
                            const unsigned char id[SEGMENT_ID_BYTES], uint64_t number,
                            uint16_t *ret_version) MUST_USE;

/** What the records of one file are checked with: where a record stands is part of its checksum. */
struct segment_salt {
    uint32_t file; /**< checksum of store and number */
    bool placed;   /**< the record's offset counts too; not in files of version 1 */
};

/** The salt of file @p number of the store @p id, in the @p version that its head has. */
struct segment_salt segment_salt(const unsigned char id[SEGMENT_ID_BYTES], uint64_t number,
                                 uint16_t version);
/** Writes the head of a record at @p offset made of @p n @p parts, @p len bytes together. */
void segment_put_record_head(unsigned char head[SEGMENT_RECORD_HEAD], struct segment_salt salt,
                             uint64_t offset, const struct slice *parts, size_t n, size_t len);
/** Length that a record head claims. */
uint32_t segment_record_len(const unsigned char head[SEGMENT_RECORD_HEAD]);
/** True if @p bytes (as many as the head claims) are those the head at @p offset was made for. */
bool segment_record_checks(const unsigned char head[SEGMENT_RECORD_HEAD], struct segment_salt salt,
                           uint64_t offset, const unsigned char *bytes);

/** Path of file @p number with ending @p ending ("seg", "bad"): 0 or ERR_TOO_LONG. */
int segment_path(char ret_path[FILE_PATH_MAX], const char *folder, uint64_t number,
                 const char *ending) MUST_USE;
/** What a folder's walk calls; anything but 0 ends the walk and is its result. */
typedef int segment_visit(void *arg, const char *folder, uint64_t number, const char *ending);
/** Walks the .seg and .bad files of @p folder in no order; a folder that is not there is empty. */
int segment_walk(const char *folder, segment_visit *visit, void *arg) MUST_USE;
/** Smallest number of a .seg file above @p number, 0 = none: 0 or an error. O(files). */
int segment_following(const char *folder, uint64_t number, uint64_t *ret_following) MUST_USE;
/** Largest number of any .seg or .bad file, 0 = none: 0 or an error. O(files). */
int segment_largest(const char *folder, uint64_t *ret_largest) MUST_USE;

#endif
