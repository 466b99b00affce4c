/* Numbers of varying length, both ways. */
#include "base/cursor.h"

#include "base/buf.h"
#include "base/err.h"
#include "unit.h"

#include <string.h>

static void varints_come_back(void **state)
{
    (void)state;

    static const struct {
        uint64_t value;
        const char *bytes;
        size_t len;
    } cases[] = {
        {0, "\x00", 1},
        {1, "\x01", 1},
        {127, "\x7f", 1},
        {128, "\x80\x01", 2},
        {300, "\xac\x02", 2},
        {UINT32_MAX, "\xff\xff\xff\xff\x0f", 5},
        {UINT64_MAX, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b;
        struct cursor c;
        buf_init(&b, 100);
        buf_varint(&b, cases[i].value);
        assert_int_equal(b.len, cases[i].len);
        assert_memory_equal(b.data, cases[i].bytes, b.len);
        cursor_init(&c, b.data, b.len);
        assert_true(cursor_varint(&c) == cases[i].value);
        assert_int_equal(c.err, 0);
        assert_int_equal(cursor_left(&c), 0);
        cursor_init(&c, b.data, b.len - 1);
        assert_true(cursor_varint(&c) == 0);
        assert_int_equal(c.err, ERR_END);
        buf_done(&b);
    }
}

static void numbers_beyond_64_bits_are_errors(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02\x01",
        "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x81\x01",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct cursor c;
        cursor_init(&c, wrong[i], strlen(wrong[i]));
        assert_true(cursor_varint(&c) == 0);
        assert_int_equal(c.err, ERR_END);
        assert_int_equal(cursor_left(&c), 0);
    }
}

static void texts_come_back_cut_or_empty(void **state)
{
    (void)state;
    struct buf b;
    struct cursor c;
    char whole[8], cut[3];
    buf_init(&b, 100);
    buf_text(&b, "bão");
    buf_text(&b, "bts-1");
    assert_memory_equal(b.data, "\x04\0b\xc3\xa3o\x05\0bts-1", b.len);
    cursor_init(&c, b.data, b.len);
    cursor_text(&c, whole, sizeof whole);
    cursor_text(&c, cut, sizeof cut);
    assert_string_equal(whole, "bão");
    assert_string_equal(cut, "bt");
    assert_int_equal(c.err, 0);
    assert_int_equal(cursor_left(&c), 0);
    cursor_init(&c, b.data, 4);
    cursor_text(&c, whole, sizeof whole);
    assert_string_equal(whole, "");
    assert_int_equal(c.err, ERR_END);
    buf_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(varints_come_back),
        cmocka_unit_test(numbers_beyond_64_bits_are_errors),
        cmocka_unit_test(texts_come_back_cut_or_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
