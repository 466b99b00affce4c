/* How far what is shown of an outage is from what was. */
#include "verify_world.h"

#include "unit.h"
#include "verify_api.h"

/* What is found of one unit that was down from 100 s to 125 s of a run of 130.5 s. */
static struct verify_world verdict(const struct verify_shown *spans, size_t n)
{
    static const struct verify_change changes[] = {{0, false}, {100000, true}, {125000, false}};
    const struct verify_bounds bounds = {2000, 4100, 5000, 20000};
    struct verify_truth truth = {.ended = {130500}};
    struct verify_world w = {.start_unit = NAMES_NONE, .end_unit = NAMES_NONE};
    struct vec shown;
    vec_init(&truth.unit_rows, sizeof(struct verify_unit), 1);
    struct verify_unit *unit = vec_push(&truth.unit_rows);
    vec_init(&unit->changes, sizeof(struct verify_change), 8);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
        *(struct verify_change *)vec_push(&unit->changes) = changes[i];
    vec_init(&shown, sizeof(struct verify_shown), 8);
    for (size_t i = 0; i < n; i++)
        *(struct verify_shown *)vec_push(&shown) = spans[i];
    verify_world(&truth, 0, &shown, &bounds, &w);
    vec_done(&unit->changes);
    vec_done(&truth.unit_rows);
    vec_done(&shown);
    return w;
}

static void an_end_is_where_the_unit_is_up_again(void **state)
{
    (void)state;
    const struct verify_shown shown[] = {
        {0, 101000, "up"}, {101000, 126000, "down"}, {126000, 130500, "up"}};
    struct verify_world w = verdict(shown, 3);
    assert_int_equal(w.outages, 1);
    assert_int_equal(w.start_ms, 1000);
    assert_int_equal(w.end_ms, 1000);
}

/* The run ends, and with it the probes: their wills make silence of the last seconds. */
static void the_silence_at_the_end_of_a_run_is_no_part_of_an_outage_before_it(void **state)
{
    (void)state;
    const struct verify_shown shown[] = {{0, 101000, "up"},
                                         {101000, 125060, "down"},
                                         {125060, 129068, "up"},
                                         {129068, 130500, "silent"}};
    struct verify_world w = verdict(shown, 4);
    assert_int_equal(w.outages, 1);
    assert_int_equal(w.end_ms, 60);
}

static void an_outage_in_pieces_is_one(void **state)
{
    (void)state;
    const struct verify_shown shown[] = {{0, 101000, "up"},
                                         {101000, 110000, "silent"},
                                         {110000, 112000, "up"},
                                         {112000, 128000, "down"},
                                         {128000, 130500, "up"}};
    struct verify_world w = verdict(shown, 5);
    assert_int_equal(w.outages, 1);
    assert_int_equal(w.invented, 0);
    assert_int_equal(w.start_ms, 1000);
    assert_int_equal(w.end_ms, 3000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_end_is_where_the_unit_is_up_again),
        cmocka_unit_test(the_silence_at_the_end_of_a_run_is_no_part_of_an_outage_before_it),
        cmocka_unit_test(an_outage_in_pieces_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
