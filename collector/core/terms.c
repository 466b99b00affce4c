#include "core/terms.h"

#include "base/buf.h"
#include "base/err.h"

enum { KEY_MAX = 64 * 1024 };

void terms_init(struct terms_table *table)
{
    names_init(&table->keys, TERMS_MAX);
    vec_init(&table->all, sizeof(struct terms), TERMS_MAX);
    vec_init(&table->units, sizeof(uint32_t), UINT32_MAX);
}

void terms_done(struct terms_table *table)
{
    names_done(&table->keys);
    vec_done(&table->all);
    vec_done(&table->units);
}

static void write_key(struct buf *key, const struct terms *terms, const uint32_t *units, size_t n)
{
    buf_u64(key, terms->ttl_ms);
    buf_char(key, (char)('a' + terms->role));
    buf_char(key, (char)('a' + terms->cause));
    for (size_t i = 0; i < n; i++) {
        buf_u64(key, units[i]);
        buf_char(key, ' ');
    }
}

static int append(struct terms_table *table, const struct terms *terms, const uint32_t *units,
                  size_t n)
{
    uint32_t first = (uint32_t)table->units.len;
    for (size_t i = 0; i < n; i++) {
        uint32_t *unit = vec_push(&table->units);
        if (!unit)
            return ERR_NOMEM;
        *unit = units[i];
    }
    struct terms *own = vec_push(&table->all);
    if (!own)
        return ERR_NOMEM;
    *own = *terms;
    own->first = first;
    own->n_units = (uint16_t)n;
    return 0;
}

int terms_add(struct terms_table *table, const struct terms *terms, const uint32_t *units, size_t n,
              uint32_t *ret_number)
{
    struct buf key;
    buf_init(&key, KEY_MAX);
    write_key(&key, terms, units, n);
    uint32_t number = NAMES_NONE;
    int err = n > UINT16_MAX ? ERR_FULL : key.err;
    if (!err)
        err = names_add(&table->keys, (struct slice){key.data, key.len}, &number);
    buf_done(&key);
    /* A name whose terms found no memory gets them when it is asked for again. */
    if (!err && number == table->all.len)
        err = append(table, terms, units, n);
    if (!err)
        *ret_number = number;
    return err;
}

const struct terms *terms_at(const struct terms_table *table, uint32_t number)
{
    return vec_at(&table->all, number);
}

const uint32_t *terms_units(const struct terms_table *table, uint32_t number)
{
    const struct terms *terms = terms_at(table, number);
    return (const uint32_t *)table->units.items + terms->first;
}

bool terms_name(const struct terms_table *table, uint32_t number, uint32_t unit)
{
    const uint32_t *units = terms_units(table, number);
    for (unsigned i = 0; i < terms_at(table, number)->n_units; i++)
        if (units[i] == unit)
            return true;
    return false;
}
