#include "checks/push/push_check.h"

#include "base/err.h"
#include "checks/per_second.h"
#include "checks/push/push_line.h"
#include "checks/push/push_senml.h"
#include "checks/push/push_table.h"
#include "io/loop.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* Longest message, and messages of one turn of the loop. */
enum { MESSAGE_MAX = 8192, TURN_MAX = 32 };

enum { MESSAGES, TAKEN, REFUSED, LIMITED, BEYOND, COUNTS };

static const struct check_metric metrics[] = {
    [MESSAGES] = {"messages", READING_NUMBER, "count", "Messages read since the run before."},
    [TAKEN] = {"taken", READING_NUMBER, "count", "Values read from them."},
    [REFUSED] = {"refused", READING_NUMBER, "count",
                 "What was not of the language, too long, or had no usable name; texts too."},
    [LIMITED] = {"limited", READING_NUMBER, "count", "Messages dropped beyond the rate."},
    [BEYOND] = {"beyond", READING_NUMBER, "count",
                "Values dropped because 32 other names were there."},
};

#define KEY(member) CHECK_KEY(struct push_config, member)

static const struct field fields[] = {
    {"socket", FIELD_TEXT, KEY(socket), 0, 0, NULL, NULL,
     "Absolute path of the Unix datagram socket; its folder must be there and the probe's to "
     "write.",
     NULL},
    {"rate", FIELD_I64, KEY(rate), 1, 10000, "50", "1/s", "Most messages a second.", NULL},
    {"state", FIELD_TEXT, KEY(state), 0, 0, "", NULL,
     "Name of the value that is the verdict: 0 ok, 1 degraded, 2 failed, 3 unknown; empty: none "
     "is.",
     NULL},
    {"silent_after", FIELD_DURATION, KEY(silent_after_ms), 0, 86400e3, "0s", NULL,
     "Unknown once nothing came for so long; 0s is never.", NULL},
};

#undef KEY

struct push_state {
    bool open; /* from the first run until the check is closed */
    int fd;
    struct loop_poll *poll;
    struct per_second second;
    struct push_table table;
    struct check_extra extra[CHECK_EXTRA_MAX]; /* of the last report */
    double count[COUNTS];                      /* since the last report */
    struct mono_ms heard;                      /* a value came, or it was opened */
    bool told;                                 /* the verdict was pushed at least once */
    double verdict;                            /* the newest one */
    char message[MESSAGE_MAX];
};

static bool push_verify(const void *object, char ret_why[FIELD_WHY_MAX])
{
    const struct push_config *config = object;
    if (!check_common_ok(&config->common, ret_why))
        return false;
    if (config->common.target[0])
        snprintf(ret_why, FIELD_WHY_MAX, "push takes no target: socket says where it listens");
    else if (config->socket[0] != '/')
        snprintf(ret_why, FIELD_WHY_MAX, "socket must be an absolute path");
    else if (config->state[0] && !push_item_name_ok(config->state))
        snprintf(ret_why, FIELD_WHY_MAX, "state cannot be the name of a value");
    else
        return true;
    return false;
}

/* ---- messages ---- */

static bool is_metric(const char *name)
{
    for (size_t i = 0; i < CHECK_COUNT(metrics); i++) {
        if (strcmp(metrics[i].name, name) == 0)
            return true;
    }
    return strcmp(name, "state") == 0;
}

static void push_on_item(void *arg, const struct push_item *item)
{
    struct check *check = arg;
    const struct push_config *config = check_config(check);
    struct push_state *state = check_state(check);
    struct push_item kept = *item;
    if (config->state[0] && strcmp(kept.name, config->state) == 0) {
        state->told = true;
        state->verdict = kept.number;
    }
    if (is_metric(kept.name)) /* the check's own names stay its own */
        snprintf(kept.name, sizeof kept.name, "push.%.32s", item->name);
    state->count[BEYOND] += !push_table_put(&state->table, &kept);
}

static bool is_senml(struct slice text)
{
    size_t i = 0;
    while (i < text.len && strchr(" \t\r\n", text.at[i]) && text.at[i])
        i++;
    return i < text.len && (text.at[i] == '[' || text.at[i] == '{');
}

static void push_read(struct check *check, struct slice text, struct mono_ms now)
{
    struct push_state *state = check_state(check);
    struct push_count count = is_senml(text) ? push_senml_read(text, push_on_item, check)
                                             : push_line_read(text, push_on_item, check);
    state->count[MESSAGES]++;
    state->count[TAKEN] += count.taken;
    state->count[REFUSED] += count.refused + count.texts;
    if (count.taken > 0)
        state->heard = now;
}

static void push_on_message(void *arg, int events)
{
    struct check *check = arg;
    const struct push_config *config = check_config(check);
    struct push_state *state = check_state(check);
    struct mono_ms now = loop_now(check_env(check)->loop).mono;
    (void)events;
    for (int i = 0; i < TURN_MAX; i++) {
        ssize_t len =
            recv(state->fd, state->message, sizeof state->message, MSG_DONTWAIT | MSG_TRUNC);
        if (len < 0)
            return;
        if (!per_second_may(&state->second, config->rate, now.ms * 1000))
            state->count[LIMITED]++;
        else if ((size_t)len > sizeof state->message)
            state->count[REFUSED]++;
        else
            push_read(check, (struct slice){state->message, (size_t)len}, now);
    }
}

/* ---- the socket ---- */

/* What a killed process left is in the way of bind(); anything but a socket is somebody's file. */
static int make_way(const char *path)
{
    struct stat st;
    if (lstat(path, &st) != 0)
        return 0;
    if (!S_ISSOCK(st.st_mode))
        return EEXIST;
    return unlink(path) == 0 ? 0 : errno;
}

static int bind_socket(const char *path, int *ret_fd)
{
    struct sockaddr_un own = {.sun_family = AF_UNIX};
    int error = make_way(path);
    if (error)
        return error;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    memcpy(own.sun_path, path, strlen(path) + 1);
    mode_t old = umask(0117); /* its group may write */
    int rc = bind(fd, (const struct sockaddr *)&own, sizeof own);
    error = errno;
    umask(old);
    if (rc != 0) {
        close(fd);
        return error;
    }
    *ret_fd = fd;
    return 0;
}

static void push_close(struct check *check)
{
    const struct push_config *config = check_config(check);
    struct push_state *state = check_state(check);
    loop_poll_close(state->poll);
    state->poll = NULL;
    if (state->open) {
        close(state->fd);
        unlink(config->socket);
    }
    state->open = false;
}

static bool push_ready(struct check *check)
{
    const struct push_config *config = check_config(check);
    struct push_state *state = check_state(check);
    struct loop *loop = check_env(check)->loop;
    if (state->open)
        return true;
    int error = bind_socket(config->socket, &state->fd);
    if (error) {
        check_report_judge(check_draft(check), VERDICT_UNKNOWN, "cannot listen at %.60s: %s",
                           config->socket, strerror(error));
        return false;
    }
    state->open = true;
    state->heard = loop_now(loop).mono;
    int err = loop_poll_open(loop, state->fd, push_on_message, check, &state->poll);
    if (!err)
        err = loop_poll_want(state->poll, LOOP_READ);
    if (err) {
        push_close(check);
        check_report_judge(check_draft(check), VERDICT_UNKNOWN, "%s", err_text(err));
    }
    return err == 0;
}

/* ---- the run ---- */

static void push_judge(struct check *check)
{
    const struct push_config *config = check_config(check);
    const struct push_state *state = check_state(check);
    struct check_report *draft = check_draft(check);
    double number = state->verdict;
    int64_t silent_ms = mono_since(loop_now(check_env(check)->loop).mono, state->heard);
    if (config->state[0] && !state->told)
        check_report_judge(draft, VERDICT_UNKNOWN, "%.64s was not pushed yet", config->state);
    else if (number == VERDICT_DEGRADED || number == VERDICT_FAILED || number == VERDICT_UNKNOWN)
        check_report_judge(draft, (enum verdict)number, "%.64s is %g", config->state, number);
    else if (number != VERDICT_OK)
        check_report_judge(draft, VERDICT_UNKNOWN, "%.64s is %g, which is no verdict",
                           config->state, number);
    if (config->silent_after_ms > 0 && silent_ms >= config->silent_after_ms)
        check_report_judge(draft, VERDICT_UNKNOWN, "nothing was pushed for %.0f s",
                           (double)silent_ms / 1000);
}

static void push_start(struct check *check)
{
    struct push_state *state = check_state(check);
    struct check_report *draft = check_draft(check);
    if (push_ready(check)) {
        push_judge(check);
        for (int i = 0; i < COUNTS; i++)
            check_report_number(draft, i, state->count[i]);
        memset(state->count, 0, sizeof state->count);
        draft->n_extra = push_table_report(&state->table, state->extra);
        draft->extra = state->extra;
    }
    check_finish(check);
}

static void push_expire(struct check *check)
{
    check_conclude(check, VERDICT_UNKNOWN, "no answer in time"); /* it never waits */
}

const struct check_type push_check = {
    .name = "push",
    .about = "Takes values from other programs of the site through a Unix datagram socket, as line "
             "protocol or SenML.",
    .target_about = NULL,
    .fields = fields,
    .n_fields = CHECK_COUNT(fields),
    .config_size = sizeof(struct push_config),
    .metrics = metrics,
    .n_metrics = CHECK_COUNT(metrics),
    .cause = CAUSE_FAULT,
    .state_size = sizeof(struct push_state),
    .verify = push_verify,
    .start = push_start,
    .expire = push_expire,
    .done = push_close,
};
