#include "checks/icmp/icmp_check.h"

#include "base/err.h"
#include "checks/check_resolve.h"
#include "checks/icmp/icmp_machine.h"
#include "checks/icmp/icmp_socket.h"
#include "checks/target.h"
#include "io/entropy.h"
#include "io/loop.h"

#include <errno.h>
#include <stdio.h>

enum { LOSS, RTT, RTT_MIN, RTT_MAX, JITTER };

static const struct check_metric metrics[] = {
    [LOSS] = {"loss", READING_NUMBER, "/", "Share of echoes without an answer, 0 to 1."},
    [RTT] = {"rtt", READING_NUMBER, "ms", "Mean round trip; absent without an answer."},
    [RTT_MIN] = {"rtt_min", READING_NUMBER, "ms", "Shortest round trip; absent as rtt."},
    [RTT_MAX] = {"rtt_max", READING_NUMBER, "ms", "Longest round trip; absent as rtt."},
    [JITTER] = {"jitter", READING_NUMBER, "ms",
                "Mean difference between neighbouring round trips; absent below two answers."},
};

#define KEY(member) CHECK_KEY(struct icmp_config, member)

static const struct field fields[] = {
    {"count", FIELD_I64, KEY(count), 1, ICMP_MACHINE_BURST_MAX, "5", "echoes", "Echoes of one run.",
     NULL},
    {"gap", FIELD_DURATION, KEY(gap_ms), 10, 10e3, "200ms", NULL,
     "Time from one echo to the next; all must fit into the timeout.", NULL},
    {"payload_bytes", FIELD_I64, KEY(payload), ICMP_PACKET_PAYLOAD_MIN, ICMP_PACKET_PAYLOAD_MAX,
     "56", "B", "Payload of an echo.", NULL},
    {"family", FIELD_WORD, KEY(family), 0, 0, "any", NULL, "Which addresses of a name are used.",
     target_families},
    {"degraded_loss_ratio", FIELD_F64, KEY(degraded_loss_ratio), 0, 1, "0.2", "ratio",
     "Degraded from this loss on; 0 is no limit.", NULL},
    {"failed_loss_ratio", FIELD_F64, KEY(failed_loss_ratio), 0, 1, "1", "ratio",
     "Failed from this loss on; 0 is no limit, but no answer at all is always failed.", NULL},
    {"degraded_rtt_ms", FIELD_F64, KEY(degraded_rtt_ms), 0, 300e3, "0", "ms",
     "Degraded from this mean round trip on; 0 is no limit.", NULL},
    {"failed_rtt_ms", FIELD_F64, KEY(failed_rtt_ms), 0, 300e3, "0", "ms",
     "Failed from this mean round trip on; 0 is no limit.", NULL},
    {"degraded_jitter_ms", FIELD_F64, KEY(degraded_jitter_ms), 0, 300e3, "0", "ms",
     "Degraded from this jitter on; 0 is no limit.", NULL},
    {"failed_jitter_ms", FIELD_F64, KEY(failed_jitter_ms), 0, 300e3, "0", "ms",
     "Failed from this jitter on; 0 is no limit.", NULL},
};

#undef KEY

#define AT(member) offsetof(struct icmp_config, member)

static const struct threshold limits[] = {
    {"loss", THRESHOLD_ABOVE, AT(degraded_loss_ratio), AT(failed_loss_ratio), 0},
    {"rtt", THRESHOLD_ABOVE, AT(degraded_rtt_ms), AT(failed_rtt_ms), 0},
    {"jitter", THRESHOLD_ABOVE, AT(degraded_jitter_ms), AT(failed_jitter_ms), 0},
};

#undef AT

struct icmp_state {
    struct dns_request *request; /* NULL once answered */
    bool open;                   /* socket, poll and pace are in use */
    struct icmp_socket socket;
    struct loop_poll *poll;
    struct loop_timer *pace;
    struct icmp_machine machine;
};

static bool icmp_verify(const void *object, char ret_why[FIELD_WHY_MAX])
{
    const struct icmp_config *config = object;
    if (!check_common_ok(&config->common, ret_why) ||
        !target_is_host(config->common.target, ret_why))
        return false;
    if ((config->count - 1) * config->gap_ms < config->common.timeout_ms)
        return true;
    snprintf(ret_why, FIELD_WHY_MAX, "count x gap does not fit into the timeout");
    return false;
}

static void icmp_report(struct check *check)
{
    struct icmp_state *state = check_state(check);
    struct check_report *draft = check_draft(check);
    struct icmp_result result = icmp_machine_result(&state->machine);
    check_report_number(draft, LOSS, result.loss_ratio);
    if (result.received == 0) {
        if (result.error)
            check_report_judge(draft, VERDICT_FAILED, "no answer: %s", strerror(result.error));
        else
            check_report_judge(draft, VERDICT_FAILED, "no answer to %u echoes", result.sent);
        return;
    }
    check_report_number(draft, RTT, result.rtt_avg_ms);
    check_report_number(draft, RTT_MIN, result.rtt_min_ms);
    check_report_number(draft, RTT_MAX, result.rtt_max_ms);
    if (result.received > 1)
        check_report_number(draft, JITTER, result.jitter_ms);
}

static void icmp_end_if_finished(struct check *check)
{
    struct icmp_state *state = check_state(check);
    if (!icmp_machine_finished(&state->machine))
        return;
    icmp_report(check);
    check_finish(check);
}

static void icmp_on_pace(void *arg)
{
    struct check *check = arg;
    struct icmp_state *state = check_state(check);
    unsigned char bytes[ICMP_PACKET_MAX];
    int64_t now_us = loop_stopwatch_us();
    int64_t due_us = icmp_machine_due(&state->machine);
    if (due_us >= 0 && due_us <= now_us) {
        size_t len = icmp_machine_send(&state->machine, now_us, bytes);
        int error = icmp_socket_send(&state->socket, bytes, len);
        if (error)
            icmp_machine_unsent(&state->machine, error);
        due_us = icmp_machine_due(&state->machine);
    }
    if (due_us >= 0)
        loop_timer_after(state->pace, due_us > now_us ? (due_us - now_us + 999) / 1000 : 0);
    icmp_end_if_finished(check);
}

static void icmp_arrived(struct icmp_state *state, const struct icmp_arrival *arrival)
{
    struct icmp_message message;
    if (arrival->error) {
        if (icmp_packet_read_own(arrival->bytes, arrival->len, &message) == 0)
            icmp_machine_refused(&state->machine, &message, arrival->error);
        return;
    }
    bool ip_header = state->socket.raw && state->socket.family == ICMP_FAMILY_V4;
    if (icmp_packet_read(state->socket.family, ip_header, arrival->bytes, arrival->len, &message) ==
        0)
        icmp_machine_answer(&state->machine, &message, loop_stopwatch_us() - arrival->late_us);
}

/* One message a turn: what waits behind it wakes the loop again, and nearly always nothing does. A
 * socket in error is no longer watched once it has told so. */
static void icmp_on_arrival(void *arg, int events)
{
    struct check *check = arg;
    struct icmp_state *state = check_state(check);
    struct icmp_arrival arrival;
    bool in_error = (events & LOOP_WRITE) != 0; /* which was not asked for */
    for (int i = 0; i < 64 && in_error && icmp_socket_next_error(&state->socket, &arrival); i++)
        icmp_arrived(state, &arrival);
    if (icmp_socket_next(&state->socket, &arrival))
        icmp_arrived(state, &arrival);
    if (in_error && loop_poll_want(state->poll, LOOP_READ) != 0) {
        check_conclude(check, VERDICT_UNKNOWN, "the socket cannot be watched any more");
        return;
    }
    icmp_end_if_finished(check);
}

static int icmp_begin(struct check *check)
{
    const struct icmp_config *config = check_config(check);
    struct icmp_state *state = check_state(check);
    struct loop *loop = check_env(check)->loop;
    struct icmp_burst burst = {
        .family = state->socket.family,
        .count = (unsigned)config->count,
        .gap_us = config->gap_ms * 1000,
        .payload = (size_t)config->payload,
        .raw = state->socket.raw,
        .token = entropy_u64(),
    };
    int err = loop_timer_open(loop, icmp_on_pace, check, &state->pace);
    if (!err)
        err = loop_poll_open(loop, state->socket.fd, icmp_on_arrival, check, &state->poll);
    if (!err)
        err = loop_poll_want(state->poll, LOOP_READ);
    if (err)
        return err;
    burst.id = (uint16_t)burst.token;
    icmp_machine_init(&state->machine, &burst, loop_stopwatch_us());
    loop_timer_soon(state->pace);
    return 0;
}

/* Which errors of opening a socket say something about the way to the target, and which only about
 * this machine. */
static void icmp_not_opened(struct check *check, int error)
{
    struct check_report *draft = check_draft(check);
    if (error == EPERM || error == EACCES)
        check_report_judge(draft, VERDICT_UNKNOWN,
                           "not permitted: put the group into sysctl net.ipv4.ping_group_range or "
                           "grant CAP_NET_RAW");
    else if (error == ENETUNREACH || error == EHOSTUNREACH || error == ENETDOWN)
        check_report_judge(draft, VERDICT_FAILED, "%s", strerror(error));
    else
        check_report_judge(draft, VERDICT_UNKNOWN, "no ICMP socket: %s", strerror(error));
    check_finish(check);
}

static void icmp_on_resolved(void *arg, int err, const struct dns_address *addresses, size_t n)
{
    struct check *check = arg;
    struct icmp_state *state = check_state(check);
    state->request = NULL;
    if (err || n == 0) {
        check_resolve_failed(check, check_common_of(check)->target, err ? err : ERR_NOT_FOUND);
        return;
    }
    int error = icmp_socket_open(&addresses[0], &state->socket);
    for (size_t i = 1; i < n && error; i++)
        error = icmp_socket_open(&addresses[i], &state->socket);
    if (error) {
        icmp_not_opened(check, error);
        return;
    }
    state->open = true;
    err = icmp_begin(check);
    if (err)
        check_conclude(check, VERDICT_UNKNOWN, err_text(err));
}

static void icmp_start(struct check *check)
{
    const struct icmp_config *config = check_config(check);
    struct icmp_state *state = check_state(check);
    struct target target = {0};
    int err = target_read(slice_of(config->common.target), &target);
    if (!err)
        err = dns_resolve(check_env(check)->dns, target.host, 0, target_af(config->family),
                          config->common.timeout_ms, icmp_on_resolved, check, &state->request);
    if (err)
        check_conclude(check, VERDICT_UNKNOWN, err_text(err));
}

static void icmp_expire(struct check *check)
{
    struct icmp_state *state = check_state(check);
    if (state->open)
        icmp_report(check);
    else
        check_resolve_failed(check, check_common_of(check)->target, ERR_TIMEOUT);
}

static void icmp_release(struct check *check)
{
    struct icmp_state *state = check_state(check);
    dns_cancel(state->request);
    loop_poll_close(state->poll);
    loop_timer_close(state->pace);
    if (state->open)
        icmp_socket_close(&state->socket);
    memset(state, 0, sizeof *state);
}

const struct check_type icmp_check = {
    .name = "icmp",
    .about = "Echoes (ping): loss, round trip and jitter to a host, IPv4 and IPv6.",
    .target_about = "Name or address of the host; an address tells a cut from a name server's "
                    "failure.",
    .fields = fields,
    .n_fields = CHECK_COUNT(fields),
    .config_size = sizeof(struct icmp_config),
    .metrics = metrics,
    .n_metrics = CHECK_COUNT(metrics),
    .limits = limits,
    .n_limits = CHECK_COUNT(limits),
    .cause = CAUSE_FAULT,
    .state_size = sizeof(struct icmp_state),
    .verify = icmp_verify,
    .start = icmp_start,
    .expire = icmp_expire,
    .release = icmp_release,
};
