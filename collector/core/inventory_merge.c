#include "core/inventory_merge.h"

#include "base/err.h"
#include "base/num.h"

/* Rows of one key, or of one thing, in either inventory. */
struct run {
    const struct inventory *inv;
    const struct vec *rows;
    size_t first, len;
};

struct merge {
    const struct inventory *old, *fresh; /* old: an empty one if there is none */
    struct inventory *to;
    struct wall_ms reload;
    enum inventory_table_number number;
    const struct inventory_table *table;
    void *last; /* row emitted last for the present key, NULL = none */
};

static void *row_of(const struct run *run, size_t at)
{
    return vec_at(run->rows, run->first + at);
}

/* Has the thing that rows of this table speak of been seen before? */
static bool seen(const struct merge *m, uint32_t thing)
{
    enum inventory_table_number of = m->number == TABLE_SERVES    ? TABLE_UNITS
                                     : m->number == TABLE_DEPENDS ? TABLE_SITES
                                                                  : m->number;
    size_t len;
    inventory_range(inventory_rows(m->old, of), thing, &len);
    return len > 0;
}

/* The dates of a unit are what it says, not when its row holds: only a changed one is a date of the
 * change. */
static int64_t unit_cut(const struct unit_row *before, const struct unit_row *after, int64_t cut)
{
    if (after->commissioned.ms != before->commissioned.ms && after->commissioned.ms != INT64_MIN)
        cut = num_min(cut, after->commissioned.ms);
    if (after->decommissioned.ms != before->decommissioned.ms)
        cut = num_min(cut, after->decommissioned.ms);
    return cut;
}

/* Where the fresh rows of a key take over. */
static int64_t cut_of(const struct merge *m, const struct run *old, const struct run *fresh,
                      uint32_t thing)
{
    if (!seen(m, thing))
        return INT64_MIN;
    int64_t cut = m->reload.ms;
    if (m->number == TABLE_UNITS && old->len > 0 && fresh->len > 0)
        return unit_cut(row_of(old, old->len - 1), row_of(fresh, 0), cut);
    for (size_t i = 0; i < fresh->len; i++) {
        const struct validity *valid = inventory_row_valid(m->table, row_of(fresh, i));
        if (valid->from.ms != INT64_MIN)
            cut = num_min(cut, valid->from.ms);
        cut = num_min(cut, valid->to.ms);
    }
    return cut;
}

/* Adds a row for [from, to), or lengthens the one before it that says the same. */
static int emit(struct merge *m, const struct inventory *from_inv, const void *row, int64_t from,
                int64_t to)
{
    if (from >= to)
        return 0;
    if (m->last && inventory_row_valid(m->table, m->last)->to.ms == from &&
        inventory_rows_equal(m->table, m->to, m->last, from_inv, row)) {
        inventory_row_valid(m->table, m->last)->to.ms = to;
        return 0;
    }
    m->last = inventory_rows_adopt(m->to, m->number, from_inv, row);
    if (!m->last)
        return ERR_NOMEM;
    *inventory_row_valid(m->table, m->last) = (struct validity){{from}, {to}};
    return 0;
}

static int merge_key(struct merge *m, const struct run *old, const struct run *fresh)
{
    uint32_t thing = *(const uint32_t *)row_of(fresh->len ? fresh : old, 0);
    int64_t cut = cut_of(m, old, fresh, thing);
    int err = 0;
    m->last = NULL;
    for (size_t i = 0; err == 0 && i < old->len; i++) {
        const struct validity *valid = inventory_row_valid(m->table, row_of(old, i));
        err = emit(m, m->old, row_of(old, i), valid->from.ms, num_min(valid->to.ms, cut));
    }
    for (size_t i = 0; err == 0 && i < fresh->len; i++) {
        const struct validity *valid = inventory_row_valid(m->table, row_of(fresh, i));
        err = emit(m, m->fresh, row_of(fresh, i), num_max(valid->from.ms, cut), valid->to.ms);
    }
    return err;
}

/* Rows from `first` on that have the key of the row there. */
static struct run run_at(const struct merge *m, const struct inventory *inv, size_t first)
{
    struct run run = {inv, inventory_rows(inv, m->number), first, 0};
    while (first + run.len < run.rows->len &&
           (run.len == 0 ||
            inventory_rows_compare_key(m->table, row_of(&run, 0), row_of(&run, run.len)) == 0))
        run.len++;
    return run;
}

static int merge_dated(struct merge *m)
{
    size_t old_at = 0, fresh_at = 0;
    int err = 0;
    while (err == 0) {
        struct run old = run_at(m, m->old, old_at);
        struct run fresh = run_at(m, m->fresh, fresh_at);
        if (old.len == 0 && fresh.len == 0)
            break;
        int order = old.len == 0 ? 1
                    : fresh.len == 0
                        ? -1
                        : inventory_rows_compare_key(m->table, row_of(&old, 0), row_of(&fresh, 0));
        if (order > 0)
            old.len = 0;
        if (order < 0)
            fresh.len = 0;
        old_at += old.len;
        fresh_at += fresh.len;
        err = merge_key(m, &old, &fresh);
    }
    return err;
}

/* Operators have no history; one that is gone keeps its row for the units of the past. */
static int merge_operators(struct merge *m)
{
    for (uint32_t op = 0; op < m->fresh->operators.len; op++) {
        size_t len;
        const struct inventory *from = m->fresh;
        const void *row = inventory_range(&from->operator_rows, op, &len);
        if (!row) {
            from = m->old;
            row = inventory_range(&from->operator_rows, op, &len);
        }
        if (row && !inventory_rows_adopt(m->to, m->number, from, row))
            return ERR_NOMEM;
    }
    return 0;
}

static int merge_declared(struct merge *m)
{
    for (size_t i = 0; i < m->fresh->declared_rows.len; i++)
        if (!inventory_rows_adopt(m->to, m->number, m->fresh, vec_at(&m->fresh->declared_rows, i)))
            return ERR_NOMEM;
    return 0;
}

static bool same_target(const struct declaration *a, const struct declaration *b)
{
    return a->site == b->site && a->unit == b->unit && a->kind == b->kind;
}

/* Rows of the files only: what people declared is theirs to end (inventory_declare.h). */
static bool overlap(const struct declaration *a, const struct declaration *b)
{
    return a->number == 0 && same_target(a, b) && a->span.from.ms < b->span.to.ms &&
           b->span.from.ms < a->span.to.ms;
}

/* A part of `row` with the registration of `first_shown`. */
static int declare(struct merge *m, const struct inventory *inv, const struct declaration *row,
                   struct validity span, const struct declaration *first_shown)
{
    if (span.from.ms >= span.to.ms)
        return 0;
    struct declaration *added = inventory_rows_adopt(m->to, m->number, inv, row);
    if (!added)
        return ERR_NOMEM;
    added->span = span;
    added->registered = first_shown->registered;
    added->retroactive = first_shown->retroactive;
    return 0;
}

/* A fresh declaration: what an old one declared already keeps its registration. */
static int merge_declaration(struct merge *m, const struct declaration *row,
                             const struct declaration *old, size_t n_old)
{
    struct wall_ms at = row->span.from;
    int err = 0;
    for (size_t i = 0; err == 0 && i < n_old; i++) {
        if (!overlap(&old[i], row) || old[i].span.to.ms <= at.ms)
            continue;
        struct wall_ms from = {num_max(old[i].span.from.ms, at.ms)};
        struct wall_ms to = {num_min(old[i].span.to.ms, row->span.to.ms)};
        err = declare(m, m->fresh, row, (struct validity){at, from}, row);
        if (err == 0)
            err = declare(m, m->fresh, row, (struct validity){from, to}, &old[i]);
        at = to;
    }
    return err ? err : declare(m, m->fresh, row, (struct validity){at, row->span.to}, row);
}

/* What an old declaration keeps of its own: all up to the reload if the files withdrew it, else
 * what lies before a start that was moved. */
static int keep_old_part(struct merge *m, const struct declaration *old,
                         const struct declaration *fresh, size_t n_fresh)
{
    struct wall_ms to = {num_min(old->span.to.ms, m->reload.ms)};
    if (old->number > 0)
        return inventory_rows_adopt(m->to, m->number, m->old, old) ? 0 : ERR_NOMEM;
    for (size_t i = 0; i < n_fresh; i++)
        if (overlap(old, &fresh[i]))
            to.ms = num_min(to.ms, fresh[i].span.from.ms);
    return declare(m, m->old, old, (struct validity){old->span.from, to}, old);
}

static int merge_declarations(struct merge *m)
{
    int err = 0;
    for (uint32_t site = 0; err == 0 && site < m->fresh->sites.len; site++) {
        size_t n_old, n_fresh;
        const struct declaration *old = inventory_declarations(m->old, site, &n_old);
        const struct declaration *fresh = inventory_declarations(m->fresh, site, &n_fresh);
        for (size_t i = 0; err == 0 && i < n_fresh; i++)
            err = merge_declaration(m, &fresh[i], old, n_old);
        for (size_t i = 0; err == 0 && i < n_old; i++)
            err = keep_old_part(m, &old[i], fresh, n_fresh);
    }
    return err;
}

static int merge_all(struct merge *m)
{
    static int (*const merge_table[TABLE_COUNT])(struct merge *) = {
        [TABLE_OPERATORS] = merge_operators,
        [TABLE_AREAS] = merge_dated,
        [TABLE_SITES] = merge_dated,
        [TABLE_UNITS] = merge_dated,
        [TABLE_SERVES] = merge_dated,
        [TABLE_DEPENDS] = merge_dated,
        [TABLE_DECLARATIONS] = merge_declarations,
        [TABLE_PROBES] = merge_dated,
        [TABLE_DECLARED] = merge_declared,
    };
    int err = inventory_continue(m->to, m->fresh);
    for (unsigned i = 0; err == 0 && i < TABLE_COUNT; i++) {
        m->number = i;
        m->table = inventory_table(i);
        err = merge_table[i](m);
    }
    if (err != 0)
        return err;
    inventory_rows_sort(m->to);
    return inventory_index(m->to);
}

int inventory_merge(const struct inventory *old, const struct inventory *fresh,
                    struct wall_ms reload, struct inventory **ret_inv)
{
    struct inventory *none = old ? NULL : inventory_new();
    struct inventory *to = inventory_new();
    struct merge m = {old ? old : none, fresh, to, reload, 0, NULL, NULL};
    int err = (!old && !none) || !to ? ERR_NOMEM : merge_all(&m);
    inventory_free(none);
    if (err == 0)
        *ret_inv = to;
    else
        inventory_free(to);
    return err;
}
