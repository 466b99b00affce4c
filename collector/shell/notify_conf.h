/**
 * @file
 * One target of pages as the rules file describes it: how to reach it.
 *
 * Whom a target is told of what is core/rules.h's; sending is shell/notify.h's.
 */
#ifndef SHELL_NOTIFY_CONF_H
#define SHELL_NOTIFY_CONF_H

#include "base/field.h"
#include "core/rules.h"

#include <stdint.h>

/** Kinds of targets. X(name, word, about) */
#define NOTIFY_KIND_MAP(X)                                                               \
    X(NOTIFY_WEBHOOK, "webhook", "A JSON object by POST; signed if there is a secret.")  \
    X(NOTIFY_ALERTMANAGER, "alertmanager", "Prometheus Alertmanager, API v2.")           \
    X(NOTIFY_PROGRAM, "program", "A program of yours; exit code 0 means told.")          \
    X(NOTIFY_SMSTOOLS, "smstools", "Files for smsd of smstools, one for each number.")   \
    X(NOTIFY_MODEM, "modem", "SMS by modems on serial lines that take AT commands.")     \
    X(NOTIFY_GATEWAY, "gateway", "SMS by an HTTP gateway, one request for each number.") \
    X(NOTIFY_PAGERDUTY, "pagerduty", "PagerDuty, Events API v2.")                        \
    X(NOTIFY_TELEGRAM, "telegram", "A chat of Telegram, by a bot.")                      \
    X(NOTIFY_MAIL, "mail", "A mail by SMTP, with TLS.")

/** Makes one enumerator. */
#define NOTIFY_KIND_ENUM(name, word, about) name,

/** See NOTIFY_KIND_MAP. */
enum notify_kind { NOTIFY_KIND_MAP(NOTIFY_KIND_ENUM) NOTIFY_KINDS };

#undef NOTIFY_KIND_ENUM

/** Names of variables in what is sent, for people. */
#define NOTIFY_VARIABLES "phone number sms vi en severity transition place id secret link"

/** Before a role of the rota, instead of a number. */
#define NOTIFY_ROTA "rota:"

/** A target as read. */
struct notify_conf {
    char name[RULE_NAME_MAX];     /**< unique */
    int least;                    /**< enum severity: nothing less grave */
    int64_t cap;                  /**< pages in each window, 0 = no bound */
    int64_t window_ms;            /**< see cap */
    bool recovery;                /**< is told of ends too */
    char fallback[RULE_NAME_MAX]; /**< told instead, "" = none */
    int64_t fallback_ms;          /**< after failing for so long */
    int64_t timeout_ms;           /**< of one try */
    enum notify_kind kind;        /**< which of the following count */
    char hours[16];               /**< "07:30-17:30": told then only, "" = always */
    int from_min;                 /**< of hours, by notify_conf_check() */
    int to_min;                   /**< of hours */
    char url[256];                /**< by HTTP: where to; gateway: with variables */
    char body[512];               /**< webhook, gateway: with variables, "" = the usual one */
    char content_type[64];        /**< of body, which is escaped accordingly */
    char expect[64];              /**< gateway: the answer has to hold this, "" = anything */
    char chat[64];                /**< telegram: id of the chat */
    char secret_file[256];        /**< webhook: of the signature; gateway: of {secret}; "" = none */
    char token_file[256];         /**< bearer token, "" = none */
    char ca_file[256];            /**< certificates to trust, "" = the system's */
    int64_t repeat_ms;            /**< alertmanager: how often it hears of what goes on */
    char program[256];            /**< program: its path */
    char folder[256];             /**< smstools: its outgoing folder */
    struct field_texts numbers;   /**< SMS: phone numbers, or NOTIFY_ROTA and a role */
    char from[64];                /**< mail: address of the sender */
    struct field_texts to;        /**< mail: addresses */
    char user[64];                /**< mail: who logs in, "" = nobody; the password is the secret */
    bool plain;                   /**< mail: without TLS */
    struct field_texts devices;   /**< modem: serial devices, the first is used first */
    int64_t baud;                 /**< modem: speed of the lines */
    int64_t send_ms;              /**< modem: until a message is the network's */
    int64_t look_ms;              /**< modem: how often replies are looked for, 0 = never */
};

/** Keys that every target has, and those of its kind; *ret_len of them. */
const struct field *notify_conf_common(size_t *ret_len);
const struct field *notify_conf_fields(enum notify_kind kind, size_t *ret_len); /**< see above */
const char *notify_conf_word(int kind);  /**< value of `type` */
const char *notify_conf_about(int kind); /**< for the manual */
/** True if the members fit together, which sets from_min and to_min; else a sentence in @p ret_why.
 */
bool notify_conf_check(struct notify_conf *conf, char ret_why[FIELD_WHY_MAX]);

#endif
