/**
 * @file
 * The world as the evidence shows it: check results, silence and what they make of each unit, over
 * the last 70 days (FIGURES sections 2 and 7).
 *
 * Events go in, in any order between probes; per check their times only rise (DESIGN section 3).
 * Out come unit timelines and the list of what changed. It decides nothing about streams, stores
 * nothing and sends nothing; coverage, outages and availability are built upon it. The naive
 * reference in tests/support/reference.h gives the same answers from the same events.
 *
 * Bounded: a check keeps its newest 256 changes, a unit 768 spans. A unit that flaps beyond keeps
 * its sums per hour, later per day, and loses the order within. Per probe 128 wills, gasps, starts
 * and connections are kept, 64 summary results per check, 1 Mi results ahead of now.
 *
 * Each unit has an instant before which its history is settled for good, because evidence is
 * forgotten there: no evidence changes it any more, and after a restart the timeline begins there.
 * Who keeps what lies before (core/hours.h) is told before it is forgotten.
 */
#ifndef CORE_WORLD_H
#define CORE_WORLD_H

#include "core/inventory.h"
#include "core/rows.h"
#include "core/state.h"
#include "core/timeline.h"

/** Limits and tunables; the defaults of world_options_default() are those of DESIGN and FIGURES. */
struct world_options {
    int64_t late_ms;   /**< pack period + 15 s: how long a result may still be on its way */
    int64_t keep_ms;   /**< fine timelines: 70 days */
    int64_t future_ms; /**< a result further ahead of its receipt enters no timeline: 60 s */
    int64_t zone_ms;   /**< local time minus UTC: history is forgotten by local days */
    int64_t connect_settle_ms; /**< listening of a probe begins at the latest this long after a
                                  broker connection: 60 s */
    uint32_t checks_per_probe; /**< bound: entries of a list beyond it are refused */

    struct {
        uint8_t bad,
            good;    /**< hysteresis: results in a row to go down and to return, 1..16; 1 = none */
    } hysteresis[6]; /**< by enum site_kind */
};

/** One entry of a probe's list of checks, resolved against the inventory. */
struct check_entry {
    struct slice name;     /**< "icmp/core-1" */
    uint32_t site;         /**< site number */
    const uint32_t *units; /**< unit numbers it is evidence for; may be of that site only */
    size_t n_units;        /**< how many */
    int64_t interval_ms;   /**< between runs */
    int64_t timeout_ms;    /**< of a run */
    int64_t ttl_ms;        /**< of a result: at least 2 x interval + timeout */
    enum role role;        /**< for its units */
    enum cause cause;      /**< of a failed verdict */
};

/** Why a result entered no timeline. */
enum world_fate {
    WORLD_TAKEN,     /**< it is evidence now */
    WORLD_NOT_LATER, /**< not later than the check's last one (FIGURES 7.17) */
    WORLD_UNLISTED,  /**< no list valid at its time names the check */
    WORLD_AHEAD,     /**< more than future_ms ahead of its receipt (FIGURES 7.1) */
    WORLD_OLD,       /**< more than keep_ms before its receipt (FIGURES section 3) */
};

/** A unit whose timeline changed from an instant on, or whose state now did. */
struct world_change {
    uint32_t unit;       /**< unit number */
    struct wall_ms from; /**< earliest instant that changed since the changes were cleared */
};

struct world;

/** The defaults for a pack period of 30 s. */
struct world_options world_options_default(void);
/** An empty world over @p inv, which must outlive it or be replaced by world_set_inventory(). NULL
 * without memory. */
struct world *world_new(const struct inventory *inv, const struct world_options *options) MUST_USE;
/** Frees all. Accepts NULL. */
void world_free(struct world *w);
/** Continues with a newer inventory made from the present one by inventory_load(); every unit is
 * evaluated anew from @p from on. */
int world_set_inventory(struct world *w, const struct inventory *inv, struct wall_ms from) MUST_USE;

/** A site of which something was declared or taken back. */
struct world_declared {
    uint32_t site;       /**< its number */
    struct wall_ms from; /**< nothing before this is otherwise */
};

/** The same for an inventory that differs in the declarations of @p n @p sites alone: only their
 * units are evaluated anew, each once. O(units of the sites x spans) */
int world_set_declarations(struct world *w, const struct inventory *inv,
                           const struct world_declared *sites, size_t n) MUST_USE;

/** A list of checks of @p probe, valid from @p t until its next. Lists of a probe arrive in order
 * of time. 0, ERR_NOMEM, or ERR_FULL, which changed nothing: more checks than checks_per_probe,
 * more names or terms than lists of one probe may bring in one run, more ahead of now. */
int world_list(struct world *w, uint32_t probe, struct wall_ms t, const struct check_entry *entries,
               size_t n) MUST_USE;
/** A result from the probe's stream; @p received is when the centre got it. 0 (with its fate) or
 * ERR_NOMEM. */
int world_result(struct world *w, uint32_t probe, uint32_t site, struct slice name,
                 struct wall_ms t, enum verdict verdict, struct wall_ms received,
                 enum world_fate *ret_fate) MUST_USE;
/** Number of the check @p name of @p probe at @p site, UINT32_MAX if no list ever named it. Numbers
 * never change; keep them beside what reads packs. O(1) */
uint32_t world_check(const struct world *w, uint32_t probe, uint32_t site, struct slice name);
/** world_result() for a check whose number is known. */
int world_result_of(struct world *w, uint32_t number, struct wall_ms t, enum verdict verdict,
                    struct wall_ms received, enum world_fate *ret_fate) MUST_USE;
/** A result from a status summary: as good as one from the stream until the stream reaches its time
 * (FIGURES 7.15). */
int world_summary(struct world *w, uint32_t probe, uint32_t site, struct slice name,
                  struct wall_ms t, enum verdict verdict, struct wall_ms received,
                  enum world_fate *ret_fate) MUST_USE;
/** A will of @p probe that held (DESIGN section 3), received at @p receipt. */
int world_will(struct world *w, uint32_t probe, struct wall_ms receipt) MUST_USE;
/** The program of @p probe did not run at @p t, while its machine did, as its stream says when it
 * begins again: silence before that was no silence, its checks could not tell (reading 21). */
int world_away(struct world *w, uint32_t probe, struct wall_ms t) MUST_USE;
/** A last gasp of @p probe at @p g, from its status or its stream (the second one of the same g
 * changes nothing, nor does one ahead of now beyond the probe's bound of such things). It comes
 * before the results that follow it, as both channels send it: the first result after @p g is exact
 * among those that come later, the start of a run and the last two. */
int world_gasp(struct world *w, uint32_t probe, struct wall_ms g) MUST_USE;

/** A broker connection began at @p t: listening per probe begins anew (DESIGN 4.6). */
int world_connected(struct world *w, struct wall_ms t) MUST_USE;
/** The first message of @p probe on this connection that is neither a will nor a retained copy, at
 * @p t; later ones change nothing. */
int world_heard(struct world *w, uint32_t probe, struct wall_ms t) MUST_USE;
/** We listened in [from, to): the interval between two markers. Intervals arrive in order of time.
 * @p to is also the last marker. */
int world_listened(struct world *w, struct wall_ms from, struct wall_ms to) MUST_USE;
/** Brings the live edge to @p now: holds that end, overlays that begin, and all that evidence since
 * the last time changed. Called at least once a second. Cost: what changes, plus a queue. */
int world_advance(struct world *w, struct wall_ms now) MUST_USE;
/** world_advance() in two parts, for those whose time is short when much changes at once. Evidence
 * up to @p now exists from here on; what follows of it is world_work(). */
void world_reach(struct world *w, struct wall_ms now);
/** How many units evidence has put in doubt since they were evaluated last. */
size_t world_marked(const struct world *w);
/** Does what waits, in at most *@p steps steps of some microseconds each, and says how many were
 * left: with any left, nothing waits. Without @p due only what evidence brought is done. Time alone
 * then goes on later (holds that end, gaps that wait for a marker, doubts after a connection, days
 * to be forgotten), as if less time had passed. What is done without rest may be saved, and goes on
 * from there after a restart. The figures at the end are those of world_advance(). */
int world_work(struct world *w, bool due, size_t *steps) MUST_USE;

/** The timeline of @p unit (codes of state.h); valid until the next call that changes the world. It
 * may go on behind the last world_advance() with what dates of the inventory will bring: readers
 * stop at world_now(), and are told when now reaches such a change. */
const struct timeline *world_unit_timeline(const struct world *w, uint32_t unit);
/** The unit at @p t (not after the last world_advance()). */
struct unit_view world_unit_at(const struct world *w, uint32_t unit, struct wall_ms t);
/** Uncertainty of the change of @p unit at @p t in ms: the gap between the samples around it
 * (FIGURES 7.24). */
int64_t world_uncertainty_ms(const struct world *w, uint32_t unit, struct wall_ms t);
/** That gap itself: the change may have happened anywhere in it. Empty, at @p t, where it is exact.
 */
struct validity world_uncertain(const struct world *w, uint32_t unit, struct wall_ms t);
/** The probes that stand or stood at @p site; *ret_len of them, valid until the next inventory. */
const uint32_t *world_own_probes(const struct world *w, uint32_t site, size_t *ret_len);
/** When the last message of @p probe came (FIGURES 7.19); INT64_MIN if none did since the start. */
struct wall_ms world_probe_heard(const struct world *w, uint32_t probe);
/** The inventory in force. */
const struct inventory *world_inventory(const struct world *w);
/** Instant of the last world_advance(). */
struct wall_ms world_now(const struct world *w);

/** Units that changed since world_changes_clear(), each once with its earliest instant; *ret_len of
 * them, in no order. */
const struct world_change *world_changes(const struct world *w, size_t *ret_len);
/** Since when @p unit changed, if it is one of them. O(1) */
bool world_change_of(const struct world *w, uint32_t unit, struct wall_ms *ret_from);
/** Takes the one that has waited longest: false if there is none. Amortised O(1) */
bool world_change_take(struct world *w, struct world_change *ret_change);
/** Forgets them. */
void world_changes_clear(struct world *w);

/** Who is told before history is overwritten or forgotten, while the timelines still show it. A
 * return other than 0 ends the call that caused it with that code. */
struct world_watch {
    void *context; /**< first argument of both */
    /** State or cause of @p unit is about to change somewhere in [@p from, @p to). */
    int (*changing)(void *context, uint32_t unit, struct wall_ms from, struct wall_ms to);
    /** History of @p unit before @p to is about to be settled and forgotten. */
    int (*forgetting)(void *context, uint32_t unit, struct wall_ms to);
};

/** From now on @p watch is told (copied); NULL members are not called. */
void world_set_watch(struct world *w, const struct world_watch *watch);
/** `changing` is told of changes that begin before @p t only; at first of none. */
void world_set_watched(struct world *w, struct wall_ms t);
/** Instant before which the history of @p unit is settled; INT64_MIN if it never was. */
struct wall_ms world_settled(const struct world *w, uint32_t unit);
/** Settles it up to @p t, as it was when it was saved; before world_loaded(). */
void world_set_settled(struct world *w, uint32_t unit, struct wall_ms t);

/** Hands every state row that changed since the last call to @p sink, for the store. */
int world_save(struct world *w, const struct row_sink *sink) MUST_USE;
/** Takes back one row that world_save() once gave. After the last one call world_loaded(). 0 or
 * ERR_CORRUPT, ERR_NOMEM. */
int world_load(struct world *w, uint8_t kind, struct slice key, struct slice value) MUST_USE;
/** All rows are in: evaluates every unit. */
int world_loaded(struct world *w) MUST_USE;

#endif
