#include "core/feed_map.h"

#include "base/err.h"
#include "sample_inventory.h"
#include "unit.h"

static void offices_write_times_in_many_ways(void **state)
{
    (void)state;
    static const char *const texts[] = {"2026-11-22T14:05:00+07:00", "2026-11-22 14:05",
                                        "22/11/2026 14:05",          "14:05 22/11/2026",
                                        "14:05:00 22-11-2026",       "22.11.2026 14:05:00"};
    int64_t wanted = sample_ms("2026-11-22T14:05");
    struct wall_ms t;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_int_equal(feed_time(slice_of(texts[i]), SAMPLE_ZONE_MIN, &t), 0);
        assert_int_equal(t.ms, wanted);
    }
    assert_int_equal(feed_time(slice_of("1/2/2026"), SAMPLE_ZONE_MIN, &t), 0);
    assert_int_equal(t.ms, sample_ms("2026-02-01"));
}

static void what_is_no_time_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "x",
                                        "22/11",
                                        "31/02/2026",
                                        "22/13/2026",
                                        "1/1/99",
                                        "14:05",
                                        "25:00 22/11/2026",
                                        "22/11/2026 14",
                                        "1/1/2026/2",
                                        "99999999999999999999/1/2026",
                                        "22/11/2026 14:05:00:00"};
    struct wall_ms t;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_not_equal(feed_time(slice_of(texts[i]), SAMPLE_ZONE_MIN, &t), 0);
}

static void words_are_the_operators_own(void **state)
{
    (void)state;
    struct feed_map map = {.word = {[FEED_DOWN] = {1, {"M\xe1\xba\xa5t"}},
                                    [FEED_UP] = {1, {"On-Air"}},
                                    [FEED_POWER] = {1, {"AC fail"}},
                                    [FEED_SERVICES] = {2, {"LTE=4g", "NR"}}}};
    enum verdict verdict;
    enum cause cause;
    assert_int_equal(feed_map_state(&map, slice_of("M\xe1\xba\xa5t"), &verdict), 0);
    assert_int_equal(verdict, VERDICT_FAILED);
    assert_int_equal(feed_map_state(&map, slice_of("ON-AIR"), &verdict), 0);
    assert_int_equal(verdict, VERDICT_OK);
    assert_int_equal(feed_map_state(&map, slice_of("?"), &verdict), ERR_UNKNOWN);
    assert_int_equal(feed_map_cause(&map, slice_of("ac FAIL"), &cause), 0);
    assert_int_equal(cause, CAUSE_POWER);
    assert_int_equal(feed_map_cause(&map, slice_of(""), &cause), ERR_UNKNOWN);
    assert_true(slice_is(feed_map_service(&map, slice_of("lte")), "4g"));
    assert_true(slice_is(feed_map_service(&map, slice_of("NR")), "NR"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offices_write_times_in_many_ways),
        cmocka_unit_test(what_is_no_time_is_refused),
        cmocka_unit_test(words_are_the_operators_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
