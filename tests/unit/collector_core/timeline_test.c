#include "core/timeline.h"

#include "base/rng.h"
#include "unit.h"

#include <string.h>

enum { LENGTH = 200, SETS = 60, ROUNDS = 400 };

/* The same function, one code per millisecond. */
static void check_against(const struct timeline *tl, const uint16_t *plain)
{
    for (int t = 0; t < LENGTH; t++)
        assert_int_equal(timeline_at(tl, (struct wall_ms){t}), plain[t]);
    for (int64_t i = 0; i + 1 < (int64_t)tl->len; i++) {
        struct timeline_span a = timeline_span_at(tl, i);
        struct timeline_span b = timeline_span_at(tl, i + 1);
        assert_true(a.to.ms == b.from.ms && a.from.ms < a.to.ms);
        assert_int_not_equal(a.code, b.code);
    }
}

static void random_sets_agree_with_a_plain_array(void **state)
{
    (void)state;
    struct rng rng = {7};
    for (int round = 0; round < ROUNDS; round++) {
        struct timeline tl = {0};
        uint16_t plain[LENGTH];
        memset(plain, 0xff, sizeof plain);
        for (int i = 0; i < SETS; i++) {
            int64_t from = (int64_t)rng_below(&rng, LENGTH);
            bool open = rng_below(&rng, 4) == 0;
            int64_t to = open ? LENGTH : from + (int64_t)rng_below(&rng, 30);
            uint16_t code = (uint16_t)rng_below(&rng, 3);
            struct wall_ms end = {open ? WALL_NEVER_MS : to};
            assert_int_equal(timeline_set_between(&tl, (struct wall_ms){from}, end, code), 0);
            for (int64_t t = from; t < to && t < LENGTH; t++)
                plain[t] = code;
        }
        check_against(&tl, plain);
        struct wall_ms cut = {(int64_t)rng_below(&rng, LENGTH)};
        timeline_trim(&tl, cut);
        for (int64_t t = cut.ms; t < LENGTH; t++)
            assert_int_equal(timeline_at(&tl, (struct wall_ms){t}), plain[t]);
        timeline_done(&tl);
    }
}

static void before_the_first_point_nothing_is_known(void **state)
{
    (void)state;
    struct timeline tl = {0};
    assert_int_equal(timeline_at(&tl, (struct wall_ms){5}), TIMELINE_NOTHING);
    assert_int_equal(timeline_set_from(&tl, (struct wall_ms){10}, 3), 0);
    assert_int_equal(timeline_index(&tl, (struct wall_ms){9}), -1);
    struct timeline_span first = timeline_span_at(&tl, -1);
    assert_true(first.from.ms == INT64_MIN && first.to.ms == 10);
    assert_int_equal(first.code, TIMELINE_NOTHING);
    struct timeline_span last = timeline_span_at(&tl, 0);
    assert_true(last.from.ms == 10 && last.to.ms == WALL_NEVER_MS);
    timeline_done(&tl);
}

static void coarser_keeps_the_sums_of_every_block(void **state)
{
    (void)state;

    enum { BLOCK = 20, CODES = 4 };
    struct rng rng = {8};
    for (int round = 0; round < ROUNDS; round++) {
        struct timeline tl = {0};
        for (int64_t t = 3; t < LENGTH; t += 1 + (int64_t)rng_below(&rng, 4))
            assert_int_equal(
                timeline_set_from(&tl, (struct wall_ms){t}, (uint16_t)rng_below(&rng, CODES)), 0);
        int before[LENGTH / BLOCK][CODES] = {0};
        int after[LENGTH / BLOCK][CODES] = {0};
        uint16_t plain[LENGTH];
        for (int t = 3; t < LENGTH; t++) {
            plain[t] = timeline_at(&tl, (struct wall_ms){t});
            before[t / BLOCK][plain[t]]++;
        }
        uint32_t len = tl.len;
        int64_t cut = (int64_t)rng_below(&rng, LENGTH);
        assert_int_equal(timeline_coarsen(&tl, (struct wall_ms){cut}, BLOCK), 0);
        assert_true(tl.len <= len);
        for (int t = 3; t < LENGTH; t++) {
            after[t / BLOCK][timeline_at(&tl, (struct wall_ms){t})]++;
            if (t >= cut - cut % BLOCK)
                assert_int_equal(timeline_at(&tl, (struct wall_ms){t}), plain[t]);
        }
        assert_memory_equal(before, after, sizeof before);
        timeline_done(&tl);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_sets_agree_with_a_plain_array),
        cmocka_unit_test(before_the_first_point_nothing_is_known),
        cmocka_unit_test(coarser_keeps_the_sums_of_every_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
