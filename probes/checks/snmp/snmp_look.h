/**
 * @file
 * One look at an agent: what its values amount to as a report.
 *
 * Values without index and those of the instances that the configuration names are reported one by
 * one; a column without such names is summed up (lowest, highest, how many are out of their
 * limits); terminals are judged by port (snmp_pon.h). Pure: values come in, the report is written,
 * counters and terminals are remembered from look to look.
 */
#ifndef SNMP_SNMP_LOOK_H
#define SNMP_SNMP_LOOK_H

#include "checks/check.h"
#include "checks/snmp/snmp_battery.h"
#include "checks/snmp/snmp_counter.h"
#include "checks/snmp/snmp_join.h"
#include "checks/snmp/snmp_poll.h"
#include "checks/snmp/snmp_pon.h"

/** Most instances that a configuration names. */
#define SNMP_LOOK_NAMED_MAX 16

/** An instance that the configuration names. */
struct snmp_named {
    const char *name;      /**< as configured; the configuration's */
    bool found;            /**< index is set */
    bool met;              /**< a value of it came */
    struct snmp_oid index; /**< of it */
};

/** A column without named instances. */
struct snmp_summed {
    size_t n;     /**< numbers */
    double low;   /**< the lowest */
    double high;  /**< the highest */
    uint32_t bad; /**< values whose state or limits are not well */
};

/** A counter's memory. */
struct snmp_slot {
    uint8_t place;               /**< of its row */
    uint8_t named;               /**< of its instance; SNMP_LOOK_NAMED_MAX = none */
    struct snmp_counter counter; /**< the memory */
};

/** Storage of the caller; members are read only but for seen and arg. */
struct snmp_look {
    const struct snmp_profile *profile;               /**< what is looked at */
    struct snmp_named named[SNMP_LOOK_NAMED_MAX];     /**< instances */
    size_t n_named;                                   /**< of them; 0 = columns are summed up */
    struct snmp_join join;                            /**< of this look */
    struct snmp_pon pon;                              /**< from look to look */
    struct snmp_battery battery;                      /**< from look to look */
    struct snmp_uptime uptime;                        /**< from look to look */
    struct snmp_slot slot[CHECK_EXTRA_MAX];           /**< counters, from look to look */
    size_t n_slots;                                   /**< of slot */
    struct snmp_summed summed[SNMP_PROFILE_ROWS_MAX]; /**< by row, of this look */
    struct check_extra extra[CHECK_EXTRA_MAX];        /**< numbers of this look, for the report */
    size_t n_extra;                                   /**< of extra */
    struct check_report *report;                      /**< of this look */
    struct mono_ms now;                               /**< of this look */
    double up_s;         /**< how long the agent is up; NaN = not told */
    bool restarted;      /**< it began anew since the last look */
    size_t skipped;      /**< values that are none, or have no place */
    check_seen_fn *seen; /**< told of each value; NULL = nobody */
    void *arg;           /**< its argument */
};

/** A look that will see values of @p profile for @p instances, both of which outlive it. What
 * vanishes within @p together_ms has vanished together. */
void snmp_look_init(struct snmp_look *look, const struct snmp_profile *profile,
                    const struct field_texts *instances, int64_t together_ms);
/** Frees all. Accepts a zeroed one. */
void snmp_look_done(struct snmp_look *look);
/** Begins a look whose outcome goes into @p report, which outlives it. */
void snmp_look_begin(struct snmp_look *look, struct check_report *report, struct mono_ms now);
/** Takes a value. */
void snmp_look_take(struct snmp_look *look, const struct snmp_found *found);
/** All values came, if @p whole; else some did not, and ports are not judged. Writes sums and
 * ports into the report and returns what the ports amount to. */
struct snmp_pon_sum snmp_look_end(struct snmp_look *look, bool whole);
/** How many numbers a look may report at most beside the type's table, to be held against
 * CHECK_EXTRA_MAX. */
size_t snmp_look_extras(const struct snmp_profile *profile, size_t n_instances);

#endif
