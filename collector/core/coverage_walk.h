/**
 * @file
 * Which lines of coverage an area has: one walk over technologies and operators, so that the API
 * and the database say the same lines.
 *
 * A line is left out where nothing can be said: no unit of the inventory has the technology itself
 * (a generation that only a higher one implies), or nothing in the area is meant to be served, and
 * nothing is measured either. It renders nothing.
 */
#ifndef CORE_COVERAGE_WALK_H
#define CORE_COVERAGE_WALK_H

#include "core/measured.h"

/** One technology of one operator, of any or of all of them. */
struct coverage_line {
    enum technology technology;      /**< which */
    uint32_t who;                    /**< operator's number, COVERAGE_ANY or COVERAGE_ALL */
    struct coverage_figure figure;   /**< of them */
    bool is_measured;                /**< there is a measuring point; else unknown */
    struct measured_figure measured; /**< what is measured, zero without a point */
};

/** Is told of a line; it lives during the call. */
typedef void coverage_visit(void *context, const struct coverage_line *line);

/** Tells @p visit of every line of @p area, in the order of TECHNOLOGY_MAP, any, all, operators.
 * @p inv is the inventory of @p c; @p measured is NULL for an instant of the past, of which nothing
 * measured is known. O(technologies x operators). */
void coverage_walk(const struct coverage *c, const struct measured *measured,
                   const struct inventory *inv, uint32_t area, coverage_visit *visit,
                   void *context);
/** "any", "all" or the operator's id: on API and points. */
const char *coverage_walk_who(const struct inventory *inv, uint32_t who);

#endif
