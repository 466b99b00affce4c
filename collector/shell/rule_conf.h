/**
 * @file
 * One rule of the file of rules: its keys, what each kind of condition has of its own, and taking
 * one over with every mistake told.
 *
 * Targets have to be known before; the file around it is rules_file.h's, what a rule means
 * core/rules.h's.
 */
#ifndef SHELL_RULE_CONF_H
#define SHELL_RULE_CONF_H

#include "core/inventory.h"
#include "core/rules.h"
#include "io/conf.h"

/** Keys of every rule, @p ret_len of them. */
const struct field *rule_conf_common(size_t *ret_len);
/** The conditions with keys of their own, @p ret_len of them, in the order of RULE_CONDITION_MAP.
 */
const struct conf_kind *rule_conf_kinds(size_t *ret_len);
/**
 * Appends the rule that @p item was read into to @p rules, which has room and its targets already;
 * areas and operators have to be in @p inv, unless that is NULL. Mistakes go to @p errors.
 */
void rule_conf_take(const struct conf_item *item, const struct inventory *inv, struct rules *rules,
                    struct conf_errors *errors);

#endif
