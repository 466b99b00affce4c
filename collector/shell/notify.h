/**
 * @file
 * The way out of pages: takes what is due from the pager's box, brings it to its target and says
 * what came back.
 *
 * It decides nothing (core/page_box.h does): one page at a time to each target, in order. A page
 * leaves only after the commit that made it: call notify_pump() while the memory is settled. Each
 * kind of target is one row of a table. Files and programs are a worker's work, one at a time, so
 * that commits always find a free one.
 */
#ifndef SHELL_NOTIFY_H
#define SHELL_NOTIFY_H

#include "core/pager.h"
#include "core/rota.h"
#include "io/http_client.h"
#include "io/sms_dialog.h"
#include "shell/ack_link.h"
#include "shell/rules_file.h"

/** Longest link of a page, with its NUL. */
#define NOTIFY_LINK_MAX 256

/** What it needs; everything outlives it. */
struct notify_setup {
    struct loop *loop;                   /**< it runs on */
    struct http_client *http;            /**< for its requests */
    struct dns *dns;                     /**< names of mail servers */
    struct pager *pager;                 /**< whose box it empties */
    const struct rota *rota;             /**< who is on duty */
    const struct ack_link_key *link_key; /**< signs links to acknowledge with */
    const char *centre;                  /**< id of this collector, in what is sent */
    void *context;                       /**< first argument of answered */
    void (*answered)(void *context);     /**< the box changed: commit it soon */
    /** An SMS came to the modem on @p device; notify_taken() once what it says is stored, or it
     * comes again. */
    void (*came)(void *context, const char *device, const struct sms_message *message);
};

struct notify;

/** How long a collector that stops waits for the answers to what is under way. */
#define NOTIFY_FINISH_MS 5000

/** Opens it without targets: 0 or ERR_NOMEM. */
int notify_open(const struct notify_setup *setup, struct notify **ret_notify) MUST_USE;
/** Sends nothing more, but awaits what becomes of what is under way, which its targets may have:
 * NOTIFY_FINISH_MS at most. Then calls @p finished with @p arg, from the loop or at once; commit
 * what was answered after that. Accepts NULL. */
void notify_finish(struct notify *n, loop_fn *finished, void *arg);
/** What is under way is let go of: it is sent again by the next start. Work on a worker ends by
 * itself; run the loop until it has (loop_close() does). Accepts NULL. */
void notify_close(struct notify *n);
/** Goes on with the targets of @p file (copied), which the pager has as its rules; what is under
 * way to a target that stays as it was goes on, to one that changed it is sent again. Reads the
 * files of secrets: 0, or as file_read_secret() with a sentence in @p ret_why; then the old ones
 * stay. */
int notify_set(struct notify *n, const struct rules_file *file,
               char ret_why[FIELD_WHY_MAX]) MUST_USE;
/** The message at @p index of the modem on @p device is stored: it may go. */
void notify_taken(struct notify *n, const char *device, uint32_t index);
/** Sends what is due. Only while the memory shows committed state. */
void notify_pump(struct notify *n);

#endif
