#include "core/availability_table.h"

#include "sample_inventory.h"
#include "unit.h"

#include <string.h>

/* Every cell is what the single question answers. */
static void agrees_with_the_single_question(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(NULL, sample_province, sample_ms("2026-01-01"));
    struct world_options options = world_options_default();
    struct world *w = world_new(inv, &options);
    struct wall_ms now = {sample_ms("2026-02-01")};
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
    struct validity window = availability_window(AVAILABILITY_24H, now);
    struct availability_table *table = availability_table_new(inv, now);
    assert_int_equal(availability_table_fill(table, w, inv, window, AVAILABILITY_ENOUGH), 0);
    unsigned with_outages = 0;
    for (uint32_t area = 0; area < inv->areas.len; area++) {
        for (int kind = SITE_BTS; kind <= SITE_FEEDER; kind++) {
            for (uint32_t i = 0; i <= inv->operators.len; i++) {
                struct availability_query q = {area, (enum site_kind)kind,
                                               i == inv->operators.len ? INV_NONE : i, window,
                                               AVAILABILITY_ENOUGH};
                struct availability_area single = {0};
                assert_int_equal(availability_of_area(w, inv, &q, &single), 0);
                const struct availability_area *cell =
                    availability_table_at(table, area, q.kind, q.op);
                if (inventory_area(inv, area, now)->village) {
                    assert_null(cell);
                    continue;
                }
                assert_memory_equal(cell->sum.state_ms, single.sum.state_ms,
                                    sizeof single.sum.state_ms);
                assert_memory_equal(cell->all.state_ms, single.all.state_ms,
                                    sizeof single.all.state_ms);
                assert_int_equal(cell->units, single.units);
                assert_int_equal(cell->enough, single.enough);
                assert_int_equal(cell->sum.outages, single.sum.outages);
                assert_true(cell->people_up == single.people_up &&
                            cell->people_down == single.people_down);
                with_outages += cell->sum.outages > 0;
            }
        }
    }
    assert_int_equal(with_outages, 4); /* commune and province, operator a and all together */
    availability_table_free(table);
    world_free(w);
    inventory_free(inv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(agrees_with_the_single_question)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
