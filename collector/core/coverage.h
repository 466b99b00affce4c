/**
 * @file
 * Coverage: how many villages, households and people are served, per area, technology and operator
 * (FIGURES section 4, 7.10, 7.25).
 *
 * Counters follow each change of a unit; a change touches the villages the unit serves and what
 * lies above them, nothing else. It takes (unit, view) pairs and knows nothing of evidence; the
 * past is the same object made for an instant of the past. Measured coverage is
 * core/measured.h's.
 */
#ifndef CORE_COVERAGE_H
#define CORE_COVERAGE_H

#include "core/inventory.h"
#include "core/state.h"

/**
 * Technologies. Nominal coverage by a generation includes the higher ones ("at least 3G"); live
 * coverage goes technology by technology. The last one is the family: any generation.
 * X(name, value, word)
 */
#define TECHNOLOGY_MAP(X)           \
    X(TECHNOLOGY_2G, 0, "2g")       \
    X(TECHNOLOGY_3G, 1, "3g")       \
    X(TECHNOLOGY_4G, 2, "4g")       \
    X(TECHNOLOGY_5G, 3, "5g")       \
    X(TECHNOLOGY_FIBRE, 4, "fibre") \
    X(TECHNOLOGY_MOBILE, 5, "mobile")

/** One line of the enum. */
#define TECHNOLOGY_ENUM(name, value, word) name = value,

/** See TECHNOLOGY_MAP. */
enum technology { TECHNOLOGY_MAP(TECHNOLOGY_ENUM) TECHNOLOGY_COUNT };

#undef TECHNOLOGY_ENUM

/** Whose coverage, beside the number of an operator (INV_NONE: of units without one): by at least
 * one operator (SDG 9.c.1). */
#define COVERAGE_ANY 0xfffffffdu
/** As above: by every operator that has an existing unit of the technology's family. */
#define COVERAGE_ALL 0xfffffffeu

/** What is counted. Villages without a figure count nothing as households or people. */
struct coverage_count {
    int64_t villages;   /**< thôn, khu phố */
    int64_t households; /**< of them */
    int64_t population; /**< of them */
};

/** Coverage of an area. The live ratio is the interval [live, live + unknown] / total. */
struct coverage_figure {
    struct coverage_count total;   /**< all villages of the area */
    struct coverage_count nominal; /**< served by a unit that exists */
    struct coverage_count live;    /**< served by a unit up or degraded beneath overlays */
    struct coverage_count unknown; /**< no live unit, but a silent or unobserved one */
    int year_oldest;               /**< of the villages' figures, 0 = none given */
    int year_newest;               /**< as above */
    int64_t without_population;    /**< villages that have no population figure */
};

/** One village. */
enum coverage_state {
    COVERAGE_LIVE,     /**< served now */
    COVERAGE_UNKNOWN,  /**< perhaps */
    COVERAGE_DARK,     /**< a unit is meant to serve it and does not */
    COVERAGE_UNSERVED, /**< no unit is meant to */
};

/** What the authority's figure counts. X(name, value, word) */
#define COVERAGE_MEASURE_MAP(X)             \
    X(COVERAGE_VILLAGES, 0, "villages")     \
    X(COVERAGE_HOUSEHOLDS, 1, "households") \
    X(COVERAGE_POPULATION, 2, "population")

/** One line of the enum. */
#define COVERAGE_ENUM(name, value, word) name = value,

/** See COVERAGE_MEASURE_MAP. */
enum coverage_measure { COVERAGE_MEASURE_MAP(COVERAGE_ENUM) };

#undef COVERAGE_ENUM

struct coverage;

/**
 * Coverage at @p t by @p inv, which must outlive it or be replaced; every unit is unobserved until
 * coverage_unit() says otherwise. NULL without memory. O(inventory).
 */
struct coverage *coverage_new(const struct inventory *inv, struct wall_ms t) MUST_USE;
/** Frees all. Accepts NULL. */
void coverage_free(struct coverage *c);
/** Goes on with a newer inventory made from the present one; what units are stays. O(inventory).
 * After an error the coverage may only be freed or given another inventory. */
int coverage_set_inventory(struct coverage *c, const struct inventory *inv,
                           struct wall_ms t) MUST_USE;
/** Goes on with an inventory that says the same of areas, operators, units and who serves whom. */
void coverage_set_same(struct coverage *c, const struct inventory *inv);
/** Goes on, or back, to @p t: dated rows and dates of units that begin or end in between take
 * effect. O(1), or O(inventory) when one does. 0 or ERR_NOMEM, then as above. */
int coverage_advance(struct coverage *c, struct wall_ms t) MUST_USE;
/** @p unit is now as @p view says; only what lies beneath overlays counts. O(villages it serves x
 * (depth + operators)), O(1) if nothing changes by it. */
void coverage_unit(struct coverage *c, uint32_t unit, const struct unit_view *view);

/** The figure of @p area for an operator's number, COVERAGE_ANY, COVERAGE_ALL or INV_NONE; all
 * zeros for an area that does not exist now. O(1). */
struct coverage_figure coverage_figure(const struct coverage *c, uint32_t area,
                                       enum technology technology, uint32_t who);
/** True if @p op counts among all operators (FIGURES 7.25): it has an existing unit of @p family,
 * FAMILY_MOBILE or FAMILY_FIBRE. O(1). */
bool coverage_in_all(const struct coverage *c, uint32_t op, enum family family);
/** How often it was built from the inventory: another number tells that tree or units changed. */
uint64_t coverage_builds(const struct coverage *c);
/** One village, for @p who as above; COVERAGE_UNSERVED for an area that is none. */
enum coverage_state coverage_village(const struct coverage *c, uint32_t village,
                                     enum technology technology, uint32_t who);
/** Appends to @p villages (of uint32_t) those of @p area that are COVERAGE_DARK or
 * COVERAGE_UNSERVED. 0, ERR_NOMEM or ERR_FULL. O(areas below). */
int coverage_dark(const struct coverage *c, uint32_t area, enum technology technology, uint32_t who,
                  struct vec *villages) MUST_USE;
/**
 * The authority's newest figure for an area: the row of `declared` whose indicator is
 * "TECHNOLOGY_MEASURE" ("4g_villages", "fibre_households"), with "@OPERATOR" behind it for one
 * operator. NULL if there is none, or for COVERAGE_ALL.
 */
const struct declared_row *coverage_declared(const struct inventory *inv, uint32_t area,
                                             enum technology technology, uint32_t who,
                                             enum coverage_measure measure);

/** Areas, villages included, whose figures changed since coverage_changed_clear(), each once, in no
 * order; *ret_len of them. */
const uint32_t *coverage_changed(const struct coverage *c, size_t *ret_len);
/** Forgets them. */
void coverage_changed_clear(struct coverage *c);
/** Visits to counters of an area by coverage_unit() so far: shows that a change touches its
 * villages and what is above them only. */
uint64_t coverage_touched(const struct coverage *c);

/** Word of a technology on the API, "" if out of range. */
const char *coverage_technology_word(int technology);
/** Technology called @p word, or TECHNOLOGY_COUNT. */
enum technology coverage_technology(struct slice word);

#endif
