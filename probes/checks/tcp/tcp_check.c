#include "checks/tcp/tcp_check.h"

#include "base/err.h"
#include "checks/check_resolve.h"
#include "checks/target.h"
#include "checks/tcp/tcp_machine.h"
#include "io/dns.h"
#include "io/loop.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

enum { CONNECT, RESPONSE };

static const struct check_metric metrics[] = {
    [CONNECT] = {"connect", READING_NUMBER, "ms",
                 "Time until the connection stood, without looking up the name; absent if it never "
                 "did."},
    [RESPONSE] = {"response", READING_NUMBER, "ms",
                  "Time from then to the expected text; absent if none is expected or none came."},
};

#define KEY(member) CHECK_KEY(struct tcp_config, member)

static const struct field fields[] = {
    {"family", FIELD_WORD, KEY(family), 0, 0, "any", NULL, "Which addresses of a name are tried.",
     target_families},
    {"send", FIELD_TEXT, KEY(say), 0, 0, "", NULL,
     "Text to send once connected; \\r \\n \\t \\\\ and \\xHH are understood.", NULL},
    {"expect", FIELD_TEXT, KEY(expect), 0, 0, "", NULL,
     "Text that must come within the first 64 KiB of the answer, written as send is.", NULL},
    {"degraded_connect_ms", FIELD_F64, KEY(degraded_connect_ms), 0, 300e3, "0", "ms",
     "Degraded from this time to connect on; 0 is no limit.", NULL},
    {"failed_connect_ms", FIELD_F64, KEY(failed_connect_ms), 0, 300e3, "0", "ms",
     "Failed from this time to connect on; 0 is no limit.", NULL},
    {"degraded_response_ms", FIELD_F64, KEY(degraded_response_ms), 0, 300e3, "0", "ms",
     "Degraded from this time to the expected text on; 0 is no limit.", NULL},
    {"failed_response_ms", FIELD_F64, KEY(failed_response_ms), 0, 300e3, "0", "ms",
     "Failed from this time to the expected text on; 0 is no limit.", NULL},
};

#undef KEY

#define AT(member) offsetof(struct tcp_config, member)

static const struct threshold limits[] = {
    {"connect", THRESHOLD_ABOVE, AT(degraded_connect_ms), AT(failed_connect_ms), 0},
    {"response", THRESHOLD_ABOVE, AT(degraded_response_ms), AT(failed_response_ms), 0},
};

#undef AT

struct tcp_state {
    struct dns_request *request; /* NULL once answered */
    struct dns_address addresses[DNS_ADDRESSES_MAX];
    size_t n;    /* addresses */
    size_t next; /* the address to try next */
    bool open;   /* fd and poll are in use */
    int fd;
    struct loop_poll *poll;
    int error; /* errno value of the last attempt */
    char say[256];
    char expect[256];
    struct tcp_machine machine;
};

static bool tcp_text_ok(const char *key, const char *text, char ret_why[FIELD_WHY_MAX])
{
    char bytes[256];
    size_t len = 0;
    if (tcp_machine_unescape(slice_of(text), bytes, &len) == 0)
        return true;
    snprintf(ret_why, FIELD_WHY_MAX, "%s: only \\r \\n \\t \\\\ and \\xHH may follow a backslash",
             key);
    return false;
}

static bool tcp_verify(const void *object, char ret_why[FIELD_WHY_MAX])
{
    const struct tcp_config *config = object;
    return check_common_ok(&config->common, ret_why) &&
           target_is_host_port(config->common.target, ret_why) &&
           tcp_text_ok("send", config->say, ret_why) &&
           tcp_text_ok("expect", config->expect, ret_why);
}

static void tcp_hang_up(struct tcp_state *state)
{
    if (!state->open)
        return;
    loop_poll_close(state->poll);
    state->poll = NULL;
    close(state->fd);
    state->open = false;
}

static void tcp_report(struct check *check)
{
    const struct tcp_config *config = check_config(check);
    struct tcp_state *state = check_state(check);
    const struct tcp_machine *m = &state->machine;
    struct check_report *draft = check_draft(check);
    static const char *const why[] = {
        [TCP_CONNECTING] = "no connection in time",
        [TCP_TALKING] = "the expected text did not come in time",
        [TCP_CLOSED] = "closed before the expected text came",
        [TCP_FLOODED] = "64 KiB came without the expected text",
    };

    if (m->phase != TCP_CONNECTING)
        check_report_number(draft, CONNECT, (double)(m->connected_us - m->started_us) / 1e3);
    if (m->phase != TCP_SATISFIED)
        check_report_judge(draft, VERDICT_FAILED, "%s", why[m->phase]);
    else if (config->expect[0])
        check_report_number(draft, RESPONSE, (double)(m->satisfied_us - m->connected_us) / 1e3);
}

static void tcp_end(struct check *check)
{
    tcp_report(check);
    check_finish(check);
}

static void tcp_say(struct tcp_state *state)
{
    struct tcp_machine *m = &state->machine;
    while (m->unsent.len > 0) {
        ssize_t len = send(state->fd, m->unsent.at, m->unsent.len, MSG_NOSIGNAL);
        if (len <= 0) {
            if (errno != EAGAIN)
                tcp_machine_closed(m);
            return;
        }
        tcp_machine_sent(m, (size_t)len, loop_stopwatch_us());
    }
}

static void tcp_hear(struct tcp_state *state)
{
    char bytes[4096];
    while (tcp_machine_talking(&state->machine)) {
        ssize_t len = recv(state->fd, bytes, sizeof bytes, 0);
        if (len > 0) {
            tcp_machine_received(&state->machine, bytes, (size_t)len, loop_stopwatch_us());
            continue;
        }
        if (len == 0 || errno != EAGAIN)
            tcp_machine_closed(&state->machine);
        return;
    }
}

static void tcp_talk(struct check *check)
{
    struct tcp_state *state = check_state(check);
    tcp_hear(state); /* first: an answer may lie before a reset that sending would run into */
    if (tcp_machine_talking(&state->machine))
        tcp_say(state);
    if (!tcp_machine_talking(&state->machine)) {
        tcp_end(check);
        return;
    }
    int want = LOOP_READ | (state->machine.unsent.len > 0 ? LOOP_WRITE : 0);
    if (loop_poll_want(state->poll, want) != 0)
        check_conclude(check, VERDICT_UNKNOWN, "the socket cannot be watched");
}

static void tcp_connect_next(struct check *check);

static void tcp_on_event(void *arg, int events)
{
    (void)events;
    struct check *check = arg;
    struct tcp_state *state = check_state(check);
    if (state->machine.phase == TCP_CONNECTING) {
        socklen_t len = sizeof state->error;
        if (getsockopt(state->fd, SOL_SOCKET, SO_ERROR, &state->error, &len) != 0)
            state->error = errno;
        if (state->error) {
            tcp_hang_up(state);
            tcp_connect_next(check);
            return;
        }
        tcp_machine_connected(&state->machine, loop_stopwatch_us());
    }
    tcp_talk(check);
}

/* Begins one attempt: 0 or an errno value. */
static int tcp_connect(struct check *check, const struct dns_address *address)
{
    struct tcp_state *state = check_state(check);
    state->fd = socket(address->sa.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (state->fd < 0)
        return errno;
    state->open = true;
    state->machine.started_us = loop_stopwatch_us();
    if (connect(state->fd, &address->sa, address->len) != 0 && errno != EINPROGRESS)
        return errno;
    if (loop_poll_open(check_env(check)->loop, state->fd, tcp_on_event, check, &state->poll) != 0 ||
        loop_poll_want(state->poll, LOOP_WRITE) != 0)
        return ENOMEM;
    return 0;
}

/* Errors that say nothing about the target: this machine has no such protocol or no resources. */
static bool tcp_is_own(int error)
{
    return error == ENOMEM || error == EMFILE || error == ENFILE || error == EAFNOSUPPORT ||
           error == ENOBUFS;
}

static void tcp_connect_next(struct check *check)
{
    struct tcp_state *state = check_state(check);
    while (state->next < state->n) {
        state->error = tcp_connect(check, &state->addresses[state->next++]);
        if (!state->error)
            return;
        tcp_hang_up(state);
    }
    check_report_judge(check_draft(check),
                       tcp_is_own(state->error) ? VERDICT_UNKNOWN : VERDICT_FAILED, "%s",
                       strerror(state->error));
    check_finish(check);
}

static void tcp_on_resolved(void *arg, int err, const struct dns_address *addresses, size_t n)
{
    struct check *check = arg;
    struct tcp_state *state = check_state(check);
    state->request = NULL;
    if (err || n == 0) {
        check_resolve_failed(check, check_common_of(check)->target, err ? err : ERR_NOT_FOUND);
        return;
    }
    memcpy(state->addresses, addresses, n * sizeof *addresses);
    state->n = n;
    tcp_connect_next(check);
}

static void tcp_start(struct check *check)
{
    const struct tcp_config *config = check_config(check);
    struct tcp_state *state = check_state(check);
    struct target target = {0};
    struct slice say = {state->say, 0};
    struct slice expect = {state->expect, 0};
    int err = target_read(slice_of(config->common.target), &target);
    if (!err)
        err = tcp_machine_unescape(slice_of(config->say), state->say, &say.len);
    if (!err)
        err = tcp_machine_unescape(slice_of(config->expect), state->expect, &expect.len);
    tcp_machine_init(&state->machine, say, expect, loop_stopwatch_us());
    if (!err)
        err =
            dns_resolve(check_env(check)->dns, target.host, target.port, target_af(config->family),
                        config->common.timeout_ms, tcp_on_resolved, check, &state->request);
    if (err)
        check_conclude(check, VERDICT_UNKNOWN, err_text(err));
}

static void tcp_expire(struct check *check)
{
    struct tcp_state *state = check_state(check);
    if (state->open)
        tcp_report(check);
    else
        check_resolve_failed(check, check_common_of(check)->target, ERR_TIMEOUT);
}

static void tcp_release(struct check *check)
{
    struct tcp_state *state = check_state(check);
    dns_cancel(state->request);
    tcp_hang_up(state);
    memset(state, 0, sizeof *state);
}

const struct check_type tcp_check = {
    .name = "tcp",
    .about = "A TCP connection: time to connect, and perhaps an expected answer.",
    .target_about = "host:port; an IPv6 address in brackets.",
    .fields = fields,
    .n_fields = CHECK_COUNT(fields),
    .config_size = sizeof(struct tcp_config),
    .metrics = metrics,
    .n_metrics = CHECK_COUNT(metrics),
    .limits = limits,
    .n_limits = CHECK_COUNT(limits),
    .cause = CAUSE_FAULT,
    .state_size = sizeof(struct tcp_state),
    .verify = tcp_verify,
    .start = tcp_start,
    .expire = tcp_expire,
    .release = tcp_release,
};
