#include "shell/agent_own.h"

#include "base/err.h"
#include "io/log.h"
#include "io/loop.h"
#include "wire/topic.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STATUS_BYTES_MAX = 65536, NAME_MAX_BYTES = 2 * PACK_PART_MAX + 2 };

static void topic_of(const struct agent *a, struct buf *out)
{
    struct topic topic = {.kind = TOPIC_STATUS, .who = slice_of(a->config.probe.id)};
    buf_init(out, TOPIC_MAX);
    topic_write(out, &topic);
}

void agent_status_will(struct agent *a, struct mqtt_will *will)
{
    struct buf topic, payload;
    struct status status = {.state = STATUS_OFFLINE, .boot = a->boot, .conn = a->conn};
    topic_of(a, &topic);
    buf_init(&payload, sizeof will->payload);
    status_write(&payload, &status);
    snprintf(will->topic, sizeof will->topic, "%s", topic.data);
    memcpy(will->payload, payload.data, payload.len);
    will->len = payload.len;
    will->retained = true;
    buf_done(&topic);
    buf_done(&payload);
}

/* When a result began, exactly as its pack says: the centre takes a later time for another result.
 */
static int64_t time_of(const struct agent *a, const struct result *result)
{
    int64_t offset_ms = 0;
    if (result->time_us == 0 &&
        clock_trust_fate(&a->trust, a->trust.boot, &offset_ms) == CLOCK_TIMED)
        return (result->started.ms + offset_ms) * 1000;
    return result->time_us;
}

/* The last result of every check that ran; its texts are in @p names. */
static size_t summary(const struct agent *a, struct status_result *now,
                      char (*names)[NAME_MAX_BYTES])
{
    size_t n = 0;
    for (size_t i = 0; i < a->results.len; i++) {
        const struct result *result = &a->results.result[i];
        const struct conf_item *item = &a->config.checks.items[i];
        const struct check_common *common = item->object;
        int64_t time_us = time_of(a, result);
        if (!result->known || time_us == 0)
            continue;
        snprintf(names[n], sizeof *names, "%s/%s", item->kind->word, common->name);
        now[n] = (struct status_result){.site = slice_of(common->site),
                                        .check = slice_of(names[n]),
                                        .verdict = result->verdict,
                                        .time_us = time_us};
        n++;
    }
    return n;
}

/* What people announced last, at the time that its pack will carry. */
static struct body_work announced(const struct agent *a)
{
    struct body_work work = {.from_us = a->work_from_us,
                             .reason = slice_of(a->work_ms ? a->work_reason : "")};
    int64_t offset_ms = 0;
    bool timed = a->work_kind == OUTBOX_TIMED;
    if (!timed && clock_trust_fate(&a->trust, a->trust.boot, &offset_ms) != CLOCK_TIMED)
        return (struct body_work){0};
    if (work.from_us == 0 || (a->work_ms > 0 && !agent_works(a)))
        return (struct body_work){0};
    if (!timed)
        work.from_us += (offset_ms - OUTBOX_RECORD_MONO_ZERO_MS) * 1000;
    work.until_us = work.from_us + a->work_ms * 1000;
    return work;
}

static struct status describe(const struct agent *a, enum status_state state)
{
    struct wall_ms wall = {0};
    struct status status = {.state = state,
                            .boot = a->boot,
                            .conn = a->conn,
                            .version = slice_of(IOC_VERSION),
                            .clock = a->trust.source,
                            .epoch = a->window.epoch,
                            .backlog = window_backlog(&a->window)};
    if (a->outbox)
        status.dropped = outbox_view(a->outbox).dropped;
    status.unwritten = a->outbox ? outbox_view(a->outbox).unwritten : a->told_unwritten;
    if (clock_trust_now(&a->trust, loop_now(a->loop).mono, &wall))
        status.time_us = wall.ms * 1000;
    if (state == STATUS_POWER_LOST)
        status.time_us = a->gasp_us;
    return status;
}

static int publish(struct agent *a, const struct status *status, mqtt_done *done)
{
    struct buf topic, payload;
    topic_of(a, &topic);
    buf_init(&payload, STATUS_BYTES_MAX);
    status_write(&payload, status);
    struct slice bytes = {payload.data, payload.len};
    int err =
        payload.err ? payload.err : mqtt_publish(a->mqtt, topic.data, bytes, 1, true, done, a);
    buf_done(&topic);
    buf_done(&payload);
    return err;
}

int agent_status_tell(struct agent *a, enum status_state state, mqtt_done *done)
{
    if (!mqtt_is_up(a->mqtt))
        return ERR_CLOSED;
    struct status status = describe(a, state);
    size_t n = a->results.len ? a->results.len : 1;
    struct status_result *now = NULL;
    char(*names)[NAME_MAX_BYTES] = NULL;
    a->status_backlog = status.backlog > 0;
    a->told_unwritten = status.unwritten;
    if (a->status_backlog && state == STATUS_ONLINE) {
        status.work = announced(a);
        now = calloc(n, sizeof *now);
        names = calloc(n, sizeof *names);
    }
    if (now && names) {
        status.now = now;
        status.n_now = summary(a, now, names);
    }
    int err = publish(a, &status, done);
    free(now);
    free(names);
    return err;
}

void agent_status_publish(struct agent *a, enum status_state state)
{
    int err = agent_status_tell(a, state, NULL);
    if (err && err != ERR_CLOSED)
        log_event(LOG_WARNING, "status.unsent", "state=%s why=%s", status_word((int)state),
                  err_text(err));
}

void agent_status_now(struct agent *a)
{
    if (!a->gasping)
        agent_status_publish(a, STATUS_ONLINE);
}

void agent_status_gasp(void *arg)
{
    struct agent *a = arg;
    a->gasp_put = 0;
    loop_timer_stop(a->gasp_timer);
    if (!a->gasping)
        return;
    if (a->outbox)
        outbox_gasped(a->outbox, true);
    agent_status_publish(a, STATUS_POWER_LOST);
}
