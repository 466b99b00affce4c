/**
 * @file
 * The shift log as people read it: everything that happened in a span of time, in one list, found
 * where it is known.
 *
 * Outages come from core/outages.h, what people did about them from core/lives.h, maintenance from
 * the inventory, pages from their box, the rest from core/shift_book.h. So nothing is kept twice,
 * and late evidence that corrects an outage corrects its lines here; the audit log is what never
 * changes. Made for one question and thrown away.
 */
#ifndef CORE_SHIFT_LOG_H
#define CORE_SHIFT_LOG_H

#include "core/centre.h"
#include "core/page_box.h"

/** Lines of one answer at most; of more the oldest are left out. */
enum { SHIFT_LINES_MAX = 1 << 16 };

/** One line. Texts are "" where there is none; they live as long as what they were found in stays
 * as it is. */
struct shift_line {
    struct wall_ms at;    /**< when */
    enum shift_kind kind; /**< what */
    uint64_t outage;      /**< its number, 0 = none */
    uint32_t site;        /**< concerned, INV_NONE = none */
    struct wall_ms until; /**< of what has an expected end; 0 = nothing has */
    uint32_t sites;       /**< of an outage: how many sites it took along */
    enum cause cause;     /**< of an outage; CAUSE_NONE otherwise */
    const char *by;       /**< who */
    const char *to;       /**< whom, or which target */
    const char *text;     /**< what was said */
    const char *waiting;  /**< of work on it: what that waits for, as life_wait_word() */
    uint64_t root;        /**< of the outage that it came under or left, 0 = none */
    uint32_t others;      /**< outages that came along with it */
};

/** What is asked for. */
struct shift_question {
    const struct centre *centre; /**< where it is looked up */
    const struct page_box *box;  /**< pages; NULL = none */
    struct validity span;        /**< what happened in it */
    struct wall_ms now;          /**< what is later has not happened */
};

/** Answers with struct shift_line in @p lines, initialised here, the newest first: 0 or ERR_NOMEM.
 * vec_done() frees them. O(units + lives + declarations + pages + lines log lines) and what
 * outage_groups_ask() takes. */
int shift_log_ask(const struct shift_question *question, struct vec *lines) MUST_USE;

#endif
