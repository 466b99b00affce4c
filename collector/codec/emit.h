/**
 * @file
 * Writes JSON text piece by piece into a buffer: keys, commas and closing brackets come by
 * themselves, errors stick to the buffer.
 *
 * It is for answers of the API, whose lists are too long for a tree. Reading JSON is wire/json.h's.
 */
#ifndef CODEC_EMIT_H
#define CODEC_EMIT_H

#include "base/buf.h"
#include "base/instant.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/** A text being written; storage of the caller. At most 60 levels deep. */
struct emit {
    struct buf *out; /**< where it goes */
    uint64_t filled; /**< by level: something stands there already */
    uint64_t arrays; /**< by level: it is an array */
    unsigned level;  /**< open brackets */
};

/** A writer at the beginning of @p out. */
struct emit emit_to(struct buf *out);
/** Opens an object. @p key is its name in the object around it, NULL in an array or at the top. */
void emit_object(struct emit *e, const char *key);
/** Opens an array; @p key as above. */
void emit_array(struct emit *e, const char *key);
/** Closes what was opened last. */
void emit_end(struct emit *e);

void emit_text(struct emit *e, const char *key, const char *text); /**< a text; NULL becomes null */
/** A text; NULL and an empty one become null. */
void emit_filled(struct emit *e, const char *key, const char *text);
void emit_slice(struct emit *e, const char *key, struct slice text); /**< a text */
void emit_int(struct emit *e, const char *key, int64_t value);       /**< a whole number */
void emit_number(struct emit *e, const char *key,
                 double value); /**< a number; NaN and infinities become null */
void emit_bool(struct emit *e, const char *key, bool value); /**< true or false */
void emit_null(struct emit *e, const char *key);             /**< null */
/** An instant as "2026-11-22T06:00:00.123Z"; WALL_NEVER_MS and INT64_MIN become null. */
void emit_instant(struct emit *e, const char *key, struct wall_ms t);

#endif
