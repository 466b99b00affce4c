/**
 * @file
 * Backups of a collector: all that it knows and all that its database does not have yet, in one
 * file, made while it runs and put in place on a bare machine.
 *
 * A backup is one committed moment of the store with the batch files that wait at that moment, so
 * nothing that was acknowledged by then is missing. What stands in the intake log only is not
 * acknowledged, and not in it; configuration and inventory are files of their own. A restored store
 * has an id of its own, so files of the lost one are never taken for its own (DESIGN 4.2). It works
 * on files and talks to no collector; every call blocks.
 *
 * ## Format, version 1
 *
 * A SQLite file (the store with a further table `backup_batch (number INTEGER PRIMARY KEY, file
 * BLOB)`), then 64 bytes, all integers little endian:
 *
 *     0   8  magic "IOCBKUP1"
 *     8   8  time it was made, ms since 1970
 *     16  8  bytes of the SQLite file
 *     24  16 id of the store it was made of
 *     40  4  CRC-32 (as in gzip) of the SQLite file
 *     44  16 zeros
 *     60  4  CRC-32 of the 60 bytes before
 */
#ifndef SHELL_BACKUP_H
#define SHELL_BACKUP_H

#include "base/attr.h"
#include "base/instant.h"
#include "io/file.h"

#include <stdint.h>

/** Key and version of the row of kind ROW_RESTORED that a restored store has until its first
 * commit: version u8, when u64 (ms since 1970), then who (a user of the machine) and the backup's
 * file as buf_text() writes them. */
#define BACKUP_RESTORED_KEY "restored"

/** See BACKUP_RESTORED_KEY. */
enum { BACKUP_RESTORED_VERSION = 1 };

/** What was done, for people. */
struct backup_report {
    char file[FILE_PATH_MAX]; /**< the backup */
    struct wall_ms at;        /**< the moment it shows */
    uint64_t bytes;           /**< of the file */
    uint64_t batches;         /**< that wait for the database, in it */
    uint64_t missing;         /**< of these without their file: the disk had lost them before */
    char why[256];            /**< after a failure: what, and what to do */
};

/** Makes a backup of @p data_folder at @p to, a new file or a folder that exists: 0, or an error
 * with a sentence in the report. Nothing is left behind after an error. */
int backup_make(const char *data_folder, const char *to, struct backup_report *report) MUST_USE;
/** Puts the backup @p file in place in @p data_folder, which is made if it is missing and must hold
 * no store: 0, or an error with a sentence in the report and the folder as it was. Root gives all
 * of it to the owner of the folder, or of the one that it is made in: the service has to open it.
 */
int backup_restore(const char *file, const char *data_folder,
                   struct backup_report *report) MUST_USE;

#endif
