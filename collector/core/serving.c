#include "core/serving.h"

#include "base/err.h"
#include "core/inventory_tree.h"

#include <stdlib.h>
#include <string.h>

/* Links sorted by one of their ends, and where each number begins. */
struct side {
    struct serving_link *links;
    uint32_t *first; /* by number; one more than there are numbers */
    uint32_t numbers;
};

struct serving {
    struct side by_unit;
    struct side by_village;
};

static struct validity overlap(struct validity a, struct validity b)
{
    return (struct validity){{a.from.ms > b.from.ms ? a.from.ms : b.from.ms},
                             {a.to.ms < b.to.ms ? a.to.ms : b.to.ms}};
}

static int add_link(struct vec *links, uint32_t village, uint32_t unit, struct validity valid)
{
    struct serving_link *link = vec_push(links);
    if (!link)
        return ERR_NOMEM;
    *link = (struct serving_link){village, unit, valid};
    return 0;
}

/* Goes down from an area through the time in which it and each area on the way exist; the villages
 * it reaches are served for that time. */
static int descend(const struct inventory *inv, uint32_t unit, const struct area_row *row,
                   struct validity window, int depth, struct vec *links)
{
    struct validity both = overlap(window, row->valid);
    if (both.from.ms >= both.to.ms || depth > INVENTORY_TREE_DEPTH)
        return 0;
    if (row->village)
        return add_link(links, row->area, unit, both);
    size_t n = 0;
    const uint32_t *children = inventory_tree_children(inv, row->area, &n);
    int err = 0;
    for (size_t i = 0; !err && i < n; i++)
        err = descend(inv, unit, vec_at(&inv->area_rows, children[i]), both, depth + 1, links);
    return err;
}

static int expand(const struct inventory *inv, const struct serves_row *served, struct vec *links)
{
    size_t n = 0;
    const struct area_row *rows = inventory_area_rows(inv, served->area, &n);
    int err = 0;
    for (size_t i = 0; !err && i < n; i++)
        err = descend(inv, served->unit, &rows[i], served->valid, 0, links);
    return err;
}

static int by_unit(const void *a, const void *b)
{
    const struct serving_link *x = a;
    const struct serving_link *y = b;
    if (x->unit != y->unit)
        return x->unit < y->unit ? -1 : 1;
    return (x->village > y->village) - (x->village < y->village);
}

static int by_village(const void *a, const void *b)
{
    const struct serving_link *x = a;
    const struct serving_link *y = b;
    if (x->village != y->village)
        return x->village < y->village ? -1 : 1;
    return (x->unit > y->unit) - (x->unit < y->unit);
}

static uint32_t end_of(const struct serving_link *link, bool units)
{
    return units ? link->unit : link->village;
}

static int make_side(struct side *side, const struct vec *links, uint32_t numbers, bool units)
{
    side->numbers = numbers;
    side->links = malloc((links->len + 1) * sizeof *side->links);
    side->first = calloc((size_t)numbers + 1, sizeof *side->first);
    if (!side->links || !side->first)
        return ERR_NOMEM;
    if (links->len)
        memcpy(side->links, links->items, links->len * sizeof *side->links);
    qsort(side->links, links->len, sizeof *side->links, units ? by_unit : by_village);
    for (size_t i = 0; i < links->len; i++)
        side->first[end_of(&side->links[i], units) + 1]++;
    for (uint32_t i = 0; i < numbers; i++)
        side->first[i + 1] += side->first[i];
    return 0;
}

struct serving *serving_new(const struct inventory *inv)
{
    struct serving *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    struct vec links;
    vec_init(&links, sizeof(struct serving_link), SIZE_MAX / sizeof(struct serving_link));
    int err = 0;
    for (size_t i = 0; !err && i < inv->serves_rows.len; i++)
        err = expand(inv, vec_at(&inv->serves_rows, i), &links);
    if (!err)
        err = make_side(&s->by_unit, &links, inv->units.len, true);
    if (!err)
        err = make_side(&s->by_village, &links, inv->areas.len, false);
    vec_done(&links);
    if (!err)
        return s;
    serving_free(s);
    return NULL;
}

void serving_free(struct serving *s)
{
    if (!s)
        return;
    free(s->by_unit.links);
    free(s->by_unit.first);
    free(s->by_village.links);
    free(s->by_village.first);
    free(s);
}

static const struct serving_link *range(const struct side *side, uint32_t number, size_t *ret_len)
{
    *ret_len = 0;
    if (number >= side->numbers)
        return NULL;
    *ret_len = side->first[number + 1] - side->first[number];
    return side->links + side->first[number];
}

const struct serving_link *serving_of_unit(const struct serving *s, uint32_t unit, size_t *ret_len)
{
    return range(&s->by_unit, unit, ret_len);
}

const struct serving_link *serving_of_village(const struct serving *s, uint32_t village,
                                              size_t *ret_len)
{
    return range(&s->by_village, village, ret_len);
}
