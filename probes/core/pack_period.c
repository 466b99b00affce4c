#include "core/pack_period.h"

#include "base/err.h"

#include <assert.h>
#include <stdlib.h>

int pack_period_init(struct pack_period *p, size_t checks, int64_t period_ms, struct mono_ms now)
{
    assert(period_ms > 0);
    uint8_t *verdicts = calloc(checks ? checks : 1, sizeof *verdicts);
    if (!verdicts)
        return ERR_NOMEM;
    *p = (struct pack_period){.period_ms = period_ms,
                              .max_bytes = PACK_PERIOD_MAX_BYTES,
                              .due = mono_add(now, period_ms),
                              .closed = mono_add(now, -PACK_PERIOD_URGENT_MS),
                              .verdicts = verdicts,
                              .len = checks};
    return 0;
}

void pack_period_done(struct pack_period *p)
{
    free(p->verdicts);
    *p = (struct pack_period){0};
}

bool pack_period_full(const struct pack_period *p, size_t more)
{
    return p->bytes > 0 && (more > p->max_bytes || p->bytes > p->max_bytes - more);
}

void pack_period_added(struct pack_period *p, size_t more)
{
    p->bytes += more;
}

void pack_period_verdict(struct pack_period *p, size_t check, enum verdict verdict)
{
    assert(check < p->len);
    if (p->verdicts[check] != verdict)
        p->urgent = true;
    p->verdicts[check] = (uint8_t)verdict;
}

struct mono_ms pack_period_deadline(const struct pack_period *p)
{
    struct mono_ms soon = mono_add(p->closed, PACK_PERIOD_URGENT_MS);
    return p->urgent && p->bytes > 0 && soon.ms < p->due.ms ? soon : p->due;
}

bool pack_period_closes(const struct pack_period *p, struct mono_ms now)
{
    return p->bytes > 0 && mono_reached(now, pack_period_deadline(p));
}

void pack_period_next(struct pack_period *p, struct mono_ms now)
{
    if (p->bytes > 0)
        p->closed = now;
    p->bytes = 0;
    p->urgent = false;
    p->due = mono_add(now, p->period_ms);
}
