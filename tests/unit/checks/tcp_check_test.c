#include "checks/tcp/tcp_check.h"

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

static void open_tcp(struct rig *rig, uint16_t port, const char *say, const char *expect)
{
    char target[64];
    snprintf(target, sizeof target, "127.0.0.1:%u", port);
    rig_open(rig, "");
    rig_type(rig, &tcp_check);
    rig_set(rig, "target", target);
    rig_set(rig, "timeout", "2s");
    rig_set(rig, "send", say);
    rig_set(rig, "expect", expect);
    rig_check(rig);
}

static void connecting_alone_is_enough(void **state)
{
    (void)state;
    struct rig rig;
    open_tcp(&rig, stand_in.swallowing, "", "");
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_OK);
    assert_true(rig_value(&rig, "connect")->known);
    assert_true(rig_value(&rig, "connect")->number < 2000);
    assert_false(rig_value(&rig, "response")->known);
    rig_close(&rig);
}

static void a_greeting_and_an_echo_are_heard(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", "220 "}, {"", "220 ready\\r\\n"}, {"hello\\n", "hello"}, {"x", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rig rig;
        open_tcp(&rig, stand_in.talker, cases[i][0], cases[i][1]);
        assert_int_equal(rig_run(&rig)->verdict, VERDICT_OK);
        assert_int_equal(rig_value(&rig, "response")->known, cases[i][1][0] != 0);
        rig_close(&rig);
    }
}

static void reasons_are_told_apart(void **state)
{
    (void)state;

    const struct {
        const char *say, *expect, *reason;
        uint16_t port;
        bool connected;
    } cases[] = {
        {"", "", "Connection refused", stand_in.refusing, false},
        {"", "554 ", "the expected text did not come in time", stand_in.talker, true},
        {"", "220 ", "the expected text did not come in time", stand_in.swallowing, true},
        {"GET / HTTP/1.0\\r\\n\\r\\n", "nothing of the kind",
         "closed before the expected text came", stand_in.web, true},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rig rig;
        open_tcp(&rig, cases[i].port, cases[i].say, cases[i].expect);
        assert_int_equal(rig_run(&rig)->verdict, VERDICT_FAILED);
        assert_string_equal(rig.last.reason, cases[i].reason);
        assert_int_equal(rig_value(&rig, "connect")->known, cases[i].connected);
        rig_close(&rig);
    }
}

static void limits_judge_the_time(void **state)
{
    (void)state;
    struct rig rig;
    open_tcp(&rig, stand_in.talker, "there and back\\n", "there"); /* takes at least 1 us */
    rig_set(&rig, "degraded_connect_ms", "0.000001");
    rig_check(&rig);
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_DEGRADED);
    rig_set(&rig, "failed_response_ms", "0.000001");
    rig_check(&rig);
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_FAILED);
    assert_memory_equal(rig.last.reason, "response ", 9);
    rig_close(&rig);
}

static void a_name_is_looked_up(void **state)
{
    (void)state;
    struct rig rig;
    char target[64];
    open_tcp(&rig, stand_in.talker, "", "220 ");
    snprintf(target, sizeof target, "localhost:%u", stand_in.talker);
    rig_set(&rig, "target", target); /* ::1 may come first: nobody listens there */
    rig_set(&rig, "timeout", "3s");
    rig_check(&rig);
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_OK);
    rig_close(&rig);
}

static void wrong_escapes_are_found_early(void **state)
{
    (void)state;
    struct rig rig;
    char why[FIELD_WHY_MAX];
    open_tcp(&rig, stand_in.talker, "", "");
    rig_set(&rig, "send", "\\q");
    assert_false(rig_verify(&rig, why));
    assert_memory_equal(why, "send: ", 6);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connecting_alone_is_enough),
        cmocka_unit_test(a_greeting_and_an_echo_are_heard),
        cmocka_unit_test(reasons_are_told_apart),
        cmocka_unit_test(limits_judge_the_time),
        cmocka_unit_test(a_name_is_looked_up),
        cmocka_unit_test(wrong_escapes_are_found_early),
    };
    return cmocka_run_group_tests(tests, set_stage, clear_stage);
}
