/**
 * @file
 * What a check is: the interface that each type implements, and the life of one check on the loop.
 *
 * A type is a row of const tables and a few functions (check_table.h lists them all). A check is
 * one configured instance, living across runs; it is started by the agent's schedule and answers
 * each start with exactly one report, unless it is cancelled. Deadline, limits and delivery are
 * done here once, so a type only measures. When to run, and what becomes of a report, is not
 * decided here.
 *
 * One thread, that of the loop. A target that is refused, slow or absent is a verdict; verdict
 * unknown means that this machine could not look.
 */
#ifndef CHECKS_CHECK_H
#define CHECKS_CHECK_H

#include "checks/check_common.h"
#include "checks/check_keys.h"
#include "checks/check_report.h"
#include "core/threshold.h"
#include "io/conf.h"

struct check;
struct loop;
struct dns;
struct http_client;

/** A value that a run looked at, whether it is reported or not. */
struct check_seen {
    const char *name;     /**< of the value */
    const char *instance; /**< of how many of that name, "" = the only one */
    double number;        /**< NaN = it is none */
    const char *unit;     /**< NULL = none */
    enum verdict verdict; /**< by its own limits */
    const char *words;    /**< what the number means, "" = nothing to add */
};

/** Takes a value; it is valid during the call. */
typedef void check_seen_fn(void *arg, const struct check_seen *seen);

/** What checks work with; all of it outlives them. */
struct check_env {
    struct loop *loop;        /**< the loop everything happens on */
    struct dns *dns;          /**< resolver for names */
    struct http_client *http; /**< client for the http check */
    const char *root;         /**< where /proc and /sys are found below, "" = the real ones */
    check_seen_fn *seen;      /**< told of every value by types that look at many; NULL = nobody */
    void *seen_arg;           /**< its argument */
};

/** A type of check. All pointers are to static storage. */
struct check_type {
    const char *name;         /**< as in the key `type` and on the wire */
    const char *about;        /**< one sentence for the manual */
    const char *target_about; /**< what the key `target` means; NULL = it takes none */

    const struct field *fields; /**< its own keys, beside the common ones */
    size_t n_fields;            /**< rows of fields */
    size_t config_size;         /**< bytes of its configuration, which begins with check_common */

    const struct check_metric *metrics; /**< what it reports, at most CHECK_METRICS_MAX */
    size_t n_metrics;                   /**< rows of metrics */
    const struct threshold *limits;     /**< over its configuration */
    size_t n_limits;                    /**< rows of limits */

    enum cause cause;  /**< cause of its failures unless configured */
    size_t state_size; /**< bytes it keeps between and during runs, zeroed at first; at least 1 */

    /** Looks at what no single row can: check_common_ok(), target grammar, keys that must fit each
     * other. Opens nothing. Required. */
    conf_check *verify;
    /** Begins a run; must lead to one check_finish(), at once or later. Required. */
    void (*start)(struct check *check);
    /** The timeout passed: judges what is there; the run is finished after it. Required. */
    void (*expire)(struct check *check);
    /** Releases every handle of the run; idempotent. Called at the end of every run, however it
     * ended. NULL = a run holds nothing. */
    void (*release)(struct check *check);
    /** Frees what is kept between runs, before the check itself goes. NULL = nothing is. */
    void (*done)(struct check *check);
    /** Appends to @p out, as one line of printable ASCII, what is to outlive a restart of the
     * probe; nothing if there is nothing. NULL = there never is. */
    void (*keep)(struct check *check, struct buf *out);
    /** Takes back what keep() wrote in another life of the probe, before the first run: 0, or an
     * error, usually ERR_CORRUPT, with nothing taken. The file came from a disk and is checked like
     * any input. Set if keep is. */
    int (*recall)(struct check *check, struct slice kept);
};

/** Takes a report; it is valid during the call only. The check may be started again from here, or
 * closed. Always called from the loop, never from within check_start(). */
typedef void check_report_fn(void *user, struct check *check, const struct check_report *report);

/**
 * Makes a check of @p type. @p config (type->config_size bytes, which type->verify accepted) is
 * copied. Returns 0 or ERR_NOMEM.
 */
int check_open(const struct check_type *type, const struct check_env *env, const void *config,
               check_report_fn *report, void *user, struct check **ret_check) MUST_USE;
/** Starts a run; the check must be idle. */
void check_start(struct check *check);
/** Ends the run without a report; every socket and timer of it is released. Idle checks ignore it.
 */
void check_cancel(struct check *check);
/** True from check_start() to the report. */
bool check_running(const struct check *check);
/** Appends what the check wants to be told when the probe starts anew; nothing if that is nothing.
 */
void check_keep(struct check *check, struct buf *out);
/** Gives back what check_keep() wrote; the check has not been started yet. 0, or an error with
 * nothing taken: ERR_CORRUPT if it makes no sense, also to a type that keeps nothing. */
int check_recall(struct check *check, struct slice kept) MUST_USE;
/** Cancels and frees the check. Accepts NULL. */
void check_close(struct check *check);

/** Its type. */
const struct check_type *check_type_of(const struct check *check);
/** Its common keys. */
const struct check_common *check_common_of(const struct check *check);
/** The cause of its failures: as configured, else its type's. */
enum cause check_cause(const struct check *check);

/** @name For the types
 * @{ */
const struct check_env *check_env(const struct check *check); /**< what it works with */
const void *check_config(const struct check *check);          /**< the type's configuration */
void *check_state(struct check *check);                       /**< the type's state */
struct check_report *check_draft(struct check *check);        /**< the report of this run */
/** Judges the draft by the limits, releases the run and delivers the report once its caller has
 * returned to the loop. */
void check_finish(struct check *check);
/** The same, after judging @p verdict for @p reason. */
void check_conclude(struct check *check, enum verdict verdict, const char *reason);
/** @} */

#endif
