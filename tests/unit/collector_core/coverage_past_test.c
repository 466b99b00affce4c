#include "core/coverage_past.h"

#include "sample_inventory.h"
#include "unit.h"

/* A world of one fact: bts-1's 5G was up until then, and down from it on. */
static struct {
    uint32_t unit;
    int64_t down_from;
} fact;

struct unit_view world_unit_at(const struct world *w, uint32_t unit, struct wall_ms t)
{
    (void)w;
    enum unit_state state = unit == fact.unit && t.ms >= fact.down_from ? STATE_DOWN : STATE_UP;
    return (struct unit_view){.state = state, .beneath = state};
}

static void looks_at_the_instant_asked_for(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(NULL, sample_province, 0);
    fact.unit = sample_unit(inv, "bts-1/5g@a");
    fact.down_from = 5000;
    static const int64_t live[][2] = {{4999, 2}, {5000, 0}};
    for (size_t i = 0; i < 2; i++) {
        struct coverage *c = coverage_past(NULL, inv, (struct wall_ms){live[i][0]});
        struct coverage_figure f =
            coverage_figure(c, sample_area(inv, "p"), TECHNOLOGY_5G, COVERAGE_ANY);
        assert_int_equal(f.live.villages, live[i][1]);
        assert_int_equal(f.nominal.villages, 2);
        assert_int_equal(f.unknown.villages, 0);
        coverage_free(c);
    }
    inventory_free(inv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looks_at_the_instant_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
