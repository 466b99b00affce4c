#include "core/pace.h"

enum {
    LARGE = 1000, /* messages: at 50,000 points a second, 20 a pack, no change set has as many */
    QUIET = 16,   /* messages in a look: fewer are not worth waiting for */
    WAITING_STEP = 100
};

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
