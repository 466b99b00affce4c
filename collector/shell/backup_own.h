/**
 * @file
 * What the making and the restoring of backups share; nobody else includes it.
 */
#ifndef SHELL_BACKUP_OWN_H
#define SHELL_BACKUP_OWN_H

#include "shell/backup.h"
#include "shell/store.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <sys/types.h>

#define BACKUP_TAIL_BYTES 64 /**< behind the SQLite file */

/** What stands in the tail. */
struct backup_tail {
    struct wall_ms at;                /**< time it was made */
    uint64_t bytes;                   /**< of the SQLite file */
    unsigned char id[STORE_ID_BYTES]; /**< of the store it was made of */
    uint32_t crc;                     /**< of the SQLite file */
};

/** Whose the files of a restored store are. */
struct backup_owner {
    uid_t user;  /**< its number */
    gid_t group; /**< its number */
    bool known;  /**< files are given away; only root can */
};

/** The owner of @p folder, or of the folder that it will be made in: 0 or an error. */
int backup_owner_find(const char *folder, struct backup_owner *ret_owner) MUST_USE;
/** Gives @p path and, if it is a folder, what lies directly in it to the owner: 0 or an error. */
int backup_owner_give(const struct backup_owner *owner, const char *path) MUST_USE;

/** Keeps a sentence for people and returns @p err. */
int backup_fail(struct backup_report *report, int err, const char *fmt, ...) PRINTF_LIKE(3, 4);
/** The same with SQLite's words. */
int backup_fail_sql(struct backup_report *report, sqlite3 *db, const char *doing);
/** Runs one statement: 0 or ERR_IO with a sentence. */
int backup_sql(struct backup_report *report, sqlite3 *db, const char *sql);
/** Reads the store's id: 0 or an error with a sentence. */
int backup_store_id(struct backup_report *report, sqlite3 *db, unsigned char id[STORE_ID_BYTES]);

/** Removes the files in a folder; one that is not there is empty. */
void backup_empty(const char *path);
/** CRC-32 of the next @p bytes of @p fd, copied to @p to_fd unless that is -1: 0 or an error. */
int backup_sum(int fd, uint64_t bytes, int to_fd, uint32_t *ret_crc) MUST_USE;
/** Appends the tail to @p fd: 0 or an error. */
int backup_tail_write(int fd, const struct backup_tail *tail) MUST_USE;
/** Reads the tail of a file of @p size bytes: 0, ERR_CORRUPT, ERR_IO. */
int backup_tail_read(int fd, uint64_t size, struct backup_tail *ret_tail) MUST_USE;

/** Notes in the store being restored that @p file is put in place now, and by whom: 0, or an error
 * with a sentence in @p report. */
int backup_act(struct backup_report *report, sqlite3 *db, const char *file) MUST_USE;

#endif
