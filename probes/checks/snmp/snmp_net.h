/**
 * @file
 * net-snmp's headers, which do not stand our warnings. Included by the sources around the library
 * only; nothing of ours is declared here.
 */
#ifndef SNMP_SNMP_NET_H
#define SNMP_SNMP_NET_H

#pragma GCC system_header

#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <net-snmp/library/keytools.h>
#include <net-snmp/library/large_fd_set.h>
#include <net-snmp/library/lcd_time.h>
#include <net-snmp/library/scapi.h>
#include <net-snmp/library/snmpusm.h>
#include <net-snmp/library/transform_oids.h>

#endif
