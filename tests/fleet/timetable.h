/**
 * @file
 * What happens when: faults as beginnings and ends in order of time, from a script or by hand.
 *
 * Times are milliseconds after the fleet's start, negative ones before it. It finds targets by the
 * scene and changes nothing there.
 */
#ifndef FLEET_TIMETABLE_H
#define FLEET_TIMETABLE_H

#include "scene.h"

/** One beginning or end. */
struct timetable_event {
    int64_t at_ms;          /**< after the start */
    bool begins;            /**< or ends */
    struct scene_deed deed; /**< what */
};

/** Storage of the caller. */
struct timetable {
    struct vec
        events;  /**< struct timetable_event in order of time; equal times in order of adding */
    size_t next; /**< the first one that is not taken yet */
};

/** An empty one. */
void timetable_init(struct timetable *t);
/** Frees all. Accepts a zeroed one. */
void timetable_done(struct timetable *t);
/** Adds @p fault, whose at_ms is not before what was taken; to mend ends then what is broken at
 * that site, or of that unit alone. O(events). 0, ERR_NOMEM, ERR_FULL, or ERR_UNKNOWN, ERR_RANGE or
 * ERR_NOT_FOUND (nothing is to be mended) with a sentence. */
int timetable_add(struct timetable *t, const struct scene *scene, const struct fault *fault,
                  struct rng *rng, char ret_why[FAULT_WHY_MAX]) MUST_USE;
/** Adds every line of @p text; the first mistake ends it with "line N: ..." in @p ret_why. Errors
 * as above and of fault_read(). */
int timetable_read(struct timetable *t, const struct scene *scene, struct slice text,
                   struct rng *rng, char ret_why[FAULT_WHY_MAX]) MUST_USE;
/** The next event at or before @p at_ms, or NULL. Valid until the next call. */
const struct timetable_event *timetable_take(struct timetable *t, int64_t at_ms);
/** When the next event is due, in ms after the start; INT64_MAX: none is left. */
int64_t timetable_next(const struct timetable *t);

#endif
