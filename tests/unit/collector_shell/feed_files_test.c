#include "shell/feed_files.h"

#include "base/err.h"
#include "folder.h"
#include "io/file.h"
#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const struct wall_ms later = {INT64_C(4000000000000)};

static void put(const char *folder, const char *name, time_t mtime)
{
    char path[FOLDER_PATH_MAX];
    folder_path(path, folder, name);
    assert_int_equal(file_replace(path, name, strlen(name), 0600), 0);
    const struct timespec times[2] = {{.tv_sec = mtime}, {.tv_sec = mtime}};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static unsigned count(const char *folder, const char *sub)
{
    char path[FOLDER_PATH_MAX];
    unsigned n = 0;
    folder_path(path, folder, sub);
    DIR *dir = opendir(path);
    assert_non_null(dir);
    for (struct dirent *e = readdir(dir); e; e = readdir(dir))
        n += e->d_name[0] != '.';
    closedir(dir);
    return n;
}

static void the_oldest_whole_file_comes_first(void **state)
{
    (void)state;
    char folder[FOLDER_PATH_MAX];
    struct feed_file file;
    unsigned waiting;
    folder_make(folder);
    assert_int_equal(feed_files_make(folder), 0);
    put(folder, "new.csv", 2000);
    put(folder, "old.csv", 1000);
    put(folder, "older.csv.tmp", 500);
    put(folder, ".hidden", 500);
    put(folder, "half.part", 500);
    assert_int_equal(feed_files_next(folder, (struct wall_ms){999999}, &file, &waiting),
                     ERR_NOT_FOUND); /* it may still be written */
    assert_int_equal(waiting, 2);
    assert_int_equal(feed_files_next(folder, later, &file, &waiting), 0);
    assert_string_equal(file.name, "old.csv");
    assert_int_equal(file.mtime_ns, INT64_C(1000000000000));
    assert_true(slice_is((struct slice){file.bytes.data, file.bytes.len}, "old.csv"));
    buf_done(&file.bytes);
    assert_int_equal(feed_files_done(folder, "old.csv", false, slice_of("")), 0);
    assert_int_equal(feed_files_next(folder, later, &file, &waiting), 0);
    assert_string_equal(file.name, "new.csv");
    buf_done(&file.bytes);
    assert_int_equal(feed_files_done(folder, "new.csv", true, slice_of("new.csv:1: why\n")), 0);
    assert_int_equal(feed_files_next(folder, later, &file, &waiting), ERR_NOT_FOUND);
    assert_int_equal(count(folder, "taken"), 1);
    assert_int_equal(count(folder, "refused"), 2);
    folder_remove(folder);
}

static void what_is_kept_is_bounded(void **state)
{
    (void)state;
    char folder[FOLDER_PATH_MAX], name[32];
    folder_make(folder);
    assert_int_equal(feed_files_make(folder), 0);
    for (int i = 0; i < 2 * FEED_FILES_KEPT + 20; i++) {
        snprintf(name, sizeof name, "%d.csv", i);
        put(folder, name, 1000 + i);
        assert_int_equal(feed_files_done(folder, name, false, slice_of("x\n")), 0);
    }
    assert_int_equal(count(folder, "taken"), 2 * FEED_FILES_KEPT);
    folder_remove(folder);
}

static void what_was_dropped_is_found(void **state)
{
    (void)state;
    char folder[FOLDER_PATH_MAX];
    struct feed_file file;
    unsigned waiting;
    folder_make(folder);
    for (int i = 0; i < 3; i++)
        assert_int_equal(feed_files_drop(folder, slice_of("table")), 0);
    assert_int_equal(feed_files_next(folder, later, &file, &waiting), 0);
    assert_int_equal(waiting, 3);
    assert_true(slice_is((struct slice){file.bytes.data, file.bytes.len}, "table"));
    buf_done(&file.bytes);
    assert_int_not_equal(feed_files_drop("/nowhere/at/all", slice_of("table")), 0);
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_oldest_whole_file_comes_first),
        cmocka_unit_test(what_is_kept_is_bounded),
        cmocka_unit_test(what_was_dropped_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
