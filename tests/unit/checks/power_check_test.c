/* The power check against libmodbus's server, over TCP and over a pseudo-terminal: what it reads,
 * and what a controller that refuses, breaks off, answers for another or is silent amounts to. */
#include "checks/power/power_check.h"

#include "modbus_plant.h"
#include "rig.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#define PLANT48 IOC_SOURCE_DIR "/deploy/profiles/power/plant48.yaml"

static struct modbus_plant plants[2]; /* TCP, serial */

static int set_stage(void **state)
{
    (void)state;
    modbus_plant_open(&plants[0], false);
    modbus_plant_open(&plants[1], true);
    return 0;
}

static int clear_stage(void **state)
{
    (void)state;
    modbus_plant_close(&plants[0]);
    modbus_plant_close(&plants[1]);
    return 0;
}

static void open_power(struct rig *rig, const struct modbus_plant *plant)
{
    char target[64];
    snprintf(target, sizeof target, "127.0.0.1:%u", plant->port);
    rig_open(rig, "");
    rig_type(rig, &power_check);
    rig_set(rig, "target", plant->serial[0] ? plant->serial : target);
    rig_set(rig, "timeout", "2s");
    rig_set(rig, "profile", PLANT48);
    rig_check(rig);
}

static void expect_number(const struct rig *rig, const char *metric, double want)
{
    const struct check_value *value = rig_value(rig, metric);
    assert_true(value->known);
    assert_true(value->number > want - 1e-9 && value->number < want + 1e-9);
}

static void a_healthy_plant_is_read(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct rig rig;
        open_power(&rig, &plants[i]);
        for (int run = 0; run < 3; run++) {
            assert_int_equal(rig_run(&rig)->verdict, VERDICT_OK);
            expect_number(&rig, "mains", 1);
            expect_number(&rig, "mains_v", 230.1);
            expect_number(&rig, "battery_v", 53.52);
            expect_number(&rig, "battery_a", 1.2);
            expect_number(&rig, "soc", 0.97);
            expect_number(&rig, "temperature", 27.5);
            expect_number(&rig, "rectifier", 1);
            expect_number(&rig, "lvd", 0);
            expect_number(&rig, "on_battery", 0);
            assert_false(rig_value(&rig, "minutes_left")->known);
        }
        assert_int_equal(plants[i].shared->requests, 3); /* seven registers in one request */
        rig_close(&rig);
    }
}

static void run_with(enum modbus_plant_mode mode, enum verdict verdict, const char *reason)
{
    for (int i = 0; i < 2; i++) {
        struct rig rig;
        open_power(&rig, &plants[i]);
        plants[i].shared->mode = mode;
        const struct check_report *report = rig_run(&rig);
        if (report->verdict != verdict || !strstr(report->reason, reason))
            fail_msg("%d: %d %s", i, (int)report->verdict, report->reason);
        plants[i].shared->mode = MODBUS_PLANT_WELL;
        assert_int_equal(rig_run(&rig)->verdict, VERDICT_OK);
        rig_close(&rig);
    }
}

static void another_units_answer_is_not_ours(void **state)
{
    (void)state;
    run_with(MODBUS_PLANT_OTHERS, VERDICT_UNKNOWN, "no answer in time");
    run_with(MODBUS_PLANT_BOTH, VERDICT_OK, "");
}

static void exceptions_silence_and_short_frames_are_told(void **state)
{
    (void)state;
    run_with(MODBUS_PLANT_REFUSES, VERDICT_UNKNOWN, "address 0 refused: illegal data address");
    run_with(MODBUS_PLANT_CUT_SHORT, VERDICT_UNKNOWN, "no answer in time");
    run_with(MODBUS_PLANT_SILENT, VERDICT_UNKNOWN, "no answer in time");
}

static void expect_change(int reg, uint16_t raw, enum verdict verdict, const char *reason)
{
    struct rig rig;
    uint16_t before = plants[0].shared->input[reg];
    open_power(&rig, &plants[0]);
    plants[0].shared->input[reg] = raw;
    const struct check_report *report = rig_run(&rig);
    if (report->verdict != verdict || strcmp(report->reason, reason) != 0)
        fail_msg("register %d at %u: %d \"%s\"", reg, raw, (int)report->verdict, report->reason);
    assert_int_equal(check_cause(rig.check), CAUSE_POWER);
    plants[0].shared->input[reg] = before;
    rig_close(&rig);
}

static void what_is_wrong_is_told(void **state)
{
    (void)state;
    expect_change(0, 0, VERDICT_DEGRADED, "mains lost: on battery for 0 min");
    expect_change(1, 4690, VERDICT_DEGRADED, "battery low at 46.9 V");
    expect_change(1, 5720, VERDICT_DEGRADED, "battery voltage too high at 57.2 V");
    expect_change(5, 352, VERDICT_DEGRADED, "temperature 35.2 Cel is at or above its limit 35 Cel");
    expect_change(6, 1U << 0, VERDICT_DEGRADED, "a rectifier has failed");
    expect_change(6, 1U << 1, VERDICT_FAILED, "low-voltage disconnect: the load is off");
    expect_change(6, 1U << 3, VERDICT_OK, "");
    expect_change(6, 1U << 4, VERDICT_DEGRADED, "smoke is detected");
    expect_change(6, 1U << 5, VERDICT_DEGRADED, "water is detected");
    expect_change(1, 65535, VERDICT_OK, ""); /* invalid is absent */
}

static void a_line_in_use_is_waited_for(void **state)
{
    (void)state;
    struct rig rig;
    open_power(&rig, &plants[1]);
    int other = open(plants[1].serial, O_RDWR | O_NOCTTY);
    assert_int_equal(flock(other, LOCK_EX), 0);
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_UNKNOWN);
    check_start(rig.check);
    loop_turn(rig.env.loop);
    assert_int_equal(flock(other, LOCK_UN), 0);
    assert_int_equal(rig_await(&rig)->verdict, VERDICT_OK);
    close(other);
    rig_close(&rig);
}

static void expect_mistake(const char *key, const char *text, const char *say)
{
    struct rig rig;
    char why[FIELD_WHY_MAX];
    open_power(&rig, &plants[0]);
    rig_set(&rig, key, text);
    assert_false(rig_verify(&rig, why));
    if (!strstr(why, say))
        fail_msg("%s", why);
    rig_close(&rig);
}

static void mistakes_are_told_before_a_run(void **state)
{
    (void)state;
    expect_mistake("profile", "no_such_plant", "no_such_plant.yaml");
    expect_mistake("profile", "../x", "not well formed");
    expect_mistake("baud", "9601", "no rate");
    expect_mistake("disconnect_battery_v", "48", "above reconnect_battery_v");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_healthy_plant_is_read),
        cmocka_unit_test(another_units_answer_is_not_ours),
        cmocka_unit_test(exceptions_silence_and_short_frames_are_told),
        cmocka_unit_test(what_is_wrong_is_told),
        cmocka_unit_test(a_line_in_use_is_waited_for),
        cmocka_unit_test(mistakes_are_told_before_a_run),
    };
    return cmocka_run_group_tests_name("power_check", tests, set_stage, clear_stage);
}
