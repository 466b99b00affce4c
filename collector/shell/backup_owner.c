#include "shell/backup_own.h"

#include "base/err.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The folder that @p path is to be made in. */
static void parent_of(const char *path, char parent[FILE_PATH_MAX])
{
    size_t len = strlen(path);
    while (len > 1 && path[len - 1] == '/')
        len--;
    while (len > 0 && path[len - 1] != '/')
        len--;
    while (len > 1 && path[len - 1] == '/')
        len--;
    snprintf(parent, FILE_PATH_MAX, "%.*s", len > 0 ? (int)len : 1, len > 0 ? path : ".");
}

int backup_owner_find(const char *folder, struct backup_owner *ret_owner)
{
    char path[FILE_PATH_MAX];
    struct stat facts;
    snprintf(path, sizeof path, "%s", folder);
    while (stat(path, &facts) != 0) {
        if (errno != ENOENT || strcmp(path, ".") == 0 || strcmp(path, "/") == 0)
            return err_from_errno(errno);
        char child[FILE_PATH_MAX];
        memcpy(child, path, sizeof child);
        parent_of(child, path);
    }
    *ret_owner =
        (struct backup_owner){.user = facts.st_uid, .group = facts.st_gid, .known = geteuid() == 0};
    return 0;
}

static int give_one(const struct backup_owner *owner, int folder, const char *name)
{
    return fchownat(folder, name, owner->user, owner->group, AT_SYMLINK_NOFOLLOW) == 0
               ? 0
               : err_from_errno(errno);
}

int backup_owner_give(const struct backup_owner *owner, const char *path)
{
    if (!owner->known)
        return 0;
    int err = give_one(owner, AT_FDCWD, path);
    DIR *dir = err ? NULL : opendir(path);
    struct dirent *entry;
    while (!err && dir && (entry = readdir(dir)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            err = give_one(owner, dirfd(dir), entry->d_name);
    if (dir)
        closedir(dir);
    return err;
}
