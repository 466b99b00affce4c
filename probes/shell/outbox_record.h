/**
 * @file
 * What one record of the outbox's segment files holds: a pack and what is needed to send it later.
 * Pure text and numbers; files are io/segment.h's, order is the outbox's.
 *
 *     0  1  version: 1, or 2 if the pack was made smaller (shell/outbox_shrink.h)
 *     1  1  kind
 *     2  2  zero
 *     4  4  readings in the pack
 *     8  8  number: rises by one, never used again
 *     16 8  boot of the probe that wrote it
 *     24 8  running time at which it was written, in ms
 *     32 4  in version 2 only: bytes of the pack before that, at most PACK_BYTES_MAX
 *     .. n  the pack, as wire/body.h reads it, or what was made of it
 *
 * Little endian. A pack of kind monotonic carries times of the monotonic clock since
 * OUTBOX_RECORD_MONO_ZERO_MS, because the probe's clock could not be believed; they become absolute
 * when it is sent (shell/outbox_render.h).
 */
#ifndef SHELL_OUTBOX_RECORD_H
#define SHELL_OUTBOX_RECORD_H

#include "base/attr.h"
#include "base/slice.h"

#include <stdint.h>

/** Most bytes before the pack. */
#define OUTBOX_RECORD_HEAD 36
/** What monotonic 0 is written as: a time that every reader takes for absolute, in 2001. */
#define OUTBOX_RECORD_MONO_ZERO_MS INT64_C(1000000000000)

/** Which times a pack carries. */
enum outbox_kind {
    OUTBOX_TIMED,     /**< absolute: to be sent as it is */
    OUTBOX_MONOTONIC, /**< of the monotonic clock of its boot */
};

/** One record. */
struct outbox_record {
    enum outbox_kind kind; /**< which times */
    uint32_t readings;     /**< in the pack */
    uint64_t number;       /**< of the pack, from 1 */
    uint64_t boot;         /**< of the probe that wrote it */
    int64_t running_ms;    /**< running time at which it was written */
    uint32_t plain_bytes;  /**< of the pack if body is what it was made smaller to, else 0 */
    struct slice body;     /**< the pack */
};

/** Writes all but the body; returns how many bytes that is. */
size_t outbox_record_head(const struct outbox_record *record,
                          unsigned char head[OUTBOX_RECORD_HEAD]);
/** Reads a record; the body points into @p bytes, made smaller or not. 0, ERR_VERSION or
 * ERR_CORRUPT. */
int outbox_record_read(struct slice bytes, struct outbox_record *ret_record) MUST_USE;

#endif
