#include "checks/reflector/reflector_check.h"

#include "base/err.h"
#include "base/names.h"
#include "checks/per_second.h"
#include "checks/reflector/reflector_guard.h"
#include "checks/stamp_key.h"
#include "checks/stamp_socket.h"
#include "checks/target.h"
#include "io/loop.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

/* Packets of one turn of the loop: others have to live too. */
enum { TURN_MAX = 64 };

enum { REFLECTED, FORGED, STALE, MALFORMED, LIMITED, COUNTS };

static const struct check_metric metrics[] = {
    [REFLECTED] = {"reflected", READING_NUMBER, "count", "Packets answered since the run before."},
    [FORGED] = {"forged", READING_NUMBER, "count",
                "Packets refused because their code is wrong; always 0 without a key."},
    [STALE] = {"stale", READING_NUMBER, "count",
               "Packets refused because their session is 10 s ahead of them; always 0 without a "
               "key."},
    [MALFORMED] = {"malformed", READING_NUMBER, "count",
                   "Packets too short to be of the protocol."},
    [LIMITED] = {"limited", READING_NUMBER, "count", "Packets beyond the rate."},
};

#define KEY(member) CHECK_KEY(struct reflector_config, member)

static const struct field fields[] = {
    {"listen", FIELD_TEXT, KEY(listen), 0, 0, NULL, NULL,
     "Address and port to listen at, such as 0.0.0.0:8620 or [::]:8620; STAMP's own port 862 needs "
     "CAP_NET_BIND_SERVICE.",
     NULL},
    {"key_file", FIELD_TEXT, KEY(key_file), 0, 0, "", NULL,
     "File whose first line is the key shared with the senders, at least 16 characters; empty: "
     "packets are not authenticated.",
     NULL},
    {"rate", FIELD_I64, KEY(rate), 1, 100e3, "1000", "1/s", "Most answers a second.", NULL},
    {"counts", FIELD_BOOL, KEY(counts), 0, 0, "false", NULL,
     "Whether the answers of a session are numbered by themselves (stateful mode of RFC 8762), so "
     "that senders can tell loss there from loss back.",
     NULL},
};

#undef KEY

struct reflector_state {
    bool open; /* from the first run until the check is closed */
    int fd;
    struct loop_poll *poll;
    struct stamp_key key;
    struct per_second second;
    struct reflector_guard guard;
    double count[COUNTS]; /* since the last report */
};

static bool reflector_address(const struct reflector_config *config, struct dns_address *address)
{
    struct target target;
    return target_read(slice_of(config->listen), &target) == 0 && target.port != 0 &&
           dns_literal(target.host, target.port, address) == 0;
}

static bool reflector_verify(const void *object, char ret_why[FIELD_WHY_MAX])
{
    const struct reflector_config *config = object;
    struct dns_address address;
    if (!check_common_ok(&config->common, ret_why))
        return false;
    if (config->common.target[0])
        snprintf(ret_why, FIELD_WHY_MAX, "reflector takes no target: listen says where it is");
    else if (!reflector_address(config, &address))
        snprintf(ret_why, FIELD_WHY_MAX, "listen must be address:port, such as 0.0.0.0:8620");
    else
        return true;
    return false;
}

/* ---- packets ---- */

static uint64_t session_of(const struct stamp_arrival *arrival, uint16_t session)
{
    const struct dns_address *peer = &arrival->peer;
    struct slice bytes = {(const char *)&peer->sa, peer->len};
    return (names_hash(bytes) ^ (uint64_t)session << 48) | 1;
}

/* Which count the packet belongs to. */
static int judge(struct reflector_state *state, int64_t rate, const struct stamp_arrival *arrival,
                 struct stamp_request *request)
{
    bool sealed = state->key.len > 0;
    if (stamp_packet_read_request(arrival->bytes, arrival->len, sealed, request) != 0)
        return MALFORMED;
    if (!per_second_may(&state->second, rate, arrival->at.mono_us))
        return LIMITED;
    if (!sealed)
        return REFLECTED;
    if (!stamp_key_fits(&state->key, arrival->bytes))
        return FORGED;
    bool stale = reflector_guard_stale(
        &state->guard, session_of(arrival, request->session),
        stamp_packet_wall_us(request->sent.bits, request->sent.error), arrival->at.mono_us);
    return stale ? STALE : REFLECTED;
}

/* As long as the request, what it had behind its packet included (RFC 8762 section 4.3, RFC 8972
 * section 4), so that both ways carry the same; a short one of TWAMP gets the whole packet. */
static void answer(struct reflector_state *state, bool counts, const struct stamp_arrival *arrival,
                   const struct stamp_request *request)
{
    unsigned char bytes[STAMP_PACKET_MAX];
    bool sealed = state->key.len > 0, held = stamp_socket_clock_held();
    uint32_t number =
        counts ? reflector_guard_number(&state->guard, session_of(arrival, request->session),
                                        arrival->at.mono_us)
               : request->seq;
    struct stamp_reply reply = {
        .seq = number,
        .session = request->session,
        .received = stamp_packet_time(arrival->at.wall_us, held).bits,
        .from = *request,
        .ttl = arrival->ttl,
        .sent = stamp_packet_time(stamp_socket_now().wall_us, held),
    };
    size_t len = stamp_packet_write_reply(&reply, sealed, bytes);
    if (sealed && stamp_key_seal(&state->key, bytes) != 0)
        return;
    if (arrival->len > len) {
        memcpy(bytes + len, arrival->bytes + len, arrival->len - len);
        len = arrival->len;
    }
    stamp_socket_answer(state->fd, arrival, bytes, len);
}

static void reflector_on_arrival(void *arg, int events)
{
    struct check *check = arg;
    const struct reflector_config *config = check_config(check);
    struct reflector_state *state = check_state(check);
    struct stamp_arrival arrival;
    (void)events;
    for (int i = 0; i < TURN_MAX && stamp_socket_next(state->fd, &arrival); i++) {
        struct stamp_request request;
        int as = judge(state, config->rate, &arrival, &request);
        if (as == REFLECTED)
            answer(state, config->counts, &arrival, &request);
        state->count[as]++;
    }
}

/* ---- the run ---- */

static int reflector_open(struct check *check)
{
    const struct reflector_config *config = check_config(check);
    struct reflector_state *state = check_state(check);
    struct dns_address address;
    if (!reflector_address(config, &address))
        return EINVAL;
    int error = stamp_socket_bind(&address, &state->fd);
    if (error)
        return error;
    int err = loop_poll_open(check_env(check)->loop, state->fd, reflector_on_arrival, check,
                             &state->poll);
    if (!err)
        err = loop_poll_want(state->poll, LOOP_READ);
    if (err) {
        loop_poll_close(state->poll);
        state->poll = NULL;
        close(state->fd);
        return ENOMEM;
    }
    state->open = true;
    return 0;
}

static bool reflector_ready(struct check *check)
{
    const struct reflector_config *config = check_config(check);
    struct reflector_state *state = check_state(check);
    struct check_report *draft = check_draft(check);
    if (state->open)
        return true;
    int err = stamp_key_read(config->key_file, &state->key);
    if (err) {
        check_report_judge(draft, VERDICT_UNKNOWN, "%.64s: %s", config->key_file,
                           err == ERR_RANGE ? "fewer than 16 characters" : err_text(err));
        return false;
    }
    int error = reflector_open(check);
    if (error)
        check_report_judge(draft, VERDICT_UNKNOWN, "cannot listen at %.60s: %s", config->listen,
                           strerror(error));
    return error == 0;
}

static void reflector_start(struct check *check)
{
    struct reflector_state *state = check_state(check);
    if (reflector_ready(check)) {
        for (int i = 0; i < COUNTS; i++)
            check_report_number(check_draft(check), i, state->count[i]);
        memset(state->count, 0, sizeof state->count);
    }
    check_finish(check);
}

static void reflector_expire(struct check *check)
{
    check_conclude(check, VERDICT_UNKNOWN, "no answer in time"); /* it never waits */
}

static void reflector_done(struct check *check)
{
    struct reflector_state *state = check_state(check);
    loop_poll_close(state->poll);
    if (state->open)
        close(state->fd);
    explicit_bzero(&state->key, sizeof state->key);
}

const struct check_type reflector_check = {
    .name = "reflector",
    .about = "Answers the test packets of STAMP and TWAMP Light senders, and tells how many.",
    .target_about = NULL,
    .fields = fields,
    .n_fields = CHECK_COUNT(fields),
    .config_size = sizeof(struct reflector_config),
    .metrics = metrics,
    .n_metrics = CHECK_COUNT(metrics),
    .cause = CAUSE_PROBE,
    .state_size = sizeof(struct reflector_state),
    .verify = reflector_verify,
    .start = reflector_start,
    .expire = reflector_expire,
    .done = reflector_done,
};
