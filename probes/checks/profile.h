/**
 * @file
 * Where the files are that describe a maker's equipment: profiles, one folder per type of check.
 *
 * A configuration names a shipped profile by its bare name, or one of its own by an absolute path.
 * What stands in a profile is the check's. The environment's IOC_PROFILES, where set, is the folder
 * of the shipped ones, for programs that are not installed.
 */
#ifndef CHECKS_PROFILE_H
#define CHECKS_PROFILE_H

#include "base/attr.h"
#include "io/file.h"

/** Longest key `profile`, with its NUL. */
#define PROFILE_NAME_MAX 256

/** Writes the file of profile @p name for checks of type @p type into @p ret_path: 0, ERR_SYNTAX (a
 * relative path or one that leads upwards) or ERR_TOO_LONG. */
int profile_path(const char *type, const char *name, char ret_path[FILE_PATH_MAX]) MUST_USE;

#endif
