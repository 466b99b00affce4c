/**
 * @file
 * One batch on its way out: which of its lines to send next, and what became of each.
 *
 * A batch is sent whole. Only if the server blames lines of it is it looked into: halves are sent
 * until a line stands alone and is condemned with the server's words. Knows neither time nor
 * other batches; core/sending.h does.
 */
#ifndef CORE_SENDING_JOB_H
#define CORE_SENDING_JOB_H

#include "base/attr.h"
#include "base/vec.h"
#include "core/sending_reply.h"

/** What became of a line. */
enum sending_fate {
    SENDING_TODO,      /**< to be sent */
    SENDING_WRITTEN,   /**< the server has it */
    SENDING_CONDEMNED, /**< the server blames it alone: a dead letter */
    SENDING_EXPIRED,   /**< older than the server's retention */
    SENDING_PARKED,    /**< fails alone, without a reason that condemns: tried again later */
};

/** What has to be known of each line once a batch is looked into. */
struct sending_line {
    int64_t time_ns; /**< its timestamp */
    uint32_t fields; /**< readings in it */
    uint8_t fate;    /**< enum sending_fate */
};

/** A condemned line. */
struct sending_dead {
    uint32_t line;                 /**< its place in the batch, from 0 */
    uint32_t readings;             /**< fields in it */
    char words[SENDING_WORDS_MAX]; /**< the server's */
};

/** What is to be done next. */
enum sending_job_step {
    SENDING_JOB_GO,    /**< send the next request */
    SENDING_JOB_DONE,  /**< every line has its fate */
    SENDING_JOB_INDEX, /**< give the lines to sending_job_index() first */
    SENDING_JOB_STUCK, /**< more lines are condemned than may be, or one is too large: all lines are
                          to be sent again, later */
};

enum { SENDING_RANGES_MAX = 40 };

/** Storage of the caller. */
struct sending_job {
    uint64_t number;   /**< of the batch */
    uint32_t n_lines;  /**< lines in it */
    uint32_t readings; /**< fields in all of them */
    struct sending_line
        *lines;      /**< n_lines of them, or NULL while it was never looked into; owned */
    struct vec dead; /**< struct sending_dead */

    struct {
        uint32_t first, end;
    } ranges[SENDING_RANGES_MAX]; /**< still to be sent, the last one next */

    uint32_t n_ranges;             /**< ranges in use */
    struct sending_verdict asked;  /**< the verdict that waits for the lines */
    char words[SENDING_WORDS_MAX]; /**< why it is stuck */
};

/** A batch of @p n_lines lines (not 0), nothing sent. Allocates nothing. */
void sending_job_init(struct sending_job *job, uint64_t number, uint32_t n_lines,
                      uint32_t readings);
/** Frees what it holds. Accepts a zeroed job. */
void sending_job_done(struct sending_job *job);
/** Condemned lines a batch of @p n_lines may have before it is kept instead: 1 %, at least 8. */
uint32_t sending_job_limit(uint32_t n_lines);
/** The next request: lines of [*ret_first, *ret_end) whose fate is SENDING_TODO. True if that is
 * the whole batch as it stands in its file. */
bool sending_job_request(const struct sending_job *job, uint32_t *ret_first, uint32_t *ret_end);
/**
 * Takes the verdict on the last request: SENDING_OK, LINES, BEYOND or TOO_LARGE; any other changes
 * nothing and is the caller's to judge. @p ret_step is what to do next. 0 or ERR_NOMEM. O(lines of
 * the request).
 */
int sending_job_verdict(struct sending_job *job, const struct sending_verdict *verdict,
                        enum sending_job_step *ret_step) MUST_USE;
/** Gives the lines (malloc'd, taken over) that SENDING_JOB_INDEX asked for, and judges again. */
int sending_job_index(struct sending_job *job, struct sending_line *lines,
                      enum sending_job_step *ret_step) MUST_USE;
/** The last request failed without a reason: splits it, or parks its only line. For a batch that
 * keeps failing while others pass. Errors and steps as above; SENDING_JOB_STUCK = only parked
 * lines are left. */
int sending_job_narrow(struct sending_job *job, const struct sending_verdict *verdict,
                       enum sending_job_step *ret_step) MUST_USE;
/** Begins anew: with the parked lines if there are any, else with all of them. */
void sending_job_again(struct sending_job *job);
/** Readings by fate so far. O(lines). */
uint32_t sending_job_readings(const struct sending_job *job, enum sending_fate fate);

#endif
