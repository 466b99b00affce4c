/**
 * @file
 * Sums over one stretch of a unit's history that can be joined with those of the next stretch: an
 * hour, a day, what a period has on either side of a boundary (FIGURES section 3, 7.8, 7.9).
 *
 * Times add up by themselves. Outages do not: one that goes on across a boundary must count once.
 * So a stretch counts its outages as if nothing lay on either side of it, and says whether the
 * first may have begun before it and the last may go on behind it. Joined in order, stretches give
 * what core/availability.h gives for the whole, also where one of them is as it was recorded and
 * the next one as it is now.
 */
#ifndef CORE_TALLY_H
#define CORE_TALLY_H

#include "base/buf.h"
#include "base/cursor.h"
#include "core/availability.h"
#include "core/excuse.h"

/** An outage that is on at some instant. Zeroed = there is none. */
struct tally_carry {
    bool out;  /**< one is on */
    bool down; /**< it has had downtime */
};

/** Where outages of one stretch reach beyond it, if those beside it have such time, too. */
struct tally_edges {
    bool before; /**< nothing in it ends an outage before the first time that it counts */
    bool behind; /**< nothing in it ends one after the last */
};

/** How a stretch ends; a stretch that goes on like that is tally_plain(). */
struct tally_end {
    uint8_t state;   /**< enum unit_state */
    uint8_t cause;   /**< enum cause */
    bool unverified; /**< silent, in an outage that is only ever silent as far as is known */
};

/** Sums of one stretch. Zeroed = an empty stretch. */
struct tally {
    struct availability sum;   /**< times; outages with downtime (unverified ones: silence) in it;
                                  uncertainty of their edges in it */
    int64_t probe_ms;          /**< of the unobserved time, that with cause probe */
    bool ends_outages;         /**< something in it ends any outage that was on before */
    struct tally_edges down;   /**< of the downtime in it */
    struct tally_edges silent; /**< of the silence in it that is of unverified outages */
    struct tally_end end;      /**< its last instant */
};

/**
 * @p unit over [@p from, @p to), not later than the world's now. @p carry is the outage that is on
 * at @p from and becomes that of @p to. Whether an outage is only ever silent is judged by all that
 * is known of it at present. O(spans in it)
 */
struct tally tally_of(const struct world *w, uint32_t unit, struct wall_ms from, struct wall_ms to,
                      struct tally_carry *carry);
/** The same as if what @p excuse says had been declared in time; @p carry as it would be then. */
struct tally tally_excused(const struct world *w, uint32_t unit, const struct excuse *excuse,
                           struct wall_ms from, struct wall_ms to, struct tally_carry *carry);
/** True if both are the same. */
bool tally_carry_equal(struct tally_carry a, struct tally_carry b);
/** The outage of @p unit that is on just before @p t, as the timeline from @p since on tells, where
 * @p at_since was on. O(spans since the outage began) */
struct tally_carry tally_carry_at(const struct world *w, uint32_t unit, struct wall_ms since,
                                  struct tally_carry at_since, struct wall_ms t);
/** The stretch in which a change of [@p from, @p to) can alter what is counted: back to where the
 * outage began that is on at its start, on to what ends one that may be on at its end.
 * WALL_NEVER_MS where nothing does. O(spans in it) */
struct validity tally_touched(const struct world *w, uint32_t unit, struct wall_ms from,
                              struct wall_ms to);
/** @p ms more that go on like @p end. */
struct tally tally_plain(struct tally_end end, int64_t ms);
/** Adds @p more, the stretch right behind @p sum. */
void tally_join(struct tally *sum, const struct tally *more);
/** True if they say the same. */
bool tally_equal(const struct tally *a, const struct tally *b);

/** Appends it to @p b: 4 bytes for each state and cause in it, and 13 more at most. Stretches of up
 * to 49 days. */
void tally_write(const struct tally *t, struct buf *b);
/** Reads what tally_write() wrote; an end or a word out of range sets the cursor's error. Of what
 * was written before edges were, it takes what went on to have gone on. */
struct tally tally_read(struct cursor *c);

#endif
