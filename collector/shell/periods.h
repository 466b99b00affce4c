/**
 * @file
 * Answers about calendar periods, series and outages that only the archive has: what the store has
 * of them is read on a worker, so an answer is owed until then, and given when the memory shows
 * committed state only. What it says is codec/api_period.h's,
 * codec/api_series.h's and codec/api_past.h's.
 */
#ifndef SHELL_PERIODS_H
#define SHELL_PERIODS_H

#include "codec/api_past.h"
#include "codec/api_period.h"
#include "codec/api_series.h"
#include "io/loop.h"
#include "shell/http_server.h"

/** Answers that may be owed at once; more are told to come back. */
#define PERIODS_OWED_MAX 16

struct periods_job;

/** How the memory is at present. */
struct periods_view {
    struct api_scope scope; /**< of what an answer speaks */
    bool settled;           /**< the memory shows committed state only */
};

/** Storage of the caller, which outlives every job: until the loop is closed. */
struct periods {
    struct loop *loop;                                          /**< ours */
    const char *path;                                           /**< of the store */
    void *context;                                              /**< first argument of look */
    void (*look)(void *context, struct periods_view *ret_view); /**< at the memory, now */
    struct periods_job *waiting; /**< read, but the memory is not settled */
    size_t owed;                 /**< answers */
    bool closed;                 /**< the memory is gone */
};

/** Over the store at @p path. */
void periods_init(struct periods *p, struct loop *loop, const char *path, void *context,
                  void (*look)(void *context, struct periods_view *ret_view));
/** No answer is given from now on; reads under way end by themselves. */
void periods_close(struct periods *p);
/** Answers @p promise, of figures by a struct api_period_query at @p query (copied); 0, ERR_FULL
 * (too many are owed), ERR_NOMEM or ERR_LIBRARY: the promise is the caller's then. */
int periods_answer(struct periods *p, const void *query, struct http_promise *promise) MUST_USE;
/** The same, of outages by a struct api_past_query. */
int periods_outages(struct periods *p, const void *query, struct http_promise *promise) MUST_USE;
/** The same, of availability in steps by a struct api_series_query. */
int periods_series(struct periods *p, const void *query, struct http_promise *promise) MUST_USE;
/** A commit is done, the memory is settled: gives the answers that waited for it. */
void periods_committed(struct periods *p);

#endif
