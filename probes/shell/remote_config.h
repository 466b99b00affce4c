/**
 * @file
 * What the centre may change in a running probe: intervals, targets and thresholds of checks that
 * the local file has (DESIGN section 3, topic `config`).
 *
 *     {"checks":{"icmp/core-1":{"interval":"5s","degraded_rtt_ms":100},
 *                "S2/tcp/ssh":{"target":"10.0.0.9:22"}}}
 *
 * Keys are `interval`, `timeout`, `ttl`, `target` and the type's `degraded_*` and `failed_*`;
 * values are written as in the file. Never paths, units, roles, or checks that the file does not
 * have: a technician's file says what a probe looks at and for whom.
 */
#ifndef SHELL_REMOTE_CONFIG_H
#define SHELL_REMOTE_CONFIG_H

#include "shell/probe_config.h"
#include "wire/reason.h"

/**
 * Changes @p config as @p bytes say. 0; ERR_SYNTAX, ERR_TYPE, ERR_UNKNOWN (check or key),
 * ERR_DENIED (a key that is the file's alone), ERR_RANGE and what field_set() and wire/tree.h say,
 * with a sentence in @p ret_why; @p config may be changed in part then and is not to be used.
 */
int remote_config_apply(struct probe_config *config, struct slice bytes,
                        struct reason *ret_why) MUST_USE;

#endif
