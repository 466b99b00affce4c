/**
 * @file
 * One outage with all that belongs to it, as people work with it: found by any number that anybody
 * may quote, with its root, those it caused, and its life.
 *
 * Everything that acts on an outage, be it the API, an SMS or a link, goes through here, so that
 * the same is refused everywhere. It is asked and thrown away; what is done is kept in
 * core/lives.h.
 */
#ifndef CORE_OUTAGE_CASE_H
#define CORE_OUTAGE_CASE_H

#include "core/centre.h"
#include "core/outage_groups.h"

/** Storage of the caller; free with outage_case_done(). */
struct outage_case {
    struct outage_groups groups;      /**< one group, or none if nothing belongs to it any more */
    const struct outage_group *group; /**< the group, in there */
    bool open;                        /**< it, or one that it caused, lasts */
    const struct life *life;          /**< what was done about it; the centre's, NULL = nothing */
    struct life_view view;            /**< where it stands */
};

/** True if a member of the group, of all @p members, or its root lasts at @p now. */
bool outage_case_open(const struct outage_group *group, const struct outage *members,
                      struct wall_ms now);
/**
 * The outage called @p number, or one that it is called now, at the root of which it stands: 0,
 * ERR_NOT_FOUND or ERR_NOMEM. O(outages).
 */
int outage_case_find(const struct centre *c, uint64_t number, struct wall_ms now,
                     struct outage_case *ret_case) MUST_USE;
/** Frees it. Accepts a zeroed one. */
void outage_case_done(struct outage_case *found);
/**
 * Does @p act to @p found, which is thrown away then: 0, ERR_NOMEM, or ERR_DENIED with a sentence
 * in *ret_why (nothing is done). What is done goes with the next centre_save().
 */
int outage_case_act(struct centre *c, const struct outage_case *found, const struct life_act *act,
                    const char **ret_why) MUST_USE;

#endif
