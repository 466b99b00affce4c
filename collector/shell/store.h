/**
 * @file
 * The store: one SQLite file that holds state rows, the list of batches, dead letters and the
 * intake position, changed in one transaction at a time.
 *
 * It is used by one thread at a time: the loop's at start, then one worker. WAL and
 * synchronous=FULL: what store_commit() returned 0 for survives power loss. It does not know what
 * rows mean.
 */
#ifndef SHELL_STORE_H
#define SHELL_STORE_H

#include "shell/change_set.h"

/** Bytes of a store's random identity, new at every restore; written into each segment and batch
 * file. */
#define STORE_ID_BYTES 16

struct store;

/** Dead letters beyond these are dropped, oldest first, and counted. */
struct store_bounds {
    uint64_t dead_rows;  /**< letters kept */
    uint64_t dead_bytes; /**< bytes of their payloads kept */
};

/** The end of the audit log. */
struct audit_head {
    uint64_t number;                  /**< of its last row, 0 = there is none */
    unsigned char hash[DIGEST_BYTES]; /**< of that row; zeros without one */
};

/** What the store holds in sum. */
struct store_totals {
    uint64_t dead_rows;      /**< letters held */
    uint64_t dead_bytes;     /**< bytes of their payloads */
    uint64_t dead_dropped;   /**< letters dropped by the bounds, ever */
    uint64_t dead_ended[2];  /**< letters that people dealt with, ever; by enum letter_end */
    uint64_t dead_oldest;    /**< number of the oldest letter held, 0 = none */
    uint64_t last_batch;     /**< highest batch number ever committed */
    struct audit_head audit; /**< end of the audit log */
};

/**
 * Opens or makes the store at @p path (its folder exists). Returns 0, ERR_VERSION (made by a newer
 * program), ERR_CORRUPT, ERR_NO_SPACE, ERR_DENIED or ERR_IO with a sentence for people in @p
 * ret_why.
 */
int store_open(const char *path, const struct store_bounds *bounds, struct store **ret_store,
               char ret_why[256]) MUST_USE;
/** Closes it. Accepts NULL. */
void store_close(struct store *s);
/** Its identity, STORE_ID_BYTES bytes. */
const unsigned char *store_id(const struct store *s);
/** The committed intake position. */
struct segment_pos store_position(const struct store *s);
/** Sums over dead letters and batches as of the last commit. */
struct store_totals store_totals(const struct store *s);

/** Gives every state row but archives (core/rows.h) to @p put, in order of kind and key. Stops with
 * what it returns. */
int store_load_rows(struct store *s, void *context,
                    int (*put)(void *context, uint8_t kind, struct slice key,
                               struct slice value)) MUST_USE;
/** Gives every batch that is not gone to @p each, in order of number. */
int store_load_batches(struct store *s, void *context,
                       int (*each)(void *context, const struct batch_row *row)) MUST_USE;

/**
 * Commits @p set in one transaction. Returns 0; ERR_BUSY or ERR_NO_SPACE (nothing changed: try
 * again with the same set); anything else is a store that cannot be trusted further. Blocks on the
 * disk: call it on a worker.
 */
int store_commit(struct store *s, const struct change_set *set) MUST_USE;
/** Words of the last failure. */
const char *store_why(const struct store *s);

/** Sums of a snapshot. */
struct store_figures {
    uint64_t pending_readings; /**< in batches that are not gone */
    uint64_t dead_made;        /**< letters ever made */
    uint64_t dead_rows;        /**< letters at hand */
    uint64_t dead_dropped;     /**< dropped by the bounds */
    uint64_t dead_purged;      /**< purged by people */
    uint64_t dead_requeued;    /**< queued again by people */
};

/**
 * Looks at one committed moment through a connection of its own, so that it may run on any worker:
 * gives the rows of kinds @p one and @p other to @p put, and sums up the rest. Returns 0, what put
 * returned, ERR_BUSY, ERR_NOMEM, ERR_CORRUPT or ERR_IO.
 */
int store_snapshot(const char *path, uint8_t one, uint8_t other, void *context,
                   int (*put)(void *context, uint8_t kind, struct slice key, struct slice value),
                   struct store_figures *ret_figures) MUST_USE;

/** A dead letter with its number, for listings. */
struct dead_entry {
    uint64_t number;           /**< rising, never reused */
    struct dead_letter letter; /**< slices live during the callback */
};

/** Which dead letters. */
struct dead_filter {
    uint64_t after;     /**< with numbers above this one */
    uint64_t limit;     /**< at most so many */
    const char *reason; /**< whose reason contains this text; "" = any */
};

/** Gives the dead letters that @p filter asks for to @p each, oldest first. Reads through a
 * connection of its own, so that it may run on any worker. */
int store_dead_list(const char *path, const struct dead_filter *filter, void *context,
                    int (*each)(void *context, const struct dead_entry *entry)) MUST_USE;

/** Which rows of the audit log. */
struct audit_filter {
    bool newest_first; /**< falling numbers below from; else rising ones above it */
    uint64_t from;     /**< see newest_first */
    uint64_t limit;    /**< at most so many */
};

/** Gives the rows that @p filter asks for to @p each, and the end of the log as the store has it
 * beside them, of one moment. Reads as store_dead_list() does. 0, what each returned, or ERR_IO. */
int store_audit_list(const char *path, const struct audit_filter *filter, void *context,
                     int (*each)(void *context, const struct audit_row *row),
                     struct audit_head *ret_head) MUST_USE;

#endif
