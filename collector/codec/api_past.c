#include "codec/api_past.h"

#include "core/inventory_tree.h"

bool api_past_needed(const struct api_scope *scope)
{
    return outages_given(scope->centre->outages) > 0;
}

static bool wanted(const struct api_scope *scope, uint32_t area, uint32_t unit)
{
    const struct inventory *inv = scope->centre->inventory;
    const struct site_row *row =
        inventory_site(inv, inventory_unit_id(inv, unit)->site, scope->now);
    return area == INV_NONE || (row && inventory_tree_within(inv, row->area, area, scope->now));
}

int api_past_want(const struct api_scope *scope, const struct api_past_query *query,
                  struct past_outages *past)
{
    const struct centre *c = scope->centre;
    int err = 0;
    past_outages_init(past, c->outages, query->from, query->to);
    for (uint32_t unit = 0; !err && unit < c->inventory->units.len; unit++)
        if (wanted(scope, query->area, unit))
            err = past_outages_want(past, unit);
    return err;
}

bool api_past_fits(const struct api_scope *scope, const struct past_outages *past)
{
    return past->given == outages_given(scope->centre->outages);
}

int api_past(const struct api_scope *scope, const struct api_past_query *query,
             const struct past_outages *past, struct buf *out)
{
    struct api_scope own = *scope;
    own.guest = query->guest;
    return api_outages(&own, query->area, false, query->from, query->to, query->page,
                       &past->outages, out);
}
