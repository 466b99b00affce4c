#include "core/clock_trust.h"

#include "unit.h"

static const int64_t UTC_MS = 1790000000000;

static struct now at(int64_t mono, int64_t wall)
{
    return (struct now){.wall = {wall}, .mono = {mono}};
}

static void without_a_clock_packs_wait(void **state)
{
    (void)state;
    struct clock_trust c;
    struct wall_ms wall;
    int64_t offset;
    clock_trust_init(&c, 7);
    assert_false(clock_trust_system(&c, at(1000, 5), false));
    assert_false(clock_trust_now(&c, (struct mono_ms){1000}, &wall));
    assert_int_equal(clock_trust_fate(&c, 7, &offset), CLOCK_WAITS);
    assert_int_equal(clock_trust_fate(&c, 6, &offset), CLOCK_UNTIMED);
}

static void the_system_vouches(void **state)
{
    (void)state;
    struct clock_trust c;
    struct wall_ms wall;
    int64_t offset;
    clock_trust_init(&c, 7);
    assert_true(clock_trust_system(&c, at(1000, UTC_MS), true));
    assert_int_equal(c.source, CLOCK_SYSTEM);
    assert_int_equal(clock_trust_fate(&c, 7, &offset), CLOCK_TIMED);
    assert_true(offset == UTC_MS - 1000);
    /* the system is slewed by 40 ms: new results follow it, what was stored keeps its offset */
    assert_false(clock_trust_system(&c, at(2000, UTC_MS + 1040), true));
    assert_true(clock_trust_now(&c, (struct mono_ms){2500}, &wall));
    assert_true(wall.ms == UTC_MS + 1540);
    assert_int_equal(clock_trust_fate(&c, 7, &offset), CLOCK_TIMED);
    assert_true(offset == UTC_MS - 1000);
    /* it loses its servers: the last word stays */
    assert_false(clock_trust_system(&c, at(3000, 12), false));
    assert_true(clock_trust_now(&c, (struct mono_ms){3000}, &wall));
    assert_true(wall.ms == UTC_MS + 2040);
}

/* A clock that starts in 1970, or is set there while running, is no clock even if it is vouched
 * for. */
static void nobody_vouches_for_1970(void **state)
{
    (void)state;
    struct clock_trust c;
    struct wall_ms wall;
    clock_trust_init(&c, 7);
    assert_false(clock_trust_system(&c, at(1000, 1000), true));
    assert_false(clock_trust_centre(&c, (struct wall_ms){2000}, (struct mono_ms){1000},
                                    (struct mono_ms){1000}));
    assert_int_equal(c.source, CLOCK_UNTRUSTED);
    assert_true(clock_trust_system(&c, at(2000, UTC_MS), true));
    assert_false(clock_trust_system(&c, at(3000, 3000), true));
    assert_true(clock_trust_now(&c, (struct mono_ms){3000}, &wall));
    assert_true(wall.ms == UTC_MS + 1000);
    /* an hour is followed, either way: who vouches may know better than before */
    assert_false(clock_trust_system(&c, at(4000, UTC_MS + 3602000), true));
    assert_true(clock_trust_now(&c, (struct mono_ms){4000}, &wall));
    assert_true(wall.ms == UTC_MS + 3602000);
    assert_false(clock_trust_system(&c, at(5000, UTC_MS + 3000), true));
    assert_true(clock_trust_now(&c, (struct mono_ms){5000}, &wall));
    assert_true(wall.ms == UTC_MS + 3000);
}

static void the_centre_vouches_for_the_middle_of_the_round_trip(void **state)
{
    (void)state;
    struct clock_trust c;
    int64_t offset;
    clock_trust_init(&c, 7);
    struct wall_ms centre = {UTC_MS};
    struct mono_ms asked = {1000};
    assert_false(
        clock_trust_centre(&c, centre, asked, mono_add(asked, CLOCK_TRUST_ROUND_TRIP_MS + 1)));
    assert_false(clock_trust_centre(&c, centre, asked, mono_add(asked, -1)));
    assert_true(clock_trust_centre(&c, centre, asked, mono_add(asked, 300)));
    assert_int_equal(c.source, CLOCK_CENTRE);
    assert_int_equal(clock_trust_fate(&c, 7, &offset), CLOCK_TIMED);
    assert_true(offset == UTC_MS - 1150);
    assert_false(clock_trust_centre(&c, (struct wall_ms){UTC_MS + 9000}, asked, asked));
    assert_true(c.offset_ms == UTC_MS - 1150);
}

static void a_synchronised_system_takes_over_from_the_centre(void **state)
{
    (void)state;
    struct clock_trust c;
    int64_t offset;
    clock_trust_init(&c, 7);
    assert_true(
        clock_trust_centre(&c, (struct wall_ms){UTC_MS}, (struct mono_ms){0}, (struct mono_ms){0}));
    assert_false(clock_trust_system(&c, at(1000, UTC_MS + 1200), true));
    assert_int_equal(c.source, CLOCK_SYSTEM);
    assert_true(c.offset_ms == UTC_MS + 200);
    assert_int_equal(clock_trust_fate(&c, 7, &offset), CLOCK_TIMED);
    assert_true(offset == UTC_MS); /* rendered once */
    assert_false(
        clock_trust_centre(&c, (struct wall_ms){UTC_MS}, (struct mono_ms){0}, (struct mono_ms){0}));
    assert_int_equal(c.source, CLOCK_SYSTEM);
}

static void offsets_of_earlier_boots_time_their_packs(void **state)
{
    (void)state;
    struct clock_trust c;
    int64_t offset;
    clock_trust_init(&c, 7);
    clock_trust_load(&c, (struct clock_offset){.boot = 5, .offset_ms = 123});
    clock_trust_load(&c, (struct clock_offset){.boot = 5, .offset_ms = 999});
    assert_int_equal(clock_trust_fate(&c, 5, &offset), CLOCK_TIMED);
    assert_int_equal(offset, 123);
    assert_int_equal(clock_trust_fate(&c, 6, &offset), CLOCK_UNTIMED);
    for (uint64_t boot = 100; boot < 100 + CLOCK_TRUST_BOOTS; boot++)
        clock_trust_load(&c, (struct clock_offset){.boot = boot, .offset_ms = 1});
    assert_int_equal(clock_trust_fate(&c, 5, &offset), CLOCK_UNTIMED);
    assert_int_equal(clock_trust_fate(&c, 100, &offset), CLOCK_TIMED);
    assert_int_equal(c.len, CLOCK_TRUST_BOOTS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_clock_packs_wait),
        cmocka_unit_test(the_system_vouches),
        cmocka_unit_test(nobody_vouches_for_1970),
        cmocka_unit_test(the_centre_vouches_for_the_middle_of_the_round_trip),
        cmocka_unit_test(a_synchronised_system_takes_over_from_the_centre),
        cmocka_unit_test(offsets_of_earlier_boots_time_their_packs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
