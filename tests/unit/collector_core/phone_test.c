/* Phone numbers as people and networks write them. */
#include "core/phone.h"

#include "base/err.h"
#include "unit.h"

static void numbers_have_one_form(void **state)
{
    (void)state;

    static const struct {
        const char *text, *phone; /* NULL: none */
    } cases[] = {{"0900 000 001", "84900000001"},
                 {"+84 900.000-001", "84900000001"},
                 {"0084900000001", "84900000001"},
                 {"84900000001", "84900000001"},
                 {"(0900) 000001", "84900000001"},
                 {"199", "199"},
                 {"12", NULL},
                 {"09x0000001", NULL},
                 {"", NULL},
                 {"+", NULL},
                 {"1234567890123456", NULL}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char phone[PHONE_MAX] = "";
        int err = phone_read(slice_of(cases[i].text), "84", phone);
        assert_int_equal(err, cases[i].phone ? 0 : ERR_SYNTAX);
        assert_string_equal(phone, cases[i].phone ? cases[i].phone : "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_one_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
