/* Lists of checks: which checks a probe has, on which terms, from when on (readings 1 to 4). */
#include "core/world_inside.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>

enum { GROWTH_MIN = 2 };

/* Room for one more number in a small array that grows by a quarter. */
static int make_room(uint32_t **items, uint16_t len, uint16_t *cap)
{
    if (len < *cap)
        return 0;
    unsigned more = len + GROWTH_MIN + len / 4U;
    if (more > UINT16_MAX)
        return ERR_FULL;
    uint32_t *grown = realloc(*items, more * sizeof *grown);
    if (!grown)
        return ERR_NOMEM;
    *items = grown;
    *cap = (uint16_t)more;
    return 0;
}

int world_inside_own_check(struct world *w, uint32_t number)
{
    struct check *check = check_table_at(&w->checks, number);
    struct world_probe *probe = world_inside_probe(w, check->probe);
    int err = make_room(&probe->checks, probe->checks_len, &probe->checks_cap);
    if (err)
        return err;
    check->ordinal = probe->checks_len;
    probe->checks[probe->checks_len++] = number;
    return 0;
}

/* The few checks of most units stand in the unit; more move out. */
static int room_for_link(struct world_unit *unit)
{
    if (unit->checks_cap)
        return make_room(&unit->checks.many, unit->checks_len, &unit->checks_cap);
    if (unit->checks_len < WORLD_UNIT_FEW)
        return 0;
    uint32_t *many = NULL;
    int err = make_room(&many, unit->checks_len, &unit->checks_cap);
    if (err)
        return err;
    memcpy(many, unit->checks.few, sizeof unit->checks.few);
    unit->checks.many = many;
    return 0;
}

int world_inside_link(struct world *w, uint32_t number, uint32_t check)
{
    struct world_unit *unit = vec_at(&w->units, number);
    uint32_t probe = check_table_at(&w->checks, check)->probe;
    const uint32_t *checks = world_inside_unit_checks(unit);
    unsigned at = 0;
    while (at < unit->checks_len && check_table_at(&w->checks, checks[at])->probe <= probe)
        if (checks[at++] == check)
            return 0;
    int err = room_for_link(unit);
    if (err)
        return err;
    uint32_t *own = unit->checks_cap ? unit->checks.many : unit->checks.few;
    memmove(own + at + 1, own + at, (unit->checks_len - at) * sizeof *own);
    own[at] = check;
    unit->checks_len++;
    return 0;
}

static int link_units(struct world *w, uint32_t number, const struct check_entry *entry)
{
    int err = 0;
    for (size_t i = 0; !err && i < entry->n_units; i++)
        err = entry->units[i] < w->units.len ? world_inside_link(w, entry->units[i], number)
                                             : ERR_RANGE;
    return err;
}

/* Finds or makes the check of an entry. */
static int check_of(struct world *w, uint32_t probe, const struct check_entry *entry,
                    uint32_t *ret_number)
{
    uint32_t known = check_table_find(&w->checks, probe, entry->site, entry->name);
    if (known != CHECK_NONE) {
        *ret_number = known;
        return 0;
    }
    int err = check_table_add(&w->checks, probe, entry->site, entry->name, ret_number);
    return err ? err : world_inside_own_check(w, *ret_number);
}

/* Summaries may have overtaken the list that now gives them another ttl: their gaps and the hold
 * of the last one are judged by it. */
static int rejudge(struct world *w, uint32_t number, int64_t t)
{
    const struct check *check = check_table_at(&w->checks, number);
    if (!check_line_alive(&check->line) || check->line.last_ms < t)
        return 0;
    int err = world_inside_forget(w, number, INT64_MIN);
    return err ? err : world_inside_arm(w, number, 0);
}

/* From t on the check has other terms (or none); what it spoke for before and after is in doubt. */
static int relist(struct world *w, uint32_t number, int64_t t, uint32_t terms)
{
    struct check *check = check_table_at(&w->checks, number);
    if (check->newest_terms == terms)
        return 0;
    int err = world_inside_mark_check(w, number, t);
    if (!err)
        err = check_listing_set(check, t, terms);
    if (!err)
        err = rejudge(w, number, t);
    return err ? err : world_inside_mark_check(w, number, t);
}

static struct terms terms_of(const struct check_entry *entry)
{
    int64_t ttl = entry->ttl_ms < UINT32_MAX ? entry->ttl_ms : UINT32_MAX;
    return (struct terms){
        .ttl_ms = (uint32_t)ttl, .role = (uint8_t)entry->role, .cause = (uint8_t)entry->cause};
}

/* The last list before the newest that did not name the check; INT64_MIN if none did so. */
static int64_t end_before(const struct check *check)
{
    const struct check_rest *rest = check_rest(check);
    for (unsigned i = rest->older_len; i-- > 0;)
        if (rest->older[i].terms == TERMS_NONE)
            return rest->older[i].from;
    return INT64_MIN;
}

static int name_check(struct world *w, uint32_t probe, int64_t t, const struct check_entry *entry)
{
    uint32_t number = CHECK_NONE;
    uint32_t terms_number = TERMS_NONE;
    struct terms terms = terms_of(entry);
    bool known = terms_known(&w->terms, &terms, entry->units, entry->n_units);
    world_inside_probe(w, probe)->terms_made += !known ? 1 : 0;
    int err = check_of(w, probe, entry, &number);
    if (!err)
        err = terms_add(&w->terms, &terms, entry->units, entry->n_units, &terms_number);
    if (!err)
        err = link_units(w, number, entry);
    if (err)
        return err;
    struct check *check = check_table_at(&w->checks, number);
    if (check_rest(check)->ended ==
        t) { /* a list of the same time said otherwise; the later arrival counts */
        check->rest->ended = end_before(check); /* it has a rest: a list ended it */
        check_line_resume(&check->line, t);
        world_inside_probe(w, probe)->unsaved |= PART_LINES;
        err = world_inside_mark_check(w, number, check->line.len ? check->line.last_ms : t);
        if (!err)
            err = world_inside_arm(w, number, 0);
    }
    check->listed = w->list_stamp;
    return err ? err : relist(w, number, t, terms_number);
}

/* What the check said ahead of now is no evidence any more: its summaries, and its results from t
 * on. All keep their place. */
static void forget_pending(struct world *w, uint32_t number, int64_t t)
{
    for (size_t i = 0; i < w->pending.items.len; i++) {
        struct due *item = vec_at(&w->pending.items, i);
        if (item->id == number && item->kind == PENDING_SUMMARY)
            item->kind = PENDING_FORGOTTEN;
        else if (item->id == number && item->kind == PENDING_RESULT && item->key >= t)
            item->kind = PENDING_TAKEN_BACK;
    }
    w->pending_unsaved = true;
}

/* The list of time t does not name the check: it ends there, and what summaries said is forgotten.
 */
static int end_check(struct world *w, uint32_t number, int64_t t)
{
    struct check *check = check_table_at(&w->checks, number);
    if (check_rest(check)->summarized > w->now || check->admitted > w->now)
        forget_pending(w, number, t);
    int err = check_rest_ended(check, t);
    if (!err)
        err = check_rest_summarized(check, INT64_MIN);
    if (!err)
        err = relist(w, number, t, TERMS_NONE);
    if (err)
        return err;
    if (t <= w->now)
        return world_inside_end(w, number, t);
    err = world_inside_forget(w, number, INT64_MAX);
    if (err)
        return err;
    return world_inside_await(w, check->probe,
                              (struct due){.key = t, .id = number, .kind = PENDING_END});
}

/* What lists of one probe may bring is bounded, or one could fill tables that are everybody's. */
static bool fits(const struct world *w, uint32_t probe, int64_t t,
                 const struct check_entry *entries, size_t n)
{
    const struct world_probe *own = world_inside_probe(w, probe);
    size_t bound = (size_t)w->options.checks_per_probe * WORLD_CHECKS_FACTOR;
    size_t names = own->checks_len;
    size_t terms = own->terms_made;
    for (size_t i = 0; i < n; i++) {
        const struct check_entry *e = &entries[i];
        struct terms wanted = terms_of(e);
        names += check_table_find(&w->checks, probe, e->site, e->name) == CHECK_NONE;
        terms += !terms_known(&w->terms, &wanted, e->units, e->n_units);
    }
    bool ahead = t > w->now && own->pending + (size_t)own->checks_len > WORLD_PROBE_PENDING_MAX;
    return n <= w->options.checks_per_probe && names <= bound && terms <= bound && !ahead;
}

int world_list(struct world *w, uint32_t probe, struct wall_ms t, const struct check_entry *entries,
               size_t n)
{
    struct world_probe *own = world_inside_probe(w, probe);
    if (!own)
        return ERR_RANGE;
    if (t.ms < own->list_from)
        return 0;
    if (!fits(w, probe, t.ms, entries, n))
        return ERR_FULL;
    int err = 0;
    w->list_stamp++;
    for (size_t i = 0; !err && i < n; i++)
        err = name_check(w, probe, t.ms, &entries[i]);
    for (unsigned i = 0; !err && i < own->checks_len; i++)
        if (check_table_at(&w->checks, own->checks[i])->listed != w->list_stamp &&
            check_table_at(&w->checks, own->checks[i])->newest_terms != TERMS_NONE)
            err = end_check(w, own->checks[i], t.ms);
    own->list_from = t.ms;
    own->unsaved |= PART_LISTS | PART_TAILS;
    return err;
}
