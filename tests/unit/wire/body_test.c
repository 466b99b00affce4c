#include "wire/body.h"

#include "base/err.h"
#include "unit.h"
#include "wire/pack.h"

#define NOW_MS INT64_C(1790000000000)
#define ENTRY(name)                                                                      \
    "{\"name\":\"" name "\",\"site\":\"S1\",\"units\":[\"5g@a\"],\"interval_ms\":10000," \
    "\"timeout_ms\":2000,\"ttl_ms\":22000,\"role\":\"optional\"}"

static int read_body(const char *text, struct body *ret_body, struct reason *why)
{
    return body_read(slice_of(text), (struct wall_ms){NOW_MS}, ret_body, why);
}

static void the_first_character_tells_readings(void **state)
{
    (void)state;
    static const char *const readings[] = {"[]", " \n[", "", "x"};
    for (size_t i = 0; i < 4; i++) {
        struct body body;
        assert_int_equal(read_body(readings[i], &body, NULL), 0);
        assert_int_equal(body.kind, BODY_READINGS);
        body_done(&body);
    }
    assert_false(body_is_readings(slice_of("\t{")));
}

static void reads_a_list(void **state)
{
    (void)state;
    struct body body;
    struct reason why = {""};
    int err = read_body("{\"t\":1790000000.5,\"later\":{},\"checks\":[" ENTRY("a/b") "," ENTRY(
                            "a/c") ",{\"name\":\"x/y\",\"site\":\"S2\",\"interval_ms\":1,"
                                   "\"timeout_ms\":1,\"ttl_ms\":3,\"role\":\"info\","
                                   "\"cause\":\"power\"}]}",
                        &body, &why);
    if (err)
        fail_msg("%s", why.text);
    assert_int_equal(body.kind, BODY_CHECKLIST);
    assert_int_equal(body.list.time_us, NOW_MS * 1000 + 500000);
    assert_int_equal(body.list.len, 3);
    const struct checklist_entry *entry = body.list.entries;
    assert_true(slice_is(entry[1].name, "a/c"));
    assert_true(slice_is(entry[1].site, "S1"));
    assert_int_equal(entry[1].n_units, 1);
    assert_true(slice_is(entry[1].units[0], "5g@a"));
    assert_int_equal(entry[1].interval_ms, 10000);
    assert_int_equal(entry[1].timeout_ms, 2000);
    assert_int_equal(entry[1].ttl_ms, 22000);
    assert_int_equal(entry[1].role, ROLE_OPTIONAL);
    assert_int_equal(entry[1].cause, CAUSE_FAULT);
    assert_int_equal(entry[2].n_units, 0);
    assert_int_equal(entry[2].role, ROLE_INFO);
    assert_int_equal(entry[2].cause, CAUSE_POWER);
    body_done(&body);
}

static void reads_the_short_ones(void **state)
{
    (void)state;
    struct body body;
    assert_int_equal(read_body("{\"power_lost\":1790000000.123456}", &body, NULL), 0);
    assert_int_equal(body.kind, BODY_POWER_LOST);
    assert_int_equal(body.power_lost_us, INT64_C(1790000000123456));
    body_done(&body);
    assert_int_equal(read_body("{\"untimed\":42}", &body, NULL), 0);
    assert_int_equal(body.kind, BODY_UNTIMED);
    assert_int_equal(body.untimed, 42);
    body_done(&body);
}

static void work_is_read_as_it_was_written(void **state)
{
    (void)state;
    struct body body;
    struct buf out;
    struct body_work work = {INT64_C(1790000000123456), INT64_C(1790003600123456),
                             slice_of("thay \"ắc quy\"")};
    buf_init(&out, 4096);
    body_write_work(&out, &work);
    assert_int_equal(out.err, 0);
    buf_char(&out, '\0');
    assert_int_equal(read_body(out.data, &body, NULL), 0);
    assert_int_equal(body.kind, BODY_WORK);
    assert_int_equal(body.work.from_us, work.from_us);
    assert_int_equal(body.work.until_us, work.until_us);
    assert_true(slice_equal(body.work.reason, work.reason));
    body_done(&body);
    buf_done(&out);
}

static void refuses_with_a_reason(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        int err;
        const char *why;
    } cases[] = {
        {"{", ERR_SYNTAX, "not JSON at byte 2"},
        {"{}", ERR_UNKNOWN, "an object must have one of checks, power_lost, untimed, work"},
        {"{\"untimed\":1,\"power_lost\":1790000000}", ERR_UNKNOWN,
         "an object must have one of checks, power_lost, untimed, work"},
        {"{\"work\":1790000000}", ERR_MISSING, "missing: until"},
        {"{\"work\":1790000000,\"until\":1789999999}", ERR_RANGE, "out of range: until"},
        {"{\"work\":1790000000,\"until\":1790604801}", ERR_RANGE, "out of range: until"},
        {"{\"work\":1790086400.000001,\"until\":1790086401}", ERR_RANGE,
         "time more than a day ahead"},
        {"{\"untimed\":1,\"new_\":1}", ERR_UNKNOWN, "member new_ must be understood"},
        {"{\"untimed\":-1}", ERR_RANGE, "out of range: untimed"},
        {"{\"untimed\":1.5}", ERR_TYPE, "wrong type of untimed"},
        {"{\"power_lost\":5}", ERR_RANGE, "not an absolute time: power_lost"},
        {"{\"power_lost\":1790086400.000001}", ERR_RANGE, "time more than a day ahead"},
        {"{\"checks\":[],\"t\":1790086400.000001}", ERR_RANGE, "time more than a day ahead"},
        {"{\"checks\":[]}", ERR_MISSING, "missing: t"},
        {"{\"checks\":{},\"t\":1790000000}", ERR_TYPE, "wrong type of checks"},
        {"{\"checks\":[1],\"t\":1790000000}", ERR_MISSING, "missing: name"},
        {"{\"checks\":[" ENTRY("a") "],\"t\":1790000000}", ERR_SYNTAX, "not type/name: name"},
        {"{\"checks\":[" ENTRY("a/b") "," ENTRY("a/b") "],\"t\":1790000000}", ERR_EXISTS,
         "a check twice in checks"},
        {"{\"checks\":[{\"name\":\"a/b\",\"site\":\"S1\",\"units\":[\"5g a\"]}],\"t\":1790000000}",
         ERR_SYNTAX, "not the name of a unit in units"},
        {"{\"checks\":[{\"name\":\"a/b\",\"site\":\"S1\",\"units\":{\"a\":\"b\"}}],"
         "\"t\":1790000000}",
         ERR_TYPE, "wrong type of units"},
        {"{\"checks\":[{\"name\":\"a/b\",\"site\":\"S1\",\"interval_ms\":10,\"timeout_ms\":5,"
         "\"ttl_ms\":24,\"role\":\"required\"}],\"t\":1790000000}",
         ERR_RANGE, "ttl_ms below 2 x interval_ms + timeout_ms "},
        {"{\"checks\":[{\"name\":\"a/b\",\"site\":\"S1\",\"interval_ms\":0,\"timeout_ms\":5,"
         "\"ttl_ms\":24,\"role\":\"required\"}],\"t\":1790000000}",
         ERR_RANGE, "out of range: interval_ms"},
        {"{\"checks\":[{\"name\":\"a/b\",\"site\":\"S1\",\"interval_ms\":1,\"timeout_ms\":1,"
         "\"ttl_ms\":24,\"role\":\"main\"}],\"t\":1790000000}",
         ERR_UNKNOWN, "unknown word for role"},
        {"{\"checks\":[{\"must_\":1}],\"t\":1790000000}", ERR_UNKNOWN,
         "member must_ must be understood"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct body body = {.untimed = 7};
        struct reason why = {"accepted"};
        int err = read_body(cases[i].text, &body, &why);
        if (err != cases[i].err || strcmp(why.text, cases[i].why) != 0)
            fail_msg("%s: %d %s", cases[i].text, err, why.text);
        assert_int_equal(body.untimed, 7);
    }
}

static void bounds_hold(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, 2 * PACK_BYTES_MAX);
    buf_str(&text, "{\"t\":1790000000,\"checks\":[{\"name\":\"a/b\",\"site\":\"S1\",\"units\":[");
    for (size_t i = 0; i <= CHECKLIST_UNITS_MAX; i++)
        buf_printf(&text, "%s\"u%zu\"", i ? "," : "", i);
    buf_str(&text, "]}]}");
    struct body body;
    assert_int_equal(read_body(text.data, &body, NULL), ERR_FULL);
    buf_clear(&text);
    buf_str(&text, "{\"t\":1790000000,\"checks\":[0");
    for (size_t i = 0; i < CHECKLIST_MAX; i++)
        buf_str(&text, ",0");
    buf_str(&text, "]}");
    assert_int_equal(read_body(text.data, &body, NULL), ERR_FULL);
    buf_clear(&text);
    buf_str(&text, "{\"untimed\":1}");
    while (text.len <= PACK_BYTES_MAX)
        buf_char(&text, ' ');
    assert_int_equal(read_body(text.data, &body, NULL), ERR_TOO_LONG);
    buf_done(&text);
}

static void a_list_of_a_start_says_how_the_life_before_ended(void **state)
{
    (void)state;
    for (int start = START_UNSAID; start <= START_POWER; start++) {
        struct checklist list = {.time_us = NOW_MS * 1000, .start = (enum start)start};
        struct body body;
        struct buf text;
        buf_init(&text, 1000);
        checklist_write(&text, &list);
        assert_int_equal(read_body(text.data, &body, NULL), 0);
        assert_int_equal(body.list.start, start);
        body_done(&body);
        buf_done(&text);
    }
    struct body body;
    assert_int_equal(
        read_body("{\"t\":1790000000,\"checks\":[],\"start\":\"abducted\"}", &body, NULL),
        0); /* of a probe newer than this centre */
    assert_int_equal(body.list.start, START_UNSAID);
    body_done(&body);
    assert_int_equal(read_body("{\"t\":1790000000,\"checks\":[],\"start\":5}", &body, NULL),
                     ERR_TYPE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_character_tells_readings),
        cmocka_unit_test(reads_a_list),
        cmocka_unit_test(reads_the_short_ones),
        cmocka_unit_test(work_is_read_as_it_was_written),
        cmocka_unit_test(refuses_with_a_reason),
        cmocka_unit_test(bounds_hold),
        cmocka_unit_test(a_list_of_a_start_says_how_the_life_before_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
