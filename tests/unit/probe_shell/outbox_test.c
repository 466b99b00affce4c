#include "shell/outbox.h"

#include "base/err.h"
#include "folder.h"
#include "io/file.h"
#include "shell/outbox_state.h"
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BOOT = 77, PATIENCE_TURNS = 2000 };

struct bench {
    char folder[FOLDER_PATH_MAX];
    struct loop *loop;
    struct outbox *outbox;
    struct outbox_options options;
    uint64_t stored;
    uint64_t low;
    int renumbered;
    int clocks;
    bool closed;
};

static void on_stored(void *arg, uint64_t seq)
{
    struct bench *b = arg;
    assert_int_equal(seq, b->stored + 1);
    b->stored = seq;
}

/* What the state file says at this moment. */
static struct outbox_state state_on_disk(const struct bench *b)
{
    char path[FOLDER_PATH_MAX];
    struct buf text;
    struct outbox_state state;
    buf_init(&text, 8192);
    folder_path(path, b->folder, "state");
    assert_int_equal(file_read(path, &text), 0);
    assert_int_equal(outbox_state_read((struct slice){text.data, text.len}, &state), 0);
    buf_done(&text);
    return state;
}

static void on_dropped(void *arg, uint64_t low)
{
    struct bench *b = arg;
    struct outbox_state state = state_on_disk(b);
    assert_true(state.low - state.base >= low);
    b->low = low;
}

static void on_renumbered(void *arg)
{
    struct bench *b = arg;
    assert_int_equal(state_on_disk(b).epoch, outbox_view(b->outbox).epoch);
    b->renumbered++;
}

static void on_clock(void *arg)
{
    struct bench *b = arg;
    b->clocks++;
    assert_true(state_on_disk(b).clocks > 0);
}

static void on_closed(void *arg)
{
    ((struct bench *)arg)->closed = true;
}

static void start(struct bench *b)
{
    const struct outbox_events events = {.arg = b,
                                         .stored = on_stored,
                                         .dropped = on_dropped,
                                         .renumbered = on_renumbered,
                                         .clock_kept = on_clock};
    b->options.folder = b->folder;
    b->options.boot = BOOT;
    assert_int_equal(outbox_open(b->loop, &b->options, &events, &b->outbox), 0);
    b->stored = outbox_view(b->outbox).high;
}

static void stop(struct bench *b)
{
    b->closed = false;
    outbox_close(b->outbox, on_closed, b);
    for (int i = 0; i < PATIENCE_TURNS && !b->closed; i++)
        loop_turn(b->loop);
    assert_true(b->closed);
}

static int setup(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    folder_make(b->folder);
    assert_int_equal(loop_open(&b->loop), 0);
    b->options.policy = outbox_policy_default();
    start(b);
    *state = b;
    return 0;
}

static int teardown(void **state)
{
    struct bench *b = *state;
    stop(b);
    loop_close(b->loop);
    folder_remove(b->folder);
    free(b);
    return 0;
}

static void settle(struct bench *b)
{
    for (int i = 0; i < PATIENCE_TURNS && outbox_is_writing(b->outbox); i++)
        loop_turn(b->loop);
    assert_false(outbox_is_writing(b->outbox));
}

static void put(struct bench *b, const char *text)
{
    outbox_put(b->outbox, OUTBOX_TIMED, slice_of(text), 1);
    settle(b);
}

static void put_many(struct bench *b, int from, int to)
{
    for (int i = from; i <= to; i++) {
        char text[600];
        snprintf(text, sizeof text, "[pack %d%*s]", i, 500, "");
        put(b, text);
    }
}

static void expect(struct bench *b, uint64_t seq, const char *text)
{
    struct outbox_record record;
    assert_int_equal(outbox_read(b->outbox, seq, &record), 0);
    assert_int_equal(record.boot, BOOT);
    assert_true(record.body.len >= strlen(text));
    assert_memory_equal(record.body.at, text, strlen(text));
}

/* What the disk holds at this moment, as after kill -9 or a power cut: opened elsewhere. */
static void reopen_image(struct bench *b)
{
    char image[FOLDER_PATH_MAX], command[3 * FOLDER_PATH_MAX];
    folder_make(image);
    snprintf(command, sizeof command, "cp -a %s/. %s/", b->folder, image);
    assert_int_equal(system(command), 0);
    stop(b);
    folder_remove(b->folder);
    memcpy(b->folder, image, sizeof image);
    start(b);
}

static void segment_path(struct bench *b, int number, char *path)
{
    char name[32];
    snprintf(name, sizeof name, "%012d.seg", number);
    folder_path(path, b->folder, name);
}

static void test_packs_are_numbered_and_read_back(void **state)
{
    struct bench *b = *state;
    put(b, "[one]");
    put(b, "[two]");
    put(b, "[three]");
    assert_int_equal(b->stored, 3);
    expect(b, 1, "[one]");
    expect(b, 2, "[two]");
    expect(b, 3, "[three]");
    expect(b, 1, "[one]");
    struct outbox_record record;
    assert_int_equal(outbox_read(b->outbox, 4, &record), ERR_BUSY);
}

static void test_several_packs_of_one_moment_keep_their_order(void **state)
{
    struct bench *b = *state;
    outbox_put(b->outbox, OUTBOX_TIMED, slice_of("[a]"), 1);
    outbox_put(b->outbox, OUTBOX_MONOTONIC, slice_of("[b]"), 2);
    outbox_put(b->outbox, OUTBOX_TIMED, slice_of("[c]"), 3);
    settle(b);
    assert_int_equal(b->stored, 3);
    struct outbox_record record;
    assert_int_equal(outbox_read(b->outbox, 2, &record), 0);
    assert_int_equal(record.kind, OUTBOX_MONOTONIC);
    assert_int_equal(record.readings, 2);
    expect(b, 3, "[c]");
}

static void test_a_kill_loses_nothing_that_was_stored(void **state)
{
    struct bench *b = *state;
    put_many(b, 1, 5);
    uint64_t epoch = outbox_view(b->outbox).epoch;
    reopen_image(b);
    struct outbox_view view = outbox_view(b->outbox);
    assert_int_equal(view.epoch, epoch);
    assert_int_equal(view.low, 1);
    assert_int_equal(view.high, 5);
    expect(b, 4, "[pack 4 ");
    put(b, "[six]");
    expect(b, 6, "[six]");
}

static void test_an_acknowledged_outbox_remembers_its_numbers(void **state)
{
    struct bench *b = *state;
    put_many(b, 1, 3);
    outbox_acked(b->outbox, 3);
    stop(b);
    start(b);
    struct outbox_view view = outbox_view(b->outbox);
    assert_int_equal(view.low, 4);
    assert_int_equal(view.high, 3);
    put(b, "[four]");
    assert_int_equal(b->stored, 4);
    stop(b);
    start(b);
    expect(b, 4, "[four]");
}

static void test_a_torn_tail_is_no_pack(void **state)
{
    struct bench *b = *state;
    put_many(b, 1, 3);
    stop(b);
    char path[FOLDER_PATH_MAX];
    segment_path(b, 1, path);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(truncate(path, st.st_size - 10), 0);
    char state_path[FOLDER_PATH_MAX];
    folder_path(state_path, b->folder, "state");
    assert_int_equal(unlink(state_path), 0); /* it was written after the packs, and says so */
    start(b);
    assert_int_equal(outbox_view(b->outbox).high, 2);
    expect(b, 2, "[pack 2 ");
    put(b, "[new]");
    expect(b, 3, "[new]");
}

static void test_files_of_acknowledged_packs_go(void **state)
{
    struct bench *b = *state;
    stop(b);
    b->options.policy.max_bytes = 80000; /* files of 10,000 bytes */
    start(b);
    put_many(b, 1, 60);
    outbox_acked(b->outbox, 55);
    settle(b);
    uint64_t first = 2; /* the file of the second start holds pack 1 */
    char path[FOLDER_PATH_MAX];
    segment_path(b, (int)first, path);
    assert_int_equal(access(path, F_OK), -1);
    expect(b, 56, "[pack 56 ");
    expect(b, 60, "[pack 60 ");
    reopen_image(b);
    assert_true(outbox_view(b->outbox).low <= 56);
    assert_int_equal(outbox_view(b->outbox).high, 60);
}

static void test_the_bound_drops_the_oldest_and_counts(void **state)
{
    struct bench *b = *state;
    stop(b);
    b->options.policy.max_bytes = 80000;
    start(b);
    put_many(b, 1, 300);
    struct outbox_view view = outbox_view(b->outbox);
    assert_true(view.bytes <= 80000 + 10000);
    assert_true(view.dropped > 0);
    assert_int_equal(view.low, view.dropped + 1);
    assert_int_equal(b->low, view.low);
    expect(b, view.low, "[pack ");
    expect(b, 300, "[pack 300 ");
    struct outbox_record record;
    assert_int_equal(outbox_read(b->outbox, view.low - 1, &record), ERR_BUSY);
    reopen_image(b);
    assert_int_equal(outbox_view(b->outbox).dropped, view.dropped);
    assert_int_equal(outbox_view(b->outbox).low, view.low);
}

static void test_renumbering_keeps_packs_and_changes_names(void **state)
{
    struct bench *b = *state;
    put_many(b, 1, 5);
    outbox_acked(b->outbox, 2);
    outbox_renumber(b->outbox, 0xabcdef);
    settle(b);
    assert_int_equal(b->renumbered, 1);
    struct outbox_view view = outbox_view(b->outbox);
    assert_int_equal(view.epoch, 0xabcdef);
    assert_int_equal(view.low, 1);
    assert_int_equal(view.high, 3);
    expect(b, 1, "[pack 3 ");
    b->stored = 3;
    put(b, "[six]");
    reopen_image(b);
    assert_int_equal(outbox_view(b->outbox).epoch, 0xabcdef);
    expect(b, 3, "[pack 5 ");
    expect(b, 4, "[six]");
}

static void flip_byte(const char *path, off_t at)
{
    int fd = open(path, O_RDWR);
    unsigned char byte = 0;
    assert_int_equal(pread(fd, &byte, 1, at), 1);
    byte ^= 0xff;
    assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    close(fd);
}

static void test_a_damaged_pack_is_lost_and_the_rest_goes_on(void **state)
{
    struct bench *b = *state;
    put_many(b, 1, 5);
    stop(b);
    char path[FOLDER_PATH_MAX];
    segment_path(b, 1, path);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    flip_byte(path, 36 + (st.st_size - 36) / 5 + 100); /* in the second of five equal records */
    start(b);
    expect(b, 1, "[pack 1 ");
    struct outbox_record record;
    assert_int_equal(outbox_read(b->outbox, 2, &record), ERR_NOT_FOUND);
    outbox_skip(b->outbox, 2); /* 1 is still held: nothing may be given up yet */
    settle(b);
    assert_int_equal(b->low, 0);
    outbox_acked(b->outbox, 1);
    assert_int_equal(outbox_read(b->outbox, 2, &record), ERR_NOT_FOUND);
    outbox_skip(b->outbox, 2);
    settle(b);
    assert_int_equal(b->low, 3);
    assert_int_equal(outbox_view(b->outbox).dropped, 1);
    expect(b, 3, "[pack 3 ");
    char bad[FOLDER_PATH_MAX];
    folder_path(bad, b->folder, "000000000001.bad");
    assert_int_equal(access(bad, F_OK), 0);
}

static void test_lost_files_are_a_hole(void **state)
{
    struct bench *b = *state;
    put_many(b, 1, 3);
    stop(b);
    char path[FOLDER_PATH_MAX];
    segment_path(b, 1, path);
    assert_int_equal(unlink(path), 0);
    start(b);
    assert_int_equal(outbox_view(b->outbox).high, 3);
    put(b, "[four]");
    struct outbox_record record;
    assert_int_equal(outbox_read(b->outbox, 1, &record), ERR_NOT_FOUND);
    outbox_skip(b->outbox, 1);
    settle(b);
    assert_int_equal(b->low, 4);
    expect(b, 4, "[four]");
}

static void test_a_damaged_state_starts_a_new_epoch(void **state)
{
    struct bench *b = *state;
    put_many(b, 1, 2);
    uint64_t epoch = outbox_view(b->outbox).epoch;
    stop(b);
    char path[FOLDER_PATH_MAX];
    folder_path(path, b->folder, "state");
    assert_int_equal(truncate(path, 30), 0);
    start(b);
    assert_true(outbox_view(b->outbox).epoch != epoch);
    expect(b, 1, "[pack 1 ");
    expect(b, 2, "[pack 2 ");
    assert_int_equal(outbox_view(b->outbox).high, 2);
}

static void test_clocks_survive(void **state)
{
    struct bench *b = *state;
    outbox_clock(b->outbox, (struct clock_offset){.boot = BOOT, .offset_ms = 123456});
    settle(b);
    assert_int_equal(b->clocks, 1);
    reopen_image(b);
    struct clock_trust trust;
    int64_t offset_ms = 0;
    clock_trust_init(&trust, BOOT + 1);
    outbox_load_clocks(b->outbox, &trust);
    assert_int_equal(clock_trust_fate(&trust, BOOT, &offset_ms), CLOCK_TIMED);
    assert_int_equal(offset_ms, 123456);
}

static void test_one_process_at_a_time(void **state)
{
    struct bench *b = *state;
    struct outbox *second = NULL;
    const struct outbox_events events = {.arg = b};
    assert_int_equal(outbox_open(b->loop, &b->options, &events, &second), ERR_BUSY);
}

/* Each life leaves on the disk how it stood, for the next to read. */
static void test_the_next_life_knows_how_this_one_ended(void **state)
{
    struct bench *b = *state;
    settle(b);
    assert_false(outbox_last_life(b->outbox).known);
    b->options.machine = 5;
    stop(b);
    start(b);
    assert_true(outbox_last_life(b->outbox).known && outbox_last_life(b->outbox).stopped);
    settle(b);
    reopen_image(b); /* killed */
    assert_true(outbox_last_life(b->outbox).known && !outbox_last_life(b->outbox).stopped);
    assert_int_equal(outbox_last_life(b->outbox).machine, 5);
    outbox_gasped(b->outbox, true);
    settle(b);
    reopen_image(b);
    assert_true(outbox_last_life(b->outbox).gasped);
    outbox_gasped(b->outbox, true);
    settle(b);
    outbox_gasped(b->outbox, false); /* the mains are back */
    settle(b);
    reopen_image(b);
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

    struct bench *b = *state;
    settle(b);
    signal(SIGXFSZ, SIG_IGN);
    limit_files(0);
    for (int i = 0; i < PUTS; i++) {
        outbox_put(b->outbox, OUTBOX_TIMED, slice_of("[x]"), 1);
        loop_turn(b->loop); /* the job that this began */
    }
    limit_files(RLIM_INFINITY);
    assert_int_not_equal(outbox_view(b->outbox).disk_err, 0);
    assert_true(outbox_view(b->outbox).unwritten > 0);
    put(b, "[last]");
    uint64_t lost = outbox_view(b->outbox).unwritten;
    assert_int_equal(b->stored + lost, PUTS + 1);
    assert_int_equal(outbox_view(b->outbox).dropped, 0);
    reopen_image(b);
    assert_int_equal(outbox_view(b->outbox).unwritten, lost);
    assert_int_equal(outbox_view(b->outbox).unstored, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_packs_are_numbered_and_read_back, setup, teardown),
        cmocka_unit_test_setup_teardown(test_several_packs_of_one_moment_keep_their_order, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_a_kill_loses_nothing_that_was_stored, setup, teardown),
        cmocka_unit_test_setup_teardown(test_an_acknowledged_outbox_remembers_its_numbers, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_a_torn_tail_is_no_pack, setup, teardown),
        cmocka_unit_test_setup_teardown(test_files_of_acknowledged_packs_go, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_bound_drops_the_oldest_and_counts, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_renumbering_keeps_packs_and_changes_names, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_a_damaged_pack_is_lost_and_the_rest_goes_on, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_lost_files_are_a_hole, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_damaged_state_starts_a_new_epoch, setup, teardown),
        cmocka_unit_test_setup_teardown(test_clocks_survive, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_next_life_knows_how_this_one_ended, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_packs_without_a_number_are_counted, setup, teardown),
        cmocka_unit_test_setup_teardown(test_one_process_at_a_time, setup, teardown),
    };
    return cmocka_run_group_tests_name("outbox", tests, NULL, NULL);
}
