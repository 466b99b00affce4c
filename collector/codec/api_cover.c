#include "codec/api.h"

#include "core/inventory_cover.h"
#include "core/inventory_tree.h"

enum { SHOWN = 100 };

static bool meant(const struct api_scope *scope, const struct serves_row *row, uint32_t area)
{
    const struct inventory *inv = scope->centre->inventory;
    return validity_has(row->valid, scope->now) && inventory_cover_temporary(row) &&
           inventory_unit_exists(inv, row->unit, scope->now) &&
           (inventory_tree_within(inv, row->area, area, scope->now) ||
            inventory_tree_within(inv, area, row->area, scope->now));
}

static void put_row(const struct api_scope *scope, const struct serves_row *row, struct emit *e)
{
    const struct inventory *inv = scope->centre->inventory;
    const struct unit_id *id = inventory_unit_id(inv, row->unit);
    const struct site_row *site = inventory_site(inv, id->site, scope->now);
    const struct area_row *area = inventory_area(inv, row->area, scope->now);
    emit_object(e, NULL);
    emit_text(e, "unit", names_text(&inv->units, row->unit));
    emit_text(e, "site", names_text(&inv->sites, id->site));
    emit_text(e, "name", site ? site->name : NULL);
    emit_text(e, "service", names_text(&inv->services, id->service));
    emit_text(e, "operator", id->op == INV_NONE ? NULL : names_text(&inv->operators, id->op));
    emit_text(e, "area", names_text(&inv->areas, row->area));
    emit_text(e, "area_name", area ? area->name : NULL);
    emit_instant(e, "from", row->valid.from);
    emit_instant(e, "to", row->valid.to);
    emit_filled(e, "reason", row->reason);
    emit_text(e, "provenance", row->by[0] ? "operator" : "declared");
    emit_filled(e, "feed", row->by);
    emit_end(e);
}

void api_cover(const struct api_scope *scope, uint32_t area, struct emit *e)
{
    const struct inventory *inv = scope->centre->inventory;
    size_t shown = 0;
    int64_t total = 0;
    emit_array(e, "temporary");
    for (size_t i = 0; i < inv->serves_rows.len; i++) {
        const struct serves_row *row = vec_at(&inv->serves_rows, i);
        if (!meant(scope, row, area))
            continue;
        total++;
        uint32_t site = inventory_unit_id(inv, row->unit)->site;
        if (shown == SHOWN || !api_site_shown(scope, inventory_site(inv, site, scope->now)))
            continue;
        put_row(scope, row, e);
        shown++;
    }
    emit_end(e);
    emit_int(e, "temporary_total", total);
}
