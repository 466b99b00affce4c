#include "checks/stamp/stamp_check.h"

#include "base/err.h"
#include "checks/check_resolve.h"
#include "checks/dial.h"
#include "checks/stamp/stamp_machine.h"
#include "checks/stamp_key.h"
#include "checks/stamp_socket.h"
#include "checks/target.h"
#include "io/entropy.h"
#include "io/loop.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

enum {
    LOSS,
    RTT,
    RTT_MIN,
    RTT_MAX,
    JITTER,
    REORDERED,
    DOUBLED,
    FORWARD,
    BACKWARD,
    REFUSED,
    LOSS_THERE,
    LOSS_BACK
};

static const struct check_metric metrics[] = {
    [LOSS] = {"loss", READING_NUMBER, "/", "Share of packets without an answer, 0 to 1."},
    [RTT] = {"rtt", READING_NUMBER, "ms",
             "Mean delay there and back, without the reflector's own time; absent without an "
             "answer."},
    [RTT_MIN] = {"rtt_min", READING_NUMBER, "ms", "The shortest of them; absent as rtt."},
    [RTT_MAX] = {"rtt_max", READING_NUMBER, "ms", "The longest of them; absent as rtt."},
    [JITTER] = {"jitter", READING_NUMBER, "ms",
                "Mean difference between neighbouring packets' delays; absent below two answers."},
    [REORDERED] = {"reordered", READING_NUMBER, "/",
                   "Share of answers that came behind one to a later packet; absent as rtt."},
    [DOUBLED] = {"doubled", READING_NUMBER, "count", "Answers too many."},
    [FORWARD] = {"forward", READING_NUMBER, "ms",
                 "Mean delay there, by both clocks; absent unless both are held right."},
    [BACKWARD] = {"backward", READING_NUMBER, "ms", "Mean delay back; absent as forward."},
    [REFUSED] = {"refused", READING_NUMBER, "count",
                 "Packets that were no answer: forged, stale, or not of the protocol."},
    [LOSS_THERE] = {"loss_forward", READING_NUMBER, "/",
                    "Share of packets that did not reach the reflector, of those before the last "
                    "one answered; absent unless it counts."},
    [LOSS_BACK] = {"loss_backward", READING_NUMBER, "/",
                   "Share of its answers that did not come, likewise; absent as loss_forward."},
};

#define KEY(member) CHECK_KEY(struct stamp_config, member)

static const struct field fields[] = {
    {"count", FIELD_I64, KEY(count), 1, STAMP_MACHINE_BURST_MAX, "20", "packets",
     "Packets of one run.", NULL},
    {"gap", FIELD_DURATION, KEY(gap_ms), 5, 10e3, "100ms", NULL,
     "Time from one packet to the next; all must fit into the timeout.", NULL},
    {"family", FIELD_WORD, KEY(family), 0, 0, "any", NULL, "Which addresses of a name are used.",
     target_families},
    {"key_file", FIELD_TEXT, KEY(key_file), 0, 0, "", NULL,
     "File whose first line is the key shared with the reflector, at least 16 characters; empty: "
     "packets are not authenticated.",
     NULL},
    {"reflector_counts", FIELD_BOOL, KEY(reflector_counts), 0, 0, "false", NULL,
     "Whether the reflector numbers its answers by itself (stateful mode of RFC 8762): loss there "
     "and back are then told apart.",
     NULL},
    {"trust_clocks", FIELD_BOOL, KEY(trust_clocks), 0, 0, "false", NULL,
     "Whether to report one-way delays though a clock does not call itself right.", NULL},
    {"degraded_loss_ratio", FIELD_F64, KEY(degraded_loss_ratio), 0, 1, "0.05", "ratio",
     "Degraded from this loss on; 0 is no limit.", NULL},
    {"failed_loss_ratio", FIELD_F64, KEY(failed_loss_ratio), 0, 1, "1", "ratio",
     "Failed from this loss on; 0 is no limit, but no answer at all is always failed.", NULL},
    {"degraded_rtt_ms", FIELD_F64, KEY(degraded_rtt_ms), 0, 300e3, "0", "ms",
     "Degraded from this mean delay on; 0 is no limit.", NULL},
    {"failed_rtt_ms", FIELD_F64, KEY(failed_rtt_ms), 0, 300e3, "0", "ms",
     "Failed from this mean delay on; 0 is no limit.", NULL},
    {"degraded_jitter_ms", FIELD_F64, KEY(degraded_jitter_ms), 0, 300e3, "0", "ms",
     "Degraded from this jitter on; 0 is no limit.", NULL},
    {"failed_jitter_ms", FIELD_F64, KEY(failed_jitter_ms), 0, 300e3, "0", "ms",
     "Failed from this jitter on; 0 is no limit.", NULL},
    {"degraded_reordered_ratio", FIELD_F64, KEY(degraded_reordered_ratio), 0, 1, "0", "ratio",
     "Degraded from this share of reordered answers on; 0 is no limit.", NULL},
    {"failed_reordered_ratio", FIELD_F64, KEY(failed_reordered_ratio), 0, 1, "0", "ratio",
     "Failed from this share of reordered answers on; 0 is no limit.", NULL},
};

#undef KEY

#define AT(member) offsetof(struct stamp_config, member)

static const struct threshold limits[] = {
    {"loss", THRESHOLD_ABOVE, AT(degraded_loss_ratio), AT(failed_loss_ratio), 0},
    {"rtt", THRESHOLD_ABOVE, AT(degraded_rtt_ms), AT(failed_rtt_ms), 0},
    {"jitter", THRESHOLD_ABOVE, AT(degraded_jitter_ms), AT(failed_jitter_ms), 0},
    {"reordered", THRESHOLD_ABOVE, AT(degraded_reordered_ratio), AT(failed_reordered_ratio), 0},
};

#undef AT

struct stamp_state {
    struct dns_request *request; /* NULL once answered */
    bool open;                   /* fd, poll and pace are in use */
    int fd;
    struct loop_poll *poll;
    struct loop_timer *pace;
    struct stamp_key key;
    bool held; /* this machine's clock, at the start of the run */
    unsigned refused;
    int error; /* errno value of the last packet that could not leave */
    struct stamp_machine machine;
};

static bool stamp_verify(const void *object, char ret_why[FIELD_WHY_MAX])
{
    const struct stamp_config *config = object;
    struct target target;
    if (!check_common_ok(&config->common, ret_why))
        return false;
    if (target_read(slice_of(config->common.target), &target) != 0)
        snprintf(ret_why, FIELD_WHY_MAX, "target must be a reflector: host or host:port");
    else if ((config->count - 1) * config->gap_ms >= config->common.timeout_ms)
        snprintf(ret_why, FIELD_WHY_MAX, "count x gap does not fit into the timeout");
    else
        return true;
    return false;
}

/* ---- judging ---- */

static void stamp_report(struct check *check)
{
    struct stamp_state *state = check_state(check);
    struct check_report *draft = check_draft(check);
    struct stamp_result result = stamp_machine_result(&state->machine);
    check_report_number(draft, LOSS, result.loss_ratio);
    check_report_number(draft, DOUBLED, result.doubled);
    check_report_number(draft, REFUSED, state->refused);
    if (result.received == 0) {
        if (state->error)
            check_report_judge(draft, VERDICT_FAILED, "no answer: %s", strerror(state->error));
        else
            check_report_judge(draft, VERDICT_FAILED, "no answer to %u packets", result.sent);
        return;
    }
    check_report_number(draft, RTT, result.rtt_ms);
    check_report_number(draft, LOSS_THERE, result.loss_there);
    check_report_number(draft, LOSS_BACK, result.loss_back);
    check_report_number(draft, RTT_MIN, result.rtt_min_ms);
    check_report_number(draft, RTT_MAX, result.rtt_max_ms);
    check_report_number(draft, REORDERED, result.reordered_ratio);
    if (result.received > 1)
        check_report_number(draft, JITTER, result.jitter_ms);
    if (result.timed > 0) {
        check_report_number(draft, FORWARD, result.forward_ms);
        check_report_number(draft, BACKWARD, result.backward_ms);
    }
}

static void stamp_end_if_finished(struct check *check)
{
    struct stamp_state *state = check_state(check);
    if (!stamp_machine_finished(&state->machine))
        return;
    stamp_report(check);
    check_finish(check);
}

/* ---- packets ---- */

static void stamp_send(struct stamp_state *state)
{
    unsigned char bytes[STAMP_PACKET_SEALED];
    bool sealed = state->key.len > 0;
    struct stamp_moment now = stamp_socket_now();
    struct stamp_request request = stamp_machine_send(&state->machine, now.mono_us,
                                                      stamp_packet_time(now.wall_us, state->held));
    size_t len = stamp_packet_write_request(&request, sealed, bytes);
    int error = sealed && stamp_key_seal(&state->key, bytes) != 0 ? EPROTO : 0;
    if (!error)
        error = stamp_socket_send(state->fd, bytes, len);
    if (error) {
        state->error = error;
        stamp_machine_unsent(&state->machine);
    }
}

static void stamp_on_pace(void *arg)
{
    struct check *check = arg;
    struct stamp_state *state = check_state(check);
    int64_t now_us = loop_stopwatch_us();
    int64_t due_us = stamp_machine_due(&state->machine);
    if (due_us >= 0 && due_us <= now_us) {
        stamp_send(state);
        due_us = stamp_machine_due(&state->machine);
    }
    if (due_us >= 0)
        loop_timer_after(state->pace, due_us > now_us ? (due_us - now_us + 999) / 1000 : 0);
    stamp_end_if_finished(check);
}

static void stamp_take(struct stamp_state *state, const struct stamp_arrival *arrival)
{
    struct stamp_reply reply;
    bool sealed = state->key.len > 0;
    bool ours = stamp_packet_read_reply(arrival->bytes, arrival->len, sealed, &reply) == 0 &&
                (!sealed || stamp_key_fits(&state->key, arrival->bytes)) &&
                stamp_machine_answer(&state->machine, &reply, arrival->at.mono_us,
                                     arrival->at.wall_us, state->held) != STAMP_ANSWER_FOREIGN;
    state->refused += !ours;
}

static void stamp_on_arrival(void *arg, int events)
{
    struct check *check = arg;
    struct stamp_state *state = check_state(check);
    struct stamp_arrival arrival;
    (void)events;
    for (int i = 0; i < STAMP_MACHINE_BURST_MAX && stamp_socket_next(state->fd, &arrival); i++)
        stamp_take(state, &arrival);
    stamp_end_if_finished(check);
}

/* ---- the run ---- */

static int stamp_begin(struct check *check)
{
    const struct stamp_config *config = check_config(check);
    struct stamp_state *state = check_state(check);
    struct loop *loop = check_env(check)->loop;
    const struct stamp_burst burst = {
        .count = (unsigned)config->count,
        .gap_us = config->gap_ms * 1000,
        .session = (uint16_t)(entropy_u64() % UINT16_MAX + 1),
        .one_way = config->trust_clocks,
        .counted = config->reflector_counts,
    };
    state->held = stamp_socket_clock_held();
    int err = loop_timer_open(loop, stamp_on_pace, check, &state->pace);
    if (!err)
        err = loop_poll_open(loop, state->fd, stamp_on_arrival, check, &state->poll);
    if (!err)
        err = loop_poll_want(state->poll, LOOP_READ);
    if (err)
        return err;
    stamp_machine_init(&state->machine, &burst, loop_stopwatch_us());
    loop_timer_after(state->pace, 0);
    return 0;
}

static void stamp_on_resolved(void *arg, int err, const struct dns_address *addresses, size_t n)
{
    struct check *check = arg;
    struct stamp_state *state = check_state(check);
    state->request = NULL;
    if (err || n == 0) {
        check_resolve_failed(check, check_common_of(check)->target, err ? err : ERR_NOT_FOUND);
        return;
    }
    int error = stamp_socket_connect(&addresses[0], &state->fd);
    for (size_t i = 1; i < n && error; i++)
        error = stamp_socket_connect(&addresses[i], &state->fd);
    if (error) {
        check_conclude(check, dial_is_own(error) ? VERDICT_UNKNOWN : VERDICT_FAILED,
                       strerror(error));
        return;
    }
    state->open = true;
    err = stamp_begin(check);
    if (err)
        check_conclude(check, VERDICT_UNKNOWN, err_text(err));
}

static void stamp_start(struct check *check)
{
    const struct stamp_config *config = check_config(check);
    struct stamp_state *state = check_state(check);
    struct target target = {0};
    int err = stamp_key_read(config->key_file, &state->key);
    if (err) {
        check_report_judge(check_draft(check), VERDICT_UNKNOWN, "%.64s: %s", config->key_file,
                           err == ERR_RANGE ? "fewer than 16 characters" : err_text(err));
        check_finish(check);
        return;
    }
    err = target_read(slice_of(config->common.target), &target);
    if (!err)
        err = dns_resolve(check_env(check)->dns, target.host,
                          target.port ? target.port : STAMP_PACKET_PORT, target_af(config->family),
                          config->common.timeout_ms, stamp_on_resolved, check, &state->request);
    if (err)
        check_conclude(check, VERDICT_UNKNOWN, err_text(err));
}

static void stamp_expire(struct check *check)
{
    const struct stamp_state *state = check_state(check);
    if (state->open)
        stamp_report(check);
    else
        check_resolve_failed(check, check_common_of(check)->target, ERR_TIMEOUT);
}

static void stamp_release(struct check *check)
{
    struct stamp_state *state = check_state(check);
    dns_cancel(state->request);
    loop_poll_close(state->poll);
    loop_timer_close(state->pace);
    if (state->open)
        close(state->fd);
    explicit_bzero(state, sizeof *state);
}

const struct check_type stamp_check = {
    .name = "stamp",
    .about = "Delay there and back and each way, loss, jitter and order of packets to a STAMP or "
             "TWAMP Light reflector.",
    .target_about = "host or host:port of the reflector (862 if left out).",
    .fields = fields,
    .n_fields = CHECK_COUNT(fields),
    .config_size = sizeof(struct stamp_config),
    .metrics = metrics,
    .n_metrics = CHECK_COUNT(metrics),
    .limits = limits,
    .n_limits = CHECK_COUNT(limits),
    .cause = CAUSE_TRANSPORT,
    .state_size = sizeof(struct stamp_state),
    .verify = stamp_verify,
    .start = stamp_start,
    .expire = stamp_expire,
    .release = stamp_release,
};
