#include "shell/http_events.h"

#include "unit.h"

#include <string.h>

static size_t read_all(const struct http_events *e, struct http_events_reader *reader, char *to,
                       size_t size)
{
    size_t at = 0;
    for (;;) {
        size_t len = http_events_read(e, reader, to + at,
                                      size - at - 1 < 7 && !reader->resync ? size - at - 1 : 64);
        if (len == HTTP_EVENTS_BEHIND)
            return len;
        if (len == 0)
            break;
        at += len;
    }
    to[at] = '\0';
    return at;
}

static void a_reader_goes_on_behind_the_last_event_it_has_seen(void **state)
{
    (void)state;
    char text[512];
    struct http_events *e = http_events_new(256);
    http_events_put(e, 1, "sites", slice_of("[1]"));
    http_events_put(e, 0, "hb", slice_of("{}"));
    http_events_put(e, 2, "sites", slice_of("[2]"));
    struct http_events_reader reader = http_events_join(e, 1);
    assert_false(reader.resync);
    read_all(e, &reader, text, sizeof text);
    assert_string_equal(text, "event: hb\ndata: {}\n\nid: 2\nevent: sites\ndata: [2]\n\n");
    http_events_put(e, 3, "sites", slice_of("[3]"));
    read_all(e, &reader, text, sizeof text);
    assert_string_equal(text, "id: 3\nevent: sites\ndata: [3]\n\n");
    http_events_free(e);
}

static void a_new_reader_is_told_to_fetch_everything(void **state)
{
    (void)state;
    char text[512];
    struct http_events *e = http_events_new(256);
    http_events_put(e, 1, "sites", slice_of("[1]"));
    struct http_events_reader fresh = http_events_join(e, 0);
    struct http_events_reader stranger = http_events_join(e, 77);
    assert_true(stranger.resync);
    read_all(e, &fresh, text, sizeof text);
    assert_string_equal(text, "event: resync\ndata: {}\n\n");
    http_events_free(e);
}

static void a_slow_reader_is_let_go_and_comes_back_to_resync(void **state)
{
    (void)state;
    char text[512];
    struct http_events *e = http_events_new(128);
    http_events_put(e, 1, "sites", slice_of("[1]"));
    struct http_events_reader reader = http_events_join(e, 1);
    for (uint64_t id = 2; id < 20; id++)
        http_events_put(e, id, "sites", slice_of("[\"a change\"]"));
    assert_true(read_all(e, &reader, text, sizeof text) == HTTP_EVENTS_BEHIND);
    assert_true(http_events_join(e, 1).resync);
    assert_false(http_events_join(e, 19).resync);
    http_events_free(e);
}

static void an_event_larger_than_the_ring_lets_everybody_go(void **state)
{
    (void)state;
    char big[300];
    char text[512];
    memset(big, 'x', sizeof big);
    struct http_events *e = http_events_new(128);
    http_events_put(e, 1, "sites", slice_of("[1]"));
    struct http_events_reader reader = http_events_join(e, 1);
    http_events_put(e, 2, "overview", (struct slice){big, sizeof big});
    assert_true(read_all(e, &reader, text, sizeof text) == HTTP_EVENTS_BEHIND);
    http_events_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reader_goes_on_behind_the_last_event_it_has_seen),
        cmocka_unit_test(a_new_reader_is_told_to_fetch_everything),
        cmocka_unit_test(a_slow_reader_is_let_go_and_comes_back_to_resync),
        cmocka_unit_test(an_event_larger_than_the_ring_lets_everybody_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
