#include "base/err.h"
#include "shell/store.h"
#include "shell/store_column.h"

#include <sqlite3.h>

enum { BUSY_TIMEOUT_MS = 2000 };

static const char RISING[] =
    "SELECT number, at_ms, hash, who, role, address, act, target, detail FROM audit"
    " WHERE number > ?1 ORDER BY number LIMIT ?2";
static const char FALLING[] =
    "SELECT number, at_ms, hash, who, role, address, act, target, detail FROM audit"
    " WHERE number < ?1 ORDER BY number DESC LIMIT ?2";
static const char HEAD[] =
    "SELECT (SELECT value FROM meta WHERE key = 'audit_last'), (SELECT value "
    "FROM meta WHERE key = 'audit_hash')";

/* A hash of another length is none: it holds for nothing. */
static void take_hash(struct slice bytes, unsigned char hash[DIGEST_BYTES])
{
    memset(hash, 0, DIGEST_BYTES);
    if (bytes.len == DIGEST_BYTES)
        memcpy(hash, bytes.at, DIGEST_BYTES);
}

static struct audit_row row_of(sqlite3_stmt *st)
{
    struct audit_row row = {.number = (uint64_t)sqlite3_column_int64(st, 0),
                            .entry = {.at = {sqlite3_column_int64(st, 1)}}};
    take_hash(store_column(st, 2), row.hash);
    for (int i = 0; i < AUDIT_TEXTS; i++)
        row.entry.text[i] = store_column(st, 3 + i);
    return row;
}

static int give_rows(sqlite3 *db, const struct audit_filter *filter, void *context,
                     int (*each)(void *context, const struct audit_row *row))
{
    sqlite3_stmt *st = NULL;
    if (sqlite3_prepare_v2(db, filter->newest_first ? FALLING : RISING, -1, &st, NULL) != SQLITE_OK)
        return ERR_IO;
    sqlite3_bind_int64(st, 1, (int64_t)filter->from);
    sqlite3_bind_int64(st, 2, (int64_t)filter->limit);
    int err = 0;
    int result = SQLITE_DONE;
    while (!err && (result = sqlite3_step(st)) == SQLITE_ROW) {
        struct audit_row row = row_of(st);
        err = each(context, &row);
    }
    sqlite3_finalize(st);
    return err ? err : result == SQLITE_DONE ? 0 : ERR_IO;
}

static int read_head(sqlite3 *db, struct audit_head *ret_head)
{
    sqlite3_stmt *st = NULL;
    if (sqlite3_prepare_v2(db, HEAD, -1, &st, NULL) != SQLITE_OK)
        return ERR_IO;
    int err = sqlite3_step(st) == SQLITE_ROW ? 0 : ERR_IO;
    if (!err) {
        ret_head->number = (uint64_t)sqlite3_column_int64(st, 0);
        take_hash(store_column(st, 1), ret_head->hash);
    }
    sqlite3_finalize(st);
    return err;
}

int store_audit_list(const char *path, const struct audit_filter *filter, void *context,
                     int (*each)(void *context, const struct audit_row *row),
                     struct audit_head *ret_head)
{
    sqlite3 *db = NULL;
    int err = ERR_IO;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK &&
        sqlite3_busy_timeout(db, BUSY_TIMEOUT_MS) == SQLITE_OK &&
        sqlite3_exec(db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK)
        err = read_head(db, ret_head);
    if (!err)
        err = give_rows(db, filter, context, each);
    sqlite3_close(db);
    return err;
}
