/**
 * @file
 * From the readings of a pack to lines of the database: one line per check and time, with the start
 * of each check's lines kept ready.
 *
 * It remembers names only, never values, and at most as many as it is told; beyond that it still
 * writes every line, just slower.
 */
#ifndef CODEC_POINTS_H
#define CODEC_POINTS_H

#include "base/attr.h"
#include "base/buf.h"
#include "wire/pack.h"

#include <stddef.h>
#include <stdint.h>

struct points;

/** A writer that keeps the starts of at most @p max_keys checks. NULL without memory. */
struct points *points_new(uint32_t max_keys) MUST_USE;
/** Frees it. Accepts NULL. */
void points_free(struct points *p);

/** What points_write() made of a pack. */
struct points_count {
    uint32_t lines;    /**< lines written */
    uint32_t readings; /**< readings in them */
    uint32_t refused;  /**< readings no database could hold (a reserved field name) */
};

/**
 * Appends the lines of @p n @p readings, sent by @p source, to @p out. Returns 0, ERR_NOMEM, or the
 * error of @p out, which is then as it was.
 */
int points_write(struct points *p, struct buf *out, struct slice source,
                 const struct reading *readings, size_t n, struct points_count *ret_count) MUST_USE;

#endif
