/**
 * @file
 * What a coverage holds; shared by the files that build it and that follow changes.
 *
 * Inner header of coverage.
 */
#ifndef CORE_COVERAGE_OWN_H
#define CORE_COVERAGE_OWN_H

#include "core/coverage.h"

/** What a unit does for the villages it serves. */
enum coverage_service {
    SERVICE_NONE,    /**< does not exist */
    SERVICE_DEAD,    /**< exists and is down */
    SERVICE_UNKNOWN, /**< silent or unobserved */
    SERVICE_LIVE,    /**< up or degraded */
};

/** Units of one operator and technology that serve one village. */
struct coverage_units {
    uint32_t nominal; /**< that exist, higher generations included */
    uint32_t live;    /**< up or degraded */
    uint32_t unknown; /**< silent or unobserved */
};

/** What those come to. */
enum {
    STATUS_NOMINAL = 1,  /**< served by a unit that exists */
    STATUS_LIVE = 2,     /**< by a live one */
    STATUS_POSSIBLE = 4, /**< by a live or unknown one */
};

/** Sums over the villages of an area, for one operator or ANY or ALL, and one technology. */
struct coverage_sums {
    struct coverage_count nominal;  /**< villages with STATUS_NOMINAL */
    struct coverage_count live;     /**< villages with STATUS_LIVE */
    struct coverage_count possible; /**< villages with STATUS_POSSIBLE */
};

/** An area at the instant of the coverage. */
struct coverage_area {
    uint32_t parent;             /**< area number or INV_NONE */
    uint32_t village;            /**< index of its units table, INV_NONE = no village */
    uint32_t sums;               /**< index of its sums, INV_NONE = a village or not there now */
    bool changed;                /**< it is in the list of changed areas */
    struct coverage_count total; /**< a village's own figures, or those of all below */
    int64_t without_population;  /**< villages */
    int year_oldest;             /**< of the figures, 0 = none given */
    int year_newest;             /**< as above */
};

/** Storage of a coverage. */
struct coverage {
    const struct inventory *inv;        /**< the caller's */
    struct wall_ms at;                  /**< instant it is true for */
    struct wall_ms since;               /**< the last one at which dated rows changed something */
    struct wall_ms next;                /**< the next one at which they do */
    uint32_t n_operators;               /**< columns are operators, then none, ANY, ALL */
    struct coverage_area *areas;        /**< by area number */
    uint32_t n_areas;                   /**< of them */
    struct coverage_units *units_table; /**< [village][technology][operator or none] */
    struct coverage_sums *sums_table;   /**< [area][technology][column] */
    uint32_t *served_first; /**< by unit: where its villages begin in served; one more at the end */
    struct vec served;      /**< uint32_t area numbers of villages */
    uint8_t *standing;      /**< enum coverage_service by unit, as if it existed */
    bool *exists;           /**< by unit */
    uint32_t n_units;       /**< of both */
    bool *in_all[2];        /**< by operator: has an existing mobile, fibre unit */
    uint32_t n_in_all[2];   /**< how many have */
    struct vec changed;     /**< uint32_t area numbers; room for all is made beforehand */
    uint64_t touched;       /**< see coverage_touched() */
    uint64_t builds;        /**< see coverage_builds() */
};

/** Makes everything anew for inv and at, keeping standing. 0 or ERR_NOMEM. */
int coverage_build(struct coverage *c) MUST_USE;
/** Frees what coverage_build() made. */
void coverage_build_done(struct coverage *c);

/** Technologies, as bits, that a unit is nominal or live for; 0 if it is none of coverage. */
unsigned coverage_nominal_mask(const struct unit_id *id);
unsigned coverage_live_mask(const struct unit_id *id); /**< as above */
/** Column of an operator's number, INV_NONE, COVERAGE_ANY or COVERAGE_ALL; INV_NONE if unknown. */
uint32_t coverage_column(const struct coverage *c, uint32_t who);
/** STATUS_* bits of a village (by index) in a column. */
unsigned coverage_status(const struct coverage *c, uint32_t village, unsigned technology,
                         uint32_t column);
/** The units of a village (by index), operator or none (by column) and technology. */
struct coverage_units *coverage_units_at(const struct coverage *c, uint32_t village,
                                         unsigned technology, uint32_t column);
/** The sums of an area (by index of its sums). */
struct coverage_sums *coverage_sums_at(const struct coverage *c, uint32_t sums, unsigned technology,
                                       uint32_t column);
/** Adds (sign 1) or takes (-1) a unit's service to the tables of a village. */
void coverage_count_unit(struct coverage *c, uint32_t village, uint32_t unit,
                         enum coverage_service service, int sign);
/** Adds what a village's status became to what lies above it; `was` and `is` are STATUS_* bits. */
void coverage_add_above(struct coverage *c, uint32_t area, unsigned technology, uint32_t column,
                        unsigned was, unsigned is);
/** What @p unit does now. */
enum coverage_service coverage_service_of(const struct coverage *c, uint32_t unit);

#endif
