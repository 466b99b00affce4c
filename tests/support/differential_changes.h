/**
 * @file
 * Whether the world tells of every change: its timelines are kept aside and held against its list
 * of changes.
 */
#ifndef SUPPORT_DIFFERENTIAL_CHANGES_H
#define SUPPORT_DIFFERENTIAL_CHANGES_H

#include "core/world.h"

/** Storage of the caller. */
struct differential_changes {
    struct vec lines;   /**< struct timeline by unit, as they were at the last look */
    struct wall_ms now; /**< then */
};

/** Nothing seen yet. */
void differential_changes_init(struct differential_changes *c);
/** Frees all. */
void differential_changes_done(struct differential_changes *c);
/** Looks at all @p units of @p w again and clears its changes. True if a timeline is otherwise from
 * an earlier instant than its change tells, or without any: then *ret_unit and *ret_t say where. */
bool differential_changes_missed(struct differential_changes *c, struct world *w, size_t units,
                                 uint32_t *ret_unit, struct wall_ms *ret_t);

#endif
