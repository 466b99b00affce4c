#include "base/err.h"
#include "io/entropy.h"
#include "io/log.h"
#include "io/segment.h"
#include "shell/outbox_newest.h"
#include "shell/outbox_own.h"
#include "wire/pack.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_BYTES = 256 * 1024, FILES_OF_BOUND = 8, STATE_MAX = 8192 };

int64_t outbox_running_ms(const struct outbox *o)
{
    return outbox_policy_running_ms(o->before_ms, o->started, loop_now(o->loop).mono);
}

static uint64_t lowest_of(const struct outbox_runs *runs)
{
    return outbox_runs_len(runs) ? outbox_runs_all(runs)[0].first : outbox_runs_last(runs) + 1;
}

/* What is on the disk without a state that can be read: all of it, under a new epoch. */
static void begin_anew(struct outbox *o)
{
    outbox_state_init(&o->want, entropy_u64());
    o->want.high = outbox_runs_last(&o->runs);
    o->want.low = lowest_of(&o->runs);
    o->want.base = o->want.low - 1;
    o->save = true;
}

static void set_aside(const char *path, int why)
{
    char bad[FILE_PATH_MAX];
    int len = snprintf(bad, sizeof bad, "%s.bad", path);
    log_event(LOG_ERROR, "outbox.state",
              "file=%s why=%s do=\"set aside as state.bad; packs are sent under a new epoch\"",
              path, err_text(why));
    if (len > 0 && (size_t)len < sizeof bad && rename(path, bad) != 0)
        log_event(LOG_WARNING, "outbox.state_left", "file=%s", path);
}

static int load_state(struct outbox *o)
{
    char path[FILE_PATH_MAX];
    struct buf text;
    buf_init(&text, STATE_MAX);
    int err = outbox_job_state_path(path, o->folder);
    if (!err)
        err = file_read(path, &text);
    bool first = err == ERR_NOT_FOUND;
    if (!err)
        err = outbox_state_read((struct slice){text.data, text.len}, &o->want);
    buf_done(&text);
    if (err == ERR_CORRUPT || err == ERR_FULL)
        set_aside(path, err);
    if (!first && err != ERR_CORRUPT && err != ERR_FULL)
        return err;
    begin_anew(o);
    return 0;
}

/* The highest number that may have been given: by the segments and what is left of damaged ones, by
 * the state, and by the note of the newest pack, where a segment was cut off between two. */
static uint64_t highest_given(const struct outbox *o)
{
    uint64_t given = outbox_runs_given(&o->runs, o->want.reserved);
    uint64_t noted = outbox_newest_read(o->folder);
    if (noted > given && noted <= o->want.reserved)
        given = noted;
    return given > o->want.high ? given : o->want.high;
}

/* Numbers above the state's are packs written after it was. Those that damage, a torn tail or a cut
 * took were given all the same: new packs go above them, and they are counted when their turn
 * comes. */
static void find_high(struct outbox *o)
{
    uint64_t last = outbox_runs_last(&o->runs);
    uint64_t held = last >= o->want.low ? last : o->want.low - 1;
    o->want.high = highest_given(o);
    if (o->want.high > held)
        log_event(
            LOG_ERROR, "outbox.lost_tail",
            "from=%llu to=%llu exact=%s do=\"check the disk; what the centre does not have of "
            "these packs is counted as lost\"",
            (unsigned long long)held + 1, (unsigned long long)o->want.high,
            o->runs.unsure ? "no" : "yes");
    o->want.reserved = o->want.high;
}

/* Nothing below `low` is held. */
static void reconcile(struct outbox *o)
{
    find_high(o);
    o->delete_below = outbox_runs_forget(&o->runs, o->want.low);
    o->before = o->want.life;
    o->want.life = (struct last_life){.known = true, .machine = o->machine};
    o->save = true; /* that this life runs has to stand there before it can end */
    o->kept = o->want;
    o->before_ms =
        o->want.running_ms > o->runs.running_ms ? o->want.running_ms : o->runs.running_ms;
}

static int64_t file_bytes(const struct outbox_policy *policy)
{
    int64_t part = policy->max_bytes / FILES_OF_BOUND;
    return part < FILE_BYTES ? part : FILE_BYTES;
}

static int open_files(struct outbox *o)
{
    char path[FILE_PATH_MAX];
    struct segment_options options = {
        .folder = o->folder, .file_bytes = (uint64_t)file_bytes(&o->policy), .durable = true};
    memcpy(options.id, OUTBOX_RUNS_ID, SEGMENT_ID_BYTES);
    int err = file_make_folder(o->folder);
    if (!err)
        err = file_join(path, o->folder, "lock");
    if (!err)
        err = file_lock(path, &o->lock);
    if (!err)
        err = segment_writer_open(&options, &o->writer);
    if (err == ERR_NO_SPACE && outbox_job_give_up_reserve(o->folder) == 0)
        err = segment_writer_open(&options, &o->writer);
    if (!err)
        err = outbox_runs_scan(&o->runs, o->folder);
    if (!err)
        err = load_state(o);
    return err;
}

static void on_retry(void *arg)
{
    outbox_work(arg);
}

static void free_all(struct outbox *o)
{
    for (size_t i = 0; i < o->waiting_len; i++)
        free(o->waiting[i].data);
    segment_reader_close(o->reader);
    segment_writer_close(o->writer);
    if (o->lock >= 0)
        file_unlock(o->lock);
    outbox_runs_done(&o->runs);
    buf_done(&o->job.state);
    buf_done(&o->plain);
    loop_timer_close(o->retry);
    free(o);
}

int outbox_open(struct loop *loop, const struct outbox_options *options,
                const struct outbox_events *events, struct outbox **ret_outbox)
{
    if (strlen(options->folder) >= FILE_PATH_MAX)
        return ERR_TOO_LONG;
    struct outbox *o = calloc(1, sizeof *o);
    if (!o)
        return ERR_NOMEM;
    o->loop = loop;
    o->events = *events;
    o->policy = options->policy;
    o->boot = options->boot;
    o->machine = options->machine;
    o->lock = -1;
    o->started = loop_now(loop).mono;
    memcpy(o->folder, options->folder, strlen(options->folder) + 1);
    outbox_runs_init(&o->runs);
    buf_init(&o->job.state, STATE_MAX);
    buf_init(&o->plain, PACK_BYTES_MAX);
    int err = loop_timer_open(loop, on_retry, o, &o->retry);
    if (!err)
        err = open_files(o);
    if (err) {
        free_all(o);
        return err;
    }
    outbox_job_reserve(o->folder);
    reconcile(o);
    outbox_hold_bound(o, false);
    outbox_work(o);
    *ret_outbox = o;
    return 0;
}

void outbox_close(struct outbox *o, loop_fn *closed, void *arg)
{
    if (!o)
        return;
    o->closing = true;
    o->closed = closed;
    o->closed_arg = arg;
    o->want.life.stopped = true;
    o->save = true;
    loop_timer_after(o->retry, 0);
}

void outbox_finish(struct outbox *o)
{
    loop_fn *closed = o->closed;
    void *arg = o->closed_arg;
    if (o->waiting_len > 0)
        log_event(LOG_ERROR, "outbox.lost", "packs=%zu why=%s", o->waiting_len,
                  err_text(o->disk_err));
    free_all(o);
    if (closed)
        closed(arg);
}

void outbox_unwritten(struct outbox *o)
{
    o->unstored++;
    o->want.unwritten++;
    o->save = true;
}

static void lose_oldest_waiting(struct outbox *o)
{
    o->waiting_bytes -= o->waiting[0].record.body.len;
    free(o->waiting[0].data);
    memmove(o->waiting, o->waiting + 1, --o->waiting_len * sizeof *o->waiting);
    outbox_unwritten(o);
    log_event(LOG_ERROR, "outbox.unstored", "packs=%llu why=%s do=\"make room on the disk\"",
              (unsigned long long)o->unstored, err_text(o->disk_err));
}

void outbox_put(struct outbox *o, enum outbox_kind kind, struct slice body, uint32_t readings)
{
    while (o->waiting_len > 0 &&
           (o->waiting_len == OUTBOX_JOB_PUTS || o->waiting_bytes + body.len > OUTBOX_WAITING_MAX))
        lose_oldest_waiting(o);
    char *data = malloc(body.len ? body.len : 1);
    if (!data) {
        outbox_unwritten(o);
        return;
    }
    memcpy(data, body.at, body.len);
    o->waiting[o->waiting_len++] =
        (struct outbox_put){.record = {.kind = kind,
                                       .readings = readings,
                                       .boot = o->boot,
                                       .running_ms = outbox_running_ms(o),
                                       .body = {data, body.len}},
                            .data = data};
    o->waiting_bytes += body.len;
    outbox_work(o);
}

static void forget_files(struct outbox *o)
{
    uint64_t below = outbox_runs_forget(&o->runs, o->want.low);
    if (below == 0)
        return;
    o->delete_below = below;
    o->save = true;
    outbox_work(o);
}

void outbox_acked(struct outbox *o, uint64_t seq)
{
    uint64_t number = seq + o->kept.base;
    if (number < o->want.low || number > o->want.high)
        return;
    o->want.low = number + 1;
    forget_files(o);
}

void outbox_hold_bound(struct outbox *o, bool force)
{
    const struct outbox_run *runs = outbox_runs_all(&o->runs);
    size_t len = outbox_runs_len(&o->runs);
    struct outbox_policy policy = o->policy;
    struct outbox_view view = outbox_view(o);
    if (force)
        policy.max_bytes = view.bytes - 1;
    struct outbox_drop drop =
        outbox_policy_drop(&policy, runs, len, o->want.low, outbox_running_ms(o));
    if (drop.runs == 0)
        return;
    o->want.low = drop.low;
    o->want.dropped += drop.packs;
    o->tell_dropped = o->tell_dropped || drop.packs > 0;
    if (drop.packs > 0)
        log_event(LOG_WARNING, "outbox.dropped",
                  "packs=%llu total=%llu do=\"look why the centre does not answer\"",
                  (unsigned long long)drop.packs, (unsigned long long)o->want.dropped);
    forget_files(o);
}

void outbox_renumber(struct outbox *o, uint64_t epoch)
{
    o->want.epoch = epoch;
    o->want.base = o->want.low - 1;
    o->want.dropped = 0;
    o->tell_renumbered = true;
    o->save = true;
    outbox_work(o);
}

void outbox_clock(struct outbox *o, struct clock_offset offset)
{
    outbox_state_clock(&o->want, offset);
    o->tell_clock = true;
    o->save = true;
    outbox_work(o);
}

void outbox_load_clocks(const struct outbox *o, struct clock_trust *trust)
{
    for (size_t i = 0; i < o->want.clocks; i++)
        clock_trust_load(trust, o->want.clock[i]);
}

struct last_life outbox_last_life(const struct outbox *o)
{
    return o->before;
}

void outbox_gasped(struct outbox *o, bool gasped)
{
    if (o->want.life.gasped == gasped)
        return;
    o->want.life.gasped = gasped;
    o->save = true;
    outbox_work(o);
}

struct outbox_view outbox_view(const struct outbox *o)
{
    struct outbox_view view = {.epoch = o->kept.epoch,
                               .low = o->want.low - o->kept.base,
                               .high = o->want.high - o->kept.base,
                               .dropped = o->kept.dropped,
                               .unstored = o->unstored,
                               .unwritten = o->want.unwritten,
                               .disk_err = o->disk_err};
    for (size_t i = 0; i < outbox_runs_len(&o->runs); i++)
        view.bytes += outbox_runs_all(&o->runs)[i].bytes;
    return view;
}

bool outbox_is_writing(const struct outbox *o)
{
    return o->busy || o->waiting_len > 0;
}
