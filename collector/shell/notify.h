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
#include "io/http_client.h"
#include "shell/rules_file.h"

/** What it needs; everything outlives it. */
struct notify_setup {
    struct loop *loop;               /**< it runs on */
    struct http_client *http;        /**< for its requests */
    struct pager *pager;             /**< whose box it empties */
    const char *centre;              /**< id of this collector, in what is sent */
    void *context;                   /**< first argument of answered */
    void (*answered)(void *context); /**< the box changed: commit it soon */
};

struct notify;

/** Opens it without targets: 0 or ERR_NOMEM. */
int notify_open(const struct notify_setup *setup, struct notify **ret_notify) MUST_USE;
/** What is under way is let go of: it is sent again by the next start. Work on a worker ends by
 * itself; run the loop until it has (loop_close() does). Accepts NULL. */
void notify_close(struct notify *n);
/** Goes on with the targets of @p file (copied), which the pager has as its rules; what is under
 * way to a target that changed is sent again. Reads the files of secrets: 0, or as
 * file_read_secret() with a sentence in @p ret_why; then the old ones stay. */
int notify_set(struct notify *n, const struct rules_file *file,
               char ret_why[FIELD_WHY_MAX]) MUST_USE;
/** Sends what is due. Only while the memory shows committed state. */
void notify_pump(struct notify *n);

#endif
