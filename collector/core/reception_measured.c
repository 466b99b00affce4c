/* From readings to runs of measuring points: a check `modem/NAME` reports `rsrp` in dBm, and as
 * texts `technology` ("4g") and `operator` (an id of the inventory). */
#include "core/reception_own.h"

#include "wire/seconds.h"

#include <math.h>
#include <string.h>

/* The readings of one run, which stand together in their pack. */
struct run {
    const struct reading *first; /* NULL = none yet */
    double rsrp_dbm;
    enum technology technology; /* TECHNOLOGY_COUNT = not told */
    uint32_t op;
};

static bool of_modem(struct slice check)
{
    static const char type[] = "modem/";
    return check.len > sizeof type - 1 && memcmp(check.at, type, sizeof type - 1) == 0;
}

static bool same_run(const struct reading *a, const struct reading *b)
{
    return a->time_us == b->time_us && slice_equal(a->check, b->check) &&
           slice_equal(a->site, b->site);
}

/* A stream's probe must be allowed to speak for the site; plain publishers speak for what they
 * name. */
static int take(struct reception *r, struct slice source, uint32_t probe, struct wall_ms received,
                const struct run *run)
{
    const struct inventory *inv = r->centre->inventory;
    if (!run->first || run->technology > TECHNOLOGY_5G)
        return 0;
    struct measured_run taken = {.source = source,
                                 .site = names_find(&inv->sites, run->first->site),
                                 .check = run->first->check,
                                 .t = seconds_to_wall(run->first->time_us),
                                 .technology = run->technology,
                                 .op = run->op,
                                 .rsrp_dbm = run->rsrp_dbm};
    bool own = false;
    if (taken.site == NAMES_NONE ||
        (probe != INV_NONE && !inventory_may_speak(inv, probe, taken.site, taken.t, &own)))
        return 0;
    return measured_take(r->centre->measured, &taken, received);
}

static void add(const struct inventory *inv, struct run *run, const struct reading *reading)
{
    if (reading->kind == READING_NUMBER && slice_is(reading->metric, "rsrp"))
        run->rsrp_dbm = reading->number;
    else if (reading->kind == READING_TEXT && slice_is(reading->metric, "technology"))
        run->technology = coverage_technology(reading->text);
    else if (reading->kind == READING_TEXT && slice_is(reading->metric, "operator"))
        run->op = names_find(&inv->operators, reading->text);
}

int reception_measured(struct reception *r, struct slice source, uint32_t probe,
                       struct wall_ms received)
{
    static const struct run none = {NULL, NAN, TECHNOLOGY_COUNT, INV_NONE};
    struct run run = none;
    int err = 0;
    for (size_t i = 0; !err && i < r->reader.len; i++) {
        const struct reading *reading = &r->reader.readings[i];
        if (!of_modem(reading->check))
            continue;
        if (run.first && !same_run(run.first, reading)) {
            err = take(r, source, probe, received, &run);
            run = none;
        }
        run.first = reading;
        add(r->centre->inventory, &run, reading);
    }
    return err ? err : take(r, source, probe, received, &run);
}
