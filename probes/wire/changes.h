/**
 * @file
 * What the centre may change in a probe (topic `config`): which keys, and the form of the message,
 * as far as it can be judged without the probe's own file.
 *
 *     {"checks":{"icmp/core-1":{"interval":"5s","degraded_rtt_ms":100},
 *                "S2/tcp/ssh":{"target":"10.0.0.9:22"}}}
 *
 * Whether the probe has that check and that threshold, and whether values are in their range, is
 * the probe's to say (shell/remote_config.h).
 */
#ifndef WIRE_CHANGES_H
#define WIRE_CHANGES_H

#include "base/attr.h"
#include "base/slice.h"
#include "wire/reason.h"

#include <stdbool.h>
#include <stddef.h>

/** True for a key of a check that the centre may change: interval, timeout, ttl, target and
 * thresholds (`degraded_*`, `failed_*`); never paths, units or roles. */
bool changes_allowed(const char *key);
/**
 * Checks a whole message. 0; ERR_SYNTAX, ERR_TYPE, ERR_UNKNOWN, ERR_DENIED (a key that is the
 * probe's file's alone), ERR_RANGE or what wire/tree.h says, with a sentence in @p ret_why and in
 * *ret_at the byte of @p bytes where the mistake begins, 0 if it concerns all of it; or ERR_NOMEM.
 */
int changes_check(struct slice bytes, struct reason *ret_why, size_t *ret_at) MUST_USE;

#endif
