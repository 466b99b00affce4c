#include "core/share.h"

enum { SOURCES_MAX = 1 << 25 };

void share_init(struct share *s, int64_t units, int64_t period_ms)
{
    int64_t period_us = period_ms * 1000;
    *s = (struct share){.unit_us = period_us / units, .credit_us = period_us};
    if (s->unit_us == 0)
        s->unit_us = 1;
    vec_init(&s->paid_until, sizeof(int64_t), SOURCES_MAX);
}

void share_done(struct share *s)
{
    vec_done(&s->paid_until);
}

static void set_back(struct share *s, int64_t now_us)
{
    for (size_t i = 0; i < s->paid_until.len; i++)
        *(int64_t *)vec_at(&s->paid_until, i) -= s->now_us - now_us;
}

bool share_take(struct share *s, uint32_t source, uint64_t units, struct wall_ms now)
{
    int64_t now_us = now.ms * 1000;
    if (now_us < s->now_us)
        set_back(s, now_us);
    s->now_us = now_us;
    while (s->paid_until.len <= source)
        if (!vec_push(&s->paid_until))
            return true;
    int64_t *paid_until = vec_at(&s->paid_until, source);
    if (*paid_until < now_us)
        *paid_until = now_us;
    if (*paid_until - now_us >= s->credit_us)
        return false;
    int64_t cost_us =
        units < (uint64_t)(s->credit_us / s->unit_us) ? (int64_t)units * s->unit_us : s->credit_us;
    *paid_until += cost_us;
    return true;
}
