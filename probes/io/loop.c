#include "io/loop.h"

#include "base/err.h"

#include <assert.h>
#include <openssl/crypto.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

struct loop {
    uv_loop_t uv;
    struct now now;
};

/* Each handle begins with libuv's, whose data pointer leads back here, and is freed as one. */
struct loop_timer {
    uv_timer_t uv;
    loop_fn *fn;
    void *arg;
};

struct loop_signal {
    uv_signal_t uv;
    loop_fn *fn;
    void *arg;
};

struct loop_wake {
    uv_async_t uv;
    loop_fn *fn;
    void *arg;
};

struct loop_poll {
    uv_poll_t uv;
    loop_poll_fn *fn;
    void *arg;
};

struct work {
    uv_work_t uv;
    loop_fn *work, *done;
    void *arg;
};

int64_t loop_stopwatch_us(void)
{
    return (int64_t)(uv_hrtime() / 1000);
}

static struct wall_ms read_wall_clock(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (struct wall_ms){(int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000};
}

/* Settings of the whole process. OpenSSL must not clean up in exit(): paho's threads are detached,
 * the last of them may still be ending in it then. */
static void prepare_process(void)
{
    signal(SIGPIPE, SIG_IGN);
    OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
}

int loop_open(struct loop **ret_loop)
{
    struct loop *loop = calloc(1, sizeof *loop);
    if (!loop)
        return ERR_NOMEM;
    if (uv_loop_init(&loop->uv) != 0) {
        free(loop);
        return ERR_LIBRARY;
    }
    prepare_process();
    loop->now.mono.ms = -1;
    *ret_loop = loop;
    return 0;
}

void loop_close(struct loop *loop)
{
    if (!loop)
        return;
    uv_run(&loop->uv, UV_RUN_DEFAULT);
    int err = uv_loop_close(&loop->uv);
    assert(err == 0 && "a handle was not closed by its owner");
    (void)err;
    free(loop);
}

void loop_run(struct loop *loop)
{
    uv_run(&loop->uv, UV_RUN_DEFAULT);
}

void loop_turn(struct loop *loop)
{
    uv_run(&loop->uv, UV_RUN_ONCE);
}

void loop_stop(struct loop *loop)
{
    uv_stop(&loop->uv);
}

/* libuv reads the monotonic clock once after each wait; the wall clock follows when that moved. */
struct now loop_now(struct loop *loop)
{
    int64_t mono = (int64_t)uv_now(&loop->uv);
    if (mono != loop->now.mono.ms)
        loop->now = (struct now){.wall = read_wall_clock(), .mono = {mono}};
    return loop->now;
}

uv_loop_t *loop_uv(struct loop *loop)
{
    return &loop->uv;
}

/* libuv's handle is the first member of what was allocated, so this frees all of it. */
static void free_handle(uv_handle_t *handle)
{
    free(handle);
}

int loop_timer_open(struct loop *loop, loop_fn *fn, void *arg, struct loop_timer **ret_timer)
{
    struct loop_timer *timer = calloc(1, sizeof *timer);
    if (!timer)
        return ERR_NOMEM;
    timer->fn = fn;
    timer->arg = arg;
    uv_timer_init(&loop->uv, &timer->uv);
    *ret_timer = timer;
    return 0;
}

static void timer_fired(uv_timer_t *handle)
{
    struct loop_timer *timer = (struct loop_timer *)handle;
    timer->fn(timer->arg);
}

void loop_timer_at(struct loop_timer *timer, struct mono_ms when)
{
    loop_timer_after(timer, when.ms - (int64_t)uv_now(timer->uv.loop));
}

/* libuv before 1.45 fires a timer of 0 ms that is set by a timer in the same turn, so that one that
 * sets itself again keeps everything else from the loop. */
void loop_timer_after(struct loop_timer *timer, int64_t delay_ms)
{
    uv_timer_start(&timer->uv, timer_fired, delay_ms > 0 ? (uint64_t)delay_ms : 1, 0);
}

void loop_timer_soon(struct loop_timer *timer)
{
    uv_timer_start(&timer->uv, timer_fired, 0, 0);
}

void loop_timer_every(struct loop_timer *timer, int64_t first_ms, int64_t period_ms)
{
    assert(period_ms > 0);
    uv_timer_start(&timer->uv, timer_fired, first_ms > 0 ? (uint64_t)first_ms : 0,
                   (uint64_t)period_ms);
}

void loop_timer_stop(struct loop_timer *timer)
{
    uv_timer_stop(&timer->uv);
}

bool loop_timer_is_set(const struct loop_timer *timer)
{
    return uv_is_active((const uv_handle_t *)&timer->uv);
}

void loop_timer_close(struct loop_timer *timer)
{
    if (timer)
        uv_close((uv_handle_t *)&timer->uv, free_handle);
}

static void signal_came(uv_signal_t *handle, int signum)
{
    (void)signum;
    struct loop_signal *sig = (struct loop_signal *)handle;
    sig->fn(sig->arg);
}

int loop_signal_open(struct loop *loop, int signum, loop_fn *fn, void *arg,
                     struct loop_signal **ret_signal)
{
    struct loop_signal *sig = calloc(1, sizeof *sig);
    if (!sig)
        return ERR_NOMEM;
    sig->fn = fn;
    sig->arg = arg;
    if (uv_signal_init(&loop->uv, &sig->uv) != 0) {
        free(sig);
        return ERR_LIBRARY;
    }
    uv_unref((uv_handle_t *)&sig->uv);
    if (uv_signal_start(&sig->uv, signal_came, signum) != 0) {
        loop_signal_close(sig);
        return ERR_LIBRARY;
    }
    *ret_signal = sig;
    return 0;
}

void loop_signal_close(struct loop_signal *sig)
{
    if (sig)
        uv_close((uv_handle_t *)&sig->uv, free_handle);
}

static void wake_came(uv_async_t *handle)
{
    struct loop_wake *wake = (struct loop_wake *)handle;
    wake->fn(wake->arg);
}

int loop_wake_open(struct loop *loop, loop_fn *fn, void *arg, struct loop_wake **ret_wake)
{
    struct loop_wake *wake = calloc(1, sizeof *wake);
    if (!wake)
        return ERR_NOMEM;
    wake->fn = fn;
    wake->arg = arg;
    if (uv_async_init(&loop->uv, &wake->uv, wake_came) != 0) {
        free(wake);
        return ERR_LIBRARY;
    }
    *ret_wake = wake;
    return 0;
}

void loop_wake_send(struct loop_wake *wake)
{
    uv_async_send(&wake->uv);
}

void loop_wake_close(struct loop_wake *wake)
{
    if (wake)
        uv_close((uv_handle_t *)&wake->uv, free_handle);
}

int loop_poll_open(struct loop *loop, int fd, loop_poll_fn *fn, void *arg,
                   struct loop_poll **ret_poll)
{
    struct loop_poll *poll = calloc(1, sizeof *poll);
    if (!poll)
        return ERR_NOMEM;
    poll->fn = fn;
    poll->arg = arg;
    if (uv_poll_init(&loop->uv, &poll->uv, fd) != 0) {
        free(poll);
        return ERR_LIBRARY;
    }
    *ret_poll = poll;
    return 0;
}

static void poll_happened(uv_poll_t *handle, int status, int events)
{
    struct loop_poll *poll = (struct loop_poll *)handle;
    int happened = (events & (UV_READABLE | UV_DISCONNECT) ? LOOP_READ : 0) |
                   (events & UV_WRITABLE ? LOOP_WRITE : 0);
    poll->fn(poll->arg, status < 0 ? LOOP_READ | LOOP_WRITE : happened);
}

int loop_poll_want(struct loop_poll *poll, int events)
{
    if (events == 0)
        return uv_poll_stop(&poll->uv) == 0 ? 0 : ERR_LIBRARY;
    int wanted = (events & LOOP_READ ? UV_READABLE : 0) | (events & LOOP_WRITE ? UV_WRITABLE : 0);
    return uv_poll_start(&poll->uv, wanted, poll_happened) == 0 ? 0 : ERR_LIBRARY;
}

void loop_poll_close(struct loop_poll *poll)
{
    if (poll)
        uv_close((uv_handle_t *)&poll->uv, free_handle);
}

static void do_work(uv_work_t *request)
{
    struct work *work = (struct work *)request;
    work->work(work->arg);
}

static void work_done(uv_work_t *request, int status)
{
    (void)status; /* only a cancelled request has one, and nothing here cancels */
    struct work *work = (struct work *)request;
    loop_fn *done = work->done;
    void *arg = work->arg;
    free(work);
    done(arg);
}

int loop_work(struct loop *loop, loop_fn *work, loop_fn *done, void *arg)
{
    struct work *request = calloc(1, sizeof *request);
    if (!request)
        return ERR_NOMEM;
    *request = (struct work){.work = work, .done = done, .arg = arg};
    if (uv_queue_work(&loop->uv, &request->uv, do_work, work_done) != 0) {
        free(request);
        return ERR_LIBRARY;
    }
    return 0;
}
