/**
 * @file
 * Times on the wire: seconds since 1970 with six decimals there, whole microseconds here,
 * milliseconds for evidence (FIGURES 7.1).
 */
#ifndef WIRE_SECONDS_H
#define WIRE_SECONDS_H

#include "base/buf.h"
#include "base/instant.h"
#include "base/slice.h"

#include <stdint.h>

/** SenML times below 2^28 seconds are relative to the receiver's now (RFC 8428 section 4.5.3). */
#define SECONDS_ABSOLUTE_US (INT64_C(268435456) * 1000000)
/** No time beyond the year 9999 is taken for one. */
#define SECONDS_MAX_US (INT64_C(253402300800) * 1000000)

/**
 * Reads a JSON number of seconds to the nearest microsecond, halves up: exact for plain decimals.
 * 0, ERR_SYNTAX, or ERR_RANGE beyond SECONDS_MAX_US either way.
 */
int seconds_read(struct slice text, int64_t *ret_us) MUST_USE;
/** The same for seconds that a JSON library made a double of; exact until 2112. 0 or ERR_RANGE. */
int seconds_from_double(double seconds, int64_t *ret_us) MUST_USE;
/** Appends @p us as seconds with six decimals. */
void seconds_write(struct buf *out, int64_t us);
/** The instant evidence counts: to the nearest millisecond, halves up (FIGURES 7.1). */
struct wall_ms seconds_to_wall(int64_t us);

#endif
