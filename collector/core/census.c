#include "core/census.h"

#include "base/err.h"

enum { UNITS_MAX = 16 << 20 };

void census_init(struct census *c)
{
    *c = (struct census){0};
    vec_init(&c->states, sizeof(uint8_t), UNITS_MAX);
}

void census_done(struct census *c)
{
    vec_done(&c->states);
}

int census_set(struct census *c, uint32_t unit, enum unit_state state)
{
    while (c->states.len <= unit)
        if (!vec_push(&c->states))
            return ERR_NOMEM;
    uint8_t *told = vec_at(&c->states, unit);
    if (*told)
        c->units[*told - 1]--;
    c->units[state]++;
    *told = (uint8_t)(state + 1);
    return 0;
}
