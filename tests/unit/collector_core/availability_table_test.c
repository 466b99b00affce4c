#include "core/availability_table.h"

#include "sample_inventory.h"
#include "unit.h"

#include <string.h>

/* A day of half-hourly results of one unit, every seventh failed. */
static void feed(struct world *w, const struct inventory *inv, struct wall_ms now)
{
    uint32_t unit = sample_unit(inv, "bts-1/4g@a");
    struct check_entry entry = {.name = slice_of("icmp/core"),
                                .site = sample_site(inv, "bts-1"),
                                .units = &unit,
                                .n_units = 1,
                                .interval_ms = 1800000,
                                .timeout_ms = 1000,
                                .ttl_ms = 3700000};
    uint32_t probe = sample_probe(inv, "p1");
    assert_int_equal(world_list(w, probe, wall_add(now, -86400000), &entry, 1), 0);
    for (int64_t ago = 86400000; ago > 0; ago -= 1800000) {
        enum world_fate fate;
        enum verdict verdict = ago / 1800000 % 7 == 0 ? VERDICT_FAILED : VERDICT_OK;
        assert_int_equal(world_result(w, probe, entry.site, entry.name, wall_add(now, -ago),
                                      verdict, now, &fate),
                         0);
        assert_int_equal(fate, WORLD_TAKEN);
    }
    assert_int_equal(world_advance(w, now), 0);
}

static void assert_same(const struct availability_area *a, const struct availability_area *b)
{
    assert_memory_equal(a->sum.state_ms, b->sum.state_ms, sizeof b->sum.state_ms);
    assert_memory_equal(a->all.state_ms, b->all.state_ms, sizeof b->all.state_ms);
    assert_int_equal(a->units, b->units);
    assert_int_equal(a->enough, b->enough);
    assert_int_equal(a->sum.outages, b->sum.outages);
    assert_true(a->people_up == b->people_up && a->people_down == b->people_down);
}

/* Compares one cell; returns whether it tells of outages. */
static bool compare(const struct availability_table *table, const struct world *w,
                    const struct inventory *inv, const struct availability_query *q)
{
    struct availability_area single = {0};
    assert_int_equal(availability_of_area(w, inv, q, &single), 0);
    const struct availability_area *cell = availability_table_at(table, 1, q->area, q->kind, q->op);
    if (inventory_area(inv, q->area, world_now(w))->village) {
        assert_null(cell);
        return false;
    }
    assert_same(cell, &single);
    return cell->sum.outages > 0;
}

static void every_cell_is_what_the_single_question_answers(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(NULL, sample_province, sample_ms("2026-01-01"));
    struct world_options options = world_options_default();
    struct world *w = world_new(inv, &options);
    struct wall_ms now = {sample_ms("2026-02-01")};
    feed(w, inv, now);
    struct validity window = availability_window(AVAILABILITY_24H, now);
    struct validity windows[] = {availability_window(AVAILABILITY_1H, now), window};
    struct availability_table *table = availability_table_new(inv, now, windows, 2);
    for (uint32_t unit = 0; unit < inv->units.len; unit++)
        assert_int_equal(availability_table_add(table, w, inv, unit, AVAILABILITY_ENOUGH), 0);
    unsigned with_outages = 0;
    for (uint32_t area = 0; area < inv->areas.len; area++)
        for (int kind = SITE_BTS; kind <= SITE_FEEDER; kind++)
            for (uint32_t i = 0; i <= inv->operators.len; i++) {
                uint32_t op = i == inv->operators.len ? INV_NONE : i;
                struct availability_query q = {area,   (enum site_kind)kind, op,
                                               window, AVAILABILITY_ENOUGH,  false};
                with_outages += compare(table, w, inv, &q);
            }
    assert_int_equal(with_outages, 4); /* commune and province, operator a and all together */
    availability_table_free(table);
    world_free(w);
    inventory_free(inv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_is_what_the_single_question_answers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
