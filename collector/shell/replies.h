/**
 * @file
 * Replies to pages on their way in: what came to modems and to the spool of smstools, until it is
 * taken, recorded and stored.
 *
 * A message stays where it came from until the commit that holds what became of it, so a crash
 * costs none; whoever says the same twice has said it once. What a reply does is core/reply.h's.
 */
#ifndef SHELL_REPLIES_H
#define SHELL_REPLIES_H

#include "core/reply.h"
#include "io/loop.h"
#include "shell/audit.h"
#include "shell/notify.h"

enum { REPLIES_MAX = 32 };

/** What it needs; everything outlives it. */
struct replies_setup {
    struct loop *loop;              /**< it runs on */
    struct centre *centre;          /**< that replies act on */
    struct pager *pager;            /**< whose escalation they stop */
    const struct rota *rota;        /**< who may reply */
    void *context;                  /**< first argument of the following */
    bool (*settled)(void *context); /**< the memory may be changed now */
    void (*change)(void *context);  /**< it is about to be */
    void (*audit)(void *context, const struct audit_entry *entry); /**< with that change */
    /** Stored: the message at @p index of the modem on @p device may go. */
    void (*taken)(void *context, const char *device, uint32_t index);
};

struct replies;

/** 0 or ERR_NOMEM. */
int replies_open(const struct replies_setup *setup, struct replies **ret_replies) MUST_USE;
/** Forgets what waits. A worker that reads the spool ends by itself. Accepts NULL. */
void replies_close(struct replies *r);
/** From now on @p dial_code and @p spool (folder of smstools, "" = none) count. */
void replies_set(struct replies *r, const char *dial_code, const char *spool);
/** A message came to the modem on @p device. */
void replies_came(struct replies *r, const char *device, const struct sms_message *message);
/** Once a second: looks into the spool, takes what waits if the memory is settled. */
void replies_tick(struct replies *r);
/** A commit is done: what was taken may go. */
void replies_committed(struct replies *r);
/** Takes one SMS that came by an HTTP gateway, while the memory may be changed: 0 or ERR_NOMEM.
 * Whoever asked records it. */
int replies_take(struct replies *r, const char *number, struct slice text,
                 struct reply *ret_reply) MUST_USE;
/** How many replies there were since the start, by enum reply_result. */
const uint64_t *replies_counts(const struct replies *r);

#endif
