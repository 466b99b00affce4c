/**
 * @file
 * The event loop: one thread, libuv underneath, the clock read once per turn.
 *
 * Every handle is made on the heap by an _open function and freed by libuv's close callback after
 * its _close, so an owner may free itself right after closing what it holds: no callback comes any
 * more. Everything here belongs to the loop's thread, except loop_wake_send(). It does not know
 * sockets; code that needs streams takes loop_uv().
 */
#ifndef IO_LOOP_H
#define IO_LOOP_H

#include "base/attr.h"
#include "base/instant.h"

#include <uv.h>

struct loop;
struct loop_timer;
struct loop_signal;
struct loop_wake;
struct loop_poll;

/** What a handle calls, with the argument given when it was opened. */
typedef void loop_fn(void *arg);

/** A new loop: 0, ERR_NOMEM or ERR_LIBRARY. Ignores SIGPIPE for the whole process, and keeps
 * OpenSSL from cleaning up at its end. */
int loop_open(struct loop **ret_loop) MUST_USE;
/** Runs until the handles that are being closed are gone, then frees the loop. Every handle must
 * have been closed by its owner: one that was not is our bug, keeps this running or asserts.
 * Accepts NULL.
 */
void loop_close(struct loop *loop);
/** Runs until loop_stop(), or until no handle is left. */
void loop_run(struct loop *loop);
/** Runs one turn, waiting at most until something happens; for tests. */
void loop_turn(struct loop *loop);
/** Makes loop_run() return at the end of this turn. Loop's thread only. */
void loop_stop(struct loop *loop);
/** Both clocks as of this turn: equal for every caller within a turn. */
struct now loop_now(struct loop *loop);
/** libuv's loop, for glue with its other handles. */
uv_loop_t *loop_uv(struct loop *loop);
/** The monotonic clock in microseconds, read now: for measuring round trips, not for deadlines. */
int64_t loop_stopwatch_us(void);

/** A stopped timer that calls @p fn: 0 or ERR_NOMEM. */
int loop_timer_open(struct loop *loop, loop_fn *fn, void *arg,
                    struct loop_timer **ret_timer) MUST_USE;
/** Fires once at @p when (in another turn, a millisecond later, if that has passed); replaces what
 * was set. */
void loop_timer_at(struct loop_timer *timer, struct mono_ms when);
/** Fires once after @p delay_ms (>= 0), never in this turn; replaces what was set. */
void loop_timer_after(struct loop_timer *timer, int64_t delay_ms);
/** Fires once as soon as whoever calls this has returned to the loop, which does not wait before:
 * for handing on what is already there, without the wake-up that loop_timer_after() costs. Not for
 * a timer that may set itself so again and again: that keeps everything else from the loop. */
void loop_timer_soon(struct loop_timer *timer);
/** Fires after @p first_ms and then every @p period_ms (> 0); late turns skip, they do not pile up.
 */
void loop_timer_every(struct loop_timer *timer, int64_t first_ms, int64_t period_ms);
/** Stops it; it can be set again. */
void loop_timer_stop(struct loop_timer *timer);
/** True while it is set. */
bool loop_timer_is_set(const struct loop_timer *timer);
/** Stops and frees it. Accepts NULL. */
void loop_timer_close(struct loop_timer *timer);

/** Calls @p fn on the loop at every signal @p signum: 0, ERR_NOMEM or ERR_LIBRARY. Does not keep
 * loop_run() alive. */
int loop_signal_open(struct loop *loop, int signum, loop_fn *fn, void *arg,
                     struct loop_signal **ret_signal) MUST_USE;
/** Gives the signal its former meaning back. Accepts NULL. */
void loop_signal_close(struct loop_signal *sig);

/** Calls @p fn on the loop after loop_wake_send(): 0, ERR_NOMEM or ERR_LIBRARY. */
int loop_wake_open(struct loop *loop, loop_fn *fn, void *arg, struct loop_wake **ret_wake) MUST_USE;
/** Any thread: @p fn is called once or more after this. It wakes, it does not order: what the
 * threads share needs its own lock. */
void loop_wake_send(struct loop_wake *wake);
/** No thread may send any more. Accepts NULL. */
void loop_wake_close(struct loop_wake *wake);

enum {
    LOOP_READ = 1, /**< readable, or the peer has gone */
    LOOP_WRITE = 2 /**< writable */
};

/** What happened on a file descriptor: LOOP_READ | LOOP_WRITE; both when it is in error. */
typedef void loop_poll_fn(void *arg, int events);

/** Watches @p fd (which stays the caller's; close it after loop_poll_close()): 0, ERR_NOMEM or
 * ERR_LIBRARY. Asks for nothing yet. */
int loop_poll_open(struct loop *loop, int fd, loop_poll_fn *fn, void *arg,
                   struct loop_poll **ret_poll) MUST_USE;
/** Asks for @p events (0 = none): 0 or ERR_LIBRARY. */
int loop_poll_want(struct loop_poll *poll, int events) MUST_USE;
/** Stops watching. Accepts NULL. */
void loop_poll_close(struct loop_poll *poll);

/**
 * Runs @p work on a thread of libuv's pool, then @p done on the loop, both with @p arg: 0,
 * ERR_NOMEM or ERR_LIBRARY. For fsync and other blocking calls; cannot be cancelled, so the owner
 * waits for @p done before it frees @p arg. The pool has 4 threads and no order.
 */
int loop_work(struct loop *loop, loop_fn *work, loop_fn *done, void *arg) MUST_USE;

#endif
