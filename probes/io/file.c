#include "io/file.h"

#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { READ_STEP = 16 * 1024, SECRET_FILE_MAX = 64 * 1024 };

static int close_with(int fd, int err)
{
    int closed = close(fd) == 0 ? 0 : err_from_errno(errno);
    return err ? err : closed;
}

int file_join(char ret_path[FILE_PATH_MAX], const char *folder, const char *name)
{
    int len = snprintf(ret_path, FILE_PATH_MAX, "%s/%s", folder, name);
    return len > 0 && len < FILE_PATH_MAX ? 0 : ERR_TOO_LONG;
}

int file_write_all(int fd, const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len > 0) {
        ssize_t n = write(fd, at, len);
        if (n < 0 && errno != EINTR)
            return err_from_errno(errno);
        if (n > 0) {
            at += n;
            len -= (size_t)n;
        }
    }
    return 0;
}

int file_sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return err_from_errno(errno);
    return close_with(fd, fsync(fd) == 0 ? 0 : err_from_errno(errno));
}

static int sync_folder_of(const char *path)
{
    char folder[FILE_PATH_MAX];
    const char *slash = strrchr(path, '/');
    if (!slash)
        return file_sync_folder(".");
    int len = snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
    return file_sync_folder(len > 0 ? folder : "/");
}

static int write_new(const char *path, const void *bytes, size_t len, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
    if (fd < 0)
        return err_from_errno(errno);
    int err = fchmod(fd, mode) == 0 ? 0 : err_from_errno(errno);
    if (!err)
        err = file_write_all(fd, bytes, len);
    if (!err && fsync(fd) != 0)
        err = err_from_errno(errno);
    return close_with(fd, err);
}

int file_replace(const char *path, const void *bytes, size_t len, mode_t mode)
{
    char temporary[FILE_PATH_MAX];
    if (snprintf(temporary, sizeof temporary, "%s.tmp", path) >= (int)sizeof temporary)
        return ERR_TOO_LONG;
    int err = write_new(temporary, bytes, len, mode);
    if (!err && rename(temporary, path) != 0)
        err = err_from_errno(errno);
    if (err) {
        unlink(temporary);
        return err;
    }
    return sync_folder_of(path);
}

static int read_fd(int fd, struct buf *out)
{
    for (;;) {
        char block[READ_STEP];
        ssize_t n = read(fd, block, sizeof block);
        if (n == 0)
            return 0;
        if (n < 0 && errno != EINTR)
            return err_from_errno(errno);
        if (n > 0)
            buf_put(out, block, (size_t)n);
        if (out->err)
            return out->err;
    }
}

int file_read(const char *path, struct buf *out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_from_errno(errno);
    return close_with(fd, read_fd(fd, out));
}

int file_read_secret(const char *path, char *ret_text, size_t size)
{
    struct buf content;
    buf_init(&content, SECRET_FILE_MAX);
    int err = file_read(path, &content);
    size_t len = err || !content.data ? 0 : strcspn(content.data, "\r\n");
    if (!err && len == 0)
        err = ERR_MISSING;
    if (!err && len >= size)
        err = ERR_TOO_LONG;
    if (!err) {
        memcpy(ret_text, content.data, len);
        ret_text[len] = '\0';
    }
    if (content.data)
        explicit_bzero(content.data, content.cap);
    buf_done(&content);
    return err;
}

static int make_one(const char *path)
{
    if (mkdir(path, 0700) == 0)
        return sync_folder_of(path);
    int why = errno;
    struct stat st;
    if (stat(path, &st) == 0)
        return S_ISDIR(st.st_mode) ? 0 : ERR_EXISTS;
    return err_from_errno(why);
}

int file_make_folder(const char *path)
{
    char part[FILE_PATH_MAX];
    size_t len = strlen(path);
    if (len >= sizeof part)
        return ERR_TOO_LONG;
    memcpy(part, path, len + 1);
    for (size_t i = 1; i < len; i++) {
        if (part[i] != '/')
            continue;
        part[i] = '\0';
        int err = make_one(part);
        if (err)
            return err;
        part[i] = '/';
    }
    return make_one(part);
}

int file_remove(const char *path)
{
    return unlink(path) == 0 || errno == ENOENT ? 0 : err_from_errno(errno);
}

int file_free_bytes(const char *path, int64_t *ret_bytes)
{
    struct statvfs fs;
    if (statvfs(path, &fs) != 0)
        return err_from_errno(errno);
    *ret_bytes = (int64_t)fs.f_bavail * (int64_t)fs.f_frsize;
    return 0;
}

int file_reserve(const char *path, int64_t bytes)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return err_from_errno(errno);
    int failed = posix_fallocate(fd, 0, bytes);
    int err = close_with(fd, failed ? err_from_errno(failed) : 0);
    if (err)
        unlink(path);
    return err;
}

int file_lock(const char *path, int *ret_fd)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return err_from_errno(errno);
    if (flock(fd, LOCK_EX | LOCK_NB) != 0)
        return close_with(fd, errno == EWOULDBLOCK ? ERR_BUSY : err_from_errno(errno));
    char pid[32];
    int len = snprintf(pid, sizeof pid, "%ld\n", (long)getpid());
    int err = ftruncate(fd, 0) == 0 ? file_write_all(fd, pid, (size_t)len) : err_from_errno(errno);
    if (err)
        return close_with(fd, err);
    *ret_fd = fd;
    return 0;
}

void file_unlock(int fd)
{
    close(fd);
}
