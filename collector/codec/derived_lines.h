/**
 * @file
 * Derived points as lines: states of sites and units, availability and coverage of areas, outages.
 *
 * Numbers only (DESIGN section 6): states, causes and provenances are the numbers of core/state.h
 * and wire/verdict.h. Plain structs come in, whoever computed them; a figure that does not exist is
 * NaN and its field is left out. Every function appends at most one line and returns its fields,
 * 0 if there was nothing to say (or @p out is in error, which stays there to be seen). Names that
 * line_key() refuses give no line.
 */
#ifndef CODEC_DERIVED_LINES_H
#define CODEC_DERIVED_LINES_H

#include "base/buf.h"
#include "base/instant.h"
#include "base/slice.h"
#include "core/state.h"

/** A unit at an instant: `ioc_unit_state`, tags `operator` (if any), `service`, `site`. */
struct derived_unit_point {
    struct wall_ms t;      /**< instant of the grid */
    struct slice site;     /**< site id */
    struct slice service;  /**< "5g", "fibre", ... */
    struct slice op;       /**< operator id, empty = none */
    struct unit_view view; /**< fields state, beneath, provenance; cause, beneath_cause unless
                              CAUSE_NONE */
};

/** A site at an instant: `ioc_site_state`, tag `site`. */
struct derived_site_point {
    struct wall_ms t;            /**< instant of the grid */
    struct slice site;           /**< site id */
    enum unit_state worst;       /**< field state: the worst of its units */
    uint32_t units[STATE_COUNT]; /**< fields units_<state>: units by state */
    bool out;                    /**< field out: every unit is down */
};

/** Availability of an area over a window or a period: `ioc_availability`, tags `area`, `kind`,
 * `operator`, `window`. */
struct derived_availability_point {
    struct wall_ms t;    /**< instant of the grid: "now", or the period's start */
    struct slice area;   /**< area id */
    struct slice kind;   /**< site kind */
    struct slice op;     /**< operator id, or "all" */
    struct slice window; /**< "1h", "24h", "7d", "30d", "hour", "day", "month" */
    double confirmed;    /**< ratio 0..1 */
    double lower;        /**< lower bound, silent as down */
    double weighted;     /**< confirmed, weighted by population */
    double observed;     /**< observed share */
    int64_t up_ms;       /**< up and degraded */
    int64_t down_ms;     /**< down */
    int64_t silent_ms;   /**< silent */
    uint32_t outages;    /**< with at least 1 ms of downtime */
    int64_t mttr_ms;     /**< negative = none */
    int64_t mtbf_ms;     /**< negative = none */
    bool enough;         /**< the observed share suffices for a figure */
};

/** Coverage of an area at an instant: `ioc_coverage`, tags `area`, `operator`, `technology`. */
struct derived_coverage_point {
    struct wall_ms t;        /**< instant of the grid */
    struct slice area;       /**< area id */
    struct slice technology; /**< "5g", "4g", "fibre", ... */
    struct slice op;         /**< operator id, "any" or "all" */

    struct {
        double total;   /**< villages, households or population there are */
        double nominal; /**< served by a unit that exists */
        double live;    /**< served by a unit that is up */
        double unknown; /**< perhaps, beyond live */
    } villages,         /**< fields villages_* */
        households,     /**< fields households_* */
        population;     /**< fields population_* */

    double declared; /**< the authority's ratio */
    double measured; /**< villages measured at or above the threshold */
    double points;   /**< measuring points */
};

/** An outage: `ioc_outage`, tags `outage`, `site`. */
struct derived_outage_point {
    struct wall_ms t;     /**< the start it had when it got its number: never changes, so that a
                             correction overwrites */
    uint64_t number;      /**< of the outage */
    struct slice site;    /**< of its unit: a tag, so nothing that a correction may change */
    uint64_t root;        /**< number of the outage at its root, its own if there is none */
    struct wall_ms start; /**< field start_ms */
    struct wall_ms end;   /**< field end_ms; WALL_NEVER_MS = still on: 0, and field open 1 */
    int64_t downtime_ms;  /**< down alone */
    int64_t silent_ms;    /**< silent, unverified */
    int64_t start_uncertainty_ms; /**< gap between the samples around the start */
    int64_t end_uncertainty_ms;   /**< and around the end */
    enum cause cause;             /**< of the root */
    uint32_t units;               /**< units in it */
    double exposed;               /**< people exposed */
    double without;               /**< people without service */
};

uint32_t derived_lines_unit(struct buf *out, const struct derived_unit_point *p); /**< see above */
uint32_t derived_lines_site(struct buf *out, const struct derived_site_point *p); /**< see above */
uint32_t derived_lines_availability(struct buf *out,
                                    const struct derived_availability_point *p); /**< see above */
uint32_t derived_lines_coverage(struct buf *out,
                                const struct derived_coverage_point *p); /**< see above */
uint32_t derived_lines_outage(struct buf *out,
                              const struct derived_outage_point *p); /**< see above */

#endif
