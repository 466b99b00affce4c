#include "core/past_outages.h"

#include "base/err.h"
#include "core/archive_key.h"

enum { SECOND_MS = 1000, UNITS_MAX = 16 << 20 };

void past_outages_init(struct past_outages *p, const struct outages *o, struct wall_ms from,
                       struct wall_ms to)
{
    *p = (struct past_outages){.from = from, .to = to, .given = outages_given(o)};
    vec_init(&p->units, sizeof(uint32_t), UNITS_MAX);
    vec_init(&p->outages, sizeof(struct outage), PAST_OUTAGES_MAX);
}

void past_outages_done(struct past_outages *p)
{
    vec_done(&p->units);
    vec_done(&p->outages);
}

int past_outages_want(struct past_outages *p, uint32_t unit)
{
    uint32_t *slot = vec_push(&p->units);
    if (!slot)
        return ERR_NOMEM;
    *slot = unit;
    return 0;
}

static int take(void *taker, struct slice key, struct slice value)
{
    struct past_outages *p = taker;
    struct outage outage;
    int err = outages_read_past(key, value, &outage);
    if (err || outage.from.ms >= p->to.ms || outage.to.ms <= p->from.ms)
        return err;
    if (p->outages.len == PAST_OUTAGES_MAX)
        return ERR_FULL;
    struct outage *slot = vec_push(&p->outages);
    if (!slot)
        return ERR_NOMEM;
    *slot = outage;
    return 0;
}

/* Outages of a unit do not overlap: of those that begin before, the last one alone may reach in. */
static int read_unit(struct past_outages *p, uint32_t unit, const struct row_source *source)
{
    struct archive_key keys[3];
    struct slice first = archive_key_make(&keys[0], ARCHIVE_KEY_SHORT, unit, 0, 0);
    struct slice from =
        archive_key_make(&keys[1], ARCHIVE_KEY_SHORT, unit, p->from.ms / SECOND_MS, 0);
    struct slice to =
        archive_key_make(&keys[2], ARCHIVE_KEY_SHORT, unit, p->to.ms / SECOND_MS + 1, 0);
    int err = source->last(source->context, ROW_OUTAGE_PAST, first, from, take, p);
    return err ? err : source->range(source->context, ROW_OUTAGE_PAST, from, to, take, p);
}

int past_outages_read(struct past_outages *p, const struct row_source *source)
{
    int err = 0;
    for (size_t i = 0; !err && i < p->units.len; i++)
        err = read_unit(p, *(const uint32_t *)vec_at(&p->units, i), source);
    return err;
}
