/**
 * @file
 * Outages as people read them: those with one root together, with the people they concern, the
 * gravest first (FIGURES section 5).
 *
 * Made for one question and thrown away; nothing is kept.
 */
#ifndef CORE_OUTAGE_GROUPS_H
#define CORE_OUTAGE_GROUPS_H

#include "core/outage_impact.h"
#include "core/outage_root.h"

/** Outages with one root. */
struct outage_group {
    struct outage root; /**< the outage at the root, which may be over or not be asked for itself */
    size_t first;       /**< index of its first member in outage_groups.members */
    size_t len;         /**< members */
    uint32_t sites;     /**< sites of the members */
    uint32_t sites_out; /**< of these, sites all of whose units are out */
    bool verified;      /**< a member was down, not only silent */
    struct outage_impacts mobile; /**< of the members' mobile units */
    struct outage_impacts fibre;  /**< of the members' fibre units */
};

/** Which outages. */
struct outage_question {
    uint32_t area;       /**< of sites at or below this one, INV_NONE = all */
    bool only_open;      /**< those that last */
    struct wall_ms from; /**< that overlap [from, to) */
    struct wall_ms to;   /**< see from */
    struct wall_ms now;  /**< impact is counted up to here */
    uint64_t root;       /**< those whose root has this number, 0 = all */
};

/** The answer; free with outage_groups_done(). */
struct outage_groups {
    struct vec groups;  /**< struct outage_group, most people without service first */
    struct vec members; /**< struct outage, by group */
};

/** Where outages come from. */
struct outage_sources {
    const struct outages *outages; /**< all of them */
    const struct inventory *inv;   /**< dependences and areas */
    const struct serving *serving; /**< who serves whom */
    const struct world *world;     /**< timelines */
    const struct vec *past; /**< struct outage, more of them that only the archive had; NULL =
                               none */
};

/** Answers @p question: 0 or ERR_NOMEM. O(units), and for each outage its root and impact. */
int outage_groups_ask(const struct outage_sources *from, const struct outage_question *question,
                      struct outage_groups *ret_groups) MUST_USE;
/** Frees the answer. Accepts a zeroed one. */
void outage_groups_done(struct outage_groups *g);
/** People without service in a group: while something was down, mobile and fibre taken as the
 * larger of the two. */
int64_t outage_groups_people(const struct outage_group *g);

#endif
