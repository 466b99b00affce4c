/**
 * @file
 * The way to an agent for one run, by net-snmp on the loop: one session, one request at a time.
 *
 * The library repeats what is not answered and drops answers to other requests; nothing here
 * blocks, so a slow agent delays nobody. With version 3 the agent's engine is asked for first
 * (RFC 3414 section 4), in the same way. When to give up is the check's deadline.
 */
#ifndef SNMP_SNMP_LINK_H
#define SNMP_SNMP_LINK_H

#include "checks/snmp/snmp_poll.h"
#include "checks/snmp/snmp_secret.h"
#include "io/dns.h"
#include "io/loop.h"

/** Longest engine id (RFC 3411 section 5). */
#define SNMP_LINK_ENGINE_MAX 32

/** What happened; told from the loop, never from within a call. */
enum snmp_event {
    SNMP_EVENT_READY,    /**< requests may be asked */
    SNMP_EVENT_ANSWERED, /**< the answer's values were handed over */
    SNMP_EVENT_REFUSED,  /**< the agent refused the request: status is RFC 3416's */
    SNMP_EVENT_SILENT,   /**< no answer to any repetition */
    SNMP_EVENT_DENIED,   /**< user, key or clock is not accepted: link->why says which */
};

typedef void snmp_link_event_fn(void *arg, enum snmp_event event,
                                int status); /**< see snmp_event */
/** One variable of an answer, in its order; valid during the call. */
typedef void snmp_link_value_fn(void *arg, const struct snmp_oid *oid,
                                const struct snmp_value *value);

/** Whom to ask, how patiently, and whom to tell. */
struct snmp_way {
    struct dns_address address;       /**< of the agent, with port */
    const struct snmp_secret *secret; /**< outlives the link */
    int64_t retry_after_ms;           /**< between repetitions */
    int64_t retries;                  /**< repetitions */
    snmp_link_event_fn *event;        /**< told what happened */
    snmp_link_value_fn *value;        /**< given values */
    void *arg;                        /**< their argument */
};

/** An engine that was met, to forget its keys when another takes its place. */
struct snmp_engine {
    size_t len;                             /**< 0 = none */
    unsigned char id[SNMP_LINK_ENGINE_MAX]; /**< its id */
};

/** Storage of the caller; zeroed before the first use, read only. */
struct snmp_link {
    struct snmp_way way;       /**< as started */
    void *session;             /**< net-snmp's, NULL = none */
    struct loop_poll *poll;    /**< its socket */
    struct loop_timer *timer;  /**< its repetitions */
    bool discovering;          /**< the engine is being asked for */
    int happened;              /**< event to tell once the library has returned; -1 = none */
    int status;                /**< of a refusal */
    const char *why;           /**< of a denial; static storage */
    struct snmp_engine engine; /**< the last one met; kept from run to run */
};

/** Begins: 0, ERR_NOMEM or ERR_LIBRARY. The first event comes later. */
int snmp_link_start(struct snmp_link *link, struct loop *loop, const struct snmp_way *way) MUST_USE;
/** Sends a request on a link that is ready and has none under way: 0 or ERR_LIBRARY. */
int snmp_link_ask(struct snmp_link *link, const struct snmp_request *request) MUST_USE;
/** Closes everything but engine. Idempotent. */
void snmp_link_end(struct snmp_link *link);
/** Forgets the engine and its keys as well. */
void snmp_link_forget(struct snmp_link *link);

#endif
