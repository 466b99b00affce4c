/**
 * @file
 * A change set: everything one commit of the store holds, recorded in memory on the loop and played
 * on the worker.
 *
 * It is built once and retried unchanged until it is committed (DESIGN section 4.2). It knows
 * nothing of SQLite.
 */
#ifndef SHELL_CHANGE_SET_H
#define SHELL_CHANGE_SET_H

#include "base/buf.h"
#include "base/instant.h"
#include "core/rows.h"
#include "io/segment.h"
#include "shell/audit.h"

#include <stdbool.h>
#include <stdint.h>

/** What becomes of a batch file. */
enum batch_fate {
    BATCH_PENDING,   /**< its file is complete; it waits to be sent */
    BATCH_SET_ASIDE, /**< keeps failing while others pass; bisected slowly */
    BATCH_GONE,      /**< written or condemned; its file may be deleted after the commit */
};

/** A batch as the store lists it. */
struct batch_row {
    uint64_t number;      /**< rising, never reused within a store */
    uint64_t lines;       /**< lines in it */
    uint64_t readings;    /**< fields in all lines */
    uint64_t bytes;       /**< of its file */
    enum batch_fate fate; /**< see batch_fate */
};

/** Something refused for good, kept for people with its reason. */
struct dead_letter {
    struct wall_ms at;    /**< when it was refused */
    struct slice source;  /**< topic, or "sink" */
    struct slice reason;  /**< the decoder's or the server's words */
    struct slice payload; /**< the pack or the line */
    uint64_t readings;    /**< readings it held as far as could be told, 0 for none */
};

/** What people do to a dead letter. */
enum letter_end {
    LETTER_PURGED,   /**< thrown away */
    LETTER_REQUEUED, /**< taken again after a fix */
};

/** Longest detail of an act that is kept, in bytes. */
#define CHANGE_SET_DETAIL_MAX 2000

/** Storage of the caller; fields are for store.c, everybody else uses the functions. */
struct change_set {
    struct buf ops;              /**< the recorded operations in order */
    struct segment_pos position; /**< committed with them */
    bool has_position;           /**< false: the position stays */
};

/** Receives what was recorded, in order. A non-zero return stops the replay with that code. */
struct change_player {
    void *context; /**< first argument of each */
    int (*put)(void *context, uint8_t kind, struct slice key,
               struct slice value);                                  /**< a state row */
    int (*drop)(void *context, uint8_t kind, struct slice key);      /**< a state row is gone */
    int (*batch)(void *context, const struct batch_row *row);        /**< a batch changed */
    int (*dead)(void *context, const struct dead_letter *letter);    /**< a new dead letter */
    int (*end)(void *context, uint64_t number, enum letter_end how); /**< one is dealt with */
    int (*audit)(void *context, const struct audit_entry *entry);    /**< somebody did something */
    int (*forget)(void *context, uint8_t kind, struct slice from, struct slice to,
                  bool but_last); /**< old archive rows are gone */
};

/** An empty change set of at most @p max bytes. */
void change_set_init(struct change_set *set, size_t max);
/** Frees it. */
void change_set_done(struct change_set *set);
/** Forgets everything recorded, keeps the memory. */
void change_set_clear(struct change_set *set);
/** True if nothing was recorded and no position set. */
bool change_set_empty(const struct change_set *set);
/** A row sink that records into @p set, which must outlive it. */
struct row_sink change_set_rows(struct change_set *set);
/** Records a batch's new state. */
void change_set_batch(struct change_set *set, const struct batch_row *row);
/** Records a dead letter; its bytes are copied. */
void change_set_dead(struct change_set *set, const struct dead_letter *letter);
/** Records that dead letter @p number is dealt with: it goes. */
void change_set_end(struct change_set *set, uint64_t number, enum letter_end how);
/** Records that somebody did something; bytes are copied, of the detail the first
 * CHANGE_SET_DETAIL_MAX. */
void change_set_audit(struct change_set *set, const struct audit_entry *entry);
/** Records where the intake reader stands. */
void change_set_position(struct change_set *set, struct segment_pos position);
/** Plays the operations in order. Returns 0, the set's own sticky error (ERR_NOMEM, ERR_FULL), or
 * what a callback returned. */
int change_set_play(const struct change_set *set, const struct change_player *player) MUST_USE;

#endif
