#include "io/segment.h"

#include "base/err.h"
#include "base/rng.h"
#include "folder.h"
#include "io/file.h"
#include "segments.h"
#include "unit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const unsigned char OTHER_ID[SEGMENT_ID_BYTES] = "store-number-two";

static void the_bytes_are_those_of_the_format(void **state)
{
    (void)state;
    /* CRCs by an independent implementation: python3 zlib.crc32 */
    static const unsigned char whole[] = {
        'I',  'O',  'C',  'S',  2,   0,   36,  0,   's',  't',  'o',  'r',  'e', '-', 'n', 'u',
        'm',  'b',  'e',  'r',  '-', 'o', 'n', 'e', 1,    0,    0,    0,    0,   0,   0,   0,
        0x17, 0xbb, 0x4c, 0x09, 2,   0,   0,   0,   0xd3, 0xd0, 0x9f, 0x56, 'h', 'i'};
    struct segment_writer *w = segments_open_writer(segments_options());
    struct slice parts[] = {slice_of("h"), slice_of(""), slice_of("i")};
    struct segment_pos end;
    assert_int_equal(segment_append(w, parts, 3, &end), 0);
    assert_int_equal(end.number, 1);
    assert_int_equal(end.offset, sizeof whole);
    segment_writer_close(w);
    char path[FOLDER_PATH_MAX];
    struct buf content;
    segments_path_of(path, 1, "seg");
    buf_init(&content, 1000);
    assert_int_equal(file_read(path, &content), 0);
    assert_int_equal(content.len, sizeof whole);
    assert_memory_equal(content.data, whole, sizeof whole);
    buf_done(&content);
}

static void a_file_of_version_1_is_read(void **state)
{
    (void)state;
    static const unsigned char whole[] = {
        'I',  'O',  'C',  'S',  1,   0,   36,  0,   's',  't',  'o',  'r',  'e', '-', 'n', 'u',
        'm',  'b',  'e',  'r',  '-', 'o', 'n', 'e', 1,    0,    0,    0,    0,   0,   0,   0,
        0x30, 0xbc, 0x92, 0x0b, 2,   0,   0,   0,   0xfb, 0x38, 0x40, 0x65, 'h', 'i'};
    char path[FOLDER_PATH_MAX];
    segments_path_of(path, 1, "seg");
    assert_int_equal(file_replace(path, whole, sizeof whole, 0600), 0);
    struct segment_writer *w = segments_open_writer(segments_options());
    assert_int_equal(segments_append(w, "newer"), 0);
    struct segment_reader *r = segments_open_reader((struct segment_pos){0});
    segments_expect(r, "hi");
    struct segment_pos after_hi = segment_at(r);
    segments_expect(r, "newer");
    segment_reader_close(r);
    r = segments_open_reader((struct segment_pos){1, SEGMENTS_FILE_HEAD}); /* within the file */
    segments_expect(r, "hi");
    assert_int_equal(segment_pos_compare(segment_at(r), after_hi), 0);
    segments_expect(r, "newer");
    segment_reader_close(r);
    segment_writer_close(w);
}

static void a_reader_follows_a_writer(void **state)
{
    (void)state;
    struct segment_reader *r = segments_open_reader((struct segment_pos){0});
    segments_expect_err(r, ERR_END);
    struct segment_writer *w = segments_open_writer(segments_options());
    segments_expect_err(r, ERR_END);
    assert_int_equal(segments_append(w, "one"), 0);
    segments_expect(r, "one");
    segments_expect_err(r, ERR_END);
    assert_int_equal(segments_append(w, "two"), 0);
    assert_int_equal(segment_roll(w), 0);
    assert_int_equal(segments_append(w, "three"), 0);
    segments_expect(r, "two");
    struct segment_pos after_two = segment_at(r);
    segments_expect(r, "three");
    segments_expect_err(r, ERR_END);
    assert_int_equal(segment_pos_compare(segment_at(r), segment_end(w)), 0);
    segment_writer_close(w);
    segment_reader_close(r);

    w = segments_open_writer(segments_options()); /* a start begins a new file */
    assert_int_equal(segment_end(w).number, 3);
    assert_int_equal(segments_append(w, "four"), 0);
    r = segments_open_reader(after_two);
    segments_expect(r, "three");
    segments_expect(r, "four");
    segments_expect_err(r, ERR_END);
    segment_reader_close(r);
    segment_writer_close(w);
}

static void files_are_bounded_and_deleted_by_position(void **state)
{
    (void)state;
    struct segment_options o = segments_options();
    o.file_bytes = 100;
    o.total_bytes = 600;
    o.durable = true;
    struct segment_writer *w = segments_open_writer(o);
    int written = 0, err = 0;
    while ((err = segments_append(w, "0123456789012345678901234567890")) == 0)
        written++;
    assert_int_equal(err, ERR_FULL);
    assert_int_equal(segment_room(w), 0); /* one byte would still fit */
    uint64_t total = 0;
    assert_int_equal(segment_total(segments_folder, &total), 0);
    assert_true(total <= 600 && total > 500);
    assert_int_equal(segment_sync(w), 0);

    struct segment_reader *r = segments_open_reader((struct segment_pos){0});
    for (int i = 0; i < written; i++)
        segments_expect(r, "0123456789012345678901234567890");
    segments_expect_err(r, ERR_END);
    uint64_t newest = segment_end(w).number;
    assert_int_equal(segment_delete_below(segments_folder, segment_at(r).number), 0);
    assert_int_equal(segments_size_of((unsigned)newest - 1, "seg"), -1);
    assert_int_equal(segments_append(w, "more"), 0);
    segments_expect(r, "more");
    assert_int_equal(segment_delete_below(segments_folder, UINT64_MAX), 0);
    assert_true(segments_size_of((unsigned)segment_end(w).number, "seg") >
                0); /* never the newest */
    segment_reader_close(r);
    segment_writer_close(w);
}

static void numbers_are_never_used_again(void **state)
{
    (void)state;
    struct segment_options o = segments_options();
    o.above = 41;
    struct segment_writer *w = segments_open_writer(o);
    assert_int_equal(segment_end(w).number, 42);
    segment_writer_close(w);
    char path[FOLDER_PATH_MAX], bad[FOLDER_PATH_MAX];
    segments_path_of(path, 42, "seg");
    segments_path_of(bad, 42, "bad");
    assert_int_equal(rename(path, bad), 0);
    o.above = 0;
    w = segments_open_writer(o);
    assert_int_equal(segment_end(w).number, 43);
    segment_writer_close(w);
}

static void refuses_what_no_record_is(void **state)
{
    (void)state;
    static char large[SEGMENT_RECORD_MAX + 1];
    struct segment_writer *w = segments_open_writer(segments_options());
    struct slice part = {large, 0};
    assert_int_equal(segment_append(w, &part, 1, NULL), ERR_RANGE);
    part.len = sizeof large;
    assert_int_equal(segment_append(w, &part, 1, NULL), ERR_TOO_LONG);
    part.len = SEGMENT_RECORD_MAX;
    assert_int_equal(segment_append(w, &part, 1, NULL), 0);
    struct segment_reader *r = segments_open_reader((struct segment_pos){0});
    struct slice record;
    assert_int_equal(segment_next(r, &record), 0);
    assert_int_equal(record.len, SEGMENT_RECORD_MAX);
    segment_reader_close(r);
    segment_writer_close(w);
    struct segment_options o = segments_options();
    o.low_water_bytes = UINT64_MAX / 4;
    w = segments_open_writer(o);
    assert_int_equal(segment_room(w), ERR_NO_SPACE);
    assert_int_equal(segments_append(w, "x"), ERR_NO_SPACE);
    segment_writer_close(w);
}

static void files_of_another_store_are_set_aside(void **state)
{
    (void)state;
    struct segment_options o = segments_options();
    memcpy(o.id, OTHER_ID, sizeof o.id);
    struct segment_writer *w = segments_open_writer(o);
    assert_int_equal(segments_append(w, "theirs"), 0);
    segment_writer_close(w);
    w = segments_open_writer(segments_options());
    assert_int_equal(segments_append(w, "ours"), 0);
    struct segment_reader *r = segments_open_reader((struct segment_pos){0});
    segments_expect_err(r, ERR_VERSION);
    assert_non_null(strstr(segment_damaged(r)->path, "000000000001.bad"));
    segments_expect(r, "ours");
    segment_reader_close(r);
    segment_writer_close(w);
}

enum { FOLLOWED = 20000 };

static void *write_many(void *arg)
{
    struct segment_writer *w = arg;
    static char bytes[3000];
    struct rng rng = {7};
    for (uint32_t i = 0; i < FOLLOWED; i++) {
        struct slice parts[] = {{(const char *)&i, sizeof i},
                                {bytes, rng_below(&rng, sizeof bytes)}};
        if (segment_append(w, parts, 2, NULL) != 0)
            abort();
    }
    return NULL;
}

static void another_thread_can_be_followed(void **state)
{
    (void)state;
    struct segment_options o = segments_options();
    o.file_bytes = 200000;
    struct segment_writer *w = segments_open_writer(o);
    struct segment_reader *r = segments_open_reader((struct segment_pos){0});
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, write_many, w), 0);
    for (uint32_t i = 0; i < FOLLOWED;) {
        struct slice record;
        int err = segment_next(r, &record);
        if (err == ERR_END) {
            sched_yield();
            continue;
        }
        assert_int_equal(err, 0);
        uint32_t got;
        memcpy(&got, record.at, sizeof got);
        assert_int_equal(got, i);
        if (++i % 5000 == 0)
            assert_int_equal(segment_delete_below(segments_folder, segment_at(r).number), 0);
    }
    pthread_join(thread, NULL);
    segments_expect_err(r, ERR_END);
    assert_int_equal(segment_pos_compare(segment_at(r), segment_end(w)), 0);
    segment_reader_close(r);
    segment_writer_close(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_bytes_are_those_of_the_format, segments_make,
                                        segments_clean),
        cmocka_unit_test_setup_teardown(a_file_of_version_1_is_read, segments_make, segments_clean),
        cmocka_unit_test_setup_teardown(a_reader_follows_a_writer, segments_make, segments_clean),
        cmocka_unit_test_setup_teardown(files_are_bounded_and_deleted_by_position, segments_make,
                                        segments_clean),
        cmocka_unit_test_setup_teardown(numbers_are_never_used_again, segments_make,
                                        segments_clean),
        cmocka_unit_test_setup_teardown(refuses_what_no_record_is, segments_make, segments_clean),
        cmocka_unit_test_setup_teardown(files_of_another_store_are_set_aside, segments_make,
                                        segments_clean),
        cmocka_unit_test_setup_teardown(another_thread_can_be_followed, segments_make,
                                        segments_clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
