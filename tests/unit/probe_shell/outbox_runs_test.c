#include "shell/outbox_runs.h"

#include "base/err.h"
#include "io/file.h"
#include "outbox_bench.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Killed, and one byte of the segment in use turns: of five packs one is lost, whichever byte of it
 * it was; the state file knew of none of them. */
static void test_damage_in_the_segment_in_use_loses_one_pack(void **state)
{
    static const off_t bytes[] = {0, 2, 3, 5, 8, 16, 40, 500};

    struct outbox_bench *b = *state;
    for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++) {
        uint64_t first = outbox_view(b->outbox).high + 1;
        uint64_t dropped = outbox_view(b->outbox).dropped;
        outbox_bench_put_many(b, (int)first, (int)first + 4);
        char path[FOLDER_PATH_MAX];
        outbox_bench_kill(b);
        outbox_bench_newest_segment(b, path);
        outbox_bench_flip_byte(path, OUTBOX_BENCH_FILE_HEAD +
                                         (outbox_bench_size_of(path) - OUTBOX_BENCH_FILE_HEAD) / 5 +
                                         bytes[i]);
        outbox_bench_start(b);
        assert_int_equal(outbox_view(b->outbox).high, first + 4);
        outbox_bench_lose(b, first + 1, first + 2);
        char text[32];
        snprintf(text, sizeof text, "[pack %d ", (int)first + 4);
        outbox_bench_expect(b, first + 4, text);
        assert_int_equal(outbox_view(b->outbox).dropped, dropped + 1);
    }
}

/* The number of a pack that nothing can read any more is not given to another one: the centre may
 * have it. How many there were is known exactly unless the damage hit a length. */
static void test_damage_at_the_end_gives_no_number_twice(void **state)
{
    static const struct {
        off_t from_end; /* the byte that turns; five packs of equal length */
        uint64_t least, most;
    } rows[] = {{1, 1, 1},
                {300, 1, 1},
                {OUTBOX_BENCH_RECORD - 4, 1, 1},
                {OUTBOX_BENCH_RECORD, 1, 33},
                {OUTBOX_BENCH_RECORD - 3, 1, 33}};

    struct outbox_bench *b = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t first = outbox_view(b->outbox).high + 1;
        outbox_bench_put_many(b, (int)first, (int)first + 4);
        char path[FOLDER_PATH_MAX];
        outbox_bench_kill(b);
        outbox_bench_newest_segment(b, path);
        assert_int_equal(outbox_bench_size_of(path),
                         OUTBOX_BENCH_FILE_HEAD + 5 * OUTBOX_BENCH_RECORD);
        outbox_bench_flip_byte(path, outbox_bench_size_of(path) - rows[i].from_end);
        outbox_bench_start(b);
        uint64_t lost = outbox_view(b->outbox).high - (first + 3);
        assert_in_range(lost, rows[i].least, rows[i].most);
        outbox_bench_settle(b);
        outbox_bench_reopen_image(b); /* what was found once is not found again */
        assert_int_equal(outbox_view(b->outbox).high, first + 3 + lost);
        outbox_bench_lose(b, first + 4, first + 4 + lost);
    }
}

/* Noise over the last three of five packs, which were published and acknowledged by nobody yet. */
static void test_noise_at_the_end_gives_no_number_twice(void **state)
{
    struct outbox_bench *b = *state;
    outbox_bench_put_many(b, 1, 5);
    char path[FOLDER_PATH_MAX];
    outbox_bench_kill(b);
    outbox_bench_newest_segment(b, path);
    for (off_t at = OUTBOX_BENCH_FILE_HEAD + 2 * OUTBOX_BENCH_RECORD;
         at < outbox_bench_size_of(path); at++)
        outbox_bench_flip_byte(path, at);
    outbox_bench_start(b);
    assert_in_range(outbox_view(b->outbox).high, 5, 5 + 32);
    outbox_bench_put(b, "[new]");
    outbox_bench_expect(b, outbox_view(b->outbox).high, "[new]");
    outbox_bench_lose(b, 3, outbox_view(b->outbox).high);
}

static void test_a_damaged_pack_is_lost_and_the_rest_goes_on(void **state)
{
    struct outbox_bench *b = *state;
    outbox_bench_put_many(b, 1, 5);
    outbox_bench_stop(b);
    char path[FOLDER_PATH_MAX];
    outbox_bench_segment_path(b, 1, path);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    outbox_bench_flip_byte(path, 36 + (st.st_size - 36) / 5 +
                                     100); /* in the second of five equal records */
    outbox_bench_start(b);
    outbox_bench_expect(b, 1, "[pack 1 ");
    struct outbox_record record;
    assert_int_equal(outbox_read(b->outbox, 2, &record), ERR_NOT_FOUND);
    outbox_skip(b->outbox, 2); /* 1 is still held: nothing may be given up yet */
    outbox_bench_settle(b);
    assert_int_equal(b->low, 0);
    outbox_acked(b->outbox, 1);
    assert_int_equal(outbox_read(b->outbox, 2, &record), ERR_NOT_FOUND);
    outbox_skip(b->outbox, 2);
    outbox_bench_settle(b);
    assert_int_equal(b->low, 3);
    assert_int_equal(outbox_view(b->outbox).dropped, 1);
    outbox_bench_expect(b, 3, "[pack 3 ");
    char bad[FOLDER_PATH_MAX];
    folder_path(bad, b->folder, "000000000001.bad");
    assert_int_equal(access(bad, F_OK), 0);
}

static void test_a_torn_tail_is_no_pack(void **state)
{
    struct outbox_bench *b = *state;
    outbox_bench_put_many(b, 1, 3);
    outbox_bench_stop(b);
    char path[FOLDER_PATH_MAX];
    outbox_bench_segment_path(b, 1, path);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(truncate(path, st.st_size - 10), 0);
    char state_path[FOLDER_PATH_MAX];
    folder_path(state_path, b->folder, "state");
    assert_int_equal(unlink(state_path), 0); /* it was written after the packs, and says so */
    outbox_bench_start(b);
    assert_int_equal(outbox_view(b->outbox).high, 3); /* whoever wrote it may have gone on with 3 */
    outbox_bench_expect(b, 2, "[pack 2 ");
    outbox_bench_put(b, "[new]");
    outbox_bench_expect(b, 4, "[new]");
    outbox_bench_lose(b, 3, 4);
}

static void test_lost_files_are_a_hole(void **state)
{
    struct outbox_bench *b = *state;
    outbox_bench_put_many(b, 1, 3);
    outbox_bench_stop(b);
    char path[FOLDER_PATH_MAX];
    outbox_bench_segment_path(b, 1, path);
    assert_int_equal(unlink(path), 0);
    outbox_bench_start(b);
    assert_int_equal(outbox_view(b->outbox).high, 3);
    outbox_bench_put(b, "[four]");
    struct outbox_record record;
    assert_int_equal(outbox_read(b->outbox, 1, &record), ERR_NOT_FOUND);
    outbox_skip(b->outbox, 1);
    outbox_bench_settle(b);
    assert_int_equal(b->low, 4);
    outbox_bench_expect(b, 4, "[four]");
}

/* Killed, and the segment in use cut off exactly between two records, so that nothing is torn and
 * nothing does not check: the packs that stood there are lost and counted, and their numbers are
 * not given again, for the centre may have them. */
static void test_a_cut_between_two_packs_is_seen(void **state)
{
    struct outbox_bench *b = *state;
    for (off_t cut = 1; cut <= 5; cut += 2) {
        uint64_t first = outbox_view(b->outbox).high + 1;
        outbox_bench_put_many(b, (int)first, (int)first + 4);
        char path[FOLDER_PATH_MAX];
        outbox_bench_kill(b);
        outbox_bench_newest_segment(b, path);
        assert_int_equal(truncate(path, OUTBOX_BENCH_FILE_HEAD + (5 - cut) * OUTBOX_BENCH_RECORD),
                         0);
        outbox_bench_start(b);
        assert_int_equal(outbox_view(b->outbox).high, first + 4);
        outbox_bench_put(b, "[new]");
        outbox_bench_expect(b, first + 5, "[new]");
        outbox_bench_lose(b, first + 5 - (uint64_t)cut, first + 5);
    }
}

/* The note is believed as far as numbers were reserved: whatever else it says loses nothing. */
static void test_a_note_that_cannot_be_is_ignored(void **state)
{
    static const char *const notes[] = {"", "x", "-1", "9999999", "18446744073709551616"};

    struct outbox_bench *b = *state;
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
        uint64_t first = outbox_view(b->outbox).high + 1;
        outbox_bench_put_many(b, (int)first, (int)first + 1);
        char path[FOLDER_PATH_MAX];
        outbox_bench_kill(b);
        folder_path(path, b->folder, "newest");
        assert_int_equal(file_replace(path, notes[i], strlen(notes[i]), 0600), 0);
        outbox_bench_start(b);
        assert_int_equal(outbox_view(b->outbox).high, first + 1);
        outbox_bench_expect(b, first + 1, "[pack ");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_damage_in_the_segment_in_use_loses_one_pack,
                                        outbox_bench_setup, outbox_bench_teardown),
        cmocka_unit_test_setup_teardown(test_damage_at_the_end_gives_no_number_twice,
                                        outbox_bench_setup, outbox_bench_teardown),
        cmocka_unit_test_setup_teardown(test_noise_at_the_end_gives_no_number_twice,
                                        outbox_bench_setup, outbox_bench_teardown),
        cmocka_unit_test_setup_teardown(test_a_damaged_pack_is_lost_and_the_rest_goes_on,
                                        outbox_bench_setup, outbox_bench_teardown),
        cmocka_unit_test_setup_teardown(test_a_torn_tail_is_no_pack, outbox_bench_setup,
                                        outbox_bench_teardown),
        cmocka_unit_test_setup_teardown(test_a_cut_between_two_packs_is_seen, outbox_bench_setup,
                                        outbox_bench_teardown),
        cmocka_unit_test_setup_teardown(test_a_note_that_cannot_be_is_ignored, outbox_bench_setup,
                                        outbox_bench_teardown),
        cmocka_unit_test_setup_teardown(test_lost_files_are_a_hole, outbox_bench_setup,
                                        outbox_bench_teardown),
    };
    return cmocka_run_group_tests_name("outbox_runs", tests, NULL, NULL);
}
