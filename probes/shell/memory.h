/**
 * @file
 * The file `memory` beside the outbox: what checks, and the deadman, remember across a restart of
 * the probe (core/kept.h).
 *
 * It is written when what they remember has changed, at most every MEMORY_PERIOD_MS, when somebody
 * was told something, and when the probe stops; atomically, on a worker. So flash takes at most
 * KEPT_MAX bytes a period, and what a power cut takes is a period at most. A file that makes no
 * sense is forgotten and named in the log; one that cannot be written is named once and tried
 * again. Nothing here is a reading: the probe works without it.
 */
#ifndef SHELL_MEMORY_H
#define SHELL_MEMORY_H

#include "io/loop.h"
#include "shell/watch.h"

/** Time between two looks at what checks remember. */
#define MEMORY_PERIOD_MS (INT64_C(10) * 60 * 1000)

struct memory;

/** Reads the file in @p folder, blocking: 0 or ERR_NOMEM. @p fn is called with @p arg every period
 * and leads to memory_take(). */
int memory_open(struct loop *loop, const char *folder, loop_fn *fn, void *arg,
                struct memory **ret_memory) MUST_USE;
/** Gives the checks of @p watch back what they remember; before their first run. */
void memory_give(struct memory *m, struct watch *watch);
/** What the deadman remembers (core/deadman.h), empty if nothing; until memory_take(). */
struct slice memory_deadman(const struct memory *m);
/** Takes what the checks of @p watch remember now, and @p deadman (empty: nothing), and writes it
 * if it has changed. */
void memory_take(struct memory *m, struct watch *watch, struct slice deadman);
/** Awaits what is being written, then calls @p closed, from the loop or at once; nothing is left.
 * Accepts NULL. */
void memory_close(struct memory *m, loop_fn *closed, void *arg);

#endif
