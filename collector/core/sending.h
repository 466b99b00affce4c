/**
 * @file
 * Which batch goes to the database next, and what each answer means for it and for the others
 * (DESIGN 4.3, FACTS section 6).
 *
 * Pure: requests come out, answers go in, time is an argument. It keeps the batches' numbers and
 * what is known of their lines; their bytes stay in files, which the shell reads. Nothing is
 * ever given up here: a batch leaves only as written, with its dead letters and expired lines
 * named, or because the shell says its file is damaged.
 *
 * One answer concerns the server or the batch. A batch that fails again and again while others
 * pass is set aside: it is tried rarely, in halves, and blocks nobody. While the server fails, one
 * request at a time tries it, each time with another batch.
 */
#ifndef CORE_SENDING_H
#define CORE_SENDING_H

#include "base/attr.h"
#include "base/instant.h"
#include "core/sending_gate.h"
#include "core/sending_job.h"

/** Tunables; sending_options_default() fills them. */
struct sending_options {
    bool confirm;           /**< the server answers before it stores (sink kind victoria) */
    uint32_t in_flight;     /**< requests at once, 1..SENDING_FLIGHTS_MAX */
    int64_t backoff_min_ms; /**< after the first failure; doubles, with jitter */
    int64_t backoff_max_ms; /**< and no longer than this */
    int64_t slow_ms;        /**< between two tries of what was set aside */
    int64_t confirm_ms;     /**< confirm: how long the server must have lived on */
    uint32_t tries;         /**< failures of a batch, others passing in between, until set aside */
};

enum { SENDING_FLIGHTS_MAX = 16, SENDING_ASIDE_MAX = 32 };

/** A request to make: the lines of [first, end) of a batch that are to be sent. */
struct sending_request {
    uint64_t number; /**< of the batch */
    uint32_t first;  /**< unless whole: the lines with fate SENDING_TODO from here ... */
    uint32_t end;    /**< ... to before here */
    const struct sending_line *lines; /**< fates; unchanged until the request is answered */
    uint32_t slot;                    /**< names the request in sending_reply() */
    bool whole;                       /**< the whole batch, as it stands in its file */
};

/** A batch that is through. Valid until the next sending_*() call. */
struct sending_outcome {
    uint64_t number;                       /**< of the batch */
    uint32_t written;                      /**< readings in the database */
    uint32_t dead;                         /**< readings in dead letters */
    uint32_t expired;                      /**< readings beyond the retention */
    const struct sending_dead *dead_lines; /**< the dead letters */
    size_t n_dead_lines;                   /**< how many lines those are */
};

/** What sending_reply() wants next. */
enum sending_next {
    SENDING_GOES_ON, /**< ask sending_request() again */
    SENDING_INDEX,   /**< read the batch's lines and give them to sending_index() */
};

struct sending;

/** The defaults of DESIGN 4.3. */
struct sending_options sending_options_default(void);
/** Nothing to send yet. @p seed is for jitter. NULL without memory. */
struct sending *sending_new(const struct sending_options *options, uint64_t seed) MUST_USE;
/** Frees all. Accepts NULL. */
void sending_free(struct sending *s);

/** A batch is committed and waits. Numbers rise. @p lines of 0 is through at once. 0 or
 * ERR_NOMEM. */
int sending_add(struct sending *s, uint64_t number, uint32_t lines, uint32_t readings) MUST_USE;
/** The next request that may be made at @p now. False: nothing before sending_wake(). */
bool sending_request(struct sending *s, struct mono_ms now,
                     struct sending_request *ret_request) MUST_USE;
/** The answer to a request. 0 with what to do next, or ERR_NOMEM (the batch is then sent again). */
int sending_reply(struct sending *s, uint32_t slot, struct mono_ms now,
                  const struct sending_reply *reply, enum sending_next *ret_next) MUST_USE;
/** The lines of the batch in @p slot, as many as it has (malloc'd, taken over in any case). */
int sending_index(struct sending *s, uint32_t slot, struct mono_ms now, struct sending_line *lines,
                  enum sending_next *ret_next) MUST_USE;
/** The file of the batch in @p slot is damaged and was quarantined: forgets it. */
void sending_drop(struct sending *s, uint32_t slot);
/** The request in @p slot was not made after all (no memory, closing): it will be asked again. */
void sending_cancel(struct sending *s, uint32_t slot, struct mono_ms now);

/** confirm: the server's start time as read by a request begun at @p asked. Nothing is sent before
 * the first. */
int sending_server(struct sending *s, int64_t start_s, struct mono_ms asked) MUST_USE;
/** confirm: when the start time should be read next; INT64_MAX if nobody waits for it. */
struct mono_ms sending_server_due(const struct sending *s);

/** The next batch that is through, oldest first; false if there is none. */
bool sending_outcome(struct sending *s, struct sending_outcome *ret_outcome) MUST_USE;
/** After sending_request() said no at @p now: when it may say yes without a new answer or batch;
 * INT64_MAX = never. */
struct mono_ms sending_wake(const struct sending *s, struct mono_ms now);
/** What hinders now. */
const struct sending_trouble *sending_trouble(const struct sending *s);
/** Batches that are not through. */
size_t sending_pending(const struct sending *s);
/** True while requests may go out; false while the server is given time. For who else writes to the
 * same server. */
bool sending_open(const struct sending *s, struct mono_ms now);
/** Tells of an answer to somebody else's write to the same server (derived points), so that both
 * wait together. */
void sending_heard(struct sending *s, struct mono_ms now, const struct sending_verdict *verdict);

#endif
