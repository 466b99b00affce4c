/**
 * @file
 * The file of the rota, read beside the rules that name it, with every mistake told at its place.
 */
#ifndef SHELL_ROTA_FILE_H
#define SHELL_ROTA_FILE_H

#include "core/rota.h"
#include "shell/rules_file.h"

/**
 * Reads the rota that @p rules name (none: nobody is on duty) into @p ret_rota, which is freed by
 * the caller whatever comes back; scopes have to be in @p inv, unless that is NULL, and every role
 * that a target names in the rota. Mistakes go to @p out, a line each. 0, ERR_SYNTAX, or an error
 * of reading.
 */
int rota_file_read(const struct rules_file *rules, int64_t zone_ms, const struct inventory *inv,
                   struct buf *out, struct rota *ret_rota) MUST_USE;

#endif
