#include "core/centre.h"

#include "base/err.h"

#include <stdlib.h>

struct centre *centre_new(struct inventory *inventory, const struct centre_options *options)
{
    struct centre *c = calloc(1, sizeof *c);
    if (!c) {
        inventory_free(inventory);
        return NULL;
    }
    c->options = *options;
    c->inventory = inventory;
    c->world = world_new(inventory, &options->world);
    c->stream = stream_new();
    c->session = session_new(options->will_hold_ms);
    if (c->world && c->stream && c->session)
        return c;
    centre_free(c);
    return NULL;
}

void centre_free(struct centre *c)
{
    if (!c)
        return;
    world_free(c->world);
    stream_free(c->stream);
    session_free(c->session);
    inventory_free(c->inventory);
    free(c);
}

int centre_set_inventory(struct centre *c, struct inventory *inventory, struct wall_ms reload)
{
    int err = world_set_inventory(c->world, inventory, reload);
    if (err) {
        inventory_free(inventory);
        return err;
    }
    inventory_free(c->inventory);
    c->inventory = inventory;
    return 0;
}

int centre_advance(struct centre *c, struct wall_ms now)
{
    uint32_t probe = 0;
    struct wall_ms receipt;
    int err = 0;
    while (!err && session_next_will(c->session, c->marker.when, &probe, &receipt))
        err = world_will(c->world, probe, receipt);
    return err ? err : world_advance(c->world, now);
}

int centre_save(struct centre *c, const struct row_sink *sink)
{
    int err = world_save(c->world, sink);
    if (!err)
        err = stream_save(c->stream, sink);
    if (!err)
        err = session_save(c->session, sink);
    return err ? err : ledger_save(&c->ledger, sink);
}

int centre_load(struct centre *c, uint8_t kind, struct slice key, struct slice value)
{
    switch (kind) {
    case ROW_PROBE:
    case ROW_CHECK_SPANS:
    case ROW_PROBE_LISTS:
    case ROW_PROBE_SIGNS:
    case ROW_LISTENING:
        return world_load(c->world, kind, key, value);
    case ROW_STREAM:
        return stream_load(c->stream, key, value);
    case ROW_SESSION:
        return session_load(c->session, key, value);
    case ROW_LEDGER:
        return ledger_load(&c->ledger, value);
    default:
        return ERR_UNKNOWN;
    }
}

int centre_loaded(struct centre *c)
{
    return world_loaded(c->world);
}
