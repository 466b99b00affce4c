/**
 * @file
 * The receiving side of the stream: which packs are new, doubled or early, and how many are lost
 * (DESIGN section 3, "The stream"). It keeps one mark per probe and epoch, and the ledger's
 * equation for it: highest = stored + refused + untimed + lost + missing + open.
 *
 * It knows numbers only: it reads no pack, sends no answer and stores nothing itself. Every answer
 * it gives may leave only after the change set in which it was given is committed. Holding packs of
 * probes that the inventory does not know is the caller's decision, taken before it asks here.
 */
#ifndef CORE_STREAM_H
#define CORE_STREAM_H

#include "core/rows.h"

#include "base/attr.h"
#include "base/instant.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Epochs kept per probe; the one heard longest ago leaves first. */
#define STREAM_EPOCHS 8

/** Packs by which numbers may jump: more than any outbox can hold or drop. Beyond it they are
 * impossible, so that no sender can bring the sums of the ledger to overflow. */
#define STREAM_JUMP_MAX (UINT64_C(1) << 32)

/** One pack as it arrives: the numbers of its topic, and what the probe's status says. */
struct stream_offer {
    uint32_t probe;    /**< number of the probe in the inventory */
    uint64_t epoch;    /**< of its outbox */
    uint64_t low;      /**< lowest seq the outbox held when it was published */
    uint64_t seq;      /**< its number */
    uint64_t dropped;  /**< packs the outbox's bound dropped in this epoch so far, as the probe's
                          newest status says; 0 if that speaks of another epoch */
    struct wall_ms at; /**< when it came */
};

/** What an offered pack is. */
enum stream_verdict {
    STREAM_ACCEPT,    /**< it is the next: settle it, then answer */
    STREAM_DUPLICATE, /**< at or below upto: answer, do not read it */
    STREAM_AHEAD,     /**< above the next: answer with gap, do not read it */
    STREAM_REFUSED, /**< impossible numbers (low above seq, a zero, a jump): answer, do not read it
                     */
};

/** The answer to an offer. Duplicates and early packs leave the mark as it was. */
struct stream_decision {
    enum stream_verdict verdict; /**< what to do with it */
    uint64_t lost;    /**< of an accepted pack: packs before it that the outbox's bound dropped */
    uint64_t missing; /**< of an accepted pack: packs before it that this store should have had */
    uint64_t upto;    /**< for the answer: accepted up to here, this pack included */
    bool gap;         /**< for the answer: go back */
};

/** What became of an accepted pack; every accepted pack gets one. */
enum stream_fate {
    STREAM_STORED,       /**< its readings are in the change set */
    STREAM_FATE_REFUSED, /**< a dead letter with a reason */
    STREAM_FATE_UNTIMED, /**< of a boot that never had a clock */
};

/** The ledger of one epoch, in packs. */
struct stream_mark {
    uint64_t epoch;            /**< of the outbox */
    uint64_t upto;             /**< everything up to here has its place below */
    uint64_t highest;          /**< highest seq ever offered */
    uint64_t stored;           /**< with fate STREAM_STORED */
    uint64_t refused;          /**< with fate STREAM_FATE_REFUSED */
    uint64_t untimed;          /**< with fate STREAM_FATE_UNTIMED */
    uint64_t lost;             /**< dropped by the outbox's bound, the probe says */
    uint64_t missing;          /**< acknowledged by an earlier life of this store, or unexplained */
    struct wall_ms open_since; /**< packs are open, and none was settled since then; 0 = none, or
                                  unknown since a restart (it is not saved) */
};

struct stream;

/** Marks of no probe yet; NULL without memory. */
struct stream *stream_new(void) MUST_USE;
/** Frees all. Accepts NULL. */
void stream_free(struct stream *s);

/**
 * Judges a pack; if it is the next, moves the mark past it under its @p fate; if it is early, notes
 * its number, which makes the packs before it `open` (its fate counts for nothing then). A caller
 * that has to read the pack to know its fate asks stream_judge() first. Returns 0 or ERR_NOMEM.
 */
int stream_settle(struct stream *s, const struct stream_offer *offer, enum stream_fate fate,
                  struct stream_decision *ret_decision) MUST_USE;
/** What stream_settle() would decide now; changes nothing. */
struct stream_decision stream_judge(const struct stream *s, const struct stream_offer *offer);

/** A pack of @p epoch that was refused is stored after all: moves one from refused to stored; of an
 * epoch that made way, in the sum of those. 0, ERR_NOT_FOUND (none was refused) or ERR_NOMEM. */
int stream_requeue(struct stream *s, uint32_t probe, uint64_t epoch) MUST_USE;

/** The marks of @p probe, the epoch heard last first; *ret_len of them, at most STREAM_EPOCHS. */
const struct stream_mark *stream_marks(const struct stream *s, uint32_t probe, size_t *ret_len);
/** The sum of the epochs of @p probe that made way for newer ones (epoch 0). */
struct stream_mark stream_retired(const struct stream *s, uint32_t probe);
/** The sum of all epochs @p probe ever had (epoch 0). O(epochs) */
struct stream_mark stream_sum(const struct stream *s, uint32_t probe);
/** Adds the packs of @p mark to @p sum. */
void stream_add(struct stream_mark *sum, const struct stream_mark *mark);
/** Packs known of and not yet decided: highest - upto. */
uint64_t stream_open_packs(const struct stream_mark *mark);
/** True if the ledger's equation holds for @p mark. */
bool stream_balanced(const struct stream_mark *mark);

/** Hands the rows of the probes that changed since the last call to @p sink: 0 or the sink's
 * error, with the rest still to be saved. */
int stream_save(struct stream *s, const struct row_sink *sink) MUST_USE;
/** A probe of a row: its number, and @p len marks, last the sum of those that made way. */
typedef int stream_row_each(void *context, uint32_t probe, const struct stream_mark *marks,
                            size_t len);
/** Reads one ROW_STREAM without taking it: calls @p each for each of its probes. Errors as below,
 * or what @p each returns. */
int stream_row_read(struct slice key, struct slice value, stream_row_each *each,
                    void *context) MUST_USE;
/** Takes back one ROW_STREAM that stream_save() gave: 0, ERR_CORRUPT, ERR_VERSION or ERR_NOMEM.
 * An equation that does not hold is taken as it is: it is the audit's to report. */
int stream_load(struct stream *s, struct slice key, struct slice value) MUST_USE;

#endif
