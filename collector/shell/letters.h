/**
 * @file
 * The dead letters for people: listed, shown, purged, and queued again once what was wrong is
 * mended.
 *
 * The store is read on a worker, so an answer is owed until then. A change is made on the loop
 * while the memory is settled, one at a time, and answered after its commit: a letter goes in the
 * transaction that takes it again, so nothing is taken twice. What a letter means is
 * core/reception.h's or the database's; who may do this is the routes'.
 */
#ifndef SHELL_LETTERS_H
#define SHELL_LETTERS_H

#include "io/loop.h"
#include "shell/http_server.h"
#include "shell/keeper.h"

/** Changes that wait for the one under way; more are told to come back. */
#define LETTERS_WAITING_MAX 64

struct letters_job;

/** Storage of the caller, which outlives every job: until the loop is closed. */
struct letters {
    struct loop *loop;         /**< ours */
    struct keeper *keeper;     /**< whose change set takes the changes */
    struct store *store;       /**< its sums, between commits */
    const char *path;          /**< of the store, for reading */
    struct letters_job *first; /**< the change under way, then those that wait */
    size_t waiting;            /**< how many */
    bool closed;               /**< nobody may touch the keeper any more */
};

/** What to list. */
struct letters_query {
    uint64_t after;   /**< numbers above this one */
    uint64_t limit;   /**< at most so many */
    char reason[128]; /**< whose reason contains this; "" = any */
};

/** Over a keeper and its store at @p path; all of them outlive it. */
void letters_init(struct letters *l, struct loop *loop, struct keeper *keeper, struct store *store,
                  const char *path);
/** No change is made from now on; reads under way end by themselves. */
void letters_close(struct letters *l);
/** Answers @p promise with a page of letters; 0 or ERR_NOMEM, ERR_LIBRARY (the promise is the
 * caller's then, as with the following). */
int letters_list(struct letters *l, const struct letters_query *query,
                 struct http_promise *promise) MUST_USE;
/** Answers with letter @p number and what it holds: 404 if there is none. */
int letters_show(struct letters *l, uint64_t number, struct http_promise *promise) MUST_USE;
/** Deals with letter @p number for @p actor, answers after the commit: 404 if there is none, 409 if
 * it is refused still. ERR_FULL: too many wait. */
int letters_end(struct letters *l, uint64_t number, enum letter_end how,
                const struct audit_actor *actor, struct http_promise *promise) MUST_USE;
/** A commit is done, the memory is settled: answers, and goes on. */
void letters_committed(struct letters *l);

#endif
