/**
 * @file
 * Writes packs: SenML JSON with the site as base name and a base time wherever it saves bytes.
 *
 * Equal readings give equal bytes. Bytes of a text that are not UTF-8 become '?'. When to close a
 * pack is the outbox's to decide.
 */
#ifndef WIRE_PACK_WRITER_H
#define WIRE_PACK_WRITER_H

#include "base/buf.h"
#include "wire/pack.h"

/** Storage of the caller. */
struct pack_writer {
    struct buf *out;              /**< where the bytes go */
    size_t start;                 /**< length of out at the beginning */
    size_t count;                 /**< readings added */
    char site[PACK_PART_MAX + 1]; /**< base name in force, without its slash */
    size_t site_len;              /**< its length, 0 = none yet */
    int64_t base_us;              /**< base time in force, 0 = none yet */
};

/** Begins a pack at the end of @p out, which must outlive the writer. */
void pack_writer_begin(struct pack_writer *w, struct buf *out);
/**
 * Adds one reading. 0; ERR_FULL if the pack would exceed PACK_BYTES_MAX, PACK_READINGS_MAX or the
 * bound of the buffer: end it and begin another; ERR_NOMEM; or what pack_reading_check() says. On
 * an error nothing was added and the pack may still be ended.
 */
int pack_writer_add(struct pack_writer *w, const struct reading *reading) MUST_USE;
/** Closes the pack. 0, or the buffer's sticky error. A pack without readings is `[]`. */
int pack_writer_end(struct pack_writer *w) MUST_USE;

#endif
