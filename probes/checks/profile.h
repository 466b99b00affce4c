/**
 * @file
 * Where the files are that describe a maker's equipment: profiles, one folder per type of check.
 *
 * A configuration names a shipped profile by its bare name, or one of its own by an absolute path.
 * What stands in a profile, and what it is made into, is the check's. The environment's
 * IOC_PROFILES, where set, is the folder of the shipped ones, for programs that are not installed.
 */
#ifndef CHECKS_PROFILE_H
#define CHECKS_PROFILE_H

#include "base/attr.h"
#include "base/slice.h"
#include "io/conf.h"
#include "io/file.h"

/** Longest key `profile`, with its NUL. */
#define PROFILE_NAME_MAX 256

/** Writes the file of profile @p name for checks of type @p type into @p ret_path: 0, ERR_SYNTAX (a
 * relative path or one that leads upwards) or ERR_TOO_LONG. */
int profile_path(const char *type, const char *name, char ret_path[FILE_PATH_MAX]) MUST_USE;

/** How the profiles of one type of check are read. */
struct profile_reader {
    const char *type;                    /**< of check */
    const struct conf_section *sections; /**< what may stand in the file */
    size_t len;                          /**< of these */
    size_t bytes;                        /**< of the object that they fill in */
    /** Makes the profile of what was read: 0 or ERR_*, then ret_profile is left as it is. */
    int (*take)(const void *object, void *ret_profile);
};

/** Reads the profile @p name: 0, or an error with its first mistake in @p ret_why. Blocks. */
int profile_read(const struct profile_reader *reader, const char *name, void *ret_profile,
                 char ret_why[FIELD_WHY_MAX]) MUST_USE;
/** The same from @p text. */
int profile_read_text(const struct profile_reader *reader, struct slice text, void *ret_profile,
                      char ret_why[FIELD_WHY_MAX]) MUST_USE;

#endif
