#include "core/marker_lag.h"

uint64_t marker_lag_sent(struct marker_lag *l, struct mono_ms now)
{
    l->sent++;
    l->at[l->sent % MARKER_LAG_KEPT] = now;
    return l->sent;
}

/* For how long the marker has been under way, as far as is kept. */
static int64_t age_ms(const struct marker_lag *l, uint64_t number, struct mono_ms now)
{
    uint64_t kept = l->sent - number < MARKER_LAG_KEPT ? number : l->sent - MARKER_LAG_KEPT + 1;
    return mono_since(now, l->at[kept % MARKER_LAG_KEPT]);
}

void marker_lag_heard(struct marker_lag *l, uint64_t number, struct mono_ms now)
{
    if (number <= l->heard || number > l->sent)
        return;
    l->last_ms = age_ms(l, number, now);
    l->heard = number;
}

int64_t marker_lag_ms(const struct marker_lag *l, struct mono_ms now)
{
    int64_t waiting_ms = l->sent > l->heard ? age_ms(l, l->heard + 1, now) : 0;
    return waiting_ms > l->last_ms ? waiting_ms : l->last_ms;
}
