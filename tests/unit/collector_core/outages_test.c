/* Outages of units from evidence: where they begin and end, that their numbers last, what is at
 * their root, and whom they concern (FIGURES section 5, 7.8, 7.21, 7.25). */
#include "core/outages.h"

#include "base/err.h"
#include "centre_rig.h"
#include "core/outage_groups.h"
#include "core/summary.h"
#include "memory_rows.h"
#include "sample_inventory.h"
#include "unit.h"

#include <string.h>

#define UNITS_OF_A "\"4g@a\",\"5g@a\""

static int init(void **state)
{
    static struct rig rig;
    rig_init(&rig, sample_province);
    *state = &rig;
    return 0;
}

static int done(void **state)
{
    rig_done(*state);
    return 0;
}

static size_t count_of(const struct rig *rig, const char *unit)
{
    return outages_count(rig->centre->outages, sample_unit(rig->centre->inventory, unit));
}

static struct outage at(const struct rig *rig, const char *unit, size_t i)
{
    assert_true(i < count_of(rig, unit));
    return outages_at(rig->centre->outages, sample_unit(rig->centre->inventory, unit), i);
}

/* The one outage of a unit, which must have exactly this one. */
static struct outage only(const struct rig *rig, const char *unit)
{
    assert_int_equal(count_of(rig, unit), 1);
    return at(rig, unit, 0);
}

static void assert_span(struct outage o, double from_s, double to_s)
{
    assert_int_equal(o.from.ms, rig_at(from_s).ms);
    if (to_s < 0)
        assert_true(o.to.ms == WALL_NEVER_MS);
    else
        assert_int_equal(o.to.ms, rig_at(to_s).ms);
}

/* icmp/a of p1 for 4g@a: up in [0, 90], then @p verdict from 100 on until @p to_s. */
static void begin(struct rig *rig, int verdict, double to_s)
{
    rig_list(rig, "p1", "bts-1", "\"4g@a\"", NULL, "fault", 0);
    rig_results(rig, "p1", "bts-1", 'a', 0, 0, 100, 0);
    rig_results(rig, "p1", "bts-1", 'a', verdict, 100, to_s, 0);
}

static void down_begins_and_up_or_degraded_ends(void **state)
{
    for (int good = 0; good <= 1; good++) {
        struct rig *rig = *state;
        begin(rig, 2, 150);
        rig_advance(rig, 145);
        assert_span(only(rig, "bts-1/4g@a"), 100, -1);
        size_t n = 0;
        outages_open_units(rig->centre->outages, &n);
        assert_int_equal(n, 2); /* 5g@a goes with its anchor */
        rig_results(rig, "p1", "bts-1", 'a', good, 150, 170, 0);
        rig_advance(rig, 165);
        struct outage o = only(rig, "bts-1/4g@a");
        assert_span(o, 100, 150);
        assert_true(o.verified);
        assert_int_equal(o.cause, CAUSE_FAULT);
        assert_int_equal(outages_open(rig->centre->outages, o.unit).number, 0);
        done(state);
        init(state);
    }
}

static void what_the_probe_cannot_tell_ends_it_what_nobody_heard_does_not(void **state)
{
    struct rig *rig = *state;
    begin(rig, 2, 150);
    rig_results(rig, "p1", "bts-1", 'a', 3, 150, 160, 0);
    rig_advance(rig, 155);
    assert_span(only(rig, "bts-1/4g@a"), 100, 150);
    done(state);
    init(state);
    begin(rig, 2, 150); /* then nothing, and nobody listens: unobserved, cause unknown */
    rig_advance(rig, 400);
    assert_span(only(rig, "bts-1/4g@a"), 100, -1);
    rig_results(rig, "p1", "bts-1", 'a', 2, 410, 430, 0);
    rig_results(rig, "p1", "bts-1", 'a', 0, 430, 440, 0);
    rig_advance(rig, 435);
    assert_span(only(rig, "bts-1/4g@a"), 100, 430);
}

static void silence_is_an_outage_that_is_not_verified(void **state)
{
    struct rig *rig = *state;
    begin(rig, 0, 110); /* the last result at 100 */
    rig_listen(rig, 0, 300);
    rig_advance(rig, 300);
    struct outage o = only(rig, "bts-1/4g@a");
    assert_span(o, 100, -1);
    assert_false(o.verified);
    assert_int_equal(o.cause, CAUSE_UNKNOWN);
}

static void a_number_lasts_through_late_evidence_and_a_restart(void **state)
{
    struct rig *rig = *state;
    struct rig fresh;
    begin(rig, 0, 110);
    rig_listen(rig, 0, 300);
    rig_advance(rig, 300);
    uint64_t number = only(rig, "bts-1/4g@a").number;
    rig_results(rig, "p1", "bts-1", 'a', 2, 110, 130, 301);
    rig_results(rig, "p1", "bts-1", 'a', 0, 130, 150, 301);
    rig_results(rig, "p1", "bts-1", 'a', 2, 150, 170, 301);
    rig_results(rig, "p1", "bts-1", 'a', 0, 170, 310, 301);
    rig_advance(rig, 302);
    /* the backlog splits it: its first part keeps the number */
    assert_int_equal(count_of(rig, "bts-1/4g@a"), 2);
    struct outage first = at(rig, "bts-1/4g@a", 0);
    struct outage second = at(rig, "bts-1/4g@a", 1);
    assert_span(first, 110, 130);
    assert_span(second, 150, 170);
    assert_int_equal(first.number, number);
    assert_int_equal(first.born.ms, rig_at(100).ms);
    assert_true(second.number > number && first.verified);
    rig_restart(rig, sample_province, &fresh);
    assert_int_equal(count_of(&fresh, "bts-1/4g@a"), 2);
    for (size_t i = 0; i < 2; i++) {
        struct outage old = at(rig, "bts-1/4g@a", i);
        struct outage again = at(&fresh, "bts-1/4g@a", i);
        assert_int_equal(again.number, old.number);
        assert_int_equal(again.born.ms, old.born.ms);
        assert_int_equal(again.from.ms, old.from.ms);
        assert_int_equal(again.to.ms, old.to.ms);
    }
    rig_results(&fresh, "p1", "bts-1", 'a', 2, 320, 330, 0);
    rig_advance(&fresh, 325);
    uint64_t highest = second.number;
    for (size_t i = 0; i < count_of(rig, "bts-1/5g@a"); i++) {
        uint64_t other = at(rig, "bts-1/5g@a", i).number;
        highest = other > highest ? other : highest;
    }
    assert_int_equal(count_of(&fresh, "bts-1/4g@a"), 3);
    assert_true(at(&fresh, "bts-1/4g@a", 2).number > highest); /* never reused */
    rig_done(&fresh);
}

/* A row as version 1 writes it: @p n outages of unit 0, numbered from 1, a minute each two. */
static void stored_row(struct buf *value, unsigned n, uint64_t next)
{
    buf_init(value, 1 << 20);
    buf_char(value, 1);
    buf_le64(value, next);
    for (unsigned i = 0; i < n; i++) {
        int64_t from = rig_at(120.0 * i).ms;
        buf_le64(value, i + 1);
        buf_le64(value, (uint64_t)from);
        buf_le64(value, (uint64_t)from + 60000);
        buf_le64(value, (uint64_t)from - 1000);
        buf_char(value, 1 | CAUSE_POWER << 1);
    }
    assert_int_equal(value->err, 0);
}

static void a_store_with_more_outages_than_are_kept_gives_the_newest(void **state)
{
    struct rig *rig = *state;
    struct outages *o = outages_new();
    struct buf value;
    stored_row(&value, 1024, 5000);
    struct slice key = {"\0\0\0\0", 4};
    assert_int_equal(outages_load(o, key, (struct slice){value.data, value.len - 1}), ERR_CORRUPT);
    outages_free(o);
    o = outages_new();
    assert_int_equal(outages_load(o, key, (struct slice){value.data, value.len}), 0);
    assert_int_equal(outages_again(o, rig->centre->world, 0), 0); /* which knows nothing of them */
    size_t n = outages_count(o, 0);
    assert_true(n <= OUTAGE_BOOK_MAX && n > OUTAGE_BOOK_MAX - OUTAGE_BOOK_DROP);
    for (size_t i = 0; i < n; i++) {
        struct outage one = outages_at(o, 0, i);
        unsigned number = (unsigned)(1024 - n + i + 1);
        assert_int_equal(one.number, number);
        assert_int_equal(one.from.ms, rig_at(120.0 * (number - 1)).ms);
        assert_int_equal(one.to.ms, one.from.ms + 60000);
        assert_int_equal(one.born.ms, one.from.ms - 1000);
        assert_true(one.verified && one.cause == CAUSE_POWER);
        struct wall_ms inside = wall_add(one.from, 59999);
        assert_int_equal(outages_overlapping(o, 0, inside, wall_add(inside, 1)).number, number);
        assert_int_equal(outages_overlapping(o, 0, one.to, wall_add(one.to, 1)).number, 0);
        assert_int_equal(outages_find(o, 0, number).from.ms, one.from.ms);
    }
    assert_int_equal(outages_find(o, 0, 1).number, 0);
    buf_done(&value);
    outages_free(o);
}

/* Every outage of bts-1/4g@a once, by its start: those in the archive and those in memory. */
static size_t all_outages(const struct rig *rig, const struct memory_rows *rows, struct outage *all,
                          size_t max)
{
    size_t n = 0;
    for (size_t i = 0; i < rows->rows.len; i++) {
        const struct memory_row *row = vec_at(&rows->rows, i);
        struct outage o = {0};
        if (row->kind != ROW_OUTAGE_PAST)
            continue;
        assert_int_equal(outages_read_past((struct slice){row->key, row->key_len},
                                           (struct slice){row->value, row->value_len}, &o),
                         0);
        if (o.unit == sample_unit(rig->centre->inventory, "bts-1/4g@a") && n < max)
            all[n++] = o;
    }
    for (size_t i = 0; i < count_of(rig, "bts-1/4g@a") && n < max; i++)
        all[n++] = at(rig, "bts-1/4g@a", i);
    return n;
}

static void load(struct rig *fresh, const struct memory_rows *rows)
{
    rig_init(fresh, sample_province);
    for (size_t i = 0; i < rows->rows.len; i++) {
        const struct memory_row *row = vec_at(&rows->rows, i);
        if (row->kind < ROW_ARCHIVE)
            assert_int_equal(centre_load(fresh->centre, row->kind,
                                         (struct slice){row->key, row->key_len},
                                         (struct slice){row->value, row->value_len}),
                             0);
    }
    assert_int_equal(centre_loaded(fresh->centre), 0);
}

/* An outage every 40 s for hours: none is lost, none is there twice, not by late evidence that
 * reaches behind the book, nor by a restart. */
static void older_outages_go_to_the_archive(void **state)
{
    enum { OUTAGES = 250, MAX = 300, PERIOD_S = 40 };

    static struct outage all[MAX];
    struct rig *rig = *state;
    struct rig fresh;
    struct memory_rows rows;
    memory_rows_init(&rows);
    struct row_sink sink = memory_rows_sink(&rows);
    begin(rig, 0, 110);
    assert_int_equal(outages_given(rig->centre->outages), 0);
    for (int i = 0; i < OUTAGES; i++) {
        double t = 110 + (double)PERIOD_S * i;
        rig_results(rig, "p1", "bts-1", 'a', 2, t, t + 20, 0);
        rig_results(rig, "p1", "bts-1", 'a', 0, t + 20, t + PERIOD_S, 0);
        rig_advance(rig, t + PERIOD_S - 5);
    }
    assert_int_equal(centre_save(rig->centre, &sink), 0);
    assert_int_equal(outages_given(rig->centre->outages) % OUTAGE_BOOK_DROP, 0);
    assert_true(outages_given(rig->centre->outages) > 0);
    /* everything is looked at again, as after a change of the inventory */
    uint32_t unit = sample_unit(rig->centre->inventory, "bts-1/4g@a");
    assert_int_equal(outages_update(rig->centre->outages, rig->centre->world, unit, rig_at(0)), 0);
    assert_int_equal(centre_save(rig->centre, &sink), 0);
    for (int round = 0; round < 3; round++) {
        const struct rig *now = round ? &fresh : rig;
        assert_true(count_of(now, "bts-1/4g@a") <= OUTAGE_BOOK_MAX);
        assert_int_equal(all_outages(now, &rows, all, MAX), OUTAGES);
        for (int i = 0; i < OUTAGES; i++) {
            assert_span(all[i], 110 + PERIOD_S * i, 130 + PERIOD_S * i);
            assert_true(all[i].verified && all[i].cause == CAUSE_FAULT);
            assert_true(i == 0 || all[i].number > all[i - 1].number);
        }
        if (round == 0)
            load(&fresh, &rows);
        if (round == 1) /* of what was settled before the restart its timeline knows nothing */
            assert_int_equal(
                outages_update(fresh.centre->outages, fresh.centre->world, unit, rig_at(0)), 0);
    }
    assert_true(outages_given(fresh.centre->outages) > 0);
    rig_done(&fresh);
    memory_rows_done(&rows);
}

/* The same all at once, as a backlog brings it. */
static void many_outages_of_one_turn_are_all_found(void **state)
{
    enum { OUTAGES = 231, MAX = 300, PERIOD_S = 40 };

    static struct outage all[MAX];
    struct rig *rig = *state;
    struct memory_rows rows;
    memory_rows_init(&rows);
    struct row_sink sink = memory_rows_sink(&rows);
    begin(rig, 0, 110);
    rig_advance(rig, 110 + (double)PERIOD_S * OUTAGES + 60);
    for (int i = 0; i < OUTAGES; i++) {
        double t = 110 + (double)PERIOD_S * i;
        rig_results(rig, "p1", "bts-1", 'a', 2, t, t + 20, 0);
        rig_results(rig, "p1", "bts-1", 'a', 0, t + 20, t + PERIOD_S, 0);
    }
    rig_advance(rig, 110 + (double)PERIOD_S * OUTAGES + 61);
    assert_int_equal(centre_save(rig->centre, &sink), 0);
    assert_int_equal(all_outages(rig, &rows, all, MAX), OUTAGES);
    for (int i = 0; i < OUTAGES; i++)
        assert_span(all[i], 110 + PERIOD_S * i, 130 + PERIOD_S * i);
    memory_rows_done(&rows);
}

static const int64_t DAY_MS = INT64_C(86400000);

/* The check of p1 for 4g@a with a ttl of 31 days says @p verdict at @p day; time passes until then
 * day by day. */
static void tell_slowly(struct rig *rig, int day, enum verdict verdict)
{
    const struct inventory *inv = rig->centre->inventory;
    uint32_t unit = sample_unit(inv, "bts-1/4g@a");
    struct check_entry entry = {.name = slice_of("icmp/a"),
                                .site = sample_site(inv, "bts-1"),
                                .units = &unit,
                                .n_units = 1,
                                .interval_ms = DAY_MS,
                                .timeout_ms = 1000,
                                .ttl_ms = 24 * DAY_MS,
                                .role = ROLE_REQUIRED,
                                .cause = CAUSE_FAULT};
    uint32_t probe = 0;
    while (strcmp(names_text(&inv->probes, probe), "p1") != 0)
        probe++;
    struct wall_ms t = wall_add(rig_at(0), day * DAY_MS);
    if (day == 0)
        assert_int_equal(world_list(rig->centre->world, probe, t, &entry, 1), 0);
    for (int64_t now = world_now(rig->centre->world).ms; now < t.ms - DAY_MS; now += DAY_MS)
        assert_int_equal(centre_advance(rig->centre, (struct wall_ms){now}), 0);
    assert_int_equal(centre_advance(rig->centre, t), 0);
    enum world_fate fate;
    assert_int_equal(
        world_result(rig->centre->world, probe, entry.site, entry.name, t, verdict, t, &fate), 0);
    assert_int_equal(fate, WORLD_TAKEN);
    assert_int_equal(centre_advance(rig->centre, t), 0);
}

static void an_outage_longer_than_timelines_are_kept_has_its_own_start(void **state)
{
    struct rig *rig = *state;
    rig_advance(rig, 0);
    tell_slowly(rig, 0, VERDICT_OK);
    for (int day = 20; day <= 140; day += 20)
        tell_slowly(rig, day, VERDICT_FAILED);
    uint64_t number = only(rig, "bts-1/4g@a").number;
    assert_span(only(rig, "bts-1/4g@a"), 20 * 86400.0, -1);
    struct rig fresh;
    rig_restart(rig, sample_province, &fresh);
    assert_span(only(&fresh, "bts-1/4g@a"), 20 * 86400.0, -1);
    tell_slowly(&fresh, 150, VERDICT_OK);
    assert_span(only(&fresh, "bts-1/4g@a"), 20 * 86400.0, 150 * 86400.0);
    assert_int_equal(only(&fresh, "bts-1/4g@a").number, number);
    assert_true(only(&fresh, "bts-1/4g@a").verified);
    rig_done(&fresh);
}

static void what_timelines_forgot_is_an_outage_still_after_a_restart_too(void **state)
{
    struct rig *rig = *state;
    rig_advance(rig, 0);
    tell_slowly(rig, 0, VERDICT_OK);
    tell_slowly(rig, 20, VERDICT_FAILED);
    for (int day = 30; day <= 150; day += 20)
        tell_slowly(rig, day, VERDICT_OK);
    assert_span(only(rig, "bts-1/4g@a"), 20 * 86400.0, 30 * 86400.0);
    struct rig fresh;
    rig_restart(rig, sample_province, &fresh);
    assert_span(only(&fresh, "bts-1/4g@a"), 20 * 86400.0, 30 * 86400.0);
    assert_int_equal(only(&fresh, "bts-1/4g@a").number, only(rig, "bts-1/4g@a").number);
    rig_done(&fresh);
}

static struct outage root_of(const struct rig *rig, const char *unit)
{
    struct outage o = only(rig, unit);
    return outage_root(rig->centre->outages, rig->centre->inventory, &o);
}

/* Lists for bts-1 and its link; both up until 100. */
static void begin_with_link(struct rig *rig)
{
    rig_list(rig, "p-link", "link-1", "\"link\"", NULL, "fault", 0);
    rig_list(rig, "p1", "bts-1", UNITS_OF_A, "\"4g@b\"", "fault", 0);
    rig_results(rig, "p-link", "link-1", 'a', 0, 0, 100, 0);
    rig_results(rig, "p1", "bts-1", 'a', 0, 0, 110, 0);
    rig_results(rig, "p1", "bts-1", 'b', 0, 0, 110, 0);
}

static void a_mast_behind_a_cut_link_is_down_by_it_and_joins_its_outage(void **state)
{
    struct rig *rig = *state;
    begin_with_link(rig);
    rig_results(rig, "p-link", "link-1", 'a', 2, 100, 300, 0);
    rig_listen(rig, 0, 300);
    rig_advance(rig, 300);
    struct outage link = only(rig, "link-1/link");
    struct outage mast = only(rig, "bts-1/4g@a");
    assert_true(mast.verified);
    assert_int_equal(mast.cause, CAUSE_TRANSPORT);
    assert_int_equal(root_of(rig, "bts-1/4g@a").number, link.number);
    assert_int_equal(root_of(rig, "link-1/link").number, link.number);
}

static void units_of_a_site_are_one_failure_only_when_all_are_out(void **state)
{
    struct rig *rig = *state;
    begin_with_link(rig);
    rig_results(rig, "p1", "bts-1", 'a', 2, 110, 150, 0);
    rig_results(rig, "p1", "bts-1", 'b', 0, 110, 150, 0);
    rig_advance(rig, 145);
    struct outage a = only(rig, "bts-1/4g@a");
    assert_false(outage_whole_site(rig->centre->outages, rig->centre->inventory, &a));
    assert_int_equal(root_of(rig, "bts-1/5g@a").number, only(rig, "bts-1/5g@a").number);
    rig_results(rig, "p1", "bts-1", 'a', 2, 150, 190, 0);
    rig_results(rig, "p1", "bts-1", 'b', 2, 150, 190, 0);
    rig_advance(rig, 185);
    a = only(rig, "bts-1/4g@a");
    assert_true(outage_whole_site(rig->centre->outages, rig->centre->inventory, &a));
    assert_int_equal(root_of(rig, "bts-1/4g@b").number, root_of(rig, "bts-1/5g@a").number);
    uint32_t site = sample_site(rig->centre->inventory, "bts-1");
    struct summary s = summary_site(rig->centre->inventory, rig->centre->world, site, rig_at(185));
    assert_true(s.out);
    assert_int_equal(s.worst, STATE_DOWN);
    assert_int_equal(s.units[STATE_DOWN], 3);
    assert_int_equal(s.since.ms, rig_at(110).ms);
    s = summary_site(rig->centre->inventory, rig->centre->world, site, rig_at(120));
    assert_false(s.out);
    assert_int_equal(s.units[STATE_UP], 1);
}

static struct outage_groups ask(const struct rig *rig, const char *area, bool only_open, double now)
{
    const struct centre *c = rig->centre;
    struct outage_sources from = {c->outages, c->inventory, c->serving, c->world, NULL};
    struct outage_question q = {.area = area ? sample_area(c->inventory, area) : INV_NONE,
                                .only_open = only_open,
                                .from = rig_at(0),
                                .to = rig_at(now),
                                .now = rig_at(now)};
    struct outage_groups groups;
    assert_int_equal(outage_groups_ask(&from, &q, &groups), 0);
    return groups;
}

static void people_are_a_union_and_another_live_unit_saves_a_village(void **state)
{
    struct rig *rig = *state;
    begin_with_link(rig);
    rig_results(rig, "p1", "bts-1", 'a', 2, 110, 150, 0); /* 4g@a, 5g@a: v11 v12 */
    rig_results(rig, "p1", "bts-1", 'b', 0, 110, 150, 0); /* 4g@b lives: v11 */
    rig_advance(rig, 145);
    struct outage_groups g = ask(rig, NULL, true, 145);
    assert_int_equal(g.groups.len, 2); /* 4g@a and 5g@a, each its own root */
    const struct outage_group *first = vec_at(&g.groups, 0);
    assert_int_equal(first->mobile.exposed.villages, 2);
    assert_int_equal(first->mobile.exposed.population, 300);
    assert_int_equal(first->mobile.without_down.villages, 1);
    assert_int_equal(first->mobile.without_down.population, 200);
    assert_int_equal(first->mobile.without_down.households, 50);
    assert_int_equal(first->mobile.without_silent.villages, 0);
    assert_int_equal(first->fibre.exposed.villages, 0);
    outage_groups_done(&g);
    g = ask(rig, "c2", true, 145);
    assert_int_equal(g.groups.len, 0);
    outage_groups_done(&g);
}

static void the_gravest_comes_first_and_silent_stands_apart(void **state)
{
    struct rig *rig = *state;
    rig_list(rig, "p1", "bts-1", UNITS_OF_A ",\"4g@b\"", NULL, "fault", 0);
    rig_list(rig, "p2", "bts-2", "\"4g@a\"", NULL, "fault", 0);
    rig_list(rig, "p3", "bts-3", "\"4g@b\",\"fibre@b\"", NULL, "fault", 0);
    rig_results(rig, "p1", "bts-1", 'a', 2, 0, 300, 0); /* 300 people */
    rig_results(rig, "p2", "bts-2", 'a', 0, 0, 100, 0); /* then silent */
    rig_results(rig, "p3", "bts-3", 'a', 2, 0, 300,
                0); /* 700 people, by fibre alone from the start */
    rig_listen(rig, 0, 300);
    rig_advance(rig, 300);
    struct outage_groups g = ask(rig, NULL, true, 300);
    assert_int_equal(g.groups.len, 3);
    const struct outage_group *at = vec_at(&g.groups, 0);
    assert_string_equal(names_text(&rig->centre->inventory->units, at[0].root.unit), "bts-3/4g@b");
    assert_int_equal(at[0].fibre.without_down.population, 700);
    assert_int_equal(outage_groups_people(&at[0]), 700);
    assert_int_equal(at[0].sites_out, 1);
    assert_int_equal(outage_groups_people(&at[1]), 300);
    assert_int_equal(at[1].len, 3);
    assert_false(at[2].verified);
    assert_int_equal(at[2].mobile.without_down.population, 0);
    assert_int_equal(at[2].mobile.without_silent.population, 700);
    outage_groups_done(&g);
}

static void larger_areas_are_served_as_their_villages(void **state)
{
    struct rig *rig = *state;
    const struct inventory *inv = rig->centre->inventory;
    size_t n = 0;
    const struct serving_link *link =
        serving_of_unit(rig->centre->serving, sample_unit(inv, "bts-3/fibre@b"), &n);
    assert_int_equal(n, 2);
    assert_int_equal(link[0].village, sample_area(inv, "v21"));
    assert_int_equal(link[1].village, sample_area(inv, "v22"));
    link = serving_of_village(rig->centre->serving, sample_area(inv, "v11"), &n);
    assert_int_equal(n, 3);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(link[i].village, sample_area(inv, "v11"));
    serving_of_village(rig->centre->serving, 100000, &n);
    assert_int_equal(n, 0);
}

#define WITH_RIG(test) cmocka_unit_test_setup_teardown(test, init, done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RIG(down_begins_and_up_or_degraded_ends),
        WITH_RIG(what_the_probe_cannot_tell_ends_it_what_nobody_heard_does_not),
        WITH_RIG(silence_is_an_outage_that_is_not_verified),
        WITH_RIG(a_number_lasts_through_late_evidence_and_a_restart),
        WITH_RIG(a_store_with_more_outages_than_are_kept_gives_the_newest),
        WITH_RIG(older_outages_go_to_the_archive),
        WITH_RIG(many_outages_of_one_turn_are_all_found),
        WITH_RIG(an_outage_longer_than_timelines_are_kept_has_its_own_start),
        WITH_RIG(what_timelines_forgot_is_an_outage_still_after_a_restart_too),
        WITH_RIG(a_mast_behind_a_cut_link_is_down_by_it_and_joins_its_outage),
        WITH_RIG(units_of_a_site_are_one_failure_only_when_all_are_out),
        WITH_RIG(people_are_a_union_and_another_live_unit_saves_a_village),
        WITH_RIG(the_gravest_comes_first_and_silent_stands_apart),
        WITH_RIG(larger_areas_are_served_as_their_villages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
