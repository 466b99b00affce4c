#include "io/file.h"

#include "base/err.h"
#include "folder.h"
#include "unit.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[FOLDER_PATH_MAX];
static char path[FOLDER_PATH_MAX];

static int make(void **state)
{
    (void)state;
    folder_make(folder);
    folder_path(path, folder, "file");
    return 0;
}

static int clean(void **state)
{
    (void)state;
    folder_remove(folder);
    return 0;
}

static void replaces_and_reads(void **state)
{
    (void)state;
    struct buf content;
    struct stat st;
    buf_init(&content, 10);
    assert_int_equal(file_read(path, &content), ERR_NOT_FOUND);
    assert_int_equal(file_replace(path, "one", 3, 0600), 0);
    assert_int_equal(file_replace(path, "0123456789", 10, 0640), 0);
    assert_int_equal(file_read(path, &content), 0);
    assert_string_equal(content.data, "0123456789");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0640);
    buf_clear(&content);
    assert_int_equal(file_replace(path, "0123456789x", 11, 0600), 0);
    assert_int_equal(file_read(path, &content), ERR_FULL);
    buf_done(&content);
    folder_path(path, folder, "absent/file");
    assert_int_equal(file_replace(path, "x", 1, 0600), ERR_NOT_FOUND);
}

static void a_secret_is_the_first_line(void **state)
{
    (void)state;
    char secret[8];
    assert_int_equal(file_replace(path, "s3cret\r\nrest", 12, 0600), 0);
    assert_int_equal(file_read_secret(path, secret, sizeof secret), 0);
    assert_string_equal(secret, "s3cret");
    assert_int_equal(file_read_secret(path, secret, 6), ERR_TOO_LONG);
    assert_int_equal(file_replace(path, "\nx", 2, 0600), 0);
    assert_int_equal(file_read_secret(path, secret, sizeof secret), ERR_MISSING);
}

static void folders_are_made_private(void **state)
{
    (void)state;
    struct stat st;
    folder_path(path, folder, "a/b/c");
    assert_int_equal(file_make_folder(path), 0);
    assert_int_equal(file_make_folder(path), 0);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    char in_the_way[FOLDER_PATH_MAX];
    folder_path(in_the_way, folder, "file");
    assert_int_equal(file_replace(in_the_way, "x", 1, 0600), 0);
    assert_int_equal(file_make_folder(in_the_way), ERR_EXISTS);
}

static void a_lock_keeps_others_away(void **state)
{
    (void)state;
    int fd = -1, again = -1;
    assert_int_equal(file_lock(path, &fd), 0);
    assert_int_equal(file_lock(path, &again), ERR_BUSY);
    file_unlock(fd);
    assert_int_equal(file_lock(path, &again), 0);
    file_unlock(again);
}

static void a_reserve_takes_room(void **state)
{
    (void)state;
    struct stat st;
    int64_t free_bytes = 0;
    assert_int_equal(file_reserve(path, 1 << 20), 0);
    assert_int_equal(stat(path, &st), 0);
    assert_true(st.st_blocks * 512 >= 1 << 20);
    assert_int_equal(file_remove(path), 0);
    assert_int_equal(file_remove(path), 0);
    assert_int_equal(file_free_bytes(folder, &free_bytes), 0);
    assert_true(free_bytes > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(replaces_and_reads, make, clean),
        cmocka_unit_test_setup_teardown(a_secret_is_the_first_line, make, clean),
        cmocka_unit_test_setup_teardown(folders_are_made_private, make, clean),
        cmocka_unit_test_setup_teardown(a_lock_keeps_others_away, make, clean),
        cmocka_unit_test_setup_teardown(a_reserve_takes_room, make, clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
