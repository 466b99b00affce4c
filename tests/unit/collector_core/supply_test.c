#include "core/supply.h"

#include "base/err.h"
#include "centre_rig.h"
#include "sample_inventory.h"
#include "unit.h"

#include <math.h>
#include <stdio.h>

enum { SITES = 8 };

static const char *const places = "[areas]\nid,parent,level,name,population,households\n"
                                  "p,,province,P,,\nc1,p,commune,C1,,\n"
                                  "[operators]\nid,name\na,A\n"
                                  "[sites]\nid,name,kind,area\n"
                                  "s1,S1,bts,c1\ns2,S2,bts,c1\n"
                                  "[units]\nsite,service,operator\ns1,4g,a\ns2,4g,a\n"
                                  "[probes]\nprobe,site,also\np1,s1,\np2,s2,\n";

/* A plain publisher's look at a plant: the rest of a SenML array after the base name and time. */
static void look(struct rig *rig, const char *plant, const char *rest, double at_s)
{
    char payload[512];
    snprintf(payload, sizeof payload, "[{\"bn\":\"%s/\",\"bt\":%.3f,%s]", plant,
             (double)RIG_START_MS / 1000 + at_s, rest);
    (void)rig_say(rig, "ioc/v1/plant/plain", payload, at_s);
}

/* "supply since told minutes fresh", instants in seconds of the rig. */
static const char *known(const struct rig *rig, const char *site, double at_s)
{
    static char text[96];
    struct supply_view views[SITES];
    const struct inventory *inv = rig->centre->inventory;
    assert_true(inv->sites.len <= SITES);
    supply_at(rig->centre->supplies, rig_at(at_s), inv->sites.len, views);
    const struct supply_view *v = &views[names_find(&inv->sites, slice_of(site))];
    if (v->fed == SUPPLIES)
        return "unknown";
    int len = snprintf(text, sizeof text, "%s %d %d", supply_word((int)v->fed),
                       (int)((v->since.ms - RIG_START_MS) / 1000),
                       (int)((v->told.ms - RIG_START_MS) / 1000));
    if (!isnan(v->minutes_left))
        len += snprintf(text + len, sizeof text - (size_t)len, " %.1f", v->minutes_left);
    snprintf(text + len, sizeof text - (size_t)len, "%s", v->fresh ? "" : " old");
    return text;
}

#define MAINS "\"n\":\"mains\",\"vb\":true},{\"n\":\"on_battery\",\"vb\":false}"
#define BATTERY "\"n\":\"mains\",\"vb\":false},{\"n\":\"on_battery\",\"vb\":true}"

static void what_feeds_a_site_is_what_its_plant_told_last(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, places);
    assert_string_equal(known(&rig, "s1", 5), "unknown");
    look(&rig, "s1/power/plant", MAINS, 10);
    assert_string_equal(known(&rig, "s1", 10), "mains 10 10");
    look(&rig, "s1/power/plant", MAINS, 20);
    assert_string_equal(known(&rig, "s1", 30), "mains 10 20");
    look(&rig, "s1/power/plant", BATTERY, 40);
    assert_string_equal(known(&rig, "s1", 40), "battery 40 40");
    look(&rig, "s1/power/plant", BATTERY ",{\"n\":\"minutes_left\",\"u\":\"min\",\"v\":30}", 160);
    assert_string_equal(known(&rig, "s1", 160), "battery 40 160 30.0");
    assert_string_equal(known(&rig, "s1", 220), "battery 40 160 29.0"); /* it goes on falling */
    look(&rig, "s1/power/plant", BATTERY ",{\"n\":\"lvd\",\"vb\":true}", 300);
    assert_string_equal(known(&rig, "s1", 300), "exhausted 300 300");
    look(&rig, "s1/power/plant",
         "\"n\":\"mains\",\"vb\":false},{\"n\":\"on_battery\",\"vb\":false},"
         "{\"n\":\"generator\",\"vb\":true}",
         400);
    assert_string_equal(known(&rig, "s1", 400), "generator 400 400");
    look(&rig, "s1/power/plant", MAINS, 390); /* earlier than its last: nothing */
    assert_string_equal(known(&rig, "s1", 400), "generator 400 400");
    assert_string_equal(known(&rig, "s2", 400), "unknown");
    rig_done(&rig);
}

/* An agent of SNMP that tells only whether it is on battery. */
static void a_ups_tells_by_snmp(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, places);
    look(&rig, "s1/snmp/if", "\"n\":\"response\",\"v\":3}", 5);
    assert_string_equal(known(&rig, "s1", 5), "unknown");
    look(&rig, "s1/snmp/ups", "\"n\":\"on_battery\",\"vb\":false}", 10);
    assert_string_equal(known(&rig, "s1", 10), "mains 10 10");
    look(&rig, "s1/snmp/ups",
         "\"n\":\"on_battery\",\"vb\":true},{\"n\":\"minutes_left\",\"u\":\"min\",\"v\":35}", 40);
    assert_string_equal(known(&rig, "s1", 40), "battery 40 40 35.0");
    look(&rig, "s1/snmp/ups", "\"n\":\"on_battery\",\"vb\":false}", 70);
    assert_string_equal(known(&rig, "s1", 70), "mains 70 70");
    rig_done(&rig);
}

static void a_past_instant_is_known_as_it_was_told(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, places);
    look(&rig, "s1/power/plant", MAINS, 10);
    look(&rig, "s1/power/plant", BATTERY ",{\"n\":\"minutes_left\",\"v\":30}", 100);
    look(&rig, "s1/power/plant", MAINS, 200);
    assert_string_equal(known(&rig, "s1", 9), "unknown");
    assert_string_equal(known(&rig, "s1", 99), "mains 10 99");
    assert_string_equal(known(&rig, "s1", 150), "battery 100 150"); /* how long then, nobody kept */
    assert_string_equal(known(&rig, "s1", 250), "mains 200 200");
    for (int i = 0; i < 2 * SUPPLY_CHANGES; i++)
        look(&rig, "s1/power/plant", i % 2 ? MAINS : BATTERY, 300 + i);
    assert_string_equal(known(&rig, "s1", 150), "unknown"); /* beyond what is kept */
    rig_done(&rig);
}

static void a_plant_not_heard_of_is_known_no_more(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, places);
    look(&rig, "s1/power/plant", BATTERY ",{\"n\":\"minutes_left\",\"v\":10}", 0);
    assert_string_equal(known(&rig, "s1", 900), "battery 0 0 0.0");
    assert_string_equal(known(&rig, "s1", 901), "battery 0 0 0.0 old");
    look(&rig, "s1/power/other", MAINS, 900); /* a second plant, told lately, speaks for the site */
    assert_string_equal(known(&rig, "s1", 901), "mains 900 900");
    rig_done(&rig);
}

static void of_two_plants_the_worse_counts(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, places);
    look(&rig, "s1/power/one", MAINS, 10);
    look(&rig, "s1/power/two", BATTERY ",{\"n\":\"minutes_left\",\"v\":90}", 11);
    look(&rig, "s1/power/three", BATTERY ",{\"n\":\"minutes_left\",\"v\":30}", 12);
    assert_string_equal(known(&rig, "s1", 12), "battery 12 12 30.0");
    rig_done(&rig);
}

static void what_is_no_look_at_a_plant_says_nothing(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, places);
    look(&rig, "s1/host/self", BATTERY, 10);
    look(&rig, "s1/power/plant", "\"n\":\"battery_v\",\"v\":50}", 10);
    look(&rig, "s1/power/plant", "\"n\":\"mains\",\"vs\":\"no\"}", 11);
    assert_string_equal(known(&rig, "s1", 12), "unknown");
    (void)rig_pack(&rig, "p2",
                   "[{\"bn\":\"s1/power/x/\",\"bt\":1790000010,\"n\":\"mains\",\"v\":0}]",
                   13); /* not p2's site */
    assert_string_equal(known(&rig, "s1", 14), "unknown");
    (void)rig_pack(&rig, "p1",
                   "[{\"bn\":\"s1/power/x/\",\"bt\":1790000010,\"n\":\"mains\",\"v\":0}]",
                   13); /* a number says it, too */
    assert_string_equal(known(&rig, "s1", 14), "battery 10 10");
    rig_done(&rig);
}

static void it_survives_a_restart(void **state)
{
    (void)state;
    struct rig rig;
    struct rig fresh;
    rig_init(&rig, places);
    look(&rig, "s1/power/plant", MAINS, 10);
    look(&rig, "s1/power/plant", BATTERY, 100);
    rig_restart(&rig, places, &fresh);
    assert_string_equal(known(&fresh, "s1", 50), "mains 10 50");
    assert_string_equal(known(&fresh, "s1", 130), "battery 100 100");
    look(&fresh, "s1/power/plant", BATTERY ",{\"n\":\"minutes_left\",\"v\":5}", 140);
    assert_string_equal(known(&fresh, "s1", 140), "battery 100 140 5.0");
    rig_done(&fresh);
    rig_done(&rig);
}

static void damaged_rows_are_refused(void **state)
{
    static const struct {
        const char *key;
        const char *value;
        size_t len;
        int err;
    } rows[] = {
        {"0/power/x", "", 0, ERR_CORRUPT},
        {"0/power/x", "\2\1\0\0\0\0\0\0\0\0", 10, ERR_VERSION},
        {"0/power/x", "\1\0\0\0\0\0\0\0\0\0", 10, ERR_CORRUPT},
        {"0/power/x", "\1\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\4", 19, ERR_CORRUPT},
        {"0/power/x", "\1\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 18, ERR_CORRUPT},
        {"x", "\1\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\2", 19, ERR_CORRUPT},
        {"0/power/x", "\1\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\2", 19, 0},
    };

    (void)state;
    struct supply_book *s = supply_new();
    assert_non_null(s);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(
            supply_load(s, slice_of(rows[i].key), (struct slice){rows[i].value, rows[i].len}),
            rows[i].err);
    supply_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_feeds_a_site_is_what_its_plant_told_last),
        cmocka_unit_test(a_ups_tells_by_snmp),
        cmocka_unit_test(a_past_instant_is_known_as_it_was_told),
        cmocka_unit_test(a_plant_not_heard_of_is_known_no_more),
        cmocka_unit_test(of_two_plants_the_worse_counts),
        cmocka_unit_test(what_is_no_look_at_a_plant_says_nothing),
        cmocka_unit_test(it_survives_a_restart),
        cmocka_unit_test(damaged_rows_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
