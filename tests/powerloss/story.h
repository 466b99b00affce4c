/**
 * @file
 * What happens before the power goes: a small life of one probe and one centre in which every kind
 * of write to either disk occurs, and how both go on after a cut.
 */
#ifndef POWERLOSS_STORY_H
#define POWERLOSS_STORY_H

#include "centre_side.h"
#include "probe_side.h"

/** Both machines; storage of the caller. */
struct story {
    struct probe_side probe;   /**< one end */
    struct centre_side centre; /**< the other */
};

/** More packs than the outbox holds, from and to; the bound takes the oldest of these, none else.
 */
enum { STORY_BOUND_FROM = 100, STORY_BOUND_TO = 163 };

/** The number of the first of them in its epoch; the others follow. */
enum { STORY_BOUND_SEQ = 4 };

/** The pack that is put after the first cut; that after the next is one more. */
enum { STORY_LAST_PACK = 200 };

/** Plays the whole life below @p root and leaves both machines running. */
void story_tell(struct story *s, const char *root);
/** Closes both. */
void story_end(struct story *s);
/** Packs travel until the probe has nothing left that the centre has not acknowledged. */
void story_exchange(struct story *s);
/** As after the power is back: a birth, pack @p id more, everything travels, the database takes
 * all.
 */
void story_go_on(struct story *s, uint64_t id);

#endif
