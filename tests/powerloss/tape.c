#include "tape.h"

#include "base/vec.h"
#include "unit.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { FDS_MAX = 1024, OPS_MAX = 1 << 20, NAMES_MAX = 4096 };

enum mode { MODE_OFF, MODE_RECORD, MODE_REPLAY };

/* What an open descriptor stands for. */
struct handle {
    bool folder, file;
    uint32_t number;
    char path[TAPE_PATH_MAX];
};

struct name {
    char path[TAPE_PATH_MAX];
    uint32_t file;
};

static struct {
    pthread_mutex_t lock; /* around a call and its record, so that their order is one */
    enum mode mode;
    char root[256];
    struct vec ops;   /* struct tape_op */
    struct vec names; /* struct name, as they are now */
    struct vec first; /* struct name, as they were at the start */
    struct handle handles[FDS_MAX];
    uint32_t files;
    const char *last_words;
} tape = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* The call that this program's own symbol hides. */
static void (*hidden(const char *name))(void)
{
    void *symbol = dlsym(RTLD_NEXT, name);
    void (*call)(void);
    memcpy(&call, &symbol, sizeof call);
    return call;
}

#define REAL(type, name) ((type)hidden(name))

typedef int open_call(const char *, int, ...);
typedef ssize_t write_call(int, const void *, size_t);
typedef ssize_t writev_call(int, const struct iovec *, int);
typedef ssize_t pwrite_call(int, const void *, size_t, off_t);
typedef int resize_call(int, off_t);
typedef int reserve_call(int, off_t, off_t);
typedef int fd_call(int);
typedef int path_call(const char *);
typedef int two_paths_call(const char *, const char *);
typedef int mkdir_call(const char *, mode_t);

/* The part of @p path below the root; NULL if it is elsewhere or SQLite's shared memory. */
static const char *inside(const char *path)
{
    size_t len = strlen(tape.root);
    size_t whole = strlen(path);
    if (tape.mode != MODE_RECORD || strncmp(path, tape.root, len) != 0 || path[len] != '/')
        return NULL;
    if (whole > 4 && strcmp(path + whole - 4, "-shm") == 0)
        return NULL;
    return path + len + 1;
}

static struct tape_op *add(enum tape_kind kind, const char *path, uint32_t file)
{
    struct tape_op *op = vec_push(&tape.ops);
    assert_non_null(op);
    op->kind = kind;
    op->file = file;
    snprintf(op->path, sizeof op->path, "%s", path);
    return op;
}

static struct name *find(const struct vec *names, const char *path)
{
    for (size_t i = 0; i < names->len; i++) {
        struct name *name = vec_at(names, i);
        if (strcmp(name->path, path) == 0)
            return name;
    }
    return NULL;
}

static struct name *name_of(const char *path)
{
    return find(&tape.names, path);
}

static void set_in(struct vec *names, const char *path, uint32_t file)
{
    struct name *name = find(names, path);
    if (!name)
        name = vec_push(names);
    assert_non_null(name);
    snprintf(name->path, sizeof name->path, "%s", path);
    name->file = file;
}

static void set_name(const char *path, uint32_t file)
{
    set_in(&tape.names, path, file);
}

static void drop_name(const char *path)
{
    const struct name *name = name_of(path);
    if (name)
        vec_remove(&tape.names, (size_t)(name - (const struct name *)tape.names.items), 1);
}

static void opened(int fd, const char *path, int flags)
{
    struct stat st;
    assert_true(fd < FDS_MAX);
    struct handle *h = &tape.handles[fd];
    *h = (struct handle){0};
    assert_int_equal(fstat(fd, &st), 0);
    snprintf(h->path, sizeof h->path, "%s", path);
    h->folder = S_ISDIR(st.st_mode);
    h->file = S_ISREG(st.st_mode);
    const struct name *known = name_of(path);
    if (h->file && !known) {
        set_name(path, ++tape.files);
        add(TAPE_MAKE, path, tape.files);
        known = name_of(path);
    }
    h->number = h->file ? known->file : 0;
    if (h->file && (flags & O_TRUNC))
        add(TAPE_RESIZE, path, h->number);
}

static int open_and_note(const char *call, const char *path, int flags, mode_t mode)
{
    open_call *real = REAL(open_call *, call);
    pthread_mutex_lock(&tape.lock);
    int fd = real(path, flags, mode);
    int why = errno;
    const char *rest = inside(path);
    if (fd >= 0 && rest)
        opened(fd, rest, flags);
    pthread_mutex_unlock(&tape.lock);
    errno = why;
    return fd;
}

/* What @p fd is on the tape; NULL if nothing. The lock is held. */
static struct handle *handle_of(int fd)
{
    bool ours = tape.mode == MODE_RECORD && fd >= 0 && fd < FDS_MAX;
    return ours && (tape.handles[fd].file || tape.handles[fd].folder) ? &tape.handles[fd] : NULL;
}

static void note_write(const struct handle *h, const void *bytes, size_t len, uint64_t offset)
{
    struct tape_op *op = add(TAPE_WRITE, h->path, h->number);
    op->bytes = malloc(len ? len : 1);
    assert_non_null(op->bytes);
    memcpy(op->bytes, bytes, len);
    op->len = len;
    op->offset = offset;
}

/* Where the next write of @p fd goes to. */
static uint64_t position(int fd)
{
    off_t at = lseek(fd, 0, fcntl(fd, F_GETFL) & O_APPEND ? SEEK_END : SEEK_CUR);
    assert_true(at >= 0);
    return (uint64_t)at;
}

/* ---- the calls ---- */

int open(const char *path, int flags, ...);
int open64(const char *path, int flags, ...);
int ftruncate64(int fd, off_t size);
ssize_t pwrite64(int fd, const void *bytes, size_t len, off_t offset);

static mode_t mode_of(int flags, va_list args)
{
    return flags & O_CREAT ? va_arg(args, mode_t) : 0;
}

int open(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = mode_of(flags, args);
    va_end(args);
    return open_and_note("open", path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = mode_of(flags, args);
    va_end(args);
    return open_and_note("open64", path, flags, mode);
}

int close(int fd)
{
    fd_call *real = REAL(fd_call *, "close");
    pthread_mutex_lock(&tape.lock);
    if (fd >= 0 && fd < FDS_MAX)
        tape.handles[fd] = (struct handle){0};
    int result = real(fd);
    pthread_mutex_unlock(&tape.lock);
    return result;
}

ssize_t write(int fd, const void *bytes, size_t len)
{
    write_call *real = REAL(write_call *, "write");
    pthread_mutex_lock(&tape.lock);
    const struct handle *h = handle_of(fd);
    uint64_t at = h ? position(fd) : 0;
    ssize_t n = real(fd, bytes, len);
    if (h && n > 0)
        note_write(h, bytes, (size_t)n, at);
    pthread_mutex_unlock(&tape.lock);
    return n;
}

ssize_t writev(int fd, const struct iovec *pieces, int n)
{
    writev_call *real = REAL(writev_call *, "writev");
    pthread_mutex_lock(&tape.lock);
    bool ours = handle_of(fd) != NULL;
    pthread_mutex_unlock(&tape.lock);
    if (!ours)
        return real(fd, pieces, n);
    char block[1 << 17];
    size_t len = 0;
    for (int i = 0; i < n; i++) {
        assert_true(len + pieces[i].iov_len <= sizeof block);
        memcpy(block + len, pieces[i].iov_base, pieces[i].iov_len);
        len += pieces[i].iov_len;
    }
    return write(fd, block, len);
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off_t offset)
{
    pwrite_call *real = REAL(pwrite_call *, "pwrite64");
    pthread_mutex_lock(&tape.lock);
    const struct handle *h = handle_of(fd);
    ssize_t n = real(fd, bytes, len, offset);
    if (h && n > 0)
        note_write(h, bytes, (size_t)n, (uint64_t)offset);
    pthread_mutex_unlock(&tape.lock);
    return n;
}

static void note_size(int fd)
{
    const struct handle *h = handle_of(fd);
    struct stat st;
    if (h && fstat(fd, &st) == 0)
        add(TAPE_RESIZE, h->path, h->number)->offset = (uint64_t)st.st_size;
}

static int resize(const char *call, int fd, off_t size)
{
    resize_call *real = REAL(resize_call *, call);
    pthread_mutex_lock(&tape.lock);
    int result = real(fd, size);
    note_size(fd);
    pthread_mutex_unlock(&tape.lock);
    return result;
}

int ftruncate(int fd, off_t size)
{
    return resize("ftruncate", fd, size);
}

int ftruncate64(int fd, off_t size)
{
    return resize("ftruncate64", fd, size);
}

int posix_fallocate(int fd, off_t offset, off_t len)
{
    reserve_call *real = REAL(reserve_call *, "posix_fallocate");
    pthread_mutex_lock(&tape.lock);
    int result = real(fd, offset, len);
    note_size(fd);
    pthread_mutex_unlock(&tape.lock);
    return result;
}

static int sync_and_note(const char *call, int fd)
{
    fd_call *real = REAL(fd_call *, call);
    pthread_mutex_lock(&tape.lock);
    const struct handle *h = handle_of(fd);
    if (h)
        add(h->folder ? TAPE_SYNC_FOLDER : TAPE_SYNC, h->path, h->number);
    bool cheap = h || tape.mode == MODE_REPLAY;
    pthread_mutex_unlock(&tape.lock);
    return cheap ? 0 : real(fd);
}

int fsync(int fd)
{
    return sync_and_note("fsync", fd);
}

int fdatasync(int fd)
{
    return sync_and_note("fdatasync", fd);
}

int unlink(const char *path)
{
    path_call *real = REAL(path_call *, "unlink");
    pthread_mutex_lock(&tape.lock);
    int result = real(path);
    int why = errno;
    const char *rest = inside(path);
    if (result == 0 && rest) {
        add(TAPE_REMOVE, rest, name_of(rest)->file);
        drop_name(rest);
    }
    pthread_mutex_unlock(&tape.lock);
    errno = why;
    return result;
}

static int note_second_name(const char *call, enum tape_kind kind, const char *from, const char *to)
{
    two_paths_call *real = REAL(two_paths_call *, call);
    pthread_mutex_lock(&tape.lock);
    int result = real(from, to);
    int why = errno;
    const char *rest = inside(from), *rest_to = inside(to);
    if (result == 0 && rest && rest_to) {
        uint32_t file = name_of(rest)->file;
        struct tape_op *op = add(kind, rest, file);
        snprintf(op->to, sizeof op->to, "%s", rest_to);
        set_name(rest_to, file);
        if (kind == TAPE_RENAME)
            drop_name(rest);
    }
    pthread_mutex_unlock(&tape.lock);
    errno = why;
    return result;
}

int rename(const char *from, const char *to)
{
    return note_second_name("rename", TAPE_RENAME, from, to);
}

int link(const char *from, const char *to)
{
    return note_second_name("link", TAPE_LINK, from, to);
}

int mkdir(const char *path, mode_t mode)
{
    mkdir_call *real = REAL(mkdir_call *, "mkdir");
    pthread_mutex_lock(&tape.lock);
    int result = real(path, mode);
    int why = errno;
    const char *rest = inside(path);
    if (result == 0 && rest)
        add(TAPE_FOLDER, rest, 0);
    pthread_mutex_unlock(&tape.lock);
    errno = why;
    return result;
}

/* The product ends like this where it cannot go on; here that is a finding. */
void _exit(int status)
{
    void (*real)(int) = (void (*)(int))hidden("_exit");
    if (tape.last_words)
        fprintf(stderr, "the program gave up: %s\n", tape.last_words);
    real(tape.last_words ? 70 : status);
    abort();
}

/* ---- the tape itself ---- */

static int take_first(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st, (void)at;
    const char *rest = kind == FTW_F ? inside(path) : NULL;
    if (rest) {
        set_name(rest, ++tape.files);
        set_in(&tape.first, rest, tape.files);
    }
    return 0;
}

void tape_start(const char *root)
{
    snprintf(tape.root, sizeof tape.root, "%s", root);
    vec_init(&tape.ops, sizeof(struct tape_op), OPS_MAX);
    vec_init(&tape.names, sizeof(struct name), NAMES_MAX);
    vec_init(&tape.first, sizeof(struct name), NAMES_MAX);
    tape.files = 0;
    tape.mode = MODE_RECORD;
    assert_int_equal(nftw(root, take_first, 8, FTW_PHYS), 0);
}

uint32_t tape_first(const char *path)
{
    const struct name *name = find(&tape.first, path);
    return name ? name->file : 0;
}

void tape_stop(void)
{
    tape.mode = MODE_REPLAY;
}

void tape_mark(enum tape_mark mark, uint64_t value, uint64_t epoch)
{
    pthread_mutex_lock(&tape.lock);
    if (tape.mode == MODE_RECORD) {
        struct tape_op *op = add(TAPE_MARK, "", 0);
        op->mark = mark;
        op->value = value;
        op->epoch = epoch;
    }
    pthread_mutex_unlock(&tape.lock);
}

size_t tape_len(void)
{
    return tape.ops.len;
}

const struct tape_op *tape_at(size_t i)
{
    return vec_at(&tape.ops, i);
}

uint32_t tape_files(void)
{
    return tape.files;
}

void tape_done(void)
{
    for (size_t i = 0; i < tape.ops.len; i++)
        free(((struct tape_op *)vec_at(&tape.ops, i))->bytes);
    vec_done(&tape.ops);
    vec_done(&tape.names);
    vec_done(&tape.first);
}

void tape_last_words(const char *words)
{
    tape.last_words = words;
}
