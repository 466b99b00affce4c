/**
 * @file
 * A cellular modem as a child process behind a pseudo-terminal: it plays the transcript of a 4G
 * module that echoes and speaks unasked, or misbehaves as ordered.
 */
#ifndef SUPPORT_AT_MODEM_H
#define SUPPORT_AT_MODEM_H

#include <stdbool.h>
#include <sys/types.h>

/** How it answers. */
enum at_modem_mode {
    AT_MODEM_WELL,       /**< 4G of 45204, RSRP -61 dBm */
    AT_MODEM_CHOPPED,    /**< the same, a byte at a time */
    AT_MODEM_OLD,        /**< 3G; refuses what an old modem does not know, nothing quoted */
    AT_MODEM_NSA,        /**< 5G beside 4G, nine fields of +CESQ */
    AT_MODEM_NO_SERVICE, /**< searches */
    AT_MODEM_DENIED,     /**< the network refuses it */
    AT_MODEM_SILENT,     /**< hangs */
    AT_MODEM_VANISHES,   /**< is pulled out in the middle of an answer */
};

/** Storage of the caller. */
struct at_modem {
    pid_t child;     /**< the modem */
    char serial[64]; /**< path of the line's other end */
    int held;        /**< keeps the line's other end open; -1 if it may vanish */
};

/** Starts it. */
void at_modem_open(struct at_modem *modem, enum at_modem_mode mode);
/** Ends it. */
void at_modem_close(struct at_modem *modem);

#endif
