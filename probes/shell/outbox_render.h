/**
 * @file
 * Packs stored by monotonic time become absolute here, when they are sent. Pure.
 */
#ifndef SHELL_OUTBOX_RENDER_H
#define SHELL_OUTBOX_RENDER_H

#include "base/buf.h"
#include "base/slice.h"

#include <stdint.h>

/**
 * Appends the pack @p body, whose times are monotonic since OUTBOX_RECORD_MONO_ZERO_MS, with
 * absolute times: UTC is the monotonic clock plus @p offset_ms. Equal input gives equal bytes, so
 * a pack that is sent again is the same. 0, ERR_NOMEM, or what makes the pack unreadable.
 */
int outbox_render(struct slice body, int64_t offset_ms, struct buf *out) MUST_USE;

#endif
