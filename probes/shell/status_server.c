#include "shell/status_server.h"

#include "base/err.h"
#include "shell/work.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    CLIENTS_MAX = 4,
    ASK_MAX = 16 + WORK_LINE_MAX,
    PATIENCE_MS = 2000,
    HELD_MS = 4000,
    SOCKET_PATH_MAX = 108
};

/* One who asks. */
struct client {
    uv_pipe_t pipe; /* first, so that the one is the other */
    struct status_server *server;
    struct loop_timer *timer;
    uv_write_t write;
    struct buf reply;
    char ask[ASK_MAX];
    size_t len;
    bool held; /* reply waits for the disk */
};

struct status_server {
    uv_pipe_t pipe; /* first, so that the one is the other */
    struct loop *loop;
    char path[SOCKET_PATH_MAX];
    status_server_fn *fn;
    void *arg;
    struct client *clients[CLIENTS_MAX];
};

static void on_client_closed(uv_handle_t *handle)
{
    struct client *c = (struct client *)handle;
    buf_done(&c->reply);
    free(c);
}

static void cut_off(void *arg)
{
    struct client *c = arg;
    for (size_t i = 0; i < CLIENTS_MAX; i++)
        if (c->server->clients[i] == c)
            c->server->clients[i] = NULL;
    loop_timer_close(c->timer);
    uv_close((uv_handle_t *)&c->pipe, on_client_closed);
}

static void on_written(uv_write_t *request, int status)
{
    if (status != UV_ECANCELED)
        cut_off(request->data);
}

static void reply(struct client *c)
{
    uv_buf_t bytes = uv_buf_init(c->reply.data, (unsigned)c->reply.len);
    c->held = false;
    c->write.data = c;
    if (c->reply.len == 0 ||
        uv_write(&c->write, (uv_stream_t *)&c->pipe, &bytes, 1, on_written) != 0)
        cut_off(c);
}

/* The disk takes nothing, or whoever asked is too slow. */
static void on_patience(void *arg)
{
    struct client *c = arg;
    if (!c->held) {
        cut_off(c);
        return;
    }
    buf_clear(&c->reply);
    buf_printf(&c->reply, "2\n%s\n", status_text(status_text_language(c->ask), TEXT_WORK_UNSTORED));
    loop_timer_after(c->timer, PATIENCE_MS);
    reply(c);
}

void status_server_release(struct status_server *server)
{
    for (size_t i = 0; server && i < CLIENTS_MAX; i++)
        if (server->clients[i] && server->clients[i]->held) {
            loop_timer_after(server->clients[i]->timer, PATIENCE_MS);
            reply(server->clients[i]);
        }
}

static void answer(struct client *c)
{
    char *rest = c->ask + strcspn(c->ask, " ");
    if (*rest)
        *rest++ = '\0';
    c->held = !c->server->fn(c->server->arg, status_text_language(c->ask), rest, &c->reply);
    uv_read_stop((uv_stream_t *)&c->pipe);
    if (c->held)
        loop_timer_after(c->timer, HELD_MS);
    else
        reply(c);
}

static void on_room(uv_handle_t *handle, size_t wanted, uv_buf_t *ret_room)
{
    (void)wanted;
    struct client *c = (struct client *)handle;
    *ret_room = uv_buf_init(c->ask + c->len, (unsigned)(ASK_MAX - 1 - c->len));
}

static void on_ask(uv_stream_t *stream, ssize_t n, const uv_buf_t *bytes)
{
    (void)bytes;
    struct client *c = (struct client *)stream;
    if (n < 0) {
        cut_off(c);
        return;
    }
    c->len += (size_t)n;
    char *end = memchr(c->ask, '\n', c->len);
    if (end) {
        *end = '\0';
        answer(c);
    }
}

static struct client *new_client(struct status_server *s, struct client **slot)
{
    struct client *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->server = s;
    buf_init(&c->reply, STATUS_SERVER_REPLY_MAX);
    uv_pipe_init(loop_uv(s->loop), &c->pipe, 0);
    *slot = c;
    return c;
}

static void on_client(uv_stream_t *stream, int status)
{
    struct status_server *s = (struct status_server *)stream;
    size_t i = 0;
    while (i < CLIENTS_MAX && s->clients[i])
        i++;
    if (status < 0 || i == CLIENTS_MAX)
        return; /* waits in the kernel's queue until one of the others is done */
    struct client *c = new_client(s, &s->clients[i]);
    if (!c)
        return;
    bool ok = uv_accept(stream, (uv_stream_t *)&c->pipe) == 0 &&
              loop_timer_open(s->loop, on_patience, c, &c->timer) == 0 &&
              uv_read_start((uv_stream_t *)&c->pipe, on_room, on_ask) == 0;
    if (!ok) {
        cut_off(c);
        return;
    }
    loop_timer_after(c->timer, PATIENCE_MS);
}

/* What a killed process left is in the way of bind(); anything but a socket is somebody's file. */
static int make_way(const char *path)
{
    struct stat st;
    if (lstat(path, &st) != 0)
        return 0;
    if (!S_ISSOCK(st.st_mode))
        return ERR_EXISTS;
    return unlink(path) == 0 ? 0 : err_from_errno(errno);
}

static void on_server_closed(uv_handle_t *handle)
{
    free(handle);
}

int status_server_open(struct loop *loop, const char *path, status_server_fn *fn, void *arg,
                       struct status_server **ret_server)
{
    if (strlen(path) >= SOCKET_PATH_MAX)
        return ERR_TOO_LONG;
    int err = make_way(path);
    if (err)
        return err;
    struct status_server *s = calloc(1, sizeof *s);
    if (!s)
        return ERR_NOMEM;
    s->loop = loop;
    s->fn = fn;
    s->arg = arg;
    memcpy(s->path, path, strlen(path) + 1);
    uv_pipe_init(loop_uv(loop), &s->pipe, 0);
    mode_t old = umask(0117);
    int rc = uv_pipe_bind(&s->pipe, path);
    umask(old);
    if (rc == 0)
        rc = uv_listen((uv_stream_t *)&s->pipe, CLIENTS_MAX, on_client);
    if (rc != 0) {
        uv_close((uv_handle_t *)&s->pipe, on_server_closed);
        return err_from_errno(-rc);
    }
    *ret_server = s;
    return 0;
}

void status_server_close(struct status_server *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < CLIENTS_MAX; i++)
        if (s->clients[i])
            cut_off(s->clients[i]);
    unlink(s->path);
    uv_close((uv_handle_t *)&s->pipe, on_server_closed);
}
