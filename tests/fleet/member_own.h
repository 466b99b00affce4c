/**
 * @file
 * What the files of member.h share and nobody else may use.
 */
#ifndef FLEET_MEMBER_OWN_H
#define FLEET_MEMBER_OWN_H

#include "member.h"

/** Most readings of one result. */
enum { MEMBER_METRICS_MAX = 4 };

/** The plan's row of the member. */
const struct plan_probe *member_plan(const struct member *m);
/** Id of the probe. */
const char *member_name(const struct member *m);
/** True time as the probe's clock shows it. */
int64_t member_clock_ms(const struct member *m, struct now now);

/** Writes the list of checks as the next pack. 0 or ERR_NOMEM. */
int member_put_list(struct member *m, struct now now) MUST_USE;
/** Writes the last gasp as the next pack. 0 or ERR_NOMEM. */
int member_put_gasp(struct member *m, int64_t time_ms) MUST_USE;
/** Runs every check once. 0 or ERR_NOMEM. */
int member_run_checks(struct member *m, struct now now) MUST_USE;
/** Writes what is open as packs. 0 or ERR_NOMEM. */
int member_close_pack(struct member *m, struct now now) MUST_USE;
/** Forgets what is open and what the process knew. 0 or ERR_NOMEM. */
int member_forget_open(struct member *m, struct now now) MUST_USE;
/** Publishes what the window lets pass. */
void member_pump(struct member *m, struct now now);

/** Publishes farewell, will and birth that are due, in this order. */
void member_statuses(struct member *m, struct now now);

#endif
