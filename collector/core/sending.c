#include "core/sending.h"

#include "base/err.h"
#include "base/rng.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS = SENDING_FLIGHTS_MAX + SENDING_ASIDE_MAX };

static const size_t BATCHES_MAX = 10000000;

enum slot_state { SLOT_FREE, SLOT_READY, SLOT_FLYING, SLOT_INDEXING };

/* A batch that is being sent. */
struct slot {
    enum slot_state state;
    struct sending_job job;
    bool aside;                /* set aside: rarely, in halves */
    uint32_t fails;            /* failures with another batch passing since the one before */
    uint64_t passes_seen;      /* s->gate.passes when it last failed or passed itself */
    uint64_t last_try;         /* s->tries when it was last sent, for turns */
    struct mono_ms not_before; /* aside only */
    int64_t server_start_s;    /* as known when its first request left */
};

/* A batch that waits for its turn. */
struct waiting {
    uint64_t number;
    uint32_t lines, readings;
};

/* A batch whose lines were all answered; waits for the server to prove that it keeps them. */
struct through {
    struct sending_job job;
    struct mono_ms at;
    int64_t server_start_s;
};

struct sending {
    struct sending_options options;
    struct sending_gate gate;
    struct vec waiting; /* struct waiting, in order; used from waiting_at on */
    size_t waiting_at;
    struct slot slots[SLOTS];
    struct vec unconfirmed; /* struct through, in order of `at` */
    struct vec done;        /* struct sending_job, in order; used from done_at on */
    size_t done_at;
    uint64_t passes;   /* answers SENDING_OK */
    uint64_t tries;    /* requests made */
    uint32_t failures; /* of the server, in a row */
    struct mono_ms closed_until;
    bool server_known;
    int64_t server_start_s;
};

struct sending_options sending_options_default(void)
{
    return (struct sending_options){
        .in_flight = 4,
        .backoff_min_ms = 1000,
        .backoff_max_ms = 60 * 1000,
        .slow_ms = 5 * 60 * 1000,
        .confirm_ms = 30 * 1000,
        .tries = 3,
    };
}

struct sending *sending_new(const struct sending_options *options, uint64_t seed)
{
    struct sending *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->options = *options;
    if (s->options.in_flight < 1 || s->options.in_flight > SENDING_FLIGHTS_MAX)
        s->options.in_flight = SENDING_FLIGHTS_MAX;
    sending_gate_init(&s->gate, s->options.backoff_min_ms, s->options.backoff_max_ms, seed);
    vec_init(&s->waiting, sizeof(struct waiting), BATCHES_MAX);
    vec_init(&s->unconfirmed, sizeof(struct through), BATCHES_MAX);
    vec_init(&s->done, sizeof(struct sending_job), BATCHES_MAX);
    return s;
}

void sending_free(struct sending *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < SLOTS; i++)
        if (s->slots[i].state != SLOT_FREE)
            sending_job_done(&s->slots[i].job);
    for (size_t i = 0; i < s->unconfirmed.len; i++)
        sending_job_done(&((struct through *)vec_at(&s->unconfirmed, i))->job);
    for (size_t i = 0; i < s->done.len; i++)
        sending_job_done(vec_at(&s->done, i));
    vec_done(&s->waiting);
    vec_done(&s->unconfirmed);
    vec_done(&s->done);
    free(s);
}

static int push_done(struct sending *s, const struct sending_job *job)
{
    struct sending_job *done = vec_push(&s->done);
    if (!done)
        return ERR_NOMEM;
    *done = *job;
    return 0;
}

int sending_add(struct sending *s, uint64_t number, uint32_t lines, uint32_t readings)
{
    if (lines == 0) {
        struct sending_job job;
        sending_job_init(&job, number, 0, 0);
        return push_done(s, &job);
    }
    struct waiting *w = vec_push(&s->waiting);
    if (!w)
        return ERR_NOMEM;
    *w = (struct waiting){number, lines, readings};
    return 0;
}

/* A batch of the queue takes the free slot. */
static void take_turn(struct sending *s, struct slot *slot)
{
    const struct waiting *w = vec_at(&s->waiting, s->waiting_at++);
    *slot = (struct slot){.state = SLOT_READY, .passes_seen = s->gate.passes};
    sending_job_init(&slot->job, w->number, w->lines, w->readings);
    if (s->waiting_at * 2 > s->waiting.len) {
        vec_remove(&s->waiting, 0, s->waiting_at);
        s->waiting_at = 0;
    }
}

static uint32_t count_slots(const struct sending *s, bool aside, bool busy_only)
{
    uint32_t count = 0;
    for (size_t i = 0; i < SLOTS; i++) {
        const struct slot *slot = &s->slots[i];
        bool busy = slot->state == SLOT_FLYING || slot->state == SLOT_INDEXING;
        count += slot->state != SLOT_FREE && slot->aside == aside && (busy || !busy_only);
    }
    return count;
}

/* How many batches may be open. While the server fails they become more, one by one, so that
 * batches that are the cause find a good one beside them. */
static uint32_t slots_wanted(const struct sending *s)
{
    uint32_t wanted = s->options.in_flight;
    if (s->gate.trouble.failures > wanted)
        wanted = s->gate.trouble.failures;
    return wanted < SENDING_FLIGHTS_MAX ? wanted : SENDING_FLIGHTS_MAX;
}

static void fill_slots(struct sending *s)
{
    uint32_t open = count_slots(s, false, false);
    uint32_t wanted = slots_wanted(s);
    for (size_t i = 0; i < SLOTS && open < wanted; i++) {
        if (s->waiting_at == s->waiting.len)
            return;
        if (s->slots[i].state != SLOT_FREE)
            continue;
        take_turn(s, &s->slots[i]);
        open++;
    }
}

/* The slot to send from: of the ready ones the one not tried for longest. */
static struct slot *choose(struct sending *s, bool aside, struct mono_ms now)
{
    struct slot *best = NULL;
    for (size_t i = 0; i < SLOTS; i++) {
        struct slot *slot = &s->slots[i];
        if (slot->state != SLOT_READY || slot->aside != aside)
            continue;
        if (aside && !mono_reached(now, slot->not_before))
            continue;
        if (!best || slot->last_try < best->last_try ||
            (slot->last_try == best->last_try && slot->job.number < best->job.number))
            best = slot;
    }
    return best;
}

bool sending_open(const struct sending *s, struct mono_ms now)
{
    if (s->options.confirm && !s->server_known)
        return false;
    return sending_gate_open(&s->gate, now);
}

/* What was set aside has a lane of its own, one request wide. While the server fails there is one
 * request in all, and everybody takes turns: nobody knows who is to blame. */
static struct slot *next_slot(struct sending *s, struct mono_ms now)
{
    bool failing = s->gate.trouble.failures > 0;
    uint32_t lane = count_slots(s, true, true);
    uint32_t flying = count_slots(s, false, true);
    if (failing && lane + flying > 0)
        return NULL;
    struct slot *aside = lane == 0 ? choose(s, true, now) : NULL;
    struct slot *other = flying < s->options.in_flight ? choose(s, false, now) : NULL;
    if (!aside || !other)
        return aside ? aside : other;
    return failing && other->last_try < aside->last_try ? other : aside;
}

bool sending_request(struct sending *s, struct mono_ms now, struct sending_request *ret_request)
{
    if (!sending_open(s, now))
        return false;
    fill_slots(s);
    struct slot *slot = next_slot(s, now);
    if (!slot)
        return false;
    struct sending_request r = {.slot = (uint32_t)(slot - s->slots), .number = slot->job.number};
    r.whole = sending_job_request(&slot->job, &r.first, &r.end);
    r.lines = slot->job.lines;
    if (r.whole)
        slot->server_start_s = s->server_start_s;
    slot->state = SLOT_FLYING;
    slot->last_try = ++s->tries;
    *ret_request = r;
    return true;
}

void sending_heard(struct sending *s, struct mono_ms now, const struct sending_verdict *verdict)
{
    if (verdict->class == SENDING_OK)
        sending_gate_pass(&s->gate, now);
    else if (verdict->class >= SENDING_BUSY)
        sending_gate_fail(&s->gate, now, verdict);
}

/* Sets the batch aside if there is room; true if it was. */
static bool set_aside(struct sending *s, struct slot *slot, struct mono_ms now, const char *words)
{
    if (!slot->aside && count_slots(s, true, false) == SENDING_ASIDE_MAX)
        return false;
    slot->aside = true;
    slot->not_before = mono_add(now, sending_gate_jitter(&s->gate, s->options.slow_ms));
    memcpy(s->gate.trouble.aside_words, words, sizeof s->gate.trouble.aside_words);
    s->gate.trouble.aside = count_slots(s, true, false);
    return true;
}

static void leave_slot(struct sending *s, struct slot *slot)
{
    slot->state = SLOT_FREE;
    s->gate.trouble.aside = count_slots(s, true, false);
    if (!s->gate.trouble.aside)
        s->gate.trouble.aside_words[0] = '\0';
}

static int finish(struct sending *s, struct slot *slot, struct mono_ms now)
{
    int err = 0;
    if (s->options.confirm) {
        struct through *t = vec_push(&s->unconfirmed);
        if (t)
            *t = (struct through){slot->job, now, slot->server_start_s};
        else
            err = ERR_NOMEM;
    } else {
        err = push_done(s, &slot->job);
    }
    if (err)
        sending_job_again(&slot->job);
    else
        leave_slot(s, slot);
    return err;
}

/* What the batch has to do next, after a step that moved it. */
static int follow(struct sending *s, struct slot *slot, struct mono_ms now,
                  enum sending_job_step step, enum sending_next *ret_next)
{
    *ret_next = SENDING_GOES_ON;
    slot->state = SLOT_READY;
    switch (step) {
    case SENDING_JOB_GO:
        return 0;
    case SENDING_JOB_DONE:
        return finish(s, slot, now);
    case SENDING_JOB_INDEX:
        slot->state = SLOT_INDEXING;
        *ret_next = SENDING_INDEX;
        return 0;
    case SENDING_JOB_STUCK:
        break;
    }
    if (!set_aside(s, slot, now, slot->job.words)) {
        struct sending_verdict stuck = {.class = SENDING_REFUSED, .retry_after_ms = -1};
        memcpy(stuck.words, slot->job.words, sizeof stuck.words);
        sending_gate_fail(&s->gate, now, &stuck);
    }
    sending_job_again(&slot->job);
    return 0;
}

/* What was set aside failed again. If the server as such may be away it is no use to look closer.
 */
static int failed_aside(struct sending *s, struct slot *slot, struct mono_ms now,
                        const struct sending_verdict *verdict, enum sending_next *ret_next)
{
    bool others_pass = s->gate.passes > slot->passes_seen;
    bool judged = verdict->status != 0 && verdict->class != SENDING_BUSY;
    slot->passes_seen = s->gate.passes;
    slot->not_before = mono_add(now, sending_gate_jitter(&s->gate, s->options.backoff_max_ms));
    if (!others_pass && !judged)
        return 0;
    enum sending_job_step step = SENDING_JOB_GO;
    int err = sending_job_narrow(&slot->job, verdict, &step);
    return err ? err : follow(s, slot, now, step, ret_next);
}

/* The answer blames no line: is it the server or this batch? */
static int failed(struct sending *s, struct slot *slot, struct mono_ms now,
                  const struct sending_verdict *verdict, enum sending_next *ret_next)
{
    *ret_next = SENDING_GOES_ON;
    slot->state = SLOT_READY;
    if (slot->aside)
        return failed_aside(s, slot, now, verdict, ret_next);
    if (s->gate.passes > slot->passes_seen)
        slot->fails++;
    slot->passes_seen = s->gate.passes;
    if (slot->fails < s->options.tries || !set_aside(s, slot, now, verdict->words))
        sending_gate_fail(&s->gate, now, verdict);
    return 0;
}

int sending_reply(struct sending *s, uint32_t slot_number, struct mono_ms now,
                  const struct sending_reply *reply, enum sending_next *ret_next)
{
    struct slot *slot = &s->slots[slot_number];
    struct sending_verdict verdict = sending_reply_read(reply);
    if (verdict.class >= SENDING_BUSY)
        return failed(s, slot, now, &verdict, ret_next);
    /* Each answer but a 413 shows a server that works. */
    if (verdict.class != SENDING_TOO_LARGE)
        sending_gate_pass(&s->gate, now);
    if (slot->passes_seen + 1 >= s->gate.passes)
        slot->passes_seen = s->gate.passes;
    enum sending_job_step step = SENDING_JOB_GO;
    int err = sending_job_verdict(&slot->job, &verdict, &step);
    slot->state = SLOT_READY;
    return err ? err : follow(s, slot, now, step, ret_next);
}

int sending_index(struct sending *s, uint32_t slot_number, struct mono_ms now,
                  struct sending_line *lines, enum sending_next *ret_next)
{
    struct slot *slot = &s->slots[slot_number];
    enum sending_job_step step = SENDING_JOB_GO;
    slot->state = SLOT_READY;
    int err = sending_job_index(&slot->job, lines, &step);
    return err ? err : follow(s, slot, now, step, ret_next);
}

void sending_drop(struct sending *s, uint32_t slot_number)
{
    struct slot *slot = &s->slots[slot_number];
    sending_job_done(&slot->job);
    leave_slot(s, slot);
}

void sending_cancel(struct sending *s, uint32_t slot_number, struct mono_ms now)
{
    struct slot *slot = &s->slots[slot_number];
    slot->state = SLOT_READY;
    sending_gate_pause(&s->gate, now);
}

/* The server lost the batch, perhaps: back to the front of the queue. */
static int send_again(struct sending *s, struct through *t)
{
    struct waiting *w = vec_insert(&s->waiting, s->waiting_at);
    if (!w)
        return ERR_NOMEM;
    *w = (struct waiting){t->job.number, t->job.n_lines, t->job.readings};
    sending_job_done(&t->job);
    return 0;
}

static int judge_through(struct sending *s, struct through *t, struct mono_ms asked, bool *ret_out)
{
    *ret_out = true;
    if (t->server_start_s != s->server_start_s)
        return send_again(s, t);
    *ret_out = mono_since(asked, t->at) >= s->options.confirm_ms;
    return *ret_out ? push_done(s, &t->job) : 0;
}

int sending_server(struct sending *s, int64_t start_s, struct mono_ms asked)
{
    s->server_known = true;
    s->server_start_s = start_s;
    size_t kept = 0;
    int err = 0;
    for (size_t i = 0; i < s->unconfirmed.len; i++) {
        struct through *t = vec_at(&s->unconfirmed, i);
        bool out = false;
        if (!err)
            err = judge_through(s, t, asked, &out);
        if (err || !out)
            *(struct through *)vec_at(&s->unconfirmed, kept++) = *t;
    }
    vec_remove(&s->unconfirmed, kept, s->unconfirmed.len - kept);
    return err;
}

struct mono_ms sending_server_due(const struct sending *s)
{
    if (!s->options.confirm)
        return (struct mono_ms){INT64_MAX};
    if (!s->server_known)
        return (struct mono_ms){INT64_MIN};
    if (s->unconfirmed.len == 0)
        return (struct mono_ms){INT64_MAX};
    const struct through *oldest = vec_at(&s->unconfirmed, 0);
    return mono_add(oldest->at, s->options.confirm_ms);
}

bool sending_outcome(struct sending *s, struct sending_outcome *ret_outcome)
{
    if (s->done_at > 0) {
        sending_job_done(vec_at(&s->done, 0));
        vec_remove(&s->done, 0, 1);
        s->done_at = 0;
    }
    if (s->done.len == 0)
        return false;
    const struct sending_job *job = vec_at(&s->done, s->done_at++);
    *ret_outcome = (struct sending_outcome){
        .number = job->number,
        .written = sending_job_readings(job, SENDING_WRITTEN),
        .dead = sending_job_readings(job, SENDING_CONDEMNED),
        .expired = sending_job_readings(job, SENDING_EXPIRED),
        .dead_lines = job->dead.items,
        .n_dead_lines = job->dead.len,
    };
    return true;
}

/* The earliest of what was set aside. */
static struct mono_ms aside_due(const struct sending *s)
{
    struct mono_ms due = {INT64_MAX};
    for (size_t i = 0; i < SLOTS; i++) {
        const struct slot *slot = &s->slots[i];
        if (slot->state == SLOT_READY && slot->aside && slot->not_before.ms < due.ms)
            due = slot->not_before;
    }
    return due;
}

struct mono_ms sending_wake(const struct sending *s, struct mono_ms now)
{
    struct mono_ms due = aside_due(s);
    if (s->waiting_at < s->waiting.len || count_slots(s, false, false) > 0)
        due.ms = INT64_MIN;
    if (due.ms < s->gate.closed_until.ms)
        due = s->gate.closed_until;
    if (mono_reached(now, due))
        due.ms = INT64_MAX;
    return due;
}

const struct sending_trouble *sending_trouble(const struct sending *s)
{
    return &s->gate.trouble;
}

size_t sending_pending(const struct sending *s)
{
    return s->waiting.len - s->waiting_at + count_slots(s, false, false) +
           count_slots(s, true, false) + s->unconfirmed.len + s->done.len - s->done_at;
}
