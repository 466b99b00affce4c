/**
 * @file
 * The newest value of each name that was pushed, as many as a report holds.
 *
 * Pure. A name that is not heard for ten reports gives its place up.
 */
#ifndef PUSH_PUSH_TABLE_H
#define PUSH_PUSH_TABLE_H

#include "checks/check_report.h"
#include "checks/push/push_item.h"

/** Reports without a name until it is forgotten. */
#define PUSH_TABLE_REPORTS 10

/** One name. */
struct push_place {
    struct push_item item; /**< its newest value */
    unsigned missed;       /**< reports since it was heard */
    bool fresh;            /**< it was heard since the last report */
};

/** Storage of the caller; zeroed: empty. */
struct push_table {
    struct push_place place[CHECK_EXTRA_MAX]; /**< len of them */
    size_t len;                               /**< names */
};

/** Keeps a value; false if its name is new and there is no room. O(names). */
bool push_table_put(struct push_table *table, const struct push_item *item) MUST_USE;
/** Writes what was heard since the last report, and begins anew: how many. */
size_t push_table_report(struct push_table *table, struct check_extra ret_extra[CHECK_EXTRA_MAX]);

#endif
