#include "shell/feed_files.h"

#include "base/err.h"
#include "base/vec.h"
#include "io/file.h"

#include <dirent.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { FILES_MAX = 100000 };

static const int64_t NS_PER_MS = 1000000, NS_PER_S = 1000000000;

/* One entry of a folder. */
struct entry {
    char name[FEED_FILE_NAME_MAX];
    int64_t mtime_ns;
};

static bool ends(const char *name, const char *ending)
{
    size_t len = strlen(name), tail = strlen(ending);
    return len >= tail && strcmp(name + len - tail, ending) == 0;
}

static bool is_table(const char *name)
{
    return name[0] != '.' && strlen(name) < FEED_FILE_NAME_MAX && !ends(name, ".tmp") &&
           !ends(name, ".part");
}

static int add(const char *folder, const char *name, struct vec *entries)
{
    char path[FILE_PATH_MAX];
    struct stat s;
    if (file_join(path, folder, name) != 0 || lstat(path, &s) != 0 || !S_ISREG(s.st_mode))
        return 0; /* gone, or nothing of ours */
    struct entry *e = vec_push(entries);
    if (!e)
        return ERR_NOMEM;
    snprintf(e->name, sizeof e->name, "%s", name);
    e->mtime_ns = (int64_t)s.st_mtim.tv_sec * NS_PER_S + s.st_mtim.tv_nsec;
    return 0;
}

static int older(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->mtime_ns != y->mtime_ns)
        return x->mtime_ns < y->mtime_ns ? -1 : 1;
    return strcmp(x->name, y->name);
}

/* The tables of a folder, the oldest first. */
static int list(const char *folder, struct vec *entries)
{
    DIR *dir = opendir(folder);
    int err = 0;
    vec_init(entries, sizeof(struct entry), FILES_MAX);
    if (!dir)
        return err_from_errno(errno);
    for (struct dirent *e = readdir(dir); e && !err; e = readdir(dir))
        if (is_table(e->d_name))
            err = add(folder, e->d_name, entries);
    closedir(dir);
    if (!err && entries->len > 1)
        qsort(entries->items, entries->len, sizeof(struct entry), older);
    return err;
}

int feed_files_make(const char *folder)
{
    char path[FILE_PATH_MAX];
    int err = file_join(path, folder, "taken");
    if (!err)
        err = file_make_folder(path);
    if (!err)
        err = file_join(path, folder, "refused");
    return err ? err : file_make_folder(path);
}

static int read_file(const char *folder, const struct entry *e, struct feed_file *ret_file)
{
    char path[FILE_PATH_MAX];
    int err = file_join(path, folder, e->name);
    *ret_file = (struct feed_file){.mtime_ns = e->mtime_ns};
    snprintf(ret_file->name, sizeof ret_file->name, "%s", e->name);
    buf_init(&ret_file->bytes, FEED_FILE_MAX);
    if (!err)
        err = file_read(path, &ret_file->bytes);
    if (err == ERR_FULL) {
        buf_clear(&ret_file->bytes);
        ret_file->too_large = true;
        return 0;
    }
    if (err)
        buf_done(&ret_file->bytes);
    return err;
}

int feed_files_next(const char *folder, struct wall_ms settled, struct feed_file *ret_file,
                    unsigned *ret_waiting)
{
    struct vec entries;
    int err = list(folder, &entries);
    *ret_waiting = (unsigned)entries.len;
    const struct entry *first = entries.len ? vec_at(&entries, 0) : NULL;
    if (!err && (!first || first->mtime_ns > settled.ms * NS_PER_MS))
        err = ERR_NOT_FOUND;
    if (!err)
        err = read_file(folder, first, ret_file);
    vec_done(&entries);
    return err;
}

/* A number of files is kept for people to look at, not all of them. */
static int prune(const char *folder)
{
    struct vec entries;
    char path[FILE_PATH_MAX];
    int err = list(folder, &entries);
    for (size_t i = 0; !err && i + (size_t)2 * FEED_FILES_KEPT < entries.len; i++) {
        err = file_join(path, folder, ((struct entry *)vec_at(&entries, i))->name);
        if (!err)
            err = file_remove(path);
    }
    vec_done(&entries);
    return err;
}

int feed_files_done(const char *folder, const char *name, bool refused, struct slice notes)
{
    char from[FILE_PATH_MAX], to[FILE_PATH_MAX], path[FILE_PATH_MAX],
        beside[FEED_FILE_NAME_MAX + sizeof ".notes.txt"];
    int err = file_join(from, folder, name);
    if (!err)
        err = file_join(to, folder, refused ? "refused" : "taken");
    snprintf(beside, sizeof beside, "%s.notes.txt", name);
    if (!err && notes.len) /* first: a file that was put away is never without its notes */
        err = file_join(path, to, beside);
    if (!err && notes.len)
        err = file_replace(path, notes.at, notes.len, 0600);
    if (!err)
        err = file_join(path, to, name);
    if (!err && rename(from, path) != 0)
        err = err_from_errno(errno);
    return err ? err : prune(to);
}

int feed_files_drop(const char *folder, struct slice bytes)
{
    static atomic_uint serial;
    char name[64], path[FILE_PATH_MAX];
    snprintf(name, sizeof name, "%lld-%03u.csv", (long long)time(NULL),
             atomic_fetch_add(&serial, 1) % 1000);
    int err = file_join(path, folder, name);
    return err ? err : file_replace(path, bytes.at, bytes.len, 0600);
}
