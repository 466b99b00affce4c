/**
 * @file
 * From the readings of a pack to lines of the database: one line per check and time.
 *
 * It remembers nothing: to look up a line's start that was kept costs more than to write it anew
 * once there are more checks than a processor's cache holds.
 */
#ifndef CODEC_POINTS_H
#define CODEC_POINTS_H

#include "base/attr.h"
#include "base/buf.h"
#include "wire/pack.h"

#include <stddef.h>
#include <stdint.h>

/** What points_write() made of a pack. */
struct points_count {
    uint32_t lines;    /**< lines written */
    uint32_t readings; /**< readings in them */
    uint32_t refused;  /**< readings no database could hold (a reserved field name) */
};

/**
 * Appends the lines of @p n @p readings, sent by @p source, to @p out. Returns 0, an error of
 * line_begin_check(), or the error of @p out, which is then as it was.
 */
int points_write(struct buf *out, struct slice source, const struct reading *readings, size_t n,
                 struct points_count *ret_count) MUST_USE;

#endif
