#include "expect_counts.h"
#include "scenario.h"

#include "base/num.h"
#include "core/calendar.h"
#include "core/period.h"
#include "reference_figures.h"

#include <stdlib.h>

enum { ZONE_MS = HISTORY_ZONE_MIN * 60000 };

/** What an `expect period` line says before its pairs. */
struct wanted {
    uint32_t unit;
    struct calendar_period period;
    int64_t revision; /**< 0 = the one shown now */
    struct wall_ms known;
};

/** What the fast code says of it. */
struct found {
    struct availability figure;
    int64_t revisions;
};

static bool read_wanted(const struct slice *words, size_t n, const struct reference *r,
                        struct wanted *w)
{
    *w = (struct wanted){.unit = n > 5 ? script_unit(reference_inventory(r), words[0]) : INV_NONE};
    return w->unit != INV_NONE &&
           calendar_read(words[1], ZONE_MS, reference_now(r), &w->period) == 0 &&
           scenario_is(words[2], "revision") &&
           (scenario_is(words[3], "last") || num_parse_i64(words[3], &w->revision) == 0) &&
           scenario_is(words[4], "known") && script_time(words[5], &w->known);
}

static int by_time(const void *a, const void *b)
{
    int64_t x = ((const struct wall_ms *)a)->ms;
    int64_t y = ((const struct wall_ms *)b)->ms;
    return x < y ? -1 : x > y;
}

/** The instants of the revisions after the first, in order. */
static void revised(const struct period_reading *reading, const struct wanted *w,
                    struct vec *instants)
{
    if (period_revised(reading, w->unit, calendar_final_at(&w->period, ANNALS_GRACE_MS), instants))
        abort();
    struct wall_ms *all = instants->items;
    size_t kept = 0;
    if (instants->len)
        qsort(all, instants->len, sizeof *all, by_time);
    for (size_t i = 0; i < instants->len; i++)
        if (!kept || all[kept - 1].ms != all[i].ms)
            all[kept++] = all[i];
    instants->len = kept;
}

static struct found find(struct scenario *sc, const struct wanted *w)
{
    struct row_sink sink = memory_rows_sink(&sc->rows);
    struct row_source source = memory_rows_source(&sc->rows);
    struct period_reading reading;
    struct vec instants;
    struct wall_ms final_at = calendar_final_at(&w->period, ANNALS_GRACE_MS);
    struct period_when when = {.recorded = final_at.ms <= world_now(sc->w).ms,
                               .as_of = {WALL_NEVER_MS}};
    vec_init(&instants, sizeof(struct wall_ms), 1 << 20);
    period_reading_init(&reading, (struct validity){w->period.from, w->period.to}, ZONE_MS);
    if (annals_save(sc->a, &sink) || period_want(&reading, sc->a, w->unit) ||
        period_read(&reading, &source))
        abort();
    revised(&reading, w, &instants);
    if (w->revision == 1)
        when.as_of = final_at;
    else if (w->revision > 1 && (size_t)w->revision - 2 < instants.len)
        when.as_of = *(struct wall_ms *)vec_at(&instants, (size_t)w->revision - 2);
    struct found found = {.figure = period_of_unit(&reading, sc->a, w->unit, when),
                          .revisions = when.recorded ? 1 + (int64_t)instants.len : 0};
    vec_done(&instants);
    period_reading_done(&reading);
    return found;
}

/** The reference's figure, knowing what had come by w->known. */
static struct availability known(const struct script *s, const struct wanted *w)
{
    size_t n = 0;
    for (size_t i = 0; i < s->h.events.len; i++)
        if (history_at(&s->h, i)->kind == HISTORY_ADVANCE &&
            history_at(&s->h, i)->t.ms <= w->known.ms)
            n = i + 1;
    struct reference *then = reference_new(&s->h, n);
    struct availability a =
        reference_availability(then, w->unit, (struct validity){w->period.from, w->period.to});
    reference_free(then);
    return a;
}

static bool duration_holds(struct slice value, int64_t ms)
{
    int64_t wanted;
    return script_duration(value, &wanted) && wanted == ms;
}

static bool pair_holds(struct slice key, struct slice value, const struct availability *a,
                       int64_t revisions)
{
    const struct {
        const char *key;
        int64_t ms;
    } durations[] = {{"up", availability_up_ms(a)},
                     {"down", a->state_ms[STATE_DOWN]},
                     {"silent", a->state_ms[STATE_SILENT]},
                     {"unobserved", a->state_ms[STATE_UNOBSERVED]},
                     {"planned", a->state_ms[STATE_PLANNED]}};

    int64_t count = 0;
    for (size_t i = 0; i < sizeof durations / sizeof *durations; i++)
        if (scenario_is(key, durations[i].key))
            return duration_holds(value, durations[i].ms);
    if (num_parse_i64(value, &count))
        return false;
    return scenario_is(key, "outages") ? count == a->outages
                                       : scenario_is(key, "revisions") && count == revisions;
}

static bool holds(struct script *s, const char *who, const struct slice *words, size_t n,
                  const struct availability *a, int64_t revisions)
{
    bool all = true;
    for (size_t i = 0; i < n; i++) {
        struct slice key;
        struct slice value;
        if (expect_counts_pair(words[i], &key, &value) && pair_holds(key, value, a, revisions))
            continue;
        all = script_complain(
            s, "%s: %.*s: up %lldms down %lldms silent %lldms unobserved %lldms, %u outages, %lld",
            who, (int)words[i].len, words[i].at, (long long)availability_up_ms(a),
            (long long)a->state_ms[STATE_DOWN], (long long)a->state_ms[STATE_SILENT],
            (long long)a->state_ms[STATE_UNOBSERVED], a->outages, (long long)revisions);
    }
    return all;
}

bool scenario_period(struct script *s, struct scenario *sc, struct reference *r,
                     const struct slice *words, size_t n)
{
    struct wanted w;
    if (!read_wanted(words, n, r, &w))
        return script_complain(s, "period U PERIOD revision N|last known T KEY=VALUE...");
    struct found fast = find(sc, &w);
    struct availability naive = known(s, &w);
    bool naive_holds = holds(s, "reference", words + 6, n - 6, &naive, fast.revisions);
    return holds(s, "period", words + 6, n - 6, &fast.figure, fast.revisions) && naive_holds;
}
