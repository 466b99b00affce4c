#include "core/annals.h"

#include "base/err.h"

#include <stdlib.h>

int annals_changing(struct annals *a, uint32_t unit, struct wall_ms from, struct wall_ms to)
{
    return revisions_changing(a->revisions, unit, from, to);
}

static int on_changing(void *context, uint32_t unit, struct wall_ms from, struct wall_ms to)
{
    return annals_changing(context, unit, from, to);
}

int annals_forgetting(struct annals *a, uint32_t unit, struct wall_ms to)
{
    int err = revisions_forgetting(a->revisions, unit, to);
    if (!err)
        err = excused_days_settle(&a->excused, a->world, unit, hours_end(a->hours, unit),
                                  hours_carry(a->hours, unit), to);
    return err ? err : hours_settle(a->hours, a->world, unit, to);
}

static int on_forgetting(void *context, uint32_t unit, struct wall_ms to)
{
    return annals_forgetting(context, unit, to);
}

struct annals *annals_new(struct world *w, const struct revisions_options *options)
{
    struct annals *a = calloc(1, sizeof *a);
    if (!a)
        return NULL;
    a->world = w;
    excused_days_init(&a->excused, options->zone_ms);
    a->hours = hours_new(options->zone_ms);
    if (a->hours)
        a->revisions = revisions_new(options, a->hours, w);
    if (!a->revisions) {
        annals_free(a);
        return NULL;
    }
    world_set_watch(w, &(struct world_watch){a, on_changing, on_forgetting});
    return a;
}

void annals_free(struct annals *a)
{
    if (!a)
        return;
    excused_days_done(&a->excused);
    revisions_free(a->revisions);
    hours_free(a->hours);
    free(a);
}

int annals_advance(struct annals *a, struct wall_ms now)
{
    return revisions_advance(a->revisions, now);
}

void annals_follow(struct annals *a)
{
    if (world_now(a->world).ms == INT64_MIN)
        return;
    revisions_follow(a->revisions, world_now(a->world));
    world_set_watched(a->world, revisions_final(a->revisions));
}

int annals_save(struct annals *a, const struct row_sink *sink)
{
    int err = hours_save(a->hours, sink);
    if (!err)
        err = excused_days_save(&a->excused, sink);
    return err ? err : revisions_save(a->revisions, sink);
}

int annals_load(struct annals *a, uint8_t kind, struct slice key, struct slice value)
{
    if (kind == ROW_HOURS)
        return hours_load(a->hours, key, value);
    return kind == ROW_EPISODE ? revisions_load(a->revisions, key, value) : ERR_UNKNOWN;
}

void annals_loaded(struct annals *a)
{
    for (uint32_t unit = 0; unit < hours_units(a->hours); unit++)
        world_set_settled(a->world, unit, hours_end(a->hours, unit));
}
