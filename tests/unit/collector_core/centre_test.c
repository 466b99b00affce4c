#include "core/centre.h"

#include "centre_rig.h"
#include "sample_inventory.h"
#include "unit.h"

enum { DAY_S = 86400, SPANS = 256 };

/* The first instant handed out of each kind, WALL_NEVER_MS = none, until nothing is left. */
static void take_all(struct rig *rig, double at_s, int64_t ret_first[DERIVED_GRIDS])
{
    struct derived_span spans[SPANS];
    size_t n = 0;
    for (int kind = 0; kind < DERIVED_GRIDS; kind++)
        ret_first[kind] = WALL_NEVER_MS;
    while ((n = derived_take(rig->centre->derived, rig_at(at_s), 5000, spans, SPANS)) > 0) {
        for (size_t i = 0; i < n; i++)
            if (spans[i].kind < DERIVED_OUTAGE && spans[i].from.ms < ret_first[spans[i].kind])
                ret_first[spans[i].kind] = spans[i].from.ms;
        assert_int_equal(derived_settle(rig->centre->derived, true), 0);
    }
}

/* What a probe brings ten days late: hours, days and months of all that is kept are written anew,
 * minutes of the last two days only. */
static void corrections_follow_late_evidence(void **state)
{
    (void)state;
    struct rig rig;
    int64_t first[DERIVED_GRIDS];
    const int64_t zone_ms = (int64_t)SAMPLE_ZONE_MIN * 60000;
    rig_init(&rig, sample_province);
    rig_list(&rig, "p1", "bts-1", "\"4g@a\"", NULL, "fault", 0);
    rig_listen(&rig, 0, 5);
    rig_results(&rig, "p1", "bts-1", 'a', 0, 0, 50, 0);
    rig_advance(&rig, 10 * DAY_S);
    take_all(&rig, 10 * DAY_S, first); /* from now on everything before is corrections */
    take_all(&rig, 10 * DAY_S, first);
    assert_true(first[DERIVED_AREA_HOUR] == WALL_NEVER_MS);
    rig_results(&rig, "p1", "bts-1", 'a', 2, 100, 150, 10 * DAY_S);
    rig_advance(&rig, 10 * DAY_S + 1);
    take_all(&rig, 10 * DAY_S, first);
    int64_t minutes = rig_at(8 * DAY_S).ms;
    for (int kind = DERIVED_UNIT; kind <= DERIVED_AREA; kind++) {
        assert_true(first[kind] >= minutes);
        assert_true(first[kind] < minutes + 2 * 60000);
    }
    for (int kind = DERIVED_AREA_HOUR; kind < DERIVED_GRIDS; kind++) {
        enum derived_grid grid = DERIVED_HOUR;
        if (kind != DERIVED_AREA_HOUR)
            grid = kind == DERIVED_AREA_DAY ? DERIVED_DAY : DERIVED_MONTH;
        struct wall_ms period = derived_grid_floor(grid, zone_ms, rig_at(75));
        bool over = derived_grid_next(grid, zone_ms, period).ms <= rig_at(10 * DAY_S).ms;
        assert_true(first[kind] == (over ? period.ms : WALL_NEVER_MS));
    }
    rig_done(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(corrections_follow_late_evidence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
