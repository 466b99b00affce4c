/**
 * @file
 * The list of a probe's checks, contract v1: what each is evidence for and how often it speaks.
 *
 *     {"checks":[{"name":"icmp/core-1","site":"S1","units":["5g@a","link"],"interval_ms":10000,
 *      "timeout_ms":2000,"ttl_ms":25000,"role":"required","cause":"transport"}],
 *      "t":1790000000.123456}
 *
 * It is a message of the stream (wire/body.h) and valid from `t` until the probe's next list. Every
 * member is required but `units` (none: evidence for nothing, info) and `cause` (`fault`). Unknown
 * members are ignored unless their name ends in `_`.
 *
 * The first list of every start of the probe's program also says how its life before ended, e.g.
 * `"start":"killed"`; then `t` is when it began. "The machine ran on" is the kernel's word (the
 * same boot), so that nobody takes a silence for a fault of the site that the probe knows to be its
 * own.
 */
#ifndef WIRE_CHECKLIST_H
#define WIRE_CHECKLIST_H

#include "base/buf.h"
#include "base/slice.h"
#include "wire/start.h"
#include "wire/verdict.h"

#include <stddef.h>
#include <stdint.h>

/** Most checks of a list. */
#define CHECKLIST_MAX 512
/** Most units of one check. */
#define CHECKLIST_UNITS_MAX 32
/** Longest interval, timeout and ttl: 31 days. */
#define CHECKLIST_SPAN_MAX_MS INT64_C(2678400000)

/** One check. */
struct checklist_entry {
    struct slice name;         /**< "<type>/<name>" */
    struct slice site;         /**< site id */
    const struct slice *units; /**< "service@operator" or "service", of that site */
    size_t n_units;            /**< how many; 0..CHECKLIST_UNITS_MAX */
    int64_t interval_ms;       /**< from start to start; at least 1 */
    int64_t timeout_ms;        /**< of one run; at least 1 */
    int64_t ttl_ms;            /**< how long a result stands: at least 2 x interval + timeout */
    enum role role;            /**< what it is for its units */
    enum cause cause;          /**< of a failed verdict */
};

/** A list. A writer points entries at arrays of its own; a reader gets it from body_read(). */
struct checklist {
    int64_t time_us;                       /**< valid from */
    const struct checklist_entry *entries; /**< no (site, name) twice */
    size_t len;                            /**< how many; 0..CHECKLIST_MAX */
    enum start start;                      /**< of the first list of a start */
};

/** True for a unit's name: 1..64 letters of ASCII, digits and any of -:._@, the first a
 * letter or digit. */
bool checklist_unit_ok(struct slice unit);
/** Appends the list as JSON. */
void checklist_write(struct buf *out, const struct checklist *list);

#endif
