#include "shell/keeper.h"

#include "base/err.h"
#include "codec/points.h"
#include "core/pace.h"
#include "io/file.h"
#include "io/log.h"
#include "shell/answers.h"

#include <stdlib.h>
#include <unistd.h>

enum {
    SET_BYTES_MAX = 256 << 20,
    SET_BYTES_FULL = 64 << 20, /* dead letters are as long as their senders like */
    LINES_BYTES_MAX = 24 << 20,
    LINES_BYTES_FULL = 16 << 20, /* a turn ends when its batch has this many */
    MESSAGES_PER_TURN = 10000,   /* saving and answering them is one piece on the loop */
    MARKS_PER_TURN = 8000,       /* units that its evidence puts in doubt: some 0.1 s of settling */
    SLICE_MS = 25,               /* taking and settling leave the loop to others so often */
    STEPS = 256,                 /* of settling, between two looks at the clock */
    RETRY_MS = 1000,
};

enum phase {
    PHASE_IDLE,
    PHASE_TAKING,     /* the change set stays open for more, until the timer */
    PHASE_SETTLING,   /* what it means is being worked out, until the timer */
    PHASE_COMMITTING, /* on the worker */
    PHASE_WAITING     /* to commit again, until the timer */
};

/* What one turn hands to the worker. */
struct job {
    struct change_set set;
    struct buf lines;
    struct keeper_commit commit;
    bool batch_written; /* its file is durable; a retry does not write it again */
    int err;            /* of the commit */
    int delete_err;     /* of removing what is not needed any more; harmless */
};

struct keeper {
    struct loop *loop;
    struct keeper_options options;
    struct keeper_events events;
    struct reception *reception;
    struct loop_timer *timer;
    struct change_set open; /* being built */
    struct buf lines;       /* of the batch being built */
    struct keeper_commit building;
    struct answers collected; /* of the turn under way */
    struct ack_queue late;    /* acks of packs of the past, before their turn */
    struct pace_work work;
    int64_t worked_us; /* for the messages of the change set under way */
    struct mono_ms released;
    struct job job;
    enum phase phase;
    bool stalled;
    bool changed;   /* by somebody on the loop, since the last seal */
    bool more;      /* the last slice ended before the messages did */
    bool last;      /* finishing: what was recorded beside the messages gets one turn more */
    size_t waiting; /* batches, for the database */
    struct mono_ms turn_began;
    struct pace_settling settling;
    loop_fn *done;
    void *done_arg;
};

static int on_readings(void *context, struct slice source, const struct reading *readings, size_t n)
{
    struct keeper *k = context;
    struct points_count count = {0};
    int err = points_write(&k->lines, source, readings, n, &count);
    k->building.batch.lines += count.lines;
    k->building.batch.readings += count.readings;
    k->options.centre->ledger.readings_dead += n - count.readings;
    if (!err && k->events.readings)
        err = k->events.readings(k->events.context, source, readings, n);
    return err;
}

static int on_dead(void *context, const struct reception_message *m, const char *reason)
{
    struct keeper *k = context;
    struct dead_letter letter = {
        .at = m->received, .source = m->topic, .reason = slice_of(reason), .payload = m->payload};
    change_set_dead(&k->open, &letter);
    log_event(LOG_WARNING, "message.refused",
              "topic=%.*s why=%s do=\"see it among the dead letters; mend the sender\"",
              (int)m->topic.len, m->topic.at, reason);
    return k->open.ops.err;
}

static int on_answer(void *context, const struct reception_answer *answer)
{
    struct keeper *k = context;
    if (answer->hold)
        log_event(LOG_WARNING, "pack.held",
                  "probe=%.*s why=%s do=\"mend the inventory or wait; the probe keeps its packs\"",
                  (int)answer->probe.len, answer->probe.at, answer->hold);
    return answers_add(&k->collected, answer);
}

static void on_conflict(void *context, struct slice probe)
{
    (void)context;
    log_event(LOG_ERROR, "probe.identity_conflict",
              "probe=%.*s do=\"two probes use this name and certificate; give one its own\"",
              (int)probe.len, probe.at);
}

static int on_work(void *context, uint32_t probe, const struct body_work *work)
{
    struct keeper *k = context;
    return k->events.work ? k->events.work(k->events.context, probe, work) : 0;
}

static void turn(void *arg);

int keeper_open(struct loop *loop, const struct keeper_options *options,
                const struct keeper_events *events, struct keeper **ret_keeper)
{
    struct keeper *k = calloc(1, sizeof *k);
    if (!k)
        return ERR_NOMEM;
    k->loop = loop;
    k->options = *options;
    if (!k->options.stopwatch_us)
        k->options.stopwatch_us = loop_stopwatch_us;
    k->events = *events;
    change_set_init(&k->open, SET_BYTES_MAX);
    change_set_init(&k->job.set, SET_BYTES_MAX);
    buf_init(&k->lines, LINES_BYTES_MAX);
    buf_init(&k->job.lines, LINES_BYTES_MAX);
    answers_init(&k->collected);
    ack_queue_init(&k->late);
    struct reception_effects effects = {k, on_readings, on_dead, on_answer, on_conflict, on_work};
    k->reception = reception_new(options->centre, options->id, options->boot, &effects);
    int err = k->reception ? loop_timer_open(loop, turn, k, &k->timer) : ERR_NOMEM;
    if (err) {
        keeper_close(k);
        return err;
    }
    *ret_keeper = k;
    return 0;
}

void keeper_close(struct keeper *k)
{
    if (!k)
        return;
    loop_timer_close(k->timer);
    reception_free(k->reception);
    change_set_done(&k->open);
    change_set_done(&k->job.set);
    buf_done(&k->lines);
    buf_done(&k->job.lines);
    answers_done(&k->collected);
    ack_queue_done(&k->late);
    free(k);
}

/* What is in memory cannot be trusted any more, what is stored can: the next start recovers from
 * it. */
static void give_up(const char *what, const char *why)
{
    log_event(LOG_ERROR, what,
              "why=%s do=\"the collector ends and recovers from what is stored when it is started "
              "again\"",
              why);
    _exit(1);
}

static struct mono_ms stopwatch(const struct keeper *k)
{
    return (struct mono_ms){k->options.stopwatch_us() / 1000};
}

static bool turn_full(const struct keeper *k)
{
    return k->lines.len >= LINES_BYTES_FULL || k->building.messages >= MESSAGES_PER_TURN ||
           answers_full(&k->collected) || k->open.ops.len >= SET_BYTES_FULL ||
           world_marked(k->options.centre->world) >= MARKS_PER_TURN;
}

static bool slice_over(const struct keeper *k, struct mono_ms began)
{
    return k->building.messages % 256 == 0 && mono_since(stopwatch(k), began) > SLICE_MS;
}

/* Takes what there is, for one slice. */
static void take_messages(struct keeper *k)
{
    struct mono_ms began = stopwatch(k);
    struct reception_message m;
    int err = 0;
    k->more = false;
    while (!k->more && (err = intake_next(k->options.intake, &m)) == 0) {
        if (k->building.messages++ == 0)
            k->building.oldest = m.received;
        err = reception_take(k->reception, &m);
        if (err)
            give_up("keeper.take_failed", err_text(err));
        k->more = turn_full(k) || slice_over(k, began);
    }
    if (err && err != ERR_END)
        give_up("intake.read_failed", err_text(err));
    if (k->building.messages)
        change_set_position(&k->open, intake_at(k->options.intake));
}

/* Takes a slice: true if the change set stays open for more, with the timer set. */
static bool take(struct keeper *k)
{
    uint64_t before = k->building.messages;
    if (k->phase == PHASE_IDLE)
        k->turn_began = stopwatch(k);
    take_messages(k);
    struct pace_turn turn = {.messages = k->building.messages,
                             .came = k->building.messages - before,
                             .open_ms = mono_since(stopwatch(k), k->turn_began),
                             .more = k->more};
    if (turn_full(k) || !pace_stays_open(&turn) || ((k->done || k->changed) && !k->more))
        return false;
    k->phase = PHASE_TAKING;
    loop_timer_after(k->timer, k->more ? 0 : PACE_LOOK_MS);
    return true;
}

/* Works out what messages or time changed, for one slice of either: true if more is to be done,
 * with the timer set. What evidence brought goes with its change set; what time alone brings may
 * wait for the next one, so that acks do not wait for a province that falls silent. */
static bool settle(struct keeper *k)
{
    struct mono_ms began = stopwatch(k);
    size_t steps = 0;
    int err = 0;
    if (k->phase != PHASE_SETTLING) {
        k->phase = PHASE_SETTLING;
        k->settling = (struct pace_settling){.behind = k->done != NULL};
        err = centre_reach(k->options.centre, loop_now(k->loop).wall);
    }
    bool following = k->settling.following;
    while (!err && !steps && k->settling.following == following &&
           mono_since(stopwatch(k), began) <= SLICE_MS) {
        steps = STEPS;
        err = centre_work(k->options.centre, following, &steps);
        steps = pace_settled(&k->settling, stopwatch(k), steps);
    }
    if (err)
        give_up("keeper.settle_failed", err_text(err));
    if (!steps)
        loop_timer_after(k->timer, 0);
    return !steps;
}

static void seal(struct keeper *k)
{
    struct row_sink rows = change_set_rows(&k->open);
    int err = k->events.sealing(k->events.context, &k->open);
    if (!err)
        err = centre_save(k->options.centre, &rows);
    if (err || k->open.ops.err)
        give_up("keeper.seal_failed", err_text(err ? err : k->open.ops.err));
    if (k->lines.len)
        k->building.batch.number = store_totals(k->options.store).last_batch + 1;
    struct change_set set = k->job.set;
    struct buf lines = k->job.lines;
    k->job = (struct job){.set = k->open, .lines = k->lines, .commit = k->building};
    k->open = set;
    k->lines = lines;
    k->building = (struct keeper_commit){0};
    k->changed = false;
}

/* On the worker: the batch's file first, then all the rest in one transaction. */
static void commit(void *arg)
{
    struct keeper *k = arg;
    struct job *job = &k->job;
    job->err = 0;
    struct batch_row *batch = &job->commit.batch;
    if (batch->number && !job->batch_written) {
        struct slice lines = {job->lines.data, job->lines.len};
        job->err = k->events.write_batch(k->events.context, lines, batch);
        if (job->err)
            return;
        change_set_batch(&job->set, batch);
        job->batch_written = true;
    }
    job->err = store_commit(k->options.store, &job->set);
    if (!job->err && job->set.has_position)
        job->delete_err = segment_delete_below(k->options.intake_folder, job->set.position.number);
}

static void start_commit(struct keeper *k);

static void stall(struct keeper *k, int err)
{
    if (!k->stalled)
        k->events.stalled(k->events.context, true, err_text(err));
    k->stalled = true;
    if (err == ERR_NO_SPACE && file_remove(k->options.reserve_file) != 0)
        log_event(LOG_WARNING, "keeper.reserve_stays",
                  "file=%s do=\"remove it by hand to make room\"", k->options.reserve_file);
    k->phase = PHASE_WAITING;
    loop_timer_after(k->timer, RETRY_MS);
}

static void recover(struct keeper *k)
{
    if (!k->stalled)
        return;
    k->stalled = false;
    k->events.stalled(k->events.context, false, "");
    if (file_reserve(k->options.reserve_file, k->options.reserve_bytes) != 0)
        log_event(LOG_WARNING, "keeper.no_reserve", "file=%s do=\"free disk space\"",
                  k->options.reserve_file);
}

static void on_committed(void *arg)
{
    struct keeper *k = arg;
    if (k->job.err == ERR_BUSY || k->job.err == ERR_NO_SPACE) {
        stall(k, k->job.err);
        return;
    }
    if (k->job.err)
        give_up("keeper.commit_failed", store_why(k->options.store));
    if (k->job.delete_err)
        log_event(LOG_WARNING, "intake.delete_failed", "folder=%s why=%s do=\"look at the disk\"",
                  k->options.intake_folder, err_text(k->job.delete_err));
    if (!k->stalled)
        pace_worked(&k->work, k->job.commit.messages, k->worked_us + k->options.stopwatch_us());
    k->worked_us = 0;
    recover(k);
    k->phase = PHASE_IDLE;
    change_set_clear(&k->job.set);
    buf_clear(&k->job.lines);
    k->events.committed(k->events.context, &k->job.commit);
    bool drained = intake_drained(k->options.intake);
    if (k->done && drained && (k->last || (change_set_empty(&k->open) && !k->changed))) {
        k->done(k->done_arg);
        k->done = NULL;
        return;
    }
    k->last = k->done && drained;
    if (k->more || k->settling.behind || k->done || k->changed)
        loop_timer_after(k->timer, 0);
    else if (!drained || !change_set_empty(&k->open))
        loop_timer_after(k->timer, pace_period_ms(k->options.period_ms, k->waiting));
}

static void start_commit(struct keeper *k)
{
    k->phase = PHASE_COMMITTING;
    int err = loop_work(k->loop, commit, on_committed, k);
    if (err)
        give_up("keeper.no_worker", err_text(err));
}

/* Takes, settles and seals, for one slice: true once the change set is sealed. */
static bool work(struct keeper *k)
{
    if (k->phase != PHASE_SETTLING && take(k))
        return false;
    if (settle(k))
        return false;
    seal(k);
    return true;
}

static void turn(void *arg)
{
    struct keeper *k = arg;
    if (k->phase == PHASE_COMMITTING)
        return;
    if (k->phase != PHASE_WAITING) {
        int64_t began_us = k->options.stopwatch_us();
        bool of_messages = k->phase != PHASE_SETTLING || !k->settling.following;
        bool sealed = work(k);
        if (of_messages)
            k->worked_us += k->options.stopwatch_us() - began_us;
        if (!sealed)
            return;
        k->worked_us -= k->options.stopwatch_us(); /* until it is committed: see on_committed() */
    }
    start_commit(k);
}

void keeper_kick(struct keeper *k)
{
    if (k->phase == PHASE_IDLE && !loop_timer_is_set(k->timer))
        loop_timer_after(k->timer, pace_period_ms(k->options.period_ms, k->waiting));
}

void keeper_change(struct keeper *k)
{
    k->changed = true;
    if (k->phase == PHASE_IDLE)
        loop_timer_after(k->timer, 0);
}

void keeper_finish(struct keeper *k, loop_fn *done, void *arg)
{
    k->done = done;
    k->done_arg = arg;
    if (k->phase == PHASE_IDLE || k->phase == PHASE_TAKING)
        loop_timer_after(k->timer, 0);
}

void keeper_waiting(struct keeper *k, size_t batches)
{
    k->waiting = batches;
}

bool keeper_settled(const struct keeper *k)
{
    return k->phase == PHASE_IDLE && !k->changed;
}

struct change_set *keeper_set(struct keeper *k)
{
    return &k->open;
}

int keeper_requeue(struct keeper *k, const struct reception_message *message,
                   struct reason *ret_why)
{
    return reception_requeue(k->reception, message, loop_now(k->loop).wall, ret_why);
}

int keeper_line(struct keeper *k, struct slice line, uint64_t readings)
{
    buf_put(&k->lines, line.at, line.len);
    buf_char(&k->lines, '\n');
    if (k->lines.err)
        return k->lines.err;
    k->building.batch.lines++;
    k->building.batch.readings += readings;
    k->options.centre->ledger.readings_requeued += readings;
    return 0;
}

void keeper_hold(struct keeper *k, const char *reason)
{
    reception_hold(k->reception, reason);
}

int keeper_answer(struct keeper *k, struct wall_ms now, answers_send *send, void *context)
{
    return answers_publish(&k->collected, &k->late, now, send, context);
}

int keeper_release(struct keeper *k, struct wall_ms now, answers_send *send, void *context)
{
    struct mono_ms at = stopwatch(k);
    uint64_t packs = pace_packs(&k->work, mono_since(at, k->released));
    k->released = at;
    return answers_release(&k->late, packs, &k->options.centre->inventory->probes, now, send,
                           context);
}

void keeper_lag(struct keeper *k, int64_t lag_ms)
{
    pace_lag(&k->work, lag_ms, k->late.waiting > 0);
}

size_t keeper_acks_waiting(const struct keeper *k)
{
    return k->late.waiting;
}
