/**
 * @file
 * Short messages through a modem that takes AT commands, in text mode (3GPP TS 27.005): what to say
 * to it, and what its answers amount to.
 *
 * Pure: bytes in, bytes out. One job at a time: send one message, list those that came, delete one.
 * Text mode and not PDUs, because what is sent is one SMS of ASCII letters that count as one septet
 * each (whoever writes it sees to that), and what is read are replies of a word and a number, in
 * whatever alphabet (io/sms_ucs2.h). A card that asks for its PIN is told to people and gets none:
 * a wrong one, tried at each start, would lock it. A modem without a network says so at once. The
 * line, its deadline and a second modem are io/sms_modem.h's and its caller's.
 */
#ifndef IO_SMS_DIALOG_H
#define IO_SMS_DIALOG_H

#include "io/at_line.h"

#include <stdint.h>

enum {
    SMS_NUMBER_MAX = 24, /**< with the NUL */
    SMS_TEXT_MAX = 256,  /**< kept of a message, with the NUL */
    SMS_LIST_MAX = 8,    /**< messages of one list; the rest is in the next one */
    SMS_WHY_MAX = 96,    /**< why a job failed, for people */
};

/** One message that came. */
struct sms_message {
    uint32_t index;              /**< its place in the modem's memory */
    char number[SMS_NUMBER_MAX]; /**< of the sender, as the network tells it */
    char text[SMS_TEXT_MAX];     /**< beginning of it */
};

/** What a modem is to do. */
enum sms_job { SMS_JOB_SEND, SMS_JOB_LIST, SMS_JOB_DELETE };

/** What comes next. */
enum sms_next {
    SMS_WAITS,  /**< more has to come from the modem */
    SMS_SAYS,   /**< say has to be written to it */
    SMS_DONE,   /**< the job is done */
    SMS_FAILED, /**< the modem refused it: why */
};

/** One job; storage of the caller. */
struct sms_dialog {
    enum sms_job job;                      /**< in hand */
    size_t step;                           /**< of it */
    bool prompted;                         /**< the modem has asked for the text */
    bool numbered;                         /**< the network has given the message a number */
    bool served;                           /**< the modem says that it is in a network */
    bool lost;                             /**< it says that it is in none of a kind */
    struct at_line line;                   /**< what it is saying */
    char command[64];                      /**< of the job */
    char text[SMS_TEXT_MAX];               /**< to be sent */
    char say[SMS_TEXT_MAX + 2];            /**< to be written now */
    struct sms_message list[SMS_LIST_MAX]; /**< SMS_JOB_LIST: what came */
    size_t len;                            /**< of list */
    bool open;                             /**< the last of list still grows */
    char why[SMS_WHY_MAX];                 /**< after SMS_FAILED */
};

/** Begins to send @p text (cut to one SMS of 160) to @p number (digits; with a country's code if
 * longer than a short code and not beginning with 0); say has to be written. */
void sms_dialog_send(struct sms_dialog *d, const char *number, const char *text);
/** Begins to list what came; say has to be written. */
void sms_dialog_list(struct sms_dialog *d);
/** Begins to delete the message at @p index; say has to be written. */
void sms_dialog_delete(struct sms_dialog *d, uint32_t index);
/** Takes what the modem said; what stands behind an SMS_SAYS is no answer to it and is dropped. */
enum sms_next sms_dialog_feed(struct sms_dialog *d, struct slice bytes);

#endif
