/**
 * @file
 * Stand-ins for what checks look at: a child process with a greeting TCP service, a small web
 * server and a name server, and ports that refuse or swallow what they get. Loopback only.
 *
 * It needs no loop of the code under test, so a loop that hangs is seen as hanging.
 */
#ifndef SUPPORT_STAND_IN_H
#define SUPPORT_STAND_IN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/** The ports, all on 127.0.0.1; storage of the caller. */
struct stand_in {
    pid_t child;       /**< serves the next three */
    uint16_t talker;   /**< TCP: says "220 ready\r\n", then returns what it is told */
    uint16_t web;      /**< HTTP: 200 "all is well"; /missing is 404; /slow never answers */
    uint16_t names;    /**< DNS over UDP: "www.test" has A 192.0.2.7 and AAAA fd00::7, ttl 60; names
                          that begin with "silent" get no reply, all others rcode 3 */
    uint16_t refusing; /**< TCP and UDP: nobody listens */
    uint16_t swallowing; /**< TCP: connects and says nothing; UDP: no reply */
    int held[4];         /**< descriptors that keep the last two so */
};

/** Starts all; fails the test if it cannot. */
void stand_in_open(struct stand_in *s);
/** Ends the child and frees the ports. */
void stand_in_close(struct stand_in *s);

/** In a network of one's own (server.h): whether echo requests are answered (IPv4 and IPv6). */
void stand_in_answer_echoes(bool answer);

#endif
