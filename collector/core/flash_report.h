/**
 * @file
 * The flash report: what is out in an area at an instant, counted as those count who answer for it
 * (GLOSSARY: báo cáo nhanh): sites by kind and operator, routes, communes without service, outages
 * and what people do about them.
 *
 * Made of the timelines as they stand now for one instant, then thrown away; nothing is kept. Every
 * number is one that the other answers of the API have too, or a sum of such. How it reads in words
 * is codec/report_text.h's.
 */
#ifndef CORE_FLASH_REPORT_H
#define CORE_FLASH_REPORT_H

#include "core/coverage.h"
#include "core/lives.h"
#include "core/outage_groups.h"

/** Kinds of sites that are counted (enum site_kind). */
enum { FLASH_KINDS = 6 };

/** Which report. */
struct flash_question {
    uint32_t area;       /**< sites and villages at or below it */
    struct wall_ms at;   /**< the instant, not after world_now() */
    int64_t standing_ms; /**< what has been out so long is standing */
    int64_t restored_ms; /**< how far back what was restored is looked for */
};

/** Where it comes from. */
struct flash_sources {
    struct outage_sources from;      /**< outages, inventory, timelines */
    const struct coverage *coverage; /**< at that instant */
    const struct lives *lives;       /**< what people did */
};

/** Sites of one kind, or of one kind that an operator has units at. */
struct flash_count {
    uint32_t total;              /**< all of them */
    uint32_t out;                /**< units are in service and every one is down */
    uint32_t unverified;         /**< as above, but some are only silent */
    uint32_t standing;           /**< of those out: for standing_ms or longer */
    uint32_t restored;           /**< out within restored_ms before, and not any more */
    uint32_t causes[CAUSE_NONE]; /**< of those out, by the cause of the worst unit */
};

/** Base stations of one operator. */
struct flash_operator {
    uint32_t op;              /**< number, INV_NONE = units without one */
    struct flash_count count; /**< by its units alone */
};

/** A route that is cut. */
struct flash_route {
    uint32_t site;        /**< of kind link or fibre */
    struct wall_ms since; /**< INT64_MIN = from the beginning of what is known */
    enum cause cause;     /**< of its worst unit */
    bool verified;        /**< down, not only silent */
};

/** The report; free with flash_report_done(). */
struct flash_report {
    struct flash_count kinds[FLASH_KINDS]; /**< by enum site_kind */
    struct vec operators;                  /**< struct flash_operator, in order of their numbers */
    struct vec routes;                     /**< struct flash_route, in order of their numbers */
    struct vec communes;        /**< uint32_t: areas above villages that have no live mobile unit */
    struct vec communes_unsure; /**< uint32_t: as above, but what is silent may serve them */
    uint32_t communes_total;    /**< areas directly above villages */
    struct outage_groups outages; /**< those that last at the instant */
};

/** Makes the report: 0, ERR_NOMEM or ERR_FULL; done in any case. O(sites + areas), and for each
 * outage its root and impact. */
int flash_report_make(const struct flash_sources *from, const struct flash_question *question,
                      struct flash_report *ret_report) MUST_USE;
/** Frees the report. Accepts a zeroed one. */
void flash_report_done(struct flash_report *report);
/** Where @p group stood at @p at by what people had said until then. */
struct life_view flash_report_life(const struct flash_sources *from,
                                   const struct flash_report *report,
                                   const struct outage_group *group, struct wall_ms at);

#endif
