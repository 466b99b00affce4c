#include "shell/store.h"

#include "base/err.h"
#include "shell/store_code.h"
#include "shell/store_column.h"

#include <sqlite3.h>

enum { BUSY_TIMEOUT_MS = 2000 };

static int give_rows(sqlite3 *db, uint8_t one, uint8_t other, void *context,
                     int (*put)(void *context, uint8_t kind, struct slice key, struct slice value))
{
    static const char sql[] =
        "SELECT kind, key, value FROM state WHERE kind = ?1 OR kind = ?2 ORDER BY kind, key";
    sqlite3_stmt *st = NULL;
    int result = sqlite3_prepare_v2(db, sql, -1, &st, NULL);
    int err = store_code(result);
    if (!err) {
        sqlite3_bind_int(st, 1, one);
        sqlite3_bind_int(st, 2, other);
    }
    while (!err && (result = sqlite3_step(st)) == SQLITE_ROW)
        err = put(context, (uint8_t)sqlite3_column_int(st, 0), store_column(st, 1),
                  store_column(st, 2));
    if (!err)
        err = store_code(result);
    sqlite3_finalize(st);
    return err;
}

static int read_figures(sqlite3 *db, struct store_figures *figures)
{
    static const char sql[] = "SELECT (SELECT coalesce(sum(readings), 0) FROM batch),"
                              " (SELECT seq FROM sqlite_sequence WHERE name = 'dead'),"
                              " (SELECT count(*) FROM dead),"
                              " (SELECT value FROM meta WHERE key = 'dead_dropped'),"
                              " (SELECT value FROM meta WHERE key = 'dead_purged'),"
                              " (SELECT value FROM meta WHERE key = 'dead_requeued')";
    sqlite3_stmt *st = NULL;
    int result = sqlite3_prepare_v2(db, sql, -1, &st, NULL);
    if (result == SQLITE_OK)
        result = sqlite3_step(st);
    if (result == SQLITE_ROW)
        *figures = (struct store_figures){.pending_readings = (uint64_t)sqlite3_column_int64(st, 0),
                                          .dead_made = (uint64_t)sqlite3_column_int64(st, 1),
                                          .dead_rows = (uint64_t)sqlite3_column_int64(st, 2),
                                          .dead_dropped = (uint64_t)sqlite3_column_int64(st, 3),
                                          .dead_purged = (uint64_t)sqlite3_column_int64(st, 4),
                                          .dead_requeued = (uint64_t)sqlite3_column_int64(st, 5)};
    sqlite3_finalize(st);
    return result == SQLITE_ROW ? 0 : store_code(result);
}

int store_snapshot(const char *path, uint8_t one, uint8_t other, void *context,
                   int (*put)(void *context, uint8_t kind, struct slice key, struct slice value),
                   struct store_figures *ret_figures)
{
    sqlite3 *db = NULL;
    int result = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
    if (result == SQLITE_OK)
        sqlite3_busy_timeout(db, BUSY_TIMEOUT_MS);
    if (result == SQLITE_OK) /* one moment for all that is read */
        result = sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
    int err = store_code(result);
    if (!err)
        err = give_rows(db, one, other, context, put);
    if (!err)
        err = read_figures(db, ret_figures);
    sqlite3_close(db);
    return err;
}
