/**
 * @file
 * One segment file as a reader sees it: what stands at a place of it, and where behind damage the
 * next record stands. Internal to the segment log; which file comes next, and what is reported, is
 * the reader's.
 */
#ifndef IO_SEGMENT_VIEW_H
#define IO_SEGMENT_VIEW_H

#include "io/segment_format.h"

/** What stands at a place of a file. */
enum segment_found {
    SEGMENT_WHOLE, /**< checks */
    SEGMENT_SHORT, /**< ends past the end of the file, or zeros up to it: not there yet, or torn */
    SEGMENT_BAD    /**< does not check */
};

/** An open file and a window of its bytes. Storage of the caller. */
struct segment_view {
    int fd;                   /**< of the file, -1 = none */
    struct segment_salt salt; /**< of its records */
    unsigned char *window;    /**< of the heap */
    size_t cap;               /**< of the window */
    size_t len;               /**< bytes in it */
    uint64_t window_offset;   /**< where in the file it begins */
};

/** No file: 0 or ERR_NOMEM. */
int segment_view_init(struct segment_view *v) MUST_USE;
/** Closes the file and frees all. */
void segment_view_done(struct segment_view *v);
/** Opens the file at @p path: 0 or an error. */
int segment_view_open(struct segment_view *v, const char *path) MUST_USE;
/** Closes the file, if one is open. */
void segment_view_close(struct segment_view *v);
/** Forgets the bytes seen: the file may have grown since. */
void segment_view_forget(struct segment_view *v);
/** Bytes of the file now, 0 if they cannot be told. */
uint64_t segment_view_size(const struct segment_view *v);

/** The file's head; @p ret_why says what is wrong with a bad one. A head that cannot be read leaves
 * the salt of a file of the newest version. 0 or an error of reading. */
int segment_view_head(struct segment_view *v, const unsigned char id[SEGMENT_ID_BYTES],
                      uint64_t number, enum segment_found *ret_found, int *ret_why) MUST_USE;
/** What stands at @p offset; a whole record is valid until the next call, of a bad one only the
 * length that it claims is known, 0 if that cannot be. 0 or an error of reading. */
int segment_view_record(struct segment_view *v, uint64_t offset, enum segment_found *ret_found,
                        struct slice *ret_record) MUST_USE;
/**
 * The first place from @p offset on at which a whole record stands: 0, ERR_END if there is none, or
 * an error of reading. Tries every byte; what looks like a record and is none may cost it 64 MB of
 * checksums, then it gives up.
 */
int segment_view_resync(struct segment_view *v, uint64_t offset, uint64_t *ret_offset) MUST_USE;
/** How many records the bytes from @p offset to @p end are, by the lengths they claim: 0 if these
 * do not lead there. 0 or an error of reading. */
int segment_view_claimed(struct segment_view *v, uint64_t offset, uint64_t end,
                         uint64_t *ret_records) MUST_USE;

#endif
