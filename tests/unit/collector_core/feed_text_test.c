#include "core/feed_text.h"

#include "base/err.h"
#include "core/nfc.h"
#include "unit.h"

#include <string.h>

/* "Mã trạm" as UTF-8 in NFC. */
#define MA_TRAM "M\xc3\xa3 tr\xe1\xba\xa1m"
#define BYTES(text)              \
    {                            \
        (text), sizeof(text) - 1 \
    }

static void every_encoding_becomes_the_same_text(void **state)
{
    (void)state;

    static const struct {
        struct slice bytes;
        enum feed_encoding encoding;
    } cases[] = {
        {BYTES(MA_TRAM "\n"), FEED_AUTO},
        {BYTES("\xef\xbb\xbf" MA_TRAM "\n"), FEED_UTF8},
        {BYTES("\xff\xfeM\0\xe3\0 \0t\0r\0\xa1\x1em\0\n"), FEED_AUTO}, /* its last NUL is C's */
        {BYTES("\xfe\xff\0M\0\xe3\0 \0t\0r\x1e\xa1\0m\0\n"), FEED_AUTO},
        {BYTES("M\0\xe3\0 \0t\0r\0\xa1\x1em\0\n"), FEED_UTF16},
        {BYTES("Ma\xde tra\xf2m\n"), FEED_AUTO},
        {BYTES("Ma\xde tra\xf2m\n"), FEED_CP1258},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out, scratch;
        struct slice text = cases[i].bytes, line;
        unsigned ignored;
        if (text.at[text.len - 1] == '\n' && memchr(text.at, '\0', text.len) && i != 3)
            text.len++; /* UTF-16 ends with the NUL that C put there */
        buf_init(&out, 1 << 10);
        buf_init(&scratch, 1 << 10);
        assert_int_equal(feed_text_read(text, cases[i].encoding, &out, &ignored), 0);
        assert_int_equal(out.data[out.len - 1], '\n');
        assert_int_equal(nfc_line((struct slice){out.data, out.len - 1}, &scratch, &line), 0);
        assert_true(slice_is(line, MA_TRAM));
        buf_done(&out);
        buf_done(&scratch);
    }
}

static void what_is_no_utf8_is_told_with_its_line(void **state)
{
    (void)state;
    struct buf out;
    unsigned line = 0;
    buf_init(&out, 1 << 10);
    assert_int_equal(feed_text_read(slice_of("a\nb\nMa\xde\n"), FEED_UTF8, &out, &line),
                     ERR_SYNTAX);
    assert_int_equal(line, 3);
    buf_done(&out);
}

static void every_byte_of_windows_1258_is_a_character(void **state)
{
    (void)state;
    char bytes[256];
    struct buf out;
    unsigned line;
    for (int i = 0; i < 256; i++)
        bytes[i] = (char)i;
    buf_init(&out, 1 << 12);
    assert_int_equal(feed_text_read((struct slice){bytes, 256}, FEED_CP1258, &out, &line), 0);
    /* 128 of one byte; of the others 20ac 201a 201e 2026 2020 2021 2030 2039 2018 2019 201c 201d
     * 2022 2013 2014 2122 203a 20ab and 9 holes have three, all else two. */
    assert_int_equal(out.len, 128 + 27 * 3 + 101 * 2);
    buf_done(&out);
}

static void a_torn_end_is_bounded(void **state)
{
    (void)state;
    static const char bytes[] = "\xff\xfeM\0\x3d\xd8"; /* half a pair, then nothing */
    struct buf out;
    unsigned line;
    buf_init(&out, 64);
    assert_int_equal(feed_text_read((struct slice){bytes, 6}, FEED_AUTO, &out, &line), 0);
    assert_true(slice_is((struct slice){out.data, out.len}, "M\xef\xbf\xbd"));
    buf_clear(&out);
    assert_int_equal(feed_text_read((struct slice){NULL, 0}, FEED_AUTO, &out, &line), 0);
    assert_int_equal(out.len, 0);
    buf_done(&out);
}

/* A file that was cut within its last letter is still UTF-8: only its last row is lost. */
static void utf8_cut_within_a_letter_is_utf8(void **state)
{
    (void)state;

    static const struct {
        struct slice bytes;
        enum feed_encoding encoding;
        const char *text;
    } cases[] = {
        {BYTES(MA_TRAM "\nA\xe1\xba"), FEED_AUTO, MA_TRAM "\nA\xef\xbf\xbd"},
        {BYTES(MA_TRAM "\nA\xc3"), FEED_AUTO, MA_TRAM "\nA\xef\xbf\xbd"},
        {BYTES("\xef\xbb\xbfM\xe1"), FEED_AUTO, "M\xef\xbf\xbd"},
        {BYTES("M\xe1\xba"), FEED_UTF8, "M\xef\xbf\xbd"},
        {BYTES("tra\xf2"), FEED_AUTO, "tra\xcc\xa3"}, /* nothing says that it is UTF-8 */
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out;
        unsigned line;
        buf_init(&out, 1 << 10);
        assert_int_equal(feed_text_read(cases[i].bytes, cases[i].encoding, &out, &line), 0);
        assert_true(slice_is((struct slice){out.data, out.len}, cases[i].text));
        buf_done(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_encoding_becomes_the_same_text),
        cmocka_unit_test(what_is_no_utf8_is_told_with_its_line),
        cmocka_unit_test(every_byte_of_windows_1258_is_a_character),
        cmocka_unit_test(a_torn_end_is_bounded),
        cmocka_unit_test(utf8_cut_within_a_letter_is_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
