/* Who put a backup in place: a row in the store's state, from which the collector's first commit
 * makes one of the audit log (app_acts.c). */
#include "shell/backup_own.h"

#include "base/buf.h"
#include "base/err.h"
#include "core/rows.h"

#include <pwd.h>
#include <time.h>
#include <unistd.h>

static void write_act(const char *file, struct buf *out)
{
    struct timespec now;
    const struct passwd *user = getpwuid(getuid());
    clock_gettime(CLOCK_REALTIME, &now);
    buf_char(out, BACKUP_RESTORED_VERSION);
    buf_le64(out, (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000);
    buf_text(out, user ? user->pw_name : "");
    buf_text(out, file);
}

int backup_act(struct backup_report *report, sqlite3 *db, const char *file)
{
    static const char sql[] = "INSERT OR REPLACE INTO state (kind, key, value) VALUES (?1, ?2, ?3)";
    static const char key[] = BACKUP_RESTORED_KEY;
    sqlite3_stmt *st = NULL;
    struct buf value;
    buf_init(&value, 2 * FILE_PATH_MAX);
    write_act(file, &value);
    bool done = !value.err && sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK &&
                sqlite3_bind_int(st, 1, ROW_RESTORED) == SQLITE_OK &&
                sqlite3_bind_blob(st, 2, key, sizeof key - 1, SQLITE_STATIC) == SQLITE_OK &&
                sqlite3_bind_blob(st, 3, value.data, (int)value.len, SQLITE_STATIC) == SQLITE_OK &&
                sqlite3_step(st) == SQLITE_DONE;
    sqlite3_finalize(st);
    buf_done(&value);
    return done ? 0 : backup_fail_sql(report, db, "noting the restore");
}
