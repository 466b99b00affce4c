#include "timetable.h"

#include "base/err.h"

#include <stdio.h>

enum { EVENTS_MAX = 1000000, FLAPS_MAX = 10000 };

void timetable_init(struct timetable *t)
{
    *t = (struct timetable){0};
    vec_init(&t->events, sizeof(struct timetable_event), EVENTS_MAX);
}

void timetable_done(struct timetable *t)
{
    vec_done(&t->events);
}

static int insert(struct timetable *t, int64_t at_ms, bool begins, const struct scene_deed *deed)
{
    const struct timetable_event *events = t->events.items;
    size_t at = t->events.len;
    while (at > t->next && events[at - 1].at_ms > at_ms)
        at--;
    struct timetable_event *e = vec_insert(&t->events, at);
    if (!e)
        return ERR_FULL;
    *e = (struct timetable_event){at_ms, begins, *deed};
    return 0;
}

static int insert_span(struct timetable *t, int64_t at_ms, int64_t duration_ms,
                       const struct scene_deed *deed)
{
    int err = insert(t, at_ms, true, deed);
    if (!err && duration_ms != FAULT_FOREVER_MS)
        err = insert(t, at_ms + duration_ms, false, deed);
    return err;
}

/* Down for the first half of each period. */
static int insert_flaps(struct timetable *t, const struct fault *fault,
                        const struct scene_deed *deed, char *why)
{
    if (fault->number < 1 || fault->number > FLAPS_MAX || fault->duration_ms == FAULT_FOREVER_MS) {
        snprintf(why, FAULT_WHY_MAX, "flap takes how often (1..%d)", FLAPS_MAX);
        return ERR_RANGE;
    }
    int err = 0;
    for (int i = 0; !err && i < (int)fault->number; i++)
        err = insert_span(t, fault->at_ms + i * fault->duration_ms, fault->duration_ms / 2, deed);
    return err;
}

/* --- mending --- */

static bool same(const struct scene_deed *a, const struct scene_deed *b)
{
    return a->action == b->action && a->site == b->site && a->unit == b->unit &&
           a->number == b->number;
}

/* Of equal deeds it does not matter which of them ends: how many have begun and not ended. */
static int lasting(const struct timetable *t, int64_t at_ms, const struct scene_deed *deed)
{
    const struct timetable_event *e = t->events.items;
    int n = 0;
    for (size_t i = 0; i < t->events.len && e[i].at_ms <= at_ms; i++)
        if (same(&e[i].deed, deed))
            n += e[i].begins ? 1 : -1;
    return n;
}

/* Something at the place of @p mend that lasts; a drift has no end. */
static const struct scene_deed *find_lasting(const struct timetable *t, int64_t at_ms,
                                             const struct scene_deed *mend)
{
    const struct timetable_event *e = t->events.items;
    for (size_t i = 0; i < t->events.len && e[i].at_ms <= at_ms; i++) {
        const struct scene_deed *deed = &e[i].deed;
        if (e[i].begins && deed->action != FAULT_DRIFT && deed->site == mend->site &&
            (mend->unit == INV_NONE || deed->unit == mend->unit) && lasting(t, at_ms, deed) > 0)
            return deed;
    }
    return NULL;
}

static void forget_end(struct timetable *t, int64_t at_ms, const struct scene_deed *deed)
{
    const struct timetable_event *e = t->events.items;
    for (size_t i = t->next; i < t->events.len; i++)
        if (e[i].at_ms > at_ms && !e[i].begins && same(&e[i].deed, deed)) {
            vec_remove(&t->events, i, 1);
            return;
        }
}

static int mend(struct timetable *t, int64_t at_ms, const struct scene_deed *place, char *why)
{
    const struct scene_deed *found = find_lasting(t, at_ms, place);
    int err = 0;
    if (!found) {
        snprintf(why, FAULT_WHY_MAX, "nothing is to be mended there");
        return ERR_NOT_FOUND;
    }
    for (; !err && found; found = find_lasting(t, at_ms, place)) {
        struct scene_deed deed = *found;
        forget_end(t, at_ms, &deed);
        err = insert(t, at_ms, false, &deed);
    }
    return err;
}

int timetable_add(struct timetable *t, const struct scene *scene, const struct fault *fault,
                  struct rng *rng, char ret_why[FAULT_WHY_MAX])
{
    struct scene_deed deed;
    int err = scene_find(scene, fault, rng, &deed, ret_why);
    if (err)
        return err;
    if (fault->action == FAULT_FLAP)
        return insert_flaps(t, fault, &deed, ret_why);
    if (fault->action == FAULT_MEND)
        return mend(t, fault->at_ms, &deed, ret_why);
    return insert_span(t, fault->at_ms, fault->duration_ms, &deed);
}

int timetable_read(struct timetable *t, const struct scene *scene, struct slice text,
                   struct rng *rng, char ret_why[FAULT_WHY_MAX])
{
    unsigned line = 0;
    for (size_t at = 0; at < text.len;) {
        const char *end = memchr(text.at + at, '\n', text.len - at);
        size_t len = end ? (size_t)(end - text.at) - at : text.len - at;
        char why[FAULT_WHY_MAX] = "";
        struct fault fault;
        int err = fault_read((struct slice){text.at + at, len}, true, &fault, why);
        line++;
        at += len + 1;
        if (err == ERR_END)
            continue;
        if (!err)
            err = timetable_add(t, scene, &fault, rng, why);
        if (err) {
            snprintf(ret_why, FAULT_WHY_MAX, "line %u: %.120s", line, why[0] ? why : err_text(err));
            return err;
        }
    }
    return 0;
}

const struct timetable_event *timetable_take(struct timetable *t, int64_t at_ms)
{
    if (t->next >= t->events.len)
        return NULL;
    const struct timetable_event *e = vec_at(&t->events, t->next);
    if (e->at_ms > at_ms)
        return NULL;
    t->next++;
    return e;
}

int64_t timetable_next(const struct timetable *t)
{
    const struct timetable_event *e = t->events.items;
    return t->next < t->events.len ? e[t->next].at_ms : INT64_MAX;
}
