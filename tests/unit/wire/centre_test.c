#include "wire/centre.h"

#include "base/err.h"
#include "unit.h"

static void refuses_what_is_none(void **state)
{
    (void)state;
    struct centre_status status = {.boot = 7};
    struct centre_echo echo = {.number = 7};
    assert_int_equal(centre_read_status(slice_of("{\"state\":\"up\"}"), &status, NULL),
                     ERR_UNKNOWN);
    assert_int_equal(centre_read_status(slice_of("{\"state\":\"online\"}"), &status, NULL),
                     ERR_MISSING);
    assert_int_equal(centre_read_echo(slice_of("{\"id\":\"_c\"}"), &echo, NULL), ERR_SYNTAX);
    assert_int_equal(
        centre_read_echo(slice_of("{\"id\":\"c\",\"boot\":\"00000000000000ff\"}"), &echo, NULL),
        ERR_MISSING);
    assert_int_equal(centre_read_echo(slice_of(""), &echo, NULL), ERR_SYNTAX);
    assert_true(status.boot == 7 && echo.number == 7);
}

static void spread_is_optional_and_bounded(void **state)
{
    (void)state;
    struct centre_status status = {0};
    struct slice none = slice_of("{\"state\":\"online\",\"boot\":\"00000000000000ff\"}");
    assert_int_equal(centre_read_status(none, &status, NULL), 0);
    assert_int_equal(status.spread_s, 0);
    struct slice day =
        slice_of("{\"state\":\"online\",\"boot\":\"00000000000000ff\",\"spread\":86400}");
    assert_int_equal(centre_read_status(day, &status, NULL), ERR_RANGE);
    struct buf out;
    buf_init(&out, 200);
    centre_write_status(&out, &(struct centre_status){true, 7, 240}, (struct slice){0});
    assert_int_equal(centre_read_status((struct slice){out.data, out.len}, &status, NULL), 0);
    assert_int_equal(status.spread_s, 240);
    buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(refuses_what_is_none),
                                       cmocka_unit_test(spread_is_optional_and_bounded)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
