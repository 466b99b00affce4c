/**
 * @file
 * What a probe's messages say beside results: wills, last gasps, when it was heard first on a
 * connection, and when its program did not run (FIGURES 7.5, 7.14, readings 9 to 11 and 21).
 *
 * Bounded: of each kind the newest SIGNS_MAX are kept.
 */
#ifndef CORE_SIGNS_H
#define CORE_SIGNS_H

#include "core/instants.h"

#include <stdbool.h>

/** Signs of one kind that a probe keeps. */
#define SIGNS_MAX 128

/** A last gasp and how long it holds. */
struct gasp {
    int64_t at;         /**< when the power went */
    int64_t stream_end; /**< the stream's first result after it, INT64_MAX if none */
    int64_t end;        /**< the first result after it, summaries included; INT64_MAX if none */
};

/** Storage of the caller; zeroed = none. */
struct signs {
    struct instants wills; /**< receipts of wills that held */
    struct instants heard; /**< first message of each connection */
    struct instants aways; /**< its program did not run, though its machine did */
    struct gasp *gasps;    /**< in order of time */
    uint16_t gasps_len;    /**< gasps in use */
};

/** Is a gasp in force, and until when does the answer hold? */
struct gasp_stretch {
    bool gasping;  /**< in force at the instant asked for */
    int64_t until; /**< first instant at which this may differ */
};

/** Frees what it holds. */
void signs_done(struct signs *s);
/** Adds a gasp, ended by the first result after it. ERR_EXISTS if it is known, ERR_NOMEM. */
int signs_gasp(struct signs *s, int64_t at, int64_t stream_end, int64_t end) MUST_USE;
/** True if a gasp lies before @p t whose end a result at @p t would bring forward. O(1) for results
 * in order. */
bool signs_ends_gasp(const struct signs *s, int64_t t);
/** Gasp in force at @p t. */
struct gasp_stretch signs_gasping(const struct signs *s, int64_t t);
/** The last gasp in [@p from, @p to), INT64_MIN if there is none. */
int64_t signs_last_gasp(const struct signs *s, int64_t from, int64_t to);
/** True if a will came in [@p from, @p to). */
bool signs_will_in(const struct signs *s, int64_t from, int64_t to);
/** The last instant in [@p from, @p to) at which the program was away, INT64_MIN if there is none.
 */
int64_t signs_last_away(const struct signs *s, int64_t from, int64_t to);
/** Forgets what cannot matter from @p t on. True if there was any. */
bool signs_trim(struct signs *s, int64_t t);

#endif
