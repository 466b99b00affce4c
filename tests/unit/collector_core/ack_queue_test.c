#include "core/ack_queue.h"

#include "unit.h"

static void add(struct ack_queue *q, uint32_t probe, uint64_t epoch, uint64_t upto)
{
    struct ack_waiting ack = {.probe = probe, .packs = 1, .epoch = epoch, .upto = upto};
    assert_int_equal(ack_queue_add(q, &ack), 0);
}

static void assert_next(struct ack_queue *q, uint32_t probe, uint64_t upto, uint32_t packs)
{
    struct ack_waiting ack;
    assert_true(ack_queue_take(q, &ack));
    assert_int_equal(ack.probe, probe);
    assert_int_equal(ack.upto, upto);
    assert_int_equal(ack.packs, packs);
}

static void who_came_first_is_first_with_what_came_since(void **state)
{
    (void)state;
    struct ack_queue q;
    struct ack_waiting ack;
    ack_queue_init(&q);
    add(&q, 7, 1, 1);
    add(&q, 3, 1, 1);
    add(&q, 7, 1, 2); /* keeps its place, acknowledges both */
    assert_int_equal(q.waiting, 2);
    assert_next(&q, 7, 2, 2);
    add(&q, 7, 1, 3); /* behind the other now */
    assert_next(&q, 3, 1, 1);
    assert_next(&q, 7, 3, 1);
    assert_false(ack_queue_take(&q, &ack));
    assert_int_equal(q.waiting, 0);
    ack_queue_done(&q);
}

static void who_was_answered_otherwise_waits_no_more(void **state)
{
    (void)state;
    struct ack_queue q;
    struct ack_waiting ack;
    ack_queue_init(&q);
    add(&q, 1, 1, 5);
    add(&q, 2, 1, 5);
    assert_true(ack_queue_covers(&q, 1, 1, 5));
    assert_false(ack_queue_covers(&q, 1, 1, 6));
    assert_false(ack_queue_covers(&q, 1, 2, 5));
    assert_false(ack_queue_covers(&q, 9, 1, 5));
    ack_queue_forget(&q, 1);
    ack_queue_forget(&q, 9);
    assert_false(ack_queue_covers(&q, 1, 1, 5));
    assert_int_equal(q.waiting, 1);
    add(&q, 2, 2, 1); /* another outbox: its old stream is of no interest */
    assert_next(&q, 2, 1, 1);
    assert_false(ack_queue_take(&q, &ack));
    ack_queue_done(&q);
}

/* The places of those who were served are used again, and the order stays. */
static void it_grows_with_the_probes_not_with_the_acks(void **state)
{
    (void)state;

    enum { PROBES = 10000, ROUNDS = 20 };

    struct ack_queue q;
    ack_queue_init(&q);
    for (uint32_t i = 0; i < PROBES; i++)
        add(&q, i, 1, 1);
    for (uint64_t round = 1; round <= ROUNDS; round++)
        for (uint32_t i = 0; i < PROBES; i++) {
            assert_next(&q, i, round, 1);
            add(&q, i, 1, round + 1);
        }
    assert_int_equal(q.waiting, PROBES);
    assert_true(q.order.cap <= 4 * PROBES);
    ack_queue_done(&q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_came_first_is_first_with_what_came_since),
        cmocka_unit_test(who_was_answered_otherwise_waits_no_more),
        cmocka_unit_test(it_grows_with_the_probes_not_with_the_acks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
