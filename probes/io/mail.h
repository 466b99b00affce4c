/**
 * @file
 * Mails on the loop, by libcurl's multi interface: one message to a server of SMTP (RFC 5321), with
 * TLS from the start (smtps://) or by STARTTLS (smtp://).
 *
 * Certificates are verified; names are resolved by io/dns.h, as everywhere. It sends what it is
 * given: writing a message is the caller's.
 */
#ifndef IO_MAIL_H
#define IO_MAIL_H

#include "base/attr.h"
#include "base/slice.h"
#include "io/dns.h"
#include "io/loop.h"

enum { MAIL_TO_MAX = 16 };

/** What to send; texts are copied or used during mail_send() only, the message is copied. */
struct mail_request {
    const char *url;             /**< smtp:// or smtps://, host, perhaps a port */
    bool plain;                  /**< smtp:// without TLS: for a server on this machine */
    const char *user;            /**< NULL = nobody logs in */
    const char *password;        /**< of user */
    const char *ca_file;         /**< PEM; NULL = the system's */
    const char *from;            /**< address alone */
    const char *to[MAIL_TO_MAX]; /**< addresses alone */
    size_t to_len;               /**< of to */
    struct slice message;        /**< headers and text with CRLF (RFC 5322) */
    int64_t timeout_ms;          /**< for all of it */
};

/** How it ended; valid during the callback. */
struct mail_result {
    bool taken;    /**< the server has it, for every address */
    int status;    /**< last reply of the server, such as 550; 0 = none */
    char why[160]; /**< for people, if not taken */
};

typedef void mail_done(void *arg, const struct mail_result *result); /**< see mail_send() */

struct mail_client;
struct mail_call;

/** 0, ERR_NOMEM or ERR_LIBRARY. @p dns must outlive it. */
int mail_client_open(struct loop *loop, struct dns *dns, struct mail_client **ret_client) MUST_USE;
/** Every call must have ended or been cancelled. Accepts NULL. */
void mail_client_close(struct mail_client *client);
/** Starts to send; @p done comes once, from the loop, never from inside this call: 0, ERR_NOMEM,
 * ERR_SYNTAX (the URL) or ERR_LIBRARY. */
int mail_send(struct mail_client *client, const struct mail_request *q, mail_done *done, void *arg,
              struct mail_call **ret_call) MUST_USE;
/** The callback does not come; the server may have it nevertheless. Accepts NULL. */
void mail_cancel(struct mail_call *call);

#endif
