#include "base/err.h"
#include "shell/store.h"
#include "shell/store_column.h"

#include <sqlite3.h>

static const char LIST[] =
    "SELECT number, at_ms, source, reason, payload, readings FROM dead WHERE number > ?1"
    " AND instr(reason, ?3) ORDER BY number LIMIT ?2";

static struct dead_entry entry_of(sqlite3_stmt *st)
{
    return (struct dead_entry){
        .number = (uint64_t)sqlite3_column_int64(st, 0),
        .letter = {.at = {sqlite3_column_int64(st, 1)},
                   .source = store_column(st, 2),
                   .reason = store_column(st, 3),
                   .payload = store_column(st, 4),
                   .readings = (uint64_t)sqlite3_column_int64(st, 5)},
    };
}

int store_dead_list(const char *path, const struct dead_filter *filter, void *context,
                    int (*each)(void *context, const struct dead_entry *entry))
{
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;
    int err = ERR_IO;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db, LIST, -1, &st, NULL) != SQLITE_OK)
        goto out;
    sqlite3_bind_int64(st, 1, (int64_t)filter->after);
    sqlite3_bind_int64(st, 2, (int64_t)filter->limit);
    sqlite3_bind_text(st, 3, filter->reason, -1, SQLITE_STATIC);
    err = 0;
    while (!err && sqlite3_step(st) == SQLITE_ROW) {
        struct dead_entry entry = entry_of(st);
        err = each(context, &entry);
    }
out:
    sqlite3_finalize(st);
    sqlite3_close(db);
    return err;
}
