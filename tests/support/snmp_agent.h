/**
 * @file
 * The real snmpd for tests of the snmp check, with values that a test writes down: a program beside
 * it plays them by snmpd's pass_persist (snmpd.conf(5)). The player is the test itself, started
 * again.
 */
#ifndef SUPPORT_SNMP_AGENT_H
#define SUPPORT_SNMP_AGENT_H

#include "folder.h"

#include <stdint.h>
#include <sys/types.h>

/** User of version 3, SHA-256 and AES, and the passwords. */
#define SNMP_AGENT_USER "ops"
#define SNMP_AGENT_AUTH "authentic-12"
#define SNMP_AGENT_PRIVACY "private-12"

/** One agent; the community is "public". */
struct snmp_agent {
    uint16_t port;                /**< UDP on 127.0.0.1 */
    pid_t pid;                    /**< of snmpd */
    char folder[FOLDER_PATH_MAX]; /**< of its files */
};

/** If the test was started as a player, plays and does not return. First in main(). */
void snmp_agent_play(int argc, char *argv[]);
/** Starts it and waits until it listens. Needs server_namespace(). */
void snmp_agent_open(struct snmp_agent *agent, uint16_t port);
/** What it plays from now on: lines "OID TYPE VALUE" in the order of a walk, the types being
 * snmpd's: integer, gauge, counter, counter64, timeticks, string, objectid. */
void snmp_agent_values(const struct snmp_agent *agent, const char *lines);
/** Ends it and starts it again: its clock begins anew. */
void snmp_agent_restart(struct snmp_agent *agent);
/** Ends it and removes its files. */
void snmp_agent_close(struct snmp_agent *agent);

#endif
