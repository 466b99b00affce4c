#include "history.h"

#include "base/err.h"

#include <stdlib.h>

static int play_list(const struct history *h, const struct history_event *e, struct world *w)
{
    const struct history_list *list = vec_at(&h->lists, e->index);
    struct check_entry *entries = calloc(list->n ? list->n : 1, sizeof *entries);
    if (!entries)
        return ERR_NOMEM;
    for (size_t i = 0; i < list->n; i++) {
        const struct history_entry *from = vec_at(&h->entries, list->first + i);
        entries[i] = (struct check_entry){
            .name = slice_of(names_text(&h->checks, from->check)),
            .site = from->site,
            .units = from->units,
            .n_units = from->n_units,
            .interval_ms = from->interval_ms,
            .timeout_ms = from->timeout_ms,
            .ttl_ms = from->ttl_ms,
            .role = from->role,
            .cause = from->cause,
        };
    }
    int err = world_list(w, e->probe, e->t, entries, list->n);
    free(entries);
    return err;
}

static int play_load(const struct history_load *load, struct wall_ms from, struct world *w)
{
    int64_t number = load->declared ? load->declared : load->withdrawn;
    if (number == 0)
        return world_set_inventory(w, load->inv, from);
    const struct world_declared site = {inventory_declared(load->inv, number)->site, from};
    return world_set_declarations(w, load->inv, &site, 1);
}

int history_play(const struct history *h, size_t i, struct world *w, enum world_fate *ret_fate)
{
    const struct history_event *e = history_at(h, i);
    enum world_fate fate = WORLD_TAKEN;
    struct slice check = {0};
    int err = 0;
    if (e->kind == HISTORY_RESULT || e->kind == HISTORY_SUMMARY)
        check = slice_of(names_text(&h->checks, e->check));
    switch (e->kind) {
    case HISTORY_LIST:
        return play_list(h, e, w);
    case HISTORY_RESULT:
        err = world_result(w, e->probe, e->site, check, e->t, e->verdict, e->also, &fate);
        break;
    case HISTORY_SUMMARY:
        err = world_summary(w, e->probe, e->site, check, e->t, e->verdict, e->also, &fate);
        break;
    case HISTORY_WILL:
        return world_will(w, e->probe, e->t);
    case HISTORY_AWAY:
        return world_away(w, e->probe, e->t);
    case HISTORY_GASP:
        return world_gasp(w, e->probe, e->t);
    case HISTORY_CONNECTED:
        return world_connected(w, e->t);
    case HISTORY_HEARD:
        return world_heard(w, e->probe, e->t);
    case HISTORY_LISTENED:
        return world_listened(w, e->also, e->t);
    case HISTORY_ADVANCE:
        return world_advance(w, e->t);
    case HISTORY_RELOAD:
        return play_load(vec_at(&h->loads, e->index), e->also, w);
    }
    if (!err && ret_fate)
        *ret_fate = fate;
    return err;
}
