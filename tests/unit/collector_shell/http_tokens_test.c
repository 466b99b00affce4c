/* Files of people's tokens: what is taken, what is complained of, and that nothing but a hash is
 * in them. */
#include "shell/http_tokens.h"

#include "shell/http_guard.h"
#include "unit.h"

#include <string.h>

/* SHA-256 of "abc" (FIPS 180-4, appendix). */
#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static int parse(const char *text, struct http_tokens *tokens, struct buf *complaints)
{
    buf_clear(complaints);
    return http_tokens_parse("t", slice_of(text), tokens, complaints);
}

static void lines_become_tokens_with_names(void **state)
{
    (void)state;
    static struct http_tokens tokens;
    static struct http_guard guard;
    static const char *const none[HTTP_ROLES] = {NULL};
    struct buf complaints;
    buf_init(&complaints, 4096);
    assert_int_equal(parse("# people\n\nlan:operator:" ABC "\r\n", &tokens, &complaints), 0);
    assert_int_equal(tokens.len, 1);
    assert_string_equal(tokens.item[0].who, "lan");
    http_guard_init(&guard, none);
    http_guard_name(&guard, &tokens);
    struct http_caller caller = {.authorization = "Bearer abc"};
    assert_int_equal(http_guard_role(&guard, &caller), HTTP_OPERATOR);
    assert_string_equal(http_guard_who(&guard, &caller), "lan");
    caller.authorization = "Bearer " ABC; /* who has read the file has nothing */
    uint64_t which = 0;
    assert_int_equal(http_guard_role(&guard, &caller), HTTP_NOBODY);
    assert_string_equal(http_guard_who(&guard, &caller), "");
    assert_true(http_guard_wrong(&guard, &caller, &which));
    buf_done(&complaints);
}

static void every_mistake_is_told_with_its_line(void **state)
{
    (void)state;
    static struct http_tokens tokens;
    struct buf complaints;
    buf_init(&complaints, 4096);
    assert_int_not_equal(parse("lan:operator:" ABC "\n:viewer:" ABC "\nminh:root:" ABC
                               "\nan:viewer:abc\nlan:viewer:" ABC "\n",
                               &tokens, &complaints),
                         0);
    for (unsigned line = 2; line <= 5; line++) {
        char at[] = "t:0:";
        at[2] = (char)('0' + line);
        assert_non_null(strstr(complaints.data, at));
    }
    assert_null(strstr(complaints.data, "t:1:"));
    assert_int_not_equal(parse("# nobody\n", &tokens, &complaints), 0);
    assert_int_not_equal(parse("", &tokens, &complaints), 0);
    buf_done(&complaints);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_become_tokens_with_names),
        cmocka_unit_test(every_mistake_is_told_with_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
