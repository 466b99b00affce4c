#include "wire/pack_writer.h"

#include "base/err.h"
#include "base/rng.h"
#include "unit.h"
#include "wire/pack_reader.h"

#include <stdio.h>

#define NOW_US INT64_C(1790000000123456)

static struct reading sample(void)
{
    return (struct reading){.site = slice_of("S1"),
                            .check = slice_of("icmp/core-1"),
                            .metric = slice_of("rtt"),
                            .unit = slice_of("ms"),
                            .time_us = NOW_US,
                            .number = 12.5};
}

static void repeats_neither_site_nor_time(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, PACK_BYTES_MAX);
    struct pack_writer w;
    pack_writer_begin(&w, &out);
    struct reading r = sample();
    assert_int_equal(pack_writer_add(&w, &r), 0);
    r.metric = slice_of("loss");
    r.unit = slice_of("");
    r.number = 0;
    assert_int_equal(pack_writer_add(&w, &r), 0);
    r.time_us++;
    assert_int_equal(pack_writer_add(&w, &r), 0);
    r.site = slice_of("S2");
    assert_int_equal(pack_writer_add(&w, &r), 0);
    assert_int_equal(pack_writer_end(&w), 0);
    assert_string_equal(out.data, "[{\"bn\":\"S1/\",\"bt\":1790000000.123456,"
                                  "\"n\":\"icmp/core-1/rtt\",\"u\":\"ms\",\"v\":12.5},"
                                  "{\"n\":\"icmp/core-1/loss\",\"v\":0},"
                                  "{\"bt\":1790000000.123457,\"n\":\"icmp/core-1/loss\",\"v\":0},"
                                  "{\"bn\":\"S2/\",\"n\":\"icmp/core-1/loss\",\"v\":0}]");
    buf_done(&out);
}

static void a_refused_reading_leaves_no_trace(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, PACK_BYTES_MAX);
    buf_str(&out, "before");
    struct pack_writer w;
    pack_writer_begin(&w, &out);
    struct reading r = sample();
    r.metric = slice_of("time");
    assert_int_equal(pack_writer_add(&w, &r), ERR_DENIED);
    r.metric = slice_of("a b");
    assert_int_equal(pack_writer_add(&w, &r), ERR_SYNTAX);
    assert_int_equal(pack_writer_end(&w), 0);
    assert_string_equal(out.data, "before[]");
    buf_done(&out);
}

/* Fills a pack until it is full; what was added reads back. */
static void fill(size_t max, const char *text, size_t *ret_count)
{
    struct buf out;
    buf_init(&out, max);
    struct pack_writer w;
    pack_writer_begin(&w, &out);
    struct reading r = sample();
    r.kind = READING_TEXT;
    r.text = slice_of(text);
    int err = 0;
    while (!err)
        err = pack_writer_add(&w, &r);
    assert_int_equal(err, ERR_FULL);
    assert_int_equal(pack_writer_end(&w), 0);
    assert_true(out.len <= PACK_BYTES_MAX);
    struct pack_reader reader;
    assert_int_equal(pack_reader_init(&reader), 0);
    assert_int_equal(pack_reader_read(&reader, (struct slice){out.data, out.len}, PACK_STREAM,
                                      (struct wall_ms){NOW_US / 1000}, NULL),
                     0);
    assert_int_equal(reader.len, w.count);
    *ret_count = w.count;
    pack_reader_done(&reader);
    buf_done(&out);
}

static void a_full_pack_can_be_ended(void **state)
{
    (void)state;
    size_t count = 0;
    /* {"n":"icmp/core-1/rtt","u":"ms","vs":"x"} and a comma are 42 bytes; the first record has 38
     * more for bn and bt, and the brackets stand for the comma it lacks and one byte more. */
    fill(PACK_BYTES_MAX, "x", &count);
    assert_int_equal(count, (PACK_BYTES_MAX - 38 - 1) / 42);
    fill(200, "x", &count);
    assert_int_equal(count, (200 - 38 - 1) / 42);
    fill(4 * PACK_BYTES_MAX, "x", &count);
    assert_int_equal(count, (PACK_BYTES_MAX - 38 - 1) / 42);
}

static void texts_that_are_no_utf8_are_mended(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, PACK_BYTES_MAX);
    struct pack_writer w;
    pack_writer_begin(&w, &out);
    struct reading r = sample();
    r.unit = slice_of("");
    r.kind = READING_TEXT;
    r.text = slice_of("a\xff\"b\n");
    assert_int_equal(pack_writer_add(&w, &r), 0);
    assert_int_equal(pack_writer_end(&w), 0);
    assert_string_equal(out.data, "[{\"bn\":\"S1/\",\"bt\":1790000000.123456,"
                                  "\"n\":\"icmp/core-1/rtt\",\"vs\":\"a?\\\"b\\n\"}]");
    buf_done(&out);
}

static struct reading random_reading(struct rng *rng, char text[3][32])
{
    struct reading r = {.site = slice_of(rng_below(rng, 8) ? "S1" : "S-2:x")};
    snprintf(text[0], 32, "t%d/n.%d", (int)rng_below(rng, 3), (int)rng_below(rng, 5));
    snprintf(text[1], 32, "m_%d", (int)rng_below(rng, 4));
    snprintf(text[2], 32, "\"\\\n%c\xc3\xa9", (char)(1 + rng_below(rng, 127)));
    r.check = slice_of(text[0]);
    r.metric = slice_of(text[1]);
    r.unit = slice_of(rng_below(rng, 2) ? "Mbit/s" : "");
    r.time_us = NOW_US + (int64_t)rng_below(rng, 3) * 999999;
    r.kind = (enum reading_kind)rng_below(rng, 3);
    if (r.kind == READING_NUMBER)
        r.number = (double)(int64_t)rng_next(rng) / (double)(1 + rng_below(rng, 1000000));
    else if (r.kind == READING_FLAG)
        r.flag = rng_below(rng, 2);
    else
        r.text = slice_of(text[2]);
    return r;
}

static void assert_same(const struct reading *a, const struct reading *b)
{
    assert_true(slice_equal(a->site, b->site));
    assert_true(slice_equal(a->check, b->check));
    assert_true(slice_equal(a->metric, b->metric));
    assert_true(slice_equal(a->unit, b->unit));
    assert_int_equal(a->time_us, b->time_us);
    assert_int_equal(a->kind, b->kind);
    assert_true(a->number == b->number);
    assert_int_equal(a->flag, b->flag);
    assert_true(slice_equal(a->text, b->text));
}

static void what_is_written_reads_back(void **state)
{
    (void)state;
    static char texts[100][3][32];
    static struct reading readings[100];
    struct rng rng = {20261122};
    struct pack_reader reader;
    assert_int_equal(pack_reader_init(&reader), 0);
    struct buf out;
    buf_init(&out, PACK_BYTES_MAX);
    for (int round = 0; round < 500; round++) {
        size_t n = (size_t)rng_below(&rng, 100);
        buf_clear(&out);
        struct pack_writer w;
        pack_writer_begin(&w, &out);
        for (size_t i = 0; i < n; i++) {
            readings[i] = random_reading(&rng, texts[i]);
            assert_int_equal(pack_writer_add(&w, &readings[i]), 0);
        }
        assert_int_equal(pack_writer_end(&w), 0);
        assert_int_equal(pack_reader_read(&reader, (struct slice){out.data, out.len}, PACK_STREAM,
                                          (struct wall_ms){NOW_US / 1000}, NULL),
                         0);
        assert_int_equal(reader.len, n);
        for (size_t i = 0; i < n; i++)
            assert_same(&reader.readings[i], &readings[i]);
    }
    buf_done(&out);
    pack_reader_done(&reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repeats_neither_site_nor_time),
        cmocka_unit_test(a_refused_reading_leaves_no_trace),
        cmocka_unit_test(a_full_pack_can_be_ended),
        cmocka_unit_test(texts_that_are_no_utf8_are_mended),
        cmocka_unit_test(what_is_written_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
