/**
 * @file
 * The section `wall` of the collector's configuration: how the wall page is to look.
 *
 * The page asks for it at `/api/v1/wall`; what it draws is its own.
 */
#ifndef SHELL_WALL_CONF_H
#define SHELL_WALL_CONF_H

#include "base/buf.h"
#include "base/field.h"

#include <stdint.h>

/** The section as read. */
struct wall_conf {
    char scenes[128];    /**< scenes in their order, separated by blanks */
    int64_t dwell_ms;    /**< how long each stays */
    int64_t height_mm;   /**< height of the screens, 0 = a desk's */
    int64_t distance_mm; /**< from the eyes to the screens, 0 = a desk's */
    char map_level[32];  /**< level of the areas on the map */
    char outlines[256];  /**< GeoJSON file of the areas' outlines, "" = none */
    char insets[256];    /**< areas drawn in boxes of their own, separated by blanks */
    bool guest;          /**< no names and positions of sites */
    bool sound;          /**< a sound for a new critical outage */
    int64_t standing_ms; /**< what is out for so long counts as standing in reports */
};

/** How many rows the section has. */
enum { WALL_FIELDS_LEN = 10 };

/** Rows of the section. */
extern const struct field WALL_FIELDS[WALL_FIELDS_LEN];

/** True if the members fit together; else a sentence in @p ret_why. */
bool wall_conf_check(const void *conf, char ret_why[FIELD_WHY_MAX]);
/** Appends it as JSON for the page, whose clock shows @p utc_offset_ms before UTC. */
void wall_conf_write(const struct wall_conf *conf, int64_t utc_offset_ms, struct buf *out);

#endif
