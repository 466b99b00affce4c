#include "codec/api.h"

#include "base/vec.h"

enum { SHOWN = 100 };

static const enum technology families[] = {TECHNOLOGY_MOBILE, TECHNOLOGY_FIBRE};

static void put_village(const struct api_scope *scope, const struct coverage *coverage,
                        uint32_t village, enum technology family, struct emit *e)
{
    const struct inventory *inv = scope->centre->inventory;
    const struct area_row *row = inventory_area(inv, village, scope->now);
    if (!row)
        return;
    enum coverage_state state = coverage_village(coverage, village, family, COVERAGE_ANY);
    const struct area_row *parent = inventory_area(inv, row->parent, scope->now);
    emit_object(e, NULL);
    emit_text(e, "technology", coverage_technology_word((int)family));
    emit_text(e, "id", names_text(&inv->areas, village));
    emit_text(e, "name", row->name);
    emit_text(e, "parent", parent ? parent->name : NULL);
    emit_bool(e, "served_before", state == COVERAGE_DARK);
    emit_int(e, "households", row->households >= 0 ? row->households : 0);
    emit_int(e, "population", row->population >= 0 ? row->population : 0);
    emit_end(e);
}

int api_dark(const struct api_scope *scope, const struct coverage *coverage, uint32_t area,
             struct emit *e)
{
    struct vec villages;
    size_t total = 0;
    int err = 0;
    vec_init(&villages, sizeof(uint32_t), UINT32_MAX);
    emit_array(e, "dark");
    for (size_t f = 0; err == 0 && f < sizeof families / sizeof *families; f++) {
        vec_remove(&villages, 0, villages.len);
        err = coverage_dark(coverage, area, families[f], COVERAGE_ANY, &villages);
        for (size_t i = 0; err == 0 && i < villages.len && i < SHOWN; i++)
            put_village(scope, coverage, *(uint32_t *)vec_at(&villages, i), families[f], e);
        total += villages.len;
    }
    emit_end(e);
    emit_int(e, "dark_total", (int64_t)total);
    vec_done(&villages);
    return err;
}
