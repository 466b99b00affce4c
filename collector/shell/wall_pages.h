/**
 * @file
 * The pages that are open somewhere, as far as they tell: how much memory each holds.
 *
 * A wall runs for weeks; `/metrics` shows whether it grows. A fixed table: who is not heard for a
 * while makes room. Nothing depends on it.
 */
#ifndef SHELL_WALL_PAGES_H
#define SHELL_WALL_PAGES_H

#include "base/instant.h"

#include <stdint.h>

/** How many pages are remembered. */
enum { WALL_PAGES = 16 };

/** The table; zeroed is empty. */
struct wall_pages {
    /** One page. */
    struct wall_page {
        char id[32];          /**< the page's own name for itself, "" = free */
        uint64_t heap_bytes;  /**< as it said last */
        struct mono_ms heard; /**< when */
    } page[WALL_PAGES];       /**< in no order */
};

/** Page @p id (cut to what fits) holds @p heap_bytes at @p now. The page unheard for longest makes
 * room. */
void wall_pages_heard(struct wall_pages *pages, const char *id, uint64_t heap_bytes,
                      struct mono_ms now);
/** How many were heard within five minutes, and the most that one of them holds into
 * @p ret_heap_bytes (0 without any). */
unsigned wall_pages_open(const struct wall_pages *pages, struct mono_ms now,
                         uint64_t *ret_heap_bytes);

#endif
