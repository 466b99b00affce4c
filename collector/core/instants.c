#include "core/instants.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>

enum { GROWTH_MIN = 2 };

void instants_done(struct instants *s)
{
    free(s->at);
    *s = (struct instants){0};
}

static void drop_first(struct instants *s, unsigned count)
{
    s->len = (uint16_t)(s->len - count);
    memmove(s->at, s->at + count, s->len * sizeof *s->at);
}

static int reserve(struct instants *s)
{
    if (s->len < s->cap)
        return 0;
    unsigned cap = (unsigned)s->len + GROWTH_MIN + s->len / 4U;
    int64_t *at = cap <= UINT16_MAX ? realloc(s->at, cap * sizeof *at) : NULL;
    if (!at)
        return ERR_NOMEM;
    s->at = at;
    s->cap = (uint16_t)cap;
    return 0;
}

int instants_add(struct instants *s, int64_t t, uint16_t max)
{
    uint16_t index = instants_lower(s, t);
    if (index < s->len && s->at[index] == t)
        return 0;
    if (s->len >= max) {
        if (index == 0)
            return 0;
        drop_first(s, 1);
        index--;
    }
    int err = reserve(s);
    if (err)
        return err;
    memmove(s->at + index + 1, s->at + index, (size_t)(s->len - index) * sizeof *s->at);
    s->at[index] = t;
    s->len++;
    return 0;
}

uint16_t instants_lower(const struct instants *s, int64_t t)
{
    unsigned low = 0;
    unsigned high = s->len;
    while (low < high) {
        unsigned mid = low + (high - low) / 2;
        if (s->at[mid] < t)
            low = mid + 1;
        else
            high = mid;
    }
    return (uint16_t)low;
}

int64_t instants_next(const struct instants *s, int64_t t)
{
    uint16_t index = instants_lower(s, t);
    return index < s->len ? s->at[index] : INT64_MAX;
}

int64_t instants_last(const struct instants *s, int64_t t)
{
    uint16_t index = t == INT64_MAX ? s->len : instants_lower(s, t + 1);
    return index ? s->at[index - 1] : INT64_MIN;
}

bool instants_trim(struct instants *s, int64_t t)
{
    uint16_t index = instants_lower(s, t);
    if (index <= 1)
        return false;
    drop_first(s, index - 1U);
    return true;
}
