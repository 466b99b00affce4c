#include "io/segment.h"

#include "base/err.h"
#include "base/rng.h"
#include "folder.h"
#include "io/file.h"
#include "unit.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const unsigned char ID[SEGMENT_ID_BYTES] = "store-number-one";
static const unsigned char OTHER_ID[SEGMENT_ID_BYTES] = "store-number-two";

enum { FILE_HEAD = 36, RECORD_HEAD = 8 }; /* as the format says */

static char folder[FOLDER_PATH_MAX];

static int make(void **state)
{
    (void)state;
    folder_make(folder);
    return 0;
}

static int clean(void **state)
{
    (void)state;
    folder_remove(folder);
    return 0;
}

static struct segment_options options(void)
{
    struct segment_options o = {.folder = folder, .file_bytes = 1 << 20};
    memcpy(o.id, ID, sizeof o.id);
    return o;
}

static struct segment_writer *open_writer(struct segment_options o)
{
    struct segment_writer *w = NULL;
    assert_int_equal(segment_writer_open(&o, &w), 0);
    return w;
}

static struct segment_reader *open_reader(struct segment_pos from)
{
    struct segment_reader *r = NULL;
    assert_int_equal(segment_reader_open(folder, ID, from, &r), 0);
    return r;
}

static int append(struct segment_writer *w, const char *text)
{
    struct slice part = slice_of(text);
    return segment_append(w, &part, 1, NULL);
}

static void expect(struct segment_reader *r, const char *text)
{
    struct slice record = {0};
    assert_int_equal(segment_next(r, &record), 0);
    assert_int_equal(record.len, strlen(text));
    assert_memory_equal(record.at, text, record.len);
}

static void expect_err(struct segment_reader *r, int err)
{
    struct slice record;
    assert_int_equal(segment_next(r, &record), err);
}

static void path_of(char path[FOLDER_PATH_MAX], unsigned number, const char *ending)
{
    char name[32];
    snprintf(name, sizeof name, "%012u.%s", number, ending);
    folder_path(path, folder, name);
}

static void write_at(unsigned number, long offset, const void *bytes, size_t len)
{
    char path[FOLDER_PATH_MAX];
    path_of(path, number, "seg");
    int fd = open(path, O_WRONLY);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, bytes, len, offset), (ssize_t)len);
    close(fd);
}

static long size_of(unsigned number, const char *ending)
{
    char path[FOLDER_PATH_MAX];
    struct stat st;
    path_of(path, number, ending);
    return stat(path, &st) == 0 ? (long)st.st_size : -1;
}

static void the_bytes_are_those_of_the_format(void **state)
{
    (void)state;
    /* CRCs by an independent implementation: python3 zlib.crc32 */
    static const unsigned char whole[] = {
        'I',  'O',  'C',  'S',  1,   0,   36,  0,   's',  't',  'o',  'r',  'e', '-', 'n', 'u',
        'm',  'b',  'e',  'r',  '-', 'o', 'n', 'e', 1,    0,    0,    0,    0,   0,   0,   0,
        0x30, 0xbc, 0x92, 0x0b, 2,   0,   0,   0,   0xfb, 0x38, 0x40, 0x65, 'h', 'i'};
    struct segment_writer *w = open_writer(options());
    struct slice parts[] = {slice_of("h"), slice_of(""), slice_of("i")};
    struct segment_pos end;
    assert_int_equal(segment_append(w, parts, 3, &end), 0);
    assert_int_equal(end.number, 1);
    assert_int_equal(end.offset, sizeof whole);
    segment_writer_close(w);
    char path[FOLDER_PATH_MAX];
    struct buf content;
    path_of(path, 1, "seg");
    buf_init(&content, 1000);
    assert_int_equal(file_read(path, &content), 0);
    assert_int_equal(content.len, sizeof whole);
    assert_memory_equal(content.data, whole, sizeof whole);
    buf_done(&content);
}

static void a_reader_follows_a_writer(void **state)
{
    (void)state;
    struct segment_reader *r = open_reader((struct segment_pos){0});
    expect_err(r, ERR_END);
    struct segment_writer *w = open_writer(options());
    expect_err(r, ERR_END);
    assert_int_equal(append(w, "one"), 0);
    expect(r, "one");
    expect_err(r, ERR_END);
    assert_int_equal(append(w, "two"), 0);
    assert_int_equal(segment_roll(w), 0);
    assert_int_equal(append(w, "three"), 0);
    expect(r, "two");
    struct segment_pos after_two = segment_at(r);
    expect(r, "three");
    expect_err(r, ERR_END);
    assert_int_equal(segment_pos_compare(segment_at(r), segment_end(w)), 0);
    segment_writer_close(w);
    segment_reader_close(r);

    w = open_writer(options()); /* a start begins a new file */
    assert_int_equal(segment_end(w).number, 3);
    assert_int_equal(append(w, "four"), 0);
    r = open_reader(after_two);
    expect(r, "three");
    expect(r, "four");
    expect_err(r, ERR_END);
    segment_reader_close(r);
    segment_writer_close(w);
}

static void files_are_bounded_and_deleted_by_position(void **state)
{
    (void)state;
    struct segment_options o = options();
    o.file_bytes = 100;
    o.total_bytes = 600;
    o.durable = true;
    struct segment_writer *w = open_writer(o);
    int written = 0, err = 0;
    while ((err = append(w, "0123456789012345678901234567890")) == 0)
        written++;
    assert_int_equal(err, ERR_FULL);
    assert_int_equal(segment_room(w), 0); /* one byte would still fit */
    uint64_t total = 0;
    assert_int_equal(segment_total(folder, &total), 0);
    assert_true(total <= 600 && total > 500);
    assert_int_equal(segment_sync(w), 0);

    struct segment_reader *r = open_reader((struct segment_pos){0});
    for (int i = 0; i < written; i++)
        expect(r, "0123456789012345678901234567890");
    expect_err(r, ERR_END);
    uint64_t newest = segment_end(w).number;
    assert_int_equal(segment_delete_below(folder, segment_at(r).number), 0);
    assert_int_equal(size_of((unsigned)newest - 1, "seg"), -1);
    assert_int_equal(append(w, "more"), 0);
    expect(r, "more");
    assert_int_equal(segment_delete_below(folder, UINT64_MAX), 0);
    assert_true(size_of((unsigned)segment_end(w).number, "seg") > 0); /* never the newest */
    segment_reader_close(r);
    segment_writer_close(w);
}

static void numbers_are_never_used_again(void **state)
{
    (void)state;
    struct segment_options o = options();
    o.above = 41;
    struct segment_writer *w = open_writer(o);
    assert_int_equal(segment_end(w).number, 42);
    segment_writer_close(w);
    char path[FOLDER_PATH_MAX], bad[FOLDER_PATH_MAX];
    path_of(path, 42, "seg");
    path_of(bad, 42, "bad");
    assert_int_equal(rename(path, bad), 0);
    o.above = 0;
    w = open_writer(o);
    assert_int_equal(segment_end(w).number, 43);
    segment_writer_close(w);
}

static void refuses_what_no_record_is(void **state)
{
    (void)state;
    static char large[SEGMENT_RECORD_MAX + 1];
    struct segment_writer *w = open_writer(options());
    struct slice part = {large, 0};
    assert_int_equal(segment_append(w, &part, 1, NULL), ERR_RANGE);
    part.len = sizeof large;
    assert_int_equal(segment_append(w, &part, 1, NULL), ERR_TOO_LONG);
    part.len = SEGMENT_RECORD_MAX;
    assert_int_equal(segment_append(w, &part, 1, NULL), 0);
    struct segment_reader *r = open_reader((struct segment_pos){0});
    struct slice record;
    assert_int_equal(segment_next(r, &record), 0);
    assert_int_equal(record.len, SEGMENT_RECORD_MAX);
    segment_reader_close(r);
    segment_writer_close(w);
    struct segment_options o = options();
    o.low_water_bytes = UINT64_MAX / 4;
    w = open_writer(o);
    assert_int_equal(segment_room(w), ERR_NO_SPACE);
    assert_int_equal(append(w, "x"), ERR_NO_SPACE);
    segment_writer_close(w);
}

/* Cuts the file at every length: always the whole records before the cut, never an error. */
static void every_torn_tail_gives_the_valid_prefix(void **state)
{
    (void)state;
    struct segment_writer *w = open_writer(options());
    assert_int_equal(append(w, "first"), 0);
    assert_int_equal(append(w, "second"), 0);
    segment_writer_close(w);
    long size = size_of(1, "seg");
    w = open_writer(options());
    assert_int_equal(append(w, "after"), 0);
    char path[FOLDER_PATH_MAX];
    path_of(path, 1, "seg");
    for (long cut = size; cut >= 0; cut--) {
        assert_int_equal(truncate(path, cut), 0);
        struct segment_reader *r = open_reader((struct segment_pos){0});
        if (cut >= FILE_HEAD + RECORD_HEAD + 5)
            expect(r, "first");
        if (cut >= size)
            expect(r, "second");
        expect(r, "after");
        expect_err(r, ERR_END);
        assert_true(segment_torn(r) < RECORD_HEAD + FILE_HEAD);
        segment_reader_close(r);
    }
    assert_int_equal(size_of(1, "bad"), -1);
    segment_writer_close(w);
}

static void zeros_at_the_end_are_a_torn_tail(void **state)
{
    (void)state;
    struct segment_writer *w = open_writer(options());
    assert_int_equal(append(w, "first"), 0);
    struct segment_pos end = segment_end(w);
    segment_writer_close(w);
    char path[FOLDER_PATH_MAX];
    path_of(path, 1, "seg");
    assert_int_equal(truncate(path, 200000), 0);
    w = open_writer(options());
    assert_int_equal(append(w, "after"), 0);
    struct segment_reader *r = open_reader((struct segment_pos){0});
    expect(r, "first");
    expect(r, "after");
    assert_int_equal(segment_torn(r), 200000 - end.offset);
    segment_reader_close(r);
    segment_writer_close(w);
}

static void one_damaged_record_is_reported_and_skipped(void **state)
{
    (void)state;
    struct segment_writer *w = open_writer(options());
    assert_int_equal(append(w, "first"), 0);
    assert_int_equal(append(w, "second"), 0);
    assert_int_equal(append(w, "third"), 0);
    write_at(1, FILE_HEAD + RECORD_HEAD + 5 + RECORD_HEAD, "X", 1);
    struct segment_reader *r = open_reader((struct segment_pos){0});
    expect(r, "first");
    expect_err(r, ERR_CORRUPT);
    const struct segment_damage *d = segment_damaged(r);
    assert_int_equal(d->err, ERR_CORRUPT);
    assert_int_equal(d->offset, FILE_HEAD + RECORD_HEAD + 5);
    assert_int_equal(d->bytes, RECORD_HEAD + 6);
    assert_non_null(strstr(d->path, "000000000001.bad"));
    expect(r, "third");
    expect_err(r, ERR_END);
    assert_int_equal(append(w, "fourth"), 0); /* the writer goes on in the same file */
    expect(r, "fourth");
    assert_int_equal(size_of(1, "bad"), size_of(1, "seg"));
    segment_reader_close(r);
    segment_writer_close(w);
}

static void a_damaged_length_loses_the_rest_of_its_file_only(void **state)
{
    (void)state;
    struct segment_writer *w = open_writer(options());
    assert_int_equal(append(w, "first"), 0);
    assert_int_equal(append(w, "second"), 0);
    assert_int_equal(append(w, "third"), 0);
    write_at(1, FILE_HEAD + RECORD_HEAD + 5, "\xff\xff\xff\xff", 4);
    struct segment_reader *r = open_reader((struct segment_pos){0});
    expect(r, "first");
    expect_err(r, ERR_CORRUPT);
    expect_err(r, ERR_CORRUPT); /* stays: the writer may append to this file */
    assert_int_equal(segment_roll(w), 0);
    assert_int_equal(append(w, "after"), 0);
    expect_err(r, ERR_CORRUPT); /* now it is behind */
    assert_int_equal(segment_damaged(r)->bytes, 2 * RECORD_HEAD + 6 + 5);
    expect(r, "after");
    assert_int_equal(segment_delete_below(folder, 2), 0);
    assert_int_equal(size_of(1, "seg"), -1);
    assert_true(size_of(1, "bad") > 0); /* the evidence stays */
    segment_reader_close(r);
    segment_writer_close(w);
}

static void a_bad_last_record_waits_until_the_file_is_final(void **state)
{
    (void)state;
    struct segment_writer *w = open_writer(options());
    assert_int_equal(append(w, "first"), 0);
    write_at(1, FILE_HEAD + RECORD_HEAD, "X", 1);
    struct segment_reader *r = open_reader((struct segment_pos){0});
    expect_err(r, ERR_END);
    assert_int_equal(segment_roll(w), 0);
    assert_int_equal(append(w, "after"), 0);
    expect_err(r, ERR_CORRUPT);
    expect(r, "after");
    segment_reader_close(r);
    segment_writer_close(w);
}

static void files_of_another_store_are_set_aside(void **state)
{
    (void)state;
    struct segment_options o = options();
    memcpy(o.id, OTHER_ID, sizeof o.id);
    struct segment_writer *w = open_writer(o);
    assert_int_equal(append(w, "theirs"), 0);
    segment_writer_close(w);
    w = open_writer(options());
    assert_int_equal(append(w, "ours"), 0);
    struct segment_reader *r = open_reader((struct segment_pos){0});
    expect_err(r, ERR_VERSION);
    assert_non_null(strstr(segment_damaged(r)->path, "000000000001.bad"));
    expect(r, "ours");
    segment_reader_close(r);
    segment_writer_close(w);
}

enum { STORIES = 300, RECORDS = 80 };

static void write_numbered(int records)
{
    struct segment_options o = options();
    o.file_bytes = 400;
    struct segment_writer *w = open_writer(o);
    for (int i = 0; i < records; i++) {
        char text[32];
        snprintf(text, sizeof text, "record number %d", i);
        assert_int_equal(append(w, text), 0);
    }
    segment_writer_close(w);
}

static void damage_some_file(struct rng *rng)
{
    unsigned number = 1 + (unsigned)rng_below(rng, 3);
    unsigned char byte = (unsigned char)rng_next(rng);
    char path[FOLDER_PATH_MAX];
    path_of(path, number, "seg");
    long offset = (long)rng_below(rng, (uint64_t)size_of(number, "seg"));
    if (rng_below(rng, 4) == 0)
        assert_int_equal(truncate(path, offset), 0);
    else if (offset < size_of(number, "seg"))
        write_at(number, offset, &byte, 1);
}

/* Whatever is damaged: reading ends, in order, and gives nothing that was not written. */
static void no_damage_is_read_as_a_record(void **state)
{
    (void)state;
    struct rng rng = {20261122};
    for (int story = 0; story < STORIES; story++) {
        char root[FOLDER_PATH_MAX];
        memcpy(root, folder, sizeof root);
        folder_make(folder);
        write_numbered(RECORDS);
        for (uint64_t hits = rng_below(&rng, 4); hits > 0; hits--)
            damage_some_file(&rng);
        struct segment_reader *r = open_reader((struct segment_pos){0});
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
        folder_remove(folder);
        memcpy(folder, root, sizeof root);
    }
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
    struct segment_options o = options();
    o.file_bytes = 200000;
    struct segment_writer *w = open_writer(o);
    struct segment_reader *r = open_reader((struct segment_pos){0});
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
            assert_int_equal(segment_delete_below(folder, segment_at(r).number), 0);
    }
    pthread_join(thread, NULL);
    expect_err(r, ERR_END);
    assert_int_equal(segment_pos_compare(segment_at(r), segment_end(w)), 0);
    segment_reader_close(r);
    segment_writer_close(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_bytes_are_those_of_the_format, make, clean),
        cmocka_unit_test_setup_teardown(a_reader_follows_a_writer, make, clean),
        cmocka_unit_test_setup_teardown(files_are_bounded_and_deleted_by_position, make, clean),
        cmocka_unit_test_setup_teardown(numbers_are_never_used_again, make, clean),
        cmocka_unit_test_setup_teardown(refuses_what_no_record_is, make, clean),
        cmocka_unit_test_setup_teardown(every_torn_tail_gives_the_valid_prefix, make, clean),
        cmocka_unit_test_setup_teardown(zeros_at_the_end_are_a_torn_tail, make, clean),
        cmocka_unit_test_setup_teardown(one_damaged_record_is_reported_and_skipped, make, clean),
        cmocka_unit_test_setup_teardown(a_damaged_length_loses_the_rest_of_its_file_only, make,
                                        clean),
        cmocka_unit_test_setup_teardown(a_bad_last_record_waits_until_the_file_is_final, make,
                                        clean),
        cmocka_unit_test_setup_teardown(files_of_another_store_are_set_aside, make, clean),
        cmocka_unit_test_setup_teardown(no_damage_is_read_as_a_record, make, clean),
        cmocka_unit_test_setup_teardown(another_thread_can_be_followed, make, clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
