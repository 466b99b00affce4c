/**
 * @file
 * What the checks of this machine's network ports share: the names of ports, and one that is
 * missing.
 */
#ifndef CHECKS_CHECK_PORT_H
#define CHECKS_CHECK_PORT_H

#include "checks/check.h"

/** True if the target may be the name of an interface; else a sentence in @p ret_why. */
bool check_port_name_ok(const struct check_common *common, char ret_why[FIELD_WHY_MAX]);
/** Reads the number in @p file of the target's folder below /sys/class/net; false if there is none:
 * files that the driver cannot answer count as missing. */
bool check_port_number(struct check *check, const char *file, struct buf *text, int64_t *ret_value);
/** Judges a target that is not there: failed; unknown if there is no folder of interfaces at all.
 */
void check_port_missing(struct check *check);

#endif
