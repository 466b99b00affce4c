#include "shell/outbox.h"

#include "base/err.h"
#include "io/segment.h"
#include "outbox_bench.h"
#include "shell/outbox_runs.h"
#include "unit.h"
#include "wire/pack.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static void test_packs_are_numbered_and_read_back(void **state)
{
    struct outbox_bench *b = *state;
    outbox_bench_put(b, "[one]");
    outbox_bench_put(b, "[two]");
    outbox_bench_put(b, "[three]");
    assert_int_equal(b->stored, 3);
    outbox_bench_expect(b, 1, "[one]");
    outbox_bench_expect(b, 2, "[two]");
    outbox_bench_expect(b, 3, "[three]");
    outbox_bench_expect(b, 1, "[one]");
    struct outbox_record record;
    assert_int_equal(outbox_read(b->outbox, 4, &record), ERR_BUSY);
}

static void test_several_packs_of_one_moment_keep_their_order(void **state)
{
    struct outbox_bench *b = *state;
    outbox_put(b->outbox, OUTBOX_TIMED, slice_of("[a]"), 1);
    outbox_put(b->outbox, OUTBOX_MONOTONIC, slice_of("[b]"), 2);
    outbox_put(b->outbox, OUTBOX_TIMED, slice_of("[c]"), 3);
    outbox_bench_settle(b);
    assert_int_equal(b->stored, 3);
    struct outbox_record record;
    assert_int_equal(outbox_read(b->outbox, 2, &record), 0);
    assert_int_equal(record.kind, OUTBOX_MONOTONIC);
    assert_int_equal(record.readings, 2);
    outbox_bench_expect(b, 3, "[c]");
}

static void test_a_kill_loses_nothing_that_was_stored(void **state)
{
    struct outbox_bench *b = *state;
    outbox_bench_put_many(b, 1, 5);
    uint64_t epoch = outbox_view(b->outbox).epoch;
    outbox_bench_reopen_image(b);
    struct outbox_view view = outbox_view(b->outbox);
    assert_int_equal(view.epoch, epoch);
    assert_int_equal(view.low, 1);
    assert_int_equal(view.high, 5);
    outbox_bench_expect(b, 4, "[pack 4 ");
    outbox_bench_put(b, "[six]");
    outbox_bench_expect(b, 6, "[six]");
}

/* A pack as long as those of twenty checks. */
static void fill(struct buf *pack, int number)
{
    buf_clear(pack);
    buf_printf(pack, "[{\"n\":\"icmp/a/rtt\",\"v\":%d}", number);
    for (int i = 0; i < 300; i++)
        buf_printf(pack, ",{\"n\":\"icmp/a/rtt\",\"v\":%d}", i * 37 % 100);
    buf_str(pack, "]");
}

static void test_large_packs_are_small_on_the_disk_and_come_back_whole(void **state)
{
    struct outbox_bench *b = *state;
    struct buf pack;
    buf_init(&pack, PACK_BYTES_MAX);
    for (int i = 1; i <= 3; i++) {
        fill(&pack, i);
        outbox_bench_put(b, pack.data);
    }
    assert_true(outbox_view(b->outbox).bytes < (int64_t)pack.len);
    outbox_bench_reopen_image(b);
    for (int i = 3; i >= 1; i--) {
        struct outbox_record record;
        fill(&pack, i);
        assert_int_equal(outbox_read(b->outbox, (uint64_t)i, &record), 0);
        assert_int_equal(record.plain_bytes, 0);
        assert_int_equal(record.body.len, pack.len);
        assert_memory_equal(record.body.at, pack.data, pack.len);
    }
    buf_done(&pack);
}

/* Records that check, as another program may have written them. */
static void forge(const struct outbox_bench *b, uint64_t number, uint32_t plain_bytes,
                  const char *body)
{
    struct segment_options options = {.folder = b->folder, .file_bytes = 4096, .durable = true};
    struct segment_writer *writer;
    unsigned char head[OUTBOX_RECORD_HEAD];
    struct outbox_record record = {.readings = 1,
                                   .number = number,
                                   .boot = OUTBOX_BENCH_BOOT,
                                   .plain_bytes = plain_bytes,
                                   .body = slice_of(body)};
    memcpy(options.id, OUTBOX_RUNS_ID, SEGMENT_ID_BYTES);
    assert_int_equal(segment_writer_open(&options, &writer), 0);
    size_t len = outbox_record_head(&record, head);
    struct slice parts[] = {{(const char *)head, len}, record.body};
    assert_int_equal(segment_append(writer, parts, 2, NULL), 0);
    segment_writer_close(writer);
}

static void test_a_pack_that_cannot_be_made_whole_is_lost(void **state)
{
    struct outbox_bench *b = *state;
    outbox_bench_put(b, "[one]");
    outbox_bench_stop(b);
    forge(b, 2, 5000, "no DEFLATE");
    forge(b, 3, PACK_BYTES_MAX + 1, "longer than any pack");
    forge(b, 4, 0, "[four]");
    outbox_bench_start(b);
    outbox_bench_expect(b, 1, "[one]");
    outbox_bench_expect(b, 4, "[four]");
    outbox_bench_lose(b, 2, 4);
    outbox_bench_expect(b, 4, "[four]");
}

static void test_an_acknowledged_outbox_remembers_its_numbers(void **state)
{
    struct outbox_bench *b = *state;
    outbox_bench_put_many(b, 1, 3);
    outbox_acked(b->outbox, 3);
    outbox_bench_stop(b);
    outbox_bench_start(b);
    struct outbox_view view = outbox_view(b->outbox);
    assert_int_equal(view.low, 4);
    assert_int_equal(view.high, 3);
    outbox_bench_put(b, "[four]");
    assert_int_equal(b->stored, 4);
    outbox_bench_stop(b);
    outbox_bench_start(b);
    outbox_bench_expect(b, 4, "[four]");
}

static void test_files_of_acknowledged_packs_go(void **state)
{
    struct outbox_bench *b = *state;
    outbox_bench_stop(b);
    b->options.policy.max_bytes = 80000; /* files of 10,000 bytes */
    outbox_bench_start(b);
    outbox_bench_put_many(b, 1, 60);
    outbox_acked(b->outbox, 55);
    outbox_bench_settle(b);
    uint64_t first = 2; /* the file of the second start holds pack 1 */
    char path[FOLDER_PATH_MAX];
    outbox_bench_segment_path(b, (int)first, path);
    assert_int_equal(access(path, F_OK), -1);
    outbox_bench_expect(b, 56, "[pack 56 ");
    outbox_bench_expect(b, 60, "[pack 60 ");
    outbox_bench_reopen_image(b);
    assert_true(outbox_view(b->outbox).low <= 56);
    assert_int_equal(outbox_view(b->outbox).high, 60);
}

static void test_the_bound_drops_the_oldest_and_counts(void **state)
{
    struct outbox_bench *b = *state;
    outbox_bench_stop(b);
    b->options.policy.max_bytes = 80000;
    outbox_bench_start(b);
    outbox_bench_put_many(b, 1, 300);
    struct outbox_view view = outbox_view(b->outbox);
    assert_true(view.bytes <= 80000 + 10000);
    assert_true(view.dropped > 0);
    assert_int_equal(view.low, view.dropped + 1);
    assert_int_equal(b->low, view.low);
    outbox_bench_expect(b, view.low, "[pack ");
    outbox_bench_expect(b, 300, "[pack 300 ");
    struct outbox_record record;
    assert_int_equal(outbox_read(b->outbox, view.low - 1, &record), ERR_BUSY);
    outbox_bench_reopen_image(b);
    assert_int_equal(outbox_view(b->outbox).dropped, view.dropped);
    assert_int_equal(outbox_view(b->outbox).low, view.low);
}

static void test_renumbering_keeps_packs_and_changes_names(void **state)
{
    struct outbox_bench *b = *state;
    outbox_bench_put_many(b, 1, 5);
    outbox_acked(b->outbox, 2);
    outbox_renumber(b->outbox, 0xabcdef);
    outbox_bench_settle(b);
    assert_int_equal(b->renumbered, 1);
    struct outbox_view view = outbox_view(b->outbox);
    assert_int_equal(view.epoch, 0xabcdef);
    assert_int_equal(view.low, 1);
    assert_int_equal(view.high, 3);
    outbox_bench_expect(b, 1, "[pack 3 ");
    b->stored = 3;
    outbox_bench_put(b, "[six]");
    outbox_bench_reopen_image(b);
    assert_int_equal(outbox_view(b->outbox).epoch, 0xabcdef);
    outbox_bench_expect(b, 3, "[pack 5 ");
    outbox_bench_expect(b, 4, "[six]");
}

static void test_a_damaged_state_starts_a_new_epoch(void **state)
{
    struct outbox_bench *b = *state;
    outbox_bench_put_many(b, 1, 2);
    uint64_t epoch = outbox_view(b->outbox).epoch;
    outbox_bench_stop(b);
    char path[FOLDER_PATH_MAX];
    folder_path(path, b->folder, "state");
    assert_int_equal(truncate(path, 30), 0);
    outbox_bench_start(b);
    assert_true(outbox_view(b->outbox).epoch != epoch);
    outbox_bench_expect(b, 1, "[pack 1 ");
    outbox_bench_expect(b, 2, "[pack 2 ");
    assert_int_equal(outbox_view(b->outbox).high, 2);
}

static void test_clocks_survive(void **state)
{
    struct outbox_bench *b = *state;
    outbox_clock(b->outbox, (struct clock_offset){.boot = OUTBOX_BENCH_BOOT, .offset_ms = 123456});
    outbox_bench_settle(b);
    assert_int_equal(b->clocks, 1);
    outbox_bench_reopen_image(b);
    struct clock_trust trust;
    int64_t offset_ms = 0;
    clock_trust_init(&trust, OUTBOX_BENCH_BOOT + 1);
    outbox_load_clocks(b->outbox, &trust);
    assert_int_equal(clock_trust_fate(&trust, OUTBOX_BENCH_BOOT, &offset_ms), CLOCK_TIMED);
    assert_int_equal(offset_ms, 123456);
}

static void test_one_process_at_a_time(void **state)
{
    struct outbox_bench *b = *state;
    struct outbox *second = NULL;
    const struct outbox_events events = {.arg = b};
    assert_int_equal(outbox_open(b->loop, &b->options, &events, &second), ERR_BUSY);
}

/* Each life leaves on the disk how it stood, for the next to read. */
static void test_the_next_life_knows_how_this_one_ended(void **state)
{
    struct outbox_bench *b = *state;
    outbox_bench_settle(b);
    assert_false(outbox_last_life(b->outbox).known);
    b->options.machine = 5;
    outbox_bench_stop(b);
    outbox_bench_start(b);
    assert_true(outbox_last_life(b->outbox).known && outbox_last_life(b->outbox).stopped);
    outbox_bench_settle(b);
    outbox_bench_reopen_image(b); /* killed */
    assert_true(outbox_last_life(b->outbox).known && !outbox_last_life(b->outbox).stopped);
    assert_int_equal(outbox_last_life(b->outbox).machine, 5);
    outbox_gasped(b->outbox, true);
    outbox_bench_settle(b);
    outbox_bench_reopen_image(b);
    assert_true(outbox_last_life(b->outbox).gasped);
    outbox_gasped(b->outbox, true);
    outbox_bench_settle(b);
    outbox_gasped(b->outbox, false); /* the mains are back */
    outbox_bench_settle(b);
    outbox_bench_reopen_image(b);
    assert_false(outbox_last_life(b->outbox).gasped);
}

static void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* A disk that takes nothing: what has no place in memory any more is counted, durably once the disk
 * is back, and nothing else is lost. */
static void test_packs_without_a_number_are_counted(void **state)
{
    enum { PUTS = 100 };

    struct outbox_bench *b = *state;
    outbox_bench_settle(b);
    signal(SIGXFSZ, SIG_IGN);
    limit_files(0);
    for (int i = 0; i < PUTS; i++) {
        outbox_put(b->outbox, OUTBOX_TIMED, slice_of("[x]"), 1);
        loop_turn(b->loop); /* the job that this began */
    }
    limit_files(RLIM_INFINITY);
    assert_int_not_equal(outbox_view(b->outbox).disk_err, 0);
    assert_true(outbox_view(b->outbox).unwritten > 0);
    outbox_bench_put(b, "[last]");
    uint64_t lost = outbox_view(b->outbox).unwritten;
    assert_int_equal(b->stored + lost, PUTS + 1);
    assert_int_equal(outbox_view(b->outbox).dropped, 0);
    outbox_bench_reopen_image(b);
    assert_int_equal(outbox_view(b->outbox).unwritten, lost);
    assert_int_equal(outbox_view(b->outbox).unstored, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_packs_are_numbered_and_read_back, outbox_bench_setup,
                                        outbox_bench_teardown),
        cmocka_unit_test_setup_teardown(test_several_packs_of_one_moment_keep_their_order,
                                        outbox_bench_setup, outbox_bench_teardown),
        cmocka_unit_test_setup_teardown(test_a_kill_loses_nothing_that_was_stored,
                                        outbox_bench_setup, outbox_bench_teardown),
        cmocka_unit_test_setup_teardown(test_large_packs_are_small_on_the_disk_and_come_back_whole,
                                        outbox_bench_setup, outbox_bench_teardown),
        cmocka_unit_test_setup_teardown(test_a_pack_that_cannot_be_made_whole_is_lost,
                                        outbox_bench_setup, outbox_bench_teardown),
        cmocka_unit_test_setup_teardown(test_an_acknowledged_outbox_remembers_its_numbers,
                                        outbox_bench_setup, outbox_bench_teardown),
        cmocka_unit_test_setup_teardown(test_files_of_acknowledged_packs_go, outbox_bench_setup,
                                        outbox_bench_teardown),
        cmocka_unit_test_setup_teardown(test_the_bound_drops_the_oldest_and_counts,
                                        outbox_bench_setup, outbox_bench_teardown),
        cmocka_unit_test_setup_teardown(test_renumbering_keeps_packs_and_changes_names,
                                        outbox_bench_setup, outbox_bench_teardown),
        cmocka_unit_test_setup_teardown(test_a_damaged_state_starts_a_new_epoch, outbox_bench_setup,
                                        outbox_bench_teardown),
        cmocka_unit_test_setup_teardown(test_clocks_survive, outbox_bench_setup,
                                        outbox_bench_teardown),
        cmocka_unit_test_setup_teardown(test_the_next_life_knows_how_this_one_ended,
                                        outbox_bench_setup, outbox_bench_teardown),
        cmocka_unit_test_setup_teardown(test_packs_without_a_number_are_counted, outbox_bench_setup,
                                        outbox_bench_teardown),
        cmocka_unit_test_setup_teardown(test_one_process_at_a_time, outbox_bench_setup,
                                        outbox_bench_teardown),
    };
    return cmocka_run_group_tests_name("outbox", tests, NULL, NULL);
}
