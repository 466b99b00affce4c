/**
 * @file
 * A way with known faults for tests of the stamp check: a child process that carries packets to a
 * reflector and back, late, twice, out of order or not at all, by the packets' own numbers.
 */
#ifndef SUPPORT_STAMP_RELAY_H
#define SUPPORT_STAMP_RELAY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/** What the way does. Of each ten numbers one may be lost there, one late there, one doubled back:
 * -1 = none. */
struct stamp_way {
    uint16_t to;       /**< port of the reflector on 127.0.0.1 */
    int there_ms;      /**< delay there */
    int back_ms;       /**< delay back */
    int lost;          /**< last digit of the numbers that are lost there */
    int late;          /**< last digit of those that take late_ms longer there */
    int late_ms;       /**< see late */
    int doubled;       /**< last digit of those whose answers come twice */
    bool both;         /**< the rest is done, too: */
    int lost_back;     /**< last digit of those whose answers are lost */
    int doubled_there; /**< last digit of those that reach the reflector twice */
    bool forged;       /**< every answer is followed by one with another sender's time */
    bool spoilt;       /**< the last byte of every answer is turned round */
};

/** A running one. */
struct stamp_relay {
    uint16_t port; /**< on 127.0.0.1, to send to */
    pid_t pid;     /**< of the child */
};

/** Starts it; it listens when this returns. One sender at a time. */
void stamp_relay_open(struct stamp_relay *relay, const struct stamp_way *way);
/** Ends it. */
void stamp_relay_close(struct stamp_relay *relay);

#endif
