#include "core/session.h"

#include "base/err.h"
#include "unit.h"

#include <string.h>

enum { PROBE = 5 };

static const uint64_t BOOT_A = 0xa, BOOT_B = 0xb;

static struct session_news say(struct session *s, enum status_state state, uint64_t boot,
                               uint64_t conn, int64_t at_ms)
{
    struct status status = {.state = state, .boot = boot, .conn = conn, .clock = CLOCK_SYSTEM};
    struct session_news news;
    assert_int_equal(session_status(s, PROBE, &status, false, (struct wall_ms){at_ms}, &news), 0);
    return news;
}

static struct session_news copy(struct session *s, enum status_state state, uint64_t boot,
                                uint64_t conn, int64_t at_ms)
{
    struct status status = {.state = state, .boot = boot, .conn = conn};
    struct session_news news;
    assert_int_equal(session_status(s, PROBE, &status, true, (struct wall_ms){at_ms}, &news), 0);
    return news;
}

/* Receipt of the will that held at `now_ms`, -1 if none did. */
static int64_t will_at(struct session *s, int64_t now_ms)
{
    uint32_t probe;
    struct wall_ms receipt;
    if (!session_next_will(s, (struct wall_ms){now_ms}, &probe, &receipt))
        return -1;
    assert_int_equal(probe, PROBE);
    return receipt.ms;
}

static struct session *born(void)
{
    struct session *s = session_new(SESSION_WILL_HOLD_MS);
    assert_non_null(s);
    struct session_news news = say(s, STATUS_ONLINE, BOOT_A, 1, 1000);
    assert_true(news.birth && news.heard && !news.conflict);
    return s;
}

static void a_will_counts_after_its_hold_and_is_dated_by_its_receipt(void **state)
{
    (void)state;
    struct session *s = born();
    struct session_news news = say(s, STATUS_OFFLINE, BOOT_A, 1, 5000);
    assert_false(news.heard || news.will || news.birth);
    assert_int_equal(session_deadline(s).ms, 20000);
    assert_int_equal(will_at(s, 19999), -1);
    assert_int_equal(will_at(s, 20000), 5000);
    assert_int_equal(will_at(s, 90000), -1);
    assert_true(session_deadline(s).ms == WALL_NEVER_MS);
    assert_int_equal(session_view(s, PROBE)->state, STATUS_OFFLINE);
    session_free(s);
}

static void a_birth_or_a_pack_in_the_hold_voids_it(void **state)
{
    (void)state;
    struct session *s = born();
    say(s, STATUS_OFFLINE, BOOT_A, 1, 5000);
    assert_int_equal(session_pack(s, PROBE), 0);
    assert_true(session_deadline(s).ms == WALL_NEVER_MS);
    assert_int_equal(will_at(s, 90000), -1);
    say(s, STATUS_ONLINE, BOOT_A, 2, 100000);
    say(s, STATUS_OFFLINE, BOOT_A, 2, 101000);
    say(s, STATUS_ONLINE, BOOT_A, 3, 102000);
    assert_int_equal(will_at(s, 900000), -1);
    session_free(s);
}

static void only_the_newest_birth_has_a_will(void **state)
{
    (void)state;
    struct session *s = born();
    say(s, STATUS_ONLINE, BOOT_A, 2, 2000);
    say(s, STATUS_OFFLINE, BOOT_A, 1, 3000); /* of the connection before */
    assert_int_equal(will_at(s, 90000), -1);
    say(s, STATUS_ONLINE, BOOT_B, 1, 4000);
    say(s, STATUS_OFFLINE, BOOT_A, 2, 5000); /* of the boot before */
    assert_int_equal(will_at(s, 90000), -1);
    say(s, STATUS_OFFLINE, BOOT_B, 1, 6000);
    say(s, STATUS_OFFLINE, BOOT_B, 1, 7000); /* doubled: the first receipt counts */
    assert_int_equal(will_at(s, 90000), 6000);
    assert_int_equal(will_at(s, 90000), -1);
    session_free(s);
}

static void a_will_without_a_birth_says_nothing(void **state)
{
    (void)state;
    struct session *s = session_new(SESSION_WILL_HOLD_MS);
    say(s, STATUS_OFFLINE, BOOT_A, 1, 3000);
    assert_int_equal(will_at(s, 90000), -1);
    assert_false(session_view(s, PROBE)->known);
    assert_false(session_view(s, 4000)->known);
    session_free(s);
}

static void a_clean_stop_acts_at_once(void **state)
{
    (void)state;
    struct session *s = born();
    struct session_news news = say(s, STATUS_STOPPED, BOOT_A, 1, 5000);
    assert_true(news.will && news.heard);
    news = say(s, STATUS_STOPPED, BOOT_A, 1, 6000);
    assert_false(news.will);
    say(s, STATUS_OFFLINE, BOOT_A, 1, 7000);
    assert_int_equal(will_at(s, 90000), -1);
    session_free(s);
}

static void after_a_gasp_the_will_says_nothing_new(void **state)
{
    (void)state;
    struct session *s = born();
    struct session_news news = say(s, STATUS_POWER_LOST, BOOT_A, 1, 5000);
    assert_true(news.gasp && news.heard && !news.will);
    say(s, STATUS_OFFLINE, BOOT_A, 1, 6000);
    assert_int_equal(will_at(s, 90000), -1);
    assert_int_equal(session_view(s, PROBE)->state, STATUS_POWER_LOST);
    session_free(s);
}

static void retained_copies_inform_and_start_nothing(void **state)
{
    (void)state;
    struct session *s = session_new(SESSION_WILL_HOLD_MS);
    struct session_news news = copy(s, STATUS_ONLINE, BOOT_A, 4, 1000);
    assert_false(news.birth || news.heard || news.conflict);
    assert_int_equal(session_view(s, PROBE)->conn, 4);
    news = copy(s, STATUS_OFFLINE, BOOT_A, 4, 2000);
    assert_false(news.will);
    assert_int_equal(session_view(s, PROBE)->state, STATUS_OFFLINE);
    news = copy(s, STATUS_POWER_LOST, BOOT_A, 4, 3000);
    assert_false(news.gasp);
    assert_int_equal(will_at(s, 90000), -1);
    /* the birth it told of is good enough for the will that comes live */
    say(s, STATUS_OFFLINE, BOOT_A, 4, 100000);
    assert_int_equal(will_at(s, 200000), 100000);
    session_free(s);
}

static void an_older_copy_displaces_nothing(void **state)
{
    (void)state;
    struct session *s = born();
    say(s, STATUS_ONLINE, BOOT_B, 2, 2000);
    copy(s, STATUS_ONLINE, BOOT_A, 1, 3000);
    copy(s, STATUS_ONLINE, BOOT_B, 1, 3000);
    assert_int_equal(session_view(s, PROBE)->boot, BOOT_B);
    assert_int_equal(session_view(s, PROBE)->conn, 2);
    session_free(s);
}

static void alternating_boots_are_a_conflict(void **state)
{
    (void)state;
    struct session *s = born();
    assert_false(say(s, STATUS_ONLINE, BOOT_B, 1, 2000).conflict); /* a restart */
    assert_true(session_view(s, PROBE)->conflict_at.ms == INT64_MIN);
    assert_true(say(s, STATUS_ONLINE, BOOT_A, 2, 3000).conflict);
    assert_true(say(s, STATUS_ONLINE, BOOT_B, 2, 4000).conflict);
    assert_int_equal(session_view(s, PROBE)->conflict_at.ms, 4000);
    session_free(s);
}

static void a_doubled_old_birth_is_no_conflict(void **state)
{
    (void)state;
    struct session *s = born();
    say(s, STATUS_ONLINE, BOOT_B, 1, 2000);
    struct session_news news = say(s, STATUS_ONLINE, BOOT_A, 1, 3000);
    assert_false(news.conflict || news.birth);
    assert_int_equal(session_view(s, PROBE)->boot, BOOT_B);
    assert_false(say(s, STATUS_ONLINE, BOOT_B, 1, 4000).birth); /* the status repeated */
    session_free(s);
}

static void dropped_counts_belong_to_their_epoch(void **state)
{
    (void)state;
    struct session *s = session_new(SESSION_WILL_HOLD_MS);
    struct status status = {.state = STATUS_ONLINE,
                            .boot = BOOT_A,
                            .conn = 1,
                            .epoch = 0xe,
                            .dropped = 12,
                            .backlog = 30};
    struct session_news news;
    assert_int_equal(session_status(s, PROBE, &status, false, (struct wall_ms){1}, &news), 0);
    assert_int_equal(session_dropped(s, PROBE, 0xe), 12);
    assert_int_equal(session_dropped(s, PROBE, 0xf), 0);
    assert_int_equal(session_dropped(s, 77, 0xe), 0);
    assert_int_equal(session_view(s, PROBE)->backlog, 30);
    assert_int_equal(session_view(s, PROBE)->clock, CLOCK_UNTRUSTED);
    session_free(s);
}

static void many_wills_leave_in_order_of_receipt(void **state)
{
    (void)state;

    enum { PROBES = 3000 };
    struct session *s = session_new(SESSION_WILL_HOLD_MS);
    struct session_news news;
    for (uint32_t probe = 0; probe < PROBES; probe++) {
        struct status status = {.state = STATUS_ONLINE, .boot = 1, .conn = 1};
        assert_int_equal(session_status(s, probe, &status, false, (struct wall_ms){0}, &news), 0);
        status.state = STATUS_OFFLINE;
        /* the centre's clock steps back in the middle */
        struct wall_ms at = {probe < PROBES / 2 ? 100000 + probe : 50000 + probe};
        assert_int_equal(session_status(s, probe, &status, false, at, &news), 0);
    }
    for (uint32_t probe = 0; probe < PROBES; probe += 3)
        assert_int_equal(session_pack(s, probe), 0);
    uint32_t probe, count = 0;
    struct wall_ms receipt, before = {0};
    while (session_next_will(s, (struct wall_ms){1000000}, &probe, &receipt)) {
        assert_true(receipt.ms >= before.ms);
        assert_int_not_equal(probe % 3, 0);
        before = receipt;
        count++;
    }
    assert_int_equal(count, PROBES - PROBES / 3);
    session_free(s);
}

struct kept {
    char key[8], value[128];
    size_t key_len, value_len, puts;
};

static int keep(void *context, uint8_t kind, struct slice key, struct slice value)
{
    struct kept *k = context;
    assert_int_equal(kind, ROW_SESSION);
    memcpy(k->key, key.at, k->key_len = key.len);
    memcpy(k->value, value.at, k->value_len = value.len);
    k->puts++;
    return 0;
}

static int refuse(void *context, uint8_t kind, struct slice key, struct slice value)
{
    (void)context, (void)kind, (void)key, (void)value;
    return ERR_BUSY;
}

static void a_held_will_survives_a_restart(void **state)
{
    (void)state;
    struct session *s = born();
    say(s, STATUS_OFFLINE, BOOT_A, 1, 5000);
    struct kept kept = {0};
    struct row_sink busy = {.put = refuse}, sink = {.context = &kept, .put = keep};
    assert_int_equal(session_save(s, &busy), ERR_BUSY);
    assert_int_equal(session_save(s, &sink), 0);
    assert_int_equal(session_save(s, &sink), 0);
    assert_int_equal(kept.puts, 1);
    assert_int_equal(session_start(s, PROBE, START_RESET, (struct wall_ms){6000}), 0);
    assert_int_equal(session_save(s, &sink), 0);
    struct session_view before = *session_view(s, PROBE);
    session_free(s);

    s = session_new(SESSION_WILL_HOLD_MS);
    struct slice key = {kept.key, kept.key_len}, value = {kept.value, kept.value_len};
    assert_int_equal(session_load(s, key, value), 0);
    assert_int_equal(session_view(s, PROBE)->boot, before.boot);
    assert_int_equal(session_view(s, PROBE)->clock, before.clock);
    assert_true(session_view(s, PROBE)->conflict_at.ms == before.conflict_at.ms);
    assert_int_equal(session_view(s, PROBE)->start, START_RESET);
    assert_int_equal(session_view(s, PROBE)->started.ms, 6000);
    assert_int_equal(will_at(s, 20000), 5000);
    session_free(s);
}

static bool work_at(struct session *s, int64_t from_s, int64_t received_s)
{
    bool news = false;
    assert_int_equal(
        session_work(s, PROBE, from_s * 1000000, (struct wall_ms){received_s * 1000}, &news), 0);
    return news;
}

/* It comes ahead in a status and again in its place in the stream, with older ones before it. */
static void announced_work_counts_once_and_in_order_over_a_restart(void **state)
{
    (void)state;
    struct session *s = born();
    assert_true(work_at(s, 100, 101));
    assert_false(work_at(s, 100, 102));
    assert_true(work_at(s, 300, 301));
    struct kept kept = {0};
    struct row_sink sink = {.context = &kept, .put = keep};
    assert_int_equal(session_save(s, &sink), 0);
    assert_false(work_at(s, 200, 302));
    assert_int_equal(session_save(s, &sink), 0);
    assert_int_equal(kept.puts, 1); /* what is old changes nothing */
    session_free(s);
    s = session_new(SESSION_WILL_HOLD_MS);
    assert_int_equal(session_load(s, (struct slice){kept.key, kept.key_len},
                                  (struct slice){kept.value, kept.value_len}),
                     0);
    assert_false(work_at(s, 200, 303));
    assert_false(work_at(s, 300, 304));
    assert_true(work_at(s, 310, 311));
    session_free(s);
}

/* A clock that ran an hour ahead once must not silence what is announced by the right one. */
static void work_announced_ahead_of_its_receipt_makes_nothing_old(void **state)
{
    (void)state;
    struct session *s = born();
    assert_true(work_at(s, 3700, 100));
    assert_false(work_at(s, 3700, 110));
    assert_true(work_at(s, 120, 121));
    assert_false(work_at(s, 110, 122));
    session_free(s);
}

/* A store of before starts were told ends 25 bytes earlier and knows of none; one of before work
 * was remembered ends 8 bytes earlier. */
static void a_row_of_before_is_taken(void **state)
{
    (void)state;
    struct session *s = born();
    struct kept kept = {0};
    struct row_sink sink = {.context = &kept, .put = keep};
    assert_int_equal(session_save(s, &sink), 0);
    session_free(s);
    s = session_new(SESSION_WILL_HOLD_MS);
    kept.value[0] = 2;
    assert_int_equal(session_load(s, (struct slice){kept.key, kept.key_len},
                                  (struct slice){kept.value, kept.value_len - 8}),
                     0);
    kept.value[0] = 1;
    assert_int_equal(session_load(s, (struct slice){kept.key, kept.key_len},
                                  (struct slice){kept.value, kept.value_len - 25}),
                     0);
    assert_int_equal(session_view(s, PROBE)->boot, BOOT_A);
    assert_int_equal(session_view(s, PROBE)->start, START_UNSAID);
    assert_true(session_view(s, PROBE)->started.ms == INT64_MIN);
    session_free(s);
}

static void damaged_rows_are_refused(void **state)
{
    (void)state;
    struct session *s = born();
    struct kept kept = {0};
    struct row_sink sink = {.context = &kept, .put = keep};
    assert_int_equal(session_save(s, &sink), 0);
    struct slice key = {kept.key, kept.key_len};
    for (size_t len = 1; len < kept.value_len; len++)
        assert_int_equal(session_load(s, key, (struct slice){kept.value, len}), ERR_CORRUPT);
    assert_int_equal(session_load(s, (struct slice){"x", 1}, (struct slice){kept.value, 4}),
                     ERR_CORRUPT);
    kept.value[0] = 9;
    assert_int_equal(session_load(s, key, (struct slice){kept.value, kept.value_len}), ERR_VERSION);
    session_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_will_counts_after_its_hold_and_is_dated_by_its_receipt),
        cmocka_unit_test(a_birth_or_a_pack_in_the_hold_voids_it),
        cmocka_unit_test(only_the_newest_birth_has_a_will),
        cmocka_unit_test(a_will_without_a_birth_says_nothing),
        cmocka_unit_test(a_clean_stop_acts_at_once),
        cmocka_unit_test(after_a_gasp_the_will_says_nothing_new),
        cmocka_unit_test(retained_copies_inform_and_start_nothing),
        cmocka_unit_test(an_older_copy_displaces_nothing),
        cmocka_unit_test(alternating_boots_are_a_conflict),
        cmocka_unit_test(a_doubled_old_birth_is_no_conflict),
        cmocka_unit_test(dropped_counts_belong_to_their_epoch),
        cmocka_unit_test(many_wills_leave_in_order_of_receipt),
        cmocka_unit_test(a_held_will_survives_a_restart),
        cmocka_unit_test(announced_work_counts_once_and_in_order_over_a_restart),
        cmocka_unit_test(work_announced_ahead_of_its_receipt_makes_nothing_old),
        cmocka_unit_test(a_row_of_before_is_taken),
        cmocka_unit_test(damaged_rows_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
