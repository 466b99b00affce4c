#include "core/derived.h"

#include "base/err.h"
#include "base/rng.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THINGS = 5, MINUTES = 400, ROWS = 200 };

static const int64_t MINUTE_MS = 60000, ZONE_MS = 7 * 3600000;
static const int64_t START_MS = 1790000000000 / 60000 * 60000;

/* Rows as a store would hold them. */
struct rows {
    size_t n;

    struct {
        char key[16], value[512];
        size_t key_len, value_len;
    } row[ROWS];
};

static size_t find_row(const struct rows *rows, struct slice key)
{
    size_t i = 0;
    while (i < rows->n &&
           !(rows->row[i].key_len == key.len && !memcmp(rows->row[i].key, key.at, key.len)))
        i++;
    return i;
}

static int put_row(void *context, uint8_t kind, struct slice key, struct slice value)
{
    struct rows *rows = context;
    assert_int_equal(kind, ROW_DIRTY);
    size_t i = find_row(rows, key);
    assert_true(i < ROWS && key.len <= 16 && value.len <= 512);
    rows->n += i == rows->n;
    memcpy(rows->row[i].key, key.at, key.len);
    memcpy(rows->row[i].value, value.at, value.len);
    rows->row[i].key_len = key.len;
    rows->row[i].value_len = value.len;
    return 0;
}

static int drop_row(void *context, uint8_t kind, struct slice key)
{
    struct rows *rows = context;
    assert_int_equal(kind, ROW_DIRTY);
    size_t i = find_row(rows, key);
    if (i < rows->n)
        rows->row[i] = rows->row[--rows->n];
    return 0;
}

static void save(struct derived *d, struct rows *rows)
{
    struct row_sink sink = {rows, put_row, drop_row, NULL};
    assert_int_equal(derived_save(d, &sink), 0);
}

static struct derived *load(const struct derived_options *options, const struct rows *rows)
{
    struct derived *d = derived_new(options);
    assert_non_null(d);
    for (size_t i = 0; i < rows->n; i++)
        assert_int_equal(derived_load(d, (struct slice){rows->row[i].key, rows->row[i].key_len},
                                      (struct slice){rows->row[i].value, rows->row[i].value_len}),
                         0);
    return d;
}

static struct derived_options options_of(bool once)
{
    return (struct derived_options){
        .once = once, .late_ms = 45000, .zone_ms = ZONE_MS, .max = 1000};
}

/* What unit figures are (a version per minute) and what the database has of them. */
struct model {
    struct rng rng;
    struct wall_ms now;
    int truth[THINGS][MINUTES];
    int written[THINGS][MINUTES];
    int times[THINGS][MINUTES];
    int outage_truth, outage_written;
    struct rows rows;
};

static int minute_index(struct wall_ms t)
{
    int64_t minute = (t.ms - START_MS) / MINUTE_MS;
    assert_true(minute >= 0 && minute < MINUTES);
    return (int)minute;
}

static void write_span(struct model *m, const struct derived_span *span)
{
    if (span->kind == DERIVED_OUTAGE)
        m->outage_written = m->outage_truth;
    if (span->kind != DERIVED_UNIT)
        return;
    for (struct wall_ms t = span->from; t.ms < span->to.ms; t = wall_add(t, MINUTE_MS)) {
        int at = minute_index(t);
        assert_true(t.ms <= m->now.ms);
        m->written[span->thing][at] = m->truth[span->thing][at];
        m->times[span->thing][at]++;
    }
}

static void change(struct model *m, struct derived *d)
{
    int last = minute_index(m->now);
    int from = (int)rng_below(&m->rng, (uint64_t)last + 1);
    uint32_t thing = (uint32_t)rng_below(&m->rng, THINGS);
    int64_t within = rng_below(&m->rng, 2) ? 0 : (int64_t)rng_below(&m->rng, 60000);
    for (int i = from + (within > 0); i < MINUTES; i++)
        m->truth[thing][i]++;
    struct wall_ms t = {START_MS + from * MINUTE_MS + within};
    assert_int_equal(derived_changed(d, DERIVED_UNIT, thing, t), 0);
    m->outage_truth++;
    assert_int_equal(derived_outage_changed(d, &(struct derived_outage){77, 3, t}), 0);
}

/* Takes, and writes what was taken or fails to. */
static size_t take(struct model *m, struct derived *d, bool fail)
{
    struct derived_span spans[8];
    size_t n = derived_take(d, m->now, 1 + (uint32_t)rng_below(&m->rng, 20), spans, 8);
    bool half = fail && rng_below(&m->rng, 2);
    for (size_t i = 0; i < n && (!fail || half); i++)
        write_span(m, &spans[i]);
    if (rng_below(&m->rng, 5) == 0)
        save(d, &m->rows);
    assert_int_equal(derived_settle(d, !fail), 0);
    return n;
}

static void run(uint64_t seed)
{
    struct model *m = calloc(1, sizeof *m);
    struct derived_options options = options_of(false);
    m->rng.state = seed;
    m->now.ms = START_MS;
    struct derived *d = load(&options, &m->rows);
    assert_int_equal(derived_grow(d, DERIVED_UNIT, THINGS), 0);
    memset(m->truth, 1, sizeof m->truth);
    take(m, d, false);
    while (minute_index(m->now) < MINUTES - 20) {
        if (rng_below(&m->rng, 4) == 0)
            change(m, d);
        if (rng_below(&m->rng, 3) == 0)
            take(m, d, rng_below(&m->rng, 4) == 0);
        if (rng_below(&m->rng, 20) == 0) {
            /* a save with spans in flight, then the process is killed */
            struct derived_span spans[8];
            derived_take(d, m->now, 10, spans, 8);
            save(d, &m->rows);
            derived_free(d);
            d = load(&options, &m->rows);
            assert_int_equal(derived_grow(d, DERIVED_UNIT, THINGS), 0);
        }
        m->now =
            wall_add(m->now, (int64_t)rng_below(&m->rng, rng_below(&m->rng, 10) ? 40000 : 900000));
        if (minute_index(m->now) >= MINUTES)
            m->now.ms = START_MS + (MINUTES - 1) * MINUTE_MS;
    }
    while (take(m, d, false) > 0)
        ;
    for (int thing = 0; thing < THINGS; thing++)
        for (int i = 0; i <= minute_index(m->now); i++)
            if (m->written[thing][i] != m->truth[thing][i])
                fail_msg("seed %llu: thing %d minute %d is stale", (unsigned long long)seed, thing,
                         i);
    assert_int_equal(m->outage_written, m->outage_truth);
    assert_int_equal(derived_dirty(d), 0);
    save(d, &m->rows);
    assert_int_equal(m->rows.n, DERIVED_GRIDS); /* the live marks alone */
    derived_free(d);
    free(m);
}

static void the_database_ends_with_the_truth(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++)
        run(seed);
}

static void the_present_comes_before_the_past(void **state)
{
    (void)state;
    struct derived_options options = options_of(false);
    struct derived *d = derived_new(&options);
    struct derived_span spans[4];
    struct wall_ms now = {START_MS};
    assert_int_equal(derived_grow(d, DERIVED_SITE, 2), 0);
    assert_int_equal(derived_take(d, now, 1, spans, 4), 1);
    assert_int_equal(derived_settle(d, true), 0);
    assert_true(derived_waits(d, now)); /* for the other one's */
    assert_int_equal(derived_take(d, now, 100, spans, 4), 1);
    assert_int_equal(derived_settle(d, true), 0);
    assert_false(derived_waits(d, now));
    assert_true(derived_waits(d, wall_add(now, MINUTE_MS)));
    /* an hour passes unheard; then each thing has its newest minute first */
    now = wall_add(now, 60 * MINUTE_MS + 5000);
    assert_int_equal(derived_take(d, now, 2, spans, 4), 2);
    assert_true(spans[0].from.ms == START_MS + 60 * MINUTE_MS);
    assert_true(spans[1].from.ms == START_MS + 60 * MINUTE_MS);
    assert_int_equal(derived_take(d, now, 2, spans, 4), 0); /* not settled */
    assert_int_equal(derived_settle(d, true), 0);
    assert_int_equal(derived_dirty(d), 2);
    assert_int_equal(derived_take(d, now, 100, spans, 4), 2);
    assert_true(spans[0].from.ms == START_MS + MINUTE_MS);
    assert_true(spans[0].to.ms == START_MS + 60 * MINUTE_MS);
    assert_int_equal(spans[1].thing, 1);
    /* 59 + 41 of 100 points */
    assert_true(spans[1].to.ms == START_MS + 42 * MINUTE_MS);
    assert_int_equal(derived_settle(d, true), 0);
    assert_int_equal(derived_take(d, now, 100, spans, 4), 1);
    assert_true(spans[0].from.ms == START_MS + 42 * MINUTE_MS);
    assert_int_equal(derived_settle(d, true), 0);
    derived_free(d);
}

/* Otherwise a nation whose points fall behind would write a million rows in one commit. */
static void falling_behind_costs_one_row_however_many_things_there_are(void **state)
{
    (void)state;

    enum { MANY = 1000, SPANS = 300 };
    struct derived_options options = options_of(false);
    struct derived *d = derived_new(&options);
    struct derived_span spans[SPANS];
    struct rows rows = {0};
    static int written[MANY][MINUTES];
    struct wall_ms now = {START_MS};
    assert_int_equal(derived_grow(d, DERIVED_UNIT, MANY), 0);
    assert_int_equal(derived_take(d, now, 5000, spans, SPANS), SPANS);
    assert_int_equal(derived_settle(d, true), 0);
    now = wall_add(now, 60 * MINUTE_MS);
    for (int turn = 0;; turn++) {
        size_t n = derived_take(d, now, 5000, spans, SPANS);
        save(d, &rows);
        assert_true(rows.n <= DERIVED_GRIDS + 1);
        if (n == 0)
            break;
        for (size_t i = 0; i < n && turn != 6; i++)
            for (struct wall_ms t = spans[i].from; t.ms < spans[i].to.ms; t.ms += MINUTE_MS)
                written[spans[i].thing][minute_index(t)]++;
        assert_int_equal(derived_settle(d, turn != 6), 0);
    }
    for (int thing = 0; thing < MANY; thing++)
        for (int minute = 0; minute <= 60; minute++)
            assert_int_equal(written[thing][minute], minute > 0 || thing >= SPANS);
    assert_int_equal(derived_dirty(d), 0);
    derived_free(d);
}

/* The database was away at the first start, or what came was of the past: through a restart, too.
 */
static void what_changed_before_the_first_point_is_not_forgotten(void **state)
{
    (void)state;
    struct derived_options options = options_of(false);
    struct derived *d = derived_new(&options);
    struct derived_span spans[4];
    struct rows rows = {0};
    struct wall_ms now = {START_MS};
    assert_int_equal(derived_grow(d, DERIVED_SITE, 2), 0);
    assert_int_equal(derived_changed(d, DERIVED_SITE, 1, wall_add(now, -10 * MINUTE_MS)), 0);
    assert_int_equal(derived_changed(d, DERIVED_SITE, 0, wall_add(now, MINUTE_MS)), 0);
    save(d, &rows);
    derived_free(d);
    d = load(&options, &rows);
    assert_int_equal(derived_grow(d, DERIVED_SITE, 2), 0);
    assert_int_equal(derived_take(d, now, 100, spans, 4), 3);
    assert_true(spans[0].from.ms == START_MS && spans[1].from.ms == START_MS);
    assert_int_equal(spans[2].thing, 1);
    assert_true(spans[2].from.ms == START_MS - 10 * MINUTE_MS);
    assert_true(spans[2].to.ms == START_MS);
    assert_int_equal(derived_settle(d, true), 0);
    assert_int_equal(derived_dirty(d), 0);
    derived_free(d);
}

static void a_period_is_handed_out_when_it_is_over(void **state)
{
    (void)state;
    struct derived_options options = options_of(false);
    struct derived *d = derived_new(&options);
    struct derived_span spans[8];
    /* 2026-11-30 23:30 in Vietnam */
    struct wall_ms now = {1796056200000};
    assert_int_equal(derived_grow(d, DERIVED_AREA_HOUR, 1), 0);
    assert_int_equal(derived_grow(d, DERIVED_AREA_DAY, 1), 0);
    assert_int_equal(derived_grow(d, DERIVED_AREA_MONTH, 1), 0);
    assert_int_equal(derived_take(d, now, 100, spans, 8), 0);
    now = wall_add(now, 30 * MINUTE_MS);
    assert_int_equal(derived_take(d, now, 100, spans, 8), 3);
    static const int64_t length_ms[] = {3600000, 86400000, INT64_C(30) * 86400000};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(spans[i].kind, DERIVED_AREA_HOUR + i);
        assert_true(spans[i].to.ms == now.ms);
        assert_true(spans[i].from.ms == now.ms - length_ms[i]);
    }
    assert_int_equal(derived_settle(d, true), 0);
    /* a change within the closed day makes hour, day and month dirty, each once */
    for (enum derived_kind k = DERIVED_AREA_HOUR; k <= DERIVED_AREA_MONTH; k++)
        assert_int_equal(derived_changed(d, k, 0, wall_add(now, -1)), 0);
    assert_int_equal(derived_take(d, now, 100, spans, 8), 3);
    assert_int_equal(derived_settle(d, true), 0);
    /* one in the running period does not */
    for (enum derived_kind k = DERIVED_AREA_HOUR; k <= DERIVED_AREA_MONTH; k++)
        assert_int_equal(derived_changed(d, k, 0, now), 0);
    assert_int_equal(derived_dirty(d), 0);
    derived_free(d);
}

/* A correction of an area costs a look at every unit, so few are handed out at once; other things
 * are not held up by it. */
static void corrections_of_areas_keep_a_pace(void **state)
{
    (void)state;
    struct derived_options options = options_of(false);
    struct derived *d = derived_new(&options);
    struct derived_span spans[8];
    struct wall_ms now = {START_MS};
    assert_int_equal(derived_grow(d, DERIVED_UNIT, 1), 0);
    assert_int_equal(derived_grow(d, DERIVED_AREA, 1), 0);
    assert_int_equal(derived_take(d, now, 100, spans, 8), 2);
    assert_int_equal(derived_settle(d, true), 0);
    assert_int_equal(derived_changed(d, DERIVED_UNIT, 0, wall_add(now, -9 * MINUTE_MS)), 0);
    assert_int_equal(derived_changed(d, DERIVED_AREA, 0, wall_add(now, -9 * MINUTE_MS)), 0);
    derived_pace(d, 4);
    static const int64_t instants[] = {4, 4, 2};
    for (size_t i = 0; i < 3; i++) {
        size_t n = derived_take(d, now, 100, spans, 8);
        assert_int_equal(n, i == 0 ? 2 : 1); /* the unit's ten at once */
        assert_int_equal((spans[n - 1].to.ms - spans[n - 1].from.ms) / MINUTE_MS, instants[i]);
        assert_int_equal(derived_settle(d, true), 0);
    }
    assert_int_equal(derived_dirty(d), 0);
    derived_free(d);
}

static void without_overwriting_each_instant_is_written_once(void **state)
{
    (void)state;
    struct derived_options options = options_of(true);
    struct derived *d = derived_new(&options);
    struct derived_span spans[8];
    int times[30] = {0};
    assert_int_equal(derived_grow(d, DERIVED_UNIT, 1), 0);
    for (int64_t ms = 0; ms < 25 * MINUTE_MS; ms += 7000) {
        struct wall_ms now = {START_MS + ms};
        assert_int_equal(derived_changed(d, DERIVED_UNIT, 0, (struct wall_ms){START_MS}), 0);
        size_t n = derived_take(d, now, 100, spans, 8);
        for (size_t i = 0; i < n; i++) {
            assert_true(spans[i].from.ms + options.late_ms + MINUTE_MS <= now.ms);
            assert_true(spans[i].to.ms == spans[i].from.ms + MINUTE_MS);
            if (spans[i].from.ms >= START_MS)
                times[(spans[i].from.ms - START_MS) / MINUTE_MS]++;
        }
        assert_int_equal(derived_settle(d, true), 0);
    }
    for (int i = 0; i < 23; i++)
        assert_int_equal(times[i], 1);
    derived_free(d);
}

static void damaged_rows_are_refused(void **state)
{
    (void)state;
    struct derived_options options = options_of(false);
    struct derived *d = derived_new(&options);
    struct slice key = {"\0\1\0\0\0", 5}, far = {"\0\xff\xff\xff\0", 5}, odd = {"\x09\1\0\0\0", 5};
    struct slice good = {"\1\1\0\0\0\5\0\0\0", 9};
    assert_int_equal(derived_load(d, key, (struct slice){"", 0}), ERR_CORRUPT);
    assert_int_equal(derived_load(d, key, (struct slice){"\2\1\0\0\0\5\0\0\0", 9}), ERR_VERSION);
    assert_int_equal(derived_load(d, key, (struct slice){"\1\5\0\0\0\5\0\0\0", 9}), ERR_CORRUPT);
    assert_int_equal(derived_load(d, (struct slice){"\0\1", 2}, good), ERR_CORRUPT);
    assert_int_equal(derived_load(d, odd, good), ERR_CORRUPT);
    assert_int_equal(derived_load(d, far, good), ERR_FULL);
    assert_int_equal(derived_load(d, key, good), 0);
    assert_int_equal(derived_dirty(d), 1);
    derived_free(d);
}

static void an_outage_says_whose_it_was_through_a_restart_and_an_older_row_does_not(void **state)
{
    (void)state;
    struct derived_options options = options_of(false);
    struct derived *d = derived_new(&options);
    struct rows rows = {0};
    struct derived_span spans[4];
    const struct derived_outage outage = {77, 3, {START_MS + 5}};
    struct slice older_key = {"\6\x4d\1\0\0", 5}; /* number 333 */
    assert_int_equal(derived_outage_changed(d, &outage), 0);
    assert_int_equal(derived_load(d, older_key, (struct slice){"\1\0\0\0\0\1\0\0\0", 9}), 0);
    save(d, &rows);
    derived_free(d);
    d = load(&options, &rows);
    assert_int_equal(derived_load(d, older_key, (struct slice){"\1\0\0\0\0\1\0\0\0", 9}), 0);
    assert_int_equal(derived_load(d, older_key, (struct slice){"\2\0\0\0\0", 5}), ERR_CORRUPT);
    assert_int_equal(derived_load(d, older_key, (struct slice){"\3\0\0\0\0", 5}), ERR_VERSION);
    assert_int_equal(derived_take(d, outage.born, 100, spans, 4), 2);
    assert_int_equal(spans[0].kind, DERIVED_OUTAGE);
    assert_int_equal(spans[0].thing, 77);
    assert_int_equal(spans[0].unit, 3);
    assert_true(spans[0].from.ms == START_MS + 5);
    assert_int_equal(spans[1].thing, 333);
    assert_true(spans[1].unit == DERIVED_NO_UNIT);
    assert_int_equal(derived_settle(d, true), 0);
    save(d, &rows);
    for (size_t i = 0; i < rows.n; i++)
        assert_true(rows.row[i].key[0] != DERIVED_OUTAGE);
    derived_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_database_ends_with_the_truth),
        cmocka_unit_test(the_present_comes_before_the_past),
        cmocka_unit_test(falling_behind_costs_one_row_however_many_things_there_are),
        cmocka_unit_test(what_changed_before_the_first_point_is_not_forgotten),
        cmocka_unit_test(a_period_is_handed_out_when_it_is_over),
        cmocka_unit_test(corrections_of_areas_keep_a_pace),
        cmocka_unit_test(without_overwriting_each_instant_is_written_once),
        cmocka_unit_test(damaged_rows_are_refused),
        cmocka_unit_test(an_outage_says_whose_it_was_through_a_restart_and_an_older_row_does_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
