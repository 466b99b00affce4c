/**
 * @file
 * The tail of a check: results that status summaries brought ahead of the stream (FIGURES 7.15).
 *
 * They stand at the end of the check's line like any results, until the stream reaches their time;
 * then the line is taken back to what the stream said and built anew with what is still ahead. A
 * check has a tail only while its probe has a backlog.
 */
#ifndef CORE_CHECK_TAIL_H
#define CORE_CHECK_TAIL_H

#include "core/check_line.h"

/** Summary results a tail keeps one by one. Beyond it equal neighbours are merged, which costs the
 * exact instant at which the stream replaces them, then the oldest are forgotten. */
#define CHECK_TAIL_MAX 64

/** Opaque but for its bounds; NULL = no tail. */
struct check_tail;

/** Rules for a result at @p t whose predecessor was at @p before (or the same, if it has none). */
typedef struct line_rules check_tail_rules(void *context, int64_t before, int64_t t);

/** How the tail asks for rules. */
struct tail_rules {
    check_tail_rules *at; /**< never NULL */
    void *context;        /**< handed to it */
};

/** Frees the tail. Accepts NULL. */
void check_tail_free(struct check_tail *tail);
/** Time of the last result the stream brought, of @p line with or without a tail; -1 if none. */
int64_t check_tail_stream_last(const struct check_tail *tail, const struct check_line *line);
/**
 * Adds a summary's result later than the stream's last and not earlier than the tail's last one.
 * Returns 0 or ERR_NOMEM; @p ret_changed as check_line_add().
 */
int check_tail_add(struct check_tail **tail, struct check_line *line, int64_t t,
                   enum verdict verdict, const struct tail_rules *rules,
                   int64_t *ret_changed) MUST_USE;
/**
 * Takes the line back to the stream's results, so that one may be added at @p t; forgets what the
 * tail holds up to @p t. @p ret_changed gets the earliest instant this may change.
 */
void check_tail_lift(struct check_tail *tail, struct check_line *line, int64_t t,
                     int64_t *ret_changed);
/** After check_tail_lift() and the stream's result: puts what is left back and frees an empty tail.
 * Returns 0 or ERR_NOMEM. */
int check_tail_settle(struct check_tail **tail, struct check_line *line,
                      const struct tail_rules *rules) MUST_USE;
/** The earliest result of the tail later than @p t, CHECK_LINE_NEVER if there is none. */
int64_t check_tail_after(const struct check_tail *tail, int64_t t);
/** Where the stream's part of the line ends; @p tail is not NULL. */
const struct line_mark *check_tail_stream(const struct check_tail *tail);
/** True if the result of @p line next after @p t is a summary's (FIGURES 7.15). */
bool check_tail_awaiting(const struct check_tail *tail, const struct check_line *line, int64_t t);

/** One result of a tail, for the store. */
struct tail_sample {
    int64_t t;            /**< when */
    enum verdict verdict; /**< what */
    bool joined; /**< merged with neighbours: no gap since the sample before, however far it is */
};

/** Number of results in a tail. */
unsigned check_tail_len(const struct check_tail *tail);
/** Result @p at of a tail, in order of time. */
struct tail_sample check_tail_sample(const struct check_tail *tail, unsigned at);
/** Appends a result that check_tail_sample() once gave, without touching a line; the mark of a new
 * tail is the line's present end. 0, ERR_NOMEM or ERR_FULL. */
int check_tail_put(struct check_tail **tail, const struct check_line *line,
                   const struct tail_sample *sample) MUST_USE;

#endif
