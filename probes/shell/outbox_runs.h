/**
 * @file
 * Which packs stand in which segment file of the outbox: what the bound drops whole and where
 * reading a pack begins. Found by reading everything once at start, kept up as packs are written.
 */
#ifndef SHELL_OUTBOX_RUNS_H
#define SHELL_OUTBOX_RUNS_H

#include "base/vec.h"
#include "core/outbox_policy.h"
#include "shell/outbox_record.h"

/** Id of the store, in every segment file. */
#define OUTBOX_RUNS_ID "ioc-probe outbox"

/** Storage of the caller. */
struct outbox_runs {
    struct vec runs;    /**< of struct outbox_run, oldest first; empty files have none */
    struct vec files;   /**< of uint64_t: the number of each run's file */
    int64_t running_ms; /**< of the newest pack seen */
    uint64_t claimed;   /**< highest number that packs which can no longer be read had, by what is
                             left of them; 0 = none */
    bool unsure;        /**< nothing tells how many packs the newest damage took */
};

/** No runs. */
void outbox_runs_init(struct outbox_runs *r);
/** Frees all. Accepts a zeroed one. */
void outbox_runs_done(struct outbox_runs *r);
/** Runs held. */
size_t outbox_runs_len(const struct outbox_runs *r);
/** All of them, for core/outbox_policy.h. */
const struct outbox_run *outbox_runs_all(const struct outbox_runs *r);
/** File number of run @p i. */
uint64_t outbox_runs_file(const struct outbox_runs *r, size_t i);
/** Highest number held, 0 if none. */
uint64_t outbox_runs_last(const struct outbox_runs *r);
/** Highest number that may have been given; none above @p reserved was, if it is not 0. */
uint64_t outbox_runs_given(const struct outbox_runs *r, uint64_t reserved);

/** A record was written (or found) that ends at @p bytes of @p file. One whose number is not above
 * the last is a copy of one that is held and changes nothing. 0 or ERR_NOMEM. */
int outbox_runs_add(struct outbox_runs *r, uint64_t file, uint64_t bytes,
                    const struct outbox_record *record) MUST_USE;
/** The first run that ends at or above @p number; outbox_runs_len() if there is none. O(runs). */
size_t outbox_runs_find(const struct outbox_runs *r, uint64_t number);
/** Forgets runs that lie wholly below @p low, but never the newest; returns the file number of the
 * first that is left, below which files may be deleted, 0 if nothing was forgotten. */
uint64_t outbox_runs_forget(struct outbox_runs *r, uint64_t low);

/**
 * Reads every record in @p folder. Damage is logged and passed over; a torn tail was one pack,
 * which is lost: should it have been damage after all, its number was given. Blocks. 0, ERR_NOMEM,
 * ERR_DENIED or ERR_IO.
 */
int outbox_runs_scan(struct outbox_runs *r, const char *folder) MUST_USE;

struct segment_reader;

/** A mark of the damage @p reader has just met; logs it unless it is @p told, the mark of one told
 * before. The same mark twice in one pass: reading on gives nothing new. */
uint64_t outbox_runs_damage(const struct segment_reader *reader, uint64_t told);

#endif
