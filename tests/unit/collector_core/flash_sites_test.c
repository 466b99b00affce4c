#include "core/flash_sites.h"

#include "centre_rig.h"
#include "sample_inventory.h"
#include "unit.h"

/* bts-1's three units: the 5G and 4G of operator a by check a, the 4G of b by check b. */
static void begin(struct rig *rig)
{
    rig_init(rig, sample_province);
    rig_listen(rig, 0, 5);
    rig_list(rig, "p1", "bts-1", "\"4g@a\",\"5g@a\"", "\"4g@b\"", "power", 0);
}

static struct outage_sources sources(const struct rig *rig)
{
    const struct centre *c = rig->centre;
    return (struct outage_sources){c->outages, c->inventory, c->serving, c->world, NULL};
}

static void a_site_is_out_when_all_that_is_asked_for_is(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig);
    rig_results(&rig, "p1", "bts-1", 'a', 0, 10, 100, 0);
    rig_results(&rig, "p1", "bts-1", 'b', 0, 10, 60, 0);
    rig_results(&rig, "p1", "bts-1", 'a', 2, 100, 200, 0);
    rig_results(&rig, "p1", "bts-1", 'b', 2, 60, 150, 0);
    rig_results(&rig, "p1", "bts-1", 'b', 0, 150, 200, 0);
    rig_advance(&rig, 201);
    const struct inventory *inv = rig.centre->inventory;
    struct outage_sources from = sources(&rig);
    uint32_t site = sample_site(inv, "bts-1");
    uint32_t a = sample_operator(inv, "a");
    uint32_t b = sample_operator(inv, "b");

    static const struct {
        double at_s;
        bool every, of_a, of_b;
    } cases[] = {{55, false, false, false},
                 {95, false, false, true},
                 {105, true, true, true},
                 {155, false, true, false}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct wall_ms t = rig_at(cases[i].at_s);
        assert_int_equal(flash_site_at(&from, site, FLASH_EVERY_OPERATOR, t).out, cases[i].every);
        assert_int_equal(flash_site_at(&from, site, a, t).out, cases[i].of_a);
        assert_int_equal(flash_site_at(&from, site, b, t).out, cases[i].of_b);
    }
    struct flash_site s = flash_site_at(&from, site, FLASH_EVERY_OPERATOR, rig_at(105));
    assert_int_equal(s.units, 3);
    assert_int_equal(s.since.ms, rig_at(100).ms); /* the last one to go makes the site */
    assert_int_equal(s.cause, CAUSE_POWER);
    assert_true(flash_site_was_out(&from, site, FLASH_EVERY_OPERATOR, rig_at(0), rig_at(200)));
    assert_true(flash_site_was_out(&from, site, FLASH_EVERY_OPERATOR, rig_at(120), rig_at(200)));
    assert_false(flash_site_was_out(&from, site, FLASH_EVERY_OPERATOR, rig_at(0), rig_at(100)));
    assert_false(flash_site_was_out(&from, site, FLASH_EVERY_OPERATOR, rig_at(155), rig_at(200)));
    rig_done(&rig);
}

static void counting_keeps_what_is_certain_apart(void **state)
{
    (void)state;
    static const struct flash_question q = {.at = {100000}, .standing_ms = 50000};

    static const struct {
        struct flash_site site;
        bool was_out;
        uint32_t out, unverified, standing, restored;
    } cases[] = {
        {{.units = 1, .cause = CAUSE_NONE}, false, 0, 0, 0, 0},
        {{.units = 1, .cause = CAUSE_NONE}, true, 0, 0, 0, 1},
        {{.units = 1, .out = true, .since = {50001}, .cause = CAUSE_FAULT}, true, 1, 0, 0, 0},
        {{.units = 1, .out = true, .since = {50000}, .cause = CAUSE_FAULT}, true, 1, 0, 1, 0},
        {{.units = 1, .out = true, .since = {INT64_MIN}, .cause = CAUSE_FAULT}, true, 1, 0, 1, 0},
        {{.units = 1, .unverified = true, .since = {0}, .cause = CAUSE_PROBE}, true, 0, 1, 0, 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct flash_count count = {0};
        flash_site_count(&q, &cases[i].site, cases[i].was_out, &count);
        assert_int_equal(count.total, 1);
        assert_int_equal(count.out, cases[i].out);
        assert_int_equal(count.unverified, cases[i].unverified);
        assert_int_equal(count.standing, cases[i].standing);
        assert_int_equal(count.restored, cases[i].restored);
        assert_int_equal(count.causes[CAUSE_FAULT], cases[i].out);
        assert_int_equal(count.causes[CAUSE_PROBE], 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_site_is_out_when_all_that_is_asked_for_is),
        cmocka_unit_test(counting_keeps_what_is_certain_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
