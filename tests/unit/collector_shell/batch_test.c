#include "shell/batch.h"

#include "base/buf.h"
#include "base/err.h"
#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder_path[64];
static struct batch_folder folder;

static const char LINES[] = "chk_icmp,check=c,probe=p,site=s rtt=1.5,link_flag=1 1000\n"
                            "chk_host,check=h,probe=p,site=s os_text=\"a, b\" 2000\n"
                            "chk_icmp,check=c,probe=p,site=s rtt=2,loss=0,n=5 3000\n";

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder_path, sizeof folder_path, "/tmp/ioc-batch-XXXXXX");
    folder.path = mkdtemp(folder_path);
    memcpy(folder.id, "0123456789abcdef", BATCH_ID_BYTES);
    return folder.path ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    DIR *dir = opendir(folder_path);
    for (struct dirent *e = readdir(dir); e; e = readdir(dir))
        unlinkat(dirfd(dir), e->d_name, 0);
    closedir(dir);
    return rmdir(folder_path);
}

static struct slice plain_lines(void)
{
    return (struct slice){LINES, sizeof LINES - 1};
}

static void write_batch(uint64_t number)
{
    struct batch_facts facts = {.number = number, .lines = 3, .readings = 6};
    assert_int_equal(batch_write(&folder, plain_lines(), &facts), 0);
    assert_int_equal(facts.plain_bytes, sizeof LINES - 1);
    assert_true(facts.body_bytes > 20);
}

static void file_path(char path[128], uint64_t number, const char *end)
{
    snprintf(path, 128, "%s/%012llu%s", folder_path, (unsigned long long)number, end);
}

static bool there(uint64_t number, const char *end)
{
    char path[128];
    file_path(path, number, end);
    return access(path, F_OK) == 0;
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    struct batch batch = {0};
    write_batch(7);
    assert_int_equal(batch_read(&folder, 7, &batch), 0);
    assert_int_equal(batch.facts.number, 7);
    assert_int_equal(batch.facts.lines, 3);
    assert_int_equal(batch.facts.readings, 6);
    assert_memory_equal(batch.body.at, "\x1f\x8b", 2); /* RFC 1952: a gzip member */
    char *plain = NULL;
    assert_int_equal(batch_plain(&batch, &plain), 0);
    assert_memory_equal(plain, LINES, sizeof LINES - 1);
    free(plain);
    batch_done(&batch);
    assert_int_equal(batch_read(&folder, 8, &batch), ERR_NOT_FOUND);
    assert_int_equal(batch_remove(&folder, 7), 0);
    assert_int_equal(batch_remove(&folder, 7), 0);
    assert_int_equal(batch_read(&folder, 7, &batch), ERR_NOT_FOUND);
}

static void lines_are_indexed_picked_and_found(void **state)
{
    (void)state;
    struct sending_line *lines = NULL;
    assert_int_equal(batch_index(plain_lines(), 3, &lines), 0);
    static const struct sending_line expected[] = {{1000, 2, 0}, {2000, 1, 0}, {3000, 3, 0}};
    for (int i = 0; i < 3; i++) {
        assert_true(lines[i].time_ns == expected[i].time_ns);
        assert_int_equal(lines[i].fields, expected[i].fields);
        assert_int_equal(lines[i].fate, SENDING_TODO);
    }
    lines[2].fate = SENDING_WRITTEN;
    char *text = NULL;
    size_t len = 0;
    assert_int_equal(batch_pick(plain_lines(), lines, 1, 3, &text, &len), 0);
    struct slice second = batch_line(plain_lines(), 1);
    assert_int_equal(len, second.len + 1);
    assert_memory_equal(text, second.at, len);
    assert_int_equal(text[len - 1], '\n');
    free(text);
    free(lines);
    lines = NULL;
    assert_int_equal(batch_index(plain_lines(), 2, &lines), ERR_CORRUPT);
    assert_int_equal(batch_index(plain_lines(), 4, &lines), ERR_CORRUPT);
    assert_int_equal(batch_index(slice_of("nonsense\n"), 1, &lines), 0);
    assert_int_equal(lines[0].fields, 1);
    assert_true(lines[0].time_ns == INT64_MAX);
    free(lines);
    assert_int_equal(batch_line(plain_lines(), 3).len, 0);
}

/* Whatever byte is damaged, the batch is refused and nothing crashes. */
static void every_damaged_byte_is_noticed(void **state)
{
    (void)state;
    write_batch(9);
    char path[128];
    file_path(path, 9, ".batch");
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    int fd = open(path, O_RDWR);
    for (off_t at = 0; at < st.st_size; at++) {
        char byte, wrong;
        struct batch batch = {0};
        assert_int_equal(pread(fd, &byte, 1, at), 1);
        wrong = (char)(byte ^ 0x20);
        assert_int_equal(pwrite(fd, &wrong, 1, at), 1);
        assert_int_equal(batch_read(&folder, 9, &batch), ERR_CORRUPT);
        assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    }
    struct batch batch = {0};
    for (off_t len = st.st_size - 1; len >= 0; len -= 7) {
        assert_int_equal(ftruncate(fd, len), 0);
        assert_int_equal(batch_read(&folder, 9, &batch), ERR_CORRUPT);
    }
    close(fd);
    char bad[FILE_PATH_MAX];
    assert_int_equal(batch_quarantine(&folder, 9, bad), 0);
    assert_true(there(9, ".bad"));
    assert_false(there(9, ".batch"));
    assert_non_null(strstr(bad, "/000000000009.bad"));
}

static void another_stores_batch_is_not_ours(void **state)
{
    (void)state;
    write_batch(3);
    struct batch_folder other = folder;
    other.id[0] ^= 1;
    struct batch batch = {0};
    assert_int_equal(batch_read(&other, 3, &batch), ERR_CORRUPT);
}

/* What batch_recover() said of each number. */
static int said[16];
static uint32_t said_readings[16];

static void note(void *context, enum batch_found found, uint64_t number,
                 const struct batch_facts *facts, const char *path)
{
    (void)context;
    assert_true(number < 16);
    assert_int_equal(said[number], -1);
    said[number] = (int)found;
    said_readings[number] = facts ? facts->readings : 0;
    assert_true((found == BATCH_FOUND_MISSING) == (path[0] == '\0'));
}

static void truncate_file(uint64_t number, const char *end, off_t len)
{
    char path[128];
    file_path(path, number, end);
    int fd = open(path, O_RDWR | O_CREAT, 0600);
    assert_int_equal(ftruncate(fd, len), 0);
    close(fd);
}

static void a_start_puts_the_folder_in_order(void **state)
{
    (void)state;
    memset(said, -1, sizeof said);
    for (uint64_t n = 1; n <= 8; n++)
        write_batch(n);
    folder.id[0] ^= 1;
    write_batch(5); /* as of the store before a restore */
    folder.id[0] ^= 1;
    truncate_file(6, ".batch", 10);
    truncate_file(12, ".batch.tmp", 3);
    truncate_file(13, ".txt", 3);
    /* 1 and 2 are written, 3 to 6 and 9 wait, 7 and 8 were never committed */
    static const uint64_t pending[] = {3, 4, 6, 9};
    struct batch_known known = {9, pending, 4};
    known.last = 6;
    assert_int_equal(batch_recover(&folder, &known, note, NULL), 0);
    static const int expected[] = {-1,
                                   BATCH_FOUND_DONE,
                                   BATCH_FOUND_DONE,
                                   BATCH_FOUND_PENDING,
                                   BATCH_FOUND_PENDING,
                                   BATCH_FOUND_FOREIGN,
                                   BATCH_FOUND_DAMAGED,
                                   BATCH_FOUND_DONE,
                                   BATCH_FOUND_DONE,
                                   BATCH_FOUND_MISSING,
                                   -1};
    for (int i = 0; i < 11; i++)
        assert_int_equal(said[i], expected[i]);
    assert_int_equal(said_readings[3], 6);
    assert_true(there(3, ".batch") && there(4, ".batch") && there(6, ".bad") && there(13, ".txt"));
    assert_true(there(5, ".31313233.other")); /* "1123", hex */
    for (uint64_t n = 1; n <= 12; n++)
        assert_true(there(n, ".batch") == (n == 3 || n == 4));
    assert_false(there(12, ".batch.tmp"));
}

static void a_missing_folder_is_an_error(void **state)
{
    (void)state;
    struct batch_folder none = {.path = "/nonexistent/batches"};
    struct batch_known known = {0};
    assert_int_equal(batch_recover(&none, &known, note, NULL), ERR_NOT_FOUND);
    struct batch_facts facts = {.number = 1, .lines = 3, .readings = 6};
    assert_int_equal(batch_write(&none, plain_lines(), &facts), ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_written_is_read_back, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(lines_are_indexed_picked_and_found, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(every_damaged_byte_is_noticed, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(another_stores_batch_is_not_ours, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(a_start_puts_the_folder_in_order, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(a_missing_folder_is_an_error, make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
