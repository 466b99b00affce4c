/**
 * @file
 * What checks remember across a restart of the probe, as text: one line for each check that
 * remembers something.
 *
 * Pure; the text is built in a buffer and read where it lies. The file it stands in is
 * shell/memory.h's; what a line means is its check's (check.h, keep and recall), which may refuse
 * it. Bounded: a check that remembers too much is left out, not the others.
 */
#ifndef CORE_KEPT_H
#define CORE_KEPT_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"

/** Most bytes of the whole text. */
#define KEPT_MAX (64 * 1024)

/** Begins an empty text in @p text, which was initialised with KEPT_MAX. */
void kept_begin(struct buf *text);
/** Appends that the check called @p name remembers @p value: 0; ERR_RANGE if either is empty, not
 * printable ASCII; ERR_FULL if it does not fit; ERR_NOMEM. The
 * text is as before after an error. */
int kept_add(struct buf *text, struct slice name, struct slice value) MUST_USE;
/** Ends the text: 0 or ERR_NOMEM. There is always room for that. */
int kept_end(struct buf *text) MUST_USE;

/** Whether @p text is whole, as kept_end() left it: 0; ERR_VERSION if another version wrote it,
 * ERR_CORRUPT if it is anything else. O(bytes). */
int kept_check(struct slice text) MUST_USE;
/** What the check called @p name remembers, in @p text, which kept_check() found whole; empty if
 * nothing. O(bytes). */
struct slice kept_find(struct slice text, struct slice name);

#endif
