#include "checks/dial.h"

#include "base/err.h"
#include "checks/check_resolve.h"
#include "io/loop.h"

#include <errno.h>
#include <unistd.h>

static void dial_hang_up(struct dial *dial)
{
    if (!dial->open)
        return;
    loop_poll_close(dial->poll);
    dial->poll = NULL;
    close(dial->fd);
    dial->open = false;
}

static void dial_next(struct dial *dial, int error);

static void dial_on_event(void *arg, int events)
{
    (void)events;
    struct dial *dial = arg;
    int error = 0;
    socklen_t len = sizeof error;
    if (getsockopt(dial->fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0)
        error = errno;
    if (error) {
        dial_hang_up(dial);
        dial_next(dial, error);
        return;
    }
    loop_poll_close(dial->poll);
    dial->poll = NULL;
    dial->fn(dial->arg, 0, 0);
}

/* Begins one attempt: 0 or an errno value. */
static int dial_one(struct dial *dial, const struct dns_address *address)
{
    dial->fd = socket(address->sa.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (dial->fd < 0)
        return errno;
    dial->open = true;
    dial->started_us = loop_stopwatch_us();
    if (connect(dial->fd, &address->sa, address->len) != 0 && errno != EINPROGRESS)
        return errno;
    struct loop *loop = check_env(dial->check)->loop;
    if (loop_poll_open(loop, dial->fd, dial_on_event, dial, &dial->poll) != 0 ||
        loop_poll_want(dial->poll, LOOP_WRITE) != 0)
        return ENOMEM;
    return 0;
}

static void dial_next(struct dial *dial, int error)
{
    while (dial->next < dial->n) {
        error = dial_one(dial, &dial->addresses[dial->next++]);
        if (!error)
            return;
        dial_hang_up(dial);
    }
    dial->fn(dial->arg, error, 0);
}

static void dial_on_resolved(void *arg, int err, const struct dns_address *addresses, size_t n)
{
    struct dial *dial = arg;
    dial->request = NULL;
    if (err || n == 0) {
        dial->fn(dial->arg, -1, err ? err : ERR_NOT_FOUND);
        return;
    }
    memcpy(dial->addresses, addresses, n * sizeof *addresses);
    dial->n = n;
    dial_next(dial, 0);
}

int dial_start(struct dial *dial, struct check *check, const char *host, uint16_t port, int family,
               dial_fn *fn, void *arg)
{
    *dial = (struct dial){.check = check, .fn = fn, .arg = arg};
    return dns_resolve(check_env(check)->dns, host, port, family,
                       check_common_of(check)->timeout_ms, dial_on_resolved, dial, &dial->request);
}

bool dial_is_own(int error)
{
    return error == ENOMEM || error == EMFILE || error == ENFILE || error == EAFNOSUPPORT ||
           error == ENOBUFS;
}

void dial_failed(struct check *check, const char *host, int error, int err)
{
    if (error < 0)
        check_resolve_failed(check, host, err);
    else
        check_conclude(check, dial_is_own(error) ? VERDICT_UNKNOWN : VERDICT_FAILED,
                       strerror(error));
}

void dial_end(struct dial *dial)
{
    dns_cancel(dial->request);
    dial_hang_up(dial);
    *dial = (struct dial){0};
}
