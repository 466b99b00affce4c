#include "shell/archive.h"

#include "base/err.h"
#include "shell/store_column.h"

#include <sqlite3.h>
#include <stdlib.h>

enum { BUSY_TIMEOUT_MS = 2000 };

/* Both ways to ask, prepared once. */
enum question { RANGE, LAST, QUESTIONS };

static const char *const SQL[QUESTIONS] = {
    [RANGE] = "SELECT key, value FROM state WHERE kind = ?1 AND key >= ?2 AND key < ?3"
              " ORDER BY key",
    [LAST] = "SELECT key, value FROM state WHERE kind = ?1 AND key >= ?2 AND key < ?3"
             " ORDER BY key DESC LIMIT 1",
};

struct archive {
    sqlite3 *db;
    sqlite3_stmt *question[QUESTIONS];
};

static int prepare(struct archive *a, const char *path)
{
    if (sqlite3_open_v2(path, &a->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) !=
        SQLITE_OK)
        return ERR_IO;
    sqlite3_busy_timeout(a->db, BUSY_TIMEOUT_MS);
    for (int i = 0; i < QUESTIONS; i++)
        if (sqlite3_prepare_v2(a->db, SQL[i], -1, &a->question[i], NULL) != SQLITE_OK)
            return ERR_IO;
    return sqlite3_exec(a->db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK ? 0 : ERR_IO;
}

int archive_open(const char *path, struct archive **ret_archive)
{
    struct archive *a = calloc(1, sizeof *a);
    if (!a)
        return ERR_NOMEM;
    int err = prepare(a, path);
    if (err) {
        archive_close(a);
        return err;
    }
    *ret_archive = a;
    return 0;
}

void archive_close(struct archive *a)
{
    if (!a)
        return;
    for (int i = 0; i < QUESTIONS; i++)
        sqlite3_finalize(a->question[i]);
    sqlite3_close(a->db);
    free(a);
}

static int ask(struct archive *a, enum question which, uint8_t kind, struct slice from,
               struct slice to, row_take *take, void *taker)
{
    sqlite3_stmt *st = a->question[which];
    int err = 0;
    int result;
    sqlite3_bind_int(st, 1, kind);
    sqlite3_bind_blob(st, 2, from.at, (int)from.len, SQLITE_STATIC);
    sqlite3_bind_blob(st, 3, to.at, (int)to.len, SQLITE_STATIC);
    while ((result = sqlite3_step(st)) == SQLITE_ROW && !err) {
        struct slice key = store_column(st, 0);
        struct slice value = store_column(st, 1);
        err = take(taker, key, value);
    }
    if (!err && result != SQLITE_DONE)
        err = ERR_IO;
    sqlite3_reset(st);
    return err;
}

static int range(void *context, uint8_t kind, struct slice from, struct slice to, row_take *take,
                 void *taker)
{
    return ask(context, RANGE, kind, from, to, take, taker);
}

static int last(void *context, uint8_t kind, struct slice from, struct slice to, row_take *take,
                void *taker)
{
    return ask(context, LAST, kind, from, to, take, taker);
}

struct row_source archive_rows(struct archive *a)
{
    return (struct row_source){a, range, last};
}
