#include "checks/dns/dns_check.h"

#include "rig.h"
#include "server.h"
#include "stand_in.h"

static struct stand_in stand_in;

static int set_stage(void **state)
{
    (void)state;
    (void)server_namespace();
    stand_in_open(&stand_in);
    return 0;
}

static int clear_stage(void **state)
{
    (void)state;
    stand_in_close(&stand_in);
    return 0;
}

static void open_dns(struct rig *rig, uint16_t port, const char *query, const char *record)
{
    char target[64];
    snprintf(target, sizeof target, "127.0.0.1:%u", port);
    rig_open(rig, "");
    rig_type(rig, &dns_check);
    rig_set(rig, "target", target);
    rig_set(rig, "query", query);
    rig_set(rig, "record", record);
    rig_set(rig, "timeout", "2s");
    rig_check(rig);
}

static void an_answer_is_measured(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"A", "192.0.2.7"}, {"AAAA", "fd00::7"}};
    for (size_t i = 0; i < 2; i++) {
        struct rig rig;
        open_dns(&rig, stand_in.names, "www.test", cases[i][0]);
        assert_int_equal(rig_run(&rig)->verdict, VERDICT_OK);
        assert_string_equal(rig_value(&rig, "answer")->text, cases[i][1]);
        assert_near(rig_value(&rig, "answers")->number, 1, 0);
        assert_near(rig_value(&rig, "ttl")->number, 60, 0);
        assert_near(rig_value(&rig, "rcode")->number, 0, 0);
        double rtt = rig_value(&rig, "rtt")->number;
        assert_true(rtt > 0 && rtt < 2000);
        rig_close(&rig);
    }
}

static void a_wrong_answer_is_failed(void **state)
{
    (void)state;
    struct rig rig;
    open_dns(&rig, stand_in.names, "www.test", "A");
    rig_set(&rig, "expect", "192.0.2.8");
    rig_check(&rig);
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_FAILED);
    assert_string_equal(rig.last.reason, "192.0.2.7 is not an expected answer");
    rig_set(&rig, "expect", "192.0.2.7");
    rig_check(&rig);
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_OK);
    rig_close(&rig);
}

static void reasons_are_told_apart(void **state)
{
    (void)state;

    const struct {
        const char *query, *record, *reason;
        int rcode;
        uint16_t port;
    } cases[] = {
        {"other.test", "A", "no such name", 3, stand_in.names},
        {"www.test", "MX", "the reply holds no MX record", 0, stand_in.names},
        {"silent.test", "A", "no reply in time", -1, stand_in.names},
        {"www.test", "A", "no reply in time", -1, stand_in.swallowing},
        {"www.test", "A", "refused: nobody listens there", -1, stand_in.refusing},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rig rig;
        open_dns(&rig, cases[i].port, cases[i].query, cases[i].record);
        assert_int_equal(rig_run(&rig)->verdict, VERDICT_FAILED);
        assert_string_equal(rig.last.reason, cases[i].reason);
        assert_int_equal(rig_value(&rig, "rcode")->known, cases[i].rcode >= 0);
        assert_near(rig_value(&rig, "rcode")->number, cases[i].rcode < 0 ? 0 : cases[i].rcode, 0);
        assert_false(rig_value(&rig, "answer")->known);
        rig_close(&rig);
    }
}

static void limits_judge_the_time(void **state)
{
    (void)state;
    struct rig rig;
    open_dns(&rig, stand_in.names, "www.test", "A");
    rig_set(&rig, "degraded_rtt_ms", "0.000001");
    rig_check(&rig);
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_DEGRADED);
    rig_close(&rig);
}

static void a_question_must_be_a_name(void **state)
{
    (void)state;
    struct rig rig;
    char why[FIELD_WHY_MAX];
    open_dns(&rig, stand_in.names, "www.test", "A");
    rig_set(&rig, "query", "no name");
    assert_false(rig_verify(&rig, why));
    assert_string_equal(why, "query \"no name\" is not a domain name");
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_measured),     cmocka_unit_test(a_wrong_answer_is_failed),
        cmocka_unit_test(reasons_are_told_apart),    cmocka_unit_test(limits_judge_the_time),
        cmocka_unit_test(a_question_must_be_a_name),
    };
    return cmocka_run_group_tests(tests, set_stage, clear_stage);
}
