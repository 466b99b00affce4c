/* The table of alerts under a nation's worst hour. */
#include "core/alert.h"

#include "unit.h"

enum { NATION = 240000 };

static void every_site_of_a_nation_has_room_for_its_alert(void **state)
{
    (void)state;
    struct alert_table t;
    alert_table_init(&t);
    for (uint32_t site = 0; site < NATION; site++)
        assert_int_not_equal(alert_open(&t, ALERT_SITE, site, site + 1, (struct wall_ms){1000}),
                             ALERT_NONE);
    assert_int_equal(t.open, NATION);
    assert_int_equal(alert_at(&t, alert_find(&t, ALERT_SITE, NATION - 1))->number, NATION);
    for (uint32_t site = 0; site < NATION; site++)
        assert_int_equal(alert_close(&t, alert_find(&t, ALERT_SITE, site)), 0);
    assert_int_equal(t.open, 0);
    assert_int_equal(alert_find(&t, ALERT_SITE, 0), ALERT_NONE);
    alert_table_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_site_of_a_nation_has_room_for_its_alert),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
