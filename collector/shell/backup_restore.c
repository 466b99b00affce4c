#include "shell/backup_own.h"

#include "base/err.h"
#include "shell/batch.h"
#include "shell/store_column.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

/* One restore on its way: everything is made beside the place and put there at the end. */
struct restoring {
    struct backup_report *report;
    const char *folder;
    char store[FILE_PATH_MAX];   /* where the store goes */
    char batches[FILE_PATH_MAX]; /* where the batches go */
    char part[FILE_PATH_MAX];    /* the store, until it is whole */
    struct batch_folder new_batches;
    char new_path[FILE_PATH_MAX];
    struct backup_tail tail;
    struct backup_owner owner;
    sqlite3 *db;
};

static bool has_files(const char *folder, const char *end)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    bool found = false;
    while (dir && !found && (entry = readdir(dir))) {
        size_t len = strlen(entry->d_name);
        found = len > strlen(end) && strcmp(entry->d_name + len - strlen(end), end) == 0;
    }
    if (dir)
        closedir(dir);
    return found;
}

/* What stands there is somebody's: nothing is ever overwritten. */
static int check_place(struct restoring *r)
{
    char intake[FILE_PATH_MAX];
    int err = file_join(intake, r->folder, "intake");
    if (!err && access(r->store, F_OK) == 0)
        return backup_fail(
            r->report, ERR_EXISTS,
            "%s is there already: nothing is overwritten; move the folder away first", r->store);
    if (!err && (has_files(r->batches, ".batch") || has_files(intake, ".seg")))
        return backup_fail(
            r->report, ERR_EXISTS,
            "%s holds batches or messages of another store; move the folder away first", r->folder);
    return err;
}

static int choose_paths(struct restoring *r)
{
    int err = file_join(r->store, r->folder, "store.db");
    if (!err)
        err = file_join(r->batches, r->folder, "batches");
    if (!err)
        err = file_join(r->part, r->folder, "restore.part");
    if (!err)
        err = file_join(r->new_path, r->folder, "restore.batches");
    r->new_batches.path = r->new_path;
    return err ? backup_fail(r->report, err, "%s: %s", r->folder, err_text(err)) : 0;
}

/* Copies the SQLite file out of the backup, checking every byte. */
static int unpack(struct restoring *r, const char *file)
{
    struct stat facts = {0};
    uint32_t crc = 0;
    int from = open(file, O_RDONLY | O_CLOEXEC);
    int err = from < 0 || fstat(from, &facts) != 0 ? err_from_errno(errno) : 0;
    if (err)
        return backup_fail(r->report, err, "%s: %s", file, err_text(err));
    r->report->bytes = (uint64_t)facts.st_size;
    err = backup_tail_read(from, r->report->bytes, &r->tail);
    int to = err ? -1 : open(r->part, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    if (!err && to < 0)
        err = err_from_errno(errno);
    if (!err)
        err = backup_sum(from, r->tail.bytes, to, &crc);
    if (!err && crc != r->tail.crc)
        err = ERR_CORRUPT;
    close(from);
    if (to >= 0)
        close(to);
    if (err == ERR_CORRUPT)
        return backup_fail(r->report, err, "%s is damaged or no backup; take another one", file);
    return err ? backup_fail(r->report, err, "%s: %s", r->folder, err_text(err)) : 0;
}

static int check_store(struct restoring *r)
{
    sqlite3_stmt *st = NULL;
    unsigned char id[STORE_ID_BYTES];
    if (sqlite3_open_v2(r->part, &r->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
        SQLITE_OK)
        return backup_fail_sql(r->report, r->db, r->part);
    bool sound = sqlite3_prepare_v2(r->db, "PRAGMA integrity_check", -1, &st, NULL) == SQLITE_OK &&
                 sqlite3_step(st) == SQLITE_ROW &&
                 strcmp((const char *)sqlite3_column_text(st, 0), "ok") == 0;
    sqlite3_finalize(st);
    if (!sound)
        return backup_fail(r->report, ERR_CORRUPT,
                           "the store in the backup is damaged: %s; take another one",
                           sqlite3_errmsg(r->db));
    int err = backup_sql(r->report, r->db, "PRAGMA journal_mode = MEMORY");
    if (!err)
        err = backup_store_id(r->report, r->db, id);
    if (!err && memcmp(id, r->tail.id, sizeof id) != 0)
        err = backup_fail(r->report, ERR_CORRUPT, "the backup contradicts itself about its store");
    return err;
}

/* A new life: files of the lost one can never be taken for its own. */
static int give_id(struct restoring *r)
{
    static const char sql[] = "UPDATE meta SET value = ?1 WHERE key = 'store_id'";
    sqlite3_stmt *st = NULL;
    unsigned char *id = r->new_batches.id;
    if (getrandom(id, STORE_ID_BYTES, 0) != STORE_ID_BYTES)
        return backup_fail(r->report, ERR_IO, "no random numbers");
    bool done = sqlite3_prepare_v2(r->db, sql, -1, &st, NULL) == SQLITE_OK &&
                sqlite3_bind_blob(st, 1, id, STORE_ID_BYTES, SQLITE_STATIC) == SQLITE_OK &&
                sqlite3_step(st) == SQLITE_DONE;
    sqlite3_finalize(st);
    return done ? 0 : backup_fail_sql(r->report, r->db, "giving the store its id");
}

static int put_batches(struct restoring *r)
{
    static const char sql[] = "SELECT batch.number, file FROM batch LEFT JOIN backup_batch USING "
                              "(number) ORDER BY batch.number";
    sqlite3_stmt *st = NULL;
    int err = 0;
    if (sqlite3_prepare_v2(r->db, sql, -1, &st, NULL) != SQLITE_OK)
        return backup_fail_sql(r->report, r->db, "reading the batches");
    while (!err && sqlite3_step(st) == SQLITE_ROW) {
        uint64_t number = (uint64_t)sqlite3_column_int64(st, 0);
        struct slice file = store_column(st, 1);
        if (!file.at) {
            r->report->missing++;
            continue;
        }
        err = batch_adopt(&r->new_batches, number, file);
        if (err)
            backup_fail(r->report, err, "batch %llu: %s", (unsigned long long)number,
                        err_text(err));
        r->report->batches += !err;
    }
    sqlite3_finalize(st);
    return err;
}

static int close_store(struct restoring *r)
{
    int err = backup_sql(r->report, r->db, "DROP TABLE backup_batch; VACUUM");
    if (sqlite3_close(r->db) != SQLITE_OK && !err)
        err = backup_fail(r->report, ERR_IO, "%s could not be closed", r->part);
    r->db = NULL;
    return err;
}

/* The batches first: a store without them would count them as lost. */
static int put_in_place(struct restoring *r)
{
    int err = backup_owner_give(&r->owner, r->part);
    if (!err)
        err = backup_owner_give(&r->owner, r->new_path);
    if (!err && rmdir(r->batches) != 0 && errno != ENOENT)
        err = err_from_errno(errno);
    if (!err && rename(r->new_path, r->batches) != 0)
        err = err_from_errno(errno);
    if (!err)
        err = file_sync_folder(r->folder);
    if (!err && rename(r->part, r->store) != 0)
        err = err_from_errno(errno);
    if (!err)
        err = file_sync_folder(r->folder);
    return err ? backup_fail(r->report, err, "%s: %s", r->folder, err_text(err)) : 0;
}

static int restore(struct restoring *r, const char *file)
{
    backup_empty(r->new_path); /* of a restore that was broken off */
    int err = file_make_folder(r->new_path);
    if (err)
        return backup_fail(r->report, err, "%s: %s", r->new_path, err_text(err));
    err = unpack(r, file);
    if (!err)
        err = check_store(r);
    if (!err)
        err = give_id(r);
    if (!err)
        err = put_batches(r);
    if (!err)
        err = backup_act(r->report, r->db, file);
    if (!err)
        err = close_store(r);
    if (!err)
        err = put_in_place(r);
    sqlite3_close(r->db);
    return err;
}

static void clean_up(struct restoring *r)
{
    backup_empty(r->new_path);
    (void)rmdir(r->new_path);
    (void)unlink(r->part);
}

/* Whoever restores as root does so for the service, which has to open what it finds. */
static int give_place(struct restoring *r, const char *lock)
{
    int err = backup_owner_give(&r->owner, lock);
    return err ? err : backup_owner_give(&r->owner, r->folder);
}

int backup_restore(const char *file, const char *data_folder, struct backup_report *report)
{
    struct restoring r = {.report = report, .folder = data_folder};
    char lock_path[FILE_PATH_MAX];
    int lock = -1;
    *report = (struct backup_report){0};
    snprintf(report->file, sizeof report->file, "%s", file);
    int err = choose_paths(&r);
    if (!err)
        err = backup_owner_find(data_folder, &r.owner);
    if (!err)
        err = file_make_folder(data_folder);
    if (!err)
        err = file_join(lock_path, data_folder, "lock");
    if (!err)
        err = file_lock(lock_path, &lock);
    if (!err)
        err = give_place(&r, lock_path);
    if (err && !report->why[0])
        backup_fail(report, err, "%s: %s; is a collector running on it?", data_folder,
                    err_text(err));
    if (!err)
        err = check_place(&r);
    if (!err) {
        err = restore(&r, file);
        if (err)
            clean_up(&r);
    }
    if (lock >= 0)
        file_unlock(lock);
    report->at = r.tail.at;
    return err;
}
