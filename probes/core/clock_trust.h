/**
 * @file
 * Which time a probe's results carry when its clock cannot be believed yet (DESIGN section 3):
 * monotonic time until the system says its clock is synchronised or the centre answers the birth,
 * then absolute times, rendered once.
 *
 * What was stored by monotonic time is bound to the boot of the probe that stored it, by one offset
 * per boot that is written into the outbox durably and never changes. A boot that ends without one
 * leaves its packs `untimed`: they are sent, counted, and enter no series. Reading clocks and
 * asking the kernel is the shell's.
 */
#ifndef CORE_CLOCK_TRUST_H
#define CORE_CLOCK_TRUST_H

#include "base/attr.h"
#include "base/instant.h"
#include "wire/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Boots with offsets remembered; older ones are untimed if packs of theirs still wait. */
#define CLOCK_TRUST_BOOTS 16

/** 2024-01-01: a wall clock before this was never set, whoever vouches for it, and no centre says
 * such a time. */
#define CLOCK_TRUST_FLOOR_MS INT64_C(1704067200000)

/** An answer of the centre that took longer than this fixes no clock. */
#define CLOCK_TRUST_ROUND_TRIP_MS 10000

/** What can be said of a pack stored by monotonic time. */
enum clock_fate {
    CLOCK_TIMED,   /**< the offset of its boot is known: render it */
    CLOCK_WAITS,   /**< of this boot, which has no clock yet: do not publish it */
    CLOCK_UNTIMED, /**< of a boot that never had one */
};

/** The bond between a boot's monotonic time and UTC; what the outbox keeps, once per boot. */
struct clock_offset {
    uint64_t boot;     /**< random per start of the probe */
    int64_t offset_ms; /**< UTC minus monotonic */
};

/** Storage of the caller; members may be read. */
struct clock_trust {
    uint64_t boot;            /**< of this process */
    enum status_clock source; /**< who vouches now; never goes back to CLOCK_UNTRUSTED */
    int64_t offset_ms; /**< UTC minus monotonic for results from now on; may follow the system */
    struct clock_offset known[CLOCK_TRUST_BOOTS]; /**< fixed offsets, oldest first */
    size_t len;                                   /**< of known */
};

/** Nothing is trusted yet in this @p boot. */
void clock_trust_init(struct clock_trust *c, uint64_t boot);
/** Takes back an offset that the outbox kept. The oldest makes way beyond CLOCK_TRUST_BOOTS. */
void clock_trust_load(struct clock_trust *c, struct clock_offset offset);

/**
 * The shell read both clocks; @p synchronised is the kernel's word on the wall clock, which is not
 * believed below CLOCK_TRUST_FLOOR_MS. True if this gave this boot its offset: write
 * c->known[c->len - 1] durably before rendering by it.
 */
bool clock_trust_system(struct clock_trust *c, struct now now, bool synchronised) MUST_USE;
/**
 * The centre answered with its time @p centre a question sent at @p asked; the answer came at
 * @p answered. Returns as clock_trust_system(). Slow answers and a system already trusted change
 * nothing.
 */
bool clock_trust_centre(struct clock_trust *c, struct wall_ms centre, struct mono_ms asked,
                        struct mono_ms answered) MUST_USE;

/** True if results get absolute times as they are taken. */
bool clock_trust_now(const struct clock_trust *c, struct mono_ms t, struct wall_ms *ret_wall);
/** What becomes of a pack that @p boot stored by monotonic time; CLOCK_TIMED gives its offset. */
enum clock_fate clock_trust_fate(const struct clock_trust *c, uint64_t boot,
                                 int64_t *ret_offset_ms) MUST_USE;

#endif
