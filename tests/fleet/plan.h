/**
 * @file
 * What the fleet simulates, taken from an inventory: which probe runs which checks of which site.
 *
 * A probe of a site has a check towards the centre, one for each unit, and one of the power plant;
 * for each other site it may speak for (`also`) it has one more, by that site's kind. The lists are
 * what probes would have in their configuration. The plan knows no time and never changes.
 */
#ifndef FLEET_PLAN_H
#define FLEET_PLAN_H

#include "core/inventory.h"
#include "wire/checklist.h"

/** What a check looks at in the scene. */
enum plan_sense {
    SENSE_TRANSPORT, /**< the way to the centre */
    SENSE_UNIT,      /**< one unit of the own site */
    SENSE_POWER,     /**< mains and battery of the own site */
    SENSE_OPTICS,    /**< light at the end of a link */
    SENSE_MAINS,     /**< voltage of a feeder */
    SENSE_VIEW,      /**< another site as seen from here */
};

/** Longest name of a check, with its NUL. */
#define PLAN_CHECK_MAX 72

/** One check. */
struct plan_check {
    uint32_t site;             /**< site number it is of */
    uint32_t unit;             /**< unit number, INV_NONE = all units of the site */
    enum plan_sense sense;     /**< what it looks at */
    enum role role;            /**< for its units */
    enum cause cause;          /**< of a failed verdict */
    char name[PLAN_CHECK_MAX]; /**< "<type>/<name>" */
};

/** One probe. */
struct plan_probe {
    uint32_t probe; /**< probe number */
    uint32_t site;  /**< its own site */
    uint32_t first; /**< its first check in plan.checks */
    uint32_t len;   /**< its checks */
};

/** Times of every check. */
struct plan_times {
    int64_t interval_ms; /**< from start to start */
    int64_t timeout_ms;  /**< of a run */
    int64_t ttl_ms;      /**< how long a result stands */
};

/** Storage of the caller. */
struct plan {
    const struct inventory *inventory; /**< the caller's */
    struct wall_ms at;                 /**< the instant the rows are taken at */
    struct plan_times times;           /**< as given */
    struct vec probes;                 /**< struct plan_probe */
    struct vec checks;                 /**< struct plan_check */
};

/** Which probes; NULL or 0 do not narrow. */
struct plan_filter {
    const char *except; /**< this one stays out: it really exists */
    uint64_t max;       /**< at most so many */
    bool units_only;    /**< one check for each unit and no other */
};

/** A plan over @p inventory, which must outlive it, as it is at @p at. 0, ERR_NOMEM, or ERR_FULL
 * (more checks than a list holds). */
int plan_init(struct plan *plan, const struct inventory *inventory, struct wall_ms at,
              const struct plan_times *times, const struct plan_filter *filter) MUST_USE;
/** Frees all. Accepts a zeroed one. */
void plan_done(struct plan *plan);
/** Probe @p index of the plan. */
const struct plan_probe *plan_probe(const struct plan *plan, size_t index);
/** Check @p index of the plan. */
const struct plan_check *plan_check(const struct plan *plan, size_t index);
/** The name a list gives to @p unit: "service@operator" or "service". */
const char *plan_unit_name(const struct plan *plan, uint32_t unit);
/** Appends the list of probe @p index, valid from @p time_us, as a message of its stream. 0 or
 * ERR_NOMEM. */
int plan_list(const struct plan *plan, size_t index, int64_t time_us, struct buf *out) MUST_USE;

#endif
