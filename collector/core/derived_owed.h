/**
 * @file
 * Instants that all things of a kind are owed: the present came first and the live mark was moved
 * over them. Part of core/derived.h, which hands them out.
 *
 * One entry stands for all things, and a place in it for those that have theirs: a row for each
 * would be a million rows in one commit where a nation's points fall behind. Instants are minutes
 * since 1970, as derived.c keeps them.
 */
#ifndef CORE_DERIVED_OWED_H
#define CORE_DERIVED_OWED_H

#include "base/attr.h"
#include "base/slice.h"
#include "core/rows.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Entries kept apart. More join the last one, for all things: instants are then handed out twice
 * rather than not at all. */
#define DERIVED_OWED_MAX 16

/** Things before @p thing have all of an entry, that one what lies before @p at. */
struct derived_owed_place {
    uint32_t thing; /**< number */
    uint32_t at;    /**< minute */
};

/** Instants from <= g < to, owed to things below @p end from a place on. */
struct derived_owed_entry {
    uint32_t from;                     /**< minute */
    uint32_t to;                       /**< minute */
    uint32_t end;                      /**< things there were */
    struct derived_owed_place taken;   /**< so far is handed out */
    struct derived_owed_place settled; /**< so far is written; what the store keeps */
};

/** Storage of the caller. Zeroed: nothing is owed. */
struct derived_owed {
    struct derived_owed_entry entry[DERIVED_OWED_MAX]; /**< the oldest first */
    size_t n;                                          /**< of them */
    bool touched;                                      /**< its row has to be saved */
};

/** What one thing is owed next. */
struct derived_owed_part {
    uint32_t thing; /**< number */
    uint32_t from;  /**< minute */
    uint32_t to;    /**< minute */
};

/** Things from @p first to below @p end are owed instants from <= g < to, behind what is owed
 * already. Nothing if there are none of either. */
void derived_owed_add(struct derived_owed *o, uint32_t from, uint32_t to, uint32_t first,
                      uint32_t end);
/** Writes what comes next; false if all is handed out. */
bool derived_owed_next(const struct derived_owed *o, struct derived_owed_part *ret_part);
/** What came next was handed out, up to minute @p to. */
void derived_owed_take(struct derived_owed *o, uint32_t to);
/** What was handed out is written, or is to be handed out again. */
void derived_owed_settle(struct derived_owed *o, bool written);
/** Things that are owed something yet, each entry by itself. */
size_t derived_owed_left(const struct derived_owed *o);
/** Hands the row of what is owed, if it changed, to @p sink under @p key: ROW_DIRTY. */
int derived_owed_save(struct derived_owed *o, struct slice key,
                      const struct row_sink *sink) MUST_USE;
/** Takes back such a row: 0, ERR_CORRUPT or ERR_VERSION. */
int derived_owed_load(struct derived_owed *o, struct slice value) MUST_USE;

#endif
