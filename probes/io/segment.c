#include "io/segment.h"

#include "base/err.h"
#include "io/segment_format.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { PARTS_MAX = 8, ROOM_STEP = 1024 * 1024 };

struct segment_writer {
    char folder[FILE_PATH_MAX];
    struct segment_options options;
    int fd;
    struct segment_salt salt; /* of the newest file's records */
    struct segment_pos end;
    uint64_t total;     /* bytes of all files as last summed, and what was appended since */
    uint64_t unchecked; /* bytes appended since the disk's room was looked at */
    bool name_synced;   /* the newest file's name is durable */
    bool broken;        /* half a record could not be taken back: nothing may follow it */
};

int segment_pos_compare(struct segment_pos a, struct segment_pos b)
{
    if (a.number != b.number)
        return a.number < b.number ? -1 : 1;
    return (a.offset > b.offset) - (a.offset < b.offset);
}

static int add_size(void *arg, const char *folder, uint64_t number, const char *ending)
{
    uint64_t *sum = arg;
    char path[FILE_PATH_MAX];
    struct stat st;
    int err = segment_path(path, folder, number, ending);
    if (!err && strcmp(ending, "seg") == 0 && stat(path, &st) == 0)
        *sum += (uint64_t)st.st_size;
    return err;
}

int segment_total(const char *folder, uint64_t *ret_bytes)
{
    uint64_t sum = 0;
    int err = segment_walk(folder, add_size, &sum);
    if (!err)
        *ret_bytes = sum;
    return err;
}

static int remove_if_below(void *arg, const char *folder, uint64_t number, const char *ending)
{
    const uint64_t *limit = arg;
    char path[FILE_PATH_MAX];
    if (number >= *limit || strcmp(ending, "seg") != 0)
        return 0;
    int err = segment_path(path, folder, number, ending);
    return err ? err : file_remove(path);
}

int segment_delete_below(const char *folder, uint64_t number)
{
    uint64_t largest = 0;
    int err = segment_largest(folder, &largest);
    if (err)
        return err;
    uint64_t limit = number < largest ? number : largest;
    return segment_walk(folder, remove_if_below, &limit);
}

/* Makes the file @p number with its header; what is left of a failure is removed. */
static int create_file(const struct segment_writer *w, uint64_t number, int *ret_fd)
{
    char path[FILE_PATH_MAX];
    unsigned char head[SEGMENT_FILE_HEAD];
    int err = segment_path(path, w->folder, number, "seg");
    if (err)
        return err;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_from_errno(errno);
    segment_put_file_head(head, w->options.id, number);
    err = file_write_all(fd, head, sizeof head);
    if (err) {
        unlink(path);
        close(fd);
        return err;
    }
    *ret_fd = fd;
    return 0;
}

int segment_roll(struct segment_writer *w)
{
    int fd = -1;
    if (w->fd >= 0 && w->options.durable && fdatasync(w->fd) != 0)
        return err_from_errno(errno);
    int err = create_file(w, w->end.number + 1, &fd);
    if (err)
        return err;
    if (w->fd >= 0)
        close(w->fd);
    w->fd = fd;
    w->end = (struct segment_pos){w->end.number + 1, SEGMENT_FILE_HEAD};
    w->salt = segment_salt(w->options.id, w->end.number, SEGMENT_VERSION);
    w->total += SEGMENT_FILE_HEAD;
    w->name_synced = false;
    w->broken = false;
    return 0;
}

static int open_folder(struct segment_writer *w, const struct segment_options *options)
{
    if (strlen(options->folder) >= sizeof w->folder)
        return ERR_TOO_LONG;
    memcpy(w->folder, options->folder, strlen(options->folder) + 1);
    w->options = *options;
    w->options.folder = w->folder;
    int err = file_make_folder(w->folder);
    if (!err)
        err = segment_largest(w->folder, &w->end.number);
    if (!err)
        err = segment_total(w->folder, &w->total);
    if (w->end.number < options->above)
        w->end.number = options->above;
    return err;
}

int segment_writer_open(const struct segment_options *options, struct segment_writer **ret_writer)
{
    struct segment_writer *w = calloc(1, sizeof *w);
    if (!w)
        return ERR_NOMEM;
    w->fd = -1;
    int err = open_folder(w, options);
    if (!err)
        err = segment_roll(w);
    if (err) {
        segment_writer_close(w);
        return err;
    }
    *ret_writer = w;
    return 0;
}

void segment_writer_close(struct segment_writer *w)
{
    if (!w)
        return;
    if (w->fd >= 0)
        close(w->fd);
    free(w);
}

/* Readers in other processes delete files, so the sum is taken anew before it refuses. */
static int check_total(struct segment_writer *w, uint64_t more)
{
    uint64_t bound = w->options.total_bytes;
    if (bound == 0 || w->total + more <= bound)
        return 0;
    int err = segment_total(w->folder, &w->total);
    if (err)
        return err;
    return w->total + more <= bound ? 0 : ERR_FULL;
}

static int check_disk(struct segment_writer *w)
{
    int64_t free_bytes = 0;
    if (w->options.low_water_bytes == 0)
        return 0;
    int err = file_free_bytes(w->folder, &free_bytes);
    if (!err && (uint64_t)free_bytes < w->options.low_water_bytes)
        err = ERR_NO_SPACE;
    w->unchecked = err ? ROOM_STEP : 0;
    return err;
}

int segment_room(struct segment_writer *w)
{
    int err = check_total(w, SEGMENT_RECORD_HEAD + 1);
    return err ? err : check_disk(w);
}

static int make_room(struct segment_writer *w, uint64_t more)
{
    int err = check_total(w, more);
    if (!err && w->unchecked >= ROOM_STEP)
        err = check_disk(w);
    if (!err && (w->broken || w->end.offset >= w->options.file_bytes))
        err = segment_roll(w);
    return err;
}

/* Takes a record that was written in part back, so that the next one begins where it should. */
static int take_back(struct segment_writer *w, int err)
{
    if (ftruncate(w->fd, (off_t)w->end.offset) != 0)
        w->broken = true;
    return err;
}

static int write_record(struct segment_writer *w, const struct iovec *pieces, int n, uint64_t bytes)
{
    ssize_t written;
    do
        written = writev(w->fd, pieces, n);
    while (written < 0 && errno == EINTR);
    if (written < 0)
        return err_from_errno(errno);
    return (uint64_t)written == bytes ? 0 : take_back(w, ERR_NO_SPACE);
}

int segment_append(struct segment_writer *w, const struct slice *parts, size_t n,
                   struct segment_pos *ret_end)
{
    assert(n <= PARTS_MAX);
    unsigned char head[SEGMENT_RECORD_HEAD];
    struct iovec pieces[PARTS_MAX + 1] = {{.iov_base = head, .iov_len = sizeof head}};
    size_t len = 0;
    for (size_t i = 0; i < n; i++) {
        /* writev() reads only, but its type does not say so */
        pieces[i + 1].iov_base = (void *)(uintptr_t)parts[i].at;
        pieces[i + 1].iov_len = parts[i].len;
        len += parts[i].len;
    }
    if (len == 0 || len > SEGMENT_RECORD_MAX)
        return len == 0 ? ERR_RANGE : ERR_TOO_LONG;
    uint64_t bytes = SEGMENT_RECORD_HEAD + len;
    int err = make_room(w, bytes);
    if (err)
        return err;
    segment_put_record_head(head, w->salt, w->end.offset, parts, n, len);
    err = write_record(w, pieces, (int)n + 1, bytes);
    if (err)
        return err;
    w->end.offset += bytes;
    w->total += bytes;
    w->unchecked += bytes;
    if (ret_end)
        *ret_end = w->end;
    return 0;
}

int segment_sync(struct segment_writer *w)
{
    if (fdatasync(w->fd) != 0)
        return err_from_errno(errno);
    int err = w->name_synced ? 0 : file_sync_folder(w->folder);
    if (!err)
        w->name_synced = true;
    return err;
}

struct segment_pos segment_end(const struct segment_writer *w)
{
    return w->end;
}
