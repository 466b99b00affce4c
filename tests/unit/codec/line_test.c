#include "codec/line.h"

#include "base/err.h"
#include "base/rng.h"
#include "line_reader.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct slice text_of(const struct buf *b)
{
    return (struct slice){b->data, b->len};
}

static void a_check_at_one_time_is_one_line(void **state)
{
    (void)state;
    struct buf out;
    struct line_origin origin;
    struct line line;
    buf_init(&out, 1000);
    assert_int_equal(line_origin(&origin, slice_of("p7"), slice_of("NT,0 1=x")), 0);
    assert_int_equal(line_begin_check(&line, &out, slice_of("icmp"), slice_of("core-1"), &origin),
                     0);
    assert_int_equal(line_number(&line, slice_of("rtt"), 12.25), 0);
    line_flag(&line, slice_of("link"), true);
    line_text(&line, slice_of("state"), slice_of("a \"b\"\\c\nd"));
    line_integer(&line, slice_of("rx bytes"), -9007199254740993);
    assert_int_equal(line_end(&line, 1790000000123456), 4);
    assert_string_equal(out.data, "chk_icmp,check=core-1,probe=p7,site=NT\\,0\\ 1\\=x "
                                  "rtt=12.25,link_flag=1,state_text=\"a \\\"b\\\"\\\\c d\","
                                  "rx\\ bytes=-9007199254740993 1790000000123456000\n");
    buf_done(&out);
}

/* Escapes make them twice as long. */
static void the_longest_names_fit(void **state)
{
    (void)state;
    char names[LINE_NAME_MAX + 1];
    memset(names, '=', sizeof names);
    struct slice longest = {names, LINE_NAME_MAX}, longer = {names, LINE_NAME_MAX + 1};
    struct line_origin origin;
    struct line line;
    struct buf out;
    buf_init(&out, 2000);
    assert_int_equal(line_origin(&origin, longest, longest), 0);
    assert_int_equal(origin.len, 4 * LINE_NAME_MAX + strlen(",probe=,site= "));
    assert_int_equal(line_origin(&origin, longer, longest), ERR_TOO_LONG);
    assert_int_equal(line_origin(&origin, longest, longer), ERR_TOO_LONG);
    assert_int_equal(line_origin(&origin, slice_of(""), longest), ERR_MISSING);
    assert_int_equal(line_origin(&origin, longest, slice_of("a\\")), ERR_SYNTAX);
    assert_int_equal(line_origin(&origin, slice_of("p"), slice_of("s")), 0);
    assert_int_equal(line_begin_check(&line, &out, longest, longest, &origin), 0);
    assert_int_equal(out.len, 3 * LINE_NAME_MAX + strlen("chk_,check=,probe=p,site=s "));
    size_t before = out.len;
    assert_int_equal(line_begin_check(&line, &out, slice_of(""), longest, &origin), ERR_MISSING);
    assert_int_equal(line_begin_check(&line, &out, slice_of("t"), slice_of("\n"), &origin),
                     ERR_SYNTAX);
    assert_int_equal(out.len, before);
    buf_done(&out);
}

static void a_line_without_fields_leaves_nothing(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 1000);
    buf_str(&out, "before\n");
    struct line line;
    line_begin(&line, &out, slice_of("m "));
    assert_int_equal(line_number(&line, slice_of("v"), NAN), ERR_RANGE);
    assert_int_equal(line_number(&line, slice_of("v"), INFINITY), ERR_RANGE);
    assert_int_equal(line_end(&line, 5), 0);
    assert_string_equal(out.data, "before\n");

    line_begin(&line, &out, slice_of("m "));
    line_integer(&line, slice_of("v"), 1);
    assert_int_equal(line_end(&line, INT64_MAX / 1000 + 1), 0);
    assert_string_equal(out.data, "before\n");
    buf_done(&out);
}

static void times_are_nanoseconds(void **state)
{
    (void)state;

    static const struct {
        int64_t time_us;
        const char *text;
    } cases[] = {
        {0, "m v=1 0\n"},
        {-1, "m v=1 -1000\n"},
        {1790000000000000, "m v=1 1790000000000000000\n"},
        {INT64_MAX / 1000, "m v=1 9223372036854775000\n"},
        {-INT64_MAX / 1000, "m v=1 -9223372036854775000\n"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out;
        buf_init(&out, 1000);
        struct line line;
        line_begin(&line, &out, slice_of("m "));
        assert_int_equal(line_number(&line, slice_of("v"), 1), 0);
        assert_int_equal(line_end(&line, cases[i].time_us), 1);
        assert_string_equal(out.data, cases[i].text);
        buf_done(&out);
    }
}

static void keys_that_no_server_holds_are_refused(void **state)
{
    (void)state;

    static const struct {
        const char *measurement, *key, *value;
        int err;
    } cases[] = {
        {"", "k", "v", ERR_MISSING},        {"m", "", "v", ERR_MISSING},
        {"m", "k", "", ERR_MISSING},        {"m\n", "k", "v", ERR_SYNTAX},
        {"m", "k\t", "v", ERR_SYNTAX},      {"m", "k", "v\r", ERR_SYNTAX},
        {"m", "k", "tail\\", ERR_SYNTAX},   {"m\x7f", "k", "v", ERR_SYNTAX},
        {"m=1", "k", "tr\xe1\xba\xa1m", 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out;
        buf_init(&out, 1000);
        buf_str(&out, "x");
        struct line_tag tag = {slice_of(cases[i].key), slice_of(cases[i].value)};
        assert_int_equal(line_key(&out, slice_of(cases[i].measurement), &tag, 1), cases[i].err);
        assert_string_equal(out.data, cases[i].err ? "x" : "xm=1,k=tr\xe1\xba\xa1m ");
        buf_done(&out);
    }
}

static void reserved_names_are_refused(void **state)
{
    (void)state;

    static const struct {
        const char *name;
        int err;
    } cases[] = {
        {"rtt", 0},
        {"time", ERR_DENIED},
        {"Time", 0},
        {"times", 0},
        {"site", ERR_DENIED},
        {"probe", ERR_DENIED},
        {"check", ERR_DENIED},
        {"_field", ERR_DENIED},
        {"a_flag", ERR_DENIED},
        {"a_text", ERR_DENIED},
        {"flag", 0},
        {"", ERR_MISSING},
        {"a\\", ERR_SYNTAX},
        {"a\nb", ERR_SYNTAX},
        {"a\"b", ERR_SYNTAX},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(line_metric(slice_of(cases[i].name)), cases[i].err);
}

static void a_full_buffer_is_an_error_not_half_a_line(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 20);
    struct line line;
    line_begin(&line, &out, slice_of("measurement "));
    line_text(&line, slice_of("v"), slice_of("too long for this"));
    assert_int_equal(line_end(&line, 1), 0);
    assert_int_equal(out.err, ERR_FULL);
    buf_done(&out);
}

static void looking_counts_fields_and_finds_the_time(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        uint32_t fields;
        int64_t time_ns;
    } good[] = {
        {"m v=1 5", 1, 5},
        {"m\\ n,a\\,b=c\\ d v=1,w=2 -7", 2, -7},
        {"m a_text=\"x, y z\\\" , \",b=2 9", 2, 9},
    };

    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct line_facts facts;
        assert_int_equal(line_look(slice_of(good[i].text), &facts), 0);
        assert_int_equal(facts.fields, good[i].fields);
        assert_true(facts.time_ns == good[i].time_ns);
    }
    static const char *const bad[] = {"",       "m",       "m ",        "m v=1",
                                      "m v=1 ", "m v=1 x", "m v=\"1 5", "\\"};
    struct line_facts facts;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(line_look(slice_of(bad[i]), &facts), ERR_SYNTAX);
}

/* Random text with a taste for what needs escaping; keys get no forbidden bytes. */
static struct slice random_text(struct rng *rng, char *to, bool key)
{
    static const char taste[] = "a,= \"\\b\nc/-_.\xe1\xba\xa1";
    size_t len = 1 + rng_below(rng, 12);
    for (size_t i = 0; i < len; i++) {
        do
            to[i] = taste[rng_below(rng, sizeof taste - 1)];
        while (key && (to[i] == '\\' || to[i] == '\n'));
    }
    to[len] = '\0';
    return (struct slice){to, len};
}

static void one_round(struct rng *rng, struct line_read *read)
{
    char a[16], b[16], c[16], d[16], e[16];
    struct buf key, out;
    buf_init(&key, 1000);
    buf_init(&out, 1000);
    struct line_tag tag = {random_text(rng, b, true), random_text(rng, c, true)};
    assert_int_equal(line_key(&key, random_text(rng, a, true), &tag, 1), 0);
    struct slice metric = random_text(rng, d, true);
    for (char *p = d; *p; p++)
        if (*p == '"')
            *p = 'q'; /* line_metric() refuses it */
    struct slice value = random_text(rng, e, false);
    double number = (double)(int64_t)rng_next(rng) / (double)(1 + rng_below(rng, 1000));
    struct line line;
    line_begin(&line, &out, text_of(&key));
    assert_int_equal(line_number(&line, metric, number), 0);
    line_text(&line, metric, value);
    int64_t time_us = (int64_t)rng_below(rng, UINT64_C(4000000000000000)) - 2000000000000000;
    assert_int_equal(line_end(&line, time_us), 2);

    assert_int_equal(out.data[out.len - 1], '\n');
    struct slice text = {out.data, out.len - 1};
    assert_int_equal(line_reader_read(text, read), 0);
    assert_string_equal(read->measurement, a);
    assert_int_equal(read->n_tags, 1);
    assert_string_equal(read->tags[0].key, b);
    assert_string_equal(read->tags[0].text, c);
    assert_int_equal(read->n_fields, 2);
    assert_string_equal(read->fields[0].key, d);
    assert_true(read->fields[0].number == number);
    for (char *p = e; *p; p++)
        if (*p == '\n')
            *p = ' ';
    assert_string_equal(read->fields[1].text, e);
    assert_true(read->time_ns == time_us * 1000);
    struct line_facts facts;
    assert_int_equal(line_look(text, &facts), 0);
    assert_int_equal(facts.fields, 2);
    assert_true(facts.time_ns == time_us * 1000);
    buf_done(&key);
    buf_done(&out);
}

static void what_is_written_reads_back(void **state)
{
    (void)state;
    struct rng rng = {20261122};
    struct line_read *read = malloc(sizeof *read);
    assert_non_null(read);
    for (int i = 0; i < 20000; i++)
        one_round(&rng, read);
    free(read);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_check_at_one_time_is_one_line),
        cmocka_unit_test(the_longest_names_fit),
        cmocka_unit_test(a_line_without_fields_leaves_nothing),
        cmocka_unit_test(times_are_nanoseconds),
        cmocka_unit_test(keys_that_no_server_holds_are_refused),
        cmocka_unit_test(reserved_names_are_refused),
        cmocka_unit_test(a_full_buffer_is_an_error_not_half_a_line),
        cmocka_unit_test(looking_counts_fields_and_finds_the_time),
        cmocka_unit_test(what_is_written_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
