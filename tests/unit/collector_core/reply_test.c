/* What people answer by SMS, in the forms that phones make of it. */
#include "core/reply.h"

#include "unit.h"

static void the_number_of_an_outage_is_read(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        uint64_t number; /* 0: it is no reply */
    } cases[] = {{"TN 1042", 1042}, {"tn1042", 1042}, {" Tn: SC1042 dang den", 1042},
                 {"TN sc 7.", 7},   {"TN #12", 12},   {"TN", 0},
                 {"TN 0", 0},       {"TN -1", 0},     {"1042", 0},
                 {"", 0},           {"KO 1042", 0},   {"TN 99999999999999999999999", 0}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t number = 0;
        bool read = reply_read(slice_of(cases[i].text), &number);
        assert_int_equal(read, cases[i].number != 0);
        if (read)
            assert_int_equal(number, cases[i].number);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_number_of_an_outage_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
