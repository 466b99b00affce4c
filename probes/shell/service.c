#include "shell/service.h"

#include "base/err.h"
#include "io/log.h"
#include "io/loop.h"
#include "shell/acceptance.h"
#include "shell/agent.h"
#include "shell/check_env.h"
#include "shell/distress.h"
#include "shell/remote_config.h"
#include "shell/status_server.h"
#include "wire/pack.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIGNALS = 4, STOP_PATIENCE_MS = 5000 + DISTRESS_FINISH_MS };

struct service {
    const char *file;
    struct check_env env;
    struct agent *agent;
    struct status_server *server;
    struct loop_signal *signals[SIGNALS];
    struct loop_timer *patience;
    struct buf changes; /* by the centre, as accepted */
};

static void on_stopped(void *arg)
{
    struct service *s = arg;
    s->agent = NULL;
    loop_stop(s->env.loop);
}

/* A disk, broker or modem that hangs must not keep the machine from going down. */
static void on_impatient(void *arg)
{
    (void)arg;
    log_event(LOG_ERROR, "probe.stop_hangs", "do=\"what is not on the disk yet is lost\"");
    _Exit(1);
}

static void on_stop(void *arg)
{
    struct service *s = arg;
    if (!s->agent)
        return;
    log_event(LOG_NOTE, "probe.stopping", "patience_ms=%d", STOP_PATIENCE_MS);
    loop_timer_after(s->patience, STOP_PATIENCE_MS);
    agent_close(s->agent, on_stopped, s);
}

static void on_power(void *arg)
{
    struct service *s = arg;
    if (s->agent)
        agent_power_lost(s->agent);
}

/* Each mistake is a line of its own in the log. */
static void tell_mistakes(const struct conf_errors *errors)
{
    const char *line = errors->text.data ? errors->text.data : "";
    while (*line) {
        size_t len = strcspn(line, "\n");
        log_event(LOG_ERROR, "reload.mistake", "text=%.*s", (int)len, line);
        line += len + (line[len] == '\n');
    }
    log_event(LOG_ERROR, "reload.refused", "mistakes=%zu do=\"the old configuration goes on\"",
              errors->len);
}

/* The file with what the centre changes: 0, or an error that was told. */
static int read_config(struct service *s, struct slice changes, struct probe_config *ret_config)
{
    struct conf_errors errors;
    struct reason why;
    int err = probe_config_read(s->file, ret_config, &errors);
    if (err)
        tell_mistakes(&errors);
    conf_errors_done(&errors);
    if (err || changes.len == 0)
        return err;
    err = remote_config_apply(ret_config, changes, &why);
    if (err) {
        probe_config_done(ret_config);
        log_event(LOG_ERROR, "config.refused",
                  "why=%s do=\"correct what the centre publishes on the topic config\"", why.text);
    }
    return err;
}

static int reload(struct service *s, struct slice changes)
{
    struct probe_config config = {.checks = {0}};
    int err = s->agent ? read_config(s, changes, &config) : ERR_CLOSED;
    if (err)
        return err;
    err = agent_reload(s->agent, &config);
    if (err) {
        log_event(LOG_ERROR, "reload.refused", "why=%s do=%s", err_text(err),
                  err == ERR_BUSY ? "another probe or site: restart ioc-probe"
                                  : "the old configuration goes on");
        probe_config_done(&config);
    }
    return err;
}

static void on_reload(void *arg)
{
    struct service *s = arg;
    int err = reload(s, (struct slice){s->changes.data, s->changes.len});
    (void)err; /* told; the old configuration goes on */
}

/* The broker repeats the retained message at every connection: only a new one changes anything. */
static void on_config(void *arg, struct slice message)
{
    struct service *s = arg;
    if (slice_equal(message, (struct slice){s->changes.data, s->changes.len}) ||
        message.len > PACK_BYTES_MAX || reload(s, message) != 0)
        return;
    buf_clear(&s->changes);
    buf_put(&s->changes, message.at, message.len);
    log_event(LOG_NOTE, "config.changed", "bytes=%zu", message.len);
}

/* "accept NAME" or "accept NAME<tab>POSITION", as shell/status_command.h sends it. */
static bool accepts(struct service *s, enum status_language language, const char *ask,
                    struct buf *out)
{
    static const char verb[] = "accept ";
    char by[ACCEPTANCE_WORD_MAX];
    struct buf text;
    if (strncmp(ask, verb, sizeof verb - 1) != 0)
        return false;
    ask += sizeof verb - 1;
    size_t len = strcspn(ask, "\t");
    snprintf(by, sizeof by, "%.*s", (int)len, ask);
    buf_init(&text, ACCEPTANCE_TEXT_MAX + SIGNATURE_TEXT_MAX + PROBE_CONFIG_TEXT_MAX);
    bool passed = agent_accept(s->agent, language, by, ask[len] ? ask + len + 1 : "", &text);
    buf_printf(out, "%d\n", passed ? 0 : 2);
    buf_put(out, text.data ? text.data : "", text.len);
    buf_done(&text);
    return true;
}

static void on_work_stored(void *arg)
{
    struct service *s = arg;
    status_server_release(s->server);
}

static bool on_ask(void *arg, enum status_language language, const char *ask, struct buf *out)
{
    struct service *s = arg;
    struct work_request request;
    if (!s->agent || accepts(s, language, ask, out))
        return true;
    if (work_read(ask, &request)) {
        buf_str(out, "0\n");
        return agent_work(s->agent, &request, language, out, on_work_stored, s);
    }
    buf_printf(out, "%d\n", agent_health(s->agent));
    agent_report(s->agent, language, out);
    return true;
}

static int open_signals(struct service *s)
{
    const struct {
        int number;
        loop_fn *fn;
    } rows[SIGNALS] = {
        {SIGTERM, on_stop}, {SIGINT, on_stop}, {SIGHUP, on_reload}, {SIGPWR, on_power}};

    int err = loop_timer_open(s->env.loop, on_impatient, s, &s->patience);
    for (int i = 0; i < SIGNALS && !err; i++)
        err = loop_signal_open(s->env.loop, rows[i].number, rows[i].fn, s, &s->signals[i]);
    return err;
}

static void open_server(struct service *s, const char *path)
{
    if (!path[0])
        return;
    int err = status_server_open(s->env.loop, path, on_ask, s, &s->server);
    if (err)
        log_event(LOG_WARNING, "status.socket",
                  "path=%s why=%s do=\"ioc-probe status will not work; the rest does\"", path,
                  err_text(err));
}

static void close_all(struct service *s)
{
    status_server_close(s->server);
    s->server = NULL; /* what the agent still has stored is told to nobody */
    for (int i = 0; i < SIGNALS; i++)
        loop_signal_close(s->signals[i]);
    loop_timer_close(s->patience);
    check_env_close(&s->env);
    buf_done(&s->changes);
}

int service_run(const char *file, struct probe_config *config)
{
    struct service s = {.file = file};
    buf_init(&s.changes, PACK_BYTES_MAX);
    struct probe_config_status status = config->status;
    int err = check_env_open(&s.env);
    if (err) {
        probe_config_done(config);
        return 1;
    }
    err = agent_open(&s.env, config, on_config, &s, &s.agent);
    if (!err)
        err = open_signals(&s);
    if (!err) {
        open_server(&s, status.socket);
        loop_run(s.env.loop);
    } else if (s.agent) {
        agent_close(s.agent, NULL, NULL);
    }
    close_all(&s);
    return err ? 1 : 0;
}
