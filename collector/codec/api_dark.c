#include "codec/api.h"

#include "base/vec.h"
#include "core/inventory_tree.h"

enum { SHOWN = 100 };

static const enum technology families[] = {TECHNOLOGY_MOBILE, TECHNOLOGY_FIBRE};

/* The walk over families and the two reasons to be without service. */
struct list {
    const struct api_scope *scope;
    const struct coverage *coverage;
    struct emit *e;
    size_t shown;
};

static void put_village(struct list *l, uint32_t village, enum technology family, bool lost)
{
    const struct inventory *inv = l->scope->centre->inventory;
    const struct area_row *row = inventory_area(inv, village, l->scope->now);
    if (!row || l->shown == SHOWN)
        return;
    const struct area_row *parent = inventory_area(inv, row->parent, l->scope->now);
    l->shown++;
    emit_object(l->e, NULL);
    emit_text(l->e, "technology", coverage_technology_word((int)family));
    emit_text(l->e, "id", names_text(&inv->areas, village));
    emit_text(l->e, "name", row->name);
    emit_text(l->e, "parent", parent ? parent->name : NULL);
    emit_bool(l->e, "served_before", lost);
    emit_int(l->e, "households", row->households >= 0 ? row->households : 0);
    emit_int(l->e, "population", row->population >= 0 ? row->population : 0);
    emit_end(l->e);
}

static size_t put_villages(struct list *l, const struct vec *villages, enum technology family,
                           enum coverage_state wanted)
{
    size_t total = 0;
    for (size_t i = 0; i < villages->len; i++) {
        uint32_t village = *(const uint32_t *)vec_at(villages, i);
        if (coverage_village(l->coverage, village, family, COVERAGE_ANY) != wanted)
            continue;
        put_village(l, village, family, wanted == COVERAGE_DARK);
        total++;
    }
    return total;
}

/* A family that nobody has built anywhere is no lack of each village. */
static bool is_built(const struct list *l, enum technology family)
{
    uint32_t root = inventory_tree_root(l->scope->centre->inventory, l->scope->now);
    return coverage_figure(l->coverage, root, family, COVERAGE_ANY).nominal.villages > 0;
}

static int put_state(struct list *l, uint32_t area, enum coverage_state wanted, size_t *ret_total)
{
    struct vec villages;
    int err = 0;
    vec_init(&villages, sizeof(uint32_t), UINT32_MAX);
    *ret_total = 0;
    for (size_t f = 0; err == 0 && f < sizeof families / sizeof *families; f++) {
        if (!is_built(l, families[f]))
            continue;
        vec_remove(&villages, 0, villages.len);
        err = coverage_dark(l->coverage, area, families[f], COVERAGE_ANY, &villages);
        *ret_total += put_villages(l, &villages, families[f], wanted);
    }
    vec_done(&villages);
    return err;
}

int api_dark(const struct api_scope *scope, const struct coverage *coverage, uint32_t area,
             struct emit *e)
{
    struct list l = {scope, coverage, e, 0};
    size_t dark = 0;
    size_t unserved = 0;
    emit_array(e, "dark");
    int err = put_state(&l, area, COVERAGE_DARK, &dark);
    if (!err)
        err = put_state(&l, area, COVERAGE_UNSERVED, &unserved);
    emit_end(e);
    emit_int(e, "dark_total", (int64_t)dark);
    emit_int(e, "unserved_total", (int64_t)unserved);
    return err;
}
