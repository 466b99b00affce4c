#include "core/kept.h"

#include "base/err.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

static struct slice text_of(const struct buf *b)
{
    return (struct slice){b->data, b->len};
}

static void what_is_added_is_found(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, KEPT_MAX);
    kept_begin(&text);
    assert_int_equal(kept_add(&text, slice_of("sfp/up eth1"), slice_of("-600 -601")), 0);
    assert_int_equal(kept_add(&text, slice_of("sfp/up"), slice_of("1")), 0);
    assert_int_equal(kept_add(&text, slice_of("end"), slice_of("a line like the last")), 0);
    assert_int_equal(kept_end(&text), 0);
    assert_string_equal(text.data, "ioc-probe memory 1\nsfp/up eth1\t-600 -601\nsfp/up\t1\n"
                                   "end\ta line like the last\nend\n");
    assert_int_equal(kept_check(text_of(&text)), 0);
    assert_true(slice_is(kept_find(text_of(&text), slice_of("sfp/up eth1")), "-600 -601"));
    assert_true(slice_is(kept_find(text_of(&text), slice_of("sfp/up")), "1"));
    assert_int_equal(kept_find(text_of(&text), slice_of("sfp/u")).len, 0);
    buf_done(&text);
}

static void what_is_no_line_is_not_added(void **state)
{
    static const char *const cases[][2] = {{"", "1"},     {"a", ""},         {"a\tb", "1"},
                                           {"a", "1\n2"}, {"a", "\xc3\xa9"}, {"a\x7f", "1"}};

    (void)state;
    struct buf text;
    buf_init(&text, KEPT_MAX);
    kept_begin(&text);
    size_t len = text.len;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int err = kept_add(&text, slice_of(cases[i][0]), slice_of(cases[i][1]));
        assert_int_equal(err, ERR_RANGE);
        assert_int_equal(text.len, len);
    }
    buf_done(&text);
}

/* What does not fit is left out; the rest, and the end, still fit. */
static void too_much_is_left_out(void **state)
{
    (void)state;
    struct buf text;
    char *much = malloc(KEPT_MAX);
    assert_non_null(much);
    memset(much, 'x', KEPT_MAX);
    buf_init(&text, KEPT_MAX);
    kept_begin(&text);
    size_t room = KEPT_MAX - text.len - strlen("much\t\nend\n");
    assert_int_equal(kept_add(&text, slice_of("much"), (struct slice){much, room + 1}), ERR_FULL);
    assert_int_equal(kept_add(&text, slice_of("much"), (struct slice){much, room}), 0);
    assert_int_equal(kept_add(&text, slice_of("a"), slice_of("1")), ERR_FULL);
    assert_int_equal(kept_end(&text), 0);
    assert_int_equal(text.len, KEPT_MAX);
    assert_int_equal(kept_check(text_of(&text)), 0);
    buf_done(&text);
    free(much);
}

static void what_is_not_whole_is_refused(void **state)
{
    static const struct {
        const char *text;
        int err;
    } cases[] = {
        {"", ERR_CORRUPT},
        {"ioc-probe memory 1\n", ERR_CORRUPT},
        {"ioc-probe memory 1\nend", ERR_CORRUPT},
        {"ioc-probe memory 1\nend\n\n", ERR_CORRUPT},
        {"ioc-probe memory 1\na\t1\n", ERR_CORRUPT},
        {"ioc-probe memory 1\na1\nend\n", ERR_CORRUPT},
        {"ioc-probe memory 1\n\t1\nend\n", ERR_CORRUPT},
        {"ioc-probe memory 1\na\t\nend\n", ERR_CORRUPT},
        {"ioc-probe memory 1\na\t1\t2\nend\n", ERR_CORRUPT},
        {"ioc-probe memory 2\nend\n", ERR_VERSION},
        {"ioc-probe outbox 2\nend\n", ERR_CORRUPT},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(kept_check(slice_of(cases[i].text)), cases[i].err);
    struct slice nul = {"ioc-probe memory 1\na\t\0\nend\n", 27};
    assert_int_equal(kept_check(nul), ERR_CORRUPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_added_is_found),
        cmocka_unit_test(what_is_no_line_is_not_added),
        cmocka_unit_test(too_much_is_left_out),
        cmocka_unit_test(what_is_not_whole_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
