/**
 * @file
 * What the files of the notifier share; nobody else includes it.
 */
#ifndef SHELL_NOTIFY_OWN_H
#define SHELL_NOTIFY_OWN_H

#include "core/phone.h"
#include "io/mail.h"
#include "io/sms_modem.h"
#include "shell/notify.h"

enum {
    NOTIFY_SECRET_MAX = 256,
    NOTIFY_BODY_MAX = 16384,
    NOTIFY_REPEAT_MAX = 64, /**< alerts that are told again in one request */
    NOTIFY_HEADER_MAX = 160,
    NOTIFY_NUMBERS_MAX = 16, /**< phones that one page goes to */
    NOTIFY_DEVICES_MAX = 8   /**< modems of all targets */
};

/** One page on its way. On the heap, because a worker may hold it beyond its owner. */
struct notify_flight {
    struct notify *owner;                       /**< NULL once it is closed or the target changed */
    struct notify_conf conf;                    /**< of the target */
    char secret[NOTIFY_SECRET_MAX];             /**< "" = none */
    char token[NOTIFY_SECRET_MAX];              /**< "" = none */
    char centre[64];                            /**< id of this collector */
    char link[NOTIFY_LINK_MAX];                 /**< to acknowledge with, "" = none */
    size_t target;                              /**< its number */
    struct page page;                           /**< a copy */
    bool repeat;                                /**< no page: what goes on, told again */
    struct wall_ms left;                        /**< when it was sent off */
    struct buf body;                            /**< what is sent */
    struct http_call *call;                     /**< by HTTP, NULL otherwise */
    struct mail_call *mail;                     /**< by mail, NULL otherwise */
    struct page_outcome outcome;                /**< of a worker */
    char words[PAGE_ANSWER_MAX];                /**< of outcome */
    char number[NOTIFY_NUMBERS_MAX][PHONE_MAX]; /**< SMS: to be told yet */
    size_t numbers;                             /**< of number */
    size_t at;                                  /**< the one in hand */
    size_t missed;                              /**< of those before, that were not reached */
    size_t refused;                             /**< of those, that will be refused again */
    char told[PAGE_TOLD_MAX];                   /**< reached so far, with those of earlier tries */
    size_t device;                              /**< modem: which of conf.devices is used */
    size_t devices_tried;                       /**< modem: for the number in hand */
    struct sms_modem *modem;                    /**< that send waits at; NULL = none */
    struct sms_send send;                       /**< modem: the message in hand */
};

/** Starts a flight: 0, or an error, with a sentence in flight->words if there is more to say. */
typedef int notify_start(struct notify_flight *flight);

notify_start notify_webhook;      /**< kind webhook */
notify_start notify_alertmanager; /**< kind alertmanager */
notify_start notify_modem;        /**< kind modem */
notify_start notify_gateway;      /**< kind gateway */
notify_start notify_pagerduty;    /**< kind pagerduty */
notify_start notify_telegram;     /**< kind telegram */
notify_start notify_mail;         /**< kind mail */
/** Runs on the worker and fills in the outcome. */
void notify_program(struct notify_flight *flight);
void notify_smstools(struct notify_flight *flight); /**< see notify_program() */

/** What a response amounts to; @p words gets what stands in the outcome. */
struct page_outcome notify_judge(const struct http_response *r, const char *expect,
                                 char words[PAGE_ANSWER_MAX]);
/** Phones of whoever has @p role for @p area now: how many. */
size_t notify_duty(const struct notify *n, const char *role, const char *area,
                   char (*ret_phones)[PHONE_MAX], size_t max);
/** The client of the flight's owner. */
struct http_client *notify_client(const struct notify_flight *flight);
/** Its mail client. */
struct mail_client *notify_mailer(const struct notify_flight *flight);
/** The modem on @p device, NULL if there is none. */
struct sms_modem *notify_modem_of(const struct notify_flight *flight, const char *device);
/** The modem that worked last is the first for the next page. */
void notify_use_device(const struct notify_flight *flight, size_t device);
/** One more number has the page: the next commit says so. */
void notify_told(struct notify_flight *flight);
/** Nothing more is to be begun. */
bool notify_is_finishing(const struct notify_flight *flight);
/** The flight has ended; it is gone after that. */
void notify_landed(struct notify_flight *flight, const struct page_outcome *outcome);

/** Whom an SMS goes to: numbers of the target, roles as the rota has them now, without those that
 * have the page. False with a sentence in flight->words if nobody is left to be found. */
bool notify_find_numbers(struct notify_flight *flight);
/** Lets go of what waits at a modem. */
void notify_leave_modem(struct notify_flight *flight);

/** Appends the page as JSON: "webhook" and programs. */
void notify_write_json(const struct notify_flight *flight, struct buf *out);
/** Appends it as a list of one alert of Alertmanager's API v2. */
void notify_write_alert(const struct notify_flight *flight, struct buf *out);
/** Appends to its body up to NOTIFY_REPEAT_MAX of what goes on for the flight's target, from *@p
 * ret_at on, which is 0 behind the last, as a list of alerts; *ret_len of them. 0 or ERR_NOMEM. */
int notify_write_standing(struct notify_flight *flight, struct pager *pager, uint32_t *ret_at,
                          size_t *ret_len);
/** Appends it as an event of PagerDuty's API v2. */
void notify_write_event(const struct notify_flight *flight, struct buf *out);
/** Appends it as a message of Telegram's Bot API. */
void notify_write_message(const struct notify_flight *flight, struct buf *out);

#endif
