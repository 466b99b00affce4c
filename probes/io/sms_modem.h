/**
 * @file
 * A modem on a serial line as a way for short messages, on the loop: sends one at a time, looks for
 * those that came.
 *
 * The line is open only while a job is done, and locked for so long, so that others (a check that
 * measures its signal) may use it in between; whoever comes second waits. What is said is
 * io/sms_dialog.h's. It tries nothing again: that, and which of two modems is used, is the
 * caller's.
 */
#ifndef IO_SMS_MODEM_H
#define IO_SMS_MODEM_H

#include "io/loop.h"
#include "io/sms_dialog.h"

struct sms_modem;

struct sms_send;

/** How sending ended: @p why is NULL if the network has it, else for people. */
typedef void sms_modem_sent(struct sms_send *send, const char *why);

/** One message to be sent; storage of the caller, zeroed but for the first five. */
struct sms_send {
    const char *number;    /**< as sms_dialog_send() wants it */
    const char *text;      /**< one SMS of ASCII */
    int64_t timeout_ms;    /**< from when the modem is free until the network has it */
    sms_modem_sent *sent;  /**< called once, from the loop */
    void *arg;             /**< the caller's */
    struct sms_send *next; /**< the modem's: behind it in the queue */
};

/** A message came. It stays in the modem, and comes again, until sms_modem_taken(). */
typedef void sms_modem_came(void *context, struct sms_modem *modem,
                            const struct sms_message *message);

/** What it needs; the loop outlives it, the path is copied. */
struct sms_modem_setup {
    struct loop *loop;    /**< it runs on */
    const char *device;   /**< path of the serial device */
    int64_t baud;         /**< of serial_baud_ok() */
    int64_t look_ms;      /**< how often to look for messages; 0 = never */
    void *context;        /**< first argument of came */
    sms_modem_came *came; /**< a message came; NULL with look_ms 0 */
};

/** 0 or ERR_NOMEM. Nothing is said to it yet. */
int sms_modem_open(const struct sms_modem_setup *setup, struct sms_modem **ret_modem) MUST_USE;
/** What is under way is let go of without a call. Accepts NULL. */
void sms_modem_close(struct sms_modem *m);
/** Its device. */
const char *sms_modem_device(const struct sms_modem *m);
/** Sends @p send, which stays where it is until its end, behind those that wait. */
void sms_modem_send(struct sms_modem *m, struct sms_send *send);
/** @p send is the caller's again and sent does not come; the network may have it nevertheless. */
void sms_modem_drop(struct sms_modem *m, struct sms_send *send);
/** The message at @p index may be deleted; it is looked at no more. */
void sms_modem_taken(struct sms_modem *m, uint32_t index);

#endif
