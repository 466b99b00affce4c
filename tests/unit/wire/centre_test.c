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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(refuses_what_is_none)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
