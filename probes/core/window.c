#include "core/window.h"

#include <assert.h>
#include <string.h>

static void copy_text(char text[REASON_MAX], struct slice from)
{
    size_t len = from.len < REASON_MAX ? from.len : REASON_MAX - 1;
    if (len > 0)
        memcpy(text, from.at, len);
    text[len] = '\0';
}

/* Up to a quarter more, never less: peers that were cut off together come back apart. */
static struct mono_ms after(struct window *w, struct mono_ms now, int64_t wait_ms)
{
    return mono_add(now, wait_ms + (int64_t)rng_below(w->rng, (uint64_t)wait_ms / 4 + 1));
}

static uint64_t lowest_unanswered(const struct window *w)
{
    return w->upto + 1 > w->low ? w->upto + 1 : w->low;
}

static void go_back(struct window *w)
{
    w->next = lowest_unanswered(w);
    w->deadline = (struct mono_ms){MONO_NEVER_MS};
    w->timed = 0;
}

static void calm_down(struct window *w)
{
    w->timeout_ms = WINDOW_TIMEOUT_MS;
    w->gap_answered = false;
}

static void end_hold(struct window *w)
{
    w->held = false;
    w->hold[0] = '\0';
}

static void start(struct window *w, uint64_t epoch, uint64_t low, uint64_t high)
{
    w->epoch = epoch;
    w->low = low;
    w->high = high;
    w->upto = 0; /* not low - 1: a gap ack has to equal it, whatever the bound dropped */
    calm_down(w);
    go_back(w);
}

void window_init(struct window *w, uint64_t epoch, uint64_t low, uint64_t high, struct rng *rng)
{
    assert(low >= 1 && low <= high + 1);
    *w = (struct window){.rng = rng, .size = WINDOW_FIRST};
    start(w, epoch, low, high);
    w->sent = high;
}

void window_stored(struct window *w, uint64_t seq)
{
    assert(seq == w->high + 1);
    w->high = seq;
}

void window_dropped(struct window *w, uint64_t low)
{
    assert(low <= w->high + 1);
    if (low <= w->low)
        return;
    w->low = low;
    if (w->next <= low)
        go_back(w);
}

void window_renumber(struct window *w, uint64_t epoch, uint64_t high)
{
    start(w, epoch, 1, high);
    w->sent = 0;
}

void window_connected(struct window *w)
{
    w->connected = true;
    w->spread_due = true;
    w->not_before = (struct mono_ms){0};
    w->size = WINDOW_FIRST;
    calm_down(w);
    go_back(w);
}

void window_disconnected(struct window *w)
{
    w->connected = false;
    w->deadline = (struct mono_ms){MONO_NEVER_MS};
}

/* Ends with the next ack that acknowledges something: those for the packs behind the held one,
 * which came in the same window, only tell of a gap. */
static enum window_news hold(struct window *w, const struct ack *ack, struct mono_ms now)
{
    /* the rest of a window is answered with hold too; only the first answer sets the minute */
    if (!w->held || mono_reached(now, w->held_until))
        w->held_until = after(w, now, WINDOW_HOLD_MS);
    w->held = true;
    copy_text(w->hold, ack->hold);
    go_back(w);
    return WINDOW_NOTHING;
}

/* A line that is slow by nature has slow answers always; one that others fill has had better. */
static bool took_longer(const struct window *w, int64_t took_ms, int64_t than_ms)
{
    return took_ms > than_ms && took_ms > 2 * w->soonest_ms;
}

static void take_time(struct window *w, int64_t took_ms)
{
    w->timed = 0;
    if (w->soonest_ms == 0 || took_ms < w->soonest_ms)
        w->soonest_ms = took_ms > 0 ? took_ms : 1;
    if (took_longer(w, took_ms, WINDOW_LATE_MS))
        w->size = w->size > 1 ? w->size / 2 : 1;
    else if (!took_longer(w, took_ms, WINDOW_SLOW_MS) && w->size < WINDOW_SIZE)
        w->size++;
}

static enum window_news advance(struct window *w, uint64_t upto, struct mono_ms now)
{
    end_hold(w);
    if (w->timed && upto >= w->timed)
        take_time(w, mono_since(now, w->timed_at));
    w->upto = upto;
    w->heard = now;
    if (w->low <= upto)
        w->low = upto + 1;
    if (w->next <= upto)
        w->next = upto + 1;
    calm_down(w);
    bool waiting = w->connected && w->next > lowest_unanswered(w);
    w->deadline = waiting ? after(w, now, w->timeout_ms) : (struct mono_ms){MONO_NEVER_MS};
    return WINDOW_ADVANCED;
}

static void keep_refused(struct window *w, const struct ack *ack)
{
    for (size_t i = 0; i < ack->n_refused; i++) {
        if (ack->refused[i].seq <= w->upto)
            continue; /* of an answer heard before */
        w->refused_count++;
        w->refused_seq = ack->refused[i].seq;
        copy_text(w->refused, ack->refused[i].reason);
    }
}

enum window_news window_ack(struct window *w, const struct ack *ack, struct mono_ms now)
{
    if (ack->hold.len > 0 && (ack->epoch == 0 || ack->epoch == w->epoch))
        return hold(w, ack, now);
    if (ack->hold.len > 0 || ack->epoch != w->epoch)
        return WINDOW_NOTHING;
    if (ack->upto > w->sent) {
        /* not `high`: a restored outbox may have written on before it was heard */
        end_hold(w);
        return WINDOW_RENUMBER;
    }
    keep_refused(w, ack);
    enum window_news news = WINDOW_NOTHING;
    if (ack->upto > w->upto)
        news = advance(w, ack->upto, now);
    bool can_go_back = w->next > lowest_unanswered(w) && !w->gap_answered;
    if (ack->gap && ack->upto == w->upto && can_go_back) {
        w->gap_answered = true;
        go_back(w);
    }
    return news;
}

void window_centre_boot(struct window *w, uint64_t boot, bool live)
{
    if (live || w->centre_boot != boot) {
        calm_down(w);
        go_back(w);
        w->spread_due = true;
    }
    w->centre_boot = boot;
}

void window_spread(struct window *w, int64_t spread_ms, struct mono_ms now)
{
    int64_t unheard_ms = mono_since(now, w->heard);
    int64_t most_ms = spread_ms < unheard_ms ? spread_ms : unheard_ms;
    if (w->spread_due && w->next == lowest_unanswered(w))
        w->not_before = mono_add(now, (int64_t)rng_below(w->rng, (uint64_t)most_ms + 1));
    w->spread_due = false;
}

void window_tick(struct window *w, struct mono_ms now)
{
    if (mono_reached(now, w->not_before))
        w->not_before = (struct mono_ms){0};
    if (!mono_reached(now, w->deadline))
        return;
    w->timeout_ms *= 2;
    if (w->timeout_ms > WINDOW_TIMEOUT_MAX_MS)
        w->timeout_ms = WINDOW_TIMEOUT_MAX_MS;
    w->gap_answered = false;
    w->size = WINDOW_FIRST;
    go_back(w);
}

uint64_t window_next(const struct window *w, struct mono_ms now)
{
    if (!w->connected || w->next > w->high || !mono_reached(now, w->not_before))
        return 0;
    if (w->held && !mono_reached(now, w->held_until))
        return 0;
    return w->next - lowest_unanswered(w) < w->size ? w->next : 0;
}

void window_published(struct window *w, struct mono_ms now)
{
    assert(window_next(w, now) != 0);
    w->spread_due = false;
    if (w->next > w->sent)
        w->sent = w->next;
    if (w->timed == 0) {
        w->timed = w->next;
        w->timed_at = now;
    }
    if (w->deadline.ms == MONO_NEVER_MS)
        w->deadline = after(w, now, w->timeout_ms);
    if (w->held)
        w->held_until = after(w, now, WINDOW_HOLD_MS);
    else
        w->next++;
}

struct mono_ms window_deadline(const struct window *w)
{
    struct mono_ms free = w->held ? w->held_until : w->not_before;
    bool waits = w->held || w->not_before.ms > 0;
    if (waits && w->connected && w->next <= w->high && free.ms < w->deadline.ms)
        return free;
    return w->deadline;
}

uint64_t window_backlog(const struct window *w)
{
    return w->high + 1 - lowest_unanswered(w);
}
