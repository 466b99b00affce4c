/**
 * @file
 * One check, the triple (probe, site, name) of FIGURES 7.2: its line, its tail and the dated terms
 * that lists gave it; and the table that finds it.
 *
 * What a check says at an instant is core/check_read.h's.
 */
#ifndef CORE_CHECK_H
#define CORE_CHECK_H

#include "core/check_line.h"
#include "core/check_tail.h"
#include "core/terms.h"

#include "base/names.h"
#include "base/vec.h"

/** "no such check". */
#define CHECK_NONE UINT32_MAX
/** Checks a table holds at most. */
#define CHECK_MAX (UINT32_C(1) << 26)
/** Dated terms that are kept of one check; the oldest give way. */
#define CHECK_LISTINGS_MAX 32

/** Which terms a list gave the check, from when on. */
struct check_listing {
    int64_t from;   /**< time of the list */
    uint32_t terms; /**< TERMS_NONE = not named */
};

/** What only some checks have: those that are listed no more, or otherwise than before, and those
 * with summaries ahead of the stream. */
struct check_rest {
    struct check_tail *tail;     /**< summaries ahead of the stream, or NULL */
    struct check_listing *older; /**< listings before the newest, in order of time */
    int64_t summarized;          /**< last result of a summary that was taken; INT64_MIN = none */
    int64_t ended;               /**< time of the newest list that does not name it; INT64_MIN */
    uint8_t older_len;           /**< entries of older */
};

/** One check. */
struct check {
    struct check_line line;  /**< its results */
    struct check_rest *rest; /**< NULL while it has none: check_rest(), check_rest_own() */
    int64_t newest_from;     /**< when the newest listing begins, INT64_MIN = never listed */
    int64_t admitted;        /**< last result of the stream that was taken, also if it does not
                                exist yet; INT64_MIN = none */
    int64_t hold;            /**< key of its entry in the queue of holds; INT64_MAX = none */
    uint32_t newest_terms;   /**< of the newest listing; TERMS_NONE = not named */
    uint32_t probe;          /**< whose */
    uint32_t site;           /**< where */
    uint32_t name;           /**< number in check_table.names */
    uint32_t listed;         /**< stamp of the last list that named it */
    uint32_t first_chunk;    /**< of its line that may be in the store */
    uint16_t ordinal;        /**< among the checks of its probe */
    uint8_t chunks;          /**< of its line, from first_chunk on, that may be in the store;
                                UINT8_MAX = as many as a line can have */
};

/** All checks. */
struct check_table {
    struct vec checks;  /**< struct check by number */
    struct names names; /**< "icmp/core-1" */
    uint32_t *slot;     /**< check number + 1 by hash of the triple, 0 = free */
    uint32_t slots;     /**< a power of two, 0 while empty */
};

/** An empty table. */
void check_table_init(struct check_table *table);
/** Frees all. */
void check_table_done(struct check_table *table);
/** Number of the check or CHECK_NONE. O(1). */
uint32_t check_table_find(const struct check_table *table, uint32_t probe, uint32_t site,
                          struct slice name);
/** Number of the check, made if new. 0, ERR_NOMEM or ERR_FULL. */
int check_table_add(struct check_table *table, uint32_t probe, uint32_t site, struct slice name,
                    uint32_t *ret_number) MUST_USE;
/** A check of @p probe whose site and name check_table_name() gives later. 0, ERR_NOMEM or
 * ERR_FULL. */
int check_table_reserve(struct check_table *table, uint32_t probe, uint32_t *ret_number) MUST_USE;
/** Gives a reserved check its identity. 0, ERR_EXISTS if it has one or another check has it,
 * ERR_NOMEM or ERR_FULL. */
int check_table_name(struct check_table *table, uint32_t number, uint32_t site,
                     struct slice name) MUST_USE;
/** Check @p number; valid until the next check_table_add(). */
struct check *check_table_at(const struct check_table *table, uint32_t number);

/** What only some checks have, as it is or as it would be if there were some; to be read only. */
const struct check_rest *check_rest(const struct check *check);
/** The check's own, made if it has none; NULL without memory. */
struct check_rest *check_rest_own(struct check *check) MUST_USE;
/** Notes that a list of @p t ended the check (INT64_MIN: that none did). 0 or ERR_NOMEM. */
int check_rest_ended(struct check *check, int64_t t) MUST_USE;
/** Notes the last summary that was taken, INT64_MIN = none. 0 or ERR_NOMEM. */
int check_rest_summarized(struct check *check, int64_t t) MUST_USE;

/** The listing in force at @p t; terms TERMS_NONE before the first. O(1) for the newest. */
struct check_listing check_listing_at(const struct check *check, int64_t t);
/** The instant after @p t at which the listing changes next, INT64_MAX if it does not. */
int64_t check_listing_until(const struct check *check, int64_t t);
/** From @p t on the list gives the check @p terms; not earlier than the newest listing. 0 or
 * ERR_NOMEM. */
int check_listing_set(struct check *check, int64_t t, uint32_t terms) MUST_USE;

#endif
