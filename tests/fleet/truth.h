/**
 * @file
 * Writes both truths beside a run: the world (what each unit really was) and the evidence (what
 * each outbox durably held), as text files that verify_truth.h reads.
 *
 *     run.csv       started_ms,interval_ms,ttl_ms
 *     units.csv     unit,site,anchor
 *     checks.csv    number,probe,own|other,name,role,cause,units (space between)
 *     world.csv     time_ms,unit,up|down,cause          a change
 *                   time_ms,,mark,                      each second
 *                   time_ms,site,clock,                 its probe's clock is wrong
 *     evidence.csv  result,CHECK,time_ms,verdict        in the outbox, in order of writing
 *                   gasp,PROBE,time_ms
 *                   pack,PROBE,epoch,seq,readings
 *                   ack,PROBE,epoch,upto
 *                   dropped,PROBE,epoch,low             the bound dropped all below
 *
 * A failed write is told at the end, by truth_close().
 */
#ifndef FLEET_TRUTH_H
#define FLEET_TRUTH_H

#include "plan.h"
#include "scene.h"

struct truth;

/** Begins files in @p folder, replacing old ones; @p plan must outlive it. 0, ERR_NOMEM or an error
 * of files. */
int truth_open(const char *folder, const struct plan *plan, struct wall_ms now,
               struct truth **ret_truth) MUST_USE;
/** Ends the files: 0, or ERR_IO if a write failed. Accepts NULL. */
int truth_close(struct truth *t) MUST_USE;

/** What the units of @p site are since @p now; only changes are written. Accepts NULL, as all
 * below. */
void truth_site(struct truth *t, const struct scene *scene, uint32_t site, struct wall_ms now);
/** The run has come to @p now. */
void truth_mark(struct truth *t, struct wall_ms now);
/** A pack was written; its results follow. */
void truth_pack(struct truth *t, uint32_t probe, uint64_t epoch, uint64_t seq, size_t readings);
/** One result of the last pack; @p check is its number in the plan. */
void truth_result(struct truth *t, size_t check, int64_t time_ms, enum verdict verdict);
/** A last gasp was written. */
void truth_gasp(struct truth *t, uint32_t probe, int64_t time_ms);
/** The centre acknowledged. */
void truth_ack(struct truth *t, uint32_t probe, uint64_t epoch, uint64_t upto);
/** The bound of the outbox dropped all below @p low. */
void truth_dropped(struct truth *t, uint32_t probe, uint64_t epoch, uint64_t low);

#endif
