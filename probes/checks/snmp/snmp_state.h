/**
 * @file
 * One state of a profile's row as people write it: `5=degraded on battery`.
 *
 * Pure text: number, equals sign, one of the levels, and words for people where the row's name does
 * not say enough.
 */
#ifndef SNMP_SNMP_STATE_H
#define SNMP_SNMP_STATE_H

#include "checks/snmp/snmp_profile.h"

/** Reads @p text: 0, ERR_SYNTAX, ERR_UNKNOWN (no such level), ERR_TOO_LONG or ERR_RANGE. */
int snmp_state_read(struct slice text, struct snmp_state *ret_state) MUST_USE;

#endif
