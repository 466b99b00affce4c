/**
 * @file
 * The ledger: where every message and every reading went (DESIGN section 4). Changed in the change
 * set that causes it, so that its equations hold whenever a crash strikes.
 *
 * Packs per probe and epoch stand in core/stream.h; this is the total, in messages and readings.
 */
#ifndef CORE_LEDGER_H
#define CORE_LEDGER_H

#include "core/rows.h"

#include "base/attr.h"

#include <stdbool.h>
#include <stdint.h>

/** Counters: X(member, what it counts). Order and number are part of the saved row. */
#define LEDGER_MAP(X)                                                                             \
    X(control, "messages that carry no readings: status, markers, connections")                   \
    X(duplicate, "packs stored before, answered again")                                           \
    X(ignored, "packs ahead of the next one or held back; the probe sends them again")            \
    X(refused, "messages refused for good; they stand among the dead letters")                    \
    X(untimed, "packs of boots that never had a clock")                                           \
    X(stored, "packs and plain messages stored")                                                  \
    X(readings_stored, "readings of stored messages")                                             \
    X(readings_written, "readings the database has confirmed")                                    \
    X(readings_dead, "readings the database refused for good")                                    \
    X(readings_beyond, "readings older than the database keeps")                                  \
    X(results_not_later, "results that were not later than the check's last one; database only")  \
    X(results_unlisted, "results of checks that no list names; database only")                    \
    X(results_ahead, "results from more than 60 s ahead; database only")                          \
    X(plain_bounded, "plain messages not taken: too much waited for the database, our clock was " \
                     "not set, or their publisher had used up its share")                         \
    X(taken, "messages taken from the intake, counted before anything is decided about them")     \
    X(requeued, "messages that were refused and stored after all, by people")                     \
    X(readings_requeued, "readings that the database refused and that were sent anew, by people") \
    X(results_old, "results from more than 70 days ago; database only")                           \
    X(over_share, "messages not read: their publisher had used up its share")                     \
    X(over_names, "of the refused: their publisher uses more names than one may")                 \
    X(too_old, "of the refused: a time was further back than limits.oldest")                      \
    X(letters_unkept, "of the refused: their publisher had filled its share of dead letters")     \
    X(plain_ahead,                                                                                \
      "of the refused: plain messages from more than a day ahead of our clock; if it "            \
      "was wrong, queue them again")

/** The counters, each rising only. Zeroed at the first start of a store. */
struct ledger {
#define LEDGER_MEMBER(name, what) uint64_t name; /**< see LEDGER_MAP */
    LEDGER_MAP(LEDGER_MEMBER)
#undef LEDGER_MEMBER
};

/** Name, meaning and value of counter @p index of @p l; false behind the last. */
bool ledger_counter(const struct ledger *l, uint32_t index, const char **ret_name,
                    const char **ret_what, uint64_t *ret_value);
/** Messages that were processed: everything logged but not in the intake any more. A message that
 * was refused and stored after all counts once. */
uint64_t ledger_processed(const struct ledger *l);
/** True if stored = written + pending + dead-lettered + beyond retention holds with @p pending
 * readings in batches; what was queued again is dead no more. */
bool ledger_balanced(const struct ledger *l, uint64_t pending);

/** Hands the ledger's one row to @p sink: 0 or the sink's error. */
int ledger_save(const struct ledger *l, const struct row_sink *sink) MUST_USE;
/** Takes back the row: 0, ERR_CORRUPT or ERR_VERSION. Counters that a newer program added are zero.
 */
int ledger_load(struct ledger *l, struct slice value) MUST_USE;

#endif
