/* The section wall: scenes that exist, sizes that go together, and what the page is told. */
#include "shell/wall_conf.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

static struct wall_conf sample(void)
{
    return (struct wall_conf){.scenes = " province  coverage",
                              .dwell_ms = 5000,
                              .map_level = "xã",
                              .insets = "hs ts",
                              .standing_ms = 60000};
}

static void test_unknown_scene_is_named(void **state)
{
    (void)state;
    char why[FIELD_WHY_MAX] = "";
    struct wall_conf conf = sample();
    assert_true(wall_conf_check(&conf, why));
    snprintf(conf.scenes, sizeof conf.scenes, "province weather");
    assert_false(wall_conf_check(&conf, why));
    assert_non_null(strstr(why, "\"weather\""));
}

static void test_sizes_go_together(void **state)
{
    (void)state;
    char why[FIELD_WHY_MAX] = "";
    struct wall_conf conf = sample();
    conf.height_mm = 3000;
    assert_false(wall_conf_check(&conf, why));
    assert_non_null(strstr(why, "distance_mm"));
    conf.distance_mm = 8000;
    assert_true(wall_conf_check(&conf, why));
}

static void test_page_is_told_the_scenes_as_a_list(void **state)
{
    (void)state;
    struct wall_conf conf = sample();
    struct buf out;
    buf_init(&out, 1024);
    wall_conf_write(&conf, 25200000, &out);
    buf_char(&out, '\0');
    assert_int_equal(out.err, 0);
    assert_string_equal(out.data,
                        "{\"scenes\":[\"province\",\"coverage\"],\"dwell_ms\":5000,\"height_mm\":0,"
                        "\"distance_mm\":0,\"map_level\":\"xã\",\"outlines\":false,\"insets\":["
                        "\"hs\",\"ts\"],\"guest\":false,"
                        "\"sound\":false,\"standing_ms\":60000,\"utc_offset_ms\":25200000}");
    buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unknown_scene_is_named),
        cmocka_unit_test(test_sizes_go_together),
        cmocka_unit_test(test_page_is_told_the_scenes_as_a_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
