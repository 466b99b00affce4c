#include "shell/backup_own.h"

#include "base/buf.h"
#include "base/cursor.h"
#include "base/err.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libdeflate.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK_BYTES = 1 << 20 };

static const char MAGIC[8] = {'I', 'O', 'C', 'B', 'K', 'U', 'P', '1'};

int backup_fail(struct backup_report *report, int err, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(report->why, sizeof report->why, fmt, args);
    va_end(args);
    return err;
}

void backup_empty(const char *path)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    while (dir && (entry = readdir(dir)))
        unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir)
        closedir(dir);
}

int backup_fail_sql(struct backup_report *report, sqlite3 *db, const char *doing)
{
    return backup_fail(report, ERR_IO, "%s: %s", doing, sqlite3_errmsg(db));
}

int backup_sql(struct backup_report *report, sqlite3 *db, const char *sql)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0
                                                                : backup_fail_sql(report, db, sql);
}

int backup_store_id(struct backup_report *report, sqlite3 *db, unsigned char id[STORE_ID_BYTES])
{
    static const char sql[] = "SELECT value FROM meta WHERE key = 'store_id'";
    sqlite3_stmt *st = NULL;
    bool found = sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK &&
                 sqlite3_step(st) == SQLITE_ROW && sqlite3_column_bytes(st, 0) == STORE_ID_BYTES;
    if (found)
        memcpy(id, sqlite3_column_blob(st, 0), STORE_ID_BYTES);
    sqlite3_finalize(st);
    return found ? 0 : backup_fail_sql(report, db, "the store has no id");
}

int backup_sum(int fd, uint64_t bytes, int to_fd, uint32_t *ret_crc)
{
    char *block = malloc(BLOCK_BYTES);
    uint32_t crc = 0;
    int err = block ? 0 : ERR_NOMEM;
    while (!err && bytes > 0) {
        ssize_t n = read(fd, block, bytes < BLOCK_BYTES ? (size_t)bytes : BLOCK_BYTES);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            err = n == 0 ? ERR_CORRUPT : err_from_errno(errno);
            break;
        }
        crc = libdeflate_crc32(crc, block, (size_t)n);
        if (to_fd >= 0)
            err = file_write_all(to_fd, block, (size_t)n);
        bytes -= (uint64_t)n;
    }
    free(block);
    *ret_crc = crc;
    return err;
}

int backup_tail_write(int fd, const struct backup_tail *tail)
{
    static const char zeros[16];
    struct buf b;
    buf_init(&b, BACKUP_TAIL_BYTES);
    buf_put(&b, MAGIC, sizeof MAGIC);
    buf_le64(&b, (uint64_t)tail->at.ms);
    buf_le64(&b, tail->bytes);
    buf_put(&b, tail->id, sizeof tail->id);
    buf_le32(&b, tail->crc);
    buf_put(&b, zeros, sizeof zeros);
    if (!b.err)
        buf_le32(&b, libdeflate_crc32(0, b.data, b.len));
    int err = b.err ? b.err : file_write_all(fd, b.data, b.len);
    buf_done(&b);
    return err;
}

int backup_tail_read(int fd, uint64_t size, struct backup_tail *ret_tail)
{
    char bytes[BACKUP_TAIL_BYTES];
    struct cursor c;
    if (size < sizeof bytes)
        return ERR_CORRUPT;
    ssize_t n = pread(fd, bytes, sizeof bytes, (off_t)(size - sizeof bytes));
    if (n != (ssize_t)sizeof bytes)
        return n < 0 ? err_from_errno(errno) : ERR_CORRUPT;
    cursor_init(&c, bytes + sizeof MAGIC, sizeof bytes - sizeof MAGIC);
    struct backup_tail tail = {.at = {(int64_t)cursor_le64(&c)}};
    tail.bytes = cursor_le64(&c);
    memcpy(tail.id, cursor_bytes(&c, STORE_ID_BYTES).at, STORE_ID_BYTES);
    tail.crc = cursor_le32(&c);
    cursor_bytes(&c, 16);
    if (cursor_le32(&c) != libdeflate_crc32(0, bytes, sizeof bytes - 4) ||
        memcmp(bytes, MAGIC, sizeof MAGIC) != 0 || tail.bytes != size - sizeof bytes)
        return ERR_CORRUPT;
    *ret_tail = tail;
    return 0;
}
