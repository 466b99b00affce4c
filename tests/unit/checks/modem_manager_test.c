/* The modem check through ModemManager, which a mock on a bus of its own plays. */
#include "checks/modem/modem_check.h"

#include "modem_manager_mock.h"
#include "rig.h"

#include <signal.h>

static struct modem_manager_mock mock;

static void open_check(struct rig *rig, enum modem_manager_play play, const char *target)
{
    modem_manager_mock_open(&mock, play);
    rig_open(rig, "");
    rig_type(rig, &modem_check);
    rig_set(rig, "target", target);
    rig_set(rig, "technology", "4g");
    if (play == MODEM_MANAGER_MUTE)
        rig_set(rig, "timeout", "300ms");
    rig_check(rig);
}

static void close_check(struct rig *rig)
{
    rig_close(rig);
    modem_manager_mock_close(&mock);
}

static void expect_number(const struct rig *rig, const char *metric, double want)
{
    const struct check_value *value = rig_value(rig, metric);
    if (!value->known || value->number != want)
        fail_msg("%s is %g, not %g", metric, value->known ? value->number : -999, want);
}

static void expect(const struct rig *rig, enum verdict verdict, const char *reason)
{
    assert_string_equal(rig->last.reason, reason);
    assert_int_equal(rig->last.verdict, verdict);
}

/* The first run asks for signals, the second has them. */
static void signals_are_asked_for_and_read(void **state)
{
    (void)state;
    struct rig rig;
    open_check(&rig, MODEM_MANAGER_LTE, "modemmanager:356000000000002");
    rig_run(&rig);
    expect(&rig, VERDICT_OK, "");
    assert_false(rig_value(&rig, "rsrp")->known);
    rig_run(&rig);
    expect(&rig, VERDICT_OK, "");
    expect_number(&rig, "rsrp", -97.5);
    expect_number(&rig, "rsrq", -11);
    expect_number(&rig, "sinr", 12.4);
    expect_number(&rig, "rssi", -67);
    expect_number(&rig, "registered", 1);
    assert_string_equal(rig_value(&rig, "technology")->text, "4g");
    assert_string_equal(rig_value(&rig, "operator")->text, "viettel");
    assert_string_equal(rig_value(&rig, "tac")->text, "1A2B");
    assert_string_equal(rig_value(&rig, "cell")->text, "01C3D4E5");
    close_check(&rig);
}

static void without_a_name_the_first_counts(void **state)
{
    (void)state;
    struct rig rig;
    open_check(&rig, MODEM_MANAGER_LTE, "modemmanager");
    rig_run(&rig);
    assert_string_equal(rig_value(&rig, "technology")->text, "2g");
    close_check(&rig);
}

static void five_g_beside_four_g_is_read(void **state)
{
    (void)state;
    struct rig rig;
    open_check(&rig, MODEM_MANAGER_NSA, "modemmanager");
    rig_run(&rig);
    expect(&rig, VERDICT_OK, "");
    assert_string_equal(rig_value(&rig, "technology")->text, "5g");
    assert_string_equal(rig_value(&rig, "nr_mode")->text, "nsa");
    expect_number(&rig, "rsrp", -101);
    expect_number(&rig, "rsrq", -12.5);
    expect_number(&rig, "sinr", 8.5);
    close_check(&rig);
}

static void what_is_missing_is_said(void **state)
{
    static const struct {
        enum modem_manager_play play;
        enum verdict verdict;
        const char *target;
        const char *reason;
    } cases[] = {
        {MODEM_MANAGER_SEARCHING, VERDICT_FAILED, "modemmanager", "no service"},
        {MODEM_MANAGER_NONE, VERDICT_UNKNOWN, "modemmanager", "ModemManager has no modem"},
        {MODEM_MANAGER_LTE, VERDICT_UNKNOWN, "modemmanager:1",
         "ModemManager does not know the modem"},
        {MODEM_MANAGER_ABSENT, VERDICT_UNKNOWN, "modemmanager", "ModemManager does not answer"},
        {MODEM_MANAGER_MUTE, VERDICT_UNKNOWN, "modemmanager", "no answer in time"},
        {MODEM_MANAGER_ODD, VERDICT_UNKNOWN, "modemmanager", "the modem does not tell its network"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rig rig;
        open_check(&rig, cases[i].play, cases[i].target);
        rig_run(&rig);
        expect(&rig, cases[i].verdict, cases[i].reason);
        rig_run(&rig); /* nothing of the run before is left */
        expect(&rig, cases[i].verdict, cases[i].reason);
        close_check(&rig);
    }
}

static void a_bus_that_goes_or_is_not_there_is_said(void **state)
{
    (void)state;
    struct rig rig;
    open_check(&rig, MODEM_MANAGER_MUTE, "modemmanager");
    check_start(rig.check);
    assert_int_equal(kill(mock.bus, SIGKILL), 0);
    rig_await(&rig);
    assert_int_equal(rig.last.verdict, VERDICT_UNKNOWN);
    rig_run(&rig);
    assert_int_equal(rig.last.verdict, VERDICT_UNKNOWN);
    close_check(&rig);
}

static void targets_are_checked(void **state)
{
    static const char *const wrong[] = {"modemmanagers", "modemmanager:abc", "ttyUSB0",
                                        "modemmanager:123456789012345678901234567890123"};

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct rig rig;
        char why[FIELD_WHY_MAX];
        rig_open(&rig, "");
        rig_type(&rig, &modem_check);
        rig_set(&rig, "target", wrong[i]);
        assert_false(rig_verify(&rig, why));
        rig_close(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signals_are_asked_for_and_read),
        cmocka_unit_test(without_a_name_the_first_counts),
        cmocka_unit_test(five_g_beside_four_g_is_read),
        cmocka_unit_test(what_is_missing_is_said),
        cmocka_unit_test(a_bus_that_goes_or_is_not_there_is_said),
        cmocka_unit_test(targets_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
