#include "shell/backup_own.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/vec.h"
#include "shell/batch_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BUSY_TIMEOUT_MS = 10000, TRIES_MAX = 200, BATCHES_MAX = 1 << 24 };

/* A batch file may be longer than its lines by little. */
static const size_t FILE_BYTES_MAX = BATCH_PLAIN_MAX + BATCH_PLAIN_MAX / 100;

/* One backup in the making. */
struct making {
    struct backup_report *report;
    struct batch_folder batches;
    struct batch_folder held; /* hard links: a batch that is written meanwhile keeps its bytes */
    char batches_path[FILE_PATH_MAX];
    char held_path[FILE_PATH_MAX];
    char part[FILE_PATH_MAX]; /* becomes the backup when it is whole */
    sqlite3 *from;            /* the running store, read only */
    sqlite3 *to;
    bool begun;         /* the part is ours */
    struct vec numbers; /* uint64_t of the batches that wait */
    unsigned char id[STORE_ID_BYTES];
};

/* Links every batch file there is: those that the database takes now stay ours. */
static int hold_all(struct making *m)
{
    DIR *dir = opendir(m->batches.path);
    struct dirent *entry;
    if (!dir)
        return backup_fail(m->report, err_from_errno(errno), "%s: %s", m->batches.path,
                           strerror(errno));
    while ((entry = readdir(dir))) {
        char from[FILE_PATH_MAX];
        char to[FILE_PATH_MAX];
        size_t len = strlen(entry->d_name);
        size_t tail = strlen(BATCH_NAME_END);
        if (len > tail && strcmp(entry->d_name + len - tail, BATCH_NAME_END) == 0 &&
            file_join(from, m->batches.path, entry->d_name) == 0 &&
            file_join(to, m->held.path, entry->d_name) == 0 && link(from, to) != 0 &&
            errno != EEXIST && errno != ENOENT) {
            int err = err_from_errno(errno);
            backup_fail(m->report, err, "%s: %s", to, strerror(errno));
            closedir(dir);
            return err;
        }
    }
    closedir(dir);
    return 0;
}

/* True if the batch's file is held, or can be now. */
static bool hold(struct making *m, uint64_t number)
{
    char from[FILE_PATH_MAX];
    char to[FILE_PATH_MAX];
    return batch_path(&m->batches, number, BATCH_NAME_END, from) == 0 &&
           batch_path(&m->held, number, BATCH_NAME_END, to) == 0 &&
           (access(to, F_OK) == 0 || link(from, to) == 0);
}

/* The batches that wait at this moment, which the open transaction keeps; *ret_lost have no file.
 */
static int list_batches(struct making *m, uint64_t *ret_lost)
{
    sqlite3_stmt *st = NULL;
    int result =
        sqlite3_prepare_v2(m->from, "SELECT number FROM batch ORDER BY number", -1, &st, NULL);
    m->numbers.len = 0;
    *ret_lost = 0;
    while (result == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW) {
        uint64_t number = (uint64_t)sqlite3_column_int64(st, 0);
        if (!hold(m, number)) {
            ++*ret_lost;
            continue;
        }
        uint64_t *slot = vec_push(&m->numbers);
        if (!slot)
            result = SQLITE_NOMEM;
        else
            *slot = number;
    }
    sqlite3_finalize(st);
    return result == SQLITE_OK ? 0 : backup_fail_sql(m->report, m->from, "reading the batches");
}

/* A moment of the store whose waiting batches are all held. A file that is gone after many tries
 * was lost before. */
static int take_moment(struct making *m)
{
    for (int i = 0;; i++) {
        uint64_t lost = 0;
        int err = hold_all(m);
        if (!err)
            err = backup_sql(m->report, m->from, "BEGIN");
        if (!err)
            err = list_batches(m, &lost);
        if (err || lost == 0 || i == TRIES_MAX) {
            m->report->missing = lost;
            return err;
        }
        err = backup_sql(m->report, m->from, "ROLLBACK");
        if (err)
            return err;
    }
}

static int copy_store(struct making *m)
{
    sqlite3_backup *copy = sqlite3_backup_init(m->to, "main", m->from, "main");
    if (!copy)
        return backup_fail_sql(m->report, m->to, m->part);
    int result = sqlite3_backup_step(copy, -1);
    if (sqlite3_backup_finish(copy) != SQLITE_OK || result != SQLITE_DONE)
        return backup_fail_sql(m->report, m->to, m->part);
    return backup_sql(m->report, m->to,
                      "PRAGMA journal_mode = DELETE; PRAGMA journal_mode = MEMORY;"
                      "CREATE TABLE backup_batch (number INTEGER PRIMARY KEY, file BLOB)");
}

static int put_batch(struct making *m, sqlite3_stmt *st, uint64_t number)
{
    char path[FILE_PATH_MAX];
    struct buf bytes;
    buf_init(&bytes, FILE_BYTES_MAX);
    int err = batch_path(&m->held, number, BATCH_NAME_END, path);
    if (!err)
        err = file_read(path, &bytes);
    if (err) {
        backup_fail(m->report, err, "%s: %s", path, err_text(err));
    } else {
        sqlite3_bind_int64(st, 1, (int64_t)number);
        sqlite3_bind_blob(st, 2, bytes.data, (int)bytes.len, SQLITE_STATIC);
        if (sqlite3_step(st) != SQLITE_DONE)
            err = backup_fail_sql(m->report, m->to, "adding a batch");
        sqlite3_reset(st);
    }
    buf_done(&bytes);
    return err;
}

static int put_batches(struct making *m)
{
    sqlite3_stmt *st = NULL;
    int err = backup_sql(m->report, m->to, "BEGIN");
    if (!err && sqlite3_prepare_v2(m->to, "INSERT INTO backup_batch VALUES (?1, ?2)", -1, &st,
                                   NULL) != SQLITE_OK)
        err = backup_fail_sql(m->report, m->to, "adding batches");
    for (size_t i = 0; !err && i < m->numbers.len; i++)
        err = put_batch(m, st, *(uint64_t *)vec_at(&m->numbers, i));
    sqlite3_finalize(st);
    m->report->batches = m->numbers.len;
    return err ? err : backup_sql(m->report, m->to, "COMMIT");
}

static int sync_parent(const char *file)
{
    char folder[FILE_PATH_MAX];
    const char *slash = strrchr(file, '/');
    size_t len = slash ? (size_t)(slash - file) : 0;
    snprintf(folder, sizeof folder, "%.*s", (int)len, file);
    return file_sync_folder(!slash ? "." : len == 0 ? "/" : folder);
}

/* The tail makes it a backup; the name makes it a whole one. */
static int seal(struct making *m)
{
    struct backup_tail tail = {.at = m->report->at};
    struct stat facts = {0};
    int fd = open(m->part, O_RDWR | O_CLOEXEC);
    int err = fd < 0 || fstat(fd, &facts) != 0 ? err_from_errno(errno) : 0;
    if (!err) {
        tail.bytes = (uint64_t)facts.st_size;
        memcpy(tail.id, m->id, sizeof tail.id);
        err = backup_sum(fd, tail.bytes, -1, &tail.crc);
    }
    if (!err)
        err = backup_tail_write(fd, &tail);
    if (!err && fsync(fd) != 0)
        err = err_from_errno(errno);
    if (fd >= 0)
        close(fd);
    if (!err && rename(m->part, m->report->file) != 0)
        err = err_from_errno(errno);
    if (!err)
        err = sync_parent(m->report->file);
    m->report->bytes = tail.bytes + BACKUP_TAIL_BYTES;
    return err ? backup_fail(m->report, err, "%s: %s", m->report->file, err_text(err)) : 0;
}

static int open_store(struct making *m, const char *data_folder)
{
    char path[FILE_PATH_MAX];
    int err = file_join(path, data_folder, "store.db");
    if (!err && access(path, R_OK) != 0)
        return backup_fail(m->report, err_from_errno(errno), "%s: %s", path, strerror(errno));
    if (!err && sqlite3_open_v2(path, &m->from, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) !=
                    SQLITE_OK)
        return backup_fail_sql(m->report, m->from, path);
    sqlite3_busy_timeout(m->from, BUSY_TIMEOUT_MS);
    return err ? err : backup_store_id(m->report, m->from, m->id);
}

static int open_part(struct making *m)
{
    int fd = open(m->part, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0)
        return backup_fail(m->report, err_from_errno(errno), "%s: %s", m->part, strerror(errno));
    close(fd);
    m->begun = true;
    if (sqlite3_open_v2(m->part, &m->to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
        SQLITE_OK)
        return backup_fail_sql(m->report, m->to, m->part);
    return 0;
}

/* Removes a folder with everything in it. */
static void remove_held(const char *path)
{
    backup_empty(path);
    rmdir(path);
}

/* A folder gets a name with the time in it. */
static int choose_file(const char *to, struct backup_report *report)
{
    struct stat facts;
    char name[64];
    struct tm utc;
    time_t now_s = (time_t)(report->at.ms / 1000);
    gmtime_r(&now_s, &utc);
    strftime(name, sizeof name, "ioc-collector-%Y%m%dT%H%M%SZ.backup", &utc);
    bool folder = stat(to, &facts) == 0 && S_ISDIR(facts.st_mode);
    int err = folder ? file_join(report->file, to, name) : 0;
    if (!folder &&
        snprintf(report->file, sizeof report->file, "%s", to) >= (int)sizeof report->file)
        err = ERR_TOO_LONG;
    if (err)
        return backup_fail(report, err, "%s: %s", to, err_text(err));
    if (access(report->file, F_OK) == 0)
        return backup_fail(report, ERR_EXISTS, "%s is there already; choose another name",
                           report->file);
    return 0;
}

static int choose_paths(struct making *m, const char *data_folder)
{
    char name[32];
    snprintf(name, sizeof name, "backup.%ld", (long)getpid());
    int err = file_join(m->batches_path, data_folder, "batches");
    if (!err)
        err = file_join(m->held_path, data_folder, name);
    if (!err &&
        snprintf(m->part, sizeof m->part, "%s.part", m->report->file) >= (int)sizeof m->part)
        err = ERR_TOO_LONG;
    m->batches.path = m->batches_path;
    m->held.path = m->held_path;
    if (!err && mkdir(m->held_path, 0700) != 0)
        err = err_from_errno(errno);
    return err ? backup_fail(m->report, err, "%s: %s", m->held_path, err_text(err)) : 0;
}

static int make(struct making *m, const char *data_folder)
{
    int err = open_store(m, data_folder);
    if (!err)
        err = open_part(m);
    if (!err)
        err = take_moment(m);
    if (!err)
        err = copy_store(m);
    if (!err)
        err = put_batches(m);
    sqlite3_close(m->from);
    if (sqlite3_close(m->to) != SQLITE_OK && !err)
        err = backup_fail(m->report, ERR_IO, "%s could not be closed", m->part);
    return err ? err : seal(m);
}

int backup_make(const char *data_folder, const char *to, struct backup_report *report)
{
    struct timespec now;
    struct making m = {.report = report};
    *report = (struct backup_report){0};
    clock_gettime(CLOCK_REALTIME, &now);
    report->at.ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    vec_init(&m.numbers, sizeof(uint64_t), BATCHES_MAX);
    int err = choose_file(to, report);
    if (!err)
        err = choose_paths(&m, data_folder);
    if (!err) {
        err = make(&m, data_folder);
        remove_held(m.held_path);
        if (err && m.begun)
            (void)unlink(m.part);
    }
    vec_done(&m.numbers);
    return err;
}
