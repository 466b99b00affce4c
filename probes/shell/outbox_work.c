#include "base/err.h"
#include "io/log.h"
#include "shell/outbox_own.h"

#include <stdlib.h>
#include <string.h>

/* Numbers are reserved so many at a time: one state more for as many packs. */
enum { RETRY_MS = 10000, RESERVE_NUMBERS = 32 };

static void on_worker(void *arg)
{
    struct outbox *o = arg;
    outbox_job_run(&o->job);
}

/* The state that was written is what counts from now on. */
static void state_written(struct outbox *o)
{
    o->kept = o->going;
    if (o->going_renumbered)
        o->events.renumbered(o->events.arg);
    if (o->going_dropped)
        o->events.dropped(o->events.arg, o->kept.low - o->kept.base);
    if (o->going_clock)
        o->events.clock_kept(o->events.arg);
}

static void pack_stored(struct outbox *o, struct outbox_put *put)
{
    uint64_t file = put->end.number;
    o->waiting_bytes -= put->record.body.len;
    free(put->data);
    o->want.high = put->record.number;
    if (outbox_runs_add(&o->runs, file, put->end.offset, &put->record) != 0)
        log_event(LOG_ERROR, "outbox.memory", "number=%llu",
                  (unsigned long long)put->record.number);
    o->events.stored(o->events.arg, put->record.number - o->kept.base);
}

/* Packs that the disk refused go back to the front; what came meanwhile and has no place is lost.
 */
static void take_back(struct outbox *o)
{
    size_t back = o->job.len - o->job.stored;
    while (o->waiting_len + back > OUTBOX_JOB_PUTS) {
        struct outbox_put *first = &o->job.puts[o->job.len - back];
        o->waiting_bytes -= first->record.body.len;
        free(first->data);
        outbox_unwritten(o);
        back--;
    }
    memmove(o->waiting + back, o->waiting, o->waiting_len * sizeof *o->waiting);
    memcpy(o->waiting, o->job.puts + (o->job.len - back), back * sizeof *o->waiting);
    o->waiting_len += back;
}

static void refused(struct outbox *o, int err)
{
    if (o->disk_err != err)
        log_event(LOG_ERROR, "outbox.disk",
                  "folder=%s why=%s do=\"make room or check the disk; packs wait in memory\"",
                  o->folder, err_text(err));
    o->disk_err = err;
    size_t runs = outbox_runs_len(&o->runs);
    loop_timer_after(o->retry, RETRY_MS);
    if (err == ERR_NO_SPACE && runs > 1 && !o->save) {
        outbox_hold_bound(o, true);
        loop_timer_after(o->retry, 0);
    }
}

static void state_refused(struct outbox *o)
{
    o->save = true;
    o->tell_dropped = o->tell_dropped || o->going_dropped;
    o->tell_renumbered = o->tell_renumbered || o->going_renumbered;
    o->tell_clock = o->tell_clock || o->going_clock;
    o->delete_below = o->delete_below ? o->delete_below : o->job.delete_below;
}

static void on_done(void *arg)
{
    struct outbox *o = arg;
    struct outbox_job *job = &o->job;
    if (job->state.len > 0 && job->state_err)
        state_refused(o);
    else if (job->state.len > 0)
        state_written(o);
    for (size_t i = 0; i < job->stored; i++)
        pack_stored(o, &job->puts[i]);
    take_back(o);
    o->busy = false; /* not before: the events may bring new packs, and the job is in use */
    int err = job->state_err ? job->state_err : job->put_err;
    if (err && !o->closing) {
        refused(o, err);
        return;
    }
    if (!err && o->disk_err)
        log_event(LOG_NOTE, "outbox.disk_back", "folder=%s", o->folder);
    o->disk_err = err;
    if (!err)
        outbox_hold_bound(o, false);
    if (err && o->closing)
        outbox_finish(o);
    else
        outbox_work(o);
}

static void prepare_state(struct outbox *o)
{
    buf_clear(&o->job.state);
    o->going_dropped = o->going_renumbered = o->going_clock = false;
    o->job.delete_below = 0;
    if (!o->save)
        return;
    o->want.running_ms = outbox_running_ms(o);
    o->going = o->want;
    outbox_state_write(&o->going, &o->job.state);
    o->job.delete_below = o->delete_below;
    o->going_dropped = o->tell_dropped;
    o->going_renumbered = o->tell_renumbered;
    o->going_clock = o->tell_clock;
    o->save = o->tell_dropped = o->tell_renumbered = o->tell_clock = false;
    o->delete_below = 0;
}

/* A number that damage may hide has to be known as possibly given before a pack bears it. */
static void reserve_numbers(struct outbox *o)
{
    uint64_t needed = o->want.high + o->waiting_len;
    o->job.reserves = needed > o->kept.reserved;
    if (o->closing && o->waiting_len == 0) {
        o->want.reserved = o->want.high;
    } else if (o->job.reserves) {
        o->want.reserved = needed + RESERVE_NUMBERS;
        o->save = true;
    }
}

static void prepare_puts(struct outbox *o)
{
    memcpy(o->job.puts, o->waiting, o->waiting_len * sizeof *o->waiting);
    o->job.len = o->waiting_len;
    o->job.stored = 0;
    o->waiting_len = 0;
    for (size_t i = 0; i < o->job.len; i++)
        o->job.puts[i].record.number = o->want.high + 1 + i;
}

void outbox_work(struct outbox *o)
{
    if (o->busy)
        return;
    if (!o->save && o->waiting_len == 0) {
        if (o->closing)
            outbox_finish(o);
        return;
    }
    o->job.folder = o->folder;
    o->job.writer = o->writer;
    reserve_numbers(o);
    prepare_state(o);
    prepare_puts(o);
    int err = o->job.state.err ? o->job.state.err : loop_work(o->loop, on_worker, on_done, o);
    o->busy = !err;
    if (err) {
        o->save = true;
        take_back(o);
        refused(o, err);
    }
}
