/**
 * @file
 * Packs are made smaller before the outbox writes them: their text repeats itself, and an eighth of
 * it fits into the page that an fsync writes to flash anyway. Raw DEFLATE (RFC 1951).
 *
 * On the disk only: what is published is the pack as it was put. Which packs were made smaller
 * stands in their record (shell/outbox_record.h). Bytes in, bytes out; no files.
 */
#ifndef SHELL_OUTBOX_SHRINK_H
#define SHELL_OUTBOX_SHRINK_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"

struct libdeflate_compressor;

/** Packs below so many bytes stay as they are: they fill no page. */
#define OUTBOX_SHRINK_MIN 1024

/** Storage of the caller; zeroed = nothing held. */
struct outbox_shrink {
    struct libdeflate_compressor *compressor; /**< 0.2 MB, made for the first pack that needs it */
    struct buf out;                           /**< the last pack */
};

/**
 * Makes @p body smaller; the result is valid until the next call. Empty if it is to stay as it is:
 * too short, does not shrink, or there is no memory for it.
 */
struct slice outbox_shrink_pack(struct outbox_shrink *s, struct slice body);
/** Frees all; it may be used again. */
void outbox_shrink_done(struct outbox_shrink *s);

/**
 * Replaces the content of @p out by the pack of exactly @p len bytes that @p shrunk was made of: 0,
 * ERR_NOMEM, ERR_FULL (more than @p out may hold), or ERR_CORRUPT if it is none of that length.
 */
int outbox_shrink_undo(struct slice shrunk, size_t len, struct buf *out) MUST_USE;

#endif
