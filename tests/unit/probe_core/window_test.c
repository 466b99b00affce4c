#include "core/window.h"

#include "unit.h"

#include <string.h>

static const uint64_t EPOCH = 0xabcdef;
static const int64_t JITTER_PARTS = 4; /* a wait is at most a quarter longer than its nominal */

struct fixture {
    struct rng rng;
    struct window w;
    struct mono_ms now;
};

/* A connection whose window is open: how it opens is a test of its own. */
static void connect_open(struct fixture *f)
{
    window_connected(&f->w);
    f->w.size = WINDOW_SIZE;
}

static void open_with(struct fixture *f, uint64_t low, uint64_t high)
{
    *f = (struct fixture){.rng = {7}, .now = {1000}};
    window_init(&f->w, EPOCH, low, high, &f->rng);
    connect_open(f);
}

/* Publishes all that may leave now and returns how many; the first is in *ret_first. */
static size_t publish(struct fixture *f, uint64_t *ret_first)
{
    size_t count = 0;
    uint64_t seq;
    *ret_first = 0;
    while ((seq = window_next(&f->w, f->now)) != 0) {
        if (count++ == 0)
            *ret_first = seq;
        window_published(&f->w, f->now);
        if (f->w.held)
            break;
    }
    return count;
}

static void expect_publish(struct fixture *f, size_t count, uint64_t first)
{
    uint64_t got;
    assert_int_equal(publish(f, &got), count);
    assert_int_equal(got, first);
}

static enum window_news answer(struct fixture *f, uint64_t upto, bool gap)
{
    struct ack ack = {.epoch = EPOCH, .upto = upto, .gap = gap};
    return window_ack(&f->w, &ack, f->now);
}

static enum window_news say_hold(struct fixture *f, const char *why)
{
    struct ack ack = {.hold = slice_of(why)};
    return window_ack(&f->w, &ack, f->now);
}

static void at_most_eight_are_under_way(void **state)
{
    (void)state;
    struct fixture f;
    open_with(&f, 1, 20);
    expect_publish(&f, 8, 1);
    assert_int_equal(answer(&f, 3, false), WINDOW_ADVANCED);
    assert_int_equal(f.w.low, 4);
    expect_publish(&f, 3, 9);
    assert_int_equal(window_backlog(&f.w), 17);
}

static void nothing_leaves_while_disconnected(void **state)
{
    (void)state;
    struct fixture f;
    open_with(&f, 1, 3);
    window_disconnected(&f.w);
    expect_publish(&f, 0, 0);
    assert_true(window_deadline(&f.w).ms == MONO_NEVER_MS);
}

static void a_reconnect_goes_back_to_the_lowest_unanswered(void **state)
{
    (void)state;
    struct fixture f;
    open_with(&f, 1, 6);
    expect_publish(&f, 6, 1);
    assert_int_equal(answer(&f, 2, false), WINDOW_ADVANCED);
    window_disconnected(&f.w);
    connect_open(&f);
    expect_publish(&f, 4, 3);
}

static void timeouts_double_up_to_a_quarter_of_an_hour(void **state)
{
    (void)state;
    static const int64_t nominal_s[] = {60, 120, 240, 480, 900, 900, 900};
    struct fixture f;
    open_with(&f, 1, 1);
    for (size_t i = 0; i < sizeof nominal_s / sizeof *nominal_s; i++) {
        expect_publish(&f, 1, 1);
        int64_t wait_ms = mono_since(window_deadline(&f.w), f.now);
        int64_t nominal_ms = nominal_s[i] * 1000;
        assert_in_range(wait_ms, nominal_ms, nominal_ms + nominal_ms / JITTER_PARTS);
        f.now = mono_add(window_deadline(&f.w), -1);
        window_tick(&f.w, f.now);
        expect_publish(&f, 0, 0);
        f.now = window_deadline(&f.w);
        window_tick(&f.w, f.now);
    }
    expect_publish(&f, 1, 1);
    assert_int_equal(answer(&f, 1, false), WINDOW_ADVANCED);
    assert_true(window_deadline(&f.w).ms == MONO_NEVER_MS);
    window_stored(&f.w, 2);
    expect_publish(&f, 1, 2);
    assert_in_range(mono_since(window_deadline(&f.w), f.now), 60000, 75000);
}

static void a_gap_is_obeyed_once_per_value_between_timeouts(void **state)
{
    (void)state;
    struct fixture f;
    open_with(&f, 1, 6);
    expect_publish(&f, 6, 1);
    assert_int_equal(answer(&f, 2, true), WINDOW_ADVANCED);
    expect_publish(&f, 4, 3);
    assert_int_equal(answer(&f, 2, true), WINDOW_NOTHING);
    expect_publish(&f, 0, 0);
    assert_int_equal(answer(&f, 3, true), WINDOW_ADVANCED);
    expect_publish(&f, 3, 4);
    f.now = window_deadline(&f.w);
    window_tick(&f.w, f.now);
    expect_publish(&f, 1, 4);
    assert_int_equal(answer(&f, 3, true), WINDOW_NOTHING);
    expect_publish(&f, 1, 4);
}

static void old_answers_cause_nothing(void **state)
{
    (void)state;
    struct fixture f;
    open_with(&f, 1, 6);
    expect_publish(&f, 6, 1);
    assert_int_equal(answer(&f, 4, false), WINDOW_ADVANCED);
    assert_int_equal(answer(&f, 2, true), WINDOW_NOTHING);
    assert_int_equal(answer(&f, 4, false), WINDOW_NOTHING);
    expect_publish(&f, 0, 0);
    struct ack other = {.epoch = EPOCH + 1, .upto = 99, .gap = true};
    assert_int_equal(window_ack(&f.w, &other, f.now), WINDOW_NOTHING);
    struct ack clock_only = {.now_us = 1};
    assert_int_equal(window_ack(&f.w, &clock_only, f.now), WINDOW_NOTHING);
    assert_int_equal(f.w.upto, 4);
}

static void a_gap_is_heard_after_the_bound_dropped_packs_and_a_restart(void **state)
{
    (void)state;
    struct fixture f;
    open_with(&f, 6, 9); /* the centre has 3 */
    expect_publish(&f, 4, 6);
    assert_int_equal(answer(&f, 3, true), WINDOW_ADVANCED);
    assert_int_equal(f.w.low, 6);
    expect_publish(&f, 4, 6);
}

static void what_the_bound_drops_is_not_published(void **state)
{
    (void)state;
    struct fixture f;
    open_with(&f, 1, 10);
    expect_publish(&f, 8, 1);
    window_dropped(&f.w, 5);
    expect_publish(&f, 2, 9);
    window_dropped(&f.w, 11);
    window_stored(&f.w, 11);
    assert_int_equal(window_backlog(&f.w), 1);
    expect_publish(&f, 1, 11);
}

static void hold_sends_one_pack_a_minute_until_an_ack(void **state)
{
    (void)state;
    struct fixture f;
    open_with(&f, 1, 6);
    expect_publish(&f, 6, 1);
    assert_int_equal(say_hold(&f, "site S9 is not in the inventory"), WINDOW_NOTHING);
    struct mono_ms until = f.w.held_until;
    f.now.ms += 10;
    assert_int_equal(say_hold(&f, "site S9 is not in the inventory"), WINDOW_NOTHING);
    assert_true(f.w.held_until.ms == until.ms); /* the rest of the window sets no new minute */
    assert_string_equal(f.w.hold, "site S9 is not in the inventory");
    for (int minute = 0; minute < 3; minute++) {
        f.now.ms = window_deadline(&f.w).ms - 1;
        expect_publish(&f, 0, 0);
        f.now.ms += 1;
        expect_publish(&f, 1, 1);
        assert_in_range(mono_since(window_deadline(&f.w), f.now), 60000, 75000);
        assert_int_equal(say_hold(&f, "still not"), WINDOW_NOTHING);
    }
    assert_int_equal(answer(&f, 1, false), WINDOW_ADVANCED);
    assert_false(f.w.held);
    assert_string_equal(f.w.hold, "");
    expect_publish(&f, 5, 2);
}

static void a_gap_behind_the_held_pack_ends_no_hold(void **state)
{
    (void)state;
    struct fixture f;
    open_with(&f, 1, 6);
    expect_publish(&f, 6, 1);
    assert_int_equal(say_hold(&f, "unit link of site S1 is not in the inventory"), WINDOW_NOTHING);
    for (int behind = 0; behind < 5; behind++) {
        assert_int_equal(answer(&f, 0, true), WINDOW_NOTHING);
        expect_publish(&f, 0, 0);
    }
    assert_string_equal(f.w.hold, "unit link of site S1 is not in the inventory");
    f.now = window_deadline(&f.w);
    expect_publish(&f, 1, 1);
}

static void a_new_boot_of_the_centre_goes_back(void **state)
{
    (void)state;
    struct fixture f;
    open_with(&f, 1, 4);
    window_centre_boot(&f.w, 11, false);
    expect_publish(&f, 4, 1);
    window_centre_boot(&f.w, 11, false);
    expect_publish(&f, 0, 0);
    window_centre_boot(&f.w, 12, false);
    expect_publish(&f, 4, 1);
}

/* A broker that was killed forgot the centre, which came back later than the probe. */
static void a_centre_that_has_just_connected_may_have_heard_nothing(void **state)
{
    (void)state;
    struct fixture f;
    open_with(&f, 1, 4);
    window_centre_boot(&f.w, 11, false);
    expect_publish(&f, 4, 1);
    window_disconnected(&f.w);
    window_connected(&f.w);
    expect_publish(&f, 1, 1);
    window_centre_boot(&f.w, 11, true);
    expect_publish(&f, 1, 1);
}

static void the_first_centre_may_have_heard_nothing(void **state)
{
    (void)state;
    struct fixture f;
    open_with(&f, 1, 4);
    expect_publish(&f, 4, 1);
    window_centre_boot(&f.w, 11, false);
    expect_publish(&f, 4, 1);
}

/* Until the wait is over nothing leaves, and then at once. */
static int64_t waits(struct fixture *f, int64_t spread_ms)
{
    struct mono_ms began = f->now;
    window_disconnected(&f->w);
    window_connected(&f->w);
    window_spread(&f->w, spread_ms, f->now);
    if (window_next(&f->w, f->now) == 0)
        f->now = window_deadline(&f->w);
    window_tick(&f->w, f->now);
    expect_publish(f, 1, f->w.low);
    return mono_since(f->now, began);
}

static void first_packs_are_spread_over_what_the_centre_asks(void **state)
{
    (void)state;
    struct fixture f;
    int64_t longest_ms = 0;
    open_with(&f, 1, 1);
    f.now.ms += 3600 * 1000;
    for (int i = 0; i < 200; i++) {
        int64_t waited_ms = waits(&f, 240 * 1000);
        assert_in_range(waited_ms, 0, 240 * 1000);
        longest_ms = waited_ms > longest_ms ? waited_ms : longest_ms;
    }
    assert_in_range(longest_ms, 200 * 1000, 240 * 1000);
    assert_int_equal(waits(&f, 0), 0);
}

static void nobody_waits_longer_than_the_centre_was_silent(void **state)
{
    (void)state;
    struct fixture f;
    open_with(&f, 1, 2);
    f.now.ms += 3600 * 1000;
    expect_publish(&f, 2, 1);
    assert_int_equal(answer(&f, 1, false), WINDOW_ADVANCED);
    for (int i = 0; i < 50; i++) {
        f.now.ms = f.w.heard.ms + 2000;
        assert_in_range(waits(&f, 240 * 1000), 0, 2000);
    }
}

static void a_status_heard_again_spreads_nothing(void **state)
{
    (void)state;
    struct fixture f;
    open_with(&f, 1, 4);
    f.now.ms += 3600 * 1000;
    assert_in_range(waits(&f, 240 * 1000), 0, 240 * 1000);
    assert_int_equal(answer(&f, 1, false), WINDOW_ADVANCED);
    f.now.ms += 3600 * 1000;
    window_spread(&f.w, 240 * 1000, f.now);
    expect_publish(&f, 2, 2);
}

static void an_answer_beyond_what_was_written_renumbers(void **state)
{
    (void)state;
    struct fixture f;
    open_with(&f, 3, 5);
    expect_publish(&f, 3, 3);
    assert_int_equal(answer(&f, 9, false), WINDOW_RENUMBER);
    window_renumber(&f.w, 0x77, 3);
    assert_int_equal(answer(&f, 9, false), WINDOW_NOTHING);
    expect_publish(&f, 3, 1);
    assert_int_equal(f.w.low, 1);
}

static void a_restored_outbox_that_wrote_on_is_found_by_the_answer_to_its_birth(void **state)
{
    (void)state;
    struct fixture f;
    open_with(&f, 3, 5); /* an old copy; the centre has 9 */
    for (uint64_t seq = 6; seq <= 12; seq++)
        window_stored(&f.w, seq);
    assert_int_equal(answer(&f, 9, false), WINDOW_RENUMBER);
    window_renumber(&f.w, 0x77, 10);
    expect_publish(&f, 8, 1);
    struct ack ack = {.epoch = 0x77, .upto = 8};
    assert_int_equal(window_ack(&f.w, &ack, f.now), WINDOW_ADVANCED);
}

static void refusals_are_kept_for_the_technician(void **state)
{
    (void)state;
    struct fixture f;
    open_with(&f, 1, 4);
    expect_publish(&f, 4, 1);
    struct ack_refused refused[] = {{1, slice_of("wrong type")}, {2, slice_of("not JSON")}};
    struct ack ack = {.epoch = EPOCH, .upto = 2, .refused = refused, .n_refused = 2};
    assert_int_equal(window_ack(&f.w, &ack, f.now), WINDOW_ADVANCED);
    assert_int_equal(f.w.refused_count, 2);
    assert_int_equal(f.w.refused_seq, 2);
    assert_string_equal(f.w.refused, "not JSON");
    /* the same answer again is no new refusal */
    assert_int_equal(window_ack(&f.w, &ack, f.now), WINDOW_NOTHING);
    assert_int_equal(f.w.refused_count, 2);
}

static void long_reasons_are_cut(void **state)
{
    (void)state;
    struct fixture f;
    open_with(&f, 1, 1);
    char reason[300];
    memset(reason, 'x', sizeof reason);
    struct ack ack = {.hold = {reason, sizeof reason}};
    assert_int_equal(window_ack(&f.w, &ack, f.now), WINDOW_NOTHING);
    assert_int_equal(strlen(f.w.hold), REASON_MAX - 1);
}

/* Lets @p took_ms pass until all that is under way is answered; returns how many leave then. */
static size_t round_trip(struct fixture *f, int64_t took_ms)
{
    uint64_t first;
    f->now = mono_add(f->now, took_ms);
    assert_int_equal(answer(f, f->w.next - 1, false), WINDOW_ADVANCED);
    return publish(f, &first);
}

static void a_window_opens_with_each_answer(void **state)
{
    (void)state;
    struct fixture f;
    open_with(&f, 1, 1000);
    window_connected(&f.w);
    expect_publish(&f, 1, 1);
    for (size_t size = 2; size <= WINDOW_SIZE; size++)
        assert_int_equal(round_trip(&f, 100), size);
    assert_int_equal(round_trip(&f, 100), WINDOW_SIZE);
    window_disconnected(&f.w);
    window_connected(&f.w);
    expect_publish(&f, 1, f.w.low);
}

static void late_answers_halve_it(void **state)
{
    (void)state;
    struct fixture f;
    uint64_t first;
    open_with(&f, 1, 1000);
    assert_int_equal(publish(&f, &first), 8);
    assert_int_equal(round_trip(&f, 100), 8);
    assert_int_equal(round_trip(&f, WINDOW_LATE_MS), 8); /* not later than it may be */
    assert_int_equal(round_trip(&f, WINDOW_LATE_MS + 1), 4);
    assert_int_equal(round_trip(&f, 11000), 2);
    assert_int_equal(round_trip(&f, 11000), 1);
    assert_int_equal(round_trip(&f, 11000), 1);
    assert_int_equal(round_trip(&f, 100), 2);
}

/* What a centre releases at its own pace is what comes next: no more, no less. */
static void slow_answers_leave_it(void **state)
{
    (void)state;
    struct fixture f;
    uint64_t first;
    open_with(&f, 1, 1000);
    window_connected(&f.w);
    assert_int_equal(publish(&f, &first), 1);
    assert_int_equal(round_trip(&f, 100), 2);
    assert_int_equal(round_trip(&f, WINDOW_SLOW_MS), 3); /* not slower than it may be */
    assert_int_equal(round_trip(&f, WINDOW_SLOW_MS + 1), 3);
    assert_int_equal(round_trip(&f, WINDOW_LATE_MS), 3);
}

static void a_line_that_is_always_slow_keeps_its_window(void **state)
{
    (void)state;
    struct fixture f;
    uint64_t first;
    open_with(&f, 1, 1000);
    window_connected(&f.w);
    assert_int_equal(publish(&f, &first), 1);
    for (size_t size = 2; size <= WINDOW_SIZE; size++)
        assert_int_equal(round_trip(&f, 6000), size);
    assert_int_equal(round_trip(&f, 12000), WINDOW_SIZE);
    assert_int_equal(round_trip(&f, 12001), WINDOW_SIZE / 2);
}

static void a_timeout_closes_it_to_one(void **state)
{
    (void)state;
    struct fixture f;
    uint64_t first;
    open_with(&f, 1, 1000);
    assert_int_equal(publish(&f, &first), 8);
    f.now = f.w.deadline;
    window_tick(&f.w, f.now);
    expect_publish(&f, 1, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_most_eight_are_under_way),
        cmocka_unit_test(nothing_leaves_while_disconnected),
        cmocka_unit_test(a_reconnect_goes_back_to_the_lowest_unanswered),
        cmocka_unit_test(timeouts_double_up_to_a_quarter_of_an_hour),
        cmocka_unit_test(a_gap_is_obeyed_once_per_value_between_timeouts),
        cmocka_unit_test(old_answers_cause_nothing),
        cmocka_unit_test(a_gap_is_heard_after_the_bound_dropped_packs_and_a_restart),
        cmocka_unit_test(what_the_bound_drops_is_not_published),
        cmocka_unit_test(hold_sends_one_pack_a_minute_until_an_ack),
        cmocka_unit_test(a_gap_behind_the_held_pack_ends_no_hold),
        cmocka_unit_test(a_new_boot_of_the_centre_goes_back),
        cmocka_unit_test(a_centre_that_has_just_connected_may_have_heard_nothing),
        cmocka_unit_test(the_first_centre_may_have_heard_nothing),
        cmocka_unit_test(first_packs_are_spread_over_what_the_centre_asks),
        cmocka_unit_test(nobody_waits_longer_than_the_centre_was_silent),
        cmocka_unit_test(a_status_heard_again_spreads_nothing),
        cmocka_unit_test(an_answer_beyond_what_was_written_renumbers),
        cmocka_unit_test(a_restored_outbox_that_wrote_on_is_found_by_the_answer_to_its_birth),
        cmocka_unit_test(refusals_are_kept_for_the_technician),
        cmocka_unit_test(long_reasons_are_cut),
        cmocka_unit_test(a_window_opens_with_each_answer),
        cmocka_unit_test(late_answers_halve_it),
        cmocka_unit_test(slow_answers_leave_it),
        cmocka_unit_test(a_line_that_is_always_slow_keeps_its_window),
        cmocka_unit_test(a_timeout_closes_it_to_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
