/* The modem check against a pseudo-terminal that plays transcripts, good and broken. */
#include "checks/modem/modem_check.h"

#include "at_modem.h"
#include "rig.h"

static void run_modem(struct rig *rig, struct at_modem *modem, enum at_modem_mode mode,
                      const char *technology)
{
    at_modem_open(modem, mode);
    rig_open(rig, "");
    rig_type(rig, &modem_check);
    rig_set(rig, "target", modem->serial);
    rig_set(rig, "technology", technology);
    if (mode == AT_MODEM_SILENT)
        rig_set(rig, "timeout", "200ms");
    rig_check(rig);
    rig_run(rig);
}

static void end_modem(struct rig *rig, struct at_modem *modem)
{
    rig_close(rig);
    at_modem_close(modem);
}

static void expect_number(const struct rig *rig, const char *metric, double want)
{
    const struct check_value *value = rig_value(rig, metric);
    if (!value->known || value->number != want)
        fail_msg("%s is %g, not %g", metric, value->known ? value->number : -999, want);
}

static void expect_text(const struct rig *rig, const char *metric, const char *want)
{
    const struct check_value *value = rig_value(rig, metric);
    assert_true(value->known);
    assert_string_equal(value->text, want);
}

/* FACTS: `99,99,255,255,20,80` is RSRQ -10.0 and RSRP -61.0. */
static void a_modem_of_today_is_read_however_it_is_cut(void **state)
{
    (void)state;
    for (int mode = AT_MODEM_WELL; mode <= AT_MODEM_CHOPPED; mode++) {
        struct rig rig;
        struct at_modem modem;
        run_modem(&rig, &modem, (enum at_modem_mode)mode, "any");
        assert_int_equal(rig.last.verdict, VERDICT_OK);
        expect_number(&rig, "rsrp", -61);
        expect_number(&rig, "rsrq", -10);
        expect_number(&rig, "rssi", -73);
        expect_number(&rig, "registered", 1);
        expect_text(&rig, "technology", "4g");
        expect_text(&rig, "operator", "viettel");
        expect_text(&rig, "tac", "1A2B");
        expect_text(&rig, "cell", "01C3D4E5");
        assert_false(rig_value(&rig, "sinr")->known);
        end_modem(&rig, &modem);
    }
}

static void an_old_modem_refuses_what_it_does_not_know(void **state)
{
    (void)state;
    struct rig rig;
    struct at_modem modem;
    run_modem(&rig, &modem, AT_MODEM_OLD, "any");
    assert_int_equal(rig.last.verdict, VERDICT_OK);
    expect_number(&rig, "rsrp", -85); /* RSCP -121 + 36 */
    expect_number(&rig, "ecno", -9);  /* -24.5 + 31 / 2 */
    expect_number(&rig, "rssi", -83);
    expect_text(&rig, "technology", "3g");
    expect_text(&rig, "operator", "mobifone");
    expect_text(&rig, "tac", "1F40");
    end_modem(&rig, &modem);
}

static void five_g_beside_four_g_is_told(void **state)
{
    (void)state;
    struct rig rig;
    struct at_modem modem;
    run_modem(&rig, &modem, AT_MODEM_NSA, "any");
    assert_int_equal(rig.last.verdict, VERDICT_OK);
    expect_number(&rig, "rsrp", -87);   /* -157 + 70 */
    expect_number(&rig, "rsrq", -11.5); /* -43 + 63 / 2 */
    expect_number(&rig, "sinr", 6.5);   /* -23 + 59 / 2 */
    expect_text(&rig, "technology", "5g");
    expect_text(&rig, "nr_mode", "nsa");
    end_modem(&rig, &modem);
}

/* wire/pack.h: a run with a technology and without rsrp has measured that there is no signal; one
 * without a technology has measured nothing. */
static void no_service_is_measured_where_it_is_known_of_what(void **state)
{
    (void)state;
    static const char *const technologies[] = {"any", "4g"};
    for (int i = 0; i < 2; i++) {
        struct rig rig;
        struct at_modem modem;
        run_modem(&rig, &modem, AT_MODEM_NO_SERVICE, technologies[i]);
        assert_int_equal(rig.last.verdict, VERDICT_FAILED);
        assert_string_equal(rig.last.reason, "no service");
        assert_false(rig_value(&rig, "rsrp")->known);
        assert_int_equal(rig_value(&rig, "technology")->known, i == 1);
        expect_number(&rig, "registered", 0);
        end_modem(&rig, &modem);
    }
}

static void what_is_broken_is_told(void **state)
{
    (void)state;

    static const struct {
        enum at_modem_mode mode;
        enum verdict verdict;
        const char *reason;
    } cases[] = {
        {AT_MODEM_DENIED, VERDICT_FAILED, "the network refuses this modem or its card"},
        {AT_MODEM_SILENT, VERDICT_UNKNOWN, "no answer in time"},
        {AT_MODEM_VANISHES, VERDICT_UNKNOWN, "the modem is gone"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rig rig;
        struct at_modem modem;
        run_modem(&rig, &modem, cases[i].mode, "any");
        assert_int_equal(rig.last.verdict, cases[i].verdict);
        assert_string_equal(rig.last.reason, cases[i].reason);
        assert_false(rig_value(&rig, "technology")->known);
        end_modem(&rig, &modem);
    }
}

static void operators_are_pairs(void **state)
{
    (void)state;
    static const char *const wrong[] = {"viettel", "45204", "45204=", "4520=x"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct rig rig;
        char why[FIELD_WHY_MAX];
        rig_open(&rig, "");
        rig_type(&rig, &modem_check);
        rig_set(&rig, "target", "/dev/ttyUSB2");
        assert_true(rig_verify(&rig, why));
        rig_set(&rig, "operators", wrong[i]);
        assert_false(rig_verify(&rig, why));
        rig_close(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_modem_of_today_is_read_however_it_is_cut),
        cmocka_unit_test(an_old_modem_refuses_what_it_does_not_know),
        cmocka_unit_test(five_g_beside_four_g_is_told),
        cmocka_unit_test(no_service_is_measured_where_it_is_known_of_what),
        cmocka_unit_test(what_is_broken_is_told),
        cmocka_unit_test(operators_are_pairs),
    };
    return cmocka_run_group_tests_name("modem_check", tests, NULL, NULL);
}
