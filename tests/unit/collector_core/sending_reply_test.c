#include "core/sending_reply.h"

#include "unit.h"

#include <stdlib.h>
#include <string.h>

/* Bodies measured on InfluxDB 1.6.7 and VictoriaMetrics 1.79 (FACTS section 6); those of InfluxDB
 * 2.x as in its users' reports. */
static const struct {
    int status;
    const char *body;
    enum sending_class class;
    uint32_t dropped;
    const char *words;
} ROWS[] = {
    {204, "", SENDING_OK, 0, ""},
    {200, "", SENDING_OK, 0, ""},
    {200, "<html>It works!</html>", SENDING_REFUSED, 0, "<html>It works!</html>"},
    {301, "", SENDING_REFUSED, 0, ""},
    {400, "{\"error\":\"partial write: unable to parse 'bad line': missing fields dropped=0\"}",
     SENDING_LINES, 0, "partial write: unable to parse 'bad line': missing fields dropped=0"},
    {400, "{\"error\":\"unable to parse 'it's': invalid field format\"}", SENDING_LINES, 0,
     "unable to parse 'it's': invalid field format"},
    {400,
     "{\"error\":\"partial write: unable to parse 'a': missing fields\\nunable to parse 'b "
     "\\\"': "
     "bad timestamp dropped=0\"}\n",
     SENDING_LINES, 0,
     "partial write: unable to parse 'a': missing fields unable to parse 'b \"': bad timestamp "
     "dropped=0"},
    {400,
     "{\"error\":\"partial write: field type conflict: input field \\\"v\\\" on measurement "
     "\\\"m\\\" is type string, already exists as type float dropped=2\"}",
     SENDING_LINES, 0,
     "partial write: field type conflict: input field \"v\" on measurement \"m\" is type "
     "string, already exists as type float dropped=2"},
    {400,
     "{\"error\":\"partial write: invalid field name: input field \\\"time\\\" on measurement "
     "\\\"m\\\" is invalid dropped=1\"}",
     SENDING_LINES, 0, NULL},
    {400, "{\"error\":\"partial write: invalid tag key: input tag \\\"time\\\" is invalid\"}",
     SENDING_LINES, 0, NULL},
    {422,
     "{\"code\":\"unprocessable entity\",\"message\":\"failure writing points to database: "
     "partial write: field type conflict: input field \\\"NS\\\" dropped=1\"}",
     SENDING_LINES, 0, NULL},
    {500,
     "{\"code\":\"internal error\",\"message\":\"unexpected error writing points to database: "
     "partial write: field type conflict: input field dropped=32\"}",
     SENDING_LINES, 0, NULL},
    {400, "{\"code\":\"invalid\",\"message\":\"unable to parse 'm v=': missing field value\"}",
     SENDING_LINES, 0, NULL},
    {400, "{\"error\":\"partial write of line protocol occurred\",\"data\":[]}", SENDING_LINES, 0,
     NULL},
    {400, "{\"error\":\"partial write: points beyond retention policy dropped=17\"}",
     SENDING_BEYOND, 17, NULL},
    {422,
     "{\"code\":\"unprocessable entity\",\"message\":\"failure writing points to database: "
     "partial write: dropped 3 points outside retention policy of duration 1h0m0s - oldest "
     "point m at 1970 dropped because it violates a Retention Policy Lower Bound\"}",
     SENDING_BEYOND, 3, NULL},
    {400, "{\"error\":\"partial write: points beyond retention policy\"}", SENDING_REFUSED, 0,
     NULL},
    /* a line may quote any reason: only the beginning counts */
    {400, "{\"error\":\"unable to parse 'm x=points beyond retention policy dropped=9'\"}",
     SENDING_LINES, 0, NULL},
    {400, "{\"error\":\"max series exceeded: unable to parse 'x'\"}", SENDING_REFUSED, 0, NULL},
    {400,
     "{\"error\":\"partial write: max-values-per-tag limit exceeded (100010/100000) "
     "dropped=1\"}",
     SENDING_REFUSED, 0, NULL},
    {400, "{\"error\":\"unexpected EOF\"}", SENDING_REFUSED, 0, "unexpected EOF"},
    {400, "{\"error\":\"database is required\"}", SENDING_REFUSED, 0, NULL},
    {400,
     "remoteAddr: \"127.0.0.1:53168\"; requestURI: /write?db=ioc; cannot read gzipped influx "
     "line protocol data: unexpected EOF",
     SENDING_REFUSED, 0, NULL},
    {401, "{\"error\":\"authorization failed\"}", SENDING_REFUSED, 0, "authorization failed"},
    {403, "{\"error\":\"\\\"w\\\" user is not authorized to write to database \\\"ioc\\\"\"}",
     SENDING_REFUSED, 0, "\"w\" user is not authorized to write to database \"ioc\""},
    {404, "{\"error\":\"database not found: \\\"ioc\\\"\"}", SENDING_REFUSED, 0,
     "database not found: \"ioc\""},
    {404, "404 page not found\n", SENDING_REFUSED, 0, "404 page not found"},
    {408, "", SENDING_DOWN, 0, ""},
    {413, "{\"error\":\"Request Entity Too Large\"}", SENDING_TOO_LARGE, 0, NULL},
    {429, "{\"code\":\"too many requests\"}", SENDING_BUSY, 0, NULL},
    {500, "{\"error\":\"timeout\"}", SENDING_DOWN, 0, "timeout"},
    {500, "{\"error\":\"retention policy not found: nix\"}", SENDING_REFUSED, 0,
     "retention policy not found: nix"},
    {502, "<html>bad gateway</html>", SENDING_DOWN, 0, NULL},
    {503, "", SENDING_BUSY, 0, ""},
    {503, "unable to parse 'x'", SENDING_BUSY, 0, NULL},
    {0, "connection refused", SENDING_DOWN, 0, "connection refused"},
};

static void every_row_of_the_error_table(void **state)
{
    (void)state;

    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct sending_reply reply = {ROWS[i].status, slice_of(ROWS[i].body), 7};
        struct sending_verdict v = sending_reply_read(&reply);
        if (v.class != ROWS[i].class)
            fail_msg("row %zu (%d %s): class %d", i, ROWS[i].status, ROWS[i].body, v.class);
        assert_int_equal(v.dropped, ROWS[i].dropped);
        assert_int_equal(v.status, ROWS[i].status);
        assert_true(v.retry_after_ms == 7);
        if (ROWS[i].words)
            assert_string_equal(v.words, ROWS[i].words);
    }
}

static void the_future_is_not_the_oldest(void **state)
{
    (void)state;
    struct sending_reply reply = {
        422,
        slice_of("{\"message\":\"partial write: dropped 1 points outside retention policy of "
                 "duration 1h0m0s - newest point m violates a Retention Policy Upper Bound\"}"),
        -1};
    struct sending_verdict v = sending_reply_read(&reply);
    assert_int_equal(v.class, SENDING_BEYOND);
    assert_false(v.oldest);
    reply.body =
        slice_of("{\"error\":\"partial write: points beyond retention policy dropped=1\"}");
    assert_true(sending_reply_read(&reply).oldest);
}

static void long_and_broken_words_stay_readable(void **state)
{
    (void)state;
    static const char letter[3] = {'\xe1', '\xba', '\xa1'};
    char body[3000];
    for (size_t i = 0; i < sizeof body; i++)
        body[i] = letter[i % 3];
    for (size_t len = 1200; len < 1210; len++) {
        struct sending_reply reply = {500, {body, len}, -1};
        struct sending_verdict v = sending_reply_read(&reply);
        size_t got = strlen(v.words);
        assert_true(got > SENDING_WORDS_MAX - 5);
        assert_int_equal(got % 3, 0);
    }
    struct sending_reply cut = {500, slice_of("{\"error\":\"no end \\"), -1};
    assert_string_equal(sending_reply_read(&cut).words, "no end \\");
    cut.body = slice_of("a\x01\x02\n\n b\r\n");
    assert_string_equal(sending_reply_read(&cut).words, "a b");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_of_the_error_table),
        cmocka_unit_test(the_future_is_not_the_oldest),
        cmocka_unit_test(long_and_broken_words_stay_readable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
