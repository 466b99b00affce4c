/**
 * @file
 * `ioc-collector backup` and `restore`: what was done, in words and an exit code. How it is done is
 * backup.h's.
 */
#ifndef SHELL_BACKUP_COMMAND_H
#define SHELL_BACKUP_COMMAND_H

#include "base/attr.h"

/** Makes a backup of @p data_folder at @p to: 0, or 1 with the reason on stderr. */
int backup_command_make(const char *data_folder, const char *to) MUST_USE;
/** Puts the backup @p from in place in @p data_folder: 0, or 1 with the reason on stderr. */
int backup_command_restore(const char *data_folder, const char *from) MUST_USE;

#endif
