#include "core/terms.h"

#include "base/err.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 64 };

void terms_init(struct terms_table *table)
{
    *table = (struct terms_table){0};
    vec_init(&table->all, sizeof(struct terms), TERMS_MAX);
    vec_init(&table->units, sizeof(uint32_t), UINT32_MAX);
}

void terms_done(struct terms_table *table)
{
    free(table->slot);
    vec_done(&table->all);
    vec_done(&table->units);
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

static uint64_t hash_of(const struct terms *terms, const uint32_t *units, size_t n)
{
    uint64_t hash =
        mix(n, (uint64_t)terms->ttl_ms << 16 | (uint64_t)terms->role << 8 | terms->cause);
    for (size_t i = 0; i < n; i++)
        hash = mix(hash, units[i]);
    return hash;
}

static bool equal(const struct terms_table *table, uint32_t number, const struct terms *terms,
                  const uint32_t *units, size_t n)
{
    const struct terms *own = terms_at(table, number);
    if (own->ttl_ms != terms->ttl_ms || own->role != terms->role || own->cause != terms->cause ||
        own->n_units != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (terms_units(table, number)[i] != units[i])
            return false;
    return true;
}

/* The slot that holds these terms, or the free one where they belong. */
static uint32_t slot_of(const struct terms_table *table, const struct terms *terms,
                        const uint32_t *units, size_t n)
{
    uint32_t mask = table->slots - 1;
    uint32_t at = (uint32_t)hash_of(terms, units, n) & mask;
    while (table->slot[at] && !equal(table, table->slot[at] - 1, terms, units, n))
        at = (at + 1) & mask;
    return at;
}

static int grow(struct terms_table *table)
{
    if (table->all.len * 4 < (size_t)table->slots * 3)
        return 0;
    uint32_t slots = table->slots ? table->slots * 2 : FIRST_SLOTS;
    uint32_t *slot = calloc(slots, sizeof *slot);
    if (!slot)
        return ERR_NOMEM;
    free(table->slot);
    table->slot = slot;
    table->slots = slots;
    for (uint32_t i = 0; i < table->all.len; i++) {
        const struct terms *terms = terms_at(table, i);
        slot[slot_of(table, terms, terms_units(table, i), terms->n_units)] = i + 1;
    }
    return 0;
}

static int append(struct terms_table *table, const struct terms *terms, const uint32_t *units,
                  size_t n)
{
    size_t first = table->units.len;
    for (size_t i = 0; i < n; i++) {
        uint32_t *unit = vec_push(&table->units);
        if (!unit) {
            table->units.len = first;
            return ERR_NOMEM;
        }
        *unit = units[i];
    }
    struct terms *own = vec_push(&table->all);
    if (!own)
        return table->all.len >= TERMS_MAX ? ERR_FULL : ERR_NOMEM;
    *own = *terms;
    own->first = (uint32_t)first;
    own->n_units = (uint16_t)n;
    return 0;
}

int terms_add(struct terms_table *table, const struct terms *terms, const uint32_t *units, size_t n,
              uint32_t *ret_number)
{
    int err = n > UINT16_MAX ? ERR_FULL : grow(table);
    if (err)
        return err;
    uint32_t at = slot_of(table, terms, units, n);
    if (!table->slot[at]) {
        err = append(table, terms, units, n);
        if (err)
            return err;
        table->slot[at] = (uint32_t)table->all.len;
    }
    *ret_number = table->slot[at] - 1;
    return 0;
}

bool terms_known(const struct terms_table *table, const struct terms *terms, const uint32_t *units,
                 size_t n)
{
    return table->slots != 0 && table->slot[slot_of(table, terms, units, n)] != 0;
}

const struct terms *terms_at(const struct terms_table *table, uint32_t number)
{
    return vec_at(&table->all, number);
}

const uint32_t *terms_units(const struct terms_table *table, uint32_t number)
{
    const struct terms *terms = terms_at(table, number);
    const uint32_t *units = table->units.items; /* NULL while no terms name any */
    return units ? units + terms->first : NULL;
}

bool terms_name(const struct terms_table *table, uint32_t number, uint32_t unit)
{
    const uint32_t *units = terms_units(table, number);
    for (unsigned i = 0; i < terms_at(table, number)->n_units; i++)
        if (units[i] == unit)
            return true;
    return false;
}
