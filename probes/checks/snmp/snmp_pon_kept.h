/**
 * @file
 * Which ports of an OLT were down, and how many terminals each took along, as text that outlives a
 * restart of the probe (core/kept.h).
 *
 * Ports that were up are not kept: a port that is wholly dark at the first look counts as down
 * anyway (snmp_pon.h). So a port whose terminals came back only in part stays down across a
 * restart, instead of its outage ending with the probe. Pure.
 */
#ifndef SNMP_SNMP_PON_KEPT_H
#define SNMP_SNMP_PON_KEPT_H

#include "base/buf.h"
#include "base/slice.h"
#include "checks/snmp/snmp_pon.h"

/** Appends the ports that are down, nothing if none is. */
void snmp_pon_kept_write(const struct snmp_pon *pon, struct buf *out);
/** Reads what snmp_pon_kept_write() wrote into @p pon, which knows no port yet: 0, or ERR_CORRUPT
 * or ERR_NOMEM with none known. */
int snmp_pon_kept_read(struct slice text, struct snmp_pon *pon) MUST_USE;

#endif
