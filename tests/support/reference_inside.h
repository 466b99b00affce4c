/**
 * @file
 * What the parts of the reference share: evidence per check, and what a check says at an instant.
 * Nothing outside reference*.c includes it.
 */
#ifndef SUPPORT_REFERENCE_INSIDE_H
#define SUPPORT_REFERENCE_INSIDE_H

#include "reference.h"

/** One admitted result. */
struct ref_result {
    struct wall_ms t;
    enum verdict verdict; /**< as it came */
    enum verdict settled; /**< after hysteresis (FIGURES 7.7) */
    bool summary;         /**< known from a status summary only (7.15) */
};

/** One check: the triple of FIGURES 7.2, with its admitted results in order of time. */
struct ref_check {
    uint32_t probe, site, check;
    struct vec results; /**< struct ref_result */
    struct vec dropped; /**< struct wall_ms: results that a list took back later (READINGS 2) */
};

struct reference {
    const struct history *h;
    size_t n;                    /**< events that exist */
    const struct inventory *inv; /**< in force */
    bool with_retroactive;       /**< maintenance declared in retrospect counts */
    struct wall_ms now;          /**< of the last advance */
    struct wall_ms marker;       /**< last one; INT64_MIN before the first */
    struct vec checks;           /**< struct ref_check */
    struct vec gasps;            /**< struct history_event: those in order (READINGS 11) */
    struct vec
        of[11]; /**< size_t: the events of each kind, by enum history_kind, in order of arrival */
};

/** Event @p i of those of @p kind. */
const struct history_event *ref_event(const struct reference *r, enum history_kind kind, size_t i);

/** What a check is to a unit at an instant (READINGS 13). */
enum ref_status {
    REF_ABSENT,   /**< not named, or has not spoken yet */
    REF_EVIDENCE, /**< says verdict */
    REF_CANNOT,   /**< says 3 */
    REF_SILENT,   /**< should have spoken, we listened */
    REF_UNHEARD,  /**< should have spoken, we did not listen */
};

struct ref_saying {
    enum ref_status status;
    enum verdict verdict;
    bool awaiting; /**< in a gap that a summary ends (7.15) */
};

/** The entry by which the list of @p probe valid at @p t names the check, or NULL (7.3). */
const struct history_entry *ref_entry_at(const struct reference *r, const struct ref_check *c,
                                         struct wall_ms t);
/** The first list of the check's probe later than @p t that does not name it: its time,
 * WALL_NEVER_MS if none. */
struct wall_ms ref_end_after(const struct reference *r, const struct ref_check *c,
                             struct wall_ms t);
/** The first list counted among the first @p n events only, for admission on arrival. */
struct wall_ms ref_end_after_n(const struct reference *r, size_t n, const struct ref_check *c,
                               struct wall_ms t);
/** ref_entry_at() among the first @p n events only. */
const struct history_entry *ref_entry_at_n(const struct reference *r, size_t n,
                                           const struct ref_check *c, struct wall_ms t);

/** Sorts the results of all events into checks: who is admitted (7.1, 7.2, 7.15, 7.17). */
void ref_admit(struct reference *r);
/** Fills in ref_result.settled of every result that exists now (7.7). */
void ref_settle(struct reference *r);

/** True if we listened to @p probe at @p t (DESIGN 4.6, READINGS 8 and 9). */
bool ref_listened(const struct reference *r, uint32_t probe, struct wall_ms t);
/** Milliseconds of [from, to) in which we listened to @p probe. */
int64_t ref_listened_ms(const struct reference *r, uint32_t probe, struct wall_ms from,
                        struct wall_ms to);
/** The first instant of [from, to) at which we did not listen to @p probe, @p to if there is none.
 */
struct wall_ms ref_first_unheard(const struct reference *r, uint32_t probe, struct wall_ms from,
                                 struct wall_ms to);

/** The last gasp of @p probe in whose time @p t lies: from it to the probe's next result (7.14). */
bool ref_gasping(const struct reference *r, uint32_t probe, struct wall_ms t);
/** What the check says at @p t. */
struct ref_saying ref_check_at(const struct reference *r, const struct ref_check *c,
                               struct wall_ms t);
/** What lies beneath the overlays of @p unit at @p t, with its cause; *ret_awaiting as in
 * READINGS 20. */
enum unit_state ref_beneath(const struct reference *r, uint32_t unit, struct wall_ms t,
                            enum cause *ret_cause, bool *ret_awaiting, bool *ret_told);
/** True if the unit exists at @p t: it has a row and is between acceptance and decommissioning. */
bool ref_exists(const struct reference *r, uint32_t unit, struct wall_ms t);
/** The better known of two causes in the order power, transport, then the list's (7.13). */
enum cause ref_first_cause(enum cause a, enum cause b);

#endif
