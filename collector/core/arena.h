/**
 * @file
 * An arena for short texts that live and die together: one allocation per 64 KiB instead of one per
 * text.
 *
 * Texts never move and are freed only all at once.
 */
#ifndef CORE_ARENA_H
#define CORE_ARENA_H

#include "base/attr.h"
#include "base/slice.h"

struct arena_block;

/** Storage of the caller; zeroed = empty. */
struct arena {
    struct arena_block *newest; /**< blocks, linked from the newest to the oldest */
    size_t bytes;               /**< allocated so far */
};

/** Frees all texts. */
void arena_done(struct arena *a);
/** A NUL-terminated copy of @p text, or NULL without memory; "" costs nothing. */
const char *arena_text(struct arena *a, struct slice text) MUST_USE;

#endif
