#include "core/dirty.h"

#include "base/err.h"

void dirty_init(struct dirty *d, size_t max)
{
    vec_init(&d->numbers, sizeof(uint32_t), max);
    vec_init(&d->flags, sizeof(uint8_t), max);
}

void dirty_done(struct dirty *d)
{
    vec_done(&d->numbers);
    vec_done(&d->flags);
}

int dirty_add(struct dirty *d, uint32_t number)
{
    while (d->flags.len <= number)
        if (!vec_push(&d->flags))
            return ERR_NOMEM;
    uint8_t *flag = vec_at(&d->flags, number);
    if (*flag)
        return 0;
    uint32_t *item = vec_push(&d->numbers);
    if (!item)
        return ERR_NOMEM;
    *item = number;
    *flag = 1;
    return 0;
}

size_t dirty_len(const struct dirty *d)
{
    return d->numbers.len;
}

uint32_t dirty_at(const struct dirty *d, size_t at)
{
    return *(uint32_t *)vec_at(&d->numbers, at);
}

void dirty_clear(struct dirty *d)
{
    for (size_t i = 0; i < d->numbers.len; i++)
        *(uint8_t *)vec_at(&d->flags, dirty_at(d, i)) = 0;
    d->numbers.len = 0;
}
