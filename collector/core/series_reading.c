#include "core/series_reading.h"

#include "base/err.h"
#include "core/archive_key.h"
#include "core/hours_read.h"

enum { UNITS_MAX = 16 << 20 };

int series_reading_init(struct series_reading *reading, const struct series_grid *grid,
                        uint32_t groups, bool alone, int64_t zone_ms)
{
    *reading = (struct series_reading){.zone_ms = zone_ms};
    vec_init(&reading->units, sizeof(struct series_unit), UNITS_MAX);
    vec_init(&reading->runs, sizeof(struct series_run), UNITS_MAX);
    return series_init(&reading->series, grid, groups, alone);
}

void series_reading_done(struct series_reading *reading)
{
    series_done(&reading->series);
    vec_done(&reading->units);
    vec_done(&reading->runs);
}

int series_reading_want(struct series_reading *reading, const struct annals *a, uint32_t unit)
{
    struct series_unit *slot = vec_push(&reading->units);
    if (!slot)
        return ERR_NOMEM;
    *slot = (struct series_unit){.unit = unit,
                                 .wanted = hours_end(a->hours, unit),
                                 .fill = {.next = reading->series.grid.from},
                                 .runs_from = reading->runs.len};
    return 0;
}

int series_reading_run(struct series_reading *reading, struct series_run run)
{
    struct series_unit *unit = vec_at(&reading->units, reading->units.len - 1);
    struct series_run *slot = vec_push(&reading->runs);
    if (!slot)
        return ERR_NOMEM;
    *slot = run;
    unit->runs++;
    return 0;
}

static const struct series_run *runs_of(const struct series_reading *reading,
                                        const struct series_unit *unit)
{
    return vec_at(&reading->runs, unit->runs_from);
}

/* ---- the store ---- */

/* Whose hours are read. */
struct taking {
    struct series_reading *reading;
    struct series_unit *unit;
    struct hours_read hours;
};

/* Several hours are plain. */
static int pass_hours(void *context, int64_t hour, int64_t hours, const struct tally *tally)
{
    struct taking *t = context;
    const struct series_run *runs = runs_of(t->reading, t->unit);
    struct wall_ms until = hours_start(hour + hours, t->reading->zone_ms);
    if (hours == 1)
        series_mix(&t->reading->series, runs, t->unit->runs, &t->unit->fill, tally->sum.state_ms,
                   until);
    else
        series_pass(&t->reading->series, runs, t->unit->runs, &t->unit->fill,
                    (enum unit_state)tally->end.state, until);
    return 0;
}

static int take_hour(void *taker, struct slice key, struct slice value)
{
    struct taking *t = taker;
    uint32_t unit;
    int64_t hour;
    if (!archive_key_read(key, ARCHIVE_KEY_SHORT, &unit, &hour, NULL))
        return ERR_CORRUPT;
    return hours_read_row(&t->hours, hour, value);
}

static int read_unit(struct series_reading *reading, struct series_unit *unit,
                     const struct row_source *source)
{
    const struct series_grid *grid = &reading->series.grid;
    int64_t from = hours_number(grid->from, reading->zone_ms);
    int64_t to = hours_number(grid->to, reading->zone_ms);
    struct taking taking = {.reading = reading, .unit = unit};
    struct archive_key keys[3];
    if (unit->wanted.ms == INT64_MIN)
        return 0;
    int64_t settled = hours_number(unit->wanted, reading->zone_ms);
    to = settled < to ? settled : to;
    if (to <= from)
        return 0;
    hours_read_begin(&taking.hours, from, to, &taking, pass_hours);
    struct slice first = archive_key_make(&keys[0], ARCHIVE_KEY_SHORT, unit->unit, 0, 0);
    struct slice begin = archive_key_make(&keys[1], ARCHIVE_KEY_SHORT, unit->unit, from, 0);
    struct slice end = archive_key_make(&keys[2], ARCHIVE_KEY_SHORT, unit->unit, to, 0);
    int err = source->last(source->context, ROW_HOUR, first, begin, take_hour, &taking);
    if (!err)
        err = source->range(source->context, ROW_HOUR, begin, end, take_hour, &taking);
    return err ? err : hours_read_end(&taking.hours);
}

int series_reading_read(struct series_reading *reading, const struct row_source *source)
{
    int err = 0;
    for (size_t i = 0; !err && i < reading->units.len; i++)
        err = read_unit(reading, vec_at(&reading->units, i), source);
    return err;
}

/* ---- memory ---- */

bool series_reading_fits(const struct series_reading *reading, const struct annals *a)
{
    for (size_t i = 0; i < reading->units.len; i++) {
        const struct series_unit *unit = vec_at(&reading->units, i);
        if (unit->wanted.ms != hours_end(a->hours, unit->unit).ms)
            return false;
    }
    return true;
}

static enum unit_state state_of(const struct timeline_span *span)
{
    return span->code == TIMELINE_NOTHING ? STATE_UNOBSERVED : state_unpack(span->code).state;
}

/* The settled part of an hour, which no row has yet. */
static void pass_part(struct series_reading *reading, const struct annals *a,
                      struct series_unit *unit)
{
    const struct tally *part = hours_of_hour(a->hours, unit->unit);
    if (part)
        series_mix(&reading->series, runs_of(reading, unit), unit->runs, &unit->fill,
                   part->sum.state_ms, unit->wanted);
}

static void finish_unit(struct series_reading *reading, const struct annals *a,
                        struct series_unit *unit)
{
    const struct timeline *states = world_unit_timeline(a->world, unit->unit);
    struct wall_ms to = reading->series.grid.to;
    pass_part(reading, a, unit);
    for (int64_t i = timeline_index(states, unit->fill.next);
         i < (int64_t)states->len && unit->fill.next.ms < to.ms; i++) {
        struct timeline_span span = timeline_span_at(states, i);
        series_pass(&reading->series, runs_of(reading, unit), unit->runs, &unit->fill,
                    state_of(&span), span.to);
    }
}

void series_reading_finish(struct series_reading *reading, const struct annals *a)
{
    for (size_t i = 0; i < reading->units.len; i++)
        finish_unit(reading, a, vec_at(&reading->units, i));
    series_sum(&reading->series);
}
