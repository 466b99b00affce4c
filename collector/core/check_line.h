/**
 * @file
 * The line of one check: what its results said, run by run, in 8 bytes per change.
 *
 * Equal results that follow each other within ttl are one span however many they are; a longer gap
 * is a span of its own, whose meaning (silence, not listened, held) is judged when it is read:
 * core/check_read.h. Hysteresis (FIGURES 7.7) is applied here. The line knows neither listening
 * nor lists; what waits from status summaries is core/check_tail.h's.
 */
#ifndef CORE_CHECK_LINE_H
#define CORE_CHECK_LINE_H

#include "base/attr.h"
#include "wire/verdict.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Spans a line keeps; a check that flaps at every interval keeps its newest ones. */
#define CHECK_LINE_MAX 256
/** Spans forgotten at once when a line is full, so that this is rare. */
#define CHECK_LINE_DROP 64
/** Instants a line can hold are below this (the year 2109). */
#define CHECK_LINE_TIME_END (INT64_C(1) << 42)
/** "no such instant": nothing changed, nothing follows. */
#define CHECK_LINE_NEVER INT64_MAX

/** What a span is. The runs are results of an incomplete run: they read otherwise than they were
 * (FIGURES 7.7). */
enum line_kind {
    LINE_OK,
    LINE_DEGRADED,
    LINE_FAILED,
    LINE_CANNOT,            /**< verdict 3 */
    LINE_BAD_RUN,           /**< was 2, reads 1 */
    LINE_GOOD_RUN_OK,       /**< was 0, reads 2 */
    LINE_GOOD_RUN_DEGRADED, /**< was 1, reads 2 */
    LINE_GAP,               /**< from the last result before it to the next one, beyond ttl */
    LINE_ENDED,             /**< a list no longer names the check */
};

/** Where hysteresis stands. */
struct line_run {
    uint8_t side;  /**< 0 unsettled, 1 good, 2 bad */
    uint8_t count; /**< results in a row against the side */
    uint8_t spans; /**< how many of the newest spans belong to that run */
};

/** Storage of the caller; zeroed = the check has never spoken. */
struct check_line {
    uint64_t *spans;        /**< packed; read them with check_line_span() */
    int64_t last_ms;        /**< time of the last result; meaningless while len is 0 */
    uint32_t prev_gap_ms;   /**< from the result before it to the last one */
    uint32_t dropped;       /**< spans forgotten at the front since the beginning */
    uint32_t touched;       /**< serial of the earliest span changed since the owner looked */
    uint16_t len;           /**< spans in use */
    uint16_t cap;           /**< spans allocated */
    struct line_run run;    /**< after the last result */
    struct line_run before; /**< before it, for a second result of the same time */
    uint8_t completed;      /**< newest spans that the last result's completed run made its own */
};

/** How a check's results count: the list's ttl and the hysteresis of its site's kind. */
struct line_rules {
    int64_t ttl_ms; /**< of the last result before the one that is added */
    uint8_t bad;    /**< results in a row to go down, 1..16 */
    uint8_t good;   /**< results in a row to return, 1..16 */
};

/** One stretch of a line; to is CHECK_LINE_NEVER for the newest. */
struct check_span {
    int64_t from;         /**< first instant */
    int64_t to;           /**< one past the last */
    enum line_kind kind;  /**< what it is */
    enum verdict verdict; /**< what it reads as; of a gap or an end, what was read before it */
    int64_t gap_ms; /**< from the sample before the span to its start, 0 if there was none; exact up
                       to 131 s, rounded up to seconds above */
};

/** What has to be remembered to bring the line back to here; see check_line_restore(). */
struct line_mark {
    int64_t last_ms;        /**< as in the line */
    uint32_t prev_gap_ms;   /**< as in the line */
    uint16_t len;           /**< as in the line */
    struct line_run run;    /**< as in the line */
    struct line_run before; /**< as in the line */
    uint8_t completed;      /**< as in the line */
};

/** Frees the spans. */
void check_line_done(struct check_line *line);
/** True while the check is evidence or in a gap: it has spoken and no list ended it since. */
bool check_line_alive(const struct check_line *line);
/**
 * Adds a result at @p t, not earlier than the last one; of equal times the worst counts. The
 * earliest instant from which the line reads otherwise goes to @p ret_changed, CHECK_LINE_NEVER if
 * none. Returns 0 or ERR_NOMEM (nothing changed). O(1) but for completed runs.
 */
int check_line_add(struct check_line *line, int64_t t, enum verdict verdict,
                   const struct line_rules *rules, int64_t *ret_changed) MUST_USE;
/** The commonest result of all: as the last one, within @p ttl_ms of it, in no run. Adds it and
 * returns true; false, with nothing changed, if it is any other: then check_line_add(). */
bool check_line_repeat(struct check_line *line, int64_t t, enum verdict verdict, int64_t ttl_ms);
/** True if of all results the last one alone is not before @p t. */
bool check_line_only_after(const struct check_line *line, int64_t t);
/** The check ends at @p t, which counts as its next result; results at or after @p t are forgotten,
 * and the rules' ttl is then that of the last one before. Returns as above. */
int check_line_end(struct check_line *line, int64_t t, const struct line_rules *rules,
                   int64_t *ret_changed) MUST_USE;
/** Undoes an end at exactly @p t (a list of equal time replaced the one that ended the check). */
void check_line_resume(struct check_line *line, int64_t t);
/** Index of the span that holds @p t, -1 before the first. @p hint is an index that may be near. */
int check_line_index(const struct check_line *line, int64_t t, int hint);
/** Span @p index of 0 .. len - 1. */
struct check_span check_line_span(const struct check_line *line, int index);
/** Forgets spans that end before @p t, and the oldest ones beyond @p max. */
void check_line_trim(struct check_line *line, int64_t t, unsigned max);
/** The first result known to be later than @p t: a span's start or one of the last two results
 * (those inside a run are not kept); CHECK_LINE_NEVER if there is none. */
int64_t check_line_after(const struct check_line *line, int64_t t);

/** Span @p index as the line packs it, for the store. */
uint64_t check_line_packed(const struct check_line *line, int index);
/** Puts a packed span where its time belongs; of a line that is being loaded, in any order. 0 or
 * ERR_NOMEM. */
int check_line_put(struct check_line *line, uint64_t packed) MUST_USE;
/** Ends the loading of a line: @p mark is where it stood, @p dropped what it had forgotten. Spans
 * in front that were forgotten since they were saved go. 0, or ERR_CORRUPT if spans are missing. */
int check_line_loaded(struct check_line *line, const struct line_mark *mark,
                      uint32_t dropped) MUST_USE;

/** Where the line stands. */
struct line_mark check_line_mark(const struct check_line *line);
/** Brings the line back to @p mark; only results and ends were added since. */
void check_line_restore(struct check_line *line, const struct line_mark *mark);

#endif
