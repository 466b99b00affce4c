/**
 * @file
 * A modem with a SIM behind a pseudo-terminal: takes short messages in text mode, keeps those that
 * came, or misbehaves as ordered. For tests in C as a child process, for others as a program.
 *
 * Orders, a line each: "sms NUMBER TEXT" (a message comes), "mode WORD" with well, refuse (the
 * network takes nothing), silent (it hangs), mute (it takes the text and says no more), pin
 * (the card wants its PIN), lost (no network), chatty (echo, calls and new messages in between),
 * slow (the network has the text, and the modem says so only once it is in another mode).
 * What it tells: "sent NUMBER TEXT", "deleted INDEX".
 */
#ifndef SUPPORT_GSM_MODEM_H
#define SUPPORT_GSM_MODEM_H

#include <stdbool.h>
#include <sys/types.h>

enum { GSM_MODEM_LINE_MAX = 320 };

/** Storage of the caller. */
struct gsm_modem {
    pid_t child;      /**< the modem */
    int orders;       /**< to it */
    int tells;        /**< from it */
    char device[256]; /**< link to its serial line */
};

/** Plays it on a new line that the link @p device leads to, until @p orders ends. Does not return.
 */
_Noreturn void gsm_modem_live(const char *device, int orders, int tells);
/** Starts it as a child; its line is at @p device from then on. */
void gsm_modem_open(struct gsm_modem *modem, const char *device);
/** Gives an order. */
void gsm_modem_order(const struct gsm_modem *modem, const char *order);
/** True if a line that it tells is at hand. */
bool gsm_modem_has_told(const struct gsm_modem *modem);
/** The next line that it tells, within 10 s, into @p line of GSM_MODEM_LINE_MAX. */
void gsm_modem_told(const struct gsm_modem *modem, char *line);
/** Ends it. */
void gsm_modem_close(struct gsm_modem *modem);

#endif
