/* Periods, as they are known and as they were recorded at any instant, over random histories of
 * weeks: differential_periods FIRST COUNT.
 *
 * What the units were is taken from the world, which other histories hold against the reference:
 * here every span it ever showed is kept for ever, with a copy of it whenever a figure is recorded,
 * and added up plainly. */
#include "history_random.h"
#include "history_stretch.h"
#include "memory_rows.h"
#include "reference.h"

#include "core/calendar.h"
#include "core/period.h"
#include "core/series_reading.h"

#include <stdlib.h>
#include <string.h>

enum { HOUR_MS = HOURS_HOUR_MS, DAY_MS = HOURS_DAY_MS, ZONE_MS = 7 * HOUR_MS, UNITS_MAX = 64 };

/** All that was ever shown of a unit: a timeline of state << 4 | cause. */
struct copy {
    uint32_t unit;
    int64_t at; /**< when it was recorded; 0 = the present */
    bool first; /**< for what became final at that instant only */
    struct timeline shown;
};

/** A history on its way. */
struct stage {
    struct history h;
    struct rng rng;
    struct revisions_options options;
    struct world *w;
    struct annals *a;
    struct memory_rows rows;
    struct copy present[UNITS_MAX];  /**< all that was shown */
    struct copy recorded[UNITS_MAX]; /**< the same, days that are changing as they were */
    int64_t opened[UNITS_MAX], latest[UNITS_MAX]; /**< episodes; 0 = none */
    struct vec records;                           /**< struct copy */
    int64_t now, final;
    uint32_t units;
    unsigned excused; /**< questions that maintenance declared in retrospect made a difference to */
    bool failed;
};

static int64_t floor_to(int64_t t, int64_t step)
{
    int64_t rest = (t + ZONE_MS) % step;
    return t - (rest < 0 ? rest + step : rest);
}

static uint16_t shown_of(uint16_t code)
{
    if (code == TIMELINE_NOTHING)
        return STATE_UNOBSERVED << 4 | CAUSE_UNKNOWN;
    struct unit_view v = state_unpack(code);
    return (uint16_t)((unsigned)v.state << 4 | (unsigned)v.cause);
}

static void complain(struct stage *s, const char *what, uint32_t unit, int64_t from, int64_t to)
{
    printf("# seed %llu, now %.3f d: %s of unit %u in [%.3f d, %.3f d)\n",
           (unsigned long long)s->h.seed, (double)(s->now - HISTORY_ZERO_MS) / DAY_MS, what, unit,
           (double)(from - HISTORY_ZERO_MS) / DAY_MS, (double)(to - HISTORY_ZERO_MS) / DAY_MS);
    s->failed = true;
}

/* ---- plain sums ---- */

static enum unit_state state_at(const struct timeline *shown, int64_t index)
{
    return (enum unit_state)(timeline_span_at(shown, index).code >> 4);
}

static bool ends_outage(uint16_t code)
{
    enum unit_state state = (enum unit_state)(code >> 4);
    return state == STATE_UP || state == STATE_DEGRADED ||
           (state == STATE_UNOBSERVED && (code & 15) == CAUSE_PROBE);
}

static int64_t inside(struct timeline_span span, int64_t from, int64_t to)
{
    int64_t begin = span.from.ms > from ? span.from.ms : from;
    int64_t end = span.to.ms < to ? span.to.ms : to;
    return end > begin ? end - begin : 0;
}

/** FIGURES 7.9: outages with at least 1 ms of downtime in [from, to). */
static uint32_t outages_in(const struct timeline *shown, int64_t from, int64_t to)
{
    uint32_t outages = 0;
    bool counted = false;
    for (int64_t i = 0; i < (int64_t)shown->len; i++) {
        struct timeline_span span = timeline_span_at(shown, i);
        if (ends_outage(span.code))
            counted = false;
        if (state_at(shown, i) == STATE_DOWN && inside(span, from, to) > 0 && !counted) {
            counted = true;
            outages++;
        }
    }
    return outages;
}

static struct availability sum_of(const struct timeline *shown, int64_t from, int64_t to)
{
    struct availability a = {.outages = outages_in(shown, from, to)};
    for (int64_t i = 0; i < (int64_t)shown->len; i++) {
        struct timeline_span span = timeline_span_at(shown, i);
        int64_t ms = inside(span, from, to);
        a.state_ms[span.code >> 4] += ms;
        if (span.code >> 4 == STATE_DOWN)
            a.cause_ms[span.code & 15] += ms;
    }
    return a;
}

static bool equal(const struct availability *a, const struct availability *b)
{
    return memcmp(a->state_ms, b->state_ms, sizeof a->state_ms) == 0 &&
           memcmp(a->cause_ms, b->cause_ms, sizeof a->cause_ms) == 0 && a->outages == b->outages;
}

static void print(const char *who, const struct availability *a)
{
    printf("# %s: outages %u", who, a->outages);
    for (int state = 0; state < STATE_COUNT; state++)
        printf(" %s %lld", state_word(state), (long long)a->state_ms[state]);
    putchar('\n');
}

/* ---- what is recorded when ---- */

/** From @p from on @p to becomes what @p present shows. */
static void take_over(struct timeline *to, const struct timeline *present, int64_t from)
{
    from = from > 0 ? from : 0;
    int64_t i = timeline_index(present, (struct wall_ms){from});
    for (i = i < 0 ? 0 : i; i < (int64_t)present->len; i++) {
        struct timeline_span span = timeline_span_at(present, i);
        int64_t begin = span.from.ms > from ? span.from.ms : from;
        if (timeline_set_from(to, (struct wall_ms){begin}, span.code))
            abort();
    }
}

/** Keeps what is recorded of the unit. */
static void record(struct stage *s, uint32_t unit, int64_t at, bool first)
{
    struct copy *record = vec_push(&s->records);
    if (!record)
        abort();
    *record = (struct copy){.unit = unit, .at = at, .first = first};
    take_over(&record->shown, &s->recorded[unit].shown, 0);
}

/** What was recorded last by `at` of a period of the unit that became final at `since`. */
static const struct copy *recorded(const struct stage *s, uint32_t unit, int64_t at, int64_t since)
{
    const struct copy *last = NULL;
    for (size_t i = 0; i < s->records.len; i++) {
        const struct copy *one = vec_at(&s->records, i);
        if (one->unit == unit && one->at <= at && (!one->first || one->at == since))
            last = one;
    }
    return last;
}

/** Episodes end at full hours, all at midnight, when further days become final. */
static void pass_time(struct stage *s, int64_t now)
{
    bool first = s->now == 0;
    int64_t hour = floor_to(now, HOUR_MS);
    int64_t midnight = floor_to(s->now, DAY_MS) + DAY_MS;
    bool passed = !first && midnight <= now;
    int64_t at = passed ? midnight : hour;
    for (uint32_t unit = 0; unit < s->units && !first && hour > s->now; unit++) {
        bool ended = s->opened[unit] &&
                     (s->latest[unit] <= at - REVISIONS_REST_MS || s->opened[unit] <= at - HOUR_MS);
        if (!passed && !ended)
            continue;
        take_over(&s->recorded[unit].shown, &s->present[unit].shown, 0);
        record(s, unit, at, false);
        s->opened[unit] = 0;
    }
    s->now = now;
}

/** The world has reached now: what is final by now is recorded as it is known now. */
static void finish(struct stage *s, int64_t before)
{
    int64_t grace_ms = s->options.grace_ms;
    for (uint32_t unit = 0; unit < s->units; unit++)
        take_over(&s->recorded[unit].shown, &s->present[unit].shown,
                  s->opened[unit] ? s->final : 0);
    s->final = floor_to(s->now - grace_ms, DAY_MS);
    int64_t since = floor_to(before - grace_ms, DAY_MS) + DAY_MS + grace_ms;
    for (; before > 0 && since <= s->now; since += DAY_MS)
        for (uint32_t unit = 0; unit < s->units; unit++)
            record(s, unit, since, true);
}

/** Does the world show something else of final days than it did? */
static bool changed(const struct stage *s, uint32_t unit, int64_t from)
{
    const struct timeline *now = world_unit_timeline(s->w, unit);
    const struct timeline *kept = &s->present[unit].shown;
    for (int64_t t = from, next; t < s->final && kept->len; t = next) {
        struct timeline_span a = timeline_span_at(now, timeline_index(now, (struct wall_ms){t}));
        struct timeline_span b = timeline_span_at(kept, timeline_index(kept, (struct wall_ms){t}));
        if (shown_of(a.code) != b.code)
            return true;
        next = a.to.ms < b.to.ms ? a.to.ms : b.to.ms;
    }
    return false;
}

/** Takes what the world shows from where it is not settled. */
static void take(struct stage *s, uint32_t unit)
{
    const struct timeline *now = world_unit_timeline(s->w, unit);
    struct timeline *kept = &s->present[unit].shown;
    int64_t from = world_settled(s->w, unit).ms;
    from = from < 0 ? 0 : from;
    if (changed(s, unit, from)) {
        s->opened[unit] = s->opened[unit] ? s->opened[unit] : s->now;
        s->latest[unit] = s->now;
    }
    for (int64_t i = timeline_index(now, (struct wall_ms){from}); i < (int64_t)now->len; i++) {
        struct timeline_span span = timeline_span_at(now, i);
        int64_t begin = span.from.ms > from ? span.from.ms : from;
        if (begin <= s->now || kept->len == 0)
            if (timeline_set_from(kept, (struct wall_ms){begin}, shown_of(span.code)))
                abort();
    }
}

static void take_changes(struct stage *s)
{
    size_t n = 0;
    const struct world_change *changes = world_changes(s->w, &n);
    for (size_t i = 0; i < n; i++)
        take(s, changes[i].unit);
    world_changes_clear(s->w);
}

/* ---- questions ---- */

static void ask_recorded(struct stage *s, const struct period_reading *reading, uint32_t unit)
{
    int64_t from = reading->span.from.ms;
    int64_t to = reading->span.to.ms;
    int64_t since = to + s->options.grace_ms;
    struct availability before = {0};
    bool known = false;
    for (size_t i = 0; i < s->records.len && !s->failed; i++) {
        const struct copy *one = vec_at(&s->records, i);
        if (one->unit != unit || one->at < since)
            continue;
        struct period_when when = {true, {one->at}, false};
        struct availability naive = sum_of(&recorded(s, unit, one->at, since)->shown, from, to);
        struct availability fast = period_of_unit(reading, s->a, unit, when);
        if (!equal(&naive, &fast)) {
            complain(s, "recorded figure", unit, from, to);
            printf("# as of %.3f d\n", (double)(one->at - HISTORY_ZERO_MS) / DAY_MS);
            print("fast", &fast);
            print("naive", &naive);
        }
        struct vec instants;
        bool told = false;
        bool ignored = false;
        vec_init(&instants, sizeof(struct wall_ms), 1 << 20);
        if (period_revised(reading, unit, (struct wall_ms){one->at - 1}, &instants))
            abort();
        for (size_t k = 0; k < instants.len; k++)
            told |= ((struct wall_ms *)vec_at(&instants, k))->ms == one->at;
        vec_done(&instants);
        (void)period_reason(reading, unit, (struct wall_ms){one->at}, &ignored);
        if (known && !equal(&before, &naive) && !(told && ignored))
            complain(s, "silent revision", unit, from, to);
        known = true;
        before = naive;
    }
    struct availability last =
        period_of_unit(reading, s->a, unit, (struct period_when){true, {WALL_NEVER_MS}, false});
    if (known && !equal(&before, &last))
        complain(s, "figure recorded last", unit, from, to);
}

/** Where nothing is settled, a period is a window, and those others hold against the reference. */
static void ask_excused(struct stage *s, const struct period_reading *reading, uint32_t unit)
{
    if (world_settled(s->w, unit).ms > reading->span.from.ms)
        return;
    struct availability fast =
        period_of_unit(reading, s->a, unit, (struct period_when){false, {WALL_NEVER_MS}, true});
    struct availability window =
        availability_with_retroactive(s->w, world_inventory(s->w), unit, reading->span);
    if (!equal(&window, &fast)) {
        complain(s, "figure with retroactive maintenance", unit, reading->span.from.ms,
                 reading->span.to.ms);
        print("fast", &fast);
        print("window", &window);
    }
    s->excused += window.retroactive_ms > 0;
}

/** Each step of a series of two units, one as itself and both in one group. */
static void compare_steps(struct stage *s, const struct series *series, uint32_t unit)
{
    for (uint32_t step = 0; step < series->grid.steps && !s->failed; step++) {
        int64_t from = series_grid_start(&series->grid, step).ms;
        int64_t to = series_grid_end(&series->grid, step).ms;
        struct availability one = sum_of(&s->present[unit].shown, from, to);
        struct availability_area area = {.units = 0};
        if (!series->alone) {
            struct availability other = sum_of(&s->present[0].shown, from, to);
            availability_area_add(&area, &other, 0, AVAILABILITY_ENOUGH);
        }
        availability_area_add(&area, &one, 0, AVAILABILITY_ENOUGH);
        const struct series_cell *cell = series_at(series, 0, step);
        const struct availability *all = series->alone ? &one : &area.all;
        if (memcmp(all->state_ms, cell->all_ms, sizeof cell->all_ms) != 0 ||
            memcmp(area.sum.state_ms, cell->enough_ms, sizeof cell->enough_ms) != 0 ||
            (!series->alone && cell->units != (int32_t)area.units) ||
            cell->enough != (int32_t)area.enough)
            complain(s, "step of a series", unit, from, to);
    }
}

static void ask_series(struct stage *s, uint32_t unit, struct validity span, bool alone)
{
    struct row_source source = memory_rows_source(&s->rows);
    enum derived_grid step = rng_below(&s->rng, 2) ? DERIVED_HOUR : DERIVED_DAY;
    struct series_grid grid;
    struct series_reading reading;
    if (series_grid_make(step, ZONE_MS, span, (struct wall_ms){s->now}, &grid)) {
        complain(s, "grid of a series", unit, span.from.ms, span.to.ms);
        return;
    }
    int err = series_reading_init(&reading, &grid, 1, alone, ZONE_MS);
    for (uint32_t k = 0; !err && k < (alone ? 1 : 2); k++) {
        err = series_reading_want(&reading, s->a, k ? 0 : unit);
        if (!err)
            err = series_reading_run(&reading, (struct series_run){0, 0, grid.steps});
    }
    if (err || series_reading_read(&reading, &source) || !series_reading_fits(&reading, s->a)) {
        complain(s, "reading of a series", unit, span.from.ms, span.to.ms);
    } else {
        series_reading_finish(&reading, s->a);
        compare_steps(s, &reading.series, unit);
    }
    series_reading_done(&reading);
}

static void ask(struct stage *s)
{
    struct row_source source = memory_rows_source(&s->rows);
    uint32_t unit = (uint32_t)rng_below(&s->rng, s->units);
    int64_t days = 1 + (int64_t)rng_below(&s->rng, 20);
    int64_t from = floor_to(HISTORY_ZERO_MS, DAY_MS) +
                   ((int64_t)rng_below(&s->rng, (uint64_t)days) - 1) * DAY_MS;
    struct validity span = {{from}, {from + (1 + (int64_t)rng_below(&s->rng, 6)) * DAY_MS}};
    struct period_reading reading;
    period_reading_init(&reading, span, ZONE_MS);
    if (from >= s->now || period_want(&reading, s->a, unit) || period_read(&reading, &source) ||
        !period_fits(&reading, s->a, unit)) {
        if (from < s->now)
            complain(s, "reading", unit, from, span.to.ms);
        period_reading_done(&reading);
        return;
    }
    int64_t to = span.to.ms < s->now ? span.to.ms : s->now;
    struct availability fast =
        period_of_unit(&reading, s->a, unit, (struct period_when){false, {WALL_NEVER_MS}, false});
    struct availability naive = sum_of(&s->present[unit].shown, from, to);
    if (!equal(&naive, &fast)) {
        complain(s, "figure", unit, from, to);
        print("fast", &fast);
        print("naive", &naive);
    }
    ask_excused(s, &reading, unit);
    if (span.to.ms + s->options.grace_ms <= s->now)
        ask_recorded(s, &reading, unit);
    ask_series(s, unit, (struct validity){span.from, {to - 1}}, true);
    ask_series(s, unit, (struct validity){{span.from.ms + HOUR_MS / 3}, span.to}, false);
    period_reading_done(&reading);
}

static void save(struct stage *s)
{
    struct row_sink sink = memory_rows_sink(&s->rows);
    if (memory_rows_save(&s->rows, s->w) || annals_save(s->a, &sink))
        abort();
}

/* ---- playing ---- */

static void open_world(struct stage *s, size_t played)
{
    s->w = world_new(history_inventory(&s->h, played), &s->h.options);
    s->a = s->w ? annals_new(s->w, &s->options) : NULL;
    if (!s->a)
        abort();
}

static int load_row(struct stage *s, const struct memory_row *row)
{
    struct slice key = {row->key, row->key_len};
    struct slice value = {row->value, row->value_len};
    if (row->kind >= ROW_ARCHIVE)
        return 0;
    if (row->kind == ROW_HOURS || row->kind == ROW_EPISODE)
        return annals_load(s->a, row->kind, key, value);
    return world_load(s->w, row->kind, key, value);
}

static void restart(struct stage *s, size_t played)
{
    save(s);
    annals_free(s->a);
    world_free(s->w);
    open_world(s, played);
    for (size_t i = 0; i < s->rows.rows.len; i++)
        if (load_row(s, vec_at(&s->rows.rows, i)))
            abort();
    annals_loaded(s->a);
    if (world_loaded(s->w))
        abort();
    annals_follow(s->a);
    int64_t opened[UNITS_MAX];
    memcpy(opened, s->opened, sizeof opened);
    for (uint32_t unit = 0; unit < s->units; unit++) {
        take(s, unit);
        if (opened[unit] != s->opened[unit])
            complain(s, "history after a restart", unit, s->latest[unit], s->final);
    }
    world_changes_clear(s->w);
}

/** Plays an advance; `i` is that of the history, SIZE_MAX is one to `now` more. */
static void advance(struct stage *s, size_t i, int64_t now)
{
    int64_t before = s->now;
    pass_time(s, now);
    if (annals_advance(s->a, (struct wall_ms){now}) ||
        (i == SIZE_MAX ? world_advance(s->w, (struct wall_ms){now})
                       : history_play(&s->h, i, s->w, NULL)))
        abort();
    annals_follow(s->a);
    take_changes(s);
    finish(s, before);
}

static void play(struct stage *s, size_t i)
{
    const struct history_event *e = history_at(&s->h, i);
    int64_t last = world_now(s->w).ms;
    bool forward = e->kind == HISTORY_ADVANCE && e->t.ms > last;
    int64_t eve = last - last % DAY_MS + DAY_MS - 1;
    /* what is to be forgotten is seen once more as it has become */
    if (forward && last > 0 && eve > last && eve < e->t.ms)
        advance(s, SIZE_MAX, eve);
    if (forward)
        advance(s, i, e->t.ms);
    else if (history_play(&s->h, i, s->w, NULL))
        abort();
    take_changes(s);
}

/** Where nothing is settled yet, the world agrees with the reference, though time was long. */
static void ask_reference(struct stage *s)
{
    struct reference *r = reference_new(&s->h, s->h.events.len);
    for (int i = 0; i < 300 && !s->failed; i++) {
        uint32_t unit = (uint32_t)rng_below(&s->rng, s->units);
        int64_t from = world_settled(s->w, unit).ms;
        from = from < HISTORY_ZERO_MS ? HISTORY_ZERO_MS : from;
        /* Forgotten listening matters for a ttl, which here lasts most of a day. */
        if (from >= world_now(s->w).ms || from > HISTORY_ZERO_MS + 2 * DAY_MS)
            continue;
        struct wall_ms t = {from +
                            (int64_t)rng_below(&s->rng, (uint64_t)(world_now(s->w).ms - from))};
        struct unit_view fast = world_unit_at(s->w, unit, t);
        struct unit_view naive = reference_unit_at(r, unit, t);
        if (fast.state != naive.state || fast.cause != naive.cause)
            complain(s, "state", unit, t.ms, t.ms);
    }
    reference_free(r);
}

static void stage_open(struct stage *s, uint64_t seed)
{
    struct history h;
    *s = (struct stage){.rng = {seed}};
    history_random(&h, seed);
    history_stretch(&h, 100000 + (int64_t)rng_below(&s->rng, 200000), &s->h);
    history_done(&h);
    s->options.zone_ms = s->h.options.zone_ms = ZONE_MS;
    s->options.grace_ms = DAY_MS * (1 + (int64_t)rng_below(&s->rng, 2));
    s->h.options.keep_ms = DAY_MS * (3 + (int64_t)rng_below(&s->rng, 4));
    s->units = history_inventory(&s->h, 0)->units.len;
    vec_init(&s->records, sizeof(struct copy), 1 << 20);
    memory_rows_init(&s->rows);
    open_world(s, 0);
    for (uint32_t unit = 0; unit < s->units; unit++)
        take(s, unit);
}

static void stage_close(struct stage *s)
{
    for (size_t i = 0; i < s->records.len; i++)
        timeline_done(&((struct copy *)vec_at(&s->records, i))->shown);
    for (uint32_t unit = 0; unit < s->units; unit++)
        timeline_done(&s->present[unit].shown);
    for (uint32_t unit = 0; unit < s->units; unit++)
        timeline_done(&s->recorded[unit].shown);
    vec_done(&s->records);
    memory_rows_done(&s->rows);
    annals_free(s->a);
    world_free(s->w);
    history_done(&s->h);
}

static bool differs(uint64_t seed, unsigned *excused)
{
    struct stage s;
    stage_open(&s, seed);
    size_t restart_at = rng_below(&s.rng, 2) ? rng_below(&s.rng, s.h.events.len) : 0;
    for (size_t i = 0; i < s.h.events.len && !s.failed; i++) {
        play(&s, i);
        bool last = i + 1 == s.h.events.len;
        if (history_at(&s.h, i)->kind != HISTORY_ADVANCE)
            continue; /* commits follow an advance */
        if (restart_at && i >= restart_at) {
            restart(&s, i + 1);
            restart_at = 0;
        }
        if (!last && rng_below(&s.rng, 20))
            continue;
        save(&s);
        for (int k = 0; k < (last ? 60 : 6) && !s.failed; k++)
            ask(&s);
    }
    if (!s.failed)
        ask_reference(&s);
    stage_close(&s);
    *excused += s.excused;
    return s.failed;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: differential_periods FIRST_SEED COUNT\n");
        return 2;
    }
    uint64_t first = strtoull(argv[1], NULL, 10);
    uint64_t count = strtoull(argv[2], NULL, 10);
    unsigned excused = 0;
    for (uint64_t seed = first; seed < first + count; seed++)
        if (differs(seed, &excused))
            return 1;
    printf("%llu histories: no difference of periods; maintenance declared in retrospect made one "
           "in %u figures\n",
           (unsigned long long)count, excused);
    return 0;
}
