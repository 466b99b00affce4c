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

#include "base/attr.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/** Kinds of rows, one range per module; never reused. X(name, number, what) */
#define ROW_KIND_MAP(X)                                                                   \
    X(ROW_PROBE, 1, "world: a probe's checks and their tails")                            \
    X(ROW_CHECK_SPANS, 2, "world: one chunk of a check's spans")                          \
    X(ROW_PROBE_LISTS, 3, "world: a probe's lists of checks")                             \
    X(ROW_PROBE_SIGNS, 4, "world: wills, gasps, first messages and starts of a probe")    \
    X(ROW_LISTENING, 5, "world: when the centre listened")                                \
    X(ROW_STREAM, 16, "stream: marks per probe and epoch")                                \
    X(ROW_SESSION, 17, "session: boot, conn and status per probe")                        \
    X(ROW_LEDGER, 24, "ledger: counters per probe and epoch")                             \
    X(ROW_INVENTORY, 32, "inventory: the dated rows")                                     \
    X(ROW_OUTAGE, 40, "outage: numbers given to outages")                                 \
    X(ROW_LIFE, 41, "lives: what people did about an outage")                             \
    X(ROW_SHIFT, 42, "shift_book: what the shift log keeps of its own")                   \
    X(ROW_MEASURED, 44, "measured: the newest run of a measuring point")                  \
    X(ROW_SUPPLY, 45, "supply: what feeds a plant, and its last changes")                 \
    X(ROW_DIRTY, 48, "derived: ranges still to be rendered")                              \
    X(ROW_PROBE_CONFIG, 56, "app: what was published on a probe's topic config")          \
    X(ROW_TOKEN, 57, "app: a token as the audit log knows it")                            \
    X(ROW_RESTORED, 58, "backup: this store was a backup")                                \
    X(ROW_FEED, 59, "feeds: the newest table of an operator")                             \
    X(ROW_ALERT, 64, "pager: an alert that goes on")                                      \
    X(ROW_PAGE, 65, "page_box: a page to a target")                                       \
    X(ROW_BASELINE, 66, "baselines: what is usual for a metric of a check")               \
    X(ROW_HOURS, 60, "hours: up to where a unit's hours are settled")                     \
    X(ROW_EPISODE, 61, "revisions: final days that evidence is changing")                 \
    X(ROW_HOUR, 128, "hours: one settled hour of a unit")                                 \
    X(ROW_REVISION, 129, "revisions: one day of a unit, before and after")                \
    X(ROW_EXCUSED, 130, "excused_days: one day of a unit with maintenance in retrospect") \
    X(ROW_OUTAGE_PAST, 131, "outages: one that its unit's book has no room for any more")

/** Makes one enumerator of a row. */
#define ROW_ENUM(name, number, what) name = number,

/** Kinds of rows by name. */
enum row_kind { ROW_KIND_MAP(ROW_ENUM) };

#undef ROW_ENUM

/** Kinds from this number on are archives: they stay in the store, are not given back at start and
 * are read when they are asked for; core/archive_key.h orders their keys. */
#define ROW_ARCHIVE 128

/** Takes one row; bytes live during the call. A non-zero return stops the reading with that code.
 */
typedef int row_take(void *taker, struct slice key, struct slice value);

/** Where archive rows come from. Both return 0 or an error, that of the taker included. */
struct row_source {
    void *context; /**< first argument of each */
    /** Rows of @p kind with @p from <= key < @p to, rising. */
    int (*range)(void *context, uint8_t kind, struct slice from, struct slice to, row_take *take,
                 void *taker);
    /** The last of them, if there is one. */
    int (*last)(void *context, uint8_t kind, struct slice from, struct slice to, row_take *take,
                void *taker);
};

/** Where rows go. Bytes are the caller's; copy what is kept. A non-zero return stops the save with
 * that code. */
struct row_sink {
    void *context; /**< first argument of each */
    int (*put)(void *context, uint8_t kind, struct slice key,
               struct slice value);                             /**< insert or replace */
    int (*drop)(void *context, uint8_t kind, struct slice key); /**< delete if there */
    /** Delete the rows with @p from <= key < @p to; the last of them stays if @p but_last. NULL
     * where no archive is. */
    int (*forget)(void *context, uint8_t kind, struct slice from, struct slice to, bool but_last);
};

/** Drops the row of @p kind whose key is @p number in 8 bytes, little endian: 0 or the sink's
 * error. */
int rows_drop_numbered(const struct row_sink *sink, enum row_kind kind, uint64_t number) MUST_USE;

#endif
