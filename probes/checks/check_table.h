/**
 * @file
 * The list of all types of check, and the only place that names them all.
 */
#ifndef CHECKS_CHECK_TABLE_H
#define CHECKS_CHECK_TABLE_H

#include "checks/check.h"

/** Most types: room for check_table_kinds(). */
#define CHECK_TABLE_MAX 16

/** All types; @p ret_n is how many, at most CHECK_TABLE_MAX. Static storage. */
const struct check_type *const *check_table(size_t *ret_n);
/** The type called @p name, or NULL. */
const struct check_type *check_table_find(struct slice name);
/** The types as the kinds of a list section of io/conf.h, whose common keys are
 * check_common_fields(); returns how many. */
size_t check_table_kinds(struct conf_kind ret_kinds[CHECK_TABLE_MAX]);

#endif
