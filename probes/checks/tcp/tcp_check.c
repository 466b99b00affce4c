#include "checks/tcp/tcp_check.h"

#include "base/err.h"
#include "checks/check_resolve.h"
#include "checks/dial.h"
#include "checks/target.h"
#include "checks/tcp/tcp_machine.h"
#include "io/loop.h"

#include <errno.h>
#include <stdio.h>

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
    struct dial dial;
    struct loop_poll *poll; /* once connected */
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
        ssize_t len = send(state->dial.fd, m->unsent.at, m->unsent.len, MSG_NOSIGNAL);
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
        ssize_t len = recv(state->dial.fd, bytes, sizeof bytes, 0);
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

static void tcp_on_event(void *arg, int events)
{
    (void)events;
    tcp_talk(arg);
}

static void tcp_on_dialled(void *arg, int error, int err)
{
    struct check *check = arg;
    struct tcp_state *state = check_state(check);
    if (error) {
        dial_failed(check, check_common_of(check)->target, error, err);
        return;
    }
    state->machine.started_us = state->dial.started_us;
    tcp_machine_connected(&state->machine, loop_stopwatch_us());
    if (tcp_machine_talking(&state->machine) &&
        loop_poll_open(check_env(check)->loop, state->dial.fd, tcp_on_event, check, &state->poll))
        check_conclude(check, VERDICT_UNKNOWN, "the socket cannot be watched");
    else
        tcp_talk(check);
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
        err = dial_start(&state->dial, check, target.host, target.port, target_af(config->family),
                         tcp_on_dialled, check);
    if (err)
        check_conclude(check, VERDICT_UNKNOWN, err_text(err));
}

static void tcp_expire(struct check *check)
{
    struct tcp_state *state = check_state(check);
    if (state->dial.open)
        tcp_report(check);
    else
        check_resolve_failed(check, check_common_of(check)->target, ERR_TIMEOUT);
}

static void tcp_release(struct check *check)
{
    struct tcp_state *state = check_state(check);
    loop_poll_close(state->poll);
    dial_end(&state->dial);
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
