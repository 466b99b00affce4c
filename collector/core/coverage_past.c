#include "core/coverage_past.h"

struct coverage *coverage_past(const struct world *world, const struct inventory *inv,
                               struct wall_ms t)
{
    struct coverage *c = coverage_new(inv, t);
    for (uint32_t unit = 0; c && unit < inv->units.len; unit++) {
        struct unit_view view = world_unit_at(world, unit, t);
        coverage_unit(c, unit, &view);
    }
    return c;
}
