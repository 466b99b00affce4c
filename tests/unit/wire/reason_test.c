#include "wire/reason.h"

#include "unit.h"

static void is_always_plain_and_cut(void **state)
{
    (void)state;
    struct reason why;
    reason_set(&why, "label %.*s", 6, "a\"\\\n\xc3\xa9");
    assert_string_equal(why.text, "label a?????");
    char text[200];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    reason_set(&why, "%s", text);
    assert_int_equal(strlen(why.text), REASON_MAX - 1);
    reason_set(NULL, "nobody asks");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(is_always_plain_and_cut)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
