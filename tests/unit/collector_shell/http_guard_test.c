#include "shell/http_guard.h"

#include "unit.h"

#define SHOW "show"
#define READ "read"
#define WORK "work"
#define RULE "rule"

static const char *const TOKENS[HTTP_ROLES] = {NULL, SHOW, READ, WORK, RULE};
static const char *const NO_TOKENS[HTTP_ROLES] = {NULL, "", "", NULL, NULL};

static void test_the_token_tells_the_role(void **state)
{
    (void)state;

    static const struct {
        const char *authorization, *parameter;
        enum http_role role;
    } cases[] = {
        {NULL, NULL, HTTP_NOBODY},           {"Bearer " SHOW, NULL, HTTP_GUEST},
        {"Bearer " READ, NULL, HTTP_VIEWER}, {"Bearer " WORK, NULL, HTTP_OPERATOR},
        {"Bearer " RULE, NULL, HTTP_ADMIN},  {NULL, RULE, HTTP_ADMIN},
        {"Bearer " READ, RULE, HTTP_VIEWER}, {"Bearer rul", NULL, HTTP_NOBODY},
        {"Bearer rules", NULL, HTTP_NOBODY}, {"Bearer ", NULL, HTTP_NOBODY},
        {"Basic " RULE, NULL, HTTP_NOBODY},  {RULE, NULL, HTTP_NOBODY},
    };
    struct http_guard guard;
    http_guard_init(&guard, TOKENS);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct http_caller caller = {.authorization = cases[i].authorization,
                                     .token = cases[i].parameter};
        assert_int_equal(http_guard_role(&guard, &caller), cases[i].role);
    }
}

static void test_a_missing_token_is_not_an_empty_one(void **state)
{
    (void)state;
    static const char *const admin_only[HTTP_ROLES] = {NULL, NULL, NULL, NULL, RULE};
    struct http_guard guard;
    http_guard_init(&guard, admin_only);
    struct http_caller caller = {.authorization = "Bearer ", .token = ""};
    assert_int_equal(http_guard_role(&guard, &caller), HTTP_NOBODY);
}

static void test_with_tokens_a_change_takes_one_in_the_header(void **state)
{
    (void)state;

    static const struct {
        const char *authorization, *parameter;
        int status;
        enum http_role role;
    } cases[] = {
        {NULL, NULL, 401, HTTP_NOBODY},
        {NULL, RULE, 401, HTTP_NOBODY}, /* an address can stand on any page */
        {"Bearer wrong", NULL, 401, HTTP_NOBODY},
        {"Bearer " SHOW, NULL, 403, HTTP_GUEST},
        {"Bearer " READ, NULL, 403, HTTP_VIEWER},
        {"Bearer " WORK, NULL, 0, HTTP_OPERATOR},
        {"Bearer " RULE, NULL, 0, HTTP_ADMIN},
    };
    struct http_guard guard;
    http_guard_init(&guard, TOKENS);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct http_caller caller = {.authorization = cases[i].authorization,
                                     .token = cases[i].parameter};
        enum http_role role;
        assert_int_equal(http_guard_change(&guard, &caller, &role).status, cases[i].status);
        assert_int_equal(role, cases[i].role);
    }
}

static void test_without_tokens_a_change_comes_from_this_machine(void **state)
{
    (void)state;
#define JSON "application/json; charset=utf-8"

    static const struct {
        struct http_caller caller;
        int status;
    } cases[] = {
        {{.host = "127.0.0.1:8080", .type = JSON, .loopback = true, .posts = true}, 0},
        {{.host = "LOCALHOST", .type = JSON, .loopback = true, .posts = true}, 0},
        {{.host = "[::1]:80", .origin = "http://[::1]:80", .loopback = true}, 0},
        {{.host = "127.0.0.1", .type = JSON, .posts = true}, 403},
        {{.host = "127.0.0.1", .type = JSON, .loopback = true, .forwarded = "Via"}, 403},
        {{.host = "evil.vn:8080", .type = JSON, .loopback = true, .posts = true}, 403},
        {{.host = "localhost.evil.vn", .type = JSON, .loopback = true, .posts = true}, 403},
        {{.host = "localhost", .origin = "https://evil.vn", .loopback = true}, 403},
        {{.host = "localhost:8080", .origin = "http://localhost:81", .loopback = true}, 403},
        {{.host = "localhost", .origin = "null", .loopback = true}, 403},
        {{.loopback = true, .type = JSON, .posts = true}, 403},
        {{.host = "localhost", .type = "text/plain", .loopback = true, .posts = true}, 415},
        {{.host = "localhost", .loopback = true, .posts = true}, 415},
    };

#undef JSON
    struct http_guard guard;
    http_guard_init(&guard, NO_TOKENS);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum http_role role;
        struct http_refusal no = http_guard_change(&guard, &cases[i].caller, &role);
        assert_int_equal(no.status, cases[i].status);
        assert_true(!no.status || no.why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_token_tells_the_role),
        cmocka_unit_test(test_a_missing_token_is_not_an_empty_one),
        cmocka_unit_test(test_with_tokens_a_change_takes_one_in_the_header),
        cmocka_unit_test(test_without_tokens_a_change_comes_from_this_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
