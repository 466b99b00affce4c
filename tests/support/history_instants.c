#include "history.h"

#include <stdlib.h>

static void add(struct vec *times, int64_t ms)
{
    struct wall_ms *t = vec_push(times);
    if (!t)
        abort();
    t->ms = ms;
}

/** Every distinct ttl of the history's lists beyond @p t, with and without the hold. */
static void add_holds(const struct history *h, struct vec *times, int64_t t)
{
    for (size_t i = 0; i < h->entries.len; i++) {
        int64_t ttl = ((const struct history_entry *)vec_at(&h->entries, i))->ttl_ms;
        bool first = true;
        for (size_t k = 0; k < i && first; k++)
            first = ((const struct history_entry *)vec_at(&h->entries, k))->ttl_ms != ttl;
        if (first) {
            add(times, t + ttl);
            add(times, t + ttl + h->options.late_ms);
        }
    }
}

static void add_valid(struct vec *times, struct validity valid)
{
    if (valid.from.ms > INT64_MIN)
        add(times, valid.from.ms);
    if (valid.to.ms < WALL_NEVER_MS)
        add(times, valid.to.ms);
}

static void add_inventory(struct vec *times, const struct inventory *inv)
{
    for (size_t i = 0; i < inv->unit_rows.len; i++) {
        const struct unit_row *row = vec_at(&inv->unit_rows, i);
        add_valid(times, row->valid);
        add_valid(times, (struct validity){row->commissioned, row->decommissioned});
    }
    for (size_t i = 0; i < inv->area_rows.len; i++)
        add_valid(times, ((const struct area_row *)vec_at(&inv->area_rows, i))->valid);
    for (size_t i = 0; i < inv->site_rows.len; i++)
        add_valid(times, ((const struct site_row *)vec_at(&inv->site_rows, i))->valid);
    for (size_t i = 0; i < inv->depends_rows.len; i++)
        add_valid(times, ((const struct depends_row *)vec_at(&inv->depends_rows, i))->valid);
    for (size_t i = 0; i < inv->declarations.len; i++)
        add_valid(times, ((const struct declaration *)vec_at(&inv->declarations, i))->span);
    for (size_t i = 0; i < inv->probe_rows.len; i++)
        add_valid(times, ((const struct probe_row *)vec_at(&inv->probe_rows, i))->valid);
    for (size_t i = 0; i < inv->serves_rows.len; i++)
        add_valid(times, ((const struct serves_row *)vec_at(&inv->serves_rows, i))->valid);
}

void history_instants(const struct history *h, struct vec *times)
{
    for (size_t i = 0; i < h->loads.len; i++)
        add_inventory(times, ((const struct history_load *)vec_at(&h->loads, i))->inv);
    for (size_t i = 0; i < h->events.len; i++) {
        const struct history_event *e = history_at(h, i);
        add(times, e->t.ms);
        if (e->kind == HISTORY_LISTENED)
            add(times, e->also.ms);
        if (e->kind == HISTORY_CONNECTED)
            add(times, e->t.ms + h->options.connect_settle_ms);
        if (e->kind == HISTORY_RESULT || e->kind == HISTORY_SUMMARY)
            add_holds(h, times, e->t.ms);
    }
}
