/* Hours and revisions of one unit that is fed by hand; instants are local hours from a midnight. */
#include "core/annals.h"

#include "base/err.h"
#include "core/calendar.h"
#include "core/inventory_declare.h"
#include "core/period.h"
#include "memory_rows.h"
#include "sample_inventory.h"
#include "unit.h"

enum { ZONE_MS = 7 * HOURS_HOUR_MS, STEP_MS = 600 * 1000 };

struct stage {
    struct inventory *inv;
    struct world *w;
    struct annals *a;
    struct memory_rows rows;
    uint32_t probe, site, unit;
    int64_t zero, heard;
};

static struct wall_ms at(const struct stage *s, double hours)
{
    return (struct wall_ms){s->zero + llround(hours * HOURS_HOUR_MS)};
}

static void open_world(struct stage *s)
{
    struct world_options options = world_options_default();
    struct revisions_options annals = {ZONE_MS, ANNALS_GRACE_MS};
    options.zone_ms = ZONE_MS;
    s->w = world_new(s->inv, &options);
    s->a = s->w ? annals_new(s->w, &annals) : NULL;
    assert_non_null(s->a);
}

static void list(struct stage *s)
{
    struct check_entry entry = {.name = slice_of("icmp/core"),
                                .site = s->site,
                                .units = &s->unit,
                                .n_units = 1,
                                .interval_ms = STEP_MS,
                                .timeout_ms = 5000,
                                .ttl_ms = 2 * STEP_MS + 5000,
                                .role = ROLE_REQUIRED,
                                .cause = CAUSE_TRANSPORT};
    assert_int_equal(world_list(s->w, s->probe, at(s, 0), &entry, 1), 0);
}

static void stage_open(struct stage *s)
{
    *s = (struct stage){.zero = sample_ms("2026-10-01")};
    s->inv = sample_inventory(NULL, sample_province, s->zero - 1);
    s->probe = sample_probe(s->inv, "p1");
    s->site = sample_site(s->inv, "bts-1");
    s->unit = sample_unit(s->inv, "bts-1/4g@a");
    s->heard = s->zero;
    memory_rows_init(&s->rows);
    open_world(s);
    list(s);
}

static void stage_close(struct stage *s)
{
    annals_free(s->a);
    world_free(s->w);
    inventory_free(s->inv);
    memory_rows_done(&s->rows);
}

static void pass(struct stage *s, double hours)
{
    struct wall_ms now = at(s, hours);
    assert_int_equal(world_listened(s->w, (struct wall_ms){s->heard}, now), 0);
    s->heard = now.ms;
    assert_int_equal(annals_advance(s->a, now), 0);
    assert_int_equal(world_advance(s->w, now), 0);
    annals_follow(s->a);
}

static enum world_fate result(struct stage *s, double hours, enum verdict verdict, double received)
{
    enum world_fate fate = WORLD_TAKEN;
    assert_int_equal(world_result(s->w, s->probe, s->site, slice_of("icmp/core"), at(s, hours),
                                  verdict, at(s, received), &fate),
                     0);
    return fate;
}

/* Results every ten minutes in [from, to), as they come. */
static void say(struct stage *s, double from, double to, enum verdict verdict)
{
    for (int64_t t = at(s, from).ms; t < at(s, to).ms; t += STEP_MS) {
        double hours = (double)(t - s->zero) / HOURS_HOUR_MS;
        pass(s, hours);
        assert_int_equal(result(s, hours, verdict, hours), WORLD_TAKEN);
    }
    pass(s, to);
}

static void save(struct stage *s)
{
    struct row_sink sink = memory_rows_sink(&s->rows);
    assert_int_equal(memory_rows_save(&s->rows, s->w), 0);
    assert_int_equal(annals_save(s->a, &sink), 0);
}

static void restart(struct stage *s)
{
    save(s);
    annals_free(s->a);
    world_free(s->w);
    open_world(s);
    for (size_t i = 0; i < s->rows.rows.len; i++) {
        const struct memory_row *row = vec_at(&s->rows.rows, i);
        struct slice key = {row->key, row->key_len};
        struct slice value = {row->value, row->value_len};
        if (row->kind == ROW_HOURS || row->kind == ROW_EPISODE)
            assert_int_equal(annals_load(s->a, row->kind, key, value), 0);
        else if (row->kind < ROW_ARCHIVE)
            assert_int_equal(world_load(s->w, row->kind, key, value), 0);
    }
    annals_loaded(s->a);
    assert_int_equal(world_loaded(s->w), 0);
    annals_follow(s->a);
}

static size_t rows_of(const struct stage *s, uint8_t kind)
{
    size_t n = 0;
    for (size_t i = 0; i < s->rows.rows.len; i++)
        n += ((const struct memory_row *)vec_at(&s->rows.rows, i))->kind == kind;
    return n;
}

/* The unit over local days [from, to). */
static struct availability figure(struct stage *s, int from, int to, struct period_when when)
{
    struct period_reading reading;
    struct row_source source = memory_rows_source(&s->rows);
    save(s);
    period_reading_init(&reading, (struct validity){at(s, from * 24.0), at(s, to * 24.0)}, ZONE_MS);
    assert_int_equal(period_want(&reading, s->a, s->unit), 0);
    assert_int_equal(period_read(&reading, &source), 0);
    struct availability a = period_of_unit(&reading, s->a, s->unit, when);
    period_reading_done(&reading);
    return a;
}

static const struct period_when PRESENT = {false, {WALL_NEVER_MS}, false};
static const struct period_when RECORDED = {true, {WALL_NEVER_MS}, false};
static const struct period_when EXCUSED = {false, {WALL_NEVER_MS}, true};
static const struct period_when RECORDED_EXCUSED = {true, {WALL_NEVER_MS}, true};

static int64_t hours_ms(double hours)
{
    return (int64_t)(hours * HOURS_HOUR_MS);
}

/* Two hours down on the first day, then nothing but up for 80 days: 10 days are settled by then. */
static void settled_hours_say_what_the_timeline_said(void **state)
{
    struct stage s;
    (void)state;
    stage_open(&s);
    say(&s, 0, 10, VERDICT_OK);
    say(&s, 10, 12, VERDICT_FAILED);
    say(&s, 12, 80.0 * 24 + 8, VERDICT_OK); /* it forgets at 7 h, midnight of UTC */
    assert_int_equal(hours_end(s.a->hours, s.unit).ms, at(&s, 240).ms);
    save(&s);
    /* Of each unit what was before the first day; of this one the hour in which it came up, the
     * first of the outage and the first after it; of the 5G unit, whose anchor it is, the same two.
     * All others go on as the hour before. */
    size_t units = s.inv->units.len;
    assert_int_equal(rows_of(&s, ROW_HOUR), units + 3 + 2);
    struct availability a = figure(&s, 0, 30, PRESENT);
    assert_int_equal(a.state_ms[STATE_DOWN], hours_ms(2));
    assert_int_equal(a.cause_ms[CAUSE_TRANSPORT], hours_ms(2));
    assert_int_equal(a.state_ms[STATE_UP], hours_ms(30 * 24 - 2));
    assert_int_equal(a.outages, 1);
    assert_int_equal(a.uncertainty_ms, 2 * STEP_MS);
    assert_int_equal(figure(&s, 1, 30, PRESENT).outages, 0);
    /* Before anything was heard. */
    assert_int_equal(figure(&s, -1, 1, PRESENT).state_ms[STATE_UNOBSERVED], hours_ms(24));
    restart(&s);
    a = figure(&s, 0, 30, PRESENT);
    assert_int_equal(a.state_ms[STATE_UP], hours_ms(30 * 24 - 2));
    assert_int_equal(a.outages, 1);
    stage_close(&s);
}

/* An outage over midnight counts once in both days together, once in each alone. */
static void an_outage_over_a_boundary_counts_once(void **state)
{
    struct stage s;
    (void)state;
    stage_open(&s);
    say(&s, 0, 23, VERDICT_OK);
    say(&s, 23, 25, VERDICT_FAILED);
    say(&s, 25, 72.0 * 24 + 8, VERDICT_OK);
    assert_int_equal(hours_end(s.a->hours, s.unit).ms, at(&s, 48).ms);
    assert_int_equal(figure(&s, 0, 2, PRESENT).outages, 1);
    assert_int_equal(figure(&s, 0, 1, PRESENT).outages, 1);
    assert_int_equal(figure(&s, 1, 2, PRESENT).outages, 1);
    assert_int_equal(figure(&s, 1, 2, PRESENT).state_ms[STATE_DOWN], hours_ms(1));
    assert_int_equal(figure(&s, 0, 5, PRESENT).outages, 1);
    stage_close(&s);
}

/* Both ends of a silence lie in one gap: it counts once, where the outage began, however the period
 * is put together. */
static void a_gap_is_uncertain_once(void **state)
{
    struct stage s;
    (void)state;
    stage_open(&s);
    say(&s, 0, 22, VERDICT_OK); /* last result ten minutes before 22 h */
    pass(&s, 25);
    say(&s, 25, 72.0 * 24 + 8, VERDICT_OK);
    assert_int_equal(hours_end(s.a->hours, s.unit).ms, at(&s, 48).ms);
    int64_t gap_ms = hours_ms(3) + STEP_MS;
    assert_int_equal(figure(&s, 0, 2, PRESENT).unverified, 1);
    assert_int_equal(figure(&s, 0, 2, PRESENT).uncertainty_ms, gap_ms);
    assert_int_equal(figure(&s, 0, 1, PRESENT).uncertainty_ms, gap_ms);
    assert_int_equal(figure(&s, 1, 2, PRESENT).uncertainty_ms, 0);
    assert_int_equal(figure(&s, 0, 30, PRESENT).uncertainty_ms, gap_ms);
    stage_close(&s);
}

/* A unit that flaps at every result for days keeps every millisecond, with restarts in between. */
static void flapping_loses_nothing(void **state)
{
    struct stage s;
    (void)state;
    stage_open(&s);
    for (int i = 0; i < 6 * 24 * 14; i++) {
        double t = (double)i / 6;
        pass(&s, t);
        assert_int_equal(result(&s, t, i % 2 ? VERDICT_FAILED : VERDICT_OK, t), WORLD_TAKEN);
        if (i % 700 == 699)
            restart(&s);
    }
    pass(&s, 14 * 24);
    assert_true(hours_end(s.a->hours, s.unit).ms > at(&s, 11 * 24).ms);
    for (int day = 0; day < 14; day++) {
        struct availability a = figure(&s, day, day + 1, PRESENT);
        assert_int_equal(a.state_ms[STATE_DOWN], hours_ms(12));
        assert_int_equal(a.state_ms[STATE_UP], hours_ms(12));
        assert_int_equal(a.outages, 72);
    }
    struct availability all = figure(&s, 0, 14, PRESENT);
    assert_int_equal(all.outages, 14 * 72);
    /* Each of its starts and ends is ten minutes uncertain. */
    assert_int_equal(all.uncertainty_ms, (int64_t)(2 * 14 * 72 - 1) * STEP_MS);
    stage_close(&s);
}

/* A backlog of the first day, which arrives four days later all at once, turns silence into an hour
 * of downtime: nothing shown changes until the episode ends, then there is one revision. */
static void late_evidence_makes_one_revision(void **state)
{
    struct stage s;
    (void)state;
    stage_open(&s);
    say(&s, 0, 6, VERDICT_OK);
    pass(&s, 100.5);
    assert_int_equal(figure(&s, 0, 1, RECORDED).state_ms[STATE_DOWN], 0);
    assert_true(figure(&s, 0, 1, RECORDED).state_ms[STATE_SILENT] > hours_ms(18));
    for (int i = 36; i < 96 * 6; i++)
        (void)result(&s, (double)i / 6, i < 42 ? VERDICT_FAILED : VERDICT_OK, 100.5);
    pass(&s, 100.6);
    assert_int_equal(figure(&s, 0, 1, PRESENT).state_ms[STATE_DOWN], hours_ms(1));
    assert_int_equal(figure(&s, 0, 1, RECORDED).state_ms[STATE_DOWN], 0);
    restart(&s);
    assert_int_equal(figure(&s, 0, 1, RECORDED).state_ms[STATE_DOWN], 0);
    pass(&s, 100.99);
    assert_int_equal(rows_of(&s, ROW_REVISION), 0);
    pass(&s, 101.01);
    assert_int_equal(figure(&s, 0, 1, RECORDED).state_ms[STATE_DOWN], hours_ms(1));
    /* Days 0 and 1 were final, the next two were not; and day 0 of the 5G unit, whose anchor it is.
     */
    assert_int_equal(rows_of(&s, ROW_REVISION), 3);
    struct period_when first = {true, at(&s, 72), false};
    assert_int_equal(figure(&s, 0, 1, first).state_ms[STATE_DOWN], 0);
    assert_true(figure(&s, 0, 1, first).state_ms[STATE_SILENT] > hours_ms(18));
    assert_int_equal(figure(&s, 0, 1, RECORDED).state_ms[STATE_SILENT], 0);
    pass(&s, 130);
    assert_int_equal(figure(&s, 0, 1, RECORDED).state_ms[STATE_DOWN], hours_ms(1));
    assert_int_equal(rows_of(&s, ROW_REVISION), 3);
    assert_int_equal(rows_of(&s, ROW_EPISODE), 0);
    stage_close(&s);
}

/* FIGURES section 3: older evidence changes no figure. */
static void evidence_of_71_days_ago_is_refused(void **state)
{
    struct stage s;
    (void)state;
    stage_open(&s);
    say(&s, 0, 1, VERDICT_OK);
    pass(&s, 72.0 * 24);
    assert_int_equal(result(&s, 1.5, VERDICT_OK, 72.0 * 24), WORLD_OLD);
    assert_int_equal(result(&s, 48, VERDICT_OK, 72.0 * 24), WORLD_TAKEN);
    stage_close(&s);
}

/* Maintenance of the site in [from, to), declared two hours after its end. */
static int64_t declare(struct stage *s, double from, double to)
{
    struct inventory_wish wish = {.site = s->site,
                                  .unit = INV_NONE,
                                  .kind = DECLARATION_MAINTENANCE,
                                  .span = {at(s, from), at(s, to)},
                                  .reason = "works",
                                  .by = "an admin"};
    const struct world_declared declared = {s->site, at(s, from)};
    int64_t number = 0;
    assert_int_equal(inventory_declare(s->inv, &wish, at(s, to + 2), &number), 0);
    assert_int_equal(world_set_declarations(s->w, s->inv, &declared, 1), 0);
    return number;
}

static void assert_day(struct stage *s, int from, int to, struct period_when when, double down,
                       double maintenance, unsigned outages)
{
    struct availability a = figure(s, from, to, when);
    assert_int_equal(a.state_ms[STATE_DOWN], hours_ms(down));
    assert_int_equal(a.cause_ms[CAUSE_TRANSPORT], hours_ms(down));
    assert_int_equal(a.state_ms[STATE_MAINTENANCE], hours_ms(maintenance));
    assert_int_equal(a.outages, outages);
}

/* Down from 22 to 26 o'clock; works from 21 to 25 o'clock are declared afterwards: with them an
 * hour of downtime is left, on the second day. Nothing of that changes when the days are final,
 * when their hours are settled, after a restart, nor by works that are declared when it is too
 * late. */
static void maintenance_in_retrospect_stands_beside_every_period(void **state)
{
    static const struct {
        int from, to;
        double down, with, maintenance;
        unsigned outages, outages_with;
    } days[] = {{0, 1, 2, 0, 3, 1, 0},
                {1, 2, 2, 1, 1, 1, 1},
                {0, 2, 4, 1, 4, 1, 1},
                {2, 3, 0, 0, 0, 0, 0},
                {0, 5, 4, 1, 4, 1, 1}};
    struct stage s;
    (void)state;
    stage_open(&s);
    say(&s, 0, 22, VERDICT_OK);
    say(&s, 22, 26, VERDICT_FAILED);
    say(&s, 26, 48, VERDICT_OK);
    declare(&s, 21, 25);
    for (int round = 0; round < 4; round++) {
        for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
            int from = days[i].from, to = days[i].to;
            assert_day(&s, from, to, PRESENT, days[i].down, 0, days[i].outages);
            assert_day(&s, from, to, EXCUSED, days[i].with, days[i].maintenance,
                       days[i].outages_with);
            assert_day(&s, from, to, RECORDED_EXCUSED, days[i].with, days[i].maintenance,
                       days[i].outages_with);
        }
        if (round == 0)
            say(&s, 48, 24 * 4, VERDICT_OK); /* the first day is final */
        if (round == 1)
            say(&s, 24 * 4, 24 * 71 + 8, VERDICT_OK); /* and its hours are settled */
        if (round == 2)
            say(&s, 24 * 71 + 8, 24 * 76 + 8, VERDICT_OK); /* those of the next days, too */
        if (round == 2)
            declare(&s, 30, 31);
        restart(&s);
    }
    assert_true(hours_end(s.a->hours, s.unit).ms > at(&s, 5 * 24).ms);
    stage_close(&s);
}

static void broken_rows_are_refused(void **state)
{
    struct stage s;
    struct revision revision;
    (void)state;
    stage_open(&s);
    char key[8] = {0};
    struct slice k = {key, sizeof key};
    assert_int_equal(annals_load(s.a, ROW_HOURS, k, slice_of("")), ERR_CORRUPT);
    assert_int_equal(annals_load(s.a, ROW_HOURS, k, slice_of("\x09")), ERR_VERSION);
    assert_int_equal(annals_load(s.a, ROW_HOURS, slice_of("abc"), slice_of("\x01")), ERR_CORRUPT);
    assert_int_equal(annals_load(s.a, ROW_EPISODE, k, slice_of("\x01\x07")), ERR_CORRUPT);
    assert_int_equal(annals_load(s.a, ROW_OUTAGE, k, slice_of("\x01")), ERR_UNKNOWN);
    assert_int_equal(revisions_read(k, slice_of("\x01"), ZONE_MS, &revision), ERR_CORRUPT);
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settled_hours_say_what_the_timeline_said),
        cmocka_unit_test(an_outage_over_a_boundary_counts_once),
        cmocka_unit_test(a_gap_is_uncertain_once),
        cmocka_unit_test(flapping_loses_nothing),
        cmocka_unit_test(late_evidence_makes_one_revision),
        cmocka_unit_test(evidence_of_71_days_ago_is_refused),
        cmocka_unit_test(maintenance_in_retrospect_stands_beside_every_period),
        cmocka_unit_test(broken_rows_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
