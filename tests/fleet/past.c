#include "past.h"

static struct now later(struct now from, int64_t ms)
{
    return (struct now){.wall = {from.wall.ms + ms}, .mono = mono_add(from.mono, ms)};
}

/* Everything one member does before @p to. A member is due at once after it was looked at, so
 * nothing of it happens before @p from. */
static int live_one(struct member *m, struct now from, struct mono_ms to)
{
    int err = 0;
    for (struct mono_ms due; !err && !mono_reached(due = member_due(m), to);) {
        int64_t ms = mono_since(due, from.mono);
        err = member_live(m, later(from, ms > 0 ? ms : 0));
    }
    return err;
}

int past_live(const struct past *p, struct now from, int64_t length_ms)
{
    int err = 0;
    for (int64_t at_ms = 0; !err && at_ms < length_ms;) {
        struct now now = later(from, at_ms);
        err = p->play(p->arg, now);
        int64_t event_ms = timetable_next(p->timetable);
        int64_t next_ms = length_ms;
        if (event_ms < mono_since(mono_add(from.mono, length_ms), p->zero))
            next_ms = mono_since(mono_add(p->zero, event_ms), from.mono);
        for (size_t i = 0; !err && i < p->len; i++)
            err = live_one(&p->members[i], now, mono_add(from.mono, next_ms));
        at_ms = next_ms;
    }
    return err;
}
