/* Links to acknowledge with: ours, whole, in time. */
#include "shell/ack_link.h"

#include "base/err.h"
#include "folder.h"
#include "unit.h"

#include <string.h>

static void a_link_is_ours_whole_and_in_time(void **state)
{
    (void)state;
    char folder[FOLDER_PATH_MAX], link[256], other[256];
    struct ack_link_key key, again, foreign;
    uint64_t page = 0;
    folder_make(folder);
    assert_int_equal(ack_link_open(folder, &key), 0);
    assert_int_equal(ack_link_open(folder, &again), 0);
    assert_memory_equal(&key, &again, sizeof key);
    ack_link_write(&key, "https://ioc.example.vn", 42, (struct wall_ms){1000}, link, sizeof link);
    assert_int_equal(strncmp(link, "https://ioc.example.vn/a/42-1000-", 33), 0);
    ack_link_write(&key, "https://ioc.example.vn/", 42, (struct wall_ms){1000}, other,
                   sizeof other);
    assert_string_equal(link, other);
    char *token = link + strlen("https://ioc.example.vn/a/");
    assert_int_equal(ack_link_read(&key, token, (struct wall_ms){999}, &page), 0);
    assert_int_equal(page, 42);
    assert_int_equal(ack_link_read(&key, token, (struct wall_ms){1000}, &page), ERR_TIMEOUT);
    memset(&foreign, 7, sizeof foreign);
    assert_int_equal(ack_link_read(&foreign, token, (struct wall_ms){999}, &page), ERR_DENIED);
    token[1] = '3'; /* another page */
    assert_int_equal(ack_link_read(&key, token, (struct wall_ms){999}, &page), ERR_DENIED);
    static const char *const wrong[] = {"", "-", "--", "1-2", "42-1000-", "42-1000-00"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(ack_link_read(&key, wrong[i], (struct wall_ms){0}, &page), ERR_DENIED);
    ack_link_write(&key, "https://ioc.example.vn", 42, (struct wall_ms){1000}, link, 20);
    assert_string_equal(link, "");
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_link_is_ours_whole_and_in_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
