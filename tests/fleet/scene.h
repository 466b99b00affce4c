/**
 * @file
 * The simulated world: what is broken at which site, what a check would see there, and what each
 * unit really is.
 *
 * Faults come and go here and may overlap: each kind is counted per site. It knows no probe: who
 * runs, connects or publishes is the fleet's, which looks here after every change. Time comes in.
 */
#ifndef FLEET_SCENE_H
#define FLEET_SCENE_H

#include "fault.h"
#include "plan.h"

#include "base/rng.h"

/** Received power of a healthy link. */
#define SCENE_LEVEL_DBM (-18.0)
/** A link below this is degraded. */
#define SCENE_LEVEL_WARN_DBM (-25.0)

/** A fault whose target was found. */
struct scene_deed {
    enum fault_action action; /**< what; never FAULT_FLAP, which is several FAULT_DOWN */
    uint32_t site;            /**< where */
    uint32_t unit;            /**< which unit; INV_NONE = all of the site */
    double number;            /**< of actions that take one */
    int64_t duration_ms;      /**< how long */
};

/** What is wrong at one site; each counter is the number of faults in force. */
struct scene_site {
    uint16_t cut;            /**< no way to the centre */
    uint16_t mains;          /**< on battery */
    struct wall_ms mains_at; /**< and since when */
    uint16_t dark;           /**< no power, with a last gasp */
    uint16_t dead;           /**< no power, without a word */
    uint16_t killed;         /**< the probe was killed */
    uint16_t rebooting;      /**< the probe stopped cleanly */
    uint16_t slow;           /**< the line is slow */
    int64_t slow_ms;         /**< one message per this time, while slow */
    int64_t clock_ms;        /**< the probe's clock minus true time */
    double level_from;       /**< received power before the drift */
    double level_to;         /**< and after it */
    struct wall_ms drift_at; /**< when the drift began */
    int64_t drift_ms;        /**< how long it takes */
};

/** Why a probe does not run. */
enum scene_life {
    LIFE_RUNS,    /**< it does */
    LIFE_STOPPED, /**< it said farewell */
    LIFE_KILLED,  /**< its connection broke at once */
    LIFE_GASPED,  /**< power went, it said so */
    LIFE_DEAD,    /**< power went, it could not say so */
};

/** What a unit really is. */
struct scene_unit {
    bool down;        /**< or up */
    enum cause cause; /**< why; CAUSE_NONE while up */
};

/** Storage of the caller; members may be read. */
struct scene {
    const struct plan *plan;  /**< the caller's */
    struct scene_site *sites; /**< by site number */
    uint16_t *unit_down;      /**< by unit number: faults in force */
    struct vec touched;       /**< uint32_t site numbers since scene_clear() */
};

/** A world where all is well. @p plan must outlive it. 0 or ERR_NOMEM. */
int scene_init(struct scene *s, const struct plan *plan) MUST_USE;
/** Frees all. Accepts a zeroed one. */
void scene_done(struct scene *s);
/** Finds what @p fault names: site id, code, SITE/UNIT or ?KIND (drawn from @p rng). 0 or
 * ERR_UNKNOWN with a sentence. */
int scene_find(const struct scene *s, const struct fault *fault, struct rng *rng,
               struct scene_deed *ret_deed, char ret_why[FAULT_WHY_MAX]) MUST_USE;
/** The deed begins, or ends. Every site it touches is noted. 0 or ERR_NOMEM. O(sites) for links and
 * feeders. */
int scene_apply(struct scene *s, const struct scene_deed *deed, bool begins,
                struct wall_ms now) MUST_USE;
/** Forgets the touched sites. */
void scene_clear(struct scene *s);

/** Whether and how the probe of @p site lives. */
enum scene_life scene_life(const struct scene *s, uint32_t site);
/** What @p check would say at @p now. */
enum verdict scene_verdict(const struct scene *s, const struct plan_check *check,
                           struct wall_ms now);
/** Voltage of the battery at @p now: floating, or falling while mains are lost. */
double scene_battery_v(const struct scene *s, uint32_t site, struct wall_ms now);
/** Minutes that a falling battery of @p volts has left. */
double scene_battery_minutes(double volts);
/** Received power of a link at @p now. */
double scene_level(const struct scene *s, uint32_t site, struct wall_ms now);
/** What @p unit really is. */
struct scene_unit scene_unit(const struct scene *s, uint32_t unit);

#endif
