#include "core/signs.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>

void signs_done(struct signs *s)
{
    instants_done(&s->wills);
    instants_done(&s->heard);
    instants_done(&s->aways);
    free(s->gasps);
    *s = (struct signs){0};
}

static void drop_first(struct signs *s, unsigned count)
{
    s->gasps_len = (uint16_t)(s->gasps_len - count);
    memmove(s->gasps, s->gasps + count, s->gasps_len * sizeof *s->gasps);
}

int signs_gasp(struct signs *s, int64_t at, int64_t stream_end, int64_t end)
{
    for (unsigned i = 0; i < s->gasps_len; i++)
        if (s->gasps[i].at == at)
            return ERR_EXISTS;
    if (s->gasps_len >= SIGNS_MAX)
        drop_first(s, 1);
    struct gasp *gasps = realloc(s->gasps, (s->gasps_len + 1U) * sizeof *gasps);
    if (!gasps)
        return ERR_NOMEM;
    s->gasps = gasps;
    unsigned index = s->gasps_len;
    while (index && gasps[index - 1].at > at)
        index--;
    memmove(gasps + index + 1, gasps + index, (s->gasps_len - index) * sizeof *gasps);
    gasps[index] = (struct gasp){at, stream_end, end};
    s->gasps_len++;
    return 0;
}

bool signs_ends_gasp(const struct signs *s, int64_t t)
{
    for (unsigned i = s->gasps_len; i-- > 0;)
        if (s->gasps[i].at < t)
            return t < s->gasps[i].end || t < s->gasps[i].stream_end;
    return false;
}

struct gasp_stretch signs_gasping(const struct signs *s, int64_t t)
{
    for (unsigned i = 0; i < s->gasps_len; i++) {
        const struct gasp *gasp = &s->gasps[i];
        if (gasp->at > t)
            return (struct gasp_stretch){false, gasp->at};
        if (gasp->end > t)
            return (struct gasp_stretch){true, gasp->end};
    }
    return (struct gasp_stretch){false, INT64_MAX};
}

int64_t signs_last_gasp(const struct signs *s, int64_t from, int64_t to)
{
    for (unsigned i = s->gasps_len; i-- > 0;)
        if (s->gasps[i].at < to)
            return s->gasps[i].at >= from ? s->gasps[i].at : INT64_MIN;
    return INT64_MIN;
}

bool signs_will_in(const struct signs *s, int64_t from, int64_t to)
{
    return s->wills.len && instants_next(&s->wills, from) < to;
}

int64_t signs_last_away(const struct signs *s, int64_t from, int64_t to)
{
    int64_t last = s->aways.len ? instants_last(&s->aways, to - 1) : INT64_MIN;
    return last >= from ? last : INT64_MIN;
}

bool signs_trim(struct signs *s, int64_t t)
{
    bool any = instants_trim(&s->wills, t);
    any |= instants_trim(&s->heard, t);
    any |= instants_trim(&s->aways, t);
    unsigned drop = 0;
    while (drop < s->gasps_len && s->gasps[drop].end < t)
        drop++;
    if (drop)
        drop_first(s, drop);
    return any || drop;
}
