#include "control.h"

#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 8, ANSWER_S = 5 };

struct control {
    struct loop_poll *poll;
    int fd;
    char path[sizeof((struct sockaddr_un *)0)->sun_path];
    control_fn *fn;
    void *arg;
};

static int address_of(const char *path, struct sockaddr_un *ret_address)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof a.sun_path)
        return ERR_TOO_LONG;
    memcpy(a.sun_path, path, strlen(path) + 1);
    *ret_address = a;
    return 0;
}

static int open_socket(void)
{
    return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static void set_patience(int fd)
{
    struct timeval limit = {.tv_sec = ANSWER_S};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

/* A line is short and its sender is this user's own program: it is there at once or never. */
static void serve(struct control *c, int fd)
{
    char line[CONTROL_LINE_MAX];
    struct buf out;
    set_patience(fd);
    ssize_t len = recv(fd, line, sizeof line, 0);
    if (len <= 0)
        return;
    char *end = memchr(line, '\n', (size_t)len);
    buf_init(&out, CONTROL_LINE_MAX - 1);
    c->fn(c->arg, (struct slice){line, end ? (size_t)(end - line) : (size_t)len}, &out);
    if (out.len > 0 && send(fd, out.data, out.len, MSG_NOSIGNAL) < 0)
        shutdown(fd, SHUT_RDWR);
    buf_done(&out);
}

static void on_client(void *arg, int events)
{
    struct control *c = arg;
    (void)events;
    int fd = accept4(c->fd, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        return;
    serve(c, fd);
    close(fd);
}

static bool somebody_listens(const struct sockaddr_un *address)
{
    int fd = open_socket();
    bool yes = fd >= 0 && connect(fd, (const struct sockaddr *)address, sizeof *address) == 0;
    if (fd >= 0)
        close(fd);
    return yes;
}

static int listen_at(struct control *c, const struct sockaddr_un *address)
{
    if (somebody_listens(address))
        return ERR_BUSY;
    unlink(address->sun_path);
    c->fd = open_socket();
    if (c->fd < 0)
        return err_from_errno(errno);
    mode_t before = umask(0077);
    int failed = bind(c->fd, (const struct sockaddr *)address, sizeof *address);
    umask(before);
    if (failed || listen(c->fd, BACKLOG) != 0 || fcntl(c->fd, F_SETFL, O_NONBLOCK) != 0)
        return err_from_errno(errno);
    memcpy(c->path, address->sun_path, sizeof c->path);
    return 0;
}

int control_open(struct loop *loop, const char *path, control_fn *fn, void *arg,
                 struct control **ret_control)
{
    struct sockaddr_un address;
    int err = address_of(path, &address);
    struct control *c = err ? NULL : calloc(1, sizeof *c);
    if (!c)
        return err ? err : ERR_NOMEM;
    *c = (struct control){.fd = -1, .fn = fn, .arg = arg};
    err = listen_at(c, &address);
    if (!err)
        err = loop_poll_open(loop, c->fd, on_client, c, &c->poll);
    if (!err)
        err = loop_poll_want(c->poll, LOOP_READ);
    if (err)
        control_close(c);
    else
        *ret_control = c;
    return err;
}

void control_close(struct control *c)
{
    if (!c)
        return;
    loop_poll_close(c->poll);
    if (c->fd >= 0)
        close(c->fd);
    if (c->path[0])
        unlink(c->path);
    free(c);
}

static int exchange(int fd, const char *line, char answer[CONTROL_LINE_MAX])
{
    char text[CONTROL_LINE_MAX];
    size_t len = 0;
    int n = snprintf(text, sizeof text, "%s\n", line);
    if (n < 0 || (size_t)n >= sizeof text)
        return ERR_TOO_LONG;
    if (send(fd, text, (size_t)n, MSG_NOSIGNAL) != n)
        return ERR_IO;
    while (len < CONTROL_LINE_MAX - 1) {
        ssize_t got = recv(fd, answer + len, CONTROL_LINE_MAX - 1 - len, 0);
        if (got < 0)
            return errno == EAGAIN ? ERR_TIMEOUT : ERR_IO;
        if (got == 0)
            break;
        len += (size_t)got;
    }
    answer[len] = '\0';
    return len ? 0 : ERR_IO;
}

int control_ask(const char *path, const char *line, char ret_answer[CONTROL_LINE_MAX])
{
    struct sockaddr_un address;
    int err = address_of(path, &address);
    if (err)
        return err;
    int fd = open_socket();
    if (fd < 0)
        return err_from_errno(errno);
    set_patience(fd);
    err = connect(fd, (struct sockaddr *)&address, sizeof address) == 0 ? 0 : ERR_NOT_FOUND;
    if (!err)
        err = exchange(fd, line, ret_answer);
    close(fd);
    return err;
}
