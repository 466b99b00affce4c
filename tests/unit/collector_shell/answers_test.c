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
    struct ack_queue waiting;
    struct buf seen;
    answers_init(&a);
    ack_queue_init(&waiting);
    buf_init(&seen, 4096);
    struct slice p1 = slice_of("p1");
    add(&a, (struct reception_answer){.probe = p1, .epoch = 0xa, .upto = 4});
    add(&a, (struct reception_answer){
                .probe = p1, .epoch = 0xa, .upto = 5, .refused_seq = 5, .refused = "not JSON"});
    add(&a, (struct reception_answer){.probe = p1, .epoch = 0xa, .upto = 5, .gap = true});
    add(&a, (struct reception_answer){.probe = p1, .epoch = 0xb, .upto = 1});
    add(&a, (struct reception_answer){.probe = slice_of("p2"),
                                      .hold = "probe p2 is not in the inventory"});
    assert_int_equal(answers_publish(&a, &waiting, (struct wall_ms){1790000000123}, print, &seen),
                     0);
    assert_string_equal(
        seen.data,
        "ioc/v1/p1/ack {\"epoch\":\"000000000000000a\",\"upto\":5,\"now\":1790000000.123000,"
        "\"gap\":true,\"refused\":[[5,\"not JSON\"]]}\n"
        "ioc/v1/p1/ack {\"epoch\":\"000000000000000b\",\"upto\":1,\"now\":1790000000.123000}\n"
        "ioc/v1/p2/ack {\"now\":1790000000.123000,\"hold\":\"probe p2 is not in the "
        "inventory\"}\n");
    buf_clear(&seen);
    assert_int_equal(answers_publish(&a, &waiting, (struct wall_ms){1}, print, &seen), 0);
    assert_int_equal(seen.len, 0);
    ack_queue_done(&waiting);
    answers_done(&a);
    buf_done(&seen);
}

static void late(struct answers *a, uint32_t number, const char *probe, uint64_t upto)
{
    add(a,
        (struct reception_answer){
            .probe = slice_of(probe), .number = number, .late = true, .epoch = 0xa, .upto = upto});
}

/* What is live is answered at once; what is of the past in its turn, as much as there is room for,
 * and at least one. Who asks again meanwhile gets no second ack; who has news does, instead. */
static void packs_of_the_past_wait_for_their_turn(void **state)
{
    (void)state;
    struct answers a;
    struct ack_queue waiting;
    struct buf seen;
    struct names probes;
    uint32_t n;
    answers_init(&a);
    ack_queue_init(&waiting);
    buf_init(&seen, 4096);
    names_init(&probes, 8);
    for (int i = 0; i < 4; i++) {
        const char *const ids[] = {"p1", "p2", "p3", "p4"};
        assert_int_equal(names_add(&probes, slice_of(ids[i]), &n), 0);
    }
    late(&a, 1, "p1", 1);
    late(&a, 1, "p1", 2);
    late(&a, 2, "p2", 7);
    late(&a, 3, "p3", 3);
    add(&a,
        (struct reception_answer){.probe = slice_of("p4"), .number = 4, .epoch = 0xa, .upto = 9});
    assert_int_equal(answers_publish(&a, &waiting, (struct wall_ms){0}, print, &seen), 0);
    assert_string_equal(seen.data, "ioc/v1/p4/ack {\"epoch\":\"000000000000000a\",\"upto\":9}\n");
    buf_clear(&seen);
    add(&a, (struct reception_answer){/* a pack of p2 came twice */
                                      .probe = slice_of("p2"),
                                      .number = 2,
                                      .epoch = 0xa,
                                      .upto = 7});
    add(&a, (struct reception_answer){/* p3 is live again */
                                      .probe = slice_of("p3"),
                                      .number = 3,
                                      .epoch = 0xa,
                                      .upto = 4});
    assert_int_equal(answers_publish(&a, &waiting, (struct wall_ms){0}, print, &seen), 0);
    assert_string_equal(seen.data, "ioc/v1/p3/ack {\"epoch\":\"000000000000000a\",\"upto\":4}\n");
    buf_clear(&seen);
    assert_int_equal(answers_release(&waiting, 2, &probes, (struct wall_ms){0}, print, &seen), 0);
    assert_string_equal(seen.data, "ioc/v1/p1/ack {\"epoch\":\"000000000000000a\",\"upto\":2}\n");
    buf_clear(&seen);
    assert_int_equal(answers_release(&waiting, 0, &probes, (struct wall_ms){0}, print, &seen), 0);
    assert_string_equal(seen.data, "ioc/v1/p2/ack {\"epoch\":\"000000000000000a\",\"upto\":7}\n");
    assert_int_equal(waiting.waiting, 0);
    names_done(&probes);
    ack_queue_done(&waiting);
    answers_done(&a);
    buf_done(&seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_ack_per_stream_with_all_that_belongs_to_it),
        cmocka_unit_test(packs_of_the_past_wait_for_their_turn)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
