/**
 * @file
 * State rows: how core modules hand their state to the store and get it back, without knowing
 * SQLite.
 *
 * A row is (kind, key, value) in bytes; values begin with a version byte of their own. A module
 * emits the rows that changed since it was last asked, the store commits them in one transaction
 * with everything else (DESIGN 4.2), and gives all of them back at start.
 */
#ifndef CORE_ROWS_H
#define CORE_ROWS_H

#include "base/slice.h"

#include <stdint.h>

/** Kinds of rows, one range per module; never reused. X(name, number, what) */
#define ROW_KIND_MAP(X)                                                                \
    X(ROW_PROBE, 1, "world: a probe's checks and their tails")                         \
    X(ROW_CHECK_SPANS, 2, "world: one chunk of a check's spans")                       \
    X(ROW_PROBE_LISTS, 3, "world: a probe's lists of checks")                          \
    X(ROW_PROBE_SIGNS, 4, "world: wills, gasps, first messages and starts of a probe") \
    X(ROW_LISTENING, 5, "world: when the centre listened")                             \
    X(ROW_STREAM, 16, "stream: marks per probe and epoch")                             \
    X(ROW_SESSION, 17, "session: boot, conn and status per probe")                     \
    X(ROW_LEDGER, 24, "ledger: counters per probe and epoch")                          \
    X(ROW_INVENTORY, 32, "inventory: the dated rows")                                  \
    X(ROW_OUTAGE, 40, "outage: numbers given to outages")                              \
    X(ROW_MEASURED, 44, "measured: the newest run of a measuring point")               \
    X(ROW_DIRTY, 48, "derived: ranges still to be rendered")                           \
    X(ROW_PROBE_CONFIG, 56, "app: what was published on a probe's topic config")

/** Makes one enumerator of a row. */
#define ROW_ENUM(name, number, what) name = number,

/** Kinds of rows by name. */
enum row_kind { ROW_KIND_MAP(ROW_ENUM) };

#undef ROW_ENUM

/** Where rows go. Bytes are the caller's; copy what is kept. A non-zero return stops the save with
 * that code. */
struct row_sink {
    void *context; /**< first argument of each */
    int (*put)(void *context, uint8_t kind, struct slice key,
               struct slice value);                             /**< insert or replace */
    int (*drop)(void *context, uint8_t kind, struct slice key); /**< delete if there */
};

#endif
