/**
 * @file
 * The lives of all outages that people did something about, by the outage's number; kept in the
 * store, and following the outages where evidence corrects them.
 *
 * A life belongs to the outage at the root of what is out (core/outage_root.h). An outage that
 * late evidence puts at the root of others takes over the life of the one that was: what was
 * acknowledged stays so. Bounded: beyond LIVES_MAX the oldest closed one is forgotten, else the
 * oldest; the audit log keeps every act. What an act means is core/life.h's.
 */
#ifndef CORE_LIVES_H
#define CORE_LIVES_H

#include "core/life.h"
#include "core/outages.h"
#include "core/rows.h"

/** Outages whose lives are kept. */
#define LIVES_MAX 4096
/** Numbers that an outage had before and is still found by. */
#define LIVES_WAS_MAX 8

struct lives;

/** None yet. NULL without memory. */
struct lives *lives_new(void) MUST_USE;
/** Frees all. Accepts NULL. */
void lives_free(struct lives *l);

/** What was done about @p outage itself, NULL if nothing. O(log lives). */
const struct life *lives_of(const struct lives *l, const struct outage *outage);
/** What was done about @p root, or else about the first of the @p n @p members that has a life: it
 * stood for them before evidence had the root. NULL if nothing. O(members x log lives) */
const struct life *lives_of_group(const struct lives *l, const struct outage *root,
                                  const struct outage *members, size_t n);
/**
 * Does @p act, which life_refusal() lets pass, to @p root, after what @p before (lives_of_group(),
 * or NULL) says was done. 0 or ERR_NOMEM. Pointers to lives end.
 */
int lives_act(struct lives *l, const struct outage *root, const struct life *before,
              const struct life_act *act) MUST_USE;
/** How many lives there are. */
size_t lives_count(const struct lives *l);
/** Life @p at, below lives_count(), in no order that says anything; its outage's number and unit.
 */
const struct life *lives_at(const struct lives *l, size_t at, uint64_t *ret_number,
                            uint32_t *ret_unit);
/** The number that the outage once called @p number has now; @p number itself if it was never
 * renamed, as far as is remembered. O(lives). */
uint64_t lives_number(const struct lives *l, uint64_t number);
/**
 * The outages of @p unit were found anew: a life whose number is no more goes on with the outage
 * that covers its time, beside what was done about that one. 0 or ERR_NOMEM. O(lives of the unit).
 */
int lives_follow(struct lives *l, const struct outages *outages, uint32_t unit) MUST_USE;

/** Hands the rows that changed since the last call to @p sink: 0 or the sink's error. */
int lives_save(struct lives *l, const struct row_sink *sink) MUST_USE;
/** Takes one row back: 0, ERR_CORRUPT, ERR_VERSION or ERR_NOMEM. */
int lives_load(struct lives *l, struct slice key, struct slice value) MUST_USE;

#endif
