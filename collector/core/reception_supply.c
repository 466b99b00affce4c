/* From readings to looks at power plants: a check `power/NAME` or `snmp/NAME` reports the flags
 * `mains`, `generator`, `on_battery` and `lvd` (load switched off), and `minutes_left` of the
 * battery. */
#include "core/reception_own.h"

#include "wire/seconds.h"

#include <math.h>
#include <string.h>

/* What a run has said of something that is or is not. */
enum told { UNTOLD, NO, YES };

/* The readings of one run, which stand together in their pack. */
struct run {
    const struct reading *first; /* NULL = none yet */
    enum told mains, generator, on_battery, off;
    double minutes_left;
};

static bool of_power(struct slice check)
{
    static const char *const types[] = {"power/", "snmp/"};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        size_t len = strlen(types[i]);
        if (check.len > len && memcmp(check.at, types[i], len) == 0)
            return true;
    }
    return false;
}

static bool same_run(const struct reading *a, const struct reading *b)
{
    return a->time_us == b->time_us && slice_equal(a->check, b->check) &&
           slice_equal(a->site, b->site);
}

/* The worst that is said counts; SUPPLIES if nothing is. */
static enum supply fed_by(const struct run *run)
{
    if (run->off == YES)
        return SUPPLY_EXHAUSTED;
    if (run->on_battery == YES)
        return SUPPLY_BATTERY;
    if (run->mains == YES)
        return SUPPLY_MAINS;
    if (run->generator == YES)
        return SUPPLY_GENERATOR;
    if (run->mains == NO)
        return SUPPLY_BATTERY;
    return run->on_battery == NO ? SUPPLY_MAINS : SUPPLIES; /* nothing else is told of it */
}

/* A stream's probe must be allowed to speak for the site; plain publishers speak for what they
 * name. */
static int take(struct reception *r, uint32_t probe, struct wall_ms received, const struct run *run)
{
    const struct inventory *inv = r->centre->inventory;
    if (!run->first || fed_by(run) == SUPPLIES)
        return 0;
    struct supply_look look = {.site = names_find(&inv->sites, run->first->site),
                               .check = run->first->check,
                               .t = seconds_to_wall(run->first->time_us),
                               .fed = fed_by(run),
                               .minutes_left = run->minutes_left};
    bool own = false;
    if (look.site == NAMES_NONE ||
        (probe != INV_NONE && !inventory_may_speak(inv, probe, look.site, look.t, &own)))
        return 0;
    return supply_take(r->centre->supplies, &look, received);
}

static enum told told(const struct reading *reading)
{
    bool yes = reading->kind == READING_FLAG ? reading->flag : reading->number > 0;
    return yes ? YES : NO;
}

static void add(struct run *run, const struct reading *reading)
{
    if (reading->kind == READING_TEXT)
        return;
    if (slice_is(reading->metric, "mains"))
        run->mains = told(reading);
    else if (slice_is(reading->metric, "generator"))
        run->generator = told(reading);
    else if (slice_is(reading->metric, "on_battery"))
        run->on_battery = told(reading);
    else if (slice_is(reading->metric, "lvd"))
        run->off = told(reading);
    else if (slice_is(reading->metric, "minutes_left") && reading->kind == READING_NUMBER)
        run->minutes_left = reading->number;
}

int reception_supply(struct reception *r, uint32_t probe, struct wall_ms received)
{
    static const struct run none = {.minutes_left = NAN};
    struct run run = none;
    int err = 0;
    for (size_t i = 0; !err && i < r->reader.len; i++) {
        const struct reading *reading = &r->reader.readings[i];
        if (!of_power(reading->check))
            continue;
        if (run.first && !same_run(run.first, reading)) {
            err = take(r, probe, received, &run);
            run = none;
        }
        run.first = reading;
        add(&run, reading);
    }
    return err ? err : take(r, probe, received, &run);
}
