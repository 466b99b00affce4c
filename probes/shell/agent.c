#include "shell/agent.h"

#include "base/err.h"
#include "base/names.h"
#include "io/entropy.h"
#include "io/file.h"
#include "io/log.h"
#include "io/loop.h"
#include "shell/agent_own.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FAREWELL_MS = 700, BOOT_ID_MAX = 64 };

struct agent_hex agent_hex(uint64_t value)
{
    struct agent_hex hex;
    snprintf(hex.text, sizeof hex.text, "%016llx", (unsigned long long)value);
    return hex;
}

static void on_report(void *arg, size_t index, struct now started,
                      const struct check_report *report)
{
    struct agent *a = arg;
    agent_packs_report(a, index, started, report);
    if (a->distress && index == a->sign_check)
        distress_see(a->distress, started, report);
}

static void disconnect(void *arg);

static int open_timers(struct agent *a)
{
    int err = loop_timer_open(a->loop, agent_packs_timer, a, &a->pack_timer);
    if (!err)
        err = loop_timer_open(a->loop, agent_link_timer, a, &a->pump_timer);
    if (!err)
        err = loop_timer_open(a->loop, agent_link_waited, a, &a->wait_timer);
    if (!err)
        err = loop_timer_open(a->loop, agent_status_gasp, a, &a->gasp_timer);
    if (!err)
        err = loop_timer_open(a->loop, disconnect, a, &a->farewell_timer);
    return err;
}

/* Monotonic time goes on from one start of the program to the next, until the machine starts: so
 * does the clock of what was stored by it. proc(5), random/boot_id. */
static uint64_t boot_of_machine(uint64_t fallback)
{
    struct buf id;
    buf_init(&id, BOOT_ID_MAX);
    int err = file_read("/proc/sys/kernel/random/boot_id", &id);
    uint64_t hash = err ? 0 : names_hash((struct slice){id.data, id.len});
    buf_done(&id);
    return hash ? hash : fallback;
}

static int open_outbox(struct agent *a)
{
    const struct outbox_events events = {.arg = a,
                                         .stored = agent_link_stored,
                                         .dropped = agent_link_dropped,
                                         .renumbered = agent_link_renumbered,
                                         .clock_kept = agent_link_clock_kept};
    struct outbox_options options = {.folder = a->config.outbox.folder,
                                     .policy = {.max_bytes = a->config.outbox.max_bytes,
                                                .max_age_ms = a->config.outbox.max_age_ms},
                                     .boot = a->trust.boot,
                                     .machine = a->trust.boot == a->boot ? 0 : a->trust.boot};
    int err = outbox_open(a->loop, &options, &events, &a->outbox);
    if (err) {
        log_event(LOG_ERROR, "outbox.open", "folder=%s why=%s do=%s", options.folder, err_text(err),
                  err == ERR_BUSY ? "another ioc-probe runs with this folder; end it first"
                                  : "see that this user may write there and the disk has room");
        return err;
    }
    struct outbox_view view = outbox_view(a->outbox);
    struct last_life before = outbox_last_life(a->outbox);
    a->start = last_life_start(&before, options.machine);
    window_init(&a->window, view.epoch, view.low, view.high, &a->rng);
    outbox_load_clocks(a->outbox, &a->trust);
    int64_t offset_ms = 0;
    a->clock_kept = clock_trust_fate(&a->trust, a->trust.boot, &offset_ms) == CLOCK_TIMED;
    log_event(LOG_INFO, "outbox.open", "folder=%s epoch=%s packs=%llu bytes=%lld", options.folder,
              agent_hex(view.epoch).text, (unsigned long long)(view.high + 1 - view.low),
              (long long)view.bytes);
    return 0;
}

static void free_all(struct agent *a)
{
    watch_close(a->watch);
    distress_close(a->distress);
    memory_close(a->memory, NULL, NULL);
    agent_packs_free(a);
    buf_done(&a->render);
    loop_timer_close(a->pack_timer);
    loop_timer_close(a->pump_timer);
    loop_timer_close(a->wait_timer);
    loop_timer_close(a->gasp_timer);
    loop_timer_close(a->farewell_timer);
    probe_config_done(&a->config);
    free(a);
}

static int start(struct agent *a)
{
    int err = open_timers(a);
    if (!err)
        err = open_outbox(a);
    if (!err)
        err = agent_link_open(a);
    if (!err)
        err = agent_packs_begin(a, &a->config);
    if (!err)
        err = memory_open(a->loop, a->config.outbox.folder, agent_remember, a, &a->memory);
    struct distress *distress = NULL;
    if (!err)
        err = agent_distress_open(a, &a->config, &distress);
    if (!err)
        agent_distress_use(a, distress);
    if (!err)
        err = watch_open(&a->env, &a->config, &a->rng, on_report, a, &a->watch);
    if (!err)
        memory_give(a->memory, a->watch);
    return err;
}

static void on_mqtt_closed(void *arg)
{
    struct agent *a = arg;
    loop_fn *closed = a->closed;
    void *closed_arg = a->closed_arg;
    free_all(a);
    log_event(LOG_NOTE, "probe.stop", "version=%s", IOC_VERSION);
    if (closed)
        closed(closed_arg);
}

static void disconnect(void *arg)
{
    struct agent *a = arg;
    if (a->parting)
        return;
    a->parting = true;
    loop_timer_stop(a->farewell_timer);
    mqtt_close(a->mqtt, on_mqtt_closed, a);
}

static void on_farewell(void *arg, int err)
{
    (void)err;
    disconnect(arg);
}

/* The farewell is awaited before the connection goes: the library else waits for it much longer
 * than it takes. */
static void on_outbox_closed(void *arg)
{
    struct agent *a = arg;
    a->outbox = NULL;
    if (!a->mqtt) {
        on_mqtt_closed(a);
        return;
    }
    loop_timer_after(a->farewell_timer, FAREWELL_MS);
    enum status_state state = a->gasping ? STATUS_POWER_LOST : STATUS_STOPPED;
    if (agent_status_tell(a, state, on_farewell) != 0)
        disconnect(a);
}

/* The outbox goes last: its lock is what keeps another probe from the folder. */
static void on_memory_closed(void *arg)
{
    struct agent *a = arg;
    a->memory = NULL;
    if (a->outbox)
        outbox_close(a->outbox, on_outbox_closed, a);
    else
        on_outbox_closed(a);
}

static void on_all_told(void *arg)
{
    struct agent *a = arg;
    if (a->watch)
        agent_remember(a);
    distress_close(a->distress);
    a->distress = NULL;
    watch_close(a->watch);
    a->watch = NULL;
    if (a->packer)
        packer_close(a->packer, loop_now(a->loop).mono, true);
    if (a->pack_timer)
        loop_timer_stop(a->pack_timer);
    memory_close(a->memory, on_memory_closed, a);
}

/* Whoever is being told something is awaited first, so that what became of it is kept. */
void agent_close(struct agent *a, loop_fn *closed, void *arg)
{
    if (a->stopping)
        return;
    a->stopping = true;
    a->closed = closed;
    a->closed_arg = arg;
    distress_finish(a->distress, on_all_told, a);
}

int agent_open(const struct check_env *env, struct probe_config *config, agent_config_fn *on_config,
               void *arg, struct agent **ret_agent)
{
    struct agent *a = calloc(1, sizeof *a);
    if (!a) {
        probe_config_done(config);
        return ERR_NOMEM;
    }
    a->env = *env;
    a->loop = env->loop;
    a->config = *config;
    a->on_config = on_config;
    a->on_config_arg = arg;
    a->rng.state = entropy_u64();
    a->boot = entropy_u64();
    buf_init(&a->render, PACK_BYTES_MAX);
    clock_trust_init(&a->trust, boot_of_machine(a->boot));
    log_set_level((enum log_level)((int)LOG_ERROR + config->probe.log_level));
    int err = start(a);
    if (err) {
        agent_close(a, NULL, NULL);
        return err;
    }
    log_event(LOG_NOTE, "probe.start", "version=%s probe=%s site=%s checks=%zu boot=%s after=%s",
              IOC_VERSION, a->config.probe.id, a->config.probe.site, a->config.checks.len,
              agent_hex(a->boot).text, start_word((int)a->start));
    *ret_agent = a;
    return 0;
}

/* Keeps what cannot change while running; says so where the file differs. */
static void keep(const char *section, void *to, const void *from, size_t size)
{
    if (memcmp(to, from, size) != 0)
        log_event(LOG_WARNING, "reload.needs_restart",
                  "section=%s do=\"restart ioc-probe to let it take effect\"", section);
    memcpy(to, from, size);
}

/* Another name or site is another probe: its packs and its checks' results would be mixed up. */
static bool same_probe(const struct probe_config *old, const struct probe_config *config)
{
    return strcmp(old->probe.id, config->probe.id) == 0 &&
           strcmp(old->probe.site, config->probe.site) == 0;
}

int agent_reload(struct agent *a, struct probe_config *config)
{
    struct probe_config old = a->config;
    struct watch *watch = NULL;
    struct distress *distress = NULL;
    if (a->stopping)
        return ERR_CLOSED;
    if (!same_probe(&old, config))
        return ERR_BUSY;
    keep("broker", &config->broker, &old.broker, sizeof config->broker);
    keep("outbox", &config->outbox, &old.outbox, sizeof config->outbox);
    keep("status", &config->status, &old.status, sizeof config->status);
    int err = watch_open(&a->env, config, &a->rng, on_report, a, &watch);
    if (!err)
        err = agent_distress_open(a, config, &distress);
    if (!err)
        err = agent_packs_begin(a, config);
    if (err) {
        watch_close(watch);
        if (distress != a->distress)
            distress_close(distress);
        return err;
    }
    agent_distress_use(a, distress);
    agent_remember(a);
    memory_give(a->memory, watch);
    watch_close(a->watch);
    a->watch = watch;
    probe_config_done(&old);
    log_set_level((enum log_level)((int)LOG_ERROR + a->config.probe.log_level));
    log_event(LOG_NOTE, "reload.done", "checks=%zu", a->config.checks.len);
    return 0;
}

void agent_power_lost(struct agent *a)
{
    if (a->gasping || a->stopping)
        return;
    a->gasping = true;
    agent_remember(a);
    log_event(LOG_WARNING, "power.lost", "do=\"running on battery, if there is one\"");
    agent_packs_gasp(a);
}
