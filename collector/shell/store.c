#include "shell/store.h"

#include "base/err.h"
#include "shell/store_code.h"
#include "shell/store_column.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { SCHEMA_VERSION = 1, WHY_MAX = 256, BUSY_TIMEOUT_MS = 2000 };

/* The same pages change with every commit, so they go from the log of 32 MiB into the file seldom.
 */
static const char PRAGMAS[] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                              "PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 8192;";

static const char SCHEMA[] =
    "CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS state (kind INTEGER, key BLOB, value BLOB, PRIMARY KEY (kind, "
    "key)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS batch (number INTEGER PRIMARY KEY, lines INTEGER, readings "
    "INTEGER, bytes INTEGER, "
    "fate INTEGER);"
    "CREATE TABLE IF NOT EXISTS dead (number INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER, "
    "source TEXT, reason TEXT,"
    " payload BLOB, readings INTEGER);"
    "CREATE TABLE IF NOT EXISTS audit (number INTEGER PRIMARY KEY, at_ms INTEGER, who TEXT, role "
    "TEXT, address TEXT, act TEXT, target TEXT, detail TEXT, hash BLOB);";

static const char OLDEST_DEAD[] = "SELECT coalesce(min(number), 0) FROM dead";

/* Whoever meddled with either: what is added goes behind both, and the chain tells. */
static const char LAST_AUDIT[] =
    "SELECT max(coalesce((SELECT value FROM meta WHERE key = 'audit_last'), 0),"
    " coalesce((SELECT max(number) FROM audit), 0))";

/* The statements of a commit, prepared once. */
enum statement {
    PUT_ROW,
    DROP_ROW,
    DROP_SPAN,
    PUT_BATCH,
    DROP_BATCH,
    ADD_DEAD,
    DROP_OLDEST_DEAD,
    DROP_DEAD,
    ADD_AUDIT,
    PUT_META,
    STATEMENTS
};

static const char *const SQL[STATEMENTS] = {
    [PUT_ROW] = "INSERT INTO state (kind, key, value) VALUES (?1, ?2, ?3)"
                " ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value",
    [DROP_ROW] = "DELETE FROM state WHERE kind = ?1 AND key = ?2",
    [DROP_SPAN] = "DELETE FROM state WHERE kind = ?1 AND key >= ?2 AND key < ?3 AND (?4 = 0 OR key"
                  " < (SELECT max(key) FROM state WHERE kind = ?1 AND key >= ?2 AND key < ?3))",
    [PUT_BATCH] =
        "INSERT INTO batch (number, lines, readings, bytes, fate) VALUES (?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT (number) DO UPDATE SET lines = excluded.lines, readings = excluded.readings, "
        "bytes = "
        "excluded.bytes, fate = excluded.fate",
    [DROP_BATCH] = "DELETE FROM batch WHERE number = ?1",
    [ADD_DEAD] =
        "INSERT INTO dead (at_ms, source, reason, payload, readings) VALUES (?1, ?2, ?3, ?4, ?5)",
    [DROP_OLDEST_DEAD] =
        "DELETE FROM dead WHERE number = (SELECT min(number) FROM dead) RETURNING length(payload)",
    [DROP_DEAD] = "DELETE FROM dead WHERE number = ?1 RETURNING length(payload)",
    [ADD_AUDIT] = "INSERT INTO audit (number, at_ms, hash, who, role, address, act, target, detail)"
                  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    [PUT_META] = "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET "
                 "value = excluded.value",
};

struct store {
    sqlite3 *db;
    sqlite3_stmt *statement[STATEMENTS];
    struct store_bounds bounds;
    struct store_totals totals;  /* as committed */
    struct store_totals playing; /* of the transaction under way */
    struct segment_pos position;
    unsigned char id[STORE_ID_BYTES];
    char why[WHY_MAX];
};

/* An I/O error whose cause is a full disk is a full disk: SQLite reports some of them as
 * SQLITE_IOERR. */
static int failure(struct store *s, int sqlite_code)
{
    int code = store_code(sqlite_code);
    if (code == ERR_IO && sqlite3_system_errno(s->db) == ENOSPC)
        code = ERR_NO_SPACE;
    snprintf(s->why, sizeof s->why, "%s", sqlite3_errmsg(s->db));
    return code;
}

static int run_sql(struct store *s, const char *sql)
{
    int result = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
    return result == SQLITE_OK ? 0 : failure(s, result);
}

/* Steps a bound statement once and makes it ready for the next use. */
static int step(struct store *s, enum statement which)
{
    int result = sqlite3_step(s->statement[which]);
    int err = store_code(result) ? failure(s, result) : 0;
    sqlite3_reset(s->statement[which]);
    return err;
}

static int put_meta_i64(struct store *s, const char *key, int64_t value)
{
    sqlite3_stmt *st = s->statement[PUT_META];
    sqlite3_bind_text(st, 1, key, -1, SQLITE_STATIC);
    sqlite3_bind_int64(st, 2, value);
    return step(s, PUT_META);
}

static int64_t get_i64(struct store *s, const char *sql)
{
    sqlite3_stmt *st = NULL;
    int64_t value = 0;
    if (sqlite3_prepare_v2(s->db, sql, -1, &st, NULL) == SQLITE_OK &&
        sqlite3_step(st) == SQLITE_ROW)
        value = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    return value;
}

static int put_meta_bytes(struct store *s, const char *key, const unsigned char *bytes, int len)
{
    sqlite3_stmt *st = s->statement[PUT_META];
    sqlite3_bind_text(st, 1, key, -1, SQLITE_STATIC);
    sqlite3_bind_blob(st, 2, bytes, len, SQLITE_STATIC);
    return step(s, PUT_META);
}

/* Bytes under @p key in meta, exactly @p len of them; false if there are none. */
static bool get_meta_bytes(struct store *s, const char *key, unsigned char *bytes, int len)
{
    sqlite3_stmt *st = NULL;
    bool found = false;
    int result = sqlite3_prepare_v2(s->db, "SELECT value FROM meta WHERE key = ?1", -1, &st, NULL);
    if (result == SQLITE_OK)
        sqlite3_bind_text(st, 1, key, -1, SQLITE_STATIC);
    if (result == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW &&
        sqlite3_column_bytes(st, 0) == len) {
        memcpy(bytes, sqlite3_column_blob(st, 0), (size_t)len);
        found = true;
    }
    sqlite3_finalize(st);
    return found;
}

static int load_id(struct store *s)
{
    if (get_meta_bytes(s, "store_id", s->id, STORE_ID_BYTES))
        return 0;
    if (getrandom(s->id, sizeof s->id, 0) != (ssize_t)sizeof s->id)
        return ERR_IO;
    return put_meta_bytes(s, "store_id", s->id, STORE_ID_BYTES);
}

/* A backup put in place by hand would look like a store whose batches are lost. */
static int check_kind(struct store *s)
{
    if (get_i64(s, "SELECT count(*) FROM sqlite_master WHERE name = 'backup_batch'") == 0)
        return 0;
    snprintf(s->why, sizeof s->why, "this is a backup: move it away and ioc-collector restore it");
    return ERR_VERSION;
}

static int check_version(struct store *s)
{
    int64_t version = get_i64(s, "PRAGMA user_version");
    if (version > SCHEMA_VERSION) {
        snprintf(s->why, sizeof s->why, "made by a newer program (schema %lld, this one knows %d)",
                 (long long)version, SCHEMA_VERSION);
        return ERR_VERSION;
    }
    char pragma[64];
    snprintf(pragma, sizeof pragma, "PRAGMA user_version = %d", SCHEMA_VERSION);
    return run_sql(s, pragma);
}

static void load_totals(struct store *s)
{
    s->totals.dead_rows = (uint64_t)get_i64(s, "SELECT count(*) FROM dead");
    s->totals.dead_bytes =
        (uint64_t)get_i64(s, "SELECT coalesce(sum(length(payload)), 0) FROM dead");
    s->totals.dead_dropped =
        (uint64_t)get_i64(s, "SELECT value FROM meta WHERE key = 'dead_dropped'");
    s->totals.dead_ended[LETTER_PURGED] =
        (uint64_t)get_i64(s, "SELECT value FROM meta WHERE key = 'dead_purged'");
    s->totals.dead_ended[LETTER_REQUEUED] =
        (uint64_t)get_i64(s, "SELECT value FROM meta WHERE key = 'dead_requeued'");
    s->totals.dead_oldest = (uint64_t)get_i64(s, OLDEST_DEAD);
    s->totals.last_batch = (uint64_t)get_i64(s, "SELECT value FROM meta WHERE key = 'last_batch'");
    s->totals.audit.number = (uint64_t)get_i64(s, LAST_AUDIT);
    (void)get_meta_bytes(s, "audit_hash", s->totals.audit.hash, DIGEST_BYTES);
    s->position.number =
        (uint64_t)get_i64(s, "SELECT value FROM meta WHERE key = 'intake_segment'");
    s->position.offset = (uint64_t)get_i64(s, "SELECT value FROM meta WHERE key = 'intake_offset'");
}

static int prepare(struct store *s, const char *path)
{
    int result = sqlite3_open_v2(
        path, &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
    if (result != SQLITE_OK)
        return failure(s, result);
    sqlite3_busy_timeout(s->db, BUSY_TIMEOUT_MS);
    int err = check_kind(s);
    if (!err)
        err = run_sql(s, PRAGMAS);
    if (!err)
        err = check_version(s);
    if (!err)
        err = run_sql(s, SCHEMA);
    for (int i = 0; !err && i < STATEMENTS; i++) {
        result = sqlite3_prepare_v3(s->db, SQL[i], -1, SQLITE_PREPARE_PERSISTENT, &s->statement[i],
                                    NULL);
        err = result == SQLITE_OK ? 0 : failure(s, result);
    }
    return err ? err : load_id(s);
}

int store_open(const char *path, const struct store_bounds *bounds, struct store **ret_store,
               char ret_why[256])
{
    struct store *s = calloc(1, sizeof *s);
    if (!s)
        return ERR_NOMEM;
    s->bounds = *bounds;
    int err = prepare(s, path);
    if (err) {
        snprintf(ret_why, WHY_MAX, "%s", s->why[0] ? s->why : err_text(err));
        store_close(s);
        return err;
    }
    load_totals(s);
    *ret_store = s;
    return 0;
}

void store_close(struct store *s)
{
    if (!s)
        return;
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(s->statement[i]);
    sqlite3_close(s->db);
    free(s);
}

const unsigned char *store_id(const struct store *s)
{
    return s->id;
}

struct segment_pos store_position(const struct store *s)
{
    return s->position;
}

struct store_totals store_totals(const struct store *s)
{
    return s->totals;
}

const char *store_why(const struct store *s)
{
    return s->why;
}

int store_load_rows(struct store *s, void *context,
                    int (*put)(void *context, uint8_t kind, struct slice key, struct slice value))
{
    sqlite3_stmt *st = NULL;
    int result = sqlite3_prepare_v2(
        s->db, "SELECT kind, key, value FROM state WHERE kind < ?1 ORDER BY kind, key", -1, &st,
        NULL);
    sqlite3_bind_int(st, 1, ROW_ARCHIVE);
    int err = result == SQLITE_OK ? 0 : failure(s, result);
    while (!err && (result = sqlite3_step(st)) == SQLITE_ROW)
        err = put(context, (uint8_t)sqlite3_column_int(st, 0), store_column(st, 1),
                  store_column(st, 2));
    if (!err && result != SQLITE_DONE)
        err = failure(s, result);
    sqlite3_finalize(st);
    return err;
}

int store_load_batches(struct store *s, void *context,
                       int (*each)(void *context, const struct batch_row *row))
{
    sqlite3_stmt *st = NULL;
    int result = sqlite3_prepare_v2(
        s->db, "SELECT number, lines, readings, bytes, fate FROM batch ORDER BY number", -1, &st,
        NULL);
    int err = result == SQLITE_OK ? 0 : failure(s, result);
    while (!err && (result = sqlite3_step(st)) == SQLITE_ROW) {
        struct batch_row row = {.number = (uint64_t)sqlite3_column_int64(st, 0),
                                .lines = (uint64_t)sqlite3_column_int64(st, 1),
                                .readings = (uint64_t)sqlite3_column_int64(st, 2),
                                .bytes = (uint64_t)sqlite3_column_int64(st, 3),
                                .fate = (enum batch_fate)sqlite3_column_int(st, 4)};
        err = each(context, &row);
    }
    if (!err && result != SQLITE_DONE)
        err = failure(s, result);
    sqlite3_finalize(st);
    return err;
}

static void bind_slice(sqlite3_stmt *st, int column, struct slice s)
{
    sqlite3_bind_blob(st, column, s.len ? s.at : "", (int)s.len, SQLITE_STATIC);
}

static int play_put(void *context, uint8_t kind, struct slice key, struct slice value)
{
    struct store *s = context;
    sqlite3_stmt *st = s->statement[PUT_ROW];
    sqlite3_bind_int(st, 1, kind);
    bind_slice(st, 2, key);
    bind_slice(st, 3, value);
    return step(s, PUT_ROW);
}

static int play_drop(void *context, uint8_t kind, struct slice key)
{
    struct store *s = context;
    sqlite3_stmt *st = s->statement[DROP_ROW];
    sqlite3_bind_int(st, 1, kind);
    bind_slice(st, 2, key);
    return step(s, DROP_ROW);
}

static int play_forget(void *context, uint8_t kind, struct slice from, struct slice to,
                       bool but_last)
{
    struct store *s = context;
    sqlite3_stmt *st = s->statement[DROP_SPAN];
    sqlite3_bind_int(st, 1, kind);
    bind_slice(st, 2, from);
    bind_slice(st, 3, to);
    sqlite3_bind_int(st, 4, but_last);
    return step(s, DROP_SPAN);
}

static int play_batch(void *context, const struct batch_row *row)
{
    struct store *s = context;
    if (row->number > s->playing.last_batch)
        s->playing.last_batch = row->number;
    enum statement which = row->fate == BATCH_GONE ? DROP_BATCH : PUT_BATCH;
    sqlite3_stmt *st = s->statement[which];
    sqlite3_bind_int64(st, 1, (int64_t)row->number);
    if (which == PUT_BATCH) {
        sqlite3_bind_int64(st, 2, (int64_t)row->lines);
        sqlite3_bind_int64(st, 3, (int64_t)row->readings);
        sqlite3_bind_int64(st, 4, (int64_t)row->bytes);
        sqlite3_bind_int(st, 5, (int)row->fate);
    }
    return step(s, which);
}

static int play_dead(void *context, const struct dead_letter *letter)
{
    struct store *s = context;
    sqlite3_stmt *st = s->statement[ADD_DEAD];
    sqlite3_bind_int64(st, 1, letter->at.ms);
    sqlite3_bind_text(st, 2, letter->source.at, (int)letter->source.len, SQLITE_STATIC);
    sqlite3_bind_text(st, 3, letter->reason.at, (int)letter->reason.len, SQLITE_STATIC);
    bind_slice(st, 4, letter->payload);
    sqlite3_bind_int64(st, 5, (int64_t)letter->readings);
    s->playing.dead_rows++;
    s->playing.dead_bytes += letter->payload.len;
    return step(s, ADD_DEAD);
}

/* Runs one of the two statements that take a letter away; it is there. */
static int drop_dead(struct store *s, enum statement which, uint64_t *counter)
{
    sqlite3_stmt *st = s->statement[which];
    int result = sqlite3_step(st);
    int err = result == SQLITE_DONE ? ERR_NOT_FOUND : result == SQLITE_ROW ? 0 : failure(s, result);
    if (!err) {
        s->playing.dead_rows--;
        s->playing.dead_bytes -= (uint64_t)sqlite3_column_int64(st, 0);
        ++*counter;
        result = sqlite3_step(st);
        err = result == SQLITE_DONE ? 0 : failure(s, result);
    }
    sqlite3_reset(st);
    return err;
}

/* A letter that is not there would be dealt with twice: the whole set must not be committed. */
static int play_end(void *context, uint64_t number, enum letter_end how)
{
    struct store *s = context;
    sqlite3_bind_int64(s->statement[DROP_DEAD], 1, (int64_t)number);
    return drop_dead(s, DROP_DEAD, &s->playing.dead_ended[how]);
}

/* Rows follow each other without a gap; a number that is taken already ends the process. */
static int play_audit(void *context, const struct audit_entry *entry)
{
    struct store *s = context;
    struct audit_head next = {.number = s->playing.audit.number + 1};
    int err = audit_hash(s->playing.audit.hash, next.number, entry, next.hash);
    if (err)
        return err;
    sqlite3_stmt *st = s->statement[ADD_AUDIT];
    sqlite3_bind_int64(st, 1, (int64_t)next.number);
    sqlite3_bind_int64(st, 2, entry->at.ms);
    sqlite3_bind_blob(st, 3, next.hash, DIGEST_BYTES, SQLITE_STATIC);
    for (int i = 0; i < AUDIT_TEXTS; i++)
        sqlite3_bind_text(st, 4 + i, entry->text[i].len ? entry->text[i].at : "",
                          (int)entry->text[i].len, SQLITE_STATIC);
    s->playing.audit = next;
    return step(s, ADD_AUDIT);
}

static int keep_bounds(struct store *s)
{
    int err = 0;
    while (!err && s->playing.dead_rows > 0 &&
           (s->playing.dead_rows > s->bounds.dead_rows ||
            s->playing.dead_bytes > s->bounds.dead_bytes))
        err = drop_dead(s, DROP_OLDEST_DEAD, &s->playing.dead_dropped);
    return err;
}

static int play_meta(struct store *s, const struct change_set *set)
{
    int err = put_meta_i64(s, "last_batch", (int64_t)s->playing.last_batch);
    if (!err)
        err = put_meta_i64(s, "dead_dropped", (int64_t)s->playing.dead_dropped);
    if (!err)
        err = put_meta_i64(s, "dead_purged", (int64_t)s->playing.dead_ended[LETTER_PURGED]);
    if (!err)
        err = put_meta_i64(s, "dead_requeued", (int64_t)s->playing.dead_ended[LETTER_REQUEUED]);
    if (!err && s->playing.audit.number != s->totals.audit.number) {
        err = put_meta_i64(s, "audit_last", (int64_t)s->playing.audit.number);
        if (!err)
            err = put_meta_bytes(s, "audit_hash", s->playing.audit.hash, DIGEST_BYTES);
    }
    if (!err && set->has_position)
        err = put_meta_i64(s, "intake_segment", (int64_t)set->position.number);
    if (!err && set->has_position)
        err = put_meta_i64(s, "intake_offset", (int64_t)set->position.offset);
    return err;
}

int store_commit(struct store *s, const struct change_set *set)
{
    const struct change_player player = {s,         play_put, play_drop,  play_batch,
                                         play_dead, play_end, play_audit, play_forget};
    s->playing = s->totals;
    int err = run_sql(s, "BEGIN IMMEDIATE");
    if (err)
        return err;
    err = change_set_play(set, &player);
    if (!err)
        err = keep_bounds(s);
    if (!err)
        err = play_meta(s, set);
    if (!err)
        s->playing.dead_oldest = (uint64_t)get_i64(s, OLDEST_DEAD);
    if (!err)
        err = run_sql(s, "COMMIT");
    if (err) {
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
        return err;
    }
    s->totals = s->playing;
    if (set->has_position)
        s->position = set->position;
    return 0;
}
