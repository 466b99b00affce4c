#include "shell/http_own.h"

#include "base/err.h"

#include <stdlib.h>

static void on_poll(void *arg, int events)
{
    (void)events;
    http_glue_run(arg);
}

static void on_timer(void *arg)
{
    http_glue_run(arg);
}

static void on_idle(uv_idle_t *idle)
{
    http_glue_run(idle->data);
}

/* A timer of 0 ms set again from its own callback would starve the loop; an idle handle does not.
 */
static void schedule(struct http_server *s)
{
    MHD_UNSIGNED_LONG_LONG timeout_ms = 0;
    bool wanted = MHD_get_timeout(s->daemon, &timeout_ms) == MHD_YES;
    uv_idle_stop(s->idle);
    loop_timer_stop(s->timer);
    if (wanted && timeout_ms == 0)
        uv_idle_start(s->idle, on_idle);
    else if (wanted)
        loop_timer_after(s->timer, (int64_t)timeout_ms);
}

void http_glue_run(struct http_server *s)
{
    MHD_run(s->daemon);
    schedule(s);
}

int http_glue_open(struct http_server *s)
{
    const union MHD_DaemonInfo *epoll = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    if (!epoll)
        return ERR_LIBRARY;
    s->idle = calloc(1, sizeof *s->idle);
    if (!s->idle)
        return ERR_NOMEM;
    uv_idle_init(loop_uv(s->loop), s->idle);
    s->idle->data = s;
    int err = loop_poll_open(s->loop, epoll->epoll_fd, on_poll, s, &s->poll);
    if (!err)
        err = loop_poll_want(s->poll, LOOP_READ);
    if (!err)
        err = loop_timer_open(s->loop, on_timer, s, &s->timer);
    return err;
}

static void free_idle(uv_handle_t *handle)
{
    free(handle);
}

void http_glue_close(struct http_server *s)
{
    loop_poll_close(s->poll);
    loop_timer_close(s->timer);
    if (s->idle)
        uv_close((uv_handle_t *)s->idle, free_idle);
}
