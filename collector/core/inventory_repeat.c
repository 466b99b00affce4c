#include "core/inventory_repeat.h"

#include "base/err.h"
#include "base/iso.h"
#include "core/inventory_rows.h"

static const int64_t DAY_MS = INT64_C(24) * 60 * 60 * 1000;

void inventory_repeat_cell(struct inventory_reader *r, const struct inventory_column *column,
                           struct slice cell, void *row)
{
    (void)column;
    (void)row;
    r->repeat_ms = slice_is(cell, "daily") ? DAY_MS : slice_is(cell, "weekly") ? 7 * DAY_MS : 0;
    if (cell.len > 0 && !r->repeat_ms)
        inventory_read_complain(r, "must be daily, weekly or empty");
}

void inventory_repeat_until(struct inventory_reader *r, const struct inventory_column *column,
                            struct slice cell, void *row)
{
    (void)column;
    (void)row;
    r->until.ms = INT64_MIN;
    if (cell.len > 0 && iso_parse(cell, r->zone_min, &r->until) != 0)
        inventory_read_complain(r, "is no date (2026-11-22 or 2026-11-22T14:05:00+07:00)");
}

static bool well(struct inventory_reader *r, const struct declaration *first)
{
    bool ends = r->until.ms != INT64_MIN;
    if (!r->repeat_ms && !ends)
        return false;
    if (!r->repeat_ms || !ends)
        inventory_read_complain(r, "repeat and until go together");
    else if (first->span.to.ms - first->span.from.ms > r->repeat_ms)
        inventory_read_complain(r, "it lasts longer than until it comes again");
    else if (r->until.ms - first->span.from.ms > INVENTORY_REPEAT_MAX * r->repeat_ms)
        inventory_read_complain(r, "it comes more than %d times", INVENTORY_REPEAT_MAX);
    return !r->failed;
}

void inventory_repeat_rows(struct inventory_reader *r, const struct declaration *first)
{
    struct declaration next = *first;
    if (r->failed || !well(r, first))
        return;
    while (r->err == 0 && next.span.from.ms < r->until.ms - r->repeat_ms) {
        next.span.from = wall_add(next.span.from, r->repeat_ms);
        next.span.to = wall_add(next.span.to, r->repeat_ms);
        struct declaration *kept = vec_push(inventory_rows(r->inv, TABLE_DECLARATIONS));
        if (kept)
            *kept = next;
        else
            r->err = ERR_NOMEM;
    }
}
