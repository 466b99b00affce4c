/**
 * @file
 * Counts of villages, people and households as expectations write them: "2", "2:300", "2:300:75".
 */
#ifndef SCENARIO_EXPECT_COUNTS_H
#define SCENARIO_EXPECT_COUNTS_H

#include "script.h"

/** What was said, or found. */
struct expect_counts {
    bool said;          /**< false: anything will do */
    int64_t villages;   /**< always said */
    int64_t population; /**< -1: not said */
    int64_t households; /**< -1: not said */
};

/** Splits "key=value"; false if the word is none. */
bool expect_counts_pair(struct slice word, struct slice *ret_key, struct slice *ret_value);
/** Reads VILLAGES[:PEOPLE[:HOUSES]]. */
bool expect_counts_read(struct slice word, struct expect_counts *ret_counts);
/** Complains, in the name of @p who about @p what, unless @p found is what was @p wanted. */
bool expect_counts_hold(struct script *s, const char *who, const char *what,
                        const struct expect_counts *wanted, const struct expect_counts *found);

#endif
