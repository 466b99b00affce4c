#include "core/pace.h"

enum {
    LARGE = 1000, /* messages: at 50,000 points a second, 20 a pack, no change set has as many */
    QUIET = 16,   /* messages in a look: fewer are not worth waiting for */
    WAITING_STEP = 100,
    TELLING = 256,      /* messages: the cost of fewer is that of the commit */
    KEPT = 16384,       /* messages: two large change sets, or many small ones */
    MESSAGE_NS = 50000, /* before anything was measured */
    MESSAGE_NS_MIN = 5000,
    MESSAGE_NS_MAX = 2000000,
    SINCE_MS_MAX = 1000,
    PARTS = 64, /* of the time */
    PAST = 32,  /* of them for the past, at first */
    PAST_MIN = 1,
    PAST_MAX = 256, /* the cost of messages is no more than an estimate */
    STEP = 2,       /* more of them in a second without a queue */
};

static const int64_t MS_NS = 1000000;

bool pace_stays_open(const struct pace_turn *turn)
{
    bool coming = turn->messages >= LARGE && turn->came >= QUIET;
    return (turn->more || coming) && turn->open_ms < PACE_OPEN_MS;
}

int64_t pace_period_ms(int64_t period_ms, size_t waiting)
{
    size_t times = waiting / WAITING_STEP;
    if (times <= 1 || period_ms >= PACE_PERIOD_MS_MAX)
        return period_ms;
    if (times >= (size_t)(PACE_PERIOD_MS_MAX / period_ms))
        return PACE_PERIOD_MS_MAX;
    return period_ms * (int64_t)times;
}

void pace_worked(struct pace_work *work, uint64_t messages, int64_t us)
{
    if (messages < TELLING)
        return;
    work->messages += messages;
    work->us += us;
    for (; work->messages > KEPT; work->us /= 2)
        work->messages /= 2;
}

static int64_t message_ns(const struct pace_work *work)
{
    if (work->messages == 0)
        return MESSAGE_NS;
    int64_t ns = work->us * 1000 / (int64_t)work->messages;
    ns = ns < MESSAGE_NS_MIN ? MESSAGE_NS_MIN : ns;
    return ns > MESSAGE_NS_MAX ? MESSAGE_NS_MAX : ns;
}

size_t pace_settled(struct pace_settling *s, struct mono_ms now, size_t steps)
{
    if (steps > 0 && !s->following && !s->behind) {
        s->following = true;
        s->since = now;
        return 0;
    }
    if (s->following && mono_since(now, s->since) >= PACE_SETTLE_MS) {
        s->following = false;
        s->behind = steps == 0;
    }
    return steps;
}

void pace_lag(struct pace_work *work, int64_t lag_ms, bool wanting)
{
    int64_t share = PAST + work->share;
    int64_t most = wanting ? PAST_MAX : PAST;
    if (lag_ms > PACE_LAG_MS)
        share = share * 3 / 4 > PAST_MIN ? share * 3 / 4 : PAST_MIN;
    else if (lag_ms <= PACE_LAG_MS / 2)
        share = share + STEP < most ? share + STEP : most;
    work->share = share - PAST;
}

uint64_t pace_packs(const struct pace_work *work, int64_t since_ms)
{
    since_ms = since_ms < SINCE_MS_MAX ? since_ms : SINCE_MS_MAX;
    if (since_ms <= 0)
        return 0;
    int64_t packs = since_ms * MS_NS / PARTS * (PAST + work->share) / message_ns(work);
    return packs > 0 ? (uint64_t)packs : 1;
}
