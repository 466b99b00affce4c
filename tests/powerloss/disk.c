#include "disk.h"

#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ITEMS_MAX = 1 << 16, PATH_BYTES = 512 };

struct disk_file {
    unsigned char *bytes;
    size_t len, cap;
};

struct disk_name {
    char path[TAPE_PATH_MAX];
    uint32_t file;
};

void disk_init(struct disk *d, const char *machine)
{
    *d = (struct disk){.machine = machine};
    vec_init(&d->files, sizeof(struct disk_file), ITEMS_MAX);
    vec_init(&d->names, sizeof(struct disk_name), ITEMS_MAX);
    vec_init(&d->folders, sizeof(struct disk_name), ITEMS_MAX);
    vec_init(&d->open, sizeof(size_t), ITEMS_MAX);
    struct disk_name *own = vec_push(&d->folders);
    assert_non_null(own);
    snprintf(own->path, sizeof own->path, "%s", machine);
}

void disk_done(struct disk *d)
{
    for (size_t i = 0; i < d->files.len; i++)
        free(((struct disk_file *)vec_at(&d->files, i))->bytes);
    vec_done(&d->files);
    vec_done(&d->names);
    vec_done(&d->folders);
    vec_done(&d->open);
}

bool disk_owns(const struct disk *d, const struct tape_op *op)
{
    size_t len = strlen(d->machine);
    return strncmp(op->path, d->machine, len) == 0 &&
           (op->path[len] == '/' || op->path[len] == '\0');
}

/* ---- what a file holds ---- */

static void resize(struct disk_file *f, size_t len)
{
    if (len > f->cap) {
        f->cap = len * 2;
        f->bytes = realloc(f->bytes, f->cap);
        assert_non_null(f->bytes);
    }
    if (len > f->len)
        memset(f->bytes + f->len, 0, len - f->len);
    f->len = len;
}

static void put(struct disk_file *f, uint64_t offset, const char *bytes, size_t len)
{
    if (len == 0)
        return;
    if (offset + len > f->len)
        resize(f, offset + len);
    memcpy(f->bytes + offset, bytes, len);
}

/* Each sector of the disk that the write touches is there or not. */
static void put_some(struct disk_file *f, const struct tape_op *op, struct rng *rng)
{
    size_t done = 0;
    while (done < op->len) {
        size_t room = DISK_SECTOR - (size_t)((op->offset + done) % DISK_SECTOR);
        size_t part = room < op->len - done ? room : op->len - done;
        if (rng_below(rng, 2))
            put(f, op->offset + done, op->bytes + done, part);
        done += part;
    }
}

static size_t torn_len(const struct tape_op *op, struct rng *rng)
{
    uint64_t first = op->offset / DISK_SECTOR, last = (op->offset + op->len) / DISK_SECTOR;
    uint64_t end = (first + rng_below(rng, last - first + 1)) * DISK_SECTOR;
    return end > op->offset ? (size_t)(end - op->offset) : 0;
}

static void write_file(struct disk_file *f, const struct tape_op *op, enum disk_fate fate,
                       struct rng *rng)
{
    switch (fate) {
    case DISK_LOST:
        break;
    case DISK_WHOLE:
        put(f, op->offset, op->bytes, op->len);
        break;
    case DISK_TORN:
        put(f, op->offset, op->bytes, torn_len(op, rng));
        break;
    case DISK_MIXED:
        put_some(f, op, rng);
        break;
    case DISK_ZEROS:
        if (op->offset + op->len > f->len)
            resize(f, op->offset + op->len);
        break;
    }
}

static bool is_about_bytes(const struct tape_op *op)
{
    return op->kind == TAPE_WRITE || op->kind == TAPE_RESIZE;
}

static void play_bytes(struct disk_file *f, const struct tape_op *op, enum disk_fate fate,
                       struct rng *rng)
{
    if (op->kind == TAPE_WRITE)
        write_file(f, op, fate, rng);
    else if (fate != DISK_LOST)
        resize(f, op->offset);
}

/* ---- what a folder holds ---- */

static struct disk_name *find(const struct vec *names, const char *path)
{
    for (size_t i = 0; i < names->len; i++) {
        struct disk_name *name = vec_at(names, i);
        if (strcmp(name->path, path) == 0)
            return name;
    }
    return NULL;
}

static void set_name(struct vec *names, const char *path, uint32_t file)
{
    struct disk_name *name = find(names, path);
    if (!name)
        name = vec_push(names);
    assert_non_null(name);
    memcpy(name->path, path, strlen(path) + 1);
    name->file = file;
}

/* A name goes only if it still stands for that file. */
static void drop_name(struct vec *names, const char *path, uint32_t file)
{
    const struct disk_name *name = find(names, path);
    if (name && name->file == file)
        vec_remove(names, (size_t)(name - (const struct disk_name *)names->items), 1);
}

static void play_name(struct vec *names, struct vec *folders, const struct tape_op *op)
{
    if (op->kind == TAPE_FOLDER)
        set_name(folders, op->path, 0);
    if (op->kind == TAPE_MAKE)
        set_name(names, op->path, op->file);
    if (op->kind == TAPE_RENAME || op->kind == TAPE_LINK)
        set_name(names, op->to, op->file);
    if (op->kind == TAPE_RENAME || op->kind == TAPE_REMOVE)
        drop_name(names, op->path, op->file);
}

static bool lies_in(const char *path, const char *folder)
{
    const char *slash = strrchr(path, '/');
    size_t len = slash ? (size_t)(slash - path) : 0;
    return strlen(folder) == len && strncmp(path, folder, len) == 0;
}

/* ---- what becomes durable ---- */

static struct disk_file *file_of(struct disk *d, uint32_t number)
{
    while (d->files.len <= number)
        assert_non_null(vec_push(&d->files));
    return vec_at(&d->files, number);
}

static void load_file(struct disk *d, const char *path, const char *rest)
{
    struct stat st;
    uint32_t number = tape_first(rest);
    struct disk_file *f = file_of(d, number);
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0 && fstat(fd, &st) == 0);
    resize(f, (size_t)st.st_size);
    if (f->len > 0)
        assert_int_equal(read(fd, f->bytes, f->len), (ssize_t)f->len);
    close(fd);
    set_name(&d->names, rest, number);
}

/* @p path is @p rest below the root. */
static void load_folder(struct disk *d, const char *path, const char *rest)
{
    DIR *dir = opendir(path);
    assert_non_null(dir);
    set_name(&d->folders, rest, 0);
    for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
        char inner[PATH_BYTES], inner_rest[PATH_BYTES];
        struct stat st;
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        assert_true(snprintf(inner, sizeof inner, "%s/%s", path, e->d_name) < PATH_BYTES);
        assert_true(snprintf(inner_rest, sizeof inner_rest, "%s/%s", rest, e->d_name) <
                    TAPE_PATH_MAX);
        assert_int_equal(stat(inner, &st), 0);
        if (S_ISDIR(st.st_mode))
            load_folder(d, inner, inner_rest);
        else if (tape_first(inner_rest))
            load_file(d, inner, inner_rest);
    }
    closedir(dir);
}

void disk_load(struct disk *d, const char *root)
{
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/%s", root, d->machine);
    load_folder(d, path, d->machine);
}

static bool covers(const struct tape_op *sync, const struct tape_op *op)
{
    if (sync->kind == TAPE_SYNC)
        return is_about_bytes(op) && op->file == sync->file;
    return !is_about_bytes(op) && lies_in(op->path, sync->path);
}

static void settle(struct disk *d, const struct tape_op *sync)
{
    size_t kept = 0;
    for (size_t i = 0; i < d->open.len; i++) {
        size_t index = *(size_t *)vec_at(&d->open, i);
        const struct tape_op *op = tape_at(index);
        if (!covers(sync, op))
            *(size_t *)vec_at(&d->open, kept++) = index;
        else if (is_about_bytes(op))
            play_bytes(file_of(d, op->file), op, DISK_WHOLE, NULL);
        else
            play_name(&d->names, &d->folders, op);
    }
    d->open.len = kept;
    d->since_sync = kept;
}

void disk_take(struct disk *d, size_t i)
{
    const struct tape_op *op = tape_at(i);
    if (op->kind == TAPE_MARK || !disk_owns(d, op))
        return;
    if (op->kind == TAPE_SYNC || op->kind == TAPE_SYNC_FOLDER) {
        settle(d, op);
        return;
    }
    size_t *slot = vec_push(&d->open);
    assert_non_null(slot);
    *slot = i;
    file_of(d, op->file);
}

/* ---- the disk after the cut ---- */

static void copy(struct vec *to, const struct vec *from)
{
    vec_init(to, from->size, from->max);
    for (size_t i = 0; i < from->len; i++) {
        void *item = vec_push(to);
        assert_non_null(item);
        memcpy(item, vec_at(from, i), from->size);
    }
}

static void write_one(const struct disk *d, const struct disk_name *name,
                      const enum disk_fate *fates, struct rng *rng, const char *folder)
{
    char path[PATH_BYTES];
    struct disk_file f = {0};
    const struct disk_file *base = vec_at(&d->files, name->file);
    resize(&f, base->len);
    if (base->len > 0)
        memcpy(f.bytes, base->bytes, base->len);
    for (size_t i = 0; i < d->open.len; i++) {
        const struct tape_op *op = tape_at(*(size_t *)vec_at(&d->open, i));
        if (is_about_bytes(op) && op->file == name->file)
            play_bytes(&f, op, fates[i], rng);
    }
    snprintf(path, sizeof path, "%s/%s", folder, name->path);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, f.len ? (const void *)f.bytes : "", f.len), (ssize_t)f.len);
    close(fd);
    free(f.bytes);
}

/* Makes the folders above @p path. A folder whose parent's name was lost is lost with all it holds.
 */
static bool make_folders(const struct vec *folders, const char *path, const char *root)
{
    char own[TAPE_PATH_MAX], whole[PATH_BYTES];
    snprintf(own, sizeof own, "%s", path);
    char *slash = strrchr(own, '/');
    if (!slash)
        return true;
    *slash = '\0';
    if (!find(folders, own) || !make_folders(folders, own, root))
        return false;
    snprintf(whole, sizeof whole, "%s/%s", root, own);
    struct stat st;
    return stat(whole, &st) == 0 || mkdir(whole, 0700) == 0;
}

void disk_write_out(const struct disk *d, const enum disk_fate *fates, struct rng *rng,
                    const char *folder)
{
    struct vec names, folders;
    copy(&names, &d->names);
    copy(&folders, &d->folders);
    for (size_t i = 0; i < d->open.len; i++) {
        const struct tape_op *op = tape_at(*(size_t *)vec_at(&d->open, i));
        if (!is_about_bytes(op) && fates[i] != DISK_LOST)
            play_name(&names, &folders, op);
    }
    char own[PATH_BYTES];
    snprintf(own, sizeof own, "%s/%s", folder, d->machine);
    assert_int_equal(mkdir(own, 0700), 0);
    for (size_t i = 0; i < folders.len; i++) {
        char inside[TAPE_PATH_MAX + 2];
        snprintf(inside, sizeof inside, "%s/.", ((struct disk_name *)vec_at(&folders, i))->path);
        (void)make_folders(&folders, inside, folder);
    }
    for (size_t i = 0; i < names.len; i++) {
        const struct disk_name *name = vec_at(&names, i);
        if (make_folders(&folders, name->path, folder))
            write_one(d, name, fates, rng, folder);
    }
    vec_done(&names);
    vec_done(&folders);
}
