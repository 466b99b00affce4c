/**
 * @file
 * When the pack being filled is closed: every 30 s, before it would outgrow its bound, and at once
 * when a check's verdict changes (DESIGN section 3).
 *
 * "At once" is held to one pack a second: when a site loses its line, twenty checks change within
 * one second and make two packs, not twenty. It holds no readings and writes nothing.
 */
#ifndef CORE_PACK_PERIOD_H
#define CORE_PACK_PERIOD_H

#include "base/attr.h"
#include "base/instant.h"
#include "wire/verdict.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The contract's figures (DESIGN section 3). */
enum {
    PACK_PERIOD_MS = 30000,        /**< default period */
    PACK_PERIOD_URGENT_MS = 1000,  /**< between two packs closed for a change of verdict */
    PACK_PERIOD_MAX_BYTES = 65536, /**< of one encoded pack */
};

/** Storage of the caller; members may be read. */
struct pack_period {
    int64_t period_ms;     /**< as configured */
    size_t max_bytes;      /**< an encoded pack is never larger */
    size_t bytes;          /**< of the pack being filled, as the encoder counts; 0 = empty */
    struct mono_ms due;    /**< the period ends; moves on even while the pack is empty */
    struct mono_ms closed; /**< the last close */
    bool urgent;           /**< a verdict changed in the pack being filled */
    uint8_t *verdicts;     /**< last verdict by check; VERDICT_OK before the first */
    size_t len;            /**< checks */
};

/** An empty pack opened at @p now, for @p checks checks. 0 or ERR_NOMEM. */
int pack_period_init(struct pack_period *p, size_t checks, int64_t period_ms,
                     struct mono_ms now) MUST_USE;
/** Frees all. Accepts a zeroed one. */
void pack_period_done(struct pack_period *p);

/** True if @p more bytes do not fit any more: close the pack, then add. */
bool pack_period_full(const struct pack_period *p, size_t more);
/** @p more bytes went into the pack being filled. */
void pack_period_added(struct pack_period *p, size_t more);
/** @p check (below len) reached @p verdict in the pack being filled. A check's first verdict is a
 * change unless it is ok. */
void pack_period_verdict(struct pack_period *p, size_t check, enum verdict verdict);
/** True if the pack being filled is to be closed now; never while it is empty. */
bool pack_period_closes(const struct pack_period *p, struct mono_ms now);
/** It was closed and written, or the period ended while it was empty: a new one is open. */
void pack_period_next(struct pack_period *p, struct mono_ms now);
/** When pack_period_closes() turns true if nothing is added; also, while the pack is empty, the end
 * of the period, at which a status may be due. */
struct mono_ms pack_period_deadline(const struct pack_period *p);

#endif
