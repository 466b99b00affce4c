/**
 * @file
 * Reads packs: strict JSON (RFC 8259) and SenML resolution (RFC 8428 section 4.6) in one pass, made
 * for millions of calls: after pack_reader_init() nothing is allocated for ordinary numbers.
 *
 * A pack is taken whole or refused whole. It does not judge order, identity or whether the site is
 * known.
 */
#ifndef WIRE_PACK_READER_H
#define WIRE_PACK_READER_H

#include "base/instant.h"
#include "wire/pack.h"
#include "wire/reason.h"

#include <stddef.h>
#include <stdint.h>

/** A time further than this beyond the receipt refuses the pack (DESIGN section 3). */
#define PACK_AHEAD_MAX_MS INT64_C(86400000)

/** Whose pack it is. */
enum pack_origin {
    PACK_STREAM, /**< a probe's stream: every time is absolute */
    PACK_PLAIN,  /**< anybody's publisher: times below 2^28 s are relative to the receipt */
};

/** Storage of the caller; read readings, len and skipped, nothing else. */
struct pack_reader {
    struct reading *readings; /**< of the last pack_reader_read() that returned 0 */
    size_t len;               /**< how many */
    size_t skipped;           /**< records that hold only a sum or binary data: in no series */
    char *scratch;            /**< unescaped texts and joined names */
};

/** Allocates for the largest pack (about 0.7 MB of address space, touched only as far as packs
 * need). 0 or ERR_NOMEM. */
int pack_reader_init(struct pack_reader *r) MUST_USE;
/** Frees all. Accepts a zeroed reader. */
void pack_reader_done(struct pack_reader *r);
/**
 * Reads @p bytes, received at @p received. On 0 the readings stand in @p r, in the pack's order;
 * their slices point into @p bytes or @p r and hold until the next read. Otherwise there are none
 * and @p ret_why says why: ERR_SYNTAX (not JSON, or not a name), ERR_TYPE, ERR_RANGE, ERR_UNKNOWN
 * (a label ending in `_`), ERR_MISSING, ERR_EXISTS (a label twice), ERR_VERSION, ERR_DENIED
 * (reserved metric), ERR_TOO_LONG, ERR_FULL - all the sender's fault and permanent - or ERR_NOMEM,
 * which is not. O(bytes).
 */
int pack_reader_read(struct pack_reader *r, struct slice bytes, enum pack_origin origin,
                     struct wall_ms received, struct reason *ret_why) MUST_USE;

#endif
