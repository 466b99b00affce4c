/**
 * @file
 * Availability of a unit or an area over a window: confirmed, lower bound, observed share, outages,
 * MTTR, MTBF and downtime per cause (FIGURES section 3, 7.9, 7.10, 7.23, 7.24).
 *
 * Pure sums over unit timelines, for any [from, to): calendar periods are windows like others.
 * Nothing is kept between calls and nothing is rounded before it is shown. Outages are counted from
 * the timeline by 7.8, so the figures need no outage numbers; core/outages.h finds the same ones.
 */
#ifndef CORE_AVAILABILITY_H
#define CORE_AVAILABILITY_H

#include "core/world.h"

/** The windows that end now. X(name, length in ms, word) */
#define AVAILABILITY_WINDOW_MAP(X)                \
    X(AVAILABILITY_1H, INT64_C(3600000), "1h")    \
    X(AVAILABILITY_24H, INT64_C(86400000), "24h") \
    X(AVAILABILITY_7D, INT64_C(604800000), "7d")  \
    X(AVAILABILITY_30D, INT64_C(2592000000), "30d")

/** An enumerator of the map above. */
#define AVAILABILITY_ENUM(name, length, word) name,

/** A window that ends now. */
enum availability_window { AVAILABILITY_WINDOW_MAP(AVAILABILITY_ENUM) AVAILABILITY_WINDOWS };

#undef AVAILABILITY_ENUM

/** Below this observed share a figure is "not enough data", unless configured otherwise. */
#define AVAILABILITY_ENOUGH 0.9
/** Most decimals a percentage is ever shown with. */
#define AVAILABILITY_DECIMALS_MAX 4

/** Times and counts of one unit, or summed over several. Zeroed = nothing. */
struct availability {
    int64_t state_ms[STATE_COUNT]; /**< time in each state as shown, overlays applied */
    int64_t cause_ms[CAUSE_NONE];  /**< time down, by cause */
    int64_t uncertainty_ms; /**< the gaps around starts and ends of outages, each once: of a window
                               what lies in it, of a period those of the outages that begin or end
                               in it; to be read through availability_uncertainty_ms() */
    uint32_t outages;       /**< with at least 1 ms of downtime in the window */
    uint32_t unverified;    /**< only ever silent, with at least 1 ms of it in the window */
    int64_t retroactive_ms; /**< of maintenance in state_ms, what only a declaration made in
                               retrospect put there: 0 but with retroactive maintenance */
};

/** Window @p which that ends at @p now. */
struct validity availability_window(enum availability_window which, struct wall_ms now);
/** Word of a window for API and points: "24h"; "" if out of range. */
const char *availability_window_word(int which);
/** Which window a word means: 0 or ERR_UNKNOWN. */
int availability_window_read(struct slice word, enum availability_window *ret_which) MUST_USE;

/** @p unit over @p window, cut at the world's now. O(spans in it). */
struct availability availability_of_unit(const struct world *w, uint32_t unit,
                                         struct validity window);
/** The same as if maintenance that was declared in retrospect had been declared in time (FIGURES
 * section 3: shown beside the other, never instead of it). Equal to it where retroactive_ms is 0 in
 * the window and before. O(spans of the unit x its declarations). */
struct availability availability_with_retroactive(const struct world *w,
                                                  const struct inventory *inv, uint32_t unit,
                                                  struct validity window);
/** True if maintenance declared in retrospect, and not withdrawn, overlaps @p window anywhere.
 * O(declarations) */
bool availability_any_retroactive(const struct inventory *inv, struct validity window);
/** Adds @p more to @p sum. */
void availability_add(struct availability *sum, const struct availability *more);

/** up and degraded. */
int64_t availability_up_ms(const struct availability *a);
/** Confirmed ratio, time up / time up or down; false (null) if there was neither. */
bool availability_confirmed(const struct availability *a, double *ret_ratio);
/** The same with silent as down; false (null) if its denominator is empty. */
bool availability_lower(const struct availability *a, double *ret_ratio);
/** Share of the time that is known of the time that should be; false (null) if none should be. */
bool availability_observed(const struct availability *a, double *ret_share);
/** True if the observed share is at least @p enough: otherwise the figure is "not enough data". */
bool availability_enough(const struct availability *a, double enough);
/** Whole milliseconds of downtime per outage, rounded down; -1 (null) without outages. */
int64_t availability_mttr_ms(const struct availability *a);
/** Whole milliseconds of uptime per outage, rounded down; -1 (null) without outages. */
int64_t availability_mtbf_ms(const struct availability *a);
/** How far off the times may be at most, in ms: the gaps around starts and ends of outages, never
 * more than all the time that the figure is about. */
int64_t availability_uncertainty_ms(const struct availability *a);
/** How many decimals of the confirmed percentage the summed uncertainty supports: the most, up to
 * AVAILABILITY_DECIMALS_MAX, with which it is at most one unit of the last digit; 0 if none. */
int availability_decimals(const struct availability *a);

/** Figures of an area, of one kind of site, per operator or all together. Zeroed = no units. */
struct availability_area {
    struct availability sum; /**< of the units with enough data: the figure, outages, MTTR */
    struct availability all; /**< of all units: times and observed share */
    double people_up;        /**< person-milliseconds up, of those with enough data */
    double people_down;      /**< person-milliseconds down, of those */
    uint32_t units;          /**< not planned for all of the window */
    uint32_t enough;         /**< with enough data */
};

/** Adds a unit that serves @p population people (availability_population()); one that was planned
 * throughout is left out. */
void availability_area_add(struct availability_area *area, const struct availability *unit,
                           int64_t population, double enough);
/** The population-weighted ratio: person-time up of person-time up or down; false (null) if
 * nobody is served by a unit with enough data. */
bool availability_weighted(const struct availability_area *area, double *ret_ratio);
/** Population weight of @p unit in a window that ends before @p to: of the distinct villages it
 * serves at the window's last millisecond. 0 or ERR_NOMEM. O(villages served). */
int availability_population(const struct inventory *inv, uint32_t unit, struct wall_ms to,
                            int64_t *ret_population) MUST_USE;

/** Which units an area's figure is about. */
struct availability_query {
    uint32_t area;          /**< area number: sites at or below it at the window's end */
    enum site_kind kind;    /**< of the sites */
    uint32_t op;            /**< operator number, INV_NONE = all together */
    struct validity window; /**< see availability_window() */
    double enough;          /**< AVAILABILITY_ENOUGH */
    bool with_retroactive;  /**< availability_with_retroactive() of each unit */
};

/** True if @p unit belongs to the query. */
bool availability_asked(const struct inventory *inv, const struct availability_query *query,
                        uint32_t unit);
/** The figures of an area: 0 or ERR_NOMEM. O(units x spans in the window). */
int availability_of_area(const struct world *w, const struct inventory *inv,
                         const struct availability_query *query,
                         struct availability_area *ret_area) MUST_USE;

/** How many kinds of sites there are. */
enum { AVAILABILITY_KINDS = 6 };

/** The same for every kind of site at once, whatever query->kind says: one look at each unit. After
 * an error the areas are undefined. */
int availability_of_kinds(const struct world *w, const struct inventory *inv,
                          const struct availability_query *query,
                          struct availability_area ret_areas[AVAILABILITY_KINDS]) MUST_USE;

#endif
