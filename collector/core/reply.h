/**
 * @file
 * Answers to pages: somebody says in an SMS, or by a link, that he takes an outage on.
 *
 * Only a number of the rota is heard. What is done is the same act as on the API
 * (core/outage_case.h), and stops the escalation. How messages come in, and the record of who said
 * what, is the shell's.
 */
#ifndef CORE_REPLY_H
#define CORE_REPLY_H

#include "core/pager.h"
#include "core/rota.h"

/** What becomes of a reply. X(name, word on the API and in counters) */
#define REPLY_RESULT_MAP(X)              \
    X(REPLY_TAKEN, "taken")              \
    X(REPLY_AGAIN, "again")              \
    X(REPLY_STRANGER, "stranger")        \
    X(REPLY_UNREADABLE, "unreadable")    \
    X(REPLY_NO_OUTAGE, "no_such_outage") \
    X(REPLY_REFUSED, "refused")

/** Makes one enumerator of a row. */
#define REPLY_ENUM(name, word) name,

/** See REPLY_RESULT_MAP: acknowledged; acknowledged before; the number is not on the
 * rota; not of the form; there is none of that number; it cannot be acknowledged any more. */
enum reply_result { REPLY_RESULT_MAP(REPLY_ENUM) REPLY_RESULTS };

#undef REPLY_ENUM

/** A reply and what came of it. */
struct reply {
    enum reply_result result;     /**< see above */
    uint64_t number;              /**< of the outage meant, 0 = none */
    char person[ROTA_PERSON_MAX]; /**< who, "" = a stranger */
};

/** Word of a result; "" if out of range. */
const char *reply_result_word(int result);
/** Reads "TN 1042", also with SC before the number, in small letters, or with words behind it. */
bool reply_read(struct slice text, uint64_t *ret_number);
/** @p by takes on outage @p number: what becomes of it, or ERR_NOMEM in *ret_err. Goes with the
 * next commit. O(outages) */
enum reply_result reply_acknowledge(struct centre *c, struct pager *p, uint64_t number,
                                    const char *by, struct wall_ms now, int *ret_err);
/** Takes the SMS @p text of @p phone (as phone_read() writes it): 0 or ERR_NOMEM. Goes with the
 * next commit. O(outages) */
int reply_take(struct centre *c, struct pager *p, const struct rota *rota, const char *phone,
               struct slice text, struct wall_ms now, struct reply *ret_reply) MUST_USE;

#endif
