#include "core/pace.h"

enum {
    LARGE = 1000, /* messages: at 50,000 points a second, 20 a pack, no change set has as many */
    QUIET = 16,   /* messages in a look: fewer are not worth waiting for */
    WAITING_STEP = 100,
    TELLING = 256,      /* messages: the cost of fewer is that of the commit */
    MESSAGE_NS = 50000, /* before anything was measured */
    MESSAGE_NS_MIN = 5000,
    MESSAGE_NS_MAX = 2000000,
    SINCE_MS_MAX = 1000,
    PARTS = 64, /* of the time */
    PAST = 32,  /* the most of them for the past */
    PAST_MIN = 1,
    GIVEN_BACK = 2, /* in a second without a queue */
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
    int64_t ns = us * 1000 / (int64_t)messages;
    ns = ns < MESSAGE_NS_MIN ? MESSAGE_NS_MIN : ns;
    ns = ns > MESSAGE_NS_MAX ? MESSAGE_NS_MAX : ns;
    work->message_ns = work->message_ns ? (3 * work->message_ns + ns) / 4 : ns;
}

void pace_lag(struct pace_work *work, int64_t lag_ms)
{
    unsigned left = PAST - work->yielded;
    if (lag_ms > PACE_LAG_MS)
        left = left / 2 > PAST_MIN ? left / 2 : PAST_MIN;
    else
        left = left + GIVEN_BACK < PAST ? left + GIVEN_BACK : PAST;
    work->yielded = PAST - left;
}

uint64_t pace_packs(const struct pace_work *work, int64_t since_ms)
{
    int64_t message_ns = work->message_ns ? work->message_ns : MESSAGE_NS;
    since_ms = since_ms < SINCE_MS_MAX ? since_ms : SINCE_MS_MAX;
    if (since_ms <= 0)
        return 0;
    int64_t packs = since_ms * MS_NS / PARTS * (PAST - (int64_t)work->yielded) / message_ns;
    return packs > 0 ? (uint64_t)packs : 1;
}
