#include "folder.h"

#include "unit.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void folder_make(char ret_path[FOLDER_PATH_MAX])
{
    snprintf(ret_path, FOLDER_PATH_MAX, "/tmp/ioc-test.XXXXXX");
    assert_non_null(mkdtemp(ret_path));
}

void folder_make_in_memory(char ret_path[FOLDER_PATH_MAX])
{
    snprintf(ret_path, FOLDER_PATH_MAX, "/dev/shm/ioc-test.XXXXXX");
    if (!mkdtemp(ret_path))
        folder_make(ret_path);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st;
    (void)kind;
    (void)at;
    return remove(path);
}

void folder_remove(const char *path)
{
    nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void folder_path(char ret_path[FOLDER_PATH_MAX], const char *folder, const char *name)
{
    int len = snprintf(ret_path, FOLDER_PATH_MAX, "%s/%s", folder, name);
    assert_true(len > 0 && len < FOLDER_PATH_MAX);
}
