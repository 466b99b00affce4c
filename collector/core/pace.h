/**
 * @file
 * How much one commit carries: a commit costs an fsync, a row of each probe that spoke and an ack
 * to each, however few packs they are for, and leaves one batch file. So it waits for more while
 * much is coming, and while the database is away, within what the page and the probes tolerate.
 *
 * Numbers only: who asks keeps the time. A pack's ack may take as long as these bounds say; probes
 * ask again after 60 s (DESIGN section 3).
 */
#ifndef CORE_PACE_H
#define CORE_PACE_H

#include "base/instant.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** While a change set stays open for more: look for messages so often. */
#define PACE_LOOK_MS 10
/** A change set stays open no longer than this. */
#define PACE_OPEN_MS 400
/** Time alone (holds that end, gaps to be judged) is followed for no longer than this in one change
 * set; the rest waits for the next, so that what comes meanwhile is answered. What it brings is
 * rows, and committing them takes two to four times as long: a live reading waits for two change
 * sets. */
#define PACE_SETTLE_MS 50
/** When live readings wait longer than this, the past makes way. */
#define PACE_LAG_MS 500
/** The longest distance of commits while batches wait for the database. */
#define PACE_PERIOD_MS_MAX 5000

/** What a change set under way has taken. */
struct pace_turn {
    uint64_t messages; /**< so far */
    uint64_t came;     /**< of these, since the last look */
    int64_t open_ms;   /**< since it began */
    bool more;         /**< others have come already, and wait */
};

/** How a change set is worked out: what evidence brought to its end, then what time alone brings as
 * long as it may. Zeroed: it begins. */
struct pace_settling {
    bool following;       /**< what time alone brings is being worked out */
    bool behind;          /**< more of that is due than there was time for, or it is left alone */
    struct mono_ms since; /**< when following began */
};

/** How much the centre can take, as far as is known. Zeroed: nothing is. */
struct pace_work {
    uint64_t messages; /**< of late, some thousands */
    int64_t us;        /**< what they cost to take and to commit */
    int64_t share;     /**< 64ths of the time that the past has beyond its half, or, where it
                            makes way, short of it */
};

/** A change set of so many @p messages took @p us of work, its commit included and what time alone
 * brought left out. Few messages say nothing: their cost is the commit's. Large change sets count
 * for more than small ones, in which a message looks dearer: otherwise a centre that asks for less
 * would find messages dear and ask for less again. */
void pace_worked(struct pace_work *work, uint64_t messages, int64_t us);
/** A piece of it was worked out at @p now and left @p steps, none if there is more of it to do; as
 * many are given back, or none if what time alone brings comes next. It gets its time in every
 * change set, however long the evidence took: otherwise a busy centre would judge no silence. */
size_t pace_settled(struct pace_settling *s, struct mono_ms now, size_t steps);
/** A live reading waits for @p lag_ms (core/marker_lag.h), told once a second: beyond PACE_LAG_MS
 * the past loses a quarter of what it had; well below it gets a little more, beyond its half only
 * if it asks for it (@p wanting: acks wait). What one message costs us does not show what broker
 * and network are short of, and what a commit costs belongs to no message; this shows both. */
void pace_lag(struct pace_work *work, int64_t lag_ms, bool wanting);
/** How many packs of the past may be asked for, @p since_ms after the last ones were: at first as
 * many as leave half of the time to others, then more or fewer, so that live readings do not wait.
 * Never none. */
uint64_t pace_packs(const struct pace_work *work, int64_t since_ms);
/** True if the change set is worth keeping open: more has come, or it is large and more is coming.
 * A window of packs is then answered by one ack instead of one each. */
bool pace_stays_open(const struct pace_turn *turn);
/** Distance of commits with @p waiting batches that wait for the database: @p period_ms, as
 * configured, with hundreds waiting as many times as long, up to PACE_PERIOD_MS_MAX: a
 * database that is away for days leaves some ten thousand files a day, not a million. */
int64_t pace_period_ms(int64_t period_ms, size_t waiting);

#endif
