#include "core/outbox_policy.h"

#include <stdbool.h>

struct outbox_policy outbox_policy_default(void)
{
    return (struct outbox_policy){.max_bytes = INT64_C(64) * 1000 * 1000,
                                  .max_age_ms = INT64_C(7) * 24 * 3600 * 1000};
}

static int64_t total_bytes(const struct outbox_run *runs, size_t len)
{
    int64_t sum = 0;
    for (size_t i = 0; i < len; i++)
        sum += runs[i].bytes;
    return sum;
}

struct outbox_drop outbox_policy_drop(const struct outbox_policy *policy,
                                      const struct outbox_run *runs, size_t len, uint64_t low,
                                      int64_t running_ms)
{
    struct outbox_drop drop = {.low = low};
    int64_t held = total_bytes(runs, len);
    for (size_t i = 0; i + 1 < len; i++) {
        bool fits = held - drop.bytes <= policy->max_bytes;
        bool young = running_ms - runs[i].running_ms <= policy->max_age_ms;
        if (fits && young)
            break;
        drop.runs++;
        drop.bytes += runs[i].bytes;
        if (runs[i].last + 1 > drop.low)
            drop.low = runs[i].last + 1;
    }
    drop.packs = drop.low - low;
    return drop;
}

int64_t outbox_policy_running_ms(int64_t before_ms, struct mono_ms started, struct mono_ms now)
{
    return before_ms + mono_since(now, started);
}
