#include "shell/answers.h"

#include "unit.h"

#include <string.h>

static void print(void *context, const char *topic, struct slice payload)
{
    buf_printf(context, "%s %.*s\n", topic, (int)payload.len, payload.at);
}

static void add(struct answers *a, struct reception_answer answer)
{
    assert_int_equal(answers_add(a, &answer), 0);
}

static void one_ack_per_stream_with_all_that_belongs_to_it(void **state)
{
    (void)state;
    struct answers a;
    struct buf seen;
    answers_init(&a);
    buf_init(&seen, 4096);
    struct slice p1 = slice_of("p1");
    add(&a, (struct reception_answer){.probe = p1, .epoch = 0xa, .upto = 4});
    add(&a, (struct reception_answer){
                .probe = p1, .epoch = 0xa, .upto = 5, .refused_seq = 5, .refused = "not JSON"});
    add(&a, (struct reception_answer){.probe = p1, .epoch = 0xa, .upto = 5, .gap = true});
    add(&a, (struct reception_answer){.probe = p1, .epoch = 0xb, .upto = 1});
    add(&a, (struct reception_answer){.probe = slice_of("p2"),
                                      .hold = "probe p2 is not in the inventory"});
    assert_int_equal(answers_publish(&a, (struct wall_ms){1790000000123}, print, &seen), 0);
    assert_string_equal(
        seen.data,
        "ioc/v1/p1/ack {\"epoch\":\"000000000000000a\",\"upto\":5,\"now\":1790000000.123000,"
        "\"gap\":true,\"refused\":[[5,\"not JSON\"]]}\n"
        "ioc/v1/p1/ack {\"epoch\":\"000000000000000b\",\"upto\":1,\"now\":1790000000.123000}\n"
        "ioc/v1/p2/ack {\"now\":1790000000.123000,\"hold\":\"probe p2 is not in the "
        "inventory\"}\n");
    buf_clear(&seen);
    assert_int_equal(answers_publish(&a, (struct wall_ms){1}, print, &seen), 0);
    assert_int_equal(seen.len, 0);
    answers_done(&a);
    buf_done(&seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_ack_per_stream_with_all_that_belongs_to_it)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
