/**
 * @file
 * From our requests to net-snmp's and from its variables to our values.
 *
 * It touches no socket and no session. Only the sources around the library include it.
 */
#ifndef SNMP_SNMP_MESSAGE_H
#define SNMP_SNMP_MESSAGE_H

#include "checks/snmp/snmp_net.h"
#include "checks/snmp/snmp_poll.h"

/** A message for @p request, the library's to free; NULL if memory is out. */
netsnmp_pdu *snmp_message_of(const struct snmp_request *request);
/** The first message of version 3: it asks nothing but which engine is there (RFC 3414 section 4).
 * NULL if memory is out. */
netsnmp_pdu *snmp_message_discovery(void);
/** A variable's identifier (cut at SNMP_OID_MAX numbers) and value; its text points into @p from.
 */
void snmp_message_value(const netsnmp_variable_list *from, struct snmp_oid *ret_oid,
                        struct snmp_value *ret_value);

#endif
