/**
 * @file
 * The folder where smsd of smstools puts messages that came: a file each, headers, an empty line,
 * the text.
 *
 * Read by a worker, a few files at a time; who sent them and what they mean is replies.h's.
 */
#ifndef SHELL_SMS_SPOOL_H
#define SHELL_SMS_SPOOL_H

#include "base/slice.h"
#include "io/file.h"
#include "io/loop.h"
#include "io/sms_dialog.h"

enum { SMS_SPOOL_FILES = 16, SMS_SPOOL_NAME_MAX = 128 };

struct sms_spool;

/** It was read; from the loop. It is the caller's again. */
typedef void sms_spool_done(struct sms_spool *spool);

/** One look; on the caller's heap, zeroed but for folder and context. */
struct sms_spool {
    char folder[FILE_PATH_MAX];                     /**< to look into */
    void *context;                                  /**< the caller's */
    struct sms_message message[SMS_SPOOL_FILES];    /**< what is there */
    char name[SMS_SPOOL_FILES][SMS_SPOOL_NAME_MAX]; /**< of their files */
    size_t len;                                     /**< how many */
    sms_spool_done *done;                           /**< see above */
};

/** Begins to look: 0 or an error. */
int sms_spool_read(struct loop *loop, struct sms_spool *spool, sms_spool_done *done) MUST_USE;
/** Reads the text of a file: sender and text, empty where they are missing. */
void sms_spool_parse(struct slice text, struct sms_message *ret_message);

#endif
