#include "io/segment.h"

#include "base/err.h"
#include "base/rng.h"
#include "io/file.h"
#include "segments.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Cuts the file at every length: always the whole records before the cut, never an error. */
static void every_torn_tail_gives_the_valid_prefix(void **state)
{
    (void)state;
    struct segment_writer *w = segments_open_writer(segments_options());
    assert_int_equal(segments_append(w, "first"), 0);
    assert_int_equal(segments_append(w, "second"), 0);
    segment_writer_close(w);
    long size = segments_size_of(1, "seg");
    w = segments_open_writer(segments_options());
    assert_int_equal(segments_append(w, "after"), 0);
    char path[FOLDER_PATH_MAX];
    segments_path_of(path, 1, "seg");
    for (long cut = size; cut >= 0; cut--) {
        assert_int_equal(truncate(path, cut), 0);
        struct segment_reader *r = segments_open_reader((struct segment_pos){0});
        if (cut >= SEGMENTS_FILE_HEAD + SEGMENTS_RECORD_HEAD + 5)
            segments_expect(r, "first");
        if (cut >= size)
            segments_expect(r, "second");
        segments_expect(r, "after");
        segments_expect_err(r, ERR_END);
        assert_true(segment_torn(r) < SEGMENTS_RECORD_HEAD + SEGMENTS_FILE_HEAD);
        bool in_head = cut <= SEGMENTS_FILE_HEAD,
             between = cut == size || cut == size - SEGMENTS_RECORD_HEAD - 6;
        assert_int_equal(segment_tails(r), in_head || between ? 0 : 1);
        segment_reader_close(r);
    }
    assert_int_equal(segments_size_of(1, "bad"), -1);
    segment_writer_close(w);
}

static void zeros_at_the_end_are_a_torn_tail(void **state)
{
    (void)state;
    struct segment_writer *w = segments_open_writer(segments_options());
    assert_int_equal(segments_append(w, "first"), 0);
    struct segment_pos end = segment_end(w);
    segment_writer_close(w);
    char path[FOLDER_PATH_MAX];
    segments_path_of(path, 1, "seg");
    assert_int_equal(truncate(path, 200000), 0);
    w = segments_open_writer(segments_options());
    assert_int_equal(segments_append(w, "after"), 0);
    struct segment_reader *r = segments_open_reader((struct segment_pos){0});
    segments_expect(r, "first");
    segments_expect(r, "after");
    assert_int_equal(segment_torn(r), 200000 - end.offset);
    segment_reader_close(r);
    segment_writer_close(w);
}

static void one_damaged_record_is_reported_and_skipped(void **state)
{
    (void)state;
    struct segment_writer *w = segments_open_writer(segments_options());
    assert_int_equal(segments_append(w, "first"), 0);
    assert_int_equal(segments_append(w, "second"), 0);
    assert_int_equal(segments_append(w, "third"), 0);
    segments_write_at(1, SEGMENTS_FILE_HEAD + SEGMENTS_RECORD_HEAD + 5 + SEGMENTS_RECORD_HEAD, "X",
                      1);
    struct segment_reader *r = segments_open_reader((struct segment_pos){0});
    segments_expect(r, "first");
    segments_expect_err(r, ERR_CORRUPT);
    const struct segment_damage *d = segment_damaged(r);
    assert_int_equal(d->err, ERR_CORRUPT);
    assert_int_equal(d->offset, SEGMENTS_FILE_HEAD + SEGMENTS_RECORD_HEAD + 5);
    assert_int_equal(d->bytes, SEGMENTS_RECORD_HEAD + 6);
    assert_non_null(strstr(d->path, "000000000001.bad"));
    segments_expect(r, "third");
    segments_expect_err(r, ERR_END);
    assert_int_equal(segments_append(w, "fourth"), 0); /* the writer goes on in the same file */
    segments_expect(r, "fourth");
    assert_int_equal(segments_size_of(1, "bad"), segments_size_of(1, "seg"));
    segment_reader_close(r);
    segment_writer_close(w);
}

/* Each byte of the second record, in its length, its checksum and itself: what stands behind it is
 * found, by the reader that follows as by one that comes later. */
static void behind_any_damaged_byte_reading_goes_on(void **state)
{
    (void)state;
    struct segment_writer *w = segments_open_writer(segments_options());
    assert_int_equal(segments_append(w, "first"), 0);
    assert_int_equal(segments_append(w, "second"), 0);
    assert_int_equal(segments_append(w, "third"), 0);
    const long second = SEGMENTS_FILE_HEAD + SEGMENTS_RECORD_HEAD + 5;
    char path[FOLDER_PATH_MAX];
    struct buf whole;
    segments_path_of(path, 1, "seg");
    buf_init(&whole, 1000);
    assert_int_equal(file_read(path, &whole), 0);
    for (long at = second; at < second + SEGMENTS_RECORD_HEAD + 6; at++) {
        for (int bit = 0; bit < 8; bit++) {
            char byte = (char)(whole.data[at] ^ (1 << bit));
            segments_write_at(1, at, &byte, 1);
            struct segment_reader *r = segments_open_reader((struct segment_pos){0});
            segments_expect(r, "first");
            segments_expect_err(r, ERR_CORRUPT);
            assert_int_equal(segment_damaged(r)->offset, second);
            assert_int_equal(segment_damaged(r)->bytes, SEGMENTS_RECORD_HEAD + 6);
            assert_int_equal(segment_damaged(r)->records, at < second + 4 ? 0 : 1);
            segments_expect(r, "third");
            segments_expect_err(r, ERR_END);
            segment_reader_close(r);
        }
        segments_write_at(1, at, whole.data + at, 1);
    }
    buf_done(&whole);
    segment_writer_close(w);
}

/* A sector's worth of nothing, or of noise, over several records and over the head of the file. */
static void behind_a_damaged_stretch_reading_goes_on(void **state)
{
    (void)state;
    static const char noise[] =
        "\x01\x00\x00\x00\x08\x00\x00\x00 lengths that lead nowhere \x05\0\0\0";
    static const char zeros[sizeof noise];
    struct segment_writer *w = segments_open_writer(segments_options());
    for (int i = 0; i < 9; i++)
        assert_int_equal(segments_append(w, i < 8 ? "a record" : "the last"), 0);
    segment_writer_close(w);
    w = segments_open_writer(segments_options());
    segments_write_at(1, SEGMENTS_FILE_HEAD + 2 * 16, noise, sizeof noise);
    segments_write_at(1, 0, zeros, SEGMENTS_FILE_HEAD);
    struct segment_reader *r = segments_open_reader((struct segment_pos){0});
    segments_expect_err(r, ERR_CORRUPT);
    assert_int_equal(segment_damaged(r)->bytes, SEGMENTS_FILE_HEAD);
    segments_expect(r, "a record");
    segments_expect(r, "a record");
    segments_expect_err(r, ERR_CORRUPT);
    assert_int_equal(segment_damaged(r)->offset, SEGMENTS_FILE_HEAD + 2 * 16);
    assert_int_equal(segment_damaged(r)->bytes % 16, 0);
    for (uint64_t i = 2 + segment_damaged(r)->bytes / 16; i < 8; i++)
        segments_expect(r, "a record");
    segments_expect(r, "the last");
    segments_expect_err(r, ERR_END);
    segment_reader_close(r);
    segment_writer_close(w);
}

/* A sender may put the bytes of a whole record into a payload, copied from anywhere: it is one at
 * that place only. */
static void what_a_payload_holds_is_never_a_record(void **state)
{
    (void)state;
    struct segment_writer *w = segments_open_writer(segments_options());
    assert_int_equal(segments_append(w, "a record that is copied"), 0);
    char path[FOLDER_PATH_MAX];
    struct buf file;
    segments_path_of(path, 1, "seg");
    buf_init(&file, 1000);
    assert_int_equal(file_read(path, &file), 0);
    struct slice copy = {file.data + SEGMENTS_FILE_HEAD, file.len - SEGMENTS_FILE_HEAD};
    assert_int_equal(segment_append(w, &copy, 1, NULL), 0);
    assert_int_equal(segments_append(w, "after"), 0);
    segments_write_at(1, (long)file.len, "\xff", 1); /* the length of what holds the copy */
    struct segment_reader *r = segments_open_reader((struct segment_pos){0});
    segments_expect(r, "a record that is copied");
    segments_expect_err(r, ERR_CORRUPT);
    segments_expect(r, "after");
    segments_expect_err(r, ERR_END);
    buf_done(&file);
    segment_reader_close(r);
    segment_writer_close(w);
}

/* A payload of nothing but heads of long records: the search behind it has an end. */
static void a_search_is_bounded(void **state)
{
    (void)state;

    enum { CLAIM = 0x7fff0, PAYLOADS = 3 };

    static const unsigned char claim[] = {0xf0, 0xff, 0x07, 0x00};
    static unsigned char heads[SEGMENT_RECORD_MAX];
    for (size_t i = 0; i + 4 <= sizeof heads; i += 4)
        memcpy(heads + i, claim, sizeof claim);
    struct slice part = {(const char *)heads, sizeof heads};
    struct segment_writer *w = segments_open_writer(segments_options());
    for (int i = 0; i < PAYLOADS; i++)
        assert_int_equal(segment_append(w, &part, 1, NULL), 0);
    assert_true(segment_end(w).offset > CLAIM);
    segments_write_at(1, SEGMENTS_FILE_HEAD, "\xff\xff\xff\xff", 4);
    assert_int_equal(segment_roll(w), 0);
    assert_int_equal(segments_append(w, "after"), 0);
    struct segment_reader *r = segments_open_reader((struct segment_pos){0});
    segments_expect_err(r, ERR_CORRUPT);
    while (segment_at(r).number == 1) {
        struct slice record;
        int err = segment_next(r, &record);
        assert_true(err == 0 || err == ERR_CORRUPT);
        if (!err && segment_at(r).number == 2)
            assert_memory_equal(record.at, "after", 5);
    }
    segment_reader_close(r);
    segment_writer_close(w);
}

static void the_rest_of_a_file_is_lost_if_nothing_in_it_checks(void **state)
{
    (void)state;
    struct segment_writer *w = segments_open_writer(segments_options());
    assert_int_equal(segments_append(w, "first"), 0);
    assert_int_equal(segments_append(w, "second"), 0);
    assert_int_equal(segments_append(w, "third"), 0);
    segments_write_at(1, SEGMENTS_FILE_HEAD + SEGMENTS_RECORD_HEAD + 5, "\xff\xff\xff\xff", 4);
    segments_write_at(1, (long)segment_end(w).offset - 1, "X", 1);
    struct segment_reader *r = segments_open_reader((struct segment_pos){0});
    segments_expect(r, "first");
    segments_expect_err(r, ERR_CORRUPT);
    segments_expect_err(r, ERR_CORRUPT); /* stays: the writer may append to this file */
    assert_int_equal(segment_roll(w), 0);
    assert_int_equal(segments_append(w, "after"), 0);
    segments_expect_err(r, ERR_CORRUPT); /* now it is behind */
    assert_int_equal(segment_damaged(r)->bytes, 2 * SEGMENTS_RECORD_HEAD + 6 + 5);
    assert_int_equal(segment_damaged(r)->records, 0);
    segments_expect(r, "after");
    assert_int_equal(segment_delete_below(segments_folder, 2), 0);
    assert_int_equal(segments_size_of(1, "seg"), -1);
    assert_true(segments_size_of(1, "bad") > 0); /* the evidence stays */
    segment_reader_close(r);
    segment_writer_close(w);
}

static void a_bad_last_record_waits_until_the_file_is_final(void **state)
{
    (void)state;
    struct segment_writer *w = segments_open_writer(segments_options());
    assert_int_equal(segments_append(w, "first"), 0);
    segments_write_at(1, SEGMENTS_FILE_HEAD + SEGMENTS_RECORD_HEAD, "X", 1);
    struct segment_reader *r = segments_open_reader((struct segment_pos){0});
    segments_expect_err(r, ERR_END);
    assert_int_equal(segment_roll(w), 0);
    assert_int_equal(segments_append(w, "after"), 0);
    segments_expect_err(r, ERR_CORRUPT);
    segments_expect(r, "after");
    segment_reader_close(r);
    segment_writer_close(w);
}

enum { STORIES = 300, RECORDS = 80 };

static void write_numbered(int records)
{
    struct segment_options o = segments_options();
    o.file_bytes = 400;
    struct segment_writer *w = segments_open_writer(o);
    for (int i = 0; i < records; i++) {
        char text[32];
        snprintf(text, sizeof text, "record number %d", i);
        assert_int_equal(segments_append(w, text), 0);
    }
    segment_writer_close(w);
}

static void damage_some_file(struct rng *rng)
{
    unsigned number = 1 + (unsigned)rng_below(rng, 3);
    unsigned char byte = (unsigned char)rng_next(rng);
    char path[FOLDER_PATH_MAX];
    segments_path_of(path, number, "seg");
    long offset = (long)rng_below(rng, (uint64_t)segments_size_of(number, "seg"));
    if (rng_below(rng, 4) == 0)
        assert_int_equal(truncate(path, offset), 0);
    else if (offset < segments_size_of(number, "seg"))
        segments_write_at(number, offset, &byte, 1);
}

/* Whatever is damaged: reading ends, in order, and gives nothing that was not written. */
static void no_damage_is_read_as_a_record(void **state)
{
    (void)state;
    struct rng rng = {20261122};
    for (int story = 0; story < STORIES; story++) {
        char root[FOLDER_PATH_MAX];
        memcpy(root, segments_folder, sizeof root);
        folder_make(segments_folder);
        write_numbered(RECORDS);
        for (uint64_t hits = rng_below(&rng, 4); hits > 0; hits--)
            damage_some_file(&rng);
        struct segment_reader *r = segments_open_reader((struct segment_pos){0});
        struct slice record;
        int err, last = -1, calls = 0;
        while ((err = segment_next(r, &record)) != ERR_END && ++calls < 4 * RECORDS) {
            assert_true(err == 0 || err == ERR_CORRUPT || err == ERR_VERSION);
            if (err)
                continue;
            int number = atoi(record.at + strlen("record number "));
            assert_true(number > last && number < RECORDS);
            last = number;
        }
        assert_int_equal(last, RECORDS - 1);
        assert_int_equal(err, ERR_END); /* the newest file is never the damaged one here */
        segment_reader_close(r);
        folder_remove(segments_folder);
        memcpy(segments_folder, root, sizeof root);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_torn_tail_gives_the_valid_prefix, segments_make,
                                        segments_clean),
        cmocka_unit_test_setup_teardown(zeros_at_the_end_are_a_torn_tail, segments_make,
                                        segments_clean),
        cmocka_unit_test_setup_teardown(one_damaged_record_is_reported_and_skipped, segments_make,
                                        segments_clean),
        cmocka_unit_test_setup_teardown(behind_any_damaged_byte_reading_goes_on, segments_make,
                                        segments_clean),
        cmocka_unit_test_setup_teardown(behind_a_damaged_stretch_reading_goes_on, segments_make,
                                        segments_clean),
        cmocka_unit_test_setup_teardown(what_a_payload_holds_is_never_a_record, segments_make,
                                        segments_clean),
        cmocka_unit_test_setup_teardown(a_search_is_bounded, segments_make, segments_clean),
        cmocka_unit_test_setup_teardown(the_rest_of_a_file_is_lost_if_nothing_in_it_checks,
                                        segments_make, segments_clean),
        cmocka_unit_test_setup_teardown(a_bad_last_record_waits_until_the_file_is_final,
                                        segments_make, segments_clean),
        cmocka_unit_test_setup_teardown(no_damage_is_read_as_a_record, segments_make,
                                        segments_clean),
    };
    return cmocka_run_group_tests_name("segment_reader", tests, NULL, NULL);
}
