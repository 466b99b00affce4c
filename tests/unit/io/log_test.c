#include "io/log.h"

#include "io/log_text.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct log_text rendered(const char *fmt, ...) PRINTF_LIKE(1, 2);

static struct log_text rendered(const char *fmt, ...)
{
    struct log_text t = {.len = 0};
    va_list args;
    va_start(args, fmt);
    log_text_list(&t, fmt, args);
    va_end(args);
    t.bytes[t.len] = '\0';
    return t;
}

static void hostile_values_stay_values(void **state)
{
    (void)state;

    static const struct {
        const char *value, *text;
    } cases[] = {
        {"core-1", "core-1"},
        {"", "\"\""},
        {"two words", "\"two words\""},
        {"a=b", "\"a=b\""},
        {"say \"no\"", "\"say \\\"no\\\"\""},
        {"back\\slash", "\"back\\\\slash\""},
        {"x\nlevel=error what=fake", "\"x\\nlevel=error what=fake\""},
        {"\x1b[2J", "\"\\x1b[2J\""},
        {"Trạm Phước Hữu", "\"Trạm Phước Hữu\""},
        {"\xff\xfe", "\"\\xff\\xfe\""},
        {"\xc0\xaf", "\"\\xc0\\xaf\""},          /* overlong '/' */
        {"\xed\xa0\x80", "\"\\xed\\xa0\\x80\""}, /* surrogate */
        {"\xe2\x80\xae", "\"\\xe2\\x80\\xae\""}, /* right-to-left override */
        {"\xc2\x85", "\"\\xc2\\x85\""},          /* C1 next line */
        {"\xe1\xba", "\"\\xe1\\xba\""},          /* cut */
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct log_text t = {.len = 0};
        log_text_value(&t, slice_of(cases[i].value));
        t.bytes[t.len] = '\0';
        assert_string_equal(t.bytes, cases[i].text);
    }
}

static void conversions_become_values(void **state)
{
    (void)state;
    struct log_text t =
        rendered("a=%s b=%d c=%lu d=%lld e=%zu f=%.2f g=%g h=%.*s i=%x do=\"look here\"", "x y", -3,
                 7UL, -9LL, (size_t)5, 1.005, 0.1, 2, "abcdef", 255U);
    assert_string_equal(t.bytes,
                        "a=\"x y\" b=-3 c=7 d=-9 e=5 f=1.00 g=0.1 h=ab i=ff do=\"look here\"");
    const char *volatile nothing = NULL; /* volatile: the compiler must not see it */
    struct log_text none = rendered("a=%s", nothing);
    assert_string_equal(none.bytes, "a=\"\"");
}

static void times_are_utc_with_milliseconds(void **state)
{
    (void)state;
    struct log_text t = {.len = 0};
    log_text_time(&t, (struct wall_ms){1795327200123}); /* date -u -d @1795327200 */
    t.bytes[t.len] = '\0';
    assert_string_equal(t.bytes, "2026-11-22T06:00:00.123Z");
}

static void long_lines_are_cut_and_marked(void **state)
{
    (void)state;
    struct log_text t = {.len = 0};
    for (int i = 0; i < 500; i++)
        log_text_plain(&t, "0123456789");
    log_text_end(&t);
    assert_true(t.len <= LOG_LINE_MAX);
    assert_memory_equal(t.bytes + t.len - 5, "9...\n", 5);
}

static size_t read_lines(int fd, char *to, size_t size)
{
    ssize_t n = read(fd, to, size - 1);
    assert_true(n >= 0);
    to[n] = '\0';
    size_t lines = 0;
    for (const char *at = to; (at = strchr(at, '\n')); at++)
        lines++;
    return lines;
}

static void one_event_cannot_fill_the_log(void **state)
{
    (void)state;
    static char text[65536];
    int fd[2];
    assert_int_equal(pipe(fd), 0);
    log_set_fd(fd[1]);
    for (int i = 0; i < 100; i++)
        log_event(LOG_WARNING, "test.flood", "n=%d", i);
    log_event(LOG_WARNING, "test.other", "n=%d", 1);
    log_event(LOG_DEBUG, "test.debug", "n=%d", 1);
    log_set_fd(STDERR_FILENO);
    close(fd[1]);
    assert_int_equal(read_lines(fd[0], text, sizeof text), 21);
    assert_non_null(strstr(text, " level=warning what=test.flood n=19\n"));
    assert_null(strstr(text, "n=20"));
    assert_non_null(strstr(text, " what=test.other n=1\n"));
    assert_null(strstr(text, "test.debug"));
    close(fd[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_values_stay_values),
        cmocka_unit_test(conversions_become_values),
        cmocka_unit_test(times_are_utc_with_milliseconds),
        cmocka_unit_test(long_lines_are_cut_and_marked),
        cmocka_unit_test(one_event_cannot_fill_the_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
