#include "wire/topic.h"

#include "base/err.h"
#include "unit.h"

#define NAME64 "a123456789012345678901234567890123456789012345678901234567890123"

static const struct {
    const char *text;
    struct topic topic;
    const char *who;
} good[] = {
    {"ioc/v1/p1/data/0123456789abcdef/1/9007199254740991",
     {.kind = TOPIC_DATA, .epoch = 0x0123456789abcdef, .low = 1, .seq = TOPIC_SEQ_MAX},
     "p1"},
    {"ioc/v1/p1/data/ffffffffffffffff/9/3",
     {.kind = TOPIC_DATA, .epoch = UINT64_MAX, .low = 9, .seq = 3},
     "p1"},
    {"ioc/v1/BTS-7.a_b/status", {.kind = TOPIC_STATUS}, "BTS-7.a_b"},
    {"ioc/v1/0/ack", {.kind = TOPIC_ACK}, "0"},
    {"ioc/v1/" NAME64 "/config", {.kind = TOPIC_CONFIG}, NAME64},
    {"ioc/v1/data/plain", {.kind = TOPIC_PLAIN}, "data"},
    {"ioc/v1/_centre/c1/status", {.kind = TOPIC_CENTRE_STATUS}, "c1"},
    {"ioc/v1/_centre/c1/echo", {.kind = TOPIC_CENTRE_ECHO}, "c1"},
};

static void reads_and_writes_every_form(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct topic topic;
        assert_int_equal(topic_read(slice_of(good[i].text), &topic, NULL), 0);
        assert_int_equal(topic.kind, good[i].topic.kind);
        assert_true(slice_is(topic.who, good[i].who));
        assert_true(topic.epoch == good[i].topic.epoch);
        assert_true(topic.low == good[i].topic.low);
        assert_true(topic.seq == good[i].topic.seq);
        struct buf out;
        buf_init(&out, TOPIC_MAX);
        topic_write(&out, &topic);
        assert_string_equal(out.data, good[i].text);
        buf_done(&out);
    }
}

static void refuses_everything_else(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        int err;
    } cases[] = {
        {"", ERR_UNKNOWN},
        {"ioc/v1/", ERR_UNKNOWN},
        {"ioc/v2/p1/status", ERR_UNKNOWN},
        {"ioc/v1/p1", ERR_UNKNOWN},
        {"ioc/v1/p1/", ERR_UNKNOWN},
        {"ioc/v1/p1/Status", ERR_UNKNOWN},
        {"ioc/v1/p1/status/", ERR_UNKNOWN},
        {"ioc/v1/p1/echo", ERR_UNKNOWN},
        {"ioc/v1/_centre/status", ERR_SYNTAX},
        {"ioc/v1/_centre/c1/ack", ERR_UNKNOWN},
        {"ioc/v1/_centre/_c/echo", ERR_SYNTAX},
        {"ioc/v1/_p1/status", ERR_SYNTAX},
        {"ioc/v1//status", ERR_SYNTAX},
        {"ioc/v1/.p/status", ERR_SYNTAX},
        {"ioc/v1/p 1/status", ERR_SYNTAX},
        {"ioc/v1/p+/status", ERR_SYNTAX},
        {"ioc/v1/" NAME64 "4/status", ERR_SYNTAX},
        {"ioc/v1/p1/data/0123456789abcdef/1", ERR_UNKNOWN},
        {"ioc/v1/p1/data/0123456789abcdef/1/2/3", ERR_UNKNOWN},
        {"ioc/v1/p1/data/0123456789ABCDEF/1/2", ERR_SYNTAX},
        {"ioc/v1/p1/data/123456789abcdef/1/2", ERR_SYNTAX},
        {"ioc/v1/p1/data/0000000000000000/1/2", ERR_RANGE},
        {"ioc/v1/p1/data/0123456789abcdef/0/2", ERR_RANGE},
        {"ioc/v1/p1/data/0123456789abcdef/01/2", ERR_SYNTAX},
        {"ioc/v1/p1/data/0123456789abcdef/1/-2", ERR_SYNTAX},
        {"ioc/v1/p1/data/0123456789abcdef/1/9007199254740992", ERR_RANGE},
        {"ioc/v1/p1/data/0123456789abcdef/1/18446744073709551616", ERR_RANGE},
        {"ioc/v1/_p1/data/0123456789abcdef/1/2", ERR_SYNTAX},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct topic topic = {.epoch = 7};
        struct reason why = {""};
        int err = topic_read(slice_of(cases[i].text), &topic, &why);
        if (err != cases[i].err)
            fail_msg("%s gives %d (%s)", cases[i].text, err, why.text);
        assert_true(topic.epoch == 7);
        assert_true(why.text[0]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_and_writes_every_form),
        cmocka_unit_test(refuses_everything_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
