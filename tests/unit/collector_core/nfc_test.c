#include "core/nfc.h"

#include "base/err.h"
#include "unit.h"

static void composes_vietnamese(void **state)
{
    (void)state;

    static const struct {
        const char *text, *line;
    } cases[] = {
        {"", ""},
        {"Phuoc Hoa", "Phuoc Hoa"},
        {"Ph\xc6\xb0\xe1\xbb\x9b"
         "c",
         "Ph\xc6\xb0\xe1\xbb\x9b"
         "c"}, /* composed already */
        {"Phu\xcc\x9bo\xcc\x9b\xcc\x81"
         "c",
         "Ph\xc6\xb0\xe1\xbb\x9b"
         "c"}, /* u+horn o+horn+acute */
        {"Phu\xcc\x9bo\xcc\x81\xcc\x9b"
         "c",
         "Ph\xc6\xb0\xe1\xbb\x9b"
         "c"},                                    /* marks the other way round */
        {"\xc3\xa2\xcc\xa3", "\xe1\xba\xad"},     /* a-circumflex + dot below */
        {"a\xcc\xa3\xcc\x82", "\xe1\xba\xad"},    /* a + dot below + circumflex */
        {"\xc4\x91\xc4\x90", "\xc4\x91\xc4\x90"}, /* d with stroke has no parts */
        {"two\r\n lines\tand more", "two  lines and more"},
        {"\ttrim", "trim"},
        {"x\x7fy", "x y"},
    };
    struct buf scratch;
    buf_init(&scratch, 256);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct slice line;
        assert_int_equal(nfc_line(slice_of(cases[i].text), &scratch, &line), 0);
        assert_int_equal(line.len, strlen(cases[i].line));
        assert_memory_equal(line.at, cases[i].line, line.len);
    }
    buf_done(&scratch);
}

static void refuses_what_is_not_utf8_or_too_long(void **state)
{
    (void)state;
    static const char *const bad[] = {"\xff", "Ph\xc6", "\xc0\xaf", "\xed\xa0\x80"};
    struct buf scratch;
    struct slice line;
    buf_init(&scratch, 4);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(nfc_line(slice_of(bad[i]), &scratch, &line), ERR_SYNTAX);
    assert_int_equal(nfc_line(slice_of("\xc3\xa2\xc3\xa2\xc3\xa2"), &scratch, &line), ERR_FULL);
    buf_done(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(composes_vietnamese),
        cmocka_unit_test(refuses_what_is_not_utf8_or_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
